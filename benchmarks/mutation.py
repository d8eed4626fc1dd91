"""How many small faults the tests notice: ``python benchmarks/mutation.py``, on Python 3.12 or later.

A mutant is the library with one small fault: a bound moved, a sign turned, a statement dropped. The
tests kill it if one of them fails. The sample is the same on every machine and stays nearly the same
as the code changes: of each package, the kinds of fault take turns, and mutants of a kind come in the
order of a hash of their own text.

Two steps, both of which continue where they were interrupted. First each test file runs once, and the
lines are noted that each test runs. Then each mutant runs in a copy of ``src`` with the tests that run
its line, the fastest first, until one fails. All is kept in the folder ``--work``.

``--only TEXT`` takes the mutants whose name contains the text, ``--again`` runs the survivors once
more, ``--jobs N`` runs several at once, ``--list`` prints the sample and runs nothing. After tests
were added, ``--anew tests/money`` notes the lines of those tests again.
``mutation_equivalent.toml`` names the mutants that compute what the library computes, with the reason.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from importlib.util import cache_from_source
from itertools import accumulate
from pathlib import Path
from queue import SimpleQueue
from types import CodeType

import pytest
from hypothesis import Phase, settings

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "repaylib"
EQUIVALENT = Path(__file__).with_name("mutation_equivalent.toml")
SEED, PER_PACKAGE = 54, 25
PACKAGES = "money dates rates terms changes engine schedule arrears portfolio/vectorised".split()
#: What a mutant may use of the processor, in seconds; what the tests chosen for it took may add up to.
ENDLESS, ENOUGH = 400, 60
#: Tests of what stands above the core, of the project itself, and of what isn't installed everywhere.
NOT_RUN = (
    *("audit", "cli", "documents", "interop", "plots", "test_house.py", "test_docstrings.py"),
    *("test_budget.py", "test_negotiations.py"),
    *("test_day_count_quantlib.py", "test_due_dates_quantlib.py"),
)

# -- the faults -----------------------------------------------------------------------------

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
#: Calls whose result doesn't depend on the order of the first two arguments, or that are checks.
SYMMETRIC = {"isinstance", "issubclass", "min", "max", "gcd", "lcm", "minimum", "maximum", "zip"}

Fault = tuple[str, ast.AST]


def faults(node: ast.AST) -> Iterator[Fault]:
    """Yield the kinds of fault that a node may have, each with what then stands in its place."""
    new = deepcopy(node)
    match new:
        case ast.Compare():
            for k, operator in enumerate(new.ops):
                other = deepcopy(new)
                other.ops[k] = COMPARISONS[type(operator)]()
                order = isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE)
                yield "boundary" if order else "comparison", other
        case ast.BinOp() | ast.AugAssign() if type(new.op) in ARITHMETIC:
            bits = isinstance(new.op, ast.BitAnd | ast.BitOr)
            new.op = ARITHMETIC[type(new.op)]()
            yield "logic" if bits else "arithmetic", new
        case ast.BoolOp():
            new.op = ast.Or() if isinstance(new.op, ast.And) else ast.And()
            yield "logic", new
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub(), operand=operand):
            yield "negation", operand
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            yield "constant", ast.Constant(number + 1)
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield "return", ast.Return(ast.Constant(None))
        case ast.If() | ast.IfExp() | ast.While():
            yield "test", ast.UnaryOp(ast.Not(), new.test)
        case ast.Call(args=[first, second, *rest]):
            name = ast.unparse(new.func).split(".")[-1]
            starred = any(isinstance(each, ast.Starred) for each in (first, second))
            if not starred and name not in SYMMETRIC:
                new.args = [second, first, *rest]
                yield "swap", new
    if isinstance(node, ast.AugAssign | ast.Raise | ast.Continue | ast.Break):
        yield "drop", ast.Pass()
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "drop", ast.Pass()
    if isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Name | ast.Tuple):
        yield "drop", ast.Pass()


def places(node: ast.AST, inside: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Yield the nodes that are computed with, each with the function or class that holds it.

    Left out are annotations, what a raised error says, and text with values in it.
    """
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "exc", "cause"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr):
                continue
            within = inside
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                within = f"{inside}.{child.name}".lstrip(".")
            yield within, child
            yield from places(child, within)


@dataclass(frozen=True)
class Mutant:
    """One fault in one file."""

    name: str
    package: str
    path: str
    kind: str
    lines: range
    before: str
    after: str
    begin: int
    end: int

    def write(self, source: Path) -> None:
        """Put the fault into a copy of the library."""
        file = source / self.path
        text = file.read_bytes()
        file.write_bytes(text[: self.begin] + self.after.encode() + text[self.end :])


