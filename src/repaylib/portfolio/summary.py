"""Tables of many lines: one a loan, one a month; columns of whole minor units."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from repaylib.errors import AmountError
from repaylib.money.amounts import show
from repaylib.money.rounding_arrays import read_only
from repaylib.output.formats import Tabular, arrow_column, missing_extra, pyarrow_for
from repaylib.output.frozen import Frozen
from repaylib.output.tables import Named, Printed, Table
from repaylib.schedule.book import Book
from repaylib.typing import Ints
from repaylib.wording.sentence import Listed, Sentence, parse_language

if TYPE_CHECKING:
    import pandas
    import pyarrow

    from repaylib.portfolio.schedule import PortfolioSchedule
    from repaylib.schedule.schedule import Schedule

__all__ = ["PortfolioTotals", "ColumnTable", "LoanTable", "Summary", "sum_of", "to_int64"]

ENDS = 5


class ColumnTable(Frozen, Tabular, Printed, Named[str, npt.NDArray[Any]]):
    """Columns of one length, read as ``sheet["payment"]`` or ``sheet.payment``. A frozen value.

    Money is ``int64`` minor units.
    """

    __slots__ = ("_columns", "_decimals", "_money", "_single")

    #: Columns of money of which a sum says nothing.
    UNSUMMED: tuple[str, ...] = ()
    #: Where the catalogues have the heads of its columns, before those of all tables of a book.
    HEADS: str = "book"

    def __init__(
        self,
        columns: Mapping[str, npt.NDArray[Any]],
        money: tuple[str, ...],
        decimals: Ints,
        *,
        single: bool,
        **parts: Any,
    ) -> None:
        """Take columns; `decimals` are the decimals of each line; `single` says that all are of one currency.

        `parts` are the attributes that a subclass has besides.
        """
        kept = {name: read_only(column) for name, column in columns.items()}
        self._store(_columns=kept, _money=money, _decimals=decimals, _single=single, **parts)

    if TYPE_CHECKING:
        _columns: dict[str, npt.NDArray[Any]]
        _money: tuple[str, ...]
        _decimals: Ints
        _single: bool

    def __reduce__(self) -> tuple[object, ...]:
        kinds = type(self).__mro__[: type(self).__mro__.index(ColumnTable)]
        own = [name for kind in kinds for name in vars(kind)["__slots__"]]
        parts = {name: getattr(self, name) for name in own}
        return partial(type(self), single=self._single, **parts), (
            self._columns,
            self._money,
            self._decimals,
        )

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self._columns[name]

    def __getattr__(self, name: str) -> npt.NDArray[Any]:
        if not name.startswith("_") and name in self._columns:
            return self._columns[name]
        raise AttributeError(f"no column {name!r}; there are {', '.join(self._columns)}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def _parts(self) -> Iterator[str]:
        parts = {name: getattr(self, name) for name in super()._parts()}
        yield from (name for name, part in parts.items() if not isinstance(part, Book))

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(next(iter(self._columns.values())))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ColumnTable):
            return NotImplemented
        return list(self) == list(other) and all(
            np.array_equal(self[name].astype(str), other[name].astype(str)) for name in self
        )

    def __hash__(self) -> int:
        return hash((type(self), tuple(self), self.lines))

    # -- for people -------------------------------------------------------------------

    def _table(self) -> Table:
        shown = [
            name
            for name, column in self._columns.items()
            if column.dtype != object or any(column.tolist())
        ]
        shown = [name for name in shown if name not in self._money or self[name].any()]
        if not self._financed:
            shown = [name for name in shown if name != "out_of_pocket"]
        rows = list(range(self.lines))
        if len(rows) > 2 * ENDS + 1:
            rows = [*rows[:ENDS], -1, *rows[-ENDS:]]
        lines = [[self._cell(name, row) if row >= 0 else "..." for name in shown] for row in rows]
        footer: list[object] | None = None
        if self._single and self.lines > 1:
            decimals = int(self._decimals.max(initial=0))
            footer = [
                show(sum_of(self[name]), decimals)
                if name in self._money and name not in self.UNSUMMED
                else ""
                for name in shown
            ]
            footer[0] = Sentence("column.total")
        header = [_head(name, self.HEADS) for name in shown]
        return Table(header, lines, footer, caption=self._caption, cut=True)

    @property
    def _caption(self) -> Sentence:
        kind = Sentence(f"book.kind.{type(self).__name__}")
        columns = Listed([_head(name, self.HEADS) for name in self], "names")
        return Sentence("book.caption", kind=kind, lines=f"{self.lines:,}", columns=columns)

    @property
    def _financed(self) -> bool:
        """Whether fees are deducted or financed, so that some payments are not made in money."""
        if "out_of_pocket" not in self._columns:
            return False
        paid = self["total_paid" if "total_paid" in self._columns else "payment"]
        return bool((self["out_of_pocket"] != paid).any())

    def _cell(self, name: str, row: int) -> object:
        value = self[name][row]
        if value is None or value != value:  # there is none
            return ""
        if name == "bucket":
            return Sentence(f"bucket.{value}")
        return show(int(value), int(self._decimals[row])) if name in self._money else str(value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.lines:,} lines of {', '.join(self)}>"

    # -- out --------------------------------------------------------------------------

    def _data(self) -> Mapping[str, npt.NDArray[Any]]:
        return self._columns

    def to_pandas(self) -> pandas.DataFrame:
        """Return the table as a DataFrame, money in minor units. Needs the extra ``pandas``."""
        try:
            import pandas
        except ModuleNotFoundError as error:
            raise missing_extra("to_pandas", "pandas") from error
        return pandas.DataFrame(
            {
                name: column.astype("datetime64[s]") if column.dtype.kind == "M" else column
                for name, column in self._columns.items()
            }
        )

    def to_arrow(self) -> pyarrow.Table:
        """Return the table as an Arrow table, money in minor units. Needs the extra ``arrow``."""
        pyarrow = pyarrow_for("to_arrow")
        arrays = {}
        for name, column in self._columns.items():
            if column.dtype.kind == "M":
                arrays[name] = pyarrow.array(column.astype("datetime64[D]"), pyarrow.date32())
            elif column.dtype == object:
                arrays[name] = arrow_column(pyarrow, column.tolist())
            else:
                arrays[name] = pyarrow.array(column)
        return pyarrow.table(arrays)


def _head(name: str, heads: str) -> Sentence | str:
    """Return the head of a column: of a book, of a journal, or as it is."""
    plain = name.replace("_", " ")
    keys = (f"{heads}.{name}", f"book.{name}", f"journal.{plain}")
    texts = parse_language("en").texts
    return next((Sentence(key) for key in keys if key in texts), plain)


class Summary(ColumnTable):
    """One line for each loan of a book.

    ``loan`` (its row), ``instalment``, ``payments`` (days on which something is paid),
    ``total_paid``, ``out_of_pocket``, ``total_interest``, ``total_principal``, ``total_fees``,
    ``total_waived``, ``total_forgiven``, ``total_capitalised``, ``first_payment``,
    ``final_payment``, ``largest_payment``, ``maturity``, and ``reason``: why a loan was rejected, or
    why a change could not be made for it, which then stays as it was. They are those of :class:`~repaylib.Schedule`, in minor units of each loan's own currency.
    """

    __slots__ = ()
    UNSUMMED = ("instalment", "first_payment", "final_payment", "largest_payment")


class LoanTable(ColumnTable):
    """What a function of one loan returns for each loan of a book, one line a loan. A frozen value.

    Attributes
    ----------
    schedule
        The schedules.
    """

    __slots__ = ("_of_one", "schedule")

    schedule: PortfolioSchedule
    _of_one: Callable[[Schedule], Any]

    def row(self, row: int) -> Any:
        """Return the result of the loan of `row`, counted from 0, as the function returns it for one.

        Raises
        ------
        RepayError
            The one for which it has none.
        """
        return self._of_one(self.schedule.row(row))


class PortfolioTotals(ColumnTable):
    """One line for each calendar month, or for each number of a due date.

    ``month`` (or ``number``, 0 for days between due dates), ``payments`` (how many are made),
    and sums over the loans, in minor units: ``payment``, ``interest`` ... as in
    :class:`~repaylib.Row`, and ``out_of_pocket``, what is paid in money. By month also ``lent``, and ``closing``, the principal owed at its end.
    """

    __slots__ = ()
    UNSUMMED = ("closing",)


def sum_of(column: Ints) -> int:
    """Return the sum of whole numbers, of any size."""
    if not column.size:
        return 0
    most = max(abs(int(column.max())), abs(int(column.min())))
    if most * column.size < 2**63:
        return int(column.sum())
    return int(sum(column.ravel().tolist()))


def to_int64(values: npt.NDArray[Any], name: str) -> Ints:
    """Return sums as ``int64``.

    Raises
    ------
    AmountError
        If one of them does not fit.
    """
    if values.dtype != object:
        found: Ints = values
        return found
    try:
        return np.array(values.tolist(), dtype=np.int64)
    except OverflowError as error:
        most = max(values.tolist(), key=abs)
        raise AmountError(
            name, most, "sums below 2**63 minor units", "take fewer loans, book.where(mask)"
        ) from error
