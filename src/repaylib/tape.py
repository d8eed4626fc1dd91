"""A tape: a book of loans in a file, one loan a line, read into columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, TextIO

from repaylib.errors import ExtraError, StorageError
from repaylib.exact import EXACT

__all__ = ["RateUnit", "Tape", "as_counts", "as_rates", "names_of", "read_tape"]

#: What a bare number in a column of rates is: 0.07, 7 or 700 for 7 %.
RateUnit = Literal["share", "percent", "bp"]

_PARTS: dict[RateUnit, int] = {"share": 1, "percent": 100, "bp": 10_000}
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
        Those that were asked for; of a CSV file, text, and ``None`` where a cell is empty.
    lines
        In which line of the file each loan stands.
    """

    file: str
    names: tuple[str, ...]
    columns: Mapping[str, Any]
    lines: Any

    def __len__(self) -> int:
        return len(self.lines)


def names_of(file: str) -> tuple[str, ...]:
    """Return the names of the columns of a file."""
    if file.endswith(".parquet"):
        return _from_parquet(file, {}).names
    with Path(file).open(encoding="utf-8-sig", newline="") as opened:
        return _head(file, opened)[0]


def read_tape(file: str, wanted: Mapping[str, str] | None = None) -> Tape:
    """Read a CSV or Parquet file.

    Parameters
    ----------
    file
        Name of the file; with ``.parquet`` at the end it is read by pyarrow. A CSV file is in
        UTF-8, with a line of names; separated by comma, semicolon, tab or bar. Lines before
        the names that begin with ``#`` are left out.
    wanted
        Which columns to read, and for what each is used, as the error says it; ``None`` is all.

    Raises
    ------
    StorageError
        If a column is not there, or a line has more or fewer cells than there are names.
    """
    if file.endswith(".parquet"):
        return _from_parquet(file, wanted)
    with Path(file).open(encoding="utf-8-sig", newline="") as opened:
        return _from_csv(file, opened, wanted)


def _from_csv(file: str, opened: TextIO, wanted: Mapping[str, str] | None) -> Tape:
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
                    f"{len(cells)} cells",
                    f"{len(names)}, as there are names",
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
    return StorageError("tape", file, "a CSV file in UTF-8", f"save it as one ({error})")


def _from_parquet(file: str, wanted: Mapping[str, str] | None) -> Tape:
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise ExtraError(
            "tape", "no pyarrow", "pyarrow to be installed", "pip install 'repaylib[arrow]'"
        ) from error
    try:
        names = tuple(pyarrow.parquet.read_schema(file).names)
        places = _places(file, names, wanted)
        table = pyarrow.parquet.read_table(file, columns=list(places))
    except pyarrow.ArrowInvalid as error:
        raise StorageError("tape", file, "a Parquet file", f"save it as one ({error})") from None
    columns = {name: table.column(name).combine_chunks() for name in places}
    return Tape(file, names, columns, range(1, table.num_rows + 1))


def _places(file: str, names: tuple[str, ...], wanted: Mapping[str, str] | None) -> dict[str, int]:
    """Return where the columns that are wanted stand."""
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise StorageError("tape", file, f"one column {twice!r}", "give the others another name")
    wanted = dict.fromkeys(names, "") if wanted is None else wanted
    for name, use in wanted.items():
        if name not in names:
            there = ", ".join(names) or "none"
            mend = f"write --columns {use}=NAME"
            raise StorageError(
                f"{use}={name}", file, f"a column {name!r} (there are {there})", mend
            )
    return {name: names.index(name) for name in wanted}


def as_rates(column: Iterable[Any], unit: RateUnit | None) -> list[Any]:
    """Read bare numbers of a column of rates; all else is left for the loan to read or refuse.

    Examples
    --------
    >>> as_rates(["0.07", "8%"], "share")
    [Fraction(7, 100), '8%']
    >>> as_rates(["7", "7.25"], "percent"), as_rates(["700"], "bp")
    ([Fraction(7, 100), Fraction(29, 400)], [Fraction(7, 100)])
    """
    known: dict[Any, Any] = {}
    for cell in set(column := list(column)):
        known[cell] = cell
        if unit is not None and isinstance(cell, (str, int, Decimal)):
            try:
                number = Decimal(cell, EXACT)
            except InvalidOperation:
                continue
            if number.is_finite() and abs(number.adjusted()) < 40:
                known[cell] = Fraction(number) / _PARTS[unit]
    return [known[cell] for cell in column]


def as_counts(column: Iterable[Any]) -> list[Any]:
    """Read whole numbers of a column of counts; all else is left for the loan to refuse.

    Examples
    --------
    >>> as_counts(["36", None, "3.5"])
    [36, None, '3.5']
    """
    known: dict[Any, Any] = {}
    for cell in set(column := list(column)):
        plain = isinstance(cell, str) and cell.isdigit() and cell.isascii() and len(cell) < 20
        known[cell] = int(cell) if plain else cell
    return [known[cell] for cell in column]
