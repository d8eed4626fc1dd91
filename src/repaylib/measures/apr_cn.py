r"""The annualised rate of China: the rate of a period, compound or simple.

With the internal rate of return :math:`i` of a period and :math:`m` periods a year, the compound rate is
:math:`(1 + i)^m - 1` and the simple one :math:`m\,i`.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from repaylib.dates.unit_periods import Unit, unit_of
from repaylib.measures.apr_value import APR_DIGITS, Apr
from repaylib.measures.cash_flows import equation, periods_of
from repaylib.measures.credit import Credit, chosen, told_apart
from repaylib.rates.root_finding import certified_root
from repaylib.typing import AprRule

__all__ = ["cn_apr", "periods_to"]


def cn_apr(credit: Credit, rule: AprRule, unit: Unit | None) -> Apr:
    """Return the rate by announcement 2021 No. 3, ``"cn_irr"`` or ``"cn_simple"``."""
    credit = credit.from_the_advance(rule)
    times, per_year, period = periods_to(credit, unit)
    years = equation(credit.amounts, [time / per_year for time in times])
    periods = equation(credit.amounts, times)
    grown = chosen(periods.zeros(), credit)
    with told_apart(credit):
        near = Fraction(periods.rate(grown, APR_DIGITS)) * per_year
        nominal = certified_root(near, lambda rate: periods.sign(rate / per_year), APR_DIGITS)
        effective = years.rate(grown * float(per_year), APR_DIGITS)
    return Apr(effective if rule == "cn_irr" else nominal, rule, nominal, effective, period)


def periods_to(credit: Credit, unit: Unit | None = None) -> tuple[list[Fraction], Fraction, str]:
    """Return the time of each flow in periods, how many a year has, and what they are called.

    They are the periods of the loan or, without one, the unit-periods that the days fall into;
    where they fall into none, days, 365 a year.
    """
    schedule = credit.schedule
    if schedule is not None and unit is None and schedule.loan.timetable.share is not None:
        numbers: dict[date, int] = dict(
            zip(schedule.accrual_dates.tolist(), schedule.columns["number"].tolist(), strict=True)
        )
        known = [numbers.get(day, 0) for day in credit.days]
        pace = schedule.loan.timetable.pace
        return periods_of(schedule, credit.days, known), 1 / pace, _named(pace)
    unit = unit or unit_of(credit.days, single=credit.single)
    found = [unit.elapsed(credit.start, day) for day in credit.days]
    if any(part for _, part in found):
        unit = Unit(1, "day")
        found = [unit.elapsed(credit.start, day) for day in credit.days]
    return [Fraction(whole) for whole, _ in found], unit.per_year, str(unit)


def _named(pace: Fraction) -> str:
    """Return what a period is called that is such a part of a year."""
    for kind in ("month", "week", "day"):
        count = pace * Unit(1, kind).per_year
        if count.denominator == 1:
            return str(Unit(int(count), kind))
    return "half month" if pace == Fraction(1, 24) else f"{pace} of a year"
