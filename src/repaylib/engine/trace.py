"""The origins of the amounts due: notes for the derivation, in a traced fold."""

from __future__ import annotations

from fractions import Fraction
from typing import get_args

from repaylib.engine.deferred_amounts import DeferredAmount, DeferredRepayment
from repaylib.engine.entries import Origin
from repaylib.engine.state import State
from repaylib.money.rounding import round_fraction
from repaylib.terms.methods import BY_PARTS, WHOLE, WITHOUT_INSTALMENT
from repaylib.wording.sentence import Sentence

__all__ = ["REPAYMENT_PHRASES", "trace_scheduled_payment", "trace_deferred_paid"]

#: How deferred interest is repaid.
REPAYMENT_PHRASES: dict[DeferredRepayment, Sentence] = {
    repayment: Sentence(f"origin.to.{repayment}") for repayment in get_args(DeferredRepayment)
}


def trace_scheduled_payment(
    state: State, column: str, principal: int, payable: int, *, credited: bool
) -> None:
    """Note the terms of the principal of an instalment, before anything is paid.

    Parameters
    ----------
    column
        The name of the principal in the derivation.
    principal, payable
        The principal and interest due, before advance payments.
    credited
        Whether advance payments lower it.
    """
    plans = state.ledger.plans
    if state.scheduled_balance and plans and state.method not in WITHOUT_INSTALMENT:
        state.day.instalment = len(plans) - 1, state.instalment_of(state.period)
    due = principal + payable
    used = min(state.paid_in_advance, max(0, due)) if credited else 0
    state.trace_origin(Origin("paid ahead", used, Sentence("origin.instalment")))
    rest = due - used
    earlier = 0
    for deferred in state.deferred_amounts if credited else ():
        if deferred.repayment == "instalment":  # interest of an instalment paid in advance
            earlier += min(rest - earlier, deferred.due_interest)
    interest = min(rest - earlier, payable)
    amount = rest - earlier - interest
    if credited and amount > state.balance:
        state.trace_origin(Origin(column, state.balance, Sentence("origin.balance")))
        return
    if not (used or earlier) and principal == state.balance:
        state.trace_origin(Origin(column, amount, Sentence("origin.balance")))
        return
    terms = [
        *_instalment_terms(state, principal, payable),
        (_term("paid_ahead"), -used),
        (_term("interest_ahead"), -earlier),
        (_term("interest"), -interest),
    ]
    if state.method in BY_PARTS and not (used or earlier):
        terms = [(_term("part_of_principal"), principal)]
    if state.remainder == "balance" and state.solved is not None and not (used or earlier):
        state.trace_origin(Origin(column, amount, Sentence("origin.unrounded")))
        return
    kept = tuple((text, part) for text, part in terms if part)
    state.trace_origin(Origin(column, amount, Sentence("origin.instalment"), terms=kept))


def _instalment_terms(state: State, principal: int, payable: int) -> list[tuple[Sentence, int]]:
    """Return the terms of an instalment, before advance payments."""
    if state.method not in WHOLE:
        return [(_term("part_of_principal"), principal), (_term("interest"), payable)]
    program = state.program
    whole, tax = state.instalment_of(state.period), 0
    if program.tax_included:
        tax = round_fraction(state.day.accrued * program.interest_tax, program.rounding)
    if whole - tax != principal + payable:
        return [(_term("balance_and_interest"), principal + payable)]
    return [(_term("instalment"), whole), (_term("tax_on_interest"), -tax)]


def _term(name: str) -> Sentence:
    return Sentence(f"figure.{name}")


def trace_deferred_paid(state: State, deferred: DeferredAmount, owed: tuple[int, int, int]) -> None:
    """Note the payment of a deferred amount; principal, interest and accrued interest were `owed`."""
    principal, interest, accrued_interest = owed
    part = deferred.spread_payment if deferred.repayment == "spread" else None
    for column, paid, exact, base, text in (
        (
            "principal",
            principal - deferred.principal,
            part and part.principal,
            part and part.of_principal,
            Sentence("origin.principal", what=deferred.text),
        ),
        (
            deferred.column,
            interest - deferred.interest,
            part and part.interest,
            part and part.of_interest,
            Sentence("origin.interest" if deferred.account else "origin.of", what=deferred.text),
        ),
        (
            "deferred_interest",
            accrued_interest - deferred.accrued_interest,
            None,
            None,
            Sentence("origin.interest_on", what=deferred.text),
        ),
    ):
        if part is not None and base is not None and paid == exact:
            spread = Fraction(1, part.payments)
            state.trace_origin(Origin(column, paid, text, base, spread))
        else:
            state.trace_origin(Origin(column, paid, text))
