"""Budgets, debts, and a budget dealt out among them: what no policy may do."""

from __future__ import annotations

from copy import copy
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.engine.stepwise import StepwiseFold
from repaylib.money.shares import prorated, sequential
from repaylib.negotiation.debt_course import month_number
from repaylib.negotiation.policies import POLICIES
from tests.strategies.loans import changes_for, examples, plain_loans

ON = date(2024, 4, 10)
policies = st.sampled_from(POLICIES)


@st.composite
def debts_of_months(draw: st.DrawFn) -> rp.Debt:
    """A debt that asks for something each month: a loan part of the way, or a balance."""
    rate = Fraction(draw(st.integers(0, 3_600)), 10_000)
    principal = Decimal(draw(st.integers(20_000, 900_000))) / 100
    words: dict[str, Any] = {}
    if draw(st.integers(0, 3)) == 0:
        words["arrears"] = Decimal(draw(st.integers(1, 30_000))) / 100
        words["arrears_over"] = draw(st.integers(1, 6))
    kind = draw(st.sampled_from(["loan", "loan", "amount", "share"]))
    if kind == "loan":
        start = ON - timedelta(days=draw(st.integers(0, 300)))
        payments = draw(st.integers(12, 36))
        method: Any = draw(st.sampled_from(["level", "level", "equal_principal"]))
        return rp.Debt(rp.Loan(principal, rate, payments, start, method=method), **words)
    month = principal * rate.numerator / rate.denominator / 12
    if kind == "amount":
        least = (month + principal / draw(st.integers(12, 40))).quantize(Decimal("0.01"))
        return rp.Debt(principal, rate=rate, minimum=least + 1, **words)
    share = rate / 12 + Fraction(draw(st.integers(2, 8)), 100)
    return rp.Debt(principal, rate=rate, minimum=(share, "25"), **words)


@st.composite
def lumpy_debts(draw: st.DrawFn) -> rp.Debt:
    """A debt that asks for little for long, and then for much."""
    principal = Decimal(draw(st.integers(20_000, 500_000))) / 100
    start = ON - timedelta(days=draw(st.integers(0, 60)))
    rate = Fraction(draw(st.integers(0, 2_000)), 10_000)
    kind = draw(st.sampled_from(["interest_only", "bullet", "quarter", "balloon"]))
    payments = draw(st.integers(4, 18))
    if kind == "quarter":
        return rp.Debt(rp.Loan(principal, rate, payments, start, every="quarter"))
    if kind == "balloon":
        return rp.Debt(rp.Loan(principal, rate, payments, start, balloon="40%"))
    method: Any = kind
    return rp.Debt(rp.Loan(principal, rate, payments, start, method=method))


def as_agreed(debt: rp.Debt) -> rp.Debt:
    """The same debt, on which nothing is paid on top."""
    other = copy(debt)
    object.__setattr__(other, "extra", False)
    return other


def required_at_most(debts: list[rp.Debt], on: date = ON) -> list[Decimal]:
    """What the months ask for if nothing is paid on top: an amount of 0.01 is always short."""
    plan = rp.allocate_budget([*map(as_agreed, debts)], "0.01", on=on, policy="minimum_first")
    sums: dict[int, Decimal] = {}
    for each in plan.shortfalls:
        sums[each.number] = sums.get(each.number, Decimal(0)) + each.required
    return [sums.get(number, Decimal(0)) for number in range(1, max(sums, default=0) + 1)]


def test_what_is_paid_on_top_asks_for_no_more_later() -> None:
    """The little left at the end is a payment of its own: it is not added to the minimum before."""
    debt = rp.Debt("200", rate="0.32%", minimum="6.05")
    for budget, months, last in (("6.05", 34, "1.26"), ("6.08", 34, "0.26"), ("6.09", 33, "6.02")):
        plan = rp.allocate_budget([debt], budget, on=ON)
        assert plan.feasible
        assert len(plan.months) == months
        assert plan.months[-1].paid == Decimal(last)
        assert {month.required for month in plan.months[:-1]} == {Decimal("6.05")}


