"""Schedules tried against an offer, each once and no more than a budget of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import Any

from repaylib.audit.discrepancies import Miss, misses, weight
from repaylib.audit.offer import Offer
from repaylib.changes.base import Change
from repaylib.errors import RepayError
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan

__all__ = ["MOST_WORK", "Trial", "Trials", "distance"]

#: What one schedule costs besides its rows, counted in rows.
EACH = 30
#: Rows that are folded for one offer, at most: some 700 schedules of 12 payments, 75 of 360.
MOST_WORK = 30_000

#: How much it weighs that a term is another one than was stated, from the heaviest on.
WEIGHTS = {
    "principal": 9,
    "start": 9,
    "payments": 9,
    "every": 9,
    "first_payment": 5,
    "method": 8,
    "rate": 6,
    "instalment": 5,
    "fees": 4,
    "interest_tax": 4,
    "balloon": 4,
    "amortise_over": 4,
    "interest_base": 3,
    "instalment_multiple": 3,
    "day_count": 2,
    "last": 2,
    "rounding": 2,
}

#: Day counts that most loans have.
COMMON = ("periodic", "actual/365", "actual/360", "30/360 ISDA", "30E/360", "actual/actual ISDA")


@dataclass(frozen=True, slots=True)
class Trial:
    """One schedule, and the figures of the offer that are not in it.

    Attributes
    ----------
    schedule
        What was tried.
    missed
        The figures that differ.
    weight
        How many they are, with all those of the rows that the schedule has not.
    """

    schedule: Schedule
    missed: tuple[Miss, ...]
    weight: int = 0

    @property
    def loan(self) -> Loan:
        """The terms."""
        return self.schedule.loan

    @property
    def exact(self) -> bool:
        """Whether every figure is reproduced."""
        return not self.missed

    @property
    def apart(self) -> tuple[int, int]:
        """How many figures differ, and by how much in all."""
        return self.weight, sum(miss.apart for miss in self.missed)


@dataclass(slots=True)
class Trials:
    """The trials of one offer.

    Attributes
    ----------
    offer
        What is held against each schedule.
    done
        What was tried, by its terms and changes; nothing where they are refused.
    most
        How many rows are folded, in all schedules together: the work, as a long schedule costs
        more than a short one.
    work
        How many were.
    """

    offer: Offer
    done: dict[tuple[Loan, tuple[Change, ...]], Trial | None] = field(default_factory=dict)
    most: int = MOST_WORK
    work: int = 0

    @property
    def spent(self) -> bool:
        """Whether the budget is used up."""
        return self.work >= self.most

    @property
    def tried(self) -> list[Trial]:
        """All trials that were not refused, in their order."""
        return [trial for trial in self.done.values() if trial is not None]

    @property
    def exact(self) -> list[Trial]:
        """Those that reproduce every figure."""
        return [trial for trial in self.tried if trial.exact]

    @property
    def nearest(self) -> list[Trial]:
        """All trials, the one with the fewest figures that differ first."""
        return sorted(self.tried, key=lambda trial: trial.apart)

    def hold(self, loan: Loan, changes: Sequence[Change] = (), **words: Any) -> Trial | None:
        """Try a loan, with other `words`; nothing if it is refused or the budget is used up."""
        try:
            if words:
                loan = replace(loan, **words)
        except RepayError:
            return None
        key = loan, tuple(changes)
        if key in self.done or self.spent:
            return self.done.get(key)
        trial: Trial | None = None
        try:
            plan = Schedule(loan, changes)
            missed = tuple(misses(self.offer, plan))
            trial = Trial(plan, missed, weight(self.offer, missed))
            self.work += len(plan) + EACH
        except RepayError:
            self.work += EACH
        self.done[key] = trial
        return trial


def distance(loan: Loan, origin: Loan, *, changes: int = 0, rated: bool = True) -> tuple[int, int]:
    """Return how far terms are from others: the weight of what differs, and how plain they are.

    `rated` is whether the other terms have a rate that was stated.
    """
    weight = 5 * changes
    for each in fields(Loan):
        if getattr(loan, each.name) != getattr(origin, each.name) and (
            rated or each.name != "rate"
        ):
            weight += WEIGHTS.get(each.name, 1)
    if loan.day_count != origin.day_count and loan.day_count not in COMMON:
        weight += 9 if loan.day_count == "1/1" else 1
    return weight, _length(loan)


def _length(loan: Loan) -> int:
    """Return how long the rate is to write."""
    rate = getattr(loan.rate, "value", Fraction(0))
    return len(str(rate.numerator)) + len(str(rate.denominator))
