"""Money received, laid over what is owed in the order of an allocation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby, takewhile

from repaylib.arrears.allocation import Allocation, Cell
from repaylib.arrears.instalment_due import CONTRACTUAL, KINDS, PARTS, Bill, Kind
from repaylib.arrears.open_instalments import Dues
from repaylib.money.rounding import round_ratio
from repaylib.typing import Rounding

__all__ = ["pay_ahead", "pay_apart", "pay_due"]


def pay_due(dues: Dues, money: int, day: date, allocation: Allocation, days_past_due: int) -> int:
    """Pay what is past due and due out of money received on a day; return what is left of it."""
    order = allocation.order_at(days_past_due)
    for age, run in groupby(order, key=lambda cell: cell[0]):
        if age == "in advance" or not money:
            continue
        kinds = _kinds(run)
        across = [[kind] for kind in kinds] if allocation.across == "component" else [kinds]
        for each in across:
            found = _found(dues, each, day, past=age == "past due")
            if allocation.among == "pro_rata":
                money = _pay_in_proportion(list(found), each, money, day, dues.rounding)
            else:
                money = _pay(found, each, money, day, dues.rounding)
    return money


def _found(dues: Dues, kinds: Sequence[Kind], day: date, *, past: bool) -> Iterable[Bill]:
    """Return the bills that may owe some kinds, past due or due on a day, the oldest first."""
    if not past:
        on_day = takewhile(lambda bill: bill.due == day, reversed(dues.live))
        return [bill for bill in on_day if not bill.apart][::-1]
    only = all(kind in CONTRACTUAL and kind != "fee" for kind in kinds)
    bills = dues.missing() if only else dues.live
    return (bill for bill in bills if bill.due < day and not bill.apart)


def pay_apart(bills: Sequence[Bill], money: int, day: date, rounding: Rounding) -> int:
    """Pay what was kept apart, after all else; return what is left."""
    return _pay([bill for bill in bills if bill.apart], KINDS, money, day, rounding)


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
    bills: Iterable[Bill], kinds: Sequence[Kind], money: int, day: date, rounding: Rounding
) -> int:
    """Pay some kinds of some bills, one bill after the other; return what is left."""
    for bill in bills:
        if not money:
            break
        for kind in kinds:
            part = min(money, max(0, bill.open(kind, day, rounding)))
            bill.pay(kind, part, day)
            money -= part
    return money


def _pay_in_proportion(
    bills: Sequence[Bill], kinds: Sequence[Kind], money: int, day: date, rounding: Rounding
) -> int:
    """Pay some kinds of some bills in proportion to what is open of each; return what is left."""
    opens = [[max(0, bill.open(kind, day, rounding)) for kind in kinds] for bill in bills]
    totals = [sum(each) for each in opens]
    whole = sum(totals)
    if not whole:
        return money
    spent = min(money, whole)
    before = laid = 0
    for bill, amounts, total in zip(bills, opens, totals, strict=True):
        before += total  # what all so far get, less what they have got: no unit is lost
        share = round_ratio(spent * before, whole, "down") - laid
        laid += share
        for kind, amount in zip(kinds, amounts, strict=True):
            part = min(amount, share)
            bill.pay(kind, part, day)
            share -= part
    return money - spent
