"""What each fee of a schedule came to, row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from repaylib.changes.early_settlement import EarlySettlement
from repaylib.errors import ChoiceError, Phrase, TermsError, parse_items
from repaylib.schedule.schedule import Schedule
from repaylib.terms.fees import Fee
from repaylib.terms.settlement_fees import SettlementFee

__all__ = ["check_known", "fees_by_item", "fees_known", "is_meant", "left_out", "parse_fees"]


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


def is_meant(wanted: str | Fee, fee: Fee) -> bool:
    """Return whether a fee is the one that is meant, or has the name or payee that is."""
    return wanted in (fee, fee.label, fee.payee)


def check_known(fees: Collection[Fee], wanted: Iterable[str | Fee]) -> None:
    """Refuse what is wanted of some fees if none of them is such, or has such a name or payee.

    Raises
    ------
    ChoiceError
        With the names and payees that there are.
    """
    for one in wanted:
        if not any(is_meant(one, fee) for fee in fees):
            known = sorted({word for fee in fees for word in (fee.label, fee.payee)})
            listed = ", ".join(f'"{word}"' for word in known) or "none, as there are no fees"
            expected = Phrase("a name or payee of a fee: {}", listed)
            raise ChoiceError("without", one, expected, "leave it out")


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
    check_known(fees_known(schedule), wanted)
    sums: dict[int, int] = {}
    for charge in schedule.fee_charges:
        if any(is_meant(one, charge.fee) for one in wanted):
            amount = charge.tax if taxes_alone else charge.amount + charge.tax
            sums[charge.row] = sums.get(charge.row, 0) + amount
    return sums
