"""Amounts, days and tables as people write them: separators, signs, orders of a date, pasted text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from unicodedata import category, normalize

from repaylib.audit.column_names import column_of
from repaylib.dates.days import parse_date
from repaylib.errors import DateError, Phrase, TermsError
from repaylib.money.amounts import parse_amount
from repaylib.output.widths import width_of
from repaylib.typing import DateOrder

__all__ = ["amount_of", "day_of", "is_comma_decimal", "order_of", "signs_of", "table_of_text"]


_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[,' ]\d{2,3})*[,' ]\d{3}(?:\.\d+)?")
_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:[.' ]\d{3})+|\d+),\d{1,2}")
_DOTTED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TOTALS = ("total", "totals", "sum", "合计", "总计")


def _bare(text: str) -> str:
    """Return a number without the sign or code of a currency around it."""
    text = normalize("NFKC", text).replace("\u2212", "-").replace("\u00a0", " ").strip()
    text = "".join(character for character in text if category(character) != "Sc").strip()
    text = re.sub(r"^[A-Za-z]{2,3}\.? ?(?=[\d+-])|(?<=\d) ?(?:[A-Za-z]{3}|元|円)$", "", text)
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
    elif found := re.fullmatch(r"(\d{1,2})[ -]([A-Za-z]{3})[a-z]*\.?,?[ -](\d{4}|\d{2})", text):
        year = int(found[3])
        parts = year if year > 99 else 2000 + year, _month(found[2]), int(found[1])
    elif found := re.fullmatch(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})", text):
        parts = int(found[3]), _month(found[1]), int(found[2])
    if parts is None:
        return parse_date(text, parameter)
    try:
        return date(*parts)
    except ValueError:
        hint = Phrase("check the date, and date_order")
        raise DateError(parameter, value, "a day that the calendar has", hint) from None


def _month(name: str) -> int:
    return _MONTHS.index(name.lower()) + 1 if name.lower() in _MONTHS else 0


def table_of_text(text: str, columns: Sequence[str] | None) -> list[dict[str, str]]:
    """Split a pasted table into rows by the names of its columns.

    Cells may be parted by tabs, bars, semicolons or commas, or aligned by spaces. Lines before the
    names of the columns, rules and totals are left out.

    Raises
    ------
    TermsError
        If no line names the columns and `columns` does not, or a row has another number of cells.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    names = None if columns is None else list(columns)
    rows: list[dict[str, str]] = []
    for place, line in enumerate(lines):
        if not re.search(r"[^\s\-=+|:─━_]", line):
            continue
        rule = lines[place + 1] if names is None and place + 1 < len(lines) else ""
        if names is None:
            spans = _spans(rule)
            cells = _cut(line, spans) if spans else _cells(line)
            if len(cells) > 1 and all(column_of(cell) for cell in cells if cell):
                names, aligned = cells, spans
            continue
        cells = _cut(line, aligned) if columns is None and aligned else _cells(line)
        if any(cell.lower().rstrip(":") in _TOTALS for cell in cells):
            continue
        if len(cells) != len(names):
            hint = "paste the table with one cell a column, or give a list of rows"
            raise TermsError(f"rows[{len(rows)}]", line, Phrase("{} cells", len(names)), hint)
        rows.append({name: cell for name, cell in zip(names, cells, strict=True) if name})
    if names is None:
        hint = 'write columns=("date", "payment", ...), or paste the header line too'
        raise TermsError("rows", text[:60], "a line that names the columns", hint)
    return rows


def _cells(line: str) -> list[str]:
    """Return the cells of a line that is not aligned under a rule."""
    line = line.strip("\n")
    if "\t" in line:
        return [cell.strip() for cell in line.split("\t")]
    line = line.strip()
    if "|" in line:
        return [cell.strip().strip("*").strip() for cell in line.strip("|").split("|")]
    if ";" in line:
        return [cell.strip().strip('"') for cell in line.split(";")]
    by_space = [cell.strip() for cell in re.split(r"\s{2,}", line)]
    if len(by_space) > 1:
        return by_space
    try:
        by_comma = [cell.strip() for cell in next(csv.reader([line]))]
    except csv.Error:  # more text than a cell may hold
        by_comma = [line]
    by_word = line.split()
    if len(by_comma) > 1 and len(by_word) <= len(by_comma):
        return by_comma
    return by_word if len(by_word) > 1 else by_comma


def _spans(rule: str) -> list[tuple[int, int]]:
    """Return where the columns of an aligned table begin and end, as the rule under it shows."""
    if not re.fullmatch(r"-+( +-+)+\s*", rule.strip()):
        return []
    return [found.span() for found in re.finditer(r"-+", rule)]


def _cut(line: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Return the cells of a line by columns of a terminal, where some letters take two."""
    wide = "".join(character + "\0" * (width_of(character) - 1) for character in line)
    edges = [*(low for low, _ in spans[1:]), max(len(wide), spans[-1][1])]
    cells, begun = [], 0
    for edge in edges:
        cells.append(wide[begun:edge].replace("\0", "").strip())
        begun = edge
    return cells
