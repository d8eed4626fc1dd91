"""The dates of an offer as the terms of a loan: how often, from when, with which odd periods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from repaylib.accrual import Accrual
from repaylib.audit.rows import Offer
from repaylib.daycount import (
    BY_BUSINESS_DAY,
    BY_DAY,
    BY_PERIOD,
    COUNTED,
    DAY_COUNTS,
    ODD_DAYS,
    Counted,
    DayCount,
    OddDays,
)
from repaylib.days import add_days, add_months, month_of
from repaylib.errors import RepayError, TermsError
from repaylib.loan import Loan
from repaylib.money import to_decimal

__all__ = ["Counting", "Known", "countings", "due_days", "frames", "rows_by_due", "shares_of"]

#: The start of a loan of which no date is known at all; only whole periods are then counted.
SOME_DAY = date(2023, 1, 1)
_WORDS = {1: "month", 3: "quarter", 6: "half_year", 12: "year"}
LONGEST_BULLET = 1200


class Known(NamedTuple):
    """What is known of the loan where no loan is stated.

    Attributes
    ----------
    principal
        Minor units.
    start, every
        As a loan takes them; nothing if they are not known.
    """

    principal: int
    start: date | None = None
    every: Any = None


class Counting(NamedTuple):
    """Ways to count days that come to the same on all periods of a loan.

    Attributes
    ----------
    shares
        Of a year, one for each row that falls due: a period, or all of a ``"bullet"``.
    words
        The ways: day count, which end is counted, and what odd days cost.
    """

    shares: tuple[Fraction, ...]
    words: list[tuple[DayCount, Counted, OddDays]]


def due_days(offer: Offer) -> list[date]:
    """Return the days of the rows on which an instalment falls due, each once."""
    fallen = [row.day for row in offer.rows if row.day is not None and row.number != 0]
    return list(dict.fromkeys(fallen))


def frames(offer: Offer, known: Known) -> Iterator[Loan]:
    """Yield loans of nothing but principal and dates, whose due dates are those of the rows.

    Raises
    ------
    TermsError
        If there is one date alone and no start.
    """
    words: dict[str, Any] = {
        "principal": to_decimal(known.principal, offer.decimals),
        "rate": Fraction(1, 100),
        "currency": offer.currency,
        "decimals": offer.decimals,
    }
    if not offer.dated:
        begun = known.start or SOME_DAY
        count = sum(row.number != 0 for row in offer.rows)
        yield Loan(**words, payments=count, start=begun, every=known.every or "month")
        return
    days = due_days(offer)
    start = known.start or _start(days)
    if days[0] == start and len(days) > 1:
        words["in_advance"] = True
    if len(days) == 1:
        yield from _single(words, start, days[0])
        return
    for every, more in _paces(start, days, known.every):
        try:
            loan = Loan(**words, start=start, every=every, payments=len(days), **more)
        except RepayError:
            continue
        if _dues(loan) == days:
            yield loan
            return
    listed = [start, *days[1:]] if words.get("in_advance") else days
    yield Loan(**words, start=start, every=listed, payments=len(days))


def _dues(loan: Loan) -> list[date]:
    table = loan.timetable
    return [table.paid(k) for k in range(1, loan.payments + 1)]


def _start(days: list[date]) -> date:
    """Return the day one regular period before the first due date."""
    if len(days) == 1:
        mend = 'write start="2024-01-10"'
        raise TermsError("start", None, "the day of disbursement, with one row alone", mend)
    months = _months(days)
    if months:
        return add_months(days[0], -months, max(day.day for day in days))
    gap = Counter((high - low).days for low, high in pairwise(days)).most_common(1)[0][0]
    return add_days(days[0], -gap)


def _months(days: list[date]) -> int:
    """Return how many months lie between due dates, if they keep to a day of the month."""
    steps = Counter(month_of(high) - month_of(low) for low, high in pairwise(days))
    months = steps.most_common(1)[0][0]
    longest = max(day.day for day in days)
    kept = sum(day.day == longest or day.day >= 28 for day in days)
    return months if months > 0 and kept > len(days) // 2 else 0


def _paces(start: date, days: list[date], every: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield how often, and what else is agreed about days; the plainest first."""
    found: list[Any] = [] if every is None else [every]
    if months := _months(days):
        found.append(_WORDS.get(months, f"{months} months"))
    gap = (days[-1] - days[-2]).days
    found.append(
        f"{gap // 7} weeks" if gap % 7 == 0 and gap > 7 else "week" if gap == 7 else f"{gap} days"
    )
    low, high = sorted({day.day for day in days[:2]})[0], max(day.day for day in days[:2])
    for each in found:
        for more in ({}, {"missing_day": "next"}, {"month_end": True}):
            yield each, more
            yield each, {"first_payment": days[0], **more}
    if low < high and start != days[0]:
        yield "half_month", {"first_payment": days[0], "due_days": (low, high)}
    yield "half_month", {}


