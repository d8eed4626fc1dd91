"""Months: a day some months later, also where a month is too short for it."""

from __future__ import annotations

from calendar import isleap
from datetime import date
from functools import lru_cache

from repaylib.dates.days import beyond_years
from repaylib.errors import Phrase

__all__ = ["add_months", "day_in", "is_month_end", "month_of", "months_elapsed"]

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def month_of(day: date) -> int:
    """Return the number of a day's month, from January of the year 0."""
    return day.year * 12 + day.month - 1


def is_month_end(day: date) -> bool:
    """Whether a day is the last of its month.

    Examples
    --------
    >>> is_month_end(date(2024, 2, 29)), is_month_end(date(2024, 3, 29))
    (True, False)
    """
    return day == day_in(month_of(day), 31)


@lru_cache(maxsize=4096)
def day_in(number: int, wanted: int, spill: bool = False) -> date:
    """Return day `wanted` of month `number` (see :func:`month_of`).

    A month without it gives its last day or, with `spill`, the first of the next month.

    Examples
    --------
    >>> february = 2023 * 12 + 1
    >>> day_in(february, 30), day_in(february, 30, spill=True)
    (datetime.date(2023, 2, 28), datetime.date(2023, 3, 1))
    """
    year, month = divmod(number, 12)
    if not 1 <= year <= 9999:
        raise beyond_years(Phrase("the year {}", year))
    if wanted > 28:
        length = 29 if month == 1 and isleap(year) else _LENGTHS[month]
        if wanted > length:
            if spill:
                return day_in(number + 1, 1)
            wanted = length
    return date(year, month + 1, wanted)


def add_months(day: date, months: int, anchor: int | None = None) -> date:
    """Return the day `months` months later, on day `anchor` of that month or its last day.

    Examples
    --------
    >>> add_months(date(2024, 1, 31), 1), add_months(date(2024, 2, 29), 1, anchor=31)
    (datetime.date(2024, 2, 29), datetime.date(2024, 3, 31))
    """
    return day_in(month_of(day) + months, anchor or day.day)


def months_elapsed(start: date, end: date) -> int:
    """Return the number of whole months from one day to another.

    Examples
    --------
    >>> months_elapsed(date(2024, 1, 31), date(2024, 2, 29)), months_elapsed(date(2024, 1, 10), date(2024, 3, 9))
    (1, 1)
    """
    months = month_of(end) - month_of(start)
    return months - (add_months(start, months) > end)
