"""What lanes have walked, gathered: loans folded apart put side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.dates.days import NAT
from repaylib.portfolio.book.rejects import Reject
from repaylib.portfolio.book.row_arrays import RowArrays
from repaylib.portfolio.vectorised.changes import NEVER
from repaylib.portfolio.vectorised.fold import LaneFold
from repaylib.portfolio.vectorised.output import OutputArrays
from repaylib.typing import Days, Ints

__all__ = ["FoldedGroup", "gather"]


class FoldedGroup(NamedTuple):
    """Folds of loans of a group side by side in one output, and their indices among the loans requested."""

    output: OutputArrays
    folds: Sequence[LaneFold]
    indices: Ints

    def all(self, name: str) -> Ints:
        """Return an array of the state of all lanes."""
        found: Ints = np.concatenate([getattr(fold, name) for fold in self.folds])
        return found


def gather(
    folded: Sequence[FoldedGroup],
    singles: tuple[Ints, RowArrays],
    rejects: Sequence[Reject],
    loans: int,
) -> RowArrays:
    """Put separate folds side by side."""
    alone, single = singles
    counts = np.zeros(loans, dtype=np.int64)
    instalment = np.zeros(loans, dtype=np.int64)
    principal = np.zeros(loans, dtype=np.int64)
    for one in folded:
        counts[one.indices] = np.where(one.all("fallback"), 0, one.all("ends") + 1)
        instalment[one.indices] = one.all("amount")
        principal[one.indices] = one.all("opening")
    counts[alone], instalment[alone], principal[alone] = (
        single.counts,
        single.instalment,
        single.principal,
    )
    rows = int(counts.max(initial=0))
    names = {name for one in folded for name in one.output.rare} | (
        single.columns.keys() - {"accrued", "closing", "interest"}
    )
    newly_deferred = single.columns["accrued"] - single.column("interest") - single.column("waived")
    if newly_deferred.any():
        names.add("newly_deferred")
    columns: dict[str, Ints] = {}
    for name in ("accrued", "closing", *sorted(names)):
        whole = _whole(folded, loans, name)
        if whole is not None and not len(alone):
            columns[name] = whole[:rows]
            continue
        column = np.zeros((rows, loans), dtype=np.int64)
        for one in folded:
            source, indices = _kept(one.output, name), one.indices
            if source is not None:
                subset = ~one.all("fallback")
                height = min(rows, len(source))
                if subset.all():
                    column[:height, indices] = source[:height]
                else:
                    column[:height, indices[subset]] = source[:height, subset]
        own = (
            newly_deferred
            if name == "newly_deferred"
            else single.column(name)
            if _has(single, name)
            else None
        )
        if own is not None:
            column[: len(own), alone] = own
        columns[name] = column
    same = not len(alone) and not any(fold.between for one in folded for fold in one.folds)
    return RowArrays(
        counts=counts,
        instalment=instalment,
        columns=columns,
        principal=principal,
        number=None if same else lambda: _numbers(folded, alone, single, counts, rows),
        dates=lambda: _dates(folded, alone, single, counts, rows),
        rejects=tuple(sorted(rejects, key=lambda reject: reject.row)),
        month=(lambda: _months(folded, rows, loans)) if same else None,
        ends=lambda: _ends(folded, alone, single, counts),
        fallback_loans=int((single.counts > 0).sum()),
    )


def _has(single: RowArrays, name: str) -> bool:
    return name in single.columns


def _kept(output: OutputArrays, name: str) -> Ints | None:
    if name in ("accrued", "closing"):
        return output.accrued if name == "accrued" else output.closing
    return output.rare.get(name)


def _whole(folded: Sequence[FoldedGroup], loans: int, name: str) -> Ints | None:
    """Return the column of the only fold, if it holds all loans."""
    if len(folded) != 1 or len(folded[0].indices) != loans:
        return None
    return _kept(folded[0].output, name)


def _numbers(
    folded: Sequence[FoldedGroup], alone: Ints, single: RowArrays, counts: Ints, rows: int
) -> npt.NDArray[np.int32]:
    """Return the number of the due date of each row; 0 for none."""
    number = np.zeros((rows, len(counts)), dtype=np.int32)
    for one in folded:
        for fold in one.folds:
            height = min(rows, fold.rows)
            number[:height, one.indices[fold.columns]] = _lane_numbers(fold, height)
    number[np.arange(rows)[:, None] >= counts] = 0
    own = single.numbers()
    number[: len(own), alone] = own
    return number


def _months(folded: Sequence[FoldedGroup], rows: int, loans: int) -> npt.NDArray[np.integer]:
    """Return the month of each row; of all loans, if they share their days."""
    if len(folded) == 1 and len(np.unique(folded[0].all("timetable_of"))) == 1:
        return _lane_months(folded[0].folds[0], rows)[:, 0]
    months = np.zeros((rows, loans), dtype=np.int32)
    for one in folded:
        for fold in one.folds:
            height = min(rows, fold.rows)
            months[:height, one.indices[fold.columns]] = _lane_months(fold, height)
            months[height:, one.indices[fold.columns]] = months[0, one.indices[fold.columns]]
    return months


def _ends(folded: Sequence[FoldedGroup], alone: Ints, single: RowArrays, counts: Ints) -> Days:
    """Return the day of the last row of each loan."""
    ends = np.full(len(counts), NAT)
    for one in folded:
        for fold in one.folds:
            ends[one.indices[fold.columns]] = _lane_last_days(fold)
    ends[counts == 0] = NAT
    ends[alone] = single.last_days()
    return ends


def _dates(
    folded: Sequence[FoldedGroup], alone: Ints, single: RowArrays, counts: Ints, rows: int
) -> Days:
    """Return the day of each row; NaT after the end."""
    dates = np.full((rows, len(counts)), NAT)
    for one in folded:
        for fold in one.folds:
            height = min(rows, fold.rows)
            dates[:height, one.indices[fold.columns]] = _lane_days(fold, height)
    dates[np.arange(rows)[:, None] >= counts] = NAT
    own = single.dates()
    dates[: len(own), alone] = own
    return dates


def _lane_numbers(fold: LaneFold, rows: int) -> npt.NDArray[np.int32]:
    """Return the number of the due date of each row; 0 for a day between two."""
    between = np.zeros((rows, len(fold.balance)), dtype=np.bool_)
    for row, lanes, _ in fold.between:
        if row < rows:  # beyond, there are only lanes that have fallen back since
            between[row, lanes] = True
    number = np.arange(1, rows + 1, dtype=np.int32)[:, None] - np.cumsum(
        between, axis=0, dtype=np.int32
    )
    return np.where(between, np.int32(0), number)


def _lane_days(fold: LaneFold, rows: int) -> npt.NDArray[np.datetime64]:
    """Return the day of each row, on which it is paid; those after the end mean nothing."""
    due_dates = fold.context.due_dates
    paid = due_dates.paid
    if not fold.between:
        days = paid[fold.timetable_of, 1 : rows + 1].T
    else:
        number = np.minimum(_lane_numbers(fold, rows), due_dates.periods)
        days = paid[fold.timetable_of, number]
        for row, lanes, day in fold.between:
            if row < rows:
                days[row, lanes] = day
    if paid is not due_dates.dues:
        days = np.maximum.accumulate(days, axis=0)
    return days.view("datetime64[D]") if days.flags.c_contiguous else days.astype("datetime64[D]")


def _lane_months(fold: LaneFold, rows: int) -> npt.NDArray[np.int32]:
    """Return the month of each due date, counted from 1970."""
    paid = fold.context.due_dates.paid.view("datetime64[D]").astype("datetime64[M]")
    months: npt.NDArray[np.int32] = paid.astype(np.int32).T[1 : rows + 1]
    return np.take(months, fold.timetable_of, axis=1)


def _lane_last_days(fold: LaneFold) -> npt.NDArray[np.datetime64]:
    """Return the day on which the last row of each lane is paid."""
    due_dates = fold.context.due_dates
    row = np.maximum(fold.ends, 0)
    if due_dates.paid is not due_dates.dues:
        days_of_rows = _lane_days(fold, int(row.max(initial=0)) + 1)
        moved: npt.NDArray[np.datetime64] = days_of_rows[row, np.arange(len(row))]
        return moved
    found = np.full(len(row), NEVER)
    number = row + 1
    for place, lanes, days in fold.between:
        number[lanes] -= place <= row[lanes]
        found[lanes] = np.where(place == row[lanes], days, found[lanes])
    due = due_dates.dues[fold.timetable_of, np.clip(number, 0, due_dates.periods)]
    days = np.where(found < NEVER, found, due)
    last: npt.NDArray[np.datetime64] = days.astype("datetime64[D]")
    return last
