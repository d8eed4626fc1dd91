"""A book of loans, known without loading what it takes to compute one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from repaylib.errors import Phrase

if TYPE_CHECKING:
    from repaylib.changes.base import Change
    from repaylib.portfolio.book.changes import PortfolioChange
    from repaylib.portfolio.cash_flows import BookFlows
    from repaylib.portfolio.schedule import PortfolioSchedule
    from repaylib.portfolio.settlement import PortfolioSettlement
    from repaylib.portfolio.statements import PortfolioStatement
    from repaylib.typing import DateLike, Progress

__all__ = ["ONE_OF_A_BOOK", "Book", "ColumnLike"]

#: What to write where one loan is wanted.
ONE_OF_A_BOOK = Phrase("write {} or {}", "book.loan(0)", "plan.row(0)")

#: An option for a book: one value for all loans, or a column with one value a loan.
ColumnLike = Any


class Book(ABC):
    """Many loans at once: a ``Portfolio``, or the ``PortfolioSchedule`` that follows from one.

    A function that takes one loan or many asks these questions of many. A ``Portfolio`` answers
    them with its schedules as agreed.
    """

    __slots__ = ()

    @abstractmethod
    def amortised(
        self, changes: Iterable[Change | PortfolioChange] = (), progress: Progress = None
    ) -> PortfolioSchedule:
        """Return the schedules of the loans with changes; see :func:`~repaylib.amortise`."""

    def schedules(self) -> PortfolioSchedule:
        """Return the schedules of the loans, as agreed or with the changes made so far."""
        return self.amortised()

    def changed(self, kind: type[Change], options: Mapping[str, ColumnLike]) -> PortfolioSchedule:
        """Return the schedules with one more change; `where` among its options selects loans."""
        return self.amortised().changed(kind, options)

    def settled(self, options: Mapping[str, ColumnLike]) -> PortfolioSettlement:
        """Return the quotes for early settlement; see :func:`~repaylib.settle`."""
        return self.amortised().settled(options)

    def stated(
        self, receipts: object, as_of: DateLike, terms: Mapping[str, Any], progress: Progress
    ) -> PortfolioStatement:
        """Return the debts of the loans on a day; see :func:`~repaylib.statement`."""
        return self.amortised().stated(receipts, as_of, terms, progress)

    def cash_flows(self) -> BookFlows:
        """Return the cash flows of the lender, by day."""
        return self.amortised().cash_flows()
