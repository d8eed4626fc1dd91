"""New plans for many loans at once: the instalment, and the number of the last payment.

It is :mod:`repaylib.engine.instalment_plan` over arrays. An instalment is estimated in floating point with a bound on
the error; where that does not prove its rounding, :mod:`repaylib.rates.annuity` solves it exactly.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from repaylib.engine.program import rounded_off
from repaylib.money.rounding_arrays import round_floats, round_ratios
from repaylib.portfolio.vectorised.state import EXACT_SUM_LIMIT, LaneState
from repaylib.rates.annuity import Annuity, grown_payments, rounded_instalment
from repaylib.terms.methods import BY_PARTS, WITHOUT_INSTALMENT
from repaylib.typing import Bools, Floats, Ints

__all__ = ["absorbs", "falls_short", "flag_shortfall", "keep_amount", "project", "shorten", "solve"]


#: Nearer than this part of it, a float does not prove which of two numbers is larger.
CLOSE = 1e-9

#: A part in 2**53, the rounding of one operation.
ULP = 2.0**-53

#: Roundings in the closed form of equal periods, counted generously.
CLOSED = 512

#: Interest of a period from which on the rounding of an instalment may grow without end.
STEEP = 0.2


def solve(state: LaneState, lanes: Ints, period: Ints) -> None:
    """Set the instalment that repays the balance from due date `period` to the last payment."""
    program = state.context.program
    state.rejoin(lanes)
    if state.method in WITHOUT_INSTALMENT:
        return
    owing = state.balance[lanes] > 0
    lanes, period = lanes[owing], period[owing]
    if not len(lanes):
        return
    high = np.maximum(period, state.last[lanes])
    if program.over is not None:
        high = np.maximum(high, program.over)
    beyond = high > state.context.due_dates.periods
    state.fall_back(lanes[beyond])
    lanes, period, high = lanes[~beyond], period[~beyond], high[~beyond]
    payments = high - period + 1
    if state.method in BY_PARTS:
        balance = state.balance[lanes].astype(np.int64)
        amount = round_ratios(balance, payments * program.unit, program.instalment_rounding)
        state.amount[lanes] = amount * program.unit
    else:
        state.amount[lanes] = _level(state, lanes, period, payments)
        state.highest[lanes] = _highest(state, lanes, payments)
    if program.unit > 1:
        state.fall_back(lanes[state.amount[lanes] == 0])
    flag_shortfall(state, lanes)


def _level(state: LaneState, lanes: Ints, period: Ints, payments: Ints) -> Floats:
    context, program = state.context, state.context.program
    rate = context.rates.approx[state.rate[lanes]]
    numerators, denominators = state.open_share(lanes, period)
    first = state.bearing(lanes) * rate * (numerators / denominators) + state.unposted(
        lanes, waived=False
    )
    owed = state.balance[lanes] + first
    later = payments - 1
    if context.due_dates.constant and not _meets_odd(state, lanes, period):
        value, steps = _equal_periods(rate * context.due_dates.shares[-1, -1], later)
    else:
        value, steps = _uneven_periods(state, lanes, period, later)
    value *= program.unit
    amount = owed / value
    error = amount * (steps * ULP)
    low = round_floats(np.maximum(amount - error, 0), program.instalment_rounding)
    high = round_floats(np.maximum(amount + error, 0), program.instalment_rounding)
    low *= program.unit
    unsure = (low != high * program.unit) | ~(low < EXACT_SUM_LIMIT)
    for place in np.flatnonzero(unsure).tolist():
        exact = _annuity(state, int(lanes[place]), int(period[place]), int(payments[place]))
        found = rounded_instalment(exact, program.instalment_rounding, program.unit)
        low[place] = max(0, found)
        if found >= EXACT_SUM_LIMIT:
            state.fall_back(lanes[place : place + 1])
    return low


def _highest(state: LaneState, lanes: Ints, payments: Ints) -> Floats:
    """Return a little less than :func:`~repaylib.rates.annuity.highest_balance`."""
    amount, rate = state.amount[lanes], state.context.rates.approx[state.rate[lanes]]
    factor = rate * state.context.due_dates.shares.max(axis=1)[state.timetable_of[lanes]]
    value = np.minimum(payments, 1 / np.maximum(factor, 1e-300))
    highest: Floats = np.floor(amount * value * (1 - 1e-9)) + amount
    return highest


def keep_amount(state: LaneState, lanes: Ints) -> None:
    """Note that an instalment is no longer the one that was solved for the debt."""
    state.highest[lanes] = -1


def _meets_odd(state: LaneState, lanes: Ints, period: Ints) -> bool:
    """Whether any period after the first of a plan is an odd one."""
    odd = state.context.due_dates.odd
    if not odd[:, 2:].any():  # the first of all never comes after another
        return False
    columns = np.arange(odd.shape[1])
    after = odd[state.timetable_of[lanes]] & (columns > period[:, None])
    return bool(after.any())


def _equal_periods(factor: Floats, later: Ints) -> tuple[Floats, float]:
    """Return the present value of payments of 1 on the first due date, and a count of roundings.

    The first is paid at once, `later` ones at the ends of equal periods. Their value is
    ``1 + (1 - v**n) / f`` with ``v = 1 / (1 + f)``.
    """
    growth = np.log1p(factor)
    growth *= later
    steps = CLOSED + 4 * float(growth.max(initial=0))
    value = np.expm1(-growth)
    zero = np.flatnonzero(factor == 0)
    value /= factor
    np.subtract(1.0, value, out=value)
    value[zero] = later[zero] + 1
    return value, steps


def _uneven_periods(
    state: LaneState, lanes: Ints, period: Ints, later: Ints
) -> tuple[Floats, float]:
    """Return the same for uneven periods, one after the other; see :mod:`repaylib.rates.annuity`."""
    due_dates = state.context.due_dates
    timetable_of, rate = state.timetable_of[lanes], state.context.rates.approx[state.rate[lanes]]
    factor, value = np.ones(len(lanes)), np.ones(len(lanes))
    fewest, most = int(later.min(initial=0)), int(later.max(initial=0))
    alike = bool((timetable_of == timetable_of[:1]).all() and (period == period[:1]).all())
    for step in range(1, most + 1):
        if alike:
            shares = due_dates.shares[
                timetable_of[0], min(int(period[0]) + step, due_dates.periods)
            ]
        else:  # beyond the last one, nothing is added
            shares = due_dates.shares[timetable_of, np.minimum(period + step, due_dates.periods)]
        growth = rate * shares
        growth += 1
        factor /= growth
        value += factor if step <= fewest else np.where(step <= later, factor, 0)
    return value, 10.0 * most + 64


def _annuity(state: LaneState, lane: int, period: int, payments: int) -> Annuity:
    """Return the annuity that the payments of one lane repay, exactly."""
    context, lanes = state.context, np.array([lane])
    rate = context.rates.exact[state.rate[lane]]
    numerators, denominators = state.open_share(lanes, np.array([period]))
    share = Fraction(int(numerators[0]), int(denominators[0]))
    owed = int(state.balance[lane]) + int(state.bearing(lanes)[0]) * rate * share
    owed += state.exact_unposted(lane, waived=False)
    accrual = context.due_dates.accruals[int(state.timetable_of[lane])]
    factors: list[int] = []
    den = 1
    if payments > 1:
        factors, den = accrual.factors(period + 1, period + payments - 1, rate)
    return Annuity(owed.as_integer_ratio(), factors, den)


def falls_short(state: LaneState, lanes: Ints) -> Bools:
    """Whether an instalment that was given may not cover the interest of some period to come.

    Then the earlier terms may be refused, whatever is agreed now.
    """
    if state.method != "level" or state.context.program.negative_amortisation:
        return np.zeros(len(lanes), dtype=np.bool_)
    most = state.context.due_dates.shares.max(axis=1)[state.timetable_of[lanes]]
    factor = state.context.rates.approx[state.rate[lanes]] * most
    short = state.amount[lanes] < state.bearing(lanes) * factor + 1
    unsure: Bools = short & ((state.highest[lanes] < 0) | (factor > STEEP))
    return unsure


def flag_shortfall(state: LaneState, lanes: Ints) -> None:
    """Note where an instalment may fall short of the interest of a period."""
    if state.method == "level":
        due_dates = state.context.due_dates
        most = due_dates.shares.max(axis=1)[state.timetable_of[lanes]]
        interest = state.bearing(lanes) * state.context.rates.approx[state.rate[lanes]] * most
        state.may_fall_short[lanes] |= (state.amount[lanes] < interest + 1) & (
            state.last[lanes] > 0
        )


def project(state: LaneState, lanes: Ints, period: Ints) -> None:
    """Find the last payment if the instalment stays as it is, from due date `period` on."""
    if state.method in WITHOUT_INSTALMENT or not len(lanes):
        return
    keep_amount(state, lanes)
    last, rest = _look_ahead(
        state, lanes, period, np.full_like(lanes, state.context.due_dates.periods)
    )
    kept = ~state.fallback[lanes]
    state.last[lanes[kept]] = (last - absorbs(state, lanes, period, last, rest))[kept]


def shorten(state: LaneState, lanes: Ints, period: Ints) -> None:
    """Find the last payment if the instalment stays as it is, and the debt became smaller."""
    if state.method in WITHOUT_INSTALMENT or not len(lanes):
        return
    last, rest = _look_ahead(state, lanes, period, np.maximum(state.last[lanes], period))
    kept = ~state.fallback[lanes]
    state.last[lanes[kept]] = (last - absorbs(state, lanes, period, last, rest))[kept]


def absorbs(state: LaneState, lanes: Ints, period: Ints, last: Ints, rest: Floats) -> Bools:
    """Whether the payment before the last one takes the remainder, as the engine has it.

    `period` is the first payment of the plan, `rest` the balance before the last one.
    """
    context = state.context
    program, payments = context.program, last - 1
    instalment, rate = rounded_off(program), state.rate[lanes]
    period_length = program.accrual.timetable.period_length
    grows = state.method == "level" and state.base is None
    approx = payments.astype(np.float64)
    if grows:
        factor = context.rates.approx[rate] * float(period_length)
        subset = factor > 0
        growth = np.minimum(payments[subset] * np.log1p(factor[subset]), 700)
        approx[subset] = np.expm1(growth) / factor[subset]
    approx *= float(instalment)
    possible = (payments >= period) & (rest <= state.amount[lanes])
    found: Bools = possible & (rest <= approx)
    unsure = possible & (np.abs(rest - approx) <= approx * CLOSE + CLOSE)
    for place in np.flatnonzero(unsure).tolist():
        exact = context.rates.exact[rate[place]] * period_length if grows else Fraction(0)
        found[place] = int(rest[place]) <= instalment * grown_payments(exact, int(payments[place]))
    return found


def _look_ahead(state: LaneState, lanes: Ints, period: Ints, most: Ints) -> tuple[Ints, Floats]:
    """Return the due date that repays each lane, at `most` a number, and the balance before it.

    Lanes in which an instalment does not cover the interest, or that are not repaid on any due date
    that is known, fall back to the engine.
    """
    due_dates, parts = state.context.due_dates, state.method in BY_PARTS
    state.rejoin(lanes)
    balance = state.balance[lanes].copy()
    base = None if state.base is None else state.base[lanes]
    number, rest = period.copy(), balance.copy()
    going = np.arange(len(lanes))
    first = True
    while len(going):
        subset, at = lanes[going], number[going]
        if first:
            interest = state.interest(subset, at)[0]
        else:
            bearing = balance[going] if base is None else base[going]
            shares = (
                due_dates.numerators[state.timetable_of[subset], at],
                due_dates.denominators[state.timetable_of[subset], at],
            )
            interest = state.rounded(state.rate[subset], bearing, *shares)
        first = False
        asked = state.amount[subset] if parts else state.amount[subset] - interest
        rest[going] = balance[going]
        principal = np.minimum(asked, balance[going])
        balance[going] -= principal
        done = (balance[going] == 0) | (at >= most[going])
        lost = (principal < 0) | (~done & (at >= due_dates.periods))
        state.fall_back(subset[lost | ((balance[going] > 0) & (at >= due_dates.periods))])
        going = going[~(done | lost)]
        number[going] += 1
    return number, rest
