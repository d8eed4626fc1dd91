"""The journal of a lender: figures by hand, and the laws that tie it to schedules and statements."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.arrears.due_amounts import balance_on
from repaylib.measures import Journal, journal
from tests.laws.test_statements import lives
from tests.strategies.loans import (
    books,
    changed,
    columns_of,
    dated_loans,
    examples,
    ordinary_rates,
    plain_loans,
    ready_made,
    rich_loans,
)

D = Decimal
PLAIN = rp.Loan("10000", "12%", 12, "2024-01-10")
PLAN = rp.amortise(PLAIN)


def total(book: Journal, what: str) -> Decimal:
    return sum(book.amounts(what).values(), D(0))


def running(book: Journal, start: date, end: date) -> dict[date, dict[str, Decimal]]:
    """The balance of each account at the end of every day, reckoned entry by entry."""
    found: dict[date, dict[str, Decimal]] = {}
    now: dict[str, Decimal] = defaultdict(Decimal)
    by_day: dict[date, list[Any]] = defaultdict(list)
    for entry in book:
        by_day[entry.date].append(entry)
    assert all(start <= day <= end for day in by_day)
    for ordinal in range(start.toordinal(), end.toordinal() + 1):
        day = date.fromordinal(ordinal)
        for entry in by_day[day]:
            now[entry.debit] += entry.amount
            now[entry.credit] -= entry.amount
        assert sum(now.values()) == 0, "debits are credits on every day"
        found[day] = dict(now)
    return found


# -- figures ------------------------------------------------------------------------------


def test_interest_by_month_end_of_the_loan_of_the_design() -> None:
    """21 of 31 days of 100.00, then what is left of it and 19 of 29 days of 92.1151 ..."""
    accrued = journal(PLAN).amounts("accrued")
    assert list(accrued.values())[:4] == [D("67.74"), D("92.61"), D("88.78"), D("77.88")]
    assert list(accrued)[:2] == [date(2024, 1, 31), date(2024, 2, 29)]
    assert sum(accrued.values()) == PLAN.total_interest == D("661.86")
    by_day = journal(PLAN, by="day").amounts("accrued")
    january = sum(amount for day, amount in by_day.items() if day <= date(2024, 1, 31))
    assert january == D("67.74")
    assert sum(amount for day, amount in by_day.items() if day <= date(2024, 2, 10)) == 100


def test_balances_in_the_middle_of_a_loan() -> None:
    assert journal(PLAN).balances("2024-03-31") == {
        "loans": D("8415.14"),
        "cash": D("-8223.02"),
        "accrued interest": D("57.01"),
        "interest income": D("-249.13"),
    }
    assert journal(PLAN).balances() == {"cash": D("661.86"), "interest income": D("-661.86")}


def test_a_month_without_interest_is_accrued_and_waived() -> None:
    book = journal(rp.defer(PLAN, payment=4, interest="waive"))
    assert total(book, "waived") == D("76.11")
    assert total(book, "accrued") == D("661.86") + D("76.11")
    # 20 of 30 days of 76.108 by the end of April, and the rest in May
    assert book.amounts("waived") == {date(2024, 4, 30): D("50.74"), date(2024, 5, 31): D("25.37")}
    assert book.balances()["interest income"] + book.balances()["waived interest"] == D("-661.86")


def test_capitalised_interest_moves_to_the_loan() -> None:
    book = journal(rp.defer(PLAN, payment=4, repay="capitalise"), by="day")
    assert book.amounts("capitalised") == {date(2024, 5, 10): D("76.11")}
    assert book.balances("2024-05-10")["loans"] == D("7686.91")


def test_an_early_settlement_ends_the_accrual() -> None:
    quote = rp.settle(PLAN, on="2024-07-20")
    book = journal(quote, by="day")
    assert (
        book.balances("2024-07-19")["accrued interest"] == rp.settle(PLAN, on="2024-07-19").interest
    )
    assert book.amounts("accrued")
    assert set(book.balances()) == {"cash", "interest income"}
    assert max(book.amounts("accrued")) == date(2024, 7, 20)


def test_a_deducted_fee_is_spread_at_the_effective_rate() -> None:
    """At the rate of the payments, 888.49 for 9,900: 1.1675 % a month, not 1 %."""
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[rp.Fee("1%", collected="deducted")])
    plan, rate = rp.amortise(loan), rp.irr(loan)
    book = journal(loan, by="day", fees="effective")
    spread, carried = book.amounts("fee amortised"), D(9900)
    for row in plan[1:]:
        income = carried * rate
        carried += income - row.payment
        by_now = sum(amount for day, amount in spread.items() if day <= row.date)
        assert abs(row.closing - carried - (100 - by_now)) < D("0.006")
    assert sum(spread.values()) == 100
    assert journal(loan).amounts("fee charged") == {date(2024, 1, 31): D(100)}
    assert total(journal(loan), "fee amortised") == 0


def test_costs_lower_what_is_spread() -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[rp.Fee("1%")])
    even = journal(loan, fees="straight_line", costs="40", by="day")
    assert even.balances("2024-01-10")["deferred fees"] == -60
    assert even.amounts("fee amortised")[date(2024, 1, 11)] == D("0.16")  # 60 / 366 days
    assert total(even, "fee amortised") == 60
    dear = journal(PLAN, fees="effective", costs="40")
    assert total(dear, "fee amortised") == -40
    assert total(dear, "cost paid") == 40


def test_accounts_have_the_names_that_are_given() -> None:
    names = {"loans": "1310", "accrued_interest": "1320", "interest_receivable": "1320"}
    book = journal(PLAN, accounts=names)
    assert {entry.debit for entry in book} == {"1310", "1320", "cash"}
    assert not book.amounts("posted"), "what stays within an account is left out"
    assert book.balances("2024-03-31")["1320"] == D("57.01")
    both = {"fee_income": "income", "interest_income": "income"}
    assert journal(PLAN, accounts=both).balances()["income"] == D("-661.86")


def test_a_journal_is_a_table() -> None:
    book = journal(PLAN)
    assert book.to_csv().startswith(
        "date,what,debit,credit,amount\n2024-01-31,disbursed,loans,cash,10000.00\n"
    )
    assert "应计利息" in book.to_text(lang="zh")
    assert book.by_kind()["accrued"].sum() == 66186
    assert book == journal(PLAIN)
    assert hash(book) == hash(journal(PLAIN))
    assert repr(book) == "<Journal: 50 entries, 2024-01-31 to 2025-01-31>"
    assert repr(Journal()) == "<Journal: no entries>"
    assert list(to_columns(book)) == ["date", "what", "debit", "credit", "amount"]


def to_columns(book: Journal) -> dict[str, Any]:
    return {name: [row[name] for row in book.to_dicts()] for name in book.to_dicts()[0]}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ({"by": "week"}, 'by: got \'week\'; expected one of "day", "month"'),
        ({"fees": "spread"}, "fees: got 'spread'"),
        ({"costs": "5"}, 'write fees="effective"'),
        ({"accounts": {"loan": "1"}}, 'write accounts="loans"'),
        ({"accounts": {"loans": ""}}, "accounts[loans]: got ''"),
        ({"progress": True}, "leave progress out"),
    ],
)
def test_what_is_refused(words: dict[str, Any], text: str) -> None:
    with pytest.raises(rp.RepayError) as caught:
        journal(PLAN, **words)
    assert text in str(caught.value)


def test_what_has_no_one_rate_is_refused() -> None:
    free = rp.Loan("1000", "0%", 2, "2024-01-10", fees=[rp.Fee("1000", collected="deducted")])
    with pytest.raises(rp.errors.RootError, match='write fees="straight_line"'):
        journal(free, fees="effective")
    assert total(journal(free, fees="straight_line"), "fee amortised") == 1000


# -- laws ---------------------------------------------------------------------------------

plans = changed(plain_loans() | rich_loans() | dated_loans(), most=4, rates=ordinary_rates)


@settings(max_examples=examples(60), deadline=None)
@given(plans, st.data())
def test_accounts_are_the_balances_of_the_schedule(plan: rp.Schedule, data: st.DataObject) -> None:
    loan, money = plan.loan, plan.loan.money
    end = max(plan.maturity, plan.accrual_dates[-1].item())
    if (end - loan.start).days > 4000:
        return  # too long to look at every day
    book = journal(plan, by="day")
    found = running(book, loan.start, end)
    deferred, cash = money(0), money(0)
    rows = defaultdict(list)
    net = (plan.columns["out_of_pocket"] - plan.columns["received"]).tolist()
    for row, own in zip(plan, net, strict=True):
        rows[row.date].append((row.deferred, own))
    cash -= loan.principal
    for day, accounts in found.items():
        for left, own in rows.get(day, []):
            deferred = left
            cash += money(own)
        assert accounts["loans"] == money(balance_on(plan, day))
        assert accounts.get("interest receivable", 0) == deferred
        taken_over = accounts.get("arrears taken over", 0)
        assert accounts["cash"] + taken_over == cash
    last = found[end]
    assert {name for name, left in last.items() if left} <= {
        *("cash", "interest income", "waived interest", "fee income", "loan losses", "tax payable"),
        "arrears taken over",
    }
    assert total(book, "accrued") == sum(plan.columns["accrued"].tolist()) * money(1)
    assert total(book, "waived") == plan.total_waived
    monthly = journal(plan)
    sums: dict[Any, Decimal] = defaultdict(Decimal)
    for entry in book:
        sums[entry.date.replace(day=1), entry[1:4]] += entry.amount
    by_month = {(entry.date.replace(day=1), entry[1:4]): entry.amount for entry in monthly}
    assert by_month == {key: amount for key, amount in sums.items() if amount}
    # what has accrued is what an early settlement of the day charges by the contract
    day = loan.start + timedelta(data.draw(st.integers(0, max(0, (end - loan.start).days - 1))))
    if loan.method == "flat" or loan.interest_base != "balance" or day >= plan.maturity:
        return
    if any(isinstance(change, rp.changes.EarlySettlement) for change in plan.changes):
        return
    if plan.ledger.moved or any(method == "flat" for _, method in plan.ledger.methods):
        return
    try:
        settled = plan.then(rp.changes.EarlySettlement(on=day, fee="0")).ledger.settled
    except rp.RepayError:
        return
    claimed = found[day].get("accrued interest", D(0)) + found[day].get("interest receivable", D(0))
    assert claimed == money(settled.interest + settled.deferred_interest)


@settings(max_examples=examples(60), deadline=None)
@given(
    changed(rich_loans() | plain_loans(), most=3),
    st.sampled_from(["effective", "straight_line"]),
    st.none() | st.integers(1, 300),
)
def test_fees_are_spread_to_the_end(plan: rp.Schedule, fees: Any, costs: int | None) -> None:
    if (plan.maturity - plan.loan.start).days > 4000:
        return  # too long to look at every day
    words: dict[str, Any] = {"fees": fees, "costs": costs}
    try:
        book = journal(plan, **words)
    except rp.errors.RootError:
        assert fees == "effective"
        return
    assert "deferred fees" not in book.balances()
    start = sum(charge.amount for charge in plan.fee_charges if charge.fee.when == "start")
    wanted = plan.loan.money(start) - (costs or 0)
    assert total(book, "fee amortised") == wanted
    at_once = {entry: 1 for entry in journal(plan) if entry.what not in ("fee charged",)}
    kept = {
        entry: 1
        for entry in book
        if entry.what not in ("fee charged", "fee amortised", "cost paid")
    }
    assert kept == at_once, "nothing else depends on how fees are spread"
    if not plan.changes:
        return
    before = plan.loan if len(plan.changes) == 1 else rp.Schedule(plan.loan, plan.changes[:-1])
    try:
        earlier = journal(before, by="day", **words)
    except rp.errors.RootError:
        return
    day = plan.change_days[-1]
    if list(plan.change_days) != sorted(plan.change_days):
        return  # agreed later, and takes effect earlier
    spread = journal(plan, by="day", **words).amounts("fee amortised")
    until = {on: amount for on, amount in spread.items() if on < day}
    assert until == {
        on: amount for on, amount in earlier.amounts("fee amortised").items() if on < day
    }


@settings(max_examples=examples(30), deadline=None)
@given(
    lives(plain_loans(extras=False) | plain_loans() | rich_loans()),
    ready_made,
    st.sampled_from(["schedule", "balance", "daily_simple"]),
    st.data(),
)
def test_accounts_are_the_balances_of_a_statement(
    life: Any, order: Any, interest: Any, data: st.DataObject
) -> None:
    plan, paid, day = life
    by: Any = "day" if (day - plan.loan.start).days < 100 else "month"
    if plan.loan.method == "flat":
        interest = "schedule"
    extra = data.draw(st.lists(more_events(plan, day), max_size=2))
    penalty = data.draw(
        st.sampled_from(
            [None, rp.PenaltyTerms("1.5"), rp.PenaltyTerms("1.5", late_fee="5", grace_days=3)]
        )
    )
    words: dict[str, Any] = {"allocation": order, "interest": interest, "penalty": penalty}
    try:
        owed = rp.statement(plan, [*paid, *extra], as_of=day, **words)
    except rp.RepayError:  # more is waived than is owed
        return
    book = journal(owed, by=by)
    accounts = running(book, plan.loan.start, day)[day]
    lent = plan.loan.principal + more_lent(plan, min(day, owed.ended or day))
    state = owed.servicing
    assert accounts["cash"] == owed.received - owed.refunded - lent
    lines = owed.account
    sums = {name: sum(getattr(line, name) for line in lines) for name in PARTS}
    if state.write_off is None:
        due, accrued = (
            accounts.get("interest receivable", D(0)),
            accounts.get("accrued interest", D(0)),
        )
        assert accounts["loans"] == sums["principal"]
        flat = plan.loan.method == "flat" or plan.loan.interest_base != "balance"
        assert due + accrued == sums["interest"] or flat
        charges = sums["fees"] + sums["penalty"] + sums["costs"]
        assert accounts.get("charges receivable", 0) == charges
        assert accounts.get("unallocated", 0) == sums["unallocated"]
        if interest == "schedule":
            assert due == owed.due.interest + owed.due.deferred_interest + undue_deferred(owed)
    else:
        assert not any(accounts.get(name) for name in ASSETS)
    if interest == "schedule" and not (extra or owed.ended or owed.prepayments):
        planned = journal(plan, by=by)
        for what in ("accrued", "waived", "posted", "disbursed", "tax charged"):
            if not plan.ledger.moved and by == "day":
                assert nonzero(book, what) == nonzero(planned, what, day), what
    if penalty is None and not extra:
        assert not book.amounts("penalty charged")


def nonzero(book: Journal, what: str, day: date = date.max) -> dict[date, Decimal]:
    return {on: amount for on, amount in book.amounts(what).items() if amount and on <= day}


PARTS = ("principal", "interest", "fees", "penalty", "costs", "unallocated")
ASSETS = ("loans", "accrued interest", "interest receivable", "charges receivable", "unallocated")


def undue_deferred(owed: rp.arrears.Statement) -> Decimal:
    quote = owed.servicing.quote(owed.as_of, fee=False)
    return owed.schedule.loan.money(0 if quote is None else quote.ledger.settled.deferred_interest)


def more_lent(plan: rp.Schedule, day: date) -> Decimal:
    columns = plan.columns
    lent = [
        own - cash
        for on, own, cash in zip(
            columns["date"].tolist(),
            columns["advanced"].tolist(),
            columns["non_cash"].tolist(),
            strict=True,
        )
        if on <= day
    ]
    return plan.loan.money(sum(lent))


@st.composite
def more_events(draw: st.DrawFn, plan: rp.Schedule, day: date) -> Any:
    on = plan.loan.start + timedelta(draw(st.integers(0, max(0, (day - plan.loan.start).days))))
    kind = draw(st.sampled_from(["charge", "fee", "waiver", "write_off", "acceleration"]))
    match kind:
        case "charge":
            return rp.arrears.Charge(on, "20", "costs")
        case "fee":
            return rp.arrears.Charge(on, "7", "fee")
        case "waiver":
            of: Any = draw(st.sampled_from(["interest", "penalty", "fee", "principal"]))
            return rp.arrears.Waiver(on, of, share="50%")
        case "write_off":
            return rp.arrears.WriteOff(on, accrual=draw(st.sampled_from(["stop", "continue"])))
    return rp.arrears.Acceleration(on)


def test_what_is_drawn_after_a_write_off_is_a_loss_at_once() -> None:
    """10,000 and 500 are lent; unless interest stops, when nothing more is drawn."""
    loan = rp.Loan("10000", "0%", 12, "2024-01-10", drawdowns=[("2024-02-01", "500")])
    cases: list[tuple[Any, Decimal]] = [("continue", D(10_500)), ("stop", D(10_000))]
    for accrual, lent in cases:
        off = rp.arrears.WriteOff("2024-01-20", accrual=accrual)
        book = journal(rp.statement(loan, [off], as_of="2024-02-01"))
        assert book.balances() == {"cash": -lent, "loan losses": lent}


@settings(max_examples=examples(20), deadline=None)
@given(lives(plain_loans(extras=False)), st.sampled_from(["schedule", "balance", "daily_simple"]))
def test_a_month_of_a_statement_is_the_sum_of_its_days(life: Any, interest: Any) -> None:
    plan, paid, day = life
    day = min(day, plan.loan.start + timedelta(200))
    interest = "schedule" if plan.loan.method == "flat" else interest
    owed = rp.statement(plan, paid, as_of=day, interest=interest, penalty=rp.PenaltyTerms("1.5"))
    sums: dict[Any, Decimal] = defaultdict(Decimal)
    for entry in journal(owed, by="day"):
        sums[entry.date.replace(day=1), entry[1:4]] += entry.amount
    months = {(entry.date.replace(day=1), entry[1:4]): entry.amount for entry in journal(owed)}
    assert months == {key: amount for key, amount in sums.items() if amount}


@settings(max_examples=examples(20), deadline=None)
@given(books(most=4), st.data())
def test_the_journal_of_a_book_is_the_sum_of_its_loans(each: Any, data: st.DataObject) -> None:
    for words in each:
        words["currency"] = "EUR"
        words["principal"] = words["principal"].quantize(D("0.01"))
    book = rp.Portfolio(**columns_of(each), errors="collect")
    plan = rp.amortise(book)
    sums: dict[Any, Decimal] = defaultdict(Decimal)
    rejected = {reject.row for reject in plan.rejects}
    for row in set(range(len(plan))) - rejected:
        for entry in journal(plan.row(row)):
            sums[entry[:4]] += entry.amount
    assert {entry[:4]: entry.amount for entry in journal(plan)} == {
        key: amount for key, amount in sums.items() if amount
    }


def test_the_journal_of_a_book() -> None:
    book = rp.Portfolio(
        principal=["10000", "5000"], rate="12%", payments=12, start=["2024-01-10", "2024-02-20"]
    )
    accrued = journal(book).amounts("accrued")
    single = [journal(book.loan(row)).amounts("accrued") for row in range(2)]
    assert accrued[date(2024, 1, 31)] == D("67.74")
    assert accrued[date(2024, 3, 31)] == sum(each[date(2024, 3, 31)] for each in single)
    paid = {"loan": [0], "on": ["2024-02-10"], "amount": ["888.49"]}
    owed = rp.statement(book, paid, as_of="2024-03-20")
    told: list[int] = []
    both = journal(owed, progress=lambda done, _: told.append(done))
    assert told == [0, 1, 2]
    assert (
        both.balances()["loans"] == owed.row(0).balances.principal + owed.row(1).balances.principal
    )
    mixed = rp.Portfolio(
        principal=["1", "2"], rate="1%", payments=2, start="2024-01-10", currency=["EUR", "JPY"]
    )
    with pytest.raises(rp.RepayError, match="loans of one currency"):
        journal(mixed)
