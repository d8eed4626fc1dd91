"""What a plan costs and how plans compare: yields, APR, cost sheets, caps, present values.

`annual_rates` holds the rule of each law, `known_caps` the limits on rates with their sources.
Nothing here changes a schedule.
Start reading in `cash_flows`, then `yields` and `comparison`.
"""

from repaylib.measures.accounting import Journal, JournalEntry, journal
from repaylib.measures.annual_rates import (
    Apr,
    AprFlow,
    AprLaw,
    AprLaws,
    AprProof,
    PortfolioApr,
    apr,
    apr_rules,
)
from repaylib.measures.break_even import BreakEven
from repaylib.measures.caps import (
    Cap,
    CapReport,
    CapTest,
    RebuiltAccount,
    cap_report,
    known_caps,
    rebuild,
)
from repaylib.measures.comparison import ComparedPlan, Comparison, compare
from repaylib.measures.comparison_measures import PlanMeasures
from repaylib.measures.cost_sheets import CostItem, CostSheet, cost_sheet
from repaylib.measures.credit_costs import (
    Costs,
    PortfolioCosts,
    costs,
    delay_cost,
    effective_to_flat,
    flat_to_effective,
)
from repaylib.measures.disclosures import DisclosedFigure, Disclosure, disclosure
from repaylib.measures.modification import AmortisedCost, Modification, modification_test
from repaylib.measures.payers import Payer, SharedCost, SharedRow, shared_cost
from repaylib.measures.present_values import npv
from repaylib.measures.reading.change_readings import readings
from repaylib.measures.reading.late_readings import LateReadings
from repaylib.measures.reading.named_readings import Readings
from repaylib.measures.solving import Solution, solve
from repaylib.measures.yield_arrays import Yields
from repaylib.measures.yields import Yield, irr, xirr

__all__ = [
    "AmortisedCost",
    "Apr",
    "AprFlow",
    "AprLaw",
    "AprLaws",
    "AprProof",
    "BreakEven",
    "Cap",
    "CapReport",
    "CapTest",
    "ComparedPlan",
    "Comparison",
    "CostItem",
    "CostSheet",
    "Costs",
    "DisclosedFigure",
    "Disclosure",
    "Journal",
    "JournalEntry",
    "LateReadings",
    "Modification",
    "Payer",
    "PlanMeasures",
    "PortfolioApr",
    "PortfolioCosts",
    "Readings",
    "RebuiltAccount",
    "SharedCost",
    "SharedRow",
    "Solution",
    "Yield",
    "Yields",
    "apr",
    "apr_rules",
    "cap_report",
    "compare",
    "cost_sheet",
    "costs",
    "delay_cost",
    "disclosure",
    "effective_to_flat",
    "flat_to_effective",
    "irr",
    "journal",
    "known_caps",
    "modification_test",
    "npv",
    "readings",
    "rebuild",
    "shared_cost",
    "solve",
    "xirr",
]
