"""Early settlement: methods, notice, fees and caps, parts; published figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.dates.accrual import unearned
from repaylib.dates.months import day_in, month_of
from repaylib.typing import SettlementMethod
from tests.published.cases import Case, asked, case_of, cases_of
from tests.strategies.loans import (
    amount_places,
    changed,
    examples,
    ordinary_rates,
    plain_loans,
    starts,
)

REFUNDS = [case for case in cases_of("settlements") if case.name.startswith("r78")]
METHODS: tuple[SettlementMethod, ...] = get_args(SettlementMethod)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")


@pytest.fixture
def flat() -> rp.Schedule:
    """10,000 over 12 months with a flat 1 % a month: 933.33, of which 100.00 is interest."""
    return rp.amortise(rp.Loan("10000", rp.monthly("1%"), 12, "2024-01-10", method="flat"))


# -- methods ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "total", "rebate"),
    [
        ("actuarial", "5149.20", "181.72"),
        ("rule_of_78", "5152.73", "178.19"),
        ("flat_waived", "5149.20", "181.72"),
        ("flat_charged", "5330.92", "0.00"),
    ],
)
def test_methods_of_a_level_loan(
    plan: rp.Schedule, method: SettlementMethod, total: str, rebate: str
) -> None:
    quote = rp.settle(plan, with_payment=6, method=method)
    assert (quote.total, quote.rebate) == (Decimal(total), Decimal(rebate))
    assert quote.on == quote.requested == date(2024, 7, 10)
    quote.schedule.check()


@pytest.mark.parametrize(
    ("method", "total", "rebate"),
    [
        ("actuarial", "5265.59", "334.41"),
        ("rule_of_78", "5276.92", "323.08"),
        ("flat_waived", "5000.00", "600.00"),
        ("flat_charged", "5600.00", "0.00"),
    ],
)
def test_methods_of_a_flat_loan(method: SettlementMethod, total: str, rebate: str) -> None:
    """Without cents that the last payment takes.

    A rate of the uncut payments on payments cut to cents would make it 5,265.58 and 334.42.
    """
    loan = rp.Loan("10000", rp.monthly("1%"), 12, "2024-01-10", method="flat", decimals=10)
    quote = rp.settle(loan, with_payment=6, method=method)
    assert (cents(quote.total), cents(quote.rebate)) == (Decimal(total), Decimal(rebate))


def test_methods_of_a_flat_loan_in_cents(flat: rp.Schedule) -> None:
    totals = {each: rp.settle(flat, with_payment=6, method=each).total for each in METHODS[:2]}
    assert totals == {"actuarial": Decimal("5265.61"), "rule_of_78": Decimal("5276.94")}
    assert rp.settle(flat, with_payment=6, method="flat_waived").total == Decimal("5000.02")
    assert rp.settle(flat, with_payment=6, method="flat_charged").total == Decimal("5600.02")


def test_fees_of_the_instalments_left() -> None:
    """A fee plan without interest: 100.00 with each of 12 instalments."""
    fees = [rp.Fee("1%", when="instalment", of="principal")]
    loan = rp.Loan("12000", "0%", 12, "2024-01-10", fees=fees)
    waived = rp.settle(loan, with_payment=6, method="flat_waived")
    charged = rp.settle(loan, with_payment=6, method="flat_charged", fee="50")
    digits = rp.settle(loan, with_payment=6, method="rule_of_78")
    assert waived.total == Decimal("6000.00")
    assert (charged.fee, charged.later_fees) == (Decimal("50.00"), Decimal("720.00"))
    assert charged.total == Decimal("6770.00")
    assert charged.schedule.total_fees == Decimal("1490.00")
    assert digits.later_fees == Decimal("332.31")  # 720 - 1,440 x 21/78
    assert sum(each.amount for each in charged.schedule.fee_charges) == 149_000
    assert "fees of instalments left        720.00" in str(charged)
    charged.schedule.check()


def test_a_method_inside_a_period(flat: rp.Schedule) -> None:
    """The sum of digits earns a period by its days; 15 of 31 after the sixth."""
    quote = rp.settle(flat, on="2024-07-25", method="rule_of_78")
    share = 1 - Fraction(21 - 6 * Fraction(15, 31)) / 78
    assert quote.interest == cents(Decimal(float(1200 * share - 600)))
    assert rp.settle(flat, on="2024-07-25", method="flat_waived").interest == Decimal("48.39")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("first", ["2024-01-10", "2024-06-10", "2024-06-20"])
@pytest.mark.parametrize("on", ["2024-01-10", "2024-06-09", "2024-06-10", "2024-06-20"])
def test_what_is_settled_is_settled_again_only_before_its_end(
    flat: rp.Schedule, method: SettlementMethod, first: str, on: str
) -> None:
    settled = rp.settle(flat, on=first).schedule
    if on >= first:
        with pytest.raises(rp.RepayError, match=r"^(on|principal|schedule)"):
            rp.settle(settled, on=on, method=method)
        return
    quote = rp.settle(settled, on=on, method=method, notice=0, deferral="none")
    assert quote.schedule.maturity == date.fromisoformat(on)
    quote.schedule.check()


def test_interest_paid_before_it_is_earned_comes_back() -> None:
    """Where principal is repaid at first, the sum of digits has earned less than was charged."""
    amounts = ["4000", "3000", "1000", "1000", "500", "500"]
    loan = rp.Loan("9500", "12%", 6, "2024-01-10", instalment=amounts)
    quote = rp.settle(loan, with_payment=2, method="rule_of_78")
    assert quote.interest < 0
    quote.schedule.check()


@settings(max_examples=examples(100))
@given(changed(plain_loans(), most=3), st.sampled_from(METHODS), st.data())
def test_every_method_conserves(
    schedule: rp.Schedule, method: SettlementMethod, data: st.DataObject
) -> None:
    place = data.draw(amount_places(schedule))
    try:
        quote = rp.settle(schedule, method=method, notice=0, deferral="none", **place)
    except rp.errors.TermsError:  # payments that no one rate fits
        reject()
    quote.schedule.check()
    # A settlement comes before another change of its day, which may have posted interest on it.
    assume(not any(row.number == 0 and row.date == quote.on for row in schedule))
    before = [row.payment for row in schedule if row.date <= quote.on]
    assert quote.schedule.total_paid == sum(before, quote.total)
    assert rp.Schedule.from_dict(quote.schedule.to_dict()) == quote.schedule
    row = next(row for row in quote.schedule if row.date == quote.on)
    assert row.closing == 0
    derived = quote.schedule.explain(row)
    assert all(figure.recomputed() == figure.value for figure in derived.figures)


@settings(max_examples=examples(60))
@given(ordinary_rates, st.integers(2, 60), st.data())
def test_the_rule_of_78_never_beats_actuarial(
    rate: Fraction, payments: int, data: st.DataObject
) -> None:
    """For the borrower, on level loans: the charge is earned sooner than it accrues."""
    loan = rp.Loan("10000", rate, payments, "2024-01-10", decimals=8)
    place = data.draw(amount_places(rp.amortise(loan)))
    digits = rp.settle(loan, method="rule_of_78", **place)
    actuarial = rp.settle(loan, method="actuarial", **place)
    assert digits.total >= actuarial.total - Decimal("0.00001")


@settings(max_examples=examples(60))
@given(ordinary_rates, st.integers(2, 60), st.integers(1, 59))
def test_the_regulations_agree_with_the_contract_on_due_dates(
    rate: Fraction, payments: int, number: int
) -> None:
    """Without fees and notice, the APR is the contract's own rate."""
    loan = rp.Loan("10000", rate, payments, "2024-01-01", decimals=8)
    place: dict[str, Any] = {"with_payment": min(number, payments - 1)}
    uk = rp.settle(loan, method="uk_2004", notice=0, deferral="none", **place)
    assert abs(uk.total - rp.settle(loan, **place).total) < Decimal("0.0001")


