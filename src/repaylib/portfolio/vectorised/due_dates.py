"""The due dates and shares of a year of many loans, each distinct timetable once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.dates.accrual import Accrual
from repaylib.typing import Floats, Ints

__all__ = ["EPOCH", "DueDateTable", "Parts", "due_date_table"]

#: Days are counted from here, as numpy counts them.
EPOCH = date(1970, 1, 1).toordinal()

ONE = Fraction(1)


class DueDateTable(NamedTuple):
    """Due dates and shares of a year; line t is a timetable, column k a due date or its period.

    Attributes
    ----------
    accruals
        The timetables under their day counts.
    dues
        Due dates as days since 1970; 0 is the start.
    numerators, denominators
        The share of a year of each period, as a numerator and a denominator; 0 for column 0.
    shares
        The same as the nearest ``float64``.
    paid
        Days on which due dates are paid; the same array, if no business days move them.
    odd
        Which periods have another denominator than the last one of their line.
    last_day
        Which lines count the last day of a segment, and not the first, except for that of disbursement.
    """

    accruals: Sequence[Accrual]
    dues: Ints
    numerators: Ints
    denominators: Ints
    shares: Floats
    paid: Ints
    odd: npt.NDArray[np.bool_]
    last_day: npt.NDArray[np.bool_]

    @property
    def periods(self) -> int:
        """Number of the last due date that is known."""
        return int(self.dues.shape[1]) - 1

    @property
    def constant(self) -> bool:
        """Whether every period but the odd ones is the same share of a year, on every line."""
        regular = np.where(self.odd[:, 1:], self.shares[-1, -1], self.shares[:, 1:])
        return bool((regular == self.shares[-1, -1]).all())


def due_date_table(accruals: Sequence[Accrual], periods: int) -> DueDateTable:
    """Return the due dates of timetables, up to a number.

    Raises
    ------
    RepayError
        If a timetable ends before.
    """
    shape = len(accruals), periods + 1
    dues = np.empty(shape, dtype=np.int64)
    numerators = np.zeros(shape, dtype=np.int64)
    denominators = np.ones(shape, dtype=np.int64)
    odd = np.zeros(shape, dtype=np.bool_)
    paid = dues
    if any(accrual.timetable.conventions.business is not None for accrual in accruals):
        paid = np.empty(shape, dtype=np.int64)
    for timetable_of, accrual in enumerate(accruals):
        table = accrual.timetable
        days = table.accrual_dates(0, periods)
        dues[timetable_of] = days.astype(np.int64)
        if paid is not dues:
            paid[timetable_of] = table.adjusted_dates(0, periods).astype(np.int64)
        first = min(accrual.regular_from, periods + 1)
        for period in range(1, first):
            share = accrual.share(
                period, table.accrual_date(period - 1), table.accrual_date(period)
            )
            numerators[timetable_of, period], denominators[timetable_of, period] = (
                share.numerator,
                share.denominator,
            )
        if first <= periods:
            factors, den = accrual.factors(first, periods, ONE)
            numerators[timetable_of, first:] = factors
            denominators[timetable_of, first:] = den
        odd[timetable_of, 1:first] = True
    last_day = np.array([accrual.counted_days != "first" for accrual in accruals], dtype=np.bool_)
    return DueDateTable(
        accruals, dues, numerators, denominators, numerators / denominators, paid, odd, last_day
    )


class Parts:
    """Shares of a year of parts of periods, each distinct one computed once."""

    __slots__ = ("_due_dates", "_known")

    def __init__(self, due_dates: DueDateTable) -> None:
        self._due_dates = due_dates
        self._known: dict[tuple[int, int, int, int], tuple[int, int]] = {}

    def shares(self, timetable_of: Ints, period: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Return the shares from day to day, each pair in period `period` of its line.

        Returns
        -------
        tuple of numpy.ndarray
            Numerators and denominators.
        """
        asked = np.stack([timetable_of, period, start, end])
        order = np.lexsort(asked)
        ordered = asked[:, order]
        fresh = np.ones(len(order), dtype=np.bool_)
        fresh[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
        found = [self._share(*query) for query in ordered[:, fresh].T.tolist()]
        back = np.empty(len(order), dtype=np.int64)
        back[order] = np.cumsum(fresh) - 1
        pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
        return pairs[back, 0], pairs[back, 1]

    def _share(self, timetable_of: int, period: int, start: int, end: int) -> tuple[int, int]:
        asked = (timetable_of, period, start, end)
        if asked not in self._known:
            accrual = self._due_dates.accruals[timetable_of]
            share = ONE * 0
            if end > start:
                share = accrual.share(
                    period, date.fromordinal(start + EPOCH), date.fromordinal(end + EPOCH)
                )
            self._known[asked] = share.numerator, share.denominator
        return self._known[asked]
