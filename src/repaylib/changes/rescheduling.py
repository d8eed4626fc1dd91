"""A rescheduling, as a value: new instalments for what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, get_args

from repaylib.changes.base import TermsChange
from repaylib.changes.change_wording import UNKNOWN, Effect
from repaylib.changes.day_order import Turn
from repaylib.dates.frequency import Every, parse_every
from repaylib.dates.frequency_wording import frequency_sentence, is_regular
from repaylib.errors import Phrase, TermsError, check_word
from repaylib.money.amounts import parse_positive_amount
from repaylib.money.counts import parse_count
from repaylib.rates.rate import Rate, RateLike, parse_rate
from repaylib.terms.methods import METHODS, SPELLINGS
from repaylib.typing import Amount, DateLike, Method, Repay
from repaylib.wording.sentence import NOTHING, Listed, Sentence

if TYPE_CHECKING:
    from repaylib.dates.frequency import EveryLike

__all__ = ["Rescheduling"]


@dataclass(frozen=True, slots=True, init=False)
class Rescheduling(TermsChange):
    """What is owed is repaid in new instalments.

    Parameters
    ----------
    payments
        The number of new instalments; the instalment is solved. 12 in place of the 9 left at 12 % gives
        676.21.
    instalment
        The new instalment in major units (its principal part, with ``"equal_principal"``); the number
        is solved. Exactly one of the two.
    payment, on
        From when; exactly one.
    every
        The new time between due dates, as a :class:`~repaylib.Loan` takes it, counted from the
        day of the change; or a list of new due dates. ``None`` keeps the due dates.
    rate
        A new rate from that day; ``None`` keeps it.
    method
        A new method of repayment, as a :class:`~repaylib.Loan` takes it; ``None`` keeps it.
    repay
        When the interest is paid that has accrued since the last due date; from a payment on, there
        is none. 7,610.80 on which 25.37 has accrued in 10 days, in 18 new instalments:

        ``"next"``
            with the first new instalment, as a part of its interest: 464.12 each.
        ``"now"``
            on the day: 25.37, then 462.59 each.
        ``"spread"``
            evenly with all new instalments, without interest on it: 464.00 each.
        ``"last"``
            with the last one, without interest on it: 462.59 each, the last 487.95.
        ``"capitalise"``
            never as interest: it joins the principal, which makes 464.13 each.

    Notes
    -----
    A deferral that is still running ends. A payment that was moved is part of what is rescheduled, and
    its interest is paid with the first new instalment. Other deferred interest is paid as its deferral
    says. Interest on the original principal, as with ``method="flat"``, is from then on charged on what
    is owed on that day.

    Examples
    --------
    >>> print(Rescheduling(18, payment=4))
    from instalment 4 on, what is owed is repaid in 18 new instalments
    """

    kind = "rescheduling"
    turn = Turn.RENEW
    required = (("payments", "instalment"),)
    count_option = "payments"
    amount_option = "instalment"

    payments: int | None
    instalment: Decimal | None
    every: Every | None
    rate: Rate | None
    method: Method | None
    repay: Repay

    def __init__(
        self,
        payments: int | None = None,
        *,
        instalment: Amount | None = None,
        payment: int | None = None,
        on: DateLike | None = None,
        every: EveryLike | None = None,
        rate: RateLike | None = None,
        method: Method | None = None,
        repay: Repay = "next",
    ) -> None:
        self._place(payment, on)
        if (payments is None) == (instalment is None):
            given = Phrase("neither") if payments is None else Phrase("both")
            raise TermsError(
                "payments",
                given,
                "exactly one of payments and instalment",
                Phrase("write {} or {}", "payments=...", 'instalment="..."'),
            )
        self._store(
            payments=None if payments is None else parse_count(payments, "payments"),
            instalment=None
            if instalment is None
            else parse_positive_amount(instalment, "instalment"),
            every=None if every is None else parse_every(every),
            rate=None if rate is None else parse_rate(rate),
            method=None if method is None else check_word("method", method, METHODS, SPELLINGS),
            repay=check_word("repay", repay, get_args(Repay)),
        )

    @property
    def label(self) -> Sentence:
        """The change in a word or two, as a sentence."""
        if self.payments is None:
            return Sentence("change.rescheduling.amount", amount=f"{self.instalment:,f}")
        return Sentence("change.rescheduling.count", count=self.payments)

    def sentence(self, effect: Effect = UNKNOWN) -> Sentence:
        """Return a sentence that describes the change, with its known effect in a schedule."""
        regular = self.every is not None and is_regular(self.every)
        frequency: object = NOTHING
        if self.every is not None and regular:
            frequency = Sentence("rescheduling.frequency", frequency=frequency_sentence(self.every))
        if self.payments is not None:
            number = Sentence("rescheduling.count", count=self.payments, frequency=frequency)
        else:
            principal = (self.method or effect.method) == "equal_principal"
            key = "rescheduling.principal" if principal else "rescheduling.amount"
            number = Sentence(key, amount=effect.amount(self.instalment), frequency=frequency)
        terms: list[object] = [number]
        if self.rate is not None:
            terms.append(Sentence("rescheduling.rate", rate=self.rate.sentence()))
        if self.every is not None and not regular:
            terms.append(Sentence("rescheduling.listed"))
        if self.method is not None:
            method = Sentence(f"method.{self.method}")
            terms.append(Sentence("rescheduling.method", method=method))
        if self.repay != "next":
            terms.append(Sentence(f"rescheduling.repay.{self.repay}"))
        return Sentence("since", when=self.when, what=Listed(terms, "nothing"))
