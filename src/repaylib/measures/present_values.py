"""What flows of money are worth at a rate, certified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, overload

import numpy as np
import numpy.typing as npt

from repaylib.dates.day_count import BY_BUSINESS_DAY, check_only
from repaylib.dates.days import parse_date
from repaylib.errors import DateError, Phrase, RateError, TermsError
from repaylib.measures.cash_flows import (
    Dated,
    FlowsLike,
    Undated,
    check_day_count,
    dated,
    periods_of,
    schedule_of,
    undated,
)
from repaylib.measures.flow_lines import FlowLines, Shares, days_by_line, flow_lines, shares_by_line
from repaylib.measures.yield_arrays import Yields
from repaylib.measures.yields import Yield
from repaylib.money.amounts import to_decimal
from repaylib.money.counts import parse_count
from repaylib.money.rounding_arrays import undisturbed
from repaylib.rates.rate import Rate, RateLike, parse_period_rate, parse_rate, parse_share, percent
from repaylib.schedule.book import Book, ColumnLike
from repaylib.typing import DateLike, DayCount, Floats, Ints

if TYPE_CHECKING:
    from repaylib.schedule.schedule import Schedule

    #: The rates of many lines: one for all, or one for each.
    Rates = Yields | npt.NDArray[np.float64] | Sequence[RateLike] | RateLike

__all__ = ["npv"]

PLACES = 10
UNIT = 2.0**-52
WHOLE = 2.0**53  # below it, floats hold every whole number


@overload
def npv(
    flows: Ints | Book,
    rate: Rates,
    dates: object = None,
    *,
    on: ColumnLike = None,
    day_count: DayCount | None = None,
    calendar: np.busdaycalendar | None = None,
    places: int | None = None,
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
    places: int | None = None,
) -> Decimal: ...
def npv(
    flows: FlowsLike | Ints | Book,
    rate: RateLike | Rates,
    dates: object = None,
    *,
    on: ColumnLike = None,
    day_count: DayCount | None = None,
    calendar: np.busdaycalendar | None = None,
    places: int | None = None,
) -> Decimal | npt.NDArray[np.float64]:
    r"""Return the present value of flows at a rate, on the day of the first or another.

    Parameters
    ----------
    flows, dates
        As for :func:`~repaylib.irr` and :func:`~repaylib.xirr`; a book of loans with a `day_count`.
    rate
        Of amounts at equal periods: of one period. Of flows on days: effective per year. Of a
        schedule or a loan: nominal per year, cut to the loan's periods, as the loan itself reads it
        (or, with `day_count`, effective per year). An answer of :func:`~repaylib.irr` or :func:`~repaylib.xirr` is read
        as it was meant there. With many lines, one for all or one for each.
    on
        The day for which the present value is wanted; by default that of the first flow. All flows
        count, those before it with interest. With many lines, one for all or one for each.
    day_count, calendar
        How days become years, as for :func:`~repaylib.xirr`; of a schedule, by default its equal periods.
    places
        Decimals of the answer, by default 10. Of many lines, the answer is not rounded by default;
        with `places` it is the float nearest to the answer for the line by itself.

    Returns
    -------
    Decimal
        In the unit of the amounts, of a schedule in major units, seen from the lender: what is
        lent is below zero. Every digit is certain. Of many lines an array of ``float64`` in the unit
        of the amounts, of a book in minor units; zero for a loan that is rejected, and NaN where the
        rate is.

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
    many = isinstance(flows, Book) or (isinstance(flows, np.ndarray) and flows.ndim == 2)
    schedule = None if many else schedule_of(flows)
    by_period = _in_periods(rate, schedule, flows, dates, day_count)
    if day_count is None and isinstance(rate, (Yield, Yields)):
        day_count = rate.day_count
    word = None if by_period else check_day_count("actual/365" if day_count is None else day_count)
    check_only("calendar", calendar, None, word, BY_BUSINESS_DAY)
    if by_period and dates is not None:
        raise TermsError(
            "dates",
            Phrase("some days"),
            "none with a rate of one period",
            "leave dates out, or give day_count",
        )
    if many:
        return _of_many(flows, rate, dates, on, word, calendar, places)
    if not isinstance(rate, (str, Decimal, Fraction, Rate)):
        raise RateError(
            "rate",
            rate,
            'a rate such as "12%"',
            Phrase("write {}, or {}", '"12%"', "Fraction(3, 25)"),
        )
    decimals = PLACES if places is None else _to_places(places)
    value: Dated | Undated
    origin = Fraction(0)
    if word is None:
        value = undated(flows)
        equation = value.equation()
        if on is not None:
            origin = _periods_to(schedule, on)
        origin -= Fraction(value.times[0]) if value.times else 0
        share = _of_period(rate, schedule)
    else:
        value = dated(flows, dates)
        equation = value.equation(word, calendar)
        if on is not None:
            origin = value.years(parse_date(on, "on"), word, calendar)
        share = _of_year(rate)
    if not equation.amounts:
        return Decimal(f"0E-{decimals}")
    return to_decimal(equation.present_value(share, decimals - value.decimals, origin), decimals)


