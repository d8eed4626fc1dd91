"""The balances of the loans of a book on a day, by lanes: sorted, processed in blocks, gathered."""

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
from repaylib.portfolio.book.row_arrays import RowArrays
from repaylib.portfolio.vectorised.arrears_state import (
    NEVER,
    ArrearsState,
    LatePenalties,
    Terms,
    round_products,
)
from repaylib.portfolio.vectorised.elapsed_shares import Elapsed, elapsed_of
from repaylib.portfolio.vectorised.loan_groups import Grouping, LoanGroup
from repaylib.portfolio.vectorised.servicing import ProcessedLoans, Quotes, process_receipts
from repaylib.typing import Bools, Ints

__all__ = ["ServicingInput", "StatementBalances", "compute_balances"]


#: Number of loans that are processed together.
BLOCK = 8_192
#: Sums below it fit ``int64`` with room for what is added to them.
INT64_SUM_LIMIT = 2.0**61
ASKED: tuple[Kind, ...] = ("deferred_interest", "interest", "principal")
#: Amounts that lanes do not compute: a loan with any of them is processed individually.
APART = ("fee", "tax", "refund", "penalty")


class ServicingInput(NamedTuple):
    """The terms of servicing that hold for all loans.

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
        The receipts: rows of loans, days, and minor units, in the order of loans and days.
    received
        Their sums by loan.
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
class StatementBalances:
    """Loans processed.

    Attributes
    ----------
    indices
        Their places in the block.
    processed
        Amounts fallen due, and amounts paid.
    principal, interest
        Amounts not yet due; -1 where they are not known.
    next_due, next_amount
        The next due date with an amount due, and that amount; ``NEVER`` if none.
    """

    indices: Ints
    processed: ProcessedLoans
    principal: Ints
    interest: Ints
    next_due: Ints
    next_amount: Ints


class _Pairs(NamedTuple):
    """Rates of the book over the denominator of a count of days; a numerator of -1 does not fit."""

    numerators: Ints
    denominators: Ints

    @classmethod
    def of(cls, rates: Sequence[Fraction], den: int) -> _Pairs:
        """Return rates divided."""
        pairs = [(rate / den).as_integer_ratio() for rate in rates]
        pairs = [pair if 0 <= max(pair) < 2**62 and pair[0] >= 0 else (-1, 1) for pair in pairs]
        return cls(*np.array(pairs, dtype=np.int64).reshape(-1, 2).T)


class _Rule(NamedTuple):
    """Loans of one group whose days are counted alike.

    Attributes
    ----------
    group
        The group.
    timetable_of
        Which of the timetables counted alike each timetable of the group is; -1 if none.
    own, late
        How days count in a period, if lanes take that, and in arrears, if there is a penalty.
    rates, penalties
        The loan's rates, and the penalty's, over these.
    """

    group: LoanGroup
    timetable_of: Ints
    own: Elapsed | None
    late: Elapsed | None
    rates: _Pairs
    penalties: _Pairs


def compute_balances(
    row_arrays: RowArrays, first: int, sorted_: Grouping, given: ServicingInput
) -> Iterator[StatementBalances]:
    """Process the loans of some cells, of which `first` is the row of the first.

    Loans that lanes do not take are in none of the answers, or marked as fallen back.
    """
    rows = slice(first, first + len(row_arrays.counts))
    present = (row_arrays.counts > 0) & (given.start[rows] <= given.as_of)
    group = np.where(present, sorted_.group[rows], -1)
    if given.penalty is not None:
        group = np.where(given.turned[rows], -1, group)
    if (group < 0).all():
        return
    dates = row_arrays.dates().astype(np.int64)
    dates[~row_arrays.inside] = NEVER
    for number in np.unique(group[group >= 0]).tolist():
        of_strip = np.flatnonzero(group == number)
        for rule in _rules(sorted_.groups[number], given):
            timetable_of = rule.timetable_of[sorted_.timetable_of[first + of_strip]]
            members, timetable_of = of_strip[timetable_of >= 0], timetable_of[timetable_of >= 0]
            for low in range(0, len(members), BLOCK):
                part = slice(low, low + BLOCK)
                yield _LoanBlock(
                    row_arrays, dates, members[part], first, rule, timetable_of[part], given
                ).reckoned()


def _rules(group: LoanGroup, given: ServicingInput) -> Iterator[_Rule]:
    """Split a group by how its days are counted; loans that lanes do not take are left out."""
    seen: dict[object, list[int]] = {}
    for place, accrual in enumerate(group.accruals):
        regular = accrual.timetable.tail is None
        key = (
            accrual.day_count,
            accrual.odd_days,
            accrual.counted_days,
            id(accrual.calendar),
            regular,
        )
        seen.setdefault(key, []).append(place)
    penalty = given.penalty
    for members in seen.values():
        accruals = [group.accruals[place] for place in members]
        own, late, own_rates, late_rates = elapsed_of(accruals, None, given.as_of), None, [], []
        if own is not None:
            own_rates = list(group.rates)
        if penalty is not None:
            late = elapsed_of(accruals, penalty.day_count, given.as_of)
            if late is None or not _within_periods(penalty.grace_days, accruals):
                continue
            late_rates = [
                penalty.rate_over(rate, group.period_length) if rate >= 0 else rate
                for rate in group.rates
            ]
        timetable_of = np.full(len(group.accruals), -1, dtype=np.int64)
        timetable_of[members] = np.arange(len(members))
        yield _Rule(
            group,
            timetable_of,
            own,
            late,
            _Pairs.of(own_rates, 1 if own is None else own.den),
            _Pairs.of(late_rates, 1 if late is None else late.den),
        )


def _within_periods(grace_days: int, accruals: Sequence[Accrual]) -> bool:
    """Whether days of grace are known to be fewer than those of any period."""
    shortest = [accrual.timetable.grid.shortest for accrual in accruals]
    return not grace_days or all(length is not None and grace_days < length for length in shortest)


class _LoanBlock:
    """Loans of one group and one rule, side by side; see :func:`compute_balances`."""

    def __init__(
        self,
        row_arrays: RowArrays,
        dates: Ints,
        indices: Ints,
        first: int,
        rule: _Rule,
        timetable_of: Ints,
        given: ServicingInput,
    ) -> None:
        self.row_arrays, self.dates, self.indices = row_arrays, dates, indices
        self.rule, self.timetable_of, self.given = rule, timetable_of, given
        self.rows = first + indices
        self.rate = given.rate[self.rows]
        self.maturity = dates[row_arrays.counts[indices] - 1, indices]
        self.lines = int((dates[:, indices] <= given.as_of).sum(axis=0).max(initial=0))
        self.due = np.full((self.lines + 1, len(indices)), NEVER, dtype=np.int64)
        self.due[:-1] = dates[: self.lines, indices]
        part = _part(row_arrays, self.lines, indices)
        self.closing = np.vstack([part.principal, part.columns["closing"]])
        self.open = _asked(part)
        self.state = self._state(part)

    def _state(self, part: RowArrays) -> ArrearsState:
        """Return the loans on their first day."""
        odd = self.given.received[self.rows] + part.principal >= INT64_SUM_LIMIT
        for name in APART:
            if not part.is_zero(name):
                odd |= (part.column(name) != 0).any(axis=0)
        for table in self.open.values():
            odd |= (table < 0).any(axis=0)
        late, elapsed = None, self.rule.late
        if elapsed is not None and self.given.penalty is not None:
            penalty, rates = self.given.penalty, self.rule.penalties
            terms = Terms(
                elapsed,
                self.timetable_of,
                rates.numerators[self.rate],
                rates.denominators[self.rate],
                penalty.grace_days,
                penalty.grace == "end",
                penalty.on_interest,
                penalty.base == "instalment",
            )
            most = np.maximum.reduce([amounts.max(axis=0) for amounts in self.open.values()])
            years = (self.given.as_of - self.given.start[self.rows]) / 360 + 1
            odd |= (terms.numerators < 0) | (3.0 * most * years * elapsed.den >= INT64_SUM_LIMIT)
            late = LatePenalties(terms, self.due)
        rounding = self.rule.group.program.rounding
        state = ArrearsState(self.due, self.open, self.closing, self.maturity, rounding, late)
        state.fallback |= odd
        return state

    def reckoned(self) -> StatementBalances:
        """Process the loans, and return their balances."""
        given, rule, state = self.given, self.rule, self.state
        known = ~given.changed[self.rows] & (rule.own is not None) & (not rule.group.moves_days)
        if len(rule.rates.numerators):
            known &= rule.rates.numerators[self.rate] >= 0
        known &= not rule.group.program.original
        above_zero = np.array([rate >= 0 for rate in rule.group.rates], dtype=np.bool_)
        costs_principal = above_zero[self.rate] & ~given.turned[self.rows]
        costs_principal &= not rule.group.program.original
        quotes = Quotes(known, costs_principal, self._undue)
        on, amount = self._received()
        processed = process_receipts(state, on, amount, given.as_of, given.allocation, quotes)
        principal, interest = np.zeros((2, state.lanes), dtype=np.int64)
        going = ~processed.ended & (self.maturity > given.as_of)
        principal[going] = interest[going] = -1
        subset = np.flatnonzero(going & known & ~processed.fallback)
        day = np.full(len(subset), given.as_of)
        principal[subset], interest[subset] = self._undue(subset, day)
        return StatementBalances(
            self.indices, processed, principal, interest, *self._next(processed)
        )

    def _received(self) -> tuple[Ints, Ints]:
        """Return the receipts, by rank within the loan and by lane."""
        given, rows = self.given, self.rows
        low, high = np.searchsorted(given.loan, [rows[0], rows[-1] + 1])
        loan = given.loan[low:high]
        lane = np.minimum(np.searchsorted(rows, loan), len(rows) - 1)
        members = rows[lane] == loan
        lane = lane[members]
        rank = np.arange(len(lane)) - np.searchsorted(lane, lane)
        on = np.full((int(rank.max(initial=-1)) + 1, len(rows)), NEVER, dtype=np.int64)
        amount = np.zeros_like(on)
        on[rank, lane] = given.on[low:high][members]
        amount[rank, lane] = given.amount[low:high][members]
        return on, amount

    def _undue(self, lanes: Ints, day: Ints) -> tuple[Ints, Ints]:
        """Return principal and interest that settle loans on days, as no change touches them."""
        own, rates = self.rule.own, self.rule.rates
        if own is None or not len(lanes):
            return np.zeros_like(lanes), np.zeros_like(lanes)
        opened = self.state.opened[lanes]
        balance = self.closing[opened, lanes]
        start = self.given.start[self.rows[lanes]]
        begun = np.where(opened > 0, self.due[np.maximum(opened - 1, 0), lanes], start)
        share = own(self.timetable_of[lanes], begun, day)
        rate, rounding = self.rate[lanes], self.rule.group.program.rounding
        return balance, round_products(
            balance * share, rates.numerators[rate], rates.denominators[rate], rounding
        )

    def _next(self, processed: ProcessedLoans) -> tuple[Ints, Ints]:
        """Return the next due date with an amount due, and that amount."""
        due = np.full(len(self.indices), NEVER, dtype=np.int64)
        amount = np.zeros(len(self.indices), dtype=np.int64)
        lanes = np.flatnonzero(~processed.ended & ~processed.fallback)
        lines = self.lines + 2
        while len(lanes):
            part = _part(self.row_arrays, lines, self.indices[lanes])
            asked: Ints = np.sum([*_asked(part).values()], axis=0)
            later = np.arange(len(asked))[:, None] >= processed.opened[lanes]
            left = np.cumsum(np.where(later, asked, 0), axis=0) - processed.credit[lanes]
            asks = left > 0
            present, timetable_of = asks.any(axis=0), asks.argmax(axis=0)
            found = lanes[present]
            due[found] = self.dates[timetable_of[present], self.indices[found]]
            amount[found] = left[timetable_of[present], np.flatnonzero(present)]
            lanes = lanes[~present]
            if lines >= self.row_arrays.rows:
                break
            lines *= 2
        return due, amount


def _part(row_arrays: RowArrays, lines: int, indices: Ints) -> RowArrays:
    """Return some lines of some loans."""
    columns = {name: column[:lines, indices] for name, column in row_arrays.columns.items()}
    counts, principal = row_arrays.counts[indices], row_arrays.principal[indices]
    return replace(row_arrays, counts=counts, columns=columns, principal=principal)


def _asked(row_arrays: RowArrays) -> dict[Kind, Ints]:
    """Return the amounts due by kind, with a line more."""
    kinds = [kind for kind in ASKED if not (kind == ASKED[0] and row_arrays.is_zero(kind))]
    nothing = np.zeros((1, len(row_arrays.counts)), dtype=np.int64)
    tables = {kind: np.vstack([row_arrays.column(kind), nothing]) for kind in kinds}
    return {kind: np.ascontiguousarray(table) for kind, table in tables.items()}
