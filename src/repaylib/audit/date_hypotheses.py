"""The dates of an offer as the terms of a loan: how often, from when, with which odd periods."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import gcd
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.audit.offer import Offer
from repaylib.audit.rate_inference import CompletedRow, complete_rows
from repaylib.dates.accrual import Accrual
from repaylib.dates.day_count import (
    BY_BUSINESS_DAY,
    BY_DAY,
    BY_PERIOD,
    COUNTED_DAYS,
    DAY_COUNTS,
    ODD_DAYS,
)
from repaylib.dates.days import add_days
from repaylib.dates.months import add_months, month_of
from repaylib.errors import Phrase, RepayError, TermsError
from repaylib.money.amounts import to_decimal
from repaylib.terms.loan import Loan
from repaylib.typing import CountedDays, DayCount, OddDays

__all__ = [
    "DayCountHypothesis",
    "KnownTerms",
    "completed",
    "day_count_hypotheses",
    "due_days",
    "loan_ends",
    "date_hypotheses",
    "rows_by_due",
    "shares_of",
    "start_before",
    "terms_of",
    "times_between",
]

#: The start of a loan of which no date is known at all; only whole periods are then counted.
SOME_DAY = date(2023, 1, 1)
_FREQUENCIES = {1: "month", 3: "quarter", 6: "half_year", 12: "year"}
LONGEST_BULLET = 1200
#: The longest periods of which two dates are enough evidence: a year, or thirteen weeks.
LONGEST_MONTHS = 12
LONGEST_DAYS = 92


class KnownTerms(NamedTuple):
    """The known terms of the loan besides the rows.

    Attributes
    ----------
    principal
        Minor units.
    start, every
        As a loan takes them; ``None`` if they are not known.
    conventions
        Further terms, where a loan is stated: how days are counted and amounts rounded.
    """

    principal: int
    start: date | None = None
    every: Any = None
    conventions: Mapping[str, Any] = {}


class DayCountHypothesis(NamedTuple):
    """Day counts that give the same shares on all periods of a loan.

    Attributes
    ----------
    shares
        Of a year, one for each row that falls due: a period, or all of a ``"bullet"``.
    conventions
        The ways: day count, which end is counted, and what odd days cost.
    """

    shares: tuple[Fraction, ...]
    conventions: list[tuple[DayCount, CountedDays, OddDays]]

    @property
    def floats(self) -> npt.NDArray[np.float64]:
        """The shares as floats."""
        return np.array([float(share) for share in self.shares])


def due_days(offer: Offer) -> list[date]:
    """Return the days of the rows on which an instalment falls due, each once."""
    fallen = [row.day for row in offer.rows if row.day is not None and row.number != 0]
    return list(dict.fromkeys(fallen))


def loan_ends(offer: Offer) -> tuple[bool, ...]:
    """Return whether the rows end with the loan, as far as their figures tell; else both answers.

    A remainder of some cents is an end: a figure may be wrong.
    """
    rows = complete_rows(offer)
    last, lent = rows[-1], offer.principal or 0
    usual = last.payment or last.principal or 0
    if last.closing is not None and "closing" in offer.rows[-1].figures:
        return (2 * last.closing < max(usual, 2),)
    parts = [row.principal if row.principal is not None else row.payment for row in rows]
    known = [part for part in parts if part is not None]
    if len(known) < len(rows) or 2 * (lent - sum(known)) < max(usual, 2):
        return (True,)
    numbers = offer.numbers
    gaps = offer.dated or (bool(numbers) and numbers != list(range(1, len(numbers) + 1)))
    return (True, False) if gaps else (False,)


def terms_of(offer: Offer, known: KnownTerms) -> dict[str, Any]:
    """Return what is known of the terms besides the dates."""
    return {
        "rate": Fraction(1, 100),
        "currency": offer.currency,
        **known.conventions,
        "decimals": offer.decimals,
        "principal": to_decimal(known.principal, offer.decimals),
    }


def date_hypotheses(offer: Offer, known: KnownTerms, *, ended: bool = True) -> Iterator[Loan]:
    """Yield loans with principal and dates alone, whose due dates include those of the rows.

    Where the rows do not end with the loan, one more payment follows them, whatever it is.

    Raises
    ------
    TermsError
        If there is one date alone and no start.
    """
    terms, more = terms_of(offer, known), int(not ended)
    if not offer.dated:
        begun = known.start or SOME_DAY
        count = rows_by_due_count(offer)
        yield Loan(**terms, payments=count + more, start=begun, every=known.every or "month")
        return
    days = due_days(offer)
    start = known.start or start_before(days)
    if days[0] == start and len(days) > 1:
        terms["in_advance"] = True
    if len(days) == 1 and not more:
        yield from _single(terms, start, days[0])
        return
    given: set[tuple[date, ...]] = set()
    for every, also in _paces(start, days, known.every):
        loan = _regular(terms, start, every, also, days, more)
        dues = () if loan is None else tuple(_dues(loan))
        if loan is not None and dues not in given:
            given.add(dues)
            yield loan
            if len(dues) == len(days) + more and not _broken(offer):
                return
    if not given and not more:
        listed = [start, *days[1:]] if terms.get("in_advance") else days
        yield Loan(**terms, start=start, every=listed, payments=len(days))


def _broken(offer: Offer) -> bool:
    """Whether most rows open with another balance than the closing balance of the row before."""
    pairs = [
        row["opening"] if "opening" in row else row["closing"] + row["principal"]
        for row in (other.figures for other in offer.rows[1:])
        if "opening" in row or {"closing", "principal"} <= set(row)
    ]
    if len(pairs) < len(offer.rows) - 1 or "closing" not in offer.columns:
        return False
    befores = [row.figures.get("closing") for row in offer.rows[:-1]]
    return 2 * sum(pair != before for pair, before in zip(pairs, befores, strict=True)) > len(pairs)


def _regular(
    terms: Mapping[str, Any],
    start: date,
    every: Any,
    also: Mapping[str, Any],
    days: list[date],
    more: int,
) -> Loan | None:
    """Return the loan whose due dates include all the days, up to the last; ``None`` if there is none."""
    try:
        loan = Loan(**terms, start=start, every=every, payments=len(days), **also)
        table = loan.timetable
        last = bisect_left(range(1, LONGEST_BULLET), days[-1], key=table.adjusted) + 1
        if table.adjusted(last) != days[-1] or not set(days) <= {
            table.adjusted(k) for k in range(1, last + 1)
        }:
            return None
        count = last + more
        return Loan(**terms, start=start, every=every, payments=count, **also)
    except RepayError:
        return None


def rows_by_due_count(offer: Offer) -> int:
    """Return how many due dates there are up to the last of rows without dates."""
    numbers = offer.numbers
    return numbers[-1] if numbers else sum(row.number != 0 for row in offer.rows)


def _dues(loan: Loan) -> list[date]:
    table = loan.timetable
    return [table.adjusted(k) for k in range(1, loan.payments + 1)]


def start_before(days: list[date]) -> date:
    """Return the day one regular period before the first due date."""
    if len(days) == 1:
        hint = Phrase("write {}", 'start="2024-01-10"')
        raise TermsError("start", None, "the day of disbursement, with one row alone", hint)
    months = _months(days)
    if months:
        months = months if _usual(months, days) else 1
        return add_months(days[0], -months, max(day.day for day in days))
    gap = Counter((high - low).days for low, high in pairwise(days)).most_common(1)[0][0]
    return add_days(days[0], -gap)


def _months(days: list[date]) -> int:
    """Return the months between due dates that share a day of the month; 0 if they do not."""
    steps = Counter(month_of(high) - month_of(low) for low, high in pairwise(days))
    months = steps.most_common(1)[0][0]
    longest = max(day.day for day in days)
    kept = sum(day.day == longest or day.day >= 28 for day in days)
    return months if months > 0 and kept > len(days) // 2 else 0


def times_between(days: list[date]) -> list[str]:
    """Return the times after which days follow one another: of months, or of days."""
    months = {month_of(high) - month_of(low) for low, high in pairwise(days)}
    gaps = {(high - low).days for low, high in pairwise(days)}
    found = []
    if len(months) == 1 and 0 not in months and _months(days):
        (step,) = months
        found.append(_FREQUENCIES.get(step, f"{step} months"))
    if len(gaps) == 1:
        (gap,) = gaps
        found.append(_time(gap))
    return found


def _time(days: int) -> str:
    """Return a number of days as a loan takes it: whole weeks where it is some."""
    weeks = f"{days // 7} weeks" if days > 7 else "week"
    return weeks if days % 7 == 0 else f"{days} days"


def _usual(months: int, days: list[date]) -> bool:
    """Whether a number of months is a period: up to a year, or confirmed by three dates."""
    return months <= LONGEST_MONTHS or (
        len(days) > 2
        and all(month_of(high) - month_of(low) == months for low, high in pairwise(days))
    )


def _paces(start: date, days: list[date], every: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield frequencies with their other terms about days, the plainest first.

    Dates may have gaps: then the step that divides all of them is tried, and the month.
    """
    found: list[Any] = [] if every is None else [every]
    months = _months(days) if len(days) > 1 else 0
    if months:
        steps = [months, gcd(*(month_of(high) - month_of(low) for low, high in pairwise(days))), 1]
        found += [
            _FREQUENCIES.get(step, f"{step} months")
            for step in steps
            if step and _usual(step, days)
        ]
    gaps = [(high - low).days for low, high in pairwise(days)]
    regular = len(gaps) > 1 and len(set(gaps[1:])) == 1
    dense = gaps and 4 * len(days) * gcd(*gaps) >= sum(gaps) and gcd(*gaps) >= 7
    for gap in (gaps[-1], gcd(*gaps) if dense else 0) if gaps else ():
        if 0 < gap <= LONGEST_DAYS or (regular and gap):
            found.append(_time(gap))
    low, high = sorted({day.day for day in days[:2]})[0], max(day.day for day in days[:2])
    for frequency in dict.fromkeys(found) if every is None else found:
        for more in ({}, {"missing_day": "next"}, {"month_end": True}):
            yield frequency, more
            yield frequency, {"first_payment": days[0], **more}
    if low < high and start != days[0]:
        yield "half_month", {"first_payment": days[0], "due_days": (low, high)}
    yield "half_month", {}


