"""Rates of return beside other libraries, in one run: ``python benchmarks/measures.py``.

One loan's flows, 13 and 361 of them, and 10,000 loans at once. The contenders take turns, and the
median of many turns counts; the last column is the ratio to pyxirr. What each of them gives is
not the same:

* repaylib: every digit proved, and whether another rate fits as well; of many lines a bracket for
  each;
* pyxirr: a float, one of those that fit;
* numpy-financial: a float; of equal periods only.

Amounts are given as each library takes them: ``Decimal`` or whole minor units here, floats there; and
``Decimal`` to both in the line that says so. Needs the extra ``bench``.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy_financial as npf
import pyxirr

import repaylib as rp
from repaylib.dates.months import add_months

TURNS = 21
LINES = 10_000


def one(payments: int) -> dict[str, Callable[[], object]]:
    """Return the ways to find the rates of one loan."""
    instalment = rp.amortise(rp.Loan("100000", "12%", payments, "2024-01-10")).instalment
    days = [add_months(date(2024, 1, 10), number) for number in range(payments + 1)]
    amounts = [Decimal(-100_000), *[instalment] * payments]
    minor = [int(100 * amount) for amount in amounts]
    floats = [float(amount) for amount in amounts]
    calls: dict[str, Callable[[], object]] = {
        "pyxirr xirr": lambda: pyxirr.xirr(days, floats),
        "pyxirr xirr, Decimal": lambda: pyxirr.xirr(days, amounts),
        "repaylib xirr": lambda: rp.xirr(minor, days),
        "repaylib xirr, Decimal": lambda: rp.xirr(amounts, days),
        "pyxirr irr": lambda: pyxirr.irr(floats),
        "repaylib irr": lambda: rp.irr(minor),
    }
    if payments < 100:  # more take it a second
        calls["numpy-financial irr"] = lambda: npf.irr(floats)
    return calls


def many(payments: int) -> dict[str, Callable[[], object]]:
    """Return the ways to find the rates of many loans."""
    rng = np.random.default_rng(7)
    lent = rng.integers(10**5, 10**7, LINES)
    paid = (lent * rng.uniform(1.02, 2.0, LINES) / payments).astype(np.int64)
    minor = np.concatenate([-lent[:, None], np.repeat(paid[:, None], payments, axis=1)], axis=1)
    days = [add_months(date(2024, 1, 10), number) for number in range(payments + 1)]
    columns: Any = np.array(days, "datetime64[D]")
    floats = minor.astype(np.float64)
    return {
        "pyxirr xirr": lambda: [pyxirr.xirr(days, line) for line in floats],
        "repaylib xirr": lambda: rp.xirr(minor, columns),
        "pyxirr irr": lambda: [pyxirr.irr(line) for line in floats],
        "repaylib irr": lambda: rp.irr(minor),
    }


def medians(calls: dict[str, Callable[[], object]], turns: int) -> dict[str, float]:
    """Return the median time of one call of each, in microseconds, all taking turns."""
    counts = {}
    for name, call in calls.items():
        call()
        begun = time.perf_counter()
        call()
        counts[name] = max(1, int(0.002 / max(time.perf_counter() - begun, 1e-7)))
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(turns):
        for name, call in calls.items():
            begun = time.perf_counter()
            for _ in range(counts[name]):
                call()
            taken[name].append((time.perf_counter() - begun) / counts[name] * 1e6)
    return {name: statistics.median(times) for name, times in taken.items()}


def show(title: str, found: dict[str, float]) -> None:
    print(f"\n{title:<28}{'microseconds':>15}{'ratio':>9}")
    for name, microseconds in found.items():
        _, kind = name.split(maxsplit=1)
        base = found[f"pyxirr {kind}"]
        print(f"{name:<28}{microseconds:>15,.1f}{microseconds / base:>9.2f}")


def main() -> None:
    for payments in (12, 360):
        show(f"{payments + 1} flows", medians(one(payments), TURNS))
    for payments in (12, 360):
        show(f"{LINES:,} lines of {payments + 1}", medians(many(payments), 5))


if __name__ == "__main__":
    main()
