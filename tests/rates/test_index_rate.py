"""Rates on an index: fixings, margins, limits, resets; and the published cases of ACTUS."""

from __future__ import annotations

import json
import pickle
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.typing import Lang
from tests.strategies.loans import plain_loans

VECTORS = Path(__file__).parents[1] / "vectors" / "actus_rates.json"
CASES = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]
METHODS: dict[str, Any] = {
    "PAM": "interest_only",
    "LAM": "equal_principal",
    "NAM": "level",
    "ANN": "level",
}

FIXINGS = {"2024-01-01": "3%", "2025-01-01": "6%", "2026-01-01": "1%"}
YEARLY = ("2025-01-10", "year")


def indexed(**words: Any) -> rp.rates.Indexed:
    return rp.indexed(**{"fixings": FIXINGS, "margin": "2%", "resets": YEARLY, **words})


def steps_of(rate: rp.rates.Indexed, start: str = "2024-01-10") -> list[str]:
    """The rates in order, the first one first."""
    loan = rp.Loan("10000", rate, 60, start)
    return [str(loan.first_rate), *(str(each) for _, each in loan.rate_steps)]


# -- published --------------------------------------------------------------------------


def actus_loan(case: dict[str, Any], rate: Any) -> rp.Schedule:
    words: dict[str, Any] = {"first_payment": min(case["payments"])}
    if case["instalment"]:
        words["instalment"] = case["instalment"]
    loan = rp.Loan(
        case["principal"],
        rate,
        len(case["payments"]),
        case["start"],
        day_count=case["day_count"],
        method=METHODS[case["type"]],
        negative_amortisation=case["type"] == "NAM",
        decimals=12,
        **words,
    )
    plan = rp.amortise(loan)
    if case["type"] == "ANN":  # the first due date pays interest alone
        plan = rp.defer(plan, payment=1, pause="principal", hold="maturity")
    return plan


#: As an index where the fixings give the rates; one has a first reset at a rate that was agreed.
FORMS = [(case, form) for case in CASES for form in ("steps", "indexed") if case["fixings"]]
FORMS += [(case, "steps") for case in CASES if not case["fixings"]]


@pytest.mark.parametrize(("case", "form"), FORMS, ids=lambda each: str(each)[:13])
def test_published_cases(case: dict[str, Any], form: str) -> None:
    hold: Any = "maturity" if case["type"] == "ANN" else "last"
    first = Decimal(case["first_rate"])
    rate: Any = rp.steps(first, {day: Decimal(each) for day, each in case["rates"].items()}, hold)
    if form == "indexed":
        rate = rp.indexed(
            [(day, Decimal(value)) for day, value in case["fixings"]],
            margin=Decimal(case["margin"]),
            multiplier=case["multiplier"],
            resets=list(case["rates"]),
            initial=first,
            hold=hold,
        )
    plan = actus_loan(case, rate)
    paid = {str(row.date): row.payment for row in plan if row.payment}
    assert set(paid) == set(case["payments"])
    for day, payment in case["payments"].items():
        assert abs(paid[day] - Decimal(payment)) < Decimal("1e-6"), day
    for row in plan:
        if row.number:
            owed = Decimal(case["notional"][str(row.date)])
            assert abs(row.closing - owed) < Decimal("1e-6")
    for day, value in case["rates"].items():
        found = plan.loan.rate_on(date.fromisoformat(day)).value
        assert abs(found - Fraction(value)) < Fraction(1, 10**9)
    plan.check()


def test_there_are_published_cases_of_every_kind() -> None:
    assert {case["type"] for case in CASES} == set(METHODS)
    assert {case["multiplier"] for case in CASES} >= {"1.5"}
    assert len(CASES) >= 10


