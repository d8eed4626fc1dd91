"""Closed forms: the level instalment and the worth of equal payments, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from repaylib.exact import Rounding, round_ratio

__all__ = ["level_instalment", "rounded_instalment", "worth_of_payments"]


def rounded_instalment(owed: Fraction, factors: Sequence[int], den: int, rounding: Rounding) -> int:
    """Return :func:`level_instalment`, rounded to a whole number.

    Floating point gives an estimate with a bound on its error. Where both ends of that interval
    round alike, so does what lies between; where they do not, the exact payment decides.

    Notes
    -----
    The payment is ``owed`` over the sum of the worths ``w_k = w_(k-1) / (1 + f_k)``, with
    ``w_0 = 1``. Each step adds at most 7 roundings of a part in 2**53 to the error of ``w_k``,
    all terms are positive, and sum and quotient add no more than one for each term: the error
    of the payment is below ``(8 n + 32) / 2**53`` of it.

    Examples
    --------
    >>> rounded_instalment(Fraction(1010000), [1] * 11, 100, "half_up")
    88849
    """
    try:
        count = len(factors)
        if factors and factors.count(factors[0]) == count:
            worths = np.full(count, 1 / (1 + factors[0] / den))
        else:
            worths = 1 / (1 + np.array(factors, dtype=np.float64) / den)
        payment = float(owed) / (1 + float(np.cumprod(worths).sum()))
    except OverflowError:
        return round_ratio(*level_instalment(owed, factors, den), rounding)
    error = payment * (8 * count + 32) * 2.0**-53
    low, high = payment - error, payment + error
    if high < 2.0**53:
        rounded = round_ratio(*low.as_integer_ratio(), rounding)
        if rounded == round_ratio(*high.as_integer_ratio(), rounding):
            return rounded
    return round_ratio(*level_instalment(owed, factors, den), rounding)


def level_instalment(owed: Fraction, factors: Sequence[int], den: int) -> tuple[int, int]:
    r"""Return the exact payment that repays `owed` in equal payments.

    Parameters
    ----------
    owed
        What would be owed on the first due date, its interest included, before the payment.
    factors
        Interest factors of the periods after the first payment, each over `den`: period k
        costs ``factors[k] / den`` of its opening balance. One payment more than factors.
    den
        Common denominator, positive.

    Returns
    -------
    tuple of int
        Numerator and denominator of the payment, unrounded, in the unit of `owed`. They are
        long, and not reduced.

    Notes
    -----
    With ``f_k`` the factor of period k, the balance after n payments of ``A`` is nil if

    .. math:: A = P \prod_{k=1}^{n} (1 + f_k) / S_n, \quad S_1 = 1,\;
              S_k = 1 + S_{k-1} (1 + f_k).

    Here `owed` is ``P (1 + f_1)``, which ``S_n`` does not contain. With equal factors the
    sum is the geometric series, and the formula the annuity of every textbook.

    Examples
    --------
    >>> num, den = level_instalment(Fraction(10100), [1] * 11, 100)
    >>> round(num / den, 2)
    888.49
    """
    count = len(factors)
    top, bottom = owed.numerator, owed.denominator
    if count == 0:
        return top, bottom
    step = factors[0]
    if factors.count(step) == count:
        if step == 0:
            return top, bottom * (count + 1)
        grown, base = (den + step) ** count, den**count
        return top * grown * step, bottom * (grown * (den + step) - base * den)
    product, series, power = 1, 1, 1
    for factor in factors:
        grow = den + factor
        power *= den
        product *= grow
        series = power + series * grow
    return top * product, bottom * series


def worth_of_payments(rate: Fraction, count: int, advance: int = 0) -> Fraction:
    """Return what `count` equal payments of 1 are worth at the start.

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
    >>> round(worth_of_payments(Fraction(1, 100), 12), 4)
    Fraction(112551, 10000)
    """
    later = count - advance
    if later == 0:
        return Fraction(advance)
    num, den = level_instalment(1 + rate, [rate.numerator] * (later - 1), rate.denominator)
    return advance + Fraction(den, num)
