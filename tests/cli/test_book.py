"""A tape on the command line."""

from __future__ import annotations

import csv
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import repaylib as rp
from repaylib.cli.main import main
from tests.cli.test_main import status_of

PROSPER = str(Path(__file__).parents[1] / "vectors" / "prosper.csv")
COLUMNS = (
    "principal=principal,rate=annual_rate,payments=payments,start=origination_date,id=loan_number"
)
REAL = ["book", PROSPER, "--columns", COLUMNS, "--formats", "rate=share"]


@pytest.fixture(scope="module")
def book() -> rp.Portfolio:
    """The real loans, read by hand."""
    lines = Path(PROSPER).read_text().split("\n")
    read = list(csv.DictReader(line for line in lines if line and not line.startswith("#")))
    return rp.Portfolio(
        principal=[each["principal"] for each in read],
        rate=[f"{100 * float(each['annual_rate']):.6f}%" for each in read],
        payments=[int(each["payments"]) for each in read],
        start=[each["origination_date"] for each in read],
    )


def parse_column(text: str, name: str) -> list[str]:
    """Return the figures of a line of the table."""
    line = next(line for line in text.split("\n") if line.startswith(name))
    return line.removeprefix(name).split()


def lines_of(file: Path) -> list[dict[str, str]]:
    """Read a CSV file."""
    return list(csv.DictReader(file.read_text().split("\n")))


