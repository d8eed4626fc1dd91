"""Execute the instructions of many loans between due dates, on their days and in their order.

It is :mod:`repaylib.engine.execution` and :mod:`repaylib.engine.principal_reductions` over arrays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from repaylib.changes.advance import Advance
from repaylib.changes.day_order import Turn
from repaylib.changes.deferral import Deferral
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.changes.forgiveness import Forgiveness
from repaylib.changes.prepayment import Prepayment
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.money.rounding import round_fraction, round_ratio
from repaylib.money.rounding_arrays import round_ratios
from repaylib.portfolio.vectorised.changes import NEVER, LaneChange
from repaylib.portfolio.vectorised.instalment_plan import (
    flag_shortfall,
    keep_amount,
    project,
    shorten,
    solve,
)
from repaylib.portfolio.vectorised.state import LANE_AMOUNT_LIMIT, LaneState, Moved, PendingPlan
from repaylib.rates.root_finding import first_true_rows
from repaylib.terms.methods import WITHOUT_INSTALMENT
from repaylib.typing import Bools, Ints

__all__ = ["QueuedEvent", "EventQueue", "execute"]


class QueuedEvent(NamedTuple):
    """What happens in a lane on a day: a change by its number, from 0, or the end of its rate."""

    change: int
    ends_rate: bool

    @property
    def code(self) -> int:
        """The event as one whole number, for arrays."""
        return 2 * self.change + self.ends_rate

    @classmethod
    def of_code(cls, code: int) -> QueuedEvent:
        """Return the event of a code."""
        return cls(code // 2, bool(code % 2))


class EventQueue:
    """The events ahead of each lane, in their order in time, and where the lane stands.

    Row m of the arrays is the m-th event of each lane; the row after the last never comes.

    Attributes
    ----------
    code
        The event, by :attr:`QueuedEvent.code`; -1 for none.
    day, period, on_due
        The day; the number of the due date on it, if it is on one, and otherwise of the next.
    waits
        Whether a change is still to come, other than the end of a rate.
    next
        Which row is next, by lane.
    """

    def __init__(self, state: LaneState, changes: Sequence[LaneChange]) -> None:
        lanes = len(state.balance)
        never = np.full(lanes, NEVER)
        days, codes, keys = [never], [np.full(lanes, -1)], [never * 32]
        for number, change in enumerate(changes):
            for day, event, turn in (
                (change.day, QueuedEvent(number, False), change.change.turn),
                (change.until, QueuedEvent(number, True), Turn.RENEW),
            ):
                if (day < NEVER).any():
                    days.append(day)
                    codes.append(np.where(day < NEVER, event.code, -1))
                    keys.append(day * 16 + turn)
        order = np.argsort(np.stack(keys), axis=0, kind="stable")
        self.day = np.take_along_axis(np.stack(days), order, axis=0)
        self.code = np.take_along_axis(np.stack(codes), order, axis=0)
        changed = (self.code >= 0) & (self.code % 2 == 0)
        self.waits = np.maximum.accumulate(changed[::-1], axis=0)[::-1]
        self.next = np.zeros(lanes, dtype=np.int64)
        self.period = np.full_like(self.day, NEVER)
        self.on_due = np.zeros(self.day.shape, dtype=np.bool_)
        dues = state.context.due_dates.dues
        for m in range(len(self.day) - 1):
            present = np.flatnonzero(self.day[m] < NEVER)
            before = _last_due(dues, state.timetable_of[present], self.day[m, present])
            on_due = (before > 0) & (
                dues[state.timetable_of[present], before] == self.day[m, present]
            )
            self.period[m, present] = np.where(on_due, before, before + 1)
            self.on_due[m, present] = on_due

    def coming(self, lanes: Ints) -> Ints:
        """Return the due date of, or after, the next event."""
        found: Ints = self.period[self.next[lanes], lanes]
        return found

    def distinct(self, rows: Ints, lanes: Ints, now: Bools) -> Iterator[tuple[QueuedEvent, Ints]]:
        """Go through the distinct events of some lanes `now`, with the places of their lanes."""
        codes = self.code[rows, lanes]
        for code in np.unique(codes[now]).tolist():
            yield QueuedEvent.of_code(code), np.flatnonzero(now & (codes == code))


def _last_due(dues: Ints, timetable_of: Ints, day: Ints) -> Ints:
    """Return the number of the last due date up to a day; due date 0 is the start."""
    low, high = np.zeros_like(timetable_of), np.full_like(timetable_of, dues.shape[1])
    found: Ints = first_true_rows(lambda number: dues[timetable_of, number] > day, low, high) - 1
    return found


class _At(NamedTuple):
    """The lanes of an event.

    `period` is the next due date, `row` that of the day, `more` where other events follow.
    """

    state: LaneState
    lanes: Ints
    period: Ints
    row: int
    day: Ints
    more: Bools


def execute(
    state: LaneState,
    changes: Sequence[LaneChange],
    event: QueuedEvent,
    lanes: Ints,
    period: Ints,
    row: int,
    day: Ints,
    more: Bools,
) -> None:
    """Execute one event in some lanes.

    `period` is the number of the next due date there, `more` says where other events follow.
    """
    has_open_deferral = state.has_open_deferral(lanes, period)
    state.fall_back(lanes[has_open_deferral])
    at = _select(_At(state, lanes, period, row, day, more), ~has_open_deferral)
    lanes, period, day = at.lanes, at.period, at.day
    if not len(lanes):
        return
    if event.ends_rate:
        _apply_rate(at, state.rate_before[lanes], changes[event.change].change)
        return
    change = changes[event.change].part(lanes)
    large = change.amount >= LANE_AMOUNT_LIMIT
    if large.any():
        state.fall_back(lanes[large])
        at = _select(at, ~large)
        lanes, period, day = at.lanes, at.period, at.day
        change = changes[event.change].part(lanes)
    _carry_out(at, event.change, change)
    state.fall_back(lanes[state.balance[lanes] >= LANE_AMOUNT_LIMIT])


def _carry_out(at: _At, number: int, change: LaneChange) -> None:
    """Execute a change."""
    state, lanes, period, row, day = at.state, at.lanes, at.period, at.row, at.day
    match change.change:
        case RateChange():
            state.rate_before[lanes] = state.rate[lanes]
            _apply_rate(at, change.rate, change.change)
        case Deferral():
            _skip_due_dates(at, number, change.change, change.count)
        case Prepayment(hold=hold):
            _lower(at, "prepaid", change.amount, hold)
        case Forgiveness(of="deferred_interest"):
            _forgive_interest(at, change)
        case Forgiveness(share=share, hold=hold):
            amount = change.amount
            if share is not None:
                amount = _share_of(state, state.balance[lanes].astype(np.int64), share)
            _lower(at, "forgiven", amount, hold)
        case Advance(hold=hold):
            state.accrue(lanes, period, day)
            state.balance[lanes] += change.amount
            if state.base is not None:
                state.base[lanes] += change.amount
            state.write("advanced", row, lanes, change.amount)
            _keep(at, hold)
        case Rescheduling():
            _renew(at, change)
        case EarlySettlement():
            _settle(at)


def _keep(at: _At, hold: str) -> None:
    if hold in ("count", "maturity"):
        solve(at.state, at.lanes, at.period)
    elif hold == "payment":
        project(at.state, at.lanes, at.period)
    elif hold == "last":
        keep_amount(at.state, at.lanes)


def _apply_rate(at: _At, rate: Ints, change_of_rate: object) -> None:
    state = at.state
    assert isinstance(change_of_rate, RateChange), "only a rate ends again"
    other = rate != state.rate[at.lanes]
    changed, kept = _to_rate_end(_select(at, other))
    if len(changed.lanes):
        state.rate[changed.lanes] = rate[other][kept]
    at = changed if change_of_rate.recast == "on_change" else _select(at, ~state.fallback[at.lanes])
    if len(at.lanes):
        _keep(at, change_of_rate.hold)
        flag_shortfall(state, at.lanes)


def _to_rate_end(at: _At) -> tuple[_At, Bools]:
    """Let interest accrue up to where the old rate ends; tell which lanes can follow.

    Where the last day counts, the day itself bears the new rate. So nothing that was done on it
    before may have counted it.
    """
    state, timetable_of = at.state, at.state.timetable_of[at.lanes]
    due_dates = state.context.due_dates
    eve = due_dates.last_day[timetable_of] & (due_dates.dues[timetable_of, at.period - 1] != at.day)
    kept = ~eve | (state.accrued_to[at.lanes] < at.day)
    state.fall_back(at.lanes[~kept])
    end = (at.day - eve)[kept]
    at = _select(at, kept)
    if len(at.lanes):
        state.accrue(at.lanes, at.period, end)
    return at, kept


def _select(at: _At, where: Bools) -> _At:
    return at._replace(
        lanes=at.lanes[where], period=at.period[where], day=at.day[where], more=at.more[where]
    )


def _lower(at: _At, column: str, amount: Ints, hold: str) -> None:
    """Lower the principal by a prepayment or a forgiveness."""
    state = at.state
    possible = amount < state.balance[at.lanes]
    state.fall_back(at.lanes[~possible])
    at, amount = _select(at, possible), amount[possible]
    lanes = at.lanes
    if not len(lanes):
        return
    state.accrue(lanes, at.period, at.day)
    if state.base is not None:
        owed = state.balance[lanes].astype(np.int64)
        state.base[lanes] = _scaled(state, state.base[lanes].astype(np.int64), owed - amount, owed)
    state.balance[lanes] -= amount
    state.write(column, at.row, lanes, amount)
    if hold == "maturity":
        solve(state, lanes, at.period)
    elif hold == "next":
        state.advance_payments[lanes] += amount
    elif hold == "payment":
        _shorten(at)


def _forgive_interest(at: _At, change: LaneChange) -> None:
    """Lower deferred interest, where it is repaid in one way only."""
    state, forgiveness = at.state, change.change
    assert isinstance(forgiveness, Forgiveness), "interest is forgiven"
    found = [amounts for amounts in state.deferred_interest.values() if amounts[at.lanes].any()]
    if len(found) != 1:
        state.fall_back(at.lanes)
        return
    present = found[0][at.lanes]
    amount = change.amount
    if forgiveness.share is not None:
        amount = _share_of(state, present, forgiveness.share)
    possible = (amount <= present) & (present > 0)
    state.fall_back(at.lanes[~possible])
    at, amount = _select(at, possible), amount[possible]
    found[0][at.lanes] -= amount
    state.write("forgiven_interest", at.row, at.lanes, amount)
    if forgiveness.hold == "maturity":
        solve(state, at.lanes, at.period)
    elif forgiveness.hold == "payment":
        _shorten(at)


def _shorten(at: _At) -> None:
    """Find the last payment; without more events, it is found as it comes."""
    at.state.shortened[at.lanes] = np.where(at.more, 0, at.period)
    shorten(at.state, at.lanes[at.more], at.period[at.more])


def _scaled(state: LaneState, base: Ints, part: Ints, whole: Ints) -> Ints:
    rounding = state.context.program.rounding
    if float(base.max()) * float(part.max()) < 2.0**58:
        return round_ratios(base * part, whole, rounding)
    triples = zip(base.tolist(), part.tolist(), whole.tolist(), strict=True)
    return np.array([round_ratio(b * p, w, rounding) for b, p, w in triples], dtype=np.int64)


def _share_of(state: LaneState, base: Ints, share: Fraction) -> Ints:
    if max(share.numerator, share.denominator) < 2**31:
        numerator, denominator = (
            np.full_like(base, share.numerator),
            np.full_like(base, share.denominator),
        )
        return _scaled(state, base, numerator, denominator)
    rounding = state.context.program.rounding
    return np.array(
        [round_fraction(amount * share, rounding) for amount in base.tolist()], np.int64
    )


def _renew(at: _At, change: LaneChange) -> None:
    state = at.state
    at, kept = _to_rate_end(at)
    change, lanes = change.part(np.flatnonzero(kept)), at.lanes
    if not len(lanes):
        return
    state.rate[lanes] = np.where(change.rate >= 0, change.rate, state.rate[lanes])
    if state.base is not None:
        state.accrue(lanes, at.period, at.day)
        state.base[lanes] = state.balance[lanes]
    by_count = change.count > 0
    counted = _select(at, by_count)
    if len(counted.lanes):
        state.last[counted.lanes] = counted.period - 1 + change.count[by_count]
        solve(state, counted.lanes, counted.period)
    agreed = _select(at, ~by_count)
    if len(agreed.lanes) and state.method in WITHOUT_INSTALMENT:
        state.fall_back(agreed.lanes)
    elif len(agreed.lanes):
        keep_amount(state, agreed.lanes)
        state.amount[agreed.lanes] = change.amount[~by_count]
        project(state, agreed.lanes, agreed.period)
        flag_shortfall(state, agreed.lanes)


def _settle(at: _At) -> None:
    state, lanes, row = at.state, at.lanes, at.row
    if state.base is not None:  # the balance owed differs from the base of interest
        state.fall_back(lanes)
        return
    state.accrue(lanes, at.period, at.day)
    charged = state.charged(lanes)
    held = charged < LANE_AMOUNT_LIMIT
    state.fall_back(lanes[~held])
    lanes, charged = lanes[held], charged[held]
    state.accrued[row, lanes] += charged
    state.write("settled_interest", row, lanes, charged)
    state.write("settled", row, lanes, state.balance[lanes].astype(np.int64))
    for amounts in state.deferred_interest.values():
        state.write("deferred_interest", row, lanes, amounts[lanes])
        state.write("settled_deferred", row, lanes, amounts[lanes])
        amounts[lanes] = 0
    state.balance[lanes] = 0
    state.posted(lanes)
    state.ends[lanes] = row


def _skip_due_dates(at: _At, number: int, deferral: Deferral, periods: Ints) -> None:
    """Begin a deferral: the next due dates are skipped, or an instalment is moved."""
    state = at.state
    subset = periods > 0
    at, periods = _select(at, subset), periods[subset]
    lanes, period = at.lanes, at.period
    if deferral.scope == "instalment":
        _begin_move(at, number, deferral, periods)
        return
    last = period + periods - 1
    held = deferral.hold in ("maturity", "last") or deferral.pause == "interest"
    held |= deferral.hold == "payment" and state.method in WITHOUT_INSTALMENT
    impossible = (last >= state.last[lanes]) if held else np.zeros(len(lanes), dtype=np.bool_)
    impossible |= last + 1 >= state.context.due_dates.periods
    state.fall_back(lanes[impossible])
    at, last, periods = _select(at, ~impossible), last[~impossible], periods[~impossible]
    if deferral.interest == "waive":
        at, kept = _to_rate_end(at)
        last, periods = last[kept], periods[kept]
        state.waiving[at.lanes] = True
    lanes, period = at.lanes, at.period
    state.holiday_first[lanes], state.holiday_last[lanes], state.holiday_change[lanes] = (
        period,
        last,
        number,
    )
    if deferral.pause == "interest":
        if deferral.hold in ("count", "maturity"):
            if deferral.repay == "capitalise":
                state.plan[lanes] = PendingPlan.LEVEL
            return
    elif deferral.hold == "count":
        others = _meets_others(state, lanes, period, state.last[lanes] + periods)
        state.last[lanes] += periods
        if deferral.repay == "capitalise":
            state.plan[lanes] = PendingPlan.LEVEL_IF_MORE
            state.balance_before[lanes] = state.balance[lanes]
        state.plan[lanes[others]] = PendingPlan.LEVEL
        if state.context.program.over is not None:  # the number it is solved for moves too
            state.fall_back(lanes[state.plan[lanes] != PendingPlan.NONE])
        return
    if deferral.hold in ("count", "maturity"):
        state.plan[lanes] = PendingPlan.LEVEL
    elif deferral.hold == "payment":
        state.plan[lanes] = PendingPlan.PROJECT
    else:
        keep_amount(state, lanes)


def _meets_others(state: LaneState, lanes: Ints, period: Ints, last: Ints) -> Bools:
    """Whether a deferral leaves other periods than those for which an instalment was solved."""
    others = np.zeros(len(lanes), dtype=np.bool_)
    if state.method != "level":
        return others
    for timetable_of in np.unique(state.timetable_of[lanes]).tolist():
        table = state.context.due_dates.accruals[timetable_of].timetable
        at = np.flatnonzero(
            (state.timetable_of[lanes] == timetable_of) & (state.highest[lanes] >= 0)
        )
        if table.share is not None and table.tail is None:
            others[at] = (period[at] == 1) & (not table.whole(1))
            continue
        pairs = zip(period[at].tolist(), last[at].tolist(), strict=True)
        others[at] = [not table.regular(low, high) for low, high in pairs]
    return others


def _begin_move(at: _At, number: int, deferral: Deferral, periods: Ints) -> None:
    state, lanes, period = at.state, at.lanes, at.period
    moved_to = period + (periods if deferral.repay in ("next", "now") else 1)
    kept = deferral.hold in ("maturity", "last") or deferral.repay in ("spread", "last")
    impossible = moved_to >= state.context.due_dates.periods
    if kept:
        impossible |= moved_to > state.last[lanes]
    if state.moved is None:
        state.moved = Moved(len(state.balance))
    state.fall_back(lanes[impossible])
    subset = ~impossible
    state.holiday_first[lanes[subset]] = state.holiday_last[lanes[subset]] = period[subset]
    state.holiday_change[lanes[subset]] = number
    state.holiday_periods[lanes[subset]] = periods[subset]
