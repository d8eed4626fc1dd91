"""Fees, as agreed: how much, when, how collected, for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import get_args

from repaylib.errors import AmountError, TermsError, check_word
from repaylib.money.amounts import parse_amount
from repaylib.rates.rate import Share, parse_share, percent
from repaylib.typing import Amount, Collected, FeeBase, FeeRefund, FeeTime
from repaylib.wording.sentence import Money, Sentence, Worded, word_or_text

__all__ = ["Fee", "parse_fee"]


#: Fees of the normal course; all others come only if something happens.
NORMAL = ("start", "instalment", "due_date", "end")
CONTINGENT = tuple(time for time in get_args(FeeTime) if time not in NORMAL)
#: The largest share that a fee can be, 1,000 %: fees of credit services are 150 % to 190 %.
LARGEST_SHARE = 10

#: Changes that are about an amount of their own.
OF_AN_AMOUNT = ("prepayment", "forgiveness", "advance")


@dataclass(frozen=True, slots=True, init=False)
class Fee(Worded):
    """A fee that goes with a loan.

    Parameters
    ----------
    amount
        An amount in major units (``"50"``), or a share (``"1%"``) of what `of` names, up to
        1,000 %: ``"189.47%"`` of 1,200 is 2,273.64.
    when
        ``"start"``
            once, on the start date: an arrangement fee.
        ``"instalment"``
            with every instalment that is paid: a service fee; 20 is 240 over 12 payments.
        ``"due_date"``
            on every due date, those skipped by a deferral too: an account fee.
        ``"end"``
            with the last payment.
        ``"deferral"``, ``"rate_change"``, ``"prepayment"``, ``"rescheduling"``, ``"forgiveness"``, \
