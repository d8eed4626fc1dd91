"""Plans side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from repaylib.dates.months import months_elapsed
from repaylib.errors import CountError, Phrase, TermsError, check_text, parse_items
from repaylib.measures.break_even import (
    BreakEven,
    Divergence,
    break_even,
    difference_sentence,
    distinct,
    divergence_of,
    plan_figures,
    plan_label,
    verdict_sentence,
)
from repaylib.money.amounts import subtract
from repaylib.money.counts import parse_count, place_of
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table, TableOf
from repaylib.schedule.figures import Derivation
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.settlement import Settlement
from repaylib.schedule.verbs import as_schedule
from repaylib.terms.loan import Loan
from repaylib.typing import Amount, Lang
from repaylib.wording.sentence import Listed, Sentence, WordedText, lines_of, parse_language

if TYPE_CHECKING:
    from repaylib.measures.comparison_measures import PlanMeasures

__all__ = ["ComparedPlan", "Comparison", "compare"]


@dataclass(frozen=True, slots=True)
class ComparedPlan:
    """One plan of a comparison. Amounts are in major units.

    Attributes
    ----------
    name
        The name of the plan.
    schedule
        The plan.
    total_paid
        All that is paid out of pocket, from the start of the plan's loan.
    still_to_pay
        What is paid out of pocket from the day on which the plans part. On that day itself, only what
        is paid beyond what is agreed anyway: a prepayment, a settlement, or a fee for a change.
    received
        What is received in money from that day on: a further advance; below zero, what a deducted
        fee takes off the amount lent.
    extra
        `still_to_pay` less `received`, less the same of the first plan; below zero, it is saved.
    largest
        Largest sum of one day, of those in `still_to_pay`.
    last
        The last payment.
    payments
        Number of days with a payment, of those in `still_to_pay`.
    maturity
        The day of the last payment.
    fits
        Whether `largest` is at most the affordable amount; ``None`` if none was given.
    """

    name: str
    schedule: Schedule
    total_paid: Decimal
    still_to_pay: Decimal
    received: Decimal
    extra: Decimal
    largest: Decimal
    last: Decimal
    payments: int
    maturity: date
    fits: bool | None


class Comparison(Tabular, TableOf[ComparedPlan]):
    """Plans side by side; prints as a table, and shows as HTML in notebooks.

    Attributes
    ----------
    since
        The day on which the plans part: that of the first change that not all of them share; of
        plans of different loans, the day on which the last of them begins.
    affordable
        What can be paid on one day, in major units, or ``None``.
    settled_after
        After how many payments from then on the rows take each plan to be settled.
    """

    rows: tuple[ComparedPlan, ...]
    affordable: Decimal | None
    settled_after: int
    since: date
    _divergence: Divergence

    def __init__(
        self,
        plans: Mapping[str, Schedule],
        affordable: Decimal | None,
        settled_after: int = 3,
    ) -> None:
        divergence = divergence_of(list(plans.values()))
        first = divergence.cost(next(iter(plans.values())))
        self._store(
            affordable=affordable,
            settled_after=settled_after,
            since=divergence.day,
            rows=tuple(
                _compared(name, plan, first, divergence, affordable) for name, plan in plans.items()
            ),
            _divergence=divergence,
        )

    @property
    def cheapest(self) -> ComparedPlan:
        """The plan that pays least, less what it receives; the first of several."""
        return min(self.rows, key=lambda plan: plan.extra)

    @property
    def lightest(self) -> ComparedPlan:
        """The plan whose largest payment is the smallest; the first of several."""
        return min(self.rows, key=lambda plan: plan.largest)

    def plan(self, which: str | int) -> ComparedPlan:
        """Return the plan `which`: its name, or its place from 0.

        Raises
        ------
        ChoiceError
            If there is none; the message lists the names.
        """
        return self._found(which, "which")

    def _found(self, which: object, parameter: str) -> ComparedPlan:
        return self.rows[place_of(which, parameter, [plan.name for plan in self.rows])]

    def break_even(self, one: str | int, other: str | int) -> BreakEven | None:
        """Return when the plan that has paid less becomes the one that has paid more.

        Parameters
        ----------
        one, other
            Two plans, by name or by place from 0.

        Returns
        -------
        BreakEven or None
            The day from which it is so for good, and the months until then; ``None`` if one plan is
            never behind the other.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> table = rp.compare(plan, rp.reschedule(plan, 12, payment=4))
        >>> print(table.break_even("as agreed", "12 instalments"))
        up to 2025-04-10 12 instalments has paid less, from then on as agreed has
        >>> table.break_even(0, 1).months
        12
        """
        two = [self._found(one, "one"), self._found(other, "other")]
        paid = [self._divergence.paid(plan.schedule) for plan in two]
        found = break_even(*paid)
        if found is None:
            return None
        day, before, after = found
        less = {1: two[1].name, -1: two[0].name, 0: ""}
        months = months_elapsed(self.since, day)
        months += two[0].schedule.loan.timetable.months_after(self.since, months) < day
        return BreakEven(day, months, less[before], less[after])

    def explain(self, which: str | int) -> Derivation:
        """Derive what a plan pays, and what that is more than for the first.

        Parameters
        ----------
        which
            A plan, by name or by place from 0.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> table = rp.compare(plan, rp.reschedule(plan, 12, payment=4))
        >>> print(table.explain("12 instalments")["more than the first"])
        more than the first: 118.15
            = to pay from then 8,114.54 - as agreed 7,996.39
        """
        plan, first = self._found(which, "which"), self.rows[0]
        title = Sentence("derived.plan", plan=plan.name, when=self._when)
        return Derivation(title, plan_figures(plan, first, self._divergence.paid(plan.schedule)))

    @property
    def measures(self) -> tuple[PlanMeasures, ...]:
        """Every plan by the same fixed rows."""
        from repaylib.measures.comparison_measures import (
            measure,  # seldom needed, and slow to import
        )

        plans = {plan.name: plan.schedule for plan in self.rows}
        return measure(plans, self._divergence, self.affordable, self.settled_after)

    @property
    def differences(self) -> tuple[str, ...]:
        """How each plan differs from the first, a sentence a plan."""
        english = parse_language("en")
        return tuple(english.render(said) for said in self._differences)

    @property
    def _differences(self) -> list[Listed]:
        first = self.rows[0]
        return [
            difference_sentence(plan, first, self.break_even(first.name, plan.name))
            for plan in self.rows[1:]
        ]

    def _table(self) -> Table:
        columns: dict[Sentence, Callable[[ComparedPlan], object]] = {
            Sentence("column.plan"): lambda plan: plan.name,
            Sentence("column.in_all"): lambda plan: f"{plan.total_paid:,f}",
            Sentence("column.extra"): lambda plan: (
                f"{plan.extra:+,f}" if plan.extra else f"{plan.extra:,f}"
            ),
            Sentence("column.largest"): lambda plan: f"{plan.largest:,f}",
            Sentence("column.left"): lambda plan: str(plan.payments),
            Sentence("column.end"): lambda plan: str(plan.maturity),
        }
        if (affordable := self.affordable) is not None:
            columns[Sentence("column.fits", amount=f"{affordable:,f}")] = lambda plan: (
                Sentence("answer.yes")
                if plan.fits
                else Sentence("fits.over", amount=f"{subtract(plan.largest, affordable):,f}")
            )
        columns[Sentence("column.from_then")] = lambda plan: f"{plan.still_to_pay:,f}"
        if any(plan.received for plan in self.rows):
            columns[Sentence("column.received")] = lambda plan: f"{plan.received:,f}"
        columns[Sentence("column.last")] = lambda plan: f"{plan.last:,f}"
        header = list(columns)
        rows = [[cell(plan) for cell in columns.values()] for plan in self.rows]
        caption = self._caption
        below = [Sentence("in_brackets", text=caption), *([self._verdict] if len(self) > 1 else [])]
        return Table(header, rows, caption=caption, below=below, cut=True)

    @property
    def caption(self) -> str:
        """What the table says, in a line."""
        return str(self._caption)

    @property
    def _caption(self) -> Sentence:
        return Sentence("compare.columns", when=self._when)

    @property
    def _when(self) -> Sentence:
        """From when on the plans are compared, in words."""
        whole = any(plan.schedule.loan.start == self.since for plan in self.rows)
        return Sentence("compare.from" if whole else "compare.after", day=self.since)

    @property
    def verdict(self) -> str:
        """Which plan is cheapest, and which is lightest, in a line."""
        return str(self._verdict)

    @property
    def _verdict(self) -> Sentence:
        together = len({plan.schedule.loan.start for plan in self.rows}) == 1
        when = Sentence("compare.in_all") if together else self._when
        return verdict_sentence(self.cheapest, self.lightest, when, together=together)

    def sheet(self, *, lang: Lang = "en") -> str:
        """Return every plan by the same fixed rows, as text, and how they differ, in words.

        Parameters
        ----------
        lang
            The language: ``"en"``, or ``"zh"`` for Chinese.

        Raises
        ------
        ChoiceError
            If there is no such language.
        """
        return self._sheet().rendered(parse_language(lang))

    def _sheet(self) -> Table:
        from repaylib.measures.comparison_measures import ROWS, cells

        columns = [cells(plan) for plan in self.measures]
        names = [Sentence(f"measures.{name}", count=self.settled_after) for name in ROWS]
        rows: list[list[object]] = [
            [name, *line] for name, line in zip(names, zip(*columns, strict=True), strict=True)
        ]
        best = {self.cheapest.name: [Sentence("compare.cheapest")]}
        best.setdefault(self.lightest.name, []).append(Sentence("compare.lightest"))
        if len(self) > 1:
            rows.append(["", *(Listed(best.get(plan.name, []), "names") for plan in self.rows)])
        labels = [plan.name for plan in self.rows]
        below = [self._verdict, *self._differences]
        header = [Sentence("compare.since", day=self.since), *labels]
        return Table(header, rows, caption=lines_of(*below), below=below)

    def _data(self) -> dict[str, list[Any]]:
        """Return the fixed rows, a row a plan and a column each."""
        from dataclasses import fields

        from repaylib.measures.comparison_measures import PlanMeasures

        measures = self.measures
        names = [field.name for field in fields(PlanMeasures)]
        data: dict[str, list[Any]] = {
            name: [getattr(plan, name) for plan in measures] for name in names
        }
        data["cheapest"] = [plan is self.cheapest for plan in self.rows]
        data["lightest"] = [plan is self.lightest for plan in self.rows]
        return data

    def _in_full(self) -> list[Table]:
        return [self._table(), self._sheet()][: len(self)]

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(plan.name for plan in self.rows)}>"


def compare(
    *plans: Schedule | Settlement | Loan,
    affordable: Amount | None = None,
    names: Sequence[str] | None = None,
    settled_after: int = 3,
) -> Comparison:
    """Put plans side by side; the first is what the others are measured against.

    Parameters
    ----------
    plans
        Schedules of one debt; a settlement means the schedule as it would end. A loan that begins
        later is compared from its first day on, if it lends what settles the others then.
    affordable
        What can be paid on one day, in major units; the table then says which plan fits.
    names
        Names of the plans; by default their changes in a word or two.
    settled_after
        For one of the fixed rows: what each plan costs if it is settled after so many payments.

    Raises
    ------
    RepayError
        If there is no plan, currencies or debts differ, or the names do not match the plans.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> print(rp.compare(plan, rp.reschedule(plan, 12, payment=4), affordable="700"))
    plan               in all    extra  largest  left         end  fits 700.00  from then
    --------------  ---------  -------  -------  ----  ----------  -----------  ---------
    as agreed       10,661.86     0.00   888.49     9  2025-01-10  188.49 over   7,996.39
    12 instalments  10,780.01  +118.15   676.23    12  2025-04-10          yes   8,114.54
    (largest, left, from then, last: what is paid after 2024-04-10)
    cheapest: as agreed, 10,661.86 in all; lightest: 12 instalments, at most 676.23 at a
      time
    not shown: last
    """
    if not plans:
        raise CountError("plans", 0, "one plan or more", Phrase("write {}", "compare(plan, other)"))
    schedules = [
        plan.schedule if isinstance(plan, Settlement) else as_schedule(plan) for plan in plans
    ]
    first = schedules[0].loan
    for schedule in schedules:
        unit = schedule.loan.currency, schedule.loan.decimals
        if unit != (first.currency, first.decimals):
            raise TermsError(
                "plans",
                Phrase("{} with {} decimals", unit[0], unit[1]),
                Phrase(
                    "plans in {} with {} decimals, as the first", first.currency, first.decimals
                ),
                "compare plans of one currency",
            )
    labels: Sequence[str] = [WordedText(plan_label(schedule)) for schedule in schedules]
    if names is not None:
        labels = _texts(names)
    if len(labels) != len(schedules):
        raise CountError(
            "names",
            len(labels),
            Phrase("{} names, one a plan", len(schedules)),
            Phrase("write {}", "names=[...]"),
        )
    amount = None
    if affordable is not None:
        amount = first.money(first.minor(affordable, "affordable"))
    after = parse_count(settled_after, "settled_after", example=3)
    return Comparison(dict(zip(distinct(labels), schedules, strict=True)), amount, after)


def _compared(
    name: str,
    plan: Schedule,
    first: int,
    divergence: Divergence,
    affordable: Decimal | None,
) -> ComparedPlan:
    money, received = plan.loan.money, divergence.received(plan)
    paid = [minor for _, minor in divergence.paid(plan)]
    largest = money(max(paid, default=0))
    return ComparedPlan(
        name=name,
        schedule=plan,
        total_paid=plan.out_of_pocket,
        still_to_pay=money(sum(paid)),
        received=money(received),
        extra=money(sum(paid) - received - first),
        largest=largest,
        last=money(paid[-1] if paid else 0),
        payments=len(paid),
        maturity=plan.maturity,
        fits=None if affordable is None else largest <= affordable,
    )


def _texts(given: object) -> list[str]:
    hint = Phrase("write {}", 'names=["as agreed", "deferred"]')
    names = parse_items(given, "names", "a list of names", hint)
    return [check_text(name, f"names[{row}]") for row, name in enumerate(names)]
