"""Rates: read in every form, converted to the period, written and read back."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.rates.rate import parse_rate, parse_share, percent


@given(st.fractions(0, 10, max_denominator=10**9))
def test_rates_are_written_and_read_back(value: Fraction) -> None:
    assert parse_rate(percent(value)).value == value


def test_compounded_rates() -> None:
    """A Canadian mortgage, compounded half-yearly, beside the same rate by the month.

    Source: mortgagecomparecalculator.com, guide on semi-annual compounding: 500,000 at 5 % over
    300 months take about 2,908, and about 2,923 if compounded monthly; 0.41239 % a month.
    """
    rate = rp.compounded("5%", times=2)
    assert round(rate.nominal(Fraction(1, 12)) / 12 * 100, 5) == Fraction("0.41239")
    assert rate.nominal(Fraction(6, 12)) == Fraction(5, 100)
    canadian = rp.Loan("500000", rate, 300, "2024-01-01", currency="CAD")
    assert round(rp.amortise(canadian).instalment) == 2908
    monthly = rp.Loan("500000", rp.compounded("5%", times=12), 300, "2024-01-01", currency="CAD")
    assert round(rp.amortise(monthly).instalment) == 2923
    assert list(rp.amortise(monthly)) == list(
        rp.amortise(rp.Loan("500000", "5%", 300, "2024-01-01", currency="CAD"))
    )
    assert (
        abs(
            rp.compounded("5%", times=1).nominal(Fraction(1, 12))
            - rp.effective("5%").nominal(Fraction(1, 12))
        )
        == 0
    )


def test_continuous_rates() -> None:
    """Compounding ever more often tends to it."""
    often = rp.compounded("12%", times=366).nominal(Fraction(1, 12))
    assert 0 < rp.rates.continuous("12%").nominal(Fraction(1, 12)) - often < Fraction(1, 10**4)
    with pytest.raises(rp.errors.RateError, match="times"):
        rp.compounded("12%", times=0)
    with pytest.raises(rp.errors.RateError, match="times"):
        rp.Rate(Fraction(1, 10), "effective", 2)


def test_effective_rates() -> None:
    """1 % a month is 1.01 ** 12 - 1 a year."""
    yearly = Fraction(101, 100) ** 12 - 1
    rate = rp.effective(yearly)
    assert abs(rate.nominal(Fraction(1, 12)) - Fraction(12, 100)) < Fraction(1, 10**38)
    assert abs(rate.nominal(Fraction(12, 12)) - yearly) < Fraction(1, 10**38)
    loan = rp.Loan("10000", rate, 12, "2024-01-10")
    assert rp.amortise(loan).instalment == Decimal("888.49")
    assert str(rp.effective("12.68%")) == "12.68% effective"
    assert rp.effective(0 * Fraction(1)).nominal(Fraction(1, 12)) == 0


def test_daily_and_monthly_rates() -> None:
    assert rp.daily("0.05%").value == Fraction(18, 100)
    assert rp.daily("0.05%", basis=365).value == Fraction(1825, 10000)
    assert rp.monthly("1%").value == Fraction(12, 100)


@pytest.mark.parametrize(
    ("rate", "month", "instalment", "interest"),
    [
        ("12%", "0.01", "888.49", "661.86"),
        (rp.monthly("1%"), "0.01", "888.49", "661.86"),
        (rp.daily("0.05%"), "0.015", "916.80", "1001.61"),
        (rp.effective("12%"), "0.0094887929", "885.62", "627.44"),
        (rp.compounded("12%", times=2), "0.0097587942", "887.13", "645.60"),
        (rp.rates.continuous("12%"), "0.0100501671", "888.77", "665.25"),
    ],
)
def test_a_month_of_each_kind(rate: Any, month: str, instalment: str, interest: str) -> None:
    """10,000 over 12 months, as the page on rates shows it; the rate of a month to ten decimals."""
    plan = rp.amortise(rp.Loan("10000", rate, 12, "2024-01-10"))
    assert str(plan.instalment) == instalment
    assert str(plan.total_interest) == interest
    assert round(plan.loan.first_rate.nominal(Fraction(1, 12)) / 12, 10) == Fraction(month)
    factor = plan.loan.first_rate.nominal(Fraction(1, 12)) / 12
    level = 10_000 * factor / (1 - 1 / (1 + factor) ** 12)
    assert abs(Fraction(plan.instalment) - level) <= Fraction(1, 200)


@given(st.integers(0, 5_000), st.sampled_from([1, 2, 4, 12]))
def test_kinds_are_in_order(basis_points: int, times: int) -> None:
    """Of one figure, the rate of a month is the larger the more often interest joins the debt."""
    figure = Fraction(basis_points, 10_000)
    rates = [
        rp.effective(figure),
        rp.compounded(figure, times=times),
        rp.Rate(figure),
        rp.rates.continuous(figure),
    ]
    months = [rate.nominal(Fraction(1, 12)) for rate in rates]
    tiny = Fraction(1, 10**35)
    assert all(low <= high + tiny for low, high in pairwise(months))


@given(st.fractions(-1, 10, max_denominator=10**6))
def test_margins_and_fixings_may_be_below_nothing(value: Fraction) -> None:
    assert parse_share(percent(value), "margin", least=-1) == value
    if value < 0:
        with pytest.raises(rp.errors.RateError, match="from 0%"):
            parse_share(percent(value), "rate")


def test_a_rate_that_steps_is_for_a_loan() -> None:
    rate: Any = rp.steps("3%", {7: "6%"})
    with pytest.raises(rp.errors.RateError, match="rate"):
        rp.changes.RateChange(rate, payment=4)


@pytest.mark.parametrize(
    "read",
    [
        parse_rate,
        rp.daily,
        lambda rate: rp.daily(rate, basis=365),
        rp.monthly,
        rp.effective,
        rp.rates.continuous,
        lambda rate: rp.compounded(rate, times=4),
    ],
)
def test_the_rate_to_write_for_one_below_zero_is_that_rate(read: Any) -> None:
    """The error names the rate that the same function reads above zero, with the other sign."""
    above = read("0.05%")
    with pytest.raises(rp.errors.RateError) as caught:
        read("-0.05%")
    written = caught.value.hint.removeprefix("write ").removesuffix(" for a negative one")
    assert eval(written, vars(rp) | {"Fraction": Fraction}) == rp.Rate(
        -above.value, above.kind, above.times
    )


@pytest.mark.parametrize(
    "refused",
    [
        lambda: rp.PenaltyTerms(addition="-5%"),  # no rate of a loan is taken
        lambda: rp.daily("-0.5%"),  # below -100 % a year
        lambda: rp.monthly("-9%"),
    ],
)
def test_a_rate_is_named_only_where_it_is_taken(refused: Any) -> None:
    with pytest.raises(rp.errors.RateError) as caught:
        refused()
    assert "Rate(" not in caught.value.hint
