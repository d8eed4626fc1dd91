"""The annual percentage rate by each rule: the published examples, and what holds of any credit."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_UP, Context, Decimal, FloatOperation, Inexact, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.cli.case_terms import values_of
from repaylib.dates.apr_years import eu_years, uk_years
from repaylib.dates.days import add_days
from repaylib.dates.months import add_months
from repaylib.dates.unit_periods import unit_of
from repaylib.measures.annual_rates.known_rules import RULES
from repaylib.measures.annual_rates.periods import UNITS
from repaylib.measures.annual_rates.rule_kinds import YearsRule
from repaylib.money.rounding import round_significant
from repaylib.rates.root_finding import certified_root
from repaylib.typing import AprRule, FeeTime
from tests.published.cases import Case, asked, each_of
from tests.strategies.loans import examples, ordinary_rates, starts

VECTORS = Path(__file__).parents[1] / "vectors"
Flows = list[tuple[date, Any]]

PLAIN = rp.Loan("10000", "12%", 12, "2024-01-10")
WRONG: Any = "ecoa"
NOMINAL = tuple(word for word, rule in RULES.items() if rule.measure != "effective")
#: Those that flows alone have, without the balances of a schedule.
OF_FLOWS = tuple(word for word, rule in RULES.items() if rule.by_flows)
#: Those that count all time in days.
BY_DAYS = ("br_cet", "jp_real")


def vectors(name: str) -> list[dict[str, Any]]:
    """Cases that the files of the library cannot hold."""
    text = (VECTORS / f"apr_{name}.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["cases"]
    return found


def by_id(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", vectors(name), ids=lambda case: case["id"])


# -- Regulation Z ---------------------------------------------------------------------------


@each_of("us_regulation_z")
def test_the_examples_of_appendix_j(case: Case) -> None:
    """Signed flows have the same rate."""
    _, found = case.answer()
    options = values_of("case", asked(case))
    signed = [(day, f"-{amount}") for day, amount in options["advances"]]
    assert rp.apr([*signed, *options["payments"]], rule="reg_z") == found


def test_a_single_payment_is_one_unit_period() -> None:
    term = {"2024-07-10": ("6 months", 2), "2024-01-31": ("21 days", Fraction(365, 21))}
    for day, (period, times) in term.items():
        found = rp.apr([("2024-01-10", "-1000"), (day, "1050")], rule="reg_z")
        assert (found.period, found.percent) == (period, round(Decimal(5 * float(times)), 2))
    year = rp.apr([("2024-01-10", "-1000"), ("2026-01-10", "1210")], rule="reg_z")
    assert (year.period, year) == ("year", Decimal("0.1"))


@pytest.mark.parametrize("every", ["week", "2 weeks", "half_month", "month", "quarter", "day"])
def test_regular_payments_have_one_rate_by_both_methods(every: str) -> None:
    loan = rp.Loan("10000", "12%", 24, "2024-03-01", every=every)
    assert rp.apr(loan, rule="us_rule") == rp.apr(loan, rule="reg_z")


def test_ten_years_of_days() -> None:
    loan = rp.Loan("10000", "12%", 3650, "2024-01-10", every="day", decimals=9)
    for rule in NOMINAL:
        assert rp.apr(loan, rule=rule).percent == 12


def test_the_united_states_rule_charges_no_interest_on_interest() -> None:
    """A payment below the interest leaves some unpaid; later it is paid first."""
    flows = [("2024-01-10", "-1000"), ("2024-02-10", "5"), ("2024-03-10", "1015")]
    assert rp.apr(flows, rule="us_rule") == Decimal("0.12")
    # 10 of interest, 5 of it paid; 10 more; 15 and 1,000 are owed. Compound, 5 bears interest too.
    assert rp.apr(flows, rule="reg_z") < Decimal("0.12")
    skipped = [("2024-01-10", "-1000"), ("2024-02-10", "0"), ("2024-04-10", "1030")]
    assert rp.apr(skipped, rule="us_rule", period="month") == Decimal("0.12")


# -- European Union -------------------------------------------------------------------------


def flows_of(case: dict[str, Any]) -> tuple[Flows, Flows]:
    """Return advances and payments of a case on days, from the text or by its own rule."""
    inputs = case["inputs"]
    loan = inputs.get("loan", {})
    start = date.fromisoformat(loan.get("signed", "2014-01-01"))
    advances: Flows = []
    payments: Flows = []
    for flow in inputs.get("cash_flows", ()):
        first = flow["first"]
        day = add_days(start, first.get("days", 0))
        for number in range(flow["count"]):
            months = first.get("months", 0) + number * flow.get("step_months", 1)
            side = advances if flow["kind"] == "advance" else payments
            side.append((add_months(day, months), flow["amount"]))
    if not advances:
        draws = loan.get("drawdowns", [[loan.get("amount"), "0"]])
        advances = [(add_months(start, int(month)), amount) for amount, month in draws]
        payments = [(start, loan["upfront_cost"])]
        payments += [
            (add_months(start, month), cents(amount))
            for month, amount in enumerate(instalments(case["id"], loan), 1)
            if amount
        ]
    return advances, payments


def cents(amount: Fraction) -> Decimal:
    return Decimal(f"{(200 * amount + 1) // 2}E-2")


def instalments(name: str, loan: dict[str, Any]) -> Iterator[Fraction]:
    """Yield the payment of each month, unrounded, of an example that states its rule."""
    if name == "ec2015-ex10":
        yield from (Fraction(row.payment) for row in tabled(loan))
        return
    if "drawdowns" in loan:
        yield from drawn(loan)
        return
    owed = Fraction(loan["amount"])
    for month in range(1, 1000):
        if "effective_annual_rate_percent" in loan:
            interest = owed * effective(loan, month)
        else:
            interest = owed * Fraction(loan["nominal_annual_rate_percent"]) / 1200
        repaid = principal(loan, month, owed)
        yield interest + repaid
        owed -= repaid
        if not owed:
            return


def principal(loan: dict[str, Any], month: int, owed: Fraction) -> Fraction:
    if loan.get("instalments") == month:
        return owed
    if "fixed_capital" in loan:
        return min(owed, Fraction(loan["fixed_capital"]))
    if "minimum_capital" in loan:
        least = Fraction(loan["minimum_capital"])
        return min(owed, max(least, owed * Fraction(loan["capital_percent_of_balance"]) / 100))
    waited = loan.get("interest_only_months", 0)
    parts = loan["equal_principal_months"]
    return Fraction(loan["amount"]) / parts if month > waited else Fraction(0)


def effective(loan: dict[str, Any], month: int) -> Fraction:
    name = "effective_rate_from_month_7_percent" if month > 6 else "effective_annual_rate_percent"
    rate = Fraction(loan[name])
    return rp.Rate(rate / 100, "effective").nominal(Fraction(1, 12)) / 12


def drawn(loan: dict[str, Any]) -> Iterator[Fraction]:
    """Yield the payments of a credit drawn in steps and repaid in equal parts of what is owed."""
    owed, months = Fraction(0), int(loan["months"])
    draws = {int(month): Fraction(amount) for amount, month in loan["drawdowns"]}
    for month in range(1, months + 1):
        owed += draws.get(month - 1, Fraction(0))
        repaid = owed / (months - month + 1)
        yield owed * effective(loan, month) + repaid
        owed -= repaid


def tabled(loan: dict[str, Any], first: str | None = None) -> rp.Schedule:
    """Return the schedule of an example with a table; its balances are not rounded."""
    growth = loan.get("instalment_growth_per_year_percent")
    return rp.amortise(
        rp.Loan(
            loan["amount"],
            loan["nominal_annual_rate_percent"] + "%",
            loan["instalments"],
            loan.get("signed", "2014-01-01"),
            first_payment=first,
            odd_days="pro_rata",
            instalment=None if growth is None else rp.terms.graduated(f"{growth}%"),
            decimals=12,
        )
    )


@by_id("eu")
def test_the_examples_of_the_commission(case: dict[str, Any]) -> None:
    advances, payments = flows_of(case)
    found = rp.apr(advances=advances, payments=payments, rule="eu")
    expected = case["expected"]
    printed = Decimal(expected.get("aprc_percent_6dp") or expected["aprc_percent"])
    places = len(str(printed).partition(".")[2])
    assert round(found * 100, places) == printed
    assert found.percent == Decimal(expected["aprc_percent_rounded"])


@pytest.mark.parametrize(
    "case",
    [case for case in vectors("eu") if "amortisation_table" in case["expected"]],
    ids=lambda case: case["id"],
)
def test_the_tables_of_the_commission(case: dict[str, Any]) -> None:
    loan, table = case["inputs"]["loan"], case["expected"]["amortisation_table"]
    advances, payments = flows_of(case)
    rate = rp.apr(advances=advances, payments=payments, rule="eu")
    plan = tabled(loan, loan.get("first_payment"))
    start = date.fromisoformat(loan.get("signed", "2014-01-01"))
    if (
        case["id"] == "ec2015-ex2-case2"
    ):  # interest on 1/12 + 3/366 of a year, in the report's words
        return
    for printed, row in zip(table["months_1_to_12"], plan, strict=False):
        assert cents(Fraction(row.opening)) == Decimal(printed["opening_balance"])
        assert cents(Fraction(row.interest)) == Decimal(printed["interest_charged"])
        assert cents(Fraction(row.principal)) == Decimal(printed["capital_repaid"])
        assert cents(Fraction(row.payment)) == Decimal(printed["payment_rounded"])
        assert cents(Fraction(row.closing)) == Decimal(printed["closing_balance"])
        years = eu_years(start, row.date)
        worth = float(printed["payment_rounded"]) * float(1 + rate) ** -float(years)
        assert round(worth, 2) == -float(printed["present_value"])


# -- time, in the European Union and the United Kingdom -------------------------------------


#: A library's tests that do not follow: 6 days are left over after 4 weeks of 34, not 5; and 42
#: days are 42 unit-periods of a day.
MISCOUNTED = {"uk-tf-33", "us-tf-53"}


@by_id("time_fractions")
def test_the_time_between_two_days(case: dict[str, Any]) -> None:
    inputs = case["inputs"]
    start, end = (date.fromisoformat(inputs[name]) for name in ("from", "to"))
    convention, printed = inputs["convention"], case["expected"]["factor"]
    rule, word = case["id"][:2], "week" if "Period.week" in convention else "month"
    if "Period.year" in convention:
        word = "year"
    if rule == "us":
        units = {"Period.fortnight": "2 weeks", "Period.quarter": "quarter"}
        units |= {"Period.halfYear": "half_year", "Period.day": "day"}
        name = next((unit for part, unit in units.items() if part in convention), word)
        whole, part = UNITS[name].elapsed(start, end)
        terms = printed.split(" : ")
        expected = [Fraction(term.split("=")[1].strip()) for term in terms[:2]]
        agrees = [whole, part] == expected
        assert UNITS[name].per_year == int(terms[2].removeprefix("p = "))
    else:
        if "hasSinglePayment" in convention:
            word = "month"
        years = eu_years if rule == "eu" else uk_years
        found = years(
            start, end, "week" if word == "week" else "year" if word == "year" else "month"
        )
        expected_years = sum(Fraction(term) for term in printed.split("=")[1].split("+"))
        agrees = found == expected_years
    assert agrees == (case["id"] not in MISCOUNTED)


def test_unit_periods_are_read_from_days() -> None:
    def unit(*days: str) -> str:
        return str(unit_of([date.fromisoformat(day) for day in days], single=False))

    assert unit("2024-01-31", "2024-02-29", "2024-03-31") == "month"
    assert unit("2024-01-30", "2024-02-29", "2024-03-30", "2024-04-30") == "month"
    assert unit("2024-01-01", "2024-01-15", "2024-01-29", "2024-02-12") == "2 weeks"
    assert unit("2024-01-01", "2024-01-16", "2024-02-01", "2024-02-16") == "half month"
    assert unit("2024-01-10", "2026-01-10", "2028-01-10") == "year", "no more than a year"
    assert unit("2024-01-10", "2024-02-11", "2024-03-09") == "month", "the average, 29.5 days"
    assert unit("2024-01-10", "2024-02-10", "2024-03-10", "2024-04-11") == "month"


# -- China, and figures of practice ---------------------------------------------------------


@pytest.mark.parametrize(
    ("flat", "nominal", "effective"),
    [("0.5%", "10.90", "11.46"), ("0.6%", "13.03", "13.84"), ("1%", "21.46", "23.70")],
)
def test_flat_charges_of_twelve_months(flat: str, nominal: str, effective: str) -> None:
    fees = [rp.Fee(flat, when="instalment")]
    loan = rp.Loan("10000", "0%", 12, "2024-01-10", method="equal_principal", fees=fees)
    assert rp.apr(loan, rule="cn_simple").percent == Decimal(nominal)
    assert rp.apr(loan, rule="cn_irr").percent == Decimal(effective)
    assert rp.apr(loan, rule="cn_irr").nominal == rp.apr(loan, rule="cn_simple")
    assert "单利" in rp.apr(loan, rule="cn_simple").description
    assert "复利" in rp.apr(loan, rule="cn_irr").description


def test_a_flat_plan_settled_with_all_charges_costs_more_than_24_percent() -> None:
    """10,000 at 1 % a month flat, settled after 6 of 12: 15.10 %, 18.71 % or 29.20 %."""
    month = [add_months(date(2024, 1, 10), number) for number in range(7)]
    plan: Flows = [(month[0], "-10000"), *[(day, "933.33") for day in month[1:]]]
    for last, nominal, effective in (
        ("5000.02", "15.10", "16.19"),
        ("5150.02", "18.71", "20.40"),
        ("5600.02", "29.20", "33.45"),
    ):
        flows = [*plan, (month[6], last)]
        assert rp.apr(flows, rule="cn_simple").percent == Decimal(nominal)
        assert rp.apr(flows, rule="cn_irr").percent == Decimal(effective)


# -- what holds of any credit ---------------------------------------------------------------


@given(ordinary_rates, st.integers(2, 60), starts, st.sampled_from(["month", "quarter", "year"]))
@settings(max_examples=examples(40))
def test_without_fees_it_is_the_nominal_rate(
    rate: Fraction, payments: int, start: date, every: str
) -> None:
    loan = rp.Loan("1000000", rate, payments, start, every=every, decimals=12, day_count="periodic")
    times = {"month": 12, "quarter": 4, "year": 1}[every]
    for rule in NOMINAL:
        if rule not in BY_DAYS:
            assert abs(rp.apr(loan, rule=rule) - Decimal(float(rate))) < Decimal("1e-9")
    found = rp.apr(loan, rule="cn_irr")
    assert abs(float(found) - ((1 + float(rate) / times) ** times - 1)) < 1e-9


@given(ordinary_rates, st.integers(1, 48), starts, st.sampled_from(tuple(RULES)), st.data())
@settings(max_examples=examples(40))
def test_a_fee_raises_it(
    rate: Fraction, payments: int, start: date, rule: AprRule, data: st.DataObject
) -> None:
    times: list[FeeTime] = ["start", "instalment", "end"]
    when = data.draw(st.sampled_from(times))
    fee = rp.Fee("7.50", when=when)
    bare = rp.Loan("1000", rate, payments, start)
    dear = rp.Loan("1000", rate, payments, start, fees=[fee])
    assert rp.apr(dear, rule=rule) > rp.apr(bare, rule=rule)
    assert rp.apr(dear, rule=rule, without=[fee.label]) == rp.apr(bare, rule=rule)


def test_every_rule_is_on_the_page_and_in_the_docstring() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "apr_rules.rst").read_text(
        encoding="utf-8"
    )
    for rule in RULES:
        assert f'rule="{rule}"' in page, rule
        assert f'``"{rule}"``' in str(rp.apr.__doc__), rule


@pytest.mark.parametrize("rule", RULES)
def test_no_interest_and_no_fee_is_zero(rule: AprRule) -> None:
    for words in ({}, {"every": "week"}, {"every": ["2024-02-11", "2024-05-09"], "payments": 2}):
        terms: dict[str, Any] = {"payments": 4, **words}
        loan = rp.Loan("1000", "0%", start="2024-01-10", **terms)
        assert rp.apr(loan, rule=rule) == 0
    day = [("2024-01-10", "500")]
    assert rp.apr(advances=day, payments=day, rule=rule) == 0


@pytest.mark.parametrize("rule", OF_FLOWS)
@pytest.mark.parametrize("collected", ["paid", "deducted"])
def test_fees_of_the_start_are_taken_off_the_advance(rule: AprRule, collected: Any) -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[rp.Fee("100", collected=collected)])
    plan = rp.amortise(loan)
    flows: Flows = [(row.date, row.payment) for row in plan if row.number]
    flows.append((date(2024, 1, 10), "-9900"))
    assert rp.apr(plan, rule=rule) == rp.apr(flows, rule=rule)


def test_a_settlement_is_priced_as_it_ran() -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    quote = rp.settle(plan, on="2024-07-10", fee="3%")
    assert rp.apr(quote, rule="reg_z") == rp.apr(quote.schedule, rule="reg_z")
    assert rp.apr(quote, rule="reg_z") > Decimal("0.15")
    assert abs(rp.apr(rp.settle(plan, on="2024-07-10"), rule="reg_z") - Decimal("0.12")) < Decimal(
        "1e-5"
    )


def test_several_advances_and_irregular_payments() -> None:
    flows: Flows = [
        (date(2024, 1, 10), "-1000"),
        (date(2024, 2, 10), "-500"),
        (date(2024, 3, 10), "200"),
        (date(2024, 4, 10), "-300"),
        (date(2024, 5, 25), "900"),
        (date(2024, 7, 10), "760"),
    ]
    for rule in OF_FLOWS:
        found = rp.apr(flows, rule=rule)
        assert Decimal("0.09") < found < Decimal("0.12")
        assert found == rp.apr(flows[::-1], rule=rule), "the order does not matter"


def test_it_is_a_number_that_keeps_what_it_says() -> None:
    found = rp.apr(rp.Loan("10000", "12%", 12, "2024-01-10"), rule="eu")
    assert found <= Decimal("0.36")
    assert found.disclosed == Decimal("0.127")
    low, high = found.bracket
    assert low < found < high
    for same in (copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert (same, same.rule, same.nominal, same.period) == (
            found,
            "eu",
            found.nominal,
            found.period,
        )
    assert found.measure == "effective"
    assert "2008/48/EC" in found.law


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: rp.apr([], rule="eu"), rp.errors.TermsError, "an advance"),
        (
            lambda: rp.apr(payments=[("2024-01-10", "5")], rule="eu"),
            rp.errors.TermsError,
            "advances",
        ),
        (
            lambda: rp.apr(advances=[("2024-01-10", "5")], rule="eu"),
            rp.errors.TermsError,
            "payments",
        ),
        (
            lambda: rp.apr(
                advances=[("2024-02-10", "100")],
                payments=[("2024-01-10", "5"), ("2024-03-10", "105")],
                rule="reg_z",
            ),
            rp.errors.TermsError,
            'rule="eu" counts the time before it',
        ),
        (
            lambda: rp.apr(
                advances=[("2024-01-10", "100")],
                payments=[("2024-01-10", "105"), ("2024-03-10", "5")],
                rule="reg_z",
            ),
            rp.errors.TermsError,
            "nothing is financed",
        ),
        (lambda: rp.apr([("2024-01-10", "-5")], rule="eu"), rp.errors.RootError, "nothing is paid"),
        (lambda: rp.apr(PLAIN, rule=WRONG), rp.errors.ChoiceError, "reg_z"),
        (lambda: rp.apr(PLAIN, rule="reg_z", year_days=365), rp.errors.TermsError, "unit-periods"),
        (lambda: rp.apr(PLAIN, rule="eu", period="quarter"), rp.errors.ChoiceError, "month"),
        (lambda: rp.apr(PLAIN, rule="eu", year_days=52), rp.errors.AmountError, "365.25"),
        (lambda: rp.apr(PLAIN, rule="eu", without=["x"]), rp.errors.ChoiceError, "no fees"),
        (
            lambda: rp.apr(PLAIN, rule="eu", advances=[("2024-01-10", "5")]),
            rp.errors.TermsError,
            "leave one out",
        ),
        (
            lambda: rp.apr(
                advances=[("2024-01-10", "100")], payments=[("2024-03-10", "-5")], rule="eu"
            ),
            rp.errors.AmountError,
            "the other side",
        ),
    ],
)
def test_what_has_no_rate_is_refused(call: Any, kind: type[rp.RepayError], words: str) -> None:
    with pytest.raises(kind, match=words.replace("(", r"\(")):
        call()


def test_costs_before_the_first_drawing_have_negative_time() -> None:
    early = rp.apr(
        advances=[("2024-02-10", "1000")],
        payments=[("2024-01-10", "20"), ("2025-02-10", "1100")],
        rule="eu",
    )
    same_day = rp.apr(
        advances=[("2024-02-10", "1000")],
        payments=[("2024-02-10", "20"), ("2025-02-10", "1100")],
        rule="eu",
    )
    assert early > same_day


@pytest.mark.parametrize("rule", OF_FLOWS)
def test_what_is_nearly_lost_or_vast_has_a_rate(rule: AprRule) -> None:
    vast = rp.apr([("2024-01-10", "-100"), ("2024-01-11", "800")], rule=rule)
    assert vast > 100
    assert rp.apr([("2024-01-10", "-100"), ("2024-02-10", "1")], rule=rule) < 0


def test_half_of_it_lost_in_a_day_is_too_near_to_all_for_a_rate_of_a_year() -> None:
    flows = [("2024-01-10", "-100"), ("2024-01-11", "50")]
    assert rp.apr(flows, rule="reg_z") == Decimal("-182.5")
    with pytest.raises(rp.errors.RootError, match=r"-1\.00000"):
        rp.xirr(flows)


@pytest.mark.parametrize("rule", OF_FLOWS)
def test_a_credit_that_nothing_is_paid_for_has_none(rule: AprRule) -> None:
    for paid in ([], [("2024-01-10", "90")]):
        with pytest.raises(rp.errors.RootError, match="nothing is paid"):
            rp.apr(advances=[("2024-01-10", "100")], payments=paid, rule=rule)


# -- several rates --------------------------------------------------------------------------


def monthly(start: str, count: int, amount: str) -> list[Any]:
    first = date.fromisoformat(start)
    return [(add_months(first, number), amount) for number in range(1, count + 1)]


@pytest.mark.parametrize("rule", ["eu", "uk"])
def test_a_charge_before_the_first_advance_has_the_rate_nearest_to_zero(rule: AprRule) -> None:
    """European Commission, examples for the calculation of the APRC, 2015, example 43; and a charge
    of 50 a year before 200,000 at 34.5 %, which 389,790 % would fit, too.
    """
    found = rp.apr(
        advances=[("2024-01-10", "30000")],
        payments=[
            ("2023-01-10", "150"),
            ("2024-01-10", "450"),
            *monthly("2024-01-10", 120, "356.11"),
        ],
        rule=rule,
    )
    assert round(found * 100, 6) == Decimal("8.269278")
    dear = rp.apr(
        advances=[("2024-01-10", "200000")],
        payments=[("2023-01-10", "50"), *monthly("2024-01-10", 240, "5013.38")],
        rule=rule,
    )
    assert round(dear * 100, 2) == Decimal("34.50")


@st.composite
def odd_credits(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Flows by month, in cents: an advance, charges before it, money lent again, a last refund."""
    flows = [(0, -100_000)]
    flows += [(k, draw(st.integers(1_000, 60_000))) for k in range(1, draw(st.integers(2, 12)))]
    if draw(st.booleans()):
        flows.append((-draw(st.integers(1, 24)), draw(st.integers(1, 95_000))))
    if draw(st.booleans()):
        flows.append((draw(st.integers(1, 14)), -draw(st.integers(1, 150_000))))
    if draw(st.booleans()):
        flows.append((draw(st.integers(12, 24)), -draw(st.sampled_from([1, 100, 20_000]))))
    return sorted(flows)


