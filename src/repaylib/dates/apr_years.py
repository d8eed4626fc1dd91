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
from repaylib.dates.unit_periods import months_back, months_before, months_between
from repaylib.typing import CountedIn

__all__ = ["COUNTED_IN", "eu_years", "regular_interval", "uk_years"]

COUNTED_IN: tuple[CountedIn, ...] = get_args(CountedIn)


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
            left = months_before(end, 12 * (months // 12))
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
