"""The rates that are known to come, where one instalment is level over all of them.

Elsewhere a plan is computed at the rate of its day. Under steps with ``hold="level"`` it includes
the later rates, and a look ahead applies them on their days. The factors of an instalment are those of
its own day count, if it has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import lcm

from repaylib.dates.accrual import Accrual
from repaylib.engine.fold import Fold
from repaylib.engine.instructions import Event, NewRate, OldRate
from repaylib.engine.ledger import RatePeriod

__all__ = [
    "note_rate",
    "update_rate_stack",
    "scheduled_rates",
    "factors",
    "first_factor",
    "apply_due_rates",
    "advance",
]

#: The days on which rates begin, and the rates.
Rates = Sequence[tuple[date, Fraction]]


def scheduled_rates(fold: Fold) -> Rates:
    """Return the rates known to come, with the day up to which the rate before counts.

    A step to the rate that is in force already is left out: it must not split a period.
    """
    path = fold.program.path
    if not path or fold.rate_stack[-1][0] != 0:  # none, or a change of rate overrides them
        return ()
    accrual, before = fold.accrual, fold.rate
    found = []
    for day, rate in path[fold.met :]:
        nominal = rate.nominal(accrual.timetable.period_length)
        if day >= fold.accrued_to and nominal != before:
            found.append((accrual.rate_ends(day), nominal))
            before = nominal
    return found


def first_factor(fold: Fold) -> Fraction:
    """Return the interest factor of the rest of the open period."""
    rates = scheduled_rates(fold)
    if not rates:
        accrual = _solving(fold)
        return fold.rate * accrual.share(
            fold.period, fold.accrued_to, accrual.timetable.accrual_date(fold.period)
        )
    return _blend(fold, fold.period, fold.accrued_to, fold.rate, rates)


def factors(fold: Fold, low: int, high: int) -> tuple[list[int], int]:
    """Return the interest factors of whole periods `low` to `high`, over one denominator."""
    accrual = _solving(fold)
    rate, rates = fold.rate, scheduled_rates(fold)
    if not rates:
        return accrual.factors(low, high, rate)
    table = accrual.timetable
    pieces: list[tuple[list[int], int]] = []
    number = low
    while number <= high:
        opening = table.accrual_date(number - 1)
        while rates and rates[0][0] <= opening:
            rate, rates = rates[0][1], rates[1:]
        until = min(high, table.first_number_after(rates[0][0]) - 1) if rates else high
        if until >= number:
            pieces.append(accrual.factors(number, until, rate))
        else:
            until = number
            blended = _blend(fold, number, opening, rate, rates)
            pieces.append(([blended.numerator], blended.denominator))
        number = until + 1
    common = lcm(*(den for _, den in pieces))
    return [num * (common // den) for nums, den in pieces for num in nums], common


def _solving(fold: Fold) -> Accrual:
    """Return the due dates under the day count of the instalment."""
    other = fold.program.solved_under
    return fold.accrual if other is None else replace(fold.accrual, day_count=other)


def apply_due_rates(lookahead: Fold) -> None:
    """Apply the scheduled rates that begin before the next due date."""
    due = lookahead.accrual.timetable.accrual_date(lookahead.period)
    for day, rate in scheduled_rates(lookahead):
        if day < due:
            lookahead.accrue(day)
            lookahead.rate = rate


def advance(lookahead: Fold, high: int) -> None:
    """Process the next due date, or a run of regular periods up to `high`, at the scheduled rates."""
    rates = scheduled_rates(lookahead)
    if rates:
        apply_due_rates(lookahead)
        due = lookahead.accrual.timetable.accrual_date(lookahead.period)
        later = [day for day, _ in rates if day >= due]
        if later:
            before = (
                lookahead.accrual.timetable.first_number_after(later[0] - timedelta(days=1)) - 1
            )
            high = min(high, max(before, lookahead.period))
    lookahead.step(high)


def _blend(fold: Fold, number: int, start: date, rate: Fraction, rates: Rates) -> Fraction:
    """Return the interest factor of period `number` from a day on, over the rates within it."""
    share = _solving(fold).share
    end = fold.accrual.timetable.accrual_date(number)
    factor = Fraction(0)
    for day, later in rates:
        if day >= end:
            break
        if day > start:
            factor += rate * share(number, start, day)
            start = day
        rate = later
    return factor + rate * share(number, start, end)


def update_rate_stack(fold: Fold, order: NewRate | OldRate) -> None:
    """Begin or end the rate of a layer."""
    if isinstance(order, OldRate):
        fold.rate_stack = [layer for layer in fold.rate_stack if layer[0] != order.layer]
    elif any(number == order.layer for number, _ in fold.rate_stack):
        fold.rate_stack = [
            (n, order.rate if n == order.layer else rate) for n, rate in fold.rate_stack
        ]
    else:
        fold.rate_stack.append((order.layer, order.rate))


def note_rate(fold: Fold, event: Event) -> None:
    """Note the rate that holds from a day after the end on."""
    if isinstance(event.instruction, (NewRate, OldRate)):
        update_rate_stack(fold, event.instruction)
        fold.rate = fold.rate_stack[-1][1].nominal(fold.accrual.timetable.period_length)
        fold.ledger.rate_periods.append(RatePeriod(fold.accrual.rate_ends(event.day), fold.rate))
