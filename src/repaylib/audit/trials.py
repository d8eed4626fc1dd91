"""Schedules tried against an offer: every schedule once, within a budget of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import Any

from repaylib.audit.discrepancies import Discrepancy, discrepancies_of, weight
from repaylib.audit.offer import Offer
from repaylib.changes.base import Change
from repaylib.errors import RepayError
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan

__all__ = ["MOST_WORK", "Trial", "Trials", "distance"]

#: The work of one schedule besides its rows, counted in rows.
EACH = 30
#: Rows that are folded for one offer, at most: some 700 schedules of 12 payments, 75 of 360.
MOST_WORK = 30_000

#: The weight of a term that differs from the one stated, from the heaviest on.
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
    "interest_split": 3,
    "instalment_multiple": 3,
    "day_count": 2,
    "last": 2,
    "interest_remainder": 3,
    "rounding": 2,
}

#: Day counts that most loans have.
COMMON = ("periodic", "actual/365", "actual/360", "30/360 ISDA", "30E/360", "actual/actual ISDA")


@dataclass(frozen=True, slots=True)
class Trial:
    """A schedule, and the figures of the offer that it does not reproduce.

    Attributes
    ----------
    schedule
        The schedule that was tried.
    missed
        The figures that differ.
    weight
        The number of these figures, including all figures of rows that are not in the schedule.
    """

    schedule: Schedule
    missed: tuple[Discrepancy, ...]
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
        return self.weight, sum(discrepancy.apart for discrepancy in self.missed)


@dataclass(slots=True)
class Trials:
    """The trials of one offer.

    Attributes
    ----------
    offer
        The offer.
    done
        The trials, by terms and changes; ``None`` where the terms are refused.
    most
        The most rows that are folded, in all schedules together: the budget of work, as a long
        schedule costs more than a short one.
    work
        The rows that were folded.
    """

    offer: Offer
    done: dict[tuple[Loan, tuple[Change, ...]], Trial | None] = field(default_factory=dict)
    most: int = MOST_WORK
    work: int = 0

    @property
    def exhausted(self) -> bool:
        """Whether the budget is exhausted."""
        return self.work >= self.most

    @property
    def tried(self) -> list[Trial]:
        """All trials that were not refused, in their order."""
        return [trial for trial in self.done.values() if trial is not None]

    @property
    def exact(self) -> list[Trial]:
        """Those that reproduce every figure."""
        return [trial for trial in self.tried if trial.exact]

    def evaluate(self, loan: Loan, changes: Sequence[Change] = (), **terms: Any) -> Trial | None:
        """Try a loan with other `terms`; return ``None`` if it is refused or the budget is exhausted."""
        try:
            if terms:
                loan = replace(loan, **terms)
        except RepayError:
            return None
        key = loan, tuple(changes)
        if key in self.done or self.exhausted:
            return self.done.get(key)
        trial: Trial | None = None
        try:
            plan = Schedule(loan, changes)
            missed = tuple(discrepancies_of(self.offer, plan))
            trial = Trial(plan, missed, weight(self.offer, missed))
            self.work += len(plan) + EACH
        except RepayError:
            self.work += EACH
        self.done[key] = trial
        return trial


def distance(loan: Loan, origin: Loan, *, changes: int = 0, rated: bool = True) -> tuple[int, int]:
    """Return the distance of terms from others: the weight of the differences, and the length of the rate.

    `rated` is whether the other terms have a rate that was stated.
    """
    weight = 5 * changes
    if isinstance(loan.instalment, tuple):  # amounts that follow from no rule
        weight += 10
    for term in fields(Loan):
        if getattr(loan, term.name) != getattr(origin, term.name) and (
            rated or term.name != "rate"
        ):
            weight += WEIGHTS.get(term.name, 1)
    if loan.day_count != origin.day_count and loan.day_count not in COMMON:
        weight += 9 if loan.day_count == "1/1" else 1
    return weight, _length(loan)


def _length(loan: Loan) -> int:
    """Return the number of digits of the rate."""
    rate = getattr(loan.rate, "value", Fraction(0))
    return len(str(rate.numerator)) + len(str(rate.denominator))
