"""How a table writes rates, amounts, days and numbers, where it is said; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import partial
from typing import Any, get_args

import numpy as np

from repaylib.errors import (
    AmountError,
    ChoiceError,
    DateError,
    Hint,
    Phrase,
    RateError,
    RepayError,
    TermsError,
    check_word,
    write,
)
from repaylib.money.rounding import EXACT
from repaylib.portfolio.book.column_sources import DAYS, MONEY, RATES
from repaylib.portfolio.book.columns import Coded, Column, DayColumn, Same, Scaled, Whole
from repaylib.typing import AmountUnit, NumberFormat, RateUnit

__all__ = ["ReadFormats", "parse_formats", "readable"]

PARTS: dict[RateUnit, int] = {"share": 1, "percent": 100, "bp": 10_000}
COUNTS = ("payments", "payment", "with_payment", "periods", "amortise_over")
#: The thousands separators and the decimal sign of each way to write a number.
SIGNS: dict[NumberFormat, tuple[str, str]] = {
    "1,234.56": (",", "."),
    "1.234,56": (".", ","),
    "1 234,56": (" \u00a0\u202f", ","),
    "1'234.56": ("'\u2019", "."),
}
#: The parts of a date, as a pattern of them is written.
DATE_PARTS = {
    "YYYY": r"(?P<year>\d{4})",
    "MMM": r"(?P<name>[A-Za-z]{3})",
    "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{2})",
    "D": r"(?P<day>\d{1,2})",
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Unreadable:
    """A value that is not written as the formats say; each row that has it is refused so."""

    def __init__(self, error: RepayError, value: object) -> None:
        self.error, self.value = error, value

    def __str__(self) -> str:
        return str(self.value)


def readable(value: Any) -> Any:
    """Return a value, unless it is not written as the formats say.

    Raises
    ------
    RepayError
        If it is not.
    """
    if isinstance(value, Unreadable):
        raise value.error
    return value


@dataclass(frozen=True, slots=True)
class ReadFormats:
    """How a table writes rates, amounts, days and numbers; ``None`` is as the library reads them.

    Attributes
    ----------
    rate
        What a bare number is in a column of rates.
    amount
        What a whole number is in a column of amounts.
    number
        How numbers are written as text.
    date, pattern
        How days are written as text; the pattern that reads them.
    """

    rate: RateUnit | None = None
    amount: AmountUnit | None = None
    number: NumberFormat | None = None
    date: str | None = None
    pattern: re.Pattern[str] | None = None

    def takes_floats(self, name: str) -> bool:
        """Whether numbers in binary floating point mean what they print as in a column."""
        return (name in RATES and self.rate is not None) or (
            name in MONEY and self.amount == "major"
        )

    def read(self, column: Column, name: str) -> Column:
        """Return a column of a parameter with its values as the library reads them."""
        reader = self._reader(name)
        if reader is None:
            return column
        if isinstance(column, Same):
            value = reader(column.value)
            return Same(readable(value))
        if isinstance(column, Whole) and name in MONEY:
            return Scaled(column.values, 0, column.missing)
        if isinstance(column, DayColumn) or (isinstance(column, Scaled) and name in MONEY):
            return column
        coded = column.coded(len(column))
        return Coded(coded.codes, tuple(map(reader, coded.values)))

    def _reader(self, name: str) -> Callable[[Any], Any] | None:
        """Return what reads a value of a parameter; nothing if the formats do not concern it."""
        if name in DAYS and self.date is not None:
            return partial(self._day, name=name)
        if name in RATES and (self.rate is not None or self.number is not None):
            return partial(self._rate, name=name)
        if name in MONEY and (self.amount == "major" or self.number is not None):
            return partial(self._amount, name=name)
        if name in COUNTS and self.number is not None:
            return partial(self._count, name=name)
        return None

    def _day(self, value: Any, name: str) -> Any:
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not isinstance(value, str) and not whole:
            return value
        assert self.pattern is not None, "a date has its pattern"
        found = self.pattern.fullmatch(str(value).strip())
        try:
            if found is None:
                raise ValueError
            parts = found.groupdict()
            named = parts.get("name")
            month = int(parts["month"]) if named is None else MONTHS.index(named.lower()) + 1
            return date(int(parts["year"]), month, int(parts["day"]))
        except ValueError:
            hint = _correct("date", self.date)
            error = DateError(name, value, Phrase("a day written {}", self.date), hint)
            return Unreadable(error, value)

    def _amount(self, value: Any, name: str) -> Any:
        if isinstance(value, str):
            number = self._number(value)
            if number is None:
                return self._no_number(AmountError, name, value)
            return number
        if self.amount == "major" and isinstance(value, (int, np.integer)):
            return value if isinstance(value, bool) else Decimal(int(value))
        return value

    def _rate(self, value: Any, name: str) -> Any:
        text, parts = value, None if self.rate is None else PARTS[self.rate]
        if isinstance(value, str):
            text = value.strip()
            if text.endswith("%"):
                text, parts = text[:-1].strip(), 100
            text = self._number(text)
            if text is None and self.number is not None:
                expected = Phrase("a rate written {}", self.number)
                hint = _correct("number", self.number)
                return Unreadable(RateError(name, value, expected, hint), value)
        elif isinstance(value, (bool, np.bool_)) or not isinstance(
            value, (int, np.integer, Decimal)
        ):
            return value
        number = text if isinstance(text, Decimal) else None if text is None else Decimal(int(text))
        if number is None or parts is None or not number.is_finite() or number.adjusted() >= 40:
            return value  # for the loan to read or refuse
        return Fraction(number) / parts

    def _count(self, value: Any, name: str) -> Any:
        if not isinstance(value, str):
            return value
        number = self._number(value)
        if number is None or number != int(number):
            return self._no_number(TermsError, name, value)
        return int(number)

    def _number(self, text: str) -> Decimal | None:
        """Read a number as it is written; nothing if it is written in another way."""
        text = text.strip()
        if self.number is not None:
            groups, point = SIGNS[self.number]
            grouped = rf"\d{{1,3}}(?:[{groups}]\d{{3}})+|\d+"
            if not re.fullmatch(rf"[+-]?(?:{grouped})(?:{re.escape(point)}\d+)?", text, re.ASCII):
                return None
            text = re.sub(rf"[{groups}]", "", text).replace(point, ".")
        try:
            number = Decimal(text, EXACT) if text.isascii() else None
        except InvalidOperation:
            return None
        if number is None or not number.is_finite() or abs(number.adjusted()) >= 40:
            return None
        return number

    def _no_number(self, kind: type[RepayError], name: str, value: str) -> Unreadable:
        """Return the refusal of an amount or a number that is written in another way."""
        expected: str = "a number"
        what, written = "amount", str(self.amount)
        if self.number is not None:
            expected = Phrase("a number written {}", self.number)
            what, written = "number", self.number
        return Unreadable(kind(name, value, expected, _correct(what, written)), value)


def _correct(what: str, written: str | None) -> Hint:
    return Hint("correct the value, or change {}", formats={what: written})


def parse_formats(given: object) -> ReadFormats:
    """Read the formats of a table.

    Examples
    --------
    >>> formats = parse_formats({"rate": "percent", "number": "1.234,56", "date": "DD/MM/YYYY"})
    >>> formats.read(Coded.of(["12,5", "8,25%"]), "rate").values
    (Fraction(1, 8), Fraction(33, 400))
    >>> formats.read(Coded.of(["1.234,56"]), "principal").values
    (Decimal('1234.56'),)
    >>> [str(value) for value in formats.read(Coded.of(["10/02/2024", "31/02/2024"]), "start").values]
    ['2024-02-10', '31/02/2024']
    """
    if given is None:
        return ReadFormats()
    hint = write(formats={"rate": "percent", "date": "DD/MM/YYYY", "number": "1.234,56"})
    if not isinstance(given, Mapping):
        raise TermsError("formats", given, "a mapping", hint)
    words: dict[str, tuple[str, ...]] = {
        "rate": get_args(RateUnit),
        "amount": get_args(AmountUnit),
        "number": get_args(NumberFormat),
        "date": (),
    }
    for name, written in given.items():
        _one_of(name, tuple(words), written=written)
        if choices := words[name]:
            _one_of(written, choices, name)
    if "date" in given:
        return ReadFormats(**given, pattern=_pattern(given["date"]))
    return ReadFormats(**given)


def _one_of(
    word: object, choices: tuple[str, ...], name: str | None = None, written: object = None
) -> None:
    """Refuse a format of a name, or a name, that is none of these, with the formats that may be meant."""
    parameter = "formats" if name is None else f"formats[{name}]"
    try:
        check_word(parameter, word, choices)
    except ChoiceError as error:
        hint = error.hint
        if isinstance(hint, Hint):
            near = str(hint.parts[0][1])
            hint = write(formats={near: written} if name is None else {name: near})
        raise ChoiceError(parameter, word, error.expected, hint) from None


def _pattern(given: object) -> re.Pattern[str]:
    """Return the pattern that reads days written so."""
    text = given if isinstance(given, str) else ""
    pieces = re.split(r"(YYYY|MMM|MM|M|DD|D)", text)
    names = [piece for piece in pieces if piece in DATE_PARTS]
    if sorted(name[0] for name in names) != ["D", "M", "Y"] or re.search(
        "[A-Za-z]", "".join(piece for piece in pieces if piece not in DATE_PARTS)
    ):
        raise TermsError(
            "formats[date]",
            given,
            "YYYY, one of MM, M and MMM, and one of DD and D, in their order",
            Hint("write such as {}", formats={"date": "DD/MM/YYYY"}),
        )
    return re.compile(
        "".join(DATE_PARTS.get(piece, re.escape(piece)) for piece in pieces), re.ASCII
    )
