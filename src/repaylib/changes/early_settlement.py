"""The early settlement, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import get_args

from repaylib.changes.base import AmountChange, with_payment_only
from repaylib.changes.change_wording import UNKNOWN, Effect
from repaylib.changes.day_order import Turn
from repaylib.dates.days import add_days
from repaylib.dates.months import add_months
from repaylib.errors import DateError, Phrase, TermsError, check_word
from repaylib.money.counts import parse_count
from repaylib.terms.settlement_fees import (
    SettlementFee,
    SettlementFeeLike,
    parse_settlement_fee,
    settlement_fee_sentence,
)
from repaylib.typing import DateLike, SettlementDeferral, SettlementMethod
from repaylib.wording.sentence import NOTHING, Listed, Sentence

__all__ = ["EarlySettlement"]

MOST_NOTICE = 366
UK_NOTICE = 28


@dataclass(frozen=True, slots=True, init=False)
class EarlySettlement(AmountChange):
    """All that is owed is paid, and the loan ends; :func:`~repaylib.settle` quotes it.

    Parameters
    ----------
    with_payment, on
        When it is requested; exactly one. ``with_payment=3`` is on the due date of payment 3,
        together with it.
    method
        What is owed of the interest; 10,000 at 12 % over 12 months, settled after 6 payments,
        with a balance of 5,149.20 and 5,330.92 still to pay:

        ``"actuarial"``
            the interest accrued to the day: 5,149.20. If the contract charges interest on the original
            principal, the remaining payments are discounted at the rate that they imply: a flat
            1 % a month leaves 5,000.02 of principal and takes 5,265.58.
        ``"rule_of_78"``
            the interest earned by the sum of digits: 57 of 78 parts of 661.86, of which 480.14 are
            paid: 5,152.73.
        ``"uk_2004"``
            the remaining payments at the APR of the agreement, by the Consumer Credit (Early
            Settlement) Regulations 2004, on the day to which `notice` and `deferral` lead.
        ``"flat_waived"``
            the interest accrued by contract; the rest of a flat charge is waived: 5,000.02 of a flat
            1 % a month.
        ``"flat_charged"``
            all remaining interest, and the fees of the remaining instalments: 5,600.02.
    fee
        ``None``; an amount in major units (``"50"``); a share of the principal repaid
        (``"1%"``); months of interest on it (``"3 months"``); a table by months elapsed, ``{0:
        "3%", 12: "2%", 24: "0"}``; or a :class:`~repaylib.terms.SettlementFee`, which has caps.
    notice
        Days from the request to the payment: by default 28 with ``"uk_2004"``, else 0.
    deferral
        By how much the lender defers the day after that, with ``"uk_2004"``: ``"none"``,
        ``"month"`` or ``"30 days"``; by default a month if the loan runs for more than a year,
        and none if not.

    Examples
    --------
    >>> print(EarlySettlement(on="2024-07-10", fee="1%"))
    on 2024-07-10, all that is owed is paid, for a fee: 1% of the principal repaid
    >>> print(EarlySettlement(with_payment=6, method="rule_of_78"))
    with instalment 6, all that is owed is paid, interest by the rule of 78
    """

    kind = "early_settlement"
    turn = Turn.SETTLE

    method: SettlementMethod
    fee: Decimal | Fraction | SettlementFee | None
    notice: int | None
    deferral: SettlementDeferral | None

    @with_payment_only
    def __init__(
        self,
        *,
        with_payment: int | None = None,
        on: DateLike | None = None,
        method: SettlementMethod = "actuarial",
        fee: SettlementFeeLike | None = None,
        notice: int | None = None,
        deferral: SettlementDeferral | None = None,
    ) -> None:
        self._place(with_payment, on)
        days = None if notice is None else parse_count(notice, "notice", least=0, most=MOST_NOTICE)
        later = None
        if deferral is not None:
            later = check_word("deferral", deferral, get_args(SettlementDeferral))
        self._store(
            method=check_word("method", method, get_args(SettlementMethod)),
            fee=None if fee is None else parse_settlement_fee(fee),
            notice=days,
            deferral=later,
        )
        if later not in (None, "none") and self.method != "uk_2004":
            raise TermsError(
                "deferral",
                deferral,
                Phrase('method="uk_2004", whose regulations know it, not method="{}"', self.method),
                Phrase("write {}, or {}", 'deferral="none"', "notice=30"),
            )

    @property
    def label(self) -> Sentence:
        """The change in a word or two, as a sentence."""
        return Sentence("change.settlement")

    def sentence(self, effect: Effect = UNKNOWN) -> Sentence:
        """Return a sentence that describes the change, with its known effect in a schedule."""
        later: list[object] = []
        if self.days_of_notice:
            later.append(Sentence("settlement.notice", days=self.days_of_notice))
        if self.method == "uk_2004" and self.deferral != "none":
            later.append(Sentence(".".join(filter(None, ("settlement.deferral", self.deferral)))))
        plain, fee = self.method == "actuarial", NOTHING if not self.fee else self._fee(effect)
        return Sentence(
            "settlement",
            when=self.when,
            later=Listed(later, "nothing"),
            interest=NOTHING if plain else Sentence(f"settlement.{self.method}"),
            fee=fee,
        )

    def _fee(self, effect: Effect) -> Sentence:
        assert self.fee is not None, "there is a fee"
        kind, fee = settlement_fee_sentence(self.fee, effect.money)
        return Sentence(f"settlement.fee.{kind}", fee=fee)

    @property
    def days_of_notice(self) -> int:
        """Days from when it is asked for to when it is paid, before any deferral."""
        usual = UK_NOTICE if self.method == "uk_2004" else 0
        return usual if self.notice is None else self.notice

    def effective_day(self, placed: date, start: date, maturity: date) -> date:
        """Return the day on which the settlement is paid, if it is asked for on day `placed`.

        Raises
        ------
        DateError
            If the loan has ended by then.
        """
        day = add_days(placed, self.days_of_notice)
        deferral = self.deferral
        if deferral is None:
            long = self.method == "uk_2004" and maturity > add_months(start, 12)
            deferral = "month" if long else "none"
        if deferral == "month":
            day = add_months(day, 1)
        elif deferral == "30 days":
            day = add_days(day, 30)
        if day >= maturity:
            latest = maturity - timedelta(days=1)
            raise DateError(
                "on",
                placed.isoformat(),
                Phrase(
                    "a request that is settled before the end, {}; {} days of notice lead to {}",
                    *(maturity, self.days_of_notice, day),
                )
                if deferral == "none"
                else Phrase(
                    "a request that is settled before the end, {}; {} days of notice and a deferral "
                    "of {} lead to {}",
                    *(maturity, self.days_of_notice, deferral, day),
                ),
                Phrase(
                    'write notice=0 and deferral="none", or leave it to end by itself; the latest day is {}',
                    latest,
                ),
            )
        return day