def check_each_debt(plan: rp.negotiation.BudgetPlan) -> None:
    """What holds of every plan: it adds up, and each schedule is the engine's own."""
    for place, each in enumerate(plan.debts):
        schedule = each.schedule
        schedule.check()
        assert schedule == rp.amortise(schedule.loan, *schedule.changes)
        assert schedule.rows == rp.amortise(schedule.loan, *schedule.changes).rows
        assert each.paid == each.principal + each.interest + each.fees + each.arrears
        assert each.principal == each.owed
        monthly = [month.debts[place] for month in plan.months]
        by_rows: dict[int, Decimal] = {}
        for row, falls in zip(schedule, schedule.accrual_dates.tolist(), strict=True):
            if falls > plan.on:
                number = month_number(plan.on, falls)
                by_rows[number] = by_rows.get(number, Decimal(0)) + row.payment
        if not each.arrears:
            for month, mine in zip(plan.months, monthly, strict=True):
                assert mine.paid == by_rows.get(month.number, 0)
        if plan.feasible:
            assert sum(mine.paid for mine in monthly) == each.paid
            assert each.owed + each.arrears == 0 or monthly[-1].balance == 0
            assert each.free is not None
    for month in plan.months:
        for mine in month.debts:
            assert mine.paid == mine.required + mine.extra >= mine.required >= 0
    saved = Decimal(0)
    for month in plan.months:
        assert month.paid + month.saved == plan.affordable + saved
        saved = month.saved
    if plan.feasible:
        assert plan.total_paid == sum(month.paid for month in plan.months)


# -- the three faults -------------------------------------------------------------------


@settings(max_examples=examples(60))
@given(st.lists(debts_of_months(), min_size=1, max_size=4), policies, st.integers(0, 100_000))
def test_minimums_kept_plans_end_and_freed_money_goes_on(
    debts: list[rp.Debt], policy: Any, more: int
) -> None:
    """No minimum is diverted, the plan ends, and each month pays the budget or all that is owed."""
    least = max(required_at_most(debts))
    plan = rp.allocate_budget(debts, least + Decimal(more) / 100, on=ON, policy=policy)
    assert plan.feasible
    assert plan.needed == plan.affordable
    check_each_debt(plan)
    assert len(plan.months) <= len(required_at_most(debts))
    before = [each.owed + each.arrears for each in plan.debts]
    for month in plan.months:
        interest = [
            mine.paid - (was - mine.balance) for mine, was in zip(month.debts, before, strict=True)
        ]
        owed = sum(was + each for was, each in zip(before, interest, strict=True))
        if policy != "minimum_first":
            assert month.paid == min(plan.affordable, owed)
        before = [mine.balance for mine in month.debts]
    if policy != "minimum_first":
        assert all(month.saved == 0 for month in plan.months[:-1])


@settings(max_examples=examples(60))
@given(
    st.lists(st.one_of(lumpy_debts(), debts_of_months()), min_size=1, max_size=4),
    policies,
    st.integers(0, 50_000),
)
def test_what_saving_can_cover_every_policy_covers(
    debts: list[rp.Debt], policy: Any, more: int
) -> None:
    """A quarterly instalment or a last payment above the budget is provided for in time."""
    asked = required_at_most(debts)
    sums = [sum(asked[: k + 1], Decimal(0)) / (k + 1) for k in range(len(asked))]
    least = (max(sums) + Decimal("0.01")).quantize(Decimal("0.01"))
    if any(each.by_share for each in debts):
        least *= 2  # what it will ask for is not known in advance
    plan = rp.allocate_budget(debts, least + Decimal(more) / 100, on=ON, policy=policy)
    check_each_debt(plan)
    assert plan.feasible