def on_days(flows: list[tuple[int, int]], scale: int = 1, later: int = 0) -> dict[str, Any]:
    """Return advances and payments on the 10th of each month."""
    sides: dict[str, Flows] = {"advances": [], "payments": []}
    for month, cents in flows:
        day = add_months(date(2024, 1, 10), month + later)
        side = sides["advances" if cents < 0 else "payments"]
        side.append((day, Decimal(abs(cents) * scale) / 100))
    return sides


WIDE = Context(prec=60)


def scanned(flows: list[tuple[int, int]]) -> tuple[list[float], Any]:
    """Return the zeros of the worth by the logarithm of 1 and the rate, as far as a scan sees them."""
    times = np.array([month / 12 for month, _ in flows])
    amounts = np.array([float(cents) for _, cents in flows])

    def worth(grown: Any) -> Any:
        return (amounts * np.exp(-np.multiply.outer(grown, times))).sum(axis=-1)

    rates = np.linspace(-6.0, 9.0, 6001)
    signs = np.sign(worth(rates))
    return [float(rates[k]) for k in np.flatnonzero(signs[:-1] * signs[1:] < 0)], worth


@given(odd_credits())
@settings(max_examples=examples(80))
def test_the_rate_is_the_one_nearest_to_zero_of_a_dense_scan(flows: list[tuple[int, int]]) -> None:
    seen, worth = scanned(flows)
    rules: tuple[AprRule, ...] = ("eu", "uk")
    for rule in rules:
        try:
            found = rp.apr(**on_days(flows), rule=rule)
        except rp.errors.RootError:
            assert not seen
            continue
        grown = float(WIDE.ln(WIDE.add(1, found)))
        if grown < -6:  # of a rate so near to -100 % few digits are left
            assert not seen
            continue
        edges = worth(np.array([grown - 1e-7, grown + 1e-7]))
        assert edges[0] * edges[1] <= 0, "it satisfies the equation"
        nearer = [each for each in seen if each >= 0] or ([] if grown >= 0 else seen)
        if grown >= 0:
            assert all(grown <= each + 0.0025 for each in nearer)
        else:
            assert not any(each >= 0 for each in seen)
            assert all(grown >= each - 0.0025 for each in nearer)


