"""Servicing a loan day by day: what falls due, what comes in, what being late costs.

On one day, in this order: penalties accrue up to the day; the amounts of the schedule fall due, and
are paid out of unallocated money; charges; late fees; receipts; refunds; waivers; acceleration;
write-off.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal

from repaylib.arrears.allocation import pay_ahead, pay_apart, pay_due, pay_named
from repaylib.arrears.daily_simple import (
    interest_and_principal,
    pay_interest_ahead,
    put_interest_first,
    split_instalment,
)
from repaylib.arrears.due_amounts import PARTS, Kind, settlement_amounts
from repaylib.arrears.events import (
    Acceleration,
    AccountEvent,
    Charge,
    Receipt,
    Refund,
    Waiver,
    WriteOff,
)
from repaylib.arrears.instalment_due import InstalmentDue
from repaylib.arrears.interest_on_balance import (
    accrue_after_end,
    carry_to_end,
    follow_balance,
    prepaid_plan,
)
from repaylib.arrears.servicing_state import AppliedAmounts, ServicingState, UnallocatedReceipt
from repaylib.arrears.statement_terms import StatementTerms
from repaylib.changes.prepayment import Prepayment
from repaylib.dates.days import ONE_DAY
from repaylib.errors import AmountError, Phrase
from repaylib.money.rounding import round_fraction
from repaylib.typing import PrepaymentHold
from repaylib.wording.sentence import WordedText

#: The steps of a day, in order.
Step = Literal["charged", "received", "refunded", "waived", "ended"]


def begin_servicing(terms: StatementTerms) -> ServicingState:
    """Return the state of a loan on its first day."""
    state = ServicingState(terms)
    if state.daily_simple and state.silent:
        carry_to_end(state)
    return state


def serviced(terms: StatementTerms, events: Iterable[AccountEvent], day: date) -> ServicingState:
    """Return the state of a loan after all events up to a day."""
    state = begin_servicing(terms)
    state.events = tuple(events)
    process_events(state, state.events, day)
    return state


def process_events(state: ServicingState, events: Sequence[AccountEvent], as_of: date) -> None:
    """Process all days on which something happens, up to `as_of`."""
    deque(steps_of(state, events, as_of), maxlen=0)


def steps_of(
    state: ServicingState, events: Sequence[AccountEvent], as_of: date
) -> Iterator[tuple[Step, Sequence[AccountEvent]]]:
    """Process the same step by step; yield each step of a day with the events of that day."""
    waiting = sorted((event for event in events if event.on <= as_of), key=lambda event: event.on)
    done = 0
    while True:
        days = [_next_day(state), waiting[done].on if done < len(waiting) else None]
        day = min((each for each in days if each is not None), default=None)
        if day is None or day > as_of:
            break
        first = done
        while done < len(waiting) and waiting[done].on == day:
            done += 1
        happened = waiting[first:done]
        for step in _process_day(state, day, happened):
            yield step, happened
    _accrue_to(state, as_of)
    state.today = as_of
    yield "charged", ()


def _next_day(state: ServicingState) -> date | None:
    """Return the next day on which something falls due, or a late fee, or the balance, if any."""
    days = [state.next_due()]
    grace = state.dues.in_grace
    days += [item.grace_end + ONE_DAY for item in grace if item.fee_due]
    days += [item.grace_end for item in grace if _may_accelerate(state, item)]
    return min((day for day in days if day is not None and day >= state.today), default=None)


def _process_day(
    state: ServicingState, day: date, events: Sequence[AccountEvent]
) -> Iterator[Step]:
    _accrue_to(state, day)
    state.today = day
    _process_due_date(state, day)
    for event in events:
        if isinstance(event, Charge):
            _charge(state, event)
    state.dues.charge_late_fees(day)
    yield "charged"
    _receive(state, [event for event in events if isinstance(event, Receipt)], day)
    _pay_apart(state, day)
    yield "received"
    for event in events:
        if isinstance(event, Refund):
            _refund(state, event)
    yield "refunded"
    for event in events:
        if isinstance(event, Waiver):
            _waive(state, event)
    yield "waived"
    grace = state.dues.in_grace
    for item in grace:
        item.forget_if_in_time(day)
    accelerates = any(_may_accelerate(state, item) and item.grace_end == day for item in grace)
    if accelerates or any(isinstance(event, Acceleration) for event in events):
        _accelerate(state, day)
    for event in events:
        if isinstance(event, WriteOff) and state.write_off is None:
            _write_off(state, event)
    follow_balance(state, day)
    state.dues.close(day)
    yield "ended"


def _accrue_to(state: ServicingState, day: date) -> None:
    """Accrue what being late costs, up to a day."""
    if state.on_balance:
        accrue_after_end(state, day)
    if state.dues.penalties.penalty is not None:
        state.dues.penalise_to(day)


# -- what falls due -----------------------------------------------------------------------


def _process_due_date(state: ServicingState, day: date) -> None:
    """Let the amounts of the plan fall due on a day, and pay them out of unallocated money."""
    row = state.row_of(day)
    if row is not None:
        if state.daily_simple:  # unpaid interest accrues none, unless so agreed
            state.interest_ahead -= row.capitalised - state.agreed_capitalised.get(day, 0)
        _fall_due(state, InstalmentDue(row.number, day, dict(row.parts), planned=True))
    state.due_to = max(state.due_to, day)


def _fall_due(state: ServicingState, item: InstalmentDue) -> None:
    """Let an amount fall due, and pay it out of unallocated money."""
    state.dues.add(item)
    if state.daily_simple and item.planned:
        split_instalment(state, item)
    waiting = state.unallocated_receipts
    while waiting and not item.set_apart and item.owes(item.due, state.rounding):
        on, money, interest = waiting[0]
        left = pay_ahead(item, money, on, item.due, state.allocation, state.rounding)
        state.interest_ahead -= max(0, interest - left)
        if left:
            waiting[0] = UnallocatedReceipt(on, left, min(interest, left))
            break
        waiting.pop(0)


def _charge(state: ServicingState, event: Charge) -> None:
    parts: dict[Kind, int] = {event.kind: state.loan.minor(event.amount, "amount")}
    name = event.name or event.kind
    _fall_due(state, InstalmentDue(0, event.on, parts, name, set_apart=event.apart))


def _accelerate(state: ServicingState, day: date) -> None:
    """Let the whole balance fall due."""
    if state.daily_simple and state.posted_to < day:
        carry_to_end(state)
    quote = state.quote(day, fee=False)
    if quote is not None:
        state.note_residual(quote)
        parts = settlement_amounts(quote)
        _fall_due(state, InstalmentDue(0, day, parts, name="balance", planned=True))
        state.ended = day


def _may_accelerate(state: ServicingState, item: InstalmentDue) -> bool:
    """Whether the balance falls due if this instalment is not paid within its grace."""
    whole = item.terms is not None and item.terms.base == "balance" and item.planned
    return whole and state.goes_on(item.grace_end) and item.contractual > 0


# -- what comes in ------------------------------------------------------------------------


def _receive(state: ServicingState, receipts: Sequence[Receipt], day: date) -> None:
    received = [(each, state.loan.minor(each.amount, "amount")) for each in receipts]
    money = sum(amount for _, amount in received)
    if not money:
        return
    state.received += money
    before = interest_and_principal(state, day) if state.daily_simple else (0, 0)
    if state.write_off is not None:
        state.recovered += money
    _settle(state, money, day)
    if state.daily_simple:
        put_interest_first(state, day)
        state.posted_to = day
    past = state.dues.days_past_due(day)
    amounts: dict[PrepaymentHold, int] = {}
    for receipt, amount in received:
        left = pay_named(state.dues, amount, day, state.allocation, receipt)
        ahead = receipt.ahead or state.allocation.ahead
        amounts[ahead] = amounts.get(ahead, 0) + left
    for ahead in sorted(amounts):
        left = pay_due(state.dues, amounts[ahead], day, state.allocation, past)
        if left:
            _pay_ahead(state, left, ahead, day)
    if state.unallocated_receipts:  # after a prepayment there may be less to settle
        _settle(state, 0, day)
    if state.daily_simple:
        after = interest_and_principal(state, day)
        paid = before[0] - after[0], before[1] - after[1]
        state.applied.append(AppliedAmounts(day, money, *paid, *after))


def _settle(state: ServicingState, money: int, day: date) -> None:
    """Settle the loan, if money and unallocated money together pay all of it."""
    if _settles(state, money, day):
        parts = state.payoff(day)
        _fall_due(state, InstalmentDue(0, day, parts, name="settlement", planned=True))
        state.settled = state.ended = day


def _settles(state: ServicingState, money: int, day: date) -> bool:
    """Whether money pays all that is owed, due or not; what is set apart is paid after it."""
    if not state.goes_on(day):
        return False
    available, least = money + state.unallocated, 0
    if not state.refunds_fees:
        balance = state.balance(day)
        least = balance if state.costs_principal else min(balance, 1)
    if available < least and not state.dues.in_red:
        return False
    available -= sum(
        item.owes(day, state.rounding) for item in state.open_items if not item.set_apart
    )
    if available < least:
        return False
    return available >= sum(state.payoff(day).values())


def _pay_apart(state: ServicingState, day: date) -> None:
    """Pay what is set apart out of unallocated money, once nothing else will fall due."""
    if state.unallocated_receipts and state.next_due() is None:
        left = pay_apart(state.open_items, state.unallocated, day, state.rounding)
        state.take_unallocated(state.unallocated - left, oldest=True)


def _pay_ahead(state: ServicingState, money: int, ahead: PrepaymentHold, day: date) -> None:
    """Use money for which nothing is due as agreed: prepay principal, or keep it unallocated."""
    interest = pay_interest_ahead(state, money, day) if state.daily_simple else 0
    if ahead != "next" and state.goes_on(day):
        follow_balance(state, day)
        # the whole principal is not prepaid but settled, for which this is too little
        plan = None
        if money < state.balance(day):
            prepayment = Prepayment(state.loan.money(money), on=day, hold=ahead)
            plan = prepaid_plan(state.plan, prepayment)
        if plan is not None:
            state.follow(plan)
            state.prepayments.append((day, money))
            money = 0
    if money:
        state.unallocated_receipts.append(UnallocatedReceipt(day, money, interest))


# -- refunds, waivers, write-offs ---------------------------------------------------------


def _refund(state: ServicingState, event: Refund) -> None:
    """Give back unallocated money, the latest first."""
    amount = state.loan.minor(event.amount, "amount")
    if amount > state.credit:
        raise AmountError(
            "amount",
            WordedText(event),
            Phrase(
                "at most {}, what is held that was paid ahead or too much",
                state.loan.show(state.credit),
            ),
            "write a Reversal for a receipt that bounced",
        )
    state.refunded += amount
    state.take_unallocated(amount, oldest=False)


def _waive(state: ServicingState, event: Waiver) -> None:
    """Waive what is due of a kind, the oldest instalment first; what the borrower is owed stays."""
    kinds = PARTS[event.of]
    if state.daily_simple and event.of in ("interest", "principal"):
        put_interest_first(state, event.on)  # what is waived is part of what a statement shows
    owed = [
        (item, kind, max(0, item.open(kind, event.on, state.rounding)))
        for item in state.open_items
        for kind in kinds
    ]
    total = sum(amount for _, _, amount in owed)
    left = total
    if event.share is not None:
        left = round_fraction(total * event.share, state.rounding)
    if event.amount is not None:
        left = state.loan.minor(event.amount, "amount")
    if left > total:
        raise AmountError(
            "amount",
            WordedText(event),
            Phrase(
                "at most the {} owed and due on {}, {}", event.of, event.on, state.loan.show(total)
            ),
            'write a smaller amount, share="100%", or rp.forgive(...) for what is not yet due',
        )
    for item, kind, amount in owed:
        part = min(amount, left)
        item.waive(kind, part)
        left -= part


def _write_off(state: ServicingState, event: WriteOff) -> None:
    """Write off what is owed."""
    state.write_off = event
    if event.accrual == "stop":
        _accelerate(state, event.on)
        state.dues.freeze()
    owed = state.owed(event.on) + sum(state.undue(event.on, fee=False).values())
    state.written_off = max(0, owed - state.unallocated)


# -- what will fall due -------------------------------------------------------------------


def forecast(state: ServicingState) -> list[InstalmentDue]:
    """Return the amounts that will fall due if all due amounts are paid today, and the rest on time.

    Unallocated money has paid what it will pay; the rest of an instalment is left open.
    """
    ahead = state.copy()
    ahead.due_to = max(state.due_to, state.today)
    items, done = ahead.dues.all_items, len(ahead.all_items)
    if state.on_balance:
        _pay_all(ahead)
    while (row := ahead.next_row()) is not None:
        ahead.today = row.day
        _process_due_date(ahead, row.day)
        if not state.on_balance:  # what falls due does not depend on what is paid
            continue
        left = [item.copy(ahead.dues.penalties, ahead.dues.note) for item in items[done:]]
        _pay_all(ahead)
        items[done:] = left
        done = len(items)
    return items[len(state.all_items) :]


def _pay_all(state: ServicingState) -> None:
    """Suppose that all that is due is paid today."""
    if state.daily_simple:
        put_interest_first(state, state.today)
        state.posted_to = state.today
    for item in state.open_items:
        for kind in item.kinds:
            item.pay(kind, max(0, item.open(kind, state.today, state.rounding)), state.today)
    follow_balance(state, state.today)
    state.dues.clear()
