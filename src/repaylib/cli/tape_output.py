"""The outcome for a tape: lines of CSV or Parquet, and the tables that are printed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, TextIO

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
from repaylib.money.amounts import show, to_decimal
from repaylib.output.files import Outputs, is_stream
from repaylib.output.progress import Bar
from repaylib.output.tables import Table
from repaylib.portfolio.summary import sum_of
from repaylib.schedule.verbs import amortise
from repaylib.typing import BatchOutput
from repaylib.wording.sentence import Listed, Sentence, lines_of

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from repaylib.portfolio.schedule import PortfolioSchedule
    from repaylib.portfolio.summary import PortfolioTotals, Summary

__all__ = ["add_raw_text", "check_out", "in_short", "write_book", "write_rejects"]

#: A text that spreadsheets take for a formula, also with signs of full width; no number is one.
#: What the plans are called while they are computed, and by key in a table.
PLANS = ["as agreed", "scenario"]
_FORMULA = re.compile(r"\s*[=@\uff1d\uff20]|\s*[-+\uff0d\uff0b](?![\d., ]*%?\s*$)")


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


def add_raw_text(parser: ArgumentParser) -> None:
    """Add the option that leaves texts of the tape as they are in CSV."""
    parser.add_argument(
        "--raw-text",
        action="store_true",
        help="write texts of the tape to CSV as they are; otherwise a ' is put before one that "
        "a spreadsheet would run as a formula, such as =1+1",
    )


def write_book(
    outputs: Outputs,
    file: str,
    plan: PortfolioSchedule,
    kept: Mapping[str, Any],
    summary: Summary | None = None,
    *,
    raw: bool = False,
) -> None:
    """Write a line for each row of each loan, or each line of a summary, and what is kept.

    In CSV, a text that a spreadsheet would run as a formula begins with ``'``, unless it is `raw`.
    """
    output: BatchOutput = "rows" if summary is None else "summary"
    names = FIGURES[output]
    pieces = pieces_of(plan, "rows", names) if summary is None else summary_pieces(summary, names)
    decimals = decimals_in(plan.book)
    if file.endswith(".parquet"):
        _write_parquet(outputs.binary(file), pieces, kept, output, decimals)
        return
    writer = csv.writer(outputs.text(file), lineterminator="\n")
    writer.writerow([*(cell(name, raw) for name in kept), *names, "reason"])
    plain = {
        name: [
            cell(each, raw) for each in (cells if isinstance(cells, list) else cells.to_pylist())
        ]
        for name, cells in kept.items()
    }
    for piece in pieces:
        writer.writerows(_lines(piece, plain, decimals))


def write_rejects(
    out: TextIO,
    plan: PortfolioSchedule,
    kept: Mapping[str, Any],
    lines: Sequence[int],
    *,
    raw: bool = False,
) -> None:
    """Write what was refused: where in the tape, what is kept of the loan, which change, why."""
    writer = csv.writer(out, lineterminator="\n")

    def write(*cells: object) -> None:
        writer.writerow(cell(each, raw) for each in cells)

    write("line", *kept, "change", "column", "value", "reason")
    for reject in plan.rejects:
        about = [cells[reject.row] for cells in kept.values()]
        what = (reject.change, reject.column, reject.value, reject.reason)
        write(lines[reject.row], *about, *what)


def cell(value: Any, raw: bool) -> Any:
    """Return a cell for CSV: what a spreadsheet would run as a formula is made text, unless `raw`.

    Examples
    --------
    >>> cell("=1+1", raw=False), cell("-12.50", raw=False), cell("=1+1", raw=True)
    ("'=1+1", '-12.50', '=1+1')
    """
    if raw or not isinstance(value, str) or not _FORMULA.match(value):
        return value
    return f"'{value}"


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


# -- printed --------------------------------------------------------------------------------


class _Short(NamedTuple):
    """The figures of a book."""

    loans: int
    rejected: int
    unreached: int
    paid: int
    interest: int
    principal: int
    waived: int
    forgiven: int
    capitalised: int
    fees: int
    peak: int
    month: str
    end: str


def in_short(
    plans: Sequence[PortfolioSchedule],
    summaries: Sequence[Summary],
    *,
    progress: bool | None = None,
) -> Listed:
    """Return tables of a book as agreed and, if there is a second plan, of its scenario.

    There is one for each currency.
    """
    currencies = plans[0].book.currencies()
    if len(currencies) < 2:
        return lines_of(_table(plans, summaries, "", progress))
    tables: list[object] = []
    for (name, decimals), mask in currencies.items():
        book = plans[0].book.where(mask)
        mine = [amortise(book, *(change.take(mask) for change in plan.changes)) for plan in plans]
        title: object = name
        if not _alone(name, currencies):
            title = Sentence("tape.decimals", currency=name, decimals=decimals)
        tables.append(_table(mine, [schedule.summary() for schedule in mine], title, progress))
    gone = len(plans[0].book) - int(plans[0].book.kept.sum())
    if gone:
        tables.append(Sentence("tape.no_currency", count=f"{gone:,}"))
    return Listed(tables, "paragraph")


def _alone(name: str, currencies: Iterable[tuple[str, int]]) -> bool:
    """Whether all loans of a currency count with the same decimals."""
    return [other for other, _ in currencies].count(name) == 1


def _table(
    plans: Sequence[PortfolioSchedule],
    summaries: Sequence[Summary],
    title: object,
    progress: bool | None,
) -> Table:
    names = PLANS[: len(plans)]
    shorts = [
        _short(plan.totals(progress=Bar(f"{name}, by month", "loans", shown=progress)), summary)
        for plan, summary, name in zip(plans, summaries, names, strict=True)
    ]
    decimals = decimals_in(plans[0].book)
    nothing = [""] * (len(plans) - 1)

    def counts(name: str) -> list[object]:
        counted = (f"{getattr(short, name):,}" for short in shorts)
        return [Sentence(f"tape.{name}"), *counted, *nothing]

    def money(name: str) -> list[object]:
        values = [getattr(short, name) for short in shorts]
        extra = [f"{'+' * (more > 0)}{show(more, decimals)}" for more in (values[-1] - values[0],)]
        shown = (show(value, decimals) for value in values)
        return [Sentence(f"tape.{name}"), *shown, *extra[: len(nothing)]]

    rows = [counts("loans")]
    rows += [
        counts(name)
        for name in ("rejected", "unreached")
        if any(getattr(short, name) for short in shorts)
    ]
    rows += [money("paid"), money("interest"), money("principal")]
    rows += [
        money(name)
        for name in ("waived", "forgiven", "capitalised", "fees")
        if any(getattr(short, name) for short in shorts)
    ]
    rows.append([Sentence("tape.peak_month"), *(short.month for short in shorts), *nothing])
    rows.append(money("peak"))
    rows.append([Sentence("tape.last_payment"), *(short.end for short in shorts), *nothing])
    heads = [Sentence(f"tape.{name.replace(' ', '_')}") for name in names]
    return Table([title, *heads, *[Sentence("tape.extra")] * len(nothing)], rows)


def _short(totals: PortfolioTotals, summary: Summary) -> _Short:
    paid = totals.out_of_pocket
    peak = int(paid.argmax()) if len(paid) else None
    ends = summary.maturity[~np.isnat(summary.maturity)]
    taken = ~np.isnat(summary.maturity)
    return _Short(
        loans=int(taken.sum()),
        rejected=int((~taken).sum()),
        unreached=int((taken & (summary.reason != "")).sum()),
        paid=sum_of(summary.out_of_pocket),
        interest=sum_of(summary.total_interest),
        principal=sum_of(summary.total_principal),
        waived=sum_of(summary.total_waived),
        forgiven=sum_of(summary.total_forgiven),
        capitalised=sum_of(summary.total_capitalised),
        fees=sum_of(summary.total_fees),
        peak=0 if peak is None else int(paid[peak]),
        month="" if peak is None else str(totals.month[peak]),
        end=str(ends.max()) if len(ends) else "",
    )
