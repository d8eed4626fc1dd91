"""How many small faults the tests notice: ``python benchmarks/mutation.py``, on Python 3.12 or later.

A mutant is the library with one small fault: a bound moved, a sign turned, a statement dropped. The
tests kill it if one of them fails. The sample is the same on every machine and stays nearly the same
as the code changes: the packages take turns, and within each the kinds of fault; mutants of a kind
come in the order of a hash of their own text.

First each test runs once, and the lines are noted that it runs. Then each mutant runs the tests that
run its statement, the fastest first, until one fails. Both happen in a process of their own, forked
from one that has collected the tests, so that no mutant waits for an import. What is found is kept in
the folder ``--work`` by the text of the library: notes are made once for each text of a test file, and
a mutant that was killed does not run again. In the end all tests that killed run once more in one such
process, without any fault, and have to pass.

``--only TEXT`` takes the mutants whose name contains the text, ``--jobs N`` runs several at once,
``--list`` prints the sample and runs nothing. ``mutation_equivalent.toml`` names the mutants that
compute what the library computes, with the reason.
"""

from __future__ import annotations

import argparse
import ast
import gc
import hashlib
import inspect
import json
import math
import os
import random
import resource
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, zip_longest
from pathlib import Path
from types import CodeType, FunctionType

import pytest
from _pytest.runner import runtestprotocol

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "repaylib"
EQUIVALENT = Path(__file__).with_name("mutation_equivalent.toml")
SEED, PER_PACKAGE = 54, 25
PACKAGES = "money dates rates terms changes engine schedule arrears portfolio/vectorised".split()
#: Seconds of the processor: what the tests of a mutant take together, and how much longer than five
#: times as long as it takes without a fault a test may run before it is taken for endless.
ENOUGH, ENDLESS = 60, 10
#: Tests of the project itself, and of packages that aren't installed everywhere.
NOT_RUN = {
    *("test_house.py", "test_growth.py", "test_spark.py"),
    *("test_day_count_quantlib.py", "test_due_dates_quantlib.py"),
}

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

LEFT_OUT = ("annotation", "returns", "decorator_list", "exc", "cause")
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


def places(node: ast.AST, inside: str = "", held: bool = False) -> Iterator[tuple[str, ast.AST]]:
    """Yield the nodes in functions that are computed with, each with the function that holds it.

    Left out are annotations and defaults, what a raised error says, and text with values in it.
    """
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.arguments) or field in LEFT_OUT:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr):
                continue
            within = inside
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                within = f"{inside}.{child.name}".lstrip(".")
            if held:
                yield within, child
            yield from places(child, within, held or isinstance(child, ast.FunctionDef))


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

    def apply(self) -> None:
        """Put the fault into the function that holds it, wherever that is referred to."""
        path = SOURCE / self.path
        text = path.read_bytes()
        text = text[: self.begin] + self.after.encode() + text[self.end :]
        faulty = {_place(code): code for code in functions_in(compile(text, path, "exec"))}
        found = 0
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and each.__code__.co_filename == str(path):
                place = _place(each.__code__)
                if faulty.get(place, each.__code__) != each.__code__:
                    each.__code__ = faulty[place]
                    found += 1
        assert found, f"no function of {self.name}"


def functions_in(code: CodeType) -> Iterator[CodeType]:
    """Yield the functions and methods of a module, without those inside them."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            if each.co_flags & inspect.CO_NEWLOCALS:
                yield each
            else:  # the body of a class
                yield from functions_in(each)


def _place(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


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
    """Return the sample, the packages in turn: of each package, the kinds of fault in turn."""
    chosen: list[list[Mutant]] = []
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
        ranked.sort(key=lambda each: each[:2])
        chosen.append([mutant for *_, mutant in ranked[:PER_PACKAGE]])
    return [mutant for turn in zip(*chosen, strict=True) for mutant in turn]


#: Of each test, its seconds and, by file, the lines that it runs.
Noted = dict[str, tuple[float, dict[str, list[int]]]]

# -- processes ------------------------------------------------------------------------------


def in_children(
    calls: Iterable[tuple[str, Callable[[], str]]], jobs: int
) -> Iterator[tuple[str, str]]:
    """Make each call in a process of its own; yield its name with what it returns, or what ended it."""
    with tempfile.TemporaryDirectory() as work:
        running: dict[int, tuple[str, Path]] = {}

        def wait() -> tuple[str, str]:
            pid, status = os.wait()
            name, file = running.pop(pid)
            code = os.waitstatus_to_exitcode(status)
            if code > 0:
                raise ChildProcessError(name)
            return name, f"ended by signal {-code}" if code else file.read_text()

        for number, (name, call) in enumerate(calls):
            if len(running) == jobs:
                yield wait()
            file = Path(work, str(number))
            pid = os.fork()
            if not pid:
                _child(call, file)
            running[pid] = name, file
        while running:
            yield wait()


def _child(call: Callable[[], str], file: Path) -> None:
    """Write what a call returns, and end this process; what it prints isn't shown."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background of a shell
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, sys.stdout.fileno())
    try:
        file.write_text(call())
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def run(items: list[pytest.Item], noted: Noted | None = None) -> Iterator[tuple[pytest.Item, bool]]:
    """Run tests one after the other; yield each with whether it failed.

    With their `noted` seconds, this process is ended by a test that seems endless.
    """
    for item, following in zip_longest(items, items[1:]):
        if noted is not None:
            most = time.process_time() + ENDLESS + 5 * noted[item.nodeid][0]
            resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(most), resource.RLIM_INFINITY))
        reports = runtestprotocol(item, nextitem=following, log=False)
        yield item, any(report.failed for report in reports)


# -- which tests run a line -----------------------------------------------------------------


