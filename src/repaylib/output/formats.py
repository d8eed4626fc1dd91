"""The formats of a table of columns: CSV, pandas and Arrow."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from repaylib.errors import ExtraError, Phrase
from repaylib.output.files import write_text
from repaylib.output.plain import Plain
from repaylib.output.tables import Printed
from repaylib.typing import FilePath

if TYPE_CHECKING:
    import pandas
    import pyarrow

__all__ = [
    "Streamed",
    "Tabular",
    "csv_text",
    "frame",
    "missing_extra",
    "pyarrow_for",
]


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


class Tabular(Streamed, Printed, Plain):
    """What prints as a table, and leaves Python as columns by name; a subclass has `_table` and `_data`."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _data(self) -> Mapping[str, Iterable[Any]]:
            """Return the columns."""

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

    def to_dict(self) -> dict[str, Any]:
        """Return it as a dictionary that JSON takes: amounts, rates and days as text.

        ``result`` is the name of its class; then follow its attributes, and ``rows``, which are
        :meth:`to_dicts`. A schedule or a statement in it is written so that its ``from_dict`` reads it.
        """
        return {**super().to_dict(), "rows": self.to_dicts()}

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as dictionaries that JSON takes, amounts and days as text."""
        data = {name: map(_plain, column) for name, column in self._data().items()}
        return [dict(zip(data, row, strict=True)) for row in zip(*data.values(), strict=True)]

    def to_arrow(self) -> pyarrow.Table:
        """Return the table as an Arrow table, amounts as decimals. Needs the extra ``arrow``."""
        pa = pyarrow_for("to_arrow")
        return pa.table({name: arrow_column(pa, column) for name, column in self._data().items()})


def _plain(cell: Any) -> Any:
    """Return a cell as JSON takes it: whole numbers, truth and nothing as they are, the rest as text."""
    if isinstance(cell, np.generic):
        cell = cell.item()
    return cell if cell is None or isinstance(cell, (bool, int, str)) else str(cell)


def arrow_column(pa: Any, values: Iterable[Any]) -> Any:
    """Return a column as an Arrow array; what Arrow has no type for becomes text."""
    column = list(values)
    kinds = {type(cell) for cell in column if cell is not None}
    if kinds <= {int, Decimal} and Decimal in kinds:
        column = [None if cell is None else Decimal(cell) for cell in column]
    elif len(kinds) > 1 or not kinds <= {int, str, bool, date}:
        column = [None if cell is None else str(cell) for cell in column]
    return pa.array(column, None if kinds else pa.string())


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
        call,
        Phrase("no {}", package),
        Phrase("{} to be installed", package),
        Phrase("pip install 'repaylib[{}]'", extra),
    )