@settings(max_examples=examples(25))
@given(st.lists(debts_of_months(), min_size=1, max_size=4), policies, st.integers(1, 99))
def test_where_the_minimums_are_too_much_the_plan_says_so(
    debts: list[rp.Debt], policy: Any, share: int
) -> None:
    budget = (max(required_at_most(debts)) * share / 100).quantize(Decimal("0.01"))
    plan = rp.allocate_budget(debts, max(budget, Decimal("0.01")), on=ON, policy=policy)
    check_each_debt(plan)
    if plan.feasible:  # prepaid before the dear month came
        return
    assert plan.free is None
    assert len(plan.months) == plan.shortfalls[0].number - 1
    for number in {each.number for each in plan.shortfalls}:
        lines = [each for each in plan.shortfalls if each.number == number]
        assert len(lines) == len(debts)
        assert all(0 <= each.offer <= each.required for each in lines)
        assert all(each.lacking == each.required - each.offer for each in lines)
        saved = plan.months[-1].saved if plan.months and number == lines[0].number else Decimal(0)
        saved = saved if number == plan.shortfalls[0].number else Decimal(0)
        assert sum(each.offer for each in lines) == plan.affordable + saved
    enough = rp.allocate_budget(debts, plan.needed, on=ON, policy=policy)
    assert enough.feasible


@settings(max_examples=examples(60))
@given(plain_loans(methods=("level", "equal_principal", "interest_only", "flat")), st.data())
def test_a_debt_of_any_loan_and_changes(loan: rp.Loan, data: st.DataObject) -> None:
    """Fees, taxes, draws, deferrals and new rates under way: the rows are the engine's."""
    plan = rp.amortise(loan)
    for change in data.draw(st.lists(changes_for(plan), max_size=2)):
        try:
            plan = plan.then(change)
        except rp.RepayError:
            continue
    fee = any(each.when == "prepayment" for each in loan.fees)
    debt = rp.Debt(plan, extra=not fee)
    other = rp.Debt("500", rate="18%", minimum="40", currency=loan.currency)
    budget = plan.largest_payment * 2 + 100
    try:
        found = rp.allocate_budget([debt, other], budget, on=loan.start, policy="avalanche")
    except rp.errors.TermsError:  # an agreed change that paying ahead leaves impossible
        assert plan.changes
        as_agreed = [rp.Debt(plan, extra=False), other]
        assert rp.allocate_budget(as_agreed, budget, on=loan.start).feasible
        return
    after = found.debts[0].schedule
    after.check()
    assert after.rows == rp.amortise(after.loan, *after.changes).rows
    later = after.accrual_dates > np.datetime64(loan.start)
    paid = loan.money(int(after.columns["out_of_pocket"][later].sum()))
    if found.feasible:
        assert paid == sum(month.debts[0].paid for month in found.months)


def test_more_that_is_lent_on_the_day_of_repayment_is_paid_later() -> None:
    """An advance with payment 2 follows the extra payment that would have ended the debt."""
    agreed = rp.advance(rp.Loan("1000", "12%", 10, "2024-01-10"), "400", with_payment=2)
    found = rp.allocate_budget([rp.Debt(agreed)], "600", on="2024-01-10")
    (debt,) = found.debts
    assert [row.closing for row in debt.schedule][1:3] == [Decimal("400.00"), Decimal("0.00")]
    assert [month.debts[0].balance for month in found.months] == [410, 0, 0]
    assert sum(month.debts[0].paid for month in found.months) == debt.schedule.total_paid


def test_nothing_is_paid_ahead_on_the_day_on_which_all_is_forgiven() -> None:
    """3,396.75 is left with payment 4, and forgiven, however much the budget leaves."""
    agreed = rp.forgive(rp.Loan("10000", "12%", 12, "2024-01-10"), share="100%", with_payment=4)
    found = rp.allocate_budget([rp.Debt(agreed)], "2000", on="2024-01-10")
    (debt,) = found.debts
    assert [month.debts[0].extra for month in found.months] == [
        *(Decimal("1111.51"), Decimal("1111.51"), Decimal("1111.51")),
        0,
    ]
    assert debt.schedule.rows[-1].forgiven == Decimal("3396.75")
    assert debt.schedule.rows == rp.amortise(debt.schedule.loan, *debt.schedule.changes).rows


