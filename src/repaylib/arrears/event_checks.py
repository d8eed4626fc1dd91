"""Checks of the events of an account against its loan; reversed receipts are removed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import date

from repaylib.arrears.events import AccountEvent, Charge, Receipt, Refund, Reversal, Waiver
from repaylib.errors import DateError, TermsError
from repaylib.terms.loan import Loan


def parse_events(loan: Loan, given: object, as_of: date) -> tuple[AccountEvent, ...]:
    """Return the events up to a day, in order, without receipts that were reversed by then.

    Raises
    ------
    RepayError
        If an event is before the start, in another currency, has too many decimals, or reverses an
        unknown receipt.
    """
    if isinstance(given, AccountEvent) or not isinstance(given, Iterable):
        raise TermsError("receipts", given, "a list of events", "write [rp.Receipt(...)]")
    events = list(given)
    for event in events:
        _check(loan, event)
    _check_names([event for event in events if isinstance(event, Receipt)])
    gone = _reversed(events, as_of)
    kept = [
        event
        for number, event in enumerate(events)
        if event.on <= as_of and number not in gone and not isinstance(event, Reversal)
    ]
    return tuple(sorted(kept, key=_place))


def _place(event: AccountEvent) -> tuple[date, str, str, str]:
    """Return the sort key of an event: the order in which events were given does not matter."""
    return (
        event.on,
        type(event).__name__,
        str(event),
        repr(event),
    )  # the sentence does not show everything


def _check(loan: Loan, event: object) -> None:
    if not isinstance(event, AccountEvent):
        hint = 'write rp.Receipt("2024-05-10", "888.49")'
        raise TermsError("receipts", event, "events such as a Receipt", hint)
    if event.on < loan.start:
        raise DateError(
            "on", str(event), f"a day from the start of the loan, {loan.start}", "write a later day"
        )
    if isinstance(event, (Receipt, Refund, Charge, Waiver)) and event.amount is not None:
        loan.minor(event.amount, "amount")
    if isinstance(event, Receipt) and event.currency not in (None, loan.currency):
        raise TermsError(
            "currency",
            event.currency,
            f"that of the loan, {loan.currency}",
            "convert it at an agreed rate, and write the amount in the loan's currency",
        )


def _check_names(receipts: list[Receipt]) -> None:
    seen: set[str] = set()
    for receipt in receipts:
        if receipt.id is not None:
            if receipt.id in seen:
                raise TermsError("id", receipt.id, "each id once", "give each receipt its own id")
            seen.add(receipt.id)


def _reversed(events: list[AccountEvent], as_of: date) -> set[int]:
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
                str(event.of),
                "a receipt among those given, each reversed once",
                'write of="A17" for rp.Receipt(..., id="A17")',
            )
        receipt = events[found[0]]
        if receipt.on > event.on:
            raise TermsError(
                "on",
                str(event),
                f"a day from {receipt.on}, that of the receipt",
                "write a later day",
            )
        gone.add(found[0])
        if event.on <= as_of:
            by_now.add(found[0])
    return by_now
