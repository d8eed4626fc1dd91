"""Days in arrears: which share of a year they are, and which rate a loan bears on them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from fractions import Fraction
from functools import cached_property

from repaylib.dates.accrual import Accrual
from repaylib.dates.day_count import BY_DAY, BY_PERIOD, DayCount, periods_share
from repaylib.dates.due_dates import Timetable
from repaylib.schedule.schedule import Schedule

__all__ = ["Late"]


class Late:
    """A schedule read for days that it does not know: those in arrears, also after its end.

    Parameters
    ----------
    schedule
        The schedule whose rates and due dates hold.
    """

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._tables: list[Timetable] = schedule.ledger.timetables
        rates = schedule.rate_periods
        self._days, self._rates = [day for day, _ in rates], [rate for _, rate in rates]
        self._counts: dict[tuple[date, date, DayCount | None], Fraction] = {}

    @property
    def days(self) -> list[date]:
        """The days from which the loan has another rate."""
        return self._days

    @property
    def pace(self) -> Fraction:
        """The share of a year over which a rate that compounds is read."""
        return self._tables[-1].pace

    def rate(self, day: date) -> Fraction:
        """Return the loan's nominal rate a year on a day."""
        return self._rates[max(0, bisect_right(self._days, day) - 1)]

    def changes(self, start: date, end: date) -> list[date]:
        """Return the days inside (start, end) on which the loan's rate changes."""
        return self._days[bisect_right(self._days, start) : bisect_left(self._days, end)]

    def share(
        self, opening: date, start: date, end: date, day_count: DayCount | None = None
    ) -> Fraction:
        """Return the share of a year from `start` to `end`, of a stretch that began on `opening`.

        It is the share from the opening to `end` less that to `start`, so that the parts of a
        stretch add up to it under every day count.
        """
        return self._count(opening, end, day_count) - self._count(opening, start, day_count)

    def most(self, start: date, end: date, day_count: DayCount | None = None) -> Fraction | None:
        """Return the most that :meth:`share` may be, whenever the stretch began; `None` if unknown.

        A fixed share for each day is what it is; a day of a regular period is the more, the fewer days
        the period has. Any other day count but ``"1/1"`` has less than a 200th of a year for each day, and
        40 days more for where a month or a year ends.
        """
        own, days = day_count or self._schedule.loan.day_count, (end - start).days
        if own in BY_DAY:
            each, year = BY_DAY[own]
            return Fraction(days * each, year)
        if own in BY_PERIOD and self._of_a_day is not None:
            return days * self._of_a_day
        return None if own == "1/1" else Fraction(days + 40, 200)

    @cached_property
    def _of_a_day(self) -> Fraction | None:
        """The most of a year that a day of a regular period is, if periods are what the calendar says."""
        found = Fraction(1, 360)
        for table in self._tables:
            shortest = table.grid.shortest
            if shortest is None or table.tail is not None or table.moves_interest:
                return None
            found = max(found, table.pace / shortest)
        return found

    def _count(self, opening: date, day: date, day_count: DayCount | None) -> Fraction:
        if day <= opening:
            return Fraction(0)
        key = (opening, day, day_count)
        found = self._counts.get(key)
        if found is None:
            found = self._counts[key] = self._counted(opening, day, day_count)
        return found

    def _counted(self, opening: date, day: date, day_count: DayCount | None) -> Fraction:
        loan = self._schedule.loan
        own = day_count or loan.day_count
        if own in BY_DAY:
            each, year = BY_DAY[own]
            return Fraction((day - opening).days * each, year)
        table = next((t for t in reversed(self._tables) if t.start <= opening), self._tables[0])
        if own in BY_PERIOD and table.share is not None:
            odd = loan.odd_days if own == "periodic" else "pro_rata"
            ends, between = table.ends(opening, day)
            return between * table.pace + periods_share(opening, day, odd, ends, table.pace)
        if own in BY_PERIOD:  # due dates that are listed are no periods
            return Fraction((day - opening).days, 365)
        one = Timetable(opening, table.grid)
        counting = Accrual(one, own, loan.odd_days, loan.counted, loan.business_days)
        return counting.share(0, opening, day)
