"""The search for plans: one concession solved by bisection, a bounded grid over the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from repaylib.negotiation.search_problem import Candidate, Concessions, SearchProblem
from repaylib.rates.rate import Rate, Share
from repaylib.rates.root_finding import first_true
from repaylib.wording.sentence import Listed, Sentence, WordedText

__all__ = [
    "MOST_TERM",
    "SOLVED",
    "SearchResult",
    "ConcessionRange",
    "in_the_way",
    "nearest",
    "pareto",
    "search",
    "free_concessions",
]


#: Concessions that are solved, the first of them that is free; and those that are tried one by one.
SOLVED = ("term", "rate", "haircut", "subsidy", "lump", "instalment_cap")
DEFERRALS = ("deferral", "interest_only", "interest_free")

#: Constraints on the day of the last payment.
ENDS = ("end", "months", "extension", "latest")

#: About how many combinations of the others are tried for the one that is solved.
COMBINATIONS = 24
#: How many values of it are tried between the least and the greatest that will do.
LEVELS = 7
#: How many caps are tried to find where they lower the payments.
CAPS = 41
#: How far beyond a limit is looked for what would have to give.
MOST_TERM = 1_200


class ConcessionRange(NamedTuple):
    """The range of a concession, in steps.

    Attributes
    ----------
    name
        The concession.
    low, high
        The first and the last step; of a term, the fewest and the most payments.
    """

    name: str
    low: int
    high: int

    def put(self, concessions: Concessions, step: int) -> Concessions:
        """Return concessions with a number of steps of this one."""
        if self.name in DEFERRALS:
            return concessions._replace(kind=self.name if step else "deferral", deferral=step)
        fields: dict[str, Any] = {self.name: step}
        return concessions._replace(**fields)

    def levels(self, most: int, low: int | None = None, high: int | None = None) -> list[int]:
        """Return at most `most` steps, evenly spaced, with both ends."""
        begin, end = self.low if low is None else low, self.high if high is None else high
        most = max(2, most)
        if end - begin < most:
            return list(range(begin, end + 1))
        return [begin + (end - begin) * step // (most - 1) for step in range(most)]


class SearchResult(NamedTuple):
    """The result of a search.

    Attributes
    ----------
    agreeable
        Plans that keep every constraint and that no other plan dominates.
    tried
        All plans that were tried and are possible.
    grid
        The ranges that were tried, as text.
    """

    agreeable: tuple[Candidate, ...]
    tried: tuple[Candidate, ...]
    grid: str


def free_concessions(problem: SearchProblem, by: Sequence[str]) -> list[ConcessionRange]:
    """Return the ranges of the free concessions, in the order of the search."""
    found = []
    for name in (*SOLVED, *DEFERRALS, "start"):
        if name in by:
            found.append(_span(problem, name))
    return found


def _span(problem: SearchProblem, name: str) -> ConcessionRange:
    limits = problem.limits
    match name:
        case "term":
            return ConcessionRange(name, 1, _most_payments(problem))
        case "rate":
            return ConcessionRange(name, 0, len(problem.lower_rates))
        case "haircut":
            most = int(problem.owed * limits.haircut)
            if most >= problem.owed:
                most = problem.owed - 1
            return ConcessionRange(name, 0, most // problem.unit)
        case "subsidy":
            most_points = problem.rate if limits.subsidy is None else limits.subsidy
            return ConcessionRange(name, 0, int(min(most_points, problem.rate) // limits.rate_step))
        case "lump":
            lump = problem.owed - 1
            if limits.lump is not None:
                lump = min(lump, problem.schedule.loan.minor(limits.lump, "lump"))
            return ConcessionRange(name, 0, max(0, lump) // problem.unit)
        case "instalment_cap":
            floats = not isinstance(problem.schedule.loan.rate, Rate)
            return ConcessionRange(name, 0, len(problem.lower_caps) if floats else 0)
        case "start":
            return ConcessionRange(name, 0, min(limits.start, problem.left - 1))
    return ConcessionRange(name, 0, limits.deferral)


def _most_payments(problem: SearchProblem) -> int:
    """Return the most payments up to the latest end; else twice the remaining payments.

    Without a limit it is at least five years of them.
    """
    ends = [constraint.limit for constraint in problem.constraints if constraint.name in ENDS]
    if ends:
        table, latest = problem.schedule.ledger.timetables[-1], date.fromordinal(min(ends))
        number = table.first_number_after(latest) if latest > problem.day else 0
        return max(1, min(MOST_TERM, number - problem.first))
    per_year = 1 / problem.schedule.loan.timetable.period_length
    return min(MOST_TERM, max(2 * problem.left, int(5 * per_year)))


def search(problem: SearchProblem, by: Sequence[str]) -> SearchResult:
    """Try plans, and keep those that can be agreed and that no other plan dominates."""
    free = free_concessions(problem, by)
    solved = [concession for concession in free if concession.name in SOLVED]
    main = solved[0] if solved else None
    others = [concession for concession in free if concession is not main]
    problem.attempt(Concessions())
    levels = _levels(others)
    for concessions in _grid(others, levels):
        if main is None:
            problem.attempt(concessions)
        else:
            _along(problem, main, concessions)
    for concession in solved[1:]:  # the others separately, too
        _along(problem, concession, Concessions())
    candidates = [candidate for candidate in problem.tried.values() if candidate is not None]
    candidates.sort(key=_order)
    agreeable = [candidate for candidate in candidates if not candidate.excess]
    return SearchResult(
        tuple(pareto(agreeable)), tuple(candidates), _grid_in_words(problem, main, others, levels)
    )


def _order(candidate: Candidate) -> tuple[int, tuple[object, ...]]:
    return candidate.concessions.used, tuple(candidate.concessions)


def _levels(others: Sequence[ConcessionRange]) -> dict[str, list[int]]:
    """Return the steps of every concession that are combined, about COMBINATIONS in all."""
    found: dict[str, list[int]] = {}
    left = COMBINATIONS
    deferrals = [concession for concession in others if concession.name in DEFERRALS]
    for concession in (*deferrals, *(other for other in others if other.name == "start")):
        found[concession.name] = concession.levels(
            max(4, concession.high + 1 if concession.high < 13 else 13)
        )
    for names in ([concession.name for concession in deferrals], ["start"]):
        count = 1 + sum(len(found[name]) - 1 for name in names if name in found)
        left = max(1, left // count)
    rest = [concession for concession in others if concession.name in SOLVED]
    least = 4 if left > 1 else 2
    for concession in rest:
        found[concession.name] = concession.levels(
            max(least, min(12, round(left ** (1 / len(rest)))))
        )
    return found


def _grid(others: Sequence[ConcessionRange], levels: dict[str, list[int]]) -> Iterator[Concessions]:
    """Yield every combination; only one kind of deferral at a time."""
    deferrals = [concession for concession in others if concession.name in DEFERRALS]
    rest = [concession for concession in others if concession.name not in DEFERRALS]
    for steps in product(*(levels[concession.name] for concession in rest)):
        concessions = Concessions()
        for concession, step in zip(rest, steps, strict=True):
            concessions = concession.put(concessions, step)
        yield concessions
        for concession in deferrals:
            for step in levels[concession.name]:
                if step:
                    yield concession.put(concessions, step)


def _along(problem: SearchProblem, concession: ConcessionRange, concessions: Concessions) -> None:
    """Try a concession along its steps: the least that is enough, the greatest, and between.

    More of it lowers the payments; so the least is found by bisection. More of it also costs the
    lender, or time; so the greatest that is still allowed is found by bisection, too.
    """
    eased = {"payment"} if concession.name == "instalment_cap" else {"payment", "last"}
    if concession.name not in ("term", "instalment_cap"):
        eased |= {"total", "caps"}

    def eases(step: int) -> bool:
        candidate = problem.attempt(concession.put(concessions, step))
        return candidate is not None and not eased & set(candidate.excess)

    def allowed(step: int) -> bool:
        candidate = problem.attempt(concession.put(concessions, step))
        return candidate is not None and not set(candidate.excess) - eased

    low, high = concession.low, concession.high
    if concession.name == "instalment_cap":
        low, high = _where_it_eases(eases, concession.levels(CAPS))
    least = first_true(eases, low, high)
    beyond = first_true(lambda step: not allowed(step), low, high)
    greatest = high if beyond is None else beyond - 1
    if least is None or least > greatest:
        return
    for step in concession.levels(LEVELS, least, greatest):
        problem.attempt(concession.put(concessions, step))
    if concession.name == "term" and least <= problem.left - concessions.start <= greatest:
        problem.attempt(concessions)  # the number of payments as it is


def _where_it_eases(eases: Callable[[int], bool], levels: Sequence[int]) -> tuple[int, int]:
    """Return between which steps bisection finds the least, as too low a cap raises later payments.

    They are the level before the first one that eases, and the last of those after it that do.
    """
    good = [eases(step) for step in levels]
    if True not in good:
        return levels[0], levels[-1]
    first = last = good.index(True)
    while last + 1 < len(good) and good[last + 1]:
        last += 1
    return levels[max(0, first - 1)], levels[last]


def pareto(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the plans that no other plan dominates in the measures.

    Of plans alike in all of them, the first is kept.

    Notes
    -----
    The measures are replaced by their ranks, which are whole numbers, so that nothing is rounded.
    """
    if not candidates:
        return []
    seen: dict[tuple[int | Fraction, ...], Candidate] = {}
    for candidate in candidates:
        seen.setdefault(candidate.measures, candidate)
    kept = sorted(seen.values(), key=lambda candidate: candidate.measures)
    columns = []
    for place in range(len(candidates[0].measures)):
        values = sorted({candidate.measures[place] for candidate in kept})
        rank = {value: number for number, value in enumerate(values)}
        columns.append([rank[candidate.measures[place]] for candidate in kept])
    ranks = np.array(columns, dtype=np.int64).T
    beaten = [
        bool(((ranks[:place] <= row).all(axis=1)).any()) for place, row in enumerate(ranks)
    ]  # one that beats it comes before it, as they are sorted
    return [candidate for candidate, worse in zip(kept, beaten, strict=True) if not worse]


