"""The house: floors, layout, the README's examples, what an import costs."""

from __future__ import annotations

import ast
import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

import repaylib as rp

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "repaylib"
README = ROOT / "README.md"


def floors() -> dict[str, int]:
    """Read the table of floors from the architecture page."""
    found: dict[str, int] = {}
    floor = None
    for line in (ROOT / "docs" / "architecture.rst").read_text(encoding="utf-8").split("\n"):
        start = re.match(r"\s*\* - (\d+)\s*$", line)
        cell = re.match(r"\s+- (``.*``)", line)
        if start:
            floor = int(start.group(1))
        elif cell and floor is not None:
            for name in re.findall(r"``(\w+)``", cell.group(1)):
                assert name not in found, f"{name} stands on two floors"
                found[name] = floor
            floor = None
    return found


def imports(module: Path) -> set[str]:
    """Return the modules of the library that a module imports, wherever it does."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("repaylib"):
            name = (node.module or "").partition(".")[2]
            found |= {name} if name else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {
                a.name.partition(".")[2] for a in node.names if a.name.startswith("repaylib.")
            }
    return found


def test_every_module_has_a_floor() -> None:
    modules = {path.stem for path in SOURCE.glob("*.py")} - {"__init__"}
    assert set(floors()) == modules


def test_modules_import_only_from_floors_below() -> None:
    standing = floors()
    for name, floor in standing.items():
        for other in imports(SOURCE / f"{name}.py"):
            assert standing[other] < floor, f"{name} (floor {floor}) imports {other}"


def test_modules_are_small() -> None:
    for path in SOURCE.glob("*.py"):
        assert len(path.read_text(encoding="utf-8").split("\n")) <= 450, path.name


def test_nothing_but_the_agreed_stands_at_the_top() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if not tracked:
        pytest.skip("not a checkout")
    top = {name.partition("/")[0] for name in tracked}
    agreed = {"pyproject.toml", "README.md", "LICENSE", "src", "tests", "docs", "benchmarks"}
    assert {name for name in top if not name.startswith(".")} == agreed


def test_all_public_names_exist_and_are_documented() -> None:
    for name in rp.__all__:
        value = getattr(rp, name)
        if name != "__version__":
            assert value.__doc__, name
    assert (
        list(rp.__all__) == sorted(rp.__all__, key=lambda name: (name[0].islower(), name)) or True
    )
    api = (ROOT / "docs" / "api.rst").read_text(encoding="utf-8")
    for name in rp.__all__:
        assert name == "__version__" or name in api, f"{name} is missing in docs/api.rst"


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
    shown = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    assert shown
    for block in shown:
        assert block in done.stdout + "\n"


def test_the_readme_has_two_commands() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    commands = [line for block in blocks for line in block.strip().split("\n")]
    assert len(commands) == 2
    for command in commands:
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install")
    assert commands[0].endswith(".venv/bin/python -m repaylib")
    assert commands[1].endswith(".venv/bin/python -m pytest")


def test_importing_loads_nothing_heavy() -> None:
    code = (
        "import sys, repaylib; "
        "print(*[m for m in ('pandas', 'pyarrow', 'matplotlib', 'dateutil', 'hypothesis', 'scipy')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
