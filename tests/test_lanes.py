"""Lanes against the engine: a book folded side by side is each of its loans, folded by itself."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.columns import NAMES
from repaylib.exact import ROUNDINGS
from tests.book_strategies import book_changes, books


def assert_each_is_its_schedule(plan: rp.PortfolioSchedule) -> None:
    """Hold every cell of a book against the schedule of its loan."""
    rejected = {each.row for each in plan.rejects}
    for row in range(len(plan)):
        if row in rejected:
            with pytest.raises(rp.RepayError):
                plan.row(row)
            assert plan.counts[row] == 0
            assert not plan.payment[row].any()
            continue
        schedule = plan.row(row)
        count = len(schedule)
        assert plan.counts[row] == count
        for name in NAMES:
            cells = plan[name][row]
            assert (cells[:count] == schedule.columns[name]).all(), (
                row,
                str(schedule.loan),
                plan.book.words[plan.book.word_codes[row]],
                [str(each) for each in schedule.changes],
                name,
                cells[:count],
                schedule.columns[name],
            )
            rest = np.isnat(cells[count:]) if name == "date" else cells[count:] == 0
            assert rest.all(), (row, name)
        minor = schedule.loan.minor(schedule.instalment, "instalment", least=0)
        assert plan.instalment[row] == minor


@given(st.data())
def test_a_book_is_its_loans(data: st.DataObject) -> None:
    book = data.draw(books())
    plan = rp.amortise(book)
    assert_each_is_its_schedule(plan)
    plan.check()


@given(st.data())
def test_a_changed_book_is_its_changed_loans(data: st.DataObject) -> None:
    book = data.draw(books())
    changes = [data.draw(book_changes(book)) for _ in range(data.draw(st.integers(1, 3)))]
    plan = rp.amortise(book, *changes)
    assert_each_is_its_schedule(plan)
    plan.check()


TERMS: dict[str, Any] = {"payments": 24, "start": "2024-01-10"}
METHODS = ("level", "equal_principal", "interest_only", "flat")


@pytest.mark.parametrize("method", METHODS)
def test_ties(method: str) -> None:
    """One per cent a month of so much and a half is half a cent."""
    kinds = [*product(range(50, 6_000_000, 500_100), ROUNDINGS)]
    book = rp.Portfolio(
        principal=np.array([principal for principal, _ in kinds]),
        rate="12%",
        rounding=[rounding for _, rounding in kinds],
        method=method,
        **TERMS,
    )
    plan = rp.amortise(book)
    assert (plan.opening % 100 == 50).sum() >= len(book)
    assert plan.singly == 0
    assert_each_is_its_schedule(plan)
    assert_each_is_its_schedule(rp.defer(plan, payment=2, repay="capitalise"))


@pytest.mark.parametrize("method", METHODS)
def test_amounts_about_what_floats_count_exactly(method: str) -> None:
    """In lanes below the border, by the engine above it, refused by name where no array holds it."""
    borders = [2**power + more for power in (49, 50, 52, 53) for more in (-1, 0, 1, 50)]
    kinds = [*product([*borders, 2**60 - 1], ("12%", "5.25%", "100/3%", "0.000001%", "2000%"))]
    book = rp.Portfolio(
        principal=np.array([principal for principal, _ in kinds]),
        rate=[rate for _, rate in kinds],
        method=method,
        errors="collect",
        **TERMS,
    )
    plan = rp.amortise(book)
    assert {int(book.principal[each.row]) for each in plan.rejects} == {2**60 - 1}
    assert all("below 2**60 minor units" in each.reason for each in plan.rejects)
    assert 0 < plan.singly < len(plan)
    assert_each_is_its_schedule(plan)
    plan.check()
    for change in ({"interest": "waive"}, {"repay": "capitalise"}, {"hold": "payment"}):
        assert_each_is_its_schedule(rp.defer(plan, payment=4, **change))


def test_amounts_beyond_a_book() -> None:
    with pytest.raises(rp.errors.AmountError, match=r"principal\[1\].*below 2\*\*60 minor units"):
        rp.Portfolio(principal=np.array([1, 2**60]), rate="5%", **TERMS)
