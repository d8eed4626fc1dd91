"""The fast path: many regular periods in which only interest and instalments are paid.

It is the step of :mod:`repaylib.engine.fold` without everything that is zero, for speed; a test
proves the two equal. It ends before any due date that needs the full step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from operator import add, sub

import numpy as np

from repaylib.money.rounding import bias_of
from repaylib.typing import AnyInts, Method, Rounding

__all__ = ["RegularPeriods", "integers", "regular_periods"]

#: Above this, sums of a few columns could leave ``int64``.
INT64_AMOUNT_LIMIT = 2**60


@dataclass(frozen=True)
class RegularPeriods:
    """Consecutive due dates that each paid their own interest and some principal.

    Attributes
    ----------
    first
        Number of the first due date.
    opening
        Minor units owed before it.
    closings
        Minor units owed after each due date.
    interests
        Interest paid on each due date; or, where payments are level, the payment.
    """

    first: int
    opening: int
    closings: list[int]
    interests: list[int] | int

    def column(self, name: str) -> Sequence[int]:
        """Return a column that every day has."""
        match name:
            case "closing":
                return self.closings
            case "principal":
                return self._principals
            case "interest" | "accrued":
                return self._interests
            case "payment" if isinstance(self.interests, int):
                return [self.interests] * len(self)
            case "payment":
                return list(map(add, self._interests, self._principals))
            case _:
                return range(self.first, self.first + len(self))

    def total(self, name: str) -> int:
        """Return the sum of a column of amounts; one that not every day has is zero."""
        principal = self.opening - self.closings[-1]
        match name:
            case "principal":
                return principal
            case "interest" | "accrued" if isinstance(self.interests, int):
                return self.interests * len(self) - principal
            case "interest" | "accrued" | "payment" | "closing":
                return sum(self.column(name))
            case _:
                return 0

    @cached_property
    def _principals(self) -> Sequence[int]:
        """Principal paid on each due date."""
        return list(map(sub, (self.opening, *self.closings[:-1]), self.closings))

    @cached_property
    def _interests(self) -> Sequence[int]:
        """Interest paid on each due date."""
        if isinstance(self.interests, list):
            return self.interests
        return list(map(sub, repeat(self.interests), self._principals))

    def __len__(self) -> int:
        return len(self.closings)


def integers(values: Sequence[int]) -> AnyInts:
    """Return whole numbers as an ``int64`` array, or one of Python integers if they are too large."""
    small = (
        max(values, default=0) < INT64_AMOUNT_LIMIT and min(values, default=0) > -INT64_AMOUNT_LIMIT
    )
    return np.array(values, dtype=np.int64 if small else object)


def regular_periods(
    first: int,
    balance: int,
    amount: int,
    method: Method,
    factors: Sequence[int],
    den: int,
    rounding: Rounding,
) -> RegularPeriods:
    """Process the regular periods from the first on.

    Parameters
    ----------
    first
        Number of the due date that closes the first period.
    balance, amount
        Minor units: the balance at the start, and the instalment (``"level"``) or its part
        of principal (``"equal_principal"``).
    factors, den
        Interest factor of each period over one denominator, both times the scale of the
        rounding; see :class:`~repaylib.money.rounding.Bias`.

    Returns
    -------
    RegularPeriods
        It ends before a payment that would fall short of the interest or repay the balance.
    """
    bias = bias_of(rounding)
    more = bias.dens * den // bias.scale - bias.less
    interests: list[int] | int
    if method == "level":
        owed, interests = balance, amount
        # Each line rounds the interest of one period by one floor division; see `Bias`.
        if bias.even:
            closings = [
                owed := owed - amount + _halved(owed * factor + more, den) for factor in factors
            ]
        else:
            closings = [owed := owed + (owed * factor + more) // den - amount for factor in factors]
    else:
        part = amount if method == "equal_principal" else 0
        closings = [balance - part * count for count in range(1, len(factors) + 1)]
        rounded = _halved if bias.even else int.__floordiv__
        interests = [
            rounded((owed + part) * factor + more, den)
            for owed, factor in zip(closings, factors, strict=True)
        ]
    count_regular = _regular_count(balance, closings)
    if count_regular < len(closings):
        closings = closings[:count_regular]
        interests = interests if isinstance(interests, int) else interests[:count_regular]
    return RegularPeriods(first, balance, closings, interests)


def _regular_count(balance: int, closings: list[int]) -> int:
    """Return the number of first balances that never rise and stay above zero."""
    falling = not closings or (closings[0] <= balance and closings[-1] > 0)
    if not (falling and sorted(closings, reverse=True) == closings):
        for count, owed in enumerate(closings):
            if not 0 < owed <= balance:
                return count
            balance = owed
    return len(closings)


def _halved(above: int, den: int) -> int:
    """Divide so that an exact division, which is a tie, ends on an even number."""
    quotient = above // den
    return quotient - (quotient & 1) if quotient * den == above else quotient
