"""A book of loans folded loan by loan, by the engine for one loan.

This is what every faster way is held against, and the way for loans that no faster one takes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from repaylib.bookchanges import BookChange
from repaylib.cells import Cells
from repaylib.columns import Columns
from repaylib.errors import AmountError, RepayError
from repaylib.ledger import BESIDE, RARE, Entry
from repaylib.portfolio import Portfolio
from repaylib.rejects import Reject
from repaylib.schedule import Schedule

__all__ = ["cells_of", "fold", "schedule_of"]

ALWAYS = ("accrued", "closing", "interest")
OFTEN_ZERO = (*RARE, *BESIDE)


def fold(book: Portfolio, changes: Sequence[BookChange], low: int, high: int) -> Cells:
    """Fold the loans from row `low` to before `high`.

    Raises
    ------
    RepayError
        For a change that cannot be made, with its row, unless the book collects such loans.
    """
    schedules: list[Schedule | None] = []
    rejects: list[Reject] = [each for each in book.rejects if low <= each.row < high]
    kept = book.kept
    for row in range(low, high):
        if not kept[row]:
            schedules.append(None)
            continue
        try:
            schedules.append(schedule_of(book, changes, row))
        except RepayError as error:
            if book.errors == "raise":
                raise
            rejects.append(Reject.of(error, row))
            schedules.append(None)
    return cells_of(schedules, rejects)


def schedule_of(book: Portfolio, changes: Sequence[BookChange], row: int) -> Schedule:
    """Return the schedule of one loan of a book; an error names its row."""
    number = 0
    try:
        schedule = Schedule(book.loan(row))
        for number, change in enumerate(changes, 1):  # noqa: B007
            made = change.of(row)
            if made is not None:
                schedule = schedule.then(made)
        if any(schedule.columns[name].dtype == object for name in ("payment", *_held(schedule))):
            raise AmountError(
                "principal",
                schedule.loan.principal,
                "amounts below 2**60 minor units in every row of a book",
                "write rp.amortise(book.loan(...)), which takes it",
            )
    except RepayError as error:
        there = error if error.row == row else error.in_row(row)
        there.change = number or None
        raise there from error
    return schedule


def cells_of(schedules: Sequence[Schedule | None], rejects: Sequence[Reject] = ()) -> Cells:
    """Return schedules side by side; ``None`` is a loan that was rejected."""
    loans = len(schedules)
    counts = np.array([0 if each is None else len(each) for each in schedules], dtype=np.int64)
    rows = int(counts.max(initial=0))
    tables: list[Columns | None] = [None if each is None else each.columns for each in schedules]
    columns = {name: np.zeros((rows, loans), dtype=np.int64) for name in (*ALWAYS, *OFTEN_ZERO)}
    number = np.zeros((rows, loans), dtype=np.int32)
    dates = np.full((rows, loans), "NaT", dtype="datetime64[D]")
    principal = np.zeros(loans, dtype=np.int64)
    instalment = np.zeros(loans, dtype=np.int64)
    for place, (schedule, table) in enumerate(zip(schedules, tables, strict=True)):
        if schedule is None or table is None:
            continue
        count = len(schedule)
        number[:count, place] = table["number"]
        dates[:count, place] = table["date"]
        principal[place] = table["opening"][0]
        instalment[place] = schedule.loan.minor(schedule.instalment, "instalment", least=0)
        for name in _held(schedule):
            columns[name][:count, place] = table[name]
    needed = {name: each for name, each in columns.items() if name not in OFTEN_ZERO or each.any()}
    return Cells(
        counts=counts,
        instalment=instalment,
        columns=needed,
        principal=principal,
        number=lambda: number,
        dates=lambda: dates,
        rejects=tuple(sorted(rejects, key=lambda each: each.row)),
        singly=int((counts > 0).sum()),
    )


def _held(schedule: Schedule) -> tuple[str, ...]:
    """Return the columns of a schedule that are not nil, but for those that follow from them."""
    days = (piece for piece in schedule._ledger.pieces if isinstance(piece, Entry))
    names = {name for day in days for name in day.rare}
    return (*ALWAYS, *names.union(schedule._ledger.at_start))
