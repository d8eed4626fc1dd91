"""The figures of an offer that do not follow from a schedule: as a whole, or line by line, if that is less."""

from __future__ import annotations

from repaylib.audit.date_hypotheses import completed, shares_of
from repaylib.audit.discrepancies import Miss, anchored, matching, misses
from repaylib.audit.offer import Offer
from repaylib.audit.rate_intervals import usual
from repaylib.schedule.schedule import Schedule
from repaylib.terms.methods import BY_PARTS

__all__ = ["fewest"]


def fewest(offer: Offer, plan: Schedule) -> list[Miss]:
    """Return the departures from a schedule, taken as a whole or from line to line, if those are fewer."""
    whole = misses(offer, plan)
    if len(whole) < 2 or plan.changes:
        return whole
    loan = plan.loan
    rows, due, gaps = completed(offer, loan)
    every = shares_of(loan)
    shares = {place: every[k - 1] for place, k in due.items()}
    matched, _ = matching(offer, plan)
    end = len(plan) - 1
    final = next((row for row, place in enumerate(matched) if place == end), None)
    known = _instalments(plan, matched)
    by_line = anchored(offer, rows, loan, known, shares, gaps, final)
    if by_line is None:
        return whole
    found, unknown = by_line
    rest = [miss for miss in whole if miss.row in unknown or miss.column == "row"]
    every_miss = sorted(dict.fromkeys([*found, *rest]), key=lambda miss: miss.row)
    return every_miss if every_miss and len(every_miss) < len(whole) else whole


def _instalments(plan: Schedule, matched: list[int | None]) -> dict[int, int]:
    """Return the instalment of each row of an offer in minor units, as the method has it."""
    column = "principal" if plan.loan.method in BY_PARTS else "payment"
    amounts = plan.columns[column].tolist()
    if column == "payment":
        fees, taxes = plan.columns["fee"].tolist(), plan.columns["tax"].tolist()
        amounts = [paid - fee - tax for paid, fee, tax in zip(amounts, fees, taxes, strict=True)]
    if isinstance(plan.loan.instalment, tuple):
        return {row: amounts[place] for row, place in enumerate(matched) if place is not None}
    common = usual(amounts[:-1] or amounts)
    return {} if common is None else dict.fromkeys(range(len(matched)), common)
