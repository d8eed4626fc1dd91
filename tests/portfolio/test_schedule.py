"""What follows from a book of loans: arrays, verbs, sums, tables."""

from __future__ import annotations

import re
import sys
from datetime import date
from decimal import Decimal
from typing import Any, assert_type, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.output.progress import reporter
from repaylib.portfolio import schedule as bookplan
from repaylib.portfolio.book.loan_by_loan import fold, row_arrays_of
from repaylib.portfolio.book.row_arrays import RowArrays
from repaylib.schedule.conservation import check_balance
from repaylib.schedule.rows import MONEY, NAMES
from repaylib.typing import Errors
from tests.strategies.loans import book_changes, books, columns_of, examples, fields_of_settlement

TERMS: dict[str, Any] = {"rate": "12%", "payments": 12, "start": "2024-01-10"}


@pytest.fixture
def book() -> rp.Portfolio:
    return rp.Portfolio(principal=["10000", "5000", "2500"], **TERMS)


def test_a_book_folds_as_its_loans(book: rp.Portfolio, plan: rp.Schedule) -> None:
    many = rp.amortise(book)
    assert len(many) == 3
    assert many.payment.shape == (3, 12)
    assert many.payment.dtype == np.int64
    assert not many.payment.flags.writeable
    assert many.row(0) == plan
    assert many.instalment[0] == 88849
    assert many["closing"][0].tolist() == plan.columns["closing"].tolist()
    assert many.date[0].tolist() == [row.date for row in plan]
    with pytest.raises(AttributeError, match="no column"):
        _ = many.colour
    with pytest.raises(KeyError, match="no column"):
        _ = many["colour"]
    with pytest.raises(AttributeError, match="frozen"):
        many.book = book
    with pytest.raises(rp.errors.TermsError, match="book"):
        rp.portfolio.PortfolioSchedule(cast(Any, plan.loan))


def test_the_type_of_what_comes_back_is_known(book: rp.Portfolio) -> None:
    loan = book.loan(0)
    assert_type(rp.amortise(loan), rp.Schedule)
    assert_type(rp.amortise(book), rp.portfolio.PortfolioSchedule)
    assert_type(rp.defer(loan, payment=4), rp.Schedule)
    assert_type(rp.defer(book, payment=[4, 5, 6]), rp.portfolio.PortfolioSchedule)
    assert_type(rp.prepay(rp.amortise(book), "100", with_payment=3), rp.portfolio.PortfolioSchedule)
    assert_type(rp.settle(loan, with_payment=3), rp.Settlement)
    assert_type(rp.settle(book, with_payment=3), rp.portfolio.PortfolioSettlement)


CHANGES: list[tuple[Any, Any, dict[str, list[Any]], dict[str, Any]]] = [
    (rp.defer, rp.changes.Deferral, {"payment": [4, None, 6], "periods": [1, 2, 2]}, {}),
    (rp.defer, rp.changes.Deferral, {"repay": ["last", "spread", "now"]}, {"payment": 3}),
    (rp.defer, rp.changes.Deferral, {"capitalise_every": [1, 2, None]}, {"payment": 3, "repay": "capitalise"}),
    (rp.defer, rp.changes.Deferral, {"on": ["2024-05-20", None, "2024-06-01"]}, {}),
    (rp.change_rate, rp.changes.RateChange, {"rate": ["8%", None, "15%"]}, {"payment": 4}),
    (rp.change_rate, rp.changes.RateChange, {"payment": [4, 5, 6], "until": [None, 9, 8]}, {"rate": "8%"}),
    (rp.prepay, rp.changes.Prepayment, {"amount": ["2000", "100.50", None]}, {"on": "2024-04-20"}),
    (rp.prepay, rp.changes.Prepayment, {"hold": ["payment", "last", "next"]}, {"amount": "500", "with_payment": 2}),
    (rp.reschedule, rp.changes.Rescheduling, {"payments": [18, 24, None]}, {"payment": 4}),
    (rp.reschedule, rp.changes.Rescheduling, {"payments": [18, None, None], "instalment": [None, "300", None]},
     {"payment": 4}),
    (rp.forgive, rp.changes.Forgiveness, {"share": ["10%", None, "5%"]}, {"with_payment": 3}),
    (rp.advance, rp.changes.Advance, {"amount": [Decimal(100), None, "200"]}, {"with_payment": 3}),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "kind", "columns", "words"), CHANGES)
