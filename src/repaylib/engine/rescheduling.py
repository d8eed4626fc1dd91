"""A rescheduling on its day: new instalments, a new rate, new due dates for what is owed."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from repaylib.engine.deferred_amounts import REPAYMENTS, DeferredAmount
from repaylib.engine.entries import Origin
from repaylib.engine.fold import Fold
from repaylib.engine.instalment_plan import (
    find_last_payment,
    fix_instalment,
    solve,
)
from repaylib.engine.instructions import (
    Event,
    Reschedule,
)
from repaylib.engine.ledger import RatePeriod
from repaylib.engine.principal_reductions import (
    post_interest,
)
from repaylib.engine.supersession import note_ended
from repaylib.engine.trace import REPAYMENT_PHRASES
from repaylib.money.amounts import show
from repaylib.terms.instalments import ListedAmounts
from repaylib.typing import Repay
from repaylib.wording.sentence import Sentence

__all__ = ["reschedule"]


def reschedule(fold: Fold, order: Reschedule, event: Event) -> None:
    """Repay what is owed in new instalments."""
    day, change = event.day, event.change
    note_ended(fold, change)
    fold.holidays = {
        number: holiday for number, holiday in fold.holidays.items() if number < fold.period
    }
    if order.rate is not None:
        fold.rate_stack.append((order.layer, order.rate))
    fold.set_rate(day, fold.rate_stack[-1][1].nominal(fold.accrual.timetable.period_length), False)
    fold.accrue(day)
    fold.paid_in_advance = 0
    fold.advance_payments.clear()
    fold.ledger.reschedulings.append((fold.period, day))
    if any(deferred.repayment == "capitalise" for deferred in fold.deferred_amounts):
        fold.open_day(day)
        for deferred in fold.deferred_amounts:
            deferred.ready = deferred.repayment == "capitalise"
        fold.capitalise()
    if order.repay != "next" and fold.unposted:
        _post_accrued(fold, order.repay, day)
    for deferred in fold.deferred_amounts:
        _rejoin_balance(fold, deferred)
    if order.every is not None:
        fold.set_timetable(fold.accrual.timetable.renewed(day, order.every, fold.period - 1))
        fold.accrual.timetable.adjusted(fold.period)  # a day of the calendar, at least this one
    if order.method is not None:
        fold.method = order.method
        fold.ledger.methods.append((fold.period, order.method))
        fold.fixed_base = fold.owed if order.method == "flat" else None
    elif fold.fixed_base is not None:
        fold.fixed_base = fold.owed
    fold.shape = None if isinstance(fold.shape, ListedAmounts) else fold.shape
    fold.rate = fold.rate_stack[-1][1].nominal(fold.accrual.timetable.period_length)
    fold.ledger.rate_periods.append(
        RatePeriod(fold.accrual.rate_ends(day), fold.rate, fold.waiving)
    )
    if order.payments is not None:
        fold.last = fold.period - 1 + order.payments
        fold.accrual.timetable.accrual_date(fold.last)
        solve(fold)
    elif order.instalment is not None:
        fix_instalment(fold, order.instalment)
        find_last_payment(fold)


def _post_accrued(fold: Fold, repay: Repay, day: date) -> None:
    """Post the interest accrued since the last due date, to be paid as a rescheduling says."""
    fold.open_day(day)
    posted = post_interest(fold, Fraction(1))
    if repay == "now":
        fold.receive(interest=posted)
        return
    repayment = REPAYMENTS[repay]
    fold.trace_origin(Origin("interest deferred", posted, REPAYMENT_PHRASES[repayment]))
    amount = show(posted, fold.program.decimals)
    text = Sentence("origin.deferred", amount=amount, day=day)
    deferred = DeferredAmount(repayment, fold.period, 0, posted, text=text)
    deferred.ready = repay == "capitalise"
    fold.deferred_amounts.append(deferred)
    if deferred.ready:
        fold.capitalise()


def _rejoin_balance(fold: Fold, deferred: DeferredAmount) -> None:
    """Return a moved instalment to the rescheduled debt; other deferred interest stays."""
    if (
        deferred.principal and not deferred.forborne_principal
    ) or deferred.repayment == "instalment":
        fold.balance += deferred.principal
        deferred.principal = 0
        deferred.accrues_on = "nothing"
        deferred.repayment, deferred.due = "due", fold.period
    deferred.spread_payment = None