@pytest.mark.parametrize(("on", "month"), [("2024-02-10", 1), ("2024-02-11", 2)])
def test_what_is_agreed_for_the_last_day_of_a_month_is_paid_in_it(on: str, month: int) -> None:
    """The months of a budget end on the 10th; the instalment of 100.00 is paid on the 25th."""
    agreed = rp.prepay(rp.Loan("1200", "0%", 12, "2023-12-25"), "300", on=on)
    found = rp.allocate_budget([rp.Debt(agreed, extra=False)], "500", on="2024-01-10")
    paid = [each.debts[0].paid for each in found.months]
    assert paid == [400 if number == month else 100 for number in range(1, 10)]


def test_a_change_agreed_for_later_that_paying_ahead_leaves_impossible() -> None:
    loan = rp.Loan("867.06", "0%", 4, "2023-01-01", method="equal_principal")
    debt = rp.Debt(rp.prepay(loan, "208.09", with_payment=2))
    with pytest.raises(rp.errors.TermsError, match="extra=False"):
        rp.allocate_budget([debt, rp.Debt("500", rate="18%", minimum="40")], "950", on=loan.start)


def test_a_change_reached_after_the_end_is_left_out() -> None:
    loan = rp.Loan("1766.21", "27.29%", 16, "2023-01-01", method="equal_principal")
    debt = rp.Debt(rp.prepay(loan, "52.98", on="2023-07-01"))
    found = rp.allocate_budget([debt], "700", on=loan.start).debts[0].schedule
    assert all(
        isinstance(each, rp.changes.Prepayment) and each.amount > 53 for each in found.changes
    )
    assert rp.Schedule.from_dict(found.to_dict()).rows == found.rows


# -- by hand ----------------------------------------------------------------------------


@pytest.fixture
def three() -> list[rp.Debt]:
    """A bank, a card and a shop."""
    return [
        rp.Debt("5000", rate="9%", minimum="200", lender="bank"),
        rp.Debt("3000", rate="24%", minimum="120", lender="card"),
        rp.Debt("2000", rate="15%", minimum="80", lender="shop"),
    ]


FIRST = {
    "avalanche": ["200.00", "320.00", "80.00"],
    "snowball": ["200.00", "120.00", "280.00"],
    "equal": ["200.00", "200.00", "200.00"],
    "minimum_first": ["200.00", "120.00", "80.00"],
}


@pytest.mark.parametrize("policy", POLICIES)
def test_the_first_month_of_each_policy(three: list[rp.Debt], policy: Any) -> None:
    first = rp.allocate_budget(three, "600", on=ON, policy=policy).months[0]
    paid = [each.paid for each in first.debts]
    if policy == "pro_rata":  # of the balances with their interest, 5,037.50, 3,060 and 2,025
        assert paid == [Decimal(each) for each in ("298.59", "181.38", "120.03")]
    else:
        assert paid == [Decimal(each) for each in FIRST[policy]]
    assert first.saved == (200 if policy == "minimum_first" else 0)


