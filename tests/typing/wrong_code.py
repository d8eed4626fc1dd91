"""What users get wrong: every checker of types refuses each line that is marked, and no other."""

from __future__ import annotations

from decimal import Decimal

import repaylib as rp
from repaylib.typing import Formats, Hold

rp.Loan(10000.50, "12%", 12, "2024-01-10")  # wrong: a float is no amount
rp.Loan("10000", 0.12, 12, "2024-01-10")  # wrong: a float is no rate
rp.Loan("10000", "12%", "12", "2024-01-10")  # wrong: text is no count
rp.Loan("10000", "12%", 12, 20240110)  # wrong: a number is no day
rp.amortise("10000")  # wrong: text is no loan
rp.Loan("10000", "12%", 12, "2024-01-10", day_count="actual/366")  # wrong: no such word
rp.Loan("10000", "12%", 12, "2024-01-10", daycount="actual/365")  # wrong: no such parameter
loan = rp.Loan("10000", "12%", 12, "2024-01-10")
plan = rp.amortise(loan)
loan.principal = Decimal(1)  # wrong: a loan is frozen
rp.change_rate(plan, "8%", payment=4, hold="payments")  # wrong: no such word
rp.prepay(plan, 500.5, with_payment=6)  # wrong: a float is no amount
rp.Receipt("2024-02-10")  # wrong: without an amount
rp.statement(plan, [], as_of="2024-06-24", interest="simple")  # wrong: no such word
rp.statement(plan, [])  # wrong: without a day
hold: Hold = "end"  # wrong: no such word
formats: Formats = {"rate": "per cent"}  # wrong: no such word
total: int = plan.total_interest  # wrong: a Decimal
plan.instalments  # noqa: B018  # wrong: no such attribute
