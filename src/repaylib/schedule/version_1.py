"""Loans and changes as version 1 of the storage format wrote them.

There an amount was placed as a change of terms is: ``"payment": 4`` was on the due date of
payment 3. Now it is ``"with_payment": 3``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from repaylib.changes.base import AmountChange, Change
from repaylib.engine.ledger import Ledger
from repaylib.money.counts import parse_count
from repaylib.schedule.placement import amount_place

__all__ = ["upgraded", "upgraded_loan"]

#: Fields of a loan that version 1 names otherwise, and the choices that it stores in them.
RENAMED = {"counted": "counted_days", "interest_to": "accrual_dates", "draws": "drawdowns"}
REWORDED = {"counted_days": {"first_day": "first", "last_day": "last"}}


def upgraded_loan(plain: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a loan of version 1 as this version writes it."""
    loan = {RENAMED.get(name, name): value for name, value in plain.items()}
    for name, renamed in REWORDED.items():
        if isinstance(value := loan.get(name), str):
            loan[name] = renamed.get(value, value)
    if isinstance(fees := loan.get("fees"), list):
        loan["fees"] = [_upgraded_fee(fee) for fee in fees]
    return loan


def _upgraded_fee(plain: object) -> object:
    """Return a fee of version 1, which writes out the name of a fee that was given none."""
    match plain:
        case {"fee": {"when": str(when), "name": str(name)} as fee}:
            unnamed = name == f"{when.replace('_', ' ')} fee"
            return {"fee": {**fee, "name": None if unnamed else name}}
    return plain


def upgraded(
    plain: Mapping[str, Any], kind: type[Change], ledger: Callable[[], Ledger]
) -> Mapping[str, Any]:
    """Return a change of version 1 as this version writes it.

    Parameters
    ----------
    plain
        The stored change.
    kind
        What it is.
    ledger
        Returns the ledger of the schedule that it changes.

    Raises
    ------
    RepayError
        If its payment is not one of that schedule.
    """
    if not issubclass(kind, AmountChange) or {"payment", "with_payment"} & set(plain) != {
        "payment"
    }:
        return plain
    change = {**plain, "with_payment": None}
    payment = change.pop("payment")
    if payment is not None:
        payment = parse_count(payment, "payment", example=1)
        for name, value in amount_place({"payment": payment}, ledger()).items():
            change[name] = value.isoformat() if name == "on" else value
    return change
