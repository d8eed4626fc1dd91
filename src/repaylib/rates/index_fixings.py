"""The fixings of an index: reading them, the resets that look at them, and which one counts."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from repaylib.dates.due_dates import parse_date
from repaylib.dates.frequency import parse_every
from repaylib.dates.generation import lay_out
from repaylib.errors import (
    ChoiceError,
    DateError,
    Hint,
    Phrase,
    RateError,
    TermsError,
    parse_items,
    parse_pairs,
)
from repaylib.money.rounding import as_integer
from repaylib.rates.rate import parse_share, percent

__all__ = [
    *("Resets", "fixing_for", "next_reset", "parse_fixings", "parse_lag", "parse_multiplier"),
    "parse_resets",
]

LONGEST_LAG = 366
#: The parts of a multiplier, a fraction, are below this, and its text is no longer than this.
MOST, LONGEST = 10**40, 100

#: Days of a reset, or the first of them and the time between two.
Resets = tuple[date, ...] | tuple[date, str]


def parse_fixings(given: object) -> tuple[tuple[date, Fraction], ...]:
    """Read the rates of an index by day, in any order; return them in order."""
    hint = Phrase("write such as {}", '{"2024-01-01": "3%"}')
    found: dict[date, Fraction] = {}
    for fixed, value in parse_pairs(given, "fixings", "a day and a rate", hint):
        day = parse_date(fixed, "fixings")
        rate = parse_share(value, "fixings", least=-1)
        if found.setdefault(day, rate) != rate:
            raise TermsError(
                "fixings",
                percent(rate),
                Phrase("one fixing for {}, where {} stands already", day, percent(found[day])),
                "take one of them out",
            )
    if not found:
        raise TermsError("fixings", given, "a fixing at least", hint)
    return tuple(sorted(found.items()))


def parse_resets(given: object, name: str = "resets") -> Resets:
    """Read the days of the resets, or the first of them and a frequency."""
    hint = Hint("write such as {}", **{name: ["2025-01-10", "year"]})
    parts = parse_items(given, name, "days, or the first of them and a frequency", hint)
    if len(parts) == 2:
        try:
            parse_date(parts[1], name)
        except DateError:
            return parse_date(parts[0], name), _every(parts[1], name)
    if not parts:
        raise TermsError(name, given, "a day at least", hint)
    days = [parse_date(day, name) for day in parts]
    if len(set(days)) < len(days):
        raise TermsError(name, given, "every day once", "take the other one out")
    return tuple(sorted(days))


def next_reset(resets: Resets, day: date) -> date | None:
    """Return the first reset after a day, if there is one.

    Examples
    --------
    >>> print(next_reset((date(2025, 1, 10), "2 years"), date(2026, 5, 1)))
    2027-01-10
    >>> print(next_reset((date(2025, 1, 10),), date(2026, 5, 1)))
    None
    """
    first, every = resets[0], resets[-1]
    assert isinstance(first, date), "resets begin with a day"
    if not isinstance(every, str):
        return next((later for later in resets if isinstance(later, date) and later > day), None)
    table, _ = lay_out(first, every, payments=1)
    try:
        return table.unadjusted(table.first_number_after(day)) if day >= first else first
    except DateError:
        return None


def _every(given: object, name: str) -> str:
    hint = Hint("write such as {}", **{name: ["2025-01-10", "year"]})
    try:
        every = parse_every(given, name)
    except ChoiceError as error:
        raise ChoiceError(
            name, given, Phrase("a day, or a frequency: {}", error.expected), hint
        ) from error
    if not isinstance(every, str):
        raise ChoiceError(name, given, "a day, or a frequency such as a year", hint)
    return every


def parse_multiplier(given: object) -> Fraction:
    """Read a number, such as ``"1.5"``, exactly."""
    whole = as_integer(given)
    number = given if whole is None else Fraction(whole)
    if isinstance(number, Fraction) and max(abs(number.numerator), number.denominator) < MOST:
        return number
    text = str(given) if isinstance(given, (str, Decimal)) else ""
    plain = text.strip().lstrip("+-").replace(".", "", 1).replace("/", "", 1)
    if plain.isdigit() and plain.isascii() and len(plain) <= LONGEST:
        try:
            return parse_multiplier(Fraction(text))
        except (ValueError, ZeroDivisionError):
            pass
    hint = (
        Phrase("write {}", f'multiplier="{given}"')
        if isinstance(given, float)
        else Phrase("write {}", 'multiplier="1.5"')
    )
    raise RateError("multiplier", given, 'a number such as "1.5" or Fraction(3, 2)', hint)


def parse_lag(given: object) -> int:
    """Read a number of days."""
    days = as_integer(given)
    if days is None or not 0 <= days <= LONGEST_LAG:
        raise TermsError(
            "fixing_lag",
            given,
            Phrase("days before a reset, 0 to {}", LONGEST_LAG),
            Phrase("write {}", "fixing_lag=45"),
        )
    return days


def fixing_for(fixings: tuple[tuple[date, Fraction], ...], day: date, lag: int) -> Fraction:
    """Return the fixing that counts for a reset on a day: the last one known `lag` days before it.

    Examples
    --------
    >>> fixings = ((date(2024, 1, 2), Fraction(3, 100)), (date(2024, 6, 3), Fraction(4, 100)))
    >>> [str(fixing_for(fixings, date(2024, 6, 10), lag)) for lag in (0, 45)]
    ['1/25', '3/100']

    Raises
    ------
    TermsError
        If there is none yet.
    """
    seen = day - timedelta(days=lag)
    place = bisect_right(fixings, seen, key=lambda pair: pair[0])
    if place == 0:
        there = ", ".join(
            [*(str(begun) for begun, _ in fixings[:3]), *["..."] * (len(fixings) > 3)]
        )
        raise TermsError(
            "fixings",
            Phrase("none on or before {}", seen),
            Phrase("the fixing for {}; there are those of {}", day, there),
            Phrase("add the fixing of {}, or of a day before it", seen),
        )
    return fixings[place - 1][1]
