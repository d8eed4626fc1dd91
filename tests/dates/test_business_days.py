"""Holidays as people have them: lists, pandas, numpy, and packages that know them by country."""

from __future__ import annotations

import copy
import pickle
import sys
from collections import ChainMap, Counter, OrderedDict, defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.tseries.holiday import USFederalHolidayCalendar

import repaylib as rp
from tests.strategies.loans import examples

CHRISTMAS = date(2024, 12, 25)


@pytest.mark.parametrize(
    "days",
    [
        [CHRISTMAS],
        ("2024-12-25",),
        {CHRISTMAS},
        {CHRISTMAS: "Christmas"},
        OrderedDict({CHRISTMAS: "Christmas"}),
        defaultdict(str, {CHRISTMAS: "Christmas"}),
        (day for day in [CHRISTMAS]),
        iter([CHRISTMAS]),
        np.array(["2024-12-25"], "datetime64[D]"),
        np.array(["2024-12-25"], "datetime64[ns]"),
        pd.DatetimeIndex(["2024-12-25"]),
        pd.Series(pd.to_datetime(["2024-12-25"])),
        USFederalHolidayCalendar().holidays("2024-12-01", "2024-12-31"),
        np.busdaycalendar(holidays=[np.datetime64("2024-12-25")]).holidays,
    ],
    ids=lambda days: type(days).__name__,
)
def test_days_in_every_container(days: Any) -> None:
    calendar = rp.Calendar(holidays=days)
    assert calendar.holidays == (CHRISTMAS,)
    assert calendar.years is None


@pytest.mark.parametrize(
    "days",
    [[], (), {}, set(), OrderedDict(), np.array([], "datetime64[D]"), pd.DatetimeIndex([])],
    ids=lambda days: type(days).__name__,
)
def test_no_holidays_on_purpose(days: Any) -> None:
    assert rp.Calendar(holidays=days).holidays == ()


class Asked(dict[date, str]):
    """Holidays that are there only once somebody asks, as in the package ``holidays``."""

    def __contains__(self, day: object) -> bool:
        return day == CHRISTMAS


class Germany:
    """A calendar of workalendar, as far as can be seen from outside."""

    def holidays(self, year: int) -> list[tuple[date, str]]:
        return [(date(year, 12, 25), "Christmas")]

    def get_calendar_holidays(self, year: int) -> list[tuple[date, str]]:
        return self.holidays(year)


@pytest.mark.parametrize(
    ("days", "hint"),
    [
        (Asked(), "write holidays=[...] with the days"),
        (defaultdict(str), "holidays=[] if there are none"),
        (Counter(), "holidays=[] if there are none"),
        ((day for day in list[date]()), "write holidays=list(...) where it is made"),
        (iter([]), "write holidays=list(...) where it is made"),
        (
            USFederalHolidayCalendar(),
            'holidays=USFederalHolidayCalendar().holidays("2024-01-01", "2030-12-31")',
        ),
        (USFederalHolidayCalendar, 'holidays=USFederalHolidayCalendar().holidays("2024-01-01"'),
        (
            Germany(),
            "holidays=[day for year in range(2024, 2031) for day, _ in Germany().holidays(year)]",
        ),
        (Germany().holidays(2024), "write holidays=[day for day, name in ...]"),
        (np.busdaycalendar(), "write holidays=calendar.holidays, or hand it to the loan"),
        (rp.Calendar(), "write holidays=calendar.holidays"),
        ("2024-12-25", 'write holidays=["2024-12-25"]'),
        (20241225, 'write holidays=["2024-12-25"]'),
        ([pd.NaT], "a day"),
    ],
)
def test_what_has_no_days_is_refused(days: Any, hint: str) -> None:
    with pytest.raises(rp.errors.DateError) as caught:
        rp.Calendar(holidays=days)
    assert hint in str(caught.value)
    assert caught.value.parameter == "holidays"


def test_a_generator_gives_its_days_once() -> None:
    days = (day for day in [CHRISTMAS])
    assert rp.Calendar(holidays=days).holidays
    with pytest.raises(rp.errors.DateError, match="gone through before"):
        rp.Calendar(holidays=days)


def test_a_calendar_of_another_package_is_no_calendar_of_a_loan() -> None:
    words: dict[str, Any] = {"roll": "following", "calendar": USFederalHolidayCalendar()}
    with pytest.raises(rp.errors.ChoiceError) as caught:
        rp.Loan("10000", "12%", 12, "2024-01-10", **words)
    hint = 'write calendar=rp.Calendar(holidays=USFederalHolidayCalendar().holidays("2024-01-01",'
    assert hint in str(caught.value)
    with pytest.raises(rp.errors.ChoiceError, match=r"a numpy\.busdaycalendar"):
        rp.Loan("10000", "12%", 12, "2024-01-10", **words | {"calendar": ChainMap()})


