"""What the audit of an offer came to: conventions, departures line by line, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from repaylib.output.formats import Tabular
from repaylib.output.tables import Table
from repaylib.rates.rate import Rate, percent
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import Lang
from repaylib.wording.sentence import Sentence, lines_of, parse_language

__all__ = ["Convention", "Departure", "OfferCheck", "in_what", "said"]

SHOWN = 30  # lines of departures in a report
FEW = 4  # equivalent terms that a line shows

_LABELS = {
    "principal": "principal",
    "rate": "rate",
    "payments": "payments",
    "start": "start",
    "first_payment": "first payment",
    "every": "due dates",
    "method": "method",
    "instalment": "instalment given",
    "instalment_multiple": "instalment a multiple of",
    "last": "last payment",
    "balloon": "balloon",
    "amortise_over": "solved over payments",
    "instalment_day_count": "day count of the instalment",
    "interest_base": "interest on",
    "interest_split": "interest divided by",
    "fees": "fees",
    "interest_tax": "tax on interest",
    "fee_tax": "tax on fees",
    "tax_included": "tax within the instalment",
    "day_count": "day count",
    "counted_days": "day counted",
    "odd_days": "odd days",
    "decimals": "decimals of amounts",
    "rounding": "rounding",
    "instalment_rounding": "rounding of the instalment",
    "interest_remainder": "remainder of the roundings of interest",
    "negative_amortisation": "interest above the instalment joins the principal",
}


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
class Convention:
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

    def __str__(self) -> str:
        lines = [_terms_of(self.schedule, self.as_paid)]
        lines += [f"  not as stated: {difference}" for difference in self.differs]
        for axis, choices in self.equivalents.items():
            others = [str(word or "as all amounts").replace("_", " ") for word in choices[1:]]
            if others:
                more = f" and {len(others) - FEW} more" if len(others) > FEW else ""
                label = _LABELS.get(axis, axis)
                lines.append(f"  the same here: {label} {', '.join(others[:FEW])}{more}")
        return "\n".join(lines)


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
        header = ["line", "date", "figure", "theirs", "follows", "difference", "cost so far"]
        rows = []
        for departure in self.departures[:SHOWN]:
            line = [
                str(departure.row),
                str(departure.date or ""),
                departure.column.replace("_", " "),
            ]
            lacking = departure.column == "row"
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

    def _verdict(self) -> str:
        lines = f"{self.lines} line{'s' * (self.lines != 1)}"
        counted = f"{lines} with {self.figures} figure{'s' * (self.figures != 1)}"
        if self.as_stated:
            paid = ", with interest to the day of each payment"
            return (
                f"{counted}: every figure follows from the terms stated"
                f"{paid if self.conventions[0].as_paid else ''}"
            )
        if self.agrees:
            ways = len(self.conventions)
            several = f"; {ways} such terms were found, of which the first is" if ways > 1 else ""
            other = "terms that are not those stated" if self.stated else "these terms"
            return f"{counted}: every figure follows from {other}{several}"
        count = len(self.departures)
        verb = "figure does" if count == 1 else "figures do"
        return f"{counted}: {count} {verb} not follow; the nearest terms found are"

    def _notes(self) -> list[str]:
        notes = []
        if len(self.departures) > SHOWN:
            notes.append(f"and {len(self.departures) - SHOWN} more figures")
        notes += [f"does not add up: {fault}" for fault in self.arithmetic[:SHOWN]]
        than = "the terms stated" if self.stated is not None else "what follows"
        if self.cost:
            less = "more" if self.cost > 0 else "less"
            today = ""
            if self.cost_today is not None:
                today = f", {self.cost_today.copy_abs():,f} on {self.loan.start}"
            much = f"{self.cost.copy_abs():,f}"
            notes.append(f"by their figures {much} {less} is paid than by {than}{today}")
        elif self.cost is not None and not self.agrees:
            notes.append(f"by their figures nothing more or less is paid than by {than}")
        notes += [f"taken for granted: {assumption}" for assumption in self.assumed]
        if not self.complete and not self.agrees:
            notes.append(f"the search reached its limit after {self.trials} schedules")
        return notes

    def _head(self) -> str:
        terms = _terms_of(self.schedule, self.as_paid)
        if self.conventions:
            terms = str(self.conventions[0])
        elif self.stated is not None:
            differs = in_what(self.schedule, self.stated, as_paid=self.as_paid)
            terms = "\n".join(
                [terms, *(f"  not as stated: {difference}" for difference in differs)]
            )
        return f"{self._verdict()}\n{terms}"

    def __repr__(self) -> str:
        count, what = len(self.departures), "departure"
        if self.agrees:
            count, what = len(self.conventions), "convention"
        found = f"{count} {what}{'s' * (count != 1)}"
        return f"<OfferCheck: {self.lines} lines, {self.figures} figures; {found}>"

    def _data(self) -> dict[str, list[Any]]:
        names = Departure._fields
        return {name: [getattr(departure, name) for departure in self.departures] for name in names}


#: Terms that payments as they were made have instead of those of the loan.
_OF_HISTORIES = (
    *("payments", "first_payment", "every", "due_days", "maturity", "last_regular", "stub"),
    *(
        "month_end",
        "missing_day",
        "roll",
        "accrual_dates",
        "method",
        "instalment",
        "last",
        "balloon",
    ),
    *("instalment_multiple", "amortise_over", "in_advance", "negative_amortisation", "fees"),
)


def _terms_of(schedule: Schedule, as_paid: bool) -> str:
    """Return the terms of a schedule; of payments as they were made, what is no fact of them."""
    if not as_paid:
        return schedule.terms()
    loan = schedule.loan
    rate = f"{loan.rate} a year" if isinstance(loan.rate, Rate) else str(loan.rate)
    text = f"{loan.principal:,f} at {rate} from {loan.start}, {loan.day_count}"
    if loan.rounding != "half_up":
        text += f", rounded {said(loan.rounding)}"
    return f"{text}, interest to the day of each payment"


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
        if as_paid and field.name in _OF_HISTORIES:
            continue
        ours, other = getattr(schedule.loan, field.name), getattr(stated.loan, field.name)
        if ours != other:
            label = _LABELS.get(field.name, field.name.replace("_", " "))
            parts.append(f"{label} {said(ours)}, not {said(other)}")
    if schedule.changes != stated.changes:
        ours_, others = ("; ".join(map(str, plan.changes)) or "none" for plan in (schedule, stated))
        parts.append(f"change: {ours_}, not {others}")
    return tuple(parts)


def said(value: Any) -> str:
    """Return a term in words."""
    if value is None or value == ():
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return percent(value)
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, str):
        return value.replace("_", " ")
    if isinstance(value, Sequence):
        few = [said(item) for item in value[:2]]
        return ", ".join(few) + (f" and {len(value) - 2} more" if len(value) > 2 else "")
    return str(value)
