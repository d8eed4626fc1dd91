"""A bad value of any public parameter meets a refusal that names it, or is answered, at once."""

from __future__ import annotations

import inspect
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from time import process_time
from typing import Any

import numpy as np
import pytest

import repaylib as rp
from repaylib.phrases.phrase import Given, Phrase
from repaylib.wording.sentence import parse_language
from tests.conftest import CALLS_MADE
from tests.strategies import bad_values
from tests.strategies.bad_values import BAD_VALUES, in_place_of
from tests.strategies.parameters import CALLS, Call, figures


class Thing:
    """A value that no parameter takes."""

    def __repr__(self) -> str:
        return "<thing>"


NAN = Decimal("NaN")
#: What no parameter may answer with another error than one of the library.
ANY: list[Any] = [
    Thing(),
    None,
    True,
    1.5,
    float("nan"),
    NAN,
    "no such word",
    "2024-02-30",
    b"x",
    [],
    -1,
    [Thing()],
    {"x": Thing()},
    np.array([1.5]),
]
#: What a parameter refuses, by the kind of value that it takes.
BAD: dict[str, list[Any]] = {
    "flag": [1.5, "yes", Thing()],
    "count": [True, 1.5, NAN, "twelve", -1, [], Thing()],
    "day": [True, 1.5, NAN, "2024-02-30", "soon", "2024-01-10T08:00", [], Thing()],
    "rate": [True, 1.5, NAN, "high", [], Thing()],
    "amount": [True, 1000.5, NAN, "ten", "1e99", [], Thing()],
    "word": [True, 1.5, NAN, "no such word", [], Thing()],
    "thing": [Thing()],
}
KINDS = {
    "day": r"\d{4}-\d\d-\d\d",
    "rate": r"-?[\d.]+%",
    "amount": r"-?\d+(\.\d+)?",
    "word": r"[a-z][a-z_]+|actual/\d+",
}
#: Parameters that refuse in the name of another, and why.
IN_ANOTHER_NAME = {
    "Portfolio.columns": "without it, the columns of the table are terms",
    "check_offer.columns": "without names, a row of a date and a payment stands for itself",
    "check_offer.date_order": "without it, a day can be read in two ways",
    "concede.target": "it is read with the currency of the loan",
    "irr.near": "without it, two rates fit",
    "periodic_rate.near": "without it, two rates fit",
    "xirr.dates": "without it, flows are pairs",
    "xirr.near": "without it, two rates fit",
    "Portfolio.formats": "a rate without a unit is ambiguous",
    "Portfolio.table": "it holds the columns that are refused",
    "SettlementFee.at_least": "it is read with the currency of the loan",
    "apr.flows": "without it, advances are missing",
    "apr.advances": "advances and payments are flows",
    "apr.payments": "advances and payments are flows",
    "cap_report.flows": "without it, advances are missing",
    "check_offer.rows": "without it, instalment and payments are missing",
    "check_offer.instalment": "it stands in each row",
    "lumps.every": "without it, amounts are pairs",
    "indexed.multiplier": "it makes a fixing negative",
    "renegotiate.instalment": "with no amount, the number is missing",
    "steps.initial": "a rate, for the loan that uses it",
}
#: Parameters that take a value of any kind.
TAKES_ANYTHING = {
    "amortise.progress": "of a single loan there is none",
    "amortize.progress": "of a single loan there is none",
    "negotiate.progress": "it is called where there is something to report",
    "statement.progress": "of a single loan there is none",
}


CHINESE = parse_language("zh").phrases
#: The longest that a call may take, in seconds of the processor.
LONGEST = 1.0
#: A search among terms takes all the schedules that it may try, where nothing fits.
LONGEST_SEARCH = 4.0
#: How many of the bad values each parameter is given, by profile; all of them in the profile ``long``.
SAMPLES = {"quick": 4, "moderate": 30}
#: How a value is read, in the names of the functions of ``bad_values`` that fail then.
READ = ("__iter__", "__getitem__", "failing", "<lambda>")
#: Parameters that are a function of the user's, whose own errors are left to the user.
USER_FUNCTIONS = ("make", "figure")
#: Parameters that take any text.
FREE_TEXT = ("name", "payee", "source", "whom", "lender", "payer")


def kind_of(one: Any, other: Any) -> str:
    """Return the kind of value that a parameter takes, from two examples."""
    values = [value for value in (one, other) if value is not None]
    if all(isinstance(value, bool) for value in values):
        return "flag"
    if all(type(value) is int for value in values):
        return "count"
    for kind, pattern in KINDS.items():
        if all(isinstance(each, str) and re.fullmatch(pattern, each) for each in values):
            return kind
    return "thing"


