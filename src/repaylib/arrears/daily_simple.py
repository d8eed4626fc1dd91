"""Daily simple interest: a receipt first pays the interest accrued to its own day, then principal.

An instalment is an amount. How much of it is interest depends on when it is paid: more if it is late,
less if it is early. `interest_ahead` is the interest that receipts have paid before it fell due; below
zero, interest that has accrued and has not fallen due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from repaylib.arrears.instalment_due import InstalmentDue
from repaylib.arrears.servicing_state import ServicingState, UnallocatedReceipt


@dataclass(frozen=True, slots=True)
class Applied:
    """What the money received on a day has paid, with daily simple interest. In major units.

    Attributes
    ----------
    on
        The day.
    amount
        The money received on it.
    interest
        What it paid of the interest accrued to the day.
    principal
        What it paid of the principal.
    other
        The rest: it paid fees, penalties and the like, or was too much.
    interest_left
        The interest owed after it, due or not.
    principal_left
        The principal owed after it, due or not.
    """

    on: date
    amount: Decimal
    interest: Decimal
    principal: Decimal
    other: Decimal
    interest_left: Decimal
    principal_left: Decimal


def interest_and_principal(state: ServicingState, day: date) -> tuple[int, int]:
    """Return the interest and the principal owed on a day, due or not."""
    items = [item for item in state.open_items if item.planned]
    interest = sum(item.open("interest", day, state.rounding) for item in items)
    principal = state.dues.principal
    if state.goes_on(day):
        interest += accrued_interest(state, day)
        principal += state.balance(day) + state.interest_ahead - state.unallocated
    return interest, principal


def accrued_interest(state: ServicingState, day: date) -> int:
    """Return the interest that has accrued, has not fallen due, and no receipt has paid."""
    if state.posts(day):  # all that has accrued has fallen due
        return -state.interest_ahead
    quote = state.quote(day, fee=False)
    return 0 if quote is None else quote.ledger.settled.interest - state.interest_ahead


def put_interest_first(state: ServicingState, day: date) -> None:
    """Let open amounts be interest as far as it has accrued by a day, the oldest instalment first.

    The instalments stay as large as before; principal that interest replaces falls due later.
    """
    items = [item for item in state.open_items if item.planned]
    for item in items:  # a receipt settles the interest of its day: it is rounded
        item.settle_interest(day, state.rounding)
    opens = [item.open("interest", day, state.rounding) for item in items]
    left = sum(opens) + max(0, accrued_interest(state, day))
    for item, interest in zip(items, opens, strict=True):
        now = max(0, min(left, interest + item.unpaid("principal")))
        left -= now
        state.dues.shift_to_interest(item, now - interest)
        state.interest_ahead += now - interest


def pay_interest_ahead(state: ServicingState, amount: int, day: date) -> int:
    """Pay accrued interest out of money for which nothing is due; return how much of it."""
    interest = max(0, min(amount, accrued_interest(state, day)))
    state.interest_ahead += interest
    return interest


def split_instalment(state: ServicingState, item: InstalmentDue) -> None:
    """Split an instalment into interest and principal, and pay it out of unallocated money.

    That money counts as it was used on its day; the rest is the interest accrued, then principal.
    """
    planned = item.due_parts.get("interest", 0)
    accrued = planned - state.interest_ahead
    left = planned + item.due_parts.get("principal", 0)
    parts: list[tuple[date, int, int]] = []
    waiting = state.unallocated_receipts
    while waiting and left > 0:
        on, amount, interest = waiting.pop(0)
        used = min(amount, left)
        part = min(interest, used)
        parts.append((on, part, used - part))
        left -= used
        if used < amount:
            waiting.insert(0, UnallocatedReceipt(on, amount - used, interest - part))
    paid = sum(interest for _, interest, _ in parts)
    more = paid + max(0, min(left, accrued)) - planned
    state.dues.shift_to_interest(item, more)
    state.interest_ahead += more - paid
    for on, interest, principal in parts:
        item.pay("interest", interest, on)
        item.pay("principal", principal, on)


def applied_receipts(state: ServicingState) -> tuple[Applied, ...]:
    """Return the allocation of the money of each day, in major units."""
    money = state.loan.money
    return tuple(
        Applied(
            on=applied.on,
            amount=money(applied.amount),
            interest=money(applied.interest),
            principal=money(applied.principal),
            other=money(applied.amount - applied.interest - applied.principal),
            interest_left=money(applied.interest_left),
            principal_left=money(applied.principal_left),
        )
        for applied in state.applied
    )
