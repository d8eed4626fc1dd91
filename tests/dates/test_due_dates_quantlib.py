"""Due dates beside QuantLib's ``Schedule``: 5,000 random definitions.

Where the two differ, they differ by a convention; each is a predicate here and a line of the
table in ``docs/howto/loans/due_dates.rst``. A difference that no predicate expects fails the test.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest

import repaylib as rp
from repaylib.dates.business_days import Business
from repaylib.dates.due_dates import Conventions
from repaylib.dates.frequency import step_of
from repaylib.dates.generation import lay_out
from repaylib.dates.months import add_months, is_month_end
from repaylib.typing import BusinessDayConvention, Stub

ql = pytest.importorskip("QuantLib")

COUNT = 5_000
ROLLS: dict[BusinessDayConvention, int] = {
    "following": ql.Following,
    "modified_following": ql.ModifiedFollowing,
    "modified_following_bi_monthly": ql.HalfMonthModifiedFollowing,
    "preceding": ql.Preceding,
    "modified_preceding": ql.ModifiedPreceding,
}
CALENDARS = {
    "TARGET": ql.TARGET(),
    "London": ql.UnitedKingdom(),
    "New York": ql.UnitedStates(ql.UnitedStates.Settlement),
    "weekends": ql.WeekendsOnly(),
}
EVERY = {
    "day": (1, ql.Days),
    "10 days": (10, ql.Days),
    "week": (1, ql.Weeks),
    "2 weeks": (2, ql.Weeks),
    "month": (1, ql.Months),
    "2 months": (2, ql.Months),
    "quarter": (3, ql.Months),
    "half_year": (6, ql.Months),
    "year": (1, ql.Years),
    "2 years": (2, ql.Years),
}


@dataclass(frozen=True)
class Case:
    """A definition that both libraries read."""

    every: str
    start: date
    maturity: date
    stub: Stub
    month_end: bool
    first: date | None
    last_regular: date | None
    calendar: str | None
    roll: BusinessDayConvention

    @property
    def business(self) -> Business | None:
        return None if self.calendar is None else Business(bank(self.calendar), self.roll)


@cache
def bank(name: str) -> rp.Calendar:
    """Export a calendar of QuantLib as numpy has it."""
    low, high = there(date(2018, 1, 1)), there(date(2045, 12, 31))
    found = ql.Calendar.holidayList(CALENDARS[name], low, high, False)
    return rp.Calendar.parse(np.busdaycalendar("1111100", [day.to_date() for day in found]))


def there(day: date) -> Any:
    return ql.Date(day.day, day.month, day.year)


def case_of(random: Random) -> Case:
    every = random.choice(list(EVERY))
    start = date(2020, 1, 1) + timedelta(days=random.randrange(1500))
    if random.random() < 0.3:
        start = add_months(date(2020, 1, 31), random.randrange(48))
    step = step_of(every)
    average = step.days + step.months * 30.4
    maturity = start + timedelta(days=1 + random.randrange(int(average * random.randint(1, 14))))
    if random.random() < 0.5:
        whole = random.randint(1, 12)
        months, days = step.months * whole, step.days * whole
        maturity = add_months(start, months) + timedelta(days=days)
    first = last_regular = None
    stub: Stub = random.choice(["short_initial", "short_final"])
    if step.months and random.random() < 0.3:
        # Stubs that are stated: whole periods between two days, something before and after.
        first = start + timedelta(days=random.randint(1, 80))
        last_regular = add_months(first, step.months * random.randint(0, 10))
        maturity = last_regular + timedelta(days=random.randint(1, 80))
        stub = "both"
    return Case(
        every=every,
        start=start,
        maturity=maturity,
        stub=stub,
        month_end=bool(step.months) and random.random() < 0.4,
        first=first,
        last_regular=last_regular,
        calendar=random.choice([None, None, *CALENDARS]),
        roll=random.choice(list(ROLLS)),
    )


def own(case: Case) -> list[date]:
    """Return the days of payment."""
    table, payments = lay_out(
        case.start,
        case.every,
        first=case.first,
        last_regular=case.last_regular,
        maturity=case.maturity,
        stub=case.stub,
        conventions=Conventions(month_end=case.month_end, business=case.business),
    )
    days: list[date] = table.adjusted_dates(1, payments).tolist()
    return days


def theirs(case: Case) -> list[date]:
    """Return the days of QuantLib's schedule after the first."""
    stated = [there(day) for day in (case.first, case.last_regular) if day is not None]
    schedule = ql.Schedule(
        there(case.start),
        there(case.maturity),
        ql.Period(*EVERY[case.every]),
        ql.NullCalendar() if case.calendar is None else CALENDARS[case.calendar],
        ql.Unadjusted if case.calendar is None else ROLLS[case.roll],
        ql.Unadjusted if case.calendar is None else ROLLS[case.roll],
        ql.DateGeneration.Forward if case.stub == "short_final" else ql.DateGeneration.Backward,
        case.month_end,
        *stated,
    )
    return [day.to_date() for day in schedule][1:]


