"""Instructions executed between due dates, on their day and in their turn."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Literal, assert_never

from repaylib.changes.day_order import Turn
from repaylib.dates.frequency_wording import frequency_sentence
from repaylib.engine.deferral import start_holiday
from repaylib.engine.deferred_amounts import REPAYMENTS, DeferredAmount, kind_of_arrears
from repaylib.engine.entries import Origin
from repaylib.engine.fold import Fold
from repaylib.engine.instalment_plan import (
    check_listed,
    find_last_payment,
    fix_instalment,
    hold_until_reset,
    replan,
    resolve_instalment,
    solve,
)
from repaylib.engine.instructions import (
    AddArrears,
    ChargeFee,
    Disburse,
    Event,
    Forbear,
    Forgive,
    NewRate,
    Offset,
    OldRate,
    Prepay,
    Rebase,
    Reschedule,
    ResetInstalment,
    ResolveInstalment,
    Settle,
    StartHoliday,
    follows,
    place_of,
)
from repaylib.engine.ledger import Ledger, Note, RatePeriod
from repaylib.engine.opening import Folded, latest, noted, open_loan
from repaylib.engine.principal_reductions import (
    forbear,
    forgive,
    next_event,
    post_interest,
    prepay,
)
from repaylib.engine.program import Program
from repaylib.engine.rate_path import note_rate, update_rate_stack
from repaylib.engine.settlement import settle
from repaylib.engine.supersession import note_ended, note_superseded
from repaylib.engine.trace import REPAYMENT_PHRASES
from repaylib.errors import DateError, Phrase, RepayError, TermsError
from repaylib.money.amounts import minor_of, show
from repaylib.rates.index_fixings import next_reset
from repaylib.rates.rate import Rate
from repaylib.terms.instalments import ListedAmounts
from repaylib.typing import Hold, Repay, StepHold
from repaylib.wording.sentence import Sentence

__all__ = ["begin", "execute", "go_on", "run"]


def run(program: Program, *, trace: bool = False) -> Ledger:
    """Fold a program from its start; with `trace` the segments behind all interest are noted."""
    fold = begin(program, trace=trace)
    events = list(program.events)
    for event in events:
        execute(fold, event, events)
    return _finished(fold)


def go_on(program: Program, before: Folded | None = None) -> Folded:
    """Fold a program, from where it diverges from one that was folded before.

    Raises
    ------
    RepayError
        If an instruction cannot be executed; it names the parameter of the change.
    """
    kept = () if before is None else latest(before, program)
    events, done = list(program.events), 0
    if kept:
        done = kept[-1].done
        fold = kept[-1].fold.duplicate()
        fold.program = program
        for event in kept[-1].coming:
            insort(events, event, key=place_of)
    else:
        fold = begin(program)
    while done < len(events):
        execute(fold, events[done], events)
        done += 1
        kept = noted(kept, fold, events, done)
    return Folded(program, _finished(fold), kept)


def _finished(fold: Fold) -> Ledger:
    """Run to the end of a loan and return the ledger."""
    ledger, events = fold.finish(), fold.program.events
    if not any(event.change or isinstance(event.instruction, Offset) for event in events):
        check_listed(fold.program, ledger)
    return ledger


def begin(program: Program, *, trace: bool = False) -> Fold:
    """Return the state at the start of a loan, its first instalment set."""
    fold = Fold(program, trace=trace)
    open_loan(fold, _planned)
    return fold


def execute(fold: Fold, event: Event, events: list[Event]) -> None:
    """Process the days up to an event and execute it; an event that follows from it joins `events`."""
    program = fold.program
    fold.run_to(event.day)
    if fold.ended and not disburses_on_last_day(fold, event):
        if isinstance(event.instruction, Disburse) and not any(
            event.change for event in program.events
        ):
            fold.close_day()
            raise TermsError(
                "drawdowns",
                event.day.isoformat(),
                Phrase("days before the loan ends, on {}", (fold.entry or fold.ledger.last).day),
                "write an earlier day, or more payments",
            )
        if isinstance(event.instruction, (NewRate, OldRate)):
            note_rate(fold, event)  # overdue amounts accrue at it
        if isinstance(event.instruction, ChargeFee) and event.instruction.after_end:
            _charge(fold, event.instruction, event.day)
        elif event.change and not follows(event.instruction):
            fold.ledger.lapsed.append(event.change)
        return
    if event.turn > Turn.CAPITALISE:
        fold.capitalise()
    try:
        note_superseded(fold, event)
        for later in _execute(fold, event, events):
            insort(events, later, key=place_of)
        fold.accrual.timetable.accrual_date(fold.last)  # must be a day of the calendar
    except DateError as error:
        raise _beyond_the_calendar(event) from error
    except RepayError as error:
        error.change = event.change or None
        raise


def _execute(fold: Fold, event: Event, events: Sequence[Event]) -> Sequence[Event]:
    """Execute one of the events; return those that follow from it, which come later."""
    match event.instruction:
        case NewRate(layer=layer, hold=hold, recast=recast, resets=resets):
            fold.met += layer == 0
            update_rate_stack(fold, event.instruction)
            if not _apply_latest_rate(
                fold, event.day, hold, recast and fold.rate_stack[-1][0] == layer
            ):
                fold.ledger.unchanged_rates.append(event.change)
            if resets is not None and (day := resets.next_reset(event.day)) is not None:
                return [event._replace(day=day)]
        case OldRate(layer=layer, hold=hold, recast=recast):
            latest = fold.rate_stack[-1][0]
            update_rate_stack(fold, event.instruction)
            if latest != layer:
                fold.ledger.notes.append((layer, Note("superseded_early", by=(latest,))))
            _apply_latest_rate(fold, event.day, hold, recast and latest == layer)
            if latest == layer:
                fold.ledger.resumed[layer] = event.day, fold.rate
        case StartHoliday(deferral=deferral):
            start_holiday(fold, deferral, event)
            if deferral.pause == "interest" and deferral.repay == "capitalise":
                last = fold.accrual.timetable.accrual_date(max(fold.holidays, default=fold.period))
                if deferral.hold in ("count", "maturity") and deferral.periods:
                    return [Event(last, Turn.RENEW, event.change, ResolveInstalment())]
        case Prepay():
            if all(fee.of != "interest_saved" for fee in event.instruction.fees):
                return prepay(fold, event.instruction, event)
            # What was agreed later is not known on the day.
            coming = (other for other in events if place_of(other) > place_of(event))
            known = [other for other in coming if other.change < event.change]
            before = _interest_of(fold, known)
            following = prepay(fold, event.instruction, event)
            saved = max(0, before - _interest_of(fold, known))
            return [_with_saved(later, saved) for later in following]
        case Forgive():
            forgive(fold, event.instruction, event.day)
        case Forbear():
            forbear(fold, event.instruction, event.day)
        case Reschedule():
            _reschedule(fold, event.instruction, event)
        case Settle():
            settle(fold, event.instruction, event.day, partial(_without, fold.program, event))
        case Disburse(amount=amount, hold=hold):
            fold.open_day(event.day)
            fold.accrue(event.day)
            if fold.cost_room is not None:
                fold.cost_room.lend(amount)
            fold.disburse(amount, Sentence("origin.agreed"))
            replan(fold, hold, capped=False)
        case ChargeFee(fee=fee, hold=hold):
            fold.accrue(event.day)
            charged = 0
            if fee.above is None or fold.owed > minor_of(fee.above, fold.program.decimals):
                charged = _charge(fold, event.instruction, event.day)
            if charged and fee.collected == "financed" and hold != "next":
                replan(fold, hold, capped=False)
            return next_event(fold, event.instruction, event)
        case AddArrears():
            _add_arrears(fold, event.instruction, event)
        case ResolveInstalment():
            resolve_instalment(fold)
        case ResetInstalment(resets=resets):
            if fold.awaits_reset:
                resolve_instalment(fold)
            if (later := next_reset(resets, event.day)) is not None:
                return [event._replace(day=later)]
        case Rebase():
            fold.accrue(event.day)
            fold.fixed_base = fold.balance
        case Offset(amount=amount, posts=posts, carries=carries):
            fold.accrue(event.day)
            if posts and fold.remainder != "carried":
                fold.accrued, fold.charged = Fraction(fold.unposted), 0
                fold.split = None  # rounded interest stays rounded, even if the base is the same
            fold.offset, fold.carries = amount, carries
        case _:
            assert_never(event.instruction)
    return ()


def _interest_of(fold: Fold, coming: Sequence[Event]) -> int:
    """Return the interest that is charged in all if a fold goes on with these events alone."""
    other, events = fold.duplicate(), list(coming)
    other.trace, done = False, 0
    while done < len(events):
        execute(other, events[done], events)
        done += 1
    from repaylib.engine.settlement_methods import scheduled_rows  # slow to import

    return sum(row.charged for row in scheduled_rows(other.finish()))


def _with_saved(event: Event, saved: int) -> Event:
    """Return an event, with the interest saved if it charges a fee."""
    if not isinstance(event.instruction, ChargeFee):
        return event
    return event._replace(instruction=event.instruction._replace(saved=saved))


def _charge(fold: Fold, order: ChargeFee, day: date) -> int:
    """Charge the fee of a change on its day, and return it."""
    fold.open_day(day)
    bases = {"balance": fold.owed, "change": order.amount, "interest_saved": order.saved}
    return fold.charge(order.fee, bases.get(order.fee.of, fold.program.principal))


def _without(
    program: Program, settled: Event, what: Literal["without_settlement", "without_changes"]
) -> Ledger:
    """Fold a program without a settlement or, as it was agreed at first, without all changes."""
    kept = [
        other
        for other in program.events
        if not (other.change if what == "without_changes" else other is settled)
    ]
    return run(program._replace(events=tuple(kept)))


def _planned(fold: Fold) -> Ledger:
    """Fold a loan that has begun to its end, without changes."""
    events = list(fold.program.events)
    for event in events:
        execute(fold, event, events)
    return fold.finish()


# -- instructions -----------------------------------------------------------------------


def disburses_on_last_day(fold: Fold, event: Event) -> bool:
    """Whether an event adds to a debt that a change of the same day has brought to zero.

    A loan ends at the end of a day, unless its last instalment ends it.
    """
    if (
        not (isinstance(event.instruction, Disburse | AddArrears) and event.change)
        or fold.last < fold.period
    ):
        return False
    return fold.entry is not None and fold.entry.day == event.day


def _apply_latest_rate(fold: Fold, day: date, hold: Hold | StepHold, recast: bool) -> bool:
    """Apply the latest rate in force from `day` on; return whether that has an effect.

    With `recast` the plan is computed again even if the rate is the same, which splits no period.
    """
    rate: Rate = fold.rate_stack[-1][1]
    nominal = rate.nominal(fold.accrual.timetable.period_length)
    if nominal != fold.rate:
        fold.set_rate(day, nominal, fold.waiving)
    elif not recast:
        return False
    if fold.program.resets and hold in ("maturity", "count"):
        hold_until_reset(fold)
    else:
        replan(fold, hold)
    return True


def _beyond_the_calendar(event: Event) -> DateError:
    name, value, hint = "on", str(event.day), "write an earlier day"
    match event.instruction:
        case StartHoliday(deferral=deferral):
            name, value, hint = "periods", str(deferral.periods), "write fewer periods"
        case Reschedule(payments=payments, every=every):
            frequency = "" if every is None else f", {frequency_sentence(every)}"
            name, value, hint = "payments", f"{payments}{frequency}", "write fewer payments"
            if payments is None:
                name, value, hint = "every", str(every), "write a shorter time"
    error = DateError(name, value, "an end by 9999-12-31, when the calendar ends", hint)
    error.change = event.change
    return error


def _reschedule(fold: Fold, order: Reschedule, event: Event) -> None:
    day, change = event.day, event.change
    note_ended(fold, change)
    fold.holidays = {
        number: holiday for number, holiday in fold.holidays.items() if number < fold.period
    }
    if order.rate is not None:
        fold.rate_stack.append((order.layer, order.rate))
    fold.set_rate(day, fold.rate_stack[-1][1].nominal(fold.accrual.timetable.period_length), False)
    fold.accrue(day)
    fold.paid_in_advance = 0
    fold.advance_payments.clear()
    fold.ledger.reschedulings.append((fold.period, day))
    if any(deferred.repayment == "capitalise" for deferred in fold.deferred_amounts):
        fold.open_day(day)
        for deferred in fold.deferred_amounts:
            deferred.ready = deferred.repayment == "capitalise"
        fold.capitalise()
    if order.repay != "next" and fold.unposted:
        _post_accrued(fold, order.repay, day)
    for deferred in fold.deferred_amounts:
        _rejoin_balance(fold, deferred)
    if order.every is not None:
        fold.set_timetable(fold.accrual.timetable.renewed(day, order.every, fold.period - 1))
        fold.accrual.timetable.adjusted(fold.period)  # a day of the calendar, at least this one
    if order.method is not None:
        fold.method = order.method
        fold.ledger.methods.append((fold.period, order.method))
        fold.fixed_base = fold.owed if order.method == "flat" else None
    elif fold.fixed_base is not None:
        fold.fixed_base = fold.owed
    fold.shape = None if isinstance(fold.shape, ListedAmounts) else fold.shape
    fold.rate = fold.rate_stack[-1][1].nominal(fold.accrual.timetable.period_length)
    fold.ledger.rate_periods.append(
        RatePeriod(fold.accrual.rate_ends(day), fold.rate, fold.waiving)
    )
    divided = fold.accrual.digits is not None
    if divided:
        fold.accrual = replace(fold.accrual, digits=None)
    if order.payments is not None:
        fold.last = fold.period - 1 + order.payments
        fold.accrual.timetable.accrual_date(fold.last)
        solve(fold)
    elif order.instalment is not None:
        fix_instalment(fold, order.instalment)
        find_last_payment(fold)
    if divided and fold.method == "flat":
        fold.accrual = fold.accrual.by_digits(fold.period - 1, fold.last - fold.period + 1)


def _post_accrued(fold: Fold, repay: Repay, day: date) -> None:
    """Post the interest accrued since the last due date, to be paid as a rescheduling says."""
    fold.open_day(day)
    posted = post_interest(fold, Fraction(1))
    if repay == "now":
        fold.receive(interest=posted)
        return
    repayment = REPAYMENTS[repay]
    fold.trace_origin(Origin("interest deferred", posted, REPAYMENT_PHRASES[repayment]))
    amount = show(posted, fold.program.decimals)
    text = Sentence("origin.deferred", amount=amount, day=day)
    deferred = DeferredAmount(repayment, fold.period, 0, posted, text=text)
    deferred.ready = repay == "capitalise"
    fold.deferred_amounts.append(deferred)
    if deferred.ready:
        fold.capitalise()


def _add_arrears(fold: Fold, order: AddArrears, event: Event) -> None:
    """Add an overdue amount as a deferred amount, to be paid as agreed."""
    entry = fold.open_day(event.day)
    if order.column == "deferred_interest":
        fold.accrue(event.day)
        entry.accrued += order.amount
        fold.trace_origin(Origin("interest in arrears", order.amount, Sentence("origin.agreed")))
    kind, at_start = kind_of_arrears(order.column), fold.ledger.at_start
    if event.day == fold.ledger.timetables[0].start:
        at_start[f"start_{kind}"] = at_start.get(f"start_{kind}", 0) + order.amount
    else:
        entry.add(f"arrears_{kind}", order.amount)
    kind_of = Sentence(f"figure.{order.column.removeprefix('deferred_')}")
    amount = show(order.amount, fold.program.decimals)
    fold.deferred_amounts.append(
        DeferredAmount(
            repayment=REPAYMENTS[order.repay],
            due=fold.period,
            principal=0,
            interest=order.amount,
            text=Sentence("origin.arrears", amount=amount, what=kind_of, day=event.day),
            change=event.change,
            column=order.column,
            arrears=True,
        )
    )


def _rejoin_balance(fold: Fold, deferred: DeferredAmount) -> None:
    """Return a moved instalment to the rescheduled debt; other deferred interest stays."""
    if (
        deferred.principal and not deferred.forborne_principal
    ) or deferred.repayment == "instalment":
        fold.balance += deferred.principal
        deferred.principal = 0
        deferred.accrues_on = "nothing"
        deferred.repayment, deferred.due = "due", fold.period
    deferred.spread_payment = None
