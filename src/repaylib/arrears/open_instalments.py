"""What has fallen due, in order, and up to which day being late was counted.

A penalty grows by the same rule until the instalment changes: some of it is paid or waived, say. So an
instalment is not counted on each day of the life. It is counted when it changes, and when it is looked at.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from copy import copy
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, Self

from repaylib.arrears.arrears_rates import Late
from repaylib.arrears.instalment_due import Bill, Kind
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.engine.entries import Segment
from repaylib.rates.step_schedule import Steps, in_force
from repaylib.typing import Rounding

__all__ = ["Dues"]


class Rule(NamedTuple):
    """What being late costs from one step to the next: the terms, the loan's rate, the penalty rate."""

    terms: PenaltyTerms
    ordinary: Fraction
    rate: Fraction


class Dues:
    """All bills of a life, and what is known of them in all.

    Parameters
    ----------
    late
        Days in arrears.
    penalty
        What being late costs.
    rounding
        How amounts are rounded.
    beyond
        Whether overdue principal bears ordinary interest already, so that the penalty on it is what
        its rate is beyond that.
    start
        The day on which the life begins.

    Attributes
    ----------
    all, live
        What fell due, in order; of it, what is not done with.
    unmet
        All of which something contractual is owed, in order; others may stand among them.
    in_grace
        What penalties may be charged for, up to the day after its grace.
    changed
        What has changed on the day.
    principal
        The principal that the plan has asked for, and that is owed.
    in_red
        Whether anything was ever asked for that is below zero.
    counted
        Up to when penalties are counted, once they are looked at.
    frozen
        Whether no more penalties are counted.
    asked
        All that bears, or has been asked for, since the limit of all penalties was looked at.
    """

    def __init__(
        self,
        late: Late,
        penalty: Steps[PenaltyTerms] | None,
        rounding: Rounding,
        *,
        beyond: bool,
        start: date,
    ) -> None:
        self.late = late
        self.penalty = penalty
        self.rounding = rounding
        self.beyond = beyond
        self.steps = () if penalty is None else penalty.placed(date.min, _no_number, "penalty")
        self.all: list[Bill] = []
        self.live: list[Bill] = []
        self.unmet: deque[Bill] = deque()
        self.in_grace: list[Bill] = []
        self.changed: dict[int, Bill] = {}
        self.principal = self.asked = 0
        self.in_red = self.frozen = False
        self.counted = start
        self._breaks = sorted({*late.days, *(day for day, _ in self.steps)})
        self._rules: dict[int, Rule] = {}

    def copy(self, *, live: bool) -> Self:
        """Return dues of their own, to look ahead with; with what is `live`, if it matters."""
        other = copy(self)
        own = {id(bill): bill.copy(other) for bill in self.live} if live else {}
        other.all = [own.get(id(bill), bill) for bill in self.all]
        other.live = list(own.values())
        other.unmet, other.in_grace, other.changed = deque(other.live), [], {}
        return other

    # -- what falls due ---------------------------------------------------------------

    def add(self, bill: Bill) -> None:
        """Take in what falls due."""
        bill.dues = self
        bill.asked = {kind: amount for kind, amount in bill.asked.items() if amount}
        bill.late_under(None if bill.apart else self.terms_on(bill.due))
        self.all.append(bill)
        self.live.append(bill)
        self.changed[id(bill)] = bill
        if not bill.apart:
            self.unmet.append(bill)
        if bill.terms is not None:
            self.in_grace.append(bill)
        if bill.planned:
            self.principal += bill.unpaid("principal")
        self.asked += sum(max(0, amount) for amount in bill.asked.values())
        self.in_red = self.in_red or min(bill.asked.values(), default=0) < 0

    def close(self, day: date) -> None:
        """Note at the end of a day what is met, and drop what is done with."""
        gone = set()
        for bill in self.changed.values():
            bill.note_if_met(day)
            if bill.done(self.rounding):
                gone.add(id(bill))
                self.principal -= bill.unpaid("principal") if bill.planned else 0
        if gone:
            self.live = [bill for bill in self.live if id(bill) not in gone]
        self.in_grace = [
            bill for bill in self.in_grace if bill.grace_end >= day and id(bill) not in gone
        ]
        self.changed = {}

    def clear(self) -> None:
        """Drop all that fell due: it counts as paid."""
        self.live, self.principal = [], 0

    def missing(self) -> deque[Bill]:
        """Return the bills of which principal or interest may be owed, after those of which none is."""
        unmet = self.unmet
        while unmet and not unmet[0].contractual and "interest" not in unmet[0].exact:
            unmet.popleft()
        return unmet

    def missing_again(self) -> None:
        """Look anew which bills may be missed."""
        self.unmet = deque(bill for bill in self.live if not bill.apart)

    def days_past_due(self, day: date) -> int:
        """Return the days since the oldest due date on which something is still missing."""
        for bill in self.missing():
            if bill.due >= day:
                break
            if bill.planned and bill.contractual:
                return (day - bill.due).days
        return 0

    # -- being late -------------------------------------------------------------------

    def terms_on(self, day: date) -> PenaltyTerms | None:
        """Return what being late costs on a day."""
        return None if self.penalty is None else in_force(self.penalty.initial, self.steps, day)

    def freeze(self) -> None:
        """Count no more penalties."""
        for bill in self.live:
            bill.count()
        self.frozen = True

    def borne(self, bill: Bill, start: date, day: date) -> list[tuple[Kind, Segment]]:
        """Return what of a bill bears a penalty from one day to another, if it stays as it is."""
        low, high = bisect_right(self._breaks, start), bisect_left(self._breaks, day)
        edges = (start, *self._breaks[low:high], day)
        found: list[tuple[Kind, Segment]] = []
        for number, (first, end) in enumerate(pairwise(edges), low):
            terms, ordinary, rate = self._rule(number, first)
            share = self.late.share(bill.late_from, first, end, terms.day_count)
            for kind, base in _bases(bill, terms):
                if self.beyond and bill.planned and kind == "penalty":
                    bears = min(base, max(0, bill.unpaid("principal")))  # ordinary interest already
                    beyond = max(rate - ordinary, Fraction(0))
                    found.append((kind, Segment(bears, beyond, first, end, share, kind)))
                    base -= bears
                found.append((kind, Segment(base, rate, first, end, share, kind)))
        return found

    def most_borne(self, start: date, day: date) -> Fraction | None:
        """Return the most that one unit can bear in penalties between two days; `None` if unknown."""
        found = Fraction(0)
        low, high = bisect_right(self._breaks, start), bisect_left(self._breaks, day)
        for number, (first, end) in enumerate(pairwise((start, *self._breaks[low:high], day)), low):
            terms, ordinary, rate = self._rule(number, first)
            share = self.late.most(first, end, terms.day_count)
            if share is None:
                return None
            found += max(rate, rate - ordinary) * share
        return found

    def _rule(self, number: int, day: date) -> Rule:
        """Return what holds from the step before a day, of which `number` have been."""
        found = self._rules.get(number)
        if found is None:
            terms, ordinary = self.terms_on(day), self.late.rate(day)
            assert terms is not None, "penalties are counted where there are terms"
            rate = terms.rate_over(ordinary, self.late.pace)
            found = self._rules[number] = Rule(terms, ordinary, rate)
        return found


def _bases(bill: Bill, terms: PenaltyTerms) -> list[tuple[Kind, int]]:
    """Return what bears a penalty: which kind it makes, and the base."""
    if terms.base == "instalment":
        return [("penalty", bill.contractual)]
    bases: list[tuple[Kind, int]] = [("penalty", max(0, bill.unpaid("principal")))]
    if terms.on_interest:
        interest = bill.unpaid("interest") + bill.unpaid("deferred_interest")
        bases.append(("penalty_interest", max(0, interest)))
    return bases


def _no_number(number: int) -> date:
    raise AssertionError(f"terms step on days, not on instalment {number}")