def parameters() -> Iterator[tuple[str, str]]:
    """Go through the parameters of public functions and classes."""
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    for name, call in CALLS.items():
        for parameter in call.two:
            known = call.parameters.get(parameter)
            if "." not in name and known is not None and known.kind not in variadic:
                yield name, parameter


def templates(said: object) -> Iterator[str]:
    """Give the English texts of a phrase and of those within it."""
    said = said.value if isinstance(said, Given) else said
    if isinstance(said, Phrase):
        yield said.template
        for value in said.values:
            yield from templates(value)


def refusal(call: Call, words: dict[str, Any]) -> rp.RepayError | None:
    """Return the error that a call is refused with; an error of another kind is a failure."""
    try:
        call.made(words)
    except rp.RepayError as error:
        return error
    return None


@pytest.mark.parametrize(("name", "parameter"), list(parameters()))
def test_a_bad_value_is_refused_by_name(name: str, parameter: str) -> None:
    call, key = CALLS[name], f"{name}.{parameter}"
    two = call.two[parameter]
    bad = BAD["thing" if parameter in FREE_TEXT else kind_of(two.one, two.other)]
    for value in [*bad, *ANY]:
        error = refusal(call, {**two.words, parameter: value})
        must = any(value is other for other in bad) or isinstance(value, Thing)
        assert error is not None or not must or key in TAKES_ANYTHING, f"{value!r} is taken"
        if error is not None and key not in IN_ANOTHER_NAME:
            text = f"{value!r}: {error}"
            assert re.match(rf"{parameter}\b", error.parameter) or parameter in error.expected, text
        if error is not None:
            assert not set(templates(error.message(error.parameter))) - CHINESE.keys(), str(error)
            assert re.match(r"[^：]+：收到 .+；.+；", error.to_text(lang="zh"), re.DOTALL), str(
                error
            )


def test_exceptions_are_parameters() -> None:
    known = {f"{name}.{parameter}" for name, parameter in parameters()}
    assert set(IN_ANOTHER_NAME) | set(TAKES_ANYTHING) <= known


@dataclass
class Faults:
    """What calls with bad values did that they may not do."""

    calls: int = 0
    found: list[str] = field(default_factory=list)

    def call(self, call: Call, parameter: str, words: dict[str, Any], label: str) -> None:
        """Make a call, read the answer, and note what is neither a refusal nor an answer in time."""
        self.calls += 1
        begun = process_time()
        try:
            with suppress(rp.RepayError):
                figures(call.made(words))
        except Exception as error:
            known = parameter in USER_FUNCTIONS and label == "a function"
            known |= isinstance(error, OSError) and parameter == "file"
            if not (known or own_error(error)):
                self.found.append(f"{parameter}: {label}: {type(error).__name__}: {error}"[:300])
        longest = LONGEST_SEARCH if call is CALLS["check_offer"] else LONGEST
        if (spent := process_time() - begun) > longest:
            self.found.append(f"{parameter}: {label}: {spent:.1f} s")


def own_error(error: Exception) -> bool:
    """Whether a value itself failed as it was gone through, looked up or called."""
    *_, last = traceback.extract_tb(error.__traceback__)
    return last.filename == bad_values.__file__ and last.name in READ


def bad_words(call: Call, parameter: str, label: str) -> Iterator[dict[str, Any]]:
    """Give the words of a call with a bad value in the place of a parameter, and inside its value."""
    two, make = call.two[parameter], BAD_VALUES[label]
    good = two.other if two.one is None else two.one
    for place in range(len(list(in_place_of(good, make())))):
        bad = list(in_place_of(good, make()))[place]  # made anew, as an iterator is used up
        yield {**two.words, parameter: bad}


@pytest.mark.parametrize("name", list(CALLS))
def test_a_bad_value_meets_a_refusal_or_an_answer(
    name: str, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    call, faults = CALLS[name], Faults()
    profile = request.config.getoption("--hypothesis-profile") or "quick"
    for parameter, two in call.two.items():
        labels = list(BAD_VALUES)
        if profile in SAMPLES:
            labels = Random(f"{name}.{parameter}").sample(labels, SAMPLES[profile])
        with suppress(rp.RepayError):  # what is imported at the first call takes its time now
            call.made({**two.words, parameter: two.one})
        for label in labels:
            for words in bad_words(call, parameter, label):
                faults.call(call, parameter, words, label)
    record_property(CALLS_MADE, faults.calls)
    assert not faults.found, "\n".join(faults.found)
