"""Interest on the balance really owed: overdue principal accrues it, and money paid in advance saves it."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from repaylib.arrears.running_schedule import Offsets, events_with
from repaylib.arrears.servicing_state import ServicingState
from repaylib.changes.prepayment import Prepayment
from repaylib.dates.days import ONE_DAY
from repaylib.engine.entries import Segment
from repaylib.engine.instructions import Offset
from repaylib.errors import InstalmentError, RepayError
from repaylib.schedule.schedule import Schedule


def follow_balance(state: ServicingState, day: date) -> None:
    """Let interest accrue on the balance really owed, from the end of a day on.

    The instalments stay those of the plan: unallocated money lowers the interest, and the schedule
    does not end earlier.
    """
    if not state.on_balance or not state.goes_on(day):
        if (
            state.daily_simple
            and state.ended is None
            and state.plan.maturity == day != state.posted_to
        ):
            carry_to_end(state)
        return
    if state.rest == "due_date" and not state.falls_due(day):
        return
    wanted = max(
        state.dues.principal - state.unallocated + state.interest_ahead, -state.balance(day)
    )
    added = {day: Offset(wanted)} if wanted != state.deviation else {}
    if state.daily_simple:
        _round_with_receipts(state, day, wanted, added)
    state.unplanned_deviation = 0
    added = {on: offset for on, offset in added.items() if state.offsets.get(on) != offset}
    if not added and not (_in_force(state.offsets) and state.falls_due(day)):
        return
    if _follow(state, added, day):
        state.deviation = wanted
    else:
        state.unplanned_deviation = wanted - state.deviation


def _round_with_receipts(state: ServicingState, day: date, wanted: int, added: Offsets) -> None:
    """Round interest on the day of a receipt, and not on a due date without one."""
    falls_due = state.falls_due(day)
    if state.posted_to == day:
        last = next(
            (offset for on, offset in reversed(state.offsets.items()) if on < day), Offset(0)
        )
        again = not falls_due and day in state.offsets
        if wanted or last.carries or state.deviation or state.silent or again:
            carries = bool(wanted) or not falls_due or state.silent
            added[day] = Offset(wanted, posts=True, carries=carries)
        return
    if falls_due:
        added |= _carried(state, state.posted_to)
    if day in added:
        added[day] = added[day]._replace(carries=True)
    elif day in state.offsets:
        added |= _carried(state, day)


def carry_to_end(state: ServicingState) -> None:
    """Leave interest since the last receipt unrounded where the schedule ends."""
    _follow(state, _carried(state, state.posted_to), state.today)


def _carried(state: ServicingState, day: date) -> Offsets:
    return {day: state.offsets.get(day, Offset(0))._replace(carries=True)}


def _in_force(offsets: Offsets) -> bool:
    """Whether the latest offset has an effect on the days after it."""
    last = next(reversed(offsets.values()), Offset(0))
    return bool(last.amount or last.carries)


def _follow(state: ServicingState, added: Offsets, day: date) -> bool:
    """Continue with the plan under more offsets, or others; return whether that is possible.

    They end on the next due date, on which they are set again: so the rows beyond are fast.
    """
    offsets = state.offsets | added
    new = [on for on in added if on not in state.offsets]
    if len(new) > 1 or (new and new[0] < next(reversed(state.offsets), date.min)):
        offsets = dict(sorted(offsets.items()))  # in order of days, as the others are
    until, ends = state.day_after(day), _in_force(offsets)
    if until is not None and not state.daily_simple and state.postpone(added, day, until):
        state.offsets, state.until = offsets, until if ends else None
        return True
    before = state.plan
    while True:
        ending = until if ends else None
        plan = _with_offsets(before, added, state.until, ending)
        if plan is None:
            state.follow(before)
            return False
        state.follow(plan)
        found = state.day_after(day)
        if found == until or until is None:
            state.offsets, state.until = offsets, ending
            return True
        until = found if found is not None and found < until else None


def _with_offsets(
    plan: Schedule, added: Offsets, ended: date | None, ending: date | None
) -> Schedule | None:
    """Return the plan with other offsets; ``None`` if later planned changes would be impossible.

    Nobody has agreed on the offsets, so an instalment that does not pay the interest is not refused:
    unpaid interest joins the principal. They `ended` on a day, and now end on that of `ending`.
    """
    program = plan.program._replace(events=events_with(plan, added, ended, ending))
    try:
        return plan.with_program(plan.changes, program)
    except InstalmentError:
        program = program.growing()
    except RepayError:
        return None
    try:
        return plan.with_program(plan.changes, program)
    except RepayError:
        return None


def prepaid_plan(plan: Schedule, change: Prepayment) -> Schedule | None:
    """Return the plan with a prepayment; ``None`` if later planned changes would be impossible."""
    try:
        return plan.then(change)
    except RepayError:
        return None


def accrue_after_end(state: ServicingState, day: date) -> None:
    """Accrue the loan's rate on overdue principal after the schedule has ended.

    Before, the plan includes it in its interest. All of it is one sum, rounded once, on the oldest
    instalment with open principal.
    """
    if state.goes_on(day - ONE_DAY):
        return
    end = state.ended or state.plan.maturity
    start = max(end, state.interest_accrued_to)
    if day <= start or state.settled is not None:
        return
    items = (item for item in state.dues.missing() if item.planned)
    oldest = next((item for item in items if item.unpaid("principal") > 0), None)
    if (
        oldest is not None
        and state.daily_simple
        and max(state.posted_to, state.interest_accrued_to) < end
    ):
        oldest.carry_residual(state.residual, state.rounded_with)
    if oldest is not None and not (state.write_off and state.write_off.accrual == "stop"):
        base = state.dues.principal
        if state.dues.in_red:
            base = sum(
                max(0, item.unpaid("principal")) for item in state.open_items if item.planned
            )
        for first, last in pairwise([start, *state.rates.changes(start, day), day]):
            share = state.rates.share(end, first, last)
            segment = Segment(base, state.rates.rate(first), first, last, share, "interest")
            oldest.accrue("interest", segment)
    state.interest_accrued_to = day
