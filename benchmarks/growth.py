"""How time grows with the work: ``python benchmarks/growth.py``.

Each line takes one kind of work in four sizes, each twice the one before, and prints the time of each in
milliseconds and the exponent of growth: 1 where twice the work takes twice the time, 2 where it takes
four times. Times are those of the processor, which what else runs on the machine hardly touches; the
best of several calls counts. ``--quick`` leaves out the largest size.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import repaylib as rp
from repaylib.cli.loan_tape import read_tape
from repaylib.money.amounts import minor_of, to_decimal

#: For how long a call is repeated, in seconds, and how often at least and at most.
ENOUGH, LEAST, MOST = 0.3, 2, 20

Call = Callable[[], object]
Interest = Any


def loan_of(payments: int, every: str = "month", **words: Any) -> rp.Loan:
    """Return a loan of 100,000.00 at 12 %."""
    return rp.Loan("100000", "12%", payments, "2000-01-10", every=every, **words)


# -- the work -------------------------------------------------------------------------------


def never_paid(
    payments: int, every: str = "month", interest: Interest = "schedule", **words: Any
) -> Call:
    """Return the statement, on its last day, of a loan of which nothing was paid."""
    plan = rp.amortise(loan_of(payments, every))
    penalty = rp.PenaltyTerms("1.5", **words)
    return partial(rp.statement, plan, as_of=plan.maturity, penalty=penalty, interest=interest)


def late(payments: int, interest: Interest, **words: Any) -> Call:
    """Return the statement of a loan of which each instalment is paid ten days late."""
    plan = rp.amortise(loan_of(payments))
    ten = timedelta(days=10)
    paid = [rp.Receipt(row.date + ten, row.payment) for row in plan]
    day = plan.maturity + ten
    return partial(rp.statement, plan, paid, as_of=day, interest=interest, **words)


def behind(payments: int, **words: Any) -> Call:
    """Return the statement of a loan of which two fifths of each instalment are paid."""
    plan = rp.amortise(loan_of(payments))
    paid = [rp.Receipt(row.date, round(row.payment * 2 / 5, 2)) for row in plan]
    return partial(
        rp.statement, plan, paid, as_of=plan.maturity, penalty=rp.PenaltyTerms("1.5"), **words
    )


def small(receipts: int, ahead: Any = "next") -> Call:
    """Return the statement of a loan of 36 months with many receipts of 1.00, two a day."""
    plan = rp.amortise(loan_of(36))
    days: list[date] = [plan.loan.start + timedelta(days=1 + each // 2) for each in range(receipts)]
    paid = [rp.Receipt(day, 1, ahead=ahead) for day in days]
    return partial(
        rp.statement, plan, paid, as_of=plan.maturity, penalty=rp.PenaltyTerms("1.5", cap="5000")
    )


def explained(payments: int) -> Call:
    """Return the text of a statement of which nothing was paid, and its derivation."""
    now = never_paid(payments)()
    assert isinstance(now, rp.arrears.Statement)
    return lambda: (str(now), now.explain())


def renegotiated(payments: int) -> Call:
    """Return a new agreement over a loan of which nothing was paid, and its statement much later."""
    now = never_paid(payments)()
    assert isinstance(now, rp.arrears.Statement)

    def call() -> rp.arrears.Statement:
        breach = rp.arrears.Breach(days=10**4)
        new = rp.renegotiate(now, payments, breach=breach)
        return new.statement(as_of=new.schedule.maturity)

    return call


def prepaid(changes: int) -> Call:
    """Return a schedule of 360 months that is prepaid again and again."""
    plan = rp.amortise(loan_of(360))
    days = [plan[2 * each].date for each in range(changes)]

    def call() -> rp.Schedule:
        found = plan
        for day in days:
            found = rp.prepay(found, "100", on=day)
        return found

    return call


def deferred(changes: int) -> Call:
    """Return a schedule of 360 months of which every third payment from the second on is deferred."""
    plan = rp.amortise(loan_of(360))

    def call() -> rp.Schedule:
        found = plan
        for each in range(changes):
            found = rp.defer(found, payment=3 * each + 2, pause="interest", repay="next")
        return found

    return call


def rates(changes: int) -> Call:
    """Return a schedule of 360 months whose rate changes with every second payment."""
    plan = rp.amortise(loan_of(360))

    def call() -> rp.Schedule:
        found = plan
        for each in range(changes):
            rate = "11%" if each % 2 else "12.5%"
            found = rp.change_rate(found, rate, payment=2 * each + 2)
        return found

    return call


def budget(debts: int, payments: int = 24, share: str = "1.2") -> Call:
    """Return the plan of a budget that is so many times what the debts take at least."""
    loans = [rp.Loan(1000 + each, "12%", payments, "2024-01-10") for each in range(debts)]
    owed = [rp.Debt(loan, name=f"{place}") for place, loan in enumerate(loans)]
    least = sum(minor_of(rp.amortise(loan).instalment, 2) for loan in loans)
    money = to_decimal(int(least * Fraction(share)), 2)
    return partial(rp.allocate_budget, owed, money, on="2024-01-10", policy="avalanche")


def budget_months(payments: int, share: str = "1.2") -> Call:
    """Return the same for two debts of so many months."""
    return budget(2, payments, share)


def rounds(count: int) -> Call:
    """Return the statement after so many agreements on one debt, each broken and agreed anew."""
    plan = rp.amortise(loan_of(24))

    def call() -> rp.arrears.Statement:
        day = date(2000, 3, 20)
        now = rp.statement(plan, as_of=day)
        for _ in range(count):
            day += timedelta(days=45)
            now = rp.renegotiate(now, 24).statement(as_of=day)
        return now

    return call


def offered(rows: int) -> Call:
    """Return the check of a lender's table with as many rows."""
    plan = rp.amortise(loan_of(rows))
    names = ["date", "payment", "interest", "principal", "closing"]
    given = [tuple(getattr(row, name) for name in names) for row in plan]
    return lambda: rp.check_offer(given, plan.loan, columns=names)


