"""Rates in columns: each distinct one made once, and text of digits read many at a time."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from repaylib.errors import RepayError
from repaylib.portfolio.book.numerals import numerals_of
from repaylib.rates.index_rate import LoanRate, parse_loan_rate
from repaylib.rates.rate import LARGEST, Rate
from repaylib.typing import Codes

__all__ = ["rates_of"]

#: With no more decimals, a per cent of `LARGEST` fits in ``int64``.
MOST_DECIMALS = 13


def rates_of(values: Sequence[Any]) -> tuple[Codes, tuple[LoanRate, ...]]:
    """Read rates: return the distinct ones, and which of them each is, -1 where it is none.

    Examples
    --------
    >>> codes, rates = rates_of(["12%", "8%", "12.00%", "high", Fraction(2, 25)])
    >>> codes, [str(rate) for rate in rates]
    (array([ 0,  1,  0, -1,  1], dtype=int32), ['12%', '8%'])
    """
    numbers = numerals_of(values, "%")
    decimals = np.minimum(numbers.decimals, MOST_DECIMALS)
    whole = 100 * 10**decimals
    plain = numbers.plain & (numbers.decimals == decimals) & (numbers.digits <= LARGEST * whole)
    common = np.gcd(numbers.digits, whole)
    tops, bottoms = (numbers.digits // common).tolist(), (whole // common).tolist()
    known: dict[Hashable, int] = {}  # fractions by top and bottom, whose hash is not as dear
    rates: list[LoanRate] = []
    codes = np.full(len(values), -1, dtype=np.int32)
    for place, is_plain in enumerate(plain.tolist()):
        key: Hashable
        if is_plain:
            key = tops[place], bottoms[place]
            if key not in known:
                rates.append(Rate(Fraction(*key)))
        else:
            try:
                rate = parse_loan_rate(values[place])
            except RepayError:
                continue
            key = rate
            if isinstance(rate, Rate) and rate.kind == "nominal":
                key = rate.value.numerator, rate.value.denominator
            if key not in known:
                rates.append(rate)
        codes[place] = known.setdefault(key, len(known))
    return codes, tuple(rates)
