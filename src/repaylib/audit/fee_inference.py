"""Fees and taxes that the rows of an offer show, as terms of a loan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from repaylib.audit.offer import Offer
from repaylib.audit.rate_inference import (
    InterestRow,
    complete_rows,
    plainest_rates,
    rate_interval,
    shared_interval,
    steady,
    usual,
)
from repaylib.money.amounts import to_decimal
from repaylib.money.rounding import round_fraction
from repaylib.terms.fees import Fee
from repaylib.typing import Collected, FeeBase, FeeTime

__all__ = ["fees_of"]

WHOLE = Fraction(1)
#: A share a day that a contract may name has two digits, at the most so many decimals down.
MOST_PLACES = 8


def fees_of(offer: Offer) -> list[dict[str, Any]]:
    """Return the terms on fees and taxes that the rows show, the likeliest first; none if there are none.

    A fee that is the same each time is an amount; one that is not is a share of the balance or
    of the instalment. The plainest share that all rows allow is taken.
    """
    rows = complete_rows(offer)
    given = [row.figures.get("fee") for row in offer.rows]
    if all(fee is None for fee in given):
        given = [row.fee or None for row in rows]
        if all(fee is None for fee in given):
            return [] if "tax" not in offer.columns else _taxed(offer, [()])
    fees = [fee or 0 for fee in given]
    if not any(fees):
        return _taxed(offer, [()]) if "tax" in offer.columns else []
    body = [(place, fee) for place, fee in enumerate(fees) if offer.rows[place].number != 0]
    others = _regular(offer, body) or [()]
    return _taxed(offer, [start + regular for start in _at_start(offer) for regular in others])


def _at_start(offer: Offer) -> list[tuple[Fee, ...]]:
    """Return the fee that is charged when the loan is paid out: paid, or added to what is owed."""
    if not offer.upfront:
        return [()]
    paid = Fee(to_decimal(offer.upfront, offer.decimals))
    if offer.first_owed != offer.principal:
        daily = _daily(offer, "financed")
        return [*daily, (replace(paid, collected="financed"),), (paid,)]
    return [*_daily(offer, "paid"), (paid,)]


def _daily(offer: Offer, collected: Collected) -> list[tuple[Fee, ...]]:
    """Return a fee of the start as a plain share of the balance of each day, if it is one."""
    closings = [row.closing for row in complete_rows(offer)]
    if not offer.dated or any(closing is None for closing in closings):
        return []
    days = [(day - offer.days[0]).days for day in offer.days]
    found: list[tuple[Fee, ...]] = []
    for most in (None, 365) if days[-1] > 365 else (None,):
        counted = [day if most is None else min(day, most) for day in days]
        base = sum(
            (closing or 0) * (later - before)
            for closing, (before, later) in zip(closings, pairwise(counted), strict=False)
        )
        span = rate_interval(InterestRow(0, base, offer.upfront), WHOLE, "half_up")
        if span is None:
            continue
        share = next(plainest_rates(*span, Fraction(0))).value
        digits = share * 10**MOST_PLACES
        if 0 < share < 1 and digits.denominator == 1 and digits % 10 ** (len(str(digits)) - 2) == 0:
            found.append((Fee(share, of="balance_days", max_days=most, collected=collected),))
    return found


def _regular(offer: Offer, fees: Sequence[tuple[int, int]]) -> list[tuple[Fee, ...]]:
    """Return fees that fall due with the instalments, as far as the rows show a rule."""
    amounts = [fee for _, fee in fees]
    if not any(amounts):
        return []
    decimals = offer.decimals
    if not any(amounts[:-1]):
        return [(Fee(to_decimal(amounts[-1], decimals), when="end"),)]
    common = usual(amounts[:-1]) or 0
    found: list[tuple[Fee, ...]] = []
    if steady(amounts) and common:
        fixed = Fee(to_decimal(common, decimals), when="instalment")
        more = amounts[-1] - common
        if more > 0:
            found.append((fixed, Fee(to_decimal(more, decimals), when="end")))
        found.append((fixed,))
        return found
    rows = complete_rows(offer)
    bases: dict[FeeBase, list[int | None]] = {
        "balance": [rows[place].opening for place, _ in fees],
        "instalment": [
            None if row.interest is None or row.principal is None else row.interest + row.principal
            for row in (rows[place] for place, _ in fees)
        ],
    }
    times: FeeTime = "instalment"
    for of, base in bases.items():
        spans = [
            span
            for (place, fee), balance in zip(fees, base, strict=True)
            if balance
            and (span := rate_interval(InterestRow(place, balance, fee), WHOLE, "half_up"))
        ]
        fitted, span = shared_interval(spans)
        if span is not None and 2 * fitted > len(spans):
            share = next(plainest_rates(*span, Fraction(0))).value
            if 0 < share <= 1:
                found.append((Fee(share, when=times, of=of),))
    return found


def _taxed(offer: Offer, choices: Sequence[tuple[Fee, ...]]) -> list[dict[str, Any]]:
    """Add the taxes on interest and on fees that the rows show."""
    if "tax" not in offer.columns or not any(row.figures.get("tax") for row in offer.rows):
        return [{"fees": fees} for fees in choices]
    return [
        {"fees": fees, "interest_tax": interest, "fee_tax": fee, "tax_included": included}
        for interest, fee in _tax_shares(offer)
        for included in ((False, True) if interest else (False,))
        for fees in choices
    ]


def _tax_shares(offer: Offer) -> list[tuple[Fraction, Fraction]]:
    """Return the plainest shares of a tax on interest and on fees, the likeliest first.

    A tax on interest alone, one share of both, or two shares: the one of the rows that have no
    fee, or no interest, and the other of what is then left.
    """
    rows = [
        (get("interest", 0), get("fee", 0), tax)
        for get in (row.figures.get for row in offer.rows)
        if (tax := get("tax")) is not None
    ]
    none = Fraction(0)
    first = _share((interest, tax) for interest, _, tax in rows)
    both = _share((interest + fee, tax) for interest, fee, tax in rows)
    found = {(first, none): None, (both, both): None}
    bare = _share((interest, tax) for interest, fee, tax in rows if not fee)
    if bare is not None:
        rest = _share(
            (fee, tax - round_fraction(bare * base, "half_up")) for base, fee, tax in rows
        )
        found[bare, rest] = None
    alone = _share((fee, tax) for interest, fee, tax in rows if not interest)
    if alone is not None:
        rest = _share(
            (base, tax - round_fraction(alone * fee, "half_up")) for base, fee, tax in rows
        )
        found[rest, alone] = None
    shares = [
        (interest, fee)
        for interest, fee in found
        if interest is not None and fee is not None and interest + fee and max(interest, fee) <= 1
    ]

    def apart(shares: tuple[Fraction, Fraction]) -> int:
        """Count the rows whose tax does not follow to within a minor unit."""
        return sum(abs(shares[0] * base + shares[1] * fee - tax) > 1 for base, fee, tax in rows)

    return sorted(shares, key=apart)


def _share(taxed: Iterable[tuple[int, int]]) -> Fraction | None:
    """Return the plainest share that taxes are of their bases, in the most rows; if there is one."""
    intervals = [
        rate_interval(InterestRow(0, base, tax), WHOLE, "half_up")
        for base, tax in taxed
        if base and tax >= 0
    ]
    _, span = shared_interval([interval for interval in intervals if interval is not None])
    return None if span is None else next(plainest_rates(*span, Fraction(0))).value
