"""What the engine writes down: days and plain stretches, in whole minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from repaylib.stretch import Stretch
from repaylib.timetable import Timetable

__all__ = ["RARE", "Entry", "Ledger", "Plan", "Segment", "Settled"]

#: Columns that are nil on most days, kept only where they are not.
RARE = (
    "deferred_interest",
    "fee",
    "penalty",
    "prepaid",
    "advanced",
    "capitalised",
    "waived",
    "forgiven",
    "forgiven_interest",
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of days on which one base bore interest at one rate.

    Attributes
    ----------
    base
        Minor units that bear interest.
    rate
        Nominal rate per year.
    start, end
        First day counted, and the first day not counted.
    share
        The stretch as a share of a year.
    kind
        ``"interest"``, ``"waived"``, or ``"set aside"`` (on an instalment that was moved).
    account
        Number of the account whose interest is rounded by itself: 0 is the balance, others
        are moved instalments.
    """

    base: int
    rate: Fraction
    start: date
    end: date
    share: Fraction
    kind: str
    account: int = 0

    @property
    def interest(self) -> Fraction:
        """The interest of the stretch, in minor units, unrounded."""
        return self.base * self.rate * self.share


@dataclass(frozen=True, slots=True)
class Plan:
    """How an instalment was set: from due date `number` on, `amount` minor units.

    `owed` is the exact sum owed on that due date before the payment, its interest included;
    it is repaid in `payments` payments. `ratio` is the instalment before rounding.
    """

    number: int
    amount: int
    payments: int
    owed: Fraction
    ratio: tuple[int, int]

    @property
    def exact(self) -> Fraction:
        """The instalment before rounding."""
        return Fraction(*self.ratio)


class Settled(NamedTuple):
    """What an early settlement paid, in minor units."""

    principal: int
    interest: int
    deferred_interest: int
    fee: int


class Entry:
    """One day. Amounts are minor units and start at nil.

    Attributes
    ----------
    day, number
        The day, and the number of its due date; 0 if it is none.
    accrued
        Interest rounded and posted.
    interest, principal, payment
        Paid: interest posted the same day, principal, and all in all.
    closing
        Principal owed at the end of the day.
    rare
        Columns that are nil on most days (:data:`RARE`), where they are not.
    segments
        The stretches of interest posted; only in a traced fold.
    """

    __slots__ = (
        "accrued",
        "closing",
        "day",
        "interest",
        "number",
        "payment",
        "principal",
        "rare",
        "segments",
    )

    def __init__(self, day: date, number: int) -> None:
        self.day = day
        self.number = number
        self.accrued = 0
        self.interest = 0
        self.principal = 0
        self.payment = 0
        self.closing = 0
        self.rare: dict[str, int] = {}
        self.segments: list[Segment] = []

    def add(self, column: str, amount: int) -> None:
        """Add to one of the rare columns."""
        if amount:
            self.rare[column] = self.rare.get(column, 0) + amount

    def __len__(self) -> int:
        return 1


class Ledger:
    """All days of a loan, in order.

    Attributes
    ----------
    pieces
        Single days, and plain stretches of due dates.
    timetables
        Due dates in force, each with the number of the first one it gives.
    plans
        How each instalment was set.
    lapsed
        Numbers of the changes that came after the loan had ended.
    settled
        What an early settlement paid, besides what fell due on its day.
    instalment
        The instalment in force at the end.
    """

    __slots__ = ("instalment", "lapsed", "pieces", "plans", "settled", "timetables")

    def __init__(self, timetable: Timetable) -> None:
        self.pieces: list[Entry | Stretch] = []
        self.timetables: list[Timetable] = [timetable]
        self.plans: list[Plan] = []
        self.lapsed: list[int] = []
        self.settled = Settled(0, 0, 0, 0)
        self.instalment = 0

    def __len__(self) -> int:
        return sum(map(len, self.pieces))

    @property
    def last(self) -> Entry:
        """The last day; a loan always ends on a day of its own."""
        piece = self.pieces[-1]
        assert isinstance(piece, Entry), "a stretch ends before the last payment"
        return piece

    @property
    def last_number(self) -> int:
        """Number of the last due date."""
        for piece in reversed(self.pieces):
            if isinstance(piece, Stretch):
                return piece.first + len(piece) - 1
            if piece.number:
                return piece.number
        return 0

    def segments(self, index: int) -> list[Segment]:
        """Return the stretches of interest of a row, in a traced fold."""
        piece = self.pieces[index]
        return piece.segments if isinstance(piece, Entry) else []

    def due(self, number: int) -> date:
        """Return the date of due date `number`."""
        for table in reversed(self.timetables):
            if number > table.before:
                return table.due(number)
        return self.timetables[0].start
