"""Laws of the three words for interest: on the schedule, on the balance, and daily simple."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.money.rounding import round_fraction
from tests.strategies.loans import examples, ordinary_rates

D = Decimal
WORDS: Any = st.sampled_from(["schedule", "balance", "daily_simple"])
ON_BALANCE: Any = st.sampled_from(["balance", "daily_simple"])
PENALTY: Any = st.none() | st.builds(
    rp.PenaltyTerms,
    st.sampled_from(["1.5", "2"]),
    base=st.sampled_from(["principal", "instalment"]),
)
FEW = settings(max_examples=examples(60))
COUNTS = {"actual/365": 365, "actual/360": 360}


@st.composite
def loans(draw: st.DrawFn, counts: Any = (*COUNTS, "periodic")) -> rp.Loan:
    words: dict[str, Any] = {}
    if draw(st.booleans()):
        words["every"] = draw(st.sampled_from(["2 weeks", "month", "quarter"]))
    count = draw(st.sampled_from(counts))
    if words.get("every") == "2 weeks" and count == "periodic":
        count = "actual/365"
    return rp.Loan(
        draw(st.integers(1_000, 2_000_000)) * D("0.01"),
        draw(ordinary_rates),
        draw(st.sampled_from([1, 2, 2, 3, 3, 4, 7, 12])),
        date(2024, 1, 1) + timedelta(days=draw(st.integers(0, 59))),
        method=draw(st.sampled_from(["level", "level", "equal_principal", "interest_only"])),
        day_count=count,
        **words,
    )


@st.composite
def lives(draw: st.DrawFn, counts: Any = (*COUNTS, "periodic"), after: int = 200) -> Any:
    """A plan, what came in on odd days and due dates, and a day, perhaps long after the end."""
    plan = rp.amortise(draw(loans(counts)))
    start, last = plan.loan.start, (plan.maturity - plan.loan.start).days
    days = st.integers(0, last + after) | st.sampled_from([(row.date - start).days for row in plan])
    largest = int(plan.loan.principal * 100)
    usual = int(plan[0].payment * 100) or 1
    amounts = st.sampled_from([usual, usual, 2 * usual]) | st.integers(1, largest // 3 + 1)
    amounts |= st.integers(largest // 3, largest) | st.integers(1, largest // 99 + 1)
    paid = [
        rp.Receipt(start + timedelta(days=day), D(amount) / 100, id=str(number))
        for number, (day, amount) in enumerate(
            draw(st.lists(st.tuples(days, amounts), max_size=draw(st.sampled_from([1, 2, 7]))))
        )
    ]
    due = draw(st.sampled_from(list(plan))).date
    return (
        plan,
        paid,
        draw(
            st.builds(lambda more: due + timedelta(days=more), st.integers(0, 40))
            | st.builds(lambda more: start + timedelta(days=more), st.integers(0, last + after))
        ),
    )


def plain(loan: rp.Loan, paid: list[rp.Receipt], day: date) -> tuple[int, Fraction]:
    """Daily simple interest by hand: principal and interest owed, in minor units."""
    year, rate = COUNTS[str(loan.day_count)], loan.first_rate.value
    principal, interest, since = loan.minor(loan.principal, "x"), Fraction(0), loan.start
    for on in sorted({each.on for each in paid if each.on <= day}):
        money = sum(loan.minor(each.amount, "x") for each in paid if each.on == on)
        interest += principal * rate * Fraction((on - since).days, year)
        accrued = round_fraction(interest, loan.rounding)
        first = min(money, accrued)
        interest, principal, since = Fraction(accrued - first), principal - (money - first), on
        assume(principal > 0)
    return principal, interest + principal * rate * Fraction((day - since).days, year)


@given(lives(tuple(COUNTS)))
def test_daily_simple_interest_is_what_one_reckons_by_hand(life: Any) -> None:
    plan, paid, day = life
    loan: rp.Loan = plan.loan
    principal, interest = plain(loan, paid, day)
    owed = rp.statement(plan, paid, as_of=day, interest="daily_simple")
    owed.check()
    assert owed.balances.principal == loan.money(principal)
    assert owed.balances.interest == loan.money(round_fraction(interest, loan.rounding))
    assert owed.payoff == owed.balances.total
    assert owed.credit == 0


def test_a_receipt_that_is_all_interest_rounds_it() -> None:
    """35 days of 9,985.62 are 114.90, of which 64.90 are left; 22 days more make 137.12."""
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", day_count="actual/365"))
    paid = [rp.Receipt("2024-02-02", "90"), rp.Receipt("2024-03-08", "50")]
    owed = rp.statement(plan, paid, as_of="2024-03-30", interest="daily_simple")
    assert owed.balances.interest == D("137.12")


@FEW
@given(loans(), WORDS, PENALTY, st.integers(0, 15))
def test_every_payment_on_its_day_is_the_schedule(
    loan: rp.Loan, word: Any, penalty: Any, done: int
) -> None:
    plan = rp.amortise(loan)
    asked = [row for row in plan if row.payment]
    assume(len(asked) == len(plan))  # interest below half a cent is otherwise never received
    rows = asked[:done]
    day = rows[-1].date if rows else loan.start
    paid = [rp.Receipt(row.date, row.payment) for row in rows]
    owed = rp.statement(plan, paid, as_of=day, interest=word, penalty=penalty)
    assert owed.payoff == owed.balances.principal == (rows[-1].closing if rows else loan.principal)
    assert owed.due.total == owed.credit == owed.days_past_due == 0
    for row, each in zip(rows, owed.instalments, strict=False):
        assert (each.paid.interest, each.paid.principal) == (row.interest, row.principal)
    assert [each.amount for each in owed.instalments] == [row.payment for row in asked]


@FEW
@given(lives(), WORDS, PENALTY)
def test_who_is_ahead_is_never_late(life: Any, word: Any, penalty: Any) -> None:
    """Who has paid by each due date what the schedule asks for up to it owes nothing overdue."""
    plan, paid, day = life
    if plan.loan.method != "level" and word == "daily_simple":
        word = "balance"  # interest on top is rounded with each receipt, which may ask a cent more
    asked = D(0)
    for row in plan:
        asked += row.payment
        received = sum((each.amount for each in paid if each.on <= row.date), D(0))
        if received < asked:
            paid = [*paid, rp.Receipt(row.date, asked - received)]
    owed = rp.statement(plan, paid, as_of=day, interest=word, penalty=penalty)
    assert (owed.days_past_due, owed.due.total, owed.balances.penalty) == (0, 0, 0)
    assert owed.payoff <= max(0, sum((row.payment for row in plan), D(0)) - owed.received)


@FEW
@given(loans(), WORDS, st.integers(1, 95), st.integers(1, 60), st.integers(0, 40), st.data())
def test_more_paid_ahead_never_lets_more_fall_due(
    loan: rp.Loan, word: Any, share: int, more: int, when: int, data: Any
) -> None:
    """Money held does not end the plan early, so that the rest would fall due."""
    plan = rp.amortise(loan)
    day = data.draw(st.sampled_from(list(plan[:-1]) or list(plan))).date
    on = loan.start + timedelta(days=(day - loan.start).days * when // 100)

    def owed(percent: int) -> rp.arrears.Statement:
        amount = max(D("0.01"), round(loan.principal * percent / 100, 2))
        return rp.statement(plan, [rp.Receipt(on, amount)], as_of=day, interest=word)

    now, less = owed(share + more), owed(share)
    assert now.due.total <= less.due.total
    assert now.payoff <= less.payoff


@given(lives(), WORDS, PENALTY, st.integers(0, 99), st.integers(0, 60))
def test_more_paid_never_leaves_more(
    life: Any, word: Any, penalty: Any, when: int, more: int
) -> None:
    plan, paid, day = life
    length = (plan.maturity - plan.loan.start).days
    amount = max(D("0.01"), round(plan.loan.principal * more / 100, 2))
    extra = rp.Receipt(plan.loan.start + timedelta(days=length * when // 100), amount, id="more")
    words: dict[str, Any] = {"as_of": day, "interest": word, "penalty": penalty}
    less = rp.statement(plan, paid, **words)
    now = rp.statement(plan, [*paid, extra], **words)
    now.check()
    assert now.payoff <= less.payoff
    assert now.days_past_due <= less.days_past_due
    assert now.arrears.total <= less.arrears.total
    assert now.due.total <= less.due.total


@FEW
@given(lives(), ON_BALANCE, st.integers(0, 400), st.data())
def test_after_the_end_interest_is_on_the_balance(
    life: Any, word: Any, days: int, data: Any
) -> None:
    """By the balance, the days and the rate in force, whatever it is made of."""
    plan, paid, _ = life
    loan: rp.Loan = plan.loan
    assume(loan.day_count != "periodic")
    change = data.draw(st.integers(0, 400))
    rate = rp.steps(loan.first_rate, {plan.maturity + timedelta(days=change + 1): "24%"})
    stepped = rp.Loan(
        loan.principal,
        rate,
        loan.payments,
        loan.start,
        method=loan.method,
        day_count=loan.day_count,
        every=loan.every,
    )
    paid = [each for each in paid if each.on < plan.maturity]
    end, day = plan.maturity, plan.maturity + timedelta(days=days)
    one, other = (rp.statement(stepped, paid, as_of=each, interest=word) for each in (end, day))
    old = min(days, change + 1)
    year = COUNTS[str(loan.day_count)]
    owed = loan.signed(one.balances.principal)
    exact = owed * (loan.first_rate.value * old + Fraction(24, 100) * (days - old)) / year
    found = loan.signed(other.payoff) - loan.signed(one.payoff)
    slack = 0 if word == "balance" else 1  # what is rounded with the next receipt only
    assert abs(found - round_fraction(exact, loan.rounding)) <= slack
    assert one.payoff_on(day) == other.payoff
    assert other.balances.principal == one.balances.principal
