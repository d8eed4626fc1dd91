"""Amounts and days as people write them: separators, signs, orders of a date, names of months."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from unicodedata import category, normalize

from repaylib.dates.days import parse_date
from repaylib.errors import DateError, Phrase
from repaylib.money.amounts import parse_amount
from repaylib.typing import DateOrder

__all__ = ["amount_of", "day_of", "is_comma_decimal", "order_of", "signs_of"]


_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[,' ]\d{2,3})*[,' ]\d{3}(?:\.\d+)?")
_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:[.' ]\d{3})+|\d+),\d{1,2}")
_DOTTED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+")
#: How the names of months begin, in the languages of the columns.
_MONTHS = (
    *(
        "jan ene gen",
        "feb fev",
        "mar mae maa mrt mrz",
        "apr abr avr",
        "may mai mei mag",
        "jun juin giu",
    ),
    *("jul juil lug", "aug ago aou", "sep set", "oct okt ott out", "nov", "dec dez dic"),
)


def _bare(text: str) -> str:
    """Return a number without the sign or code of a currency around it."""
    text = normalize("NFKC", text).replace("\u2212", "-").replace("\u00a0", " ").strip()
    text = "".join(character for character in text if category(character) != "Sc").strip()
    text = re.sub(r"^[A-Za-z]{1,3}\.? ?(?=[\d+-])|(?<=\d) ?(?:[A-Za-z]{3}|元|円)$", "", text)
    if found := re.fullmatch(r"\((.+)\)", text):
        text = f"-{found[1]}"
    return "" if text in ("-", "--", "\u2014", "\u2013", "/") else text


def signs_of(values: Iterable[object]) -> list[str]:
    """Return the signs of currencies that stand in amounts, each once.

    Examples
    --------
    >>> signs_of(["¥888.49", "￥888.49", "888.47", "$12"])
    ['¥', '$']
    """
    texts = (normalize("NFKC", value) for value in values if isinstance(value, str))
    found = dict.fromkeys(sign for text in texts for sign in text if category(sign) == "Sc")
    return list(found)


def is_comma_decimal(values: Iterable[object]) -> bool:
    """Whether amounts are written with a decimal comma, as one of them at least shows.

    Examples
    --------
    >>> is_comma_decimal(["9.211", "9.211,51"]), is_comma_decimal(["9,211", "9,211.51"])
    (True, False)
    """
    texts = [_bare(value) for value in values if isinstance(value, str)]
    return any(_COMMA.fullmatch(text) for text in texts)


def amount_of(value: object, parameter: str, *, comma: bool = False) -> Decimal | None:
    """Read an amount that may be written for people; nothing for an empty cell.

    Examples
    --------
    >>> amount_of("9,211.51", "balance"), amount_of("¥ 888.49", "payment"), amount_of("-", "fee")
    (Decimal('9211.51'), Decimal('888.49'), None)
    >>> amount_of("9.211,51", "balance", comma=True)
    Decimal('9211.51')
    """
    if not isinstance(value, str):
        return parse_amount(value, parameter)
    text = _bare(value)
    if not text:
        return None
    if comma and (_COMMA.fullmatch(text) or _DOTTED.fullmatch(text)):
        return parse_amount(re.sub(r"[.' ]", "", text).replace(",", "."), parameter)
    if not comma and _GROUPED.fullmatch(text):
        return parse_amount(re.sub(r"[,' ]", "", text), parameter)
    if re.fullmatch(r"[+-]?\d+(\.\d+)?", text, re.ASCII):
        return parse_amount(text, parameter)
    return parse_amount(value, parameter)


def order_of(values: Iterable[object]) -> DateOrder | None:
    """Return the order of day and month that a column of dates shows, as one has a number above 12."""
    for value in values:
        found = _numbers(value)
        if found is not None and found[0] > 12:
            return "dmy"
        if found is not None and found[1] > 12:
            return "mdy"
    return None


def _numbers(value: object) -> tuple[int, int, int] | None:
    """Return the three numbers of a date such as 10/02/2024; nothing for others."""
    text = normalize("NFKC", value).strip() if isinstance(value, str) else ""
    found = re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})", text, re.ASCII)
    return None if found is None else (int(found[1]), int(found[2]), int(found[3]))


def day_of(value: object, parameter: str, order: DateOrder | None = None) -> date:
    """Read a day that may be written for people, day and month in the order stated.

    Examples
    --------
    >>> str(day_of("10/02/2024", "date", "dmy")), str(day_of("2024年2月10日", "date"))
    ('2024-02-10', '2024-02-10')
    """
    if not isinstance(value, str):
        return parse_date(value, parameter)
    text = normalize("NFKC", value).strip()
    parts: tuple[int, int, int] | None = None
    if found := re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text, re.ASCII):
        parts = int(found[1]), int(found[2]), int(found[3])
    elif (three := _numbers(value)) is not None:
        if order is None and "." in text:
            order = "dmy"
        if order is None:
            hint = Phrase("write {} or {}", 'date_order="dmy"', 'date_order="mdy"')
            raise DateError(parameter, value, "a date that can be read in one way only", hint)
        first, second, third = three
        if order == "ymd":
            parts = 2000 + first, second, third
        else:
            year = third if third > 99 else 2000 + third
            parts = (year, second, first) if order == "dmy" else (year, first, second)
    elif found := re.fullmatch(
        r"(\d{1,2})(?:er|\.|º)?(?: de)?[ -]([^\W\d_]{3,})\.?,?(?: de)?[ -](\d{4}|\d{2})", text
    ):
        year = int(found[3])
        parts = year if year > 99 else 2000 + year, _month(found[2]), int(found[1])
    elif found := re.fullmatch(r"([^\W\d_]{3,})\.? (\d{1,2}),? (\d{4})", text):
        parts = int(found[3]), _month(found[1]), int(found[2])
    if parts is None:
        return parse_date(text, parameter)
    try:
        return date(*parts)
    except ValueError:
        hint = Phrase("check the date, and date_order")
        raise DateError(parameter, value, "a day that the calendar has", hint) from None


def _month(name: str) -> int:
    """Return the number of a month by its name; 0 if it is none."""
    letters = (letter for letter in normalize("NFD", name.lower()) if category(letter) != "Mn")
    plain = "".join(letters)
    found = [
        (len(begun), number)
        for number, names in enumerate(_MONTHS, 1)
        for begun in names.split()
        if plain.startswith(begun)
    ]
    return max(found, default=(0, 0))[1]
