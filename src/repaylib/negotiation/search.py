"""The search for plans: one concession solved by bisection, a bounded grid over the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from typing import NamedTuple

import numpy as np

from repaylib.negotiation.trial import Case, Point, Trial
from repaylib.rates.rate import percent
from repaylib.rates.root_finding import first_true

__all__ = [
    "MOST_TERM",
    "SOLVED",
    "Found",
    "Span",
    "in_the_way",
    "nearest",
    "pareto",
    "search",
    "spans_of",
]


#: Concessions that are solved, the first of them that is free; and those that are tried one by one.
SOLVED = ("term", "rate", "haircut")
PUT_OFF = ("deferral", "interest_only", "interest_free")

#: Constraints on the day of the last payment.
ENDS = ("end", "months", "extension", "latest")

#: About how many combinations of the others are tried for the one that is solved.
COMBINATIONS = 24
#: How many values of it are tried between the least and the greatest that will do.
LEVELS = 7
#: How far beyond a limit is looked for what would have to give.
MOST_TERM = 1_200


class Span(NamedTuple):
    """One concession: how many steps it may go.

    Attributes
    ----------
    name
        The word for it.
    low, high
        The first and the last step; of a term, the fewest and the most payments.
    """

    name: str
    low: int
    high: int

    def put(self, point: Point, step: int) -> Point:
        """Return a point with so many steps of this concession."""
        match self.name:
            case "term":
                return point._replace(term=step)
            case "rate":
                return point._replace(rate=step)
            case "haircut":
                return point._replace(haircut=step)
            case "start":
                return point._replace(start=step)
        return point._replace(kind=self.name if step else "deferral", deferral=step)

    def levels(self, most: int, low: int | None = None, high: int | None = None) -> list[int]:
        """Return at most `most` steps, evenly spaced, with both ends."""
        begin, end = self.low if low is None else low, self.high if high is None else high
        most = max(2, most)
        if end - begin < most:
            return list(range(begin, end + 1))
        return [begin + (end - begin) * each // (most - 1) for each in range(most)]


class Found(NamedTuple):
    """What a search found.

    Attributes
    ----------
    agreeable
        Plans that keep every constraint and that none of the others is better than.
    tried
        All plans that were tried and could be made.
    grid
        What was tried, in words.
    """

    agreeable: tuple[Trial, ...]
    tried: tuple[Trial, ...]
    grid: str


def spans_of(case: Case, by: Sequence[str]) -> list[Span]:
    """Return the concessions that are free, in the order in which they are searched."""
    found = []
    for name in (*SOLVED, *PUT_OFF, "start"):
        if name in by:
            found.append(_span(case, name))
    return found


def _span(case: Case, name: str) -> Span:
    limits = case.limits
    match name:
        case "term":
            return Span(name, 1, _most_payments(case))
        case "rate":
            return Span(name, 0, len(case.rates) - 1)
        case "haircut":
            most = int(case.owed * limits.haircut)
            if most >= case.owed:
                most = case.owed - 1
            return Span(name, 0, most // case.unit)
        case "start":
            return Span(name, 0, min(limits.start, case.left - 1))
    return Span(name, 0, limits.deferral)


def _most_payments(case: Case) -> int:
    """Return how many payments the latest end may take; else as many again as are left.

    Without a limit it is at least five years of them.
    """
    ends = [bound.limit for bound in case.bounds if bound.name in ENDS]
    if ends:
        table, latest = case.schedule.ledger.timetables[-1], date.fromordinal(min(ends))
        number = table.following(latest) if latest > case.day else 0
        return max(1, min(MOST_TERM, number - case.first))
    per_year = 1 / case.schedule.loan.timetable.pace
    return min(MOST_TERM, max(2 * case.left, int(5 * per_year)))


def search(case: Case, by: Sequence[str]) -> Found:
    """Try plans, and keep those that can be agreed and that no other is better than."""
    spans = spans_of(case, by)
    solved = [span for span in spans if span.name in SOLVED]
    main = solved[0] if solved else None
    others = [span for span in spans if span is not main]
    case.attempt(Point())
    levels = _levels(others)
    for point in _grid(others, levels):
        if main is None:
            case.attempt(point)
        else:
            _along(case, main, point)
    for span in solved[1:]:  # each of the others by itself, too
        _along(case, span, Point())
    trials = [each for each in case.tried.values() if each is not None]
    trials.sort(key=_order)
    agreeable = [each for each in trials if not each.excess]
    return Found(tuple(pareto(agreeable)), tuple(trials), _words(case, main, others, levels))


def _order(trial: Trial) -> tuple[int, tuple[object, ...]]:
    return trial.point.used, tuple(trial.point)


def _levels(others: Sequence[Span]) -> dict[str, list[int]]:
    """Return the steps of each concession that are combined, about COMBINATIONS in all."""
    found: dict[str, list[int]] = {}
    left = COMBINATIONS
    put_off = [span for span in others if span.name in PUT_OFF]
    for span in (*put_off, *(each for each in others if each.name == "start")):
        found[span.name] = span.levels(max(4, span.high + 1 if span.high < 13 else 13))
    for names in ([span.name for span in put_off], ["start"]):
        count = 1 + sum(len(found[name]) - 1 for name in names if name in found)
        left = max(1, left // count)
    rest = [span for span in others if span.name in SOLVED]
    least = 4 if left > 1 else 2
    for span in rest:
        found[span.name] = span.levels(max(least, min(12, round(left ** (1 / len(rest))))))
    return found


def _grid(others: Sequence[Span], levels: dict[str, list[int]]) -> Iterator[Point]:
    """Yield each combination; of the ways to put off, one at a time."""
    put_off = [span for span in others if span.name in PUT_OFF]
    rest = [span for span in others if span.name not in PUT_OFF]
    for steps in product(*(levels[span.name] for span in rest)):
        point = Point()
        for span, step in zip(rest, steps, strict=True):
            point = span.put(point, step)
        yield point
        for span in put_off:
            for step in levels[span.name]:
                if step:
                    yield span.put(point, step)


def _along(case: Case, span: Span, point: Point) -> None:
    """Try one concession along its steps: the least that will do, the greatest, and between.

    More of it lowers the payments; so the least is found by bisection. More of it also costs the
    lender, or time; so the greatest that is still allowed is found by bisection, too.
    """
    eased = {"payment", "last"}
    if span.name != "term":
        eased |= {"total", "caps"}

    def eases(step: int) -> bool:
        trial = case.attempt(span.put(point, step))
        return trial is not None and not eased & set(trial.excess)

    def allowed(step: int) -> bool:
        trial = case.attempt(span.put(point, step))
        return trial is not None and not set(trial.excess) - eased

    least = first_true(eases, span.low, span.high)
    beyond = first_true(lambda step: not allowed(step), span.low, span.high)
    greatest = span.high if beyond is None else beyond - 1
    if least is None or least > greatest:
        return
    for step in span.levels(LEVELS, least, greatest):
        case.attempt(span.put(point, step))
    if span.name == "term" and least <= case.left - point.start <= greatest:
        case.attempt(point)  # the number of payments as it is


def pareto(trials: Sequence[Trial]) -> list[Trial]:
    """Return the plans that no other is better than: none worse in each of the four measures.

    Of plans alike in all four, the first is kept.

    Notes
    -----
    The measures are replaced by their ranks, which are whole numbers, so that nothing is rounded.
    """
    if not trials:
        return []
    seen: dict[tuple[int, int, int, Fraction], Trial] = {}
    for trial in trials:
        seen.setdefault(trial.measures, trial)
    kept = sorted(seen.values(), key=lambda trial: trial.measures)
    columns = []
    for place in range(4):
        values = sorted({trial.measures[place] for trial in kept})
        rank = {value: number for number, value in enumerate(values)}
        columns.append([rank[trial.measures[place]] for trial in kept])
    ranks = np.array(columns, dtype=np.int64).T
    beaten = [
        bool(((ranks[:place] <= row).all(axis=1)).any()) for place, row in enumerate(ranks)
    ]  # one that beats it comes before it, as they are sorted
    return [trial for trial, worse in zip(kept, beaten, strict=True) if not worse]


def nearest(case: Case, trials: Sequence[Trial]) -> Trial:
    """Return the plan that misses what was asked by least: its largest miss is the smallest."""
    return min(trials, key=lambda trial: (_misses(case, trial), _order(trial)))


def in_the_way(case: Case, by: Sequence[str], near: Trial) -> tuple[str, ...]:
    """Return what the nearest plan breaks, and what forbids to concede more than it does."""
    found = dict.fromkeys(near.excess)
    for span in spans_of(case, by):
        point = near.point
        match span.name:
            case "term":
                step = point.term or case.left - point.start
            case "rate":
                step = point.rate
            case "haircut":
                step = point.haircut
            case _:
                continue
        more = case.attempt(span.put(point, step + 1)) if step < span.high else None
        if more is not None:
            found |= dict.fromkeys(more.excess)
        elif span.name != "term":
            found[span.name] = None
        else:
            ends = [each for each in case.bounds if each.name in ENDS]
            found |= (
                {min(ends, key=lambda bound: bound.limit).name: None} if ends else {"term": None}
            )
    return tuple(found)


def _misses(case: Case, trial: Trial) -> tuple[Fraction, Fraction]:
    """Return the largest miss, and the sum, each as a share of what the schedule now has."""
    now = case.attempt(Point())
    assert now is not None, "the schedule as it is can be made"
    days = max(1, now.end.toordinal() - case.day.toordinal())
    shares = []
    for name, excess in trial.excess.items():
        match name:
            case "payment" | "last":
                shares.append(Fraction(excess, max(1, now.payment)))
            case "total":
                shares.append(Fraction(excess, max(1, now.total)))
            case "worth_loss" | "caps":
                shares.append(Fraction(excess))
            case _:
                shares.append(Fraction(excess, days))
    return max(shares, default=Fraction(0)), sum(shares, Fraction(0))


def _words(
    case: Case, main: Span | None, others: Sequence[Span], levels: dict[str, list[int]]
) -> str:
    words = []
    for span in [*([main] if main else []), *others]:
        match span.name:
            case "term":
                text = f"{span.low} to {span.high} payments"
            case "rate":
                low, high = percent(case.rates[-1]), percent(case.rates[0])
                text = f"a rate of {high} to {low} in steps of {percent(case.limits.rate_step)}"
            case "haircut":
                most = case.schedule.loan.show(span.high * case.unit)
                text = f"0 to {most} forgiven in steps of {case.schedule.loan.show(case.unit)}"
            case "start":
                text = f"a start 0 to {span.high} instalments later"
            case _:
                text = f"{span.name.replace('_', ' ')} of 0 to {span.high} due dates"
        if span.name in levels and len(levels[span.name]) <= span.high - span.low:
            text += f", {len(levels[span.name])} of them with the others"
        words.append(text)
    return "; ".join(words)
