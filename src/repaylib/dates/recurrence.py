"""Regular due dates without end, by their number, also before the first.

A grid is a rule and where it stands: edge 0 is one of its days, edge 1 the next, edge -1 the one
before. Which edges are due dates of a loan is not its business.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from fractions import Fraction
from functools import cache, lru_cache
from math import gcd
from typing import Any, Protocol, Self

import numpy as np

from repaylib.dates.days import add_days
from repaylib.dates.months import add_months, day_in, month_of
from repaylib.errors import DateError, Phrase, TermsError
from repaylib.typing import Days

__all__ = ["DaySteps", "Grid", "HalfMonths", "ListedDates", "MixedUnits", "MonthSteps", "ByRule"]


#: The most years before the start of a loan on which its rule begins.
LONGEST_LEAD = 100
#: The fewest years that a rule is tried for, as 29 February may take from 1896 to 1904.
_REST = 8
_EPOCH = 1970 * 12
#: Months after which the calendar repeats.
_CYCLE = 400 * 12
_ONE_DAY = np.timedelta64(1, "D")


class Grid(Protocol):
    """Regular days; see the module."""

    @property
    def share(self) -> Fraction | None:
        """How much of a year is between two edges, if they are regular."""

    @property
    def shortest(self) -> int | None:
        """Fewest days between two edges, if they are regular."""

    @property
    def least_days(self) -> int:
        """A lower bound on the days between two edges, under every day count."""

    def date_at(self, step: int) -> date:
        """Return edge number `step`."""

    def dates_at(self, low: int, high: int) -> Days:
        """Return edges number `low` to `high`, both included, as ``datetime64[D]``."""

    def after(self, day: date) -> int:
        """Return the number of the first edge after `day`."""

    def shift(self, steps: int) -> Self:
        """Return the same grid with edge `steps` as its edge 0."""


@cache
def _twelfths(months: int) -> Fraction:
    return Fraction(months, 12)


@dataclass(frozen=True, slots=True)
class MonthSteps:
    """Every so many months on one day of the month.

    Attributes
    ----------
    month
        Month of edge 0, counted from January of the year 0.
    months
        Months between edges.
    anchor
        Day of the month. A month without it has its edge on its last day (or, with `spill`,
        on the first of the next month), and the next one is back on the anchor: 31 January,
        29 February, 31 March.
    """

    month: int
    months: int
    anchor: int
    spill: bool = False

    @property
    def share(self) -> Fraction:
        """Months over 12."""
        return _twelfths(self.months)

    @property
    def shortest(self) -> int:
        """Fewest days between two edges: 28 of a month, 59 of two."""
        return _fewest_days(replace(self, month=self.month % gcd(self.months, _CYCLE)))

    @property
    def least_days(self) -> int:
        """As many Februaries."""
        return 28 * self.months

    def date_at(self, step: int) -> date:
        """Return edge number `step`."""
        return day_in(self.month + step * self.months, self.anchor, self.spill)

    def dates_at(self, low: int, high: int) -> Days:
        """Return edges number `low` to `high`, both included."""
        # One more than asked for, for the start of its month.
        first, step = self.month - _EPOCH, self.months
        numbers = np.arange(first + low * step, first + (high + 2) * step, step, dtype=np.int64)
        starts: Days = numbers.view("datetime64[M]").astype("datetime64[D]")
        days: Days = starts[:-1] + np.timedelta64(self.anchor - 1, "D")
        if self.anchor > 28:
            ends = starts[1:]
            if self.months > 1:
                ends = (numbers[:-1] + 1).view("datetime64[M]").astype("datetime64[D]")
            np.minimum(days, ends if self.spill else ends - _ONE_DAY, out=days)
        return days

    def after(self, day: date) -> int:
        """Return the number of the first edge after `day`."""
        step = (month_of(day) - self.month) // self.months
        while self.date_at(step) <= day:
            step += 1
        return step

    def shift(self, steps: int) -> Self:
        """Return the same grid with edge `steps` as its edge 0."""
        month = self.month + steps * self.months
        return type(self)(month, self.months, self.anchor, self.spill)


@dataclass(frozen=True, slots=True)
class DaySteps:
    """Every so many days: `days` from `first`, each `share` of a year."""

    first: date
    days: int
    share: Fraction

    @property
    def shortest(self) -> int:
        """Days between two edges."""
        return self.days

    @property
    def least_days(self) -> int:
        """Fewest days between two edges, if a 31st or a leap day is not counted."""
        return max(0, self.days - 3)

    def date_at(self, step: int) -> date:
        """Return edge number `step`."""
        return add_days(self.first, step * self.days)

    def dates_at(self, low: int, high: int) -> Days:
        """Return edges number `low` to `high`, both included."""
        steps = self.days * np.arange(low, high + 1, dtype=np.int64)
        days: Days = np.datetime64(self.first, "D") + steps.view("timedelta64[D]")
        return days

    def after(self, day: date) -> int:
        """Return the number of the first edge after `day`."""
        return (day - self.first).days // self.days + 1

    def shift(self, steps: int) -> Self:
        """Return the same grid with edge `steps` as its edge 0."""
        return replace(self, first=self.date_at(steps))


@dataclass(frozen=True, slots=True)
class HalfMonths:
    """Two days of each month, `low` and `high`.

    `half` is the number of edge 0: twice that of its month, and one more if it is on `high`.
    """

    half: int
    low: int
    high: int
    spill: bool = False

    @property
    def share(self) -> Fraction:
        """Half a month."""
        return Fraction(1, 24)

    @property
    def shortest(self) -> int:
        """Fewest days between two edges: 13 on the 10th and the 25th, after 25 February."""
        return _fewest_days(replace(self, half=0))

    @property
    def least_days(self) -> int:
        """Nearly nothing, as the two days may be neighbours."""
        return 0

    def date_at(self, step: int) -> date:
        """Return edge number `step`."""
        month, second = divmod(self.half + step, 2)
        return day_in(month, self.high if second else self.low, self.spill)

    def dates_at(self, low: int, high: int) -> Days:
        """Return edges number `low` to `high`, both included."""
        halves = self.half + np.arange(low, high + 1, dtype=np.int64)
        months = (halves >> 1) - _EPOCH
        starts = months.view("datetime64[M]").astype("datetime64[D]")
        ends = (months + 1).view("datetime64[M]").astype("datetime64[D]")
        wanted = np.where(halves & 1, np.int64(self.high - 1), np.int64(self.low - 1))
        days: Days = starts + wanted.view("timedelta64[D]")
        np.minimum(days, ends if self.spill else ends - _ONE_DAY, out=days)
        return days

    def after(self, day: date) -> int:
        """Return the number of the first edge after `day`."""
        step = 2 * month_of(day) - 1 - self.half
        while self.date_at(step) <= day:
            step += 1
        return step

    def shift(self, steps: int) -> Self:
        """Return the same grid with edge `steps` as its edge 0."""
        return replace(self, half=self.half + steps)


@dataclass(frozen=True, slots=True)
class MixedUnits:
    """Months and days together, counted from one day: edge 0 is `taken` steps after `origin`."""

    origin: date
    months: int
    days: int
    taken: int = 0

    @property
    def share(self) -> Fraction:
        """Months over 12 and days over 365."""
        return Fraction(self.months, 12) + Fraction(self.days, 365)

    @property
    def shortest(self) -> int:
        """Fewest days between two edges: 43 of a month and 15 days."""
        months = MonthSteps(month_of(self.origin), self.months, self.origin.day)
        return months.shortest + self.days

    @property
    def least_days(self) -> int:
        """Fewest days between two edges, if a 31st or a leap day is not counted."""
        return max(0, 28 * self.months + self.days - 6)

    def date_at(self, step: int) -> date:
        """Return edge number `step`."""
        steps = self.taken + step
        return add_days(add_months(self.origin, steps * self.months), steps * self.days)

    def dates_at(self, low: int, high: int) -> Days:
        """Return edges number `low` to `high`, both included."""
        return np.array(
            [self.date_at(step) for step in range(low, high + 1)], dtype="datetime64[D]"
        )

    def after(self, day: date) -> int:
        """Return the number of the first edge after `day`."""
        # 400 years are 4,800 months and 146,097 days.
        length = self.months * 146_097 + self.days * 4_800
        step = (day - self.origin).days * 4_800 // length - self.taken
        while self.date_at(step) <= day:
            step += 1
        while self.date_at(step - 1) > day:
            step -= 1
        return step

    def shift(self, steps: int) -> Self:
        """Return the same grid with edge `steps` as its edge 0."""
        return replace(self, taken=self.taken + steps)


class Irregular:
    """Days between which no period is regular."""

    __slots__ = ()

    @property
    def share(self) -> None:
        """No share of a year."""
        return

    @property
    def shortest(self) -> None:
        """Nothing is regular."""
        return

    @property
    def least_days(self) -> int:
        """Nothing is known."""
        return 0


@dataclass(frozen=True, slots=True)
class ListedDates(Irregular):
    """The days that were listed, edge 0 the first. They end, and nothing is regular."""

    dates: tuple[date, ...]

    def date_at(self, step: int) -> date:
        """Return edge number `step`."""
        if 0 <= step < len(self.dates):
            return self.dates[step]
        raise self._used_up(step)

    def dates_at(self, low: int, high: int) -> Days:
        """Return edges number `low` to `high`, both included; those before the first are it."""
        if high >= len(self.dates):
            raise self._used_up(high)
        head = [self.dates[0]] * max(0, -low)
        return np.array([*head, *self.dates[max(0, low) : high + 1]], dtype="datetime64[D]")

    def after(self, day: date) -> int:
        """Return the number of the first edge after `day`, or of all edges."""
        return bisect_right(self.dates, day)

    def shift(self, steps: int) -> Self:
        """Return the list from edge `steps` on."""
        return replace(self, dates=self.dates[steps:])

    def _used_up(self, step: int) -> TermsError:
        return TermsError(
            "every",
            Phrase("{} due dates, the last on {}", len(self.dates), self.dates[-1]),
            Phrase("one for payment {} too", step + 1),
            "list more due dates",
        )


@dataclass(frozen=True, slots=True)
class ByRule(Irregular):
    """The days after `start` that a rule of RFC 5545 gives, edge 0 the first."""

    rule: str
    start: date

    def date_at(self, step: int) -> date:
        """Return edge number `step`."""
        return self.upto(step + 1).date_at(step)

    def dates_at(self, low: int, high: int) -> Days:
        """Return edges number `low` to `high`, both included; those before the first are it."""
        return self.upto(high + 1).dates_at(low, high)

    def after(self, day: date) -> int:
        """Return the number of the first edge after `day`, or of all edges."""
        count = 64
        while (found := self.upto(count)).dates[-1] <= day and len(found.dates) >= count:
            count *= 2
        return found.after(day)

    def shift(self, steps: int) -> Self:
        """Return the rule from edge `steps` on."""
        return replace(self, start=self.date_at(steps - 1)) if steps else self

    def upto(self, count: int) -> ListedDates:
        """Return at least the first `count` days, if there are so many."""
        dates = _occurrences(self.rule, self.start, 1 << max(6, (count - 1).bit_length()))
        if not dates:
            raise TermsError(
                "every",
                self.rule,
                Phrase("a rule that gives a day after start={}", self.start),
                "write another rule or another start",
            )
        return ListedDates(dates)


@lru_cache(maxsize=256)
def _fewest_days(grid: MonthSteps | HalfMonths) -> int:
    """Return the fewest days between two edges, over the 400 years after which days repeat."""
    return int(np.diff(grid.dates_at(0, 2 * _CYCLE)).astype(np.int64).min())


def gives_a_day(rule: Any) -> bool:
    """Whether a rule gives a day before the calendar repeats.

    A rule without days would be tried up to the year 9999, day by day. So it is tried from a year
    within 400 of that one that has the same calendar.
    """
    begun: datetime = rule._dtstart
    ends: datetime | None = rule._until
    later = (9999 - _REST - begun.year) // 400 * 400
    if ends is not None:
        ends = (
            datetime(9999, 12, 31)
            if ends.year + later > 9999
            else ends.replace(year=ends.year + later)
        )
    tried = rule.replace(dtstart=begun.replace(year=begun.year + later), until=ends)
    return next(iter(tried), None) is not None


@lru_cache(maxsize=64)
def _occurrences(text: str, start: date, count: int) -> tuple[date, ...]:
    """Return the first days after `start` that a rule gives, at most `count`."""
    from dateutil.rrule import rrulestr

    found: list[date] = []
    try:
        rule: Any = rrulestr(text, dtstart=datetime.combine(start, time()))
        begun: datetime = rule._dtstart
        if begun.year < start.year - LONGEST_LEAD:
            expected = Phrase(
                "a rule that begins at most {} years before start={}", LONGEST_LEAD, start
            )
            raise DateError(
                "every", text, expected, Phrase("write such as DTSTART:{:%Y%m%d}", start)
            )
        if not gives_a_day(rule):
            return ()
        for moment in rule:
            day = moment.date()
            if day > start:
                found.append(day)
            if len(found) == count:
                break
    except (ValueError, OverflowError) as error:
        raise DateError(
            "every", text, Phrase("a rule that can be followed; {}", error), "write another rule"
        ) from error
    return tuple(found)
