"""The checker of certificates: what it accepts, what it refuses and where, and that it stands alone."""

from __future__ import annotations

import ast
import copy
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import repaylib as rp
from repaylib.cli import verify
from repaylib.cli.main import main

CHECKER = Path(verify.__file__)
#: What a hash without a signature cannot show: the text of the terms, which is not applied again; and
#: that a plan no longer says which rows its debt and its factors are from.
FREE = {("terms",), ("instalments", "balance_after"), ("instalments", "held")}

BASE = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
TERMS = ("10000", "12%", 12, "2024-01-10")
PLANS = [
    BASE,
    rp.prepay(BASE, "500", with_payment=4),
    rp.prepay(BASE, "500", on="2024-05-20", interest="all"),
    rp.defer(BASE, payment=4, periods=2, repay="spread"),
    rp.defer(BASE, payment=4, scope="instalment", repay="last", rate="9%"),
    rp.change_rate(BASE, "8%", payment=5),
    rp.reschedule(BASE, payments=20, payment=6),
    rp.amortise(
        rp.Loan("250000", "4.35%", 24, "2024-03-31", day_count="actual/365", currency="CNY")
    ),
    rp.amortise(
        rp.Loan(
            *TERMS,
            fees=[rp.Fee("1%"), rp.Fee("5", when="instalment")],
            interest_tax="16%",
            tax_included=True,
        )
    ),
    rp.amortise(rp.Loan(*TERMS, method="flat")),
    rp.amortise(rp.Loan(*TERMS, method="equal_principal")),
    rp.amortise(rp.Loan(*TERMS, instalment=rp.terms.graduated("5%", every=3))),
    rp.amortise(rp.Loan(*TERMS, instalment=rp.terms.lumps("200", every=3), balloon="1000")),
    rp.amortise(rp.Loan(*TERMS, last="lower", instalment_multiple="1")),
    rp.settle(BASE, on="2024-07-20", fee="1%", method="rule_of_78").schedule,
    rp.forgive(rp.forbear(BASE, "1000", payment=3), "300", with_payment=5),
]


def canonical(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hashed(plain: dict[str, Any]) -> dict[str, Any]:
    """Give a certificate the hash that belongs to it."""
    body = {key: value for key, value in plain.items() if key != "sha256"}
    return body | {"sha256": sha256(canonical(body).encode()).hexdigest()}


def refusal(plain: object) -> str | None:
    """Return why the checker refuses a certificate; None if it accepts it."""
    content = plain if isinstance(plain, bytes) else canonical(plain).encode()
    try:
        verify.check(content, Counter())
    except verify.RefusedError as error:
        return str(error)
    return None


@pytest.fixture
def plain() -> dict[str, Any]:
    return PLANS[1].certificate().to_dict()


# -- it stands alone -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [{"decimals": 12}, {"instalment": rp.terms.seasonal(interest_only=[4, 5])}],
)
def test_certificates_of_fine_amounts_and_of_seasons_are_in_order(
    words: dict[str, Any], tmp_path: Path
) -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", **words))
    for place, schedule in enumerate([plan, rp.prepay(plan, "500", with_payment=7)]):
        file = tmp_path / f"{place}.json"
        file.write_text(schedule.certificate().to_json(), encoding="utf-8")
        assert main(["verify", str(file)]) == 0


def test_the_checker_imports_the_standard_library_alone() -> None:
    tree = ast.parse(CHECKER.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found.add((node.module or "").partition(".")[0])
        assert not (isinstance(node, ast.Name) and node.id in ("__import__", "eval", "exec"))
    assert len(found) > 5
    assert found <= sys.stdlib_module_names
    assert "repaylib" not in found


def test_the_checker_runs_without_repaylib(tmp_path: Path) -> None:
    """A copy of the file runs in a Python that has no packages and knows no other path."""
    copied, file = tmp_path / "verify.py", tmp_path / "loan.json"
    copied.write_text(CHECKER.read_text(encoding="utf-8"), encoding="utf-8")
    file.write_text(BASE.certificate().text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(copied), str(file)], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "in order" in done.stdout
    assert "12 rows, 25 figures computed again, 0 only stated" in done.stdout


def test_the_command_runs_the_same_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(BASE.certificate().text, encoding="utf-8")
    bad.write_text(BASE.certificate().text.replace('"7611"', '"7612"', 1), encoding="utf-8")
    assert main(["verify", str(good)]) == 0
    assert main(["verify", str(good), str(bad)]) == 1
    assert main(["verify", str(bad), str(tmp_path / "none.json")]) == 2
    assert main(["verify"]) == 2
    assert "REFUSED at rows[3]" in capsys.readouterr().out
    assert main(["verify", "--help"]) == 0
    assert str(verify.__doc__) in capsys.readouterr().out


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: str(plan.loan.method))
def test_it_accepts_schedules_of_every_kind(plan: rp.Schedule) -> None:
    assert refusal(plan.certificate().to_dict()) is None