@pytest.mark.parametrize("policy", ["avalanche", "snowball"])
def test_against_a_plain_loop(three: list[rp.Debt], policy: Any) -> None:
    """The same plan by a dozen lines that know only balances, monthly rates and minimums."""
    balances, rates, least = [500000, 300000, 200000], [75, 200, 125], [20000, 12000, 8000]
    order = {"avalanche": [1, 2, 0], "snowball": [2, 1, 0]}[policy]
    plan = rp.allocate_budget(three, "600", on=ON, policy=policy)
    for month in plan.months:
        owed = [b + (b * r + 5000) // 10000 for b, r in zip(balances, rates, strict=True)]
        pay = [min(each, low) for each, low in zip(owed, least, strict=True)]
        left = 60000 - sum(pay)
        for place in order:
            more = min(left, owed[place] - pay[place])
            pay[place], left = pay[place] + more, left - more
        balances = [o - p for o, p in zip(owed, pay, strict=True)]
        assert [int(each.paid * 100) for each in month.debts] == pay
        assert [int(each.balance * 100) for each in month.debts] == balances
    assert balances == [0, 0, 0]


def test_policies_side_by_side(three: list[rp.Debt]) -> None:
    table = rp.negotiation.compare_policies(three, "600", on="2024-04-10")
    assert [each.policy for each in table] == list(POLICIES)
    assert table.cheapest.policy == "avalanche"
    assert table.plan("snowball").order[0] == "shop"
    assert table.plan(1) is table[1]
    assert table[:2] == (table[0], table[1])
    assert table.soonest.free == min(plan.free for plan in table if plan.free)
    assert "cheapest: avalanche" in str(table)
    assert "<table" in table._repr_html_()
    assert repr(table).startswith("<BudgetComparison of pro_rata, ")
    short = rp.negotiation.compare_policies(three, "300", on="2024-04-10", policies=["equal"])
    assert "none is enough; 400.00 a month would be" in str(short)
    with pytest.raises(rp.errors.TermsError):
        rp.negotiation.compare_policies(three, "300", on="2024-04-10", policies=[])
    with pytest.raises(rp.errors.ChoiceError, match='"snowball"'):
        table.plan("highest")


def test_avalanche_is_never_dearer_on_equal_terms(three: list[rp.Debt]) -> None:
    for budget in range(400, 1500, 100):
        table = rp.negotiation.compare_policies(three, budget, on=ON)
        assert table.cheapest.total_paid == table.plan("avalanche").total_paid


def test_a_plan_shows_what_it_is(three: list[rp.Debt]) -> None:
    plan = rp.allocate_budget(three, "600", on=ON, policy="avalanche")
    assert plan.free == date(2025, 11, 10)
    assert plan.debt("card").free == plan.debt(1).free == date(2025, 3, 10)
    assert "all free on 2025-11-10, after 19 months" in str(plan)
    assert plan.sheet().count("\n") == 4
    assert plan._repr_html_().count("<table") == 2
    assert repr(plan).startswith("<BudgetPlan avalanche: 600.00 a month")
    with pytest.raises(rp.errors.ChoiceError, match='"bank", "card", "shop"'):
        plan.debt("car")
    short = rp.allocate_budget(three, "300", on=ON)
    assert [each.offer for each in short.shortfalls[:3]] == [
        Decimal("149.30"),
        Decimal("90.69"),
        Decimal("60.01"),
    ]
    assert "400.00 a month would be enough" in str(short)
    assert "what can be offered" in short._repr_html_()
    assert str(short.debts[0].free) == "None"
    assert "not yet" in short.sheet()


# -- budgets ----------------------------------------------------------------------------


def test_the_weak_month_decides() -> None:
    budget = rp.Budget(["5000", "3800", "5000"], "3250", "250")
    assert budget.affordable == Decimal("300.00")
    assert budget.weakest == "month 2"
    assert list(budget.by_month.values()) == [Decimal(each) for each in (1500, 300, 1500)]
    assert "which is what month 2 leaves" in budget._repr_html_()
    assert rp.Budget("4000", "3000").verdict == "affordable: 1,000.00 a month"
    assert rp.Budget("3000", "3000").verdict == "nothing is affordable: every month leaves nothing"
    yen = rp.Budget({"a": 300_000, "b": 280_000}, 250_000, {"a": 0, "b": 10_000}, currency="JPY")
    assert yen.affordable == 20_000


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        ({"income": "0", "essentials": "900"}, rp.errors.AmountError, "an income in some month"),
        ({"income": "-1", "essentials": "900"}, rp.errors.AmountError, "zero or more"),
        ({"income": 4000.0, "essentials": "900"}, rp.errors.AmountError, "str, int or Decimal"),
        (
            {"income": ["1", "2"], "essentials": ["1"]},
            rp.errors.CountError,
            "as many months as income",
        ),
        ({"income": [], "essentials": "1"}, rp.errors.CountError, "a month or more"),
        ({"income": {"a": "1"}, "essentials": ["1"]}, rp.errors.TermsError, "as income has them"),
        (
            {"income": {"a": "1"}, "essentials": {"b": "1"}},
            rp.errors.TermsError,
            "the months of income",
        ),
        ({"income": "1", "essentials": "1", "currency": "?"}, rp.errors.ChoiceError, "ISO 4217"),
    ],
)
def test_budgets_refused(words: dict[str, Any], kind: type[rp.RepayError], said: str) -> None:
    with pytest.raises(kind, match=said):
        rp.Budget(**words)


