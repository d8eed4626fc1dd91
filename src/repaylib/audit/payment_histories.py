"""The rows of an offer as payments that were really made, each day a due date of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from repaylib.audit.date_hypotheses import KnownTerms, due_days, start_before, terms_of
from repaylib.audit.offer import Offer
from repaylib.audit.rate_inference import complete_rows
from repaylib.dates.days import add_days
from repaylib.errors import RepayError
from repaylib.money.amounts import to_decimal
from repaylib.terms.loan import Loan

__all__ = ["payment_histories"]


def payment_histories(offer: Offer, known: KnownTerms, *, ended: bool = False) -> Iterator[Loan]:
    """Yield loans with a payment on every day of the rows, and the remainder on a later one.

    They are the rows of what was really paid, each day a due date of its own: interest accrues to
    the day of each payment. Each payment is as its row says it, or the sum of its parts; it first
    pays interest, and interest above it bears none. With `ended` nothing is left after the rows.
    """
    if not offer.dated or offer.rows[0].number == 0:
        return
    days = due_days(offer)
    start = known.start or start_before(days)
    if len(days) != len(offer.rows) or days[0] <= start or len(days) <= ended:
        return
    if not ended and days[-1] == date.max:
        return  # there is no later day
    rows = complete_rows(offer)
    terms = {**terms_of(offer, known), "method": "level"}
    terms["negative_amortisation"] = "without_interest"
    given: list[list[int]] = []
    own = [row.payment for row in rows]
    parts = [
        row.payment
        if row.interest is None or row.principal is None
        else row.interest + row.principal
        for row in rows
    ]
    for paid, fee in ((own, True), (parts, False)):
        amounts = [
            amount - ((row.fee or 0) if fee else 0)
            for amount, row in zip(paid, rows, strict=True)
            if amount is not None
        ]
        if len(amounts) == len(rows) and amounts not in given and min(amounts) >= 0:
            given.append(amounts)
    if not ended:
        gap = max(1, (days[-1] - start).days // len(days))
        days.append(add_days(days[-1], min(gap, (date.max - days[-1]).days)))
    terms |= {"start": start, "every": days, "payments": len(days)}
    for amounts in given:
        terms["instalment"] = [
            to_decimal(amount, offer.decimals) for amount in amounts[: len(days) - 1]
        ]
        try:
            yield Loan(**terms)
        except RepayError:  # such days are not counted as stated
            others = {"day_count": "actual/365", "odd_days": "pro_rata", "calendar": None}
            try:
                yield Loan(**{**terms, **others})
            except RepayError:
                continue
