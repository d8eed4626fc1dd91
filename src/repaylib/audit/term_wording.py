"""The terms of a loan in words: what each is called, what it is, and in what they are not those of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

from repaylib.dates.frequency_wording import frequency_sentence
from repaylib.rates.rate import Rate, Share
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import Lang
from repaylib.wording.sentence import (
    NOTHING,
    Bare,
    Listed,
    Name,
    Sentence,
    WordedText,
    parse_language,
)

__all__ = ["in_what", "terms_sentence", "value_of_term", "word_of_term"]

#: Where the catalogues have the words of a term; a word that they have not is written as it is.
_FAMILIES = {
    "counted_days": "term.counted",
    "day_count": "day_count",
    "fee_rounding": "rounded_by",
    "instalment_day_count": "day_count",
    "instalment_rounding": "rounded_by",
    "interest_remainder": "loan.remainder",
    "method": "method",
    "negative_amortisation": "loan.negative",
    "odd_days": "odd",
    "roll": "roll",
    "rounding": "rounded_by",
}

#: Terms that payments as they were made have instead of those of the loan.
_OF_HISTORIES = (
    *("payments", "first_payment", "every", "due_days", "maturity", "last_regular", "stub"),
    *("month_end", "missing_day", "roll", "accrual_dates", "method", "instalment", "last"),
    *("balloon", "instalment_multiple", "amortise_over", "in_advance", "negative_amortisation"),
    "fees",
)


def terms_sentence(schedule: Schedule, *, as_paid: bool) -> object:
    """Return the terms of a schedule; of payments as they were made, what is no fact of them."""
    if not as_paid:
        return schedule.agreed_terms
    loan, rounded = schedule.loan, NOTHING
    rate: object = loan.rate
    if isinstance(loan.rate, Rate):
        rate = _called(f"{loan.rate} a year", loan.rate.sentence())
    said: dict[str, object] = {
        "principal": Bare(loan.principal, loan.currency),
        "rate": rate,
        "start": loan.start,
        "day_count": _called(loan.day_count, Sentence(f"day_count.{loan.day_count}")),
    }
    if loan.rounding != "half_up":
        rounding = word_of_term("rounding", loan.rounding)
        return Sentence(
            "convention.as_paid",
            rounded=Sentence("convention.rounded", rounding=rounding),
            **said,
        )
    return Sentence("convention.as_paid", rounded=rounded, **said)


def in_what(schedule: Schedule, stated: Schedule, *, as_paid: bool = False) -> tuple[str, ...]:
    """Say in what the terms of a schedule are not those of another.

    The due dates and amounts of a payment history are facts, and no other terms.

    Examples
    --------
    >>> import repaylib as rp
    >>> plans = [rp.amortise(rp.Loan("10000", rate, 12, "2024-01-10")) for rate in ("12%", "13%")]
    >>> in_what(*plans)
    ('rate 12%, not 13%',)
    """
    parts = []
    for field in fields(Loan):
        name = field.name
        if as_paid and name in _OF_HISTORIES:
            continue
        ours, other = getattr(schedule.loan, name), getattr(stated.loan, name)
        if ours != other:
            label = Sentence(f"term.{name}")
            two = {"ours": value_of_term(name, ours), "other": value_of_term(name, other)}
            parts.append(WordedText(Sentence("convention.difference", label=label, **two)))
    if schedule.changes != stated.changes:
        two = {"ours": _changes(schedule), "other": _changes(stated)}
        parts.append(WordedText(Sentence("convention.change", **two)))
    return tuple(parts)


def _changes(plan: Schedule) -> object:
    return Listed(plan.changes, "clause") if plan.changes else Sentence("term.none")


def value_of_term(name: str, value: Any) -> object:
    """Return the value of a term of a loan in words."""
    match value:
        case None | ():
            return Sentence("term.none")
        case bool():
            return Sentence("answer.yes" if value else "answer.no")
        case Fraction():
            return Share(value)
        case Decimal():
            return f"{value:,f}"
        case str():
            return word_of_term(name, value)
        case Rate():
            return _called(str(value), value.sentence("bare"))
        case Sequence():
            few = Listed([value_of_term(name, item) for item in value[:2]], "names")
            return Sentence("term.few", few=few, count=len(value) - 2) if value[2:] else few
    return value


def word_of_term(name: str, word: str) -> Name:
    """Return a word of a term: in English as it is written in code.

    Examples
    --------
    >>> word = word_of_term("rounding", "half_up")
    >>> [parse_language(lang).render(word) for lang in ("en", "zh")]
    ['half up', '四舍五入']
    """
    own = word.replace("_", " ")
    if name == "every":
        return _called(own, frequency_sentence(word))
    for family in (_FAMILIES.get(name), f"term.{name}"):
        if (key := f"{family}.{word}") in parse_language("en").texts:
            return _called(own, Sentence(key))
    return Name(own)


def _called(own: str, said: object) -> Name:
    """Return what is written one way in English, and as a sentence in all other languages."""
    others = [lang for lang in get_args(Lang) if lang != "en"]
    return Name(own, {lang: parse_language(lang).render(said) for lang in others})
