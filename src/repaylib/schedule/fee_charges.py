"""What each fee of a schedule came to, row by row."""

from __future__ import annotations

from collections.abc import Sequence

from repaylib.changes.early_settlement import EarlySettlement
from repaylib.errors import ChoiceError, Phrase, TermsError, parse_items
from repaylib.schedule.schedule import Schedule
from repaylib.terms.fees import Fee
from repaylib.terms.settlement_fees import SettlementFee

__all__ = ["fees_by_item", "fees_known", "left_out", "parse_fees"]


def fees_known(schedule: Schedule) -> tuple[Fee, ...]:
    """Return the fees of a loan, and those that a change brought along; none twice."""
    own = [
        Fee(change.fee, when="settlement")
        for change in schedule.changes
        if isinstance(change, EarlySettlement)
        and change.fee is not None
        and not isinstance(change.fee, SettlementFee)
    ]
    charged = [charge.fee for charge in schedule.fee_charges]
    return tuple(dict.fromkeys((*schedule.loan.fees, *own, *charged)))


def fees_by_item(schedule: Schedule) -> dict[tuple[str, str], list[Fee]]:
    """Return the fees of one name and payee together, those that may never fall due last."""
    items: dict[tuple[str, str], list[Fee]] = {}
    for fee in sorted(fees_known(schedule), key=lambda fee: fee.contingent):
        items.setdefault((fee.label, fee.payee), []).append(fee)
    return items


def parse_fees(which: object) -> tuple[str | Fee, ...]:
    """Read fees, or names or payees of fees, of which there may be one by itself."""
    if isinstance(which, (str, Fee)):
        return (which,)
    example = Phrase("write {}", 'without=["lender"]')
    wanted = parse_items(which, "without", "names of fees", example)
    for row, fee in enumerate(wanted):
        if not isinstance(fee, (str, Fee)):
            raise TermsError(f"without[{row}]", fee, "a Fee, or a name or payee of one", example)
    return wanted


def left_out(
    schedule: Schedule, wanted: Sequence[str | Fee], *, taxes_alone: bool = False
) -> dict[int, int]:
    """Return the sum of some fees on each row, with their tax, or that tax alone.

    Parameters
    ----------
    wanted
        The fees themselves, or names or payees of fees.

    Raises
    ------
    ChoiceError
        If no fee is such, or has such a name or payee.
    """
    fees = fees_known(schedule)
    for wanted_fee in wanted:
        if not any(wanted_fee in (fee, fee.label, fee.payee) for fee in fees):
            known = sorted({word for fee in fees for word in (fee.label, fee.payee)})
            listed = ", ".join(f'"{word}"' for word in known) or "none, as there are no fees"
            raise ChoiceError(
                "without",
                wanted_fee,
                Phrase("a name or payee of a fee: {}", listed),
                "leave it out",
            )
    sums: dict[int, int] = {}
    for charge in schedule.fee_charges:
        fee = charge.fee
        if fee in wanted or fee.label in wanted or fee.payee in wanted:
            amount = charge.tax if taxes_alone else charge.amount + charge.tax
            sums[charge.row] = sums.get(charge.row, 0) + amount
    return sums