def test_as_agreed(book: rp.Portfolio, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(REAL) == 0
    out = capsys.readouterr()
    assert out.err == ""
    paid = sum(rp.amortise(book).summary().total_paid.tolist())
    assert parse_column(out.out, "paid") == [f"{paid / 100:,.2f}"]
    assert parse_column(out.out, "loans") == [f"{len(book):,}"]
    assert "not used: monthly_payment" in out.out


def test_a_scenario(book: rp.Portfolio, capsys: pytest.CaptureFixture[str]) -> None:
    words = "--defer-payment 4 --periods 3 --interest waive --change-rate 5% --payment 10"
    assert main([*REAL, *words.split()]) == 0
    before = rp.amortise(book)
    after = rp.change_rate(
        rp.defer(before, payment=4, periods=3, interest="waive"), "5%", payment=10
    )
    sums = [sum(each.summary().total_paid.tolist()) for each in (before, after)]
    shown = [f"{each / 100:,.2f}" for each in (*sums, sums[1] - sums[0])]
    assert parse_column(capsys.readouterr().out, "paid ") == shown


def test_a_line_for_each_loan(
    book: rp.Portfolio, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "--prepay",
        "500",
        "--with-payment",
        "3",
        "--hold",
        "maturity",
        "--keep",
        "monthly_payment",
    ]
    summary = rp.prepay(rp.amortise(book), "500", with_payment=3, hold="maturity").summary()
    for name in ("out.csv", "out.parquet"):
        assert main([*REAL, *words, "--out", str(tmp_path / name)]) == 0
    lines = lines_of(tmp_path / "out.csv")
    assert [line["total_interest"] for line in lines] == [
        f"{each / 100:.2f}" for each in summary.total_interest.tolist()
    ]
    assert [line["maturity"] for line in lines] == np.datetime_as_string(summary.maturity).tolist()
    assert lines[0]["loan_number"] == "36"
    assert lines[0]["monthly_payment"] == "185.29"
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.column_names == list(lines[0])
    for name in ("loan_number", "total_paid", "maturity", "payments"):
        assert [str(cell) for cell in table[name].to_pylist()] == [line[name] for line in lines]
    capsys.readouterr()


def test_a_line_for_each_row(
    book: rp.Portfolio, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("out.csv", "out.parquet"):
        assert main([*REAL, "--output", "rows", "--out", str(tmp_path / name)]) == 0
    lines = lines_of(tmp_path / "out.csv")
    plan = rp.amortise(book)
    assert len(lines) == int(plan.counts.sum())
    rows = list(plan.row(5))
    mine = lines[int(plan.counts[:5].sum()) :][: len(rows)]
    for row, line in zip(rows, mine, strict=True):
        assert {name: str(getattr(row, name)) for name in row._fields} == {
            name: line[name] for name in row._fields
        }
    table = pq.read_table(tmp_path / "out.parquet")
    assert [str(cell) for cell in table["closing"].to_pylist()] == [
        line["closing"] for line in lines
    ]
    capsys.readouterr()


TAPE = """id,principal,rate,payments,start,currency,missed
a,10000,12%,12,2024-01-10,CNY,4
b,1000,12,12,2024-01-10,CNY,4
c,5000,8%,24,2024-01-31,CNY,
d,5000,8%,24,2024-01-31,CNY,99
"""


@pytest.fixture
def tape(tmp_path: Path) -> str:
    """Four loans, of which one has no rate, and one is to change after its end."""
    file = tmp_path / "tape.csv"
    file.write_text(TAPE)
    return str(file)


def test_an_error_says_the_line(tape: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["book", tape]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.startswith(f"repaylib: line 3 of {tape}, id b, rate: got '12'")
    assert "--errors collect" in err


def test_an_error_of_a_change_says_the_column(
    tape: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(tape).write_text(TAPE.replace(",12,12,", ",12%,12,"))
    assert main(["book", tape, "--defer-payment", "@missed"]) == 2
    assert f"line 5 of {tape}, id d, missed: got 99;" in capsys.readouterr().err
    # The column is that of the change that cannot be made, also where a later one has the same word.
    assert (
        main(
            [
                "book",
                tape,
                *"--prepay 5 --with-payment @missed --prepay 6 --with-payment @payments".split(),
            ]
        )
        == 2
    )
    assert f"line 5 of {tape}, id d, missed: got 99;" in capsys.readouterr().err
    # And a word that is the same for all loans is no column, whatever another change has for it.
    assert (
        main(
            [
                "book",
                tape,
                *"--prepay 5 --with-payment 99 --prepay 6 --with-payment @missed".split(),
            ]
        )
        == 2
    )
    assert f"line 2 of {tape}, id a, with_payment: got 99;" in capsys.readouterr().err


def test_the_tape_is_not_written_over(tape: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["book", tape, "--errors", "collect", "--out", tape]) == 2
    assert "another file than the tape" in capsys.readouterr().err
    assert Path(tape).read_text() == TAPE


def test_loans_are_set_aside(tape: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rejects, out = tmp_path / "rejects.csv", tmp_path / "out.csv"
    words = ["--defer-payment", "@missed", "--errors", "collect", "--rejects", str(rejects)]
    assert main(["book", tape, *words, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert parse_column(printed, "loans") == ["3", "3"]
    assert parse_column(printed, "rejected") == ["1", "1"]
    assert parse_column(printed, "unreached") == ["0", "1"]
    lines = lines_of(rejects)
    names = ("line", "id", "change", "column", "value")
    assert [tuple(line[name] for name in names) for line in lines] == [
        ("3", "b", "", "rate", "12"),
        ("5", "d", "1", "payment", "99"),
    ]
    kept = lines_of(out)
    assert [line["id"] for line in kept] == ["a", "b", "c", "d"]
    assert [bool(line["reason"]) for line in kept] == [False, True, False, True]
    assert kept[0]["total_interest"] == "737.97"
    assert kept[1]["total_paid"] == ""
    as_agreed = tmp_path / "agreed.csv"
    assert main(["book", tape, "--errors", "collect", "--out", str(as_agreed)]) == 0
    assert kept[3]["total_paid"] == lines_of(as_agreed)[3]["total_paid"] != ""


def test_a_column_says_whom_a_change_concerns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "tape.csv", tmp_path / "out.csv"
    file.write_text(
        "principal,rate,payments,start,hit\n"
        "1000,12%,12,2024-01-10,yes\n1000,12%,12,2025-01-10,no\n1000,12%,12,2024-01-10,\n"
    )
    words = ["--defer-on", "2024-05-31", "--periods", "3", "--where", "@hit"]
    assert main(["book", str(file), *words, "--out", str(out)]) == 0
    assert [line["total_paid"] for line in lines_of(out)] == ["1086.59", "1066.19", "1066.19"]
    file.write_text(file.read_text().replace("yes", "perhaps"))
    for errors in ("raise", "collect"):
        assert main(["book", str(file), *words, "--errors", errors]) == 2
        err = capsys.readouterr().err
        assert f"line 2 of {file}, hit: got 'perhaps'; expected True or False;" in err
        assert "--errors collect" not in err


def test_words_that_hold_for_the_whole_book(tmp_path: Path) -> None:
    """A share is told apart from an amount; yes and no are read as in a column."""
    file, out = tmp_path / "tape.csv", tmp_path / "out.csv"
    file.write_text("principal,rate,payments,start\n1000,0%,10,2024-01-10\n")
    for words, paid in (
        (["--forgive", "25%"], "775.00"),
        (["--forgive", "25"], "975.00"),
        (["--forgive", "25", "--where", "no"], "1000.00"),
        (["--forgive", "25", "--where", "true"], "975.00"),
    ):
        given = [*words, "--with-payment", "1", "--out", str(out), "--force"]
        assert main(["book", str(file), *given]) == 0
        assert [line["total_paid"] for line in lines_of(out)] == [paid]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            b"1000,12%,12,2024-02-30T00:00:00\n",
            "line 3 of {file}, start: got '2024-02-30T00:00:00'",
        ),
        (b"1000,12%,12,2024-02-28T08:30\n", "line 3 of {file}, start: got"),
        (b'1000,12%,12,"' + b"x" * 140_000 + b'"\n', "field larger than field limit (131072)"),
        (b"1000,12%,12,\xff\n", "can't decode byte 0xff"),
    ],
)
def test_a_cell_that_cannot_be_read(
    tmp_path: Path, row: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tape.csv"
    file.write_bytes(b"principal,rate,payments,start\n1000,12%,12,2024-01-10T00:00:00\n" + row)
    assert main(["book", str(file)]) == 2
    error = capsys.readouterr().err
    assert said.format(file=file) in error
    assert error.count("\n") == 1


def test_terms_for_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "tape.csv"
    file.write_text("amount\n10000\n")
    words = "--columns principal=amount --rate 12% --payments 12 --start 2024-01-10"
    assert main(["book", str(file), *words.split(), "--day-count", "actual/360"]) == 0
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", day_count="actual/360"))
    assert parse_column(capsys.readouterr().out, "interest") == [f"{plan.total_interest:,f}"]


def test_several_currencies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "tape.csv"
    file.write_text(
        "principal,rate,payments,start,currency\n1000,5%,12,2024-01-10,JPY\n"
        "1000,5%,12,2024-01-10,EUR\n"
    )
    assert main(["book", str(file)]) == 0
    out = capsys.readouterr().out
    assert "EUR" in out
    assert "JPY" in out


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--periods", "3"], "--periods 3 belongs to a change: write one of --defer-payment"),
        (
            ["--prepay", "5", "--repay", "now"],
            "--repay now is no option of --prepay, whose options are",
        ),
        (["--prepay", "5", "--on", "2024-02-01", "--on", "x"], "--on x is given twice"),
        (
            ["--prepay", "5", "--payment", "37"],
            "--payment: got 37; expected with_payment, the payment that falls due on the same day as "
            "the amount; write --with-payment 36",
        ),
        (["--prepay", "5", "--payment", "1"], "write --on ..., the day on which the loan starts"),
        (["--settle-with-payment", "@x", "--payment", "@x"], "write --with-payment 3"),
        (["--defer-payment", "4", "--with-payment", "3"], "--with-payment 3 is no option of"),
        (["--prepay", "5", "--with-payment", "0"], "from 1; write --on ..., the day on which"),
        (["--settle-with-payment", "0"], "from 1; write --settle-on ..., the day on which"),
        (["--prepay", "5"], "--prepay: got '5'; expected a word for when; add --with-payment 4"),
        (
            ["--prepay", "x", "--with-payment", "4"],
            "--prepay: got 'x'; expected an amount; write such as --prepay",
        ),
        (["--defer-payment", "@mist"], "defer-payment=mist: got"),
        (["--columns", "x=rate"], "--columns: got 'x=rate'"),
        (["--columns", "rate"], "--columns: got 'rate'"),
        (["--columns", "rate=nothing"], "rate=nothing: got"),
        (["--columns", "rate=rate"], "a column for principal, start"),
        (["--payments", "12"], "--payments: got 12; expected nothing"),
        (["--out", "x.xls"], "--out: got 'x.xls'; expected a name that ends in .csv or .parquet"),
        (["--keep", "nothing"], "--keep: got"),
        (["--every", "fortnightly"], "--every: got 'fortnightly'"),
    ],
)
def test_bad_arguments_get_one_line(
    tape: str, words: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of(["book", tape, *words, "--errors", "collect"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("repaylib: ")
    assert shown.err.count("\n") == 1
    assert line in shown.err


def test_files_that_are_not_there(tape: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["book", "/nowhere.csv"]) == 2
    assert main(["book", tape, "--errors", "collect", "--out", "/nowhere/out.csv"]) == 2
    err = capsys.readouterr().err
    assert "/nowhere.csv: No such file" in err
    assert "/nowhere/out.csv: No such file" in err


def test_progress_is_shown_on_demand(tape: str) -> None:
    words = ["book", tape, "--errors", "collect", "--progress"]
    done = subprocess.run(
        [sys.executable, "-m", "repaylib", *words], capture_output=True, text=True, check=True
    )
    assert "as agreed" in done.stderr
    assert "4 of 4 loans" in done.stderr


def test_the_page_shows_what_the_command_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs" / "reference" / "command_line.rst").read_text(encoding="utf-8")
    _, _, block = page.partition("$ repaylib book ")
    lines = [line.removeprefix("   ") for line in block.partition("\n\n")[0].split("\n")]
    words = shlex.split(" ".join(lines[:3]).replace("\\ ", ""))
    words[0] = str(root / words[0])
    monkeypatch.chdir(tmp_path)
    assert main(["book", *words]) == 0
    printed = capsys.readouterr().out.rstrip("\n").split("\n")
    assert printed[:-1] == lines[3:-1], "the last line tells the time"
    assert pq.read_table("loans.parquet").num_rows > 1000


#: A tape as a bank of another country writes it, and its formats.
ABROAD = """id;principal;rate;payments;start;extra;day
A1;10.000,50;12,5;12;10/01/2024;500,25;15/06/2024
A2;5.000;8;24;30/11/2023;;
A3;5,000.00;9;12;30/11/2023;1;2024-06-15
"""
WRITTEN = ("rate=percent", "number=1.234,56", "date=DD/MM/YYYY")


def run_book(
    tmp_path: Path, text: str, formats: tuple[str, ...], *words: str
) -> tuple[int, list[dict[str, str]]]:
    """Return the exit code, and the lines that were written."""
    (tmp_path / "tape.csv").write_text(text, encoding="utf-8")
    out = tmp_path / "out.csv"
    given = [each for pair in formats for each in ("--formats", pair)]
    code = main(["book", str(tmp_path / "tape.csv"), "--out", str(out), "--force", *given, *words])
    return code, lines_of(out) if not code else []


def test_a_tape_is_read_in_the_formats_of_a_portfolio(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = list(csv.DictReader(ABROAD.split("\n"), delimiter=";"))
    formats: Any = dict(pair.split("=") for pair in WRITTEN)
    names = ("principal", "rate", "payments", "start")
    columns: Any = {name: [line[name] for line in lines] for name in names}
    read = rp.Portfolio(columns, formats=formats, errors="collect")
    code, found = run_book(tmp_path, ABROAD, WRITTEN, "--errors", "collect")
    assert code == 0
    paid = rp.amortise(read).summary().total_paid.tolist()
    assert [line["total_paid"] for line in found] == [
        f"{paid[0] / 100:.2f}",
        f"{paid[1] / 100:.2f}",
        "",
    ]
    assert "a number written 1.234,56" in found[2]["reason"]
    words = ["--prepay", "@extra", "--on", "@day", "--hold", "maturity", "--errors", "collect"]
    code, changed = run_book(tmp_path, ABROAD, WRITTEN, *words)
    one = rp.prepay(rp.amortise(read.loan(0)), "500.25", on="2024-06-15", hold="maturity")
    assert (code, changed[0]["total_paid"]) == (0, f"{one.total_paid}")
    assert changed[1]["total_paid"] == found[1]["total_paid"]
    capsys.readouterr()


def test_a_change_that_is_written_in_another_format_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = ABROAD.replace("5,000.00", "5.000").replace(
        "A2;5.000;8;24;30/11/2023;;", "A2;5.000;8;24;30/11/2023;1.5;x"
    )
    for column, said in (
        ("extra", "extra: got '1.5'; expected a number written 1.234,56; correct the value, or "
         "change --formats number=1.234,56"),
        ("day", "day: got 'x'; expected a day written DD/MM/YYYY; correct the value, or change "
         "--formats date=DD/MM/YYYY"),
    ):  # fmt: skip
        words = ["--prepay", "@extra", "--on", "@day", "--hold", "maturity"]
        if column == "day":
            text = text.replace(";1.5;", ";1,5;")
        assert run_book(tmp_path, text, WRITTEN, *words)[0] == 2
        assert said in capsys.readouterr().err


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64(), pa.decimal128(12, 2), pa.string()])
def test_amounts_in_major_units(
    kind: pa.DataType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = {"principal": pa.array([10_000], pa.int32()).cast(kind), "rate": ["12%"]}
    columns |= {"payments": [12], "start": ["2024-01-10"]}
    pq.write_table(pa.table(columns), tmp_path / "tape.parquet")
    out = str(tmp_path / "out.csv")
    words = ["--out", out, "--formats", "amount=major"]
    assert main(["book", str(tmp_path / "tape.parquet"), *words]) == 0
    assert lines_of(Path(out))[0]["total_principal"] == "10000.00"
    assert "minor units" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--rate-unit", "bp"],
            "--rate-unit: got 'bp'; expected --formats; write --formats rate=bp",
        ),
        (
            ["--formats", "rate=percents"],
            "--formats rate: got 'percents'; .*--formats rate=percent$",
        ),
        (["--formats", "rates=bp"], "--formats: got 'rates'; .*write --formats rate=bp$"),
        (["--formats", "rate"], "--formats: got 'rate'; .*write WHAT=FORMAT once for each$"),
        (
            ["--formats", "rate=bp", "--formats", "rate=share"],
            "--formats: got 'rate=share'; .*once",
        ),
        (["--formats", "date=DDMM"], "--formats date: got 'DDMM'; .*--formats date=DD/MM/YYYY$"),
    ],
)
def test_formats_that_are_none(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["book", PROSPER, "--columns", COLUMNS, *words]) == 2
    assert re.search(said, capsys.readouterr().err.strip())
