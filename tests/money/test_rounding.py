"""Rounding: exact ties, every mode, against Decimal's own rounding."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.money.rounding import ROUNDINGS, bias_of, round_ratio
from repaylib.typing import Method, Rounding

THEIRS = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "half_down": decimal.ROUND_HALF_DOWN,
    "up": decimal.ROUND_UP,
    "down": decimal.ROUND_DOWN,
    "ceiling": decimal.ROUND_CEILING,
    "floor": decimal.ROUND_FLOOR,
}


@given(st.integers(-(10**15), 10**15), st.sampled_from([1, 2, 4, 5, 8, 10, 100, 1000, 2**20]))
@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_as_decimal_rounds(rounding: Rounding, num: int, den: int) -> None:
    with decimal.localcontext(decimal.Context(prec=60)):
        wanted = (Decimal(num) / den).to_integral_value(THEIRS[rounding])
    assert round_ratio(num, den, rounding) == wanted


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**30))
@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_within_one_and_on_the_right_side(rounding: Rounding, num: int, den: int) -> None:
    rounded, exact = round_ratio(num, den, rounding), Fraction(num, den)
    error = rounded - exact
    if rounding.startswith("half"):
        assert abs(error) <= Fraction(1, 2)
    else:
        assert abs(error) < 1
        one = Fraction(1)
        side = {"up": exact, "down": -exact, "ceiling": one, "floor": -one}[rounding]
        assert error == 0 or (error > 0) == (side > 0)


# 100.50 at 12 % for a month is 1.005; 101.50 is 1.015; 100.10 is 1.001; 100.90 is 1.009.
TIES = {
    "half_up": ("1.01", "1.02", "1.00", "1.01"),
    "half_even": ("1.00", "1.02", "1.00", "1.01"),
    "half_down": ("1.00", "1.01", "1.00", "1.01"),
    "up": ("1.01", "1.02", "1.01", "1.01"),
    "down": ("1.00", "1.01", "1.00", "1.00"),
    "ceiling": ("1.01", "1.02", "1.01", "1.01"),
    "floor": ("1.00", "1.01", "1.00", "1.00"),
}


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("method", ["level", "equal_principal", "interest_only"])
@pytest.mark.parametrize("payments", [1, 2, 12])
def test_interest_of_exactly_half_a_cent(rounding: Rounding, method: Method, payments: int) -> None:
    """The short way (12 payments) and the last due date (1 payment) round ties alike."""
    for principal, interest in zip(
        ("100.50", "101.50", "100.10", "100.90"), TIES[rounding], strict=True
    ):
        loan = rp.Loan(principal, "12%", payments, "2024-01-10", rounding=rounding, method=method)
        schedule = rp.amortise(loan)
        assert schedule[0].interest == Decimal(interest)
        schedule.check()


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_an_instalment_of_exactly_half_a_cent(rounding: Rounding) -> None:
    """1.01 in two payments without interest is 0.505 each; 1.03 is 0.515."""
    wanted = {
        "half_up": ("0.51", "0.52"),
        "half_even": ("0.50", "0.52"),
        "half_down": ("0.50", "0.51"),
        "up": ("0.51", "0.52"),
        "down": ("0.50", "0.51"),
        "ceiling": ("0.51", "0.52"),
        "floor": ("0.50", "0.51"),
    }[rounding]
    for principal, instalment in zip(("1.01", "1.03"), wanted, strict=True):
        loan = rp.Loan(principal, "0%", 2, "2024-01-10", rounding=rounding)
        assert rp.amortise(loan).instalment == Decimal(instalment)


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_a_tie_split_over_two_rates(rounding: Rounding) -> None:
    """Half a cent made of two halves of a period is the same half cent: rounded once."""
    loan = rp.Loan("100.50", "11%", 2, "2024-04-10", rounding=rounding, method="interest_only")
    half = rp.change_rate(loan, "13%", on="2024-04-25")  # 15 of 30 days
    assert half[0].interest == Decimal(TIES[rounding][0])


def test_bias_is_the_rounding_it_stands_for() -> None:
    for rounding in ROUNDINGS:
        bias = bias_of(rounding)
        for num in range(60):
            quotient = (bias.scale * num + bias.dens * 8 - bias.less) // (bias.scale * 8)
            if bias.even and (bias.scale * num + bias.dens * 8) % (bias.scale * 8) == 0:
                quotient -= quotient & 1
            assert quotient == round_ratio(num, 8, rounding)
