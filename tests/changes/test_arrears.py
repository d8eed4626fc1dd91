"""Arrears taken into a schedule: paid in their own column, and never lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.typing import ArrearsPart, ArrearsRepay
from tests.strategies.loans import loans

PLAN = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))


def test_spread_over_nine_payments() -> None:
    after = rp.amortise(
        PLAN.loan, rp.changes.Arrears("90", of="penalty", repay="spread", payment=4)
    )
    assert [row.payment for row in after[2:5]] == [
        Decimal("888.49"),
        Decimal("898.49"),
        Decimal("898.49"),
    ]
    assert sum(row.penalty for row in after) == 90
    after.check()


@pytest.mark.parametrize("of", ["interest", "penalty", "fee"])
@pytest.mark.parametrize("repay", ["next", "spread", "last"])
def test_each_word_is_paid_in_its_column(of: ArrearsPart, repay: ArrearsRepay) -> None:
    after = rp.amortise(PLAN.loan, rp.changes.Arrears("100.01", of=of, repay=repay, payment=4))
    after.check()
    column = {"interest": "deferred_interest"}.get(of, of)
    paid = [getattr(row, column) for row in after]
    assert sum(paid) == Decimal("100.01")
    first = next(index for index, amount in enumerate(paid) if amount)
    assert first == (11 if repay == "last" else 3)
    assert after.total_paid == PLAN.total_paid + Decimal("100.01")
    assert after.explain(after[first])[column.replace("_", " ")].value == paid[first]
    assert rp.Schedule.from_dict(after.to_dict()) == after


def test_settlement_asks_for_what_is_left_of_it() -> None:
    after = rp.amortise(
        PLAN.loan,
        rp.changes.Arrears("90", of="penalty", repay="spread", payment=4),
        rp.changes.Arrears("9", of="fee", repay="last", payment=4),
        rp.changes.Arrears("18", of="interest", repay="spread", payment=4),
    )
    quote = rp.settle(after, on="2024-07-10")
    assert (quote.penalty, quote.fee, quote.deferred_interest) == (
        Decimal("60.00"),
        Decimal("9.00"),
        Decimal("12.00"),
    )
    assert quote.total == rp.settle(PLAN, on="2024-07-10").total + 81
    assert quote.interest_saved == rp.settle(PLAN, on="2024-07-10").interest_saved
    quote.schedule.check()
    assert quote.schedule[-1].penalty == Decimal("60.00") + Decimal("10.00")


def test_a_book_takes_it_loan_by_loan() -> None:
    book = rp.Portfolio(principal=["10000", "5000"], rate="12%", payments=12, start="2024-01-10")
    change = rp.changes.Arrears("90", of="penalty", payment=4)
    plan = rp.amortise(book, change)
    assert plan.row(0) == rp.amortise(PLAN.loan, change)
    assert plan.row(0).rows == rp.amortise(PLAN.loan, change).rows
    quotes = rp.settle(plan, on="2024-07-10")
    assert quotes.total[0] == 100 * rp.settle(plan.row(0), on="2024-07-10").total


@given(loans(), st.integers(1, 10_000), st.sampled_from(["next", "spread", "last"]))
def test_nothing_is_lost(loan: rp.Loan, minor: int, repay: ArrearsRepay) -> None:
    amount = Decimal(minor).scaleb(-loan.decimals)
    before = rp.amortise(loan)
    assume(before.maturity > loan.start)  # 1 yen in advance is repaid on the day it is lent
    after = rp.amortise(loan, rp.changes.Arrears(amount, of="penalty", repay=repay, payment=1))
    after.check()
    assert sum(row.penalty for row in after) == amount
    assert [row.closing for row in after] == [row.closing for row in before]


@pytest.mark.parametrize("repay", ["next", "spread", "last"])
def test_fees_in_arrears_are_no_new_fees(repay: ArrearsRepay) -> None:
    """They were charged before: the sheet of the new agreement lists its interest alone."""
    paid = [rp.Receipt(row.date, row.payment) for row in PLAN[:3]]
    late = rp.PenaltyTerms("1.5", late_fee="50")
    owed = rp.statement(PLAN, paid, as_of="2024-06-10", penalty=late)
    new = rp.renegotiate(owed, payments=12, arrears={"fee": repay})
    assert new.latest.carried == new.schedule.total_fees == Decimal("50")
    sheet = rp.measures.cost_sheet(new.schedule, rule="cn_simple")
    assert [each.item for each in sheet] == ["interest"]
    assert sheet.total == new.schedule.total_interest
    assert "50.00" in str(rp.agreement(new))
    assert rp.agreement(new.schedule).total == new.schedule.total_paid


def test_a_fee_beside_fees_in_arrears() -> None:
    own = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[rp.Fee("5", when="instalment")])
    plan = rp.amortise(own, rp.changes.Arrears("90", of="fee", payment=4))
    assert sum(row.fee for row in plan) == 60 + 90
    (_, fee) = rp.measures.cost_sheet(plan, rule="cn_simple")
    assert fee.amount == Decimal("60.00")


def test_words_that_are_none() -> None:
    with pytest.raises(rp.errors.ChoiceError, match="repay"):
        rp.changes.Arrears("1", repay="capitalise", payment=1)  # type: ignore[arg-type]  # is refused
    with pytest.raises(rp.errors.AmountError, match="above zero"):
        rp.changes.Arrears("0", payment=1)
