"""What the audit of an offer came to: conventions, departures line by line, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from repaylib.audit.term_wording import in_what, terms_sentence, word_of_term
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table
from repaylib.rates.rate import Rate
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.wording.sentence import NOTHING, Bare, Listed, Sentence, Worded, lines_of

__all__ = ["Convention", "Departure", "OfferCheck"]

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
        head, notes = self._head(), self._notes()
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
