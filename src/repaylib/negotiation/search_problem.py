"""The search problem of a negotiation: candidates are built by the engine and checked against constraints."""

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
from repaylib.dates.months import month_of
from repaylib.errors import Phrase, RepayError, TermsError
from repaylib.measures.accounting.effective_interest import WIDE, times_of
from repaylib.measures.break_even import Divergence
from repaylib.measures.caps.cap_reports import cap_report
from repaylib.measures.modification import Valuation
from repaylib.money.amounts import minor_of
from repaylib.negotiation.limits import Limits, extension_limit
from repaylib.rates.rate import Rate
from repaylib.schedule.placement import amount_place
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.verbs import as_schedule
from repaylib.terms.loan import Loan

__all__ = [
    "Candidate",
    "Concessions",
    "Constraint",
    "SearchProblem",
    "rate_on",
    "schedule_meant",
    "schedule_with",
]

PLACES = 40  # decimals of a discount factor


class Concessions(NamedTuple):
    """Concessions, in steps; without any, all fields are 0.

    Attributes
    ----------
    start
        By how many instalments later the new terms begin.
    kind
        The kind of deferral: ``"deferral"``, ``"interest_only"``, ``"interest_free"``.
    deferral
        The number of deferred due dates.
    term
        The number of new instalments; 0 keeps the remaining ones.
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
        """The number of kinds of concession in it."""
        return sum(map(bool, (self.start, self.deferral, self.term, self.rate, self.haircut)))


class Constraint(NamedTuple):
    """A constraint, and its limit.

    Attributes
    ----------
    name
        ``"payment"``, ``"last"``, ``"total"``, ``"end"``, ``"months"``, ``"extension"``,
        ``"latest"``, ``"npv_loss"``, ``"caps"``.
    limit
        Minor units, a day's ordinal, or a share; for payments, one amount a month.
    """

    name: str
    limit: Any


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plan, with its measures.

    Attributes
    ----------
    concessions
        The concessions in it.
    schedule
        The plan.
    total
        Payments out of pocket from the first day of the search on, in minor units.
    payment
        The largest payment in a month.
    last
        The last payment.
    end
        The day of the last payment.
    loss
        The loss of the lender, as a share of the present value at the original effective rate.
    excess
        The excess over every broken constraint, in its own unit; empty if the plan can be agreed.
    """

    concessions: Concessions
    schedule: Schedule
    total: int
    payment: int
    last: int
    end: date
    loss: Fraction
    excess: Mapping[str, Any]

    @property
    def measures(self) -> tuple[int, int, int, Fraction]:
        """The four measures; less is better."""
        return self.total, self.payment, self.end.toordinal(), self.loss


