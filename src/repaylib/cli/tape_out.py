"""What became of a tape, into a file: CSV or Parquet, amounts in major units."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

import numpy as np
import numpy.typing as npt

from repaylib.errors import ChoiceError
from repaylib.interop.row_batches import (
    FIGURES,
    PLAIN,
    Piece,
    decimals_in,
    pieces_of,
    summary_pieces,
)
from repaylib.money.amounts import to_decimal
from repaylib.schedule.output_files import Outputs, is_stream
from repaylib.typing import BatchOutput

if TYPE_CHECKING:
    from repaylib.portfolio.schedule import PortfolioSchedule
    from repaylib.portfolio.summary import Summary

__all__ = ["check_out", "write_book", "write_rejects"]


def check_out(file: str) -> None:
    """Refuse a file that would be neither CSV nor Parquet. A device, a pipe, or ``-`` takes CSV.

    Raises
    ------
    ChoiceError
        If it ends otherwise.
    ExtraError
        If it is Parquet and pyarrow is not installed.
    """
    if not file.endswith((".csv", ".parquet")) and not is_stream(file):
        raise ChoiceError("--out", file, "a name that ends in .csv or .parquet", "add .csv")
    if file.endswith(".parquet"):
        import_module("repaylib.interop.arrow")  # an extra; it says so if it is missing


def write_book(
    outputs: Outputs,
    file: str,
    plan: PortfolioSchedule,
    kept: Mapping[str, Any],
    summary: Summary | None = None,
) -> None:
    """Write a line for each row of each loan, or each line of a summary, and what is kept."""
    output: BatchOutput = "rows" if summary is None else "summary"
    names = FIGURES[output]
    pieces = pieces_of(plan, "rows", names) if summary is None else summary_pieces(summary, names)
    decimals = decimals_in(plan.book)
    if file.endswith(".parquet"):
        _write_parquet(outputs.binary(file), pieces, kept, output, decimals)
        return
    writer = csv.writer(outputs.text(file), lineterminator="\n")
    writer.writerow([*kept, *names, "reason"])
    plain = {
        name: cells if isinstance(cells, list) else cells.to_pylist()
        for name, cells in kept.items()
    }
    for piece in pieces:
        writer.writerows(_lines(piece, plain, decimals))


def write_rejects(
    out: TextIO,
    plan: PortfolioSchedule,
    kept: Mapping[str, Any],
    lines: Sequence[int],
) -> None:
    """Write what was refused: where in the tape, what is kept of the loan, which change, why."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["line", *kept, "change", "column", "value", "reason"])
    for each in plan.rejects:
        about = [cells[each.row] for cells in kept.values()]
        what = (each.change, each.column, each.value, each.reason)
        writer.writerow([lines[each.row], *about, *what])


def _lines(piece: Piece, kept: Mapping[str, Any], decimals: int) -> Iterator[tuple[Any, ...]]:
    loans = piece.loan.tolist()
    taken = piece.taken.tolist()
    columns = [[cells[loan] for loan in loans] for cells in kept.values()]
    for name, cells in piece.columns.items():
        texts = cells.astype(str).tolist() if name in PLAIN else _amounts(cells, decimals)
        columns.append([text if there else "" for text, there in zip(texts, taken, strict=True)])
    columns.append([piece.reasons.get(loan, "") for loan in loans])
    return zip(*columns, strict=True)


def _amounts(cells: npt.NDArray[Any], decimals: int) -> list[str]:
    """Return minor units as text in major ones; each distinct amount is written once."""
    distinct, codes = np.unique(cells, return_inverse=True)
    texts = [f"{to_decimal(minor, decimals):f}" for minor in distinct.tolist()]
    return [texts[code] for code in codes.tolist()]


def _write_parquet(
    out: BinaryIO,
    pieces: Iterable[Piece],
    kept: Mapping[str, Any],
    output: BatchOutput,
    decimals: int,
) -> None:
    import pyarrow
    import pyarrow.parquet

    from repaylib.interop.arrow import batch_of, schema_of

    table = pyarrow.table(
        {
            name: pyarrow.array(cells, pyarrow.string()) if isinstance(cells, list) else cells
            for name, cells in kept.items()
        }
    )
    schema = schema_of(output, keep=table.schema, money="decimal", decimals=decimals)
    with pyarrow.parquet.ParquetWriter(out, schema) as writer:
        for piece in pieces:
            writer.write_batch(batch_of(piece, table, schema))
