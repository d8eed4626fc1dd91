"""Shares as text, and what a bare number in their place may have meant."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from repaylib.errors import Hint, RateError, write
from repaylib.money.counts import in_ascii
from repaylib.money.rounding import EXACT

__all__ = ["either", "is_ordinary", "share_from_text"]


def either(number: Decimal, most: int) -> Hint:
    """Return the hint for a bare number: per cent or a share, if it can be both."""
    plain = f"{EXACT.normalize(number):f}"
    share = f"{EXACT.normalize(EXACT.multiply(number, 100)):f}"
    if number > most:
        return write(f"{plain}%")
    if number < 1:
        return Hint("write {} if it is a share, {} if it is per cent", f"{share}%", f"{plain}%")
    return Hint("write {} if it is per cent, {} if it is a share", f"{plain}%", f"{share}%")


def share_from_text(value: str, parameter: str, expected: str, most: int) -> Fraction:
    """Read a share in per cent, ``"12%"`` or ``"1/3%"``."""
    text = value.strip()
    if not text.isascii() or not text.endswith("%"):
        text = in_ascii(text)
        plain = text.removesuffix("%").replace(".", "", 1)
        hint = Hint("write such as {}", "12%")
        if plain.isdigit() and plain.isascii() and len(plain) < 20:
            hint = write(text) if text.endswith("%") else either(Decimal(text), most)
        raise RateError(parameter, value, expected, hint)
    share = _share_of(text)
    if share is None:
        raise RateError(parameter, value, expected, Hint("write such as {}", "12%"))
    return share


def _share_of(text: str) -> Fraction | None:
    """Return the share that a text of ASCII with a sign of per cent is, if it is one."""
    number = text[:-1].strip()
    top, slash, bottom = number.partition("/")
    try:
        whole = f"{top.removeprefix('-').replace('.', '', 1)}{bottom}"
        if slash and whole.isdigit() and len(number) < 4200:
            return Fraction(top) / int(bottom) / 100
        decimal = Decimal(number, EXACT)
    except (InvalidOperation, ValueError, ZeroDivisionError):
        return None
    if "_" in number or not is_ordinary(decimal):
        return None
    return Fraction(decimal) / 100


def is_ordinary(value: Decimal) -> bool:
    """Whether a number is finite and within the digits that a rate may have."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and value.adjusted() < 40 and exponent > -2000