def test_nothing_affordable_is_answered_by_name(three: list[rp.Debt]) -> None:
    budget = rp.Budget({"May": "3000", "June": "2500"}, "2600")
    assert budget.affordable == Decimal("-100.00")
    with pytest.raises(
        rp.errors.AmountError, match=r"in June, 100\.00 is lacking already"
    ) as caught:
        rp.allocate_budget(three, budget, on=ON)
    assert caught.value.parameter == "budget"


# -- debts ------------------------------------------------------------------------------


def test_a_minimum_that_never_repays_is_refused_with_what_would() -> None:
    for minimum in ("45", "1.4%", ("1%", "40")):
        with pytest.raises(
            rp.errors.InstalmentError, match=r"45.00, or the card is never repaid"
        ) as error:
            rp.Debt("3000", rate="18%", minimum=minimum, lender="card")
        assert 'minimum="45.01"' in error.value.hint
    rp.Debt("3000", rate="18%", minimum="45.01")
    with pytest.raises(rp.errors.InstalmentError, match="repays it in 60 months") as error:
        rp.Debt("1000000", rate="0.1%", minimum="84")  # in more than 800 years
    assert error.value.hint.startswith('write minimum="16709.06')


def test_balances_of_any_size_and_rate_end() -> None:
    for debt in (
        rp.Debt("0.05", rate="18%", minimum="3%"),
        rp.Debt("100", rate="0%", minimum="500"),
        rp.Debt("100", rate="18%", minimum="100%"),
        rp.Debt("5000", rate=rp.daily("0.05%"), minimum="5%"),
        rp.Debt("5000", rate=rp.effective("20%"), minimum=("2%", "200")),
        rp.Debt("0.01", rate="900%", minimum="5"),
    ):
        plan = rp.allocate_budget([debt], "600", on="2024-01-31")
        check_each_debt(plan)
        assert plan.feasible


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"of": "3000", "rate": "18%"}, "the rate and the minimum of a bare balance"),
        ({"of": "3000", "minimum": "90"}, "the rate and the minimum of a bare balance"),
        ({"of": "3000", "rate": "18%", "minimum": ()}, "an amount or a share"),
        ({"of": rp.Loan("10", "1%", 2, ON), "minimum": "5"}, "none beside the loan"),
        ({"of": rp.Loan("10", "1%", 2, ON), "rate": "5%"}, "none beside the loan"),
        ({"of": rp.Loan("10", "1%", 2, ON, currency="EUR"), "currency": "USD"}, "of the loan, EUR"),
        ({"of": rp.settle(rp.Loan("10", "1%", 2, ON), on=ON)}, "a debt that goes on"),
        ({"of": rp.Loan("10", "1%", 2, ON), "secured": 3}, "True, False or text"),
        ({"of": rp.Loan("10", "1%", 2, ON), "lender": 3}, "text"),
    ],
)
def test_debts_refused(words: dict[str, Any], said: str) -> None:
    with pytest.raises(rp.errors.TermsError, match=said):
        rp.Debt(**words)


