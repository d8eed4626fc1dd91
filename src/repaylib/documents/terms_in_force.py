"""Which terms hold in a plan: its loan, the changes that are left, and how amounts are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from inspect import signature
from typing import Any

from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.dates.frequency import Every
from repaylib.errors import RepayError
from repaylib.money.amounts import decimals_of, minor_of, to_decimal
from repaylib.schedule.change_log import LoggedChange, amount_of, logged_changes
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import Method
from repaylib.wording.sentence import Money

__all__ = ["amounts_in", "changes_in_force", "in_currency", "ways_of"]


def in_currency(amount: Decimal, currency: str) -> Decimal:
    """Return an amount of a rule with at least the decimals of its currency.

    Examples
    --------
    >>> in_currency(Decimal("50"), "CNY"), in_currency(Decimal("50"), "JPY")
    (Decimal('50.00'), Decimal('50'))
    """
    decimals = decimals_of(currency)
    return (
        to_decimal(minor_of(amount, decimals), decimals) if _places(amount) < decimals else amount
    )


def amounts_in(currency: str) -> Callable[[Decimal], Money]:
    """Return what writes the amounts of a rule: with its currency, and at least its decimals."""
    return lambda amount: Money(in_currency(amount, currency), currency)


def _places(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


# -- what holds from the first instalment on -------------------------------------------------


def changes_in_force(plan: Schedule) -> tuple[Loan | None, tuple[LoggedChange, ...]]:
    """Return the loan as it holds from its first instalment on, and the changes that are left.

    What a change agrees on from the first day is part of the loan: it replaces the loan's terms,
    and is no change. The loan is ``None`` if no loan says the same; then the changes say it.
    """
    every = logged_changes(plan.loan, plan.changes, plan.change_days, plan.ledger)
    taken = [logged for logged in every if _from_the_start(logged)]
    if not taken:
        return plan.loan, every
    numbers = {logged.number for logged in taken}
    rest = [logged for logged in every if logged.number not in numbers]
    loan = _with(plan.loan, taken)
    if loan is None or not _same(plan, loan, rest):
        return None, every
    place = {logged.number: number for number, logged in enumerate(rest, 1)}
    kept = []
    for logged in rest:
        notes = [
            note._replace(by=tuple(place[k] for k in note.by if k in place))
            for note in logged.notes
            if not note.by or any(k in place for k in note.by)
        ]
        number = place[logged.number]
        effect = logged.effect._replace(money=partial(amount_of, loan))
        kept.append(logged._replace(number=number, loan=loan, effect=effect, notes=tuple(notes)))
    return loan, tuple(kept)


def _from_the_start(logged: LoggedChange) -> bool:
    """Whether a change is of terms that hold for good from the first day on."""
    change = logged.change
    for_good = isinstance(change, Rescheduling) or (
        isinstance(change, RateChange) and change.until is None
    )
    return for_good and logged.day <= logged.loan.start


def _with(loan: Loan, taken: Sequence[LoggedChange]) -> Loan | None:
    """Return a loan with the terms of changes in it; ``None`` if there is no such loan."""
    fields: dict[str, Any] = {name: getattr(loan, name) for name in signature(Loan).parameters}
    for logged in taken:
        change = logged.change
        if isinstance(change, RateChange):
            fields["rate"] = change.rate
        elif isinstance(change, Rescheduling):
            fields |= {"payments": change.payments, "instalment": change.instalment}
            fields["rate"] = change.rate or fields["rate"]
            fields["method"] = change.method or fields["method"]
            if change.instalment is not None:
                fields |= {"instalment_multiple": None, "last": "any"}
            if change.every is not None:
                fields |= {"every": change.every, "due_days": None, "first_payment": None}
    try:
        return Loan(**fields)
    except RepayError:
        return None


def _same(plan: Schedule, loan: Loan, rest: Sequence[LoggedChange]) -> bool:
    """Whether a loan with the changes that are left is paid as the plan is."""
    try:
        other = Schedule(loan, tuple(logged.change for logged in rest))
    except RepayError:
        return False
    return other.rows == plan.rows


def ways_of(plan: Schedule, first: date) -> tuple[tuple[Every, Method], ...]:
    """Return how often and how a loan is repaid from a day on, each way in its turn."""
    loan = plan.loan
    every, method = loan.every, loan.method
    found: list[tuple[Every, Method]] = []
    begun = sorted(
        (logged.day, logged.number, logged.change)
        for logged in logged_changes(loan, plan.changes, plan.change_days, plan.ledger)
        if isinstance(logged.change, Rescheduling)
        and all(note.kind != "lapsed" for note in logged.notes)
    )
    ways = [(loan.start, (every, method))]
    for day, _, change in begun:
        every, method = change.every or every, change.method or method
        ways.append((day, (every, method)))
    for place, (_, way) in enumerate(ways):
        ends = ways[place + 1][0] if place + 1 < len(ways) else None
        if (ends is None or ends >= first) and way not in found[-1:]:
            found.append(way)
    return tuple(found)
