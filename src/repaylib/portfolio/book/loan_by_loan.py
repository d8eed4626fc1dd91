"""A book of loans folded loan by loan, by the engine for one loan.

This is what every faster way is held against, and the way for loans that no faster one takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from repaylib.engine.entries import BESIDE, SPARSE, Entry
from repaylib.errors import AmountError, RepayError
from repaylib.portfolio.book.changes import PortfolioChange
from repaylib.portfolio.book.portfolio import Portfolio
from repaylib.portfolio.book.rejects import Reject
from repaylib.portfolio.book.row_arrays import RowArrays
from repaylib.portfolio.summary import sum_of
from repaylib.schedule.rows import Columns
from repaylib.schedule.schedule import Schedule

__all__ = ["carried_out", "row_arrays_of", "fold", "schedule_of", "schedules_of"]

ALWAYS = ("accrued", "closing", "interest")
OFTEN_ZERO = (*SPARSE, *BESIDE)
#: What the sums of a loan's columns stay below, so that sums and differences of them fit ``int64``.
SUMS = 2**62


def fold(book: Portfolio, changes: Sequence[PortfolioChange], low: int, high: int) -> RowArrays:
    """Fold the loans from row `low` to before `high`.

    Raises
    ------
    RepayError
        For a change that cannot be made, with its row, unless the book collects those.
    """
    rows = np.arange(low, high)
    schedules: list[Schedule | None] = [None] * len(rows)
    there = np.flatnonzero(book.kept[low:high])
    folded, rejects = schedules_of(book, changes, rows[there].tolist())
    for place, schedule in zip(there.tolist(), folded, strict=True):
        schedules[place] = schedule
    gone = [reject for reject in book.rejects if low <= reject.row < high]
    return row_arrays_of(schedules, [*gone, *rejects])


def schedules_of(
    book: Portfolio, changes: Sequence[PortfolioChange], rows: Iterable[int]
) -> tuple[list[Schedule | None], list[Reject]]:
    """Return the schedules of some loans, ``None`` for one that has none, and the rejects.

    Raises
    ------
    RepayError
        For the first that is refused, with its row, unless the book collects those.
    """
    schedules: list[Schedule | None] = []
    rejects: list[Reject] = []
    for row in rows:
        try:
            schedule, refused = carried_out(book, changes, row)
        except RepayError as error:
            if book.errors == "raise":
                raise
            rejects.append(Reject.of(error, row))
            schedules.append(None)
        else:
            schedules.append(schedule)
            rejects += refused
    return schedules, rejects


def schedule_of(book: Portfolio, changes: Sequence[PortfolioChange], row: int) -> Schedule:
    """Return the schedule of one loan of a book, with the changes that can be made for it."""
    return carried_out(book, changes, row)[0]


def carried_out(
    book: Portfolio, changes: Sequence[PortfolioChange], row: int
) -> tuple[Schedule, list[Reject]]:
    """Return the schedule of one loan of a book, and the changes that cannot be made for it.

    A change that cannot be made leaves the schedule as it is; the next one is made on that.

    Raises
    ------
    RepayError
        With the row: for a loan that has no schedule; and, unless the book collects those, for a
        change that cannot be made, with its number too.
    """
    refused: list[Reject] = []
    try:
        schedule = _fitting(Schedule(book.loan(row)))
    except RepayError as error:
        raise _in_row(error, row, None) from error
    for number, change in enumerate(changes, 1):
        try:
            made = change.of(row)
            schedule = schedule if made is None else _fitting(schedule.then(made))
        except RepayError as error:
            there = _in_row(error, row, number)
            if book.errors == "raise":
                raise there from error
            refused.append(Reject.of(there, row, number))
    return schedule, refused


def _in_row(error: RepayError, row: int, change: int | None) -> RepayError:
    there = error if error.row == row else error.in_row(row)
    there.change = change
    return there


def _fitting(schedule: Schedule) -> Schedule:
    """Return a schedule whose amounts, and whose sums of them, fit the arrays of a book."""
    columns = {name: schedule.columns[name] for name in ("payment", *_held(schedule))}
    if any(
        column.dtype == object or (name != "closing" and abs(sum_of(column)) >= SUMS)
        for name, column in columns.items()
    ):
        raise AmountError(
            "principal",
            schedule.loan.principal,
            "amounts below 2**60 minor units in every row of a book, and sums below 2**62",
            "write rp.amortise(book.loan(...)), which takes it",
        )
    return schedule


def row_arrays_of(
    schedules: Sequence[Schedule | None], rejects: Sequence[Reject] = ()
) -> RowArrays:
    """Return schedules side by side; ``None`` is a loan that was rejected."""
    loans = len(schedules)
    counts = np.array(
        [0 if schedule is None else len(schedule) for schedule in schedules], dtype=np.int64
    )
    rows = int(counts.max(initial=0))
    tables: list[Columns | None] = [
        None if schedule is None else schedule.columns for schedule in schedules
    ]
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
    needed = {
        name: column for name, column in columns.items() if name not in OFTEN_ZERO or column.any()
    }
    return RowArrays(
        counts=counts,
        instalment=instalment,
        columns=needed,
        principal=principal,
        number=lambda: number,
        dates=lambda: dates,
        rejects=tuple(sorted(rejects, key=lambda reject: reject.row)),
        fallback_loans=int((counts > 0).sum()),
    )


def _held(schedule: Schedule) -> tuple[str, ...]:
    """Return the columns of a schedule that are not zero, except for those that follow from them."""
    days = (piece for piece in schedule.ledger.entries if isinstance(piece, Entry))
    names = {name for day in days for name in day.sparse}
    return (*ALWAYS, *names.union(schedule.ledger.at_start))
