"""When an agreement counts as broken, what follows, and what that costs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args

from repaylib.arrears.balances import Balances
from repaylib.arrears.events import Acceleration, AccountEvent, Charge, Receipt
from repaylib.arrears.servicing import begin_servicing, process_events, serviced
from repaylib.arrears.servicing_state import ServicingState
from repaylib.arrears.statement_terms import StatementTerms, terms_of
from repaylib.arrears.statements import Statement, statement
from repaylib.dates.days import ONE_DAY
from repaylib.errors import Phrase, TermsError, check_word, parse_flag, write
from repaylib.money.amounts import add, parse_amount, parse_positive_amount, subtract
from repaylib.money.counts import parse_count
from repaylib.output.plain import Plain
from repaylib.output.tables import Printed, Table
from repaylib.schedule.rows import Row, rows_in_money
from repaylib.schedule.schedule import Schedule
from repaylib.typing import Amount, Component, PenaltyFrom, Reinstates
from repaylib.wording.sentence import Listed, Money, Sentence, Worded

__all__ = ["Breach", "BreachWarning"]


@dataclass(frozen=True, slots=True, init=False)
class Breach(Worded):
    """When an agreement counts as breached, and what follows.

    It is breached on the first day on which one of the conditions holds; at least one is required.

    Parameters
    ----------
    days
        The days that a payment is late: with ``days=30``, one due on 10 March breaches it on 9 April.
    instalments
        The number of instalments missing, from the day after the last of them was due.
    amount
        The overdue amount, in major units, from the day after it was due.
    reinstates
        The treatment of forgiven amounts:

        ``"nothing"``
            they stay forgiven; overdue amounts are those of the new schedule.
        ``"forgiven"``
            they are owed again: 120.00 of forgiven penalties are 120.00 due on the day. The same
            holds for amounts that the new schedule has forgiven or waived by then: 152.22 of
            interest, after two interest-free months on 7,610.80 at 12 %.
        ``"old_terms"``
            the agreement ends: the debt is what it would be without the agreement, after all
            payments under it, with penalties from the old due dates.
    penalty_from
        With ``"forgiven"``, the day from which penalties run on reinstated amounts: that of the
        ``"breach"``, or that of the ``"agreement"``; on what the new schedule forgives or waives
        later, from the day on which it does.
    accelerate
        Whether the whole balance falls due.

    Examples
    --------
    >>> print(Breach(days=30, reinstates="forgiven"))
    This agreement is broken if a payment is 30 days late. What was forgiven is then owed again,
    and penalties run on it from the day of the breach.
    """

    days: int | None
    instalments: int | None
    amount: Decimal | None
    reinstates: Reinstates
    penalty_from: PenaltyFrom
    accelerate: bool

    def __init__(
        self,
        *,
        days: int | None = None,
        instalments: int | None = None,
        amount: Amount | None = None,
        reinstates: Reinstates = "nothing",
        penalty_from: PenaltyFrom = "breach",
        accelerate: bool = False,
    ) -> None:
        if days is None and instalments is None and amount is None:
            hint = write(days=30)
            raise TermsError("days", None, "at least one of days, instalments and amount", hint)
        fields: dict[str, Any] = {
            "days": None if days is None else parse_count(days, "days", example=30),
            "instalments": None
            if instalments is None
            else parse_count(instalments, "instalments", example=2),
            "amount": None if amount is None else parse_positive_amount(amount, "amount"),
            "reinstates": check_word("reinstates", reinstates, get_args(Reinstates)),
            "penalty_from": check_word("penalty_from", penalty_from, get_args(PenaltyFrom)),
            "accelerate": parse_flag(accelerate, "accelerate"),
        }
        if accelerate and reinstates == "old_terms":
            raise TermsError(
                "accelerate",
                accelerate,
                'another word than reinstates="old_terms", by which there is nothing to accelerate',
                Phrase("write {}", 'reinstates="forgiven"'),
            )
        if penalty_from != "breach" and reinstates != "forgiven":
            raise TermsError(
                "penalty_from",
                penalty_from,
                Phrase(
                    'reinstates="forgiven" with it; with "{}" nothing that was forgiven comes back on which penalties could run',
                    reinstates,
                ),
                Phrase("write {}, or leave {} out", 'reinstates="forgiven"', "penalty_from"),
            )
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def holds(self, days: int, instalments: int, overdue: Decimal) -> bool:
        """Return whether an agreement is broken.

        With a payment `days` late, `instalments` missing, and the amount `overdue`.
        """
        days = parse_count(days, "days", least=0, most=date.max.toordinal(), example=30)
        instalments = parse_count(instalments, "instalments", least=0, example=2)
        overdue = parse_amount(overdue, "overdue")
        return (
            (self.days is not None and days >= self.days)
            or (self.instalments is not None and instalments >= self.instalments)
            or (self.amount is not None and overdue >= self.amount)
        )

    def sentence(self, money: Callable[[Decimal], Money] = Money) -> Sentence:
        """Return when it is broken, and what follows; `money` writes an amount."""
        when = []
        if self.days is not None:
            when.append(Sentence("breach_when.days", days=self.days))
        if self.instalments is not None:
            key = "breach_when.instalment" if self.instalments == 1 else "breach_when.instalments"
            when.append(Sentence(key, count=self.instalments))
        if self.amount is not None:
            when.append(Sentence("breach_when.amount", amount=money(self.amount)))
        since = Sentence(f"breach_when.since.{self.penalty_from}")
        follows = [Sentence(f"breach_when.{self.reinstates}", since=since)]
        if self.accelerate:
            follows.append(Sentence("breach_when.accelerate"))
        return Sentence("breach_when", when=Listed(when, "or"), follows=Listed(follows, "sentence"))

    def _worded(self) -> object:
        return self.sentence()


# -- what a breach brings and costs -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BreachOutcome(Printed, Plain):
    """What a breach after some payments costs. Amounts are in major units.

    Attributes
    ----------
    after
        The number of instalments that are paid on their due dates.
    on
        The day of the breach.
    paid
        The payments by then.
    owed
        The payoff amount on that day.
    reinstated
        The part that was forgiven and is owed again; below zero if less is owed under the old terms.
    penalty
        The part that is penalties, with interest on overdue interest.
    without
        The payoff amount on that day without the agreement, after the same payments.
    """

    after: int
    on: date
    paid: Decimal
    owed: Decimal
    reinstated: Decimal
    penalty: Decimal
    without: Decimal

    def _table(self) -> Table:
        names = ("paid", "owed", "reinstated", "penalty", "without")
        amounts = {name: f"{getattr(self, name):,f}" for name in names}
        figures = {"after": str(self.after), **amounts}
        rows = [[Sentence(f"broken.{name}"), figure] for name, figure in figures.items()]
        return Table([Sentence("broken", day=self.on), ""], rows)


@dataclass(frozen=True, slots=True)
class BreachWarning(Worded, Plain):
    """What keeps an agreement. Amounts are in major units.

    Attributes
    ----------
    pay_by
        The last day on which a payment keeps it.
    amount
        The least that must be paid on that day.
    breaks_on
        The day on which it is breached otherwise.
    currency
        The currency of the amount.
    """

    pay_by: date
    amount: Decimal
    breaks_on: date
    currency: str

    def _worded(self) -> object:
        amount = Money(self.amount, self.currency)
        return Sentence("breach_warning", amount=amount, day=self.pay_by, breaks=self.breaks_on)


def warning_of(
    schedule: Schedule,
    breach: Breach,
    given: Sequence[AccountEvent],
    as_of: date,
    options: Mapping[str, Any],
) -> BreachWarning | None:
    """Return what keeps an agreement that is not broken; ``None`` if nothing can break it any more."""
    far = schedule.maturity + timedelta(days=(breach.days or 0) + 1)
    breaks_on = first_breach(schedule, breach, given, max(far, as_of), options)
    if breaks_on is None:
        return None
    day, loan = breaks_on - ONE_DAY, schedule.loan
    owed = statement(schedule, given, as_of=day, **options)

    def keeps(minor: int) -> bool:
        paid = [*given, Receipt(day, loan.money(minor))]
        return first_breach(schedule, breach, paid, breaks_on, options) is None

    # Whoever pays more is never in breach sooner.
    least, most = 0, loan.minor(owed.due.total, "amount")
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if keeps(middle) else (middle, most)
    return BreachWarning(day, loan.money(most), breaks_on, loan.currency)


def first_breach(
    schedule: Schedule,
    breach: Breach,
    given: Iterable[AccountEvent],
    day: date,
    options: Mapping[str, Any],
) -> date | None:
    """Return the day on which an agreement is breached, up to a day; ``None`` if it is not.

    Parameters
    ----------
    schedule
        The schedule of the agreement.
    breach
        When it counts as breached.
    given
        The events.
    day
        The last day that is checked.
    options
        The options of statements of the schedule, as :func:`~repaylib.statement` takes it.
    """
    events = sorted(given, key=lambda event: event.on)
    terms = terms_of(schedule, **options)
    dues = [row.date for row, _ in rows_in_money(schedule) if row.payment]
    days = {due + ONE_DAY for due in dues} | {event.on for event in events}
    if breach.days is not None:
        days |= {due + timedelta(days=breach.days) for due in dues}
    state, done, before = begin_servicing(terms), 0, schedule.loan.start
    grows = breach.amount is not None and terms.penalty is not None
    for on in sorted({each for each in days if each <= day} | {day + ONE_DAY}):
        if grows and before < on - ONE_DAY:  # penalties may carry the arrears over the amount
            process_events(state, [], on - ONE_DAY)
            if _is_over(state, breach, on - ONE_DAY):
                return _first_over(terms, events[:done], breach, before, on - ONE_DAY)
        if on > day:
            break
        known = bisect_right(events, on, key=lambda event: event.on)
        process_events(state, events[done:known], on)
        done = known
        if breach.holds(state.dues.days_past_due(on), *_missing(state, breach, on)):
            return on
        before = on
    return None


def _is_over(state: ServicingState, breach: Breach, day: date) -> bool:
    return breach.amount is not None and _missing(state, breach, day)[1] >= breach.amount


def _first_over(
    terms: StatementTerms, events: Sequence[AccountEvent], breach: Breach, before: date, day: date
) -> date:
    """Return the first day after one, up to another, on which the arrears are over the amount."""
    low, high = before.toordinal(), day.toordinal()
    while high - low > 1:
        middle = date.fromordinal((low + high) // 2)
        over = _is_over(serviced(terms, events, middle), breach, middle)
        low, high = (low, middle.toordinal()) if over else (middle.toordinal(), high)
    return date.fromordinal(high)


def _missing(state: ServicingState, breach: Breach, day: date) -> tuple[int, Decimal]:
    """Return how many instalments are missing, and how much is overdue, as far as a rule asks."""
    count = amount = 0
    if breach.instalments is not None:
        late = (item for item in state.dues.missing() if item.due < day)
        count = sum(item.number > 0 and item.contractual > 0 for item in late)
    if breach.amount is not None:
        late = (item for item in state.open_items if item.due < day and not item.set_apart)
        amount = sum(item.owes(day, state.rounding) for item in late)
    return count, state.loan.money(amount)


def consequences_of(
    breach: Breach, on: date, since: date, rows: Iterable[Row], forgiven: Balances | None = None
) -> list[AccountEvent]:
    """Return the consequences of a breach: forgiven amounts are owed again, the balance falls due.

    Parameters
    ----------
    breach
        When the agreement counts as breached.
    on
        The day of the breach.
    since
        The day of the agreement.
    rows
        The rows under the agreement, with what they waive and forgive.
    forgiven
        The amounts forgiven by the agreement.
    """
    forgiven_amounts: dict[tuple[date, Component], list[Decimal]] = {}
    if breach.reinstates == "forgiven":
        if forgiven is not None:
            forgiven_amounts |= {
                (since, "principal"): [forgiven.principal],
                (since, "interest"): [forgiven.interest, forgiven.deferred_interest],
                (since, "fee"): [forgiven.fees],
                (since, "penalty"): [forgiven.penalty, forgiven.penalty_interest],
                (since, "costs"): [forgiven.costs],
            }
        for row in rows:
            if row.date <= on:
                forgiven_amounts.setdefault((row.date, "principal"), []).append(row.forgiven)
                interest = row.waived, row.forgiven_interest
                forgiven_amounts.setdefault((row.date, "interest"), []).extend(interest)
    amounts: dict[tuple[date, Component], Decimal] = {}
    for (day, kind), parts in forgiven_amounts.items():
        place = on if breach.penalty_from == "breach" else day, kind
        amounts[place] = add(amounts.get(place, Decimal(0)), *parts)
    found: list[AccountEvent] = [
        Charge(day, amount, kind, name=f"{kind} that comes back")
        for (day, kind), amount in amounts.items()
        if amount
    ]
    return [*found, Acceleration(on)] if breach.accelerate else found


def outcome_of(
    after: int,
    on: date,
    made: Iterable[Receipt],
    *,
    owed: Statement,
    kept: Statement,
    without: Statement,
) -> BreachOutcome:
    """Return the outcome of a breach, from statements of its day.

    Parameters
    ----------
    after, on
        The number of instalments paid, and the day of the breach.
    made
        The receipts under the agreement.
    owed
        The statement with the consequences of the breach.
    kept, without
        The statements of the agreement without that, and of the debt without the agreement.
    """
    return BreachOutcome(
        after=after,
        on=on,
        paid=add(owed.schedule.loan.money(0), *(payment.amount for payment in made)),
        owed=owed.payoff,
        reinstated=subtract(owed.payoff, kept.payoff),
        penalty=add(owed.balances.penalty, owed.balances.penalty_interest),
        without=without.payoff,
    )
