"""A tape: a book of loans in a file, one loan a line, read into columns."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from repaylib.errors import AmountError, DateError, ExtraError, Phrase, RepayError, StorageError
from repaylib.portfolio.book.column_sources import DAYS, MONEY, read_column
from repaylib.portfolio.book.columns import Coded, Column
from repaylib.portfolio.book.formats import ReadFormats

__all__ = ["Tape", "Wanted", "read_tape", "parse_column"]


#: Which columns are read, and for what each is used; or how that follows from the names there.
Wanted = Mapping[str, str] | Callable[[tuple[str, ...]], Mapping[str, str]]

#: Parameters of loans and changes that are shares of something, per year or not.
SHARES = ("rate", "interest_tax", "fee_tax", "share", "instalment_cap")
COUNTS = (
    "payments",
    "amortise_over",
    "decimals",
    "payment",
    "with_payment",
    "periods",
    "capitalise_every",
    "until",
)
FLAGS = ("month_end", "in_advance", "tax_included", "negative_amortisation")
#: A file that writes its values as the library reads them.
AS_WRITTEN = ReadFormats()
_SEPARATORS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Tape:
    """Columns of a file, all of one length.

    Attributes
    ----------
    file
        Where it was read.
    names
        All columns that the file has.
    columns
        Those that were asked for: text is a list, with ``None`` where a cell is empty, whatever
        the file; all else an Arrow array.
    lines
        In which line of the file each loan stands.
    """

    file: str
    names: tuple[str, ...]
    columns: Mapping[str, Any]
    lines: Any

    def __len__(self) -> int:
        return len(self.lines)

    def is_whole(self, name: str) -> bool:
        """Whether a column has whole numbers, and no text."""
        column = self.columns[name]
        return not isinstance(column, list) and "int" in str(column.type)

    def plain(self, name: str) -> list[Any]:
        """Return a column as values of Python."""
        column = self.columns[name]
        return column if isinstance(column, list) else list(column.to_pylist())


def read_tape(file: str, wanted: Wanted | None = None) -> Tape:
    """Read a CSV or Parquet file, once and from its beginning, so that CSV may come from a pipe.

    Parameters
    ----------
    file
        Name of the file; with ``.parquet`` at the end it is read by pyarrow. A CSV file is in
        UTF-8, with a line of names; separated by comma, semicolon, tab or bar. Lines before
        the names that begin with ``#`` are left out.
    wanted
        Which columns to read, and for what each is used, as the error says it; or a function
        that returns them, given the names of all columns. ``None`` is all.

    Raises
    ------
    StorageError
        If a column is not there, or a line has more or fewer cells than there are names.
    """
    if file.endswith(".parquet"):
        return _from_parquet(file, wanted)
    with Path(file).open(encoding="utf-8-sig", newline="") as opened:
        return _from_csv(file, opened, wanted)


def _from_csv(file: str, opened: TextIO, wanted: Wanted | None) -> Tape:
    names, separator, before = _head(file, opened)
    places = _places(file, names, wanted)
    try:
        reader = csv.reader(opened, delimiter=separator)
        found: list[list[str | None]] = [[] for _ in places]
        pairs = list(zip(found, places.values(), strict=True))
        lines: list[int] = []
        for cells in reader:
            if not cells:
                continue
            line = before + reader.line_num
            if len(cells) != len(names):
                raise StorageError(
                    f"line {line} of {file}",
                    Phrase("{} cells", len(cells)),
                    Phrase("{}, as there are names", len(names)),
                    "put cells that hold a separator in quotes",
                )
            lines.append(line)
            for column, place in pairs:
                column.append(cells[place].strip() or None)
    except (UnicodeDecodeError, csv.Error) as error:
        raise _no_csv(file, error) from None
    return Tape(file, names, dict(zip(places, found, strict=True)), lines)


def _head(file: str, opened: TextIO) -> tuple[tuple[str, ...], str, int]:
    """Read the line of names; return them, what stands between them, and the number of lines."""
    try:
        lines, head = 1, opened.readline()
        while head.startswith("#"):
            lines, head = lines + 1, opened.readline()
        separator = max(_SEPARATORS, key=head.count)
        names = next(csv.reader([head], delimiter=separator), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise _no_csv(file, error) from None
    return tuple(name.strip() for name in names), separator, lines


def _no_csv(file: str, error: Exception) -> StorageError:
    return StorageError("tape", file, "a CSV file in UTF-8", Phrase("save it as one ({})", error))


def _from_parquet(file: str, wanted: Wanted | None) -> Tape:
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise ExtraError(
            "tape",
            Phrase("no {}", "pyarrow"),
            "pyarrow to be installed",
            "pip install 'repaylib[arrow]'",
        ) from error
    try:
        with pyarrow.parquet.ParquetFile(file) as opened:
            names = tuple(opened.schema_arrow.names)
            places = _places(file, names, wanted)
            table = opened.read(columns=list(places))
            count = opened.metadata.num_rows
        columns = {name: _unpacked(table.column(name)) for name in places}
    except pyarrow.ArrowInvalid as error:
        raise StorageError(
            "tape", file, "a Parquet file", Phrase("save it as one ({})", error)
        ) from None
    return Tape(file, names, columns, range(1, count + 1))


def _unpacked(column: Any) -> Any:
    """Return a column in one piece; text, in whatever form it is stored, as a CSV file has it."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_null(kind):
        return [None] * len(column)
    if str(kind).removeprefix("large_").removesuffix("_view") in ("string", "binary"):
        texts = column.cast(pa.large_string()).to_pylist()
        return [None if text is None else text.strip() or None for text in texts]
    return column.combine_chunks()


