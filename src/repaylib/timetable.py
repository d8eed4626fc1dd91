"""Due dates: how often, on which day of the month, from when.

A :class:`Timetable` knows every due date of a loan by its number, without end: due date
0 is the start, due date k closes period k. Where a loan stops is not its business.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt

from repaylib.errors import ChoiceError, DateError, TermsError

__all__ = ["DateLike", "Timetable", "add_months", "months_of", "to_date", "to_every"]

#: What a date may be given as: a ``date``, a ``numpy.datetime64`` or ISO text ``"2024-01-10"``.
DateLike = date | np.datetime64 | str

_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def to_date(value: object, parameter: str) -> date:
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
    >>> to_date("2024-01-10", "start"), to_date(np.datetime64("2024-01-10"), "start")
    (datetime.date(2024, 1, 10), datetime.date(2024, 1, 10))
    """
    if isinstance(value, np.datetime64):
        value = None if np.isnat(value) else value.astype("datetime64[us]").item()
    if isinstance(value, datetime):
        if value != value:  # pandas' NaT
            raise DateError(parameter, value, "a day", f'write such as {parameter}="2024-01-10"')
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
    expected, mend = "a date or ISO text", f'write such as {parameter}="2024-01-10"'
    if isinstance(value, str) and (meant := _parts_of(value.strip())):
        try:
            mend = f'write {parameter}="{date(*meant)}"'
        except ValueError:
            expected = "a day that the calendar has"
    raise DateError(parameter, value, expected, mend)


