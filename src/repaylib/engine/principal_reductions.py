"""Reductions of principal between due dates: prepayment, forgiveness, forbearance."""

from __future__ import annotations

from copy import copy
from datetime import date
from fractions import Fraction

from repaylib.changes.day_order import Turn
from repaylib.engine.deferred_amounts import DeferredAmount
from repaylib.engine.entries import Origin, TakenInterest
from repaylib.engine.fold import Fold
from repaylib.engine.instalment_plan import replan_after_reduction
from repaylib.engine.instructions import ChargeFee, Event, Forbear, Forgive, Offset, Prepay
from repaylib.errors import AmountError, CountError, DateError, Hint, Phrase, TermsError
from repaylib.money.amounts import show
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.money.rounding import round_fraction, round_ratio
from repaylib.wording.sentence import Sentence

__all__ = ["forbear", "forgive", "next_event", "post_interest", "prepay"]


def prepay(fold: Fold, order: Prepay, event: Event) -> list[Event]:
    """Lower the principal by an amount that is paid, with the interest that is paid with it.

    Returns
    -------
    list of Event
        What follows from it: its fees, and that it comes again.
    """
    day, decimals = event.day, fold.program.decimals
    again = order.repeat is not None and order.repeat.times > 1
    if again and not fold.owed:
        return []
    if order.in_hand:
        fold.accrue(day)
        amount = _prepaid_of(fold, order, day, again=again)
    else:
        amount = min(order.amount, fold.owed) if again else _left_of(fold, order.amount, fold.owed)
    if amount > fold.owed:
        raise AmountError(
            "amount",
            show(amount, decimals),
            Phrase("at most the principal owed on {}, {}", day, show(fold.owed, decimals)),
            Phrase('write settle(schedule, on="{}") to pay all', day),
        )
    entry = fold.open_day(day)
    fold.accrue(day)
    if order.interest != "none":
        fold.receive(interest=post_interest(fold, _share_taken(fold, order, amount)))
    _lower_principal(fold, amount)
    fold.receive(principal=amount)
    entry.add("prepaid", amount)
    key = "origin.in_hand" if order.in_hand else "origin.no_more"
    key = "origin.agreed" if amount == order.amount else key
    text = Sentence(key, amount=show(order.amount, decimals))
    fold.trace_origin(Origin("prepaid", amount, text))
    fold.trace_origin(Origin("principal", amount, Sentence("origin.prepaid")))
    if order.hold == "next":
        fold.paid_in_advance += amount
        fold.advance_payments.append(event.change)
    else:
        replan_after_reduction(fold, order.hold)
    charges = [ChargeFee(fee, amount, order.hold, after_end=True) for fee in order.fees]
    return [
        *(Event(day, Turn.CHARGE, event.change, charge) for charge in charges),
        *next_event(fold, order, event),
    ]


def _prepaid_of(fold: Fold, order: Prepay, day: date, *, again: bool) -> int:
    """Return the largest principal that is prepaid, with its fees, interest and taxes, by an amount."""
    program = fold.program

    def in_all(principal: int) -> int:
        """Return what prepaying a principal takes."""
        room, total = copy(fold.cost_room), principal
        if order.interest != "none":
            interest = _interest_taken(fold, _share_taken(fold, order, principal))
            interest = interest if room is None else room.take(interest)
            total += interest + round_fraction(interest * program.interest_tax, program.rounding)
        for fee in order.fees:
            base = principal if fee.of == "change" else program.principal
            amount = fee.minor(base, program.decimals, program.fee_rounding)
            amount = amount if room is None else room.take(amount)
            if fee.collected == "paid":
                total += amount + round_fraction(amount * program.fee_tax, program.rounding)
        return total

    unclear = [fee for fee in order.fees if fee.of in ("balance", "interest_saved")]
    if unclear:
        raise TermsError(
            "in_hand",
            True,
            Phrase(
                'fees that are amounts, or shares of the principal or the change, not of="{}"',
                unclear[0].of,
            ),
            "write the amount that is prepaid, without in_hand",
        )
    if order.amount < in_all(1):
        raise AmountError(
            "amount",
            show(order.amount, program.decimals),
            Phrase(
                "more in hand than the fees and the interest on {}; {} at least",
                day,
                show(in_all(1), program.decimals),
            ),
            "write a larger amount",
        )
    most = in_all(fold.owed)
    if order.amount > most and not again and _left_of(fold, order.amount, most) > most:
        raise AmountError(
            "amount",
            show(order.amount, program.decimals),
            Phrase(
                "at most {}, which repays all that is owed on {}, with its fees and interest",
                show(most, program.decimals),
                day,
            ),
            Phrase('write settle(schedule, on="{}") to pay all', day),
        )
    low, high = 1, fold.owed
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if in_all(middle) <= order.amount else (low, middle - 1)
    return low


