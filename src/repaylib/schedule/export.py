"""The export of rows: tables for people, pandas and Arrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from repaylib.engine.entries import SPARSE
from repaylib.errors import AmountError, Phrase
from repaylib.money.amounts import show
from repaylib.output.formats import frame, pyarrow_for
from repaylib.output.tables import Table, heads
from repaylib.schedule.rows import MONEY, Columns, Row
from repaylib.wording.sentence import Sentence

if TYPE_CHECKING:
    import pandas
    import pyarrow

__all__ = ["arrow_table", "pandas_frame", "shown_of", "table_of"]

#: What a table shows; columns that are zero on most days only where they hold something.
_SHOWN = tuple(name for name in MONEY if name != "accrued")
_OPTIONAL = {*SPARSE, "deferred"}
_UNSUMMED = ("opening", "closing", "deferred")


def shown_of(columns: Columns) -> list[str]:
    """Return the columns of money that a table shows, after the number and the date."""
    return [name for name in _SHOWN if name not in _OPTIONAL or columns[name].any()]


def table_of(columns: Columns, decimals: int) -> Table:
    """Return columns as a table of text, without those that hold nothing."""
    shown = shown_of(columns)
    header = heads(["no", "date", *shown])
    money = [[show(minor, decimals) for minor in columns[name].tolist()] for name in shown]
    width = max(2, len(str(columns["number"].max())))
    numbers = [str(number or "").rjust(width) for number in columns["number"].tolist()]
    dates = [str(day) for day in columns["date"].tolist()]
    rows = [list(line) for line in zip(numbers, dates, *money, strict=True)]
    totals = [
        "" if name in _UNSUMMED else show(sum(columns[name].tolist()), decimals) for name in shown
    ]
    return Table(header, rows, footer=["", Sentence("column.total"), *totals], left=2)


def pandas_frame(columns: Columns, rows: Sequence[Row]) -> pandas.DataFrame:
    """Return rows as a DataFrame: days as ``datetime64``, amounts as ``Decimal``."""
    data: dict[str, Any] = {name: [getattr(row, name) for row in rows] for name in columns}
    data["date"] = columns["date"].astype("datetime64[s]")
    return frame(data)


def arrow_table(columns: Columns, rows: Sequence[Row], decimals: int) -> pyarrow.Table:
    """Return rows as an Arrow table: days as ``date32``, amounts as ``decimal128(38)``.

    Amounts of more than 38 digits make it ``decimal256(76)``.
    """
    pyarrow = pyarrow_for("to_arrow")
    digits = max(len(str(max(map(abs, columns[name].tolist())))) for name in MONEY)
    if digits > 76:
        raise AmountError(
            "to_arrow",
            Phrase("{} digits", digits),
            "at most 76 digits, as Arrow has",
            Phrase("write {}", "to_csv()"),
        )
    money = pyarrow.decimal128(38, decimals) if digits <= 38 else pyarrow.decimal256(76, decimals)
    kinds = {"number": pyarrow.int64(), "date": pyarrow.date32()}
    return pyarrow.table(
        {
            name: pyarrow.array([getattr(row, name) for row in rows], kinds.get(name, money))
            for name in columns
        }
    )
