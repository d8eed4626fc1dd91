"""Every error of the library can be said in Chinese: its texts are found in the source, by syntax."""

from __future__ import annotations

import ast
import copy
import pickle
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import repaylib as rp
from repaylib import errors
from repaylib.wording.sentence import parse_language

SOURCE = Path(rp.__file__).parent
CHINESE = parse_language("zh").phrases
ERRORS = {name for name in errors.__all__ if name.endswith("Error")}
#: What makes a phrase of a text, its first argument.
PHRASES = {"Phrase", "Hint", "InPython", "enumerated"}
#: The parameters that take the texts of an error, and their places in an error.
TEXTS = {"expected": 2, "hint": 3}

#: Texts that other modules define.
NAMED = {"ONE_OF_A_BOOK"}
#: What stands for values that cannot be written.
SHOWN = ("lists without end", "a number of thousands of digits", "a value that cannot be shown")

Function = ast.FunctionDef
PLAN = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))


@cache
def trees() -> dict[Path, ast.Module]:
    """Read the modules of the library."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")}


@cache
def takers() -> dict[str, dict[str, int]]:
    """The functions that take texts of an error, by name, and the places of these parameters."""
    found: dict[str, dict[str, int]] = dict.fromkeys(ERRORS, TEXTS)
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, Function) and node.name != "__init__":
                names = [each.arg for each in (*node.args.args, *node.args.kwonlyargs)]
                names = names[1:] if names[:1] in (["self"], ["cls"]) else names
                if places := {name: names.index(name) for name in TEXTS if name in names}:
                    found.setdefault(node.name, places)
    return found


def called(node: ast.expr) -> str | None:
    """The name of what is called."""
    if not isinstance(node, ast.Call):
        return None
    function = node.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", None)


class Module:
    """The texts of the errors that a module raises."""

    def __init__(self, path: Path) -> None:
        self.tree, self.where = trees()[path], path.relative_to(SOURCE)
        self.nodes = list(ast.walk(self.tree))
        self.assigned: dict[str, list[ast.expr]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._assign(target, node.value)
            elif isinstance(node, ast.NamedExpr | ast.AnnAssign) and node.value is not None:
                self._assign(node.target, node.value)
        self.functions = {node.name: node for node in self.nodes if isinstance(node, Function)}
        self.parameters = {
            each.arg
            for node in self.functions.values()
            for each in (*node.args.args, *node.args.kwonlyargs)
        }

        self.kinds = ERRORS | {  # also a kind of error that is chosen
            getattr(node, "arg", None) or ast.unparse(getattr(node, "target", node))
            for node in self.nodes
            if isinstance(node, ast.arg | ast.AnnAssign)
            and node.annotation is not None
            and ast.unparse(node.annotation) == "type[RepayError]"
        }

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.assigned.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, other in zip(target.elts, value.elts, strict=True):
                self._assign(one, other)

    def texts(self) -> Iterator[str]:
        """Yield the texts, in English with slots; one that is put together by hand fails."""
        for node in self.nodes:
            if not isinstance(node, ast.Call) or (name := called(node)) is None:
                continue
            if name in PHRASES and self.where.parts[0] != "phrases":
                yield from self._said(node.args[0])
            elif name == "write" and not isinstance(node.func, ast.Attribute):
                count = len(node.args) + len(node.keywords)
                yield "write " + ", ".join(["{}"] * count)
            elif name == "add_note":
                yield from self._said(node.args[0])
            elif name in self.kinds and node.args[1:]:
                self._check_value(node.args[1])
            for parameter, place in self._taken(name).items():
                named = [each.value for each in node.keywords if each.arg == parameter]
                for text in node.args[place : place + 1] or named:
                    yield from self._said(text)

    def _taken(self, name: str) -> dict[str, int]:
        return TEXTS if name in self.kinds else takers().get(name, {})

    def _check_value(self, node: ast.expr) -> None:
        """What is said of a value, and is not the value itself, is a phrase."""
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        for part in parts:
            said = part.value if isinstance(part, ast.Constant) else ""
            assert not re.search("[a-z]{2} | [a-z]{2}", str(said)), self._at(node)

    def _said(self, node: ast.expr, seen: tuple[str, ...] = ()) -> Iterator[str]:
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.IfExp(body=one, orelse=other):
                yield from self._said(one, seen)
                yield from self._said(other, seen)
            case ast.BoolOp(values=values):
                for value in values:
                    yield from self._said(value, seen)
            case ast.Name(id=name) if name not in seen:
                known = self.assigned.get(name, [])
                assert known or name in self.parameters or name in NAMED, self._at(node)
                for value in known:
                    if not isinstance(value, ast.JoinedStr | ast.BinOp) or name in TEXTS:
                        yield from self._said(value, (*seen, name))
            case ast.Attribute(attr="expected" | "hint" | "template") | ast.Name():
                pass
            case ast.Constant(value=None):
                pass
            case ast.Attribute(attr=name) if name in self.functions:
                yield from self._returned(self.functions[name], seen)
            case ast.Call() if called(node) in PHRASES | {"write", "either"}:
                pass
            case ast.Call() if (function := self.functions.get(called(node) or "")) is not None:
                yield from self._returned(function, seen)
            case _:
                raise AssertionError(self._at(node))

    def _returned(self, function: Function, seen: tuple[str, ...]) -> Iterator[str]:
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None:
                yield from self._said(node.value, seen)

    def _at(self, node: ast.expr) -> str:
        return f"{self.where}:{node.lineno}: {ast.unparse(node)} is no phrase"


@cache
def texts() -> dict[str, str]:
    """The texts of all errors, and the first module that has each."""
    found = dict.fromkeys(SHOWN, "phrases/values.py")
    for path in sorted(trees()):
        module = Module(path)
        for text in module.texts():
            found.setdefault(text, str(module.where))
    return found


def slots(text: str) -> list[str]:
    """The slots of a text by number, with how each is written."""
    if not re.search(r"\{\d*(![a-z])?(:[^}]*)?\}", text):
        return []  # the braces are those of a dictionary
    named = [part[1:] for part in Formatter().parse(text) if part[1] is not None]
    return [f"{name or place}:{form}!{how}" for place, (name, form, how) in enumerate(named)]


def test_every_text_of_an_error_is_in_the_chinese_catalogue() -> None:
    missing = [f"{where}: {text}" for text, where in texts().items() if text not in CHINESE]
    assert not missing, "write them in wording/zh_errors:\n" + "\n".join(missing)


def test_the_chinese_catalogue_holds_what_errors_say_alone() -> None:
    assert CHINESE.keys() <= texts().keys()


def test_chinese_has_the_slots_of_english() -> None:
    for english, chinese in CHINESE.items():
        assert sorted(slots(chinese)) == sorted(slots(english)), english


def test_no_text_is_in_two_files() -> None:
    files = (SOURCE / "wording" / "zh_errors").glob("[a-z]*.py")
    keys = [
        ast.literal_eval(key)
        for path in files
        for node in ast.walk(trees()[path])
        if isinstance(node, ast.Dict)
        for key in node.keys
        if key is not None
    ]
    assert len(keys) == len(set(keys))
    assert set(keys) == CHINESE.keys()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: rp.Loan("10000", "12%", 0, "2024-01-10"),
            "payments：收到 0；应为 1 到 10000 的整数；请写 payments=1 或更大的值",
        ),
        (
            lambda: rp.Loan("10000", 12, 12, "2024-01-10"),  # type: ignore[arg-type]  # is refused
            'rate：收到 12；应为利率，如 "12%"、Decimal("0.12") 或 Fraction(3, 25)；'
            '只写 12 有歧义：请写 "12%" 或 Fraction(12, 100)',
        ),
        (
            lambda: rp.Loan(Decimal("1e30"), "12%", 12, "2024-01-10"),
            "principal：收到 Decimal('1E+30')（Decimal）；金额应小于 10**24；例如写 \"10000.00\"",
        ),
        (
            lambda: rp.defer(PLAN),
            'payment：收到 两者都没有；payment 与 on 须写一项，且只能写一项；请写 payment=4 或 on="..."',
        ),
        (  # slots in another order, and a day that is code
            lambda: rp.prepay(PLAN, "9999", on="2024-04-10"),
            "amount：收到 '9,999.00'；不能超过 2024-04-10 所欠本金 7,610.80；"
            '要全部还清，请写 settle(schedule, on="2024-04-10")',
        ),
        (  # a value that is itself worded
            lambda: rp.statement(PLAN, [rp.Receipt("2023-01-01", "5")], as_of="2024-05-01"),
            "on：收到 2023年1月1日收到还款5；不能早于贷款发放日 2024-01-10；请写更晚的日期",
        ),
        (  # what was expected of something else, within
            lambda: rp.steps("3%", {"x": "4%"}),
            "changes：收到 'x'；应为日期或 ISO 格式的文字，也可以写期次；例如写 \"2024-01-10\"",
        ),
        (  # a note
            lambda: PLAN.then(
                rp.changes.Deferral(payment=4), rp.changes.RateChange("8%", payment=40)
            ),
            "payment：收到 40；应为此还款计划的期次，1 到 13；请写 payment=13 或更小的值\n"
            "（第 2 项变更：自第40期起，年利率调整为8%；到期日不变，每期还款额重新计算）",
        ),
        (
            lambda: rp.Loan("1" * 200, "12%", 12, "2024-01-10"),
            "principal：收到 '" + "1" * 76 + '...；金额应小于 10**24；例如写 "10000.00"',
        ),
        (
            lambda: rp.Loan(10**5000, "12%", 12, "2024-01-10"),
            'principal：收到 数千位的数；金额应小于 10**24；例如写 "10000.00"',
        ),
    ],
)
def test_an_error_in_chinese(call: Callable[[], object], text: str) -> None:
    with pytest.raises(rp.RepayError) as caught:
        call()
    error = caught.value
    for same in (error, copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert same.to_text(lang="zh") == text
        assert same.to_text() == "\n".join([str(error), *getattr(error, "__notes__", [])])


def test_an_error_of_others_stays_as_it_is() -> None:
    error = rp.RepayError("size", 3, "a {size}", "write {}")
    assert error.to_text(lang="zh") == "size：收到 3；a {size}；请写 {}"
    with pytest.raises(rp.errors.ChoiceError):
        error.to_text(lang="fr")  # type: ignore[arg-type]  # is refused
