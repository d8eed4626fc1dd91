"""How users write: every checker of types takes each line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt

import repaylib as rp
from repaylib.typing import Amount, DateLike, Formats, Hold, InterestOn, RateLike


def plan_of(principal: Amount, rate: RateLike, start: DateLike) -> rp.Schedule:
    return rp.amortise(rp.Loan(principal, rate, 12, start))


def instalments(plan: rp.Schedule) -> list[Decimal]:
    return [row.payment for row in plan]


loan = rp.Loan(
    principal=Decimal("10000"),
    rate=rp.daily("0.05%", basis=365),
    payments=12,
    start=date(2024, 1, 10),
    day_count="actual/365",
    calendar=rp.Calendar(holidays=["2024-05-01"]),
    roll="following",
    fees=[rp.Fee("1%", when="start", collected="financed")],
)
stepped = rp.Loan("10000", rp.steps("3%", {"2025-01-10": "5%", 25: "6%"}), 36, "2024-01-10")
plan: rp.Schedule = plan_of(10_000, Fraction(3, 25), np.datetime64("2024-01-10"))
first: rp.Row = plan[0]
some: tuple[rp.Row, ...] = plan[:3]
closing: Decimal = plan[-1].closing
column: npt.NDArray[np.int64] = plan.columns.payment

hold: Hold = "payment"
changed = rp.change_rate(plan, "8%", payment=4, hold=hold)
deferred: rp.Schedule = rp.defer(plan, payment=4, periods=2, repay="spread")
prepaid = rp.prepay(deferred, "500", with_payment=6, hold="maturity")
quote: rp.Settlement = rp.settle(prepaid, on="2024-07-15")
print(quote.total, rp.apr(plan), rp.compare(plan, changed))

interest: InterestOn = "daily_simple"
paid = [rp.Receipt(row.date, row.payment) for row in plan[:3]]
owed: rp.arrears.Statement = rp.statement(plan, paid, as_of="2024-06-24", interest=interest)
balances: list[Decimal] = [entry.balance for entry in owed.account]
again: rp.arrears.Statement = rp.arrears.Statement.from_json(owed.to_json())
same: rp.Schedule = rp.Schedule.from_dict(plan.to_dict())

formats: Formats = {"rate": "percent", "number": "1.234,56", "date": "DD/MM/YYYY"}
tape = {"principal": ["10.000,00"], "rate": [12.5], "payments": [12], "start": ["10/01/2024"]}
book = rp.Portfolio(tape, formats=formats, errors="collect")
many: rp.portfolio.PortfolioSchedule = rp.amortise(book)
moved: rp.portfolio.PortfolioSchedule = rp.defer(many, payment=4, periods=[1])
totals: npt.NDArray[np.int64] = many.interest

try:
    rp.Loan("10000", "12%", 12, "soon")
except rp.errors.DateError as error:
    print(error.parameter, error.expected, error.hint)
except rp.RepayError as error:
    print(error.value)
