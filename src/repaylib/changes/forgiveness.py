"""Forbearance of principal, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import get_args

from repaylib.changes.base import Change, ForgivenessHold
from repaylib.changes.rate_change import positive
from repaylib.dates.due_dates import DateLike
from repaylib.errors import AmountError, RateError, TermsError, check_word, write
from repaylib.money.amounts import Amount
from repaylib.rates.rate import parse_share, percent
from repaylib.terms.methods import Method

__all__ = ["Forbearance"]


@dataclass(frozen=True, slots=True, init=False)
class Forbearance(Change):
    """Part of the principal bears no interest from a day on, and is due with the last payment.

    It is still owed: the closing balance has it. A prepayment lowers it last, a rescheduling
    leaves it where it is.

    Parameters
    ----------
    amount
        In major units, above zero, less than the principal that bears interest on the day.
    share
        A share of that, ``"10%"``. Exactly one of the two.
    payment, on
        When; exactly one. ``payment=4`` is on the due date of instalment 3.
    hold
        ``"maturity"``
            the end; the instalments are solved again: 1,000 of 7,610.80 put aside at 12 % with 9
            left gives 771.75, and 1,000 on top of the last.
        ``"payment"``
            the instalment; the term becomes shorter.
        ``"last"``
            the instalments; the last ones become lower or fall away.

    Raises
    ------
    RepayError
        For an amount that cannot be read, or both an amount and a share.

    Examples
    --------
    >>> print(Forbearance("1000", payment=4))
    with instalment 3, 1,000 of the principal is put aside without interest, due with the last
    payment; the end is kept, so the instalments are solved again
    """

    amount: Decimal | None
    share: Fraction | None
    hold: ForgivenessHold

    def __init__(
        self,
        amount: Amount | None = None,
        *,
        share: str | Decimal | Fraction | None = None,
        payment: int | None = None,
        on: DateLike | None = None,
        hold: ForgivenessHold = "maturity",
    ) -> None:
        self._place(payment, on)
        if (amount is None) == (share is None):
            given = "neither" if amount is None else "both"
            raise TermsError("amount", given, "exactly one of amount and share", write(share="10%"))
        if isinstance(amount, str) and amount.strip().endswith("%"):
            raise AmountError(
                "amount", amount, "an amount in major units", write(share=amount.strip())
            )
        part = None if share is None else parse_share(share, "share", 1, "share")
        if part is not None and not 0 < part < 1:
            raise RateError("share", share, "a share above 0% and below 100%", write("10%"))
        self._store(
            amount=None if amount is None else positive(amount, "amount"),
            share=part,
            hold=check_word("hold", hold, get_args(ForgivenessHold)),
        )

    @property
    def _much(self) -> str:
        return f"{self.amount:,f}" if self.share is None else percent(self.share)

    @property
    def name(self) -> str:
        """The change in a word or two."""
        return f"forbearance {self._much}"

    def in_words(self, method: Method = "level") -> str:
        """Say what the change does to a loan repaid by `method`."""
        held = self._held(_LIGHTER[self.hold], method)
        return (
            f"{self.at}, {self._much} of the principal is put aside without interest, "
            f"due with the last payment; {held}"
        )


_LIGHTER: dict[ForgivenessHold, str] = {
    "maturity": "the end is kept, so the instalments are solved again",
    "payment": "the instalment is kept, so the term becomes shorter",
    "last": "the instalments are kept, so the last ones become lower or fall away",
}
