"""Concessions in an order, each with its step and limit, and what they are to reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

from repaylib.errors import (
    Phrase,
    RateError,
    TermsError,
    check_kind,
    check_name,
    check_word,
    enumerated,
    parse_list,
)
from repaylib.money.amounts import decimals_of, parse_amount, parse_positive_amount
from repaylib.money.counts import parse_count
from repaylib.money.rounding import as_integer, round_fraction
from repaylib.rates.rate import Rate, RateLike, Share, parse_rate, parse_share
from repaylib.terms.loan import Loan
from repaylib.typing import Amount, ConcessionKind, ExtensionRule
from repaylib.wording.sentence import NOTHING, Bare, Listed, Sentence, Worded, WordedText

__all__ = ["Concession", "Target", "Waterfall"]

WAIVED = {
    "waive_penalty": "penalty",
    "waive_fees": "fees",
    "waive_interest": "interest",
}


@dataclass(frozen=True, slots=True, init=False)
class Concession(Worded):
    """A concession: its kind, its steps, and its limit.

    Parameters
    ----------
    kind
        ``"capitalise"``
            the arrears join the principal; always made, whatever the target.
        ``"rate"``
            the rate is cut by `step` down to `limit`: 6.5 % by 0.125 % to 2 %.
        ``"term"``
            the number of payments left grows by `step` up to `limit`: 300 by 1 to 480.
        ``"waive_penalty"``, ``"waive_fees"``, ``"waive_interest"``
            that part of the arrears is waived.
        ``"forbear"``
            principal is forborne: without interest, due with the last payment, a multiple of `step`.
        ``"forgive"``
            principal is forgiven, a multiple of `step`.
    step
        A share (of a rate), a number (of payments), or an amount in major units. By default
        0.125 %, 1 payment, or one minor unit. A rate with ``step="all"`` is set to its limit at
        once.
    limit
        The lowest rate, by default 0 %; the most payments, or a rule of
        :func:`~repaylib.negotiation.extension_limit`; the largest share of the principal, by default all of
        it but one step.

    Raises
    ------
    RepayError
        For options that contradict each other.

    Examples
    --------
    >>> print(Concession("rate", step="0.125%", limit="2%"))
    cut the rate by 0.125% to 2%
    >>> print(Concession("term", limit=480))
    extend by 1 payment to 480
    """

    kind: ConcessionKind
    step: Fraction | int | Decimal | None
    limit: Rate | int | ExtensionRule | Fraction | None

    def __init__(
        self,
        kind: ConcessionKind,
        *,
        step: str | int | Decimal | Fraction | None = None,
        limit: RateLike | int | None = None,
    ) -> None:
        word = check_word("kind", kind, get_args(ConcessionKind))
        store = object.__setattr__
        store(self, "kind", word)
        read: tuple[Any, Any] = (None, None)
        if word == "rate":
            read = _rate_steps(step, limit)
        elif word == "term":
            read = _term_steps(step, limit)
        elif word in ("forbear", "forgive"):
            read = _amount_steps(step, limit)
        elif step is not None or limit is not None:
            name = "step" if step is not None else "limit"
            given = step if step is not None else limit
            raise TermsError(
                name, given, Phrase('none with kind="{}"', word), Phrase("leave {} out", name)
            )
        store(self, "step", read[0])
        store(self, "limit", read[1])

    def _worded(self) -> Sentence:
        limit = self.limit
        match self.kind:
            case "rate" if self.step is None:
                return Sentence("concession.rate_set", limit=limit)
            case "rate":
                assert isinstance(self.step, Fraction), "a rate has steps that are shares"
                return Sentence("concession.rate", step=Share(self.step), limit=limit)
            case "term" if isinstance(limit, int):
                return Sentence("concession.term", step=self.step, limit=limit)
            case "term":
                rule = Sentence(f"concession.rule.{limit}")
                return Sentence("concession.term_by", step=self.step, rule=rule)
        most: object = NOTHING
        if isinstance(limit, Fraction):
            most = Sentence("concession.most", share=Share(limit))
        return Sentence(f"concession.{self.kind}", most=most)


def _rate_steps(step: Any, limit: Any) -> tuple[Fraction | None, Rate]:
    floor = parse_rate("0%" if limit is None else limit, "limit")
    if isinstance(step, str) and step == "all":
        return None, floor
    width = parse_share("0.125%" if step is None else step, "step")
    if width <= 0:
        raise RateError("step", step, "a step above 0%", Phrase("write {}", '"0.125%"'))
    return width, floor


def _term_steps(step: Any, limit: Any) -> tuple[int, int | ExtensionRule]:
    width = parse_count(1 if step is None else step, "step", example=1)
    if limit is None:
        raise TermsError(
            "limit", None, 'the most payments with kind="term"', Phrase("write {}", "limit=480")
        )
    if isinstance(limit, str) and as_integer(limit) is None and not limit.strip().isdigit():
        return width, check_word("limit", limit, get_args(ExtensionRule))
    return width, parse_count(limit, "limit", example=480)


def _amount_steps(step: Any, limit: Any) -> tuple[Decimal | None, Fraction | None]:
    width = None if step is None else parse_positive_amount(step, "step")
    if limit is None:
        return width, None
    share = parse_share(limit, "limit", 1, "share")
    if not 0 < share <= 1:
        raise RateError(
            "limit", limit, "a share above 0%, at most 100%", Phrase("write {}", '"30%"')
        )
    return width, share


@dataclass(frozen=True, slots=True, init=False)
class Target(Worded):
    """What the payment is to become; exactly one of the first three.

    Parameters
    ----------
    payment
        At most this amount, in major units.
    share
        With `other`, at most this share of `income`: 31 % of 4,000 less 240 is 1,000.
    reduction
        Lower than now by this share: 20 % of 1,000 gives 800.
    income
        Gross income a month, for `share`.
    other
        Other housing costs a month, which come out of the same share.

    Examples
    --------
    >>> print(Target(share="31%", income="4000", other="240"))
    payment and 240 of other costs at most 31% of 4,000
    """

    payment: Decimal | None
    share: Fraction | None
    reduction: Fraction | None
    income: Decimal | None
    other: Decimal

    def __init__(
        self,
        payment: Amount | None = None,
        *,
        share: str | Decimal | Fraction | None = None,
        reduction: str | Decimal | Fraction | None = None,
        income: Amount | None = None,
        other: Amount = 0,
    ) -> None:
        given = {"payment": payment, "share": share, "reduction": reduction}
        named = [name for name, value in given.items() if value is not None]
        if len(named) != 1:
            raise TermsError(
                "target",
                enumerated("{} and {}", named) if named else Phrase("nothing"),
                "exactly one of payment, share and reduction",
                Phrase("write {}", 'rp.negotiation.Target(reduction="20%")'),
            )
        costs = parse_amount(other, "other")
        if (income is not None or costs) and share is None:
            name, value = ("income", income) if income is not None else ("other", other)
            raise TermsError(
                name,
                value,
                Phrase("share with {}, not {}", name, named[0]),
                Phrase("leave {} out", name),
            )
        store = object.__setattr__
        store(self, "payment", None if payment is None else parse_amount(payment, "payment"))
        store(self, "share", _part(share, "share"))
        store(self, "reduction", _part(reduction, "reduction"))
        store(self, "income", None if income is None else parse_amount(income, "income"))
        store(self, "other", costs)

    def minor(self, loan: Loan, now: int) -> int:
        """Return the most the payment may be, in minor units; `now` is what it is.

        Raises
        ------
        TermsError
            If it is a share of an income that is not known, or leaves nothing for a payment.
        """
        most = self._most(loan, now)
        if most <= 0:
            raise TermsError(
                "target",
                Phrase("{}, which is {}", self, loan.show(most)),
                "a payment above nothing",
                "write a larger payment or income, or smaller other costs; "
                "rp.defer(...) puts payments off, rp.forgive(...) lets them go",
            )
        return most

    def _most(self, loan: Loan, now: int) -> int:
        if self.payment is not None:
            return loan.minor(self.payment, "payment", least=0)
        if self.reduction is not None:
            return round_fraction(now * (1 - self.reduction), "floor")
        if self.income is None:
            raise TermsError(
                "income",
                None,
                "the gross income of which it is a share",
                Phrase("write {}", 'income="4000"'),
            )
        assert self.share is not None, "one of the three is given"
        income = loan.minor(self.income, "income", least=0)
        other = loan.minor(self.other, "other", least=0)
        return round_fraction(income * self.share, "floor") - other

    def sentence(self, currency: str = "") -> Sentence:
        """Return the sentence for it, in amounts of `currency`, an ISO 4217 code."""
        if currency != "":
            decimals_of(currency)  # refuses one that is unknown
        if self.payment is not None:
            return Sentence("target.payment", amount=Bare(self.payment, currency))
        if self.reduction is not None:
            return Sentence("target.reduction", share=Share(self.reduction))
        assert self.share is not None, "one of the three is given"
        income = self.income
        of = Sentence("target.income") if income is None else Bare(income, currency)
        key = "target.share_other" if self.other else "target.share"
        return Sentence(key, other=Bare(self.other, currency), share=Share(self.share), of=of)

    def _worded(self) -> Sentence:
        return self.sentence()


def _part(value: str | Decimal | Fraction | None, name: str) -> Fraction | None:
    if value is None:
        return None
    part = parse_share(value, name, 1, "share")
    if not 0 < part <= 1:
        raise RateError(name, value, "a share above 0%, at most 100%", Phrase("write {}", '"20%"'))
    return part


@dataclass(frozen=True, slots=True, init=False)
class Waterfall(Worded):
    """Concessions in an order, made only as far as necessary, and only if those before are not enough.

    Parameters
    ----------
    name
        Its name.
    steps
        The concessions, first to last.
    target
        The target, if :func:`~repaylib.negotiation.concede` is given no other.

    Examples
    --------
    >>> print(Waterfall.hamp())
    HAMP: add what is in arrears to the principal; cut the rate by 0.125% to 2%; extend by 1 payment
    to 480; put principal aside; until payment at most 31% of gross income
    """

    name: str
    steps: tuple[Concession, ...]
    target: Target | None

    def __init__(
        self,
        name: str,
        *steps: Concession | Sequence[Concession],
        target: Target | None = None,
    ) -> None:
        flat: list[Concession] = []
        hint = Phrase("write {}", 'rp.negotiation.Concession("rate", limit="2%")')
        for step in steps:
            flat += parse_list(step, "steps", Concession, hint)
        if not flat:
            raise TermsError("steps", steps, "one Concession or more", hint)
        if target is not None:
            check_kind(target, "target", Target, Phrase("write {}", 'rp.negotiation.Target("700")'))
        store = object.__setattr__
        store(self, "name", name if isinstance(name, WordedText) else check_name(name, "name"))
        store(self, "steps", tuple(flat))
        store(self, "target", target)

    @classmethod
    def hamp(cls) -> Waterfall:
        """Return that of the Home Affordable Modification Program, Tier 1 (United States, 2009).

        Capitalise; cut the rate by 0.125 % to 2 %; extend to 480 months; forbear principal; until
        housing costs are at most 31 % of gross income.
        """
        return cls(
            WordedText(Sentence("waterfall.hamp")),
            Concession("capitalise"),
            Concession("rate", step="0.125%", limit="2%"),
            Concession("term", step=1, limit=480),
            Concession("forbear"),
            target=Target(share="31%"),
        )

    @classmethod
    def flex(cls, rate: RateLike | None = None) -> Waterfall:
        """Return that of the Flex Modification of Fannie Mae and Freddie Mac.

        Capitalise; set `rate`, if one is given; extend month by month to 480; forbear principal;
        until the payment is lower by 20 %.
        """
        set_rate = () if rate is None else (Concession("rate", step="all", limit=rate),)
        return cls(
            WordedText(Sentence("waterfall.flex")),
            Concession("capitalise"),
            *set_rate,
            Concession("term", step=1, limit=480),
            Concession("forbear"),
            target=Target(reduction="20%"),
        )

    @classmethod
    def chinese_bank(cls, floor: RateLike = "3%", step: str = "0.05%") -> Waterfall:
        """Return the concessions that Chinese banks usually offer, in their order.

        Capitalise; extend by the rule of 贷款通则 art. 12; waive the penalty; cut the rate.

        Parameters
        ----------
        floor
            The lowest rate.
        step
            By how much it is cut at a time.
        """
        return cls(
            WordedText(Sentence("waterfall.chinese_bank")),
            Concession("capitalise"),
            Concession("term", step=1, limit="general_rules"),
            Concession("waive_penalty"),
            Concession("rate", step=step, limit=floor),
        )

    def _worded(self) -> Sentence:
        until: object = NOTHING
        if self.target is not None:
            until = Sentence("waterfall.until", target=self.target)
        return Sentence(
            "waterfall", name=self.name, steps=Listed(self.steps, "clause"), until=until
        )