``"advance"``, ``"settlement"``
            on the day of each such change.
        ``"late"``
            if a payment is late; a schedule, which is kept by definition, never charges it.
    of
        What a share is of: ``"principal"`` (the amount lent), ``"balance"`` (what is owed before
        the payment or after the change), ``"instalment"`` (principal and interest paid with it) or
        ``"change"`` (the amount prepaid, forgiven or advanced; for a settlement, the principal).
        By default ``"change"`` for changes that have an amount, ``"balance"`` for other changes,
        and else ``"principal"``: 1 % of 10,000 is 100.00.
    collected
        ``"paid"``
            in money, on top of what else falls due.
        ``"deducted"``
            kept back from what is paid out (``when="start"`` only): of 10,000 with 1 %, 9,900
            are received, and 10,000 are owed.
        ``"financed"``
            added to the principal (``when="start"`` or a change, but no settlement): 10,100
            are owed.
    payee
        Who gets it.
    name
        What it is called; ``None`` is what a fee of that time is usually called.
    refund
        What of a fee paid at the start comes back on early settlement: ``"none"`` or
        ``"pro_rata"`` (the share of the days that are left to the agreed end).

    Raises
    ------
    RepayError
        For an amount or a choice that is not allowed, or terms that contradict each other.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[rp.Fee("1%", collected="financed")])
    >>> plan = rp.amortise(loan)
    >>> plan.total_fees, plan.instalment
    (Decimal('100.00'), Decimal('897.37'))
    >>> print(loan.fees[0])
    start fee: 1% of the principal lent, at the start, financed, to the lender
    """

    amount: Decimal | Fraction
    when: FeeTime
    of: FeeBase
    collected: Collected
    payee: str
    name: str | None
    refund: FeeRefund

    def __init__(
        self,
        amount: Amount | Fraction,
        *,
        when: FeeTime = "start",
        of: FeeBase | None = None,
        collected: Collected = "paid",
        payee: str = "lender",
        name: str | None = None,
        refund: FeeRefund = "none",
    ) -> None:
        time = check_word("when", when, get_args(FeeTime))
        usual: FeeBase = "principal"
        if time in CONTINGENT:
            usual = "change" if time in OF_AN_AMOUNT or time == "settlement" else "balance"
        store = object.__setattr__
        store(self, "amount", parse_fee(amount, "amount", LARGEST_SHARE))
        store(self, "when", time)
        store(self, "of", usual if of is None else check_word("of", of, get_args(FeeBase)))
        store(self, "collected", check_word("collected", collected, get_args(Collected)))
        for word, text in (("payee", payee), ("name", name)):
            if not (isinstance(text, str) and text.strip()) and not (
                word == "name" and name is None
            ):
                raise TermsError(word, text, "a text", f'write {word}="..."')
        store(self, "payee", payee)
        store(self, "name", name)
        store(self, "refund", check_word("refund", refund, get_args(FeeRefund)))
        self._check_terms()

    def _check_terms(self) -> None:
        if self.collected == "deducted" and self.when != "start":
            raise TermsError(
                "collected",
                self.collected,
                f'money that is paid out, which there is not with when="{self.when}"',
                'write collected="paid"',
            )
        if self.collected == "deducted" and isinstance(self.amount, Fraction) and self.amount > 1:
            raise TermsError(
                "amount",
                percent(self.amount),
                'at most 100% with collected="deducted", which keeps it back from what is paid out',
                'write collected="financed" or collected="paid"',
            )
        if self.collected == "financed" and not (self.when == "start" or self.on_change):
            raise TermsError(
                "collected",
                self.collected,
                f'when="start" or a change; with when="{self.when}" it would never be paid',
                'write collected="paid"',
            )
        if self.collected == "financed" and self.when == "settlement":
            raise TermsError(
                "collected", self.collected, "a loan that goes on", 'write collected="paid"'
            )
        if self.refund != "none" and self.when != "start":
            raise TermsError(
                "refund",
                self.refund,
                f'a fee of the start; one with when="{self.when}" is earned as it falls due',
                'write refund="none"',
            )
        if self.of == "change" and self.when not in (*OF_AN_AMOUNT, "settlement"):
            raise TermsError(
                "of",
                self.of,
                f'a change with an amount of its own, which when="{self.when}" has not',
                'write of="principal" or of="balance"',
            )
        if self.of == "instalment" and self.when not in ("instalment", "due_date", "end", "late"):
            raise TermsError(
                "of",
                self.of,
                f'an instalment, which when="{self.when}" has not',
                'write of="principal" or of="balance"',
            )

    @property
    def contingent(self) -> bool:
        """Whether it falls due only if something happens, and not in the normal course."""
        return self.when in CONTINGENT

    @property
    def on_change(self) -> bool:
        """Whether a change brings it."""
        return self.contingent and self.when != "late"

    @property
    def name_sentence(self) -> Sentence | str:
        """What it is called: its own name, or what a fee of that time is usually called."""
        if self.name is None:
            return Sentence(f"fee_name.{self.when}")
        return word_or_text("fee_word", self.name)

    @property
    def label(self) -> str:
        """What it is called, in English.

        Examples
        --------
        >>> Fee("1%").label, Fee("50", name="valuation").label
        ('start fee', 'valuation')
        """
        return str(self.name_sentence)

    @property
    def collected_sentence(self) -> Sentence:
        """When and how it is collected."""
        once = self.collected == "paid" and self.when in ("start", "end")
        when = Sentence(f"fee_time.{self.when}")
        return Sentence("collected.once" if once else f"collected.{self.collected}", when=when)

    @property
    def payee_sentence(self) -> Sentence | str:
        """Who gets it."""
        known = self.payee in ("lender", "guarantor")
        return Sentence(f"payee.{self.payee}") if known else self.payee

    def standard_sentence(self, money: Callable[[Decimal], Money] = Money) -> Sentence | Money:
        """Return the agreed amount in words; `money` writes an amount."""
        if isinstance(self.amount, Decimal):
            return money(self.amount)
        repaid = self.of == "change" and self.when in ("settlement", "prepayment")
        return Sentence(f"fee.of.{'repaid' if repaid else self.of}", share=Share(self.amount))

    def sentence(self, money: Callable[[Decimal], Money] = Money) -> Sentence:
        """Return the fee in a line; `money` writes an amount."""
        return Sentence(
            "fee.line" if self.refund == "none" else "fee.line_refunded",
            name=self.name_sentence,
            standard=self.standard_sentence(money),
            collected=self.collected_sentence,
            payee=self.payee_sentence,
        )

    def _worded(self) -> object:
        return self.sentence()


def parse_fee(fee: object, parameter: str = "fee", most: int = 1) -> Decimal | Fraction:
    """Read a fee: an amount in major units, or a share such as ``"1%"`` as a ``Fraction``.

    `most` is the largest share.
    """
    if isinstance(fee, Fraction) or (isinstance(fee, str) and fee.strip().endswith("%")):
        return parse_share(fee, parameter, most, "share")
    if isinstance(fee, float):
        hint = f'write "{fee:.2f}" for an amount or "{100 * fee:g}%" for a share'
        raise AmountError(parameter, fee, "an amount or a share, as text", hint)
    number = parse_amount(fee, parameter)
    if number < 0:
        raise AmountError(parameter, fee, "a fee of zero or more", 'write "50" or "1%"')
    return number
