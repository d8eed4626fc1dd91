"""The rows of an offer in any form, as dictionaries by the names of a schedule's columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from repaylib.audit.column_names import LISTED, column_of
from repaylib.audit.pasted_table import table_of_text
from repaylib.errors import Phrase, TermsError, check_text, parse_items
from repaylib.measures.cash_flows import schedule_of
from repaylib.money.rounding import as_integer
from repaylib.portfolio.book.column_sources import is_table, listed, read_table
from repaylib.portfolio.book.columns import is_null
from repaylib.schedule.rows import MONEY

__all__ = ["is_quote", "line_of_row", "lines_of_rows", "no_tuples"]

NAMES = ("number", "date", "currency", *MONEY)


def is_quote(rows: object) -> bool:
    """Whether it is one instalment and one count, and no columns."""
    return (
        isinstance(rows, Mapping)
        and "payments" in rows
        and as_integer(rows["payments"]) is not None
    )


def lines_of_rows(rows: object, columns: Sequence[str] | None) -> list[dict[str, Any]]:
    """Return the rows as dictionaries by the names of a schedule's columns, without what is empty."""
    if (plan := schedule_of(rows)) is not None:
        rows = plan.rows
    if columns is not None:
        example = Phrase("write {}", 'columns=("date", "interest", "principal", "balance")')
        given = parse_items(columns, "columns", "names of columns", example)
        columns = [check_text(name, "columns") for name in given]
    if isinstance(rows, str):
        rows, columns = table_of_text(rows, columns), None
    if is_table(rows):
        table = read_table(rows, "rows")
        rows = {name: listed(column) or [] for name, column in table.items()}
    if isinstance(rows, Mapping):
        hint = Phrase(
            "write {}, or {}",
            '{"date": [...], "payment": [...]}',
            'instalment="888.49", payments=12',
        )
        expected = "columns of one length"
        cells = [parse_items(column, "rows", expected, hint) for column in rows.values()]
        if len(set(map(len, cells))) != 1:
            raise TermsError("rows", rows, expected, hint)
        rows = [dict(zip(rows, line, strict=True)) for line in zip(*cells, strict=True)]
    hint = Phrase("write {}", '[{"date": "2024-02-10", "payment": "888.49"}, ...]')
    found = parse_items(rows, "rows", "rows, columns, a table or a Schedule", hint)
    if columns is not None and all(isinstance(row, Mapping) or _is_named(row) for row in found):
        raise no_tuples(columns)
    return [line_of_row(row, place, columns) for place, row in enumerate(found)]


def no_tuples(columns: object) -> TermsError:
    """Return the refusal of `columns` beside rows that name their values."""
    hint = Phrase("leave {} out", "columns")
    return TermsError(
        "columns", columns, "rows that are tuples; all others name their values", hint
    )


def _is_named(row: object) -> bool:
    """Whether it is a named tuple, or a row of a database that is like one."""
    return hasattr(row, "_asdict") and not isinstance(row, type)


def line_of_row(row: object, place: int, columns: Sequence[str] | None) -> dict[str, Any]:
    """Return one row by the names of a schedule's columns; under ``""`` the names as they were given."""
    named: Mapping[Any, Any]
    if isinstance(row, Mapping):
        named = row
    elif _is_named(row):
        named = cast(Any, row)._asdict()
    elif isinstance(row, Sequence) and not isinstance(row, (str, bytes)):
        names = ("date", "payment") if columns is None and len(row) == 2 else columns or ()
        if len(names) != len(row):
            hint = Phrase("write {}", 'columns=("date", "interest", "principal", "balance")')
            raise TermsError(
                f"rows[{place}]",
                row,
                Phrase("{} values, or the names of them", len(names) or 2),
                hint,
            )
        named = dict(zip(names, row, strict=True))
    else:
        named = {name: getattr(row, name) for name in NAMES if hasattr(row, name)}
        if not named:
            hint = Phrase("write {}", '{"date": "2024-02-10", "payment": "888.49"}')
            raise TermsError(f"rows[{place}]", row, "a row with names", hint)
    line: dict[str, Any] = {}
    heads: dict[str, str] = {}
    for given, value in named.items():
        if given == "" and columns is not None:  # a column that is left out
            continue
        name = column_of(given)
        if name is None:
            hint = Phrase("write one of {}, or leave it out", ", ".join(LISTED))
            raise TermsError(f"rows[{place}]", given, "a column of a schedule", hint)
        if name in heads:
            raise TermsError(
                f"rows[{place}]",
                given,
                Phrase("one column for {}", name),
                "leave one out",
            )
        heads[name] = given.strip()
        if not _is_empty(value):
            line[name] = value
    line[""] = heads
    return line


def _is_empty(value: object) -> bool:
    """Whether nothing is given: none, an empty text, NaN or NaT."""
    if isinstance(value, Decimal):
        return value.is_nan()
    return not value if isinstance(value, str) else is_null(value)
