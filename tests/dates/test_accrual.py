"""Accrual: the shares of a year of periods and of their parts, under every day count."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.dates.accrual import Accrual
from repaylib.dates.day_count import COUNTED_DAYS, DAY_COUNTS
from repaylib.dates.frequency import parse_every
from repaylib.dates.generation import lay_out
from repaylib.typing import CountedDays, DayCount

#: Business days without a holiday, for the day count that needs them.
WEEKDAYS = np.busdaycalendar()

days = st.dates(date(1900, 1, 1), date(2150, 12, 31))


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


def test_numpy_knows_the_dates() -> None:
    schedule = rp.amortise(rp.Loan("1000", "5%", 400, "2024-01-31"))
    assert (np.diff(schedule.columns["date"]).astype(int) >= 28).all()
