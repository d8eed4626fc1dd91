"""What is owed on a day: published figures, and laws that hold whatever was paid."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.typing import InterestOn
from tests.strategies.loans import examples

D = Decimal
PLAN = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
PAID = [rp.Receipt(row.date, row.payment) for row in PLAN[:3]]
PRINCIPAL_FIRST = rp.Allocation(("principal", "interest", "fee", "penalty", "costs"))
BANK = rp.PenaltyTerms("1.5", on_interest=True, day_count="actual/360")


class TestFigures:
    """PRACTICE section 2, and DESIGN section 5."""

    def test_forty_five_days_late(self) -> None:
        late = rp.statement(PLAN, PAID, as_of="2024-06-24", penalty=BANK).instalments[3]
        assert (late.amount, late.days_late) == (D("888.49") + D("19.99"), 45)
        assert (late.asked.penalty, late.asked.penalty_interest) == (D("18.28"), D("1.71"))

    def test_the_whole_balance(self) -> None:
        whole = rp.PenaltyTerms("1.5", base="balance", day_count="actual/360")
        owed = rp.statement(PLAN, PAID, as_of="2024-06-24", penalty=whole)
        assert owed.arrears.penalty == D("171.24")
        plain = rp.PenaltyTerms("1.5", day_count="actual/360")
        called = [*PAID, rp.arrears.Acceleration("2024-05-10")]
        assert rp.statement(PLAN, called, as_of="2024-06-24", penalty=plain).arrears == owed.arrears

    def test_late_without_agreement(self) -> None:
        rest = [rp.Receipt(row.date, row.payment) for row in PLAN[4:]]
        events = [*PAID, rp.Receipt("2024-06-10", "900.68"), *rest]
        owed = rp.statement(PLAN, events, as_of="2025-01-10", penalty=rp.PenaltyTerms("1.5"))
        assert owed.payoff == 0
        assert owed.received - sum(each.amount for each in PAID) == D("8008.58")

    def test_three_days_of_a_loan_by_the_day(self) -> None:
        loan = rp.Loan(
            "10000", rp.daily("0.05%", basis=360), 1, "2024-05-10", day_count="actual/360"
        )
        assert rp.statement(loan, as_of="2024-05-13").payoff == D("10015.00")

    @pytest.mark.parametrize(
        ("grace", "paid", "first", "days"),
        [
            ("due_date", "2024-06-21", date(2024, 6, 15), 6),
            ("end", "2024-06-21", date(2024, 6, 20), 1),
            ("due_date", "2024-06-20", None, 0),
        ],
    )
    def test_grace(self, grace: str, paid: str, first: date | None, days: int) -> None:
        """Due on 15 June, 5 days of grace: the penalty counts from 16 June, or from the end."""
        terms = rp.PenaltyTerms(rate="36.5%", day_count="actual/365", grace_days=5, grace=grace)  # type: ignore[arg-type]  # grace is either word
        plan = rp.amortise(rp.Loan("1000", "0%", 1, "2024-05-15"))
        owed = rp.statement(plan, as_of=paid, penalty=terms)
        assert owed.arrears.penalty == days
        assert first is None or f"({first} to {paid}" in owed.explain()

    @pytest.mark.parametrize("days", range(9))
    def test_what_is_paid_within_the_grace_is_never_penalised(self, days: int) -> None:
        """1.00 a day from 15 June, if it is paid after 20 June: asked then and a month later."""
        terms = rp.PenaltyTerms(
            rate="36.5%", day_count="actual/365", grace_days=5, base="instalment", late_fee="7"
        )
        plan = rp.amortise(rp.Loan("1000", "0%", 1, "2024-05-15"))
        penalty = days + 7 if days > 5 else 0
        paid = date(2024, 6, 15) + timedelta(days=days)
        receipt = rp.Receipt(paid, 1000 + penalty)
        for as_of in (paid, date(2024, 7, 20)):
            owed = rp.statement(plan, [receipt], as_of=as_of, penalty=terms)
            (instalment,) = owed.instalments
            assert owed.payoff == owed.credit == 0
            assert instalment.paid.penalty + instalment.paid.fees == penalty

    def test_cards_from_the_ninety_first_day(self) -> None:
        def interest_paid(day: str) -> Decimal:
            card = rp.Allocation.chinese_card()
            events = [*PAID, rp.Receipt(day, "100")]
            owed = rp.statement(PLAN, events, as_of=day, allocation=card)
            return sum((each.paid.interest for each in owed.instalments[3:]), D(0))

        assert (date(2024, 8, 9) - date(2024, 5, 10)).days == 91
        assert interest_paid("2024-08-08") == 100
        assert interest_paid("2024-08-09") == 0

    @pytest.mark.parametrize(
        ("of", "much", "waived", "left"),
        [
            # Of the penalties 19.99 and 6.22, half of 26.21; it ends in the oldest instalment.
            ("penalty", {"share": "50%"}, ["13.11", "0.00"], "1790.08"),
            ("penalty", {"amount": "5.01"}, ["5.01", "0.00"], "1798.18"),
            ("penalty", {}, ["19.99", "6.22"], "1776.98"),
            ("interest", {"amount": "76.12"}, ["76.11", "0.01"], "1727.07"),
            ("principal", {"share": "1/3%"}, ["5.44", "0.00"], "1797.75"),
            ("principal", {"amount": "900"}, ["812.38", "87.62"], "903.19"),
        ],
    )
    def test_what_is_waived_is_owed_no_more(
        self, of: Any, much: Any, waived: list[str], left: str
    ) -> None:
        before = rp.statement(PLAN, PAID, as_of="2024-06-24", penalty=BANK)
        assert (before.arrears.total, before.payoff) == (D("1803.19"), D("7809.00"))
        events = [*PAID, rp.arrears.Waiver("2024-06-24", of, **much)]
        after = rp.statement(PLAN, events, as_of="2024-06-24", penalty=BANK)
        assert [each.waived for each in after.instalments[3:5]] == [D(each) for each in waived]
        assert after.arrears.total == D(left)
        assert before.payoff - after.payoff == sum(map(D, waived)) == D("1803.19") - D(left)
        assert after.received == before.received

    def test_what_the_borrower_is_owed_is_not_waived(self) -> None:
        """At -6%, 56.61 and 55.00 are due to the borrower, after a prepayment that was missed."""
        loan = rp.Loan("12000", rp.Rate(Fraction(-6, 100)), 4, "2024-01-10", method="interest_only")
        plan = rp.prepay(rp.amortise(loan), on="2024-01-20", amount="1000")
        for much, left in [
            ({"amount": "30"}, "858.39"),
            ({"share": "10%"}, "788.39"),
            ({}, "-111.61"),
        ]:
            waiver = rp.arrears.Waiver("2024-03-15", "principal", **much)
            owed = rp.statement(plan, [waiver], as_of="2024-03-15")
            assert owed.due.principal == D(left)
            assert owed.instalments[0].waived == D("888.39") - D(left)
        waiver = rp.arrears.Waiver("2024-03-15", "principal", "1000.01")
        with pytest.raises(rp.RepayError, match=r"at most the principal owed .* 1,000\.00"):
            rp.statement(plan, [waiver], as_of="2024-03-15")

    def test_costs_are_waived_in_part(self) -> None:
        events = [
            rp.arrears.Charge("2024-06-23", "20", "costs"),
            rp.arrears.Waiver("2024-06-24", "costs", "5"),
        ]
        owed = rp.statement(PLAN, [*PAID, *events], as_of="2024-06-24", penalty=BANK)
        assert owed.arrears.costs == 15
        assert "costs 20.00\n    waived of the costs: -5.00" in owed.explain()
        with pytest.raises(rp.RepayError, match="one of amount and share, or neither"):
            rp.arrears.Waiver("2024-06-24", "costs", "5", share="50%")

    @pytest.mark.parametrize(
        ("day_count", "penalty"),
        [
            ("periodic", "9.81"),  # 327.03 x 36.5% x 30/365: listed days are no periods
            ("actual/actual ICMA", "9.81"),
            ("actual/365.25", "9.80"),
            ("actual/actual ISDA", "9.78"),  # 30/366
            ("30/360 US", "9.95"),
            ("1/1", "119.37"),
        ],
    )
    def test_penalties_after_a_due_day_of_a_list(self, day_count: Any, penalty: str) -> None:
        days = ["2024-03-01", "2024-04-10", "2024-06-01"]
        loan = rp.Loan(
            "1000", "12%", start="2024-01-10", every=days, payments=3, day_count="actual/365"
        )
        terms = rp.PenaltyTerms(rate="36.5%", day_count=day_count)
        owed = rp.statement(loan, as_of="2024-03-31", penalty=terms)
        assert (owed.arrears.principal, owed.arrears.interest) == (D("327.03"), D("16.77"))
        assert owed.arrears.penalty == D(penalty)

    def test_a_rule_that_changes_holds_from_then(self) -> None:
        old, new = rp.PenaltyTerms("1.5"), rp.PenaltyTerms("1.3")
        terms = rp.steps(old, {"2024-06-10": new})
        owed = rp.statement(PLAN, PAID, as_of="2024-07-10", penalty=terms)
        assert owed.instalments[3].asked.penalty == D("22.75")  # 812.38 x (1.5 % + 1.3 %)

    def test_limits(self) -> None:
        def penalty(**words: object) -> Decimal:
            terms = rp.PenaltyTerms(rate="36%", **words)  # type: ignore[arg-type]  # words of any kind
            return rp.statement(PLAN, PAID, as_of="2030-05-10", penalty=terms).arrears.penalty

        assert penalty(cap="15") == 15
        first = rp.PenaltyTerms(rate="36%", cap_share="100%")
        owed = rp.statement(PLAN, PAID, as_of="2030-05-10", penalty=first).instalments[3]
        assert owed.asked.penalty == owed.asked.principal
        assert abs(penalty(cap_rate="18%") - penalty(cap_rate="36%") / 2) < D("0.05")

    def test_a_late_fee_after_the_grace(self) -> None:
        terms = rp.PenaltyTerms(rate="0%", late_fee="5%", grace_days=15)
        before = rp.statement(PLAN, PAID, as_of="2024-05-25", penalty=terms)
        after = rp.statement(PLAN, PAID, as_of="2024-05-26", penalty=terms)
        assert (before.arrears.fees, after.arrears.fees) == (D("0.00"), D("44.42"))

    def test_a_late_fee_that_is_paid_leaves_the_penalty_base(self) -> None:
        """888.49 is open for 30 days at 18 % on 360, whether or not the 25.00 of the fee are."""
        terms = rp.PenaltyTerms("1.5", base="instalment", day_count="actual/360", late_fee="25")
        for fee in ([], [rp.Receipt("2024-05-20", "25")]):
            owed = rp.statement(PLAN, [*PAID, *fee], as_of="2024-06-09", penalty=terms)
            assert owed.arrears.principal + owed.arrears.interest == D("888.49")
            assert owed.arrears.penalty == D("13.33")

    def test_a_penalty_that_is_open_makes_no_instalment_late(self) -> None:
        """Due on 5 May, paid on 20 May but for a penalty of 2.75: 15 days late on any later day."""
        plan = rp.amortise(rp.Loan("12000", "9.9%", 24, "2024-03-05"))
        words: Any = {"penalty": rp.PenaltyTerms(addition="5%"), "allocation": rp.Allocation.us()}
        paid = [rp.Receipt(day, "553.19") for day in ("2024-04-05", "2024-05-20", "2024-06-05")]
        for day in ("2024-05-25", "2024-06-04", "2024-06-06"):
            owed = rp.statement(plan, paid, as_of=day, **words)
            assert owed.instalments[1].days_late == 15
        owed = rp.statement(plan, paid[:2], as_of="2024-06-04", **words)
        assert (owed.instalments[1].outstanding, owed.days_past_due) == (D("2.75"), 0)
        assert "instalment 2, due on 2024-05-05, 15 days late: 2.75" in owed.explain()

    def test_a_waiver_ends_the_days_late(self) -> None:
        events = [
            *PAID,
            rp.Receipt("2024-05-20", "812.38"),
            rp.arrears.Waiver("2024-06-01", "interest"),
        ]
        for day, late in (("2024-05-31", 21), ("2024-06-01", 22), ("2024-06-09", 22)):
            owed = rp.statement(PLAN, events, as_of=day, allocation=PRINCIPAL_FIRST)
            assert owed.instalments[3].days_late == late

    @pytest.mark.parametrize(
        ("penalty", "owed"), [(None, "84.99"), (rp.PenaltyTerms("1.5"), "86.13")]
    )
    def test_a_write_off_that_lets_accrual_continue(
        self, penalty: rp.PenaltyTerms | None, owed: str
    ) -> None:
        loan = rp.Loan("100", "7%", 6, "2024-01-01")
        paid = rp.Receipt("2024-02-01", "17.01")
        off = rp.arrears.WriteOff("2024-03-15", accrual="continue")
        found = rp.statement(loan, [paid, off], as_of="2024-06-15", penalty=penalty)
        assert found.payoff == D(owed)
        day = rp.statement(loan, [paid], as_of="2024-03-15", penalty=penalty)
        assert (found.written_off, found.ended) == (day.payoff, None)

    def test_penalties_where_due_dates_are_listed(self) -> None:
        """Published: 1,500 at 12 %, two listed due dates, nothing paid."""
        loan = rp.Loan("1500", "12%", start="2024-01-10", every=["2024-02-10", "2024-03-10"])
        owed = rp.statement(loan, as_of="2024-03-20", penalty=rp.PenaltyTerms("1.5"))
        assert (owed.payoff, owed.arrears.penalty) == (D("1540.55"), D("18.07"))

    def test_interest_on_the_real_balance(self) -> None:
        loan = rp.Loan("100", "7%", 6, "2024-01-01", rounding="half_even")
        owed = rp.statement(loan, as_of="2024-03-10", interest="balance")
        assert [str(each.asked.interest) for each in owed.instalments] == (
            ["0.58", "0.58", "0.45", "0.30", "0.20", "0.10"]
        )
        paid = rp.statement(
            loan, [rp.Receipt("2024-02-01", "17.01")], as_of="2024-02-15", interest="balance"
        )
        assert (paid.payoff_on(), paid.payoff_on(rest="due_date")) == (D("83.81"), D("84.06"))

    def test_with_a_rest_a_payoff_is_owed_interest_to_it(self) -> None:
        loan = rp.Loan("100", "7%", 6, "2024-01-01", rounding="half_even")
        words: Any = {"interest": "balance", "rest": "due_date"}
        first = rp.Receipt("2024-02-01", "17.01")
        for day in ("2024-01-01", "2024-02-01"):  # on a rest, none beyond it
            on = rp.statement(loan, [first], as_of=day, **words)
            assert on.payoff == on.balances.total == on.balances.principal
        owed = rp.statement(loan, [first], as_of="2024-02-15", **words)
        assert (owed.payoff, owed.payoff_on(rest="day")) == (D("84.06"), D("83.81"))
        assert owed.explain().startswith("owed on 2024-02-15: 84.06")
        short = owed.later("2024-02-15", rp.Receipt("2024-02-15", "84.05"))
        assert (short.ended, short.credit) == (None, D("84.05"))
        clear = owed.later("2024-02-15", rp.Receipt("2024-02-15", "84.06"))
        assert clear.payoff == clear.credit == 0
        assert clear.ended == date(2024, 2, 15)
        assert clear.instalments[-1].paid.interest == D("0.49")
        clear.check()

    def test_what_was_prepaid(self) -> None:
        events = [
            rp.Receipt("2024-02-10", "1000", ahead="maturity"),
            rp.Receipt("2024-02-20", "50", ahead="payment"),
            rp.Receipt("2024-02-21", "60"),
        ]
        owed = rp.statement(PLAN, events, as_of="2024-03-01")
        assert owed.prepayments == ((date(2024, 2, 10), D("111.51")), (date(2024, 2, 20), D("50")))
        assert owed.credit == 60
        assert rp.statement(PLAN, events, as_of="2024-02-09").prepayments == ()

    def test_status_of_each(self) -> None:
        events = [
            rp.Receipt("2024-02-10", "888.49"),
            rp.Receipt("2024-03-12", "888.49"),
            rp.Receipt("2024-04-01", "888.49"),
            rp.Receipt("2024-05-10", "400"),
        ]
        found = rp.statement(PLAN, events, as_of="2024-07-10").instalments
        assert [each.status for each in found[:7]] == (
            ["paid", "paid late", "paid in advance", "part paid", "missed", "due", "not yet due"]
        )


receipts = st.lists(
    st.builds(
        lambda days, minor: rp.Receipt(
            date(2024, 1, 10) + timedelta(days=days), D(minor).scaleb(-2)
        ),
        st.integers(0, 420),
        st.integers(1, 200_000),
    ),
    max_size=8,
)
terms = st.sampled_from(
    [
        None,
        rp.PenaltyTerms("1.5"),
        BANK,
        rp.PenaltyTerms("2", grace_days=5, late_fee="10", cap="60"),
    ]
)
days = st.integers(0, 500).map(lambda n: date(2024, 1, 10) + timedelta(days=n))
bases: st.SearchStrategy[InterestOn] = st.sampled_from(["schedule", "balance"])


@given(receipts, terms, days, bases, st.randoms())
def test_the_order_in_which_receipts_are_told_does_not_matter(
    events: list[rp.Receipt],
    late: rp.PenaltyTerms | None,
    day: date,
    basis: InterestOn,
    chance: Random,
) -> None:
    plain = rp.statement(PLAN, events, as_of=day, penalty=late, interest=basis)
    chance.shuffle(mixed := list(events))
    other = rp.statement(PLAN, mixed, as_of=day, penalty=late, interest=basis)
    assert (plain.instalments, plain.credit) == (other.instalments, other.credit)
    bounced = rp.Receipt(date(2024, 3, 3), "77.77", id="bounced")
    undone = [*mixed, bounced, rp.arrears.Reversal(date(2024, 3, 3), of="bounced")]
    again = rp.statement(PLAN, undone, as_of=max(day, bounced.on), penalty=late, interest=basis)
    never = rp.statement(PLAN, mixed, as_of=max(day, bounced.on), penalty=late, interest=basis)
    assert again.instalments == never.instalments


@given(receipts, terms, days, bases)
def test_paying_what_it_says_clears_it(
    events: list[rp.Receipt], late: rp.PenaltyTerms | None, day: date, basis: InterestOn
) -> None:
    owed = rp.statement(PLAN, events, as_of=day, penalty=late, interest=basis)
    if owed.payoff <= 0:
        return
    known = [each for each in events if each.on <= day]
    paid = [*known, rp.Receipt(day, owed.payoff)]
    for later in (day, day + timedelta(days=400)):
        done = rp.statement(PLAN, paid, as_of=later, penalty=late, interest=basis)
        assert done.payoff == 0
        assert not done.due.total


@given(receipts, terms, days, st.integers(1, 90))
def test_arrears_do_not_fall_by_themselves(
    events: list[rp.Receipt], late: rp.PenaltyTerms | None, day: date, more: int
) -> None:
    known = [each for each in events if each.on <= day]
    now = rp.statement(PLAN, known, as_of=day, penalty=late)
    later = rp.statement(PLAN, known, as_of=day + timedelta(days=more), penalty=late)
    assert later.arrears.total >= now.arrears.total
    assert later.payoff >= now.payoff


@given(receipts, terms, days)
def test_no_money_appears_or_vanishes(
    events: list[rp.Receipt], late: rp.PenaltyTerms | None, day: date
) -> None:
    owed = rp.statement(PLAN, events, as_of=day, penalty=late)
    due = [each for each in owed.instalments if each.due <= day]
    paid = sum((each.paid.total for each in due), D(0))
    assert paid + owed.credit == owed.received
    owed.check()


@settings(max_examples=examples(50))
@given(
    st.sampled_from(["25", "5%"]),
    st.sampled_from(["principal", "instalment"]),
    st.integers(0, 9),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_paying_a_fee_never_changes_the_penalty(
    fee: str, base: Any, grace: int, paid_after: int, seen_after: int
) -> None:
    terms = rp.PenaltyTerms("1.5", base=base, late_fee=fee, grace_days=grace)
    charged = date(2024, 5, 11) + timedelta(days=grace)
    paid_on = charged + timedelta(days=paid_after)
    day = paid_on + timedelta(days=seen_after)
    words: dict[str, Any] = {
        "penalty": terms,
        "allocation": rp.Allocation(across="component"),  # all fees before anything else
    }
    unpaid = rp.statement(PLAN, PAID, as_of=day, **words)
    fees = rp.statement(PLAN, PAID, as_of=paid_on, **words).due.fees
    owed = rp.statement(PLAN, [*PAID, rp.Receipt(paid_on, fees)], as_of=day, **words)
    assert owed.due.penalty == unpaid.due.penalty
    assert owed.days_past_due == unpaid.days_past_due


near_due_dates = st.lists(
    st.builds(
        lambda row, late, amount: rp.Receipt(row.date + timedelta(days=late), amount),
        st.sampled_from(PLAN[:5]),
        st.integers(-10, 60),
        st.sampled_from(["888.49", "888.49", "400", "13.33"]),
    ),
    max_size=5,
)


@settings(max_examples=examples(50))
@given(near_due_dates, terms, days, bases, st.sampled_from([PRINCIPAL_FIRST, rp.Allocation.us()]))
def test_days_late_follow_principal_and_interest(
    events: list[rp.Receipt], late: rp.PenaltyTerms | None, day: date, basis: Any, order: Any
) -> None:
    """Of what is open they are the days since it was due; once nothing is, they stay as they are."""
    words: dict[str, Any] = {"penalty": late, "interest": basis, "allocation": order}
    if basis == "balance":  # what accrues after the end is nothing that the schedule asks for
        day = min(day, PLAN.maturity - timedelta(days=30))
    owed = rp.statement(PLAN, events, as_of=day, **words)
    due = [each for each in owed.instalments if each.due < day]
    missing = {each for each in due if each.open.principal + each.open.interest}
    if basis == "schedule":
        assert owed.days_past_due == max((each.days_late for each in missing), default=0)
    later = rp.statement(
        PLAN, [each for each in events if each.on <= day], as_of=day + timedelta(days=30), **words
    )
    for each, after in zip(due, later.instalments, strict=False):
        assert after.days_late - each.days_late == (30 if each in missing else 0)
        if each in missing:
            assert each.days_late == (day - each.due).days


@settings(max_examples=examples(60))
@given(receipts, terms, days, bases, st.integers(0, 300))
def test_a_write_off_that_lets_accrual_continue_changes_nothing_that_is_owed(
    events: list[rp.Receipt], late: rp.PenaltyTerms | None, day: date, basis: Any, after: int
) -> None:
    as_of = day + timedelta(days=after)
    words: dict[str, Any] = {"as_of": as_of, "penalty": late, "interest": basis}
    plain = rp.statement(PLAN, events, **words)
    off = rp.statement(PLAN, [*events, rp.arrears.WriteOff(day, "continue")], **words)
    for name in ("instalments", "arrears", "due", "undue", "credit", "days_past_due", "ended"):
        assert getattr(off, name) == getattr(plain, name)
    assert off.payoff == plain.payoff


DUE_DATES: dict[str, tuple[dict[str, Any], int]] = {
    "day": ({"every": "day"}, 1),
    "2 days": ({"every": "2 days"}, 2),
    "week": ({"every": "week"}, 7),
    "half_month": ({"every": "half_month", "due_days": (10, 25)}, 13),
    "month": ({"every": "month"}, 28),
    "2 months": ({"every": "2 months"}, 59),
    "quarter": ({"every": "quarter"}, 90),
    "1 month 15 days": ({"every": "1 month 15 days"}, 43),
    "rule": ({"every": "FREQ=MONTHLY;BYDAY=-1FR"}, 28),
    "listed": ({"every": ["2024-02-10", "2024-03-01", "2024-04-10"]}, 20),
    "one listed": ({"every": ["2024-02-10"], "payments": 1}, 31),
}


@pytest.mark.parametrize("way", DUE_DATES)
def test_grace_is_shorter_than_a_period_however_due_dates_are_given(way: str) -> None:
    """Up to its last day nothing is charged; on the next one all days since the due date are."""
    words, shortest = DUE_DATES[way]
    plan = rp.amortise(rp.Loan("1500", "12%", start="2024-01-10", **{"payments": 3, **words}))
    first = plan[0].date
    for grace in {0, 1, shortest // 2, shortest - 1} - {shortest}:
        terms = rp.PenaltyTerms("1.5", grace_days=grace)
        last = first + timedelta(days=grace)
        assert rp.statement(plan, as_of=last, penalty=terms).due.penalty == 0
        day = last + timedelta(days=1)
        with_grace, without = (
            rp.statement(plan, as_of=day, penalty=each).instalments[0].asked.penalty
            for each in (terms, rp.PenaltyTerms("1.5"))
        )
        assert with_grace == without > 0
    with pytest.raises(rp.errors.TermsError, match=f"fewer days than a period has, {shortest};"):
        rp.statement(plan, as_of=first, penalty=rp.PenaltyTerms("1.5", grace_days=shortest))


def test_grace_is_shorter_than_a_period_of_a_later_agreement() -> None:
    plan = rp.reschedule(PLAN, payments=30, payment=4, every="week")
    rp.statement(plan, as_of="2024-06-10", penalty=rp.PenaltyTerms("1.5", grace_days=6))
    with pytest.raises(rp.errors.TermsError, match="fewer days than a period has, 7"):
        rp.statement(plan, as_of="2024-06-10", penalty=rp.PenaltyTerms("1.5", grace_days=7))


class TestRefusals:
    def test_bad_receipts(self) -> None:
        def ask(
            *events: rp.Receipt | rp.arrears.Reversal | rp.arrears.Refund,
        ) -> rp.arrears.Statement:
            return rp.statement(PLAN, events, as_of="2024-06-10")

        with pytest.raises(rp.errors.DateError, match="from the start of the loan"):
            ask(rp.Receipt("2024-01-09", "1"))
        with pytest.raises(rp.errors.TermsError, match="currency"):
            ask(rp.Receipt("2024-02-10", "1", currency="EUR"))
        with pytest.raises(rp.errors.AmountError, match="above zero"):
            rp.Receipt("2024-02-10", "0")
        with pytest.raises(rp.errors.TermsError, match="a receipt among those given"):
            ask(rp.arrears.Reversal("2024-02-10", of="A17"))
        with pytest.raises(rp.errors.AmountError, match="what is held"):
            ask(rp.arrears.Refund("2024-02-10", "1"))

    def test_contradicting_words(self) -> None:
        with pytest.raises(rp.errors.TermsError, match="principal"):
            rp.Allocation(("costs", "fee", "penalty", "interest"))
        with pytest.raises(rp.errors.TermsError, match="interest"):
            rp.Allocation(("costs", "fee", "penalty", "interest", "interest", "principal"))
        with pytest.raises(rp.errors.TermsError, match="fewer days than a period"):
            rp.statement(PLAN, as_of="2024-02-10", penalty=rp.PenaltyTerms("1.5", grace_days=40))
        with pytest.raises(rp.errors.TermsError, match="multiplier"):
            rp.PenaltyTerms("1.5", rate="18%")
        flat = rp.Loan("10000", "12%", 12, "2024-01-10", method="flat")
        with pytest.raises(rp.errors.TermsError, match="on the original principal"):
            rp.statement(flat, as_of="2024-02-10", interest="balance")


class TestInterestOnWhatIsOwed:
    """Figures of what is paid ahead, late, and after the last due date, by outside computations."""

    L = rp.Loan("10000", "12%", 12, "2024-01-10")
    DAILY = rp.Loan("10000", "12%", 12, "2024-01-10", day_count="actual/365")

    @pytest.mark.parametrize("interest", ["schedule", "balance", "daily_simple"])
    def test_who_is_ahead_is_not_late(self, interest: Any) -> None:
        plan = rp.amortise(self.L)
        days = [self.L.start, *(row.date for row in plan[:10])]
        paid = [rp.Receipt(day, "888.49") for day in days]
        words: Any = {"penalty": rp.PenaltyTerms("1.5"), "interest": interest}
        owed = rp.statement(plan, paid, as_of="2024-12-20", **words)
        assert owed.days_past_due == owed.arrears.total == 0
        small = rp.Loan("1200", "12%", 12, "2024-01-10")
        paid = [rp.Receipt("2024-01-20", "1100")]
        owed = rp.statement(small, paid, as_of="2024-03-20", interest=interest)
        assert owed.days_past_due == owed.arrears.total == 0

    @pytest.mark.parametrize(("paid", "due"), [("492", "15.51"), ("498", "9.51")])
    @pytest.mark.parametrize("interest", ["balance", "daily_simple"])
    def test_money_held_does_not_let_the_rest_fall_due(
        self, interest: Any, paid: str, due: str
    ) -> None:
        loan = rp.Loan("1000", "12%", 2, "2023-02-01")
        receipts = [rp.Receipt("2023-02-01", paid)]
        owed = rp.statement(loan, receipts, as_of="2023-03-01", interest=interest)
        assert owed.due.total == D(due)

    @pytest.mark.parametrize("interest", ["balance", "daily_simple"])
    def test_interest_is_not_counted_twice_beside_a_penalty_on_the_instalment(
        self, interest: Any
    ) -> None:
        """62.00, and 24 % on 12,062.00 for ten days, of which the balance bears 6 % of 12,000.00."""
        loan = rp.Loan("12000", "6%", 1, "2024-05-30", day_count="actual/360")
        terms = rp.PenaltyTerms(rate="24%", base="instalment")
        owed = rp.statement(loan, as_of="2024-07-10", penalty=terms, interest=interest).balances
        assert owed.interest + owed.penalty == D("142.41")
        assert (owed.interest, owed.penalty) == (D("82.00"), D("60.41"))

    @pytest.mark.parametrize("interest", ["balance", "daily_simple"])
    def test_after_the_last_due_date_interest_is_one_sum(self, interest: Any) -> None:
        loan = rp.Loan("10000", "7%", 120, "2014-01-01")
        days = ("2024-01-01", "2024-01-15", "2025-01-01")
        owed = [rp.statement(loan, as_of=day, interest=interest).payoff for day in days]
        assert [each - owed[0] for each in owed[1:]] == [D("26.34"), D("700.00")]

    def test_rates_go_on_after_the_last_due_date(self) -> None:
        plan = rp.amortise(self.DAILY)
        free: Any = {"on": "2024-12-20", "until": "2025-02-10", "hold": "last"}
        plan = rp.change_rate(plan, "0%", **free)
        paid = [rp.Receipt(row.date, row.payment) for row in plan[:11]]
        owed = rp.statement(plan, paid, as_of="2025-06-10", interest="balance")
        assert owed.payoff == D("917.15")
        during = rp.statement(plan, paid, as_of="2025-02-10", interest="balance")
        assert during.payoff == D("882.45")
        late = rp.statement(plan, paid, as_of="2025-06-10", penalty=rp.PenaltyTerms("1.5"))
        assert late.arrears.penalty == D("52.05")

    @pytest.mark.parametrize(
        "rate",
        [
            rp.steps("12%", {"2025-02-10": "24%"}),
            rp.indexed({"2024-01-01": "12%", "2025-02-01": "24%"}, resets=["2025-02-10"]),
        ],
    )
    def test_a_step_after_the_last_due_date(self, rate: Any) -> None:
        loan = rp.Loan("10000", rate, 12, "2024-01-10", day_count="actual/365")
        paid = [rp.Receipt(row.date, row.payment) for row in rp.amortise(loan)[:11]]
        owed = rp.statement(loan, paid, as_of="2025-06-10", interest="balance")
        assert owed.payoff == D("966.89")

    def test_daily_simple_interest(self) -> None:
        paid = [rp.Receipt("2024-01-31", "888.52")]
        owed = rp.statement(self.DAILY, paid, as_of="2024-02-10", interest="daily_simple")
        assert owed.payoff == D("9210.70")
        assert (owed.balances.principal, owed.balances.interest) == (D("9180.52"), D("30.18"))
        assert owed.credit == owed.days_past_due == 0
        owed.check()

    def test_a_history_of_daily_simple_interest(self) -> None:
        days = ("2024-02-13", "2024-03-08", "2024-04-15", "2024-05-10")
        paid = [rp.Receipt(day, "888.49") for day in days]
        owed = rp.statement(self.DAILY, paid, as_of="2024-05-10", interest="daily_simple")
        interest = [each.interest for each in owed.applied]
        assert interest == [D("111.78"), D("72.78"), D("105.04"), D("62.66")]
        assert owed.applied[-1].principal_left == owed.balances.principal == D("6798.30")
        assert all(each.interest_left == each.other == 0 for each in owed.applied)

    def test_daily_simple_interest_has_no_rest(self) -> None:
        with pytest.raises(rp.errors.TermsError, match="daily simple interest counts a receipt"):
            rp.statement(self.L, as_of="2024-02-10", interest="daily_simple", rest="due_date")

    def test_extra_money_under_another_word(self) -> None:
        """1,000.00 on top in January: 69.04 of it interest, the rest lowers the principal for good."""
        paid = [rp.Receipt("2024-01-31", "1000", ahead="payment")]
        owed = rp.statement(self.DAILY, paid, as_of="2024-02-10", interest="daily_simple")
        assert owed.balances.principal == D("9069.04")
        assert owed.due.total == D("888.52")
        assert owed.due.interest == owed.balances.interest == D("29.82")  # ten days of 9,069.04
        owed.check()

    def test_a_share_is_waived_of_the_interest_that_a_statement_shows(self) -> None:
        """51 days of 10,000.00 at 12 % are 167.67, of which half is 83.84: also what accrued since."""
        waiver = rp.arrears.Waiver("2024-03-01", "interest", share="50%")
        words: dict[str, Any] = {"as_of": "2024-03-01", "interest": "daily_simple"}
        before = rp.statement(self.DAILY, **words)
        owed = rp.statement(self.DAILY, [waiver], **words)
        assert (before.due.interest, owed.due.interest) == (D("167.67"), D("83.83"))
        assert owed.instalments[0].waived == before.payoff - owed.payoff == D("83.84")
        owed.check()


def test_interest_below_zero_is_owed_to_the_borrower() -> None:
    """Where a payment is interest alone, nobody has missed it; what clears is less by it."""
    loan = rp.Loan("10000", rp.Rate(Fraction(-1, 100)), 6, "2024-01-10", method="interest_only")
    plan = rp.amortise(loan)
    paid = [rp.Receipt("2024-07-10", plan.final_payment)]
    now = rp.statement(plan, paid, as_of="2024-07-10")
    assert [each.status for each in now.instalments] == ["owed to borrower"] * 5 + ["paid"]
    assert now.days_past_due == 0
    assert now.payoff == sum(row.payment for row in plan[:5]) == Decimal("-41.65")


@pytest.mark.parametrize("rounding", ["up", "half_up", "half_even"])
def test_daily_simple_interest_is_rounded_with_what_was_charged(rounding: Any) -> None:
    """0.5 of interest charged as a yen are not given back, whatever is carried on."""
    rate = Fraction(12, 1000) if rounding != "half_even" else Fraction(36, 1000)
    loan = rp.Loan(500, rate, 2, "2023-01-01", rounding=rounding, currency="JPY")
    for last in (date(2023, 2, 1), date(2023, 3, 1)):
        owed = [
            rp.statement(loan, ended, as_of=day, interest="daily_simple")
            for day in (last, last + timedelta(1))
            for ended in ([], [rp.arrears.WriteOff(last, accrual="stop")])
        ]
        assert owed[0].payoff == owed[1].written_off == owed[3].payoff == owed[3].written_off
        paid = [*owed[3].events, rp.Receipt(last + timedelta(1), owed[3].payoff)]
        now = rp.statement(loan, paid, as_of=last + timedelta(9), interest="daily_simple")
        assert (now.days_past_due, now.payoff) == (0, D(0))


@pytest.mark.parametrize(
    ("loan", "after", "payoff"),
    [
        # 100,000 at -2 % owe 20 days, 107.53, less
        (rp.Loan("100000", rp.Rate(Fraction(-1, 50)), 12, "2024-01-10"), 20, "99892.47"),
        # 22 of the interest is never charged, so the payments left are worth less than 931
        (
            rp.Loan(
                *("931", "25.25%", 9, "2026-06-17"),
                every="2 months",
                method="flat",
                day_count="30/360 US",
                odd_days="actual/360",
                currency="JPY",
                rounding="up",
                negative_amortisation="waive",
                counted_days="last",
                amortise_over=102,
                interest_remainder="carried",
                interest_split="rule_of_78",
            ),
            *(65, "971"),
        ),
    ],
)
def test_a_payoff_below_the_principal_settles(loan: rp.Loan, after: int, payoff: str) -> None:
    day = loan.start + timedelta(after)
    assert rp.statement(loan, [], as_of=day).payoff == D(payoff)
    paid = rp.statement(loan, [rp.Receipt(day, payoff)], as_of=day + timedelta(400))
    assert paid.ended == day
    assert paid.payoff == paid.credit == 0


# -- what one payment is for, and in proportion --------------------------------------------


def test_the_components_of_an_instalment_in_proportion() -> None:
    """100.00 over interest of 76.11 and principal of 812.38, which are 888.49 together."""
    order = rp.Allocation(across="pro_rata")
    paid = [*PAID, rp.Receipt("2024-05-10", "100")]
    now = rp.statement(PLAN, paid, as_of="2024-05-10", allocation=order).instalments[3].paid
    assert (now.interest, now.principal) == (D("8.56"), D("91.44"))
    assert str(order) == (
        "Money received pays enforcement costs, fees, penalties, interest and principal in proportion "
        "to what is open, the oldest instalment first. Money paid ahead pays the next instalments as "
        "they fall due."
    )
    assert "按未付金额的比例冲抵" in order.to_text(lang="zh")


def test_a_payment_for_one_instalment_or_one_part_of_it() -> None:
    def after(**words: Any) -> list[Any]:
        receipt = rp.Receipt("2024-06-20", "500", **words)
        return [
            (line.open.interest, line.open.principal)
            for line in rp.statement(PLAN, [*PAID, receipt], as_of="2024-06-20").instalments[3:5]
        ]

    def money(*texts: str) -> tuple[D, ...]:
        return tuple(map(D, texts))

    assert after() == [money("0.00", "388.49"), money("67.98", "820.51")]
    assert after(instalment=5) == [money("76.11", "812.38"), money("0.00", "388.49")]
    assert after(component="principal") == [money("76.11", "312.38"), money("67.98", "820.51")]
    assert after(instalment=5, component="principal") == [
        money("76.11", "812.38"),
        money("67.98", "320.51"),
    ]
    # What is left of it goes its usual way: 67.98 of interest, and then the oldest instalment.
    assert after(instalment=5, component="interest") == [
        money("0.00", "456.47"),
        money("0.00", "820.51"),
    ]


def test_a_payment_for_an_instalment_that_is_not_there_is_refused() -> None:
    rp.statement(PLAN, [rp.Receipt("2024-06-20", "5", instalment=12)], as_of="2024-06-20")
    receipts = [rp.Receipt("2024-06-20", "500", instalment=13)]
    with pytest.raises(rp.RepayError, match=r"instalment: got 13; .* 1 to 12") as caught:
        rp.statement(PLAN, receipts, as_of="2024-06-20")
    assert caught.value.parameter == "instalment"


def test_what_a_payment_is_for_is_stored() -> None:
    receipt = rp.Receipt("2024-06-20", "500", instalment=5, component="principal")
    assert str(receipt) == "on 2024-06-20, 500 was received for the principal of instalment 5"
    owed = rp.statement(PLAN, [*PAID, receipt], as_of="2024-06-20")
    again = rp.arrears.Statement.from_json(owed.to_json())
    assert again.balances == owed.balances
    assert again.events == owed.events
    plain = owed.to_dict()
    for event in plain["events"]:  # as before there were these words
        del event["receipt"]["instalment"], event["receipt"]["component"]
    assert rp.arrears.Statement.from_dict(plain).balances.total == owed.balances.total


def test_a_late_fee_alone_charges_no_penalty() -> None:
    """Once for each of the two instalments that are late, 25.00, and nothing by the day."""
    alone = rp.PenaltyTerms(late_fee="25", grace_days=3, cap="500")
    assert alone == rp.PenaltyTerms(rate="0%", late_fee="25", grace_days=3, cap="500")
    owed = rp.statement(PLAN, PAID, as_of="2024-06-24", penalty=alone)
    assert (owed.balances.penalty, owed.balances.fees) == (D("0.00"), D("50.00"))
    both = rp.statement(
        PLAN, PAID, as_of="2024-06-24", penalty=rp.PenaltyTerms("1.5", late_fee="25")
    )
    assert (both.balances.penalty > 0, both.balances.fees) == (True, D("50.00"))


@pytest.mark.parametrize(
    "given",
    [{}, {"base": "balance"}, {"on_interest": True}, {"grace_days": 3}, {"cap": "5"}],
)
def test_no_penalty_rate_is_a_default(given: dict[str, Any]) -> None:
    with pytest.raises(rp.errors.TermsError) as told:
        rp.PenaltyTerms(**given)
    assert told.value.parameter == "multiplier"
    assert told.value.hint == 'write multiplier="1.5", rate="18%" or late_fee="25"'


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base", "balance"),
        ("on_interest", True),
        ("day_count", "actual/360"),
        ("cap_rate", "24%"),
        ("cap_share", "100%"),
    ],
)
def test_what_belongs_to_a_rate_asks_for_one_beside_a_late_fee(name: str, value: Any) -> None:
    with pytest.raises(rp.errors.TermsError, match=f"^{name}: .*or leave {name} out"):
        rp.PenaltyTerms(late_fee="25", **{name: value})
    assert rp.PenaltyTerms("1.5", late_fee="25", **{name: value})


@pytest.mark.parametrize(
    ("given", "times", "rate"),
    [
        ("8%", "0.08", "8%"),
        ("150%", "1.5", "150%"),
        ("100/3%", "1/3", "100/3%"),
        ("\uff18\uff05", "0.08", "8%"),
        ("18", "1.5", "18%"),
        (18, "1.5", "18%"),
        (18.25, "1.5", "18.25%"),
        (1.3, "1.3", "18%"),
        (rp.effective("8%"), "1.5", "18%"),
    ],
)
def test_a_doubtful_multiplier_is_refused_with_both_ways_out(
    given: Any, times: str, rate: str
) -> None:
    with pytest.raises(rp.errors.RateError) as told:
        rp.PenaltyTerms(given)
    hint = told.value.hint
    assert f'multiplier="{times}"' in hint
    assert f'rate="{rate}"' in hint
    assert rp.PenaltyTerms(times).multiplier == Fraction(times)
    assert str(rp.PenaltyTerms(rate=rate).rate) == rate


@pytest.mark.parametrize("times", ["1.5", "4/3", "0", "10"])
def test_a_multiplier_is_stored_as_a_number(times: str) -> None:
    owed = rp.statement(PLAN, PAID, as_of="2024-06-24", penalty=rp.PenaltyTerms(times))
    again = rp.arrears.Statement.from_json(owed.to_json())
    assert again.terms.penalty == owed.terms.penalty
    assert again.balances == owed.balances


def test_a_multiplier_of_nothing_is_no_penalty() -> None:
    assert str(rp.PenaltyTerms("0")) == "No penalty is charged for late payment."
    alone = rp.PenaltyTerms("0", late_fee="25")
    assert str(alone) == "For each late instalment a late fee is charged: 25."
    owed = rp.statement(PLAN, PAID, as_of="2024-06-24", penalty=alone)
    assert (owed.balances.penalty, owed.balances.fees) == (D("0.00"), D("50.00"))
