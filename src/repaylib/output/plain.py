"""Results as plain dictionaries, for JSON: figures by name, amounts, rates and days as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, cast

import numpy as np

from repaylib import typing as words
from repaylib.errors import Phrase, RepayError
from repaylib.output.certificates import ratio
from repaylib.wording.sentence import Listed, Sentence, WordedText, parse_language

__all__ = ["Plain", "plain"]

#: The types of properties that are figures; what else a property gives is another result.
FIGURES = {"Decimal", "Fraction", "date", "bool", "int", "str", "WordedText"}


class Plain:
    """What leaves Python as a dictionary that JSON takes."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as a dictionary that JSON takes: amounts, rates and days as text.

        ``result`` is the name of its class; then follow its attributes. A schedule or a statement in it
        is written so that its ``from_dict`` reads it.
        """
        number = {"value": f"{self:f}"} if isinstance(self, Decimal) else {}
        kind: Any = type(self)
        names = (*self._parts(), *_figures(kind))
        parts = {name: plain(getattr(self, name)) for name in names}
        return {"result": kind.__name__, **number, **parts}

    def to_json(self) -> str:
        """Return :meth:`to_dict` as JSON text."""
        import json

        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def _parts(self) -> Iterator[str]:
        """Go through the names of its attributes; the rows of a table are written apart."""
        names = [name for of in type(self).__mro__ for name in getattr(of, "__slots__", ())]
        if is_dataclass(self):
            names = [field.name for field in fields(self)]
        yield from (name for name in [*names, *getattr(self, "__dict__", {})] if _is_part(name))


def _is_part(name: str) -> bool:
    return not name.startswith("_") and name != "rows"


@cache
def _figures(kind: type) -> tuple[str, ...]:
    """Return the names of the properties of a class that are figures or text."""
    members = {name: each for of in reversed(kind.__mro__) for name, each in vars(of).items()}
    return tuple(
        name
        for name, each in members.items()
        if isinstance(each, property) and _is_part(name) and _is_figure(each)
    )


def _is_figure(member: property) -> bool:
    kind = getattr(member.fget, "__annotations__", {}).get("return", "").removesuffix(" | None")
    return kind in FIGURES or hasattr(words, kind)


def plain(value: object) -> Any:
    """Return a value as JSON takes it: whole numbers, truth and nothing as they are.

    Examples
    --------
    >>> plain({"paid": Decimal("888.49"), "on": date(2024, 2, 10), "share": Fraction(1, 3)})
    {'paid': '888.49', 'on': '2024-02-10', 'share': '1/3'}
    """
    match value:
        case None | bool() | int() | str():
            return value
        case Plain():
            return value.to_dict()
        case np.generic() | np.ndarray():
            return plain(value.tolist())
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case Fraction():
            return ratio(value)
        case RepayError():
            return str(value)
        case Sentence() | Listed() | WordedText() | Phrase():
            return parse_language("en").render(value)
        case Mapping():
            return {str(name): plain(item) for name, item in value.items()}
        case tuple() if hasattr(value, "_asdict"):
            return plain(value._asdict())
        case list() | tuple():
            return [plain(item) for item in value]
    kind = getattr(type(value), "kind", None)
    named = {"kind": kind} if isinstance(kind, str) else {}
    parts = [each.name for each in fields(cast("Any", value)) if not each.name.startswith("_")]
    return named | {name: plain(getattr(value, name)) for name in parts}
