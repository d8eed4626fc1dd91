"""A book of loans in a few lines: what is paid, and what a scenario makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from repaylib.interop.row_batches import decimals_in
from repaylib.money.amounts import show
from repaylib.portfolio.summary import sum_of
from repaylib.schedule.progress import Bar
from repaylib.schedule.tables import text_table
from repaylib.schedule.verbs import amortise

if TYPE_CHECKING:
    from repaylib.portfolio.schedule import PortfolioSchedule
    from repaylib.portfolio.summary import PortfolioTotals, Summary

__all__ = ["in_short"]


class _Short(NamedTuple):
    """The figures of a book."""

    loans: int
    rejected: int
    unreached: int
    paid: int
    interest: int
    principal: int
    waived: int
    forgiven: int
    capitalised: int
    fees: int
    peak: int
    month: str
    end: str


def in_short(
    plans: Sequence[PortfolioSchedule],
    summaries: Sequence[Summary],
    *,
    progress: bool | None = None,
) -> str:
    """Return tables of a book as agreed and, if there is a second plan, of its scenario.

    There is one for each currency.
    """
    currencies = plans[0].book.currencies()
    if len(currencies) < 2:
        return _table(plans, summaries, "", progress)
    tables = []
    for (name, decimals), mask in currencies.items():
        book = plans[0].book.where(mask)
        mine = [amortise(book, *(each.take(mask) for each in plan.changes)) for plan in plans]
        title = name if _alone(name, currencies) else f"{name}, {decimals} decimals"
        tables.append(_table(mine, [each.summary() for each in mine], title, progress))
    gone = len(plans[0].book) - int(plans[0].book.kept.sum())
    return "\n\n".join([*tables, *([f"{gone:,} of no currency: rejected"] if gone else [])])


def _alone(name: str, currencies: Iterable[tuple[str, int]]) -> bool:
    """Whether all loans of a currency count with the same decimals."""
    return [each for each, _ in currencies].count(name) == 1


def _table(
    plans: Sequence[PortfolioSchedule],
    summaries: Sequence[Summary],
    title: str,
    progress: bool | None,
) -> str:
    names = ["as agreed", "scenario"][: len(plans)]
    shorts = [
        _short(plan.totals(progress=Bar(f"{name}, by month", "loans", shown=progress)), summary)
        for plan, summary, name in zip(plans, summaries, names, strict=True)
    ]
    decimals = decimals_in(plans[0].book)
    nothing = [""] * (len(plans) - 1)

    def counts(name: str) -> list[str]:
        return [name, *(f"{getattr(short, name):,}" for short in shorts), *nothing]

    def money(name: str, words: str | None = None) -> list[str]:
        values = [getattr(short, name) for short in shorts]
        extra = [f"{'+' * (more > 0)}{show(more, decimals)}" for more in (values[-1] - values[0],)]
        return [words or name, *(show(each, decimals) for each in values), *extra[: len(nothing)]]

    rows = [counts("loans")]
    rows += [
        counts(name)
        for name in ("rejected", "unreached")
        if any(getattr(short, name) for short in shorts)
    ]
    rows += [money("paid"), money("interest"), money("principal")]
    rows += [
        money(name)
        for name in ("waived", "forgiven", "capitalised", "fees")
        if any(getattr(short, name) for short in shorts)
    ]
    rows.append(["peak month", *(short.month for short in shorts), *nothing])
    rows.append(money("peak", "paid in it"))
    rows.append(["last payment", *(short.end for short in shorts), *nothing])
    return text_table([title, *names, *["extra"] * len(nothing)], rows)


def _short(totals: PortfolioTotals, summary: Summary) -> _Short:
    paid = totals.out_of_pocket
    peak = int(paid.argmax()) if len(paid) else None
    ends = summary.maturity[~np.isnat(summary.maturity)]
    taken = ~np.isnat(summary.maturity)
    return _Short(
        loans=int(taken.sum()),
        rejected=int((~taken).sum()),
        unreached=int((taken & (summary.reason != "")).sum()),
        paid=sum_of(summary.out_of_pocket),
        interest=sum_of(summary.total_interest),
        principal=sum_of(summary.total_principal),
        waived=sum_of(summary.total_waived),
        forgiven=sum_of(summary.total_forgiven),
        capitalised=sum_of(summary.total_capitalised),
        fees=sum_of(summary.total_fees),
        peak=0 if peak is None else int(paid[peak]),
        month="" if peak is None else str(totals.month[peak]),
        end=str(ends.max()) if len(ends) else "",
    )
