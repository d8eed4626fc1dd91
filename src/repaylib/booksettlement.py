"""Early settlement of a book of loans: what pays each of them off, as columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from repaylib.bookchanges import BookChange
from repaylib.bookplan import PortfolioSchedule
from repaylib.cells import Cells
from repaylib.early import EarlySettlement
from repaylib.money import minor_of
from repaylib.rejects import reasons_of
from repaylib.schedule import Schedule
from repaylib.sheets import Sheet

__all__ = ["PortfolioSettlement", "settle_book"]

PARTS = ("principal", "interest", "deferred_interest", "fee", "penalty", "tax", "refund")
COLUMNS = (
    *("principal", "interest", "deferred_interest", "arrears", "fee", "penalty"),
    *("later_fees", "tax", "refund", "total", "rebate", "interest_saved", "saving_after_fee"),
)


class PortfolioSettlement(Sheet):
    """Quotes for early settlement, one line a loan; they change nothing.

    ``loan``, ``on`` (the day), and in minor units what a :class:`~repaylib.Settlement` says:
    ``principal``, ``interest``, ``deferred_interest``, ``arrears``, ``fee``, ``penalty``, ``later_fees``,
    ``tax``, ``refund``, ``total``, ``rebate``, ``interest_saved`` and ``saving_after_fee``; also ``reason``: why
    a loan was rejected, or why it or an earlier change has been refused. All is nil, and the day NaT, for a loan
    that is left alone, rejected, or for which no quote can be made.

    Attributes
    ----------
    schedule
        The schedules as they would end.
    """

    __slots__ = ("schedule",)

    schedule: PortfolioSchedule

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (super().__reduce__(), self.schedule)


def settle_book(
    plan: PortfolioSchedule,
    words: dict[str, Any],
    quote: Callable[[Schedule, EarlySettlement], Any],
    where: Any = True,
) -> PortfolioSettlement:
    """Quote what pays each loan off; see :func:`~repaylib.settle`.

    What is owed by another method than the actuarial one is quoted loan by loan, by `quote`.
    """
    after = plan.then(BookChange(EarlySettlement, where=where, **words))
    change = after.changes[-1]
    touched = change.touches(len(plan))
    reason = np.full(len(plan), "", dtype=object)
    parts: dict[str, list[npt.NDArray[Any]]] = {}
    for before, ended in zip(plan._blocks(None), after._blocks(None), strict=True):
        window = slice(before.first, before.first + len(before))
        for each in ended._cells.rejects:
            touched[each.row] &= each.change != len(after.changes)
        for row, text in reasons_of(ended._cells.rejects).items():
            reason[row] = text
        found = _quotes(before._cells, ended._cells, touched[window])
        for name, column in found.items():
            parts.setdefault(name, []).append(column)
    columns = {name: np.concatenate(each) for name, each in parts.items()}
    for row in np.flatnonzero(touched & ~np.isnat(columns["on"])).tolist():
        made = change.of(row)
        if not isinstance(made, EarlySettlement) or made.method == "actuarial":
            if change.fixed is not None:
                break
            continue
        found = quote(plan.row(row), made)
        for name in COLUMNS:
            columns[name][row] = minor_of(getattr(found, name), int(plan.book.places[row]))
    quotes = PortfolioSettlement(
        {"loan": np.arange(len(plan)), **columns, "reason": reason},
        COLUMNS,
        plan.book.places,
        single=len(plan.book.currencies()) == 1,
    )
    object.__setattr__(quotes, "schedule", after)
    return quotes


def _quotes(before: Cells, after: Cells, touched: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """Return the quotes: what the ended schedule has beyond the rows that both have."""
    settled = touched & (after.counts > 0)
    shared = np.where(settled, after.counts - ~_on_a_row(before, after), before.counts)
    past = np.arange(before.rows)[:, None] < shared
    found: dict[str, Any] = {}
    for name in PARTS:
        paid = after.column(name).sum(axis=0) - np.where(past, before.column(name), 0).sum(axis=0)
        found[name] = np.where(settled, paid, 0)
    later = ~past
    left = sum(
        np.where(later, before.column(name), 0).sum(axis=0) * sign
        for name, sign in (("payment", 1), ("fee", -1), ("penalty", -1), ("tax", -1))
    )
    owed = found["principal"] + found["interest"] + found["deferred_interest"]
    rebate = np.where(settled, left - owed, 0)
    found |= {
        "arrears": np.zeros_like(owed),
        "later_fees": np.zeros_like(owed),
        "total": owed + found["fee"] + found["penalty"] + found["tax"] - found["refund"],
        "rebate": rebate,
        "interest_saved": rebate,
        "saving_after_fee": rebate + found["refund"] - found["fee"],
    }
    days = np.where(settled, after.last_days(), np.datetime64("NaT", "D"))
    return {"on": days, **{name: found[name] for name in COLUMNS}}


def _on_a_row(before: Cells, after: Cells) -> npt.NDArray[np.bool_]:
    """Return for which loans the day of settlement has a row before, too."""
    if not before.rows:
        return np.zeros(len(after.counts), dtype=bool)
    rows = np.minimum(np.maximum(after.counts - 1, 0), max(before.rows - 1, 0))
    loans = np.arange(len(after.counts))
    same: npt.NDArray[np.bool_] = (
        (after.counts <= before.counts)
        & (before.dates()[rows, loans] == after.last_days())
        & (before.numbers()[rows, loans] == after.last(after.numbers()))
    )
    return same


def _again(sheet: tuple[Any, ...], schedule: PortfolioSchedule) -> PortfolioSettlement:
    made: PortfolioSettlement = sheet[0](sheet[1])
    object.__setattr__(made, "schedule", schedule)
    return made
