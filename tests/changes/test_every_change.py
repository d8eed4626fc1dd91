"""Every kind of change is complete: what the architecture page asks for when one is added."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import chain
from pathlib import Path
from typing import get_args

import pytest

import repaylib as rp
from repaylib import changes
from repaylib.changes.base import KINDS, AmountChange, Change, TermsChange
from repaylib.changes.change_wording import UNKNOWN, Effect
from repaylib.changes.day_order import Turn
from repaylib.engine.instructions import Instruction
from repaylib.engine.program import compile_change
from repaylib.typing import Lang
from repaylib.wording.sentence import Sentence, parse_language

DOCS = next(folder / "docs" for folder in Path(__file__).parents if (folder / "docs").is_dir())
REFERENCE = "\n".join(page.read_text(encoding="utf-8") for page in DOCS.rglob("*.rst"))
LOAN = rp.Loan("10000", "12%", 12, "2024-01-10")
#: A value of each option that some change requires.
VALUES = {"amount": "100", "rate": "8%", "payments": 18, "payment": 4, "with_payment": 3}


def options_of(kind: type[Change]) -> dict[str, object]:
    """Return the least that a change can be made from."""
    required = chain([kind.placed_by], (group[0] for group in kind.required))
    return {name: VALUES[name] for name in required}


def missing(kind: type[Change]) -> set[str]:
    """Return which steps of "Add a kind of change" a change lacks."""
    lacking = set()
    if kind.__name__ not in changes.__all__:
        lacking.add("face")
    if not re.search(rf"^\.\. autoclass:: {kind.__name__}$", REFERENCE, re.MULTILINE):
        lacking.add("reference")
    described = re.findall(r"^(\w[\w, ]*)$", inspect.cleandoc(kind.__doc__ or ""), re.MULTILINE)
    if not set(inspect.signature(kind).parameters) <= {
        name for line in described for name in line.split(", ")
    }:
        lacking.add("parameters")
    if kind not in compile_change.registry:
        lacking.add("instruction")
    for language in get_args(Lang):
        try:
            parse_language(language).render(kind(**options_of(kind)).sentence())
        except KeyError:
            lacking.add(f"sentence {language}")
    return lacking


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_change_is_complete(kind: type[Change]) -> None:
    assert missing(kind) == set()
    assert isinstance(kind.turn, Turn)
    parameters = inspect.signature(kind).parameters
    named = {*chain(*kind.required), *kind.none_is_value, kind.count_option, kind.amount_option}
    assert named - {None} <= set(parameters)
    assert set(parameters) == {field.name for field in fields(kind)}
    made = compile_change(kind(**options_of(kind)), LOAN, 1)
    assert isinstance(made, get_args(Instruction))
    if issubclass(kind, AmountChange):
        with pytest.raises(rp.errors.TermsError, match="write with_payment=3"):
            kind(**options_of(kind) | {"payment": 4})


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_change_acts_is_stored_and_holds_for_a_portfolio(kind: type[Change]) -> None:
    plan, change = rp.amortise(LOAN), kind(**options_of(kind))
    changed = plan.then(change)
    changed.check()
    assert changed.rows != plan.rows
    stored = changed.to_dict()
    assert stored["changes"][0]["kind"] == kind.kind
    assert rp.Schedule.from_dict(stored) == changed
    book = rp.Portfolio(principal=["10000", "10000"], rate="12%", payments=12, start="2024-01-10")
    many = rp.amortise(
        book, rp.portfolio.PortfolioChange(kind, where=[True, False], **options_of(kind))
    )
    assert many.row(0).rows == changed.rows
    assert many.payment[0][: len(changed)].tolist() == [int(row.payment * 100) for row in changed]
    assert many.counts[1] == len(plan)


@pytest.fixture
def unfinished() -> Iterator[type[Change]]:
    """Add a kind of change of which nothing but its class is there."""

    @dataclass(frozen=True, slots=True, init=False)
    class Moratorium(TermsChange):
        kind = "moratorium"
        turn = Turn.RENEW

        def __init__(self, payment: int) -> None:
            self._place(payment, None)

        @property
        def label(self) -> Sentence:
            return Sentence("moratorium")

        def sentence(self, effect: Effect = UNKNOWN) -> Sentence:
            return Sentence("moratorium")

    yield Moratorium
    del KINDS["moratorium"]


def test_a_change_of_which_a_part_is_missing_is_found(unfinished: type[Change]) -> None:
    assert KINDS["moratorium"] is unfinished
    steps = {"face", "reference", "parameters", "instruction", "sentence en", "sentence zh"}
    assert missing(unfinished) == steps
