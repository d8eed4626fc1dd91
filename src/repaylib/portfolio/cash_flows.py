"""What the loans of a book lend and are paid, as flows side by side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.portfolio.schedule import PortfolioSchedule

__all__ = ["BookFlows", "flows_of_book"]

#: The number of a day before all others.
NEVER = -(2**40)


class BookFlows(NamedTuple):
    """Flows of loans, ``[loans, flows]``: minor units, seen from the lender, and their days.

    `decimals` are those of the major unit of each loan. After the end of a loan all amounts are zero, on its last day.
    """

    amounts: npt.NDArray[np.int64]
    days: npt.NDArray[np.datetime64]
    decimals: npt.NDArray[np.int64]


def flows_of_book(plan: PortfolioSchedule) -> BookFlows:
    """Return the cash flows of the loans: disbursement, then payments less further advances."""
    low = plan.first
    start = plan.book.start[low : low + len(plan)]
    amounts = np.zeros((len(plan), plan.payment.shape[1] + 1), dtype=np.int64)
    lent, row_arrays = plan.book.principal[low : low + len(plan)], plan.row_arrays
    for name in ("start_interest", "start_charges"):
        if not row_arrays.is_zero(name):
            lent = lent + row_arrays.column(name).sum(axis=0)
    amounts[:, 0] = np.where(plan.counts > 0, -lent, 0)
    amounts[:, 1:] = row_arrays.column("net").T
    days = np.concatenate([start[:, None], plan.date], axis=1).astype("datetime64[D]")
    known = np.where(np.isnat(days), NEVER, days.astype(np.int64))
    filled = np.maximum.accumulate(known, axis=1)
    filled[filled == NEVER] = 0  # of a loan that is rejected, which has no days
    decimals = plan.book.decimals[low : low + len(plan)]
    return BookFlows(amounts, filled.astype("datetime64[D]"), decimals)
