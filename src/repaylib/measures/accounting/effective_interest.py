"""The effective interest method: the rate at which flows repay an amount, and what is owed at it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from repaylib.measures.cash_flows import equation, periods_of
from repaylib.money.rounding import context_of
from repaylib.rates.root_finding import Roots
from repaylib.schedule.figures import WORTH_DIGITS
from repaylib.schedule.schedule import Schedule

__all__ = ["EFFECTIVE_RATE_DIGITS", "WIDE", "carrying_amounts", "effective_rate", "times_of"]

EFFECTIVE_RATE_DIGITS = 24  # of the effective rate inside
WIDE = context_of(60)
KEPT = context_of(WORTH_DIGITS)  # of a present value, without what the roundings of powers leave


def effective_rate(
    amounts: Sequence[int], times: Sequence[Fraction]
) -> tuple[Decimal | None, list[Decimal], Roots]:
    """Return the one rate of a unit of time at which flows have a present value of zero.

    Returns
    -------
    tuple
        The rate to 24 digits, certified, or ``None`` if there are several or none; the rates that were
        found, to 12 digits, if it is ``None``; and the zeros of the equation.
    """
    cash_flows = equation(amounts, times)
    zeros = cash_flows.zeros()
    try:
        log_growth = zeros.only
        rate = None if log_growth is None else cash_flows.rate(log_growth, EFFECTIVE_RATE_DIGITS)
    except ArithmeticError:
        rate = None
    return rate, [] if rate is not None else cash_flows.rates(12, zeros), zeros


def carrying_amounts(
    rate: Decimal, amounts: Sequence[int], times: Sequence[Fraction]
) -> list[Decimal]:
    """Return the present value of flows at the first of the times, and after each flow.

    Parameters
    ----------
    rate
        The rate of a unit of time.
    amounts
        The flows, in minor units.
    times
        The first time, and that of each flow.
    """
    log_growth = WIDE.ln(WIDE.add(1, rate))
    values = [Decimal(0)]
    for amount, (begun, ended) in reversed(list(zip(amounts, pairwise(times), strict=True))):
        span = ended - begun
        power = WIDE.divide(WIDE.multiply(log_growth, -span.numerator), span.denominator)
        values.append(WIDE.multiply(WIDE.add(values[-1], amount), WIDE.exp(power)))
    return [KEPT.plus(value) for value in values[::-1]]


def times_of(plan: Schedule, days: Sequence[date], *, by_period: bool) -> list[Fraction]:
    """Return the time of each day of a plan since its start: in periods, or in years of 365 days."""
    if by_period:
        return periods_of(plan, days)
    return [Fraction((day - plan.loan.start).days, 365) for day in days]
