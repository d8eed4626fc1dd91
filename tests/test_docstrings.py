"""The examples in the docstrings, module by module, of the package as it is imported."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator

import pytest

import repaylib
from tests.strategies.public import PUBLIC, REFERENCE, left_out

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


def described(of: object) -> set[str]:
    """Return the parameters that ``help()`` describes, in a section or in the text."""
    text = inspect.cleandoc(of.__doc__ or "")
    lines = re.findall(r"^(\*{0,2}\w+(?:, \*{0,2}\w+)*)$(?=\n {4})", text, re.MULTILINE)
    return {name.strip("* ") for line in lines for name in line.split(",")} | set(
        re.findall(r"(?<!`)`(\w+)`(?!`)", text)
    )


def made_by_users() -> Iterator[tuple[str, object]]:
    """Go through what users call: functions, classes that they make, and methods."""
    for name, value in PUBLIC.items():
        if inspect.isclass(value):
            shown_as_result = re.search(rf"autoclass:: \S*\b{name}\(\)", REFERENCE)
            if not shown_as_result and not issubclass(value, repaylib.RepayError):
                yield name, value
            for method, member in vars(value).items():
                called = getattr(member, "__func__", member)
                hidden = method.startswith("_") or method in left_out(name)
                if inspect.isfunction(called) and not hidden:
                    yield f"{name}.{method}", called
        elif callable(value):
            yield name, value


def test_help_describes_every_parameter() -> None:
    lacking = {
        name: missing
        for name, called in made_by_users()
        if (
            missing := {
                parameter
                for parameter in inspect.signature(called).parameters  # type: ignore[arg-type]  # whatever is public and callable
                if parameter not in ("self", "cls") and not parameter.startswith("_")
            }
            - described(called)
        )
    }
    assert not lacking
