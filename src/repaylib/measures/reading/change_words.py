"""The words of a change, all its combinations of them, and what each is called.

The words of a change are those options that take one of several choices, such as ``hold``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from inspect import signature
from itertools import product
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from repaylib.changes.base import Change, choices_of
from repaylib.changes.deferral import Deferral
from repaylib.errors import RepayError, as_python
from repaylib.measures.deferral_readings import deferral_group, deferral_name
from repaylib.wording.sentence import Sentence, parse_language

__all__ = [
    "defaults_of",
    "group_of",
    "name_parts",
    "options_of",
    "variants",
    "words_of",
    "written_as",
]


@cache
def words_of(kind: type[Change]) -> Mapping[str, tuple[str, ...]]:
    """Return the options of a kind of change that take one of several words, the default first.

    Examples
    --------
    >>> from repaylib.changes import Prepayment
    >>> words_of(Prepayment)["hold"]
    ('payment', 'maturity', 'last', 'next')
    """
    hints, defaults = get_type_hints(kind), defaults_of(kind)
    words: dict[str, tuple[str, ...]] = {}
    for name in (each.name for each in fields(kind)):
        if get_origin(hints[name]) is Literal:
            listed = dict.fromkeys([defaults[name], *get_args(hints[name])])
            words[name] = tuple(listed)
    return MappingProxyType(words)


@cache
def defaults_of(kind: type[Change]) -> Mapping[str, Any]:
    """Return what the options of a kind are that decide what is done, where they are left out."""
    parameters = signature(kind).parameters
    return MappingProxyType({name: parameters[name].default for name in choices_of(kind)})


def options_of(change: Change) -> dict[str, Any]:
    """Return the options of a change that decide what is done and are not the default."""
    defaults = defaults_of(type(change))
    return {
        name: getattr(change, name) for name in defaults if getattr(change, name) != defaults[name]
    }


def variants(change: Change) -> Iterator[Change]:
    """Yield the change in all combinations of its words, those with fewest other words first."""
    kind = type(change)
    defaults = defaults_of(kind)
    choices: dict[str, tuple[Any, ...]] = dict(words_of(kind))
    for name in kind.none_is_value:
        values = [defaults[name], getattr(change, name), None]
        choices[name] = tuple(dict.fromkeys(values))
    combinations = [
        dict(zip(choices, values, strict=True)) for values in product(*choices.values())
    ]
    combinations.sort(key=lambda words: sum(words[name] != defaults[name] for name in words))
    for words in combinations:
        if (written := written_as(change, words)) is not None:
            yield written


def written_as(change: Change, words: Mapping[str, Any]) -> Change | None:
    """Return the change in other words; ``None`` if they contradict each other."""
    try:
        return replace(change, **words)
    except RepayError:
        return None


def name_parts(change: Change) -> Sequence[object]:
    """Return what a reading is called; an option that has no words yet stands as it is written."""
    if isinstance(change, Deferral):
        return deferral_name(change)
    texts, defaults = parse_language("en").texts, defaults_of(type(change))
    # a kind that holds nothing fixed is called by what it does
    parts: list[object] = [] if "hold" in defaults else [change.label]
    for name, word in ((name, getattr(change, name)) for name in words_of(type(change))):
        keys = [f"reading.{change.kind}.{name}.{word}", f"reading.{name}.{word}"]
        known = next((key for key in keys if key in texts), None)
        if known is not None:
            parts.append(Sentence(known))
        elif word != defaults[name]:
            parts.append(as_python(name, word))
    return parts


def group_of(change: Change) -> str:
    """Return the key of the group of a reading."""
    return deferral_group(change) if isinstance(change, Deferral) else ""
