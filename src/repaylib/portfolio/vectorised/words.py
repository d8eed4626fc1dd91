"""The changes of a book, read for lanes: words that all share, and arrays of what differs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from repaylib.changes.advance import Advance
from repaylib.changes.base import Change
from repaylib.changes.deferral import Deferral
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.changes.forgiveness import Forbearance, Forgiveness
from repaylib.changes.prepayment import Prepayment
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.errors import RepayError
from repaylib.portfolio.book.changes import BookChange
from repaylib.portfolio.book.column_parsing import counts_of, days_of, minors_of, nulls_of, rates_of
from repaylib.portfolio.book.columns import Coded, Column, Same, Whole, pairs
from repaylib.portfolio.vectorised.changes import NEVER
from repaylib.rates.rate import Rate
from repaylib.typing import Bools, Ints

__all__ = ["Read", "read_change"]


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


#: A word that is left out.
NOTHING = Same(None)


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
    kind: Ints
    payment: Ints
    day: Ints
    until_payment: Ints
    until_day: Ints
    amount: Ints
    number: Ints
    rate: Ints
    rates: Sequence[Rate]


def read_change(change: BookChange, places: Ints) -> Read:
    """Read a change of loans that count with so many decimals."""
    loans = len(places)
    if change.kind not in CHOICES:  # each loan is changed by itself
        none = np.zeros(loans, dtype=np.int64)
        alone = np.where(change.touches(loans), -2, -1)
        never = np.full(loans, NEVER)
        return Read([], alone, none, never, none, never, none, none, none - 1, [])
    words, wrong = change.words, np.zeros(loans, dtype=np.bool_)
    payment = _counts(words.get(change.kind.placed_by, NOTHING), loans, wrong, least=1)
    day = _days(words.get("on", NOTHING), loans, wrong)
    wrong |= (payment > 0) & (day < NEVER)
    until = words.get("until", NOTHING)
    until_payment = until_day = np.zeros(loans, dtype=np.int64)
    if _is_count(until):
        until_payment, until_day = _counts(until, loans, wrong, least=1), np.full(loans, NEVER)
    else:
        until_day = _days(until, loans, wrong)
    count = np.zeros(loans, dtype=np.int64)
    if change.kind in COUNT:
        usual = 1 if change.kind is Deferral else 0  # where it is left out
        count = _counts(words.get(COUNT[change.kind], NOTHING), loans, wrong, least=0, usual=usual)
    amount = np.zeros(loans, dtype=np.int64)
    name = "instalment" if change.kind is Rescheduling else AMOUNT.get(change.kind)
    if name is not None:
        amount, unread = minors_of(words.get(name, NOTHING), places, name)
        wrong |= unread
    rates, rate = _rates(words.get("rate", NOTHING), loans, wrong)
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


def _kinds(change: BookChange, loans: int) -> tuple[list[Change], Ints]:
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


def _is_count(column: Column) -> bool:
    if isinstance(column, Same):
        return isinstance(column.value, int)
    if isinstance(column, Coded):
        return all(isinstance(each, int) for each in column.values)
    return isinstance(column, Whole)


def _counts(column: Column, loans: int, wrong: Bools, *, least: int, usual: int = 0) -> Ints:
    """Return whole numbers, `usual` for none; note what cannot be read."""
    values, unread = counts_of(column, loans, least=least)
    wrong |= unread
    return np.where(unread | nulls_of(column, loans), usual, values)


def _days(column: Column, loans: int, wrong: Bools) -> Ints:
    """Return days since 1970, ``NEVER`` for none; note what cannot be read."""
    days, unread = days_of(column, loans, "on")
    wrong |= unread
    return np.where(np.isnat(days), NEVER, days.astype(np.int64))


def _rates(column: Column, loans: int, wrong: Bools) -> tuple[tuple[Rate, ...], Ints]:
    """Return the distinct rates, and which of them each loan gets; note what cannot be read."""
    codes, rates, unread = rates_of(column, loans)
    plain = np.array([*(isinstance(rate, Rate) for rate in rates), True])
    wrong |= unread | ~plain[codes]
    fixed = (rate if isinstance(rate, Rate) else Rate(Fraction(0)) for rate in rates)
    return tuple(fixed), codes.astype(np.int64)
