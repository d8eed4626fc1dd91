"""Plain kernel_numpy of many lanes against exact integers, by numpy and compiled."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repaylib.money.rounding import ROUNDINGS, round_ratio
from repaylib.portfolio.vectorised import kernel, kernel_numpy
from repaylib.portfolio.vectorised.kernel import Factors, Lanes, proven
from repaylib.portfolio.vectorised.kernel_numpy import plain_rows
from repaylib.typing import Rounding
from tests.strategies.loans import examples

needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="numba is not installed")
BOTH = pytest.mark.parametrize(
    "compiled",
    [pytest.param(False, id="numpy"), pytest.param(True, id="compiled", marks=needs_numba)],
)
Columns = tuple[list[int], list[int]]


def whole(values: list[int]) -> Any:
    small = all(abs(each) < 2**62 for each in values)
    return np.array(values, dtype=np.int64 if small else object)


def book(cases: list[dict[str, Any]], shares: Any = None) -> Lanes:
    """Make lanes of the cases; see :func:`cases`."""

    def floats(name: str) -> Any:
        return np.array([case[name] for case in cases], dtype=np.float64)

    factors = Factors(
        whole([case["num"] for case in cases]),
        whole([case["den"] for case in cases]),
    )
    if shares is not None:
        table = np.array([case["table"] for case in cases])
        factors = factors._replace(
            shares=shares, table=table, line=np.array([case["line"] for case in cases])
        )
    return Lanes(
        floats("balance"),
        floats("amount"),
        np.array([case["last_row"] for case in cases]),
        factors,
        np.array([ROUNDINGS.index(case["rounding"]) for case in cases], dtype=np.int8),
        floats("level"),
        floats("base"),
    )


def exactly(case: dict[str, Any], low: int, high: int, shares: Any = None) -> Columns:
    """Return the interest and the balance of each row in Python integers."""
    balance: int = case["balance"]
    accrued: list[int] = []
    closing: list[int] = []
    for row in range(low, high):
        bearing = case["base"] if case["base"] and balance > 0 else balance
        num = case["num"]
        if shares is not None:
            line = case["line"] + row
            num *= int(shares[line, case["table"]]) if line < len(shares) else 0
        interest = round_ratio(bearing * num, case["den"], case["rounding"])
        asked = case["amount"] - interest if case["level"] else case["amount"]
        balance -= balance if row == case["last_row"] else min(asked, balance)
        accrued.append(interest)
        closing.append(balance)
    return accrued, closing


def lived(lanes: Lanes, low: int, high: int, **words: Any) -> tuple[Any, Any]:
    """Return what the kernel_numpy wrote, on copies."""
    lanes = replace(lanes, balance=lanes.balance.copy())
    accrued, closing = np.full((2, high, len(lanes)), -7, dtype=np.int64)
    plain_rows(lanes, low, high, accrued, closing, **words)
    if high > low:
        assert (lanes.balance == closing[-1]).all()
    assert (accrued[:low] == -7).all()
    assert (closing[:low] == -7).all()
    return accrued[low:], closing[low:]


def check(cases: list[dict[str, Any]], low: int, high: int, shares: Any = None) -> None:
    """Hold all kernels against exact integers."""
    lanes = book(cases, shares)
    expected = [exactly(case, low, high, shares) for case in cases]
    for words in ({"compiled": False}, {"compiled": True}, {"compiled": True, "threads": 1}):
        accrued, closing = lived(lanes, low, high, **words)
        for i, (interest, owed) in enumerate(expected):
            assert accrued[:, i].tolist() == interest, (words, cases[i])
            assert closing[:, i].tolist() == owed, (words, cases[i])


@st.composite
def cases(draw: st.DrawFn, largest: int = 10**12, most_den: int = 10**7) -> dict[str, Any]:
    """One lane: any rounding and method, on the balance or on the original principal, ending anywhere."""
    balance = draw(st.integers(0, largest))
    den = draw(
        st.one_of(st.sampled_from([1, 2, 8, 200, 1200, 1600, 365]), st.integers(1, most_den))
    )
    num = draw(st.integers(0, den))
    interest = -(-balance * num // den)
    return {
        "balance": balance,
        "num": num,
        "den": den,
        "amount": interest + draw(st.integers(0, max(1, balance // 3))),
        "level": draw(st.integers(0, 1)),
        "base": draw(st.sampled_from([0, 0, balance])),
        "rounding": draw(st.sampled_from(ROUNDINGS)),
        "last_row": draw(st.integers(0, 14)),
        "table": draw(st.integers(0, 2)),
        "line": draw(st.integers(0, 3)),
    }


@given(st.lists(cases(), min_size=1, max_size=8), st.integers(0, 3), st.integers(3, 12))
@settings(max_examples=examples(150))
def test_rows_are_exact(lanes: list[dict[str, Any]], low: int, high: int) -> None:
    check([each for each in lanes if each["last_row"] >= low], low, high)


@given(
    st.lists(cases(2**51, 2**70), min_size=1, max_size=8),
)
@settings(max_examples=examples(100))
def test_lanes_beyond_the_proof_are_settled_in_whole_numbers(lanes: list[dict[str, Any]]) -> None:
    check(lanes, 0, 8)


@given(st.data())
@settings(max_examples=examples(100))
def test_factors_from_a_table(data: st.DataObject) -> None:
    lanes = data.draw(st.lists(cases(), min_size=1, max_size=6))
    small = data.draw(st.booleans())
    each = st.integers(0, 31 if small else 2**40)
    lines = data.draw(st.lists(st.tuples(each, each, each), min_size=4, max_size=16))
    most = max(max(line) for line in lines)
    for case in lanes:
        case["last_row"] = min(case["last_row"], len(lines) - 1 - case["line"])
        case["den"] *= max(1, most)
        case["amount"] += case["balance"] // 50
    check(lanes, 0, 10, np.array(lines, dtype=np.float64))


@pytest.mark.parametrize("rounding", ROUNDINGS)
@BOTH
def test_every_tie_of_a_ratio_goes_where_it_should(rounding: Rounding, compiled: bool) -> None:
    """At 12 % a year, one balance in a hundred ends on half a cent each month."""
    balances = np.arange(20_000, dtype=np.float64)
    count = len(balances)
    for num, den in ((1, 100), (3, 200), (1, 2), (7, 1600), (1, 1), (0, 1), (2**20 + 1, 2**21)):
        lanes = Lanes(
            balances.copy(),
            balances + 1,
            np.zeros(count, dtype=np.int64),
            Factors(np.full(count, num), np.full(count, den)),
            np.full(count, ROUNDINGS.index(rounding)),
        )
        assert proven(lanes).mean() > 0.9
        accrued, closing = lived(lanes, 0, 1, compiled=compiled)
        exact = [round_ratio(each * num, den, rounding) for each in range(count)]
        assert accrued[0].tolist() == exact
        assert not closing.any()


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_up_to_the_border_of_the_proof_and_beyond(rounding: Rounding) -> None:
    """Quotients next to a tie and to a whole number, as large as they may be, and larger."""
    found = []
    for bits in (40, 46, 47, 48, 49, 50, 52):
        for den in (2, 7, 1600, 36_500, 365 * 10**6, 2**40 - 1):
            for num in (1, 31, den // 2 - 1, den - 1):
                largest = 2**bits // max(1, num)
                for target in (largest - 1, largest // 2, largest // 3):
                    # The balance nearest above or below a half or a whole of the interest.
                    quotient = 2 * target * num // den
                    for half in (quotient, quotient + 1):
                        near = half * den // (2 * max(1, num))
                        found += [(near + step, num, den) for step in (-1, 0, 1)]
    found = [(b, n, d) for b, n, d in found if 0 <= b < 2**52 and 0 < n < d]
    many = [
        {"balance": b, "num": n, "den": d, "amount": 2**53, "level": 1, "base": 0}
        | {"rounding": rounding, "last_row": 5}
        for b, n, d in found
    ]
    shared = proven(book(many))
    assert shared.any()
    assert not shared.all()
    check(many, 0, 1)


def test_the_bound_of_the_proof_suffices_without_the_bit_kept_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kernel, "PROVEN", 2.0**49)
    test_up_to_the_border_of_the_proof_and_beyond("half_up")
    test_up_to_the_border_of_the_proof_and_beyond("half_even")
    test_up_to_the_border_of_the_proof_and_beyond("up")


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_factors_from_a_table_hold_up_to_the_border_too(
    rounding: Rounding, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ratio is rounded twice; quotients are those nearest to a half and to a whole."""
    monkeypatch.setattr(kernel, "PROVEN", 2.0**49)
    rng = random.Random(4)
    many: list[dict[str, Any]] = []
    while len(many) < 400:
        den = rng.getrandbits(rng.choice([20, 40, 46, 47, 48])) + 32
        num, share = rng.randint(1, min(den // 31, 4096)), rng.choice([1, 3, 28, 29, 30, 31])
        quotient = rng.randint(0, (2**49 - den) // den)
        product = quotient * den + rng.choice([den // 2, den // 2 + 1, (den - 1) // 2, 0, 1, -1])
        balance = product // (num * share) + rng.randint(0, 1)
        if balance > 0 and balance * num * share + den < 2**49:
            case = {"balance": balance, "num": num, "den": den, "amount": 2**52, "level": 1}
            case |= {"base": 0, "last_row": 3, "table": len(many), "line": 0, "share": share}
            many.append(case | {"rounding": rounding})
    shares = np.array([[case["share"] for case in many]], dtype=np.float64)
    assert proven(book(many, shares)).mean() > 0.99
    check(many, 0, 1, shares)


def test_a_balance_that_rises_is_checked() -> None:
    case = {"balance": 10**6, "num": 1, "den": 10, "amount": 5, "level": 1, "base": 0}
    lanes = [
        case | {"rounding": "half_up", "last_row": 50},
        case | {"rounding": "up", "last_row": 2},
    ]
    assert not proven(book(lanes)).any()
    check(lanes, 0, 60)


@BOTH
def test_a_lane_that_leaves_the_floats_is_lost_alone(compiled: bool) -> None:
    case: dict[str, Any] = {
        "balance": 2**52,
        "num": 1,
        "den": 1,
        "amount": 5,
        "level": 1,
        "base": 0,
    }
    case = case | {"rounding": "half_up", "last_row": 50}
    spared = case | {"balance": 1000, "den": 10}
    lanes = book([spared, case, spared])
    accrued, closing = np.zeros((2, 20, 3), dtype=np.int64)
    assert plain_rows(lanes, 0, 20, accrued, closing, compiled=compiled).tolist() == [1]
    assert lanes.balance[1] == 0
    assert not accrued[1:, 1].any()
    assert not closing[1:, 1].any()
    alone = lived(book([spared]), 0, 20, compiled=compiled)
    for mine, whole in zip((accrued, closing), alone, strict=True):
        assert (mine[:, [0, 2]] == whole).all()


@BOTH
def test_blocks_change_nothing(compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    count = 1000
    many = [
        {
            "balance": int(rng.integers(0, 10**8)),
            "num": int(rng.integers(0, 100)),
            "den": int(rng.choice([1200, 120_000, 10**17])),
            "amount": int(rng.integers(10**7, 10**8)),
            "level": int(rng.integers(0, 2)),
            "base": 0,
            "rounding": ROUNDINGS[int(rng.integers(0, 7))],
            "last_row": int(rng.integers(0, 30)),
        }
        for _ in range(count)
    ]
    lanes = book(many)
    assert 0 < proven(lanes).sum() < count
    whole_one = lived(lanes, 0, 24, compiled=False)
    monkeypatch.setattr(kernel_numpy, "SIZES", {"numpy": (50, 64), "compiled": (50, 64)})
    monkeypatch.setattr(kernel_numpy, "CHECKED", 100)
    for threads in (1, 3):
        for one, other in zip(
            whole_one, lived(lanes, 0, 24, compiled=compiled, threads=threads), strict=True
        ):
            assert (one == other).all()


@BOTH
def test_rows_can_be_lived_through_in_parts(compiled: bool) -> None:
    case = {"balance": 10**7, "num": 1, "den": 100, "amount": 888_488, "level": 1, "base": 0}
    lanes = book([case | {"rounding": "half_even", "last_row": last} for last in range(12)])
    accrued, closing = np.zeros((2, 12, 12), dtype=np.int64)
    for low, high in ((0, 1), (1, 5), (5, 5), (5, 12)):
        plain_rows(lanes, low, high, accrued, closing, compiled=compiled)
    once = lived(book([case | {"rounding": "half_even", "last_row": n} for n in range(12)]), 0, 12)
    assert (accrued == once[0]).all()
    assert (closing == once[1]).all()
    assert not closing[11].any()


@BOTH
def test_no_lanes_and_no_rows(compiled: bool) -> None:
    assert lived(book([]), 0, 3, compiled=compiled)[0].shape == (3, 0)
    case = {"balance": 5, "num": 1, "den": 2, "amount": 9, "level": 1, "base": 0}
    lanes = book([case | {"rounding": "up", "last_row": 3}])
    assert lived(lanes, 2, 2, compiled=compiled)[0].shape == (0, 1)


@needs_numba
def test_with_numba_it_is_compiled() -> None:
    assert kernel_numpy._kernel() is not None


def test_without_numba_numpy_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "repaylib.portfolio.vectorised.kernel_numba", None)
    kernel_numpy._kernel.cache_clear()
    try:
        assert kernel_numpy._kernel() is None
        case = {"balance": 999, "num": 1, "den": 2, "amount": 999, "level": 1, "base": 0}
        accrued, _ = lived(
            book([case | {"rounding": "half_even", "last_row": 3}]), 0, 1, compiled=True
        )
        assert accrued.tolist() == [[500]]
    finally:
        kernel_numpy._kernel.cache_clear()
