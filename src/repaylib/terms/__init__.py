"""What is agreed when a loan is made: its amount, rate, instalments, fees and conventions.

A `Loan` is a frozen value. It computes nothing but what follows from the terms alone: due dates,
periods and the rate of each day.
Start reading in `loan`; `methods` says which terms contradict each other.
"""

from repaylib.terms.cost_caps import CostCap
from repaylib.terms.fees import Fee
from repaylib.terms.instalments import Graduated, Lumps, graduated, lumps
from repaylib.terms.loan import Loan
from repaylib.terms.seasons import Seasonal, seasonal
from repaylib.terms.settlement_fees import SettlementFee

__all__ = [
    "CostCap",
    "Fee",
    "Graduated",
    "Loan",
    "Lumps",
    "Seasonal",
    "SettlementFee",
    "graduated",
    "lumps",
    "seasonal",
]
