"""How often an instalment falls due: reading it, and the step that it is.

A frequency is a word (``"month"``, ``"2 weeks"``), the RFC 5545 text of a rule, or a tuple of
days. What days follow from it stands in :mod:`repaylib.dates.recurrence`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime, time
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from repaylib.dates.days import parse_date
from repaylib.dates.recurrence import gives_a_day
from repaylib.errors import ChoiceError, DateError, Hint, Phrase, TermsError, parse_items, write
from repaylib.money.counts import in_ascii
from repaylib.money.rounding import as_integer
from repaylib.typing import DateLike

if TYPE_CHECKING:
    import numpy.typing as npt
    from dateutil.relativedelta import relativedelta
    from dateutil.rrule import rrule

    #: A frequency as it may be given.
    EveryLike = str | relativedelta | rrule | Sequence[DateLike] | npt.NDArray[np.datetime64]

__all__ = [
    "Every",
    "Step",
    "is_monthly",
    "is_rule",
    "step_of",
    "parse_due_days",
    "parse_every",
    "units_of",
]

#: A frequency as it is kept: a word, the text of a rule, or the days themselves.
Every = str | tuple[date, ...]

_NAMES = ("day", "week", "half_month", "month", "quarter", "half_year", "year")
_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_RULE = ("RRULE:", "DTSTART", "FREQ=")
_MOST_MONTHS, _MOST_DAYS = 1200, 36_600


class Step(NamedTuple):
    """From one due date to the next.

    Attributes
    ----------
    months, days
        Calendar months, and days after them.
    share
        How much of a year it is: months over 12, weeks over 52, days over 365.
    halves
        Whether it is half a month.
    """

    months: int
    days: int
    share: Fraction
    halves: bool = False


def is_rule(every: Every) -> bool:
    """Whether a frequency is the text of a rule."""
    return isinstance(every, str) and every.startswith(_RULE)


@lru_cache(maxsize=256)
def step_of(every: str) -> Step:
    """Return the step of a word that :func:`parse_every` gave.

    Examples
    --------
    >>> step_of("quarter").months, step_of("2 weeks").days, step_of("2 weeks").share
    (3, 14, Fraction(1, 26))
    """
    if every in _MONTHS:
        return Step(_MONTHS[every], 0, Fraction(_MONTHS[every], 12))
    if every == "half_month":
        return Step(0, 0, Fraction(1, 24), halves=True)
    found = units_of(every)
    months = found.get("month", 0) + 12 * found.get("year", 0)
    weeks, days = found.get("week", 0), found.get("day", 0)
    share = Fraction(months, 12) + Fraction(weeks, 52) + Fraction(days, 365)
    return Step(months, 7 * weeks + days, share)


def is_monthly(every: Every) -> bool:
    """Whether a frequency is one of months or half months."""
    if not isinstance(every, str) or is_rule(every):
        return False
    step = step_of(every)
    return step.halves or not step.days


def parse_every(every: object, parameter: str = "every") -> Every:
    """Read how often an instalment falls due.

    Parameters
    ----------
    every
        ``"day"``, ``"3 days"``
            365 a year: 10 January, 11 January ...; or every third day.
        ``"week"``, ``"2 weeks"``
            52 a year, on the weekday of the first; or every second week.
        ``"half_month"``
            24 a year, on two days of the month: 10 January, 25 January, 10 February ...
        ``"month"``, ``"2 months"``
            12 a year, on the day of the first: 10 January, 10 February ...; or 6 a year.
        ``"quarter"``, ``"half_year"``
            4 a year: 10 January, 10 April ...; 2 a year: 10 January, 10 July ...
        ``"year"``, ``"2 years"``
            1 a year; or every second year.

        Or a ``dateutil`` ``relativedelta`` of whole years, months, weeks and days (months and
        days mixed are counted from one day: 10 January, 25 February, 10 April ... for a month
        and 15 days); a ``dateutil`` ``rrule``, or the RFC 5545 text of one; or a list of days.

    Raises
    ------
    ChoiceError
        If it is none of these.
    TermsError
        If a list is empty, or its days do not ascend.

    Examples
    --------
    >>> from dateutil.relativedelta import relativedelta
    >>> parse_every("quarter"), parse_every("3 months"), parse_every(relativedelta(months=2))
    ('quarter', 'quarter', '2 months')
    >>> parse_every(relativedelta(months=1, days=15)), parse_every("FREQ=MONTHLY;BYDAY=-1FR")
    ('1 month 15 days', 'RRULE:FREQ=MONTHLY;BYDAY=-1FR')
    >>> parse_every(["2024-02-10", "2024-05-10"])
    (datetime.date(2024, 2, 10), datetime.date(2024, 5, 10))
    """
    named: str | None = None
    if isinstance(every, str):
        text = every.strip()
        if text in _NAMES:
            return text
        if text.upper().startswith(_RULE):
            return _rule(text.upper(), every, parameter)
        found = units_of(text)
        named = _named(
            found.get("month", 0) + 12 * found.get("year", 0),
            found.get("week", 0),
            found.get("day", 0),
        )
    elif type(every).__name__ == "relativedelta":
        named = _of_relativedelta(every)
    elif type(every).__name__ == "rrule":
        return _rule(str(every), every, parameter)
    elif _is_list(every):
        return _listed(every, parameter)
    if named is not None:
        return named
    listed = ", ".join(f'"{word}"' for word in _NAMES)
    known = _SPELLINGS.get(every.strip().casefold(), "month") if isinstance(every, str) else "month"
    raise ChoiceError(
        parameter,
        every,
        Phrase(
            'one of {}, "2 months", "2 weeks", "3 days", a relativedelta or an rrule of dateutil, or a list of days',
            listed,
        ),
        write(**{parameter: known}),
    )


#: Other names of the frequencies.
_SPELLINGS = {
    "daily": "day",
    "weekly": "week",
    "fortnightly": "2 weeks",
    "biweekly": "2 weeks",
    "semimonthly": "half_month",
    "half-monthly": "half_month",
    "monthly": "month",
    "bimonthly": "2 months",
    "quarterly": "quarter",
    "half-yearly": "half_year",
    "semiannually": "half_year",
    "yearly": "year",
    "annually": "year",
    "annual": "year",
}


_COUNTED = re.compile(r"(\d{1,5}) (day|week|month|year)s?", re.ASCII)


def units_of(text: str) -> dict[str, int]:
    """Return the numbers in ``"1 month 15 days"`` by their unit; nothing if it is not so."""
    found = _COUNTED.findall(text)
    units = {unit: int(number) for number, unit in found}
    whole = len(units) == len(found) and not _COUNTED.sub("", text).strip()
    if text in ("day", "week"):
        return {text: 1}
    return units if whole and all(units.values()) else {}


def _named(months: int, weeks: int, days: int) -> str | None:
    """Return the one way to write a step, if it is one."""
    if not (months or weeks or days) or months > _MOST_MONTHS or 7 * weeks + days > _MOST_DAYS:
        return None
    if months and (weeks or days):
        return f"{_plural(months, 'month')} {_plural(7 * weeks + days, 'day')}"
    if months:
        names = {count: word for word, count in _MONTHS.items()}
        whole = _plural(months // 12, "year") if months % 12 == 0 else _plural(months, "month")
        return names.get(months, whole)
    if weeks and not days:
        return "week" if weeks == 1 else f"{weeks} weeks"
    return "day" if days == 1 and not weeks else f"{7 * weeks + days} days"


def _plural(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _of_relativedelta(every: object) -> str | None:
    from dateutil.relativedelta import relativedelta

    if isinstance(every, relativedelta):
        months, days = every.years * 12 + every.months, every.days
        if every == relativedelta(months=months, days=days) and months >= 0 and days >= 0:
            weeks, rest = divmod(int(days), 7)
            return _named(months, 0, days) if months or rest else _named(0, weeks, 0)
    return None


def _is_list(every: object) -> bool:
    if isinstance(every, (Mapping, Set, bytes)):
        return False
    return isinstance(every, (Sequence, np.ndarray)) or type(every).__name__ == "DatetimeIndex"


def _listed(every: object, parameter: str) -> tuple[date, ...]:
    hint = Hint("write such as {}", **{parameter: "month"})
    given = parse_items(every, parameter, "a list of days", hint)
    days = tuple(parse_date(day, parameter) for day in given)
    if not days:
        raise TermsError(parameter, every, "at least one day", hint)
    for former, later in pairwise(days):
        if later <= former:
            raise TermsError(
                parameter,
                later.isoformat(),
                Phrase("days that ascend; it stands after {}", former),
                Phrase("write {}", f"{parameter}=sorted(set(days))"),
            )
    return days


def _rule(text: str, given: object, parameter: str) -> str:
    """Return the text of a rule as RFC 5545 has it, without a ``DTSTART`` that was not given."""
    from dateutil.rrule import rrule, rrulestr

    hint = Phrase(
        "write {}", f"{parameter}=rrule(MONTHLY, bymonthday=10, dtstart=datetime(2024, 1, 10))"
    )
    if not text.isascii():
        raise ChoiceError(parameter, given, "a rule in the digits 0 to 9", write(in_ascii(text)))
    if re.search("HOURLY|MINUTELY|SECONDLY|BYHOUR|BYMINUTE|BYSECOND", text):
        raise ChoiceError(parameter, given, "a rule of whole days", hint)
    if re.search(r"INTERVAL=0*(?![0-9])", text):
        raise ChoiceError(parameter, given, "a rule with an interval of 1 or more", hint)
    try:
        rule = rrulestr(text, dtstart=datetime(2000, 1, 1))
        never = isinstance(rule, rrule) and not gives_a_day(rule)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise ChoiceError(
            parameter, given, Phrase("a rule of RFC 5545; {}", error), hint
        ) from error
    if not isinstance(rule, rrule):
        expected = "one rule; a set of rules has no text of its own"
        raise ChoiceError(
            parameter, given, expected, Phrase("write {}", f"{parameter}=list(rules)")
        )
    if never:
        raise TermsError(parameter, given, "a rule that gives a day", hint)
    first = next(iter(rule))
    if first.time() != time() or first.tzinfo is not None:
        raise DateError(parameter, given, "a rule without a time of day", hint)
    lines = str(rule).split("\n")
    return "\n".join(line for line in lines if "DTSTART" in text or line[:7] != "DTSTART")


def parse_due_days(days: object, every: Every, *, spill: bool = False) -> tuple[int, int] | None:
    """Read the two days of ``"half_month"``.

    Raises
    ------
    TermsError
        If they are not two days of the month that differ, or `every` is another word.

    Examples
    --------
    >>> parse_due_days([10, 25], "half_month")
    (10, 25)
    """
    if days is None:
        return None
    hint = Phrase("write such as {}", "due_days=(10, 25)")
    if every != "half_month":
        raise TermsError(
            "due_days",
            days,
            Phrase('every="half_month" with it, not every={!r}', every),
            "leave it out",
        )
    if spill and isinstance(days, (tuple, list)) and len(days) == 2 and as_integer(days[0]) == 1:
        other = 'one from 2, as missing_day="next" may put the second on the first of a month'
        if as_integer(days[1]) not in range(2, 29):
            raise TermsError(
                "due_days",
                days,
                other,
                Phrase("write {}, or {}", "due_days=(15, 31)", 'missing_day="last"'),
            )
    wholes = [as_integer(day) for day in days] if isinstance(days, (tuple, list)) else []
    match wholes:
        case [int() as low, int() as high] if 1 <= low < high <= 31 and low <= 27:
            return low, high
    expected = "two days of the month, the first from 1 to 27, the second later, to 31"
    raise TermsError("due_days", days, expected, hint)
