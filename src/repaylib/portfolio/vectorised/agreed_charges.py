"""Agreed charges of many loans: rows in closed form, as nothing in them depends on the balance.

What has accrued of a charge by a due date is rounded, and the interest of a row is what that adds
to the row before; see :meth:`repaylib.engine.state.State.post`. A lane in which an instalment does not
cover the interest is left to the engine.
"""

from __future__ import annotations

import numpy as np

from repaylib.money.rounding_arrays import round_ratios
from repaylib.portfolio.vectorised.due_dates import Ground
from repaylib.portfolio.vectorised.state import LaneState
from repaylib.typing import Ints

__all__ = ["walk_agreed"]

#: Products below it leave room for the rounding of a quotient in ``int64``.
EXACT_PRODUCT_LIMIT = 2.0**58


def walk_agreed(state: LaneState) -> None:
    """Write the rows of every lane, without changes, of a field with an agreed charge."""
    ground, program, rates = state.field.ground, state.field.program, state.field.rates
    over = np.maximum(state.last, program.over or 0)
    state.give_up(np.flatnonzero(over > ground.periods))
    lanes = np.flatnonzero(~state.given_up)
    elapsed, parts = _elapsed(ground)
    line, rate = state.line[lanes], state.rate[lanes]
    last, over, lent = state.last[lanes], over[lanes], state.balance[lanes].astype(np.int64)
    top, bottom = rates.tops[rate], rates.bottoms[rate].astype(np.float64) * parts[line]
    charge = top * elapsed[line, over].astype(np.float64)
    most = np.maximum((charge + bottom) * lent, bottom * over * program.unit)
    small = (top >= 0) & (most < EXACT_PRODUCT_LIMIT)
    state.give_up(lanes[~small])
    lanes, line, last, over, lent = (each[small] for each in (lanes, line, last, over, lent))
    if not len(lanes):
        return
    top, bottoms = lent * top[small], bottom[small].astype(np.int64)
    owed = lent * bottoms + top * elapsed[line, over]
    amount = program.unit * round_ratios(
        owed, bottoms * over * program.unit, program.instalment_rounding
    )
    lost = (amount == 0) & (program.unit > 1)
    closing, before = lent.copy(), np.zeros_like(lent)
    agreed = round_ratios(top * elapsed[line, last], bottoms, program.rounding)
    ends = last - 1  # the row of the end, of those that go on
    for row in range(int(last.max())):
        charged = round_ratios(top * elapsed[line, row + 1], bottoms, program.rounding)
        principal = amount - (charged - before)
        lost |= (row < ends) & (principal < 0)
        ends = np.where((row < ends) & (principal >= closing), row, ends)
        charged = np.where(row < ends, charged, agreed)  # the last payment takes what is left
        closing -= np.where(row < ends, principal, closing)
        state.accrued[row, lanes] = charged - before
        state.closing[row, lanes] = closing
        before = charged
    state.amount[lanes], state.balance[lanes] = amount, 0
    state.ends[lanes], state.last[lanes] = ends, ends + 1
    state.give_up(lanes[lost])


def _elapsed(ground: Ground) -> tuple[Ints, Ints]:
    """Return the share of a year from the start to each due date, in parts of a year, and the parts."""
    parts = np.lcm.reduce(ground.bottoms[:, 1:], axis=1)
    shares = ground.tops[:, 1:] * (parts[:, None] // ground.bottoms[:, 1:])
    elapsed = np.zeros_like(ground.tops)
    np.cumsum(shares, axis=1, out=elapsed[:, 1:])
    return elapsed, parts
