"""The five ways to repay that a borrower and a lender negotiate, for one loan."""

from __future__ import annotations

from datetime import date
from typing import Any

from repaylib.errors import InstalmentError
from repaylib.money import Amount
from repaylib.rates import RateLike
from repaylib.schedule import Schedule
from repaylib.settlement import settle
from repaylib.verbs import change_rate, defer, reschedule

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
        The schedule as it stands.
    payment
        The first instalment in trouble.
    affordable
        What can be paid on one day, in major units.
    payments
        Number of new instalments; by default the fewest that `affordable` pays, or half as
        many again as are left.
    new_rate
        Rate of the rate cut, by default two thirds of the loan's.
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
    rate = new_rate if new_rate is not None else plan.loan.rate.value * 2 / 3
    half_way = max(payment, max(row.number for row in plan.rows) // 2 + 1)
    when: dict[str, Any] = {"payment": half_way} if settle_on is None else {"on": settle_on}
    return {
        "instalments": reschedule(
            plan, payments or _enough(plan, payment, affordable), payment=payment
        ),
        "rate cut": change_rate(plan, rate, payment=payment),
        "deferral": defer(plan, payment, periods),
        "interest-free deferral": defer(plan, payment, periods, interest="waive"),
        "early settlement": settle(plan, **when, fee=fee).schedule,
    }


def _enough(plan: Schedule, payment: int, affordable: Amount | None) -> int:
    """Return the fewest instalments that `affordable` pays, at least as many as are left."""
    left = max(row.number for row in plan.rows) - payment + 1
    half_more = left + (left + 1) // 2
    if affordable is None:
        return half_more
    limit = plan.loan.money(plan.loan.minor(affordable, "affordable"))
    try:
        solved = reschedule(plan, instalment=affordable, payment=payment)
    except InstalmentError:
        return half_more
    count = max(left, max(row.number for row in solved.rows) - payment + 1)
    day = plan.day_of(solved.changes[-1])
    for more in (count, count + 1):
        again = reschedule(plan, more, payment=payment)
        if all(row.payment <= limit for row in again.rows if row.date > day):
            return more
    return count + 1
