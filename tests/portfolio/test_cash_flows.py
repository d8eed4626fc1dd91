"""Rates and worths of whole books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.typing import AprRule, SettlementMethod
from tests.strategies.portfolios import book_changes, books


@pytest.fixture(scope="module")
def plan() -> rp.portfolio.PortfolioSchedule:
    book = rp.Portfolio(
        principal=["1000", "25000", "300", "-1", "7000"],
        rate=["12%", "5.25%", "0%", "8%", "36%"],
        payments=[12, 60, 3, 12, 24],
        start=["2024-01-10", "2023-11-30", "2024-02-29", "2024-01-10", "2024-05-01"],
        errors="collect",
    )
    return rp.advance(rp.defer(book, payment=2), "100", with_payment=2)


def test_the_rate_of_a_book_is_that_of_each_loan(plan: rp.portfolio.PortfolioSchedule) -> None:
    found = rp.xirr(plan)
    assert found.count.tolist() == [1, 1, 1, 0, 1]
    for row in (0, 1, 2, 4):
        assert found.rate[row] == pytest.approx(float(rp.xirr(plan.row(row))), abs=1e-10)
        assert found.low[row] <= float(rp.xirr(plan.row(row))) <= found.high[row]


def test_the_worth_of_a_book_is_that_of_each_loan(plan: rp.portfolio.PortfolioSchedule) -> None:
    found = rp.npv(plan, "8%", day_count="actual/365")
    for row in (0, 1, 2, 4):
        worth = rp.npv(plan.row(row), "8%", day_count="actual/365", places=6)
        assert found[row] == pytest.approx(float(worth * 100), abs=1e-6 * 2_500_000)
    assert found[3] == 0
    assert isinstance(worth, Decimal)


def test_a_block_and_a_book_without_a_plan(plan: rp.portfolio.PortfolioSchedule) -> None:
    assert np.allclose(
        np.concatenate([rp.xirr(block).rate for block in plan.blocks(rows=2)]),
        rp.xirr(plan).rate,
        equal_nan=True,
    )
    assert rp.xirr(plan.book).rate[2] == 0


def test_a_book_lies_on_days(plan: rp.portfolio.PortfolioSchedule) -> None:
    with pytest.raises(rp.errors.TermsError, match="xirr"):
        rp.npv(plan, "8%")


RULES = list(get_args(AprRule))
MEASURED = ("received", "total_payable", "interest", "fees", "tax", "forgiven")


def outcome(schedule: rp.Schedule, rule: AprRule) -> rp.measures.Apr | str:
    """Return the rate of a loan, or the text of the error that it has instead."""
    try:
        return rp.apr(schedule, rule)
    except rp.RepayError as error:
        return str(error)


@given(st.data())
def test_what_a_book_costs_is_what_each_loan_costs(data: st.DataObject) -> None:
    book = data.draw(books())
    made = [data.draw(book_changes(book)) for _ in range(data.draw(st.integers(0, 2)))]
    plan = rp.amortise(book, *made)
    rule = data.draw(st.sampled_from(RULES))
    rates, costs = rp.apr(plan, rule), rp.measures.costs(plan)
    assert rates.rule == rule
    for row in range(len(book)):
        try:
            schedule = plan.row(row)
        except rp.RepayError:
            assert np.isnan(rates.rate[row])
            assert rates.reason[row]
            assert costs.reason[row]
            assert costs.total_payable[row] == 0
            continue
        one, money = rp.measures.costs(schedule), schedule.loan.money
        for name in (*MEASURED, "interest_on_interest", "total_cost"):
            assert money(int(costs[name][row])) == getattr(one, name)
        apr = outcome(schedule, rule)
        if isinstance(apr, str):
            assert np.isnan(rates.rate[row])
            assert rates.disclosed[row] is None
            assert apr in rates.reason[row]
            continue
        assert rates.rate[row] == float(f"{apr:.8e}")
        assert rates.disclosed[row] == apr.disclosed
        assert str(rates.disclosed[row]) == str(apr.disclosed)


def test_loans_paid_on_the_same_days_are_solved_side_by_side() -> None:
    """Also with a fee, an odd first period and a tax; only what a bracket leaves open is not."""
    count = 300
    words: dict[str, Any] = {
        "principal": 100_000 + 777 * np.arange(count),
        "rate": [f"{5 + row % 17}%" for row in range(count)],
        "payments": [12, 24, 36] * (count // 3),
        "start": "2024-01-20",
        "first_payment": "2024-03-01",
        "fees": [rp.Fee("1%", collected="deducted")],
        "fee_tax": "19%",
    }
    plan = rp.amortise(rp.Portfolio(**words))
    side_by_side: tuple[AprRule, ...] = (
        "reg_z",
        "eu",
        "uk",
        "cn_irr",
        "br_cet",
        "ru_psk",
        "mx_cat",
    )
    for rule in side_by_side:
        assert rp.apr(plan, rule).fallback_loans < 10
    one_by_one: tuple[AprRule, ...] = ("us_rule", "ca_cost", "jp_real")
    for rule in one_by_one:
        assert rp.apr(plan.book.where(np.arange(count) < 5), rule).fallback_loans == 5


def test_the_rule_of_a_book_is_that_of_its_currencies() -> None:
    words: dict[str, Any] = {"principal": ["1000", "2000"], "rate": "12%", "payments": 12}
    book = rp.Portfolio(**words, start="2024-01-10", currency=["EUR", "SEK"])
    assert rp.apr(book).rule == "eu"
    assert rp.apr(book).row(1) == rp.apr(book.loan(1))
    assert rp.measures.costs(book).row(0) == rp.measures.costs(book.loan(0))
    with pytest.raises(rp.errors.TermsError, match="mean eu, reg_z"):
        rp.apr(rp.Portfolio(**words, start="2024-01-10", currency=["EUR", "USD"]))
    with pytest.raises(rp.errors.TermsError, match="none beside a book"):
        rp.apr(book, advances=[("2024-01-10", "1000")])  # type: ignore[call-overload]  # is refused
    with pytest.raises(rp.RepayError, match="period"):
        rp.apr(book, period="fortnight")
    with pytest.raises(rp.errors.ChoiceError, match="no such fee"):
        rp.apr(book, without=["no such fee"])
    insured = rp.Portfolio(
        **words, start="2024-01-10", currency="EUR", fees=[rp.Fee("2%", name="insurance")]
    )
    assert (rp.apr(insured, without=["insurance"]).rate == rp.apr(book).rate).all()


METHODS: list[SettlementMethod] = ["actuarial", "rule_of_78", "uk_2004", "flat_charged"]


@pytest.mark.parametrize("method", METHODS)
def test_a_book_is_settled_by_every_method(method: SettlementMethod) -> None:
    fees = [rp.Fee("2.50", when="instalment"), rp.Fee("1%", when="start", refund="pro_rata")]
    book = rp.Portfolio(
        principal=["10000", "25000", "3000"],
        rate=["12%", "5.25%", "0%"],
        payments=[12, 60, 24],
        start=["2024-01-10", "2023-11-30", "2024-02-29"],
        method=["level", "level", "flat"],
        fees=fees,
    )
    quotes = rp.settle(book, on=["2024-07-15", "2024-07-30", None], method=method)
    for row, day in enumerate(["2024-07-15", "2024-07-30"]):
        alone = rp.settle(book.loan(row), on=day, method=method)
        assert str(quotes.on[row]) == str(alone.on)
        for name in ("principal", "interest", "fee", "later_fees", "refund", "total", "rebate"):
            assert getattr(quotes, name)[row] == getattr(alone, name) * 100, name
        assert quotes.saving_after_fee[row] == alone.saving_after_fee * 100
    assert quotes.total[2] == 0


def test_a_book_of_which_nothing_is_paid_has_a_reason() -> None:
    """What is forgiven on the day before any interest has one flow, and no unit-period."""
    book = rp.Portfolio(
        principal=["10000", "5000"], rate="0%", payments=[12, 6], start="2024-01-10", currency="USD"
    )
    plan = rp.forgive(book, share="100%", on="2024-01-20")
    for rule in RULES:
        if rule not in ("my_flat", "ca_cost"):
            found = rp.apr(plan, rule)
            assert found.reason.tolist() == [outcome(plan.row(row), rule) for row in range(2)]
