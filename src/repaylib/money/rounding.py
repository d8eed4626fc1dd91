"""Correctly rounded quotients of integers.

All rounding in the library goes through :func:`round_ratio`: an exact numerator and
an exact denominator go in, one integer comes out, and no float is used.
"""

from __future__ import annotations

import operator
from decimal import (
    MAX_EMAX,
    MAX_PREC,
    MIN_EMIN,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from fractions import Fraction
from typing import NamedTuple, SupportsIndex, TypeVar, cast, get_args

from repaylib.typing import Rounding

__all__ = [
    "ZERO",
    "EXACT",
    "ROUNDINGS",
    "Bias",
    "as_integer",
    "bias_of",
    "context_of",
    "largest_error",
    "negated",
    "round_fraction",
    "round_ratio",
    "round_significant",
]

ZERO = Fraction(0)
ROUNDINGS: tuple[Rounding, ...] = get_args(Rounding)

Number = TypeVar("Number", bound=int | Decimal | Fraction)


def context_of(digits: int) -> Context:
    """Return a decimal context of `digits` digits, independent of the settings of the caller.

    The library computes with ``Decimal`` in such contexts only. An operator
    (``a + b``, ``-a``, ``abs(a)``) would use that of the caller, and set its flags.

    Examples
    --------
    >>> context_of(5).divide(2, 3)
    Decimal('0.66667')
    """
    return Context(
        prec=digits,
        rounding=ROUND_HALF_EVEN,
        Emin=MIN_EMIN,
        Emax=MAX_EMAX,
        capitals=1,
        clamp=0,
        flags=[],
        traps=[InvalidOperation, DivisionByZero, Overflow],
    )


#: Sums, differences, products and shifts in this context are exact.
EXACT = context_of(MAX_PREC)


def negated(number: Number) -> Number:
    """Return a number with the other sign, exactly.

    Examples
    --------
    >>> negated(Decimal("0.0099")), negated(-5)
    (Decimal('-0.0099'), 5)
    """
    return cast(Number, EXACT.minus(number) if isinstance(number, Decimal) else -number)


def round_ratio(num: int, den: int, rounding: Rounding) -> int:
    """Round the exact quotient ``num / den`` to a whole number.

    Parameters
    ----------
    num, den
        Integers; `den` is positive.
    rounding
        ``"half_up"``
            to the nearest, a tie away from zero: 0.5 gives 1, -0.5 gives -1.
        ``"half_even"``
            to the nearest, a tie to the even neighbour: 0.5 gives 0, 1.5 gives 2.
        ``"half_down"``
            to the nearest, a tie towards zero: 0.5 gives 0, 1.5 gives 1.
        ``"up"``
            away from zero: 0.1 gives 1, -0.1 gives -1.
        ``"down"``
            towards zero: 0.9 gives 0, -0.9 gives 0.
        ``"ceiling"``
            towards plus infinity: 0.1 gives 1, -0.9 gives 0.
        ``"floor"``
            towards minus infinity: 0.9 gives 0, -0.1 gives -1.

    Returns
    -------
    int
        The rounded quotient.

    Examples
    --------
    >>> [round_ratio(5, 10, word) for word in ROUNDINGS]
    [1, 0, 0, 1, 0, 1, 0]
    >>> round_ratio(-15, 10, "half_up"), round_ratio(-15, 10, "half_down")
    (-2, -1)
    """
    if num < 0:
        return -round_ratio(-num, den, _MIRROR.get(rounding, rounding))
    bias = bias_of(rounding)
    quotient, rest = divmod(bias.scale * num + bias.dens * den - bias.less, bias.scale * den)
    if bias.even and rest == 0:
        quotient -= quotient & 1
    return quotient


def round_fraction(value: Fraction, rounding: Rounding) -> int:
    """Round an exact fraction to a whole number; see :func:`round_ratio`."""
    return round_ratio(value.numerator, value.denominator, rounding)


def round_significant(value: Fraction, digits: int) -> Decimal:
    """Round an exact fraction to `digits` significant digits, a tie to the even neighbour.

    A value that has no more digits is returned as it is, without zeros after it.

    Examples
    --------
    >>> round_significant(Fraction(2, 3), 5), round_significant(Fraction(1875, 2), 28)
    (Decimal('0.66667'), Decimal('937.5'))
    """
    num, den = value.numerator, value.denominator
    if num == 0:
        return Decimal(0)
    places = digits + 1 - (abs(num).bit_length() - den.bit_length()) * 30103 // 100000
    whole = 10**digits
    while abs(whole) >= 10**digits:  # the first guess is a few places too many
        places -= 1
        top, bottom = (num * 10**places, den) if places >= 0 else (num, den * 10**-places)
        whole = round_ratio(top, bottom, "half_even")
    return _shortest(value) if whole * bottom == top else Decimal(f"{whole}E{-places}")


def _shortest(value: Fraction) -> Decimal:
    """Return a fraction that ends as a decimal, with the fewest digits after the point."""
    places, den = 0, value.denominator
    while 10**places % den:
        places += 1
    return Decimal(f"{value.numerator * 10**places // den}E-{places}")


def as_integer(value: object) -> int | None:
    """Return a whole number of any type as an ``int``, or ``None`` for any other value.

    Examples
    --------
    >>> as_integer(4), as_integer(4.0), as_integer(True)
    (4, None, None)
    """
    if type(value) is int:
        return value
    flag = isinstance(value, bool) or type(value).__name__ == "bool_"  # that of numpy 1
    if flag or not hasattr(value, "__index__"):
        return None
    try:
        return operator.index(cast(SupportsIndex, value))
    except TypeError:  # an array of several numbers has __index__, too
        return None


def largest_error(rounding: Rounding) -> Fraction:
    """Return the largest distance between a number and its rounding.

    Examples
    --------
    >>> largest_error("half_up"), largest_error("down")
    (Fraction(1, 2), Fraction(1, 1))
    """
    return Fraction(1, bias_of(rounding).scale)


class Bias(NamedTuple):
    """A rounding of ``n/d``, n not negative, as one floor division.

    The result is ``(scale*n + dens*d - less) // (scale*d)``; with `even`, an exact
    division there was a tie, and an odd result is lowered by one.
    """

    scale: int
    dens: int
    less: int
    even: bool


def bias_of(rounding: Rounding) -> Bias:
    """Return `rounding` of a value that is not negative as constants of one division.

    Examples
    --------
    >>> bias_of("half_up")
    Bias(scale=2, dens=1, less=0, even=False)
    """
    return _BIAS[rounding]


_BIAS: dict[Rounding, Bias] = {
    "half_up": Bias(2, 1, 0, False),
    "half_even": Bias(2, 1, 0, True),
    "half_down": Bias(2, 1, 1, False),
    "up": Bias(1, 1, 1, False),
    "ceiling": Bias(1, 1, 1, False),
    "down": Bias(1, 0, 0, False),
    "floor": Bias(1, 0, 0, False),
}
_MIRROR: dict[Rounding, Rounding] = {"ceiling": "down", "floor": "up"}
