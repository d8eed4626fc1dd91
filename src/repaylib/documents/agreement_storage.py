"""The terms of an agreement as a plain dictionary, for JSON, and back: what all else in it follows from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from repaylib.arrears.arrangement import Arrangement
from repaylib.arrears.breach import BreachOutcome
from repaylib.arrears.output.storage import KNOWN
from repaylib.arrears.statements import Statement
from repaylib.dates.days import parse_date
from repaylib.documents.clause import AgreementContent
from repaylib.documents.parties import Party
from repaylib.errors import Phrase, RepayError, StorageError
from repaylib.measures.caps.cap import Cap
from repaylib.money.amounts import parse_amount
from repaylib.money.counts import parse_count
from repaylib.negotiation.limits import Limits
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.serialization import Stored, fields_from, mapping_of, plain_of, value_from

__all__ = ["TERMS", "check_same", "parties_from", "terms_from_plain", "terms_to_plain"]

#: Terms that are stored as they are, and those that are written as text.
AS_GIVEN = ("circumstances", "no_new_credit", "rule", "pay_to", "reporting", "other", "card")
WRITTEN = ("dated", "penalty", "allocation", "settlement_fee")
#: Terms that an arrangement says, where there is one.
OF_A_CHAIN = ("changes_before", "on", "statement", "breach")
#: Every key of the terms.
TERMS = (
    *(*OF_A_CHAIN, "arrangement", *WRITTEN, "if_breached"),
    *(*AS_GIVEN, "limits"),
)
#: The keys of what is said in words, which another version may say otherwise.
SAID = {"title", "text", "rule", "name", "write", "objections"}
_K = TypeVar("_K", bound=Stored)


def terms_to_plain(of: AgreementContent, limits: Limits | None) -> dict[str, Any]:
    """Return the terms of an agreement as a dictionary of text, whole numbers and lists."""
    agreed, chain = of.agreed, of.agreed.arrangement
    statement = agreed.statement
    computed = () if of.breach is None else agreed.prices(of.breach, of.penalty, of.allocation)
    outcomes = [] if of.prices == computed else [_fields(price) for price in of.prices]
    begun: dict[str, Any] = {
        "changes_before": len(agreed.before.changes),
        "on": agreed.on.isoformat(),
        "statement": None if statement is None else statement.to_dict(),
        "breach": plain_of(of.breach, KNOWN),
    }
    return {
        **(begun if chain is None else dict.fromkeys(begun)),
        "arrangement": None if chain is None else chain.to_dict(),
        **{name: plain_of(getattr(of, name), KNOWN) for name in WRITTEN},
        "if_breached": outcomes,
        **{name: plain_of(getattr(of, name)) for name in AS_GIVEN},
        "limits": None if limits is None else _limits(limits),
    }


def _fields(of: Any) -> dict[str, Any]:
    return {field.name: plain_of(getattr(of, field.name)) for field in fields(of)}


def _limits(of: Limits) -> dict[str, Any]:
    caps = [_fields(cap) for cap in of.caps]
    return {**_fields(of), "caps": [{"limit": cap.pop("limits"), **cap} for cap in caps]}


def terms_from_plain(plain: object, schedule: Schedule) -> dict[str, Any]:
    """Return the options of :func:`~repaylib.agreement` that :func:`terms_to_plain` wrote, and `schedule`."""
    terms = mapping_of(plain, "terms", set(TERMS), "Agreement")
    found = {name: value_from(f"terms.{name}", terms[name], KNOWN) for name in WRITTEN}
    found |= {name: value_from(f"terms.{name}", terms[name]) for name in AS_GIVEN}
    outcomes = _items(terms, "if_breached")
    found["if_breached"] = [_outcome(f"terms.if_breached[{n}]", o) for n, o in enumerate(outcomes)]
    found["limits"] = None if terms["limits"] is None else _limits_from(terms["limits"])
    if terms["arrangement"] is not None:
        for name in OF_A_CHAIN:
            if terms[name] is not None:
                expected = "nothing beside the arrangement, which says it"
                raise StorageError(f"terms.{name}", terms[name], expected, "write null")
        return found | {"schedule": _read("arrangement", terms["arrangement"], Arrangement)}
    most = len(schedule.changes)
    count = parse_count(terms["changes_before"], "terms.changes_before", least=0, most=most)
    statement = terms["statement"]
    return found | {
        "schedule": schedule,
        "before": Schedule(schedule.loan, schedule.changes[:count]),
        "on": parse_date(terms["on"], "terms.on"),
        "breach": value_from("terms.breach", terms["breach"], KNOWN),
        "statement": None if statement is None else _read("statement", statement, Statement),
    }


def _read(name: str, plain: Any, kind: type[_K]) -> _K:
    try:
        return kind.from_dict(plain)
    except RepayError as error:
        raise error.within(f"terms.{name}") from error


def _items(plain: Mapping[str, Any], name: str) -> list[Any]:
    if not isinstance(plain[name], list):
        raise StorageError(f"terms.{name}", plain[name], "a list", Phrase('write "{}": []', name))
    return list(plain[name])


def parties_from(plain: Any) -> list[Party]:
    """Return the parties of a stored agreement."""
    if not isinstance(plain, list):
        raise StorageError("parties", plain, "a list", Phrase('write "{}": []', "parties"))
    return [_built(Party, f"parties[{place}]", each) for place, each in enumerate(plain)]


def _built(kind: type[Any], where: str, plain: object, **renamed: str) -> Any:
    """Return a value from its fields; those `renamed` have another name where it is built."""
    names = {renamed.get(field.name, field.name) for field in fields(kind)}
    given = mapping_of(plain, where, names, "Agreement", added=set())
    try:
        return kind(**fields_from(where, given))
    except RepayError as error:
        raise error.within(where) from error


def _limits_from(plain: object) -> Limits:
    names = {field.name for field in fields(Limits)}
    given = mapping_of(plain, "terms.limits", names, "Agreement", added=set())
    caps = [
        _built(Cap, f"terms.limits.caps[{place}]", each, limits="limit")
        for place, each in enumerate(given["caps"] if isinstance(given["caps"], list) else [None])
    ]
    found: Limits = _built(Limits, "terms.limits", {**given, "caps": []})
    return Limits(**{name: getattr(found, name) for name in names - {"caps"}}, caps=caps)


def _outcome(where: str, plain: object) -> BreachOutcome:
    names = [field.name for field in fields(BreachOutcome)]
    given = mapping_of(plain, where, set(names), "Agreement")
    amounts = {name: parse_amount(given[name], f"{where}.{name}") for name in names[2:]}
    after = parse_count(given["after"], f"{where}.after", least=0)
    return BreachOutcome(after, parse_date(given["on"], f"{where}.on"), **amounts)


def _said(value: object) -> bool:
    """Whether something is text, or a list of it."""
    return all(isinstance(each, str) for each in (value if isinstance(value, list) else [value]))


def check_same(given: Any, made: Any, where: str = "") -> None:
    """Refuse figures of a stored agreement that do not follow from its terms; words may differ.

    Raises
    ------
    StorageError
        For the first value that differs, and for keys that are unknown or missing.
    """
    if isinstance(made, dict):
        for name, value in mapping_of(given, where, set(made), "Agreement", added=set()).items():
            inner = f"{where}.{name}" if where else name
            if name not in SAID or not _said(value) or type(value) is not type(made[name]):
                check_same(value, made[name], inner)
        return
    if isinstance(made, list) and isinstance(given, list) and len(made) == len(given):
        for place, pair in enumerate(zip(given, made, strict=True)):
            check_same(*pair, f"{where}[{place}]")
        return
    if type(given) is not type(made) or given != made:
        expected = Phrase("{!r}, as the terms say", made)
        raise StorageError(where, given, expected, "store the agreement again")
