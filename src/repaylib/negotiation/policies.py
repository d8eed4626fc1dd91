"""The policies of a budget: which debt gets what of a month's amount."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import get_args

from repaylib.money.shares import prorated, sequential
from repaylib.typing import BudgetPolicy

__all__ = ["POLICIES", "shares_by"]

POLICIES: tuple[BudgetPolicy, ...] = get_args(BudgetPolicy)


def shares_by(
    policy: BudgetPolicy,
    funds: int,
    floors: Sequence[int],
    caps: Sequence[int],
    *,
    sizes: Sequence[int],
    rates: Sequence[Fraction],
    settles: Sequence[bool],
) -> list[int]:
    """Return the share of every debt in the amount of a month, in minor units of the budget.

    Parameters
    ----------
    policy
        See :func:`~repaylib.allocate_budget`.
    funds
        The amount.
    floors, caps
        The least and the most of every debt: what falls due, and what it can take.
    sizes, rates
        The balance of every debt, and its rate.
    settles
        Whether a debt that gets its most is repaid.

    Examples
    --------
    >>> debts = {"sizes": [5000, 2000], "rates": [Fraction(24, 100), Fraction(9, 100)]}
    >>> both = [True, True]
    >>> shares_by("avalanche", 600, [200, 80], [5000, 2000], **debts, settles=both)
    [520, 80]
    >>> shares_by("snowball", 600, [200, 80], [5000, 2000], **debts, settles=both)
    [200, 400]
    """
    places = range(len(floors))
    if policy == "pro_rata":
        return prorated(funds, sizes, floors, caps)
    if policy == "equal":
        return prorated(funds, [1] * len(floors), floors, caps)
    if policy == "avalanche":
        order = sorted(places, key=lambda place: (-rates[place], sizes[place]))
        return sequential(funds, order, floors, caps)
    if policy == "snowball":
        return sequential(funds, sorted(places, key=lambda place: sizes[place]), floors, caps)
    shares, left = list(floors), funds - sum(floors)  # the smallest that can be repaid, whole
    for place in sorted(places, key=lambda place: caps[place] - floors[place]):
        more = caps[place] - floors[place]
        if settles[place] and more <= left:
            shares[place] += more
            left -= more
    return shares
