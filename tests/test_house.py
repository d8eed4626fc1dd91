"""The house: floors, layout, the README's examples, what an import costs."""

from __future__ import annotations

import ast
import doctest
import re
import subprocess
import sys
from functools import cache
from inspect import signature
from pathlib import Path
from typing import Any, get_args

import repaylib as rp
from repaylib.business import InterestTo, Roll
from repaylib.daycount import Counted, OddDays
from repaylib.exact import Rounding
from repaylib.fees import Collected, FeeBase, FeeTime, Refund
from repaylib.instructions import Turn
from repaylib.loan import MissingDay
from repaylib.stubs import Stub
from repaylib.terms import LastPayment, Method

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "repaylib"
README = ROOT / "README.md"


def places() -> dict[str, tuple[int, int]]:
    """Read the table of floors from the architecture page: floor and place of each module."""
    text = (ROOT / "docs" / "architecture.rst").read_text(encoding="utf-8")
    table = re.findall(r"\* - (\d+)\n +- ``([\w.]+)``\n +- \S", text)
    assert len(table) == len({name for _, name in table}), "a module stands twice"
    return {name: (int(floor), place) for place, (floor, name) in enumerate(table)}


@cache
def modules() -> dict[str, Path]:
    """Return the modules by name, those of a package within as ``package.module``."""
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts): path
        for path in SOURCE.rglob("*.py")
        if path.name != "__init__.py"
    }


def imports(module: Path) -> set[str]:
    """Return the modules of the library that a module imports, wherever it does.

    What is imported for its type alone is left out: nothing of it is there at run time.
    """
    found = set()
    tree = ast.parse(module.read_text(encoding="utf-8"))
    typed = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in typed:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("repaylib"):
            name = (node.module or "").partition(".")[2]
            within = {f"{name}.{alias.name}".lstrip(".") for alias in node.names}
            found |= within & modules().keys() or {name}
        elif isinstance(node, ast.Import):
            found |= {
                a.name.partition(".")[2] for a in node.names if a.name.startswith("repaylib.")
            }
    return found


def test_every_module_has_a_floor() -> None:
    assert set(places()) == set(modules())
    assert sorted(places().values()) == list(places().values()), "floors rise from the ground"


def test_modules_import_only_from_below() -> None:
    """From a floor below, or from a module that stands before them on the same floor."""
    standing, paths = places(), modules()
    for name, place in standing.items():
        for other in imports(paths[name]):
            assert standing[other] < place, f"{name} {place} imports {other} {standing[other]}"


def test_the_order_on_one_day_is_the_one_documented() -> None:
    text = (ROOT / "docs" / "one_day.rst").read_text(encoding="utf-8")
    table = re.findall(r"\* - (\d)\n +- ``(\w+)``\n", text)
    assert [(int(turn), name) for turn, name in table] == [(turn.value, turn.name) for turn in Turn]


def test_modules_are_small() -> None:
    for path in SOURCE.rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").split("\n")) <= 450, path.name


def test_nothing_but_the_agreed_stands_at_the_top() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    top = {name.partition("/")[0] for name in tracked} or {path.name for path in ROOT.iterdir()}
    agreed = {"pyproject.toml", "README.md", "LICENSE", "src", "tests", "docs", "benchmarks"}
    assert {name for name in top if not name.startswith(".")} == agreed


def test_all_public_names_exist_and_are_documented() -> None:
    for name in rp.__all__:
        value = getattr(rp, name)
        if name != "__version__":
            assert value.__doc__, name
    assert list(rp.__all__) == sorted(rp.__all__)
    api = (ROOT / "docs" / "api.rst").read_text(encoding="utf-8")
    for name in rp.__all__:
        found = re.search(rf"^\.\. auto\w+:: {name}(\(\))?$", api, re.MULTILINE)
        assert found or name == "__version__", f"{name} is missing in docs/api.rst"


def test_every_convention_of_a_loan_is_on_the_page_of_conventions() -> None:
    page = (ROOT / "docs" / "conventions.rst").read_text(encoding="utf-8")
    for name in set(signature(rp.Loan).parameters) - {"principal", "start", "rate"}:
        assert re.search(rf"\b{name}\b", page), name
    choices: list[Any] = [Method, LastPayment, FeeTime, FeeBase, Collected, Refund, Rounding]
    choices += [Roll, InterestTo, Stub, MissingDay, OddDays, Counted]
    for word in [word for choice in choices for word in get_args(choice)]:
        assert f'"{word}"' in page, word


def test_the_readme_runs() -> None:
    text = README.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert blocks
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "README", str(README), 0)
    assert len(test.examples) > 5
    flags = doctest.NORMALIZE_WHITESPACE
    result = doctest.DocTestRunner(optionflags=flags).run(test)
    assert result.failed == 0


def test_the_readme_shows_what_the_command_prints() -> None:
    text = README.read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "repaylib"], capture_output=True, text=True, check=True
    )
    (table,) = re.findall(r"^reading .*?\n\n", text, re.DOTALL | re.MULTILINE)
    assert table.strip() in done.stdout


def test_the_readme_has_two_commands() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    commands = [line for block in blocks for line in block.strip().split("\n")]
    assert len(commands) == 2
    for command in commands:
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install")
    assert commands[0].endswith(".venv/bin/python -m repaylib")
    assert commands[1].endswith(".venv/bin/python -m pytest -n auto")


def test_importing_loads_nothing_heavy() -> None:
    code = (
        "import sys, repaylib; "
        "print(*[m for m in ('pandas', 'pyarrow', 'pyspark', 'matplotlib', 'dateutil', 'hypothesis', 'scipy',"
        " 'tqdm', 'repaylib.portfolio', 'repaylib.bookplan')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
