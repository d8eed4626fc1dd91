"""A change of many loans: the words they share, and what differs from loan to loan."""

from __future__ import annotations

from dataclasses import dataclass

from repaylib.changes.advance import Advance
from repaylib.changes.base import Change
from repaylib.changes.day_order import Turn
from repaylib.changes.deferral import Deferral
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.changes.forgiveness import Forgiveness
from repaylib.changes.prepayment import Prepayment
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.typing import Ints

__all__ = ["NEVER", "TURNS", "LaneChange"]

#: A row, a due date or a day that does not come.
NEVER = 2**40

#: In which turn of its day a change is made.
TURNS: dict[type[Change], Turn] = {
    Prepayment: Turn.PREPAY,
    Forgiveness: Turn.FORGIVE,
    Advance: Turn.ADVANCE,
    EarlySettlement: Turn.SETTLE,
    RateChange: Turn.RENEW,
    Deferral: Turn.RENEW,
    Rescheduling: Turn.RENEW,
}


@dataclass(frozen=True, slots=True)
class LaneChange:
    """One change of many loans: its words, which all share, and what differs from loan to loan.

    Attributes
    ----------
    words
        A change with the words; of its places in time and amounts nothing is used.
    day, until
        Days since 1970 from which it holds, and on which a rate ends again; ``NEVER`` for none.
    amount, count, rate
        Minor units (an instalment, of a rescheduling), periods or payments, and the place of a new
        rate among the rates (-1 for none).
    """

    words: Change
    day: Ints
    until: Ints
    amount: Ints
    count: Ints
    rate: Ints

    def part(self, lanes: slice | Ints) -> LaneChange:
        """Return the change of some of the loans."""
        arrays = (self.day, self.until, self.amount, self.count, self.rate)
        return LaneChange(self.words, *(each[lanes] for each in arrays))

    @property
    def turn(self) -> Turn:
        """In which turn of its day it is made."""
        return TURNS[type(self.words)]
