"""Days: reading them, counting them, and the due dates of a loan.

A day count says how much of a year lies between two days. A frequency, an anchor day, stubs and
business days say when payments fall due.
Start reading in `due_dates`; `day_count_rules` holds the formula of each day count.
"""

from repaylib.dates.accrual import year_fraction
from repaylib.dates.business_days import Calendar

__all__ = ["Calendar", "year_fraction"]
