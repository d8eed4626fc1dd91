"""Changes that the rows of an offer show: a skipped payment, a larger one, more lent, a new rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import Any, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from repaylib.audit.convention_search import vary
from repaylib.audit.date_hypotheses import completed, rows_by_due
from repaylib.audit.offer import Offer
from repaylib.audit.rate_candidates import Fit, limits_of
from repaylib.audit.rate_intervals import Completed, shared, simplest, usual
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
#: Holds of a change, the commonest first.
HOLDS = ("maturity", "payment", "last")


class Suspect(NamedTuple):
    """Changes that may explain the rows, one of which is tried at a time.

    Attributes
    ----------
    changes
        Each reading of what was done.
    payments
        How many payments there may have been before.
    rates
        What the rate may have been before, if the rows as a whole do not say it.
    """

    changes: list[tuple[Change, ...]]
    payments: Sequence[int]
    rates: Sequence[Rate] = ()


def try_changes(
    trials: Trials,
    offer: Offer,
    stated: Schedule | None,
    searched: Sequence[tuple[Loan, Sequence[Fit]]],
    rate: Rate | None,
) -> None:
    """Fold the loan with changes that the rows show, until one reproduces them.

    `searched` are the terms that were tried without changes, each with what fits its rows.
    """
    if stated is not None and stated.changes:
        return
    for frame, found in searched:
        if not isinstance(frame.rate, Rate) or frame.method == "bullet" or not found:
            continue
        rows, _, _ = completed(offer, frame)
        likely = _likely(found, rate)
        for suspect in _suspects(offer, rows, frame, likely):
            for usual_terms in (True, False):
                for fit in likely:
                    _try(trials, frame, fit, suspect, bare=usual_terms)
                if trials.exact or trials.spent:
                    return


def _likely(found: Sequence[Fit], stated: Rate | None) -> list[Fit]:
    """Return the fits of the most rows, those of the stated rate first.

    One is taken for each way to count days, rate and rounding.
    """
    chosen: dict[tuple[int, Any, str], Fit] = {}
    for fit in found:
        if fit.shape.base == "balance" and fit.shape.method in ("level", "equal_principal"):
            chosen.setdefault((id(fit.counting), fit.rate, fit.bias), fit)
    own = [fit for fit in chosen.values() if fit.rate == stated]
    others = [fit for fit in chosen.values() if fit.rate != stated]
    return [*own[:FITS], *others[: FITS - min(len(own), FITS // 2)]]


def _suspects(
    offer: Offer, rows: Sequence[Completed], frame: Loan, likely: Sequence[Fit]
) -> Iterator[Suspect]:
    """Yield what the rows show, the plainest first."""
    count = frame.payments
    due = dict(rows_by_due(offer, frame))
    lent = offer.principal or 0
    paid = usual([row.payment - (row.fee or 0) for row in rows[:-1] if row.payment is not None])
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
        more = [(frame.timetable.paid(k), frame.money(minor)) for k, minor in grown]
        yield Suspect(
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
    if paid:
        over = [
            (due[place], row.payment - (row.fee or 0) - paid)
            for place, row in enumerate(rows[:-1])
            if place in due
            and row.payment is not None
            and 20 * (row.payment - (row.fee or 0) - paid) >= paid
        ]
        if over and len(over) <= count // 2:
            sums = [(frame.timetable.paid(k), frame.money(minor)) for k, minor in over]
            extra = -(-sum(minor for _, minor in over) // paid)
            yield Suspect(
                [
                    tuple(Prepayment(much, on=day, hold=hold) for day, much in sums)
                    for hold in get_args(PrepaymentHold)
                ],
                range(count, count + extra + 2),
            )
    yield from _new_rates(rows, frame, likely, due)


def _hold(word: str) -> Hold:
    return next(each for each in get_args(Hold) if each == word)


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return consecutive numbers as pairs of the first and how many."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == sum(runs[-1]):
            runs[-1] = runs[-1][0], runs[-1][1] + 1
        else:
            runs.append((number, 1))
    return runs


def _deferrals(runs: Sequence[tuple[int, int]], count: int) -> Iterator[Suspect]:
    """Yield the readings of "put off" for payments on which no principal was paid."""
    changes: list[tuple[Change, ...]] = []
    words: list[dict[str, Any]] = [*READINGS.values(), {"pause": "principal", "hold": "maturity"}]
    for each in words:
        try:
            changes.append(tuple(Deferral(payment, periods, **each) for payment, periods in runs))
        except RepayError:
            continue
    passed = sum(periods for _, periods in runs)
    yield Suspect(changes, [n for n in (count - passed, count, count - passed - 1) if n > 0])


def _new_rates(
    rows: Sequence[Completed], frame: Loan, likely: Sequence[Fit], due: dict[int, int]
) -> Iterator[Suspect]:
    """Yield a new rate from the first line that the rate before does not fit."""
    for fit in likely[:2]:
        places, limits = limits_of(fit, due)
        place = _parting(limits)
        if not place:
            continue
        best, after = shared(limits[place:])
        _, before = shared(limits[:place])
        assert before is not None, "the rows before share a rate"
        still = int(np.sum((limits[place:, 0] <= before[1]) & (before[0] <= limits[place:, 1])))
        if after is None or best < 2 or best <= still:
            continue  # a figure or some are off, and no rate bears out the rest
        day = frame.timetable.due(due[places[place]] - 1)
        pace = frame.timetable.pace
        changes: list[tuple[Change, ...]] = [
            (RateChange(new, on=day, hold=_hold(hold)),)
            for new in islice(simplest(Fraction(after[0]), Fraction(after[1]), pace), 3)
            for hold in HOLDS
        ]
        first = Fraction(before[0]), Fraction(before[1])
        rates = list(dict.fromkeys([fit.rate, *islice(simplest(*first, pace), 3)]))
        yield Suspect(changes, [frame.payments], rates)


def _parting(limits: npt.NDArray[np.float64]) -> int:
    """Return the first place whose interval shares no rate with all before it; 0 if there is none."""
    low, high = np.maximum.accumulate(limits[:, 0]), np.minimum.accumulate(limits[:, 1])
    return int(np.argmax(low > high)) if len(limits) else 0


def _try(trials: Trials, frame: Loan, fit: Fit, suspect: Suspect, *, bare: bool) -> None:
    """Fold each reading of what was done, on each loan that it may have been done to.

    `bare` loans have an instalment that is solved and rounded as all amounts are.
    """
    day_count, counted_days, odd_days = fit.counting.words[0]
    counting: dict[str, Any] = {
        "day_count": day_count,
        "counted_days": counted_days,
        "odd_days": odd_days,
    }
    for payments in suspect.payments:
        for rate in suspect.rates or [fit.rate]:
            try:
                loan = replace(
                    frame,
                    payments=payments,
                    rate=rate,
                    method=fit.shape.method,
                    rounding=fit.bias,
                    **counting,
                )
            except RepayError:
                continue
            for words in islice(vary(loan, fit.shape, fit.bias, 1), 1 if bare else None):
                for changes in suspect.changes:
                    trial = trials.hold(loan, changes, **words)
                    if trial is not None and trial.exact:
                        return
