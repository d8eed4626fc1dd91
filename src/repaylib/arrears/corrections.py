"""What is given back, given up and written off in the life of a loan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repaylib.arrears.daily_simple import Held
from repaylib.arrears.events import Refund, Waiver, WriteOff
from repaylib.arrears.instalment_due import PARTS
from repaylib.errors import AmountError
from repaylib.money.rounding import round_fraction

if TYPE_CHECKING:
    from repaylib.arrears.servicing import Servicing

__all__ = ["give_back", "waive", "write_off"]


def give_back(life: Servicing, event: Refund) -> None:
    """Give back money that is held, the latest first."""
    amount = life.loan.minor(event.amount, "amount")
    if amount > life.credit:
        raise AmountError(
            "amount",
            str(event),
            f"at most {life.loan.show(life.credit)}, what is held that was paid ahead or too much",
            "write a Reversal for a receipt that bounced",
        )
    life.refunded += amount
    while amount:
        on, money, _ = life.held.pop()
        if money > amount:
            life.held.append(Held(on, money - amount))
        amount -= min(amount, money)


def waive(life: Servicing, event: Waiver) -> None:
    """Give up what is due of a kind, the oldest instalment first."""
    kinds = PARTS[event.of]
    there = {
        (number, kind): bill.open(kind, event.on, life.rounding)
        for number, bill in enumerate(life.live)
        for kind in kinds
    }
    total = sum(there.values())
    amount = total
    if event.share is not None:
        amount = round_fraction(total * event.share, life.rounding)
    if event.amount is not None:
        amount = life.loan.minor(event.amount, "amount")
    if amount > total:
        raise AmountError(
            "amount",
            str(event),
            f"at most the {event.of} owed and due on {event.on}, {life.loan.show(total)}",
            'write a smaller amount, share="100%", or rp.forgive(...) for what is not yet due',
        )
    for (number, kind), owed in there.items():
        part = min(owed, amount)
        life.live[number].waive(kind, part)
        amount -= part


def write_off(life: Servicing, event: WriteOff) -> None:
    """Write off what is owed."""
    life.off = event
    if event.accrual == "stop":
        life.accelerate(event.on)
        life.dues.freeze()
    owed = life.owed(event.on) + sum(life.undue(event.on, fee=False).values())
    life.written_off = max(0, owed - life.pool)
