"""The short way through a plain stretch: many due dates on which nothing happens but the rule.

It is the step of :mod:`repaylib.engine` with everything that is nil left out, for speed; a
test holds the two equal. It ends before any due date that needs more thought.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from repaylib.exact import Rounding, bias_of
from repaylib.loan import Method

__all__ = ["Stretch", "integers", "plain_stretch"]

#: Above this, sums of a few columns could leave ``int64``.
LARGEST = 2**60

Integers = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive due dates that each paid their own interest and some principal.

    Attributes
    ----------
    first
        Number of the first due date.
    interest, principal, closing
        Minor units by due date, as arrays: paid of each, and the balance left.
    """

    first: int
    interest: Integers
    principal: Integers
    closing: Integers

    def __len__(self) -> int:
        return len(self.closing)


def integers(values: Sequence[int]) -> Integers:
    """Return whole numbers as an ``int64`` array, or one of Python integers if they are too large."""
    try:
        array = np.array(values, dtype=np.int64)
    except OverflowError:
        return np.array(values, dtype=object)
    return array if not len(array) or array.max() < LARGEST else array.astype(object)


def plain_stretch(
    first: int,
    balance: int,
    amount: int,
    method: Method,
    factors: Sequence[int],
    den: int,
    rounding: Rounding,
) -> Stretch:
    """Live through as many periods as are plain.

    Parameters
    ----------
    first
        Number of the due date that closes the first period.
    balance, amount
        Minor units: what is owed at the start, and the instalment (``"level"``) or its part
        of principal (``"equal_principal"``).
    factors, den
        Interest factor of each period over one denominator, both times the scale of the
        rounding; see :class:`~repaylib.exact.Bias`.

    Returns
    -------
    Stretch
        It ends before a payment that would fall short of the interest or repay the balance.
    """
    bias = bias_of(rounding)
    more = bias.dens * den // bias.scale - bias.less
    if method == "level":
        owed = balance
        # Each line rounds the interest of one period by one floor division; see `Bias`.
        if bias.even:
            closings = [
                owed := owed - amount + _halved(owed * factor + more, den) for factor in factors
            ]
        else:
            closings = [owed := owed + (owed * factor + more) // den - amount for factor in factors]
        closing = integers(closings)
        principal = integers([balance, *closings[:-1]]) - closing
        interest = amount - principal
    else:
        part = amount if method == "equal_principal" else 0
        opening = [balance - part * count for count in range(len(factors))]
        rounded = _halved if bias.even else int.__floordiv__
        interest = integers(
            [
                rounded(owed * factor + more, den)
                for owed, factor in zip(opening, factors, strict=True)
            ]
        )
        principal = integers([part] * len(factors))
        closing = integers(opening) - part
    plain = (principal >= 0) & (closing > 0)
    if not plain.all():
        count = int(np.argmin(plain))
        interest, principal, closing = interest[:count], principal[:count], closing[:count]
    return Stretch(first, interest, principal, closing)


def _halved(above: int, den: int) -> int:
    """Divide so that an exact division, which is a tie, ends on an even number."""
    quotient = above // den
    return quotient - (quotient & 1) if quotient * den == above else quotient
