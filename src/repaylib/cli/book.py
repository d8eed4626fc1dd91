"""A book of loans on the command line: ``python -m repaylib book --help``."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from functools import partial
from inspect import signature
from typing import Any, get_args

from repaylib.cli.common import (
    Parser,
    add_force,
    add_language,
    as_options,
    choose,
    in_options,
    option,
    refuse,
    unusable,
    whole,
    write_output,
)
from repaylib.cli.loan_tape import Tape, parse_column, read_tape
from repaylib.cli.scenario import add_scenario, carried_out, columns_of
from repaylib.cli.tape_output import (
    PLANS,
    add_raw_text,
    check_out,
    in_short,
    write_book,
    write_rejects,
)
from repaylib.dates.day_count import DAY_COUNTS, ODD_DAYS
from repaylib.errors import Phrase, RepayError, TermsError
from repaylib.money.rounding import ROUNDINGS
from repaylib.output.files import Outputs
from repaylib.output.progress import Bar
from repaylib.portfolio.book.column_sources import MONEY
from repaylib.portfolio.book.formats import ReadFormats, parse_formats
from repaylib.portfolio.book.portfolio import Portfolio
from repaylib.schedule.verbs import amortise
from repaylib.terms.loan import Loan
from repaylib.terms.methods import METHODS
from repaylib.typing import Formats, RateUnit
from repaylib.wording.sentence import Listed, Sentence, lines_of, parse_language

__all__ = ["book"]

_TERMS = (
    "principal",
    "rate",
    "payments",
    "start",
    "first_payment",
    "every",
    "method",
    "day_count",
    "odd_days",
    "currency",
    "rounding",
    "negative_amortisation",
)


def book(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit code: 0, 1 if it cannot print, 2 for bad arguments."""
    options = _parser().parse_args(arguments)
    tape = None
    try:
        options.read_formats = _formats(options)
        if options.out is not None:
            check_out(options.out)
        files = [("--out", options.out), ("--rejects", options.rejects)]
        with Outputs(files, [(Phrase("the tape"), options.tape)], options.force) as outputs:
            tape = read_tape(options.tape, partial(_wanted, options))
            text = _run(options, tape, outputs)
    except RepayError as error:
        return refuse(_placed(error, options, tape), options.lang)
    except OSError as error:
        return refuse(unusable(error), options.lang)
    return write_output(text, beside=outputs.standard, lang=options.lang)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="repaylib book",
        description="The schedules of all loans of a tape, as agreed and in a scenario, to the cent.\n"
        "example: %(prog)s loans.csv --formats rate=percent --out summary.csv",
    )
    parser.add_argument("tape", metavar="TAPE", help="CSV file with a line of names, or .parquet")
    parser.add_argument(
        "--out", metavar="FILE", help="write to FILE, .csv or .parquet; - prints CSV"
    )
    parser.add_argument(
        "--output",
        default="summary",
        choices=("summary", "rows"),
        help="what is written: a line for each loan, or for each of its due dates",
    )
    parser.add_argument(
        "--columns",
        metavar="OUR=THEIR,...",
        help="columns of the tape, such as principal=amount,start=origination_date,id=number; "
        "otherwise those that are named as the parameters of a loan, and id",
    )
    parser.add_argument("--keep", metavar="NAME,...", help="further columns to carry through")
    parser.add_argument(
        "--formats",
        metavar="WHAT=FORMAT",
        action="append",
        default=[],
        help="how the tape writes a rate, amount, number or date, such as rate=percent, rate=share, "
        "rate=bp, amount=major, number=1.234,56, date=DD/MM/YYYY; once for each",
    )
    units = get_args(RateUnit)  # of an option that --formats replaces
    parser.add_argument("--rate-unit", choices=units, help=argparse.SUPPRESS)
    parser.add_argument(
        "--errors",
        default="raise",
        choices=("raise", "collect"),
        help="stop at a loan or a change that cannot be computed, or set the loan aside, leave out "
        "the change, and go on",
    )
    parser.add_argument("--rejects", metavar="FILE", help="write what was refused to a CSV file")
    add_raw_text(parser)
    add_force(parser)
    add_language(parser, default="en")
    parser.add_argument(
        "--progress", action="store_true", help="show a bar also where there is no terminal"
    )
    terms = parser.add_argument_group("terms that hold for all loans")
    kinds = {"principal": "AMOUNT", "rate": "RATE", "start": "DAY", "first-payment": "DAY"}
    for name, kind in (kinds | {"every": "PERIOD", "currency": "CODE"}).items():
        terms.add_argument(f"--{name}", metavar=kind)
    terms.add_argument("--payments", type=whole, metavar="N")
    choose(terms, "--method", METHODS)
    choose(terms, "--day-count", DAY_COUNTS)
    choose(terms, "--odd-days", ODD_DAYS)
    choose(terms, "--rounding", ROUNDINGS)
    terms.add_argument("--negative-amortisation", action="store_true", default=None)
    add_scenario(parser)
    return parser


def _formats(options: argparse.Namespace) -> ReadFormats:
    """Return how the tape writes its values, as ``--formats`` says."""
    if options.rate_unit is not None:
        hint = Phrase("write {}", f"--formats rate={options.rate_unit}")
        raise TermsError("--rate-unit", options.rate_unit, Phrase("{}", "--formats"), hint)
    given: dict[str, str] = {}
    for pair in options.formats:
        what, equals, written = pair.partition("=")
        if not equals or what in given:
            expected = "one format of each kind, such as rate=percent"
            raise TermsError(
                "--formats", pair, expected, Phrase("write {} once for each", "WHAT=FORMAT")
            )
        given[what] = written
    return parse_formats(given)