def test_every_verb_takes_columns(
    book: rp.Portfolio, verb: Any, kind: Any, columns: dict[str, list[Any]], words: dict[str, Any]
) -> None:
    many = verb(book, **columns, **words)
    for row in range(3):
        mine = {name: each[row] for name, each in columns.items()}
        alone = rp.amortise(book.loan(row))
        given = {n: v for n, v in mine.items() if v is not None or n == "capitalise_every"}
        placed = {kind.placed_by, "on"} & {*given, *words}
        if placed and (given or not columns.keys() - {kind.placed_by, "on"}):
            alone = alone.then(kind(**given, **words))
        assert many.row(row) == alone
    check_rows(many)
    assert kind.__name__ in many.terms()


def check_rows(many: rp.portfolio.PortfolioSchedule) -> None:
    """Hold every cell against the schedule of its loan."""
    rejected = {each.row for each in many.rejects if each.change is None}
    for row in range(len(many)):
        count = int(many.counts[row])
        for name in NAMES:
            after = many[name][row, count:]
            assert np.isnat(after).all() if name == "date" else not after.any()
        if row in rejected:
            assert count == 0
            continue
        alone = many.row(row)
        assert count == len(alone)
        for name in NAMES:
            assert many[name][row, :count].tolist() == alone.columns[name].tolist(), (row, name)
        assert many.instalment[row] == alone.loan.minor(alone.instalment, "instalment", least=0)
    many.check()


def test_whole_numbers_in_columns_are_minor_units(book: rp.Portfolio) -> None:
    minor = rp.prepay(book, np.array([200_000, 50_000, 1_000]), with_payment=3)
    major = rp.prepay(book, ["2000", "500", "10"], with_payment=3)
    assert (minor.payment == major.payment).all()
    arrow = rp.prepay(book, pa.array([200_000, 50_000, 1_000]), with_payment=3)
    assert (minor.payment == arrow.payment).all()
    with pytest.raises(rp.errors.AmountError, match="minor units") as caught:
        rp.prepay(book, 2000, with_payment=3)
    assert 'amount="2000"' in caught.value.hint
    with pytest.raises(rp.errors.AmountError, match=r"amount\[1\]"):
        rp.prepay(book, ["2000", 500, None], with_payment=3)
    with pytest.raises(rp.errors.AmountError, match="float64"):
        rp.prepay(book, np.array([1.0, 2.0, 3.0]), with_payment=3)


def test_what_leaves_a_loan_alone(book: rp.Portfolio) -> None:
    as_agreed = rp.amortise(book)
    for payment in (
        [4, None, None],
        np.ma.masked_array([4, 4, 4], mask=[False, True, True]),
        pd.Series([4, None, None], dtype="Int64"),
        pa.array([4, None, None]),
    ):
        many = rp.defer(book, payment=payment)
        assert many.counts.tolist() == [13, 12, 12]
        assert (many.payment[1:, :12] == as_agreed.payment[1:]).all()
        assert many.changes[0].touches(3).tolist() == [True, False, False]
    days = np.array(["2024-04-10", "NaT", "NaT"], dtype="datetime64[D]")
    assert rp.defer(book, on=days).counts.tolist() == [13, 12, 12]
    both = rp.defer(book, payment=[4, None, None], on=np.roll(days, 1))
    assert both.counts.tolist() == [13, 13, 12]


def test_plain_changes_hold_for_every_loan(book: rp.Portfolio) -> None:
    changes = (rp.changes.Deferral(4), rp.changes.RateChange("8%", payment=8))
    many = rp.amortise(book, *changes)
    verbs = rp.change_rate(rp.defer(book, 4), "8%", payment=8)
    assert (many.payment == verbs.payment).all()
    for row in range(3):
        assert many.row(row) == rp.amortise(book.loan(row), *changes)
    assert many.terms().split("\n")[1] == f"1. (3 loans) {changes[0]}"
    assert repr(many) == "<PortfolioSchedule: 3 loans, 2 changes>"
    with pytest.raises(rp.errors.TermsError, match="changes"):
        rp.amortise(book, cast(Any, "defer"))
    with pytest.raises(rp.errors.TermsError, match="as many as"):
        rp.defer(book, payment=[1, 2])
    with pytest.raises(rp.errors.TermsError, match="kind"):
        rp.portfolio.PortfolioChange(cast(Any, rp.Loan))
    with pytest.raises(rp.errors.ChoiceError, match="repay: "):
        rp.defer(book, 4, repay="later")
    with pytest.raises(rp.errors.TermsError, match=r"plan\.row"):
        rp.compare(cast(Any, many))


