"""What a schedule lets fall due on each day, and at its early end: the kinds of amount."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple, get_args

from repaylib.engine.entries import Entry
from repaylib.engine.fast_path import RegularPeriods
from repaylib.engine.ledger import Ledger
from repaylib.schedule.schedule import Schedule
from repaylib.typing import Component

#: The kinds of amount that a debt consists of. Interest on overdue interest and the penalty are
#: separate, as are interest of the instalment and deferred interest.
Kind = Literal[
    "costs", "fee", "penalty_interest", "penalty", "deferred_interest", "interest", "principal"
]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: The kinds that a component of a waterfall pays, in this order.
PARTS: dict[Component, tuple[Kind, ...]] = {
    "costs": ("costs",),
    "fee": ("fee",),
    "penalty": ("penalty_interest", "penalty"),
    "interest": ("deferred_interest", "interest"),
    "principal": ("principal",),
}

#: The kinds in the schedule: while one of them is unpaid, an instalment is past due.
CONTRACTUAL: tuple[Kind, ...] = ("fee", "deferred_interest", "interest", "principal")

#: The kinds that accrue on overdue amounts.
PENALTIES: tuple[Kind, ...] = ("penalty", "penalty_interest")


class DueAmount(NamedTuple):
    """A row of the plan with its amounts due, and the interest that joins the principal; minor units."""

    day: date
    number: int
    parts: dict[Kind, int]
    capitalised: int


class DueAmounts:
    """The amounts due under a plan from a day on; a row is read when it is first needed.

    Another plan often replaces this one, with other rows from that day on. So it is read from its
    end back to the day, and from there forward as far as necessary.

    Parameters
    ----------
    plan
        The plan.
    since
        The day.
    """

    def __init__(self, plan: Schedule, since: date) -> None:
        self._given = plan, since
        self._more = _rows(plan, since)
        self._rows: list[DueAmount] = []
        self._days: list[date] = []

    def restricted_to(self, rows: list[DueAmount]) -> DueAmounts:
        """Return the same with these rows alone."""
        other = DueAmounts(*self._given)
        other._more = iter(())
        other._rows, other._days = rows, [row.day for row in rows]
        return other

    def __reduce__(self) -> tuple[type[DueAmounts], tuple[Schedule, date]]:
        return DueAmounts, self._given  # what was read can be read again

    def after(self, day: date) -> DueAmount | None:
        """Return the first row after a day on which something falls due."""
        while not self._days or self._days[-1] <= day:
            if not self._read():
                return None
        return self._rows[bisect_right(self._days, day)]

    def on(self, day: date) -> list[DueAmount]:
        """Return the rows of a day on which something falls due."""
        self.after(day)
        return self._rows[bisect_left(self._days, day) : bisect_right(self._days, day)]

    def all(self) -> list[DueAmount]:
        """Return all rows on which something falls due."""
        while self._read():
            pass
        return self._rows

    def _read(self) -> bool:
        """Read on up to the next row on which something falls due."""
        row = next((row for row in self._more if any(row.parts.values())), None)
        if row is None:
            return False
        self._rows.append(row)
        self._days.append(row.day)
        return True


def balance_on(plan: Schedule, day: date) -> int:
    """Return the principal that a plan has after a day, in minor units."""
    ledger = plan.ledger
    if ledger.moved:
        columns = plan.columns
        row = bisect_right(columns.date.tolist(), day)
        return int(columns.closing[row - 1]) if row else plan.program.principal
    for piece in reversed(ledger.entries):
        if isinstance(piece, Entry):
            if piece.day <= day:
                return piece.closing
        elif ledger.accrual_date(piece.first) <= day:
            return piece.closings[bisect_right(_numbers(piece), day, key=ledger.accrual_date) - 1]
    return plan.program.principal


def _rows(plan: Schedule, since: date) -> Iterator[DueAmount]:
    """Yield all rows of a plan from a day on."""
    ledger, pieces = plan.ledger, plan.ledger.entries
    if ledger.moved:  # to business days, some of them to the same one
        dates = iter(plan.columns.date.tolist())
        for piece in pieces:
            for number in _numbers(piece):
                if (day := next(dates)) >= since:
                    yield _row(piece, number, day)
        return
    first = len(pieces)
    while first and _last_day(ledger, pieces[first - 1]) >= since:
        first -= 1
    for piece in pieces[first:]:
        if isinstance(piece, Entry):
            yield _row(piece, piece.number, piece.day)
            continue
        numbers = _numbers(piece)
        for number in numbers[bisect_left(numbers, since, key=ledger.accrual_date) :]:
            yield _row(piece, number, ledger.accrual_date(number))


def _last_day(ledger: Ledger, piece: Entry | RegularPeriods) -> date:
    return piece.day if isinstance(piece, Entry) else ledger.accrual_date(_numbers(piece)[-1])


def _numbers(piece: Entry | RegularPeriods) -> range:
    """Return the numbers of the due dates of a piece of a ledger; 0 if it is none."""
    first = piece.number if isinstance(piece, Entry) else piece.first
    return range(first, first + len(piece))


def _row(piece: Entry | RegularPeriods, number: int, day: date) -> DueAmount:
    """Return the amounts due in a row."""
    if isinstance(piece, Entry):
        of = piece.sparse.get
        parts: dict[Kind, int] = {
            "fee": of("fee", 0) + of("tax", 0) - of("refund", 0) - of("non_cash", 0),
            "penalty": of("penalty", 0),
            "deferred_interest": of("deferred_interest", 0),
            "interest": piece.interest,
            "principal": piece.principal,
        }
        return DueAmount(day, number, _netted(parts), of("capitalised", 0))
    index, closings, paid = number - piece.first, piece.closings, piece.interests
    principal = (closings[index - 1] if index else piece.opening) - closings[index]
    interest = paid[index] if isinstance(paid, list) else paid - principal
    return DueAmount(day, number, _netted({"interest": interest, "principal": principal}), 0)


def amounts_of_entry(entry: Entry) -> DueAmount:
    """Return the amounts due in an entry of the ledger."""
    return _row(entry, entry.number, entry.day)


def settlement_amounts(quote: Schedule) -> dict[Kind, int]:
    """Return the cost of a settlement besides the amounts that fall due on its day, by kind."""
    paid = quote.ledger.settled
    parts: dict[Kind, int] = {
        "fee": paid.fee + paid.later_fees + paid.tax - paid.refund,
        "penalty": paid.penalty,
        "deferred_interest": paid.deferred_interest,
        "interest": paid.interest,
        "principal": paid.principal,
    }
    return _netted(parts)


def _netted(parts: dict[Kind, int]) -> dict[Kind, int]:
    """Let refunds lower the principal, then the rest; only the total may be below zero."""
    back = sum(min(0, amount) for amount in parts.values())
    if not back:
        return parts
    found = {kind: max(0, amount) for kind, amount in parts.items()}
    for kind in ("principal", *parts):
        part = min(-back, found[kind])
        found[kind] -= part
        back += part
    found["principal"] += back
    return found
