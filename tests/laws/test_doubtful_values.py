"""Values of which it is doubtful what is meant are refused, with what to write instead.

Texts that another program would run or link are written so that it does not.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import repaylib as rp
from repaylib.cli import main
from repaylib.cli.tape_output import cell
from repaylib.documents.layout import Paper, Paragraph

LOAN: dict[str, Any] = {
    "principal": "1200",
    "rate": "12%",
    "payments": 12,
    "start": "2024-01-10",
}
NO_DAYS = [
    datetime(2024, 1, 10, tzinfo=UTC),
    datetime(2024, 1, 10, tzinfo=timezone(timedelta(hours=8))),
    np.datetime64("2024"),
    np.datetime64("2024-01"),
    np.datetime64("2024-01-10", "W"),
]


@pytest.mark.parametrize("value", NO_DAYS, ids=repr)
@pytest.mark.parametrize(
    "read",
    [
        lambda value: rp.Loan(**LOAN | {"start": value}),
        lambda value: rp.xirr([("2020-01-10", "-100"), (value, "101")]),
        lambda value: rp.xirr(["-100", "101"], dates=["2020-01-10", value]),
        lambda value: rp.xirr(["-100"], dates=np.array([value])),
        lambda value: rp.Portfolio(**LOAN | {"start": [value]}),
        lambda value: rp.Portfolio(**LOAN | {"start": np.array([value])}),
        lambda value: rp.Calendar(holidays=[value]),
        lambda value: rp.steps("3%", {value: "4%"}),
        lambda value: rp.Receipt(value, "100"),
    ],
)
def test_a_zone_or_more_than_a_day_is_no_day(read: Callable[[Any], object], value: Any) -> None:
    with pytest.raises(rp.RepayError, match=r"a day without a time zone|a day, not a week") as told:
        read(value)
    assert told.value.hint.startswith("write ")


def test_days_of_columns_are_refused_by_row() -> None:
    months = np.array(["NaT", "2024-02"], dtype="datetime64[M]")
    with pytest.raises(rp.RepayError) as told:
        rp.Portfolio(**LOAN | {"start": np.array(["2024-01-10"] * 2), "first_payment": months})
    assert (told.value.row, told.value.hint) == (1, 'write such as "2024-02-01"')
    hours = np.array(["2024-01-10T00"], dtype="datetime64[h]")
    assert rp.Portfolio(**LOAN | {"start": hours}).start.tolist()[0].isoformat() == "2024-01-10"


@pytest.mark.parametrize("zero", [0xFF10, 0x0660], ids=["full width", "Arabic"])
@pytest.mark.parametrize(
    ("read", "text", "hint"),
    [
        (lambda text: rp.Loan(**LOAN | {"principal": text}), "1,200.50", 'write "1200.50"'),
        (lambda text: rp.Loan(**LOAN | {"principal": text}), "1200", 'write "1200"'),
        (lambda text: rp.Loan(**LOAN | {"rate": text}), "12.5%", 'write "12.5%"'),
        (lambda text: rp.Loan(**LOAN | {"rate": text}), "1/3%", 'write such as "12%"'),
        (lambda text: rp.Loan(**LOAN | {"payments": text}), "12", "write payments=12"),
        (lambda text: rp.Loan(**LOAN | {"start": text}), "2024-01-10", 'write start="2024-01-10"'),
        (
            lambda text: rp.Loan(**LOAN | {"every": text}),
            "FREQ=MONTHLY;BYMONTHDAY=12",
            'write "FREQ=MONTHLY;BYMONTHDAY=12"',
        ),
        (lambda text: rp.Loan(**LOAN | {"every": text}), "2 months", 'write every="month"'),
        (lambda text: rp.Portfolio(**LOAN | {"principal": [text]}), "1200", 'write "1200"'),
        (lambda text: rp.Portfolio(**LOAN | {"rate": [text]}), "12%", 'write "12%"'),
        (lambda text: rp.xirr([("2020-01-10", text)]), "-100", 'write such as "10000.00"'),
        (
            lambda text: rp.indexed({"2024-01-01": "3%"}, resets="year", multiplier=text),
            "1.5",
            'write multiplier="1.5"',
        ),
    ],
)
def test_digits_of_another_script_are_no_number(
    read: Callable[[str], object], text: str, hint: str, zero: int
) -> None:
    with pytest.raises(rp.RepayError) as told:
        read(text.translate({ord("0") + digit: zero + digit for digit in range(10)}))
    assert told.value.hint == hint


TEXTS = ["=1+1", "@SUM(A1)", "+1+1", "-1+1", "\uff1d1", "-HYPERLINK()", "+cmd|' /C calc'!A0"]
PLAIN = ["-12.50", "+86 10", "-5%", "-", "a=1", "A-17", "7", ""]


def _kept(tmp_path: Path, *options: str, tape_rate: str = "12%") -> tuple[list[str], list[str]]:
    """Return a column carried through, as written for each loan, and the header."""
    tape, out = tmp_path / "tape.csv", tmp_path / "out.csv"
    with tape.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["principal", "rate", "payments", "start", "=note"])
        writer.writerows(["1200", tape_rate, "12", "2024-01-10", each] for each in TEXTS + PLAIN)
    assert main(["book", str(tape), "--keep", "=note", "--force", *options]) == 0
    lines = list(csv.reader(io.StringIO(out.read_text())))
    place = lines[0].index("=note" if "--raw-text" in options else "'=note")
    return [line[place] for line in lines[1:]], lines[0]


@pytest.mark.parametrize("written", ["--out", "--rejects"])
def test_no_text_of_a_tape_is_a_formula_in_csv(tmp_path: Path, written: str) -> None:
    options = [written, str(tmp_path / "out.csv"), "--errors", "collect"]
    rate = "12%" if written == "--out" else "=2"
    found, _ = _kept(tmp_path, *options, tape_rate=rate)
    assert found == [f"'{text}" for text in TEXTS] + PLAIN
    found, _ = _kept(tmp_path, *options, "--raw-text", tape_rate=rate)
    assert found == TEXTS + PLAIN
    assert [cell(text, raw=False) for text in (" =1", "\t=1", "\r-a")] == ["' =1", "'\t=1", "'\r-a"]
    if written == "--rejects":
        assert ",'=2," not in (tmp_path / "out.csv").read_text()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("see http://x.cn/a", r"see http\://x\.cn/a"),
        ("www.x.com", r"www\.x\.com"),
        ("mail a@b.com", r"mail a\@b\.com"),
        ("1,200.50 at 10:30, e.g. now.", r"1,200.50 at 10:30, e\.g. now."),
    ],
)
def test_bare_addresses_are_no_links_in_markdown(text: str, written: str) -> None:
    assert Paper("t", "en", (Paragraph(text),)).to_markdown() == f"# t\n\n{written}\n"