def test_a_change_that_cannot_be_made_names_its_loan(book: rp.Portfolio) -> None:
    with pytest.raises(rp.errors.CountError) as caught:
        rp.defer(rp.prepay(book, "10", with_payment=1), payment=[4, 5, 99])
    error = caught.value
    assert (error.parameter, error.row, error.column, error.change) == (
        "payment[2]",
        2,
        "payment",
        2,
    )
    collecting = rp.Portfolio(principal=["10000", "5000", "2500"], **TERMS, errors="collect")
    many = rp.defer(collecting, payment=[4, 5, 99])
    told = [(each.row, each.change, each.column, each.value) for each in many.rejects]
    assert told == [(2, 1, "payment", "99")]
    assert many.counts.tolist() == [13, 13, 12]
    check_rows(many)
    assert "99" in many.summary().reason[2]
    assert many.row(2) == rp.amortise(collecting).row(2)
    huge = rp.Portfolio(principal=np.array([2**60 - 1]), rate="1000%", payments=300,
                        start="2024-01-10", errors="collect")  # fmt: skip
    assert len(rp.defer(huge, 1, 200, repay="capitalise").rejects) == 1


def two_loans(errors: Errors = "collect") -> rp.Portfolio:
    """One that runs in May 2024, and one that starts later."""
    start = ["2024-01-10", "2025-01-10"]
    return rp.Portfolio(
        principal=["1000", "1000"], rate="12%", payments=12, start=start, errors=errors
    )


def test_a_loan_that_a_change_cannot_reach_stays_as_agreed() -> None:
    many = rp.defer(two_loans(), on="2024-05-31", periods=3)
    assert many.summary().total_paid.tolist() == [108_659, 106_619]
    assert many.totals().payment.sum() == many.payment.sum() == 215_278
    assert [(each.row, each.change, each.column) for each in many.rejects] == [(1, 1, "on")]
    assert "1 of them unreached" in many.terms()
    check_rows(many)
    table = many.to_arrow(["payment"])
    assert sum(table["payment"].to_pylist()) == 215_278
    with pytest.raises(rp.errors.DateError, match=r"on\[1\]: got '2024-05-31'"):
        rp.defer(two_loans("raise"), on="2024-05-31", periods=3)


def test_a_second_change_may_reach_whom_the_first_did_not() -> None:
    many = rp.prepay(rp.defer(two_loans(), on="2024-05-31", periods=3), "100", on="2025-05-01")
    assert [(each.row, each.change) for each in many.rejects] == [(0, 2), (1, 1)]
    one, other = (rp.amortise(two_loans()).row(row) for row in (0, 1))
    assert many.row(0) == rp.defer(one, on="2024-05-31", periods=3)
    assert many.row(1) == rp.prepay(other, "100", on="2025-05-01")
    check_rows(many)
    reasons = many.summary().reason
    assert "2025-05-01" in reasons[0]
    assert "2024-05-31" in reasons[1]


def test_statements_and_quotes_know_loans_that_a_change_did_not_reach() -> None:
    many = rp.defer(two_loans(), on="2024-05-31", periods=3)
    owed = rp.statement(many, [], as_of="2025-03-20")
    for row in (0, 1):
        alone = rp.statement(many.row(row), [], as_of="2025-03-20")
        assert owed.row(row).balances.total == alone.balances.total
        assert owed.balance[row] == alone.balances.total * 100
    assert [bool(reason) for reason in owed.reason] == [False, True]
    assert owed.summary().loans.tolist() == [2]
    quotes = rp.settle(many, on="2025-03-20")
    assert quotes.total.tolist() == [
        int(rp.settle(many.row(row), on="2025-03-20").total * 100) for row in (0, 1)
    ]
    early = rp.settle(many, on="2024-07-20")
    assert early.total[1] == 0
    assert "on[1]: got '2024-07-20'" in early.reason[1]
    assert early.schedule.row(1) == many.row(1)


MASKS: list[Any] = [
    [True, False],
    np.array([True, False]),
    (True, None),
    pd.Series([True, False]),
    pd.Series([True, None], dtype="boolean"),
    pa.array([True, None]),
]


