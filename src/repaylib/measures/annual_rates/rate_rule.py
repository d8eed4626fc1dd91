"""What a law says of its annual percentage rate; ``rule_kinds`` has the kinds of equations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, NamedTuple

from repaylib.measures.annual_rates.periods import (
    AnnualRate,
    ProofRow,
    Time,
    periods_to,
    present_values,
    rate_of_period,
)
from repaylib.measures.cash_flows import equation
from repaylib.measures.credit import Credit
from repaylib.money.rounding import round_fraction
from repaylib.typing import AprRule, RateMeasure, Rounding

__all__ = ["Powers", "RateRule", "decimals_of", "worths_of"]


class Powers(NamedTuple):
    """An equation that discounts each flow by a power of the growth of a period, and a part of one.

    Attributes
    ----------
    times
        When each flow is, in periods.
    per_year
        The annual rate is the rate of a period times this.
    parts
        Of a period, after which each flow comes besides, at simple interest; none without any.
    """

    times: Sequence[Fraction | int]
    per_year: Fraction
    parts: Sequence[Fraction] = ()


@dataclass(frozen=True, kw_only=True)
class RateRule(ABC):
    """A rule of an annual percentage rate.

    Attributes
    ----------
    word
        Its word.
    country
        Of ISO 3166 or a union: ``"CN"``, ``"EU"``.
    text
        The law that it comes from.
    measure
        ``"nominal"`` (the rate of a period times the periods of a year), ``"effective"`` (with
        interest on interest) or ``"simple"`` (nominal, and to be called simple).
    decimals
        Of the per cent shown.
    label
        What the rate is called.
    rounding
        How it is rounded to those decimals.
    step
        The figure shown is a multiple of so many units of its last decimal: 125 of three decimals
        are an eighth.
    trailing_zeros
        Whether zeros at the end are shown.
    taxes
        Whether taxes are part of the price.
    apart
        Charges that the law leaves out, which are to be named by ``without=``.
    until
        The last day of contracts for which it holds, if the law has ended it.
    tolerances
        By how much a stated rate may differ, as a share, for regular and for irregular credits.
    currencies
        Those that mean this rule: the money of its country, or union. Of two rules of one country
        it is the one that its law explains by an example.
    spellings
        Other names of the rule.
    """

    word: AprRule
    country: str
    text: str
    measure: RateMeasure
    decimals: int
    label: str
    rounding: Rounding = "half_up"
    step: int = 1
    trailing_zeros: bool = True
    taxes: bool = True
    apart: str = ""
    until: date | None = None
    tolerances: tuple[Fraction, Fraction] | None = None
    currencies: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()

    #: What a proof shows of each flow: its ``"present_value"``, the ``"balance"`` after it, the ``"principal"``.
    proves: ClassVar[str] = "present_value"
    #: Whether flows alone have a rate, without the balances of a schedule.
    by_flows: ClassVar[bool] = True
    #: Whether a proof counts time in years, and not in periods.
    in_years: ClassVar[bool] = False

    @property
    def counts(self) -> str:
        """In what time is counted, in words."""
        return "unit-periods"

    @abstractmethod
    def rate(self, credit: Credit, period: str | None, year_days: object) -> AnnualRate:
        """Return the rate of a credit; `period` and `year_days` are those of :func:`repaylib.apr`."""

    @abstractmethod
    def proof(
        self, credit: Credit, period: str | None, year_days: object, found: AnnualRate
    ) -> list[ProofRow]:
        """Return each flow with its time and its value at the rate that was found."""

    def powers(self, credit: Credit, period: str | None, year_days: object) -> Powers | None:
        """Return the equation if it is one of powers, whose times many credits may share."""
        return None

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
        return flows.present_value(rate_of_period(rate, per_year, effective), decimals_of(credit))

    def worths(self, credit: Credit, rate: Fraction, *, effective: bool) -> list[ProofRow]:
        """Return each flow with its present value at a rate per year, as :meth:`present_value` adds them up."""
        times, per_year, _ = periods_to(credit, None)
        return worths_of(credit, times, rate_of_period(rate, per_year, effective))

    def shown(self, rate: Decimal | Fraction) -> Decimal:
        """Return a rate as the rule has it shown, as a share."""
        places = self.decimals + 2
        units = self.step * round_fraction(Fraction(rate) * 10**places / self.step, self.rounding)
        return self.written(units)

    def written(self, units: int) -> Decimal:
        """Return a rate of so many units of the last decimal that is shown, as a share."""
        places = self.decimals + 2
        while not self.trailing_zeros and places > 2 and units % 10 == 0:
            places, units = places - 1, units // 10
        return Decimal(f"{units}E-{places}")


def decimals_of(credit: Credit) -> int:
    """Return to how many decimals the present value of a credit is computed."""
    return 0 if credit.schedule else 2


def worths_of(credit: Credit, times: Sequence[Fraction], rate: Fraction) -> list[ProofRow]:
    """Return each flow with its present value at a rate, over times without parts."""
    return present_values(credit, [Time(time, Fraction(0), str(time)) for time in times], rate)