def _places(file: str, names: tuple[str, ...], wanted: Wanted | None) -> dict[str, int]:
    """Return where the columns that are wanted stand."""
    places = {name: place for place, name in enumerate(names)}
    if len(places) < len(names):
        twice = next(name for place, name in enumerate(names) if places[name] != place)
        raise StorageError(
            "tape", file, Phrase("one column {!r}", twice), "give the others another name"
        )
    if wanted is None:
        wanted = dict.fromkeys(names, "")
    elif callable(wanted):
        wanted = wanted(names)
    for name, use in wanted.items():
        if name not in places:
            there = ", ".join(names) or "none"
            carried = use == "keep"
            hint = (
                "write --keep with one of them"
                if carried
                else Phrase("write --columns {}=NAME", use)
            )
            where = "--keep" if carried else f"{use}={name}"
            raise StorageError(
                where, file, Phrase("a column {!r} (there are {})", name, there), hint
            )
    return {name: places[name] for name in wanted}


def parse_column(cells: Any, name: str, formats: ReadFormats = AS_WRITTEN) -> Column:
    """Return a column of a tape as a parameter of a loan or of a change takes it.

    What can be read in one way only is read: numbers of text, ``true`` and ``false``, and lists as
    ``[15, 31]``. All else is left for the loan to read or refuse. So a column of text and one of
    numbers are the same column, but for amounts: whole numbers are minor units, as in every book.

    Parameters
    ----------
    cells
        The column, as :class:`Tape` has it.
    name
        The parameter.
    formats
        How the file writes rates, amounts, numbers and days.

    Raises
    ------
    RepayError
        For amounts and days in binary floating point.

    Examples
    --------
    >>> parse_column(["7", "7.25%"], "rate", ReadFormats(rate="percent")).values
    (Fraction(7, 100), Fraction(29, 400))
    >>> parse_column(["36", None, "12.0", "3.5"], "payments").values
    (36, 12, '3.5')
    >>> parse_column(["[15, 31]"], "due_days").values, parse_column(["true"], "month_end").values
    (([15, 31],), (True,))
    """
    if not isinstance(cells, list):
        formats = replace(formats, number=None, date=None)  # which say how text is written
        if name not in (*SHARES, *COUNTS) and not formats.takes_floats(name):
            return formats.read(_numbers(cells, name), name)
        if name in COUNTS and not _is_inexact(cells.type):
            return read_column(cells, name)
        if not _is_inexact(cells.type) and name in MONEY:
            return formats.read(read_column(cells, name), name)
        cells = _texts(cells)
    read: Callable[[str], Any] = _as_list
    if name in COUNTS:
        read = _as_count
    elif name in FLAGS:
        read = _as_flag
    elif name in DAYS:
        read = _as_day
    column = formats.read(Coded.of(cells), name).coded(len(cells))
    values = [read(value) if isinstance(value, str) else value for value in column.values]
    return Coded.of(values).through(column.codes)


def _as_count(text: str) -> Any:
    found = re.fullmatch(r"([0-9]{1,19})(\.0+)?", text)
    return int(found[1]) if found else text


def _as_flag(text: str) -> Any:
    return {"true": True, "false": False}.get(text.casefold(), text)


def _as_day(text: str) -> Any:
    """Read a day with a time, which the loan takes if it is midnight; as columns of times are."""
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+$", text):
        return text
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def _as_list(text: str) -> Any:
    if not text.startswith("["):
        return text
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return text


def _numbers(cells: Any, name: str) -> Column:
    """Read a column of Arrow; amounts and days are exact, or refused with a message for a file."""
    import pyarrow as pa

    if pa.types.is_floating(cells.type) and name in (*MONEY, *DAYS):
        refused: type[RepayError] = AmountError if name in MONEY else DateError
        kinds = "decimals or text (major units), or whole numbers (minor units)"
        raise refused(
            name,
            Phrase("a column of {}", cells.type),
            kinds if name in MONEY else "days or text",
            "store it as decimal(18, 2)" if name in MONEY else "store it as date",
        )
    return read_column(cells, name)


def _is_inexact(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _texts(cells: Any) -> list[str | None]:
    """Return numbers as a CSV file would have them: those in floating point as they are printed."""
    import pyarrow as pa

    if pa.types.is_floating(cells.type):
        values = np.asarray(cells.to_numpy(zero_copy_only=False))
        return [None if text == "nan" else text for text in values.astype(np.str_).tolist()]
    if pa.types.is_decimal(cells.type):
        return [None if number is None else f"{number:f}" for number in cells.to_pylist()]
    return [None if cell is None else str(cell) for cell in cells.to_pylist()]
