"""Interest on what is really owed: the plan bears more where money is late, less where ahead."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from repaylib.advances import Advance
from repaylib.arrears.bills import Bill
from repaylib.changes import Prepayment
from repaylib.errors import InstalmentError, RepayError
from repaylib.schedule import Schedule

if TYPE_CHECKING:
    from repaylib.arrears.servicing import Servicing

__all__ = ["changed", "deviate"]


def deviate(life: Servicing, day: date) -> None:
    """Let the plan bear interest on what is really owed, from the end of a day on."""
    if not life.on_balance or life.ended is not None or life.plan.maturity <= day:
        return
    if life.rest == "due_date" and not life.falls_due(day):
        return
    late = sum(bill.unpaid("principal") for bill in life.live if bill.planned)
    more = max(late - life.pool - life.deviation, -life.balance(day))
    life.beside = 0
    if not more:
        return
    plan = _taken(life.plan, more, day)
    if plan is None:
        life.beside = more
        return
    life.follow(plan)
    life.deviation += more
    if plan.maturity <= day:  # the money held is the whole principal, and no interest is owed
        life.open(Bill(0, day, {"principal": -life.deviation}, "settlement", planned=True))
        life.settled = life.ended = day


def changed(plan: Schedule, change: Advance | Prepayment) -> Schedule | None:
    """Return the plan with a change; none if what it plans for later days would be impossible."""
    try:
        return plan.then(change)
    except RepayError:
        return None


def _taken(plan: Schedule, more: int, day: date) -> Schedule | None:
    """Return the plan with more of the balance, or less, from a day on.

    Nobody has agreed on it, so that an instalment that does not pay the interest is not refused:
    what it leaves joins the principal.
    """
    amount = plan.loan.money(abs(more))
    change: Advance | Prepayment = Advance(amount, on=day, hold="last")
    if more < 0:
        change = Prepayment(amount, on=day, hold="last")
    try:
        return plan.then(change)
    except InstalmentError:
        return changed(plan._growing(), change)
    except RepayError:
        return None