class SearchProblem:
    """A schedule, a day and constraints; every candidate is built and checked once."""

    def __init__(
        self,
        schedule: Schedule,
        place: Mapping[str, Any],
        wishes: Sequence[Constraint],
        limits: Limits,
    ) -> None:
        self.schedule = schedule
        self.place = dict(place)
        self.limits = limits
        probe = Rescheduling(1, **place)
        self.day = schedule.effective_date(probe)
        columns = schedule.columns
        falls = schedule.accrual_dates
        numbers, after = columns["number"], falls > np.datetime64(self.day, "D")
        due = [int(number) for number in numbers[after] if number]
        passed = schedule.ledger.skipped
        if not due:
            raise TermsError(
                "schedule",
                Phrase("nothing falls due after {}", self.day),
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
        self.constraints = (*wishes, *self._of_limits())
        self.worth = Valuation(schedule, self.day)
        self.factors: dict[date, int] = {}
        self.tried: dict[Concessions, Candidate | None] = {}
        table = schedule.loan.timetable
        self.by_month = table.period_length < Fraction(1, 12)  # several payments a month
        self.parting = Divergence(self.day, schedule)
        self.before = self._worth_of(schedule)

    def _of_limits(self) -> list[Constraint]:
        limits, found = self.limits, []
        if limits.months is not None:
            latest = self.schedule.loan.timetable.months_after(self.day, limits.months)
            found.append(Constraint("months", latest.toordinal()))
        if limits.extension is not None:
            latest = extension_limit(self.schedule, limits.extension).latest
            found.append(Constraint("extension", latest.toordinal()))
        if limits.latest is not None:
            found.append(Constraint("latest", limits.latest.toordinal()))
        if limits.npv_loss is not None:
            found.append(Constraint("npv_loss", limits.npv_loss))
        if limits.caps:
            found.append(Constraint("caps", limits.caps))
        return found

    @cached_property
    def lower_rates(self) -> range:
        """The multiples of the step below the present rate that may be agreed, the highest first."""
        step = self.limits.rate_step
        floor = self.limits.rate.nominal(self.schedule.loan.timetable.period_length)
        high = -(-self.rate // step) - 1  # the last multiple below the present rate
        low = -(-floor // step)
        return range(high, low - 1, -1)

    def rate_at(self, number: int) -> Fraction:
        """Return a rate that may be agreed: number 0 is the present one, then come lower ones."""
        return self.limits.rate_step * self.lower_rates[number - 1] if number else self.rate

    @cached_property
    def unit(self) -> int:
        """The unit of forgiven amounts, in minor units."""
        given, decimals = self.limits.amount_step, self.schedule.loan.decimals
        if given is not None:
            return minor_of(given, decimals)
        return int(10 ** max(0, len(str(self.owed // 1000)) - 1))

    def place_of(self, concessions: Concessions) -> dict[str, Any]:
        """Return where the terms of a point begin, as a verb takes it."""
        if not concessions.start:
            return self.place
        if "payment" in self.place:
            return {"payment": self.place["payment"] + concessions.start}
        return {"payment": self.first + concessions.start}

    def changes(self, concessions: Concessions) -> tuple[Change, ...]:
        """Return what is agreed at a point, as changes of the schedule."""
        place, found = self.place_of(concessions), list[Change]()
        money = self.schedule.loan.money
        if concessions.haircut:
            amounts = amount_place(place, self.schedule.ledger)
            found.append(Forgiveness(money(concessions.haircut * self.unit), **amounts))
        rate = Rate(self.rate_at(concessions.rate)) if concessions.rate else None
        if concessions.term:
            found.append(Rescheduling(concessions.term, rate=rate, **place))
        elif rate is not None:
            found.append(RateChange(rate, **place))
        if concessions.deferral:
            options: dict[str, Any] = {
                "deferral": {"repay": "capitalise"},
                "interest_only": {"pause": "principal"},
                "interest_free": {"interest": "waive"},
            }[concessions.kind]
            found.append(Deferral(periods=concessions.deferral, **place, **options))
        return tuple(found)

    # -- trying -----------------------------------------------------------------------

    def attempt(self, concessions: Concessions) -> Candidate | None:
        """Return the plan of a point, measured; ``None`` if it cannot be made."""
        if concessions not in self.tried:
            try:
                self.tried[concessions] = self._evaluated(concessions)
            except RepayError:
                self.tried[concessions] = None
        return self.tried[concessions]

    def _evaluated(self, concessions: Concessions) -> Candidate:
        plan = schedule_with(self.schedule, self.changes(concessions))
        paid = self.parting.paid(plan)
        months = self._months(paid)
        last = paid[-1][1] if paid else 0
        worth = self._worth_of(plan)
        broken: dict[str, Any] = {}
        candidate = Candidate(
            concessions=concessions,
            schedule=plan,
            total=sum(amount for _, amount in paid),
            payment=max((amount for _, amount in months), default=0),
            last=last,
            end=plan.maturity,
            loss=Fraction(self.before - worth, self.before) if self.before else Fraction(0),
            excess=broken,
        )
        for constraint in self.constraints:
            excess = self._excess(constraint, candidate, months)
            if excess > 0:
                broken[constraint.name] = excess
        return candidate

    def largest_month(self, plan: Schedule) -> list[tuple[date, int]]:
        """Return the payments of the month, or of the due date, with the most to pay."""
        groups: dict[object, list[tuple[date, int]]] = {}
        for day, amount in self.parting.paid(plan):
            month = max(0, month_of(day) - month_of(self.since)) if self.by_month else day
            groups.setdefault(month, []).append((day, amount))
        return max(groups.values(), key=lambda paid: sum(one for _, one in paid), default=[])

    def _months(self, paid: Sequence[tuple[date, int]]) -> list[tuple[int, int]]:
        """Return payments by month; by due date where those are a month apart or more.

        Payments on the day itself, before the month of the first due date, belong to that month.
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
        """Return the present value of the rest of a plan on the day, in minor units over 10**PLACES."""
        days, amounts = self.worth.left(plan)
        missing = [day for day in days if day not in self.factors]
        if missing:
            begun, *times = times_of(
                self.schedule, [self.day, *missing], by_period=self.worth.by_period
            )
            grown = WIDE.ln(WIDE.add(1, self.worth.rate))
            for day, time in zip(missing, times, strict=True):
                concession = time - begun
                power = WIDE.divide(
                    WIDE.multiply(grown, -concession.numerator), concession.denominator
                )
                self.factors[day] = int(WIDE.scaleb(WIDE.exp(power), PLACES))
        factors = [self.factors[day] for day in days]
        worth: int = sum(map(mul, amounts, factors), 0)
        return worth

    def _excess(
        self, constraint: Constraint, candidate: Candidate, months: Sequence[tuple[int, int]]
    ) -> Any:
        """Return the excess over a constraint; zero or less if the plan keeps it."""
        limit = constraint.limit
        match constraint.name:
            case "payment":
                top = len(limit) - 1
                return max((amount - limit[min(m, top)] for m, amount in months), default=0)
            case "last":
                return candidate.last - limit
            case "total":
                return candidate.total - limit
            case "npv_loss":
                return candidate.loss - limit
            case "caps":
                return 0 if candidate.excess else len(cap_report(candidate.schedule, limit).broken)
        return candidate.end.toordinal() - limit


def schedule_meant(given: Any) -> Schedule:
    """Return a schedule, that of a loan, or that of a value with a ``schedule``."""
    inner = getattr(given, "schedule", None)
    if isinstance(given, (Schedule, Loan)) or not isinstance(inner, Schedule):
        return as_schedule(given)
    return inner


def schedule_with(before: Schedule, changes: Sequence[Change]) -> Schedule:
    """Return a schedule with changes that begin on one day, folded once."""
    program = before.program
    for change in changes:
        program = program.with_change(before.loan, change, before.effective_date(change), None)
    return before.with_program((*before.changes, *changes), program)


def rate_on(schedule: Schedule, day: date) -> Fraction:
    """Return the nominal yearly rate on a day."""
    now = schedule.loan.rate_on(day)
    for change, begun in zip(schedule.changes, schedule.change_days, strict=True):
        if isinstance(change, (RateChange, Rescheduling)) and change.rate and begun <= day:
            until = getattr(change, "until", None)
            now = change.rate if not isinstance(until, date) or until > day else now
    return now.nominal(schedule.loan.timetable.period_length)
