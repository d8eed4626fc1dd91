"""Prepayments: what is paid with them, and what becomes of the interest that has accrued."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.terms.methods import METHODS
from repaylib.typing import PrepaymentInterest
from repaylib.wording.sentence import parse_language
from tests.strategies.loans import (
    PLAIN_DAY_COUNTS,
    examples,
    ordinary_rates,
    starts,
)

BULLET = rp.Loan(
    *("10000", rp.daily("0.05%", basis=360), 1, "2024-01-10"),
    every="180 days",
    method="bullet",
    day_count="actual/360",
)


@pytest.fixture
def plan() -> rp.Schedule:
    return rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))


@pytest.mark.parametrize(
    ("interest", "now", "later"),
    [("none", "0.00", "660.00"), ("part", "120.00", "540.00"), ("all", "300.00", "360.00")],
)
def test_interest_is_paid_with_a_prepayment(interest: Any, now: str, later: str) -> None:
    """4,000 x 0.05% x 60 days = 120.00, and 10,000 x 0.05% x 60 = 300.00; 660.00 in all."""
    part = rp.prepay(BULLET, "4000", on="2024-03-10", interest=interest)
    part.check()
    assert [str(row.interest) for row in part] == [now, later]
    assert part[0].payment == Decimal("4000") + Decimal(now)
    assert [str(part.explain(row)["interest accrued"].value) for row in part if row.accrued] == [
        each for each in (now, later) if each != "0.00"
    ]


def test_what_was_taken_is_derived_and_is_not_charged_again(plan: rp.Schedule) -> None:
    """2,000 x 1% x 10/30 = 6.67; the period in all costs 62.77, of which 56.10 are left."""
    less = rp.prepay(plan, "2000", on="2024-04-20", interest="part")
    assert str(less.explain(less[3])["interest accrued"]) == (
        "interest accrued: 6.67\n"
        "    7,610.80 x 12% x 1/36 of a year (2024-04-10 to 2024-04-20, 10 days)\n"
        "    x 5000/19027, the part of the principal that is prepaid\n"
        "    = 6.66666666... unrounded, half_up"
    )
    assert str(less.explain(4)["interest accrued"]) == (
        "interest accrued: 56.10\n"
        "    7,610.80 x 12% x 1/36 of a year (2024-04-10 to 2024-04-20, 10 days)\n"
        "    5,610.80 x 12% x 1/18 of a year (2024-04-20 to 2024-05-10, 20 days)\n"
        "    = 62.77466666... unrounded, half_up, less 6.67 charged before"
    )


def test_several_parts_of_a_period(plan: rp.Schedule) -> None:
    """Each takes its share of what is left, and the due date what is left of 42.11 in all."""
    days = ("2024-04-20", "2024-04-20", "2024-04-29")
    changes = [rp.changes.Prepayment("2000", on=day, interest="part") for day in days]
    part = rp.amortise(plan.loan, *changes)
    part.check()
    assert [str(row.interest) for row in part[3:6]] == ["13.34", "12.66", "16.11"]
    whole = rp.amortise(plan.loan, *(rp.changes.Prepayment("2000", on=day) for day in days))
    assert whole[5].interest == Decimal("42.11") == sum(row.interest for row in part[3:6])
    second = part.explain(part[4])["interest accrued"]
    assert "less 13.34 charged before" in str(second)
    assert second.recomputed() == Decimal("12.66")


def test_a_loan_that_is_prepaid_with_its_interest_ends(plan: rp.Schedule) -> None:
    ended = rp.prepay(plan, "7610.80", on="2024-04-20", interest="all")
    assert str(ended.maturity) == "2024-04-20"
    assert ended[-1].payment == Decimal("7636.17")
    assert ended[-1].payment == rp.settle(plan, on="2024-04-20").total
    part = rp.prepay(plan, "7610.80", on="2024-04-20", interest="part")
    assert part.rows == ended.rows


def test_on_a_due_date_no_interest_is_left_to_take(plan: rp.Schedule) -> None:
    for interest in ("part", "all"):
        less = rp.prepay(plan, "2000", with_payment=3, interest=interest)
        assert less.rows == rp.prepay(plan, "2000", with_payment=3).rows


def test_the_tax_on_interest_is_paid_with_it() -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", interest_tax="16%")
    less = rp.prepay(loan, "2000", on="2024-04-20", interest="all")
    less.check()
    assert (str(less[3].interest), str(less[3].tax)) == ("25.37", "4.06")


def test_a_prepayment_says_which_interest_is_paid_with_it() -> None:
    chinese = parse_language("zh")
    said = {}
    for interest in ("part", "all"):
        change = rp.changes.Prepayment("4000", on="2024-03-10", interest=interest)
        said[interest] = str(change), chinese.render(change.sentence())
    assert said["part"] == (
        "on 2024-03-10, 4,000 is prepaid, with the interest accrued on it; the instalment stays, "
        "and the term becomes shorter",
        "2024年3月10日提前偿还4,000，该部分本金的应计利息随本金一并付清；每期还款额不变，期限相应缩短",
    )
    assert "with all interest accrued by then" in said["all"][0]
    assert "截至该日的全部应计利息一并付清" in said["all"][1]


def test_a_prepayment_stored_before_it_could_take_interest_takes_none(plan: rp.Schedule) -> None:
    less = rp.prepay(plan, "2000", on="2024-04-20")
    stored = less.to_dict()
    del stored["changes"][0]["interest"]
    assert rp.Schedule.from_dict(stored) == less


def test_a_statement_asks_for_the_interest_of_a_prepayment(plan: rp.Schedule) -> None:
    less = rp.prepay(plan, "2000", on="2024-04-20", interest="part")
    paid = [rp.Receipt(row.date, row.payment) for row in less[:4]]
    for base in ("schedule", "balance"):
        owed = rp.statement(less, paid, as_of="2024-05-09", interest=base)
        assert owed.arrears.total == 0
    late = rp.statement(less, paid[:3], as_of="2024-04-25")
    assert late.arrears.interest == Decimal("6.67")
    assert late.arrears.principal == Decimal("2000.00")


@given(
    st.sampled_from(METHODS),
    ordinary_rates,
    starts,
    st.sampled_from(PLAIN_DAY_COUNTS),
    st.data(),
)
@settings(max_examples=examples(60))
def test_interest_now_and_later_is_that_of_the_period(
    method: Any, rate: Any, start: date, day_count: Any, data: st.DataObject
) -> None:
    """What is taken now is not charged later, and nothing is lost: the sum is rounded once."""
    loan = rp.Loan("10000", rate, 12, start, method=method, day_count=day_count)
    plan = rp.amortise(loan)
    later = data.draw(st.integers(1, (plan.maturity - start).days - 1))
    on = start + timedelta(days=later)
    due = next(row.date for row in plan if row.date >= on)
    owed = next((row.closing for row in reversed(plan) if row.date <= on), loan.principal)
    share = data.draw(st.integers(1, 100))
    amount = loan.money(max(1, int(owed.scaleb(2)) * share // 100))
    accrued = {}
    for interest in get_args(PrepaymentInterest):
        less = rp.prepay(plan, amount, on=on, hold="last", interest=interest)
        less.check()
        accrued[interest] = sum(row.accrued for row in less if row.date <= due)
        if interest != "none" and share == 100 and owed == amount and method != "flat":
            assert less.maturity == on
            assert less[-1].closing == 0
    assert len(set(accrued.values())) == 1
