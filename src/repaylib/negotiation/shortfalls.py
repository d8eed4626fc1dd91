"""The concessions still required, where no plan can be agreed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from repaylib.money.rounding import round_fraction
from repaylib.negotiation.options import RequiredConcession
from repaylib.negotiation.search import (
    MOST_TERM,
    SOLVED,
    ConcessionRange,
    free_concessions,
)
from repaylib.negotiation.search_problem import Candidate, Concessions, Constraint, SearchProblem
from repaylib.rates.rate import Rate, percent
from repaylib.rates.root_finding import first_true

__all__ = ["required_concessions"]


def required_concessions(
    problem: SearchProblem, by: Sequence[str], candidates: Sequence[Candidate], near: Candidate
) -> list[RequiredConcession]:
    """Return the single changes that would make a plan possible: of a constraint, or of a limit."""
    found = []
    for constraint in problem.constraints:
        if (
            constraint.name != "caps"
            and (relief := _of_bound(problem, constraint, candidates)) is not None
        ):
            found.append(relief)
    for name in SOLVED:
        if (relief := _of_span(problem, name, name in by, near.concessions)) is not None:
            found.append(relief)
    if not found and len(near.excess) > 1:
        said = [
            _said(problem, constraint, near)
            for constraint in problem.constraints
            if constraint.name in near.excess
        ]
        given, needed, text = (" and ".join(texts) for texts in zip(*said, strict=True))
        found.append(RequiredConcession("all", given, needed, near.schedule, text))
    return found


def _of_bound(
    problem: SearchProblem, constraint: Constraint, candidates: Sequence[Candidate]
) -> RequiredConcession | None:
    """Return the least relaxation of a constraint, among the plans tried."""
    others = [candidate for candidate in candidates if set(candidate.excess) == {constraint.name}]
    if not others:
        return None
    best = min(
        others,
        key=lambda candidate: (
            candidate.excess[constraint.name],
            candidate.concessions.used,
            candidate.concessions,
        ),
    )
    given, needed, text = _said(problem, constraint, best)
    return RequiredConcession(constraint.name, given, needed, best.schedule, text)


def _said(
    problem: SearchProblem, constraint: Constraint, candidate: Candidate
) -> tuple[str, str, str]:
    show, excess = problem.schedule.loan.show, candidate.excess[constraint.name]
    limit: Any = constraint.limit
    match constraint.name:
        case "caps":
            names = ", ".join(cap.name for cap in limit)
            return names, "higher", "a higher cap"
        case "payment" if len(limit) > 1:
            low, more = show(min(limit)), show(excess)
            return f"{low} and more", f"{more} more", f"{more} more to spend in the tightest month"
        case "payment":
            given, needed = show(limit[0]), show(limit[0] + excess)
            return given, needed, f"{needed} affordable a month instead of {given}"
        case "last":
            given, needed = show(limit), show(candidate.last)
            return given, needed, f"a last payment of {needed} instead of {given}"
        case "total":
            given, needed = show(limit), show(candidate.total)
            return given, needed, f"{needed} to pay in all instead of {given}"
        case "npv_loss":
            given, needed = percent(limit), _per_cent(candidate.loss)
            return given, needed, f"a loss of {needed} for the lender instead of {given}"
    given, needed = date.fromordinal(limit).isoformat(), candidate.end.isoformat()
    rule = {"months": " the lender's", "extension": " the rule's", "latest": " the lender's"}
    return given, needed, f"an end on {needed} instead of{rule.get(constraint.name, '')} {given}"


def _per_cent(share: Fraction) -> str:
    """Return a share that a contract can name, not below the one given."""
    return percent(Fraction(round_fraction(share * 10**4, "ceiling"), 10**4))


def _of_span(
    problem: SearchProblem, name: str, free: bool, near: Concessions
) -> RequiredConcession | None:
    """Return how far a concession would have to go, beyond its limit or though it is not free."""
    limits, wishes = (
        problem.limits,
        [b for b in problem.constraints if b.name in ("payment", "last", "total")],
    )
    wishes += [constraint for constraint in problem.constraints if constraint.name == "end"]
    match name:
        case "term":
            limits = replace(limits, months=None, extension=None, latest=None)
        case "rate":
            limits = replace(limits, rate=Rate(Fraction(0)))
        case "haircut":
            limits = replace(limits, haircut=Fraction(1))
    wide = SearchProblem(problem.schedule, problem.place, wishes, limits)
    concession = free_concessions(wide, [name])[0]
    own = free_concessions(problem, [name])[0]
    low = own.high + 1 if free else concession.low
    if name == "term":
        low, concession = max(low, wide.left), ConcessionRange(name, 1, MOST_TERM)
    for concessions in dict.fromkeys([near, Concessions()]):
        eases, high = _eases(wide, concession, concessions), min(concession.high, max(2 * low, 12))
        while high < concession.high and not eases(high):
            low, high = high + 1, min(2 * high, concession.high)
        step = first_true(eases, low, high)
        if step is None:
            continue
        candidate = wide.attempt(concession.put(concessions, step))
        if candidate is None or candidate.excess:
            continue
        return _conceded(wide, own, candidate, free)
    return None


def _eases(
    problem: SearchProblem, concession: ConcessionRange, concessions: Concessions
) -> Callable[[int], bool]:
    def test(step: int) -> bool:
        candidate = problem.attempt(concession.put(concessions, step))
        return candidate is not None and not {"payment", "last"} & set(candidate.excess)

    return test


def _conceded(
    problem: SearchProblem, own: ConcessionRange, candidate: Candidate, free: bool
) -> RequiredConcession:
    concessions, show = candidate.concessions, problem.schedule.loan.show
    match own.name:
        case "term":
            given, needed = f"{own.high} payments", f"{concessions.term} payments"
            if own.high == 1:
                given = "1 payment"
            text = f"{needed}, to {candidate.end}"
        case "rate":
            given = percent(problem.rate_at(min(own.high, len(problem.lower_rates))))
            needed = percent(problem.rate_at(concessions.rate))
            text = f"a rate of {needed}"
        case _:
            given, needed = show(own.high * problem.unit), show(concessions.haircut * problem.unit)
            text = f"{needed} of the principal forgiven"
    if not free:
        given = "nothing"
    instead = f"instead of at most {given}" if free else "which was not to be had"
    if own.name == "rate" and free:
        instead = f"instead of at least {given}"
    return RequiredConcession(own.name, given, needed, candidate.schedule, f"{text}, {instead}")
