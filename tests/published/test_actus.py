"""The published cases of ACTUS: each event's payment, balance, accrued interest and rate.

The figures are the ACTUS Financial Research Foundation's, under CC BY-SA 4.0, as named in
``vectors/actus_*.json``.
"""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.published.actus import Contract, moment

VECTORS = Path(__file__).parents[1] / "vectors"
FILES = {kind: VECTORS / f"actus_{kind.lower()}.json" for kind in ("ANN", "LAM", "NAM", "PAM")}
PUBLISHED: list[dict[str, Any]] = [
    case
    for file in FILES.values()
    for case in json.loads(file.read_text(encoding="utf-8"))["cases"]
]
#: Balances that follow a price index are no loan of this library.
CASES = [case for case in PUBLISHED if "scalingEffect" not in case["terms"]]

NEAR = Fraction(1, 10**9)


def contract_of(case: dict[str, Any]) -> Contract:
    return Contract(case["terms"], case["observed"])


def test_how_many_cases_there_are() -> None:
    assert Counter(case["terms"]["contractType"] for case in PUBLISHED) == {
        "ANN": 16,
        "LAM": 16,
        "NAM": 11,
        "PAM": 13,
    }
    assert [case["id"] for case in PUBLISHED if case not in CASES] == ["lam25"]
    assert len(CASES) == 55


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_event(case: dict[str, Any]) -> None:
    found = contract_of(case).events(moment(case["to"]) if case["to"] else None)
    assert [(each.day, each.kind) for each in found] == [
        (moment(day), kind) for day, kind, *_ in case["events"]
    ]
    for event, (day, kind, *figures) in zip(found, case["events"], strict=True):
        names = ("payoff", "notional", "accrued", "rate")
        for name, figure in zip(names, figures, strict=True):
            if figure:
                away = Fraction(getattr(event, name)) - Fraction(figure)
                assert abs(away) < NEAR, (day, kind, name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_rows_balance(case: dict[str, Any]) -> None:
    contract_of(case).plan.check()


def test_a_term_that_is_not_known_is_refused() -> None:
    other = next(case for case in PUBLISHED if case not in CASES)
    with pytest.raises(ValueError, match="ScalingIndex"):
        contract_of(other)


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_the_files_name_source_and_licence(file: Path) -> None:
    source = json.loads(file.read_text(encoding="utf-8"))["source"]
    assert "ACTUS Financial Research Foundation" in source
    assert "CC BY-SA 4.0" in source
