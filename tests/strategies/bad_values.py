"""More than a hundred values that few parameters take, each made anew where it could be used up.

They are what callers really pass by mistake (a float, a list for a value, ``pandas.NA``, a number of
5,000 digits) and what only breaks code that asks too early (a hostile ``repr``, ``__eq__`` or
``__bool__``).
"""

from __future__ import annotations

import datetime as dt
from collections import UserDict, UserList, UserString, namedtuple
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

import repaylib as rp

__all__ = ["BAD_VALUES", "in_place_of"]


class Colour(Enum):
    """A word of another kind."""

    RED = "red"


class Hostile:
    """An object that fails whatever it is asked."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no equality")

    def __hash__(self) -> int:
        raise RuntimeError("no hash")

    def __bool__(self) -> bool:
        raise RuntimeError("no truth")

    def __len__(self) -> int:
        raise RuntimeError("no length")

    def __iter__(self) -> Iterator[object]:
        raise RuntimeError("no items")


class HostileText(str):
    """A text that cannot be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")


class BadMapping(Mapping[str, Any]):
    """A mapping whose keys lead nowhere."""

    def __getitem__(self, key: str) -> Any:
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(["x"])

    def __len__(self) -> int:
        return 1


class Whole:
    """A number by its index alone."""

    def __index__(self) -> int:
        return 3


class Floating:
    """A number by its conversion alone."""

    def __float__(self) -> float:
        return 0.5


def deep(levels: int) -> list[Any]:
    """Return a list in a list in a list."""
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


def endless() -> list[Any]:
    """Return a list that holds itself."""
    value: list[Any] = []
    value.append(value)
    return value


def failing() -> Iterator[int]:
    """Yield once, then fail as a broken reader does."""
    yield 1
    raise OSError("the line is dead")


Pair = namedtuple("Pair", "left right")

