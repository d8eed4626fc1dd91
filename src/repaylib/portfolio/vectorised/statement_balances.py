"""What the loans of a book owe on a day, by lanes: sorted, lived through in blocks, and gathered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.arrears.allocation import Allocation
from repaylib.arrears.due_amounts import Kind
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.dates.accrual import Accrual
from repaylib.portfolio.book.row_arrays import Cells
from repaylib.portfolio.vectorised.arrears_state import NEVER, Late, Owing, Terms, round_products
from repaylib.portfolio.vectorised.elapsed_shares import Elapsed, elapsed_of
from repaylib.portfolio.vectorised.loan_groups import Sorted, Strip
from repaylib.portfolio.vectorised.servicing import Lived, Quotes, live
from repaylib.typing import Bools, Ints

__all__ = ["Given", "Reckoned", "reckon"]


#: Loans that are lived through together.
BLOCK = 8_192
#: Sums below it fit ``int64`` with room for what is added to them.
INT64_SUM_LIMIT = 2.0**61
ASKED: tuple[Kind, ...] = ("deferred_interest", "interest", "principal")
#: What lanes do not ask for: a loan with any of it is lived through by itself.
APART = ("fee", "tax", "refund", "penalty")


class Given(NamedTuple):
    """What the lives of all loans go by.

    Attributes
    ----------
    as_of
        The day, counted from 1970.
    allocation, penalty
        The waterfall, and what being late costs.
    changed, turned
        Which loans a change touches; which of them get other rates or due dates by it.
    start, rate
        The first day of each loan, and which of the rates of the book it has.
    loan, on, amount
        What was received: rows of loans, days, and minor units, in the order of loans and days.
    received
        What it comes to for each loan.
    """

    as_of: int
    allocation: Allocation
    penalty: PenaltyTerms | None
    changed: Bools
    turned: Bools
    start: Ints
    rate: Ints
    loan: Ints
    on: Ints
    amount: Ints
    received: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Loans lived through.

    Attributes
    ----------
    places
        Their places in the block.
    lived
        What has fallen due, and what was paid.
    principal, interest
        What is not yet due; -1 where that is not known.
    next_due, next_amount
        The next due date on which something will be asked for, and how much; ``NEVER`` if none.
    """

    places: Ints
    lived: Lived
    principal: Ints
    interest: Ints
    next_due: Ints
    next_amount: Ints


class _Pairs(NamedTuple):
    """Rates of the book over the denominator of a count of days; a numerator of -1 does not fit."""

    tops: Ints
    bottoms: Ints

    @classmethod
    def of(cls, rates: Sequence[Fraction], den: int) -> _Pairs:
        """Return rates divided."""
        pairs = [(each / den).as_integer_ratio() for each in rates]
        pairs = [each if 0 <= max(each) < 2**62 and each[0] >= 0 else (-1, 1) for each in pairs]
        return cls(*np.array(pairs, dtype=np.int64).reshape(-1, 2).T)


class _Rule(NamedTuple):
    """Loans of one strip whose days are counted alike.

    Attributes
    ----------
    strip
        The strip.
    line
        Which of the timetables counted alike each timetable of the strip is; -1 if none.
    own, late
        How days count in a period, if lanes take that, and in arrears, if there is a penalty.
    rates, penalties
        The loan's rates, and the penalty's, over these.
    """

    strip: Strip
    line: Ints
    own: Elapsed | None
    late: Elapsed | None
    rates: _Pairs
    penalties: _Pairs


def reckon(cells: Cells, first: int, sorted_: Sorted, given: Given) -> Iterator[Reckoned]:
    """Live through the loans of some cells, of which `first` is the row of the first.

    Loans that lanes do not take are in none of the answers, or given up in them.
    """
    rows = slice(first, first + len(cells.counts))
    there = (cells.counts > 0) & (given.start[rows] <= given.as_of)
    strip = np.where(there, sorted_.strip[rows], -1)
    if given.penalty is not None:
        strip = np.where(given.turned[rows], -1, strip)
    if (strip < 0).all():
        return
    dates = cells.dates().astype(np.int64)
    dates[~cells.inside] = NEVER
    for number in np.unique(strip[strip >= 0]).tolist():
        of_strip = np.flatnonzero(strip == number)
        for rule in _rules(sorted_.strips[number], given):
            line = rule.line[sorted_.line[first + of_strip]]
            mine, line = of_strip[line >= 0], line[line >= 0]
            for low in range(0, len(mine), BLOCK):
                part = slice(low, low + BLOCK)
                yield _Block(cells, dates, mine[part], first, rule, line[part], given).reckoned()