def _mapping(options: argparse.Namespace, names: Sequence[str]) -> dict[str, str]:
    """Return which column is what: as ``--columns`` says, or by the names of the tape."""
    if options.columns is None:
        known = [name for name in ("id", *signature(Loan).parameters) if name in names]
        return dict(zip(known, known, strict=True))
    pairs = [pair.partition("=") for pair in options.columns.split(",")]
    known = ["id", *signature(Loan).parameters]
    for our, _, their in pairs:
        if our not in known or not their:
            raise TermsError(
                "--columns",
                f"{our}={their}" if their else our,
                Phrase("pairs such as start=origination_date; ours are {}", ", ".join(known)),
                Phrase("write {}", "OUR=THEIR"),
            )
    return {our: their for our, _, their in pairs}


def _wanted(options: argparse.Namespace, names: Sequence[str]) -> dict[str, str]:
    """Return the columns of the tape that are needed, and what for."""
    options.mapping = _mapping(options, names)
    options.kept = [their for our, their in options.mapping.items() if our == "id"]
    options.kept += [name for name in (options.keep or "").split(",") if name]
    wanted = columns_of(options.scenario)
    wanted |= dict.fromkeys(options.kept, "keep")
    return wanted | {their: our for our, their in options.mapping.items()}


def _run(options: argparse.Namespace, tape: Tape, outputs: Outputs) -> str:
    begun = time.perf_counter()
    loans = Portfolio(**_cells(options, tape), errors=options.errors)
    plans = [amortise(loans)]
    for number, step in enumerate(options.scenario, 1):
        try:
            plans = [plans[0], carried_out(plans[-1], step, tape, options.read_formats)]
        except RepayError as error:
            error.change = number
            raise
    kept = {name: tape.columns[name] for name in options.kept}
    shown = options.progress or None
    summaries = [
        plan.summary(progress=Bar(name, "loans", shown=shown))
        for plan, name in zip(plans, PLANS, strict=False)
    ]
    text = in_short(plans, summaries, progress=shown)
    if options.out is not None:
        summary = summaries[-1] if options.output == "summary" else None
        write_book(outputs, options.out, plans[-1], kept, summary, raw=options.raw_text)
    if options.rejects is not None:
        about = {name: tape.plain(name) for name in options.kept}
        out = outputs.text(options.rejects)
        write_rejects(out, plans[-1], about, tape.lines, raw=options.raw_text)
    spent = time.perf_counter() - begun
    used = {*options.mapping.values(), *options.kept}
    unused = [name for name in tape.names if name not in used | set(columns_of(options.scenario))]
    major = options.read_formats.amount == "major"
    minor = [
        their
        for our, their in options.mapping.items()
        if our in MONEY and tape.is_whole(their) and not major
    ]
    notes = [
        *([Sentence("tape.unused", columns=Listed(unused, "names"))] if unused else []),
        *([Sentence("tape.minor", columns=Listed(minor, "names"))] if minor else []),
        Sentence("tape.time", loans=f"{len(tape):,}", seconds=f"{spent:.1f}"),
    ]
    return parse_language(options.lang).render(lines_of(text, *notes))


def _cells(options: argparse.Namespace, tape: Tape) -> dict[str, Any]:
    """Return the terms of all loans: columns of the tape, and values for all loans."""
    terms = {name: getattr(options, name) for name in _TERMS}
    given = {name: word for name, word in terms.items() if word is not None}
    for our, their in options.mapping.items():
        if our == "id":
            continue
        if our in given:
            raise TermsError(
                option(our),
                given[our],
                Phrase("nothing, as --columns says {}={}", our, their),
                "leave one out",
            )
        given[our] = parse_column(tape.columns[their], our, options.read_formats)
    missing = [name for name in ("principal", "rate", "start") if name not in given]
    if missing:
        raise TermsError(
            "--columns",
            options.columns,
            Phrase("a column for {} (the tape has {})", ", ".join(missing), ", ".join(tape.names)),
            Phrase("write --columns {}=NAME, or --{} for all loans", missing[0], missing[0]),
        )
    return given


def _placed(error: RepayError, options: argparse.Namespace, tape: Tape | None) -> Phrase:
    """Report an error with the command line's options, the line of the tape and the column."""
    if error.row is None or tape is None:
        names = {name: option(name) for name in _TERMS if getattr(options, name) is not None}
        names |= {"formats": "--formats"}
        names |= {f"formats[{what}]": f"--formats {what}" for what in Formats.__annotations__}
        if error.change is not None:
            names = options.scenario[error.change - 1].names()
        return in_options(error, names)
    their = options.mapping.get(error.column, error.column)
    if error.change is not None:
        word = options.scenario[error.change - 1].values.get(error.column, "")
        their = word[1:] if word.startswith("@") else error.column
    helps = options.errors == "raise" and error.column != "where"
    place = Phrase("line {} of {}", tape.lines[error.row], tape.file)
    about = [f"{name} {tape.plain(name)[error.row]}" for name in options.kept]
    for part in (*about, their):
        place = Phrase("{}, {}", place, part)
    message = error.message(place, as_options("", {"formats": "--formats"}))
    also = "{}; or write --errors collect to set such loans aside"
    return Phrase(also, message) if helps else message
