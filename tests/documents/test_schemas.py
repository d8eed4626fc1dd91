"""The JSON Schemas of the documentation are those of the classes, and take what is stored, and no more."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.schedule.serialization import Stored
from tests.arrears.test_output import statements
from tests.documents.test_agreements import FULL, LANGS, PLAN, arrangements
from tests.schedule.test_serialization import leaves, stored, text_of
from tests.strategies import loans as strategies
from tests.strategies.loans import examples
from tests.strategies.public import PUBLIC

DOCS = Path(__file__).parents[2] / "docs"
Steps = tuple[str | int, ...]


@cache
def schema() -> Any:
    return json.loads((DOCS / "_static" / "stored.schema.json").read_text(encoding="utf-8"))


@cache
def validator(kind: str) -> Any:
    """What checks a document of a class."""
    jsonschema = pytest.importorskip("jsonschema")
    part = {"$ref": f"#/$defs/{kind}", "$defs": schema()["$defs"]}
    return jsonschema.Draft202012Validator(part)


def fits(of: Stored | dict[str, Any], kind: str) -> bool:
    plain = json.loads(of.to_json()) if isinstance(of, Stored) else of
    return bool(validator(kind).is_valid(plain))


def kept(of: Stored) -> None:
    """What is stored fits the schema, and is read back as it was."""
    assert fits(of, type(of).__name__)
    assert type(of).from_json(of.to_json()) == of
    assert type(of).from_dict(of.to_dict()) == of
    assert json.loads(of.to_json()) == of.to_dict()


def test_the_schemas_are_schemas() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema())


def test_everything_that_is_stored_has_a_schema() -> None:
    kinds = {name for name, of in PUBLIC.items() if isinstance(of, type) and issubclass(of, Stored)}
    named = {part["$ref"].rpartition("/")[2] for part in schema()["oneOf"]}
    assert kinds == named
    papers = {"Letter", "Claim", "CombinedAgreement"}  # which are written, and not read
    assert {name for name, of in PUBLIC.items() if hasattr(of, "from_json")} == kinds - papers


@given(stored())
@settings(max_examples=examples(40))
def test_stored_schedules_fit(plan: rp.Schedule) -> None:
    kept(plan)


@given(st.lists(stored(), min_size=1, max_size=3, unique=True))
@settings(max_examples=examples(10))
def test_stored_combinations_fit(plans: list[rp.Schedule]) -> None:
    try:
        both = rp.schedule.combine(plans)
    except rp.RepayError:  # of several currencies
        both = rp.schedule.combine(plans[:1])
    kept(both)


@given(statements())
@settings(max_examples=examples(25))
def test_stored_statements_fit(owed: rp.arrears.Statement) -> None:
    kept(owed)


@given(arrangements())
@settings(max_examples=examples(25))
def test_stored_arrangements_and_their_agreements_fit(chain: rp.arrears.Arrangement) -> None:
    kept(chain)
    kept(rp.agreement(chain, settlement_fee="50", no_new_credit=True))
    broken = chain.agree().statement(as_of=chain.schedule.maturity)
    kept(broken)


LIMITS: list[Any] = [
    None,
    "eba",
    rp.Limits(rate="1/3%", latest="2030-01-10", caps=rp.measures.known_caps(country="CN")),
]
FEES: list[Any] = [
    *(None, "0", "1%", "3 months"),
    rp.terms.SettlementFee({0: "3 months", 12: "1%"}, at_most="2%"),
]


@given(
    strategies.changed(strategies.rich_loans(), most=3),
    st.sampled_from(LANGS),
    st.none() | strategies.penalty_terms(),
    st.sampled_from([None, rp.arrears.Breach(days=30, amount="50", reinstates="forgiven")]),
    st.sampled_from(LIMITS),
    st.sampled_from(FEES),
    st.integers(0, 3),
)
@settings(max_examples=examples(30))
def test_stored_agreements_fit(
    plan: rp.Schedule, lang: Any, penalty: Any, breach: Any, limits: Any, fee: Any, count: int
) -> None:
    words: dict[str, Any] = {"penalty": penalty, "breach": breach, "settlement_fee": fee}
    before = rp.Schedule(plan.loan, plan.changes[:count])
    kept(rp.agreement(plan, before=before, lang=lang, limits=limits, pay_to="甲\n\u0007", **words))


def chain() -> rp.arrears.Arrangement:
    paid = [rp.Receipt("2024-02-10", "888.49"), rp.arrears.Charge("2024-03-10", "5", "costs")]
    owed = rp.statement(PLAN, paid, as_of="2024-06-24", penalty=rp.PenaltyTerms("1.5"))
    breach = rp.arrears.Breach(days=30)
    return rp.renegotiate(owed, 18, arrears={"penalty": "forgive"}, breach=breach).agree()


PAYER = rp.measures.Payer("state", points="1%", cap="3000", since="2024-02-01")
OWED = rp.statement(
    rp.defer(PLAN, payment=4),
    [rp.Receipt("2024-02-10", "888.49"), rp.arrears.Waiver("2024-03-10", "fee", share="50%")],
    as_of="2024-06-24",
    penalty=rp.steps(rp.PenaltyTerms("1.5"), {"2024-05-01": rp.PenaltyTerms(rate="18%")}),
    allocation=rp.Allocation.chinese_card(),
)
OPTION: Any = rp.negotiate(PLAN, affordable="700", payment=4, by="term").cheapest
PRICE = chain().if_breached(3)
#: A document of each kind, and agreements of every origin.
WRITTEN: dict[str, Callable[[], Stored]] = {
    "schedule": lambda: rp.amortise(rp.Loan("9000", "12%", 9, "2024-01-10", fees=[rp.Fee("1%")])),
    "combination": lambda: rp.schedule.combine([PLAN, rp.defer(PLAN, payment=4)]),
    "statement": lambda: OWED,
    "arrangement": chain,
    "payer": lambda: PAYER,
    "agreement": lambda: rp.agreement(rp.defer(PLAN, payment=4), **FULL, limits=LIMITS[2]),
    "of a statement": lambda: rp.agreement(rp.reschedule(PLAN, 20, payment=6), statement=OWED),
    "of a chain": lambda: rp.agreement(chain(), dated="2024-06-20", if_breached=[PRICE]),
    "of an option": lambda: rp.agreement(OPTION, limits="art_70", lang="zh"),
}


@cache
def written(name: str) -> Stored:
    return WRITTEN[name]()


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_stored_is_read_back(name: str) -> None:
    kept(written(name))
    assert validator("Schedule").schema["$defs"] == schema()["$defs"]


def parts_of(name: str) -> list[Steps]:
    """The paths of a document at which it can be spoilt; figures that follow are checked apart."""
    plain = json.loads(written(name).to_json())
    return [path for path in leaves(plain) if not {"figures", "objections"} & set(path[:-1])]


PATHS = [(name, path) for name in WRITTEN for path in parts_of(name)]


@given(st.sampled_from(PATHS), st.sampled_from(["add", "drop", "list", "object"]))
@settings(max_examples=examples(200))
def test_spoilt_documents_are_refused_by_both(place: tuple[str, Steps], edit: str) -> None:
    name, path = place
    whole = written(name)
    plain = copy.deepcopy(whole.to_dict())
    holder: Any = plain
    for step in path[:-1]:
        holder = holder[step]
    last: Any = path[-1]
    if edit in ("add", "drop") and not isinstance(holder, dict):
        return
    if edit == "add":
        holder["colour"] = "red"
    elif edit == "drop":
        del holder[last]
    elif edit == "list":
        holder[last] = [["red"], 2.5]
    else:
        holder[last] = {"colour": "red"}
    if last == "figures" and edit == "object":
        return
    if fits(plain, type(whole).__name__):  # an option that was added later: it is the default
        assert edit == "drop"
        assert type(whole).from_dict(plain) == whole
        return
    with pytest.raises(rp.RepayError) as caught:
        type(whole).from_dict(plain)
    names = {str(step) for step in (*path, "colour") if isinstance(step, str)}
    names |= {"payer"} if name == "payer" else set()  # one of its parameters is to be given
    assert any(each in caught.value.parameter for each in names), text_of(path)


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("totals", "payment"), "5", "totals.payment"),
        (("instalments", 2, "interest"), "9.99", "instalments[2].interest"),
        (("items", 2, "figures", "total"), "1.00", "items[2].figures.total"),
        (("terms", "dated"), "soon", "terms.dated"),
        (("terms", "limits", "caps", 0, "limit"), "x", "terms.limits.caps[0].limit"),
        (("parties", 0, "role"), "friend", "parties[0].role"),
        (("schedule", "loan", "rate"), "high", "schedule.loan.rate"),
        (("currency",), "USD", "currency"),
        (("version",), 1, "version"),
    ],
)
def test_a_figure_that_does_not_follow_is_named(path: Steps, value: object, named: str) -> None:
    plain: Any = json.loads(written("agreement").to_json())
    holder = plain
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    with pytest.raises(rp.RepayError) as caught:
        rp.documents.Agreement.from_dict(plain)
    assert caught.value.parameter == named


def test_words_of_an_agreement_are_written_again() -> None:
    """Another version may say the same in other words; the figures are the same."""
    plain = json.loads(written("agreement").to_json())
    plain["title"] = plain["items"][0]["text"] = "as it was said before"
    assert rp.documents.Agreement.from_dict(plain) == written("agreement")


def test_an_agreement_of_version_1_has_a_schedule_to_read() -> None:
    file = Path(__file__).parents[1] / "schedule" / "version_1" / "agreement.json"
    text = file.read_text(encoding="utf-8")
    with pytest.raises(rp.errors.StorageError, match="version 1 has no terms") as caught:
        rp.documents.Agreement.from_json(text)
    assert caught.value.parameter == "version"
    assert rp.Schedule.from_dict(json.loads(text)["schedule"]).changes
