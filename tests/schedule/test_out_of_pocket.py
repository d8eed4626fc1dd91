"""What leaves the borrower's pocket: one figure, whichever view shows it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.measures.break_even import divergence_of
from repaylib.measures.cash_flows import dated
from repaylib.schedule.rows import rows_in_money
from repaylib.typing import ArrearsPart, ArrearsRepay, Collected
from tests.strategies.loans import changed, examples, rich_loans

WAYS: list[Collected] = ["paid", "deducted", "financed"]


def lent(*fees: rp.Fee, rate: str = "12%", **words: Any) -> rp.Loan:
    return rp.Loan("10000", rate, 12, "2024-01-10", fees=list(fees), **words)


def lines_of(table: object) -> dict[str, list[str]]:
    """A printed table, by the name of each line."""
    lines = [line.split("  ") for line in str(table).splitlines()]
    return {each[0].strip(): [cell.strip() for cell in each[1:] if cell.strip()] for each in lines}


# -- figures --------------------------------------------------------------------------------


def test_readings_count_the_fee_of_the_day() -> None:
    """3 % of 7,610.80 is 228.32, on top of 76.11 of interest and of nothing."""
    shown = lines_of(rp.readings(lent(rp.Fee("3%", when="deferral")), payment=4))
    assert shown["interest paid with the next instalment"][2:4] == ["8,300.82", "304.43"]
    assert shown["interest-free"][2:4] == ["8,224.71", "228.32"]


def test_a_financed_fee_is_paid_once() -> None:
    """100 lent for the fee: 12 payments of 897.37 or so, 10,768.48; against 10,661.86 and 150."""
    table = rp.compare(lent(rp.Fee("1%", collected="financed")), lent(rp.Fee("150")))
    assert [str(each.total_paid) for each in table] == ["10768.48", "10811.86"]
    assert [each.still_to_pay for each in table] == [each.total_paid for each in table]
    assert table.cheapest is table[0]
    assert table[1].extra == Decimal("43.38")
    assert [str(each.still_to_pay) for each in table.measures] == ["10768.48", "10811.86"]
    assert [str(each.fees) for each in table.measures] == ["100.00", "150.00"]
    turned = rp.compare(*(each.schedule for each in reversed(table)))
    assert [each.still_to_pay for each in turned] == [each.still_to_pay for each in reversed(table)]


def test_a_deducted_fee_is_kept_back_from_what_is_received() -> None:
    """100 paid, or 9,900 received: the same cost, and the table says why."""
    table = rp.compare(lent(rp.Fee("100")), lent(rp.Fee("100", collected="deducted")))
    assert [str(each.total_paid) for each in table] == ["10761.86", "10661.86"]
    assert [str(each.received) for each in table] == ["0.00", "-100.00"]
    assert [each.extra for each in table] == [0, 0]
    assert table.cheapest is table[0]
    assert "received" in str(table).split("\n")[0]
    dear = rp.compare(lent(rp.Fee("150")), lent(rp.Fee("100", collected="deducted")))
    assert dear.verdict.startswith(
        "cheapest: as agreed (2), 10,661.86 in all, and 100.00 less received;"
    )


def test_a_further_advance_is_no_cost() -> None:
    plan = rp.amortise(lent())
    table = rp.compare(plan, rp.advance(plan, "2000", with_payment=3))
    assert table[1].received == 2000
    assert (
        table[1].extra
        == rp.measures.costs(table[1].schedule).total_cost - rp.measures.costs(plan).total_cost
    )


def test_a_financed_fee_in_a_negotiation_and_its_paper() -> None:
    """228.32 joins 7,610.80; 18 payments of 478.05 or so: 8,604.79."""
    fee = rp.Fee("3%", when="rescheduling", collected="financed")
    plan = rp.amortise(lent(fee, currency="CNY"))
    limits = rp.Limits(months=18)
    found = rp.negotiate(plan, affordable="600", payment=4, by="term", limits=limits)
    last = found.options[-1]
    assert (last.name, str(last.total)) == ("18 instalments", "8604.79")
    assert rp.compare(plan, last.schedule)[1].still_to_pay == last.total
    paper = rp.agreement(last)
    figures = paper["instalments"].figures
    assert (figures["count"], str(figures["total"])) == (18, "8604.79")
    assert "18 payments" in paper["instalments"].text
    assert paper["reading"].figures["difference"] == Decimal("608.40")
    asks = rp.letter(plan, option=last)
    assert (asks["asked"].figures["count"], str(asks["asked"].figures["total"])) == (18, "8604.79")
    assert str(asks["lender_gets"].figures["before"]) == "7996.39"


def test_a_fee_paid_on_the_day_must_be_affordable_too() -> None:
    """3 % of 7,610.80 is 228.32, more than 210 a month."""
    plan = rp.amortise(lent(rp.Fee("3%", when="rescheduling")))
    found = rp.negotiate(plan, affordable="210", payment=4, by="term")
    assert not found.feasible
    assert rp.negotiate(plan, affordable="230", payment=4, by="term").feasible


def test_a_prepayment_of_the_first_plan_counts() -> None:
    """2,000 on the day and 6 payments or so, beside 9 payments: whichever comes first."""
    plan = rp.amortise(lent())
    sooner = rp.prepay(plan, "2000", on="2024-04-10")
    one, other = rp.compare(plan, sooner), rp.compare(sooner, plan)
    assert [each.still_to_pay for each in one] == [each.still_to_pay for each in reversed(other)]
    assert one[1].still_to_pay == sooner.total_paid - 3 * Decimal("888.49")


def test_a_statement_does_not_ask_for_a_financed_fee() -> None:
    plan = rp.amortise(lent(rp.Fee("1%", collected="financed")))
    paid = [rp.Receipt(row.date, row.payment) for row in plan[1:4]]
    owed = rp.statement(plan, paid, as_of="2024-04-10")
    assert owed.arrears.total == 0
    assert owed.payoff == plan[3].closing


# -- plans of one debt ----------------------------------------------------------------------


def test_a_loan_that_pays_off_another_is_compared_from_its_first_day() -> None:
    """9 payments are left, 7,996.39; 9 of 874.08 or so and 200 are 8,066.74: 70.35 more."""
    plan = rp.amortise(lent())
    new = rp.Loan("7610.80", "8%", 9, "2024-04-10", fees=[rp.Fee("200")])
    table = rp.compare(plan, new)
    assert str(table.since) == "2024-04-10"
    assert [str(each.still_to_pay) for each in table] == ["7996.39", "8066.74"]
    assert [str(each.extra) for each in table] == ["0.00", "70.35"]
    assert table.cheapest is table[0]
    assert table.verdict.startswith("cheapest: as agreed, 7,996.39 from 2024-04-10 on;")
    assert rp.compare(new, plan)[1].extra == Decimal("-70.35")
    assert [str(each.extra) for each in table.measures] == ["0.00", "70.35"]


def test_what_settles_the_other_is_lent_with_its_interest_and_fee() -> None:
    loan = lent(rp.Fee("1%", when="settlement"))
    owed = rp.settle(loan, on="2024-04-20")
    assert owed.interest
    assert owed.fee
    new = rp.Loan(owed.total, "8%", 9, "2024-04-20")
    assert rp.compare(loan, new)[0].still_to_pay == Decimal("7996.39")
    with pytest.raises(rp.errors.TermsError, match="to settle on 2024-04-20"):
        rp.compare(loan, rp.Loan(owed.principal, "8%", 9, "2024-04-20"))


@pytest.mark.parametrize(
    "other",
    [
        rp.Loan("5000", "12%", 12, "2024-01-10"),
        rp.Loan("7610.81", "8%", 9, "2024-04-10"),
        rp.Loan("10000", "12%", 12, "2024-02-10"),
        rp.Loan("10000", "12%", 12, "2026-01-10"),
    ],
)
def test_plans_of_other_debts_are_refused(other: rp.Loan) -> None:
    for plans in ((rp.amortise(lent()), other), (other, rp.amortise(lent()))):
        with pytest.raises(
            rp.errors.TermsError, match=r"^plans: got .* expected plans of one debt"
        ):
            rp.compare(*plans)


# -- arrears that are taken in ----------------------------------------------------------------


def arrangement(treatment: Any, payments: int = 6) -> rp.arrears.Arrangement:
    """10,000 at 12 %, three payments made; 380.76 of interest in arrears on 24 December."""
    plan = rp.amortise(lent(currency="CNY"))
    paid = [rp.Receipt(row.date, row.payment) for row in plan[:3]]
    owed = rp.statement(plan, paid, as_of="2024-12-24", penalty=rp.PenaltyTerms("1.5"))
    assert owed.balances.interest == Decimal("380.76")
    return rp.renegotiate(
        owed, payments=payments, arrears={"penalty": "forgive", "interest": treatment}
    )


CAP = rp.measures.Cap("24 %", "24%")


@pytest.mark.parametrize("treatment", ["spread", "next", "last"])
def test_old_arrears_are_no_price_of_a_new_agreement(treatment: ArrearsRepay) -> None:
    """At most 12 %, the rate of the rest; capitalised, 12.00 % and 11.67 more."""
    made = arrangement(treatment).schedule
    joined = arrangement("capitalise").schedule
    assert joined.total_paid - made.total_paid == Decimal("11.67")
    for rule in ("cn_simple", "cn_irr", "reg_z"):
        assert Decimal("0.10") < rp.apr(made, rule=rule).nominal < Decimal("0.12")
    assert round(rp.apr(joined, rule="cn_simple"), 4) == Decimal("0.1200")
    assert rp.measures.costs(made).total_cost == made.total_interest - Decimal("380.76")
    assert rp.measures.costs(made).received == Decimal("7991.56")
    assert rp.measures.cost_sheet(made).total == rp.measures.costs(made).total_cost
    for measure in ("nominal", "effective", "simple"):
        test = rp.measures.cap_report(made, CAP, measure=measure)[0]
        assert test.ok
        assert test.value < Decimal("0.1269")
    agreed = rp.compare(joined, made)  # the same debt, though less of it is principal
    assert agreed[1].extra == Decimal("-11.67")


def test_the_rate_by_balances_of_arrears_spread_or_with_the_next() -> None:
    values = [
        rp.measures.cap_report(arrangement(word).schedule, CAP, measure="simple")[0].value
        for word in ("spread", "next", "capitalise")
    ]
    assert [f"{value * 100:.2f}" for value in values] == ["11.43", "11.89", "12.00"]


@pytest.mark.parametrize("treatment", ["spread", "next"])
def test_a_negotiation_with_old_arrears_finds_all_plans(treatment: Any) -> None:
    plan = arrangement(treatment).schedule
    limits = rp.Limits(months=12, caps=(CAP,))
    found = rp.negotiate(plan, affordable="2000", payment=1, by="term", limits=limits)
    assert len(found) == 7


@pytest.mark.parametrize("treatment", ["next", "spread", "last"])
def test_fees_in_arrears_are_no_charge_of_a_new_agreement(treatment: Any) -> None:
    plan = rp.amortise(lent(currency="CNY"))
    paid = [rp.Receipt(row.date, row.payment) for row in plan[:3]]
    terms = rp.PenaltyTerms("1.5", late_fee="50")
    owed = rp.statement(plan, paid, as_of="2024-06-24", penalty=terms)
    made = rp.renegotiate(owed, payments=12, arrears={"fee": treatment, "penalty": treatment})
    assert made.latest.carried > 100
    sheet = rp.measures.cost_sheet(made.schedule)
    assert [each.item for each in sheet] == ["interest"]
    assert sheet.rate < Decimal("0.12")
    assert "is no cost" in rp.agreement(made)["fees"].text


def test_arrears_that_are_forgiven_are_no_interest_less() -> None:
    taken = rp.amortise(lent(), rp.changes.Arrears("90", repay="last", payment=4))
    gone = rp.forgive(taken, "60", of="deferred_interest", with_payment=5)
    before, after = rp.measures.costs(taken), rp.measures.costs(gone)
    assert (after.interest, after.fees) == (before.interest, before.fees)
    assert before.forgiven == 0
    assert after.forgiven == 60
    assert after.total_cost == before.total_cost - 60
    assert gone.columns["arrears"].sum() == 0
    gone.check()


def test_interest_put_off_later_is_not_taken_for_arrears() -> None:
    taken = rp.amortise(lent(), rp.changes.Arrears("90", repay="last", payment=4))
    later = rp.defer(taken, payment=6, repay="last")
    assert (
        later[-1].deferred_interest
        == 90 + rp.defer(lent(), payment=6, repay="last")[-1].deferred_interest
    )
    assert (
        rp.measures.costs(later).interest
        == rp.measures.costs(rp.defer(lent(), payment=6, repay="last")).interest
    )
    later.check()


# -- laws -----------------------------------------------------------------------------------


def paid_up_to(plan: rp.Schedule, day: Any) -> int:
    amounts = zip(plan.accrual_dates.tolist(), plan.columns["out_of_pocket"].tolist(), strict=True)
    return sum(amount for falls, amount in amounts if falls <= day)


@settings(max_examples=examples(60))
@given(changed(rich_loans()))
@example(rp.prepay(lent(rp.Fee("1%", collected="financed")), "2000", on="2024-04-10"))
def test_every_view_shows_the_same_out_of_pocket(plan: rp.Schedule) -> None:
    before = rp.amortise(plan.loan)
    total = plan.loan.signed(plan.out_of_pocket)
    costs = rp.measures.costs(plan)
    assert costs.total_payable == plan.out_of_pocket
    assert sum(row.payment for row, _ in rows_in_money(plan)) == plan.out_of_pocket
    assert costs.total_cost == costs.total_payable - costs.received
    table = rp.compare(before, plan)
    assert table[1].total_paid == plan.out_of_pocket
    shared = total - plan.loan.signed(table[1].still_to_pay)
    assert shared == plan.loan.signed(before.out_of_pocket) - plan.loan.signed(
        table[0].still_to_pay
    )
    difference = costs.total_cost - rp.measures.costs(before).total_cost
    assert table[1].extra == difference
    assert rp.compare(plan, before)[1].extra == -difference
    parts = divergence_of([before, plan])
    for day in plan.accrual_dates.tolist():
        paid = sum(amount for each, amount in parts.paid(plan) if each <= day)
        if day >= parts.day:
            assert shared + paid == paid_up_to(plan, day)


def test_a_financed_fee_of_zero_leaves_an_instalment_that_an_advance_kept() -> None:
    """It found the instalment of 974.38 anew, as 951.34, although nothing was lent."""
    changes = (
        rp.changes.Advance("2000", with_payment=1, hold="payment"),
        rp.changes.Deferral(payment=9, scope="instalment", repay="last"),
    )
    fee = rp.Fee("0", when="deferral", collected="financed")
    one, two = (
        rp.Schedule(rp.Loan("10000", "29.9%", 12, "2025-11-30", fees=fees), changes)
        for fees in ((), (fee,))
    )
    assert one[9].payment == Decimal("974.38")
    assert list(one.rows) == list(two.rows)


@settings(max_examples=examples(40))
@given(
    changed(rich_loans()),
    st.sampled_from(["start", "deferral", "rescheduling", "prepayment", "instalment"]),
    st.sampled_from(WAYS),
)
def test_a_fee_of_zero_changes_nothing(plan: rp.Schedule, when: Any, collected: Any) -> None:
    if when != "start":
        collected = "paid" if when == "instalment" or collected == "deducted" else collected
    free = rp.Fee("0", when=when, collected=collected)
    words = {name: getattr(plan.loan, name) for name in ("rate", "payments", "method")}
    plain = rp.Loan("10000", start=plan.loan.start, **words)
    other = rp.Loan("10000", start=plan.loan.start, fees=[free], **words)
    try:
        one, two = (rp.Schedule(loan, plan.changes) for loan in (plain, other))
    except rp.RepayError:
        assume(False)
    assert rp.measures.costs(one) == rp.measures.costs(two)
    assert [row[1:] for row, _ in rows_in_money(one) if row.payment] == [
        row[1:] for row, _ in rows_in_money(two) if row.payment
    ]
    table = rp.compare(one, two)
    assert (table[0].still_to_pay, table[0].largest, table[0].payments) == (
        table[1].still_to_pay,
        table[1].largest,
        table[1].payments,
    )


@settings(max_examples=examples(60))
@given(
    st.integers(1, 200_000),
    st.integers(1, 24),
    st.sampled_from(["0%", "10%"]),
    st.sampled_from(["start", "rescheduling"]),
)
def test_without_interest_it_is_all_the_same_how_a_fee_is_collected(
    minor: int, payments: int, tax: str, when: Any
) -> None:
    """Financed or paid, the borrower pays it once; deducted, receives so much less."""
    found = []
    for collected in WAYS if when == "start" else ("paid", "financed"):
        fee = rp.Fee(Decimal(minor) / 100, when=when, collected=collected)
        loan = rp.Loan("10000", "0%", payments, "2024-01-10", fees=[fee], fee_tax=tax)
        found.append(
            rp.reschedule(loan, payments, payment=1) if when != "start" else rp.amortise(loan)
        )
    paid = {plan.loan.fees[0].collected: plan.out_of_pocket for plan in found}
    assert paid["paid"] == paid["financed"]
    assert len({rp.measures.costs(plan).total_cost for plan in found}) == 1
    assert {each.extra for each in rp.compare(*found)} == {Decimal(0)}


@settings(max_examples=examples(60))
@given(
    st.integers(100, 200_000),
    st.integers(1, 36),
    st.sampled_from(["0%", "3.5%", "12%", "24%"]),
    st.sampled_from(["interest", "penalty", "fee"]),
    st.sampled_from(["next", "spread", "last"]),
    st.integers(1, 12),
)
def test_arrears_free_of_interest_cost_nothing(
    minor: int, payments: int, rate: str, of: ArrearsPart, repay: ArrearsRepay, payment: int
) -> None:
    """The cost stays what it was, and the rate is at most the loan's; as principal it is that."""
    assume(payment <= payments)
    amount = Decimal(minor) / 100
    loan = rp.Loan("10000", rate, payments, "2024-01-10")
    taken = rp.amortise(loan, rp.changes.Arrears(amount, of=of, repay=repay, payment=payment))
    assert rp.measures.costs(taken).total_cost == rp.measures.costs(loan).total_cost
    assert rp.measures.costs(taken).received == 10000 + amount
    assert taken.columns["arrears"].sum() == 0, "all of it is paid"
    if payment < payments:
        ended, plain = (rp.settle(each, with_payment=payment) for each in (taken, loan))
        assert rp.measures.costs(ended).total_cost == rp.measures.costs(plain).total_cost
        assert ended.schedule.columns["arrears"].sum() == 0
    period = Decimal(loan.first_rate.value.numerator) / loan.first_rate.value.denominator / 12
    cents = Decimal("0.01") * payments / 10000
    assert rp.irr(taken) <= period + cents
    table = rp.compare(loan, taken)
    assert table[1].extra == 0
    joined = rp.Loan(10000 + amount, rate, payments, "2024-01-10")
    assert abs(rp.irr(joined) - period) <= cents
    if rate == "0%":
        assert rp.irr(taken) == 0
    if payment == 1:  # the same debt, whatever part of it is principal
        assert rp.compare(joined, taken)[1].extra <= 0


