"""Loan repayment, exactly to the cent, and every reading of the words it is agreed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repaylib.accrual import year_fraction
from repaylib.advances import Advance
from repaylib.amount_verbs import advance, forbear, forgive, prepay
from repaylib.business import Calendar
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
    from repaylib.bookchanges import BookChange
    from repaylib.bookplan import PortfolioSchedule
    from repaylib.booksettlement import PortfolioSettlement
    from repaylib.portfolio import Portfolio
    from repaylib.rejects import Reject, Rejects
    from repaylib.sheets import BookTotals, Summary

if TYPE_CHECKING:
    from repaylib.annual import Apr
    from repaylib.aprs import apr
    from repaylib.batches import Yields
    from repaylib.capdata import known_caps
    from repaylib.capreport import cap_report
    from repaylib.caps import Cap, CapReport, CapTest
    from repaylib.conceding import Conceded, concede
    from repaylib.concessions import Concession, Target, Waterfall
    from repaylib.costing import Costs, costs, delay_cost, effective_to_flat, flat_to_effective
    from repaylib.costsheet import CostItem, CostSheet, cost_sheet
    from repaylib.course import ConcededLine
    from repaylib.extension import ExtensionLimit, extension_limit
    from repaylib.limits import Limits
    from repaylib.measured import Measured
    from repaylib.modification import AmortisedCost, Modification, modification_test
    from repaylib.negotiation import negotiate
    from repaylib.options import Negotiation, Negotiations, Option, Relief
    from repaylib.parting import BreakEven
    from repaylib.worth import npv
    from repaylib.yields import Yield, irr, xirr

__version__ = "0.1.0"

__all__ = [
    "Advance",
    "AmortisedCost",
    "AmountError",
    "Apr",
    "BookChange",
    "BookTotals",
    "BreakEven",
    "Calendar",
    "Cap",
    "CapReport",
    "CapTest",
    "Change",
    "ChoiceError",
    "Columns",
    "Compared",
    "Comparison",
    "Conceded",
    "ConcededLine",
    "Concession",
    "ConservationError",
    "CostItem",
    "CostSheet",
    "Costs",
    "CountError",
    "DateError",
    "Deferral",
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
    "Limits",
    "Loan",
    "Measured",
    "Modification",
    "Negotiation",
    "Negotiations",
    "Option",
    "Portfolio",
    "PortfolioSchedule",
    "PortfolioSettlement",
    "Prepayment",
    "Rate",
    "RateChange",
    "RateError",
    "Readings",
    "Reject",
    "Rejects",
    "Relief",
    "RepayError",
    "Rescheduling",
    "RootError",
    "Row",
    "Schedule",
    "Settlement",
    "SettlementFee",
    "Steps",
    "StorageError",
    "Stretch",
    "Summary",
    "Target",
    "TermsError",
    "Waterfall",
    "Yield",
    "Yields",
    "__version__",
    "advance",
    "amortise",
    "apr",
    "cap_report",
    "change_rate",
    "compare",
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
    "reschedule",
    "settle",
    "steps",
    "xirr",
    "year_fraction",
]

#: What is loaded when it is first asked for, and from where.
_LATER = {
    "AmortisedCost": "modification",
    "Apr": "annual",
    "BookChange": "bookchanges",
    "BookTotals": "sheets",
    "BreakEven": "parting",
    "Cap": "caps",
    "CapReport": "caps",
    "CapTest": "caps",
    "ConcededLine": "course",
    "Concession": "concessions",
    "Conceded": "conceding",
    "CostItem": "costsheet",
    "CostSheet": "costsheet",
    "Costs": "costing",
    "ExtensionLimit": "extension",
    "Limits": "limits",
    "Measured": "measured",
    "Modification": "modification",
    "Negotiation": "options",
    "Negotiations": "options",
    "Option": "options",
    "Portfolio": "portfolio",
    "PortfolioSchedule": "bookplan",
    "PortfolioSettlement": "booksettlement",
    "Reject": "rejects",
    "Rejects": "rejects",
    "Relief": "options",
    "Summary": "sheets",
    "Target": "concessions",
    "Waterfall": "concessions",
    "Yield": "yields",
    "Yields": "batches",
    "apr": "aprs",
    "cap_report": "capreport",
    "concede": "conceding",
    "cost_sheet": "costsheet",
    "costs": "costing",
    "delay_cost": "costing",
    "effective_to_flat": "costing",
    "extension_limit": "extension",
    "flat_to_effective": "costing",
    "irr": "yields",
    "known_caps": "capdata",
    "modification_test": "modification",
    "negotiate": "negotiation",
    "npv": "worth",
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
