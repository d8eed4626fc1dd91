"""Due dates: how often, on which days, from when, and when they are paid.

A :class:`Timetable` holds every due date of a loan by its number, without end: due date
0 is the start, due date `number` closes the period of that number. It does not know where a loan ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import numpy as np

from repaylib.dates.business_days import Business
from repaylib.dates.days import parse_date
from repaylib.dates.frequency import Every, is_rule, step_of
from repaylib.dates.months import add_months
from repaylib.dates.recurrence import ByRule, Grid, ListedDates, MonthSteps
from repaylib.dates.stubs import Frequency
from repaylib.errors import Phrase, TermsError
from repaylib.typing import DateLike, Days

__all__ = ["PLAIN", "Conventions", "DateLike", "Timetable", "given_days", "parse_date"]


TWELFTH = Fraction(1, 12)


@dataclass(frozen=True, slots=True)
class Conventions:
    """The calendar conventions of a loan, at any frequency.

    Attributes
    ----------
    month_end
        Whether due dates are month ends if the first of them is.
    spill
        Whether a day that does not exist in a month becomes the first of the next.
    business
        The business days, if they matter.
    """

    month_end: bool = False
    spill: bool = False
    business: Business | None = None


PLAIN = Conventions()


@dataclass(frozen=True, slots=True)
class Timetable:
    """Due dates by their number.

    Attributes
    ----------
    start
        The day from which interest runs: due date number `before`.
    grid
        The regular due dates; its edge 0 is the first one after the start.
    before
        Number of due dates that lie before this timetable (a rescheduling to another
        frequency continues the count).
    end
        Number of the due date that is off the grid and closes a stub; 0 if there is none.
    last, tail
        That due date, and the regular due dates after it; its edge 0 is the next one.
    conventions
        The calendar conventions.
    """

    start: date
    grid: Grid
    before: int = 0
    end: int = 0
    last: date | None = None
    tail: Grid | None = None
    conventions: Conventions = PLAIN

    @property
    def share(self) -> Fraction | None:
        """The length of a regular period in years; ``None`` if the days are listed."""
        return self.grid.share

    @property
    def period_length(self) -> Fraction:
        """The length in years of a compounding period; a month, if the days are listed."""
        share = self.grid.share
        return TWELFTH if share is None else share

    @property
    def least_days(self) -> int:
        """A lower bound on the days of a regular period, under every day count."""
        return self.grid.least_days

    def shortest(self, periods: int) -> int:
        """Return the number of days in the shortest period.

        For regular periods it is the shortest in the calendar, 28 days for a month. For days that
        are listed or follow a rule, it is the shortest between the first `periods` due dates.
        """
        if (found := self.grid.shortest) is not None:
            return found
        days = self._all_unadjusted(self.before, self.before + periods)
        gaps = np.diff(days[1:] if periods > 1 else days)
        return int(gaps.astype(np.int64).min())

    @property
    def moves_interest(self) -> bool:
        """Whether interest runs to the business day on which it is paid."""
        business = self.conventions.business
        return business is not None and business.accrual_dates == "adjusted"

    # -- the days by their number -----------------------------------------------------

    def accrual_date(self, number: int) -> date:
        """Return the day up to which the interest of period `number` accrues; `before` is the start.

        It is :meth:`adjusted` or :meth:`unadjusted`, as the loan's `accrual_dates` says.
        """
        if number > self.before and self.last is None and self.conventions.business is None:
            return self.grid.date_at(number - self.before - 1)  # the usual case, first for speed
        return self.adjusted(number) if self.moves_interest else self.unadjusted(number)

    def accrual_dates(self, low: int, high: int) -> Days:
        """Return due dates number `low` to `high`, both included, as ``datetime64[D]``."""
        return (
            self.adjusted_dates(low, high)
            if self.moves_interest
            else self._all_unadjusted(low, high)
        )

    def adjusted(self, number: int) -> date:
        """Return the day on which due date `number` is paid: with "following", Monday for a Saturday."""
        day, business = self.unadjusted(number), self.conventions.business
        return day if business is None or number <= self.before else business.day(day)

    def adjusted_dates(self, low: int, high: int) -> Days:
        """Return the days on which due dates `low` to `high` are paid, as ``datetime64[D]``."""
        days, business = self._all_unadjusted(low, high), self.conventions.business
        if business is not None:
            days = business.days(days)
            days[: max(0, self.before - low + 1)] = np.datetime64(self.start, "D")
        return days

    def unadjusted(self, number: int) -> date:
        """Return due date `number` as agreed, business day or not."""
        if number <= self.before:
            return self.start
        if self.last is not None and number >= self.end:
            return (
                self.last
                if number == self.end or self.tail is None
                else self.tail.date_at(number - self.end - 1)
            )
        return self.grid.date_at(number - self.before - 1)

    def _all_unadjusted(self, low: int, high: int) -> Days:
        opened = self.before + 1
        if self.last is None or self.tail is None or high < self.end:
            days = self.grid.dates_at(low - opened, high - opened)
        else:
            # Edge -1 of the tail is in the place of the last due date.
            regular = self.grid.dates_at(low - opened, self.end - 1 - opened)
            rest = self.tail.dates_at(max(low - self.end, 0) - 1, high - self.end - 1)
            days = np.concatenate([regular, rest])
            if low <= self.end:
                days[self.end - low] = np.datetime64(self.last, "D")
        if low < opened:
            days[: opened - low] = np.datetime64(self.start, "D")
        return days

    def first_number_after(self, day: date) -> int:
        """Return the number of the first due date after `day`."""
        number = self.before + 1 + max(0, self.grid.after(day))
        if self.last is not None and self.tail is not None and number >= self.end:
            number = self.end if day < self.last else self.end + 1 + max(0, self.tail.after(day))
        if self.moves_interest:
            while self.accrual_date(number) <= day:
                number += 1
            while number > self.before + 1 and self.accrual_date(number - 1) > day:
                number -= 1
        return number

    def moved_across(self, day: date) -> int | None:
        """Return the due date that is agreed for one day and paid on another, with `day` between.

        Interest runs to the one and the money comes on the other, so that on the days between it is
        neither before the payment nor after it.
        """
        if self.conventions.business is None or self.moves_interest:
            return None
        number = self.first_number_after(day)
        for index in range(max(number - 2, self.before + 1), number + 1):
            low, high = sorted((self.unadjusted(index), self.adjusted(index)))
            if low <= day < high:
                return index
        return None

    def due_beside(self, day: date) -> date:
        """Return a day or, where it is between a due date and its business day, the due date."""
        number = self.moved_across(day)
        return day if number is None else self.unadjusted(number)

    # -- periods ----------------------------------------------------------------------

    def months_after(self, day: date, months: int) -> date:
        """Return the day `months` months later.

        If `day` is the last of its month in place of a later due day, the result is on that due day.

        Examples
        --------
        >>> import repaylib as rp
        >>> table = rp.Loan("10000", "12%", 12, "2024-01-31").timetable
        >>> table.months_after(date(2024, 4, 30), 1), table.months_after(date(2024, 4, 29), 1)
        (datetime.date(2024, 5, 31), datetime.date(2024, 5, 29))
        """
        grid, anchor = self.grid, None
        if (
            isinstance(grid, MonthSteps)
            and not grid.spill
            and add_months(day, 0, grid.anchor) == day
        ):
            anchor = grid.anchor
        return add_months(day, months, anchor)

    def whole(self, number: int) -> bool:
        """Whether period `number` is regular from end to end."""
        if self.grid.share is None:
            return False
        if self.tail is not None and self.end <= number <= self.end + 1:
            return number > self.end and self.tail.date_at(-1) == self.last
        return number != self.before + 1 or self.grid.date_at(-1) == self.start

    def regular(self, low: int, high: int) -> bool:
        """Whether all periods from `low` to `high` are regular ones; see :meth:`whole`."""
        odd_at_most = (low, self.end, self.end + 1)
        return all(self.whole(number) for number in odd_at_most if low <= number <= high)

    def regular_periods(self, start: date, end: date) -> Iterator[tuple[date, date]]:
        """Yield the regular periods that [start, end) touches, earliest first.

        Regular periods are the spans between the due dates, continued backward from the
        first due date at the same frequency, so that a long or short first period is seen as
        whole months and a part of one; and forward, for a last period that is off the grid.
        """
        if self.tail is not None and end > (closed := self.accrual_date(self.end)):
            if start < closed:
                yield from self._regular_periods(self.grid, start, closed)
            yield from self._regular_periods(self.tail, max(start, closed), end)
        else:
            yield from self._regular_periods(self.grid, start, end)

    def _regular_periods(self, grid: Grid, start: date, end: date) -> Iterator[tuple[date, date]]:
        step = grid.after(start) - 1
        while self._edge(grid, step) > start:
            step -= 1
        while (low := self._edge(grid, step)) < end:
            high = self._edge(grid, step + 1)
            if high > start:
                yield low, high
            step += 1

    def ends(self, start: date, end: date) -> tuple[list[tuple[date, date]], int]:
        """Return the first and last of :meth:`regular_periods`, and the number of periods between.

        Where a due date off the grid closes a stub, those on both sides of it are returned too.
        """
        if self.tail is not None and end > (closed := self.accrual_date(self.end)):
            ends, between = self._ends(self.tail, max(start, closed), end)
            if start < closed:
                before, more = self._ends(self.grid, start, closed)
                ends, between = before + ends, between + more
            return ends, between
        return self._ends(self.grid, start, end)

    def _ends(self, grid: Grid, start: date, end: date) -> tuple[list[tuple[date, date]], int]:
        first, last = grid.after(start) - 1, grid.after(end) - 1
        while self._edge(grid, first) > start:
            first -= 1
        while self._edge(grid, first + 1) <= start:
            first += 1
        while self._edge(grid, last + 1) < end:
            last += 1
        while self._edge(grid, last) >= end:
            last -= 1
        ends = [(self._edge(grid, step), self._edge(grid, step + 1)) for step in {first, last}]
        return sorted(ends), max(0, last - first - 1)

    def _edge(self, grid: Grid, step: int) -> date:
        if step == -1 and grid.share is None:
            return self.start
        day = grid.date_at(step)
        business = self.conventions.business
        if business is None or business.accrual_dates == "unadjusted" or day == self.start:
            return day
        return business.day(day)

    def refuse_ties(self, payments: int) -> None:
        """Refuse periods without a day, where interest runs to business days.

        Raises
        ------
        TermsError
            If two of the first `payments` due dates are paid on one day.
        """
        if not self.moves_interest:
            return
        dues = self.accrual_dates(0, payments)
        ties = np.flatnonzero(dues[1:] <= dues[:-1])
        if ties.size:
            raise TermsError(
                "accrual_dates",
                "adjusted",
                Phrase(
                    "a day in every period; due date {} is paid on {}, which is not after the one before",
                    ties[0] + 1,
                    dues[ties[0] + 1],
                ),
                'write accrual_dates="unadjusted", or a longer every',
            )

    def in_advance(self) -> Timetable:
        """Return the due dates with the first on the start, and each one period earlier.

        Raises
        ------
        TermsError
            If the days follow a rule, or do not have one frequency from the start on.
        """
        if self.grid.share is None or self.last is not None or not self.whole(self.before + 1):
            raise TermsError(
                "in_advance",
                True,
                "due dates at one frequency from the start on, without a stub, or a list of them",
                "write first_payment and every for the payments after the first, which is then "
                "less to lend",
            )
        return replace(self, grid=self.grid.shift(-1))

    # -- other due dates --------------------------------------------------------------

    def renewed(self, day: date, every: Every, before: int) -> Timetable:
        """Return due dates at another frequency, counted from `day`; `before` due dates lie before it."""
        rules = self.conventions
        if (grid := given_days(every, day)) is None:
            assert isinstance(every, str), "given_days returns listed days"
            grid = Frequency(step_of(every), rules.month_end, rules.spill).from_start(day)
        return Timetable(day, grid, before, conventions=rules)


def given_days(every: Every, start: date) -> Grid | None:
    """Return the days if they are listed or follow a rule, or ``None``."""
    if not isinstance(every, str):
        if every[0] <= start:
            other = "in_advance=True" if every[0] == start else "an earlier start"
            raise TermsError(
                "every",
                every[0].isoformat(),
                Phrase("due dates after start={}", start),
                Phrase("leave it out, or write {}", other),
            )
        return ListedDates(every)
    return ByRule(every, start) if is_rule(every) else None
