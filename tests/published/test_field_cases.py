"""Reports of others that the files of ``repaylib selftest`` cannot hold: see ``vectors/field_cases.json``."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import repaylib as rp

VECTORS = Path(__file__).parents[1] / "vectors" / "field_cases.json"
CASES: dict[str, dict[str, Any]] = {
    case["id"]: case for case in json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]
}
D = Decimal
Case = Callable[[dict[str, Any], dict[str, Any]], None]
CHECKS: dict[str, Case] = {}


def case(name: str) -> Callable[[Case], Case]:
    """Register what checks a case: it gets the inputs and the expected figures."""

    def register(check: Case) -> Case:
        CHECKS[name] = check
        return check

    return register


@pytest.mark.parametrize("name", CASES)
def test_field_case(name: str) -> None:
    found = CASES[name]
    CHECKS[name](found.get("inputs", {}), found["expected"])


def test_every_case_has_a_source_and_a_check() -> None:
    assert set(CHECKS) == set(CASES)
    assert len(CASES) == 4
    assert all(found["source"] for found in CASES.values())


NAMED = (
    *("principal", "rate", "payments", "start", "method", "day_count", "instalment"),
    *("first_payment", "every", "in_advance"),
)


def plan(inputs: dict[str, Any], **words: Any) -> rp.Schedule:
    """The schedule of a case that has the words of a loan; from 10 January 2024 by default."""
    stated = {name: inputs[name] for name in NAMED if name in inputs}
    made = rp.amortise(rp.Loan(**{"start": "2024-01-10"} | stated | words))
    made.check()
    return made


def texts(amounts: Any) -> list[str]:
    return [str(each) for each in amounts]


def near(found: Decimal, expected: str, apart: str) -> None:
    assert abs(found - D(expected)) <= D(apart)


@case("financejs-pr-5")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made = plan(inputs)
    assert str(made.instalment) == expected["instalment"]
    more = made.instalment + D(inputs["extra_each"])
    faster = rp.reschedule(made, instalment=str(more), payment=inputs["extra_from_payment"])
    assert str(made.total_interest - faster.total_interest) == expected["interest_saved"]
    assert len(faster) - inputs["extra_from_payment"] + 1 == expected["payments_left"]


@case("math-php-455")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    """What the extra amounts are worth at the start is repaid by them, and the rest by the level payment."""
    grow, extra, at = Fraction(10125, 10000), D(inputs["extra"]), inputs["extra_at"]
    rest = int(inputs["principal"]) - sum(Fraction(extra) / grow**number for number in at)
    level = rp.rates.level_payment(rest, "1.25%", inputs["payments"], digits=12)
    near(level, expected["unrounded"], "0.00005")
    paid = D(expected["level_payment"])
    listed = [str(paid + extra if k in at else paid) for k in range(1, inputs["payments"])]
    made = plan({"principal": inputs["principal"], "rate": rp.monthly("1.25%")}, instalment=listed,
                payments=inputs["payments"])  # fmt: skip
    near(made.final_payment - extra, expected["level_payment"], "0.50")


@case("regz-h14-recast-same-rate")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    rates = {13: "15.41%", 25: "15.17%", 37: "13.17%"}
    rates |= {12 * year + 1: "12.41%" for year in range(4, 30)}
    cmt = {"1982-07-01": "14.41%", "1983-07-01": "9.78%", "1984-07-01": "12.17%"}
    cmt |= {"1985-07-01": "7.66%", "1986-07-01": "6.36%", "1987-07-01": "6%"}
    index = rp.indexed(
        cmt, margin="3%", resets=("1983-07-01", "year"), periodic_cap="2%", periodic_floor="2%",
        cap="22.41%", floor="12.41%", hold="maturity", recast="always",
    )  # fmt: skip
    terms = {"principal": "10000", "payments": 360, "start": "1982-07-01"}
    by_hand = plan(terms, rate="17.41%")
    for payment, rate in rates.items():
        by_hand = rp.change_rate(by_hand, rate, payment=payment, recast="always")
    stepped = rp.steps("17.41%", rates, recast="always")
    for made in (plan(terms, rate=index), plan(terms, rate=stepped), by_hand):
        payments = [str(made[12 * year].payment) for year in range(5)]
        assert payments == expected["payments_years_1_to_5"]
        assert str(made[179].closing) == expected["balance_after_payment_180"]
        assert str(made[179].interest) == expected["interest_of_payment_180"]


@case("instalment-zero-in-a-list")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    listed = ["1100", *["0"] * 4, "2100", *["0"] * 5]
    terms = {"principal": "10000", "rate": "12%", "payments": 12}
    made = plan(terms, instalment=listed, negative_amortisation=True)
    assert texts(row.payment for row in made[:6]) == ["1100.00", *["0.00"] * 4, "2100.00"]
    assert [row.payment for row in made[6:11]] == [0] * 5
    assert made.final_payment > 0
