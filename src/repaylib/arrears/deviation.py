"""Interest on what is really owed: what is late bears it beside the plan, what is held spares it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from repaylib.bearing import Offset
from repaylib.changes import Prepayment
from repaylib.errors import InstalmentError, RepayError
from repaylib.instructions import Event, Program, Turn, place_of
from repaylib.renewal import run
from repaylib.schedule import Schedule

if TYPE_CHECKING:
    from repaylib.arrears.servicing import Servicing

__all__ = ["carry_on", "changed", "deviate"]

Offsets = dict[date, Offset]


def deviate(life: Servicing, day: date) -> None:
    """Let interest run on what is really owed, from the end of a day on.

    The instalments stay those of the plan: money held lowers the interest, and ends nothing early.
    """
    if not life.on_balance or life.ended is not None or life.plan.maturity <= day:
        if life.daily and life.ended is None and life.plan.maturity == day != life.posted:
            carry_on(life)
        return
    if life.rest == "due_date" and not life.falls_due(day):
        return
    wanted = max(life.dues.principal - life.pool + life.interest_ahead, -life.balance(day))
    offsets = dict(life.offsets)
    if wanted != life.deviation:
        offsets[day] = Offset(wanted)
    if life.daily:
        _round_with_receipts(life, day, wanted, offsets)
    life.beside = 0
    if offsets == life.offsets and not (_in_force(offsets) and life.falls_due(day)):
        return
    if _follow(life, offsets, day):
        life.deviation = wanted
    else:
        life.beside = wanted - life.deviation


def _round_with_receipts(life: Servicing, day: date, wanted: int, offsets: Offsets) -> None:
    """Let interest be rounded when money comes in, and not on a due date without any."""
    last = max((each for each in offsets if each < day), default=None)
    falls_due = life.falls_due(day)
    if life.posted == day:
        carried = last is not None and offsets[last].carries
        if wanted or carried or life.deviation or life.silent or not falls_due:
            carries = bool(wanted) or not falls_due or life.silent
            offsets[day] = Offset(wanted, posts=True, carries=carries)
        return
    if falls_due:
        _carry_since(life.posted, offsets)
    if day in offsets:
        offsets[day] = offsets[day]._replace(carries=True)


def carry_on(life: Servicing) -> None:
    """Let interest since the last receipt not be rounded where the schedule ends."""
    offsets = dict(life.offsets)
    _carry_since(life.posted, offsets)
    _follow(life, offsets, life.today)


def _carry_since(day: date, offsets: Offsets) -> None:
    offsets[day] = offsets.get(day, Offset(0))._replace(carries=True)


def _in_force(offsets: Offsets) -> bool:
    """Whether the latest of them has an effect on the days after it."""
    last = offsets[max(offsets)] if offsets else Offset(0)
    return bool(last.amount or last.carries)


def _follow(life: Servicing, offsets: Offsets, day: date) -> bool:
    """Go on by the plan with other offsets; tell whether it can be.

    They hold up to what falls due next, on which day they are told anew: so the rows beyond are quick.
    """
    before, until = life.plan, life.day_after(day)
    while True:
        plan = _with_offsets(before, offsets, until)
        if plan is None:
            life.follow(before)
            return False
        life.follow(plan)
        found = life.day_after(day)
        if found == until or until is None:
            life.offsets = offsets
            return True
        until = found if found is not None and found < until else None


def _with_offsets(plan: Schedule, offsets: Offsets, until: date | None) -> Schedule | None:
    """Return the plan with other offsets; none if what it plans for later days would be impossible.

    Nobody has agreed on them, so that an instalment that does not pay the interest is not refused:
    what it leaves joins the principal.
    """
    events = [each for each in plan._program.events if not isinstance(each.do, Offset)]
    events += [Event(day, Turn.RENEW, 0, each) for day, each in offsets.items()]
    if until is not None and _in_force(offsets):
        events.append(Event(until, Turn.RENEW, 0, Offset(0)))
    program = plan._program._replace(events=tuple(sorted(events, key=place_of)))
    try:
        return _folded(plan, program)
    except InstalmentError:
        program = program.growing()
    except RepayError:
        return None
    try:
        return _folded(plan, program)
    except RepayError:
        return None


def _folded(plan: Schedule, program: Program) -> Schedule:
    return plan._folded(plan.changes, program, run(program))


def changed(plan: Schedule, change: Prepayment) -> Schedule | None:
    """Return the plan with a prepayment; none if what it plans for later days would be impossible."""
    try:
        return plan.then(change)
    except RepayError:
        return None
