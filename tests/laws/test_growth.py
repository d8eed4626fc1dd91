"""How the work grows: twice the instalments, receipts and the like are at most about twice the calls.

Calls are counted, and no time is taken: a machine that is busy makes no test fail.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from types import FrameType
from typing import Any

import pytest

import repaylib as rp

Call = Callable[[], object]


def calls(call: Call) -> int:
    """Return how many functions a call calls, those written in C too."""
    count = 0

    def seen(frame: FrameType, event: str, given: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        call()
    finally:
        sys.setprofile(before)
    return count


def growth(work: Callable[[int], Call], size: int) -> float:
    """Return how many times the calls are those of half the size; things are cached before."""
    small, large = work(size), work(2 * size)
    small(), large()
    return calls(large) / calls(small)


def never_paid(
    payments: int, every: str = "month", interest: Any = "schedule", **words: Any
) -> Call:
    plan = rp.amortise(rp.Loan("100000", "12%", payments, "2000-01-10", every=every))
    penalty = rp.PenaltyTerms("1.5", **words)
    return partial(rp.statement, plan, as_of=plan.maturity, penalty=penalty, interest=interest)


def paid(payments: int, days: int = 0, amount: str | None = None, **words: Any) -> Call:
    """Each instalment is paid so many days after its due date, or an amount is."""
    plan = rp.amortise(rp.Loan("100000", "12%", payments, "2000-01-10"))
    later = timedelta(days=days)
    events = [rp.Receipt(row.date + later, amount or row.payment) for row in plan]
    as_of = plan.maturity + later
    return partial(rp.statement, plan, events, as_of=as_of, penalty=rp.PenaltyTerms("1.5"), **words)


def small_receipts(count: int, **words: Any) -> Call:
    plan = rp.amortise(rp.Loan("100000", "12%", 12, "2000-01-10"))
    days = [plan.loan.start + timedelta(days=1 + each) for each in range(count)]
    receipts = [rp.Receipt(day, "10", id=str(day)) for day in days]
    reversals = [rp.arrears.Reversal(days[-1], str(day)) for day in days[::2]]
    return partial(rp.statement, plan, [*receipts, *reversals], as_of=days[-1], **words)


def looked_at(payments: int) -> Call:
    now = never_paid(payments)()
    assert isinstance(now, rp.arrears.Statement)
    return lambda: (str(now), now.explain(), now.payoff)


def prepaid(changes: int) -> Call:
    """A loan of 30 years is prepaid on so many due dates, one after the other."""
    plan = rp.amortise(rp.Loan("100000", "12%", 360, "2000-01-10"))

    def call() -> None:
        after = plan
        for number in range(1, 1 + 3 * changes, 3):
            after = rp.prepay(after, "100", with_payment=number)

    return call


def agreed_anew(payments: int) -> Call:
    now = never_paid(payments)()
    assert isinstance(now, rp.arrears.Statement)

    def call() -> None:
        new = rp.renegotiate(now, payments, breach=rp.arrears.Breach(days=9000))
        new.statement(as_of=new.schedule.maturity)

    return call


WORK: dict[str, Callable[[int], Call]] = {
    "never paid": never_paid,
    "... daily": partial(never_paid, every="day"),
    "... on instalments, with grace and late fees": partial(
        never_paid, base="instalment", grace_days=5, late_fee="25"
    ),
    "... on interest too": partial(never_paid, on_interest=True, day_count="actual/360"),
    "... days of the calendar": partial(never_paid, day_count="actual/actual ISDA"),
    "... a limit in all that is not reached": partial(never_paid, cap="10000000", late_fee="5%"),
    "... the balance falls due": partial(never_paid, base="balance"),
    "in time": paid,
    "late": partial(paid, days=10),
    "late, and penalties are left open": partial(paid, days=10, allocation=rp.Allocation.us()),
    "late, interest on what is owed": partial(paid, days=10, interest="balance"),
    "... to the day of each receipt": partial(paid, days=10, interest="daily_simple"),
    "early, interest on what is owed": partial(paid, days=-10, interest="balance"),
    "... to the day of each receipt, early": partial(paid, days=-10, interest="daily_simple"),
    "never paid, interest on what is owed": partial(never_paid, interest="balance"),
    "in part": partial(paid, amount="700"),
    "small receipts, half of them reversed": small_receipts,
    "small receipts, by components": partial(small_receipts, allocation=rp.Allocation.civil_code()),
    "text, derivation and what clears it": looked_at,
    "agreed anew": agreed_anew,
    "a chain of prepayments": prepaid,
}


@pytest.mark.parametrize("name", WORK)
def test_twice_the_work_is_twice_the_calls(name: str) -> None:
    """A square would be 4 times the calls, a cube 8 times."""
    assert growth(WORK[name], 40) < 2.4


def test_a_mask_of_numbers_is_refused_without_a_look_at_each() -> None:
    book = rp.Portfolio(principal=["1000"], rate="5%", payments=12, start="2024-01-10")

    def ask() -> None:
        with pytest.raises(rp.RepayError, match="whole numbers"):
            book.where(range(100_000))

    ask()
    assert calls(ask) < 2_000
