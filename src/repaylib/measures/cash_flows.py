"""Flows of money, read from what is given or from a schedule.

They are seen from the lender, as spreadsheets have it: amounts lent are negative, what is paid for it
positive. The rates of a list do not depend on that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm
from operator import lt
from typing import Any, NamedTuple, Protocol

import numpy as np

from repaylib.dates.day_count import (
    BY_DAY,
    BY_PERIOD,
    denominator,
    numerators,
    parse_day_count,
    periods_share,
)
from repaylib.dates.days import is_coarse, parse_date
from repaylib.dates.due_dates import Timetable
from repaylib.errors import Phrase, TermsError, parse_items
from repaylib.money.amounts import parse_value
from repaylib.output.frozen import Frozen
from repaylib.portfolio.book.column_sources import listed
from repaylib.rates.cash_flow_equation import Equation, Exact
from repaylib.schedule.book import ONE_OF_A_BOOK, Book
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import DateLike, DayCount, Value

LEAST, MOST = 1e-24, 1e24  # between which floating point tells zero from not, and what money is

__all__ = [
    "Dated",
    "FlowsLike",
    "HasSchedule",
    "Undated",
    "add_exact",
    "dated",
    "plan_of",
    "schedule_of",
    "undated",
]


class HasSchedule(Protocol):
    """What has a schedule, as a settlement has that of the credit as it really ran."""

    @property
    def schedule(self) -> Schedule:
        """The schedule whose flows count."""


#: Flows with their days: pairs, a mapping from day to amount, or what has a schedule; or amounts.
FlowsLike = (
    Iterable[tuple[DateLike, Value]]
    | Mapping[DateLike, Value]
    | Iterable[Value]
    | Schedule
    | Loan
    | HasSchedule
)


class Dated(NamedTuple):
    """Flows on days, in order, one to a day and none of zero.

    Attributes
    ----------
    days
        Ordinals of the days.
    amounts
        Exact, seen from the lender.
    decimals
        Amounts are major units times ``10 ** decimals``.
    floats
        The amounts in floating point, if they are known.
    """

    days: Sequence[int]
    amounts: Sequence[Exact]
    decimals: int = 0
    floats: Sequence[float] | None = None

    def equation(
        self, day_count: DayCount = "actual/365", calendar: np.busdaycalendar | None = None
    ) -> Equation:
        """Return the equation of value, times in years under a day count."""
        if day_count in BY_DAY:
            scale, year = BY_DAY[day_count]
            if scale == 1:
                return Equation(self.amounts, self.days, year, self.floats)
            return Equation(self.amounts, [scale * day for day in self.days], year)
        first = self.days[0] if self.days else 1
        times = [self._share(first, day, day_count, calendar) for day in self.days]
        return equation(self.amounts, times)

    def years(
        self, day: date, day_count: DayCount, calendar: np.busdaycalendar | None = None
    ) -> Fraction:
        """Return the share of a year from the first flow to a day, below zero before it."""
        first = self.days[0] if self.days else day.toordinal()
        return self._share(first, day.toordinal(), day_count, calendar)

    def _share(
        self, first: int, day: int, day_count: DayCount, calendar: np.busdaycalendar | None
    ) -> Fraction:
        if day == first:  # also where a rule counts days from a month's end to itself
            return Fraction(0)
        if day < first:
            return -self._share(day, first, day_count, calendar)
        ends = (date.fromordinal(first), date.fromordinal(day))
        low, high = (np.array([end], "datetime64[D]") for end in ends)
        return Fraction(
            int(numerators(low, high, day_count, calendar)[0]),
            denominator(day_count),
        )

    def in_words(self) -> Phrase:
        """Return how many there are, and when."""
        if not self.days:
            return Phrase("no flows")
        first, last = (date.fromordinal(self.days[k]) for k in (0, -1))
        return Phrase("{} flows from {} to {}", len(self.days), first, last)

    def __str__(self) -> str:
        return str(self.in_words())


class Undated(NamedTuple):
    """Flows at times, which are counted in equal periods from the first.

    Attributes
    ----------
    times
        Shares of periods, in order, one to a flow.
    amounts
        Exact, seen from the lender, none of zero.
    decimals
        Amounts are major units times ``10 ** decimals``.
    floats
        The amounts in floating point, if they are known.
    """

    times: Sequence[Fraction | int]
    amounts: Sequence[Exact]
    decimals: int = 0
    floats: Sequence[float] | None = None

    def equation(self) -> Equation:
        """Return the equation of value, times in periods."""
        if isinstance(self.times, range):
            return Equation(self.amounts, self.times, 1, self.floats)
        return equation(self.amounts, self.times)

    def in_words(self) -> Phrase:
        """Return how many there are, and when."""
        if not self.times:
            return Phrase("no flows")
        return Phrase("{} flows over {} periods", len(self.amounts), self.times[-1])

    def __str__(self) -> str:
        return str(self.in_words())


def equation(amounts: Sequence[Exact], times: Sequence[Fraction | int]) -> Equation:
    """Return the equation of value of flows at exact times; flows of one time are added."""
    unit = lcm(*(time.denominator for time in times))
    sums: dict[int, Exact] = {}
    for amount, time in zip(amounts, times, strict=True):
        at = time.numerator * (unit // time.denominator)
        sums[at] = add_exact(sums[at], amount) if at in sums else amount
    kept = sorted((time, amount) for time, amount in sums.items() if amount)
    return Equation([amount for _, amount in kept], [time for time, _ in kept], unit)


def schedule_of(flows: object) -> Schedule | None:
    """Return the schedule that is meant: of a loan, or as it ends with a settlement."""
    if isinstance(flows, (list, tuple)):
        return None
    if isinstance(flows, Schedule):
        return flows
    if isinstance(flows, Loan):
        return Schedule(flows)
    meant = getattr(flows, "schedule", None)
    return meant if isinstance(meant, Schedule) else None


def plan_of(schedule: object) -> Schedule:
    """Return the schedule that is meant, or refuse what has none."""
    plan = schedule_of(schedule)
    if plan is None:
        hint = (
            ONE_OF_A_BOOK if isinstance(schedule, Book) else Phrase("write {}", "rp.amortise(loan)")
        )
        if _has_flows(schedule) and isinstance(getattr(schedule, "plan", None), Schedule):
            hint = Phrase("write {}, the schedule that it divides", "shared.plan")
        elif isinstance(getattr(schedule, "schedules", None), tuple):
            hint = Phrase("write {}", "combined.part(0)")
        raise TermsError("schedule", schedule, "a Schedule or a Loan", hint)
    return plan


def dated(flows: object, dates: object = None) -> Dated:
    """Read flows with their days; their order does not matter, and flows of one day are added.

    Raises
    ------
    RepayError
        If a day or an amount cannot be read, or there are more of the ones than of the others.
    """
    if (schedule := schedule_of(flows)) is not None:
        if dates is not None:
            raise TermsError(
                "dates", dates, "none with a schedule, which has its own", "leave it out"
            )
        return _dated_rows(schedule)
    days, amounts = _columns(flows, dates)
    if set(map(type, days)) <= {date}:
        numbers = list(map(date.toordinal, days))
    else:
        name = "flows" if dates is None else "dates"
        numbers = [parse_date(day, name).toordinal() for day in days]
    values, floats = _exact(amounts)
    if all(map(lt, numbers, numbers[1:])) and all(floats):
        return Dated(numbers, values, 0, floats)
    sums: dict[int, Exact] = {}
    for number, amount in zip(numbers, values, strict=True):
        sums[number] = add_exact(sums[number], amount) if number in sums else amount
    kept = sorted((number, amount) for number, amount in sums.items() if amount)
    return Dated([number for number, _ in kept], [amount for _, amount in kept])


def _exact(amounts: Sequence[Any]) -> tuple[Sequence[Exact], list[float]]:
    """Read amounts; return them, and beside them as floats."""
    if amounts and set(map(type, amounts)) <= {int, Decimal}:
        with suppress(OverflowError, ValueError):  # of what is no amount, as is then said
            floats = list(map(float, amounts))
            sizes = list(map(abs, floats))
            if min(sizes) > LEAST and sum(sizes) < MOST:  # of which no NaN is
                return amounts, floats
    values = [parse_value(amount, "flows") for amount in amounts]
    return values, list(map(float, values))


def _columns(flows: object, dates: object) -> tuple[Sequence[Any], Sequence[Any]]:
    """Return days and amounts, as many of the ones as of the others."""
    if dates is not None:
        amounts, days = _listed(flows, "flows"), _listed(dates, "dates")
        if len(amounts) != len(days):
            raise TermsError(
                "dates",
                Phrase("{} dates", len(days)),
                Phrase("as many as there are amounts, {}", len(amounts)),
                "give one day to each amount",
            )
        return days, amounts
    if isinstance(flows, Mapping):
        return list(flows), list(flows.values())
    listed = _listed(flows, "flows")
    for flow in listed:
        if not (isinstance(flow, (tuple, list)) and len(flow) == 2):
            raise TermsError(
                "flows",
                flow,
                "pairs of a day and an amount",
                'write [("2024-01-10", "-10000"), ...], or dates=[...] beside the amounts; '
                "for amounts at equal periods rp.irr(flows)",
            )
    return [day for day, _ in listed], [amount for _, amount in listed]


def _listed(values: object, parameter: str) -> Sequence[Any]:
    if isinstance(values, Book):
        raise TermsError(parameter, values, "flows of one loan", ONE_OF_A_BOOK)
    if isinstance(values, (list, tuple)):
        return values
    if _has_flows(values):
        where = Phrase("write {}, what the borrower pays", "shared.flows")
        raise TermsError(parameter, values, "flows, a schedule or a loan", where)
    if isinstance(values, np.ndarray) and values.ndim:
        if values.dtype.kind == "M":
            days = values.astype("datetime64[D]")
            whole = (days == values).all() and not is_coarse(values.dtype)
            return list(days.tolist() if whole else values)
        return list(values.tolist())
    if (found := listed(values)) is not None:
        return found
    hint = (
        "write a list"
        if parameter == "dates"
        else Phrase("write {}", '[("2024-01-10", "-10000"), ...]')
    )
    return parse_items(values, parameter, "flows, a schedule or a loan", hint)


def _has_flows(values: object) -> bool:
    """Whether it is a result that has flows beside its rows, such as a SharedCost."""
    return isinstance(values, Frozen) and isinstance(getattr(values, "flows", None), tuple)


def undated(flows: object) -> Undated:
    """Read amounts at equal periods, the first at once; of a schedule, its rows in its periods.

    Raises
    ------
    RepayError
        If an amount cannot be read; if a schedule has due dates that are listed.
    """
    if (schedule := schedule_of(flows)) is not None:
        return _undated_rows(schedule)
    if isinstance(flows, Mapping):
        raise _has_days(flows)
    listed = _listed(flows, "flows")
    for flow in listed:
        if isinstance(flow, (tuple, list)):
            raise _has_days(flow)
    values, floats = _exact(listed)
    if all(floats):
        return Undated(range(len(values)), values, 0, floats)
    kept = [(time, amount) for time, amount in enumerate(values) if amount]
    return Undated([time for time, _ in kept], [amount for _, amount in kept])


def _has_days(flows: object) -> TermsError:
    return TermsError(
        "flows",
        flows,
        "amounts alone, one for each period from the first on",
        Phrase("write {}", "rp.xirr(flows)"),
    )


def add_exact(one: Exact, other: Exact) -> Exact:
    """Return the exact sum of two amounts."""
    if type(one) is int and type(other) is int:
        return one + other
    return Fraction(one) + Fraction(other)


def _dated_rows(schedule: Schedule) -> Dated:
    days = [day.toordinal() for day in schedule.columns["date"].tolist()]
    sums = {schedule.loan.start.toordinal(): -schedule.opening_balance}
    for day, amount in zip(days, _net(schedule), strict=True):
        sums[day] = sums.get(day, 0) + amount
    kept = sorted((day, amount) for day, amount in sums.items() if amount)
    return Dated([day for day, _ in kept], [amount for _, amount in kept], schedule.loan.decimals)


def _net(schedule: Schedule) -> list[int]:
    """Return the amount paid on each row less the amount received, in minor units."""
    net: list[int] = schedule.columns["net"].tolist()
    return net


def _undated_rows(schedule: Schedule) -> Undated:
    amounts: list[int] = [-schedule.opening_balance]
    times: list[Fraction | int] = [0]
    numbers = schedule.columns["number"].tolist()
    spans = periods_of(schedule, schedule.accrual_dates.tolist(), numbers)
    for time, amount in zip(spans, _net(schedule), strict=True):
        if time == times[-1]:
            amounts[-1] += amount
        else:
            times.append(time)
            amounts.append(amount)
    kept = [(time, amount) for time, amount in zip(times, amounts, strict=True) if amount]
    return Undated(
        [time for time, _ in kept], [amount for _, amount in kept], schedule.loan.decimals
    )


def periods_of(
    schedule: Schedule, days: Sequence[date], numbers: Sequence[int] = ()
) -> list[Fraction]:
    """Return the number of periods of a loan from its start to each of some days, in order.

    A whole period is 1, part of one its share of that period's actual days.

    Parameters
    ----------
    numbers
        The numbers of those days that are due dates, and 0 for others, if they are known.

    Raises
    ------
    TermsError
        If due dates are listed, and so are no equal periods.
    """
    tables = schedule.ledger.timetables
    if tables[0].share is None:
        raise TermsError(
            "flows",
            Phrase("{}", schedule.loan),
            "equal periods, which due dates that are listed are not",
            "write rp.xirr(...), which counts days",
        )
    period_length = tables[0].period_length
    passed, spent, before = schedule.loan.start, Fraction(0), 0
    found = []
    for day, number in zip(days, numbers or [0] * len(days), strict=True):
        table = next(
            found for found in reversed(tables) if number > found.before or not found.before
        )
        if number == before + 1 and before >= table.before and table.whole(number):
            spent += table.period_length / period_length
        else:
            spent += _share(tables, passed, day) / period_length
        passed = max(passed, day)
        before = number or -1
        found.append(spent)
    return found


def _share(tables: Sequence[Timetable], start: date, end: date) -> Fraction:
    """Return the share of a year between two days, with regular periods counted whole."""
    share = Fraction(0)
    for k, table in enumerate(tables):
        low, high = max(start, table.start), end
        if k + 1 < len(tables):
            high = min(end, tables[k + 1].start)
        if low < high:
            share += periods_share(
                low, high, "pro_rata", table.regular_periods(low, high), table.period_length
            )
    return share


def check_day_count(day_count: str) -> DayCount:
    """Return the word of a day count of dated flows, which have no periods of their own."""
    word = parse_day_count(day_count)
    if word in BY_PERIOD:
        raise TermsError(
            "day_count",
            word,
            "one that counts days, as flows on days have no periods",
            Phrase("write {}", "rp.irr(flows)"),
        )
    return word
