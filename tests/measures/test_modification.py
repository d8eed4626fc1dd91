"""The worth of a loan before and after a change, at the original effective rate."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from tests.strategies.loans import examples, ordinary_rates

#: What each reading of a month's deferral loses, in per cent to three decimals.
LOSSES = {
    "interest-free": "0.990",
    "one payment moved, interest on principal": "0.010",
    "one payment moved, interest on all": "0.000",
    "capitalised, same end": "0.000",
    "interest paid on the skipped date": "0.000",
    "interest paid with the next instalment": "0.010",
    "interest spread evenly": "0.048",
    "interest paid with the last payment": "0.085",
    "capitalised, payment recalculated": "0.000",
    "capitalised, same payment": "0.000",
}


def per_cent(share: Decimal) -> Decimal:
    return abs((100 * share).quantize(Decimal("0.001"), rounding="ROUND_HALF_UP"))


def test_readings_of_a_deferral(plan: rp.Schedule) -> None:
    for name, read in rp.readings(plan, payment=4).items():
        found = rp.measures.modification_test(plan, read)
        assert per_cent(found.change) == Decimal(LOSSES[name]), name
        assert found.within_eba
        assert not found.substantial


def test_two_months_without_interest_fail(plan: rp.Schedule) -> None:
    found = rp.measures.modification_test(plan, rp.defer(plan, 4, 2, interest="waive"))
    assert per_cent(found.change) == Decimal("1.970")
    assert not found.within_eba


def test_a_rate_cut(plan: rp.Schedule) -> None:
    found = rp.measures.modification_test(plan, rp.change_rate(plan, "8%", payment=4))
    assert per_cent(found.change) == Decimal("1.621")
    assert found.worth_before == Decimal("7610.80")
    assert found.gain_or_loss == Decimal("-123.40")
    assert not found.within_eba
    assert "more than 1 % lost" in str(found)


def test_two_years_without_interest() -> None:
    """Of a bullet at 5 %: 1 - 1 / 1.05**2 is 9.30 %; three years are substantial."""
    loan = rp.Loan("10000", "5%", 3, "2024-01-10", every="year", method="interest_only")
    plan = rp.amortise(loan)
    later = rp.measures.modification_test(plan, rp.defer(plan, 3, 2, interest="waive"))
    assert per_cent(later.change) == Decimal("9.297")
    assert not later.substantial
    assert rp.measures.modification_test(plan, rp.defer(plan, 3, 3, interest="waive")).substantial


def test_fees_raise_the_effective_rate_and_count() -> None:
    fees = [rp.Fee("2%"), rp.Fee("100", when="rate_change")]
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", fees=fees))
    found = rp.measures.modification_test(plan, rp.change_rate(plan, "8%", payment=4))
    assert found.effective > Decimal("0.16")
    assert found.worth_before < Decimal("7610.80")  # the fee of the start is earned over time
    assert found.after[0].date == date(2024, 4, 10)
    assert found.after[0].received == Decimal("100.00")


def test_a_settlement(plan: rp.Schedule) -> None:
    found = rp.measures.modification_test(plan, rp.settle(plan, with_payment=6, fee="1%"))
    assert found.as_of == date(2024, 7, 10)
    assert found.gain_or_loss == Decimal("51.49")
    assert found.after[0].closing == 0


def test_due_dates_that_are_listed() -> None:
    dues = ["2024-02-20", "2024-03-05", "2024-05-01", "2024-08-12"]
    plan = rp.amortise(rp.Loan("10000", "12%", start="2024-01-10", every=dues))
    found = rp.measures.modification_test(plan, rp.change_rate(plan, "6%", on="2024-03-05"))
    assert found.change < 0
    assert found.period_rate == found.effective


@settings(max_examples=examples(50))
@given(ordinary_rates, st.integers(2, 40), st.data())
def test_amortised_cost_balances(rate: Fraction, payments: int, data: st.DataObject) -> None:
    plan = rp.amortise(rp.Loan("10000", rate, payments, "2024-01-31"))
    number = data.draw(st.integers(1, payments))
    found = rp.measures.modification_test(plan, rp.defer(plan, number))
    for rows in (found.before, found.after):
        for row in rows:
            assert row.closing == row.opening + row.interest - row.received
        for one, two in pairwise(rows):
            assert one.closing == two.opening
        assert rows[-1].closing == 0
    assert found.before[0].opening == found.worth_before
    assert found.after[0].opening == found.worth_after
    same = rp.measures.modification_test(plan, plan, as_of=found.as_of)
    assert same.change == same.gain_or_loss == 0


def test_out(plan: rp.Schedule) -> None:
    found = rp.measures.modification_test(plan, rp.defer(plan, 4))
    frame = found.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == ["plan", "date", "opening", "interest", "received", "closing"]
    assert set(frame["plan"]) == {"before", "after"}
    assert len(frame) == len(found.before) + len(found.after)
    assert found._repr_html_().count("<table") == 3


def test_refused(plan: rp.Schedule) -> None:
    other = rp.amortise(rp.Loan("10000", "9%", 12, "2024-01-10"))
    with pytest.raises(rp.errors.TermsError, match="the same loan as before"):
        rp.measures.modification_test(plan, other)
    with pytest.raises(rp.errors.DateError, match="as_of"):
        rp.measures.modification_test(plan, rp.defer(plan, 4), as_of="2025-01-10")
    with pytest.raises(rp.errors.TermsError, match="before: got 'plan'"):
        rp.measures.modification_test("plan", plan)  # type: ignore[arg-type]  # is refused
