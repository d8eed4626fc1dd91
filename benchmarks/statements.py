"""Statements of a book beside those of its loans one by one: ``python benchmarks/statements.py``.

100,000 loans of 36 months, on 90 days of start and at three rates, with 24 receipts each: four in
five in time, the others up to 20 days late, early, in part, or for more than was due. The receipts
are checked, sorted and laid over what is owed in one call, in one thread. Times are those of the
processor, which what else runs on the machine hardly touches; the median of several calls counts.
The last column is the ratio to ``rp.statement`` of each loan of a sample, with its schedule made
before.

Memory is the most that numpy and Python hold at once in the call, besides the book, its schedules
and the receipts (``tracemalloc``), and the most that the whole run takes of the system.
``--quick`` takes a tenth of the loans.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

import repaylib as rp

LOANS, PAYMENTS, RECEIPTS = 100_000, 36, 24
AS_OF = "2024-02-20"
TURNS, SAMPLE = 5, 200

WORDS: dict[str, dict[str, Any]] = {
    "no penalty": {},
    "1.5 times the rate on overdue principal": {"penalty": rp.PenaltyTerms("1.5")},
    "... on interest too, actual/360, 3 days of grace": {
        "penalty": rp.PenaltyTerms("1.5", on_interest=True, day_count="actual/360", grace_days=3)
    },
    "... by components, as art. 561 of the Civil Code of China has it": {
        "penalty": rp.PenaltyTerms("1.5"),
        "allocation": rp.Allocation.civil_code(),
    },
}


def plan_of(loans: int) -> rp.portfolio.PortfolioSchedule:
    """Return the loans."""
    rng = np.random.default_rng(1)
    book = rp.Portfolio(
        principal=rng.integers(10**5, 10**7, loans),
        rate=rng.choice(["5.25%", "8%", "12%"], loans).tolist(),
        payments=PAYMENTS,
        start=np.datetime64("2022-01-10") + rng.integers(0, 90, loans),
    )
    return rp.amortise(book)


def receipts_of(plan: rp.portfolio.PortfolioSchedule) -> rp.portfolio.Receipts:
    """Return what was received, shuffled."""
    rng = np.random.default_rng(2)
    count = len(plan) * RECEIPTS
    days = np.where(rng.random(count) < 0.8, 0, rng.integers(-5, 21, count))
    shares = np.where(rng.random(count) < 0.9, 100, rng.integers(20, 200, count))
    order = rng.permutation(count)
    return rp.portfolio.Receipts(
        loan=np.repeat(np.arange(len(plan)), RECEIPTS)[order],
        on=(plan.date[:, :RECEIPTS].ravel() + days)[order],
        amount=np.maximum(1, plan.payment[:, :RECEIPTS].ravel() * shares // 100)[order],
    )


def seconds(call: Callable[[], object], turns: int = TURNS) -> float:
    """Return the median time of the processor of several calls."""
    found = []
    for _ in range(turns):
        begun = time.process_time()
        call()
        found.append(time.process_time() - begun)
    return statistics.median(found)


def one_by_one(
    plan: rp.portfolio.PortfolioSchedule, receipts: rp.portfolio.Receipts, words: dict[str, Any]
) -> float:
    """Return the time of the statement of a loan by itself."""
    found = rp.statement(plan, receipts, as_of=AS_OF, **words)
    rows = np.random.default_rng(3).choice(len(plan), SAMPLE, replace=False).tolist()
    given = [(plan.row(row), found.row(row).events) for row in rows]

    def call() -> None:
        for schedule, events in given:
            rp.statement(schedule, events, as_of=AS_OF, **words)

    return seconds(call, 3) / SAMPLE


def peak(call: Callable[[], object]) -> float:
    """Return the most memory that a call holds, in MiB."""
    tracemalloc.start()
    call()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 2**20


def main() -> None:
    """Print the table."""
    loans = LOANS // 10 if "--quick" in sys.argv else LOANS
    plan = plan_of(loans)
    receipts = receipts_of(plan)
    print(f"{loans:,} loans, {len(receipts):,} receipts, as of {AS_OF}")
    print(f"{'':66}  {'s':>6}  {'us a loan':>9}  {'MiB':>6}  {'one by one, us':>10}  {'ratio':>6}")
    for name, words in WORDS.items():

        def call(words: dict[str, Any] = words) -> rp.portfolio.PortfolioStatement:
            return rp.statement(plan, receipts, as_of=AS_OF, **words)

        assert call().fallback_loans == 0
        took, alone = seconds(call), one_by_one(plan, receipts, words)
        each = took / loans
        print(
            f"{name:66}  {took:6.2f}  {1e6 * each:9.1f}  {peak(call):6.0f}"
            f"  {1e6 * alone:10,.0f}  {alone / each:6.0f}"
        )
    now = rp.statement(plan, receipts, as_of="2023-11-20")
    print(f"roll of three months: {seconds(lambda: now.roll_rates(AS_OF)):.2f} s")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(f"the whole run: {most:,.0f} MiB of the system at most")


if __name__ == "__main__":
    main()
