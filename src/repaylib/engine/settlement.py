"""An early settlement: what is paid on its day, its fees, and the fees that come back."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from repaylib.dates.months import months_elapsed
from repaylib.engine.entries import Origin
from repaylib.engine.fold import Fold
from repaylib.engine.instructions import Rebase, Settle
from repaylib.engine.ledger import Settled
from repaylib.engine.program import Program
from repaylib.money.amounts import minor_of, to_decimal
from repaylib.money.rounding import round_fraction
from repaylib.terms.fee_refunds import refund_share
from repaylib.terms.fees import Fee
from repaylib.terms.settlement_fees import LATER_FEES, Basis, SettlementFee, fee_on
from repaylib.wording.sentence import Sentence

if TYPE_CHECKING:
    from repaylib.engine.settlement_methods import Rerun, SettlementCase

__all__ = ["settle"]


def settle(fold: Fold, order: Settle, day: date, rerun: Rerun) -> None:
    """Pay all that is owed, with the fees for it, less what comes back of earlier ones.

    `rerun` folds the loan again: without the settlement or, as agreed at first, without changes.
    """
    from repaylib.engine.settlement_methods import (  # seldom needed, and slow to import
        SettlementCase,
        interest_owed,
    )

    entry = fold.open_day(day)
    before, posted = dict(entry.sparse), entry.accrued - entry.sparse.get("waived", 0)
    known = len(entry.origins), len(entry.segments), len(entry.taken)
    accrued = fold.post(day)
    principal, deferred_interest, carried = fold.balance, 0, {"penalty": 0, "fee": 0}
    for deferred in fold.deferred_amounts:
        deferred_principal, interest = deferred.pay_off()
        principal += deferred_principal
        if deferred.column in carried:
            fold.receive_deferred(deferred, interest)
            carried[deferred.column] += interest
        else:
            entry.add("cleared_interest", interest if deferred.arrears else 0)
            deferred_interest += interest
        fold.trace_origin(Origin(deferred.column, interest, deferred.source))
    fold.trace_origin(Origin("principal", principal, Sentence("origin.balance")))
    case = SettlementCase(
        day=day,
        program=fold.program,
        rerun=rerun,
        principal=principal,
        deferred_interest=deferred_interest,
        accrued=accrued,
        beside=entry.accrued - entry.sparse.get("waived", 0) - posted - accrued,
        on_original_principal=fold.fixed_base is not None and not _rebased(fold.program),
    )
    owed = interest_owed(order.method, case)
    more = owed.interest - accrued
    entry.accrued += more
    fold.trace_origin(Origin("interest by the method", more, owed.text))
    owed = owed._replace(interest=accrued + fold.within_cap(more))
    fold.receive(interest=owed.interest, principal=principal, deferred_interest=deferred_interest)
    fees = order.fees
    if order.rule is not None:
        fees = (_fee_of(fold, order.rule, case, owed.interest),)
    bases = {"balance": principal, "change": principal}
    if any(fee.of == "interest_saved" for fee in fees):
        bases["interest_saved"] = max(0, case.saved(owed.interest))
    charged = sum(fold.charge(fee, bases.get(fee.of, fold.program.principal)) for fee in fees)
    if owed.fees:
        amount = to_decimal(owed.fees, fold.program.decimals)
        fold.charge(Fee(amount, when="settlement", name=LATER_FEES), 0)
    for fee in fold.program.fees:
        if fee.refund != "none" and order.method != "uk_2004":
            _refund(fold, fee, day)
    fold.balance = 0
    fold.sweep()
    tax, refund = (entry.sparse.get(name, 0) - before.get(name, 0) for name in ("tax", "refund"))
    charged += carried["fee"]
    fold.ledger.settled = Settled(
        principal,
        owed.interest,
        deferred_interest,
        charged,
        tax,
        refund,
        owed.fees,
        carried["penalty"],
        known,
    )


def _rebased(program: Program) -> bool:
    """Whether interest is on the balance of certain days, which the balance in between is not."""
    return any(isinstance(event.instruction, Rebase) for event in program.events)


def _fee_of(fold: Fold, rule: SettlementFee, case: SettlementCase, interest: int) -> Fee:
    """Return the fee that a rule asks for, as an amount."""
    program, start = fold.program, fold.ledger.timetables[0].start
    basis = Basis(
        principal=case.principal,
        rate=fold.rate,
        elapsed=months_elapsed(start, case.day),
        day=case.day,
        end=case.end if rule.cap else case.day,
        saved=case.saved(interest) if rule.cap else 0,
    )
    amount = fee_on(rule, basis, program.decimals, program.fee_rounding)
    return Fee(to_decimal(amount, program.decimals), when="settlement")


def _refund(fold: Fold, fee: Fee, day: date) -> None:
    """Give back what of a fee of the start is refunded on the day."""
    program, table = fold.program, fold.accrual.timetable
    if isinstance(fee.amount, Fraction):
        paid = round_fraction(program.principal * fee.amount, program.fee_rounding)
    else:
        paid = minor_of(fee.amount, program.decimals)
    first, end = fold.ledger.timetables[0].start, table.accrual_date(fold.last)
    share = refund_share(fee, first, day, end)
    refund = round_fraction(paid * share, program.fee_rounding)
    entry = fold.day
    entry.add("refund", refund)
    entry.payment -= refund
    text, rounding = Sentence("origin.of", what=fee.name_sentence), program.fee_rounding
    fold.trace_origin(Origin("refund", refund, text, paid, share, rounding=rounding))
    if program.fee_tax:
        tax = round_fraction(refund * program.fee_tax, program.rounding)
        entry.add("tax", -tax)
        entry.payment -= tax
        fold.trace_origin(Origin("tax", -tax, Sentence("origin.on_refund", what=fee.name_sentence)))
