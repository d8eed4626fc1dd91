"""Laws of the three words for interest: on the schedule, on the balance, and daily simple."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.exact import round_fraction
from tests.strategies import ordinary_rates, penalty_terms

D = Decimal
WORDS: Any = st.sampled_from(["schedule", "balance", "daily_simple"])
ON_BALANCE: Any = st.sampled_from(["balance", "daily_simple"])
PENALTY: Any = st.none() | st.builds(
    rp.PenaltyTerms, st.sampled_from(["1.5", "2"]), base=st.sampled_from(["principal", "instalment"])
)
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
        draw(st.integers(1, 15)),
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
    largest = int(plan.loan.principal * 100) // 3 + 1
    usual = int(plan[0].payment * 100) or 1
    amounts = st.sampled_from([usual, usual, 2 * usual]) | st.integers(1, largest)
    paid = [
        rp.Receipt(start + timedelta(days=day), D(amount) / 100, id=str(number))
        for number, (day, amount) in enumerate(draw(st.lists(st.tuples(days, amounts), max_size=7)))
    ]
    return plan, paid, start + timedelta(days=draw(st.integers(0, last + after)))


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
    assert owed.to_clear == owed.balances.total
    assert owed.credit == 0
