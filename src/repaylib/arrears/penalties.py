"""What being late costs: the rates of the days in arrears, what a penalty accrues on, its rounding and its caps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import groupby, pairwise
from math import floor
from operator import attrgetter
from typing import NamedTuple

from repaylib.arrears.due_amounts import PENALTIES, Kind
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.dates.accrual import Accrual
from repaylib.dates.day_count import BY_DAY, BY_PERIOD, periods_share
from repaylib.dates.due_dates import Timetable
from repaylib.engine.entries import Segment
from repaylib.money.amounts import minor_of
from repaylib.money.rounding import ZERO, round_fraction
from repaylib.rates.step_schedule import Steps, in_force
from repaylib.schedule.schedule import Schedule
from repaylib.typing import DayCount, Rounding

# -- amounts ------------------------------------------------------------------------------


def rounded_penalty(accrued: Fraction, rounding: Rounding) -> int:
    """Return the penalty accrued on an instalment in minor units: the sum is rounded once."""
    return round_fraction(accrued, rounding)


def late_fee_amount(terms: PenaltyTerms, overdue: int, rounding: Rounding, decimals: int) -> int:
    """Return the late fee of an instalment: an amount, or a share of what is overdue of it, rounded."""
    fee = terms.late_fee
    if fee is None:
        return 0
    if isinstance(fee, Fraction):
        return round_fraction(overdue * fee, rounding)
    return minor_of(fee, decimals)


def cap_share_amount(terms: PenaltyTerms | None, principal: int, rounding: Rounding) -> int | None:
    """Return the most that the penalty of an instalment may come to; ``None`` without a limit."""
    if terms is None or terms.cap_share is None:
        return None
    return round_fraction(principal * terms.cap_share, rounding)


def first_reached(charged: Callable[[date], int], cap: int, low: date, high: date) -> date:
    """Return the first day after `low` on which charges reach a cap, as they do by `high`.

    Charges never fall and grow nearly evenly, so the first guess is nearly right. Where it is not,
    the remaining days are bisected.
    """
    less, more = charged(low), charged(high)
    bisect = False
    while (days := (high - low).days) > 1:
        even = days * (cap - less) // max(1, more - less)
        middle = low + timedelta(days=days // 2 if bisect else min(max(1, even), days - 1))
        found = charged(middle)
        if found >= cap:
            high, more = middle, found
        else:
            low, less = middle, found
        bisect = 2 * (high - low).days > days
    return high


def up_to_cap(before: Mapping[Kind, int], now: Mapping[Kind, int], cap: int) -> dict[Kind, int]:
    """Return penalties between those before and those now that come to `cap`."""
    left = cap - sum(before.values())
    capped = dict(before)
    for kind in PENALTIES:
        more = min(max(0, left), now.get(kind, 0) - before.get(kind, 0))
        capped[kind] = before.get(kind, 0) + more
        left -= more
    return capped


def charges_left(schedule: Schedule) -> tuple[int | None, int | None]:
    """Return what the cap on costs leaves for penalties and late fees, and for late fees alone.

    The interest and fees of the schedule come first.
    """
    loan, columns = schedule.loan, schedule.columns
    cap = loan.cost_cap
    if cap is None:
        return None, None
    late = None if cap.late is None else minor_of(cap.late, loan.decimals)
    if cap.total is None:
        return None, late

    def total(name: str) -> int:
        return sum(columns[name].tolist())

    financed = sum(
        charge.amount + charge.tax
        for charge in schedule.fee_charges
        if charge.fee.collected == "financed"
    )
    lent = schedule.program.principal + total("advanced") - financed
    interest = total("accrued") - total("waived") - total("arrears_interest")
    fees = total("fee") + total("penalty") - total("refund") - total("cleared_charges")
    charged = interest + fees - schedule.ledger.at_start.get("start_interest", 0)
    return max(0, floor(lent * cap.total) - charged), late


# -- accrual ------------------------------------------------------------------------------


class Overdue(NamedTuple):
    """What is overdue of an instalment, in minor units.

    Attributes
    ----------
    total
        All that the schedule lets fall due.
    principal, interest
        Its principal and its interest.
    planned
        Whether it is part of the schedule, so that interest on the balance includes it.
    """

    total: int
    principal: int
    interest: int
    planned: bool


class PenaltyRule(NamedTuple):
    """The penalty between two steps: the terms, the loan's rate, and the penalty rate."""

    terms: PenaltyTerms
    ordinary: Fraction
    rate: Fraction


