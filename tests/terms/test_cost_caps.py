"""Caps on all costs of a loan: in its schedule, and with penalties and late fees in a statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, cast

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.terms import CostCap
from repaylib.wording.sentence import Listed, parse_language
from tests.strategies.loans import changes_for, examples, penalty_terms, rich_loans

PLAIN: dict[str, Any] = {"principal": "10000", "rate": "12%", "payments": 12, "start": "2024-01-10"}
#: FCA CONC 5A.2: 0.8% a day, 15 in default, 100% of the amount lent.
UK = CostCap("100%", daily="0.8%", late="15")


def short_term(end: str, **terms: Any) -> rp.Loan:
    """300.00 at 0.8% a day, repaid once."""
    return rp.Loan(
        "300",
        rp.daily("0.8%", basis=365),
        1,
        "2024-03-01",
        first_payment=end,
        day_count="actual/365",
        method="bullet",
        currency="GBP",
        **terms,
    )


def test_interest_stops_at_the_amount_lent() -> None:
    """184 days at 0.8% a day are 441.60, of which 300.00 are charged."""
    plan = rp.amortise(short_term("2024-09-01", cost_cap=UK))
    row = plan[0]
    assert (row.accrued, row.interest, row.waived) == (
        Decimal("441.60"),
        Decimal("300.00"),
        Decimal("141.60"),
    )
    assert row.payment == 600
    assert rp.measures.costs(plan).total_cost == 300
    assert "= 141.60 above the cap on costs" in str(plan.explain(1))
    plan.check()


def test_penalties_and_late_fees_count() -> None:
    """72.00 interest, 15.00 late fee and 2.40 a day reach 300.00 on the 89th day after 31 March."""
    late = rp.PenaltyTerms("1", late_fee="15")
    loan = short_term("2024-03-31", cost_cap=UK)
    cost = {
        day: rp.statement(loan, as_of=day, penalty=late).payoff - 300
        for day in ("2024-04-01", "2024-06-27", "2024-06-28", "2025-01-01")
    }
    assert list(cost.values()) == [
        Decimal("89.40"),
        Decimal("298.20"),
        Decimal("300.00"),
        Decimal("300.00"),
    ]
    free = short_term("2024-03-31")
    assert rp.statement(free, as_of="2024-07-01", penalty=late).payoff == Decimal("607.80")


def test_late_fees_come_to_at_most_so_much() -> None:
    late = rp.PenaltyTerms(rate="0%", late_fee="10")
    owed = rp.statement(rp.Loan(**PLAIN, cost_cap=UK), as_of="2024-07-24", penalty=late)
    assert [each.asked.fees for each in owed.instalments[:4]] == [10, 5, 0, 0]


def test_a_penalty_accrues_at_most_the_daily_cap() -> None:
    """0.4% a day on 300.00 for 30 days, at a penalty rate of twice 0.8%."""
    loan = short_term("2024-03-31", cost_cap=CostCap(daily="0.4%"))
    owed = rp.statement(loan, as_of="2024-04-30", penalty=rp.PenaltyTerms("2"))
    assert owed.due.interest == Decimal("36.00")
    assert owed.due.penalty == Decimal("36.00")


def test_fees_are_cut_when_they_are_charged() -> None:
    fee = rp.Fee("30", when="instalment")
    plan = rp.amortise(rp.Loan(**PLAIN, fees=[fee], cost_cap=CostCap("5%")))
    assert plan.total_interest + plan.total_fees == 500
    assert plan.columns["waived_fees"].tolist() == [0] * 4 + [3000] * 8
    assert rp.measures.costs(plan).total_cost == 500


def test_the_daily_cap_holds_on_every_day() -> None:
    """31 days of 10,000.00 at 0.03% a day allow 93.00 of 100.00."""
    plan = rp.amortise(rp.Loan(**PLAIN, cost_cap=CostCap(daily="0.03%")))
    assert (plan[0].interest, plan[0].waived) == (Decimal("93.00"), Decimal("7.00"))


def test_an_early_settlement_keeps_the_cap() -> None:
    loan = rp.Loan(**PLAIN, cost_cap=CostCap("4%"))
    quote = rp.settle(loan, on="2024-07-01", fee="200")
    assert rp.measures.costs(quote).total_cost == 400
    by_78 = rp.settle(loan, with_payment=6, method="rule_of_78")
    assert rp.measures.costs(by_78).total_cost <= 400
    by_78.schedule.check()


def test_a_book_says_the_same() -> None:
    words = {**PLAIN, "cost_cap": CostCap("5%", late="15")}
    book = rp.Portfolio(**{**words, "principal": ["10000", "8000"], "rate": ["12%", "18%"]})
    plans, late = rp.amortise(book), rp.PenaltyTerms("1.5", late_fee="10")
    owed: Any = rp.statement(book, as_of="2024-07-24", penalty=late)
    for number, (principal, rate) in enumerate((("10000", "12%"), ("8000", "18%"))):
        own = rp.amortise(rp.Loan(**{**words, "principal": principal, "rate": rate}))
        assert plans.row(number) == own
        assert plans.closing[number].tolist() == own.columns["closing"].tolist()
        alone = rp.statement(own, as_of="2024-07-24", penalty=late)
        assert owed["due"][number] == own.loan.minor(alone.due.total, "due")


@pytest.mark.parametrize(
    ("made", "parameter", "hint"),
    [
        (lambda: CostCap(), "total", 'write total="100%"'),
        (lambda: CostCap(total="-1%"), "total", "write such as"),
        (lambda: CostCap(late="-5"), "late", "write such as"),
        (lambda: rp.Loan(**PLAIN, cost_cap=cast("Any", "100%")), "cost_cap", "CostCap"),
        (lambda: rp.Loan(**PLAIN, cost_cap=CostCap(late="0.001")), "late", 'write "0.01"'),
        (
            lambda: rp.Loan(**PLAIN, cost_cap=UK, fees=[rp.Fee("5")]),
            "cost_cap",
            'when="instalment"',
        ),
        (
            lambda: rp.Loan(**PLAIN, cost_cap=CostCap("5%"), fees=[rp.Fee("5", refund="pro_rata")]),
            "cost_cap",
            'refund="none"',
        ),
        (
            lambda: rp.statement(
                rp.Loan(**PLAIN, cost_cap=UK), as_of="2024-07-01", interest="balance"
            ),
            "interest",
            'interest="schedule"',
        ),
        (
            lambda: rp.renegotiate(
                rp.statement(rp.Loan(**PLAIN, cost_cap=UK), as_of="2024-07-01"), 12
            ),
            "terms",
            '"cost_cap": rp.terms.CostCap',
        ),
    ],
)
def test_what_is_refused(made: Any, parameter: str, hint: str) -> None:
    with pytest.raises(rp.RepayError) as refused:
        made()
    assert refused.value.parameter == parameter
    assert hint in refused.value.hint


def test_a_new_agreement_says_its_own_cap() -> None:
    owed = rp.statement(rp.Loan(**PLAIN, cost_cap=UK), as_of="2024-07-01")
    new = rp.renegotiate(owed, 12, terms={"cost_cap": CostCap("50%")})
    assert new.schedule.loan.cost_cap == CostCap("50%")
    assert rp.renegotiate(owed, 12, terms={"cost_cap": None}).schedule.loan.cost_cap is None


def test_what_is_said_of_a_cap() -> None:
    said = parse_language("zh").render(Listed(UK.sentences(), "clause"))
    assert said == (
        "息费合计最高不超过贷款金额的100%；截至任何一日，息费合计最高不超过每日本金的0.8%之和；"
        "逾期违约金合计最高不超过15"
    )
    assert "all costs come to at most 100% of the amount lent" in str(rp.Loan(**PLAIN, cost_cap=UK))


def capped(loan: rp.Loan, cap: CostCap) -> rp.Loan:
    """Return the loan with a cap, of those that can have one."""
    try:
        return replace(loan, cost_cap=cap)
    except rp.errors.TermsError as error:
        assume(error.parameter != "cost_cap")
        raise


def charged(plan: rp.Schedule) -> list[int]:
    """Return interest and fees charged up to each row, without arrears."""
    columns, sums, found = plan.columns, 0, []
    sums -= plan.ledger.at_start.get("start_interest", 0)
    for row in range(len(plan)):
        plus = sum(int(columns[name][row]) for name in ("accrued", "fee", "penalty"))
        minus = ("waived", "refund", "arrears_interest", "cleared_charges")
        sums += plus - sum(int(columns[name][row]) for name in minus)
        found.append(sums)
    return found


def lent(plan: rp.Schedule) -> list[int]:
    """Return the amounts lent up to each row, without fees that are financed."""
    sums, found = plan.program.principal, []
    financed = {
        row: sum(
            each.amount + each.tax
            for each in plan.fee_charges
            if each.row == row and each.fee.collected == "financed"
        )
        for row in range(len(plan))
    }
    for row, advanced in enumerate(plan.columns["advanced"].tolist()):
        sums += advanced - financed[row]
        found.append(sums)
    return found


@given(st.data())
@settings(max_examples=examples(80))
def test_all_costs_keep_the_caps_and_every_row_balances(data: st.DataObject) -> None:
    loan = data.draw(rich_loans())
    total = data.draw(st.none() | st.fractions(0, Fraction(1, 2), max_denominator=1000))
    daily = data.draw(st.none() | st.fractions(0, Fraction(1, 500), max_denominator=10**5))
    assume(total is not None or daily is not None)
    plan = rp.amortise(capped(loan, CostCap(total, daily=daily)))
    for _ in range(data.draw(st.integers(0, 3))):
        try:
            plan = plan.then(data.draw(changes_for(plan)))
        except rp.RepayError:
            continue
    plan.check()
    rest = Fraction(0)
    days = [plan.loan.start, *plan.accrual_dates.tolist()]
    for row, (cost, amount) in enumerate(zip(charged(plan), lent(plan), strict=True)):
        if total is not None:
            assert cost <= floor(amount * total)
        if daily is not None:
            before = plan.columns["opening"][row] if row else plan.program.principal
            rest += int(before) * daily * (days[row + 1] - days[row]).days
            assert cost <= floor(rest)
    assert rp.Schedule.from_dict(plan.to_dict()) == plan
    again = rp.Schedule(plan.loan, plan.changes)
    assert again.rows == plan.rows


@given(rich_loans())
@settings(max_examples=examples(40))
def test_a_cap_above_all_costs_changes_nothing(loan: rp.Loan) -> None:
    plan = rp.amortise(capped(loan, CostCap(total="10000%")))
    assert plan.rows == rp.amortise(loan).rows


@given(st.data())
@settings(max_examples=examples(40))
def test_a_statement_keeps_the_cap_whatever_is_paid(data: st.DataObject) -> None:
    total = data.draw(st.fractions(Fraction(1, 100), Fraction(1, 5), max_denominator=1000))
    late = data.draw(st.none() | st.integers(1, 100).map(Decimal))
    plan = rp.amortise(rp.Loan(**PLAIN, cost_cap=CostCap(total, late=late)))
    paid = [
        rp.Receipt(plan.loan.start + timedelta(days=days), Decimal(cents) / 100)
        for days, cents in data.draw(
            st.lists(st.tuples(st.integers(1, 500), st.integers(1, 90000)), max_size=8)
        )
    ]
    terms = data.draw(penalty_terms())
    day = plan.loan.start + timedelta(days=data.draw(st.integers(1, 900)))
    owed = rp.statement(plan, paid, as_of=day, penalty=terms)
    owed.check()
    fees = [each.asked.fees for each in owed.instalments if each.due <= day]
    penalties = [
        each.asked.penalty + each.asked.penalty_interest
        for each in owed.instalments
        if each.due <= day
    ]
    costs = plan.total_interest + sum(fees) + sum(penalties)
    assert costs <= Decimal(floor(10_000_00 * total)) / 100
    if late is not None:
        assert sum(fees) <= late