@pytest.mark.parametrize(
    ("words", "nominal", "effective"),
    [
        ({"method": "flat_waived"}, "15.10", "16.19"),
        ({"method": "flat_waived", "fee": "3%"}, "18.71", "20.40"),  # published: 20.41
        ({"method": "flat_charged"}, "29.20", "33.45"),
    ],
)
def test_the_rate_of_the_credit_as_it_really_ran(
    flat: rp.Schedule, words: dict[str, Any], nominal: str, effective: str
) -> None:
    """A flat plan of 21.46 % goes beyond 24 % where all charges left are asked for."""
    rate = rp.apr(rp.settle(flat, with_payment=6, **words), rule="cn_irr")
    assert cents(100 * rate.nominal) == Decimal(nominal)
    assert cents(100 * rate.effective) == Decimal(effective)


def test_interest_on_interest_of_a_moratorium() -> None:
    """3,000,000 at 7.5 %, March to August 2020: compound less simple interest is 1,772.53."""
    plan = rp.amortise(rp.Loan("3000000", "7.5%", 120, "2020-03-01", currency="INR"))
    later = rp.defer(plan, payment=1, periods=6, repay="capitalise")
    simple = 6 * Decimal("18750.00")
    assert later.total_capitalised - simple == Decimal("1772.53")


