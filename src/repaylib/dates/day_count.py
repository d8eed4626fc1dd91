"""Days and shares of a year, as exact pairs of integers.

Every day count but ``"periodic"`` is a function of two days, and one of them also of a calendar:
a whole number over a fixed denominator. The numerators are computed over arrays of days at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from math import lcm
from typing import get_args

import numpy as np

from repaylib.dates.day_count_rules import RULES
from repaylib.errors import Phrase, TermsError, check_word, enumerated
from repaylib.typing import CountedDays, DayCount, Days, Ints, OddDays

__all__ = [
    "BY_BUSINESS_DAY",
    "BY_DAY",
    "BY_PERIOD",
    "COUNTED_DAYS",
    "DAY_COUNTS",
    "ODD_DAYS",
    "check_calendar",
    "check_only",
    "denominator",
    "numerators",
    "periods_share",
    "share_text",
    "parse_day_count",
]


DAY_COUNTS: tuple[DayCount, ...] = get_args(DayCount)
ODD_DAYS: tuple[OddDays, ...] = get_args(OddDays)
COUNTED_DAYS: tuple[CountedDays, ...] = get_args(CountedDays)

#: Day counts that give a whole period its share of a year: a month 1/12, a week 1/52.
BY_PERIOD: tuple[DayCount, ...] = ("periodic", "actual/actual ICMA")

#: Day counts that are a fixed share of a year for each day: days times the first, over the second.
BY_DAY: dict[str, tuple[int, int]] = {
    "actual/365": (1, 365),
    "actual/360": (1, 360),
    "actual/364": (1, 364),
    "actual/365.25": (4, 1461),
}

#: Day counts that count business days, and so need a calendar.
BY_BUSINESS_DAY: tuple[DayCount, ...] = ("business/252",)

#: Other names of the day counts, in small letters and without spaces.
SPELLINGS: dict[str, DayCount] = {
    "act/360": "actual/360",
    "a/360": "actual/360",
    "act/364": "actual/364",
    "act/365": "actual/365",
    "a/365": "actual/365",
    "a/365f": "actual/365",
    "act/365f": "actual/365",
    "act/365fixed": "actual/365",
    "actual/365f": "actual/365",
    "actual/365fixed": "actual/365",
    "act/365.25": "actual/365.25",
    "act/365a": "actual/365 leap",
    "act/365actual": "actual/365 leap",
    "actual/365actual": "actual/365 leap",
    "act/365l": "actual/365L",
    "isma-year": "actual/365L",
    "nl/360": "no-leap/360",
    "nl/365": "no-leap/365",
    "nl365": "no-leap/365",
    "noleap/365": "no-leap/365",
    "actual/365nl": "no-leap/365",
    "act/act": "actual/actual ISDA",
    "actual/actual": "actual/actual ISDA",
    "act/actisda": "actual/actual ISDA",
    "act/acticma": "actual/actual ICMA",
    "act/actisma": "actual/actual ICMA",
    "actual/actualisma": "actual/actual ICMA",
    "act/actafb": "actual/actual AFB",
    "actual/actualeuro": "actual/actual AFB",
    "act/actyear": "actual/actual year",
    "30/360": "30/360 ISDA",
    "30a/360": "30/360 ISDA",
    "360/360": "30/360 ISDA",
    "bondbasis": "30/360 ISDA",
    "30u/360": "30/360 US",
    "30us/360": "30/360 US",
    "eurobondbasis": "30E/360",
    "30/360icma": "30E/360",
    "30s/360": "30E/360",
    "30/360german": "30E/360 ISDA",
    "30e/360german": "30E/360 ISDA",
    "30e+/360isda": "30E+/360",
    "bus/252": "business/252",
    "bu/252": "business/252",
    "1/1isda": "1/1",
}


def parse_day_count(value: object, parameter: str = "day_count") -> DayCount:
    """Return the word of a day count.

    Raises
    ------
    ChoiceError
        If it is none; for a name known elsewhere it says the word to write.

    Examples
    --------
    >>> parse_day_count("actual/360")
    'actual/360'
    >>> parse_day_count("ACT/365 Fixed")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    repaylib.errors.ChoiceError: day_count: got 'ACT/365 Fixed'; ...; write day_count="actual/365"
    """
    return check_word(parameter, value, DAY_COUNTS, SPELLINGS)


def check_calendar(day_count: str, calendar: np.busdaycalendar | None) -> None:
    """Refuse a day count of business days without a calendar that says which those are."""
    if day_count in BY_BUSINESS_DAY and not isinstance(calendar, np.busdaycalendar):
        raise TermsError(
            "calendar",
            calendar,
            Phrase(
                'a numpy.busdaycalendar with day_count="{}", which counts business days', day_count
            ),
            Phrase("write such as {}", "calendar=numpy.busdaycalendar(holidays=[...])"),
        )


def check_only(
    name: str, value: object, usual: object, day_count: str | None, known: Sequence[str]
) -> None:
    """Refuse a word that only some day counts know, unless it is the usual one, with any other."""
    given = value is not usual and not (isinstance(value, str) and value == usual)
    if given and day_count not in known:
        quoted = [f'"{word}"' for word in known]
        raise TermsError(
            name,
            value,
            Phrase("day_count={} with it; no other asks for it", enumerated("{} or {}", quoted)),
            Phrase('write day_count="{}", or leave {} out', known[0], name),
        )


def denominator(day_count: DayCount) -> int:
    """Return the denominator of a day count, for :func:`numerators`."""
    return 252 if day_count in BY_BUSINESS_DAY else RULES[day_count][1]


def numerators(
    start: Days,
    end: Days,
    day_count: DayCount,
    calendar: np.busdaycalendar | None = None,
) -> Ints:
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
        ``"business/252"``
            business days of the calendar over 252, as in Brazil [45/252 with weekends alone].
        ``"1/1"``
            every stretch is a year [1].
    calendar
        For ``"business/252"``: which days are business days.

    Returns
    -------
    numpy.ndarray
        Numerators as ``int64``, over :func:`denominator`.

    Raises
    ------
    TermsError
        For ``"business/252"`` without a calendar.

    Examples
    --------
    >>> days = np.array(["2011-12-28"], "datetime64[D]"), np.array(["2012-02-29"], "datetime64[D]")
    >>> [int(numerators(*days, word)[0]) for word in ("actual/360", "30/360 ISDA", "no-leap/365")]
    [63, 61, 62]
    >>> share = Fraction(int(numerators(*days, "actual/actual ISDA")[0]), 365 * 366)
    >>> share == Fraction(4, 365) + Fraction(59, 366)
    True
    """
    if day_count in BY_BUSINESS_DAY:
        check_calendar(day_count, calendar)
        return np.busday_count(start, end, busdaycal=calendar).astype(np.int64)
    return RULES[day_count][0](start, end)


def periods_share(
    start: date,
    end: date,
    odd_days: OddDays,
    cells: Iterable[tuple[date, date]],
    share: Fraction,
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
    share
        How much of a year a regular period is.

    Examples
    --------
    >>> month = [(date(2024, 2, 1), date(2024, 3, 1))]
    >>> periods_share(date(2024, 2, 1), date(2024, 3, 1), "pro_rata", month, Fraction(1, 12))
    Fraction(1, 12)
    >>> periods_share(date(2024, 2, 1), date(2024, 2, 15), "pro_rata", month, Fraction(1, 12))
    Fraction(7, 174)
    """
    parts: list[tuple[int, int]] = []
    for low, high in cells:
        length = (high - low).days
        days = (min(end, high) - max(start, low)).days
        if days == length:
            parts.append((share.numerator, share.denominator))
        elif odd_days == "pro_rata":
            parts.append((days * share.numerator, length * share.denominator))
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