class PenaltyRules:
    """The penalty terms of a loan, and how far penalties have accrued.

    A penalty grows by the same rule until the instalment changes: for example, until part of it is
    paid or waived. So an instalment does not accrue its penalty day by day, but when it changes and
    when it is looked at.

    Parameters
    ----------
    rates
        The loan's rates, and its day count in arrears.
    penalty
        The penalty terms.
    rounding
        How amounts are rounded.
    beyond
        Whether overdue principal accrues ordinary interest already, so that the penalty on it is the
        part of its rate above that.
    accrued_to
        The day from which penalties accrue.

    Attributes
    ----------
    accrued_to
        The day up to which penalties accrue once they are looked at.
    frozen
        Whether no more penalties accrue.
    """

    def __init__(
        self,
        rates: ArrearsRates,
        penalty: Steps[PenaltyTerms] | None,
        rounding: Rounding,
        *,
        beyond: bool,
        accrued_to: date,
    ) -> None:
        self.rates = rates
        self.penalty = penalty
        self.rounding = rounding
        self.beyond = beyond
        self.accrued_to = accrued_to
        self.frozen = False
        self.steps = () if penalty is None else penalty.placed(date.min, _no_number, "penalty")
        self._breaks = sorted({*rates.days, *(day for day, _ in self.steps)})
        self._rules: dict[int, PenaltyRule] = {}

    def terms_on(self, day: date) -> PenaltyTerms | None:
        """Return the penalty terms of a day."""
        return None if self.penalty is None else in_force(self.penalty.initial, self.steps, day)

    def segments(
        self, overdue: Overdue, late_from: date, start: date, end: date
    ) -> list[tuple[Kind, Segment]]:
        """Return the segments between two days on which an instalment accrues a penalty."""
        found: list[tuple[Kind, Segment]] = []
        for rule, first, last in self._split(start, end):
            share = self.rates.share(late_from, first, last, rule.terms.day_count)
            rate = self.rates.within_cap(rule.rate, (last - first).days, share)
            for kind, base in _bases(overdue, rule.terms):
                if self.beyond and overdue.planned and kind == "penalty":
                    ordinary = min(base, overdue.principal)  # ordinary interest already
                    beyond = max(rate - rule.ordinary, ZERO)
                    found.append((kind, Segment(ordinary, beyond, first, last, share, kind)))
                    base -= ordinary
                found.append((kind, Segment(base, rate, first, last, share, kind)))
        return found

    def most_accrued(self, start: date, end: date) -> Fraction | None:
        """Return the most that one unit can accrue between two days; ``None`` if unknown."""
        found = ZERO
        for rule, first, last in self._split(start, end):
            share = self.rates.most_share(first, last, rule.terms.day_count)
            if share is None:
                return None
            found += max(rule.rate, rule.rate - rule.ordinary) * share
        return found

    def _split(self, start: date, end: date) -> list[tuple[PenaltyRule, date, date]]:
        """Split the days between two days where a rate or the terms change."""
        low, high = bisect_right(self._breaks, start), bisect_left(self._breaks, end)
        edges = pairwise((start, *self._breaks[low:high], end))
        return [
            (self._rule(number, first), first, last)
            for number, (first, last) in enumerate(edges, low)
        ]

    def _rule(self, number: int, day: date) -> PenaltyRule:
        """Return the rule of a day, before which there have been `number` breaks."""
        found = self._rules.get(number)
        if found is None:
            terms, ordinary = self.terms_on(day), self.rates.rate(day)
            assert terms is not None, "penalties accrue where there are terms"
            rate = terms.rate_over(ordinary, self.rates.pace)
            found = self._rules[number] = PenaltyRule(terms, ordinary, rate)
        return found


def _bases(overdue: Overdue, terms: PenaltyTerms) -> list[tuple[Kind, int]]:
    """Return the bases of a penalty, by kind of penalty."""
    if terms.base == "instalment":
        return [("penalty", overdue.total)]
    bases: list[tuple[Kind, int]] = [("penalty", overdue.principal)]
    if terms.on_interest:
        bases.append(("penalty_interest", overdue.interest))
    return bases


def _no_number(number: int) -> date:
    raise AssertionError(f"terms step on days, not on instalment {number}")