# -- by hand ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "rates"),
    [
        ({}, ["5%", "8%", "3%"]),
        ({"margin": "0%"}, ["3%", "6%", "1%"]),
        ({"margin": "-1%"}, ["2%", "5%", "0%"]),
        ({"multiplier": "1.5"}, ["6.5%", "11%", "3.5%"]),
        ({"initial": "4%"}, ["4%", "8%", "3%"]),
        ({"cap": "7%"}, ["5%", "7%", "3%"]),
        ({"floor": "4%"}, ["5%", "8%", "4%"]),
        ({"periodic_cap": "2%"}, ["5%", "7%", "3%"]),
        ({"periodic_floor": "1%"}, ["5%", "8%", "7%", "6%", "5%", "4%", "3%"]),
        ({"periodic_cap": "2%", "cap": "6%"}, ["5%", "6%", "3%"]),
        ({"periodic_floor": "1%", "floor": "6%", "initial": "6%"}, ["6%", "8%", "7%", "6%"]),
        ({"fixing_lag": 9}, ["5%", "8%", "3%"]),
        ({"fixing_lag": 10, "initial": "4%"}, ["4%", "5%", "8%", "3%"]),
        ({"margin": "2.07%", "to": "0.125%"}, ["5.125%", "8.125%", "3.125%"]),
        ({"margin": "2.07%", "to": "0.125%", "rounding": "down"}, ["5%", "8%", "3%"]),
        ({"resets": ["2025-06-01"]}, ["5%", "8%"]),
        ({"resets": ("2020-01-10", "year")}, ["5%", "8%", "3%"]),
        ({"resets": ("2025-01-10", "quarter")}, ["5%", *["8%"] * 4, "3%"]),
    ],
)
def test_rates_by_hand(words: dict[str, Any], rates: list[str]) -> None:
    assert steps_of(indexed(**words)) == rates


def test_a_rise_beyond_the_periodic_cap_is_caught_up() -> None:
    """Resets at a frequency go on after the last fixing, until nothing changes."""
    rate = indexed(fixings={"2024-01-01": "3%", "2025-01-01": "8%"}, periodic_cap="2%")
    assert steps_of(rate) == ["5%", "7%", "9%", "10%"]


def test_a_month_end_reset_stays_on_the_month_end() -> None:
    days = [
        day for day, _ in indexed(resets=("2024-01-31", "month")).resolve(date(2024, 1, 10)).changes
    ]
    assert [str(day) for day in days[:3]] == ["2024-01-31", "2024-02-29", "2024-03-31"]


def test_hold_is_what_a_reset_keeps() -> None:
    for hold in ("maturity", "payment", "last"):
        rate = indexed(hold=hold)
        loan = rp.Loan("10000", rate, 60, "2024-01-10")
        plan = rp.amortise(loan)
        same = rp.steps("5%", {"2025-01-10": "8%", "2026-01-10": "3%"}, hold)
        assert list(plan) == list(rp.amortise(rp.Loan("10000", same, 60, "2024-01-10")))
        assert rp.Schedule.from_json(plan.to_json()) == plan
        plan.check()


def test_words() -> None:
    rate = indexed(
        multiplier="1.5",
        cap="9%",
        floor="1%",
        periodic_cap="2%",
        periodic_floor="1%",
        fixing_lag=45,
        to="0.125%",
        initial="4%",
        fixings={"2023-01-01": "3%"},
    )
    assert str(rate) == (
        "1.5 x index + 2%, reset every year from 2025-01-10 on, by the fixing of 45 days before, "
        "rounded to 0.125%, at most 2% up at a reset, at most 1% down at a reset, at least 1%, "
        "at most 9%"
    )
    assert hash(rate) == hash(pickle.loads(pickle.dumps(rate)))
    loan = rp.Loan("10000", rate, 60, "2024-01-10")
    assert str(loan).startswith("10,000.00 at 4% a year from 2024-01-10")
    assert "at least 1%" in rp.amortise(loan).terms()
    assert rp.Schedule.from_json(rp.amortise(loan).to_json()).loan == loan


