"""How a value is written in an error, whatever it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

__all__ = ["as_python", "as_text", "in_brief", "in_python"]


def as_python(name: str | None, value: object) -> str:
    """Write an argument as Python has it: ``payments=12``.

    Examples
    --------
    >>> as_python("payments", 12), as_python(None, "10000.00")
    ('payments=12', '"10000.00"')
    """
    text = f'"{value}"' if isinstance(value, str) else as_text(value, str)
    if isinstance(value, (dict, list)):
        text = json.dumps(value, ensure_ascii=False)
    return text if name is None else f"{name}={text}"


def as_text(value: object, write: Callable[[object], str] = repr) -> str:
    """Write a value as text, whatever it does when it is asked for it.

    Examples
    --------
    >>> as_text("12%"), as_text("12%", str), as_text(10**5000)
    ("'12%'", '12%', 'a number of thousands of digits')
    """
    try:
        return write(value)
    except RecursionError:
        return "lists without end"
    except Exception as error:
        # Python does not write out numbers of thousands of digits; other types may fail as they like.
        too_long = isinstance(error, ValueError) and type(value) in (int, Fraction)
        return "a number of thousands of digits" if too_long else "a value that cannot be shown"


def in_brief(text: str) -> str:
    """Return a text of at most 80 characters.

    Examples
    --------
    >>> in_brief("12%"), len(in_brief("1" * 200))
    ('12%', 80)
    """
    return text if len(text) <= 80 else text[:77] + "..."


def in_python(value: object) -> str:
    """Write the value that was given as Python has it, in brief.

    Examples
    --------
    >>> in_python("12%"), in_python([1.5])
    ("'12%'", '[1.5]')
    """
    kind, text = type(value), as_text(value)
    if kind is Decimal:  # the context of the caller may write an exponent in a small letter
        text = text.replace("e+", "E+").replace("e-", "E-")
    if kind.__name__ == "ndarray":  # numpy prints as the caller has told it
        text = as_text(value, lambda array: str(cast(Any, array)[:20].tolist()))
    return in_brief(text)
