"""A prepayment, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from repaylib.changes.base import AmountChange, with_payment_only
from repaylib.changes.change_wording import UNKNOWN, Effect
from repaylib.changes.day_order import Turn
from repaylib.errors import check_word
from repaylib.money.amounts import parse_positive_amount
from repaylib.typing import Amount, DateLike, PrepaymentHold, PrepaymentInterest
from repaylib.wording.sentence import NOTHING, Sentence

__all__ = ["Prepayment"]


@dataclass(frozen=True, slots=True, init=False)
class Prepayment(AmountChange):
    """An amount is paid on top of the instalments, and reduces the principal at once.

    Parameters
    ----------
    amount
        In major units, above zero, at most the principal then owed.
    with_payment, on
        When; exactly one. ``with_payment=3`` is on the due date of payment 3, together with it,
        so payment 4 is the first that changes.
    hold
        ``"payment"``
            the instalment; the term becomes shorter.
        ``"maturity"``
            the final date; the instalments are solved again, and become lower.
        ``"last"``
            the instalments; the last ones become lower or fall away.
        ``"next"``
            nothing: the amount pays the next instalments in advance. They are not due until it is
            used up. Interest accrues on what is really owed; the interest of the instalments paid in
            advance is paid out of the first ones that are due again.
    interest
        The interest paid with it, on top of `amount`. 4,000 of 10,000 are prepaid after 60 days at
        0.05 % a day; the amounts are what is then paid.

        ``"none"``
            none: 4,000.00. What has accrued is paid on the next due date.
        ``"part"``
            what has accrued on the part that is prepaid: 4,120.00.
        ``"all"``
            all that has accrued: 4,300.00.

        Interest is rounded when it is taken. The next due date rounds the interest of its whole
        period, and charges what is left. Interest that was deferred keeps its own dates.

    Examples
    --------
    >>> print(Prepayment("2000", on="2024-04-20"))
    on 2024-04-20, 2,000 is prepaid; the instalment stays, and the term becomes shorter
    """

    kind = "prepayment"
    turn = Turn.PREPAY
    required = (("amount",),)
    amount_option = "amount"

    amount: Decimal
    hold: PrepaymentHold
    interest: PrepaymentInterest

    @with_payment_only
    def __init__(
        self,
        amount: Amount,
        *,
        with_payment: int | None = None,
        on: DateLike | None = None,
        hold: PrepaymentHold = "payment",
        interest: PrepaymentInterest = "none",
    ) -> None:
        self._place(with_payment, on)
        self._store(
            amount=parse_positive_amount(amount, "amount"),
            hold=check_word("hold", hold, get_args(PrepaymentHold)),
            interest=check_word("interest", interest, get_args(PrepaymentInterest)),
        )

    @property
    def label(self) -> Sentence:
        """The change in a word or two, as a sentence."""
        return Sentence("change.prepayment", amount=f"{self.amount:,f}")

    def sentence(self, effect: Effect = UNKNOWN) -> Sentence:
        """Return a sentence that describes the change, with its known effect in a schedule."""
        with_it: Sentence | str = NOTHING
        if self.interest != "none":
            with_it = Sentence(f"prepayment.interest.{self.interest}")
        paid = {"when": self.when, "amount": effect.amount(self.amount), "interest": with_it}
        if self.hold == "next":
            return Sentence("prepayment.next", **paid)
        return Sentence("prepayment", **paid, held=effect.held(f"reduced.{self.hold}"))