class ArrearsRates:
    """The loan's rate, and the share of a year, on days in arrears: also after the schedule ends.

    Parameters
    ----------
    schedule
        The schedule whose rates and due dates apply.
    """

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._tables: list[Timetable] = schedule.ledger.timetables
        runs = [next(run) for _, run in groupby(schedule.rate_periods, key=attrgetter("rate"))]
        self._days, self._rates = [first.start for first in runs], [first.rate for first in runs]
        self._counts: dict[tuple[date, date, DayCount | None], Fraction] = {}

    @property
    def days(self) -> list[date]:
        """The days from which the loan has another rate."""
        return self._days

    @property
    def pace(self) -> Fraction:
        """The share of a year over which a rate that compounds is read."""
        return self._tables[-1].period_length

    def rate(self, day: date) -> Fraction:
        """Return the loan's nominal rate a year on a day."""
        return self._rates[max(0, bisect_right(self._days, day) - 1)]

    def changes(self, start: date, end: date) -> list[date]:
        """Return the days inside (start, end) on which the loan's rate changes."""
        return self._days[bisect_right(self._days, start) : bisect_left(self._days, end)]

    def within_cap(self, rate: Fraction, days: int, share: Fraction) -> Fraction:
        """Return a penalty rate, or the rate that the daily cap on costs allows over these days."""
        cap = self._schedule.loan.cost_cap
        if cap is None or cap.daily is None or share <= 0:
            return rate
        return min(rate, cap.daily * days / share)

    def share(
        self, opening: date, start: date, end: date, day_count: DayCount | None = None
    ) -> Fraction:
        """Return the share of a year from `start` to `end`, of days that began on `opening`.

        It is the share from the opening to `end` less that to `start`, so that the parts
        add up to the whole under every day count.
        """
        return self._count(opening, end, day_count) - self._count(opening, start, day_count)

    def most_share(
        self, start: date, end: date, day_count: DayCount | None = None
    ) -> Fraction | None:
        """Return the most that :meth:`share` may be, whenever the days began; `None` if unknown.

        A fixed share for each day is what it is; a day of a regular period is the more, the fewer days
        the period has. Any other day count but ``"1/1"`` has less than a 200th of a year for each day, and
        40 days more for where a month or a year ends.
        """
        loan = self._schedule.loan
        own = day_count or loan.day_count
        days = (end - start).days + (loan.counted_days == "both")
        if own in BY_DAY:
            share, year = BY_DAY[own]
            return Fraction(days * share, year)
        if own in BY_PERIOD and self._of_a_day is not None:
            return days * self._of_a_day
        return None if own == "1/1" else Fraction(days + 40, 200)

    @cached_property
    def _of_a_day(self) -> Fraction | None:
        """The most of a year that a day of a regular period is, if periods are what the calendar says."""
        found = Fraction(1, 360)
        for table in self._tables:
            shortest = table.grid.shortest
            if shortest is None or table.tail is not None or table.moves_interest:
                return None
            found = max(found, table.period_length / shortest)
        return found

    def _count(self, opening: date, day: date, day_count: DayCount | None) -> Fraction:
        if day <= opening:
            return Fraction(0)
        key = (opening, day, day_count)
        found = self._counts.get(key)
        if found is None:
            found = self._counts[key] = self._counted(opening, day, day_count)
        return found

    def _counted(self, opening: date, day: date, day_count: DayCount | None) -> Fraction:
        loan = self._schedule.loan
        own = day_count or loan.day_count
        both = loan.counted_days == "both"
        if own in BY_DAY and not both:
            share, year = BY_DAY[own]
            return Fraction((day - opening).days * share, year)
        table = next((t for t in reversed(self._tables) if t.start <= opening), self._tables[0])
        if own in BY_PERIOD and table.share is not None:
            odd = loan.odd_days if own == "periodic" else "pro_rata"
            ends, between = table.ends(opening, day)
            return between * table.period_length + periods_share(
                opening, day, odd, ends, table.period_length
            )
        if own in BY_PERIOD:  # due dates that are listed are no periods
            return Fraction((day - opening).days, 365)
        one = Timetable(opening, table.grid)
        begun = loan.start if both else None
        counting = Accrual(one, own, loan.odd_days, loan.counted_days, loan.business_days, begun)
        return counting.share(0, opening, day)
