"""The changes of a book, read for lanes: words that all share, and arrays of what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.changes.advance import Advance
from repaylib.changes.base import Change
from repaylib.changes.deferral import Deferral
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.changes.forgiveness import Forbearance, Forgiveness
from repaylib.changes.prepayment import Prepayment
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.dates.days import to_date
from repaylib.errors import RepayError
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.money.rounding_arrays import Integers
from repaylib.portfolio.book.changes import BookChange
from repaylib.portfolio.book.column_parsing import minors_of
from repaylib.portfolio.book.columns import Coded, Column, Days, Same, Whole, pairs
from repaylib.portfolio.vectorised.changes import NEVER
from repaylib.portfolio.vectorised.due_dates import EPOCH
from repaylib.rates.rate import Rate, parse_rate

__all__ = ["Read", "read_change"]

Truths = npt.NDArray[np.bool_]

#: The words that decide what is done; the others are numbers.
CHOICES: dict[type[Change], tuple[str, ...]] = {
    Deferral: ("scope", "base", "pause", "interest", "repay", "hold", "capitalise_every"),
    RateChange: ("hold", "recast"),
    Prepayment: ("hold",),
    Forgiveness: ("share", "of", "hold"),
    Forbearance: ("share", "hold"),
    Advance: ("hold",),
    Rescheduling: ("every", "method"),
    EarlySettlement: ("method", "fee", "notice", "deferral"),
}
COUNT = {Deferral: "periods", Rescheduling: "payments"}
AMOUNT = {Prepayment: "amount", Forgiveness: "amount", Forbearance: "amount", Advance: "amount"}


class Read(NamedTuple):
    """One change of some loans, read.

    Attributes
    ----------
    kinds
        A change for each combination of words; of its places and amounts nothing is used.
    kind
        Which of them each loan has; -1 if it is left alone, -2 if it must be changed by itself.
    payment, day
        From or with which payment (0 if not), and from or on which day (``NEVER`` if not).
    until_payment, until_day
        The same for the end of a rate.
    amount, number
        Minor units, and how many periods or payments; 0 for none.
    rate, rates
        Which of `rates` each loan gets, -1 for none.
    """

    kinds: Sequence[Change]
    kind: Integers
    payment: Integers
    day: Integers
    until_payment: Integers
    until_day: Integers
    amount: Integers
    number: Integers
    rate: Integers
    rates: Sequence[Rate]


def read_change(change: BookChange, places: Integers) -> Read:
    """Read a change of loans that count with so many decimals."""
    loans = len(places)
    if change.kind not in CHOICES:  # each loan is changed by itself
        none = np.zeros(loans, dtype=np.int64)
        alone = np.where(change.touches(loans), -2, -1)
        never = np.full(loans, NEVER)
        return Read([], alone, none, never, none, never, none, none, none - 1, [])
    words, wrong = change.words, np.zeros(loans, dtype=np.bool_)
    payment = _counts(words.get(change.kind.placed_by), loans, wrong, least=1)
    day = _days(words.get("on"), loans, wrong)
    wrong |= (payment > 0) & (day < NEVER)
    until = words.get("until")
    until_payment = until_day = np.zeros(loans, dtype=np.int64)
    if _is_count(until):
        until_payment, until_day = _counts(until, loans, wrong, least=1), np.full(loans, NEVER)
    else:
        until_day = _days(until, loans, wrong)
    count = np.zeros(loans, dtype=np.int64)
    if change.kind in COUNT:
        usual = 1 if change.kind is Deferral else 0  # where it is left out
        count = _counts(words.get(COUNT[change.kind]), loans, wrong, least=0, usual=usual)
    amount = np.zeros(loans, dtype=np.int64)
    name = "instalment" if change.kind is Rescheduling else AMOUNT.get(change.kind)
    if name is not None and not _nil(words.get(name)):
        column = words[name]
        amount, unread = minors_of(column, places, name)
        wrong |= unread & ~_nulls(column, loans)
        amount = np.where(unread, 0, amount)
    rates, rate = _rates(words.get("rate"), loans, wrong)
    kinds, kind = _kinds(change, loans)
    if change.kind is Rescheduling:
        wrong |= (count > 0) & (amount > 0)
    for place, made in enumerate(kinds):
        if isinstance(made, Deferral) and made.scope == "schedule":
            wrong |= (kind == place) & (rate >= 0)
        elif isinstance(made, Forgiveness) and made.share is not None:
            wrong |= (kind == place) & (amount > 0)
    touched = change.touches(loans)
    kind = np.where(touched, np.where(wrong, -2, kind), -1)
    return Read(kinds, kind, payment, day, until_payment, until_day, amount, count, rate, rates)


def _kinds(change: BookChange, loans: int) -> tuple[list[Change], Integers]:
    """Return a change for each combination of choices that lanes take; -2 stands for the others."""
    codes = np.zeros(loans, dtype=np.int32)
    for name in CHOICES[change.kind]:
        column = change.words.get(name)
        if column is not None and not isinstance(column, Same):
            mine = column.coded(loans)
            codes = pairs(codes, mine.codes, len(mine.values))[0]
    kinds: list[Change] = []
    kind = np.full(loans, -2, dtype=np.int64)
    touched = np.flatnonzero(change.touches(loans))
    for code in np.unique(codes[touched]).tolist():
        rows = touched[codes[touched] == code]
        try:
            made = change.of(int(rows[0]))
        except RepayError:
            made = None
        if made is not None and _takes(made):
            kind[rows] = len(kinds)
            kinds.append(made)
    return kinds, kind


def _takes(change: Change) -> bool:
    """Whether lanes can make a change; otherwise it is made loan by loan."""
    match change:
        case Rescheduling():
            return change.every is None and change.method is None
        case EarlySettlement(method="actuarial", fee=None, deferral=None | "none"):
            return change.days_of_notice == 0
        case EarlySettlement() | Forbearance():
            return False
    return True


def _nil(column: Column | None) -> bool:
    return column is None or (isinstance(column, Same) and column.value is None)


def _nulls(column: Column, loans: int) -> Truths:
    gone = column.nulls
    return np.zeros(loans, dtype=np.bool_) if gone is None else gone


def _is_count(column: Column | None) -> bool:
    if isinstance(column, Same):
        return isinstance(column.value, int)
    if isinstance(column, Coded):
        return all(isinstance(each, int) for each in column.values)
    return isinstance(column, Whole)


def _counts(
    column: Column | None, loans: int, wrong: Truths, *, least: int, usual: int = 0
) -> Integers:
    """Return whole numbers, `usual` for none; note which are out of bounds, or no numbers."""
    if _nil(column):
        return np.full(loans, usual, dtype=np.int64)
    assert column is not None, "there is one"
    if isinstance(column, Whole):
        values, gone = column.values, _nulls(column, loans)
    else:
        coded = column.coded(loans)
        whole = [int(each) if _whole(each) else -1 for each in coded.values]
        values, gone = np.array([*whole, 0], dtype=np.int64)[coded.codes], coded.codes < 0
    beyond = ((values < least) | (values > MOST_PAYMENTS)) & ~gone
    wrong |= beyond
    return np.where(gone | beyond, usual, values)


def _whole(value: object) -> bool:
    return type(value) is not bool and isinstance(value, int | np.integer) and int(value) < 2**31


def _days(column: Column | None, loans: int, wrong: Truths) -> Integers:
    """Return days since 1970, ``NEVER`` for none; note which are no days."""
    if _nil(column):
        return np.full(loans, NEVER)
    assert column is not None, "there is one"
    if isinstance(column, Days):
        there = ~np.isnat(column.values)
        whole = column.values.astype("datetime64[D]")
        wrong |= there & (whole != column.values)
        return np.where(there, whole.astype(np.int64), NEVER)
    coded = column.coded(loans)
    days = [*map(_day, coded.values), NEVER]
    found = np.array(days, dtype=np.int64)[coded.codes]
    wrong |= found < -NEVER
    return found


def _day(value: Any) -> int:
    try:
        return to_date(value, "on").toordinal() - EPOCH
    except RepayError:
        return -2 * NEVER


def _rates(column: Column | None, loans: int, wrong: Truths) -> tuple[tuple[Rate, ...], Integers]:
    """Return the distinct rates, and which of them each loan gets."""
    if _nil(column):
        return (), np.full(loans, -1, dtype=np.int64)
    assert column is not None, "there is one"
    coded = column.coded(loans)
    rates = list(_parsed(coded.values))
    unread = np.array([each is None for each in rates] + [False])[coded.codes]
    wrong |= unread
    return tuple(each or Rate(Fraction(0)) for each in rates), coded.codes.astype(np.int64)


def _parsed(values: Sequence[Any]) -> Iterator[Rate | None]:
    for value in values:
        try:
            yield parse_rate(value)
        except RepayError:
            yield None
