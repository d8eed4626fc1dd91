"""Whatever the caller has set, or does with what it was given."""

from __future__ import annotations

import ast
import copy
import inspect
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import repaylib as rp
from repaylib.money.rounding_arrays import SMALL, read_only
from repaylib.portfolio.book.columns import Same
from repaylib.portfolio.threads import in_threads, processors, quotas
from tests.laws.digest import SETTINGS, WORDS, needed_by, state
from tests.strategies.loans import examples
from tests.strategies.public import PUBLIC, left_out
from tests.test_house import SOURCE

ROOT = Path(__file__).parents[2]


# -- decimal contexts, error states, print options, warnings ---------------------------------


@cache
def digested(setting: str) -> dict[str, list[str]]:
    """Return the digest of all public names, made by a process that has set this before it imports."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.laws.digest", setting],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(SOURCE.parent), "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


#: Each setting costs a process that goes through all there is: the quick profile takes a few.
EVERY = [name for name in SETTINGS if name != "nothing"]
FEW = ["all of it", "no floats", "3 digits", "numpy raises"]


@pytest.mark.parametrize("setting", EVERY if examples(200) >= 200 else FEW)
def test_nothing_depends_on_what_the_caller_has_set(setting: str) -> None:
    usual, found = digested("nothing")["lines"], digested(setting)["lines"]
    differ = [pair for pair in zip(usual, found, strict=False) if pair[0] != pair[1]]
    assert not differ[:5]
    assert len(usual) == len(found)


def test_the_digest_has_every_public_name() -> None:
    asked = set(digested("nothing")["asked"])
    for name, value in PUBLIC.items():
        if (inspect.isclass(value) and issubclass(value, BaseException)) or name == "__version__":
            continue
        assert name in asked, (
            f"{name} needs an example, in its docstring or in tests/laws/digest.py"
        )
        for method, function in inspect.getmembers(value, inspect.isfunction):
            if not method.startswith("_") and method not in left_out(name):
                known = needed_by(function) <= WORDS.keys() or method in asked
                assert known, f"{name}.{method} needs words in tests/laws/digest.py"


def test_decimals_are_computed_in_contexts_of_the_library_alone() -> None:
    """So nothing but ``money.rounding`` makes one, and none is asked for or entered."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "decimal":
                names = {each.name for each in node.names}
                assert not names & {"getcontext", "localcontext", "setcontext"}, path
            alone = path.name in (
                "rounding.py",
                "verify.py",
            )  # which imports nothing of the library
            if isinstance(node, ast.Call) and not alone:
                assert ast.unparse(node.func) not in ("Context", "decimal.Context"), path


def test_error_states_are_set_in_one_place_and_arrays_made_read_only_in_one() -> None:
    for path in SOURCE.rglob("*.py"):
        if path.name != "rounding_arrays.py":
            text = path.read_text(encoding="utf-8")
            assert "errstate" not in text, path
            assert "setflags" not in text, path


def test_a_generator_that_waits_leaves_nothing_set() -> None:
    before = state()
    book = rp.Portfolio(principal=["1000"] * 4, rate="12%", payments=3, start="2024-01-31")
    blocks = rp.amortise(book).blocks(rows=2)
    assert next(blocks).interest.sum() > 0
    assert state() == before


def test_a_call_that_is_refused_leaves_nothing_set() -> None:
    before = state()
    for refused in ("x", "1e9999999999999999999", "NaN", 0.5):
        with pytest.raises(rp.errors.AmountError):
            rp.Loan(refused, "12%", 12, "2024-01-10")  # type: ignore[arg-type]  # is refused
        with pytest.raises(rp.errors.RateError):
            rp.Loan("100", f"{refused}e99999999999%", 12, "2024-01-10")
    assert state() == before


# -- arrays ----------------------------------------------------------------------------------


