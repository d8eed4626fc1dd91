"""Where a change stands in time, on the schedule that it changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from repaylib.changes.base import AmountChange, Change
from repaylib.changes.day_order import Turn
from repaylib.changes.deferral import Deferral
from repaylib.changes.rate_change import RateChange
from repaylib.dates.due_dates import Timetable
from repaylib.engine.ledger import Ledger, Settled
from repaylib.errors import CountError, DateError, Hint, Phrase, TermsError, write

__all__ = ["amount_place", "requested_date", "effective_date", "paid_day", "rate_end_date"]


def effective_date(change: Change, start: date, maturity: date, ledger: Ledger) -> date:
    """Return the day from which a change holds: of a settlement, when its notice is over.

    Raises
    ------
    RepayError
        As :func:`requested_date`.
    """
    placed = requested_date(change, start, maturity, ledger)
    day = change.effective_day(placed, start, maturity)
    if day != placed:
        _refuse_between(day, ledger)
    return day


def requested_date(change: Change, start: date, maturity: date, ledger: Ledger) -> date:
    """Return the day on which a change is placed.

    ``payment=k`` is due date k - 1, after what falls due on it, and 1 is the start; after a
    rescheduling since then it is the day of that. ``with_payment=k`` is due date k.

    Raises
    ------
    CountError
        If the change names a payment that the schedule has not.
    DateError
        If its day is before the start, or not before the end.
    """
    if not isinstance(change, Change):
        expected = "a change such as Deferral(payment=4)"
        raise TermsError("change", change, expected, Phrase("write {}", "rp.changes.Deferral(...)"))
    if maturity <= start:
        raise DateError(
            "on" if change.number is None else change.placed_by,
            change.on or change.number,
            Phrase("a loan that goes on; this one ended on {}", maturity),
            "change the schedule before that",
        )
    if change.number is None:
        assert change.on is not None, "a change has a number or a day"
        return _on(change, change.on, start, maturity, ledger)
    if isinstance(change, AmountChange):
        return _with(change, change.number, maturity, ledger)
    day = _opens(change.number, "payment", ledger)
    if isinstance(change, Deferral):
        _check_deferred(change, change.number, day, ledger)
    return day


def _check_deferred(change: Deferral, number: int, day: date, ledger: Ledger) -> None:
    """Refuse to defer a payment that is due on the day of the deferral, or falls away."""
    if ledger.accrual_date(number) == day:
        raise CountError(
            "payment",
            number,
            Phrase(
                "an instalment that can be deferred; this one is paid on {} itself, in advance", day
            ),
            write(payment=number + 1),
        )
    if change.scope == "instalment" and number in ledger.skipped:
        raise TermsError(
            "payment",
            number,
            Phrase("an instalment; due date {} is skipped", number),
            "write the number of the instalment that is to be moved",
        )


def _with(change: AmountChange, number: int, maturity: date, ledger: Ledger) -> date:
    """Return the day of an amount that is due together with a payment."""
    last = ledger.last_number
    if number <= last:
        day = ledger.accrual_date(number)
        if day < maturity or _adds_on_last_day(change, day, maturity, ledger):
            return day
    last -= ledger.accrual_date(last) >= maturity
    if last < 1:
        expected = "a payment before the last; this schedule has one payment"
        raise CountError(
            "with_payment", number, expected, Hint("write {}, a day before the end", on="...")
        )
    raise CountError(
        "with_payment",
        number,
        Phrase("the number of a payment before the last of this schedule, 1 to {}", last),
        Hint("write {} or less", with_payment=last),
    )


def amount_place(place: Mapping[str, Any], ledger: Ledger) -> dict[str, Any]:
    """Return the place of an amount on the day on which a change of terms takes effect.

    From payment k on is with payment k - 1; a day, where the loan starts or was rescheduled.

    Examples
    --------
    >>> import repaylib as rp
    >>> ledger = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10")).ledger
    >>> amount_place({"payment": 4}, ledger), amount_place({"payment": 1}, ledger)
    ({'with_payment': 3}, {'on': datetime.date(2024, 1, 10)})
    """
    payment = place.get("payment")
    if payment is None:
        return {"on": place.get("on")}
    day = _opens(payment, "payment", ledger)
    for number in (payment - 1, payment):  # the first payment is on the start date, if in advance
        if number and ledger.accrual_date(number) == day:
            return {"with_payment": number}
    return {"on": day}


def _on(change: Change, day: date, start: date, maturity: date, ledger: Ledger) -> date:
    """Return the day on which a change is placed, if it can be."""
    if day < start:
        raise DateError(
            "on",
            day.isoformat(),
            Phrase("a day from the start, {}", start),
            Hint("write {} or later", on=str(start)),
        )
    if day >= maturity and not _adds_on_last_day(change, day, maturity, ledger):
        raise DateError(
            "on",
            day.isoformat(),
            Phrase("a day before the end, {}", maturity),
            Hint("write {} or earlier", on=str(maturity - timedelta(days=1))),
        )
    _refuse_between(day, ledger)
    return day


def _adds_on_last_day(change: Change, day: date, maturity: date, ledger: Ledger) -> bool:
    """Whether a change adds to a debt that a prepayment or forgiveness ended on the same day.

    Within a day these come first, in whatever order they were agreed.
    """
    if day != maturity or change.turn != Turn.ADVANCE:
        return False
    ended_by = {"prepaid", "forgiven"} & ledger.last.sparse.keys()
    return bool(ended_by) and ledger.settled == Settled()


def paid_day(day: date, ledger: Ledger) -> date:
    """Return the business day on which is paid what falls due on a day as agreed."""
    table, number = _moved(day, ledger)
    return day if number is None else table.adjusted(number)


def _moved(day: date, ledger: Ledger) -> tuple[Timetable, int | None]:
    """Return the due dates in force on a day, and the number of that which moves across it, if one does."""
    table = next(table for table in reversed(ledger.timetables) if day >= table.start)
    return table, table.moved_across(day)


def _refuse_between(day: date, ledger: Ledger) -> None:
    """Refuse a day between a due date as agreed and the business day on which it is paid."""
    table, number = _moved(day, ledger)
    if number is not None:
        agreed, paid = table.unadjusted(number), table.adjusted(number)
        raise DateError(
            "on",
            day.isoformat(),
            Phrase(
                "a day that is not between due date {} as agreed, {}, and its business day, {}",
                number,
                agreed,
                paid,
            ),
            write(on=str(max(agreed, paid))),
        )


def rate_end_date(change: RateChange, on: date, ledger: Ledger) -> date | None:
    """Return the day on which a rate that begins on day `on` ends again, if it does."""
    until = change.until
    if isinstance(until, int):
        until = _opens(until, "until", ledger)
    if until is not None and until <= on:
        raise TermsError(
            "until",
            str(change.until),
            Phrase("a day after {}, when the rate begins", on),
            "write a later until",
        )
    return until


def _opens(number: int, parameter: str, ledger: Ledger) -> date:
    last = max(1, ledger.last_number)
    if number > last:
        raise CountError(
            parameter,
            number,
            Phrase("the number of a due date of this schedule, 1 to {}", last),
            Hint("write {} or less", **{parameter: last}),
        )
    return ledger.opens(number)