def is_in_months(flows: list[tuple[int, int]], later: int) -> bool:
    """Whether the unit period is so many months; the mean of unequal intervals is in weeks or days."""
    months = sorted({month + later for month, _ in flows})
    days = [add_months(date(2024, 1, 10), month) for month in months]
    return unit_of(days, single=False).kind == "month"


@given(odd_credits(), st.integers(2, 1000), st.integers(1, 60))
@example([(0, -100_000), (1, 1_000), (13, -1)], 2, 1)  # the unit is the mean: 28 weeks
@settings(max_examples=examples(40))
def test_a_rate_knows_neither_the_unit_of_money_nor_the_day(
    flows: list[tuple[int, int]], scale: int, later: int
) -> None:
    rules: tuple[AprRule, ...] = ("eu", "uk") if flows[0][0] < 0 else OF_FLOWS
    in_months = is_in_months(flows, 0) and is_in_months(flows, later)
    for rule in rules:
        by_days = rule in BY_DAYS or not (in_months or isinstance(RULES[rule], YearsRule))
        shift = 48 if by_days else later  # in four years, each interval has as many days
        try:
            found = rp.apr(**on_days(flows), rule=rule)
        except rp.RepayError as error:
            with pytest.raises(type(error)):
                rp.apr(**on_days(flows, scale, shift), rule=rule)
            continue
        assert rp.apr(**on_days(flows, scale), rule=rule) == found
        assert rp.apr(**on_days(flows, 1, shift), rule=rule) == found


