r"""The two equations of Appendix J to Regulation Z, over unit-periods and parts of them.

Each tells the certain sign of what is left over at a rate of the unit-period, and estimates all
rates at which nothing is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from math import lcm, log1p

import numpy as np
import numpy.typing as npt

from repaylib.discounting import Exact

__all__ = ["Discounted", "Simple"]

Floats = npt.NDArray[np.float64]

UNIT = 2.0**-52
LOWEST = -0.999  # a rate of a unit-period below which none is looked for
FINEST = 600


class Discounted:
    """Amounts, each worth ``c / ((1 + f i) (1 + i) ** t)``; the actuarial method.

    Examples
    --------
    >>> flows = Discounted([-100, 110], [(0, Fraction(0)), (1, Fraction(1, 2))])
    >>> [round(rate, 6) for rate in flows.estimates()]
    [0.065248]
    """

    def __init__(self, amounts: Sequence[Exact], times: Sequence[tuple[int, Fraction]]) -> None:
        self.amounts = amounts
        self.times = times
        self._amounts = np.array(list(map(float, amounts)))
        self._wholes = np.array([float(whole) for whole, _ in times])
        self._parts = np.array([float(part) for _, part in times])

    def sign(self, rate: Fraction) -> int:
        """Return the certain sign of the worth at a rate above -1; 0 if it is nil to 600 digits."""
        if rate == 0:
            total = sum((Fraction(amount) for amount in self.amounts), Fraction(0))
            return (total > 0) - (total < 0)
        found = self._float_sign(float(rate))
        precision = 40
        while not found and precision <= FINEST:
            worth, error = self._bounded(rate, precision)
            found = 0 if abs(worth) <= error else 1 if worth > 0 else -1
            precision *= 2
        return found

    def _float_sign(self, rate: float) -> int:
        """Return the sign in floating point, or 0 where it is not certain.

        A term carries at most 12 units of its last place from amount, powers, product and quotient,
        and 8 ``t ln (1 + i)`` from the exponent, which may be off by a unit of the rate, as that was
        rounded; the sum adds 40.
        """
        grown = log1p(rate)
        terms = self._amounts * np.exp(-grown * self._wholes) / (1 + self._parts * rate)
        worth, size = float(terms.sum()), float(np.abs(terms).sum())
        off = 8 * abs(grown) + abs(rate) / (1 + rate)
        if abs(worth) > size * (off * self._wholes[-1] + 56) * UNIT:
            return 1 if worth > 0 else -1
        return 0

    def _bounded(self, rate: Fraction, precision: int) -> tuple[Decimal, Decimal]:
        context = Context(prec=precision, Emax=MAX_EMAX, Emin=MIN_EMIN)
        num, den = (1 + rate).as_integer_ratio()
        grown = context.ln(context.divide(num, den))
        worth = size = Decimal(0)
        for amount, (whole, part) in zip(self.amounts, self.times, strict=True):
            top, bottom = (Fraction(amount) / (1 + part * rate)).as_integer_ratio()
            power = context.exp(context.multiply(grown, -whole))
            term = context.multiply(context.divide(top, bottom), power)
            worth, size = context.add(worth, term), context.add(size, abs(term))
        longest = abs(self.times[-1][0])
        units = 4 * longest * (1 + abs(grown)) + 6 + len(self.times)
        return worth, context.multiply(
            context.multiply(size, units), context.scaleb(1, 1 - precision)
        )

    def worth(self, rate: Fraction, places: int) -> int:
        """Return the worth at a rate of the unit-period, in units of so many decimals."""
        worth, _ = self._bounded(rate, 60)
        return round(worth.scaleb(places))

    def estimates(self) -> list[float]:
        """Return an estimate of each rate from 0 on, or below 0 if there is none."""
        top = 1.0
        while not self._outweighed(top):
            top *= 4
        return _zeros(self._enclosed, self._float, 0.0, top) or _zeros(
            self._enclosed, self._float, LOWEST, 0.0
        )

    def _float(self, rate: float) -> float:
        terms = self._amounts * np.exp(-log1p(rate) * self._wholes) / (1 + self._parts * rate)
        return float(terms.sum())

    def _outweighed(self, rate: float) -> bool:
        """Whether the first flow outweighs all later ones, at this rate and all above."""
        terms = self._amounts * np.exp(-log1p(rate) * self._wholes) / (1 + self._parts * rate)
        others = np.abs(terms[1:]).sum()
        return bool(abs(terms[0]) > 1.001 * others) or rate > 1e300

    def _enclosed(self, lows: Floats, highs: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Return bounds of the worth, and of its slope, over intervals.

        Each term falls as the rate rises, and so does the size of its slope.
        """
        bounds = []
        for rates in (lows, highs):
            rate = rates[:, None]
            sizes = np.abs(self._amounts) * np.exp(-np.log1p(rate) * self._wholes)
            sizes /= 1 + self._parts * rate
            slopes = sizes * (self._parts / (1 + self._parts * rate) + self._wholes / (1 + rate))
            bounds.append((sizes, slopes))
        (large, steep), (small, flat) = bounds
        paid = self._amounts > 0
        least = (small * paid - large * ~paid).sum(axis=1)
        most = (large * paid - small * ~paid).sum(axis=1)
        falls = (steep * ~paid - flat * paid).sum(axis=1)
        rises = (flat * ~paid - steep * paid).sum(axis=1)
        slack = large.sum(axis=1) * (60 + 8 * self._wholes[-1]) * UNIT
        return least - slack, most + slack, np.minimum(falls, rises), np.maximum(falls, rises)


