r"""The rules of annual percentage rates, each one entry of ``RULES`` at the end of the file.

A rule says which law it comes from and how it shows the rate, and computes it. Four kinds of rule
do so for the six of today.

Appendix J to Regulation Z solves for the rate :math:`i` of a unit-period,

.. math:: \sum_k \frac{A_k}{(1 + e_k i)(1 + i)^{q_k}} = \sum_j \frac{P_j}{(1 + f_j i)(1 + i)^{t_j}}

with advances :math:`A_k` and payments :math:`P_j` after so many whole unit-periods :math:`q_k` or
:math:`t_j` and a part :math:`e_k` or :math:`f_j` of one; the rate is :math:`i` times the unit-periods
of a year. The European Union and the United Kingdom solve for an effective rate per year, :math:`X`,

.. math:: \sum_k C_k (1 + X)^{-t_k} = \sum_l D_l (1 + X)^{-s_l}

and count the years to advances :math:`C_k` and payments :math:`D_l` differently. In China, with the
internal rate of return :math:`i` of a period and :math:`m` periods a year, the compound rate is
:math:`(1 + i)^m - 1` and the simple one :math:`m\,i`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import expm1
from typing import NamedTuple

from repaylib.dates.apr_years import COUNTED_IN, eu_years, regular_interval, uk_years
from repaylib.dates.unit_periods import Unit, unit_of
from repaylib.errors import AmountError, Phrase, TermsError, check_word
from repaylib.measures.cash_flows import equation, periods_of
from repaylib.measures.credit import Credit, chosen, told_apart
from repaylib.measures.regulation_z import LOWEST_UNIT_RATE, Discounted, Simple
from repaylib.money.amounts import NO_CURRENCY, parse_amount
from repaylib.money.rounding import context_of, round_significant
from repaylib.rates.cash_flow_equation import Equation
from repaylib.rates.rate import Rate
from repaylib.rates.root_finding import EXPONENT_LIMIT, Roots, certified_root
from repaylib.typing import AprRule, CountedIn, RateMeasure

__all__ = ["APR_DIGITS", "RULES", "AnnualRate", "RateRule", "rule_for", "to_effective"]

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


@dataclass(frozen=True, kw_only=True)
class RateRule(ABC):
    """A rule of an annual percentage rate. Its word is its key in ``RULES``.

    Attributes
    ----------
    text
        The law that it comes from.
    measure
        ``"nominal"`` (the rate of a period times the periods of a year), ``"effective"`` (with
        interest on interest) or ``"simple"`` (nominal, and to be called simple).
    decimals
        Of the per cent shown.
    label
        What the rate is called.
    currencies
        Those that mean this rule: the money of its country, or union. Of two rules of one country
        it is the one that its law explains by an example.
    spellings
        Other names of the rule.
    """

    text: str
    measure: RateMeasure
    decimals: int
    label: str
    currencies: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()

    @abstractmethod
    def rate(self, credit: Credit, period: str | None, year_days: object) -> AnnualRate:
        """Return the rate of a credit; `period` and `year_days` are those of :func:`repaylib.apr`."""

    def present_value(self, credit: Credit, rate: Fraction, *, effective: bool) -> int:
        """Return the present value of a credit to the lender, on the day of the first advance.

        Parameters
        ----------
        rate
            Per year, nominal or `effective`.

        Returns
        -------
        int
            In minor units, or in hundredths of what flows are given in.
        """
        times, per_year, _ = periods_to(credit, None)
        flows = equation(credit.amounts, times)
        return flows.present_value(_rate_of_period(rate, per_year, effective), _decimals(credit))

    @property
    def word(self) -> AprRule:
        """The word that selects the rule."""
        return next(word for word, rule in RULES.items() if rule is self)


@dataclass(frozen=True, kw_only=True)
class UnitPeriodRule(RateRule):
    """A rate that is a number of unit-periods times the rate of one."""

    def _to_unit(self, period: str | None, year_days: object) -> Unit | None:
        if year_days is not None:
            expected = Phrase('none with rule="{}", which counts unit-periods', self.word)
            raise TermsError("year_days", year_days, expected, "leave it out")
        return None if period is None else UNITS[check_word("period", period, UNITS)]

    def _annual(
        self, credit: Credit, unit: Unit, roots: Roots, sign: Callable[[Fraction], int]
    ) -> AnnualRate:
        """Return the rate of a year; the roots are those of the unit-period."""
        times, lowest = unit.per_year, Fraction(LOWEST_UNIT_RATE)
        estimate = Fraction(expm1(min(chosen(roots, credit), EXPONENT_LIMIT))) * times
        with told_apart(credit):
            rate = certified_root(estimate, lambda r: sign(max(r / times, lowest)), APR_DIGITS)
        return AnnualRate(rate, rate, to_effective(rate, times), str(unit))


class ActuarialRule(UnitPeriodRule):
    """The actuarial method of Regulation Z."""

    def rate(self, credit: Credit, period: str | None, year_days: object) -> AnnualRate:
        """Return the rate by Appendix J."""
        unit = self._to_unit(period, year_days)
        credit = credit.from_the_advance(self.word)
        flows, unit = self._discounted(credit, unit)
        roots = flows.zeros() if any(part for _, part in flows.times) else None
        if roots is None:
            roots = equation(credit.amounts, [whole for whole, _ in flows.times]).zeros()
        return self._annual(credit, unit, roots, flows.sign)

    def present_value(self, credit: Credit, rate: Fraction, *, effective: bool) -> int:
        """Return it by the equation of Appendix J."""
        flows, unit = self._discounted(credit, None)
        return flows.present_value(
            _rate_of_period(rate, unit.per_year, effective), _decimals(credit)
        )

    def _discounted(self, credit: Credit, unit: Unit | None) -> tuple[Discounted, Unit]:
        unit = unit or unit_of(credit.days, single=credit.single)
        times = [unit.elapsed(credit.start, day) for day in credit.days]
        return Discounted(credit.amounts, times), unit


class UnitedStatesRule(UnitPeriodRule):
    """The United States Rule: interest that is not paid bears no interest."""

    def rate(self, credit: Credit, period: str | None, year_days: object) -> AnnualRate:
        """Return the rate at which the payments repay the credit."""
        unit = self._to_unit(period, year_days)
        credit = credit.from_the_advance(self.word)
        unit = unit or unit_of(credit.days, single=credit.single)
        counted = [unit.elapsed(credit.start, day) for day in credit.days]
        elapsed = [whole + part for whole, part in counted]
        segments = [max(end - start, Fraction(0)) for start, end in pairwise(elapsed)]
        flows = Simple(credit.amounts, segments)
        return self._annual(credit, unit, flows.zeros(), flows.sign)


class ReturnRule(UnitPeriodRule):
    """The internal rate of return of a period, compound or simple."""

    def rate(self, credit: Credit, period: str | None, year_days: object) -> AnnualRate:
        """Return the effective or the nominal rate of the internal rate of return."""
        unit = self._to_unit(period, year_days)
        credit = credit.from_the_advance(self.word)
        times, per_year, name = periods_to(credit, unit)
        years = equation(credit.amounts, [time / per_year for time in times])
        periods = equation(credit.amounts, times)
        log_growth = chosen(periods.zeros(), credit)
        with told_apart(credit):
            near = Fraction(periods.rate(log_growth, APR_DIGITS)) * per_year
            nominal = certified_root(near, lambda r: periods.sign(r / per_year), APR_DIGITS)
            effective = years.rate(log_growth * float(per_year), APR_DIGITS)
        stated = effective if self.measure == "effective" else nominal
        return AnnualRate(stated, nominal, effective, name)


@dataclass(frozen=True, kw_only=True)
class YearsRule(RateRule):
    """An effective rate over the years to each flow; `years` counts them."""

    years: Callable[[date, date, CountedIn, Fraction | None], Fraction]

    def rate(self, credit: Credit, period: str | None, year_days: object) -> AnnualRate:
        """Return the rate by Annex I of Directive 2008/48/EC, or by CONC App 1.2."""
        counted_in = None if period is None else check_word("period", period, COUNTED_IN)
        flows, word = self._equation(credit, counted_in, _to_year(year_days))
        log_growth = chosen(flows.zeros(), credit)
        with told_apart(credit):
            rate = flows.rate(log_growth, APR_DIGITS)
        return AnnualRate(rate, to_nominal(rate, PER_YEAR[word]), rate, word)

    def present_value(self, credit: Credit, rate: Fraction, *, effective: bool) -> int:
        """Return it at an effective rate over the years to each flow."""
        flows, word = self._equation(credit, None, None)
        if not effective:
            rate = Fraction(to_effective(round_significant(rate, 40), PER_YEAR[word]))
        return flows.present_value(rate, _decimals(credit))

    def _equation(
        self, credit: Credit, counted_in: CountedIn | None, year: Fraction | None
    ) -> tuple[Equation, CountedIn]:
        word = counted_in or regular_interval(credit.days)
        times = [self.years(credit.start, day, word, year) for day in credit.days]
        return equation(credit.amounts, times), word


RULES: dict[AprRule, RateRule] = {
    "reg_z": ActuarialRule(
        text="Regulation Z, 12 CFR 1026.22 and Appendix J, actuarial method",
        measure="nominal",
        decimals=2,
        label="APR",
        currencies=("USD",),
        spellings=("regz", "us"),
    ),
    "us_rule": UnitedStatesRule(
        text="Regulation Z, 12 CFR 1026.22(a), United States Rule",
        measure="nominal",
        decimals=2,
        label="APR",
        spellings=("usrule",),
    ),
    "eu": YearsRule(
        text="Directive 2008/48/EC Annex I, Directive (EU) 2023/2225 Annex III",
        measure="effective",
        decimals=1,
        label="APRC",
        currencies=("EUR", "BGN", "CZK", "DKK", "HUF", "PLN", "RON", "SEK"),
        spellings=("aprc",),
        years=eu_years,
    ),
    "uk": YearsRule(
        text="FCA Handbook CONC App 1.2",
        measure="effective",
        decimals=1,
        label="APR",
        currencies=("GBP",),
        years=uk_years,
    ),
    "cn_irr": ReturnRule(
        text="People's Bank of China announcement 2021 No. 3, internal rate of return",
        measure="effective",
        decimals=2,
        label="annualised rate (compound, 复利)",
        currencies=("CNY",),
        spellings=("cn",),
    ),
    "cn_simple": ReturnRule(
        text="People's Bank of China announcement 2021 No. 3, simple",
        measure="simple",
        decimals=2,
        label="annualised rate (simple, 单利)",
    ),
}


def rule_for(rule: object, currency: str = NO_CURRENCY) -> AprRule:
    """Return the rule that is given or, if none is, the one that a currency means.

    Raises
    ------
    RepayError
        If there is no such rule, or neither says which.

    Examples
    --------
    >>> rule_for(None, "USD"), rule_for("uk", "USD")
    ('reg_z', 'uk')
    """
    if rule is not None:
        spellings = {other: word for word, known in RULES.items() for other in known.spellings}
        return check_word("rule", rule, tuple(RULES), spellings)
    for word, known in RULES.items():
        if currency in known.currencies:
            return word
    listed = ", ".join(f'"{word}"' for word in RULES)
    raise TermsError(
        "rule",
        rule,
        Phrase("the rule of a country, {}; none follows from amounts without a currency", listed)
        if currency == NO_CURRENCY
        else Phrase("the rule of a country, {}; none follows from amounts of {}", listed, currency),
        'write such as rule="eu", or give a loan with its currency, Loan(..., currency="EUR")',
    )


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


def periods_to(credit: Credit, unit: Unit | None) -> tuple[list[Fraction], Fraction, str]:
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
        period_length = schedule.loan.timetable.period_length
        return (
            periods_of(schedule, credit.days, known),
            1 / period_length,
            _period_name(period_length),
        )
    unit = unit or unit_of(credit.days, single=credit.single)
    found = [unit.elapsed(credit.start, day) for day in credit.days]
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


def _rate_of_period(rate: Fraction, per_year: Fraction, effective: bool) -> Fraction:
    if effective:
        rate = Rate(rate, "effective").nominal(1 / per_year)
    return rate / per_year


def _decimals(credit: Credit) -> int:
    return 0 if credit.schedule else 2


def _to_year(days: object) -> Fraction | None:
    if days is None:
        return None
    number = days if isinstance(days, Fraction) else Fraction(parse_amount(days, "year_days"))
    if not 360 <= number <= 366:
        raise AmountError(
            "year_days", days, "from 360 to 366 days", Phrase("write such as {}", '"365.25"')
        )
    return number