@pytest.mark.parametrize("mask", MASKS)
def test_where_says_whom_a_change_concerns(mask: Any) -> None:
    book = two_loans("raise")
    many = rp.defer(book, on="2024-05-31", periods=3, where=mask)
    assert many.counts.tolist() == [15, 12]
    assert not many.rejects
    assert many.fallback_loans == 0
    assert many.terms().splitlines()[1].startswith("1. (1 loan) ")
    check_rows(many)
    quotes = rp.settle(book, on="2024-05-31", where=mask)
    assert np.isnat(quotes.on).tolist() == [False, True]


VERBS: list[tuple[Any, dict[str, Any]]] = [
    (rp.defer, {"payment": 4}),
    (rp.change_rate, {"rate": "8%", "payment": 4}),
    (rp.reschedule, {"payments": 20, "payment": 4}),
    (rp.prepay, {"amount": "100", "with_payment": 3}),
    (rp.forgive, {"amount": "100", "with_payment": 3}),
    (rp.forbear, {"amount": "100", "payment": 4}),
    (rp.advance, {"amount": "100", "with_payment": 3}),
]


@pytest.mark.parametrize(("verb", "words"), VERBS)
def test_every_verb_takes_where_of_a_loan_and_of_a_book(verb: Any, words: dict[str, Any]) -> None:
    book = two_loans()
    plan = rp.amortise(book)
    alone = plan.row(0)
    assert verb(alone, **words, where=False) == alone
    assert verb(alone, **words, where=True) == verb(alone, **words) != alone
    assert verb(plan, **words, where=False).summary() == plan.summary()
    assert verb(plan, **words, where=True).summary() == verb(plan, **words).summary()
    some = verb(plan, **words, where=[False, True])
    assert some.row(0) == alone
    assert some.row(1) == verb(plan.row(1), **words)
    with pytest.raises(rp.errors.TermsError, match=r"where: got .* True or False for one loan"):
        verb(alone, **words, where=[True])
    for wrong in ([1, 0], np.array([0.5, 1.0]), ["yes", "no"], "yes", 1, 0.5, np.array([1])):
        with pytest.raises(
            rp.errors.TermsError, match=r"where: got .* True or False for each loan"
        ):
            verb(plan, **words, where=wrong)
    with pytest.raises(
        rp.errors.TermsError, match=r"where\[1\]: got 'no'; expected True or False;"
    ):
        verb(plan, **words, where=[True, "no"])
    with pytest.raises(rp.errors.TermsError, match="where: got '3 values'"):
        verb(plan, **words, where=[True] * 3)


def test_a_quote_of_one_loan_is_not_left_out() -> None:
    alone = rp.amortise(two_loans()).row(0)
    assert rp.settle(alone, on="2024-05-31", where=True).total
    with pytest.raises(rp.errors.TermsError, match="where: got False"):
        rp.settle(alone, on="2024-05-31", where=False)  # type: ignore[call-overload]  # is refused


def test_settlement_is_that_of_every_loan(book: rp.Portfolio) -> None:
    asked: list[dict[str, Any]] = [
        {"on": "2024-07-10"},
        {"on": ["2024-07-10", "2024-07-20", None]},
        {"on": [*map(str, book.start)], "fee": ["1%", "25", None]},
        {"with_payment": [1, 6, 11], "fee": ["1%", "25", None]},
        {"with_payment": 2, "fee": np.array([100, 200, 300])},
    ]
    for words in asked:
        quotes = rp.settle(book, **words)
        for row in range(3):
            mine = {n: v if isinstance(v, str | int) else v[row] for n, v in words.items()}
            if isinstance(mine.get("fee"), np.int64):
                mine["fee"] = Decimal(int(mine["fee"])) / 100
            check_quote(quotes, row, book.loan(row), mine)
    assert quotes.schedule.counts.tolist() == [2, 2, 2]
    assert "total" in str(quotes)


@pytest.mark.parametrize("name", ["on", "hold", "amount", "arrears", "method", "fee"])
def test_a_column_of_a_quote_has_a_value_for_each_loan(book: rp.Portfolio, name: str) -> None:
    values: dict[str, Any] = {"on": "2024-05-31", "hold": "payment", "method": "actuarial"}
    words: dict[str, Any] = {"on": "2024-05-31", name: [values.get(name, "1")] * 2}
    with pytest.raises(rp.errors.TermsError, match=f"{name}: got '2 values'; expected as many"):
        rp.settle(book, **words)