def nearest(problem: SearchProblem, candidates: Sequence[Candidate]) -> Candidate:
    """Return the plan nearest to the constraints: its largest miss is the smallest."""
    return min(candidates, key=lambda candidate: (_misses(problem, candidate), _order(candidate)))


def in_the_way(problem: SearchProblem, by: Sequence[str], near: Candidate) -> tuple[str, ...]:
    """Return the constraints that the nearest plan breaks, and those that rule out larger concessions."""
    found = dict.fromkeys(near.excess)
    for concession in free_concessions(problem, by):
        concessions = near.concessions
        if concession.name not in SOLVED:
            continue
        step = getattr(concessions, concession.name)
        if concession.name == "term" and not step:
            step = problem.left - concessions.start
        more = (
            problem.attempt(concession.put(concessions, step + 1))
            if step < concession.high
            else None
        )
        if more is not None:
            found |= dict.fromkeys(more.excess)
        elif concession.name != "term":
            found[concession.name] = None
        else:
            ends = [constraint for constraint in problem.constraints if constraint.name in ENDS]
            found |= (
                {min(ends, key=lambda constraint: constraint.limit).name: None}
                if ends
                else {"term": None}
            )
    return tuple(found)


def _misses(problem: SearchProblem, candidate: Candidate) -> tuple[Fraction, Fraction]:
    """Return the largest miss and the sum, as shares of the measures of the present schedule."""
    now = problem.attempt(Concessions())
    assert now is not None, "the schedule as it is can be made"
    days = max(1, now.end.toordinal() - problem.day.toordinal())
    shares = []
    for name, excess in candidate.excess.items():
        match name:
            case "payment" | "last":
                shares.append(Fraction(excess, max(1, now.payment)))
            case "total":
                shares.append(Fraction(excess, max(1, now.total)))
            case "npv_loss" | "caps":
                shares.append(Fraction(excess))
            case _:
                shares.append(Fraction(excess, days))
    return max(shares, default=Fraction(0)), sum(shares, Fraction(0))


