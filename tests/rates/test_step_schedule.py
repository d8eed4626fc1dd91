"""Values that step, and loans whose rate does."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.engine.program import compile_loan, rounded_off
from repaylib.rates.annuity import grown_payments
from repaylib.rates.step_schedule import STEP_HOLDS, in_force
from tests.strategies.loans import changes_for, plain_loans, stepped

GOOD: dict[str, Any] = {"principal": "10000", "payments": 12, "start": "2024-01-10"}


def rows(schedule: rp.Schedule) -> list[tuple[object, ...]]:
    return [tuple(row) for row in schedule]


def with_rate(loan: rp.Loan, rate: Any) -> rp.Loan:
    """The same loan at another rate."""
    words = {name: getattr(loan, name) for name in loan.__dataclass_fields__ if name != "rate"}
    return rp.Loan(rate=rate, **words)


# -- the value --------------------------------------------------------------------------


def test_steps_are_read_in_any_order_and_form() -> None:
    first = rp.steps("3%", {"2026-01-10": "5%", 25: "6%"})
    assert first == rp.steps("3%", [(25, "6%"), (date(2026, 1, 10), "5%")])
    assert hash(first) == hash(rp.steps("3%", {25: "6%", date(2026, 1, 10): "5%"}))
    assert first.changes == ((date(2026, 1, 10), "5%"), (25, "6%"))
    assert str(first) == "3%, 5% from 2026-01-10 on, 6% from instalment 25 on"
    assert pickle.loads(pickle.dumps(first)) == first
    with pytest.raises(AttributeError):
        setattr(first, "initial", "4%")  # noqa: B010  # mypy would refuse the plain form


def test_steps_of_any_value() -> None:
    fees = rp.steps("5", {13: "6"}).read(lambda value, _: Decimal(value), "fee")
    placed = fees.placed(date(2024, 1, 10), lambda number: date(2024 + number // 12, 1, 10), "fee")
    assert placed == ((date(2025, 1, 10), Decimal(6)),)
    assert in_force(fees.initial, placed, date(2025, 1, 9)) == 5
    assert in_force(fees.initial, placed, date(2025, 1, 10)) == 6


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"2026-01-10": "5%", date(2026, 1, 10): "6%"}, rp.errors.TermsError, "'5%' and '6%'"),
        ({1: "5%"}, rp.errors.CountError, "the initial one"),
        ({0: "5%"}, rp.errors.CountError, "2 to"),
        ({10**6: "5%"}, rp.errors.CountError, "2 to"),
        ({"soon": "5%"}, rp.errors.DateError, "number of an instalment"),
        ({2.5: "5%"}, rp.errors.DateError, "number of an instalment"),
        ("5%", rp.errors.TermsError, "write such as"),
        (5, rp.errors.TermsError, "write such as"),
        ([("2026-01-10",)], rp.errors.TermsError, "write such as"),
    ],
)
def test_steps_refuse(changes: Any, kind: type[rp.RepayError], words: str) -> None:
    with pytest.raises(kind, match=words):
        rp.steps("3%", changes)


@pytest.mark.parametrize(
    ("rate", "kind", "words"),
    [
        (rp.steps("3%", {"2024-01-10": "5%"}), rp.errors.TermsError, "start=2024-01-10"),
        (rp.steps("3%", {"2020-01-10": "5%"}), rp.errors.TermsError, "start=2024-01-10"),
        (
            rp.steps("3%", {"2024-02-10": "5%", 2: "6%"}),
            rp.errors.TermsError,
            "5% from 2024-02-10 on",
        ),
        (rp.steps("3", {2: "6%"}), rp.errors.RateError, "rate: got '3'"),
        (rp.steps("3%", {2: "-6%"}), rp.errors.RateError, "rate: got '-6%'"),
    ],
)
def test_loans_refuse_steps(rate: Any, kind: type[rp.RepayError], words: str) -> None:
    with pytest.raises(kind, match=words):
        rp.Loan(rate=rate, **GOOD)


def test_an_instalment_cannot_be_given_and_solved() -> None:
    with pytest.raises(rp.errors.TermsError, match='hold="level"'):
        rp.Loan(rate=rp.steps("3%", {7: "6%"}, "level"), instalment="850", **GOOD)
    plan = rp.amortise(rp.Loan(rate=rp.steps("3%", {7: "6%"}, "last"), instalment="850", **GOOD))
    assert plan[10].payment == 850


def test_an_unknown_word() -> None:
    words: Any = "count"
    with pytest.raises(rp.errors.ChoiceError, match="level"):
        rp.steps("3%", {7: "6%"}, words)


# -- the loan ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hold", "first", "seventh", "last", "count"),
    [
        ("maturity", "846.94", "854.33", "854.32", 12),
        ("payment", "846.94", "846.94", "45.11", 13),
        ("last", "846.94", "846.94", "891.83", 12),
        ("level", "850.59", "850.59", "850.58", 12),
    ],
)
def test_what_a_step_holds(hold: Any, first: str, seventh: str, last: str, count: int) -> None:
    loan = rp.Loan(rate=rp.steps("3%", {7: "6%"}, hold), **GOOD)
    plan = rp.amortise(loan)
    assert (str(plan[0].payment), str(plan[6].payment)) == (first, seventh)
    assert (str(plan.final_payment), len(plan)) == (last, count)
    assert plan[6].interest == (plan[5].closing * Decimal("0.005")).quantize(Decimal("0.01"))
    assert rp.Schedule.from_json(plan.to_json()) == plan
    assert hash(rp.Loan(rate=rp.steps("3%", {7: "6%"}, hold), **GOOD)) == hash(loan)
    assert "6% from instalment 7 on" in plan.terms()
    plan.check()


def test_the_level_instalment_by_hand() -> None:
    """10,000 is worth six payments at 1/4 % a month and six at 1/2 % after them."""
    low, high = Fraction(401, 400), Fraction(201, 200)
    worth = sum(1 / low**k for k in range(1, 7)) + sum(1 / (low**6 * high**k) for k in range(1, 7))
    assert round(10_000 / worth, 6) == Fraction("850.589277")
    loan = rp.Loan(rate=rp.steps("3%", {7: "6%"}, "level"), decimals=12, **GOOD)
    assert rp.amortise(loan).instalment == round(10_000 / worth, 12)


def test_the_level_instalment_with_a_step_inside_a_period() -> None:
    """3 % to 25 July, the 15th day of 31 of period 7, then 6 %."""
    rate = rp.steps("3%", {"2024-07-25": "6%"}, "level")
    factors = [Fraction(1, 400)] * 6 + [Fraction(15 + 2 * 16, 400 * 31)] + [Fraction(1, 200)] * 5
    worth, each = Fraction(0), Fraction(1)
    for factor in factors:
        each /= 1 + factor
        worth += each
    plan = rp.amortise(rp.Loan(rate=rate, decimals=12, **GOOD))
    assert plan.instalment == round(10_000 / worth, 12)
    assert plan.explain(7)["instalment"].recomputed() == plan.instalment
    assert len(plan.explain(7)["interest accrued"].segments) == 2


def test_the_rates_of_a_loan() -> None:
    changes: dict[Any, Any] = {7: "6%", "2024-09-01": rp.effective("5%")}
    loan = rp.Loan(rate=rp.steps("3%", changes), **GOOD)
    assert loan.first_rate == rp.Rate(Fraction(3, 100))
    assert [str(day) for day, _ in loan.rate_steps] == ["2024-07-10", "2024-09-01"]
    assert str(loan.rate_on(date(2024, 8, 31))) == "6%"
    assert str(loan.rate_on(date(2024, 9, 1))) == "5% effective"
    plain = rp.Loan(rate="3%", **GOOD)
    assert (plain.first_rate, plain.rate_steps) == (plain.rate, ())
    assert rp.Schedule.from_json(rp.amortise(loan).to_json()).loan == loan


def test_a_change_for_good_replaces_the_later_steps() -> None:
    loan = rp.Loan(rate=rp.steps("3%", {4: "6%", 9: "9%"}), **GOOD)
    plan = rp.change_rate(rp.amortise(loan), "2%", payment=6)
    flat = rp.change_rate(
        rp.amortise(rp.Loan(rate=rp.steps("3%", {4: "6%"}), **GOOD)), "2%", payment=6
    )
    assert rows(plan) == rows(flat)
    assert plan[11].interest == Decimal("1.41")


def test_after_a_change_for_a_time_the_step_meanwhile_holds() -> None:
    loan = rp.Loan(rate=rp.steps("3%", {7: "6%"}), **GOOD)
    plan = rp.change_rate(rp.amortise(loan), "0%", payment=5, until=10)
    rates = [plan.explain(number)["interest accrued"].segments[-1].rate for number in (4, 5, 9, 10)]
    assert rates == [Fraction(3, 100), 0, 0, Fraction(6, 100)]
    plan.check()


def test_a_rescheduling_keeps_the_steps_to_come() -> None:
    loan = rp.Loan(rate=rp.steps("3%", {7: "6%"}), **GOOD)
    plan = rp.reschedule(rp.amortise(loan), 18, payment=4)
    assert plan.explain(12)["interest accrued"].segments[0].rate == Fraction(6, 100)
    fixed = rp.reschedule(rp.amortise(loan), 18, payment=4, rate="4%")
    assert fixed.explain(12)["interest accrued"].segments[0].rate == Fraction(4, 100)


def test_a_step_that_fails_says_what_is_wrong() -> None:
    loan = rp.Loan(rate=rp.steps("3%", {4: "300%"}, "payment"), **GOOD)
    with pytest.raises(rp.errors.InstalmentError, match="instalment"):
        rp.amortise(loan)
    safe = rp.amortise(rp.Loan(rate=rp.steps("3%", {4: "90%"}, "last"), **GOOD))
    with pytest.raises(rp.errors.InstalmentError, match="instalment"):
        rp.forgive(safe, share="1%", on=safe.loan.start, hold="last").then(
            rp.changes.RateChange("900%", payment=2, hold="last")
        )


def test_a_level_instalment_may_be_below_the_interest_of_dear_periods() -> None:
    """36 % for four months, then nothing: 15.00 accrue in the first one, and 10.58 are paid."""
    rate = rp.steps("36%", {5: "0%"}, "level")
    plan = rp.amortise(rp.Loan("500", rate, 53, "2023-01-01"))
    low = Fraction(103, 100)
    worth = sum(1 / low**k for k in range(1, 5)) + 49 / low**4
    assert plan.instalment == round(500 / worth, 2)
    assert {row.payment for row in plan[:-1]} == {plan.instalment}
    assert max(row.closing for row in plan) == plan[3].closing > 500
    plan.check()


# -- laws -------------------------------------------------------------------------------


@given(plain_loans(extras=False), st.sampled_from(STEP_HOLDS))
def test_steps_with_one_value_are_the_plain_loan(loan: rp.Loan, hold: Any) -> None:
    plain = rp.amortise(loan)
    assert rows(rp.amortise(with_rate(loan, rp.steps(loan.first_rate, {}, hold)))) == rows(plain)
    same = rp.steps(loan.first_rate, {2: loan.first_rate}, hold)
    assert rows(rp.amortise(with_rate(loan, same))) == rows(plain)


@given(stepped(), st.sampled_from(["maturity", "payment", "last"]))
def test_a_step_is_the_same_change_of_rate(
    given_loan: tuple[rp.Loan, list[tuple[date, Fraction]]], hold: Any
) -> None:
    loan, changes = given_loan
    stepping = with_rate(loan, rp.steps(loan.first_rate, changes, hold))
    by_hand = [rp.changes.RateChange(rate, on=day, hold=hold) for day, rate in changes]
    try:
        expected = rp.amortise(loan, *by_hand)
    except rp.errors.DateError:  # the loan ended before a change
        return
    except rp.RepayError:
        with pytest.raises(rp.RepayError):
            rp.amortise(stepping)
        return
    found = rp.amortise(stepping)
    assert rows(found) == rows(expected)
    found.check()
    assert rp.Schedule.from_dict(found.to_dict()) == found


@given(stepped(methods=("level",)))
def test_one_instalment_is_level_over_all_steps(
    given_loan: tuple[rp.Loan, list[tuple[date, Fraction]]],
) -> None:
    loan, changes = given_loan
    assume(loan.negative_amortisation != "waive")  # what is waived is not in the last payment
    found = rp.amortise(with_rate(loan, rp.steps(loan.first_rate, changes, "level")))
    found.check()
    payments = [row.payment for row in found][:-1]
    assert set(payments) <= {found.instalment}
    if len(payments) == loan.payments - 1:
        accrual, most = loan.accrual, Fraction(1)
        top = max(rate for _, rate in [(loan.start, loan.first_rate.value), *changes])
        for number in range(1, loan.payments + 1):
            edges = loan.timetable.accrual_date(number - 1), loan.timetable.accrual_date(number)
            most *= 1 + top * accrual.share(number, *edges)
        unit = Fraction(1, 10**loan.decimals)
        apart = abs(Fraction(found.final_payment) - Fraction(found.instalment))
        assert apart <= 2 * unit * loan.payments * most + unit


@given(stepped(methods=("level",)), st.data())
def test_what_looks_ahead_meets_the_steps(
    given_loan: tuple[rp.Loan, list[tuple[date, Fraction]]], data: st.DataObject
) -> None:
    """A prepayment that keeps the instalment ends where its look ahead says.

    No payment grows, but for the roundings that the last one absorbs.
    """
    loan, changes = given_loan
    assume(loan.payments > 2)
    plan = rp.amortise(with_rate(loan, rp.steps(loan.first_rate, changes, "level")))
    day = plan[data.draw(st.integers(0, len(plan) - 1))].date
    assume(day < plan.maturity)
    amount = data.draw(st.integers(1, 50))
    owed = next(row.closing for row in plan if row.date == day)
    part = loan.money(int(owed * 10**loan.decimals) * amount // 100)
    assume(part > 0)
    try:
        sooner = rp.prepay(plan, part, on=day)
    except rp.RepayError:
        return
    sooner.check()
    later = [row.payment for row in sooner if row.number and row.date > day]
    if plan.final_payment <= plan.instalment:
        factor = max(rate for _, rate in [(day, loan.first_rate.value), *changes]) / 4
        absorbed = rounded_off(compile_loan(loan)) * grown_payments(factor, loan.payments)
        assert max(later[:-1], default=0) <= plan.instalment
        assert max(later) <= plan.instalment + loan.money(int(absorbed) + 1)
    again = rp.prepay(plan, part, on=day, hold="maturity")
    again.check()


@given(stepped(), st.sampled_from(STEP_HOLDS), st.data())
def test_changes_upon_steps_balance(
    given_loan: tuple[rp.Loan, list[tuple[date, Fraction]]], hold: Any, data: st.DataObject
) -> None:
    """Every row, and every figure from what it states; changes that are refused are left out."""
    loan, changes = given_loan
    try:
        plan = rp.amortise(with_rate(loan, rp.steps(loan.first_rate, changes, hold)))
    except rp.errors.InstalmentError:
        return
    for _ in range(data.draw(st.integers(0, 4))):
        change = data.draw(changes_for(plan))
        try:
            after = plan.then(change)
        except rp.RepayError:
            continue
        if after.maturity > loan.start:
            plan = after
    plan.check()
    assert rp.Schedule.from_json(plan.to_json()) == plan
    assert rows(rp.amortise(plan.loan, *plan.changes)) == rows(plan)
    for row in plan:
        for figure in plan.explain(row).figures:
            assert figure.recomputed() == figure.value


@pytest.mark.parametrize(
    ("rate", "where"),
    [
        ({"initial": "3%", "changes": [], "hold": None, "colour": 1}, "loan.rate.colour"),
        ({"initial": "3%", "hold": None}, "loan.rate.changes"),
        ({"initial": "3%", "changes": "5%", "hold": None}, "loan.rate.changes"),
        ({"initial": "3%", "changes": [["2025-01-10"]], "hold": None}, "loan.rate.changes"),
        ({"initial": "3%", "fixings": []}, "loan.rate."),
    ],
)
def test_bad_stored_steps(plan: rp.Schedule, rate: dict[str, Any], where: str) -> None:
    plain = plan.to_dict()
    with pytest.raises(rp.errors.StorageError) as caught:
        rp.Schedule.from_dict({**plain, "loan": {**plain["loan"], "rate": rate}})
    assert caught.value.parameter.startswith(where)
