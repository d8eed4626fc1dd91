"""Interest on what is really owed: what is late bears it beside the plan, what is held spares it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from repaylib.arrears.running_schedule import Offsets, events_with
from repaylib.changes.prepayment import Prepayment
from repaylib.engine.interest_bearing import Offset
from repaylib.errors import InstalmentError, RepayError
from repaylib.schedule.schedule import Schedule

if TYPE_CHECKING:
    from repaylib.arrears.servicing import Servicing

__all__ = ["carry_on", "changed", "deviate"]


def deviate(life: Servicing, day: date) -> None:
    """Let interest run on what is really owed, from the end of a day on.

    The instalments stay those of the plan: money held lowers the interest, and ends nothing early.
    """
    if not life.on_balance or not life.goes_on(day):
        if life.daily and life.ended is None and life.plan.maturity == day != life.posted:
            carry_on(life)
        return
    if life.rest == "due_date" and not life.falls_due(day):
        return
    wanted = max(life.dues.principal - life.pool + life.interest_ahead, -life.balance(day))
    laid = {day: Offset(wanted)} if wanted != life.deviation else {}
    if life.daily:
        _round_with_receipts(life, day, wanted, laid)
    life.beside = 0
    laid = {on: each for on, each in laid.items() if life.offsets.get(on) != each}
    if not laid and not (_in_force(life.offsets) and life.falls_due(day)):
        return
    if _follow(life, laid, day):
        life.deviation = wanted
    else:
        life.beside = wanted - life.deviation


def _round_with_receipts(life: Servicing, day: date, wanted: int, laid: Offsets) -> None:
    """Let interest be rounded when money comes in, and not on a due date without any."""
    falls_due = life.falls_due(day)
    if life.posted == day:
        last = next((each for on, each in reversed(life.offsets.items()) if on < day), Offset(0))
        if wanted or last.carries or life.deviation or life.silent or not falls_due:
            carries = bool(wanted) or not falls_due or life.silent
            laid[day] = Offset(wanted, posts=True, carries=carries)
        return
    if falls_due:
        laid |= _carried(life, life.posted)
    if day in laid:
        laid[day] = laid[day]._replace(carries=True)
    elif day in life.offsets:
        laid |= _carried(life, day)


def carry_on(life: Servicing) -> None:
    """Let interest since the last receipt not be rounded where the schedule ends."""
    _follow(life, _carried(life, life.posted), life.today)


def _carried(life: Servicing, day: date) -> Offsets:
    return {day: life.offsets.get(day, Offset(0))._replace(carries=True)}


def _in_force(offsets: Offsets) -> bool:
    """Whether the latest of them has an effect on the days after it."""
    last = next(reversed(offsets.values()), Offset(0))
    return bool(last.amount or last.carries)


def _follow(life: Servicing, laid: Offsets, day: date) -> bool:
    """Go on by the plan with more offsets, or others; tell whether it can be.

    They hold up to what falls due next, on which day they are told anew: so the rows beyond are quick.
    """
    offsets = life.offsets | laid
    new = [on for on in laid if on not in life.offsets]
    if len(new) > 1 or (new and new[0] < next(reversed(life.offsets), date.min)):
        offsets = dict(sorted(offsets.items()))  # in order of days, as the others are
    until, ends = life.day_after(day), _in_force(offsets)
    if until is not None and not life.daily and life.postpone(laid, day, until):
        life.offsets, life.until = offsets, until if ends else None
        return True
    before = life.plan
    while True:
        ending = until if ends else None
        plan = _with_offsets(before, laid, life.until, ending)
        if plan is None:
            life.follow(before)
            return False
        life.follow(plan)
        found = life.day_after(day)
        if found == until or until is None:
            life.offsets, life.until = offsets, ending
            return True
        until = found if found is not None and found < until else None


def _with_offsets(
    plan: Schedule, laid: Offsets, ended: date | None, ending: date | None
) -> Schedule | None:
    """Return the plan with other offsets; none if what it plans for later days would be impossible.

    Nobody has agreed on them, so that an instalment that does not pay the interest is not refused:
    what it leaves joins the principal. They `ended` on a day, and now end on that of `ending`.
    """
    program = plan.program._replace(events=events_with(plan, laid, ended, ending))
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


def changed(plan: Schedule, change: Prepayment) -> Schedule | None:
    """Return the plan with a prepayment; none if what it plans for later days would be impossible."""
    try:
        return plan.then(change)
    except RepayError:
        return None
