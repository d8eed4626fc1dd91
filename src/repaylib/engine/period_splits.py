"""Where a period is split, so that the split can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from repaylib.dates.accrual import Accrual
from repaylib.engine.deferred_amounts import DeferredAmount

__all__ = ["DeferredBase", "Split"]

#: A deferred amount, its base, its own rate, and what it had accrued before.
DeferredBase = tuple[DeferredAmount, int, Fraction | None, Fraction]


class Split(NamedTuple):
    """Where a period was split: the segment that then ended, and the state at its beginning.

    Attributes
    ----------
    accrued_to, accrued, waived, notes
        The state before the interest of the segment: the day, the two sums, and how many notes.
    accrual
        The day count and due dates of the segment.
    terms
        The base of interest, the rate, and whether the interest was waived.
    deferred_amounts
        The deferred amounts that accrue interest: base, rate, and what had accrued before.
    """

    accrued_to: date
    accrued: Fraction
    waived: Fraction
    notes: int
    accrual: Accrual
    terms: tuple[int, Fraction, bool]
    deferred_amounts: tuple[DeferredBase, ...]

    def holds(
        self,
        accrual: Accrual,
        terms: tuple[int, Fraction, bool],
        deferred_amounts: Sequence[DeferredAmount],
    ) -> bool:
        """Whether nothing that interest depends on has changed since the segment began."""
        if self.accrual is not accrual or self.terms != terms:
            return False
        bearing = [deferred for deferred in deferred_amounts if deferred.base]
        return len(bearing) == len(self.deferred_amounts) and all(
            deferred is before and (deferred.base, deferred.rate) == (base, rate)
            for deferred, (before, base, rate, _) in zip(
                bearing, self.deferred_amounts, strict=True
            )
        )

    def among(self, own: Mapping[int, DeferredAmount]) -> Split:
        """Return the same split for a copy of the state, which has deferred amounts of its own."""
        if not self.deferred_amounts:
            return self
        return self._replace(
            deferred_amounts=tuple(
                (own.get(id(deferred), deferred), base, rate, accrued)
                for deferred, base, rate, accrued in self.deferred_amounts
            )
        )
