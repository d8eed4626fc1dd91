"""What many loans come to: arrays with a line for each row and a place in it for each loan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from repaylib.engine.entries import BESIDE
from repaylib.portfolio.book.rejects import Reject
from repaylib.schedule.row_equations import BEFORE, EQUATIONS, POCKET, Signs, signed_sum, solved_for
from repaylib.schedule.rows import MONEY
from repaylib.typing import Days, Ints

__all__ = ["RowArrays"]

Kind = TypeVar("Kind", bound=np.generic)
#: Where no other column is kept, a payment is interest and the fall of the balance.
PLAIN = {"accrued", "closing"}
#: Columns that follow from others, with their signs.
FOLLOWS: Mapping[str, Signs] = {
    "principal": solved_for("principal", "closing"),
    "interest": {"accrued": 1, "newly_deferred": -1, "waived": -1},
    "payment": EQUATIONS["payment"],
    **POCKET,
}
DEFERRED = {name: sign for name, sign in EQUATIONS["deferred"].items() if name != BEFORE}
LAST_DAY = np.datetime64("9999-12-31")


@dataclass(frozen=True, slots=True)
class RowArrays:
    """Loans folded. Arrays are ``[rows, loans]``; a column that is zero everywhere need not be kept.

    Attributes
    ----------
    counts
        How many rows each loan has; 0 if it was rejected.
    instalment
        The instalment in force at the end, in minor units.
    columns
        Money, in minor units: always ``accrued`` and ``closing``. A column that is not kept is
        zero, or follows from the others: see :meth:`column`. ``newly_deferred`` is interest posted and
        not paid on the day, for which ``interest`` is then not kept.
    principal
        The balance owed before the first row.
    number
        Makes the numbers of due dates, 0 for a day between two; ``None`` if row r is due date
        r + 1 of every loan that has it.
    dates
        Makes the days, NaT after the end.
    rejects
        Loans that could not be folded, with their row in the book.
    fallback_loans
        How many loans were folded one by one; ``None`` if it is not known of a part.
    ends
        Makes the day of the last row of each loan, if there is a shorter way to it.
    month
        Makes the months of the rows, if there is a shorter way to them.
    """

    counts: Ints
    instalment: Ints
    columns: dict[str, Ints]
    principal: Ints
    number: Callable[[], npt.NDArray[np.int32]] | None
    dates: Callable[[], Days]
    rejects: tuple[Reject, ...] = ()
    fallback_loans: int | None = 0
    ends: Callable[[], Days] | None = None
    month: Callable[[], npt.NDArray[np.integer]] | None = None

    @property
    def rows(self) -> int:
        """The most rows that a loan has."""
        return len(self.columns["closing"])

    @property
    def inside(self) -> npt.NDArray[np.bool_]:
        """Which cells are before the end of their loan."""
        found: npt.NDArray[np.bool_] = np.arange(self.rows)[:, None] < self.counts
        return found

    def part(self, low: int, high: int, first: int) -> RowArrays:
        """Return the loans in place `low` to before `high`; `first` is the row of the first place."""
        counts = self.counts[low:high]
        rows = int(counts.max(initial=0))
        number, ends, month = self.number, self.ends, self.month
        return replace(
            self,
            counts=counts,
            instalment=self.instalment[low:high],
            columns={name: column[:rows, low:high] for name, column in self.columns.items()},
            principal=self.principal[low:high],
            number=None if number is None else lambda: number()[:rows, low:high],
            dates=lambda: self.dates()[:rows, low:high],
            rejects=tuple(reject for reject in self.rejects if low <= reject.row - first < high),
            fallback_loans=None if self.fallback_loans else 0,
            ends=None if ends is None else lambda: ends()[low:high],
            month=None if month is None else lambda: _part(month(), rows, low, high),
        )

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        """Return a column of money, ``number`` or ``date``."""
        if name == "date":
            return self.dates()
        return self.numbers() if name == "number" else self.column(name)

    def is_zero(self, name: str) -> bool:
        """Whether a column is known to be zero everywhere, without reading it."""
        made = ("opening", "payment", "interest", "principal", "deferred", *POCKET)
        if name == "deferred":
            parts = ("newly_deferred", "interest", "deferred_interest", "capitalised")
            return not any(part in self.columns for part in parts)
        return name not in self.columns and name not in made

    def column(self, name: str) -> Ints:
        """Return a column of money; one that is not kept follows by the equations of a row.

        ``opening`` is the closing before, and ``interest = accrued - newly_deferred - waived``.
        """
        kept = self.columns
        if name in kept:
            return kept[name]
        closing = kept["closing"]
        if name == "opening":
            opening = np.empty_like(closing)
            opening[1:] = closing[:-1]
            opening[:1] = np.where(self.counts > 0, self.principal, 0)
            return opening
        if name == "deferred" and not self.is_zero(name):
            changes: Ints = np.cumsum(self._sum(DEFERRED), axis=0)
            return changes
        if name in FOLLOWS:
            return self._sum(FOLLOWS[name])
        if name in (*MONEY, *BESIDE, "newly_deferred"):
            return np.zeros_like(closing)
        raise KeyError(name)

    def _sum(self, signs: Signs) -> Ints:
        """Return the sum of columns with their signs, without those that are zero."""
        kept = {name: sign for name, sign in signs.items() if not self.is_zero(name)}
        if not kept:
            return np.zeros_like(self.columns["closing"])
        total: Ints = signed_sum(kept, self.column)
        return total

    def numbers(self) -> npt.NDArray[np.int32]:
        """Return the number of each due date; 0 between due dates and after the end."""
        if self.number is not None:
            return self.number()
        ahead = np.arange(1, self.rows + 1, dtype=np.int32)[:, None]
        return np.where(self.inside, ahead, np.int32(0))

    @property
    def shortest(self) -> int:
        """The fewest rows that a loan has."""
        return int(self.counts.min(initial=0))

    def falls(self) -> Ints:
        """Return by how much the balance falls in each row."""
        closing = self.columns["closing"]
        falls = np.empty_like(closing)
        np.subtract(np.where(self.counts > 0, self.principal, 0), closing[0], out=falls[0])
        np.subtract(closing[:-1], closing[1:], out=falls[1:])
        return falls

    def payments(self) -> Iterator[Ints]:
        """Yield the rows, as the amounts paid out of pocket by loan."""
        if (
            not {"newly_deferred", "interest"} & self.columns.keys()
            and self.columns.keys() <= PLAIN
        ):
            kept, closing = self.columns, self.columns["closing"]
            owed = np.where(self.counts > 0, self.principal, 0)
            for accrued, left in zip(kept["accrued"], closing, strict=True):
                yield accrued + (owed - left)
                owed = left
        else:
            yield from self.column("out_of_pocket")

    def pays(self) -> npt.NDArray[np.int8]:
        """Return 1 where a loan pays something in a row, and 0 elsewhere."""
        pays: npt.NDArray[np.int8] = np.empty(self.columns["closing"].shape, dtype=np.int8)
        for row, payment in enumerate(self.payments()):
            np.not_equal(payment, 0, out=pays[row], casting="unsafe")
        return pays

    def months(self) -> npt.NDArray[np.integer]:
        """Return the month of each row, counted from 1970: of each loan, or of all if they agree.

        Where nothing is any more, it may be any.
        """
        if self.month is not None:
            return self.month()
        dates = self.dates()
        none = np.isnat(dates)
        if none.any():
            known = dates[~none]
            dates = np.where(none, known.min() if len(known) else LAST_DAY, dates)
        months: Ints = dates.astype("datetime64[M]").astype(np.int64)
        return months

    def lines(self) -> npt.NDArray[np.integer]:
        """Return the number of the due date of each row: of each loan, or of all if they agree."""
        return np.arange(1, self.rows + 1) if self.number is None else self.numbers()

    def last_days(self) -> Days:
        """Return the day of the last row of each loan; NaT without one."""
        if self.ends is not None:
            return self.ends()
        return self.last(self.dates())

    def last(self, values: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
        """Return the values of the last row of each loan; zero, or NaT, where there are none."""
        if not len(values):
            return np.full(values.shape[1], "NaT" if values.dtype.kind == "M" else 0, values.dtype)
        rows = np.maximum(self.counts - 1, 0)
        found: npt.NDArray[Kind] = values[rows, np.arange(len(rows))]
        return found


def _part(
    months: npt.NDArray[np.integer], rows: int, low: int, high: int
) -> npt.NDArray[np.integer]:
    return months[:rows] if months.ndim == 1 else months[:rows, low:high]
