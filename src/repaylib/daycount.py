"""Days and shares of a year, as exact pairs of integers.

Every day count but ``"periodic"`` is a function of two days: a whole number over a fixed
denominator. The numerators are computed over arrays of days at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

__all__ = [
    "BY_DAY",
    "BY_PERIOD",
    "DAY_COUNTS",
    "ODD_DAYS",
    "DayCount",
    "OddDays",
    "denominator",
    "numerators",
    "periods_share",
    "share_text",
]

DayCount = Literal[
    "periodic",
    "actual/365",
    "actual/360",
    "actual/364",
    "actual/365.25",
    "actual/365 leap",
    "actual/365L",
    "no-leap/365",
    "no-leap/360",
    "actual/actual ISDA",
    "actual/actual ICMA",
    "actual/actual AFB",
    "actual/actual year",
    "30/360 ISDA",
    "30/360 US",
    "30/360 PSA",
    "30E/360",
    "30E/360 ISDA",
    "30E+/360",
    "30E/365",
    "months and days/360",
    "1/1",
]
OddDays = Literal["pro_rata", "actual/360", "actual/365"]

DAY_COUNTS: tuple[DayCount, ...] = get_args(DayCount)
ODD_DAYS: tuple[OddDays, ...] = get_args(OddDays)

#: Day counts that give a whole period its months over 12.
BY_PERIOD: tuple[DayCount, ...] = ("periodic", "actual/actual ICMA")

Days = npt.NDArray[np.datetime64]
Numbers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

#: Day counts that are a fixed share of a year for each day: days times the first, over the second.
BY_DAY: dict[str, tuple[int, int]] = {
    "actual/365": (1, 365),
    "actual/360": (1, 360),
    "actual/364": (1, 364),
    "actual/365.25": (4, 1461),
}

#: A year of 365 or 366 days counted in parts that suit both.
BOTH = 365 * 366


def denominator(day_count: DayCount) -> int:
    """Return the denominator of a day count, for :func:`numerators`."""
    return _RULES[day_count][1]


def numerators(start: Days, end: Days, day_count: DayCount) -> Numbers:
    """Return the shares of a year from `start` (counted) to `end` (not counted).

    Parameters
    ----------
    start, end
        Days as ``datetime64[D]``, of one shape; no `start` after its `end`.
    day_count
        Any but ``"periodic"`` and ``"actual/actual ICMA"``, which need to know the periods.
        December 28 of 2011 to 29 February 2012 (63 days, one in a leap day's year)
        is given in brackets.

        ``"actual/365"``, ``"actual/360"``, ``"actual/364"``, ``"actual/365.25"``
            days over a fixed number [63/365, 63/360, 63/364, 63/365.25].
        ``"actual/365 leap"``
            days over 365, or over 366 if a 29 February is among them, the first day not
            counted and the last one counted [63/366].
        ``"actual/365L"``
            days over the length of the year in which the stretch ends [63/366].
        ``"no-leap/365"``, ``"no-leap/360"``
            days without any 29 February [62/365, 62/360].
        ``"actual/actual ISDA"``
            days in each calendar year over its length [4/365 + 59/366].
        ``"actual/actual AFB"``
            whole years counted back from the end; the days left over 365, or over 366 if
            they hold a 29 February [63/365].
        ``"actual/actual year"``
            whole years counted from the start; the days left over the length of the year
            that they begin [63/366].
        ``"30/360 ISDA"``
            months of 30 days; a 31st is a 30th, at the end only after a 30th or 31st
            [61/360].
        ``"30/360 US"``
            the same, and the last day of February is a 30th, at the end only after another
            [61/360].
        ``"30/360 PSA"``
            the same, and at the start the last day of February is a 30th [61/360].
        ``"30E/360"``
            a 31st is always a 30th [61/360].
        ``"30E/360 ISDA"``
            and so is the last day of February [62/360].
        ``"30E+/360"``
            a 31st at the end is the 1st of the next month [61/360].
        ``"30E/365"``
            the days of ``"30E/360 ISDA"`` over 365, as OpenGamma Strata has it [62/365].
        ``"months and days/360"``
            whole months at 30/360, the days left over 360, as Chinese banks count term by
            term (逐笔计息法) [2 months and 1 day: 61/360].
        ``"1/1"``
            every stretch is a year [1].

    Returns
    -------
    numpy.ndarray
        Numerators as ``int64``, over :func:`denominator`.

    Examples
    --------
    >>> days = np.array(["2011-12-28"], "datetime64[D]"), np.array(["2012-02-29"], "datetime64[D]")
    >>> [int(numerators(*days, word)[0]) for word in ("actual/360", "30/360 ISDA", "no-leap/365")]
    [63, 61, 62]
    >>> Fraction(int(numerators(*days, "actual/actual ISDA")[0]), BOTH) == (
    ...     Fraction(4, 365) + Fraction(59, 366)
    ... )
    True
    """
    return _RULES[day_count][0](start, end)


def periods_share(
    start: date,
    end: date,
    odd_days: OddDays,
    cells: Iterable[tuple[date, date]],
    months: int,
) -> Fraction:
    """Return the share of a year from `start` to `end` where whole periods count as such.

    Parameters
    ----------
    start, end
        First day in, last day out.
    odd_days
        What a part of a period costs.

        ``"pro_rata"``
            its share of the actual days of that period: 14 days of a February of 29 cost
            14/29 of a month.
        ``"actual/360"``, ``"actual/365"``
            its days over 360 or 365, as a rate per day.
    cells
        The regular periods that the span touches, in order.
    months
        Months in a regular period.

    Examples
    --------
    >>> month = [(date(2024, 2, 1), date(2024, 3, 1))]
    >>> periods_share(date(2024, 2, 1), date(2024, 3, 1), "pro_rata", month, 1)
    Fraction(1, 12)
    >>> periods_share(date(2024, 2, 1), date(2024, 2, 15), "pro_rata", month, 1)
    Fraction(7, 174)
    """
    parts: list[tuple[int, int]] = []
    for low, high in cells:
        length = (high - low).days
        days = (min(end, high) - max(start, low)).days
        if days == length:
            parts.append((months, 12))
        elif odd_days == "pro_rata":
            parts.append((days * months, length * 12))
        else:
            parts.append((days, denominator(odd_days)))
    common = lcm(*(den for _, den in parts))
    return Fraction(sum(num * (common // den) for num, den in parts), common)


def share_text(share: Fraction) -> str:
    """Return a share of a year as text for people.

    Examples
    --------
    >>> share_text(Fraction(1, 12)), share_text(Fraction(1))
    ('1/12 of a year', '1 year')
    """
    return "1 year" if share == 1 else f"{share} of a year"


# -- the calendar, over arrays ----------------------------------------------------------


def _parts(days: Days) -> tuple[Numbers, Numbers, Numbers]:
    """Return year, month (1 to 12) and day of the month."""
    months = days.astype("datetime64[M]")
    count = months.astype(np.int64)
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    return count // 12 + 1970, count % 12 + 1, day


def _is_leap(year: Numbers) -> Truths:
    leap: Truths = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return leap


def _days(start: Days, end: Days) -> Numbers:
    return (end - start).astype(np.int64)


def _leap_days(day: Days) -> Numbers:
    """Return the number of 29 Februaries up to a day, that day included."""
    year, month, of_month = _parts(day)
    before = year - 1
    passed = _is_leap(year) & ((month > 2) | ((month == 2) & (of_month == 29)))
    leaps: Numbers = before // 4 - before // 100 + before // 400 + passed
    return leaps


def _last_of_february(days: Days) -> Truths:
    _, month, _ = _parts(days)
    _, after, _ = _parts(days + np.timedelta64(1, "D"))
    last: Truths = (month == 2) & (after == 3)
    return last


def _shift_months(days: Days, months: Numbers) -> Days:
    """Return days some months later, on the last day of a month that is too short."""
    target = days.astype("datetime64[M]") + months
    first = target.astype("datetime64[D]")
    last = (target + 1).astype("datetime64[D]") - 1
    shifted: Days = np.minimum(first + (_parts(days)[2] - 1), last)
    return shifted


# -- the rules --------------------------------------------------------------------------


def _without_leap_days(start: Days, end: Days) -> Numbers:
    return _days(start, end) - (_leap_days(end) - _leap_days(start))


def _over_365_or_366(days: Numbers, leap: Truths) -> Numbers:
    return days * np.where(leap, 365, 366)


def _leap_if_met(start: Days, end: Days) -> Numbers:
    return _over_365_or_366(_days(start, end), _leap_days(end) > _leap_days(start))


def _leap_by_end(start: Days, end: Days) -> Numbers:
    return _over_365_or_366(_days(start, end), _is_leap(_parts(end)[0]))


def _isda(start: Days, end: Days) -> Numbers:
    return _since_year_one(end) - _since_year_one(start)


def _since_year_one(day: Days) -> Numbers:
    year = _parts(day)[0]
    passed = _days(day.astype("datetime64[Y]").astype("datetime64[D]"), day)
    return year * BOTH + _over_365_or_366(passed, _is_leap(year))


def _afb(start: Days, end: Days) -> Numbers:
    years = _parts(end)[0] - _parts(start)[0]
    years = years - (_back(end, years) < start)
    rest = _back(end, years)
    one = np.timedelta64(1, "D")
    leap = _leap_days(rest - one) > _leap_days(start - one)
    return years * BOTH + _over_365_or_366(_days(start, rest), leap)


def _back(end: Days, years: Numbers) -> Days:
    """Return days some years earlier; the 28th or 29th of February is then its last day."""
    earlier = _shift_months(end, -12 * years)
    _, month, day = _parts(earlier)
    lengthen = (years > 0) & (month == 2) & (day == 28) & _is_leap(_parts(earlier)[0])
    back: Days = earlier + lengthen.astype("timedelta64[D]")
    return back


def _by_anniversary(start: Days, end: Days) -> Numbers:
    years = _parts(end)[0] - _parts(start)[0]
    years = years - (_shift_months(start, 12 * years) > end)
    begun = _shift_months(start, 12 * years)
    length = _days(begun, _shift_months(start, 12 * years + 12))
    return years * BOTH + _over_365_or_366(_days(begun, end), length == 366)


def _months_and_days(start: Days, end: Days) -> Numbers:
    months = (end.astype("datetime64[M]") - start.astype("datetime64[M]")).astype(np.int64)
    months = months - (_shift_months(start, months) > end)
    total: Numbers = 30 * months + _days(_shift_months(start, months), end)
    return total


def _thirty(low: Numbers, high: Numbers, start: Days, end: Days) -> Numbers:
    """Return days between, with months of 30 days, from the days of the month to be used."""
    from_year, from_month, _ = _parts(start)
    to_year, to_month, _ = _parts(end)
    return 360 * (to_year - from_year) + 30 * (to_month - from_month) + high - low


def _thirty_isda(start: Days, end: Days) -> Numbers:
    low = np.minimum(_parts(start)[2], 30)
    high = _parts(end)[2]
    return _thirty(low, np.where((high == 31) & (low == 30), 30, high), start, end)


def _thirty_us(start: Days, end: Days) -> Numbers:
    from_last = _last_of_february(start)
    low = np.where(from_last, 30, np.minimum(_parts(start)[2], 30))
    high = _parts(end)[2]
    to_thirty = ((high == 31) & (low == 30)) | (from_last & _last_of_february(end))
    return _thirty(low, np.where(to_thirty, 30, high), start, end)


def _thirty_psa(start: Days, end: Days) -> Numbers:
    low = np.where(_last_of_february(start), 30, np.minimum(_parts(start)[2], 30))
    high = _parts(end)[2]
    return _thirty(low, np.where((high == 31) & (low == 30), 30, high), start, end)


def _thirty_european(start: Days, end: Days) -> Numbers:
    return _thirty(np.minimum(_parts(start)[2], 30), np.minimum(_parts(end)[2], 30), start, end)


def _thirty_german(start: Days, end: Days) -> Numbers:
    low = np.where(_last_of_february(start), 30, np.minimum(_parts(start)[2], 30))
    high = np.where(_last_of_february(end), 30, np.minimum(_parts(end)[2], 30))
    return _thirty(low, high, start, end)


def _thirty_plus(start: Days, end: Days) -> Numbers:
    # The 31st as 31 of its month is the 1st of the next, 30 days on.
    return _thirty(np.minimum(_parts(start)[2], 30), _parts(end)[2], start, end)


def _one(start: Days, end: Days) -> Numbers:
    return (start < end).astype(np.int64)


def _four_times(start: Days, end: Days) -> Numbers:
    return 4 * _days(start, end)


_RULES: dict[str, tuple[Callable[[Days, Days], Numbers], int]] = {
    "actual/365": (_days, 365),
    "actual/360": (_days, 360),
    "actual/364": (_days, 364),
    "actual/365.25": (_four_times, 1461),
    "actual/365 leap": (_leap_if_met, BOTH),
    "actual/365L": (_leap_by_end, BOTH),
    "no-leap/365": (_without_leap_days, 365),
    "no-leap/360": (_without_leap_days, 360),
    "actual/actual ISDA": (_isda, BOTH),
    "actual/actual AFB": (_afb, BOTH),
    "actual/actual year": (_by_anniversary, BOTH),
    "30/360 ISDA": (_thirty_isda, 360),
    "30/360 US": (_thirty_us, 360),
    "30/360 PSA": (_thirty_psa, 360),
    "30E/360": (_thirty_european, 360),
    "30E/360 ISDA": (_thirty_german, 360),
    "30E+/360": (_thirty_plus, 360),
    "30E/365": (_thirty_german, 365),
    "months and days/360": (_months_and_days, 360),
    "1/1": (_one, 1),
}