def mutants_of(package: str, path: Path) -> Iterator[Mutant]:
    """Yield the mutants of a file."""
    text = path.read_bytes()
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    seen: Counter[str] = Counter()
    where = str(path.relative_to(SOURCE))
    for inside, node in places(ast.parse(text)):
        for kind, new in faults(node):
            at = node.test if isinstance(node, ast.If | ast.IfExp | ast.While) else node
            if not inside and kind in (
                "test",
                "logic",
                "comparison",
            ):  # types, and what is imported
                continue
            assert isinstance(at, ast.expr | ast.stmt)
            assert at.end_lineno is not None
            assert at.end_col_offset is not None
            begin = starts[at.lineno - 1] + at.col_offset
            end = starts[at.end_lineno - 1] + at.end_col_offset
            lines = range(at.lineno, at.end_lineno + 1)
            before, after = ast.unparse(at), ast.unparse(new)
            if isinstance(at, ast.expr):
                after = f"({after})"
            name = f"{where} {inside} {kind}: {before} -> {after}"
            seen[name] += 1
            if seen[name] > 1:
                name += f" #{seen[name]}"
            yield Mutant(name, package, where, kind, lines, before, after, begin, end)


def draw(mutant: Mutant) -> float:
    """Return a number between 0 and 1 that depends on the name of the mutant alone."""
    return random.Random(f"{SEED} {mutant.name}").random()


def sample() -> list[Mutant]:
    """Return the sample: of each package, the kinds of fault in turn."""
    chosen: list[Mutant] = []
    for package in PACKAGES:
        kinds: dict[str, list[Mutant]] = defaultdict(list)
        for path in sorted((SOURCE / package).rglob("*.py")):
            for mutant in mutants_of(package, path):
                kinds[mutant.kind].append(mutant)
        ranked = [
            (rank, draw(mutant), mutant)
            for each in kinds.values()
            for rank, mutant in enumerate(sorted(each, key=draw))
        ]
        chosen += [mutant for *_, mutant in sorted(ranked, key=lambda x: x[:2])[:PER_PACKAGE]]
    return chosen


# -- which tests run a line: both hooks act in the processes that this script starts ----------

NOTE, CHOSEN = "MUTATION_NOTE", "MUTATION_CHOSEN"
#: Of each test, its seconds and, by file, the lines that it runs.
Noted = dict[str, tuple[float, dict[str, list[int]]]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Note the lines that a test runs, if so asked."""
    if NOTE not in os.environ:
        return (yield)
    monitoring = vars(sys)["monitoring"]
    lines: dict[str, set[int]] = defaultdict(set)

    def note(code: CodeType, line: int) -> object:
        if "/repaylib/" in code.co_filename:
            lines[code.co_filename.split("/repaylib/")[1]].add(line)
        return monitoring.DISABLE

    monitoring.use_tool_id(monitoring.COVERAGE_ID, "mutation")
    monitoring.register_callback(monitoring.COVERAGE_ID, monitoring.events.LINE, note)
    monitoring.set_events(monitoring.COVERAGE_ID, monitoring.events.LINE)
    monitoring.restart_events()
    begun = time.process_time()
    try:
        return (yield)
    finally:
        spent = time.process_time() - begun
        monitoring.free_tool_id(monitoring.COVERAGE_ID)
        with Path(os.environ[NOTE]).open("a") as file:
            ran = {name: sorted(found) for name, found in lines.items()}
            file.write(json.dumps({item.nodeid: (spent, ran)}) + "\n")


def pytest_configure() -> None:
    """Draw examples, and do not look for smaller ones."""
    settings.register_profile("mutation", phases=[Phase.explicit, Phase.generate])
    settings.load_profile("mutation")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that were chosen, in their order."""
    if CHOSEN in os.environ:
        order = {name: k for k, name in enumerate(Path(os.environ[CHOSEN]).read_text().split("\n"))}
        items[:] = sorted(
            (item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid]
        )


def run_tests(source: Path, files: Iterable[str], **words: str) -> subprocess.CompletedProcess[str]:
    """Run test files against the library in a folder, until one fails."""
    options = [
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "--hypothesis-seed=0",
        "-p",
        "benchmarks.mutation",
    ]
    with tempfile.TemporaryDirectory() as examples:
        environment = {
            **os.environ,
            **words,
            "PYTHONPATH": f"{source}{os.pathsep}{ROOT}",
            "HYPOTHESIS_STORAGE_DIRECTORY": examples,
        }
        return subprocess.run(
            [sys.executable, "-m", "pytest", *options, *files],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (ENDLESS, ENDLESS)),
        )


def note(work: Path, file: str) -> Noted:
    """Return what the tests of a file run; noted once."""
    kept = work / "lines" / file.replace("/", ".")
    if not kept.exists():
        begun = kept.with_suffix(".begun")
        begun.unlink(missing_ok=True)
        ran = run_tests(ROOT / "src", [file], **{NOTE: str(begun)})
        if ran.returncode:
            sys.exit(f"{file} fails without any fault:\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}")
        begun.rename(kept)
        print(file, flush=True)
    noted: Noted = {}
    for line in kept.read_text().splitlines():
        noted.update(json.loads(line))
    return noted