@pytest.mark.parametrize(
    ("words", "kind", "parts"),
    [
        ({"cap": "3%", "floor": "4%"}, rp.errors.TermsError, ["cap", "3%", "floor=4%"]),
        ({"initial": "9%", "cap": "8%"}, rp.errors.TermsError, ["initial", "cap=8%"]),
        ({"initial": "1%", "floor": "2%"}, rp.errors.TermsError, ["initial", "floor=2%"]),
        ({"initial": rp.effective("4%")}, rp.errors.TermsError, ["initial", "nominal"]),
        ({"fixings": {}}, rp.errors.TermsError, ["fixings"]),
        ({"fixings": "3%"}, rp.errors.TermsError, ["fixings"]),
        ({"fixings": [("2024-01-01",)]}, rp.errors.TermsError, ["fixings"]),
        (
            {"fixings": [("2024-01-01", "3%"), ("2024-01-01", "4%")]},
            rp.errors.TermsError,
            ["3%", "4%"],
        ),
        ({"fixings": {"2024-01-01": 3}}, rp.errors.RateError, ["fixings", '"3%"']),
        ({"resets": "2025-01-10"}, rp.errors.TermsError, ["resets"]),
        ({"resets": []}, rp.errors.TermsError, ["resets"]),
        ({"resets": ["2025-01-10", "2025-01-10"]}, rp.errors.TermsError, ["every day once"]),
        (
            {"resets": ("2025-01-10", "fortnight")},
            rp.errors.ChoiceError,
            ["fortnight", "a frequency"],
        ),
        ({"margin": 2}, rp.errors.RateError, ["margin", '"2%"']),
        ({"multiplier": 1.5}, rp.errors.RateError, ['multiplier="1.5"']),
        ({"multiplier": "1/0"}, rp.errors.RateError, ["multiplier"]),
        ({"multiplier": "one"}, rp.errors.RateError, ["multiplier"]),
        ({"fixing_lag": -1}, rp.errors.TermsError, ["fixing_lag"]),
        ({"fixing_lag": "2"}, rp.errors.TermsError, ["fixing_lag"]),
        ({"to": "0%"}, rp.errors.RateError, ["to:"]),
        ({"rounding": "up"}, rp.errors.TermsError, ["rounding", "to="]),
        ({"to": "0.125%", "rounding": "bankers"}, rp.errors.ChoiceError, ["rounding"]),
        ({"hold": "level"}, rp.errors.ChoiceError, ["maturity"]),
        ({"periodic_cap": "-1%"}, rp.errors.RateError, ["periodic_cap"]),
    ],
)
def test_what_is_refused(
    words: dict[str, Any], kind: type[rp.RepayError], parts: list[str]
) -> None:
    with pytest.raises(kind) as caught:
        indexed(**words)
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("words", "kind", "parts"),
    [
        ({"fixings": {"2024-02-01": "3%"}}, rp.errors.TermsError, ["2024-01-10", "2024-02-01"]),
        (
            {"fixings": {"2025-02-01": "3%"}, "initial": "4%", "fixing_lag": 2},
            rp.errors.TermsError,
            ["on or before 2025-01-08", "for 2025-01-10", "2025-02-01"],
        ),
        ({"fixings": {"2024-01-01": "-3%"}}, rp.errors.RateError, ["-3%", "-1%", 'floor="0%"']),
        ({"resets": ["2024-01-10", "2025-01-10"]}, rp.errors.TermsError, ["2024-01-10", "start"]),
    ],
)
def test_what_a_loan_refuses(
    words: dict[str, Any], kind: type[rp.RepayError], parts: list[str]
) -> None:
    with pytest.raises(kind) as caught:
        rp.Loan("10000", indexed(**words), 12, "2024-01-10")
    for part in parts:
        assert part in str(caught.value)


def test_an_index_below_nothing_with_a_floor() -> None:
    rate = indexed(fixings={"2024-01-01": "-0.5%", "2025-01-01": "-3%"}, floor="0%")
    assert steps_of(rate) == ["1.5%", "0%"]


@pytest.mark.parametrize("text", ["-0.5%", "-1/3%", Decimal("-0.005"), Fraction(-1, 300)])
def test_fixings_below_nothing_are_kept_exactly(text: Any) -> None:
    rate = indexed(fixings={"2024-01-01": text})
    again = rp.rates.Indexed(**rate.to_plain())
    assert again == rate
    assert rate.fixing(date(2024, 1, 1)) < 0


# -- resets to the same rate ------------------------------------------------------------

H14 = {13: "15.41%", 25: "15.17%", 37: "13.17%"} | {
    12 * year + 1: "12.41%" for year in range(4, 30)
}


