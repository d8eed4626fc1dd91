"""A change to a book of loans: an option is one value, or a column."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from repaylib.changes.base import KINDS, Change, check_place
from repaylib.errors import Phrase, RepayError, TermsError, check_word
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.money.rounding import as_integer
from repaylib.money.rounding_arrays import read_only, with_arrays
from repaylib.output.frozen import Frozen
from repaylib.portfolio.book.column_parsing import amount_at, refuse_bare
from repaylib.portfolio.book.column_sources import MONEY, read_column, read_mask
from repaylib.portfolio.book.columns import Column, Index, Same, Whole
from repaylib.portfolio.book.formats import readable
from repaylib.typing import Bools, Ints

__all__ = ["PortfolioChange", "as_many_as"]


class PortfolioChange(Frozen):
    """A change to a book of loans, made by a verb or by hand for ``amortise``. A frozen value.

    Parameters
    ----------
    kind
        The change: :class:`~repaylib.changes.Deferral`, :class:`~repaylib.changes.RateChange` ...
    where
        Which loans it concerns: a column of ``True`` and ``False``, such as a mask of numpy, pandas
        or Arrow, in which a null is false; or one of the two for all loans. The others stay as they are.
    **options
        The options of the change: one value for all loans, or a column with one for each loan. An
        amount for all loans is text or ``Decimal`` in major units; a column of whole numbers is
        minor units. A loan stays as it is where its place (`payment` or `with_payment`, and `on`), or
        another option that the change requires, is null: ``None``, NaT, masked.

    Examples
    --------
    >>> import repaylib as rp
    >>> book = rp.Portfolio(principal=["1000", "2000"], rate="12%", payments=12,
    ...                     start="2024-01-10")
    >>> late = rp.portfolio.PortfolioChange(rp.changes.Deferral, payment=[4, None])
    >>> rp.amortise(book, late).counts
    array([13, 12])
    >>> rp.amortise(book, rp.portfolio.PortfolioChange(rp.changes.Deferral, payment=4, where=[False, True])).counts
    array([12, 13])
    """

    __slots__ = ("decimals", "fixed", "kind", "options", "where")

    kind: type[Change]
    options: dict[str, Column]
    #: The change itself, where it is the same for all loans.
    fixed: Change | None
    #: With how many decimals each loan counts; ``None`` before it is known.
    decimals: Ints | None
    #: Which loans it concerns.
    where: bool | Bools

    def __init__(self, kind: type[Change], *, where: Any = True, **options: Any) -> None:
        if not isinstance(kind, type) or kind not in KINDS.values():
            raise TermsError(
                "kind",
                kind,
                Phrase("one of {}", ", ".join(known.__name__ for known in KINDS.values())),
                Phrase(
                    "write such as {}",
                    "rp.portfolio.PortfolioChange(rp.changes.Deferral, payment=4)",
                ),
            )
        check_place(kind, options)
        for name in options:
            check_word("options", name, [field.name for field in fields(kind)])
        read = {name: read_column(value, name).own() for name, value in options.items()}
        for name in MONEY:
            if name in read:
                refuse_bare(read[name], name)
        fixed = None
        if all(isinstance(column, Same) for column in read.values()):
            fixed = kind(**options)
        self._set(kind, read, fixed, None, read_mask(where, "where"))

    def _set(
        self,
        kind: type[Change],
        options: dict[str, Column],
        fixed: Change | None,
        decimals: Ints | None,
        where: bool | Bools,
    ) -> None:
        self._store(
            kind=kind,
            options={name: with_arrays(column, read_only) for name, column in options.items()},
            fixed=fixed,
            decimals=None if decimals is None else read_only(decimals),
            where=where if isinstance(where, bool) else read_only(where),
        )

    def __reduce__(self) -> tuple[object, ...]:
        return self._made, (self.kind, self.options, self.fixed, self.decimals, self.where)

    @classmethod
    def of_all(cls, change: Change) -> PortfolioChange:
        """Return a change of a single loan as one of every loan."""
        options = {field.name: Same(getattr(change, field.name)) for field in fields(change)}
        return cls._made(type(change), options, change, None, where=True)

    @property
    def longest(self) -> int:
        """By how many due dates it may lengthen a loan, as far as its options tell."""
        return _most(self.options.get(self.kind.count_option or ""))

    def on_book(self, decimals: Ints) -> PortfolioChange:
        """Return the change for loans that count with so many decimals.

        Raises
        ------
        TermsError
            If a column has another length than the book.
        """
        lengths = {
            name: len(column)
            for name, column in self.options.items()
            if not isinstance(column, Same)
        }
        if not isinstance(self.where, bool):
            lengths["where"] = len(self.where)
        for name, length in lengths.items():
            if length != len(decimals):
                raise as_many_as(name, length, len(decimals))
        return self._made(self.kind, self.options, self.fixed, decimals, self.where)

    def take(self, rows: Index) -> PortfolioChange:
        """Return the change for some of the rows."""
        options = {name: column.take(rows) for name, column in self.options.items()}
        decimals = None if self.decimals is None else self.decimals[rows]
        where = self.where if isinstance(self.where, bool) else self.where[rows]
        return self._made(self.kind, options, self.fixed, decimals, where)

    def of(self, row: int) -> Change | None:
        """Return the change of one loan; ``None`` where it is left alone.

        Raises
        ------
        RepayError
            If the options of that loan cannot be a change.
        """
        if not (self.where if isinstance(self.where, bool) else self.where[row]):
            return None
        if self.fixed is not None:
            return self.fixed
        options: dict[str, Any] = {}
        for name, column in self.options.items():
            value = readable(column.at(row))
            if value is not None and name in MONEY and not isinstance(column, Same):
                assert self.decimals is not None, "the book is known"
                value = amount_at(column, row, int(self.decimals[row]), name)
            if value is not None or name in self.kind.none_is_value:
                options[name] = value
        if not all(any(name in options for name in group) for group in self.needed):
            return None
        return self.kind(**options)

    @property
    def needed(self) -> tuple[tuple[str, ...], ...]:
        """Of which options at least one must be there, for the change to touch a loan."""
        return tuple(
            group
            for group in ((self.kind.placed_by, "on"), *self.kind.required)
            if any(not isinstance(self.options.get(name, Same(None)), Same) for name in group)
        )

    def touches(self, length: int) -> Bools:
        """Return which loans the change touches."""
        touched = np.array(np.broadcast_to(self.where, length))
        for group in self.needed:
            there = np.zeros(length, dtype=bool)
            for name in group:
                column = self.options.get(name, Same(None))
                if isinstance(column, Same):
                    there |= column.value is not None
                else:
                    missing = column.nulls
                    there |= True if missing is None else ~missing
            touched &= there
        return touched

    def in_words(self, rows: npt.NDArray[np.int64]) -> str:
        """Say what the change does, to the first of the rows where it is not the same for all."""
        if self.fixed is not None or not len(rows):
            return str(self)
        try:
            return f"{self}; loan {rows[0]}: {self.of(int(rows[0]))}"
        except RepayError:
            return str(self)

    def __str__(self) -> str:
        if self.fixed is not None:
            return str(self.fixed)
        columns = [name for name, column in self.options.items() if not isinstance(column, Same)]
        return f"{self.kind.__name__} with {', '.join(columns)} by loan"

    def __repr__(self) -> str:
        return f"<PortfolioChange: {self}>"


def parse_portfolio_change(change: object) -> PortfolioChange:
    """Return a change of a book, or of a single loan, as one of a book."""
    if isinstance(change, PortfolioChange):
        return change
    if isinstance(change, Change):
        return PortfolioChange.of_all(change)
    raise TermsError(
        "changes",
        change,
        "changes such as Deferral(payment=4)",
        Phrase("write {}", "rp.changes.Deferral(...)"),
    )


def _most(column: Column | None) -> int:
    """Return the largest number of payments in a column."""
    if column is None or (isinstance(column, Whole) and not len(column)):
        return 0
    values = [column.values.max()] if isinstance(column, Whole) else column.coded(1).values
    return min(max((as_integer(value) or 0 for value in values), default=0), MOST_PAYMENTS)


def as_many_as(name: str, values: int, loans: int) -> TermsError:
    """Return the refusal of a column of another length than the book."""
    return TermsError(
        name,
        Phrase("{} values", values),
        Phrase("as many as the book has loans, {}", loans),
        "write one value for each loan, or one for all",
    )