def choose(noted: Noted, mutant: Mutant) -> tuple[list[str], list[str]]:
    """Return the tests that run the statement of a mutant, or else its file, the fastest first.

    Those of one folder come before the others, as to collect tests takes longer than to run them.
    """
    for lines in (set(mutant.lines), set(range(10_000))):
        found = sorted(
            (spent, name)
            for name, (spent, ran) in noted.items()
            if not lines.isdisjoint(ran.get(mutant.path, ()))
        )
        if found:
            break
    total = accumulate(spent for spent, _ in found)
    names = [name for (_, name), spent in zip(found, total, strict=True) if spent <= ENOUGH]
    folders = Counter(name.split("/")[1] for name in names)
    package = mutant.package.split("/")[0]
    near = package if package in folders else max(folders, key=folders.__getitem__, default="")
    return (
        [name for name in names if name.split("/")[1] == near],
        [name for name in names if name.split("/")[1] != near],
    )


# -- running --------------------------------------------------------------------------------


def run(copies: SimpleQueue[Path], mutant: Mutant, chosen: list[str]) -> str:
    """Return the test that kills a mutant, or ``""``."""
    if not chosen:
        return ""
    copy = copies.get()
    file = copy / "repaylib" / mutant.path
    compiled = Path(cache_from_source(str(file)))
    try:
        compiled.unlink(missing_ok=True)
        mutant.write(copy / "repaylib")
        (copy / "chosen").write_text("\n".join(chosen))
        files = dict.fromkeys(name.split("::")[0] for name in chosen)
        ran = run_tests(copy, files, **{CHOSEN: str(copy / "chosen")})
    finally:
        shutil.copyfile(SOURCE / mutant.path, file)
        compiled.unlink(missing_ok=True)
        copies.put(copy)
    if ran.returncode in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return ""
    failed = [line for line in ran.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].split(" - ")[0] if failed else f"ended with {ran.returncode}"


def main() -> None:
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    words.add_argument("--only", default="", metavar="TEXT")
    words.add_argument("--again", action="store_true")
    words.add_argument("--anew", nargs="*", default=[], metavar="TESTS")
    words.add_argument("--jobs", type=int, default=1)
    words.add_argument("--list", action="store_true")
    words.add_argument("--work", type=Path, default=ROOT / "build" / "mutation")
    asked = words.parse_args()
    equivalent = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    mutants = [each for each in sample() if asked.only in each.name]
    if asked.list:
        print("\n".join(each.name for each in mutants))
        return
    (asked.work / "lines").mkdir(parents=True, exist_ok=True)
    tests = [
        file
        for file in sorted((ROOT / "tests").rglob("test_*.py"))
        if not {file.name, file.parent.name} & set(NOT_RUN)
    ]
    for file in tests:
        if any(file.is_relative_to(ROOT / each) for each in asked.anew):
            (asked.work / "lines" / str(file.relative_to(ROOT)).replace("/", ".")).unlink(
                missing_ok=True
            )
    kept = asked.work / "results.json"
    results: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}
    todo = [
        each
        for each in mutants
        if each.name not in equivalent
        and (each.name not in results or (asked.again and not results[each.name]))
    ]

    def finish(mutant: Mutant, test: str) -> None:
        results[mutant.name] = test
        kept.write_text(json.dumps(results, indent=0))
        print(f"{test or 'SURVIVES'}  {mutant.name}", flush=True)

    copies: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(asked.jobs) as pool:
        for k in range(asked.jobs):
            copies.put(Path(shutil.copytree(ROOT / "src", Path(work, str(k)))))
        noted: Noted = {}
        for each in pool.map(
            partial(note, asked.work), (str(file.relative_to(ROOT)) for file in tests)
        ):
            noted.update(each)
        near = [pool.submit(run, copies, each, choose(noted, each)[0]) for each in todo]
        for first, mutant in zip(near, todo, strict=True):
            if first.result():
                finish(mutant, first.result())
        left = [each for first, each in zip(near, todo, strict=True) if not first.result()]
        far = [pool.submit(run, copies, each, choose(noted, each)[1]) for each in left]
        for second, mutant in zip(far, left, strict=True):
            finish(mutant, second.result())
    report(mutants, results, equivalent)


def report(mutants: list[Mutant], results: dict[str, str], equivalent: dict[str, str]) -> None:
    """Print the score, by package and of all, and the survivors."""
    real = [each for each in mutants if each.name not in equivalent]
    for package in (*PACKAGES, ""):
        of = [each for each in real if package in ("", each.package)]
        killed = sum(bool(results[each.name]) for each in of)
        if of:
            print(f"{package or 'all':20} {killed:4} of {len(of):4}  {killed / len(of):7.1%}")
    print(f"{len(mutants) - len(real)} equivalent mutants left out")
    for each in real:
        if not results[each.name]:
            print(f"\nsrc/repaylib/{each.path}:{each.lines[0]} {each.kind}")
            print(f"  - {each.before}\n  + {each.after}")


if __name__ == "__main__":
    main()
