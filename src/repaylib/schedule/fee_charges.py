"""What each fee of a schedule came to, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from repaylib.changes.early_settlement import EarlySettlement
from repaylib.engine.execution import run
from repaylib.errors import ChoiceError
from repaylib.schedule.schedule import Schedule
from repaylib.terms.fees import Fee
from repaylib.terms.settlement_fees import SettlementFee

__all__ = ["Charge", "charges_of", "fees_by_item", "fees_known", "left_out"]


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
    traced = run(schedule.program, trace=True)
    found: list[Charge] = []
    for row in range(len(schedule)):
        for origin in traced.traced(row).origins:
            if origin.fee is None:
                continue
            if origin.column == "fee":
                found.append(Charge(row, origin.fee, origin.amount, 0))
            elif origin.column == "tax":  # it follows its fee
                found[-1] = found[-1]._replace(tax=origin.amount)
    return found


def fees_known(schedule: Schedule) -> tuple[Fee, ...]:
    """Return the fees of a loan, and those that a change brought along; none twice."""
    own = [
        Fee(change.fee, when="settlement")
        for change in schedule.changes
        if isinstance(change, EarlySettlement)
        and change.fee is not None
        and not isinstance(change.fee, SettlementFee)
    ]
    charged = [charge.fee for charge in charges_of(schedule)]
    return tuple(dict.fromkeys((*schedule.loan.fees, *own, *charged)))


def fees_by_item(schedule: Schedule) -> dict[tuple[str, str], list[Fee]]:
    """Return the fees of one name and payee together, those that may never fall due last."""
    items: dict[tuple[str, str], list[Fee]] = {}
    for fee in sorted(fees_known(schedule), key=lambda fee: fee.contingent):
        items.setdefault((fee.name, fee.payee), []).append(fee)
    return items


def left_out(schedule: Schedule, which: str | Fee | Sequence[str | Fee]) -> dict[int, int]:
    """Return what some fees come to on each row, their tax included.

    Parameters
    ----------
    which
        The fees themselves, or names or payees of fees.

    Raises
    ------
    ChoiceError
        If no fee is such, or has such a name or payee.
    """
    fees = fees_known(schedule)
    wanted = [which] if isinstance(which, (str, Fee)) else list(which)
    for each in wanted:
        if not any(each in (fee, fee.name, fee.payee) for fee in fees):
            known = sorted({word for fee in fees for word in (fee.name, fee.payee)})
            listed = ", ".join(f'"{word}"' for word in known) or "none, as there are no fees"
            raise ChoiceError(
                "without", each, f"a name or payee of a fee: {listed}", "leave it out"
            )
    sums: dict[int, int] = {}
    for charge in charges_of(schedule):
        fee = charge.fee
        if fee in wanted or fee.name in wanted or fee.payee in wanted:
            sums[charge.row] = sums.get(charge.row, 0) + charge.amount + charge.tax
    return sums
