r"""The annual percentage rate of the United States: the actuarial method and the United States Rule.

Appendix J to Regulation Z solves for the rate :math:`i` of a unit-period,

.. math:: \sum_k \frac{A_k}{(1 + e_k i)(1 + i)^{q_k}} = \sum_j \frac{P_j}{(1 + f_j i)(1 + i)^{t_j}}

with advances :math:`A_k` and payments :math:`P_j` after so many whole unit-periods :math:`q_k` or
:math:`t_j` and a part :math:`e_k` or :math:`f_j` of one; the rate is :math:`i` times the unit-periods
of a year.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import expm1

from repaylib.annual import DIGITS, Apr, AprRule, compounding
from repaylib.credit import Credit, chosen
from repaylib.errors import RootError
from repaylib.flows import equation
from repaylib.intervals import Unit, unit_of
from repaylib.proofs import proved
from repaylib.unitperiods import LOWEST, Discounted, Simple

__all__ = ["discounted", "reg_z_apr", "us_rule_apr"]

FLOOR = Fraction(LOWEST)


def reg_z_apr(credit: Credit, unit: Unit | None) -> Apr:
    """Return the rate by the actuarial method."""
    credit = credit.from_the_advance("reg_z")
    flows, unit = discounted(credit, unit)
    if all(part == 0 for _, part in flows.times):
        estimates = equation(credit.amounts, [whole for whole, _ in flows.times]).estimates()
        found = [expm1(each) for each in estimates]
    else:
        found = flows.estimates()
    return _annual(credit, unit, "reg_z", found, flows.sign)


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
    return _annual(credit, unit, "us_rule", flows.estimates(), flows.sign)


def _annual(
    credit: Credit,
    unit: Unit,
    rule: AprRule,
    estimates: Sequence[float],
    sign: Callable[[Fraction], int],
) -> Apr:
    times = unit.per_year

    def sign_of_year(rate: Fraction) -> int:
        return sign(max(rate / times, FLOOR))

    try:
        rates = [proved(each * float(times), sign_of_year, DIGITS) for each in estimates]
    except ArithmeticError:
        raise RootError(
            "flows",
            str(credit),
            "flows whose rates can be told apart",
            "change an amount by a cent, or write rp.xirr(...)",
        ) from None
    rate = chosen(rates, credit, times)
    return Apr(rate, rule, rate, compounding(rate, times), str(unit))