@pytest.mark.parametrize("rule", OF_FLOWS)
def test_a_last_flow_that_vanishes_moves_the_rate_continuously(rule: AprRule) -> None:
    flows: list[Any] = [("2024-01-10", "-1000"), *monthly("2024-01-10", 6, "180")]
    plain = rp.apr(flows, rule=rule)
    moved = []
    for amount in ("10", "1", "0.1", "0.01", "0.0001"):
        last = (date(2024, 8, 10), f"-{amount}")
        moved.append(abs(rp.apr([*flows, last], rule=rule) - plain))
    assert moved == sorted(moved, reverse=True)
    assert moved[-1] < Decimal("1e-6")


@pytest.mark.parametrize(
    ("rule", "percent"),
    [("eu", "20.998"), ("uk", "20.998"), ("reg_z", "19.522"), ("cn_irr", "21.061")],
)
def test_a_credit_that_ends_with_a_cent_the_other_way(rule: AprRule, percent: str) -> None:
    """Of its two rates one is within 1e-1825 of -100 %."""
    flows = [("2024-01-10", "-1000"), ("2024-07-10", "1100"), ("2024-07-11", "-0.01")]
    assert round(rp.apr(flows, rule=rule) * 100, 3) == Decimal(percent)
    assert round(rp.xirr(flows) * 100, 4) == Decimal("21.0612")


