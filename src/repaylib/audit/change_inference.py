"""Changes that the rows of an offer show: a skipped or larger payment, an advance, a new rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import islice, pairwise
from typing import Any, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from repaylib.audit.convention_fits import RateFit, limits_of
from repaylib.audit.convention_search import instalment_variants
from repaylib.audit.date_hypotheses import completed, rows_by_due, times_between
from repaylib.audit.offer import Offer
from repaylib.audit.rate_inference import CompletedRow, plainest_rates, shared_interval, usual
from repaylib.audit.trials import Trials
from repaylib.changes.advance import Advance
from repaylib.changes.base import Change
from repaylib.changes.deferral import Deferral
from repaylib.changes.prepayment import Prepayment
from repaylib.changes.rate_change import RateChange
from repaylib.errors import RepayError
from repaylib.measures.deferral_readings import READINGS
from repaylib.rates.rate import Rate
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import Hold, PrepaymentHold

__all__ = ["try_changes"]

#: How many fits of rate, day count and rounding are tried with each change.
FITS = 6
#: The same with an extra payment that comes again, whose other terms are many.
AGAIN = 3
#: Holds of a change, the commonest first.
HOLDS = ("maturity", "payment", "last")


class SuspectedChanges(NamedTuple):
    """Changes that may explain the rows, one of which is tried at a time.

    Attributes
    ----------
    changes
        The readings of the changes.
    payments
        The possible numbers of payments before.
    rates
        The possible rates before, if the rows as a whole do not tell.
    """

    changes: list[tuple[Change, ...]]
    payments: Sequence[int]
    rates: Sequence[Rate] = ()


def try_changes(
    trials: Trials,
    offer: Offer,
    stated: Schedule | None,
    searched: Sequence[tuple[Loan, Sequence[RateFit]]],
    rate: Rate | None,
    *,
    recurring: bool = False,
) -> None:
    """Fold the loan with changes that the rows show, until one reproduces them.

    `searched` are the terms that were tried without changes, with the fits of their rows;
    `recurring` is whether only an extra payment that comes again is tried.
    """
    if stated is not None and stated.changes:
        return
    for base_loan, found in searched:
        if not isinstance(base_loan.rate, Rate) or base_loan.method == "bullet" or not found:
            continue
        rows, _, _ = completed(offer, base_loan)
        likely = _likely(found, rate)
        suspects = [
            suspect
            for suspect in _suspects(offer, rows, base_loan, likely)
            if not recurring or _comes_again(suspect)
        ]
        known = len(trials.exact)
        for usual_terms in (True, False):
            for suspect in suspects:
                for fit in likely[:AGAIN] if _comes_again(suspect) else likely:
                    _try(trials, base_loan, fit, suspect, bare=usual_terms)
                if len(trials.exact) > known or trials.exhausted:
                    return


def _comes_again(suspect: SuspectedChanges) -> bool:
    """Whether it is an extra payment that comes again."""
    return any(isinstance(each, Prepayment) and each.every for each in suspect.changes[0])


def _likely(found: Sequence[RateFit], stated: Rate | None) -> list[RateFit]:
    """Return the fits of the most rows, those of the stated rate first.

    There is one for every day count, rate and rounding.
    """
    chosen: dict[tuple[int, Any, str], RateFit] = {}
    for fit in found:
        if fit.repayment.base == "balance" and fit.repayment.method in ("level", "equal_principal"):
            chosen.setdefault((id(fit.day_count), fit.rate, fit.bias), fit)
    own = [fit for fit in chosen.values() if fit.rate == stated]
    others = [fit for fit in chosen.values() if fit.rate != stated]
    return [*own[:FITS], *others[: FITS - min(len(own), FITS // 2)]]


def _suspects(
    offer: Offer, rows: Sequence[CompletedRow], base_loan: Loan, likely: Sequence[RateFit]
) -> Iterator[SuspectedChanges]:
    """Yield the changes that the rows suggest, the plainest first."""
    count = base_loan.payments
    due = dict(rows_by_due(offer, base_loan))
    lent = offer.principal or 0
    grown = [
        (due[place], row.closing - row.opening + row.principal)
        for place, row in enumerate(rows)
        if place in due
        and row.payment != 0
        and row.opening is not None
        and row.closing is not None
        and row.principal is not None
        and 100 * (row.closing - row.opening + row.principal) >= lent
    ]
    if grown:
        more = [(base_loan.timetable.adjusted(k), base_loan.money(minor)) for k, minor in grown]
        yield SuspectedChanges(
            [
                tuple(Advance(much, on=day, hold=_hold(hold)) for day, much in more)
                for hold in HOLDS
            ],
            [count],
        )
    skipped = [
        due[k]
        for k, row in enumerate(rows[:-1])
        if k in due and (row.payment == 0 or row.principal == 0)
    ]
    runs = _runs(skipped)
    if runs and len(skipped) <= count // 2:
        yield from _deferrals(runs, count)
    yield from _prepayments(offer, rows, base_loan, due)
    yield from _new_rates(rows, base_loan, likely, due)


def _prepayments(
    offer: Offer, rows: Sequence[CompletedRow], base_loan: Loan, due: dict[int, int]
) -> Iterator[SuspectedChanges]:
    """Yield extra payments: one that comes again, if that may be all of them; else each by itself."""
    count, found = base_loan.payments, _extra(offer, rows, due)
    if not found:
        return
    extras = [row.figures.get("prepaid", 0) for row in offer.rows[:-1]]
    pairs = zip(rows, extras, strict=False)
    paid = usual([row.payment - extra for row, extra in pairs if row.payment]) or 1
    more = -(-sum(minor for _, minor in found) // paid)
    counts = range(count, count + more + 2)
    if again := list(_recurring(base_loan, found)):
        yield SuspectedChanges(again, counts)
    if len(found) <= count // 2:
        days = [
            (base_loan.timetable.adjusted(place) if isinstance(place, int) else place, minor)
            for place, minor in found
        ]
        singly: list[tuple[Change, ...]] = [
            tuple(Prepayment(base_loan.money(minor), on=day, hold=hold) for day, minor in days)
            for hold in get_args(PrepaymentHold)
        ]
        yield SuspectedChanges(singly, counts)


def _extra(
    offer: Offer, rows: Sequence[CompletedRow], due: dict[int, int]
) -> list[tuple[int | date, int]]:
    """Return extra payments, in minor units: with which payment, or on which day, and how much.

    A column may say them. Otherwise a payment on a day of its own is one, and what a payment has on
    top of the one before it or, if that has an extra as well, of the usual one.
    """
    found: list[tuple[int | date, int]] = []
    told = "prepaid" in offer.columns
    paid = [None if row.payment is None else row.payment - (row.fee or 0) for row in rows]
    common = usual([each for each in paid[:-1] if each]) or 0
    first, second = (paid[place] or 0 for place in (0, min(1, len(paid) - 1)))
    before = first if 0 < first <= second else common
    for place, row in enumerate(offer.rows):
        k, payment = due.get(place), paid[place]
        own = k is None and place > 0 and row.number == 0
        extra = row.figures.get("prepaid", 0) if told else (payment or 0) - (0 if own else before)
        place_of = k or row.day
        if (k is None and not own) or payment is None or place_of is None:
            continue
        if extra > 0 and (told or own or (20 * extra >= before and place < len(rows) - 1)):
            found.append((place_of, extra))
        elif not own:
            before = payment or common
    return found


def _recurring(
    base_loan: Loan, found: Sequence[tuple[int | date, int]]
) -> Iterator[tuple[Change, ...]]:
    """Yield one extra payment that comes again, on or with each of the places; the last may be less."""
    (first, amount), last = found[0], found[-1][0]
    if len(found) < 2 or {minor for _, minor in found[:-1]} != {amount} or found[-1][1] > amount:
        return
    places = [place for place, _ in found]
    every: list[tuple[str, Any]] = []
    if all(isinstance(place, int) for place in places):
        numbers = [place for place in places if isinstance(place, int)]
        steps = {high - low for low, high in pairwise(numbers)}
        every = [("with_payment", step) for step in steps] if len(steps) == 1 else []
    elif all(isinstance(place, date) for place in places):
        every = [("on", time) for time in times_between([p for p in places if isinstance(p, date)])]
    ends = [None, last] if len(found) > 2 else [None]
    for by, step in every:
        for until in ends:
            for hold in get_args(PrepaymentHold):
                options: dict[str, Any] = {by: first, "every": step, "until": until, "hold": hold}
                yield (Prepayment(base_loan.money(amount), **options),)


def _hold(word: str) -> Hold:
    return next(hold for hold in get_args(Hold) if hold == word)


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return runs of consecutive numbers, as pairs of the first number and the length."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == sum(runs[-1]):
            runs[-1] = runs[-1][0], runs[-1][1] + 1
        else:
            runs.append((number, 1))
    return runs


def _deferrals(runs: Sequence[tuple[int, int]], count: int) -> Iterator[SuspectedChanges]:
    """Yield the readings of a deferral for payments without principal."""
    changes: list[tuple[Change, ...]] = []
    readings: list[dict[str, Any]] = [
        *READINGS.values(),
        {"pause": "principal", "hold": "maturity"},
    ]
    for options in readings:
        try:
            changes.append(
                tuple(Deferral(payment, periods, **options) for payment, periods in runs)
            )
        except RepayError:
            continue
    passed = sum(periods for _, periods in runs)
    yield SuspectedChanges(
        changes, [n for n in (count - passed, count, count - passed - 1) if n > 0]
    )


def _new_rates(
    rows: Sequence[CompletedRow], base_loan: Loan, likely: Sequence[RateFit], due: dict[int, int]
) -> Iterator[SuspectedChanges]:
    """Yield a new rate from the first line that the rate before does not fit."""
    for fit in likely[:2]:
        places, limits = limits_of(fit, due)
        place = _first_divergence(limits)
        if not place:
            continue
        best, after = shared_interval(limits[place:])
        _, before = shared_interval(limits[:place])
        assert before is not None, "the rows before share a rate"
        still = int(np.sum((limits[place:, 0] <= before[1]) & (before[0] <= limits[place:, 1])))
        if after is None or best < 2 or best <= still:
            continue  # a figure or some are off, and no rate bears out the rest
        day = base_loan.timetable.accrual_date(due[places[place]] - 1)
        pace = base_loan.timetable.period_length
        changes: list[tuple[Change, ...]] = [
            (RateChange(new, on=day, hold=_hold(hold)),)
            for new in islice(plainest_rates(Fraction(after[0]), Fraction(after[1]), pace), 3)
            for hold in HOLDS
        ]
        first = Fraction(before[0]), Fraction(before[1])
        rates = list(dict.fromkeys([fit.rate, *islice(plainest_rates(*first, pace), 3)]))
        yield SuspectedChanges(changes, [base_loan.payments], rates)


def _first_divergence(limits: npt.NDArray[np.float64]) -> int:
    """Return the first place whose interval shares no rate with all before it; 0 if there is none."""
    low, high = np.maximum.accumulate(limits[:, 0]), np.minimum.accumulate(limits[:, 1])
    return int(np.argmax(low > high)) if len(limits) else 0


def _try(
    trials: Trials, base_loan: Loan, fit: RateFit, suspect: SuspectedChanges, *, bare: bool
) -> None:
    """Fold every reading of the changes, on every loan that they may have changed.

    `bare` loans have an instalment that is solved and rounded as all amounts are.
    """
    day_count, counted_days, odd_days = fit.day_count.conventions[0]
    counting: dict[str, Any] = {
        "day_count": day_count,
        "counted_days": counted_days,
        "odd_days": odd_days,
    }
    for payments in suspect.payments:
        for rate in suspect.rates or [fit.rate]:
            try:
                loan = replace(
                    base_loan,
                    payments=payments,
                    rate=rate,
                    method=fit.repayment.method,
                    rounding=fit.bias,
                    **counting,
                )
            except RepayError:
                continue
            for terms in islice(
                instalment_variants(loan, fit.repayment, fit.bias, 1), 1 if bare else None
            ):
                for changes in suspect.changes:
                    trial = trials.evaluate(loan, changes, **terms)
                    if trial is not None and trial.exact:
                        return