def test_a_quote_that_cannot_be_made_names_its_loan(book: rp.Portfolio) -> None:
    part: dict[str, Any] = {"amount": ["100", None, "100"], "with_payment": [3, 3, 99]}
    for words in (part, {"with_payment": [3, 3, 99], "method": "rule_of_78"}):
        with pytest.raises(rp.errors.CountError, match=r"with_payment\[2\]: got 99") as caught:
            rp.settle(book, **words)
        assert caught.value.row == 2
    held: dict[str, Any] = {"on": "2024-05-31", "hold": [None, "payment", None]}
    assert rp.settle(book, **held).total.tolist() == rp.settle(book, on="2024-05-31").total.tolist()
    held["hold"][1] = "maturity"
    with pytest.raises(rp.RepayError, match="hold") as hold:
        rp.settle(book, **held)
    assert hold.value.row == 1


def test_what_is_asked_of_the_wrong_thing_says_what_to_ask(book: rp.Portfolio) -> None:
    plan = rp.amortise(book)
    with pytest.raises(rp.errors.TermsError, match=re.escape("write rp.defer(plan, ...)")):
        rp.amortise(cast(Any, plan))
    with pytest.raises(rp.errors.TermsError, match="expected True or False for each of 3 loans"):
        book.where([True, False])
    with pytest.raises(rp.errors.TermsError, match="got 'a block of 1 loans'"):
        rp.statement(next(iter(plan.blocks(1))), [], as_of="2024-05-31")
    few = rp.statement(rp.amortise(book.where([True, True, False])), [], as_of="2024-06-30")
    with pytest.raises(rp.errors.TermsError, match="later: got '2 loans'; expected a statement of"):
        rp.statement(plan, [], as_of="2024-05-31").roll_rates(few)


def test_roll_rates_are_compared_and_shown(book: rp.Portfolio) -> None:
    """All three loans go from current to 1 to 30 days late: nothing is paid of 10 February."""
    owed = rp.statement(book, [], as_of="2024-02-10")
    moved = owed.roll_rates("2024-02-20")
    assert moved == owed.roll_rates("2024-02-20")
    assert moved != owed.roll_rates("2024-03-20")
    assert moved != "3 loans"
    assert len({moved, owed.roll_rates("2024-02-20")}) == 1
    assert repr(moved) == "<RollRates: 3 loans, 2024-02-10 to 2024-02-20>"
    assert moved._repr_html_().count("<table") == 2
    assert ">loans, from 2024-02-10 to 2024-02-20</caption>" in moved._repr_html_()


def check_quote(
    quotes: rp.portfolio.PortfolioSettlement, row: int, plan: Any, words: dict[str, Any]
) -> None:
    """Hold a quote against that of one loan."""
    if words.get("on", words.get("with_payment")) is None:
        assert not quotes.total[row]
        assert np.isnat(quotes.on[row])
        return
    alone = rp.settle(plan, **words)
    assert quotes.on[row].item() == alone.on
    loan = alone.schedule.loan
    for name in fields_of_settlement:
        assert loan.money(int(quotes[name][row])) == getattr(alone, name), name


def test_blocks_are_the_rows_of_the_whole(book: rp.Portfolio) -> None:
    many = rp.defer(book, payment=[4, None, 2])
    blocks = list(many.blocks(rows=2))
    assert [(each.first, len(each)) for each in blocks] == [(0, 2), (2, 1)]
    for block in blocks:
        width = block.payment.shape[1]
        window = slice(block.first, block.first + len(block))
        assert (block.payment == many.payment[window, :width]).all()
        assert block.row(0) == many.row(block.first)
        assert block.summary().loan.tolist() == list(range(3))[window]
    assert blocks[1].to_arrow()["loan"].unique().to_pylist() == [2]
    with pytest.raises(rp.errors.TermsError, match="whole book"):
        blocks[0].then(rp.changes.Deferral(4))
    with pytest.raises(rp.errors.CountError, match="rows"):
        many.blocks(0)


