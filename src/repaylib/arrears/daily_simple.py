"""Daily simple interest: a receipt first pays the interest accrued to its own day, then principal.

An instalment asks for an amount. How much of it is interest follows from when it is paid: what is late
has more of it, what is early less. `interest_ahead` keeps the interest that receipts have paid before an
instalment asked for it; below zero, what has accrued and no instalment has asked for.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from repaylib.arrears.instalment_due import Bill
from repaylib.money.rounding import round_fraction

if TYPE_CHECKING:
    from repaylib.arrears.servicing import Servicing

__all__ = [
    "Held",
    "Posting",
    "ask",
    "balances",
    "pay_interest_ahead",
    "put_interest_first",
    "undue",
]


class Held(NamedTuple):
    """Money paid ahead: the day, how much, and what interest it has paid; minor units."""

    on: date
    amount: int
    interest: int = 0


class Posting(NamedTuple):
    """Money received on a day: how much of it paid interest and principal, and what is left of them.

    All in minor units; what is left of the money paid fees and the like, or was too much.
    """

    on: date
    amount: int
    interest: int
    principal: int
    interest_left: int
    principal_left: int


def balances(life: Servicing, day: date) -> tuple[int, int]:
    """Return the interest and the principal owed on a day, due or not."""
    bills = [bill for bill in life.live if bill.planned]
    interest = sum(bill.open("interest", day, life.rounding) for bill in bills)
    principal = life.dues.principal
    if life.goes_on(day):
        interest += undue(life, day)
        principal += life.balance(day) + life.interest_ahead - life.pool
    return interest, principal


def undue(life: Servicing, day: date) -> int:
    """Return the interest that has accrued, that no instalment asks for and no receipt has paid."""
    if life.posts(day):  # all that has accrued was asked for
        return -life.interest_ahead
    quote = life.quote(day, fee=False)
    return 0 if quote is None else quote.ledger.settled.interest - life.interest_ahead


def put_interest_first(life: Servicing, day: date) -> None:
    """Let what is open be interest as far as it has accrued by a day, the oldest instalment first.

    What each instalment asks for is as much as before; principal that gives way falls due later.
    """
    bills = [bill for bill in life.live if bill.planned]
    for bill in bills:  # a receipt settles the interest of its day: it is rounded
        if "interest" in bill.exact:
            bill.exact["interest"] = Fraction(round_fraction(bill.exact["interest"], life.rounding))
    opens = [bill.open("interest", day, life.rounding) for bill in bills]
    left = sum(opens) + max(0, undue(life, day))
    for bill, interest in zip(bills, opens, strict=True):
        now = max(0, min(left, interest + bill.unpaid("principal")))
        left -= now
        bill.shift(now - interest)
        life.interest_ahead += now - interest


def pay_interest_ahead(life: Servicing, amount: int, day: date) -> int:
    """Pay the interest accrued out of money for which nothing is due; return how much it took."""
    interest = max(0, min(amount, undue(life, day)))
    life.interest_ahead += interest
    return interest


def ask(life: Servicing, bill: Bill) -> None:
    """Pay what the plan asks for out of what is held, as that was used on its day.

    The rest asks for the interest accrued, then for principal.
    """
    asked = bill.asked.get("interest", 0)
    accrued = asked - life.interest_ahead
    total = asked + bill.asked.get("principal", 0)
    parts: list[tuple[date, int, int]] = []
    left = total
    while life.held and left > 0:
        on, amount, interest = life.held.pop(0)
        used = min(amount, left)
        part = min(interest, used)
        parts.append((on, part, used - part))
        left -= used
        if used < amount:
            life.held.insert(0, Held(on, amount - used, interest - part))
    paid = sum(interest for _, interest, _ in parts)
    more = paid + max(0, min(left, accrued)) - asked
    bill.shift(more)
    life.interest_ahead += more - paid
    for on, interest, principal in parts:
        bill.pay("interest", interest, on)
        bill.pay("principal", principal, on)
