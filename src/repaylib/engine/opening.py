"""Where a fold begins: at the start of a loan, or at a state that was kept on the way.

At the start, fees are charged and the first instalment is set. Fees that are shares of what is owed
or planned depend on the schedule and, where they are financed, on themselves. They are found on the
schedule that has them: the fold looks ahead until the fees charged are those due on the schedule that
follows from them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from repaylib.engine.fast_path import RegularPeriods
from repaylib.engine.fold import Fold
from repaylib.engine.instalment_plan import find_last_payment, fix_instalment, solve
from repaylib.engine.instructions import Event, Offset
from repaylib.engine.ledger import Ledger
from repaylib.engine.program import Program
from repaylib.errors import Phrase, TermsError
from repaylib.money.amounts import show
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.terms.fees import Fee

__all__ = ["Checkpoint", "Folded", "latest", "noted", "open_loan"]

#: Fees financed, as a multiple of the amount lent, above which they are taken never to settle.
MOST_FINANCED = 10


def open_loan(fold: Fold, planned: Callable[[Fold], Ledger]) -> None:
    """Charge the fees of the start, and set the first instalment.

    `planned` folds a loan that has begun to its end.
    """
    fees = [fee for fee in fold.program.fees if fee.when == "start"]
    _begin(fold, fees, _bases(fold.program, fees, planned))


def _begin(fold: Fold, fees: Sequence[Fee], bases: Sequence[int]) -> None:
    """Charge fees on the bases that they are shares of, and set the first instalment."""
    program = fold.program
    if fees:
        fold.open_day(fold.accrual.timetable.start)
        for fee, base in zip(fees, bases, strict=True):
            fold.charge(fee, base)
    if fold.method == "flat" and fold.accrual.timetable.accrual_date(1) == fold.accrued_to:
        # the agreed charge of payments in advance runs to the end of the last period
        fold.charge_period(2 if fold.last == MOST_PAYMENTS else fold.last + 1)
    if program.instalment is None:
        solve(fold)
        return
    fix_instalment(fold, program.instalment, program.shape)
    if program.payments == MOST_PAYMENTS:
        find_last_payment(fold)


def _bases(
    program: Program, fees: Sequence[Fee], planned: Callable[[Fold], Ledger]
) -> Sequence[int]:
    """Return what each fee of the start is a share of.

    Each round takes the bases from the schedule that has the fees of the round before. Where the
    roundings of the fees leave no amounts that are due on themselves, the larger ones are taken.
    """
    bases = tuple(0 if _looks_ahead(fee) else program.principal for fee in fees)
    if not any(map(_looks_ahead, fees)):
        return bases
    known = (
        event
        for event in program.events
        if not (event.change or isinstance(event.instruction, Offset))
    )
    alone = program._replace(events=tuple(known))
    rounds: list[tuple[int, ...]] = []
    while bases not in rounds:
        rounds.append(bases)
        ahead = Fold(alone)
        _begin(ahead, fees, bases)
        owed = ahead.balance
        if owed > (1 + MOST_FINANCED) * program.principal:
            raise TermsError(
                "fees",
                show(owed - program.principal, program.decimals),
                Phrase(
                    "financed fees that come to an end; each of them is due on all of them, and "
                    "together they are above {} times the amount lent",
                    MOST_FINANCED,
                ),
                Phrase("write smaller shares, or {}", 'collected="deducted"'),
            )
        start, closings = ahead.accrual.timetable.start, []
        if any(fee.of == "balance_days" for fee in fees):
            closings = _closings(planned(ahead))
        bases = tuple(
            owed
            if fee.of == "balance"
            else _balance_days(start, owed, closings, fee.max_days)
            if fee.of == "balance_days"
            else base
            for fee, base in zip(fees, bases, strict=True)
        )
    return max(rounds[rounds.index(bases) :], key=sum)


def _looks_ahead(fee: Fee) -> bool:
    """Whether what a fee is a share of follows from the schedule."""
    return fee.of in ("balance", "balance_days")


def _balance_days(
    start: date, owed: int, closings: Sequence[tuple[date, int]], most: int | None
) -> int:
    """Return the sum of what is owed on each day, of the first `most` days from the start."""
    end = closings[-1][0]
    if most is not None and most < (end - start).days:
        end = start + timedelta(days=most)
    since, total = start, 0
    for day, closing in closings:
        day = min(day, end)
        total += owed * (day - since).days
        since, owed = day, closing
    return total


def _closings(ledger: Ledger) -> list[tuple[date, int]]:
    """Return each day of a ledger with what is owed after it."""
    days: list[tuple[date, int]] = []
    for piece in ledger.entries:
        if isinstance(piece, RegularPeriods):
            days += [
                (ledger.accrual_date(number), closing)
                for number, closing in enumerate(piece.closings, piece.first)
            ]
        else:
            days.append((piece.day, piece.closing))
    return days


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
