"""The examples in the docstrings, module by module, of the package as it is imported."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import repaylib

MODULES = sorted(
    module.name.removeprefix("repaylib.")
    for module in pkgutil.walk_packages(repaylib.__path__, "repaylib.")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_docstrings(name: str) -> None:
    if name == "portfolio.vectorised.kernel_numba":
        pytest.importorskip("numba")
    module = importlib.import_module(f"repaylib.{name}")
    result = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    names = [
        name for name in MODULES if name != "portfolio.vectorised.kernel_numba"
    ]  # which needs numba
    modules = [importlib.import_module(f"repaylib.{name}") for name in names]
    examples = sum(len(test.examples) for module in modules for test in finder.find(module))
    assert examples > 50
