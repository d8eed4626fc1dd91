"""Statements of a book: the same as of each of its loans, whatever was paid, and refused by name."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.bookowed import NAMED
from tests.book_strategies import book_changes, books

START = date(2024, 1, 10)
BOOK = rp.Portfolio(
    principal=np.array([1_000_000, 250_000, 100_000]),
    rate=["12%", "8%", "12%"],
    payments=[12, 12, 3],
    start="2024-01-10",
)


def minor(amount: Any, places: int) -> int:
    return int(amount * 10**places)


def same(found: rp.PortfolioStatement, row: int) -> None:
    """Hold one line of a statement against that of the single loan."""
    one, places = found.row(row), int(found.plan.book.places[row])
    tables = {"due": one.due, "arrears": one.arrears, "undue": one.undue, "balances": one.balances}
    for table, owed in tables.items():
        line = found.by_kind(table)  # type: ignore[arg-type]
        for name in NAMED.values():
            assert int(line[name][row]) == minor(getattr(owed, name), places), (table, name)
        assert int(line["total"][row]) == minor(owed.total, places)
    paid = [each.paid for each in one.instalments if each.due <= one.as_of]
    for name in NAMED.values():
        told = int(found.by_kind("paid")[name][row])
        assert told == sum(minor(getattr(each, name), places) for each in paid)
    money = {"credit": one.credit, "clears": one.to_clear, "received": one.received}
    for name, amount in money.items():
        assert int(found[name][row]) == minor(amount, places), name
    assert (found.days_past_due[row], found.bucket[row]) == (one.days_past_due, one.bucket)
    coming = one.next_due
    if coming is None:
        assert np.isnat(found.next_due[row])
        assert found.next_amount[row] == 0
    else:
        assert found.next_due[row].item() == coming.due
        assert int(found.next_amount[row]) == minor(coming.outstanding, places)


ALLOCATIONS = (
    rp.Allocation(),
    rp.Allocation.us(),
    rp.Allocation.uk(),
    rp.Allocation.civil_code(),
    rp.Allocation.chinese_card(),
    rp.Allocation(("principal", "interest", "fee", "penalty", "costs"), across="component"),
    rp.Allocation(switch={31: ("interest", "penalty", "principal", "fee", "costs")}),
)
PENALTIES = (
    None,
    rp.PenaltyTerms(),
    rp.PenaltyTerms("1.5", on_interest=True, day_count="actual/360"),
    rp.PenaltyTerms(rate="18.25%", base="instalment", grace_days=6),
    rp.PenaltyTerms(addition="4%", on_interest=True, grace_days=5, grace="end"),
    rp.PenaltyTerms("2", day_count="30E/360", cap_rate="20%"),
    rp.PenaltyTerms("2", day_count="actual/365L", grace_days=3),
    rp.PenaltyTerms("3", day_count="periodic", grace_days=4, grace="end"),
    rp.PenaltyTerms("3", day_count="actual/actual ICMA"),
)
#: What lanes do not take.
OTHERS: tuple[dict[str, Any], ...] = (
    {"penalty": rp.PenaltyTerms(late_fee="5", grace_days=3)},
    {"penalty": rp.PenaltyTerms(cap="2")},
    {"penalty": rp.PenaltyTerms(base="balance")},
    {"penalty": rp.steps(rp.PenaltyTerms(), {"2024-06-01": rp.PenaltyTerms("2")})},
    {"allocation": rp.Allocation(among="pro_rata")},
    {"allocation": rp.Allocation(ahead="maturity")},
    {"interest": "balance"},
)


@st.composite
def lives(draw: st.DrawFn, plan: rp.PortfolioSchedule) -> rp.Receipts:
    """Receipts that keep near the instalments of a plan: late, early, in part, too much, bounced."""
    loan, on, amount, undone = [], [], [], []
    for row in range(len(plan)):
        if not plan.counts[row]:
            continue
        count = int(plan.counts[row])
        start = plan.book.start[row].item()
        for _ in range(draw(st.integers(0, 7))):
            line = draw(st.integers(0, min(count, 8) - 1))
            pay = max(1, int(plan.payment[row, line]))
            owed = int(plan.opening[row, line]) + int(plan.interest[row, line])
            day = plan.date[row, line].item() + timedelta(days=draw(st.integers(-40, 70)))
            day = max(start, draw(st.sampled_from([day, plan.date[row, line].item()])))
            money = draw(
                st.one_of(
                    st.just(pay),
                    st.integers(1, 2 * pay),
                    st.sampled_from([pay // 2 + 1, 3 * pay, owed, owed + 1, 2 * owed]),
                )
            )
            gone = draw(st.sampled_from([None, None, None, 0, 3, 40]))
            loan.append(row)
            on.append(day)
            amount.append(max(1, money))
            undone.append(None if gone is None else day + timedelta(days=gone))
    order = draw(st.permutations(range(len(loan))))
    return rp.Receipts(
        loan=np.array([loan[place] for place in order], dtype=np.int64),
        on=np.array([on[place] for place in order], dtype="datetime64[D]"),
        amount=np.array([amount[place] for place in order], dtype=np.int64),
        reversed_on=np.array([undone[place] for place in order], dtype="datetime64[D]"),
    )


@st.composite
def ordinary_books(draw: st.DrawFn) -> rp.Portfolio:
    """Loans that lanes take."""
    count = draw(st.integers(1, 6))

    def each(values: list[Any]) -> list[Any]:
        return draw(st.lists(st.sampled_from(values), min_size=count, max_size=count))

    starts = ["2023-01-31", "2023-12-29", "2024-01-10", "2024-02-29"]
    counts = ["periodic", "periodic", "actual/360", "30E/360", "actual/actual ISDA", "actual/365L"]
    return rp.Portfolio(
        principal=np.array(each([1_000_000, 123_457, 5_000, 99_999_999])),
        rate=each(["12%", "0%", "5.25%", "36%"]),
        payments=each([1, 2, 6, 12, 36]),
        start=each(starts),
        first_payment=each([None, None, None, "2024-03-15"]),
        rounding=draw(st.sampled_from(["half_up", "half_even", "down", "ceiling"])),
        day_count=draw(st.sampled_from(counts)),
        odd_days=draw(st.sampled_from(["pro_rata", "actual/360"])),
        method=draw(st.sampled_from(["level", "equal_principal", "interest_only", "flat"])),
        every=draw(st.sampled_from(["month", "month", "quarter", "2 weeks"])),
    )


@given(st.data())
def test_lanes_say_what_single_statements_say(data: st.DataObject) -> None:
    plan = rp.amortise(data.draw(ordinary_books()))
    receipts = data.draw(lives(plan))
    found = rp.statement(
        plan,
        receipts,
        as_of=date(2024, 3, 1) + timedelta(days=data.draw(st.integers(0, 500))),
        penalty=data.draw(st.sampled_from(PENALTIES)),
        allocation=data.draw(st.sampled_from(ALLOCATIONS)),
    )
    for row in range(len(plan)):
        same(found, row)


@settings(max_examples=25)
@given(st.data())
def test_books_of_any_kind_say_what_single_statements_say(data: st.DataObject) -> None:
    plan = rp.amortise(data.draw(books(loans=4)))
    if data.draw(st.booleans()):
        plan = plan.then(data.draw(book_changes(plan.book)))
    begun = [each for each in plan.book.start.tolist() if each is not None]
    words: dict[str, Any] = {
        "penalty": data.draw(st.sampled_from(PENALTIES)),
        "allocation": data.draw(st.sampled_from(ALLOCATIONS)),
    }
    words |= data.draw(st.sampled_from([{}, {}, *OTHERS]))
    day = max(begun, default=START) + timedelta(days=data.draw(st.integers(0, 500)))
    found = rp.statement(plan, data.draw(lives(plan)), as_of=day, **words)
    gone = {each.row for each in found.rejects}
    for row in range(len(plan)):
        if row in gone:
            with pytest.raises(rp.RepayError):
                found.row(row)
        else:
            same(found, row)
