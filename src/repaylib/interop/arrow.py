"""Books of loans as streams of Arrow record batches, for Spark, Ray, DuckDB, Polars.

A worker of any of these hands over batches of loans and takes batches of rows. Nothing is kept
from one batch to the next, so that a book may be of any length and in any number of parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from repaylib.changes.base import Change
from repaylib.errors import (
    ChoiceError,
    ExtraError,
    Phrase,
    StorageError,
    TermsError,
    check_kind,
    check_mapping,
    check_text,
    check_word,
    parse_items,
    write,
)
from repaylib.interop.row_batches import FIGURES, ROWS, Piece, decimals_in, pieces_of
from repaylib.money.counts import parse_count, parse_decimals
from repaylib.portfolio.book.portfolio import Portfolio
from repaylib.portfolio.schedule import PortfolioSchedule
from repaylib.typing import BatchOutput, MoneyUnit

try:
    import pyarrow as pa
except ModuleNotFoundError as missing:
    raise ExtraError(
        "repaylib.interop.arrow",
        Phrase("no {}", "pyarrow"),
        "pyarrow to be installed",
        "pip install 'repaylib[arrow]'",
    ) from missing

__all__ = ["amortise_batches", "batch_of", "batches_of", "ddl_of", "schema_of"]


_KINDS = {
    "number": pa.int32(),
    "payments": pa.int32(),
    "date": pa.date32(),
    "maturity": pa.date32(),
}
#: What is carried through unless something else is said: `id`, as text, whatever its type was. So
#: a schema that is declared before any batch is seen fits all batches.
KEEP: Mapping[str, Any] = MappingProxyType({"id": "string"})
#: All that an int64 of minor units holds, in 19 digits, with a digit to spare.
_DIGITS = 20


def schema_of(
    output: BatchOutput = "rows",
    *,
    keep: Mapping[str, Any] | None = KEEP,
    figures: Sequence[str] | None = None,
    money: MoneyUnit = "minor",
    decimals: int = 2,
) -> pa.Schema:
    """Return the schema of what :func:`~repaylib.interop.amortise_batches` gives for the same parameters.

    Parameters
    ----------
    output
        ``"rows"``
            a line for each row of each schedule, with the columns of :class:`~repaylib.Row`.
        ``"summary"``
            a line for each loan: instalment, payments, total_paid, total_interest ...
    keep
        Columns that are carried through, and their Arrow types: ``{"id": "int64"}``, or a
        schema that has them. By default `id`, as text; ``None`` is none.
    figures
        Which columns of `output`, in which order; ``None`` is all.
    money
        ``"minor"``
            ``int64`` minor units: 888.49 is 88849.
        ``"decimal"``
            ``decimal128(20, 2)`` for a currency of two decimals: 888.49.
    decimals
        How many decimals the currency has, with ``"decimal"``.

    Notes
    -----
    The last column is `reason`, a text: why a loan was rejected, or why a change could not be made
    for it. It is null for all other loans; of a rejected one everything else but the columns of
    `keep` is. A loan for which a change could not be made has the figures it had without it.

    Examples
    --------
    >>> from repaylib.interop.arrow import schema_of
    >>> schema_of("rows", keep={"id": "int64"}, figures=["number", "date", "payment"])
    id: int64
    number: int32
    date: date32[day]
    payment: int64
    reason: string
    """
    check_word("output", output, get_args(BatchOutput))
    check_word("money", money, get_args(MoneyUnit))
    kept = {} if keep is None else _types(keep)
    names = FIGURES[output]
    if figures is not None:
        hint = Phrase("write {}", 'figures=["payment"]')
        names = parse_items(figures, "figures", "names of columns", hint)
    for name in names:
        check_word("figures", name, FIGURES[output])
    amount = pa.int64()
    if money == "decimal":
        amount = pa.decimal128(_DIGITS, parse_decimals(decimals))
    for name in kept:
        if name in (*names, "reason"):
            raise ChoiceError(
                "keep",
                name,
                "a name that the output does not have itself",
                Phrase(
                    'rename the column, such as "loan_{}", or leave {!r} out of figures', name, name
                ),
            )
    fields = [*kept.items(), *((name, _KINDS.get(name, amount)) for name in names)]
    return pa.schema([*fields, ("reason", pa.string())])


def _types(keep: Mapping[str, Any] | pa.Schema) -> dict[str, Any]:
    """Read names of columns and their types."""
    if isinstance(keep, pa.Schema):
        return {field.name: field.type for field in keep}
    hint = Phrase("write {}", 'keep={"id": "int64"}')
    found = {}
    for name, kind in check_mapping(keep, "keep", hint).items():
        try:
            found[check_text(name, "keep")] = (
                kind
                if isinstance(kind, pa.DataType)
                else pa.type_for_alias(check_text(kind, "keep"))
            )
        except ValueError:
            expected = "names of columns with their Arrow types"
            raise ChoiceError("keep", keep, expected, hint) from None
    return found


def ddl_of(output: BatchOutput = "rows", **options: Any) -> str:
    """Return the same schema as the text that PySpark takes, with the same defaults.

    Parameters
    ----------
    output, options
        As of :func:`~repaylib.interop.schema_of`.

    Examples
    --------
    >>> from repaylib.interop.arrow import ddl_of
    >>> ddl_of("summary", keep={"id": "string"}, figures=["maturity", "total_paid"], money="decimal")
    '`id` string, `maturity` date, `total_paid` decimal(20,2), `reason` string'
    """
    schema = schema_of(output, **options)
    return ", ".join(f"`{field.name}` {_spark_type(field.name, field.type)}" for field in schema)


def _spark_type(name: str, kind: pa.DataType) -> str:
    if pa.types.is_decimal128(kind):
        return f"decimal({kind.precision},{kind.scale})"
    if pa.types.is_timestamp(kind):
        return "timestamp" if kind.tz else "timestamp_ntz"
    known = {
        "int8": "tinyint",
        "int16": "smallint",
        "int32": "int",
        "int64": "bigint",
        "float": "float",
        "double": "double",
        "bool": "boolean",
        "string": "string",
        "large_string": "string",
        "binary": "binary",
        "date32[day]": "date",
    }
    if str(kind) not in known:
        types = Phrase("one of {}", ", ".join(known))
        raise ChoiceError("keep", f"{name}: {kind}", types, "cast the column before")
    return known[str(kind)]


def amortise_batches(
    batches: Iterable[pa.RecordBatch] | Any,
    *changes: Change | Callable[[Any, pa.RecordBatch], Any],
    columns: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    keep: Sequence[str] | Mapping[str, Any] | None = KEEP,
    output: BatchOutput = "rows",
    figures: Sequence[str] | None = None,
    money: MoneyUnit = "minor",
    decimals: int = 2,
    rows: int = ROWS,
    errors: Literal["raise", "collect"] = "collect",
) -> Iterator[pa.RecordBatch]:
    """Yield the schedules of loans that come in record batches, as record batches.

    Parameters
    ----------
    batches
        Loans, one a line: record batches, a table, a reader, or whatever hands out an Arrow
        stream, as frames of Polars and relations of DuckDB do. An integer principal is in minor units, decimals and text in major
        ones, as a :class:`~repaylib.Portfolio` takes them.
    changes
        Each a change, which is made to all loans; or a function of the schedules so far and
        the batch, that returns them changed by a verb, whose options may be columns:
        ``lambda plan, batch: rp.defer(plan, payment=batch["missed"])``. A null leaves its
        loan alone.
    columns
        Our names of the columns, and the batch's: ``{"start": "origination_date"}``. ``None``
        is that a batch has those columns by our names, besides the ones of `keep`.
    options
        Options that hold for all loans: ``{"day_count": "actual/360"}``.
    keep
        Columns that are carried through, so that a line says about which loan it is: as of
        :func:`~repaylib.interop.schema_of`, with the same default, and cast to those types; or names alone, of
        columns that stay as they are.
    output, figures, money, decimals
        As of :func:`~repaylib.interop.schema_of`, with the same defaults.
    rows
        Lines of a batch that is yielded, at most.
    errors
        ``"collect"``
            a loan that cannot be computed is one line with its reason; one that a change cannot be
            made for has its lines without it, with the reason.
        ``"raise"``
            it ends the work with its error.

    Raises
    ------
    RepayError
        If a column is not there, contradicts `options`, or cannot be cast; of a loan, with
        ``errors="raise"``.

    Examples
    --------
    >>> import pyarrow as pa, repaylib as rp
    >>> from repaylib.interop.arrow import amortise_batches
    >>> loans = pa.record_batch({"id": ["a", "b"], "principal": ["10000", "-1"]})
    >>> same = {"rate": "12%", "payments": 12, "start": "2024-01-10"}
    >>> out = amortise_batches(
    ...     [loans], rp.changes.Deferral(4), options=same, output="summary", figures=["total_interest"]
    ... )
    >>> pa.Table.from_batches(out).select(["id", "total_interest"]).to_pylist()
    [{'id': 'a', 'total_interest': 73797}, {'id': 'b', 'total_interest': None}]
    """
    check_word("errors", errors, ("raise", "collect"))
    rows = parse_count(rows, "rows", most=1 << 24, example=ROWS)
    same = {} if options is None else _named(options, "options")
    if columns is not None:
        for their in _named(columns, "columns").values():
            check_text(their, "columns")
    for change in changes:
        if not isinstance(change, Change) and not callable(change):
            expected = "a change, or a function of the schedules and the batch"
            hint = Phrase("write {}", "rp.changes.Deferral(4)")
            raise TermsError("changes", change, expected, hint)
    for_all: list[Any] = [*takewhile(lambda change: isinstance(change, Change), changes)]
    typed = _types(keep) if isinstance(keep, (Mapping, pa.Schema)) else None
    kept_names = [*(_names(keep) if typed is None else typed)]
    for batch in _batches(batches):
        used = _used(batch, kept_names, columns)
        kept = batch.select(kept_names)
        if typed is not None:
            kept = _cast(kept, typed)
        schema = schema_of(
            output, keep=kept.schema, figures=figures, money=money, decimals=decimals
        )
        if not batch.num_rows:
            continue
        cells = {our: batch.column(their) for our, their in used.items()}
        plan = PortfolioSchedule(Portfolio(cells, **same, errors=errors), for_all)
        for change in changes[len(for_all) :]:
            made = plan.then(change) if isinstance(change, Change) else change(plan, batch)
            plan = check_kind(made, "changes", PortfolioSchedule, "return rp.defer(plan, ...)")
        yield from batches_of(plan, kept, schema, output=output, rows=rows)


def _named(given: object, parameter: str) -> dict[str, Any]:
    """Read values by the names of parameters of a loan."""
    hint = Phrase("write {}", f'{parameter}={{"rate": ...}}')
    pairs = check_mapping(given, parameter, hint).items()
    return {check_text(name, parameter): value for name, value in pairs}


def _names(keep: object) -> tuple[str, ...]:
    """Read the names of columns that stay as they are."""
    hint = Phrase("write {}", '["id"]')
    names = parse_items(() if keep is None else keep, "keep", "names of columns", hint)
    return tuple(check_text(name, "keep") for name in names)


def _batches(given: Any) -> Iterator[pa.RecordBatch]:
    """Go through record batches, or what hands them out."""
    hint = Phrase("write {}", "[pyarrow.record_batch(...)]")
    try:
        found = given
        if hasattr(given, "__arrow_c_stream__"):
            found = pa.RecordBatchReader.from_stream(given)
        each = iter(found)
    except (TypeError, pa.ArrowInvalid):
        raise TermsError("batches", given, "record batches, or an Arrow stream", hint) from None
    for batch in each:
        if not isinstance(batch, (pa.RecordBatch, pa.Table)):
            raise TermsError("batches", batch, "record batches", hint)
        yield _plain(batch)


def batches_of(
    plan: PortfolioSchedule,
    kept: pa.RecordBatch | pa.Table,
    schema: pa.Schema,
    *,
    output: BatchOutput = "rows",
    rows: int = ROWS,
) -> Iterator[pa.RecordBatch]:
    """Yield what schedules say, as record batches of a schema of :func:`~repaylib.interop.schema_of`.

    Parameters
    ----------
    plan
        The schedules.
    kept
        The columns that are carried through, one line for each loan.
    schema, output, rows
        As of :func:`~repaylib.interop.amortise_batches`.
    """
    names = [name for name in schema.names if name in FIGURES[output]]
    _check_decimals(plan, schema)
    for piece in pieces_of(plan, output, names, rows):
        yield batch_of(piece, kept, schema)


def batch_of(piece: Piece, kept: pa.RecordBatch | pa.Table, schema: pa.Schema) -> pa.RecordBatch:
    """Return a piece as a record batch of a schema of :func:`~repaylib.interop.schema_of`."""
    index = pa.array(piece.loan)
    arrays = []
    for field in schema:
        if field.name in piece.columns:
            arrays.append(_array(piece.columns[field.name], piece.taken, field.type))
        elif field.name == "reason":
            arrays.append(_reasons(piece))
        else:
            column = kept.column(field.name).take(index)
            arrays.append(_whole(column).cast(field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _check_decimals(plan: PortfolioSchedule, schema: pa.Schema) -> None:
    """Refuse to write amounts of so many decimals as amounts of others."""
    scale = next((field.type.scale for field in schema if _is_amount(field)), None)
    if scale is not None and plan.book.kept.any() and scale != (found := decimals_in(plan.book)):
        hint = write(decimals=found)
        raise TermsError("decimals", scale, Phrase("{}, as the loans have", found), hint)


def _is_amount(field: pa.Field) -> bool:
    names = {*FIGURES["rows"], *FIGURES["summary"]}
    return field.name in names and pa.types.is_decimal(field.type)


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch with text of one kind only, and without dictionaries."""
    schema = batch.schema
    for place, field in enumerate(schema):
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if str(kind) == "string_view":
            kind = pa.string()
        if kind != field.type:
            schema = schema.set(place, field.with_type(kind))
    return batch if schema is batch.schema else batch.cast(schema)


