"""Forgiveness of part of a debt, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import get_args

from repaylib.changes.base import AmountChange, with_payment_only
from repaylib.changes.change_wording import UNKNOWN, Effect
from repaylib.changes.day_order import Turn
from repaylib.errors import AmountError, Phrase, TermsError, check_word, write
from repaylib.money.amounts import parse_positive_amount
from repaylib.rates.rate import parse_share, percent
from repaylib.typing import Amount, DateLike, ForgivenessHold, ForgivenPart
from repaylib.wording.sentence import Sentence

__all__ = ["Forgiveness", "amount_or_share", "amount_shown"]


@dataclass(frozen=True, slots=True, init=False)
class Forgiveness(AmountChange):
    """Part of what is owed is forgiven.

    Parameters
    ----------
    amount
        In major units, above zero, at most what is there.
    share
        A share of what is there, ``"10%"``. Exactly one of the two.
    of
        ``"principal"``
            the balance that accrues interest.
        ``"deferred_interest"``
            interest that was posted and deferred, and is not yet paid.
    with_payment, on
        When; exactly one. ``with_payment=3`` is on the due date of payment 3, together with it.
    hold
        ``"maturity"`` (the instalments are solved again, and become lower), ``"payment"``
        (the term becomes shorter) or ``"last"`` (the last payments become lower or fall away).

    Examples
    --------
    >>> print(Forgiveness(share="10%", with_payment=3))
    with instalment 3, 10% of the principal is forgiven; the final date stays, and the
    instalments are recalculated
    """

    kind = "forgiveness"
    turn = Turn.FORGIVE
    required = (("amount", "share"),)
    amount_option = "amount"

    amount: Decimal | None
    share: Fraction | None
    of: ForgivenPart
    hold: ForgivenessHold

    @with_payment_only
    def __init__(
        self,
        amount: Amount | None = None,
        *,
        share: str | Decimal | Fraction | None = None,
        of: ForgivenPart = "principal",
        with_payment: int | None = None,
        on: DateLike | None = None,
        hold: ForgivenessHold = "maturity",
    ) -> None:
        self._place(with_payment, on)
        fixed, part = amount_or_share(amount, share)
        self._store(
            amount=fixed,
            share=part,
            of=check_word("of", of, get_args(ForgivenPart)),
            hold=check_word("hold", hold, get_args(ForgivenessHold)),
        )

    @property
    def label(self) -> Sentence:
        """The change in a word or two, as a sentence."""
        return Sentence("change.forgiveness", amount=amount_shown(self.amount, self.share))

    def sentence(self, effect: Effect = UNKNOWN) -> Sentence:
        """Return a sentence that describes the change, with its known effect in a schedule."""
        key = f"forgiveness.{'amount' if self.share is None else 'share'}.{self.of}"
        amount = effect.amount(self.amount, self.share)
        held = effect.held(f"reduced.{self.hold}")
        return Sentence(key, when=self.when, amount=amount, held=held)


def amount_or_share(
    amount: Amount | None, share: str | Decimal | Fraction | None
) -> tuple[Decimal | None, Fraction | None]:
    """Read an amount above zero or a share; exactly one of the two is given."""
    if (amount is None) == (share is None):
        given = Phrase("neither") if amount is None else Phrase("both")
        raise TermsError("amount", given, "exactly one of amount and share", write(share="10%"))
    if share is not None:
        return None, parse_share(share, "share", 1, "share")
    if isinstance(amount, str) and amount.strip().endswith("%"):
        raise AmountError("amount", amount, "an amount in major units", write(share=amount.strip()))
    return parse_positive_amount(amount, "amount"), None


def amount_shown(amount: Decimal | None, share: Fraction | None) -> str:
    """Return the amount or the share that a change names."""
    return f"{amount:,f}" if share is None else percent(share)
