"""Early settlement of a book of loans: what pays each of them off, as columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from repaylib.changes.early_settlement import EarlySettlement
from repaylib.changes.prepayment import Prepayment
from repaylib.errors import RepayError
from repaylib.money.amounts import minor_of, to_minor
from repaylib.money.rounding import as_integer
from repaylib.portfolio.book.changes import PortfolioChange, as_many_as
from repaylib.portfolio.book.column_parsing import amount_at, minors_of, nulls_of, refuse_bare
from repaylib.portfolio.book.column_sources import read_column
from repaylib.portfolio.book.columns import Same
from repaylib.portfolio.book.rejects import reasons_of
from repaylib.portfolio.book.row_arrays import RowArrays
from repaylib.portfolio.schedule import PortfolioSchedule
from repaylib.portfolio.summary import ColumnTable
from repaylib.schedule.book import ColumnLike
from repaylib.schedule.settlement import quote
from repaylib.typing import Bools, Days, Ints

__all__ = ["PortfolioSettlement", "settle_book"]


PARTS = ("principal", "interest", "deferred_interest", "fee", "penalty", "tax", "refund")
COLUMNS = (
    *("principal", "interest", "deferred_interest", "arrears", "fee", "penalty"),
    *("later_fees", "tax", "refund", "total", "rebate", "interest_saved", "saving_after_fee"),
)


class PortfolioSettlement(ColumnTable):
    """Quotes for early settlement, one line a loan; they change nothing.

    ``loan``, ``on`` (the day), and in minor units what a :class:`~repaylib.Settlement` says:
    ``principal``, ``interest``, ``deferred_interest``, ``arrears``, ``fee``, ``penalty``, ``later_fees``,
    ``tax``, ``refund``, ``total``, ``rebate``, ``interest_saved`` and ``saving_after_fee``; also ``reason``: why
    a loan was rejected, or why it or an earlier change has been refused. All amounts are zero, and the day is NaT, for a loan
    that is left alone, rejected, or for which no quote can be made.

    Attributes
    ----------
    schedule
        The schedules as they would end.
    """

    __slots__ = ("schedule",)

    schedule: PortfolioSchedule


def settle_book(
    plan: PortfolioSchedule,
    *,
    amount: ColumnLike = None,
    hold: ColumnLike = "payment",
    arrears: ColumnLike = 0,
    where: ColumnLike = True,
    **options: ColumnLike,
) -> PortfolioSettlement:
    """Quote what pays each loan off, or a part of it; see :func:`~repaylib.settle`.

    Settlements by another method than the actuarial one, and partial ones, are quoted loan by loan.
    `options` are those of the change.
    """
    book = plan.book
    change = PortfolioChange(EarlySettlement, where=where, **options).on_book(book.decimals)
    touched = change.touches(len(plan))
    partial = touched & _given(amount, "amount", len(plan))
    _check_hold(plan, change, hold, touched & ~partial, alone=not partial.any())
    overdue = _overdue(plan, change, arrears, touched)
    part, after = None, plan
    if partial.any():
        days = _days_of(plan, change, partial)
        left = ~np.isnat(days)
        part = PortfolioChange(Prepayment, amount=amount, hold=hold, on=days).on_book(book.decimals)
        place = {name: _without(change, name, left) for name in ("with_payment", "on")}
        after = plan.then(PortfolioChange(EarlySettlement, where=where, **options | place), part)
        partial &= left
    else:
        after = plan.then(change)
    found: dict[str, list[npt.NDArray[Any]]] = {}
    reason = np.full(len(plan), "", dtype=object)
    for before, ended in zip(plan.folded_blocks(None), after.folded_blocks(None), strict=True):
        window = slice(before.first, before.first + len(before))
        for reject in ended.row_arrays.rejects:  # a loan that cannot be settled stays as it was
            touched[reject.row] &= (reject.change or 0) <= len(plan.changes)
        for row, text in reasons_of(ended.row_arrays.rejects).items():
            reason[row] = text
        for name, column in _quotes(before.row_arrays, ended.row_arrays, touched[window]).items():
            found.setdefault(name, []).append(column)
    columns = {name: np.concatenate(pieces) for name, pieces in found.items()}
    quoted = touched & ~np.isnat(columns["on"])
    if isinstance(change.fixed, EarlySettlement) and change.fixed.method == "actuarial":
        quoted &= partial
    for row in np.flatnonzero(quoted).tolist():
        made, some = _settlement_of(change, row), None if part is None else part.of(row)
        try:
            if isinstance(some, Prepayment):
                one = quote(plan.row(row), made, some.amount, some.hold)
            elif made.method != "actuarial":
                one = quote(plan.row(row), made)
            else:
                continue
        except RepayError as error:
            raise error.in_row(row) from error
        columns["on"][row] = np.datetime64(one.on, "D")
        for name in COLUMNS:
            columns[name][row] = minor_of(getattr(one, name), int(book.decimals[row]))
    overdue[np.isnat(columns["on"])] = 0
    columns["arrears"], columns["total"] = overdue, columns["total"] + overdue
    return PortfolioSettlement(
        {"loan": np.arange(len(plan)), **columns, "reason": reason},
        COLUMNS,
        book.decimals,
        single=len(book.currencies()) == 1,
        schedule=after,
    )


def _settlement_of(change: PortfolioChange, row: int) -> EarlySettlement:
    """Return the settlement of a loan that the change touches."""
    settlement = change.of(row)
    assert isinstance(settlement, EarlySettlement), "it touches the loan"
    return settlement


def _given(value: ColumnLike, name: str, loans: int) -> Bools:
    """Return for which loans there is a value."""
    column = read_column(value, name)
    if not isinstance(column, Same) and len(column) != loans:
        raise as_many_as(name, len(column), loans)
    return ~nulls_of(column, loans)


def _check_hold(
    plan: PortfolioSchedule,
    change: PortfolioChange,
    hold: ColumnLike,
    whole: Bools,
    *,
    alone: bool,
) -> None:
    """Refuse a word for what a part keeps where all is settled, as of one loan."""
    column = read_column(hold, "hold")
    same = isinstance(column, Same)
    if not same and len(column) != len(plan):
        raise as_many_as("hold", len(column), len(plan))
    for row in np.flatnonzero(whole & (alone or not same)).tolist():
        value = column.at(row)
        if value in (None, "payment"):
            if same:
                break
            continue
        try:
            quote(plan.row(row), _settlement_of(change, row), None, value)
        except RepayError as error:
            raise (error if same else error.in_row(row)) from None


def _overdue(
    plan: PortfolioSchedule, change: PortfolioChange, arrears: ColumnLike, touched: Bools
) -> Ints:
    """Read the overdue amounts of the loans, in minor units; refuse bad values as for one loan."""
    column = read_column(arrears, "arrears")
    loans = len(plan)
    if isinstance(column, Same):
        if as_integer(column.value) == 0:
            return np.zeros(loans, dtype=np.int64)
        refuse_bare(column, "arrears")
    elif len(column) != loans:
        raise as_many_as("arrears", len(column), loans)
    minors, unread = minors_of(column, plan.book.decimals, "arrears")
    found: Ints = np.where(touched, minors, 0)
    for row in np.flatnonzero(touched & (unread | nulls_of(column, loans))).tolist():
        decimals = int(plan.book.decimals[row])
        try:
            value = amount_at(column, row, decimals, "arrears")
            if value is None:
                quote(plan.row(row), _settlement_of(change, row), arrears=None)
            found[row] = to_minor(value, "arrears", "XXX", decimals=decimals, least=0)
        except RepayError as error:
            raise error.in_row(row) from None
    return found


def _days_of(plan: PortfolioSchedule, change: PortfolioChange, partial: Bools) -> Days:
    """Return the days on which parts are paid; NaT for other loans, and for those that cannot."""
    days = np.full(len(plan), "NaT", dtype="datetime64[D]")
    for row in np.flatnonzero(partial & (plan.counts > 0)).tolist():
        try:
            days[row] = plan.row(row).effective_date(_settlement_of(change, row))
        except RepayError as error:
            if plan.book.errors == "raise":
                raise error.in_row(row) from None
    return days


def _without(change: PortfolioChange, name: str, left: Bools) -> list[Any]:
    """Return a word of a change for each loan, and none for those that are left out."""
    column = change.options[name]
    return [None if out else column.at(row) for row, out in enumerate(left.tolist())]


def _quotes(before: RowArrays, after: RowArrays, touched: npt.NDArray[np.bool_]) -> dict[str, Any]:
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


def _on_a_row(before: RowArrays, after: RowArrays) -> npt.NDArray[np.bool_]:
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
