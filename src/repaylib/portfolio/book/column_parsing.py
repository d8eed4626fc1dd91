"""Columns read: counts, days, rates and amounts, each with a mask of what cannot be read.

Whole numbers are minor units, text and decimals are major units. Numbers written plainly,
``"888.49"`` or ``"5.25%"``, are read over whole columns of text; what is written in another way,
spaces and exponents included, is read value by value. A null is no value, and is never in a mask.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.dates.days import NAT, is_coarse, parse_date
from repaylib.errors import AmountError, DateError, Phrase, RepayError, as_text
from repaylib.money.amounts import decimals_of, to_decimal, to_minor
from repaylib.money.counts import MOST_PAYMENTS, parse_count, parse_decimals
from repaylib.money.rounding import as_integer
from repaylib.portfolio.book.columns import Coded, Column, DayColumn, Same, Scaled, Whole, pairs
from repaylib.portfolio.book.formats import readable
from repaylib.rates.index_rate import LoanRate, parse_loan_rate
from repaylib.rates.rate import MOST_RATE, Rate
from repaylib.typing import Bools, Codes, Days, Ints

__all__ = [
    "Numerals",
    "amount_at",
    "counts_of",
    "days_of",
    "days_or_refuse",
    "decimals_of_loans",
    "minors_of",
    "nulls_of",
    "numerals_of",
    "rates_of",
    "refuse_bare",
]

#: The largest amount of a book; sums of a few columns of it fit in ``int64``.
MOST_MINOR_UNITS = 2**60 - 1
#: So many digits are below ``10**18``, and fit in ``int64``.
MOST_DIGITS = 18
#: With no more decimals, a per cent of `MOST_RATE` fits in ``int64``.
MOST_RATE_DECIMALS = 13
#: Texts that are read together.
BLOCK = 65_536


def nulls_of(column: Column, length: int) -> Bools:
    """Return which rows have no value."""
    if isinstance(column, Same):
        return np.full(length, column.value is None)
    nulls = column.nulls
    return np.zeros(length, dtype=np.bool_) if nulls is None else nulls


def counts_of(column: Column, length: int, *, least: int = 1) -> tuple[Ints, Bools]:
    """Read whole numbers of payments or periods; 0 where there is none.

    Examples
    --------
    >>> counts_of(Coded.of([12, None, "many"]), 3)
    (array([12,  0,  0]), array([False, False,  True]))
    """
    nulls = nulls_of(column, length)
    if isinstance(column, Whole):
        values = column.values
        wrong = ((values < least) | (values > MOST_PAYMENTS)) & ~nulls
        return np.where(nulls | wrong, 0, values), wrong
    return _each_value(column, length, lambda value: parse_count(value, "payments", least=least), 0)


def days_of(column: Column, length: int, name: str) -> tuple[Days, Bools]:
    """Read days; NaT where there is none.

    Examples
    --------
    >>> days_of(Coded.of(["2024-01-10", None, "soon"]), 3, "start")
    (array(['2024-01-10',        'NaT',        'NaT'], dtype='datetime64[D]'),
     array([False, False,  True]))
    """
    if isinstance(column, DayColumn):
        days = column.values.astype("datetime64[D]")
        known = ~np.isnat(days)
        wrong = known & (days.astype(column.values.dtype) != column.values)
        wrong |= known & is_coarse(column.values.dtype)
        years = days.astype("datetime64[Y]").astype(np.int64)
        return days, wrong | (known & ((years < 1 - 1970) | (years > 9999 - 1970)))
    return _each_value(
        column, length, lambda value: np.datetime64(parse_date(value, name), "D"), NAT
    )


def days_or_refuse(column: Column, length: int, name: str) -> Days:
    """Read days, NaT where there is none; refuse the first that cannot be read, with its row."""
    days, wrong = days_of(column, length, name)
    for row in np.flatnonzero(wrong).tolist():
        value = column.at(row)
        error: RepayError = DateError(name, value, "a whole day", "write a day without a time")
        try:
            parse_date(readable(value), name)
        except RepayError as found:
            error = found
        raise error.in_row(row)
    return days


def _each_value(
    column: Column, length: int, read: Callable[[Any], Any], nothing: Any
) -> tuple[npt.NDArray[Any], Bools]:
    """Read the distinct values of a column one by one; `nothing` stands for null and unreadable."""
    coded = column.coded(length)
    found, wrong = [], []
    for value in coded.values:
        try:
            found.append(nothing if value is None else read(value))
            wrong.append(False)
        except RepayError:
            found.append(nothing)
            wrong.append(True)
    dtype = "datetime64[D]" if nothing is NAT else np.int64
    values = np.array([*found, nothing], dtype=dtype)  # the last is for a null
    return values[coded.codes], np.array([*wrong, False], dtype=bool)[coded.codes]


def rates_of(column: Column, length: int) -> tuple[Codes, tuple[LoanRate, ...], Bools]:
    """Read rates: which of the distinct ones each loan has (-1 for none), and those.

    Examples
    --------
    >>> codes, rates, wrong = rates_of(Coded.of(["12%", "8%", "12.00%", "high", None]), 5)
    >>> codes, [str(rate) for rate in rates]
    (array([ 0,  1,  0, -1, -1], dtype=int32), ['12%', '8%'])
    >>> wrong
    array([False, False, False,  True, False])
    """
    coded = column.coded(length)
    found, rates = _distinct_rates(coded.values)
    codes = np.append(found, np.int32(-1))[coded.codes]
    return codes, rates, (codes < 0) & ~nulls_of(column, length)


def _distinct_rates(values: Sequence[Any]) -> tuple[Codes, tuple[LoanRate, ...]]:
    """Return which of the distinct rates each value is, -1 where it is none, and those."""
    numbers = numerals_of(values, "%")
    decimals = np.minimum(numbers.decimals, MOST_RATE_DECIMALS)
    whole = 100 * 10**decimals
    plain = numbers.plain & (numbers.decimals == decimals) & (numbers.digits <= MOST_RATE * whole)
    common = np.gcd(numbers.digits, whole)
    numerators, denominators = (numbers.digits // common).tolist(), (whole // common).tolist()
    known: dict[Hashable, int] = {}  # a fraction as a pair, which is hashed faster
    rates: list[LoanRate] = []
    codes = np.full(len(values), -1, dtype=np.int32)
    for index, is_plain in enumerate(plain.tolist()):
        key: Hashable
        if is_plain:
            key = numerators[index], denominators[index]
            if key not in known:
                rates.append(Rate(Fraction(*key)))
        else:
            try:
                rate = parse_loan_rate(values[index])
            except RepayError:
                continue
            key = rate
            if isinstance(rate, Rate) and rate.kind == "nominal":
                key = rate.value.numerator, rate.value.denominator
            if key not in known:
                rates.append(rate)
        codes[index] = known.setdefault(key, len(known))
    return codes, tuple(rates)


def decimals_of_loans(currency: Column, decimals: Column | None, length: int) -> Ints:
    """Return with how many decimals each loan counts; -1 where its options do not say."""

    def decimals_at(code: int, given: int) -> int:
        try:
            usual = decimals_of(money.values[code]) if code >= 0 else 2
            stated = None if given < 0 else fixed.values[given]
            return usual if stated is None else parse_decimals(stated)
        except RepayError:
            return -1

    money = currency.coded(length)
    fixed = Coded(np.full(length, -1, np.int32), ())
    if decimals is not None:
        fixed = decimals.coded(length)
    codes, low, high = pairs(money.codes, fixed.codes, len(fixed.values))
    found = [decimals_at(*pair) for pair in zip(low.tolist(), high.tolist(), strict=True)]
    return np.array(found, dtype=np.int64)[codes]


def refuse_bare(column: Column, name: str) -> None:
    """Refuse a whole number for all loans, which may be meant in major or in minor units."""
    if isinstance(column, Same) and (whole := as_integer(column.value)) is not None:
        shown = as_text(whole, str)
        raise AmountError(
            name,
            column.value,
            "text or Decimal for all loans (major units), or a column of integers (minor units)",
            Phrase(
                'write {}="{}", or {}=numpy.full(n, {}) if it is in minor units',
                name,
                shown,
                name,
                shown,
            ),
        )


def amount_at(column: Column, row: int, decimals: int, name: str) -> Any:
    """Return the amount of a row as it would be written for a single loan, in major units."""
    value = column.at(row)
    if isinstance(column, Whole) and value is not None:
        return to_decimal(value, max(0, decimals))
    if (whole := as_integer(value)) is not None:
        raise AmountError(
            name,
            value,
            "text or Decimal beside other text, or a column of integers alone (minor units)",
            Phrase('write "{}" for major units', as_text(whole, str)),
        )
    return value


def minors_of(column: Column, decimals: Ints, name: str) -> tuple[Ints, Bools]:
    """Read amounts above zero as minor units of each loan; 0 where there is none."""
    nulls = nulls_of(column, len(decimals))
    if isinstance(column, Whole):
        wrong = ((column.values <= 0) | (column.values > MOST_MINOR_UNITS)) & ~nulls
        return np.where(nulls | wrong, 0, column.values), wrong
    if isinstance(column, Scaled):
        minors, wrong = _scaled(column, decimals)
        return np.where(nulls | wrong, 0, minors), wrong & ~nulls
    coded = column.coded(len(decimals))
    codes, value, digits = pairs(coded.codes, decimals.astype(np.int32), 64)
    minors, plain = _plain(coded.values, value, digits)
    for row in np.flatnonzero(~plain).tolist():
        minors[row] = _minor(coded.values, int(value[row]), int(digits[row]), name)
    found = minors[codes]
    return found, (found == 0) & ~nulls


def _plain(values: Sequence[Any], codes: Codes, decimals: Codes) -> tuple[Ints, Bools]:
    """Return amounts written plainly as minor units, and which are."""
    numbers = numerals_of(values)
    more = decimals - np.append(numbers.decimals, 0)[codes]
    up, down = (10 ** np.clip(power, 0, 18, dtype=np.int64) for power in (more, -more))
    whole, rest = np.divmod(np.append(numbers.digits, 0)[codes], down)
    plain = np.append(numbers.plain, False)[codes] & (decimals >= 0) & (rest == 0)
    plain &= whole <= MOST_MINOR_UNITS // up
    return np.where(plain, whole, 0) * up, plain


def _minor(values: Sequence[Any], code: int, decimals: int, name: str) -> int:
    """Return an amount as minor units, and 0 if it is none."""
    if code < 0 or decimals < 0 or as_integer(values[code]) is not None:
        return 0
    try:
        minor = to_minor(values[code], name, "XXX", decimals=decimals)
    except RepayError:
        return 0
    return minor if minor <= MOST_MINOR_UNITS else 0


def _scaled(column: Scaled, decimals: Ints) -> tuple[Ints, Bools]:
    minors = np.zeros(len(decimals), dtype=np.int64)
    wrong = (column.values <= 0) | (decimals < 0)
    for count in np.unique(decimals).tolist():
        rows = decimals == count
        values = column.values[rows]
        more = count - column.scale
        if more >= 0:
            factor = 10**more
            beyond = values > MOST_MINOR_UNITS // factor
            minors[rows] = np.where(beyond, 0, values) * min(factor, MOST_MINOR_UNITS)
            wrong[rows] |= beyond
        else:
            whole, rest = np.divmod(values, 10 ** min(18, -more))
            minors[rows] = whole
            wrong[rows] |= (rest != 0) | (more < -18) | (whole > MOST_MINOR_UNITS)
    return minors, wrong


class Numerals(NamedTuple):
    """Numbers ``digits / 10**decimals``, where they are `plain`; elsewhere both are 0."""

    digits: Ints
    decimals: Ints
    plain: Bools


def numerals_of(values: Sequence[Any], sign: str = "") -> Numerals:
    """Read text of digits, with at most one point between them and `sign` after them.

    Examples
    --------
    >>> numerals_of(["888.49", "12", "1e3", ".5", None])
    Numerals(digits=array([88849,    12,     0,     0,     0]),
             decimals=array([2, 0, 0, 0, 0]),
             plain=array([ True,  True, False, False, False]))
    >>> numerals_of(["5.25%", "5.25"], "%").plain
    array([ True, False])
    """
    digits = np.zeros(len(values), dtype=np.int64)
    decimals = np.zeros(len(values), dtype=np.int64)
    plain = np.zeros(len(values), dtype=np.bool_)
    most = MOST_DIGITS + 1 + len(sign)
    for low in range(0, len(values), BLOCK):
        rows = slice(low, low + BLOCK)
        texts = [text if type(text) is str and len(text) <= most else "" for text in values[rows]]
        digits[rows], decimals[rows], plain[rows] = _read(texts, sign)
    return Numerals(digits, decimals, plain)


def _read(texts: list[str], sign: str) -> Numerals:
    count = len(texts)
    array = np.array(texts, dtype=np.str_)
    letters: npt.NDArray[np.uint32] = array.view(np.uint32).reshape(count, -1).T
    lengths = np.fromiter(map(len, texts), np.int64, count)
    ends = lengths - len(sign)
    plain = ends > 0
    if sign:
        plain &= letters[lengths - 1, np.arange(count)] == ord(sign)
    digits = np.zeros(count, dtype=np.int64)
    decimals = np.zeros(count, dtype=np.int64)
    broken = np.zeros(count, dtype=np.bool_)  # whether there was a point
    after = np.ones(count, dtype=np.bool_)  # whether no digit stands just before
    for place, letter in enumerate(letters):
        inside = plain & (place < ends)
        number = letter - np.uint32(ord("0"))  # of another letter far above 9
        digit = inside & (number <= 9)
        point = inside & (letter == ord("."))
        plain &= ~inside | digit | (point & ~broken & ~after)
        digits = np.where(digit, digits * 10 + number, digits)
        decimals += digit & broken
        broken |= point
        after = np.where(inside, ~digit, after)
    plain &= ~after & (ends - broken <= MOST_DIGITS)
    return Numerals(np.where(plain, digits, 0), np.where(plain, decimals, 0), plain)
