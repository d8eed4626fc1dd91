"""The languages that documents are written in: one class each, with the same questions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, get_args

from repaylib.arrears.allocation import Allocation
from repaylib.arrears.breach import Breach
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.dates.frequency import Every, paced
from repaylib.documents import (
    changes_en,
    changes_zh,
    chinese,
    loan_zh,
    phrases_en,
    phrases_zh,
    rules_en,
    rules_zh,
)
from repaylib.documents.facts import LateRate, length_of, share
from repaylib.errors import check_word
from repaylib.measures.caps import Cap
from repaylib.rates.rate import Rate
from repaylib.schedule.change_log import Told
from repaylib.terms.fees import Fee
from repaylib.terms.loan import Loan
from repaylib.terms.loan_wording import loan_in_words
from repaylib.terms.methods import manner
from repaylib.terms.settlement_fees import SettlementFee
from repaylib.typing import Lang, Method

__all__ = ["Chinese", "English", "Tongue", "share", "parse_language"]


class Tongue(ABC):
    """A language: the sentences by key, and how each value is said."""

    lang: ClassVar[Lang]
    texts: ClassVar[Mapping[str, str]]
    stop: ClassVar[str]
    between: ClassVar[str]
    comma: ClassVar[str]
    colon: ClassVar[str]
    also: ClassVar[str]

    def say(self, key: str, **words: object) -> str:
        """Return a sentence of the catalogue, with its words filled in."""
        return self.texts[key].format(**words)

    def listed(self, words: Sequence[str]) -> str:
        """Return words as a list."""
        return (
            self.also.join([self.comma.join(words[:-1]), *words[-1:]])
            if words[1:]
            else "".join(words)
        )

    @abstractmethod
    def money(self, value: Decimal, currency: str) -> str:
        """Return an amount with its currency."""

    def in_full(self, value: Decimal, currency: str) -> str:
        """Return an amount with its currency and, where that is usual, in words as well."""
        return self.money(value, currency)

    @abstractmethod
    def day(self, value: date) -> str:
        """Return a day."""

    @abstractmethod
    def currency(self, code: str) -> str:
        """Return what a currency is called."""

    @abstractmethod
    def every(self, value: Every) -> str:
        """Return how often a payment falls due."""

    @abstractmethod
    def method(self, value: Method) -> str:
        """Return how principal is repaid."""

    @abstractmethod
    def loan(self, value: Loan) -> str:
        """Return the terms of a loan."""

    @abstractmethod
    def told(self, value: Told) -> str:
        """Return what a change does, and what became of it."""

    @abstractmethod
    def penalty(self, value: PenaltyTerms, currency: str, rates: Sequence[LateRate]) -> str:
        """Return what being late costs, in sentences."""

    @abstractmethod
    def penalty_standard(
        self, value: PenaltyTerms, currency: str, rates: Sequence[LateRate]
    ) -> str:
        """Return the rate of the penalty and the late fee, as a cell of a table."""

    @abstractmethod
    def breach(self, value: Breach, currency: str) -> str:
        """Return when an agreement is broken, and what follows."""

    @abstractmethod
    def allocation(self, value: Allocation) -> str:
        """Return in which order money received pays."""

    @abstractmethod
    def settlement_fee(self, value: Decimal | Fraction | SettlementFee, currency: str) -> str:
        """Return what early settlement costs."""

    @abstractmethod
    def settlement_fee_paid(self, value: Decimal | Fraction | SettlementFee, currency: str) -> str:
        """Return in a sentence what early settlement costs."""

    @abstractmethod
    def fee(self, value: Fee, currency: str) -> tuple[str, str, str, str]:
        """Return the name of a fee, when it is collected, its standard, and its payee."""

    @abstractmethod
    def rate(self, value: Rate) -> str:
        """Return a rate of interest per year."""

    @abstractmethod
    def cap(self, value: Cap) -> str:
        """Return what a legal cap is called."""

    @abstractmethod
    def rate_of(self, loan: Loan) -> str:
        """Return the rate of a loan, as agreed."""


class English(Tongue):
    """English, in the words that the values have themselves."""

    lang = "en"
    texts = phrases_en.TEXT
    stop = "."
    between = " "
    also = " and "
    comma = ", "
    colon = ": "

    def money(self, value: Decimal, currency: str) -> str:  # noqa: D102
        return changes_en.money(value, currency)

    def day(self, value: date) -> str:  # noqa: D102
        return value.isoformat()

    def currency(self, code: str) -> str:  # noqa: D102
        return self.say("currency_XXX") if code == "XXX" else code

    def every(self, value: Every) -> str:  # noqa: D102
        return paced(value) if length_of(value, 1) is not None else self.say("days_listed")

    def method(self, value: Method) -> str:  # noqa: D102
        return manner(value)

    def loan(self, value: Loan) -> str:  # noqa: D102
        return loan_in_words(value, lambda amount: rules_en.agreed(amount, value.currency))

    def told(self, value: Told) -> str:  # noqa: D102
        return changes_en.change(value)

    def penalty(  # noqa: D102
        self, value: PenaltyTerms, currency: str, rates: Sequence[LateRate]
    ) -> str:
        return rules_en.penalty(value, currency, rates)

    def penalty_standard(  # noqa: D102
        self, value: PenaltyTerms, currency: str, rates: Sequence[LateRate]
    ) -> str:
        return rules_en.penalty_standard(value, currency, rates)

    def breach(self, value: Breach, currency: str) -> str:  # noqa: D102
        return rules_en.breach(value, currency)

    def allocation(self, value: Allocation) -> str:  # noqa: D102
        return rules_en.allocation(value)

    def settlement_fee(  # noqa: D102
        self, value: Decimal | Fraction | SettlementFee, currency: str
    ) -> str:
        return rules_en.settlement_fee_of(value, currency)

    def settlement_fee_paid(  # noqa: D102
        self, value: Decimal | Fraction | SettlementFee, currency: str
    ) -> str:
        if not value:
            return self.say("early_free")
        return self.say("early_fee", fee=self.settlement_fee(value, currency))

    def fee(self, value: Fee, currency: str) -> tuple[str, str, str, str]:  # noqa: D102
        return rules_en.fee(value, currency)

    def rate(self, value: Rate) -> str:  # noqa: D102
        return value.per_year

    def cap(self, value: Cap) -> str:  # noqa: D102
        return value.name

    def rate_of(self, loan: Loan) -> str:  # noqa: D102
        rate = loan.rate
        return rate.per_year if isinstance(rate, Rate) else f"{rate} a year"


class Chinese(Tongue):
    """Chinese."""

    lang = "zh"
    texts = phrases_zh.TEXT
    stop = "。"
    between = ""
    also = "和"
    comma = "，"
    colon = "："

    def money(self, value: Decimal, currency: str) -> str:  # noqa: D102
        return chinese.money(value, currency)

    def in_full(self, value: Decimal, currency: str) -> str:  # noqa: D102
        words = chinese.capitals(value) if currency == "CNY" else None
        figures = self.money(value, currency)
        return figures if words is None else f"{figures}（大写：人民币{words}）"

    def day(self, value: date) -> str:  # noqa: D102
        return chinese.day(value)

    def currency(self, code: str) -> str:  # noqa: D102
        return {"XXX": self.say("currency_XXX"), "CNY": "人民币"}.get(
            code, chinese.CURRENCIES.get(code, code)
        )

    def every(self, value: Every) -> str:  # noqa: D102
        regular = length_of(value, 1) is not None
        return chinese.paced(value) if regular else self.say("days_listed")

    def method(self, value: Method) -> str:  # noqa: D102
        return chinese.METHODS[value]

    def loan(self, value: Loan) -> str:  # noqa: D102
        return loan_zh.loan(value)

    def told(self, value: Told) -> str:  # noqa: D102
        return changes_zh.change(value)

    def penalty(  # noqa: D102
        self, value: PenaltyTerms, currency: str, rates: Sequence[LateRate]
    ) -> str:
        return rules_zh.penalty(value, currency, rates)

    def penalty_standard(  # noqa: D102
        self, value: PenaltyTerms, currency: str, rates: Sequence[LateRate]
    ) -> str:
        return rules_zh.penalty_standard(value, currency, rates)

    def breach(self, value: Breach, currency: str) -> str:  # noqa: D102
        return rules_zh.breach(value, currency)

    def allocation(self, value: Allocation) -> str:  # noqa: D102
        return rules_zh.allocation(value)

    def settlement_fee(  # noqa: D102
        self, value: Decimal | Fraction | SettlementFee, currency: str
    ) -> str:
        return rules_zh.settlement_fee(value, currency)

    def settlement_fee_paid(  # noqa: D102
        self, value: Decimal | Fraction | SettlementFee, currency: str
    ) -> str:
        if not value:
            return self.say("early_free")
        return self.say("early_fee", fee=rules_zh.settlement_fee_paid(value, currency))

    def fee(self, value: Fee, currency: str) -> tuple[str, str, str, str]:  # noqa: D102
        return (
            rules_zh.fee_name(value),
            rules_zh.fee_collected(value),
            rules_zh.fee_standard(value, currency),
            rules_zh.payee(value.payee),
        )

    def rate(self, value: Rate) -> str:  # noqa: D102
        return chinese.rate(value)

    def cap(self, value: Cap) -> str:  # noqa: D102
        return value.name_zh or value.name

    def rate_of(self, loan: Loan) -> str:  # noqa: D102
        return loan_zh.rate_of(loan)


_TONGUES: dict[Lang, Tongue] = {"en": English(), "zh": Chinese()}


def parse_language(lang: object) -> Tongue:
    """Read a language.

    Raises
    ------
    ChoiceError
        If it is another than ``"en"`` and ``"zh"``.
    """
    spellings = {
        **dict.fromkeys(("english", "en-gb", "en-us", "en_gb", "en_us"), "en"),
        **dict.fromkeys(("chinese", "zh-cn", "zh_cn", "cn", "中文"), "zh"),
    }
    return _TONGUES[check_word("lang", lang, get_args(Lang), spellings)]
