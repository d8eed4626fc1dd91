"""What lowers the debt between due dates: prepayments, forgiveness, an early settlement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from repaylib.dates.days import months_elapsed
from repaylib.engine.deferred_amounts import Aside
from repaylib.engine.entries import Origin
from repaylib.engine.fold import Fold
from repaylib.engine.instalment_plan import lighten
from repaylib.engine.instructions import Event, Forbear, Forgive, Program, Settle
from repaylib.engine.interest_bearing import Offset, Rebase
from repaylib.engine.ledger import Ledger, Settled
from repaylib.errors import AmountError, Hint
from repaylib.money.amounts import minor_of, show, to_decimal
from repaylib.money.rounding import round_fraction, round_ratio
from repaylib.terms.fees import Fee
from repaylib.terms.settlement_fees import LATER_FEES, Basis, SettlementFee, fee_on
from repaylib.typing import PrepaymentHold

if TYPE_CHECKING:
    from repaylib.engine.settlement_methods import Case

__all__ = ["forbear", "forgive", "prepay", "settle"]


def prepay(fold: Fold, amount: int, hold: PrepaymentHold, event: Event) -> None:
    """Lower the principal by an amount that is paid."""
    day, decimals = event.day, fold.program.decimals
    amount = _left_of(fold, amount, fold.owed)
    if amount > fold.owed:
        raise AmountError(
            "amount",
            show(amount, decimals),
            f"at most the principal owed on {day}, {show(fold.owed, decimals)}",
            f'write settle(schedule, on="{day}") to pay all',
        )
    entry = fold.open_day(day)
    fold.accrue(day)
    _lower_principal(fold, amount)
    fold.receive(principal=amount)
    entry.add("prepaid", amount)
    fold.trace_origin(Origin("prepaid", amount, "as agreed"))
    fold.trace_origin(Origin("principal", amount, "prepaid"))
    if hold == "next":
        fold.ahead += amount
        fold.payers.append(event.change)
    else:
        lighten(fold, hold)


def forgive(fold: Fold, order: Forgive, day: date) -> None:
    """Lower one part of the debt without a payment."""
    decimals = fold.program.decimals
    principal = order.of == "principal"
    put_off = [each for each in fold.asides if each.column == "deferred_interest"]
    there = fold.owed if principal else sum(each.due_interest for each in put_off)
    amount = order.amount
    if amount is None:
        amount = round_fraction(there * (order.share or Fraction(0)), fold.program.rounding)
    amount = _left_of(fold, amount, there)
    if not there and not principal:
        raise AmountError(
            "of",
            order.of,
            f"deferred interest owed on {day}; nothing is put off then",
            Hint("write {}, or a day on which there is some", of="principal"),
        )
    if amount > there:
        raise AmountError(
            "amount",
            show(amount, decimals),
            f"at most the {order.of.replace('_', ' ')} owed on {day}, {show(there, decimals)}",
            Hint("write a smaller amount, or a share such as {}", share="10%"),
        )
    entry = fold.open_day(day)
    if principal:
        fold.accrue(day)
        _lower_principal(fold, amount)
        entry.add("forgiven", amount)
        column = "forgiven"
    else:
        rest = amount
        for aside in put_off:
            lowered = aside.lower_interest(rest)
            rest -= lowered
            entry.add("arrears_forgiven", lowered if aside.arrears else 0)
        fold.sweep()
        entry.add("forgiven_interest", amount)
        column = "forgiven_interest"
    fold.trace_origin(Origin(column, amount, "as agreed", there, order.share))
    lighten(fold, order.hold)


def forbear(fold: Fold, order: Forbear, day: date) -> None:
    """Put part of the principal aside, without interest, to be paid with the last payment."""
    decimals, there, amount = fold.program.decimals, fold.balance, order.amount
    fold.accrue(day)
    if amount is None:
        amount = round_fraction(there * (order.share or Fraction(0)), fold.program.rounding)
    if amount >= there:
        raise AmountError(
            "amount",
            show(amount, decimals),
            f"less than the principal that bears interest on {day}, {show(there, decimals)}",
            Hint("write a smaller amount, or a share such as {}", share="10%"),
        )
    if fold.base is not None:
        fold.base = round_ratio(fold.base * (there - amount), there, fold.program.rounding)
    fold.balance -= amount
    words = f"what was put aside on {day}"
    fold.asides.append(Aside("last", fold.k, amount, 0, words=words))
    lighten(fold, order.hold)


def settle(fold: Fold, order: Settle, day: date, rerun: Callable[[bool], Ledger]) -> None:
    """Pay all that is owed, with the fees for it, less what comes back of earlier ones.

    `rerun` folds the loan again: without the settlement or, as agreed at first, without changes.
    """
    from repaylib.engine.settlement_methods import (  # seldom needed, and slow to import
        Case,
        interest_owed,
    )

    entry = fold.open_day(day)
    before, posted = dict(entry.rare), entry.accrued - entry.rare.get("waived", 0)
    accrued = fold.post(day)
    principal, deferred, carried = fold.balance, 0, {"penalty": 0, "fee": 0}
    for aside in fold.asides:
        more, put_off = aside.take_all()
        principal += more
        if aside.column in carried:
            fold.receive_aside(aside, put_off)
            carried[aside.column] += put_off
        else:
            entry.add("cleared_interest", put_off if aside.arrears else 0)
            deferred += put_off
        fold.trace_origin(Origin(aside.column, put_off, f"of {aside.source}"))
    case = Case(
        day=day,
        program=fold.program,
        rerun=rerun,
        principal=principal,
        put_off=deferred,
        accrued=accrued,
        beside=entry.accrued - entry.rare.get("waived", 0) - posted - accrued,
        on_lent=fold.base is not None and not _rebased(fold.program),
    )
    owed = interest_owed(order.method, case)
    entry.accrued += owed.interest - accrued
    fold.trace_origin(Origin("interest by the method", owed.interest - accrued, owed.words))
    fold.receive(interest=owed.interest, principal=principal, deferred_interest=deferred)
    fees = order.fees
    if order.rule is not None:
        fees = (_fee_of(fold, order.rule, case, owed.interest),)
    bases = {"balance": principal, "change": principal}
    charged = sum(fold.charge(fee, bases.get(fee.of, fold.program.principal)) for fee in fees)
    if owed.fees:
        amount = to_decimal(owed.fees, fold.program.decimals)
        fold.charge(Fee(amount, when="settlement", name=LATER_FEES), 0)
    for fee in fold.program.fees:
        if fee.refund == "pro_rata" and order.method != "uk_2004":
            _refund(fold, fee, day)
    fold.balance = 0
    fold.sweep()
    tax, refund = (entry.rare.get(name, 0) - before.get(name, 0) for name in ("tax", "refund"))
    charged += carried["fee"]
    fold.out.settled = Settled(
        principal,
        owed.interest,
        deferred,
        charged,
        tax,
        refund,
        owed.fees,
        carried["penalty"],
    )


def _left_of(fold: Fold, amount: int, there: int) -> int:
    """Return an amount or, where what was paid ahead has saved interest, what is left for it."""
    offset = any(isinstance(each.do, Offset) for each in fold.program.events)
    return min(amount, there) if offset else amount


def _rebased(program: Program) -> bool:
    """Whether interest is on the balance of certain days, which the balance in between is not."""
    return any(isinstance(event.do, Rebase) for event in program.events)


def _fee_of(fold: Fold, rule: SettlementFee, case: Case, interest: int) -> Fee:
    """Return the fee that a rule asks for, as an amount."""
    program, start = fold.program, fold.out.timetables[0].start
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
    """Give back the share of a fee of the start that the days to the agreed end are of all days."""
    program, table = fold.program, fold.accrual.timetable
    if isinstance(fee.amount, Fraction):
        paid = round_fraction(program.principal * fee.amount, program.fee_rounding)
    else:
        paid = minor_of(fee.amount, program.decimals)
    first, end = fold.out.timetables[0].start, table.due(fold.last)
    share = Fraction((end - day).days, (end - first).days)
    refund = round_fraction(paid * share, program.fee_rounding)
    entry = fold.day
    entry.add("refund", refund)
    entry.payment -= refund
    fold.trace_origin(Origin("refund", refund, f"of {fee.name}", paid, share))
    if program.fee_tax:
        tax = round_fraction(refund * program.fee_tax, program.rounding)
        entry.add("tax", -tax)
        entry.payment -= tax
        fold.trace_origin(Origin("tax", -tax, f"on the refund of the {fee.name}"))


def _lower_principal(fold: Fold, amount: int) -> None:
    if fold.base is not None and fold.owed:  # interest on what was lent falls by the same share
        fold.base = round_ratio(fold.base * (fold.owed - amount), fold.owed, fold.program.rounding)
    direct = min(amount, fold.balance)
    fold.balance -= direct
    rest = amount - direct
    for aside in fold.asides:
        rest -= aside.lower_principal(rest)
    fold.sweep()
