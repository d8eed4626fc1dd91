"""The fold over many loans at once, from row to row: `engine.fold` over arrays.

Rows are the outer loop, loans the lanes. Where only the rule of the loan applies, `kernel_numpy`
computes many rows of all lanes at once; other events run in the lanes that have them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from repaylib.changes.deferral import Deferral
from repaylib.money.rounding import ROUNDINGS
from repaylib.portfolio.vectorised.agreed_charges import walk_agreed
from repaylib.portfolio.vectorised.changes import NEVER, LaneChange
from repaylib.portfolio.vectorised.deferred_amounts import LaneDeferrals
from repaylib.portfolio.vectorised.execution import EventQueue, QueuedEvent, execute
from repaylib.portfolio.vectorised.instalment_plan import (
    absorbs,
    falls_short,
    flag_shortfall,
    keep_amount,
    project,
    solve,
)
from repaylib.portfolio.vectorised.kernel import Factors, Lanes
from repaylib.portfolio.vectorised.kernel_numpy import plain_rows
from repaylib.portfolio.vectorised.output import OutputArrays
from repaylib.portfolio.vectorised.state import (
    AT_PERIOD_START,
    LANE_AMOUNT_LIMIT,
    GroupContext,
    PendingPlan,
)
from repaylib.rates.root_finding import first_true_rows
from repaylib.terms.methods import BY_PARTS
from repaylib.typing import Bools, Ints

__all__ = ["LaneFold"]


class LaneFold(LaneDeferrals):
    """Many loans folded row by row; see the module."""

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
        *,
        compiled: bool | None = None,
    ) -> None:
        super().__init__(
            context, timetable_of, rate, principal, payments, output, first_column, changes
        )
        self.compiled = compiled
        self.events = EventQueue(self, changes)
        self.special_row = np.full(len(principal), NEVER)

    def run(self, given: Ints) -> None:
        """Run to the end of every lane; `given` are the agreed instalments, -1 if solved."""
        if self.method == "flat":
            walk_agreed(self)
            return
        everyone, first = np.arange(len(self.balance)), np.ones(len(self.balance), dtype=np.int64)
        if self.context.program.instalment is None:
            solve(self, everyone, first)
        else:
            self.amount[:] = given
            keep_amount(self, everyone)
            flag_shortfall(self, everyone)
        self.next_special_row(everyone, first)
        row = 0
        while row < self.rows and row <= self.final_row:
            stop = min(max(int(self.special_row.min()), row), self.rows, self.final_row + 1)
            if stop > row:
                self.plain(row, stop)
                row = stop
                continue
            subset = np.flatnonzero(self.special_row == row)
            before = self.balance[subset]
            if len(subset) < len(everyone):
                self.plain(row, row + 1)
                self.balance[subset] = np.where(self.fallback[subset], 0, before)
            self.process_row(subset, row)
            row += 1
        self.finish()

    @property
    def last_row(self) -> Ints:
        """The row of the last payment, by lane, as far as is known."""
        return self.last - 1 + self.inserted

    @property
    def final_row(self) -> int:
        """The last row that any lane needs."""
        coming = self.special_row[self.special_row < NEVER]
        return max(int(self.last_row.max()), int(coming.max(initial=-1)))

    # -- rows in which something happens ----------------------------------------------

    def process_row(self, lanes: Ints, row: int) -> None:
        """Process one row of some lanes, with every event in it."""
        self.accrued[row, lanes] = self.closing[row, lanes] = 0
        lanes = self.drop_ended(lanes)
        period = row + 1 - self.inserted[lanes]
        taken = self.before_due(lanes, period, row)
        between, due = lanes[taken], lanes[~taken]
        self.closing[row, between] = self.balance[between]
        self.inserted[between] += 1
        due_period = period[~taken]
        if len(due):
            self.process_due_date(due, due_period, row)
            self.after_due(due, due_period, row)
            self.capitalise(due, due_period, row)
            self.fall_back(due[self.balance[due] >= LANE_AMOUNT_LIMIT])
            self.execute_plans(due, due_period)
            self.closing[row, due] = self.balance[due].astype(np.int64) + self.moved_principal(due)
        self.end_or_watch(between, period[taken], row)
        self.end_or_watch(due, due_period + 1, row)

    def drop_ended(self, lanes: Ints) -> Ints:
        """Leave out lanes that have ended in a plain row; return the others."""
        missing = (self.balance[lanes] == 0) & (self.accrued_to[lanes] == AT_PERIOD_START)
        if self.moved is not None:
            missing &= ~self.moved.present[lanes]
        ended = lanes[missing]
        self.special_row[ended] = NEVER
        self.fall_back(ended[self.owes_deferred(ended) | self.waited_for(ended)])
        left: Ints = lanes[~missing]
        return left

    def waited_for(self, lanes: Ints) -> Bools:
        """Whether a change is still to come, other than the end of a rate."""
        coming: Bools = self.events.waits[self.events.next[lanes], lanes]
        return coming

    def before_due(self, lanes: Ints, period: Ints, row: int) -> Bools:
        """Execute the events before the next due date; return the lanes that need a separate row."""
        events = self.events
        days = np.full(len(lanes), -1)
        taken = np.zeros(len(lanes), dtype=np.bool_)
        while True:
            m = events.next[lanes]
            day, on_due = events.day[m, lanes], events.on_due[m, lanes]
            now = (events.period[m, lanes] == period) & ~on_due & (~taken | (day == days))
            now &= ~self.fallback[lanes]
            if not now.any():
                break
            for event, at in events.distinct(m, lanes, now):
                subset = lanes[at]
                events.next[subset] += 1
                owed = self.balance[subset] + self.total_deferred(subset)
                self.execute(event, subset, period[at], row, day[at])
                wrote = self.balance[subset] + self.total_deferred(subset) != owed
                wrote &= ~self.fallback[subset]
                taken[at[wrote]] = True
                days[at] = day[at]
        taken &= ~self.fallback[lanes]
        if taken.any():
            self.between.append((row, lanes[taken], days[taken]))
        return taken

    def after_due(self, lanes: Ints, period: Ints, row: int) -> None:
        """Execute the events on the due date itself, after the instalment."""
        events = self.events
        while True:
            m = events.next[lanes]
            now = events.on_due[m, lanes] & (events.period[m, lanes] == period)
            now &= ~self.fallback[lanes]
            if not now.any():
                return
            day = events.day[m, lanes]
            for event, at in events.distinct(m, lanes, now):
                events.next[lanes[at]] += 1
                over = (self.balance[lanes[at]] == 0) & ~self.owes_deferred(lanes[at])
                if not event.ends_rate:
                    self.fall_back(lanes[at[over]])
                at = at[~over]
                self.execute(event, lanes[at], period[at] + 1, row, day[at])

    def execute(self, event: QueuedEvent, lanes: Ints, period: Ints, row: int, day: Ints) -> None:
        """Execute one event in some lanes."""
        if len(lanes):
            self.fall_back(lanes[falls_short(self, lanes)])
            more = self.events.coming(lanes) < NEVER
            execute(self, self.changes, event, lanes, period, row, day, more)

    def end_or_watch(self, lanes: Ints, period: Ints, row: int) -> None:
        """Note which lanes have ended in this row; see when the others need attention again."""
        if not len(lanes):
            return
        nothing = (self.balance[lanes] == 0) & ~self.owes_deferred(lanes)
        nothing &= (self.accrued_to[lanes] == AT_PERIOD_START) | (self.ends[lanes] <= row)
        ended = lanes[nothing]
        self.ends[ended] = row
        self.last[ended] = row + 1 - self.inserted[ended]
        self.special_row[ended] = NEVER
        self.fall_back(ended[self.fallback[ended] | self.waited_for(ended)])
        self.next_special_row(lanes[~nothing], period[~nothing])

    def next_special_row(self, lanes: Ints, period: Ints) -> None:
        """Set the row in which each lane needs attention next; `period` is its next due date."""
        due_dates = self.context.due_dates
        owing = self.balance[lanes] > 0
        self.last[lanes] = np.where(owing, np.maximum(self.last[lanes], period), self.last[lanes])
        care = self.events.coming(lanes)
        number = np.minimum(period, due_dates.periods)
        now = due_dates.odd[self.timetable_of[lanes], number] | self.in_holiday(lanes, period)
        now |= self.accrued_to[lanes] != AT_PERIOD_START
        if self.moved is not None:
            now |= self.moved.present[lanes]
        for terms in ("due", "spread", "instalment"):
            if terms in self.deferred_interest:
                now |= self.deferred_interest[terms][lanes] > 0
        now |= self.advance_payments[lanes] > 0
        care = np.where(now, period, care)
        later = (self.holiday_last[lanes] >= period) & (self.holiday_first[lanes] > period)
        care = np.where(later, np.minimum(care, self.holiday_first[lanes]), care)
        if "last" in self.deferred_interest:
            waits = self.deferred_interest["last"][lanes] > 0
            care = np.where(waits, np.minimum(care, np.maximum(self.last[lanes], period)), care)
        row = care - 1 + self.inserted[lanes]
        self.special_row[lanes] = np.where(self.fallback[lanes] | (care >= NEVER), NEVER, row)
        flag_shortfall(self, lanes)

    # -- due dates ----------------------------------------------------------------------

    def process_due_date(self, lanes: Ints, period: Ints, row: int) -> None:
        """Process the next due date: post the interest, then pay or skip it."""
        charged, waived = self.interest(lanes, period)
        self.fall_back(lanes[charged + waived >= LANE_AMOUNT_LIMIT])
        self.post_moved(lanes, period, row)
        self.posted(lanes)
        self.accrued[row, lanes] += charged + waived
        self.write("waived", row, lanes, waived)
        passing = self.in_holiday(lanes, period)
        self.pay(lanes[~passing], period[~passing], charged[~passing], row)
        for number in np.unique(self.holiday_change[lanes[passing]]).tolist():
            deferral = self.deferral_of(number)
            at = np.flatnonzero(passing & (self.holiday_change[lanes] == number))
            self.skip_due_date(deferral, lanes[at], period[at], charged[at], row)
        self.waiving[lanes[~self.in_holiday(lanes, period + 1)]] = False

    def split_instalment(
        self, lanes: Ints, period: Ints, interest: Ints, row: int
    ) -> tuple[Ints, Ints]:
        """Split an instalment: principal, taken off the balance, and interest to be paid.

        Where it is below the interest, the shortfall joins the principal; see the engine.
        """
        balance, amount = self.balance[lanes], self.amount[lanes]
        planned = balance + self.paid_in_advance(lanes)
        if self.method == "level":
            asked = amount - interest
        elif self.method in BY_PARTS:
            asked = amount
        else:
            asked = np.zeros(len(lanes))
        ending = period >= self.last[lanes]
        principal = np.where(ending, balance, np.minimum(asked, planned))
        short = np.flatnonzero(principal < 0)
        if len(short):
            shortfall = -principal[short].astype(np.int64)
            principal[short] = 0
            subset = lanes[short]
            self.balance[subset] += shortfall
            self.write("capitalised", row, subset, shortfall)
            self.write("newly_deferred", row, subset, shortfall)
            interest = interest.copy()
            interest[short] -= shortfall
            if not self.context.program.negative_amortisation:
                self.fall_back(subset[self.balance[subset] > self.highest[subset]])
        paid = self.apply_advance_payment(lanes, ~ending, principal.astype(np.int64), interest, row)
        self.balance[lanes] -= paid[0]
        return paid

    def pay(self, lanes: Ints, period: Ints, interest: Ints, row: int) -> None:
        """Pay the instalment, and the deferred amounts that fall due with it."""
        if not len(lanes):
            return
        self.split_instalment(lanes, period, interest, row)
        repaid = self.balance[lanes] == 0
        early = repaid & (period < self.last[lanes])
        self.last[lanes[early]] = period[early]
        ending = repaid & ~self.moved_waits(lanes, period)
        self.pay_deferred("instalment", lanes[ending], row)
        self.pay_deferred("due", lanes, row)
        self.pay_deferred("last", lanes[ending], row)
        self.spread(lanes, period, row)
        self.pay_moved(lanes, period, ending, row)

    def skip_due_date(
        self, deferral: Deferral, lanes: Ints, period: Ints, interest: Ints, row: int
    ) -> None:
        """Skip a due date; the deferral decides where its interest or instalment goes."""
        if deferral.scope == "instalment":
            principal, interest = self.split_instalment(lanes, period, interest, row)
            self.fall_back(lanes[(self.balance[lanes] == 0) & (period < self.last[lanes])])
            self.pay_deferred("due", lanes, row)
            left = self.defer_instalment(deferral, lanes, period, principal, interest)
            self.write("newly_deferred", row, lanes, left)
        elif deferral.pause == "interest":
            _, interest = self.split_instalment(lanes, period, interest, row)
            self.fall_back(lanes[self.balance[lanes] == 0])
            self.defer_interest(deferral, lanes, interest, row)
        elif deferral.interest_paid_now:
            self.pay_deferred("due", lanes, row)
        else:
            self.defer_interest(deferral, lanes, interest, row)

    def execute_plans(self, lanes: Ints, period: Ints) -> None:
        """Make the plans for the time after a payment holiday, where it ends."""
        now = (self.plan[lanes] != PendingPlan.NONE) & (period == self.holiday_last[lanes])
        lanes, period = lanes[now], period[now] + 1
        if not len(lanes):
            return
        plan = self.plan[lanes]
        self.plan[lanes] = PendingPlan.NONE
        level = plan == PendingPlan.LEVEL
        level |= (plan == PendingPlan.LEVEL_IF_MORE) & (
            self.balance[lanes] != self.balance_before[lanes]
        )
        solve(self, lanes[level], period[level])
        ends = plan == PendingPlan.PROJECT
        subset = lanes[ends]
        project(self, subset, period[ends])

    # -- plain rows -----------------------------------------------------------------------

    def plain(self, low: int, high: int) -> None:
        """Take rows in which nothing happens but the rule."""
        lanes = Lanes(
            balance=self.balance,
            amount=self.amount,
            last_row=self.last_row,
            factors=self.factors(),
            rounding=np.full(len(self.balance), ROUNDINGS.index(self.context.program.rounding)),
            level=None if self.method == "level" else np.zeros(len(self.balance)),
            base=self.base,
        )
        into, left, compiled = (
            (self.output.accrued, self.output.closing),
            self.first_column,
            self.compiled,
        )
        self.fall_back(plain_rows(lanes, low, high, *into, left=left, compiled=compiled, threads=1))

    def factors(self) -> Factors:
        """Return the interest factors of plain rows."""
        rates, due_dates = self.context.rates, self.context.due_dates
        num, den = rates.numerators[self.rate], rates.denominators[self.rate]
        denominators = due_dates.denominators[self.timetable_of, -1]
        if (num < 0).any():  # too large for a pair of int64
            exact = [rates.exact[rate] for rate in self.rate.tolist()]
            num = np.array([rate.numerator for rate in exact], dtype=object)
            den = np.array([rate.denominator for rate in exact], dtype=object)
            denominators = denominators.astype(object)
        if due_dates.constant:
            return Factors(num * due_dates.numerators[self.timetable_of, -1], den * denominators)
        numerators = np.ascontiguousarray(due_dates.numerators.T, dtype=np.float64)
        return Factors(num, den * denominators, numerators, self.timetable_of, 1 - self.inserted)

    # -- the end --------------------------------------------------------------------------

    def finish(self) -> None:
        """Set the end of each lane; lanes whose rows break the rule fall back to the engine."""
        everyone = np.arange(len(self.balance))
        plain = (self.ends == NEVER) & ~self.fallback
        lanes = everyone[plain]
        last = np.clip(self.last_row[lanes], 0, self.rows - 1)
        before = self.closing[np.maximum(last - 1, 0), lanes]
        early = (last > 0) & (before == 0)
        self.ends[lanes] = last
        subset = lanes[early]
        self.ends[subset] = _first_nil(self.closing, subset, last[early])
        lost = (self.balance[lanes] != 0) | (self.last_row[lanes] >= self.rows)
        lost |= self.waited_for(lanes) | (early & self.spreading[lanes])
        self.fall_back(lanes[lost])
        self.absorb(everyone[(self.shortened > 0) & ~self.fallback])
        self.explain_rises(everyone[self.may_fall_short & ~self.fallback])

    def absorb(self, lanes: Ints) -> None:
        """Pay the last payment with the one before it where that absorbs it; see the engine.

        `lanes` are those whose end was found as it came. What is paid with the last payment besides
        is left to the engine.
        """
        lanes = lanes[self.ends[lanes] > 0]
        row = self.ends[lanes]
        number, rest = row + 1 - self.inserted[lanes], self.closing[row - 1, lanes]
        small = absorbs(self, lanes, self.shortened[lanes], number, rest)
        lanes, row = lanes[small], row[small]
        besides = np.zeros(len(lanes), dtype=np.bool_)
        for column in self.output.rare.values():
            besides |= column[row, self.first_column + lanes] != 0
        self.fall_back(lanes[besides])
        lanes, row = lanes[~besides], row[~besides]
        self.closing[row - 1, lanes] = self.accrued[row, lanes] = 0
        self.ends[lanes] = row - 1
        self.last[lanes] -= 1

    def explain_rises(self, lanes: Ints) -> None:
        """Write the shortfalls of plain rows; give up lanes whose rule for them is not sure."""
        if not len(lanes):
            return
        closing = self.closing[:, lanes]
        rise = np.diff(closing, axis=0, prepend=self.opening[None, lanes])
        for column, sign in (("capitalised", -1), ("advanced", -1)):
            if column in self.output.rare:
                rise += sign * self.output.rare[column][:, self.first_column + lanes]
        rises = rise > 0
        risen = rises.any(axis=0)
        if not self.context.program.negative_amortisation:
            unsure = (closing * rises > self.highest[lanes]).any(axis=0) | bool(self.changes)
            self.fall_back(lanes[risen & unsure])
            risen &= ~unsure
        subset = lanes[risen]
        for row in np.flatnonzero(rises.any(axis=1)).tolist():
            shortfall = np.maximum(rise[row, risen], 0)
            self.write("capitalised", row, subset, shortfall)
            self.write("newly_deferred", row, subset, shortfall)


def _first_nil(closing: Ints, lanes: Ints, last: Ints) -> Ints:
    """Return the first row with a balance of zero, up to one of which that is known."""
    return first_true_rows(lambda row: closing[row, lanes] == 0, np.full_like(last, -1), last)
