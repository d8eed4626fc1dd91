"""Loan repayment, exactly to the cent, and every reading of the words it is agreed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repaylib.accrual import year_fraction
from repaylib.advances import Advance
from repaylib.amount_verbs import advance, forgive, prepay
from repaylib.business import Calendar
from repaylib.change import Change
from repaylib.changes import EarlySettlement, Forgiveness, Prepayment, RateChange, Rescheduling
from repaylib.columns import Columns, Row
from repaylib.comparison import Compared, Comparison, Readings, compare, readings
from repaylib.deferral import Deferral
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

__version__ = "0.1.0"

__all__ = [
    "Advance",
    "AmountError",
    "BookChange",
    "BookTotals",
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
    "RepayError",
    "Rescheduling",
    "Row",
    "Schedule",
    "Settlement",
    "Steps",
    "StorageError",
    "Stretch",
    "Summary",
    "TermsError",
    "__version__",
    "advance",
    "amortise",
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
    "level_payment",
    "monthly",
    "payments_needed",
    "periodic_rate",
    "prepay",
    "present_value",
    "principal_part",
    "readings",
    "reschedule",
    "settle",
    "steps",
    "year_fraction",
]

#: Where the names are that only a book of loans needs; they are loaded when first asked for.
_OF_BOOKS = {
    "BookChange": "bookchanges",
    "BookTotals": "sheets",
    "Portfolio": "portfolio",
    "PortfolioSchedule": "bookplan",
    "PortfolioSettlement": "booksettlement",
    "Reject": "rejects",
    "Rejects": "rejects",
    "Summary": "sheets",
}


def __getattr__(name: str) -> object:
    if name not in _OF_BOOKS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{_OF_BOOKS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
