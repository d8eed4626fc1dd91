"""The course of a search: what is stated first, then the dates as they stand, then what was changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, NamedTuple

from repaylib.audit.change_inference import try_changes
from repaylib.audit.convention_search import SAME_SIDE, alike, try_fits, try_paid, vary
from repaylib.audit.date_hypotheses import (
    Counting,
    Known,
    countings,
    due_days,
    endings,
    frames,
    histories,
    rows_by_due,
)
from repaylib.audit.departures import fewest
from repaylib.audit.discrepancies import Miss, weight
from repaylib.audit.fee_inference import fees_of
from repaylib.audit.offer import Offer
from repaylib.audit.rate_candidates import Fit, fits
from repaylib.audit.rate_intervals import BIASES, complete
from repaylib.audit.repayment_hypotheses import Shape
from repaylib.audit.trials import MOST_WORK, Trial, Trials, distance
from repaylib.changes.base import Change
from repaylib.errors import RepayError
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.rates.rate import Rate
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan

__all__ = ["Box", "Searched", "search_offer"]


#: How many of the ways that reproduce an offer are shown with the words that come to the same.
EXPANDED = 6
#: How many trials are held against an offer line by line: of the first, and of the nearest.
NEAR = 6


class Box(NamedTuple):
    """Terms that reproduce every figure, with the words that come to the same.

    Attributes
    ----------
    trial
        What reproduces them.
    alike
        For each axis, the words that come to the same.
    as_paid
        Whether the rows are payments as they were made, each with the interest up to its day.
    """

    trial: Trial
    alike: dict[str, tuple[str, ...]]
    as_paid: bool


class Searched(NamedTuple):
    """What a search came to: the terms that reproduce all, or the trials nearest to it."""

    boxes: list[Box]
    nearest: Trial | None
    missed: list[Miss]
    as_paid: bool
    trials: int
    spent: bool
    work: int


class Frame(NamedTuple):
    """Terms of which the conventions are to be found.

    Attributes
    ----------
    loan
        The terms.
    ended
        Whether the last payment is known to be that of the loan.
    as_paid
        Whether its instalments are what was really paid.
    """

    loan: Loan
    ended: bool = True
    as_paid: bool = False


def search_offer(
    offer: Offer,
    stated: Schedule | None,
    known: Known,
    rate: Rate | None,
    most: int = MOST_WORK,
) -> Searched:
    """Search the conventions under which the figures of an offer follow, with no more work than `most`."""
    trials = Trials(offer, most=most)
    origin: Loan | None = None
    if stated is not None:
        held = trials.hold(stated.loan, stated.changes)
        if held is not None and held.exact:
            trials.most = most // 4  # what else comes to the same is good to know, no more
        origin = stated.loan
        known = known._replace(words=_conventions(stated.loan))
    undated = not offer.dated and stated is None and known.start is None
    own = rate if stated is None else _rate_of(stated)
    paid: set[Loan] = set()
    searched: list[tuple[Loan, list[Fit]]] = []
    for frame, ended, as_paid in _frames(offer, stated, known):
        if origin is None:
            origin = frame if rate is None else replace(frame, rate=rate)
        if as_paid:
            before = len(trials.done)
            _try_history(trials, frame, own)
            paid |= {loan for loan, _ in list(trials.done)[before:]}
        elif stated is not None and (stated.changes or not _is_plain(frame)):
            _brute(trials, frame, stated.changes)
            continue
        else:
            found = fits(offer, frame, stated=own, undated=undated, ended=ended)
            searched.append((frame, found))
            if _has_all(frame, offer):
                try_fits(trials, frame, found, ended=ended)
        if trials.exact:
            break
    assert origin is not None, "there is a frame"
    near = _near(trials)
    if not trials.exact and min((weight(offer, missed) for missed, _ in near), default=2) > 1:
        try_changes(trials, offer, stated, searched[::-1], own)
        near = near if trials.exact else _near(trials)
    rated = stated is not None or rate is not None
    if stated is not None and stated.loan.payments == MOST_PAYMENTS:
        for trial in trials.exact:
            trials.hold(trial.loan, trial.schedule.changes, payments=MOST_PAYMENTS)

    def far(trial: Trial) -> tuple[int, int]:
        count = len(trial.schedule.changes)
        return distance(trial.loan, origin, changes=count, rated=rated)

    boxes = _boxes(offer, sorted(trials.exact, key=far), paid, undated=undated)
    nearest: Trial | None = None
    missed: list[Miss] = []
    if not boxes and near:
        missed, nearest = min(
            near,
            key=lambda each: (
                weight(offer, each[0]),
                sum(miss.apart for miss in each[0]),
                far(each[1]),
            ),
        )
    as_paid = nearest is not None and nearest.loan in paid
    return Searched(boxes, nearest, missed, as_paid, len(trials.done), trials.spent, trials.work)


def _near(trials: Trials) -> list[tuple[list[Miss], Trial]]:
    """Return the first and the nearest trials, each with its departures."""
    if trials.exact:
        return []
    near = dict.fromkeys([*trials.tried[:NEAR], *trials.nearest[:NEAR]])
    return [(fewest(trials.offer, trial.schedule), trial) for trial in near]


def _conventions(loan: Loan) -> dict[str, Any]:
    """Return how a loan counts days and rounds, which hold for other dates as well."""
    names = ("day_count", "odd_days", "counted_days", "rounding", "instalment_rounding")
    return {name: getattr(loan, name) for name in (*names, "currency", "calendar", "rate")}


def _frames(offer: Offer, stated: Schedule | None, known: Known) -> Iterator[Frame]:
    """Yield terms of which the conventions are to be found: as stated, then as the rows have them."""
    ways = endings(offer)
    if stated is not None:
        loan = _counted(stated, offer)
        for fees in [{}, *fees_of(offer)]:
            yield Frame(replace(loan, **fees))
        if stated.changes:
            return
    left = False in ways or (complete(offer)[-1].closing or 0) > 0
    paid = [Frame(each, as_paid=True) for each in histories(offer, known) if left]
    if stated is not None and _covers(stated, offer):
        yield from (each for each in paid if _leaves_interest(each.loan))
        return
    if stated is not None:
        yield from paid
    try:
        for ended in ways:
            for frame in frames(offer, known, ended=ended):
                loose = not isinstance(frame.every, str) or frame.payments > len(offer.rows)
                if stated is not None and ended and loose:  # days of no schedule, to the end
                    whole = histories(offer, known, ended=True)
                    yield from (Frame(each, as_paid=True) for each in whole)
                for fees in [*fees_of(offer), {}]:
                    yield Frame(replace(frame, **fees), ended=ended)
    except RepayError:
        if stated is None:
            raise
    if stated is None:
        yield from paid


def _counted(stated: Schedule, offer: Offer) -> Loan:
    """Return the loan with the number of its payments, where it is as many as it takes."""
    loan = stated.loan
    if loan.payments < MOST_PAYMENTS:
        return loan
    count = max(int(stated.columns["number"].max()), len(due_days(offer)), len(offer.rows))
    return replace(loan, payments=count)


def _covers(stated: Schedule, offer: Offer) -> bool:
    """Whether all rows fall on due dates that are stated or, without dates, are as many or numbered."""
    table = stated.loan.timetable
    count = int(stated.columns["number"].max())
    if not offer.dated:
        return bool(offer.numbers) or len(offer.rows) >= count
    dues = {table.paid(k) for k in range(1, count + 1)}
    days = due_days(offer)
    return set(days) <= dues and (False in endings(offer) or days[-1] == table.paid(count))


def _leaves_interest(loan: Loan) -> bool:
    """Whether a payment leaves interest for the next ones, as no schedule has it."""
    try:
        return bool(Schedule(loan).columns["deferred_interest"].any())
    except RepayError:
        return False


def _has_all(loan: Loan, offer: Offer) -> bool:
    """Whether every row has its due date, so that the loan may reproduce all without a change."""
    fallen = sum(row.number != 0 for row in offer.rows)
    return loan.method == "bullet" or len(rows_by_due(offer, loan)) == fallen


def _rate_of(stated: Schedule) -> Rate | None:
    return stated.loan.rate if isinstance(stated.loan.rate, Rate) else None


def _is_plain(loan: Loan) -> bool:
    return (
        isinstance(loan.rate, Rate)
        and not loan.drawdowns
        and not isinstance(loan.instalment, tuple)
    )


def _try_history(trials: Trials, frame: Loan, own: Rate | None) -> None:
    """Fold payments as they were made: as stated, then with other rates and ways to count days."""
    if own is not None or not isinstance(frame.rate, Rate):
        trials.hold(frame)
    if isinstance(frame.rate, Rate):
        found = fits(trials.offer, frame, stated=own, undated=False, paid=True)
        try_paid(trials, frame, found)
        return
    for counting in countings(frame):
        day_count, counted_days, odd_days = counting.words[0]
        for bias in BIASES:
            words: dict[str, Any] = {
                "counted_days": counted_days,
                "odd_days": odd_days,
                "rounding": bias,
            }
            trials.hold(frame, day_count=day_count, **words)


def _brute(trials: Trials, frame: Loan, changes: Sequence[Change]) -> None:
    """Fold every way to count days and to round of a loan whose rows say no more by themselves."""
    for counting in countings(frame):
        day_count, counted_days, odd_days = counting.words[0]
        for bias in BIASES:
            rounding = frame.rounding if frame.rounding in SAME_SIDE[bias] else bias
            words: dict[str, Any] = {
                "counted_days": counted_days,
                "odd_days": odd_days,
                "rounding": rounding,
            }
            try:
                loan = replace(frame, day_count=day_count, **words)
            except RepayError:
                continue
            shape = Shape(loan.method, "balance", (), None)
            for more in vary(loan, shape, bias, 1):
                trial = trials.hold(loan, changes, **more)
                if trial is not None and trial.exact:
                    break


def _boxes(offer: Offer, exact: Sequence[Trial], paid: set[Loan], *, undated: bool) -> list[Box]:
    """Return the trials that reproduce all, without those that others cover with their words."""
    boxes: list[Box] = []
    found: dict[object, list[Counting]] = {}
    for trial in exact:
        loan, as_paid = trial.loan, trial.loan in paid
        if any(_within(box, trial) for box in boxes):
            continue
        if len(boxes) >= EXPANDED:
            boxes.append(Box(trial, {}, as_paid))
            continue
        key = loan.timetable, loan.payments, loan.method == "bullet"
        if key not in found:
            found[key] = countings(loan, undated=undated)
        own = loan.day_count, loan.counted_days, loan.odd_days
        same = next((each for each in found[key] if own in each.words), None)
        if isinstance(loan.rate, Rate) and not loan.rate.value:  # nothing tells them apart
            same = Counting((), [words for each in found[key] for words in each.words])
        boxes.append(Box(trial, alike(Trials(offer), trial, same), as_paid))
    return boxes


def _within(box: Box, trial: Trial) -> bool:
    """Whether a trial differs from that of a box in words alone that come to the same there."""
    own, other = box.trial.loan, trial.loan
    if trial.schedule.changes != box.trial.schedule.changes:
        return False
    for each in fields(Loan):
        value = getattr(other, each.name)
        if value != getattr(own, each.name) and value not in box.alike.get(each.name, ()):
            return False
    return True
