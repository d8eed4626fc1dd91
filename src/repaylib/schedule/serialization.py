"""Loans and changes as plain dictionaries, for JSON, and back without loss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

from repaylib.changes.base import KINDS, Change
from repaylib.dates.business_days import Calendar
from repaylib.engine.ledger import Ledger
from repaylib.errors import Hint, RepayError, StorageError
from repaylib.money.rounding import as_integer
from repaylib.rates.index_rate import Indexed
from repaylib.rates.rate import Rate, percent
from repaylib.rates.step_schedule import Steps
from repaylib.schedule.version_1 import upgraded, upgraded_loan
from repaylib.terms.fees import Fee
from repaylib.terms.instalments import Graduated
from repaylib.terms.loan import Loan
from repaylib.terms.settlement_fees import Months, SettlementFee

__all__ = ["FORMAT", "VERSION", "from_plain", "from_text", "located", "to_plain"]

FORMAT = "repaylib.schedule"
VERSION = 2

#: Options that were added since the first schedules were stored; without one, its default holds.
ADDED = {"recast", "years"}
#: Values inside a loan or a change that are written with the word for what they are.
NESTED: dict[str, type[Fee | Graduated | SettlementFee]] = {
    "fee": Fee,
    "graduated": Graduated,
    "settlementfee": SettlementFee,
}
_Stored = Loan | Change | Fee | Graduated | SettlementFee | Calendar | Indexed | Steps[Any]
_T = TypeVar("_T", bound=_Stored)
LedgerOf = Callable[[Loan, tuple[Change, ...]], Ledger]


def to_plain(loan: Loan, changes: Sequence[Change]) -> dict[str, Any]:
    """Return a loan and its changes as a dictionary of text, whole numbers and lists."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "loan": _fields(loan),
        "changes": [{"kind": change.kind, **_fields(change)} for change in changes],
    }


def from_plain(plain: object, ledger_of: LedgerOf) -> tuple[Loan, tuple[Change, ...]]:
    """Read back what :func:`to_plain` wrote.

    `ledger_of` returns the ledger of a loan with changes.

    Raises
    ------
    StorageError
        For another format or version, for keys that are unknown, missing or there twice, and for
        ``None`` where a value was written.
    RepayError
        For values that no loan or change takes. The error names the path of the value, such as
        ``changes[0].rate``.
    """
    try:
        return _whole(plain, ledger_of)
    except RecursionError as error:
        raise _too_deep("schedule") from error


def from_text(text: str) -> object:
    """Return the value of JSON text, for :func:`from_plain`.

    Raises
    ------
    StorageError
        If it is not JSON.
    """
    import json

    try:
        return json.loads(text, object_pairs_hook=_object)
    except RecursionError as error:
        raise _too_deep("text") from error
    except (TypeError, ValueError) as error:
        raise StorageError(
            "text", text, f"JSON; {error}", "write what Schedule.to_json() gives"
        ) from error


def located(error: RepayError) -> RepayError:
    """Return an error that a stored loan raises with its changes as one about the stored part."""
    where = "loan" if error.change is None else f"changes[{error.change - 1}]"
    return error.within(where)