any_flows = st.lists(
    st.tuples(st.integers(0, 400), st.integers(-(10**8), 10**8)), min_size=1, max_size=9
)


@example([(299, 335), (305, -299), (317, 35)])  # two rates within 1e-12 of -100 %
@given(any_flows)
@settings(max_examples=examples(60))
def test_of_any_flows_there_is_a_rate_or_a_named_error(flows: list[tuple[int, int]]) -> None:
    dated = [(add_days(date(2024, 1, 31), day), Decimal(cents) / 100) for day, cents in flows]
    calls: list[Any] = [lambda: rp.xirr(dated), lambda: rp.irr([amount for _, amount in dated])]
    calls += [lambda rule=rule: rp.apr(dated, rule=rule) for rule in OF_FLOWS]
    for call in calls:
        try:
            assert call() > -1 or call().rule in NOMINAL
        except rp.RepayError:
            continue


def test_a_rate_does_not_depend_on_the_decimal_context_of_the_caller() -> None:
    flows = [("2024-01-10", "-1000"), ("2024-07-10", "1100"), ("2024-07-25", "-0.01")]
    touched = [("2024-01-10", "-100"), ("2025-01-09", "220"), ("2026-01-09", "-121")]
    plain = [("2024-02-24", "-961616857"), *monthly("2024-02-24", 2, "517273962.75")]

    def found() -> list[str]:
        rates = [rp.apr(each, rule=rule) for each in (flows, plain) for rule in OF_FLOWS]
        return [str(each) for each in (*rates, rp.xirr(flows, digits=40), rp.xirr(touched))]

    expected = found()
    with localcontext(Context(prec=2, Emax=9, Emin=-9, traps=[Inexact, FloatOperation])):
        assert found() == expected


