"""What a plan asks for, by kind: its rows, and a quote that settles it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from repaylib.bills import Kind
from repaylib.loan import Loan
from repaylib.schedule import Schedule
from repaylib.settlement import Settlement

__all__ = ["Asked", "asked_of", "kinds_of"]


class Asked(NamedTuple):
    """A row of the plan as it is asked for, in minor units; `ends` if it repays all."""

    day: date
    number: int
    parts: dict[Kind, int]
    ends: bool


def asked_of(plan: Schedule) -> list[Asked]:
    """Return the rows of a plan on which something is asked for."""
    columns = plan.columns
    names = ("fee", "tax", "refund", "penalty", "deferred_interest", "interest", "principal")
    values = {name: columns[name].tolist() for name in (*names, "number", "closing", "deferred")}
    rows = []
    for index, day in enumerate(columns["date"].tolist()):
        of = {name: column[index] for name, column in values.items()}
        fee = of["fee"] + of["tax"] - of["refund"]
        parts: dict[Kind, int] = {
            "fee": max(0, fee),
            "penalty": of["penalty"],
            "deferred_interest": of["deferred_interest"],
            "interest": of["interest"],
            "principal": of["principal"] + min(0, fee),  # what comes back lowers what is asked
        }
        if any(parts.values()):
            ends = not (of["closing"] or of["deferred"])
            rows.append(Asked(day, of["number"], parts, ends))
    return rows


def kinds_of(quote: Settlement, loan: Loan) -> dict[Kind, int]:
    """Return what a quote asks for, by kind; what comes back lowers the principal."""
    fee = loan.signed(quote.fee) + loan.signed(quote.later_fees)
    fee += loan.signed(quote.tax) - loan.signed(quote.refund)
    interest = loan.signed(quote.interest)
    return {
        "fee": max(0, fee),
        "penalty": loan.signed(quote.penalty),
        "deferred_interest": loan.signed(quote.deferred_interest),
        "interest": max(0, interest),
        "principal": loan.signed(quote.principal) + min(0, fee) + min(0, interest),
    }