def _single(words: Mapping[str, Any], start: date, day: date) -> Iterator[Loan]:
    """Yield loans with one payment: of one period, or of many of which nothing falls due before."""
    yield Loan(**words, start=start, payments=1, first_payment=day)
    for months in (1, 2, 3, 6, 12):
        every = _WORDS.get(months, f"{months} months")
        try:
            loan = Loan(**words, start=start, maturity=day, every=every, method="bullet")
        except RepayError:
            continue
        if loan.payments <= LONGEST_BULLET:
            yield loan


def rows_by_due(offer: Offer, loan: Loan) -> list[tuple[int, int]]:
    """Return pairs of a row, from 0, and the number of the due date that it is, from 1."""
    count = loan.payments
    if loan.method == "bullet":
        return [(len(offer.rows) - 1, 1)]
    fallen = [place for place, row in enumerate(offer.rows) if row.number != 0]
    if not offer.dated:
        return [(place, k) for k, place in enumerate(fallen, 1) if k <= count]
    dues = {day: k for k, day in reversed(list(enumerate(_dues(loan), 1)))}
    found = []
    for place in fallen:
        day = offer.rows[place].day
        assert day is not None, "every row has its date"
        if day in dues:
            found.append((place, dues.pop(day)))
    return found


def countings(loan: Loan, *, undated: bool = False) -> list[Counting]:
    """Return all ways to count days, those together that come to the same on this loan.

    The way of the loan itself comes first.
    """
    table, days = loan.timetable, loan.business_days
    found: dict[tuple[Fraction, ...], Counting] = {}
    for words in _ways(loan, undated=undated):
        day_count, counted, odd_days = words
        if day_count in BY_PERIOD and table.share is None:
            continue
        try:
            shares = _of_rows(loan, Accrual(table, day_count, odd_days, counted, days))
        except RepayError:
            continue
        found.setdefault(shares, Counting(shares, [])).words.append(words)
    return list(found.values())


def shares_of(loan: Loan) -> tuple[Fraction, ...]:
    """Return the share of a year of each row that falls due, as the loan itself counts."""
    return _of_rows(loan, loan.accrual)


def _of_rows(loan: Loan, accrual: Accrual) -> tuple[Fraction, ...]:
    shares = _shares(accrual, loan.payments)
    return (sum(shares, Fraction(0)),) if loan.method == "bullet" else shares


def _ways(loan: Loan, *, undated: bool) -> Iterator[tuple[DayCount, Counted, OddDays]]:
    yield loan.day_count, loan.counted, loan.odd_days
    day_counts: tuple[DayCount, ...] = ("periodic",) if undated else DAY_COUNTS
    for counted in COUNTED:
        for day_count in day_counts:
            if day_count in BY_BUSINESS_DAY and loan.business_days is None:
                continue
            whole = day_count in BY_DAY or day_count in BY_PERIOD
            for odd_days in ODD_DAYS if day_count == "periodic" else ODD_DAYS[:1]:
                words = (day_count, counted, odd_days)
                if words != (loan.day_count, loan.counted, loan.odd_days) and not (
                    whole and counted == "last_day"
                ):
                    yield words


def _shares(accrual: Accrual, payments: int) -> tuple[Fraction, ...]:
    """Return the share of a year of each period."""
    table, regular = accrual.timetable, accrual.regular_from
    shares = [
        accrual.share(k, table.due(k - 1), table.due(k))
        for k in range(1, min(regular, payments + 1))
    ]
    if regular <= payments:
        factors, den = accrual.factors(regular, payments, Fraction(1))
        known: dict[int, Fraction] = {}
        for factor in factors:
            if factor not in known:
                known[factor] = Fraction(factor, den)
            shares.append(known[factor])
    return tuple(shares)
