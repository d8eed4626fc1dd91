"""Every error of the library can be said in Chinese: its texts are found in the source, by syntax."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
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
            for parameter, place in takers().get(name, {}).items():
                named = [each.value for each in node.keywords if each.arg == parameter]
                for text in node.args[place : place + 1] or named:
                    yield from self._said(text)

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


#: Packages whose errors are in English as yet.
LEFT = (
    *("documents", "engine", "interop", "measures", "negotiation", "output", "plots"),
    *("portfolio", "rates", "schedule", "terms"),
)


def test_every_text_of_an_error_is_in_the_chinese_catalogue() -> None:
    missing = [
        f"{where}: {text}"
        for text, where in texts().items()
        if text not in CHINESE and not where.startswith(LEFT)
    ]
    assert not missing, "\n".join(missing)


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
    ],
)
def test_an_error_in_chinese(call: Callable[[], object], text: str) -> None:
    with pytest.raises(rp.RepayError) as caught:
        call()
    assert caught.value.to_text(lang="zh") == text
