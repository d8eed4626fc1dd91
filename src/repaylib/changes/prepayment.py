"""A prepayment, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, get_args

from repaylib.changes.base import AmountChange, with_payment_only
from repaylib.changes.change_wording import UNKNOWN, Effect
from repaylib.changes.day_order import Turn
from repaylib.dates.due_dates import parse_date
from repaylib.dates.frequency import is_rule, parse_every
from repaylib.dates.frequency_wording import every_sentence
from repaylib.errors import Hint, Phrase, TermsError, check_word, parse_flag, write
from repaylib.money.amounts import parse_positive_amount
from repaylib.money.counts import parse_count
from repaylib.money.rounding import as_integer
from repaylib.typing import Amount, DateLike, PrepaymentHold, PrepaymentInterest
from repaylib.wording.sentence import NOTHING, Sentence

if TYPE_CHECKING:
    from repaylib.dates.frequency import EveryLike

__all__ = ["Prepayment"]


@dataclass(frozen=True, slots=True, init=False)
class Prepayment(AmountChange):
    """An amount is paid on top of the instalments, and reduces the principal at once.

    Parameters
    ----------
    amount
        In major units, above zero, at most the principal then owed.
    with_payment, on
        When; exactly one. ``with_payment=3`` is on the due date of payment 3, together with it,
        so payment 4 is the first that changes.
    hold
        ``"payment"``
            the instalment; the term becomes shorter.
        ``"maturity"``
            the final date; the instalments are solved again, and become lower.
        ``"last"``
            the instalments; the last ones become lower or fall away.
        ``"next"``
            nothing: the amount pays the next instalments in advance. They are not due until it is
            used up. Interest accrues on what is really owed; the interest of the instalments paid in
            advance is paid out of the first ones that are due again.
    interest
        The interest paid with it, on top of `amount`. 4,000 of 10,000 are prepaid after 60 days at
        0.05 % a day; the amounts are what is then paid.

        ``"none"``
            none: 4,000.00. What has accrued is paid on the next due date.
        ``"part"``
            what has accrued on the part that is prepaid: 4,120.00. It is a share of what has accrued
            less what was already charged: that of the principal owed which is prepaid. 4,000 of
            10,000 take 4/10 of 300.00, 120.00. Another 3,000 on the same day, of the 6,000 left,
            take half of the 180.00 left, 90.00. The share is rounded: 2,000 of 7,610.80, 10 days
            at 12 %, take 6.666..., which is 6.67, and the due date takes 62.77 - 6.67 = 56.10.
        ``"all"``
            all that has accrued: 4,300.00.

        Interest is rounded when it is taken. The next due date rounds the interest of its whole
        period, and charges what is left. Interest that was deferred keeps its own dates.
    every
        How often it comes again, until the loan ends: with `on` a time such as ``"month"`` or
        ``"2 weeks"``, as `every` of a :class:`~repaylib.Loan`; with `with_payment` a number of
        payments, so that ``with_payment=6, every=6`` comes with payments 6, 12, 18, ... ``None``
        is once. The last one is at most the principal then owed. A day between a due date and the
        business day on which it is paid counts as the due date.
    until
        With `every`: the last day or, with `with_payment`, the number of the last payment on which
        it can come; ``None`` is the end of the loan.
    in_hand
        Whether `amount` is all that is paid on top. The fees that the loan charges for it, the
        interest paid with it, and the taxes on both come out of it, and the largest principal that
        this leaves is prepaid: 10,100 with a fee of 1 % prepay 10,000.

    Examples
    --------
    >>> print(Prepayment("2000", on="2024-04-20"))
    on 2024-04-20, 2,000 is prepaid; the instalment stays, and the term becomes shorter
    """

    kind = "prepayment"
    turn = Turn.PREPAY
    required = (("amount",),)
    amount_option = "amount"

    amount: Decimal
    hold: PrepaymentHold
    interest: PrepaymentInterest
    every: str | int | None
    until: date | int | None
    in_hand: bool

    @with_payment_only
    def __init__(
        self,
        amount: Amount,
        *,
        with_payment: int | None = None,
        on: DateLike | None = None,
        hold: PrepaymentHold = "payment",
        interest: PrepaymentInterest = "none",
        every: EveryLike | int | None = None,
        until: DateLike | int | None = None,
        in_hand: bool = False,
    ) -> None:
        self._place(with_payment, on)
        self._store(
            amount=parse_positive_amount(amount, "amount"),
            hold=check_word("hold", hold, get_args(PrepaymentHold)),
            interest=check_word("interest", interest, get_args(PrepaymentInterest)),
            every=None if every is None else self._every(every),
            until=None if until is None else self._until(until, every),
            in_hand=parse_flag(in_hand, "in_hand"),
        )

    def _every(self, every: object) -> str | int:
        """Read after what time, or how many payments, it comes again."""
        counted = as_integer(every) is not None
        if self.on is None:
            if counted:
                return parse_count(every, "every", example=1)
            expected, right = "a number of payments, as with_payment is one", 1
            hint: str | Hint = Hint("write {}, or on=... in place of with_payment", every=right)
            raise TermsError("every", every, expected, hint)
        if counted:
            expected = 'a time such as "month", as on is a day'
            raise TermsError("every", every, expected, write(every="month"))
        read = parse_every(every)
        if not isinstance(read, str) or is_rule(read):
            expected = 'a time such as "month" or "2 weeks", not days or a rule'
            raise TermsError("every", every, expected, write(every="month"))
        return read

    def _until(self, until: object, every: object) -> date | int:
        """Read the last day, or the number of the last payment."""
        if every is None:
            expected = "every with it, as a single prepayment has no end"
            raise TermsError("until", until, expected, "leave it out, or write every as well")
        if self.on is None:
            number = parse_count(until, "until", example=12)
            if self.with_payment is None or number >= self.with_payment:
                return number
        elif (day := parse_date(until, "until")) >= self.on:
            return day
        expected = Phrase("{} or later, when the first is paid", self.on or self.with_payment)
        raise TermsError("until", until, expected, "write a later until")

    @property
    def label(self) -> Sentence:
        """The change in a word or two, as a sentence."""
        key = "change.prepayment" if self.every is None else "change.prepayments"
        return Sentence(key, amount=f"{self.amount:,f}")

    def _when(self) -> Sentence:
        """Return when it is paid, and how often."""
        if self.every is None:
            return self.when
        every, until = every_sentence(str(self.every)), self.until
        if isinstance(self.every, int):
            key = "every.instalment" if self.every == 1 else "every.instalments"
            every = Sentence(key, count=self.every)
        ends: object = NOTHING
        if until is not None:
            last = Sentence("instalment", number=until) if isinstance(until, int) else until
            ends = Sentence("at.repeated.until", until=last)
        return Sentence("at.repeated", when=self.when, every=every, until=ends)

    def sentence(self, effect: Effect = UNKNOWN) -> Sentence:
        """Return a sentence that describes the change, with its known effect in a schedule."""
        with_it: Sentence | str = NOTHING
        if self.interest != "none":
            with_it = Sentence(f"prepayment.interest.{self.interest}")
        amount: object = effect.amount(self.amount)
        if self.in_hand:
            amount = Sentence("prepayment.in_hand", amount=amount)
        paid = {"when": self._when(), "amount": amount, "interest": with_it}
        if self.hold == "next":
            return Sentence("prepayment.next", **paid)
        return Sentence("prepayment", **paid, held=effect.held(f"reduced.{self.hold}"))
