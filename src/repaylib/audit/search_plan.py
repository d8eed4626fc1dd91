"""The order of a search: the stated terms first, then the dates as they are, then changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, NamedTuple

from repaylib.audit.change_inference import try_changes
from repaylib.audit.convention_fits import RateFit, rate_fits
from repaylib.audit.convention_search import (
    SAME_SIDE,
    equivalents,
    instalment_variants,
    try_fits,
    try_paid,
    try_remainders,
)
from repaylib.audit.date_hypotheses import (
    DayCountHypothesis,
    KnownTerms,
    date_hypotheses,
    day_count_hypotheses,
    due_days,
    loan_ends,
    rows_by_due,
)
from repaylib.audit.discrepancies import Discrepancy, fewest_discrepancies, weight
from repaylib.audit.fee_inference import fees_of
from repaylib.audit.offer import Offer
from repaylib.audit.payment_histories import payment_histories
from repaylib.audit.rate_inference import BIASES, complete_rows
from repaylib.audit.repayment_hypotheses import RepaymentHypothesis, by_digits
from repaylib.audit.trials import MOST_WORK, Trial, Trials, distance
from repaylib.changes.base import Change
from repaylib.errors import RepayError
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.rates.rate import Rate
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan

__all__ = ["Match", "SearchOutcome", "search_offer"]


#: How many of the matches are shown with their equivalents.
EXPANDED = 6
#: How many trials are compared with an offer line by line: of the first, and of the nearest.
NEAR = 6


class Match(NamedTuple):
    """Terms that reproduce every figure, with their equivalents.

    Attributes
    ----------
    trial
        The trial that reproduces them.
    equivalents
        By convention, the choices that give the same figures.
    as_paid
        Whether the rows are payments as they were made, with the interest up to their days.
    """

    trial: Trial
    equivalents: dict[str, tuple[str, ...]]
    as_paid: bool


class SearchOutcome(NamedTuple):
    """The outcome of a search: the terms that reproduce all figures, or the nearest trials."""

    matches: list[Match]
    nearest: Trial | None
    missed: list[Discrepancy]
    as_paid: bool
    trials: int
    exhausted: bool
    work: int


class DateHypothesis(NamedTuple):
    """Terms with dates, whose conventions are to be found.

    Attributes
    ----------
    loan
        The terms.
    ended
        Whether the last payment is known to be that of the loan.
    as_paid
        Whether its instalments are the payments really made.
    """

    loan: Loan
    ended: bool = True
    as_paid: bool = False


def search_offer(
    offer: Offer,
    stated: Schedule | None,
    known: KnownTerms,
    rate: Rate | None,
    most: int = MOST_WORK,
) -> SearchOutcome:
    """Search the conventions under which the figures of an offer follow, with no more work than `most`."""
    trials = Trials(offer, most=most * 3 // 4)  # the rest is for remainders and changes
    origin: Loan | None = None
    if stated is not None:
        held = trials.evaluate(stated.loan, stated.changes)
        if held is not None and held.exact:
            trials.most = most = most // 4  # what else comes to the same is good to know, no more
        origin = stated.loan
        known = known._replace(conventions=_conventions(stated.loan))
    undated = not offer.dated and stated is None and known.start is None
    own = rate if stated is None else _rate_of(stated)
    paid: set[Loan] = set()
    searched: list[tuple[Loan, list[RateFit]]] = []
    for base_loan, ended, as_paid in _frames(offer, stated, known):
        if origin is None:
            origin = base_loan if rate is None else replace(base_loan, rate=rate)
        if as_paid:
            before = len(trials.done)
            _try_history(trials, base_loan, own)
            paid |= {loan for loan, _ in list(trials.done)[before:]}
        elif stated is not None and (stated.changes or not _is_plain(base_loan)):
            _brute(trials, base_loan, stated.changes)
            continue
        else:
            found = rate_fits(offer, base_loan, stated=own, undated=undated, ended=ended)
            searched.append((base_loan, found))
            if _has_all(base_loan, offer):
                try_fits(trials, base_loan, found, ended=ended)
        if trials.exact:
            break
    assert origin is not None, "there is a frame"
    near = _near(trials, origin)
    trials.most = most
    last, spread = _by_remainders(offer, [missed for missed, _ in near])
    if last or spread:
        trials.most = trials.work + (trials.most - trials.work) // 2
        fees = min(near, key=lambda each: weight(offer, each[0]))[1].loan.fees
        for base_loan, found in sorted(searched, key=lambda each: each[0].fees != fees):
            if trials.exact or trials.exhausted:
                break
            if base_loan.interest_remainder is not None or not _has_all(base_loan, offer):
                continue
            if last:
                try_remainders(trials, base_loan, found, ("last", "total"))
            if spread and not trials.exact:  # a row takes what the roundings before it have left
                loose = rate_fits(offer, base_loan, stated=own, undated=undated, carried=True)
                try_remainders(trials, base_loan, loose, ("balance", "carried"))
        trials.most = most
        near = [] if trials.exact else near
    own_first = searched[:1] if stated is not None else []
    likely = [*own_first, *searched[len(own_first) :][::-1]]
    if nearest_yet := [trial for _, trial in near] or trials.exact:
        fees = min(nearest_yet, key=lambda trial: trial.apart).loan.fees
        likely.sort(key=lambda each: each[0].fees != fees)
    if not trials.exact and min((weight(offer, missed) for missed, _ in near), default=2) > 1:
        try_changes(trials, offer, stated, likely, own)
        near = near if trials.exact else _near(trials, origin)
    elif all(isinstance(trial.loan.instalment, tuple) for trial in trials.exact):  # a plainer rule
        try_changes(trials, offer, stated, likely, own, recurring=True)
    rated = stated is not None or rate is not None
    if stated is not None and stated.loan.payments == MOST_PAYMENTS:
        for trial in trials.exact:
            trials.evaluate(trial.loan, trial.schedule.changes, payments=MOST_PAYMENTS)

    def far(trial: Trial) -> tuple[int, int]:
        count = len(trial.schedule.changes)
        return distance(trial.loan, origin, changes=count, rated=rated)

    matches = _matches(offer, sorted(trials.exact, key=far), paid, undated=undated)
    nearest: Trial | None = None
    missed: list[Discrepancy] = []
    if not matches and near:
        missed, nearest = min(
            near,
            key=lambda trial: (
                weight(offer, trial[0]),
                sum(discrepancy.apart for discrepancy in trial[0]),
                far(trial[1]),
            ),
        )
    as_paid = nearest is not None and nearest.loan in paid
    return SearchOutcome(
        matches, nearest, missed, as_paid, len(trials.done), trials.exhausted, trials.work
    )


def _by_remainders(offer: Offer, nearest: Sequence[Sequence[Discrepancy]]) -> tuple[bool, bool]:
    """Whether remainders of roundings may explain discrepancies: of the last row, and of others.

    They are some cents.
    """
    places = [
        {discrepancy.row for discrepancy in missed}
        for missed in nearest
        if missed and all(discrepancy.apart <= len(offer.rows) for discrepancy in missed)
    ]
    last = any(rows == {len(offer.rows) - 1} for rows in places)
    return last, any(rows != {len(offer.rows) - 1} for rows in places)


def _near(trials: Trials, origin: Loan) -> list[tuple[list[Discrepancy], Trial]]:
    """Return the first and the nearest trials, with their discrepancies.

    A slip of a cent is no remainder of a rounding, which only explains all figures or none.
    """
    if trials.exact:
        return []
    remainder = origin.interest_remainder
    usual = [t for t in trials.tried if t.loan.interest_remainder == remainder]
    near = dict.fromkeys([*usual[:NEAR], *sorted(usual, key=lambda trial: trial.apart)[:NEAR]])
    return [(fewest_discrepancies(trials.offer, trial.schedule), trial) for trial in near]


def _conventions(loan: Loan) -> dict[str, Any]:
    """Return the conventions of a loan that hold for other dates as well: day count and rounding."""
    names = ("day_count", "odd_days", "counted_days", "rounding", "instalment_rounding")
    return {name: getattr(loan, name) for name in (*names, "currency", "calendar", "rate")}


def _frames(offer: Offer, stated: Schedule | None, known: KnownTerms) -> Iterator[DateHypothesis]:
    """Yield terms whose conventions are to be found: as stated, then as the rows show them."""
    ways = loan_ends(offer)
    if stated is not None:
        loan = _counted(stated, offer)
        shown = fees_of(offer)
        for fees in [{}, *shown]:
            yield DateHypothesis(replace(loan, **fees))
        for fees in [*shown, {}]:
            yield from _by_digits(replace(loan, **fees), offer)
        if stated.changes:
            return
    left = False in ways or (complete_rows(offer)[-1].closing or 0) > 0
    paid = [
        DateHypothesis(history, as_paid=True) for history in payment_histories(offer, known) if left
    ]
    if stated is not None and _covers(stated, offer):
        yield from (history for history in paid if _leaves_interest(history.loan))
        return
    if stated is not None:
        yield from paid
    try:
        for ended in ways:
            for base_loan in date_hypotheses(offer, known, ended=ended):
                loose = not isinstance(base_loan.every, str) or base_loan.payments > len(offer.rows)
                if stated is not None and ended and loose:  # days of no schedule, to the end
                    whole = payment_histories(offer, known, ended=True)
                    yield from (DateHypothesis(history, as_paid=True) for history in whole)
                for fees in [*fees_of(offer), {}]:
                    own = replace(base_loan, **fees)
                    yield DateHypothesis(own, ended=ended)
                    if ended:
                        yield from _by_digits(own, offer)
    except RepayError:
        if stated is None:
            raise
    if stated is None:
        yield from paid


def _by_digits(loan: Loan, offer: Offer) -> Iterator[DateHypothesis]:
    """Yield the terms with the agreed charge divided by the sum of digits, where the rows show it."""
    if loan.payments < MOST_PAYMENTS and not loan.in_advance and by_digits(offer):
        try:
            yield DateHypothesis(replace(loan, method="flat", interest_split="rule_of_78"))
        except RepayError:
            return


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
    dues = {table.adjusted(k) for k in range(1, count + 1)}
    days = due_days(offer)
    return set(days) <= dues and (False in loan_ends(offer) or days[-1] == table.adjusted(count))


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


def _try_history(trials: Trials, base_loan: Loan, own: Rate | None) -> None:
    """Fold payments as they were made: as stated, then with other rates and ways to count days."""
    if own is not None or not isinstance(base_loan.rate, Rate):
        trials.evaluate(base_loan)
    if isinstance(base_loan.rate, Rate):
        found = rate_fits(trials.offer, base_loan, stated=own, undated=False, paid=True)
        try_paid(trials, base_loan, found)
        return
    for hypothesis in day_count_hypotheses(base_loan):
        day_count, counted_days, odd_days = hypothesis.conventions[0]
        for bias in BIASES:
            terms: dict[str, Any] = {
                "counted_days": counted_days,
                "odd_days": odd_days,
                "rounding": bias,
            }
            trials.evaluate(base_loan, day_count=day_count, **terms)


def _brute(trials: Trials, base_loan: Loan, changes: Sequence[Change]) -> None:
    """Fold every way to count days and to round of a loan whose rows say no more by themselves."""
    for hypothesis in day_count_hypotheses(base_loan):
        day_count, counted_days, odd_days = hypothesis.conventions[0]
        for bias in BIASES:
            rounding = base_loan.rounding if base_loan.rounding in SAME_SIDE[bias] else bias
            terms: dict[str, Any] = {
                "counted_days": counted_days,
                "odd_days": odd_days,
                "rounding": rounding,
            }
            try:
                loan = replace(base_loan, day_count=day_count, **terms)
            except RepayError:
                continue
            repayment = RepaymentHypothesis(loan.method, "balance", (), None)
            for more in instalment_variants(loan, repayment, bias, 1):
                trial = trials.evaluate(loan, changes, **more)
                if trial is not None and trial.exact:
                    break


def _matches(
    offer: Offer, exact: Sequence[Trial], paid: set[Loan], *, undated: bool
) -> list[Match]:
    """Return the trials that reproduce all figures, without those that others have as equivalents."""
    matches: list[Match] = []
    found: dict[object, list[DayCountHypothesis]] = {}
    for trial in exact:
        loan, as_paid = trial.loan, trial.loan in paid
        if any(_within(match, trial) for match in matches):
            continue
        if len(matches) >= EXPANDED:
            matches.append(Match(trial, {}, as_paid))
            continue
        key = loan.timetable, loan.payments, loan.method == "bullet"
        if key not in found:
            found[key] = day_count_hypotheses(loan, undated=undated)
        own = loan.day_count, loan.counted_days, loan.odd_days
        same = next(
            (hypothesis for hypothesis in found[key] if own in hypothesis.conventions), None
        )
        if isinstance(loan.rate, Rate) and not loan.rate.value:  # nothing tells them apart
            same = DayCountHypothesis(
                (), [way for hypothesis in found[key] for way in hypothesis.conventions]
            )
        matches.append(Match(trial, equivalents(Trials(offer), trial, same), as_paid))
    return matches


def _within(match: Match, trial: Trial) -> bool:
    """Whether a trial differs from that of a box in conventions alone that come to the same there."""
    own, other = match.trial.loan, trial.loan
    if trial.schedule.changes != match.trial.schedule.changes:
        return False
    for field in fields(Loan):
        value = getattr(other, field.name)
        if value != getattr(own, field.name) and value not in match.equivalents.get(field.name, ()):
            return False
    return True
