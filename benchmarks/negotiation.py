"""How long it takes to find the plans that can be agreed: one loan, and a batch of 1,000.

``python benchmarks/negotiation.py [--loans N]``
"""

from __future__ import annotations

import argparse
from statistics import median
from time import perf_counter

import repaylib as rp
from repaylib.typing import NegotiateBy

BY: tuple[tuple[NegotiateBy, ...], ...] = (
    ("term", "rate", "deferral"),
    ("term", "rate", "haircut"),
    ("haircut", "deferral", "interest_free"),
)


def main() -> None:
    """Print the median of five runs for each set of concessions, and the time of the batch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loans", type=int, default=1000)
    options = parser.parse_args()
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    print("10,000 at 12 %, 12 months, 700 affordable from instalment 4 on")
    for by in BY:
        took = []
        for _ in range(5):
            begun = perf_counter()
            found = rp.negotiate(plan, affordable="700", payment=4, by=by)
            took.append(perf_counter() - begun)
        print(
            f"{', '.join(by):38} {median(took):6.3f} s  {found.tried:4} plans  {len(found):4} kept"
        )
    loans = [rp.Loan(str(1000 + 10 * k), "12%", 12, "2024-01-10") for k in range(options.loans)]
    affordable = [str(loan.principal * 7 / 100) for loan in loans]
    begun = perf_counter()
    many = rp.negotiate(loans, affordable=affordable, payment=4, by="term", progress=True)
    took_all = perf_counter() - begun
    kept = sum(each.feasible for each in many)
    print(f"{len(loans):,} loans, term free: {took_all:.1f} s, {kept:,} can be agreed")


if __name__ == "__main__":
    main()
