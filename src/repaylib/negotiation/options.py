"""The result of a negotiation: the plans that can be agreed, or what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from repaylib.changes.base import Change
from repaylib.measures.modification import worth_figures
from repaylib.measures.payers.payer import Payer
from repaylib.money.rounding import round_fraction
from repaylib.negotiation.search import SOLVED
from repaylib.negotiation.search_problem import Candidate, SearchProblem
from repaylib.output.formats import Tabular
from repaylib.output.plain import Plain
from repaylib.output.tables import Table, TableOf
from repaylib.rates.rate import Share, percent
from repaylib.schedule.figures import Derivation, runs_of, short, worth_figure
from repaylib.schedule.schedule import Schedule
from repaylib.wording.sentence import NOTHING, Listed, Sentence, Worded, WordedText, lines_of

__all__ = ["Negotiation", "Negotiations", "Option", "RequiredConcession", "option_of"]

SHOWN = 12

#: The heads of a table of options.
OPTION_HEADS = [
    Sentence(f"option.{name}") for name in ("plan", "to_pay", "a_month", "end", "loses")
]


@dataclass(frozen=True, slots=True)
class RequiredConcession(Worded, Plain):
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

    def _worded(self) -> str:
        return self.description


@dataclass(frozen=True, slots=True)
class Option(Worded, Plain):
    """A plan with its four measures, of which less is better. Amounts are in major units.

    Attributes
    ----------
    schedule
        The plan itself.
    changes
        What is agreed, as changes of the schedule that is negotiated; none if it stays. A cap on
        the instalment is a term of the loan of `schedule`.
    name
        The same in a few words.
    total
        What is paid out of pocket from the day on from which the search begins: after it and, on it,
        beyond what falls due anyway.
    payment
        The most of it that is paid in a month, without a lump sum that is agreed.
    end
        The day of the last payment.
    exact_loss
        The loss of the lender, as a share of the present value at the original effective rate; below zero,
        a gain.
    lump
        The lump sum that the borrower prepays when the new terms begin.
    subsidy
        What someone else pays in the place of the borrower.
    payer
        Who pays part of the interest, if a subsidy is agreed: a :class:`~repaylib.measures.Payer`. The
        other measures are of what the borrower pays; ``rp.measures.shared_cost(option, option.payer)``
        has both.
    """

    schedule: Schedule
    changes: tuple[Change, ...]
    name: str
    total: Decimal
    payment: Decimal
    end: date
    exact_loss: Fraction
    lump: Decimal
    subsidy: Decimal
    payer: Payer | None
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
        return str(WordedText(self._described))

    @property
    def _described(self) -> Listed | Sentence:
        parts = self.schedule.agreed_terms.parts[len(self._case.schedule.changes) + 1 :]
        lines: list[object] = list(parts)
        if self._candidate.concessions.instalment_cap:
            cap = self.schedule.loan.instalment_cap
            assert cap is not None, "a cap that is agreed is one of the loan"
            lines.append(Sentence("option.instalment_cap", value=Share(cap)))
        if self.payer is not None:
            lines.append(self.payer.sentence(self.schedule.loan.currency))
        return lines_of(*lines) if lines else Sentence("option.as_it_is")

    @property
    def binding(self) -> tuple[str, ...]:
        """The constraints that a little less of any of the concessions would break."""
        concessions, found = self._candidate.concessions, dict[str, None]()
        for name in (*SOLVED, "deferral"):
            fields: dict[str, Any] = {name: getattr(concessions, name) - 1}
            if fields[name] < (name == "term"):
                continue
            candidate = self._case.attempt(concessions._replace(**fields))
            found |= dict.fromkeys(candidate.excess if candidate is not None else ())
        return tuple(found)

    @property
    def broken(self) -> tuple[str, ...]:
        """The constraints that the plan does not keep; empty if it can be agreed."""
        return tuple(self._candidate.excess)

    def explain(self) -> Derivation:
        """Derive the measures: what is to pay, the most in a month, and the loss of the lender.

        The loss is the change of the present value; below zero, a loss.
        """
        case, decimals = self._case, self.schedule.loan.decimals
        valuation, plans = case.worth, (case.schedule, self.schedule)
        money, rounding = self.schedule.loan.money, self.schedule.loan.rounding
        before, after = (money(round_fraction(valuation.of(plan), rounding)) for plan in plans)
        paid, month = case.payments_of(self._candidate)
        figures = [
            worth_figure(Sentence("option.to_pay"), self.total, runs_of(paid, decimals)),
            worth_figure(Sentence("option.a_month"), self.payment, runs_of(month, decimals)),
        ]
        title = Sentence(
            "derived.worth",
            what=self.name,
            rate=short(percent(Fraction(valuation.rate))),
            unit=Sentence(f"derived.{'periods' if valuation.by_period else 'years'}"),
            day=case.day,
        )
        change = self.loss.copy_negate()
        worths = worth_figures(valuation, plans, (before, after), change)
        return Derivation(title, (*figures, *worths))

    def _cells(self) -> list[object]:
        hundredths = round_fraction(self.exact_loss * 10**5, "half_up")
        return [
            self.name,
            f"{self.total:,f}",
            f"{self.payment:,f}",
            str(self.end),
            f"{Decimal(f'{hundredths}E-3'):.3f} %",
        ]

    def _worded(self) -> Table:
        return Table(OPTION_HEADS, [self._cells()], above=[self._described, ""])


def option_of(problem: SearchProblem, candidate: Candidate) -> Option:
    """Return a candidate as an option."""
    money = problem.schedule.loan.money
    changes, concessions = problem.changes(candidate.concessions), candidate.concessions
    names = []
    if concessions.term:
        names.append(Sentence("option.instalments", count=concessions.term))
    for name in SOLVED[1:]:
        if step := getattr(concessions, name):
            names.append(Sentence(f"option.{name}", value=problem.shown(name, step)))
    if concessions.deferral:
        names.append(Sentence(f"option.{concessions.kind}", count=concessions.deferral))
    if concessions.start and changes:
        names.append(Sentence("option.from", number=problem.place_of(concessions)["payment"]))
    return Option(
        schedule=candidate.schedule,
        changes=changes,
        name=WordedText(Listed(names, "comma") if names else Sentence("option.as_it_is")),
        total=money(candidate.total),
        payment=money(candidate.payment),
        end=candidate.end,
        exact_loss=candidate.loss,
        lump=money(candidate.lump),
        subsidy=money(candidate.subsidy),
        payer=problem.payer(concessions),
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
        measures is worse than in one of these, or it takes a larger lump sum or subsidy.
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
        if self.nearest is not None:
            binding: list[object] = [Sentence(f"constraint.{name}") for name in self.binding]
            notes = [Sentence("negotiation.none")]
            notes += [Sentence("negotiation.item", what=what) for what in binding]
            notes += [Sentence("negotiation.give")] if self.reliefs else []
            notes += [Sentence("negotiation.item", what=relief) for relief in self.reliefs]
            return self._with_notes([self.nearest._cells()], notes)
        options = self._shown
        shown: object = NOTHING
        if len(options) < len(self.options):
            shown = Sentence("negotiation.shown", count=len(options))
        found = Sentence(
            "negotiation.found",
            count=len(self.options),
            shown=shown,
            tried=self.tried,
            searched=self.searched,
        )
        return self._with_notes([option._cells() for option in options], [found])

    def _with_notes(self, rows: list[list[object]], notes: list[Sentence]) -> Table:
        caption = lines_of(self.asked, *notes)
        return Table(OPTION_HEADS, rows, caption=caption, above=[self.asked], below=notes)

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
        names = ("loan", "options", "cheapest")
        header = [*(Sentence(f"negotiations.{name}") for name in names), *OPTION_HEADS[1:]]
        rows: list[list[object]] = []
        for number, row in enumerate(self.rows):
            best = row.cheapest or row.nearest
            cells: list[object] = best._cells() if best is not None else ["-"] * 5
            if not row.feasible:
                cells[0] = Sentence("negotiations.none", plan=cells[0])
            rows.append([str(number), str(len(row)), *cells])
        found = f"{sum(self.feasible)}"
        caption = Sentence("negotiations.caption", found=found, count=len(self))
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
