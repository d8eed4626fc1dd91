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

    def share_of(self, k: int, start: date, end: date) -> Fraction:
        """Return :meth:`share` of a span inside period `k`, quickly if it is the whole of it."""
        table = self.timetable
        if (
            self.day_count == "periodic"
            and k >= self.regular_from
            and start == table.due(k - 1)
            and end == table.due(k)
        ):
            return Fraction(table.months, 12)
        return self.share(start, end)

    def factors(self, low: int, high: int, rate: Fraction, scale: int = 1) -> tuple[list[int], int]:
        """Return the interest factors of whole periods `low` to `high`, over one denominator.

        Parameters
        ----------
        low, high
            Numbers of the first and last period, both included; none of odd length under
            ``"periodic"``.
        rate
            Nominal rate per year.
        scale
            Whole number to multiply the numerators with, but not the denominator.
        """
        table = self.timetable
        top, bottom = rate.numerator * scale, rate.denominator
        if self.day_count == "periodic":
            return [table.months * top] * (high - low + 1), 12 * bottom
        days = np.diff(table.dues(low - 1, high)).astype(np.int64)
        return [each * top for each in days.tolist()], YEARS[self.day_count] * bottom

    @property
    def regular_from(self) -> int:
        """Number of the first period from which every period is a whole regular one."""
        table = self.timetable
        odd = self.day_count == "periodic" and table.edge(-1) != table.start
        return table.before + (2 if odd else 1)
