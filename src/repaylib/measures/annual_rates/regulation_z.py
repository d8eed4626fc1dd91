r"""The two equations of Appendix J to Regulation Z, over unit-periods and parts of them.

Each tells the certain sign of what is left over at a rate of the unit-period, and estimates the
rates at which nothing is.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm, log1p
from operator import ne

import numpy as np

from repaylib.money.rounding import context_of
from repaylib.money.rounding_arrays import undisturbed
from repaylib.rates.cash_flow_equation import NEARLY_ALL, VAST, Exact
from repaylib.rates.root_finding import Roots, float_roots, isolate_roots
from repaylib.typing import Bools, Floats

__all__ = ["Discounted", "Simple"]


UNIT = 2.0**-52
LOWEST_UNIT_RATE = 2.0**-40 - 1  # a rate of a unit-period below which none is looked for
MOST_PRECISION = 600
HIGHEST_UNIT_RATE = 1e30  # and above which


class Discounted:
    """Amounts, each of present value ``c / ((1 + f i) (1 + i) ** t)``; the actuarial method.

    Examples
    --------
    >>> flows = Discounted([-100, 110], [(0, Fraction(0)), (1, Fraction(1, 2))])
    >>> [round(log_growth, 6) for log_growth in flows.zeros().sure]
    [0.063207]
    """

    def __init__(self, amounts: Sequence[Exact], times: Sequence[tuple[int, Fraction]]) -> None:
        self.amounts = amounts
        self.times = times
        self._amounts = np.array(list(map(float, amounts)))
        self._wholes = np.array([float(whole) for whole, _ in times])
        self._parts = np.array([float(part) for _, part in times])
        #: How often the flows change their sign.
        self.changes = _changes(self._amounts.tolist())

    @undisturbed
    def sign(self, rate: Fraction) -> int:
        """Return the certain sign of the present value at a rate above -1; 0 if it is zero to 600 digits."""
        if rate == 0:
            total = sum((Fraction(amount) for amount in self.amounts), Fraction(0))
            return (total > 0) - (total < 0)
        found = self._float_sign(float(rate)) if NEARLY_ALL < rate < VAST else 0
        precision = 40
        while not found and precision <= MOST_PRECISION:
            present_value, error = self._bounded(rate, precision)
            found = 0 if present_value.copy_abs() <= error else 1 if present_value > 0 else -1
            precision *= 2
        return found

    def _float_sign(self, rate: float) -> int:
        """Return the sign in floating point, or 0 where it is not certain.

        A term carries at most 12 units of its last place from amount, powers, product and quotient,
        and 8 ``t ln (1 + i)`` from the exponent, which may be off by a unit of the rate, as that was
        rounded; the sum adds 40.
        """
        terms = self._terms(np.array([rate]))[0]
        present_value, size = float(terms.sum()), float(np.abs(terms).sum())
        off = 8 * abs(log1p(rate)) + abs(rate) / (1 + rate)
        if abs(present_value) > size * (off * self._wholes[-1] + 56) * UNIT:
            return 1 if present_value > 0 else -1
        return 0

    def _terms(self, rates: Floats) -> Floats:
        """Return the present value of each flow at each rate; below 0, seen from the last whole period.

        So no power is above 1.
        """
        log_growth = np.log1p(rates)[:, None]
        until = np.where(rates < 0, self._wholes[-1], 0.0)[:, None]
        powers: Floats = np.exp(log_growth * (until - self._wholes))
        return self._amounts * powers / (1 + self._parts * rates[:, None])

    def _bounded(self, rate: Fraction, precision: int) -> tuple[Decimal, Decimal]:
        context = context_of(precision)
        num, den = (1 + rate).as_integer_ratio()
        log_growth = context.ln(context.divide(num, den))
        present_value = size = Decimal(0)
        for amount, (whole, part) in zip(self.amounts, self.times, strict=True):
            top, bottom = (Fraction(amount) / (1 + part * rate)).as_integer_ratio()
            power = context.exp(context.multiply(log_growth, -whole))
            term = context.multiply(context.divide(top, bottom), power)
            present_value, size = (
                context.add(present_value, term),
                context.add(size, term.copy_abs()),
            )
        longest = 4 * abs(self.times[-1][0])
        units = context.multiply(longest, context.add(1, log_growth.copy_abs()))
        units = context.add(units, 6 + len(self.times))
        return present_value, context.multiply(
            context.multiply(size, units), context.scaleb(1, 1 - precision)
        )

    def present_value(self, rate: Fraction, places: int) -> int:
        """Return the present value at a rate of the unit-period, in units of so many decimals."""
        present_value, _ = self._bounded(rate, 60)
        found: int = round(Fraction(present_value) * Fraction(10) ** places)
        return found

    @undisturbed
    def zeros(self) -> Roots:
        """Return where the present value is zero from 0 on or, if that is nowhere, below 0.

        Notes
        -----
        With one change of sign there is one rate at most: seen from the flow at which the sign
        changes, the present value of each flow only rises or only falls with the rate. With more,
        intervals are searched.
        """
        if not self.changes:
            return Roots(())
        top = 1.0
        while not self._outweighed(top):
            top *= 4
        for low, high in ((0.0, top), (LOWEST_UNIT_RATE, 0.0)):
            if self.changes == 1:
                found = Roots(tuple(map(log1p, float_roots(self._float, low, high))))
            else:
                ends = low + (high - low) * np.linspace(0.0, 1.0, 65) ** 3
                sure, places = isolate_roots(ends, self._held, self._crossed, len(self.times))
                unsure = [(one + other) / 2 for one, other in places]
                found = Roots(tuple(map(log1p, sure)), tuple(map(log1p, unsure)))
            if found.sure or found.unsure:
                break
        return found

    def _float(self, rate: float) -> float:
        return float(self._terms(np.array([rate])).sum())

    def _outweighed(self, rate: float) -> bool:
        """Whether the first flow outweighs all later ones, at this rate and all above."""
        terms = np.abs(self._terms(np.array([rate]))[0])
        return bool(terms[0] > 1.001 * terms[1:].sum()) or rate > HIGHEST_UNIT_RATE

    def _crossed(self, low: float, high: float) -> list[float]:
        return float_roots(self._float, low, high)

    def _held(self, lows: Floats, highs: Floats) -> tuple[Bools, Bools]:
        """Return in which intervals the present value may be zero, and in which it rises or falls throughout.

        They are on one side of 0: there each term only rises with the rate, or only falls, and so does the share by which it
        does.
        """
        until = self._wholes[-1] * (lows < 0)[:, None]
        sizes, shares = [], []
        for rates in (lows, np.where(lows < 0, np.minimum(highs, -1e-300), highs)):
            rate = rates[:, None]
            sizes.append(np.abs(self._terms(rates)))
            shares.append(
                (until - self._wholes) / (1 + rate) - self._parts / (1 + self._parts * rate)
            )
        small, large = np.minimum(*sizes), np.maximum(*sizes)
        flat, steep = np.minimum(*shares), np.maximum(*shares)
        slopes = [size * share for size in (small, large) for share in (flat, steep)]
        gentle, sharp = np.minimum.reduce(slopes), np.maximum.reduce(slopes)
        paid = self._amounts > 0
        least = (small * paid - large * ~paid).sum(axis=1)
        most = (large * paid - small * ~paid).sum(axis=1)
        decreases = (gentle * paid - sharp * ~paid).sum(axis=1)
        increases = (sharp * paid - gentle * ~paid).sum(axis=1)
        longest = np.abs(np.log1p(lows)) + np.abs(np.log1p(highs))
        slack = large.sum(axis=1) * (60 + 8 * self._wholes[-1] * (1 + longest)) * UNIT
        return (least <= slack) & (most >= -slack), (decreases > 0) | (increases < 0)


class Simple:
    """Amounts after segments at simple interest, paid before principal; the United States Rule.

    Unpaid interest of a segment stays owed, and accrues none itself, unless it `joins` the balance.

    Examples
    --------
    >>> Simple([-100, 0, 120], [Fraction(1), Fraction(1)]).zeros()
    Roots(sure=(0.09531017980432484,), unsure=())
    """

    def __init__(
        self, amounts: Sequence[Exact], segments: Sequence[Fraction], *, joins: bool = False
    ) -> None:
        self._joins = joins
        exact = [Fraction(amount) for amount in amounts]
        scale = lcm(*(amount.denominator for amount in exact))
        self._amounts = [int(amount * scale) for amount in exact]
        self._stretches = segments
        self._floats = [float(amount) for amount in self._amounts]
        self._lengths = [float(segment) for segment in segments]
        self._changes = _changes(self._floats)

    def sign(self, rate: Fraction) -> int:
        """Return the certain sign of what is paid too much in the end; 0 if it is exactly zero."""
        left, error = self._bounded(rate)
        if left.copy_abs() > error:
            return 1 if left < 0 else -1
        owed, accrued = Fraction(-self._amounts[0]), Fraction(0)
        for amount, segment in zip(self._amounts[1:], self._stretches, strict=True):
            accrued += owed * rate * segment
            paid = min(Fraction(amount), accrued) if amount > 0 else Fraction(0)
            paid = accrued if self._joins else paid
            accrued -= paid
            owed -= amount - paid
        exact = owed + accrued
        return (exact < 0) - (exact > 0)

    def _bounded(self, rate: Fraction) -> tuple[Decimal, Decimal]:
        """Return the balance at the end, and a bound on its error, at 60 digits."""
        context = context_of(60)
        add, times, less = context.add, context.multiply, context.subtract
        zero, unit = Decimal(0), Decimal("1E-58")
        owed, accrued = Decimal(-self._amounts[0]), zero
        off, off_accrued = zero, zero  # bounds on the errors of both
        for amount, segment in zip(self._amounts[1:], self._stretches, strict=True):
            num, den = (rate * segment).as_integer_ratio()
            factor = context.divide(num, den)
            interest = times(owed, factor)
            accrued = add(accrued, interest)
            size = add(owed.copy_abs(), interest.copy_abs())
            size = times(add(add(size, accrued.copy_abs()), abs(amount)), unit)
            off_accrued = add(add(off_accrued, times(off, factor.copy_abs())), size)
            paid = zero
            if self._joins:
                paid, off_accrued, off = accrued, zero, add(off, off_accrued)
            elif amount > 0:
                if amount <= less(accrued, off_accrued):
                    paid, off_paid = Decimal(amount), zero
                else:
                    paid, off_paid = min(Decimal(amount), accrued), off_accrued
                    if amount >= add(accrued, off_accrued):
                        off_accrued = zero
                off = add(off, off_paid)
            accrued = less(accrued, paid)
            owed = less(owed, less(amount, paid))
            off = add(off, size)
        return add(owed, accrued), times(add(off, off_accrued), 2)

    def zeros(self) -> Roots:
        """Return where nothing is left over from 0 on or, if that is nowhere, below 0.

        With one change of sign there is one rate at most. With more, it is the nearest to 0 of
        those between which the sign is seen to differ at 500 rates.
        """
        if not self._changes:
            return Roots(())
        if self._left(0.0) == 0:
            return Roots((0.0,))
        top = 1.0
        while self._left(top) < 0 and top < HIGHEST_UNIT_RATE:
            top *= 4
        for end in (top, self._lowest):
            count = 500 if self._changes > 1 else 1
            rates = [end * (k / count) ** 3 for k in range(count + 1)]
            above = [self._left(rate) >= 0 for rate in rates]
            for k in range(count):
                if above[k] != above[k + 1]:
                    found = float_roots(self._left, min(rates[k : k + 2]), max(rates[k : k + 2]))
                    return Roots(tuple(map(log1p, found)))
        return Roots(())

    @property
    def _lowest(self) -> float:
        """The rate below which a segment would repay more than all."""
        longest = max(self._lengths) if self._joins else 0.0
        return max(LOWEST_UNIT_RATE, LOWEST_UNIT_RATE / longest) if longest else LOWEST_UNIT_RATE

    def _left(self, rate: float) -> float:
        owed, accrued = -self._floats[0], 0.0
        for amount, segment in zip(self._floats[1:], self._lengths, strict=True):
            if self._joins:
                owed += owed * rate * segment - amount
                continue
            accrued += owed * rate * segment
            paid = min(amount, accrued) if amount > 0 else 0.0
            accrued -= paid
            owed -= amount - paid
        return owed + accrued


def _changes(amounts: Sequence[float]) -> int:
    """Return the number of sign changes of amounts."""
    signs = [amount > 0 for amount in amounts if amount]
    return sum(map(ne, signs, signs[1:]))
