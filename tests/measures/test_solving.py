"""The value of an unknown term at which a figure of the schedule reaches a limit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.measures import solve

PLAN = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))


def lent(amount: Decimal) -> rp.Loan:
    return rp.Loan(amount, "12%", 12, "2024-01-10")


def test_how_much_can_be_borrowed() -> None:
    found = solve(lent, "amount", at_most="800")
    assert (found.value, found.figure, found.next_value, found.next_figure) == (
        Decimal("9004.11"),
        Decimal("800.00"),
        Decimal("9004.12"),
        Decimal("800.01"),
    )
    assert found.schedule == rp.amortise(lent(Decimal("9004.11")))
    text = "amount 9,004.11: instalment 800.00, 800 allowed; 9,004.12 gives 800.01"
    assert str(found) == text


def test_a_deposit() -> None:
    # The instalment falls as the deposit grows: the smallest that does.
    found = solve(lambda deposit: lent(10_000 - deposit), "amount", at_most="800")
    assert found.value == Decimal("995.89") == 10_000 - Decimal("9004.11")


def test_a_rate_that_can_be_written() -> None:
    found = solve(
        lambda rate: rp.Loan("10000", rate, 12, "2024-01-10"), "rate", "total_interest", at_most=500
    )
    assert (found.value, found.next_value) == (Fraction(910, 10_000), Fraction(911, 10_000))
    assert (found.figure, found.next_figure) == (Decimal("499.75"), Decimal("500.31"))


def test_a_number_of_payments() -> None:
    def over(count: int) -> rp.Loan:
        return rp.Loan("10000", "12%", count, "2024-01-10")

    assert solve(over, "count", at_most="500").value == 23
    assert solve(over, "count", at_most="500", step=6).value == 24
    assert solve(over, "count", at_least="500").value == 22


def test_an_instalment_a_balloon_and_a_prepayment() -> None:
    fixed = solve(
        lambda amount: rp.Loan("10000", "12%", start="2024-01-10", instalment=amount),
        "amount",
        "payments",
        at_most=10,
    )
    assert fixed.value == Decimal("1055.81")
    balloon = solve(
        lambda amount: rp.Loan("10000", "12%", 12, "2024-01-10", balloon=amount),
        "amount",
        at_most="600",
    )
    assert balloon.value == Decimal("3658.69")
    # More than is owed can't be prepaid: the range ends there.
    extra = solve(
        lambda amount: rp.prepay(PLAN, amount, on="2024-04-10"),
        "amount",
        "maturity",
        at_most="2024-10-10",
    )
    assert (extra.value, extra.next_figure) == (Decimal("2461.49"), date(2024, 11, 10))


def test_a_day() -> None:
    found = solve(
        lambda day: rp.prepay(PLAN, "2000", on=day),
        "day",
        "total_interest",
        at_most="500",
        between=("2024-01-10", "2025-01-09"),
    )
    assert (found.value, found.figure) == (date(2024, 4, 22), Decimal("499.77"))
    assert found.next_figure == Decimal("500.47")


def test_a_figure_of_ones_own() -> None:
    def with_fee(rate: Fraction) -> rp.Loan:
        return rp.Loan("10000", rate, 12, "2024-01-10", fees=[rp.Fee("200", collected="deducted")])

    found = solve(with_fee, "rate", lambda plan: rp.apr(plan, "eu"), at_most="15%")
    assert found.value == Fraction(1021, 10_000)
    assert str(found) == (
        "rate 10.21%: figure 14.9893771944%, 15% allowed; 10.22% gives 15.000583164%"
    )


def test_a_currency_without_cents_and_a_step() -> None:
    def yen(amount: Decimal) -> rp.Loan:
        return rp.Loan(amount, "12%", 360, "2024-01-10", currency="JPY")

    assert solve(yen, "amount", at_most="80000").value == 7_777_515
    assert solve(yen, "amount", at_most="80000", step="10000").value == 7_770_000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"make": None}, "make: got None; expected a function of the unknown"),
        ({"unknown": "principal"}, "unknown: got 'principal'"),
        ({"figure": "emi"}, 'write figure="instalment"'),
        ({"figure": "Total_Paid"}, 'write figure="total_paid"'),
        ({"at_most": None}, "expected exactly one of at_most and at_least"),
        ({"at_least": "1"}, "expected exactly one of at_most and at_least"),
        (
            {"between": ("10", "20")},
            "a limit that not every amount keeps; 10.00 gives 0.89, 20.00 gives 1.78",
        ),
        ({"at_most": "0.01", "between": ("10", "20")}, "a limit that some amount keeps"),
        ({"between": ("20", "10")}, "a step apart or more"),
        ({"between": ("20",)}, "the lowest and the highest amount"),
        ({"unknown": "day"}, "between: got None; expected the lowest and the highest day"),
        ({"make": lambda amount: lent(-amount)}, "a value of which a schedule can be made"),
        ({"make": lambda amount: rp.Portfolio}, "make should be a Schedule or a Loan"),
        ({"figure": lambda plan: 1.5}, "figure: got 1.5"),
        ({"step": "0"}, "step: got '0'"),
    ],
)
def test_what_has_no_answer_is_refused_by_name(words: dict[str, Any], said: str) -> None:
    options: dict[str, Any] = {"make": lent, "unknown": "amount", "at_most": "800", **words}
    with pytest.raises(rp.RepayError) as refused:
        solve(**options)
    assert said in str(refused.value)


def test_what_a_function_raises_of_its_own_is_left_to_its_caller() -> None:
    def broken(amount: Decimal) -> rp.Loan:
        raise LookupError(amount)

    with pytest.raises(LookupError):
        solve(broken, "amount", at_most="800")


@given(
    st.integers(2, 120),
    st.integers(0, 3000),
    st.integers(500, 500_000),
    st.sampled_from(["level", "equal_principal", "flat"]),
)
def test_one_step_further_breaks_the_limit(
    payments: int, rate: int, most: int, method: str
) -> None:
    """The value keeps the limit, the next one does not, and both are what the engine computes."""

    def made(amount: Decimal) -> rp.Schedule:
        loan = rp.Loan(amount, Fraction(rate, 10_000), payments, "2024-01-31", method=method)  # type: ignore[arg-type]  # method is any of three words
        return rp.amortise(loan)

    limit = Decimal(most).scaleb(-2)
    found = solve(made, "amount", "first_payment", at_most=limit)
    assert found.next_value == found.value + Decimal("0.01")
    assert found.figure == made(found.value).first_payment <= limit
    assert found.next_figure == made(found.next_value).first_payment > limit
    assert found.schedule == made(found.value)