def test_no_text_depends_on_the_decimal_context_of_the_caller() -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY", fees=[rp.Fee("1%")])
    plan = rp.amortise(loan)
    later = rp.defer(plan, payment=4)

    def texts() -> list[str]:
        made = [
            rp.measures.cost_sheet(plan),
            rp.measures.cap_report(plan),
            rp.measures.modification_test(plan, later),
            rp.compare(plan, later),
            rp.settle(plan, on="2024-07-10", method="uk_2004"),
            rp.negotiate(plan, affordable="700", payment=4),
            rp.agreement(later),
            rp.letter(later, on="2024-03-10"),
            plan.explain(4),
        ]
        return [str(each) for each in made]

    expected = texts()
    hostile = Context(prec=2, rounding=ROUND_UP, traps=[Inexact, FloatOperation])
    with localcontext(hostile):
        assert texts() == expected


# -- digits -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["reg_z", "us_rule", "cn_simple"])
def test_a_rate_next_to_half_of_the_last_digit_is_decided(rule: AprRule) -> None:
    """It is 0.0718977775214500008..., just above the middle of two rates of 12 digits."""
    flows: list[Any] = [("2024-01-10", "-5702"), *monthly("2024-01-10", 7, "834.21")]
    assert rp.apr(flows, rule=rule) == Decimal("0.0718977775215")
    assert rp.apr(flows, rule="cn_irr").nominal == Decimal("0.0718977775215")