def merged(case: Case, days: list[date]) -> list[date]:
    """Keep one of the due dates that are paid on one day, and none that is paid on the start's."""
    start = case.start if case.business is None else case.business.day(case.start)
    return [day for day in dict.fromkeys(days) if day != start]


def counted_from(case: Case) -> date:
    """The day from which QuantLib counts its steps."""
    return case.start if case.stub == "short_final" else case.last_regular or case.maturity


def keeps_the_later_day(case: Case) -> bool:
    """QuantLib counts back from a day that a short month has; here the day agreed is kept."""
    end, agreed = counted_from(case), case.first or case.start
    cut = case.stub != "short_final" and is_month_end(end) and end.day < 31
    return cut and not case.month_end and max(agreed.day, case.start.day) > end.day


def is_a_month_end_by_business_days(case: Case) -> bool:
    """To QuantLib a month ends on its last business day; here on its last day."""
    if not case.month_end or case.calendar is None:
        return False
    end = counted_from(case)
    return not is_month_end(end) and CALENDARS[case.calendar].isEndOfMonth(there(end))


def is_a_month_end_at_the_end_alone(case: Case) -> bool:
    """QuantLib looks at the last regular due date; here at the first day, if steps lead to that."""
    agreed = case.first or case.start
    return case.month_end and is_month_end(counted_from(case)) and not is_month_end(agreed)


CONVENTIONS = (
    keeps_the_later_day,
    is_a_month_end_by_business_days,
    is_a_month_end_at_the_end_alone,
)


def test_the_due_dates_of_quantlib() -> None:
    random, found = Random(2024), Counter[str]()
    for _ in range(COUNT):
        case = case_of(random)
        days = own(case)
        if merged(case, days) == []:
            # Paid on the day of the start, all of it: QuantLib has no schedule for that.
            found["nothing left"] += 1
            continue
        there_days = list(dict.fromkeys(theirs(case)))
        if days == there_days:
            found["alike"] += 1
        elif merged(case, days) == there_days:
            found["merged"] += 1
        else:
            reasons = [each.__name__ for each in CONVENTIONS if each(case)]
            assert reasons, (case, days, there_days)
            found[reasons[0]] += 1
    assert found["alike"] > 0.9 * COUNT
    assert set(found) == {
        "alike",
        "merged",
        "nothing left",
        *(each.__name__ for each in CONVENTIONS),
    }


def test_the_nearest_business_day_is_a_rule_of_its_own() -> None:
    """QuantLib takes what is nearest, Strata (and this) the next one from Sunday and Monday only."""
    nearest = Business(bank("London"), "nearest")
    differ = []
    for offset in range(2_000):
        day = date(2020, 1, 1) + timedelta(days=offset)
        other = CALENDARS["London"].adjust(there(day), ql.Nearest).to_date()
        if nearest.day(day) != other:
            differ.append(day)
    assert differ
    # Only where holidays stand beside a weekend.
    assert all(day in bank("London").holidays or day.weekday() > 4 for day in differ)
