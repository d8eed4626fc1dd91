"""Every row of every loan under one another: number of the loan, number, date, money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from repaylib.errors import Phrase, TermsError, check_word, parse_items
from repaylib.money.amounts import to_decimal
from repaylib.output.formats import missing_extra, pyarrow_for
from repaylib.portfolio.book.row_arrays import RowArrays
from repaylib.schedule.rows import MONEY
from repaylib.typing import Ints, MoneyUnit

if TYPE_CHECKING:
    import pandas
    import pyarrow

__all__ = ["arrow_of", "frame_of"]


def _long(
    row_arrays: RowArrays, first: int, columns: Sequence[str] | None
) -> dict[str, npt.NDArray[Any]]:
    inside = np.ascontiguousarray(row_arrays.inside.T)
    rows = {
        "loan": first + np.repeat(np.arange(len(row_arrays.counts)), row_arrays.counts),
        "number": row_arrays.numbers().T[inside].astype(np.int64),
        "date": row_arrays.dates().T[inside],
    }
    hint = Phrase("write {}", 'columns=["payment"]')
    names = MONEY if columns is None else parse_items(columns, "columns", "names of columns", hint)
    for name in names:
        check_word("columns", name, MONEY)
        rows[name] = row_arrays.column(name).T[inside]
    return rows


def _common_decimals(decimals: Ints, money: MoneyUnit) -> int:
    check_word("money", money, ("minor", "decimal"))
    found = np.unique(decimals)
    if money == "decimal" and len(found) > 1:
        raise TermsError(
            "money",
            money,
            "loans that count with as many decimals as each other",
            Phrase("write {}, or {}", 'money="minor"', "book.where(mask)"),
        )
    return int(found[0]) if len(found) else 0


def frame_of(
    row_arrays: RowArrays,
    first: int,
    decimals: Ints,
    columns: Sequence[str] | None,
    money: MoneyUnit,
) -> pandas.DataFrame:
    """Return the rows as a DataFrame."""
    try:
        import pandas
    except ModuleNotFoundError as error:
        raise missing_extra("to_pandas", "pandas") from error
    digits = _common_decimals(decimals, money)
    rows = _long(row_arrays, first, columns)
    rows["date"] = rows["date"].astype("datetime64[s]")
    if money == "decimal":
        for name in rows.keys() & set(MONEY):
            made = np.empty(len(rows[name]), dtype=object)
            made[:] = [to_decimal(minor, digits) for minor in rows[name].tolist()]
            rows[name] = made
    return pandas.DataFrame(rows)


def arrow_of(
    row_arrays: RowArrays,
    first: int,
    decimals: Ints,
    columns: Sequence[str] | None,
    money: MoneyUnit,
) -> pyarrow.Table:
    """Return the rows as an Arrow table."""
    pyarrow = pyarrow_for("to_arrow")
    digits = _common_decimals(decimals, money)
    arrays: dict[str, Any] = {}
    for name, column in _long(row_arrays, first, columns).items():
        if name == "date":
            arrays[name] = pyarrow.array(column, pyarrow.date32())
        elif name in MONEY and money == "decimal":
            halves = np.stack([column, column >> 63], axis=1)  # 128 bits, the low half first
            buffers = [None, pyarrow.py_buffer(halves.astype("<i8").tobytes())]
            kind = pyarrow.decimal128(38, digits)
            arrays[name] = pyarrow.Array.from_buffers(kind, len(column), buffers)
        else:
            arrays[name] = pyarrow.array(column)
    return pyarrow.table(arrays)
