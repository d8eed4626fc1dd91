"""Forgiveness and forbearance of part of a debt, as values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import get_args

from repaylib.changes.base import AmountChange, TermsChange, with_payment_only
from repaylib.changes.day_order import Turn
from repaylib.changes.effect import UNKNOWN, Effect
from repaylib.errors import AmountError, RateError, TermsError, check_word, write
from repaylib.money.amounts import parse_positive_amount
from repaylib.rates.rate import parse_share, percent
from repaylib.typing import Amount, DateLike, ForgivenessHold, ForgivenPart
from repaylib.wording.sentence import Sentence

__all__ = ["Forbearance", "Forgiveness"]


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
        fixed, part = _amount_or_share(amount, share)
        self._store(
            amount=fixed,
            share=part,
            of=check_word("of", of, get_args(ForgivenPart)),
            hold=check_word("hold", hold, get_args(ForgivenessHold)),
        )

    @property
    def name(self) -> str:
        """The change in a word or two."""
        return f"forgiveness {_amount_in_words(self)}"

    def sentence(self, effect: Effect = UNKNOWN) -> Sentence:
        """Return a sentence that describes the change, with its known effect in a schedule."""
        key = f"forgiveness.{'amount' if self.share is None else 'share'}.{self.of}"
        amount = effect.amount(self.amount, self.share)
        held = effect.held(f"reduced.{self.hold}")
        return Sentence(key, when=self.when, amount=amount, held=held)


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
        fixed, part = _amount_or_share(amount, share)
        if part is not None and not 0 < part < 1:
            raise RateError("share", share, "a share above 0% and below 100%", write("10%"))
        self._store(
            amount=fixed,
            share=part,
            hold=check_word("hold", hold, get_args(ForgivenessHold)),
        )

    @property
    def name(self) -> str:
        """The change in a word or two."""
        return f"forbearance {_amount_in_words(self)}"

    def sentence(self, effect: Effect = UNKNOWN) -> Sentence:
        """Return a sentence that describes the change, with its known effect in a schedule."""
        amount = effect.amount(self.amount, self.share)
        held = effect.held(f"reduced.{self.hold}")
        return Sentence("forbearance", when=self.when, amount=amount, held=held)


def _amount_or_share(
    amount: Amount | None, share: str | Decimal | Fraction | None
) -> tuple[Decimal | None, Fraction | None]:
    """Read an amount above zero or a share; exactly one of the two is given."""
    if (amount is None) == (share is None):
        given = "neither" if amount is None else "both"
        raise TermsError("amount", given, "exactly one of amount and share", write(share="10%"))
    if share is not None:
        return None, parse_share(share, "share", 1, "share")
    if isinstance(amount, str) and amount.strip().endswith("%"):
        raise AmountError("amount", amount, "an amount in major units", write(share=amount.strip()))
    return parse_positive_amount(amount, "amount"), None


def _amount_in_words(change: Forgiveness | Forbearance) -> str:
    return f"{change.amount:,f}" if change.share is None else percent(change.share)
