"""The languages that documents are written in: one class each, with the same questions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, get_args

from repaylib.allocation import Allocation
from repaylib.breach import Breach
from repaylib.changes import RateChange
from repaylib.costsheet import collected_in_words, standard_in_words
from repaylib.errors import check_word
from repaylib.exact import round_fraction
from repaylib.fees import Fee
from repaylib.frequency import Every, paced
from repaylib.loan import Loan
from repaylib.papers import changes_zh, chinese, clauses_en, clauses_zh, loan_zh, rules_zh
from repaylib.papers.paper import Lang
from repaylib.penalties import PenaltyTerms
from repaylib.rates import percent
from repaylib.record import Told
from repaylib.settlement_fees import SettlementFee
from repaylib.steps import Steps
from repaylib.terms import Method, manner

__all__ = ["Chinese", "English", "Tongue", "share", "to_tongue"]


class Tongue(ABC):
    """A language: the sentences by key, and how each value is said."""

    lang: ClassVar[Lang]
    texts: ClassVar[Mapping[str, str]]
    stop: ClassVar[str]
    comma: ClassVar[str]
    colon: ClassVar[str]

    def say(self, key: str, **words: object) -> str:
        """Return a sentence of the catalogue, with its words filled in."""
        return self.texts[key].format(**words)

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
    def told(self, value: Told, currency: str) -> str:
        """Return what a change does, and what became of it."""

    @abstractmethod
    def penalty(self, value: Steps[PenaltyTerms], currency: str) -> str:
        """Return what being late costs."""

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
    def fee(self, value: Fee, currency: str) -> tuple[str, str, str, str]:
        """Return the name of a fee, when it is collected, its standard, and its payee."""

    @abstractmethod
    def rate_of(self, loan: Loan) -> str:
        """Return the rate of a loan, as agreed."""


class English(Tongue):
    """English, in the words that the values have themselves."""

    lang = "en"
    texts = clauses_en.TEXT
    stop = "."
    comma = ", "
    colon = ": "

    def money(self, value: Decimal, currency: str) -> str:  # noqa: D102
        return f"{value:,f}" + ("" if currency == "XXX" else f" {currency}")

    def day(self, value: date) -> str:  # noqa: D102
        return value.isoformat()

    def currency(self, code: str) -> str:  # noqa: D102
        return self.say("currency_XXX") if code == "XXX" else code

    def every(self, value: Every) -> str:  # noqa: D102
        return paced(value)

    def method(self, value: Method) -> str:  # noqa: D102
        return manner(value)

    def loan(self, value: Loan) -> str:  # noqa: D102
        return str(value)

    def told(self, value: Told, currency: str) -> str:  # noqa: D102
        return "; ".join([value.words, *value.notes])

    def penalty(self, value: Steps[PenaltyTerms], currency: str) -> str:  # noqa: D102
        return str(value)

    def breach(self, value: Breach, currency: str) -> str:  # noqa: D102
        words = str(value)
        return words[0].upper() + words[1:]

    def allocation(self, value: Allocation) -> str:  # noqa: D102
        words = str(value)
        return words[0].upper() + words[1:]

    def settlement_fee(  # noqa: D102
        self, value: Decimal | Fraction | SettlementFee, currency: str
    ) -> str:
        if isinstance(value, SettlementFee):
            return str(value)
        return (
            f"{percent(value)} of the principal"
            if isinstance(value, Fraction)
            else self.money(value, currency)
        )

    def fee(self, value: Fee, currency: str) -> tuple[str, str, str, str]:  # noqa: D102
        return value.name, collected_in_words(value), standard_in_words(value), value.payee

    def rate_of(self, loan: Loan) -> str:  # noqa: D102
        return f"{loan.rate} a year"


class Chinese(Tongue):
    """Chinese."""

    lang = "zh"
    texts = clauses_zh.TEXT
    stop = "。"
    comma = "，"
    colon = "："

    def money(self, value: Decimal, currency: str) -> str:  # noqa: D102
        return chinese.money(value, currency)

    def in_full(self, value: Decimal, currency: str) -> str:  # noqa: D102
        words = chinese.capitals(value) if currency == "CNY" and value == round(value, 2) else None
        figures = self.money(value, currency)
        return figures if words is None else f"{figures}（大写：人民币{words}）"

    def day(self, value: date) -> str:  # noqa: D102
        return chinese.day(value)

    def currency(self, code: str) -> str:  # noqa: D102
        return {"XXX": self.say("currency_XXX"), "CNY": "人民币"}.get(
            code, chinese.CURRENCIES.get(code, code)
        )

    def every(self, value: Every) -> str:  # noqa: D102
        return chinese.every(value)

    def method(self, value: Method) -> str:  # noqa: D102
        return chinese.METHODS[value]

    def loan(self, value: Loan) -> str:  # noqa: D102
        return loan_zh.loan(value)

    def told(self, value: Told, currency: str) -> str:  # noqa: D102
        words = changes_zh.change(value.change, value.method, currency)
        if value.same and isinstance(value.change, RateChange):
            words = f"{changes_zh.begins(value.change)}（与原利率相同）"
        return "；".join([words, *map(changes_zh.note, value.notes)])

    def penalty(self, value: Steps[PenaltyTerms], currency: str) -> str:  # noqa: D102
        return rules_zh.penalty_steps(value, currency)

    def breach(self, value: Breach, currency: str) -> str:  # noqa: D102
        return rules_zh.breach(value, currency)

    def allocation(self, value: Allocation) -> str:  # noqa: D102
        return rules_zh.allocation(value)

    def settlement_fee(  # noqa: D102
        self, value: Decimal | Fraction | SettlementFee, currency: str
    ) -> str:
        return rules_zh.settlement_fee(value, currency)

    def fee(self, value: Fee, currency: str) -> tuple[str, str, str, str]:  # noqa: D102
        return (
            rules_zh.fee_name(value),
            rules_zh.FEE_TIMES[value.when],
            rules_zh.fee_standard(value, currency),
            rules_zh.payee(value.payee),
        )

    def rate_of(self, loan: Loan) -> str:  # noqa: D102
        return loan_zh.rate_of(loan)


_TONGUES: dict[Lang, Tongue] = {"en": English(), "zh": Chinese()}


def to_tongue(lang: object) -> Tongue:
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


def share(value: Fraction, places: int = 4) -> str:
    """Return a share in per cent, exact if that is short, else rounded to some places.

    Examples
    --------
    >>> share(Fraction(3, 25)), share(Fraction(1, 3))
    ('12%', '33.3333%')
    """
    exact = percent(value)
    if "/" not in exact and len(exact.partition(".")[2]) <= places + 1:
        return exact
    rounded = round_fraction(value * 10 ** (places + 2), "half_up")
    return f"{Decimal(f'{rounded}E-{places}'):.{places}f}%"
