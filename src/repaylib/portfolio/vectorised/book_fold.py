"""A book of loans folded in lanes: sorted into fields, walked, and gathered as arrays.

What lanes do not take is folded loan by loan by the engine; the cents are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.errors import RepayError
from repaylib.money.rounding_arrays import undisturbed
from repaylib.portfolio.book.changes import PortfolioChange
from repaylib.portfolio.book.loan_by_loan import cells_of, schedules_of
from repaylib.portfolio.book.portfolio import Portfolio
from repaylib.portfolio.book.rejects import Reject
from repaylib.portfolio.book.row_arrays import Cells
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
from repaylib.portfolio.vectorised.due_dates import Ground, Parts, ground_of
from repaylib.portfolio.vectorised.fold import LaneFold
from repaylib.portfolio.vectorised.gather import Walked, gather
from repaylib.portfolio.vectorised.kernel_numpy import WORTH
from repaylib.portfolio.vectorised.loan_groups import Sorted, Strip, rates_of, sort_book
from repaylib.portfolio.vectorised.output import Sheet
from repaylib.portfolio.vectorised.state import Field, Rates
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
        What is done to them, in this order.
    """

    __slots__ = ("_book", "_changes", "_compiled", "_grounds", "_known", "_sorted")

    def __init__(self, book: Portfolio, changes: Sequence[PortfolioChange]) -> None:
        self._book = book
        self._changes = changes
        self._sorted = sort_book(book)
        self._compiled = True if int(book.payments.sum()) >= WORTH else None
        self._known: dict[tuple[int, tuple[Fraction, ...]], tuple[Rates, Ints]] = {}
        self._grounds: dict[tuple[int, int], Ground | None] = {}

    @property
    def sorted(self) -> Sorted:
        """Where each loan stands."""
        return self._sorted

    @undisturbed
    def fold(self, low: int, high: int) -> Cells:
        """Fold the loans from row `low` to before `high`.

        Raises
        ------
        RepayError
            For a change that cannot be made, with its row, unless the book collects such loans.
        """
        rows = slice(low, high)
        parsed_changes = [
            parse_change(change.take(rows), self._book.places[rows]) for change in self._changes
        ]
        strip = self._sorted.strip[rows].copy()
        for parsed in parsed_changes:
            strip[parsed.variant == Variant.FALLBACK] = -1
        singly = (strip < 0) & self._book.kept[rows]
        walked = []
        for number in np.unique(strip[strip >= 0]).tolist():
            mine = np.flatnonzero(strip == number)
            for places in _by_variants(parsed_changes, mine):
                one = self._walk(number, low, places, parsed_changes)
                if one is None:
                    singly[places] = True
                    continue
                singly[places[one.all("given_up")]] = True
                walked.append(one)
        schedules, rejects = self._one_by_one(low, high, np.flatnonzero(singly))
        return gather(walked, schedules, rejects, high - low)

    def _walk(
        self, number: int, low: int, places: Ints, parsed_changes: Sequence[ParsedChange]
    ) -> Walked | None:
        """Walk lanes of one field that have the same variant of every change."""
        book, sorted_ = self._book, self._sorted
        strip = sorted_.strips[number]
        line = sorted_.line[low + places]
        payments = book.payments[low + places]
        used = [(parsed, int(parsed.variant[places].max())) for parsed in parsed_changes]
        used = [(parsed, variant) for parsed, variant in used if variant >= 0]
        if _rates_overlap(used) or (used and strip.program.method == "flat"):
            return None
        more = [_nominal(strip, rate) for parsed, _ in used for rate in parsed.rates]
        if any(rate < 0 for rate in more):
            return None
        rates, codes = self._rates(number, tuple(more))
        rows = _room(payments, used, places)
        ground = self._ground(number, max(rows, strip.program.over or 0) + 2)
        if ground is None:
            return None
        after = len(strip.rates)
        changes: list[LaneChange] = []
        refused = _unknown(ground, line, payments + rows - int(payments.max()))
        for turn, (parsed, variant) in enumerate(used):
            new = np.append(codes[after : after + len(parsed.rates)], -1)
            after += len(parsed.rates)
            there = parsed.variant[places] == variant
            day = effective_days(parsed, places, there, ground, line, changes, refused)
            end = rate_end_days(parsed, places, there, ground, line, changes, refused, day)
            by_number = there & (parsed.until_payment[places] > 0)
            if by_number.any():  # it must be one of the schedule that is changed
                last = self._last_numbers(number, low, places, [each for each, _ in used[:turn]])
                refused |= by_number & (parsed.until_payment[places] > last)
            for earlier in changes:  # it was agreed on a schedule that knew nothing of this one
                sooner = parsed.variants[variant].turn < earlier.change.turn
                before = (day < earlier.day) | (sooner & (day == earlier.day))
                refused |= before & (earlier.day < NEVER)
            if strip.moves_days:
                refused |= there & (parsed.day[places] < NEVER)
            changes.append(
                LaneChange(
                    parsed.variants[variant],
                    day,
                    end,
                    parsed.amount[places],
                    parsed.count[places],
                    new[parsed.rate[places]],
                )
            )
        field = Field(strip.program, ground, Parts(ground), rates)
        sheet = Sheet(rows, len(places))
        rate = codes[book.rate_codes[low + places]]
        principal, given = book.principal[low + places], sorted_.given[low + places]

        count = -(-len(places) // BLOCK)
        threads = min(processors(), count) if count > 1 else 1
        size = -(-len(places) // (-(-count // threads) * threads))  # as many for each thread

        def block(left: int) -> LaneFold:
            mine = slice(left, left + size)

            fold = LaneFold(
                field,
                line[mine],
                rate[mine],
                principal[mine],
                payments[mine],
                sheet,
                left,
                [change.part(mine) for change in changes],
                compiled=self._compiled,
            )
            fold.give_up(np.flatnonzero(refused[mine]))
            fold.run(given[mine])
            return fold

        folds = in_threads(block, range(0, len(places), size), threads)
        if rows * float(rates.near.max() * ground.shares.max()) >= FAR:  # sums may leave int64
            for fold in folds:
                sums = fold.accrued.sum(axis=0, dtype=np.float64)
                fold.give_up(np.flatnonzero(sums >= LARGEST_SUM))
        return Walked(sheet, folds, places)

    def _last_numbers(
        self, number: int, low: int, places: Ints, parsed_changes: Sequence[ParsedChange]
    ) -> Ints:
        """Return the number of the last due date of each lane with some of the changes; 0 if unknown."""
        walked = self._walk(number, low, places, parsed_changes)
        if walked is None:
            return np.zeros(len(places), dtype=np.int64)
        ends, inserted = walked.all("ends"), walked.all("inserted")
        return np.where(walked.all("given_up"), 0, ends + 1 - inserted)

    def _rates(self, number: int, more: tuple[Fraction, ...]) -> tuple[Rates, Ints]:
        """Return the rates of a field and of its changes, each once, and the place of each."""
        key = number, more
        if key not in self._known:
            self._known[key] = rates_of(self._sorted.strips[number], more)
        return self._known[key]

    def _ground(self, number: int, periods: int) -> Ground | None:
        """Return the ground of a field; ``None`` if its due dates end before."""
        key = number, periods
        if key not in self._grounds:
            try:
                self._grounds[key] = ground_of(self._sorted.strips[number].accruals, periods)
            except RepayError:
                self._grounds[key] = None
        return self._grounds[key]

    def _one_by_one(
        self, low: int, high: int, places: Ints
    ) -> tuple[tuple[Ints, Cells], list[Reject]]:
        """Fold loans by themselves; note what is refused, if the book collects that."""
        gone = [each for each in self._book.rejects if low <= each.row < high]
        rows = (low + places).tolist()
        schedules, rejects = schedules_of(self._book, self._changes, rows)
        return (places, cells_of(schedules)), [*gone, *rejects]


def _by_variants(parsed_changes: Sequence[ParsedChange], mine: Ints) -> list[Ints]:
    """Split lanes so that those of a part have the same variant of every change."""
    parts = [mine]
    for parsed in parsed_changes:
        if len(parsed.variants) > 1:
            parts = [
                part[parsed.variant[part] == variant]
                for part in parts
                for variant in np.unique(parsed.variant[part]).tolist()
            ]
    return parts


def _nominal(strip: Strip, rate: Rate) -> Fraction:
    return rate.nominal(strip.period_length)


def _rates_overlap(used: Sequence[tuple[ParsedChange, int]]) -> bool:
    """Whether a rate may end while another one, of a later change, still runs."""
    made = [parsed.variants[variant] for parsed, variant in used]
    ends = any(isinstance(change, RateChange) and change.until is not None for change in made)
    return ends and sum(isinstance(change, RateChange | Rescheduling) for change in made) > 1


def _unknown(ground: Ground, line: Ints, most: Ints) -> Bools:
    """Return which lanes may have one of `most` due dates in a year whose holidays are not known."""
    refused = np.zeros(len(line), dtype=np.bool_)
    for number in np.unique(line).tolist():
        business = ground.accruals[number].timetable.conventions.business
        if business is None or business.calendar.years is None:
            continue
        paid = ground.paid[number].astype("datetime64[D]").tolist()
        mine = line == number
        for last in np.unique(most[mine]).tolist():
            if not business.calendar.knows(paid[1], paid[last]):
                refused |= mine & (most == last)
    return refused


def _room(payments: Ints, used: Sequence[tuple[ParsedChange, int]], places: Ints) -> int:
    """Return how many rows there must be room for."""
    rows = most = int(payments.max())
    for parsed, variant in used:
        change = parsed.variants[variant]
        rows += 1
        if parsed.count[places].any():
            rows += int(parsed.count[places].max())
        if getattr(change, "hold", None) == "payment" or isinstance(change, Rescheduling):
            rows += SPARE + most // 2
    return rows
