"""Several advances: as changes, and as draws of the loan itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import repaylib as rp
from tests.strategies.loans import amount_places, plain_loans

HUNDRED = rp.Loan("100", "9.4822%", 6, "2024-01-01")


def test_an_advance_is_levelled_into_the_rest() -> None:
    """Fineract: 17.13 twice, then 42.63; the balance after the second is 67.19 + 100."""
    more = rp.advance(HUNDRED, "100", on="2024-03-01")
    assert [str(row.payment) for row in more] == [
        *["17.13"] * 2,
        *["42.63"] * 3,
        "42.61",
    ]
    assert more[1].closing == Decimal("167.19")
    assert more.total_advanced == 100
    more.check()


def test_an_advance_that_keeps_the_instalment_or_the_end() -> None:
    longer = rp.advance(HUNDRED, "100", on="2024-03-01", hold="payment")
    assert len(longer) > 10
    assert {row.payment for row in longer[:-1]} == {Decimal("17.13")}
    at_the_end = rp.advance(HUNDRED, "100", on="2024-03-01", hold="last")
    assert (len(at_the_end), at_the_end.instalment) == (6, Decimal("17.13"))
    assert at_the_end.final_payment > 117
    for each in (longer, at_the_end):
        each.check()


def test_an_advance_inside_a_period_accrues_from_its_day() -> None:
    more = rp.advance(HUNDRED, "31", on="2024-01-16", hold="last")
    row = next(row for row in more if row.number == 1)
    exact = (100 + 31 * Decimal(16) / 31) * Decimal("0.094822") / 12  # 16 of 31 days are left
    assert row.accrued == round(exact, 2)
    assert more[0].advanced == 31


def test_an_advance_after_the_payments_of_its_day() -> None:
    """On one day prepayments and forgiveness come before it, a new rate after it."""
    plan = rp.amortise(HUNDRED)
    one = rp.prepay(rp.advance(plan, "50", on="2024-02-01"), "10", on="2024-02-01")
    two = rp.advance(rp.prepay(plan, "10", on="2024-02-01"), "50", on="2024-02-01")
    assert list(one) == list(two)


def test_draws_are_advances_agreed_at_the_start() -> None:
    draws = [("2024-03-01", "100"), ("2024-04-10", "50")]
    drawn = rp.Loan("100", "9.4822%", 6, "2024-01-01", drawdowns=draws)
    by_hand = rp.amortise(HUNDRED, *(rp.changes.Advance(much, on=day) for day, much in draws))
    made = rp.amortise(drawn)
    assert list(made) == list(by_hand)
    assert rp.Schedule.from_dict(made.to_dict()) == made
    assert "100.00 more drawn on 2024-03-01" in made.terms()


@given(plain_loans(extras=False), st.integers(1, 10**6), st.data())
def test_what_is_lent_is_repaid(loan: rp.Loan, minor: int, data: st.DataObject) -> None:
    plan = rp.amortise(loan)
    amount = loan.money(minor)
    hold: Any = data.draw(st.sampled_from(["maturity", "last"]))
    try:
        more = rp.advance(plan, amount, hold=hold, **data.draw(amount_places(plan)))
    except rp.errors.InstalmentError:
        assume(False)
    more.check()
    assert more.total_principal == plan.total_principal + amount + (
        more.total_capitalised - plan.total_capitalised
    )
    if loan.odd_days == "pro_rata":  # otherwise a month that is split has more or fewer days
        roundings = loan.money(len(more))  # a row rounds once
        assert more.total_interest >= plan.total_interest - roundings


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ({"drawdowns": [("2024-01-01", "100")]}, ["drawdowns[0]", "start=2024-01-01"]),
        ({"drawdowns": [("2024-03-01", 100.0)]}, ["drawdowns[0]", "100.00"]),
        ({"drawdowns": ["2024-03-01"]}, ["drawdowns[0]", "a day and an amount"]),
        ({"drawdowns": [("2030-03-01", "100")]}, ["drawdowns", "before the loan ends"]),
        ({"drawdowns": 5}, ["drawdowns", "pairs"]),
    ],
)
def test_draws_that_cannot_be(words: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(rp.RepayError) as caught:
        rp.amortise(rp.Loan("100", "9.4822%", 6, "2024-01-01", **words))
    for part in parts:
        assert part in str(caught.value)


def test_advances_that_cannot_be() -> None:
    amounts: list[Any] = ["0", "-5", 10.0, "NaN"]
    for amount in amounts:
        with pytest.raises(rp.errors.AmountError, match="amount"):
            rp.advance(HUNDRED, amount, with_payment=1)
    hold: Any = "next"
    with pytest.raises(rp.errors.ChoiceError, match="hold"):
        rp.advance(HUNDRED, "5", with_payment=1, hold=hold)
    with pytest.raises(rp.errors.DateError):
        rp.advance(HUNDRED, "5", on="2030-01-01")
