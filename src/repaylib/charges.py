"""What each fee of a schedule came to, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from repaylib.early import EarlySettlement
from repaylib.errors import ChoiceError
from repaylib.fees import Fee
from repaylib.ledger import Origin
from repaylib.money import minor_of
from repaylib.renewal import run
from repaylib.schedule import Schedule
from repaylib.settlement_fees import LATER_FEES, SettlementFee

__all__ = ["Charge", "charges_of", "fees_known", "left_out"]


class Charge(NamedTuple):
    """A fee charged on a row, and the tax on it, in minor units."""

    row: int
    fee: Fee
    amount: int
    tax: int


def charges_of(schedule: Schedule) -> list[Charge]:
    """Return every fee that a schedule charges, in order.

    Fees in arrears that it took over were charged before it, and are none of them.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan("10000", "12%", 2, "2024-01-10", fees=[rp.Fee("1%"), rp.Fee("5", when="end")])
    >>> [(each.row, str(each.fee), each.amount) for each in charges_of(rp.amortise(loan))]
    [(0, 'start fee: 1% of the principal lent, paid, to the lender', 10000), (2, 'end fee: 5, paid, to the lender', 500)]
    """
    if not schedule.columns["fee"].any():
        return []
    traced = run(schedule._program, trace=True)
    fees = fees_known(schedule)
    found: list[Charge] = []
    for row in range(len(schedule)):
        origins = traced.traced(row).origins
        for k, origin in enumerate(origins):
            if origin.column == "fee":
                decimals = schedule.loan.decimals
                fee = next((fee for fee in fees if _is_of(origin, fee, decimals)), None)
                if fee is None:
                    continue  # a fee in arrears that was taken in: it was charged before
                after = origins[k + 1] if k + 1 < len(origins) else None
                taxed = after is not None and after.column == "tax"
                tax = after.amount if after and taxed and after.words == f"on {fee.name}" else 0
                found.append(Charge(row, fee, origin.amount, tax))
    return found


def _is_of(origin: Origin, fee: Fee, decimals: int) -> bool:
    """Whether what was noted is of a fee: of its name, and its share or amount."""
    if origin.words != f"of {fee.name}":
        return False
    if isinstance(fee.amount, Decimal):
        return origin.share is None and origin.amount == minor_of(fee.amount, decimals)
    return origin.share == fee.amount


def fees_known(schedule: Schedule) -> tuple[Fee, ...]:
    """Return the fees of a loan, and those that a change brought along."""
    own, money, settled = [], schedule.loan.money, schedule._settled
    for change in schedule.changes:
        if isinstance(change, EarlySettlement) and change.fee is not None:
            fee = change.fee
            own.append(
                Fee(
                    money(settled.fee) if isinstance(fee, SettlementFee) else fee,
                    when="settlement",
                )
            )
    if settled.later_fees:
        own.append(Fee(money(settled.later_fees), when="settlement", name=LATER_FEES))
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
    sums: dict[int, int] = {}
    for charge in charges_of(schedule):
        if charge.fee.name in wanted or charge.fee.payee in wanted:
            sums[charge.row] = sums.get(charge.row, 0) + charge.amount + charge.tax
    return sums
