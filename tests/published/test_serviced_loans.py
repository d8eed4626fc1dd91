"""28 lives of loans on another platform, every figure of them; what differs is pinned, with its reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import repaylib as rp
from tests.published.serviced_loans import Life, Product, allocation, do, figures
from tests.published.serviced_loans_tables import lines, total

VECTORS = Path(__file__).parents[1] / "vectors"
LIVES = json.loads((VECTORS / "fineract_servicing.json").read_text(encoding="utf-8"))["cases"]
DIFFERS = json.loads(
    (VECTORS / "fineract_servicing_differs.json").read_text(encoding="utf-8")
)  # by life: the reason, and each figure, theirs and ours


@pytest.mark.parametrize("case", LIVES, ids=[case["id"] for case in LIVES])
def test_every_figure_of_a_life(case: dict[str, Any]) -> None:
    differ = {place: both for place, both in figures(case).items() if both[0] != both[1]}
    pinned = DIFFERS.get(case["id"], {"figures": {}})["figures"]
    assert differ == {place: tuple(both) for place, both in pinned.items()}


def test_no_figure_is_left_out() -> None:
    """All cells of all tables of the vectors, and the number of lines of each table."""

    def cells(expected: dict[str, Any]) -> int:
        if "script" in expected:
            looks = [step for step in expected["script"] if "expect" in step]
            tables = [step["rows"] for step in looks if step.get("rows")]
        else:
            tables = [each if isinstance(each, list) else [each] for each in expected.values()]
        return sum(
            1 + sum(len(row) if isinstance(row, dict) else 1 for row in table) for table in tables
        )

    found = {case["id"]: len(figures(case)) for case in LIVES}
    assert found == {case["id"]: cells(case["expected"]) for case in LIVES}
    differ = sum(len(each["figures"]) for each in DIFFERS.values())
    assert (len(found), sum(found.values()), len(DIFFERS), differ) == (28, 3740, 4, 42)


def test_a_step_that_is_not_known_is_an_error() -> None:
    with pytest.raises(NotImplementedError, match="charges off"):
        do(Life(Product("LP1")), 'Admin charges off the loan on "2024-01-01"', [])


def test_re_amortising_spreads_what_is_overdue() -> None:
    """On the days that are left, in equal parts; and undone, all is as before."""
    script = next(case for case in LIVES if case["id"] == "fineract-Loan-L5003")["expected"][
        "script"
    ]
    life = Life(Product("LP1"))
    for step in script[:3]:
        do(life, step["do"], step.get("rows", []))
    do(life, 'Admin sets the business date to "2023-11-15"', [])
    before = lines(life)
    do(life, "Admin creates a Loan re-amortization transaction", [])
    after = lines(life)
    assert [line["Date"] for line in after] == [line["Date"] for line in before]
    assert [int(line["Due"]) for line in after] == [0, 0, 0, 250, 250, 250, 250]
    assert total(life)["Due"] == 1000
    do(life, "Admin successfully undo Loan re-amortization transaction", [])
    assert lines(life) == before


def test_payment_strategies_are_allocations() -> None:
    assert allocation("PENALTIES_FEES_INTEREST_PRINCIPAL_ORDER") == rp.Allocation(
        ("costs", "penalty", "fee", "interest", "principal")
    )
    apart = allocation(
        "DUE_PENALTY_FEE_INTEREST_PRINCIPAL_IN_ADVANCE_PRINCIPAL_PENALTY_FEE_INTEREST"
    )
    assert [each for age, each in apart.order if age == "in advance"] == (
        ["costs", "principal", "penalty", "fee", "interest"]
    )
