"""A book of loans folded in lanes: sorted into fields, walked, and gathered as arrays.

What lanes do not take is folded loan by loan by the engine; the cents are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

import numpy as np

from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.errors import RepayError
from repaylib.money.rounding_arrays import undisturbed
from repaylib.portfolio.book.changes import PortfolioChange
from repaylib.portfolio.book.loan_by_loan import row_arrays_of, schedules_of
from repaylib.portfolio.book.portfolio import Portfolio
from repaylib.portfolio.book.rejects import Reject
from repaylib.portfolio.book.row_arrays import RowArrays
from repaylib.portfolio.threads import in_threads, processors
from repaylib.portfolio.vectorised.changes import (
    NEVER,
    LaneChange,
    ParsedChange,
    Variant,
    effective_days,
    parse_change,
    rate_end_days,
)
from repaylib.portfolio.vectorised.due_dates import DueDateTable, Parts, due_date_table
from repaylib.portfolio.vectorised.fold import LaneFold
from repaylib.portfolio.vectorised.gather import FoldedGroup, gather
from repaylib.portfolio.vectorised.kernel_numpy import WORTH
from repaylib.portfolio.vectorised.loan_groups import Grouping, LoanGroup, group_loans, rates_of
from repaylib.portfolio.vectorised.output import OutputArrays
from repaylib.portfolio.vectorised.state import GroupContext, Rates
from repaylib.rates.rate import Rate
from repaylib.typing import Bools, Ints

__all__ = ["BookFold"]


#: Rows beyond the payments that are agreed, for terms that float.
SPARE = 60
#: Sums of interest up to which lanes count: others are left to the engine, which may refuse them.
LARGEST_SUM = 2.0**61
#: Fewer rows, times the steepest interest of a row, cannot come to it: no amount comes to ``2**53``.
FAR = 2**8
#: Lanes that are walked together: few enough for the cache, many enough for a call of numpy.
BLOCK = 16_384


class BookFold:
    """A book with its changes, ready to be folded part by part.

    Parameters
    ----------
    book
        The loans.
    changes
        The changes of the loans, in this order.
    """

    __slots__ = ("_book", "_changes", "_compiled", "_grouping", "_known", "_known_due_dates")

    def __init__(self, book: Portfolio, changes: Sequence[PortfolioChange]) -> None:
        self._book = book
        self._changes = changes
        self._grouping = group_loans(book)
        self._compiled = True if int(book.payments.sum()) >= WORTH else None
        self._known: dict[tuple[int, tuple[Fraction, ...]], tuple[Rates, Ints]] = {}
        self._known_due_dates: dict[tuple[int, int], DueDateTable | None] = {}

    @property
    def sorted(self) -> Grouping:
        """Where each loan stands."""
        return self._grouping

    @undisturbed
    def fold(self, low: int, high: int) -> RowArrays:
        """Fold the loans from row `low` to before `high`.

        Raises
        ------
        RepayError
            For a change that cannot be made, with its row, unless the book collects such loans.
        """
        rows = slice(low, high)
        parsed_changes = [
            parse_change(change.take(rows), self._book.decimals[rows]) for change in self._changes
        ]
        group = self._grouping.group[rows].copy()
        for parsed in parsed_changes:
            group[parsed.variant == Variant.FALLBACK] = -1
        one_by_one = (group < 0) & self._book.kept[rows]
        folded = []
        for number in np.unique(group[group >= 0]).tolist():
            own = np.flatnonzero(group == number)
            for indices in _by_variants(parsed_changes, own):
                one = self._walk(number, low, indices, parsed_changes)
                if one is None:
                    one_by_one[indices] = True
                    continue
                one_by_one[indices[one.all("fallback")]] = True
                folded.append(one)
        schedules, rejects = self._one_by_one(low, high, np.flatnonzero(one_by_one))
        return gather(folded, schedules, rejects, high - low)

    def _walk(
        self, number: int, low: int, indices: Ints, parsed_changes: Sequence[ParsedChange]
    ) -> FoldedGroup | None:
        """Walk lanes of one field that have the same variant of every change."""
        book, sorted_ = self._book, self._grouping
        group = sorted_.groups[number]
        timetable_of = sorted_.timetable_of[low + indices]
        payments = book.payments[low + indices]
        used = [(parsed, int(parsed.variant[indices].max())) for parsed in parsed_changes]
        used = [(parsed, variant) for parsed, variant in used if variant >= 0]
        if _rates_overlap(used) or (used and group.program.method == "flat"):
            return None
        more = [_nominal(group, rate) for parsed, _ in used for rate in parsed.rates]
        if any(rate < 0 for rate in more):
            return None
        rates, codes = self._rates(number, tuple(more))
        rows = _room(payments, used, indices)
        due_dates = self._due_dates(number, max(rows, group.program.over or 0) + 2)
        if due_dates is None:
            return None
        refused = _unknown(due_dates, timetable_of, payments + rows - int(payments.max()))
        lasts = partial(self._last_numbers, number, low, indices)
        changes = _compiled(used, indices, group, due_dates, timetable_of, codes, refused, lasts)
        context = GroupContext(group.program, due_dates, Parts(due_dates), rates)
        output = OutputArrays(rows, len(indices))
        rate = codes[book.rate_codes[low + indices]]
        principal, given = book.principal[low + indices], sorted_.given[low + indices]

        count = -(-len(indices) // BLOCK)
        threads = min(processors(), count) if count > 1 else 1
        size = -(-len(indices) // (-(-count // threads) * threads))  # as many for each thread

        def block(left: int) -> LaneFold:
            own = slice(left, left + size)

            fold = LaneFold(
                context,
                timetable_of[own],
                rate[own],
                principal[own],
                payments[own],
                output,
                left,
                [change.part(own) for change in changes],
                compiled=self._compiled,
            )
            fold.fall_back(np.flatnonzero(refused[own]))
            fold.run(given[own])
            return fold

        folds = in_threads(block, range(0, len(indices), size), threads)
        if rows * float(rates.approx.max() * due_dates.shares.max()) >= FAR:  # sums may leave int64
            for fold in folds:
                sums = fold.accrued.sum(axis=0, dtype=np.float64)
                fold.fall_back(np.flatnonzero(sums >= LARGEST_SUM))
        return FoldedGroup(output, folds, indices)

    def _last_numbers(
        self, number: int, low: int, indices: Ints, parsed_changes: Sequence[ParsedChange]
    ) -> Ints:
        """Return the number of the last due date of each lane with some of the changes; 0 if unknown."""
        folded = self._walk(number, low, indices, parsed_changes)
        if folded is None:
            return np.zeros(len(indices), dtype=np.int64)
        ends, inserted = folded.all("ends"), folded.all("inserted")
        return np.where(folded.all("fallback"), 0, ends + 1 - inserted)

    def _rates(self, number: int, more: tuple[Fraction, ...]) -> tuple[Rates, Ints]:
        """Return the distinct rates of a group and of its changes, and the index of each."""
        key = number, more
        if key not in self._known:
            self._known[key] = rates_of(self._grouping.groups[number], more)
        return self._known[key]

    def _due_dates(self, number: int, periods: int) -> DueDateTable | None:
        """Return the due dates of a group; ``None`` if they end before."""
        key = number, periods
        if key not in self._known_due_dates:
            try:
                self._known_due_dates[key] = due_date_table(
                    self._grouping.groups[number].accruals, periods
                )
            except RepayError:
                self._known_due_dates[key] = None
        return self._known_due_dates[key]

    def _one_by_one(
        self, low: int, high: int, indices: Ints
    ) -> tuple[tuple[Ints, RowArrays], list[Reject]]:
        """Fold loans one by one; note those refused, if the book collects them."""
        missing = [reject for reject in self._book.rejects if low <= reject.row < high]
        rows = (low + indices).tolist()
        schedules, rejects = schedules_of(self._book, self._changes, rows)
        return (indices, row_arrays_of(schedules)), [*missing, *rejects]


def _compiled(
    used: Sequence[tuple[ParsedChange, int]],
    indices: Ints,
    group: LoanGroup,
    due_dates: DueDateTable,
    timetable_of: Ints,
    codes: Ints,
    refused: Bools,
    last_numbers: Callable[[Sequence[ParsedChange]], Ints],
) -> list[LaneChange]:
    """Place changes in time, with the rates of `codes`; note lanes in which one is refused.

    `last_numbers` returns the number of the last due date of each lane after some changes.
    """
    after = len(group.rates)
    changes: list[LaneChange] = []
    for turn, (parsed, variant) in enumerate(used):
        new = np.append(codes[after : after + len(parsed.rates)], -1)
        after += len(parsed.rates)
        present = parsed.variant[indices] == variant
        day = effective_days(parsed, indices, present, due_dates, timetable_of, changes, refused)
        end = rate_end_days(
            parsed, indices, present, due_dates, timetable_of, changes, refused, day
        )
        by_number = present & (parsed.until_payment[indices] > 0)
        if by_number.any():  # it must be one of the schedule that is changed
            last = last_numbers([event for event, _ in used[:turn]])
            refused |= by_number & (parsed.until_payment[indices] > last)
        for earlier in changes:  # it was agreed on a schedule that knew nothing of this one
            sooner = parsed.variants[variant].turn < earlier.change.turn
            before = (day < earlier.day) | (sooner & (day == earlier.day))
            refused |= before & (earlier.day < NEVER)
        if group.moves_days:
            refused |= present & (parsed.day[indices] < NEVER)
        changes.append(
            LaneChange(
                parsed.variants[variant],
                day,
                end,
                parsed.amount[indices],
                parsed.count[indices],
                new[parsed.rate[indices]],
            )
        )
    return changes


def _by_variants(parsed_changes: Sequence[ParsedChange], own: Ints) -> list[Ints]:
    """Split lanes so that those of a part have the same variant of every change."""
    parts = [own]
    for parsed in parsed_changes:
        if len(parsed.variants) > 1:
            parts = [
                part[parsed.variant[part] == variant]
                for part in parts
                for variant in np.unique(parsed.variant[part]).tolist()
            ]
    return parts


def _nominal(group: LoanGroup, rate: Rate) -> Fraction:
    return rate.nominal(group.period_length)


def _rates_overlap(used: Sequence[tuple[ParsedChange, int]]) -> bool:
    """Whether a rate may end while another one, of a later change, still runs."""
    made = [parsed.variants[variant] for parsed, variant in used]
    ends = any(isinstance(change, RateChange) and change.until is not None for change in made)
    return ends and sum(isinstance(change, RateChange | Rescheduling) for change in made) > 1


def _unknown(due_dates: DueDateTable, timetable_of: Ints, most: Ints) -> Bools:
    """Return which lanes may have one of `most` due dates in a year whose holidays are not known."""
    refused = np.zeros(len(timetable_of), dtype=np.bool_)
    for number in np.unique(timetable_of).tolist():
        business = due_dates.accruals[number].timetable.conventions.business
        if business is None or business.calendar.years is None:
            continue
        paid = due_dates.paid[number].astype("datetime64[D]").tolist()
        own = timetable_of == number
        for last in np.unique(most[own]).tolist():
            if not business.calendar.knows(paid[1], paid[last]):
                refused |= own & (most == last)
    return refused


def _room(payments: Ints, used: Sequence[tuple[ParsedChange, int]], indices: Ints) -> int:
    """Return how many rows there must be room for."""
    rows = most = int(payments.max())
    for parsed, variant in used:
        change = parsed.variants[variant]
        rows += 1
        if parsed.count[indices].any():
            rows += int(parsed.count[indices].max())
        if getattr(change, "hold", None) == "payment" or isinstance(change, Rescheduling):
            rows += SPARE + most // 2
    return rows
