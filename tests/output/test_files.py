"""Files that are written: never over what is read or each other, whole or not at all."""

from __future__ import annotations

import csv
import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import repaylib as rp
from repaylib.cli import book
from repaylib.cli.dossier_example import example
from repaylib.cli.main import main
from repaylib.output.files import Outputs, same_file, write_text

TAPE = """id,principal,rate,payments,start
a,10000,12%,12,2024-01-10
b,1000,12,12,2024-01-10
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a tape, in which nothing is left beside the files that belong there."""
    (tmp_path / "t.csv").write_text(TAPE)
    (tmp_path / "story.toml").write_text(example())
    (tmp_path / "within").mkdir()
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    assert not [each for each in tmp_path.rglob("*") if each.name.startswith(".repaylib")]


def linked(make: Callable[..., Any], name: str) -> str:
    make("t.csv", name)
    return name


#: Ways to name the tape.
SPELLINGS: dict[str, Callable[[Path], str]] = {
    "as it is": lambda here: "t.csv",
    "here": lambda here: "./t.csv",
    "roundabout": lambda here: "within/../t.csv",
    "absolute": lambda here: str(here / "t.csv"),
    "symbolic link": lambda here: linked(os.symlink, "link.csv"),
    "hard link": lambda here: linked(os.link, "link.csv"),
    "linked folder": lambda here: os.path.join(linked_folder(here), "t.csv"),
}


