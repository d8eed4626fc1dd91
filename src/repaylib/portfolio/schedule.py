"""What follows from a book of loans and its changes, as arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeVar, cast

import numpy.typing as npt

from repaylib.changes.base import Change, list_of
from repaylib.errors import CountError, Phrase, TermsError, check_word, write
from repaylib.money.rounding import as_integer
from repaylib.money.rounding_arrays import read_only, with_arrays
from repaylib.output.formats import Streamed
from repaylib.output.frozen import Frozen
from repaylib.output.progress import reporter
from repaylib.output.tables import Printed, Table
from repaylib.portfolio.aggregation import summary_of, totals_of
from repaylib.portfolio.book.changes import PortfolioChange, parse_portfolio_change
from repaylib.portfolio.book.loan_by_loan import schedule_of
from repaylib.portfolio.book.portfolio import Portfolio, row_of
from repaylib.portfolio.book.rejects import Rejects
from repaylib.portfolio.book.row_arrays import RowArrays
from repaylib.portfolio.long_format import arrow_of, frame_of
from repaylib.portfolio.summary import PortfolioTotals, Summary
from repaylib.portfolio.vectorised.book_fold import BookFold
from repaylib.schedule.book import Book, ColumnLike
from repaylib.schedule.conservation import check_balance
from repaylib.schedule.row_equations import POCKET
from repaylib.schedule.rows import NAMES
from repaylib.schedule.schedule import Schedule
from repaylib.typing import Ints, Lang, MoneyUnit, Progress
from repaylib.wording.sentence import Listed, lines_of, parse_language

if TYPE_CHECKING:
    import pandas
    import pyarrow

    from repaylib.portfolio.cash_flows import BookFlows
    from repaylib.portfolio.settlement import PortfolioSettlement
    from repaylib.portfolio.statements import PortfolioStatement
    from repaylib.typing import DateLike

__all__ = ["PortfolioSchedule"]

Kept = TypeVar("Kept")
SHOWN = 5
#: So many loans are folded at once where none need be kept.
BLOCK = 65_536
#: Where nothing is kept, blocks hold about so many rows: little memory, and long enough calls.
CELLS = 2**23
FEWEST = 1_024
#: A book of no more loans times payments is folded when it is made, and kept.
AT_ONCE = 2**22
#: Nor of more loans times the payments of the longest of them, which is what arrays have room for.
KEPT = 2**24


class PortfolioSchedule(Frozen, Book, Streamed, Printed):
    """The rows of every loan of a book, as arrays. A frozen value.

    ``plan.interest``, ``plan.payment`` and every other column of a :class:`~repaylib.Row` is an
    array ``[loans, rows]`` of ``int64`` minor units, read-only; so are ``plan.out_of_pocket`` and
    ``plan.received``, as in :class:`~repaylib.schedule.Columns`. ``plan.date`` is ``datetime64[D]``,
    ``plan.number`` the number of the due date. Column j of loan i is row j of
    ``plan.row(i)``: a row between two due dates takes a column too, and has number 0. After the
    end of a loan all money and the number are 0, and the date is NaT. So is all of a loan that
    is rejected.

    A book of up to 4 million payments is folded when it is made, and kept, unless a few loans are
    far longer than the others: a change that cannot be made is refused at once. A larger book is
    folded when you ask for figures; :meth:`summary`, :meth:`totals`, :meth:`check` and
    :meth:`blocks` go through it block by block, and keep none.

    Parameters
    ----------
    book
        The loans.
    changes
        The changes, each on the schedules that the former ones left.

    Examples
    --------
    >>> import repaylib as rp
    >>> book = rp.Portfolio(principal=["1000", "2000"], rate="12%", payments=[3, 4],
    ...                     start="2024-01-31")
    >>> plan = rp.amortise(book)
    >>> plan.interest
    array([[1000,  670,  337,    0],
           [2000, 1507, 1010,  507]])
    >>> rp.defer(plan, payment=[2, None]).counts
    array([4, 4])
    """

    __slots__ = ("_cache", "_high", "book", "changes", "first")

    book: Portfolio
    changes: tuple[PortfolioChange, ...]
    #: The first loan's row in the book, 0 except in a block.
    first: int
    _high: int
    _cache: dict[str, Any]

    def __init__(self, book: Portfolio, changes: Iterable[Change | PortfolioChange] = ()) -> None:
        if not isinstance(book, Portfolio):
            raise TermsError("book", book, "a Portfolio", "write rp.Portfolio(principal=..., ...)")
        made = [parse_portfolio_change(one).on_book(book.decimals) for one in list_of(changes)]
        self._set(book, tuple(made), 0, len(book))
        if self._small:
            _ = self.row_arrays

    def _set(
        self, book: Portfolio, changes: tuple[PortfolioChange, ...], low: int, high: int
    ) -> None:
        self._store(book=book, changes=changes, first=low, _high=high, _cache={})

    def __reduce__(self) -> tuple[object, ...]:
        return self._made, (self.book, self.changes, self.first, self._high)

    def then(self, *changes: Change | PortfolioChange) -> PortfolioSchedule:
        """Return the schedules with further `changes`, each applied to what the one before left."""
        if len(self) != len(self.book):
            shown = Phrase("rows {} to {}", self.first, self._high)
            raise TermsError("block", shown, "a whole book", "change the plan")
        return PortfolioSchedule(self.book, (*self.changes, *changes))

    # -- the questions of a book ------------------------------------------------------

    def amortised(
        self, changes: Iterable[Change | PortfolioChange] = (), progress: Progress = None
    ) -> NoReturn:
        """Refuse: these are the schedules of a book already."""
        hint = Phrase("write {} or {}", "rp.defer(plan, ...)", "plan.then(...)")
        raise TermsError("loan", self, "a Portfolio", hint)

    def schedules(self) -> PortfolioSchedule:
        """Return the schedules themselves."""
        return self

    def changed(self, kind: type[Change], options: Mapping[str, ColumnLike]) -> PortfolioSchedule:
        """Return the schedules with one more change, whose options are values or columns."""
        return self.then(PortfolioChange(kind, **options))

    def settled(self, options: Mapping[str, ColumnLike]) -> PortfolioSettlement:
        """Return the quotes for early settlement; see :func:`~repaylib.settle`."""
        from repaylib.portfolio.settlement import settle_book

        return settle_book(self, **options)

    def stated(
        self, receipts: object, as_of: DateLike, terms: Mapping[str, Any], progress: Progress
    ) -> PortfolioStatement:
        """Return the balances of the loans on a day; see :func:`~repaylib.statement`."""
        from repaylib.portfolio.statements import statement_book

        return statement_book(self, receipts, as_of, terms, progress)

    def cash_flows(self) -> BookFlows:
        """Return the lender's cash flows, by day."""
        from repaylib.portfolio.cash_flows import flows_of_book

        return flows_of_book(self)

    # -- the fold ---------------------------------------------------------------------

    @property
    def row_arrays(self) -> RowArrays:
        """The rows as the fold keeps them, ``[rows, loans]``."""
        fold = self.book_fold.fold
        return self._once(
            "row_arrays", lambda: with_arrays(fold(self.first, self._high), read_only)
        )

    @property
    def book_fold(self) -> BookFold:
        """The book and its changes, ready to fold."""
        return self._once("fold", lambda: BookFold(self.book, self.changes))

    def _once(self, name: str, compute: Callable[[], Kept]) -> Kept:
        """Return a value that is computed on first use."""
        if name not in self._cache:
            self._cache[name] = compute()
        return cast(Kept, self._cache[name])

    @property
    def _small(self) -> bool:
        rows = int(self.book.payments[self.first : self._high].sum())
        return rows <= AT_ONCE and self._longest * len(self) <= KEPT

    @property
    def _longest(self) -> int:
        """How many rows a loan may have, as far as its terms and the changes say."""
        agreed = int(self.book.payments[self.first : self._high].max(initial=1))
        return agreed + sum(change.longest for change in self.changes)

    def folded_blocks(self, progress: Progress) -> Iterator[PortfolioSchedule]:
        """Go through the book in blocks, or all at once if it is small, and tell how far."""
        tell = reporter(progress)
        tell(0, len(self))
        rows = max(FEWEST, CELLS // self._longest)
        for block in [self] if self._small else self.blocks(rows):
            yield block
            tell(block._high - self.first, len(self))

    def fold(self, progress: Progress = None) -> None:
        """Compute every loan now, so that a change that cannot be made is refused now.

        `progress` is as for :func:`~repaylib.amortise`.
        """
        for block in self.folded_blocks(progress):
            _ = block.row_arrays

    # -- columns ----------------------------------------------------------------------

    def __len__(self) -> int:
        return self._high - self.first

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        if name not in self._cache:
            if name not in (*NAMES, *POCKET):
                raise KeyError(f"no column {name!r}; there are {', '.join(NAMES)}")
            self._cache[name] = read_only(self.row_arrays[name].T)
        found: npt.NDArray[Any] = self._cache[name]
        return found

    def __getattr__(self, name: str) -> npt.NDArray[Any]:
        if name in NAMES or name in POCKET:
            return self[name]
        raise AttributeError(f"no column {name!r}; there are {', '.join(NAMES)}")

    @property
    def counts(self) -> Ints:
        """How many rows each loan has; 0 if it is rejected."""
        return self.row_arrays.counts

    @property
    def instalment(self) -> Ints:
        """The instalment in force at the end of each loan, in minor units."""
        return self.row_arrays.instalment

    @property
    def rejects(self) -> Rejects:
        """The loans that could not be taken, and the changes that could not be made, with their rows."""
        found = (block.row_arrays.rejects for block in self.folded_blocks(None))
        return self._once("rejects", lambda: Rejects(list(chain.from_iterable(found))))

    @property
    def fallback_loans(self) -> int:
        """How many of the loans are folded one by one, to the same cents, but more slowly.

        Examples
        --------
        >>> import repaylib as rp
        >>> book = rp.Portfolio(principal=["1000", "2000"], rate="12%", payments=3,
        ...                     start="2024-01-31", balloon=[None, "500"])
        >>> rp.amortise(book).fallback_loans
        1
        """
        counts = map(_fallback_loans, self.folded_blocks(None))
        return self._once("fallback_loans", lambda: sum(counts))

    def row(self, row: int) -> Schedule:
        """Return the schedule of the loan of `row`, counted from 0.

        Raises
        ------
        RepayError
            The one for which the loan was rejected, if it was.
        """
        return schedule_of(self.book, self.changes, self.first + row_of(row, len(self)))

    def blocks(self, rows: int = BLOCK, progress: Progress = None) -> Iterator[PortfolioSchedule]:
        """Go through the book, `rows` loans at a time, in bounded memory.

        `progress` is as for :func:`~repaylib.amortise`. A block has the same arrays, and :attr:`first` is the row of its first loan in the book.

        Examples
        --------
        >>> import repaylib as rp
        >>> book = rp.Portfolio(principal=["1000", "2000", "500"], rate="12%", payments=3,
        ...                     start="2024-01-31")
        >>> for block in rp.amortise(book).blocks(rows=2):
        ...     print(block.first, len(block), block.interest.sum())
        0 2 6020
        2 1 1003
        """
        count = as_integer(rows)
        if count is None or count < 1:
            raise CountError("rows", rows, "a whole number from 1", write(rows=1000))
        return self._each(count, reporter(progress))

    def _each(self, rows: int, tell: Callable[[int, int], object]) -> Iterator[PortfolioSchedule]:
        for low in range(self.first, self._high, rows):
            block = _window(self, low, min(low + rows, self._high))
            block._cache["fold"] = self.book_fold
            yield block
            tell(block._high - self.first, len(self))

    # -- sums -------------------------------------------------------------------------

    def summary(self, progress: Progress = None) -> Summary:
        """Return one line for each loan; see :class:`~repaylib.portfolio.Summary`.

        `progress` is as for :func:`~repaylib.amortise`.

        Examples
        --------
        >>> import repaylib as rp
        >>> book = rp.Portfolio(principal=["1000", "2000"], rate="12%", payments=[3, 4],
        ...                     start="2024-01-31")
        >>> summary = rp.amortise(book).summary()
        >>> summary.total_interest, summary.maturity
        (array([2007, 5024]), array(['2024-04-30', '2024-05-31'], dtype='datetime64[D]'))
        """
        blocks = (block.row_arrays for block in self.folded_blocks(progress))
        return summary_of(self.book, self.first, self._high, blocks)

    def totals(
        self, by: Literal["month", "number"] = "month", progress: Progress = None
    ) -> PortfolioTotals:
        """Return sums over all loans, `by` calendar ``"month"`` or by ``"number"`` of the due date.

        `progress` is as for :func:`~repaylib.amortise`.

        Raises
        ------
        TermsError
            If the loans are not of one currency: see :meth:`Portfolio.currencies <repaylib.Portfolio.currencies>`.

        Examples
        --------
        >>> import repaylib as rp
        >>> book = rp.Portfolio(principal=["1000", "2000"], rate="12%", payments=[3, 4],
        ...                     start="2024-01-31")
        >>> print(rp.amortise(book).totals())
        month        lent  payments   payment  interest  principal  accrued   closing
        -------  --------  --------  --------  --------  ---------  -------  --------
        2024-01  3,000.00         0      0.00      0.00       0.00     0.00  3,000.00
        2024-02      0.00         2    852.58     30.00     822.58    30.00  2,177.42
        2024-03      0.00         2    852.58     21.77     830.81    21.77  1,346.61
        2024-04      0.00         2    852.59     13.47     839.12    13.47    507.49
        2024-05      0.00         1    512.56      5.07     507.49     5.07      0.00
        -------  --------  --------  --------  --------  ---------  -------  --------
        total    3,000.00            3,070.31     70.31   3,000.00    70.31
        """
        check_word("by", by, ("month", "number"))
        blocks = (block.row_arrays for block in self.folded_blocks(progress))
        return totals_of(self.book, self.first, self._high, blocks, by)

    def check(self, progress: Progress = None) -> None:
        """Prove that every row of every loan balances, as :meth:`Schedule.check <repaylib.Schedule.check>` does.

        `progress` is as for :func:`~repaylib.amortise`.

        Raises
        ------
        ConservationError
            With the loan and the row that break a rule.
        """
        for block in self.folded_blocks(progress):
            window = slice(block.first, block._high)
            lent, decimals = self.book.principal[window], self.book.decimals[window]
            check_balance(block.row_arrays.__getitem__, lent, block.counts, decimals, block.first)

    # -- text and tables --------------------------------------------------------------

    def terms(self, *, lang: Lang = "en") -> str:
        """Return the changes of the loans in plain words, one line each.

        `lang` is the language, as for :meth:`Schedule.terms <repaylib.Schedule.terms>`.
        """
        return parse_language(lang).render(self._terms())

    def _terms(self) -> Listed:
        missing = [e.change for e in self.rejects] if "row_arrays" in self._cache else []
        said = [
            change.line(number, self.book.kept, missing.count(number))
            for number, change in enumerate(self.changes, 1)
        ]
        return lines_of(self.book.sentence(), *said)

    def _table(self) -> Table:
        """Return the totals of a few loans, the first and the last of them."""
        if "row_arrays" in self._cache or len(self) <= 2 * SHOWN:
            parts = [self]
        else:
            windows = ((self.first, self.first + SHOWN), (self._high - SHOWN, self._high))
            parts = [_window(self, *window) for window in windows]
        lines: list[Sequence[object]] = []
        for part in parts:
            table = part.summary()._table()
            lines += [["..."] * len(table.header)] * bool(lines) + [*table.rows]
        terms = self._terms()
        return Table(table.header, lines, caption=terms, above=[terms, ""], cut=True)

    def __repr__(self) -> str:
        loans, count = f"{len(self):,} loan{'s' * (len(self) != 1)}", len(self.changes)
        return f"<PortfolioSchedule: {loans}, {count} change{'s' * (count != 1)}>"

    # -- out --------------------------------------------------------------------------

    def to_pandas(
        self, columns: Sequence[str] | None = None, money: MoneyUnit = "minor"
    ) -> pandas.DataFrame:
        """Return every row of every loan: loan, number, date, and money. Needs ``pandas``.

        Parameters
        ----------
        columns
            The columns of money, all by default.
        money
            ``"minor"``
                ``int64``: 888.49 is 88849.
            ``"decimal"``
                ``Decimal`` in major units, for loans of as many decimals.
        """
        return frame_of(self.row_arrays, self.first, self._decimals, columns, money)

    def to_arrow(
        self, columns: Sequence[str] | None = None, money: MoneyUnit = "minor"
    ) -> pyarrow.Table:
        """Return the same `columns` as an Arrow table; with `money` ``"decimal"`` as ``decimal128``.

        Needs ``pyarrow``.
        """
        return arrow_of(self.row_arrays, self.first, self._decimals, columns, money)

    @property
    def _decimals(self) -> Ints:
        return self.book.decimals[self.first : self._high][self.counts > 0]


def _fallback_loans(block: PortfolioSchedule) -> int:
    """Return how many loans of a block are folded one by one."""
    if block.row_arrays.fallback_loans is None:
        return block.book_fold.fold(block.first, block._high).fallback_loans or 0
    return block.row_arrays.fallback_loans


def _window(plan: PortfolioSchedule, low: int, high: int) -> PortfolioSchedule:
    part = PortfolioSchedule._made(plan.book, plan.changes, low, high)
    if "row_arrays" in plan._cache:
        first = plan.first
        part._cache["row_arrays"] = plan.row_arrays.part(low - first, high - first, first)
    return part
