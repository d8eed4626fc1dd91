"""When an agreement is broken, what that brings, and what it costs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from repaylib.arrears.balances import Owed
from repaylib.arrears.breach import Breach
from repaylib.arrears.events import Acceleration, Charge, Happening, Receipt
from repaylib.arrears.servicing import Servicing
from repaylib.arrears.statement_terms import terms_of
from repaylib.arrears.statements import Statement
from repaylib.dates.days import ONE_DAY
from repaylib.money.amounts import add, subtract
from repaylib.schedule.divergence import rows_in_money
from repaylib.schedule.rows import Row
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.tables import text_table
from repaylib.typing import Component

__all__ = ["IfBroken", "brought_by", "first_breach", "price_of"]


@dataclass(frozen=True, slots=True)
class IfBroken:
    """What it costs if an agreement is broken after some payments. Amounts are in major units.

    Attributes
    ----------
    after
        How many instalments are paid, each on its day.
    on
        The day on which it counts as broken.
    paid
        What was paid by then.
    owed
        What then clears everything.
    comes_back
        Of it, what was given up and is owed again; below zero if the old terms ask for less.
    penalty
        Of it, penalties, and interest on overdue interest.
    without
        What would clear everything on that day without the agreement, after the same payments.
    """

    after: int
    on: date
    paid: Decimal
    owed: Decimal
    comes_back: Decimal
    penalty: Decimal
    without: Decimal

    def __str__(self) -> str:
        rows = [
            ["instalments paid", str(self.after)],
            ["paid", f"{self.paid:,f}"],
            ["owed then", f"{self.owed:,f}"],
            ["of it come back", f"{self.comes_back:,f}"],
            ["of it penalties", f"{self.penalty:,f}"],
            ["owed without the agreement", f"{self.without:,f}"],
        ]
        return text_table([f"broken on {self.on}", ""], rows)


def first_breach(
    schedule: Schedule,
    breach: Breach,
    given: Iterable[Happening],
    day: date,
    words: Mapping[str, Any],
) -> date | None:
    """Return the first day, up to one, on which a rule for a breach holds, if there is one.

    Parameters
    ----------
    schedule
        What was agreed.
    breach
        The rule.
    given
        What happened.
    day
        The last day that is looked at.
    words
        What statements of the schedule go by, as :func:`~repaylib.statement` takes it.
    """
    events = sorted(given, key=lambda each: each.on)
    terms = terms_of(schedule, **words)
    dues = [row.date for row, _ in rows_in_money(schedule) if row.payment]
    days = {due + ONE_DAY for due in dues} | {event.on for event in events}
    if breach.days is not None:
        days |= {due + timedelta(days=breach.days) for due in dues}
    life, done = terms.start(), 0
    for each in sorted(days):
        if each > day:
            break
        known = bisect_right(events, each, key=lambda event: event.on)
        life.run(events[done:known], each)
        done = known
        if breach.holds(life.days_past_due(each), *_missing(life, breach, each)):
            return each
    return None


def _missing(life: Servicing, breach: Breach, day: date) -> tuple[int, Decimal]:
    """Return how many instalments are missing, and how much is overdue, as far as a rule asks."""
    count = amount = 0
    if breach.instalments is not None:
        late = (bill for bill in life.dues.missing() if bill.due < day)
        count = sum(bill.number > 0 and bill.contractual > 0 for bill in late)
    if breach.amount is not None:
        late = (bill for bill in life.live if bill.due < day and not bill.apart)
        amount = sum(bill.owes(day, life.rounding) for bill in late)
    return count, life.loan.money(amount)


def brought_by(
    breach: Breach, on: date, since: date, rows: Iterable[Row], forgiven: Owed | None = None
) -> list[Happening]:
    """Return what a breach brings: what was given up is owed again, and the balance falls due.

    Parameters
    ----------
    breach
        The rule.
    on
        The day of the breach.
    since
        The day of the agreement.
    rows
        The rows under the agreement, with what they waive and forgive.
    forgiven
        What was forgiven as it was made.
    """
    given_up: dict[tuple[date, Component], list[Decimal]] = {}
    if breach.comes_back == "forgiven":
        if forgiven is not None:
            given_up |= {
                (since, "principal"): [forgiven.principal],
                (since, "interest"): [forgiven.interest, forgiven.deferred_interest],
                (since, "fee"): [forgiven.fees],
                (since, "penalty"): [forgiven.penalty, forgiven.penalty_interest],
                (since, "costs"): [forgiven.costs],
            }
        for row in rows:
            if row.date <= on:
                given_up.setdefault((row.date, "principal"), []).append(row.forgiven)
                interest = row.waived, row.forgiven_interest
                given_up.setdefault((row.date, "interest"), []).extend(interest)
    amounts: dict[tuple[date, Component], Decimal] = {}
    for (day, kind), parts in given_up.items():
        place = on if breach.penalty_from == "breach" else day, kind
        amounts[place] = add(amounts.get(place, Decimal(0)), *parts)
    found: list[Happening] = [
        Charge(day, amount, kind, name=f"{kind} that comes back")
        for (day, kind), amount in amounts.items()
        if amount
    ]
    return [*found, Acceleration(on)] if breach.accelerate else found


def price_of(
    after: int,
    on: date,
    made: Iterable[Receipt],
    *,
    owed: Statement,
    kept: Statement,
    without: Statement,
) -> IfBroken:
    """Return the price of a breach, from statements of its day.

    Parameters
    ----------
    after, on
        How many instalments are paid, and the day of the breach.
    made
        What was paid under the agreement.
    owed
        The statement with what the breach brings.
    kept, without
        The statements of the agreement without that, and of the debt without the agreement.
    """
    return IfBroken(
        after=after,
        on=on,
        paid=add(owed.schedule.loan.money(0), *(each.amount for each in made)),
        owed=owed.to_clear,
        comes_back=subtract(owed.to_clear, kept.to_clear),
        penalty=add(owed.balances.penalty, owed.balances.penalty_interest),
        without=without.to_clear,
    )