def sample_h14(form: str, recast: Any) -> rp.Schedule:
    """10,000 over 360 months from 1982-07-01, solved again every July (Regulation Z, H-14)."""
    rate: Any = rp.steps("17.41%", H14, recast=recast)
    if form == "indexed":
        fixings = {
            "1982-07-01": "14.41%", "1983-07-01": "9.78%", "1984-07-01": "12.17%",
            "1985-07-01": "7.66%", "1986-07-01": "6.36%", "1987-07-01": "5%",
        }  # fmt: skip
        rate = rp.indexed(
            fixings, margin="3%", resets=("1983-07-01", "year"), periodic_cap="2%",
            periodic_floor="2%", cap="22.41%", floor="12.41%", recast=recast,
        )  # fmt: skip
    plan = rp.amortise(rp.Loan("10000", "17.41%" if form == "changes" else rate, 360, "1982-07-01"))
    if form == "changes":
        for payment, new in H14.items():
            plan = rp.change_rate(plan, new, payment=payment, recast=recast)
    plan.check()
    return plan


LANGS: dict[Lang, str] = {
    "en": "even if the rate stays the same",
    "zh": "利率没有变动的，也重新计算",
}


@pytest.mark.parametrize("form", ["indexed", "steps", "changes"])
def test_a_reset_to_the_same_rate_can_solve_the_instalment_again(form: str) -> None:
    plan, kept = sample_h14(form, "always"), sample_h14(form, "on_change")
    payments = [str(plan[k].payment) for k in (0, 12, 24, 36, 48)]
    assert payments == ["145.90", "129.81", "127.91", "112.43", "106.73"]
    assert (str(plan[179].closing), str(plan[179].interest)) == ("8700.37", "90.15")
    assert str(kept[179].closing) == "8699.85"
    assert len({row.payment for row in plan[48:]}) > 1
    assert len({row.payment for row in kept[48:-1]}) == 1
    words = "recalculated, even if the rate stays the same"
    assert plan.terms().endswith(words)
    assert words not in kept.terms()
    assert rp.Schedule.from_json(plan.to_json()) == plan
    for lang, same in LANGS.items():
        assert same in rp.agreement(plan, lang=lang)["reading"].text
        assert same not in rp.agreement(kept, lang=lang)["reading"].text


def test_resets_go_on_after_the_agreed_end() -> None:
    """Twelve due dates are skipped, so that the last reset comes after the agreed end."""
    rate = rp.indexed({"2024-01-01": "12%"}, resets=("2025-01-10", "year"), recast="always")
    loan = rp.Loan("10000", rate, 24, "2024-01-10")
    later = rp.defer(loan, payment=2, periods=12)
    same = rp.defer(rp.Loan("10000", "12%", 24, "2024-01-10"), payment=2, periods=12)
    for payment, left in ((25, 12),):
        same = rp.reschedule(same, left, payment=payment)
    assert [row.payment for row in later[24:]] == [row.payment for row in same[24:]]
    gone = rp.change_rate(loan, "6%", payment=6)  # stands above the resets
    assert {row.payment for row in gone[5:-1]} == {gone[5].payment}


def test_what_contradicts_recast() -> None:
    for hold in ("payment", "last", "level"):
        with pytest.raises(rp.errors.TermsError, match=r"recast.*hold=\"maturity\""):
            rp.steps("3%", {7: "6%"}, hold, recast="always")
    with pytest.raises(rp.errors.TermsError, match="recast"):
        rp.changes.RateChange("8%", payment=4, hold="payment", recast="always")
    with pytest.raises(rp.errors.TermsError, match="recast"):
        indexed(hold="last", recast="always")
    with pytest.raises(rp.errors.TermsError, match="recast"):
        rp.Loan(
            "10000", "12%", 12, "2024-01-10", instalment=rp.steps("1", {2: "2"}, recast="always")
        )
    with pytest.raises(rp.errors.ChoiceError, match="recast"):
        indexed(recast="never")


