"""Whole numbers of payments and periods, read and checked."""

from __future__ import annotations

from collections.abc import Sequence

from repaylib.errors import ChoiceError, CountError, Hint, Phrase, write
from repaylib.money.rounding import as_integer

__all__ = ["MOST_PAYMENTS", "in_ascii", "parse_count", "parse_decimals", "parse_digits", "place_of"]

MOST_PAYMENTS = 10_000
MOST_DIGITS = 1000
#: The finest unit that a loan is counted in is 10**-12.
MOST_DECIMALS = 12


def parse_count(
    value: object,
    parameter: str,
    *,
    least: int = 1,
    most: int = MOST_PAYMENTS,
    example: int = 12,
) -> int:
    """Read a whole number of payments or periods between `least` and `most`; an error suggests `example`.

    Examples
    --------
    >>> parse_count(12, "payments")
    12
    """
    count = as_integer(value)
    if count is not None and least <= count <= most:
        return count
    hint = Hint("write such as {}", **{parameter: max(least, min(example, most))})
    if count is not None:
        hint = Hint("write {} or more", **{parameter: least})
        if count > most:
            hint = Hint("write {} or less", **{parameter: most})
    meant = in_ascii(value) if isinstance(value, str) else value
    if isinstance(meant, (str, float)) and _whole_text(meant) and least <= int(meant) <= most:
        hint = write(**{parameter: int(meant)})
    raise CountError(parameter, value, Phrase("a whole number from {} to {}", least, most), hint)


def parse_decimals(value: object, parameter: str = "decimals") -> int:
    """Read with how many decimals amounts are counted."""
    return parse_count(value, parameter, least=0, most=MOST_DECIMALS, example=2)


def parse_digits(digits: object) -> int:
    """Read a number of significant digits."""
    return parse_count(digits, "digits", most=MOST_DIGITS)


def place_of(which: object, parameter: str, names: Sequence[str]) -> int:
    """Return the place, from 0, of what is meant by its name or by its place.

    Examples
    --------
    >>> place_of("longer", "which", ["as agreed", "longer"]), place_of(0, "which", ["as agreed"])
    (1, 0)
    """
    if isinstance(which, str) and which in names:
        return names.index(which)
    place = as_integer(which)
    if place is not None and 0 <= place < len(names):
        return place
    listed = ", ".join(f'"{name}"' for name in names)
    expected = Phrase("one of {}, or a place from 0 to {}", listed, len(names) - 1)
    raise ChoiceError(parameter, which, expected, write(str(names[0])))


def _whole_text(value: str | float) -> bool:
    if isinstance(value, float):
        return value.is_integer()
    return value.isdigit() and value.isascii() and len(value) < 10


def in_ascii(text: str) -> str:
    """Return a text with digits and signs of full width, or of another script, as ASCII has them.

    Numbers and days are read in ASCII only; with this, an error says what to write instead.

    Examples
    --------
    >>> in_ascii(" ١٢.٤% ")
    '12.4%'
    """
    from unicodedata import decimal, normalize

    return "".join(str(decimal(sign, sign)) for sign in normalize("NFKC", text)).strip()
