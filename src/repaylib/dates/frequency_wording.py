"""How often an instalment falls due, and how long some periods are, as sentences."""

from __future__ import annotations

from repaylib.dates.frequency import Every, is_rule, step_of, units_of
from repaylib.wording.sentence import Listed, Sentence

__all__ = ["every_sentence", "is_regular", "length_sentence", "frequency_sentence"]

_NAMED = ("day", "week", "half_month", "month", "quarter", "half_year", "year")


def is_regular(every: Every) -> bool:
    """Whether a frequency is a length of time, and no list or rule."""
    return isinstance(every, str) and not is_rule(every)


def frequency_sentence(every: Every) -> Sentence:
    """Return a frequency as an adjective.

    Examples
    --------
    >>> [str(frequency_sentence(every)) for every in ("month", "2 weeks", "half_month", "1 month 15 days")]
    ['monthly', '2-weekly', 'half-monthly', '1-month-15-day']
    """
    if not isinstance(every, str):
        return Sentence("frequency.listed")
    if is_rule(every):
        return Sentence("frequency.rule")
    if every in _NAMED:
        return Sentence(f"frequency.{every}")
    units = units_of(every)
    if len(units) == 1:
        ((unit, count),) = units.items()
        return Sentence(f"frequency.{unit}s", count=count)
    parts = [Sentence(f"paced.{unit}", count=count) for unit, count in units.items()]
    return Sentence("frequency.counted", units=Listed(parts, "frequency"))


def every_sentence(every: str) -> Sentence:
    """Return a frequency as it follows "every".

    Examples
    --------
    >>> str(every_sentence("month")), str(every_sentence("1 month 15 days"))
    ('month', '1 month and 15 days')
    """
    if every in _NAMED:
        return Sentence(f"every.{every}")
    parts = [Sentence(f"unit.{unit}", count=count) for unit, count in units_of(every).items()]
    return Sentence("every.counted", units=Listed(parts, "units"))


def length_sentence(every: Every, count: int) -> Sentence | None:
    """Return the length of a number of periods; ``None`` for periods by list or rule.

    Examples
    --------
    >>> [str(length_sentence(*each)) for each in (("quarter", 2), ("2 weeks", 1), ("half_month", 3))]
    ['6 months', '14 days', '1 month and a half']
    """
    if not isinstance(every, str) or is_rule(every):
        return None
    step = step_of(every)
    if step.halves:
        months, half = divmod(count, 2)
        key = "months" if not half else "months_half" if months else "half"
        return Sentence(f"length.{key}", months=months)
    months, days = step.months * count, step.days * count
    key = "days" if not months else "months_days" if days else "months"
    return Sentence(f"length.{key}", months=months, days=days)
