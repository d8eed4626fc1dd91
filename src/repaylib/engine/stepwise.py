"""A loan folded day by day: while its prepayments are still being decided, or to see what has accrued."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple, Self

from repaylib.changes.day_order import Turn
from repaylib.engine.entries import Entry
from repaylib.engine.execution import begin, disburses_on_last_day, execute
from repaylib.engine.fold import Fold
from repaylib.engine.instructions import ChargeFee, Event, Forgive, Prepay, Settle
from repaylib.engine.principal_reductions import prepay
from repaylib.engine.program import Program
from repaylib.typing import PrepaymentHold

__all__ = ["StepwiseFold", "Unposted", "unposted_on"]

#: Instructions that bring a payment on their day.
PAYING = (Prepay, Settle, ChargeFee)


class StepwiseFold:
    """The fold of a program, stopped on a day, and the events still to come.

    Prepayments decided on the way act as if they were known from the start: folding the program
    with them gives the same rows.
    """

    def __init__(self, program: Program) -> None:
        self.fold = begin(program)
        self._events = list(program.events)
        self._done = 0
        self._seen = 0  # entries of the ledger already summed
        self._paid = 0  # the sum of their payments

    def run_to(self, day: date, through: Turn = Turn.PREPAY) -> None:
        """Process the days up to `day`, and on it the events through a turn."""
        while self._done < len(self._events):
            event = self._events[self._done]
            if (event.day, event.turn) > (day, through):
                break
            execute(self.fold, event, self._events)
            self._done += 1
        self.fold.run_to(day)

    @property
    def ended(self) -> bool:
        """Whether nothing is owed any more, and nothing more is lent on the day reached."""
        later = self._events[self._done :]
        return self.fold.ended and not any(disburses_on_last_day(self.fold, one) for one in later)

    def end_day(self) -> None:
        """Process what is left of the day reached, if more is lent on it than was repaid."""
        if self.fold.ended and not self.ended:
            assert self.fold.entry is not None, "something is lent on the day"
            self.run_to(self.fold.entry.day, Turn.RENEW)

    def next_due(self) -> date | None:
        """Return the next due date; ``None`` if nothing is owed any more."""
        return (
            None if self.fold.ended else self.fold.accrual.timetable.accrual_date(self.fold.period)
        )

    def is_due(self, day: date) -> bool:
        """Whether the last due date processed is `day`."""
        return (
            self.fold.period > 1
            and self.fold.accrual.timetable.accrual_date(self.fold.period - 1) == day
        )

    def last_paid(self) -> date:
        """Return the day on which the last due date is settled: as agreed, or its business day after."""
        table, number = self.fold.accrual.timetable, self.fold.period - 1
        return max(table.accrual_date(number), table.adjusted(number))

    def pays_until(self, day: date) -> bool:
        """Whether a change that was agreed before brings a payment up to `day`."""
        later = self._events[self._done :]
        return any(event.day <= day and isinstance(event.instruction, PAYING) for event in later)

    def forgives_all_on(self, day: date) -> bool:
        """Whether forgiveness agreed for `day`, which was reached, ends the debt."""
        later = [event for event in self._events[self._done :] if event.day == day]
        if not any(isinstance(event.instruction, Forgive) for event in later):
            return False
        ahead = object.__new__(type(self))
        ahead.fold = self.fold.duplicate()
        ahead._events, ahead._done = list(self._events), self._done
        ahead.run_to(day, Turn.FORGIVE)
        return ahead.ended

    def prepay(self, day: date, amount: int, hold: PrepaymentHold) -> None:
        """Prepay an amount on `day`, which was reached."""
        number = 1 + max((event.change for event in self._events), default=0)
        order = Prepay(amount, hold)
        prepay(self.fold, order, Event(day, Turn.PREPAY, number, order))

    @property
    def paid(self) -> int:
        """The sum paid out of pocket so far."""
        entries = self.fold.ledger.entries
        for entry in entries[self._seen :]:
            if isinstance(entry, Entry):
                self._paid += entry.out_of_pocket
            else:
                self._paid += entry.total("payment")
        self._seen = len(entries)
        return self._paid + (self.fold.entry.out_of_pocket if self.fold.entry else 0)

    def coming(self) -> Iterator[tuple[date, int]]:
        """Yield the due date and amount of the payments still to come."""
        if self.ended:
            return
        lookahead = self._copy()
        while lookahead._done < len(lookahead._events):
            execute(lookahead.fold, lookahead._events[lookahead._done], lookahead._events)
            lookahead._done += 1
        ledger = lookahead.fold.finish()
        for entry in ledger.entries:
            if isinstance(entry, Entry):
                yield entry.day, entry.out_of_pocket
                continue
            table = next(
                found for found in reversed(ledger.timetables) if entry.first > found.before
            )
            days = table.accrual_dates(entry.first, entry.first + len(entry) - 1).tolist()
            yield from zip(days, entry.column("payment"), strict=True)

    def _copy(self) -> Self:
        other = object.__new__(type(self))
        other.fold = self.fold.copy()
        other._events, other._done = list(self._events), self._done
        other._seen = other._paid = 0
        other.end_day()
        other.fold.capitalise()
        other.fold.entry = None
        return other


class Unposted(NamedTuple):
    """Interest that has accrued and is not yet posted, rounded as on posting; minor units.

    Attributes
    ----------
    accrued
        All of it.
    waived
        The part that is waived, or is above a cap on costs.
    """

    accrued: int
    waived: int


def unposted_on(program: Program, days: Iterable[date]) -> Iterator[Unposted]:
    """Yield the interest accrued and not yet posted at the end of each of some days, in order.

    Interest runs to the day; it is rounded as an early settlement on the day would round it.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> [each.accrued for each in unposted_on(plan.program, [date(2024, 1, 31), date(2024, 2, 10)])]
    [6774, 0]
    """
    stepwise = StepwiseFold(program)
    for day in days:
        stepwise.run_to(day, Turn.RESET)
        yield _unposted(stepwise.fold, day)


def _unposted(fold: Fold, day: date) -> Unposted:
    if fold.ended:
        return Unposted(0, 0)
    other = fold.duplicate()
    entry = other.open_day(day)
    accrued, waived = entry.accrued, entry.sparse.get("waived", 0)
    other.post(day)
    return Unposted(entry.accrued - accrued, entry.sparse.get("waived", 0) - waived)
