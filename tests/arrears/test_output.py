"""What leaves Python of a statement: the running account, tables, and JSON that is read again."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.arrears import Account, Charge, Refund, Statement, Waiver, WriteOff
from repaylib.arrears.output.account import COLUMNS, UNDUE
from tests.strategies.loans import allocations, changes_for, examples, penalties, rich_loans

D = Decimal
PLAN = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
EVENTS = [
    rp.Receipt("2024-02-10", "888.49"),
    rp.Receipt("2024-03-25", "900", id="A17"),
    Charge("2024-04-01", "20", name="letter"),
    rp.Receipt("2024-05-20", "300"),
    Waiver("2024-05-21", "penalty"),
]
BASES = ("schedule", "balance", "daily_simple")


def stated(interest: Any = "schedule", **words: Any) -> Statement:
    words = {"penalty": rp.PenaltyTerms("1.5"), "as_of": "2024-06-01", **words}
    return rp.statement(PLAN, EVENTS, interest=interest, **words)


def told(account: Account) -> list[tuple[str, str, str, str]]:
    return [(str(line.date), line.event, str(line.amount), str(line.balance)) for line in account]


def test_the_running_account() -> None:
    account = stated().account
    assert told(account)[:7] == [
        ("2024-01-10", "paid out", "10000.00", "10000.00"),
        ("2024-02-10", "instalment 1 due", "100.00", "10100.00"),
        ("2024-02-10", "received", "-888.49", "9211.51"),
        ("2024-03-10", "instalment 2 due", "92.12", "9303.63"),
        ("2024-03-25", "accrued", "46.50", "9350.13"),
        ("2024-03-25", "received (A17)", "-900.00", "8450.13"),
        ("2024-04-01", "letter", "39.00", "8489.13"),
    ]
    late = account[5]
    parts = (late.principal, late.interest, late.penalty, late.unallocated)
    assert parts == (D("-796.37"), D("-92.12"), D("-5.78"), D("-5.73"))
    used = account[7]
    assert (used.event, used.amount) == ("money held used", D(0))
    assert (used.fees, used.unallocated) == (D("-5.73"), D("5.73"))
    assert max(map(len, str(account).splitlines())) <= 88


def test_what_is_given_back_and_written_off() -> None:
    events = [
        rp.Receipt("2024-02-10", "988.49"),
        Refund("2024-02-12", "40"),
        WriteOff("2024-02-14", "continue"),
    ]
    account = rp.statement(PLAN, events, as_of="2024-02-14").account
    assert [line[1:3] for line in told(account)[2:]] == [
        ("received", "-988.49"),
        ("accrued", "6.35"),
        ("given back", "40.00"),
        ("accrued", "6.36"),
        ("written off", "0.00"),
    ]


@pytest.mark.parametrize(
    ("fee", "charged"),
    [(rp.Fee("1%", when="settlement"), "100.00"), (rp.Fee("120", refund="pro_rata"), "-115.08")],
)
def test_what_a_settlement_charges_or_gives_back_is_a_line_of_its_own(
    fee: rp.Fee, charged: str
) -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", fees=[fee]))
    paid = rp.Receipt("2024-01-10", "120")
    payoff = rp.statement(plan, [paid], as_of="2024-01-25").payoff
    events = [paid, rp.Receipt("2024-01-25", payoff)]
    account = rp.statement(plan, events, as_of="2024-02-01").account
    assert [line[1:] for line in told(account)[-2:]] == [
        ("settlement", charged, str(payoff)),
        ("received", str(-payoff), "0.00"),
    ]


@pytest.mark.parametrize("interest", BASES)
def test_tables_of_other_libraries(interest: str) -> None:
    duckdb, polars, pyarrow = map(pytest.importorskip, ("duckdb", "polars", "pyarrow"))
    owed = stated(interest)
    account, amounts = owed.account, [line.amount for line in owed.account]
    assert polars.DataFrame(account)["amount"].to_list() == amounts
    assert pyarrow.table(account)["amount"].to_pylist() == amounts
    assert account.to_pandas()["amount"].tolist() == amounts
    assert duckdb.sql("select sum(amount) from account").fetchall() == [(account[-1].balance,)]
    lines = list(csv.DictReader(io.StringIO(account.to_csv())))
    assert [D(line["amount"]) for line in lines] == amounts
    rows = [row.outstanding for row in owed.rows]
    assert polars.DataFrame(owed)["outstanding"].to_list() == rows
    assert owed.to_pandas()["outstanding"].tolist() == rows
    frame = pyarrow.table(owed)
    assert frame["paid_on"].to_pylist() == [row.paid_on for row in owed.rows]
    assert frame["open_penalty"].to_pylist() == [row.open.penalty for row in owed.rows]
    assert owed.to_csv().startswith("number,due,name,status,amount,outstanding,asked_principal")
    assert "instalment 1 due" in account._repr_html_()


@pytest.mark.parametrize("interest", BASES)
def test_stored_and_read_again(interest: str) -> None:
    steps = rp.steps(rp.PenaltyTerms("1.5"), {"2024-03-01": rp.PenaltyTerms(rate="24%")})
    ahead = rp.Allocation.chinese_card().with_ahead("maturity")
    for owed in (stated(interest), stated(interest, penalty=steps, allocation=ahead)):
        again = Statement.from_json(owed.to_json())
        assert again == owed
        assert again.later("2024-07-01") == owed.later("2024-07-01")
        assert again.account == owed.account


def test_a_statement_under_an_agreement_is_stored_with_it() -> None:
    rule = rp.arrears.Breach(days=30, reinstates="forgiven")
    new = rp.renegotiate(
        stated(), payments=18, arrears={"penalty": "forgive"}, breach=rule, agreed="2024-06-01"
    )
    paid = [rp.Receipt("2024-07-01", "500")]
    for day in ("2024-07-02", "2024-12-01"):
        owed = new.statement(paid, as_of=day)
        again = Statement.from_dict(json.loads(owed.to_json()))
        assert again == owed
        assert again.arrangement == owed.arrangement
        assert again.later("2025-03-01") == owed.later("2025-03-01")
        assert owed.account[-1].balance == owed.payoff


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (["format"], "repaylib.schedule", "format"),
        (["version"], 2, "version"),
        (["events", 0, "receipt", "amount"], "-1", "events[0].receipt.amount"),
        (["events", 0], {"recipt": {}}, "events[0].recipt"),
        (["options", "rest"], None, "options.rest"),
        (["options", "allocation"], [], "options.allocation"),
        (["events", 0], [], "events[0]"),
        (["events"], {}, "events"),
        (["schedule", "loan", "rate"], "high", "schedule.loan.rate"),
        (["arrangement"], "none", "arrangement"),
    ],
)
def test_the_error_names_what_is_wrong_in_what_was_stored(
    path: list[Any], value: object, named: str
) -> None:
    plain = json.loads(stated().to_json())
    inner = plain
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(rp.RepayError) as error:
        Statement.from_dict(plain)
    assert error.value.parameter == named


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """Statements of loans of every kind, with changes and events of every kind."""
    plan = rp.amortise(draw(rich_loans()))
    with suppress(rp.RepayError):  # a change that may not be possible
        plan = plan.then(draw(changes_for(plan)))
    loan, days = plan.loan, (plan.maturity - plan.loan.start).days
    on = st.integers(0, days + 40).map(lambda count: loan.start + timedelta(days=count))
    amounts = st.integers(1, 2 * loan.minor(loan.principal, "principal")).map(loan.money)
    small = st.integers(1, 5000).map(loan.money)
    kinds = st.sampled_from(["fee", "costs", "penalty", "interest", "principal"])
    event = st.one_of(
        st.builds(rp.Receipt, on, amounts | small),
        st.builds(Charge, on, small, kinds, apart=st.booleans()),
        st.builds(Waiver, on, kinds, share=st.sampled_from(["50%", "100%"])),
        st.builds(WriteOff, on, st.sampled_from(["stop", "continue"])),
        st.builds(rp.arrears.Acceleration, on),
    )
    events = draw(st.lists(event, max_size=8))
    words: dict[str, Any] = {
        "penalty": draw(st.none() | penalties()),
        "allocation": draw(allocations()),
        "interest": draw(st.sampled_from(BASES)),
    }
    try:
        return rp.statement(plan, events, as_of=draw(on), **words)
    except rp.RepayError:
        words["interest"], words["penalty"] = "schedule", None
        return rp.statement(plan, events, as_of=draw(on), **words)


def test_an_account_of_principal_alone_prints() -> None:
    """Without interest, fees and penalties no other column is there."""
    one = rp.amortise(rp.Loan("100000", "0%", 1, "2024-01-31", currency="JPY"))
    account = rp.statement(one, [rp.Receipt("2024-02-29", "40000")], as_of="2024-03-31").account
    header, _, *lines = str(account).splitlines()
    assert header.split() == ["date", "event", "amount", "principal", "interest", "balance"]
    assert lines[-1].split() == ["2024-02-29", "received", "-40,000", "-40,000", "60,000"]


@settings(max_examples=examples(60))
@given(statements())
def test_laws_of_the_account(owed: Statement) -> None:
    """Each amount is the sum of its parts, and the balance is the sum of the amounts."""
    account, balance, last = owed.account, D(0), date.min
    assert max(map(len, str(account).splitlines())) <= 88
    assert account._repr_html_().startswith("<table")
    for line in account:
        assert line.amount == sum(getattr(line, name) for name in (*COLUMNS, "unallocated"))
        balance += line.amount
        assert line.balance == balance
        assert line.date >= last
        last = line.date
    received = sum(line.amount for line in account if line.event.startswith("received"))
    assert received == -owed.received
    state = owed.servicing
    quote = state.quote(owed.as_of, fee=False)
    undue = 0 if quote is None else sum(getattr(quote.ledger.settled, kind) for kind in UNDUE)
    minor = state.owed(owed.as_of) + undue - state.unallocated
    assert balance == state.loan.money(minor)


@settings(max_examples=examples(30))
@given(statements())
def test_every_statement_is_read_as_it_was_stored(owed: Statement) -> None:
    assert Statement.from_json(owed.to_json()) == owed


def test_half_a_cent_carried_on_does_not_keep_a_settled_loan_open() -> None:
    """Interest of 6.675 is posted as 6.68; the half cent too much is nothing that is still owed."""
    fee = rp.Fee("12.50", collected="financed", refund="pro_rata")
    loan = rp.Loan("10000", "0.8%", 24, "2025-07-17", method="interest_only", fees=[fee])
    plan = rp.defer(loan, on="2025-10-11", periods=5, pause="interest", hold="last", repay="last")
    called = [rp.arrears.Acceleration("2025-09-04")]
    owed = rp.statement(plan, called, as_of="2025-10-01", interest="daily_simple")
    assert owed.account[-1].balance == owed.balances.total
