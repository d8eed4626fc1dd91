"""The rows or the summaries of a book of loans, as one long table, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.errors import Phrase, TermsError, enumerated
from repaylib.portfolio.book.rejects import reasons_of
from repaylib.schedule.rows import NAMES
from repaylib.typing import BatchOutput

if TYPE_CHECKING:
    from repaylib.portfolio.book.portfolio import Portfolio
    from repaylib.portfolio.schedule import PortfolioSchedule
    from repaylib.portfolio.summary import Summary

__all__ = ["FIGURES", "PLAIN", "ROWS", "Piece", "decimals_in", "pieces_of", "summary_pieces"]


#: What a line may say.
FIGURES: dict[BatchOutput, tuple[str, ...]] = {
    "rows": NAMES,
    "summary": (
        "instalment",
        "payments",
        "total_paid",
        "out_of_pocket",
        "total_interest",
        "total_principal",
        "total_waived",
        "total_forgiven",
        "total_capitalised",
        "total_fees",
        "first_payment",
        "final_payment",
        "largest_payment",
        "maturity",
    ),
}
#: Those that are no money.
PLAIN = ("number", "date", "payments", "maturity")

#: Lines of a piece, unless you ask for more or fewer.
ROWS = 65_536
#: Loans that are folded at once, if no more fit a piece.
LOANS = 1024


class Piece(NamedTuple):
    """Lines about loans, in the order of the loans. A rejected loan has one line.

    Attributes
    ----------
    loan
        Place in the book of the loan that a line is about.
    taken
        Whether the loan was taken; if not, its cells hold nothing.
    columns
        The cells, as arrays: money in minor units.
    reasons
        Why a loan was rejected, or a change not made for it, by its place in the book.
    """

    loan: npt.NDArray[np.int64]
    taken: npt.NDArray[np.bool_]
    columns: dict[str, npt.NDArray[Any]]
    reasons: Mapping[int, str]

    def __len__(self) -> int:
        return len(self.loan)


def pieces_of(
    plan: PortfolioSchedule, output: BatchOutput, names: Sequence[str], rows: int = ROWS
) -> Iterator[Piece]:
    """Yield the lines of all loans, in pieces of at most `rows`."""
    if output == "summary":
        yield from summary_pieces(plan.summary(), names, rows)
        return
    longest = int(plan.book.payments.max(initial=1))
    for block in plan.blocks(rows=max(LOANS, rows // max(1, longest))):
        lines = np.maximum(block.counts, 1)
        loan = np.repeat(np.arange(len(lines)), lines)
        place = np.arange(len(loan)) - np.repeat(np.cumsum(lines) - lines, lines)
        reasons = reasons_of(block.rejects)
        for low in range(0, len(loan), rows):
            mine, row = loan[low : low + rows], place[low : low + rows]
            cells = {name: _flat(block[name], mine, row) for name in names}
            yield Piece(mine + block.first, block.counts[mine] > 0, cells, reasons)


def summary_pieces(summary: Summary, names: Sequence[str], rows: int = ROWS) -> Iterator[Piece]:
    """Yield a line for each loan, in pieces of at most `rows`."""
    loan, taken = np.arange(summary.lines), ~np.isnat(summary.maturity)
    reasons = {row: summary.reason[row] for row in np.flatnonzero(summary.reason != "").tolist()}
    for low in range(0, len(loan), rows):
        lines = slice(low, low + rows)
        cells = {name: summary[name][lines] for name in names}
        yield Piece(loan[lines], taken[lines], cells, reasons)


def _flat(cells: npt.NDArray[Any], loan: npt.NDArray[Any], row: npt.NDArray[Any]) -> Any:
    """Return cells of a column loan after loan."""
    if not cells.shape[1]:  # nothing but rejected loans
        return np.zeros(len(loan), dtype=cells.dtype)
    return cells[loan, row]


def decimals_in(book: Portfolio) -> int:
    """Return the decimals that all loans of a book have.

    Raises
    ------
    TermsError
        If they have not the same.
    """
    found = np.unique(book.decimals[book.kept]).tolist() or [2]
    if len(found) > 1:
        raise TermsError(
            "currency",
            enumerated("{} and {}", [Phrase("{} decimals", decimals) for decimals in found]),
            "the same decimals for all loans of one table",
            "convert one currency at a time: book.where(mask) for mask in book.currencies().values()",
        )
    return int(found[0])
