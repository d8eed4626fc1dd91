"""Where a condition begins to hold, and where a function is zero: bisection, and proof of the result.

Start reading at `bisect`: everything else in the library that halves an interval calls it, except
that `first_true_rows` and `isolate_roots` do the same for arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import expm1, inf
from typing import NamedTuple, TypeVar

import numpy as np

from repaylib.money.rounding import context_of, round_significant
from repaylib.typing import Bools, Floats, Ints

__all__ = [
    "EXPONENT_LIMIT",
    "LOWEST_LOG_GROWTH",
    "Roots",
    "bisect",
    "certified_root",
    "distinct",
    "first_true",
    "first_true_rows",
    "float_roots",
    "halfway",
    "isolate_roots",
    "nearest",
    "nearest_to_zero",
    "only_rate",
    "with_digits",
]

#: Exponents up to here neither overflow nor vanish.
EXPONENT_LIMIT = 600.0
#: The log growth of a rate that needs 100 digits to be distinguished from -100 %; no rate below is returned.
LOWEST_LOG_GROWTH = -230.0
#: A root below it is compared with 0 itself.
NEAR_ZERO = Decimal("1E-6")
#: How often an interval around an estimate is made ten times as wide.
WIDENINGS = 60
#: Roots nearer to each other than this share of them are not distinguished.
NARROWEST = 1e-10
#: How many terms a search for roots may add up.
MOST_TERMS = 20_000_000

Point = TypeVar("Point", int, float, Decimal, Fraction)
T = TypeVar("T", float, Decimal)


def bisect(
    test: Callable[[Point], bool],
    low: Point,
    high: Point,
    middle: Callable[[Point, Point], Point | None],
) -> tuple[Point, Point]:
    """Narrow an interval in which a condition begins to hold.

    Parameters
    ----------
    test
        The condition: it fails from `low` on, and holds from some point up to `high`.
    middle
        Returns a point between two others, or ``None`` where the interval is narrow enough.
    """
    while (point := middle(low, high)) is not None:
        low, high = (low, point) if test(point) else (point, high)
    return low, high


def halfway(low: int, high: int) -> int | None:
    """Return the whole number half-way between two, if there is one between them."""
    return (low + high) // 2 if high - low > 1 else None


def first_true(test: Callable[[int], bool], low: int, high: int) -> int | None:
    """Return the first whole number from `low` to `high` for which a condition holds.

    From it on the condition holds up to `high`. ``None``: it holds for none. For days, use their
    ordinals.

    Examples
    --------
    >>> first_true(lambda number: number * number >= 50, 1, 100)
    8
    """
    if low <= high and test(low):
        return low
    return bisect(test, low, high, halfway)[1] if low < high and test(high) else None


def first_true_rows(test: Callable[[Ints], Bools], low: Ints, high: Ints) -> Ints:
    """Return for each element of two arrays what :func:`first_true` returns.

    The condition is known to fail at `low` and to hold at `high`; neither is tested.
    """
    while (wide := high - low > 1).any():
        middle = (low + high) // 2
        holds = test(middle)
        low, high = np.where(wide & ~holds, middle, low), np.where(wide & holds, middle, high)
    return high


def float_roots(
    function: Callable[[float], float],
    low: float,
    high: float,
    at_ends: Callable[[float], float] | None = None,
) -> list[float]:
    """Return the float next to which a function changes its sign between two, or nothing.

    `at_ends` computes the function at both ends, where its sign has to be certain.
    """
    below, above = map(at_ends or function, (low, high))
    if below == 0 or above == 0:
        return [low if below == 0 else high]
    if (below > 0) == (above > 0):
        return []
    while low < (middle := (low + high) / 2) < high:
        value = function(middle)
        if value == 0:
            break
        low, high = (middle, high) if (value > 0) == (below > 0) else (low, middle)
    return [middle]


# -- a root with digits that are proved ------------------------------------------------------


def certified_root(
    estimate: float | Fraction, sign: Callable[[Fraction], int], digits: int
) -> Decimal:
    """Return the root next to an estimate, correctly rounded to `digits` significant digits.

    A root that needs fewer digits is returned with as many as it needs.

    Parameters
    ----------
    sign
        The certain sign of a function that changes it at the root and nowhere else near.

    Raises
    ------
    ArithmeticError
        If the sign does not change near the estimate.

    Notes
    -----
    Two numbers of `digits` digits meet half-way between them. The root is bisected at such
    half-way points only, until none is left on one side of which it may lie; so it is decided
    however near to one it is.

    Examples
    --------
    >>> certified_root(1.41, lambda x: (x * x > 2) - (x * x < 2), 12)
    Decimal('1.41421356237')
    """
    near = round_significant(Fraction(estimate), digits)
    if near.copy_abs() < NEAR_ZERO and sign(Fraction(0)) == 0:
        return Decimal(0)
    low, high = _rounding_edges(near, digits)
    below, above = sign(low), sign(high)
    half = high - low
    for _ in range(WIDENINGS):
        if below * above <= 0:
            break
        half *= 10
        low, high = Fraction(near) - half, Fraction(near) + half
        below, above = sign(low), sign(high)
    else:
        raise ArithmeticError(f"near {near:.6g} there are two or none")
    for end, found in ((low, below), (high, above)):
        if found == 0:
            return round_significant(end, digits)
    if low < 0 < high:
        found = sign(Fraction(0))
        if found == 0:
            return Decimal(0)
        low, high = (Fraction(0), high) if found == below else (low, Fraction(0))

    exact: list[Fraction] = []

    def crossed(point: Fraction) -> bool:
        found = sign(point)
        if found == 0:
            exact.append(point)
        return found != below

    def edge(low: Fraction, high: Fraction) -> Fraction | None:
        edges = _rounding_edges(round_significant((low + high) / 2, digits), digits)
        return next((edge for edge in edges if low < edge < high), None)

    low, high = bisect(crossed, low, high, edge)
    near = round_significant((low + high) / 2, digits)
    if not exact and low < Fraction(near) < high:
        crossed(Fraction(near))
    return round_significant(exact[0], digits) if exact else with_digits(near, digits)


def _rounding_edges(near: Decimal, digits: int) -> tuple[Fraction, Fraction]:
    """Return the numbers between which all round to one of `digits` digits."""
    if not near:
        return Fraction(-1, 10**digits), Fraction(1, 10**digits)
    exact, power = Fraction(near), Fraction(10) ** near.adjusted()
    outward = power / 10 ** (digits - 1) / 2
    inward = outward / 10 if abs(exact) == power else outward
    return (exact - inward, exact + outward) if near > 0 else (exact - outward, exact + inward)


def with_digits(value: Decimal, digits: int) -> Decimal:
    """Write out all digits of a value that was rounded to them."""
    return context_of(digits + 1).quantize(value, Decimal(f"1E{value.adjusted() - digits + 1}"))


# -- all roots in an interval ----------------------------------------------------------------


def isolate_roots(
    ends: Floats,
    may_hold: Callable[[Floats, Floats], tuple[Bools, Bools]],
    crossing: Callable[[float, float], list[float]],
    terms: int,
) -> tuple[list[float], list[tuple[float, float]]]:
    """Return the roots of a function, and intervals that hold two or none, too close to tell.

    Parameters
    ----------
    ends
        Of the first intervals, in order.
    may_hold
        Returns which intervals may hold a root, and in which the function only rises or only falls.
    crossing
        Returns the root of an interval in which it does, if there is one.
    terms
        How many terms the function adds up.
    """
    lows, highs = ends[:-1], ends[1:]
    found: list[float] = []
    narrowed: list[tuple[float, float]] = []
    work = 0
    while len(lows):
        work += len(lows) * terms
        kept, steady = may_hold(lows, highs)
        single, rest = kept & steady, kept & ~steady
        for low, high in zip(lows[single].tolist(), highs[single].tolist(), strict=True):
            found += crossing(low, high)
        middles = (lows + highs) / 2
        done = rest & (highs - lows < NARROWEST * (1 + np.abs(middles)))
        if work > MOST_TERMS:
            done = rest
        narrowed += zip(lows[done].tolist(), highs[done].tolist(), strict=True)
        rest &= ~done
        lows, highs = (
            np.concatenate([lows[rest], middles[rest]]),
            np.concatenate([middles[rest], highs[rest]]),
        )
    return distinct(found), _joined(narrowed)


def distinct(found: Sequence[float]) -> list[float]:
    """Return estimates in order; one that two neighbouring intervals found counts once."""
    ordered = pairwise([-inf, *sorted(found)])
    return [root for before, root in ordered if root - before > 1e-12 * (1 + abs(root))]


def _joined(intervals: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return intervals in order, those that touch as one."""
    joined: list[tuple[float, float]] = []
    for low, high in sorted(intervals):
        if joined and low <= joined[-1][1] + 1e-9 * (1 + abs(low)):
            low = joined.pop()[0]
        joined.append((low, high))
    return joined


