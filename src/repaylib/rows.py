"""Plain rows of many lanes at once, exact to the cent: rows outside, lanes inside.

Lanes go through in blocks that stay in the cache. Those that the proof of
:mod:`repaylib.rowrules` covers run on floats alone; the others are checked number by number, and
what a float cannot decide is settled in whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from repaylib.exact import ROUNDINGS, bias_of
from repaylib.rowrules import (
    Floats,
    Integers,
    Lanes,
    asked_of,
    bearing_of,
    interest_of,
    proven,
    shifts,
    tied_of,
)

__all__ = ["plain_rows"]

BLOCK = 16_384  # lanes
WRAPS = 2**59  # below it, remainders of 16 divisors fit int64
DOUBT = 2.0**-50  # six roundings, of 2**-53 each

_COLUMNS = tuple(zip(*(bias_of(each) for each in ROUNDINGS), strict=True))


def plain_rows(
    lanes: Lanes,
    low: int,
    high: int,
    accrued: Integers,
    closing: Integers,
) -> None:
    """Live through rows `low` to ``high - 1`` of every lane.

    Parameters
    ----------
    lanes
        The state before row `low`; its balance is that after the last row when done.
    low, high
        Rows. A lane whose ``last_row`` is among them owes nothing after it, and its rows are nil.
    accrued, closing
        ``int64[periods, lanes]``: rows `low` to ``high - 1`` are written, interest and the balance
        after payment.
    """
    for begin in range(0, len(lanes), BLOCK):
        block = slice(begin, begin + BLOCK)
        _block(lanes.take(block), low, high, accrued[:, block], closing[:, block])


def _block(lanes: Lanes, low: int, high: int, accrued: Integers, closing: Integers) -> None:
    """Live through the rows of one block: the proven lanes at once, the others checked."""
    sure = proven(lanes)
    if not sure.any():
        _checked(lanes, low, high, accrued, closing)
        return
    others = np.flatnonzero(~sure)
    rest = lanes.take(others) if len(others) else None
    _proven(lanes, low, high, accrued, closing)
    if rest is not None:
        lines = np.empty((2, high, len(others)), dtype=np.int64)
        _checked(rest, low, high, lines[0], lines[1])
        accrued[low:high, others], closing[low:high, others] = lines[:, low:]
        lanes.balance[others] = rest.balance


def _proven(lanes: Lanes, low: int, high: int, accrued: Integers, closing: Integers) -> None:
    ratio = lanes.factors.ratio
    base, own, level = lanes.base, lanes.own, lanes.level
    shift, gap = shifts(lanes)
    balance = lanes.balance
    shares = Shares(lanes)
    for begin, end, amount in runs(lanes, low, high):
        for row in range(begin, end):
            factor = ratio if shares.fixed else shares.row(row) * ratio
            bearing = bearing_of(balance, base, own)
            if gap is None:
                interest = interest_of(bearing, factor, shift, floored)
            else:
                interest = tied_of(bearing, factor, shift, gap, floored, evened)
            accrued[row] = interest
            balance -= asked_of(amount, interest, balance, level, lesser)
            closing[row] = balance


def _checked(lanes: Lanes, low: int, high: int, accrued: Integers, closing: Integers) -> None:
    """Take the float where it is far enough from a border, and settle the others exactly."""
    ratio = lanes.factors.ratio
    base, own, level = lanes.base, lanes.own, lanes.level
    scale, dens, *_ = (np.array(each)[lanes.rounding] for each in _COLUMNS)
    border = dens / scale
    balance = lanes.balance
    shares = Shares(lanes)
    for begin, end, amount in runs(lanes, low, high):
        for row in range(begin, end):
            bearing = bearing_of(balance, base, own)
            share = None if shares.fixed else shares.row(row)
            estimate = bearing * (ratio if share is None else share * ratio)
            raised = estimate + border
            interest = np.floor(raised)
            above = raised - interest
            doubtful = np.minimum(above, 1 - above) <= (estimate + 1) * DOUBT
            at = np.flatnonzero(doubtful & (bearing > 0))
            interest[bearing == 0] = 0
            if len(at):
                some = None if share is None else share[at]
                interest[at] = _settled(lanes.take(at), bearing[at], some, estimate[at])
            accrued[row] = interest
            balance -= asked_of(amount, interest, balance, level, lesser)
            closing[row] = balance


def _settled(lanes: Lanes, bearing: Floats, share: Floats | None, estimate: Floats) -> Integers:
    """Return the interest in whole numbers.

    The remainder of the estimated quotient is less than 16 divisors, so it is right in ``int64``
    even where the products leave it, as they do so modulo ``2**64``.
    """
    num, den = lanes.factors.num, lanes.factors.den
    scale, dens, less, even = (np.array(each)[lanes.rounding] for each in _COLUMNS)
    dtype = object if object in (num.dtype, den.dtype) or (den >= WRAPS).any() else np.int64
    num, den = num.astype(dtype), den.astype(dtype)
    if share is not None:
        num = num * share.astype(np.int64)
    quotient = np.floor(estimate).astype(np.int64).astype(dtype)
    rest = bearing.astype(np.int64).astype(dtype) * num - quotient * den
    quotient, rest = quotient + rest // den, rest % den
    above = scale * rest + dens * den - less
    raised = quotient + above // (scale * den)
    tied = even.astype(bool) & (above % (scale * den) == 0).astype(bool)
    return np.where(tied, raised - raised % 2, raised)


class Shares:
    """The share of a year of each lane, row by row."""

    def __init__(self, lanes: Lanes) -> None:
        index = lanes.factors.index
        self.fixed = index is None
        if index is not None and lanes.factors.shares is not None:
            self._flat = lanes.factors.shares.ravel()
            self._step = lanes.factors.shares.shape[1]
            self._index = index

    def row(self, row: int) -> Floats:
        """Return the shares of one row."""
        return self._flat.take(self._index + row * self._step, mode="clip")


def runs(lanes: Lanes, low: int, high: int) -> Iterator[tuple[int, int, Floats]]:
    """Yield stretches of rows, and the amounts in them: infinite for lanes that end or ended.

    An infinite amount pays all of the balance, and nothing where nothing is owed. So rows on
    which lanes end need no look at each lane; they begin a stretch of their own.
    """
    amount = lanes.amount.copy()
    order = np.argsort(lanes.last_row, kind="stable")
    ends = lanes.last_row[order]
    begin = low
    while begin < high:
        first, after, beyond = np.searchsorted(ends, [low, begin + 1, high])
        amount[order[first:after]] = np.inf
        end = int(ends[after]) if after < beyond else high
        yield begin, end, amount
        begin = end


def floored(values: Floats) -> Floats:
    """Round down, in place."""
    return np.floor(values, out=values)


def lesser(values: Floats, others: Floats) -> Floats:
    """Take the lesser of each two, in place."""
    return np.minimum(values, others, out=values)


def evened(upper: Floats, lower: Floats) -> Floats:
    """Take the even one where two neighbours differ, in place."""
    at = np.flatnonzero(upper != lower)
    upper[at] -= upper[at] % 2
    return upper
