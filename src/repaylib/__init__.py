"""Loan repayment, exactly to the cent, and every reading of the words it is agreed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repaylib.accrual import year_fraction
from repaylib.advances import Advance
from repaylib.amount_verbs import advance, forbear, forgive, prepay
from repaylib.business import Calendar
from repaylib.carried import Arrears
from repaylib.change import Change
from repaylib.changes import Forgiveness, Prepayment, RateChange, Rescheduling
from repaylib.columns import Columns, Row
from repaylib.comparison import Compared, Comparison, compare
from repaylib.deferral import Deferral
from repaylib.deferral_readings import Readings, readings
from repaylib.early import EarlySettlement
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
from repaylib.fees import Fee
from repaylib.figures import Explanation, Figure, Stretch
from repaylib.forbearance import Forbearance
from repaylib.indexed import Indexed, indexed
from repaylib.instalments import Graduated, graduated
from repaylib.loan import Loan
from repaylib.payment_parts import (
    cumulative_interest,
    cumulative_principal,
    interest_part,
    principal_part,
)
from repaylib.rates import Rate, compounded, continuous, daily, effective, monthly
from repaylib.schedule import Schedule
from repaylib.settlement import Settlement, settle
from repaylib.settlement_fees import SettlementFee
from repaylib.steps import Steps, steps
from repaylib.timevalue import (
    future_value,
    level_payment,
    payments_needed,
    periodic_rate,
    present_value,
)
from repaylib.verbs import amortise, change_rate, defer, reschedule

if TYPE_CHECKING:
    from repaylib.ageing import Ageing, Roll
    from repaylib.bookchanges import BookChange
    from repaylib.bookplan import PortfolioSchedule
    from repaylib.bookreceipts import Receipts
    from repaylib.booksettlement import PortfolioSettlement
    from repaylib.bookstatements import PortfolioStatement
    from repaylib.portfolio import Portfolio
    from repaylib.rejects import Reject, Rejects
    from repaylib.sheets import BookTotals, Summary

if TYPE_CHECKING:
    from repaylib.allocation import Allocation
    from repaylib.annual import Apr
    from repaylib.aprs import apr
    from repaylib.arrears.applied import Applied
    from repaylib.arrears.arrangement import Arrangement, Round
    from repaylib.arrears.breaches import IfBroken
    from repaylib.arrears.renegotiation import renegotiate
    from repaylib.arrears.standing import Owed, Standing
    from repaylib.arrears.statements import Statement, statement
    from repaylib.audit.offers import check_offer
    from repaylib.audit.report import Convention, Departure, OfferCheck
    from repaylib.batches import Yields
    from repaylib.breach import Breach
    from repaylib.budgets.budget import Budget
    from repaylib.budgets.budgeting import allocate_budget
    from repaylib.budgets.debts import Debt
    from repaylib.budgets.plan import BudgetMonth, BudgetPlan, DebtMonth, DebtPlan, Shortfall
    from repaylib.budgets.policies import BudgetComparison, compare_policies
    from repaylib.capdata import known_caps
    from repaylib.capreport import cap_report
    from repaylib.caps import Cap, CapReport, CapTest
    from repaylib.costing import Costs, costs, delay_cost, effective_to_flat, flat_to_effective
    from repaylib.costsheet import CostItem, CostSheet, cost_sheet
    from repaylib.measured import Measured
    from repaylib.modification import AmortisedCost, Modification, modification_test
    from repaylib.negotiation.conceding import Conceded, concede
    from repaylib.negotiation.concessions import Concession, Target, Waterfall
    from repaylib.negotiation.course import ConcededLine
    from repaylib.negotiation.extension import ExtensionLimit, extension_limit
    from repaylib.negotiation.limits import Limits
    from repaylib.negotiation.negotiating import negotiate
    from repaylib.negotiation.options import Negotiation, Negotiations, Option, Relief
    from repaylib.papers.agreements import Agreement
    from repaylib.papers.clause import Clause, Missing
    from repaylib.papers.drafting import agreement
    from repaylib.papers.letters import Letter, letter
    from repaylib.papers.parties import Party
    from repaylib.parting import BreakEven
    from repaylib.penalties import PenaltyTerms
    from repaylib.receipts import (
        Acceleration,
        Charge,
        Receipt,
        Refund,
        Reversal,
        Waiver,
        WriteOff,
    )
    from repaylib.worth import npv
    from repaylib.yields import Yield, irr, xirr

__version__ = "0.1.0"

__all__ = [
    "Acceleration",
    "Advance",
    "Ageing",
    "Agreement",
    "Allocation",
    "AmortisedCost",
    "AmountError",
    "Applied",
    "Apr",
    "Arrangement",
    "Arrears",
    "BookChange",
    "BookTotals",
    "Breach",
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
    "Compared",
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
    "IfBroken",
    "Indexed",
    "InstalmentError",
    "Letter",
    "Limits",
    "Loan",
    "Measured",
    "Missing",
    "Modification",
    "Negotiation",
    "Negotiations",
    "OfferCheck",
    "Option",
    "Owed",
    "Party",
    "PenaltyTerms",
    "Portfolio",
    "PortfolioSchedule",
    "PortfolioSettlement",
    "PortfolioStatement",
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
    "Relief",
    "RepayError",
    "Rescheduling",
    "Reversal",
    "Roll",
    "RootError",
    "Round",
    "Row",
    "Schedule",
    "Settlement",
    "SettlementFee",
    "Shortfall",
    "Standing",
    "Statement",
    "Steps",
    "StorageError",
    "Stretch",
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
    "Acceleration": "receipts",
    "Ageing": "ageing",
    "Agreement": "papers.agreements",
    "Allocation": "allocation",
    "AmortisedCost": "modification",
    "Applied": "arrears.applied",
    "Apr": "annual",
    "Arrangement": "arrears.arrangement",
    "BookChange": "bookchanges",
    "BookTotals": "sheets",
    "Breach": "breach",
    "BreakEven": "parting",
    "Budget": "budgets.budget",
    "BudgetComparison": "budgets.policies",
    "BudgetMonth": "budgets.plan",
    "BudgetPlan": "budgets.plan",
    "Cap": "caps",
    "CapReport": "caps",
    "CapTest": "caps",
    "Charge": "receipts",
    "Clause": "papers.clause",
    "Conceded": "negotiation.conceding",
    "ConcededLine": "negotiation.course",
    "Concession": "negotiation.concessions",
    "Convention": "audit.report",
    "CostItem": "costsheet",
    "CostSheet": "costsheet",
    "Costs": "costing",
    "Debt": "budgets.debts",
    "DebtMonth": "budgets.plan",
    "DebtPlan": "budgets.plan",
    "Departure": "audit.report",
    "ExtensionLimit": "negotiation.extension",
    "IfBroken": "arrears.breaches",
    "Letter": "papers.letters",
    "Limits": "negotiation.limits",
    "Measured": "measured",
    "Missing": "papers.clause",
    "Modification": "modification",
    "Negotiation": "negotiation.options",
    "Negotiations": "negotiation.options",
    "OfferCheck": "audit.report",
    "Option": "negotiation.options",
    "Owed": "arrears.standing",
    "Party": "papers.parties",
    "PenaltyTerms": "penalties",
    "Portfolio": "portfolio",
    "PortfolioSchedule": "bookplan",
    "PortfolioSettlement": "booksettlement",
    "PortfolioStatement": "bookstatements",
    "Receipt": "receipts",
    "Receipts": "bookreceipts",
    "Refund": "receipts",
    "Reject": "rejects",
    "Rejects": "rejects",
    "Relief": "negotiation.options",
    "Reversal": "receipts",
    "Roll": "ageing",
    "Round": "arrears.arrangement",
    "Shortfall": "budgets.plan",
    "Standing": "arrears.standing",
    "Statement": "arrears.statements",
    "Summary": "sheets",
    "Target": "negotiation.concessions",
    "Waiver": "receipts",
    "Waterfall": "negotiation.concessions",
    "WriteOff": "receipts",
    "Yield": "yields",
    "Yields": "batches",
    "agreement": "papers.drafting",
    "allocate_budget": "budgets.budgeting",
    "apr": "aprs",
    "cap_report": "capreport",
    "check_offer": "audit.offers",
    "compare_policies": "budgets.policies",
    "concede": "negotiation.conceding",
    "cost_sheet": "costsheet",
    "costs": "costing",
    "delay_cost": "costing",
    "effective_to_flat": "costing",
    "extension_limit": "negotiation.extension",
    "flat_to_effective": "costing",
    "irr": "yields",
    "known_caps": "capdata",
    "letter": "papers.letters",
    "modification_test": "modification",
    "negotiate": "negotiation.negotiating",
    "npv": "worth",
    "renegotiate": "arrears.renegotiation",
    "statement": "arrears.statements",
    "xirr": "yields",
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
