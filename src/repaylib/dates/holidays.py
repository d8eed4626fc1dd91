"""Holidays as people have them: lists of days, and objects of packages that know them by country."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from repaylib.dates.days import parse_date
from repaylib.errors import CountError, DateError, Phrase, parse_items
from repaylib.money.rounding import as_integer

__all__ = ["in_words", "instead_of", "parse_holidays", "parse_years"]

_HOLIDAYS = Phrase("write {}", 'holidays=["2024-12-25"]')
_YEARS = "years=range(2024, 2031)"


def parse_holidays(given: Any) -> tuple[list[date], tuple[int, ...] | None]:
    """Return days, and the years whose holidays they are, if it is known.

    Raises
    ------
    DateError
        If they are no days; or for what has its holidays only when it is asked for a day, and has
        none yet.

    Examples
    --------
    >>> parse_holidays(["2024-12-25"])
    ([datetime.date(2024, 12, 25)], None)
    """
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise DateError("holidays", given, "a list of days", Phrase("write {}", instead_of(given)))
    years = _years_of(given)
    if years == ():
        raise DateError(
            "holidays",
            Phrase("{} without years", type(given).__name__),
            "one that was built with its years, as it has no holiday until it is asked for a day",
            Phrase("{}, with all years of the schedule", _built(given)),
        )
    if years is None and _is_lazy(given) and not given:
        raise DateError(
            "holidays",
            Phrase("{} without a day", type(given).__name__),
            "days that are there, as it seems to find them only when it is asked",
            "write holidays=[...] with the days, or holidays=[] if there are none",
        )
    listed = given.keys() if isinstance(given, Mapping) else given
    days = [_day(day) for day in parse_items(listed, "holidays", "a list of days", _HOLIDAYS)]
    if not days and isinstance(given, Iterator):
        raise DateError(
            "holidays",
            Phrase(
                "a {} that gives nothing, perhaps as it was gone through before",
                type(given).__name__,
            ),
            "a list of days",
            "write holidays=list(...) where it is made, or holidays=[] if there are none",
        )
    return days, years


def parse_years(years: object, known: tuple[int, ...] | None = None) -> tuple[int, ...]:
    """Return years in order, each once; some of those whose holidays are known, if that is known.

    Examples
    --------
    >>> parse_years([2025, 2024])
    (2024, 2025)
    """
    expected, hint = "whole years, from 1 to 9999", Phrase("write {}", _YEARS)
    many = isinstance(years, Iterable) and not isinstance(years, (str, bytes, Mapping))
    listed = parse_items(years, "years", expected, hint, most=9999) if many else (years,)
    found = [as_integer(year) for year in listed]
    if not found or not all(year is not None and 1 <= year <= 9999 for year in found):
        raise CountError("years", years, expected, hint)
    ordered = tuple(sorted({year for year in found if year is not None}))
    if known is not None and not set(ordered) <= set(known):
        raise CountError(
            "years",
            in_words(ordered),
            Phrase("years that the holidays were built with: {}", in_words(known)),
            "build the holidays with these years, and leave years= out",
        )
    return ordered


def in_words(years: tuple[int, ...]) -> str:
    """Return years in words, those without a gap between as from the first to the last.

    Examples
    --------
    >>> in_words((2024, 2025, 2026, 2030))
    '2024 to 2026, 2030'
    """
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][-1] + 1:
            spans[-1][1:] = [year]
        else:
            spans.append([year])
    return ", ".join(" to ".join(map(str, span)) for span in spans)


def _years_of(given: Any) -> tuple[int, ...] | None:
    """Return the years that an object of the package ``holidays`` has; ``None`` for all else.

    One of no country and no market has only days that were put in by hand, and is a list of them.
    """
    years = getattr(given, "years", None)
    if not isinstance(given, Mapping) or not isinstance(years, (set, frozenset)):
        return None
    of = (getattr(given, name, None) for name in ("country", "market", "holidays"))
    return tuple(sorted(years)) if not given or any(of) else None


def _built(given: Any) -> str:
    """Return the call that builds an object of the package ``holidays`` with its years."""
    country, market = (getattr(given, name, None) for name in ("country", "market"))
    if isinstance(market, str):
        return f'write holidays.financial_holidays("{market}", {_YEARS})'
    if not isinstance(country, str):
        return f"build it, or what it is made of, with {_YEARS}"
    subdivision = getattr(given, "subdiv", None)
    part = f', subdiv="{subdivision}"' if subdivision else ""
    return f'write holidays.country_holidays("{country}"{part}, {_YEARS})'


def _is_lazy(given: Any) -> bool:
    """Whether a dictionary answers for days that it does not have yet."""
    kind = type(given)
    if not isinstance(given, dict) or kind is dict:
        return False
    own = (
        getattr(kind, name) is not getattr(dict, name) for name in ("__contains__", "__getitem__")
    )
    return hasattr(kind, "__missing__") or any(own)


def _day(value: Any) -> date:
    if isinstance(value, tuple):
        raise DateError(
            "holidays",
            value,
            "a date or ISO text",
            Phrase("write {}", "holidays=[day for day, name in ...]"),
        )
    return parse_date(value, "holidays")


def instead_of(given: Any) -> str:
    """Return the holidays to write instead of a calendar of another package, or of what is none."""
    kind = given if isinstance(given, type) else type(given)
    if hasattr(kind, "weekmask"):  # numpy.busdaycalendar, or a Calendar
        return "holidays=calendar.holidays, or hand it to the loan as it is"
    if hasattr(kind, "get_calendar_holidays"):  # of workalendar
        name = f"{kind.__name__}().holidays(year)"
        return f"holidays=[day for year in range(2024, 2031) for day, _ in {name}]"
    if callable(getattr(kind, "holidays", None)):  # of pandas
        return f'holidays={kind.__name__}().holidays("2024-01-01", "2030-12-31")'
    if isinstance(given, Mapping) and _years_of(given) is not None:
        return "holidays=..."
    return 'holidays=["2024-12-25"]'
