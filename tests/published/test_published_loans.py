"""Schedules that others have published: Japanese yen, Canadian mortgages, Chinese utilities, Fineract."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import repaylib as rp

VECTORS = Path(__file__).parents[1] / "vectors"

#: Words of the published cases for day counts, and ours.
DAY_COUNTS = {"periodic (30/360)": "periodic"}


def cases(name: str) -> dict[str, dict[str, Any]]:
    read = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in read["cases"]}


JAPAN, CANADA, CHINA, FINERACT = (cases(name) for name in ("japan", "canada", "china", "fineract"))


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")


# -- Japan: whole yen, all roundings down -------------------------------------------------


@pytest.mark.parametrize("case", JAPAN.values(), ids=list(JAPAN))
def test_yen_rounded_down(case: dict[str, Any]) -> None:
    inputs, expected = case["inputs"], case["expected"]
    rate = f"{inputs['annual_rate_percent']}%"
    loan = rp.Loan(
        inputs["amount"], rate, inputs["months"], "2024-01-10", currency="JPY", rounding="down"
    )
    plan = rp.amortise(loan)
    assert plan.instalment == Decimal(expected["payment"])
    assert plan.total_paid == Decimal(expected["total"])
    published = expected["rows_payment_principal_interest_balance"]
    for row, figures in zip(plan, published, strict=False):
        ours = (row.payment, row.principal, row.interest, row.closing)
        assert ours == tuple(map(Decimal, figures))


# -- Canada: compounded twice a year ------------------------------------------------------


@pytest.mark.parametrize("case", CANADA.values(), ids=list(CANADA))
def test_mortgages_compounded_half_yearly_and_monthly(case: dict[str, Any]) -> None:
    """The page rounds to whole dollars."""
    inputs, expected = case["inputs"], case["expected"]
    times = inputs["compounding_per_year"]
    rate = rp.compounded(f"{inputs['annual_rate_percent']}%", times=times)
    loan = rp.Loan(inputs["amount"], rate, inputs["months"], "2024-01-10", currency="CAD")
    assert round(rp.amortise(loan).instalment) == int(expected["payment_about"])
    if "periodic_rate_percent_about" in expected:
        monthly = rate.nominal(Fraction(1, 12)) / 12
        assert round(float(monthly) * 100, 5) == float(expected["periodic_rate_percent_about"])
        paid = rp.rates.level_payment(inputs["amount"], monthly, inputs["months"])
        assert round(paid) == int(expected["payment_about"])


# -- China: nothing rounded but what is printed -------------------------------------------


@pytest.mark.parametrize(("name", "method"), [("cn-debx", "level"), ("cn-debj", "equal_principal")])
def test_level_and_equal_principal_unrounded(name: str, method: Any) -> None:
    inputs, expected = CHINA[name]["inputs"], CHINA[name]["expected"]
    rate = f"{inputs['annual_rate_percent']}%"
    loan = rp.Loan(
        inputs["amount"],
        rate,
        inputs["months"],
        "2024-01-10",
        currency="CNY",
        method=method,
        decimals=12,
    )
    plan = rp.amortise(loan)
    assert cents(plan.total_paid) == Decimal(expected["total_payment"])
    assert cents(plan.total_interest) == Decimal(expected["total_interest"])
    for column, figure in expected["month_1"].items():
        assert cents(getattr(plan[0], column)) == Decimal(figure)


# -- Apache Fineract's test suite ---------------------------------------------------------


def fineract_loan(inputs: dict[str, Any]) -> rp.Loan:
    words: dict[str, Any] = {
        "every": inputs["every"],
        "day_count": DAY_COUNTS.get(inputs["day_count"], inputs["day_count"]),
        "instalment": inputs.get("instalment"),
        "odd_days": inputs.get("odd_days", "pro_rata"),
    }
    return rp.Loan(
        inputs["principal"], inputs["rate"], inputs["payments"], inputs["start"], **words
    )


def assert_rows(plan: rp.Schedule, rows: list[dict[str, str]]) -> None:
    """Hold each published column against ours; an instalment there is our payment."""
    assert len(plan) == len(rows)
    for row, figures in zip(plan, rows, strict=True):
        for column, figure in figures.items():
            if column == "date":
                assert str(row.date) == figure
            else:
                ours = getattr(row, "payment" if column == "instalment" else column)
                assert ours == Decimal(figure), (row.number, column)


@pytest.mark.parametrize("name", ["level, 30/360, 6 months", "actual/actual over a year end"])
def test_fineract_level_loans(name: str) -> None:
    case = FINERACT[name]
    assert_rows(rp.amortise(fineract_loan(case["inputs"])), case["rows"])


def test_fineract_rate_change_on_a_due_date() -> None:
    case = FINERACT["rate 7 % to 4 % effective on due date 1"]
    plan = rp.change_rate(fineract_loan(case["inputs"]), **case["inputs"]["change_rate"])
    assert_rows(plan, case["rows"])


def test_fineract_pays_off_inside_a_period() -> None:
    case = FINERACT["what pays the loan off on 15 February"]
    quote = rp.settle(fineract_loan(case["inputs"]), on=case["inputs"]["settle"])
    assert quote.principal == Decimal(case["expected"]["principal"])
    assert quote.interest == Decimal(case["expected"]["interest"])


def test_fineract_prepayments_keep_the_instalment() -> None:
    """What is paid over the instalment is prepaid on the due date."""
    case = next(case for name, case in FINERACT.items() if "prepayment" in name)
    inputs = case["inputs"]
    plan = rp.amortise(fineract_loan(inputs))
    for day, paid in inputs["paid"].items():
        over = Decimal(paid) - Decimal(inputs["instalment"])
        plan = rp.prepay(plan, over, on=day, hold=inputs["hold"])
    assert_rows(plan, case["rows"])


# -- Fineract: weeks, days, and a second advance ------------------------------------------


@pytest.mark.parametrize("name", ["weekly, actual/364", "every 15 days, actual/360"])
def test_fineract_weeks_and_days(name: str) -> None:
    case = FINERACT[name]
    assert_rows(rp.amortise(fineract_loan(case["inputs"])), case["rows"])


def test_fineract_second_advance_on_a_due_date() -> None:
    """The instalment is solved again for the end as agreed; row 2 closes after the advance."""
    case = FINERACT["second advance on a due date"]
    second = case["inputs"]["disburse"]
    plan = rp.amortise(fineract_loan(case["inputs"]))
    plan = rp.advance(plan, second["amount"], on=second["on"], hold="maturity")
    assert_rows(plan, case["rows"])
