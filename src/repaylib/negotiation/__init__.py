"""Plans that both sides can sign: budgets of several debts, the search, concessions.

A budget is shared out among debts month by month. The search finds the options that fit what can
be paid and what the lender accepts, and says what would have to give where none fits.
Start reading in `negotiations` and `budget_allocation`.
"""

from repaylib.negotiation.budget import Budget
from repaylib.negotiation.budget_allocation import allocate_budget
from repaylib.negotiation.budget_comparison import BudgetComparison, compare_policies
from repaylib.negotiation.budget_plan import BudgetMonth, BudgetPlan, DebtMonth, DebtPlan, Shortfall
from repaylib.negotiation.concession_search import Conceded, concede
from repaylib.negotiation.concessions import Concession, Target, Waterfall
from repaylib.negotiation.debts import Debt
from repaylib.negotiation.limits import ExtensionLimit, Limits, extension_limit
from repaylib.negotiation.negotiations import negotiate
from repaylib.negotiation.options import Negotiation, Negotiations, Option, RequiredConcession
from repaylib.negotiation.refinancing import refinance
from repaylib.negotiation.refinancing_plan import Refinancing, RefinancingMonth
from repaylib.negotiation.waterfall_steps import ConcededLine

__all__ = [
    "Budget",
    "BudgetComparison",
    "BudgetMonth",
    "BudgetPlan",
    "Conceded",
    "ConcededLine",
    "Concession",
    "Debt",
    "DebtMonth",
    "DebtPlan",
    "ExtensionLimit",
    "Limits",
    "Negotiation",
    "Negotiations",
    "Option",
    "Refinancing",
    "RefinancingMonth",
    "RequiredConcession",
    "Shortfall",
    "Target",
    "Waterfall",
    "allocate_budget",
    "compare_policies",
    "concede",
    "extension_limit",
    "negotiate",
    "refinance",
]
