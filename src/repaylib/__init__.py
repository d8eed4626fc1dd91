"""Loan repayment, exactly to the cent, and every reading of the words it is agreed in."""

from repaylib.accrual import year_fraction
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
from repaylib.explanation import Explanation, Figure, Stretch
from repaylib.indexed import Indexed, indexed
from repaylib.loan import Loan
from repaylib.rates import Rate, compounded, continuous, daily, effective, monthly
from repaylib.schedule import Schedule
from repaylib.settlement import Settlement, settle
from repaylib.steps import Steps, steps
from repaylib.verbs import amortise, change_rate, defer, forgive, prepay, reschedule

__version__ = "0.1.0"

__all__ = [
    "AmountError",
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
    "Figure",
    "Forgiveness",
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
    "Row",
    "Schedule",
    "Settlement",
    "Steps",
    "StorageError",
    "Stretch",
    "TermsError",
    "__version__",
    "amortise",
    "change_rate",
    "compare",
    "compounded",
    "continuous",
    "daily",
    "defer",
    "effective",
    "forgive",
    "indexed",
    "monthly",
    "prepay",
    "readings",
    "reschedule",
    "settle",
    "steps",
    "year_fraction",
]
