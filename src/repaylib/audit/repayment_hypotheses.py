"""Hypotheses on how principal is repaid, as far as the rows of an offer allow them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from repaylib.audit.offer import Offer
from repaylib.audit.rate_inference import (
    CompletedRow,
    InterestRow,
    complete_rows,
    cumulative,
    steady,
    usual,
)
from repaylib.terms.methods import BY_PARTS, WITHOUT_INSTALMENT
from repaylib.typing import Method

__all__ = ["RepaymentHypothesis", "as_paid_hypothesis", "by_digits", "repayment_hypotheses"]


class RepaymentHypothesis(NamedTuple):
    """A hypothesis on how principal is repaid, with the rows completed under it.

    Attributes
    ----------
    method, base
        The method, and what bears interest, as terms of a loan.
    interest_rows
        The base and the interest of the rows, as far as they are known.
    paid
        The usual instalment in minor units: of all, or of the principal, as the method has it.
    listed
        All instalments, where no usual one stands in most rows, or some have a lump sum on top.
    last
        The last payment, counted as `paid`.
    slack
        By how many more minor units derived interest of `interest_rows` may be off.
    apart
        Whether interest is known only as the difference from that of the first of `interest_rows`.
    payments
        The payments, where they are all that is known of the rows.
    cumulative
        Whether the interest of each of `interest_rows` is what was charged since the start.
    """

    method: Method
    base: str
    interest_rows: tuple[InterestRow, ...]
    paid: int | None
    listed: tuple[int, ...] = ()
    last: int = 0
    slack: float = 0.0
    apart: bool = False
    payments: tuple[int, ...] = ()
    cumulative: bool = False


def repayment_hypotheses(
    offer: Offer, rows: Sequence[CompletedRow], *, stated: Method | None
) -> list[RepaymentHypothesis]:
    """Return the hypotheses that the rows allow, the likeliest first."""
    lent, first = offer.first_owed, int(offer.upfront > 0)
    rows = rows[first:]
    parts = [row.principal for row in rows if row.principal is not None]
    payments = [row.payment - (row.fee or 0) for row in rows if row.payment is not None]
    known = len(parts) == len(rows)
    methods: list[Method] = []
    if len(rows) == 1:
        methods = ["level", "bullet"]
    elif known:
        slips = max(len(parts) // 10, 1 if len(parts) > 3 else 0)
        if sum(part != 0 for part in parts[:-1]) <= slips:
            methods.append("interest_only")
        elif steady(parts):
            methods.append("equal_principal")
        even = steady(payments) and _even([row.interest for row in rows])
        if even and "interest_only" not in methods:
            methods.append("flat")
        if steady(payments) or not methods:
            methods.append("level")
    else:
        methods = ["level", "equal_principal", "flat", "interest_only"]
    if stated is not None and stated not in methods:
        methods.append(stated)
    methods.sort(key=lambda method: method != stated)
    found = []
    for method in methods:
        seen = list(rows) if known or method == "bullet" else _seen(rows, method, lent)
        if not seen and method != stated:
            continue
        own = payments
        if method in BY_PARTS:
            own = [row.principal for row in seen if row.principal is not None]
        paid = None if method in WITHOUT_INSTALMENT else usual(own[:-1] or own)
        odd = paid is not None and len(own) == len(rows) and _varies(own, paid)
        listed, last = tuple(own) if odd else (), own[-1] if own else 0
        slack = float(offer.unit > 1) * offer.unit
        if seen != list(rows) and method == "level":
            slack += 1.0  # the principal is derived from an instalment that may be a minor unit off
        if method == "flat":
            slack += 1.0  # the charge is rounded as a whole, not row by row
        bases = ["original"] if method == "flat" else ["balance"]
        if method in ("level", "equal_principal"):
            bases = ["balance", "original"]
        for base in bases:
            interest_rows = tuple(
                InterestRow(place, lent if base == "original" else row.opening or 0, row.interest)
                for place, row in enumerate(seen, first)
                if row.interest is not None and row.opening is not None
            )
            apart = not interest_rows and known and not payments and method == "level"
            if apart:
                interest_rows = tuple(
                    InterestRow(place, row.opening, -row.principal)
                    for place, row in enumerate(seen[:-1], first)
                    if row.opening is not None and row.principal is not None
                )
            alone = tuple(payments) if not known and len(payments) == len(rows) else ()
            named = "balance" if method == "flat" else base
            if method == "flat" and len(charged := cumulative(seen, lent, first)) == len(rows):
                whole = RepaymentHypothesis(
                    method, named, tuple(charged), paid, listed, last, cumulative=True
                )
                derived = float(seen != list(rows))
                found.append(whole._replace(slack=slack - 1.0 + derived))
            found.append(
                RepaymentHypothesis(
                    method, named, interest_rows, paid, listed, last, slack, apart, alone
                )
            )
    return found


def by_digits(offer: Offer) -> bool:
    """Whether the interest of rows falls by the sum of digits, as an agreed charge may be divided."""
    rows = complete_rows(offer)[int(offer.upfront > 0) :]
    known = [row.interest for row in rows if row.interest is not None]
    payments = [row.payment - (row.fee or 0) for row in rows if row.payment is not None]
    if len(known) < max(3, len(rows)) or not steady(payments):
        return False
    falls = [
        abs(interest * len(known) - known[0] * left) <= 2 * len(known)
        for interest, left in zip(known, range(len(known), 0, -1), strict=True)
    ]
    return known[0] > 0 and 2 * sum(falls) > len(falls)


def _varies(own: Sequence[int], paid: int) -> bool:
    """Whether payments are not all alike, or some have a lump sum on top, which no slip is."""
    return not steady(own) or any(20 * (each - paid) >= paid > 0 for each in own[:-1])


def _even(interests: Sequence[int | None]) -> bool:
    """Whether the interest of rows is about the same from first to last, as in an agreed charge."""
    known = [interest for interest in interests if interest is not None][1:]
    return bool(known) and (max(known) - min(known) <= 1 or 2 * min(known) > max(known))


def _seen(rows: Sequence[CompletedRow], method: Method, lent: int) -> list[CompletedRow]:
    """Return rows of which only payments or interest is known, split as a method would; else none."""
    count, owed, seen = len(rows), lent, []
    part = 0 if method == "interest_only" else (2 * lent + count) // (2 * count)
    level: int | None = None
    if method == "level":
        interests = [row.interest for row in rows if row.interest is not None]
        if len(interests) < count:
            return list(rows)
        level = (2 * (lent + sum(interests)) + count) // (2 * count)
    paid = [row.payment - (row.fee or 0) for row in rows if row.payment is not None]
    charge = sum(paid) - lent if method == "flat" and len(paid) == count else -1
    for place, row in enumerate(rows):
        if level is not None:
            part = level - (row.interest or 0)
        elif charge >= 0:  # equal parts of the charge, as far as whole units allow
            part = paid[place] - (charge * (place + 1) // count - charge * place // count)
        principal = owed if place == count - 1 else part
        interest = row.interest
        if interest is None and row.payment is not None:
            interest = row.payment - (row.fee or 0) - principal
        if interest is not None and interest < 0:
            if -interest > count:
                return []  # so much principal was not paid
            interest = None
        seen.append(CompletedRow(owed, interest, principal, row.fee, row.payment, owed - principal))
        owed -= principal
    return seen


def as_paid_hypothesis(rows: Sequence[CompletedRow], offer: Offer) -> RepaymentHypothesis:
    """Return the hypothesis of payments really made: interest on the balance, whatever the payment.

    Where a payment is all interest, more may have accrued, which the next one pays first.
    """
    all_interest = [row.principal == 0 for row in rows]
    interest_rows = tuple(
        InterestRow(place, row.opening, row.interest)
        for place, row in enumerate(rows)
        if row.interest is not None
        and row.opening is not None
        and not any(all_interest[max(0, place - 1) : place + 1])
    )
    return RepaymentHypothesis("level", "balance", interest_rows, None, slack=float(offer.unit - 1))
