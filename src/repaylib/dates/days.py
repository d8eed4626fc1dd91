"""Days: reading them, and stepping by months."""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np

from repaylib.errors import DateError, Hint, write

__all__ = [
    "NAT",
    "ONE_DAY",
    "add_days",
    "add_months",
    "day_in",
    "is_month_end",
    "month_of",
    "months_elapsed",
    "parse_date",
]


ONE_DAY = timedelta(days=1)
#: No day, in an array of days.
NAT = np.datetime64("NaT", "D")

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def parse_date(value: object, parameter: str) -> date:
    """Read a day.

    Parameters
    ----------
    value
        A ``date``; a ``datetime`` (or pandas ``Timestamp``) at midnight; a
        ``numpy.datetime64``; or ISO text, ``"2024-01-10"``.
    parameter
        The name to use in an error.

    Raises
    ------
    DateError
        If it is no day, or has a time of day.

    Examples
    --------
    >>> parse_date("2024-01-10", "start"), parse_date(np.datetime64("2024-01-10"), "start")
    (datetime.date(2024, 1, 10), datetime.date(2024, 1, 10))
    """
    if isinstance(value, np.datetime64):
        value = None if np.isnat(value) else value.astype("datetime64[us]").item()
    if isinstance(value, datetime):
        if value != value:  # pandas' NaT
            raise DateError(
                parameter, value, "a day", Hint("write such as {}", **{parameter: "2024-01-10"})
            )
        if (value.hour, value.minute, value.second, value.microsecond) == ((0,) * 4):
            return value.date()
        raise DateError(
            parameter, value, "a day without a time of day", f"write {parameter}=value.date()"
        )
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    expected, hint = "a date or ISO text", Hint("write such as {}", **{parameter: "2024-01-10"})
    if isinstance(value, str) and (meant := _parts_of(value.strip())):
        try:
            hint = write(**{parameter: date(*meant).isoformat()})
        except ValueError:
            expected = "a day that the calendar has"
    raise DateError(parameter, value, expected, hint)


def _parts_of(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day of a date not written as ISO has it, if only one can be meant."""
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text, re.ASCII):
        year, month, day = map(int, found.groups())
    elif found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text, re.ASCII):
        day, month, year = map(int, found.groups())
    else:
        return None
    return year, month, day


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
        raise _beyond(f"the year {year}")
    if wanted > 28:
        length = 29 if month == 1 and isleap(year) else _LENGTHS[month]
        if wanted > length:
            if spill:
                return day_in(number + 1, 1)
            wanted = length
    return date(year, month + 1, wanted)


def add_days(day: date, days: int) -> date:
    """Return the day `days` later."""
    try:
        return date.fromordinal(day.toordinal() + days)
    except (ValueError, OverflowError) as error:
        raise _beyond(f"{day} and {days} days") from error


def _beyond(value: str) -> DateError:
    return DateError(
        "start",
        value,
        "due dates, and one before the first, in the years 1 to 9999",
        "take fewer payments or another start",
    )


def add_months(day: date, months: int, anchor: int | None = None) -> date:
    """Return the day `months` months later, on day `anchor` of that month or its last day.

    Examples
    --------
    >>> add_months(date(2024, 1, 31), 1), add_months(date(2024, 2, 29), 1, anchor=31)
    (datetime.date(2024, 2, 29), datetime.date(2024, 3, 31))
    """
    return day_in(month_of(day) + months, anchor or day.day)


def months_elapsed(start: date, end: date) -> int:
    """Return how many whole months have gone by from one day to another.

    Examples
    --------
    >>> months_elapsed(date(2024, 1, 31), date(2024, 2, 29)), months_elapsed(date(2024, 1, 10), date(2024, 3, 9))
    (1, 1)
    """
    months = month_of(end) - month_of(start)
    return months - (add_months(start, months) > end)
