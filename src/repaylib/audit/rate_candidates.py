"""The rates that rows allow under each way to count days and to round, before anything is folded."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.audit.date_hypotheses import Counting, completed, countings
from repaylib.audit.offer import Offer
from repaylib.audit.rate_intervals import (
    BIASES,
    Bias,
    ends,
    level_rates,
    paid_rates,
    shared,
    simplest,
)
from repaylib.audit.repayment_hypotheses import Shape, as_paid_shape, shapes
from repaylib.rates.rate import Rate
from repaylib.terms.loan import Loan
from repaylib.terms.methods import BY_PARTS
from repaylib.typing import Method

__all__ = ["ALSO", "Fit", "fits", "is_fanciful", "limits_of"]

#: How many of the ways that fit only some rows are folded as well.
ALSO = 12
#: A rate that is as small, or as long to write, is taken only where three rows bear it out.
SMALLEST_ROUND_RATE = Fraction(1, 1_000)
ROUND_RATE_DIGITS = 5


class Fit(NamedTuple):
    """One rate with one way to count days and to round, and how many rows it fits.

    Attributes
    ----------
    rows
        How many rows it fits.
    whole
        Whether these are all rows of which something is known, so that it may be exact.
    gap
        How far what is paid is from the exact instalment, in minor units.
    """

    shape: Shape
    counting: Counting
    bias: Bias
    rate: Rate
    rows: int
    whole: bool
    gap: float


class _Seen(NamedTuple):
    """A shape under one way to count days and to round: the rates that each row allows."""

    shape: Shape
    place: int
    bias: Bias
    limits: npt.NDArray[np.float64]
    best: int
    span: tuple[Any, Any] | None

    def lacks(self) -> tuple[int, bool]:
        """Return how many rows do not share a rate."""
        return len(self.limits) - self.best, self.shape.base != "balance"


class _Spans(NamedTuple):
    """The rows of a shape under one way to count days: what bears, and the interest on it."""

    whole: npt.NDArray[np.float64]
    interest: npt.NDArray[np.float64]

    @classmethod
    def of(cls, shape: Shape, shares: npt.NDArray[np.float64], due: dict[int, int]) -> _Spans:
        kept = [each for each in shape.bearings if each.row in due]
        along = np.cumsum(shares) if shape.in_all else shares
        part = along[[due[each.row] - 1 for each in kept]] if kept else np.empty(0)
        whole = np.array([float(each.base) for each in kept]) * part
        interest = np.array([float(each.interest) for each in kept])
        if shape.apart and len(whole):
            whole, interest = whole[0] - whole[1:], interest[0] - interest[1:]
        bears = whole > 0
        return cls(whole[bears], interest[bears])

    def ends(self, shape: Shape, bias: Bias) -> npt.NDArray[np.float64]:
        """Return the lowest and the highest rate of each row, to the accuracy of a float."""
        slack = shape.slack
        if shape.apart:
            bias, slack = "half_up", slack + 0.5  # two amounts were rounded
        low, high = ends(self.interest, self.whole, bias, slack)
        room = 1e-15 * high
        return np.stack([np.maximum(low - room, 0.0), np.minimum(high + room, 1000.0)], axis=1)


def fits(
    offer: Offer,
    frame: Loan,
    *,
    stated: Rate | None,
    undated: bool,
    ended: bool = True,
    paid: bool = False,
) -> list[Fit]:
    """Return the rates that the rows allow under each way to count days and to round, best first.

    `ended` is whether the last payment of the frame is that of the loan; `paid` whether its
    instalments are what was really paid.
    """
    rows, due, _ = completed(offer, frame)
    method: Method | None = None if frame.instalment is not None else frame.method
    every = countings(frame, undated=undated)
    floats = [counting.floats for counting in every]
    pace = frame.timetable.pace
    found = []
    ways = (
        [as_paid_shape(rows, offer)]
        if paid
        else shapes(offer, rows, stated=method if stated else None)
    )
    full = len(due) == len(rows) == frame.payments
    seen: list[_Seen] = []
    for shape in ways:
        if (shape.method == "bullet") != (frame.method == "bullet") and len(rows) == 1:
            continue
        for place, shares in enumerate(floats):
            spans = _Spans.of(shape, shares, due)
            for bias in BIASES:
                limits = spans.ends(shape, bias)
                best, span = shared(limits)
                seen.append(_Seen(shape, place, bias, limits, best, span))
    partly = sorted((each for each in seen if each.best < len(each.limits)), key=_Seen.lacks)
    closely = {id(each) for each in partly[:ALSO]}
    for each in seen:
        shape, place, bias, limits, best, _ = each
        counting, shares, count = every[place], floats[place], len(limits)
        rates: Iterator[Rate] | list[Rate] = [] if stated is None else [stated]
        if best == count or id(each) in closely:
            rates = _rates(offer, frame, each, shares, stated, full=full, ended=ended)
        for rate in rates:
            value = float(rate.nominal(pace))
            fitted = int(np.sum((limits[:, 0] <= value) & (value <= limits[:, 1])))
            whole = fitted == count
            if shape.payments and not count and full:
                left = _left(offer, shape, counting, bias, rate, pace)
                whole = left < offer.unit
                fitted = len(rows) - (0 if whole else 1) if left <= (shape.paid or 0) else 0
            elif fitted < 3 and stated != rate and len(rows) > 1 and is_fanciful(rate):
                continue
            gap = _gap(offer, shape, shares, value) if ended and not paid else 0.0
            found.append((place, Fit(shape, counting, bias, rate, fitted, whole, gap)))
    sides = list(BIASES)

    def order(each: tuple[int, Fit]) -> tuple[Any, ...]:
        place, fit = each
        near = 0 if fit.gap <= 3 else 1
        other = stated is not None and fit.rate != stated
        fanciful = not other and is_fanciful(fit.rate)
        return (
            *(not fit.whole, -fit.rows, near, other, fanciful),
            *(place, sides.index(fit.bias)),
        )

    return [fit for _, fit in sorted(found, key=order)]


def limits_of(fit: Fit, due: dict[int, int]) -> tuple[list[int], npt.NDArray[np.float64]]:
    """Return the rows that bear interest, and the lowest and the highest rate of each."""
    kept = [each for each in fit.shape.bearings if each.row in due and each.base > 0]
    shape = fit.shape._replace(bearings=tuple(kept), apart=False)
    limits = _Spans.of(shape, fit.counting.floats, due).ends(shape, fit.bias)
    return [each.row for each in kept], limits


def is_fanciful(rate: Rate) -> bool:
    """Whether a rate is none that contracts have, so that it takes more than a row to claim it."""
    percent = abs(rate.value * 100)
    digits = len(str(percent.numerator * 10**12 // percent.denominator).strip("0"))
    return bool(rate.value) and (rate.value < SMALLEST_ROUND_RATE or digits > ROUND_RATE_DIGITS)


def _left(
    offer: Offer, shape: Shape, counting: Counting, bias: Bias, rate: Rate, pace: Fraction
) -> int:
    """Return how much the payments of all rows leave of the loan, or repay too much.

    Interest is rounded in each period, and the last payment is what is then left.
    """
    yearly, owed = rate.nominal(pace), offer.principal or 0
    lent = owed if shape.base == "original" else None
    steps: dict[int, tuple[int, int]] = {}  # equal shares are mostly one object
    for share, paid in zip(counting.shares, shape.payments, strict=True):
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
    frame: Loan,
    seen: _Seen,
    shares: npt.NDArray[np.float64],
    stated: Rate | None,
    *,
    full: bool,
    ended: bool,
) -> Iterator[Rate]:
    """Yield rates to try."""
    shape, _, bias, limits, best, found = seen
    pace = frame.timetable.pace
    if stated is not None:
        yield stated
    spans: list[tuple[Any, Any]] = []
    lent, half = offer.principal or 0, offer.unit / 2 if offer.unit > 1 else 0.0
    if shape.base == "balance" and shape.method == "level" and lent:
        narrow = None
        if shape.paid and frame.amortise_over is None and ended:
            narrow = level_rates(lent, shares, shape.paid, bias, half)
        if shape.payments and full and not best:
            found = paid_rates(lent, shares, shape.payments, bias)
        if narrow is not None and found is not None:
            both = max(found[0], narrow[0]), min(found[1], narrow[1])
            narrow = both if both[0] <= both[1] else None
        if narrow is not None:
            spans.append(narrow)
    elif shape.payments and full and not best and lent:
        years = lent * float(shares.sum())
        below, above = (float(each) * len(shares) for each in BIASES[bias])
        over = sum(shape.payments) - lent
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
        for rate in simplest(Fraction(low), Fraction(high), pace):
            if rate not in given:
                given.add(rate)
                yield rate


def _without_some(limits: npt.NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return the intervals that are left without the rows that bound them, up to three on a side.

    A few altered cents may still leave an interval, though none with a plain rate in it.
    """
    if len(limits) < 4:
        return []
    low, high = np.sort(limits[:, 0])[::-1], np.sort(limits[:, 1])
    found = [(low[1], high[0]), (low[0], high[1])]
    found += [(low[k], high[k]) for k in range(1, min(4, len(limits) // 4))]
    return [(float(a), float(b)) for a, b in found if a <= b]


def _gap(offer: Offer, shape: Shape, shares: npt.NDArray[np.float64], yearly: float) -> float:
    """Return how far what is paid is from the exact instalment, in minor units."""
    lent = offer.principal or 0
    if not shape.paid:
        return 0.0
    if shape.method in BY_PARTS:
        return abs(lent / len(shares) - shape.paid)
    if shape.base == "original" or shape.method == "flat":
        owed, total = lent + lent * yearly * float(shares.sum()), float(len(shares))
    else:
        owed, total = float(lent), float((1 / np.cumprod(1 + yearly * shares)).sum())
    return max(0.0, abs(owed / total - shape.paid) - offer.unit // 2) if total else 0.0
