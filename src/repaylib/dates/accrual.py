"""The share of a year between two days of a loan, under its day count."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from repaylib.dates.day_count import (
    BY_BUSINESS_DAY,
    BY_DAY,
    BY_PERIOD,
    COUNTED_DAYS,
    ODD_DAYS,
    check_calendar,
    check_only,
    denominator,
    numerators,
    parse_day_count,
    periods_share,
)
from repaylib.dates.days import add_days
from repaylib.dates.due_dates import Timetable, parse_date
from repaylib.dates.frequency import parse_every
from repaylib.dates.generation import lay_out
from repaylib.errors import Phrase, TermsError, check_word, write
from repaylib.typing import CountedDays, DateLike, DayCount, Days, Ints, OddDays

if TYPE_CHECKING:
    from repaylib.dates.frequency import EveryLike

__all__ = [
    "Accrual",
    "SumOfDigits",
    "check_counted_days",
    "check_periodic",
    "unearned",
    "year_fraction",
]


def unearned(periods: int, elapsed: Fraction | int) -> Fraction:
    """Return the share of a charge that the sum of digits has not earned.

    Examples
    --------
    >>> unearned(12, 3) * 100, unearned(12, 6)
    (Fraction(750, 13), Fraction(7, 26))
    """
    whole = int(elapsed)
    left = periods - whole
    digits = Fraction(left * (left + 1), 2) - left * (elapsed - whole)
    return digits / Fraction(periods * (periods + 1), 2)


class SumOfDigits(NamedTuple):
    """Periods whose charge is divided among them by the sum of digits.

    Attributes
    ----------
    before, periods
        The number of the period before the first, and how many there are.
    whole
        The share of a year of all.
    """

    before: int
    periods: int
    whole: Fraction


@dataclass(frozen=True, slots=True)
class Accrual:
    """A timetable read under a day count.

    Attributes
    ----------
    timetable, day_count, odd_days
        The due dates, and how days become shares of a year.
    counted_days
        Which of the two end days a segment counts. The last day in and the first one out is
        the same rule on days moved by one. With ``"both"`` a segment counts its last day, and the
        one that begins on the day of disbursement counts that day too.
    calendar
        Business days, for ``"business/252"``.
    disbursed
        The day of disbursement, for ``"both"``.
    digits
        Periods that share what they come to in all by the sum of digits; within a period, it is
        divided by the day count.

    Raises
    ------
    TermsError
        For ``"business/252"`` without a calendar.
    """

    timetable: Timetable
    day_count: DayCount
    odd_days: OddDays
    counted_days: CountedDays = "first"
    calendar: np.busdaycalendar | None = None
    disbursed: date | None = None
    digits: SumOfDigits | None = None

    def __post_init__(self) -> None:
        if self.day_count in BY_BUSINESS_DAY:
            check_calendar(self.day_count, self.calendar)

    def share(self, number: int, start: date, end: date) -> Fraction:
        """Return the share of a year from `start` to `end`, both in period `number`.

        It is the share from the opening of the period to `end`, less that to `start`, so that
        the parts of a period add up to it under every day count.
        """
        digits = self.digits
        if digits is not None and 0 < number - digits.before <= digits.periods:
            return self._by_digits(digits, number, start, end)
        table = self.timetable
        opening = table.accrual_date(number - 1)
        if self.day_count in BY_PERIOD:
            if start == opening and end == table.accrual_date(number) and table.whole(number):
                return table.period_length
            odd = self.odd_days if self.day_count == "periodic" else "pro_rata"
            return periods_share(
                start, end, odd, table.regular_periods(start, end), table.period_length
            )
        if self.day_count in BY_DAY:
            scale, year = BY_DAY[self.day_count]
            first = self._counts_first_day and start == self.disbursed and end > start
            return Fraction(((end - start).days + first) * scale, year)
        days = [day for day in (start, end) if day > opening]
        begun = np.full(len(days), opening, dtype="datetime64[D]")
        parts = self._numerators(begun, np.array(days, dtype="datetime64[D]")).tolist()
        from_start = parts[-1] if parts else 0
        before = parts[0] if len(parts) == 2 else 0
        return Fraction(from_start - before, denominator(self.day_count))

    def by_digits(self, before: int, count: int) -> Accrual:
        """Return it with so many periods after one divided by the sum of digits."""
        plain = replace(self, digits=None)
        days = [self.timetable.accrual_date(before + place) for place in range(count + 1)]
        whole = sum(
            (plain.share(before + place, *pair) for place, pair in enumerate(pairwise(days), 1)),
            Fraction(0),
        )
        return replace(plain, digits=SumOfDigits(before, count, whole))

    def _by_digits(self, digits: SumOfDigits, number: int, start: date, end: date) -> Fraction:
        """Return the share of a part of a period by the sum of digits."""
        plain, place = replace(self, digits=None), number - digits.before
        opening, closing = (self.timetable.accrual_date(each) for each in (number - 1, number))
        whole = plain.share(number, opening, closing)
        left = [
            unearned(digits.periods, place - 1 + (plain.share(number, opening, day) / whole))
            if whole and opening < day < closing
            else unearned(digits.periods, place - (day < closing))
            for day in (start, end)
        ]
        return digits.whole * (left[0] - left[1])

    def rate_ends(self, day: date) -> date:
        """Return the end of the segment at the old rate, where a new one holds from `day` on.

        The new rate holds on the day itself. Where the last day of a segment counts, that day
        belongs to the segment that begins the day before. On a due date the interest is posted
        before the rate changes, so that the day keeps the old rate.
        """
        if self.counted_days == "first":
            return day
        eve = day - timedelta(days=1)
        table = self.timetable
        return day if table.accrual_date(table.first_number_after(eve)) == day else eve

    def factors(self, low: int, high: int, rate: Fraction, scale: int = 1) -> tuple[list[int], int]:
        """Return the interest factors of whole periods `low` to `high`, over one denominator.

        Parameters
        ----------
        low, high
            Numbers of the first and last period, both included; not the first of all under
            ``"periodic"``, if that is of odd length.
        rate
            Nominal rate per year.
        scale
            Whole number to multiply the numerators with, but not the denominator.
        """
        table = self.timetable
        top, bottom = rate.numerator * scale, rate.denominator
        if self.digits is not None:
            days_of = [table.accrual_date(number) for number in range(low - 1, high + 1)]
            own = [self.share(low + place, *pair) for place, pair in enumerate(pairwise(days_of))]
            common = lcm(*(share.denominator for share in own))
            parts = [share.numerator * (common // share.denominator) * top for share in own]
            return parts, common * bottom
        if self.day_count in BY_PERIOD:
            share = table.period_length
            if table.tail is not None and low <= table.end + 1 and high >= table.end:
                return self._odd_factors(low, high, top, bottom)
            return [share.numerator * top] * (high - low + 1), share.denominator * bottom
        days = table.accrual_dates(low - 1, high)
        shares = self._numerators(days[:-1], days[1:])
        return [share * top for share in shares.tolist()], denominator(self.day_count) * bottom

    def _odd_factors(self, low: int, high: int, top: int, bottom: int) -> tuple[list[int], int]:
        """Return the factors of periods of which one or two are not regular."""
        table = self.timetable
        odd = {
            number: self.share(number, table.accrual_date(number - 1), table.accrual_date(number))
            for number in range(max(low, table.end), min(high, table.end + 1) + 1)
        }
        common = lcm(
            table.period_length.denominator, *(length.denominator for length in odd.values())
        )
        factors = [
            table.period_length.numerator * (common // table.period_length.denominator) * top
        ] * (high - low + 1)
        for number, share in odd.items():
            factors[number - low] = share.numerator * (common // share.denominator) * top
        return factors, common * bottom

    def _numerators(self, start: Days, end: Days) -> Ints:
        if self.counted_days != "first":
            one = np.timedelta64(1, "D")
            first = start + one
            if self._counts_first_day:
                begun = (start == np.datetime64(self.disbursed, "D")) & (end > start)
                first = np.where(begun, start, first)
            start, end = first, end + one
        return numerators(start, end, self.day_count, self.calendar)

    @property
    def _counts_first_day(self) -> bool:
        return self.counted_days == "both" and self.disbursed is not None

    @property
    def regular_from(self) -> int:
        """Number of the first period that is no odd one at the beginning."""
        table = self.timetable
        odd = self.day_count in BY_PERIOD and not table.whole(table.before + 1)
        return table.before + (2 if odd else 1)


def check_counted_days(day_count: DayCount, counted_days: CountedDays) -> None:
    """Refuse to count both ends where a day count counts periods and no days.

    Raises
    ------
    TermsError
        If `counted_days` is ``"both"``, and `day_count` is ``"periodic"`` or ``"actual/actual ICMA"``.
    """
    if counted_days == "both" and day_count in BY_PERIOD:
        raise TermsError(
            "counted_days",
            counted_days,
            Phrase('a day count that counts days, as day_count="{}" counts periods', day_count),
            write(day_count="actual/365"),
        )


def check_periodic(timetable: Timetable, day_count: DayCount, parameter: str = "day_count") -> None:
    """Refuse a day count of regular periods where there are none.

    Raises
    ------
    TermsError
        If `day_count` is ``"periodic"`` or ``"actual/actual ICMA"``, and due dates are listed.
    """
    if timetable.share is None and day_count in BY_PERIOD:
        raise TermsError(
            parameter,
            day_count,
            "a count of days, as due dates that are listed are no regular periods",
            write(**{parameter: "actual/365"}),
        )


def year_fraction(
    start: DateLike,
    end: DateLike,
    day_count: DayCount = "actual/365",
    *,
    every: EveryLike = "month",
    odd_days: OddDays = "pro_rata",
    counted_days: CountedDays = "first",
    calendar: np.busdaycalendar | None = None,
) -> Fraction:
    """Return the share of a year from one day to another, exactly.

    Parameters
    ----------
    start, end
        The two days; `counted_days` says which of them are in.
    day_count
        Any that a :class:`~repaylib.Loan` takes.
    every
        For ``"periodic"`` and ``"actual/actual ICMA"``: the regular period, counted from
        `start`.
    odd_days
        For ``"periodic"``: what a part of a period costs.
    counted_days
        ``"first"``
            the first day is in and the last one out: 31 December 2023 to 1 January 2024 is a
            day of 2023, 1/365 under ``"actual/actual ISDA"``.
        ``"last"``
            the other way round: it is a day of 2024, 1/366.
        ``"both"``
            both days are in, so that there is a day more: 1 to 31 January is 31 days.
    calendar
        For ``"business/252"``: a ``numpy.busdaycalendar``.

    Raises
    ------
    RepayError
        If a day or a word cannot be read, or `end` is before `start`.

    Examples
    --------
    >>> year_fraction("2011-12-28", "2012-02-29", "30/360 ISDA")
    Fraction(61, 360)
    >>> year_fraction("2024-01-31", "2024-02-29", "periodic")
    Fraction(1, 12)
    >>> import numpy as np
    >>> week = ("2024-01-01", "2024-01-08")
    >>> year_fraction(*week, "business/252", calendar=np.busdaycalendar())
    Fraction(5, 252)
    """
    low, high = parse_date(start, "start"), parse_date(end, "end")
    if high < low:
        raise TermsError(
            "end", high.isoformat(), Phrase("a day from start={}", low), "swap the two"
        )
    parse_day_count(day_count)
    check_word("odd_days", odd_days, ODD_DAYS)
    check_word("counted_days", counted_days, COUNTED_DAYS)
    check_counted_days(day_count, counted_days)
    check_only("every", every, "month", day_count, BY_PERIOD)
    check_only("odd_days", odd_days, "pro_rata", day_count, ("periodic",))
    check_only("calendar", calendar, None, day_count, BY_BUSINESS_DAY)
    table, _ = lay_out(low, parse_every(every), payments=1)
    if day_count in BY_PERIOD:
        check_periodic(table, day_count)
        odd = odd_days if day_count == "periodic" else "pro_rata"
        return periods_share(low, high, odd, table.regular_periods(low, high), table.period_length)
    if counted_days == "both":  # from the first day in to the day after the last
        high, counted_days = add_days(high, 1), "first"
    return Accrual(table, day_count, odd_days, counted_days, calendar).share(1, low, high)
