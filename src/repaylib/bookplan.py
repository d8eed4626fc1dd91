"""What follows from a book of loans and its changes, as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from repaylib.book import Book
from repaylib.bookchanges import BookChange
from repaylib.cells import Cells
from repaylib.change import Change
from repaylib.column import Ints
from repaylib.columns import MONEY
from repaylib.errors import CountError, TermsError
from repaylib.exact import as_whole
from repaylib.portfolio import Portfolio, row_of
from repaylib.rejects import Rejects
from repaylib.schedule import Schedule
from repaylib.singly import fold, schedule_of

__all__ = ["PortfolioSchedule"]

Dates = npt.NDArray[np.datetime64]
#: So many loans are folded at once where none need be kept.
BLOCK = 65_536
#: A book of no more loans times payments is folded when it is made, and kept.
AT_ONCE = 2**22


class PortfolioSchedule(Book):
    """The rows of every loan of a book. A frozen value."""

    __slots__ = ("_cache", "_high", "_low", "book", "changes")

    book: Portfolio
    changes: tuple[BookChange, ...]
    _low: int
    _high: int
    _cache: dict[str, Any]

    def __init__(self, book: Portfolio, changes: Iterable[Change | BookChange] = ()) -> None:
        if not isinstance(book, Portfolio):
            raise TermsError("book", book, "a Portfolio", "write rp.Portfolio(principal=..., ...)")
        made = tuple(_of_book(each).on_book(book.places) for each in changes)
        self._set(book, made, 0, len(book))
        if int(book.payments.sum()) <= AT_ONCE:
            _ = self._cells

    def _set(self, book: Portfolio, changes: tuple[BookChange, ...], low: int, high: int) -> None:
        store = object.__setattr__
        store(self, "book", book)
        store(self, "changes", changes)
        store(self, "_low", low)
        store(self, "_high", high)
        store(self, "_cache", {})

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a PortfolioSchedule is frozen; {name} cannot be set")

    def then(self, *changes: Change | BookChange) -> PortfolioSchedule:
        """Return the schedules with further changes, each on what the former left."""
        return PortfolioSchedule(self.book, (*self.changes, *changes))

    @property
    def _cells(self) -> Cells:
        if "cells" not in self._cache:
            self._cache["cells"] = fold(self.book, self.changes, self._low, self._high)
        cells: Cells = self._cache["cells"]
        return cells

    @property
    def first(self) -> int:
        """The row in the book of the first loan; 0 but for a block."""
        return self._low

    def __len__(self) -> int:
        return self._high - self._low

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        if name not in self._cache:
            array = self._made(name)
            array.setflags(write=False)
            self._cache[name] = array
        found: npt.NDArray[Any] = self._cache[name]
        return found

    def _made(self, name: str) -> npt.NDArray[Any]:
        cells = self._cells
        if name == "date":
            return cells.dates().T
        if name == "number":
            return cells.numbers().T
        if name not in MONEY:
            raise KeyError(f"no column {name!r}; there are number, date, {', '.join(MONEY)}")
        return cells.column(name).T

    def __getattr__(self, name: str) -> npt.NDArray[Any]:
        if name in ("number", "date", *MONEY):
            return self[name]
        raise AttributeError(f"no attribute {name!r}; columns are number, date, {', '.join(MONEY)}")

    @property
    def counts(self) -> Ints:
        """How many rows each loan has."""
        return self._cells.counts

    @property
    def instalment(self) -> Ints:
        """The instalment in force at the end of each loan, in minor units."""
        return self._cells.instalment

    @property
    def rejects(self) -> Rejects:
        """The loans that could not be taken, or changed."""
        return Rejects(self._cells.rejects)

    def row(self, row: int) -> Schedule:
        """Return the schedule of one loan."""
        return schedule_of(self.book, self.changes, self._low + row_of(row, len(self)))

    def blocks(self, rows: int = BLOCK) -> Iterator[PortfolioSchedule]:
        """Go through the book, so many loans at a time; each block is folded when asked."""
        count = as_whole(rows)
        if count is None or count < 1:
            raise CountError("rows", rows, "a whole number from 1", "write rows=65_536")
        for low in range(self._low, self._high, count):
            block = object.__new__(PortfolioSchedule)
            block._set(self.book, self.changes, low, min(low + count, self._high))
            yield block


def _of_book(change: object) -> BookChange:
    if isinstance(change, BookChange):
        return change
    if isinstance(change, Change):
        return BookChange.of_all(change)
    raise TermsError(
        "changes", change, "changes such as Deferral(payment=4)", "write rp.Deferral(...)"
    )