def test_a_statement_brings_its_arrears() -> None:
    plan = rp.amortise(rp.Loan("1200", "0%", 12, ON))
    debt = rp.Debt(SimpleNamespace(schedule=plan, arrears=Decimal("50.00")), name="shop")
    assert debt.arrears == 50
    assert (
        rp.Debt(SimpleNamespace(schedule=plan, arrears=SimpleNamespace(total="70"))).arrears == 70
    )
    with pytest.raises(rp.errors.TermsError, match="none beside the statement"):
        rp.Debt(SimpleNamespace(schedule=plan, arrears="50"), arrears="60")
    first, second = rp.allocate_budget([debt], "150", on=ON, policy="minimum_first").months[:2]
    assert [first.required, second.required] == [Decimal(150), Decimal(100)]
    over = rp.Debt(plan, arrears="50", arrears_over=3)
    found = rp.allocate_budget([over], "120", on=ON, policy="minimum_first")
    assert [m.required - 100 for m in found.months[:4]] == [
        Decimal(each) for each in ("16.66", "16.67", "16.67", "0")
    ]


def test_debts_in_words() -> None:
    card = rp.Debt("3000", rate="18%", minimum="120", lender="card", arrears="30", secured="car")
    words = "card: 3,000.00 at 18% a year, at least 120.00 a month, secured by car, 30.00 overdue"
    assert str(card) == words
    house = rp.Debt(rp.Loan("9000", "5%", 12, ON), name="house", secured=True)
    assert str(house).endswith("level instalments from 2024-05-10, secured")
    assert card.minimum_of(1000, 10) == 1010
    assert rp.Debt("3000", rate="18%", minimum="3%").minimum_of(300000, 4500) == 9135


def test_names_are_told_apart() -> None:
    loan = rp.Loan("100", "0%", 2, ON)
    plan = rp.allocate_budget([rp.Debt(loan), rp.Debt(loan), rp.Debt(loan, name="x")], 200, on=ON)
    assert [each.name for each in plan.debts] == ["debt", "debt (2)", "x"]


def test_what_takes_nothing_on_top_is_paid_as_agreed() -> None:
    fee = rp.Fee("1%", when="prepayment")
    loan = rp.Loan("1200", "12%", 12, ON, fees=[fee])
    with pytest.raises(rp.errors.TermsError, match="charges a fee for each prepayment"):
        rp.allocate_budget([rp.Debt(loan)], "500", on=ON)
    plan = rp.allocate_budget([rp.Debt(loan, extra=False)], "500", on=ON, policy="avalanche")
    assert plan.debts[0].schedule == rp.amortise(loan)


def test_days_and_lists_refused(three: list[rp.Debt]) -> None:
    loan = rp.Debt(rp.Loan("100", "1%", 2, "2024-05-01"), name="later")
    loans: Any = [rp.Loan("100", "1%", 2, ON)]
    unknown: Any = "highest"
    with pytest.raises(rp.errors.DateError, match="when later begins"):
        rp.allocate_budget([loan], "100", on=ON)
    with pytest.raises(rp.errors.CountError):
        rp.allocate_budget([], "100", on=ON)
    with pytest.raises(rp.errors.TermsError, match="debts"):
        rp.allocate_budget(loans, "100", on=ON)
    with pytest.raises(rp.errors.ChoiceError, match="avalanche"):
        rp.allocate_budget(three, "600", on=ON, policy=unknown)


def test_a_debt_that_is_over_is_free_already() -> None:
    over = rp.Debt(rp.Loan("100", "0%", 2, "2023-01-10"), name="over")
    plan = rp.allocate_budget([over], "10", on=ON)
    assert plan.free == ON
    assert plan.months == ()
    assert plan.total_paid == 0


def test_a_due_date_on_a_weekend_takes_more_on_its_business_day() -> None:
    loan = rp.Loan("1200", "12%", 12, ON, calendar=rp.Calendar("1111100"), roll="following")
    plan = rp.allocate_budget([rp.Debt(loan)], "300", on=ON, policy="avalanche")
    schedule = plan.debts[0].schedule
    assert rp.Schedule.from_dict(schedule.to_dict()) == schedule
    assert all(change.on is not None and change.on.weekday() < 5 for change in schedule.changes)


