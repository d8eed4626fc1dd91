"""The house: floors, layout, the README's examples, what an import costs."""

from __future__ import annotations

import ast
import doctest
import importlib
import importlib.util
import re
import subprocess
import sys
from functools import cache
from inspect import signature
from pathlib import Path
from typing import Any, get_args

import repaylib as rp
from repaylib.changes.day_order import Turn
from repaylib.typing import (
    AccrualDates,
    BusinessDayConvention,
    Collected,
    CountedDays,
    FeeBase,
    FeeRefund,
    FeeTime,
    LastPayment,
    Method,
    MissingDay,
    OddDays,
    Rounding,
    Stub,
)

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "repaylib"
README = ROOT / "README.md"


@cache
def packages() -> list[str]:
    """Read the packages and their order from the architecture page."""
    text = (ROOT / "docs" / "explanation" / "architecture.rst").read_text(encoding="utf-8")
    spine = re.search(r"\.\. code-block:: text\n\n((?:   .*\n)+)", text)
    assert spine is not None
    ordered = re.findall(r"[a-z]+", spine[1])
    table = re.findall(r"^   ((?:``\w+``,? ?)+)\| \S", text, re.MULTILINE)
    assert sorted(re.findall(r"\w+", " ".join(table))) == sorted(ordered), "a line a package"
    return ordered


@cache
def modules() -> dict[str, Path]:
    """Return the modules by name, those of a package within as ``package.module``."""
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in SOURCE.rglob("*.py")
        if path != SOURCE / "__init__.py"
    }


