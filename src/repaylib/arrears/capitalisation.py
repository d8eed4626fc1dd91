"""Capitalisation: which arrears join the principal of a new loan, and how the others are repaid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from repaylib.arrears.arrangement import PARTS_OF_ARREARS
from repaylib.arrears.due_amounts import PARTS
from repaylib.arrears.servicing_state import ServicingState
from repaylib.typing import ArrearsPart, ArrearsRepay, Component, Treatment

__all__ = ["arrears_part", "arrears_repay", "split_arrears"]


def split_arrears(
    state: ServicingState, day: date, treatment: Mapping[Component, Treatment]
) -> dict[str, int]:
    """Return the debt by part, in minor units, and the principal of the new loan."""
    due = state.open_by_kind(day)
    undue = state.after_receipts(state.undue(day, fee=False))
    amounts: dict[str, int] = {
        part: sum(due.get(kind, 0) for kind in kinds) for part, kinds in PARTS.items()
    }
    for part in ("interest", "penalty", "fee"):
        amounts[part] += sum(undue.get(kind, 0) for kind in PARTS[part])
    lent = undue.get("principal", 0) - state.credit
    capitalised = sum(
        amounts[part]
        for part in PARTS_OF_ARREARS
        if treatment[part] == "capitalise" and part != "principal"
    )
    if treatment["principal"] == "capitalise":
        lent += amounts["principal"]
    return {**amounts, "capitalised": capitalised, "lent": lent + capitalised}


def arrears_part(part: Component) -> ArrearsPart:
    """Return the part of arrears, as a schedule names it, that a component belongs to."""
    return "fee" if part in ("fee", "costs") else "penalty" if part == "penalty" else "interest"


def arrears_repay(word: Treatment) -> ArrearsRepay:
    """Return how arrears that do not join the principal are repaid."""
    return "next" if word == "next" else "spread" if word == "spread" else "last"
