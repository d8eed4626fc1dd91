"""What being late costs, counted day by day: penalties, late fees, and their limits."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from repaylib.arrears.bills import PENALTIES, Bill, Kind
from repaylib.exact import round_fraction
from repaylib.ledger import Segment
from repaylib.money import minor_of
from repaylib.penalties import PenaltyTerms

if TYPE_CHECKING:
    from repaylib.arrears.servicing import Servicing

ONE_DAY = timedelta(days=1)

#: What being late costs, by kind, in minor units.
Charges = dict[Kind, int]

__all__ = ["count_interest", "count_penalties", "late_fees"]


def count_penalties(life: Servicing, day: date) -> None:
    """Count penalties on all that is overdue, up to a day.

    It stops on the way where terms step, and on the day on which a limit is reached, so that
    nothing depends on the days on which it is called.
    """
    while life.counted < day:
        step = min((each for each, _ in life.steps if each > life.counted), default=day)
        stop = min(step, day)
        if _reached(life, stop):
            stop = _first_reached(life, stop)
        _count_to(life, stop)


def _count_to(life: Servicing, day: date) -> None:
    """Count up to a day, and stop there what has reached a limit on it."""
    before: dict[int, Charges] = {}
    limited = _reached(life, day)
    if limited:
        eve = max(life.counted, day - ONE_DAY)
        before = {id(bill): _charges(life, bill, eve) for bill in life.bills}
    for bill in life.live:
        if bill.terms is not None and bill.mark < day:
            if not (life.frozen or bill.capped):
                for kind, segment in _borne(life, bill, day):
                    bill.bear(kind, segment)
            bill.mark = day
    if limited:
        for bill in life.live:
            most = _most_of(life, bill)
            if most is not None and sum(bill.charges(day, life.rounding).values()) >= most:
                bill.fix(_within(before[id(bill)], bill.charges(day, life.rounding), most))
        _limit_all(life, day, before)
    life.counted = day


def _borne(life: Servicing, bill: Bill, day: date) -> list[tuple[Kind, Segment]]:
    """Return what bears a penalty from where one instalment was counted to, up to a day."""
    late, start = life.late, bill.mark
    inside = [each for each, _ in life.steps if start < each < day]
    edges = sorted({start, day, *inside, *late.changes(start, day)})
    found: list[tuple[Kind, Segment]] = []
    for first, end in pairwise(edges):
        terms = life.terms_on(first)
        assert terms is not None, "penalties are counted where there are terms"
        ordinary = late.rate(first)
        rate = terms.rate_over(ordinary, late.pace)
        share = late.share(bill.late_from, first, end, terms.day_count)
        for kind, base in _bases(bill, terms):
            if life.on_balance and bill.planned and kind == "penalty":
                bears = min(base, max(0, bill.unpaid("principal")))  # ordinary interest already
                beyond = max(rate - ordinary, Fraction(0))
                found.append((kind, Segment(bears, beyond, first, end, share, kind)))
                base -= bears
            found.append((kind, Segment(base, rate, first, end, share, kind)))
    return found


def _bases(bill: Bill, terms: PenaltyTerms) -> list[tuple[Kind, int]]:
    """Return what bears a penalty: which kind it makes, and the base."""
    if terms.base == "instalment":
        return [("penalty", bill.contractual)]
    bases: list[tuple[Kind, int]] = [("penalty", max(0, bill.unpaid("principal")))]
    if terms.on_interest:
        interest = bill.unpaid("interest") + bill.unpaid("deferred_interest")
        bases.append(("penalty_interest", max(0, interest)))
    return bases


# -- limits -------------------------------------------------------------------------------


def _charges(life: Servicing, bill: Bill, day: date) -> Charges:
    """Return what being late will have cost by a day, if nothing happens before."""
    more = dict.fromkeys(PENALTIES, Fraction(0))
    if bill.terms is not None and bill.mark < day and not (life.frozen or bill.capped):
        for kind, segment in _borne(life, bill, day):
            more[kind] += segment.interest
    return bill.charges(day, life.rounding, more)


def _most_of(life: Servicing, bill: Bill) -> int | None:
    """Return the most that the penalty of an instalment may still come to, if it has a limit."""
    if bill.terms is None or bill.terms.cap_share is None or bill.capped:
        return None
    return round_fraction(bill.asked.get("principal", 0) * bill.terms.cap_share, life.rounding)


def _most_in_all(life: Servicing) -> int | None:
    """Return the most that all may come to, if there is a limit that was not reached."""
    terms = life.terms_on(life.counted)
    if terms is None or terms.cap is None or life.frozen:
        return None
    return minor_of(terms.cap, life.loan.decimals)


def _reached(life: Servicing, day: date) -> bool:
    """Whether a limit will have been reached by a day."""
    for bill in life.live:
        most = _most_of(life, bill)
        if most is not None and sum(_charges(life, bill, day).values()) >= most:
            return True
    most = _most_in_all(life)
    if most is None:
        return False
    charged = sum(sum(_charges(life, bill, day).values()) for bill in life.bills)
    return charged + sum(bill.late_fee for bill in life.bills) >= most


def _first_reached(life: Servicing, day: date) -> date:
    """Return the first day on which a limit is reached, where it is by `day`."""
    low, high = life.counted, day
    while (high - low).days > 1:
        middle = low + (high - low) // 2
        low, high = (low, middle) if _reached(life, middle) else (middle, high)
    return high


def _limit_all(life: Servicing, day: date, before: dict[int, Charges]) -> None:
    """Stop all penalties where they reach the limit of the loan."""
    most = _most_in_all(life)
    if most is None:
        return
    now = {id(bill): bill.charges(day, life.rounding) for bill in life.bills}
    fees = sum(bill.late_fee for bill in life.bills)
    if fees + sum(sum(each.values()) for each in now.values()) < most:
        return
    left = most - fees - sum(sum(each.values()) for each in before.values())
    for bill in life.bills:
        was, is_ = before[id(bill)], now[id(bill)]
        more = min(max(0, left), sum(is_.values()) - sum(was.values()))
        bill.fix(_within(was, is_, sum(was.values()) + more))
        left -= more
    life.frozen = True


def _within(before: Charges, now: Charges, most: int) -> Charges:
    """Return amounts between those before and those now that come to `most`."""
    left = most - sum(before.values())
    fixed = dict(before)
    for kind in PENALTIES:
        more = min(max(0, left), now.get(kind, 0) - before.get(kind, 0))
        fixed[kind] = before.get(kind, 0) + more
        left -= more
    return fixed


# -- fees, and ordinary interest ------------------------------------------------------------


def late_fees(life: Servicing, day: date) -> None:
    """Charge the late fee of every instalment whose grace is over."""
    for bill in life.live:
        if not bill.fee_due or day <= bill.grace_end:
            continue
        bill.fee_due = False
        terms = bill.terms
        if terms is None or terms.late_fee is None or not bill.contractual or life.frozen:
            continue
        fee = terms.late_fee
        amount = (
            round_fraction(bill.contractual * fee, life.rounding)
            if isinstance(fee, Fraction)
            else minor_of(fee, life.loan.decimals)
        )
        if terms.cap is not None:
            most = minor_of(terms.cap, life.loan.decimals)
            so_far = sum(
                sum(each.charges(day, life.rounding).values()) + each.late_fee
                for each in life.bills
            )
            amount = max(0, min(amount, most - so_far))
        bill.late_fee += amount
        bill.asked["fee"] = bill.asked.get("fee", 0) + amount


def count_interest(life: Servicing, day: date) -> None:
    """Let overdue principal bear the loan's rate after the schedule has ended.

    Before, the plan has it in its interest. All of it is one sum, rounded once: the oldest instalment
    of which principal is open bears it.
    """
    end = life.ended or life.plan.maturity
    start = max(end, life.interest_to)
    if day <= start or life.settled is not None:
        return
    bills = [bill for bill in life.live if bill.planned and bill.unpaid("principal") > 0]
    base = sum(bill.unpaid("principal") for bill in bills)
    if bills and life.daily and life.posted < end and life.interest_to < end:
        bills[0].exact["interest"] = life.residual
    if bills and not (life.off and life.off.accrual == "stop"):
        for first, last in pairwise(sorted({start, day, *life.late.changes(start, day)})):
            share = life.late.share(end, first, last)
            segment = Segment(base, life.late.rate(first), first, last, share, "interest")
            bills[0].bear("interest", segment)
    life.interest_to = day
