"""What will fall due: the life of a loan as it goes on if all is paid in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repaylib.arrears.balance_deviation import deviate
from repaylib.arrears.daily_simple import put_interest_first
from repaylib.arrears.instalment_due import Bill

if TYPE_CHECKING:
    from repaylib.arrears.servicing import Servicing

__all__ = ["look_ahead"]


def look_ahead(life: Servicing) -> list[Bill]:
    """Return what will fall due if all that is due is paid today, and the rest in time.

    Money held has paid what it will pay; the rest of each is left open.
    """
    ahead = life.copy()
    ahead.asked_to = max(life.asked_to, life.today)
    done = len(ahead.bills)
    if life.on_balance:
        pretend(ahead)
    while (row := ahead.next_row()) is not None:
        ahead.today = row.day
        ahead.ask(row.day)
        if not life.on_balance:  # what falls due does not depend on what is paid
            continue
        left = [bill.copy(ahead.dues) for bill in ahead.bills[done:]]
        pretend(ahead)
        ahead.bills[done:] = left
        done = len(ahead.bills)
    return ahead.bills[len(life.bills) :]


def pretend(life: Servicing) -> None:
    """Suppose that all that is due is paid today."""
    if life.daily:
        put_interest_first(life, life.today)
        life.posted = life.today
    for bill in life.live:
        for kind in bill.kinds:
            bill.pay(kind, max(0, bill.open(kind, life.today, life.rounding)), life.today)
    deviate(life, life.today)
    life.dues.clear()
