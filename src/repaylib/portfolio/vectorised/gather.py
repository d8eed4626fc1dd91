"""What lanes have walked, gathered: loans folded apart put side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.dates.days import NAT
from repaylib.portfolio.book.rejects import Reject
from repaylib.portfolio.book.row_arrays import Cells
from repaylib.portfolio.vectorised.changes import NEVER
from repaylib.portfolio.vectorised.fold import LaneFold
from repaylib.portfolio.vectorised.output import Sheet
from repaylib.typing import Days, Ints

__all__ = ["Walked", "gather"]


class Walked(NamedTuple):
    """Folds of loans of a field side by side on a sheet, and where they stand among those asked for."""

    sheet: Sheet
    folds: Sequence[LaneFold]
    places: Ints

    def all(self, name: str) -> Ints:
        """Return an array of the state of all lanes."""
        found: Ints = np.concatenate([getattr(fold, name) for fold in self.folds])
        return found


def gather(
    walked: Sequence[Walked],
    singles: tuple[Ints, Cells],
    rejects: Sequence[Reject],
    loans: int,
) -> Cells:
    """Put what was folded apart side by side."""
    alone, single = singles
    counts = np.zeros(loans, dtype=np.int64)
    instalment = np.zeros(loans, dtype=np.int64)
    principal = np.zeros(loans, dtype=np.int64)
    for one in walked:
        counts[one.places] = np.where(one.all("given_up"), 0, one.all("ends") + 1)
        instalment[one.places] = one.all("amount")
        principal[one.places] = one.all("opening")
    counts[alone], instalment[alone], principal[alone] = (
        single.counts,
        single.instalment,
        single.principal,
    )
    rows = int(counts.max(initial=0))
    names = {name for one in walked for name in one.sheet.rare} | (
        single.columns.keys() - {"accrued", "closing", "interest"}
    )
    put_off = single.columns["accrued"] - single.column("interest") - single.column("waived")
    if put_off.any():
        names.add("put_off")
    columns: dict[str, Ints] = {}
    for name in ("accrued", "closing", *sorted(names)):
        whole = _whole(walked, loans, name)
        if whole is not None and not len(alone):
            columns[name] = whole[:rows]
            continue
        column = np.zeros((rows, loans), dtype=np.int64)
        for one in walked:
            source, places = _kept(one.sheet, name), one.places
            if source is not None:
                some = ~one.all("given_up")
                height = min(rows, len(source))
                if some.all():
                    column[:height, places] = source[:height]
                else:
                    column[:height, places[some]] = source[:height, some]
        own = put_off if name == "put_off" else single.column(name) if _has(single, name) else None
        if own is not None:
            column[: len(own), alone] = own
        columns[name] = column
    same = not len(alone) and not any(fold.between for one in walked for fold in one.folds)
    return Cells(
        counts=counts,
        instalment=instalment,
        columns=columns,
        principal=principal,
        number=None if same else lambda: _numbers(walked, alone, single, counts, rows),
        dates=lambda: _dates(walked, alone, single, counts, rows),
        rejects=tuple(sorted(rejects, key=lambda each: each.row)),
        month=(lambda: _months(walked, rows, loans)) if same else None,
        ends=lambda: _ends(walked, alone, single, counts),
        fallback_loans=int((single.counts > 0).sum()),
    )


def _has(single: Cells, name: str) -> bool:
    return name in single.columns


def _kept(sheet: Sheet, name: str) -> Ints | None:
    if name in ("accrued", "closing"):
        return sheet.accrued if name == "accrued" else sheet.closing
    return sheet.rare.get(name)


def _whole(walked: Sequence[Walked], loans: int, name: str) -> Ints | None:
    """Return the column of the only fold, if it holds all loans."""
    if len(walked) != 1 or len(walked[0].places) != loans:
        return None
    return _kept(walked[0].sheet, name)


def _numbers(
    walked: Sequence[Walked], alone: Ints, single: Cells, counts: Ints, rows: int
) -> npt.NDArray[np.int32]:
    """Return the number of the due date of each row; 0 for none."""
    number = np.zeros((rows, len(counts)), dtype=np.int32)
    for one in walked:
        for fold in one.folds:
            height = min(rows, fold.rows)
            number[:height, one.places[fold.columns]] = _lane_numbers(fold, height)
    number[np.arange(rows)[:, None] >= counts] = 0
    own = single.numbers()
    number[: len(own), alone] = own
    return number


def _months(walked: Sequence[Walked], rows: int, loans: int) -> npt.NDArray[np.integer]:
    """Return the month of each row; of all loans, if they share their days."""
    if len(walked) == 1 and len(np.unique(walked[0].all("line"))) == 1:
        return _lane_months(walked[0].folds[0], rows)[:, 0]
    months = np.zeros((rows, loans), dtype=np.int32)
    for one in walked:
        for fold in one.folds:
            height = min(rows, fold.rows)
            months[:height, one.places[fold.columns]] = _lane_months(fold, height)
            months[height:, one.places[fold.columns]] = months[0, one.places[fold.columns]]
    return months


def _ends(walked: Sequence[Walked], alone: Ints, single: Cells, counts: Ints) -> Days:
    """Return the day of the last row of each loan."""
    ends = np.full(len(counts), NAT)
    for one in walked:
        for fold in one.folds:
            ends[one.places[fold.columns]] = _lane_last_days(fold)
    ends[counts == 0] = NAT
    ends[alone] = single.last_days()
    return ends


def _dates(walked: Sequence[Walked], alone: Ints, single: Cells, counts: Ints, rows: int) -> Days:
    """Return the day of each row; NaT after the end."""
    dates = np.full((rows, len(counts)), NAT)
    for one in walked:
        for fold in one.folds:
            height = min(rows, fold.rows)
            dates[:height, one.places[fold.columns]] = _lane_days(fold, height)
    dates[np.arange(rows)[:, None] >= counts] = NAT
    own = single.dates()
    dates[: len(own), alone] = own
    return dates


def _lane_numbers(fold: LaneFold, rows: int) -> npt.NDArray[np.int32]:
    """Return the number of the due date of each row; 0 for a day between two."""
    between = np.zeros((rows, len(fold.balance)), dtype=np.bool_)
    for row, lanes, _ in fold.between:
        if row < rows:  # beyond, there are only lanes that were given up since
            between[row, lanes] = True
    number = np.arange(1, rows + 1, dtype=np.int32)[:, None] - np.cumsum(
        between, axis=0, dtype=np.int32
    )
    return np.where(between, np.int32(0), number)


def _lane_days(fold: LaneFold, rows: int) -> npt.NDArray[np.datetime64]:
    """Return the day of each row, on which it is paid; those after the end mean nothing."""
    ground = fold.field.ground
    paid = ground.paid
    if not fold.between:
        days = paid[fold.line, 1 : rows + 1].T
    else:
        number = np.minimum(_lane_numbers(fold, rows), ground.periods)
        days = paid[fold.line, number]
        for row, lanes, day in fold.between:
            if row < rows:
                days[row, lanes] = day
    if paid is not ground.dues:
        days = np.maximum.accumulate(days, axis=0)
    return days.view("datetime64[D]") if days.flags.c_contiguous else days.astype("datetime64[D]")


def _lane_months(fold: LaneFold, rows: int) -> npt.NDArray[np.int32]:
    """Return the month of each due date, counted from 1970."""
    paid = fold.field.ground.paid.view("datetime64[D]").astype("datetime64[M]")
    months: npt.NDArray[np.int32] = paid.astype(np.int32).T[1 : rows + 1]
    return np.take(months, fold.line, axis=1)


def _lane_last_days(fold: LaneFold) -> npt.NDArray[np.datetime64]:
    """Return the day on which the last row of each lane is paid."""
    ground = fold.field.ground
    row = np.maximum(fold.ends, 0)
    if ground.paid is not ground.dues:
        days_of_rows = _lane_days(fold, int(row.max(initial=0)) + 1)
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
