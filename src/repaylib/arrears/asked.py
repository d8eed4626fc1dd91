"""What a plan asks for, by kind: its rows, and a quote that settles it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from repaylib.arrears.bills import Kind
from repaylib.loan import Loan
from repaylib.schedule import Schedule
from repaylib.settlement import Settlement

__all__ = ["Asked", "asked_of", "kinds_of"]


class Asked(NamedTuple):
    """A row of the plan as it is asked for, and the interest that joins the principal; minor units."""

    day: date
    number: int
    parts: dict[Kind, int]
    capitalised: int


def asked_of(plan: Schedule) -> list[Asked]:
    """Return the rows of a plan on which something is asked for."""
    columns = plan.columns
    names = (
        *("fee", "tax", "refund", "non_cash", "penalty"),
        *("deferred_interest", "interest", "principal"),
    )
    values = {name: columns[name].tolist() for name in (*names, "number", "capitalised")}
    rows = []
    for index, day in enumerate(columns["date"].tolist()):
        of = {name: column[index] for name, column in values.items()}
        parts: dict[Kind, int] = {
            "fee": of["fee"] + of["tax"] - of["refund"] - of["non_cash"],
            "penalty": of["penalty"],
            "deferred_interest": of["deferred_interest"],
            "interest": of["interest"],
            "principal": of["principal"],
        }
        parts = _netted(parts)
        if any(parts.values()):
            rows.append(Asked(day, of["number"], parts, of["capitalised"]))
    return rows


def kinds_of(quote: Settlement, loan: Loan) -> dict[Kind, int]:
    """Return what a quote asks for, by kind."""
    fee = loan.signed(quote.fee) + loan.signed(quote.later_fees)
    fee += loan.signed(quote.tax) - loan.signed(quote.refund)
    parts: dict[Kind, int] = {
        "fee": fee,
        "penalty": loan.signed(quote.penalty),
        "deferred_interest": loan.signed(quote.deferred_interest),
        "interest": loan.signed(quote.interest),
        "principal": loan.signed(quote.principal),
    }
    return _netted(parts)


def _netted(parts: dict[Kind, int]) -> dict[Kind, int]:
    """Let what comes back lower the principal and, beyond it, the rest; never below zero but in all."""
    back = sum(min(0, amount) for amount in parts.values())
    if not back:
        return parts
    found = {kind: max(0, amount) for kind, amount in parts.items()}
    for kind in ("principal", *parts):
        part = min(-back, found[kind])
        found[kind] -= part
        back += part
    found["principal"] += back
    return found
