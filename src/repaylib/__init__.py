"""Loan repayment, exactly to the cent, and every reading of the words it is agreed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repaylib.accrual import year_fraction
from repaylib.advances import Advance
from repaylib.business import Calendar
from repaylib.change import Change
from repaylib.changes import Forgiveness, Prepayment, RateChange, Rescheduling
from repaylib.columns import Columns, Row
from repaylib.comparison import Compared, Comparison, Readings, compare, readings
from repaylib.deferral import Deferral
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
from repaylib.verbs import advance, amortise, change_rate, defer, forgive, prepay, reschedule

if TYPE_CHECKING:
    from repaylib.annual import Apr
    from repaylib.apr import apr
    from repaylib.yields import Yield, irr, npv, xirr

__version__ = "0.1.0"

__all__ = [
    "Advance",
    "AmountError",
    "Apr",
    "Calendar",
    "Change",
    "ChoiceError",
    "Columns",
    "Compared",
    "Comparison",
    "ConservationError",
    "CountError",
    "DateError",
    "Deferral",
    "EarlySettlement",
    "Explanation",
    "ExtraError",
    "Fee",
    "Figure",
    "Forgiveness",
    "Graduated",
    "Indexed",
    "InstalmentError",
    "Loan",
    "Prepayment",
    "Rate",
    "RateChange",
    "RateError",
    "Readings",
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
    "TermsError",
    "Yield",
    "__version__",
    "advance",
    "amortise",
    "apr",
    "change_rate",
    "compare",
    "compounded",
    "continuous",
    "cumulative_interest",
    "cumulative_principal",
    "daily",
    "defer",
    "effective",
    "forgive",
    "future_value",
    "graduated",
    "indexed",
    "interest_part",
    "irr",
    "level_payment",
    "monthly",
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

#: What is imported when it is first asked for, and from where.
_MEASURES = {
    "Apr": "annual",
    "apr": "apr",
    "Yield": "yields",
    "irr": "yields",
    "npv": "yields",
    "xirr": "yields",
}


def __getattr__(name: str) -> object:
    if name not in _MEASURES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{_MEASURES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
