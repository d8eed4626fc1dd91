"""Plans for one budget by several policies, compared side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from repaylib.errors import Phrase, parse_words
from repaylib.money.amounts import subtract
from repaylib.money.counts import place_of
from repaylib.negotiation.budget import Budget
from repaylib.negotiation.budget_allocation import plan_by
from repaylib.negotiation.budget_plan import BudgetPlan
from repaylib.negotiation.budget_problem import read_problem
from repaylib.negotiation.debts import Debt
from repaylib.negotiation.policies import POLICIES
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table, TableOf
from repaylib.typing import Amount, BudgetPolicy, DateLike

__all__ = ["BudgetComparison", "compare_policies"]


class BudgetComparison(Tabular, TableOf[BudgetPlan]):
    """Plans for one budget by several policies; prints as a table, and shows as HTML in notebooks."""

    rows: tuple[BudgetPlan, ...]

    def __init__(self, plans: Sequence[BudgetPlan]) -> None:
        self._store(rows=tuple(plans))

    @property
    def cheapest(self) -> BudgetPlan:
        """The plan that pays least in all; the first of several."""
        return min(self.rows, key=lambda plan: (not plan.feasible, plan.total_paid))

    @property
    def soonest(self) -> BudgetPlan:
        """The plan by which all debts are free first; the first of several."""
        return min(self.rows, key=lambda plan: (plan.free is None, plan.free or plan.on))

    def plan(self, which: str | int) -> BudgetPlan:
        """Return the plan `which`: its policy, or its place from 0.

        Raises
        ------
        ChoiceError
            If there is none; the message lists the policies.
        """
        return self.rows[place_of(which, "which", [plan.policy for plan in self.rows])]

    @property
    def verdict(self) -> str:
        """Which policy is cheapest, and by which all debts are free first, in a line."""
        cheap, soon = self.cheapest, self.soonest
        if not cheap.feasible:
            return f"none is enough; {cheap.needed:,f} a month would be"
        return (
            f"cheapest: {cheap.policy}, {cheap.total_interest:,f} of interest; "
            f"all free first: {soon.policy}, on {soon.free}"
        )

    def _table(self) -> Table:
        header = ["policy", "months", "all free", "first free", "in all", "interest", "dearer by"]
        least = self.cheapest.total_paid
        rows = []
        for plan in self.rows:
            if not plan.feasible:
                short = plan.shortfalls[0]
                rows.append([plan.policy, f"short in {short.number}", "-", "-", "-", "-", "-"])
                continue
            first = min((debt for debt in plan.debts), key=lambda debt: debt.free or plan.on)
            rows.append(
                [
                    plan.policy,
                    str(len(plan.months)),
                    str(plan.free),
                    f"{first.name}, {first.free}",
                    f"{plan.total_paid:,f}",
                    f"{plan.total_interest:,f}",
                    f"{subtract(plan.total_paid, least):,f}",
                ]
            )
        return Table(header, rows, caption=self.verdict, below=[self.verdict])

    def _data(self) -> dict[str, list[Any]]:
        names = (
            *("policy", "on", "affordable", "currency", "feasible", "free"),
            *("total_paid", "total_interest", "needed"),
        )
        found = {name: [getattr(plan, name) for plan in self] for name in names}
        return {**found, "months": [len(plan.months) for plan in self]}

    def __repr__(self) -> str:
        return f"<BudgetComparison of {', '.join(plan.policy for plan in self.rows)}>"


def compare_policies(
    debts: Sequence[Debt],
    budget: Budget | Amount,
    *,
    on: DateLike,
    policies: Sequence[BudgetPolicy] = POLICIES,
    rates: Mapping[str, Amount | Fraction] | None = None,
) -> BudgetComparison:
    """Allocate one budget by several policies, and compare the plans.

    Parameters
    ----------
    debts, budget, on, rates
        As for :func:`~repaylib.allocate_budget`.
    policies
        Which; by default all five.

    Raises
    ------
    RepayError
        As :func:`~repaylib.allocate_budget`; or if there is no policy.

    Examples
    --------
    >>> import repaylib as rp
    >>> bank = rp.Debt(rp.Loan("5000", "9%", 30, "2024-04-10"), lender="bank")
    >>> card = rp.Debt("3000", rate="24%", minimum="120", lender="card")
    >>> shop = rp.Debt("2000", rate="15%", minimum="80", lender="shop")
    >>> print(rp.negotiation.compare_policies([bank, card, shop], "600", on="2024-04-10"))
    policy         months    all free        first free     in all  interest  dearer by
    -------------  ------  ----------  ----------------  ---------  --------  ---------
    pro_rata           19  2025-11-10  bank, 2025-11-10  11,274.51  1,274.51     200.16
    avalanche          19  2025-11-10  card, 2025-03-10  11,074.35  1,074.35       0.00
    snowball           19  2025-11-10  shop, 2024-12-10  11,182.76  1,182.76     108.41
    minimum_first      20  2025-12-10  shop, 2024-12-10  11,470.14  1,470.14     395.79
    equal              19  2025-11-10  shop, 2025-03-10  11,179.34  1,179.34     104.99
    cheapest: avalanche, 1,074.35 of interest; all free first: pro_rata, on 2025-11-10
    """
    names = parse_words(
        policies, "policies", POLICIES, Phrase("write {}", 'policies=["avalanche"]')
    )
    problem = read_problem(debts, budget, on, rates)
    return BudgetComparison([plan_by(problem, name) for name in names])
