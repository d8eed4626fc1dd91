"""Statements as plain dictionaries, for JSON, and back without loss.

What is stored is what the statement follows from: the schedule, the events, the terms, and the chain
of agreements, if there is one. Reading it makes the statement again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from repaylib.arrears.allocation import Allocation
from repaylib.arrears.arrangement import Arrangement, ArrangementRound, parse_treatment
from repaylib.arrears.balances import Balances
from repaylib.arrears.breach import Breach
from repaylib.arrears.events import Acceleration, Charge, Receipt, Refund, Waiver, WriteOff
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.arrears.statements import Statement, statement
from repaylib.dates.due_dates import parse_date
from repaylib.errors import Phrase, RepayError, StorageError
from repaylib.money.amounts import parse_amount
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.serialization import (
    NESTED,
    Stored,
    check_format,
    mapping_of,
    plain_of,
    value_from,
)

__all__ = ["from_plain", "to_plain"]

FORMAT = "repaylib.statement"
VERSION = 1
#: Values inside a statement that are written with the word for what they are.
KNOWN: dict[str, type[Any]] = {
    **NESTED,
    **{
        kind.__name__.lower(): kind
        for kind in (Receipt, Refund, Charge, Waiver, Acceleration, WriteOff)
    },
    **{kind.__name__.lower(): kind for kind in (PenaltyTerms, Allocation, Breach)},
}
_T = TypeVar("_T", bound=Stored)
OPTIONS = ("penalty", "allocation", "interest", "rest")


def to_plain(of: Statement) -> dict[str, Any]:
    """Return a statement as a dictionary of text, whole numbers and lists."""
    rounds = [] if of.arrangement is None else of.arrangement.rounds
    return {
        "format": FORMAT,
        "version": VERSION,
        "as_of": str(of.as_of),
        "schedule": of.terms.schedule.to_dict(),
        "events": plain_of(of.events, KNOWN),
        "options": plain_of(of.terms.options, KNOWN),
        "arrangement": [_round(each) for each in rounds],
    }


def _round(of: ArrangementRound) -> dict[str, Any]:
    return {
        "on": str(of.on),
        "agreed": None if of.agreed is None else str(of.agreed),
        "before": to_plain(of.before),
        "arrears": dict(of.arrears),
        "schedule": of.schedule.to_dict(),
        "capitalised": str(of.capitalised),
        "carried": str(of.carried),
        "forgiven": _amounts(of.forgiven),
        "apart": _amounts(of.apart),
        "breach": plain_of(of.breach, KNOWN),
        "options": plain_of(of.options, KNOWN),
    }


def _amounts(of: Balances) -> dict[str, str]:
    return {name: str(getattr(of, name)) for name in Balances.__slots__}


def from_plain(plain: object) -> Statement:
    """Read back what :func:`to_plain` wrote.

    Raises
    ------
    StorageError
        For another format or version, and for keys that are unknown, missing or there twice.
    RepayError
        For values that a statement does not take. The error names the path of the value, such as
        ``events[0].amount``.
    """
    names = {"format", "version", "as_of", "schedule", "events", "options", "arrangement"}
    whole = mapping_of(plain, "", names, "Statement")
    check_format(whole, FORMAT, VERSION, "Statement")
    events = value_from("events", whole["events"], KNOWN)
    if whole["arrangement"]:
        chain = Arrangement(
            tuple(
                _round_from(f"arrangement[{place}]", each)
                for place, each in enumerate(_items(whole["arrangement"], "arrangement"))
            )
        )
        return chain.statement(events, as_of=whole["as_of"])
    return statement(
        _within("schedule", whole["schedule"], Schedule),
        events,
        as_of=whole["as_of"],
        **_options("options", whole["options"]),
    )


def _round_from(where: str, plain: object) -> ArrangementRound:
    given = mapping_of(plain, where, set(ArrangementRound.__slots__), "Statement")
    agreed = given["agreed"]
    return ArrangementRound(
        on=parse_date(given["on"], f"{where}.on"),
        agreed=None if agreed is None else parse_date(agreed, f"{where}.agreed"),
        before=_within(f"{where}.before", given["before"], Statement),
        arrears=parse_treatment(given["arrears"]),
        schedule=_within(f"{where}.schedule", given["schedule"], Schedule),
        capitalised=parse_amount(given["capitalised"], f"{where}.capitalised"),
        carried=parse_amount(given["carried"], f"{where}.carried"),
        forgiven=_balances(f"{where}.forgiven", given["forgiven"]),
        apart=_balances(f"{where}.apart", given["apart"]),
        breach=value_from(f"{where}.breach", given["breach"], KNOWN),
        options=_options(f"{where}.options", given["options"]),
    )


def _options(where: str, plain: object) -> Mapping[str, Any]:
    given = mapping_of(plain, where, set(OPTIONS), "Statement")
    return {name: value_from(f"{where}.{name}", given[name], KNOWN) for name in OPTIONS}


def _balances(where: str, plain: object) -> Balances:
    given = mapping_of(plain, where, set(Balances.__slots__), "Statement")
    return Balances(**{name: parse_amount(given[name], f"{where}.{name}") for name in given})


def _items(plain: object, where: str) -> list[Any]:
    if not isinstance(plain, list):
        raise StorageError(where, plain, "a list", Phrase('write "{}": []', where))
    return plain


def _within(where: str, plain: Any, kind: type[_T]) -> _T:
    """Read a schedule or a statement inside what was stored; an error names the whole path."""
    try:
        return kind.from_dict(plain)
    except RepayError as error:
        raise error.within(where) from error
