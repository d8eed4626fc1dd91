"""Many loans serviced side by side: amounts due, receipts, and balances in the end.

It is :meth:`repaylib.arrears.servicing.Servicing.run` for receipts alone, money paid ahead being kept for
the next instalments and interest running by the schedule. Receipts are the outer loop, by their rank
within the loan; loans are the lanes.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import NamedTuple

import numpy as np

from repaylib.arrears.allocation import Allocation, Cell
from repaylib.arrears.due_amounts import PARTS, Kind
from repaylib.portfolio.vectorised.arrears_state import ArrearsState
from repaylib.typing import Age, Bools, Ints

__all__ = ["ProcessedLoans", "Quotes", "process_receipts"]

#: A step of a waterfall: the age of the items that it pays, and their kinds, in order.
Run = tuple[Age, tuple[Kind, ...]]


class Quotes(NamedTuple):
    """What settles loans early.

    Attributes
    ----------
    known
        The lanes that it holds for.
    costs_principal
        The lanes where a settlement never costs less than the principal.
    undue
        Returns principal and interest that settle lanes on days, besides what has fallen due.
    """

    known: Bools
    costs_principal: Bools
    undue: Callable[[Ints, Ints], tuple[Ints, Ints]]


class ProcessedLoans(NamedTuple):
    """The balances on the last day, by kind; minor units.

    Attributes
    ----------
    due, arrears, paid
        Amounts fallen due, fallen due before the day, and paid, by kind.
    received, credit
        All money received, and the unallocated part of it.
    days_past_due
        Days since the oldest due date on which something is missing.
    ended
        Which loans a receipt has settled early.
    opened
        How many lines have fallen due.
    fallback
        Lanes that could not be followed.
    """

    due: dict[Kind, Ints]
    arrears: dict[Kind, Ints]
    paid: dict[Kind, Ints]
    received: Ints
    credit: Ints
    days_past_due: Ints
    ended: Bools
    opened: Ints
    fallback: Bools


def process_receipts(
    state: ArrearsState,
    on: Ints,
    amount: Ints,
    as_of: int,
    allocation: Allocation,
    quotes: Quotes,
) -> ProcessedLoans:
    """Process all receipts up to a day.

    Parameters
    ----------
    state
        The loans on their first day.
    on, amount
        Receipts ``[rank, lanes]``: days that rise, ``NEVER`` where there is none, and minor units.
    as_of
        The day, counted from 1970.
    allocation
        The waterfall.
    quotes
        What settles the loans early.
    """
    ahead = _kinds([cell for cell in allocation.order if cell[0] == "in advance"])
    for days, money in zip(on, amount, strict=True):
        lanes = np.flatnonzero((days <= as_of) & ~state.fallback)
        _receive(state, lanes, days[lanes], money[lanes], allocation, ahead, quotes)
    every = np.arange(state.lanes)
    day = np.full(state.lanes, as_of, dtype=np.int64)
    state.open_up_to(every, day, ahead)
    state.count(every, day)
    fallen = np.arange(len(state.due))[:, None] < state.opened
    before = fallen & (state.due < as_of)
    tables = state.open | (state.late.open if state.late is not None else {})
    return ProcessedLoans(
        due={kind: np.where(fallen, table, 0).sum(axis=0) for kind, table in tables.items()},
        arrears={kind: np.where(before, table, 0).sum(axis=0) for kind, table in tables.items()},
        paid=state.paid,
        received=np.where(on <= as_of, amount, 0).sum(axis=0),
        credit=state.pool,
        days_past_due=state.days_past_due(every, day),
        ended=state.ended,
        opened=state.opened,
        fallback=state.fallback,
    )


def _receive(
    state: ArrearsState,
    lanes: Ints,
    day: Ints,
    money: Ints,
    allocation: Allocation,
    ahead: tuple[Kind, ...],
    quotes: Quotes,
) -> None:
    """Take one receipt of each of some lanes."""
    state.open_up_to(lanes, day, ahead)
    state.count(lanes, day)
    rest = ~_settle(state, lanes, day, money, quotes)
    lanes, day, money = lanes[rest], day[rest], money[rest]
    for runs, subset in _orders(state, lanes, day, allocation):
        money[subset] = _pay_due(
            state, lanes[subset], day[subset], money[subset], runs, allocation.across
        )
    state.pool[lanes] += money
    state.forget(lanes, day)
    state.advance(lanes)


def _settle(state: ArrearsState, lanes: Ints, day: Ints, money: Ints, quotes: Quotes) -> Bools:
    """Settle lanes whose receipt pays all that is owed, amounts not yet due included.

    Returns
    -------
    numpy.ndarray
        Which of them are settled, or have fallen back.
    """
    missing = np.zeros(len(lanes), dtype=np.bool_)
    present = money + state.pool[lanes] - state.owed[lanes]
    balance = state.closing[state.opened[lanes], lanes]
    balance = np.where(quotes.costs_principal[lanes], balance, np.minimum(balance, 1))
    may = np.flatnonzero((present >= balance) & ~state.ended[lanes] & (state.maturity[lanes] > day))
    if not len(may):
        return missing
    present = present[may] - state.penalties_open(lanes[may])
    enough = present >= balance[may]
    may, present = may[enough], present[enough]
    unknown = ~quotes.known[lanes[may]]
    state.fallback[lanes[may[unknown]]] = True
    missing[may[unknown]] = True
    may, present = may[~unknown], present[~unknown]
    principal, interest = quotes.undue(lanes[may], day[may])
    clears = present >= principal + interest
    may = may[clears]
    subset = lanes[may]
    state.clear(subset)
    state.paid["principal"][subset] += principal[clears]
    state.paid["interest"][subset] += interest[clears]
    state.pool[subset] = present[clears] - principal[clears] - interest[clears]
    state.ended[subset] = True
    missing[may] = True
    return missing


def _orders(
    state: ArrearsState, lanes: Ints, day: Ints, allocation: Allocation
) -> list[tuple[list[Run], Ints]]:
    """Return the runs of the waterfall, and the places of the lanes that they hold for."""
    if not allocation.switch:
        return [(_runs(allocation.order), np.arange(len(lanes)))]
    past = state.days_past_due(lanes, day)
    steps = [0, *(days for days, _ in allocation.switch)]
    number = np.searchsorted(np.array(steps[1:]), past, side="right")
    orders = [allocation.order, *(allocation.order_at(step) for step in steps[1:])]
    return [(_runs(order), np.flatnonzero(number == place)) for place, order in enumerate(orders)]


def _runs(order: tuple[Cell, ...]) -> list[Run]:
    runs = [(age, _kinds(list(cells))) for age, cells in groupby(order, key=lambda cell: cell[0])]
    return [(age, kinds) for age, kinds in runs if age != "in advance"]


def _kinds(cells: list[Cell]) -> tuple[Kind, ...]:
    return tuple(kind for _, component in cells for kind in PARTS[component])


def _pay_due(
    state: ArrearsState,
    lanes: Ints,
    day: Ints,
    money: Ints,
    runs: list[Run],
    across: str,
) -> Ints:
    """Pay past-due and due items; return the rest of the money."""
    last = state.opened[lanes] - 1
    today = (last >= 0) & (state.due[last, lanes] == day)
    until = state.opened[lanes] - today
    for age, kinds in runs:
        steps = [(kind,) for kind in kinds] if across == "component" else [kinds]
        for step in steps:
            if age == "due":
                subset = np.flatnonzero(today & (money > 0))
                at = last[subset] * state.lanes + lanes[subset]
                money[subset] = state.pay(lanes[subset], at, money[subset], step)
            else:
                _pay_past(state, lanes, until, money, step)
    return money


def _pay_past(
    state: ArrearsState, lanes: Ints, until: Ints, money: Ints, kinds: tuple[Kind, ...]
) -> None:
    """Pay some kinds of past-due items, the oldest first, out of `money`."""
    if not any(kind in state.paid for kind in kinds):
        return
    indices = np.flatnonzero(money > 0)
    line = state.head[lanes[indices]]
    while True:
        left = (line < until[indices]) & (money[indices] > 0)
        indices, line = indices[left], line[left]
        if not len(indices):
            return
        subset = lanes[indices]
        money[indices] = state.pay(subset, line * state.lanes + subset, money[indices], kinds)
        line = line + 1
