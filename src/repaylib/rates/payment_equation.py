"""The equation of equal payments, solved for what has no closed form: the rate and the number.

A result is estimated in decimals of growing precision and returned only when it is proved: a rate
by the exact sign of the excess on either side of it, a logarithm by bounds on its error.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from itertools import pairwise
from math import lcm

from repaylib.money.rounding import context_of, round_significant
from repaylib.rates.root_finding import bisect, certified_root, with_digits

__all__ = ["HIGHEST_RATE", "Payments", "exponent", "rates_of"]

#: Rates of a period are looked for up to here, and down to all but -100 %.
HIGHEST_RATE = 1000
LOWEST_RATE = Fraction(1, 2**60) - 1

_SPARE = 30  # digits beyond those asked for, at first


@dataclass(frozen=True, slots=True)
class Payments:
    """A principal, `count` equal payments, the first `advance` at once, and a final balance.

    With rate ``i`` and ``m`` payments in advance, the principal exceeds the present value of the payments
    by ``present - payment (m + (1 - (1 + i) ** (m - n)) / i) - future (1 + i) ** -n``.
    """

    present: Fraction
    payment: Fraction
    future: Fraction
    count: int
    advance: int

    def turns(self) -> list[int]:
        """Return the signs of what is received over time, each written once while it lasts."""
        flows = [self.present - self.advance * self.payment]
        if self.advance:
            flows += [-self.payment] * (self.count > self.advance) + [-self.future]
        else:
            flows += [-self.payment] * (self.count > 1) + [-self.payment - self.future]
        signs = [_sign(flow) for flow in flows if flow]
        return [sign for k, sign in enumerate(signs) if k == 0 or sign != signs[k - 1]]

    def sign(self, rate: Fraction) -> int:
        """Return the exact sign of the excess at a rate."""
        if rate == 0:
            return _sign(self.present - self.count * self.payment - self.future)
        scale = lcm(self.present.denominator, self.payment.denominator, self.future.denominator)
        principal, paid, left = (
            int(amount * scale)
            for amount in (self.present - self.advance * self.payment, self.payment, self.future)
        )
        num, den = rate.numerator, rate.denominator
        grown, once = (num + den) ** self.count, den**self.count
        paid_in = (num + den) ** self.advance * den ** (self.count - self.advance)
        return _sign(
            principal * num * grown - paid * den * (grown - paid_in) - left * num * once
        ) * (_sign(rate))

    def estimate(self, rate: Decimal, context: Context) -> Decimal:
        """Return the excess at a rate, as near as a decimal context comes to it."""
        discount = context.power(context.add(1, rate), -self.count)
        late = context.power(context.add(1, rate), self.advance - self.count)
        weight = Decimal(self.count - self.advance)
        if rate:
            weight = context.divide(context.subtract(1, late), rate)
        principal, paid, left = (
            context.divide(Decimal(amount.numerator), amount.denominator)
            for amount in (self.present - self.advance * self.payment, self.payment, self.future)
        )
        excess = context.subtract(principal, context.multiply(paid, weight))
        return context.subtract(excess, context.multiply(left, discount))


def rates_of(payments: Payments, digits: int) -> list[Decimal]:
    """Return the rates of a period at which payments repay the principal: none, one or two.

    Notes
    -----
    By Descartes' rule there are as many as the flows change their sign, or two fewer: with one
    payment repeated, two at most. With two, the excess falls and rises again, or the reverse.

    Examples
    --------
    >>> example = Payments(Fraction(1000), Fraction(100), Fraction(0), 12, 0)
    >>> rates_of(example, 12)
    [Decimal('0.0292285407691')]
    """
    turns = payments.turns()
    if len(turns) < 2:
        return []
    ends = [LOWEST_RATE, Fraction(HIGHEST_RATE)]
    if len(turns) == 3:
        turning = _turning_point(payments, turns[0])
        if turning is None:
            return []
        if payments.sign(turning) == 0:
            return [round_significant(turning, digits)]
        ends.insert(1, turning)
    found = []
    for low, high in pairwise(ends):
        if payments.sign(low) * payments.sign(high) < 0:
            found.append(_between(payments, low, high, digits))
    return found


def _turning_point(payments: Payments, outside: int) -> Fraction | None:
    """Return a rate at which the excess is zero, or has not the sign that it has at both ends."""
    context = context_of(100)
    # Between the present values, a period earlier, of 1: at the highest rate, and at the lowest.
    low, high = context.divide(1, HIGHEST_RATE + 1), Decimal(2**60)
    while context.scaleb(width := context.subtract(high, low), 45) > low:
        third = context.divide(width, 3)
        one, two = context.add(low, third), context.subtract(high, third)
        rates = [context.subtract(context.divide(1, discount), 1) for discount in (one, two)]
        excesses = [context.multiply(outside, payments.estimate(rate, context)) for rate in rates]
        for rate, excess in zip(rates, excesses, strict=True):
            if excess < 0 and payments.sign(Fraction(rate)) == -outside:
                return Fraction(rate)
        if excesses[0] < excesses[1]:
            high = two
        else:
            low = one
    touched = Fraction(context.subtract(context.divide(1, low), 1)).limit_denominator(10**15)
    return touched if payments.sign(touched) == 0 else None


def _between(payments: Payments, low: Fraction, high: Fraction, digits: int) -> Decimal:
    """Return the only rate between two at which the excess has opposite signs."""
    if low < 0 < high:
        middle = payments.sign(Fraction(0))
        if middle == 0:
            return Decimal(0)
        low, high = (Fraction(0), high) if middle == payments.sign(low) else (low, Fraction(0))
    precision = digits + _SPARE
    while True:
        near = _estimated(payments, low, high, precision)
        try:
            return certified_root(
                near, lambda rate: payments.sign(min(max(low, rate), high)), digits
            )
        except ArithmeticError:
            precision *= 2


def _estimated(payments: Payments, low: Fraction, high: Fraction, precision: int) -> Fraction:
    below, context = payments.sign(low), context_of(precision)
    least = context.scaleb(1, -6 * precision)

    def crossed(rate: Decimal) -> bool:
        return context.multiply(below, payments.estimate(rate, context)) <= 0

    def middle(low: Decimal, high: Decimal) -> Decimal | None:
        point, width = context.divide(context.add(low, high), 2), context.subtract(high, low)
        narrow = width < least or context.scaleb(width, precision - 10) <= point.copy_abs()
        return None if narrow else point

    one, two = (context.divide(Decimal(end.numerator), end.denominator) for end in (low, high))
    return Fraction(bisect(crossed, one, two, middle)[1])


def exponent(top: Fraction, base: Fraction, digits: int) -> Decimal:
    """Return the n for which ``base ** n == top``, correctly rounded to `digits`.

    Both are positive, and `base` is not 1.

    Examples
    --------
    >>> exponent(Fraction(3), Fraction(11, 10), 10), exponent(Fraction(121, 100), Fraction(11, 10), 10)
    (Decimal('11.52670461'), Decimal('2'))
    """
    if top == 1:
        return Decimal(0)
    precision = digits + _SPARE
    while True:
        low, high = _bounds(top, base, precision)
        precision *= 2
        if low is None or high is None:
            continue
        whole = Fraction(round((low + high) / 2))
        one, two = round_significant(low, digits), round_significant(high, digits)
        for exact in (whole, (Fraction(one) + Fraction(two)) / 2):
            if low <= exact <= high and _is_power(top, base, exact):
                return round_significant(exact, digits)
        if one == two:
            return with_digits(one, digits)


def _bounds(
    top: Fraction, base: Fraction, precision: int
) -> tuple[Fraction, Fraction] | tuple[None, None]:
    """Return bounds of ``log(top) / log(base)``, if the precision suffices for any."""
    context = context_of(precision)
    ends = []
    for number in (top, base):
        ln = Fraction(context.ln(context.divide(Decimal(number.numerator), number.denominator)))
        error = (1 + abs(ln)) / Fraction(10) ** (precision - 2)
        ends.append((ln - error, ln + error))
    if ends[1][0] <= 0 <= ends[1][1]:
        return None, None
    quotients = [one / two for one in ends[0] for two in ends[1]]
    return min(quotients), max(quotients)


def _is_power(top: Fraction, base: Fraction, n: Fraction) -> bool:
    """Whether ``base ** n == top`` exactly; lengths are compared before powers are taken."""
    size = max(base.numerator, base.denominator).bit_length()
    if n.denominator > size:  # no such root of the base is a fraction
        return False
    longest = max(top.numerator, top.denominator).bit_length() * n.denominator
    if (size - 1) * abs(n.numerator) > longest:
        return False
    return base**n.numerator == top**n.denominator


def _sign(value: Fraction | int) -> int:
    return (value > 0) - (value < 0)
