"""Money in columns: whole numbers are minor units, text and decimals are major units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from repaylib.errors import AmountError, RepayError
from repaylib.money.amounts import decimals_of, to_decimal, to_minor
from repaylib.money.rounding import as_whole
from repaylib.portfolio.book.columns import Coded, Column, Same, Scaled, Whole, pairs
from repaylib.portfolio.book.numerals import numerals_of
from repaylib.typing import Bools, Codes, Ints

__all__ = ["amount_at", "minors_of", "places_of", "refuse_bare"]

#: The largest amount of a book; sums of a few columns of it fit in ``int64``.
LARGEST = 2**60 - 1


def places_of(currency: Column, decimals: Column | None, length: int) -> Ints:
    """Return with how many decimals each loan counts; -1 where its words do not say."""

    def places(code: int, given: int) -> int:
        try:
            usual = decimals_of(money.values[code]) if code >= 0 else 2
            stated = None if given < 0 else as_whole(fixed.values[given])
        except RepayError:
            return -1
        return usual if stated is None else stated

    money = currency.coded(length)
    fixed = Coded(np.full(length, -1, np.int32), ())
    if decimals is not None:
        fixed = decimals.coded(length)
    codes, low, high = pairs(money.codes, fixed.codes, len(fixed.values))
    found = [places(*pair) for pair in zip(low.tolist(), high.tolist(), strict=True)]
    return np.array(found, dtype=np.int64)[codes]


def refuse_bare(column: Column, name: str) -> None:
    """Refuse a whole number for all loans, which may be meant in major or in minor units."""
    if isinstance(column, Same) and (whole := as_whole(column.value)) is not None:
        raise AmountError(
            name,
            column.value,
            "text or Decimal for all loans (major units), or a column of integers (minor units)",
            f'write {name}="{whole}", or {name}=numpy.full(n, {whole}) if it is in minor units',
        )


def amount_at(column: Column, row: int, decimals: int, name: str) -> Any:
    """Return the amount of a row as it would be written for a single loan, in major units."""
    value = column.at(row)
    if isinstance(column, Whole) and value is not None:
        return to_decimal(value, max(0, decimals))
    if (whole := as_whole(value)) is not None:
        raise AmountError(
            name,
            value,
            "text or Decimal beside other text, or a column of integers alone (minor units)",
            f'write "{whole}" for major units',
        )
    return value


def minors_of(column: Column, places: Ints, name: str) -> tuple[Ints, Bools]:
    """Return amounts above zero as minor units of each loan, and which rows cannot be read so."""
    count = len(places)
    if isinstance(column, Whole):
        wrong = (column.values <= 0) | (column.values > LARGEST)
        return column.values, wrong if column.gone is None else wrong | column.gone
    if isinstance(column, Scaled):
        return _scaled(column, places)
    coded = column.coded(count)
    codes, value, decimals = pairs(coded.codes, places.astype(np.int32), 64)
    minors, plain = _plain(coded.values, value, decimals)
    for row in np.flatnonzero(~plain).tolist():
        minors[row] = _minor(coded.values, int(value[row]), int(decimals[row]), name)
    found = minors[codes]
    return found, found == 0


def _plain(values: Sequence[Any], codes: Codes, places: Codes) -> tuple[Ints, Bools]:
    """Return amounts written plainly as minor units, and which are."""
    numbers = numerals_of(values)
    more = places - np.append(numbers.decimals, 0)[codes]
    up, down = (10 ** np.clip(each, 0, 18, dtype=np.int64) for each in (more, -more))
    whole, rest = np.divmod(np.append(numbers.digits, 0)[codes], down)
    plain = np.append(numbers.plain, False)[codes] & (places >= 0) & (rest == 0)
    plain &= whole <= LARGEST // up
    return np.where(plain, whole, 0) * up, plain


def _minor(values: Sequence[Any], code: int, decimals: int, name: str) -> int:
    """Return an amount as minor units, and 0 if it is none."""
    if code < 0 or decimals < 0 or as_whole(values[code]) is not None:
        return 0
    try:
        minor = to_minor(values[code], name, "XXX", decimals=decimals)
    except RepayError:
        return 0
    return minor if minor <= LARGEST else 0


def _scaled(column: Scaled, places: Ints) -> tuple[Ints, Bools]:
    minors = np.zeros(len(places), dtype=np.int64)
    wrong = (column.values <= 0) | (places < 0)
    if column.gone is not None:
        wrong |= column.gone
    for decimals in np.unique(places).tolist():
        rows = places == decimals
        values = column.values[rows]
        more = decimals - column.scale
        if more >= 0:
            factor = 10**more
            beyond = values > LARGEST // factor
            minors[rows] = np.where(beyond, 0, values) * min(factor, LARGEST)
            wrong[rows] |= beyond
        else:
            whole, rest = np.divmod(values, 10 ** min(18, -more))
            minors[rows] = whole
            wrong[rows] |= (rest != 0) | (more < -18) | (whole > LARGEST)
    return minors, wrong
