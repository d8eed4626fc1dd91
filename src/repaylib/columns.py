"""A ledger as numpy columns and as rows of ``Decimal``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from repaylib.ledger import RARE, Ledger
from repaylib.money import to_decimal

__all__ = ["MONEY", "Columns", "Row", "rows_of"]

#: The columns that hold money, in the order of a row.
MONEY = (
    "opening",
    "payment",
    "interest",
    "deferred_interest",
    "principal",
    "fee",
    "penalty",
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


@dataclass(frozen=True, slots=True)
class Row:
    """One day of a schedule on which something falls due or is paid.

    Amounts are ``Decimal`` in major units. In every row

    * ``payment = interest + deferred_interest + principal + fee + penalty``,
    * ``closing = opening - principal + capitalised - forgiven + advanced``.

    Attributes
    ----------
    number
        Number of the due date, from 1; 0 on a day between due dates.
    date
        The day.
    opening, closing
        Principal owed before and after.
    payment
        All that is paid on the day.
    interest
        Interest posted on the day and paid on it.
    deferred_interest
        Interest of earlier days, or on a moved instalment, paid on the day.
    principal
        Principal paid.
    fee, penalty
        Fees and penalties paid.
    prepaid
        How much of `principal` is a prepayment.
    advanced
        Further principal lent.
    capitalised
        Interest that joined the principal.
    forgiven, forgiven_interest
        Principal and deferred interest forgiven.
    accrued
        Interest posted on the day, whatever became of it.
    waived
        Interest posted and waived.
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
        """What settles the loan after this row, without a fee: principal and deferred interest.

        Between due dates, the interest accrued since the last one comes on top.
        """
        return self.closing + self.deferred


class Columns(Mapping[str, npt.NDArray[Any]]):
    """The columns of a schedule as read-only arrays, one value a row.

    ``number`` is ``int64``, ``date`` is ``datetime64[D]``, all others are ``int64`` minor
    units (or Python integers, where an amount does not fit); the names are those of
    :class:`Row`. A column is read as ``columns["interest"]`` or ``columns.interest``.
    """

    __slots__ = ("_arrays",)

    def __init__(self, ledger: Ledger, principal: int) -> None:
        count = len(ledger.number)
        dense = {
            "payment": ledger.payment,
            "interest": ledger.interest,
            "principal": ledger.principal,
            "closing": ledger.closing,
            "accrued": ledger.accrued,
            "opening": [principal, *ledger.closing[:-1]],
        }
        arrays: dict[str, npt.NDArray[Any]] = {
            "number": np.array(ledger.number, dtype=np.int64),
            "date": _dates(ledger),
        }
        for name in MONEY:
            if name in dense:
                arrays[name] = _integers(dense[name])
            elif name in RARE:
                column = [0] * count
                for row, amount in ledger.rare.get(name, {}).items():
                    column[row] = amount
                arrays[name] = _integers(column)
        arrays["deferred"] = np.cumsum(
            arrays["accrued"]
            - arrays["interest"]
            - arrays["deferred_interest"]
            - arrays["waived"]
            - arrays["capitalised"]
            - arrays["forgiven_interest"]
        )
        for array in arrays.values():
            array.setflags(write=False)
        self._arrays = {name: arrays[name] for name in ("number", "date", *MONEY)}

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self._arrays[name]

    def __getattr__(self, name: str) -> npt.NDArray[Any]:
        if not name.startswith("_") and name in self._arrays:
            return self._arrays[name]
        raise AttributeError(f"no column {name!r}; there are {', '.join(self._arrays)}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __repr__(self) -> str:
        return f"Columns of {len(self['number'])} rows: {', '.join(self._arrays)}"


def rows_of(columns: Columns, decimals: int) -> tuple[Row, ...]:
    """Return columns as rows of ``Decimal`` and ``date``."""
    numbers = columns["number"].tolist()
    dates = columns["date"].tolist()
    money = [[to_decimal(minor, decimals) for minor in columns[name].tolist()] for name in MONEY]
    return tuple(map(Row, numbers, dates, *money))


def _integers(values: list[int]) -> npt.NDArray[Any]:
    try:
        return np.array(values, dtype=np.int64)
    except OverflowError:
        return np.array(values, dtype=object)


def _dates(ledger: Ledger) -> npt.NDArray[np.datetime64]:
    last = max(ledger.number, default=0)
    tables = ledger.timetables
    pieces = [
        table.dues(table.before + 1, high)
        for table, high in zip(tables, [*(table.before for table in tables[1:]), last], strict=True)
        if high > table.before
    ]
    dues = np.concatenate(pieces) if pieces else np.empty(0, dtype="datetime64[D]")
    if not ledger.days:
        return dues
    number = np.array(ledger.number, dtype=np.int64)
    dates = np.empty(len(number), dtype="datetime64[D]")
    dates[number > 0] = dues
    for row, day in ledger.days.items():
        dates[row] = np.datetime64(day, "D")
    return dates
