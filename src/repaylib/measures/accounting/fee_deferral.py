"""Fees and costs of the start, spread over the life of a loan: what of them is not yet income.

Each change of the schedule spreads what is then left over the schedule as changed. So a change alters no
entry before its day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from repaylib.engine.stepwise import unposted_on
from repaylib.errors import RootError, write
from repaylib.measures.accounting.effective_interest import (
    carrying_amounts,
    effective_rate,
    times_of,
)
from repaylib.money.rounding import round_fraction
from repaylib.schedule.schedule import Schedule
from repaylib.typing import Rounding

__all__ = ["SpreadBy", "unamortised_on"]

#: How fees are spread.
SpreadBy = Literal["effective", "straight_line"]

#: What is received in a row, with the sign of each column. What is waived or forgiven counts as
#: received, so that the loss is not spread with the fees.
RECEIVED = {
    **{"interest": 1, "deferred_interest": 1, "principal": 1},
    **{"waived": 1, "forgiven": 1, "forgiven_interest": 1},
    **{"advanced": -1, "arrears_interest": -1},
}


class Curve(NamedTuple):
    """The amount left on some days, in minor units; between them it falls evenly by days."""

    days: Sequence[date]
    left: Sequence[int]

    def on(self, day: date, rounding: Rounding) -> int:
        """Return the amount left on a day from the first one on."""
        place = bisect_right(self.days, day)
        if place == len(self.days):
            return self.left[-1]
        begun, ended = self.days[place - 1 : place + 1]
        before, after = self.left[place - 1 : place + 1]
        share = Fraction((day - begun).days, (ended - begun).days)
        return before + round_fraction((after - before) * share, rounding)


def unamortised_on(
    plan: Schedule, amount: int, days: Sequence[date], by: SpreadBy
) -> Iterator[int]:
    """Yield how much of an amount is left at the end of each day, in minor units.

    Parameters
    ----------
    plan
        The schedule.
    amount
        Fees deferred at the start, less costs; below zero if the costs are more.
    days
        The days, in order.
    by
        How it is spread: at the effective rate, or evenly.

    Raises
    ------
    RootError
        If no one effective rate fits.
    """
    rounding = plan.loan.rounding
    segments: list[tuple[date, Curve]] = []
    for begun, schedule in _stages(plan):
        left = segments[-1][1].on(begun, rounding) if segments else amount
        segments.append((begun, _curve(schedule, begun, left, by)))
    starts = [begun for begun, _ in segments]
    for day in days:
        yield segments[bisect_right(starts, day) - 1][1].on(day, rounding)


def _stages(plan: Schedule) -> list[tuple[date, Schedule]]:
    """Return the schedule as agreed at first and after each change, each with its first day.

    A change agreed later that takes effect earlier counts from the day of those before it.
    """
    schedule = Schedule(plan.loan)
    stages = {plan.loan.start: schedule}
    begun, end = plan.loan.start, plan.accrual_dates[-1].item()
    for number, (change, day) in enumerate(zip(plan.changes, plan.change_days, strict=True), 1):
        schedule = plan if number == len(plan.changes) else schedule.then(change)
        begun = min(max(begun, day), end)
        stages[begun] = schedule
    return list(stages.items())


def _curve(plan: Schedule, begun: date, left: int, by: SpreadBy) -> Curve:
    """Return how an amount that is left on a day falls to zero at the end of a schedule."""
    ends = plan.accrual_dates.tolist()
    first = bisect_right(ends, begun)
    if not left or first == len(ends):
        return Curve([begun], [0])
    if by == "straight_line":
        return Curve([begun, ends[-1]], [left, 0])
    columns = plan.columns
    received = [0] * len(ends)
    for name, sign in RECEIVED.items():
        received = [
            one + sign * other for one, other in zip(received, columns[name].tolist(), strict=True)
        ]
    owed = [
        closing + deferred
        for closing, deferred in zip(
            columns["closing"].tolist(), columns["deferred"].tolist(), strict=True
        )
    ]
    (accrued,) = unposted_on(plan.program, [begun])
    now = owed[first - 1] if first else plan.program.principal
    now += accrued.accrued - accrued.waived
    times = times_of(plan, [begun, *ends[first:]], by_period=plan.loan.timetable.share is not None)
    rate, others, _ = effective_rate([left - now, *received[first:]], times)
    if rate is None:
        raise RootError(
            "fees",
            "effective",
            "payments with one effective rate, net of fees and costs",
            write(fees="straight_line"),
            tuple(others),
        )
    values = carrying_amounts(rate, received[first:], times)[1:]
    carried = [round_fraction(Fraction(value), plan.loan.rounding) for value in values]
    gaps = [one - other for one, other in zip(owed[first:], carried, strict=True)]
    return Curve(*_last_of_each_day([begun, *ends[first:]], [left, *gaps]))


def _last_of_each_day(days: Sequence[date], left: Sequence[int]) -> tuple[list[date], list[int]]:
    """Return each day once, with what is left at its end."""
    found = dict(zip(days, left, strict=True))
    return list(found), list(found.values())
