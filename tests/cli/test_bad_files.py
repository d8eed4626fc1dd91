"""A file that a command reads is right, or is refused in a line that says where it is wrong."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from datetime import date, datetime, time
from decimal import Decimal
from inspect import signature
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import repaylib as rp
from repaylib.arrears import Breach, Receipt
from repaylib.cli.dossier import (
    AGREEMENT_OPTIONS,
    DEBT_OPTIONS,
    LOAN_TERMS,
    MOST_BYTES,
    PAYMENT_OPTIONS,
    PLAIN,
    TABLES,
    WISHES,
    dossier_of,
)
from repaylib.cli.dossier_example import example
from repaylib.cli.main import main
from tests.strategies.loans import examples

Place = tuple[str | int, ...]

#: What is not in the example, and what makes its search short.
MORE: dict[str, dict[str, Any]] = {
    "borrower": {"id_number": "110", "address": "1 Long Road"},
    "agreement": {"dated": date(2024, 6, 25), "reporting": "As kept.", "other": ["None."]},
    "wish": {"end": date(2025, 1, 10), "last_payment": 2000, "by": ["term"], "policy": "equal"},
    "limits": {"months": 6},
    "rates": {"USD": "7.10"},
}
LOAN: dict[str, Any] = {
    "principal": 3000,
    "payments": 5,
    "receipts": [{"on": date(2024, 2, 10), "amount": Decimal("616.77")}],
    "secured": True,
    "consequences": "They take the car.",
}
#: Values of each kind that TOML has, and such as no number, day or text of a dossier can be.
VALUES: tuple[Any, ...] = (
    "", "x\0", "9" * 5000, 0, -1, 10**30, 10**4400, Decimal("1.5"), Decimal("nan"), Decimal("1e999999"),
    True, date(9999, 12, 31), datetime(2024, 1, 1, 12), time(12), [], {}, [[]], [1, "x"], {"x": 1},
)  # fmt: skip
TERMS: tuple[Any, ...] = (
    "",
    "x",
    0,
    -1,
    True,
    Decimal("1.5"),
    date(2024, 3, 3),
    [],
    {},
    [[]],
    {"x": 1},
    "50%",
    500,
)
#: The keys that each table may have, which is what an error may name.
KEYS = {
    "borrower": ("name", "id_number", "address", "contact"),
    "budget": ("income", "essentials", "reserve", "currency"),
    "debts": (*DEBT_OPTIONS, *PAYMENT_OPTIONS, *LOAN_TERMS),
    "wish": WISHES,
    "limits": ("preset", *signature(rp.Limits).parameters),
    "rates": ("USD",),
    "agreement": AGREEMENT_OPTIONS,
}
#: What is written in Python alone, and in no file.
PYTHON = re.compile(
    r"\brp\.|\b(True|False|None)\b|\b[A-Z]\w*\(|[=(]\(|\{['\"]|\b(Decimal|Fraction|int|str|bool)\b"
)
#: Tables whose figures a change in another table may contradict.
FOLLOWS = {
    "budget": {"wish"},
    "currency": {"debts", "budget", "rates", "wish"},
    "debts": {"wish", "rates", "today"},
    "limits": {"wish"},
    "rates": {"debts", "wish"},
    "today": {"debts", "wish"},
    "wish": {"today"},
}


def good() -> dict[str, Any]:
    """The example with more in it."""
    given = tomllib.loads(example(), parse_float=Decimal)
    for name, more in MORE.items():
        given[name] = deepcopy({**given.get(name, {}), **more})
    del given["debts"][0]["paid_until"]
    given["debts"][0] |= deepcopy(LOAN)
    given["debts"][1]["balance"] = 300
    return given


def toml(value: Any) -> str:
    """A value as TOML has it in a line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + re.sub(r'[\\"\x00-\x1f]', lambda m: f"\\u{ord(m[0]):04x}", value) + '"'
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{name}" = {toml(each)}' for name, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, int):
        return hex(value) if value > 10**1000 else str(value)
    return value.isoformat() if isinstance(value, (date, time)) else str(value).lower()


def text_of(given: dict[str, Any]) -> str:
    """A dossier as text."""
    return "".join(f'"{name}" = {toml(value)}\n' for name, value in given.items())


