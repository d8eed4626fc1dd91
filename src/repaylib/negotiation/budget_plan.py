"""The plan of a budget: the payments on all debts, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from repaylib.money.amounts import add, subtract
from repaylib.money.counts import place_of
from repaylib.negotiation.debts import Debt
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table
from repaylib.schedule.schedule import Schedule
from repaylib.typing import Lang
from repaylib.wording.sentence import NOTHING, Bare, Sentence, WordedText, parse_language

__all__ = ["BudgetMonth", "BudgetPlan", "DebtMonth", "DebtPlan", "Shortfall"]


@dataclass(frozen=True, slots=True)
class DebtMonth:
    """One debt in one month of a plan. Amounts are in major units of the debt.

    Attributes
    ----------
    name
        The name of the debt.
    required
        The amount due in the month, with its part of the arrears.
    extra
        What is paid on top.
    paid
        Both together.
    balance
        Principal and arrears owed after it.
    """

    name: str
    required: Decimal
    extra: Decimal
    paid: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class BudgetMonth:
    """One month of a plan. Amounts are in major units of the budget.

    Attributes
    ----------
    number
        Of the month, from 1.
    until
        Its last day; it begins the day after the month before it ends.
    required
        The amount due on all debts.
    paid
        What is paid on all debts.
    saved
        The money left at its end, with that of earlier months: ``saved + paid`` is the
        budget with what was saved before.
    debts
        Each debt, in the order given.
    """

    number: int
    until: date
    required: Decimal
    paid: Decimal
    saved: Decimal
    debts: tuple[DebtMonth, ...]


@dataclass(frozen=True, slots=True)
class DebtPlan:
    """The plan of one debt. Amounts are in major units of the debt.

    Attributes
    ----------
    debt
        The debt.
    schedule
        Its schedule, with extra payments as prepayments.
    owed
        Principal owed on the day of the plan.
    arrears
        The amount overdue then.
    paid
        What is paid after that day, ``principal + interest + fees + arrears``. By contract where
        the plan stops.
    principal
        The principal in it.
    interest
        The interest in it.
    fees
        The fees and taxes in it.
    agreed_interest
        The interest if no more than the minimum is ever paid.
    free
        The day of the last payment; ``None`` where the plan stops before it.
    """

    debt: Debt
    schedule: Schedule
    owed: Decimal
    arrears: Decimal
    paid: Decimal
    principal: Decimal
    interest: Decimal
    fees: Decimal
    agreed_interest: Decimal
    free: date | None

    @property
    def name(self) -> str:
        """The name of the debt."""
        return self.debt.name


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The shortfall of one debt in a month whose minimums exceed the budget.

    Amounts are in major units of the debt. The offers share the budget by balance; no offer exceeds
    the amount due.

    Attributes
    ----------
    number
        The month.
    until
        Its last day.
    name
        The name of the debt.
    required
        The amount due by contract, if all was paid before.
    offer
        The amount that can be offered.
    lacking
        `required` less `offer`.
    """

    number: int
    until: date
    name: str
    required: Decimal
    offer: Decimal
    lacking: Decimal