# -- which of several rates is meant ---------------------------------------------------------


def nearest(rates: Sequence[T], wanted: Fraction) -> T:
    """Return the rate that is nearest to one."""
    return min(rates, key=lambda rate: abs(Fraction(rate) - wanted))


def nearest_to_zero(found: Sequence[T]) -> T | None:
    """Return the least rate that is not negative or, if there is none, the greatest of all."""
    return min((rate for rate in found if rate >= 0), default=max(found, default=None))


def only_rate(found: Sequence[T]) -> T | None:
    """Return the only rate that is not negative or, if there is none, the only one of all.

    Examples
    --------
    >>> only_rate([-0.6, 0.1]), only_rate([-0.6]), only_rate([0.1, 0.2])
    (0.1, -0.6, None)
    """
    meant = [rate for rate in found if rate >= 0] or list(found)
    return meant[0] if len(meant) == 1 else None


class Roots(NamedTuple):
    """The rates at which flows have no present value, as log growth ``log(1 + rate)``, in order.

    Attributes
    ----------
    sure
        An estimate of each.
    unsure
        Near to these there are two or none, too close to tell.
    """

    sure: tuple[float, ...]
    unsure: tuple[float, ...] = ()

    @property
    def given(self) -> Roots:
        """Those without the ones that hardly differ from -100 %, unless there are no others."""
        if len(self.sure) == 1 and not self.unsure:
            return self
        if any(root > LOWEST_LOG_GROWTH for root in (*self.sure, *self.unsure)):
            return Roots(
                tuple(root for root in self.sure if root > LOWEST_LOG_GROWTH),
                tuple(root for root in self.unsure if root > LOWEST_LOG_GROWTH),
            )
        return self

    @property
    def nearest(self) -> float | None:
        """The one that a law on credit means, if there is one.

        It is the positive one nearest to 0 or, if there is none, the negative one nearest to 0 (FCA
        Handbook, MCOB 10.3.1B). 0 itself is nearest.
        """
        return self._sure(nearest_to_zero((*self.sure, *self.unsure)))

    @property
    def only(self) -> float | None:
        """The only one that is not negative or, if there is none, the only negative one."""
        given = self.given
        return self._sure(only_rate((*given.sure, *given.unsure)))

    def closest_to(self, wanted: Fraction) -> float | None:
        """Return the one whose rate is nearest to a rate."""
        rates = {_float_rate(root): root for root in (*self.given.sure, *self.given.unsure)}
        return self._sure(rates[nearest(list(rates), wanted)]) if rates else None

    def _sure(self, found: float | None) -> float | None:
        if found in self.unsure:
            raise ArithmeticError(f"near {_float_rate(found):.6g} there are two or none")
        return found


def _float_rate(log_growth: float | None) -> float:
    return expm1(min(log_growth or 0.0, EXPONENT_LIMIT))
