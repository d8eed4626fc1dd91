"""A book of loans in a few lines: what is paid, and what a scenario makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from repaylib.money import show
from repaylib.bar import Bar
from repaylib.pieces import decimals_in
from repaylib.text import text_table

if TYPE_CHECKING:
    from repaylib.bookplan import PortfolioSchedule

__all__ = ["in_short"]


class _Short(NamedTuple):
    """The figures of a book."""

    loans: int
    rejected: int
    paid: int
    interest: int
    principal: int
    waived: int
    forgiven: int
    fees: int
    highest: int
    month: str
    end: str


def in_short(plans: Sequence[PortfolioSchedule], *, progress: bool | None = None) -> str:
    """Return a table of the book as agreed and, if there is a second one, of its scenario."""
    names = ["as agreed", "scenario"][: len(plans)]
    shorts = [
        _short(plan, name, progress) for plan, name in zip(plans, names, strict=True)
    ]
    decimals = decimals_in(plans[-1])

    def line(name: str, *, unit: int | None = decimals) -> list[str]:
        values = [getattr(short, name) for short in shorts]
        if unit is None:
            return [name, *(f"{value:,}" for value in values), *[""] * (len(plans) - 1)]
        extra = [show(values[-1] - values[0], unit)] if len(plans) == 2 else []
        return [name, *(show(value, unit) for value in values), *extra]

    rows = [line("loans", unit=None)]
    if any(short.rejected for short in shorts):
        rows.append(line("rejected", unit=None))
    rows += [line("paid"), line("interest"), line("principal")]
    rows += [line(name) for name in ("waived", "forgiven", "fees") if _any(shorts, name)]
    extra = [""] * (len(plans) - 1)
    rows.append(line("highest"))
    rows[-1][0] = "paid in the peak month"
    rows.append(["peak month", *(short.month for short in shorts), *extra])
    rows.append(["last payment", *(short.end for short in shorts), *extra])
    return text_table(["", *names, *["extra"] * (len(plans) - 1)], rows)


def _any(shorts: Sequence[_Short], name: str) -> bool:
    return any(getattr(short, name) for short in shorts)


def _short(plan: PortfolioSchedule, name: str, progress: bool | None) -> _Short:
    summary = plan.summary(progress=Bar(f"{name}, loans", "loans", shown=progress))
    totals = plan.totals(progress=Bar(f"{name}, months", "loans", shown=progress))
    paid = np.asarray(totals.payment)
    peak = int(paid.argmax()) if len(paid) else None
    ends = summary.maturity[~np.isnat(summary.maturity)]

    def sum_of(column: Any) -> int:
        return int(np.asarray(column).sum())

    return _Short(
        loans=int((np.asarray(plan.counts) > 0).sum()),
        rejected=len(plan.rejects),
        paid=sum_of(summary.total_paid),
        interest=sum_of(summary.total_interest),
        principal=sum_of(summary.total_principal),
        waived=sum_of(summary.total_waived),
        forgiven=sum_of(summary.total_forgiven),
        fees=sum_of(summary.total_fees),
        highest=0 if peak is None else int(paid[peak]),
        month="" if peak is None else str(totals.month[peak]),
        end=str(ends.max()) if len(ends) else "",
    )
