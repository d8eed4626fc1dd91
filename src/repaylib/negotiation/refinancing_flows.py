"""The cash flows of a refinancing: what is owed, paid out, left to pay, day by day and by month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from repaylib.dates.months import add_months, months_elapsed
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.settlement import Settlement

__all__ = ["Flows", "by_month", "left_after", "net_flows", "owed_on", "paid_out_by"]

#: Payments less receipts of the borrower by day, in minor units.
Flows = dict[date, int]


def owed_on(quotes: Iterable[Settlement]) -> int:
    """Return what pays off the loans, in minor units."""
    return sum(quote.before.loan.signed(quote.total) for quote in quotes)


def paid_out_by(plan: Schedule) -> int:
    """Return what a loan pays out at the start, in minor units: the principal less fees kept back."""
    at_start = plan.accrual_dates == np.datetime64(plan.loan.start, "D")
    received: list[int] = plan.columns["received"][at_start].tolist()
    return plan.opening_balance + sum(received)


def net_flows(plan: Schedule, after: date | None = None) -> Flows:
    """Return what is paid less what is received after the principal is lent, by day."""
    days, columns = plan.accrual_dates, plan.columns
    kept = days >= days.min() if after is None else days > np.datetime64(after, "D")
    sums: Flows = {}
    amounts = columns["net"][kept].tolist()
    for day, amount in zip(columns["date"][kept].tolist(), amounts, strict=True):
        sums[day] = sums.get(day, 0) + amount
    return sums


def left_after(quote: Settlement) -> Flows:
    """Return what is paid on an old loan if it stays: arrears on the day, and all later payments."""
    sums = net_flows(quote.before, quote.on)
    if arrears := quote.before.loan.signed(quote.arrears):
        sums[quote.on] = sums.get(quote.on, 0) + arrears
    return sums


def by_month(flows: Flows, start: date) -> dict[int, int]:
    """Return the sums by month from a day on; 0 is the day itself."""
    sums = {0: 0}
    for day, amount in flows.items():
        months = max(0, months_elapsed(start, day))
        number = months + (add_months(start, months) < day)
        sums[number] = sums.get(number, 0) + amount
    return sums
