"""Tapes: files of loans, read into columns; and the bar that shows how far the work is."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import repaylib as rp
from repaylib.bar import Bar
from repaylib.columns import NAMES
from repaylib.deferral_readings import READINGS
from repaylib.errors import StorageError
from repaylib.tape import as_counts, as_rates, names_of, read_tape

PROSPER = str(Path(__file__).parent / "vectors" / "prosper.csv")


def written(folder: Path, text: str, encoding: str = "utf-8") -> str:
    file = folder / "tape.csv"
    file.write_bytes(text.encode(encoding))
    return str(file)


def test_real_loans() -> None:
    tape = read_tape(PROSPER, {"annual_rate": "rate", "loan_number": "id"})
    assert tape.names == names_of(PROSPER)
    assert list(tape.columns) == ["annual_rate", "loan_number"]
    assert tape.columns["annual_rate"][:3] == ["0.07", "0.08", "0.1"]
    assert tape.lines[0] == 3, "a line of comment and a line of names stand before"
    assert len(tape) == len(Path(PROSPER).read_text().strip().split("\n")) - 2


@pytest.fixture(scope="module")
def real() -> rp.PortfolioSchedule:
    """The loans of the real tape, as agreed."""
    columns = dict(read_tape(PROSPER).columns)
    columns["annual_rate"] = as_rates(columns["annual_rate"], "share")
    columns["payments"] = as_counts(columns["payments"])
    names = {"rate": "annual_rate", "start": "origination_date"}
    names |= {name: name for name in ("principal", "payments")}
    return rp.amortise(rp.Portfolio(columns, columns=names, errors="collect"))


def assert_all_are_their_schedules(plan: rp.PortfolioSchedule) -> None:
    """Hold every cell of a book against the schedules of its loans, laid end to end."""
    kept = np.flatnonzero(plan.counts > 0).tolist()
    schedules = [plan.row(row) for row in kept]
    assert plan.counts[kept].tolist() == [len(each) for each in schedules]
    assert plan.singly == len(plan.rejects)
    inside = np.arange(plan.closing.shape[1]) < plan.counts[:, None]
    for name in NAMES:
        rows = np.concatenate([each.columns[name] for each in schedules])
        assert (plan[name][inside] == rows).all(), name
        after = plan[name][~inside]
        assert (np.isnat(after) if name == "date" else after == 0).all(), name


def test_real_loans_as_agreed(real: rp.PortfolioSchedule) -> None:
    assert (len(real), len(real.rejects)) == (len(read_tape(PROSPER)), 0)
    assert_all_are_their_schedules(real)
    real.check()


@pytest.mark.parametrize("reading", READINGS)
def test_real_loans_in_each_reading_of_a_deferral(real: rp.PortfolioSchedule, reading: str) -> None:
    later = rp.defer(real, payment=4, **READINGS[reading])
    assert not later.rejects
    assert_all_are_their_schedules(later)
    later.check()


def test_real_loans_that_end_before_a_deferral(real: rp.PortfolioSchedule) -> None:
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
    assert (tape.names, tape.columns["b"].to_pylist(), len(tape)) == (("a", "b"), ["x", None], 2)
    (tmp_path / "bad.parquet").write_text("a,b\n")
    with pytest.raises(StorageError, match="a Parquet file"):
        names_of(str(tmp_path / "bad.parquet"))


def test_numbers_without_a_unit() -> None:
    assert as_rates(["0.07", None, "7%", "x", "nan"], "share") == [
        Fraction(7, 100),
        None,
        "7%",
        "x",
        "nan",
    ]
    assert as_rates(["0.07"], None) == ["0.07"]
    assert as_counts(["12", None, "-1", "1.5", "9" * 30]) == [12, None, "-1", "1.5", "9" * 30]


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
