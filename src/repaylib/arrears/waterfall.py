"""Money received, laid over what is owed in the order of an allocation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from repaylib.allocation import Allocation, Cell
from repaylib.arrears.bills import KINDS, PARTS, Bill, Kind
from repaylib.exact import Rounding, round_ratio

__all__ = ["pay_ahead", "pay_apart", "pay_due"]


def pay_due(
    bills: Sequence[Bill],
    money: int,
    day: date,
    allocation: Allocation,
    days_past_due: int,
    rounding: Rounding,
) -> int:
    """Pay what is past due and due out of money received on a day; return what is left of it."""
    past = [bill for bill in bills if bill.due < day and not bill.apart]
    due = [bill for bill in bills if bill.due == day and not bill.apart]
    order = allocation.order_at(days_past_due)
    for age, run in groupby(order, key=lambda cell: cell[0]):
        if age == "in advance" or not money:
            continue
        kinds = _kinds(run)
        found = past if age == "past due" else due
        if allocation.across == "component":
            steps = [(found, [kind]) for kind in kinds]
        elif allocation.among == "age":
            steps = [([bill], kinds) for bill in found]
        else:
            steps = [(found, kinds)]
        for some, each in steps:
            money = _pay(some, each, money, day, allocation.among == "pro_rata", rounding)
    return money


def pay_apart(bills: Sequence[Bill], money: int, day: date, rounding: Rounding) -> int:
    """Pay what was kept apart, after all else; return what is left."""
    return _pay([bill for bill in bills if bill.apart], KINDS, money, day, False, rounding)


def pay_ahead(
    bill: Bill, money: int, received: date, day: date, allocation: Allocation, rounding: Rounding
) -> int:
    """Pay an instalment out of money that was received before it fell due; return what is left."""
    order = [cell for cell in allocation.order if cell[0] == "in advance"]
    for kind in _kinds(order):
        amount = min(money, max(0, bill.open(kind, day, rounding)))
        bill.pay(kind, amount, received)
        money -= amount
    return money


def _kinds(cells: Iterable[Cell]) -> list[Kind]:
    return [kind for _, component in cells for kind in PARTS[component]]


def _pay(
    bills: Sequence[Bill],
    kinds: Sequence[Kind],
    money: int,
    day: date,
    pro_rata: bool,
    rounding: Rounding,
) -> int:
    """Pay some kinds of some bills, by age or in proportion to what is open of each."""
    opens = [[max(0, bill.open(kind, day, rounding)) for kind in kinds] for bill in bills]
    totals = [sum(each) for each in opens]
    whole = sum(totals)
    if not whole:
        return money
    spent = min(money, whole)
    before = laid = 0
    for bill, amounts, total in zip(bills, opens, totals, strict=True):
        share = min(total, spent - laid)
        if pro_rata:  # what all so far get, less what they have got: no unit is lost
            before += total
            share = round_ratio(spent * before, whole, "down") - laid
        laid += share
        for kind, amount in zip(kinds, amounts, strict=True):
            part = min(amount, share)
            bill.pay(kind, part, day)
            share -= part
    return money - spent
