"""The concessions still required, where no plan can be agreed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from repaylib.money.rounding import round_fraction
from repaylib.negotiation.limits import Constraint
from repaylib.negotiation.options import RequiredConcession
from repaylib.negotiation.search import (
    MOST_TERM,
    SOLVED,
    ConcessionRange,
    free_concessions,
)
from repaylib.negotiation.search_problem import Candidate, Concessions, SearchProblem
from repaylib.rates.rate import Rate, Share
from repaylib.rates.root_finding import first_true
from repaylib.wording.sentence import Bare, Listed, Sentence, WordedText

__all__ = ["required_concessions"]

#: What every lender may concede, whether it is free or not.
ALWAYS = SOLVED[:3]


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
    for name in dict.fromkeys((*ALWAYS, *(name for name in SOLVED if name in by))):
        if (relief := _of_span(problem, name, name in by, near.concessions)) is not None:
            found.append(relief)
    if not found and len(near.excess) > 1:
        said = [
            _said(problem, constraint, near)
            for constraint in problem.constraints
            if constraint.name in near.excess
        ]
        given, needed, text = (
            WordedText(Listed(texts, "relief")) for texts in zip(*said, strict=True)
        )
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
    excess, name = candidate.excess[constraint.name], constraint.name
    limit: Any = constraint.limit
    given: object
    needed: object
    match name:
        case "caps":
            caps = Listed([cap.called for cap in limit], "names")
            return (
                WordedText(caps),
                WordedText(Sentence("needed.higher")),
                WordedText(Sentence("relief.caps")),
            )
        case "payment" if len(limit) > 1:
            low, more = _amount(problem, min(limit)), _amount(problem, excess)
            return (
                WordedText(Sentence("given.by_month", low=low)),
                WordedText(Sentence("needed.more", amount=more)),
                WordedText(Sentence("relief.by_month", amount=more)),
            )
        case "payment":
            given, needed = _amount(problem, limit[0]), _amount(problem, limit[0] + excess)
        case "last":
            given, needed = _amount(problem, limit), _amount(problem, candidate.last)
        case "total":
            given, needed = _amount(problem, limit), _amount(problem, candidate.total)
        case "npv_loss":
            given, needed = Share(limit), _share(candidate.loss)
        case _:
            given, needed = date.fromordinal(limit), candidate.end
            whose = {"months": "end.lender", "extension": "end.rule", "latest": "end.lender"}
            name = whose.get(name, "end")
    relief = Sentence(f"relief.{name}", given=given, needed=needed)
    return WordedText(given), WordedText(needed), WordedText(relief)


def _amount(problem: SearchProblem, minor: int) -> Bare:
    loan = problem.schedule.loan
    return Bare(loan.money(minor), loan.currency)


def _share(share: Fraction) -> Share:
    """Return a share that a contract can name, not below the one given."""
    return Share(Fraction(round_fraction(share * 10**4, "ceiling"), 10**4))


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
        case "subsidy":
            limits = replace(limits, subsidy=None)
        case "lump":
            limits = replace(limits, lump=None)
        case "instalment_cap":
            limits = replace(limits, instalment_cap=Fraction(0))
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
    concessions, how = candidate.concessions, "at_most" if free else "not_to_be_had"
    given: object
    needed: object
    match own.name:
        case "term":
            given = Sentence("given.payments", count=own.high)
            needed = Sentence("given.payments", count=concessions.term)
        case name:
            given = problem.shown(name, own.high)
            needed = problem.shown(name, getattr(concessions, name))
            how = "at_least" if free and name in ("rate", "instalment_cap") else how
    if not free:
        given = Sentence("given.nothing")
    relief = Sentence(f"relief.{own.name}", needed=needed, end=candidate.end)
    text = WordedText(Sentence(f"relief.{how}", relief=relief, given=given))
    return RequiredConcession(
        own.name, WordedText(given), WordedText(needed), candidate.schedule, text
    )
