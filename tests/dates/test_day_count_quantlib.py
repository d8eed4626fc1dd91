"""Day counts against QuantLib's, for 20,000 pairs of days each."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from repaylib.dates.accrual import Accrual
from repaylib.dates.day_count import denominator, numerators
from repaylib.dates.generation import lay_out
from repaylib.typing import DayCount

ql = pytest.importorskip("QuantLib")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

COUNT = 20_000
EXACT = 1e-12

thirty, actual = ql.Thirty360, ql.ActualActual

SAME: list[tuple[DayCount, Callable[[], Any]]] = [
    ("actual/365", ql.Actual365Fixed),
    ("actual/360", ql.Actual360),
    ("actual/364", ql.Actual364),
    ("actual/365.25", ql.Actual36525),
    ("no-leap/365", lambda: ql.Actual365Fixed(ql.Actual365Fixed.NoLeap)),
    ("actual/actual ISDA", lambda: actual(actual.ISDA)),
    ("actual/actual AFB", lambda: actual(actual.AFB)),
    ("actual/actual AFB", lambda: actual(actual.Euro)),
    ("30/360 ISDA", lambda: thirty(thirty.BondBasis)),
    ("30/360 US", lambda: thirty(thirty.USA)),
    ("30E/360", lambda: thirty(thirty.European)),
    ("30E/360", lambda: thirty(thirty.EurobondBasis)),
    ("30E/360 ISDA", lambda: thirty(thirty.German)),
    ("30E/360 ISDA", lambda: thirty(thirty.ISDA)),
    ("1/1", ql.OneDayCounter),
]


def to_ql(day: date) -> Any:
    return ql.Date(day.day, day.month, day.year)


def array(days: list[date]) -> npt.NDArray[np.datetime64]:
    return np.array(days, dtype="datetime64[D]")


@cache
def pairs() -> list[tuple[date, date]]:
    """Pairs of days from 1950 to 2070, many of them at the end of a month or of February."""
    draw = random.Random(2024)
    found = []
    for _ in range(COUNT):
        found.append(sorted((_day(draw), _day(draw))))
    return [(low, high if high > low else low + timedelta(days=1)) for low, high in found]


def _day(draw: random.Random) -> date:
    day = date(1950, 1, 1) + timedelta(days=draw.randrange(43_800))
    where = draw.random()
    if where < 0.25:
        return date(day.year, 3, 1) - timedelta(days=draw.randrange(1, 3))
    if where < 0.5:
        return day.replace(day=28) + timedelta(days=draw.randrange(4))
    return day


@cache
def their_pairs() -> list[tuple[Any, Any]]:
    return [(to_ql(low), to_ql(high)) for low, high in pairs()]


@pytest.mark.parametrize(("word", "other"), SAME)
def test_day_counts(word: DayCount, other: Callable[[], Any]) -> None:
    starts = array([low for low, _ in pairs()])
    ends = array([high for _, high in pairs()])
    ours = numerators(starts, ends, word) / denominator(word)
    counter = other()
    theirs = np.array([counter.yearFraction(low, high) for low, high in their_pairs()])
    assert np.abs(ours - theirs).max() < EXACT


def test_business_days_of_brazil() -> None:
    calendar = ql.Brazil()
    holidays = ql.Calendar.holidayList(calendar, ql.Date(1, 1, 1990), ql.Date(31, 12, 2100))
    ours_calendar = np.busdaycalendar(holidays=[day.ISO() for day in holidays])
    draw = random.Random(252)
    first, days = date(1990, 1, 1), (date(2100, 12, 31) - date(1990, 1, 1)).days
    chosen = [sorted(draw.sample(range(days), 2)) for _ in range(COUNT)]
    spans = [(first + timedelta(days=low), first + timedelta(days=high)) for low, high in chosen]
    ours = numerators(
        array([low for low, _ in spans]),
        array([high for _, high in spans]),
        "business/252",
        ours_calendar,
    ) / denominator("business/252")
    counter = ql.Business252(calendar)
    theirs = np.array([counter.yearFraction(to_ql(low), to_ql(high)) for low, high in spans])
    assert np.abs(ours - theirs).max() < EXACT


def test_actual_actual_icma_within_a_reference_period() -> None:
    """Days over the days of the regular period that holds them, times its share of a year."""
    draw = random.Random(251)
    counter = actual(actual.ISMA)
    most = 0.0
    for low, _ in pairs():
        months = draw.choice((1, 3, 6, 12))
        table, _ = lay_out(low, f"{months} months", payments=1)
        end = table.accrual_date(1)
        start, stop = sorted(
            low + timedelta(days=draw.randrange((end - low).days + 1)) for _ in range(2)
        )
        share = Accrual(table, "actual/actual ICMA", "pro_rata").share(1, start, stop)
        theirs = counter.yearFraction(to_ql(start), to_ql(stop), to_ql(low), to_ql(end))
        most = max(most, abs(float(share) - theirs))
    assert most < EXACT
