"""Closed forms: the level instalment and the present value of equal payments, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import inf, nan
from typing import NamedTuple

import numpy as np

from repaylib.money.rounding import round_ratio
from repaylib.typing import Rounding

__all__ = [
    "Annuity",
    "EqualPayments",
    "EqualPeriods",
    "grown_payments",
    "highest_balance",
    "level_instalment",
    "rounded_instalment",
    "annuity_factor",
]

SHORT = 60  # up to here a loop is faster than arrays


class Annuity(NamedTuple):
    """What a row of payments has to repay, and how they grow.

    Attributes
    ----------
    owed
        What would be owed on the first due date, its interest included, before the payment:
        numerator and denominator.
    factors
        Interest factors of the periods after the first payment, each over `den`: period k
        costs ``factors[k] / den`` of its opening balance. One payment more than factors.
    den
        Common denominator, positive.
    balloon
        What is paid on top of the last payment.
    shares, parts
        Payment k is ``shares[k] / parts`` of the payment that is solved; none means all of it.
    additions
        Payment k is so much more than that; none means no more.
    """

    owed: tuple[int, int]
    factors: Sequence[int] = ()
    den: int = 1
    balloon: int = 0
    shares: Sequence[int] = ()
    parts: int = 1
    additions: Sequence[int] = ()

    @property
    def payments(self) -> int:
        """Number of payments."""
        return len(self.factors) + 1

    @property
    def level(self) -> bool:
        """Whether all payments are equal, the last one too."""
        return not (self.balloon or self.shares or self.additions)


def rounded_instalment(annuity: Annuity, rounding: Rounding, unit: int = 1) -> int:
    """Return :func:`level_instalment`, rounded to a whole multiple of `unit`.

    Floating point gives an estimate with a bound on its error. Where both ends of that interval
    round alike, so does what lies between; where they do not, the exact payment decides.

    Notes
    -----
    The payment is ``owed`` over the sum of the present values ``w_k = w_(k-1) / (1 + f_k)``, with
    ``w_0 = 1``. Each step adds at most 7 roundings of a part in 2**53 to the error of ``w_k``,
    all terms are positive, and sum and quotient add no more than one for each term: the error
    of the payment is below ``(8 n + 32) / 2**53`` of it.

    Examples
    --------
    >>> rounded_instalment(Annuity((1010000, 1), [1] * 11, 100), "half_up")
    88849
    >>> rounded_instalment(Annuity((1010000, 1), [1] * 11, 100), "up", unit=1000)
    89000
    """
    if annuity.level:
        payment = _estimate(annuity)
        error = payment * (8 * annuity.payments + 32) * 2.0**-53
        low, high = payment - error, payment + error
        if high < 2.0**53:
            rounded = _to_multiple(low.as_integer_ratio(), rounding, unit)
            if rounded == _to_multiple(high.as_integer_ratio(), rounding, unit):
                return rounded
    return _to_multiple(level_instalment(annuity), rounding, unit)


def _to_multiple(ratio: tuple[int, int], rounding: Rounding, unit: int) -> int:
    return unit * round_ratio(ratio[0], ratio[1] * unit, rounding)


def _estimate(annuity: Annuity) -> float:
    try:
        return annuity.owed[0] / annuity.owed[1] / _worth(annuity.factors, annuity.den)
    except OverflowError:
        return inf


def _worth(factors: Sequence[int], den: int) -> float:
    """Return the present value of payments of 1, the first now and one after each period.

    It is no number if a factor is negative, for which the bound on the error does not hold.
    """
    if len(factors) <= SHORT:
        if min(factors, default=0) < 0:
            return nan
        factor_product = total = 1.0
        for factor in factors:
            factor_product /= 1 + factor / den
            total += factor_product
        return total
    if factors.count(factors[0]) == len(factors):
        if factors[0] < 0:
            return nan
        worths = np.full(len(factors), 1 / (1 + factors[0] / den))
    else:
        worths = 1 / (1 + np.array(factors, dtype=np.float64) / den)
        if worths.max() > 1:
            return nan
    return 1 + float(np.cumprod(worths).sum())


def highest_balance(annuity: Annuity, largest: int) -> int:
    """Return an upper bound on the balance of a plan that repays, with an instalment to spare.

    The balance after a payment is the present value of the later ones: at most their sum, and at most
    an instalment for ever, at the interest of the shortest period. Beyond that only the rounding
    of the instalment is growing, at rates of hundreds of per cent.

    Parameters
    ----------
    largest
        The largest instalment.

    Examples
    --------
    >>> highest_balance(Annuity((1010000, 1), [1] * 11, 100), 88849)
    1155037
    """
    least = min(annuity.factors, default=0)
    later = largest * annuity.payments
    if least > 0:
        later = min(later, largest * annuity.den // least + 1)
    return later + largest + annuity.balloon


def level_instalment(annuity: Annuity) -> tuple[int, int]:
    r"""Return the exact payment that repays what is owed.

    Returns
    -------
    tuple of int
        Numerator and denominator of the payment, unrounded, in the unit of `owed`. They are
        long, and not reduced; the denominator is positive.

    Notes
    -----
    With ``f_k`` the factor of period k, the balance after n payments of ``A`` is zero if

    .. math:: A = P \prod_{k=1}^{n} (1 + f_k) / S_n, \quad S_1 = 1,\;
              S_k = 1 + S_{k-1} (1 + f_k).

    Here `owed` is ``P (1 + f_1)``, which ``S_n`` does not contain. With equal factors the
    sum is the geometric series, and the formula the annuity of every textbook. A balloon and
    additions are deducted from the product, each grown to the end; with shares, the 1 in ``S_k``
    is the share of payment k.

    Examples
    --------
    >>> num, den = level_instalment(Annuity((10100, 1), [1] * 11, 100))
    >>> round(num / den, 2)
    888.49
    """
    factors, den = annuity.factors, annuity.den
    count = len(factors)
    top, bottom = annuity.owed
    if annuity.level:
        if count == 0:
            return top, bottom
        step = factors[0]
        if factors.count(step) == count:
            if step == 0:
                return top, bottom * (count + 1)
            grown, base = (den + step) ** count, den**count
            num, under = top * grown * step, bottom * (grown * (den + step) - base * den)
            return (num, under) if under > 0 else (-num, -under)
    shares = annuity.shares or [1] * (count + 1)
    additions = annuity.additions or [0] * (count + 1)
    product, power, series, added = 1, 1, shares[0], additions[0]
    for factor, share, addition in zip(factors, shares[1:], additions[1:], strict=True):
        grow = den + factor
        power *= den
        product *= grow
        series = power * share + series * grow
        added = power * addition + added * grow
    left = top * product - bottom * (annuity.balloon * power + added)
    return left * annuity.parts, bottom * series


def grown_payments(rate: Fraction, count: int) -> Fraction:
    """Return the future value of `count` payments of 1, one at the end of each period.

    Parameters
    ----------
    rate
        Of a period, exact.
    count
        Number of payments; the last one has not grown.

    Examples
    --------
    >>> grown_payments(Fraction(1, 100), 3), grown_payments(Fraction(0), 3)
    (Fraction(30301, 10000), Fraction(3, 1))
    """
    return ((1 + rate) ** count - 1) / rate if rate else Fraction(count)


def annuity_factor(rate: Fraction, count: int, advance: int = 0) -> Fraction:
    """Return the present value of `count` equal payments of 1.

    Parameters
    ----------
    rate
        Of a period, exact.
    count
        Number of payments; those after the first `advance` fall due at the ends of the periods
        that follow.
    advance
        How many of them are paid at the start.

    Notes
    -----
    After those paid at the start, it is 1 over the level payment that repays 1.

    Examples
    --------
    >>> round(annuity_factor(Fraction(1, 100), 12), 4)
    Fraction(112551, 10000)
    """
    later = count - advance
    if later == 0:
        return Fraction(advance)
    num, den = level_instalment(
        Annuity((1 + rate).as_integer_ratio(), [rate.numerator] * (later - 1), rate.denominator)
    )
    return advance + Fraction(den, num)


class EqualPeriods(NamedTuple):
    """Equal periods at one rate.

    Attributes
    ----------
    rate
        The rate of a period.
    payments
        How many there are, each with a payment.
    advance
        How many payments are made at the start; the others at the ends of the periods that follow.
    """

    rate: Fraction
    payments: int
    advance: int

    @property
    def factor(self) -> Fraction:
        """The present value of payments of 1."""
        return annuity_factor(self.rate, self.payments, self.advance)

    @property
    def growth(self) -> Fraction:
        """What 1 grows to over all periods."""
        return (1 + self.rate) ** self.payments

    def payment(self, present: Fraction, future: Fraction) -> Fraction:
        """Return the payment that turns a present value into a future value."""
        if future:
            present -= future / self.growth
        return present / self.factor


class EqualPayments(NamedTuple):
    """A sum and the equal payments for it."""

    periods: EqualPeriods
    present: Fraction
    payment: Fraction

    def balance(self, number: int) -> Fraction:
        """Return the balance right after a payment; after number 0, the sum itself."""
        early = min(number, self.periods.advance)
        later, rate = number - early, self.periods.rate
        principal = self.present - early * self.payment
        if later == 0:
            return principal
        return (principal - self.payment * annuity_factor(rate, later)) * (1 + rate) ** later

    def principal(self, first: int, last: int) -> Fraction:
        """Return the principal in the payments from one to another."""
        return self.balance(first - 1) - self.balance(last)

    def interest(self, first: int, last: int) -> Fraction:
        """Return the interest in the payments from one to another."""
        return (last - first + 1) * self.payment - self.principal(first, last)
