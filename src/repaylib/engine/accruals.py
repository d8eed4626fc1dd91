"""The interest accrued by the end of a day: what would be posted if the loan ended its period then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from repaylib.changes.day_order import Turn
from repaylib.engine.fold import Fold
from repaylib.engine.program import Program
from repaylib.engine.stepwise import StepwiseFold

__all__ = ["Unposted", "unposted_on"]


class Unposted(NamedTuple):
    """Interest that has accrued and is not yet posted, rounded as on posting; minor units.

    Attributes
    ----------
    accrued
        All of it.
    waived
        The part that is waived, or is above a cap on costs.
    """

    accrued: int
    waived: int


def unposted_on(program: Program, days: Iterable[date]) -> Iterator[Unposted]:
    """Yield the interest accrued and not yet posted at the end of each of some days, in order.

    Interest runs to the day; it is rounded as an early settlement on the day would round it.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> [each.accrued for each in unposted_on(plan.program, [date(2024, 1, 31), date(2024, 2, 10)])]
    [6774, 0]
    """
    stepwise = StepwiseFold(program)
    for day in days:
        stepwise.run_to(day, Turn.RESET)
        yield _unposted(stepwise.fold, day)


def _unposted(fold: Fold, day: date) -> Unposted:
    if fold.ended:
        return Unposted(0, 0)
    other = fold.duplicate()
    entry = other.open_day(day)
    accrued, waived = entry.accrued, entry.sparse.get("waived", 0)
    other.post(day)
    return Unposted(entry.accrued - accrued, entry.sparse.get("waived", 0) - waived)
