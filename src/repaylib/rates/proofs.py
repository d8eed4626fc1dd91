"""A number rounded to digits that are all proved, by the sign of what is left over beside it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from repaylib.money.rounding import context_of, significant

__all__ = ["proved", "with_digits"]

NEAR_ZERO = Decimal("1E-6")
WIDENINGS = 60  # how often an interval around an estimate is made ten times as wide

Sign = Callable[[Fraction], int]


def proved(estimate: float | Fraction, sign: Sign, digits: int) -> Decimal:
    """Return the zero next to an estimate, correctly rounded to `digits` significant digits.

    A zero that needs fewer digits is returned with as many as it needs.

    Parameters
    ----------
    sign
        The certain sign of a function that changes it at the zero and nowhere else near.

    Raises
    ------
    ArithmeticError
        If the sign does not change near the estimate.

    Notes
    -----
    Two numbers of `digits` digits meet half-way between them. The zero is bisected at such
    half-way points only, until there is none left on one side of which it may lie; so it is decided
    however near to one it is.

    Examples
    --------
    >>> proved(1.41, lambda x: (x * x > 2) - (x * x < 2), 12)
    Decimal('1.41421356237')
    """
    near = significant(Fraction(estimate), digits)
    if near.copy_abs() < NEAR_ZERO and sign(Fraction(0)) == 0:
        return Decimal(0)
    low, high = _edges(near, digits)
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
            return significant(end, digits)
    return _between(low, high, below, sign, digits)


def _between(low: Fraction, high: Fraction, below: int, sign: Sign, digits: int) -> Decimal:
    """Return the only zero between two numbers, at the first of which the sign is `below`."""
    if low < 0 < high:
        found = sign(Fraction(0))
        if found == 0:
            return Decimal(0)
        low, high = (Fraction(0), high) if found == below else (low, Fraction(0))
    while True:
        near = significant((low + high) / 2, digits)
        cut = next((edge for edge in _edges(near, digits) if low < edge < high), None)
        if cut is None:
            break
        found = sign(cut)
        if found == 0:
            return significant(cut, digits)
        low, high = (cut, high) if found == below else (low, cut)
    if low < Fraction(near) < high and sign(Fraction(near)) == 0:
        return significant(Fraction(near), digits)
    return with_digits(near, digits)


def _edges(near: Decimal, digits: int) -> tuple[Fraction, Fraction]:
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
