"""The schedule as it runs: what falls due by it, with interest on what is really owed.

What is paid late, or ahead, bears interest, or spares it, beside the plan: an :class:`Offset` on the day.
Most offsets change nothing before something falls due, and one amount on that day. So they wait, and the
fold goes on to the next due date; the plan is made anew when somebody asks what it has beyond that.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from datetime import date
from itertools import islice
from typing import NamedTuple

from repaylib.arrears.due_amounts import Asked, Asking, asked_by, balance_on
from repaylib.engine.checkpoints import Checkpoint, Folded, latest
from repaylib.engine.execution import begin, carry_out, go_on
from repaylib.engine.fold import Fold
from repaylib.engine.instructions import Event, Turn, place_of
from repaylib.engine.interest_bearing import Offset
from repaylib.schedule.schedule import Schedule

__all__ = ["RunningSchedule", "Offsets", "events_with"]

Offsets = dict[date, Offset]


class PendingOffsets(NamedTuple):
    """Offsets that a plan does not have yet.

    Attributes
    ----------
    laid
        The offsets.
    ended
        The day on which the plan ends its latest one.
    since
        The day from which on the plan will be asked.
    due
        The day on which something falls due next, before which the later ones change nothing.
    seen
        The latest day that was processed without the plan, if there is one.
    fold
        The state on that day.
    done
        How many of the offsets it has.
    balance
        The principal after that day.
    """

    laid: Offsets
    ended: date | None
    since: date
    due: date
    seen: date = date.min
    fold: Fold | None = None
    done: int = 0
    balance: int = 0


class RunningSchedule:
    """The schedule as it runs.

    Attributes
    ----------
    today
        The day of the life.
    residual
        With daily simple interest: what is not yet rounded of the interest at the end.
    offsets, until
        What bears interest beside the plan, by the day from which on it did, in order; the day on which
        the plan ends the last.
    pending
        Offsets that the plan does not have yet, as nobody has asked for what they change.
    ended
        The day on which the schedule ended early.
    asked_to
        Up to when due dates have been asked for.
    """

    def __init__(self, schedule: Schedule) -> None:
        self.today = schedule.loan.start
        self.asked_to = date.min
        self.offsets: Offsets = {}
        self.until: date | None = None
        self.ended: date | None = None
        self.follow(schedule)

    def follow(self, plan: Schedule, since: date | None = None) -> None:
        """Go on by this plan; what it has before a day is not asked for."""
        self.pending: PendingOffsets | None = None
        self._plan = plan
        self.residual = plan.ledger.residual
        self._asking = Asking(plan, since or self.today)
        self._quotes: dict[tuple[date, bool], Schedule] = {}

    @property
    def plan(self) -> Schedule:
        """The schedule as it runs."""
        self._catch_up(date.max)
        return self._plan

    @property
    def asking(self) -> Asking:
        """What the schedule asks for as it runs."""
        self._catch_up(date.max)
        return self._asking

    def _catch_up(self, day: date) -> None:
        """Apply the pending offsets to the plan, if they change what it has on a day or after."""
        if self.pending is None or self.pending.seen <= day < self.pending.due:
            return
        if day != self.pending.due or not _advance(self, self.pending):
            self.follow(_up_to_date(self._plan, self.pending, self.until), self.pending.since)

    def postpone(self, laid: Offsets, day: date, due: date) -> bool:
        """Add offsets that can wait for the next due date, `due`; return whether they can."""
        late = self.pending
        if late is None:
            if not _can_wait(self):
                return False
            late = PendingOffsets({}, self.until, day, due)
        self.pending = late._replace(laid=late.laid | laid, since=day)
        return True

    def next_row(self) -> Asked | None:
        """Return what falls due next, if the schedule has not ended."""
        if self.ended is not None:
            return None
        return self.asking.after(self.asked_to)

    def row_of(self, day: date) -> Asked | None:
        """Return what falls due next, if that is on a day."""
        if self.next_due() != day:
            return None
        self._catch_up(day)
        return self._asking.after(self.asked_to)

    def next_due(self) -> date | None:
        """Return the day on which something falls due next, if the schedule has not ended."""
        return None if self.ended is not None else self.day_after(self.asked_to)

    def day_after(self, day: date) -> date | None:
        """Return the next day on which something falls due by the plan."""
        if self.pending is not None:
            self._catch_up(day)
        row = self._asking.after(day)
        return None if row is None else row.day

    @property
    def silent(self) -> bool:
        """Whether there are due dates on which nothing is asked for, and so no interest rounded."""
        asked = {row.day for row in Asking(self.plan, date.min).all() if row.number}
        return len(asked) < int((self.plan.columns.number > 0).sum())

    def falls_due(self, day: date) -> bool:
        """Whether something falls due on a day by the plan."""
        self._catch_up(day)
        return bool(self._asking.on(day))

    def goes_on(self, day: date) -> bool:
        """Whether something falls due by the plan after a day."""
        if self.ended is not None:
            return False
        if self.pending is not None:
            self._catch_up(max(day, self.pending.seen))
        return self.pending is not None or day < self._plan.maturity

    def posts(self, day: date) -> bool:
        """Whether the plan charges its interest on a day, and goes on."""
        return self.goes_on(day) and any(row.number for row in self._asking.on(day))

    def balance(self, day: date) -> int:
        """Return the principal that the plan has after a day."""
        if self.pending is not None:
            self._catch_up(day)
        if self.pending is not None and self.pending.fold is not None:
            return self.pending.balance
        return balance_on(self._plan, day)


def _can_wait(life: RunningSchedule) -> bool:
    """Whether offsets change nothing of the plan before something falls due, and are possible.

    They are where an instalment of one size was solved: it is asked for on each due date, and is not
    refused where it does not pay the interest.
    """
    program, ledger = life._plan.program, life._plan.ledger
    return (
        len(program.events) == len(life.offsets) + (life.until is not None)
        and program.method == "level"
        and program.shape is None
        and program.negative_amortisation != "without_interest"
        and program.accrual.timetable.conventions.business is None
        and len(ledger.rates) == len(ledger.plans) == 1
        and ledger.rates[0][1] >= 0
        and ledger.plans[0].annuity is not None
        and ledger.plans[0].amount > 0
    )


def _advance(life: RunningSchedule, late: PendingOffsets) -> bool:
    """Process up to the next due date, if that needs no plan; return whether it does not."""
    if life.until not in (None, late.due):
        return False
    fold = _begun(life._plan, late.ended) if late.fold is None else late.fold
    for day, each in islice(late.laid.items(), late.done, None):
        carry_out(fold, Event(day, Turn.RENEW, 0, each), [])
    fold.reach(late.due)
    life.pending = late = late._replace(fold=fold, done=len(late.laid))
    entry = fold.entry
    if entry is None or entry.day != late.due or fold.balance <= 0 or fold.k > fold.last:
        return False
    coming = fold.accrual.timetable.due(fold.k)  # of which nobody knows more than the day
    life._asking = life._asking.known([asked_by(entry), Asked(coming, fold.k, {}, 0)])
    life.pending = late._replace(seen=late.due, due=coming, balance=fold.owed)
    return True


def _up_to_date(plan: Schedule, late: PendingOffsets, ending: date | None) -> Schedule:
    """Return the plan with the pending offsets."""
    program = plan.program._replace(events=events_with(plan, late.laid, late.ended, ending))
    if late.fold is None:
        return plan.with_program(plan.changes, program)
    before = plan.folded
    # What the fold has not done yet comes last, and on its day or later.
    to_do = len(late.laid) - late.done + (ending is not None)
    reached = Checkpoint(len(program.events) - to_do, late.fold)
    kept = (*latest(before, program), reached)
    made = go_on(program, Folded(program, before.ledger, kept))
    kept = tuple(each for each in made.checkpoints if each is not reached)
    return Schedule.of_fold(plan.loan, plan.changes, made._replace(checkpoints=kept))


def _begun(plan: Schedule, ended: date | None) -> Fold:
    """Return the state after the events of a plan, without the one that ends its latest offset."""
    program = plan.program._replace(events=events_with(plan, {}, ended, None))
    events, kept = list(program.events), latest(plan.folded, program)
    fold = kept[-1].fold.duplicate() if kept else begin(program)
    for event in program.events[kept[-1].done if kept else 0 :]:
        carry_out(fold, event, events)
    return fold


def events_with(
    plan: Schedule, laid: Offsets, ended: date | None, ending: date | None
) -> tuple[Event, ...]:
    """Return the events of a plan with other offsets."""
    events = list(plan.program.events)
    for day in (*laid, ended):
        _take_up(events, day)
    for day, each in laid.items() if ending is None else (*laid.items(), (ending, Offset(0))):
        insort(events, Event(day, Turn.RENEW, 0, each), key=place_of)
    return tuple(events)


def _take_up(events: list[Event], day: date | None) -> None:
    """Remove the offset of a day from events in order, if there is one."""
    if day is None:
        return
    place = day, Turn.RENEW, 0
    for index in range(bisect_left(events, place, key=place_of), len(events)):
        if place_of(events[index]) != place:
            return
        if isinstance(events[index].do, Offset):
            del events[index]
            return