def test_a_large_book_is_folded_in_blocks(book: rp.Portfolio, monkeypatch: Any) -> None:
    many = rp.defer(book, payment=[4, None, 2])
    monkeypatch.setattr("repaylib.portfolio.schedule.AT_ONCE", 20)
    monkeypatch.setattr("repaylib.portfolio.schedule.CELLS", 1)
    monkeypatch.setattr("repaylib.portfolio.schedule.FEWEST", 1)
    large = rp.defer(book, payment=[4, None, 2])
    assert "row_arrays" not in large._cache
    told: list[tuple[int, int]] = []
    assert large.summary(lambda done, total: told.append((done, total))) == many.summary()
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert large.totals() == many.totals()
    assert large.totals(by="number") == many.totals(by="number")
    assert large.rejects == many.rejects
    assert rp.settle(large, with_payment=5) == rp.settle(many, with_payment=5)
    large.check()
    assert str(large) == str(many)
    assert "row_arrays" not in large._cache
    assert (large.payment == many.payment).all()
    bad = rp.defer(book, payment=99)
    with pytest.raises(rp.errors.CountError, match=r"payment\[0\]"):
        bad.fold()
    with pytest.raises(rp.errors.CountError):
        rp.amortise(book, rp.changes.Deferral(99), progress=lambda done, total: None)


def test_summary_says_what_each_schedule_says() -> None:
    book = rp.Portfolio(
        principal=["10000", "100000", "700"],
        currency=["EUR", "JPY", "EUR"],
        **TERMS,
        fees=[rp.Fee("1%"), rp.Fee("5", when="instalment")],
        errors="collect",
    )
    many = rp.forgive(rp.defer(book, 4, repay="capitalise"), share="10%", with_payment=5)
    summary = many.summary()
    for row in range(3):
        alone = many.row(row)
        money = alone.loan.money
        for name in ("total_paid", "total_interest", "total_principal", "total_fees"):
            assert money(int(summary[name][row])) == getattr(alone, name)
        for name in ("total_waived", "total_forgiven", "total_capitalised", "instalment"):
            assert money(int(summary[name][row])) == getattr(alone, name)
        for name in ("first_payment", "final_payment", "largest_payment"):
            assert money(int(summary[name][row])) == getattr(alone, name)
        assert summary.payments[row] == alone.payments
        assert summary.maturity[row].item() == alone.maturity
    frame = summary.to_pandas()
    assert frame["total_paid"].tolist() == summary.total_paid.tolist()
    assert summary.to_arrow()["maturity"].type == pa.date32()
    assert "total paid" in str(summary)
    assert "\ntotal" not in str(summary)  # two currencies
    assert summary._repr_html_().startswith("<table")
    with pytest.raises(AttributeError, match="no column"):
        _ = summary.colour


def test_totals_by_month_and_by_number() -> None:
    book = rp.Portfolio(
        principal=["1000", "2000"], rate="12%", payments=[3, 4], start=["2024-01-31", "2024-03-31"]
    )
    many = rp.prepay(book, "100", on=["2024-02-10", None])
    totals = many.totals()
    assert totals.month.astype(str).tolist() == [f"2024-0{month}" for month in range(1, 8)]
    for name in ("payment", "interest", "principal", "prepaid", "accrued"):
        for month, total in zip(totals.month, totals[name], strict=True):
            chosen = many.date.astype("datetime64[M]") == month
            assert total == many[name][chosen].sum()
    assert totals.lent.tolist() == [100_000, 0, 200_000, 0, 0, 0, 0]
    assert totals.closing[-1] == 0
    assert totals.closing[2] == many.closing[0, 2] + 200_000
    assert totals.payments.sum() == (many.payment != 0).sum()
    numbers = many.totals(by="number")
    assert numbers.number.tolist() == [0, 1, 2, 3, 4]
    assert numbers.payment[0] == 10_000
    assert numbers.payment.sum() == many.payment.sum()
    assert "total" in str(totals)
    with pytest.raises(rp.errors.ChoiceError, match="by"):
        many.totals(by=cast(Any, "year"))
    mixed = rp.Portfolio(principal=["1000", "2000"], currency=["EUR", "JPY"], **TERMS)
    with pytest.raises(rp.errors.TermsError, match="EUR with 2 decimals and JPY with 0 decimals"):
        rp.amortise(mixed).totals()
    for mask in mixed.currencies().values():
        assert rp.amortise(mixed.where(mask)).totals().closing[-1] == 0


def test_sums_are_exact_or_refused() -> None:
    most = 2**60 - 1
    terms: dict[str, Any] = {"rate": "0%", "payments": 1, "start": "2024-01-10"}
    fits = rp.amortise(rp.Portfolio(principal=np.array([*[most] * 7, 1]), **terms))
    assert fits.totals().payment.tolist() == [0, 7 * most + 1]
    beyond = rp.amortise(rp.Portfolio(principal=np.array([most] * 9), **terms))
    with pytest.raises(rp.errors.AmountError, match=r"2\*\*63"):
        beyond.totals()
    assert f"{9 * most // 100:,}" in str(beyond.summary())
    with pytest.raises(rp.errors.AmountError, match=r"principal\[0\]"):
        rp.Portfolio(principal=np.array([most + 1]), **terms)


