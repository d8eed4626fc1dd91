"""Prepayments: what is paid with them, and what becomes of the interest that has accrued."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.dates.generation import lay_out
from repaylib.terms.methods import METHODS
from repaylib.typing import PrepaymentHold, PrepaymentInterest
from repaylib.wording.sentence import parse_language
from tests.strategies.loans import (
    PLAIN_DAY_COUNTS,
    examples,
    loans,
    ordinary_rates,
    part_of,
    starts,
)

BULLET = rp.Loan(
    *("10000", rp.daily("0.05%", basis=360), 1, "2024-01-10"),
    every="180 days",
    method="bullet",
    day_count="actual/360",
)


@pytest.fixture
def plan() -> rp.Schedule:
    return rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))


@pytest.mark.parametrize(
    ("interest", "now", "later"),
    [("none", "0.00", "660.00"), ("part", "120.00", "540.00"), ("all", "300.00", "360.00")],
)
def test_interest_is_paid_with_a_prepayment(interest: Any, now: str, later: str) -> None:
    """4,000 x 0.05% x 60 days = 120.00, and 10,000 x 0.05% x 60 = 300.00; 660.00 in all."""
    part = rp.prepay(BULLET, "4000", on="2024-03-10", interest=interest)
    part.check()
    assert [str(row.interest) for row in part] == [now, later]
    assert part[0].payment == Decimal("4000") + Decimal(now)
    assert [str(part.explain(row)["interest accrued"].value) for row in part if row.accrued] == [
        each for each in (now, later) if each != "0.00"
    ]


def test_another_part_takes_its_share_of_what_is_left() -> None:
    """4,000 of 10,000 take 4/10 of 300.00; 3,000 of the 6,000 left take half of the 180.00 left."""
    both = rp.prepay(BULLET, "4000", on="2024-03-10", interest="part")
    both = rp.prepay(both, "3000", on="2024-03-10", interest="part")
    both.check()
    assert (both[0].interest, both[0].principal) == (Decimal("210.00"), Decimal("7000.00"))


def test_what_was_taken_is_derived_and_is_not_charged_again(plan: rp.Schedule) -> None:
    """2,000 x 1% x 10/30 = 6.67; the period in all costs 62.77, of which 56.10 are left."""
    less = rp.prepay(plan, "2000", on="2024-04-20", interest="part")
    assert str(less.explain(less[3])["interest accrued"]) == (
        "interest accrued: 6.67\n"
        "    7,610.80 x 12% x 1/36 of a year (2024-04-10 to 2024-04-20, 10 days)\n"
        "    x 5000/19027, the part of the principal that is prepaid\n"
        "    = 6.66666666... unrounded, half_up"
    )
    assert str(less.explain(4)["interest accrued"]) == (
        "interest accrued: 56.10\n"
        "    7,610.80 x 12% x 1/36 of a year (2024-04-10 to 2024-04-20, 10 days)\n"
        "    5,610.80 x 12% x 1/18 of a year (2024-04-20 to 2024-05-10, 20 days)\n"
        "    = 62.77466666... unrounded, half_up, less 6.67 charged before"
    )


def test_several_parts_of_a_period(plan: rp.Schedule) -> None:
    """Each takes its share of what is left, and the due date what is left of 42.11 in all."""
    days = ("2024-04-20", "2024-04-20", "2024-04-29")
    changes = [rp.changes.Prepayment("2000", on=day, interest="part") for day in days]
    part = rp.amortise(plan.loan, *changes)
    part.check()
    assert [str(row.interest) for row in part[3:6]] == ["13.34", "12.66", "16.11"]
    whole = rp.amortise(plan.loan, *(rp.changes.Prepayment("2000", on=day) for day in days))
    assert whole[5].interest == Decimal("42.11") == sum(row.interest for row in part[3:6])
    second = part.explain(part[4])["interest accrued"]
    assert "less 13.34 charged before" in str(second)
    assert second.recomputed() == Decimal("12.66")


def test_nothing_is_taken_of_what_a_rounding_has_left() -> None:
    """9,773.60 are charged as 9,774 on the due date; a share of -0.40, rounded up, was -1."""
    loan = rp.Loan(
        *("123456", "5%", 28, "2024-01-10"), currency="JPY", method="flat", rounding="up"
    )
    words: dict[str, Any] = {"with_payment": 19, "interest": "part"}
    less = rp.prepay(loan, "50", in_hand=True, **words)
    row = less[18]
    assert row.interest == row.accrued == 514
    assert row.prepaid == 50
    assert less.rows == rp.prepay(loan, "50", **words).rows


def test_a_loan_that_is_prepaid_with_its_interest_ends(plan: rp.Schedule) -> None:
    ended = rp.prepay(plan, "7610.80", on="2024-04-20", interest="all")
    assert str(ended.maturity) == "2024-04-20"
    assert ended[-1].payment == Decimal("7636.17")
    assert ended[-1].payment == rp.settle(plan, on="2024-04-20").total
    part = rp.prepay(plan, "7610.80", on="2024-04-20", interest="part")
    assert part.rows == ended.rows


def test_on_a_due_date_no_interest_is_left_to_take(plan: rp.Schedule) -> None:
    for interest in ("part", "all"):
        less = rp.prepay(plan, "2000", with_payment=3, interest=interest)
        assert less.rows == rp.prepay(plan, "2000", with_payment=3).rows


def test_the_tax_on_interest_is_paid_with_it() -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", interest_tax="16%")
    less = rp.prepay(loan, "2000", on="2024-04-20", interest="all")
    less.check()
    assert (str(less[3].interest), str(less[3].tax)) == ("25.37", "4.06")


def test_a_prepayment_says_which_interest_is_paid_with_it() -> None:
    chinese = parse_language("zh")
    said = {}
    for interest in ("part", "all"):
        change = rp.changes.Prepayment("4000", on="2024-03-10", interest=interest)
        said[interest] = str(change), chinese.render(change.sentence())
    assert said["part"] == (
        "on 2024-03-10, 4,000 is prepaid, with the interest accrued on it; the instalment stays, "
        "and the term becomes shorter",
        "2024年3月10日提前偿还4,000，该部分本金的应计利息随本金一并付清；每期还款额不变，期限相应缩短",
    )
    assert "with all interest accrued by then" in said["all"][0]
    assert "截至该日的全部应计利息一并付清" in said["all"][1]


def test_a_prepayment_stored_before_it_could_take_interest_takes_none(plan: rp.Schedule) -> None:
    less = rp.prepay(plan, "2000", on="2024-04-20")
    stored = less.to_dict()
    del stored["changes"][0]["interest"]
    assert rp.Schedule.from_dict(stored) == less


def test_a_statement_asks_for_the_interest_of_a_prepayment(plan: rp.Schedule) -> None:
    less = rp.prepay(plan, "2000", on="2024-04-20", interest="part")
    paid = [rp.Receipt(row.date, row.payment) for row in less[:4]]
    for base in ("schedule", "balance"):
        owed = rp.statement(less, paid, as_of="2024-05-09", interest=base)
        assert owed.arrears.total == 0
    late = rp.statement(less, paid[:3], as_of="2024-04-25")
    assert late.arrears.interest == Decimal("6.67")
    assert late.arrears.principal == Decimal("2000.00")


@given(
    st.sampled_from(METHODS),
    ordinary_rates,
    starts,
    st.sampled_from(PLAIN_DAY_COUNTS),
    st.data(),
)
@settings(max_examples=examples(60))
def test_interest_now_and_later_is_that_of_the_period(
    method: Any, rate: Any, start: date, day_count: Any, data: st.DataObject
) -> None:
    """What is taken now is not charged later, and nothing is lost: the sum is rounded once."""
    loan = rp.Loan("10000", rate, 12, start, method=method, day_count=day_count)
    plan = rp.amortise(loan)
    later = data.draw(st.integers(1, (plan.maturity - start).days - 1))
    on = start + timedelta(days=later)
    due = next(row.date for row in plan if row.date >= on)
    owed = next((row.closing for row in reversed(plan) if row.date <= on), loan.principal)
    share = data.draw(st.integers(1, 100))
    amount = loan.money(max(1, int(owed.scaleb(2)) * share // 100))
    accrued = {}
    for interest in get_args(PrepaymentInterest):
        less = rp.prepay(plan, amount, on=on, hold="last", interest=interest)
        less.check()
        accrued[interest] = sum(row.accrued for row in less if row.date <= due)
        if interest != "none" and share == 100 and owed == amount and method != "flat":
            assert less.maturity == on
            assert less[-1].closing == 0
    assert len(set(accrued.values())) == 1


# -- prepayments that come again -----------------------------------------------------------


def test_a_prepayment_comes_again_until_the_loan_ends(plan: rp.Schedule) -> None:
    """The end moves by itself: 200 each month end the loan a month earlier, with 99.89 for 888.47."""
    monthly = rp.prepay(plan, "200", on="2024-04-20", every="month")
    monthly.check()
    assert sum(row.prepaid for row in monthly) == 8 * 200
    assert (monthly.maturity, monthly.final_payment) == (date(2024, 12, 10), Decimal("99.89"))
    third = rp.prepay(plan, "200", with_payment=2, every=3, until=8)
    assert [row.number for row in third if row.prepaid] == [2, 5, 8]
    fewer = rp.prepay(plan, "200", on="2024-04-20", every="month", until="2024-06-20")
    assert [row.date.month for row in fewer if row.prepaid] == [4, 5, 6]
    fewer = rp.prepay(plan, "200", on="2024-04-20", every="month", until="2024-06-19")
    assert [row.date.month for row in fewer if row.prepaid] == [4, 5]


def test_a_prepayment_that_comes_again_goes_on_if_the_loan_becomes_longer(
    plan: rp.Schedule,
) -> None:
    monthly = rp.prepay(plan, "50", with_payment=2, every=2, hold="last")
    longer = rp.reschedule(monthly, payments=18, payment=9)
    assert [row.number for row in longer if row.prepaid] == list(range(2, 26, 2))
    longer.check()


def test_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-15"))
    monthly = rp.prepay(plan, "100", on="2024-01-31", every="month", until="2024-05-31")
    days = [(row.date.month, row.date.day) for row in monthly if row.prepaid]
    assert days == [(1, 31), (2, 29), (3, 31), (4, 30), (5, 31)]


def test_a_day_beside_a_business_day_is_the_due_date() -> None:
    """Due on Saturday 10 August, paid on Monday 12; the extras of that month are paid with it."""
    calendar = rp.Calendar()
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", calendar=calendar, roll="following")
    plan = rp.prepay(loan, "100", on="2024-04-11", every="month", until="2024-11-11")
    plan.check()
    paid = [row.date for row in plan if row.prepaid]
    assert len(paid) == 8
    assert [day for day in paid if day.day != 11] == [date(2024, 8, 12)]


def test_each_has_its_fee_of_what_is_prepaid() -> None:
    fees = [rp.Fee("1%", when="prepayment")]
    loan = rp.Loan("1000", "12%", 12, "2024-01-10", fees=fees)
    plan = rp.prepay(loan, "300", on="2024-02-20", every="month")
    plan.check()
    paid = [(str(row.prepaid), str(row.fee)) for row in plan if row.prepaid]
    assert paid == [("300.00", "3.00"), ("300.00", "3.00"), ("154.06", "1.54")]
    assert plan.maturity == date(2024, 5, 10)  # the interest of the last days
    assert "154.06 as no more is owed" in str(plan.explain(plan[-2])["prepaid"])


def test_the_words_of_a_prepayment_that_comes_again() -> None:
    chinese = parse_language("zh")
    said = []
    places: list[dict[str, Any]] = [
        {"on": "2024-04-10", "every": "month"},
        {"on": "2024-04-10", "every": "2 weeks", "until": "2025-01-10"},
        {"with_payment": 6, "every": 6},
        {"with_payment": 6, "every": 1, "until": 9},
    ]
    for words in places:
        change = rp.changes.Prepayment("200", **words)
        first = str(change).partition(";")[0]
        said.append((first, chinese.render(change.sentence()).partition("；")[0]))
    assert said == [
        (
            "on 2024-04-10 and every month after that, 200 is prepaid",
            "自2024年4月10日起，每月提前偿还200",
        ),
        (
            "on 2024-04-10 and every 2 weeks after that, up to 2025-01-10, 200 is prepaid",
            "自2024年4月10日起，每2周（至2025年1月10日为止）提前偿还200",
        ),
        (
            "with instalment 6 and every 6 instalments after that, 200 is prepaid",
            "自第6期还款日起，每6期提前偿还200",
        ),
        (
            "with instalment 6 and every instalment after that, up to instalment 9, 200 is prepaid",
            "自第6期还款日起，每期（至第9期为止）提前偿还200",
        ),
    ]


@pytest.mark.parametrize(
    ("words", "parameter", "way_out"),
    [
        ({"on": "2024-04-10", "every": 6}, "every", 'every="month"'),
        ({"with_payment": 3, "every": "month"}, "every", "every=1"),
        ({"with_payment": 3, "every": 0}, "every", "every=1 or more"),
        ({"on": "2024-04-10", "every": ["2024-05-10"]}, "every", 'every="month"'),
        ({"on": "2024-04-10", "every": "FREQ=DAILY"}, "every", 'every="month"'),
        ({"on": "2024-04-10", "every": "0 days"}, "every", 'every="month"'),
        ({"on": "2024-04-10", "until": "2024-05-10"}, "until", "every"),
        ({"on": "2024-04-10", "every": "month", "until": "2024-04-09"}, "until", "later until"),
        ({"on": "2024-04-10", "every": "month", "until": 9}, "until", ""),
        ({"with_payment": 3, "every": 1, "until": 2}, "until", "later until"),
        ({"with_payment": 3, "every": 1, "until": "2025-01-10"}, "until", ""),
    ],
)
def test_what_cannot_come_again_is_refused(
    words: dict[str, Any], parameter: str, way_out: str
) -> None:
    with pytest.raises(rp.RepayError) as caught:
        rp.changes.Prepayment("200", **words)
    assert caught.value.parameter == parameter
    assert way_out in str(caught.value.hint)


def test_extra_payments_that_are_too_many_are_refused() -> None:
    """Every day for 30 years are 10,957 of them."""
    house = rp.amortise(rp.Loan("300000", "6%", 360, "2024-01-01"))
    with pytest.raises(rp.errors.CountError, match="at most 10,000 until the loan ends") as caught:
        rp.prepay(house, "0.01", on="2024-01-05", every="day", hold="last")
    assert caught.value.parameter == "every"


def test_a_first_extra_payment_above_the_debt_is_refused(plan: rp.Schedule) -> None:
    with pytest.raises(rp.errors.AmountError, match="write settle"):
        rp.prepay(plan, "7610.81", with_payment=3, every=1)


@given(loans(rates=ordinary_rates, most_payments=24), st.data())
@settings(max_examples=examples(60))
def test_an_extra_that_comes_again_is_a_chain_of_prepayments(
    loan: rp.Loan, data: st.DataObject
) -> None:
    """Each is at most what is then owed, and they stop when the loan ends."""
    loan = replace(loan, fees=(*loan.fees, rp.Fee("1%", when="prepayment")))
    plan = rp.amortise(loan)
    assume(plan.maturity > loan.start)
    words: dict[str, Any] = {
        "hold": data.draw(st.sampled_from(get_args(PrepaymentHold))),
        "interest": data.draw(st.sampled_from(get_args(PrepaymentInterest))),
    }
    amount = part_of(plan, data.draw(st.integers(1, 30)))
    if data.draw(st.booleans()):
        first = data.draw(st.integers(1, plan.ledger.last_number))
        pace = data.draw(st.integers(1, 6))
        again: dict[str, Any] = {"with_payment": first, "every": pace}
        places: list[dict[str, Any]] = [
            {"with_payment": number} for number in range(first, 60, pace)
        ]
    else:
        length = (plan.maturity - loan.start).days
        on = loan.start + timedelta(days=data.draw(st.integers(0, length - 1)))
        every = data.draw(st.sampled_from(["month", "quarter", "25 days", "half_month"]))
        again = {"on": on, "every": every}
        table, _ = lay_out(on, every, payments=160)  # beyond the end of every loan drawn
        places = [{"on": table.unadjusted(number)} for number in range(160)]
    try:
        monthly = rp.prepay(plan, amount, **again, **words)
    except rp.RepayError:
        assume(False)
    chain = plan
    for number, place in enumerate(places):
        change = rp.changes.Prepayment(amount, **place, **words)
        try:
            day = chain.effective_date(change)
        except rp.RepayError:
            break
        owed = next((row.closing for row in reversed(chain) if row.date <= day), loan.principal)
        if not owed and number:
            break
        if number:
            change = rp.changes.Prepayment(min(amount, owed), **place, **words)
        chain = chain.then(change)
    assert monthly.rows == chain.rows
    monthly.check()
    assert rp.Schedule.from_dict(monthly.to_dict()) == monthly


# -- an amount in hand, and fees on the interest saved ----------------------------------------


def test_the_fee_comes_out_of_an_amount_in_hand() -> None:
    """10,100 with a fee of 1% in it prepay 10,000."""
    loan = rp.Loan("100000", "12%", 36, "2024-01-10", fees=[rp.Fee("1%", when="prepayment")])
    less = rp.prepay(loan, "10100", with_payment=3, in_hand=True)
    less.check()
    assert (str(less[2].prepaid), str(less[2].fee)) == ("10000.00", "100.00")
    assert less.rows == rp.prepay(loan, "10000", with_payment=3).rows
    assert "what fees, interest and taxes leave of 10,100.00 is prepaid" in less.terms()
    assert "扣除相关费用、利息和税款后的余额" in less.changes[0].to_text(lang="zh")
    assert str(less.explain(3)["prepaid"]).endswith(
        "of 10,100.00 in hand, less fees, interest and taxes"
    )
    assert rp.Schedule.from_dict(less.to_dict()) == less


def test_an_amount_in_hand_that_does_not_fit_is_refused() -> None:
    loan = rp.Loan("100000", "12%", 36, "2024-01-10", fees=[rp.Fee("50", when="prepayment")])
    plan = rp.amortise(loan)
    with pytest.raises(rp.errors.AmountError, match=r"50\.01 at least; write a larger amount"):
        rp.prepay(plan, "50", with_payment=3, in_hand=True)
    with pytest.raises(rp.errors.AmountError, match=r"at most 93,015\.84, which repays all"):
        rp.prepay(plan, "93015.85", with_payment=3, in_hand=True)
    whole = rp.prepay(plan, "93015.84", with_payment=3, in_hand=True)
    assert whole.maturity == date(2024, 4, 10)
    for base in ("balance", "interest_saved"):
        fee: Any = rp.Fee("1%", when="prepayment", of=base)
        with pytest.raises(rp.errors.TermsError, match="without in_hand"):
            rp.prepay(replace(loan, fees=(fee,)), "100", with_payment=3, in_hand=True)


@given(
    st.integers(1, 9_000_000),
    st.integers(0, 2_000),
    st.sampled_from(["0%", "16%"]),
    st.sampled_from([Decimal("0.10"), Fraction(1, 100), Fraction(1, 3), Fraction(2)]),
    st.sampled_from(get_args(PrepaymentInterest)),
    st.integers(0, 90),
)
@settings(max_examples=examples(60))
def test_an_amount_in_hand_is_never_exceeded_and_a_cent_more_would(
    minor: int, points: int, tax: str, fee: Any, interest: Any, later: int
) -> None:
    loan = rp.Loan(
        *("100000", Fraction(points, 10_000), 36, "2024-01-10"),
        fees=[rp.Fee(fee, when="prepayment")],
        fee_tax=tax,
        interest_tax=tax,
    )
    on = date(2024, 1, 11) + timedelta(days=later)
    words: dict[str, Any] = {"on": on, "interest": interest, "hold": "last"}
    plan, in_hand = rp.amortise(loan), loan.money(minor)

    def paid(schedule: rp.Schedule) -> Decimal:
        """What is paid on the day besides the instalment."""
        agreed = sum((row.payment for row in plan if row.date == on), Decimal(0))
        return sum((row.payment for row in schedule if row.date == on), Decimal(0)) - agreed

    try:
        less = rp.prepay(plan, in_hand, in_hand=True, **words)
    except rp.errors.AmountError:
        assume(False)
    less.check()
    prepaid = sum((row.prepaid for row in less), Decimal(0))
    assert less.rows == rp.prepay(plan, prepaid, **words).rows
    assert paid(less) <= in_hand
    try:
        more = rp.prepay(plan, prepaid + Decimal("0.01"), **words)
    except rp.errors.AmountError:
        return  # all is repaid
    assert paid(more) > in_hand


@pytest.mark.parametrize("hold", ["payment", "maturity", "last"])
def test_a_fee_is_a_share_of_the_interest_saved(hold: Any) -> None:
    """10% of 170.57 is 17.06: what the schedule without the prepayment would charge more."""
    loan = rp.Loan("10000", "12%", 12, "2024-01-10")
    fee = rp.Fee("10%", when="prepayment", of="interest_saved")
    charged = replace(loan, fees=(fee,))
    free = rp.prepay(loan, "2000", with_payment=3, hold=hold)
    less = rp.prepay(charged, "2000", with_payment=3, hold=hold)
    less.check()
    saved = rp.amortise(loan).total_interest - free.total_interest
    assert less[2].fee == (saved / 10).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    assert less.explain(3)["fee"].base == Fraction(saved)
    assert str(fee) == "prepayment fee: 10% of the interest saved, for a prepayment, to the lender"
    assert "少付利息的10%" in fee.to_text(lang="zh")


def test_what_is_agreed_later_changes_no_fee_on_the_interest_saved() -> None:
    fee = rp.Fee("10%", when="prepayment", of="interest_saved")
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", fees=[fee]))
    one = rp.prepay(plan, "2000", with_payment=3)
    later = rp.change_rate(rp.prepay(one, "500", with_payment=5), "20%", payment=8)
    assert later[2].fee == one[2].fee == Decimal("17.06")
    twice = rp.prepay(plan, "500", with_payment=3, every=3)
    chain = plan
    for number in (3, 6, 9):
        chain = rp.prepay(chain, "500", with_payment=number)
    assert twice.rows == chain.rows


def test_a_settlement_has_a_fee_on_the_interest_saved() -> None:
    fee = rp.Fee("10%", when="settlement", of="interest_saved")
    quote = rp.settle(rp.Loan("10000", "12%", 12, "2024-01-10", fees=[fee]), with_payment=6)
    assert (str(quote.fee), str(quote.interest_saved)) == ("18.17", "181.72")
    for words in ({"when": "start"}, {"when": "prepayment", "collected": "financed"}):
        with pytest.raises(rp.errors.TermsError, match='write when="prepayment"'):
            rp.Fee("10%", of="interest_saved", **words)  # type: ignore[arg-type]  # is refused
