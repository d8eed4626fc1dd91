"""A picture of a loan's life: what fell due, what was paid of it and when, what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from repaylib.arrears.balances import InstalmentStatus
from repaylib.arrears.statements import Statement
from repaylib.errors import TermsError
from repaylib.plots.style import BLUE, GREY, ORANGE, SKY, VERMILION, axes_for, dress, key, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["life"]

#: What a bar is made of, bottom to top, and its colour.
PIECES: dict[str, str] = {
    "paid in advance": SKY,
    "paid in time": BLUE,
    "paid late": ORANGE,
    "overdue": VERMILION,
    "not yet due": GREY,
}


def life(owed: Statement, ax: Axes | None = None) -> Axes:
    """Draw how each instalment stands: paid in advance, in time or late, overdue, not yet due.

    Parameters
    ----------
    owed
        The statement.
    ax
        Where; by default on a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes.

    Raises
    ------
    RepayError
        If matplotlib is not installed, or it is no statement.

    Examples
    --------
    >>> import repaylib as rp
    >>> from repaylib import plots
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency="EUR"))
    >>> owed = rp.statement(plan, [rp.Receipt("2024-02-20", "888.49")], as_of="2024-03-20")
    >>> plots.life(owed).get_title(loc="left")
    'As of 2024-03-20: 888.49 overdue'
    """
    if not isinstance(owed, Statement):
        hint = "write plots.life(rp.statement(plan, receipts, as_of=...))"
        raise TermsError("owed", owed, "a Statement", hint)
    axes = axes_for(ax)
    each = [one for one in owed.instalments if one.amount]
    days = np.array([one.due for one in each], dtype="datetime64[D]")
    width = 0.7 * float(np.min(np.diff(days).astype(int), initial=31))
    bottom = np.zeros(len(each))
    used = []
    for piece, colour in PIECES.items():
        height = np.array([_pieces(one, owed)[piece] for one in each])
        if height.any():
            axes.bar(shown(days), height, bottom=bottom, width=max(width, 1.0), color=colour)
            used.append((piece, colour))
            bottom += height
    dress(axes, {"": owed.schedule}, f"As of {owed.as_of}: {owed.arrears.total:,f} overdue", pad=24)
    axes.axvline(shown(np.datetime64(owed.as_of, "D")), color=GREY, linewidth=1, linestyle=":")
    key(axes, used)
    return axes


def _pieces(one: InstalmentStatus, owed: Statement) -> dict[str, float]:
    """Return what the bar of an instalment is made of; a picture needs no exact cents."""
    late, before = float(one.paid_late), float(one.paid_in_advance)
    open_ = float(one.outstanding)
    overdue = one.due <= owed.as_of
    return {
        "paid in advance": before,
        "paid in time": float(one.paid.total) - late - before,
        "paid late": late,
        "overdue": open_ if overdue else 0.0,
        "not yet due": 0.0 if overdue else open_,
    }
