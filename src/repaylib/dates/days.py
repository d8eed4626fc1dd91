"""Days: reading them, and adding days. Months are in :mod:`~repaylib.dates.months`."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import numpy as np

from repaylib.errors import DateError, Hint, Phrase, write
from repaylib.money.counts import in_ascii

__all__ = ["LATEST_DAY", "NAT", "ONE_DAY", "add_days", "beyond_years", "is_coarse", "parse_date"]


ONE_DAY = timedelta(days=1)
#: No day, in an array of days.
NAT = np.datetime64("NaT", "D")
#: The latest day of a statement, and of a limit or a wish for the end: the calendar goes on for the
#: longest period between due dates after it.
LATEST_DAY = date(9899, 12, 31)


def parse_date(value: object, parameter: str, latest: date = date.max) -> date:
    """Read a day.

    Parameters
    ----------
    value
        A ``date``; a ``datetime`` (or pandas ``Timestamp``) at midnight, without a time zone;
        a ``numpy.datetime64`` in days or finer; or ISO text, ``"2024-01-10"``.
    parameter
        The name to use in an error.
    latest
        The latest day that is taken.

    Raises
    ------
    DateError
        If it is too late or no day, has a time of day or a time zone, or is a week, a month or a year.

    Examples
    --------
    >>> parse_date("2024-01-10", "start"), parse_date(np.datetime64("2024-01-10"), "start")
    (datetime.date(2024, 1, 10), datetime.date(2024, 1, 10))
    """
    day = _day(value, parameter)
    if day > latest:
        hint = Hint("write {} or earlier", **{parameter: f"{latest}"})
        raise DateError(parameter, value, Phrase("a day up to {}", latest), hint)
    return day


def _day(value: object, parameter: str) -> date:
    if isinstance(value, np.datetime64):
        if is_coarse(value.dtype) and not np.isnat(value):
            first = str(value.astype("datetime64[D]"))
            expected = "a day, not a week, a month or a year"
            raise DateError(parameter, value, expected, Hint("write such as {}", first))
        whole = value.astype("datetime64[D]")
        day = whole.item()  # None if it is no day, a number if it is in no year of the calendar
        timed = isinstance(day, date) and whole != value
        value = value.astype("datetime64[us]").item() if timed else day
    if isinstance(value, datetime):
        if value != value:  # pandas' NaT
            raise DateError(
                parameter, value, "a day", Hint("write such as {}", **{parameter: "2024-01-10"})
            )
        midnight = (value.hour, value.minute, value.second, value.microsecond) == ((0,) * 4)
        if midnight and value.tzinfo is None:
            return value.date()
        expected = "a day without a time zone" if midnight else "a day without a time of day"
        raise DateError(parameter, value, expected, write(**{parameter: value.date().isoformat()}))
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    expected, hint = "a date or ISO text", Hint("write such as {}", **{parameter: "2024-01-10"})
    if isinstance(value, str) and (parts := _parts_of(in_ascii(value))):
        try:
            hint = write(**{parameter: date(*parts).isoformat()})
        except ValueError:
            expected = "a day that the calendar has"
    raise DateError(parameter, value, expected, hint)


def is_coarse(kind: np.dtype[np.datetime64]) -> bool:
    """Whether a type of numpy counts weeks, months or years, which are no days."""
    return np.datetime_data(kind)[0] in ("W", "M", "Y")


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
        raise beyond_years(Phrase("{} and {} days", day, days)) from error


def beyond_years(value: str) -> DateError:
    """Return the error of a day that is not in the years 1 to 9999."""
    return DateError(
        "start",
        value,
        "due dates, and one before the first, in the years 1 to 9999",
        "take fewer payments or another start",
    )
