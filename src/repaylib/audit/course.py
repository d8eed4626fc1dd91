"""The course of a search: what is stated first, then the dates as they stand, then what was changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, NamedTuple

from repaylib.audit.changes import try_changes
from repaylib.audit.departures import fewest
from repaylib.audit.fees import fees_of
from repaylib.audit.fit import BIASES
from repaylib.audit.frames import Counting, Known, countings, due_days, frames
from repaylib.audit.rows import Offer
from repaylib.audit.search import SAME_SIDE, Shape, alike, fits, try_fits, vary
from repaylib.audit.trials import Trial, Trials, distance
from repaylib.change import Change
from repaylib.errors import RepayError
from repaylib.loan import Loan
from repaylib.rates import Rate
from repaylib.schedule import Schedule

__all__ = ["Box", "Searched", "search_offer"]


#: How many of the ways that reproduce an offer are shown with the words that come to the same.
EXPANDED = 6
#: How many trials are held against an offer line by line: of the first, and of the nearest.
NEAR = 20


class Box(NamedTuple):
    """Terms that reproduce every figure, with the words that come to the same."""

    trial: Trial
    alike: dict[str, tuple[str, ...]]


class Searched(NamedTuple):
    """What a search came to: the terms that reproduce all, or the trials nearest to it."""

    boxes: list[Box]
    nearest: Trial | None
    trials: int
    spent: bool


def search_offer(
    offer: Offer, stated: Schedule | None, known: Known, rate: Rate | None
) -> Searched:
    """Search the conventions under which the figures of an offer follow."""
    trials = Trials(offer)
    origin: Loan | None = None
    if stated is not None:
        trials.hold(stated.loan, stated.changes)
        origin = stated.loan
    undated = not offer.dated and stated is None and known.start is None
    for frame in _frames(offer, stated, known):
        if origin is None:
            origin = frame if rate is None else replace(frame, rate=rate)
        if stated is not None and (stated.changes or not _is_plain(frame)):
            _brute(trials, frame, stated.changes)
            continue
        own = _rate_of(stated) if stated is not None else rate
        try_fits(trials, frame, fits(offer, frame, stated=own, undated=undated))
        if trials.exact:
            break
    assert origin is not None, "there is a frame"
    if not trials.exact and _doubtful(trials):
        try_changes(trials, offer, stated, list(_frames(offer, stated, known))[::-1], rate)
    rated = stated is not None or rate is not None

    def far(trial: Trial) -> tuple[int, int]:
        count = len(trial.schedule.changes)
        return distance(trial.loan, origin, changes=count, rated=rated)

    boxes = _boxes(offer, sorted(trials.exact, key=far), undated=undated)
    nearest = None
    if not boxes:
        near = dict.fromkeys([*trials.tried[:NEAR], *trials.nearest[:NEAR]])

        def departs(trial: Trial) -> tuple[int, int, tuple[int, int]]:
            missed = fewest(offer, trial.schedule)
            return len(missed), sum(miss.apart for miss in missed), far(trial)

        nearest = min(near, key=departs, default=None)
    return Searched(boxes, nearest, len(trials.done), trials.spent)


def _doubtful(trials: Trials) -> bool:
    """Whether more is wrong than a figure: what was changed shows in several at least."""
    near = [*trials.tried[:NEAR], *trials.nearest[:NEAR]]
    return all(len(fewest(trials.offer, trial.schedule)) > 1 for trial in near)


def _frames(offer: Offer, stated: Schedule | None, known: Known) -> Iterator[Loan]:
    """Yield terms of which the conventions are to be found: as stated, then as the rows have them."""
    if stated is not None:
        yield stated.loan
        for fees in fees_of(offer):
            yield replace(stated.loan, **fees)
        if not offer.dated or stated.changes or _covers(stated, offer):
            return
    for frame in frames(offer, known):
        for fees in [*fees_of(offer), {}]:
            yield replace(frame, **fees)


def _covers(stated: Schedule, offer: Offer) -> bool:
    """Whether the due dates stated are those of the rows."""
    table = stated.loan.timetable
    return [table.paid(k) for k in range(1, stated.loan.payments + 1)] == due_days(offer)


def _rate_of(stated: Schedule) -> Rate | None:
    return stated.loan.rate if isinstance(stated.loan.rate, Rate) else None


def _is_plain(loan: Loan) -> bool:
    return isinstance(loan.rate, Rate) and not loan.draws and not isinstance(loan.instalment, tuple)


def _brute(trials: Trials, frame: Loan, changes: Sequence[Change]) -> None:
    """Fold every way to count days and to round of a loan whose rows say no more by themselves."""
    for counting in countings(frame):
        day_count, counted, odd_days = counting.words[0]
        for bias in BIASES:
            rounding = frame.rounding if frame.rounding in SAME_SIDE[bias] else bias
            words: dict[str, Any] = {"counted": counted, "odd_days": odd_days, "rounding": rounding}
            try:
                loan = replace(frame, day_count=day_count, **words)
            except RepayError:
                continue
            shape = Shape(loan.method, "balance", (), None)
            for more in vary(loan, shape, bias, 1):
                trial = trials.hold(loan, changes, **more)
                if trial is not None and trial.exact:
                    break


def _boxes(offer: Offer, exact: Sequence[Trial], *, undated: bool) -> list[Box]:
    """Return the trials that reproduce all, without those that others cover with their words."""
    boxes: list[Box] = []
    found: dict[object, list[Counting]] = {}
    for trial in exact:
        loan = trial.loan
        if any(_within(box, trial) for box in boxes):
            continue
        if len(boxes) >= EXPANDED:
            boxes.append(Box(trial, {}))
            continue
        key = loan.timetable, loan.payments, loan.method == "bullet"
        if key not in found:
            found[key] = countings(loan, undated=undated)
        own = loan.day_count, loan.counted, loan.odd_days
        same = next((each for each in found[key] if own in each.words), None)
        boxes.append(Box(trial, alike(Trials(offer), trial, same)))
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