# -- the sum of digits, published ------------------------------------------------------------


@pytest.mark.parametrize("case", REFUNDS, ids=lambda case: case.name)
def test_refunds_by_the_sum_of_digits(case: Case) -> None:
    """The cases lend ten times the charge; the share of it that is not earned is by the digits."""
    assert case.loan is not None
    term, paid = case.loan["payments"], asked(case)["with_payment"]
    share = unearned(term, paid)
    charge = Fraction(case.loan["principal"]) / 10
    assert round(charge * share, 2) == Fraction(case.expected["rebate"])


# -- the regulations of 2004 ------------------------------------------------------------------


def uk_loan() -> rp.Loan:
    plan, _ = case_of("settlements", "uk-esr-deferred").answer()
    loan: rp.Loan = plan.loan
    return loan


def test_a_settlement_with_notice_and_deferral() -> None:
    expected = case_of("settlements", "uk-esr-deferred").expected
    plan = rp.amortise(uk_loan())
    assert cents(plan.total_paid) == Decimal("6459.36")
    quote = rp.settle(plan, with_payment=12, method="uk_2004")
    assert quote.requested == date(2011, 3, 1)
    assert quote.on == date(2011, 4, 29)
    assert cents(quote.total) == Decimal(expected["total"])
    assert cents(quote.rebate) == Decimal(expected["rebate"])
    assert cents(quote.total + quote.rebate) == Decimal("4709.95")
    assert "asked for on 2011-03-01" in str(quote)
    told = quote.schedule.terms()
    assert "28 days later and, if the loan runs for more than a year, a month after that" in told
    assert quote.schedule.change_days == (quote.on,)
    quote.schedule.check()


def test_deferral_is_for_loans_of_more_than_a_year() -> None:
    year = rp.settle(rp.Loan("1000", "12%", 12, "2024-01-10"), with_payment=3, method="uk_2004")
    longer = rp.settle(rp.Loan("1000", "12%", 13, "2024-01-10"), with_payment=3, method="uk_2004")
    assert year.on == date(2024, 5, 8)
    assert longer.on == date(2024, 6, 8)
    days = rp.settle(uk_loan(), with_payment=12, method="uk_2004", deferral="30 days")
    assert days.on == date(2011, 4, 28)


