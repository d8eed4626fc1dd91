"""Arrears that join a schedule, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from repaylib.changes.base import TermsChange
from repaylib.changes.change_wording import UNKNOWN, Effect
from repaylib.changes.day_order import Turn
from repaylib.errors import check_word
from repaylib.money.amounts import parse_positive_amount
from repaylib.typing import Amount, ArrearsPart, ArrearsRepay, DateLike
from repaylib.wording.sentence import Sentence

__all__ = ["Arrears"]


@dataclass(frozen=True, slots=True, init=False)
class Arrears(TermsChange):
    """An overdue amount joins the schedule beside the principal, and accrues no interest.

    Overdue principal, and what is added to it, is an :class:`~repaylib.changes.Advance`, or part of a new loan.

    Parameters
    ----------
    amount
        In major units, above zero.
    of
        What it is, and in which column it is paid: ``"interest"`` (as deferred interest),
        ``"penalty"`` or ``"fee"``.
    repay
        When it is paid; 90.00 with 9 instalments of 888.49 left:

        ``"next"``
            with the next instalment: 978.49, then 888.49.
        ``"spread"``
            evenly over the remaining payments: 898.49 each.
        ``"last"``
            with the last payment.
    payment, on
        From when; exactly one.

    Examples
    --------
    >>> print(Arrears("90", of="penalty", repay="spread", payment=4))
    from instalment 4 on, penalties in arrears of 90 are spread evenly over the payments left,
    without interest
    """

    kind = "arrears"
    turn = Turn.ADVANCE
    required = (("amount",),)
    amount_option = "amount"

    amount: Decimal
    of: ArrearsPart
    repay: ArrearsRepay

    def __init__(
        self,
        amount: Amount,
        *,
        of: ArrearsPart = "interest",
        repay: ArrearsRepay = "spread",
        payment: int | None = None,
        on: DateLike | None = None,
    ) -> None:
        self._place(payment, on)
        self._store(
            amount=parse_positive_amount(amount, "amount"),
            of=check_word("of", of, get_args(ArrearsPart)),
            repay=check_word("repay", repay, get_args(ArrearsRepay)),
        )

    @property
    def label(self) -> Sentence:
        """The change in a word or two, as a sentence."""
        return Sentence("change.arrears", amount=f"{self.amount:,f}")

    def sentence(self, effect: Effect = UNKNOWN) -> Sentence:
        """Return a sentence that describes the change, with its known effect in a schedule."""
        amount, paid = effect.amount(self.amount), Sentence(f"arrears.{self.repay}")
        return Sentence(f"arrears.{self.of}", when=self.when, amount=amount, paid=paid)
