"""A number given with digits that are all proved, by the sign of what is left over beside it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction

from repaylib.exact import significant

__all__ = ["proved"]

WIDER = 40


def proved(estimate: float, sign: Callable[[Fraction], int], digits: int) -> Decimal:
    """Return the zero next to an estimate, correctly rounded to `digits` significant digits.

    Parameters
    ----------
    sign
        The certain sign of a function that changes it at the zero and nowhere else near.

    Raises
    ------
    ArithmeticError
        If the sign does not change near the estimate.

    Examples
    --------
    >>> proved(1.41, lambda x: (x * x > 2) - (x * x < 2), 12)
    Decimal('1.41421356237')
    """
    if sign(Fraction(0)) == 0 and abs(estimate) < 1e-6:
        return Decimal(0)
    near = significant(Fraction(estimate), digits)
    for _ in range(3):
        if sign(Fraction(near)) == 0:
            return significant(Fraction(near), digits)
        half = Decimal(f"5E{near.adjusted() - digits}")
        inward = half / 10 if near.scaleb(-near.adjusted()).copy_abs() == 1 else half
        wide = Context(prec=digits + 20, Emax=MAX_EMAX, Emin=MIN_EMIN)
        below, above = (inward, half) if near > 0 else (half, inward)
        edges = [Fraction(wide.subtract(near, below)), Fraction(wide.add(near, above))]
        signs = [sign(edge) for edge in edges]
        if 0 in signs:
            return significant(edges[signs.index(0)], digits)
        if signs[0] != signs[1]:
            return wide.quantize(near, Decimal(f"1E{near.adjusted() - digits + 1}"))
        near = significant(_bisected(Fraction(near), Fraction(half), sign, digits), digits)
    raise ArithmeticError(f"no sign changes near {estimate}")


def _bisected(
    middle: Fraction, half: Fraction, sign: Callable[[Fraction], int], digits: int
) -> Fraction:
    for _ in range(WIDER):
        half *= 10
        low, high = middle - half, middle + half
        below, above = sign(low), sign(high)
        if below * above <= 0:
            break
    else:
        raise ArithmeticError(f"no sign changes near {float(middle)}")
    if below == 0 or above == 0:
        return low if below == 0 else high
    context = Context(prec=digits + 6, Emax=MAX_EMAX, Emin=MIN_EMIN)
    while high - low > (abs(low) + abs(high)) / 10 ** (digits + 3):
        middle = (low + high) / 2
        middle = Fraction(context.divide(Decimal(middle.numerator), middle.denominator))
        if not low < middle < high:
            break
        found = sign(middle)
        if found == 0:
            return middle
        low, high = (middle, high) if found == below else (low, middle)
    return (low + high) / 2
