"""The ground floors: money, due dates, day counts, the level instalment."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import assume, given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.accrual import Accrual
from repaylib.annuity import level_instalment, rounded_instalment
from repaylib.daycount import COUNTED, DAY_COUNTS, Counted, DayCount
from repaylib.exact import ROUNDINGS, Rounding, round_ratio
from repaylib.money import decimals_of, show, to_decimal, to_minor
from repaylib.timetable import Timetable, add_months, to_every

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


# -- due dates ----------------------------------------------------------------------------


@given(days, st.integers(0, 1200))
def test_months_as_dateutil_adds_them(day: date, months: int) -> None:
    assume(day.year + months / 12 < 9998)
    assert add_months(day, months) == day + relativedelta(months=months)


@given(days, st.integers(1, 600), st.sampled_from([1, 2, 3, 6, 12]))
def test_due_dates_as_dateutil_gives_them(start: date, count: int, months: int) -> None:
    table = Timetable.of(start, None, months)
    wanted = [start + relativedelta(months=months * k) for k in range(count + 1)]
    assert [table.due(k) for k in range(count + 1)] == wanted
    assert table.dues(0, count).tolist() == wanted
    assert table.dues(1, count).tolist() == wanted[1:]


@given(days, st.integers(1, 400), st.integers(0, 900), st.sampled_from([1, 3, 12]))
def test_the_due_date_that_follows_a_day(start: date, later: int, offset: int, months: int) -> None:
    table = Timetable.of(start, start + timedelta(days=later), months)
    day = start + timedelta(days=offset)
    k = table.following(day)
    assert table.due(k) > day
    assert k == 1 or table.due(k - 1) <= day


@given(days, st.integers(1, 400), st.integers(0, 400), st.integers(1, 400))
def test_regular_periods_cover_a_span(start: date, later: int, offset: int, length: int) -> None:
    table = Timetable.of(start, start + timedelta(days=later), 1)
    low = start + timedelta(days=offset)
    high = low + timedelta(days=length)
    cells = list(table.cells(low, high))
    assert cells[0][0] <= low < cells[0][1]
    assert cells[-1][0] < high <= cells[-1][1]
    assert all(one[1] == two[0] for one, two in pairwise(cells))


def test_words_for_how_often() -> None:
    assert to_every("12 months") == "year"
    assert to_every(relativedelta(years=1)) == "year"
    assert to_every(relativedelta(months=2)) == "2 months"
    for bad in (relativedelta(days=1), relativedelta(months=-1), relativedelta(), "1.5 months", 1):
        with pytest.raises(rp.ChoiceError):
            to_every(bad)
    assert str(rp.Loan("1200", "0%", 4, "2024-01-10", every="quarter")).count("quarterly") == 1


def test_a_first_payment_at_a_month_end_keeps_the_start_as_anchor() -> None:
    loan = rp.Loan("1000", "0%", 3, "2023-12-31", first_payment="2024-02-29")
    assert [row.date.day for row in rp.amortise(loan)] == [29, 31, 30]
    own = rp.Loan("1000", "0%", 3, "2024-01-15", first_payment="2024-02-29")
    assert [row.date.day for row in rp.amortise(own)] == [29, 29, 29]


# -- day counts ---------------------------------------------------------------------------


@given(
    days,
    st.integers(1, 90),
    st.integers(1, 20),
    st.data(),
    st.sampled_from(DAY_COUNTS),
    st.sampled_from(COUNTED),
)
def test_the_parts_of_a_period_add_up(
    start: date,
    later: int,
    k: int,
    data: st.DataObject,
    day_count: DayCount,
    counted: Counted,
) -> None:
    """Splitting a period anywhere changes nothing, under every day count."""
    table = Timetable.of(start, start + timedelta(days=later), 1)
    accrual = Accrual(table, day_count, "pro_rata", counted, WEEKDAYS)
    low, high = table.due(k - 1), table.due(k)
    inside = st.integers(0, (high - low).days)
    one, two = sorted((data.draw(inside), data.draw(inside)))
    a, b = low + timedelta(days=one), low + timedelta(days=two)
    parts = accrual.share(k, low, a) + accrual.share(k, a, b) + accrual.share(k, b, high)
    assert parts == accrual.share(k, low, high)


@given(days, st.sampled_from([1, 3, 6, 12]), st.integers(1, 40))
def test_whole_periods_cost_their_months(start: date, months: int, k: int) -> None:
    accrual = Accrual(Timetable.of(start, None, months), "periodic", "actual/360")
    table = accrual.timetable
    assert accrual.share(k, table.due(k - 1), table.due(k)) == Fraction(months, 12)


@given(days, st.integers(1, 60), st.integers(1, 60))
def test_factors_are_the_shares_at_the_rate(start: date, low: int, count: int) -> None:
    rate = Fraction(7, 90)
    for day_count, counted in product(DAY_COUNTS, COUNTED):
        accrual = Accrual(Timetable.of(start, None, 1), day_count, "pro_rata", counted, WEEKDAYS)
        factors, den = accrual.factors(low, low + count - 1, rate)
        table = accrual.timetable
        assert [Fraction(each, den) for each in factors] == [
            rate * accrual.share(k, table.due(k - 1), table.due(k)) for k in range(low, low + count)
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
    payment = Fraction(*level_instalment(owed, factors[1:], den))
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
    exact = round_ratio(*level_instalment(owed, factors, den), rounding)
    assert rounded_instalment(owed, factors, den, rounding) == exact


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
    per_unit = Fraction(*level_instalment(Fraction(1), factors, den))
    payment = Fraction(halves, 2) + Fraction(beside, 10**18)
    exact = round_ratio(payment.numerator, payment.denominator, rounding)
    assert rounded_instalment(payment / per_unit, factors, den, rounding) == exact


def test_amounts_beyond_floating_point() -> None:
    for owed in (Fraction(10**400), Fraction(10**30) / 7):
        exact = round_ratio(*level_instalment(owed, [1] * 11, 100), "half_up")
        assert rounded_instalment(owed, [1] * 11, 100, "half_up") == exact


def test_numpy_knows_the_dates() -> None:
    schedule = rp.amortise(rp.Loan("1000", "5%", 400, "2024-01-31"))
    assert (np.diff(schedule.columns["date"]).astype(int) >= 28).all()