def test_other_spaces_and_another_order_of_keys_are_the_same_certificate() -> None:
    plain = BASE.certificate().to_dict()
    backwards = dict(reversed(plain.items()))
    assert refusal(json.dumps(backwards, indent=3).encode()) is None


# -- alterations -----------------------------------------------------------------------------


def leaves(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside: Any = value.items() if isinstance(value, dict) else None
    inside = enumerate(value) if isinstance(value, list) else inside
    if inside is None:
        yield path
    else:
        for key, each in inside:
            yield from leaves(each, (*path, key))


def parents(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside: Any = value.items() if isinstance(value, dict) else None
    inside = enumerate(value) if isinstance(value, list) else inside
    for key, each in inside or ():
        if isinstance(each, (dict, list)) and each:
            yield (*path, key)
        yield from parents(each, (*path, key))


def held(plain: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        plain = plain[key]
    return plain


def other_character(text: str, chance: random.Random, wanted: Callable[[str], bool]) -> str | None:
    """Return text with one character that is wanted put instead by another of its kind."""
    places = [place for place, each in enumerate(text) if wanted(each)]
    if not places:
        return None
    place = chance.choice(places)
    kind = "0123456789" if text[place].isdigit() else "abcdefghijklmnopqrstuvwxyz"
    new = chance.choice([each for each in kind if each != text[place]])
    return text[:place] + new + text[place + 1 :]


KINDS = [*["digit"] * 4, "fraction", "word", "value", "drop", "drop row", "swap rows", "repeat row"]
VALUES: list[Any] = [None, True, 0, "0", "1", "", [], {}, "0/1", "1/1", "-1", "2024-02-30"]


def altered(plain: dict[str, Any], chance: random.Random) -> tuple[str, tuple[Any, ...], Any]:
    """Return what was done to a certificate, where, and the result."""
    plain = copy.deepcopy(plain)
    kind, rows, places = chance.choice(KINDS), plain["rows"], list(leaves(plain))
    if kind == "drop row":
        del rows[chance.randrange(len(rows))]
    elif kind == "repeat row":
        place = chance.randrange(len(rows))
        rows.insert(place, copy.deepcopy(rows[place]))
    elif kind == "swap rows":
        one, other = chance.sample(range(len(rows)), 2)
        rows[one], rows[other] = rows[other], rows[one]
    elif kind == "drop":
        parent = chance.choice(list(parents(plain)))
        inside = held(plain, parent)
        key = chance.choice(list(inside) if isinstance(inside, dict) else range(len(inside)))
        del inside[key]
        return kind, (*parent, key), plain
    if "row" in kind:
        return kind, ("rows",), plain
    while True:
        path = chance.choice(places)
        old = held(plain, path)
        new: Any = chance.choice(VALUES)
        if kind != "value" and not isinstance(old, str):
            continue
        if kind == "digit":
            new = other_character(old, chance, str.isdigit)
        if kind == "fraction":
            new = other_character(old, chance, str.isdigit) if "/" in old else None
        if kind == "word":
            new = other_character(old, chance, str.isalpha)
        if (new is not None or kind == "value") and canonical(new) != canonical(old):
            held(plain, path[:-1])[path[-1]] = new
            return kind, path, plain


def test_a_thousand_alterations_are_refused_even_with_their_own_hash() -> None:
    """With the old hash all are refused. With a new one, all but those of `FREE` are."""
    chance, certificates = random.Random(20240110), [plan.certificate().to_dict() for plan in PLANS]
    counts: Counter[str] = Counter()
    for _ in range(1_000):
        certificate = chance.choice(certificates)
        kind, path, forged = altered(certificate, chance)
        if canonical(forged) == canonical(certificate):
            counts["harmless"] += 1  # two equal parts were swapped
            continue
        assert refusal(forged) is not None, (kind, path)
        counts["refused"] += 1
        reason = refusal(hashed(forged))
        named = tuple(key for key in path if isinstance(key, str))
        if path == ("sha256",):
            assert reason is None
        elif reason is None:
            assert named[:1] in FREE or named in FREE, (kind, path)
            counts["free"] += 1
        else:
            assert ":" in reason
            counts["refused with its own hash"] += 1
    assert counts["refused"] > 990
    assert counts["refused with its own hash"] > 900
    assert 0 < counts["free"] < 90


# -- bad input -------------------------------------------------------------------------------


def test_bad_values_are_refused_with_the_place(plain: dict[str, Any]) -> None:
    segment = plain["rows"][3]["figures"][0]["segments"][0]
    at = "rows[3].figures[0].segments[0]"
    for key, value, said in [
        ("share", "1/0", "not a fraction"),
        ("share", "2/24", "not a fraction in lowest terms"),
        ("share", "0.0833", "not a whole number"),
        ("share", 0.0833, "decimal point"),
        ("rate", "12/-100", "not a fraction"),
        ("base", "0761080", "not a whole number"),
        ("base", 761080, "not amount"),
        ("base", "٧٦١", "not a whole number"),
        ("end", "2024-02-30", "not a day"),
        ("end", "20240510", "not a day"),
        ("days", "31", "states 31, but 30 follows"),
        ("balance_after", "2", "states 2, but 3 follows"),
        ("base", "761081", "states"),
        ("interest", "7611/1", "states 7611, but 38054/5 follows"),
    ]:
        forged = copy.deepcopy(plain)
        held(forged, ("rows", 3, "figures", 0, "segments", 0))[key] = value
        reason = refusal(hashed(forged)) or ""
        assert said in reason, (key, value, reason)
        if not isinstance(value, float):
            assert reason.startswith(f"{at}."), reason
    assert segment["share"] == "1/12"


def test_unknown_keys_and_repeated_rows_are_refused_with_the_place(plain: dict[str, Any]) -> None:
    plain["rows"][2]["colour"] = "red"
    assert refusal(hashed(plain)) == "rows[2].colour: is not known"
    del plain["rows"][2]["colour"], plain["rows"][2]["amounts"]["fee"]
    assert refusal(hashed(plain)) == "rows[2].amounts.fee: is missing"
    again = PLANS[1].certificate().to_dict()
    again["rows"].insert(5, again["rows"][4])
    assert refusal(hashed(again)) == "rows[5].number: is not above that of the due date before"


def test_a_key_that_stands_twice_is_refused_with_its_place(plain: dict[str, Any]) -> None:
    text = canonical(plain)
    assert text.count('"closing":"921151"') == 1
    twice = text.replace('"closing":"921151"', '"closing":"921151","closing":"921152"')
    assert refusal(twice.encode()) == "rows[0].amounts.closing (twice): is not known"
    terms = text.replace('"payments":12', '"payments":12,"payments":12')
    assert refusal(terms.encode()) == "terms: have a key that stands twice"


def test_another_version_and_another_kind_are_refused(plain: dict[str, Any]) -> None:
    for key, value in [("version", "2"), ("version", 1), ("format", "x"), ("of", "statement")]:
        assert refusal(hashed(plain | {key: value})) is not None
    assert "version" in (refusal(hashed(plain | {"version": "2"})) or "")


def test_large_and_deep_files_are_refused_before_they_are_read(tmp_path: Path) -> None:
    assert refusal(b" " * 100_000_000) == "file: is larger than 50,000,000 bytes"
    for text in ["[" * 100_000, '{"a":' * 100_000, "[" * 400 + "]" * 400, "1e999", "NaN", "", "{}"]:
        assert 0 < len(refusal(text.encode()) or "") < 500
    assert refusal(b"\xff\xfe") is not None
    assert refusal(canonical({"a": "1" * 200_000}).encode()) is not None


def test_numbers_with_a_point_are_refused(plain: dict[str, Any]) -> None:
    plain["terms"]["loan"]["rate"] = 0.12
    assert "decimal point" in (refusal(hashed(plain)) or "")


def test_it_says_how_far_it_got(plain: dict[str, Any]) -> None:
    done: Counter[str] = Counter()
    plain["rows"][6]["amounts"]["interest"] = "1"
    with pytest.raises(verify.RefusedError, match=r"^rows\[6\]"):
        verify.check(canonical(hashed(plain)).encode(), done)
    assert done["rows"] == 6