def _single(terms: Mapping[str, Any], start: date, day: date) -> Iterator[Loan]:
    """Yield loans with one payment: of one period, or of many of which nothing falls due before."""
    yield Loan(**terms, start=start, payments=1, first_payment=day)
    for months in (1, 2, 3, 6, 12):
        every = _FREQUENCIES.get(months, f"{months} months")
        try:
            loan = Loan(**terms, start=start, maturity=day, every=every, method="bullet")
        except RepayError:
            continue
        if loan.payments <= LONGEST_BULLET:
            yield loan


def rows_by_due(offer: Offer, loan: Loan) -> list[tuple[int, int]]:
    """Return pairs of the index of a row and the number of its due date, from 1.

    Rows are matched by day; without days by the numbers that stand in them, else in their order.
    """
    count = loan.payments
    if loan.method == "bullet":
        return [(len(offer.rows) - 1, 1)]
    fallen = [place for place, row in enumerate(offer.rows) if row.number != 0]
    if not offer.dated:
        numbers = offer.numbers or range(1, len(fallen) + 1)
        return [(place, k) for place, k in zip(fallen, numbers, strict=True) if k <= count]
    dues = {day: k for k, day in reversed(list(enumerate(_dues(loan), 1)))}
    found = []
    for place in fallen:
        day = offer.rows[place].day
        assert day is not None, "every row has its date"
        if day in dues:
            found.append((place, dues.pop(day)))
    return found


