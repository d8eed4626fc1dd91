"""The columns of loans: read, checked, and brought to one form; and the loans rejected.

What all loans share is checked once, by making one :class:`~repaylib.Loan` of each kind. Where
the columns show that a loan may be refused, or where its options depend on its own days and
amounts, that very loan is made. No rule of a loan is stated here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import signature
from typing import Any

import numpy as np

from repaylib.dates.days import NAT, parse_date
from repaylib.dates.frequency import is_rule
from repaylib.errors import AmountError, Phrase, RepayError, TermsError
from repaylib.money.amounts import parse_amount
from repaylib.money.counts import parse_count
from repaylib.money.rounding_arrays import undisturbed
from repaylib.portfolio.book.column_parsing import (
    MOST_MINOR_UNITS,
    amount_at,
    counts_of,
    days_of,
    decimals_of_loans,
    minors_of,
    nulls_of,
    rates_of,
    refuse_bare,
)
from repaylib.portfolio.book.column_sources import BASES, MONEY, read_column
from repaylib.portfolio.book.columns import Coded, Column, Same, Whole, pairs
from repaylib.portfolio.book.formats import ReadFormats, readable
from repaylib.portfolio.book.rejects import Reject
from repaylib.rates.index_rate import LoanRate, parse_loan_rate
from repaylib.rates.rate import Rate
from repaylib.terms.loan import Loan
from repaylib.typing import Bools, Codes, Days, Errors, Ints

__all__ = ["NAMES", "LoanColumns", "read_loans"]


#: Every parameter of a loan.
NAMES = tuple(signature(Loan).parameters)
#: Those that have a column of their own; all others are the options of a loan.
OWN = ("principal", "rate", "payments", "start", "first_payment")
#: Options that may fit one loan and not another, so that each loan is made to see.
BY_LOAN = (
    *("due_days", "maturity", "last_regular", "stub", "instalment", "balloon", "drawdowns"),
    *("amortise_over", "instalment_multiple", "instalment_resets", "instalment_day_count"),
)
#: Words that contradict others, which a loan may have or not.
BESIDE = (
    "in_advance",
    "last",
    "tax_included",
    "interest_base",
    "interest_split",
    "instalment_cap",
    "interest_remainder",
)
LATEST_DUE_DATE = np.datetime64("9990-01-01", "D")


@dataclass(frozen=True, slots=True)
class LoanColumns:
    """The columns of a book in one form; see ``Portfolio``."""

    principal: Ints
    payments: Ints
    start: Days
    first_payment: Days
    rate_codes: Codes
    rates: tuple[LoanRate, ...]
    option_codes: Codes
    options: tuple[dict[str, Any], ...]
    decimals: Ints
    counted: Bools
    rejects: tuple[Reject, ...]


def read_loans(given: dict[str, Any], formats: ReadFormats, errors: Errors) -> LoanColumns:
    """Take columns as loans.

    Raises
    ------
    RepayError
        For a loan that is refused, with its row; with ``errors="collect"`` only for what is
        wrong with a column as a whole, or with a value for all loans.
    """
    return _LoanReader(given, formats, errors).loan_columns()


class _LoanReader:
    """The columns on their way."""

    def __init__(self, given: dict[str, Any], formats: ReadFormats, errors: Errors) -> None:
        self.errors = errors
        self.columns = {
            name: formats.read(
                read_column(_kept(value), name, floats=formats.takes_floats(name)), name
            )
            for name, value in given.items()
        }
        self.length = length_of(self.columns)
        for name in MONEY:
            if name in self.columns:
                refuse_bare(self.columns[name], name)
        currency = self.columns.get("currency", Same("XXX"))
        self.decimals = decimals_of_loans(currency, self.columns.get("decimals"), self.length)
        self.needs_check = np.zeros(self.length, dtype=bool)
        self.rejects: list[Reject] = []

    # -- single loans -----------------------------------------------------------------

    def terms(self, row: int) -> dict[str, Any]:
        """Return the terms of a loan as they would be written for it alone."""
        terms: dict[str, Any] = {}
        for name, column in self.columns.items():
            value = readable(column.at(row))
            if value is not None and name in MONEY:
                value = amount_at(column, row, int(self.decimals[row]), name)
            if value is not None or isinstance(column, Same):
                terms[name] = value
        return {"principal": None, "rate": None, **terms}

    def loan(self, row: int) -> Loan:
        """Make the loan of a row."""
        loan = Loan(**self.terms(row))
        minor = loan.minor(loan.principal, "principal")
        if minor > MOST_MINOR_UNITS:
            raise AmountError(
                "principal",
                loan.principal,
                "an amount below 2**60 minor units in a book",
                "write rp.Loan(...), which takes it",
            )
        return loan

    def refuse(self, error: RepayError, row: int) -> None:
        """Raise an error of a loan, or note it."""
        name = error.parameter.partition("[")[0]
        if isinstance(self.columns.get(name), Same) and name not in (*OWN, *BY_LOAN, *BESIDE):
            raise error  # all loans have it
        present = error.in_row(row)
        if self.errors == "raise":
            raise present from error
        self.rejects.append(Reject.of(present, row))

    # -- columns ----------------------------------------------------------------------

    def loan_columns(self) -> LoanColumns:
        """Bring all columns to one form."""
        self.check_same()
        column = self.columns.get
        nothing = Same(None)
        principal, wrong = minors_of(column("principal", nothing), self.decimals, "principal")
        self.needs_check |= wrong | (principal == 0)
        rate_codes, rates = self.rates(column("rate", nothing))
        payments, wrong = counts_of(column("payments", nothing), self.length)
        counted = ~nulls_of(column("payments", nothing), self.length)
        self.needs_check |= wrong | ~counted
        start, missing = days_of(column("start", nothing), self.length, "start")
        self.needs_check |= missing | np.isnat(start)
        first, missing = days_of(column("first_payment", nothing), self.length, "first_payment")
        self.needs_check |= missing | (first <= start)
        options, option_codes = self.options()
        self.check_kinds(option_codes, options, start, first, payments)
        for row in np.flatnonzero(self.needs_check).tolist():
            try:
                loan = self.loan(row)
            except RepayError as error:
                self.refuse(error, row)
                principal[row] = payments[row] = 0
                rate_codes[row] = option_codes[row] = -1
                start[row] = first[row] = NAT
                continue
            payments[row] = loan.payments
        return LoanColumns(
            principal,
            payments,
            start,
            first,
            rate_codes,
            rates,
            option_codes,
            options,
            np.where(option_codes < 0, 0, self.decimals),
            counted,
            tuple(self.rejects),
        )

    def check_same(self) -> None:
        """Refuse a value that is the same for all loans and cannot be read."""
        for name, read in READ.items():
            column = self.columns.get(name)
            if isinstance(column, Same) and column.value is not None:
                read(column.value, name)

    def rates(self, column: Column) -> tuple[Codes, tuple[LoanRate, ...]]:
        """Read the rates; one that depends on the days of its loan needs a check."""
        codes, rates, _ = rates_of(column, self.length)
        plain = np.array([*(isinstance(rate, Rate) for rate in rates), False])
        self.needs_check |= ~plain[codes]
        return codes, rates

    def options(self) -> tuple[tuple[dict[str, Any], ...], Codes]:
        """Return the distinct combinations of all other options, and which of them a loan has."""
        same: dict[str, Any] = {}
        codes = np.zeros(self.length, dtype=np.int32)
        found: list[dict[str, Any]] = [{}]
        for name, column in self.columns.items():
            if name in OWN:
                continue
            if isinstance(column, Same):
                same[name] = column.value
                continue
            coded = self.as_written(column, name)
            codes, low, high = pairs(codes, coded.codes, len(coded.values))
            found = [
                found[place] if value < 0 else {**found[place], name: coded.values[value]}
                for place, value in zip(low.tolist(), high.tolist(), strict=True)
            ]
        options = tuple({**same, **varying} for varying in found)
        by_loan = np.array([_by_loan(given) for given in options], dtype=bool)
        self.needs_check |= by_loan[codes]
        return options, codes

    def as_written(self, column: Column, name: str) -> Coded:
        """Return a column of options as codes; amounts in major units."""
        coded = column.coded(self.length)
        if name not in MONEY or not isinstance(column, Whole):
            return coded
        codes, low, high = pairs(coded.codes, self.decimals.astype(np.int32), 64)
        known = [
            amount_at(Whole(np.array([coded.values[value]])), 0, decimals, name)
            if value >= 0
            else None
            for value, decimals in zip(low.tolist(), high.tolist(), strict=True)
        ]
        return Coded.of(known).through(codes)

    @undisturbed
    def check_kinds(
        self,
        codes: Codes,
        options: tuple[dict[str, Any], ...],
        start: Days,
        first: Days,
        payments: Ints,
    ) -> None:
        """Make a loan of each kind of options; where it is refused, all of its kind are suspect."""
        kinds = codes * 2 + ~np.isnat(first)
        kinds[self.needs_check] = -1
        found, rows = np.unique(kinds, return_index=True)
        for kind, row in zip(found.tolist(), rows.tolist(), strict=True):
            if kind < 0:
                continue
            try:
                loan = self.loan(row)
                table = loan.timetable
                step = (table.accrual_date(2) - table.accrual_date(1)).days * 9 // 8 + 5
            except RepayError as error:
                if isinstance(self.columns.get(error.parameter), Same):
                    self.refuse(error, row)
                self.needs_check |= kinds == kind
                continue
            begun = np.where(np.isnat(first), start, first)
            late = begun + (payments * step).astype("timedelta64[D]") > LATEST_DUE_DATE
            self.needs_check |= late & (kinds == kind)


def length_of(columns: dict[str, Column]) -> int:
    """Return how many loans there are; columns that differ in it are refused."""
    lengths = {
        name: len(column) for name, column in columns.items() if not isinstance(column, Same)
    }
    if not lengths:
        return 1
    name = next(iter(lengths))
    for other, length in lengths.items():
        if length != lengths[name]:
            raise TermsError(
                other,
                Phrase("{} values", length),
                Phrase("as many as {}, which has {}", name, lengths[name]),
                "write one value for each loan, or one for all",
            )
    return lengths[name]


READ: dict[str, Callable[[object, str], object]] = {
    "principal": parse_amount,
    "rate": parse_loan_rate,
    "payments": parse_count,
    "start": parse_date,
    "first_payment": parse_date,
}


def _by_loan(options: dict[str, Any]) -> bool:
    """Whether options may fit one loan and not another."""
    every = options.get("every", "month")
    base = options.get("interest_base", "balance")
    return (
        any(options.get(name) is not None for name in BY_LOAN)
        or options.get("accrual_dates", "unadjusted") != "unadjusted"
        or (not isinstance(base, str) or base not in BASES)
        or not isinstance(every, str)
        or is_rule(every)
    )


def _kept(value: Any) -> Any:
    """Keep what can be gone through only once; an Arrow stream is read as the column that it is."""
    streams = hasattr(value, "__arrow_c_stream__")
    return tuple(value) if isinstance(value, Iterator) and not streams else value
