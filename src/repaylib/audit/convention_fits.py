"""Candidate rates that rows allow under every day count and rounding, before a schedule is folded."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.audit.date_hypotheses import DayCountHypothesis, completed, day_count_hypotheses
from repaylib.audit.offer import Offer
from repaylib.audit.rate_inference import (
    BIASES,
    Bias,
    level_rates,
    paid_rates,
    plainest_rates,
    rate_bounds,
    shared_interval,
)
from repaylib.audit.repayment_hypotheses import (
    RepaymentHypothesis,
    as_paid_hypothesis,
    repayment_hypotheses,
)
from repaylib.rates.rate import Rate
from repaylib.terms.loan import Loan
from repaylib.terms.methods import BY_PARTS
from repaylib.typing import Method

__all__ = ["ALSO", "RateFit", "rate_fits", "is_fanciful", "limits_of"]

#: How many fits of only some rows are folded as well.
ALSO = 12
#: A smaller rate, or one with more digits, is accepted only where three rows support it.
SMALLEST_ROUND_RATE = Fraction(1, 1_000)
ROUND_RATE_DIGITS = 5


class RateFit(NamedTuple):
    """A rate with a day count and a rounding, and how many rows it fits.

    Attributes
    ----------
    rows
        How many rows it fits.
    whole
        Whether these are all rows of which something is known, so that it may be exact.
    gap
        How far what is paid is from the exact instalment, in minor units.
    """

    repayment: RepaymentHypothesis
    day_count: DayCountHypothesis
    bias: Bias
    rate: Rate
    rows: int
    whole: bool
    gap: float


class _RowIntervals(NamedTuple):
    """A repayment hypothesis under a day count and a rounding: the rates that the rows allow."""

    repayment: RepaymentHypothesis
    place: int
    bias: Bias
    limits: npt.NDArray[np.float64]
    best: int
    span: tuple[Any, Any] | None

    def lacks(self) -> tuple[int, bool]:
        """Return how many rows do not share a rate."""
        return len(self.limits) - self.best, self.repayment.base != "balance"


class _InterestRows(NamedTuple):
    """The rows of a repayment hypothesis under a day count: bases times shares, and interest."""

    whole: npt.NDArray[np.float64]
    interest: npt.NDArray[np.float64]

    @classmethod
    def of(
        cls, repayment: RepaymentHypothesis, shares: npt.NDArray[np.float64], due: dict[int, int]
    ) -> _InterestRows:
        kept = [known for known in repayment.interest_rows if known.row in due]
        along = np.cumsum(shares) if repayment.cumulative else shares
        part = along[[due[row.row] - 1 for row in kept]] if kept else np.empty(0)
        whole = np.array([float(row.base) for row in kept]) * part
        interest = np.array([float(row.interest) for row in kept])
        if repayment.apart and len(whole):
            whole, interest = whole[0] - whole[1:], interest[0] - interest[1:]
        bears = whole > 0
        return cls(whole[bears], interest[bears])

    def rate_bounds(self, repayment: RepaymentHypothesis, bias: Bias) -> npt.NDArray[np.float64]:
        """Return the lowest and the highest rate of the rows, to the accuracy of a float."""
        slack = repayment.slack
        if repayment.apart:
            bias, slack = "half_up", slack + 0.5  # two amounts were rounded
        low, high = rate_bounds(self.interest, self.whole, bias, slack)
        room = 1e-15 * high
        return np.stack([np.maximum(low - room, 0.0), np.minimum(high + room, 1000.0)], axis=1)


def rate_fits(
    offer: Offer,
    base_loan: Loan,
    *,
    stated: Rate | None,
    undated: bool,
    ended: bool = True,
    paid: bool = False,
    carried: bool = False,
) -> list[RateFit]:
    """Return the rates that the rows allow under every day count and rounding, the best first.

    `ended` is whether the last payment of the frame is that of the loan; `paid` whether its
    instalments are what was really paid; `carried` whether a row may take what roundings of
    others have left.
    """
    rows, due, _ = completed(offer, base_loan)
    divided = base_loan.interest_split != "equal"
    method: Method | None = None if base_loan.instalment is not None else base_loan.method
    every = day_count_hypotheses(base_loan, undated=undated)
    floats = [day_count.floats for day_count in every]
    pace = base_loan.timetable.period_length
    found = []
    ways = (
        [as_paid_hypothesis(rows, offer)]
        if paid
        else repayment_hypotheses(offer, rows, stated=method if stated or divided else None)
    )
    if carried:
        ways = [way._replace(slack=way.slack + 1.0) for way in ways if not way.cumulative]
    full = len(due) == len(rows) - (offer.upfront > 0) == base_loan.payments
    seen: list[_RowIntervals] = []
    for repayment in ways:
        if (repayment.method == "bullet") != (base_loan.method == "bullet") and len(rows) == 1:
            continue
        for place, shares in enumerate(floats):
            spans = _InterestRows.of(repayment, shares, due)
            for bias in BIASES:
                limits = spans.rate_bounds(repayment, bias)
                best, span = shared_interval(limits)
                seen.append(_RowIntervals(repayment, place, bias, limits, best, span))
    partly = sorted(
        (intervals for intervals in seen if intervals.best < len(intervals.limits)),
        key=_RowIntervals.lacks,
    )
    closely = {id(intervals) for intervals in partly[:ALSO]}
    for intervals in seen:
        repayment, place, bias, limits, best, _ = intervals
        day_count, shares, count = every[place], floats[place], len(limits)
        rates: Iterator[Rate] | list[Rate] = [] if stated is None else [stated]
        if best == count or id(intervals) in closely:
            rates = _rates(offer, base_loan, intervals, shares, stated, full=full, ended=ended)
        for rate in rates:
            value = float(rate.nominal(pace))
            fitted = int(np.sum((limits[:, 0] <= value) & (value <= limits[:, 1])))
            whole = fitted == count
            if repayment.payments and not count and full:
                left = _left(offer, repayment, day_count, bias, rate, pace)
                whole = left < offer.unit
                fitted = len(rows) - (0 if whole else 1) if left <= (repayment.paid or 0) else 0
            elif fitted < 3 and stated != rate and len(rows) > 1 and is_fanciful(rate):
                continue
            gap = _gap(offer, repayment, shares, value) if ended and not paid else 0.0
            found.append((place, RateFit(repayment, day_count, bias, rate, fitted, whole, gap)))
    sides = list(BIASES)

    def order(found: tuple[int, RateFit]) -> tuple[Any, ...]:
        place, fit = found
        near = 0 if fit.gap <= 3 else 1
        other = stated is not None and fit.rate != stated
        fanciful = not other and is_fanciful(fit.rate)
        return (
            *(not fit.whole, -fit.rows, near, other, fanciful),
            *(place, sides.index(fit.bias)),
        )

    return [fit for _, fit in sorted(found, key=order)]


def limits_of(fit: RateFit, due: dict[int, int]) -> tuple[list[int], npt.NDArray[np.float64]]:
    """Return the rows that bear interest, and their lowest and highest rates."""
    kept = [known for known in fit.repayment.interest_rows if known.row in due and known.base > 0]
    repayment = fit.repayment._replace(interest_rows=tuple(kept), apart=False)
    limits = _InterestRows.of(repayment, fit.day_count.floats, due).rate_bounds(repayment, fit.bias)
    return [interest.row for interest in kept], limits


def is_fanciful(rate: Rate) -> bool:
    """Whether contracts hardly have such a rate, so that one row is not enough evidence for it."""
    percent = abs(rate.value * 100)
    digits = len(str(percent.numerator * 10**12 // percent.denominator).strip("0"))
    return bool(rate.value) and (rate.value < SMALLEST_ROUND_RATE or digits > ROUND_RATE_DIGITS)


def _left(
    offer: Offer,
    repayment: RepaymentHypothesis,
    day_count: DayCountHypothesis,
    bias: Bias,
    rate: Rate,
    pace: Fraction,
) -> int:
    """Return by how much the payments of all rows miss the loan, above or below.

    Interest is rounded in each period, and the last payment is what is then left.
    """
    yearly, owed = rate.nominal(pace), offer.first_owed
    lent = owed if repayment.base == "original" else None
    steps: dict[int, tuple[int, int]] = {}  # equal shares are mostly one object
    for share, paid in zip(day_count.shares, repayment.payments, strict=True):
        if id(share) not in steps:
            steps[id(share)] = (yearly * share).as_integer_ratio()
        num, den = steps[id(share)]
        exact = (owed if lent is None else lent) * num
        if bias == "half_up":
            interest = (2 * exact + den) // (2 * den)
        else:
            interest = -(-exact // den) if bias == "up" else exact // den
        owed += interest - paid
    return abs(owed)


def _rates(
    offer: Offer,
    base_loan: Loan,
    seen: _RowIntervals,
    shares: npt.NDArray[np.float64],
    stated: Rate | None,
    *,
    full: bool,
    ended: bool,
) -> Iterator[Rate]:
    """Yield rates to try."""
    repayment, _, bias, limits, best, found = seen
    pace = base_loan.timetable.period_length
    if stated is not None:
        yield stated
    spans: list[tuple[Any, Any]] = []
    lent, half = offer.first_owed, offer.unit / 2 if offer.unit > 1 else 0.0
    if repayment.base == "balance" and repayment.method == "level" and lent:
        narrow = None
        if repayment.paid and base_loan.amortise_over is None and ended:
            narrow = level_rates(lent, shares, repayment.paid, bias, half)
        if repayment.payments and full and not best:
            found = paid_rates(lent, shares, repayment.payments, bias)
        if narrow is not None and found is not None:
            both = max(found[0], narrow[0]), min(found[1], narrow[1])
            narrow = both if both[0] <= both[1] else None
        if narrow is not None:
            spans.append(narrow)
    elif repayment.payments and full and not best and lent:
        years = lent * float(shares.sum())
        below, above = (float(edge) * len(shares) for edge in BIASES[bias])
        over = sum(repayment.payments) - lent
        found = max(0.0, (over - below) / years), max(0.0, (over + above) / years)
    if found is not None:
        spans.append(found)
    if best == 1 < len(limits):
        spans += [(float(low), float(high)) for low, high in limits[:3]]
    if best:
        spans += _without_some(limits)
    elif not spans and stated is None:
        yield Rate(Fraction(0))  # nothing tells the rate
    given = {stated}
    for low, high in dict.fromkeys(spans):
        for rate in plainest_rates(Fraction(low), Fraction(high), pace):
            if rate not in given:
                given.add(rate)
                yield rate


def _without_some(limits: npt.NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return the intervals without the rows that bound them, up to three on a side.

    A few altered cents may still leave an interval, though none with a plain rate in it.
    """
    if len(limits) < 4:
        return []
    low, high = np.sort(limits[:, 0])[::-1], np.sort(limits[:, 1])
    found = [(low[1], high[0]), (low[0], high[1])]
    found += [(low[k], high[k]) for k in range(1, min(4, len(limits) // 4))]
    return [(float(a), float(b)) for a, b in found if a <= b]


def _gap(
    offer: Offer, repayment: RepaymentHypothesis, shares: npt.NDArray[np.float64], yearly: float
) -> float:
    """Return the distance of the payments from the exact instalment, in minor units."""
    lent = offer.first_owed
    if not repayment.paid:
        return 0.0
    if repayment.method in BY_PARTS:
        return abs(lent / len(shares) - repayment.paid)
    if repayment.base == "original" or repayment.method == "flat":
        owed, total = lent + lent * yearly * float(shares.sum()), float(len(shares))
    else:
        owed, total = float(lent), float((1 / np.cumprod(1 + yearly * shares)).sum())
    return max(0.0, abs(owed / total - repayment.paid) - offer.unit // 2) if total else 0.0