def places(value: Any, above: Place = ()) -> Iterator[Place]:
    """Where each key and each item of a list stands."""
    if isinstance(value, (dict, list)):
        for name, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*above, name)
            yield from places(each, (*above, name))


def changed(place: Place, change: Callable[[Any, Any], object]) -> str:
    """The text of the good dossier after a change to the table or list that has a key."""
    given = good()
    inside: Any = given
    for name in place[:-1]:
        inside = inside[name]
    change(inside, place[-1])
    return text_of(given)


def without() -> Iterator[tuple[Place, str]]:
    """A key or an item is missing."""
    for place in places(good()):
        yield place, changed(place, lambda inside, name: inside.pop(name))


def misspelt() -> Iterator[tuple[Place, str]]:
    """A key is another."""
    for place in places(good()):
        if not isinstance(name := place[-1], str):
            continue
        for other in (f"{name}s", name.upper(), "x\0y", ""):

            def rename(inside: Any, name: Any, other: str = other) -> None:
                inside[other] = inside.pop(name)

            yield place, changed(place, rename)


def other_kinds() -> Iterator[tuple[Place, str]]:
    """A value is another, mostly of another kind."""
    for place in places(good()):
        for value in VALUES:

            def replace(inside: Any, name: Any, value: Any = value) -> None:
                inside[name] = deepcopy(value)

            yield place, changed(place, replace)


def bad_terms() -> Iterator[tuple[Place, str]]:
    """A key that a table may have has a value that it cannot have."""
    tables: dict[Place, tuple[str, ...]] = {
        ("debts", 0): LOAN_TERMS + DEBT_OPTIONS + PAYMENT_OPTIONS,
        ("debts", 1): DEBT_OPTIONS,
        ("debts", 0, "receipts", 0): tuple(signature(Receipt).parameters),
        ("limits",): tuple(signature(rp.Limits).parameters),
        ("wish",): WISHES,
        ("agreement",): AGREEMENT_OPTIONS,
        ("agreement", "breach"): tuple(signature(Breach).parameters),
    }
    for table, keys in tables.items():
        for key in keys:
            for value in TERMS:

                def put(inside: Any, name: Any, value: Any = value) -> None:
                    if "preset" in inside:
                        del inside["preset"]
                    inside[name] = deepcopy(value)

                yield (*table, key), changed((*table, key), put)


def nested() -> Iterator[tuple[Place, str]]:
    """A value is put into a list, a table, or a hundred of them."""
    for place in places(good()):
        for depth in (1, 100):
            for opening, closing in (("[", "]"), ("{a = ", "}")):

                def put(inside: Any, name: Any) -> None:
                    inside[name] = "PUT"

                text = changed(place, put)
                yield place, text.replace('"PUT"', f"{opening * depth}1{closing * depth}")


def unreadable() -> Iterator[tuple[Place, str | bytes]]:
    """It is no TOML, or no text."""
    text = example().replace('"term", "deferral"', '"term"').replace("months = 18", "months = 6")
    yield from (((), text[:end]) for end in range(1, len(text), 11))
    lines = text.splitlines()
    yield from (((), "\n".join([*lines[: each + 1], *lines[each:]])) for each in range(len(lines)))
    yield from (((), text.replace("=", mark, 3)) for mark in ("\0", "\x1b", "==", ":", "\ufeff"))
    for encoding in ("utf-16", "utf-32", "gb18030"):
        yield (), example("zh").encode(encoding)
    yield from (((), each) for each in (b"", b"\0", b"\xff" * 9, b"\0" * 9999, b"\xef\xbb\xbf"))
    for depth in (10**3, 10**5):
        yield from (((), f"x = {mark * depth}") for mark in ("[", "{a = ", "[{a = "))
    yield (), "x = " + "9" * 5000
    yield (), "x = 1e" + "9" * 50
    yield (), "debts" + ".a" * 10**5 + " = 1"
    yield (), "#" * (MOST_BYTES + 1)


