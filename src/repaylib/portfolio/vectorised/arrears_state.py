"""The state of many loans in servicing: amounts due, paid and late.

It is :mod:`repaylib.arrears.servicing` with an array for every number, for receipts alone: place i of each
belongs to loan i, its lane; line r of a table is the r-th day on which something falls due. Amounts
are whole minor units. A lane that cannot follow an event falls back to the single-loan engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from repaylib.arrears.due_amounts import Kind
from repaylib.money.rounding import round_ratio
from repaylib.money.rounding_arrays import round_floats
from repaylib.portfolio.vectorised.elapsed_shares import Elapsed
from repaylib.typing import Bools, Ints, Rounding

__all__ = ["NEVER", "LatePenalties", "ArrearsState", "Terms", "round_products"]


#: A day after all others.
NEVER = 2**31
#: Products of few floats are nearer than this part of them to the true value.
NEAR = 2.0**-48
BEYOND = 2.0**52


class Terms(NamedTuple):
    """What being late costs: lines of a rate a year for each lane, over one count of days.

    Attributes
    ----------
    elapsed, line
        Shares of a year, and the timetable of each lane.
    numerators, denominators
        The penalty rate, with the denominator of the shares in it.
    grace, from_end
        Days of grace, and whether the penalty runs from their end.
    on_interest, on_all
        Whether interest bears it too, apart; or all that is overdue bears it together.
    """

    elapsed: Elapsed
    line: Ints
    numerators: Ints
    denominators: Ints
    grace: int
    from_end: bool
    on_interest: bool
    on_all: bool


class LatePenalties:
    """Penalties, by due date and lane."""

    def __init__(self, terms: Terms, due: Ints) -> None:
        self.terms = terms
        self.since = (due + terms.grace if terms.from_end else due).ravel()
        self.grace_end = (due + terms.grace).ravel()
        self.penalised_to = self.since.copy()
        kinds: list[Kind] = ["penalty"]
        if terms.on_interest:
            kinds.append("penalty_interest")
        #: Bases times days, so far; the rounded penalty; and the open part of it.
        self.sums = {kind: np.zeros(due.size, dtype=np.int64) for kind in kinds}
        self.counted = {kind: np.zeros(due.size, dtype=np.int64) for kind in kinds}
        self.open = {kind: np.zeros(due.shape, dtype=np.int64) for kind in kinds}


@dataclass(slots=True)
class ArrearsState:
    """Loans in servicing; see the module.

    Attributes
    ----------
    due
        The days; ``NEVER`` after the last one of a loan, and in the last line.
    open
        The open amounts due, by kind.
    closing
        The principal of the plan after each of the days; a line more, of that before the first.
    maturity
        The last day of each plan.
    rounding
        How amounts are rounded.
    late
        Penalties, if there are any.
    head, opened
        Lines before `head` are done with; lines before `opened` have fallen due.
    pool
        Money held.
    owed
        The open amounts that have fallen due, without penalties.
    paid
        Amounts paid, by kind.
    ended
        Whether a receipt has settled all.
    fallback
        Lanes that cannot be followed.
    """

    due: Ints
    open: dict[Kind, Ints]
    closing: Ints
    maturity: Ints
    rounding: Rounding
    late: LatePenalties | None
    head: Ints = field(init=False)
    opened: Ints = field(init=False)
    pool: Ints = field(init=False)
    owed: Ints = field(init=False)
    paid: dict[Kind, Ints] = field(init=False)
    ended: Bools = field(init=False)
    fallback: Bools = field(init=False)

    def __post_init__(self) -> None:
        lanes = self.lanes
        self.head, self.opened, self.pool, self.owed = np.zeros((4, lanes), dtype=np.int64)
        kinds = [*self.open, *(self.late.open if self.late is not None else ())]
        self.paid = {kind: np.zeros(lanes, dtype=np.int64) for kind in kinds}
        self.ended, self.fallback = np.zeros((2, lanes), dtype=np.bool_)

    @property
    def lanes(self) -> int:
        """How many lanes there are."""
        return int(self.due.shape[1])

    def flat(self, kind: Kind) -> Ints:
        """Return the open amounts of a kind, line after line."""
        table = self.open.get(kind)
        if table is None:
            assert self.late is not None, "penalties have terms"
            table = self.late.open[kind]
        return table.reshape(-1)

    def contractual(self, at: Ints) -> Ints:
        """Return the open amounts of the schedule at some indices."""
        found = np.zeros(len(at), dtype=np.int64)
        for table in self.open.values():
            found += table.reshape(-1)[at]
        return found

    # -- days -------------------------------------------------------------------------

    def open_up_to(self, lanes: Ints, day: Ints, ahead: tuple[Kind, ...]) -> None:
        """Ask for what falls due up to a day, and pay it out of money held."""
        due = self.due.reshape(-1)
        live = np.flatnonzero(~self.ended[lanes])
        lanes, day = lanes[live], day[live]
        while len(lanes):
            at = self.opened[lanes] * self.lanes + lanes
            falls = due[at] <= day
            lanes, day, at = lanes[falls], day[falls], at[falls]
            self.owed[lanes] += self.contractual(at)
            rich = np.flatnonzero(self.pool[lanes] > 0)
            if len(rich):
                self.pool[lanes[rich]] = self.pay(
                    lanes[rich], at[rich], self.pool[lanes[rich]], ahead
                )
            self.opened[lanes] += 1

    def pay(self, lanes: Ints, at: Ints, money: Ints, kinds: tuple[Kind, ...]) -> Ints:
        """Pay some kinds at one place of each lane, in their order; return the rest."""
        for kind in kinds:
            if kind not in self.paid:
                continue
            table = self.flat(kind)
            part = np.minimum(money, table[at])
            table[at] -= part
            self.paid[kind][lanes] += part
            if kind in self.open:
                self.owed[lanes] -= part
            money = money - part
        return money

    def each_open(self, lanes: Ints, stop: Ints, work: Callable[[Ints, Ints], None]) -> None:
        """Call `work` with places (in `lanes`) and lines, for the lines of each from its head."""
        indices, line = np.arange(len(lanes)), self.head[lanes]
        while True:
            left = line < stop[indices]
            indices, line = indices[left], line[left]
            if not len(indices):
                return
            work(indices, line)
            line = line + 1

    def count(self, lanes: Ints, day: Ints) -> None:
        """Count what being late costs up to a day."""
        late = self.late
        if late is None:
            return

        def one(indices: Ints, line: Ints) -> None:
            subset, until = lanes[indices], day[indices]
            at = line * self.lanes + subset
            later = np.flatnonzero(late.penalised_to[at] < until)
            if len(later):
                self._bear(late, subset[later], at[later], until[later])

        self.each_open(lanes, self.opened[lanes], one)

    def _bear(self, late: LatePenalties, lanes: Ints, at: Ints, day: Ints) -> None:
        """Let the penalty on overdue items accrue up to a day."""
        terms = late.terms
        line, since = terms.line[lanes], late.since[at]
        passed = terms.elapsed(line, since, day) - terms.elapsed(line, since, late.penalised_to[at])
        late.penalised_to[at] = day
        in_grace = day <= late.grace_end[at]
        principal = self.contractual(at) if terms.on_all else self.flat("principal")[at]
        bases: dict[Kind, Ints] = {"penalty": principal}
        if terms.on_interest:
            bases["penalty_interest"] = self.contractual(at) - principal
        for kind, base in bases.items():
            late.sums[kind][at] += base * passed
            counted = round_products(
                late.sums[kind][at],
                terms.numerators[lanes],
                terms.denominators[lanes],
                self.rounding,
            )
            counted[in_grace] = 0
            late.open[kind].reshape(-1)[at] += counted - late.counted[kind][at]
            late.counted[kind][at] = counted

    def forget(self, lanes: Ints, day: Ints) -> None:
        """Drop the penalty of items paid within their days of grace."""
        late = self.late
        if late is None or not late.terms.grace:
            return

        def one(indices: Ints, line: Ints) -> None:
            at = line * self.lanes + lanes[indices]
            at = at[(late.grace_end[at] >= day[indices]) & (self.contractual(at) == 0)]
            for sums in late.sums.values():
                sums[at] = 0

        self.each_open(lanes, self.opened[lanes], one)

    def advance(self, lanes: Ints) -> None:
        """Advance past closed items."""
        while len(lanes):
            lanes = lanes[self.head[lanes] < self.opened[lanes]]
            at = self.head[lanes] * self.lanes + lanes
            done = self.contractual(at) == 0
            if self.late is not None:
                for table in self.late.open.values():
                    done &= table.reshape(-1)[at] == 0
            lanes = lanes[done]
            self.head[lanes] += 1

    def clear(self, lanes: Ints) -> None:
        """Take all that has fallen due as paid."""

        def one(indices: Ints, line: Ints) -> None:
            subset = lanes[indices]
            at = line * self.lanes + subset
            for kind in self.paid:
                table = self.flat(kind)
                self.paid[kind][subset] += table[at]
                table[at] = 0
            if self.late is not None:
                for sums in self.late.sums.values():
                    sums[at] = 0

        self.each_open(lanes, self.opened[lanes], one)
        self.owed[lanes] = 0
        self.head[lanes] = self.opened[lanes]

    # -- what is owed -----------------------------------------------------------------

    def penalties_open(self, lanes: Ints) -> Ints:
        """Return the open penalties."""
        found = np.zeros(len(lanes), dtype=np.int64)
        late = self.late
        if late is not None:

            def one(indices: Ints, line: Ints) -> None:
                at = line * self.lanes + lanes[indices]
                for table in late.open.values():
                    found[indices] += table.reshape(-1)[at]

            self.each_open(lanes, self.opened[lanes], one)
        return found

    def days_past_due(self, lanes: Ints, day: Ints) -> Ints:
        """Return the days since the oldest due date on which something is still missing."""
        found = np.zeros(len(lanes), dtype=np.int64)
        due = self.due.reshape(-1)
        indices, line = np.arange(len(lanes)), self.head[lanes]
        while len(indices):
            left = line < self.opened[lanes[indices]]
            indices, line = indices[left], line[left]
            at = line * self.lanes + lanes[indices]
            missing = (self.contractual(at) > 0) & (due[at] < day[indices])
            found[indices[missing]] = day[indices[missing]] - due[at[missing]]
            indices, line = indices[~missing], line[~missing] + 1
        return found


def round_products(base: Ints, numerators: Ints, denominators: Ints, rounding: Rounding) -> Ints:
    """Round ``base * top / bottom`` to whole numbers, none of them below zero, exactly.

    Where floats do not prove the result it is found in whole numbers.

    Examples
    --------
    >>> round_products(np.array([5, 2**60]), np.array([1, 1]), np.array([10, 2**58]), "half_up")
    array([1, 4])
    """
    approx = base * (numerators / denominators)
    beyond = ~(approx <= BEYOND)
    approx = np.where(beyond, 0, approx)
    low = round_floats(approx * (1 - NEAR), rounding)
    high = round_floats(approx * (1 + NEAR), rounding)
    found: Ints = low.astype(np.int64)
    for place in np.flatnonzero((low != high) | beyond).tolist():
        num = int(base[place]) * int(numerators[place])
        found[place] = round_ratio(num, int(denominators[place]), rounding)
    return found
