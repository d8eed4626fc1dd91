"""Where a fold stands between two instructions, so that another program goes on from there."""

from __future__ import annotations

from typing import NamedTuple

from repaylib.engine.fold import Fold
from repaylib.engine.instructions import Event, Offset
from repaylib.engine.ledger import Ledger
from repaylib.engine.program import Program

__all__ = ["Checkpoint", "Folded", "latest", "noted"]

CLOSE = 4  # of the latest events, after how many each has a checkpoint


class Checkpoint(NamedTuple):
    """The state of a fold after an event was carried out.

    Attributes
    ----------
    done
        How many of the program's events were carried out.
    fold
        The state, which nothing goes on with but a duplicate.
    coming
        What follows from events carried out, on later days.
    """

    done: int
    fold: Fold
    coming: tuple[Event, ...] = ()


class Folded(NamedTuple):
    """A program, what it comes to, and where another program may go on from."""

    program: Program
    ledger: Ledger
    checkpoints: tuple[Checkpoint, ...] = ()


def noted(
    checkpoints: tuple[Checkpoint, ...], fold: Fold, events: list[Event], done: int
) -> tuple[Checkpoint, ...]:
    """Return checkpoints with one more, after the first `done` of `events`, if it is worth one.

    What was agreed with the loan, or follows from what was carried out, gets none. The further back,
    the fewer checkpoints are kept: they are as many as the logarithm of the events.
    """
    event = events[done - 1]
    if not event.change and not isinstance(event.instruction, Offset):
        return checkpoints
    coming: tuple[Event, ...] = ()
    if len(events) > len(fold.program.events):
        own = set(map(id, fold.program.events))
        if id(event) not in own:
            return checkpoints
        coming = tuple(event for event in events[done:] if id(event) not in own)
        done = sum(id(event) in own for event in events[:done])
    kept = [
        checkpoint
        for checkpoint in checkpoints
        if done - checkpoint.done < CLOSE * (checkpoint.done & -checkpoint.done)
    ]
    return (*kept, Checkpoint(done, fold.duplicate(), coming))


def latest(before: Folded, program: Program) -> tuple[Checkpoint, ...]:
    """Return the checkpoints that hold for another program too, the latest one last.

    They hold where the terms are the same, and all events up to them. Events stand in the order in
    which they are carried out, so that all others come after them.
    """
    held, events = before.checkpoints, program.events
    if held and before.program._replace(events=events) != program:
        return ()
    while held and before.program.events[: held[-1].done] != events[: held[-1].done]:
        held = held[:-1]
    return held