# -- currencies -------------------------------------------------------------------------


def test_several_currencies_need_rates() -> None:
    us = rp.Debt("1000", rate="20%", minimum="50", currency="USD", name="us")
    cn = rp.Debt("10000", rate="12%", minimum="500", currency="CNY", name="cn")
    with pytest.raises(rp.errors.TermsError, match="of CNY and of USD beside a budget without"):
        rp.allocate_budget([us, cn], "2000", on=ON)
    budget = rp.Budget("9000", "7000", currency="CNY")
    with pytest.raises(rp.errors.TermsError, match="the rate of USD beside a budget in CNY"):
        rp.allocate_budget([us, cn], budget, on=ON)
    with pytest.raises(rp.errors.TermsError, match="that of debt is not"):
        rp.allocate_budget([rp.Debt(rp.Loan("10", "1%", 2, ON))], budget, on=ON)
    for bad in ("0", "-7"):
        with pytest.raises(rp.errors.AmountError):
            rp.allocate_budget([us, cn], budget, on=ON, rates={"USD": bad})
    plan = rp.allocate_budget([us, cn], budget, on=ON, policy="avalanche", rates={"USD": "7.10"})
    check_each_debt(plan)
    assert all(month.saved < Decimal("0.08") for month in plan.months[:-1])
    assert "us (USD)" in str(plan)
    same = rp.allocate_budget([us, cn], budget, on=ON, rates={"USD": Fraction(71, 10)})
    assert same.feasible


@settings(max_examples=examples(40))
@given(policies, st.integers(2_000, 9_000), st.sampled_from(["0.0065", "150", "7.1"]))
def test_no_money_is_lost_between_currencies(policy: Any, more: int, rate: str) -> None:
    jp = rp.Debt("200000", rate="15%", minimum="9000", currency="JPY", name="jp")
    eu = rp.Debt("2000", rate="9%", minimum="90", currency="EUR", name="eu")
    least = Decimal("9000") * Decimal(rate) + 90 + Decimal(more) / 100
    budget = rp.Budget(least.quantize(Decimal("0.01")) + 1, "0", currency="EUR")
    plan = rp.allocate_budget([jp, eu], budget, on=ON, policy=policy, rates={"JPY": rate})
    assert plan.feasible
    check_each_debt(plan)


# -- the parts --------------------------------------------------------------------------

shares = st.lists(
    st.tuples(st.integers(1, 10**6), st.integers(0, 10**4), st.integers(0, 10**4)),
    min_size=1,
    max_size=6,
)


@given(shares, st.integers(0, 10**5))
def test_shares_add_up_within_their_limits(limits: list[tuple[int, int, int]], total: int) -> None:
    weights = [weight for weight, _, _ in limits]
    floors = [low for _, low, _ in limits]
    caps = [low + more for _, low, more in limits]
    found = prorated(total, weights, floors, caps)
    assert all(low <= each <= high for low, each, high in zip(floors, found, caps, strict=True))
    assert sum(found) == min(max(total, sum(floors)), sum(caps))
    turns = sequential(max(total, sum(floors)), range(len(limits)), floors, caps)
    assert sum(turns) == sum(found)
    free = [
        Fraction(each, weight)
        for each, weight, low, high in zip(found, weights, floors, caps, strict=True)
        if low < each < high
    ]
    for one, other in pairwise(sorted(free)):
        assert other - one <= Fraction(2, min(weights))


@settings(max_examples=examples(100))
@given(plain_loans(), st.integers(0, 2_000))
def test_lived_through_it_pays_what_the_schedule_pays(loan: rp.Loan, days: int) -> None:
    schedule = rp.amortise(loan)
    fold_so_far = StepwiseFold(schedule.program)
    while (day := fold_so_far.next_due()) and day <= loan.start + timedelta(days=days):
        fold_so_far.run_to(day)
    coming = sum(amount for _, amount in fold_so_far.coming())
    assert loan.money(fold_so_far.paid + coming) == schedule.out_of_pocket
