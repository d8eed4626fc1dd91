"""Sums of the entries of a loan, or of many, by day or month and kind."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import NamedTuple, cast

from repaylib.arrears.statements import Statement
from repaylib.dates.days import ONE_DAY
from repaylib.errors import RepayError, TermsError
from repaylib.measures.accounting.fee_deferral import unamortised_on
from repaylib.measures.accounting.plan_postings import facts_by_day, last_day, plan_postings
from repaylib.measures.accounting.postings import AMORTISED, COST_PAID, DatedPosting, Posting
from repaylib.measures.accounting.statement_postings import statement_postings
from repaylib.output.progress import reporter
from repaylib.portfolio.book.portfolio import Portfolio
from repaylib.portfolio.schedule import PortfolioSchedule
from repaylib.portfolio.statements import PortfolioStatement
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import FeeRecognition, JournalBy, Progress

__all__ = ["JournalTerms", "Sums", "loan_of", "sums_of", "sums_of_book"]

#: Sums of minor units by day and kind.
Sums = dict[tuple[date, Posting], int]


class JournalTerms(NamedTuple):
    """How a journal is made.

    Attributes
    ----------
    by, fees
        As for :func:`~repaylib.measures.journal`.
    costs
        Costs of the lender, in major units; ``None`` without any.
    """

    by: JournalBy
    fees: FeeRecognition
    costs: Decimal | None


def loan_of(source: Schedule | Statement) -> Loan:
    """Return the loan of a schedule or of a statement."""
    return source.loan if isinstance(source, Schedule) else source.schedule.loan


def sums_of(source: Schedule | Statement, terms: JournalTerms) -> Sums:
    """Return the sums of the entries of a loan."""
    start = loan_of(source).start
    if isinstance(source, Statement):
        end, plan = source.as_of, source.terms.schedule
        ends = _ends(start, end, terms.by)
        entries = statement_postings(source.servicing, ends, defers=terms.fees != "charged")
    else:
        end, plan = last_day(source), source
        ends = _ends(start, end, terms.by)
        entries = plan_postings(source, ends, defers=terms.fees != "charged")
    sums: Sums = defaultdict(int)
    last = end if isinstance(source, Statement) else date.max
    for day, kind, amount in chain(entries, _spread(source, plan, ends, terms)):
        sums[day if terms.by == "day" else min(last, _month_end(day)), kind] += amount
    return sums


def _spread(
    source: Schedule | Statement, plan: Schedule, ends: Sequence[date], terms: JournalTerms
) -> Iterator[DatedPosting]:
    """Yield what of the deferred fees and costs becomes income from one day to the next."""
    if terms.fees == "charged":
        return
    loan = plan.loan
    costs = 0 if terms.costs is None else loan.minor(terms.costs, "costs")
    yield loan.start, COST_PAID, costs
    left = sum(facts.start_fees for facts in facts_by_day(plan).values()) - costs
    ended = None
    if isinstance(source, Statement):
        written_off = source.servicing.write_off
        known = [source.ended, None if written_off is None else written_off.on]
        ended = min((day for day in known if day is not None), default=None)
    for day, after in zip(ends, unamortised_on(plan, left, ends, terms.fees), strict=True):
        now = 0 if ended is not None and day >= ended else after
        yield day, AMORTISED, left - now
        left = now


def _ends(start: date, end: date, by: JournalBy) -> list[date]:
    """Return the days on which accruals are booked: all, or the last of each month, and the end."""
    if by == "day":
        return [start + timedelta(days) for days in range((end - start).days + 1)]
    ends = [_month_end(start)]
    while ends[-1] < end:
        ends.append(_month_end(ends[-1] + ONE_DAY))
    return [*ends[:-1], min(end, ends[-1])]


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def sums_of_book(
    book: Portfolio | PortfolioSchedule | PortfolioStatement,
    terms: JournalTerms,
    progress: Progress,
) -> tuple[Sums, int]:
    """Return the sums of the entries of all loans, and the decimals of their currency."""
    if isinstance(book, Portfolio):
        book = book.amortised()
    plan = book.plan if isinstance(book, PortfolioStatement) else book
    currencies = plan.book.currencies()
    if len(currencies) > 1:
        raise TermsError(
            "schedule",
            " and ".join(name for name, _ in currencies),
            "loans of one currency, as entries are added",
            "write book.where(mask) for each mask of book.currencies().values()",
        )
    rejected = {reject.row for reject in book.rejects if reject.change is None}
    tell, sums = reporter(progress), cast(Sums, defaultdict(int))
    tell(0, len(plan))
    for row in range(len(plan)):
        if row not in rejected:
            try:
                own = sums_of(book.row(row), terms)
            except RepayError as error:
                raise (error if error.row is not None else error.in_row(row)) from error
            for key, amount in own.items():
                sums[key] += amount
        tell(row + 1, len(plan))
    return sums, next(iter(currencies), ("", 0))[1]