def refused(
    mutations: Iterable[tuple[Place, str | bytes]], file: Path, capsys: pytest.CaptureFixture[str]
) -> Counter[str]:
    """How many files were taken, and how many refused, each in a line that says where."""
    found: Counter[str] = Counter()
    for place, content in mutations:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        try:
            code = main(["negotiate", str(file)])
        except Exception as error:
            raise AssertionError(
                f"{type(error).__name__} for {place}: {content!r:.2000}"
            ) from error
        line = capsys.readouterr().err
        found["taken" if code == 0 else "refused"] += 1
        about = f"{place}: {line} for {content!r:.2000}"
        assert code == (2 if line else 0), about
        if code == 0:
            continue
        said = re.fullmatch(
            rf"repaylib: {re.escape(str(file))}: ((\w*|\".*\")(?:\[\d+\])?(?:\.(\S*|\".*\"))?): got .+; "
            r"expected (.+); .+\n", line,
        )  # fmt: skip
        assert said, about
        assert line[:-1].isprintable(), about
        where, table, key, expected = said.groups()
        assert not PYTHON.search(line.partition("; expected ")[2]), about
        if "an option of a dossier" in expected:
            continue
        if not place or (isinstance(content, str) and where == "file"):
            assert where in (*PLAIN, *TABLES, "file") or key, about
            continue
        assert table in {str(place[0]), *FOLLOWS.get(str(place[0]), ())}, about
        assert (key or table).split("[")[0].split(".")[0] in KEYS.get(table, (table,)) or (
            key is None
        ), about
    return found


@pytest.mark.parametrize(
    "mutations", [without, misspelt, other_kinds, bad_terms, nested, unreadable]
)
def test_a_spoilt_dossier_is_refused_in_a_line(
    mutations: Callable[[], Iterable[tuple[Place, str | bytes]]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    every = 200 // examples(200)  # all of them where tests are thorough
    found = refused(islice(mutations(), 0, None, every), tmp_path / "story.toml", capsys)
    with capsys.disabled():
        print(f"{mutations.__name__}: {dict(found)}")
    assert found["refused"] * every > 15


def test_the_dossier_that_is_spoilt_is_good(tmp_path: Path) -> None:
    file = tmp_path / "story.toml"
    file.write_text(text_of(good()), encoding="utf-8")
    assert tomllib.loads(file.read_text(), parse_float=Decimal) == good()
    assert main(["negotiate", str(file)]) == 0


def test_fees_caps_and_penalties_are_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What Python has as values, a dossier has as tables with the same keys."""
    given = good()
    given["debts"][0] |= {
        "fees": [{"amount": "1%", "when": "start"}],
        "cost_cap": {"total": "100%"},
        "calendar": {"holidays": [date(2024, 5, 1)]},
        "roll": "following",
        "penalty": {"rate": "8%", "late_fee": 25},
    }
    given["limits"] = {"months": 12, "caps": [{"name": "house", "limit": "36%"}]}
    owed = dossier_of(text_of(given)).debts[0]
    loan = owed.statement.schedule.loan if owed.statement is not None else None
    assert loan is not None
    assert loan.fees == (rp.Fee("1%", when="start"),)
    assert loan.cost_cap == rp.terms.CostCap(total="100%")
    assert loan.calendar == rp.Calendar(holidays=["2024-05-01"])
    assert owed.penalty == rp.PenaltyTerms(rate="8%", late_fee="25")
    for key, value, said in (
        ("fees", [{"amounts": "1%"}], "debts[0].fees[0].amounts: got 'amounts'"),
        ("fees", [{"amount": "x"}], "debts[0].fees[0].amount: got 'x'"),
        ("cost_cap", {"total": "x"}, "debts[0].cost_cap.total: got 'x'"),
        ("penalty", {"rate": 8}, "debts[0].penalty.rate: got 8"),
        ("penalty", "8%", 'write multiplier = "0.08" for a multiple of the loan\'s rate, rate = "8%"'),
        ("penalty", {}, 'write multiplier = "1.5", rate = "18%" or late_fee = "25"'),
    ):  # fmt: skip
        file = tmp_path / "story.toml"
        spoilt = deepcopy(given)
        spoilt["debts"][0][key] = value
        file.write_text(text_of(spoilt), encoding="utf-8")
        assert main(["negotiate", str(file)]) == 2
        assert said in capsys.readouterr().err