@dataclass(frozen=True, slots=True)
class BudgetPlan(Tabular):
    """The payments on all debts, month by month until they are repaid; it prints as a table.

    Attributes
    ----------
    policy
        The policy of the allocation.
    on
        The first day.
    affordable
        The monthly budget, in major units.
    currency
        Of the budget.
    months
        The months, as long as the minimums of all debts can be paid.
    debts
        The debts, in the order given.
    shortfalls
        The shortfalls by month and debt, from the first month whose minimums exceed the budget.
    total_paid
        All payments, in the budget's currency; by contract where the plan stops.
    total_interest
        The interest in it.
    needed
        The monthly budget that covers every month. It is the affordable amount where that is
        enough.
    """

    policy: str
    on: date
    affordable: Decimal
    currency: str
    months: tuple[BudgetMonth, ...]
    debts: tuple[DebtPlan, ...]
    shortfalls: tuple[Shortfall, ...]
    total_paid: Decimal
    total_interest: Decimal
    needed: Decimal

    @property
    def feasible(self) -> bool:
        """Whether every debt keeps its minimum in every month, until all are free."""
        return not self.shortfalls

    @property
    def free(self) -> date | None:
        """The day on which the last debt is free; ``None`` if the budget does not reach so far."""
        days = [debt.free for debt in self.debts if debt.free is not None]
        return max(days) if self.feasible else None

    def debt(self, which: str | int) -> DebtPlan:
        """Return the debt `which`: its name, or its place from 0.

        Raises
        ------
        ChoiceError
            If there is none; the message lists the names.
        """
        return self.debts[place_of(which, "which", [debt.name for debt in self.debts])]

    @property
    def order(self) -> tuple[str, ...]:
        """The names of the debts in the order in which they become free."""
        free = [debt for debt in self.debts if debt.free is not None]
        return tuple(debt.name for debt in sorted(free, key=lambda debt: debt.free or self.on))

    @property
    def verdict(self) -> str:
        """When all are free and what it costs, or from when on it is not enough, in a line."""
        return WordedText(self._verdict())

    def _verdict(self) -> Sentence:
        def money(amount: Decimal) -> Bare:
            return Bare(amount, self.currency)

        head = Sentence(
            "budget_plan.head",
            policy=Sentence(f"policy.{self.policy}"),
            amount=money(self.affordable),
            on=self.on,
        )
        if self.feasible:
            return Sentence(
                "budget_plan.free",
                head=head,
                free=self.free,
                count=len(self.months),
                total=money(self.total_paid),
                interest=money(self.total_interest),
            )
        first = self.shortfalls[0]
        more = len({shortfall.number for shortfall in self.shortfalls}) - 1
        return Sentence(
            "budget_plan.short",
            head=head,
            number=first.number,
            until=first.until,
            more=Sentence("budget_plan.short_more", count=more) if more else NOTHING,
            needed=money(self.needed),
        )

    def _months(self) -> Table:
        codes = [plan.debt.currency for plan in self.debts]
        several = len({*codes, self.currency}) > 1
        header: list[object] = [Sentence("column.no"), Sentence("budget_plan.until")]
        footer: list[object] = ["", Sentence("column.total")]
        for debt, code in zip(self.debts, codes, strict=True):
            named = Sentence("budget_plan.in_currency", name=debt.name, currency=code)
            header += [named if several else debt.name, Sentence("budget_plan.left")]
            zero = subtract(debt.owed, debt.owed)
            mine = [one for month in self.months for one in month.debts if one.name == debt.name]
            footer += [f"{add(zero, *(one.paid for one in mine)):,f}", ""]
        rows = []
        for month in self.months:
            row = [str(month.number).rjust(2), str(month.until)]
            for one in month.debts:
                row += [f"{one.paid:,f}", f"{one.balance:,f}"]
            rows.append([*row, f"{month.saved:,f}"])
        header.append(Sentence("budget_plan.saved"))
        return Table(header, rows, [*footer, ""], 2, Sentence("budget_plan.caption"))

    def _offer(self) -> Table:
        """Return the offer for the first month that falls short."""
        first = self.shortfalls[0].number
        rows = [
            [
                shortfall.name,
                *(
                    f"{amount:,f}"
                    for amount in (shortfall.required, shortfall.offer, shortfall.lacking)
                ),
            ]
            for shortfall in self.shortfalls
            if shortfall.number == first
        ]
        header = [
            Sentence("budget.month_number", number=first),
            *(Sentence(f"budget_plan.{name}") for name in ("required", "offer", "lacking")),
        ]
        return Table(header, rows, caption=Sentence("budget_plan.offer_caption"))

    def _sheet(self) -> Table:
        names = ("debt", "owed", "arrears", "paid", "interest", "fees", "interest_saved", "free_on")
        header = [Sentence(f"budget_plan.{name}") for name in names]
        rows: list[list[object]] = []
        for debt in self.debts:
            saved = subtract(debt.agreed_interest, debt.interest)
            amounts = (debt.owed, debt.arrears, debt.paid, debt.interest, debt.fees, saved)
            free = Sentence("budget_plan.not_yet") if debt.free is None else str(debt.free)
            rows.append([debt.name, *(f"{amount:,f}" for amount in amounts), free])
        return Table(header, rows, caption=self.verdict)

    def sheet(self, *, lang: Lang = "en") -> str:
        """Return the plans of the debts, one a line, as text.

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

    def _tables(self) -> list[Table]:
        tables = [Table([], [], above=[self.verdict])]
        tables += [self._months()] if self.months else []
        return tables + ([self._offer()] if self.shortfalls else [])

    def _in_full(self) -> list[Table]:
        return [self._sheet(), *self._tables()[1:]]

    def _data(self) -> dict[str, list[Any]]:
        """Return a line for each month and debt."""
        lines = [(month, one) for month in self.months for one in month.debts]
        return {
            "number": [month.number for month, _ in lines],
            "until": [month.until for month, _ in lines],
            "debt": [one.name for _, one in lines],
            **{
                name: [getattr(one, name) for _, one in lines]
                for name in ("required", "extra", "paid", "balance")
            },
        }

    def __repr__(self) -> str:
        return f"<BudgetPlan {self.verdict}>"
