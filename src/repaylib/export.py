"""Rows out of the library: tables for people, CSV, pandas and Arrow."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from repaylib.columns import Columns, Row
from repaylib.money import show

if TYPE_CHECKING:
    import pandas
    import pyarrow

__all__ = ["Table", "arrow_table", "csv_text", "pandas_frame", "table_of"]

#: Columns that a table shows only where they hold something.
_OPTIONAL = (
    "deferred_interest",
    "fee",
    "penalty",
    "prepaid",
    "advanced",
    "capitalised",
    "forgiven",
    "waived",
    "forgiven_interest",
    "deferred",
)
_SHOWN = (
    "opening",
    "payment",
    "interest",
    "deferred_interest",
    "principal",
    "fee",
    "penalty",
    "prepaid",
    "advanced",
    "capitalised",
    "forgiven",
    "closing",
    "waived",
    "forgiven_interest",
    "deferred",
)
_UNSUMMED = ("opening", "closing", "deferred")


class Table(NamedTuple):
    """A table of text: header, rows, and a line of totals."""

    header: list[str]
    rows: list[list[str]]
    footer: list[str]


def table_of(columns: Columns, decimals: int) -> Table:
    """Return columns as a table of text, without those that hold nothing."""
    shown = [name for name in _SHOWN if name not in _OPTIONAL or columns[name].any()]
    header = ["no", "date", *(name.replace("_", " ") for name in shown)]
    money = [[show(each, decimals) for each in columns[name].tolist()] for name in shown]
    width = len(str(columns["number"].max()))
    numbers = [str(number or "").rjust(width) for number in columns["number"].tolist()]
    dates = [str(day) for day in columns["date"].tolist()]
    rows = [list(line) for line in zip(numbers, dates, *money, strict=True)]
    totals = [
        "" if name in _UNSUMMED else show(sum(columns[name].tolist()), decimals) for name in shown
    ]
    return Table(header, rows, ["", "total", *totals])


def csv_text(columns: Columns, rows: Sequence[Row]) -> str:
    """Return rows as CSV text under a line of names, amounts in major units."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(getattr(row, name) for name in columns)
    return out.getvalue()


def pandas_frame(columns: Columns, rows: Sequence[Row]) -> pandas.DataFrame:
    """Return rows as a DataFrame: days as ``datetime64``, amounts as ``Decimal``."""
    import pandas

    data: dict[str, Any] = {name: [getattr(row, name) for row in rows] for name in columns}
    data["date"] = columns["date"].astype("datetime64[s]")
    return pandas.DataFrame(data)


def arrow_table(columns: Columns, rows: Sequence[Row], decimals: int) -> pyarrow.Table:
    """Return rows as an Arrow table: days as ``date32``, amounts as ``decimal128(38)``."""
    import pyarrow

    money = pyarrow.decimal128(38, decimals)
    kinds = {"number": pyarrow.int64(), "date": pyarrow.date32()}
    return pyarrow.table(
        {
            name: pyarrow.array([getattr(row, name) for row in rows], kinds.get(name, money))
            for name in columns
        }
    )
