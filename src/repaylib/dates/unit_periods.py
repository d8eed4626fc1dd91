"""Unit-periods of Regulation Z, and the whole months between two days as the laws on credit count them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NamedTuple

from repaylib.dates.months import day_in, is_month_end, month_of

__all__ = ["Unit", "months_back", "months_before", "months_between", "months_on", "unit_of"]


class Unit(NamedTuple):
    """A unit-period: so many months, half months, weeks or days.

    Attributes
    ----------
    times, kind
        2 and ``"week"`` are a fortnight.
    """

    times: int
    kind: Literal["month", "half month", "week", "day"]

    @property
    def per_year(self) -> Fraction:
        """How many there are in a year."""
        return Fraction(_PER_YEAR[self.kind], self.times)

    @property
    def length(self) -> int:
        """Days, months of 30."""
        return self.times * {"month": 30, "half month": 15, "week": 7, "day": 1}[self.kind]

    def elapsed(self, start: date, end: date, *, on: bool = False) -> tuple[int, Fraction]:
        """Return the whole unit-periods from `start` to `end`, counted back, and the part left.

        Months may be counted `on` from `start` instead.

        Left over of months are days over 30, of several months (or of a half) whole months of 30
        days and days, of weeks days, and of years whole months over 12 or else days over 365.

        Examples
        --------
        >>> Unit(1, "month").elapsed(date(1978, 2, 10), date(1978, 4, 1))
        (1, Fraction(19, 30))
        """
        if self.kind in ("week", "day"):
            whole, rest = divmod((end - start).days, self.length)
            return whole, Fraction(rest, self.length)
        if on and self.kind == "month":
            months = months_on(start, end)
            whole, over = divmod(months, self.times)
            days = (end - day_in(month_of(start) + months, start.day)).days
            return whole, Fraction(30 * over + days, self.length)
        months, left = months_back(start, end)
        days = (left - start).days
        if self.kind == "month" and self.times == 1:
            return months, Fraction(days, 30)
        if self.kind == "month" and self.times == 12:
            years, over = divmod(months, 12)
            if days == 0:
                return years, Fraction(over, 12)
            return years, Fraction((months_before(end, 12 * years) - start).days, 365)
        whole, rest = divmod(30 * months + days, self.length)
        return whole, Fraction(rest, self.length)

    def __str__(self) -> str:
        names = {(12, "month"): "year", (1, "half month"): "half month"}
        if name := names.get((self.times, self.kind)):
            return name
        return self.kind if self.times == 1 else f"{self.times} {self.kind}s"


_PER_YEAR = {"month": 12, "half month": 24, "week": 52, "day": 365}


def months_before(day: date, months: int) -> date:
    """Return the day so many months earlier; the last of a month stays a last."""
    return day_in(month_of(day) - months, 31 if is_month_end(day) else day.day)


def _half_before(day: date) -> date:
    """Return the day half a month earlier: the 16th before the 1st, the 1st before the 16th."""
    if is_month_end(day):
        return day_in(month_of(day), 15)
    if day.day > 15:
        return day_in(month_of(day), day.day - 15)
    return day_in(month_of(day) - 1, day.day + 15)


def months_between(start: date, end: date) -> int | None:
    """Return the number of months between two days, if it is whole.

    A day that a month has not is its last.
    """
    months = month_of(end) - month_of(start)
    if day_in(month_of(start) + months, start.day) == end or months_before(end, months) == start:
        return months
    return months if day_in(month_of(end) - months, end.day) == start else None


def months_back(start: date, end: date) -> tuple[int, date]:
    """Return the whole months from `start` to `end`, counted back, and the day they reach."""
    if (whole := months_between(start, end)) is not None:
        return whole, start
    months = month_of(end) - month_of(start)
    if months_before(end, months) < start:
        months -= 1
    return months, months_before(end, months)


def months_on(start: date, end: date) -> int:
    """Return the whole months from `start` to `end`, counted on from `start`."""
    months = month_of(end) - month_of(start)
    return months if day_in(month_of(start) + months, start.day) <= end else months - 1


def unit_of(days: Sequence[date], *, single: bool) -> Unit:
    """Return the unit-period of a transaction by the days of its flows, in order.

    It is the interval that occurs most often, the shorter of two that occur as often, and no more
    than a year; if none occurs twice, the average of all; of a single advance and a single
    payment, the term.

    Examples
    --------
    >>> str(unit_of([date(1978, 4, day) for day in (3, 17)] + [date(1978, 5, 1)], single=False))
    '2 weeks'
    """
    gaps = list(pairwise(days))
    if single:
        (start, end), *_ = gaps
        months = months_between(start, end)
        if months is not None:
            return Unit(min(months, 12), "month")
        term = (end - start).days
        return Unit(12, "month") if term >= 365 else Unit(term, "day")
    if _halves(days):
        return Unit(1, "half month")
    units = Counter(_unit(start, end) for start, end in gaps)
    common = [(-count, unit.length, unit) for unit, count in units.items() if count > 1]
    within = [
        interval
        for interval in common
        if interval[2].length <= 360 or interval[2] == Unit(12, "month")
    ]
    if within:
        return min(within)[2]
    if common:
        return Unit(12, "month")
    return _nearest_standard(Fraction((days[-1] - days[0]).days, len(gaps)))


def _unit(start: date, end: date) -> Unit:
    months = months_between(start, end)
    if months:
        return Unit(months, "month")
    days = (end - start).days
    return Unit(days // 7, "week") if days % 7 == 0 else Unit(days, "day")


def _halves(days: Sequence[date]) -> bool:
    """Whether most flows fall due on two days of the month, half a month apart."""
    gaps = list(pairwise(days))
    fitting = sum(
        13 <= (end - start).days <= 16 and _half_before(end) == start for start, end in gaps
    )
    weekly = sum((end - start).days == 14 for start, end in gaps)
    return fitting > max(1, len(gaps) // 2, weekly)


def _nearest_standard(average: Fraction) -> Unit:
    """Return the standard interval nearest to an average of days, the shorter of two as near."""
    standard = [Unit(1, "day"), Unit(1, "half month")]
    standard += [Unit(count, "week") for count in range(1, 53)]
    standard += [Unit(count, "month") for count in range(1, 13)]
    return min(standard, key=lambda unit: (abs(365 / unit.per_year - average), unit.length))
