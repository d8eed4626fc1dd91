"""The result of a negotiation: the plans that can be agreed, or what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from repaylib.changes.base import Change
from repaylib.money.rounding import round_fraction
from repaylib.negotiation.search_problem import Candidate, SearchProblem
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table, TableOf
from repaylib.rates.rate import percent
from repaylib.schedule.schedule import Schedule

__all__ = ["Negotiation", "Negotiations", "Option", "RequiredConcession", "option_of"]

SHOWN = 12


class RequiredConcession(NamedTuple):
    """One change that would make a plan possible, with all else kept.

    Attributes
    ----------
    what
        A constraint, such as ``"payment"``; or a concession, such as ``"term"``.
    given
        The limit as given, as text.
    needed
        The limit that would be necessary, as text.
    schedule
        A plan that then could be agreed.
    description
        The same in a sentence.
    """

    what: str
    given: str
    needed: str
    schedule: Schedule
    description: str

    def __str__(self) -> str:
        return self.description


@dataclass(frozen=True, slots=True)
class Option:
    """A plan with its four measures, of which less is better. Amounts are in major units.

    Attributes
    ----------
    schedule
        The plan itself.
    changes
        What is agreed, as changes of the schedule that is negotiated; none if it stays.
    name
        The same in a few words.
    total
        What is paid out of pocket from the day on from which the search begins: after it and, on it,
        beyond what falls due anyway.
    payment
        The most of it that is paid in a month.
    end
        The day of the last payment.
    exact_loss
        The loss of the lender, as a share of the present value at the original effective rate; below zero,
        a gain.
    """

    schedule: Schedule
    changes: tuple[Change, ...]
    name: str
    total: Decimal
    payment: Decimal
    end: date
    exact_loss: Fraction
    _case: SearchProblem = field(repr=False, compare=False)
    _candidate: Candidate = field(repr=False, compare=False)

    @property
    def loss(self) -> Decimal:
        """The lender's loss as a share, to 8 decimals; 0.0162 is 1.62 %."""
        return Decimal(f"{round_fraction(self.exact_loss * 10**8, 'half_up')}E-8")

    @property
    def final_payment(self) -> Decimal:
        """The last payment."""
        return self.schedule.loan.money(self._candidate.last)

    @property
    def description(self) -> str:
        """The changes, in plain words, one a line."""
        lines = self.schedule.terms().split("\n")[len(self._case.schedule.changes) + 1 :]
        return "\n".join(lines) or "as it is"

    @property
    def binding(self) -> tuple[str, ...]:
        """The constraints that a little less of any of the concessions would break."""
        concessions, found = self._candidate.concessions, dict[str, None]()
        less = []
        if concessions.term > 1:
            less.append(concessions._replace(term=concessions.term - 1))
        if concessions.rate:
            less.append(concessions._replace(rate=concessions.rate - 1))
        if concessions.haircut:
            less.append(concessions._replace(haircut=concessions.haircut - 1))
        if concessions.deferral:
            less.append(concessions._replace(deferral=concessions.deferral - 1))
        for agreed in less:
            candidate = self._case.attempt(agreed)
            found |= dict.fromkeys(candidate.excess if candidate is not None else ())
        return tuple(found)

    @property
    def broken(self) -> tuple[str, ...]:
        """The constraints that the plan does not keep; empty if it can be agreed."""
        return tuple(self._candidate.excess)

    def _cells(self) -> list[str]:
        hundredths = round_fraction(self.exact_loss * 10**5, "half_up")
        return [
            self.name,
            f"{self.total:,f}",
            f"{self.payment:,f}",
            str(self.end),
            f"{Decimal(f'{hundredths}E-3'):.3f} %",
        ]

    def __str__(self) -> str:
        header = ["plan", "to pay", "a month", "end", "lender loses"]
        return str(Table(header, [self._cells()], above=[self.description, ""]))


def option_of(problem: SearchProblem, candidate: Candidate) -> Option:
    """Return a candidate as an option."""
    money = problem.schedule.loan.money
    changes, concessions = problem.changes(candidate.concessions), candidate.concessions
    names = []
    if concessions.term:
        names.append(f"{concessions.term} instalment{'s' * (concessions.term != 1)}")
    if concessions.rate:
        names.append(f"rate {percent(problem.rate_at(concessions.rate))}")
    if concessions.haircut:
        names.append(f"{problem.schedule.loan.show(concessions.haircut * problem.unit)} forgiven")
    if concessions.deferral:
        how = {"interest_only": " with interest only", "interest_free": " without interest"}
        names.append(f"{concessions.deferral} deferred{how.get(concessions.kind, '')}")
    if concessions.start and changes:
        names.append(f"from instalment {problem.place_of(concessions)['payment']}")
    return Option(
        schedule=candidate.schedule,
        changes=changes,
        name=", ".join(names) or "as it is",
        total=money(candidate.total),
        payment=money(candidate.payment),
        end=candidate.end,
        exact_loss=candidate.loss,
        _case=problem,
        _candidate=candidate,
    )


