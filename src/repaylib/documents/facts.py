"""What documents say of a plan, as facts: from which both languages make their sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from inspect import signature
from typing import Any, NamedTuple

from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.dates.frequency import Every, is_rule, step_of
from repaylib.errors import RepayError
from repaylib.money.amounts import decimals_of, minor_of, to_decimal
from repaylib.money.rounding import round_fraction
from repaylib.rates.rate import Rate, percent
from repaylib.schedule.change_log import Told, told
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import Method

__all__ = [
    "LateRate",
    "Length",
    "OnDates",
    "amount_of",
    "in_currency",
    "late_rates",
    "length_of",
    "rate_again",
    "runs_of",
    "share",
    "told_of",
    "ways_of",
]


class Length(NamedTuple):
    """A stretch of time: calendar months, half months, and days."""

    months: int
    halves: int
    days: int


def length_of(every: Every, count: int) -> Length | None:
    """Return how long a number of periods is; ``None`` for periods by list or rule.

    Examples
    --------
    >>> length_of("quarter", 2), length_of("2 weeks", 1), length_of("half_month", 3)
    (Length(months=6, halves=0, days=0), Length(months=0, halves=0, days=14), Length(months=1, halves=1, days=0))
    """
    if not isinstance(every, str) or is_rule(every):
        return None
    step = step_of(every)
    if step.halves:
        return Length(count // 2, count % 2, 0)
    return Length(step.months * count, 0, step.days * count)


def amount_of(loan: Loan, amount: Decimal) -> Decimal:
    """Return an amount that was agreed with the decimals of the loan.

    Examples
    --------
    >>> import repaylib as rp
    >>> amount_of(rp.Loan("10000", "12%", 12, "2024-01-10"), Decimal("500"))
    Decimal('500.00')
    """
    return loan.money(loan.signed(amount))


def share(value: Fraction, places: int = 4) -> str:
    """Return a share in per cent, exact if that is short, else rounded to some places.

    Examples
    --------
    >>> share(Fraction(3, 25)), share(Fraction(1, 3))
    ('12%', '33.3333%')
    """
    exact = percent(value)
    if "/" not in exact and len(exact.partition(".")[2]) <= places + 1:
        return exact
    rounded = round_fraction(value * 10 ** (places + 2), "half_up")
    return f"{Decimal(f'{rounded}E-{places}'):.{places}f}%"


def rate_again(value: Told) -> Rate | Fraction:
    """Return the rate that holds again after a rate for a time: as agreed at first, or nominal."""
    assert value.resumed is not None, "the rate was for a time"
    nominal, first = value.resumed[1], value.loan.first_rate
    return first if first.nominal(value.loan.timetable.pace) == nominal else nominal


def in_currency(amount: Decimal, currency: str) -> Decimal:
    """Return an amount of a rule with at least the decimals of its currency.

    Examples
    --------
    >>> in_currency(Decimal("50"), "CNY"), in_currency(Decimal("50"), "JPY")
    (Decimal('50.00'), Decimal('50'))
    """
    decimals = decimals_of(currency)
    return (
        to_decimal(minor_of(amount, decimals), decimals) if _places(amount) < decimals else amount
    )


def _places(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


class LateRate(NamedTuple):
    """A penalty rate a year, and the day from which it holds; ``None`` is from the first day on."""

    rate: Fraction
    since: date | None


def late_rates(
    terms: PenaltyTerms, rates: Sequence[tuple[date, Fraction]], pace: Fraction
) -> tuple[LateRate, ...]:
    """Return the penalty rates that follow from the rates of a loan; none for a rate of its own.

    Examples
    --------
    >>> late_rates(PenaltyTerms("1.5"), [(date(2024, 1, 10), Fraction(3, 25))], Fraction(1, 12))
    (LateRate(rate=Fraction(9, 50), since=None),)
    """
    if terms.rate is not None:
        return ()
    found: list[LateRate] = []
    for place, (day, rate) in enumerate(rates):
        late = terms.rate_over(rate, pace)
        if not found or found[-1].rate != late:
            found.append(LateRate(late, day if place else None))
    return tuple(found)


class OnDates(NamedTuple):
    """Due dates one after another: the first and the last, by number and day."""

    first: tuple[int, date]
    last: tuple[int, date]


def runs_of(dates: Sequence[tuple[int, date]]) -> tuple[OnDates, ...]:
    """Return due dates as runs of numbers that follow one another.

    Examples
    --------
    >>> days = [date(2024, month, 10) for month in range(1, 13)]
    >>> [(run.first[0], run.last[0]) for run in runs_of([(k, days[k]) for k in (4, 5, 8)])]
    [(4, 5), (8, 8)]
    """
    found: list[OnDates] = []
    for each in sorted(dates):
        if found and each[0] == found[-1].last[0] + 1:
            found[-1] = found[-1]._replace(last=each)
        else:
            found.append(OnDates(each, each))
    return tuple(found)


# -- what holds from the first instalment on -------------------------------------------------


def told_of(plan: Schedule) -> tuple[Loan | None, tuple[Told, ...]]:
    """Return the loan as it holds from its first instalment on, and what is told of the changes.

    What a change agrees on from the first day is part of the loan: it replaces the loan's words,
    and is no change. The loan is ``None`` if no loan says the same; then the changes say it.
    """
    every = told(plan.loan, plan.changes, plan.change_days, plan.ledger)
    taken = [each for each in every if _from_the_start(each)]
    if not taken:
        return plan.loan, every
    numbers = {each.number for each in taken}
    rest = [each for each in every if each.number not in numbers]
    loan = _with(plan.loan, taken)
    if loan is None or not _same(plan, loan, rest):
        return None, every
    place = {each.number: number for number, each in enumerate(rest, 1)}
    kept = []
    for each in rest:
        notes = [
            note._replace(by=tuple(place[k] for k in note.by if k in place))
            for note in each.notes
            if not note.by or any(k in place for k in note.by)
        ]
        number = place[each.number]
        kept.append(each._replace(number=number, loan=loan, notes=tuple(notes)))
    return loan, tuple(kept)


def _from_the_start(each: Told) -> bool:
    """Whether a change is of terms that hold for good from the first day on."""
    change = each.change
    for_good = isinstance(change, Rescheduling) or (
        isinstance(change, RateChange) and change.until is None
    )
    return for_good and each.day <= each.loan.start


def _with(loan: Loan, taken: Sequence[Told]) -> Loan | None:
    """Return a loan with the terms of changes in it; ``None`` if there is no such loan."""
    fields: dict[str, Any] = {name: getattr(loan, name) for name in signature(Loan).parameters}
    for each in taken:
        change = each.change
        if isinstance(change, RateChange):
            fields["rate"] = change.rate
        elif isinstance(change, Rescheduling):
            fields |= {"payments": change.payments, "instalment": change.instalment}
            fields["rate"] = change.rate or fields["rate"]
            fields["method"] = change.method or fields["method"]
            if change.instalment is not None:
                fields |= {"instalment_multiple": None, "last": "any"}
            if change.every is not None:
                fields |= {"every": change.every, "due_days": None, "first_payment": None}
    try:
        return Loan(**fields)
    except RepayError:
        return None


def _same(plan: Schedule, loan: Loan, rest: Sequence[Told]) -> bool:
    """Whether a loan with the changes that are left is paid as the plan is."""
    try:
        other = Schedule(loan, tuple(each.change for each in rest))
    except RepayError:
        return False
    return other.rows == plan.rows


def ways_of(plan: Schedule, first: date) -> tuple[tuple[Every, Method], ...]:
    """Return how often and how a loan is repaid from a day on, each way in its turn."""
    loan = plan.loan
    every, method = loan.every, loan.method
    found: list[tuple[Every, Method]] = []
    begun = sorted(
        (each.day, each.number, each.change)
        for each in told(loan, plan.changes, plan.change_days, plan.ledger)
        if isinstance(each.change, Rescheduling)
        and all(note.kind != "lapsed" for note in each.notes)
    )
    ways = [(loan.start, (every, method))]
    for day, _, change in begun:
        every, method = change.every or every, change.method or method
        ways.append((day, (every, method)))
    for place, (_, way) in enumerate(ways):
        ends = ways[place + 1][0] if place + 1 < len(ways) else None
        if (ends is None or ends >= first) and way not in found[-1:]:
            found.append(way)
    return tuple(found)
