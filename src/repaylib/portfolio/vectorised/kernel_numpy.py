"""Plain rows of many lanes at once, exact to the cent: rows outside, lanes inside.

Lanes go through in blocks that stay in the cache. Those that the proof of
:mod:`repaylib.portfolio.vectorised.kernel` covers run on floats alone; the others are checked number by number, and
what a float cannot decide is settled in whole numbers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from repaylib.money.rounding import ROUNDINGS, bias_of
from repaylib.portfolio.threads import in_threads, processors
from repaylib.portfolio.vectorised.kernel import (
    Block,
    Lanes,
    asked_of,
    bearing_of,
    ends_of,
    interest_of,
    proven,
    tied_of,
    to_block,
)
from repaylib.typing import AnyInts, Bools, Floats

__all__ = ["WORTH", "plain_rows"]

#: Lanes: the fewest worth a thread, and the most in one block. Numpy takes the lock of the
#: interpreter for each of its calls, so its calls are made large.
SIZES = {"numpy": (32_768, 32_768), "compiled": (4_096, 16_384)}
WORTH = 2**27  # rows of lanes: numba is loaded in the time it saves on them
WRAPS = 2**59  # below it, remainders of 16 divisors fit int64
CHECKED = 4_096  # lanes
EXACT_FLOAT_LIMIT = 2.0**53
DOUBT = 2.0**-50  # six roundings, of 2**-53 each

Kernel = Callable[..., Any]

_COLUMNS = tuple(zip(*(bias_of(rounding) for rounding in ROUNDINGS), strict=True))


def plain_rows(
    lanes: Lanes,
    low: int,
    high: int,
    accrued: AnyInts,
    closing: AnyInts,
    *,
    left: int = 0,
    compiled: bool | None = None,
    threads: int | None = None,
) -> AnyInts:
    """Process rows `low` to ``high - 1`` of every lane; return the lanes that are lost.

    A lane is lost where its interest or its balance comes to ``2**53``: it then owes nothing, and
    its rows hold nothing from there on.

    Parameters
    ----------
    lanes
        The state before row `low`; its balance is that after the last row when done.
    low, high
        Rows. A lane whose ``last_row`` is among them owes nothing after it, and its rows are zero.
    accrued, closing
        ``int64[periods, lanes]``: rows `low` to ``high - 1`` are written, interest and the balance
        after payment.
    left
        In which column of them the first lane stands.
    compiled
        Whether numba does it; the results are the same. By default it does where it is installed
        and either loaded already or worth the wait. What it compiled is kept on disk.
    threads
        How many blocks are worked on at once, if there are as many; by default one for each
        processor that the process may use.

    Examples
    --------
    Two loans of 1,000.00 at 1 % a month, of which 500.00 is paid each time; one ends on row 1.

    >>> from repaylib.portfolio.vectorised.kernel import Factors
    >>> lanes = Lanes(
    ...     balance=np.array([100_000.0, 100_000.0]),
    ...     amount=np.array([50_000.0, 50_000.0]),
    ...     last_row=np.array([2, 1]),
    ...     factors=Factors(np.array([1, 1]), np.array([100, 100])),
    ...     rounding=np.array([0, 0]),
    ... )
    >>> accrued, closing = np.zeros((2, 3, 2), dtype=np.int64)
    >>> plain_rows(lanes, 0, 3, accrued, closing).tolist()
    []
    >>> accrued.tolist(), closing.tolist()
    ([[1000, 1000], [510, 510], [15, 0]], [[51000, 51000], [1510, 0], [0, 0]])
    """
    if compiled is None:
        compiled = (
            "repaylib.portfolio.vectorised.kernel_numba" in sys.modules
            or len(lanes) * (high - low) >= WORTH
        )
    kernel = _kernel() if compiled else None

    least, most = SIZES["numpy" if kernel is None else "compiled"]
    most_threads = max(1, len(lanes) // least)
    threads = min(threads or processors(), most_threads) if most_threads > 1 else 1
    sure = proven(lanes)
    others = np.flatnonzero(~sure)
    rest = lanes.take(others)
    lanes.balance[others] = 0
    if len(others) < len(lanes):
        blocks = -(-len(lanes) // (most * threads)) * threads  # as many for each thread
        size = -(-len(lanes) // blocks)

        def block(first: int) -> None:
            part = to_block(lanes.take(slice(first, first + size)), high)
            (kernel or _rows)(part, low, high, left + first, accrued, closing)

        in_threads(block, range(0, len(lanes), size), threads)
    lost = np.zeros(len(others), dtype=np.bool_)
    for first in range(0, len(others), CHECKED):
        part = slice(first, first + CHECKED)
        lost[part] = _scattered(rest, left + others, part, low, high, accrued, closing)
    lanes.balance[others] = rest.balance
    return others[lost]


@cache
def _kernel() -> Kernel | None:
    """Return the compiled rows, if numba is installed."""
    try:
        from repaylib.portfolio.vectorised.kernel_numba import rows
    except ImportError:
        return None
    return rows


def _scattered(
    lanes: Lanes,
    columns: AnyInts,
    part: slice,
    low: int,
    high: int,
    accrued: AnyInts,
    closing: AnyInts,
) -> Bools:
    """Process the rows of lanes in scattered columns; return those that are lost."""
    some, columns = lanes.take(part), columns[part]
    left, right = int(columns[0]), int(columns[-1]) + 1
    if right - left == len(columns):
        return _checked(some, low, high, accrued[:, left:right], closing[:, left:right])
    lines = np.empty((2, high, len(columns)), dtype=np.int64)
    lost = _checked(some, low, high, lines[0], lines[1])
    accrued[low:high, columns], closing[low:high, columns] = lines[:, low:]
    return lost


def _rows(block: Block, low: int, high: int, left: int, accrued: AnyInts, closing: AnyInts) -> None:
    """Process rows of the lanes from column `left` on; see :func:`plain_rows`."""
    balance, amount, ratio, flat = block.balance, block.amount, block.ratio, block.flat
    columns = slice(left, left + len(balance))
    ending = by_row(block.order, block.last_rows, low)
    for row in range(low, high):
        if row in ending:
            amount[ending[row]] = np.inf
        bearing = bearing_of(balance, block.base, block.own)
        factor = ratio
        if flat is not None:
            factor = flat.take(block.places + row * block.step, mode="clip") * ratio
        if block.gap is None:
            interest = interest_of(bearing, factor, block.shift, floored)
        else:
            interest = tied_of(bearing, factor, block.shift, block.gap, np.floor, evened)
        accrued[row, columns] = interest
        balance -= asked_of(amount, interest, balance, block.level, lesser)
        closing[row, columns] = balance


def _checked(lanes: Lanes, low: int, high: int, accrued: AnyInts, closing: AnyInts) -> Bools:
    """Take the float where it is far enough from a border, and settle the others exactly.

    Return which lanes are lost.
    """
    lost = np.zeros(len(lanes), dtype=np.bool_)
    balance, amount, ratio = lanes.balance, lanes.amount.copy(), lanes.factors.ratio
    base, own, level = lanes.base, lanes.own, lanes.level
    scale, dens, *_ = (np.array(column)[lanes.rounding] for column in _COLUMNS)
    border = dens / scale
    flat, places, step = lanes.factors.flat
    ending = by_row(*ends_of(lanes, high), low)
    for row in range(low, high):
        if row in ending:
            amount[ending[row]] = np.inf
        bearing = bearing_of(balance, base, own)
        share = None if flat is None else flat.take(places + row * step, mode="clip")
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
        balance -= asked_of(amount, interest, balance, level, lesser)
        if max(interest.max(), balance.max()) >= EXACT_FLOAT_LIMIT:
            beyond = np.maximum(interest, balance) >= EXACT_FLOAT_LIMIT
            lost |= beyond
            interest[beyond] = balance[beyond] = 0
        accrued[row], closing[row] = interest, balance
    return lost


def _settled(lanes: Lanes, bearing: Floats, share: Floats | None, estimate: Floats) -> AnyInts:
    """Return the interest in whole numbers.

    The remainder of the estimated quotient is less than 16 divisors, so it is right in ``int64``
    even where the products leave it, as they do so modulo ``2**64``.
    """
    num, den = lanes.factors.num, lanes.factors.den
    scale, dens, less, even = (np.array(column)[lanes.rounding] for column in _COLUMNS)
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
    settled: AnyInts = np.where(tied, raised - raised % 2, raised)
    return settled


def by_row(order: AnyInts, last_rows: AnyInts, low: int) -> dict[int, AnyInts]:
    """Return the lanes that end on each row; those that ended before `low`, on it."""
    found, first = np.unique(np.maximum(last_rows, low), return_index=True)
    return dict(zip(found.tolist(), np.split(order, first[1:]), strict=True)) if len(found) else {}


def floored(values: Floats) -> Floats:
    """Round down, in place."""
    return np.floor(values, out=values)


def lesser(values: Floats, others: Floats) -> Floats:
    """Take the lesser of each two, in place."""
    return np.minimum(values, others, out=values)


def evened(values: Floats, left: Floats, gap: Floats) -> Floats:
    """Lower to the even neighbour where less than the gap is left, in place."""
    at = np.flatnonzero(left < gap)
    values[at] -= values[at] % 2
    return values
