"""Day counts against published cases, and what they refuse."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.dates.accrual import Accrual
from repaylib.dates.day_count import (
    BY_BUSINESS_DAY,
    BY_DAY,
    BY_PERIOD,
    COUNTED_DAYS,
    DAY_COUNTS,
    SPELLINGS,
    denominator,
    numerators,
    periods_share,
)
from repaylib.dates.day_count_rules import RULES
from repaylib.dates.generation import lay_out
from repaylib.typing import DayCount

VECTORS = Path(__file__).parents[1] / "vectors"
CASES = json.loads((VECTORS / "daycount.json").read_text())["cases"]
ISDA = json.loads((VECTORS / "daycount_isda.json").read_text())
THIRTY = [
    (word, start, end, days)
    for start, end, *counts in ISDA["thirty_360"]["cases"]
    for word, days in zip(ISDA["thirty_360"]["day_counts"], counts, strict=True)
    if days is not None
]

#: Weekends, and the holidays of Brazil in 2024 that fall on weekdays up to May.
HOLIDAYS = ["2024-01-01", "2024-02-12", "2024-02-13", "2024-03-29", "2024-05-01", "2024-05-30"]
BRAZIL_2024 = np.busdaycalendar(holidays=np.array(HOLIDAYS, "datetime64[D]"))


@pytest.mark.parametrize(("source", "words", "start", "end", "expected"), CASES)
def test_published_cases(source: str, words: Any, start: str, end: str, expected: str) -> None:
    if isinstance(words, dict):
        for day_count, days in words.items():
            assert rp.rates.year_fraction(start, end, day_count) * 360 == int(days)
        return
    assert rp.rates.year_fraction(start, end, words) == Fraction(expected)


def test_there_are_130() -> None:
    """As published, one of them twice; the counts of days in one row are asserted one by one."""
    assert len(CASES) == 130
    counted = [case for case in CASES if isinstance(case[1], dict)]
    assert len(counted) == 11
    assert all(len(case[1]) == 4 for case in counted)


@pytest.mark.parametrize(("word", "start", "end", "days"), THIRTY)
def test_examples_of_isda_for_30_360(word: Any, start: str, end: str, days: int) -> None:
    assert rp.rates.year_fraction(start, end, word) * 360 == days


@pytest.mark.parametrize(
    ("start", "end", "months", "edges", "shares", "amounts"), ISDA["actual"]["cases"]
)
def test_examples_of_isda_for_actual_actual(
    start: str, end: str, months: int, edges: list[str], shares: list[str], amounts: list[str]
) -> None:
    """Its formulas exactly, and its amounts for 10,000 at 10 %."""
    low, high = date.fromisoformat(start), date.fromisoformat(end)
    cells = pairwise(map(date.fromisoformat, edges))
    found = [
        rp.rates.year_fraction(start, end, "actual/actual ISDA"),
        periods_share(low, high, "pro_rata", cells, Fraction(months, 12)),
        rp.rates.year_fraction(start, end, "actual/actual AFB"),
    ]
    assert found == [_sum(each) for each in shares]
    assert [f"{float(1000 * share):.2f}" for share in found] == amounts


def _sum(text: str) -> Fraction:
    return sum((Fraction(each) for each in text.split(" + ")), Fraction(0))


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
    assert rp.rates.year_fraction("2011-12-28", "2012-02-29", "30E/365") == Fraction(62, 365)
    assert "[62/365]" in str(numerators.__doc__).partition('"30E/365"')[2].partition("``")[2][:120]


def test_every_day_count_has_its_month() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "day_counts.rst").read_text(
        encoding="utf-8"
    )
    for day_count in DAY_COUNTS:
        assert day_count in RULES or day_count in BY_PERIOD or day_count in BY_BUSINESS_DAY
        assert f'``"{day_count}"``' in page, day_count


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(0, 4_000), st.data())
def test_a_later_day_is_never_a_smaller_share(start: date, days: int, data: st.DataObject) -> None:
    day_count = data.draw(st.sampled_from(DAY_COUNTS))
    if day_count == "actual/365 leap" or day_count == "actual/365L":
        days = min(days, 364)  # after a year, a longer year can make the share smaller
    end = start + timedelta(days=days)
    words: Any = {
        "counted_days": data.draw(
            st.sampled_from(COUNTED_DAYS[: 2 + (day_count not in BY_PERIOD)])
        ),
        "calendar": BRAZIL_2024 if day_count in BY_BUSINESS_DAY else None,
    }
    later = rp.rates.year_fraction(start, end + timedelta(days=1), day_count, **words)
    assert later >= rp.rates.year_fraction(start, end, day_count, **words) >= 0


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(0, 2_000), st.data())
def test_the_last_day_counted_is_the_same_rule_a_day_later(
    start: date, days: int, data: st.DataObject
) -> None:
    day_count = data.draw(st.sampled_from([each for each in DAY_COUNTS if each not in BY_PERIOD]))
    end, one = start + timedelta(days=days), timedelta(days=1)
    calendar = BRAZIL_2024 if day_count in BY_BUSINESS_DAY else None
    last = rp.rates.year_fraction(start, end, day_count, counted_days="last", calendar=calendar)
    assert last == rp.rates.year_fraction(start + one, end + one, day_count, calendar=calendar)
    if day_count in BY_DAY:
        assert last == rp.rates.year_fraction(start, end, day_count)


@pytest.mark.parametrize(
    ("counted", "share", "interest"),
    [("first", "1/365 + 30/366", "101.65"), ("last", "31/366", "101.64")],
)
def test_the_day_counted_at_the_end_of_a_year(counted: Any, share: str, interest: str) -> None:
    loan = rp.Loan(
        "10000", "12%", 12, "2023-12-31", day_count="actual/actual ISDA", counted_days=counted
    )
    plan = rp.amortise(loan)
    assert rp.rates.year_fraction(
        "2023-12-31", "2024-01-31", loan.day_count, counted_days=counted
    ) == _sum(share)
    assert str(plan[0].interest) == interest
    assert ("last day counted" in plan.terms()) == (counted == "last")
    assert ("last day counted" in str(plan.explain(1))) == (counted == "last")
    assert rp.Schedule.from_json(plan.to_json()) == plan


def test_business_days_of_a_year_in_brazil() -> None:
    """January 2024 has 22 business days (a holiday on the 1st), February 19 (carnival)."""
    months = ["2024-01-01", "2024-02-01", "2024-03-01"]
    for start, end, days in zip(months, months[1:], (22, 19), strict=False):
        share = rp.rates.year_fraction(start, end, "business/252", calendar=BRAZIL_2024)
        assert share == Fraction(days, 252)
    edges = np.array(months, "datetime64[D]")
    assert numerators(edges[:-1], edges[1:], "business/252", BRAZIL_2024).tolist() == [22, 19]
    assert denominator("business/252") == 252
    table, _ = lay_out(date(2024, 1, 1), payments=1)
    accrual = Accrual(table, "business/252", "pro_rata", calendar=BRAZIL_2024)
    assert accrual.factors(1, 2, Fraction(1)) == ([22, 19], 252)
    parts = [date(2024, 2, 1), date(2024, 2, 14), date(2024, 3, 1)]
    shares = [accrual.share(2, low, high) for low, high in pairwise(parts)]
    assert shares == [Fraction(7, 252), Fraction(12, 252)]


def test_business_days_need_a_calendar() -> None:
    with pytest.raises(rp.errors.TermsError, match=r"day_count=.business/252."):
        rp.rates.year_fraction("2024-01-01", "2024-02-01", "business/252")
    with pytest.raises(rp.errors.TermsError, match="calendar"):
        rp.Loan("10000", "12%", 12, "2024-01-10", day_count="business/252")
    days = np.array(["2024-01-01", "2024-02-01"], "datetime64[D]")
    with pytest.raises(rp.errors.TermsError, match="calendar"):
        numerators(days[:1], days[1:], "business/252")


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ("ACT/360", "actual/360"),
        ("30/360", "30/360 ISDA"),
        ("actual/365 fixed", "actual/365"),
        ("actual/actual", "actual/actual ISDA"),
        ("act/act", "actual/actual ISDA"),
        ("30U/360", "30/360 US"),
        ("NL/365", "no-leap/365"),
        ("Bus/252", "business/252"),
        ("Actual/360", "actual/360"),
    ],
)
def test_names_known_elsewhere_are_refused_with_the_word(given: Any, word: str) -> None:
    for call in (
        lambda: rp.rates.year_fraction("2024-01-01", "2024-02-01", given),
        lambda: rp.Loan("10000", "12%", 12, "2024-01-10", day_count=given),
    ):
        with pytest.raises(rp.errors.ChoiceError) as caught:
            call()
        assert caught.value.hint == f'write day_count="{word}"'


def test_other_names_are_of_words_that_there_are() -> None:
    assert set(SPELLINGS.values()) <= set(DAY_COUNTS)
    assert all(name == "".join(name.split()).casefold() for name in SPELLINGS)


def test_fractions_of_a_year_refuse_what_they_cannot_count() -> None:
    with pytest.raises(rp.errors.TermsError, match="swap the two"):
        rp.rates.year_fraction("2024-02-01", "2024-01-01")
    words: Any = {"counted_days": "neither"}
    with pytest.raises(rp.errors.ChoiceError, match="last"):
        rp.rates.year_fraction("2024-01-01", "2024-02-01", **words)
    unknown: Any = "act/365"
    with pytest.raises(rp.errors.ChoiceError, match="actual/365"):
        rp.rates.year_fraction("2024-01-01", "2024-02-01", unknown)
    assert rp.rates.year_fraction("2024-01-01", "2024-01-01", "1/1") == 0
    assert set(BY_PERIOD) < set(DAY_COUNTS)
