"""Errors keep their parts, and each face writes them its own way."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal

import pytest

from repaylib.cli.common import in_options
from repaylib.errors import CountError, Hint, RateError, RootError, write


def test_a_hint_is_text_and_keeps_its_arguments() -> None:
    hint = Hint("write {}, or {} with {}", "5%", payment=4, on="2024-04-10")
    assert hint == 'write "5%", or payment=4 with on="2024-04-10"'
    assert hint.parts == ((None, "5%"), ("payment", 4), ("on", "2024-04-10"))
    assert hint.written(lambda name, value: f"<{name} {value}>") == (
        "write <None 5%>, or <payment 4> with <on 2024-04-10>"
    )
    for again in (pickle.loads(pickle.dumps(hint)), copy.copy(hint), copy.deepcopy(hint)):
        assert (again, again.template, again.parts) == (hint, hint.template, hint.parts)


def test_names_that_are_no_identifiers() -> None:
    assert write(**{"fees[0].amount": "5"}) == 'write fees[0].amount="5"'
    assert write(self=1, sentence="{}") == 'write self=1, sentence="{}"'


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"rate": "--new-rate"}, "--new-rate: got 8; expected x; write --new-rate 8%"),
        ({"rate": "--rate", "on": "-o"}, "--rate: got 8; expected x; write --rate 8%"),
        ({}, 'rate: got 8; expected x; write "8%"'),
    ],
)
def test_options_of_the_command_line(options: dict[str, str], text: str) -> None:
    assert in_options(RateError("rate", 8, "x", write("8%")), options) == text


def test_values_are_quoted_for_the_shell() -> None:
    error = RateError("every", 8, "x", Hint("write {} or {}", every="2 weeks", month_end=True))
    names = {"every": "--every", "month_end": "--month-end"}
    assert in_options(error, names).endswith("write --every '2 weeks' or --month-end")


def test_all_that_is_known_of_an_error_goes_with_it() -> None:
    error = RootError("flows", 1, "x", write(near="5%"), roots=(Decimal("0.05"),))
    error.add_note("change 2")
    error.change = 2
    for other in (error.in_row(3), error.within("debts[0]"), error.about("pays"), error):
        again = pickle.loads(pickle.dumps(other))
        assert (again.change, again.roots, again.__notes__) == (2, error.roots, ["change 2"])
        assert str(again) == str(other)
    assert error.about("pays", "y").expected == "y"
    row = CountError("payments", 0, "x", "y").in_row(2)
    assert str(row) == "payments[2]: got 0; expected x; y"
