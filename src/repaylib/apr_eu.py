r"""The annual percentage rate of the European Union and of the United Kingdom.

Both solve the same equation for an effective rate per year, :math:`X`:

.. math:: \sum_k C_k (1 + X)^{-t_k} = \sum_l D_l (1 + X)^{-s_l}

with advances :math:`C_k` and payments :math:`D_l`; they count the years to each differently.
"""

from __future__ import annotations

from fractions import Fraction

from repaylib.annual import DIGITS, Apr, AprRule, simple
from repaylib.credit import Credit, chosen
from repaylib.flows import equation
from repaylib.intervals import CountedIn, eu_years, regular_interval, uk_years

__all__ = ["eu_apr", "uk_apr"]

_TIMES = {"week": Fraction(52), "month": Fraction(12), "year": Fraction(1), "day": Fraction(365)}


def eu_apr(credit: Credit, counted_in: CountedIn | None, year: Fraction | None) -> Apr:
    """Return the rate by Annex I of Directive 2008/48/EC."""
    word = counted_in or regular_interval(credit.days)
    times = [eu_years(credit.start, day, word, year) for day in credit.days]
    return _solved(credit, times, "eu", word)


def uk_apr(credit: Credit, counted_in: CountedIn | None, year: Fraction | None) -> Apr:
    """Return the rate by CONC App 1.2."""
    word = counted_in or regular_interval(credit.days)
    times = [uk_years(credit.start, day, word, year) for day in credit.days]
    return _solved(credit, times, "uk", word)


def _solved(credit: Credit, times: list[Fraction], rule: AprRule, word: CountedIn) -> Apr:
    rate = chosen(equation(credit.amounts, times).rates(DIGITS), credit)
    return Apr(rate, rule, simple(rate, _TIMES[word]), rate, word)
