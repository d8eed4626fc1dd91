"""The JSON Schemas of what is stored, made from the classes: run it to write ``docs/_static``."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import repaylib as rp
from repaylib.arrears.arrangement import ArrangementRound
from repaylib.arrears.breach import BreachOutcome
from repaylib.arrears.output import storage as statements
from repaylib.changes.base import KINDS
from repaylib.documents.agreed_figures import COLUMNS
from repaylib.documents.agreement_inputs import STORED
from repaylib.documents.agreement_storage import TERMS
from repaylib.measures.payers import payer
from repaylib.rates.step_schedule import Steps
from repaylib.schedule import combination
from repaylib.schedule.serialization import ADDED, ADDED_TO, FORMAT, NUMBERS, VERSION
from repaylib.terms.settlement_fees import Months
from repaylib.typing import AprRule, InterestOn, Lang, Rest

__all__ = ["FILE", "text"]

FILE = Path(__file__).parent / "_static" / "stored.schema.json"

Schema = dict[str, Any]
NUMBER = r"-?\d+(\.\d+)?([eE][+-]?\d+)?"
#: What is written as text, and how.
TEXTS: dict[str, tuple[type, str, str]] = {
    "amount": (Decimal, rf"^{NUMBER}$", "An amount in major units."),
    "share": (Fraction, r"^-?\d+(\.\d+)?(/\d+)?%$", "A share or a rate, in per cent."),
    "day": (date, r"^\d{4}-\d{2}-\d{2}$", "A day of ISO 8601."),
    "months": (Months, r"^\d+ months?$", "Months of interest."),
}
MULTIPLE = {"type": "string", "pattern": r"^-?\d+(\.\d+)?(/\d+)?$"}
#: Fields of which another name is stored.
RENAMED: dict[type, dict[str, str]] = {rp.measures.Cap: {"limits": "limit"}}
#: The events of a statement; a reversed receipt is left out when it is stored.
Event = (
    rp.Receipt
    | rp.arrears.Refund
    | rp.arrears.Charge
    | rp.arrears.Waiver
    | rp.arrears.Acceleration
    | rp.arrears.WriteOff
)


def ref(name: str) -> Schema:
    """Return the reference to a part."""
    return {"$ref": f"#/$defs/{name}"}


def described(kind: type) -> str:
    """Return the first sentence of a docstring."""
    return (inspect.getdoc(kind) or "").split("\n")[0].partition(";")[0].rstrip(".") + "."


class Parts:
    """The parts of the schemas, each made when it is first named."""

    def __init__(self) -> None:
        self.made: dict[str, Schema] = {}

    def of(self, kind: Any) -> Schema:
        """Return the schema of a type."""
        arguments = get_args(kind)
        match get_origin(kind) or kind:
            case NoneType():
                return {"type": "null"}
            case origin if origin is NoneType:
                return {"type": "null"}
            case origin if origin in (bool, int, str):
                return {"type": {bool: "boolean", int: "integer", str: "string"}[origin]}
            case origin if origin is Literal:
                return {"enum": list(arguments)}
            case origin if origin in (Union, UnionType):
                return {"anyOf": [self.of(each) for each in arguments]}
            case origin if origin is tuple and arguments[1:] == (...,):
                return {"type": "array", "items": self.of(arguments[0])}
            case origin if origin is tuple:
                items = [self.of(each) for each in arguments]
                size = {"minItems": len(items), "maxItems": len(items)}
                return {"type": "array", "prefixItems": items, **size}
            case origin if isinstance(origin, type) and issubclass(origin, Mapping):
                return self.object(dict.fromkeys(get_args(arguments[0]), arguments[1]))
            case origin if origin is Steps:
                hints = get_type_hints(Steps)
                value = self.of(arguments[0])
                pair = {"type": "array", "prefixItems": [self.of(date | int), value]}
                changes = {"type": "array", "items": {**pair, "minItems": 2, "maxItems": 2}}
                words = {name: hints[name] for name in ("hold", "recast")}
                return self.object({"initial": value, "changes": changes, **words}, {"recast"})
        return self.named(kind)

    def object(self, members: Mapping[str, Any], optional: Set[str] = frozenset()) -> Schema:
        """Return the schema of an object with these members, types or schemas, and no others."""
        return {
            "type": "object",
            "properties": {
                name: each if isinstance(each, dict) else self.of(each)
                for name, each in members.items()
            },
            "required": [name for name in members if name not in optional],
            "additionalProperties": False,
        }

    def named(self, kind: type) -> Schema:
        """Return the reference to the part of a class."""
        for name, (of, pattern, says) in TEXTS.items():
            if kind is of:
                self.made[name] = {"description": says, "type": "string", "pattern": pattern}
                return ref(name)
        name = kind.__name__
        if name not in self.made:
            self.made[name] = {}  # as a statement holds statements
            self.made[name] = {"description": described(kind), **self.whole(kind)}
        return ref(name)

    def whole(self, kind: type) -> Schema:
        """Return the schema of a class."""
        if (document := DOCUMENTS.get(kind)) is not None:
            return self.object(document(self))
        if kind is rp.Rate:
            hints = get_type_hints(rp.Rate)
            other = {"rate": Fraction, "kind": hints["kind"], "times": int}
            return {"anyOf": [self.of(Fraction), self.object(other)]}
        if kind is rp.changes.Change:
            return {"anyOf": [self.of(each) for each in KINDS.values()]}
        members = self.members(kind)
        added = (ADDED | ADDED_TO.get(kind.__name__, set())) & set(members)
        if issubclass(kind, rp.changes.Change):
            return self.object({"kind": {"const": kind.kind}, **members}, added)
        inner = self.object(members, added)
        name = kind.__name__.lower()
        return self.object({name: inner}) if name in statements.KNOWN else inner

    def members(self, kind: type) -> dict[str, Any]:
        """Return the fields of a class as they are stored."""
        hints = get_type_hints(kind)
        names = [field.name for field in fields(kind)] if is_dataclass(kind) else list(hints)
        renamed = RENAMED.get(kind, {})
        return {
            renamed.get(name, name): self.multiple(hints[name]) if name in NUMBERS else hints[name]
            for name in names
        }

    def multiple(self, kind: Any) -> Schema:
        """Return the schema of a plain number, or nothing where it may be left out."""
        return {"anyOf": [MULTIPLE, {"type": "null"}]} if NoneType in get_args(kind) else MULTIPLE


def stored(name: str, version: int, /, **members: Any) -> dict[str, Any]:
    """Return the members of a stored document."""
    return {"format": {"const": name}, "version": {"const": version}, **members}


def schedule(_: Parts) -> dict[str, Any]:
    """Return the members of a stored schedule."""
    return stored(FORMAT, VERSION, loan=rp.Loan, changes=tuple[rp.changes.Change, ...])


def combined(_: Parts) -> dict[str, Any]:
    """Return the members of a stored combination."""
    several = tuple[rp.Schedule, ...]
    return stored(combination.FORMAT, combination.VERSION, names=tuple[str, ...], schedules=several)


def options() -> dict[str, Any]:
    """Return the options of a stored statement."""
    return {
        "penalty": Steps[rp.PenaltyTerms] | None,
        "allocation": rp.Allocation | None,
        "interest": InterestOn,
        "rest": Rest,
    }


def rounds(parts: Parts) -> Schema:
    """Return the schema of the agreements of a chain."""
    if "ArrangementRound" not in parts.made:
        parts.made["ArrangementRound"] = {}  # as it holds statements
        each = {**get_type_hints(ArrangementRound), "options": parts.object(options())}
        parts.made["ArrangementRound"] = {
            "description": described(ArrangementRound),
            **parts.object(each),
        }
    return {"type": "array", "items": ref("ArrangementRound")}


def statement(parts: Parts) -> dict[str, Any]:
    """Return the members of a stored statement."""
    return stored(
        statements.FORMAT,
        statements.VERSION,
        as_of=date,
        schedule=rp.Schedule,
        events=tuple[Event, ...],
        options=parts.object(options()),
        arrangement=rounds(parts),
    )


def arrangement(parts: Parts) -> dict[str, Any]:
    """Return the members of a stored arrangement."""
    chain = {**rounds(parts), "minItems": 1}
    return stored(statements.ARRANGEMENT_FORMAT, statements.ARRANGEMENT_VERSION, rounds=chain)


def one_payer(parts: Parts) -> dict[str, Any]:
    """Return the members of a stored payer."""
    return stored(payer.FORMAT, payer.VERSION, **parts.members(rp.measures.Payer))


def agreement(parts: Parts) -> dict[str, Any]:
    """Return the members of a stored agreement."""
    text: Schema = {"type": "string"}
    item: dict[str, Any] = {"key": str, "title": str, "rule": str, "text": str}
    item |= {"figures": {"type": "object"}, "missing": bool}
    need = parts.object({"name": str, "write": str})
    members: dict[str, Any] = dict.fromkeys(STORED[2:])
    members |= {"lang": Lang, "title": text, "parties": tuple[rp.Party, ...], "on": date}
    members |= {"dated": date | None, "currency": text, "decimals": int, "schedule": rp.Schedule}
    members |= {"instalments": tuple[rp.Row, ...], "totals": dict.fromkeys(COLUMNS, Decimal)}
    members["totals"] = parts.object(members["totals"])
    members |= {
        "objections": tuple[str, ...],
        "items": {"type": "array", "items": parts.object(item)},
    }
    members |= {"missing": {"type": "array", "items": need}, "terms": parts.object(terms())}
    return stored(rp.documents.Agreement.FORMAT, rp.documents.Agreement.VERSION, **members)


def terms() -> dict[str, Any]:
    """Return the terms of a stored agreement."""
    members: dict[str, Any] = dict.fromkeys(TERMS, str)
    members |= {
        "changes_before": int | None,
        "on": date | None,
        "statement": rp.arrears.Statement | None,
    }
    members |= {"arrangement": rp.arrears.Arrangement | None, "dated": date | None}
    members |= {"penalty": Steps[rp.PenaltyTerms] | None, "allocation": rp.Allocation | None}
    members |= {"breach": rp.arrears.Breach | None, "if_breached": tuple[BreachOutcome, ...]}
    members["settlement_fee"] = Decimal | Fraction | Months | rp.terms.SettlementFee | None
    members |= {"no_new_credit": bool | None, "rule": AprRule | None, "other": tuple[str, ...]}
    return members | {"card": bool, "limits": rp.Limits | None}


#: What is stored as a document of its own.
DOCUMENTS: dict[Any, Any] = {
    rp.Schedule: schedule,
    rp.schedule.CombinedSchedule: combined,
    rp.arrears.Statement: statement,
    rp.arrears.Arrangement: arrangement,
    rp.documents.Agreement: agreement,
    rp.measures.Payer: one_payer,
}


def text() -> str:
    """Return the schemas as JSON text."""
    parts = Parts()
    refs = [parts.of(kind) for kind in DOCUMENTS]
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What repaylib stores",
        "description": "A stored document of the latest version; each part is under $defs.",
        "oneOf": refs,
        "$defs": dict(sorted(parts.made.items())),
    }
    return json.dumps(whole, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
