"""The changes other than a deferral, as values.

Each change answers the same three questions with the same words: *what stops* (`pause`,
`interest`), *where does the gap go* (`repay`), *what is held fixed* (`hold`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, get_args

from repaylib.changes.base import (
    Change,
    ForgivenessHold,
    Hold,
    Part,
    PrepaymentHold,
)
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.dates.due_dates import DateLike, to_date
from repaylib.dates.frequency import Every, paced, to_every
from repaylib.errors import AmountError, DateError, Hint, TermsError, check_word, write
from repaylib.money.amounts import Amount, parse_amount
from repaylib.money.counts import to_count
from repaylib.money.rounding import as_whole
from repaylib.rates.rate import Rate, RateLike, parse_rate, parse_share, percent
from repaylib.rates.step_schedule import Recast, to_recast
from repaylib.terms.methods import METHODS, SPELLINGS, Method, manner

if TYPE_CHECKING:
    from repaylib.dates.frequency import EveryLike

__all__ = [
    "EarlySettlement",
    "Forgiveness",
    "Prepayment",
    "RateChange",
    "Rescheduling",
    "positive",
]


@dataclass(frozen=True, slots=True, init=False)
class RateChange(Change):
    """The rate of interest changes.

    Parameters
    ----------
    rate
        The new rate per year, in any form a :class:`~repaylib.Loan` takes.
    payment, on
        From when; exactly one. Interest accrued before keeps the old rate.
    until
        The day, or the number of the instalment, from which the rate is again what it would
        be without this change; ``None`` is for good.
    hold
        ``"maturity"`` (or ``"count"``)
            the end; the instalment changes: 12 % to 8 % from instalment 4 gives 9 x 874.08.
        ``"payment"``
            the instalment; the term floats: 12 % to 11 % from instalment 4 gives 8 x 888.49, then
            854.73. The last payment absorbs a rest that is only the roundings of the others.
        ``"last"``
            instalment and end; the last payment takes the difference.
    recast
        With ``hold="maturity"`` (or ``"count"``), whether the instalment is solved again if the
        rate is in force already: ``"on_change"``, no, the change then does nothing; or
        ``"always"``, yes, as :class:`Rescheduling` to the same number would do.

    Examples
    --------
    >>> print(RateChange("8%", payment=4))
    from instalment 4 on, the rate is 8% a year; the end is kept, so the instalment changes
    """

    rate: Rate
    until: date | int | None
    hold: Hold
    recast: Recast

    def __init__(
        self,
        rate: RateLike,
        *,
        payment: int | None = None,
        on: DateLike | None = None,
        until: DateLike | int | None = None,
        hold: Hold = "maturity",
        recast: Recast = "on_change",
    ) -> None:
        self._place(payment, on)
        end: date | int | None = None
        if until is not None:
            end = _until(until)
        self._store(
            rate=parse_rate(rate),
            until=end,
            hold=check_word("hold", hold, get_args(Hold)),
            recast=to_recast(recast, hold),
        )
        if isinstance(end, date):
            later = self.on is None or end > self.on
        else:
            later = end is None or self.payment is None or end > self.payment
        if not later:
            expected = f"later than {self.on or self.payment}, when the rate begins"
            raise TermsError("until", until, expected, "write a later until")

    @property
    def name(self) -> str:
        """The change in a word or two."""
        return f"rate {self.rate}"

    @property
    def begins(self) -> str:
        """From when to when which rate holds, in words."""
        end = ""
        if self.until is not None:
            until = f"instalment {self.until}" if isinstance(self.until, int) else str(self.until)
            end = f" until {until}"
        return f"{self.when}{end}, the rate is {self.rate.per_year}"

    def in_words(self, method: Method = "level") -> str:
        """Say what the change does to a loan repaid by `method`."""
        held = _HELD[self.hold]
        if self.until is not None and self.hold in ("maturity", "count"):
            held = held.replace("changes", "changes then and again at the end of it")
        if self.recast == "always":
            held = f"{held.replace('changes', 'is recalculated')}, even if the rate stays the same"
        held = self._held(held, method)
        return f"{self.begins}; {held}"


@dataclass(frozen=True, slots=True, init=False)
class Prepayment(Change):
    """An amount is paid on top of the instalments, and lowers the principal at once.

    Parameters
    ----------
    amount
        In major units, above zero, at most the principal then owed.
    payment, on
        When; exactly one. ``payment=4`` is on the due date of instalment 3, so that
        instalment 4 is the first to feel it.
    hold
        ``"payment"``
            the instalment; the term becomes shorter.
        ``"maturity"``
            the end; the instalments are solved again, and become lower.
        ``"last"``
            the instalments; the last ones become lower or fall away.
        ``"next"``
            the amount counts as payment of the next instalments, which are not asked for
            again until it is used up. Interest is on what is really owed; that of the
            instalments covered is paid out of the first ones asked for again.

    Examples
    --------
    >>> print(Prepayment("2000", on="2024-04-20"))
    on 2024-04-20, 2,000 is prepaid; the instalment is kept, so the term becomes shorter
    """

    amount: Decimal
    hold: PrepaymentHold

    def __init__(
        self,
        amount: Amount,
        *,
        payment: int | None = None,
        on: DateLike | None = None,
        hold: PrepaymentHold = "payment",
    ) -> None:
        self._place(payment, on)
        self._store(
            amount=positive(amount, "amount"),
            hold=check_word("hold", hold, get_args(PrepaymentHold)),
        )

    @property
    def name(self) -> str:
        """The change in a word or two."""
        return f"prepayment {self.amount:,f}"

    def in_words(self, method: Method = "level") -> str:
        """Say what the change does to a loan repaid by `method`."""
        held = "it counts as payment of the next instalments"
        if self.hold != "next":
            held = self._held(_LIGHTER[self.hold], method)
        return f"{self.at}, {self.amount:,f} is prepaid; {held}"


@dataclass(frozen=True, slots=True, init=False)
class Rescheduling(Change):
    """What is owed is repaid in new instalments.

    Parameters
    ----------
    payments
        Number of new instalments; the instalment is solved. 9 left to 12 at 12 % gives 676.21.
    instalment
        The new instalment, in major units (with ``"equal_principal"`` its part of principal);
        the number is solved. Exactly one of the two.
    payment, on
        From when; exactly one.
    every
        New time between due dates, as a :class:`~repaylib.Loan` takes it, counted from the
        day of the change; or new due dates, as a list. ``None`` keeps the due dates.
    rate
        A new rate from that day; ``None`` keeps it.
    method
        A new way of repaying, in the words of :class:`~repaylib.Loan`; ``None`` keeps it.

    Notes
    -----
    A deferral that is still running ends. An instalment that was moved is part of what is
    rescheduled, and its interest is paid with the first new instalment; other interest that was
    put off keeps its own words.

    Examples
    --------
    >>> print(Rescheduling(18, payment=4))
    from instalment 4 on, what is owed is repaid in 18 new instalments
    """

    payments: int | None
    instalment: Decimal | None
    every: Every | None
    rate: Rate | None
    method: Method | None

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
    ) -> None:
        self._place(payment, on)
        if (payments is None) == (instalment is None):
            given = "neither" if payments is None else "both"
            raise TermsError(
                "payments",
                given,
                "exactly one of payments and instalment",
                'write payments=... or instalment="..."',
            )
        self._store(
            payments=None if payments is None else to_count(payments, "payments"),
            instalment=None if instalment is None else positive(instalment, "instalment"),
            every=None if every is None else to_every(every),
            rate=None if rate is None else parse_rate(rate),
            method=None if method is None else check_word("method", method, METHODS, SPELLINGS),
        )

    @property
    def name(self) -> str:
        """The change in a word or two."""
        if self.payments is None:
            return f"instalments of {self.instalment:,f}"
        return f"{self.payments} instalment{'s' * (self.payments != 1)}"

    def in_words(self, method: Method = "level") -> str:
        """Say what the change does to a loan repaid by `method`."""
        method = self.method or method
        if self.payments is not None:
            number = f"{self.payments} new instalment{'s' * (self.payments != 1)}"
        elif method == "equal_principal":
            number = f"parts of principal of {self.instalment:,f}, with the interest on top,"
        else:
            number = f"instalments of {self.instalment:,f}"
        often = "" if self.every is None else f" ({paced(self.every)})"
        at = "" if self.rate is None else f" at {self.rate.per_year}"
        new = "" if self.method is None else f", {manner(self.method)}"
        return f"{self.when}, what is owed is repaid in {number}{often}{at}{new}"


@dataclass(frozen=True, slots=True, init=False)
class Forgiveness(Change):
    """Part of what is owed is forgiven.

    Parameters
    ----------
    amount
        In major units, above zero, at most what is there.
    share
        A share of what is there, ``"10%"``. Exactly one of the two.
    of
        ``"principal"``
            the balance that bears interest.
        ``"deferred_interest"``
            interest posted and put off, and not yet paid.
    payment, on
        When; exactly one. ``payment=4`` is on the due date of instalment 3.
    hold
        ``"maturity"`` (the instalments are solved again, and become lower), ``"payment"``
        (the term becomes shorter) or ``"last"`` (the last payments become lower or fall away).

    Examples
    --------
    >>> print(Forgiveness(share="10%", payment=4))
    with instalment 3, 10% of the principal is forgiven; the end is kept, so the instalments
    are solved again
    """

    amount: Decimal | None
    share: Fraction | None
    of: Part
    hold: ForgivenessHold

    def __init__(
        self,
        amount: Amount | None = None,
        *,
        share: str | Decimal | Fraction | None = None,
        of: Part = "principal",
        payment: int | None = None,
        on: DateLike | None = None,
        hold: ForgivenessHold = "maturity",
    ) -> None:
        self._place(payment, on)
        if (amount is None) == (share is None):
            given = "neither" if amount is None else "both"
            raise TermsError("amount", given, "exactly one of amount and share", write(share="10%"))
        if isinstance(amount, str) and amount.strip().endswith("%"):
            raise AmountError(
                "amount", amount, "an amount in major units", write(share=amount.strip())
            )
        self._store(
            amount=None if amount is None else positive(amount, "amount"),
            share=None if share is None else parse_share(share, "share", 1, "share"),
            of=check_word("of", of, get_args(Part)),
            hold=check_word("hold", hold, get_args(ForgivenessHold)),
        )

    @property
    def name(self) -> str:
        """The change in a word or two."""
        return "forgiveness " + (f"{self.amount:,f}" if self.share is None else percent(self.share))

    def in_words(self, method: Method = "level") -> str:
        """Say what the change does to a loan repaid by `method`."""
        much = f"{self.amount:,f}" if self.share is None else percent(self.share)
        part = "the principal" if self.of == "principal" else "the deferred interest"
        held = self._held(_LIGHTER[self.hold], method)
        return f"{self.at}, {much} of {part} is forgiven; {held}"


_HELD: dict[Hold, str] = {
    "count": "the end is kept, so the instalment changes",
    "maturity": "the end is kept, so the instalment changes",
    "payment": "the instalment is kept, so the term changes",
    "last": "instalment and end are kept, so the last payment takes the difference",
}

_LIGHTER: dict[str, str] = {
    "maturity": "the end is kept, so the instalments are solved again",
    "payment": "the instalment is kept, so the term becomes shorter",
    "last": "the instalments are kept, so the last ones become lower or fall away",
}


def _until(until: object) -> date | int:
    if as_whole(until) is not None:
        return to_count(until, "until")
    try:
        return to_date(until, "until")
    except DateError as error:
        expected = "a day, or the number of an instalment"
        raise DateError("until", until, expected, 'write until="2024-11-10" or until=10') from error


def positive(amount: object, parameter: str) -> Decimal:
    """Read an amount above zero."""
    number = parse_amount(amount, parameter)
    if number <= 0:
        raise AmountError(
            parameter, amount, "an amount above zero", Hint("write such as {}", "1000.00")
        )
    return number