def test_long_tables(book: rp.Portfolio) -> None:
    many = rp.defer(book, payment=[4, None, 2], interest="waive")
    frame = many.to_pandas()
    assert list(frame.columns) == ["loan", *NAMES]
    assert len(frame) == many.counts.sum()
    for row in range(3):
        mine = frame[frame["loan"] == row]
        for name in MONEY:
            assert mine[name].tolist() == many.row(row).columns[name].tolist()
    table = many.to_arrow(["payment"], money="decimal")
    rows = [row.payment for loan in range(3) for row in many.row(loan)]
    assert table["payment"].to_pylist() == rows
    assert many.to_pandas(["payment"], money="decimal")["payment"].tolist() == rows
    assert table.schema.field("date").type == pa.date32()
    with pytest.raises(rp.errors.ChoiceError, match="columns"):
        many.to_arrow(["colour"])
    with pytest.raises(rp.errors.ChoiceError, match="money"):
        many.to_arrow(money=cast(Any, "cents"))
    mixed = rp.Portfolio(principal=["1000", "2000"], currency=["EUR", "JPY"], **TERMS)
    with pytest.raises(rp.errors.TermsError, match="decimals"):
        rp.amortise(mixed).to_arrow(money="decimal")


def test_it_prints_well(book: rp.Portfolio) -> None:
    many = rp.defer(book, payment=[4, None, 2])
    text = str(many)
    assert "loan 0: from instalment 4 on, no payment is made on 1 due date" in " ".join(
        text.split()
    )
    *lines, others = text.split("\n\n")[1].split("\n")
    assert len(lines) == 6  # a head of two lines
    assert others.startswith("not shown: ")
    assert many._repr_html_().startswith("<table")
    assert book._repr_html_().startswith("<table")
    large = rp.amortise(rp.Portfolio(principal=["1000"] * 50, **TERMS))
    assert "..." in str(large)
    assert "..." in str(large.book)


def test_progress(book: rp.Portfolio, monkeypatch: Any) -> None:
    told: list[tuple[int, int]] = []
    rp.amortise(book, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (3, 3)]
    told.clear()
    many = rp.amortise(book)
    for _ in many.blocks(2, progress=lambda done, total: told.append((done, total))):
        pass
    assert told == [(2, 3), (3, 3)]
    with pytest.raises(rp.errors.TermsError, match="progress"):
        many.summary(progress=cast(Any, "bar"))
    with pytest.raises(rp.errors.TermsError, match="progress"):
        rp.amortise(cast(Any, book.loan(0)), progress=True)
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(rp.errors.ExtraError, match="tqdm"):
        many.summary(progress=True)


