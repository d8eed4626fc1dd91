"""Loans and changes as plain dictionaries, for JSON, and back without loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from repaylib.advances import Advance
from repaylib.business import Calendar
from repaylib.carried import Arrears
from repaylib.change import Change
from repaylib.changes import Forgiveness, Prepayment, RateChange, Rescheduling
from repaylib.deferral import Deferral
from repaylib.early import EarlySettlement
from repaylib.errors import StorageError
from repaylib.fees import Fee
from repaylib.forbearance import Forbearance
from repaylib.indexed import Indexed
from repaylib.instalments import Graduated
from repaylib.loan import Loan
from repaylib.rates import Rate, parse_share, percent
from repaylib.settlement_fees import Months, SettlementFee
from repaylib.steps import Steps

__all__ = ["FORMAT", "VERSION", "from_plain", "to_plain"]

FORMAT = "repaylib.schedule"
VERSION = 1

KINDS: dict[str, type[Change]] = {
    "deferral": Deferral,
    "rate_change": RateChange,
    "prepayment": Prepayment,
    "rescheduling": Rescheduling,
    "forgiveness": Forgiveness,
    "forbearance": Forbearance,
    "early_settlement": EarlySettlement,
    "advance": Advance,
    "arrears": Arrears,
}
#: Words that were added since the first schedules were stored; without one, it is the usual word.
ADDED = {"recast", "years"}
_T = TypeVar("_T", Loan, Change, Fee, Graduated, SettlementFee)
_NAMES = {kind: name for name, kind in KINDS.items()}


def to_plain(loan: Loan, changes: Sequence[Change]) -> dict[str, Any]:
    """Return a loan and its changes as a dictionary of text, whole numbers and lists."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "loan": _fields(loan),
        "changes": [{"kind": _NAMES[type(change)], **_fields(change)} for change in changes],
    }


def from_plain(plain: object) -> tuple[Loan, tuple[Change, ...]]:
    """Read back what :func:`to_plain` wrote.

    Raises
    ------
    StorageError
        For another format or version, and for keys that are unknown or missing.
    RepayError
        For values that no loan or change takes.
    """
    whole = _mapping(plain, "schedule", {"format", "version", "loan", "changes"})
    if whole["format"] != FORMAT:
        raise StorageError("format", whole["format"], f'"{FORMAT}"', "write Schedule.to_dict()")
    if whole["version"] != VERSION or isinstance(whole["version"], bool):
        raise StorageError(
            "version",
            whole["version"],
            f"{VERSION}, the version this repaylib reads",
            "read it with the repaylib that wrote it",
        )
    if not isinstance(whole["changes"], (list, tuple)):
        raise StorageError("changes", whole["changes"], "a list", 'write "changes": []')
    loan = _build(Loan, "loan", whole["loan"])
    changes = tuple(_change(number, each) for number, each in enumerate(whole["changes"], 1))
    return loan, changes


def _change(number: int, plain: object) -> Change:
    where = f"changes[{number - 1}]"
    if not isinstance(plain, Mapping):
        raise StorageError(where, plain, "a dictionary", 'write such as {"kind": "deferral", ...}')
    kind = plain.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise StorageError(
            f"{where}.kind", kind, f"one of {', '.join(KINDS)}", 'write such as "deferral"'
        )
    rest = {key: value for key, value in plain.items() if key != "kind"}
    return _build(KINDS[kind], where, rest)


def _build(kind: type[_T], where: str, plain: object) -> _T:
    given = _mapping(plain, where, {field.name for field in fields(kind)})
    return kind(**{name: _value(name, value) for name, value in given.items()})


def _mapping(plain: object, where: str, names: set[str]) -> Mapping[str, Any]:
    if not isinstance(plain, Mapping):
        mend = "write what Schedule.to_dict() gives"
        if isinstance(plain, (str, bytes)):
            mend = "write Schedule.from_json(text)"
        raise StorageError(where, plain, "a dictionary", mend)
    for key in plain:
        if key not in names:
            raise StorageError(
                f"{where}.{key}", plain[key], f"only {', '.join(sorted(names))}", "take it out"
            )
    for name in sorted(names - set(plain) - ADDED):
        raise StorageError(f"{where}.{name}", "nothing", "a value", f'write "{name}": ...')
    return plain


def _fields(value: Loan | Change | Fee | Graduated | SettlementFee) -> dict[str, Any]:
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _plain(value: object) -> object:
    match value:
        case Rate(kind=kind, times=times) if kind != "nominal":
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
            known = {} if value.years is None else {"years": _plain(value.years)}
            return {"weekmask": value.weekmask, "holidays": _plain(value.holidays), **known}
        case tuple():
            return [_plain(each) for each in value]
    return value


def _value(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_value(name, each) for each in value)
    if isinstance(value, Mapping) and name == "calendar":
        return Calendar(**_mapping(value, name, {"weekmask", "holidays", "years"}))
    if isinstance(value, Mapping) and "initial" in value:
        if "fixings" in value:
            names = {field.name for field in fields(Indexed)}
            return Indexed(**_mapping(value, "rate", names))
        stepped = _mapping(value, name, {"initial", "changes", "hold", "recast"})
        pairs = _pairs(stepped["changes"])
        held = stepped["hold"], stepped.get("recast")
        return Steps(_value(name, stepped["initial"]), pairs, *held)
    if isinstance(value, Mapping):
        if set(value) == {"fee"}:
            return _build(Fee, "fee", value["fee"])
        if set(value) == {"settlementfee"}:
            return _build(SettlementFee, "fee", value["settlementfee"])
        if set(value) == {"graduated"}:
            return _build(Graduated, "graduated", value["graduated"])
        words = _mapping(value, "rate", {"rate", "kind", "times"})
        return Rate(parse_share(words["rate"], "rate"), words["kind"], words["times"])
    return value


def _pairs(plain: Any) -> tuple[tuple[Any, Any], ...]:
    if not isinstance(plain, (list, tuple)) or any(
        not isinstance(each, (list, tuple)) or len(each) != 2 for each in plain
    ):
        raise StorageError(
            "rate.changes", plain, "a list of pairs", 'write such as [["2026-01-10", "5%"]]'
        )
    return tuple((place, _value("rate", value)) for place, value in plain)
