"""What many loans come to: arrays with a line for each row and a place in it for each loan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from repaylib.column import Ints
from repaylib.columns import MONEY
from repaylib.rejects import Reject

__all__ = ["Cells"]

Kind = TypeVar("Kind", bound=np.generic)
Dates = npt.NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Cells:
    """Loans folded. Arrays are ``[rows, loans]``; what is nil everywhere need not be kept.

    Attributes
    ----------
    counts
        How many rows each loan has; 0 if it was rejected.
    instalment
        The instalment in force at the end, in minor units.
    columns
        Money, in minor units: always ``accrued`` and ``closing``. A column that is not kept is
        nil, or follows from the others: see :meth:`column`. ``put_off`` is interest posted and
        not paid on the day, for which ``interest`` is then not kept.
    principal
        What is owed before the first row.
    number
        Makes the numbers of due dates, 0 for a day between two; ``None`` if row r is due date
        r + 1 of every loan that has it.
    dates
        Makes the days, NaT after the end.
    rejects
        Loans that could not be folded, with their row in the book.
    singly
        How many loans were folded one by one; ``None`` if it is not known of a part.
    ends
        Makes the day of the last row of each loan, if there is a shorter way to it.
    """

    counts: Ints
    instalment: Ints
    columns: dict[str, Ints]
    principal: Ints
    number: Callable[[], npt.NDArray[np.int32]] | None
    dates: Callable[[], Dates]
    rejects: tuple[Reject, ...] = ()
    singly: int | None = 0
    ends: Callable[[], Dates] | None = None

    @property
    def rows(self) -> int:
        """The most rows that a loan has."""
        return len(self.columns["closing"])

    @property
    def inside(self) -> npt.NDArray[np.bool_]:
        """Which cells are before the end of their loan."""
        found: npt.NDArray[np.bool_] = np.arange(self.rows)[:, None] < self.counts
        return found

    def part(self, low: int, high: int, first: int) -> Cells:
        """Return the loans in place `low` to before `high`; `first` is the row of the first place."""
        counts = self.counts[low:high]
        rows = int(counts.max(initial=0))
        number, ends = self.number, self.ends
        return replace(
            self,
            counts=counts,
            instalment=self.instalment[low:high],
            columns={name: column[:rows, low:high] for name, column in self.columns.items()},
            principal=self.principal[low:high],
            number=None if number is None else lambda: number()[:rows, low:high],
            dates=lambda: self.dates()[:rows, low:high],
            rejects=tuple(each for each in self.rejects if low <= each.row - first < high),
            singly=None if self.singly else 0,
            ends=None if ends is None else lambda: ends()[low:high],
        )

    def nil(self, name: str) -> bool:
        """Whether a column is known to be nil everywhere, without looking at it."""
        made = ("opening", "payment", "interest", "principal", "deferred", "put_off")
        if name == "deferred":
            parts = ("put_off", "interest", "deferred_interest", "capitalised")
            return not any(part in self.columns for part in parts)
        return name not in self.columns and name not in made

    def column(self, name: str) -> Ints:
        """Return a column of money; one that is not kept by the equations of a row.

        * ``opening`` is the closing before;
        * ``principal = opening - closing + capitalised - forgiven + advanced``;
        * ``interest = accrued - put_off - waived``;
        * ``payment = interest + deferred_interest + principal + fee + penalty + tax - refund``;
        * ``deferred = before + accrued - interest - deferred_interest - waived - capitalised
          - forgiven_interest``.
        """
        kept = self.columns
        if name in kept:
            return kept[name]
        closing, accrued = kept["closing"], kept["accrued"]
        if name == "opening":
            opening = np.empty_like(closing)
            opening[1:] = closing[:-1]
            opening[:1] = np.where(self.counts > 0, self.principal, 0)
            return opening
        if name == "principal":
            paid = self.column("opening") - closing
            return self._with(paid, ("capitalised", "advanced"), ("forgiven",))
        if name == "interest":
            return self._with(accrued, (), ("put_off", "waived"))
        if name == "payment":
            plus = ("deferred_interest", "fee", "penalty", "tax")
            paid = self.column("interest") + self.column("principal")
            return self._with(paid, plus, ("refund",))
        if name == "deferred":
            if self.nil(name):
                return np.zeros_like(closing)
            gone = ("deferred_interest", "waived", "capitalised", "forgiven_interest")
            left = self._with(accrued - self.column("interest"), (), gone)
            total: Ints = np.cumsum(left, axis=0)
            return total
        if name in (*MONEY, "put_off"):
            return np.zeros_like(closing)
        raise KeyError(name)

    def _with(self, start: Ints, plus: tuple[str, ...], minus: tuple[str, ...]) -> Ints:
        """Return a column with others added and taken off."""
        for name in plus:
            if name in self.columns:
                start = start + self.columns[name]
        for name in minus:
            if name in self.columns:
                start = start - self.columns[name]
        return start

    def numbers(self) -> npt.NDArray[np.int32]:
        """Return the number of each due date; 0 between due dates and after the end."""
        if self.number is not None:
            return self.number()
        ahead = np.arange(1, self.rows + 1, dtype=np.int32)[:, None]
        return np.where(self.inside, ahead, np.int32(0))

    def last_days(self) -> Dates:
        """Return the day of the last row of each loan; NaT without one."""
        if self.ends is not None:
            return self.ends()
        return self.last(self.dates())

    def last(self, values: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
        """Return the values of the last row of each loan; nil, or NaT, where there are none."""
        if not len(values):
            return np.full(values.shape[1], "NaT" if values.dtype.kind == "M" else 0, values.dtype)
        rows = np.maximum(self.counts - 1, 0)
        found: npt.NDArray[Kind] = values[rows, np.arange(len(rows))]
        return found
