"""What was agreed, and what became of it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from repaylib.change import Change
from repaylib.changes import RateChange, Rescheduling
from repaylib.ledger import Ledger
from repaylib.loan import Loan
from repaylib.terms import Method

__all__ = ["Told", "terms_in_words", "told"]


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
    method
        How the loan is repaid on that day.
    same
        Whether it is a rate that was in force already.
    notes
        What became of it because of another, in English.
    """

    number: int
    day: date
    change: Change
    method: Method
    same: bool
    notes: tuple[str, ...]

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
        method = _method_on(day, loan, changes[: number - 1], days)
        notes = [note for about, note in ledger.notes if about == number]
        if number in ledger.lapsed:
            notes = ["without effect, as the loan had ended before"]
        same = isinstance(change, RateChange) and number in ledger.same
        found.append(Told(number, day, change, method, same, tuple(dict.fromkeys(notes))))
    return tuple(found)


def terms_in_words(
    loan: Loan, changes: Sequence[Change], days: Sequence[date], ledger: Ledger
) -> str:
    """Return a line for the loan and one for each change."""
    lines = ["; ".join([str(loan), *(note for about, note in ledger.notes if not about)])]
    for each in told(loan, changes, days, ledger):
        lines.append("; ".join([f"{each.number}. ({each.day}) {each.words}", *each.notes]))
    return "\n".join(lines)


def _method_on(day: date, loan: Loan, changes: Sequence[Change], days: Sequence[date]) -> Method:
    """Return the method by which the loan is repaid on a day, as agreed so far."""
    found = [
        (begun, number, change.method)
        for number, (change, begun) in enumerate(zip(changes, days, strict=False))
        if isinstance(change, Rescheduling) and change.method is not None and begun <= day
    ]
    return max(found)[2] if found else loan.method
