"""The dossier to begin with, in each language and for any day."""

from __future__ import annotations

from datetime import date
from string import Template

from repaylib.dates.due_dates import parse_date
from repaylib.typing import DateLike, Lang

__all__ = ["EXAMPLE_DAY", "example"]

#: The day of the figures, if no other is given.
EXAMPLE_DAY = date(2024, 6, 24)

ENGLISH = Template("""\
# What I owe, what I can pay, and what I wish. Amounts of a fraction are exact: 888.49.
today = $today
lang = "en"                     # of the letter and the agreement: en or zh
currency = "CNY"
circumstances = "My employer has cut the hours since March."

[borrower]
name = "Chen Yu"
contact = "555-0100"

[budget]                        # one amount, or one for each month; the weak month decides
income = [5200, 4900, 5200]
essentials = 3600
reserve = 100

[[debts]]                       # a loan, with the parameters of repaylib.Loan
lender = "Consumer Finance"
principal = 10000
rate = "12%"
payments = 12
start = 2024-01-10
paid_until = 2024-04-10         # or receipts = [{on = 2024-02-10, amount = 888.49}]
penalty = "1.5"                 # times the rate, on what is overdue

[[debts]]                       # a card: what is owed, its rate, and the rule of its minimum
lender = "Card"
balance = 3000
rate = "18%"
minimum = ["4%", 50]

[wish]                          # the parameters of repaylib.negotiate
debt = "Consumer Finance"
by = ["term", "deferral"]
choose = "cheapest"             # or lightest, soonest, mildest, or the number of a plan
arrears = {penalty = "forgive", interest = "spread"}

[limits]                        # what the lender allows, with the parameters of repaylib.Limits
preset = "art_70"
months = 18

[agreement]                     # what else is to be written down
no_new_credit = true
settlement_fee = 0
pay_to = "account 1234"
breach = {days = 30, reinstates = "forgiven"}
""")

CHINESE = Template("""\
# 欠款、每月可还款额和希望谈成的还款方案。金额可以带小数，按分计算：888.49。
today = $today
lang = "zh"                     # 申请书和协议的语言：en 或 zh
currency = "CNY"
circumstances = "自今年三月起，单位缩减工时，收入减少。"

[borrower]
name = "陈雨"
contact = "555-0100"

[budget]                        # 一个金额，或者每月一个；以最紧张的月份为准
income = [5200, 4900, 5200]
essentials = 3600
reserve = 100

[[debts]]                       # 一笔贷款，参数与 repaylib.Loan 相同
lender = "某消费金融公司"
principal = 10000
rate = "12%"
payments = 12
start = 2024-01-10
paid_until = 2024-04-10         # 或者 receipts = [{on = 2024-02-10, amount = 888.49}]
penalty = "1.5"                 # 对逾期款项按贷款利率的倍数计收罚息

[[debts]]                       # 信用卡：欠款余额、利率和最低还款额的规则
lender = "信用卡"
balance = 3000
rate = "18%"
minimum = ["4%", 50]

[wish]                          # 参数与 repaylib.negotiate 相同
debt = "某消费金融公司"
by = ["term", "deferral"]
choose = "cheapest"             # 或者 lightest、soonest、mildest，或者方案的序号
arrears = {penalty = "forgive", interest = "spread"}

[limits]                        # 贷款人的条件，参数与 repaylib.Limits 相同
preset = "art_70"
months = 18

[agreement]                     # 还需写入协议的内容
no_new_credit = true
settlement_fee = 0
pay_to = "账户 1234"
breach = {days = 30, reinstates = "forgiven"}
""")


def example(lang: Lang = "en", today: DateLike = EXAMPLE_DAY) -> str:
    """Return the text of the example."""
    return {"en": ENGLISH, "zh": CHINESE}[lang].substitute(today=parse_date(today, "today"))
