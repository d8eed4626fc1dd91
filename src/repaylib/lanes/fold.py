"""A book of loans folded in lanes: sorted into fields, walked, and gathered as arrays.

What lanes do not take is folded loan by loan by the engine; the cents are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.arrays import Integers
from repaylib.bookchanges import BookChange
from repaylib.cells import Cells
from repaylib.changes import RateChange, Rescheduling
from repaylib.column import Ints
from repaylib.errors import RepayError
from repaylib.lanes.changes import NEVER, LaneChange
from repaylib.lanes.fields import Strip, rates_of, sort_book
from repaylib.lanes.ground import Ground, Parts, ground_of
from repaylib.lanes.sheet import Sheet
from repaylib.lanes.state import Field, Rates
from repaylib.lanes.walk import LaneFold
from repaylib.lanes.words import Read, read_change
from repaylib.portfolio import Portfolio
from repaylib.rates import Rate
from repaylib.rejects import Reject
from repaylib.schedule import Schedule
from repaylib.singly import cells_of, schedule_of

__all__ = ["BookFold"]

Dates = npt.NDArray[np.datetime64]
Truths = npt.NDArray[np.bool_]

NAT = np.datetime64("NaT", "D")
#: Rows beyond the payments that are agreed, for terms that float.
SPARE = 60
#: Lanes that are walked together: few enough for the cache, many enough for a call of numpy.
BLOCK = 16_384
THREADS = 2


class _Walked(NamedTuple):
    """Folds of loans of a field side by side on a sheet, and where they stand among those asked for."""

    sheet: Sheet
    folds: Sequence[LaneFold]
    places: Integers

    def all(self, name: str) -> Integers:
        """Return an array of the state of all lanes."""
        found: Integers = np.concatenate([getattr(fold, name) for fold in self.folds])
        return found


class BookFold:
    """A book with its changes, ready to be folded part by part.

    Parameters
    ----------
    book
        The loans.
    changes
        What is done to them, in this order.
    """

    __slots__ = ("_book", "_changes", "_grounds", "_known", "_sorted")

    def __init__(self, book: Portfolio, changes: Sequence[BookChange]) -> None:
        self._book = book
        self._changes = changes
        self._sorted = sort_book(book)
        self._known: dict[tuple[int, tuple[Fraction, ...]], tuple[Rates, Integers]] = {}
        self._grounds: dict[tuple[int, int], Ground | None] = {}

    def fold(self, low: int, high: int) -> Cells:
        """Fold the loans from row `low` to before `high`.

        Raises
        ------
        RepayError
            For a change that cannot be made, with its row, unless the book collects such loans.
        """
        rows = slice(low, high)
        reads = [
            read_change(change.take(rows), self._book.places[rows]) for change in self._changes
        ]
        strip = self._sorted.strip[rows].copy()
        for read in reads:
            strip[read.kind == -2] = -1
        singly = (strip < 0) & self._book.kept[rows]
        walked = []
        for number in np.unique(strip[strip >= 0]).tolist():
            mine = np.flatnonzero(strip == number)
            for places in _by_kinds(reads, mine):
                one = self._walk(number, low, places, reads)
                if one is None:
                    singly[places] = True
                    continue
                singly[places[one.all("given_up")]] = True
                walked.append(one)
        schedules, rejects = self._one_by_one(low, high, np.flatnonzero(singly))
        return _gather(walked, schedules, rejects, high - low)

    def _walk(
        self, number: int, low: int, places: Integers, reads: Sequence[Read]
    ) -> _Walked | None:
        """Walk lanes of one field whose changes have the same words."""
        book, sorted_ = self._book, self._sorted
        strip = sorted_.strips[number]
        line = sorted_.line[low + places]
        payments = book.payments[low + places]
        used = [(read, int(read.kind[places].max())) for read in reads]
        used = [(read, kind) for read, kind in used if kind >= 0]
        if _rates_overlap(used):
            return None
        more = [_nominal(strip, rate) for read, _ in used for rate in read.rates]
        if any(rate < 0 for rate in more):
            return None
        rates, codes = self._rates(number, tuple(more))
        rows = _room(payments, used, places)
        ground = self._ground(number, max(rows, strip.program.over or 0) + 2)
        if ground is None:
            return None
        after = len(strip.rates)
        changes: list[LaneChange] = []
        refused = np.zeros(len(places), dtype=np.bool_)
        for read, kind in used:
            new = np.append(codes[after : after + len(read.rates)], -1)
            after += len(read.rates)
            there = read.kind[places] == kind
            day = _placed(read, places, there, ground, line, changes, refused)
            until = _until(read, places, there, ground, line, changes, refused, day)
            for earlier in changes:  # it was agreed on a schedule that knew nothing of this one
                refused |= (day < earlier.day) & (earlier.day < NEVER)
            if strip.moves_days:
                refused |= there & (read.day[places] < NEVER)
            changes.append(
                LaneChange(
                    read.kinds[kind],
                    day,
                    until,
                    read.amount[places],
                    read.number[places],
                    new[read.rate[places]],
                )
            )
        field = Field(strip.program, ground, Parts(ground), rates)
        sheet = Sheet(rows, len(places))
        rate = codes[book.rate_codes[low + places]]
        principal, given = book.principal[low + places], sorted_.given[low + places]

        def block(left: int) -> LaneFold:
            mine = slice(left, left + BLOCK)
            parts = [change.part(mine) for change in changes]
            fold = LaneFold(
                field, line[mine], rate[mine], principal[mine], payments[mine], sheet, left, parts
            )
            fold.give_up(np.flatnonzero(refused[mine]))
            fold.run(given[mine])
            return fold

        firsts = range(0, len(places), BLOCK)
        threads = min(THREADS, len(firsts))
        with ThreadPoolExecutor(threads) if threads > 1 else nullcontext() as pool:
            folds = list((map if pool is None else pool.map)(block, firsts))
        return _Walked(sheet, folds, places)

    def _rates(self, number: int, more: tuple[Fraction, ...]) -> tuple[Rates, Integers]:
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
        self, low: int, high: int, places: Integers
    ) -> tuple[tuple[Integers, Cells], list[Reject]]:
        """Fold loans by themselves; set aside those that cannot be, if the book collects them."""
        schedules: list[Schedule | None] = []
        rejects = [each for each in self._book.rejects if low <= each.row < high]
        for place in places.tolist():
            try:
                schedules.append(schedule_of(self._book, self._changes, low + place))
            except RepayError as error:
                if self._book.errors == "raise":
                    raise
                rejects.append(Reject.of(error, low + place))
                schedules.append(None)
        return (places, cells_of(schedules)), rejects


def _by_kinds(reads: Sequence[Read], mine: Integers) -> list[Integers]:
    """Split lanes so that those of each part have the same words in every change."""
    parts = [mine]
    for read in reads:
        if len(read.kinds) > 1:
            parts = [
                part[read.kind[part] == kind]
                for part in parts
                for kind in np.unique(read.kind[part]).tolist()
            ]
    return parts


def _nominal(strip: Strip, rate: Rate) -> Fraction:
    return rate.nominal(strip.program.accrual.timetable.pace)


def _rates_overlap(used: Sequence[tuple[Read, int]]) -> bool:
    """Whether a rate may end while another one, of a later change, still runs."""
    kinds = [read.kinds[kind] for read, kind in used]
    ends = any(isinstance(kind, RateChange) and kind.until is not None for kind in kinds)
    return ends and sum(isinstance(kind, RateChange | Rescheduling) for kind in kinds) > 1


def _room(payments: Integers, used: Sequence[tuple[Read, int]], places: Integers) -> int:
    """Return how many rows there must be room for."""
    rows = most = int(payments.max())
    for read, kind in used:
        words = read.kinds[kind]
        rows += 1
        if read.number[places].any():
            rows += int(read.number[places].max())
        if getattr(words, "hold", None) == "payment" or isinstance(words, Rescheduling):
            rows += SPARE + most // 2
    return rows


def _placed(
    read: Read,
    places: Integers,
    there: Truths,
    ground: Ground,
    line: Integers,
    earlier: Sequence[LaneChange],
    refused: Truths,
) -> Integers:
    """Return the day of a change, as :mod:`repaylib.places` has it; note where there is none."""
    day = np.where(there, read.day[places], NEVER)
    by_number = there & (read.payment[places] > 0)
    day = _opens(read.payment[places], by_number, day, ground, line, earlier, refused)
    refused |= there & ((day == NEVER) | (day < ground.dues[line, 0]))
    return day


def _until(
    read: Read,
    places: Integers,
    there: Truths,
    ground: Ground,
    line: Integers,
    earlier: Sequence[LaneChange],
    refused: Truths,
    day: Integers,
) -> Integers:
    """Return the day on which a rate ends again."""
    end = np.where(there, read.until_day[places], NEVER)
    if isinstance(read.kinds[0], RateChange):
        by_number = there & (read.until_payment[places] > 0)
        end = _opens(read.until_payment[places], by_number, end, ground, line, earlier, refused)
        refused |= there & (end <= day)
    return np.where(there & (day < NEVER), end, NEVER)


def _opens(
    number: Integers,
    where: Truths,
    day: Integers,
    ground: Ground,
    line: Integers,
    earlier: Sequence[LaneChange],
    refused: Truths,
) -> Integers:
    """Return the days from which instalments stand by their number, where they are asked for."""
    beyond = where & (number > ground.periods)
    refused |= beyond
    before = np.clip(number - 1, 0, ground.periods)
    opens = ground.dues[line, before]
    closes = ground.dues[line, np.clip(number, 0, ground.periods)]
    for change in earlier:
        if isinstance(change.words, Rescheduling):
            within = (change.day >= opens) & (change.day < closes)
            opens = np.where(within, change.day, opens)
    return np.where(where, opens, day)


# -- gathering ----------------------------------------------------------------------------


def _gather(
    walked: Sequence[_Walked],
    singles: tuple[Integers, Cells],
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


def _kept(sheet: Sheet, name: str) -> Integers | None:
    if name in ("accrued", "closing"):
        return sheet.accrued if name == "accrued" else sheet.closing
    return sheet.rare.get(name)


def _whole(walked: Sequence[_Walked], loans: int, name: str) -> Integers | None:
    """Return the column of the only fold, if it holds all loans."""
    if len(walked) != 1 or len(walked[0].places) != loans:
        return None
    return _kept(walked[0].sheet, name)


def _numbers(
    walked: Sequence[_Walked], alone: Integers, single: Cells, counts: Integers, rows: int
) -> npt.NDArray[np.int32]:
    """Return the number of the due date of each row; 0 for none."""
    number = np.zeros((rows, len(counts)), dtype=np.int32)
    for one in walked:
        for fold in one.folds:
            height = min(rows, fold.rows)
            number[:height, one.places[fold.columns]] = fold.numbers(height)
    number[np.arange(rows)[:, None] >= counts] = 0
    own = single.numbers()
    number[: len(own), alone] = own
    return number


def _months(walked: Sequence[_Walked], rows: int, loans: int) -> npt.NDArray[np.integer]:
    """Return the month of each row; of all loans, if they share their days."""
    if len(walked) == 1 and len(np.unique(walked[0].all("line"))) == 1:
        return walked[0].folds[0].months(rows)[:, 0]
    months = np.zeros((rows, loans), dtype=np.int32)
    for one in walked:
        for fold in one.folds:
            height = min(rows, fold.rows)
            months[:height, one.places[fold.columns]] = fold.months(height)
            months[height:, one.places[fold.columns]] = months[0, one.places[fold.columns]]
    return months


def _ends(walked: Sequence[_Walked], alone: Integers, single: Cells, counts: Integers) -> Dates:
    """Return the day of the last row of each loan."""
    ends = np.full(len(counts), NAT)
    for one in walked:
        for fold in one.folds:
            ends[one.places[fold.columns]] = fold.last_days()
    ends[counts == 0] = NAT
    ends[alone] = single.last_days()
    return ends


def _dates(
    walked: Sequence[_Walked], alone: Integers, single: Cells, counts: Integers, rows: int
) -> Dates:
    """Return the day of each row; NaT after the end."""
    dates = np.full((rows, len(counts)), NAT)
    for one in walked:
        for fold in one.folds:
            height = min(rows, fold.rows)
            dates[:height, one.places[fold.columns]] = fold.days(height)
    dates[np.arange(rows)[:, None] >= counts] = NAT
    own = single.dates()
    dates[: len(own), alone] = own
    return dates
