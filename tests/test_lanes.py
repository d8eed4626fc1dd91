"""Lanes against the engine: a book folded side by side is each of its loans, folded by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.columns import NAMES
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
