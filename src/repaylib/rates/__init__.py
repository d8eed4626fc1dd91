"""Rates of interest, and the mathematics of payments over time.

A rate is a fixed number, a value that steps on known days, or an index with a margin. The level
payment, its inverses and the equation of value are here too, each with its proof.
Start reading in `rate` and `level_payments`.
"""

from repaylib.dates.accrual import year_fraction
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

__all__ = [
    "Indexed",
    "Rate",
    "Steps",
    "compounded",
    "continuous",
    "cumulative_interest",
    "cumulative_principal",
    "daily",
    "effective",
    "future_value",
    "indexed",
    "interest_part",
    "level_payment",
    "monthly",
    "payments_needed",
    "periodic_rate",
    "present_value",
    "principal_part",
    "steps",
    "year_fraction",
]