def _rules(strip: Strip, given: Given) -> Iterator[_Rule]:
    """Split a strip by how its days are counted; what lanes do not take is left out."""
    seen: dict[object, list[int]] = {}
    for place, each in enumerate(strip.accruals):
        regular = each.timetable.tail is None
        key = each.day_count, each.odd_days, each.counted_days, id(each.calendar), regular
        seen.setdefault(key, []).append(place)
    penalty = given.penalty
    for mine in seen.values():
        accruals = [strip.accruals[place] for place in mine]
        own, late, own_rates, late_rates = elapsed_of(accruals, None, given.as_of), None, [], []
        if own is not None:
            own_rates = list(strip.rates)
        if penalty is not None:
            late = elapsed_of(accruals, penalty.day_count, given.as_of)
            if late is None or not _within_periods(penalty.grace_days, accruals):
                continue
            late_rates = [
                penalty.rate_over(rate, strip.period_length) if rate >= 0 else rate
                for rate in strip.rates
            ]
        line = np.full(len(strip.accruals), -1, dtype=np.int64)
        line[mine] = np.arange(len(mine))
        yield _Rule(
            strip,
            line,
            own,
            late,
            _Pairs.of(own_rates, 1 if own is None else own.den),
            _Pairs.of(late_rates, 1 if late is None else late.den),
        )


def _within_periods(grace_days: int, accruals: Sequence[Accrual]) -> bool:
    """Whether days of grace are known to be fewer than those of any period."""
    shortest = [each.timetable.grid.shortest for each in accruals]
    return not grace_days or all(each is not None and grace_days < each for each in shortest)


