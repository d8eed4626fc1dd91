"""Changes to a book of loans, read from the options of the command line.

An option begins a change, and the options after it are those of the change::

    --defer-payment 4 --periods 3 --interest waive --change-rate 8% --payment 10

A word is a value for all loans, or ``@NAME``, the column of the tape that has it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

from repaylib.changes.base import misplaced_amount
from repaylib.cli.common import in_options, whole
from repaylib.cli.loan_tape import AS_WRITTEN, COUNTS, Tape, parse_column
from repaylib.errors import Phrase, TermsError
from repaylib.portfolio.book.formats import ReadFormats
from repaylib.schedule.settlement import settle
from repaylib.schedule.verbs import advance, change_rate, defer, forgive, prepay, reschedule

__all__ = ["ScenarioStep", "add_scenario", "carried_out", "columns_of"]

_VERBS: dict[str, Callable[..., Any]] = {
    "defer": defer,
    "change_rate": change_rate,
    "prepay": prepay,
    "reschedule": reschedule,
    "forgive": forgive,
    "advance": advance,
    "settle": settle,
}

#: Option, verb it begins, parameter that its value is of (None: it takes none), help.
_BEGINNINGS = (
    ("--defer-payment", "defer", "payment", "put instalments off, from this one on"),
    ("--defer-on", "defer", "on", "put instalments off, from this day on"),
    ("--change-rate", "change_rate", "rate", "a new rate, such as 8%%"),
    ("--prepay", "prepay", "amount", "pay an amount on top, such as 1000"),
    ("--reschedule", "reschedule", "payments", "what is owed, in so many new instalments"),
    ("--reschedule-to", "reschedule", "instalment", "what is owed, in instalments of this amount"),
    ("--forgive", "forgive", "amount", "forgive an amount, such as 500, or a share, such as 10%%"),
    ("--advance", "advance", "amount", "lend a further amount"),
    ("--settle-on", "settle", "on", "pay all off on this day"),
    ("--settle-with-payment", "settle", "with_payment", "pay all off together with this payment"),
)
#: Option, parameter of the verb, help.
_OPTIONS = (
    ("--payment", "payment", "from which payment on, of a deferral or of new terms"),
    ("--with-payment", "with_payment", "together with which payment, of an amount"),
    ("--on", "on", "from (or on) which day"),
    ("--periods", "periods", "how many due dates are skipped"),
    ("--pause", "pause", "all, principal or interest"),
    ("--interest", "interest", "accrue or waive; with a prepayment: none, part or all"),
    ("--repay", "repay", "now, next, spread, last or capitalise"),
    ("--hold", "hold", "count, maturity, payment, last (of a prepayment also next)"),
    ("--scope", "scope", "schedule or instalment"),
    ("--base", "base", "instalment or principal"),
    ("--capitalise-every", "capitalise_every", "at every n-th due date skipped"),
    ("--until", "until", "day or instalment from which the old rate is back"),
    ("--new-rate", "rate", "rate of a rescheduling, or of a moved instalment"),
    ("--new-every", "every", "time between the new due dates"),
    ("--new-method", "method", "how the new instalments repay"),
    ("--of", "of", "principal or deferred_interest"),
    ("--fee", "fee", "of settling, such as 50 or 1%%"),
    ("--where", "where", "which loans it concerns: @NAME, a column of true and false"),
)
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(slots=True)
class ScenarioStep:
    """One change as given: the verb, its parameters, and the option of each."""

    verb: str
    values: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)

    def say(self, option: str, name: str, value: str) -> None:
        """Add a parameter; a share to forgive is told apart from an amount."""
        if self.verb == "forgive" and name == "amount" and value.rstrip().endswith("%"):
            name = "share"
        self.values[name] = value
        self.options[name] = option

    def has(self, name: str) -> bool:
        """Whether the change has such a parameter."""
        return name in signature(_VERBS[self.verb]).parameters

    def names(self) -> dict[str, str]:
        """Return the option of each parameter of the verb, as given or as it can be given."""
        options = {name: option for option, name, _ in _OPTIONS if self.has(name)}
        begun = {name: option for option, verb, name, _ in _BEGINNINGS if verb == self.verb}
        return {**options, **begun, **self.options}


class _Begin(argparse.Action):
    """Begin a change."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        verb, name = self.const
        step = ScenarioStep(verb)
        step.say(option_string or "", name, values)
        namespace.scenario = [*namespace.scenario, step]


