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
from repaylib.cli.dossier_example import EXAMPLE_DAY, example
from repaylib.documents.agreements import Agreement
from repaylib.documents.letters import Letter
from repaylib.errors import RepayError, as_python
from repaylib.output.files import Outputs
from repaylib.typing import Lang
from repaylib.wording.sentence import parse_language

__all__ = ["negotiate"]

#: The name of the file that ``--example --out`` writes.
EXAMPLE_FILE = "example.toml"


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
            text = example(options.lang or "en", options.today or EXAMPLE_DAY)
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
        language = parse_language(options.lang or "en")
        message = language.render(error.message(error.parameter, _in_toml))
        print(f"repaylib: {place}{one_line(message)}", file=sys.stderr)
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
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, dict):
        text = f"{{{', '.join(_in_toml(key, each) for key, each in value.items())}}}"
    else:
        text = as_python(None, value)
    return text if name is None else f"{name.partition('[')[0]} = {text}"


def _parser() -> Parser:
    parser = Parser(
        prog="repaylib negotiate",
        description="From debts, a budget and wishes to the plans that can be agreed, the request\nto "
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
