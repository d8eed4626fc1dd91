"""Which ends of the days of a loan bear interest: the first, the last, or both."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.dates.accrual import year_fraction
from repaylib.dates.day_count import BY_BUSINESS_DAY, BY_DAY, BY_PERIOD, DAY_COUNTS
from repaylib.typing import CountedDays, DayCount
from tests.strategies.loans import examples

BY_DAYS = [name for name in DAY_COUNTS if name not in (*BY_PERIOD, *BY_BUSINESS_DAY)]
WORDS: dict[str, Any] = {
    "principal": "36000",
    "rate": "10%",
    "payments": 3,
    "start": "2024-01-10",
    "day_count": "actual/360",
    "method": "interest_only",
}


def interest(**words: Any) -> list[Decimal]:
    return [row.interest for row in rp.amortise(rp.Loan(**{**WORDS, **words}))]


def test_both_ends_of_the_loan_are_counted_and_a_due_date_once() -> None:
    """A day is 10.00. January has 31 days to 10 February, and 32 with both ends."""
    assert interest() == interest(counted_days="last") == [310, 290, 310]
    assert interest(counted_days="both") == [320, 290, 310]
    whole = rp.amortise(rp.Loan(**WORDS, counted_days="both"))
    days = (whole.maturity - whole.loan.start).days + 1
    assert whole.total_interest == 10 * days


def test_one_payment_is_both_days_inclusive() -> None:
    """1 to 31 January is 31 days."""
    loan = rp.Loan(
        "36000", "10%", 1, "2024-01-01",
        first_payment="2024-01-31", day_count="actual/360", counted_days="both",
    )  # fmt: skip
    assert rp.amortise(loan)[0].interest == 310
    assert year_fraction("2024-01-01", "2024-01-31", counted_days="both") == Fraction(31, 365)


def test_a_settlement_pays_for_its_own_day() -> None:
    """From 10 to 20 January are 11 days; from the due date of 10 February to the 20th are 10."""
    loan = rp.Loan(**WORDS, counted_days="both")
    assert rp.settle(loan, on="2024-01-20").interest == 110
    assert rp.settle(loan, on="2024-02-20").interest == 100
    assert rp.settle(rp.Loan(**WORDS), on="2024-01-20").interest == 100


def test_a_rate_and_a_rescheduling_within_a_period_count_no_day_twice() -> None:
    loan = rp.Loan(**WORDS, counted_days="both")
    halved = rp.change_rate(loan, "5%", on="2024-01-20")
    assert halved[0].interest == 10 * 10 + 22 * 5  # the new rate holds on the 20th itself
    moved = rp.reschedule(loan, 3, on="2024-01-20")
    assert moved.total_interest == rp.amortise(loan).total_interest


def test_it_is_said_and_derived() -> None:
    plan = rp.amortise(rp.Loan(**WORDS, counted_days="both"))
    assert "the days of disbursement and of repayment both counted" in plan.terms()
    assert "the day of disbursement" in str(plan.explain(1))
    for row in plan:
        assert all(each.recomputed() == each.value for each in plan.explain(row).figures)
    assert rp.Schedule.from_json(plan.to_json()) == plan
    assert "算头又算尾" in rp.agreement(plan, lang="zh").to_text()


@pytest.mark.parametrize("day_count", BY_PERIOD)
def test_periods_have_no_day_to_add(day_count: DayCount) -> None:
    with pytest.raises(
        rp.errors.TermsError, match=r"counted_days: got 'both'.* counts periods"
    ) as caught:
        rp.Loan(**{**WORDS, "day_count": day_count}, counted_days="both")
    assert caught.value.hint == 'write day_count="actual/365"'
    with pytest.raises(rp.errors.TermsError, match="counted_days"):
        year_fraction("2024-01-01", "2024-01-31", day_count, counted_days="both")


@given(st.sampled_from(BY_DAYS), st.dates(date(2019, 1, 1), date(2025, 1, 1)), st.integers(0, 900))
def test_both_counts_from_the_first_day_in_to_the_last_day_in(
    day_count: DayCount, start: date, days: int
) -> None:
    """It is the rule of the first day in, with the end a day later."""
    end = start + timedelta(days=days)
    both = year_fraction(start, end, day_count, counted_days="both")
    assert both == year_fraction(start, end + timedelta(days=1), day_count)
    if day_count in BY_DAY:
        each, year = BY_DAY[day_count]
        assert both - year_fraction(start, end, day_count) == Fraction(each, year)


@st.composite
def loans(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "principal": draw(st.integers(100, 10**6)),
        "rate": draw(st.sampled_from(["12%", "0%", "7.3%", "3.85%"])),
        "payments": draw(st.integers(1, 30)),
        "start": date(2023, 1, 1) + timedelta(days=draw(st.integers(0, 800))),
        "every": draw(st.sampled_from(["month", "2 weeks", "quarter"])),
        "method": draw(st.sampled_from(["level", "equal_principal", "interest_only", "bullet"])),
        "day_count": draw(st.sampled_from(BY_DAYS)),
        "counted_days": draw(st.sampled_from(get_args(CountedDays))),
    }


@given(st.lists(loans(), min_size=1, max_size=4), st.data())
@settings(max_examples=examples(60))
def test_a_book_counts_the_days_of_each_loan_as_the_loan_does(
    drawn: list[dict[str, Any]], data: st.DataObject
) -> None:
    columns: dict[str, Any] = {name: [loan[name] for loan in drawn] for name in drawn[0]}
    columns["principal"] = [str(each) for each in columns["principal"]]
    book = rp.Portfolio(**columns)
    plan = rp.amortise(book)
    days = [loan["start"] + timedelta(days=data.draw(st.integers(0, 400))) for loan in drawn]
    if data.draw(st.booleans()):
        kept = [d if d < plan.row(k).maturity else None for k, d in enumerate(days)]
        plan = rp.change_rate(plan, "9%", on=kept)
    plan.check()
    for row in range(len(drawn)):
        alone = plan.row(row)
        count = int(plan.counts[row])
        assert count == len(alone)
        for name in ("interest", "payment", "closing"):
            assert plan[name][row, :count].tolist() == alone.columns[name].tolist()


@given(st.lists(loans(), min_size=1, max_size=3), st.integers(0, 500))
@settings(max_examples=examples(20))
def test_a_statement_of_a_book_is_that_of_each_loan(
    drawn: list[dict[str, Any]], later: int
) -> None:
    columns: dict[str, Any] = {name: [loan[name] for loan in drawn] for name in drawn[0]}
    columns["principal"] = [str(each) for each in columns["principal"]]
    plan = rp.amortise(rp.Portfolio(**columns))
    as_of = max(loan["start"] for loan in drawn) + timedelta(days=later)
    many = rp.statement(plan, as_of=as_of, penalty=rp.PenaltyTerms("1.5"))
    for row in range(len(drawn)):
        alone = rp.statement(plan.row(row), as_of=as_of, penalty=rp.PenaltyTerms("1.5"))
        assert plan.row(row).loan.money(int(many.payoff[row])) == alone.payoff


def test_an_offer_that_counts_both_ends_is_checked_as_stated() -> None:
    loan = rp.Loan(**WORDS, counted_days="both")
    check = rp.check_offer([(row.date, row.payment) for row in rp.amortise(loan)], loan)
    assert check.as_stated


def test_paid_in_advance_the_day_of_disbursement_counts_once() -> None:
    """The first payment is on that day, and no interest accrued before it."""
    loan = rp.Loan(**{**WORDS, "method": "level"}, in_advance=True, counted_days="both")
    plan = rp.amortise(loan)
    plain = rp.amortise(rp.Loan(**{**WORDS, "method": "level"}, in_advance=True))
    assert plan[0].interest == plain[0].interest == 0
    share = plan.explain(2)["interest accrued"].segments[0].share
    assert share == Fraction(32, 360)
    plan.check()
