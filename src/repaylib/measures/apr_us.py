r"""The annual percentage rate of the United States: the actuarial method and the United States Rule.

Appendix J to Regulation Z solves for the rate :math:`i` of a unit-period,

.. math:: \sum_k \frac{A_k}{(1 + e_k i)(1 + i)^{q_k}} = \sum_j \frac{P_j}{(1 + f_j i)(1 + i)^{t_j}}

with advances :math:`A_k` and payments :math:`P_j` after so many whole unit-periods :math:`q_k` or
:math:`t_j` and a part :math:`e_k` or :math:`f_j` of one; the rate is :math:`i` times the unit-periods
of a year.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from math import expm1

from repaylib.dates.unit_periods import Unit, unit_of
from repaylib.measures.apr_value import APR_DIGITS, Apr, compounding
from repaylib.measures.cash_flows import equation
from repaylib.measures.credit import Credit, chosen, told_apart
from repaylib.measures.regulation_z import LOWEST_UNIT_RATE, Discounted, Simple
from repaylib.rates.root_finding import EXPONENT_LIMIT, Roots, certified_root
from repaylib.typing import AprRule

__all__ = ["discounted", "reg_z_apr", "us_rule_apr"]

LOWEST_YEARLY_RATE = Fraction(LOWEST_UNIT_RATE)  # of a unit-period


def reg_z_apr(credit: Credit, unit: Unit | None) -> Apr:
    """Return the rate by the actuarial method."""
    credit = credit.from_the_advance("reg_z")
    flows, unit = discounted(credit, unit)
    if all(part == 0 for _, part in flows.times):
        zeros = equation(credit.amounts, [whole for whole, _ in flows.times]).zeros()
    else:
        zeros = flows.zeros()
    return _annual(credit, unit, "reg_z", zeros, flows.sign)


def discounted(credit: Credit, unit: Unit | None = None) -> tuple[Discounted, Unit]:
    """Return the general equation of a credit, and its unit-period."""
    unit = unit or unit_of(credit.days, single=credit.single)
    return Discounted(
        credit.amounts, [unit.elapsed(credit.start, day) for day in credit.days]
    ), unit


def us_rule_apr(credit: Credit, unit: Unit | None) -> Apr:
    """Return the rate at which a credit is paid off if interest unpaid bears no interest."""
    credit = credit.from_the_advance("us_rule")
    unit = unit or unit_of(credit.days, single=credit.single)
    counted = [unit.elapsed(credit.start, day) for day in credit.days]
    elapsed = [whole + part for whole, part in counted]
    stretches = [max(end - start, Fraction(0)) for start, end in pairwise(elapsed)]
    flows = Simple(credit.amounts, stretches)
    return _annual(credit, unit, "us_rule", flows.zeros(), flows.sign)


def _annual(
    credit: Credit, unit: Unit, rule: AprRule, zeros: Roots, sign: Callable[[Fraction], int]
) -> Apr:
    """Return the rate of a year, of zeros that are those of the unit-period."""
    times = unit.per_year

    def sign_of_year(rate: Fraction) -> int:
        return sign(max(rate / times, LOWEST_YEARLY_RATE))

    estimate = Fraction(expm1(min(chosen(zeros, credit), EXPONENT_LIMIT))) * times
    with told_apart(credit):
        rate = certified_root(estimate, sign_of_year, APR_DIGITS)
    return Apr(rate, rule, rate, compounding(rate, times), str(unit))
