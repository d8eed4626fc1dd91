"""Loans that could not be taken, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, overload

from repaylib.errors import RepayError
from repaylib.export import missing_extra
from repaylib.text import html_table, text_table

if TYPE_CHECKING:
    import pandas
    import pyarrow

__all__ = ["Reject", "Rejects"]

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Reject:
    """A loan that was set aside.

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
    """

    row: int
    column: str
    value: str
    reason: str
    error: RepayError

    @classmethod
    def of(cls, error: RepayError, row: int) -> Reject:
        """Return an error about a loan as a line of the table."""
        there = error if error.row == row else error.in_row(row)
        reason = f"expected {there.expected}; {there.mend}"
        return cls(row, there.column or there.parameter, _as_text(there.value), reason, there)


def _as_text(value: object) -> str:
    """Return a value as text; a decimal as it would be written, and not as 0E-10."""
    plain = isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 40
    return f"{value:f}" if plain else str(value)


class Rejects(Sequence[Reject]):
    """The loans of a book that were set aside: row, column, value, reason. A frozen value.

    Examples
    --------
    >>> import repaylib as rp
    >>> book = rp.Portfolio(principal=["1000", "2000"], rate=["12%", "high"], payments=12,
    ...                     start="2024-01-10", errors="collect")
    >>> print(book.rejects)
    row  column  value  reason
    ---  ------  -----  --------------------------------------------------------------------------------------
    1    rate    high   expected a rate such as "12%", Decimal("0.12") or Fraction(3, 25); write such as "12%"
    """

    __slots__ = ("_lines",)

    def __init__(self, lines: Sequence[Reject] = ()) -> None:
        self._lines = tuple(sorted(lines, key=lambda each: each.row))

    @overload
    def __getitem__(self, index: int) -> Reject: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Reject, ...]: ...
    def __getitem__(self, index: int | slice) -> Reject | tuple[Reject, ...]:
        return self._lines[index]

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[Reject]:
        return iter(self._lines)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rejects):
            return NotImplemented
        return self._columns() == other._columns()

    def __hash__(self) -> int:
        return hash(tuple(each.row for each in self))

    def _columns(self) -> dict[str, list[int] | list[str]]:
        return {
            "row": [each.row for each in self],
            "column": [each.column for each in self],
            "value": [each.value for each in self],
            "reason": [each.reason for each in self],
        }

    def _table(self) -> tuple[list[str], list[list[str]]]:
        shown = [[str(each.row), each.column, each.value, each.reason] for each in self[:SHOWN]]
        if len(self) > SHOWN:
            shown.append(["...", "", "", f"{len(self) - SHOWN:,} more"])
        return ["row", "column", "value", "reason"], shown

    def __str__(self) -> str:
        return text_table(*self._table(), left=4) if self else "no rejects"

    def __repr__(self) -> str:
        return f"<Rejects: {len(self):,}>"

    def _repr_html_(self) -> str:
        return html_table(*self._table(), caption=f"{len(self):,} rejects", left=4)

    def to_pandas(self) -> pandas.DataFrame:
        """Return the table as a DataFrame. Needs the extra ``pandas``."""
        try:
            import pandas
        except ModuleNotFoundError as error:
            raise missing_extra("to_pandas", "pandas") from error
        return pandas.DataFrame(self._columns())

    def to_arrow(self) -> pyarrow.Table:
        """Return the table as an Arrow table. Needs the extra ``arrow``."""
        try:
            import pyarrow
        except ModuleNotFoundError as error:
            raise missing_extra("to_arrow", "pyarrow") from error
        text = pyarrow.string()
        schema = pyarrow.schema(
            [("row", pyarrow.int64()), ("column", text), ("value", text), ("reason", text)]
        )
        return pyarrow.table(self._columns(), schema=schema)
