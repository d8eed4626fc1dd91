"""Tapes: files of loans, read into columns; and the bar that shows how far the work is."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import repaylib as rp
from repaylib.cli.loan_tape import parse_column, read_tape
from repaylib.cli.main import main
from repaylib.errors import StorageError
from repaylib.measures.deferral_readings import READINGS
from repaylib.output.progress import Bar
from repaylib.portfolio.book.formats import ReadFormats
from repaylib.portfolio.book.loan_columns import NAMES as PARAMETERS
from repaylib.schedule.rows import NAMES

PROSPER = str(Path(__file__).parents[1] / "vectors" / "prosper.csv")


def written(folder: Path, text: str, encoding: str = "utf-8") -> str:
    file = folder / "tape.csv"
    file.write_bytes(text.encode(encoding))
    return str(file)


def test_real_loans() -> None:
    tape = read_tape(PROSPER, {"annual_rate": "rate", "loan_number": "id"})
    assert tape.names == read_tape(PROSPER, {}).names
    assert list(tape.columns) == ["annual_rate", "loan_number"]
    assert tape.columns["annual_rate"][:3] == ["0.07", "0.08", "0.1"]
    assert tape.lines[0] == 3, "a line of comment and a line of names stand before"
    assert len(tape) == len(Path(PROSPER).read_text().strip().split("\n")) - 2


@pytest.fixture(scope="module")
def real() -> rp.portfolio.PortfolioSchedule:
    """The loans of the real tape, as agreed."""
    columns: dict[str, Any] = dict(read_tape(PROSPER).columns)
    columns["annual_rate"] = parse_column(columns["annual_rate"], "rate", ReadFormats(rate="share"))
    columns["payments"] = parse_column(columns["payments"], "payments")
    names = {"rate": "annual_rate", "start": "origination_date"}
    names |= {name: name for name in ("principal", "payments")}
    return rp.amortise(rp.Portfolio(columns, columns=names, errors="collect"))


def assert_all_are_their_schedules(plan: rp.portfolio.PortfolioSchedule) -> None:
    """Hold every cell of a book against the schedules of its loans, laid end to end."""
    kept = np.flatnonzero(plan.counts > 0).tolist()
    schedules = [plan.row(row) for row in kept]
    assert plan.counts[kept].tolist() == [len(each) for each in schedules]
    assert plan.fallback_loans == len(plan.rejects)
    inside = np.arange(plan.closing.shape[1]) < plan.counts[:, None]
    for name in NAMES:
        rows = np.concatenate([each.columns[name] for each in schedules])
        assert (plan[name][inside] == rows).all(), name
        after = plan[name][~inside]
        assert (np.isnat(after) if name == "date" else after == 0).all(), name


def test_real_loans_as_agreed(real: rp.portfolio.PortfolioSchedule) -> None:
    assert (len(real), len(real.rejects)) == (len(read_tape(PROSPER)), 0)
    assert_all_are_their_schedules(real)
    real.check()


@pytest.mark.parametrize("reading", READINGS)
def test_real_loans_in_each_reading_of_a_deferral(
    real: rp.portfolio.PortfolioSchedule, reading: str
) -> None:
    later = rp.defer(real, payment=4, **READINGS[reading])
    assert not later.rejects
    assert_all_are_their_schedules(later)
    later.check()


def test_real_loans_that_end_before_a_deferral(real: rp.portfolio.PortfolioSchedule) -> None:
    later = rp.defer(real, payment=40)
    short = np.flatnonzero(real.book.payments < 40).tolist()
    assert [each.row for each in later.rejects] == short
    assert 0 < len(short) < len(real)
    assert "payment[0]: got 40; expected the number of a due date" in later.summary().reason[0]
    assert later.row(0) == real.row(0)
    assert (later.counts[short] == real.counts[short]).all()
    assert_all_are_their_schedules(later)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_quotes_and_empty_cells(tmp_path: Path, separator: str) -> None:
    text = '\ufeffid,principal ,note\r\n1,"10000","a ""b""\nc"\r\n\r\n2, ,\r\n'
    tape = read_tape(written(tmp_path, text.replace(",", separator)))
    assert dict(tape.columns) == {
        "id": ["1", "2"],
        "principal": ["10000", None],
        "note": ['a "b"\nc', None],
    }
    assert list(tape.lines) == [3, 5]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2,3\n", "line 2 of .*: got '3 cells'; expected 2"),
        ("a,b\n1\n", "line 2 of .*: got '1 cells'"),
        ("a,a\n1,2\n", "one column 'a'"),
        ("", "rate=a: got .*there are none"),
        ("b,c\n1,2\n", r"rate=a: got .* \(there are b, c\); write --columns rate=NAME"),
    ],
)
def test_tapes_that_cannot_be_read(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(StorageError, match=words):
        read_tape(written(tmp_path, text), {"a": "rate"})


def test_text_of_another_encoding(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="a CSV file in UTF-8"):
        read_tape(written(tmp_path, "näme\n1\n", "latin-1"))
    with pytest.raises(StorageError, match="a CSV file in UTF-8"):
        read_tape(written(tmp_path, "name\nä\n" * 9, "latin-1"))


def test_parquet(tmp_path: Path) -> None:
    file = str(tmp_path / "tape.parquet")
    pq.write_table(pa.table({"a": [1, 2], "b": ["x", None]}), file)
    tape = read_tape(file, {"b": "rate"})
    assert (tape.names, tape.columns["b"], len(tape)) == (("a", "b"), ["x", None], 2)
    (tmp_path / "bad.parquet").write_text("a,b\n")
    with pytest.raises(StorageError, match="a Parquet file"):
        read_tape(str(tmp_path / "bad.parquet"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
def test_a_tape_from_a_pipe(tmp_path: Path) -> None:
    """A pipe can be read once: the names that choose the columns are those of that reading."""
    text = "id,principal,rate,payments,start\n1,1000,12%,12,2024-01-10\n2,2000,8%,24,2024-01-10\n"
    (tmp_path / "file.csv").write_text(text)
    os.mkfifo(tmp_path / "pipe")
    found = []
    for tape in ("file.csv", "pipe"):
        out = tmp_path / f"of_{tape}.csv"
        run = subprocess.Popen(
            [sys.executable, "-m", "repaylib", "book", tmp_path / tape, "--out", out],
            stdout=subprocess.DEVNULL,
        )
        try:
            if tape == "pipe":
                (tmp_path / tape).write_text(text)
            assert run.wait(60) == 0
        finally:
            run.kill()
        found.append(out.read_text())
    assert found[0] == found[1]


def test_numbers_without_a_unit() -> None:
    def read(cells: list[str | None], *words: Any) -> list[Any]:
        column = parse_column(cells, *words)
        return [column.at(row) for row in range(len(cells))]

    rates, share = ["0.07", None, "7%", "x", "nan"], ReadFormats(rate="share")
    seven = Fraction(7, 100)
    assert read(rates, "rate", share) == [seven, None, seven, "x", "nan"]
    assert read(["0.07"], "rate") == ["0.07"]
    counts = ["12", None, "-1", "1.5", "12.00", "9" * 30]
    assert read(counts, "payments") == [12, None, "-1", "1.5", 12, "9" * 30]
    assert read(["True", "false", "1", None], "month_end") == [True, False, "1", None]
    assert read(["[15, 31]", "[15", "15", None], "due_days") == [[15, 31], "[15", "15", None]


def test_the_bar_is_drawn_where_it_is_wanted() -> None:
    out = io.StringIO()
    bar = Bar("schedules", "loans", shown=True, out=out)
    for done in range(0, 1001, 10):
        bar(done, 1000)
    lines = out.getvalue().split("\r")
    assert lines[-1].startswith("schedules  [########################] 100%  1,000 of 1,000 loans")
    assert lines[-1].endswith(" s\n")
    assert len(lines) < 50, "not drawn at each step"
    silent = io.StringIO()
    Bar("schedules", "loans", out=silent)(1, 1)
    assert not silent.getvalue()
    Bar("nothing", "loans", shown=True, out=silent)(0, 0)
    assert "100%  0 of 0 loans" in silent.getvalue()


# -- one tape in two kinds of file ------------------------------------------------------

#: Five loans; each column below stands in place of one of these, or beside them.
BASE: dict[str, list[Any]] = {
    "id": ["a", "b", "c", "d", "e"],
    "principal": ["10000", "5000.50", "2500", "18000", "700"],
    "rate": ["12%", "8%", "9.5%", "0%", "100/3%"],
    "payments": ["12", "24", "6", "36", "1"],
    "start": ["2024-01-10", "2023-11-30", "2024-02-29", "2024-03-31", "2024-03-01"],
}
LATER = ["2024-12-10", None, "2024-12-29", "2025-05-31", "no day"]
NO_COUNT: dict[str, Any] = {"payments": None}
#: What a column of each parameter may hold; the last of most is refused. And what stands beside.
CELLS: dict[str, tuple[list[str | None], dict[str, Any]]] = {
    "principal": (["10000", "5000.50", None, " 18000.00 ", "0.001"], {}),
    "rate": (["12%", " 8.25 %", None, "12", "high"], {}),
    "payments": (["12", "24.0", None, "0", "1.5"], {}),
    "start": (["2024-01-10", "2023-11-30", None, "2024-02-30", "10.1.2024"], {}),
    "first_payment": (["2024-02-20", None, "2024-04-15", "2024-05-01", "2023-01-01"], {}),
    "every": (["month", "2 weeks", None, '["2024-05-01", "2025-01-01"]', "fortnight"], NO_COUNT),
    "due_days": (["[10, 25]", None, "[15,31]", "[1, 1]", "x"], {"every": ["half_month"] * 5}),
    "maturity": (LATER, NO_COUNT),
    "last_regular": (
        [None, None, "2024-12-29", None, "x"],
        NO_COUNT
        | {
            "maturity": ["2025-01-10", "2025-11-30", "2025-01-15", "2025-03-31", "2025-03-01"],
            "first_payment": [None, None, "2024-03-29", None, None],
        },
    ),
    "stub": (
        ["none", None, "short_final", "long_final", "long"],
        NO_COUNT
        | {"maturity": ["2025-01-10", "2025-11-30", "2025-01-15", "2025-04-05", "2025-03-01"]},
    ),
    "month_end": (["true", "False", None, "TRUE", "yes"], {}),
    "missing_day": (["last", "next", None, "next", "before"], {}),
    "roll": (["none", None, "none", "none", "following"], {}),
    "accrual_dates": (["unadjusted", None, "unadjusted", "unadjusted", "x"], {}),
    "method": (["level", "equal_principal", None, "bullet", "annuity"], {}),
    "instalment": (["900", "250.00", None, '["600", "18000"]', "1.001"], {}),
    "instalment_multiple": (["10", "0.5", None, "1", "x"], {}),
    "instalment_cap": (["7.5%", "0.25", None, "125%", "x"], {}),
    "instalment_resets": (["year", "5 months", None, '["2024-06-10"]', "x"], {}),
    "last": (["any", "lower", None, "closest", "x"], {}),
    "balloon": (["5000", "50%", None, "1.00", "x"], {}),
    "amortise_over": (["24", "24.00", None, "0", "x"], {}),
    "instalment_day_count": (["actual/360", None, "30E/360", "periodic", "x"], {}),
    "in_advance": (["true", "false", None, "True", "x"], {}),
    "interest_base": (
        ["balance", "12000", None, '["2024-06-01"]', "x"],
        {"method": ["equal_principal"] * 5},
    ),
    "interest_split": (
        ["equal", "rule_of_78", None, "rule_of_78", "x"],
        {"method": ["flat"] * 5},
    ),
    "drawdowns": ([None, '[["2024-03-10", "5000"]]', None, "[]", "x"], {}),
    "interest_tax": (["16%", None, "0.16", "5%", "x"], {}),
    "fee_tax": (["16%", None, "20%", "5%", "x"], {}),
    "tax_included": (["true", "false", None, "True", "x"], {"interest_tax": ["16%"] * 5}),
    "day_count": (["actual/360", None, "30E/360", "periodic", "x"], {}),
    "odd_days": (["pro_rata", "actual/360", None, "actual/365", "x"], {}),
    "counted_days": (["first", "last", None, "last", "x"], {"day_count": ["1/1"] * 5}),
    "currency": (["EUR", "CNY", None, "USD", "RMB"], {}),
    "rounding": (["half_up", "half_even", None, "down", "x"], {}),
    "instalment_rounding": (["up", "down", None, "half_even", "x"], {}),
    "fee_rounding": (["up", "down", None, "half_even", "x"], {}),
    "interest_remainder": (["carried", "last", None, "total", "x"], {}),
    "decimals": (["2", "2.0", None, "2", "x"], {}),
    "negative_amortisation": (["true", "false", None, "without_interest", "x"], {}),
}
#: Values of Python, as they are stored, and not as text.
OTHER = {"fees": "a list of Fee", "calendar": "a Calendar", "cost_cap": "a CostCap"}


def test_each_parameter_has_its_column() -> None:
    assert set(CELLS) | set(OTHER) == set(PARAMETERS)


TEXT: dict[str, Callable[[list[Any]], Any]] = {
    "string": lambda cells: pa.array(cells, pa.string()),
    "large_string": lambda cells: pa.array(cells, pa.large_string()),
    "dictionary": lambda cells: pa.array(cells, pa.string()).dictionary_encode(),
    "binary": lambda cells: pa.array([each and each.encode() for each in cells], pa.binary()),
    "empty text": lambda cells: pa.array([each or "" for each in cells], pa.string()),
    "chunked": lambda cells: pa.chunked_array([cells[:2], [], cells[2:]], pa.string()),
}


def run(folder: Path, name: str, *words: str, text: bool = True) -> tuple[str, ...]:
    """Run the command on a tape; return what it says, of each row, and of what it sets aside."""
    out, rejects = folder / f"{name}-out.csv", folder / f"{name}-rejects.csv"
    files = ["--out", str(out), "--rejects", str(rejects), "--force", "--errors", "collect"]
    code = main(["book", str(folder / name), "--output", "rows", *files, *words])
    if code:
        return (str(code),)
    lines = [list(csv.reader(file.read_text().split("\n"))) for file in (out, rejects)]
    if not text:  # the errors show the type of a value
        lines[0] = [line[:-1] for line in lines[0]]
    for line in lines[1][1:]:  # numbers of lines are those of the file
        line[:1] = []
    return tuple(map(str, lines))


def assert_same_book(
    folder: Path, columns: dict[str, Any], texts: dict[str, list[Any]], *words: str, text: bool
) -> None:
    """Hold a table in Parquet against the same one in a CSV file."""
    pq.write_table(pa.table(columns), folder / "t.parquet")
    with (folder / "t.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(texts)
        writer.writerows(zip(*texts.values(), strict=True))
    assert run(folder, "t.parquet", *words, text=text) == run(folder, "t.csv", *words, text=text)


@pytest.mark.parametrize("form", TEXT)
@pytest.mark.parametrize("name", CELLS)
def test_a_column_of_text_in_both_files(
    tmp_path: Path, name: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cells, beside = CELLS[name]
    texts = {each: found for each, found in {**BASE, **beside}.items() if found is not None}
    texts[name] = cells
    columns = {each: TEXT[form](found) for each, found in texts.items()}
    assert_same_book(tmp_path, columns, texts, "--keep", name, text=True)
    code, rejects = run(tmp_path, "t.parquet")
    assert name in rejects, "the last is refused"
    assert "principal" in code
    capsys.readouterr()


def decimals(*cells: str | None) -> list[Any]:
    return [None if each is None else Decimal(each) for each in cells]


DAYS = [date(2024, 1, 10), None, date(2024, 2, 29), date(2024, 3, 31), date(2024, 3, 1)]
NOONS = [each and datetime(each.year, each.month, each.day, 12) for each in DAYS]
AMOUNTS = decimals("10000.00", "5000.50", None, "0.00", "-1.00")
CENTS = [1_000_000, 500_050, None, 0, -100]
COUNTS = [12, 24, None, 0, 10_001]
TRUTHS = [True, False, None, True, False]
#: Parameter, type in Arrow, values, words of the command; and their text in the CSV file.
TYPED: dict[str, tuple[str, Any, list[Any], list[str], list[str | None]]] = {}


def typed(name: str, kind: Any, cells: list[Any], *words: str, text: Any = str) -> None:
    texts = [None if each is None else text(each) for each in cells]
    TYPED[f"{name}: {kind}{' ' + words[-1] if words else ''}"] = name, kind, cells, [*words], texts


for kind in (pa.decimal128(12, 2), pa.decimal256(40, 2), pa.decimal128(38, 10)):
    typed("principal", kind, AMOUNTS, text=lambda each, kind=kind: f"{each:.{kind.scale}f}")
typed("balloon", pa.decimal128(12, 2), decimals("5000.00", "50.00", None, "0.00", "-1.00"))
typed("principal", pa.int64(), CENTS, text=lambda each: f"{each / 100:.2f}")
typed(
    "principal",
    pa.uint64(),
    [abs(each) if each else each for each in CENTS],
    text=lambda each: f"{each / 100:.2f}",
)
typed(
    "instalment",
    pa.int32(),
    [90_000, 25_000, None, 60_000, 70_000],
    text=lambda each: f"{each / 100:.2f}",
)
for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint32(), pa.uint64()):
    typed("payments", kind, [*COUNTS[:4], 36])
typed("payments", pa.int32(), COUNTS)
typed("payments", pa.float64(), [12.0, 24.0, None, 1.5, 36.0])
typed("payments", pa.decimal128(5, 0), decimals("12", "24", None, "0", "36"))
typed("amortise_over", pa.int64(), [24, 24, None, 0, 36])
typed("decimals", pa.int8(), [2, 2, None, 2, 2])
for kind in (pa.date32(), pa.date64(), *map(pa.timestamp, ("s", "ms", "us", "ns"))):
    typed("start", kind, DAYS)
    typed("first_payment", kind, [date(2024, 4, each or 1) for each in (20, 20, 20, 20, 20)])
typed("start", pa.timestamp("ms"), NOONS, text=lambda each: each.isoformat())
midnights = [each and datetime(each.year, each.month, each.day) for each in DAYS]
typed("start", pa.timestamp("us"), midnights)
for name in ("month_end", "in_advance", "negative_amortisation"):
    typed(name, pa.bool_(), TRUTHS)
#: Four forms of a rate: with its sign (above), as a share, per cent, and in basis points.
for unit, rates in {
    "share": ["0.12", "0.0825", None, "0", "2000"],
    "percent": ["12", "8.25", None, "0", "200000"],
    "bp": ["1200", "825", None, "0", "20000000"],
}.items():
    for kind in (pa.decimal128(14, 4), pa.decimal256(50, 6)):
        typed(
            "rate",
            kind,
            decimals(*rates),
            "--formats",
            f"rate={unit}",
            text=lambda each: f"{each:f}",
        )
    if unit == "bp":
        for kind in (pa.int32(), pa.int64(), pa.uint64()):
            whole = [each and int(each) for each in rates]
            typed("rate", kind, whole, "--formats", f"rate={unit}")
    for kind in (pa.float32(), pa.float64()):
        typed("rate", kind, [each and float(each) for each in rates], "--formats", f"rate={unit}")
    typed("rate", pa.string(), rates, "--formats", f"rate={unit}")
typed("rate", pa.decimal128(10, 4), decimals("0.1200", "0.0800", None, "0.0000", "12.0000"))
typed("rate", pa.float64(), [0.12, 0.08, None, 0.0, 12.0])
typed("rate", pa.int64(), [12, 8, None, 0, 1200])
typed("interest_tax", pa.decimal128(4, 2), decimals("0.16", None, "0.05", "0.00", "16.00"))
for name in CELLS:
    typed(name, pa.null(), [None] * 5)


@pytest.mark.parametrize("case", TYPED)
def test_a_column_of_another_type_in_both_files(
    tmp_path: Path, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name, kind, cells, words, texts = TYPED[case]
    beside = {"maturity": DAYS} if name == "stub" else {}
    columns: dict[str, Any] = {each: pa.array(found) for each, found in BASE.items()}
    columns |= {each: pa.array(found) for each, found in beside.items()}
    stored = pa.array(cells, pa.date32() if type(cells[0]) is date else kind).cast(kind)
    columns[name] = pa.chunked_array([stored[:2], stored[2:]])
    assert_same_book(tmp_path, columns, {**BASE, **beside, name: texts}, *words, text=False)
    capsys.readouterr()


@pytest.mark.parametrize(
    ("name", "stored", "texts"),
    [
        ("due_days", pa.list_(pa.int64()), [[10, 25], None, [15, 31], [1, 1], [5, 20]]),
        ("instalment", pa.list_(pa.string()), [["900"], None, ["600"], ["1"], ["7000"]]),
        ("every", pa.list_(pa.string()), [["2024-05-01"], ["2024-06-01", "2025-01-01"]] * 2 + [[]]),
        (
            "drawdowns",
            pa.list_(pa.list_(pa.string())),
            [[["2024-03-10", "5000"]], None, [], None, []],
        ),
        ("interest_base", pa.large_list(pa.string()), [["2024-06-01"], None, None, [], None]),
    ],
)
def test_lists_in_both_files(
    tmp_path: Path, name: str, stored: Any, texts: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    beside = {"due_days": {"every": ["half_month"] * 5}, "every": {}}.get(name, {})
    given = {**BASE, **beside}
    if name == "every":
        del given["payments"]
    columns = {each: pa.array(found) for each, found in given.items()}
    columns[name] = pa.array(texts, stored)
    written = [None if each is None else str(each).replace("'", '"') for each in texts]
    assert_same_book(tmp_path, columns, {**given, name: written}, text=True)
    assert run(tmp_path, "t.parquet")[0] != "2"
    capsys.readouterr()


@pytest.mark.parametrize("count", [0, 1])
def test_short_tapes_in_both_files(
    tmp_path: Path, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {name: cells[:count] for name, cells in BASE.items()}
    columns = {name: pa.array(cells, pa.string()) for name, cells in texts.items()}
    assert_same_book(tmp_path, columns, texts, text=True)
    assert run(tmp_path, "t.parquet") != ("2",)
    columns |= {
        "principal": pa.array([10_000] * count, pa.int64()),
        "payments": pa.array([12] * count, pa.int32()),
        "start": pa.array([date(2024, 1, 10)] * count, pa.date32()),
    }
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    assert run(tmp_path, "t.parquet") != ("2",)
    capsys.readouterr()


def test_a_scenario_in_both_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {
        **BASE,
        "amount": ["100.00", None, "50.00", "1.00", None],
        "day": ["2024-06-01", None, "2024-05-01", "2024-07-01", None],
        "new": ["7.5", "6", None, "1", "2"],
        "when": ["4", "5", None, "99", "1"],
    }
    amounts, news = decimals(*texts["amount"]), decimals(*texts["new"])
    columns = {name: pa.array(cells) for name, cells in texts.items()} | {
        "amount": pa.array(amounts, pa.decimal128(9, 2)),
        "day": pa.array([each and date.fromisoformat(each) for each in texts["day"]]),
        "new": pa.array([each and float(each) for each in news]),
        "when": pa.array([each and int(each) for each in texts["when"]], pa.int16()),
    }
    texts["new"] = [each and str(float(each)) for each in news]
    words = "--prepay @amount --on @day --change-rate @new --payment @when --formats rate=percent"
    assert_same_book(tmp_path, columns, texts, *words.split(), text=False)
    assert run(tmp_path, "t.parquet", *words.split()) != ("2",)
    capsys.readouterr()


@pytest.mark.parametrize(
    ("name", "cells", "said"),
    [
        ("principal", [1.0], "principal: got 'a column of double'; expected decimals or text"),
        ("principal", [1.0], "store it as decimal(18, 2)"),
        (
            "start",
            [1.0],
            "start: got 'a column of double'; expected days or text; store it as date",
        ),
    ],
)
def test_floats_are_refused_in_words_for_a_file(
    tmp_path: Path, name: str, cells: list[Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = {each: pa.array(found[:1]) for each, found in BASE.items()}
    pq.write_table(pa.table({**columns, name: pa.array(cells)}), tmp_path / "t.parquet")
    assert main(["book", str(tmp_path / "t.parquet"), "--errors", "collect"]) == 2
    assert said in capsys.readouterr().err


def test_whole_amounts_are_said_to_be_minor_units(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = {each: pa.array(found[:1]) for each, found in BASE.items()}
    pq.write_table(pa.table({**columns, "principal": [1_000_000]}), tmp_path / "t.parquet")
    assert main(["book", str(tmp_path / "t.parquet")]) == 0
    printed = capsys.readouterr().out
    assert "paid           10,661.86" in printed
    assert "whole numbers, so in minor units: principal" in printed


def test_names_with_dots_and_folders_that_look_like_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file is its own columns: no parts of them, and none of the folders that it stands in."""
    (tmp_path / "rate=5%25").mkdir()
    file = tmp_path / "rate=5%25" / "t.parquet"
    columns = {each: pa.array(found) for each, found in BASE.items() if each != "rate"}
    columns |= {"a": pa.array(["x"] * 5), "a.rate": pa.array(BASE["rate"])}
    pq.write_table(pa.table(columns), file)
    mapped = ",".join(f"{each}={each}" for each in BASE if each != "rate")
    words = ["--columns", f"{mapped},rate=a.rate", "--keep", "a"]
    assert main(["book", str(file), *words]) == 0
    assert main(["book", str(file)]) == 2
    assert "a column for rate" in capsys.readouterr().err
