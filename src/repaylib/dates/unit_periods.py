"""The time between two days as the laws on credit count it: whole periods, and days left over."""

from __future__ import annotations

from calendar import isleap
from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NamedTuple, get_args

from repaylib.dates.days import add_days, day_in, is_month_end, month_of
from repaylib.typing import CountedIn

__all__ = [
    "COUNTED_IN",
    "Unit",
    "eu_years",
    "months_between",
    "regular_interval",
    "uk_years",
    "unit_of",
]

COUNTED_IN: tuple[CountedIn, ...] = get_args(CountedIn)


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

    def elapsed(self, start: date, end: date) -> tuple[int, Fraction]:
        """Return the whole unit-periods from `start` to `end`, counted back, and the part left.

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
        months, left = months_back(start, end)
        days = (left - start).days
        if self.kind == "month" and self.times == 1:
            return months, Fraction(days, 30)
        if self.kind == "month" and self.times == 12:
            years, over = divmod(months, 12)
            if days == 0:
                return years, Fraction(over, 12)
            return years, Fraction((_back(end, 12 * years) - start).days, 365)
        whole, rest = divmod(30 * months + days, self.length)
        return whole, Fraction(rest, self.length)

    def __str__(self) -> str:
        names = {(12, "month"): "year", (1, "half month"): "half month"}
        if name := names.get((self.times, self.kind)):
            return name
        return self.kind if self.times == 1 else f"{self.times} {self.kind}s"


_PER_YEAR = {"month": 12, "half month": 24, "week": 52, "day": 365}


def _back(day: date, months: int) -> date:
    """Return the day so many months earlier; the last of a month stays a last."""
    return day_in(month_of(day) - months, 31 if is_month_end(day) else day.day)


def _half_back(day: date) -> date:
    """Return the day half a month earlier: the 16th before the 1st, the 1st before the 16th."""
    if is_month_end(day):
        return day_in(month_of(day), 15)
    if day.day > 15:
        return day_in(month_of(day), day.day - 15)
    return day_in(month_of(day) - 1, day.day + 15)


def months_between(start: date, end: date) -> int | None:
    """Return how many whole months lie between two days, if whole ones do.

    A day that a month has not is its last.
    """
    months = month_of(end) - month_of(start)
    if day_in(month_of(start) + months, start.day) == end or _back(end, months) == start:
        return months
    return months if day_in(month_of(end) - months, end.day) == start else None


def months_back(start: date, end: date) -> tuple[int, date]:
    """Return the whole months from `start` to `end`, counted back, and the day they reach."""
    if (whole := months_between(start, end)) is not None:
        return whole, start
    months = month_of(end) - month_of(start)
    if _back(end, months) < start:
        months -= 1
    return months, _back(end, months)


def eu_years(
    start: date, end: date, counted_in: CountedIn = "month", year: Fraction | None = None
) -> Fraction:
    """Return the years between two days as the European Union counts them.

    Parameters
    ----------
    start, end
        The first drawdown, and the day of a flow.
    counted_in
        Whole months (or weeks, or years) are counted back from `end`. What is left is days, over
        the days of the year that ends where they do.
    year
        Days of a year, if not 365 or 366.

    Examples
    --------
    >>> eu_years(date(2013, 1, 12), date(2013, 2, 15)) == Fraction(1, 12) + Fraction(3, 366)
    True
    """
    if end < start:
        return -eu_years(end, start, counted_in, year)
    share, left = Fraction(0), end
    if counted_in == "week":
        weeks = (end - start).days // 7
        share, left = Fraction(weeks, 52), add_days(end, -7 * weeks)
    elif counted_in != "day":
        months, left = months_back(start, end)
        share = Fraction(months, 12)
        if counted_in == "year":
            if left == start and months % 12 == 0:
                return share
            share = Fraction(months // 12)
            left = _back(end, 12 * (months // 12))
    days = (left - start).days
    if not days:
        return share
    return share + Fraction(days) / (year or (left - _year_before(left)).days)


def _year_before(day: date) -> date:
    return day_in(month_of(day) - 12, day.day)


def uk_years(
    start: date, end: date, counted_in: CountedIn = "month", year: Fraction | None = None
) -> Fraction:
    """Return the years between two days as the United Kingdom counts them.

    Parameters
    ----------
    start, end
        The first advance, and the day of a flow.
    counted_in
        Whole months (or weeks, or years) are counted on from `start`. What is left is days, each
        a part of its own calendar year of 365 or 366.
    year
        Days of a year, if not those.

    Examples
    --------
    >>> uk_years(date(2023, 12, 15), date(2024, 2, 29)) == Fraction(2, 12) + Fraction(14, 366)
    True
    """
    if end < start:
        return -uk_years(end, start, counted_in, year)
    share, left = Fraction(0), start
    if counted_in == "week":
        weeks = (end - start).days // 7
        share, left = Fraction(weeks, 52), add_days(start, 7 * weeks)
    elif counted_in != "day":
        months = month_of(end) - month_of(start)
        if day_in(month_of(start) + months, start.day) > end:
            months -= 1
        if counted_in == "year":
            months -= months % 12
        share, left = Fraction(months, 12), day_in(month_of(start) + months, start.day)
    if year is not None:
        return share + Fraction((end - left).days) / year
    while left < end:
        stop = min(end, date(left.year, 12, 31))
        if stop == left:  # the last day of a year is behind, the next one counts days from it
            stop = min(end, date(left.year + 1, 12, 31))
        length = 366 if isleap(stop.year) else 365
        share, left = share + Fraction((stop - left).days, length), stop
    return share


def regular_interval(days: Sequence[date]) -> CountedIn:
    """Return in what to count the time of flows: weeks if those alone fit, else months."""
    gaps = list(pairwise(days))
    weekly = all((later - earlier).days % 7 == 0 for earlier, later in gaps)
    monthly = all(months_between(earlier, later) is not None for earlier, later in gaps)
    return "week" if weekly and not monthly else "month"


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
        13 <= (end - start).days <= 16 and _half_back(end) == start for start, end in gaps
    )
    weekly = sum((end - start).days == 14 for start, end in gaps)
    return fitting > max(1, len(gaps) // 2, weekly)


def _nearest_standard(average: Fraction) -> Unit:
    """Return the standard interval nearest to an average of days, the shorter of two as near."""
    standard = [Unit(1, "day"), Unit(1, "half month")]
    standard += [Unit(count, "week") for count in range(1, 53)]
    standard += [Unit(count, "month") for count in range(1, 13)]
    return min(standard, key=lambda unit: (abs(365 / unit.per_year - average), unit.length))
