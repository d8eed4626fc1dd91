"""The whole story from a file on the command line: ``python -m repaylib negotiate --help``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from repaylib.cli.casework import Outcome, negotiate_dossier
from repaylib.cli.common import Parser, add_force, one_line, write_output
from repaylib.cli.dossier import DossierDebt, dossier_of, read_dossier
from repaylib.dates.due_dates import parse_date
from repaylib.documents.agreements import Agreement
from repaylib.documents.letters import Letter
from repaylib.errors import RepayError, as_python
from repaylib.schedule.output_files import Outputs
from repaylib.typing import Lang

__all__ = ["EXAMPLE", "EXAMPLE_ZH", "negotiate"]

#: The name of the file that ``--example --out`` writes.
EXAMPLE_FILE = "example.toml"

EXAMPLE = """\
# What I owe, what I can pay, and what I wish. Amounts of a fraction are exact: 888.49.
today = 2024-06-24
lang = "en"                     # of the letter and the agreement: en or zh
currency = "CNY"
circumstances = "My employer has cut the hours since March."

[borrower]
name = "Chen Yu"
contact = "555-0100"

[budget]                        # one amount, or one for each month; the weak month decides
income = [5200, 4900, 5200]
essentials = 3600
reserve = 100

[[debts]]                       # a loan, with the parameters of repaylib.Loan
lender = "Consumer Finance"
principal = 10000
rate = "12%"
payments = 12
start = 2024-01-10
paid_until = 2024-04-10         # or receipts = [{on = 2024-02-10, amount = 888.49}]
penalty = "1.5"                 # times the rate, on what is overdue

[[debts]]                       # a card: what is owed, its rate, and the rule of its minimum
lender = "Card"
balance = 3000
rate = "18%"
minimum = ["4%", 50]

[wish]                          # the parameters of repaylib.negotiate
debt = "Consumer Finance"
by = ["term", "deferral"]
choose = "cheapest"             # or lightest, soonest, mildest, or the number of a plan
arrears = {penalty = "forgive", interest = "spread"}

[limits]                        # what the lender allows, with the parameters of repaylib.Limits
preset = "art_70"
months = 18

[agreement]                     # what else is to be written down
no_new_credit = true
settlement_fee = 0
pay_to = "account 1234"
breach = {days = 30, reinstates = "forgiven"}
"""

#: The same in Chinese.
EXAMPLE_ZH = """\
# 欠款、每月可还款额和希望谈成的还款方案。金额可以带小数，按分计算：888.49。
today = 2024-06-24
lang = "zh"                     # 申请书和协议的语言：en 或 zh
currency = "CNY"
circumstances = "自今年三月起，单位缩减工时，收入减少。"

[borrower]
name = "陈雨"
contact = "555-0100"

[budget]                        # 一个金额，或者每月一个；以最紧张的月份为准
income = [5200, 4900, 5200]
essentials = 3600
reserve = 100

[[debts]]                       # 一笔贷款，参数与 repaylib.Loan 相同
lender = "某消费金融公司"
principal = 10000
rate = "12%"
payments = 12
start = 2024-01-10
paid_until = 2024-04-10         # 或者 receipts = [{on = 2024-02-10, amount = 888.49}]
penalty = "1.5"                 # 对逾期款项按贷款利率的倍数计收罚息

[[debts]]                       # 信用卡：欠款余额、利率和最低还款额的规则
lender = "信用卡"
balance = 3000
rate = "18%"
minimum = ["4%", 50]

[wish]                          # 参数与 repaylib.negotiate 相同
debt = "某消费金融公司"
by = ["term", "deferral"]
choose = "cheapest"             # 或者 lightest、soonest、mildest，或者方案的序号
arrears = {penalty = "forgive", interest = "spread"}

[limits]                        # 贷款人的条件，参数与 repaylib.Limits 相同
preset = "art_70"
months = 18

