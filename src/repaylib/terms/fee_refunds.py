"""How much of a fee comes back when a loan is settled early."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from repaylib.terms.fees import Fee

__all__ = ["refund_share"]


def refund_share(fee: Fee, start: date, day: date, end: date) -> Fraction:
    """Return the share of a fee that comes back if a loan from `start` to `end` is settled on a day.

    Examples
    --------
    >>> fee = Fee("3%", refund="pro_rata")
    >>> refund_share(fee, date(2024, 1, 1), date(2024, 10, 1), date(2024, 12, 31))
    Fraction(91, 365)
    """
    if fee.refund == "none":
        return Fraction(0)
    return Fraction((end - day).days, (end - start).days)
