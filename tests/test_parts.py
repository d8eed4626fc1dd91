"""The ground floors: money, due dates, day counts, the level instalment."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.dates.accrual import Accrual
from repaylib.dates.day_count import COUNTED_DAYS, DAY_COUNTS
from repaylib.dates.frequency import parse_every
from repaylib.dates.generation import lay_out
from repaylib.money.amounts import decimals_of, show, to_decimal, to_minor
from repaylib.money.rounding import ROUNDINGS, round_ratio
from repaylib.rates.annuity import Annuity, level_instalment, rounded_instalment
from repaylib.typing import CountedDays, DayCount, Rounding

#: Business days without a holiday, for the day count that needs them.
WEEKDAYS = np.busdaycalendar()

days = st.dates(date(1900, 1, 1), date(2150, 12, 31))


# -- money --------------------------------------------------------------------------------


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


# -- day counts ---------------------------------------------------------------------------


@given(
    days,
    st.integers(1, 90),
    st.integers(1, 20),
    st.data(),
    st.sampled_from(DAY_COUNTS),
    st.sampled_from(COUNTED_DAYS),
)
def test_the_parts_of_a_period_add_up(
    start: date,
    later: int,
    k: int,
    data: st.DataObject,
    day_count: DayCount,
    counted: CountedDays,
) -> None:
    """Splitting a period anywhere changes nothing, under every day count."""
    table, _ = lay_out(start, payments=1, first=start + timedelta(days=later))
    accrual = Accrual(table, day_count, "pro_rata", counted, WEEKDAYS)
    low, high = table.accrual_date(k - 1), table.accrual_date(k)
    inside = st.integers(0, (high - low).days)
    one, two = sorted((data.draw(inside), data.draw(inside)))
    a, b = low + timedelta(days=one), low + timedelta(days=two)
    parts = accrual.share(k, low, a) + accrual.share(k, a, b) + accrual.share(k, b, high)
    assert parts == accrual.share(k, low, high)


@given(days, st.sampled_from([1, 3, 6, 12]), st.integers(1, 40))
def test_whole_periods_cost_their_months(start: date, months: int, k: int) -> None:
    table, _ = lay_out(start, parse_every(f"{months} months"), payments=1)
    accrual = Accrual(table, "periodic", "actual/360")
    assert accrual.share(k, table.accrual_date(k - 1), table.accrual_date(k)) == Fraction(
        months, 12
    )


@given(days, st.integers(1, 60), st.integers(1, 8))
def test_factors_are_the_shares_at_the_rate(start: date, low: int, count: int) -> None:
    rate = Fraction(7, 90)
    table, _ = lay_out(start, payments=1)
    for day_count, counted in product(DAY_COUNTS, COUNTED_DAYS):
        accrual = Accrual(table, day_count, "pro_rata", counted, WEEKDAYS)
        factors, den = accrual.factors(low, low + count - 1, rate)
        assert [Fraction(each, den) for each in factors] == [
            rate * accrual.share(k, table.accrual_date(k - 1), table.accrual_date(k))
            for k in range(low, low + count)
        ]


# -- the level instalment -----------------------------------------------------------------


@given(
    st.integers(1, 10**9),
    st.lists(st.integers(0, 500), min_size=1, max_size=60),
    st.integers(100, 5000),
)
def test_the_level_instalment_repays_exactly(principal: int, factors: list[int], den: int) -> None:
    """Unrounded, the last balance is exactly nil, on even and uneven periods."""
    owed = principal * (1 + Fraction(factors[0], den))
    payment = Fraction(*level_instalment(Annuity(owed.as_integer_ratio(), factors[1:], den)))
    balance = owed - payment
    for factor in factors[1:]:
        balance = balance * (1 + Fraction(factor, den)) - payment
    assert balance == 0


@given(
    st.fractions(0, 10**14, max_denominator=10**9),
    st.one_of(
        st.lists(st.integers(0, 2000), max_size=60),
        st.tuples(st.integers(0, 3000), st.integers(0, 600)).map(lambda pair: [pair[0]] * pair[1]),
    ),
    st.integers(100, 5000),
    st.sampled_from(ROUNDINGS),
)
def test_the_estimate_never_decides_what_it_cannot(
    owed: Fraction, factors: list[int], den: int, rounding: Rounding
) -> None:
    exact = round_ratio(*level_instalment(Annuity(owed.as_integer_ratio(), factors, den)), rounding)
    assert rounded_instalment(Annuity(owed.as_integer_ratio(), factors, den), rounding) == exact


@given(
    st.integers(1, 10**9),
    st.integers(-2, 2),
    st.lists(st.integers(0, 2000), max_size=40),
    st.integers(100, 5000),
    st.sampled_from(ROUNDINGS),
)
def test_ties_and_their_neighbours_are_rounded_exactly(
    halves: int, beside: int, factors: list[int], den: int, rounding: Rounding
) -> None:
    """The debt is made so that the payment is a whole or a half, or a hair beside it."""
    per_unit = Fraction(*level_instalment(Annuity((1, 1), factors, den)))
    payment = Fraction(halves, 2) + Fraction(beside, 10**18)
    exact = round_ratio(payment.numerator, payment.denominator, rounding)
    annuity = Annuity((payment / per_unit).as_integer_ratio(), factors, den)
    assert rounded_instalment(annuity, rounding) == exact


def test_amounts_beyond_floating_point() -> None:
    for owed in (Fraction(10**400), Fraction(10**30) / 7):
        exact = round_ratio(
            *level_instalment(Annuity(owed.as_integer_ratio(), [1] * 11, 100)), "half_up"
        )
        assert (
            rounded_instalment(Annuity(owed.as_integer_ratio(), [1] * 11, 100), "half_up") == exact
        )


def test_numpy_knows_the_dates() -> None:
    schedule = rp.amortise(rp.Loan("1000", "5%", 400, "2024-01-31"))
    assert (np.diff(schedule.columns["date"]).astype(int) >= 28).all()