[agreement]                     # 还需写入协议的内容
no_new_credit = true
settlement_fee = 0
pay_to = "账户 1234"
breach = {days = 30, reinstates = "forgiven"}
"""


def negotiate(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit code: 0, 1 if it cannot print, 2 for bad arguments."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.example and options.file is not None:
        parser.error(f"--example: got FILE {options.file} too; leave one of them out")
    if options.file is None and not options.example:
        parser.error("FILE: none was given; write one, such as what --example prints")
    written: list[str] = []
    try:
        if options.example:
            text = _example(options.lang or "en", options.today)
            if options.out is None and not options.json:
                return write_output(text.rstrip())
            dossier = dossier_of(text)
        else:
            dossier = read_dossier(options.file, lang=options.lang, today=options.today)
        outcome = negotiate_dossier(dossier)
        if options.out is not None:
            texts, written = _documents(outcome, Path(options.out))
            if options.example:
                file = Path(options.out) / EXAMPLE_FILE
                texts[file] = text
                written.insert(0, f"{file}: what the papers are made from")
            _write(texts, options)
    except RepayError as error:
        place = "--example: " if options.example else f"{options.file}: "
        place = "" if error.parameter == "--out" else place
        print(
            f"repaylib: {place}{one_line(error.message(error.parameter, _in_toml))}",
            file=sys.stderr,
        )
        return 2
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}; write another file name"
        print(f"repaylib: {one_line(reason)}", file=sys.stderr)
        return 2
    if options.json:
        return write_output(json.dumps(_as_json(outcome), ensure_ascii=False, indent=2))
    papers = [str(paper) for paper in _papers(outcome).values()] if options.out is None else []
    return write_output("\n\n".join([*_report(outcome), *papers, "\n".join(written)]).rstrip())


def _in_toml(name: str | None, value: object) -> str:
    """Write an argument of a hint as the file has it: ``payments = 12``."""
    text = str(value).lower() if isinstance(value, bool) else as_python(None, value)
    return text if name is None else f"{name} = {text}"


def _example(lang: Lang, today: str | None) -> str:
    """Return the file to begin with, in a language and for a day."""
    text = {"en": EXAMPLE, "zh": EXAMPLE_ZH}[lang]
    if today is None:
        return text
    return text.replace("today = 2024-06-24", f"today = {parse_date(today, 'today')}")


def _parser() -> Parser:
    parser = Parser(
        prog="python -m repaylib negotiate",
        description="From debts, a budget and wishes to the plans that can be agreed, the request to "
        "the lender, and the agreement.",
    )
    parser.add_argument("file", metavar="FILE", nargs="?", help="TOML file; --example prints one")
    parser.add_argument("--lang", choices=get_args(Lang), help="language of the papers")
    parser.add_argument("--today", metavar="DAY", help="day of the figures")
    parser.add_argument(
        "--out", metavar="DIR", help="write the papers there, as .txt, .md, .html and .json"
    )
    add_force(parser)
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument(
        "--example",
        action="store_true",
        help="print a file to begin with, in the language of --lang; with --out or --json, work it out",
    )
    return parser


def _report(outcome: Outcome) -> list[str]:
    dossier, found, option = outcome.dossier, outcome.found, outcome.option
    name = dossier.wished.debt.name
    parts = [
        str(dossier.budget),
        "\n".join([f"Owed on {dossier.today}:", *(_debt(owed) for owed in dossier.debts)]),
        "\n".join(["Everything as agreed:", _first_line(outcome.as_agreed)]),
        "\n".join([_left(outcome), str(found)]),
    ]
    if not found.feasible:
        return parts
    assert option is not None, "a plan that can be agreed has an option"
    lines = [f"Written down for {name}, the {_choice(outcome)}: {option.name}"]
    lines += [f"- {change}" for change in option.changes]
    parts.append("\n".join(lines))
    if outcome.together is not None:
        together = outcome.together
        parts.append("\n".join([_first_line(together), "", str(together.sheet())]))
    return parts


def _left(outcome: Outcome) -> str:
    name, affordable = outcome.dossier.wished.debt.name, f"{outcome.affordable:,f}"
    if "affordable" in outcome.dossier.wish:
        return f"Plans for {name}, with {affordable} a month:"
    if not outcome.dossier.others:
        return f"Plans for {name}, with the {affordable} a month that the budget leaves:"
    return (
        f"Plans for {name}, with {affordable} a month: the other debts ask for "
        f"{outcome.others_ask:,f} of {outcome.dossier.budget.affordable:,f}"
    )


def _debt(owed: DossierDebt) -> str:
    if owed.statement is None or not owed.overdue:
        return f"- {owed.debt}"
    statement = owed.statement
    return f"- {owed.debt}; owed {statement.balances}; {statement.days_past_due} days past due"


def _choice(outcome: Outcome) -> str:
    choose = outcome.dossier.choose
    return f"plan {choose}" if isinstance(choose, int) else choose


def _first_line(of: object) -> str:
    return str(of).partition("\n")[0]


def _papers(outcome: Outcome) -> dict[str, Letter | Agreement]:
    papers: dict[str, Letter | Agreement] = {"letter": outcome.letter}
    if outcome.agreement is not None:
        papers["agreement"] = outcome.agreement
    return papers


def _documents(outcome: Outcome, folder: Path) -> tuple[dict[Path, str], list[str]]:
    """Return the files of the papers, and a line for each paper."""
    texts: dict[Path, str] = {}
    lines = []
    for name, paper in _papers(outcome).items():
        forms = {
            "txt": paper.to_text,
            "md": paper.to_markdown,
            "html": paper.to_html,
            "json": paper.to_json,
        }
        texts |= {folder / f"{name}.{ending}": make() for ending, make in forms.items()}
        lines.append(f"{folder / name}: {', '.join(f'.{ending}' for ending in forms)}")
        missing = paper.translated("en").missing()  # as all that is printed here
        if missing:
            lines[-1] += f"; still missing: {', '.join(item.name for item in missing)}"
    return texts, lines


def _write(texts: Mapping[Path, str], options: argparse.Namespace) -> None:
    """Write files into a folder, which is made if it is not there."""
    Path(options.out).mkdir(parents=True, exist_ok=True)
    files = [("--out", file) for file in texts]
    with Outputs(files, [("FILE, the debts and wishes", options.file)], options.force) as outputs:
        for file, text in texts.items():
            outputs.text(file).write(text)


def _as_json(outcome: Outcome) -> dict[str, Any]:
    found = outcome.found
    shown = list(found) or ([found.nearest] if found.nearest is not None else [])
    return {
        "today": outcome.dossier.today.isoformat(),
        "affordable": str(outcome.affordable),
        "feasible": found.feasible,
        "binding": list(found.binding),
        "plans": [
            {
                "name": option.name,
                "description": option.description,
                "total": str(option.total),
                "payment": str(option.payment),
                "end": option.end.isoformat(),
                "loss": str(option.exact_loss),
                "schedule": option.schedule.to_dict(),
            }
            for option in shown
        ],
        "would_have_to_give": [str(relief) for relief in found.reliefs],
        "written_down": None if outcome.option is None else outcome.option.name,
        **{name: paper.to_dict() for name, paper in _papers(outcome).items()},
    }
