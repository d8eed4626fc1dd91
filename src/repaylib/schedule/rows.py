"""A ledger as numpy columns and as rows of ``Decimal``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import accumulate
from operator import add as _add
from operator import sub as _subtract
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.engine.entries import BESIDE, SPARSE, Entry
from repaylib.engine.fast_path import integers
from repaylib.engine.ledger import Ledger
from repaylib.errors import check_word
from repaylib.money.amounts import add, to_decimals
from repaylib.money.rounding_arrays import read_only
from repaylib.schedule.row_equations import BEFORE, EQUATIONS, POCKET, Signs

if TYPE_CHECKING:
    from repaylib.schedule.schedule import Schedule

__all__ = ["MONEY", "NAMES", "Columns", "Row", "days_of", "rows_in_money", "rows_of"]

#: The columns that hold money, in the order of a row.
MONEY = (
    "opening",
    "payment",
    "interest",
    "deferred_interest",
    "principal",
    "fee",
    "penalty",
    "tax",
    "refund",
    "prepaid",
    "advanced",
    "capitalised",
    "forgiven",
    "closing",
    "accrued",
    "waived",
    "forgiven_interest",
    "deferred",
)

#: All columns, in the order of a row.
NAMES = ("number", "date", *MONEY)


_AMOUNTS = tuple(dict.fromkeys((*MONEY, *POCKET, *BESIDE, *SPARSE, *EQUATIONS)))
_WHOLE = ("number", *_AMOUNTS)


class Row(NamedTuple):
    """One day of a schedule on which something falls due or is paid.

    Amounts are ``Decimal`` in major units. In every row

    * ``payment = interest + deferred_interest + principal + fee + penalty + tax - refund``,
    * ``closing = opening - principal + capitalised - forgiven + advanced``,
    * ``deferred = before + accrued - interest - deferred_interest - waived - capitalised
      - forgiven_interest``, where `before` is ``deferred`` of the row before.

    Attributes
    ----------
    number
        Number of the due date, from 1; 0 on a day between due dates.
    date
        The day; of a due date, the business day on which it is paid.
    opening
        Principal owed before.
    payment
        All that is paid on the day.
    interest
        Interest posted on the day and paid on it.
    deferred_interest
        Interest of earlier days, or on a moved instalment, paid on the day.
    principal
        Principal paid.
    fee
        Fees paid.
    penalty
        Penalties paid.
    tax
        Tax paid on interest and fees.
    refund
        Fees given back, which lowers the payment.
    prepaid
        How much of `principal` is a prepayment.
    advanced
        Further principal lent.
    capitalised
        Interest that joined the principal.
    forgiven
        Principal forgiven.
    closing
        Principal owed after.
    accrued
        Interest posted on the day, whatever became of it.
    waived
        Interest posted and waived.
    forgiven_interest
        Deferred interest forgiven.
    deferred
        Interest posted and not yet paid, at the end of the day.
    """

    number: int
    date: date
    opening: Decimal
    payment: Decimal
    interest: Decimal
    deferred_interest: Decimal
    principal: Decimal
    fee: Decimal
    penalty: Decimal
    tax: Decimal
    refund: Decimal
    prepaid: Decimal
    advanced: Decimal
    capitalised: Decimal
    forgiven: Decimal
    closing: Decimal
    accrued: Decimal
    waived: Decimal
    forgiven_interest: Decimal
    deferred: Decimal

    @property
    def owed(self) -> Decimal:
        """What settles the loan after this row but for a fee, that is principal and deferred interest.

        Between due dates, the interest accrued since the last one comes on top.
        """
        return add(self.closing, self.deferred)


class Columns(Mapping[str, npt.NDArray[Any]]):
    """The columns of a schedule as read-only arrays, one value a row.

    ``number`` is ``int64``, ``date`` is ``datetime64[D]``, all others are ``int64`` minor
    units (or Python integers, where an amount does not fit); the names are those of
    :class:`~repaylib.Row`. A column is read as ``columns["interest"]`` or ``columns.interest``.

    Two more columns follow from them and are not listed: ``out_of_pocket``, what the borrower pays
    in money, and ``received``, what the borrower receives after the start.
    """

    __slots__ = ("_arrays", "_ledger", "_principal", "_whole", "_zeros")

    def __init__(self, ledger: Ledger, principal: int) -> None:
        self._ledger = ledger
        self._principal = principal
        self._keep((0,) * len(ledger))

    def _keep(self, zeros: tuple[int, ...]) -> None:
        """Keep columns once they are made; all that are zero in every row are one and the same."""
        self._zeros = zeros
        self._whole: dict[str, tuple[int, ...]] = {}
        self._arrays: dict[str, npt.NDArray[Any]] = {}

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        if name not in self._arrays:
            if name not in ("date", *_WHOLE):
                raise KeyError(f"no column {name!r}; there are {', '.join(self)}")
            made = self._dates() if name == "date" else integers(self.whole(name))
            self._arrays[name] = read_only(made)
        return self._arrays[name]

    def whole(self, name: str) -> tuple[int, ...]:
        """Return a column as Python integers.

        Parameters
        ----------
        name
            A column, any but ``date``.

        Raises
        ------
        ChoiceError
            If there is no such column.
        """
        found = self._whole.get(name) if isinstance(name, str) else None
        if found is None:
            check_word("name", name, _WHOLE)
            found = self._whole[name] = self._made(name)
        return found

    def total(self, name: str) -> int:
        """Return the sum of a column of amounts, in minor units.

        Parameters
        ----------
        name
            A column, any but ``date`` and ``number``.

        Raises
        ------
        ChoiceError
            If there is no such column.
        """
        if not isinstance(name, str) or name not in _AMOUNTS:
            check_word("name", name, _AMOUNTS)
        if (signs := POCKET.get(name)) is not None:
            return sum(sign * self.total(part) for part, sign in signs.items())
        if name in _RARE or name in _DENSE:
            return self._ledger.total(name)
        return sum(self.whole(name))

    def _dates(self) -> npt.NDArray[np.datetime64]:
        return days_of(self._ledger, paid=True)

    def _made(self, name: str) -> tuple[int, ...]:
        ledger = self._ledger
        if name in _DENSE:
            days = (entry for entry in ledger.entries if isinstance(entry, Entry))
            if name == "accrued" and all(day.accrued == day.interest for day in days):
                return self.whole("interest")
            return _column(ledger, name)
        if name in _RARE:
            self._fill_zeros()
            return self._whole.get(name) or _rare_column(ledger, name)
        if name == "opening":
            return (self._principal, *self.whole("closing")[:-1])
        if name == "deferred":
            parts = {name: sign for name, sign in EQUATIONS[name].items() if name != BEFORE}
            left = self._sum(parts)
            return tuple(accumulate(left)) if any(left) else self._zeros
        return self._sum(POCKET[name])

    def _fill_zeros(self) -> None:
        """Note which of the rarer columns are zero in every row."""
        days = [entry.sparse for entry in self._ledger.entries if isinstance(entry, Entry)]
        zero = _RARE.difference(self._ledger.at_start, *filter(None, days))
        self._whole.update(dict.fromkeys(zero, self._zeros))

    def _sum(self, signs: Signs) -> tuple[int, ...]:
        """Return the sum of columns with their signs."""
        counts: dict[int, int] = {}
        columns = {name: self.whole(name) for name in signs}
        for name, column in columns.items():
            counts[id(column)] = counts.get(id(column), 0) + signs[name]
        total = self._zeros
        for name, column in columns.items():
            if column is not self._zeros and counts[id(column)]:
                total = tuple(map(_add if signs[name] > 0 else _subtract, total, column))
        return total

    def __getattr__(self, name: str) -> npt.NDArray[Any]:
        if name in NAMES or name in POCKET:
            return self[name]
        raise AttributeError(f"no column {name!r}; there are {', '.join(NAMES)}")

    def __reduce__(self) -> tuple[object, ...]:
        return Columns, (self._ledger, self._principal)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Columns):
            return NotImplemented
        return all(np.array_equal(self[name], other[name]) for name in NAMES)

    def __hash__(self) -> int:
        return hash(self.whole("closing"))

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)

    def __repr__(self) -> str:
        return f"Columns of {len(self['number'])} rows: {', '.join(NAMES)}"


def rows_of(columns: Columns, decimals: int) -> tuple[Row, ...]:
    """Return columns as rows of ``Decimal`` and ``date``."""
    found = [columns.whole(name) for name in MONEY]
    alike = {id(minors): minors for minors in found}  # columns that are one are converted once
    money = {key: to_decimals(minors, decimals) for key, minors in alike.items()}
    numbers, dates = columns.whole("number"), columns["date"].tolist()
    return tuple(
        map(_as_row, zip(numbers, dates, *(money[id(each)] for each in found), strict=True))
    )


_as_row: Callable[[Iterable[Any]], Row] = partial(tuple.__new__, Row)

_RARE = frozenset((*SPARSE, *BESIDE))
_DENSE = ("number", "accrued", "interest", "principal", "payment", "closing")


def _column(ledger: Ledger, name: str) -> tuple[int, ...]:
    """Return a column that every day has."""
    column: list[int] = []
    for piece in ledger.entries:
        if isinstance(piece, Entry):
            column.append(getattr(piece, name))
        else:
            column += piece.column(name)
    return tuple(column)


def _rare_column(ledger: Ledger, name: str) -> tuple[int, ...]:
    """Return a column that is zero on most days."""
    column = [0] * len(ledger)
    row = 0
    for piece in ledger.entries:
        if isinstance(piece, Entry):
            column[row] = piece.sparse.get(name, 0)
        row += len(piece)
    column[0] += ledger.at_start.get(name, 0)
    return tuple(column)


def days_of(ledger: Ledger, *, paid: bool) -> npt.NDArray[np.datetime64]:
    """Return the day of each row: when it is `paid`, or up to when its interest runs.

    On the days of payment, no row stands before an earlier one.
    """
    tables = ledger.timetables
    ends = [*(table.before for table in tables[1:]), ledger.last_number]
    dues = [
        (table.adjusted_dates if paid else table.accrual_dates)(table.before + 1, high)
        for table, high in zip(tables, ends, strict=True)
        if high > table.before
    ]
    known = dues[0] if len(dues) == 1 else np.concatenate([*dues, np.array([], "datetime64[D]")])
    if len(known) == len(ledger) and not ledger.has_silent_due_dates:
        return np.maximum.accumulate(known) if paid and ledger.moved else known
    numbers = np.array(_column(ledger, "number"))
    dates = np.empty(len(ledger), dtype="datetime64[D]")
    dates[numbers > 0] = known[numbers[numbers > 0] - 1]
    row = 0
    for piece in ledger.entries:
        if isinstance(piece, Entry) and not piece.number:
            dates[row] = np.datetime64(piece.day, "D")
        row += len(piece)
    return np.maximum.accumulate(dates) if paid and ledger.moved else dates


def rows_in_money(schedule: Schedule) -> Iterator[tuple[Row, date]]:
    """Yield each row, its payment as what leaves the borrower's pocket, and up to when it accrues.

    Examples
    --------
    >>> import repaylib as rp
    >>> fee = rp.Fee("1%", collected="financed")
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", fees=[fee]))
    >>> row, _ = next(rows_in_money(plan))
    >>> row.fee, row.advanced, row.payment
    (Decimal('100.00'), Decimal('100.00'), Decimal('0.00'))
    """
    money, paid = schedule.loan.money, schedule.columns["out_of_pocket"].tolist()
    for row, accrued_to, minor in zip(schedule, schedule.accrual_dates.tolist(), paid, strict=True):
        yield row._replace(payment=money(minor)), accrued_to