class _Block:
    """Loans of one strip and one rule, side by side; see :func:`reckon`."""

    def __init__(
        self,
        cells: Cells,
        dates: Ints,
        places: Ints,
        first: int,
        rule: _Rule,
        line: Ints,
        given: Given,
    ) -> None:
        self.cells, self.dates, self.places = cells, dates, places
        self.rule, self.line, self.given = rule, line, given
        self.rows = first + places
        self.rate = given.rate[self.rows]
        self.maturity = dates[cells.counts[places] - 1, places]
        self.lines = int((dates[:, places] <= given.as_of).sum(axis=0).max(initial=0))
        self.due = np.full((self.lines + 1, len(places)), NEVER, dtype=np.int64)
        self.due[:-1] = dates[: self.lines, places]
        part = _part(cells, self.lines, places)
        self.closing = np.vstack([part.principal, part.columns["closing"]])
        self.open = _asked(part)
        self.state = self._state(part)

    def _state(self, part: Cells) -> Owing:
        """Return the loans on their first day."""
        odd = self.given.received[self.rows] + part.principal >= INT64_SUM_LIMIT
        for name in APART:
            if not part.nil(name):
                odd |= (part.column(name) != 0).any(axis=0)
        for table in self.open.values():
            odd |= (table < 0).any(axis=0)
        late, elapsed = None, self.rule.late
        if elapsed is not None and self.given.penalty is not None:
            penalty, rates = self.given.penalty, self.rule.penalties
            terms = Terms(
                elapsed,
                self.line,
                rates.tops[self.rate],
                rates.bottoms[self.rate],
                penalty.grace_days,
                penalty.grace == "end",
                penalty.on_interest,
                penalty.base == "instalment",
            )
            most = np.maximum.reduce([each.max(axis=0) for each in self.open.values()])
            years = (self.given.as_of - self.given.start[self.rows]) / 360 + 1
            odd |= (terms.tops < 0) | (3.0 * most * years * elapsed.den >= INT64_SUM_LIMIT)
            late = Late(terms, self.due)
        rounding = self.rule.strip.program.rounding
        state = Owing(self.due, self.open, self.closing, self.maturity, rounding, late)
        state.given_up |= odd
        return state

    def reckoned(self) -> Reckoned:
        """Live through the lives, and say what is owed."""
        given, rule, state = self.given, self.rule, self.state
        known = ~given.changed[self.rows] & (rule.own is not None) & (not rule.strip.moves_days)
        if len(rule.rates.tops):
            known &= rule.rates.tops[self.rate] >= 0
        known &= not rule.strip.program.original
        on, amount = self._received()
        lived = live(state, on, amount, given.as_of, given.allocation, Quotes(known, self._undue))
        principal, interest = np.zeros((2, state.lanes), dtype=np.int64)
        going = ~lived.ended & (self.maturity > given.as_of)
        principal[going] = interest[going] = -1
        some = np.flatnonzero(going & known & ~lived.given_up)
        day = np.full(len(some), given.as_of)
        principal[some], interest[some] = self._undue(some, day)
        return Reckoned(self.places, lived, principal, interest, *self._next(lived))

    def _received(self) -> tuple[Ints, Ints]:
        """Return what was received, by rank within the loan and by lane."""
        given, rows = self.given, self.rows
        low, high = np.searchsorted(given.loan, [rows[0], rows[-1] + 1])
        loan = given.loan[low:high]
        lane = np.minimum(np.searchsorted(rows, loan), len(rows) - 1)
        mine = rows[lane] == loan
        lane = lane[mine]
        rank = np.arange(len(lane)) - np.searchsorted(lane, lane)
        on = np.full((int(rank.max(initial=-1)) + 1, len(rows)), NEVER, dtype=np.int64)
        amount = np.zeros_like(on)
        on[rank, lane] = given.on[low:high][mine]
        amount[rank, lane] = given.amount[low:high][mine]
        return on, amount

    def _undue(self, lanes: Ints, day: Ints) -> tuple[Ints, Ints]:
        """Return principal and interest that settle loans on days, as no change touches them."""
        own, rates = self.rule.own, self.rule.rates
        if own is None or not len(lanes):
            return np.zeros((2, len(lanes)), dtype=np.int64)  # type: ignore[return-value]
        opened = self.state.opened[lanes]
        balance = self.closing[opened, lanes]
        start = self.given.start[self.rows[lanes]]
        begun = np.where(opened > 0, self.due[np.maximum(opened - 1, 0), lanes], start)
        share = own(self.line[lanes], begun, day)
        rate, rounding = self.rate[lanes], self.rule.strip.program.rounding
        return balance, round_products(
            balance * share, rates.tops[rate], rates.bottoms[rate], rounding
        )

    def _next(self, lived: Lived) -> tuple[Ints, Ints]:
        """Return the next due date on which money is asked for, and how much that is."""
        due = np.full(len(self.places), NEVER, dtype=np.int64)
        amount = np.zeros(len(self.places), dtype=np.int64)
        lanes = np.flatnonzero(~lived.ended & ~lived.given_up)
        lines = self.lines + 2
        while len(lanes):
            part = _part(self.cells, lines, self.places[lanes])
            asked: Ints = np.sum([*_asked(part).values()], axis=0)
            later = np.arange(len(asked))[:, None] >= lived.opened[lanes]
            left = np.cumsum(np.where(later, asked, 0), axis=0) - lived.credit[lanes]
            asks = left > 0
            there, line = asks.any(axis=0), asks.argmax(axis=0)
            found = lanes[there]
            due[found] = self.dates[line[there], self.places[found]]
            amount[found] = left[line[there], np.flatnonzero(there)]
            lanes = lanes[~there]
            if lines >= self.cells.rows:
                break
            lines *= 2
        return due, amount


def _part(cells: Cells, lines: int, places: Ints) -> Cells:
    """Return some lines of some loans."""
    columns = {name: each[:lines, places] for name, each in cells.columns.items()}
    counts, principal = cells.counts[places], cells.principal[places]
    return replace(cells, counts=counts, columns=columns, principal=principal)


def _asked(cells: Cells) -> dict[Kind, Ints]:
    """Return what is asked for by kind, with a line more."""
    kinds = [kind for kind in ASKED if not (kind == ASKED[0] and cells.nil(kind))]
    nothing = np.zeros((1, len(cells.counts)), dtype=np.int64)
    tables = {kind: np.vstack([cells.column(kind), nothing]) for kind in kinds}
    return {kind: np.ascontiguousarray(table) for kind, table in tables.items()}
