"""Bug reports, questions and files of others, each with a right answer: see ``vectors/field_cases.json``."""

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
    assert len(CASES) == 32
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


# -- level loans ------------------------------------------------------------------------------


@case("frappe-lending-31")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    assert str(plan(inputs).instalment) == expected["instalment"]
    whole = plan(inputs, instalment_multiple="1", instalment_rounding="up")
    assert str(whole.instalment) == expected["instalment_up_to_whole"]
    assert str(whole.final_payment) == expected["last_payment_then"]
    in_all = inputs["payments"] * D(expected["instalment"]) - D(inputs["principal"])
    assert str(in_all) == expected["total_interest_exact"]


@case("oca-account-loan-826")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made = plan(inputs)
    assert str(made.instalment) == expected["instalment"]
    assert str(made.final_payment - made.instalment) == expected["last_minus_instalment"]
    assert str(made.total_interest) == expected["total_interest"]


@case("frappe-lending-test-loan")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made = plan(inputs)
    near(made.total_interest, expected["total_interest"], "0.5")
    near(made.total_paid, expected["total_paid"], "0.5")
    assert len(made) == 20
    for number, figures in expected["rows_whole"].items():
        row = made[int(number) - 1]
        for amount, whole in zip((row.principal, row.interest, row.closing), figures, strict=True):
            near(amount, whole, "1")
    second = plan(inputs | inputs["second"])
    assert len(second) == expected["second"]["payments"]
    near(second.total_interest, expected["second"]["total_interest"], "0.5")
    near(second.total_paid, expected["second"]["total_paid"], "0.5")


@case("fineract-pr-1562")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    assert str(plan(inputs)[0].interest) == expected["first_interest"]


@case("artyom-44")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made = plan(inputs)
    rows = [[str(r.date), *texts((r.interest, r.principal, r.closing))] for r in made[:3]]
    assert rows == expected["rows"]
    assert str(made.total_interest) == expected["total_interest"]
    months = plan({k: v for k, v in inputs.items() if k not in ("day_count", "instalment")})
    assert str(months[0].interest) == expected["equal_months"]["first_interest"]
    assert str(months.instalment) == expected["equal_months"]["instalment"]


@case("corefin-32")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made = plan(inputs)
    assert str(made.instalment) == expected["instalment"]
    rows = [texts((row.principal, row.interest)) for row in made]
    assert rows == [*expected["rows"], expected["last"]]


@case("financejs-pr-5")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made = plan(inputs)
    assert str(made.instalment) == expected["instalment"]
    more = made.instalment + D(inputs["extra_each"])
    faster = rp.reschedule(made, instalment=str(more), payment=inputs["extra_from_payment"])
    assert str(made.total_interest - faster.total_interest) == expected["interest_saved"]
    assert len(faster) - inputs["extra_from_payment"] + 1 == expected["payments_left"]


@case("minaidai-19")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made, last = plan(inputs), inputs["settle_after"]
    assert str(made.instalment) == expected["instalment"]
    assert str(rp.settle(made, with_payment=last).total) == expected["actuarial"]
    month = rp.terms.SettlementFee("1 month")
    assert (
        str(rp.settle(made, with_payment=last, fee=month).total) == expected["one_month_interest"]
    )
    charged = rp.settle(made, with_payment=last, method="flat_charged")
    assert str(charged.total) == expected["all_interest"]
    assert str(made.total_paid) == expected["total_paid_as_agreed"]


@case("practical-python-68")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    low, high = inputs["extra_months"]
    more = D(inputs["instalment"]) + D(inputs["extra"])
    steps = rp.steps(inputs["instalment"], {low: str(more), high + 1: inputs["instalment"]})
    terms = {"principal": inputs["principal"], "rate": inputs["rate"], "instalment": steps}
    made = plan(terms)
    assert len(made) == expected["payments"]
    assert str(made.total_paid) == expected["total_paid_in_cents"]
    assert str(made.final_payment) == expected["last_payment_in_cents"]
    near(plan(terms, decimals=12).total_paid, expected["total_paid_unrounded"], "0.005")


@case("ai-money-mentor-460")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made = plan(inputs)
    assert str(made.instalment) == expected["instalment"]
    assert str(made.total_interest) == expected["total_interest_in_cents"]
    exact = rp.rates.cumulative_interest(
        inputs["principal"], "10/12%", inputs["payments"], digits=12
    )
    near(exact, expected["total_interest_unrounded"], "0.005")


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


@case("go-financial-39")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made = plan(inputs, principal="10000", rate="12%")
    assert texts(row.date for row in made) == expected["dates"]


# -- other ways to repay ----------------------------------------------------------------------


@case("capsens-bullet-custom-dates")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    terms = {name: value for name, value in inputs.items() if name != "dates"}
    made = plan(terms, every=inputs["dates"], method="interest_only")
    kept = rp.defer(made, payment=1, periods=2, repay="capitalise", hold="maturity")
    assert texts(row.capitalised for row in kept[:2]) == expected["capitalised"]
    assert str(kept[2].interest) == expected["last_interest"]
    assert str(kept.final_payment) == expected["last_payment"]


@case("capsens-linear-deferred")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made = plan(inputs, payments=inputs["principal_parts"], method="equal_principal")
    later = rp.defer(made, payment=1, periods=inputs["interest_only"], pause="principal")
    assert texts(row.payment for row in later) == expected["payments"]
    assert texts(row.closing for row in later) == expected["balances"]


@case("gzw-loancalculator-2")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    assert texts(row.interest for row in plan(inputs)[:3]) == expected["interest"]


