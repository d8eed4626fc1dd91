"""What the figures of an offer cost compared with a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from repaylib.audit.date_hypotheses import rows_by_due, shares_of
from repaylib.audit.discrepancies import matching
from repaylib.audit.offer import Offer
from repaylib.audit.rate_inference import complete_rows
from repaylib.measures.cash_flows import dated
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.money.rounding import context_of, round_fraction
from repaylib.rates.rate import Rate
from repaylib.schedule.schedule import Schedule

__all__ = ["cost_today", "costs_of", "offered_flows"]

WIDE = context_of(50)


def costs_of(offer: Offer, best: Schedule, plan: Schedule) -> list[int] | None:
    """Return by line how much more is paid than under a plan; ``None`` if it is unknown.

    Lines that the offer leaves out count with the figures of the best terms found; so do figures
    that the offer shows only rounded.
    """
    rows = complete_rows(offer)
    matched, left_out = matching(offer, best)
    theirs = best.columns["payment"].tolist()
    if any(row.payment is None for row in rows):
        return None
    costs = [
        theirs[place] if offer.unit > 1 and place is not None else row.payment or 0
        for row, place in zip(rows, matched, strict=True)
    ]
    ours = plan.columns["payment"].tolist()
    of_plan, missing = (matched, left_out) if plan is best else matching(offer, plan)
    for line, place in enumerate(of_plan):
        costs[line] -= 0 if place is None else ours[place]
    for sums, places, by in ((theirs, left_out, best), (ours, missing, plan)):
        sign = 1 if sums is theirs else -1
        if by is best and plan is best:
            break
        for place in places:
            costs[_line_after(offer, by, place)] += sign * sums[place]
    if rows[-1].closing == 0:  # all of it, so that what ours still asks for counts
        last = max((place for place in of_plan if place is not None), default=len(ours) - 1)
        costs[-1] -= sum(ours[last + 1 :])
    return costs


def offered_flows(offer: Offer, best: Schedule) -> Schedule | list[tuple[date, Decimal]]:
    """Return what is lent and paid by the figures of an offer: the schedule, if they are its own.

    Lines that the offer leaves out, and payments that it does not say, are those of the schedule.
    """
    costs = costs_of(offer, best, best)
    if costs is None or not any(costs):
        return best
    matched, _ = matching(offer, best)
    days: list[date] = best.columns["date"].tolist()
    known = dated(best)
    sums = {
        date.fromordinal(day): int(amount)
        for day, amount in zip(known.days, known.amounts, strict=True)
    }
    for row, place, cost in zip(offer.rows, matched, costs, strict=True):
        day = row.day or days[-1 if place is None else place]
        sums[day] = sums.get(day, 0) + cost
    return [(day, best.loan.money(amount)) for day, amount in sorted(sums.items()) if amount]


def _line_after(offer: Offer, plan: Schedule, place: int) -> int:
    """Return the line of an offer that comes next after a row of a schedule."""
    if offer.dated:
        day = plan.columns["date"].tolist()[place]
        later = (line for line, due in enumerate(offer.days) if due >= day)
    else:
        number = plan.columns["number"].tolist()[place]
        later = (line for line, row in enumerate(offer.rows) if (row.number or 0) >= number)
    return next(later, len(offer.rows) - 1)


def cost_today(offer: Offer, plan: Schedule, costs: Sequence[int]) -> Decimal | None:
    """Discount costs to the start of a loan, at its rate, period by period."""
    loan = plan.loan
    if not isinstance(loan.rate, Rate) or loan.method == "bullet":
        return None
    if not any(costs):
        return loan.money(0)
    due = dict(rows_by_due(offer, loan))
    shares = shares_of(loan) if loan.payments < MOST_PAYMENTS else ()
    rate = loan.rate.nominal(loan.timetable.period_length)
    worths = [Decimal(1)]
    for share in shares:
        grow = 1 + rate * share
        factor = WIDE.divide(Decimal(grow.numerator), grow.denominator)
        worths.append(WIDE.divide(worths[-1], factor))
    k, total = 0, Decimal(0)
    for place, cost in enumerate(costs):
        k = due.get(place, k)
        total = WIDE.add(total, WIDE.multiply(worths[min(k, len(shares))], cost))
    return loan.money(round_fraction(Fraction(total), "half_up"))
