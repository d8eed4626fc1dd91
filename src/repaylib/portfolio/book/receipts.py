"""Receipts of a book: which loan, when, how much, as columns in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.arrears.events import AccountEvent, Receipt, Reversal, parse_events
from repaylib.errors import AmountError, CountError, Phrase, RepayError, TermsError
from repaylib.money.amounts import to_decimal
from repaylib.money.rounding_arrays import read_only
from repaylib.output.frozen import Frozen
from repaylib.portfolio.book.column_parsing import (
    MOST_MINOR_UNITS,
    amount_at,
    days_or_refuse,
    minors_of,
)
from repaylib.portfolio.book.column_sources import read_column, read_table
from repaylib.portfolio.book.columns import Column, Same, Whole
from repaylib.portfolio.book.formats import parse_formats, readable
from repaylib.portfolio.book.portfolio import Portfolio
from repaylib.portfolio.book.rejects import Reject
from repaylib.typing import Bools, Days, Formats, Ints

__all__ = ["BookReceipts", "Receipts", "parse_receipts"]

NAMES = ("loan", "on", "amount", "reversed_on")


class Receipts(Frozen):
    """Money received on the loans of a book, one line a receipt, in any order. A frozen value.

    Parameters
    ----------
    loan
        The row of the loan in the book, from 0.
    on
        The day from which it counts: ``datetime64``, ``date``, ISO text, Arrow or pandas days.
    amount
        **Whole numbers are minor units**: 88_849 is 888.49. Text, ``Decimal`` and Arrow decimals
        are major units, ``"888.49"``. Floats are refused.
    reversed_on
        The day on which a receipt bounced; null (``None``, NaT) if it did not. From that day on it
        counts as never made.
    formats
        How the columns write amounts and days, as for a :class:`~repaylib.Portfolio`.

    Raises
    ------
    RepayError
        For columns of different lengths, floats, and one value in place of a column.

    Examples
    --------
    >>> import numpy as np
    >>> print(Receipts(loan=[0, 0, 1], on=["2024-02-10", "2024-03-10", "2024-02-12"],
    ...                amount=np.array([88_849, 50_000, 17_400])))
    3 receipts
    """

    __slots__ = ("_amount", "loan", "on", "reversed_on")

    loan: Ints
    on: Days
    _amount: Column
    reversed_on: Days

    def __init__(
        self,
        loan: Any,
        on: Any,
        amount: Any,
        reversed_on: Any = None,
        *,
        formats: Formats | None = None,
    ) -> None:
        written = parse_formats(formats)

        def read(value: Any, name: str) -> Column:
            found = read_column(value, name, floats=written.takes_floats(name))
            return found if isinstance(found, Same) else written.read(found, name)

        given = {"loan": loan, "on": on, "amount": amount}
        columns = {name: read(value, name) for name, value in given.items()}
        for name, column in columns.items():
            if isinstance(column, Same):
                raise TermsError(
                    name,
                    given[name],
                    "a column, one value a receipt",
                    Phrase("write {}", f"{name}=[...]"),
                )
        undone = Same(None) if reversed_on is None else read(reversed_on, "reversed_on")
        count = len(columns["loan"])
        for name, column in {**columns, "reversed_on": undone}.items():
            if not isinstance(column, Same) and len(column) != count:
                raise TermsError(
                    name, Phrase("{} values", len(column)), Phrase("as many as loan, which has {}", count),
                    "write one value for each receipt",
                )  # fmt: skip
        rows = columns["loan"]
        if count and not isinstance(rows, Whole):
            raise CountError(
                "loan", rows.at(0), "whole numbers, the rows of the loans in the book",
                Phrase("write {}", 'loan.astype("int64")'),
            )  # fmt: skip
        numbers = rows.values if isinstance(rows, Whole) else np.zeros(0, dtype=np.int64)
        if isinstance(rows, Whole) and rows.missing is not None:
            numbers = np.where(rows.missing, -1, numbers)
        found: dict[str, npt.NDArray[Any]] = {"loan": numbers.copy()}
        for name, column in {"on": columns["on"], "reversed_on": undone}.items():
            days = days_or_refuse(column, count, name)
            found[name] = np.array(np.broadcast_to(days, (count,)))
        self._set(columns["amount"].own(), found)

    def _set(self, amount: Column, arrays: dict[str, npt.NDArray[Any]]) -> None:
        kept = {name: read_only(array) for name, array in arrays.items()}
        self._store(_amount=amount, **kept)

    def __reduce__(self) -> tuple[object, ...]:
        days = {"loan": self.loan, "on": self.on, "reversed_on": self.reversed_on}
        return self._made, (self._amount, days)

    def __len__(self) -> int:
        return len(self.loan)

    def __str__(self) -> str:
        return f"{len(self):,} receipt{'s' * (len(self) != 1)}"

    def __repr__(self) -> str:
        return f"<Receipts: {len(self):,}>"

    def amount_of(self, row: int, decimals: int) -> Any:
        """Return an amount as it would be written for a single loan."""
        return readable(amount_at(self._amount, row, decimals, "amount"))


def parse_receipts(given: object) -> Receipts:
    """Read receipts: ``Receipts``, or a table with columns of these names."""
    if isinstance(given, Receipts):
        return given
    if isinstance(given, Sequence) and not len(given):
        nothing = np.zeros(0, dtype=np.int64)
        return Receipts(nothing, nothing.astype("datetime64[D]"), nothing)
    hint = Phrase("write {}", "rp.portfolio.Receipts(loan=..., on=..., amount=...)")
    try:
        table = read_table(given)
    except TermsError:
        expected = "Receipts, or a table of loan, on and amount"
        if hasattr(given, "collect_schema"):  # of Polars, still to be computed
            given, hint = type(given).__name__, Phrase("write {}", "receipts.collect()")
        raise TermsError("receipts", given, expected, hint) from None
    for name in table:
        if name not in NAMES:
            expected = Phrase("columns of {}", ", ".join(NAMES))
            raise TermsError("receipts", Phrase("a column {}", name), expected, "leave it out")
    for name in NAMES[:3]:
        if name not in table:
            raise TermsError(
                "receipts", Phrase("no column {}", name), Phrase("a column {}", name), hint
            )
    return Receipts(**table)


class DailyReceipts(NamedTuple):
    """Receipts that count up to a day, by loan and day: places are rows of what was given."""

    loan: Ints
    on: Ints
    amount: Ints


@dataclass(frozen=True, slots=True)
class BookReceipts:
    """Receipts checked against their book.

    Attributes
    ----------
    given
        As they were given.
    minor
        The amounts in minor units.
    order, starts
        The places of the receipts of loan i are ``order[starts[i]:starts[i + 1]]``.
    rejects
        Loans with a receipt that cannot be taken.
    """

    given: Receipts
    minor: Ints
    order: Ints
    starts: Ints
    rejects: tuple[Reject, ...]

    @classmethod
    def of(cls, given: Receipts, book: Portfolio) -> BookReceipts:
        """Check receipts against a book.

        Raises
        ------
        RepayError
            For a receipt of an unknown loan; and for others that cannot be taken, with their row,
            unless the book collects such loans.
        """
        unknown = (given.loan < 0) | (given.loan >= len(book))
        if unknown.any():
            row = int(np.flatnonzero(unknown)[0])
            expected = Phrase("the row of a loan of the book, 0 to {}", len(book) - 1)
            error = CountError(
                "loan", int(given.loan[row]), expected, Phrase("write such as {}", "loan=0")
            )
            raise error.in_row(row)
        order = np.argsort(given.loan, kind="stable")
        starts = np.searchsorted(given.loan[order], np.arange(len(book) + 1))
        decimals = book.decimals[given.loan]
        minor, wrong = minors_of(given._amount, decimals, "amount")
        wrong |= (minor == 0) | np.isnat(given.on) | (given.on < book.start[given.loan])
        wrong |= given.reversed_on < given.on
        wrong &= book.kept[given.loan]
        made = cls(given, minor, order, starts, ())
        return cls(given, minor, order, starts, made._refused(book, wrong))

    def _refused(self, book: Portfolio, wrong: Bools) -> tuple[Reject, ...]:
        """Raise the error of the first receipt that is wrong, or return them by loan."""
        found: dict[int, Reject] = {}
        for row in np.flatnonzero(wrong).tolist():
            loan = int(self.given.loan[row])
            if loan in found:
                continue
            error = self._error(book, row).in_row(row)
            if book.errors == "raise":
                raise error
            reason = f"expected {error.expected}; {error.hint}"
            found[loan] = Reject(loan, error.parameter, str(error.value), reason, error)
        return tuple(found.values())

    def _error(self, book: Portfolio, row: int) -> RepayError:
        """Return the error of a receipt, as a single receipt would raise it."""
        given = self.given
        loan = book.loan(int(given.loan[row]))
        try:
            receipt = Receipt(given.on[row].item(), given.amount_of(row, loan.decimals))
            parse_events(loan, [receipt], date.max)
            if not np.isnat(given.reversed_on[row]):
                Reversal(given.reversed_on[row].item(), of=receipt)
        except RepayError as error:
            return error
        expected = Phrase("an amount of at most {} minor units in a book", MOST_MINOR_UNITS)
        return AmountError("amount", str(receipt.amount), expected, "write a smaller amount")

    def events(self, loan: int, decimals: int) -> list[AccountEvent]:
        """Return the account events of one loan; the id of a receipt is its row."""
        found: list[AccountEvent] = []
        for row in self.order[self.starts[loan] : self.starts[loan + 1]].tolist():
            amount = to_decimal(int(self.minor[row]), decimals)
            receipt = Receipt(self.given.on[row].item(), amount, id=str(row))
            found.append(receipt)
            if not np.isnat(self.given.reversed_on[row]):
                found.append(Reversal(self.given.reversed_on[row].item(), of=receipt))
        return found

    def until(self, day: date) -> DailyReceipts:
        """Return the receipts by loan and day, in order."""
        given, last = self.given, np.datetime64(day, "D")
        counts = (given.on <= last) & ~(given.reversed_on <= last)
        loan, on, amount = given.loan[counts], given.on[counts].astype(np.int64), self.minor[counts]
        key = loan << 23 | on - on.min(initial=0)  # as many days as there are in 10,000 years
        order = np.argsort(key, kind="stable")
        loan, on, amount = loan[order], on[order], amount[order]
        first = np.ones(len(loan), dtype=bool)
        first[1:] = (loan[1:] != loan[:-1]) | (on[1:] != on[:-1])
        at = np.flatnonzero(first)
        sums = np.add.reduceat(amount, at) if len(at) else amount
        return DailyReceipts(loan[at], on[at], sums)
