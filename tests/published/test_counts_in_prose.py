"""What the documentation counts in its sentences is what the files of the tests hold."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from repaylib.cli.case_files import published
from tests.measures.test_yields import SEVERAL
from tests.published.cases import cases_of
from tests.published.serviced_loans import figures
from tests.published.test_actus import CASES

TESTS = Path(__file__).parents[1]
DOCS = TESTS.parent / "docs"


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of a file of vectors."""
    found: list[dict[str, Any]] = json.loads(
        (TESTS / "vectors" / f"{name}.json").read_text(encoding="utf-8")
    )["cases"]
    return found


def loans(name: str) -> int:
    """The loans of a CSV file of vectors, below a line of names."""
    lines = (TESTS / "vectors" / f"{name}.csv").read_text(encoding="utf-8").split("\n")
    return sum(bool(line) and not line.startswith("#") for line in lines) - 1


def in_files(name: str) -> set[str]:
    """The European examples that are part of the library, by their names in the vectors."""
    return {case.name.replace("example ", "ec2015-ex") for case in cases_of(name)}


def counts() -> dict[str, int]:
    """The numbers that sentences name."""
    differs = json.loads((TESTS / "vectors" / "fineract_servicing_differs.json").read_text())
    lives = cases("fineract_servicing")
    all_figures = sum(len(figures(life)) for life in lives)
    other = sum(len(each["figures"]) for each in differs.values())
    return {
        "lives": len(lives),
        "whole": len(lives) - len(differs),
        "figures": all_figures,
        "equal": all_figures - other,
        "other": other,
        "book": loans("prosper"),
        "closed": loans("prosper_closed"),
        "europe": len({case["id"] for case in cases("apr_eu")} | in_files("eu_commission")),
        "yields": len(cases_of("xirr")),
        "several": len(SEVERAL),
        "days": len(cases("daycount")),
        "contracts": len(CASES),
        "files": len(published()),
    }


@pytest.fixture(scope="module")
def counted() -> dict[str, int]:
    return counts()


@pytest.mark.parametrize(
    ("page", "sentences"),
    [
        (
            "explanation/validation",
            (
                "{figures:,} figures of {lives} loans",
                "{equal:,} equal; the others are explained",
                "Prosper, {closed} real loans",
                "on random loans and on {book:,} real ones",
                "The interest of {closed} real loans",
                "of the {europe} European examples",
                "For {several} of the {yields} rates of return, several",
            ),
        ),
        (
            "explanation/fineract",
            (
                "run {lives} of these loans",
                "Of {figures:,} figures, {equal:,} are equal",
                "{whole} loans are equal in every figure. The other {other} figures",
            ),
        ),
        (
            "explanation/real_loans",
            ("tested with {book:,} of these loans. Of them, {closed} were",),
        ),
        ("explanation/coming_from", ("The tests run {lives} loans of the Fineract test suite",)),
        ("explanation/portfolios", ("on {book:,} real loans",)),
        ("explanation/exactness", ("on {book:,} real loans",)),
        ("reference/command_line", ("On the {book:,} loans of",)),
        ("reference/day_counts", ("with {days} cases published by",)),
        ("reference/due_dates", ("{contracts} contracts of the types ANN, LAM, NAM, and PAM",)),
        ("index", ("{lives} loans of Apache Fineract",)),
        ("reference/changelog", ("computes {files} :doc:`published cases",)),
    ],
)
def test_a_number_in_a_sentence_is_that_of_the_files(
    page: str, sentences: tuple[str, ...], counted: dict[str, int]
) -> None:
    text = re.sub(r"\s+", " ", (DOCS / f"{page}.rst").read_text(encoding="utf-8"))
    for sentence in sentences:
        assert sentence.format(**counted) in text