def _in_periods(
    rate: object, schedule: Schedule | None, flows: object, dates: object, day_count: object
) -> bool:
    """Whether time is counted in equal periods, and not in days."""
    if day_count is not None:
        return False
    if isinstance(rate, (Yield, Yields)):
        return rate.per == "period"
    if schedule is not None:
        return schedule.loan.timetable.share is not None
    return isinstance(flows, Book) or (dates is None and not _has_days(flows))


def _of_many(
    flows: object,
    rate: object,
    dates: object,
    on: ColumnLike,
    day_count: DayCount | None,
    calendar: np.busdaycalendar | None,
    places: object,
) -> npt.NDArray[np.float64]:
    """Return the present value of each of many lines."""
    many = flow_lines(flows, dates, day_count, calendar)
    assert many is not None, "there are many lines"
    lines = len(many.amounts)
    given = rate.rate if isinstance(rate, Yields) else rate
    read = parse_period_rate if day_count is None else _of_year
    shares = shares_by_line(given, "rate", lines, read)
    origin = None
    if on is not None:
        if day_count is None:
            raise _no_days(on)
        origin = many.at(days_by_line(on, "on", lines))
    digits = None if places is None else _to_places(places) - many.decimals + np.zeros(lines, int)
    return present_values_of_lines(many, shares, origin, digits)


def _to_places(places: object) -> int:
    return parse_count(places, "places", least=0, most=100)


def _no_days(on: object) -> TermsError:
    return TermsError("on", on, "none with equal periods, which have no days", "leave it out")


def _has_days(flows: object) -> bool:
    """Whether flows name their days, and so are not amounts at equal periods."""
    if isinstance(flows, Mapping):
        return True
    return isinstance(flows, (list, tuple)) and any(
        isinstance(flow, (list, tuple)) for flow in flows
    )


def _periods_to(schedule: Schedule | None, on: DateLike) -> Fraction:
    day = parse_date(on, "on")
    if schedule is None:
        raise _no_days(day.isoformat())
    if day < schedule.loan.start:
        raise DateError(
            "on",
            day.isoformat(),
            Phrase("a day from start={} on", schedule.loan.start),
            "write a later day",
        )
    return periods_of(schedule, [day])[0]


def _of_period(rate: RateLike, schedule: Schedule | None) -> Fraction:
    if isinstance(rate, Yield) or schedule is None:
        return Fraction(rate) if isinstance(rate, Yield) else parse_period_rate(rate)
    period_length = schedule.loan.timetable.period_length
    return parse_rate(rate).nominal(period_length) * period_length


def _of_year(rate: RateLike) -> Fraction:
    """Read an effective rate per year."""
    if isinstance(rate, Rate):
        if rate.kind == "nominal":
            text = percent(rate.value)
            hint = Phrase('write rp.compounded("{}", times=12), or rp.effective("{}")', text, text)
            raise RateError("rate", rate, "how often a nominal rate is compounded", hint)
        return rate.nominal(Fraction(1))
    share = parse_share(rate, "rate", least=-1)
    if share == -1:
        raise RateError("rate", rate, "a rate above -100%", Phrase("write such as {}", '"12%"'))
    return share


@undisturbed
def present_values_of_lines(
    many: FlowLines, rates: Shares, origin: Ints | None = None, places: Ints | None = None
) -> Floats:
    """Return the present value of each line at its rate and time, in its own unit.

    Parameters
    ----------
    origin
        At what time the present value of each line is wanted, in the unit of its times; by default that of
        its first flow.
    places
        To how many decimals of the unit of the amounts each is rounded, every one of them certain.
    """
    found = np.empty(len(many.amounts))
    when = many.first if origin is None else origin
    for block, part in many.blocks():
        rate = rates.floats[block]
        grown = np.log1p(rate)[:, None]
        years = (when[block, None] - part.times) / many.unit
        terms = part.amounts * np.exp(grown * years)
        found[block] = terms.sum(axis=1)
        if places is None:
            continue
        longest = np.abs(years).max(axis=1, initial=0.0)
        loose = (8 * np.abs(grown[:, 0]) + np.abs(rate / (1 + rate))) * longest
        error = np.abs(terms).sum(axis=1) * (loose + 48 + terms.shape[1]) * UNIT
        found[block], sure = _rounded(found[block], error, places[block])
        for place in np.flatnonzero(~sure & ~np.isnan(rate)):
            line = block.start + int(place)
            kept = many.flows(line)
            time = Fraction(int(when[line]) - (kept[0][0] if kept else 0), many.unit)
            present_value = many.line(line).present_value(
                rates.exact(line), int(places[line]), time
            )
            found[line] = float(Decimal(f"{present_value}E{-int(places[line])}"))
    return found


def _rounded(
    present_value: Floats, error: Floats, places: Ints
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return present values rounded to so many decimals, and of which the error cannot move that."""
    up, down = (10.0 ** np.clip(exponents, 0, 22) for exponents in (places, -places))
    scaled = present_value * up / down
    nearest = np.rint(scaled)
    away = np.abs(scaled - nearest) + error * up / down + np.abs(scaled) * 4 * UNIT
    sure = (away < 0.5) & (np.abs(nearest) < WHOLE) & (np.abs(places) <= 22)
    return nearest / up * down + 0.0, sure
