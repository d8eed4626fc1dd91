"""The published cases that are part of the library, by file."""

from __future__ import annotations

from typing import Any

import pytest

from repaylib.cli.case_files import Case, published

__all__ = ["CASES", "Case", "asked", "case_of", "cases_of", "each_of"]

CASES = published()


def cases_of(file: str) -> list[Case]:
    """The cases of a file, ``"xirr"``."""
    found = [case for case in CASES if case.file == f"{file}.toml"]
    assert found, file
    return found


def case_of(file: str, name: str) -> Case:
    """One case by its name."""
    (found,) = [case for case in cases_of(file) if case.name == name]
    return found


def each_of(file: str) -> pytest.MarkDecorator:
    """Run a test with each case of a file."""
    return pytest.mark.parametrize("case", cases_of(file), ids=lambda case: case.name)


def asked(case: Case) -> dict[str, Any]:
    """The parameters of the question of a case."""
    ((_, options),) = case.ask.items()
    return dict(options)
