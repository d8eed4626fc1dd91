"""Loan repayment, exactly to the cent, and every reading of the words it is agreed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repaylib.changes.advance import Advance
from repaylib.changes.base import Change
from repaylib.changes.capitalised_arrears import Arrears
from repaylib.changes.deferral import Deferral
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.changes.forgiveness import Forbearance, Forgiveness
from repaylib.changes.prepayment import Prepayment
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.dates.accrual import year_fraction
from repaylib.dates.business_days import Calendar
from repaylib.errors import (
    AmountError,
    ChoiceError,
    ConservationError,
    CountError,
    DateError,
    ExtraError,
    InstalmentError,
    RateError,
    RepayError,
    RootError,
    StorageError,
    TermsError,
)
from repaylib.measures.comparison import ComparedPlan, Comparison, compare
from repaylib.measures.deferral_readings import Readings, readings
from repaylib.rates.index_rate import Indexed, indexed
from repaylib.rates.level_payments import (
    cumulative_interest,
    cumulative_principal,
    future_value,
    interest_part,
    level_payment,
    payments_needed,
    periodic_rate,
    present_value,
    principal_part,
)
from repaylib.rates.rate import Rate, compounded, continuous, daily, effective, monthly
from repaylib.rates.step_schedule import Steps, steps
from repaylib.schedule.figures import AccrualSegment, Explanation, Figure
from repaylib.schedule.rows import Columns, Row
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.settlement import Settlement, settle
from repaylib.schedule.verbs import (
    advance,
    amortise,
    change_rate,
    defer,
    forbear,
    forgive,
    prepay,
    reschedule,
)
from repaylib.terms.fees import Fee
from repaylib.terms.instalments import Graduated, graduated
from repaylib.terms.loan import Loan
from repaylib.terms.settlement_fees import SettlementFee

if TYPE_CHECKING:
    from repaylib.portfolio.ageing import Ageing, RollRates
    from repaylib.portfolio.book.changes import PortfolioChange
    from repaylib.portfolio.book.portfolio import Portfolio
    from repaylib.portfolio.book.receipts import Receipts
    from repaylib.portfolio.book.rejects import Reject, Rejects
    from repaylib.portfolio.schedule import PortfolioSchedule
    from repaylib.portfolio.settlement import PortfolioSettlement
    from repaylib.portfolio.statements import PortfolioStatement
    from repaylib.portfolio.summary import PortfolioTotals, Summary

if TYPE_CHECKING:
    from repaylib.arrears.allocation import Allocation
    from repaylib.arrears.arrangement import Arrangement, ArrangementRound
    from repaylib.arrears.balances import Balances, InstalmentStatus
    from repaylib.arrears.breach import Breach, BreachOutcome
    from repaylib.arrears.daily_simple import Applied
    from repaylib.arrears.events import (
        Acceleration,
        Charge,
        Receipt,
        Refund,
        Reversal,
        Waiver,
        WriteOff,
    )
    from repaylib.arrears.penalty_terms import PenaltyTerms
    from repaylib.arrears.renegotiation import renegotiate
    from repaylib.arrears.statements import Statement, statement
    from repaylib.audit.offer_checks import check_offer
    from repaylib.audit.report import Convention, Departure, OfferCheck
    from repaylib.documents.agreement_inputs import agreement
    from repaylib.documents.agreements import Agreement
    from repaylib.documents.clause import Clause, Missing
    from repaylib.documents.letters import Letter, letter
    from repaylib.documents.parties import Party
    from repaylib.measures.apr_value import Apr, apr
    from repaylib.measures.cap_reports import cap_report
    from repaylib.measures.caps import Cap, CapReport, CapTest
    from repaylib.measures.comparison_measures import PlanMeasures
    from repaylib.measures.cost_sheets import CostItem, CostSheet, cost_sheet
    from repaylib.measures.credit_costs import (
        Costs,
        costs,
        delay_cost,
        effective_to_flat,
        flat_to_effective,
    )
    from repaylib.measures.known_caps import known_caps
    from repaylib.measures.modification import AmortisedCost, Modification, modification_test
    from repaylib.measures.present_values import npv
    from repaylib.measures.yield_arrays import Yields
    from repaylib.measures.yields import Yield, irr, xirr
    from repaylib.negotiation.budget import Budget
    from repaylib.negotiation.budget_allocation import allocate_budget
    from repaylib.negotiation.budget_plan import (
        BudgetMonth,
        BudgetPlan,
        DebtMonth,
        DebtPlan,
        Shortfall,
    )
    from repaylib.negotiation.concession_search import Conceded, concede
    from repaylib.negotiation.concessions import Concession, Target, Waterfall
    from repaylib.negotiation.debts import Debt
    from repaylib.negotiation.limits import ExtensionLimit, Limits, extension_limit
    from repaylib.negotiation.negotiations import negotiate
    from repaylib.negotiation.options import Negotiation, Negotiations, Option, RequiredConcession
    from repaylib.negotiation.policies import BudgetComparison, compare_policies
    from repaylib.negotiation.waterfall_steps import ConcededLine
    from repaylib.schedule.divergence import BreakEven

__version__ = "0.1.0"

__all__ = [
    "Acceleration",
    "AccrualSegment",
    "Advance",
    "Ageing",
    "Agreement",
    "Allocation",
    "AmortisedCost",
    "AmountError",
    "Applied",
    "Apr",
    "Arrangement",
    "ArrangementRound",
    "Arrears",
    "Balances",
    "Breach",
    "BreachOutcome",
    "BreakEven",
    "Budget",
    "BudgetComparison",
    "BudgetMonth",
    "BudgetPlan",
    "Calendar",
    "Cap",
    "CapReport",
    "CapTest",
    "Change",
    "Charge",
    "ChoiceError",
    "Clause",
    "Columns",
    "ComparedPlan",
    "Comparison",
    "Conceded",
    "ConcededLine",
    "Concession",
    "ConservationError",
    "Convention",
    "CostItem",
    "CostSheet",
    "Costs",
    "CountError",
    "DateError",
    "Debt",
    "DebtMonth",
    "DebtPlan",
    "Deferral",
    "Departure",
    "EarlySettlement",
    "Explanation",
    "ExtensionLimit",
    "ExtraError",
    "Fee",
    "Figure",
    "Forbearance",
    "Forgiveness",
    "Graduated",
    "Indexed",
    "InstalmentError",
    "InstalmentStatus",
    "Letter",
    "Limits",
    "Loan",
    "Missing",
    "Modification",
    "Negotiation",
    "Negotiations",
    "OfferCheck",
    "Option",
    "Party",
    "PenaltyTerms",
    "PlanMeasures",
    "Portfolio",
    "PortfolioChange",
    "PortfolioSchedule",
    "PortfolioSettlement",
    "PortfolioStatement",
    "PortfolioTotals",
    "Prepayment",
    "Rate",
    "RateChange",
    "RateError",
    "Readings",
    "Receipt",
    "Receipts",
    "Refund",
    "Reject",
    "Rejects",
    "RepayError",
    "RequiredConcession",
    "Rescheduling",
    "Reversal",
    "RollRates",
    "RootError",
    "Row",
    "Schedule",
    "Settlement",
    "SettlementFee",
    "Shortfall",
    "Statement",
    "Steps",
    "StorageError",
    "Summary",
    "Target",
    "TermsError",
    "Waiver",
    "Waterfall",
    "WriteOff",
    "Yield",
    "Yields",
    "__version__",
    "advance",
    "agreement",
    "allocate_budget",
    "amortise",
    "apr",
    "cap_report",
    "change_rate",
    "check_offer",
    "compare",
    "compare_policies",
    "compounded",
    "concede",
    "continuous",
    "cost_sheet",
    "costs",
    "cumulative_interest",
    "cumulative_principal",
    "daily",
    "defer",
    "delay_cost",
    "effective",
    "effective_to_flat",
    "extension_limit",
    "flat_to_effective",
    "forbear",
    "forgive",
    "future_value",
    "graduated",
    "indexed",
    "interest_part",
    "irr",
    "known_caps",
    "letter",
    "level_payment",
    "modification_test",
    "monthly",
    "negotiate",
    "npv",
    "payments_needed",
    "periodic_rate",
    "prepay",
    "present_value",
    "principal_part",
    "readings",
    "renegotiate",
    "reschedule",
    "settle",
    "statement",
    "steps",
    "xirr",
    "year_fraction",
]

#: What is loaded when it is first asked for, and from where.
_LATER = {
    "Acceleration": "arrears.events",
    "Ageing": "portfolio.ageing",
    "Agreement": "documents.agreements",
    "Allocation": "arrears.allocation",
    "AmortisedCost": "measures.modification",
    "Applied": "arrears.daily_simple",
    "Apr": "measures.apr_value",
    "Arrangement": "arrears.arrangement",
    "PortfolioChange": "portfolio.book.changes",
    "PortfolioTotals": "portfolio.summary",
    "Breach": "arrears.breach",
    "BreakEven": "schedule.divergence",
    "Budget": "negotiation.budget",
    "BudgetComparison": "negotiation.policies",
    "BudgetMonth": "negotiation.budget_plan",
    "BudgetPlan": "negotiation.budget_plan",
    "Cap": "measures.caps",
    "CapReport": "measures.caps",
    "CapTest": "measures.caps",
    "Charge": "arrears.events",
    "Clause": "documents.clause",
    "Conceded": "negotiation.concession_search",
    "ConcededLine": "negotiation.waterfall_steps",
    "Concession": "negotiation.concessions",
    "Convention": "audit.report",
    "CostItem": "measures.cost_sheets",
    "CostSheet": "measures.cost_sheets",
    "Costs": "measures.credit_costs",
    "Debt": "negotiation.debts",
    "DebtMonth": "negotiation.budget_plan",
    "DebtPlan": "negotiation.budget_plan",
    "Departure": "audit.report",
    "ExtensionLimit": "negotiation.limits",
    "BreachOutcome": "arrears.breach",
    "Letter": "documents.letters",
    "Limits": "negotiation.limits",
    "PlanMeasures": "measures.comparison_measures",
    "Missing": "documents.clause",
    "Modification": "measures.modification",
    "Negotiation": "negotiation.options",
    "Negotiations": "negotiation.options",
    "OfferCheck": "audit.report",
    "Option": "negotiation.options",
    "Balances": "arrears.balances",
    "Party": "documents.parties",
    "PenaltyTerms": "arrears.penalty_terms",
    "Portfolio": "portfolio.book.portfolio",
    "PortfolioSchedule": "portfolio.schedule",
    "PortfolioSettlement": "portfolio.settlement",
    "PortfolioStatement": "portfolio.statements",
    "Receipt": "arrears.events",
    "Receipts": "portfolio.book.receipts",
    "Refund": "arrears.events",
    "Reject": "portfolio.book.rejects",
    "Rejects": "portfolio.book.rejects",
    "RequiredConcession": "negotiation.options",
    "Reversal": "arrears.events",
    "RollRates": "portfolio.ageing",
    "ArrangementRound": "arrears.arrangement",
    "Shortfall": "negotiation.budget_plan",
    "InstalmentStatus": "arrears.balances",
    "Statement": "arrears.statements",
    "Summary": "portfolio.summary",
    "Target": "negotiation.concessions",
    "Waiver": "arrears.events",
    "Waterfall": "negotiation.concessions",
    "WriteOff": "arrears.events",
    "Yield": "measures.yields",
    "Yields": "measures.yield_arrays",
    "agreement": "documents.agreement_inputs",
    "allocate_budget": "negotiation.budget_allocation",
    "apr": "measures.apr_value",
    "cap_report": "measures.cap_reports",
    "check_offer": "audit.offer_checks",
    "compare_policies": "negotiation.policies",
    "concede": "negotiation.concession_search",
    "cost_sheet": "measures.cost_sheets",
    "costs": "measures.credit_costs",
    "delay_cost": "measures.credit_costs",
    "effective_to_flat": "measures.credit_costs",
    "extension_limit": "negotiation.limits",
    "flat_to_effective": "measures.credit_costs",
    "irr": "measures.yields",
    "known_caps": "measures.known_caps",
    "letter": "documents.letters",
    "modification_test": "measures.modification",
    "negotiate": "negotiation.negotiations",
    "npv": "measures.present_values",
    "renegotiate": "arrears.renegotiation",
    "statement": "arrears.statements",
    "xirr": "measures.yields",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "plots":  # a module; it needs the extra of that name only when it draws
        return import_module(f"{__name__}.plots")
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
