"""Business days: which they are, and where a due date moves that is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import numpy as np

from repaylib.dates.days import parse_date
from repaylib.dates.holidays import in_words, instead_of, parse_holidays, parse_years
from repaylib.errors import (
    ChoiceError,
    DateError,
    ExtraError,
    Phrase,
    TermsError,
    check_text,
    check_word,
    write,
)
from repaylib.typing import AccrualDates, BusinessDayConvention, DateLike, Days

__all__ = ["ACCRUAL_DATES", "ROLLS", "Business", "Calendar", "parse_business_days"]


ROLLS: tuple[BusinessDayConvention, ...] = get_args(BusinessDayConvention)
ACCRUAL_DATES: tuple[AccrualDates, ...] = get_args(AccrualDates)


class _Held:
    """Room for the calendar as numpy has it, which is not part of the value."""

    __slots__ = ("_numpy",)

    _numpy: np.busdaycalendar


@dataclass(frozen=True, slots=True, init=False)
class Calendar(_Held):
    """Which days are business days. A frozen value.

    Parameters
    ----------
    weekmask
        The business days of a week: ``"1111100"`` or ``"Mon Tue Wed Thu Fri"``.
    holidays
        Days that are none though the week has them; others are left out. A list, an array, a
        pandas index, or an object of the package ``holidays`` that was built with its years.
    years
        The years whose holidays are known. A schedule that goes beyond them is refused. ``None``
        is that there are no other holidays in any year; an object of ``holidays`` knows its years
        itself, and `years` may name some of them.

    Raises
    ------
    ChoiceError
        If `weekmask` names no week.
    DateError
        If a holiday is no day; or for something that has its holidays only when it is asked for a
        day, and has none yet, or that has already been gone through.
    CountError
        If `years` are no years, or some that `holidays` was not built with.
    TermsError
        If a whole year has no business day.

    Examples
    --------
    >>> bank = Calendar(holidays=["2024-12-25", "2024-12-26", "2024-12-28"])
    >>> bank.holidays
    (datetime.date(2024, 12, 25), datetime.date(2024, 12, 26))
    >>> bank.is_business_day("2024-12-26"), bank.is_business_day("2024-12-27")
    (False, True)
    >>> print(Calendar(holidays=["2024-12-25"], years=[2024, 2025]))
    weeks of 1111100, holidays: 1, of 2024 to 2025
    """

    weekmask: str
    holidays: tuple[date, ...]
    years: tuple[int, ...] | None

    def __init__(
        self,
        weekmask: str = "1111100",
        holidays: Iterable[DateLike] = (),
        years: Iterable[int] | None = None,
    ) -> None:
        days, known = parse_holidays(holidays)
        if years is not None:
            known = parse_years(years, known)
        try:
            held = np.busdaycalendar(weekmask, np.array(days, dtype="datetime64[D]"))
        except (ValueError, TypeError) as error:
            raise ChoiceError(
                "weekmask",
                weekmask,
                Phrase("the business days of a week; {}", error),
                write("1111100"),
            ) from error
        store = object.__setattr__
        store(self, "weekmask", "".join("1" if day else "0" for day in held.weekmask.tolist()))
        store(self, "holidays", tuple(held.holidays.tolist()))
        store(self, "years", known)
        store(self, "_numpy", held)
        self._refuse_a_year_off()

    @classmethod
    def of(cls, country: str, years: Iterable[int], *, subdivision: str | None = None) -> Calendar:
        """Return the public holidays and the weekend of a country. Needs the extra ``holidays``.

        The days come from the package ``holidays``. Bank holidays may be others.

        Parameters
        ----------
        country
            The ISO 3166 code, such as ``"DE"``.
        years
            All years of the schedules that use it, such as ``range(2024, 2031)``; a schedule that goes
            beyond them is refused.
        subdivision
            A part of the country with holidays of its own, such as ``"BY"`` for Bavaria.

        Raises
        ------
        ExtraError
            If the package is not installed.
        ChoiceError
            If the package does not know the country or the part of it.
        CountError
            If `years` are no years.

        Examples
        --------
        >>> german = Calendar.of("DE", years=[2024, 2025])
        >>> german.is_business_day("2024-10-03"), german.is_business_day("2024-10-04")
        (False, True)
        """
        try:
            from holidays import country_holidays, list_supported_countries
        except ModuleNotFoundError as error:
            raise ExtraError(
                "Calendar.of",
                Phrase("no {}", "holidays"),
                "the package holidays to be installed",
                "pip install 'repaylib[holidays]'",
            ) from error
        known, code = parse_years(years), check_text(country, "country")
        part = None if subdivision is None else check_text(subdivision, "subdivision")
        try:
            found = country_holidays(code, subdiv=part, years=known)
        except NotImplementedError as error:
            name, given, such = "country", country, "DE"
            if code.upper() in list_supported_countries():
                name, given, such = "subdivision", str(part), "BY"
            expected = "one that the package holidays knows"
            raise ChoiceError(name, given, expected, write(**{name: such})) from error
        weekmask = "".join("0" if day in found.weekend else "1" for day in range(7))
        return cls(weekmask, list(found), known)

    def _refuse_a_year_off(self) -> None:
        years, counts = np.unique(self._numpy.holidays.astype("datetime64[Y]"), return_counts=True)
        for year in years[counts > 50]:
            begun = year.astype("datetime64[D]")
            if not np.busday_count(
                begun,
                (year + np.timedelta64(1, "Y")).astype("datetime64[D]"),
                busdaycal=self._numpy,
            ):
                raise TermsError(
                    "holidays",
                    Phrase("all days of {} that weekmask={!r} has", year, self.weekmask),
                    "a business day in every year",
                    "list fewer holidays, or a weekmask of more days",
                )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.weekmask, self.holidays, self.years)

    @classmethod
    def parse(cls, value: object) -> Calendar:
        """Take a calendar, or one of numpy's.

        Raises
        ------
        ChoiceError
            If it is neither.
        """
        if isinstance(value, Calendar):
            return value
        if isinstance(value, np.busdaycalendar):
            mask = "".join("1" if day else "0" for day in value.weekmask.tolist())
            return cls(mask, value.holidays.tolist())
        raise ChoiceError(
            "calendar",
            value,
            "a Calendar or a numpy.busdaycalendar",
            Phrase("write {}", f"calendar=rp.Calendar({instead_of(value)})"),
        )

    @property
    def numpy(self) -> np.busdaycalendar:
        """The calendar as numpy has it."""
        return self._numpy

    def is_business_day(self, day: DateLike) -> bool:
        """Return whether `day` is a business day."""
        asked = np.datetime64(parse_date(day, "day"), "D")
        self.check_known(asked.item(), asked.item())
        return bool(np.is_busday(asked, busdaycal=self._numpy))

    def knows(self, first: date, last: date) -> bool:
        """Whether the holidays of all years from one day to another are known."""
        return self.years is None or set(range(first.year, last.year + 1)) <= set(self.years)

    def check_known(self, first: date, last: date) -> None:
        """Refuse days in years whose holidays are not known.

        Raises
        ------
        DateError
            If there is one from `first` to `last`.
        """
        if not self.knows(first, last):
            raise DateError(
                "calendar",
                Phrase("{}", self),
                Phrase(
                    "the holidays of all years of the schedule, which is paid from {} to {}",
                    first,
                    last,
                ),
                Phrase(
                    "take them of years=range({}, {}), or write holidays=list(...) if there are no others",
                    first.year,
                    last.year + 1,
                ),
            )

    def __str__(self) -> str:
        text = f"weeks of {self.weekmask}, holidays: {len(self.holidays)}"
        return text if self.years is None else f"{text}, of {in_words(self.years)}"


@dataclass(frozen=True, slots=True)
class Business:
    """A calendar, where a day moves that is no business day of it, and whether interest does too.

    Attributes
    ----------
    roll
        With weekends and no holidays:

        ``"following"``
            the next business day: Saturday 31 August 2024 is Monday 2 September.
        ``"modified_following"``
            the same, but the one before if that is in another month: Friday 30 August.
        ``"modified_following_bi_monthly"``
            the same, also if it would go from the first to the second half of a month, the
            15th being the last of the first: Saturday 15 June 2024 is Friday 14 June.
        ``"preceding"``
            the business day before: Sunday 1 September 2024 is Friday 30 August.
        ``"modified_preceding"``
            the same, but the next one if that is in another month: Monday 2 September.
        ``"nearest"``
            from a Sunday or Monday the next one, from any other day the one before: Saturday
            31 August is Friday 30 August, Sunday 1 September is Monday 2 September.
        ``"none"``
            every day stays.
    """

    calendar: Calendar
    roll: BusinessDayConvention
    accrual_dates: AccrualDates = "unadjusted"

    def days(self, days: Days) -> Days:
        """Return each of the days, moved to a business day."""
        if self.roll == "none":
            return days
        held = self.calendar.numpy
        if self.roll in _NUMPY:
            return np.busday_offset(days, 0, roll=_NUMPY[self.roll], busdaycal=held)
        later = np.busday_offset(days, 0, roll="forward", busdaycal=held)
        earlier = np.busday_offset(days, 0, roll="backward", busdaycal=held)
        if self.roll == "nearest":
            # Day 0 of numpy is a Thursday.
            weekday = (days.astype(np.int64) + 3) % 7
            return np.where((weekday == 6) | (weekday == 0), later, earlier)
        months = days.astype("datetime64[M]")
        first: Days = months.astype("datetime64[D]")
        half = first + np.timedelta64(14, "D")
        crossed = (later.astype("datetime64[M]") != months) | ((days <= half) & (later > half))
        return np.where(crossed, earlier, later)

    def day(self, day: date) -> date:
        """Return a day, moved to a business day."""
        if self.roll == "none":
            return day
        found = self.days(np.array([day], dtype="datetime64[D]")).tolist()[0]
        if not isinstance(found, date):
            raise DateError(
                "roll", str(found), "a business day in the years 1 to 9999", "take fewer payments"
            )
        return found


_NUMPY: dict[str, Literal["forward", "backward", "modifiedfollowing", "modifiedpreceding"]] = {
    "following": "forward",
    "preceding": "backward",
    "modified_following": "modifiedfollowing",
    "modified_preceding": "modifiedpreceding",
}


def parse_business_days(
    calendar: object, roll: object, accrual_dates: object, *, counting: bool = False
) -> Business | None:
    """Read what is agreed about business days; nothing, if no due date is moved.

    A calendar may stand without a roll if the day count is `counting` its days.

    Raises
    ------
    TermsError
        For a calendar without a roll, or a roll without a calendar.
    """
    moved = check_word("roll", roll, ROLLS)
    ends = check_word("accrual_dates", accrual_dates, ACCRUAL_DATES)
    if moved == "none" and ends != "unadjusted":
        raise TermsError(
            "accrual_dates",
            ends,
            'a roll with it; roll="none" says that no day moves',
            'write roll="modified_following" and calendar=rp.Calendar(), or leave accrual_dates out',
        )
    if calendar is None:
        if moved == "none":
            return None
        raise TermsError(
            "roll",
            moved,
            "a calendar with it; calendar=None says that every day is a business day",
            Phrase("write {}", "calendar=rp.Calendar()"),
        )
    days = Calendar.parse(calendar)
    if moved == "none" and counting:
        return None
    if moved == "none":
        raise TermsError(
            "calendar",
            str(days),
            'a roll with it; roll="none" says that no day moves',
            write(roll="modified_following"),
        )
    return Business(days, moved, ends)
