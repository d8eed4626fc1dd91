"""The command line."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import repaylib as rp
from repaylib.cli.main import main


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "repaylib", *arguments], capture_output=True, text=True, check=False
    )


def status_of(words: list[str]) -> object:
    """Return the status with which the command ends, run in this process."""
    try:
        return main(words)
    except SystemExit as ended:
        return ended.code


def test_without_arguments() -> None:
    done = run()
    assert done.returncode == 0
    assert done.stderr == ""
    for figure in (
        "888.49",
        "676.23",
        "-129.65",
        "+76.11",
        "-181.72",
        "84.07",
        "1,785.86",
        "fits 700.00",
        "interest-free deferral",
        "early settlement",
        "instalments",
        "rate cut",
    ):
        assert figure in done.stdout
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    assert str(rp.readings(plan, payment=4)) in done.stdout


def test_any_loan(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = (
        "--principal 250000 --rate 4.9% --payments 240 --start 2024-01-31 --payment 20 "
        "--affordable 1500 --currency CNY --day-count actual/365 --instalments 300 "
        "--new-rate 3% --periods 6 --settle-on 2030-01-15 --fee 1%"
    )
    assert main(arguments.split()) == 0
    out = capsys.readouterr().out
    assert "250,000.00 CNY at 4.9% a year from 2024-01-31" in out
    assert "300 new instalments" in out
    assert "2030-01-15" in out


def test_a_single_payment(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--principal", "500", "--payments", "1", "--rate", "0%"]) == 0
    assert "500.00" in capsys.readouterr().out


def test_the_report_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    """The same figures as in English, and no English."""
    said = {}
    for lang in ("en", "zh"):
        assert main(["--lang", lang, "--affordable", "700"]) == 0
        said[lang] = capsys.readouterr().out
    assert not re.search("[A-Za-z]", said["zh"]), said["zh"]
    numbers = {lang: set(re.findall(r"[\d,]+\.\d\d", text)) for lang, text in said.items()}
    assert numbers["en"] <= numbers["zh"]  # which has room for one more column
    for name in ("原约定", "重新分期", "降低利率", "延期还款", "免息延期", "提前结清"):
        assert f"\n{name} " in said["zh"]
    assert main(["--lang", "zh", "--affordable", "1"]) == 0
    assert "最多分10,000期也达不到每期1.00以内，表中为重新分14期。" in capsys.readouterr().out


def test_schedule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--schedule"]) == 0
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    assert capsys.readouterr().out == f"{plan}\n"
    assert main(["--schedule", "deferral"]) == 0
    assert capsys.readouterr().out == f"{rp.defer(plan, 4)}\n"


def test_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "out.csv"
    assert main(["--csv", str(file)]) == 0
    rows = list(csv.DictReader(file.read_text().split("\n")))
    assert {row["plan"] for row in rows} == {
        "as agreed",
        "instalments",
        "rate cut",
        "deferral",
        "interest-free deferral",
        "early settlement",
    }
    assert rows[0]["payment"] == "888.49"
    capsys.readouterr()
    assert main(["--csv", str(tmp_path / "none" / "out.csv")]) == 2
    assert "cannot write" in capsys.readouterr().err


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["plans"][0]["name"] == "as agreed"
    assert data["plans"][1]["extra"] == "118.15"
    assert len(data["readings"]) == 10
    back = rp.Schedule.from_dict(data["plans"][3]["schedule"])
    assert [str(row.payment) for row in back] == [
        row["payment"] for row in data["plans"][3]["rows"]
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--rate", "12"], "--rate: got '12'"),
        (["--principal", "10,000"], "write --principal 10000\n"),
        (["--new-rate", "10"], "--new-rate: got '10'"),
        (["--instalments", "0"], "--instalments: got 0"),
        (["--affordable", ""], "--affordable: got ''"),
        (["--csv", ""], "--csv: cannot write ''"),
        (["--csv", "-", "--json"], "--csv: got -, where --json prints; write a file name"),
        (["--csv", "/dev/stdout", "--schedule"], "where --schedule prints; write a file name"),
        (["--start", "2024/1/10"], "write --start 2024-01-10\n"),
        (["--settle-on", "2020-01-01"], "write --settle-on 2024-01-10 or later\n"),
        (["--unknown\nx"], "--unknown x"),
        (["--principal", "-5"], "above zero"),
        (["--payments", "0"], "payments"),
        (["--payments", "twelve"], "write such as --payments 12\n"),
        (["--payments", "1.5"], "--payments: got '1.5'; expected a whole number"),
        (["--payment", "x"], "write such as --payment 1\n"),
        (["--payments", "5", "--payment", "0"], "write --payment 1 or more\n"),
        (["--instalments", "x"], "--instalments: got 'x'"),
        (["--instalments", "10001"], "write --instalments 10000 or less\n"),
        (["--periods", "x"], "write such as --periods 1\n"),
        (["--rate", "12"], "write --rate 12% if it is per cent, --rate 1200% if it is a share\n"),
        (["--new-rate", "0.1"], "write --new-rate 10% if it is a share"),
        (["--payment", "13"], "write --payment 12 or less\n"),
        (["--start", "2024-01-10T08:00"], "write such as --start 2024-01-10\n"),
        (["--new-rate", "x"], "write such as --new-rate 12%\n"),
        (["--start", "today"], "start"),
        (["--currency", "RMB"], "currency"),
        (["--method", "annuity"], "choose from"),
        (["--settle-on", "soon"], "--settle-on: got 'soon'"),
        (["--affordable", "x"], "affordable"),
        (["--unknown"], "--unknown"),
    ],
)
def test_bad_arguments_get_one_line(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert shown.err.startswith("repaylib: ")
    assert words in shown.err


@pytest.mark.parametrize(
    "arguments", [["--rate", "12"], ["--unknown\nx"], ["book", "/nowhere.csv"]]
)
def test_the_process_ends_as_the_function_does(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (status_of(arguments), "") == (2, "")
    assert done.stderr == capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--method", "interest_only"],
        ["--payments", "7000"],
        ["--rate", "18%", "--payments", "360", "--day-count", "actual/365"],
        ["--affordable", "10"],
        ["--payments", "1"],
        ["--payments", "3", "--rate", "0%"],
    ],
)
def test_loans_of_every_kind(arguments: list[str]) -> None:
    assert main(arguments) == 0


def test_the_fewest_instalments_that_fit(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--method", "equal_principal", "--affordable", "700", "--rate", "60%"]
    assert main(words) == 0
    line = next(each for each in capsys.readouterr().out.split("\n") if each[:11] == "instalments")
    assert "687.50" in line
    assert line.endswith("yes")


def test_no_number_of_instalments_fits(capsys: pytest.CaptureFixture[str]) -> None:
    for amount in ("0.01", "76.11"):
        assert main(["--affordable", amount]) == 0
        words = f"No number of new instalments, up to 10,000, fits {amount}; shown are 14 instal"
        assert words in capsys.readouterr().out
    for arguments in ([], ["--affordable", "50", "--instalments", "14"], ["--principal", "5000"]):
        assert main(arguments) == 0
        assert "No number" not in capsys.readouterr().out


def test_output_that_cannot_be_written() -> None:
    """A full disk is told in a line; standard output that is only readable stands in for it."""
    command = f"{sys.executable} -m repaylib 1< /dev/null"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("repaylib: cannot print: ")
    assert done.stderr.count("\n") == 1


def test_a_reader_that_stops_early() -> None:
    command = f"{sys.executable} -m repaylib --payments 600 --json | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_errors_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "zh", "--payments", "0"]) == 2
    said = "repaylib: --payments：收到 0；应为 1 到 10000 的整数；请写 --payments 1 或更大的值\n"
    assert capsys.readouterr().err == said
