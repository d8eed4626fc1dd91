"""Where a change stands in time, on the schedule that it changes."""

from __future__ import annotations

from datetime import date, timedelta

from repaylib.changes.base import Change
from repaylib.changes.day_order import Turn
from repaylib.changes.deferral import Deferral
from repaylib.changes.rate_change import RateChange
from repaylib.engine.ledger import Ledger, Settled
from repaylib.errors import CountError, DateError, Hint, TermsError, write

__all__ = ["asked_on", "day_of", "end_of"]


def day_of(change: Change, start: date, maturity: date, ledger: Ledger) -> date:
    """Return the day from which a change holds: of a settlement, when its notice is over.

    Raises
    ------
    RepayError
        As :func:`asked_on`.
    """
    placed = asked_on(change, start, maturity, ledger)
    day = change.effective_day(placed, start, maturity)
    if day != placed:
        _refuse_between(day, ledger)
    return day


def asked_on(change: Change, start: date, maturity: date, ledger: Ledger) -> date:
    """Return the day on which a change is placed.

    ``payment=k`` is due date k - 1, after what falls due on it, and 1 is the start; after a
    rescheduling since then it is the day of that.

    Raises
    ------
    CountError
        If the change names an instalment that the schedule has not.
    DateError
        If its day is before the start, or not before the end.
    """
    if maturity <= start:
        raise DateError(
            "on" if change.payment is None else "payment",
            change.on or change.payment,
            f"a loan that goes on; this one ended on {maturity}",
            "change the schedule before that",
        )
    if change.payment is not None:
        day = _opens(change.payment, "payment", ledger)
        if isinstance(change, Deferral) and ledger.due(change.payment) == day:
            raise CountError(
                "payment",
                change.payment,
                f"an instalment that can be put off; this one is paid on {day} itself, in advance",
                write(payment=change.payment + 1),
            )
        moves = isinstance(change, Deferral) and change.scope == "instalment"
        if moves and change.payment in ledger.passed:
            raise TermsError(
                "payment",
                change.payment,
                f"an instalment; due date {change.payment} is passed over",
                "write the number of the instalment that is to be moved",
            )
        return day
    assert change.on is not None, "a change has a payment or a day"
    if change.on < start:
        raise DateError(
            "on",
            change.on.isoformat(),
            f"a day from the start, {start}",
            Hint("write {} or later", on=str(start)),
        )
    if change.on >= maturity and not _adds_on_last_day(change, maturity, ledger):
        raise DateError(
            "on",
            change.on.isoformat(),
            f"a day before the end, {maturity}",
            Hint("write {} or earlier", on=str(maturity - timedelta(days=1))),
        )
    _refuse_between(change.on, ledger)
    return change.on


def _adds_on_last_day(change: Change, maturity: date, ledger: Ledger) -> bool:
    """Whether a change adds to a debt that a prepayment or forgiveness ended on the same day.

    Within a day these come first, in whatever order they were agreed.
    """
    if change.on != maturity or change.turn != Turn.ADVANCE:
        return False
    ended_by = {"prepaid", "forgiven"} & ledger.last.rare.keys()
    return bool(ended_by) and ledger.settled == Settled()


def _refuse_between(day: date, ledger: Ledger) -> None:
    """Refuse a day between a due date as agreed and the business day on which it is paid.

    Interest runs to the one and the money comes on the other, so that on the days between it is
    neither before the payment nor after it.
    """
    table = next(table for table in reversed(ledger.timetables) if day >= table.start)
    if table.conventions.business is None or table.moves_interest:
        return
    number = table.following(day)
    for k in range(max(number - 2, table.before + 1), number + 1):
        low, high = sorted((table.agreed(k), table.paid(k)))
        if low <= day < high:
            raise DateError(
                "on",
                day.isoformat(),
                f"a day that is not between due date {k} as agreed, {table.agreed(k)}, and its "
                f"business day, {table.paid(k)}",
                write(on=str(high)),
            )


def end_of(change: RateChange, on: date, ledger: Ledger) -> date | None:
    """Return the day on which a rate that begins on day `on` ends again, if it does."""
    until = change.until
    if isinstance(until, int):
        until = _opens(until, "until", ledger)
    if until is not None and until <= on:
        raise TermsError(
            "until",
            str(change.until),
            f"a day after {on}, when the rate begins",
            "write a later until",
        )
    return until


def _opens(number: int, parameter: str, ledger: Ledger) -> date:
    last = max(1, ledger.last_number)
    if number > last:
        raise CountError(
            parameter,
            number,
            f"the number of a due date of this schedule, 1 to {last}",
            Hint("write {} or less", **{parameter: last}),
        )
    return ledger.opens(number)