class _Word(argparse.Action):
    """Add a word to the change begun last."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        option = option_string or ""
        begun = ", ".join(beginning[0] for beginning in _BEGINNINGS)
        if not namespace.scenario:
            wrong = "{} {} belongs to a change: write one of {} before it"
            parser.error(Phrase(wrong, option, values, begun))
        step: ScenarioStep = namespace.scenario[-1]
        if not step.has(self.const):
            if self.const == "payment" and step.has("with_payment"):
                named = {name: f"--{name.replace('_', '-')}" for _, name, _ in _OPTIONS}
                parser.error(in_options(misplaced_amount(whole(values)), named))
            known = [option[0] for option in _OPTIONS if step.has(option[1])]
            first = next(iter(step.options.values()))
            wrong = "{} {} is no option of {}, whose options are {}"
            parser.error(Phrase(wrong, option, values, first, ", ".join(known)))
        if self.const in step.values:
            before = step.options[self.const]
            parser.error(Phrase("{} {} is given twice: {} was before", option, values, before))
        step.say(option, self.const, values)


def add_scenario(parser: argparse.ArgumentParser) -> None:
    """Let a parser read changes, into ``scenario``, in the order in which they are given."""
    begin = parser.add_argument_group(
        "the scenario", "changes, in the order in which they are carried out"
    )
    for option, verb, name, help_text in _BEGINNINGS:
        begin.add_argument(
            option, action=_Begin, const=(verb, name), dest="scenario", metavar="X", help=help_text
        )
    of = parser.add_argument_group(
        "options of the change before them", "X is a value for all loans, or @NAME: a column"
    )
    for option, name, help_text in _OPTIONS:
        of.add_argument(
            option, action=_Word, const=name, dest="scenario", metavar="X", help=help_text
        )
    parser.set_defaults(scenario=[])


def columns_of(scenario: Sequence[ScenarioStep]) -> dict[str, str]:
    """Return the columns that a scenario names, and for which option.

    Raises
    ------
    TermsError
        If a change does not say when.
    """
    for step in scenario:
        place = "with_payment" if step.has("with_payment") else "payment"
        if {place, "on"}.isdisjoint(step.values):
            option, value = next(iter(step.options.values())), next(iter(step.values.values()))
            hint = Phrase("add --{} 4 or --on DAY", place.replace("_", "-"))
            raise TermsError(option, value, "a word for when", hint)
    return {
        value[1:]: step.options[name].removeprefix("--")
        for step in scenario
        for name, value in step.values.items()
        if value.startswith("@")
    }


def carried_out(
    plan: Any, step: ScenarioStep, tape: Tape, formats: ReadFormats = AS_WRITTEN
) -> Any:
    """Return the schedules of a book after one more change."""
    values: dict[str, Any] = {}
    for name, value in step.values.items():
        if not value.startswith("@"):
            values[name] = whole(value) if name in COUNTS else value
            if name == "where":
                values[name] = _truth(value)
            continue
        column = tape.columns[value[1:]]
        if name == "where" and isinstance(column, list):
            values[name] = [_truth(cell) for cell in column]
        else:
            values[name] = parse_column(column, name, formats)
    done = _VERBS[step.verb](plan, **values)
    return done.schedule if step.verb == "settle" else done


def _truth(cell: Any) -> Any:
    """Read a cell as true or false; all else is left for the change to refuse."""
    return _TRUTHS.get(cell.casefold(), cell) if isinstance(cell, str) else cell