def a_book(columns: Callable[[Any], Any] = lambda column: column) -> dict[str, Any]:
    """Return a book and all that can be asked of it, from columns that are made by a function."""
    book = rp.Portfolio(
        principal=columns(np.array([100_000, 200_000, 50_000, 70_000])),
        rate=["12%", "8%", "9%", "x"],
        payments=columns(np.array([12, 24, 6, 3])),
        start=columns(np.array(["2024-01-10"] * 4, "datetime64[D]")),
        first_payment=columns(np.array(["2024-02-20", "NaT", "NaT", "NaT"], "datetime64[D]")),
        errors="collect",
    )
    masked = np.ma.MaskedArray(
        columns(np.array([4, 5, 6, 2])), columns(np.array([0, 1, 0, 0], bool))
    )
    plan = rp.defer(rp.amortise(book), payment=masked)
    plan = rp.prepay(plan, columns(np.array([1_000, 2_000, 0, 0]) + 1), on="2024-03-20")
    paid = rp.portfolio.Receipts(
        loan=columns(np.array([0, 1, 0])),
        on=columns(np.array(["2024-02-10", "2024-02-10", "2024-03-10"], "datetime64[D]")),
        amount=columns(np.array([8_885, 9_000, 5_000])),
        reversed_on=columns(np.array(["NaT", "2024-02-12", "NaT"], "datetime64[D]")),
    )
    owed = rp.statement(plan, paid, as_of="2024-06-01")
    single = rp.amortise(rp.Loan("1000", "12%", 300, "2024-01-10"))
    return {
        "book": book,
        "part": book.part(1, 3),
        "plan": plan,
        "block": next(plan.blocks(rows=2)),
        "change": plan.changes[0],
        "change by amounts": plan.changes[1],
        "summary": plan.summary(),
        "totals": plan.totals(),
        "receipts": paid,
        "statement": owed,
        "kinds": owed.by_kind("due"),
        "ageing": owed.ageing(),
        "roll": owed.roll_rates("2024-07-01"),
        "quotes": rp.settle(rp.amortise(book), on="2024-05-20"),
        "rates": rp.irr(columns(np.array([[-100, 110, 0], [-100, 60, 60]]))),
        "columns": single.columns,
        "vast": rp.amortise(rp.Loan("1e20", "12%", 30, "2024-01-10")).columns,
    }


