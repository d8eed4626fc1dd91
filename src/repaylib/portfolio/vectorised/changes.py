"""The changes of many loans: read from their columns, and placed in time, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

import numpy as np

from repaylib.changes.advance import Advance
from repaylib.changes.base import AmountChange, Change, choices_of, usual_count_of
from repaylib.changes.deferral import Deferral
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.changes.forgiveness import Forgiveness
from repaylib.changes.prepayment import Prepayment
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.errors import RepayError
from repaylib.portfolio.book.changes import PortfolioChange
from repaylib.portfolio.book.column_parsing import counts_of, days_of, minors_of, nulls_of, rates_of
from repaylib.portfolio.book.columns import Coded, Column, Same, Whole, pairs
from repaylib.portfolio.vectorised.due_dates import DueDateTable
from repaylib.rates.rate import Rate
from repaylib.typing import Bools, Ints

__all__ = [
    "NEVER",
    "LaneChange",
    "ParsedChange",
    "Variant",
    "effective_days",
    "parse_change",
    "rate_end_days",
]

#: A row, a due date or a day that does not come.
NEVER = 2**40
#: An option that is left out.
LEFT_OUT = Same(None)


class Variant(IntEnum):
    """What a loan has in place of the number of a variant of a change."""

    UNCHANGED = -1  #: the change does not concern the loan
    FALLBACK = -2  #: the loan is computed by the single-loan engine


def is_vectorised(change: Change) -> bool:
    """Return whether a change is made over arrays; any other is made loan by loan."""
    match change:
        case Advance() | Deferral() | Forgiveness() | RateChange():
            return True
        case Prepayment():
            return change.interest == "none" and change.every is None
        case Rescheduling():
            return change.every is None and change.method is None and change.repay == "next"
        case EarlySettlement(method="actuarial", fee=None, deferral=None | "none"):
            return change.days_of_notice == 0
    return False


@dataclass(frozen=True, slots=True)
class LaneChange:
    """One change of many loans: the choices that they share, and what differs from loan to loan.

    Attributes
    ----------
    change
        A change with these choices; its place in time and its amounts are not used.
    day, until
        Days since 1970 from which it holds, and on which a rate ends again; ``NEVER`` for none.
    amount, count, rate
        Minor units (an instalment, of a rescheduling), periods or payments, and the index of a new
        rate among the rates (-1 for none).
    """

    change: Change
    day: Ints
    until: Ints
    amount: Ints
    count: Ints
    rate: Ints

    def part(self, lanes: slice | Ints) -> LaneChange:
        """Return the change of some of the loans."""
        arrays = (self.day, self.until, self.amount, self.count, self.rate)
        return LaneChange(self.change, *(array[lanes] for array in arrays))


@dataclass(frozen=True, slots=True)
class ParsedChange:
    """One change of some loans, read from its columns.

    Attributes
    ----------
    variants
        A change for each combination of choices; its place in time and its amounts are not used.
    variant
        The index of the variant of each loan, or a :class:`Variant`.
    payment, day
        From or with which payment (0 for none), and from or on which day (``NEVER`` for none).
    until_payment, until_day
        The same for the end of a rate.
    amount, count
        Minor units, and how many periods or payments; 0 for none.
    rate, rates
        The index of the new rate of each loan among `rates`, -1 for none.
    """

    variants: Sequence[Change]
    variant: Ints
    payment: Ints
    day: Ints
    until_payment: Ints
    until_day: Ints
    amount: Ints
    count: Ints
    rate: Ints
    rates: Sequence[Rate]


# -- reading ----------------------------------------------------------------------------------


def parse_change(change: PortfolioChange, decimals: Ints) -> ParsedChange:
    """Read a change of loans, `decimals` being those of the currency of each."""
    loans = len(decimals)
    kind, options, unread = change.kind, change.options, np.zeros(loans, dtype=np.bool_)
    payment = _counts(options.get(kind.placed_by, LEFT_OUT), loans, unread, least=1)
    day = _days(options.get("on", LEFT_OUT), loans, unread)
    unread |= (payment > 0) & (day < NEVER)
    until = options.get("until", LEFT_OUT)
    until_payment, until_day = np.zeros(loans, dtype=np.int64), np.full(loans, NEVER)
    if _is_count(until):
        until_payment = _counts(until, loans, unread, least=1)
    else:
        until_day = _days(until, loans, unread)
    count = amount = np.zeros(loans, dtype=np.int64)
    if kind.count_option is not None:
        column, usual = options.get(kind.count_option, LEFT_OUT), usual_count_of(kind)
        count = _counts(column, loans, unread, least=0, usual=usual)
    if kind.amount_option is not None:
        column = options.get(kind.amount_option, LEFT_OUT)
        amount, no_amount = minors_of(column, decimals, kind.amount_option)
        unread |= no_amount
    unread |= (count > 0) & (amount > 0)
    rates, rate = _rates(options.get("rate", LEFT_OUT), loans, unread)
    variants, variant = _variants(change, loans)
    for index, made in enumerate(variants):
        if isinstance(made, Deferral) and made.scope == "schedule":
            unread |= (variant == index) & (rate >= 0)
        elif isinstance(made, Forgiveness) and made.share is not None:
            unread |= (variant == index) & (amount > 0)
    variant[unread] = Variant.FALLBACK
    variant[~change.touches(loans)] = Variant.UNCHANGED
    return ParsedChange(
        variants, variant, payment, day, until_payment, until_day, amount, count, rate, rates
    )


def _variants(change: PortfolioChange, loans: int) -> tuple[list[Change], Ints]:
    """Return a change for each combination of choices that is vectorised, and which a loan has."""
    codes = np.zeros(loans, dtype=np.int32)
    for name in choices_of(change.kind):
        column = change.options.get(name)
        if column is not None and not isinstance(column, Same):
            choice = column.coded(loans)
            codes = pairs(codes, choice.codes, len(choice.values))[0]
    variants: list[Change] = []
    variant = np.full(loans, Variant.FALLBACK, dtype=np.int64)
    touched = np.flatnonzero(change.touches(loans))
    for code in np.unique(codes[touched]).tolist():
        rows = touched[codes[touched] == code]
        try:
            made = change.of(int(rows[0]))
        except RepayError:
            made = None
        if made is not None and is_vectorised(made):
            variant[rows] = len(variants)
            variants.append(made)
    return variants, variant


def _is_count(column: Column) -> bool:
    if isinstance(column, Same):
        return isinstance(column.value, int)
    if isinstance(column, Coded):
        return all(isinstance(value, int) for value in column.values)
    return isinstance(column, Whole)


def _counts(column: Column, loans: int, unread: Bools, *, least: int, usual: int = 0) -> Ints:
    """Return whole numbers, `usual` for none; note what cannot be read."""
    values, wrong = counts_of(column, loans, least=least)
    unread |= wrong
    return np.where(wrong | nulls_of(column, loans), usual, values)


def _days(column: Column, loans: int, unread: Bools) -> Ints:
    """Return days since 1970, ``NEVER`` for none; note what cannot be read."""
    days, wrong = days_of(column, loans, "on")
    unread |= wrong
    return np.where(np.isnat(days), NEVER, days.astype(np.int64))


def _rates(column: Column, loans: int, unread: Bools) -> tuple[tuple[Rate, ...], Ints]:
    """Return the distinct rates, and which of them each loan gets; note what cannot be read."""
    codes, rates, wrong = rates_of(column, loans)
    plain = np.array([*(isinstance(rate, Rate) for rate in rates), True])
    unread |= wrong | ~plain[codes]
    fixed = (rate if isinstance(rate, Rate) else Rate(Fraction(0)) for rate in rates)
    return tuple(fixed), codes.astype(np.int64)


# -- placing in time ---------------------------------------------------------------------------


def effective_days(
    parsed: ParsedChange,
    loans: Ints,
    present: Bools,
    due_dates: DueDateTable,
    timetable_of: Ints,
    earlier: Sequence[LaneChange],
    refused: Bools,
) -> Ints:
    """Return the day of a change, as ``schedule/placement`` finds it; note where there is none."""
    day = np.where(present, parsed.day[loans], NEVER)
    number = parsed.payment[loans]
    by_number = present & (number > 0)
    if isinstance(parsed.variants[0], AmountChange):
        refused |= by_number & (number >= due_dates.periods)
        due = due_dates.dues[timetable_of, np.clip(number, 0, due_dates.periods)]
        day = np.where(by_number, due, day)
    else:
        day = _opens(number, by_number, day, due_dates, timetable_of, earlier, refused)
    refused |= present & ((day == NEVER) | (day < due_dates.dues[timetable_of, 0]))
    return day


def rate_end_days(
    parsed: ParsedChange,
    loans: Ints,
    present: Bools,
    due_dates: DueDateTable,
    timetable_of: Ints,
    earlier: Sequence[LaneChange],
    refused: Bools,
    day: Ints,
) -> Ints:
    """Return the day on which a rate that begins on `day` ends again."""
    end = np.where(present, parsed.until_day[loans], NEVER)
    by_number = present & (parsed.until_payment[loans] > 0)
    if by_number.any():
        end = _opens(
            parsed.until_payment[loans], by_number, end, due_dates, timetable_of, earlier, refused
        )
    refused |= present & (end <= day)
    return np.where(present & (day < NEVER), end, NEVER)


def _opens(
    number: Ints,
    where: Bools,
    day: Ints,
    due_dates: DueDateTable,
    timetable_of: Ints,
    earlier: Sequence[LaneChange],
    refused: Bools,
) -> Ints:
    """Return the day from which an instalment stands, for the loans `where` its number is given."""
    beyond = where & (number > due_dates.periods)
    refused |= beyond
    before = np.clip(number - 1, 0, due_dates.periods)
    opens = due_dates.dues[timetable_of, before]
    closes = due_dates.dues[timetable_of, np.clip(number, 0, due_dates.periods)]
    for other in earlier:
        if isinstance(other.change, Rescheduling):
            within = (other.day >= opens) & (other.day < closes)
            opens = np.where(within, other.day, opens)
    return np.where(where, opens, day)
