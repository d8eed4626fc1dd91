"""The zeros of a function told apart: intervals that hold one each, and places that cannot tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from repaylib.typing import Bools, Floats

__all__ = ["apart", "isolated"]


NARROW = 1e-10  # zeros nearer to each other than this share of them are not told apart
MOST_WORK = 20_000_000  # terms that a search may add up


def isolated(
    ends: Floats,
    held: Callable[[Floats, Floats], tuple[Bools, Bools]],
    crossed: Callable[[float, float], list[float]],
    terms: int,
) -> tuple[list[float], list[tuple[float, float]]]:
    """Return the zeros of a function, and intervals that hold two or none, too close to tell.

    Parameters
    ----------
    ends
        Of the first intervals, in order.
    held
        Says of intervals which may hold a zero, and in which the function only rises or only falls.
    crossed
        Returns the zero of an interval in which it does, if there is one.
    terms
        How many terms the function adds up.
    """
    lows, highs = ends[:-1], ends[1:]
    found: list[float] = []
    narrowed: list[tuple[float, float]] = []
    work = 0
    while len(lows):
        work += len(lows) * terms
        kept, steady = held(lows, highs)
        single, rest = kept & steady, kept & ~steady
        for low, high in zip(lows[single].tolist(), highs[single].tolist(), strict=True):
            found += crossed(low, high)
        middles = (lows + highs) / 2
        done = rest & (highs - lows < NARROW * (1 + np.abs(middles)))
        if work > MOST_WORK:
            done = rest
        narrowed += zip(lows[done].tolist(), highs[done].tolist(), strict=True)
        rest &= ~done
        lows, highs = (
            np.concatenate([lows[rest], middles[rest]]),
            np.concatenate([middles[rest], highs[rest]]),
        )
    return apart(found), _joined(narrowed)


def apart(found: Sequence[float]) -> list[float]:
    """Return estimates in order, those that two neighbouring intervals found only once."""
    ordered = sorted(found)
    return [
        each
        for k, each in enumerate(ordered)
        if k == 0 or each - ordered[k - 1] > 1e-12 * (1 + abs(each))
    ]


def _joined(intervals: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return intervals in order, those that touch as one."""
    places: list[tuple[float, float]] = []
    for low, high in sorted(intervals):
        if places and low <= places[-1][1] + 1e-9 * (1 + abs(low)):
            low = places.pop()[0]
        places.append((low, high))
    return places