@dataclass(frozen=True, slots=True)
class Negotiation(Tabular, TableOf[Option]):
    """The plans that can be agreed and that no other dominates; or what stands in the way.

    A sequence of its options, from the one with the least to pay. It prints as a table, and shows
    as HTML in notebooks.

    Attributes
    ----------
    schedule
        The schedule that is negotiated.
    day
        The day from which new terms may hold.
    options
        The plans that can be agreed: of each other one that was tried, at least one of the four
        measures is worse than in one of these.
    nearest
        If there is none: the plan that misses what was asked by least; otherwise ``None``.
    binding
        If there is none: the constraints that the nearest plan breaks, then those that forbid to
        concede more.
    reliefs
        If there is none: the single concessions that would make one possible.
    asked
        The request, in words.
    searched
        The search, in words.
    tried
        How many plans were tried.
    """

    schedule: Schedule
    day: date
    options: tuple[Option, ...]
    nearest: Option | None
    binding: tuple[str, ...]
    reliefs: tuple[RequiredConcession, ...]
    asked: str
    searched: str
    tried: int

    @property
    def rows(self) -> tuple[Option, ...]:
        """The options."""
        return self.options

    @property
    def feasible(self) -> bool:
        """Whether any plan can be agreed."""
        return bool(self.options)

    @property
    def cheapest(self) -> Option | None:
        """The option with the least to pay."""
        return min(self.options, key=lambda option: option.total, default=None)

    @property
    def lightest(self) -> Option | None:
        """The option with the lowest monthly payment."""
        return min(self.options, key=lambda option: option.payment, default=None)

    @property
    def soonest(self) -> Option | None:
        """The option that ends first."""
        return min(self.options, key=lambda option: option.end, default=None)

    @property
    def mildest(self) -> Option | None:
        """The option that costs the lender least."""
        return min(self.options, key=lambda option: option.exact_loss, default=None)

    @property
    def _shown(self) -> list[Option]:
        """The best option by each measure, and some in between."""
        if len(self.options) <= SHOWN:
            return list(self.options)
        best = (self.cheapest, self.lightest, self.soonest, self.mildest)
        places = {self.options.index(option) for option in best if option is not None}
        last = len(self.options) - 1
        for part in range(SHOWN):
            if len(places) < SHOWN:
                places.add(last * part // (SHOWN - 1))
        return [self.options[place] for place in sorted(places)]

    def _table(self) -> Table:
        header = ["plan", "to pay", "a month", "end", "lender loses"]
        if self.nearest is not None:
            notes = ["no plan can be agreed; the nearest is shown"]
            notes += [f"- {_word(name)}" for name in self.binding]
            notes += ["what would have to give, each by itself:"] if self.reliefs else []
            notes += [f"- {relief}" for relief in self.reliefs]
            return self._with_notes(header, [self.nearest._cells()], notes)
        shown = self._shown
        rows = [option._cells() for option in shown]
        count = f"{len(self.options)} plan{'s' * (len(self.options) != 1)} can be agreed"
        if len(shown) < len(self.options):
            count += f", of which {len(shown)} are shown"
        return self._with_notes(header, rows, [f"{count}; {self.tried} tried: {self.searched}"])

    def _with_notes(self, header: list[str], rows: list[list[str]], notes: list[str]) -> Table:
        caption = "\n".join([self.asked, *notes])
        return Table(header, rows, caption=caption, above=[self.asked], below=notes)

    def __repr__(self) -> str:
        return f"<Negotiation: {len(self.options)} options of {self.tried} tried; {self.asked}>"

    def _data(self) -> dict[str, list[Any]]:
        """Return the options, one a line."""
        names = ("name", "total", "payment", "end", "loss", "final_payment", "description")
        return {name: [getattr(option, name) for option in self.options] for name in names}


class Negotiations(Tabular, TableOf[Negotiation]):
    """The negotiations of many loans, in the order of the loans; prints as a table."""

    __slots__ = ("rows",)

    rows: tuple[Negotiation, ...]

    def __init__(self, rows: Sequence[Negotiation]) -> None:
        self._store(rows=tuple(rows))

    @property
    def feasible(self) -> tuple[bool, ...]:
        """By loan, whether any plan can be agreed."""
        return tuple(row.feasible for row in self.rows)

    def _table(self) -> Table:
        header = ["loan", "options", "cheapest", "to pay", "a month", "end", "lender loses"]
        rows = []
        for number, row in enumerate(self.rows):
            best = row.cheapest or row.nearest
            cells = best._cells() if best is not None else ["-"] * 5
            if not row.feasible:
                cells[0] = f"none; nearest: {cells[0]}"
            rows.append([str(number), str(len(row)), *cells])
        count = sum(self.feasible)
        caption = f"{count} of {len(self)} loans have a plan that can be agreed"
        return Table(header, rows, left=3, caption=caption)

    def _data(self) -> dict[str, list[Any]]:
        """Return the cheapest or, where none can be agreed, the nearest plan of each loan, one a line."""
        best = [row.cheapest or row.nearest for row in self.rows]
        names = ("name", "total", "payment", "end", "loss", "final_payment", "description")
        return {
            "loan": list(range(len(best))),
            "feasible": list(self.feasible),
            "options": [len(row) for row in self.rows],
            **{name: [getattr(option, name, None) for option in best] for name in names},
        }

    def __repr__(self) -> str:
        return f"<Negotiations: {sum(self.feasible)} of {len(self)} can be agreed>"


def _word(name: str) -> str:
    """Return a constraint in words."""
    return {
        "payment": "a payment is above what can be afforded",
        "last": "the last payment is too large",
        "total": "there would be too much to pay",
        "end": "it would end too late",
        "months": "the lender allows no more months",
        "extension": "the rule allows no further extension",
        "latest": "the lender allows no later end",
        "npv_loss": "the lender would lose too much",
        "caps": "it breaks a cap",
        "term": "more payments are not tried",
        "rate": "the rate is at its lowest",
        "haircut": "no more may be forgiven",
    }[name]