# -- the package holidays ---------------------------------------------------------------


def test_an_object_of_holidays_without_years() -> None:
    holidays = pytest.importorskip("holidays")
    for made, hint in (
        (holidays.country_holidays("DE"), 'holidays.country_holidays("DE", years=range('),
        (
            holidays.country_holidays("DE", subdiv="BY"),
            'holidays.country_holidays("DE", subdiv="BY", years=range(2024, 2031))',
        ),
        (
            holidays.Germany(),
            'write holidays.country_holidays("DE", years=range(2024, 2031)), with',
        ),
        (holidays.financial_holidays("ECB"), 'write holidays.financial_holidays("'),
        (
            holidays.country_holidays("DE") + holidays.country_holidays("FR"),
            "build it, or what it is made of, with years=range(2024, 2031)",
        ),
        (holidays.HolidayBase(), "with years=range(2024, 2031)"),
    ):
        with pytest.raises(rp.errors.DateError) as caught:
            rp.Calendar(holidays=made)
        assert hint in str(caught.value)
        assert not made.years, "it was not filled by looking"


def test_an_object_of_holidays_with_its_years() -> None:
    holidays = pytest.importorskip("holidays")
    german = holidays.country_holidays("DE", years=range(2024, 2027))
    calendar = rp.Calendar(holidays=german)
    assert calendar.years == (2024, 2025, 2026)
    assert calendar.holidays == tuple(day for day in sorted(german) if day.weekday() < 5)
    both = german + holidays.country_holidays("FR", years=range(2024, 2027))
    assert rp.Calendar(holidays=both).years == (2024, 2025, 2026)
    assert rp.Calendar(holidays=list(german)).years is None
    plan = rp.amortise(
        rp.Loan("10000", "12%", 24, "2024-02-01", calendar=calendar, roll="following")
    )
    assert [row.date for row in plan if row.date in german] == []
    assert plan[2].date == date(2024, 5, 2), "after the first of May"
    assert rp.Calendar(holidays=german, years=[2025]).years == (2025,)
    with pytest.raises(
        rp.errors.CountError, match=r"years: got '2025 to 2027'; .*: 2024 to 2026; build"
    ):
        rp.Calendar(holidays=german, years=[2025, 2026, 2027])
    own = holidays.HolidayBase()
    own.update({"2024-12-24": "closed"})
    assert rp.Calendar(holidays=own) == rp.Calendar(holidays=["2024-12-24"])


def test_workalendar() -> None:
    germany = pytest.importorskip("workalendar.europe").Germany()
    with pytest.raises(rp.errors.DateError) as caught:
        rp.Calendar(holidays=germany)
    *_, written = str(caught.value).partition("write holidays=")
    days = eval(written.replace("Germany()", "germany"), {"germany": germany})
    assert len(rp.Calendar(holidays=days).holidays) == len({d for d in days if d.weekday() < 5})


# -- years that are not known -----------------------------------------------------------

KNOWN = rp.Calendar(holidays=["2024-12-25", "2025-12-25"], years=[2025, 2024, 2024])
WORDS: dict[str, Any] = {"calendar": KNOWN, "roll": "following"}


def test_years_are_part_of_the_value() -> None:
    assert KNOWN.years == (2024, 2025)
    assert str(KNOWN) == "weeks of 1111100, holidays: 2, of 2024 to 2025"
    assert rp.Calendar(holidays=KNOWN.holidays).years is None
    assert rp.Calendar(holidays=KNOWN.holidays) != KNOWN
    assert copy.deepcopy(KNOWN) == pickle.loads(pickle.dumps(KNOWN)) == KNOWN
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", **WORDS))
    assert rp.Schedule.from_json(plan.to_json()) == plan
    plain = rp.amortise(
        rp.Loan("10000", "12%", 12, "2024-01-10", calendar=rp.Calendar(), roll="following")
    )
    assert "years" not in plain.to_json()
    for years in ("2024", [2024.5], [], 20_000, [None]):
        with pytest.raises(rp.errors.CountError, match="years: got"):
            rp.Calendar(years=years)  # type: ignore[arg-type]  # is refused


