"""What floats decide in a book, and what they leave to whole numbers: next to a tie, and very large."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import repaylib as rp
from repaylib.money.rounding import ROUNDINGS, bias_of, round_fraction, round_ratio
from repaylib.portfolio.vectorised import arrears_state, instalment_plan, state
from repaylib.portfolio.vectorised.arrears_state import round_products
from repaylib.portfolio.vectorised.kernel import PROVEN, Factors, Lanes, proven

LANES = 300
PROOFS = Path(__file__).parents[2] / "docs/explanation/proofs"


@pytest.mark.parametrize("bits", range(44, 53))
def test_the_proof_covers_what_its_bound_covers(bits: int) -> None:
    """``bearing * num + den <= 2**49`` in whole numbers, and all of it up to ``2**47``."""
    for num, percent in product([1, 3, 1023, 2**20], [0, 1, 50, 99]):
        den = max(num, 2**bits * percent // 100)
        balance = (2**bits - den) // num
        lanes = Lanes(
            np.array([float(balance)]),
            np.array([2.0**53]),
            np.array([5]),
            Factors(np.array([num]), np.array([den])),
            np.array([0]),
        )
        size = balance * num + den
        assert size <= 2**49 or not proven(lanes)[0]
        assert size > 2**47 or proven(lanes)[0]


def interval(script: str, name: str) -> tuple[float, float]:
    """Return the first interval that a script for Gappa states for a name."""
    found = re.search(rf"(?<!\S){re.escape(name)} in \[([^,]+), ([^\]]+)\]", script)
    assert found
    low, high = (float.fromhex(text) if "x" in text else float(text) for text in found.groups())
    return low, high


def test_the_scripts_for_gappa_state_the_bound_and_the_roundings_of_the_code() -> None:
    interest, bound = ((PROOFS / f"{name}.gappa").read_text() for name in ("interest", "bound"))
    assert interval(interest, "bound")[1] == interval(bound, "charged + D")[1] == 2 * PROVEN
    assert interval(bound, "tested")[1] == PROVEN
    for bias in map(bias_of, ROUNDINGS):
        parts = {"H": bias.dens / bias.scale, "C": 0.5 - bias.less, "K / D": bias.scale}
        for name, value in parts.items():
            low, high = interval(interest, name)
            assert low <= value <= high
        assert not bias.even or bias.scale == 2  # a tie leaves half of the gap above the floor


class Left:
    """Counts what is left to whole numbers, in place of a function that finds it."""

    def __init__(self, found: Callable[..., Any]) -> None:
        self.found, self.count = found, 0

    def __call__(self, *args: Any) -> Any:
        self.count += 1
        return self.found(*args)


@pytest.mark.parametrize("bits", [44, 45, 46, 47, 49, 50, 51])
def test_what_is_next_to_a_tie_is_left_to_whole_numbers(
    bits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within a share of ``2**-49`` of the amount all of it, beyond ``2**-47`` nothing."""
    tie, near = 2 * 2**20 + 1, bits > 48
    den = 2 * 2**bits
    num = tie * 2**bits + tie  # tie / 2 and a share of 2**-bits
    left = Left(round_ratio)
    monkeypatch.setattr(arrears_state, "round_ratio", left)
    one, numerator, denominator = (np.array([each]) for each in (1, num, den))
    rounded = arrears_state.round_products(one, numerator, denominator, "half_up")
    assert rounded.tolist() == [2**20 + 1]
    assert left.count == near
    lane: Any = SimpleNamespace(
        context=SimpleNamespace(program=SimpleNamespace(rounding="half_up"))
    )
    assert (len(state._proved(np.array([num / den]), lane)[1]) > 0) == near


@pytest.mark.parametrize("cents", [1, 2**7])
def test_an_instalment_next_to_a_tie_is_left_to_whole_numbers(
    cents: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a cent and 1/198 more: of ``2**49`` within 512 roundings, of ``2**42`` beyond them."""
    left = Left(instalment_plan._annuity)
    monkeypatch.setattr(instalment_plan, "_annuity", left)
    each = 2**42 // cents
    book = rp.Portfolio(
        principal=np.array([99 * each + 50]), rate=["0%"], payments=99, start="2024-01-10"
    )
    assert rp.amortise(book).instalment.tolist() == [each + 1]
    assert left.count == (cents == 1)


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_interest_next_to_a_tie_is_rounded_as_the_fraction_is(rounding: Any) -> None:
    """Half a cent, or a hair more or less: no float tells them apart."""
    rng = random.Random(rounding)
    lent = [rng.randint(2**30, 2**49) for _ in range(LANES)]
    hair = [rng.choice([-1, 0, 1]) * Fraction(1, 10**15) for _ in range(LANES)]
    month = [
        Fraction(rng.randint(1, each // 6), 2) + more for each, more in zip(lent, hair, strict=True)
    ]
    book = rp.Portfolio(
        principal=np.array(lent),
        rate=[12 * each / owed for each, owed in zip(month, lent, strict=True)],
        payments=3,
        start="2024-01-10",
        method="interest_only",
        rounding=rounding,
    )
    expected = [round_fraction(each, rounding) for each in month]
    plan = rp.amortise(book)
    for row in range(3):
        assert plan.interest[:, row].tolist() == expected
    later = rp.defer(plan, payment=2, pause="principal")
    assert later.fallback_loans == 0
    assert later.interest[:, 1].tolist() == expected


@pytest.mark.parametrize(
    "words", [{}, {"day_count": "actual/360"}, {"method": "equal_principal"}], ids=str
)
def test_large_instalments_are_those_of_the_loans(words: dict[str, Any]) -> None:
    """Where a cent is a few roundings of a float."""
    rng = np.random.default_rng(3)
    book = rp.Portfolio(
        principal=rng.integers(2**48, 2**50, LANES),
        rate=[Fraction(int(each), 1_000_000) for each in rng.integers(0, 300_000, LANES)],
        payments=rng.integers(2, 12, LANES),
        start="2024-01-10",
        **words,
    )
    plan = rp.amortise(book)
    alone = [rp.amortise(book.loan(row)) for row in range(LANES)]
    assert plan.instalment.tolist() == [int(each.instalment * 100) for each in alone]


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_a_product_next_to_a_tie_is_rounded_as_the_ratio_is(rounding: Any) -> None:
    rng = random.Random(rounding)
    base = [rng.randint(1, 50) for _ in range(10 * LANES)]
    over = [rng.randint(2**44, 2**46) for _ in base]
    tops = [
        (2 * rng.randint(1, 2**13) + 1) * den // (2 * each) + rng.choice([0, 1])
        for each, den in zip(base, over, strict=True)
    ]
    expected = [
        round_ratio(each * num, den, rounding)
        for each, num, den in zip(base, tops, over, strict=True)
    ]
    assert (
        round_products(np.array(base), np.array(tops), np.array(over), rounding).tolist()
        == expected
    )