def _parts_of(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day of a date not written as ISO has it, if only one can be meant."""
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text, re.ASCII):
        year, month, day = map(int, found.groups())
    elif found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text, re.ASCII):
        day, month, year = map(int, found.groups())
    else:
        return None
    return year, month, day


def add_months(day: date, months: int, anchor: int | None = None) -> date:
    """Return the day `months` months later, on day `anchor` of that month or its last day.

    Examples
    --------
    >>> add_months(date(2024, 1, 31), 1), add_months(date(2024, 2, 29), 1, anchor=31)
    (datetime.date(2024, 2, 29), datetime.date(2024, 3, 31))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    wanted = anchor or day.day
    if not 1 <= year <= 9999:
        raise DateError(
            "start",
            day.isoformat(),
            "due dates, and one before the first, in the years 1 to 9999",
            "take fewer payments or another start",
        )
    if wanted > 28:
        wanted = min(wanted, 29 if month == 1 and isleap(year) else _LENGTHS[month])
    return date(year, month + 1, wanted)


def months_of(every: str) -> int:
    """Return the months between two due dates, from a word that :func:`to_every` gave.

    Examples
    --------
    >>> months_of("month"), months_of("quarter"), months_of("2 months")
    (1, 3, 2)
    """
    return _MONTHS[every] if every in _MONTHS else int(every.split()[0])


def to_every(every: object, parameter: str = "every") -> str:
    """Read how often an instalment falls due.

    Parameters
    ----------
    every
        ``"month"``
            12 a year, on the day of the first: 10 January, 10 February ...
        ``"quarter"``
            4 a year: 10 January, 10 April ...
        ``"half_year"``
            2 a year: 10 January, 10 July ...
        ``"year"``
            1 a year.
        ``"2 months"``
            6 a year, and so for any whole number of months.

        Or a ``dateutil.relativedelta.relativedelta`` of whole months and years.

    Raises
    ------
    ChoiceError
        If it is none of these.

    Examples
    --------
    >>> from dateutil.relativedelta import relativedelta
    >>> to_every("quarter"), to_every("3 months"), to_every(relativedelta(months=2))
    ('quarter', 'quarter', '2 months')
    """
    months = 0
    if isinstance(every, str):
        number, _, unit = every.partition(" ")
        if every in _MONTHS:
            return every
        if unit in ("month", "months") and number.isdigit() and number.isascii():
            months = int(number[:6])
    elif type(every).__name__ == "relativedelta":
        months = _months_of_relativedelta(every)
    if 0 < months <= 1200:
        named = {count: word for word, count in _MONTHS.items()}
        return named.get(months, f"{months} months")
    listed = ", ".join(f'"{word}"' for word in _MONTHS)
    raise ChoiceError(
        parameter,
        every,
        f'one of {listed}, "2 months", or a relativedelta of months',
        f'write {parameter}="month"',
    )


def _months_of_relativedelta(every: object) -> int:
    from dateutil.relativedelta import relativedelta

    if isinstance(every, relativedelta):
        months = every.years * 12 + every.months
        if every == relativedelta(months=months):
            return months
    return 0


@dataclass(frozen=True, slots=True)
class Timetable:
    """Due dates every so many months.

    Attributes
    ----------
    start
        The day from which interest runs: due date number `before`.
    first
        The first due date after it.
    months
        Months between due dates.
    anchor
        Day of the month; a month without it has its due date on its last day, and the
        next one is back on the anchor: 31 January, 29 February, 31 March.
    before
        Number of due dates that lie before this timetable (a rescheduling to another
        frequency continues the count).
    """

    start: date
    first: date
    months: int
    anchor: int
    before: int = 0

    @classmethod
    def of(cls, start: date, first: date | None, months: int, before: int = 0) -> Timetable:
        """Lay out due dates from a start and, where it is not one period later, the first.

        The anchor is the start's day of the month where `first` is a whole number of months
        later, so that 31 January with a first payment on 29 February goes on to 31 March;
        otherwise it is the day of `first`.

        Raises
        ------
        TermsError
            If `first` is not after `start`.
        """
        if first is None:
            return cls(start, add_months(start, months), months, start.day, before)
        if first < start:
            raise TermsError(
                "first_payment",
                first.isoformat(),
                f"start={start.isoformat()} or a day after it",
                "write a later first_payment or an earlier start",
            )
        apart = (first.year - start.year) * 12 + first.month - start.month
        whole = apart > 0 and add_months(start, apart) == first
        return cls(start, first, months, start.day if whole else first.day, before)

    def due(self, k: int) -> date:
        """Return due date number `k`; number `before` is the start."""
        if k <= self.before:
            return self.start
        return add_months(self.first, (k - self.before - 1) * self.months, self.anchor)

    def dues(self, low: int, high: int) -> npt.NDArray[np.datetime64]:
        """Return due dates number `low` to `high`, both included, as ``datetime64[D]``."""
        begun = self.first.year * 12 + self.first.month - 1 - 1970 * 12
        # One more than asked for, for the start of its month.
        steps = np.arange(low - self.before - 1, high - self.before + 1, dtype=np.int64)
        numbers = begun + steps * self.months
        starts: npt.NDArray[np.datetime64]
        starts = numbers.view("datetime64[M]").astype("datetime64[D]")
        days: npt.NDArray[np.datetime64] = starts[:-1] + (self.anchor - 1)
        if self.anchor > 28:
            ends = starts[1:]
            if self.months > 1:
                ends = (numbers[:-1] + 1).view("datetime64[M]").astype("datetime64[D]")
            np.minimum(days, ends - 1, out=days)
        if low <= self.before:
            days[: self.before - low + 1] = np.datetime64(self.start, "D")
        return days

    def following(self, day: date) -> int:
        """Return the number of the first due date after `day`."""
        if day < self.first:
            return self.before + 1
        apart = (day.year - self.first.year) * 12 + day.month - self.first.month
        k = self.before + 1 + apart // self.months
        while self.due(k) <= day:
            k += 1
        return k

    def cells(self, start: date, end: date) -> Iterator[tuple[date, date]]:
        """Yield the regular periods that [start, end) touches, earliest first.

        Regular periods are the spans between the due dates, continued backward from the
        first due date at the same pace, so that a long or short first period is seen as
        whole months and a part of one.
        """
        step = -1 if start < self.first else self.following(start) - self.before - 2
        while self.edge(step) > start:
            step -= 1
        while (low := self.edge(step)) < end:
            yield low, self.edge(step + 1)
            step += 1

    def edge(self, step: int) -> date:
        """Return the regular due date `step` periods after the first, also before it."""
        return add_months(self.first, step * self.months, self.anchor)