def book(loans: int, payments: int = 60) -> Call:
    """Return the statement, on its last day, of a book of loans of which nothing was paid."""
    loan = loan_of(payments)
    plan = rp.amortise(
        rp.Portfolio(principal=[10**7] * loans, rate="12%", payments=payments, start=loan.start)
    )
    day = rp.amortise(loan).maturity
    return partial(rp.statement, plan, as_of=day, penalty=rp.PenaltyTerms("1.5"))


def long_loans(payments: int) -> Call:
    """Return the statement of 100 loans of which nothing was paid."""
    return book(100, payments)


def stored(changes: int) -> Call:
    """Return the reading of a stored schedule with as many prepayments, one a day."""
    plan = rp.amortise(loan_of(360))
    known = rp.prepay(plan, "1", on="2000-02-15").to_dict()
    (first,) = known["changes"]
    days = [date(2000, 2, 15) + timedelta(days=each) for each in range(changes)]
    known["changes"] = [{**first, "on": day.isoformat()} for day in days]
    return partial(rp.Schedule.from_dict, known)


def columns(count: int) -> Call:
    """Return the reading of a tape with as many columns."""
    folder = Path(tempfile.mkdtemp())
    file = folder / "tape.csv"
    names = ",".join(f"column {each}" for each in range(count))
    file.write_text(f"{names}\n{',' * (count - 1)}\n", encoding="utf-8")
    return partial(read_tape, str(file))


def written(sentences: int) -> Call:
    """Return the text of an agreement with as many sentences of 1,000 characters."""
    plan = rp.amortise(loan_of(12))
    other = ["word " * 200] * sentences
    return lambda: rp.agreement(plan, other=other).to_text()


WORK: tuple[tuple[str, Callable[[int], Call], int], ...] = (
    ("never paid, monthly, penalty", never_paid, 30),
    ("... daily", partial(never_paid, every="day"), 46),
    ("... on instalments, with grace and late fees",
     partial(never_paid, base="instalment", grace_days=5, late_fee="25"), 30),
    ("... on interest too, actual/360",
     partial(never_paid, on_interest=True, day_count="actual/360"), 30),
    ("... at most 20 % of each instalment", partial(never_paid, cap_share="20%"), 30),
    ("... at most 20,000.00 in all", partial(never_paid, cap="20000"), 30),
    ('... interest="balance"', partial(never_paid, interest="balance"), 12),
    ('... interest="daily_simple"', partial(never_paid, interest="daily_simple"), 12),
    ("two fifths paid each month", behind, 30),
    ("... by components", partial(behind, allocation=rp.Allocation.civil_code()), 30),
    ("late each month, penalties open", partial(
        late, interest="schedule", penalty=rp.PenaltyTerms("1.5"), allocation=rp.Allocation.us()), 30),
    ('late each month, interest="balance"', partial(late, interest="balance"), 12),
    ('late each month, interest="daily_simple"', partial(late, interest="daily_simple"), 12),
    ("small receipts", small, 125),
    ("text and derivation", explained, 30),
    ("agreed anew, and a statement of it", renegotiated, 30),
    ("prepayments on 360 rows", prepaid, 10),
    ("deferrals on 360 rows", deferred, 10),
    ("changes of the rate on 360 rows", rates, 10),
    ("a budget, by debts", budget, 4),
    ("... by months", budget_months, 30),
    ("... by months, hardly above the minimums", partial(budget_months, share="1.004"), 30),
    ("agreements on one debt, one after the other", rounds, 3),
    ("a lender's table, by rows", offered, 75),
    ("a stored schedule, by changes", stored, 50),
    ("a tape, by columns", columns, 2500),
    ("an agreement, by sentences", written, 12),
    ("a book, by loans", book, 250),
    ("a book, by instalments", long_loans, 30),
)  # fmt: skip


# -- the clock ------------------------------------------------------------------------------


def seconds(call: Call) -> float:
    """Return the best time of the processor of several calls."""
    best, begun, turns = math.inf, time.process_time(), 0
    while turns < LEAST or (turns < MOST and time.process_time() - begun < ENOUGH):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
        turns += 1
    return best


def exponent(sizes: list[int], times: list[float]) -> float:
    """Return the slope of the line that fits the logarithms best."""
    xs, ys = [math.log(each) for each in sizes], [math.log(each) for each in times]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    steps = [(one - x, other - y) for one, other in zip(xs, ys, strict=True)]
    return sum(a * b for a, b in steps) / sum(a * a for a, _ in steps)


def main() -> None:
    """Print the table."""
    doublings = 3 if "--quick" in sys.argv else 4
    print(f"{'':46}  {'ms at each size':40}  exponent")
    for name, work, least in WORK:
        sizes = [least * 2**each for each in range(doublings)]
        times = [seconds(work(size)) for size in sizes]
        shown = "  ".join(
            f"{size}: {1e3 * took:.1f}" for size, took in zip(sizes, times, strict=True)
        )
        print(f"{name:46}  {shown:40}  {exponent(sizes, times):8.2f}", flush=True)


if __name__ == "__main__":
    main()
