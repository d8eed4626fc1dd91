"""The rule of each day count, over arrays of days: a numerator, and the denominator it is over."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from repaylib.typing import Bools, Days, Ints

__all__ = ["BOTH", "RULES"]


#: A year of 365 or 366 days counted in parts that suit both.
BOTH = 365 * 366

# -- the calendar, over arrays ----------------------------------------------------------


def _parts(days: Days) -> tuple[Ints, Ints, Ints]:
    """Return year, month (1 to 12) and day of the month."""
    months = days.astype("datetime64[M]")
    count = months.astype(np.int64)
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    return count // 12 + 1970, count % 12 + 1, day


def _is_leap(year: Ints) -> Bools:
    leap: Bools = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return leap


def _days(start: Days, end: Days) -> Ints:
    return (end - start).astype(np.int64)


def _leap_days(day: Days) -> Ints:
    """Return the number of 29 Februaries up to a day, that day included."""
    year, month, of_month = _parts(day)
    before = year - 1
    passed = _is_leap(year) & ((month > 2) | ((month == 2) & (of_month == 29)))
    leaps: Ints = before // 4 - before // 100 + before // 400 + passed
    return leaps


def _last_of_february(days: Days) -> Bools:
    _, month, _ = _parts(days)
    _, after, _ = _parts(days + np.timedelta64(1, "D"))
    last: Bools = (month == 2) & (after == 3)
    return last


def _shift_months(days: Days, months: Ints) -> Days:
    """Return days some months later, on the last day of a month that is too short."""
    target = days.astype("datetime64[M]") + months.astype("timedelta64[M]")
    first = target.astype("datetime64[D]")
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    shifted: Days = np.minimum(first + (_parts(days)[2] - 1).astype("timedelta64[D]"), last)
    return shifted


# -- the rules --------------------------------------------------------------------------


def _without_leap_days(start: Days, end: Days) -> Ints:
    return _days(start, end) - (_leap_days(end) - _leap_days(start))


def _over_365_or_366(days: Ints, leap: Bools) -> Ints:
    return days * np.where(leap, 365, 366)


def _leap_if_met(start: Days, end: Days) -> Ints:
    return _over_365_or_366(_days(start, end), _leap_days(end) > _leap_days(start))


def _leap_by_end(start: Days, end: Days) -> Ints:
    return _over_365_or_366(_days(start, end), _is_leap(_parts(end)[0]))


def _isda(start: Days, end: Days) -> Ints:
    return _since_year_one(end) - _since_year_one(start)


def _since_year_one(day: Days) -> Ints:
    year = _parts(day)[0]
    passed = _days(day.astype("datetime64[Y]").astype("datetime64[D]"), day)
    return year * BOTH + _over_365_or_366(passed, _is_leap(year))


def _afb(start: Days, end: Days) -> Ints:
    years = _parts(end)[0] - _parts(start)[0]
    years = years - (_back(end, years) < start)
    rest = _back(end, years)
    one = np.timedelta64(1, "D")
    leap = _leap_days(rest - one) > _leap_days(start - one)
    return years * BOTH + _over_365_or_366(_days(start, rest), leap)


def _back(end: Days, years: Ints) -> Days:
    """Return days some years earlier; the 28th or 29th of February is then its last day."""
    earlier = _shift_months(end, -12 * years)
    _, month, day = _parts(earlier)
    lengthen = (years > 0) & (month == 2) & (day == 28) & _is_leap(_parts(earlier)[0])
    back: Days = earlier + lengthen.astype("timedelta64[D]")
    return back


def _by_anniversary(start: Days, end: Days) -> Ints:
    years = _parts(end)[0] - _parts(start)[0]
    years = years - (_shift_months(start, 12 * years) > end)
    begun = _shift_months(start, 12 * years)
    length = _days(begun, _shift_months(start, 12 * years + 12))
    return years * BOTH + _over_365_or_366(_days(begun, end), length == 366)


def _months_and_days(start: Days, end: Days) -> Ints:
    months = (end.astype("datetime64[M]") - start.astype("datetime64[M]")).astype(np.int64)
    months = months - (_shift_months(start, months) > end)
    total: Ints = 30 * months + _days(_shift_months(start, months), end)
    return total


def _thirty(low: Ints, high: Ints, start: Days, end: Days) -> Ints:
    """Return days between, with months of 30 days, from the days of the month to be used."""
    from_year, from_month, _ = _parts(start)
    to_year, to_month, _ = _parts(end)
    return 360 * (to_year - from_year) + 30 * (to_month - from_month) + high - low


def _thirty_isda(start: Days, end: Days) -> Ints:
    low = np.minimum(_parts(start)[2], 30)
    high = _parts(end)[2]
    return _thirty(low, np.where((high == 31) & (low == 30), 30, high), start, end)


def _thirty_us(start: Days, end: Days) -> Ints:
    from_last = _last_of_february(start)
    low = np.where(from_last, 30, np.minimum(_parts(start)[2], 30))
    high = _parts(end)[2]
    to_thirty = ((high == 31) & (low == 30)) | (from_last & _last_of_february(end))
    return _thirty(low, np.where(to_thirty, 30, high), start, end)


def _thirty_psa(start: Days, end: Days) -> Ints:
    low = np.where(_last_of_february(start), 30, np.minimum(_parts(start)[2], 30))
    high = _parts(end)[2]
    return _thirty(low, np.where((high == 31) & (low == 30), 30, high), start, end)


def _thirty_european(start: Days, end: Days) -> Ints:
    return _thirty(np.minimum(_parts(start)[2], 30), np.minimum(_parts(end)[2], 30), start, end)


def _thirty_german(start: Days, end: Days) -> Ints:
    low = np.where(_last_of_february(start), 30, np.minimum(_parts(start)[2], 30))
    high = np.where(_last_of_february(end), 30, np.minimum(_parts(end)[2], 30))
    return _thirty(low, high, start, end)


def _thirty_plus(start: Days, end: Days) -> Ints:
    # The 31st as 31 of its month is the 1st of the next, 30 days on.
    return _thirty(np.minimum(_parts(start)[2], 30), _parts(end)[2], start, end)


def _one(start: Days, end: Days) -> Ints:
    return (start < end).astype(np.int64)


def _four_times(start: Days, end: Days) -> Ints:
    return 4 * _days(start, end)


RULES: dict[str, tuple[Callable[[Days, Days], Ints], int]] = {
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
