r"""The annual percentage rate of the European Union and of the United Kingdom.

Both solve the same equation for an effective rate per year, :math:`X`:

.. math:: \sum_k C_k (1 + X)^{-t_k} = \sum_l D_l (1 + X)^{-s_l}

with advances :math:`C_k` and payments :math:`D_l`; they count the years to each differently.
"""

from __future__ import annotations

from fractions import Fraction

from repaylib.dates.unit_periods import eu_years, regular_interval, uk_years
from repaylib.measures.apr_value import APR_DIGITS, Apr, simple
from repaylib.measures.cash_flows import equation
from repaylib.measures.credit import Credit, chosen, told_apart
from repaylib.rates.cash_flow_equation import Equation
from repaylib.typing import AprRule, CountedIn

__all__ = ["TIMES", "eu_apr", "years_to"]

#: How many of each a year has.
TIMES = {"week": Fraction(52), "month": Fraction(12), "year": Fraction(1), "day": Fraction(365)}


def years_to(
    credit: Credit, rule: AprRule, counted_in: CountedIn | None = None, year: Fraction | None = None
) -> tuple[Equation, CountedIn]:
    """Return the equation of value of a credit in years, and what those are counted in."""
    word = counted_in or regular_interval(credit.days)
    count = eu_years if rule == "eu" else uk_years
    times = [count(credit.start, day, word, year) for day in credit.days]
    return equation(credit.amounts, times), word


def eu_apr(
    credit: Credit, rule: AprRule, counted_in: CountedIn | None, year: Fraction | None
) -> Apr:
    """Return the rate by Annex I of Directive 2008/48/EC, or by CONC App 1.2."""
    flows, word = years_to(credit, rule, counted_in, year)
    grown = chosen(flows.zeros(), credit)
    with told_apart(credit):
        rate = flows.rate(grown, APR_DIGITS)
    return Apr(rate, rule, simple(rate, TIMES[word]), rate, word)
