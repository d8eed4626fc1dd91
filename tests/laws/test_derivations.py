"""Every figure of a result follows from what its derivation states, for any loan and any change."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.money.rounding import context_of
from tests.strategies.loans import (
    amount_places,
    changed,
    changes_for,
    plain_loans,
    rich_loans,
)

PLAN = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY"))
WIDE = context_of(60)


def derives(derived: rp.schedule.Derivation, **values: object) -> None:
    """The parts of each figure give it, and each result is the figure of that name."""
    for figure in derived.figures:
        assert figure.recomputed() == figure.value, figure
        if figure.parts:
            assert sum(amount for _, amount in figure.parts) == figure.value
    for name, value in values.items():
        assert derived[name.replace("_", " ")].value == value, name
    chinese = derived.to_text(lang="zh")
    numbers = re.compile(r"\d[\d,]*\.\d+")
    assert sorted(numbers.findall(chinese)) == sorted(numbers.findall(str(derived)))


@given(schedule=changed(rich_loans(), most=3), data=st.data())
def test_a_quote_follows_from_its_derivation(schedule: rp.Schedule, data: st.DataObject) -> None:
    words: dict[str, Any] = data.draw(amount_places(schedule))
    words["method"] = data.draw(st.sampled_from(["actuarial", "rule_of_78", "flat_waived"]))
    words["fee"] = data.draw(st.sampled_from([None, "1%", "3 months", "20"]))
    try:
        quote = rp.settle(schedule, **words)
    except rp.RepayError:
        assume(False)
    derived = quote.explain()
    derives(derived, total=quote.total, interest_saved=quote.interest_saved)
    assert derived["saving after fee"].value == quote.saving_after_fee
    named = dict(derived["total"].terms)
    assert named.get("interest", Decimal(0)) == quote.interest
    accrued = [each.value for each in derived.figures if each.name == "interest accrued"]
    last = [each.value for each in derived.figures if each.name == "interest"]
    assert (last[0] if last else sum(accrued)) == quote.interest


@given(schedule=plain_loans().map(rp.amortise), data=st.data())
def test_a_part_settled_follows_from_its_derivation(
    schedule: rp.Schedule, data: st.DataObject
) -> None:
    words = data.draw(amount_places(schedule))
    try:
        quote = rp.settle(schedule, amount="1", fee="2%", **words)
    except rp.RepayError:
        assume(False)
    derives(quote.explain(), total=quote.total, interest_saved=quote.interest_saved)


@given(schedule=plain_loans().map(rp.amortise), data=st.data())
def test_a_modification_follows_from_its_derivation(
    schedule: rp.Schedule, data: st.DataObject
) -> None:
    try:
        after = schedule.then(data.draw(changes_for(schedule)))
        test = rp.measures.modification_test(schedule, after)
    except rp.RepayError:
        assume(False)
    derived = test.explain()
    derives(derived, worth_before=test.worth_before, worth_after=test.worth_after)
    derives(derived, gain_or_loss=test.gain_or_loss)
    if any(figure.name == "change" for figure in derived.figures):
        derives(derived, change=test.change)
    for name in ("worth before", "worth after"):
        for flow in derived[name].flows:
            assert flow.worth == Fraction(flow.amount) * flow.factor


@given(schedule=plain_loans().map(rp.amortise), data=st.data())
def test_a_comparison_follows_from_its_derivation(
    schedule: rp.Schedule, data: st.DataObject
) -> None:
    try:
        table = rp.compare(schedule, schedule.then(data.draw(changes_for(schedule))))
    except rp.RepayError:
        assume(False)
    for place, plan in enumerate(table):
        derived = table.explain(place)
        derives(derived, to_pay_from_then=plan.still_to_pay, in_all=plan.total_paid)
        derives(derived, largest_payment=plan.largest)
        if place:
            derives(derived, more_than_the_first=plan.extra)


@given(schedule=plain_loans().map(rp.amortise), data=st.data())
def test_a_cap_follows_from_its_derivation(schedule: rp.Schedule, data: st.DataObject) -> None:
    measure: Any = data.draw(st.sampled_from(["nominal", "effective", "simple", "daily", "total"]))
    limit = data.draw(st.sampled_from(["0.01%", "5%", "24%", "36%"]))
    country = data.draw(st.sampled_from(["", "US", "GB", "JP", "AU"]))
    cap = rp.measures.Cap("x", limit, measure=measure, country=country)
    try:
        report = rp.measures.cap_report(schedule, cap)
    except rp.RepayError:
        assume(False)
    derived = report.explain("x")
    derives(derived, excess=report[0].excess)
    if any(figure.name == "value" for figure in derived.figures):
        derives(derived, value=report[0].value)


def test_the_factors_are_the_rate_raised_to_the_times() -> None:
    """They are those of the rate that the title has, taken as a 60-digit power here."""
    test = rp.measures.modification_test(PLAN, rp.defer(PLAN, payment=4, interest="waive"))
    growth = WIDE.ln(1 + test.period_rate)
    for name in ("worth before", "worth after"):
        for flow in test.explain()[name].flows:
            expected = WIDE.exp(WIDE.multiply(growth, -int(flow.time)))
            assert abs(flow.factor - Fraction(expected)) < Fraction(1, 10**10)


def test_a_quote_states_the_interest_to_the_day() -> None:
    """5,149.20 at 12 % for 15 of the 31 days of a month: 1/12 x 15/31 is 5/124 of a year."""
    derived = rp.settle(PLAN, on="2024-07-25", fee="1%").explain()
    segment = derived["interest accrued"].segments[0]
    assert (segment.base, segment.rate, segment.days) == (Decimal("5149.20"), Fraction(12, 100), 15)
    assert segment.share == Fraction(1, 12) * Fraction(15, 31)
    assert derived["interest accrued"].value == Decimal("24.92")
    assert derived["fee"].value == Decimal("51.49")


def test_what_falls_due_on_the_day_is_no_part_of_a_quote() -> None:
    """On a due date the instalment is paid besides: nothing of it is in the derivation."""
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[rp.Fee("5", when="instalment")])
    derived = rp.settle(loan, with_payment=6, fee="1%").explain()
    assert [figure.name for figure in derived.figures][:2] == ["principal", "fee"]
    assert derived["fee"].value == Decimal("51.49")


def test_an_option_follows_from_its_derivation() -> None:
    for found in (
        rp.negotiate(PLAN, affordable="700", payment=4, limits=rp.Limits(months=24, rate="6%")),
        rp.negotiate(
            rp.Loan("10000", "12%", 52, "2024-01-10", every="week"),
            affordable="900",
            payment=4,
            limits=rp.Limits(months=24),
        ),
        rp.negotiate(PLAN, affordable="700", payment=4, by="lump"),
        rp.negotiate(
            *(PLAN,),
            affordable="700",
            payment=4,
            by=("term", "subsidy"),
            limits=rp.Limits(months=12, subsidy="6%", payer="employer"),
        ),
    ):
        for option in found:
            derived = option.explain()
            derives(derived, to_pay=option.total, a_month=option.payment)
            derives(derived, change=-option.loss)


def test_a_cap_is_found_by_name_or_place() -> None:
    caps = [rp.measures.Cap("a", "24%"), rp.measures.Cap("b", "6%", measure="total")]
    report = rp.measures.cap_report(PLAN, caps)
    assert report.explain("b") == report.explain(1) == report[1].explain()
    assert report.explain()["excess"].formula == "none, as the limit is kept"
    with pytest.raises(rp.RepayError, match="which"):
        report.explain("c")
    with pytest.raises(KeyError, match="there are value"):
        report.explain()["colour"]


def test_flows_alone_are_derived_too() -> None:
    flows = [("2026-01-10", "-1000"), ("2026-03-15", "500.005"), ("2026-07-15", "600")]
    cap = rp.measures.Cap("x", "24%", measure="effective")
    report = rp.measures.cap_report(flows, cap)
    derives(report.explain(), excess=report[0].excess, value=report[0].value)
    worth = sum(Decimal(amount) / Decimal("1.24") ** (Decimal(days) / 365)
                for amount, days in (("-1000", 0), ("500.005", 64), ("600", 186)))  # fmt: skip
    assert report[0].excess == round(worth, 2) == Decimal("19.20")


def test_a_derivation_is_gone_through_by_figure() -> None:
    derived = rp.settle(PLAN, on="2024-07-25").explain()
    assert list(derived) == list(derived.figures)
    with pytest.raises(rp.errors.ChoiceError, match='write "as agreed"'):
        rp.compare(PLAN, rp.defer(PLAN, payment=4)).explain("x")
