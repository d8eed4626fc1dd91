"""The years between two days for an annual percentage rate, as the EU and the UK count them."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import get_args

from repaylib.dates.days import add_days
from repaylib.dates.months import day_in, month_of
from repaylib.dates.unit_periods import months_back, months_before, months_between, months_on
from repaylib.typing import CountedIn

__all__ = [
    *("COUNTED_IN", "Parts", "eu_parts", "eu_years", "regular_interval", "uk_parts", "uk_years"),
    "years_of",
]

COUNTED_IN: tuple[CountedIn, ...] = get_args(CountedIn)


#: Parts of a time in years, each a number of units over those of a year: 2/12 + 22/365.
Parts = list[tuple[int, int | Fraction]]


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
    return years_of(eu_parts(start, end, counted_in, year))


def eu_parts(start: date, end: date, counted_in: CountedIn, year: Fraction | None) -> Parts:
    """Return the parts that the years of :func:`eu_years` are the sum of.

    Examples
    --------
    >>> eu_parts(date(2013, 1, 12), date(2013, 2, 15), "month", None)
    [(1, 12), (3, 366)]
    """
    if end < start:
        return _before(eu_parts(end, start, counted_in, year))
    parts, left = Parts(), end
    if counted_in == "week":
        weeks = (end - start).days // 7
        parts, left = [(weeks, 52)], add_days(end, -7 * weeks)
    elif counted_in != "day":
        months, left = months_back(start, end)
        parts = [(months, 12)]
        if counted_in == "year":
            if left == start and months % 12 == 0:
                return parts
            parts = [(months // 12, 1)]
            left = months_before(end, 12 * (months // 12))
    if days := (left - start).days:
        parts.append((days, year or (left - _year_before(left)).days))
    return parts


def years_of(parts: Parts) -> Fraction:
    """Return the sum of the parts of a time."""
    top, bottom = 0, 1
    for count, whole in parts:
        num, den = whole.as_integer_ratio()
        top, bottom = top * num + count * den * bottom, bottom * num
    return Fraction(top, bottom)


def _before(parts: Parts) -> Parts:
    return [(-count, whole) for count, whole in parts]


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
    return years_of(uk_parts(start, end, counted_in, year))


def uk_parts(start: date, end: date, counted_in: CountedIn, year: Fraction | None) -> Parts:
    """Return the parts that the years of :func:`uk_years` are the sum of."""
    if end < start:
        return _before(uk_parts(end, start, counted_in, year))
    parts, left = Parts(), start
    if counted_in == "week":
        weeks = (end - start).days // 7
        parts, left = [(weeks, 52)], add_days(start, 7 * weeks)
    elif counted_in != "day":
        months = months_on(start, end)
        if counted_in == "year":
            months -= months % 12
        parts, left = [(months, 12)], day_in(month_of(start) + months, start.day)
    if year is not None:
        return [*parts, ((end - left).days, year)] if left < end else parts
    while left < end:
        stop = min(end, date(left.year, 12, 31))
        if stop == left:  # the last day of a year is behind, the next one counts days from it
            stop = min(end, date(left.year + 1, 12, 31))
        parts.append(((stop - left).days, 366 if isleap(stop.year) else 365))
        left = stop
    return parts


def regular_interval(days: Sequence[date]) -> CountedIn:
    """Return in what to count the time of flows: weeks if those alone fit, else months."""
    gaps = list(pairwise(days))
    weekly = all((later - earlier).days % 7 == 0 for earlier, later in gaps)
    monthly = all(months_between(earlier, later) is not None for earlier, later in gaps)
    return "week" if weekly and not monthly else "month"
