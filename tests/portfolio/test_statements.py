"""Statements of a book: the same as of each of its loans, whatever was paid, and refused by name."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.portfolio.balances import NAMED
from tests.strategies.loans import examples
from tests.strategies.portfolios import book_changes, books

START = date(2024, 1, 10)
BOOK = rp.Portfolio(
    principal=np.array([1_000_000, 250_000, 100_000]),
    rate=["12%", "8%", "12%"],
    payments=[12, 12, 3],
    start="2024-01-10",
)


def minor(amount: Any, places: int) -> int:
    return int(amount * 10**places)


def same(found: rp.portfolio.PortfolioStatement, row: int) -> None:
    """Hold one line of a statement against that of the single loan."""
    one, places = found.row(row), int(found.plan.book.decimals[row])
    tables = {"due": one.due, "arrears": one.arrears, "undue": one.undue, "balances": one.balances}
    for table, owed in tables.items():
        line = found.by_kind(table)  # type: ignore[arg-type]  # table is any of the words
        for name in NAMED.values():
            assert int(line[name][row]) == minor(getattr(owed, name), places), (table, name)
        assert int(line["total"][row]) == minor(owed.total, places)
    paid = [each.paid for each in one.instalments if each.due <= one.as_of]
    for name in NAMED.values():
        told = int(found.by_kind("paid")[name][row])
        assert told == sum(minor(getattr(each, name), places) for each in paid)
    money = {"credit": one.credit, "payoff": one.payoff, "received": one.received}
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
    rp.PenaltyTerms("1.5"),
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
    {"penalty": rp.PenaltyTerms("1.5", late_fee="5", grace_days=3)},
    {"penalty": rp.PenaltyTerms(late_fee="5")},
    {"penalty": rp.PenaltyTerms("1.5", cap="2")},
    {"penalty": rp.PenaltyTerms("1.5", base="balance")},
    {"penalty": rp.steps(rp.PenaltyTerms("1.5"), {"2024-06-01": rp.PenaltyTerms("2")})},
    {"allocation": rp.Allocation(among="pro_rata")},
    {"allocation": rp.Allocation(ahead="maturity")},
    {"interest": "balance"},
    {"interest": "balance", "rest": "due_date"},
    {"interest": "daily_simple"},
)


@st.composite
def lives(draw: st.DrawFn, plan: rp.portfolio.PortfolioSchedule) -> rp.portfolio.Receipts:
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
    return rp.portfolio.Receipts(
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
        every=draw(st.sampled_from(["month", "month", "quarter", "2 weeks", "half_month"])),
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


#: Due dates that are no months.
DUE_DATES: tuple[Any, ...] = (
    *("day", "3 days", "week", "half_month", "FREQ=MONTHLY;BYDAY=-1FR"),
    ["2024-02-10", "2024-02-20", "2024-05-10", "2024-06-01", "2024-07-01", "2024-07-15"],
)


@settings(max_examples=examples(30))
@given(st.data())
def test_penalties_where_due_dates_are_no_months(data: st.DataObject) -> None:
    """Lanes say what single statements say, and a loan whose periods are too short is refused."""
    count = data.draw(st.integers(1, 5))
    each = st.lists(st.sampled_from(DUE_DATES), min_size=count, max_size=count)
    plan = rp.amortise(
        rp.Portfolio(
            principal=np.array([100_000] * count),
            rate="12%",
            payments=data.draw(st.integers(2, 6)),
            start="2024-01-10",
            every=data.draw(each),
            errors="collect",
        )
    )
    found = rp.statement(
        plan,
        data.draw(lives(plan)),
        as_of=date(2024, 1, 20) + timedelta(days=data.draw(st.integers(0, 300))),
        penalty=data.draw(st.sampled_from(PENALTIES[1:])),
        allocation=data.draw(st.sampled_from(ALLOCATIONS)),
    )
    gone = {each.row: each.reason for each in found.rejects}
    assert all("fewer days than a period has" in reason for reason in gone.values())
    for row in range(count):
        if row not in gone:
            same(found, row)
        else:
            with pytest.raises(rp.errors.TermsError, match="fewer days than a period has"):
                found.row(row)


@settings(max_examples=examples(25))
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
    gone = {each.row for each in found.rejects if each.change is None}
    for row in range(len(plan)):
        if row in gone:
            with pytest.raises(rp.RepayError):
                found.row(row)
        else:
            same(found, row)


def test_a_loan_at_a_rate_below_zero_is_settled_below_its_principal() -> None:
    """99,892.47 settle 100,000 after 20 days at -2 %, so the book owes nothing later."""
    rate = rp.Rate(Fraction(-1, 50))
    book = rp.Portfolio(principal=["100000"] * 2, rate=rate, payments=12, start="2024-01-10")
    paid = rp.portfolio.Receipts(loan=[0], on=["2024-01-30"], amount=["99892.47"])
    found = rp.statement(book, paid, as_of="2025-02-10")
    assert (found.payoff[0], found["received"][0]) == (0, 9_989_247)
    for row in range(2):
        same(found, row)


class TestFigures:
    """A book of three loans; the first is the one of :mod:`tests.arrears.test_statements`."""

    PAID = rp.portfolio.Receipts(
        loan=[0, 0, 0, 1, 2, 2],
        on=["2024-02-10", "2024-03-10", "2024-04-10", "2024-02-20", "2024-02-10", "2024-03-01"],
        amount=["888.49", "888.49", "888.49", "100", "340.02", "1000"],
    )

    def test_due_dates_that_are_listed(self) -> None:
        """The published case, 1,540.55 with a penalty of 18.07, by lanes."""
        dues = ["2024-02-10", "2024-03-10"]
        book = rp.Portfolio(
            principal=["1500"], rate="12%", payments=2, start="2024-01-10", every=[dues]
        )
        found = rp.statement(book, as_of="2024-03-20", penalty=rp.PenaltyTerms("1.5"))
        assert (found["balance"].tolist(), found["penalty"].tolist()) == ([154_055], [1_807])
        assert found.fallback_loans == 0

    def test_forty_five_days_late(self) -> None:
        terms = rp.PenaltyTerms("1.5", on_interest=True, day_count="actual/360")
        found = rp.statement(BOOK, self.PAID, as_of="2024-06-24", penalty=terms)
        one = rp.statement(
            BOOK.loan(0),
            [rp.Receipt(f"2024-0{month}-10", "888.49") for month in (2, 3, 4)],
            as_of="2024-06-24",
            penalty=terms,
        )
        assert found.fallback_loans == 0
        assert int(found.payoff[0]) == int(one.payoff * 100)
        assert found.bucket.tolist() == ["31-60", "90+", "current"]
        assert found.by_kind("arrears").penalty[0] == int(one.arrears.penalty * 100)

    def test_ageing_and_roll_count_every_loan_once(self) -> None:
        found = rp.statement(BOOK, self.PAID, as_of="2024-02-15")
        ageing = found.ageing()
        assert ageing.loans.tolist() == [2, 1, 0, 0, 0]
        assert ageing.balance.sum() == found.balance.sum()
        roll = found.roll_rates("2024-06-24")
        names = list(roll.buckets)
        moved = {
            (names[row], names[column]): int(roll.loans[row, column])
            for row, column in np.argwhere(roll.loans).tolist()
        }
        assert moved == {
            ("current", "31-60"): 1,
            ("1-30", "90+"): 1,
            ("current", "closed"): 1,
        }
        later = found.later("2024-06-24")
        assert roll == found.roll_rates(later)
        assert roll.balance.sum(axis=1).tolist() == [*ageing.balance.tolist(), 0]
        assert str(roll).splitlines()[1].split()[-6:] == [*names[1:], "all"]
        with pytest.raises(rp.errors.DateError, match="a day from 2024-06-24"):
            later.roll_rates(found)

    def test_a_receipt_that_bounced_counts_until_it_does(self) -> None:
        paid = {"loan": [0], "on": ["2024-02-10"], "amount": ["888.49"]}
        undone = {**paid, "reversed_on": ["2024-02-14"]}
        for day, kept in (("2024-02-13", paid), ("2024-02-14", rp.portfolio.Receipts([], [], []))):
            found = rp.statement(BOOK, undone, as_of=day)
            plain = rp.statement(BOOK, kept, as_of=day)
            assert found.balance.tolist() == plain.balance.tolist()

    def test_tables_and_pickles(self) -> None:
        found = rp.statement(BOOK, self.PAID, as_of="2024-06-24", penalty=rp.PenaltyTerms("1.5"))
        again = pickle.loads(pickle.dumps(found))
        assert again == found
        assert again.row(0).payoff == found.row(0).payoff
        frame = found.to_pandas()
        assert frame["payoff"].tolist() == found.payoff.tolist()
        assert found.to_arrow().column("balance").to_pylist() == found.balance.tolist()
        given = {"loan": [2, 0], "on": ["2024-03-01", "2024-02-10"], "amount": ["1000", "888.49"]}
        pandas = pytest.importorskip("pandas")
        pyarrow = pytest.importorskip("pyarrow")
        tables = given, pandas.DataFrame(given), pyarrow.table(given)
        one, *others = (rp.statement(BOOK, table, as_of="2024-06-24") for table in tables)
        assert all(each == one for each in others)
        assert one.received.tolist() == [88_849, 0, 100_000]

    def test_currencies_stand_apart(self) -> None:
        book = rp.Portfolio(
            principal=["1000", "2000"], rate="5%", payments=12, start="2024-01-10",
            currency=["JPY", "EUR"],
        )  # fmt: skip
        found = rp.statement(book, {"loan": [0], "on": ["2024-02-10"], "amount": ["86"]},
                             as_of="2024-03-20")  # fmt: skip
        ageing = found.ageing()
        assert ageing.currency.tolist() == ["EUR"] * 5 + ["JPY"] * 5
        assert ageing.balance.sum() == found.balance.sum()
        assert found.summary().loans.tolist() == [1, 1]
        with pytest.raises(rp.errors.TermsError, match="loans of one currency"):
            found.roll_rates("2024-04-20")
        for row in range(2):
            same(found, row)


class TestLanes:
    """What is lived through side by side, and what is not."""

    PLAN = rp.amortise(BOOK)
    PAID: ClassVar = {"loan": [0, 1, 2], "on": ["2024-02-20"] * 3, "amount": ["500", "900", "5000"]}

    @pytest.mark.parametrize("penalty", PENALTIES)
    def test_ordinary_terms_are_fast(self, penalty: rp.PenaltyTerms | None) -> None:
        for allocation in ALLOCATIONS:
            found = rp.statement(
                self.PLAN, self.PAID, as_of="2024-09-01", penalty=penalty, allocation=allocation
            )
            assert found.fallback_loans == 0

    @pytest.mark.parametrize("words", OTHERS)
    def test_others_are_lived_through_one_by_one(self, words: dict[str, Any]) -> None:
        found = rp.statement(self.PLAN, self.PAID, as_of="2024-09-01", **words)
        assert found.fallback_loans == 3
        for row in range(3):
            same(found, row)

    def test_changes_but_of_the_rate_are_fast(self) -> None:
        put_off = rp.defer(self.PLAN, payment=[4, 4, None], repay="next")
        terms = rp.PenaltyTerms("1.5")
        found = rp.statement(put_off, self.PAID, as_of="2024-05-20", penalty=terms)
        assert found.fallback_loans == 0
        cheaper = rp.change_rate(self.PLAN, ["8%", None, None], payment=4)
        assert (
            rp.statement(cheaper, self.PAID, as_of="2024-05-20", penalty=terms).fallback_loans == 1
        )
        for row in range(3):
            same(found, row)

    def test_more_loans_than_a_block(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from repaylib.portfolio.vectorised import statement_balances

        rng = np.random.default_rng(3)
        count = 60
        book = rp.Portfolio(
            principal=rng.integers(10**5, 10**6, count),
            rate=rng.choice(["12%", "5%"], count).tolist(),
            payments=rng.integers(3, 20, count),
            start=np.datetime64("2024-01-10") + rng.integers(0, 40, count),
            day_count=rng.choice(["periodic", "actual/360"], count).tolist(),
        )
        loan = rng.integers(0, count, 400)
        paid = rp.portfolio.Receipts(loan, book.start[loan] + rng.integers(0, 300, 400),
                           rng.integers(1, 10**5, 400))  # fmt: skip
        whole = rp.statement(book, paid, as_of="2024-10-01", penalty=rp.PenaltyTerms("1.5"))
        monkeypatch.setattr(statement_balances, "BLOCK", 7)
        parts = rp.statement(book, paid, as_of="2024-10-01", penalty=rp.PenaltyTerms("1.5"))
        assert whole == parts
        assert parts.fallback_loans == 0
        for row in range(0, count, 6):
            same(parts, row)

    def test_progress_is_told(self) -> None:
        told: list[tuple[int, int]] = []
        rp.statement(self.PLAN, self.PAID, as_of="2024-05-20", progress=lambda *n: told.append(n))
        assert told[-1] == (3, 3)

    def test_amounts_beyond_lanes_are_exact(self) -> None:
        book = rp.Portfolio(principal=np.array([2**49, 2**55]), rate="36%", payments=12,
                            start="2004-01-31")  # fmt: skip
        found = rp.statement(book, as_of="2024-06-24", penalty=rp.PenaltyTerms("3"))
        for row in range(2):
            same(found, row)


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "kind", "words"),
        [
            (
                {"loan": [0, 3]},
                rp.errors.CountError,
                r"loan\[1\]: got 3; expected the row of a loan",
            ),
            ({"loan": [0, -1]}, rp.errors.CountError, r"loan\[1\]"),
            ({"loan": ["a", "b"]}, rp.errors.CountError, "loan: got 'a'; expected whole numbers"),
            ({"loan": np.array([0.0, 1.0])}, rp.errors.CountError, "loan"),
            ({"amount": ["5", "0"]}, rp.errors.AmountError, r"amount\[1\].*above zero"),
            ({"amount": np.array([5, -7])}, rp.errors.AmountError, r"amount\[1\]"),
            ({"amount": np.array([5, 2**61])}, rp.errors.AmountError, r"amount\[1\]"),
            ({"amount": np.array([5.0, 7.0])}, rp.errors.AmountError, "float64"),
            ({"amount": ["5", "7.005"]}, rp.errors.AmountError, r"amount\[1\]"),
            ({"amount": "5"}, rp.errors.TermsError, "amount: got '5'; expected a column"),
            ({"on": ["2024-02-10", None]}, rp.errors.DateError, r"on\[1\]"),
            ({"on": ["2024-02-10", "2023-12-31"]}, rp.errors.DateError, r"on\[1\].*from the start"),
            ({"on": ["2024-02-10", "2024-02-31"]}, rp.errors.DateError, r"on\[1\]"),
            (
                {"on": np.array(["2024-02-10", "NaT"], "datetime64[D]")},
                rp.errors.DateError,
                r"on\[1\]",
            ),
            (
                {"on": ["2024-02-10"]},
                rp.errors.TermsError,
                "on: got '1 values'; expected as many as loan",
            ),
            ({"reversed_on": ["2024-02-09", None]}, rp.errors.TermsError, r"on\[0\].*a day from"),
            ({"paid": [1, 2]}, rp.errors.TermsError, "a column paid"),
        ],
    )
    def test_receipts_that_cannot_be_taken(
        self, change: dict[str, Any], kind: type[rp.RepayError], words: str
    ) -> None:
        given = {"loan": [0, 1], "on": ["2024-02-10", "2024-02-10"], "amount": ["5", "7"]}
        with pytest.raises(kind, match=words):
            rp.statement(BOOK, given | change, as_of="2024-06-24")

    def test_what_is_no_table(self) -> None:
        for bad in (5, "receipts", {"loan": [0], "on": ["2024-02-10"]}):
            with pytest.raises(rp.errors.TermsError, match="receipts"):
                rp.statement(BOOK, bad, as_of="2024-06-24")
        with pytest.raises(rp.errors.TermsError, match="receipts"):
            rp.statement(BOOK, [rp.Receipt("2024-02-10", "5")], as_of="2024-06-24")

    def test_loans_that_have_not_begun(self) -> None:
        with pytest.raises(rp.errors.DateError, match=r"as_of\[0\].*from the start"):
            rp.statement(BOOK, as_of="2024-01-09")

    def test_books_that_collect_go_on_without_them(self) -> None:
        book = rp.Portfolio(
            principal=["1000", "-5", "2000", "3000"], rate="12%", payments=12,
            start=["2024-01-10", "2024-01-10", "2024-01-10", "2024-12-10"], errors="collect",
        )  # fmt: skip
        given = {"loan": [0, 2, 0], "on": ["2024-02-10", None, "2024-03-10"], "amount": ["9"] * 3}
        found = rp.statement(book, given, as_of="2024-06-24", penalty=rp.PenaltyTerms("1.5"))
        assert [each.row for each in found.rejects] == [1, 2, 3]
        assert [each.column for each in found.rejects] == ["principal", "on[1]", "as_of"]
        assert found.balance.tolist()[1:] == [0, 0, 0]
        assert found.ageing().loans.sum() == 1
        same(found, 0)
        with pytest.raises(rp.RepayError):
            found.row(2)

    def test_it_is_frozen(self) -> None:
        found = rp.statement(BOOK, as_of="2024-06-24")
        with pytest.raises(AttributeError, match="frozen"):
            found.rejects = rp.portfolio.Rejects()
        with pytest.raises(ValueError, match="read-only"):
            found.balance[0] = 1
