"""Forbearance, which frees part of the principal of interest until the end, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import get_args

from repaylib.changes.base import TermsChange
from repaylib.changes.change_wording import UNKNOWN, Effect
from repaylib.changes.day_order import Turn
from repaylib.changes.forgiveness import amount_or_share, amount_shown
from repaylib.errors import RateError, check_word, write
from repaylib.typing import Amount, DateLike, ForgivenessHold
from repaylib.wording.sentence import Sentence

__all__ = ["Forbearance"]


@dataclass(frozen=True, slots=True, init=False)
class Forbearance(TermsChange):
    """Part of the principal accrues no interest from a day on, and is due with the last payment.

    It is still owed, and the closing balance includes it. A prepayment reduces it last; a rescheduling
    leaves it as it is.

    Parameters
    ----------
    amount
        In major units, above zero, less than the principal that accrues interest on the day.
    share
        A share of that, ``"10%"``. Exactly one of the two.
    payment, on
        From when; exactly one. With ``payment=4``, payment 4 is the first that changes.
    hold
        ``"maturity"``
            the final date; the instalments are solved again: 1,000 of 7,610.80 deferred at 12 % with 9
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
    from instalment 4 on, 1,000 of the principal is deferred without interest, due with the last
    payment; the final date stays, and the instalments are recalculated
    """

    kind = "forbearance"
    turn = Turn.RENEW
    required = (("amount", "share"),)
    amount_option = "amount"

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
        fixed, part = amount_or_share(amount, share)
        if part is not None and not 0 < part < 1:
            raise RateError("share", share, "a share above 0% and below 100%", write("10%"))
        self._store(
            amount=fixed,
            share=part,
            hold=check_word("hold", hold, get_args(ForgivenessHold)),
        )

    @property
    def label(self) -> Sentence:
        """The change in a word or two, as a sentence."""
        return Sentence("change.forbearance", amount=amount_shown(self.amount, self.share))

    def sentence(self, effect: Effect = UNKNOWN) -> Sentence:
        """Return a sentence that describes the change, with its known effect in a schedule."""
        amount = effect.amount(self.amount, self.share)
        held = effect.held(f"reduced.{self.hold}")
        return Sentence("forbearance", when=self.when, amount=amount, held=held)