@pytest.mark.parametrize(
    "reach",
    [
        lambda loan: rp.amortise(loan(payments=24)),
        lambda loan: rp.defer(loan(payments=23), payment=4),
        lambda loan: rp.reschedule(loan(payments=12), payments=36, payment=2),
        lambda loan: rp.change_rate(loan(payments=23), "30%", payment=2, hold="payment"),
        lambda loan: rp.amortise(loan(payments=12, start="2023-11-10")),
        lambda loan: rp.amortise(loan(payments=1, start="2025-11-30", first_payment="2025-12-31")),
        lambda loan: rp.amortise(loan(payments=24, day_count="business/252", roll="none")),
        lambda loan: rp.amortise(loan(payments=12, start="2023-12-31", day_count="business/252")),
        lambda loan: KNOWN.is_business_day("2026-01-01"),
    ],
)
def test_a_schedule_in_other_years_is_refused(reach: Callable[[Any], Any]) -> None:
    def loan(**words: Any) -> rp.Loan:
        given = {"principal": "10000", "rate": "12%", "start": "2024-01-10", **WORDS, **words}
        closed = [*KNOWN.holidays, date(2025, 12, 31)]
        given["calendar"] = rp.Calendar(holidays=closed, years=KNOWN.years)
        return rp.Loan(**given)

    with pytest.raises(
        rp.errors.DateError, match=r"calendar: got .* of 2024 to 2025'; .* of years=range"
    ):
        reach(loan)


@given(
    payments=st.lists(st.integers(1, 40), min_size=1, max_size=8),
    starts=st.lists(st.dates(date(2022, 6, 1), date(2026, 6, 1)), min_size=8, max_size=8),
    years=st.sets(st.integers(2022, 2029), min_size=1).map(sorted),
    change=st.sampled_from(
        [
            None,
            rp.changes.Deferral(1, periods=5),
            rp.changes.Deferral(2, repay="capitalise", hold="payment"),
            rp.changes.RateChange("30%", payment=1, hold="payment"),
            rp.changes.Prepayment("500", on="2026-08-02"),
        ]
    ),
    words=st.sampled_from(
        [
            {},
            {"accrual_dates": "adjusted", "day_count": "actual/365"},
            {"day_count": "business/252"},
        ]
    ),
)
@settings(max_examples=examples(40))
def test_a_book_refuses_what_a_loan_refuses(
    payments: list[int],
    starts: list[date],
    years: list[int],
    change: rp.changes.Change | None,
    words: dict[str, Any],
) -> None:
    words = {**WORDS, "calendar": rp.Calendar(holidays=["2024-12-25"], years=years), **words}
    count = len(payments)
    book = rp.Portfolio(
        principal=["10000"] * count,
        rate="12%",
        payments=payments,
        start=starts[:count],
        errors="collect",
        **words,
    )
    plan = rp.amortise(book, *([change] if change else []))
    rejects = {each.row: str(each.error) for each in plan.rejects}
    for row in range(count):
        alone = of_itself(rp.Loan("10000", "12%", payments[row], starts[row], **words), change)
        if isinstance(alone, str):
            assert rejects.pop(row).partition(": ")[2] == alone.partition(": ")[2]
        else:
            assert plan.payment[row, : len(alone)].tolist() == alone.columns["payment"].tolist()
            assert plan.date[row, : len(alone)].tolist() == alone.columns["date"].tolist()
    assert not rejects


def of_itself(loan: rp.Loan, change: rp.changes.Change | None) -> rp.Schedule | str:
    """Return the schedule of a loan, or why there is none."""
    try:
        return rp.amortise(loan, *([change] if change else []))
    except rp.RepayError as error:
        return str(error)


class TestHolidaysOfACountry:
    """Public holidays and weekends as the package ``holidays`` has them."""

    def test_days_and_weekends(self) -> None:
        pytest.importorskip("holidays")
        german = rp.Calendar.of("DE", years=[2024, 2025])
        assert not german.is_business_day("2024-10-03")  # Day of German Unity
        assert german.is_business_day("2024-05-30")
        assert not rp.Calendar.of("DE", [2024], subdivision="BY").is_business_day("2024-05-30")
        assert (german.weekmask, german.years) == ("1111100", (2024, 2025))
        assert rp.Calendar.of("SA", [2024]).weekmask == "1111001"
        loan = rp.Loan("1000", "12%", 36, "2024-01-31", calendar=german, roll="following")
        with pytest.raises(rp.errors.DateError, match=r"range\(2024, 2028\)"):
            rp.amortise(loan)

    @pytest.mark.parametrize(
        ("words", "parameter"),
        [
            ({"country": "XX"}, "country"),
            ({"country": 5}, "country"),
            ({"country": "DE", "subdivision": "QQ"}, "subdivision"),
            ({"country": "DE", "years": ["soon"]}, "years"),
        ],
    )
    def test_what_the_package_does_not_know(self, words: dict[str, Any], parameter: str) -> None:
        pytest.importorskip("holidays")
        with pytest.raises(rp.RepayError) as error:
            rp.Calendar.of(**{"years": [2024]} | words)
        assert error.value.parameter == parameter

    def test_without_the_package(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "holidays", None)
        with pytest.raises(rp.errors.ExtraError, match=r"pip install 'repaylib\[holidays\]'"):
            rp.Calendar.of("DE", years=[2024])
