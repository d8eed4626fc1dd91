"""Many loans at once beside other ways to do it, in one run: ``python benchmarks/portfolio.py``.

Every contender makes interest and balance of the same loans, 100,000 over 360 months, row by row.
Then whole books are amortised by ``rp.amortise``, read, sorted and solved, into new memory: as
agreed, and with a change of every loan. They take turns, and the best of several turns counts. The first column is the ratio to the usual
loop, how many times as fast; the others are nanoseconds for one month of one loan, and millions
of such months a second. What each of them gives is not the same:

* rows: whole cents, each rounded as agreed, by numpy or compiled by numba;
* usual loop: floats, rounded by ``np.round`` to what is nearly a cent, in the layout and the
  blocks it likes best;
* numpy-financial: ``ipmt`` and ``ppmt`` as floats, not rounded, for 2,000 loans at a time;
* amortization: rounded floats, loan after loan, for a few loans;
* fill: no loans at all, but as many bytes written by ``ndarray.fill``, to memory in use and to
  new memory.

Needs the extra ``bench``. ``--quick`` takes a tenth of the loans.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import numpy_financial as npf
from amortization.schedule import amortization_schedule

import repaylib as rp
from repaylib.money.rounding import ROUNDINGS
from repaylib.portfolio.vectorised.kernel import Factors, Lanes
from repaylib.portfolio.vectorised.kernel_numpy import plain_rows

LOANS, PERIODS = 100_000, 360
SAMPLE, FEW = 2_000, 20
TURNS = 7
BLOCKS = (4_096, 8_192, 16_384, 32_768)
SIZES = (10_000, 100_000, 1_000_000)

#: Yearly rates, in hundredths of a percent: one for all, and several, of which some make ties.
RATES = {"5.25 %": (525,), "3.33, 5.25, 7 and 12 %": (333, 525, 700, 1200)}

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def lanes_of(rates: tuple[int, ...], loans: int, rounding: str = "half_up") -> Lanes:
    """Return level loans of 10,000 to 500,000, to be repaid in all periods."""
    rng = np.random.default_rng(1)
    balance = rng.integers(10**6, 5 * 10**7, loans).astype(np.float64)
    num = rng.choice(rates, loans)
    ratio = num / 120_000
    amount = np.ceil(balance * ratio / (1 - (1 + ratio) ** -PERIODS))
    return Lanes(
        balance,
        amount,
        np.full(loans, PERIODS - 1),
        Factors(num, np.full(loans, 120_000)),
        np.full(loans, ROUNDINGS.index(rounding), dtype=np.int8),
    )


def usual(lanes: Lanes, block: int, accrued: Floats, closing: Floats) -> None:
    """Do it as one writes it by hand, in floats."""
    balances, payments, rates = lanes.balance / 100, lanes.amount / 100, lanes.factors.ratio
    for begin in range(0, len(lanes), block):
        part = slice(begin, begin + block)
        balance, payment, rate = balances[part], payments[part], rates[part]
        for row in range(PERIODS):
            interest = np.round(balance * rate, 2)
            principal = payment - interest
            balance = balance - principal
            accrued[row, part] = interest
            closing[row, part] = balance


def numpy_financial(lanes: Lanes) -> object:
    periods = np.arange(1, PERIODS + 1)[:, np.newaxis]
    arguments = lanes.factors.ratio, periods, PERIODS, -lanes.balance / 100
    return npf.ipmt(*arguments), npf.ppmt(*arguments)


def amortization(lanes: Lanes) -> object:
    pairs = zip(lanes.balance / 100, lanes.factors.ratio * 12, strict=True)
    return [list(amortization_schedule(each, rate, PERIODS)) for each, rate in pairs]


def contenders(
    rates: tuple[int, ...], loans: int, accrued: Integers, closing: Integers
) -> dict[str, tuple[int, Callable[[], object]]]:
    """Return how many loans each contender takes, and a call of it."""
    book = lanes_of(rates, loans)
    sample, few = book.take(slice(SAMPLE)), book.take(slice(FEW))
    floats = accrued.view(np.float64), closing.view(np.float64)

    def rows(rounding: str = "half_up", **words: Any) -> Callable[[], object]:
        lanes = lanes_of(rates, loans, rounding)
        begun = lanes.balance.copy()

        def call() -> None:
            lanes.balance[:] = begun
            plain_rows(lanes, 0, PERIODS, accrued, closing, **words)

        return call

    def fill_new() -> None:
        for _ in range(2):
            np.empty_like(accrued).fill(1)

    def fill_used() -> None:
        accrued.fill(1)
        closing.fill(1)

    blocks = {
        f"usual loop, blocks of {block:,}": (loans, lambda block=block: usual(book, block, *floats))
        for block in BLOCKS
    }
    return blocks | {
        "rows, numpy, one thread": (loans, rows(compiled=False, threads=1)),
        "rows, numpy": (loans, rows(compiled=False)),
        "rows, compiled, one thread": (loans, rows(compiled=True, threads=1)),
        "rows, compiled": (loans, rows(compiled=True)),
        "... half_even, numpy, one thread": (loans, rows("half_even", compiled=False, threads=1)),
        "... half_even, compiled": (loans, rows("half_even", compiled=True)),
        "numpy-financial": (len(sample), lambda: numpy_financial(sample)),
        "amortization": (len(few), lambda: amortization(few)),
        "fill, memory in use": (loans, fill_used),
        "fill, new memory": (loans, fill_new),
    }


def best(calls: dict[str, tuple[int, Callable[[], object]]], turns: int) -> dict[str, float]:
    """Return the nanoseconds for one month of one loan, all taking turns after a first one."""
    found = dict.fromkeys(calls, np.inf)
    for turn in range(turns + 1):
        for name, (loans, call) in calls.items():
            begun = time.perf_counter()
            call()
            taken = (time.perf_counter() - begun) / (loans * PERIODS) * 1e9
            if turn:
                found[name] = min(found[name], taken)
    return found


def side_by_side(loans: int) -> None:
    """Print the contenders beside each other."""
    accrued, closing = np.ones((2, PERIODS, loans), dtype=np.int64)
    for words, rates in RATES.items():
        found = best(contenders(rates, loans, accrued, closing), TURNS)
        loop = min(each for name, each in found.items() if name.startswith("usual loop"))
        print(f"\n{loans:,} loans of {PERIODS} months, {words}")
        print(f"{'':<36}{'ratio':>8}{'ns':>10}{'million/s':>12}")
        for name, each in found.items():
            print(f"{name:<36}{loop / each:>8.2f}{each:>10.2f}{1e3 / each:>12,.0f}")
        print(f"the usual loop is off in {astray(rates, loans):.2%} of all balances")


def astray(rates: tuple[int, ...], loans: int) -> float:
    """Return the share of balances that the usual loop has not exactly to the cent."""
    lanes = lanes_of(rates, min(loans, 10_000))
    accrued, closing = np.ones((2, PERIODS, len(lanes)), dtype=np.int64)
    floats = np.ones((2, PERIODS, len(lanes)))
    usual(lanes, BLOCKS[0], floats[0], floats[1])
    plain_rows(lanes, 0, PERIODS, accrued, closing)
    return float((np.rint(floats[1, :-1] * 100) != closing[:-1]).mean())


def books(loans: int) -> None:
    """Print what whole books cost: as agreed, and with a change of every loan."""
    rng = np.random.default_rng(1)
    terms: dict[str, Any] = {
        "principal": rng.integers(10**6, 5 * 10**7, loans),
        "rate": rng.integers(200, 1200, loans),
        "formats": {"rate": "bp"},
        "payments": PERIODS,
        "start": "2024-01-31",
    }
    loans_of = {
        "as agreed": rp.Portfolio(**terms),
        "as agreed, actual/365": rp.Portfolio(**terms, day_count="actual/365"),
        "as agreed, 731 days of start": rp.Portfolio(
            **terms | {"start": np.datetime64("2022-01-01") + rng.integers(0, 731, loans)}
        ),
        "as agreed, 12 to 360 payments": rp.Portfolio(
            **terms | {"payments": rng.integers(12, PERIODS + 1, loans)}
        ),
    }
    changes: dict[str, rp.changes.Change] = {
        "deferral of 3 months": rp.changes.Deferral(payment=4, periods=3),
        "deferral, capitalised": rp.changes.Deferral(payment=4, periods=3, repay="capitalise"),
        "deferral, interest-free": rp.changes.Deferral(payment=4, periods=3, interest="waive"),
        "deferral, spread": rp.changes.Deferral(payment=4, periods=3, repay="spread"),
        "rate change": rp.changes.RateChange("4%", payment=13),
        "rate change inside a period": rp.changes.RateChange("4%", on="2025-06-15"),
        "prepayment": rp.changes.Prepayment("1000", with_payment=12),
        "prepayment inside a period": rp.changes.Prepayment("1000", on="2025-06-15"),
        "rescheduling": rp.changes.Rescheduling(240, payment=13),
    }
    calls: dict[str, tuple[int, Callable[[], object]]] = {
        name: (loans, partial(closing_of, book)) for name, book in loans_of.items()
    }
    calls |= {
        name: (loans, partial(closing_of, loans_of["as agreed"], change))
        for name, change in changes.items()
    }
    balance, floats = lanes_of(RATES["5.25 %"], loans), (PERIODS, loans)
    calls["usual loop, new memory"] = (
        loans,
        lambda: usual(balance, BLOCKS[2], np.empty(floats), np.empty(floats)),
    )
    found = best(calls, 3)
    plain, loop = found["as agreed"], found["usual loop, new memory"]
    print(f"\n{loans:,} loans by rp.amortise, {'compiled' if has_numba() else 'numpy'}")
    print(f"{'':<36}{'ratio':>8}{'of plain':>10}{'ns':>10}{'million/s':>12}")
    for name, each in found.items():
        print(
            f"{name:<36}{loop / each:>8.2f}{plain / each:>10.2f}{each:>10.2f}{1e3 / each:>12,.0f}"
        )


def closing_of(book: rp.Portfolio, *changes: rp.changes.Change) -> Integers:
    """Amortise a book, and return its balances, as they were written."""
    return rp.amortise(book, *changes).closing


def has_numba() -> bool:
    """Whether numba is used."""
    return "repaylib.portfolio.vectorised.kernel_numba" in sys.modules


def sums(loans: int) -> None:
    """Print the time and the memory of sums over a large book, each in a program of its own."""
    print(f"\n{f'{loans:,} loans':<36}{'seconds':>10}{'ns':>10}{'peak, MiB':>12}")
    for name in ("summary()", "totals()"):
        code = SUMMING.format(loans=loans, periods=PERIODS, call=name)
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, text=True
        )
        seconds, kilobytes = map(float, done.stdout.split())
        each = seconds / loans / PERIODS * 1e9
        print(f"{name:<36}{seconds:>10.1f}{each:>10.2f}{kilobytes / 1024:>12,.0f}")


SUMMING = """
import time
import numpy as np, repaylib as rp
rng = np.random.default_rng(1)
book = rp.Portfolio(principal=rng.integers(10**6, 5 * 10**7, {loans}),
                    rate=rng.integers(200, 1200, {loans}), formats={{"rate": "bp"}},
                    payments=np.full({loans}, {periods}),
                    start=np.datetime64("2022-01-01") + rng.integers(0, 731, {loans}))
