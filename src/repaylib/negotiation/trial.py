"""One plan that might be agreed: made by the engine, measured, and held against what was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from operator import mul
from typing import Any, NamedTuple

import numpy as np

from repaylib.changes.base import Change
from repaylib.changes.deferral import Deferral
from repaylib.changes.forgiveness import Forgiveness
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.dates.days import month_of
from repaylib.errors import RepayError, TermsError
from repaylib.measures.cap_reports import cap_report
from repaylib.measures.modification import WIDE, Worth
from repaylib.money.amounts import minor_of
from repaylib.negotiation.extension import extension_limit
from repaylib.negotiation.limits import Limits
from repaylib.rates.rate import Rate
from repaylib.schedule.divergence import Parting
from repaylib.schedule.placement import amount_place
from repaylib.schedule.schedule import Schedule

__all__ = ["Bound", "Case", "Point", "Trial", "folded", "rate_on"]

PLACES = 40  # decimals of a discount factor


class Point(NamedTuple):
    """What is conceded, in steps; nothing conceded is nil everywhere.

    Attributes
    ----------
    start
        By how many instalments later the new terms begin.
    kind
        The word for what is put off: ``"deferral"``, ``"interest_only"``, ``"interest_free"``.
    deferral
        How many due dates are put off.
    term
        Number of new instalments; 0 keeps those that are left.
    rate
        Steps down from the present rate.
    haircut
        Multiples of the amount forgiven.
    """

    start: int = 0
    kind: str = "deferral"
    deferral: int = 0
    term: int = 0
    rate: int = 0
    haircut: int = 0

    @property
    def used(self) -> int:
        """How many kinds of concession there are in it."""
        return sum(map(bool, (self.start, self.deferral, self.term, self.rate, self.haircut)))


class Bound(NamedTuple):
    """One constraint, and how much it allows.

    Attributes
    ----------
    name
        ``"payment"``, ``"last"``, ``"total"``, ``"end"``, ``"months"``, ``"extension"``,
        ``"latest"``, ``"worth_loss"``, ``"caps"``.
    limit
        Minor units, a day's ordinal, or a share; of payments, one for each month.
    """

    name: str
    limit: Any


@dataclass(frozen=True, slots=True)
class Trial:
    """One plan, measured.

    Attributes
    ----------
    point
        What is conceded.
    schedule
        The plan.
    total
        What is paid out of pocket from the day on from which the search begins, in minor units.
    payment
        The most of it that is paid in a month.
    last
        The last payment.
    end
        The day of it.
    loss
        What the lender loses, as a share of the worth at the original effective rate.
    excess
        By how much each constraint is broken, in its own unit; empty if the plan can be agreed.
    """

    point: Point
    schedule: Schedule
    total: int
    payment: int
    last: int
    end: date
    loss: Fraction
    excess: Mapping[str, Any]

    @property
    def measures(self) -> tuple[int, int, int, Fraction]:
        """The four measures, of each of which less is better."""
        return self.total, self.payment, self.end.toordinal(), self.loss


class Case:
    """A schedule, a day, and what is asked; plans are tried on it, each once."""

    def __init__(
        self,
        schedule: Schedule,
        place: Mapping[str, Any],
        wishes: Sequence[Bound],
        limits: Limits,
    ) -> None:
        self.schedule = schedule
        self.place = dict(place)
        self.limits = limits
        probe = Rescheduling(1, **place)
        self.day = schedule.day_of(probe)
        columns = schedule.columns
        falls = schedule.accrual_dates
        numbers, after = columns["number"], falls > np.datetime64(self.day, "D")
        due = [int(each) for each in numbers[after] if each]
        passed = schedule.ledger.passed
        if not due:
            raise TermsError(
                "schedule",
                f"nothing falls due after {self.day}",
                "instalments left to negotiate",
                "write an earlier payment or on",
            )
        #: Number and day of the first instalment after the day, and how many are left.
        self.first = due[0]
        self.since: date = falls[after][numbers[after] > 0][0].item()
        self.left = sum(number not in passed for number in due)
        before = columns["closing"][~after]
        self.owed = int(before[-1]) if len(before) else schedule.program.principal
        self.rate = rate_on(schedule, self.day)
        self.bounds = (*wishes, *self._of_limits())
        self.worth = Worth(schedule, self.day)
        self.factors: dict[date, int] = {}
        self.tried: dict[Point, Trial | None] = {}
        table = schedule.loan.timetable
        self.by_month = table.pace < Fraction(1, 12)  # several payments a month
        self.parting = Parting(self.day, schedule)
        self.before = self._worth_of(schedule)

    def _of_limits(self) -> list[Bound]:
        limits, found = self.limits, []
        if limits.months is not None:
            latest = self.schedule.loan.timetable.months_after(self.day, limits.months)
            found.append(Bound("months", latest.toordinal()))
        if limits.extension is not None:
            latest = extension_limit(self.schedule, limits.extension).latest
            found.append(Bound("extension", latest.toordinal()))
        if limits.latest is not None:
            found.append(Bound("latest", limits.latest.toordinal()))
        if limits.worth_loss is not None:
            found.append(Bound("worth_loss", limits.worth_loss))
        if limits.caps:
            found.append(Bound("caps", limits.caps))
        return found

    @cached_property
    def rates(self) -> tuple[Fraction, ...]:
        """The rates that may be agreed: the present one, then whole multiples of the step below."""
        step = self.limits.rate_step
        floor = self.limits.rate.nominal(self.schedule.loan.timetable.pace)
        high = -(-self.rate // step) - 1  # the last multiple below the present rate
        low = -(-floor // step)
        return (self.rate, *(step * each for each in range(high, low - 1, -1)))

    @cached_property
    def unit(self) -> int:
        """The multiple of what is forgiven, in minor units."""
        given, decimals = self.limits.amount_step, self.schedule.loan.decimals
        if given is not None:
            return minor_of(given, decimals)
        return int(10 ** max(0, len(str(self.owed // 1000)) - 1))

    def place_of(self, point: Point) -> dict[str, Any]:
        """Return where the terms of a point begin, as a verb takes it."""
        if not point.start:
            return self.place
        if "payment" in self.place:
            return {"payment": self.place["payment"] + point.start}
        return {"payment": self.first + point.start}

    def changes(self, point: Point) -> tuple[Change, ...]:
        """Return what is agreed at a point, as changes of the schedule."""
        place, found = self.place_of(point), list[Change]()
        money = self.schedule.loan.money
        if point.haircut:
            amounts = amount_place(place, self.schedule.ledger)
            found.append(Forgiveness(money(point.haircut * self.unit), **amounts))
        rate = Rate(self.rates[point.rate]) if point.rate else None
        if point.term:
            found.append(Rescheduling(point.term, rate=rate, **place))
        elif rate is not None:
            found.append(RateChange(rate, **place))
        if point.deferral:
            words: dict[str, Any] = {
                "deferral": {"repay": "capitalise"},
                "interest_only": {"pause": "principal"},
                "interest_free": {"interest": "waive"},
            }[point.kind]
            found.append(Deferral(periods=point.deferral, **place, **words))
        return tuple(found)

    # -- trying -----------------------------------------------------------------------

    def attempt(self, point: Point) -> Trial | None:
        """Return the plan of a point, measured; ``None`` if it cannot be made."""
        if point not in self.tried:
            try:
                self.tried[point] = self._measured(point)
            except RepayError:
                self.tried[point] = None
        return self.tried[point]

    def _measured(self, point: Point) -> Trial:
        plan = folded(self.schedule, self.changes(point))
        paid = self.parting.paid(plan)
        months = self._months(paid)
        last = paid[-1][1] if paid else 0
        worth = self._worth_of(plan)
        broken: dict[str, Any] = {}
        trial = Trial(
            point=point,
            schedule=plan,
            total=sum(amount for _, amount in paid),
            payment=max((amount for _, amount in months), default=0),
            last=last,
            end=plan.maturity,
            loss=Fraction(self.before - worth, self.before) if self.before else Fraction(0),
            excess=broken,
        )
        for bound in self.bounds:
            excess = self._excess(bound, trial, months)
            if excess > 0:
                broken[bound.name] = excess
        return trial

    def _months(self, paid: Sequence[tuple[date, int]]) -> list[tuple[int, int]]:
        """Return what is paid month by month; by due date where those are a month apart or more.

        What is paid on the day itself, before the month of the first due date, belongs to that month.
        """
        since = month_of(self.since)
        found = [(max(0, month_of(day) - since), amount) for day, amount in paid]
        if not self.by_month:
            return found
        sums: dict[int, int] = {}
        for month, amount in found:
            sums[month] = sums.get(month, 0) + amount
        return list(sums.items())

    def _worth_of(self, plan: Schedule) -> int:
        """Return what is left of a plan is worth on the day, in minor units over 10**PLACES."""
        days, amounts = self.worth.left(plan)
        missing = [day for day in days if day not in self.factors]
        if missing:
            begun, *times = self.worth.times(self.schedule, [self.day, *missing])
            grown = WIDE.ln(WIDE.add(1, self.worth.rate))
            for day, time in zip(missing, times, strict=True):
                span = time - begun
                power = WIDE.divide(WIDE.multiply(grown, -span.numerator), span.denominator)
                self.factors[day] = int(WIDE.scaleb(WIDE.exp(power), PLACES))
        factors = [self.factors[day] for day in days]
        worth: int = sum(map(mul, amounts, factors), 0)
        return worth

    def _excess(self, bound: Bound, trial: Trial, months: Sequence[tuple[int, int]]) -> Any:
        """Return by how much a plan breaks a constraint; nil or less if it keeps it."""
        limit = bound.limit
        match bound.name:
            case "payment":
                top = len(limit) - 1
                return max((amount - limit[min(m, top)] for m, amount in months), default=0)
            case "last":
                return trial.last - limit
            case "total":
                return trial.total - limit
            case "worth_loss":
                return trial.loss - limit
            case "caps":
                return 0 if trial.excess else len(cap_report(trial.schedule, limit).broken)
        return trial.end.toordinal() - limit


def folded(before: Schedule, changes: Sequence[Change]) -> Schedule:
    """Return a schedule with changes that begin at one place, folded once."""
    program = before.program
    for change in changes:
        program = program.with_change(before.loan, change, before.day_of(change), None)
    return before.with_program((*before.changes, *changes), program)


def rate_on(schedule: Schedule, day: date) -> Fraction:
    """Return the nominal rate per year that holds on a day."""
    now = schedule.loan.rate_on(day)
    for change, begun in zip(schedule.changes, schedule.change_days, strict=True):
        if isinstance(change, (RateChange, Rescheduling)) and change.rate and begun <= day:
            until = getattr(change, "until", None)
            now = change.rate if not isinstance(until, date) or until > day else now
    return now.nominal(schedule.loan.timetable.pace)
