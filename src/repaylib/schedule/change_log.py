"""What was agreed, and what became of it: as facts, and in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from repaylib.changes.base import Change
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.dates.frequency import Every
from repaylib.engine.ledger import Ledger, Note
from repaylib.terms.loan import Loan
from repaylib.typing import Method

__all__ = ["Told", "note_in_words", "terms_in_words", "told"]


class Told(NamedTuple):
    """What is told of a change.

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
    method, every
        How the loan is repaid, and how often a payment falls due, on that day.
    same
        Whether it is a rate that was in force already.
    notes
        What became of it because of another.
    dates
        Of a deferral: the due dates that it touches, each with its number.
    moved_to
        Of a deferral of one instalment: the due date with which it is then paid.
    resumed
        Of a rate for a time: the day from which another holds again, and that rate a year.
    """

    number: int
    day: date
    change: Change
    loan: Loan
    method: Method
    every: Every
    same: bool = False
    notes: tuple[Note, ...] = ()
    dates: tuple[tuple[int, date], ...] = ()
    moved_to: tuple[int, date] | None = None
    resumed: tuple[date, Fraction] | None = None

    @property
    def words(self) -> str:
        """What it does, in English."""
        if self.same and isinstance(self.change, RateChange):
            return f"{self.change.begins}, as it is already"
        return self.change.in_words(self.method)


def told(
    loan: Loan, changes: Sequence[Change], days: Sequence[date], ledger: Ledger
) -> tuple[Told, ...]:
    """Return what is told of each change.

    A change is told as it was agreed. Where another change overrules it, or it has nothing to do,
    its notes say so.
    """
    found = []
    for number, (change, day) in enumerate(zip(changes, days, strict=True), 1):
        notes = [note for about, note in ledger.notes if about == number]
        if number in ledger.lapsed:
            notes = [Note("lapsed")]
        moved = ledger.moved_to.get(number)
        terms = _terms_on(day, loan, changes[: number - 1], days)
        found.append(
            Told(
                number,
                day,
                change,
                loan,
                *terms,
                same=isinstance(change, RateChange) and number in ledger.same,
                notes=tuple(dict.fromkeys(notes)),
                dates=tuple((k, ledger.paid(k)) for k in ledger.deferred.get(number, ())),
                moved_to=None if moved is None else (moved, ledger.paid(moved)),
                resumed=ledger.resumed.get(number),
            )
        )
    return tuple(found)


def terms_in_words(
    loan: Loan, changes: Sequence[Change], days: Sequence[date], ledger: Ledger
) -> str:
    """Return a line for the loan and one for each change."""
    contract = [note_in_words(note) for about, note in ledger.notes if not about]
    lines = ["; ".join([str(loan), *contract])]
    for each in told(loan, changes, days, ledger):
        notes = map(note_in_words, each.notes)
        lines.append("; ".join([f"{each.number}. ({each.day}) {each.words}", *notes]))
    return "\n".join(lines)


def note_in_words(note: Note) -> str:
    """Return what became of a change because of another, in words.

    Examples
    --------
    >>> note_in_words(Note("superseded", by=(2,), since=5))
    'superseded by 2 from due date 5 on'
    >>> note_in_words(Note("deferred_already", dates=(4, 5, 6)))
    'due dates 4 to 6 were put off already'
    """
    others = " and ".join(map(str, note.by))
    dates = _dates(note.dates)
    one = len(note.dates) == 1
    since = "" if note.since is None else f" from due date {note.since} on"
    match note.kind:
        case "superseded":
            return f"superseded by {others}" + (f" on {dates}" if dates else since)
        case "superseded_early":
            return f"superseded by {others} before its end"
        case "instalments_superseded":
            return f"its instalments are superseded by {others}"
        case "deferred_already":
            return f"{dates} {'was' if one else 'were'} put off already"
        case "moved_instead":
            which = f"it is instalment {note.instalment} that is moved"
            return f"{which}, as {dates} {'is' if one else 'are'} put off by {others}"
        case "ended":
            return f"ended by {others}{since}"
        case "solved_again":
            return "the instalment is recalculated, as the periods left differ in length"
        case "interest_instead":
            words = "the interest is paid in full, as the instalment falls short of it"
            return f"from due date {note.since} on, {words}"
        case "lapsed":
            return "without effect, as the loan had ended before"


def _dates(numbers: Sequence[int]) -> str:
    """Return due dates as text."""
    if len(numbers) < 2:
        return "".join(f"due date {number}" for number in numbers)
    if numbers[-1] - numbers[0] == len(numbers) - 1 > 1:
        return f"due dates {numbers[0]} to {numbers[-1]}"
    return f"due dates {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _terms_on(
    day: date, loan: Loan, changes: Sequence[Change], days: Sequence[date]
) -> tuple[Method, Every]:
    """Return how the loan is repaid on a day, and how often, as agreed so far."""
    method, every = loan.method, loan.every
    begun = sorted(
        (begins, number, change)
        for number, (change, begins) in enumerate(zip(changes, days, strict=False))
        if isinstance(change, Rescheduling) and begins <= day
    )
    for _, _, change in begun:
        method, every = change.method or method, change.every or every
    return method, every