@cache
def imports(name: str, *, at_start: bool = False) -> frozenset[str]:
    """Return the modules of the library that a module imports, at its start or wherever it does.

    What is imported for its type alone is left out: nothing of it is there at run time.
    """
    tree = ast.parse(modules()[name].read_text(encoding="utf-8"))
    left_out = {
        inner
        for node in ast.walk(tree)
        if (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
        or (at_start and isinstance(node, ast.FunctionDef))
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if node in left_out:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("repaylib"):
            base = (node.module or "").partition(".")[2]
            within = {f"{base}.{alias.name}".lstrip(".") for alias in node.names}
            found |= within & modules().keys() or {base}
        elif isinstance(node, ast.Import):
            found |= {
                a.name.partition(".")[2] for a in node.names if a.name.startswith("repaylib.")
            }
    return frozenset(found - {""})


def test_the_root_holds_packages_alone() -> None:
    files = {path.name for path in SOURCE.iterdir() if path.is_file()}
    assert files <= {"__init__.py", "__main__.py", "errors.py", "typing.py", "py.typed"}
    folders = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert folders == set(packages()) - {"errors", "typing"}


def test_packages_import_only_from_those_before_them() -> None:
    order = {name: place for place, name in enumerate([*packages(), "__main__"])}
    for name in modules():
        for other in imports(name):
            mine, its = order[name.partition(".")[0]], order[other.partition(".")[0]]
            assert its <= mine, f"{name} imports {other}"


def test_no_modules_import_each_other() -> None:
    left = {name: set(imports(name, at_start=True)) for name in modules()}
    while ready := {name for name, needed in left.items() if not needed & left.keys()}:
        left = {name: needed for name, needed in left.items() if name not in ready}
    assert not left, f"in a circle, or above one: {sorted(left)}"


def test_a_package_says_what_it_knows_and_where_to_start() -> None:
    for path in SOURCE.rglob("__init__.py"):
        if path.parent == SOURCE:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        text = ast.get_docstring(tree) or ""
        assert 3 <= len(text.splitlines()) <= 6, path
        for name in re.findall(r"`([a-z_.]+)`", text.partition("Start reading in")[2]):
            known = path.parent / f"{name.replace('.', '/')}.py"
            assert known.exists() or name in {f"repaylib.{each}" for each in modules()}, name
        faces = (ast.Expr, ast.ImportFrom, ast.Assign)
        assert all(isinstance(node, faces) for node in tree.body), f"{path} has logic"


def test_the_order_on_one_day_is_the_one_documented() -> None:
    text = (ROOT / "docs" / "explanation" / "one_day.rst").read_text(encoding="utf-8")
    table = re.findall(r"\* - (\d+)\n +- ``(\w+)``\n", text)
    assert [(int(turn), name) for turn, name in table] == [(turn.value, turn.name) for turn in Turn]


def test_the_architecture_page_is_short_and_names_what_exists() -> None:
    text = (ROOT / "docs" / "explanation" / "architecture.rst").read_text(encoding="utf-8")
    assert len(text.split("\n")) <= 175
    known = {name.replace(".", "/") for name in modules()}
    named = set(re.findall(rf"``((?:{'|'.join(packages())})/\w[\w/]*)``", text))
    assert len(named) > 60
    assert named <= known
    for file in re.findall(r"``((?:tests|docs)/[\w./]+)``", text):
        assert (ROOT / file).exists(), file
    files = [*SOURCE.rglob("*.py"), *(ROOT / "tests" / "changes").glob("*.py")]
    sources = "".join(path.read_text(encoding="utf-8") for path in files)
    for name in re.findall(r"``([A-Z]\w+|\w+_\w+)``", text):
        assert re.search(rf"\b{name}\b", sources), name


def test_docstrings_name_modules_that_exist() -> None:
    for path in SOURCE.rglob("*.py"):
        for name in re.findall(r":mod:`~?repaylib\.([\w.]+)`", path.read_text(encoding="utf-8")):
            assert name in modules(), f"{path}: {name}"


def test_pages_name_what_exists() -> None:
    placeholders = {"rp.name", "rp.package.name"}
    for path in [README, *(ROOT / "docs").rglob("*.rst")]:
        found = re.findall(r"(?<![\w./])rp(?:\.[A-Za-z_]\w*)+", path.read_text(encoding="utf-8"))
        for name in set(found) - placeholders:
            value: Any = rp
            for part in name.split(".")[1:]:
                fields = getattr(value, "__dataclass_fields__", {})
                assert hasattr(value, part) or part in fields, f"{path.name}: {name}"
                value = getattr(value, part, None)


def test_modules_are_small() -> None:
    for path in SOURCE.rglob("*.py"):
        most = 726 if path.name == "verify.py" else 450  # which is handed on as one file
        assert len(path.read_text(encoding="utf-8").splitlines()) <= most, path.name
    for folder in [path.parent for path in SOURCE.rglob("__init__.py")]:
        assert len(list(folder.glob("*.py"))) <= 21, folder


def test_a_class_name_means_one_class() -> None:
    places: dict[str, list[str]] = {}
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(name)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


#: Members whose names look private and are not: of named tuples, and what argparse and dateutil have
#: no other name for.
PUBLIC = {"_asdict", "_fields", "_make", "_replace", "_ActionsContainer", "_dtstart", "_until"}


def private_members_read(path: Path) -> set[str]:
    """Return the private members that a file reads and does not define."""
    nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    members = [node for node in nodes if isinstance(node, ast.Attribute)]
    own = {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    own |= {node.id for node in nodes if isinstance(node, ast.Name)}
    own |= {str(node.value) for node in nodes if isinstance(node, ast.Constant)}  # slots
    own |= {node.attr for node in members if ast.unparse(node.value) in ("self", "cls")}
    private = {node.attr for node in members if re.match("_[^_]", node.attr)}
    return private - own - PUBLIC


def test_no_file_reads_a_private_member_of_another() -> None:
    found = {
        (name, read) for name, path in modules().items() for read in private_members_read(path)
    }
    assert not found


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


#: Packages without a page: what of them is public stands under the name of another.
WITHOUT_PAGE = {"cli", "dates", "engine", "money", "wording"}


def documented(page: str) -> set[str]:
    """Return the names that a page of the reference documents, as ``repaylib.package.name``."""
    found, prefix = set(), ""
    for kind, name in re.findall(r"^\.\. (\w+):: ([\w.]+)", page, re.MULTILINE):
        if kind in ("module", "currentmodule"):
            prefix = name
        elif kind == "automodule":
            found |= {f"{name}.{each}" for each in importlib.import_module(name).__all__}
        elif kind.startswith("auto") and kind != "autosummary":
            found.add(f"{prefix}.{name}")
    return found


def test_every_public_name_is_on_one_page_of_the_reference() -> None:
    pages = [page.read_text(encoding="utf-8") for page in (ROOT / "docs").rglob("api/*.rst")]
    names = [name for page in pages for name in documented(page)]
    assert len(names) == len(set(names))
    top = {f"repaylib.{name}" for name in rp.__all__ if name != "__version__"}
    within = set()
    for package in set(packages()) - WITHOUT_PAGE:
        face = importlib.import_module(f"repaylib.{package}").__all__
        assert list(face) == sorted(face), package
        if package == "errors":  # its functions check what is given, for the library alone
            face = [name for name in face if name[0].isupper()]
        within |= {f"repaylib.{package}.{name}" for name in face if name not in rp.__all__}
    assert set(names) == top | within


def test_a_page_of_the_reference_begins_with_its_names() -> None:
    for path in (ROOT / "docs").rglob("api/*.rst"):
        page = path.read_text(encoding="utf-8")
        table = re.search(r"\.\. autosummary::\n   :nosignatures:\n\n((?:   \S+\n)+)", page)
        if "automodule" in page:
            continue
        assert table is not None, path.name
        listed = {f"repaylib.{name.lstrip('~')}" for name in table[1].split()}
        assert listed == documented(page), path.name


def test_every_convention_of_a_loan_is_on_the_page_of_conventions() -> None:
    page = (ROOT / "docs" / "reference" / "conventions.rst").read_text(encoding="utf-8")
    for name in set(signature(rp.Loan).parameters) - {"principal", "start", "rate"}:
        assert re.search(rf"\b{name}\b", page), name
    choices: list[Any] = [Method, LastPayment, FeeTime, FeeBase, Collected, FeeRefund, Rounding]
    choices += [BusinessDayConvention, AccrualDates, Stub, MissingDay, OddDays, CountedDays]
    for word in [word for choice in choices for word in get_args(choice)]:
        assert f'"{word}"' in page, word


def test_the_published_schemas_are_made_from_the_classes() -> None:
    spec = importlib.util.spec_from_file_location("schemas", ROOT / "docs" / "schemas.py")
    assert spec is not None
    assert spec.loader is not None
    schemas = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(schemas)
    published = schemas.FILE.read_text(encoding="utf-8")
    assert published == schemas.text(), "run: python docs/schemas.py"


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
        " 'tqdm', 'repaylib.portfolio.book.portfolio', 'repaylib.portfolio.schedule')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
