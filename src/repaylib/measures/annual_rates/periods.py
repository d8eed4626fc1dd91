"""Periods of a year and times of flows, as rules of annual percentage rates count and write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from repaylib.dates.apr_years import Parts
from repaylib.dates.unit_periods import Unit, unit_of
from repaylib.measures.cash_flows import periods_of
from repaylib.measures.credit import Credit
from repaylib.money.rounding import context_of, round_significant
from repaylib.rates.cash_flow_equation import Exact
from repaylib.rates.rate import Rate
from repaylib.typing import CountedIn

__all__ = [
    *(
        "APR_DIGITS",
        "PER_YEAR",
        "UNITS",
        "AnnualRate",
        "ProofRow",
        "Time",
        "effective_rate",
        "in_parts",
        "in_units",
    ),
    *("periods_to", "present_values", "rate_of_period", "shortened", "to_effective", "to_nominal"),
]

APR_DIGITS = 12
_WIDE = context_of(40)

#: The lengths of a unit-period.
UNITS: dict[str, Unit] = {
    "day": Unit(1, "day"),
    "week": Unit(1, "week"),
    "2 weeks": Unit(2, "week"),
    "4 weeks": Unit(4, "week"),
    "half_month": Unit(1, "half month"),
    "month": Unit(1, "month"),
    "2 months": Unit(2, "month"),
    "quarter": Unit(3, "month"),
    "half_year": Unit(6, "month"),
    "year": Unit(12, "month"),
}
#: How many intervals a year has.
PER_YEAR: dict[CountedIn, Fraction] = {
    "week": Fraction(52),
    "month": Fraction(12),
    "year": Fraction(1),
    "day": Fraction(365),
}


class AnnualRate(NamedTuple):
    """The rate of a credit by a rule: as the rule states it, nominal and effective, by which period."""

    stated: Decimal
    nominal: Decimal
    effective: Decimal
    period: str


class Time(NamedTuple):
    """When something flows: after so many whole periods and a part of one, as it is written."""

    whole: Fraction
    part: Fraction
    text: str


class ProofRow(NamedTuple):
    """A flow of the equation: its day, the amount in minor units, its time, and what that makes of it.

    Attributes
    ----------
    weight
        Of the value in an average.
    """

    date: date
    amount: Exact
    time: str
    value: Fraction
    weight: Fraction = Fraction(1)


def to_effective(nominal: Decimal, per_year: Fraction) -> Decimal:
    """Return the effective rate of a nominal one, to 12 digits.

    Examples
    --------
    >>> to_effective(Decimal("0.12"), Fraction(12))
    Decimal('0.126825030132')
    """
    if nominal == 0:
        return Decimal(0)
    times = _WIDE.divide(Decimal(per_year.numerator), per_year.denominator)
    power = _WIDE.multiply(times, _WIDE.ln(_WIDE.add(1, _WIDE.divide(nominal, times))))
    return round_significant(Fraction(_WIDE.subtract(_WIDE.exp(power), 1)), APR_DIGITS)


def effective_rate(rate: Fraction, per_year: Fraction, effective: bool) -> Fraction:
    """Return the effective rate of one per year that is nominal or `effective`."""
    return rate if effective else Fraction(to_effective(round_significant(rate, 40), per_year))


def to_nominal(effective: Decimal, per_year: Fraction) -> Decimal:
    """Return the nominal rate of an effective one, to 12 digits.

    Examples
    --------
    >>> to_nominal(Decimal("0.126825030131969720661201"), Fraction(12))
    Decimal('0.12')
    """
    if effective == 0:
        return Decimal(0)
    times = _WIDE.divide(Decimal(per_year.numerator), per_year.denominator)
    root = _WIDE.exp(_WIDE.divide(_WIDE.ln(_WIDE.add(1, effective)), times))
    return round_significant(Fraction(_WIDE.multiply(times, _WIDE.subtract(root, 1))), APR_DIGITS)


def periods_to(
    credit: Credit, unit: Unit | None, *, parts: bool = False
) -> tuple[list[Fraction], Fraction, str]:
    """Return the time of each flow in periods, how many a year has, and what they are called.

    They are the periods of the loan or, without one, the unit-periods that the days fall into;
    where they fall into none, `parts` of unit-periods or days, 365 a year.
    """
    schedule = credit.schedule
    if schedule is not None and unit is None and schedule.loan.timetable.share is not None:
        numbers: dict[date, int] = dict(
            zip(schedule.accrual_dates.tolist(), schedule.columns["number"].tolist(), strict=True)
        )
        known = [numbers.get(day, 0) for day in credit.days]
        period_length = schedule.loan.timetable.period_length
        return (
            periods_of(schedule, credit.days, known),
            1 / period_length,
            _period_name(period_length),
        )
    unit = unit or unit_of(credit.days, single=credit.single)
    found = [unit.elapsed(credit.start, day) for day in credit.days]
    if parts:
        return [whole + part for whole, part in found], unit.per_year, str(unit)
    if any(part for _, part in found):
        unit = Unit(1, "day")
        found = [unit.elapsed(credit.start, day) for day in credit.days]
    return [Fraction(whole) for whole, _ in found], unit.per_year, str(unit)


def _period_name(length: Fraction) -> str:
    """Return the name of a period that is this part of a year."""
    for kind in ("month", "week", "day"):
        count = length * Unit(1, kind).per_year
        if count.denominator == 1:
            return str(Unit(int(count), kind))
    return "half month" if length == Fraction(1, 24) else f"{length} of a year"


def rate_of_period(rate: Fraction, per_year: Fraction, effective: bool) -> Fraction:
    """Return the rate of a period, of one per year that is nominal or `effective`."""
    if effective:
        rate = Rate(rate, "effective").nominal(1 / per_year)
    return rate / per_year


def present_values(credit: Credit, times: Sequence[Time], rate: Fraction) -> list[ProofRow]:
    """Return each flow with its present value at the rate of a period, simple within a part of one."""
    num, den = (1 + rate).as_integer_ratio()
    log_growth = _WIDE.ln(_WIDE.divide(num, den))
    rows = []
    for day, amount, time in zip(credit.days, credit.amounts, times, strict=True):
        whole = _WIDE.divide(time.whole.numerator, time.whole.denominator)
        growth = Fraction(_WIDE.exp(_WIDE.multiply(log_growth, whole)))
        growth *= 1 + time.part * rate
        rows.append(ProofRow(day, amount, time.text, Fraction(amount) / growth))
    return rows


def shortened(number: Fraction) -> Fraction:
    """Return a number to 40 digits."""
    return Fraction(_WIDE.divide(number.numerator, number.denominator))


def in_units(whole: Fraction | int, part: Fraction, unit: Unit) -> str:
    """Return a time in unit-periods as it is counted: ``"1 + 19/30"``.

    Examples
    --------
    >>> in_units(1, Fraction(20, 30), Unit(1, "month")), in_units(0, Fraction(0), Unit(1, "day"))
    ('1 + 20/30', '0')
    """
    lengths = [unit.length, 12, 365, part.denominator]
    length = next(each for each in lengths if (part * each).denominator == 1)
    texts = [str(whole)] * bool(whole) + [f"{part * length}/{length}"] * bool(part)
    return " + ".join(texts) or "0"


def in_parts(parts: Parts) -> str:
    """Return a time in years as it is counted: ``"2/12 + 22/365"``.

    Examples
    --------
    >>> in_parts([(2, 12), (22, 365)]), in_parts([(-1, 12), (-3, 366)]), in_parts([(0, 12)])
    ('2/12 + 22/365', '-1/12 - 3/366', '0')
    """
    text = ""
    for count, length in parts:
        if count:
            size = f"{abs(count)}/{_plain(length)}" if length != 1 else f"{abs(count)}"
            sign = ("-" if count < 0 else "") if not text else (" - " if count < 0 else " + ")
            text += sign + size
    return text or "0"


def _plain(length: int | Fraction) -> str:
    """Return the days of a year as a decimal: ``"365.25"``."""
    number = Fraction(length)
    return f"{_WIDE.normalize(_WIDE.divide(number.numerator, number.denominator)):f}"
