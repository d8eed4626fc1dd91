"""What would have to give, where no plan can be agreed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from repaylib.money.rounding import round_fraction
from repaylib.negotiation.options import Relief
from repaylib.negotiation.search import MOST_TERM, SOLVED, Span, spans_of
from repaylib.negotiation.trial import Bound, Case, Point, Trial
from repaylib.rates.rate import Rate, percent
from repaylib.rates.root_finding import first_true

__all__ = ["reliefs"]


def reliefs(case: Case, by: Sequence[str], trials: Sequence[Trial], near: Trial) -> list[Relief]:
    """Return what would have to give, each by itself: a constraint, or the limit of a concession."""
    found = []
    for bound in case.bounds:
        if bound.name != "caps" and (relief := _of_bound(case, bound, trials)) is not None:
            found.append(relief)
    for name in SOLVED:
        if (relief := _of_span(case, name, name in by, near.point)) is not None:
            found.append(relief)
    if not found and len(near.excess) > 1:
        said = [_said(case, bound, near) for bound in case.bounds if bound.name in near.excess]
        given, needed, words = (" and ".join(each) for each in zip(*said, strict=True))
        found.append(Relief("all", given, needed, near.schedule, words))
    return found


def _of_bound(case: Case, bound: Bound, trials: Sequence[Trial]) -> Relief | None:
    """Return the least by which one constraint would have to give, among the plans tried."""
    others = [each for each in trials if set(each.excess) == {bound.name}]
    if not others:
        return None
    best = min(others, key=lambda trial: (trial.excess[bound.name], trial.point.used, trial.point))
    given, needed, words = _said(case, bound, best)
    return Relief(bound.name, given, needed, best.schedule, words)


def _said(case: Case, bound: Bound, trial: Trial) -> tuple[str, str, str]:
    show, excess = case.schedule.loan.show, trial.excess[bound.name]
    limit: Any = bound.limit
    match bound.name:
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
            given, needed = show(limit), show(trial.last)
            return given, needed, f"a last payment of {needed} instead of {given}"
        case "total":
            given, needed = show(limit), show(trial.total)
            return given, needed, f"{needed} to pay in all instead of {given}"
        case "worth_loss":
            given, needed = percent(limit), _per_cent(trial.loss)
            return given, needed, f"a loss of {needed} for the lender instead of {given}"
    given, needed = date.fromordinal(limit).isoformat(), trial.end.isoformat()
    rule = {"months": " the lender's", "extension": " the rule's", "latest": " the lender's"}
    return given, needed, f"an end on {needed} instead of{rule.get(bound.name, '')} {given}"


def _per_cent(share: Fraction) -> str:
    """Return a share that a contract can name, not below the one given."""
    return percent(Fraction(round_fraction(share * 10**4, "ceiling"), 10**4))


def _of_span(case: Case, name: str, free: bool, near: Point) -> Relief | None:
    """Return how far one concession would have to go, beyond its limit or not asked for."""
    limits, wishes = case.limits, [b for b in case.bounds if b.name in ("payment", "last", "total")]
    wishes += [bound for bound in case.bounds if bound.name == "end"]
    match name:
        case "term":
            limits = replace(limits, months=None, extension=None, latest=None)
        case "rate":
            limits = replace(limits, rate=Rate(Fraction(0)))
        case "haircut":
            limits = replace(limits, haircut=Fraction(1))
    wide = Case(case.schedule, case.place, wishes, limits)
    span = spans_of(wide, [name])[0]
    own = spans_of(case, [name])[0]
    low = own.high + 1 if free else span.low
    if name == "term":
        low, span = max(low, wide.left), Span(name, 1, MOST_TERM)
    for point in dict.fromkeys([near, Point()]):
        eases, high = _eases(wide, span, point), min(span.high, max(2 * low, 12))
        while high < span.high and not eases(high):
            low, high = high + 1, min(2 * high, span.high)
        step = first_true(eases, low, high)
        if step is None:
            continue
        trial = wide.attempt(span.put(point, step))
        if trial is None or trial.excess:
            continue
        return _conceded(wide, own, trial, free)
    return None


def _eases(case: Case, span: Span, point: Point) -> Callable[[int], bool]:
    def test(step: int) -> bool:
        trial = case.attempt(span.put(point, step))
        return trial is not None and not {"payment", "last"} & set(trial.excess)

    return test


def _conceded(case: Case, own: Span, trial: Trial, free: bool) -> Relief:
    point, show = trial.point, case.schedule.loan.show
    match own.name:
        case "term":
            given, needed = f"{own.high} payments", f"{point.term} payments"
            if own.high == 1:
                given = "1 payment"
            words = f"{needed}, to {trial.end}"
        case "rate":
            given = percent(case.rates[min(own.high, len(case.rates) - 1)])
            needed = percent(case.rates[point.rate])
            words = f"a rate of {needed}"
        case _:
            given, needed = show(own.high * case.unit), show(point.haircut * case.unit)
            words = f"{needed} of the principal forgiven"
    if not free:
        given = "nothing"
    instead = f"instead of at most {given}" if free else "which was not to be had"
    if own.name == "rate" and free:
        instead = f"instead of at least {given}"
    return Relief(own.name, given, needed, trial.schedule, f"{words}, {instead}")
