r"""The equation of value: at which rate flows over time have a present value of zero.

With amounts :math:`c_k` at times :math:`t_k`, the present value at a rate :math:`x` of one unit of time is

.. math:: f(x) = \sum_k c_k (1 + x)^{-t_k} = \sum_k c_k e^{-t_k L}, \quad L = \ln (1 + x)

Rates are estimated in floating point and given only when the sign of the present value, with a bound on its
error, differs on either side of their last digit: in floating point where that suffices, which
takes powers to be within 4 units of their last place, and else in decimals, whose logarithms
and exponentials are correctly rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from decimal import Context, Decimal
from fractions import Fraction
from functools import cached_property
from math import exp, expm1, fsum, log, log1p
from operator import mul, ne

import numpy as np

from repaylib.money.rounding import context_of, negated, round_significant
from repaylib.money.rounding_arrays import undisturbed
from repaylib.rates.root_finding import (
    EXPONENT_LIMIT,
    LOWEST_LOG_GROWTH,
    Roots,
    certified_root,
    distinct,
    float_roots,
    isolate_roots,
)
from repaylib.typing import Bools, Floats

__all__ = ["Equation", "Exact"]

#: What an amount is inside: exact.
Exact = int | Decimal | Fraction


UNIT = 2.0**-52
SHORT = 40  # up to here a loop is faster than arrays
MOST_DIGITS_FOUND = 13  # that floating point may prove
NEARLY_ALL = Fraction(-999_999_999, 10**9)
VAST = 10**300
MOST_PRECISION = 600  # digits: a present value that is zero to so many is zero


class Equation:
    """Amounts at times, in order; no time twice, no amount of zero.

    Parameters
    ----------
    amounts
        Exact, of any sign and in any one unit.
    times
        Whole numbers, rising.
    unit
        Over which the times are shares of a unit of time: 365 for days of a year.

    Examples
    --------
    >>> Equation([-100, 110], [0, 1], 1).rates(12)
    [Decimal('0.1')]
    """

    def __init__(
        self,
        amounts: Sequence[Exact],
        times: Sequence[int],
        unit: int = 1,
        floats: Sequence[float] | None = None,
    ) -> None:
        self.amounts = amounts
        self.unit = unit
        first = times[0] if times else 0
        self.times = [time - first for time in times] if first else times
        self._floats = list(map(float, amounts)) if floats is None else floats
        self._years = self.times if unit == 1 else [time / unit for time in self.times]
        signs = [amount > 0 for amount in self._floats]
        #: How often the flows change their sign; no more rates than that can fit.
        self.changes = sum(map(ne, signs, signs[1:]))

    @cached_property
    def _arrays(self) -> tuple[Floats, Floats]:
        return np.array(self._floats), np.array(self._years)

    # -- the present value and its sign --------------------------------------------------------

    def sign(self, rate: Decimal | Fraction, finest: int = MOST_PRECISION) -> int:
        """Return the certain sign of the present value at a rate above -1; 0 if it is zero to 600 digits."""
        found = self._near_sign(float(rate)) if NEARLY_ALL < rate < VAST else 0
        precision = 30
        while not found and precision <= finest:
            present_value, error = self._bounded(rate, precision)
            found = 0 if present_value.copy_abs() <= error else 1 if present_value > 0 else -1
            if not found and precision == 30 and self._is_exact(Fraction(rate)):
                return 0
            precision *= 2
        return found

    def _near_sign(self, rate: float) -> int:
        """Return the sign at a rate that was rounded to a float, or 0 where it is not certain."""
        return self._float_sign(log1p(rate), abs(rate) / (1 + rate) * UNIT)

    def _float_sign(self, log_growth: float, loose: float = 0.0) -> int:
        """Return the sign of the present value in floating point, or 0 where it is not certain.

        `loose` is how far off L itself may be.

        A term ``c e**-tL`` carries at most 6 units of its last place from the amount, the
        exponential and the product, and 8 ``tL`` from its exponent.
        """
        span = abs(log_growth) * self._years[-1]
        if span > EXPONENT_LIMIT:  # moved in time so that no power exceeds 1; tiny ones are lost
            moved = self._years[-1] if log_growth < 0 else 0.0
            present_value, size = self._summed(log_growth, moved)
            sums = 50.0 + len(self._floats)
        elif len(self._floats) <= SHORT:
            terms = self._terms(log_growth)
            present_value, size, sums = fsum(terms), sum(map(abs, terms)), 1.0
        else:
            present_value, size = self._summed(log_growth)
            sums = 40.0
        if abs(present_value) > size * ((8 * span + 8 + sums) * UNIT + self._years[-1] * loose):
            return 1 if present_value > 0 else -1
        return 0

    @undisturbed
    def _summed(self, log_growth: float, moved: float = 0.0) -> tuple[float, float]:
        """Return the present value, seen from a time, and the sum of its terms without their signs."""
        amounts, years = self._arrays
        discounted = amounts * np.exp(-log_growth * (years - moved))
        return float(discounted.sum()), float(np.abs(discounted).sum())

    def _bounded(
        self, rate: Decimal | Fraction, precision: int, origin: Fraction = Fraction(0)
    ) -> tuple[Decimal, Decimal]:
        """Return the present value at a rate, and a bound on its error, at so many digits."""
        context = context_of(precision)
        num, den = (1 + Fraction(rate)).as_integer_ratio()
        log_growth = context.ln(context.divide(num, den))
        present_value = size = longest = Decimal(0)
        for amount, time in zip(self.amounts, self.times, strict=True):
            away = origin.numerator * self.unit - time * origin.denominator
            years = context.divide(away, self.unit * origin.denominator)
            power = context.multiply(log_growth, years)
            term = context.multiply(_decimal(amount, context), context.exp(power))
            present_value = context.add(present_value, term)
            size = context.add(size, term.copy_abs())
            longest = max(longest, context.add(power.copy_abs(), years.copy_abs()))
        # of growth, ln, years, product; of exp, amount, product; and one for each sum
        units = context.add(context.multiply(4, longest), 4 + len(self.times))
        return present_value, context.multiply(
            context.multiply(size, units), context.scaleb(1, 1 - precision)
        )

    def present_value(
        self, rate: Decimal | Fraction, places: int, origin: Fraction = Fraction(0)
    ) -> int:
        """Return the present value at a rate, `origin` after the first flow, in units of so many decimals.

        It is correctly rounded; where it is nearer to the middle of two than 600 digits tell, it is
        either of them.
        """
        precision = 30
        while True:
            present_value, error = self._bounded(rate, precision, origin)
            wide = context_of(2 * precision + 60 + places)
            low, high = (
                int(wide.to_integral_value(wide.scaleb(wide.add(present_value, offset), places)))
                for offset in (wide.minus(error), error)
            )
            precision *= 2
            if low == high or precision > MOST_PRECISION:
                return high

    # -- rates -------------------------------------------------------------------------

    def rates(self, digits: int, zeros: Roots | None = None) -> list[Decimal]:
        """Return the rates above -1 at which the flows have a present value of zero, from the lowest on.

        Each is correctly rounded to `digits` significant digits. Those that a hundred digits do not
        tell from -1, or from one another, are left out.
        """
        found = []
        for log_growth in (zeros or self.zeros()).given.sure:
            with suppress(ArithmeticError):
                found.append(self.rate(log_growth, digits))
        return found

    def zeros(self) -> Roots:
        """Return where the present value is zero, as logarithms L of 1 and the rate.

        Notes
        -----
        By Descartes' rule of signs, which holds for any real exponents, there are as many as the
        flows change their sign, or fewer by an even number. With one change it is bracketed;
        with more, all of the line is searched, in intervals in which the present value is proved to
        have no zero, or to rise or fall throughout.
        """
        if not self.changes:
            return Roots(())
        return Roots((self._single(),)) if self.changes == 1 else self._isolated()

    def _single(self) -> float:
        """Return an estimate of L where the flows change their sign once.

        The logarithms of the present value of both sides differ by a function of L that is nearly a
        line: its slope, the time from the mean of the one side to that of the other, lies between
        the shortest and the longest such time. So it is solved to the second order.
        """
        cut, years = self._cut, self._years
        shortest, longest = years[cut] - years[cut - 1], years[-1]
        sides = self._by_loops if len(years) <= SHORT else self._by_arrays
        log_growth = 0.0
        for _ in range(200):
            if abs(log_growth) * longest > EXPONENT_LIMIT:
                sides = self._far_off
            excess, slope, curvature = sides(log_growth, cut)
            step = excess / min(max(slope, shortest), longest)
            turn = step * curvature / slope if slope > 0 else 0.0
            log_growth += step * (1 + turn / 2) if abs(turn) < 0.5 else step
            if abs(step * step * step * curvature * curvature) <= 1e-15 * slope * abs(log_growth):
                break
        return log_growth

    @property
    def _cut(self) -> int:
        """How many flows there are before the sign changes."""
        first = self._floats[0] > 0
        return [amount > 0 for amount in self._floats].index(not first)

    def _terms(self, log_growth: float) -> list[float]:
        if not log_growth:
            return list(self._floats)
        powers = [-log_growth * year for year in self._years]
        return list(map(mul, self._floats, map(exp, powers)))

    def _by_loops(self, log_growth: float, cut: int) -> tuple[float, float, float]:
        """Return by how much the logarithms differ, the slope of that, and the slope of the slope.

        The slope of the slope is the difference of the variances of time on both sides.
        """
        terms, years = self._terms(log_growth), self._years
        moments = list(map(mul, terms, years))
        before, after = sum(terms[:cut]), sum(terms[cut:])
        early, late = sum(moments[:cut]) / before, sum(moments[cut:]) / after
        curvature = sum(map(mul, moments[cut:], years[cut:])) / after - late * late
        if cut > 1:
            curvature -= sum(map(mul, moments[:cut], years)) / before - early * early
        return log(-after / before), late - early, curvature

    @undisturbed
    def _by_arrays(self, log_growth: float, cut: int) -> tuple[float, float, float]:
        amounts, years = self._arrays
        terms = amounts * np.exp(-log_growth * years)
        one, other = terms[:cut], terms[cut:]
        before, after = float(one.sum()), float(other.sum())
        early, late = float(one @ years[:cut]) / before, float(other @ years[cut:]) / after
        squares = years * years
        curvature = float(other @ squares[cut:]) / after - late * late
        curvature -= float(one @ squares[:cut]) / before - early * early
        return log(-after / before), late - early, curvature

    @undisturbed
    def _far_off(self, log_growth: float, cut: int) -> tuple[float, float, float]:
        """Return the same without an exponential that overflows."""
        amounts, years = self._arrays
        powers = np.log(np.abs(amounts)) - log_growth * years
        worths, means = [], []
        for side in (slice(cut), slice(cut, None)):
            most = powers[side].max()
            terms = np.exp(powers[side] - most)
            worths.append(float(most + np.log(terms.sum())))
            means.append(float((terms * years[side]).sum() / terms.sum()))
        return worths[1] - worths[0], means[1] - means[0], 0.0

    @undisturbed
    def _isolated(self) -> Roots:
        """Return an estimate of each L, one to an interval in which the present value has one zero."""
        ends = np.unique(np.append(np.linspace(*self._limits(), 65), 0.0))
        found, places = isolate_roots(ends, self._held, self._crossed, len(self.times))
        unsure = []
        for low, high in places:
            least, middle, most = (
                Fraction(expm1(growth)) for growth in (low, (low + high) / 2, high)
            )
            rates = [round_significant(middle, digits) for digits in range(1, 13)]
            within = [rate for rate in rates if least <= rate <= most and rate > -1]
            exact = [rate for rate in within if self._is_exact(rate)]
            if exact:  # the present value touches zero there
                found.append(log1p(float(exact[0])))
            else:
                unsure.append((low + high) / 2)
        return Roots(tuple(distinct(found)), tuple(unsure))

    def _held(self, lows: Floats, highs: Floats) -> tuple[Bools, Bools]:
        """Return in which intervals the present value may be zero, and in which it rises or falls throughout."""
        amounts, years = self._arrays
        signs = np.sign(amounts)
        middles, radii = (lows + highs) / 2, (highs - lows) / 2
        # Worths are scaled so that the largest term is 1, and moved in time to its centre.
        exponents = np.log(np.abs(amounts)) - middles[:, None] * years
        exponents -= exponents.max(axis=1)[:, None]
        terms = np.exp(exponents)
        sizes = terms.sum(axis=1)
        moved = years - ((terms @ years) / sizes)[:, None]
        worths, slopes = (terms * signs).sum(axis=1), -(terms * moved * signs).sum(axis=1)
        reach = np.abs(moved) * radii[:, None]
        more = np.exp(exponents + reach) - terms
        curvature = (more - terms * reach).sum(axis=1)
        turn = (more * np.abs(moved)).sum(axis=1)
        units = (8 * np.abs(middles) * years[-1] + len(years) + 60) * UNIT
        held = ~(np.abs(worths) > np.abs(slopes) * radii + curvature + sizes * units)
        return held, np.abs(slopes) > turn + (terms * np.abs(moved)).sum(axis=1) * units

    def _limits(self) -> tuple[float, float]:
        """Return bounds of L beyond which the last flow, or the first, outweighs all others."""
        sizes = [_size(amount) for amount in self.amounts]
        first, *others = sizes
        high = Equation([first, *map(negated, others)], self.times, self.unit)._single()
        *others, last = sizes
        low = Equation([*map(negated, others), last], self.times, self.unit)._single()
        margin = 1e-6 * (1 + abs(low) + abs(high))
        return low - margin, high + margin

    def _crossed(self, low: float, high: float) -> list[float]:
        """Return an estimate of the zero between two L, between which the present value rises or falls."""
        return float_roots(self._float_sign, low, high, self._sign_at)

    def _sign_at(self, log_growth: float) -> int:
        return self._float_sign(log_growth) or self.sign(_rate_of(log_growth))

    def rate(self, log_growth: float, digits: int) -> Decimal:
        """Return the rate next to an estimate of L, every digit of it proved.

        Raises
        ------
        ArithmeticError
            If 100 digits do not tell it from -1, or the present value has no zero near the estimate.
        """
        if digits <= MOST_DIGITS_FOUND and -10 < log_growth < EXPONENT_LIMIT:
            text = f"{expm1(log_growth):.{digits - 1}e}"
            mantissa, _, exponent = text.partition("e")
            if int(exponent) > -9 and not mantissa.endswith("00000"):
                half = 0.4995 * 10.0 ** (int(exponent) - digits + 1)
                if self._encloses(float(text), half):
                    return Decimal(text)
        return self._refined(log_growth, digits)

    def _encloses(self, near: float, half: float) -> bool:
        """Whether it is certain in floating point that a rate is so near."""
        if near - half <= -1:
            return False
        years = self._years
        if self.changes > 1 or len(years) > SHORT:
            below = self._float_sign(log1p(near - half))
            return below != 0 and below == -self._float_sign(log1p(near + half))
        # Seen from the time of the change of sign the present value only rises, or only falls; in so
        # short an interval at no less than this slope.
        log_growth = log1p(near)
        span = abs(log_growth) * years[-1]
        if span > EXPONENT_LIMIT:
            return False
        terms = self._terms(log_growth)
        present_value, size = fsum(terms), sum(map(abs, terms))
        slope = abs(sum(map(mul, terms, years)) - years[self._cut] * present_value)
        error = size * (8 * span + 9) * UNIT
        return bool(abs(present_value) + error < 0.999 * slope * half / (1 + near + half))

    def _refined(self, log_growth: float, digits: int) -> Decimal:
        if log_growth <= LOWEST_LOG_GROWTH:
            raise ArithmeticError("-1.00000 is too near to -100%")
        if log_growth < EXPONENT_LIMIT:  # such as 0, or one that the present value touches
            plain = round_significant(Fraction(expm1(log_growth)), min(digits, 12))
            plain = Decimal(0) if abs(log_growth) < 1e-9 else plain
            if plain > -1 and self._is_exact(plain):
                return round_significant(Fraction(plain), digits)

        def sign(rate: Fraction) -> int:
            if rate <= -1:  # all is as the last flow has it
                return 1 if self._floats[-1] > 0 else -1
            return self.sign(rate, max(MOST_PRECISION, 2 * digits + 100))

        while True:
            near = Fraction(self._newton(log_growth, digits + 20))
            # A rate is above -1. So many digits do not show it, nor tell two such rates apart.
            if (
                round_significant(near, digits) > -1
                and (found := certified_root(near, sign, digits)) > -1
            ):
                return found
            digits *= 2

    def _newton(self, log_growth: float, precision: int) -> Decimal:
        """Return the rate next to an estimate of L to so many digits, or as it was estimated."""
        context = context_of(precision)
        power = begun = Decimal.from_float(log_growth)
        amounts = [_decimal(amount, context) for amount in self.amounts]
        times = [context.divide(-time, self.unit) for time in self.times]
        for _ in range(precision.bit_length() + 20):
            present_value = moment = Decimal(0)
            for amount, time in zip(amounts, times, strict=True):
                term = context.multiply(amount, context.exp(context.multiply(time, power)))
                present_value = context.add(present_value, term)
                moment = context.subtract(moment, context.multiply(term, time))
            if not moment:
                break
            step = context.divide(present_value, moment)
            power = context.add(power, step)
            if step.copy_abs() <= context.scaleb(power.copy_abs(), 8 - precision):
                break
        if abs(float(power) - log_growth) > 1e-6 * (1 + abs(log_growth)):
            power = begun
        return context.subtract(context.exp(power), 1)

    def _is_exact(self, rate: Decimal | Fraction) -> bool:
        """Whether the present value is exactly zero; tried for whole times that are not far."""
        if rate == 0:
            return sum((Fraction(amount) for amount in self.amounts), Fraction(0)) == 0
        if any(time % self.unit for time in self.times):
            return False
        growth = 1 + Fraction(rate)
        if growth.denominator.bit_length() * self.times[-1] // self.unit > 40_000:
            return False
        present_value, before = Fraction(0), 0
        for amount, time in zip(self.amounts, self.times, strict=True):
            present_value *= growth ** ((time - before) // self.unit)
            present_value += Fraction(amount)
            before = time
        return present_value == 0


def _rate_of(log_growth: float) -> Decimal:
    context = context_of(40)
    return context.subtract(context.exp(Decimal.from_float(log_growth)), 1)


def _size(amount: Exact) -> Exact:
    return negated(amount) if amount < 0 else amount


def _decimal(amount: Exact, context: Context) -> Decimal:
    if isinstance(amount, Fraction):
        return context.divide(Decimal(amount.numerator), amount.denominator)
    return Decimal(amount)
