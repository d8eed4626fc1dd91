"""The search problem of a negotiation: candidates are built by the engine and checked against constraints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from operator import mul
from typing import Any, NamedTuple

import numpy as np

from repaylib.changes.base import Change
from repaylib.changes.deferral import Deferral
from repaylib.changes.forgiveness import Forgiveness
from repaylib.changes.prepayment import Prepayment
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.dates.months import month_of
from repaylib.errors import Phrase, RepayError, TermsError
from repaylib.measures.accounting.effective_interest import WIDE, times_of
from repaylib.measures.break_even import Divergence
from repaylib.measures.caps.cap_reports import cap_report
from repaylib.measures.modification import Valuation
from repaylib.measures.payers.payer import Payer
from repaylib.measures.payers.shared_costs import shared_cost
from repaylib.money.amounts import minor_of
from repaylib.negotiation.limits import Constraint, Limits, extension_limit
from repaylib.rates.rate import Rate, Share
from repaylib.schedule.placement import amount_place
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.verbs import as_schedule
from repaylib.terms.loan import Loan
from repaylib.wording.sentence import Bare

__all__ = [
    "Candidate",
    "Concessions",
    "SearchProblem",
    "rate_on",
    "schedule_meant",
    "schedule_with",
]

PLACES = 40  # decimals of a discount factor
#: Caps on the rise of an instalment are multiples of this.
CAP_STEP = Fraction(1, 200)


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
    subsidy
        Steps of the points of the rate that someone else pays.
    lump
        Multiples of the amount that is prepaid when the new terms begin.
    instalment_cap
        Steps down from the highest cap on the rise of the instalment.
    """

    start: int = 0
    kind: str = "deferral"
    deferral: int = 0
    term: int = 0
    rate: int = 0
    haircut: int = 0
    subsidy: int = 0
    lump: int = 0
    instalment_cap: int = 0

    @property
    def used(self) -> int:
        """The number of kinds of concession in it."""
        return sum(map(bool, self._replace(kind="")))


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
        Payments of the borrower from the first day of the search on, in minor units.
    payment
        The largest payment in a month, without the lump sum.
    last
        The last payment.
    end
        The day of the last payment.
    loss
        The loss of the lender, as a share of the present value at the original effective rate.
    lump
        The lump sum that is prepaid.
    subsidy
        What someone else pays.
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
    lump: int
    subsidy: int
    excess: Mapping[str, Any]

    @property
    def measures(self) -> tuple[int | Fraction, ...]:
        """The four measures, and the money of a lump sum and of others; less is better."""
        end = self.end.toordinal()
        return self.total, self.payment, end, self.loss, self.lump, self.subsidy


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
        self.day = schedule.effective_date(Rescheduling(1, **place))
        columns, falls = schedule.columns, schedule.accrual_dates
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
    def lower_caps(self) -> range:
        """The multiples of the step that a cap may be, the highest first."""
        return range(int(1 // CAP_STEP), int(-(-self.limits.instalment_cap // CAP_STEP)) - 1, -1)

    def cap_at(self, number: int) -> Fraction | None:
        """Return a cap on the rise of the instalment: number 0 is the present one, if any."""
        return (
            CAP_STEP * self.lower_caps[number - 1] if number else self.schedule.loan.instalment_cap
        )

    def shown(self, name: str, number: int) -> object:
        """Return what a number of steps of a concession comes to, to be shown."""
        match name:
            case "rate":
                return Share(self.rate_at(number))
            case "subsidy":
                return Share(self.limits.rate_step * number)
            case "instalment_cap":
                return Share(self.cap_at(number) or Fraction(0))
        loan = self.schedule.loan
        return Bare(loan.money(number * self.unit), loan.currency)

    def payer(self, concessions: Concessions) -> Payer | None:
        """Return who pays part of the interest from the first new instalment on, if anyone does."""
        if not concessions.subsidy:
            return None
        points = self.limits.rate_step * concessions.subsidy
        first = self.first + concessions.start
        return Payer(self.limits.payer, points=points, cap_share="100%", from_payment=first)

    def based(self, concessions: Concessions) -> Schedule:
        """Return the schedule that is changed: the present one, or with another cap on the instalment.

        Raises
        ------
        TermsError
            If the cap would change what is paid before the new terms begin.
        """
        if not concessions.instalment_cap:
            return self.schedule
        loan = replace(self.schedule.loan, instalment_cap=self.cap_at(concessions.instalment_cap))
        plan = Schedule(loan, self.schedule.changes)
        own, new = (
            each.columns["payment"][each.accrual_dates <= np.datetime64(self.day, "D")]
            for each in (self.schedule, plan)
        )
        if own.tolist() != new.tolist():
            raise TermsError(
                "instalment_cap",
                self.cap_at(concessions.instalment_cap),
                "no change of payments made before",
                "write a higher cap",
            )
        return plan

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
        if concessions.lump:
            amounts = amount_place(place, self.schedule.ledger)
            lump = money(concessions.lump * self.unit)
            found.append(Prepayment(lump, hold="maturity", **amounts))
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
        plan = schedule_with(self.based(concessions), self.changes(concessions))
        paid = self._paid(plan, self.payer(concessions))
        months = self._months(self._without_lump(paid, concessions))
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
            lump=concessions.lump * self.unit,
            subsidy=self.parting.total(plan) - sum(amount for _, amount in paid),
            excess=broken,
        )
        for constraint in self.constraints:
            excess = self._excess(constraint, candidate, months)
            if excess > 0:
                broken[constraint.name] = excess
        return candidate

    def payments_of(self, candidate: Candidate) -> tuple[list[tuple[date, int]], ...]:
        """Return the payments by day, and those of the month, or the due date, with the most to pay."""
        agreed, months = candidate.concessions, dict[object, list[tuple[date, int]]]()
        paid = sorted(self._paid(candidate.schedule, self.payer(agreed)))
        for day, amount in self._without_lump(paid, agreed):
            month = max(0, month_of(day) - month_of(self.since)) if self.by_month else day
            months.setdefault(month, []).append((day, amount))
        return paid, max(months.values(), key=lambda each: sum(n for _, n in each), default=[])

    def _paid(self, plan: Schedule, payer: Payer | None) -> list[tuple[date, int]]:
        """Return the payments of the borrower by day, without what a payer pays."""
        paid = self.parting.paid(plan)
        if payer is None:
            return paid
        sums, minor = dict(paid), plan.loan.minor
        rows = shared_cost(plan, payer).rows
        for day, row in zip(plan.accrual_dates.tolist(), rows, strict=True):
            if share := sum(minor(share, "share", least=0) for share in row.shares):
                sums[day] = sums.get(day, 0) - share
        return [(day, amount) for day, amount in sums.items() if amount]

    def _without_lump(
        self, paid: Sequence[tuple[date, int]], concessions: Concessions
    ) -> list[tuple[date, int]]:
        """Return payments without the lump sum that is paid when the new terms begin."""
        if not concessions.lump:
            return list(paid)
        place = amount_place(self.place_of(concessions), self.schedule.ledger)
        on = self.schedule.effective_date(Prepayment(1, **place))
        lump = concessions.lump * self.unit
        return [(day, amount - lump if day == on else amount) for day, amount in paid]

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