def completed(offer: Offer, loan: Loan) -> tuple[list[CompletedRow], dict[int, int], set[int]]:
    """Return the rows with what follows from their own figures, and the due date that each is.

    The third are the rows that do not follow directly on the one before them, as due dates of the
    loan lie between; they are completed by themselves.
    """
    due = dict(rows_by_due(offer, loan))
    gaps: set[int] = set()
    last = 0
    for place in range(len(offer.rows)):
        if place in due:
            if due[place] != last + 1:
                gaps.add(place)
            last = due[place]
    return complete_rows(offer, gaps), due, gaps


def day_count_hypotheses(loan: Loan, *, undated: bool = False) -> list[DayCountHypothesis]:
    """Return all day counts, grouped by the shares that they give on this loan.

    The way of the loan itself comes first.
    """
    table, days = loan.timetable, loan.business_days
    found: dict[tuple[Fraction, ...], DayCountHypothesis] = {}
    for convention in _ways(loan, undated=undated):
        day_count, counted_days, odd_days = convention
        if day_count in BY_PERIOD and table.share is None:
            continue
        try:
            accrual = Accrual(table, day_count, odd_days, counted_days, days, loan.start)
            if loan.interest_split == "rule_of_78":
                accrual = accrual.by_digits(0, loan.payments)
            shares = _of_rows(loan, accrual)
        except RepayError:
            continue
        found.setdefault(shares, DayCountHypothesis(shares, [])).conventions.append(convention)
    return list(found.values())


def shares_of(loan: Loan) -> tuple[Fraction, ...]:
    """Return the shares of a year of the rows that fall due, by the loan's own day count."""
    return _of_rows(loan, loan.accrual)


def _of_rows(loan: Loan, accrual: Accrual) -> tuple[Fraction, ...]:
    shares = _shares(accrual, loan.payments)
    return (sum(shares, Fraction(0)),) if loan.method == "bullet" else shares


def _ways(loan: Loan, *, undated: bool) -> Iterator[tuple[DayCount, CountedDays, OddDays]]:
    yield loan.day_count, loan.counted_days, loan.odd_days
    day_counts: tuple[DayCount, ...] = ("periodic",) if undated else DAY_COUNTS
    for counted_days in COUNTED_DAYS:
        for day_count in day_counts:
            if day_count in BY_BUSINESS_DAY and loan.business_days is None:
                continue
            if counted_days == "both" and day_count in BY_PERIOD:  # no day counts there
                continue
            whole = day_count in BY_DAY or day_count in BY_PERIOD
            for odd_days in ODD_DAYS if day_count == "periodic" else ODD_DAYS[:1]:
                convention = (day_count, counted_days, odd_days)
                if convention != (loan.day_count, loan.counted_days, loan.odd_days) and not (
                    whole and counted_days == "last"
                ):
                    yield convention


def _shares(accrual: Accrual, payments: int) -> tuple[Fraction, ...]:
    """Return the shares of a year of the periods."""
    table, regular = accrual.timetable, accrual.regular_from
    shares = [
        accrual.share(k, table.accrual_date(k - 1), table.accrual_date(k))
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