#: What is given in the place of a good value, by a name for the report.
BAD_VALUES: dict[str, Callable[[], Any]] = {
    # nothing, and what counts as nothing
    "None": lambda: None,
    "Ellipsis": lambda: ...,
    "NotImplemented": lambda: NotImplemented,
    "empty text": lambda: "",
    "blank": lambda: " ",
    "empty list": list,
    "empty tuple": tuple,
    "empty dict": dict,
    "empty set": set,
    "empty bytes": bytes,
    "empty array": lambda: np.array([]),
    "NA": lambda: pd.NA,
    "NaT": lambda: pd.NaT,
    "numpy NaT": lambda: np.datetime64("NaT", "D"),
    # numbers of every kind
    "True": lambda: True,
    "False": lambda: False,
    "numpy True": lambda: np.True_,
    "0": lambda: 0,
    "-1": lambda: -1,
    "3": lambda: 3,
    "10**9": lambda: 10**9,
    "10**30": lambda: 10**30,
    "-10**30": lambda: -(10**30),
    "5,000 digits": lambda: 10**5000,
    "1.5": lambda: 1.5,
    "-0.0": lambda: -0.0,
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "-inf": lambda: float("-inf"),
    "1e308": lambda: 1e308,
    "complex": lambda: 1j,
    "Decimal 1.5": lambda: Decimal("1.5"),
    "Decimal -0": lambda: Decimal("-0"),
    "Decimal NaN": lambda: Decimal("NaN"),
    "signalling NaN": lambda: Decimal("sNaN"),
    "Decimal Infinity": lambda: Decimal("Infinity"),
    "Decimal 1E+999999": lambda: Decimal("1E+999999"),
    "Decimal 1E-999999": lambda: Decimal("1E-999999"),
    "Fraction 1/3": lambda: Fraction(1, 3),
    "Fraction -7/2": lambda: Fraction(-7, 2),
    "Fraction of 3,000 digits": lambda: Fraction(10**3000 + 1, 10**3000),
    "numpy int": lambda: np.int64(3),
    "numpy float": lambda: np.float64(0.5),
    "numpy nan": lambda: np.float64("nan"),
    "numpy complex": lambda: np.complex128(1),
    "an index": Whole,
    "a float by conversion": Floating,
    # text
    "a word": lambda: "no such word",
    "x": lambda: "x",
    "a number": lambda: "1000",
    "a float": lambda: "1.5",
    "nan as text": lambda: "nan",
    "inf as text": lambda: "inf",
    "1e5": lambda: "1e5",
    "1e999999": lambda: "1e999999",
    "1_000": lambda: "1_000",
    "1,000": lambda: "1,000",
    "full-width digits": lambda: "\uff11\uff10\uff10",
    "Arabic digits": lambda: "١٢",
    "superscript": lambda: "²",
    "a percentage": lambda: "12%",
    "minus per cent": lambda: "-12%",
    "two per cent signs": lambda: "12%%",
    "fraction with zero": lambda: "1/0",
    "2,000 digits": lambda: "1" * 2000,
    "a rate of 2,000 digits": lambda: "0." + "1" * 2000 + "%",
    "100,000 characters": lambda: "x" * 100_000,
    "null character": lambda: "a\x00b",
    "line break": lambda: "a\nb",
    "surrogate": lambda: "\ud800",
    "right to left": lambda: "\u202e12",
    "markup": lambda: "<script>alert(1)</script>",
    "formula": lambda: "=1+1",
    "braces": lambda: "{0} {x!r} %s",
    "HostileText": lambda: HostileText("x"),
    "UserString": lambda: UserString("12%"),
    "bytes": lambda: b"x",
    "bytearray": lambda: bytearray(b"12"),
    "memoryview": lambda: memoryview(b"12"),
    # days
    "a day": lambda: dt.date(2024, 4, 20),
    "a day as text": lambda: "2024-04-20",
    "no day": lambda: "2024-02-30",
    "the last day": lambda: "9999-12-31",
    "the first day": lambda: "0001-01-01",
    "date.max": lambda: dt.date.max,
    "date.min": lambda: dt.date.min,
    "midnight": lambda: dt.datetime(2024, 4, 20),
    "a time": lambda: dt.datetime(2024, 4, 20, 8, 30),
    "zoned midnight": lambda: dt.datetime(2024, 4, 20, tzinfo=dt.UTC),
    "time of day": lambda: dt.time(8),
    "timedelta": lambda: dt.timedelta(days=3),
    "Timestamp": lambda: pd.Timestamp("2024-04-20 08:00"),
    "datetime64 day": lambda: np.datetime64("2024-04-20"),
    "datetime64 year": lambda: np.datetime64("2024"),
    "datetime64 far": lambda: np.datetime64(10**9, "D"),
    "timedelta64": lambda: np.timedelta64(3, "D"),
    # things that hold things
    "[None]": lambda: [None],
    "[1]": lambda: [1],
    "['x']": lambda: ["x"],
    "[1.5]": lambda: [1.5],
    "[(1, 2, 3)]": lambda: [(1, 2, 3)],
    "[[]]": lambda: [[]],
    "(1, 2)": lambda: (1, 2),
    "('2024-04-20', '5')": lambda: ("2024-04-20", "5"),
    "named tuple": lambda: Pair(1, 2),
    "set": lambda: {1, "x"},
    "frozenset": lambda: frozenset([1]),
    "range": lambda: range(3),
    "a range of ten million": lambda: range(10**7),
    "generator": lambda: (each for each in [1]),
    "failing generator": failing,
    "deep list": lambda: deep(100),
    "very deep list": lambda: deep(100_000),
    "endless list": endless,
    "{'x': 1}": lambda: {"x": 1},
    "{1: 2}": lambda: {1: 2},
    "{None: None}": lambda: {None: None},
    "{'2024-04-20': 'x'}": lambda: {"2024-04-20": "x"},
    "UserDict": lambda: UserDict(x=1),
    "UserList": lambda: UserList([1]),
    "BadMapping": BadMapping,
    "array of ints": lambda: np.array([1, 2]),
    "array of floats": lambda: np.array([1.5, float("nan")]),
    "array of text": lambda: np.array(["x", "y"]),
    "array of objects": lambda: np.array([None, object()], object),
    "array of days": lambda: np.array(["2024-04-20"], "datetime64[D]"),
    "array of no dimension": lambda: np.array(5),
    "array of two dimensions": lambda: np.ones((2, 2)),
    "structured array": lambda: np.zeros(2, [("a", "i8")]),
    "array of flags": lambda: np.array([True, False]),
    "Series": lambda: pd.Series([1, 2]),
    "Series of NA": lambda: pd.Series([pd.NA, 1]),
    "DataFrame": lambda: pd.DataFrame({"x": [1]}),
    # what belongs elsewhere
    "object": object,
    "Hostile": Hostile,
    "a type": lambda: int,
    "a function": lambda: len,
    "a lambda that fails": lambda: lambda *_: 1 // 0,
    "a module": lambda: dt,
    "an exception": lambda: ValueError("x"),
    "Enum": lambda: Colour.RED,
    "Path": lambda: Path("no/such/file"),
    "namespace": lambda: SimpleNamespace(x=1),
    "slice": lambda: slice(1, 2),
    "a loan": lambda: rp.Loan("100", "1%", 2, "2024-01-10"),
    "a rate": lambda: rp.effective("12%"),
    "a fee": lambda: rp.Fee("1%"),
    "a receipt": lambda: rp.Receipt("2024-04-20", "5"),
    "steps": lambda: rp.steps("12%", {5: "8%"}),
    "a change": lambda: rp.changes.Deferral(payment=4),
    "a schedule": lambda: rp.amortise(rp.Loan("100", "1%", 2, "2024-01-10")),
    "a book": lambda: rp.Portfolio(
        principal=["100"], rate=["1%"], payments=[2], start="2024-01-10"
    ),
    "an unread book": lambda: rp.amortise(
        rp.Portfolio(principal=["100"], rate=["1%"], payments=[2], start="2024-01-10")
    ),
}


def in_place_of(good: Any, bad: Any) -> Iterator[Any]:
    """Yield a bad value by itself, and inside a copy of the good one where that holds others.

    Examples
    --------
    >>> list(in_place_of([1, 2], "x"))
    ['x', ['x', 2]]
    >>> list(in_place_of({"a": 1}, "x"))
    ['x', {'a': 'x'}, {'x': 1}]
    """
    yield bad
    if isinstance(good, (list, tuple)) and good:
        if isinstance(good[0], (list, tuple)):
            for place in range(len(good[0])):
                pair = [*good[0]]
                pair[place] = bad
                yield [tuple(pair), *good[1:]]
        yield [bad, *good[1:]]
    elif isinstance(good, dict) and good:
        key = next(iter(good))
        yield good | {key: bad}
        rest = {name: value for name, value in good.items() if name != key}
        try:
            yield {bad: good[key], **rest}
        except Exception:  # it cannot be a key
            return
