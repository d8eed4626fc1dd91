"""Interest on what is really owed: what is late bears it beside the plan, what is held spares it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from repaylib.changes import Prepayment
from repaylib.errors import InstalmentError, RepayError
from repaylib.instructions import Event, Offset, Program, Turn, place_of
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
    late = sum(bill.unpaid("principal") for bill in life.live if bill.planned)
    wanted = max(late - life.pool + life.interest_ahead, -life.balance(day))
    known = _offsets_of(life.plan)
    offsets = dict(known)
    if wanted != life.deviation:
        offsets[day] = Offset(wanted)
    if life.daily:
        _round_with_receipts(life, day, wanted, offsets)
    life.beside = 0
    if offsets == known:
        return
    plan = _with_offsets(life.plan, offsets)
    if plan is None:
        life.beside = wanted - life.deviation
        return
    life.follow(plan)
    life.deviation = wanted


def _round_with_receipts(life: Servicing, day: date, wanted: int, offsets: Offsets) -> None:
    """Let interest be rounded when money comes in, and not on a due date without any."""
    last = max((each for each in offsets if each < day), default=None)
    falls_due = life.falls_due(day)
    if life.posted == day:
        carried = last is not None and offsets[last].carries
        if wanted or carried or life.deviation or not falls_due:
            carries = bool(wanted) or not falls_due
            offsets[day] = Offset(wanted, posts=True, carries=carries)
        return
    if falls_due:
        _carry_since(life.posted, offsets)
    if day in offsets:
        offsets[day] = offsets[day]._replace(carries=True)


def carry_on(life: Servicing) -> None:
    """Let interest since the last receipt not be rounded where the schedule ends."""
    offsets = _offsets_of(life.plan)
    _carry_since(life.posted, offsets)
    if (plan := _with_offsets(life.plan, offsets)) is not None:
        life.follow(plan)


def _carry_since(day: date, offsets: Offsets) -> None:
    offsets[day] = offsets.get(day, Offset(0))._replace(carries=True)


def _offsets_of(plan: Schedule) -> Offsets:
    return {each.day: each.do for each in plan._program.events if isinstance(each.do, Offset)}


def _with_offsets(plan: Schedule, offsets: Offsets) -> Schedule | None:
    """Return the plan with other offsets; none if what it plans for later days would be impossible.

    Nobody has agreed on them, so that an instalment that does not pay the interest is not refused:
    what it leaves joins the principal.
    """
    events = [each for each in plan._program.events if not isinstance(each.do, Offset)]
    events += [Event(day, Turn.RENEW, 0, each) for day, each in offsets.items()]
    program = plan._program._replace(events=tuple(sorted(events, key=place_of)))
    try:
        return _folded(plan, program)
    except InstalmentError:
        program = program._replace(negative_amortisation=True)
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
