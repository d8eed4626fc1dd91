"""How much of a year a stretch of a loan's life is: its dates under its day count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from repaylib.daycount import YEARS, DayCount, OddDays, year_share
from repaylib.timetable import Timetable

__all__ = ["Accrual"]


@dataclass(frozen=True, slots=True)
class Accrual:
    """A timetable read under a day count."""

    timetable: Timetable
    day_count: DayCount
    odd_days: OddDays

    def share(self, start: date, end: date) -> Fraction:
        """Return the share of a year from `start` to `end`."""
        table = self.timetable
        cells = table.cells(start, end) if self.day_count == "periodic" else ()
        num, den = year_share(start, end, self.day_count, self.odd_days, cells, table.months)
        return Fraction(num, den)

    def shares(self, low: int, high: int) -> tuple[list[int], int]:
        """Return the year shares of whole periods `low` to `high`, over one denominator.

        Both ends are included. The first period of a timetable may be of odd length, so
        `low` must lie after it unless that period is regular.
        """
        table = self.timetable
        if self.day_count == "periodic":
            return [table.months] * (high - low + 1), 12
        days = np.diff(table.dues(low - 1, high)).astype(np.int64)
        return days.tolist(), YEARS[self.day_count]

    def regular_from(self) -> int:
        """Return the first period from which every period is a whole regular one."""
        table = self.timetable
        if self.day_count != "periodic":
            return table.before + 1
        start_cell = next(iter(table.cells(table.start, table.first)))
        whole = start_cell == (table.start, table.first)
        return table.before + (1 if whole else 2)
