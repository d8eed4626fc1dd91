"""Statements and arrangements as plain dictionaries, for JSON, and back without loss.

What is stored of a statement is what it follows from: the schedule, the events, the terms, and the
chain of agreements, if there is one. Reading it makes the statement again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from repaylib.arrears.allocation import Allocation
from repaylib.arrears.arrangement import (
    PARTS_OF_ARREARS,
    Arrangement,
    ArrangementRound,
    parse_treatment,
)
from repaylib.arrears.balances import Balances
from repaylib.arrears.breach import Breach
from repaylib.arrears.events import (
    Acceleration,
    AccountEvent,
    Charge,
    Receipt,
    Refund,
    Waiver,
    WriteOff,
)
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.arrears.statement_terms import options_of
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
from repaylib.typing import Component, Treatment

__all__ = [
    *("KNOWN", "arrangement_from_plain", "arrangement_to_plain", "from_plain", "to_plain"),
]

FORMAT = "repaylib.statement"
VERSION = 1
ARRANGEMENT_FORMAT = "repaylib.arrangement"
ARRANGEMENT_VERSION = 1
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
    return {
        "format": FORMAT,
        "version": VERSION,
        "as_of": str(of.as_of),
        "schedule": of.terms.schedule.to_dict(),
        "events": plain_of(of.events, KNOWN),
        "options": plain_of(of.terms.options, KNOWN),
        "arrangement": [] if of.arrangement is None else _rounds(of.arrangement.rounds),
    }


def arrangement_to_plain(of: Arrangement) -> dict[str, Any]:
    """Return an arrangement as a dictionary of text, whole numbers and lists."""
    return {
        "format": ARRANGEMENT_FORMAT,
        "version": ARRANGEMENT_VERSION,
        "rounds": _rounds(of.rounds),
    }


def _rounds(of: Iterable[ArrangementRound]) -> list[dict[str, Any]]:
    return [_round(each) for each in of]


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
    events = _events(whole["events"])
    if whole["arrangement"]:
        chain = Arrangement(_rounds_from("arrangement", whole["arrangement"]))
        return chain.statement(events, as_of=whole["as_of"])
    return statement(
        _within("schedule", whole["schedule"], Schedule),
        events,
        as_of=whole["as_of"],
        **_options("options", whole["options"]),
    )


def arrangement_from_plain(plain: object) -> Arrangement:
    """Read back what :func:`arrangement_to_plain` wrote.

    Raises
    ------
    RepayError
        As :func:`from_plain`.
    """
    whole = mapping_of(plain, "", {"format", "version", "rounds"}, "Arrangement")
    check_format(whole, ARRANGEMENT_FORMAT, ARRANGEMENT_VERSION, "Arrangement")
    if not (rounds := _rounds_from("rounds", whole["rounds"])):
        raise StorageError(
            "rounds", [], "an agreement or more", Phrase('write "{}": [...]', "rounds")
        )
    return Arrangement(rounds)


def _rounds_from(where: str, plain: object) -> tuple[ArrangementRound, ...]:
    items = enumerate(_items(plain, where))
    return tuple(_round_from(f"{where}[{place}]", each) for place, each in items)


def _round_from(where: str, plain: object) -> ArrangementRound:
    given = mapping_of(plain, where, set(ArrangementRound.__slots__), "Statement")
    agreed = given["agreed"]
    return ArrangementRound(
        on=parse_date(given["on"], f"{where}.on"),
        agreed=None if agreed is None else parse_date(agreed, f"{where}.agreed"),
        before=_within(f"{where}.before", given["before"], Statement),
        arrears=_treatment(where, given["arrears"]),
        schedule=_within(f"{where}.schedule", given["schedule"], Schedule),
        capitalised=parse_amount(given["capitalised"], f"{where}.capitalised"),
        carried=parse_amount(given["carried"], f"{where}.carried"),
        forgiven=_balances(f"{where}.forgiven", given["forgiven"]),
        apart=_balances(f"{where}.apart", given["apart"]),
        breach=_breach(f"{where}.breach", given["breach"]),
        options=_options(f"{where}.options", given["options"]),
    )


def _treatment(where: str, plain: object) -> dict[Component, Treatment]:
    given = mapping_of(plain, f"{where}.arrears", set(PARTS_OF_ARREARS), "Statement")
    try:
        return parse_treatment(given)
    except RepayError as error:
        raise error.within(where) from error


def _options(where: str, plain: object) -> Mapping[str, Any]:
    given = mapping_of(plain, where, set(OPTIONS), "Statement")
    options = {name: value_from(f"{where}.{name}", given[name], KNOWN) for name in OPTIONS}
    try:
        return options_of(**options)
    except RepayError as error:
        raise error.within(where) from error


def _events(plain: object) -> list[AccountEvent]:
    events = []
    for place, each in enumerate(_items(plain, "events")):
        event = value_from(f"events[{place}]", each, KNOWN)
        if not isinstance(event, AccountEvent):
            hint = 'write such as {"receipt": {...}}'
            raise StorageError(f"events[{place}]", each, "an event", hint)
        events.append(event)
    return events


def _breach(where: str, plain: object) -> Breach | None:
    breach = value_from(where, plain, KNOWN)
    if breach is None or isinstance(breach, Breach):
        return breach
    raise StorageError(where, plain, "a rule for when it is broken", "write null")


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
