"""What lanes have walked, gathered: loans folded apart put side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.dates.days import NAT
from repaylib.portfolio.book.rejects import Reject
from repaylib.portfolio.book.row_arrays import Cells
from repaylib.portfolio.vectorised.days import days_of, last_days_of, months_of, numbers_of
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
        singly=int((single.counts > 0).sum()),
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
            number[:height, one.places[fold.columns]] = numbers_of(fold, height)
    number[np.arange(rows)[:, None] >= counts] = 0
    own = single.numbers()
    number[: len(own), alone] = own
    return number


def _months(walked: Sequence[Walked], rows: int, loans: int) -> npt.NDArray[np.integer]:
    """Return the month of each row; of all loans, if they share their days."""
    if len(walked) == 1 and len(np.unique(walked[0].all("line"))) == 1:
        return months_of(walked[0].folds[0], rows)[:, 0]
    months = np.zeros((rows, loans), dtype=np.int32)
    for one in walked:
        for fold in one.folds:
            height = min(rows, fold.rows)
            months[:height, one.places[fold.columns]] = months_of(fold, height)
            months[height:, one.places[fold.columns]] = months[0, one.places[fold.columns]]
    return months


def _ends(walked: Sequence[Walked], alone: Ints, single: Cells, counts: Ints) -> Days:
    """Return the day of the last row of each loan."""
    ends = np.full(len(counts), NAT)
    for one in walked:
        for fold in one.folds:
            ends[one.places[fold.columns]] = last_days_of(fold)
    ends[counts == 0] = NAT
    ends[alone] = single.last_days()
    return ends


def _dates(walked: Sequence[Walked], alone: Ints, single: Cells, counts: Ints, rows: int) -> Days:
    """Return the day of each row; NaT after the end."""
    dates = np.full((rows, len(counts)), NAT)
    for one in walked:
        for fold in one.folds:
            height = min(rows, fold.rows)
            dates[:height, one.places[fold.columns]] = days_of(fold, height)
    dates[np.arange(rows)[:, None] >= counts] = NAT
    own = single.dates()
    dates[: len(own), alone] = own
    return dates
