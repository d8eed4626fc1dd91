"""A deferral begins: the due dates that pass without an instalment, and the plan after them."""

from __future__ import annotations

from repaylib.changes.deferral import Deferral
from repaylib.engine.deferred_amounts import PaymentHoliday
from repaylib.engine.fold import Fold
from repaylib.engine.instalment_plan import (
    meets_others,
    replan,
    resolve_instalment,
    solve_for_others,
)
from repaylib.engine.instructions import Event
from repaylib.engine.supersession import note_skipped, overrule
from repaylib.errors import Hint, Phrase, TermsError, write

__all__ = ["start_holiday"]


def start_holiday(fold: Fold, deferral: Deferral, event: Event) -> None:
    """Let the next due dates pass without an instalment, or move the next instalment."""
    first, day, change = fold.period, event.day, event.change
    if deferral.periods == 0:
        return
    if deferral.scope == "instalment" and fold.balance:
        while first in fold.holidays and not fold.holidays[first].moves:
            first += 1
        moved_to = first + (deferral.periods if deferral.repay in ("next", "now") else 1)
        if moved_to > fold.last and (
            deferral.hold in ("maturity", "last") or deferral.repay in ("spread", "last")
        ):
            raise _past_the_end(fold, deferral)
        if fold.method == "bullet" and first < fold.last:
            raise TermsError(
                "scope",
                deferral.scope,
                'an instalment; with method="bullet" nothing falls due before the end',
                write(scope="schedule"),
            )
        overrule(fold, [first], change)
        if first != fold.period:
            note_skipped(fold, first, change)
        fold.accrual.timetable.accrual_date(moved_to)
        fold.holidays[first] = PaymentHoliday(deferral, first, first, moves=True, change=change)
        if deferral.repay in ("next", "now"):
            fold.ledger.moved_to[change] = moved_to
        return
    last = first + deferral.periods - 1
    if last >= fold.last and deferral.hold in ("maturity", "last"):
        raise _past_the_end(fold, deferral)
    numbers = range(first, last + 1)
    added = sum(
        number not in fold.holidays or not fold.holidays[number].skips for number in numbers
    )
    if deferral.pause == "interest":
        added = 0
    overrule(fold, numbers, change)
    holiday = PaymentHoliday(deferral, first, last, change=change)
    fold.holidays.update((number, holiday) for number in numbers)
    if (waiving := fold.holidays[first].waives) != fold.waiving:
        fold.set_rate(day, fold.rate, waiving)
    if deferral.pause == "interest" and deferral.hold in ("count", "maturity"):
        return  # the end stays; the instalments after capitalisation repay the interest
    if deferral.hold == "count":
        others = meets_others(fold, fold.last + added)
        fold.last += added
        fold.over += added
        if others:
            solve_for_others(fold, change)
        elif deferral.repay == "capitalise":
            resolve_instalment(fold, keep_if_same_balance=True)
    else:
        replan(fold, deferral.hold, added)


def _past_the_end(fold: Fold, deferral: Deferral) -> TermsError:
    end = fold.accrual.timetable.accrual_date(fold.last)
    way = (
        f'repay="{deferral.repay}"'
        if deferral.scope == "instalment" and deferral.repay in ("spread", "last")
        else f'hold="{deferral.hold}"'
    )
    return TermsError(
        "periods",
        deferral.periods,
        Phrase(
            "a later instalment to pay the deferred amount, as {} keeps the end on {}", way, end
        ),
        Hint("write fewer periods, or {} with {}", hold="count", repay="next"),
    )
