"""Copies of what is written on, so that one goes on apart from the other."""

from __future__ import annotations

from typing import TypeVar

__all__ = ["apart"]

_GROWING = {list, dict, set}


_S = TypeVar("_S")


def apart(one: _S, slots: tuple[str, ...]) -> _S:
    """Return the same object, with lists, dictionaries and sets of its own; what they hold is shared."""
    other: _S = object.__new__(type(one))
    for name in slots:
        value = getattr(one, name)
        setattr(other, name, value.copy() if type(value) in _GROWING else value)
    return other
