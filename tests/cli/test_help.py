"""The help of each command fits a screen, names the kind of each value, and begins with an example."""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from importlib import import_module
from pathlib import Path

import pytest

from repaylib.cli.main import main


def help_of(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert not ended.value.code
    return capsys.readouterr().out


def test_help_fits_a_screen_and_its_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    lines = help_of(capsys).splitlines()
    assert 24 <= len(lines) <= 40
    example = next(line for line in lines if line.startswith("example: repaylib "))
    assert main(shlex.split(example)[2:]) == 0
    assert "25,000.00" in capsys.readouterr().out


@pytest.mark.parametrize("command", [[], ["book"], ["negotiate"], ["selftest"]])
def test_help_is_as_wide_as_a_page_and_names_no_parameter(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = help_of(capsys, *command)
    options, _, _ = text.partition("a scenario")
    assert max(map(len, options.splitlines())) <= 88
    assert text.startswith("usage: repaylib")
    for option, value in re.findall(r"--([a-z-]+) ([A-Z_]+)\b", options):
        assert value == value.partition("_")[0], f"--{option} says no kind of value"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--payments", "0"], "--payments: got 0"),
        (["--start", "soon"], "--start: got 'soon'"),
        (["--affordable", "-1"], "--affordable"),
        (["--method", "lvel"], "--method: invalid choice: 'lvel'"),
        (["--settle-on", "2020-01-01"], "--settle-on"),
        (["--new-rate", "12"], "--new-rate: got '12'"),
        (["--first-payment", "2023-01-01"], "--first-payment"),
        (["--rounding", "x"], "--rounding: invalid choice"),
    ],
)
def test_errors_name_the_option(
    given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        sys.exit(main(given))
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("repaylib: ")
    assert said in error
    assert "=" not in error, "an option is written with a blank, and no keyword argument"


#: What writes files or takes a flag alone.
OTHER = {"--help", "--csv", "--out", "--rejects"}
PARSERS = {
    command: import_module(f"repaylib.cli.{command or 'main'}")._parser for command in ("", "book")
}


def options_of(parser: argparse.ArgumentParser) -> list[str]:
    taking = [action for action in parser._actions if action.nargs != 0 and action.option_strings]
    return [name for action in taking for name in action.option_strings[-1:] if name not in OTHER]


@pytest.mark.parametrize("value", ["nonsense", "-1", "", "1e400"])
@pytest.mark.parametrize(
    ("command", "name"),
    [(command, name) for command, parser in PARSERS.items() for name in options_of(parser())],
)
def test_a_bad_value_of_any_option_is_told_by_the_option(
    command: str, name: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tape = tmp_path / "loans.csv"
    tape.write_text(
        "id,principal,rate,payments,start\na,10000,12%,12,2024-01-10\n", encoding="utf-8"
    )
    given = [command, str(tape)] if command else []
    try:
        code = main([*given, f"{name}={value}"])
    except SystemExit as ended:
        code = int(str(ended.code))
    if code:
        error = capsys.readouterr().err.strip().splitlines()[-1]
        assert name in error
        assert not re.search(r"\b[a-z]+(?:_[a-z]+)*=[\"\d\[(]|\brp\.", error), error
