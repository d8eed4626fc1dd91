"""A book of loans sorted into fields: loans that the same rules move, on their due dates."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from repaylib.dates.accrual import Accrual
from repaylib.dates.day_count import BY_PERIOD
from repaylib.engine.program import Program, compile_loan
from repaylib.portfolio.book.portfolio import Portfolio
from repaylib.portfolio.vectorised.state import LANE_AMOUNT_LIMIT, Rates
from repaylib.rates.rate import Rate
from repaylib.terms.loan import Loan
from repaylib.typing import Ints

__all__ = ["Grouping", "LoanGroup", "rates_of", "group_loans"]


class LoanGroup(NamedTuple):
    """Loans that the same rules move.

    Attributes
    ----------
    program
        That of one of them, for what all have in common.
    accruals
        Their distinct timetables.
    rates
        Nominal rates, one for each rate of the book; below zero for those that lanes do not take.
    moves_days
        Whether a due date may be paid on another day than its interest runs to.
    period_length
        How much of a year a period is to a rate that compounds.
    """

    program: Program
    accruals: Sequence[Accrual]
    rates: Sequence[Fraction]
    moves_days: bool
    period_length: Fraction


class _Found(NamedTuple):
    program: Program
    accruals: list[Accrual]
    moves: list[bool]


class Grouping(NamedTuple):
    """Where each loan of a book stands.

    Attributes
    ----------
    groups
        The fields.
    group, timetable_of
        The group of each loan, -1 if it is folded individually; and its timetable in the group.
    given
        An instalment that was agreed, in minor units; -1 if it is solved.
    """

    groups: Sequence[LoanGroup]
    group: Ints
    timetable_of: Ints
    given: Ints


def group_loans(book: Portfolio) -> Grouping:
    """Sort the loans of a book."""
    count = len(book)
    group = np.full(count, -1, dtype=np.int64)
    timetable_of = np.zeros(count, dtype=np.int64)
    given = np.full(count, -1, dtype=np.int64)
    seen: dict[object, int] = {}
    found: list[_Found] = []
    for codes, rows in _alike(book):
        first = np.unique(codes, return_index=True)[1]
        loans = [book.loan(int(rows[place])) for place in first]
        program = compile_loan(loans[0])
        if not _takes(loans[0], program):
            continue
        given[rows] = -1 if program.instalment is None else program.instalment
        own, its_line = np.zeros((2, len(loans)), dtype=np.int64)
        for code, loan in enumerate(loans):
            key = _rules_of(loan, program)
            number = seen.setdefault(key, len(found))
            if number == len(found):
                found.append(_Found(program, [], [False]))
            context = found[number]
            business = loan.timetable.conventions.business
            if business is not None and not loan.timetable.moves_interest:
                context.moves[0] = True
            own[code], its_line[code] = number, len(context.accruals)
            context.accruals.append(loan.accrual)
        group[rows], timetable_of[rows] = own[codes], its_line[codes]
    groups = []
    for number, (program, accruals, moves) in enumerate(found):
        period_length = accruals[0].timetable.period_length
        exact = [
            rate.nominal(period_length) if isinstance(rate, Rate) else Fraction(-1)
            for rate in book.rates
        ]
        groups.append(LoanGroup(program, accruals, exact, moves[0], period_length))
        wrong = np.array([rate < 0 for rate in exact], dtype=np.bool_)
        own = group == number
        group[own] = np.where(wrong[book.rate_codes[own]], -1, number)
    group[(book.principal >= LANE_AMOUNT_LIMIT) | (given >= LANE_AMOUNT_LIMIT)] = -1
    return Grouping(groups, group, timetable_of, given)


def _alike(book: Portfolio) -> list[tuple[Ints, Ints]]:
    """Return the rows of each combination of options, with a code for the timetable of each."""
    order = np.argsort(book.option_codes, kind="stable")
    ends = np.searchsorted(book.option_codes[order], np.arange(len(book.options) + 1))
    found = []
    for code, options in enumerate(book.options):
        rows = order[ends[code] : ends[code + 1]]
        if not len(rows):
            continue
        parts = [book.start[rows].astype(np.int64), book.first_payment[rows].astype(np.int64)]
        if not isinstance(options.get("every", "month"), str) or (
            {"maturity", "last_regular", "stub", "in_advance"} & options.keys()
        ):
            parts.append(book.payments[rows])
        codes = np.zeros(len(rows), dtype=np.int64)
        for part in parts:
            values, own = np.unique(part, return_inverse=True)
            codes = np.unique(codes * len(values) + own, return_inverse=True)[1]
        found.append((codes, rows))
    return found


def _takes(loan: Loan, program: Program) -> bool:
    """Whether lanes can follow a loan; otherwise it is folded individually."""
    plain = not (program.events or program.path or program.shape or program.fees or loan.fees)
    plain = plain and program.cost_cap is None
    untaxed = not (program.interest_tax or program.fee_tax)
    usual = program.final == "any" and loan.balloon is None and not loan.in_advance
    usual = usual and loan.accrual.digits is None
    usual = usual and program.instalment_cap is None and program.remainder is None
    regular = loan.method != "bullet" and (loan.method != "level" or not program.original)
    known = program.instalment is None or loan.method == "level"
    known = known and program.solved_under is None
    known = known and program.base in (None, program.principal)
    counted = program.instalment is None or program.payments < 10_000
    counted = counted and isinstance(program.negative_amortisation, bool)
    knowing = loan.business_days is None or loan.calendar is None or loan.calendar.years is None
    return knowing and plain and untaxed and usual and regular and known and counted


def _rules_of(loan: Loan, program: Program) -> object:
    """Return the terms that the loans of one group have in common."""
    return (
        program.method,
        program.original,
        program.over,
        program.unit,
        program.rounding,
        program.instalment_rounding,
        program.instalment is None,
        program.negative_amortisation,
        loan.timetable.period_length,
        loan.day_count in BY_PERIOD,
    )


def rates_of(group: LoanGroup, more: Sequence[Fraction]) -> tuple[Rates, Ints]:
    """Return the rates of a field and of its changes, each once, and the place of each of them."""
    seen: dict[Fraction, int] = {}
    indices = [seen.setdefault(rate, len(seen)) for rate in (*group.rates, *more)]
    return Rates.of(tuple(seen)), np.array(indices, dtype=np.int64)