def linked_folder(here: Path) -> str:
    (here / "folder").symlink_to(here, target_is_directory=True)
    return "folder"


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("option", ["--out", "--rejects"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_tape_is_never_written_over(
    here: Path, spelling: str, option: str, force: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    file = SPELLINGS[spelling](here)
    words = ["--errors", "collect", option, file, *["--force"] * force]
    assert main(["book", "t.csv", *words]) == 2
    error = capsys.readouterr().err
    assert f"{option}: got '{file[:40]}" in error, "the end of a long path is left out"
    assert "; expected another file than the tape" in error
    assert (here / "t.csv").read_text() == TAPE


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("o.csv", "o.csv"),
        ("o.csv", "./o.csv"),
        ("within/../o.csv", "o.csv"),
        ("-", "-"),
        ("-", "/dev/stdout"),
        ("o.csv", "dangling.csv"),
    ],
)
def test_outputs_are_not_written_over_each_other(
    here: Path, one: str, other: str, force: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "dangling.csv").symlink_to(here / "o.csv")
    words = ["--errors", "collect", "--out", one, "--rejects", other, *["--force"] * force]
    assert main(["book", "t.csv", *words]) == 2
    assert f"--rejects: got '{other}'; expected another file than --out" in capsys.readouterr().err
    assert not (here / "o.csv").exists()


def test_names_are_one_where_the_file_system_says_so(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert same_file("o.csv", "O.CSV") == (here / "T.CSV").exists()
    assert not same_file("o.csv", "p.csv")
    assert not same_file("o.csv", "within/o.csv")
    exists = os.path.exists

    def any_case(name: str) -> bool:
        folder, file = os.path.split(name)
        there = {each.casefold() for each in os.listdir(folder or ".")}
        return exists(name) or file.casefold() in there

    monkeypatch.setattr(os.path, "exists", any_case)
    assert same_file("o.csv", "O.CSV")
    assert not same_file("o.csv", "O.TXT")


#: What writes to FILE, in each command.
COMMANDS = {
    "--csv": ["--csv", "FILE"],
    "--out": ["book", "t.csv", "--errors", "collect", "--out", "FILE"],
    "--rejects": ["book", "t.csv", "--errors", "collect", "--rejects", "FILE"],
}


@pytest.mark.parametrize("option", COMMANDS)
def test_a_file_that_exists_is_replaced_on_demand(
    here: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = here / "o.csv"
    words = [str(file) if word == "FILE" else word for word in COMMANDS[option]]
    file.write_text("old")
    file.chmod(0o640)
    assert main(words) == 2
    assert "add --force to replace it" in capsys.readouterr().err
    assert file.read_text() == "old"
    assert main([*words, "--force"]) == 0
    assert file.read_text() != "old"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    written = file.read_text()
    file.unlink()
    assert main(words) == 0
    assert file.read_text() == written
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(file.stat().st_mode) == 0o666 & ~mask
    capsys.readouterr()


def test_a_link_stays_a_link(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "within" / "real.csv").write_text("old")
    (here / "link.csv").symlink_to("within/real.csv")
    words = ["book", "t.csv", "--errors", "collect", "--out", "link.csv"]
    assert main([*words, "--force"]) == 0
    assert (here / "link.csv").is_symlink()
    assert (here / "within" / "real.csv").read_text().startswith("id,")
    capsys.readouterr()


def test_papers_are_replaced_on_demand(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["negotiate", "story.toml", "--out", "papers"]
    assert main(words) == 0
    (here / "papers" / "letter.md").write_text("mine")
    assert main(words) == 2
    assert (
        "--out: got 'papers/letter.txt'; expected a file that does not" in capsys.readouterr().err
    )
    assert (here / "papers" / "letter.md").read_text() == "mine"
    assert main([*words, "--force"]) == 0
    assert (here / "papers" / "letter.md").read_text() != "mine"
    assert main(["negotiate", "--example", "--out", "papers"]) == 2
    capsys.readouterr()


@pytest.mark.parametrize("name", ["letter.txt", "agreement.json"])
def test_papers_are_not_written_over_what_they_are_made_from(
    here: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / name).write_text(example())
    assert main(["negotiate", name, "--out", ".", "--force"]) == 2
    err = capsys.readouterr().err
    assert err == (
        f"repaylib: --out: got '{name}'; expected another file than FILE, the debts and wishes; "
        "write another name\n"
    )
    assert (here / name).read_text() == example()
    assert sorted(each.name for each in here.iterdir()) == sorted(
        ["story.toml", "t.csv", "within", name]
    )


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(errno.ENOSPC, "No space left")])
def test_a_run_that_does_not_end_leaves_all_as_it_was(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Writing the loans set aside fails when the file of all loans has been written."""

    def fail(out: Any, *_: Any, **__: Any) -> None:
        out.write("half")
        raise error

    monkeypatch.setattr(book, "write_rejects", fail)
    (here / "o.csv").write_text("old")
    words = ["--out", "o.csv", "--rejects", "r.csv", "--errors", "collect", "--force"]
    if error is KeyboardInterrupt:
        with pytest.raises(KeyboardInterrupt):
            main(["book", "t.csv", *words])
    else:
        assert main(["book", "t.csv", *words]) == 2
        assert "repaylib: r.csv: No space left on device; write another" in capsys.readouterr().err
    assert (here / "o.csv").read_text() == "old"
    assert not (here / "r.csv").exists()


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="signals as Unix has them")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_run_that_is_told_to_end_leaves_all_as_it_was(here: Path, name: str) -> None:
    handler = "signal.default_int_handler" if name == "SIGINT" else "signal.SIG_DFL"
    code = f"""
import os, signal, sys
from repaylib.cli import book
from repaylib.cli.main import main
signal.signal(signal.{name}, {handler})  # it may have been told to ignore it, as by nohup
def end(*_, **__):
    open("reached", "w").close()
    os.kill(os.getpid(), signal.{name})
    signal.pause()
book.write_rejects = end
main(["book", "t.csv", "--errors", "collect", "--out", "o.csv", "--rejects", "r.csv"])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode != 0
    assert (here / "reached").exists()
    assert not (here / "o.csv").exists()


def test_a_file_that_came_meanwhile_is_not_replaced(here: Path) -> None:
    outputs = Outputs([("--out", "o.csv")])
    outputs.text("o.csv").write("new")
    (here / "o.csv").write_text("came")
    with pytest.raises(OSError, match="File exists"):
        outputs.__exit__(None, None, None)
    assert (here / "o.csv").read_text() == "came"


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("none/o.csv", "No such file or directory"),
        ("t.csv/o.csv", "Not a directory"),
        ("within.csv", "Is a directory"),
        ("", "No such file or directory"),
    ],
)
def test_files_that_cannot_be_written(
    here: Path, file: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are refused before anything is read or folded."""
    (here / "within").rename("within.csv")
    for words in (["book", "none.csv", "--rejects", file], ["--csv", file]):
        assert main(words) == 2
        assert reason in capsys.readouterr().err


def test_files_that_may_not_be_written(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "o.csv").write_text("old")
    (here / "o.csv").chmod(0o444)
    if os.geteuid() == 0:  # who may write everything: ask as anybody else would
        monkeypatch.setattr(os, "access", lambda file, mode: Path(file).name != "o.csv")
    assert main(["--csv", "o.csv", "--force"]) == 2
    assert "Permission denied" in capsys.readouterr().err
    assert (here / "o.csv").read_text() == "old"


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
@pytest.mark.parametrize("option", COMMANDS)
def test_standard_output_is_a_file_too(
    here: Path, option: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table is then on standard error, so that what is piped on is the file alone."""
    words = [name if word == "FILE" else word for word in COMMANDS[option]]
    command = [sys.executable, "-m", "repaylib", *words]
    piped = subprocess.run(command, capture_output=True, text=True, check=True)
    with (here / "redirected.csv").open("w") as out:
        subprocess.run(command, stdout=out, stderr=subprocess.DEVNULL, check=True)
    file = ["o.csv" if word == "FILE" else word for word in COMMANDS[option]]
    assert main(file) == 0
    assert piped.stdout == (here / "o.csv").read_text() == (here / "redirected.csv").read_text()
    assert piped.stderr.split("\n")[:5] == capsys.readouterr().out.split("\n")[:5]
    assert not (here / "-").exists()


def test_a_reader_that_has_seen_enough(here: Path) -> None:
    """The other files are written all the same."""
    (here / "many.csv").write_text(TAPE + "a,10000,12%,12,2024-01-10\n" * 2000)
    command = (
        f"{sys.executable} -m repaylib book many.csv --errors collect --output rows --out - "
        "--rejects r.csv | head -1"
    )
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("id,")
    assert "Error" not in done.stderr
    assert "loans in" in done.stderr
    assert len((here / "r.csv").read_text().split("\n")) == 3


def test_pipes_and_devices(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nothing = [*("--out", os.devnull), *("--rejects", os.devnull)]
    assert main(["book", "t.csv", "--errors", "collect", *nothing]) == 0
    assert main(["--csv", os.devnull]) == 0
    assert "instalment 888.49" in capsys.readouterr().out
    if not hasattr(os, "mkfifo"):
        return
    os.mkfifo("pipe")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(Path("pipe").read_text()))
    reader.start()
    assert main(["book", "t.csv", "--errors", "collect", "--out", "pipe"]) == 0
    reader.join()
    assert [line["id"] for line in csv.DictReader(read[0].split("\n"))] == ["a", "b"]
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)
    capsys.readouterr()


@pytest.mark.parametrize("other", ["--json", "--schedule"])
def test_one_thing_is_printed(here: Path, other: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--csv", "-", other])
    assert f"--csv: got -, where {other} prints; write a file name" in capsys.readouterr().err


def test_a_function_replaces_a_file_as_others_do(here: Path) -> None:
    """Python code names its files itself; so there is no ``force``, but a file is whole or old."""
    plan = rp.amortise(rp.Loan("1000", "12%", 3, "2024-01-31"))
    (here / "o.csv").write_text("old")
    (here / "o.csv").chmod(0o600)
    text = plan.to_csv(here / "o.csv")
    assert (here / "o.csv").read_text() == text
    assert stat.S_IMODE((here / "o.csv").stat().st_mode) == 0o600
    with pytest.raises(UnicodeEncodeError):
        write_text("o.csv", "\ud800")
    assert (here / "o.csv").read_text() == text
    with pytest.raises(IsADirectoryError):
        plan.to_csv("within")


def test_parquet_is_moved_into_place_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["book", "t.csv", "--errors", "collect", "--out", "o.parquet"]
    assert main(words) == 0
    assert main(words) == 2
    assert main([*words, "--output", "rows", "--force"]) == 0
    assert pq.read_table("o.parquet").num_rows == 13
    capsys.readouterr()
