"""What is a book of loans, known without loading what it takes to fold one."""

from __future__ import annotations

from typing import Any, Literal

__all__ = ["ONE_OF_A_BOOK", "Book", "Errors", "Given"]

#: What to write where one loan is wanted.
ONE_OF_A_BOOK = "write book.loan(0) or plan.row(0)"

#: A word of a change to a book: one value for all loans, or a column with one for each.
Given = Any

#: What becomes of a loan that cannot be taken: an error, or a line in a table of rejects.
Errors = Literal["raise", "collect"]


class Book:
    """Many loans at once: a ``Portfolio``, or the ``PortfolioSchedule`` that follows from one."""

    __slots__ = ()
