"""Seasons in which only interest is paid, and a level instalment in the others."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.money.rounding import round_fraction
from tests.portfolio.test_vectorised import assert_each_is_its_schedule

WINTERS = rp.terms.seasonal(interest_only=[12, 1, 2])
GOOD: dict[str, Any] = {
    "principal": "10000", "rate": "12%", "payments": 24, "start": "2024-10-10",
    "instalment": WINTERS,
}  # fmt: skip


def plan(**words: Any) -> rp.Schedule:
    made = rp.amortise(rp.Loan(**{**GOOD, **words}))
    made.check()
    assert rp.Schedule.from_dict(made.to_dict()) == made
    return made


def test_one_instalment_is_solved_over_all_seasons() -> None:
    """18 of 24 payments repay: 609.82, as over 18 months. In winter 1 % of what is owed is paid."""
    made = plan()
    assert str(made.instalment) == "609.82"
    assert made.instalment == round(rp.rates.level_payment("10000", "1%", 18), 2)
    winters = [row for row in made if row.date.month in (12, 1, 2)]
    assert [str(row.payment) for row in winters] == ["94.90"] * 3 + ["46.66"] * 3
    assert all(row.principal == 0 and row.payment == row.interest for row in winters)
    others = [row for row in made[:-1] if row not in winters]
    assert {str(row.payment) for row in others} == {"609.82"}
    assert str(made.final_payment) == "609.83"
    assert "only its interest is paid" in str(made.explain(2))
    for row in made:
        assert all(figure.recomputed() == figure.value for figure in made.explain(row).figures)


def test_the_terms_say_it() -> None:
    assert str(WINTERS) == "only interest in December, January and February"
    assert str(rp.terms.seasonal([7])) == "only interest in July"
    assert str(rp.terms.seasonal([1, 5, 12])) == "only interest in May, December and January"
    assert "level instalments, only interest in December" in plan().terms()
    assert "每年12月、1月和2月只还利息" in plan().terms(lang="zh")


def test_a_loan_may_start_in_a_season() -> None:
    made = plan(start="2024-11-10")
    assert [str(row.payment) for row in made[:3]] == ["100.00"] * 3
    assert made.instalment == round(rp.rates.level_payment("10000", "1%", 18), 2)


def test_changes_solve_around_the_seasons() -> None:
    made = plan()
    later = rp.defer(made, payment=3)  # a winter month is skipped, and one in November is added
    later.check()
    assert later[-1].date.isoformat() == "2026-11-10"
    assert {str(row.payment) for row in later[4:12]} == {"578.73"}
    lower = rp.prepay(made, "2000", with_payment=6, hold="maturity")
    lower.check()
    assert len(lower) == 24
    assert {row.payment - row.interest for row in lower if row.date.month == 1} == {Decimal(0)}
    for changed in (
        rp.change_rate(made, "8%", payment=4),
        rp.reschedule(made, 30, payment=8),
        rp.prepay(made, "1000", on="2025-01-20", hold="maturity"),
        rp.prepay(made, "2000", with_payment=6),
    ):
        changed.check()
        level = [row.payment for row in changed[8:-1] if row.date.month not in (12, 1, 2)]
        assert max(level) - min(level) <= Decimal("0.01")


def test_a_book_computes_such_loans_one_by_one() -> None:
    book = rp.Portfolio(
        principal=["10000"] * 2, rate="12%", payments=24, start="2024-10-10",
        instalment=[None, WINTERS],
    )  # fmt: skip
    made = rp.amortise(book)
    assert made.fallback_loans == 1
    assert_each_is_its_schedule(made)


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda: rp.terms.seasonal([]), "interest_only"),
        (lambda: rp.terms.seasonal(range(1, 13)), "interest_only"),
        (lambda: rp.terms.seasonal([13]), "interest_only[0]"),
        (lambda: plan(payments=27), "instalment"),
        (lambda: plan(method="equal_principal"), "instalment"),
    ],
)
def test_seasons_that_cannot_be_are_refused(call: Any, parameter: str) -> None:
    with pytest.raises(rp.RepayError) as caught:
        call()
    assert caught.value.parameter == parameter


@pytest.mark.parametrize(("payments", "start"), [(24, "2024-10-10"), (57, "2024-01-15")])
def test_an_offer_is_checked_for_seasons(payments: int, start: str) -> None:
    made = plan(payments=payments, start=start, rate="11.37%")
    columns = ("date", "payment", "interest", "principal", "closing")
    lines = [{name: str(getattr(row, name)) for name in columns} for row in made]
    check = rp.check_offer(lines, principal="10000", start=start)
    assert check.agrees
    assert check.loan.instalment == WINTERS
    assert rp.check_offer(lines, made.loan).as_stated


@given(
    lent=st.integers(10**6, 10**9),
    points=st.integers(0, 3_000),
    payments=st.integers(1, 90),
    months=st.sets(st.integers(1, 12), min_size=1, max_size=6),
)
def test_the_other_payments_repay_the_loan(
    lent: int, points: int, payments: int, months: set[int]
) -> None:
    """The level instalment is that of a loan over the payments that are left, as a rest costs nothing."""
    words: dict[str, Any] = {"principal": Decimal(lent) / 100, "rate": Fraction(points, 10_000)}
    last = (10 + payments - 1) % 12 + 1
    months = months - {last} or {last % 12 + 1}
    made = plan(payments=payments, instalment=rp.terms.seasonal(months), **words)
    resting = [row for row in made if row.date.month in months]
    count, factor = payments - len(resting), Fraction(points, 120_000)
    level = Fraction(lent) / sum(1 / (1 + factor) ** k for k in range(1, count + 1))
    assert made.instalment * 100 == round_fraction(level, "half_up")
    assert all(row.payment == row.interest == row.accrued for row in resting)
    assert abs(made.final_payment - made.instalment) < Decimal(payments + 1) / 50
