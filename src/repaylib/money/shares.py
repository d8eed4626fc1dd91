"""How a sum is shared among debts: in proportion, within limits, or one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

__all__ = ["prorated", "sequential"]


def prorated(
    total: int, weights: Sequence[int], floors: Sequence[int], caps: Sequence[int]
) -> list[int]:
    """Share a sum in proportion to weights, every share within its floor and its cap.

    There is one level at which ``min(max(level * weight, floor), cap)`` add up to the sum. Shares
    are rounded down; the units left go to the largest remainders, the first of equal ones. Where
    even the caps do not take the sum, or it does not reach the floors, those are the answer.

    Examples
    --------
    600 by balances of 5,000, 3,000 and 2,000 would be 300, 180 and 120; at least 200 for the
    second, they are 286, 200 and 114:

    >>> prorated(600, [5000, 3000, 2000], [0, 200, 0], [9999, 9999, 9999])
    [286, 200, 114]
    """
    if total >= sum(caps):
        return list(caps)
    if total <= sum(floors):
        return list(floors)
    limits = list(zip(weights, floors, caps, strict=True))
    level = _level(total, limits)
    exact = [
        min(max(level * weight, Fraction(low)), Fraction(high)) for weight, low, high in limits
    ]
    shares = [share.numerator // share.denominator for share in exact]
    by_rest = sorted(range(len(shares)), key=lambda place: shares[place] - exact[place])
    left = total - sum(shares)
    while left:
        for place in by_rest:
            if left and shares[place] < caps[place]:
                shares[place] += 1
                left -= 1
    return shares


def _level(total: int, limits: Sequence[tuple[int, int, int]]) -> Fraction:
    """Return the level at which the shares add up to the sum, or as near below it as they can.

    Between two levels at which a share meets its floor or its cap, the sum is linear.
    """
    turns = {Fraction(limit, weight) for weight, *both in limits if weight for limit in both}
    below = Fraction(0)
    for turn in sorted(turns):
        if _sum_at(turn, limits) >= total:
            break
        below = turn
    base = _sum_at(below, limits)
    rising = sum(w for w, low, high in limits if low <= below * w < high)
    return below + Fraction(total - base) / rising if rising else below


def _sum_at(level: Fraction, limits: Iterable[tuple[int, int, int]]) -> Fraction:
    return sum(
        (min(max(level * weight, Fraction(low)), Fraction(high)) for weight, low, high in limits),
        Fraction(0),
    )


def sequential(
    total: int, order: Iterable[int], floors: Sequence[int], caps: Sequence[int]
) -> list[int]:
    """Share a sum one after the other, up to the caps, once all have their floors.

    Examples
    --------
    >>> sequential(600, [1, 0, 2], [50, 50, 50], [500, 200, 500])
    [350, 200, 50]
    """
    shares = list(floors)
    left = total - sum(shares)
    for place in order:
        more = max(0, min(left, caps[place] - shares[place]))
        shares[place] += more
        left -= more
    return shares