def note(items: list[pytest.Item]) -> str:
    """Run the tests of a file; return the lines that each runs."""
    noted: Noted = {}
    lines: dict[str, set[int]] = defaultdict(set)
    monitoring = vars(sys)["monitoring"]

    def reached(code: CodeType, line: int) -> object:
        if code.co_filename.startswith(str(SOURCE)):
            lines[str(Path(code.co_filename).relative_to(SOURCE))].add(line)
        return monitoring.DISABLE

    monitoring.use_tool_id(monitoring.COVERAGE_ID, "mutation")
    monitoring.register_callback(monitoring.COVERAGE_ID, monitoring.events.LINE, reached)
    monitoring.set_events(monitoring.COVERAGE_ID, monitoring.events.LINE)
    begun = time.process_time()
    for item, failed in run(items):
        spent = time.process_time() - begun
        if failed:
            print(f"{item.nodeid} fails without any fault, and is left out", file=sys.stderr)
        else:
            noted[item.nodeid] = spent, {name: sorted(found) for name, found in lines.items()}
        lines.clear()
        monitoring.restart_events()
        begun = time.process_time()
    return json.dumps(noted)


def choose(noted: Noted, mutant: Mutant) -> list[str]:
    """Return the tests that run the statement of a mutant, the fastest first."""
    found = sorted(
        (spent, name)
        for name, (spent, ran) in noted.items()
        if not set(mutant.lines).isdisjoint(ran.get(mutant.path, ()))
    )
    total = accumulate(spent for spent, _ in found)
    return [name for (_, name), spent in zip(found, total, strict=True) if spent <= ENOUGH]


def first_failure(mutant: Mutant, noted: Noted, items: dict[str, pytest.Item]) -> str:
    """Return the first test that fails with a mutant, or ``""``."""
    mutant.apply()
    return failure([items[name] for name in choose(noted, mutant)], noted)


def failure(items: list[pytest.Item], noted: Noted | None = None) -> str:
    """Run tests until one fails; return it, or ``""``."""
    return next((item.nodeid for item, failed in run(items, noted) if failed), "")


# -- running --------------------------------------------------------------------------------


def digest(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


@dataclass
class Sweep:
    """A plugin of pytest that runs the tests of each mutant instead of each test once."""

    mutants: list[Mutant]
    work: Path
    jobs: int

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Note what each test runs, run the mutants, and print the score."""
        self.work /= digest(*sorted(SOURCE.rglob("*.py")))
        self.work.mkdir(parents=True, exist_ok=True)
        noted = self.noted(session.items)
        items = {item.nodeid: item for item in session.items}
        kept = self.work / "results.json"
        results: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}
        calls = (
            (each.name, partial(first_failure, each, noted, items))
            for each in self.mutants
            if not results.get(each.name)
        )
        for name, test in in_children(calls, self.jobs):
            results[name] = test
            kept.write_text(json.dumps(results, indent=0))
            print(f"{test or 'SURVIVES'}  {name}", flush=True)
        killed = [items[test] for test in sorted(set(results.values())) if test in items]
        for _, test in in_children([("control", partial(failure, killed))], 1):
            if test:
                raise AssertionError(f"{test} fails without any fault")
            print(f"{len(killed)} tests that killed a mutant pass without one", flush=True)
        report(self.mutants, results)
        return True

    def noted(self, items: list[pytest.Item]) -> Noted:
        """Return what each test runs, noted once for each text of a test file."""
        files: dict[Path, list[pytest.Item]] = defaultdict(list)
        for item in items:
            files[item.path].append(item)
        kept = {str(file): self.work / f"{file.stem}-{digest(file)}.json" for file in files}
        calls = (
            (str(file), partial(note, each))
            for file, each in files.items()
            if not kept[str(file)].exists()
        )
        for name, found in in_children(calls, self.jobs):
            kept[name].write_text(found)
            print(f"noted  {name}", flush=True)
        noted: Noted = {}
        for file in kept.values():
            noted.update(json.loads(file.read_text()))
        return noted


def report(mutants: list[Mutant], results: dict[str, str]) -> None:
    """Print the score, by package and of all, and the survivors."""
    for package in (*PACKAGES, ""):
        of = [each for each in mutants if package in ("", each.package)]
        killed = sum(bool(results[each.name]) for each in of)
        if of:
            print(f"{package or 'all':20} {killed:4} of {len(of):4}  {killed / len(of):7.1%}")
    for each in mutants:
        if not results[each.name]:
            print(f"\n{each.name}\n  src/repaylib/{each.path}:{each.lines[0]} {each.kind}")
            print(f"  - {each.before}\n  + {each.after}")


def main() -> int:
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument("--only", default="", metavar="TEXT")
    words.add_argument("--jobs", type=int, default=1)
    words.add_argument("--list", action="store_true")
    words.add_argument("--work", type=Path, default=ROOT / "build" / "mutation")
    asked = words.parse_args()
    equivalent = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    mutants = [each for each in sample() if asked.only in each.name]
    if asked.list:
        print("\n".join(each.name for each in mutants))
        return 0
    real = [each for each in mutants if each.name not in equivalent]
    print(f"{len(mutants) - len(real)} equivalent mutants are left out")
    os.chdir(ROOT)
    tests = [
        str(file) for file in sorted(Path("tests").rglob("test_*.py")) if file.name not in NOT_RUN
    ]
    with tempfile.TemporaryDirectory() as examples:
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = examples
        options = ["-s", "-p", "no:cacheprovider", "--hypothesis-seed=0", *tests]
        return pytest.main(options, plugins=[Sweep(real, asked.work, asked.jobs)])


if __name__ == "__main__":
    sys.exit(main())
