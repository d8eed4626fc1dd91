"""One loan beside other libraries, in one run: ``python benchmarks/single.py``.

Every contender makes the schedule of the same loan, 200,000 at 5.25 %, monthly from 31 January.
They take turns, and the median of many turns counts; the last column is the ratio to the time of
``repaylib.amortise``. The first table takes a loan that is made. The second has what a user types, from the
constructor to the figure that is read, and the third has other functions. What each contender gives is
not the same:

* repaylib: dated and exact to the cent, the last payment taking the difference;
* numpy-financial: interest and principal as floats, not rounded, not dated;
* amortization: rounded floats, not dated;
* QuantLib: the dated cash flows of an amortising bond, floats, not rounded;
* Decimal loop: dated and exact, as one writes it by hand;
* amortizacion-engine, repaykit, and pyloan: dated, rounded ``Decimal``; mortgagemath: the same,
  not dated.

Needs the extra ``bench``. The last four count where they are installed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from importlib import import_module

import numpy as np
import numpy_financial as npf
import QuantLib as ql  # noqa: N813
from amortization.schedule import amortization_schedule
from dateutil.relativedelta import relativedelta

import repaylib as rp

TERMS = (12, 60, 360)
TURNS = 41
PRINCIPAL, RATE = 200_000, Decimal("0.0525")


def contenders(payments: int) -> dict[str, Callable[[], object]]:
    loan = rp.Loan(PRINCIPAL, RATE, payments, "2024-01-31")
    by_days = rp.Loan(PRINCIPAL, RATE, payments, "2024-01-31", day_count="actual/365")
    periods = np.arange(1, payments + 1)
    rate = float(RATE)

    def columns() -> object:
        made = rp.amortise(loan).columns
        names = ("date", "payment", "interest", "principal", "closing")
        return [made[name] for name in names]

    def numpy_financial() -> object:
        arguments = (rate / 12, periods, payments, -float(PRINCIPAL))
        return npf.ipmt(*arguments), npf.ppmt(*arguments)

    return {
        "repaylib amortise": lambda: rp.amortise(loan),
        "... and five columns": columns,
        "... and rows of Decimal": lambda: rp.amortise(loan).rows,
        "... actual/365": lambda: rp.amortise(by_days),
        "numpy-financial": numpy_financial,
        "amortization": lambda: list(amortization_schedule(PRINCIPAL, rate, payments)),
        "QuantLib": lambda: quantlib(payments),
        "Decimal loop": lambda: decimal_loop(loan),
    }


def typed(payments: int) -> dict[str, Callable[[], object]]:
    """Return what a user types, from the constructor to the figure."""

    def loan() -> rp.Loan:
        return rp.Loan("200000", "5.25%", payments, "2024-01-31")

    periods, rate = np.arange(1, payments + 1), float(RATE)

    def floats() -> object:
        arguments = (rate / 12, periods, payments, -float(PRINCIPAL))
        return npf.ipmt(*arguments).sum(), npf.ppmt(*arguments)

    calls: dict[str, Callable[[], object]] = {
        "repaylib, total interest": lambda: rp.amortise(loan()).total_interest,
        "... the loan alone": loan,
        "... rows of Decimal": lambda: rp.amortise(loan()).rows,
        "numpy-financial": floats,
    }
    with suppress(ImportError):
        engine = import_module("financial_engine")
        calls["amortizacion-engine"] = lambda: (
            engine.simulate(
                mode=engine.AmortizationMode.FRENCH_FIXED_PAYMENT,
                principal="200000",
                annual_rate="0.0525",
                periods=payments,
                start_date="2024-01-31",
            ).schedule
        )
    with suppress(ImportError):
        kit = import_module("repaykit")
        calls["repaykit"] = lambda: kit.Loan.create(
            amount=Decimal("200000"),
            annual_rate=RATE,
            term=f"{payments} months",
            payment_frequency="monthly",
            method="reducing_balance",
            start_date=date(2024, 1, 31),
        ).schedule()
    with suppress(ImportError):
        maths = import_module("mortgagemath")
        calls["mortgagemath"] = lambda: maths.amortization_schedule(
            maths.fixed_rate_mortgage("200000", "5.25", payments // 12)
        )
    with suppress(ImportError):
        other = import_module("pyloan.pyloan")
        calls["pyloan"] = lambda: other.Loan(
            200_000, 5.25, payments, "2024-01-31", loan_term_period="M"
        ).get_payment_schedule()
    return calls


def functions(payments: int) -> dict[str, Callable[[], object]]:
    """Return functions on a schedule that is made."""
    plan = rp.amortise(rp.Loan("200000", "5.25%", payments, "2024-01-31", currency="EUR"))
    paid = [rp.Receipt(row.date, row.payment) for row in plan[:8]]
    day = plan[8].date
    return {
        "repaylib amortise": lambda: rp.amortise(plan.loan),
        "defer": lambda: rp.defer(plan, payment=4).total_interest,
        "change_rate": lambda: rp.change_rate(plan, "4%", payment=4).total_interest,
        "prepay": lambda: rp.prepay(plan, "1000", with_payment=4).total_interest,
        "settle": lambda: rp.settle(plan, with_payment=4).total,
        "xirr": lambda: rp.xirr(plan),
        "apr": lambda: rp.apr(plan, "eu"),
        "statement, 8 receipts": lambda: rp.statement(plan, paid, as_of=day).due,
        "... each instalment": lambda: rp.statement(plan, paid, as_of=day).instalments,
        "readings": lambda: rp.readings(plan, payment=4),
        "cost_sheet": lambda: rp.measures.cost_sheet(plan),
        "agreement as HTML": lambda: rp.agreement(plan).to_html(),
    }


def quantlib(payments: int) -> object:
    start = ql.Date(31, 1, 2024)
    bond = ql.AmortizingFixedRateBond(
        0,
        ql.sinkingNotionals(
            ql.Period(payments, ql.Months), ql.Monthly, float(RATE), float(PRINCIPAL)
        ),
        ql.sinkingSchedule(start, ql.Period(payments, ql.Months), ql.Monthly, ql.NullCalendar()),
        [float(RATE)],
        ql.Thirty360(ql.Thirty360.USA),
    )
    return [(flow.date(), flow.amount()) for flow in bond.cashflows()]


def decimal_loop(loan: rp.Loan) -> object:
    cent = Decimal("0.01")
    monthly = RATE / 12
    growth = (1 + monthly) ** loan.payments
    payment = (loan.principal * monthly * growth / (growth - 1)).quantize(cent, ROUND_HALF_UP)
    balance = loan.principal
    rows = []
    for number in range(1, loan.payments + 1):
        interest = (balance * monthly).quantize(cent, ROUND_HALF_UP)
        principal = balance if number == loan.payments else payment - interest
        balance -= principal
        day = loan.start + relativedelta(months=number)
        rows.append((day, interest + principal, interest, principal, balance))
    return rows


def medians(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median time of one call of each, in microseconds, all taking turns."""
    counts = {}
    for name, call in calls.items():
        call()
        begun = time.perf_counter()
        call()
        counts[name] = max(1, int(0.002 / max(time.perf_counter() - begun, 1e-7)))
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(TURNS):
        for name, call in calls.items():
            count = counts[name]
            begun = time.perf_counter()
            for _ in range(count):
                call()
            taken[name].append((time.perf_counter() - begun) / count * 1e6)
    return {name: statistics.median(times) for name, times in taken.items()}


def import_time(module: str) -> float:
    """Return the median time to import a module in a new interpreter, in milliseconds."""
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    compiled = {key: each for key, each in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}

    def once() -> float:
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, capture_output=True, check=True, env=compiled)
        return float(done.stdout)

    once()  # the first import compiles, as installing does
    return statistics.median(once() for _ in range(11)) * 1e3


def main() -> None:
    for payments in TERMS:
        for calls in (contenders(payments), typed(payments), functions(payments)):
            found = medians(calls)
            own = next(iter(found.values()))
            print(f"\n{payments} payments{'microseconds':>32}{'ratio':>9}")
            for name, microseconds in found.items():
                print(f"{name:<28}{microseconds:>15,.1f}{microseconds / own:>9.2f}")
    alone, whole = import_time("numpy"), import_time("repaylib")
    print(
        f"\nimport numpy {alone:.0f} ms, import repaylib {whole:.0f} ms: adds {whole - alone:.0f}"
    )


if __name__ == "__main__":
    main()
