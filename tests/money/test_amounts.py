"""Amounts: read and shown without loss, in the decimals of the currency."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repaylib.errors import AmountError
from repaylib.money.amounts import decimals_of, parse_value, show, to_decimal, to_minor


@given(st.integers(0, 10**20), st.sampled_from(["CNY", "JPY", "KWD", "CLF"]))
def test_amounts_go_in_and_out_unchanged(minor: int, currency: str) -> None:
    decimals = decimals_of(currency)
    amount = to_decimal(minor, decimals)
    assert to_minor(amount, "amount", currency, least=0) == minor
    assert to_minor(str(amount), "amount", currency, least=0) == minor
    assert show(minor, decimals).replace(",", "") == str(amount)


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("EUR", 2), ("USD", 2), ("VND", 0), ("KRW", 0), ("BHD", 3), ("UYW", 4), ("XXX", 2)],
)
def test_decimals_of_currencies(currency: str, decimals: int) -> None:
    assert decimals_of(currency) == decimals


@given(st.integers(-3, 3), st.integers(-3, 3))
def test_an_amount_is_refused_below_the_least_alone(minor: int, least: int) -> None:
    """Zero is refused where the least is above it, and the error says so."""
    if minor >= least:
        assert to_minor(to_decimal(minor, 2), "amount", "EUR", least=least) == minor
        return
    wanted = "above zero" if least > 0 else "zero or more"
    with pytest.raises(AmountError, match=wanted):
        to_minor(to_decimal(minor, 2), "amount", "EUR", least=least)


def test_a_value_of_no_currency_has_fewer_than_a_thousand_decimals() -> None:
    assert parse_value(Decimal("1E-999"), "amount") == Fraction(1, 10**999)
    with pytest.raises(AmountError, match="1E-1000"):
        parse_value(Decimal("1E-1000"), "amount")
