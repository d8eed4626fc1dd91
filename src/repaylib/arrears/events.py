"""Events of an account, and their checks against its loan: receipts, reversals, refunds, charges, waivers, acceleration, write-off."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

from repaylib.dates.due_dates import parse_date
from repaylib.errors import (
    DateError,
    Phrase,
    TermsError,
    check_text,
    check_word,
    parse_flag,
    parse_items,
)
from repaylib.money.amounts import decimals_of, parse_positive_amount
from repaylib.money.counts import parse_count
from repaylib.rates.rate import Share, parse_share
from repaylib.terms.loan import Loan
from repaylib.typing import Amount, Component, DateLike, PrepaymentHold
from repaylib.wording.sentence import NOTHING, Bare, Sentence, Worded, WordedText


@dataclass(frozen=True, slots=True, init=False)
class AccountEvent(Worded, ABC):
    """An event of an account, with its day.

    Attributes
    ----------
    on
        The day.
    """

    on: date

    def _store(self, on: DateLike, **fields: object) -> None:
        object.__setattr__(self, "on", parse_date(on, "on"))
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @abstractmethod
    def _worded(self) -> Sentence:
        """Return the sentence for what happened."""


@dataclass(frozen=True, slots=True, init=False)
class Receipt(AccountEvent):
    """Money received from the borrower.

    Parameters
    ----------
    on
        The day from which it counts.
    amount
        In major units, above zero.
    id
        A name by which a :class:`~repaylib.arrears.Reversal` finds it.
    currency
        If given, it must be that of the loan.
    ahead
        The use of money paid ahead, if it differs from that of the
        :class:`~repaylib.Allocation`: ``"next"``, ``"last"``, ``"payment"`` or
        ``"maturity"``.
    instalment, component
        What it is for, of what is due on that day: the number of an instalment, a component such
        as ``"principal"``, or both. It pays that first, whatever the allocation says; the
        rest of it is allocated as any other money. 500 for the principal of instalment 4 leave
        312.38 of it and all its interest.

    Examples
    --------
    >>> print(Receipt("2024-05-20", "300", id="A17"))
    on 2024-05-20, 300 was received (A17)
    """

    amount: Decimal
    id: str | None
    currency: str | None
    ahead: PrepaymentHold | None
    instalment: int | None
    component: Component | None

    def __init__(
        self,
        on: DateLike,
        amount: Amount,
        *,
        id: str | None = None,  # noqa: A002 - the word users know
        currency: str | None = None,
        ahead: PrepaymentHold | None = None,
        instalment: int | None = None,
        component: Component | None = None,
    ) -> None:
        if currency is not None:
            decimals_of(currency)
        self._store(
            on,
            amount=parse_positive_amount(amount, "amount"),
            id=None if id is None else check_text(id, "id"),
            currency=currency,
            ahead=None if ahead is None else check_word("ahead", ahead, get_args(PrepaymentHold)),
            instalment=None if instalment is None else parse_count(instalment, "instalment"),
            component=None
            if component is None
            else check_word("component", component, get_args(Component)),
        )

    def _worded(self) -> Sentence:
        named = NOTHING if self.id is None else Sentence("event.named", id=self.id)
        what = None if self.instalment is None else Sentence("instalment", number=self.instalment)
        if self.component is not None:
            key = "event.component" if what is None else "event.component_of"
            component = Sentence(f"component.{self.component}")
            what = Sentence(key, component=component, instalment=what)
        meant = NOTHING if what is None else Sentence("event.meant", what=what)
        amount = Bare(self.amount, self.currency or "")
        return Sentence("event.received", day=self.on, amount=amount, named=named, meant=meant)


@dataclass(frozen=True, slots=True, init=False)
class Reversal(AccountEvent):
    """The reversal of a receipt that bounced: from this day on, the receipt never happened.

    A statement as of an earlier day still counts it.

    Parameters
    ----------
    on
        The day on which it became known.
    of
        The receipt, or its ``id``.

    Examples
    --------
    >>> print(Reversal("2024-05-23", of="A17"))
    on 2024-05-23, receipt A17 was reversed
    """

    of: Receipt | str

    def __init__(self, on: DateLike, of: Receipt | str) -> None:
        if not isinstance(of, (Receipt, str)):
            raise TermsError("of", of, "a Receipt, or its id", Phrase("write {}", 'of="A17"'))
        self._store(on, of=of if isinstance(of, Receipt) else check_text(of, "of"))
        if isinstance(of, Receipt) and self.on < of.on:
            expected = Phrase("a day from {}, that of the receipt", of.on)
            raise TermsError("on", self.on.isoformat(), expected, "swap them")

    def _worded(self) -> Sentence:
        if isinstance(self.of, str):
            return Sentence("event.reversed", day=self.on, what=self.of)
        amount = Bare(self.of.amount, self.of.currency or "")
        what = Sentence("event.reversed.of", day=self.of.on, amount=amount)
        return Sentence("event.reversed", day=self.on, what=what)


@dataclass(frozen=True, slots=True, init=False)
class Refund(AccountEvent):
    """Money given back to the borrower, out of unallocated money.

    Parameters
    ----------
    on
        The day.
    amount
        In major units; at most the unallocated money.

    Examples
    --------
    >>> print(Refund("2024-06-01", "12.50"))
    on 2024-06-01, 12.50 was given back
    """

    amount: Decimal

    def __init__(self, on: DateLike, amount: Amount) -> None:
        self._store(on, amount=parse_positive_amount(amount, "amount"))

    def _worded(self) -> Sentence:
        return Sentence("event.given_back", day=self.on, amount=f"{self.amount:,f}")


@dataclass(frozen=True, slots=True, init=False)
class Charge(AccountEvent):
    """An amount charged outside the schedule.

    Parameters
    ----------
    on
        The day on which it falls due.
    amount
        In major units.
    kind
        ``"fee"``, ``"costs"`` (of enforcement), ``"penalty"``, ``"interest"`` or
        ``"principal"``.
    name
        What it is for.
    apart
        Whether it is kept apart: no penalty accrues on it, it is not in arrears, and it is paid after
        all else.

    Examples
    --------
    >>> print(Charge("2023-12-17", "20", "fee", name="unpaid direct debit"))
    on 2023-12-17, 20 was charged (fee: unpaid direct debit)
    """

    amount: Decimal
    kind: Component
    name: str
    apart: bool

    def __init__(
        self,
        on: DateLike,
        amount: Amount,
        kind: Component = "fee",
        *,
        name: str = "",
        apart: bool = False,
    ) -> None:
        self._store(
            on,
            amount=parse_positive_amount(amount, "amount"),
            kind=check_word("kind", kind, get_args(Component)),
            name=check_text(name, "name"),
            apart=parse_flag(apart, "apart"),
        )

    def _worded(self) -> Sentence:
        what = Sentence(f"component.{self.kind}")
        if self.name:
            what = Sentence("event.charged.named", kind=what, name=self.name)
        return Sentence("event.charged", day=self.on, amount=f"{self.amount:,f}", what=what)


@dataclass(frozen=True, slots=True, init=False)
class Waiver(AccountEvent):
    """A waiver of amounts owed and due, in whole or in part.

    Parameters
    ----------
    on
        The day. The waiver applies after the receipts of the day.
    of
        ``"costs"``, ``"fee"``, ``"penalty"``, ``"interest"`` or ``"principal"``.
    amount, share
        How much, in major units or as a share (``"50%"``); by default all of it.

    Examples
    --------
    >>> print(Waiver("2024-06-01", "penalty", share="50%"))
    on 2024-06-01, 50% of the penalty owed was waived
    """

    of: Component
    amount: Decimal | None
    share: Fraction | None

    def __init__(
        self,
        on: DateLike,
        of: Component,
        amount: Amount | None = None,
        *,
        share: str | Decimal | Fraction | None = None,
    ) -> None:
        if amount is not None and share is not None:
            raise TermsError(
                "amount", Phrase("both"), "one of amount and share, or neither", "drop one"
            )
        self._store(
            on,
            of=check_word("of", of, get_args(Component)),
            amount=None if amount is None else parse_positive_amount(amount, "amount"),
            share=None if share is None else parse_share(share, "share", 1, "share"),
        )

    def _worded(self) -> Sentence:
        much: object = Sentence("event.waived.all")
        if self.share is not None:
            much = Sentence("event.waived.share", share=Share(self.share))
        elif self.amount is not None:
            much = f"{self.amount:,f}"
        of = Sentence(f"component.{self.of}")
        return Sentence("event.waived", day=self.on, much=much, of=of)


@dataclass(frozen=True, slots=True, init=False)
class Acceleration(AccountEvent):
    """The whole balance falls due.

    The remaining principal and the interest accrued on it fall due on this day; the schedule ends.

    Parameters
    ----------
    on
        The day.

    Examples
    --------
    >>> print(Acceleration("2024-06-24"))
    on 2024-06-24, the whole balance fell due
    """

    def __init__(self, on: DateLike) -> None:
        self._store(on)

    def _worded(self) -> Sentence:
        return Sentence("event.accelerated", day=self.on)


@dataclass(frozen=True, slots=True, init=False)
class WriteOff(AccountEvent):
    """The lender writes off the debt; the claim remains, and later receipts are recoveries.

    Parameters
    ----------
    on
        The day.
    accrual
        ``"stop"``
            the whole balance falls due, and neither penalties nor interest accrue any more: 900.00
            written off stays 900.00.
        ``"continue"``
            the schedule and all accruals continue: on every day the debt is the same as without the
            write-off.

    Examples
    --------
    >>> print(WriteOff("2024-12-31"))
    on 2024-12-31, what was owed was written off
    """

    accrual: Literal["stop", "continue"]

    def __init__(self, on: DateLike, accrual: Literal["stop", "continue"] = "stop") -> None:
        self._store(on, accrual=check_word("accrual", accrual, ("stop", "continue")))

    def _worded(self) -> Sentence:
        return Sentence("event.written_off", day=self.on)


def parse_events(loan: Loan, given: object, as_of: date) -> tuple[AccountEvent, ...]:
    """Return the events up to a day, in order, without receipts that were reversed by then.

    Raises
    ------
    RepayError
        If an event is before the start, in another currency, has too many decimals, or reverses an
        unknown receipt.
    """
    events = parse_items(
        given, "receipts", "a list of events", Phrase("write {}", "[rp.Receipt(...)]")
    )
    for event in events:
        _check(loan, event)
    _check_names([event for event in events if isinstance(event, Receipt)])
    gone = _reversed(events, as_of)
    days: dict[date, list[AccountEvent]] = {}
    for number, event in enumerate(events):
        if event.on <= as_of and number not in gone and not isinstance(event, Reversal):
            days.setdefault(event.on, []).append(event)
    for same in days.values():
        if len(same) > 1:
            same.sort(key=_place)
    return tuple(event for day in sorted(days) for event in days[day])


def _place(event: AccountEvent) -> tuple[str, str, str]:
    """Return the sort key of an event of a day: the order in which events were given does not matter."""
    return type(event).__name__, str(event), repr(event)  # the sentence does not show everything


def _check(loan: Loan, event: object) -> None:
    if not isinstance(event, AccountEvent):
        hint = Phrase("write {}", 'rp.Receipt("2024-05-10", "888.49")')
        raise TermsError("receipts", event, "events such as a Receipt", hint)
    if event.on < loan.start:
        raise DateError(
            "on",
            WordedText(event),
            Phrase("a day from the start of the loan, {}", loan.start),
            "write a later day",
        )
    if isinstance(event, (Receipt, Refund, Charge, Waiver)) and event.amount is not None:
        loan.minor(event.amount, "amount")
    if isinstance(event, Receipt) and event.currency not in (None, loan.currency):
        raise TermsError(
            "currency",
            event.currency,
            Phrase("that of the loan, {}", loan.currency),
            "convert it at an agreed rate, and write the amount in the loan's currency",
        )


def _check_names(receipts: list[Receipt]) -> None:
    seen: set[str] = set()
    for receipt in receipts:
        if receipt.id is not None:
            if receipt.id in seen:
                raise TermsError("id", receipt.id, "each id once", "give each receipt its own id")
            seen.add(receipt.id)


def _reversed(events: Sequence[AccountEvent], as_of: date) -> set[int]:
    """Return the indices of receipts reversed by a day; a reversal takes the first that it names."""
    named: dict[object, deque[int]] = {}
    for number, event in enumerate(events):
        if isinstance(event, Receipt):
            named.setdefault(event, deque()).append(number)
            named.setdefault(event.id, deque()).append(number)
    gone, by_now = set[int](), set[int]()
    for event in events:
        if not isinstance(event, Reversal):
            continue
        found = named.get(event.of, deque())
        while found and found[0] in gone:
            found.popleft()
        if not found:
            raise TermsError(
                "of",
                Phrase("{}", event.of),
                "a receipt among those given, each reversed once",
                'write of="A17" for rp.Receipt(..., id="A17")',
            )
        receipt = events[found[0]]
        if receipt.on > event.on:
            expected = Phrase("a day from {}, that of the receipt", receipt.on)
            raise TermsError("on", WordedText(event), expected, "write a later day")
        gone.add(found[0])
        if event.on <= as_of:
            by_now.add(found[0])
    return by_now
