"""Reductions of principal between due dates: prepayment, forgiveness, forbearance."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from repaylib.engine.deferred_amounts import DeferredAmount
from repaylib.engine.entries import Origin
from repaylib.engine.fold import Fold
from repaylib.engine.instalment_plan import replan_after_reduction
from repaylib.engine.instructions import Event, Forbear, Forgive, Offset
from repaylib.errors import AmountError, Hint
from repaylib.money.amounts import show
from repaylib.money.rounding import round_fraction, round_ratio
from repaylib.typing import PrepaymentHold

if TYPE_CHECKING:
    pass

__all__ = ["forbear", "forgive", "prepay"]


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
        fold.paid_in_advance += amount
        fold.advance_payments.append(event.change)
    else:
        replan_after_reduction(fold, hold)


def forgive(fold: Fold, order: Forgive, day: date) -> None:
    """Lower one part of the debt without a payment."""
    decimals = fold.program.decimals
    principal = order.of == "principal"
    deferred_interest = [
        deferred for deferred in fold.deferred_amounts if deferred.column == "deferred_interest"
    ]
    owed = fold.owed if principal else sum(deferred.due_interest for deferred in deferred_interest)
    amount = order.amount
    if amount is None:
        amount = round_fraction(owed * (order.share or Fraction(0)), fold.program.rounding)
    amount = _left_of(fold, amount, owed)
    if not owed and not principal:
        raise AmountError(
            "of",
            order.of,
            f"deferred interest owed on {day}; none is deferred then",
            Hint("write {}, or a day on which some is owed", of="principal"),
        )
    if amount > owed:
        raise AmountError(
            "amount",
            show(amount, decimals),
            f"at most the {order.of.replace('_', ' ')} owed on {day}, {show(owed, decimals)}",
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
        for deferred in deferred_interest:
            lowered = deferred.lower_interest(rest)
            rest -= lowered
            entry.add("arrears_forgiven", lowered if deferred.arrears else 0)
        fold.sweep()
        entry.add("forgiven_interest", amount)
        column = "forgiven_interest"
    fold.trace_origin(Origin(column, amount, "as agreed", owed, order.share))
    replan_after_reduction(fold, order.hold)


def forbear(fold: Fold, order: Forbear, day: date) -> None:
    """Defer part of the principal without interest, to be paid with the last payment."""
    decimals, owed, amount = fold.program.decimals, fold.balance, order.amount
    fold.accrue(day)
    if amount is None:
        amount = round_fraction(owed * (order.share or Fraction(0)), fold.program.rounding)
    if amount >= owed:
        raise AmountError(
            "amount",
            show(amount, decimals),
            f"less than the principal that bears interest on {day}, {show(owed, decimals)}",
            Hint("write a smaller amount, or a share such as {}", share="10%"),
        )
    if fold.fixed_base is not None:
        fold.fixed_base = round_ratio(
            fold.fixed_base * (owed - amount), owed, fold.program.rounding
        )
    fold.balance -= amount
    text = f"the forbearance of {day}"
    fold.deferred_amounts.append(DeferredAmount("last", fold.period, amount, 0, text=text))
    replan_after_reduction(fold, order.hold)


def _left_of(fold: Fold, amount: int, owed: int) -> int:
    """Return an amount or, where what was paid ahead has saved interest, what is left for it."""
    offset = any(isinstance(event.instruction, Offset) for event in fold.program.events)
    return min(amount, owed) if offset else amount


def _lower_principal(fold: Fold, amount: int) -> None:
    if (
        fold.fixed_base is not None and fold.owed
    ):  # interest on the original principal is reduced by the same share
        fold.fixed_base = round_ratio(
            fold.fixed_base * (fold.owed - amount), fold.owed, fold.program.rounding
        )
    direct = min(amount, fold.balance)
    fold.balance -= direct
    rest = amount - direct
    for deferred in fold.deferred_amounts:
        rest -= deferred.lower_principal(rest)
    fold.sweep()
