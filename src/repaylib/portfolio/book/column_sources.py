"""Columns read from what people have: lists, numpy, pandas, Arrow; known by what they can do.

Polars, DuckDB and all else that hands out an Arrow stream is read as Arrow, by pyarrow, which is loaded
for that alone; neither pandas nor Arrow is loaded for anything else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from repaylib.errors import (
    AmountError,
    CountError,
    DateError,
    Phrase,
    RateError,
    RepayError,
    TermsError,
    check_text,
)
from repaylib.output.formats import pyarrow_for
from repaylib.portfolio.book.columns import Coded, Column, DayColumn, Same, Scaled, Whole
from repaylib.typing import Bools

__all__ = ["is_table", "listed", "read_column", "read_mask", "read_table"]

#: Parameters for which a list is one value, that of every loan.
LISTED = ("fees", "drawdowns", "due_days", "interest_base")
#: Of these, the options that are one value among the lists of a column.
BASES = ("balance", "original")
MONEY = ("principal", "amount", "arrears", "instalment", "balloon", "instalment_multiple", "fee")
RATES = ("rate", "share", "near")
DAYS = ("start", "first_payment", "maturity", "last_regular", "on", "until", "reversed_on")


def read_column(value: Any, name: str, *, floats: bool = False) -> Column:
    """Read one column, or one value for all loans; with `floats`, floats as they print.

    Raises
    ------
    RepayError
        For floats, which are exact neither as money nor as rates, and for days with a time zone.

    Examples
    --------
    >>> read_column(["12%", "8%", "12%"], "rate")
    Coded(codes=array([0, 1, 0], dtype=int32), values=('12%', '8%'))
    """
    if isinstance(value, Column):
        return value
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if floats:
        value = _printed(value)
    if isinstance(value, (str, bytes, np.generic)) or value is None:
        return Same(value)
    if isinstance(value, np.ma.MaskedArray):
        return _numpy(value.data, np.ma.getmaskarray(value), name)
    if isinstance(value, np.ndarray):
        return _numpy(value, None, name)
    if isinstance(value, range) and -(2**63) <= value.start <= value.stop < 2**63:
        return _numpy(np.arange(value.start, value.stop, value.step), None, name)
    if isinstance(value, (list, tuple)):
        return _listed(list(value), name) if _is_column(value, name) else Same(value)
    if _is_arrow(value):
        return _arrow(value, name)
    if hasattr(value, "dtype") and hasattr(value, "isna"):
        return _pandas(value, name)
    if _is_lazy(value):
        expected = "a column, or one value for all loans"
        raise TermsError(
            name, type(value).__name__, expected, Phrase("write {}", f"{name}.collect()")
        )
    if not _streams(value):
        return Same(value)
    if any(hasattr(value, table) for table in ("columns", "read_all", "to_arrow_table")):
        return _only(value, name)
    array = _imported(value, name)
    return _listed(value.to_list(), name) if array is None else _arrow(array, name)


def _printed(value: Any) -> Any:
    """Return floats as the decimals that they print as, and NaN as null; all else as it is."""
    if isinstance(value, (list, tuple)):
        return [_printed(cell) for cell in value]
    if isinstance(value, (float, np.floating)):
        return None if value != value else Decimal(str(value))
    kind = str(getattr(value, "dtype", getattr(value, "type", ""))).lower()
    if not ("float" in kind or "double" in kind):
        return value
    if isinstance(value, np.ma.MaskedArray):
        value = value.filled(np.nan)
    if hasattr(value, "isna"):  # pandas, whose own kinds have NA
        value = value.to_numpy(dtype=np.float32 if "32" in kind else np.float64, na_value=np.nan)
    texts = np.asarray(value).astype(np.str_).tolist()
    return [None if text == "nan" else Decimal(text) for text in texts]


def read_mask(value: Any, name: str) -> bool | Bools:
    """Read one truth for each loan, or one for all; a null is false.

    Examples
    --------
    >>> read_mask([True, None], "where"), read_mask(False, "where")
    (array([ True, False]), False)
    """
    if isinstance(value, np.ndarray) and value.dtype == bool and value.ndim == 1:
        return value.copy()
    column = None if isinstance(value, float) else read_column(value, name)
    if isinstance(column, Same) and isinstance(column.value, (bool, np.bool_)):
        return bool(column.value)
    if not isinstance(column, Coded):  # numbers or days, which may be millions
        raise _no_mask(name, Phrase("some whole numbers") if isinstance(column, Whole) else value)
    truths = [isinstance(mask, (bool, np.bool_)) for mask in column.values]
    if truths and not any(truths):
        raise _no_mask(name, value)
    if not all(truths):
        code = truths.index(False)
        error = TermsError(
            name,
            column.values[code],
            "True or False",
            Phrase("write {}, {} or {}", "True", "False", "None"),
        )
        raise error.in_row(int(np.argmax(column.codes == code)))
    return np.array([*column.values, False], dtype=bool)[column.codes]


def read_table(table: Any, parameter: str = "table") -> dict[str, Any]:
    """Return the columns of a table by name: of a mapping, of pandas, or of an Arrow stream."""
    if isinstance(table, Mapping):
        return {check_text(name, parameter): column for name, column in table.items()}
    if _is_frame(table):
        return {str(name): table[name] for name in table.columns}
    if hasattr(table, "get_column"):  # Polars
        return {name: table.get_column(name) for name in table.columns}
    if _streams(table):
        found = _table(table, parameter)
        names = found.schema.names
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise TermsError("table", twice, "columns of different names", "rename one of them")
        columns = {name: found.column(place) for place, name in enumerate(names)}
        kinds = zip(names, map(str, getattr(table, "types", ())), strict=False)
        huge = {name for name, kind in kinds if kind in ("HUGEINT", "UHUGEINT")}  # DuckDB
        return {
            name: [None if value is None else int(value) for value in column.to_pylist()]
            if name in huge
            else column
            for name, column in columns.items()
        }
    raise _no_table(table, parameter)


def _no_table(table: Any, parameter: str) -> TermsError:
    lazy = _is_lazy(table)
    return TermsError(
        parameter,
        type(table).__name__ if lazy else table,
        "a mapping of columns, a table of pandas, Polars, pyarrow or DuckDB, or an Arrow stream",
        Phrase("write {}", "frame.collect()")
        if lazy
        else Phrase("write {}", "rp.Portfolio(principal=..., rate=..., payments=..., start=...)"),
    )


def is_table(value: Any) -> bool:
    """Whether a value is a table of pandas, Polars, pyarrow or DuckDB, or an Arrow stream."""
    return _is_frame(value) or _streams(value)


def _is_frame(value: Any) -> bool:
    """Whether a value is a table of pandas."""
    return hasattr(value, "iloc") and hasattr(value, "columns")


def listed(column: Any) -> list[Any] | None:
    """Return the values of a column of any library as a list; ``None`` if it is no such column."""
    for way in ("to_pylist", "to_list"):  # Arrow; pandas and Polars
        if hasattr(column, way):
            return list(getattr(column, way)())
    return list(_imported(column, "column").to_pylist()) if _streams(column) else None


def _is_lazy(value: Any) -> bool:
    """Whether a value is a table of Polars that is still to be computed."""
    return hasattr(value, "collect_schema") and not hasattr(value, "get_column")


def _streams(value: Any) -> bool:
    """Whether a value hands out Arrow data."""
    ways = ("__arrow_c_stream__", "__arrow_c_array__", "to_arrow_table")
    return any(hasattr(value, way) for way in ways)


def _imported(value: Any, name: str) -> Any:
    """Return a column as pyarrow has it; ``None`` if it is of no type of Arrow, but of a list."""
    pa = pyarrow_for(name)
    try:
        streams = hasattr(value, "__arrow_c_stream__")
        return pa.chunked_array(value) if streams else pa.array(value)
    except OSError:  # a stream that contradicts its schema, as of early releases of Polars
        return value.to_arrow()
    except pa.ArrowInvalid:
        if hasattr(value, "to_list"):
            return None
        raise


def _table(value: Any, parameter: str) -> Any:
    """Return a table as pyarrow has it."""
    pa = pyarrow_for("table")
    streams = hasattr(value, "__arrow_c_stream__") or hasattr(value, "__arrow_c_array__")
    try:
        return pa.table(value if streams else value.to_arrow_table())
    except OSError:  # see above
        return value.to_arrow()
    except pa.ArrowInvalid:  # the stream of a single column
        raise _no_table(value, parameter) from None


def _only(table: Any, name: str) -> Column:
    """Read the only column of a table."""
    columns = read_table(table)
    if len(columns) != 1:
        expected = "one column, not a table of several"
        raise TermsError(
            name, Phrase("columns {}", ", ".join(columns)), expected, "take one of them"
        )
    return read_column(next(iter(columns.values())), name)


def _is_column(value: Any, name: str) -> bool:
    """Whether a list has a value for each loan, and is not itself the value of them all."""
    if name in LISTED:
        inner = [item for item in value if item is not None]
        text = name == "interest_base"  # a word, an amount, or a list of days
        nested = all(
            isinstance(item, (list, tuple))
            or (text and isinstance(item, str) and not re.match(r"\s*\d{4}-?\d\d-?\d\d", item))
            for item in inner
        )
        if name == "drawdowns":  # itself a list of pairs
            nested = nested and all(isinstance(pair, (list, tuple)) for e in inner for pair in e)
        return nested and bool(inner)
    if name != "every" or not value:
        return True
    first = value[0]
    days = isinstance(first, (str, np.datetime64)) and re.match(r"\s*\d{4}-?\d", str(first))
    return not hasattr(first, "year") and not days


def _listed(values: list[Any], name: str) -> Column:
    kinds = set(map(type, values))
    if kinds == {int}:
        try:
            return Whole(np.array(values, dtype=np.int64))
        except OverflowError:
            return Coded.of(values)
    if kinds == {float}:
        raise _floats(name, Phrase("a list of floats"))
    return Coded.of(values)


def _numpy(array: npt.NDArray[Any], missing: Bools | None, name: str) -> Column:
    if array.ndim != 1:
        raise TermsError(
            name,
            Phrase("an array of {} dimensions", array.ndim),
            "one value a loan",
            Phrase("write {}", f"{name}.ravel()"),
        )
    if missing is not None and not missing.any():
        missing = None
    kind = array.dtype.kind
    if kind == "M":
        days = array.copy() if missing is not None else array
        if missing is not None:
            days[missing] = np.datetime64("NaT", "D")
        return DayColumn(days)
    if kind in "iu":
        if kind == "u" and array.size and int(array.max()) >= 2**63:
            return Coded.of(array.tolist())
        return Whole(array.astype(np.int64, copy=False), missing)
    if kind == "f":
        raise _floats(name, Phrase("a column of {}", array.dtype))
    values = array.tolist()
    if missing is not None:
        values = [
            None if is_gone else value for value, is_gone in zip(values, missing, strict=True)
        ]
    return _listed(values, name)


def _pandas(series: Any, name: str) -> Column:
    """Read a pandas column."""
    kind = series.dtype
    if hasattr(kind, "pyarrow_dtype") or str(kind) in ("string[pyarrow]",):
        return _arrow(series.array.__arrow_array__(), name)
    if getattr(kind, "tz", None) is not None:
        raise _zoned(name, kind)
    missing = np.asarray(series.isna(), dtype=bool)
    if hasattr(kind, "categories"):
        categories = series.cat if hasattr(series, "cat") else series
        codes = np.asarray(categories.codes)
        return Coded(codes.astype(np.int32), tuple(categories.categories.tolist()))
    if isinstance(kind, np.dtype):
        array = np.asarray(series)
    elif kind.kind in "iu":
        array = series.fillna(0).to_numpy(dtype=np.int64)
    elif kind.kind == "f":
        raise _floats(name, Phrase("a column of {}", kind))
    else:
        array = np.asarray(series, dtype=object)
    if array.dtype.kind == "O":
        array = array.copy()
        array[missing] = None
        return _listed(array.tolist(), name)
    return _numpy(array, missing, name)


def _is_arrow(value: Any) -> bool:
    return hasattr(value, "type") and hasattr(value, "null_count") and hasattr(value, "to_pylist")


def _arrow(array: Any, name: str) -> Column:
    """Read an Arrow array, in pieces or whole."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
        if isinstance(array, pa.ChunkedArray):  # of older versions
            array = pa.concat_arrays(array.chunks)
    if isinstance(array.type, pa.BaseExtensionType):
        array = array.storage
    if str(array.type) in ("string_view", "binary_view"):  # of which Arrow makes no codes
        array = array.cast(pa.large_string())
    if array.type == pa.uint64():
        with suppress(pa.ArrowInvalid):
            array = array.cast(pa.int64())
    kind = array.type
    missing = None
    if array.null_count:
        missing = np.asarray(pc.is_null(array).to_numpy(zero_copy_only=False), dtype=bool)
    if pa.types.is_dictionary(kind):
        codes = pc.fill_null(array.indices.cast(pa.int32()), -1).to_numpy(zero_copy_only=False)
        return Coded.of(array.dictionary.to_pylist()).through(codes)
    if pa.types.is_integer(kind) and kind != pa.uint64():
        whole = array.cast(pa.int64())
        whole = whole if missing is None else pc.fill_null(whole, 0)
        return Whole(whole.to_numpy(zero_copy_only=False), missing)
    if pa.types.is_floating(kind):
        raise _floats(name, Phrase("a column of {}", kind))
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        if getattr(kind, "tz", None) is not None:
            raise _zoned(name, kind)
        return DayColumn(np.asarray(array.to_numpy(zero_copy_only=False)))
    scaled = _scaled(array, missing) if pa.types.is_decimal(kind) and kind.scale >= 0 else None
    if scaled is not None:
        return scaled
    if pa.types.is_struct(kind):  # a table that came as a stream
        return _only(pa.table(array.flatten(), names=[field.name for field in kind]), name)
    if pa.types.is_null(kind):
        return Coded(np.full(len(array), -1, np.int32), ())
    found = array.dictionary_encode() if not pa.types.is_nested(kind) else None
    if found is None:
        return Coded.of(array.to_pylist())
    codes = pc.fill_null(found.indices, -1).to_numpy(zero_copy_only=False)
    return Coded.of(found.dictionary.to_pylist()).through(codes)


