"""Loans that could not be taken, and changes that could not be made for one, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from repaylib.errors import RepayError, as_text
from repaylib.output.formats import Tabular, missing_extra, pyarrow_for
from repaylib.output.tables import Table, TableOf
from repaylib.wording.sentence import Sentence

if TYPE_CHECKING:
    import pandas
    import pyarrow

__all__ = ["Reject", "Rejects", "reasons_of"]

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Reject:
    """A loan that was rejected, or a change that could not be made for a loan.

    Attributes
    ----------
    row
        Its row in the book, from 0.
    column
        The column, or the parameter of a change, that was wrong.
    value
        What stood there, as text.
    reason
        What was expected, and what to write instead.
    error
        The error itself.
    change
        The number of the change, from 1, that could not be made: the loan stays as it was before
        that change. ``None`` if the loan itself could not be taken: it pays nothing.
    """

    row: int
    column: str
    value: str
    reason: str
    error: RepayError
    change: int | None = None

    @classmethod
    def of(cls, error: RepayError, row: int, change: int | None = None) -> Reject:
        """Return an error about a loan, or about a change of it, as a line of the table."""
        there = error if error.row == row else error.in_row(row)
        reason = f"expected {there.expected}; {there.hint}"
        value = _as_text(there.value)
        return cls(row, there.column or there.parameter, value, reason, there, change)


def _as_text(value: object) -> str:
    """Return a value as text; a decimal as it would be written, and not as 0E-10."""
    plain = isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 40
    return f"{value:f}" if plain else as_text(value, str)


class Rejects(Tabular, TableOf[Reject]):
    """What could not be taken of a book: row, change, column, value, reason. A frozen value.

    A line is about a loan that was rejected, or about a change that could not be made for a loan,
    which then stays as it was; `change` tells them apart: see :class:`~repaylib.portfolio.Reject`.

    Examples
    --------
    >>> import repaylib as rp
    >>> book = rp.Portfolio(principal=["1000", "2000"], rate=["12%", "high"], payments=12,
    ...                     start="2024-01-10", errors="collect")
    >>> print(book.rejects)
    row  column  value  reason
    ---  ------  -----  ------------------------------------------------------------------
    1    rate    high   expected a rate such as "12%", Decimal("0.12") or Fraction(3, 25);
                        write such as "12%"
    """

    __slots__ = ("rows",)

    rows: tuple[Reject, ...]

    def __init__(self, lines: Sequence[Reject] = ()) -> None:
        rows = sorted(lines, key=lambda reject: (reject.row, reject.change or 0))
        self._store(rows=tuple(rows))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rejects):
            return NotImplemented
        return self._data() == other._data()

    def __hash__(self) -> int:
        return hash(tuple(reject.row for reject in self))

    def _data(self) -> dict[str, list[int] | list[int | None] | list[str]]:
        return {
            "row": [reject.row for reject in self],
            "change": [reject.change for reject in self],
            "column": [reject.column for reject in self],
            "value": [reject.value for reject in self],
            "reason": [reject.reason for reject in self],
        }

    def _table(self) -> Table:
        if not self:
            nothing = Sentence("rejects.none")
            return Table([], [], caption=nothing, above=[nothing])
        columns = self._data()
        if not any(columns["change"]):
            del columns["change"]
        cells = [
            ["" if cell is None else str(cell) for cell in column] for column in columns.values()
        ]
        shown: list[list[object]] = [list(line) for line in zip(*cells, strict=True)][:SHOWN]
        if len(self) > SHOWN:
            more = Sentence("rejects.more", count=f"{len(self) - SHOWN:,}")
            shown.append(["...", *[""] * (len(columns) - 2), more])
        header = [Sentence(f"rejects.{name}") for name in columns]
        return Table(header, shown, None, 5, Sentence("rejects", rejects=f"{len(self):,}"))

    def __repr__(self) -> str:
        return f"<Rejects: {len(self):,}>"

    def to_pandas(self) -> pandas.DataFrame:
        """Return the table as a DataFrame. Needs the extra ``pandas``."""
        try:
            import pandas
        except ModuleNotFoundError as error:
            raise missing_extra("to_pandas", "pandas") from error
        return pandas.DataFrame(self._data()).astype({"change": "Int64"})

    def to_arrow(self) -> pyarrow.Table:
        """Return the table as an Arrow table. Needs the extra ``arrow``."""
        pyarrow = pyarrow_for("to_arrow")
        text = pyarrow.string()
        kinds = {"row": pyarrow.int64(), "change": pyarrow.int64()}
        columns = self._data()
        schema = pyarrow.schema([(name, kinds.get(name, text)) for name in columns])
        return pyarrow.table(columns, schema=schema)


def reasons_of(lines: Iterable[Reject]) -> dict[int, str]:
    """Return by row why a loan was rejected, or which changes could not be made for it."""
    found: dict[int, list[str]] = {}
    for line in sorted(lines, key=lambda line: (line.row, line.change or 0)):
        found.setdefault(line.row, []).append(str(line.error))
    return {row: " | ".join(texts) for row, texts in found.items()}
