"""Days: reading them, and adding days. Months are in :mod:`~repaylib.dates.months`."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import numpy as np

from repaylib.errors import DateError, Hint, write

__all__ = ["NAT", "ONE_DAY", "add_days", "beyond_years", "parse_date"]


ONE_DAY = timedelta(days=1)
#: No day, in an array of days.
NAT = np.datetime64("NaT", "D")


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


def add_days(day: date, days: int) -> date:
    """Return the day `days` later."""
    try:
        return date.fromordinal(day.toordinal() + days)
    except (ValueError, OverflowError) as error:
        raise beyond_years(f"{day} and {days} days") from error


def beyond_years(value: str) -> DateError:
    """Return the error of a day that is not in the years 1 to 9999."""
    return DateError(
        "start",
        value,
        "due dates, and one before the first, in the years 1 to 9999",
        "take fewer payments or another start",
    )
