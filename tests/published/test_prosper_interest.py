"""Interest by the model beside what real loans recorded; no figure of theirs enters the model."""

from __future__ import annotations

import importlib.util
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import repaylib as rp

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def study() -> ModuleType:
    spec = importlib.util.spec_from_file_location("prosper_study", DOCS / "prosper_study.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def loans(study: ModuleType) -> list[Any]:
    found: list[Any] = study.closed_loans()
    return found


@pytest.fixture(scope="module")
def page() -> str:
    return (DOCS / "explanation" / "real_loans.rst").read_text(encoding="utf-8")


def test_quantiles_of_the_page(study: ModuleType, loans: list[Any], page: str) -> None:
    assert len(loans) == 446
    assert [len(some) for some in study.groups(loans).values()] == [446, 333, 102, 11]
    shown = [line.strip() for line in page.split("\n")]
    for line in study.table(loans).split("\n"):
        assert line.strip() in shown, line


def test_counts_of_the_page(loans: list[Any], page: str) -> None:
    near = sum(abs(each.difference) <= 1 for each in loans)
    close = sum(abs(each.difference) <= each.model / 100 for each in loans)
    below = sum(each.difference < -each.model / 100 for each in loans)
    above = sum(each.difference > each.model / 100 for each in loans)
    cents = sum(abs(each.difference) <= Decimal("0.05") for each in loans)
    assert (cents, near, close, below, above) == (74, 185, 254, 164, 28)
    text = " ".join(page.split())
    for number, words in (
        (cents, "loans are within 0.05"),
        (near, "within 1.00"),
        (close, "within 1% of the interest"),
        (below, "loans, less than 99%"),
        (above, "loans more than 101%"),
    ):
        assert f"{number} {words}" in text, f"{number} {words}"
    recorded, model = sum(each.recorded for each in loans), sum(each.model for each in loans)
    assert f"{recorded:,.2f} was recorded and {model:,.2f} computed" in text


def test_statement_on_the_closing_day(loans: list[Any]) -> None:
    """What a statement asks for on the day is the quote, and paying it is the model's interest."""
    for number, plan, closed, model, _ in loans[::9]:
        paid = [rp.Receipt(row.date, row.payment) for row in plan if row.date <= closed]
        owed = rp.statement(plan, paid, as_of=closed)
        if closed >= plan.maturity:
            assert owed.payoff == 0, number
            continue
        assert owed.payoff == rp.settle(plan, on=closed).total, number
        clear = owed.later(closed, rp.Receipt(closed, owed.payoff))
        clear.check()
        assert clear.payoff == 0, number
        assert sum(each.paid.interest for each in clear.instalments) == model, number


def test_whole_months_are_further_off(study: ModuleType, page: str) -> None:
    found = [each.difference for each in study.closed_loans("periodic")]
    quarters = [study.quantile(found, share) for share in (25, 50, 75)]
    text = " ".join(page.split())
    assert "quartiles are {}, {}, and {}".format(*quarters) in text
