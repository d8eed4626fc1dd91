"""Which rates explain an interest column: an interval for every row, and the one that most rows share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from typing import Any, Literal, NamedTuple

import numpy as np

from repaylib.audit.offer import Offer
from repaylib.rates.rate import MOST_RATE, Rate
from repaylib.typing import Floats, RateKind

__all__ = [
    "BIASES",
    "InterestRow",
    "Bias",
    "CompletedRow",
    "RateInterval",
    "complete_rows",
    "rate_bounds",
    "rate_interval",
    "level_rates",
    "paid_rates",
    "shared_interval",
    "plainest_rates",
    "steady",
    "usual",
]

#: How posted interest was rounded from the exact one: to the nearest, up, or down.
Bias = Literal["half_up", "up", "down"]
BIASES: dict[Bias, tuple[Fraction, Fraction]] = {
    "half_up": (Fraction(1, 2), Fraction(1, 2)),
    "up": (Fraction(1), Fraction(0)),
    "down": (Fraction(0), Fraction(1)),
}

#: The lowest and the highest rate a year.
RateInterval = tuple[Fraction, Fraction]


class CompletedRow(NamedTuple):
    """A row, completed with what follows from its own figures; ``None`` where nothing does.

    Attributes
    ----------
    opening, interest, principal, fee, payment, closing
        Minor units.
    """

    opening: int | None
    interest: int | None
    principal: int | None
    fee: int | None
    payment: int | None
    closing: int | None


class InterestRow(NamedTuple):
    """A row as interest on a base: which row, its base, and the interest posted."""

    row: int
    base: int
    interest: int


def complete_rows(offer: Offer, gaps: Collection[int] = ()) -> list[CompletedRow]:
    """Complete rows from their own figures, and from the balance of the row before.

    `gaps` are the rows that do not follow directly on the row before them, as rows between the two
    are left out. The opening balance of such a row follows from its own figures, or is unknown.
    """
    lacking = _unnamed_fee(offer)
    rows, before = [], offer.principal
    for place, row in enumerate(offer.rows):
        get = row.figures.get
        opening = get("opening", None if place in gaps else before)
        closing, principal = get("closing"), get("principal")
        interest, payment = get("interest"), get("payment")
        fee = get("fee", lacking) + get("tax", 0) + get("penalty", 0)
        if not place and offer.upfront:
            fee, interest, principal = offer.upfront + get("tax", 0), 0, 0
        fee += get("deferred_interest", 0) - get("refund", 0)
        grown = get("advanced", 0) - get("forgiven", 0)
        if principal is None and opening is not None and closing is not None:
            principal = opening - closing + grown
        if principal is None and payment is not None and interest is not None:
            principal = payment - interest - fee
        if opening is None and closing is not None and principal is not None:
            opening = closing + principal - grown - get("capitalised", 0)
        if interest is None and payment is not None and principal is not None:
            interest = payment - principal - fee
        if payment is None and interest is not None and principal is not None:
            payment = interest + principal + fee
        if closing is None and opening is not None and principal is not None:
            closing = opening - principal + get("advanced", 0) + get("capitalised", 0)
        rows.append(CompletedRow(opening, interest, principal, fee, payment, closing))
        before = closing
    return rows


def cumulative(rows: Sequence[CompletedRow], lent: int, first: int = 0) -> list[InterestRow]:
    """Return rows of an agreed charge, which is rounded as a whole: each as what is charged up to it.

    `first` is the index of the first of them.
    """
    found, charged = [], 0
    for place, row in enumerate(rows, first):
        if row.interest is None:
            break
        charged += row.interest
        found.append(InterestRow(place, lent, charged))
    return found


def _unnamed_fee(offer: Offer) -> int:
    """Return what most payments have on top of interest and principal, where no column says it.

    Without the principal, it is what all of them have on top of interest and principal.
    """
    columns, count = set(offer.columns), len(offer.rows)
    if "fee" in columns or "tax" in columns or not {"payment", "interest"} <= columns:
        return 0
    rests = [
        row.figures["payment"] - row.figures["interest"] - row.figures.get("principal", 0)
        for row in offer.rows
        if columns & {"payment", "interest", "principal"} <= {*row.figures}
    ]
    if columns == {"payment", "interest"}:
        over = sum(rests) - (offer.principal or 0)
        return over // count if len(rests) == count and over > 0 and over % count == 0 else 0
    if "principal" not in columns or not rests:
        return 0
    fee, times = Counter(rests).most_common(1)[0]
    return fee if fee > 0 and 2 * times > count else 0


def usual(values: Sequence[int]) -> int | None:
    """Return the value that stands most often, the first of several, if there is any."""
    return Counter(values).most_common(1)[0][0] if values else None


def steady(values: Sequence[int]) -> bool:
    """Whether all values but the last are alike, but for a few that a slip may have changed."""
    body = values[:-1] if len(values) > 1 else values
    if not body:
        return False
    equivalents = Counter(body).most_common(1)[0][1]
    return (
        equivalents >= len(body) - max(1, len(body) // 10)
        if len(body) > 2
        else equivalents == len(body)
    )


def rate_bounds(interest: Any, whole: Any, bias: Bias, slack: Any = 0) -> tuple[Any, Any]:
    """Return the lowest and the highest rate at which interest is posted, for fractions or arrays.

    With a base ``B``, a share ``s`` of a year and interest ``I``, rounded to the nearest, they run
    from ``(I - 1/2) / (B s)`` to ``(I + 1/2) / (B s)``; rounded up from ``(I - 1) / (B s)``.

    Parameters
    ----------
    interest
        Minor units.
    whole
        ``B s``, above zero.
    slack
        How many minor units the figure may be further off, as it is known no better.
    """
    below, above = BIASES[bias]
    if isinstance(whole, np.ndarray):
        return (interest - float(below) - slack) / whole, (interest + float(above) + slack) / whole
    return (interest - below - slack) / whole, (interest + above + slack) / whole


def rate_interval(bearing: InterestRow, share: Fraction, bias: Bias) -> RateInterval | None:
    """Return the yearly rates at which a row posts its interest; ``None`` if they are unknown."""
    whole = bearing.base * share
    if whole <= 0:
        return None
    low, high = rate_bounds(bearing.interest, whole, bias)
    return max(low, Fraction(0)), min(high, Fraction(MOST_RATE))


def shared_interval(spans: Any) -> tuple[int, tuple[Any, Any] | None]:
    """Return the interval that most intervals share, and how many share it.

    Examples
    --------
    >>> spans = [(Fraction(1), Fraction(4)), (Fraction(2), Fraction(5)), (Fraction(9), Fraction(9))]
    >>> shared_interval(spans)
    (2, (Fraction(2, 1), Fraction(4, 1)))
    """
    pairs = np.asarray(spans)
    if not len(pairs):
        return 0, None
    pairs = pairs[pairs[:, 0] <= pairs[:, 1]]
    if not len(pairs):
        return 0, None
    lows, highs = np.sort(pairs[:, 0]), np.sort(pairs[:, 1])
    closed = np.searchsorted(highs, lows, side="left")
    depth = np.searchsorted(lows, lows, side="right") - closed
    best = int(np.argmax(depth))
    return int(depth[best]), (lows[best], highs[closed[best]])


def plainest_rates(
    low: Fraction, high: Fraction, period_length: Fraction, most: int = 3
) -> Iterator[Rate]:
    """Yield rates between `low` and `high` as contracts write them, the plainest first.

    Per cent a year with the fewest decimals; then a rate a month or a day (times 360 or 365), an
    effective one or one compounded twice a year, where it takes fewer digits.

    Examples
    --------
    >>> [str(rate) for rate in plainest_rates(Fraction("0.11996"), Fraction("0.12005"), Fraction(1, 12))]
    ['12%']
    >>> [str(rate) for rate in plainest_rates(Fraction("0.18248"), Fraction("0.18251"), Fraction(1, 12))]
    ['18.25%']
    """
    if high < low:
        return
    plain = _shortest(low * 100, high * 100)
    yearly, digits = Rate(plain[0] / 100), plain[1]
    yield yearly
    others: list[tuple[int, Rate]] = []
    for times in (12, 360, 365):
        value, length = _shortest(low * 100 / times, high * 100 / times)
        others.append((length, Rate(value * times / 100)))
    if period_length:
        kinds: list[tuple[RateKind, int]] = [("effective", 1), ("compounded", 2)]
        for kind, times in kinds:
            rate_bounds = [_converted(end, period_length, times) for end in (low, high)]
            if (
                rate_bounds[0] is not None
                and rate_bounds[1] is not None
                and rate_bounds[0] <= rate_bounds[1]
            ):
                value, length = _shortest(rate_bounds[0] * 100, rate_bounds[1] * 100)
                if length <= 4 and value <= 100 * MOST_RATE:
                    others.append((length + 1, Rate(value / 100, kind, times)))
    found = {yearly.value}
    for length, rate in sorted(others, key=lambda found: found[0]):
        if length < digits and (rate.kind != "nominal" or rate.value not in found):
            found.add(rate.value)
            yield rate
            most -= 1
        if most <= 1:
            break
    inner = _shortest(low * 75 + high * 25, low * 25 + high * 75)[0] / 100
    if inner not in found:
        yield Rate(inner)


def _shortest(low: Fraction, high: Fraction) -> tuple[Fraction, int]:
    """Return the number between two with the fewest decimals, and its significant digits."""
    for decimals in range(25):
        unit = 10**decimals
        first = -(-low * unit // 1)
        if first <= high * unit:
            last = high * unit // 1
            number = int((first + last) // 2 if last - first > 1 and first else first)
            return Fraction(number, unit), max(1, len(str(number).rstrip("0")))
    return (low + high) / 2, 30


def _converted(rate: Fraction, period_length: Fraction, times: int) -> Fraction | None:
    """Return the rate compounded `times` a year that equals a nominal one over periods of `pace`."""
    try:
        growth = (1 + float(rate * period_length)) ** (1 / (float(period_length) * times))
    except OverflowError:
        return None
    return Fraction((growth - 1) * times) if growth < 1e3 else None


def level_rates(
    owed: int, shares: Floats, paid: int, bias: Bias, slack: float = 0.0
) -> RateInterval | None:
    """Return the rates at which a level instalment is `paid`, to the accuracy of a float.

    The instalment grows with the rate: Newton's step finds the middle, its slope the ends.
    """

    def instalment(rate: float) -> tuple[float, float]:
        total, slope = _worth(shares, rate)
        return owed / total, -owed * slope / total / total

    below, above = BIASES[bias]
    target = paid + float(above - below) / 2
    if not len(shares) or shares.sum() <= 0 or target * len(shares) < owed:
        return None
    rate = 2 * (target * len(shares) / owed - 1) / float(shares.sum()) + 1e-9
    for _ in range(60):
        reached, slope = instalment(rate)
        if not slope > 0:
            return None
        step = (reached - target) / slope
        rate = max(rate - step, rate / 4)
        if abs(step) <= 1e-14 + 1e-12 * rate:
            break
    if not 0 <= rate < MOST_RATE:
        return None
    width = (0.5 + slack) / instalment(rate)[1] * (1 - 1e-6)
    return Fraction(max(0.0, rate - width)), Fraction(rate + width)


def _worth(shares: Floats, rate: float, paid: Any = 1.0) -> tuple[float, float]:
    """Return the present value of payments over periods at a rate, and its slope."""
    grown = 1 + rate * shares
    worth = paid / np.cumprod(grown)
    return float(worth.sum()), -float((worth * np.cumsum(shares / grown)).sum())


def paid_rates(owed: int, shares: Floats, paid: Sequence[int], bias: Bias) -> RateInterval | None:
    """Return the rates at which all payments together repay what is owed, whatever they are.

    Discounted at the rate of the loan, the present value of the payments is the principal, except
    for the rounding of interest in every period. So the equation of value bounds the rate from payments
    alone, be the instalment level, given, listed or with a balloon.
    """
    amounts = np.array(paid, dtype=np.float64)
    if len(shares) != len(amounts) or shares.sum() <= 0 or amounts.sum() < owed:
        return None
    rate = 2 * (float(amounts.sum()) / owed - 1) / float(shares.sum()) + 1e-9
    for _ in range(100):
        worth, slope = _worth(shares, rate, amounts)
        if not slope < 0:
            return None
        step = (worth - owed) / slope
        rate = max(rate - step, rate / 4)
        if abs(step) <= 1e-15 + 1e-13 * rate:
            break
    else:
        return None
    if not 0 <= rate < MOST_RATE:
        return None
    steps, _ = _worth(shares, rate)
    _, slope = _worth(shares, rate, amounts)
    below, above = BIASES[bias]
    low = rate - float(below) * steps / -slope
    high = rate + float(above) * steps / -slope
    room = 1e-12 * rate
    return Fraction(max(0.0, low - room)), Fraction(high + room)
