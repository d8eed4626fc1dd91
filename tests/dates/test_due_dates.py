"""Due dates: reading them, stubs, month ends, business days, and laws that hold for all."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta
from dateutil.rrule import FR, HOURLY, MONTHLY, rrule
from hypothesis import assume, given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.dates.accrual import Accrual
from repaylib.dates.business_days import Business
from repaylib.dates.day_count import DAY_COUNTS, ODD_DAYS, periods_share
from repaylib.dates.frequency import parse_every, step_of
from repaylib.dates.frequency_wording import frequency_sentence
from repaylib.dates.generation import lay_out
from repaylib.dates.months import add_months
from repaylib.engine.execution import run
from repaylib.engine.program import compile_loan
from repaylib.schedule.placement import amount_place
from repaylib.schedule.rows import days_of
from tests.strategies.loans import changed, dated_loans

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "due_dates.json").read_text())
days = st.dates(date(1900, 1, 1), date(2150, 12, 31))


def dates(**words: Any) -> list[str]:
    """The due dates of a loan with these words, as they are paid."""
    loan = rp.Loan("1000", "0%", **words)
    return [str(day) for day in loan.timetable.adjusted_dates(1, loan.payments).tolist()]


def refusal(**words: Any) -> str:
    """Why a loan with these words is refused."""
    with pytest.raises(rp.RepayError) as caught:
        rp.Loan("1000", "12%", **{"start": "2024-01-10", **words})
    return str(caught.value)


# -- months -------------------------------------------------------------------------------


@given(days, st.integers(0, 1200))
def test_months_as_dateutil_adds_them(day: date, months: int) -> None:
    assume(day.year + months / 12 < 9998)
    assert add_months(day, months) == day + relativedelta(months=months)


@given(days, st.integers(1, 600), st.sampled_from([1, 2, 3, 6, 12]))
def test_due_dates_as_dateutil_gives_them(start: date, count: int, months: int) -> None:
    table, _ = lay_out(start, parse_every(f"{months} months"), payments=count)
    wanted = [start + relativedelta(months=months * k) for k in range(count + 1)]
    assert [table.accrual_date(k) for k in range(count + 1)] == wanted
    assert table.accrual_dates(0, count).tolist() == wanted
    assert table.accrual_dates(1, count).tolist() == wanted[1:]


# -- laws ---------------------------------------------------------------------------------


def beyond(loan: rp.Loan) -> int:
    """How far due dates can be asked for."""
    return loan.payments + (0 if loan.timetable.share is None else 5)


@given(dated_loans())
def test_due_dates_ascend_and_are_the_same_one_by_one(loan: rp.Loan) -> None:
    table, last = loan.timetable, beyond(loan)
    numbers = range(last + 1)
    assert table.accrual_dates(0, last).tolist() == [table.accrual_date(k) for k in numbers]
    assert table.adjusted_dates(0, last).tolist() == [table.adjusted(k) for k in numbers]
    for low in {1, loan.payments, max(1, loan.payments - 1)}:
        assert table.accrual_dates(low, last).tolist() == [
            table.accrual_date(k) for k in range(low, last + 1)
        ]
        assert table.adjusted_dates(low, last).tolist() == [
            table.adjusted(k) for k in range(low, last + 1)
        ]
    agreed = [table.unadjusted(k) for k in numbers]
    assert all(one < two for one, two in pairwise(agreed))
    dues = table.accrual_dates(0, loan.payments).tolist()
    assert all(one < two for one, two in pairwise(dues))


@given(dated_loans(), st.data())
def test_the_due_date_that_follows_a_day(loan: rp.Loan, data: st.DataObject) -> None:
    table = loan.timetable
    span = (table.accrual_date(loan.payments) - loan.start).days
    day = loan.start + timedelta(days=data.draw(st.integers(0, span - 1)))
    k = table.first_number_after(day)
    assert table.accrual_date(k) > day
    assert table.accrual_date(k - 1) <= day
    assert all(
        table.first_number_after(table.accrual_date(k)) == k + 1 for k in range(loan.payments)
    )


@given(dated_loans(), st.data())
def test_regular_periods_cover_a_span(loan: rp.Loan, data: st.DataObject) -> None:
    table = loan.timetable
    span = (table.accrual_date(loan.payments) - loan.start).days
    one, two = sorted(data.draw(st.lists(st.integers(0, span), min_size=2, max_size=2)))
    assume(one < two)
    low, high = loan.start + timedelta(days=one), loan.start + timedelta(days=two)
    cells = list(table.regular_periods(low, high))
    assert cells[0][0] <= low < cells[0][1]
    assert cells[-1][0] < high <= cells[-1][1]
    # Only a last due date that is off the grid cuts the period in which it stands.
    assert all(
        a[1] == b[0] or a[1] > table.accrual_date(loan.payments) == b[0] for a, b in pairwise(cells)
    )


@given(dated_loans(), st.data())
def test_the_parts_of_a_period_add_up(loan: rp.Loan, data: st.DataObject) -> None:
    words = DAY_COUNTS if loan.timetable.share else ("actual/365", "30/360 ISDA")
    word = data.draw(st.sampled_from(words))
    accrual = Accrual(loan.timetable, word, "pro_rata", calendar=rp.Calendar().numpy)
    k = data.draw(st.integers(1, min(loan.payments, beyond(loan))))
    low, high = accrual.timetable.accrual_date(k - 1), accrual.timetable.accrual_date(k)
    inside = st.integers(0, (high - low).days)
    a, b = sorted(low + timedelta(days=data.draw(inside)) for _ in range(2))
    parts = accrual.share(k, low, a) + accrual.share(k, a, b) + accrual.share(k, b, high)
    assert parts == accrual.share(k, low, high)
    if accrual.day_count == "periodic" and accrual.timetable.whole(k):
        assert parts == accrual.timetable.share


@given(dated_loans())
def test_factors_are_the_shares_at_the_rate(loan: rp.Loan) -> None:
    rate, table = Fraction(7, 90), loan.timetable
    for day_count in ("periodic", "actual/365") if table.share else ("actual/365",):
        accrual = Accrual(table, day_count, "pro_rata")
        low, high = accrual.regular_from, beyond(loan)
        factors, den = accrual.factors(low, high, rate)
        assert [Fraction(each, den) for each in factors] == [
            rate * accrual.share(k, table.accrual_date(k - 1), table.accrual_date(k))
            for k in range(low, high + 1)
        ]


@given(dated_loans())
def test_loans_come_back_from_storage(loan: rp.Loan) -> None:
    plan = rp.amortise(loan)
    again = rp.Schedule.from_json(plan.to_json())
    assert again == plan
    assert hash(again) == hash(plan)
    assert again.loan.timetable == loan.timetable
    for other in (pickle.loads(pickle.dumps(loan)), copy.copy(loan), copy.deepcopy(loan)):
        assert other == loan
        assert other.timetable == loan.timetable


@given(dated_loans(), st.integers(1, 60), st.integers(0, 3))
def test_schedules_on_any_due_dates_balance(loan: rp.Loan, number: int, periods: int) -> None:
    plan = rp.amortise(loan)
    if loan.timetable.share is not None:
        plan = rp.defer(plan, min(number, len(plan)), periods)
    plan.check()
    shown = plan.columns["date"]
    assert (shown[1:] >= shown[:-1]).all()
    assert plan.maturity == shown[-1].item()
    assert len(days_of(run(compile_loan(loan)), paid=False)) == len(rp.amortise(loan))
    traced = run(plan.program, trace=True)
    assert rp.schedule.Columns(traced, plan.program.principal)["payment"].tolist() == (
        plan.columns["payment"].tolist()
    )


@given(changed(dated_loans(), most=4))
def test_any_changes_on_any_due_dates_balance(schedule: rp.Schedule) -> None:
    schedule.check()
    shown = schedule.columns["date"]
    assert (shown[1:] >= shown[:-1]).all()
    assert schedule.maturity == shown[-1].item()
    assert rp.Schedule.from_dict(schedule.to_dict()) == schedule
    traced = rp.schedule.Columns(run(schedule.program, trace=True), schedule.program.principal)
    for name in ("date", "accrued", "payment", "closing"):
        assert traced[name].tolist() == schedule.columns[name].tolist()


# -- words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "word", "adjective", "share"),
    [
        ("day", "day", "daily", "1/365"),
        ("3 days", "3 days", "3-daily", "3/365"),
        ("7 days", "7 days", "7-daily", "7/365"),
        ("week", "week", "weekly", "1/52"),
        ("2 weeks", "2 weeks", "2-weekly", "1/26"),
        (relativedelta(weeks=2), "2 weeks", "2-weekly", "1/26"),
        (relativedelta(days=1), "day", "daily", "1/365"),
        ("half_month", "half_month", "half-monthly", "1/24"),
        ("1 month", "month", "monthly", "1/12"),
        ("3 months", "quarter", "quarterly", "1/4"),
        ("half_year", "half_year", "half-yearly", "1/2"),
        ("12 months", "year", "yearly", "1"),
        (relativedelta(years=1), "year", "yearly", "1"),
        ("24 months", "2 years", "2-yearly", "2"),
        ("1 month 2 weeks", "1 month 14 days", "1-month-14-day", "533/4380"),
    ],
)
def test_words_for_how_often(given: Any, word: str, adjective: str, share: str) -> None:
    assert parse_every(given) == word
    assert parse_every(word) == word
    assert str(frequency_sentence(word)) == adjective
    assert step_of(word).share == Fraction(share)


@pytest.mark.parametrize(
    "bad",
    [
        relativedelta(months=-1),
        relativedelta(),
        relativedelta(months=1, days=-3),
        relativedelta(day=10),
        *("1.5 months", "0 days", "1 week 2 weeks", "weeks", "", 1, None, {"month": 1}),
        *("FREQ=HOURLY", "FREQ=NEVER", "RRULE:", "FREQ=MONTHLY;BYHOUR=9"),
        rrule(HOURLY, count=2, dtstart=datetime(2024, 1, 10)),
        "RRULE:FREQ=MONTHLY;COUNT=3\nEXDATE:20240210T000000",
    ],
)
def test_what_is_no_frequency(bad: Any) -> None:
    with pytest.raises(rp.errors.ChoiceError) as caught:
        parse_every(bad)
    assert caught.value.hint.startswith("write every=")


def test_a_rule_with_a_time_of_day() -> None:
    with pytest.raises(rp.errors.DateError, match="without a time of day"):
        parse_every(rrule(MONTHLY, count=3, dtstart=datetime(2024, 1, 10, 9)))


def test_due_dates_of_each_frequency() -> None:
    start = "2024-01-10"
    assert dates(start=start, payments=2, every="3 days") == ["2024-01-13", "2024-01-16"]
    assert dates(start=start, payments=2, every="2 weeks") == ["2024-01-24", "2024-02-07"]
    halves = dates(start=start, payments=3, every="half_month")
    assert halves == ["2024-01-25", "2024-02-10", "2024-02-25"]
    halves = dates(start=start, payments=4, every="half_month", due_days=(15, 31))
    assert halves == ["2024-01-15", "2024-01-31", "2024-02-15", "2024-02-29"]
    halves = dates(start="2024-01-03", first_payment="2024-01-25", payments=2, every="half_month")
    assert halves == ["2024-01-25", "2024-02-10"]
    mixed = dates(start=start, payments=3, every=relativedelta(months=1, days=15))
    assert mixed == ["2024-02-25", "2024-04-09", "2024-05-25"]
    fridays = rrule(MONTHLY, byweekday=FR(-1), count=3, dtstart=datetime(2024, 1, 10))
    assert dates(start=start, every=fridays) == ["2024-01-26", "2024-02-23", "2024-03-29"]
    text = "FREQ=MONTHLY;BYDAY=-1FR"
    assert dates(start=start, every=text, payments=3) == dates(start=start, every=fridays)
    assert dates(start=start, every=text, maturity="2024-03-29") == (
        dates(start=start, every=fridays)
    )


@pytest.mark.parametrize("payments", [1, 2, 63, 64, 65, 127, 128, 129, 600])
def test_a_rule_gives_as_many_due_dates_as_are_asked_for(payments: int) -> None:
    """Every month, however it is written, and however the days are grouped when they are found."""
    words: dict[str, Any] = {"start": "2024-01-10", "payments": payments}
    assert dates(every="FREQ=MONTHLY", **words) == dates(every="month", **words)


def test_a_list_may_be_longer_than_the_loan() -> None:
    listed = ["2024-02-10", "2024-05-10", "2024-06-01"]
    loan = rp.Loan("1000", "12%", start="2024-01-10", every=listed, payments=2)
    assert loan.day_count == "actual/365"
    assert rp.amortise(loan).maturity == date(2024, 5, 10)
    assert rp.defer(loan, 1).maturity == date(2024, 6, 1)
    with pytest.raises(rp.errors.TermsError, match="list more due dates"):
        rp.defer(loan, 1, 2)
    assert rp.Loan("1000", "12%", start="2024-01-10", every=np.array(listed, "M8[D]")).payments == 3


def test_the_number_of_payments_follows_from_the_end() -> None:
    loan = rp.Loan(principal="10000", rate="12%", start="2024-01-10", maturity="2025-01-10")
    assert loan.payments == 12
    assert (
        rp.amortise(loan).total_interest
        == rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10")).total_interest
    )
    both = rp.Loan("10000", "12%", 12, "2024-01-10", maturity="2025-01-10")
    assert both == loan


def test_what_the_day_count_is_if_nothing_is_said() -> None:
    for every in ("month", "quarter", "half_month", "2 years"):
        assert rp.Loan("1", "1%", 1, "2024-01-10", every=every).day_count == "periodic"
    for every in ("day", "2 weeks", "1 month 15 days", "FREQ=MONTHLY"):
        assert rp.Loan("1", "1%", 1, "2024-01-10", every=every).day_count == "actual/365"


@pytest.mark.parametrize(
    ("every", "interest"), [("week", "23.08"), ("2 weeks", "46.15"), ("half_month", "50.00")]
)
def test_a_period_costs_its_share_of_a_year(every: str, interest: str) -> None:
    loan = rp.Loan("10000", "12%", 3, "2024-01-10", every=every, day_count="periodic")
    assert str(rp.amortise(loan)[0].interest) == interest


def test_due_dates_at_the_ends_of_the_calendar() -> None:
    assert dates(start="0001-01-01", payments=2) == ["0001-02-01", "0001-03-01"]
    assert dates(start="9999-10-10", payments=2) == ["9999-11-10", "9999-12-10"]
    assert dates(start="9999-10-10", first_payment="9999-12-20", payments=1) == ["9999-12-20"]
    for words in ({"payments": 3}, {"payments": 99, "every": "day"}):
        assert "in the years 1 to 9999" in refusal(start="9999-10-10", **words)


# -- stubs --------------------------------------------------------------------------------


@pytest.mark.parametrize(("stub", "months"), VECTORS["stubs"])
def test_stubs_as_published(stub: Any, months: list[int]) -> None:
    start = date(2024, 1, 10)
    ends = [add_months(start, sum(months[: k + 1])) for k in range(len(months))]
    words = {"start": start, "every": "quarter", "stub": stub}
    assert dates(**words, maturity="2024-09-10") == [str(day) for day in ends]
    # 6 months are two quarters, whatever the word.
    assert dates(**words, maturity="2024-07-10") == ["2024-04-10", "2024-07-10"]


@pytest.mark.parametrize(
    ("stub", "maturity", "wanted"),
    [
        ("smart_initial", "2024-07-17", ["2024-01-17", "2024-04-17", "2024-07-17"]),
        ("smart_initial", "2024-07-16", ["2024-04-16", "2024-07-16"]),
        ("smart_final", "2024-07-17", ["2024-04-10", "2024-07-10", "2024-07-17"]),
        ("smart_final", "2024-07-16", ["2024-04-10", "2024-07-16"]),
        (None, "2024-07-17", ["2024-01-17", "2024-04-17", "2024-07-17"]),
    ],
)
def test_smart_stubs_have_seven_days(stub: Any, maturity: str, wanted: list[str]) -> None:
    words = {"start": "2024-01-10", "every": "quarter", "maturity": maturity}
    assert dates(**words, stub=stub) == wanted


def test_one_payment_before_the_first_whole_period_is_a_stub_at_the_end() -> None:
    words: dict[str, Any] = {"start": "2024-01-10", "maturity": "2024-01-25"}
    for stub in ("short_final", "long_final", "smart_final"):
        assert dates(**words, stub=stub) == ["2024-01-25"]
        assert dates(**words, stub=stub, first_payment="2024-01-25") == ["2024-01-25"]


def test_no_stub_and_both_stubs() -> None:
    words: dict[str, Any] = {"start": "2024-01-10", "every": "quarter"}
    assert dates(**words, maturity="2024-07-10", stub="none") == ["2024-04-10", "2024-07-10"]
    assert dates(
        **words,
        first_payment="2024-02-01",
        last_regular="2024-08-01",
        maturity="2024-09-15",
        stub="both",
    ) == ["2024-02-01", "2024-05-01", "2024-08-01", "2024-09-15"]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ({"first_payment": "2024-02-01", "last_regular": "2024-02-01"}, ["2024-02-01"]),
        ({"first_payment": "2024-02-01", "last_regular": "2024-04-15"}, None),
        ({"first_payment": "2024-01-15", "last_regular": "2024-04-15"}, ["2024-01-15"]),
        ({"last_regular": "2024-01-10"}, []),
    ],
)
def test_regular_periods_may_be_none_or_all(
    words: dict[str, Any], wanted: list[str] | None
) -> None:
    """The last regular day may be the first one, the start or the end; the others are refused."""
    words = {"start": "2024-01-10", "every": "quarter", "maturity": "2024-04-15", **words}
    if wanted is None:
        with pytest.raises(rp.errors.TermsError, match="last_regular"):
            dates(**words)
    else:
        assert dates(**words) == [*wanted, "2024-04-15"]


def test_the_same_pace_goes_on_after_the_end() -> None:
    words: dict[str, Any] = {"start": "2024-01-10", "maturity": "2024-04-30"}
    plan = rp.amortise(rp.Loan("1000", "12%", **words, stub="short_final"))
    put_off = rp.defer(plan, 2, 3)
    assert [str(row.date) for row in put_off][3:] == [
        *("2024-04-30", "2024-05-30", "2024-06-30", "2024-07-30")
    ]
    # 20 days of the month from 10 April to 10 May: 753.93 at 12 % cost 5.03.
    assert (str(put_off[3].opening), str(put_off[3].accrued)) == ("753.93", "5.03")


# -- month ends ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "words", "wanted"),
    [
        ("2024-01-31", {}, ["02-29", "03-31", "04-30", "05-31"]),
        ("2024-02-29", {}, ["03-29", "04-29", "05-29", "06-29"]),
        ("2024-04-30", {}, ["05-30", "06-30", "07-30", "08-30"]),
        ("2024-01-31", {"month_end": True}, ["02-29", "03-31", "04-30", "05-31"]),
        ("2024-02-29", {"month_end": True}, ["03-31", "04-30", "05-31", "06-30"]),
        ("2024-04-30", {"month_end": True}, ["05-31", "06-30", "07-31", "08-31"]),
        ("2024-04-29", {"month_end": True}, ["05-29", "06-29", "07-29", "08-29"]),
        ("2024-01-31", {"missing_day": "next"}, ["03-01", "03-31", "05-01", "05-31"]),
        (
            "2023-11-30",
            {"missing_day": "next", "month_end": True},
            ["12-31", "01-31", "02-29", "03-31"],
        ),
        ("2024-01-30", {"missing_day": "next"}, ["03-01", "03-30", "04-30", "05-30"]),
    ],
)
def test_month_ends(start: str, words: Any, wanted: list[str]) -> None:
    assert [day[5:] for day in dates(start=start, payments=4, **words)] == wanted


def test_a_first_payment_at_a_month_end_keeps_the_start_as_anchor() -> None:
    loan = rp.Loan("1000", "0%", 3, "2023-12-31", first_payment="2024-02-29")
    assert [row.date.day for row in rp.amortise(loan)] == [29, 31, 30]
    own = rp.Loan("1000", "0%", 3, "2024-01-15", first_payment="2024-02-29")
    assert [row.date.day for row in rp.amortise(own)] == [29, 29, 29]


# -- business days ------------------------------------------------------------------------


@pytest.mark.parametrize(("roll", "day", "wanted"), VECTORS["rolls"])
def test_rolls_as_published(roll: Any, day: str, wanted: str) -> None:
    assert str(Business(rp.Calendar(), roll).day(date.fromisoformat(day))) == wanted


@pytest.mark.parametrize(("day", "wanted"), VECTORS["nearest_holiday"])
def test_nearest_as_published(day: str, wanted: str) -> None:
    bank = rp.Calendar(holidays=["2014-07-14"])
    assert str(Business(bank, "nearest").day(date.fromisoformat(day))) == wanted


def test_calendars_are_values() -> None:
    bank = rp.Calendar("Mon Tue Wed Thu Fri", ["2024-12-26", "2024-12-25", "2024-12-28"])
    other = rp.Calendar.parse(
        np.busdaycalendar(holidays=np.array(["2024-12-25", "2024-12-26"], "M8[D]"))
    )
    assert bank == other
    assert hash(bank) == hash(other)
    assert pickle.loads(pickle.dumps(bank)) == bank
    assert not bank.is_business_day("2024-12-25")
    for bad in ("0000000", "1111", "Fri-day"):
        with pytest.raises(rp.errors.ChoiceError, match="weekmask"):
            rp.Calendar(bad)
    with pytest.raises(rp.errors.DateError, match="holidays"):
        rp.Calendar(holidays="2024-12-25")
    mondays = [date(2024, 1, 1) + timedelta(weeks=k) for k in range(53)]
    with pytest.raises(rp.errors.TermsError, match="a business day in every year"):
        rp.Calendar("1000000", mondays)


WEEKENDS: dict[str, Any] = {
    "start": "2024-01-31",
    "payments": 6,
    "calendar": rp.Calendar(),
    "roll": "following",
}


def test_interest_to_the_agreed_date_or_to_the_day_of_payment() -> None:
    plain = rp.amortise(rp.Loan("10000", "12%", 6, "2024-01-31", day_count="actual/365"))
    moved = rp.amortise(rp.Loan("10000", "12%", **WEEKENDS, day_count="actual/365"))
    assert [str(row.date) for row in moved][:2] == ["2024-02-29", "2024-04-01"]
    assert [row[2:] for row in moved] == [row[2:] for row in plain]
    words: dict[str, Any] = {**WEEKENDS, "accrual_dates": "adjusted"}
    dearer = rp.amortise(rp.Loan("10000", "12%", **words, day_count="actual/365"))
    assert [row.date for row in dearer] == [row.date for row in moved]
    # 32 days to Monday 1 April, not 31 to Easter Sunday.
    assert (str(plain[1].accrued), str(dearer[1].accrued)) == ("85.31", "88.06")
    whole = rp.amortise(rp.Loan("10000", "12%", **words))
    assert [row[2:] for row in whole] == [
        row[2:] for row in rp.amortise(rp.Loan("10000", "12%", 6, "2024-01-31"))
    ]


def test_days_never_go_back() -> None:
    """Due Sunday 31 March, paid Monday 1 April: a prepayment with it is paid with it."""
    plan = rp.amortise(rp.Loan("10000", "12%", **WEEKENDS))
    again = rp.prepay(plan, "100", with_payment=2)
    assert [str(row.date) for row in again][1:3] == ["2024-04-01", "2024-04-30"]
    assert again[1].prepaid == 100
    after = rp.prepay(plan, "100", on="2024-04-01")
    assert [str(row.date) for row in after][1:4] == ["2024-04-01", "2024-04-01", "2024-04-30"]
    assert [row.number for row in after][1:4] == [2, 0, 3]
    assert plan.maturity == date(2024, 7, 31)


def test_a_settlement_on_a_due_date_that_is_paid_later() -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", **WEEKENDS))
    plain = rp.amortise(rp.Loan("10000", "12%", 6, "2024-01-31"))
    for number in range(1, 7):
        place = amount_place({"payment": number}, plan.ledger)
        one, two = rp.settle(plan, **place), rp.settle(plain, **place)
        assert (one.total, one.interest_saved) == (two.total, two.interest_saved)
    moved, agreed = (rp.compare(each, rp.defer(each, 3)) for each in (plan, plain))
    assert [each.still_to_pay for each in moved] == [each.still_to_pay for each in agreed]


# -- contradictions -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "both"),
    [
        ({}, ["payments", "maturity"]),
        ({"payments": 12, "maturity": "2025-02-10"}, ["payments: got 12", "13", "maturity=2025"]),
        ({"maturity": "2024-01-10"}, ["maturity", "start=2024-01-10"]),
        ({"maturity": "2024-02-20", "stub": "none"}, ["stub: got 'none'", "2024-02-20"]),
        ({"payments": 3, "first_payment": "2024-02-20", "stub": "none"}, ["stub", "first_payment"]),
        (
            {"payments": 3, "first_payment": "2024-01-20", "stub": "long_initial"},
            ["stub", "first_payment=2024-01-20, a short period", 'write stub="short_initial"'],
        ),
        (
            {"maturity": "2024-05-15", "first_payment": "2024-02-20", "stub": "short_initial"},
            ["maturity", "first_payment=2024-02-20"],
        ),
        (
            {"maturity": "2024-05-15", "first_payment": "2024-02-20", "stub": "short_final"},
            ["stub", "first_payment=2024-02-20"],
        ),
        ({"maturity": "2024-05-15", "stub": "both"}, ["stub", "first_payment=None"]),
        ({"payments": 3, "last_regular": "2024-03-10"}, ["last_regular", "maturity"]),
        (
            {"maturity": "2024-05-15", "last_regular": "2024-06-10"},
            ["last_regular", "maturity=2024-05-15"],
        ),
        (
            {"maturity": "2024-05-15", "last_regular": "2024-04-10", "stub": "short_initial"},
            ["stub", "last_regular=2024-04-10", 'write stub="both"'],
        ),
        (
            {
                "maturity": "2024-05-15",
                "first_payment": "2024-02-10",
                "last_regular": "2024-04-12",
            },
            ["last_regular", "first_payment=2024-02-10"],
        ),
        (
            {"payments": 3, "first_payment": "2024-01-10"},
            ["first_payment", "the start, 2024-01-10"],
        ),
        ({"every": []}, ["every", "at least one day"]),
        ({"every": ["2024-02-10", "2024-02-01"]}, ["every", "days that ascend"]),
        ({"every": ["2024-01-10"]}, ["every", "start=2024-01-10"]),
        ({"every": ["2024-02-10"], "payments": 2}, ["every", "payment 2", "list more due dates"]),
        ({"every": ["2024-02-10"], "stub": "none"}, ["stub", "every="]),
        ({"every": ["2024-02-10"], "first_payment": "2024-02-11"}, ["first_payment", "every="]),
        ({"every": ["2024-02-10"], "maturity": "2024-02-11"}, ["maturity", "every="]),
        (
            {"every": ["2024-02-10", "2024-03-10"], "maturity": "2024-02-10", "payments": 2},
            ["payments", "maturity=2024-02-10"],
        ),
        ({"every": ["2024-02-10"], "day_count": "periodic"}, ["day_count", "listed"]),
        ({"every": "FREQ=MONTHLY"}, ["payments", "FREQ=MONTHLY", "never ends"]),
        ({"every": "FREQ=YEARLY;UNTIL=20230101"}, ["every"]),
        ({"payments": 3, "due_days": (10, 25)}, ["due_days", "every='month'"]),
        ({"payments": 3, "every": "half_month", "due_days": (28, 31)}, ["due_days"]),
        (
            {"payments": 3, "every": "half_month", "due_days": (1, 31), "missing_day": "next"},
            ["due_days", 'missing_day="next"'],
        ),
        (
            {
                "payments": 3,
                "every": "half_month",
                "due_days": (5, 20),
                "first_payment": "2024-01-25",
            },
            ["first_payment", "due_days=(5, 20)"],
        ),
        ({"payments": 3, "calendar": rp.Calendar()}, ["calendar", 'roll="none"']),
        ({"payments": 3, "roll": "following"}, ["roll", "calendar=None"]),
        ({"payments": 3, "calendar": "TARGET", "roll": "following"}, ["calendar"]),
        (
            {
                "payments": 9,
                "every": "day",
                "calendar": rp.Calendar(),
                "roll": "following",
                "accrual_dates": "adjusted",
            },
            ["accrual_dates", "2024-01-15"],
        ),
        ({"payments": 3, "start": None}, ["start: got None"]),
    ],
)
def test_contradictions_are_refused_by_name(words: Any, both: list[str]) -> None:
    text = refusal(**words)
    for part in both:
        assert part in text


def test_new_due_dates_in_any_words(plan: rp.Schedule) -> None:
    weekly = rp.reschedule(plan, 10, payment=4, every="2 weeks")
    assert [str(row.date) for row in weekly][3:5] == ["2024-04-24", "2024-05-08"]
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", day_count="actual/365")
    listed = rp.reschedule(loan, 2, payment=4, every=["2024-06-01", "2024-09-01"])
    assert listed.maturity == date(2024, 9, 1)
    listed.check()
    assert rp.Schedule.from_json(listed.to_json()) == listed
    with pytest.raises(rp.errors.TermsError, match="list more due dates"):
        rp.reschedule(loan, 3, payment=4, every=["2024-06-01", "2024-09-01"])
    with pytest.raises(rp.errors.TermsError, match="day_count"):
        rp.reschedule(plan, 2, payment=4, every=["2024-06-01", "2024-09-01"])


def test_a_list_in_advance_begins_with_the_start() -> None:
    days = ["2024-01-10", "2024-03-01", "2024-07-01"]
    loan = rp.Loan("3000", "12%", start="2024-01-10", every=days, in_advance=True)
    plan = rp.amortise(loan)
    assert [str(row.date) for row in plan] == days
    assert [str(row.payment) for row in plan] == ["1024.21"] * 3
    assert rp.Schedule.from_dict(plan.to_dict()) == plan
    with pytest.raises(rp.errors.TermsError, match="begins with 2024-03-01"):
        rp.Loan("3000", "12%", start="2024-01-10", every=days[1:], in_advance=True)
    with pytest.raises(rp.errors.TermsError, match="in_advance=True"):
        rp.Loan("3000", "12%", start="2024-01-10", every=days)


def test_a_day_between_a_due_date_and_its_business_day_is_refused() -> None:
    """15 June 2024 is a Saturday; the instalment comes on Monday, with interest to Saturday."""
    loan = rp.Loan("10000", "12%", 6, "2024-01-15", calendar=rp.Calendar(), roll="following")
    for day in ("2024-06-15", "2024-06-16"):
        with pytest.raises(rp.errors.DateError, match='write on="2024-06-17"'):
            rp.prepay(loan, "1000", on=day)
    days = [str(row.date) for row in rp.prepay(loan, "1000", on="2024-06-14")]
    assert days[4:6] == ["2024-06-14", "2024-06-17"]
    assert rp.settle(loan, on="2024-06-17").interest > 0


def test_a_rule_without_an_interval_is_refused() -> None:
    with pytest.raises(rp.errors.ChoiceError, match="interval of 1 or more"):
        rp.Loan("10000", "12%", 6, "2024-01-10", every="FREQ=MONTHLY;INTERVAL=0")


@given(dated_loans(), st.integers(0, 1500), st.integers(1, 1500))
def test_the_ends_of_a_span_and_the_periods_between_are_all_it_touches(
    loan: rp.Loan, low: int, days: int
) -> None:
    table = loan.timetable
    assume(table.share is not None)
    start = loan.start + timedelta(days=low)
    end = start + timedelta(days=days)
    cells = list(table.regular_periods(start, end))
    ends, between = table.ends(start, end)
    assert len(cells) == len(ends) + between
    assert (ends[0], ends[-1]) == (cells[0], cells[-1])
    for odd_days in ODD_DAYS:
        shown = between * table.period_length + periods_share(
            start, end, odd_days, ends, table.period_length
        )
        assert shown == periods_share(start, end, odd_days, cells, table.period_length)
