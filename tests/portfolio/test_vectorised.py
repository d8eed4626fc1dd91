"""Lanes against the engine: a book folded side by side is each of its loans, folded by itself."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.money.rounding import ROUNDINGS
from repaylib.portfolio.schedule import FEWEST
from repaylib.schedule.rows import NAMES
from tests.strategies.loans import examples
from tests.strategies.portfolios import (
    book_changes,
    books,
    deferred_books,
    extreme_changes,
    extreme_columns,
    one_by_one,
)


def assert_each_is_its_schedule(plan: rp.portfolio.PortfolioSchedule) -> None:
    """Hold every cell of a book against the schedule of its loan.

    A loan that a change cannot be made for stays as it was, and is listed.
    """
    schedules, refused = one_by_one(plan)
    assert {(each.row, each.change or 0) for each in plan.rejects} == refused
    for row, schedule in enumerate(schedules):
        if schedule is None:
            with pytest.raises(rp.RepayError):
                plan.row(row)
            assert plan.counts[row] == 0
            assert not plan.payment[row].any()
            continue
        assert plan.row(row) == schedule
        count = len(schedule)
        assert plan.counts[row] == count
        for name in NAMES:
            cells = plan[name][row]
            assert (cells[:count] == schedule.columns[name]).all(), (
                row,
                str(schedule.loan),
                plan.book.options[plan.book.option_codes[row]],
                [str(each) for each in schedule.changes],
                name,
                cells[:count],
                schedule.columns[name],
            )
            rest = np.isnat(cells[count:]) if name == "date" else cells[count:] == 0
            assert rest.all(), (row, name)
        minor = schedule.loan.minor(schedule.instalment, "instalment", least=0)
        assert plan.instalment[row] == minor
    paid = [int(each.columns["payment"].sum()) for each in schedules if each is not None]
    assert plan.summary().total_paid.tolist() == [
        0 if each is None else int(each.columns["payment"].sum()) for each in schedules
    ]
    assert plan.payment.sum(dtype=object) == sum(paid)


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


@settings(max_examples=examples(100))
@given(deferred_books(), st.data())
def test_a_deferral_reaches_the_end_or_another_change_as_in_one_loan(
    plan: rp.portfolio.PortfolioSchedule, data: st.DataObject
) -> None:
    for _ in range(data.draw(st.integers(0, 2))):
        plan = plan.then(data.draw(book_changes(plan.book, most=7)))
    assert_each_is_its_schedule(plan)
    plan.check()


@pytest.mark.parametrize("hold", ["count", "maturity", "payment", "last"])
@pytest.mark.parametrize("repay", ["next", "spread", "last", "capitalise"])
def test_an_agreed_instalment_repays_while_its_interest_is_deferred(hold: str, repay: str) -> None:
    """Four payments of 3,000.00 repay 10,000.00; whatever is deferred then, they are those of the engine."""
    first, periods = np.divmod(np.arange(16), 4)
    book = rp.Portfolio(
        principal=np.full(16, 1_000_000), rate="12%", payments=12, start="2024-01-10",
        instalment="3000.00", errors="collect",
    )  # fmt: skip
    words = {"pause": "interest", "hold": hold, "repay": repay}
    plan = rp.defer(book, payment=first + 1, periods=periods + 1, **words)
    assert_each_is_its_schedule(plan)


@pytest.mark.parametrize(
    "change",
    [
        lambda plan, day: rp.change_rate(plan, "18%", on=day),
        lambda plan, day: rp.prepay(plan, "500", on=day, hold="maturity"),
        lambda plan, day: rp.advance(plan, "500", on=day),
        lambda plan, day: rp.forgive(plan, share="10%", on=day),
        lambda plan, day: rp.reschedule(plan, payments=6, on=day),
        lambda plan, day: rp.defer(plan, on=day),
    ],
)
@pytest.mark.parametrize("hold", ["count", "maturity"])
def test_a_change_on_any_day_about_a_deferral(hold: str, change: Any) -> None:
    """The payments of 10 April to 10 June are deferred; the days are from 1 March to 6 August."""
    book = rp.Portfolio(
        principal=np.full(80, 1_000_000), rate="12%", payments=12, start="2024-01-10",
        errors="collect",
    )  # fmt: skip
    plan = rp.defer(book, payment=3, periods=3, hold=hold)
    plan = change(plan, np.datetime64("2024-03-01") + 2 * np.arange(80))
    assert_each_is_its_schedule(plan)


@pytest.mark.parametrize("hold", ["count", "maturity"])
@pytest.mark.parametrize(("base", "month"), [("instalment", "8.88"), ("principal", "8.12")])
def test_a_moved_instalment_is_spread_over_those_left(hold: str, base: str, month: str) -> None:
    """Payment 4 of 12 is 812.38 and 76.11 of interest: 8 payments each take 101.55 and 9.51 of it.

    A month costs 1% of all of it or of the principal, and is paid with the next instalment.
    """
    first, payments = np.divmod(np.arange(24), 8)
    book = rp.Portfolio(
        principal=np.full(24, 1_000_000), rate="12%", payments=payments + 5, start="2024-01-10"
    )
    words = {"scope": "instalment", "repay": "spread", "hold": hold, "base": base}
    plan = rp.defer(book, payment=first + 2, **words)
    assert_each_is_its_schedule(plan)
    before, after = rp.amortise(book).row(23)[4], plan.row(23)[4]
    assert after.principal - before.principal == Decimal("101.55")
    assert after.deferred_interest == Decimal("9.51") + Decimal(month)


@settings(max_examples=examples(40))
@given(st.data())
def test_no_loan_ends_a_book_however_extreme(data: st.DataObject) -> None:
    """Each other loan has its cents; without ``"collect"`` the error names the loan."""
    columns = data.draw(extreme_columns())
    book = rp.Portfolio(**columns, errors="collect")
    count = data.draw(st.integers(0, 2))
    changes = [data.draw(extreme_changes(len(book))) for _ in range(count)]
    plan = rp.amortise(book, *changes)
    assert_each_is_its_schedule(plan)
    plan.check()
    for by in ("month", "number"):
        try:
            plan.totals(by)
        except rp.errors.AmountError as error:  # of the whole book
            assert "expected sums below 2**63 minor units" in str(error)  # noqa: PT017  # not every book is too large
    owed = rp.statement(plan, [], as_of="2024-06-24", penalty=rp.PenaltyTerms("1.5"))
    assert (owed.balance >= 0).all()
    quotes = rp.settle(plan, on="2024-06-24")
    for row in np.flatnonzero(plan.counts > 0).tolist():
        try:
            total = rp.settle(plan.row(row), on="2024-06-24").total
        except rp.RepayError:
            assert quotes.reason[row]
        else:
            assert plan.book.loan(row).money(int(quotes.total[row])) == total
    refused = {each.row for each in plan.rejects}
    if not refused:
        assert rp.amortise(rp.Portfolio(**columns), *changes).summary() == plan.summary()
        return
    with pytest.raises(rp.RepayError) as caught:
        rp.amortise(rp.Portfolio(**columns), *changes).fold()
    assert caught.value.row in refused


def test_a_rate_beyond_floats_is_left_to_the_engine() -> None:
    words: dict[str, Any] = {
        "principal": ["27421", "9869400"], "rate": ["5%", "0%"], "payments": [24, 60],
        "start": ["2015-04-02", "2017-03-06"],
    }  # fmt: skip
    book = rp.Portfolio(**words, errors="collect")
    plan = rp.change_rate(book, "9999%", payment=[2, 13], hold="last")
    assert_each_is_its_schedule(plan)
    assert {(each.row, each.change) for each in plan.rejects} == {(0, 1), (1, 1)}
    assert plan.summary().total_paid.tolist() == rp.amortise(book).summary().total_paid.tolist()
    with pytest.raises(
        rp.errors.InstalmentError, match=r"instalment\[0\]: got '1,203.00'"
    ) as caught:
        rp.change_rate(rp.Portfolio(**words), "9999%", payment=[2, 13], hold="last")
    assert (caught.value.row, caught.value.change) == (0, 1)


def test_a_row_that_no_loan_has_in_the_end_is_left_out() -> None:
    """The first loan has a prepayment in row 10 until its interest is found too much for a book.

    At 833.25% a month, 703,687,441,776.64 owe 5.86e12 in each of 9,000 months, above 2**62 cents in all.
    So it stays as it was agreed, with 3 payments, and the book has the 10 rows of the second.
    """
    book = rp.Portfolio(
        principal=np.array([2**46, 100_000]), rate="12%", payments=np.array([3, 10]),
        start="2024-01-10", method="interest_only", errors="collect",
    )  # fmt: skip
    first = [True, False]
    plan = rp.reschedule(book, payments=9_000, rate="9999%", payment=1, where=first)
    plan = rp.prepay(plan, np.array([100, 100]), on="2024-11-20", where=first)
    assert_each_is_its_schedule(plan)
    assert plan.counts.tolist() == [3, 10]
    assert [(each.row, each.change) for each in plan.rejects] == [(0, 1), (0, 2)]


def test_a_loan_of_many_payments_costs_the_others_no_room() -> None:
    """20,000 loans with one of 10,000 payments would take 1.6 GB for each column at once."""
    payments = np.full(20_000, 12)
    payments[7] = 10_000
    words: dict[str, Any] = {"rate": "12%", "start": "2024-01-10", "every": "week"}
    book = rp.Portfolio(principal=np.full(20_000, 100_000), payments=payments, **words)
    plan = rp.amortise(book)
    assert plan._longest * FEWEST < 2**24
    assert "row_arrays" not in plan._cache
    later = rp.defer(plan.book.part(0, 7), payment=4, periods=[1, 1, 9_000, 1, 1, 1, 1])
    assert later._longest == 9_012


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
    assert plan.fallback_loans == 0
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
    assert 0 < plan.fallback_loans < len(plan)
    assert_each_is_its_schedule(plan)
    plan.check()
    for change in ({"interest": "waive"}, {"repay": "capitalise"}, {"hold": "payment"}):
        assert_each_is_its_schedule(rp.defer(plan, payment=4, **change))


def test_amounts_beyond_a_book() -> None:
    with pytest.raises(rp.errors.AmountError, match=r"principal\[1\].*below 2\*\*60 minor units"):
        rp.Portfolio(principal=np.array([1, 2**60]), rate="5%", **TERMS)


USUAL: dict[str, Any] = {"rate": "12%", "payments": 12, "start": "2024-01-10"}


def one_loan(**words: Any) -> rp.Portfolio:
    """A book of one loan of 1,000.00 that collects what is refused."""
    return rp.Portfolio(**{"principal": ["1000"], **USUAL, "errors": "collect", **words})


@pytest.mark.parametrize(
    "changes",
    [
        [(rp.changes.Deferral, {"payment": [4], "periods": [None]})],
        [
            (rp.changes.RateChange, {"rate": "8%", "payment": 2, "until": "2026-01-01"}),
            (rp.changes.Prepayment, {"amount": "100", "on": "2027-01-01"}),
        ],
        [(rp.changes.RateChange, {"rate": "8%", "payment": 2, "until": 13})],
        [(rp.changes.RateChange, {"rate": "8%", "payment": 2, "until": 12})],
        [
            (rp.changes.RateChange, {"rate": "300%", "payment": 4, "hold": "last"}),
            (rp.changes.RateChange, {"rate": "6%", "payment": 4}),
        ],
        [(rp.changes.Advance, {"amount": np.array([2**53 + 1]), "on": "2024-01-20"})],
        [(rp.changes.Advance, {"amount": np.array([2**49 + 1]), "on": "2024-01-20"})],
        [
            (rp.changes.Rescheduling, {"payment": 2, "instalment": np.array([2**53 + 1])}),
        ],
        [
            (rp.changes.Prepayment, {"amount": np.array([100]), "on": "2024-12-20"}),
            (rp.changes.Prepayment, {"amount": np.array([99_999_999]), "on": "2025-01-05"}),
        ],
    ],
)
def test_what_the_engine_says_of_one_loan_holds(changes: list[Any]) -> None:
    made = [rp.portfolio.PortfolioChange(kind, **words) for kind, words in changes]
    assert_each_is_its_schedule(rp.amortise(one_loan(), *made))


def test_words_that_contradict_each_other_in_one_row_reject_it() -> None:
    two = one_loan(principal=["1000", "2000"])
    for plan in (
        rp.reschedule(two, payment=4, payments=[20, 20], instalment=[None, "500"]),
        rp.forgive(two, with_payment=3, amount=[None, "100"], share=["10%", "10%"]),
        rp.defer(two, payment=4, rate=[None, "18%"]),
    ):
        assert [each.row for each in plan.rejects] == [1]
        assert_each_is_its_schedule(plan)


def test_an_instalment_that_is_refused_by_itself_is_refused_whatever_follows() -> None:
    low = one_loan(instalment=["5"])
    for change in (
        rp.portfolio.PortfolioChange(rp.changes.Rescheduling, payments=12, payment=1),
        rp.portfolio.PortfolioChange(rp.changes.RateChange, rate="8%", payment=1),
        rp.portfolio.PortfolioChange(rp.changes.Deferral, payment=1, interest="waive"),
    ):
        assert_each_is_its_schedule(rp.amortise(low, change))


@pytest.mark.parametrize("negative", [False, True])
def test_a_balance_that_grows_beyond_floats_spares_the_others(negative: bool) -> None:
    book = one_loan(
        principal=["1000", "1000"],
        rate=["300%", "12%"],
        payments=[360, 12],
        instalment=["1", "100"],
        negative_amortisation=negative,
    )
    plan = rp.amortise(book)
    assert plan.counts[1] == 11
    assert_each_is_its_schedule(plan)


def test_interest_beyond_floats_is_left_to_the_engine() -> None:
    for method in ("interest_only", "flat", "equal_principal", "level"):
        book = one_loan(principal=np.array([2**50 - 1]), rate="2000%", payments=24, method=method)
        plan = rp.defer(book, payment=4, periods=12, repay="capitalise")
        assert_each_is_its_schedule(rp.amortise(book))
        assert_each_is_its_schedule(plan)


def test_what_compounds_knows_the_pace_of_each_loan() -> None:
    words: dict[str, Any] = {"rate": rp.effective("12%"), "month_end": True, "missing_day": "next"}
    book = one_loan(principal=["1000"] * 2, start=["2023-02-28", "2024-01-10"], **words)
    assert_each_is_its_schedule(rp.amortise(book))


def test_a_loan_that_is_left_alone_stays_in_its_lane() -> None:
    book = one_loan(principal=["1000"] * 4)
    plan = rp.amortise(
        book, rp.portfolio.PortfolioChange(rp.changes.Deferral, payment=[4, None, 6, None])
    )
    assert plan.fallback_loans == 0
    assert plan.counts.tolist() == [13, 12, 13, 12]
    assert_each_is_its_schedule(plan)


def test_blocks_of_a_book_have_sums_of_their_own() -> None:
    book = one_loan(principal=["1000", "2000", "10"], payments=[3, 12, 5])
    plan = rp.amortise(book)
    assert sum(int(block.totals().payment.sum()) for block in plan.blocks(rows=1)) == int(
        plan.totals().payment.sum()
    )


def test_a_last_payment_may_not_lie_before_what_is_passed_over() -> None:
    words: dict[str, Any] = {"rate": "0%", "payments": 62, "instalment": np.array([1, 100])}
    book = one_loan(principal=np.array([2, 5_000]), **words)
    plan = rp.defer(book, payment=2, periods=2, interest="waive", hold="payment")
    assert plan.counts[0] == 4
    assert_each_is_its_schedule(plan)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (rp.changes.Forgiveness, {"with_payment": 3, "amount": ["50", None]}),
        (rp.changes.Forgiveness, {"with_payment": 3, "share": ["10%", None]}),
        (rp.changes.Deferral, {"payment": [4, 5], "scope": "instalment"}),
        (rp.changes.Deferral, {"payment": [4, 5], "scope": "instalment", "repay": "last"}),
    ],
)
def test_what_is_agreed_for_each_loan_is_made_in_lanes(kind: Any, options: dict[str, Any]) -> None:
    changed = rp.amortise(
        one_loan(principal=["1000", "2000"]), rp.portfolio.PortfolioChange(kind, **options)
    )
    assert changed.fallback_loans == 0
    assert_each_is_its_schedule(changed)


@pytest.mark.parametrize("negative", [False, True])
def test_interest_of_a_long_first_period_may_exceed_an_instalment(negative: bool) -> None:
    """Three months at 1% a month are more than 25.00, one is less."""
    book = one_loan(
        first_payment="2024-04-10", instalment=["25"], payments=60, negative_amortisation=negative
    )
    plan = rp.amortise(book)
    assert [each.row for each in plan.rejects] == ([] if negative else [0])
    assert plan.fallback_loans == 0
    assert_each_is_its_schedule(plan)


def test_a_large_multiple_of_a_charge_of_many_digits() -> None:
    """Parts of a charge, times payments, times the multiple, are a little more than ``2**64``."""
    assert 0 < 10**9 * 12 * 120 * 12_810_239 - 2**64 < 10**12
    book = one_loan(
        principal=["1000", "900"],
        rate="7.1234567%",
        payments=120,
        method="flat",
        instalment_multiple="128102.39",
        instalment_rounding="up",
    )
    assert_each_is_its_schedule(rp.amortise(book))


@pytest.mark.parametrize("repay", ["next", "now", "spread", "last", "capitalise"])
def test_a_deferral_past_an_odd_period_is_solved_again_in_lanes(repay: str) -> None:
    book = rp.Portfolio(
        principal=np.array([1_000_000] * 4),
        rate="12%",
        payments=12,
        start=["2024-02-08", "2024-02-10", "2024-01-15", "2024-02-08"],
        first_payment=["2024-02-10", "2024-03-10", "2024-02-10", "2024-02-10"],
    )
    for payment in (1, 2):
        later = rp.defer(book, payment=payment, repay=repay)
        assert later.fallback_loans == 0
        assert_each_is_its_schedule(later)


def test_a_recast_at_the_same_rate_is_made_in_lanes() -> None:
    book = rp.Portfolio(
        principal=np.array([1_000_000, 123_456, 777_777]),
        rate=["12%", "7.3%", "12%"],
        payments=[24, 60, 36],
        start="2024-01-10",
        method=["level", "level", "equal_principal"],
    )
    again = rp.change_rate(book, "12%", payment=[9, 13, 5], recast="always")
    assert again.fallback_loans == 0
    assert_each_is_its_schedule(again)
    inside = rp.change_rate(book, "12%", on="2024-07-21", recast=["always", None, "always"])
    assert_each_is_its_schedule(inside)


@pytest.mark.parametrize(
    "words", [{}, {"instalment_multiple": "0.50", "method": "equal_principal"}]
)
def test_a_last_payment_of_mere_roundings_is_absorbed_side_by_side(words: dict[str, Any]) -> None:
    """Prepayments from 1,674.60 to 1,675.10, cent by cent, leave a sixth payment or none."""
    cents = np.arange(167_460, 167_510)
    terms = {"rate": "12%", "payments": 6, "start": "2024-01-10", **words}
    plan = rp.prepay(rp.Portfolio(principal=np.full(50, 1_000_000), **terms), cents, with_payment=3)
    assert_each_is_its_schedule(plan)
    assert plan.fallback_loans == 0
    if not words:
        assert set(plan.counts.tolist()) == {5, 6}
