"""The export of rows: tables for people, CSV, pandas and Arrow."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from repaylib.engine.entries import SPARSE
from repaylib.errors import AmountError, ExtraError
from repaylib.money.amounts import show
from repaylib.schedule.output_files import write_text
from repaylib.schedule.rows import MONEY, Columns, Row
from repaylib.schedule.tables import Table
from repaylib.typing import FilePath

if TYPE_CHECKING:
    import pandas
    import pyarrow

__all__ = [
    "Streamed",
    "Tabular",
    "arrow_table",
    "csv_text",
    "frame",
    "missing_extra",
    "pandas_frame",
    "pyarrow_for",
    "table_of",
]

#: What a table shows; columns that are zero on most days only where they hold something.
_SHOWN = tuple(name for name in MONEY if name != "accrued")
_OPTIONAL = {*SPARSE, "deferred"}
_UNSUMMED = ("opening", "closing", "deferred")


class Streamed:
    """Export as an Arrow table, and so to any reader of an Arrow stream.

    ``pyarrow.table(plan)``, ``polars.DataFrame(plan)`` and DuckDB read it; pyarrow is needed.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        def to_arrow(self) -> pyarrow.Table:
            """Return it as an Arrow table."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the table as an Arrow stream."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)


class Tabular(Streamed):
    """Export as columns by name."""

    __slots__ = ()

    def _data(self) -> Mapping[str, Iterable[Any]]:
        """Return the columns."""
        raise NotImplementedError

    def to_pandas(self) -> pandas.DataFrame:
        """Return the table as a DataFrame, amounts as ``Decimal``. Needs the extra ``pandas``."""
        return frame(self._data())

    def to_csv(self, file: FilePath | None = None) -> str:
        """Return the table as CSV text under a line of names, amounts as the table has them.

        Parameters
        ----------
        file
            Where to write it as well. A file that exists is replaced, once all is written.
        """
        data = self._data()
        return csv_text(data, zip(*data.values(), strict=True), file)

    def to_arrow(self) -> pyarrow.Table:
        """Return the table as an Arrow table, amounts as decimals. Needs the extra ``arrow``."""
        pa = pyarrow_for("to_arrow")
        return pa.table({name: _arrow_column(pa, column) for name, column in self._data().items()})


def _arrow_column(pa: Any, values: Iterable[Any]) -> Any:
    """Return a column as an Arrow array; what Arrow has no type for becomes text."""
    column = list(values)
    kinds = {type(cell) for cell in column if cell is not None}
    if kinds <= {int, Decimal} and Decimal in kinds:
        column = [None if cell is None else Decimal(cell) for cell in column]
    elif len(kinds) > 1 or not kinds <= {int, str, bool, date}:
        column = [None if cell is None else str(cell) for cell in column]
    return pa.array(column, None if kinds else pa.string())


def table_of(columns: Columns, decimals: int) -> Table:
    """Return columns as a table of text, without those that hold nothing."""
    shown = [name for name in _SHOWN if name not in _OPTIONAL or columns[name].any()]
    header = ["no", "date", *(name.replace("_", " ") for name in shown)]
    money = [[show(minor, decimals) for minor in columns[name].tolist()] for name in shown]
    width = max(2, len(str(columns["number"].max())))
    numbers = [str(number or "").rjust(width) for number in columns["number"].tolist()]
    dates = [str(day) for day in columns["date"].tolist()]
    rows = [list(line) for line in zip(numbers, dates, *money, strict=True)]
    totals = [
        "" if name in _UNSUMMED else show(sum(columns[name].tolist()), decimals) for name in shown
    ]
    return Table(header, rows, footer=["", "total", *totals], left=2)


def csv_text(names: Iterable[str], rows: Iterable[Iterable[Any]], file: FilePath | None) -> str:
    """Return rows as CSV text under a line of names; write it to a file as well, if one is named."""
    import csv

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    text = out.getvalue()
    if file is not None:
        write_text(file, text)
    return text


def pandas_frame(columns: Columns, rows: Sequence[Row]) -> pandas.DataFrame:
    """Return rows as a DataFrame: days as ``datetime64``, amounts as ``Decimal``."""
    data: dict[str, Any] = {name: [getattr(row, name) for row in rows] for name in columns}
    data["date"] = columns["date"].astype("datetime64[s]")
    return frame(data)


def frame(data: Mapping[str, Any]) -> pandas.DataFrame:
    """Return columns by name as a DataFrame; days become ``datetime64``.

    Raises
    ------
    ExtraError
        If pandas is not installed.
    """
    try:
        import pandas
    except ModuleNotFoundError as error:
        raise missing_extra("to_pandas", "pandas") from error
    made = pandas.DataFrame(data)
    for name, values in data.items():
        if len(values) and all(isinstance(value, date) for value in values):
            made[name] = pandas.to_datetime(made[name]).astype("datetime64[s]")
    return made


def arrow_table(columns: Columns, rows: Sequence[Row], decimals: int) -> pyarrow.Table:
    """Return rows as an Arrow table: days as ``date32``, amounts as ``decimal128(38)``.

    Amounts of more than 38 digits make it ``decimal256(76)``.
    """
    pyarrow = pyarrow_for("to_arrow")
    digits = max(len(str(max(map(abs, columns[name].tolist())))) for name in MONEY)
    if digits > 76:
        raise AmountError(
            "to_arrow", f"{digits} digits", "at most 76 digits, as Arrow has", "write to_csv()"
        )
    money = pyarrow.decimal128(38, decimals) if digits <= 38 else pyarrow.decimal256(76, decimals)
    kinds = {"number": pyarrow.int64(), "date": pyarrow.date32()}
    return pyarrow.table(
        {
            name: pyarrow.array([getattr(row, name) for row in rows], kinds.get(name, money))
            for name in columns
        }
    )


def pyarrow_for(call: str) -> Any:
    """Return pyarrow, which `call` needs.

    Raises
    ------
    ExtraError
        If it is not installed.
    """
    try:
        import pyarrow
    except ModuleNotFoundError as error:
        raise missing_extra(call, "pyarrow") from error
    return pyarrow


def missing_extra(call: str, package: str) -> ExtraError:
    """Return the error of a call that needs a package which is not installed."""
    extra = {"pyarrow": "arrow", "matplotlib": "plot"}.get(package, package)
    return ExtraError(
        call, f"no {package}", f"{package} to be installed", f"pip install 'repaylib[{extra}]'"
    )
