"""What being late costs, counted day by day: penalties, late fees, and their limits."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from repaylib.bills import CONTRACTUAL, PENALTIES, Bill, Kind
from repaylib.exact import round_fraction
from repaylib.ledger import Segment
from repaylib.money import minor_of
from repaylib.penalties import PenaltyTerms

if TYPE_CHECKING:
    from repaylib.servicing import Servicing

__all__ = ["count_interest", "count_penalties", "late_fees"]


def count_penalties(life: Servicing, day: date) -> None:
    """Count penalties on all that is overdue, up to a day."""
    for bill in life.live:
        if bill.terms is not None and bill.mark < day:
            before = bill.charges(bill.mark, life.rounding)
            if not (life.frozen or bill.capped):
                _bear(life, bill, day)
            bill.mark = day
            _limit_one(life, bill, before, day)
    _limit_all(life, day)


def _bear(life: Servicing, bill: Bill, day: date) -> None:
    """Let one instalment bear its penalty from where it was counted to, up to a day."""
    late, start = life.late, bill.mark
    inside = [each for each, _ in life.steps if start < each < day]
    edges = sorted({start, day, *inside, *late.changes(start, day)})
    for first, end in pairwise(edges):
        terms = life.terms_on(first)
        assert terms is not None, "penalties are counted where there are terms"
        ordinary = late.rate(first)
        rate = terms.rate_over(ordinary, late.pace)
        share = late.share(bill.late_from, first, end, terms.day_count)
        on_balance = life.on_balance and bill.planned
        for kind, base in _bases(bill, terms):
            own = rate
            if on_balance and kind == "penalty" and terms.base != "instalment":
                own = max(rate - ordinary, Fraction(0))  # the balance bears the rest
            bill.bear(kind, Segment(base, own, first, end, share, kind))


def _bases(bill: Bill, terms: PenaltyTerms) -> list[tuple[Kind, int]]:
    """Return what bears a penalty: which kind it makes, and the base."""
    if terms.base == "instalment":
        return [("penalty", sum(max(0, bill.unpaid(kind)) for kind in CONTRACTUAL) - bill.late_fee)]
    bases: list[tuple[Kind, int]] = [("penalty", max(0, bill.unpaid("principal")))]
    if terms.on_interest:
        interest = bill.unpaid("interest") + bill.unpaid("deferred_interest")
        bases.append(("penalty_interest", max(0, interest)))
    return bases


def _limit_one(life: Servicing, bill: Bill, before: dict[Kind, int], day: date) -> None:
    """Stop the penalty of an instalment where it reaches its share of the principal."""
    terms = bill.terms
    if terms is None or terms.cap_share is None or bill.capped:
        return
    most = round_fraction(bill.asked.get("principal", 0) * terms.cap_share, life.rounding)
    now = bill.charges(day, life.rounding)
    if sum(now.values()) >= most:
        bill.fix(_within(before, now, most))


def _limit_all(life: Servicing, day: date) -> None:
    """Stop all penalties where they reach the limit of the loan."""
    terms = life.terms_on(day)
    if terms is None or terms.cap is None or life.frozen:
        return
    most = minor_of(terms.cap, life.loan.decimals)
    done = 0
    for bill in life.bills:
        now = bill.charges(day, life.rounding)
        left = most - done - bill.late_fee
        if sum(now.values()) > left:
            bill.fix(_within(bill.counted, now, max(left, sum(bill.counted.values()))))
            life.frozen = True
        bill.counted = bill.charges(day, life.rounding)
        done += sum(bill.counted.values()) + bill.late_fee
    if done >= most and not life.frozen:
        life.frozen = True
        for bill in life.bills:
            bill.fix(bill.counted)


def _within(before: dict[Kind, int], now: dict[Kind, int], most: int) -> dict[Kind, int]:
    """Return amounts between those before and those now that come to `most`."""
    left = most - sum(before.values())
    fixed = dict(before)
    for kind in PENALTIES:
        more = min(max(0, left), now.get(kind, 0) - before.get(kind, 0))
        fixed[kind] = before.get(kind, 0) + more
        left -= more
    return fixed


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

    Before, the balance of the plan has it in it.
    """
    end = life.ended or life.plan.maturity
    if day <= end or life.settled is not None:
        return
    for bill in life.live:
        start = max(end, bill.due, bill.interest_mark)
        if not bill.planned or start >= day:
            continue
        base = bill.unpaid("principal")
        edges = sorted({start, day, *life.late.changes(start, day)})
        for first, last in pairwise(edges):
            share = life.late.share(end, first, last)
            if not (life.off and life.frozen):
                segment = Segment(base, life.late.rate(first), first, last, share, "interest")
                bill.bear("interest", segment)
        bill.interest_mark = day