def next_event(fold: Fold, order: Prepay | ChargeFee, event: Event) -> list[Event]:
    """Return the same event when it comes again, if it does."""
    repeat, table = order.repeat, fold.accrual.timetable
    if repeat is None:
        return []
    if repeat.times >= MOST_PAYMENTS:
        raise CountError(
            "every",
            Phrase("more than {:,} times", MOST_PAYMENTS),
            Phrase("at most {:,} until the loan ends", MOST_PAYMENTS),
            "write until=..., or a longer every",
        )
    number = repeat.number + repeat.every
    try:
        if repeat.table is None:
            day = table.accrual_date(number)
        else:
            day = repeat.table.unadjusted(repeat.times)
            if repeat.last_day is not None and day > repeat.last_day:
                return []
            day = table.due_beside(day)
    except (DateError, TermsError):  # the calendar, or the list of due dates, ends
        return []
    if repeat.last_payment is not None and number > repeat.last_payment:
        return []
    following = repeat._replace(number=number, times=repeat.times + 1)
    return [event._replace(day=day, instruction=order._replace(repeat=following))]


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
            Phrase("deferred interest owed on {}; none is deferred then", day),
            Hint("write {}, or a day on which some is owed", of="principal"),
        )
    if amount > owed:
        raise AmountError(
            "amount",
            show(amount, decimals),
            Phrase(
                "at most the principal owed on {}, {}"
                if order.of == "principal"
                else "at most the deferred interest owed on {}, {}",
                day,
                show(owed, decimals),
            ),
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
    fold.trace_origin(Origin(column, amount, Sentence("origin.agreed"), owed, order.share))
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
            Phrase(
                "less than the principal that bears interest on {}, {}", day, show(owed, decimals)
            ),
            Hint("write a smaller amount, or a share such as {}", share="10%"),
        )
    if fold.fixed_base is not None:
        fold.fixed_base = round_ratio(
            fold.fixed_base * (owed - amount), owed, fold.program.rounding
        )
    fold.balance -= amount
    text = Sentence("origin.forbearance", day=day)
    fold.deferred_amounts.append(DeferredAmount("last", fold.period, amount, 0, text=text))
    replan_after_reduction(fold, order.hold)


def _left_of(fold: Fold, amount: int, owed: int) -> int:
    """Return an amount or, where what was paid ahead has saved interest, what is left for it."""
    offset = any(isinstance(event.instruction, Offset) for event in fold.program.events)
    return min(amount, owed) if offset else amount


def _share_taken(fold: Fold, order: Prepay, amount: int) -> Fraction:
    """Return the share of the accrued interest that is taken with an amount of principal.

    With ``"part"`` it is the share of what bears interest that the amount repays.
    """
    if order.interest == "all":
        return Fraction(1)
    if fold.fixed_base is not None:
        return Fraction(amount, fold.owed)
    return min(Fraction(1), Fraction(min(amount, fold.balance), max(1, fold.interest_bearing)))


def _interest_taken(fold: Fold, share: Fraction) -> int:
    """Return a share of the accrued interest, rounded; nothing of what a rounding has left."""
    if share == 1 or not fold.unposted:
        return fold.unposted
    return round_fraction(fold.accrued * share, fold.program.rounding)


def post_interest(fold: Fold, share: Fraction) -> int:
    """Post a share of the accrued interest, and return it; the rest is posted as it would be."""
    entry, taken = fold.day, _interest_taken(fold, share)
    charged = fold.charged if share == 1 else 0
    if fold.trace and fold.unposted:
        notes = tuple(note for note in fold.notes if note.kind == "interest")
        before = fold.accrued + charged - sum(note.interest for note in notes)
        entry.taken.append(TakenInterest(notes, share, before, charged))
    fold.accrued -= taken
    fold.charged += taken
    fold.split = None  # what was taken stays taken, even if nothing else has changed
    entry.accrued += taken
    return fold.within_cap(taken)


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
