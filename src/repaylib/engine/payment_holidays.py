"""A deferral begins: the due dates that pass without an instalment, and the plan after them."""

from __future__ import annotations

from repaylib.changes.deferral import Deferral
from repaylib.engine.deferred_amounts import Pass
from repaylib.engine.fold import Fold
from repaylib.engine.instalment_plan import keep, meets_others, relevel, solve_for_others
from repaylib.engine.instructions import Event
from repaylib.engine.supersession import note_skipped, overrule
from repaylib.errors import Hint, TermsError, write

__all__ = ["start_holiday"]


def start_holiday(fold: Fold, words: Deferral, event: Event) -> None:
    """Let the next due dates pass without an instalment, or move the next instalment."""
    first, day, change = fold.period, event.day, event.change
    if words.periods == 0:
        return
    if words.scope == "instalment" and fold.balance:
        while first in fold.passes and not fold.passes[first].moves:
            first += 1
        moved_to = first + (words.periods if words.repay in ("next", "now") else 1)
        if moved_to > fold.last and (
            words.hold in ("maturity", "last") or words.repay in ("spread", "last")
        ):
            raise _past_the_end(fold, words)
        if fold.method == "bullet" and first < fold.last:
            raise TermsError(
                "scope",
                words.scope,
                'an instalment; with method="bullet" nothing falls due before the end',
                write(scope="schedule"),
            )
        overrule(fold, [first], change)
        if first != fold.period:
            note_skipped(fold, first, change)
        fold.accrual.timetable.due(moved_to)
        fold.passes[first] = Pass(words, first, first, moves=True, change=change)
        if words.repay in ("next", "now"):
            fold.ledger.moved_to[change] = moved_to
        return
    last = first + words.periods - 1
    if last >= fold.last and words.hold in ("maturity", "last"):
        raise _past_the_end(fold, words)
    put_off = range(first, last + 1)
    added = sum(number not in fold.passes or fold.passes[number].moves for number in put_off)
    if words.pause == "interest":
        added = 0
    overrule(fold, put_off, change)
    each = Pass(words, first, last, change=change)
    fold.passes.update((number, each) for number in put_off)
    if (waiving := fold.passes[first].waives) != fold.waiving:
        fold.set_rate(day, fold.rate, waiving)
    if words.pause == "interest" and words.hold in ("count", "maturity"):
        return  # the end stays; what is capitalised is levelled into the rest when it is
    if words.hold == "count":
        others = meets_others(fold, fold.last + added)
        fold.last += added
        fold.over += added
        if others:
            solve_for_others(fold, change)
        elif words.repay == "capitalise":
            relevel(fold, keep_if_same_balance=True)
    else:
        keep(fold, words.hold, added)


def _past_the_end(fold: Fold, words: Deferral) -> TermsError:
    end = fold.accrual.timetable.due(fold.last)
    way = (
        f'repay="{words.repay}"'
        if words.scope == "instalment" and words.repay in ("spread", "last")
        else f'hold="{words.hold}"'
    )
    return TermsError(
        "periods",
        words.periods,
        f"a later instalment to pay what is put off, as {way} keeps the end on {end}",
        Hint("write fewer periods, or {} with {}", hold="count", repay="next"),
    )
