"""The state of many loans between two rows, and the interest that accrues on them.

It is :mod:`repaylib.engine.state` with an array for every number: index i belongs to loan i, its
*lane*. Amounts are whole minor units, also those kept as ``float64``, which holds them exactly up to
2**53. What a lane cannot follow is not approximated: the lane falls back to the engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from repaylib.engine.program import Program
from repaylib.money.rounding import round_fraction
from repaylib.money.rounding_arrays import round_floats, round_ratios
from repaylib.portfolio.vectorised.changes import NEVER, LaneChange
from repaylib.portfolio.vectorised.due_dates import DueDateTable, Parts
from repaylib.portfolio.vectorised.output import OutputArrays
from repaylib.typing import Bools, Floats, Ints

__all__ = [
    "LANE_AMOUNT_LIMIT",
    "AT_PERIOD_START",
    "GroupContext",
    "LaneState",
    "Moved",
    "PendingPlan",
    "Rates",
]


#: Sums of few products of floats are nearer than this part of them to the true value.
NEAR = 2.0**-48

#: Amounts below it are exact as floats, with room for what is added to them.
EXACT_SUM_LIMIT = 2.0**52

#: The largest amount that lanes count with, far enough below 2**53.
LANE_AMOUNT_LIMIT = 2**50

#: Stands for all interest this large: a lane with such interest falls back to the engine.
BEYOND = 2**60

#: The value of `accrued_to` at the start of a period: earlier than any day.
AT_PERIOD_START = -NEVER


class Rates(NamedTuple):
    """Nominal rates per year: as fractions, floats, and as pairs of integers where those are small."""

    exact: Sequence[Fraction]
    approx: Floats
    numerators: Ints
    denominators: Ints

    @classmethod
    def of(cls, exact: Sequence[Fraction]) -> Rates:
        """Return rates in all three forms; a numerator of -1 stands for a pair that is too large."""
        small = [rate.denominator < 2**31 and rate.numerator < 2**31 for rate in exact]
        pairs = [
            rate.as_integer_ratio() if fits else (-1, 1)
            for rate, fits in zip(exact, small, strict=True)
        ]
        numerators, denominators = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        return cls(exact, np.array([float(rate) for rate in exact]), numerators, denominators)


class GroupContext(NamedTuple):
    """The terms, due dates and rates that all lanes have in common."""

    program: Program
    due_dates: DueDateTable
    parts: Parts
    rates: Rates


class PendingPlan(IntEnum):
    """The plan to make when a payment holiday is over."""

    NONE = 0
    LEVEL = 1  #: a new instalment
    LEVEL_IF_MORE = 2  #: the same, if another balance is left than before
    PROJECT = 3  #: a new end


class AccruedInterest(NamedTuple):
    """Interest not yet posted, by lane: a base, a rate, and a share of a year (zero where none).

    `present` marks its lanes, `before` is the value of `accrued_to` at its beginning.
    """

    present: Bools
    before: Ints
    bearing: Floats
    rate: Ints
    numerators: Ints
    denominators: Ints
    waived: Bools


class Moved:
    """Single instalments that were moved, at most one in a lane; see :mod:`repaylib.engine.deferred_amounts`."""

    __slots__ = (
        *("accrued_interest", "due", "interest", "part", "part_interest", "payments_left"),
        *("present", "principal"),
    )

    def __init__(self, lanes: int) -> None:
        self.present = np.zeros(lanes, dtype=np.bool_)
        for name in self.__annotations__:
            setattr(self, name, np.zeros(lanes, dtype=np.int64))

    accrued_interest: Ints
    due: Ints
    interest: Ints
    part: Ints
    part_interest: Ints
    payments_left: Ints
    principal: Ints


class LaneState:
    """The state of many loans; see the module."""

    def __init__(
        self,
        context: GroupContext,
        timetable_of: Ints,
        rate: Ints,
        principal: Ints,
        payments: Ints,
        output: OutputArrays,
        first_column: int,
        changes: Sequence[LaneChange] = (),
    ) -> None:
        lanes = len(principal)
        self.context = context
        self.changes = changes
        self.timetable_of, self.rate = timetable_of, rate.copy()
        self.method = context.program.method
        self.balance: Floats = principal.astype(np.float64)
        self.base: Floats | None = self.balance.copy() if context.program.original else None
        self.amount: Floats = np.zeros(lanes)
        self.highest = np.zeros(lanes)  # balance to which a solved instalment may let it rise
        self.last = payments.copy()  # number of the last payment
        self.inserted = np.zeros(lanes, dtype=np.int64)  # rows that are no due dates, so far
        self.ends = np.full(lanes, NEVER)  # row of the end, once it is known
        self.accrued_to = np.full(
            lanes, AT_PERIOD_START
        )  # day up to which interest has accrued, inside a period
        self.waiving = np.zeros(lanes, dtype=np.bool_)
        self.segments: list[AccruedInterest] = []
        self.fallback = np.zeros(lanes, dtype=np.bool_)
        self.opening = principal
        self.spreading = np.zeros(lanes, dtype=np.bool_)  # the part of each payment is written
        self.shortened = np.zeros(
            lanes, dtype=np.int64
        )  # from which due date the end was left open
        self.may_fall_short = np.zeros(
            lanes, dtype=np.bool_
        )  # an instalment may not cover the interest
        self.deferred_interest: dict[str, Ints] = {}  # by when it is paid, see `TERMS`
        self.holiday_first = np.zeros(
            lanes, dtype=np.int64
        )  # payment holiday: first and last due date
        self.holiday_last = np.zeros(lanes, dtype=np.int64)
        self.holiday_change = np.zeros(lanes, dtype=np.int64)  # by which change, from 0
        self.holiday_periods = np.zeros(lanes, dtype=np.int64)
        self.plan = np.zeros(lanes, dtype=np.int64)  # the plan at their end: see `PendingPlan`
        self.balance_before = np.zeros(lanes)  # of them
        self.rate_before = self.rate.copy()  # a change that ends again
        self.advance_payments = np.zeros(lanes, dtype=np.int64)  # instalments paid ahead
        self.moved: Moved | None = None
        self.output, self.first_column = output, first_column
        own = slice(first_column, first_column + lanes)
        self.accrued, self.closing = output.accrued[:, own], output.closing[:, own]
        self.between: list[tuple[int, Ints, Ints]] = []  # row, lanes, days

    @property
    def columns(self) -> slice:
        """The columns of the output that belong to these lanes."""
        return slice(self.first_column, self.first_column + len(self.balance))

    @property
    def rows(self) -> int:
        """Number of rows that the output has room for."""
        return len(self.accrued)

    def has_open_deferral(self, lanes: Ints, period: Ints) -> Bools:
        """Whether a deferral still runs, or has yet to be paid in more than one part."""
        found: Bools = (self.holiday_last[lanes] >= period) | (self.plan[lanes] != 0)
        found |= self.spreading[lanes]
        found |= self.advance_payments[lanes] > 0
        for word in ("spread", "capitalise", "instalment"):
            if word in self.deferred_interest:
                found |= self.deferred_interest[word][lanes] > 0
        return found if self.moved is None else found | self.moved.present[lanes]

    def in_holiday(self, lanes: Ints, period: Ints) -> Bools:
        """Whether due date `period` is part of a payment holiday."""
        found: Bools = (self.holiday_first[lanes] <= period) & (period <= self.holiday_last[lanes])
        return found

    def write(self, column: str, row: int, lanes: Ints, amount: Ints) -> None:
        """Add to one of the sparse columns."""
        if amount.any():
            every = len(lanes) == len(self.balance)
            where = self.columns if every else self.first_column + lanes
            self.output.column(column)[row, where] += amount

    def due(self, lanes: Ints, period: Ints) -> Ints:
        """Return due dates by number, as days."""
        found: Ints = self.context.due_dates.dues[self.timetable_of[lanes], period]
        return found

    def bearing(self, lanes: Ints) -> Floats:
        """Return the amount on which interest accrues."""
        return self.balance[lanes] if self.base is None else self.base[lanes]

    def fall_back(self, lanes: Ints) -> None:
        """Leave lanes to the engine: they end here."""
        self.fallback[lanes] = True
        self.balance[lanes] = 0
        self.last[lanes] = 0
        self.ends[lanes] = -1
        self.accrued_to[lanes] = AT_PERIOD_START
        self.waiving[lanes] = False
        self.advance_payments[lanes] = 0
        for amounts in self.deferred_interest.values():
            amounts[lanes] = 0
        if self.moved is not None:
            self.moved.present[lanes] = False

    # -- interest -------------------------------------------------------------------

    def accrue(self, lanes: Ints, period: Ints, day: Ints) -> None:
        """Let interest of a period accrue up to `day`, unrounded."""
        self.rejoin(lanes)
        start = self._since(lanes, period)
        subset = start < day
        if not subset.any():
            return
        lanes, period, start, day = lanes[subset], period[subset], start[subset], day[subset]
        numerators, denominators = self.context.parts.shares(
            self.timetable_of[lanes], period, start, day
        )
        size = len(self.balance)
        segment = AccruedInterest(
            np.zeros(size, dtype=np.bool_),
            self.accrued_to.copy(),
            np.zeros(size),
            np.zeros(size, dtype=np.int64),
            np.zeros(size, dtype=np.int64),
            np.ones(size, dtype=np.int64),
            np.zeros(size, dtype=np.bool_),
        )
        segment.present[lanes] = True
        segment.bearing[lanes] = self.bearing(lanes)
        segment.rate[lanes] = self.rate[lanes]
        segment.numerators[lanes], segment.denominators[lanes] = numerators, denominators
        segment.waived[lanes] = self.waiving[lanes]
        self.segments.append(segment)
        self.accrued_to[lanes] = day

    def rejoin(self, lanes: Ints) -> None:
        """Undo the last split of a period where nothing that interest depends on has changed."""
        if not self.segments:
            return
        bearing = self.balance if self.base is None else self.base
        open_ = np.zeros(len(bearing), dtype=np.bool_)
        open_[lanes] = self.accrued_to[lanes] != AT_PERIOD_START
        for segment in reversed(self.segments):
            latest = segment.present & open_
            same = latest & (segment.bearing == bearing) & (segment.rate == self.rate)
            same &= segment.waived == self.waiving
            self.accrued_to[same] = segment.before[same]
            segment.numerators[same], segment.present[same] = 0, False
            open_ &= ~latest

    def _since(self, lanes: Ints, period: Ints) -> Ints:
        """Return the day up to which interest has accrued."""
        accrued_to = self.accrued_to[lanes]
        return np.where(accrued_to == AT_PERIOD_START, self.due(lanes, period - 1), accrued_to)

    def open_share(self, lanes: Ints, period: Ints) -> tuple[Ints, Ints]:
        """Return the share of a year of the rest of a period."""
        due_dates, timetable_of = self.context.due_dates, self.timetable_of[lanes]
        numerators, denominators = (
            due_dates.numerators[timetable_of, period],
            due_dates.denominators[timetable_of, period],
        )
        begun = np.flatnonzero(self.accrued_to[lanes] != AT_PERIOD_START)
        if len(begun):
            subset = lanes[begun]
            numerators[begun], denominators[begun] = self.context.parts.shares(
                timetable_of[begun],
                period[begun],
                self.accrued_to[subset],
                self.due(subset, period[begun]),
            )
        return numerators, denominators

    def unposted(self, lanes: Ints, *, waived: bool) -> Floats:
        """Return the interest accrued since the last posting, as the nearest floats."""
        approx = np.zeros(len(lanes))
        for segment in self.segments:
            share = segment.numerators[lanes] / segment.denominators[lanes]
            interest = (
                segment.bearing[lanes] * self.context.rates.approx[segment.rate[lanes]] * share
            )
            approx += np.where(segment.waived[lanes] == waived, interest, 0)
        return approx

    def exact_unposted(self, lane: int, *, waived: bool) -> Fraction:
        """Return the interest accrued in one lane since the last posting, exactly."""
        total = Fraction(0)
        for segment in self.segments:
            if segment.waived[lane] == waived and segment.numerators[lane]:
                share = Fraction(int(segment.numerators[lane]), int(segment.denominators[lane]))
                total += (
                    int(segment.bearing[lane])
                    * self.context.rates.exact[segment.rate[lane]]
                    * share
                )
        return total

    def interest(self, lanes: Ints, period: Ints) -> tuple[Ints, Ints]:
        """Return the interest charged and waived of a period, rounded."""
        self.rejoin(lanes)
        numerators, denominators = self.open_share(lanes, period)
        bearing, waiving = self.bearing(lanes), self.waiving[lanes]
        if not self.segments and not waiving.any():
            return self.rounded(self.rate[lanes], bearing, numerators, denominators), np.zeros(
                len(lanes), np.int64
            )
        now = bearing * self.context.rates.approx[self.rate[lanes]] * (numerators / denominators)
        found = []
        for waived in (False, True):
            approx = self.unposted(lanes, waived=waived) + np.where(waiving == waived, now, 0)
            rounded, unsure = _proved(approx, self)
            for place in unsure.tolist():
                lane = int(lanes[place])
                exact = self.exact_unposted(lane, waived=waived)
                if waiving[place] == waived:
                    rate = self.context.rates.exact[self.rate[lane]]
                    share = Fraction(int(numerators[place]), int(denominators[place]))
                    exact += int(bearing[place]) * rate * share
                rounded[place] = self.settled(exact)
            found.append(rounded)
        return found[0], found[1]

    def rounded(self, rate: Ints, bearing: Floats, numerators: Ints, denominators: Ints) -> Ints:
        """Return the interest at a rate, on one base, for one share of a year, rounded."""
        rates = self.context.rates
        rounding = self.context.program.rounding
        num, den = rates.numerators[rate], rates.denominators[rate]
        largest = float(bearing.max(initial=0)) * float(num.max(initial=0))
        parts = float(den.max(initial=0)) * float(denominators.max(initial=0))
        small = max(largest * float(numerators.max(initial=0)), parts) < 2.0**58
        if small and (num >= 0).all():
            return round_ratios(
                bearing.astype(np.int64) * num * numerators, den * denominators, rounding
            )
        rounded, unsure = _proved(bearing * rates.approx[rate] * (numerators / denominators), self)
        for place in unsure.tolist():
            share = Fraction(int(numerators[place]), int(denominators[place]))
            exact = int(bearing[place]) * rates.exact[rate[place]] * share
            rounded[place] = self.settled(exact)
        return rounded

    def charged(self, lanes: Ints) -> Ints:
        """Return the interest accrued since the last posting, rounded."""
        rounded, unsure = _proved(self.unposted(lanes, waived=False), self)
        for place in unsure.tolist():
            exact = self.exact_unposted(int(lanes[place]), waived=False)
            rounded[place] = self.settled(exact)
        return rounded

    def settled(self, exact: Fraction) -> int:
        """Round exact interest; amounts that no lane can hold become ``BEYOND``."""
        return min(round_fraction(exact, self.context.program.rounding), BEYOND)

    def posted(self, lanes: Ints) -> None:
        """Begin a new period: nothing has accrued in it."""
        self.accrued_to[lanes] = AT_PERIOD_START
        for segment in self.segments:
            segment.numerators[lanes], segment.present[lanes] = 0, False
        self.segments = [segment for segment in self.segments if segment.present.any()]


def _proved(approx: Floats, state: LaneState) -> tuple[Ints, Ints]:
    """Round floats; return the whole numbers, and the indices where the result is not certain."""
    rounding = state.context.program.rounding
    beyond = ~(approx <= EXACT_SUM_LIMIT)
    approx = np.where(beyond, 0, approx)
    error = approx * NEAR
    low, high = round_floats(approx - error, rounding), round_floats(approx + error, rounding)
    return low.astype(np.int64), np.flatnonzero((low != high) | beyond)
