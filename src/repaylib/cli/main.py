"""The main job on the command line: ``python -m repaylib --help``."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from functools import partial
from typing import Any, TextIO

from repaylib.cli.common import (
    Parser,
    add_force,
    add_language,
    choose,
    in_options,
    interruptible,
    option,
    reason_of,
    refuse,
    whole,
    write_output,
)
from repaylib.cli.five_ways import five_ways
from repaylib.dates.day_count import DAY_COUNTS, ODD_DAYS
from repaylib.dates.due_dates import parse_date
from repaylib.errors import Phrase, RepayError
from repaylib.measures.comparison import Comparison, compare
from repaylib.measures.reading.change_readings import readings
from repaylib.measures.reading.named_readings import Readings
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.money.rounding import ROUNDINGS
from repaylib.output.files import Outputs
from repaylib.output.page import on_a_page
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.verbs import amortise
from repaylib.terms.loan import Loan
from repaylib.terms.methods import METHODS
from repaylib.wording.sentence import Listed, Money, Sentence, lines_of, parse_language

EXAMPLE = {"principal": "10000", "rate": "12%", "payments": 12, "start": "2024-01-10"}
AFFORDABLE = "700"
#: Parameters of the ways to go on whose options have other names.
WAY_OPTIONS = {"on": "--settle-on", "rate": "--new-rate", "payments": "--instalments"}
WAYS = ("agreed", "instalments", "rate-cut", "deferral", "interest-free", "settlement")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code: 0, 1 if it cannot print, 2 for bad arguments."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    with interruptible():
        return _command(given)


def _command(given: list[str]) -> int:
    if given[:1] == ["book"]:
        from repaylib.cli.book import book  # of no use to a single loan

        return book(given[1:])
    if given[:1] == ["negotiate"]:
        from repaylib.cli.negotiate import negotiate

        return negotiate(given[1:])
    if given[:1] == ["verify"]:
        from repaylib.cli.verify import main as verify

        return verify(given[1:])
    if given[:1] == ["selftest"]:
        from repaylib.cli.selftest import selftest

        return selftest(given[1:])
    parser = _parser()
    options = parser.parse_args(given)
    names = {name: option(name) for name in vars(options)}
    try:
        with Outputs([("--csv", options.csv)], force=options.force) as outputs:
            if outputs.standard and (options.json or options.schedule):
                other = "--json" if options.json else "--schedule"
                wrong = "--csv: got {}, where {} prints; write a file name"
                parser.error(Phrase(wrong, options.csv, other))
            plan = amortise(_loan(options))
            names |= WAY_OPTIONS
            text = _run(options, plan, outputs)
    except RepayError as error:
        return refuse(in_options(error, names), options.lang)
    except OSError as error:
        wrong = "--csv: cannot write {!r}: {}; write another file name"
        return refuse(Phrase(wrong, options.csv, reason_of(error)), options.lang)
    return write_output(text, beside=outputs.standard, lang=options.lang)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="repaylib",
        usage="%(prog)s [options] | book FILE ... | negotiate FILE ... | verify FILE | selftest",
        description="Five ways to repay a loan, and all readings of a deferral, side by side.\n"
        "example: %(prog)s --principal 25000 --rate 18%% --payments 24 --start 2024-03-15",
        epilog="Without options: 10000 at 12 %%, 12 payments, trouble from payment 4, 700 affordable.\n"
        "Other commands: %(prog)s book, negotiate, verify, or selftest --help",
    )
    terms = parser.add_argument_group("the loan")
    say = partial(terms.add_argument, default=None)
    say("--principal", metavar="AMOUNT", help="amount lent, such as 10000")
    say("--rate", metavar="RATE", help="a year, such as 12%%")
    say("--payments", metavar="N", type=whole, help="number of instalments")
    say("--start", metavar="DAY", help="paid out on, such as 2024-01-10")
    say("--first-payment", metavar="DAY", help="first due date, if not one period later")
    say("--every", metavar="PERIOD", default="month", help='month, "2 weeks", quarter, year ...')
    choose(terms, "--method", METHODS, default="level")
    choose(terms, "--day-count", DAY_COUNTS)
    choose(terms, "--odd-days", ODD_DAYS, default="pro_rata")
    choose(terms, "--rounding", ROUNDINGS, default="half_up")
    say("--currency", metavar="CODE", default="XXX", help="ISO 4217, such as CNY")
    terms.add_argument(
        "--negative-amortisation", action="store_true", help="a payment may be below its interest"
    )
    wishes = parser.add_argument_group("the negotiation")
    say = partial(wishes.add_argument, default=None)
    say("--payment", metavar="N", type=whole, help="first payment in trouble (4)")
    say("--affordable", metavar="AMOUNT", help="what can be paid on one day")
    say("--instalments", metavar="N", type=whole, help="number of new instalments")
    say("--new-rate", metavar="RATE", help="of the rate cut (two thirds)")
    say("--periods", metavar="N", type=whole, default=1, help="length of the deferral (1)")
    say("--settle-on", metavar="DAY", help="of the early settlement (half way)")
    say("--fee", metavar="FEE", help="for settling, such as 50 or 1%%")
    out = parser.add_argument_group("output")
    choose(out, "--schedule", WAYS, nargs="?", const="agreed", help="print the rows")
    out.add_argument("--csv", metavar="FILE", help="write the rows of all plans; - prints them")
    add_force(out)
    add_language(out, default="en")
    out.add_argument("--json", action="store_true", help="print everything as JSON")
    return parser


def _loan(options: argparse.Namespace) -> Loan:
    given = {name: getattr(options, name) for name in EXAMPLE}
    terms: dict[str, Any] = {
        name: EXAMPLE[name] if value is None else value for name, value in given.items()
    }
    return Loan(
        **terms,
        first_payment=options.first_payment,
        every=options.every,
        method=options.method,
        day_count=options.day_count,
        odd_days=options.odd_days,
        currency=options.currency,
        rounding=options.rounding,
        negative_amortisation=options.negative_amortisation,
    )


def _run(options: argparse.Namespace, plan: Schedule, outputs: Outputs) -> str:
    own = any(getattr(options, name) is not None for name in EXAMPLE)
    affordable = options.affordable
    if affordable is None and not own:
        affordable = AFFORDABLE
    payment = min(4, len(plan)) if options.payment is None else options.payment
    ways = five_ways(
        plan,
        payment,
        affordable=affordable,
        payments=options.instalments,
        new_rate=options.new_rate,
        periods=options.periods,
        settle_on=None if options.settle_on is None else parse_date(options.settle_on, "settle_on"),
        fee=options.fee,
    )
    plans = {"as agreed": plan, **ways}
    language = parse_language("en" if options.json else options.lang)
    names = [language.say(f"plan.{name}") for name in plans]
    side_by_side = compare(*plans.values(), affordable=affordable, names=names)
    read = readings(plan, payment, options.periods)
    if options.csv is not None:
        _write_csv(outputs.text(options.csv), plans)
    if options.json:
        return json.dumps(_as_json(plans, side_by_side, read), ensure_ascii=False, indent=2)
    if options.schedule:
        return dict(zip(WAYS, plans.values(), strict=True))[options.schedule].rendered(language)
    searched = options.instalments is None and affordable is not None
    report = _report(plan, payment, options.periods, side_by_side, read, searched=searched)
    return "\n".join(map(on_a_page, language.render(report).split("\n")))


def _report(
    plan: Schedule,
    payment: int,
    periods: int,
    side_by_side: Comparison,
    read: Readings,
    *,
    searched: bool,
) -> Listed:
    figures = Sentence(
        "report.figures",
        instalment=Money(plan.instalment, plan.loan.currency),
        interest=f"{plan.total_interest:,f}",
        last=f"{plan.final_payment:,f}",
        day=plan.maturity,
    )
    changes = [
        Sentence("report.way", name=way.name, change=way.schedule.changes[-1])
        for way in side_by_side
        if way.schedule.changes
    ]
    misfit = _misfit(side_by_side) if searched else ""
    parts = [
        lines_of(plan.loan, figures),
        Sentence("report.trouble", number=payment),
        lines_of(side_by_side, misfit),
        lines_of(*changes),
        Sentence("report.readings", count=periods),
        read,
    ]
    return Listed(parts, "paragraph")


def _misfit(side_by_side: Comparison) -> Sentence | str:
    """Say so if no number of instalments was found that fits."""
    new = side_by_side.rows[1]
    if new.fits:
        return ""
    amount, count = f"{side_by_side.affordable:,f}", new.schedule.changes[-1].label
    return Sentence("report.misfit", most=f"{MOST_PAYMENTS:,}", amount=amount, shown=count)


def _write_csv(out: TextIO, plans: dict[str, Schedule]) -> None:
    writer = csv.writer(out, lineterminator="\n")
    names = list(next(iter(plans.values())).columns)
    writer.writerow(["plan", *names])
    for plan, schedule in plans.items():
        for row in schedule:
            writer.writerow([plan, *(getattr(row, name) for name in names)])


def _as_json(
    plans: dict[str, Schedule], side_by_side: Comparison, read: Readings
) -> dict[str, Any]:
    def summary(measures: Any) -> dict[str, Any]:
        names = [field.name for field in fields(measures) if field.name != "schedule"]
        return {name: _json_value(getattr(measures, name)) for name in names}

    return {
        "since": side_by_side.since.isoformat(),
        "affordable": _json_value(side_by_side.affordable),
        "plans": [
            {**summary(measures), "schedule": plan.to_dict(), "rows": _rows(plan)}
            for measures, plan in zip(side_by_side, plans.values(), strict=True)
        ],
        "readings": {name: _reading(plan) for name, plan in read.items()},
    }


def _reading(plan: Schedule) -> dict[str, Any]:
    return {
        "total_paid": str(plan.out_of_pocket),
        "maturity": plan.maturity.isoformat(),
        "schedule": plan.to_dict(),
    }


def _rows(plan: Schedule) -> list[dict[str, Any]]:
    return [{name: _json_value(getattr(row, name)) for name in plan.columns} for row in plan.rows]


def _json_value(value: Any) -> Any:
    return value if value is None or isinstance(value, (int, bool, str)) else str(value)


if __name__ == "__main__":
    sys.exit(main())
