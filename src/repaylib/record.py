"""What was agreed, and what became of it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from repaylib.change import Change
from repaylib.changes import RateChange, Rescheduling
from repaylib.ledger import Ledger
from repaylib.loan import Loan
from repaylib.terms import Method

__all__ = ["terms_in_words"]


def terms_in_words(
    loan: Loan, changes: Sequence[Change], days: Sequence[date], ledger: Ledger
) -> str:
    """Return a line for the loan and one for each change.

    A change is told as it was agreed. Where another change overrules it, or it has nothing to do,
    that follows.
    """
    lines = [str(loan)]
    for number, (change, day) in enumerate(zip(changes, days, strict=True), 1):
        method = _method_on(day, loan, changes[: number - 1], days)
        words = change.in_words(method)
        if isinstance(change, RateChange) and number in ledger.same:
            words = f"{change.begins}, as it is already"
        notes = [note for about, note in ledger.notes if about == number]
        if number in ledger.lapsed:
            notes = ["without effect, as the loan had ended before"]
        lines.append("; ".join([f"{number}. ({day}) {words}", *dict.fromkeys(notes)]))
    return "\n".join(lines)


def _method_on(day: date, loan: Loan, changes: Sequence[Change], days: Sequence[date]) -> Method:
    """Return the method by which the loan is repaid on a day, as agreed so far."""
    found = [
        (begun, number, change.method)
        for number, (change, begun) in enumerate(zip(changes, days, strict=False))
        if isinstance(change, Rescheduling) and change.method is not None and begun <= day
    ]
    return max(found)[2] if found else loan.method
