"""The kernel of plain rows compiled by numba, which is optional: this module imports it.

The kernel are those of :mod:`repaylib.portfolio.vectorised.kernel`, lane by lane. Nothing is reordered or contracted
that would change a float; and under the proof there no such change could reach a cent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from repaylib.portfolio.vectorised import kernel

__all__ = ["rows"]

Compiled = Callable[..., Any]


def _compiled(function: Compiled) -> Compiled:
    """Compile for threads, kept on disk if there is a place for it."""
    try:
        kept: Compiled = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no directory to write to
        kept = numba.njit(nogil=True)(function)
    return kept


bearing_of = _compiled(kernel.bearing_of)
interest_of = _compiled(kernel.interest_of)
tied_of = _compiled(kernel.tied_of)
asked_of = _compiled(kernel.asked_of)


@_compiled
def floored(value: float) -> Any:
    return np.floor(value)


@_compiled
def lesser(value: float, other: float) -> float:
    return value if value < other else other


@_compiled
def evened(value: float, left: float, gap: float) -> Any:
    return 2.0 * np.floor(value * 0.5) if left < gap else value


@_compiled
def lane(values: Any, i: int) -> Any:
    if values is None:
        return None
    return values[i]


@_compiled
def factor_of(ratio: float, flat: Any, place: int) -> Any:
    if flat is None:
        return ratio
    return flat[min(place, len(flat) - 1)] * ratio


@_compiled
def place_of(flat: Any, places: Any, i: int) -> Any:
    if flat is None:
        return 0
    return places[i]


@_compiled
def rounded(bearing: float, factor: float, shift: float, gap: Any) -> Any:
    if gap is None:
        return interest_of(bearing, factor, shift, floored)
    return tied_of(bearing, factor, shift, gap, floored, evened)


@_compiled
def rows(block: Any, low: int, high: int, left: int, accrued: Any, closing: Any) -> None:
    """Process rows of the lanes from column `left` on."""
    balance, amount, order = block.balance, block.amount, block.order
    count = len(balance)
    ended = 0
    for row in range(low, high):
        while ended < len(order) and block.last_rows[ended] <= row:
            amount[order[ended]] = np.inf
            ended += 1
        line, owed = accrued[row, left : left + count], closing[row, left : left + count]
        for i in range(count):
            bearing = bearing_of(balance[i], lane(block.base, i), lane(block.own, i))
            place = place_of(block.flat, block.places, i) + row * block.step
            factor = factor_of(block.ratio[i], block.flat, place)
            interest = rounded(bearing, factor, block.shift[i], lane(block.gap, i))
            line[i] = np.int64(interest)
            level = lane(block.level, i)
            balance[i] -= asked_of(amount[i], interest, balance[i], level, lesser)
            owed[i] = np.int64(balance[i])
