"""Which change overrules which: what the amounts alone do not show is noted in words."""

from __future__ import annotations

from collections.abc import Sequence

from repaylib.engine import Fold
from repaylib.instructions import Event, NewRate, Renew

__all__ = ["note_ended", "note_skipped", "note_superseded", "overrule"]


def overrule(fold: Fold, numbers: Sequence[int], change: int) -> None:
    """Note whose hold on due dates `numbers` a deferral takes over."""
    again = [
        number for number in numbers if number in fold.passes and not fold.passes[number].moves
    ]
    for earlier, held in _held(fold, numbers).items():
        first, last = fold.passes[held[0]].first, fold.passes[held[0]].last
        if held[-1] < last:
            where = f" on {_dates(held)}"
        else:
            where = f" from due date {held[0]} on" if held[0] > first else ""
        fold.out.notes.append((earlier, f"superseded by {change}{where}"))
    if again:
        were = "was" if len(again) == 1 else "were"
        fold.out.notes.append((change, f"{_dates(again)} {were} put off already"))


def note_skipped(fold: Fold, first: int, change: int) -> None:
    """Note that another instalment is moved than the first, whose due date is put off already."""
    held = _held(fold, range(fold.k, first))
    others = " and ".join(map(str, held))
    skipped = _dates([number for each in held.values() for number in each])
    are = "is" if first == fold.k + 1 else "are"
    words = f"it is instalment {first} that is moved, as {skipped} {are} put off by {others}"
    fold.out.notes.append((change, words))


def note_ended(fold: Fold, change: int) -> None:
    """Note what a rescheduling ends: deferrals that run, and what was moved or paid ahead."""
    coming = [number for number in fold.passes if number >= fold.k]
    for earlier, held in _held(fold, coming).items():
        where = f" from due date {held[0]} on" if held[0] > fold.passes[held[0]].first else ""
        fold.out.notes.append((earlier, f"ended by {change}{where}"))
    moved = {aside.change for aside in fold.asides if aside.principal > aside.forborne}
    for earlier in sorted(moved | set(fold.payers)):
        fold.out.notes.append((earlier, f"ended by {change}"))


def note_superseded(fold: Fold, event: Event) -> None:
    """Note the rate, or the instalments, of a change that another one replaces on its day."""
    new = event.do
    if not isinstance(new, NewRate | Renew):
        return
    for other in fold.program.events:
        if other is event:
            break
        if other.day != event.day or not event.change:
            continue
        renewed = isinstance(other.do, Renew) and isinstance(new, Renew)
        if isinstance(other.do, NewRate) and (
            isinstance(new, NewRate) or (isinstance(new, Renew) and new.rate is not None)
        ):
            fold.out.notes.append((other.change, f"superseded by {event.change}"))
        elif renewed:
            words = f"its instalments are superseded by {event.change}"
            fold.out.notes.append((other.change, words))


def _held(fold: Fold, numbers: Sequence[int]) -> dict[int, list[int]]:
    """Return by change the due dates among `numbers` that it puts off."""
    held: dict[int, list[int]] = {}
    for number in sorted(numbers):
        if number in fold.passes:
            held.setdefault(fold.passes[number].change, []).append(number)
    return held


def _dates(numbers: Sequence[int]) -> str:
    """Return due dates as text."""
    if len(numbers) == 1:
        return f"due date {numbers[0]}"
    if numbers[-1] - numbers[0] == len(numbers) - 1 > 1:
        return f"due dates {numbers[0]} to {numbers[-1]}"
    return f"due dates {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