def arrays_of(value: Any) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays that a value has as attributes or under keys."""
    names = [name for name in dir(type(value)) if not name.startswith("_")]
    found = {name: getattr(value, name) for name in names if name not in ("month", "arrays")}
    named = hasattr(value, "keys")
    if named or isinstance(value, rp.portfolio.PortfolioSchedule):
        keys = list(value.keys()) if named else ["date", "payment", "received"]
        found |= {f"[{key}]": value[key] for key in [*keys, *_more(value)]}
    return {name: each for name, each in found.items() if isinstance(each, np.ndarray)}


def _more(value: object) -> list[str]:
    return ["out_of_pocket", "received"] if isinstance(value, rp.schedule.Columns) else []


def attack(array: npt.NDArray[Any]) -> None:
    """Write into an array, or into any array that it shows, where that is not refused."""
    shown: list[Any] = [array, array.view(), array[:], array.T, array.ravel()]
    for each in shown:
        base = getattr(each, "base", None)
        base = getattr(base, "obj", base)
        if isinstance(base, np.ndarray) and len(shown) < 50:
            shown.append(base)
        if isinstance(each, np.ndarray) and each is not shown[4]:
            try:
                each.setflags(write=True)
            except ValueError:
                continue
            each.view("uint8" if each.dtype != object and each.flags.c_contiguous else each.dtype)[
                ...
            ] = 1


def withstands(value: Any) -> None:
    usual = {name: each.copy() for name, each in arrays_of(value).items()}
    for array in arrays_of(value).values():
        attack(array)
    for name, each in arrays_of(value).items():
        assert str(each.tolist()) == str(usual[name].tolist()), name


AGAIN: dict[str, Callable[[Any], Any]] = {
    "as made": lambda value: value,
    "copied": copy.copy,
    "deeply copied": copy.deepcopy,
    "pickled": lambda value: pickle.loads(pickle.dumps(value)),
}


@pytest.mark.parametrize("how", AGAIN)
@pytest.mark.parametrize("name", a_book())
def test_arrays_cannot_be_changed(name: str, how: str) -> None:
    found = arrays = AGAIN[how](a_book()[name])
    withstands(found)
    if isinstance(found, rp.portfolio.PortfolioChange):
        (arrays,) = (each for each in found.options.values() if not isinstance(each, Same))
        withstands(arrays)
    assert arrays_of(arrays)


@pytest.mark.parametrize("length", [0, 1, 7, SMALL // 8, SMALL // 8 + 1])
@pytest.mark.parametrize("kind", ["int64", "float64", "bool", "datetime64[D]", "object"])
def test_read_only_arrays_are_so_for_good_whether_small_or_large(length: int, kind: str) -> None:
    flat = np.arange(length).astype(kind)
    for given in (flat, flat[::-1], np.stack([flat, flat]), np.stack([flat, flat]).T):
        found = read_only(given)
        usual = given.tolist()
        assert (found.dtype, found.tolist()) == (given.dtype, usual)
        attack(found)
        assert found.tolist() == usual


def test_what_follows_from_an_array_does_not_change_either() -> None:
    plan = rp.amortise(rp.Loan("1000", "12%", 12, "2024-01-10"))
    total = plan.total_paid
    attack(plan.columns["payment"])
    assert plan.total_paid == total == sum(row.payment for row in plan.rows)


def test_a_book_does_not_hold_the_arrays_of_its_caller() -> None:
    """They can be changed afterwards, as each call of the caller's may do."""
    given: list[npt.NDArray[Any]] = []

    def kept(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
        given.append(column)
        return column

    usual = {name: _texts(value) for name, value in a_book().items()}
    found = a_book(kept)
    for column in given:
        assert column.flags.writeable
        column[...] = column[::-1].copy() if column.dtype.kind == "M" else column + 1 > 0
    assert {name: _texts(value) for name, value in found.items()} == usual


def _texts(value: Any) -> Any:
    return {name: str(each.tolist()) for name, each in arrays_of(value).items()}


# -- threads ---------------------------------------------------------------------------------


def test_the_quota_of_a_control_group_counts(tmp_path: Path) -> None:
    groups, top = tmp_path / "cgroup", tmp_path / "mounted"
    (top / "pod" / "one").mkdir(parents=True)
    groups.write_text("0::/pod/one\n")
    assert [*quotas(groups, top)] == []
    (top / "pod" / "one" / "cpu.max").write_text("max 100000\n")
    assert [*quotas(groups, top)] == []
    (top / "pod" / "cpu.max").write_text("150000 100000\n")
    assert [*quotas(groups, top)] == [2]
    (top / "pod" / "one" / "cpu.max").write_text("50000 100000\n")
    assert [*quotas(groups, top)] == [1, 2]


def test_the_quota_of_the_first_version_counts(tmp_path: Path) -> None:
    groups, top = tmp_path / "cgroup", tmp_path / "mounted"
    (top / "cpu" / "docker").mkdir(parents=True)
    groups.write_text("4:memory:/docker\n3:cpuacct,cpu:/docker\n2:cpuset:/\n")
    (top / "cpu" / "docker" / "cpu.cfs_period_us").write_text("100000\n")
    (top / "cpu" / "docker" / "cpu.cfs_quota_us").write_text("-1\n")
    assert [*quotas(groups, top)] == []
    (top / "cpu" / "docker" / "cpu.cfs_quota_us").write_text("300000\n")
    assert [*quotas(groups, top)] == [3]


def test_a_container_sees_its_own_group_as_the_top(tmp_path: Path) -> None:
    groups, top = tmp_path / "cgroup", tmp_path / "mounted"
    top.mkdir()
    groups.write_text("0::/../elsewhere/that/is/not/mounted\n")
    (top / "cpu.max").write_text("200000 100000\n")
    assert [*quotas(groups, top)] == [2]
    assert [*quotas(tmp_path / "none", top)] == []


def test_processors_are_those_that_the_process_is_bound_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "process_cpu_count", lambda: 3, raising=False)
    monkeypatch.setattr("repaylib.portfolio.threads.quotas", lambda: iter(()))
    assert processors() == 3
    monkeypatch.setattr("repaylib.portfolio.threads.quotas", lambda: iter((5, 2)))
    assert processors() == 2
    monkeypatch.delattr(os, "process_cpu_count")
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {4, 7}, raising=False)
    monkeypatch.setattr("repaylib.portfolio.threads.quotas", lambda: iter(()))
    assert processors() == 2
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert processors() == 1


def test_work_in_threads_keeps_its_order_and_its_errors() -> None:
    for threads in (1, 4):
        assert in_threads(lambda part: part * part, range(20), threads) == [
            k * k for k in range(20)
        ]
        with pytest.raises(ZeroDivisionError):
            in_threads(lambda part: 1 // part, range(3), threads)


def test_nothing_else_counts_processors() -> None:
    for path in SOURCE.rglob("*.py"):
        if path.name != "threads.py":
            assert "cpu_count" not in path.read_text(encoding="utf-8"), path
