"""The days of the rows of lanes: of due dates by their number, and of what came between."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from repaylib.portfolio.vectorised.changes import NEVER
from repaylib.portfolio.vectorised.fold import LaneFold

__all__ = ["days_of", "last_days_of", "months_of", "numbers_of"]


def numbers_of(fold: LaneFold, rows: int) -> npt.NDArray[np.int32]:
    """Return the number of the due date of each row; 0 for a day between two."""
    between = np.zeros((rows, len(fold.balance)), dtype=np.bool_)
    for row, lanes, _ in fold.between:
        if row < rows:  # beyond, there are only lanes that were given up since
            between[row, lanes] = True
    number = np.arange(1, rows + 1, dtype=np.int32)[:, None] - np.cumsum(
        between, axis=0, dtype=np.int32
    )
    return np.where(between, np.int32(0), number)


def days_of(fold: LaneFold, rows: int) -> npt.NDArray[np.datetime64]:
    """Return the day of each row, on which it is paid; those after the end mean nothing."""
    ground = fold.field.ground
    paid = ground.paid
    if not fold.between:
        days = paid[fold.line, 1 : rows + 1].T
    else:
        number = np.minimum(numbers_of(fold, rows), ground.periods)
        days = paid[fold.line, number]
        for row, lanes, day in fold.between:
            if row < rows:
                days[row, lanes] = day
    if paid is not ground.dues:
        days = np.maximum.accumulate(days, axis=0)
    return days.view("datetime64[D]") if days.flags.c_contiguous else days.astype("datetime64[D]")


def months_of(fold: LaneFold, rows: int) -> npt.NDArray[np.int32]:
    """Return the month of each due date, counted from 1970."""
    paid = fold.field.ground.paid.view("datetime64[D]").astype("datetime64[M]")
    months: npt.NDArray[np.int32] = paid.astype(np.int32).T[1 : rows + 1]
    return np.take(months, fold.line, axis=1)


def last_days_of(fold: LaneFold) -> npt.NDArray[np.datetime64]:
    """Return the day on which the last row of each lane is paid."""
    ground = fold.field.ground
    row = np.maximum(fold.ends, 0)
    if ground.paid is not ground.dues:
        days_of_rows = days_of(fold, int(row.max(initial=0)) + 1)
        moved: npt.NDArray[np.datetime64] = days_of_rows[row, np.arange(len(row))]
        return moved
    found = np.full(len(row), NEVER)
    number = row + 1
    for place, lanes, days in fold.between:
        number[lanes] -= place <= row[lanes]
        found[lanes] = np.where(place == row[lanes], days, found[lanes])
    due = ground.dues[fold.line, np.clip(number, 0, ground.periods)]
    days = np.where(found < NEVER, found, due)
    last: npt.NDArray[np.datetime64] = days.astype("datetime64[D]")
    return last
