"""Two kinds of place in time: terms from a payment on, amounts together with a payment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.changes.base import AmountChange, Change, TermsChange
from tests.strategies.loans import amount_places, books, changed, columns_of, examples, plain_loans

LOAN = rp.Loan("10000", "12%", 12, "2024-01-10")
PLAN = rp.amortise(LOAN)
AMOUNTS: list[Callable[..., Any]] = [
    lambda plan, **place: rp.prepay(plan, "500", **place),
    lambda plan, **place: rp.forgive(plan, "500", **place),
    lambda plan, **place: rp.advance(plan, "500", **place),
    lambda plan, **place: rp.settle(plan, **place),
    lambda plan, **place: rp.changes.Prepayment("500", **place),
    lambda plan, **place: rp.changes.Forgiveness("500", **place),
    lambda plan, **place: rp.changes.Advance("500", **place),
    lambda plan, **place: rp.changes.EarlySettlement(**place),
    lambda plan, **place: rp.portfolio.PortfolioChange(
        rp.changes.Prepayment, amount="500", **place
    ),
]
TERMS: list[Callable[..., rp.Schedule]] = [
    lambda **place: rp.defer(PLAN, **place),
    lambda **place: rp.change_rate(PLAN, "8%", **place),
    lambda **place: rp.reschedule(PLAN, 12, **place),
    lambda **place: rp.forbear(PLAN, "500", **place),
    lambda **place: PLAN.then(rp.changes.Arrears("90", repay="next", **place)),
]


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize(
    ("payment", "hint"),
    [
        (37, "write with_payment=36"),
        (2, "write with_payment=1"),
        (1, 'write on="...", the day on which the loan starts'),
        (0, "write with_payment=3"),
        (None, "write with_payment=3"),
        ([4, 5], "write with_payment=3"),
    ],
)
def test_an_amount_refuses_payment(amount: Callable[..., Any], payment: Any, hint: str) -> None:
    for more in ({}, {"on": "2024-04-20"}, {"with_payment": 3}):
        with pytest.raises(rp.errors.TermsError) as caught:
            amount(PLAN, payment=payment, **more)
        assert caught.value.parameter == "payment"
        assert caught.value.hint == hint


@pytest.mark.parametrize("amount", AMOUNTS[:4])
def test_a_book_refuses_payment_for_an_amount(amount: Callable[..., Any]) -> None:
    book = rp.Portfolio(principal=["1000", "2000"], rate="12%", payments=12, start="2024-01-10")
    with pytest.raises(rp.errors.TermsError, match="write with_payment=") as caught:
        amount(book, payment=[4, 5])
    assert caught.value.parameter == "payment"


def paid_and_owed(plan: rp.Schedule) -> list[tuple[Any, ...]]:
    """Return the payment and the balance of each row."""
    return [(row.payment, row.closing) for row in plan]


@pytest.mark.parametrize("terms", TERMS)
def test_terms_first_change_the_row_of_their_payment(terms: Callable[..., rp.Schedule]) -> None:
    """That is how the two kinds are told apart."""
    after = terms(payment=4)
    assert paid_and_owed(after)[:3] == paid_and_owed(PLAN)[:3]
    assert paid_and_owed(after)[3] != paid_and_owed(PLAN)[3]
    assert list(after) == list(terms(on=PLAN[2].date))
    with pytest.raises(TypeError, match="with_payment"):
        terms(with_payment=3)


@pytest.mark.parametrize("amount", AMOUNTS[:4])
def test_amounts_first_change_the_row_of_their_payment(amount: Callable[..., Any]) -> None:
    made = amount(PLAN, with_payment=3)
    after = made.schedule if isinstance(made, rp.Settlement) else made
    assert paid_and_owed(after)[:2] == paid_and_owed(PLAN)[:2]
    assert paid_and_owed(after)[2] != paid_and_owed(PLAN)[2]
    assert after[2].number == 3
    same = amount(PLAN, on=PLAN[2].date)
    assert list(after) == list(same.schedule if isinstance(same, rp.Settlement) else same)


def test_each_change_is_of_one_kind() -> None:
    kinds = {kind for each in (TermsChange, AmountChange) for kind in each.__subclasses__()}
    assert {kind.__name__ for kind in kinds if issubclass(kind, AmountChange)} == {
        *("Prepayment", "Forgiveness", "Advance", "EarlySettlement")
    }
    assert {kind.__name__ for kind in Change.__subclasses__()} == {"TermsChange", "AmountChange"}


@pytest.mark.parametrize(("number", "hint"), [(12, "with_payment=11 or less"), (40, "=11 or less")])
def test_nothing_is_left_after_the_last_payment(number: int, hint: str) -> None:
    with pytest.raises(rp.errors.CountError, match=r"with_payment: got .* 1 to 11") as caught:
        rp.prepay(PLAN, "1", with_payment=number)
    assert caught.value.hint.endswith(hint)
    book = rp.Portfolio(principal=["10000"] * 2, rate="12%", payments=12, start="2024-01-10")
    with pytest.raises(rp.errors.CountError, match=r"with_payment\[1\]: got .* 1 to 11"):
        rp.prepay(book, "1", with_payment=[11, number])
    assert rp.prepay(book, "1", with_payment=[11, None]).row(0) == rp.prepay(
        PLAN, "1", with_payment=11
    )


def test_before_the_first_payment_there_is_only_a_day() -> None:
    with pytest.raises(rp.errors.CountError, match=r'with_payment: got 0; .* write on="..."'):
        rp.prepay(PLAN, "500", with_payment=0)
    at_once = rp.prepay(PLAN, "500", on=LOAN.start)
    assert at_once[0].prepaid == 500
    assert at_once[0].date == LOAN.start
    single = rp.Loan("1000", "12%", 1, "2024-01-10")
    with pytest.raises(
        rp.errors.CountError, match=r'one payment; write on="\.\.\.", a day before the end'
    ):
        rp.prepay(single, "500", with_payment=1)


def test_paid_in_advance_the_first_payment_is_on_the_start_date() -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", in_advance=True))
    for made in (rp.prepay(plan, "500", with_payment=1), rp.prepay(plan, "500", on="2024-01-10")):
        assert made[0].prepaid == 500
        assert made[0].number == 1
    assert rp.prepay(plan, "500", with_payment=2)[1].prepaid == 500


def test_an_amount_stays_with_its_payment_after_a_rescheduling_within_the_period() -> None:
    plan = rp.reschedule(PLAN, 10, on="2024-04-25")
    paid = rp.prepay(plan, "500", with_payment=3)
    assert paid.change_days[-1] == PLAN[2].date
    assert list(paid) == list(rp.prepay(plan, "500", on=PLAN[2].date))


def test_an_amount_with_the_payment_that_a_prepayment_made_the_last() -> None:
    ended = rp.prepay(PLAN, PLAN[5].closing, with_payment=6)
    assert ended.maturity == PLAN[5].date
    again = rp.advance(ended, "100", with_payment=6)
    assert list(again) == list(rp.advance(ended, "100", on=PLAN[5].date))
    with pytest.raises(rp.errors.CountError, match="1 to 5"):
        rp.prepay(ended, "1", with_payment=6)


def test_sentences_say_the_payment() -> None:
    assert str(rp.changes.Prepayment("500", with_payment=3)).startswith(
        "with instalment 3, 500 is prepaid"
    )
    assert str(rp.changes.Forbearance("500", payment=4)).startswith(
        "from instalment 4 on, 500 of the"
    )


@given(changed(plain_loans(), most=3), st.data())
@settings(max_examples=examples(60))
def test_with_payment_k_is_the_due_date_of_payment_k(
    schedule: rp.Schedule, data: st.DataObject
) -> None:
    """Of one loan and of a book, to the day and to the cent."""
    numbers = [row.number for row in schedule if row.number and row.date < schedule.maturity]
    if not numbers:
        return
    number = data.draw(st.sampled_from(numbers))
    day = schedule.ledger.accrual_date(number)
    change = rp.changes.Advance("1", with_payment=number, hold="last")
    assert schedule.effective_date(change) == day


@given(books(most=1), st.data())
@settings(max_examples=examples(40))
def test_a_book_places_amounts_as_one_loan_does(
    loans: list[dict[str, Any]], data: st.DataObject
) -> None:
    loan = rp.Loan(**loans[0])
    amount = loan.money(1)
    try:
        plan = rp.amortise(loan)
        place = data.draw(amount_places(plan))
        number = place.get("with_payment")
        if number is None:
            return
        one = rp.advance(plan, amount, with_payment=number, hold="last")
    except rp.RepayError:  # a loan or an advance that is refused
        assume(False)
    book = rp.Portfolio(**columns_of(loans * 2))
    many = rp.advance(book, amount, with_payment=np.array([number, number]), hold="last")
    assert many.row(0) == one
    assert many.counts.tolist() == [len(many.row(0))] * 2
    many.check()
