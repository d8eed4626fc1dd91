"""Which share of a year has passed from one day to another, of many lanes at once.

It is the count of :class:`repaylib.arrears.penalties.ArrearsRates`, and of a part of a period: whole numbers over one
denominator, so that the parts of a period add up to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Protocol

import numpy as np

from repaylib.dates.accrual import Accrual
from repaylib.dates.day_count import BY_BUSINESS_DAY, BY_DAY, BY_PERIOD, denominator, numerators
from repaylib.portfolio.vectorised.due_dates import EPOCH
from repaylib.typing import DayCount, Ints, OddDays

__all__ = ["Elapsed", "elapsed_of"]

#: A common denominator of the days of all periods above this leaves too little room for money.
DENOMINATOR_LIMIT = 2**40
#: Days of all timetables of which it is kept in which period they are.
LOOKED_UP = 2**23


class Elapsed(Protocol):
    """Shares of a year as whole numbers over `den`."""

    den: int

    def __call__(self, timetable_of: Ints, start: Ints, end: Ints) -> Ints:
        """Return the numerators from day to day, on the timetables that are given by line."""


class _ByDay:
    """A fixed share of a year for each day."""

    def __init__(self, day_count: str) -> None:
        self.each, self.den = BY_DAY[day_count]

    def __call__(self, timetable_of: Ints, start: Ints, end: Ints) -> Ints:
        return (end - start) * self.each


class _ByRule:
    """A rule that looks at both days."""

    def __init__(self, accrual: Accrual, day_count: DayCount) -> None:
        self.accrual, self.day_count = accrual, day_count
        self.den = denominator(day_count)
        self.shift = 1 if accrual.counted_days == "last" else 0

    def __call__(self, timetable_of: Ints, start: Ints, end: Ints) -> Ints:
        low, high = ((days + self.shift).astype("datetime64[D]") for days in (start, end))
        found = numerators(low, high, self.day_count, self.accrual.calendar)
        return np.where(end > start, found, 0)


class _ByPeriod:
    """Regular periods, whole ones and parts of them."""

    def __init__(self, edges: Ints, period_length: Fraction, odd: OddDays) -> None:
        lengths = np.diff(edges, axis=1)
        self.first = int(edges.min())
        self.span = int(edges.max()) - self.first + 1
        lines = np.arange(len(edges))[:, None] * self.span
        self.keys = (edges - self.first + lines).ravel()
        self.flat = edges.ravel()
        self.cells: Ints | None = None
        if len(edges) * self.span < LOOKED_UP:
            self.cells = np.searchsorted(self.keys, np.arange(len(edges) * self.span), "right") - 1
        self.odd = odd
        if odd == "pro_rata":
            self.common = lcm(*np.unique(lengths).tolist())
            self.period_numerator, self.den = (
                period_length.numerator,
                period_length.denominator * self.common,
            )
        else:
            year = denominator(odd)
            self.den = lcm(period_length.denominator, year)
            self.period_numerator = period_length.numerator * (
                self.den // period_length.denominator
            )
            self.day = self.den // year

    def __call__(self, timetable_of: Ints, start: Ints, end: Ints) -> Ints:
        begun, ended = self._cell(timetable_of, start), self._cell(timetable_of, end)
        low, high = start - self.flat[begun], end - self.flat[ended]
        lengths = self.flat[begun + 1] - self.flat[begun], self.flat[ended + 1] - self.flat[ended]
        cells = ended - begun
        if self.odd == "pro_rata":
            parts = high * (self.common // lengths[1]) - low * (self.common // lengths[0])
            shares: Ints = self.period_numerator * (cells * self.common + parts)
            return shares
        whole = np.maximum(0, cells - (low > 0))
        before = np.where((cells > 0) & (low > 0), lengths[0] - low, 0)
        days = np.where(cells > 0, before + high, high - low)
        found: Ints = whole * self.period_numerator + days * self.day
        return found

    def _cell(self, timetable_of: Ints, day: Ints) -> Ints:
        """Return the place of the regular period that a day is in."""
        key = day - self.first + timetable_of * self.span
        at: Ints
        at = np.searchsorted(self.keys, key, "right") - 1 if self.cells is None else self.cells[key]
        return at


def elapsed_of(
    accruals: Sequence[Accrual], day_count: DayCount | None, last: int
) -> Elapsed | None:
    """Return how shares of a year are counted up to day `last`; ``None`` if lanes do not take it.

    Parameters
    ----------
    accruals
        Timetables, all under one day count.
    day_count
        Another day count, if not theirs.
    last
        The last day needed, counted from 1970.
    """
    first = accruals[0]
    own = day_count or first.day_count
    if first.counted_days == "both":  # the day of disbursement is another on each line
        return None
    if own in BY_DAY:
        return _ByDay(own)
    if own not in BY_PERIOD:
        if own in BY_BUSINESS_DAY and first.calendar is None:
            return None
        return _ByRule(first, own)
    tables = [accrual.timetable for accrual in accruals]
    if any(
        table.share is None or table.tail is not None or table.moves_interest for table in tables
    ):
        return None
    if any(table.share != tables[0].share for table in tables):
        return None
    edges = _edges(accruals, last)
    if (edges[:, 1:] <= edges[:, :-1]).any():
        return None
    odd = first.odd_days if own == "periodic" else "pro_rata"
    found = _ByPeriod(edges, tables[0].period_length, odd)
    return found if found.den < DENOMINATOR_LIMIT else None


def _edges(accruals: Sequence[Accrual], last: int) -> Ints:
    """Return the regular due dates around the terms of loans, up to the first after `last`."""
    tables = [accrual.timetable for accrual in accruals]
    low = min(table.grid.after(table.start) for table in tables) - 1
    end = date.fromordinal(last + EPOCH)
    high = max(table.grid.after(max(end, table.start)) for table in tables) + 1
    return np.array([table.grid.dates_at(low, high).astype(np.int64) for table in tables])
