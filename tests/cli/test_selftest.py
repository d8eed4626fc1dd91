"""``repaylib selftest``: the published cases, a file of one's own, and what does not match."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from repaylib.cli import case_files
from repaylib.cli.main import main
from repaylib.cli.selftest import template

PLAIN = """
[[cases]]
name = "plain"
loan = {principal = "10000", rate = "12%", payments = 12, start = 2024-01-10}
expected = {instalment = "888.49", total_interest = "661.86"}
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = main(["selftest", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    file = tmp_path / "mine.toml"
    file.write_text(PLAIN, encoding="utf-8")
    return file


def test_all_published_cases(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split() == ["source", "case", "figures", "result"]
    assert max(map(len, lines)) <= 88
    assert lines[-1] == (
        "235 cases, 818 figures: 811 equal, 7 differ for a stated reason, 0 not equal, 0 refused"
    )
    assert "The solver of the report" in out


def test_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--lang", "zh")
    assert code == 0
    assert out.splitlines()[0].split() == ["来源", "案例", "数字个数", "结果"]
    assert "共235个案例、818个数字：811个一致" in out


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_template_matches(
    lang: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "--template", "--lang", lang)
    assert code == 0
    assert out.rstrip() == template(lang).rstrip()
    mine = tmp_path / "mine.toml"
    mine.write_text(out, encoding="utf-8")
    code, out, _ = run(capsys, mine, "--lang", lang)
    assert code == 0
    assert out.count("equal" if lang == "en" else "一致") >= 8


def test_the_templates_hold_the_same() -> None:
    one, other = (tomllib.loads(template(lang)) for lang in ("en", "zh"))
    for each in (one, other):
        del each["source"], each["cases"][0]["name"], each["cases"][0]["about"]
    assert one == other


def test_a_file_of_ones_own_is_shown_figure_by_figure(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine.write_text(PLAIN.replace("661.86", "661.87"), encoding="utf-8")
    code, out, _ = run(capsys, mine)
    assert code == 1
    lines = [line.split("  ") for line in out.splitlines()]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert ["instalment", "888.49", "888.49", "equal"] in cells
    assert ["total_interest", "661.87", "661.86", "NOT EQUAL"] in cells
    assert out.endswith(
        "1 case, 2 figures: 1 equal, 0 differ for a stated reason, 1 not equal, 0 refused\n"
    )


def test_several_files(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, mine, mine)
    assert code == 0
    assert "2 cases, 4 figures: 4 equal" in out


def test_a_case_that_cannot_be_computed_is_named(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine.write_text(PLAIN.replace("12%", "12"), encoding="utf-8")
    code, out, _ = run(capsys, mine)
    assert code == 1
    assert "cases[0].loan.rate: got '12'" in " ".join(out.split())
    assert "1 refused" in out
    code, out, _ = run(capsys, mine, "--lang", "zh")
    assert "1个案例无法计算" in out


@pytest.mark.parametrize("text", ["x", "cases = 1", "[[cases]]\nname = 3", "\0", "a.b = 1"])
def test_a_file_that_is_none_is_refused(
    text: str, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine.write_text(text, encoding="utf-8")
    code, out, err = run(capsys, mine)
    assert (code, out) == (2, "")
    assert err.startswith(f"repaylib: {mine}: ")
    assert err.count("\n") == 1


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, tmp_path / "none.toml")
    assert (code, out) == (2, "")
    assert "No such file" in err


def test_template_and_file_contradict(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["selftest", "--template", str(mine)])
    assert ended.value.code == 2
    assert "leave one of them out" in capsys.readouterr().err


# -- faults that have to be noticed -----------------------------------------------------------

FOLDER = Path(case_files.__file__).parent / "published"


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.toml")), ids=lambda file: file.stem)
def test_a_spoilt_figure_is_found_with_its_place(
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The first digit of the last figure of each file, in a copy that takes the place of the files."""
    text = file.read_text(encoding="utf-8")
    count = text.count("[[cases]]")
    at = max(text.rfind("expected = {"), text.rfind("rows = ["))
    first = next(i for i in range(text.index('"', at), len(text)) if text[i] in "123456789")
    spoilt = (
        text[:first] + str(10 - int(text[first]) if text[first] != "5" else 6) + text[first + 1 :]
    )
    package = tmp_path / "published"
    package.mkdir()
    (package / file.name).write_text(spoilt, encoding="utf-8")
    monkeypatch.setattr(case_files, "files", lambda _: tmp_path)
    code, out, _ = run(capsys)
    assert code == 1
    assert f"{file.name}: cases[" in " ".join(out.split())
    assert "1 not equal" in out
    assert f"{count} cases" in out
    (package / file.name).write_text(text, encoding="utf-8")
    assert run(capsys)[0] == 0


TERMS = """
[[cases]]
loan = {principal = "10000", rate = "12%", payments = 12, start = 2024-01-10}
"""


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ('rows = [{closing = "9,211.51"}]', 'cases[0].rows[0].closing: got \'9,211.51\'; expected an amount'),
        ('expected = {instalment = "888.49 EUR"}', "cases[0].expected.instalment: got '888.49 EUR'"),
        ('expected = {instalments = "888.49"}', "instalment, largest_payment, maturity, opening_balance"),
        ('rows = [{number = "x", closing = "1"}]', "write such as number = 12"),
    ],
)  # fmt: skip
def test_what_is_no_figure_is_refused_with_what_to_write(
    added: str, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And does not count as a figure that differs."""
    (tmp_path / "odd.toml").write_text(TERMS + added, encoding="utf-8")
    code, out, err = run(capsys, tmp_path / "odd.toml")
    assert code in (1, 2)
    assert expected in " ".join((out + err).split())
    assert "NOT EQUAL" not in out


def test_a_row_that_the_plan_has_not_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "long.toml").write_text(TERMS + 'rows = [{number = 13, closing = "0.00"}]')
    code, out, _ = run(capsys, tmp_path / "long.toml")
    assert code == 1
    assert "row 13 closing    0.00     -  NOT EQUAL" in out
