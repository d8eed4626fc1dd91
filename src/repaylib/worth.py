"""What flows of money are worth at a rate, certified."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, overload

from repaylib.batches import Yields, batch_of, worths_of_batch
from repaylib.book import Book
from repaylib.counts import to_count
from repaylib.daycount import DayCount
from repaylib.days import DateLike, to_date
from repaylib.errors import DateError, RateError, TermsError
from repaylib.flows import (
    Dated,
    FlowsLike,
    Undated,
    check_day_count,
    dated,
    periods_of,
    schedule_of,
    undated,
)
from repaylib.money import to_decimal
from repaylib.periods import to_period_rate
from repaylib.rates import Rate, RateLike, parse_rate, parse_share, percent
from repaylib.yields import Yield

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from repaylib.schedule import Schedule

    Ints = npt.NDArray[np.int64]
    #: The rates of many lines: one for all, or one for each.
    Rates = Yields | npt.NDArray[np.float64] | Decimal | Fraction | str

__all__ = ["npv"]

PLACES = 10


@overload
def npv(
    flows: Ints | Book, rate: Rates, dates: object = None, *, day_count: DayCount | None = None
) -> npt.NDArray[np.float64]: ...
@overload
def npv(
    flows: FlowsLike,
    rate: RateLike,
    dates: object = None,
    *,
    on: DateLike | None = None,
    day_count: DayCount | None = None,
    calendar: np.busdaycalendar | None = None,
    places: int = PLACES,
) -> Decimal: ...
def npv(
    flows: FlowsLike | Ints | Book,
    rate: RateLike | Rates,
    dates: object = None,
    *,
    on: DateLike | None = None,
    day_count: DayCount | None = None,
    calendar: np.busdaycalendar | None = None,
    places: int = PLACES,
) -> Decimal | npt.NDArray[np.float64]:
    r"""Return what flows are worth at a rate, on the day of the first or another.

    Parameters
    ----------
    flows, dates
        As for :func:`irr` and :func:`xirr`; a book of loans with a `day_count`.
    rate
        Of amounts at equal periods: of one period. Of flows on days: effective per year. Of a
        schedule or a loan: nominal per year, cut to the loan's periods, as the loan itself reads it
        (or, with `day_count`, effective per year). An answer of :func:`irr` or :func:`xirr` is read
        as it was meant there.
    on
        The day for which the worth is wanted; by default that of the first flow. All flows
        count, those before it with interest.
    day_count, calendar
        How days become years, as for :func:`xirr`; of a schedule, by default its equal periods.
    places
        Decimals of the answer.

    Returns
    -------
    Decimal
        In the unit of the amounts, of a schedule in major units, seen from the lender: what is
        lent is below zero. Every digit is certain.

    Raises
    ------
    RepayError
        If a rate, a day or an amount cannot be read.

    Notes
    -----
    .. math:: \sum_k c_k (1 + x)^{t - t_k}

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.npv(["-100", "60", "60"], "10%", places=4)
    Decimal('4.1322')
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> rp.npv(plan, "8%", places=2), rp.npv(plan, rp.xirr(plan), places=6)
    (Decimal('213.87'), Decimal('0.000000'))
    """
    by_day = None if dates is None else day_count or "actual/365"
    if batch := batch_of(flows, dates, day_count if isinstance(flows, Book) else by_day):
        return worths_of_batch(batch, rate)
    if not isinstance(rate, (str, Decimal, Fraction, Rate)):
        raise RateError("rate", rate, 'a rate such as "12%"', 'write "12%", or Fraction(3, 25)')
    decimals = to_count(places, "places", least=0, most=100)
    schedule = schedule_of(flows)
    if isinstance(rate, Yield) and day_count is None:
        day_count = rate.day_count
        by_period = rate.per == "period"
    else:
        by_period = day_count is None and (
            schedule is not None and schedule.loan._timetable.share is not None
        )
    if not by_period and day_count is None and schedule is None and dates is None:
        by_period = not _has_days(flows)
    value: Dated | Undated
    origin = Fraction(0)
    if by_period:
        value = undated(flows)
        equation = value.equation()
        if on is not None:
            origin = _periods_to(schedule, on)
        origin -= Fraction(value.times[0]) if value.times else 0
        share = _of_period(rate, schedule)
    else:
        value = dated(flows, dates)
        word = check_day_count(day_count or "actual/365")
        equation = value.equation(word, calendar)
        if on is not None:
            origin = value.years(to_date(on, "on"), word, calendar)
        share = _of_year(rate)
    if not equation.amounts:
        return Decimal(f"0E-{decimals}")
    return to_decimal(equation.worth(share, decimals - value.decimals, origin), decimals)


def _has_days(flows: object) -> bool:
    """Whether flows name their days, and so are not amounts at equal periods."""
    if isinstance(flows, Mapping):
        return True
    return isinstance(flows, (list, tuple)) and any(
        isinstance(each, (list, tuple)) for each in flows
    )


def _periods_to(schedule: Schedule | None, on: DateLike) -> Fraction:
    day = to_date(on, "on")
    if schedule is None:
        raise TermsError(
            "on", day.isoformat(), "none with equal periods, which have no days", "leave it out"
        )
    if day < schedule.loan.start:
        raise DateError(
            "on", day.isoformat(), f"a day from start={schedule.loan.start} on", "write a later day"
        )
    return periods_of(schedule, [day])[0]


def _of_period(rate: RateLike, schedule: Schedule | None) -> Fraction:
    if isinstance(rate, Yield) or schedule is None:
        return Fraction(rate) if isinstance(rate, Yield) else to_period_rate(rate)
    pace = schedule.loan._timetable.pace
    return parse_rate(rate).nominal(pace) * pace


def _of_year(rate: RateLike) -> Fraction:
    """Read an effective rate per year."""
    if isinstance(rate, Rate):
        if rate.kind == "nominal":
            text = percent(rate.value)
            mend = f'write rp.compounded("{text}", times=12), or rp.effective("{text}")'
            raise RateError("rate", rate, "how often a nominal rate is compounded", mend)
        return rate.nominal(Fraction(1))
    share = parse_share(rate, "rate", least=-1)
    if share == -1:
        raise RateError("rate", rate, "a rate above -100%", 'write such as "12%"')
    return share