def _scaled(array: Any, missing: Bools | None) -> Scaled | None:
    """Read Arrow decimals as whole numbers, where all of them fit."""
    import pyarrow as pa

    scale = array.type.scale
    try:
        array = array.cast(pa.decimal128(38, scale))
    except pa.ArrowInvalid:  # beyond all money, as a row then says
        return None
    halves = np.frombuffer(array.buffers()[1], dtype="<i8").reshape(-1, 2)
    halves = halves[array.offset : array.offset + len(array)]
    low, high = halves[:, 0].copy(), halves[:, 1]
    fits = high == low >> 63
    if missing is not None:
        low[missing] = 0
        fits = fits | missing
    return Scaled(low, scale, missing) if fits.all() else None


_FORMATS = ('formats={"rate": "percent"}', '"share"', '"bp"')


def _floats(name: str, shown: str) -> RepayError:
    if name in MONEY:
        return AmountError(
            name,
            shown,
            "integers, which are minor units, or amounts as text or Decimal",
            Phrase('write numpy.rint({} * 100).astype("int64") for cents', name),
        )
    if name in RATES:
        shares = f'[f"{{share:.6%}}" for share in {name}]'
        return RateError(
            name,
            shown,
            Phrase('{}s such as "12%", Decimal("0.12") or Fraction(3, 25)', name),
            Phrase("write {} if 0.12 is 12 %, or {}, {} or {}", shares, *_FORMATS)
            if name == "rate"
            else Phrase("write {} if 0.12 is 12 %", shares),
        )
    if name == "where":
        return _no_mask(name, shown)
    if name in DAYS:
        return DateError(name, shown, "days", Phrase("write {}", f'{name}.astype("datetime64[D]")'))
    return CountError(
        name, shown, "whole numbers", Phrase('write {}.astype("int64"), or "Int64" of pandas', name)
    )


def _no_mask(name: str, shown: object) -> TermsError:
    return TermsError(
        name,
        shown,
        "True or False for each loan, or for all",
        Phrase(
            "write such as {}=book.start < day, or {}=numpy.isin(numpy.arange(len(book)), rows)",
            name,
            name,
        ),
    )


def _zoned(name: str, kind: object) -> DateError:
    return DateError(
        name,
        str(kind),
        "days without a time zone",
        Phrase("write {}", f"{name}.dt.tz_localize(None)"),
    )
