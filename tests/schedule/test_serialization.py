"""What is stored is read back without loss; what was tampered with is refused by its path."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.schedule.placement import amount_place
from repaylib.schedule.serialization import ADDED, ADDED_TO
from tests.strategies.loans import (
    RATE_KINDS,
    changes_for,
    examples,
    loan_rates,
    loan_words,
    part_of,
    places_in,
    quoted_rates,
)

Path = tuple[str | int, ...]

NAMES = st.sampled_from(["贷款手续费", "Gebühr \u202e\u0000", "\U0001f600 é\u0301", '"\\/', "NaN"])


@st.composite
def other_changes(draw: st.DrawFn, schedule: rp.Schedule) -> rp.changes.Change:
    """A change of a kind, or with a rate, that :func:`changes_for` does not draw."""
    place = draw(places_in(schedule))
    match draw(st.sampled_from(["rate", "reschedule", "move", "arrears", "settle", "any"])):
        case "rate":
            return rp.changes.RateChange(draw(quoted_rates()), **place)
        case "reschedule":
            days = [schedule.maturity + timedelta(days=30 * each) for each in range(1, 4)]
            every = draw(st.sampled_from([None, "3 days", days]))
            return rp.changes.Rescheduling(3, every=every, rate=draw(quoted_rates()), **place)
        case "move":
            return rp.changes.Deferral(scope="instalment", rate=draw(quoted_rates()), **place)
        case "arrears":
            return rp.changes.Arrears(part_of(schedule, 3), of="penalty", **place)
        case "settle":
            fee: Any = draw(
                st.sampled_from(
                    [
                        None,
                        "1/3%",
                        rp.terms.SettlementFee({0: "3 months", 12: "1%", 24: "5"}, at_most="2%"),
                        rp.terms.SettlementFee(
                            "12 months", less_elapsed=True, at_least="5", cap="eu"
                        ),
                    ]
                )
            )
            return rp.changes.EarlySettlement(
                fee=fee,
                notice=draw(st.sampled_from([None, 3])),
                **amount_place(place, schedule.ledger),
            )
    return draw(changes_for(schedule, quoted_rates()))


@st.composite
def stored(draw: st.DrawFn) -> rp.Schedule:
    """A schedule of any loan, at any rate, with any changes."""
    words = draw(loan_words(rates=loan_rates, most_payments=40, least=500))
    if draw(st.booleans()):
        fee = rp.Fee("1/7%", when="instalment", name=draw(NAMES), payee=draw(NAMES))
        words["fees"] = [*words.get("fees", []), fee]
    if draw(st.booleans()):
        words["calendar"] = rp.Calendar("1111110", [date(2027, 1, 1)])
        words["roll"] = "nearest"
    try:
        schedule = rp.amortise(rp.Loan(**words))
    except rp.RepayError:  # rates that the instalment does not cover, or that cost too much
        schedule = rp.amortise(rp.Loan("1000", rp.Rate(Fraction(-1, 7)), 12, "2024-01-31"))
    for _ in range(draw(st.integers(0, 3))):
        try:
            schedule = schedule.then(draw(other_changes(schedule)))
        except rp.RepayError:
            continue
    return schedule


@given(stored())
@settings(max_examples=examples(100))
def test_a_stored_schedule_is_read_back_without_loss(schedule: rp.Schedule) -> None:
    text = schedule.to_json()
    back = rp.Schedule.from_json(text)
    assert back == schedule
    assert hash(back) == hash(schedule)
    assert list(back) == list(schedule)
    assert back.to_json() == text
    assert rp.Schedule.from_dict(schedule.to_dict()) == schedule


@pytest.mark.parametrize("rate", ["-5%", "-1/3%", "-0.000001%"])
def test_rates_below_zero_are_stored(rate: str) -> None:
    """Each value that has a rate; a text below zero is refused as a slip where a rate is given."""
    share = Fraction(rate.rstrip("%")) / 100
    for kind in RATE_KINDS:
        below = rp.Rate(share, kind)
        for terms in (below, rp.steps("3%", {4: below}), rp.steps(below, {"2025-01-01": "3%"})):
            plan = rp.amortise(rp.Loan("1000", terms, 12, "2024-01-10"))  # type: ignore[arg-type]  # terms are of two kinds
            plan = plan.then(
                rp.changes.RateChange(below, payment=3),
                rp.changes.Deferral(5, scope="instalment", rate=below),
                rp.changes.Rescheduling(6, payment=8, rate=below),
            )
            assert rp.Schedule.from_json(plan.to_json()) == plan
    index = rp.indexed({"2024-01-01": rate}, resets=("2024-06-10", "year"), floor="-10%")
    plan = rp.amortise(rp.Loan("1000", index, 12, "2024-01-10"))
    assert plan.loan.first_rate.value == share
    assert rp.Schedule.from_json(plan.to_json()) == plan


# -- documents that were tampered with ----------------------------------------------------

PLAN = rp.amortise(
    rp.Loan(
        "10000",
        rp.steps(rp.effective("12%"), {25: rp.Rate(Fraction(-1, 100))}),
        payments=36,
        start="2024-01-31",
        first_payment="2024-03-15",
        calendar=rp.Calendar(holidays=["2024-12-25"]),
        roll="following",
        fees=[rp.Fee("1%", collected="financed"), rp.Fee("5", when="instalment", name="账户费")],
        drawdowns=[("2024-04-01", "500")],
        interest_tax="5%",
        instalment_rounding="up",
    ),
    rp.changes.Deferral(4, 2, repay="capitalise", capitalise_every=None),
    rp.changes.RateChange("1/3%", payment=9, until=12),
    rp.changes.Forgiveness(share="1%", on="2025-05-05"),
    rp.changes.Prepayment("100", on="2025-06-05"),
    rp.changes.Rescheduling(
        instalment="500", payment=20, every="quarter", rate=rp.Rate(Fraction(-1, 50))
    ),
    rp.changes.EarlySettlement(
        on="2026-12-01", fee=rp.terms.SettlementFee({0: "3 months"}, at_most="2%")
    ),
)
INDEXED = rp.amortise(
    rp.Loan(
        "10000",
        rp.indexed(
            {"2023-01-01": "-0.5%", "2025-01-01": "3%"},
            resets=("2024-06-10", "year"),
            multiplier="3/2",
            floor="-2%",
            to="0.125%",
        ),
        payments=24,
        start="2024-01-10",
        instalment=rp.steps("450", {13: "475"}),
    )
)
GROWING = rp.amortise(
    rp.Loan(
        "10000", rp.Rate(Fraction(-1, 30)), 24, "2024-01-10", instalment=rp.terms.graduated("-1/3%")
    ),
    rp.changes.Arrears("10", payment=3),
    rp.changes.Advance("10", with_payment=2),
    rp.changes.Forbearance("10", payment=3),
)
DOCUMENTS = [each.to_dict() for each in (PLAN, INDEXED, GROWING)]


def deep(levels: int) -> list[Any]:
    """Return lists in lists."""
    found: list[Any] = []
    for _ in range(levels):
        found = [found]
    return found


#: What a value is exchanged for; beside these, the same number or text in another type.
WILD: list[Any] = [
    *(None, True, False, 0, 1, -1, 1e2, 0.5, -0.0, 10**30, -(10**400), 10**4200),
    *("", " ", "0", "1", "1.0", "-5%", "1e400%", "1e999999999", "NaN", "Infinity", "sNaN"),
    *("9999-12-31", "0001-01-01", "2024-02-30", "\ud800", "\u0000", "\uff11\uff12", "x" * 5000),
    *([], {}, [[]], [None], {"": None}, {"rate": "5%"}, {"fee": {}}, {"initial": "5%"}),
    *(float("nan"), float("inf"), -float("inf")),
    *(deep(50), {"fixings": [["2024-01-01", float("nan")]]}, ["2024-01-01", 2]),
]


def leaves(plain: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every value of a document, lists and dictionaries included."""
    if path:
        yield path
    if isinstance(plain, dict):
        for key, value in plain.items():
            yield from leaves(value, (*path, key))
    elif isinstance(plain, list):
        for place, value in enumerate(plain):
            yield from leaves(value, (*path, place))


