"""A further advance, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from repaylib.changes.base import AmountChange, with_payment_only
from repaylib.changes.change_wording import UNKNOWN, Effect
from repaylib.changes.day_order import Turn
from repaylib.errors import check_word
from repaylib.money.amounts import parse_positive_amount
from repaylib.typing import Amount, DateLike, Hold
from repaylib.wording.sentence import Sentence

__all__ = ["Advance"]


@dataclass(frozen=True, slots=True, init=False)
class Advance(AmountChange):
    """A further amount is disbursed, and owed from that day.

    Parameters
    ----------
    amount
        In major units, above zero.
    with_payment, on
        When; exactly one. ``with_payment=2`` is on the due date of payment 2, together with it.
    hold
        ``"maturity"`` (or ``"count"``)
            the final date; the instalments are solved again, and grow: 100 at 9.4822 % in 6 payments,
            and 100 more with the second, gives 17.13 twice and then 42.63.
        ``"payment"``
            the instalment; the term becomes longer.
        ``"last"``
            instalment and final date; the last payment takes the advance.

    Examples
    --------
    >>> print(Advance("100", on="2024-03-01"))
    on 2024-03-01, 100 more is lent; the final date stays, and the instalments are recalculated
    """

    kind = "advance"
    turn = Turn.ADVANCE
    required = (("amount",),)
    amount_option = "amount"

    amount: Decimal
    hold: Hold

    @with_payment_only
    def __init__(
        self,
        amount: Amount,
        *,
        with_payment: int | None = None,
        on: DateLike | None = None,
        hold: Hold = "maturity",
    ) -> None:
        self._place(with_payment, on)
        self._store(
            amount=parse_positive_amount(amount, "amount"),
            hold=check_word("hold", hold, get_args(Hold)),
        )

    @property
    def label(self) -> Sentence:
        """The change in a word or two, as a sentence."""
        return Sentence("change.advance", amount=f"{self.amount:,f}")

    def sentence(self, effect: Effect = UNKNOWN) -> Sentence:
        """Return a sentence that describes the change, with its known effect in a schedule."""
        held = effect.held(f"advance.{'maturity' if self.hold == 'count' else self.hold}")
        return Sentence("advance", when=self.when, amount=effect.amount(self.amount), held=held)