def test_a_weekly_credit_whose_first_week_is_odd() -> None:
    """24,371.27 lent on 5 February 2023, 59 x 599.29 by the week from 30 days on; 4 2/7 weeks.

    From a comparison with curo 1.0.0; the figure is that of the general equation of Appendix J.
    """
    first = date(2023, 2, 5)
    flows: Flows = [(first, "-24371.27")]
    flows += [(add_days(first, 30 + 7 * number), "599.29") for number in range(59)]
    for words in ({}, {"period": "week"}):
        assert round(rp.apr(flows, rule="reg_z", **words), 8) == Decimal("0.61625948")


@given(
    st.integers(10**11, 10**12 - 1),
    st.integers(-30, 30),
    st.integers(13, 60),
    st.sampled_from([-1, 0, 1]),
)
@settings(max_examples=examples(100))
def test_a_zero_however_near_to_a_tie_is_rounded_right(
    digits: int, power: int, away: int, side: int
) -> None:
    tie = (Fraction(digits) + Fraction(1, 2)) * Fraction(10) ** power
    zero = tie * (1 + side * Fraction(1, 10**away))

    def sign(number: Fraction) -> int:
        return (number > zero) - (number < zero)

    for estimate in (Fraction(float(zero)), zero * (1 + Fraction(1, 10**9))):
        assert certified_root(estimate, sign, 12) == round_significant(zero, 12)


