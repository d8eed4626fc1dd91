"""Notes on changes that supersede others, which the amounts alone do not show."""

from __future__ import annotations

from collections.abc import Sequence

from repaylib.engine.fold import Fold
from repaylib.engine.instructions import Event, NewRate, Reschedule
from repaylib.engine.ledger import Note

__all__ = ["note_ended", "note_skipped", "note_superseded", "overrule"]


def overrule(fold: Fold, numbers: Sequence[int], change: int) -> None:
    """Note the deferrals that another one supersedes on due dates `numbers`."""
    again = [
        number for number in numbers if number in fold.holidays and not fold.holidays[number].moves
    ]
    for earlier, held in _held(fold, numbers).items():
        first, last = fold.holidays[held[0]].first, fold.holidays[held[0]].last
        note = Note("superseded", by=(change,), since=held[0] if held[0] > first else None)
        if held[-1] < last:
            note = Note("superseded", by=(change,), dates=tuple(held))
        fold.ledger.notes.append((earlier, note))
    if again:
        fold.ledger.notes.append((change, Note("deferred_already", dates=tuple(again))))


def note_skipped(fold: Fold, first: int, change: int) -> None:
    """Note that a later instalment is moved than the first, whose due date is deferred already."""
    held = _held(fold, range(fold.period, first))
    skipped = tuple(number for numbers in held.values() for number in numbers)
    note = Note("moved_instead", by=tuple(held), dates=skipped, instalment=first)
    fold.ledger.notes.append((change, note))


def note_ended(fold: Fold, change: int) -> None:
    """Note the changes a rescheduling ends: deferrals, moved instalments, advance payments."""
    coming = [number for number in fold.holidays if number >= fold.period]
    for earlier, held in _held(fold, coming).items():
        since = held[0] if held[0] > fold.holidays[held[0]].first else None
        fold.ledger.notes.append((earlier, Note("ended", by=(change,), since=since)))
    moved = {
        deferred.change
        for deferred in fold.deferred_amounts
        if deferred.principal > deferred.forborne_principal
    }
    for earlier in sorted(moved | set(fold.advance_payments)):
        fold.ledger.notes.append((earlier, Note("ended", by=(change,))))


def note_superseded(fold: Fold, event: Event) -> None:
    """Note the rate, or the instalments, of a change that another one replaces on its day."""
    new = event.instruction
    if not isinstance(new, NewRate | Reschedule):
        return
    for other in fold.program.events:
        if other is event:
            break
        if other.day != event.day or not event.change:
            continue
        renewed = isinstance(other.instruction, Reschedule) and isinstance(new, Reschedule)
        if isinstance(other.instruction, NewRate) and (
            isinstance(new, NewRate) or (isinstance(new, Reschedule) and new.rate is not None)
        ):
            fold.ledger.notes.append((other.change, Note("superseded", by=(event.change,))))
        elif renewed:
            note = Note("instalments_superseded", by=(event.change,))
            fold.ledger.notes.append((other.change, note))


def _held(fold: Fold, numbers: Sequence[int]) -> dict[int, list[int]]:
    """Return the due dates among `numbers` that each change defers."""
    held: dict[int, list[int]] = {}
    for number in sorted(numbers):
        if number in fold.holidays:
            held.setdefault(fold.holidays[number].change, []).append(number)
    return held