@given(plain_loans(methods=("level",), extras=False), st.data())
def test_a_recast_is_a_rescheduling_to_the_same_count(loan: rp.Loan, data: st.DataObject) -> None:
    plan = rp.amortise(loan)
    k = data.draw(st.integers(1, len(plan)))
    again = rp.change_rate(plan, loan.first_rate, payment=k, recast="always")
    left = loan.payments - k + 1
    assert list(again) == list(rp.reschedule(plan, left, payment=k))
    assert list(rp.change_rate(plan, loan.first_rate, payment=k)) == list(plan)
    if k > 1:
        stepped = rp.steps(loan.first_rate, {k: loan.first_rate}, recast="always")
        words = {each.name: getattr(loan, each.name) for each in fields(loan)}
        assert list(rp.amortise(rp.Loan(**words | {"rate": stepped}))) == list(again)


# -- laws -------------------------------------------------------------------------------

shares = st.integers(-2_000, 4_000).map(lambda n: Fraction(n, 10_000))
limits = st.one_of(st.none(), st.integers(0, 2_000).map(lambda n: Fraction(n, 10_000)))


@given(
    st.lists(shares, min_size=1, max_size=8),
    shares,
    st.tuples(limits, limits, limits, limits),
    st.integers(1, 400),
)
def test_limits_hold(
    values: list[Fraction], margin: Fraction, limit: tuple[Fraction | None, ...], apart: int
) -> None:
    cap, floor, up, down = limit
    floor = floor or Fraction(0)
    if cap is not None and cap < floor:
        cap, floor = floor, cap
    start = date(2024, 1, 10)
    rate = rp.indexed(
        [(start + timedelta(days=apart * k), value) for k, value in enumerate(values)],
        margin=margin,
        resets=[start + timedelta(days=100 * k) for k in range(1, 11)],
        cap=cap,
        floor=floor,
        periodic_cap=up,
        periodic_floor=down,
    )
    steps = rate.resolve(start)
    found = [steps.initial.value, *(each.value for _, each in steps.changes)]
    assert len(found) == 11
    assert all(floor <= each and (cap is None or each <= cap) for each in found)
    for old, new in pairwise(found):
        assert up is None or new - old <= up
        assert down is None or old - new <= down
    again = rp.rates.Indexed(**json.loads(json.dumps(rate.to_plain())))
    assert again == rate
    assert again.resolve(start) == steps


@given(shares, shares)
def test_an_index_that_stands_still_is_the_plain_loan(value: Fraction, margin: Fraction) -> None:
    total = max(Fraction(0), value + margin)
    rate = rp.indexed({"2024-01-01": value}, margin=margin, resets=YEARLY, floor="0%")
    moving = rp.amortise(rp.Loan("10000", rate, 36, "2024-01-10"))
    assert list(moving) == list(rp.amortise(rp.Loan("10000", total, 36, "2024-01-10")))


def test_resets_of_listed_days_do_not_go_on() -> None:
    listed = rp.indexed({"2024-01-01": "3%"}, resets=["2025-01-10", "2026-01-10"])
    yearly = rp.indexed({"2024-01-01": "3%"}, resets=("2025-01-10", "year"))
    days = [date(2025, 1, 9), date(2025, 1, 10), date(2026, 1, 10)]
    assert [listed.next_reset(day) for day in days] == [None, None, None]
    assert [yearly.next_reset(day) for day in days] == [
        date(2025, 1, 10), date(2026, 1, 10), date(2027, 1, 10)
    ]  # fmt: skip


@given(
    st.lists(st.integers(0, 1500), min_size=1, max_size=8),
    st.integers(2, 24),
    st.integers(500, 50_000),
)
def test_recast_each_month_is_a_new_loan_each_month(
    hundredths: list[int], payments: int, principal: int
) -> None:
    """Each instalment is that of a loan of the balance, at the rate of the month, over the rest."""
    fixings = {
        date(2024 + month // 12, month % 12 + 1, 1): Fraction(each, 10_000)
        for month, each in enumerate(hundredths)
    }
    rate = rp.indexed(fixings, resets=("2024-02-10", "month"), recast="always")
    plan = rp.amortise(rp.Loan(principal, rate, payments, "2024-01-10"))
    owed, day = plan.loan.principal, plan.loan.start
    for number, row in enumerate(plan):
        if not owed:
            break
        now = max(each for each in fixings if each <= day)
        rest = rp.amortise(rp.Loan(owed, fixings[now], payments - number, day))
        assert row.payment == rest[0].payment
        owed, day = row.closing, row.date
