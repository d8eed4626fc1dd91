"""Where a period is split, so that the split can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from repaylib.dates.accrual import Accrual
from repaylib.engine.deferred_amounts import Aside

__all__ = ["Split"]


class Split(NamedTuple):
    """Where a period was split: the stretch that then ended, and the state at its beginning.

    Attributes
    ----------
    mark, accrued, waived, notes
        The state before the interest of the stretch: the day, the two sums, and how many notes.
    accrual
        What the share of the stretch was counted by.
    terms
        What interest was on, the rate, and whether it was waived.
    asides
        The same for what was set aside and bears interest, with what it had accrued before.
    """

    accrued_to: date
    accrued: Fraction
    waived: Fraction
    notes: int
    accrual: Accrual
    terms: tuple[int, Fraction, bool]
    asides: tuple[tuple[Aside, int, Fraction | None, Fraction], ...]

    def among(self, own: Mapping[int, Aside]) -> Split:
        """Return the same split of a state that has others in the place of amounts set aside."""
        if not self.asides:
            return self
        asides = tuple(
            (own.get(id(a), a), base, rate, accrued) for a, base, rate, accrued in self.asides
        )
        return self._replace(asides=asides)
