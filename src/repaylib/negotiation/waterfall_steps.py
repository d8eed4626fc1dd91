"""The steps of a waterfall of concessions: what is conceded so far, and the next step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from repaylib.changes.advance import Advance
from repaylib.changes.base import Change
from repaylib.changes.forbearance import Forbearance
from repaylib.changes.forgiveness import Forgiveness
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.errors import Phrase, RepayError, TermsError
from repaylib.money.amounts import minor_of
from repaylib.money.rounding import round_fraction
from repaylib.negotiation.concessions import WAIVED, Concession
from repaylib.negotiation.limits import extension_limit
from repaylib.negotiation.search_problem import rate_on, schedule_with
from repaylib.rates.annuity import level_instalment
from repaylib.rates.rate import Rate, percent
from repaylib.rates.root_finding import first_true
from repaylib.schedule.placement import amount_place
from repaylib.schedule.schedule import Schedule

__all__ = ["PARTS", "Agreed", "ConcededLine", "WaterfallCourse"]

#: What may be in arrears.
PARTS = ("principal", "interest", "fees", "penalty")


class ConcededLine(NamedTuple):
    """A line of the path: a concession, and the payment after it.

    Attributes
    ----------
    concession
        The concession.
    before
        The value before, as text.
    after
        The value after, as text.
    payment
        The payment after it, in major units.
    met
        Whether it meets the target.
    """

    concession: str
    before: str
    after: str
    payment: Decimal
    met: bool


@dataclass(frozen=True, slots=True)
class Agreed:
    """The concessions so far; money in minor units."""

    arrears: tuple[int, ...]
    joined: bool = False
    term: int = 0
    rate: Fraction | None = None
    forborne: int = 0
    forgiven: int = 0

    @property
    def capitalised(self) -> int:
        """The arrears that have joined the principal."""
        return sum(self.arrears) if self.joined else 0


class WaterfallCourse:
    """A schedule, the target of its payment, and the concessions of a waterfall on it."""

    def __init__(self, before: Schedule, place: Mapping[str, Any], target: Callable[[int], int]):
        self.before, self.place = before, place
        self.day = before.effective_date(Rescheduling(1, **place))
        #: Where amounts are placed: on the same day.
        self.amounts = amount_place(place, before.ledger)
        after = before.accrual_dates > np.datetime64(self.day, "D")
        numbers = [number for number in before.columns["number"][after].tolist() if number]
        if not numbers:
            raise TermsError(
                "schedule",
                Phrase("nothing falls due after {}", self.day),
                "instalments left",
                "write an earlier payment or on",
            )
        passed = before.ledger.skipped
        self.first: int = numbers[0]
        self.left = sum(number not in passed for number in numbers)
        closings = before.columns["closing"][~after]
        self.owed = int(closings[-1]) if len(closings) else before.program.principal
        self.rate = rate_on(before, self.day)
        self.now = self.payment(before, 0)
        self.most: int = target(self.now)

    def payment(self, plan: Schedule, forborne: int) -> int:
        """Return the instalment, or the largest payment without forborne principal."""
        ledger = plan.ledger
        if plan.loan.method == "level" and plan.program.shape is None and not ledger.methods:
            return ledger.instalment
        after = plan.accrual_dates > np.datetime64(self.day, "D")
        paid: list[int] = plan.columns["payment"][after].tolist()
        return max(*paid[:-1], paid[-1] - forborne, 0)

    def changes(self, agreed: Agreed) -> list[Change]:
        """Return the concessions as changes."""
        money, place, found = self.before.loan.money, self.place, list[Change]()
        if agreed.capitalised:
            found.append(Advance(money(agreed.capitalised), **self.amounts))
        if agreed.forgiven:
            found.append(Forgiveness(money(agreed.forgiven), **self.amounts))
        rate = None if agreed.rate is None else Rate(agreed.rate)
        if agreed.term:
            found.append(Rescheduling(agreed.term, rate=rate, **place))
        elif rate is not None:
            found.append(RateChange(rate, **place))
        if agreed.forborne:
            found.append(Forbearance(money(agreed.forborne), **place))
        return found

    def plan(self, agreed: Agreed) -> Schedule:
        """Return the schedule with the concessions, folded once."""
        return schedule_with(self.before, self.changes(agreed))

    def met(self, agreed: Agreed) -> bool:
        """Whether the concessions meet the target."""
        try:
            return self.payment(self.plan(agreed), agreed.forborne) <= self.most
        except RepayError:
            return False

    # -- steps ------------------------------------------------------------------------

    def conceded(self, agreed: Agreed, step: Concession) -> Agreed:
        """Return the concessions after one more, made only as far as necessary."""
        match step.kind:
            case "capitalise":
                return replace(agreed, joined=True)
            case "waive_penalty" | "waive_fees" | "waive_interest":
                part = PARTS.index(WAIVED[step.kind])
                kept = [0 if k == part else amount for k, amount in enumerate(agreed.arrears)]
                return replace(agreed, arrears=tuple(kept))
        steps, made = self._steps(agreed, step)
        if steps <= 0:
            return agreed
        if step.kind == "forbear" and (exact := self._exact(agreed, made, steps)):
            return made(exact)
        found = first_true(lambda count: self.met(made(count)), 1, steps)
        return made(steps if found is None else found)

    def _steps(self, agreed: Agreed, step: Concession) -> tuple[int, Callable[[int], Agreed]]:
        """Return how many steps there are, and the concessions after a number of them."""
        match step.kind:
            case "rate":
                assert isinstance(step.limit, Rate), "a rate has a floor that is one"
                now = self.rate if agreed.rate is None else agreed.rate
                floor = step.limit.nominal(self.before.loan.timetable.period_length)
                if floor >= now and step.step is not None:
                    return 0, lambda count: agreed
                width = Fraction(step.step or now - floor)
                steps = 1 if step.step is None else int(-(-(now - floor) // width))
                return steps, lambda count: replace(agreed, rate=max(floor, now - count * width))
            case "term":
                left = agreed.term or self.left
                most = self._most_payments(step)
                by = int(step.step or 1)
                return -(-(most - left) // by), lambda count: replace(
                    agreed, term=min(most, left + count * by)
                )
        unit = 1
        if isinstance(step.step, Decimal):
            unit = minor_of(step.step, self.before.loan.decimals)
        there = self.owed + agreed.capitalised - agreed.forgiven - agreed.forborne
        share = step.limit if isinstance(step.limit, Fraction) else Fraction(1)
        steps = min(int(there * share), there - 1) // unit
        name = "forborne" if step.kind == "forbear" else "forgiven"
        start = getattr(agreed, name)
        return steps, lambda count: replace(agreed, **{name: start + count * unit})

    def _most_payments(self, step: Concession) -> int:
        if isinstance(step.limit, int):
            return step.limit
        assert isinstance(step.limit, str), "a term has a number or a rule"
        latest = extension_limit(self.before, step.limit).latest
        if latest <= self.day:
            return 0
        return self.before.ledger.timetables[-1].first_number_after(latest) - self.first

    def _exact(self, agreed: Agreed, made: Callable[[int], Agreed], steps: int) -> int:
        """Return the number of steps nearest to where the unrounded instalment is the target.

        Between the rounded instalment and the unrounded one lie many deferred amounts; the one
        that makes the unrounded one the target is what a closed form would give. The instalment
        falls evenly with it, so that two points of the line give it. 0 if there is none.
        """
        base = steps // 2
        try:
            high, low = self._unrounded(made(0)), self._unrounded(made(base))
        except RepayError:
            return 0
        if high is None or low is None or high <= low or not base:
            return 0
        count = round_fraction((high - self.most) / (high - low) * base, "half_up")
        if not 0 < count <= steps:
            return 0
        for rounded in (count, count + 1):
            if rounded <= steps and self.met(made(rounded)):
                return rounded
        return 0

    def _unrounded(self, agreed: Agreed) -> Fraction | None:
        plans = self.plan(agreed).ledger.plans
        if self.before.loan.method != "level" or not plans or plans[-1].annuity is None:
            return None
        return Fraction(*level_instalment(plans[-1].annuity))

    def line(self, old: Agreed, new: Agreed, step: Concession, payment: int) -> ConcededLine:
        """Return the line of the path."""
        show, loan = self.before.loan.show, self.before.loan
        match step.kind:
            case "rate":
                rates = [self.rate if point.rate is None else point.rate for point in (old, new)]
                before, after = map(percent, rates)
            case "term":
                before, after = (f"{point.term or self.left} payments" for point in (old, new))
            case "forbear":
                before, after = (show(point.forborne) for point in (old, new))
            case "forgive":
                before, after = (show(point.forgiven) for point in (old, new))
            case "capitalise":
                before, after = (show(self.owed + point.capitalised) for point in (old, new))
            case _:
                part = PARTS.index(WAIVED[step.kind])
                before, after = (show(point.arrears[part]) for point in (old, new))
        names = {
            "capitalise": "arrears capitalised",
            "rate": "rate cut",
            "term": "term extended",
            "forbear": "principal forborne",
            "forgive": "principal forgiven",
        }
        name = names.get(step.kind) or f"{WAIVED[step.kind]} waived"
        return ConcededLine(name, before, after, loan.money(payment), payment <= self.most)