class Simple:
    """Amounts after stretches at simple interest, paid before principal; the United States Rule.

    What is left unpaid of the interest of a stretch is owed on, and bears none.

    Examples
    --------
    >>> [round(rate, 6) for rate in Simple([-100, 0, 120], [Fraction(1), Fraction(1)]).estimates()]
    [0.1]
    """

    def __init__(self, amounts: Sequence[Exact], stretches: Sequence[Fraction]) -> None:
        exact = [Fraction(amount) for amount in amounts]
        scale = lcm(*(amount.denominator for amount in exact))
        self._amounts = [int(amount * scale) for amount in exact]
        self._stretches = stretches
        self._floats = [float(amount) for amount in self._amounts]
        self._lengths = [float(stretch) for stretch in stretches]

    def sign(self, rate: Fraction) -> int:
        """Return the certain sign of what is paid too much in the end; 0 if it is exactly nil."""
        left, error = self._bounded(rate)
        if abs(left) > error:
            return 1 if left < 0 else -1
        owed, accrued = Fraction(-self._amounts[0]), Fraction(0)
        for amount, stretch in zip(self._amounts[1:], self._stretches, strict=True):
            accrued += owed * rate * stretch
            paid = min(Fraction(amount), accrued) if amount > 0 else Fraction(0)
            accrued -= paid
            owed -= amount - paid
        exact = owed + accrued
        return (exact < 0) - (exact > 0)

    def _bounded(self, rate: Fraction) -> tuple[Decimal, Decimal]:
        """Return what is owed in the end, and a bound on its error, at 60 digits."""
        context = Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN)
        nil, unit = Decimal(0), Decimal("1E-58")
        owed, accrued = Decimal(-self._amounts[0]), nil
        off, off_accrued = nil, nil  # bounds on the errors of both
        for amount, stretch in zip(self._amounts[1:], self._stretches, strict=True):
            num, den = (rate * stretch).as_integer_ratio()
            factor = context.divide(num, den)
            interest = context.multiply(owed, factor)
            accrued = context.add(accrued, interest)
            size = context.multiply(abs(owed) + abs(interest) + abs(accrued) + abs(amount), unit)
            off_accrued = off_accrued + context.multiply(off, abs(factor)) + size
            paid = nil
            if amount > 0:
                if amount <= accrued - off_accrued:
                    paid, off_paid = Decimal(amount), nil
                else:
                    paid, off_paid = min(Decimal(amount), accrued), off_accrued
                    if amount >= accrued + off_accrued:
                        off_accrued = nil
                off += off_paid
            accrued = context.subtract(accrued, paid)
            owed = context.subtract(owed, context.subtract(amount, paid))
            off += size
        return context.add(owed, accrued), context.multiply(off + off_accrued, Decimal(2))

    def estimates(self) -> list[float]:
        """Return an estimate of the rate."""
        low, high = 0.0, 1.0
        if self._left(0.0) > 0:
            low, high = LOWEST, 0.0
        else:
            while self._left(high) < 0 and high < 1e12:
                high *= 4
        for _ in range(200):
            middle = (low + high) / 2
            if not low < middle < high:
                break
            low, high = (middle, high) if self._left(middle) < 0 else (low, middle)
        return [high]

    def _left(self, rate: float) -> float:
        owed, accrued = -self._floats[0], 0.0
        for amount, stretch in zip(self._floats[1:], self._lengths, strict=True):
            accrued += owed * rate * stretch
            paid = min(amount, accrued) if amount > 0 else 0.0
            accrued -= paid
            owed -= amount - paid
        return owed + accrued


Bounds = Callable[[Floats, Floats], tuple[Floats, Floats, Floats, Floats]]


def _zeros(
    enclosed: Bounds, function: Callable[[float], float], low: float, high: float
) -> list[float]:
    """Return an estimate of each zero, by intervals that are proved to hold none, or one.

    Raises
    ------
    ArithmeticError
        If two zeros, or none, are too close to tell.
    """
    ends = low + (high - low) * np.linspace(0.0, 1.0, 65) ** 3
    lows, highs = ends[:-1], ends[1:]
    found: list[float] = []
    for _ in range(60):
        least, most, falls, rises = enclosed(lows, highs)
        kept = (least <= 0) & (most >= 0)
        steady = kept & ((falls > 0) | (rises < 0))
        for one, other in zip(lows[steady].tolist(), highs[steady].tolist(), strict=True):
            found += _bisected(function, one, other)
        rest = kept & ~steady
        if not rest.any():
            ordered = sorted(found)
            return [
                each
                for k, each in enumerate(ordered)
                if k == 0 or each - ordered[k - 1] > 1e-12 * (1 + abs(each))
            ]
        lows, highs = lows[rest], highs[rest]
        middles = (lows + highs) / 2
        if len(lows) > 4096:
            break
        lows, highs = np.concatenate([lows, middles]), np.concatenate([middles, highs])
    raise ArithmeticError(f"{lows[0]}")


def _bisected(function: Callable[[float], float], low: float, high: float) -> list[float]:
    below, above = function(low), function(high)
    if below == 0 or above == 0:
        return [low if below == 0 else high]
    if (below > 0) == (above > 0):
        return []
    while low < (middle := (low + high) / 2) < high:
        if (function(middle) > 0) == (below > 0):
            low = middle
        else:
            high = middle
    return [middle]
