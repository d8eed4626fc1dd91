"""What a payment holiday does on a due date: the instalment is skipped or moved, its interest deferred."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repaylib.engine.deferred_amounts import (
    REPAYMENTS,
    DeferredAmount,
    DeferredRepayment,
    PaymentHoliday,
)
from repaylib.engine.entries import Origin
from repaylib.engine.trace import REPAYMENT_PHRASES, trace_deferred_paid
from repaylib.money.amounts import show
from repaylib.wording.sentence import Sentence

if TYPE_CHECKING:
    from repaylib.engine.fold import Fold

__all__ = ["defer_instalment", "defer_interest", "skip", "ready_to_capitalise"]


def skip(fold: Fold, holiday: PaymentHoliday, interest: int) -> None:
    """Skip the instalment of a due date; the deferral says when its interest is paid."""
    deferral = holiday.deferral
    fold.ledger.skipped.add(fold.period)
    fold.ledger.remarks[fold.period] = Sentence("remark.skipped", change=holiday.change)
    fold.ledger.deferred_dates.setdefault(holiday.change, []).append(fold.period)
    if deferral.interest_paid_now:
        fold.receive(interest=interest)
        pay_due_interest(fold)
    elif interest:
        defer_interest(fold, REPAYMENTS[deferral.repay], interest)
    ready_to_capitalise(fold, holiday)


def pay_due_interest(fold: Fold) -> None:
    """Pay the interest deferred to the next payment, where only interest is paid."""
    for deferred in fold.deferred_amounts:
        if deferred.repayment == "due" and not deferred.principal and fold.period >= deferred.due:
            owed = deferred.principal, deferred.interest, deferred.accrued_interest
            _, interest = deferred.pay_off()
            fold.receive_deferred(deferred, interest)
            if fold.trace:
                trace_deferred_paid(fold, deferred, owed)
    fold.sweep()


def ready_to_capitalise(fold: Fold, holiday: PaymentHoliday) -> None:
    """Mark deferred interest to join the principal at the end of the day, if it is time."""
    if holiday.capitalises(fold.period) or fold.period + 1 not in fold.holidays:
        for deferred in fold.deferred_amounts:
            deferred.ready = deferred.repayment == "capitalise"


def defer_interest(fold: Fold, repayment: DeferredRepayment, interest: int) -> None:
    """Defer interest, which accrues no interest itself."""
    fold.trace_origin(Origin("interest deferred", interest, REPAYMENT_PHRASES[repayment]))
    amount = show(interest, fold.program.decimals)
    text = Sentence("origin.deferred", amount=amount, day=fold.accrued_to)
    for deferred in fold.deferred_amounts:
        same = deferred.repayment == repayment and not deferred.arrears
        if deferred.accrues_on == "nothing" and same and not deferred.principal:
            deferred.interest += interest
            deferred.spread_payment = None
            deferred.text = Sentence("origin.and", first=deferred.text, second=text)
            return
    fold.deferred_amounts.append(DeferredAmount(repayment, fold.period + 1, 0, interest, text=text))


def defer_instalment(fold: Fold, holiday: PaymentHoliday, interest: int) -> None:
    """Defer one whole instalment; the rest of the schedule continues as if it were paid."""
    deferral = holiday.deferral
    fold.ledger.remarks[fold.period] = Sentence("remark.moved", change=holiday.change)
    fold.ledger.deferred_dates.setdefault(holiday.change, []).append(fold.period)
    principal, payable = fold.scheduled_payment(interest, "principal deferred")
    fold.balance -= principal
    fold.pay_deferred(ending=False)
    if deferral.interest_paid_now:
        fold.receive(interest=payable)
        payable = 0
    phrase = Sentence("origin.to.principal")
    fold.trace_origin(Origin("interest deferred", payable, phrase))
    fold.accounts += 1
    rate = (
        None
        if deferral.rate is None
        else deferral.rate.nominal(fold.accrual.timetable.period_length)
    )
    fold.deferred_amounts.append(
        DeferredAmount(
            repayment=REPAYMENTS[deferral.repay],
            due=fold.period + deferral.periods,
            principal=principal,
            interest=payable,
            accrues_on="all" if deferral.base == "instalment" else "principal",
            rate=rate,
            waived=deferral.interest == "waive",
            account=fold.accounts,
            text=Sentence("origin.moved", number=fold.period),
            change=holiday.change,
        )
    )
