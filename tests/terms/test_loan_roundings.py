"""Roundings of their own for interest, instalment and fee."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import repaylib as rp


@pytest.mark.parametrize(
    ("word", "instalment"), [("up", "888.49"), ("down", "888.48"), (None, "888.49")]
)
def test_the_instalment_by_its_own_rounding(word: Any, instalment: str) -> None:
    plan = rp.amortise(
        rp.Loan("10000", "12%", 12, "2024-01-10", rounding="up", instalment_rounding=word)
    )
    assert plan.instalment == Decimal(instalment)
    assert plan[1].interest == Decimal("92.12")  # 92.1151, rounded up
    assert plan.explain(1)["instalment"].rounding == (word or "up")


def test_the_fee_by_its_own_rounding(plan: rp.Schedule) -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", fee_rounding="up")
    quote = rp.settle(loan, on="2024-07-10", fee="1%")
    assert quote.fee == Decimal("51.50")  # 51.492
    assert rp.settle(plan, on="2024-07-10", fee="1%").fee == Decimal("51.49")
    assert quote.schedule.explain(6)["fee"].recomputed() == quote.fee


def test_decimals_of_a_loan() -> None:
    loan = rp.Loan("100.125", "12%", 2, "2024-01-10", currency="CNY", decimals=3)
    plan = rp.amortise(loan)
    assert plan.instalment.as_tuple().exponent == -3
    assert rp.Schedule.from_dict(plan.to_dict()) == plan
    assert rp.amortise(rp.Loan("100", "12%", 2, "2024-01-10", decimals=0)).instalment == 51
    with pytest.raises(rp.errors.AmountError, match="at most 3 decimals, as the loan has"):
        rp.prepay(plan, "1.0005", with_payment=1)
    with pytest.raises(rp.errors.CountError, match="from 0 to 12"):
        rp.Loan("100", "12%", 2, "2024-01-10", decimals=13)
    with pytest.raises(rp.errors.TermsError, match="with 2 decimals"):
        rp.compare(rp.Loan("100", "12%", 2, "2024-01-10"), loan)