def test_settling_at_once_under_the_regulations() -> None:
    """10,000 over 36 months at an APR of 12 %: 36 x 329.22."""
    rate = rp.rates.periodic_rate("10000", 36, "329.22")
    loan = rp.Loan("10000", Fraction(rate) * 12, 36, "2024-01-01", instalment="329.22", decimals=10)
    quote = rp.settle(loan, with_payment=12, method="uk_2004", notice=0, deferral="none")
    assert abs(quote.total - Decimal("7036.52")) < Decimal("0.02")  # published at 12 % itself
    assert abs(quote.rebate - Decimal("864.76")) < Decimal("0.02")


def test_a_loan_from_the_31st_is_settled_in_february() -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 24, "2025-07-31"))
    quote = rp.settle(plan, on="2026-02-28", method="uk_2004", notice=0, deferral="none")
    assert quote.total == rp.settle(plan, on="2026-02-28").total


@given(
    starts,
    st.sampled_from([*range(1, 32), 28, 29, 30, 31]),
    st.sampled_from(["month", "month", "quarter", "week"]),
    st.integers(1, 12),
)
@settings(max_examples=examples(80))
def test_on_a_due_date_the_regulations_ask_for_the_balance(
    start: date, day: int, every: Any, payment: int
) -> None:
    """The APR of a loan without fees is its own rate, from whatever day of a month it runs."""
    start = day_in(month_of(start), day)
    plan = rp.amortise(rp.Loan("10000", "12%", 14, start, every=every, decimals=9))
    quote = rp.settle(plan, with_payment=payment, method="uk_2004", notice=0, deferral="none")
    balance = plan[payment - 1].closing
    assert abs(quote.total - balance) < Decimal("0.0001")


def test_fees_of_the_start_are_part_of_the_rebate() -> None:
    """The APR counts them, so that they are given back in part."""
    plain = rp.Loan("10000", "12%", 24, "2024-01-01")
    with_fee = rp.Loan("10000", "12%", 24, "2024-01-01", fees=[rp.Fee("5%")])
    quotes = [
        rp.settle(each, with_payment=6, method="uk_2004", notice=0, deferral="none")
        for each in (plain, with_fee)
    ]
    assert quotes[1].rebate > quotes[0].rebate + 100


def test_a_loan_that_is_over_before_the_notice_is() -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-10")
    with pytest.raises(
        rp.errors.DateError, match=r"28 days of notice lead to 2025-01-17"
    ) as caught:
        rp.settle(loan, on="2024-12-20", method="uk_2004")
    assert 'write notice=0 and deferral="none"' in str(caught.value)


# -- fees -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fee", "charged"),
    [
        ("1%", "51.49"),
        ("3%", "154.48"),
        ("3 months", "154.48"),
        ({0: "3%", 12: "2%", 24: "1%"}, "154.48"),
        ({0: "5%", 6: "1 month", 12: "0"}, "51.49"),
        ({12: "1%"}, "0.00"),
        (rp.terms.SettlementFee("12 months", less_elapsed=True), "308.95"),
        (rp.terms.SettlementFee("5 months", less_elapsed=True), "0.00"),
        (rp.terms.SettlementFee("3%", cap="eu"), "25.75"),
        (rp.terms.SettlementFee("10", cap="eu"), "10.00"),
        (rp.terms.SettlementFee("1%", at_least="100"), "100.00"),
        (rp.terms.SettlementFee("3%", at_most="1%"), "51.49"),
        (rp.terms.SettlementFee("3%", at_most="40"), "40.00"),
    ],
)
def test_fees(plan: rp.Schedule, fee: Any, charged: str) -> None:
    quote = rp.settle(plan, with_payment=6, fee=fee)
    assert quote.fee == Decimal(charged)
    assert rp.measures.costs(quote).fees == quote.fee
    assert quote.saving_after_fee == Decimal("181.72") - Decimal(charged)
    assert rp.Schedule.from_dict(quote.schedule.to_dict()) == quote.schedule
    assert rp.Schedule.from_json(quote.schedule.to_json()) == quote.schedule