@settings(max_examples=examples(25))
@given(st.integers(1, 12), st.sampled_from(["penalty", "fee", "interest"]), st.sampled_from(WAYS))
def test_a_book_shows_what_each_loan_shows(payment: int, of: Any, collected: Any) -> None:
    book = rp.Portfolio(
        principal=["10000", "5000", "300"],
        rate=["12%", "5.25%", "0%"],
        payments=[12, 24, 14],
        start=["2024-01-10", "2024-02-29", "2024-03-05"],
        fees=[rp.Fee("1.5%", collected=collected)],
    )
    plan = rp.amortise(book).then(rp.changes.Arrears("90", of=of, repay="spread", payment=payment))
    summary, totals, flows = plan.summary(), plan.totals(), plan.cash_flows()
    for row in range(3):
        alone = plan.row(row)
        count = len(alone)
        for name in ("out_of_pocket", "received", "net"):
            assert np.array_equal(plan[name][row, :count], alone.columns[name]), name
        for name in ("out_of_pocket", "total_paid", "first_payment", "largest_payment"):
            assert summary[name][row] == alone.loan.signed(getattr(alone, name)), name
        assert summary.payments[row] == alone.payments
        mine = [
            (day, amount)
            for day, amount in zip(
                flows.days[row].tolist(), flows.amounts[row].tolist(), strict=True
            )
            if amount
        ]
        sums: dict[int, int] = {}
        for day, amount in mine:
            sums[day.toordinal()] = sums.get(day.toordinal(), 0) + amount
        theirs = dated(alone)
        assert sums == dict(zip(theirs.days, theirs.amounts, strict=True))
    assert totals.out_of_pocket.sum() == summary.out_of_pocket.sum()
    assert ("pocket" in str(summary)) == (collected != "paid")


@settings(max_examples=examples(40))
@given(
    st.sampled_from(WAYS),
    st.sampled_from(["0.35%", "2%", "12.50"]),
    st.integers(0, 12),
    st.booleans(),
)
def test_who_pays_what_leaves_the_pocket_is_never_late(
    collected: Collected, amount: str, count: int, taxed: bool
) -> None:
    fee = rp.Fee(amount, collected=collected)
    plan = rp.amortise(lent(fee, fee_tax="10%" if taxed else "0%"))
    due = [row for row, _ in rows_in_money(plan) if row.payment]
    last = due[count - 1].date if count else plan.loan.start
    paid = [rp.Receipt(row.date, row.payment) for row in due if row.date <= last]
    owed = rp.statement(plan, paid, as_of=min(last, plan.maturity - timedelta(days=1)))
    if count:
        assert owed.arrears.total == 0
    assert owed.credit == 0
