"""The whole story from a file on the command line: ``python -m repaylib negotiate --help``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from repaylib.cli.casework import Outcome, negotiate_dossier
from repaylib.cli.common import (
    Parser,
    add_force,
    add_language,
    in_toml,
    refuse,
    unusable,
    write_output,
)
from repaylib.cli.dossier import DossierDebt, dossier_of, read_dossier
from repaylib.cli.dossier_example import EXAMPLE_DAY, example
from repaylib.documents.agreements import Agreement
from repaylib.documents.letters import Letter
from repaylib.errors import Phrase, RepayError
from repaylib.negotiation.budget_plan import BudgetPlan
from repaylib.negotiation.debts import Debt
from repaylib.output.files import Outputs
from repaylib.output.page import on_a_page
from repaylib.wording.sentence import Bare, Listed, Sentence, lines_of, parse_language

__all__ = ["negotiate"]

#: The name of the file that ``--example --out`` writes.
EXAMPLE_FILE = "example.toml"


def negotiate(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit code: 0, 1 if it cannot print, 2 for bad arguments."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.example and options.file is not None:
        parser.error(
            Phrase("{}: got FILE {} too; leave one of them out", "--example", options.file)
        )
    if options.file is None and not options.example:
        parser.error(Phrase("FILE: none was given; write one, such as what --example prints"))
    written: list[str] = []
    try:
        if options.example:
            text = example(options.lang or "en", options.today or EXAMPLE_DAY)
            if options.out is None and not options.json:
                return write_output(text.rstrip(), lang=options.lang)
            dossier = dossier_of(text)
        else:
            dossier = read_dossier(options.file, lang=options.lang, today=options.today)
        outcome = negotiate_dossier(dossier)
        if options.out is not None:
            texts, written = _documents(outcome, Path(options.out))
            if options.example:
                file = Path(options.out) / EXAMPLE_FILE
                texts[file] = text
                language = parse_language(dossier.lang)
                written.insert(0, language.say("report.example", file=f"{file}"))
            _write(texts, options)
    except RepayError as error:
        message = error.message(error.parameter, in_toml)
        if error.parameter != "--out":
            place = "--example" if options.example else options.file
            message = Phrase("{}: {}", place, message)
        return refuse(message, options.lang)
    except OSError as error:
        return refuse(unusable(error), options.lang)
    if options.json:
        text = json.dumps(_as_json(outcome), ensure_ascii=False, indent=2)
        return write_output(text, lang=options.lang)
    papers = [str(paper) for paper in _papers(outcome).values()] if options.out is None else []
    text = "\n\n".join([*_report(outcome), *papers, "\n".join(written)])
    return write_output(text.rstrip(), lang=options.lang)


def _parser() -> Parser:
    parser = Parser(
        prog="repaylib negotiate",
        description="From debts, a budget and wishes to the plans that can be agreed, the request\nto "
        "the lender, and the agreement.",
    )
    parser.add_argument("file", metavar="FILE", nargs="?", help="TOML file; --example prints one")
    add_language(parser, default=None)
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
    language, name = parse_language(dossier.lang), dossier.wished.debt.name

    def verdict(plan: BudgetPlan) -> str:
        return on_a_page(language.render(plan.verdict))

    owed = Sentence("report.owed", day=dossier.today)
    parts: list[object] = [
        dossier.budget,
        lines_of(owed, *(Sentence("report.item", what=_debt(each)) for each in dossier.debts)),
        lines_of(Sentence("report.as_agreed"), verdict(outcome.as_agreed)),
        lines_of(_left(outcome), found),
    ]
    if found.feasible:
        assert option is not None, "a plan that can be agreed has an option"
        written = Sentence("report.written", name=name, choice=_choice(outcome), option=option.name)
        changes = [Sentence("report.item", what=change) for change in option.changes]
        parts.append(lines_of(written, *changes))
        if (together := outcome.together) is not None:
            parts += [verdict(together), together.sheet(lang=language.code)]
    return list(map(language.render, parts))


def _left(outcome: Outcome) -> Sentence:
    dossier = outcome.dossier

    def money(amount: Decimal) -> Bare:
        return Bare(amount, dossier.budget.currency)

    said: dict[str, object] = {
        "name": dossier.wished.debt.name,
        "affordable": money(outcome.affordable),
    }
    if "affordable" in dossier.wish:
        return Sentence("report.plans", **said)
    if not dossier.others:
        return Sentence("report.plans_left", **said)
    others, budget = money(outcome.others_ask), money(dossier.budget.affordable)
    return Sentence("report.plans_others", others=others, budget=budget, **said)


def _debt(owed: DossierDebt) -> Sentence | Debt:
    if owed.statement is None or not owed.overdue:
        return owed.debt
    statement = owed.statement
    return Sentence(
        "report.owed_late",
        debt=owed.debt,
        balances=statement.balances,
        days=statement.days_past_due,
    )


def _choice(outcome: Outcome) -> Sentence:
    choose = outcome.dossier.choose
    if isinstance(choose, int):
        return Sentence("report.choice", number=choose)
    return Sentence(f"choice.{choose}")


def _papers(outcome: Outcome) -> dict[str, Letter | Agreement]:
    papers: dict[str, Letter | Agreement] = {"letter": outcome.letter}
    if outcome.agreement is not None:
        papers["agreement"] = outcome.agreement
    return papers


def _documents(outcome: Outcome, folder: Path) -> tuple[dict[Path, str], list[str]]:
    """Return the files of the papers, and a line for each paper."""
    texts: dict[Path, str] = {}
    lines = []
    language = parse_language(outcome.dossier.lang)
    for name, paper in _papers(outcome).items():
        forms = {
            "txt": paper.to_text,
            "md": paper.to_markdown,
            "html": paper.to_html,
            "json": paper.to_json,
        }
        texts |= {folder / f"{name}.{ending}": make() for ending, make in forms.items()}
        endings = Listed([f".{ending}" for ending in forms], "names")
        line = Sentence("report.files", file=f"{folder / name}", endings=endings)
        if missing := paper.missing():
            names = Listed([item.name for item in missing], "names")
            line = Sentence("report.missing", files=line, names=names)
        lines.append(language.render(line))
    return texts, lines


def _write(texts: Mapping[Path, str], options: argparse.Namespace) -> None:
    """Write files into a folder, which is made if it is not there."""
    Path(options.out).mkdir(parents=True, exist_ok=True)
    files = [("--out", file) for file in texts]
    with Outputs(
        files, [(Phrase("FILE, the debts and wishes"), options.file)], options.force
    ) as outputs:
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
