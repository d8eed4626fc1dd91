"""Day counts against published cases, and against QuantLib's."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.daycount import BY_PERIOD, DAY_COUNTS, DayCount, denominator, numerators

CASES = json.loads((Path(__file__).parent / "vectors" / "daycount.json").read_text())["cases"]


@pytest.mark.parametrize(("source", "words", "start", "end", "expected"), CASES)
def test_published_cases(source: str, words: Any, start: str, end: str, expected: str) -> None:
    if isinstance(words, dict):
        for day_count, days in words.items():
            assert rp.year_fraction(start, end, day_count) * 360 == int(days)
        return
    assert rp.year_fraction(start, end, words) == Fraction(expected)


def test_there_are_130() -> None:
    assert len(CASES) == 130


def quantlib_day_counts() -> dict[DayCount, Any]:
    ql = pytest.importorskip("QuantLib")
    thirty, actual = ql.Thirty360, ql.ActualActual
    return {
        "actual/365": ql.Actual365Fixed(),
        "actual/360": ql.Actual360(),
        "actual/364": ql.Actual364(),
        "actual/365.25": ql.Actual36525(),
        "no-leap/365": ql.Actual365Fixed(ql.Actual365Fixed.NoLeap),
        "actual/actual ISDA": actual(actual.ISDA),
        "actual/actual AFB": actual(actual.AFB),
        "30/360 ISDA": thirty(thirty.BondBasis),
        "30/360 US": thirty(thirty.USA),
        "30E/360": thirty(thirty.European),
        "30E/360 ISDA": thirty(thirty.German),
        "1/1": ql.OneDayCounter(),
    }


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_20_000_pairs_of_days_against_quantlib() -> None:
    ql = pytest.importorskip("QuantLib")
    draw = random.Random(2024)
    pairs = []
    for _ in range(20_000):
        start = date(1950, 1, 1) + timedelta(days=draw.randrange(40_000))
        if draw.random() < 0.3:  # the end of February, where the conventions differ
            start = start.replace(month=2, day=28) + timedelta(days=draw.randrange(2))
        pairs.append((start, start + timedelta(days=draw.randrange(1, 4_000))))
    starts = np.array([low for low, _ in pairs], "datetime64[D]")
    ends = np.array([high for _, high in pairs], "datetime64[D]")
    theirs = [[ql.Date(day.day, day.month, day.year) for day in pair] for pair in pairs]
    for word, other in quantlib_day_counts().items():
        ours = numerators(starts, ends, word) / denominator(word)
        expected = np.array([other.yearFraction(low, high) for low, high in theirs])
        assert np.abs(ours - expected).max() < 1e-12, word


@pytest.mark.parametrize(
    ("day_count", "interest"),
    [
        ("periodic", "100.00"),
        ("actual/actual ICMA", "100.00"),
        ("actual/360", "103.33"),
        ("actual/364", "102.20"),
        ("actual/365", "101.92"),
        ("actual/365.25", "101.85"),
        ("actual/365 leap", "101.92"),
        ("actual/365L", "101.64"),
        ("no-leap/365", "101.92"),
        ("no-leap/360", "103.33"),
        ("actual/actual ISDA", "101.64"),
        ("actual/actual AFB", "101.92"),
        ("actual/actual year", "101.64"),
        ("30/360 ISDA", "100.00"),
        ("30/360 US", "100.00"),
        ("30/360 PSA", "100.00"),
        ("30E/360", "100.00"),
        ("30E/360 ISDA", "100.00"),
        ("30E+/360", "100.00"),
        ("30E/365", "98.63"),
        ("months and days/360", "100.00"),
        ("1/1", "1200.00"),
    ],
)
def test_a_month_of_31_days_in_a_leap_year(day_count: DayCount, interest: str) -> None:
    """10,000 at 12 % from 10 January to 10 February 2024, as the page on day counts shows it."""
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", day_count=day_count)
    assert str(rp.amortise(loan)[0].interest) == interest


def test_the_last_of_february_is_a_30th_over_365_too() -> None:
    """The example in the docstring, which the table of Strata's own cases bears out."""
    assert rp.year_fraction("2011-12-28", "2012-02-29", "30E/365") == Fraction(62, 365)
    assert "[62/365]" in str(numerators.__doc__).partition('"30E/365"')[2].partition("``")[2][:120]


def test_every_day_count_has_its_month() -> None:
    page = (Path(__file__).parent.parent / "docs" / "day_counts.rst").read_text(encoding="utf-8")
    for day_count in DAY_COUNTS:
        assert f'``"{day_count}"``' in page, day_count


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(0, 4_000), st.data())
def test_a_later_day_is_never_a_smaller_share(start: date, days: int, data: st.DataObject) -> None:
    day_count = data.draw(st.sampled_from(DAY_COUNTS))
    if day_count == "actual/365 leap" or day_count == "actual/365L":
        days = min(days, 364)  # after a year, a longer year can make the share smaller
    end = start + timedelta(days=days)
    later = rp.year_fraction(start, end + timedelta(days=1), day_count)
    assert later >= rp.year_fraction(start, end, day_count) >= 0


def test_fractions_of_a_year_refuse_what_they_cannot_count() -> None:
    with pytest.raises(rp.TermsError, match="swap the two"):
        rp.year_fraction("2024-02-01", "2024-01-01")
    unknown: Any = "act/365"
    with pytest.raises(rp.ChoiceError, match="actual/365"):
        rp.year_fraction("2024-01-01", "2024-02-01", unknown)
    assert rp.year_fraction("2024-01-01", "2024-01-01", "1/1") == 0
    assert set(BY_PERIOD) < set(DAY_COUNTS)
