"""The schedule as it runs: the amounts that fall due, with interest on the balance really owed.

Overdue principal accrues interest outside the plan, and money paid in advance saves interest: an
:class:`Offset` on the day. Most offsets change nothing before the next due date, and one amount on
it. So they wait, and the fold goes on to the next due date. The plan is computed anew only when
something beyond that date is needed.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from datetime import date
from itertools import islice
from typing import NamedTuple

from repaylib.arrears.due_amounts import DueAmount, DueAmounts, amounts_of_entry, balance_on
from repaylib.changes.day_order import Turn
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.engine.execution import begin, execute, go_on
from repaylib.engine.fold import Fold
from repaylib.engine.instructions import Event, Offset, place_of
from repaylib.engine.opening import Checkpoint, Folded, latest
from repaylib.schedule.schedule import Schedule

Offsets = dict[date, Offset]


class PendingOffsets(NamedTuple):
    """Offsets that are not yet part of a plan.

    Attributes
    ----------
    added
        The offsets.
    ended
        The day on which the plan ends its latest offset.
    since
        The day from which the plan will be read.
    due
        The next due date, before which the later offsets change nothing.
    processed_to
        The latest day that was processed without the plan, if there is one.
    fold
        The state on that day.
    done
        How many of the offsets the fold has processed.
    balance
        The principal after that day.
    """

    added: Offsets
    ended: date | None
    since: date
    due: date
    processed_to: date = date.min
    fold: Fold | None = None
    done: int = 0
    balance: int = 0


class RunningSchedule:
    """The schedule as it runs.

    Attributes
    ----------
    today
        The day that is being processed.
    residual, rounded_with
        With daily simple interest: the part of the interest at the end that is not yet rounded, and
        the interest charged with which it is rounded.
    offsets, until
        The amounts that accrue interest outside the plan, by their first day, in order; the day on which the plan
        ends the last offset.
    pending
        Offsets that are not yet part of the plan.
    ended
        The day on which the schedule ended early.
    due_to
        The day up to which due dates have been processed.
    """

    def __init__(self, schedule: Schedule) -> None:
        self.today = schedule.loan.start
        self.due_to = date.min
        self.offsets: Offsets = {}
        self.until: date | None = None
        self.ended: date | None = None
        self.follow(schedule)

    def follow(self, plan: Schedule, since: date | None = None) -> None:
        """Continue with this plan; its rows before a day do not fall due again."""
        self.pending: PendingOffsets | None = None
        self._plan = plan
        self.note_residual(plan)
        self._due_amounts = DueAmounts(plan, since or self.today)
        self._quotes: dict[tuple[date, bool], Schedule] = {}

    def note_residual(self, plan: Schedule) -> None:
        """Note what the end of a plan has left of the interest."""
        self.residual, self.rounded_with = plan.ledger.residual, plan.ledger.rounded_with

    @property
    def plan(self) -> Schedule:
        """The schedule as it runs."""
        self.catch_up(date.max)
        return self._plan

    @property
    def due_amounts(self) -> DueAmounts:
        """The amounts due under the schedule as it runs."""
        self.catch_up(date.max)
        return self._due_amounts

    def catch_up(self, day: date) -> None:
        """Apply the pending offsets to the plan, if they change its rows of a day or later ones."""
        if self.pending is None or self.pending.processed_to <= day < self.pending.due:
            return
        if day != self.pending.due or not _advance(self, self.pending):
            self.follow(_up_to_date(self._plan, self.pending, self.until), self.pending.since)

    def postpone(self, added: Offsets, day: date, due: date) -> bool:
        """Add offsets that can wait for the next due date, `due`; return whether they can."""
        late = self.pending
        if late is None:
            if not _can_wait(self):
                return False
            late = PendingOffsets({}, self.until, day, due)
        self.pending = late._replace(added=late.added | added, since=day)
        return True

    def next_row(self) -> DueAmount | None:
        """Return the next amounts due, if the schedule has not ended."""
        if self.ended is not None:
            return None
        return self.due_amounts.after(self.due_to)

    def row_of(self, day: date) -> DueAmount | None:
        """Return the next amounts due, if they fall due on a day."""
        if self.next_due() != day:
            return None
        self.catch_up(day)
        return self._due_amounts.after(self.due_to)

    def next_due(self) -> date | None:
        """Return the day on which something falls due next, if the schedule has not ended."""
        return None if self.ended is not None else self.day_after(self.due_to)

    def day_after(self, day: date) -> date | None:
        """Return the next day on which something falls due by the plan."""
        if self.pending is not None:
            self.catch_up(day)
        row = self._due_amounts.after(day)
        return None if row is None else row.day

    @property
    def silent(self) -> bool:
        """Whether there are due dates on which nothing falls due, and so no interest is rounded."""
        asked = {row.day for row in DueAmounts(self.plan, date.min).all() if row.number}
        return len(asked) < int((self.plan.columns.number > 0).sum())

    def falls_due(self, day: date) -> bool:
        """Whether something falls due on a day by the plan."""
        self.catch_up(day)
        return bool(self._due_amounts.on(day))

    def goes_on(self, day: date) -> bool:
        """Whether something falls due by the plan after a day."""
        if self.ended is not None:
            return False
        if self.pending is not None:
            self.catch_up(max(day, self.pending.processed_to))
        return self.pending is not None or day < self._plan.maturity

    def posts(self, day: date) -> bool:
        """Whether the plan charges its interest on a day, and goes on."""
        return self.goes_on(day) and any(row.number for row in self._due_amounts.on(day))

    def balance(self, day: date) -> int:
        """Return the principal that the plan has after a day."""
        if self.pending is not None:
            self.catch_up(day)
        if self.pending is not None and self.pending.fold is not None:
            return self.pending.balance
        return balance_on(self._plan, day)

    def quote(self, day: date, *, fee: bool = True) -> Schedule | None:
        """Return the plan with a settlement on a day; ``None`` if it has ended by then."""
        if not self.goes_on(day):
            return None
        plan = self.plan  # pending offsets make other quotes
        if (day, fee) not in self._quotes:
            change = EarlySettlement(on=day, fee=None if fee else "0")
            self._quotes[day, fee] = plan.then(change)
        return self._quotes[day, fee]


def _can_wait(state: RunningSchedule) -> bool:
    """Whether offsets are possible, and change nothing of the plan before the next due date.

    This holds where one level instalment was solved: it falls due on every due date, and is not
    refused where it does not pay the interest.
    """
    program, ledger = state._plan.program, state._plan.ledger
    return (
        len(program.events) == len(state.offsets) + (state.until is not None)
        and program.method == "level"
        and program.shape is None
        and isinstance(program.negative_amortisation, bool)
        and program.accrual.timetable.conventions.business is None
        and len(ledger.rate_periods) == len(ledger.plans) == 1
        and ledger.rate_periods[0].rate >= 0
        and ledger.plans[0].annuity is not None
        and ledger.plans[0].amount > 0
    )


def _advance(state: RunningSchedule, late: PendingOffsets) -> bool:
    """Process up to the next due date without the plan; return whether that is possible."""
    if state.until not in (None, late.due):
        return False
    fold = _begun(state._plan, late.ended) if late.fold is None else late.fold
    for day, offset in islice(late.added.items(), late.done, None):
        execute(fold, Event(day, Turn.RENEW, 0, offset), [])
    fold.run_to(late.due)
    state.pending = late = late._replace(fold=fold, done=len(late.added))
    entry = fold.entry
    if entry is None or entry.day != late.due or fold.balance <= 0 or fold.period > fold.last:
        return False
    coming = fold.accrual.timetable.accrual_date(fold.period)  # of this row only the day is known
    state._due_amounts = state._due_amounts.restricted_to(
        [amounts_of_entry(entry), DueAmount(coming, fold.period, {}, 0)]
    )
    state.pending = late._replace(processed_to=late.due, due=coming, balance=fold.owed)
    return True


def _up_to_date(plan: Schedule, late: PendingOffsets, ending: date | None) -> Schedule:
    """Return the plan with the pending offsets."""
    program = plan.program._replace(events=events_with(plan, late.added, late.ended, ending))
    if late.fold is None:
        return plan.with_program(plan.changes, program)
    before = plan.folded
    # What the fold has not done yet comes last, and on its day or later.
    to_do = len(late.added) - late.done + (ending is not None)
    reached = Checkpoint(len(program.events) - to_do, late.fold)
    kept = (*latest(before, program), reached)
    made = go_on(program, Folded(program, before.ledger, kept))
    kept = tuple(checkpoint for checkpoint in made.checkpoints if checkpoint is not reached)
    return Schedule.of_fold(plan.loan, plan.changes, made._replace(checkpoints=kept))


def _begun(plan: Schedule, ended: date | None) -> Fold:
    """Return the state after the events of a plan, without the one that ends its latest offset."""
    program = plan.program._replace(events=events_with(plan, {}, ended, None))
    events, kept = list(program.events), latest(plan.folded, program)
    fold = kept[-1].fold.duplicate() if kept else begin(program)
    for event in program.events[kept[-1].done if kept else 0 :]:
        execute(fold, event, events)
    return fold


def events_with(
    plan: Schedule, added: Offsets, ended: date | None, ending: date | None
) -> tuple[Event, ...]:
    """Return the events of a plan with other offsets."""
    events = list(plan.program.events)
    for day in (*added, ended):
        _take_up(events, day)
    for day, offset in added.items() if ending is None else (*added.items(), (ending, Offset(0))):
        insort(events, Event(day, Turn.RENEW, 0, offset), key=place_of)
    return tuple(events)


def _take_up(events: list[Event], day: date | None) -> None:
    """Remove the offset of a day from events in order, if there is one."""
    if day is None:
        return
    place = day, Turn.RENEW, 0
    for index in range(bisect_left(events, place, key=place_of), len(events)):
        if place_of(events[index]) != place:
            return
        if isinstance(events[index].instruction, Offset):
            del events[index]
            return
