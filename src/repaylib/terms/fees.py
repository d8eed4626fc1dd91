"""Fees, as agreed: how much, when, how collected, for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import get_args

from repaylib.dates.days import parse_date
from repaylib.dates.frequency import is_rule, parse_every
from repaylib.dates.frequency_wording import every_sentence
from repaylib.errors import AmountError, Phrase, TermsError, check_word, write
from repaylib.money.amounts import minor_of, parse_amount, parse_positive_amount
from repaylib.money.counts import parse_count
from repaylib.money.rounding import round_fraction
from repaylib.rates.rate import Share, parse_share, percent
from repaylib.typing import Amount, Collected, DateLike, FeeBase, FeeRefund, FeeTime, Rounding
from repaylib.wording.sentence import NOTHING, Money, Sentence, Worded, word_or_text

__all__ = ["Fee", "parse_fee"]


#: Fees of the normal course; all others come only if something happens.
NORMAL = ("start", "instalment", "due_date", "end", "calendar")
CONTINGENT = tuple(time for time in get_args(FeeTime) if time not in NORMAL)
#: The largest share that a fee can be, 1,000 %: fees of credit services are 150 % to 190 %.
LARGEST_SHARE = 10

#: Changes that are about an amount of their own.
OF_AN_AMOUNT = ("prepayment", "forgiveness", "advance")
#: The most days of a balance that count, about a hundred years.
MOST_DAYS = 36_600


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
        ``"calendar"``
            on days of its own, which `every` and `first` say, until the loan ends: a yearly fee of
            120, insurance by the month.
        ``"deferral"``, ``"rate_change"``, ``"prepayment"``, ``"rescheduling"``, ``"forgiveness"``, \
``"advance"``, ``"settlement"``
            on the day of each such change.
        ``"late"``
            if a payment is late; a schedule, which is kept by definition, never charges it.
    of
        What a share is of: ``"principal"`` (the amount lent), ``"balance"`` (what is owed before
        the payment or after the change; at the start, what is lent and financed),
        ``"balance_days"`` (at the start, what is owed on each day to come by the schedule without
        changes: 0.0082 % of 10,000 for 90 days is 73.80), ``"instalment"`` (principal and interest
        paid with it), ``"change"`` (the amount prepaid, forgiven or advanced; for a settlement, the
        principal), or
        ``"interest_saved"`` (the interest that a prepayment or a settlement saves: what the schedule
        without it would still charge, less what the one with it does).
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
            are owed. A share of ``"balance"`` or ``"balance_days"`` is then due on itself, too:
            1 % of the balance is 101.01.
    payee
        Who gets it.
    name
        What it is called; ``None`` is what a fee of that time is usually called.
    refund
        What of a fee paid at the start comes back on early settlement: ``"none"`` or
        ``"pro_rata"`` (the share of the days that are left to the agreed end).
    every
        For ``"calendar"``: the time between its days, such as ``"month"`` or ``"year"``; ``None``
        is once, on `first`.
    first
        For ``"calendar"``: the first day; by default one `every` after the start.
    until
        For ``"calendar"``: the last day on which it can come; by default the loan's.
    above
        For ``"calendar"``: it comes only while more principal than this is owed, after what is
        paid on that day: an amount in major units.
    max_days
        For ``"balance_days"``: how many days count at most, from the start: with 365, a loan of
        two years is charged for one. By default all.

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
    every: str | None
    first: date | None
    until: date | None
    above: Decimal | None
    max_days: int | None

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
        every: str | None = None,
        first: DateLike | None = None,
        until: DateLike | None = None,
        above: Amount | None = None,
        max_days: int | None = None,
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
                raise TermsError(word, text, "a text", Phrase("write {}", f'{word}="..."'))
        store(self, "payee", payee)
        store(self, "name", name)
        store(self, "refund", check_word("refund", refund, get_args(FeeRefund)))
        store(self, "every", None if every is None else _parse_every(every))
        for word, day in (("first", first), ("until", until)):
            store(self, word, None if day is None else parse_date(day, word))
        store(self, "above", None if above is None else parse_positive_amount(above, "above"))
        most = (
            None
            if max_days is None
            else parse_count(max_days, "max_days", most=MOST_DAYS, example=365)
        )
        store(self, "max_days", most)
        self._check_terms()

    def minor(self, base: int, decimals: int, rounding: Rounding) -> int:
        """Return what it comes to, in minor units.

        Parameters
        ----------
        base
            What a share is of, in minor units.
        decimals
            Those of the currency, for a fee that is an amount.
        rounding
            How a share is rounded.
        """
        if isinstance(self.amount, Fraction):
            return round_fraction(base * self.amount, rounding)
        return minor_of(self.amount, decimals)

    def _check_days(self) -> None:
        """Refuse days of its own without ``when="calendar"``, and that without days."""
        own = {"every": self.every, "first": self.first, "until": self.until, "above": self.above}
        given = {name: value for name, value in own.items() if value is not None}
        if self.when != "calendar":
            for name, value in given.items():
                expected = Phrase(
                    'when="calendar", not "{}", which says on what days it comes', self.when
                )
                raise TermsError(name, str(value), expected, Phrase("leave {} out", name))
            return
        if self.every is None and self.first is None:
            expected = Phrase(
                'every or first with when="calendar", which say on what days it comes'
            )
            raise TermsError("every", None, expected, write(every="year"))
        if self.until is not None and self.first is not None and self.until < self.first:
            expected = Phrase("{} or later, when it first comes", self.first)
            raise TermsError("until", str(self.until), expected, "write a later until")

    def _check_balance_days(self) -> None:
        """Refuse days of a balance that is not planned at the start, or that an amount has not."""
        if self.of != "balance_days":
            if self.max_days is not None:
                expected = Phrase('of="balance_days", not "{}", which counts no days', self.of)
                hint = Phrase("leave {} out", "max_days")
                raise TermsError("max_days", str(self.max_days), expected, hint)
            return
        if self.when != "start":
            raise TermsError(
                "of",
                self.of,
                Phrase(
                    'when="start", not "{}", as it is charged on the days of the whole schedule',
                    self.when,
                ),
                Phrase("write {}", 'of="balance"'),
            )
        if isinstance(self.amount, Decimal):
            a_share = 'a share of each day with of="balance_days"'
            raise AmountError("amount", self.amount, a_share, Phrase("write {}", '"0.0082%"'))

    def _check_terms(self) -> None:
        self._check_days()
        if self.collected == "deducted" and self.when != "start":
            raise TermsError(
                "collected",
                self.collected,
                Phrase('money that is paid out, which there is not with when="{}"', self.when),
                Phrase("write {}", 'collected="paid"'),
            )
        if self.collected == "deducted" and isinstance(self.amount, Fraction) and self.amount > 1:
            raise TermsError(
                "amount",
                percent(self.amount),
                'at most 100% with collected="deducted", which keeps it back from what is paid out',
                Phrase("write {} or {}", 'collected="financed"', 'collected="paid"'),
            )
        if self.collected == "financed" and not (self.when == "start" or self.on_change):
            raise TermsError(
                "collected",
                self.collected,
                Phrase(
                    'when="start" or a change; with when="{}" it would never be paid', self.when
                ),
                Phrase("write {}", 'collected="paid"'),
            )
        if self.collected == "financed" and self.when == "settlement":
            raise TermsError(
                "collected",
                self.collected,
                "a loan that goes on",
                Phrase("write {}", 'collected="paid"'),
            )
        if self.refund != "none" and self.when != "start":
            raise TermsError(
                "refund",
                self.refund,
                Phrase(
                    'a fee of the start; one with when="{}" is earned as it falls due', self.when
                ),
                Phrase("write {}", 'refund="none"'),
            )
        if self.of == "change" and self.when not in (*OF_AN_AMOUNT, "settlement"):
            raise TermsError(
                "of",
                self.of,
                Phrase('a change with an amount of its own, which when="{}" has not', self.when),
                Phrase("write {} or {}", 'of="principal"', 'of="balance"'),
            )
        if self.of == "interest_saved" and not (
            self.when in ("prepayment", "settlement") and self.collected == "paid"
        ):
            raise TermsError(
                "of",
                self.of,
                'a prepayment or a settlement, which saves interest, and collected="paid"',
                Phrase("write {} or {}", 'when="prepayment"', 'when="settlement"'),
            )
        self._check_balance_days()
        if self.of == "instalment" and self.when not in ("instalment", "due_date", "end", "late"):
            raise TermsError(
                "of",
                self.of,
                Phrase('an instalment, which when="{}" has not', self.when),
                Phrase("write {} or {}", 'of="principal"', 'of="balance"'),
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
        when = self._when()
        return Sentence("collected.once" if once else f"collected.{self.collected}", when=when)

    def _when(self) -> Sentence:
        if self.when != "calendar":
            return Sentence(f"fee_time.{self.when}")
        every = None if self.every is None else every_sentence(self.every)
        kind = "once" if every is None else "every" if self.first is None else "from"
        until = NOTHING if self.until is None else Sentence("at.repeated.until", until=self.until)
        above: object = NOTHING
        if self.above is not None:
            above = Sentence("fee_days.above", amount=Money(self.above))
        days = Sentence(f"fee_days.{kind}", every=every, day=self.first)
        return Sentence("fee_time.calendar", days=days, until=until, above=above)

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
        if self.max_days is not None:
            return Sentence("fee.of.first_days", share=Share(self.amount), days=self.max_days)
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


def _parse_every(every: object) -> str:
    read = parse_every(every)
    if isinstance(read, str) and not is_rule(read):
        return read
    expected = 'a time such as "month" or "year", not days or a rule'
    raise TermsError("every", every, expected, write(every="year"))


def parse_fee(fee: object, parameter: str = "fee", most: int = 1) -> Decimal | Fraction:
    """Read a fee: an amount in major units, or a share such as ``"1%"`` as a ``Fraction``.

    `most` is the largest share.
    """
    if isinstance(fee, Fraction) or (isinstance(fee, str) and fee.strip().endswith("%")):
        return parse_share(fee, parameter, most, "share")
    if isinstance(fee, float):
        hint = Phrase('write "{:.2f}" for an amount or "{:g}%" for a share', fee, 100 * fee)
        raise AmountError(parameter, fee, "an amount or a share, as text", hint)
    number = parse_amount(fee, parameter)
    if number < 0:
        raise AmountError(
            parameter, fee, "a fee of zero or more", Phrase("write {} or {}", '"50"', '"1%"')
        )
    return number
