"""What the audit of an offer came to: conventions, departures line by line, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, get_args

from repaylib.dates.frequency_wording import frequency_sentence
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table
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
    Worded,
    WordedText,
    lines_of,
    parse_language,
)

__all__ = ["Convention", "Departure", "OfferCheck", "in_what", "value_of_term"]

SHOWN = 30  # lines of departures in a report
FEW = 4  # equivalent terms that a line shows


class Departure(NamedTuple):
    """One figure of an offer that does not follow; amounts are in major units.

    Attributes
    ----------
    row
        The line of the offer, from 1.
    date
        Its day, if it is known.
    column
        Which figure; ``"row"`` for a line that one of the two has not.
    theirs
        What the lender wrote.
    ours
        What follows.
    difference
        Theirs less ours.
    cost
        What is paid more by the lender's figures up to that line, in all.
    """

    row: int
    date: date | None
    column: str
    theirs: Decimal | None
    ours: Decimal | None
    difference: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Convention(Worded):
    """Terms from which every figure of an offer follows.

    Attributes
    ----------
    schedule
        What follows from them, with the changes there were.
    differs
        In what they are not the terms that were stated, in words; nothing if none were.
    equivalents
        For each axis (``"day_count"``, ``"rounding"``, ``"instalment_rounding"``, ``"last"``,
        ``"counted_days"``, ``"odd_days"``), the choices that come to the same figures with all else as it
        is, that of the loan first (for the first six terms only): on equal months of 30 days nothing tells
        ``"periodic"`` from ``"30/360 ISDA"``.
    as_paid
        Whether the lines are a payment history: payments on days of their own, each of which first
        pays the interest accrued to its day. The schedule then has each of these days as a due
        date, and what is left on a later one.
    """

    schedule: Schedule
    differs: tuple[str, ...]
    equivalents: Mapping[str, tuple[str | None, ...]]
    as_paid: bool = False

    @property
    def loan(self) -> Loan:
        """The terms."""
        return self.schedule.loan

    def _worded(self) -> Listed:
        lines = [terms_sentence(self.schedule, as_paid=self.as_paid), *not_as_stated(self.differs)]
        for axis, choices in self.equivalents.items():
            others = [
                word_of_term(axis, word) if word else Sentence("term.all_amounts")
                for word in choices[1:]
            ]
            if others:
                label, few = Sentence(f"term.{axis}"), Listed(others[:FEW], "choices")
                more = len(others) - FEW
                key = "convention.same_more" if more > 0 else "convention.same"
                lines.append(Sentence(key, label=label, others=few, count=more))
        return lines_of(*lines)


@dataclass(frozen=True, slots=True)
class OfferCheck(Tabular):
    """What the audit of an offer came to; amounts are in major units. It prints as a short report.

    Attributes
    ----------
    conventions
        All terms found from which every figure follows, those closest to what was stated first;
        none, if something does not follow.
    stated
        The schedule of what the borrower believes was agreed, if it was given.
    schedule
        That of the first of `conventions` or, if there are none, the nearest one found.
    departures
        The figures that do not follow from `schedule`, line by line; none if all do. A slip that
        the lender's later lines build on is shown once, where it was made.
    arithmetic
        Where a line does not add up by itself, in words.
    cost
        What is paid more in all by the lender's figures than by the terms stated or, where none
        were, than by `schedule`; below zero, less. Nothing where the figures do not say what is
        paid.
    cost_today
        The same at the start of the loan, discounted at its rate.
    rates
        The lowest and the highest rate a year that the interest of every line allows, under the
        day count and rounding of `schedule`, as shares; nothing where no interest is known.
    assumed
        What the offer does not say, and was taken for granted, in words.
    lines, figures
        How many lines and amounts were checked.
    trials
        How many schedules were folded to find out.
    complete
        Whether the search ended by itself, and not by its budget.
    as_paid
        Whether `schedule` takes the lines for a payment history, with interest to the day of each
        payment; see :class:`~repaylib.audit.Convention`.
    against
        What stands against it, as sentences; :meth:`objections` has them as text.
    """

    conventions: tuple[Convention, ...]
    stated: Schedule | None
    schedule: Schedule
    departures: tuple[Departure, ...]
    arithmetic: tuple[str, ...]
    cost: Decimal | None
    cost_today: Decimal | None
    rates: tuple[Fraction, Fraction] | None
    assumed: tuple[str, ...]
    lines: int
    figures: int
    trials: int
    complete: bool
    as_paid: bool = False
    against: tuple[Sentence, ...] = ()

    def objections(self, lang: Lang = "en") -> tuple[str, ...]:
        """Return what stands against what is offered: caps that it breaks, charges deducted in advance.

        Parameters
        ----------
        lang
            The language: ``"en"`` or, for Chinese, ``"zh"``.

        Examples
        --------
        >>> import repaylib as rp
        >>> loan = rp.Loan("10000", "18%", 12, "2024-01-10")
        >>> house = rp.measures.Cap("house limit", "15%")
        >>> print(*rp.check_offer(rp.amortise(loan), loan, caps=house).objections())
        The cap house limit is broken: 18.00% is above 15%. The effective annual rate of what is offered is 19.56%.
        """
        language = parse_language(lang)
        return tuple(map(language.render, self.against))

    @property
    def agrees(self) -> bool:
        """Whether some conventions reproduce every figure."""
        return bool(self.conventions)

    @property
    def as_stated(self) -> bool:
        """Whether the terms stated reproduce every figure.

        So do those of a payment history that keeps to the rate and the conventions stated.
        """
        if self.stated is None:
            return False
        return any(
            convention.schedule == self.stated or not convention.differs
            for convention in self.conventions
        )

    @property
    def loan(self) -> Loan:
        """The terms of `schedule`."""
        return self.schedule.loan

    @property
    def rate(self) -> Rate | None:
        """The rate of these terms, if it is one rate."""
        return self.loan.rate if isinstance(self.loan.rate, Rate) else None

    def _table(self) -> Table:
        names = ("line", "date", "figure", "theirs", "follows", "difference", "cost")
        header = [Sentence(f"offer.{name}") for name in names]
        rows: list[list[object]] = []
        for departure in self.departures[:SHOWN]:
            lacking = departure.column == "row"
            figure = Sentence("offer.row" if lacking else f"column.{departure.column}")
            line: list[object] = [str(departure.row), str(departure.date or ""), figure]
            line += ["" if lacking or departure.theirs is None else f"{departure.theirs:,f}"]
            line += ["" if lacking or departure.ours is None else f"{departure.ours:,f}"]
            rows.append(
                [*line, "" if lacking else f"{departure.difference:+,f}", f"{departure.cost:+,f}"]
            )
        head = self._head()
        against = [Sentence("offer_objection", text=each) for each in self.against]
        notes = [*self._notes(), *against]
        caption = lines_of(head, *notes)
        if not rows:
            return Table([], [], caption=caption, above=[head, *notes])
        return Table(header, rows, None, 3, caption, above=[head, ""], below=notes)

    def _verdict(self) -> Sentence:
        counted = Sentence("offer.counted", lines=self.lines, figures=self.figures)
        if self.as_stated:
            as_paid = self.conventions[0].as_paid
            return Sentence(
                "offer.as_stated_as_paid" if as_paid else "offer.as_stated", counted=counted
            )
        if self.agrees:
            ways = len(self.conventions)
            several = Sentence("offer.several", count=ways) if ways > 1 else NOTHING
            terms = Sentence("offer.not_stated" if self.stated else "offer.these")
            return Sentence("offer.agrees", counted=counted, terms=terms, several=several)
        return Sentence("offer.departs", counted=counted, count=len(self.departures))

    def _notes(self) -> list[Sentence]:
        notes = []
        if len(self.departures) > SHOWN:
            notes.append(Sentence("offer.more", count=len(self.departures) - SHOWN))
        notes += [Sentence("offer.fault", fault=fault) for fault in self.arithmetic[:SHOWN]]
        than = Sentence("offer.than_follows" if self.stated is None else "offer.than_stated")
        if self.cost:
            today = NOTHING if self.cost_today is None else self._on_the_start(self.cost_today)
            key = "offer.costs_more" if self.cost > 0 else "offer.costs_less"
            notes.append(Sentence(key, amount=self._amount(self.cost), than=than, today=today))
        elif self.cost is not None and not self.agrees:
            notes.append(Sentence("offer.costs_nothing", than=than))
        notes += [Sentence("offer.assumed", what=assumption) for assumption in self.assumed]
        if not self.complete and not self.agrees:
            notes.append(Sentence("offer.limit", count=self.trials))
        return notes

    def _amount(self, amount: Decimal) -> Bare:
        return Bare(amount.copy_abs(), self.loan.currency)

    def _on_the_start(self, cost: Decimal) -> Sentence:
        return Sentence("offer.today", amount=self._amount(cost), day=self.loan.start)

    def _head(self) -> Listed:
        if self.conventions:
            return lines_of(self._verdict(), self.conventions[0])
        differs: tuple[str, ...] = ()
        if self.stated is not None:
            differs = in_what(self.schedule, self.stated, as_paid=self.as_paid)
        terms = terms_sentence(self.schedule, as_paid=self.as_paid)
        return lines_of(self._verdict(), terms, *not_as_stated(differs))

    def __repr__(self) -> str:
        count, what = len(self.departures), "departure"
        if self.agrees:
            count, what = len(self.conventions), "convention"
        found = f"{count} {what}{'s' * (count != 1)}"
        return f"<OfferCheck: {self.lines} lines, {self.figures} figures; {found}>"

    def _data(self) -> dict[str, list[Any]]:
        names = Departure._fields
        return {name: [getattr(departure, name) for departure in self.departures] for name in names}


def not_as_stated(differs: Sequence[str]) -> list[object]:
    """Return a line for each term that is not as it was stated."""
    return [Sentence("convention.differs", difference=difference) for difference in differs]


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
