"""The proof that every row of a book balances, over whole arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from repaylib.errors import ConservationError
from repaylib.money.amounts import show
from repaylib.portfolio.book.row_arrays import Cells
from repaylib.schedule.conservation import SIGNED
from repaylib.schedule.rows import MONEY
from repaylib.typing import Ints

__all__ = ["check_cells"]


def check_cells(cells: Cells, first: int, principal: Ints, places: Ints) -> None:
    """Prove that the rows of loans balance; loan `first` is the first of them.

    Raises
    ------
    ConservationError
        With the loan and the row that break a rule.
    """
    get = cells.column
    if not cells.rows:
        return
    lent = np.where(cells.counts > 0, principal, 0)
    deferred = get("deferred")
    left = np.concatenate([np.zeros_like(deferred[:1]), deferred[:-1]])
    equal = {
        "payment = interest + deferred_interest + principal + fee + penalty + tax - refund": (
            get("payment"),
            get("interest")
            + get("deferred_interest")
            + get("principal")
            + get("fee")
            + get("penalty")
            + get("tax")
            - get("refund"),
        ),
        "closing = opening - principal + capitalised - forgiven + advanced": (
            get("closing"),
            get("opening")
            - get("principal")
            + get("capitalised")
            - get("forgiven")
            + get("advanced"),
        ),
        "deferred = before + accrued - interest - deferred_interest - waived - capitalised"
        " - forgiven_interest": (
            deferred,
            left
            + get("accrued")
            - get("interest")
            - get("deferred_interest")
            - get("waived")
            - get("capitalised")
            - get("forgiven_interest"),
        ),
    }
    for rule, (stated, follows) in equal.items():
        _hold(cells, first, places, rule, stated, follows)
    for name in MONEY:
        column = get(name)
        if name not in SIGNED:
            _hold(cells, first, places, f"{name} is not negative", column, np.maximum(column, 0))
        outside = np.where(cells.inside, column, 0)
        _hold(cells, first, places, f"{name} is nil after the end", column, outside)
    opening = np.where(cells.inside, get("opening"), 0)[:1]
    _hold(cells, first, places, "the first opening is what was lent", opening, lent[None, :])
    ends = np.arange(cells.rows)[:, None] == cells.counts - 1
    for name in ("closing", "deferred"):
        column = get(name)
        rule = f"nothing is owed after the last row ({name})"
        _hold(cells, first, places, rule, column, np.where(ends, 0, column))


def _hold(
    cells: Cells, first: int, places: Ints, rule: str, stated: Ints, follows: npt.NDArray[np.int64]
) -> None:
    broken = np.argwhere(stated.T != follows.T)
    if not len(broken):
        return
    loan, row = broken[0].tolist()
    decimals = int(places[loan])
    raise ConservationError(
        f"loan {first + loan}, row {row} on {cells.dates()[row, loan]}",
        show(int(stated[row, loan]), decimals),
        f"{show(int(follows[row, loan]), decimals)}, by {rule}",
        f"report plan.row({first + loan}), with to_dict()",
    )
