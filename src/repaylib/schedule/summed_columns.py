"""The columns of several schedules, added up by day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from repaylib.schedule.rows import Columns
from repaylib.schedule.schedule import Schedule

__all__ = ["SummedColumns", "lent_by"]

LEVELS = ("closing", "deferred")
#: Where the principal of a loan that starts after the first one stands, and its sign.
LENT_LATER = {"advanced": 1, "received": 1, "net": -1}


class SummedColumns(Columns):
    """The columns of several schedules, added up by day.

    A loan that starts after the first one is an advance on its day.
    """

    __slots__ = ("_days", "_due_days", "_schedules")

    def __init__(self, schedules: Sequence[Schedule]) -> None:
        self._schedules = schedules
        days = {day for plan in schedules for day in plan.columns["date"].tolist()}
        days |= {plan.loan.start for plan in schedules if self._starts_later(plan)}
        self._days: list[date] = sorted(days)
        self._due_days: set[date] = {
            day
            for plan in schedules
            for day in plan.columns["date"][plan.columns["number"] > 0].tolist()
        }
        self._keep((0,) * len(self._days))

    @property
    def principal(self) -> int:
        """What is lent on the first day, in minor units."""
        return sum(lent_by(plan) for plan in self._schedules if not self._starts_later(plan))

    def _starts_later(self, plan: Schedule) -> bool:
        return plan.loan.start > min(each.loan.start for each in self._schedules)

    def total(self, name: str) -> int:
        """Return the sum of a column of amounts, in minor units."""
        return sum(self.whole(name))

    def _dates(self) -> npt.NDArray[np.datetime64]:
        return np.array(self._days, "datetime64[D]")

    def _made(self, name: str) -> tuple[int, ...]:
        if name == "number":
            here = [day in self._due_days for day in self._days]
            counts = accumulate(here)
            return tuple(number * due for number, due in zip(counts, here, strict=True))
        if name == "opening":
            return (self.principal, *self.whole("closing")[:-1])
        columns = [self._part(plan, name) for plan in self._schedules]
        return tuple(map(sum, zip(*columns, strict=True)))

    def _part(self, plan: Schedule, name: str) -> list[int]:
        """Return a column of one of the schedules by the days of all."""
        days: list[date] = plan.columns["date"].tolist()
        amounts = plan.columns.whole(name)
        if name in LEVELS:
            before = lent_by(plan) if name == "closing" else 0
            return [
                amounts[row - 1]
                if (row := bisect_right(days, day))
                else before * (day >= plan.loan.start)
                for day in self._days
            ]
        sums: dict[date, int] = {}
        for day, amount in zip(days, amounts, strict=True):
            sums[day] = sums.get(day, 0) + amount
        if name in LENT_LATER and self._starts_later(plan):
            sums[plan.loan.start] = sums.get(plan.loan.start, 0) + LENT_LATER[name] * lent_by(plan)
        return [sums.get(day, 0) for day in self._days]

    def payments(self, plan: Schedule) -> list[int]:
        """Return the payments of one of the schedules, by the days of all."""
        return self._part(plan, "payment")

    def __reduce__(self) -> tuple[object, ...]:
        return SummedColumns, (self._schedules,)


def lent_by(plan: Schedule) -> int:
    """Return what a schedule starts with, in minor units."""
    return plan.columns.whole("opening")[0]
