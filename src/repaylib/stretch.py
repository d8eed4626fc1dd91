"""The short way through a plain stretch: many due dates on which nothing happens but the rule.

It is the step of :mod:`repaylib.engine` with everything that is nil left out, for speed; a
test holds the two equal. It stops before any due date that needs more thought.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from repaylib.exact import Rounding, bias_of
from repaylib.loan import Method

__all__ = ["plain_stretch"]


def plain_stretch(
    balance: int,
    amount: int,
    method: Method,
    rate: Fraction,
    shares: Iterable[int],
    den: int,
    rounding: Rounding,
) -> tuple[list[int], list[int]]:
    """Return the interest paid and the balance left, for as many periods as are plain.

    Parameters
    ----------
    balance, amount
        Minor units: what is owed at the start, and the instalment (``"level"``) or its part
        of principal (``"equal_principal"``).
    rate
        Nominal rate per year.
    shares, den
        Year share of each period, over one denominator.

    Returns
    -------
    tuple of list of int
        Interest and closing balance by period. The lists end before a payment that would
        fall short of the interest or repay the balance.
    """
    bias = bias_of(rounding)
    den *= rate.denominator
    more = bias.dens * den - bias.less
    den *= bias.scale
    scale = rate.numerator * bias.scale
    interests: list[int] = []
    closings: list[int] = []
    level = method == "level"
    fixed = amount if method == "equal_principal" else 0
    for share in shares:
        above = balance * share * scale + more
        interest = above // den
        if bias.even and above == interest * den:
            interest -= interest & 1
        principal = amount - interest if level else fixed
        if principal < 0 or principal >= balance:
            break
        balance -= principal
        interests.append(interest)
        closings.append(balance)
    return interests, closings
