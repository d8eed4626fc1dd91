"""What being late costs: up to when it is counted, its limit in all, late fees, and interest."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from repaylib.arrears.instalment_due import first_reached, within
from repaylib.dates.days import ONE_DAY
from repaylib.engine.entries import Segment
from repaylib.money.amounts import minor_of
from repaylib.money.rounding import round_fraction

if TYPE_CHECKING:
    from repaylib.arrears.servicing import Servicing


__all__ = ["Limit", "count_interest", "count_penalties", "late_fees"]


def count_penalties(life: Servicing, day: date) -> None:
    """Let penalties be counted up to a day.

    It stops on the way on the day on which the limit of all of them is reached, so that nothing depends
    on the days on which it is called. Each instalment is counted, within its own limit, when it
    changes or is looked at.
    """
    dues = life.dues
    while dues.counted < day:
        terms = dues.terms_on(dues.counted)
        stop = min((each for each, _ in dues.steps if dues.counted < each < day), default=day)
        if terms is not None and terms.cap is not None and not dues.frozen:
            most = minor_of(terms.cap, life.loan.decimals)
            if life.limit.may_reach(stop, most) and life.limit.charged(stop) >= most:
                stop = first_reached(life.limit.charged, most, dues.counted, stop)
                _limit_all(life, stop, most)
        dues.counted = stop


# -- the limit in all ---------------------------------------------------------------------


class Limit:
    """What penalties and late fees come to in all, held against a limit.

    Adding them all up takes time. It is only done when a bound does not say that the limit is not
    reached: what they came to when they were added up last, and the most that can have come since.

    Parameters
    ----------
    life
        The life of the loan.
    """

    def __init__(self, life: Servicing) -> None:
        self._life = life
        self._since = life.dues.counted
        self._so_far = 0

    def charged(self, day: date) -> int:
        """Return what they come to by a day, if nothing happens before."""
        return self._charged(day, day)

    def may_reach(self, day: date, most: int) -> bool:
        """Whether they may come to so much by a day; if not, they do not."""
        dues = self._life.dues
        unit = dues.most_borne(self._since, day)
        if unit is not None:
            rounded = 4 * len(dues.all)  # then and now, two kinds, each by less than a unit
            if self._so_far + dues.asked * unit + rounded < most:
                return False
        self._so_far, self._since = self._charged(day, date.max), day
        dues.asked = sum(bill.contractual for bill in dues.live)
        return self._so_far >= most

    def add(self, fee: int) -> None:
        """Take in a late fee."""
        self._so_far += fee

    def _charged(self, day: date, seen: date) -> int:
        """Return what they come to by a day, as seen on it, or later, when no grace is left."""
        found = 0
        for bill in self._life.dues.all:
            charges = sum(bill.charges_by(day, seen).values())
            most = bill.most
            if most is not None and charges >= most:
                charges = max(most, sum(bill.charges(day, self._life.rounding).values()))
            found += charges + bill.late_fee
        return found


def _limit_all(life: Servicing, day: date, most: int) -> None:
    """Stop all penalties on the day on which they reach the limit of the loan."""
    dues = life.dues
    dues.counted = day - ONE_DAY
    before = [bill.charges(dues.counted, life.rounding) for bill in dues.all]
    dues.counted = day
    now = [bill.charges(day, life.rounding) for bill in dues.all]
    left = most - sum(bill.late_fee for bill in dues.all) - sum(sum(was.values()) for was in before)
    for bill, was, is_ in zip(dues.all, before, now, strict=True):
        more = min(max(0, left), sum(is_.values()) - sum(was.values()))
        bill.fix(within(was, is_, sum(was.values()) + more))
        left -= more
    dues.freeze()


# -- fees, and ordinary interest ------------------------------------------------------------


def late_fees(life: Servicing, day: date) -> None:
    """Charge the late fee of every instalment whose grace is over."""
    for bill in life.dues.in_grace:
        if not bill.fee_due or day <= bill.grace_end:
            continue
        bill.forgo_late_fee()
        terms = bill.terms
        if terms is None or terms.late_fee is None or not bill.contractual or life.dues.frozen:
            continue
        fee = terms.late_fee
        amount = (
            round_fraction(bill.contractual * fee, life.rounding)
            if isinstance(fee, Fraction)
            else minor_of(fee, life.loan.decimals)
        )
        if terms.cap is not None:
            most = minor_of(terms.cap, life.loan.decimals)
            if life.limit.may_reach(day, most - amount + 1):
                amount = max(0, min(amount, most - life.limit.charged(day)))
            life.limit.add(amount)
        bill.ask_late_fee(amount)


def count_interest(life: Servicing, day: date) -> None:
    """Let overdue principal bear the loan's rate after the schedule has ended.

    Before, the plan has it in its interest. All of it is one sum, rounded once: the oldest instalment
    of which principal is open bears it.
    """
    if life.goes_on(day - ONE_DAY):
        return
    end = life.ended or life.plan.maturity
    start = max(end, life.interest_to)
    if day <= start or life.settled is not None:
        return
    bills = (bill for bill in life.dues.missing() if bill.planned)
    oldest = next((bill for bill in bills if bill.unpaid("principal") > 0), None)
    if oldest is not None and life.daily and life.posted < end and life.interest_to < end:
        oldest.exact["interest"] = life.residual
    if oldest is not None and not (life.off and life.off.accrual == "stop"):
        base = life.dues.principal
        if life.dues.in_red:
            base = sum(max(0, bill.unpaid("principal")) for bill in life.live if bill.planned)
        for first, last in pairwise([start, *life.late.changes(start, day), day]):
            share = life.late.share(end, first, last)
            segment = Segment(base, life.late.rate(first), first, last, share, "interest")
            oldest.bear("interest", segment)
    life.interest_to = day