@case("mathse-3106216")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    terms = {"principal": inputs["principal"], "rate": inputs["flat_rate_a_year"]}
    made = plan(terms, payments=60, method="flat")
    assert str(made.instalment) == expected["payment_60"]
    assert str(made.total_paid) == expected["total_60"]
    for payments, nominal in zip(inputs["payments"], expected["nominal"], strict=True):
        rate = rp.measures.flat_to_effective(terms["rate"], payments, measure="nominal")
        assert str(round(rate, 4)) == nominal


@case("bankrate-drdon-2001")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made = plan(inputs, every=f"{inputs['days']} days", payments=1)
    assert str(made.total_interest) == expected["interest"]


# -- changes ----------------------------------------------------------------------------------


@case("emi-calc-moratorium")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made = plan(inputs)
    assert str(made.instalment) == expected["instalment_before"]
    later = rp.defer(made, payment=1, periods=inputs["deferral"], repay="capitalise")
    assert str(later.instalment) == expected["instalment_after"]
    assert str(later.total_interest) == expected["total_interest_after"]
    near(later.total_paid - made.total_paid, expected["extra_rounded"], "0.5")


@case("proloans-moratorium")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made = plan(inputs)
    rows = made[inputs["after"] : inputs["after"] + 3]
    assert texts(row.interest for row in rows) == expected["interest"]
    needed = rp.rates.payments_needed("416218", "10/12%", str(made.instalment), digits=6)
    near(needed, expected["payments_needed"], "0.005")


@case("erpnext-38023")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made = plan(inputs)
    paid = [rp.Receipt(row.date, str(row.payment)) for row in made[: inputs["paid_instalments"]]]
    events = [*paid, rp.arrears.Charge("2024-08-01", inputs["costs"], "costs")]
    before = rp.statement(made, events, as_of="2024-08-08").arrears
    for name, amount in expected["overdue_before"].items():
        assert str(getattr(before, name)) == amount
    received = rp.Receipt("2024-08-08", inputs["received"])
    orders = {
        "a": ("costs", "fee", "penalty", "interest", "principal"),
        "b": ("costs", "fee", "penalty", "principal", "interest"),
    }
    for name, order in orders.items():
        rule = rp.Allocation(order, across="component")
        left = rp.statement(made, [*events, received], as_of="2024-08-08", allocation=rule).arrears
        assert {key: str(getattr(left, key)) for key in expected[name]} == expected[name]


@case("huma-249")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made = plan(inputs, payments=12)
    left = rp.prepay(made, inputs["paid_same_day"], on=inputs["start"], hold="maturity")
    quote = rp.settle(left, on=inputs["start"])
    assert (str(quote.total), str(quote.interest)) == (expected["settles"], expected["interest"])


@case("share-steps-rounded-twice")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    steps = rp.steps("100%", {5: "60%", 9: "40%"})
    made = plan(
        {"principal": "10000", "rate": "7%"}, payments=12, start="2026-01-05", instalment=steps
    )
    assert [str(made[k].payment) for k in (0, 4, 8)] == list(expected.values())


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


@case("fee-share-over-100-percent")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    made = plan(
        {"principal": "1200", "rate": "9.95%", "payments": 11, "every": "2 weeks"},
        start="2023-11-15", first_payment="2023-11-23", day_count="actual/365", rounding="down",
        instalment_rounding="up", last="lower", fees=[rp.Fee("189.47%", collected="financed")],
        fee_rounding="half_up",
    )  # fmt: skip
    assert str(made.instalment) == expected["instalment"]
    assert str(made.final_payment) == expected["final"]
    assert str(sum(row.payment for row in made if row.number)) == expected["total"]
    assert str(made.total_interest) == expected["interest"]


# -- formulas and rates -----------------------------------------------------------------------


@case("formulajs-69")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    found = rp.rates.cumulative_interest(
        inputs["present_value"], inputs["rate"], inputs["n"], digits=12
    )
    near(found, expected["interest"], "0.005")


@case("ipmt-2386-216")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    for place, lent in enumerate(inputs["present_values"]):
        words = (lent, inputs["rate"], inputs["n"])
        near(rp.rates.interest_part(*words, 1), expected["interest"][place], "0.005")
        near(rp.rates.principal_part(*words, 1), expected["principal"][place], "0.005")
        near(rp.rates.level_payment(*words), expected["payment"][place], "0.005")


@case("phpspreadsheet-2469")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    near(rp.xirr([tuple(each) for each in inputs["flows"]]), expected["xirr"], "1e-9")


@case("peliot-xirr-6-4")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, flows in inputs.items():
        near(rp.xirr([tuple(each) for each in flows]), expected[name], "1e-8")


@case("numpy-14977")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, flows in inputs.items():
        for rate in expected[f"{name}_both"]:
            near(rp.irr(flows, near=D(rate)), rate, "1e-6")
        near(rp.irr(flows), expected[f"{name}_both"][1], "1e-6")


@case("apr-reg-z-weekly-odd-first")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    flows = [("2023-02-05", "-24371.27")]
    first = rp.Loan("1", "0%", 59, "2023-02-05", first_payment="2023-03-07", every="week")
    flows += [(str(day), "599.29") for day in first.timetable.accrual_dates(1, 59)]
    near(rp.apr(flows, rule="reg_z", period="week"), expected["reg_z"], "5e-9")


@case("penalty-refused-irregular-dates")
def _(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    loan = rp.Loan("1500", "12%", start="2024-01-10", every=["2024-02-10", "2024-03-10"])
    owed = rp.statement(loan, [], as_of="2024-03-20", penalty=rp.PenaltyTerms("1.5"))
    assert str(owed.balances.penalty) == expected["penalty"]
    assert str(owed.balances.total) == expected["total"]