def _grid_in_words(
    problem: SearchProblem,
    main: ConcessionRange | None,
    others: Sequence[ConcessionRange],
    levels: dict[str, list[int]],
) -> WordedText:
    texts = []
    for concession in [*([main] if main else []), *others]:
        name, slots = concession.name, dict[str, object]()
        match name:
            case "term":
                slots = {"low": concession.low, "high": concession.high}
            case "rate":
                slots = {
                    "low": problem.shown("rate", len(problem.lower_rates)),
                    "high": Share(problem.rate),
                    "step": Share(problem.limits.rate_step),
                }
            case "haircut" | "lump" | "subsidy":
                slots = {
                    "most": problem.shown(name, concession.high),
                    "step": problem.shown(name, 1),
                }
            case "instalment_cap" if concession.high:
                slots = {
                    "low": problem.shown(name, concession.high),
                    "high": problem.shown(name, 1),
                }
            case "instalment_cap":
                name = "no_cap"
            case _:
                slots = {"high": concession.high}
        text = Sentence(f"searched.{name}", **slots)
        tried = len(levels.get(name, ()))
        if name in levels and tried <= concession.high - concession.low:
            text = Sentence("searched.levels", searched=text, count=tried)
        texts.append(text)
    return WordedText(Listed(texts, "clause"))
