"""How the interest of a flat loan is divided among its payments."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.dates.accrual import unearned
from repaylib.money.rounding import round_fraction
from tests.portfolio.test_vectorised import assert_each_is_its_schedule

GOOD: dict[str, Any] = {
    "principal": "10000", "rate": "12%", "payments": 12, "start": "2024-01-10", "method": "flat",
}  # fmt: skip


def plan(split: str = "rule_of_78", **words: Any) -> rp.Schedule:
    options: Any = {**GOOD, **words, "interest_split": split}
    made = rp.amortise(rp.Loan(**options))
    made.check()
    assert rp.Schedule.from_dict(made.to_dict()) == made
    return made


def test_the_first_payment_bears_the_most() -> None:
    """1,200.00 by digits: 12/78 is 184.6154, 23/78 is 353.8462, 33/78 is 507.6923, ..."""
    made = plan()
    digits = [sum(range(12 - k + 1, 13)) for k in range(13)]
    cents = [round_fraction(Fraction(120_000 * digit, 78), "half_up") for digit in digits]
    charged = [later - before for before, later in pairwise(cents)]
    assert [int(row.interest * 100) for row in made] == charged
    assert [str(row.interest) for row in made[:3]] == ["184.62", "169.23", "153.84"]
    assert str(made.total_interest) == "1200.00"
    assert [row.payment for row in made] == [row.payment for row in plan("equal")]


def test_the_derivation_and_the_terms_say_it() -> None:
    made = plan()
    shown = made.explain(2)
    assert all(figure.recomputed() == figure.value for figure in shown.figures)
    assert "10,000.00 x 12% x 11/78 of a year" in str(shown)
    assert "by the rule of 78" in made.terms()
    assert "78法则" in made.terms(lang="zh")


def test_a_first_period_of_another_length_counts_as_one() -> None:
    """15 days and 11 months: the charge is smaller, and 12/78 of it falls on the first payment."""
    made = plan(first_payment="2024-01-25", day_count="actual/365")
    days = 15 + 335
    assert abs(made.total_interest - Decimal(1200 * days) / 365) < Decimal("0.01")
    assert made[0].interest == round(made.total_interest * 12 / 78, 2)


def test_changes_divide_what_is_left() -> None:
    made = plan()
    later = rp.defer(made, payment=4)
    later.check()
    assert [str(row.interest) for row in later[-2:]] == ["15.38", "100.00"]
    again = rp.reschedule(made, 6, payment=7)
    again.check()
    charge = Decimal("5276.94") * Decimal("0.06")
    assert abs(sum(row.interest for row in again[6:]) - charge) < Decimal("0.01")
    assert str(again[6].interest) == "90.46"  # 6/21 of 316.6164
    level = rp.reschedule(made, 6, payment=7, method="level")
    level.check()
    assert str(level[6].interest) == "52.77"
    shorter = rp.reschedule(made, instalment="900", payment=7)
    shorter.check()
    rp.prepay(made, "3000", with_payment=3).check()
    other: list[Callable[[], object]] = [
        lambda: rp.change_rate(made, "8%", payment=5),
        lambda: rp.advance(made, "2000", on="2024-05-10"),
        lambda: plan(drawdowns=[("2024-05-10", "2000")]),
    ]
    for refused in other:
        with pytest.raises(rp.errors.TermsError, match="interest_split="):
            refused()


def test_settlement_composes() -> None:
    """Charged by the sum of digits so far, the contract charges what the method would."""
    made, equal = plan(), plan("equal")
    for day in ("2024-07-10", "2024-07-20", "2024-10-31"):
        quote = rp.settle(made, on=day, method="flat_waived")
        other = rp.settle(equal, on=day, method="rule_of_78")
        assert quote.total == other.total
        for method in ("rule_of_78", "actuarial", "flat_charged"):
            same = rp.settle(equal, on=day, method=method)
            assert rp.settle(made, on=day, method=method).total == same.total


def test_a_book_computes_such_loans_one_by_one() -> None:
    book = rp.Portfolio(
        principal=["10000", "5000", "7654.32"], rate=["12%", "9%", "7.7%"], payments=[12, 36, 24],
        start="2024-01-10", method="flat", interest_split=["rule_of_78", "equal", "rule_of_78"],
    )  # fmt: skip
    made = rp.amortise(book)
    assert made.fallback_loans == 2
    assert_each_is_its_schedule(made)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ({"method": "level"}, "method"),
        ({"rate": rp.steps("12%", {7: "8%"})}, "rate"),
        ({"in_advance": True}, "in_advance"),
        ({"payments": None, "instalment": "900"}, "payments"),
    ],
)
def test_it_needs_an_agreed_charge(words: dict[str, Any], name: str) -> None:
    with pytest.raises(rp.errors.TermsError) as caught:
        plan(**words)
    assert caught.value.parameter == "interest_split"
    assert f"not {name}" in str(caught.value)


@pytest.mark.parametrize(
    "words", [{}, {"payments": 36, "rate": "9.9%", "day_count": "actual/365"}, {"fees": True}]
)
def test_an_offer_is_checked_for_it(words: dict[str, Any]) -> None:
    if words.get("fees"):
        words = {"fees": [rp.Fee("5", when="instalment")]}
    made = plan(**words)
    names = ("date", "payment", "interest", "principal", "fee", "closing")
    lines = [{name: str(getattr(row, name)) for name in names} for row in made]
    check = rp.check_offer(lines, principal="10000", start="2024-01-10")
    assert check.agrees
    assert not check.departures
    assert check.loan.interest_split == "rule_of_78"
    assert rp.check_offer(lines, made.loan).as_stated


@given(
    principal=st.integers(10_000, 10**8),
    rate=st.integers(0, 1_500),
    payments=st.integers(1, 60),
    day_count=st.sampled_from(["periodic", "actual/365", "30E/360"]),
)
def test_what_was_charged_is_what_the_digits_have_earned(
    principal: int, rate: int, payments: int, day_count: Any
) -> None:
    words: dict[str, Any] = {
        "principal": Decimal(principal) / 100,
        "rate": Fraction(rate, 10_000),
        "payments": payments,
        "day_count": day_count,
    }
    made, equal = plan(**words), plan("equal", **words)
    whole = made.loan.accrual.digits
    assert whole is not None
    charge = principal * Fraction(rate, 10_000) * whole.whole
    charged = 0
    for number, row in enumerate(made[:-1], 1):
        charged += int(row.interest * 100)
        assert charged == round_fraction(charge * (1 - unearned(payments, number)), "half_up")
    assert made.total_interest == equal.total_interest
    if len(made) == len(equal):
        assert [row.payment for row in made] == [row.payment for row in equal]
    for row in made:
        assert all(figure.recomputed() == figure.value for figure in made.explain(row).figures)
