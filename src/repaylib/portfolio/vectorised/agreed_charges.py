"""Agreed charges of many loans: rows in closed form, as nothing in them depends on the balance.

What has accrued of a charge by a due date is rounded, and the interest of a row is what that adds
to the row before; see :meth:`repaylib.engine.state.State.post`. A lane in which an instalment does not
cover the interest is left to the engine.
"""

from __future__ import annotations

import numpy as np

from repaylib.money.rounding_arrays import round_ratios
from repaylib.portfolio.vectorised.due_dates import DueDateTable
from repaylib.portfolio.vectorised.state import LaneState
from repaylib.typing import Ints

__all__ = ["walk_agreed"]

#: Products below it leave room for the rounding of a quotient in ``int64``.
EXACT_PRODUCT_LIMIT = 2.0**58


def walk_agreed(state: LaneState) -> None:
    """Write the rows of every lane, without changes, of a group with an agreed charge."""
    due_dates, program, rates = state.context.due_dates, state.context.program, state.context.rates
    over = np.maximum(state.last, program.over or 0)
    state.fall_back(np.flatnonzero(over > due_dates.periods))
    lanes = np.flatnonzero(~state.fallback)
    elapsed, parts = _elapsed(due_dates)
    timetable_of, rate = state.timetable_of[lanes], state.rate[lanes]
    last, over, lent = state.last[lanes], over[lanes], state.balance[lanes].astype(np.int64)
    numerator, denominator = (
        rates.numerators[rate],
        rates.denominators[rate].astype(np.float64) * parts[timetable_of],
    )
    charge = numerator * elapsed[timetable_of, over].astype(np.float64)
    most = np.maximum((charge + denominator) * lent, denominator * over * program.unit)
    small = (numerator >= 0) & (most < EXACT_PRODUCT_LIMIT)
    state.fall_back(lanes[~small])
    lanes, timetable_of, last, over, lent = (
        array[small] for array in (lanes, timetable_of, last, over, lent)
    )
    if not len(lanes):
        return
    numerator, denominators = lent * numerator[small], denominator[small].astype(np.int64)
    owed = lent * denominators + numerator * elapsed[timetable_of, over]
    amount = program.unit * round_ratios(
        owed, denominators * over * program.unit, program.instalment_rounding
    )
    lost = (amount == 0) & (program.unit > 1)
    closing, before = lent.copy(), np.zeros_like(lent)
    agreed = round_ratios(numerator * elapsed[timetable_of, last], denominators, program.rounding)
    ends = last - 1  # the row of the end, of those that go on
    for row in range(int(last.max())):
        charged = round_ratios(
            numerator * elapsed[timetable_of, row + 1], denominators, program.rounding
        )
        principal = amount - (charged - before)
        lost |= (row < ends) & (principal < 0)
        ends = np.where((row < ends) & (principal >= closing), row, ends)
        charged = np.where(row < ends, charged, agreed)  # the last payment takes the remainder
        closing -= np.where(row < ends, principal, closing)
        state.accrued[row, lanes] = charged - before
        state.closing[row, lanes] = closing
        before = charged
    state.amount[lanes], state.balance[lanes] = amount, 0
    state.ends[lanes], state.last[lanes] = ends, ends + 1
    state.fall_back(lanes[lost])


def _elapsed(due_dates: DueDateTable) -> tuple[Ints, Ints]:
    """Return the share of a year from the start to each due date, in parts of a year, and the parts."""
    parts = np.lcm.reduce(due_dates.denominators[:, 1:], axis=1)
    shares = due_dates.numerators[:, 1:] * (parts[:, None] // due_dates.denominators[:, 1:])
    elapsed = np.zeros_like(due_dates.numerators)
    np.cumsum(shares, axis=1, out=elapsed[:, 1:])
    return elapsed, parts