def test_whole_years_are_counted_back_from_the_end() -> None:
    days = [date(2015, 1, 15), date(2015, 1, 12), date(2014, 1, 2)]
    years = [eu_years(date(2013, 1, 12), day, "year") for day in days]
    assert years == [2 + Fraction(3, 366), 2, Fraction(355, 365)]


@pytest.mark.parametrize("zero", [1, -1])
def test_another_zero_on_the_way_to_nothing_is_not_taken(zero: int) -> None:
    """The root of 2 is next to 1.41, and 1 is a root as well; the same below zero."""

    def sign(number: Fraction) -> int:
        value = (number - zero) * (number * number - 2)
        return (value > 0) - (value < 0)

    assert certified_root(1.41 * zero, sign, 6) == zero * Decimal("1.41421")


# -- whose rule -------------------------------------------------------------------------------


def test_the_rule_follows_from_the_currency() -> None:
    rules: dict[str, AprRule] = {
        "USD": "reg_z", "GBP": "uk", "EUR": "eu", "SEK": "eu", "CNY": "cn_irr"
    }  # fmt: skip
    for currency, rule in rules.items():
        loan = rp.Loan("10000", "12%", 12, "2024-01-10", currency=currency)
        found = rp.apr(loan)
        assert (found, found.rule) == (rp.apr(loan, rule=rule), rule)
        assert rule in repr(found)
        assert rp.apr(loan, rule="us_rule").rule == "us_rule", "what is said goes first"


@pytest.mark.parametrize("currency", ["XXX", "JPY", "CHF"])
def test_without_a_rule_or_a_currency_that_means_one_it_is_asked_for(currency: str) -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", currency=currency)
    for call in (
        lambda: rp.apr(loan),
        lambda: rp.measures.cost_sheet(loan),
        lambda: rp.apr([("2024-01-10", "-1000"), ("2024-07-10", "1100")]),
    ):
        with pytest.raises(rp.errors.TermsError, match='rule="eu"'):
            call()


def test_a_fee_is_known_by_its_value_not_by_its_name() -> None:
    fees = [rp.Fee("50", name="service", payee=payee) for payee in ("broker", "guarantor")]
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=fees)
    choices: list[Any] = [["guarantor"], ["broker"], [fees[0]], fees[1]]
    for without in choices:
        assert rp.apr(loan, rule="eu", without=without) == Decimal("0.137505685719")
    assert rp.apr(loan, rule="eu", without=["service"]) == rp.apr(PLAIN, rule="eu")
    book = rp.Portfolio(principal=["10000"], rate="12%", payments=12, start="2024-01-10", fees=fees)
    assert rp.apr(book.loan(0), rule="eu", without=["broker"]) == Decimal("0.137505685719")
    sheet = rp.measures.cost_sheet(loan, rule="eu")
    assert [each.payee for each in sheet[1:]] == ["broker", "guarantor"]
    assert [each.amount for each in sheet[1:]] == [50, 50]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["50", "30", "1%"]),
            st.sampled_from(["start", "instalment", "end"]),
            st.sampled_from(["service", "guarantee"]),
            st.sampled_from(["lender", "broker", "service"]),
        ),
        min_size=1,
        max_size=4,
    ),
    st.integers(0, 3),
    st.sampled_from(["0%", "10%"]),
)
@settings(max_examples=examples(40))
def test_without_a_fee_a_loan_costs_what_it_costs_if_it_has_none(
    words: list[tuple[str, FeeTime, str, str]], place: int, tax: str
) -> None:
    fees = [rp.Fee(much, when=when, name=name, payee=payee) for much, when, name, payee in words]
    apart = fees[place % len(fees)]
    terms: Any = {"fee_tax": tax}
    whole = rp.Loan("10000", "12%", 12, "2024-01-10", fees=fees, **terms)
    kept = [each for each in fees if each != apart]
    rest = rp.Loan("10000", "12%", 12, "2024-01-10", fees=kept, **terms)
    assert rp.apr(whole, rule="uk", without=[apart]) == rp.apr(rest, rule="uk")
