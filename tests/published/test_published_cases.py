"""Every published case that is part of the library, as ``repaylib selftest`` computes it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import repaylib as rp
from repaylib.cli.case_files import KINDS, Case, parse_cases
from repaylib.cli.case_terms import CHANGES, QUESTIONS
from tests.published.cases import CASES, case_of


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file[:-5]}: {case.name}")
def test_every_figure(case: Case) -> None:
    result = case.compare()
    assert result.figures
    assert [figure for figure in result.figures if not figure.ok] == []
    assert bool(case.why) == bool(case.ours)


def test_how_many_there_are() -> None:
    figures = [figure for case in CASES for figure in case.compare().figures]
    assert (len(CASES), len(figures)) == (235, 818)
    assert sum(not figure.equal for figure in figures) == 7
    assert {case.kind for case in CASES} == set(KINDS)


def test_every_case_has_a_source_and_its_own_name() -> None:
    assert all(case.source and case.name for case in CASES)
    names = Counter((case.file, case.name) for case in CASES)
    assert max(names.values()) == 1
    assert all(not case.url or re.fullmatch(r"https?://\S+", case.url) for case in CASES)
    assert all(re.fullmatch("([A-Z]{2})?", case.country) for case in CASES)


def test_the_periodic_rate_of_a_canadian_mortgage() -> None:
    """The page of the case prints 0.41239 % a month, and whole dollars of that."""
    case = case_of("calculators", "ca-500k-5")
    _, plan = case.answer()
    monthly = plan.loan.first_rate.nominal(Fraction(1, 12)) / 12
    assert round(float(monthly) * 100, 5) == 0.41239
    assert round(rp.rates.level_payment("500000", monthly, 300)) == 2908


# -- the page of the matrix --------------------------------------------------------------------

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "published_cases.rst"


def test_the_page_has_a_matrix_of_each_kind() -> None:
    text = PAGE.read_text(encoding="utf-8")
    kinds = re.findall(r"^\.\. published-cases::(.*)$", text, re.MULTILINE)
    assert [kind.strip() for kind in kinds] == ["", *KINDS]


def test_the_cases_are_equal_or_say_why_not() -> None:
    """The page computes them too, when it is built, and refuses one that is neither."""
    results = [case.compare() for case in CASES]
    figures = [figure for result in results for figure in result.figures]
    assert (len(results), len(figures)) == (235, 818)
    assert sum(figure.equal for figure in figures) == 811
    assert all(figure.ok for figure in figures)
    differ = [each.case for each in results if not all(figure.equal for figure in each.figures)]
    assert len(differ) == 7
    assert all(case.why for case in differ)


# -- how figures are compared -----------------------------------------------------------------

PLAIN = """
[[cases]]
loan = {principal = "10000", rate = "12%", payments = 12, start = 2024-01-10}
expected = {instalment = "888.49"}
"""


def one(text: str = PLAIN) -> Case:
    (case,) = parse_cases(text, "mine.toml")
    return case


@pytest.mark.parametrize(
    ("expected", "equal"),
    [
        ({"instalment": "888.49"}, True),
        ({"instalment": "888.5"}, True),
        ({"instalment": "888"}, True),
        ({"instalment": "888.48"}, False),
        ({"instalment": "888.490"}, True),
        ({"instalment": "888.491"}, False),
        ({"maturity": "2025-01-10"}, True),
        ({"maturity": "2025-01-11"}, False),
        ({"loan.payments": 12}, True),
        ({"loan.payments": "13"}, False),
    ],
)
def test_a_figure_is_compared_to_its_decimals(expected: dict[str, Any], equal: bool) -> None:
    (figure,) = replace(one(), expected=expected).compare().figures
    assert figure.equal is figure.ok is equal


def test_within_is_how_far_apart_figures_may_be() -> None:
    for within, ok in (("0.01", True), ("0.009", False)):
        case = replace(one(), expected={"instalment": "888.48"}, within=within)
        assert case.compare().ok is ok


def test_a_known_difference_has_to_be_the_one_that_is_stated() -> None:
    case = replace(one(), expected={"instalment": "888.50"}, why="rounded up to ten cents")
    assert not case.compare().ok
    assert replace(case, ours={"instalment": "888.49"}).compare().ok
    assert not replace(case, ours={"instalment": "888.48"}).compare().ok
    equal = replace(case, expected={"instalment": "888.49"}, ours={"instalment": "888.49"})
    assert not equal.compare().ok, "a difference that is none any more is told"
    with pytest.raises(rp.errors.ChoiceError, match=r"cases\[0\]\.ours"):
        replace(case, ours={"interest": "1"}).compare()


def test_rows_are_found_by_number_or_follow_each_other() -> None:
    rows = ({"interest": "100.00"}, {"interest": "92.12"}, {"number": 12, "closing": "0.00"})
    assert replace(one(), expected={}, rows=rows).compare().ok
    assert not replace(one(), expected={}, rows=({"number": 13, "closing": "0"},)).compare().ok


# -- what cannot be read ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x = 1", "x"),
        ("", "cases"),
        ("cases = 3", "cases"),
        ("cases = [1]", "cases[0]"),
        ("[[cases]]\nname = 4", "cases[0].name"),
        ("[[cases]]\nloan = 4", "cases[0].loan"),
        ("[[cases]]\nkind = 'x'", "cases[0].kind"),
        ("[[cases]]\nwithin = 'x'", "cases[0].within"),
        ("[[cases]]\nrows = 'x'", "cases[0].rows"),
        ("[[cases]]\nrows = [{number = 'x'}]", "cases[0].rows[0].number"),
        ("[[cases]]\nloans = {}", "cases[0].loans"),
        ("[[cases]]\nexpected = {instalment = '1'}", "cases[0].loan"),
        ("[[cases]]\nloan = {}", "cases[0].expected"),
        (PLAIN.replace("12%", "12"), "cases[0].loan.rate"),
        (PLAIN.replace("rate", "interest"), "cases[0].loan.interest"),
        (PLAIN.replace(", start = 2024-01-10", ""), "cases[0].loan.start"),
        (PLAIN.replace("instalment", "_loan"), "cases[0].expected._loan"),
        (PLAIN.replace("instalment", "check"), "cases[0].expected.check"),
        (PLAIN.replace("instalment", "loan.start.x"), "cases[0].expected"),
        (PLAIN + "changes = [{}]", "cases[0].changes[0]"),
        (PLAIN + "changes = [{pay = {}}]", "cases[0].changes[0]"),
        (PLAIN + "changes = [{defer = 4}]", "cases[0].changes[0].defer"),
        (PLAIN + "changes = [{defer = {payment = 99}}]", "cases[0].changes[0].defer.payment"),
        (PLAIN + "changes = [{defer = {pay = 4}}]", "cases[0].changes[0].defer.pay"),
        (PLAIN + "ask = {settle = {}, apr = {}}", "cases[0].ask"),
        (PLAIN + "ask = {apr = {rule = 'x'}}", "cases[0].ask.apr.rule"),
        (PLAIN + "ask = {apr = {rule = 'eu', flows = [['x']]}}", "cases[0].ask.apr"),
        (PLAIN + "ask = {statement = {}}", "cases[0].ask.statement.as_of"),
    ],
)
def test_what_is_wrong_names_its_place(text: str, place: str) -> None:
    text = text.replace("'", '"')
    with pytest.raises(rp.RepayError) as caught:
        one(text).compare()
    assert caught.value.parameter.startswith(place)
    assert caught.value.hint
    assert caught.value.to_text(lang="zh")


WRONG: list[object] = [
    None,
    -1,
    "",
    "x",
    [],
    [[]],
    [[1]],
    {},
    {"x": {}},
    {"steps": []},
    True,
    1e400,
]


def assert_refused_or_computed(case: Case) -> None:
    """A case has figures, or is refused with its place."""
    refused = None
    try:
        case.compare()
    except rp.RepayError as error:
        refused = error
    assert refused is None or refused.parameter.startswith("cases[0]")


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize("key", ["principal", "rate", "payments", "start", "fees", "every"])
def test_no_value_of_a_loan_ends_in_another_error(key: str, wrong: object) -> None:
    case = replace(one(), loan={**(one().loan or {}), key: wrong})
    assert_refused_or_computed(case)


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize("verb", [*CHANGES, *QUESTIONS])
def test_no_value_of_a_verb_ends_in_another_error(verb: str, wrong: object) -> None:
    keys: dict[str, Callable[[object], Case]] = {
        "changes": lambda value: replace(one(), changes=({verb: value},)),
        "ask": lambda value: replace(one(), ask={verb: value}),
    }
    make = keys["changes" if verb in CHANGES else "ask"]
    names = ("payment", "on", "amount", "flows", "receipts", "rate", "payments", "as_of", "fee")
    for value in (wrong, *({name: wrong} for name in names)):
        assert_refused_or_computed(make(value))
