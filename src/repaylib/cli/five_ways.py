"""The five ways to repay that a borrower and a lender negotiate, for one loan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from repaylib.changes.rescheduling import Rescheduling
from repaylib.errors import RepayError
from repaylib.measures.break_even import Divergence
from repaylib.money.amounts import minor_of
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.rates.rate import Rate, RateLike
from repaylib.rates.root_finding import bisect, halfway
from repaylib.schedule.placement import amount_place
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.settlement import settle
from repaylib.schedule.verbs import change_rate, defer, reschedule
from repaylib.typing import Amount

__all__ = ["five_ways"]


def five_ways(
    plan: Schedule,
    payment: int,
    *,
    affordable: Amount | None = None,
    payments: int | None = None,
    new_rate: RateLike | None = None,
    periods: int = 1,
    settle_on: date | None = None,
    fee: Amount | None = None,
) -> dict[str, Schedule]:
    """Return the five ways from instalment `payment` on, by name.

    Parameters
    ----------
    plan
        The schedule as agreed, without changes.
    payment
        The first instalment in trouble.
    affordable
        What can be paid on one day, in major units.
    payments
        Number of new instalments; by default the fewest that `affordable` pays, or half as
        many again as are left.
    new_rate
        Rate of the rate cut, by default two thirds of the one on that day.
    periods
        Length of the deferral.
    settle_on
        Day of the settlement, by default half way through the loan, after the payment of
        that day, or before instalment `payment` if that is later.
    fee
        Fee for settling: an amount, or a share such as ``"1%"``.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> ways = five_ways(plan, 4, affordable="700")
    >>> {name: str(way.total_paid) for name, way in ways.items()}  # doctest: +NORMALIZE_WHITESPACE
    {'instalments': '10780.01', 'rate cut': '10532.21', 'deferral': '10737.97',
     'interest-free deferral': '10661.86', 'early settlement': '10480.14'}
    """
    begun = plan.effective_date(Rescheduling(1, payment=payment))  # refuses one that is not there
    rate = _cut(plan, begun) if new_rate is None else new_rate
    half_way = max(payment, max(row.number for row in plan.rows) // 2 + 1)
    place = {"payment": half_way} if settle_on is None else {"on": settle_on}
    return {
        "instalments": reschedule(
            plan,
            _enough(plan, payment, affordable) if payments is None else payments,
            payment=payment,
        ),
        "rate cut": change_rate(plan, rate, payment=payment),
        "deferral": defer(plan, payment, periods),
        "interest-free deferral": defer(plan, payment, periods, interest="waive"),
        "early settlement": settle(plan, **amount_place(place, plan.ledger), fee=fee).schedule,
    }


def _cut(plan: Schedule, day: date) -> Rate:
    """Return two thirds of the rate that holds on a day; one of nothing or less stays."""
    now = plan.loan.rate_on(day)
    return replace(now, value=now.value * 2 / 3) if now.value > 0 else now


def _enough(plan: Schedule, payment: int, affordable: Amount | None) -> int:
    """Return the fewest instalments that `affordable` pays, at least as many as are left."""
    left = max(1, max(row.number for row in plan.rows) - payment + 1)
    most = MOST_PAYMENTS
    half_more = min(left + (left + 1) // 2, most)
    if affordable is None:
        return half_more
    minor = plan.loan.minor(affordable, "affordable")

    day = plan.effective_date(Rescheduling(1, payment=payment))
    divergence = Divergence(day, plan)
    owed = max((row.closing for row in plan.rows if row.date == day), default=plan.loan.principal)
    if minor * most < minor_of(owed, plan.loan.decimals):
        return half_more  # not even without interest

    def fits(count: int) -> bool:
        try:
            new = reschedule(plan, count, payment=payment)
        except RepayError:
            return False
        return all(amount <= minor for _, amount in divergence.paid(new))

    high = left
    while not fits(high):
        if high == most:
            return half_more
        high = min(2 * high, most)
    return high if high == left else bisect(fits, max(left - 1, high // 2), high, halfway)[1]
