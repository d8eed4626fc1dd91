"""A picture of the instalments of a statement: paid in time or late, overdue, not yet due."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from repaylib.arrears.balances import InstalmentStatus
from repaylib.arrears.statements import Statement
from repaylib.errors import Phrase, TermsError
from repaylib.plots.style import BLUE, GREY, ORANGE, SKY, VERMILION, axes_for, dress, key, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["instalments"]

#: The parts of a bar, bottom to top, and their colours.
PIECES: dict[str, str] = {
    "paid in advance": SKY,
    "paid in time": BLUE,
    "paid late": ORANGE,
    "overdue": VERMILION,
    "not yet due": GREY,
}


def instalments(statement: Statement, ax: Axes | None = None) -> Axes:
    """Draw the instalments of a statement: paid in advance, in time or late, overdue, not yet due.

    Parameters
    ----------
    statement
        The statement.
    ax
        The axes to draw on; by default those of a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes.

    Raises
    ------
    RepayError
        If matplotlib is not installed, or `statement` is not a statement.

    Examples
    --------
    >>> import repaylib as rp
    >>> from repaylib import plots
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency="EUR"))
    >>> receipts = [rp.Receipt("2024-02-20", "888.49")]
    >>> statement = rp.statement(plan, receipts, as_of="2024-03-20")
    >>> plots.instalments(statement).get_title(loc="left")
    'As of 2024-03-20: 888.49 overdue'
    """
    if not isinstance(statement, Statement):
        hint = Phrase("write {}", "plots.instalments(rp.statement(plan, receipts, as_of=...))")
        raise TermsError("statement", statement, "a Statement", hint)
    axes = axes_for(ax)
    drawn = [instalment for instalment in statement.instalments if instalment.amount]
    days = np.array([instalment.due for instalment in drawn], dtype="datetime64[D]")
    width = 0.7 * float(np.min(np.diff(days).astype(int), initial=31))
    bottom = np.zeros(len(drawn))
    used = []
    pieces = [_pieces(instalment, statement) for instalment in drawn]
    for piece, colour in PIECES.items():
        height = np.array([amounts[piece] for amounts in pieces])
        if height.any():
            axes.bar(shown(days), height, bottom=bottom, width=max(width, 1.0), color=colour)
            used.append((piece, colour))
            bottom += height
    title = f"As of {statement.as_of}: {statement.arrears.total:,f} overdue"
    dress(axes, {"": statement.schedule}, title, pad=24)
    axes.axvline(shown(np.datetime64(statement.as_of, "D")), color=GREY, linewidth=1, linestyle=":")
    key(axes, used)
    return axes


def _pieces(instalment: InstalmentStatus, statement: Statement) -> dict[str, float]:
    """Return the parts of the bar of an instalment; a picture needs no exact cents."""
    late, in_advance = float(instalment.paid_late), float(instalment.paid_in_advance)
    outstanding = float(instalment.outstanding)
    overdue = instalment.due <= statement.as_of
    return {
        "paid in advance": in_advance,
        "paid in time": float(instalment.paid.total) - late - in_advance,
        "paid late": late,
        "overdue": outstanding if overdue else 0.0,
        "not yet due": 0.0 if overdue else outstanding,
    }