def test_the_cap_of_the_directive_halves_in_the_last_year() -> None:
    loan = rp.Loan("10000", "12%", 36, "2024-01-10")
    fee = rp.terms.SettlementFee("5%", cap="eu")
    early, late = (rp.settle(loan, with_payment=number, fee=fee) for number in (23, 25))
    assert early.fee == (early.principal / 100).quantize(Decimal("0.01"))
    assert late.fee == cents(late.principal / 200)
    last = rp.settle(loan, on="2027-01-09", fee=fee)
    assert last.fee == last.interest_saved == Decimal("0.11")


def test_break_even_fee(plan: rp.Schedule) -> None:
    assert rp.settle(plan, with_payment=6).break_even_fee == Decimal("0.035291")


def test_fees_in_words() -> None:
    fee = rp.terms.SettlementFee({0: "3%", 12: "2 months"}, at_least="50", at_most="4%", cap="eu")
    words = (
        "3% of the principal repaid, from month 12 on 2 months' interest, at least 50, "
        "at most 4% of the principal repaid, capped by EU law"
    )
    assert str(fee) == words
    assert f", for a fee: {words}" in str(rp.changes.EarlySettlement(with_payment=6, fee=fee))
    less = rp.terms.SettlementFee("1 month", less_elapsed=True)
    assert str(less) == "1 month's interest less the months elapsed"


@pytest.mark.parametrize(
    ("make", "error", "parameter"),
    [
        (lambda: rp.terms.SettlementFee("some months"), rp.errors.AmountError, "amount"),
        (lambda: rp.terms.SettlementFee({}), rp.errors.TermsError, "amount"),
        (lambda: rp.terms.SettlementFee([(0, "1%"), (0, "2%")]), rp.errors.TermsError, "amount"),
        (lambda: rp.terms.SettlementFee([0, 1]), rp.errors.TermsError, "amount[0]"),  # type: ignore[list-item]  # is refused
        (
            lambda: rp.terms.SettlementFee("1%", less_elapsed=True),
            rp.errors.TermsError,
            "less_elapsed",
        ),
        (lambda: rp.terms.SettlementFee("1%", cap="us"), rp.errors.ChoiceError, "cap"),  # type: ignore[arg-type]  # is refused
        (lambda: rp.terms.SettlementFee({-1: "1%"}), rp.errors.CountError, "amount"),
        (
            lambda: rp.changes.EarlySettlement(on="2024-04-10", deferral="month"),
            rp.errors.TermsError,
            "deferral",
        ),
        (
            lambda: rp.changes.EarlySettlement(on="2024-04-10", notice=-1),
            rp.errors.CountError,
            "notice",
        ),
    ],
)
def test_words_that_cannot_be(make: Any, error: type[rp.RepayError], parameter: str) -> None:
    with pytest.raises(error) as caught:
        make()
    assert caught.value.parameter == parameter


# -- parts and arrears ------------------------------------------------------------------------


def test_a_part(plan: rp.Schedule) -> None:
    quote = rp.settle(plan, with_payment=6, amount="2000", hold="maturity", fee="1%")
    assert quote.total == Decimal("2020.00")
    assert quote.schedule == rp.prepay(plan, "2000", on="2024-07-10", hold="maturity")
    assert quote.interest_saved == plan.total_paid - quote.schedule.total_paid
    uk = rp.settle(uk_loan(), with_payment=12, amount="1000", method="uk_2004")
    assert uk.on == date(2011, 4, 29)
    with pytest.raises(rp.errors.TermsError, match="amount"):
        rp.settle(plan, with_payment=6, amount="2000", method="rule_of_78")


def test_arrears(plan: rp.Schedule) -> None:
    assert rp.settle(plan, with_payment=6, arrears="888.49").total == Decimal("6037.69")
    with pytest.raises(rp.errors.AmountError, match=r"without arrears, 5,149\.20 settles the loan"):
        rp.settle(plan, with_payment=6, arrears=None)


