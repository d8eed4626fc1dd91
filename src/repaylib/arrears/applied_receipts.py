"""What the money of each day has paid, with daily simple interest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from repaylib.arrears.servicing import Servicing

__all__ = ["Applied", "applied_of"]


@dataclass(frozen=True, slots=True)
class Applied:
    """What the money received on a day has paid, with daily simple interest. In major units.

    Attributes
    ----------
    on
        The day.
    amount
        The money received on it.
    interest
        What it paid of the interest accrued to the day.
    principal
        What it paid of the principal.
    other
        The rest: it paid fees, penalties and the like, or was too much.
    interest_left
        The interest owed after it, due or not.
    principal_left
        The principal owed after it, due or not.
    """

    on: date
    amount: Decimal
    interest: Decimal
    principal: Decimal
    other: Decimal
    interest_left: Decimal
    principal_left: Decimal


def applied_of(life: Servicing) -> tuple[Applied, ...]:
    """Return what the money of each day has paid in the life of a loan."""
    money = life.loan.money
    return tuple(
        Applied(
            on=each.on,
            amount=money(each.amount),
            interest=money(each.interest),
            principal=money(each.principal),
            other=money(each.amount - each.interest - each.principal),
            interest_left=money(each.interest_left),
            principal_left=money(each.principal_left),
        )
        for each in life.postings
    )
