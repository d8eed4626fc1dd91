"""What each fee of a schedule came to, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from repaylib.changes import EarlySettlement
from repaylib.errors import ChoiceError
from repaylib.fees import Fee
from repaylib.renewal import run
from repaylib.schedule import Schedule

__all__ = ["Charge", "charges_of", "fees_known", "left_out"]


class Charge(NamedTuple):
    """A fee charged on a row, and the tax on it, in minor units."""

    row: int
    name: str
    amount: int
    tax: int


def charges_of(schedule: Schedule) -> list[Charge]:
    """Return every fee that a schedule charges, in order.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan("10000", "12%", 2, "2024-01-10", fees=[rp.Fee("1%"), rp.Fee("5", when="end")])
    >>> charges_of(rp.amortise(loan))
    [Charge(row=0, name='start fee', amount=10000, tax=0), Charge(row=2, name='end fee', amount=500, tax=0)]
    """
    if not schedule.columns["fee"].any():
        return []
    traced = run(schedule._program, trace=True)
    found: list[Charge] = []
    for row in range(len(schedule)):
        origins = traced.traced(row).origins
        for k, origin in enumerate(origins):
            if origin.column == "fee":
                name = origin.words.removeprefix("of ")
                after = origins[k + 1] if k + 1 < len(origins) else None
                taxed = after is not None and after.column == "tax" and after.words == f"on {name}"
                found.append(
                    Charge(row, name, origin.amount, after.amount if taxed and after else 0)
                )
    return found


def fees_known(schedule: Schedule) -> tuple[Fee, ...]:
    """Return the fees of a loan, and those that a change brought along."""
    own = [
        Fee(change.fee, when="settlement")
        for change in schedule.changes
        if isinstance(change, EarlySettlement) and change.fee is not None
    ]
    return (*schedule.loan.fees, *own)


def left_out(schedule: Schedule, names: Sequence[str]) -> dict[int, int]:
    """Return what the fees of some names or payees come to on each row, their tax included.

    Raises
    ------
    ChoiceError
        If no fee has such a name or payee.
    """
    fees = fees_known(schedule)
    wanted = [names] if isinstance(names, str) else list(names)
    for name in wanted:
        if not any(name in (fee.name, fee.payee) for fee in fees):
            known = sorted({word for fee in fees for word in (fee.name, fee.payee)})
            listed = ", ".join(f'"{word}"' for word in known) or "none, as there are no fees"
            raise ChoiceError(
                "without", name, f"a name or payee of a fee: {listed}", "leave it out"
            )
    meant = {fee.name for fee in fees if fee.name in wanted or fee.payee in wanted}
    sums: dict[int, int] = {}
    for charge in charges_of(schedule):
        if charge.name in meant:
            sums[charge.row] = sums.get(charge.row, 0) + charge.amount + charge.tax
    return sums