def at(plain: Any, path: Path) -> Any:
    for step in path:
        plain = plain[step]
    return plain


def text_of(path: Path) -> str:
    """Return a path as an error names it."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def retyped(value: Any) -> list[Any]:
    """Return what says nearly the same in another type."""
    found: list[Any] = [[value], {"value": value}, str(value)]
    if isinstance(value, bool):
        found += [int(value), float(value)]
    elif isinstance(value, int):
        found += [float(value), f"{value}.0", value == 1]
    elif isinstance(value, str) and value.removesuffix("%").replace(".", "").isdigit():
        found += [float(value.removesuffix("%"))]
    return found


def same(written: Any, given: Any) -> bool:
    """Whether what is written again says what was given, in whatever notation."""
    if isinstance(given, str) and isinstance(written, str):
        one, two = (each.strip().removesuffix("%") for each in (written, given))
        try:
            return one == two or Decimal(one) == Decimal(two)
        except InvalidOperation:
            return False
    if isinstance(given, list) and isinstance(written, list):
        return len(given) == len(written) and all(map(same, written, given))
    if isinstance(given, int) and isinstance(written, str):
        return not isinstance(given, bool) and same(written, str(given))
    return type(written) is type(given) and bool(written == given)


def read(text: str) -> rp.Schedule | rp.RepayError:
    """Return what is read, or the error that names a path; any other error fails the test."""
    try:
        return rp.Schedule.from_json(text)
    except rp.RepayError as error:
        return error


def exchanged(document: Any, path: Path, value: Any) -> None:
    """Exchange a value: it is refused under its part of the document, or it is what is read."""
    copied: Any = json.loads(json.dumps(document))
    at(copied, path[:-1])[path[-1]] = value
    found = read(json.dumps(copied))
    if isinstance(found, rp.RepayError):
        if found.parameter == "text":  # numbers of thousands of digits
            assert isinstance(value, int)
            return
        part = found.parameter.split(".")[0].split("[")[0]
        assert part in ("loan", "changes") if path[0] in ("loan", "changes") else part == path[0]
        return
    again = found.to_dict()
    if again == document:
        return
    # Pairs may be sorted, and a rate that is not below zero is written in another way.
    holder = at(again, path[:-1]) if len(path) > 1 else again
    last: Any = path[-1]
    written = holder if isinstance(holder, str) else holder[last]
    assert same(written, value) or ordered(again) == ordered(copied), (text_of(path), value)


def ordered(plain: Any) -> Any:
    """Return a document with its lists sorted."""
    if isinstance(plain, dict):
        return {key: ordered(value) for key, value in plain.items()}
    return sorted(map(ordered, plain), key=repr) if isinstance(plain, list) else plain


def retold(document: Any, path: Path, edit: str) -> None:
    """Drop a key, add one or write one twice: the error names the very key."""
    copied: Any = json.loads(json.dumps(document))
    holder: Any = at(copied, path[:-1])
    key: Any = path[-1]
    if not isinstance(holder, dict):
        return
    where = text_of(path)
    if edit == "drop":
        holder.pop(key)
        text = json.dumps(copied)
    elif edit == "add":
        holder[f"{key}_"] = holder[key]
        where += "_"
        text = json.dumps(copied)
    else:
        value = json.dumps(holder[key])
        holder[key] = "\u0007 here"
        text = json.dumps(copied).replace('"\\u0007 here"', f"{value}, {json.dumps(key)}: {value}")
        assert text.count(f"{json.dumps(key)}: {value}, {json.dumps(key)}: {value}") == 1
    found = read(text)
    kind = str(holder.get("kind", path[-2] if len(path) > 1 else ""))
    added = {name.lower(): names for name, names in ADDED_TO.items()}.get(kind, set())
    if edit == "drop" and key in ADDED | added:  # added later; without it, it is the usual word
        assert isinstance(found, rp.Schedule)
        assert found.to_dict() == document
        return
    assert isinstance(found, rp.errors.StorageError), (where, edit)
    kinds = ("initial", "fixings", "fee", "graduated", "settlementfee")  # tell what it is
    if edit == "twice" or key not in kinds:
        assert found.parameter == where
    else:
        assert found.parameter.startswith(text_of(path[:-1]))


PATHS = [(number, path) for number, each in enumerate(DOCUMENTS) for path in leaves(each)]


@given(st.sampled_from(PATHS), st.sampled_from(["drop", "add", "twice"]))
@settings(max_examples=examples(120))
def test_keys_that_are_missing_unknown_or_there_twice_are_refused(
    place: tuple[int, Path], edit: str
) -> None:
    retold(DOCUMENTS[place[0]], place[1], edit)


@given(st.sampled_from(PATHS), st.data())
@settings(max_examples=examples(250))
def test_a_value_that_is_exchanged_is_refused_or_read_as_it_is(
    place: tuple[int, Path], data: st.DataObject
) -> None:
    document = DOCUMENTS[place[0]]
    value = data.draw(st.sampled_from([*WILD, *retyped(at(document, place[1]))]))
    exchanged(document, place[1], value)
