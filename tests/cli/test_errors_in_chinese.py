"""With ``--lang zh``, every command says in Chinese what is wrong with its arguments and its files."""

from __future__ import annotations

import errno
import os
import re
import shlex
import sys
from pathlib import Path

import pytest

from repaylib.cli.common import reason_of
from repaylib.cli.main import main
from repaylib.wording.sentence import parse_language

TAPE = "id,principal,rate,start,payments\na,1000,12%,2024-01-10,6\nb,1000,12,2024-01-10,6\n"
COMMANDS = ("", "book good.csv", "negotiate good.toml", "selftest")

#: Arguments that are wrong for one command, and a part of what is said of them.
WRONG = {
    "--method lvel": "选项 --method：不能写 'lvel'（可选：",
    "--rate": "选项 --rate：须写一个值",
    "--json=yes": "选项 --json：此选项后不能写 'yes'",
    "--p 4": "选项 --p 不明确，可能是 --p",
    "--rate 12": "--rate：收到 '12'；应为利率",
    "--csv - --json": "--csv：写了 -，而 --json 也要打印",
    "--csv nowhere/out.csv": "没有这个文件或文件夹",
    "--csv good.csv": "--csv：收到 'good.csv'；应为尚不存在的文件",
    "--settle-on 2020-01-01": "--settle-on：",
    "book": "缺少参数：TAPE",
    "book none.csv": "none.csv：没有这个文件或文件夹；请写其他文件名",
    "book .": "这是文件夹，不是文件",
    "book good.csv/x.csv": "路径中有一段不是文件夹",
    "book empty.csv": "--columns：收到 None；须有",
    "book good.csv --out nowhere/out.csv": "没有这个文件或文件夹",
    "book good.csv --out out.txt": "文件名应以 .csv 或 .parquet 结尾",
    "book good.csv --output lines": "选项 --output：不能写 'lines'",
    "book good.csv --payment 4": "--payment 4 属于某项变更：请在前面写 --defer-payment, ",
    "book good.csv --change-rate 8% --fee 5": "--change-rate 没有选项 --fee 5，可用的有",
    "book good.csv --change-rate 8% --payment 2 --payment 3": "--payment 3 重复：前面已写 --payment",
    "book good.csv --prepay 100 --payment 3": "--with-payment",
    "book good.csv --change-rate 8%": "请加上 --payment 4 或 --on 日期",
    "book good.csv --formats rate": "--formats：收到 'rate'；",
    "book good.csv --columns id": "--columns：收到 'id'；应为成对的名称",
    "book good.csv --rejects rejects.csv": "good.csv 第 3 行，id b，rate：收到 '12'；应为利率",
    "negotiate": "文件：没有写文件名；请写一个",
    "negotiate none.toml": "none.toml：没有这个文件或文件夹；请写其他文件名",
    "negotiate good.csv --example": "--example：不能同时写文件 good.csv；请去掉其中一项",
    "negotiate empty.toml": "empty.toml：today：收到 None；须写明各项数字的日期",
    "negotiate --example --today soon": "--example：today：收到 'soon'；应为",
    "negotiate --example --out good.csv": "good.csv：文件已存在；请写其他文件名",
    "selftest none.toml": "none.toml：没有这个文件或文件夹；请写其他文件名",
    "selftest good.csv --template": "--template：不能同时写文件 good.csv",
    "selftest empty.toml": "empty.toml：cases：收到 None；至少要有一个案例",
} | {
    f"{command} {wrong}".strip(): said
    for command in COMMANDS
    for wrong, said in {
        "--unknown": "没有这样的选项或参数：--unknown",
        "--unknown 'a b'": "没有这样的选项或参数：",
    }.items()
}  # fmt: skip


def said_of(arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The line about arguments that are wrong."""
    with pytest.raises(SystemExit) as ended:
        sys.exit(main(shlex.split(arguments)))
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err.rstrip("\n")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.csv").write_text(TAPE, encoding="utf-8")
    for name in ("empty.csv", "empty.toml", "good.toml"):
        Path(name).write_text("", encoding="utf-8")


@pytest.mark.parametrize("given", WRONG)
def test_what_is_wrong_is_said_in_chinese(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    first, *others = given.split(" ", 1)
    command = [first] if first.isalpha() else ["", first]
    english = said_of(given, capsys)
    for lang in ("--lang zh", "--lang=zh", "--la zh"):
        line = said_of(" ".join([command[0], lang, *command[1:], *others]).strip(), capsys)
        assert line.startswith("repaylib: ")
        assert WRONG[given] in line
        # words of the library, options and values stay; two English words in a row are a sentence
        said = re.sub(
            r"(\brepaylib|--errors|--columns) [a-z]+|（可选：[^）]*）|'[^']*'|\"[^\"]*\"", "", line
        )
        assert not re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", said), line
        assert line != english


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_language_is_refused_in_english(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "invalid choice: 'fr'" in said_of(f"{command} --lang fr".strip(), capsys)


def test_a_reason_of_the_system_has_its_words() -> None:
    """English is what the system says, and each of the reasons that files have has Chinese."""
    zh = parse_language("zh")
    for name in ("EACCES", "EEXIST", "EISDIR", "ENOENT", "ENOSPC", "ENOTDIR", "EPERM", "EROFS"):
        number = getattr(errno, name)
        reason = reason_of(OSError(number, os.strerror(number), "x"))
        assert reason == os.strerror(number)
        assert re.fullmatch("[一-鿿，]+", zh.render(reason)), name
    assert reason_of(OSError(errno.ECHILD, "No child processes")) == "No child processes"
    assert reason_of(OSError("gone")) == "OSError"
