"""What was agreed, and what became of it: as facts, and as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from repaylib.changes.base import Change
from repaylib.changes.change_wording import Effect
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.dates.frequency import Every
from repaylib.engine.ledger import Ledger, Note
from repaylib.rates.rate import Rate
from repaylib.terms.loan import Loan
from repaylib.typing import Method
from repaylib.wording.sentence import NOTHING, Listed, Money, Sentence, lines_of

__all__ = ["LoggedChange", "amount_of", "logged_changes", "note_sentence", "terms_of"]


class LoggedChange(NamedTuple):
    """A change of a schedule, and what became of it.

    Attributes
    ----------
    number
        Its number, from 1.
    day
        The day from which it holds.
    change
        The change itself.
    loan
        The loan that it changes.
    effect
        What it does.
    notes
        What became of it because of another.
    """

    number: int
    day: date
    change: Change
    loan: Loan
    effect: Effect
    notes: tuple[Note, ...] = ()

    @property
    def sentence(self) -> Listed:
        """What it does, and what became of it."""
        return Listed(
            [self.change.sentence(self.effect), *map(note_sentence, self.notes)], "clause"
        )


def amount_of(loan: Loan, amount: Decimal) -> Money:
    """Return an amount that was agreed, with the decimals and the currency of the loan.

    Examples
    --------
    >>> import repaylib as rp
    >>> amount_of(rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY"), Decimal("500"))
    Money(amount=Decimal('500.00'), currency='CNY')
    """
    return Money(loan.money(loan.signed(amount)), loan.currency)


def logged_changes(
    loan: Loan, changes: Sequence[Change], days: Sequence[date], ledger: Ledger
) -> tuple[LoggedChange, ...]:
    """Return each change as it was agreed, with its effect.

    Where another change overrules it, or it has nothing to do, its notes say so.
    """
    found = []
    for number, (change, day) in enumerate(zip(changes, days, strict=True), 1):
        notes = [note for about, note in ledger.notes if about == number]
        if number in ledger.lapsed:
            notes = [Note("lapsed")]
        moved = ledger.moved_to.get(number)
        method, every = _terms_on(day, loan, changes[: number - 1], days)
        resumed = ledger.resumed.get(number)
        effect = Effect(
            method=method,
            every=every,
            money=partial(amount_of, loan),
            same=isinstance(change, RateChange) and number in ledger.unchanged_rates,
            dates=tuple((k, ledger.adjusted(k)) for k in ledger.deferred_dates.get(number, ())),
            moved_to=None if moved is None else (moved, ledger.adjusted(moved)),
            noted=any(note.kind == "solved_again" for note in notes),
            resumed=None if resumed is None else (resumed[0], _as_agreed(loan, resumed[1])),
            resets=loan.instalment_resets is not None,
            capped=loan.instalment_cap is not None,
        )
        found.append(LoggedChange(number, day, change, loan, effect, tuple(dict.fromkeys(notes))))
    return tuple(found)


def _as_agreed(loan: Loan, nominal: Fraction) -> Rate:
    """Return the rate that holds again: as agreed at first, or nominal."""
    first = loan.first_rate
    return first if first.nominal(loan.timetable.period_length) == nominal else Rate(nominal)


def terms_of(loan: Loan, changes: Sequence[Change], days: Sequence[date], ledger: Ledger) -> Listed:
    """Return a line for the loan and one for each change."""
    contract = [note_sentence(note) for about, note in ledger.notes if not about]
    changed = [
        Sentence("change_line", number=each.number, day=each.day, text=each.sentence)
        for each in logged_changes(loan, changes, days, ledger)
    ]
    return lines_of(Listed([loan, *contract], "clause"), *changed)


def note_sentence(note: Note) -> Sentence:
    """Return the effect of another change on a change.

    Examples
    --------
    >>> print(note_sentence(Note("superseded", by=(2,), since=5)))
    superseded by 2 from due date 5 on
    >>> print(note_sentence(Note("deferred_already", dates=(4, 5, 6))))
    due dates 4 to 6 were deferred already
    """
    place = ""
    if note.kind == "superseded" and note.dates:
        place = "_on"
    elif note.kind in ("superseded", "ended") and note.since is not None:
        place = "_since"
    return Sentence(
        f"note.{note.kind}{place}",
        by=Listed(note.by, "items"),
        dates=_numbers(note.dates),
        count=len(note.dates),
        since=note.since,
        instalment=note.instalment,
    )


def _numbers(numbers: Sequence[int]) -> Sentence | str:
    """Return the numbers of due dates."""
    if not numbers:
        return NOTHING
    if len(numbers) == 1:
        return Sentence("numbers.one", number=numbers[0])
    if numbers[-1] - numbers[0] == len(numbers) - 1 > 1:
        return Sentence("numbers.run", first=numbers[0], last=numbers[-1])
    return Sentence("numbers.list", numbers=Listed(numbers, "items"))


def _terms_on(
    day: date, loan: Loan, changes: Sequence[Change], days: Sequence[date]
) -> tuple[Method, Every]:
    """Return the method and frequency of repayment on a day, as agreed so far."""
    method, every = loan.method, loan.every
    begun = sorted(
        (begins, number, change)
        for number, (change, begins) in enumerate(zip(changes, days, strict=False))
        if isinstance(change, Rescheduling) and begins <= day
    )
    for _, _, change in begun:
        method, every = change.method or method, change.every or every
    return method, every
