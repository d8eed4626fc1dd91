"""What the engine writes down: one entry a day, in columns of whole minor units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

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
    it is repaid in `payments` payments. `exact` is the instalment before rounding.
    """

    number: int
    amount: int
    payments: int
    owed: Fraction
    exact: Fraction


class Settled(NamedTuple):
    """What an early settlement paid, in minor units."""

    principal: int
    interest: int
    deferred_interest: int
    fee: int


class Entry:
    """One day being written. Amounts are minor units and start at nil."""

    __slots__ = ("accrued", "day", "interest", "number", "payment", "principal", "rare", "segments")

    def __init__(self, day: date, number: int) -> None:
        self.day = day
        self.number = number
        self.accrued = 0
        self.interest = 0
        self.principal = 0
        self.payment = 0
        self.rare: dict[str, int] = {}
        self.segments: list[Segment] = []

    def add(self, column: str, amount: int) -> None:
        """Add to one of the rare columns."""
        if amount:
            self.rare[column] = self.rare.get(column, 0) + amount


class Ledger:
    """Columns of days, in order.

    Attributes
    ----------
    number
        Number of the due date, 0 on a day that is none.
    accrued
        Interest rounded and posted on the day.
    interest, principal, payment
        Paid on the day: interest posted the same day, principal, and all in all.
    closing
        Principal owed at the end of the day.
    rare
        The other columns (:data:`RARE`), as amounts by row.
    days
        Dates of the rows that are no due dates, by row.
    timetables
        Due dates in force, each with the number of the first one it gives.
    plans
        How each instalment was set.
    lapsed
        Numbers of the changes that came after the loan had ended.
    settled
        What an early settlement paid, besides what fell due on its day.
    segments
        By row, the stretches of interest; only in a traced fold.
    instalment
        The instalment in force at the end.
    """

    __slots__ = (
        "accrued",
        "closing",
        "days",
        "instalment",
        "interest",
        "lapsed",
        "number",
        "payment",
        "plans",
        "principal",
        "rare",
        "segments",
        "settled",
        "timetables",
    )

    def __init__(self, timetable: Timetable) -> None:
        self.number: list[int] = []
        self.accrued: list[int] = []
        self.interest: list[int] = []
        self.principal: list[int] = []
        self.payment: list[int] = []
        self.closing: list[int] = []
        self.rare: dict[str, dict[int, int]] = {}
        self.days: dict[int, date] = {}
        self.timetables: list[Timetable] = [timetable]
        self.plans: list[Plan] = []
        self.lapsed: list[int] = []
        self.settled = Settled(0, 0, 0, 0)
        self.segments: dict[int, list[Segment]] = {}
        self.instalment = 0

    def append(self, entry: Entry, closing: int) -> None:
        """Write one day."""
        row = len(self.number)
        self.number.append(entry.number)
        self.accrued.append(entry.accrued)
        self.interest.append(entry.interest)
        self.principal.append(entry.principal)
        self.payment.append(entry.payment)
        self.closing.append(closing)
        for column, amount in entry.rare.items():
            self.rare.setdefault(column, {})[row] = amount
        if not entry.number:
            self.days[row] = entry.day
        if entry.segments:
            self.segments[row] = entry.segments

    def extend(
        self,
        first: int,
        interest: Sequence[int],
        principal: Sequence[int],
        payment: Sequence[int],
        closing: Sequence[int],
    ) -> None:
        """Write consecutive due dates from number `first`, each paying its own interest."""
        self.number.extend(range(first, first + len(interest)))
        self.accrued.extend(interest)
        self.interest.extend(interest)
        self.principal.extend(principal)
        self.payment.extend(payment)
        self.closing.extend(closing)

    def due(self, number: int) -> date:
        """Return the date of due date `number`."""
        for table in reversed(self.timetables):
            if number > table.before:
                return table.due(number)
        return self.timetables[0].start
