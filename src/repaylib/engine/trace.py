"""Where what falls due comes from: notes for the derivation, in a traced fold."""

from __future__ import annotations

from fractions import Fraction

from repaylib.engine.deferred_amounts import Aside, Terms
from repaylib.engine.entries import Origin
from repaylib.engine.state import State
from repaylib.money.rounding import round_fraction
from repaylib.terms.methods import BY_PARTS, WHOLE

__all__ = ["PUT_OFF", "trace_asked", "trace_taken"]

#: What becomes of interest that is put off.
PUT_OFF: dict[Terms, str] = {
    "due": "to be paid with the next instalment",
    "spread": "to be spread over the payments left",
    "last": "to be paid with the last payment",
    "capitalise": "to join the principal",
    "instalment": "to be paid out of the next instalments",
}


def trace_asked(state: State, column: str, principal: int, payable: int, *, credited: bool) -> None:
    """Note what the principal of an instalment is made of, before anything is paid.

    Parameters
    ----------
    column
        Where the principal goes.
    principal, payable
        What the instalment asks for, before what was paid ahead.
    credited
        Whether it is lowered by what was paid ahead.
    """
    state.day.asked = bool(state.scheduled_balance)
    asked = principal + payable
    used = min(state.paid_in_advance, asked) if credited else 0
    state.trace_origin(Origin("paid ahead", used, "of the instalment"))
    rest = asked - used
    earlier = 0
    if credited:
        covered = sum(each.interest + each.borne for each in state.asides if _waits(each))
        earlier = min(rest, covered)
    interest = min(rest - earlier, payable)
    amount = rest - earlier - interest
    if not (used or earlier) and principal == state.balance:
        state.trace_origin(Origin(column, amount, "of the principal, which is the whole balance"))
        return
    terms = [
        *_instalment(state, principal, payable),
        ("paid ahead", -used),
        ("interest of instalments paid ahead", -earlier),
        ("interest", -interest),
    ]
    if state.method in BY_PARTS and not (used or earlier):
        terms = [("part of principal", principal)]
    kept = tuple((words, part) for words, part in terms if part)
    state.trace_origin(Origin(column, amount, "of the instalment", terms=kept))


def _instalment(state: State, principal: int, payable: int) -> list[tuple[str, int]]:
    """Return what an instalment is made of, before what was paid ahead."""
    if state.method not in WHOLE:
        return [("part of principal", principal), ("interest", payable)]
    program = state.program
    whole, tax = state.instalment_of(state.period), 0
    if program.tax_included:
        tax = round_fraction(state.day.accrued * program.interest_tax, program.rounding)
    if whole - tax != principal + payable:
        return [("balance and interest", principal + payable)]
    return [("instalment", whole), ("tax on the interest", -tax)]


def _waits(aside: Aside) -> bool:
    """Whether it is interest of an instalment that was paid ahead."""
    return aside.terms == "instalment"


def trace_taken(state: State, aside: Aside, owed: tuple[int, int, int]) -> None:
    """Note what was paid of an amount set aside: principal, interest and interest borne were `owed`."""
    principal, interest, borne = owed
    part = aside.part if aside.terms == "spread" else None
    for column, taken, each, base, words in (
        (
            "principal",
            principal - aside.principal,
            part and part.principal,
            part and part.of_principal,
            f"the principal of {aside.words}",
        ),
        (
            aside.column,
            interest - aside.interest,
            part and part.interest,
            part and part.of_interest,
            f"the interest of {aside.words}" if aside.account else aside.words,
        ),
        ("deferred_interest", borne - aside.borne, None, None, f"the interest on {aside.words}"),
    ):
        if part is not None and base is not None and taken == each:
            spread = Fraction(1, part.payments)
            state.trace_origin(Origin(column, taken, f"of {words}", base, spread))
        else:
            state.trace_origin(Origin(column, taken, f"of {words}"))
