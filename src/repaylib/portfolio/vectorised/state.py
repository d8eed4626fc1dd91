"""The state of many loans on their way through time, and the interest that accrues on them.

It is :mod:`repaylib.engine.state` with an array for every number: place i of each belongs to loan i, its
*lane*. Amounts are whole minor units, also those kept as ``float64``, which holds them exactly up to
2**53. What a lane cannot follow is not approximated: it is given up, and folded by the engine.
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
    "UNMARKED",
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

#: What stands for any interest from it on: a lane with such interest is given up.
BEYOND = 2**60

#: The day up to which interest has accrued where no period is begun: earlier than any day.
UNMARKED = -NEVER


class Rates(NamedTuple):
    """Nominal rates per year: as fractions, floats, and as pairs of integers where those are small."""

    exact: Sequence[Fraction]
    approx: Floats
    numerators: Ints
    denominators: Ints

    @classmethod
    def of(cls, exact: Sequence[Fraction]) -> Rates:
        """Return rates in all three forms; a numerator of -1 stands for a pair that is too large."""
        small = [each.denominator < 2**31 and each.numerator < 2**31 for each in exact]
        pairs = [
            each.as_integer_ratio() if fits else (-1, 1)
            for each, fits in zip(exact, small, strict=True)
        ]
        numerators, denominators = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        return cls(exact, np.array([float(each) for each in exact]), numerators, denominators)


class GroupContext(NamedTuple):
    """What all lanes have in common."""

    program: Program
    due_dates: DueDateTable
    parts: Parts
    rates: Rates


class PendingPlan(IntEnum):
    """What is planned when the due dates passed over are over."""

    NONE = 0
    LEVEL = 1  #: a new instalment
    LEVEL_IF_MORE = 2  #: the same, if another balance is left than before
    PROJECT = 3  #: a new end


class AccruedInterest(NamedTuple):
    """Interest not yet posted, by lane: a base, a rate, and a share of a year (nil where none).

    `present` are the lanes that it is of, `before` is the mark at its beginning.
    """

    present: Bools
    before: Ints
    bearing: Floats
    rate: Ints
    numerators: Ints
    denominators: Ints
    waived: Bools


class Moved:
    """Instalments moved by themselves, at most one in a lane; see :mod:`repaylib.engine.deferred_amounts`."""

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
        self.mark = np.full(
            lanes, UNMARKED
        )  # day up to which interest has accrued, inside a period
        self.waiving = np.zeros(lanes, dtype=np.bool_)
        self.segments: list[AccruedInterest] = []
        self.fallback = np.zeros(lanes, dtype=np.bool_)
        self.opening = principal
        self.spreading = np.zeros(lanes, dtype=np.bool_)  # what each payment takes is written
        self.shortened = np.zeros(
            lanes, dtype=np.int64
        )  # from which due date the end was left open
        self.may_fall_short = np.zeros(
            lanes, dtype=np.bool_
        )  # an instalment may not cover the interest
        self.put_off: dict[str, Ints] = {}  # interest put off, by the word for when it is paid
        self.pass_first = np.zeros(lanes, dtype=np.int64)  # due dates passed over: first and last
        self.pass_last = np.zeros(lanes, dtype=np.int64)
        self.pass_change = np.zeros(lanes, dtype=np.int64)  # by which change, from 0
        self.pass_periods = np.zeros(lanes, dtype=np.int64)
        self.plan = np.zeros(
            lanes, dtype=np.int64
        )  # what is planned at their end: see `PendingPlan`
        self.balance_before = np.zeros(lanes)  # of them
        self.rate_before = self.rate.copy()  # a change that ends again
        self.ahead = np.zeros(lanes, dtype=np.int64)  # instalments paid ahead
        self.moved: Moved | None = None
        self.output, self.first_column = output, first_column
        own = slice(first_column, first_column + lanes)
        self.accrued, self.closing = output.accrued[:, own], output.closing[:, own]
        self.between: list[tuple[int, Ints, Ints]] = []  # row, lanes, days

    @property
    def columns(self) -> slice:
        """Which columns of the sheet are theirs."""
        return slice(self.first_column, self.first_column + len(self.balance))

    @property
    def rows(self) -> int:
        """How many rows there is room for."""
        return len(self.accrued)

    def has_open_deferral(self, lanes: Ints, k: Ints) -> Bools:
        """Whether a deferral still runs, or has yet to be paid in more than one part."""
        found: Bools = (self.pass_last[lanes] >= k) | (self.plan[lanes] != 0)
        found |= self.spreading[lanes]
        found |= self.ahead[lanes] > 0
        for word in ("spread", "capitalise", "instalment"):
            if word in self.put_off:
                found |= self.put_off[word][lanes] > 0
        return found if self.moved is None else found | self.moved.present[lanes]

    def write(self, column: str, row: int, lanes: Ints, amount: Ints) -> None:
        """Add to one of the rarer columns."""
        if amount.any():
            every = len(lanes) == len(self.balance)
            where = self.columns if every else self.first_column + lanes
            self.output.column(column)[row, where] += amount

    def due(self, lanes: Ints, k: Ints) -> Ints:
        """Return due dates by number, as days."""
        found: Ints = self.context.due_dates.dues[self.timetable_of[lanes], k]
        return found

    def bearing(self, lanes: Ints) -> Floats:
        """Return what bears interest."""
        return self.balance[lanes] if self.base is None else self.base[lanes]

    def fall_back(self, lanes: Ints) -> None:
        """Leave lanes to the engine: they end here."""
        self.fallback[lanes] = True
        self.balance[lanes] = 0
        self.last[lanes] = 0
        self.ends[lanes] = -1
        self.mark[lanes] = UNMARKED
        self.waiving[lanes] = False
        self.ahead[lanes] = 0
        for each in self.put_off.values():
            each[lanes] = 0
        if self.moved is not None:
            self.moved.present[lanes] = False

    # -- interest -------------------------------------------------------------------

    def accrue(self, lanes: Ints, k: Ints, day: Ints) -> None:
        """Let interest of period `k` accrue up to `day`, unrounded."""
        self.rejoin(lanes)
        start = self._since(lanes, k)
        subset = start < day
        if not subset.any():
            return
        lanes, k, start, day = lanes[subset], k[subset], start[subset], day[subset]
        numerators, denominators = self.context.parts.shares(
            self.timetable_of[lanes], k, start, day
        )
        size = len(self.balance)
        segment = AccruedInterest(
            np.zeros(size, dtype=np.bool_),
            self.mark.copy(),
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
        self.mark[lanes] = day

    def rejoin(self, lanes: Ints) -> None:
        """Undo the last split of a period where nothing that interest depends on has changed."""
        if not self.segments:
            return
        bearing = self.balance if self.base is None else self.base
        open_ = np.zeros(len(bearing), dtype=np.bool_)
        open_[lanes] = self.mark[lanes] != UNMARKED
        for each in reversed(self.segments):
            latest = each.present & open_
            same = latest & (each.bearing == bearing) & (each.rate == self.rate)
            same &= each.waived == self.waiving
            self.mark[same] = each.before[same]
            each.numerators[same], each.present[same] = 0, False
            open_ &= ~latest

    def _since(self, lanes: Ints, k: Ints) -> Ints:
        """Return the day up to which interest has accrued."""
        mark = self.mark[lanes]
        return np.where(mark == UNMARKED, self.due(lanes, k - 1), mark)

    def open_share(self, lanes: Ints, k: Ints) -> tuple[Ints, Ints]:
        """Return the share of a year of what is left of period `k`."""
        due_dates, timetable_of = self.context.due_dates, self.timetable_of[lanes]
        numerators, denominators = (
            due_dates.numerators[timetable_of, k],
            due_dates.denominators[timetable_of, k],
        )
        begun = np.flatnonzero(self.mark[lanes] != UNMARKED)
        if len(begun):
            subset = lanes[begun]
            numerators[begun], denominators[begun] = self.context.parts.shares(
                timetable_of[begun], k[begun], self.mark[subset], self.due(subset, k[begun])
            )
        return numerators, denominators

    def unposted(self, lanes: Ints, *, waived: bool) -> Floats:
        """Return what has accrued since the last posting, as the nearest floats."""
        approx = np.zeros(len(lanes))
        for each in self.segments:
            share = each.numerators[lanes] / each.denominators[lanes]
            interest = each.bearing[lanes] * self.context.rates.approx[each.rate[lanes]] * share
            approx += np.where(each.waived[lanes] == waived, interest, 0)
        return approx

    def exact_unposted(self, lane: int, *, waived: bool) -> Fraction:
        """Return what has accrued in one lane since the last posting, exactly."""
        total = Fraction(0)
        for each in self.segments:
            if each.waived[lane] == waived and each.numerators[lane]:
                share = Fraction(int(each.numerators[lane]), int(each.denominators[lane]))
                total += int(each.bearing[lane]) * self.context.rates.exact[each.rate[lane]] * share
        return total

    def interest(self, lanes: Ints, k: Ints) -> tuple[Ints, Ints]:
        """Return the interest of period `k`, rounded: what is charged, and what is waived."""
        self.rejoin(lanes)
        numerators, denominators = self.open_share(lanes, k)
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
        """Return what has accrued since the last posting, rounded."""
        rounded, unsure = _proved(self.unposted(lanes, waived=False), self)
        for place in unsure.tolist():
            exact = self.exact_unposted(int(lanes[place]), waived=False)
            rounded[place] = self.settled(exact)
        return rounded

    def settled(self, exact: Fraction) -> int:
        """Round interest that floats do not settle; what no lane holds is ``BEYOND``."""
        return min(round_fraction(exact, self.context.program.rounding), BEYOND)

    def posted(self, lanes: Ints) -> None:
        """Begin a new period: nothing has accrued in it."""
        self.mark[lanes] = UNMARKED
        for each in self.segments:
            each.numerators[lanes], each.present[lanes] = 0, False
        self.segments = [each for each in self.segments if each.present.any()]


def _proved(approx: Floats, state: LaneState) -> tuple[Ints, Ints]:
    """Round floats; return the whole numbers, and the places where that proves nothing."""
    rounding = state.context.program.rounding
    beyond = ~(approx <= EXACT_SUM_LIMIT)
    approx = np.where(beyond, 0, approx)
    error = approx * NEAR
    low, high = round_floats(approx - error, rounding), round_floats(approx + error, rounding)
    return low.astype(np.int64), np.flatnonzero((low != high) | beyond)