def _cast(kept: pa.RecordBatch, types: Mapping[str, Any]) -> pa.RecordBatch:
    """Return columns in the types of the schema."""
    columns = {}
    for name, kind in types.items():
        column = kept.column(name)
        try:
            columns[name] = column.cast(kind)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise StorageError(
                "keep",
                f"{name}: {column.type}",
                Phrase("a column that can be cast to {}", kind),
                Phrase('write keep=["{}"], or another type ({})', name, error),
            ) from error
    return pa.RecordBatch.from_pydict(columns) if columns else kept


def _used(
    batch: pa.RecordBatch, keep: Sequence[str], columns: Mapping[str, str] | None
) -> dict[str, str]:
    """Return which column of a batch is which parameter of a loan."""
    there = batch.schema.names
    used = {name: name for name in there if name not in keep} if columns is None else dict(columns)
    for our, their in [*used.items(), *(("keep", name) for name in keep)]:
        if their not in there:
            raise StorageError(
                "columns" if our != "keep" else our,
                their,
                Phrase("a column of the batch, which has {}", ", ".join(there)),
                Phrase("write {}", f'columns={{"{our}": NAME}}')
                if our != "keep"
                else Phrase("write {}", 'keep=["NAME"]'),
            )
    return used


def _array(cells: npt.NDArray[Any], taken: npt.NDArray[np.bool_], kind: pa.DataType) -> Any:
    """Return cells as an Arrow array, null for loans that were not taken."""
    null = None if taken.all() else ~taken
    if not pa.types.is_decimal(kind):
        return pa.array(cells, mask=null).cast(kind)
    wide = np.empty((len(cells), 2), dtype="<i8")  # 128 bits: the low half, and the sign
    wide[:, 0] = cells
    wide[:, 1] = cells >> 63
    valid = None
    if null is not None:
        valid = pa.py_buffer(np.packbits(taken, bitorder="little").tobytes())
    return pa.Array.from_buffers(kind, len(cells), [valid, pa.py_buffer(wide)])


def _reasons(piece: Piece) -> Any:
    if not piece.reasons:
        return pa.nulls(len(piece), pa.string())
    return pa.array([piece.reasons.get(loan) for loan in piece.loan.tolist()], pa.string())


def _whole(column: Any) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
