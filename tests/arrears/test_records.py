"""Credit records, accounts rebuilt at a legal rate, and the claim for the difference."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.arrears import credit_record
from repaylib.documents import claim
from repaylib.measures import rebuild
from repaylib.typing import CreditCodes

HIGH = rp.amortise(rp.Loan("10000", "36%", 12, "2024-01-10", currency="CNY"))
EIGHT = [rp.Receipt(row.date, row.payment) for row in HIGH[:8]]
OWED = rp.statement(HIGH, EIGHT, as_of="2024-09-10")
FREE = rp.amortise(rp.Loan("60000", "0%", 12, "2024-12-15", currency="CNY"))


def paid(plan: rp.Schedule, count: int) -> list[rp.Receipt]:
    """Return the first payments, each on its day."""
    return [rp.Receipt(row.date, row.payment) for row in plan[:count]]


# -- credit record --------------------------------------------------------------------------


def test_two_missed_payments_are_counted_as_the_central_bank_counts_them() -> None:
    """60,000 in 12, November and December missed: 5,000 is overdue, then 10,000."""
    owed = rp.statement(FREE, paid(FREE, 10), as_of="2025-12-31")
    record = credit_record(owed, codes="CN")
    assert record.text == "*" * 11 + "N" * 11 + "12"
    assert [month.overdue for month in record[-2:]] == [Decimal("5000"), Decimal("10000")]
    assert (record.clears_on, record.to_clear) == (date(2025, 12, 31), Decimal("10000"))
    assert record.largest == Decimal("10000")
    assert credit_record(owed, codes="US").text == "B" * 11 + "0" * 12 + "1"


@pytest.mark.parametrize(
    ("days", "chinese", "american"),
    [
        *((1, "1", "0"), (29, "1", "0"), (30, "1", "1"), (31, "2", "1"), (60, "2", "2")),
        *((61, "3", "2"), (91, "4", "3"), (121, "5", "4"), (151, "6", "5"), (180, "6", "6")),
        *((181, "7", "6"), (400, "7", "6")),
    ],
)
def test_each_letter_begins_on_its_day(days: int, chinese: str, american: str) -> None:
    day = FREE[0].date + timedelta(days=days)
    owed = rp.statement(FREE, as_of=day)
    assert owed.days_past_due == days
    letters: dict[CreditCodes, str] = {"CN": chinese, "US": american}
    for codes, letter in letters.items():
        assert credit_record(owed, codes=codes, report_day=day.day)[-1].status == letter


def test_a_record_ends_when_the_loan_is_paid_off_or_written_off() -> None:
    owed = rp.statement(FREE, paid(FREE, 6), as_of="2025-07-20")
    closed = owed.later("2025-12-31", rp.Receipt("2025-07-20", owed.payoff))
    assert credit_record(closed, codes="CN", months=8).text == "NNNNNNNC"
    assert credit_record(closed, codes="CN", months=8)[-1].date == date(2025, 7, 31)
    lost = owed.later("2025-12-31", rp.arrears.WriteOff("2025-12-01"))
    assert credit_record(lost, codes="CN", months=3).text == "45B"
    assert credit_record(lost, codes="US", months=3).text == "34L"
    on_time = rp.statement(FREE, paid(FREE, 12), as_of="2026-06-30")
    assert credit_record(on_time, codes="CN", months=12).text == "N" * 11 + "C"


def test_a_record_goes_through_agreements() -> None:
    owed = rp.statement(FREE, paid(FREE, 10), as_of="2026-02-10")
    agreed = rp.renegotiate(owed, 12)
    then = agreed.statement(as_of="2026-06-20")
    assert credit_record(then, codes="CN", months=18).text == "N" * 11 + "123" + "N" + "123"


@given(st.integers(0, 12), st.integers(0, 60), st.integers(1, 31), st.integers(1, 36))
def test_what_clears_a_record_clears_it(count: int, late: int, day: int, months: int) -> None:
    plan = rp.amortise(rp.Loan("6000", "18%", 12, "2024-01-31"))
    last = plan[min(count, 11)].date
    owed = rp.statement(
        plan, paid(plan, count), as_of=last + timedelta(days=late), penalty=rp.PenaltyTerms("1.5")
    )
    record = credit_record(owed, codes="CN", months=months, report_day=day)
    assert len(record) == len(record.text) == months
    assert record.largest == max(month.overdue for month in record)
    assert all((month.status in "N*C") == (not month.days_past_due) for month in record)
    if record.to_clear:
        receipt = rp.Receipt(record.clears_on, record.to_clear)
        later = credit_record(owed.later(record.clears_on, receipt), codes="CN", report_day=day)
        assert later[-1].status in "NC"
        assert later[-1].date == record.clears_on


def test_a_charge_alone_is_cleared_with_what_falls_due_before_the_report() -> None:
    plan = rp.amortise(rp.Loan("60000", "12%", 12, "2024-12-15", currency="CNY"))
    charged = [*paid(plan, 1), rp.arrears.Charge("2025-02-01", "20")]
    record = credit_record(rp.statement(plan, charged, as_of="2025-02-10"), codes="CN")
    assert record.to_clear == Decimal("20") + plan[1].payment


# -- an account at a legal rate -------------------------------------------------------------


def test_an_account_of_36_percent_at_24() -> None:
    """Computed apart: 10,000 x 1.02**8 less eight payments of 1,004.62 grown at 2 % a month."""
    rebuilt = rebuild(OWED, "24%")
    assert (rebuilt.by_contract, rebuilt.owed) == (Decimal("3734.28"), Decimal("3093.96"))
    assert (rebuilt.claim, rebuilt.refund) == (Decimal("640.32"), Decimal("0.00"))
    assert [(line.principal, line.interest) for line in rebuilt.account[1:3]] == [
        (Decimal("0"), Decimal("200.00")),
        (Decimal("-804.62"), Decimal("-200.00")),
    ]


def test_all_that_was_paid_counts_and_only_what_was_lent_bears_interest() -> None:
    loan = rp.Loan(
        *("10000", "12%", 12, "2024-01-10"),
        fees=[rp.Fee("10%", collected="deducted"), rp.Fee("50", when="instalment")],
    )
    plan = rp.amortise(loan)
    receipt = rp.Receipt(plan[1].date, plan[1].payment)  # the fee of the start was no receipt
    rebuilt = rebuild(rp.statement(plan, [receipt], as_of="2024-02-10"), "24%")
    assert rebuilt.owed == Decimal("9000") + Decimal("180") - receipt.amount
    drawn = rp.amortise(
        rp.Loan("10000", "36%", 12, "2024-01-10", drawdowns=[("2024-02-10", "500")])
    )
    rebuilt = rebuild(rp.statement(drawn, as_of="2024-03-10"), "24%")
    assert rebuilt.owed == Decimal("10500") + Decimal("200") + Decimal("210")


def test_an_account_is_rebuilt_through_agreements() -> None:
    agreed = rp.renegotiate(rp.statement(HIGH, EIGHT[:3], as_of="2024-06-20"), 12)
    receipts = [rp.Receipt("2024-07-20", "900", component="interest")]
    rebuilt = rebuild(agreed.statement(receipts, as_of="2024-09-10"), "24%")
    assert rebuilt.legal.received == sum(receipt.amount for receipt in EIGHT[:3]) + 900
    assert rebuilt.agreed == HIGH


def test_money_given_back_is_lent_again_and_advance_payments_are_payments() -> None:
    given = [rp.Receipt("2024-02-10", "5000"), rp.arrears.Refund("2024-03-10", "2000")]
    rebuilt = rebuild(rp.statement(HIGH, given, as_of="2024-04-10"), "24%")
    assert rebuilt.owed == Decimal("7200") + Decimal("104") + Decimal("144")
    ahead = rp.amortise(rp.Loan("10000", "36%", 12, "2024-01-10", in_advance=True))
    rebuilt = rebuild(rp.statement(ahead, paid(ahead, 1), as_of="2024-02-10"), "24%")
    assert rebuilt.owed == Decimal("9205.13")  # 9,024.64 x 1.02


def test_a_cap_of_its_day_and_an_effective_one() -> None:
    cap = rp.measures.Cap("limit", [("2023-01-01", "24%"), ("2024-06-01", "12%")])
    assert rebuild(OWED, cap).owed == rebuild(OWED, "24%").owed
    effective = rp.measures.Cap("limit", "24%", measure="effective")
    assert rebuild(OWED, effective).owed < rebuild(OWED, cap).owed
    with pytest.raises(rp.errors.TermsError, match="a cap on the nominal"):
        rebuild(OWED, rp.measures.Cap("limit", "100%", measure="total"))


rates = st.integers(0, 40).map(lambda percent: f"{percent}%")


@given(rates, rates, st.integers(0, 14), st.integers(-20, 40), st.integers(1, 12))
def test_a_lower_rate_never_leaves_more_owed(
    one: str, other: str, months: int, shift: int, count: int
) -> None:
    receipts = [
        rp.Receipt(max(row.date + timedelta(days=shift), HIGH.loan.start), row.payment)
        for row in HIGH[:count]
    ]
    day = max(HIGH[0].date + timedelta(days=30 * months), HIGH.loan.start)
    owed = rp.statement(HIGH, receipts, as_of=day)
    low, high = (
        rebuild(owed, rate) for rate in sorted((one, other), key=lambda text: int(text[:-1]))
    )
    assert low.owed <= high.owed
    assert low.claim >= high.claim >= 0
    assert high.refund == max(Decimal(0), -high.owed)
    low.legal.check()
    simple = rp.statement(HIGH, receipts, as_of=day, interest="daily_simple")
    assert rebuild(simple, "36%").owed == simple.payoff


# -- the claim ------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_claim_states_both_balances_and_their_difference(lang: Any) -> None:
    rebuilt = rebuild(OWED, rp.measures.Cap("court limit", "24%", source="art. 2"))
    paper = claim(rebuilt, parties={"lender": "Bank", "borrower": "Chen Yu"}, lang=lang)
    assert paper.complete
    text = paper.to_text()
    for shown in ("3,734.28", "3,093.96", "640.32", "8,036.96", "art. 2", "Chen Yu", "Bank"):
        assert shown in text
        assert shown in paper.to_html()
    assert paper.translated("en").translated(lang) == paper
    assert paper.to_dict()["items"][2]["figures"]["claim"] == "640.32"


def test_a_claim_without_a_rule_says_what_is_missing() -> None:
    assert [need.name for need in claim(rebuild(OWED, "24%")).missing()] == [
        "the rule that sets the limit"
    ]
    with pytest.raises(rp.errors.TermsError, match="send no claim"):
        claim(rebuild(OWED, "36%"))
    settled = rp.statement(HIGH, paid(HIGH, 12), as_of="2025-01-10")
    assert "791.66" in claim(rebuild(settled, "24%"))["claim_asked"].text
