r"""The kinds of rules of annual percentage rates; ``known_rules`` has the rule of each law.

A rule is an instance of a kind, the equation, with what its law says: how time is counted, how many
decimals are shown and how they are rounded, which charges count.

Appendix J to Regulation Z, as does Russia, solves for the rate :math:`i` of a unit-period,

.. math:: \sum_k \frac{A_k}{(1 + e_k i)(1 + i)^{q_k}} = \sum_j \frac{P_j}{(1 + f_j i)(1 + i)^{t_j}}

with advances :math:`A_k` and payments :math:`P_j` after so many whole unit-periods :math:`q_k` or
:math:`t_j` and a part :math:`e_k` or :math:`f_j` of one; the rate is :math:`i` times the unit-periods
of a year. Others solve for an effective rate per year, :math:`X`,

.. math:: \sum_k C_k (1 + X)^{-t_k} = \sum_l D_l (1 + X)^{-s_l}

and count the years to advances :math:`C_k` and payments :math:`D_l` differently. Others take the
internal rate of return :math:`i` of a period and :math:`m` periods a year: the compound rate is
:math:`(1 + i)^m - 1` and the simple one :math:`m\,i`. In the United States Rule and in Japan, interest
is simple between payments. Canada divides the cost :math:`C` by the years :math:`T` and the average
principal :math:`P`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import expm1
from typing import ClassVar

from repaylib.dates.apr_years import COUNTED_IN, Parts, regular_interval, years_of
from repaylib.dates.unit_periods import Unit, unit_of
from repaylib.errors import AmountError, Phrase, TermsError, check_word
from repaylib.measures.annual_rates.periods import (
    APR_DIGITS,
    PER_YEAR,
    UNITS,
    AnnualRate,
    ProofRow,
    Time,
    effective_rate,
    in_parts,
    in_units,
    periods_to,
    present_values,
    rate_of_period,
    shortened,
    to_effective,
    to_nominal,
)
from repaylib.measures.annual_rates.rate_rule import Powers, RateRule, decimals_of, worths_of
from repaylib.measures.annual_rates.regulation_z import LOWEST_UNIT_RATE, Discounted, Simple
from repaylib.measures.cash_flows import equation, periods_of
from repaylib.measures.credit import Credit, chosen, told_apart
from repaylib.money.amounts import parse_amount
from repaylib.money.rounding import round_significant
from repaylib.rates.root_finding import EXPONENT_LIMIT, Roots, certified_root
from repaylib.typing import CountedIn

__all__ = [
    *("ActuarialRule", "AverageRule", "BalanceRule", "ReturnRule", "YearsRule"),
]


@dataclass(frozen=True, kw_only=True)
class UnitPeriodRule(RateRule):
    """A rate that is a number of unit-periods times the rate of one.

    Attributes
    ----------
    weeks
        How many weeks a year has.
    """

    weeks: Fraction = Fraction(52)

    def _to_unit(self, period: str | None, year_days: object) -> Unit | None:
        if year_days is not None:
            expected = Phrase('none with rule="{}", which counts unit-periods', self.word)
            raise TermsError("year_days", year_days, expected, "leave it out")
        return None if period is None else UNITS[check_word("period", period, UNITS)]

    def per_year(self, unit: Unit) -> Fraction:
        """Return how many unit-periods a year has."""
        return self.weeks / unit.times if unit.kind == "week" else unit.per_year

    def _annual(
        self, credit: Credit, unit: Unit, roots: Roots, sign: Callable[[Fraction], int]
    ) -> AnnualRate:
        """Return the rate of a year; the roots are those of the unit-period."""
        times, lowest = self.per_year(unit), Fraction(LOWEST_UNIT_RATE)
        estimate = Fraction(expm1(min(chosen(roots, credit), EXPONENT_LIMIT))) * times
        with told_apart(credit):
            rate = certified_root(estimate, lambda r: sign(max(r / times, lowest)), APR_DIGITS)
        return AnnualRate(rate, rate, to_effective(rate, times), str(unit))


@dataclass(frozen=True, kw_only=True)
class ActuarialRule(UnitPeriodRule):
    """The actuarial method of Regulation Z.

    Attributes
    ----------
    on
        Whether months are counted on from the advance, and not back from each flow.
    """

    on: bool = False

    def rate(self, credit: Credit, period: str | None, year_days: object) -> AnnualRate:
        """Return the rate by Appendix J."""
        unit = self._to_unit(period, year_days)
        credit = credit.from_the_advance(self.word)
        flows, unit = self._discounted(credit, unit)
        roots = flows.zeros() if any(part for _, part in flows.times) else None
        if roots is None:
            roots = equation(credit.amounts, [whole for whole, _ in flows.times]).zeros()
        return self._annual(credit, unit, roots, flows.sign)

    def proof(
        self, credit: Credit, period: str | None, year_days: object, found: AnnualRate
    ) -> list[ProofRow]:
        """Return it with whole unit-periods, and the part of one."""
        flows, unit = self._discounted(credit, self._to_unit(period, year_days))
        return self._worths(credit, flows, unit, Fraction(found.nominal) / self.per_year(unit))

    def worths(self, credit: Credit, rate: Fraction, *, effective: bool) -> list[ProofRow]:
        """Return them by the equation of Appendix J."""
        flows, unit = self._discounted(credit, None)
        part = rate_of_period(rate, self.per_year(unit), effective)
        return self._worths(credit, flows, unit, part)

    def _worths(
        self, credit: Credit, flows: Discounted, unit: Unit, rate: Fraction
    ) -> list[ProofRow]:
        times = [
            Time(Fraction(whole), part, in_units(whole, part, unit)) for whole, part in flows.times
        ]
        return present_values(credit, times, rate)

    def powers(self, credit: Credit, period: str | None, year_days: object) -> Powers | None:
        """Return the equation of Appendix J."""
        flows, unit = self._discounted(
            credit.from_the_advance(self.word), self._to_unit(period, year_days)
        )
        wholes, parts = zip(*flows.times, strict=True)
        return Powers(wholes, self.per_year(unit), parts if any(parts) else ())

    def present_value(self, credit: Credit, rate: Fraction, *, effective: bool) -> int:
        """Return it by the equation of Appendix J."""
        flows, unit = self._discounted(credit, None)
        return flows.present_value(
            rate_of_period(rate, self.per_year(unit), effective), decimals_of(credit)
        )

    def _discounted(self, credit: Credit, unit: Unit | None) -> tuple[Discounted, Unit]:
        unit = unit or unit_of(credit.days, single=credit.single)
        times = [unit.elapsed(credit.start, day, on=self.on) for day in credit.days]
        return Discounted(credit.amounts, times), unit


@dataclass(frozen=True, kw_only=True)
class BalanceRule(UnitPeriodRule):
    """Simple interest from payment to payment, as in the United States Rule and in Japan.

    Attributes
    ----------
    joins
        Whether interest that a payment does not cover joins the balance, and bears interest.
    unit
        In what time is counted, if that does not follow from the flows.
    """

    proves: ClassVar[str] = "balance"

    joins: bool = False
    unit: Unit | None = None

    @property
    def counts(self) -> str:
        """In what time is counted, in words."""
        return super().counts if self.unit is None else f"{self.unit}s, of 365 a year"

    def rate(self, credit: Credit, period: str | None, year_days: object) -> AnnualRate:
        """Return the rate at which the payments repay the credit."""
        unit, credit, segments = self._segments(credit, self._to_unit(period, year_days))
        flows = Simple(credit.amounts, segments, joins=self.joins)
        return self._annual(credit, unit, flows.zeros(), flows.sign)

    def _segments(
        self, credit: Credit, unit: Unit | None
    ) -> tuple[Unit, Credit, Sequence[Fraction]]:
        credit = credit.from_the_advance(self.word)
        unit = unit or self.unit or unit_of(credit.days, single=credit.single)
        counted = [unit.elapsed(credit.start, day) for day in credit.days]
        elapsed = [whole + part for whole, part in counted]
        return unit, credit, [max(end - start, Fraction(0)) for start, end in pairwise(elapsed)]

    def proof(
        self, credit: Credit, period: str | None, year_days: object, found: AnnualRate
    ) -> list[ProofRow]:
        """Return it with the time since the flow before, and the balance after it, with its interest."""
        unit, credit, segments = self._segments(credit, self._to_unit(period, year_days))
        rate = Fraction(found.nominal) / self.per_year(unit)
        owed, accrued, rows = Fraction(0), Fraction(0), []
        lengths = [Fraction(0), *segments]
        for day, amount, time in zip(credit.days, credit.amounts, lengths, strict=True):
            accrued += owed * rate * time
            paid = accrued if self.joins else max(min(Fraction(amount), accrued), Fraction(0))
            accrued, owed = shortened(accrued - paid), shortened(owed - Fraction(amount) + paid)
            text = in_units(time // 1, time % 1, unit)
            rows.append(ProofRow(day, amount, text, owed + accrued))
        return rows

    def present_value(self, credit: Credit, rate: Fraction, *, effective: bool) -> int:
        """Return it at simple interest from payment to payment, where unpaid interest joins the balance."""
        if not self.joins:
            return super().present_value(credit, rate, effective=effective)
        worth = sum(row.value for row in self.worths(credit, rate, effective=effective))
        return round(worth * Fraction(10) ** decimals_of(credit))

    def worths(self, credit: Credit, rate: Fraction, *, effective: bool) -> list[ProofRow]:
        """Return them with the time since the flow before, over the growth until then."""
        if not self.joins:
            return super().worths(credit, rate, effective=effective)
        unit, credit, segments = self._segments(credit, None)
        part = rate_of_period(rate, self.per_year(unit), effective)
        growth, rows, lengths = Fraction(1), [], [Fraction(0), *segments]
        for day, amount, time in zip(credit.days, credit.amounts, lengths, strict=True):
            growth = shortened(growth * (1 + part * time))
            text = in_units(time // 1, time % 1, unit)
            rows.append(ProofRow(day, amount, text, Fraction(amount) / growth))
        return rows


@dataclass(frozen=True, kw_only=True)
class ReturnRule(UnitPeriodRule):
    """The internal rate of return of a period, compound or simple.

    Attributes
    ----------
    parts
        Whether a flow may come after a part of a period. If not, one that does has all counted in days.
    """

    parts: bool = False

    @property
    def counts(self) -> str:
        """In what time is counted, in words."""
        return "periods" if self.parts else "periods, or else days"

    def rate(self, credit: Credit, period: str | None, year_days: object) -> AnnualRate:
        """Return the effective or the nominal rate of the internal rate of return."""
        times, per_year, name = self._periods(credit, period, year_days)
        years = equation(credit.amounts, [time / per_year for time in times])
        periods = equation(credit.amounts, times)
        log_growth = chosen(periods.zeros(), credit)
        with told_apart(credit):
            near = Fraction(periods.rate(log_growth, APR_DIGITS)) * per_year
            nominal = certified_root(near, lambda r: periods.sign(r / per_year), APR_DIGITS)
            effective = years.rate(log_growth * float(per_year), APR_DIGITS)
        stated = effective if self.measure == "effective" else nominal
        return AnnualRate(stated, nominal, effective, name)

    def proof(
        self, credit: Credit, period: str | None, year_days: object, found: AnnualRate
    ) -> list[ProofRow]:
        """Return it with whole periods, and the part of one."""
        found_times, per_year, _ = self._periods(credit, period, year_days)
        unit = self._to_unit(period, year_days) or unit_of(credit.days, single=credit.single)
        times = [
            Time(time, Fraction(0), in_units(time // 1, time % 1, unit)) for time in found_times
        ]
        return present_values(credit, times, Fraction(found.nominal) / per_year)

    def worths(self, credit: Credit, rate: Fraction, *, effective: bool) -> list[ProofRow]:
        """Return them over the periods to each flow."""
        times, per_year, _ = self._periods(credit, None, None)
        return worths_of(credit, times, rate_of_period(rate, per_year, effective))

    def powers(self, credit: Credit, period: str | None, year_days: object) -> Powers | None:
        """Return it over periods or, for the effective rate, over years."""
        times, per_year, _ = self._periods(credit, period, year_days)
        if self.measure == "effective":
            return Powers([time / per_year for time in times], Fraction(1))
        return Powers(times, per_year)

    def present_value(self, credit: Credit, rate: Fraction, *, effective: bool) -> int:
        """Return it over the periods to each flow."""
        times, per_year, _ = self._periods(credit, None, None)
        flows = equation(credit.amounts, times)
        return flows.present_value(rate_of_period(rate, per_year, effective), decimals_of(credit))

    def _periods(
        self, credit: Credit, period: str | None, year_days: object
    ) -> tuple[list[Fraction], Fraction, str]:
        unit = self._to_unit(period, year_days)
        credit = credit.from_the_advance(self.word)
        times, per_year, name = periods_to(credit, unit, parts=self.parts)
        if "week" in name:
            per_year *= self.weeks / 52
        return times, per_year, name


@dataclass(frozen=True, kw_only=True)
class YearsRule(RateRule):
    """An effective rate over the years to each flow.

    Attributes
    ----------
    years
        Counts them.
    counted_in
        What is counted before days, if that does not follow from the flows.
    year
        The days of a year, if they are fixed.
    """

    in_years: ClassVar[bool] = True

    years: Callable[[date, date, CountedIn, Fraction | None], Parts]
    counted_in: CountedIn | None = None
    year: Fraction | None = None

    @property
    def counts(self) -> str:
        """In what time is counted, in words."""
        before = "" if self.counted_in == "day" else "months or weeks, then "
        return f"{before}days of {'365 or 366' if self.year is None else self.year}"

    def rate(self, credit: Credit, period: str | None, year_days: object) -> AnnualRate:
        """Return the rate by Annex I of Directive 2008/48/EC, or by CONC App 1.2."""
        times, word = self._years(credit, period, year_days)
        flows = equation(credit.amounts, times)
        log_growth = chosen(flows.zeros(), credit)
        with told_apart(credit):
            rate = flows.rate(log_growth, APR_DIGITS)
        return AnnualRate(rate, to_nominal(rate, PER_YEAR[word]), rate, word)

    def proof(
        self, credit: Credit, period: str | None, year_days: object, found: AnnualRate
    ) -> list[ProofRow]:
        """Return it with years, and the parts that they are made of."""
        parts, _ = self._parts(credit, period, year_days)
        return self._worths(credit, parts, Fraction(found.effective))

    def worths(self, credit: Credit, rate: Fraction, *, effective: bool) -> list[ProofRow]:
        """Return them over the years to each flow."""
        parts, word = self._parts(credit, None, None)
        return self._worths(credit, parts, effective_rate(rate, PER_YEAR[word], effective))

    def _worths(self, credit: Credit, parts: Sequence[Parts], rate: Fraction) -> list[ProofRow]:
        times = [Time(years_of(each), Fraction(0), in_parts(each)) for each in parts]
        return present_values(credit, times, rate)

    def powers(self, credit: Credit, period: str | None, year_days: object) -> Powers | None:
        """Return it over the years to each flow."""
        return Powers(self._years(credit, period, year_days)[0], Fraction(1))

    def present_value(self, credit: Credit, rate: Fraction, *, effective: bool) -> int:
        """Return it at an effective rate over the years to each flow."""
        times, word = self._years(credit, None, None)
        flows = equation(credit.amounts, times)
        return flows.present_value(
            effective_rate(rate, PER_YEAR[word], effective), decimals_of(credit)
        )

    def _years(
        self, credit: Credit, period: str | None, year_days: object
    ) -> tuple[list[Fraction], CountedIn]:
        parts, word = self._parts(credit, period, year_days)
        return [years_of(each) for each in parts], word

    def _parts(
        self, credit: Credit, period: str | None, year_days: object
    ) -> tuple[list[Parts], CountedIn]:
        counted_in = None if period is None else check_word("period", period, COUNTED_IN)
        word = counted_in or self.counted_in or regular_interval(credit.days)
        year = _to_year(year_days) or self.year
        return [self.years(credit.start, day, word, year) for day in credit.days], word


@dataclass(frozen=True, kw_only=True)
class AverageRule(UnitPeriodRule):
    """The cost of a credit over its years and the average of the principal, as in Canada."""

    proves: ClassVar[str] = "principal"
    by_flows: ClassVar[bool] = False
    in_years: ClassVar[bool] = True

    @property
    def counts(self) -> str:
        """In what time is counted, in words."""
        return "periods of interest"

    def rate(self, credit: Credit, period: str | None, year_days: object) -> AnnualRate:
        """Return the cost over the years and the average principal at the end of each period.

        Periods of unequal length weigh by it, so that without other cost it is the rate of interest.
        """
        rows = self._rows(credit, period, year_days)
        cost = sum((Fraction(amount) for amount in credit.amounts), Fraction(0))
        used = sum((row.value * row.weight for row in rows), Fraction(0))
        if not used:
            expected = "a loan that is owed for a time, as its cost is divided by it"
            raise TermsError("flows", f"{credit}", expected, "give a loan with later payments")
        rate = round_significant(cost / used, APR_DIGITS)
        _, per_year, name = periods_to(credit, None)
        return AnnualRate(rate, rate, to_effective(rate, per_year), name)

    def proof(
        self, credit: Credit, period: str | None, year_days: object, found: AnnualRate
    ) -> list[ProofRow]:
        """Return the end of each period with what is paid then, and the principal before that."""
        return self._rows(credit, period, year_days)

    def _rows(self, credit: Credit, period: str | None, year_days: object) -> list[ProofRow]:
        plan = credit.schedule
        if self._to_unit(period, year_days) or plan is None:
            expected = Phrase('the schedule alone, whose balances rule="{}" averages', self.word)
            given = ("flows", f"{credit}") if plan is None else ("period", period)
            raise TermsError(*given, expected, "give the loan or its schedule, and no period")
        paid = dict(zip(credit.days, credit.amounts, strict=True))
        days, columns = plan.accrual_dates.tolist(), plan.columns
        numbers, openings = columns["number"].tolist(), columns["opening"].tolist()
        if plan.loan.timetable.share is None:
            years = [Fraction((day - plan.loan.start).days, 365) for day in days]
        else:
            length = plan.loan.timetable.period_length
            years = [length * time for time in periods_of(plan, days, numbers)]
        rows, last = [], Fraction(0)
        for day, number, opening, time in zip(days, numbers, openings, years, strict=True):
            if number and opening:
                length, last = time - last, time
                rows.append(ProofRow(day, paid.get(day, 0), str(length), Fraction(opening), length))
        return rows


def _to_year(days: object) -> Fraction | None:
    if days is None:
        return None
    number = days if isinstance(days, Fraction) else Fraction(parse_amount(days, "year_days"))
    if not 360 <= number <= 366:
        raise AmountError(
            "year_days", days, "from 360 to 366 days", Phrase("write such as {}", '"365.25"')
        )
    return number
