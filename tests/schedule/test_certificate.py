"""Certificates: every schedule has one that the checker accepts, and it says what `explain` says."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.cli import verify
from repaylib.output.certificates import canonical, digits, ratio
from repaylib.schedule.row_equations import EQUATIONS, equation_in_words
from repaylib.schedule.rows import MONEY
from tests.strategies.loans import (
    amount_places,
    changed,
    examples,
    loans,
    places_in,
    plain_loans,
    quoted_rates,
    rich_loans,
)

SCHEMA = Path(__file__).parents[2] / "docs" / "_static" / "certificate.schema.json"


@st.composite
def ended_or_in_arrears(draw: st.DrawFn, plans: st.SearchStrategy[rp.Schedule]) -> rp.Schedule:
    """A schedule that may be settled early, and to which arrears may be added."""
    plan = draw(plans)
    methods = ["actuarial", "rule_of_78", "uk_2004", "flat_waived", "flat_charged"]
    for _ in range(draw(st.integers(0, 2))):
        settled = rp.changes.EarlySettlement(
            method=draw(st.sampled_from(methods)),
            fee=draw(st.sampled_from([None, "1%", "5", "3 months"])),
            **draw(amount_places(plan)),
        )
        overdue = rp.changes.Arrears(
            draw(st.sampled_from(["12", "7"])),
            of=draw(st.sampled_from(["interest", "penalty", "fee"])),
            repay=draw(st.sampled_from(["next", "spread", "last"])),
            **draw(places_in(plan)),
        )
        try:
            plan = plan.then(draw(st.sampled_from([settled, overdue])))
        except rp.RepayError:
            continue
    return plan


#: Schedules of all kinds, with changes of all kinds.
schedules = ended_or_in_arrears(
    st.one_of(
        changed(loans(rates=quoted_rates(), most_payments=40), most=4),
        changed(rich_loans(), most=4),
        changed(plain_loans(), most=3),
    )
)


@settings(max_examples=examples(60))
@given(schedules)
def test_every_certificate_is_accepted(plan: rp.Schedule) -> None:
    certificate, done = plan.certificate(), Counter[str]()
    assert verify.check(certificate.text.encode(), done) == certificate.sha256
    assert done["rows"] == len(plan)


def test_the_shares_of_the_rule_of_78_are_no_days() -> None:
    """Interest of a day count of days, divided by digits instead."""
    words: dict[str, Any] = {"method": "flat", "interest_split": "rule_of_78"}
    plan = rp.amortise(rp.Loan("1200", "12%", 12, "2024-01-10", day_count="actual/360", **words))
    certificate = plan.certificate()
    assert verify.check(certificate.text.encode(), Counter[str]()) == certificate.sha256


@settings(max_examples=examples(20))
@given(schedules)
def test_a_certificate_has_the_figures_of_the_rows(plan: rp.Schedule) -> None:
    plain = plan.certificate().to_dict()
    scale = 10**plan.loan.decimals
    for row, written in zip(plan, plain["rows"], strict=True):
        assert (str(row.date), str(row.number)) == (written["date"], written["number"])
        for name in MONEY:
            assert Fraction(written["amounts"][name]) == Fraction(getattr(row, name)) * scale
    assert rp.Schedule.from_dict(plain["terms"]) == plan


def test_every_figure_of_an_explanation_is_in_the_certificate(plan: rp.Schedule) -> None:
    for row, written in zip(plan, plan.certificate().to_dict()["rows"], strict=True):
        interest = plan.explain(row)["interest accrued"]
        (figure,) = (each for each in written["figures"] if each["figure"] == "interest_accrued")
        assert interest.exact is not None
        assert Fraction(figure["unrounded"]) == interest.exact * 100
        assert [(each["start"], each["share"]) for each in figure["segments"]] == [
            (str(each.start), ratio(each.share)) for each in interest.segments
        ]


def test_a_certificate_is_canonical_and_has_no_number_outside_the_terms(plan: rp.Schedule) -> None:
    text = plan.certificate().to_json()
    plain = json.loads(text)
    assert canonical(plain) == text
    del plain["terms"]

    def kinds(value: Any) -> set[type]:
        if isinstance(value, dict):
            return set().union(*map(kinds, value.values())) if value else set()
        if isinstance(value, list):
            return set().union(*map(kinds, value)) if value else set()
        return {type(value)}

    assert kinds(plain) == {str}


def test_the_identities_are_those_of_the_library(plan: rp.Schedule) -> None:
    identities = plan.certificate().to_dict()["identities"]
    assert identities == verify.IDENTITIES
    for name in EQUATIONS:
        assert equation_in_words(name) == f"{name} = {identities[name]}"


def test_a_long_number_is_written_and_read() -> None:
    number = 10**20_000 + 7
    assert verify.one("here", "amount", digits(-number)) == -number
    assert verify.one("here", "fraction", ratio(Fraction(number, 3))) == Fraction(number, 3)
    daily = rp.amortise(
        rp.Loan("10000", rp.effective("7.123457%"), 300, "2024-01-10", every="week")
    )
    assert verify.check(daily.certificate().text.encode(), Counter())


def test_certificates_are_values(plan: rp.Schedule) -> None:
    certificate = plan.certificate()
    assert certificate == plan.certificate()
    assert hash(certificate) == hash(plan.certificate())
    assert certificate != rp.prepay(plan, "1", with_payment=1).certificate()
    assert certificate != certificate.text
    assert repr(certificate) == f"<Certificate: schedule, sha256 {certificate.sha256}>"
    assert str(certificate) == certificate.to_json()
    with pytest.raises(AttributeError):
        certificate.text = ""


def test_certificates_fit_the_schema_of_the_documentation(plan: rp.Schedule) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    checked = jsonschema.Draft202012Validator(schema)
    steps = rp.Loan("10000", "12%", 12, "2024-01-10", instalment=rp.terms.graduated("5%", every=3))
    for each in (plan, rp.defer(plan, payment=4), rp.prepay(steps, "500", on="2024-05-20")):
        assert list(checked.iter_errors(each.certificate().to_dict())) == []
    wrong = plan.certificate().to_dict() | {"colour": "red"}
    assert list(checked.iter_errors(wrong))


def test_the_schema_has_the_keys_that_the_checker_knows() -> None:
    parts = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    names = "schedule row amounts interest sum segment share instalment agreed solved cap growth"
    forms = {name: getattr(verify, name.upper()) for name in names.split()}
    forms |= {name: getattr(verify, name.upper()) for name in ("due", "receipt", "payment", "flow")}
    forms |= {"penalty_segment": verify.PENALTY}
    for kind, (form, _) in verify.CHECKS.items():
        forms[f"certificate_of_{kind}"] = f"{verify.HEAD} {form} {verify.HASH}"
    for name, form in forms.items():
        keys = dict(key.split(":") for key in form.split())
        assert set(parts[name]["properties"]) == set(keys), name
        required = {key for key, kind in keys.items() if not kind.endswith("?")}
        assert set(parts[name]["required"]) == required, name
        assert parts[name]["additionalProperties"] is False
    assert parts["stated"]["properties"]["name"]["enum"] == sorted(verify.WORDS.split())
    assert parts["schedule"]["properties"]["identities"]["const"] == verify.IDENTITIES
    assert list(parts["by_kind"]["properties"]) == verify.KINDS
