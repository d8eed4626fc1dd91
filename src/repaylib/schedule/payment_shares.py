"""One payment dealt out among several schedules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from repaylib.money.shares import prorated, sequential
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.summed_columns import lent_by

__all__ = ["dealt_out", "owed_after", "paid_on"]


def dealt_out(
    paid: int,
    due: Sequence[int],
    left: Sequence[int],
    order: Sequence[int] | None = None,
    *,
    by_balance: bool = False,
) -> list[int]:
    """Share an amount among schedules, of which each has something due and something left besides.

    What is due comes first, and then what is left: each in proportion or, if there is an order, one
    after the other. By balance, both count as one.

    Examples
    --------
    >>> dealt_out(100, [60, 90], [500, 100]), dealt_out(100, [60, 90], [500, 100], [1, 0])
    ([40, 60], [10, 90])
    >>> dealt_out(180, [60, 90], [500, 100]), dealt_out(150, [60, 90], [500, 100], by_balance=True)
    ([85, 95], [112, 38])
    """
    if by_balance:
        return _shared(paid, [one + other for one, other in zip(due, left, strict=True)], None)
    first = _shared(paid, due, order)
    rest = _shared(paid - sum(first), left, order)
    return [one + other for one, other in zip(first, rest, strict=True)]


def _shared(amount: int, owed: Sequence[int], order: Sequence[int] | None) -> list[int]:
    """Share an amount in proportion to what is owed, or in an order; at most what is owed."""
    none = [0] * len(owed)
    if order is None:
        return prorated(amount, owed, none, owed)
    return sequential(amount, order, none, owed)


def paid_on(plan: Schedule, day: date) -> int:
    """Return what is paid on a schedule on a day, in minor units."""
    there = plan.columns["date"] == np.datetime64(day, "D")
    paid: list[int] = plan.columns["out_of_pocket"][there].tolist()
    return max(0, sum(paid))


def owed_after(plan: Schedule, day: date) -> int:
    """Return what is owed on a schedule after a day, in minor units, without interest accrued since."""
    if day < plan.loan.start:
        return 0
    row = int(np.searchsorted(plan.columns["date"], np.datetime64(day, "D"), "right"))
    if not row:
        return lent_by(plan)
    return int(plan.columns["closing"][row - 1] + plan.columns["deferred"][row - 1])
