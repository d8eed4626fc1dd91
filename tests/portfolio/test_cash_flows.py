"""Rates and worths of whole books."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

import repaylib as rp
from repaylib.typing import SettlementMethod


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