class _Repeated(dict[str, Any]):
    """A JSON object in which a key stands twice."""

    key: str


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object as a dictionary; one with a key twice remembers it."""
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    repeated = _Repeated(plain)
    repeated.key = Counter(key for key, _ in pairs).most_common(1)[0][0]
    return repeated


def _whole(plain: object, ledger_of: LedgerOf) -> tuple[Loan, tuple[Change, ...]]:
    whole = _mapping(plain, "", {"format", "version", "loan", "changes"})
    if whole["format"] != FORMAT:
        raise StorageError("format", whole["format"], f'"{FORMAT}"', "write Schedule.to_dict()")
    version = as_integer(whole["version"])
    if version not in (1, VERSION):
        raise StorageError(
            "version",
            whole["version"],
            f"1 or {VERSION}, the versions this repaylib reads",
            "read it with the repaylib that wrote it",
        )
    if not isinstance(whole["changes"], (list, tuple)):
        raise StorageError("changes", whole["changes"], "a list", 'write "changes": []')
    stored = whole["loan"]
    if version == 1 and isinstance(stored, Mapping) and not isinstance(stored, _Repeated):
        stored = upgraded_loan(stored)
    loan = _build(Loan, "loan", stored)
    changes: tuple[Change, ...] = ()
    for place, change in enumerate(whole["changes"]):
        ledger = partial(ledger_of, loan, changes) if version == 1 else None
        changes += (_change(f"changes[{place}]", change, ledger),)
    return loan, changes


def _change(where: str, plain: object, ledger: Callable[[], Ledger] | None) -> Change:
    """Return a stored change; `ledger` is that of the schedule it changes, if of version 1."""
    if not isinstance(plain, Mapping):
        raise StorageError(where, plain, "a dictionary", 'write such as {"kind": "deferral", ...}')
    kind = plain.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise StorageError(
            f"{where}.kind",
            kind,
            f"one of {', '.join(KINDS)}",
            Hint("write such as {}", "deferral"),
        )
    if ledger is not None:
        try:
            plain = upgraded(plain, KINDS[kind], ledger)
        except RepayError as error:
            raise (located(error) if error.change else error.within(where)) from error
    return _build(KINDS[kind], where, plain, "kind")


def _build(kind: type[_T], where: str, plain: object, *more: str) -> _T:
    """Return a value of a kind from its fields; `more` are keys beside them."""
    given = _mapping(plain, where, {*(field.name for field in fields(kind)), *more})
    arguments = {
        name: _value(f"{where}.{name}", value) for name, value in given.items() if name not in more
    }
    try:
        built = kind(**arguments)
    except RepayError as error:
        raise error.within(where) from error
    for name, value in arguments.items():
        if value is None and name not in ADDED and getattr(built, name) is not None:
            raise _missing(f"{where}.{name}", None)
    return built


def _mapping(plain: object, where: str, names: set[str]) -> Mapping[str, Any]:
    """Return a dictionary with these keys; `where` is its path, ``""`` for the whole schedule."""
    if not isinstance(plain, Mapping):
        hint = "write what Schedule.to_dict() gives"
        if isinstance(plain, (str, bytes)):
            hint = "write Schedule.from_json(text)"
        raise StorageError(where or "schedule", plain, "a dictionary", hint)
    inside = f"{where}." if where else ""
    if isinstance(plain, _Repeated):
        raise StorageError(
            f"{inside}{plain.key}", "two values", "every key once", "take one of them out"
        )
    for key in plain:
        if key not in names:
            raise StorageError(
                f"{inside}{key}", plain[key], f"only {', '.join(sorted(names))}", "take it out"
            )
    for name in sorted(names - set(plain) - ADDED):
        raise _missing(f"{inside}{name}", "nothing")
    return plain


def _missing(where: str, value: object) -> StorageError:
    name = where.rpartition(".")[2]
    return StorageError(where, value, "a value", f'write "{name}": ...')


def _too_deep(parameter: str) -> StorageError:
    return StorageError(
        parameter, "lists without end", "what to_json() writes", "write Schedule.to_json()"
    )


def _fields(value: _Stored) -> dict[str, Any]:
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _plain(value: object) -> object:
    match value:
        case Rate(kind=kind, times=times) if kind != "nominal" or value.value < 0:
            return {"rate": percent(value.value), "kind": kind, "times": times}
        case Steps():
            return value.to_plain(_plain)
        case Indexed():
            return value.to_plain()
        case Rate() | Decimal() | date() | Months():
            return str(value)
        case Fraction():
            return percent(value)
        case Fee() | Graduated() | SettlementFee():
            return {type(value).__name__.lower(): _fields(value)}
        case Calendar():
            known = _fields(value)
            return {name: value for name, value in known.items() if value is not None}
        case tuple():
            return [_plain(item) for item in value]
    return value


def _value(where: str, value: Any) -> Any:
    """Return an argument of a loan or a change; `where` is the path of the stored value."""
    if isinstance(value, list):
        return tuple(_value(f"{where}[{place}]", item) for place, item in enumerate(value))
    if not isinstance(value, Mapping):
        return value
    for name, kind in NESTED.items():
        if name in value:
            return _build(kind, f"{where}.{name}", _mapping(value, where, {name})[name])
    if where.endswith(".calendar"):
        return _build(Calendar, where, value)
    if "fixings" in value:
        return _build(Indexed, where, value)
    if "initial" in value:
        _pairs(f"{where}.changes", value.get("changes", ()))
        return _build(Steps, where, value)
    fields = _mapping(value, where, {"rate", "kind", "times"})
    try:
        return Rate(fields["rate"], fields["kind"], fields["times"])
    except RepayError as error:
        raise error.within(where) from error


def _pairs(where: str, plain: object) -> None:
    if not isinstance(plain, (list, tuple)) or any(
        not isinstance(pair, (list, tuple)) or len(pair) != 2 for pair in plain
    ):
        raise StorageError(where, plain, "a list of pairs", 'write such as [["2026-01-10", "5%"]]')