@pytest.mark.parametrize(
    ("fee", "wanted"),
    [
        ("1%", "20.00"),
        ("15", "15.00"),
        (rp.terms.SettlementFee("5%", cap="eu"), "10.00"),
        ({0: "3%", 6: "1%", 9: "0"}, "20.00"),
        ("2 months", "40.00"),
        (rp.terms.SettlementFee("1%", at_most="12"), "12.00"),
        (None, "0.00"),
    ],
)
def test_a_part_takes_a_fee_of_any_kind(fee: Any, wanted: str) -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    part = rp.settle(plan, on="2024-07-10", amount="2000", fee=fee)
    assert part.fee == Decimal(wanted)
    assert part.principal == 2000


def test_months_of_interest_on_a_part_ask_for_the_rate_agreed() -> None:
    plan = rp.change_rate(rp.Loan("10000", "12%", 12, "2024-01-10"), "8%", payment=3)
    with pytest.raises(rp.errors.TermsError, match="another rate"):
        rp.settle(plan, on="2024-07-10", amount="2000", fee="2 months")
    assert rp.settle(plan, on="2024-07-10", amount="2000", fee="1%").fee == 20


def test_the_rule_of_78_where_the_loan_ends_between_due_dates() -> None:
    """The last period ends with the loan, also where that is before the first due date."""
    loan = rp.Loan("1000", "12%", 4, "2024-01-10")
    plan = rp.amortise(loan)
    ended = rp.settle(plan, on="2024-03-25").schedule
    assert ended.maturity == date(2024, 3, 25)
    for day in ("2024-01-20", "2024-03-10", "2024-03-20"):
        quote = rp.settle(ended, on=day, method="rule_of_78")
        quote.schedule.check()
        assert 0 <= quote.total <= loan.principal + ended.total_interest
    bullet = rp.amortise(rp.Loan("1000", "0%", 4, "2024-01-10", method="bullet"))
    ended = rp.prepay(bullet, "1000", on="2024-01-25")
    assert rp.settle(ended, on="2024-01-20", method="rule_of_78").total == 1000


def test_interest_that_the_lender_owes_is_not_forgiven() -> None:
    """Of deferred interest on both sides, what the borrower owes is forgiven, and no more."""
    below = rp.Rate(Fraction(-12, 100))
    plan = rp.amortise(rp.Loan("1000", below, 8, "2024-01-10", method="interest_only"))
    put_off = rp.defer(plan, 2, 2, repay="last")
    assert put_off[3].deferred == -20
    with pytest.raises(rp.errors.AmountError, match="none is deferred"):
        rp.forgive(put_off, share="100%", of="deferred_interest", with_payment=4)
    both = put_off.then(rp.changes.Arrears("30", payment=4, repay="last"))
    after = rp.forgive(both, share="100%", of="deferred_interest", with_payment=4)
    after.check()
    assert after.total_forgiven == 30
    assert after[4].deferred == -20


def test_a_part_has_the_fee_of_the_loan_for_a_prepayment() -> None:
    """20.00 of 2,000 and 2.00 of tax, in the quote as in its schedule; another fee contradicts it."""
    fee = rp.Fee("1%", when="prepayment")
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", fee_tax="10%", fees=[fee])
    quote = rp.settle(loan, on="2024-07-25", amount="2000")
    row = next(row for row in quote.schedule if row.prepaid)
    assert (quote.fee, quote.tax, quote.total) == (Decimal(20), Decimal(2), Decimal(2022))
    assert (row.fee, row.tax, row.payment) == (quote.fee, quote.tax, quote.total)
    with pytest.raises(rp.errors.TermsError, match=r"charges 20.00 for the prepayment; leave fee"):
        rp.settle(loan, on="2024-07-25", amount="2000", fee="1%")