def test_a_bar_shows_how_far_it_is(
    book: rp.Portfolio, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    many = rp.amortise(book, progress=True)
    bar = capsys.readouterr().err
    assert re.search(r"100%\|.*\| 3\.00/3\.00 .* loans/s\]\n$", bar)
    monkeypatch.setattr(bookplan, "AT_ONCE", 0)
    monkeypatch.setattr(bookplan, "BLOCK", 2)
    many = rp.amortise(book)
    many.summary(progress=True)
    bar = capsys.readouterr().err
    assert bar.count("\r") >= 2
    assert bar.endswith("loans/s]\n")
    tell = reporter(True)
    tell(3, 3)
    assert capsys.readouterr().err.endswith("loans/s]\n")  # ended while it is still held
    assert "| 3.00/3.00 [" in bar


def test_how_many_loans_are_folded_one_by_one(
    book: rp.Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rp.amortise(book).fallback_loans == 0
    mixed = rp.Portfolio(principal=["10000", "5000", "2500"], **TERMS, balloon=[None, "500", None])
    many = rp.amortise(mixed)
    assert many.fallback_loans == 1
    assert [block.fallback_loans for block in many.blocks(rows=1)] == [0, 1, 0]
    assert rp.reschedule(many, 5, payment=[4, None, None], every="quarter").fallback_loans == 2
    monkeypatch.setattr(bookplan, "AT_ONCE", 0)
    monkeypatch.setattr(bookplan, "BLOCK", 2)
    large = rp.amortise(mixed)
    assert large.fallback_loans == 1
    assert "row_arrays" not in large._cache


def test_extras_are_named_where_they_are_missing(book: rp.Portfolio, monkeypatch: Any) -> None:
    many = rp.amortise(book)
    for package, call in (("pandas", "to_pandas"), ("pyarrow", "to_arrow")):
        monkeypatch.setitem(sys.modules, package, None)
        for source in (many, many.summary(), many.totals(), many.rejects):
            with pytest.raises(rp.errors.ExtraError, match=call):
                getattr(source, call)()


def test_check_finds_the_row_that_does_not_balance(book: rp.Portfolio) -> None:
    cells = fold(book, (), 0, len(book))
    lent, places = book.principal, book.decimals
    check_balance(cells.__getitem__, lent, cells.counts, places, 0)
    for name, row in (("closing", 11), ("interest", 5), ("accrued", 5), ("closing", 3)):
        columns = {each: column.copy() for each, column in cells.columns.items()}
        columns[name][row, 1] += 700_000
        broken = RowArrays(cells.counts, cells.instalment, columns, lent, cells.number, cells.dates)
        with pytest.raises(rp.errors.ConservationError, match=r"loan 11, row \d+ on 202"):
            check_balance(broken.__getitem__, lent, cells.counts, places, 10)
    short = RowArrays(cells.counts - 1, cells.instalment, cells.columns, lent, None, cells.dates)
    with pytest.raises(rp.errors.ConservationError, match="after the end"):
        check_balance(short.__getitem__, lent, short.counts, places, 0)


def test_columns_that_are_not_kept_follow_from_the_others(book: rp.Portfolio) -> None:
    """As the faster folds leave them out."""
    whole = fold(book, (), 0, len(book))
    fewer = {name: whole.columns[name] for name in ("accrued", "closing")}
    numbers: dict[str, Any] = {
        "counts": whole.counts,
        "instalment": whole.instalment,
        "dates": whole.dates,
    }
    cells = RowArrays(**numbers, columns=fewer, principal=book.principal, number=None)
    for name in MONEY:
        assert (cells.column(name) == whole.column(name)).all(), name
    assert (cells.numbers() == whole.numbers()).all()
    assert (cells.last_days() == whole.last_days()).all()
    with pytest.raises(KeyError):
        cells.column("colour")
    held = row_arrays_of([rp.defer(book.loan(0), 4)])
    put_off = held.column("accrued") - held.column("interest")
    kept = {n: c for n, c in held.columns.items() if n != "interest"} | {"newly_deferred": put_off}
    same = RowArrays(held.counts, held.instalment, kept, held.principal, None, held.dates)
    for name in MONEY:
        assert (same.column(name) == held.column(name)).all(), name


def test_names_of_books_are_there_when_asked_for() -> None:
    assert set(rp.__all__) <= set(dir(rp))
    name = "colour"
    with pytest.raises(AttributeError, match=name):
        _ = getattr(rp, name)


@given(st.data())
@settings(max_examples=examples(80))
def test_every_cell_is_that_of_the_schedule(data: st.DataObject) -> None:
    """Of any loans with any changes; and so are sums and quotes."""
    book = rp.Portfolio(**columns_of(data.draw(books())), errors="collect")
    many = rp.amortise(book)
    for _ in range(data.draw(st.integers(0, 3))):
        rejected = {each.row for each in many.rejects if each.change is None}
        rows = [None if row in rejected else many.row(row) for row in range(len(many))]
        if not any(rows):
            return
        many = many.then(data.draw(book_changes(rows)))
    check_rows(many)
    singly = fold(book, many.changes, 0, len(book))
    assert singly.counts.tolist() == many.counts.tolist()
    summary = many.summary()
    rejected = {each.row for each in many.rejects if each.change is None}
    quotes = rp.settle(many, with_payment=1)
    last = len(quotes.schedule.changes)
    refused = {each.row for each in quotes.schedule.rejects if each.change in (None, last)}
    for row in set(range(len(many))) - rejected:
        alone = many.row(row)
        assert alone.loan.money(int(summary.largest_payment[row])) == alone.largest_payment
        assert alone.loan.money(int(summary.total_interest[row])) == alone.total_interest
        if row not in refused:
            check_quote(quotes, row, alone, {"with_payment": 1})
    assert isinstance(many.row(0).maturity, date) if 0 not in rejected else True