begun = time.perf_counter()
rp.amortise(book).{call}
print(time.perf_counter() - begun)
print(*[line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")])
"""


def growth(sizes: tuple[int, ...]) -> None:
    """Print what one month of one loan costs as the book grows."""
    print(f"\n{'loans':<16}{'numpy, ns':>12}{'compiled, ns':>16}{'with new memory':>18}")
    for loans in sizes:
        lanes = lanes_of(RATES["5.25 %"], loans)
        written = np.empty((2, PERIODS, loans), dtype=np.int64)
        new = taken(lanes, written, compiled=True)
        used = [
            min(taken(lanes, written, compiled=compiled) for _ in range(3))
            for compiled in (False, True)
        ]
        del written
        print(f"{loans:<16,}{used[0]:>12.2f}{used[1]:>16.2f}{new:>18.2f}")


def taken(lanes: Lanes, written: Integers, *, compiled: bool) -> float:
    """Return the nanoseconds for one month of one loan, once."""
    lanes = lanes.take(np.arange(len(lanes)))
    begun = time.perf_counter()
    plain_rows(lanes, 0, PERIODS, written[0], written[1], compiled=compiled)
    return (time.perf_counter() - begun) / (len(lanes) * PERIODS) * 1e9


def peak(code: str) -> float:
    """Return the most memory a new interpreter took to run `code`, in MiB.

    It is read where Linux keeps it for the program alone; ``ru_maxrss`` also counts the program
    that started it.
    """
    code += "\nprint(*[each for each in open('/proc/self/status') if each.startswith('VmHWM')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    return float(done.stdout.split()[-2]) / 1024


def main() -> None:
    quick = "--quick" in sys.argv[1:]
    side_by_side(LOANS // 10 if quick else LOANS)
    growth(SIZES[:1] if quick else SIZES)
    books(LOANS // 10 if quick else LOANS)
    sums(SIZES[0] if quick else SIZES[-1])
    for code in ("import numpy", "import repaylib"):
        print(f"{code}: {peak(code):,.0f} MiB of memory at most")


if __name__ == "__main__":
    main()
