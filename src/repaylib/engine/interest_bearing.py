"""Instructions on what bears interest, where it is not the balance of the day."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Offset", "Rebase"]


class Offset(NamedTuple):
    """An amount (minor units) bears interest beside the balance or, below zero, spares it.

    The plan is what was agreed; the offset is what was paid late, or ahead. With `posts` interest is
    rounded on the day, with `carries` from then on not at each due date by itself.
    """

    amount: int
    posts: bool = False
    carries: bool = False


class Rebase(NamedTuple):
    """Interest is on the balance of this day, until the next such day."""
