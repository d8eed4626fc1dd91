"""The figures of an offer that do not follow from a schedule: as a whole, or line by line, if that is less."""

from __future__ import annotations

from repaylib.audit.compare import Miss, anchored, misses
from repaylib.audit.fit import complete, usual
from repaylib.audit.frames import rows_by_due, shares_of
from repaylib.audit.rows import Offer
from repaylib.schedule import Schedule
from repaylib.terms import BY_PARTS

__all__ = ["fewest"]


def fewest(offer: Offer, plan: Schedule) -> list[Miss]:
    """Return the departures from a schedule, taken as a whole or from line to line, if those are fewer."""
    whole = misses(offer, plan)
    if plan.changes or not offer.rows:
        return whole
    loan = plan.loan
    every = shares_of(loan)
    shares = {place: every[k - 1] for place, k in rows_by_due(offer, loan)}
    rows = complete(offer)
    by_line = anchored(offer, rows, loan, _instalment(plan), shares)
    lacking = [miss for miss in whole if miss.column == "row"]
    if by_line is None or not by_line or len(by_line) + len(lacking) >= len(whole):
        return whole
    return sorted([*by_line, *lacking], key=lambda miss: miss.row)


def _instalment(plan: Schedule) -> int | None:
    """Return the instalment in minor units, as the method has it."""
    column = "principal" if plan.loan.method in BY_PARTS else "payment"
    amounts = plan.columns[column].tolist()
    if column == "payment":
        amounts = [
            paid - fee - tax
            for paid, fee, tax in zip(
                amounts, plan.columns["fee"].tolist(), plan.columns["tax"].tolist(), strict=True
            )
        ]
    return usual(amounts[:-1] or amounts)
