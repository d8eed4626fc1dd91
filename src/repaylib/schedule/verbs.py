"""What users call for new terms: each verb appends one change to a schedule and folds again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np

from repaylib.changes.base import Base, Change, Hold, Interest, Pause, Repay, Scope
from repaylib.changes.deferral import Deferral
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.dates.due_dates import DateLike
from repaylib.errors import TermsError
from repaylib.money.amounts import Amount
from repaylib.rates.rate import RateLike
from repaylib.rates.step_schedule import Recast
from repaylib.schedule.book import ONE_OF_A_BOOK, Book
from repaylib.schedule.progress import refuse_progress
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.terms.methods import Method

if TYPE_CHECKING:
    from repaylib.dates.frequency import EveryLike
    from repaylib.portfolio.book.changes import BookChange
    from repaylib.portfolio.book.portfolio import Portfolio
    from repaylib.portfolio.schedule import PortfolioSchedule
    from repaylib.schedule.book import ColumnLike
    from repaylib.schedule.progress import Progress

__all__ = ["amortise", "as_schedule", "change_rate", "changed", "concerns", "defer", "reschedule"]


@overload
def amortise(loan: Loan, *changes: Change) -> Schedule: ...
@overload
def amortise(
    loan: Portfolio, *changes: Change | BookChange, progress: Progress = ...
) -> PortfolioSchedule: ...
def amortise(
    loan: Loan | Portfolio, *changes: Any, progress: Any = None
) -> Schedule | PortfolioSchedule:
    """Return the schedule of a loan, with any changes applied in the order given.

    Parameters
    ----------
    loan
        The terms; or a book of loans, which gives a :class:`~repaylib.PortfolioSchedule`.
    changes
        Changes, each on the schedule that the former ones left.
    progress
        For a book: ``True`` for a bar, or what is called with the loans done and all of them.
        The whole book is then folded at once, however large.

    Raises
    ------
    RepayError
        If the terms or a change cannot be carried out.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan(principal="10000", rate="12%", payments=12, start="2024-01-10")
    >>> plan = rp.amortise(loan)
    >>> plan.instalment, plan.total_interest, plan.final_payment
    (Decimal('888.49'), Decimal('661.86'), Decimal('888.47'))
    >>> rp.amortise(loan, rp.Deferral(payment=4)) == rp.defer(plan, payment=4)
    True
    """
    if isinstance(loan, Book):
        return loan.amortised(changes, progress)
    refuse_progress(progress)
    return Schedule(loan, changes)


def as_schedule(schedule: Schedule | Loan) -> Schedule:
    """Return a schedule; a loan means its schedule as agreed."""
    if isinstance(schedule, Schedule):
        return schedule
    if isinstance(schedule, Loan):
        return Schedule(schedule)
    mend = "write rp.amortise(loan)"
    if isinstance(getattr(schedule, "schedule", None), Schedule):
        mend = "write quote.schedule"
    elif isinstance(schedule, (list, tuple)):
        mend = "write rp.compare(*plans)"
    if isinstance(schedule, Book):
        mend = ONE_OF_A_BOOK
    raise TermsError("schedule", schedule, "a Schedule or a Loan", mend)


def changed(
    schedule: Schedule | Loan | Portfolio | PortfolioSchedule,
    kind: type[Change],
    words: dict[str, Any],
    where: Any,
) -> Schedule | PortfolioSchedule:
    """Append a change of a kind, in its words; to every loan that it concerns, if it is a book."""
    if isinstance(schedule, Book):
        return schedule.changed(kind, {**words, "where": where})
    plan, change = as_schedule(schedule), kind(**words)
    return plan.then(change) if concerns(where) else plan


def concerns(where: object) -> bool:
    """Return whether a change concerns a single loan."""
    if isinstance(where, (bool, np.bool_)):
        return bool(where)
    expected = "True or False for one loan"
    raise TermsError("where", where, expected, "write where=True, or take a book of loans")


@overload
def defer(
    schedule: Schedule | Loan,
    payment: int | None = None,
    periods: int = 1,
    *,
    on: DateLike | None = None,
    scope: Scope = "schedule",
    base: Base = "instalment",
    pause: Pause = "all",
    interest: Interest = "accrue",
    repay: Repay = "next",
    hold: Hold = "count",
    capitalise_every: int | None = 1,
    rate: RateLike | None = None,
    where: Any = True,
) -> Schedule: ...
@overload
def defer(
    schedule: Portfolio | PortfolioSchedule,
    payment: ColumnLike = ...,
    periods: ColumnLike = ...,
    *,
    on: ColumnLike = ...,
    scope: ColumnLike = ...,
    base: ColumnLike = ...,
    pause: ColumnLike = ...,
    interest: ColumnLike = ...,
    repay: ColumnLike = ...,
    hold: ColumnLike = ...,
    capitalise_every: ColumnLike = ...,
    rate: ColumnLike = ...,
    where: ColumnLike = ...,
) -> PortfolioSchedule: ...
def defer(
    schedule: Schedule | Loan | Portfolio | PortfolioSchedule,
    payment: Any = None,
    periods: Any = 1,
    *,
    on: Any = None,
    scope: Any = "schedule",
    base: Any = "instalment",
    pause: Any = "all",
    interest: Any = "accrue",
    repay: Any = "next",
    hold: Any = "count",
    capitalise_every: Any = 1,
    rate: Any = None,
    where: Any = True,
) -> Schedule | PortfolioSchedule:
    """Put instalments off; the words are those of :class:`~repaylib.Deferral`.

    Of a book, `where` says which loans it concerns: see :class:`~repaylib.BookChange`.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> rp.defer(plan, payment=4).total_interest - plan.total_interest
    Decimal('76.11')
    >>> rp.defer(plan, payment=4, interest="waive").maturity
    datetime.date(2025, 2, 10)
    """
    words = {
        "payment": payment,
        "periods": periods,
        "on": on,
        "scope": scope,
        "base": base,
        "pause": pause,
        "interest": interest,
        "repay": repay,
        "hold": hold,
        "capitalise_every": capitalise_every,
        "rate": rate,
    }
    return changed(schedule, Deferral, words, where)


@overload
def change_rate(
    schedule: Schedule | Loan,
    rate: RateLike,
    *,
    payment: int | None = None,
    on: DateLike | None = None,
    until: DateLike | int | None = None,
    hold: Hold = "maturity",
    recast: Recast = "on_change",
    where: Any = True,
) -> Schedule: ...
@overload
def change_rate(
    schedule: Portfolio | PortfolioSchedule,
    rate: ColumnLike,
    *,
    payment: ColumnLike = ...,
    on: ColumnLike = ...,
    until: ColumnLike = ...,
    hold: ColumnLike = ...,
    recast: ColumnLike = ...,
    where: ColumnLike = ...,
) -> PortfolioSchedule: ...
def change_rate(
    schedule: Schedule | Loan | Portfolio | PortfolioSchedule,
    rate: Any,
    *,
    payment: Any = None,
    on: Any = None,
    until: Any = None,
    hold: Any = "maturity",
    recast: Any = "on_change",
    where: Any = True,
) -> Schedule | PortfolioSchedule:
    """Change the rate, for good or for a time; the words are those of :class:`~repaylib.RateChange`.

    Of a book, `where` says which loans it concerns: see :class:`~repaylib.BookChange`.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> cheaper = rp.change_rate(plan, "8%", payment=4)
    >>> cheaper.instalment, plan.total_paid - cheaper.total_paid
    (Decimal('874.08'), Decimal('129.65'))
    """
    words = {
        "rate": rate,
        "payment": payment,
        "on": on,
        "until": until,
        "hold": hold,
        "recast": recast,
    }
    return changed(schedule, RateChange, words, where)


@overload
def reschedule(
    schedule: Schedule | Loan,
    payments: int | None = None,
    *,
    instalment: Amount | None = None,
    payment: int | None = None,
    on: DateLike | None = None,
    every: EveryLike | None = None,
    rate: RateLike | None = None,
    method: Method | None = None,
    where: Any = True,
) -> Schedule: ...
@overload
def reschedule(
    schedule: Portfolio | PortfolioSchedule,
    payments: ColumnLike = ...,
    *,
    instalment: ColumnLike = ...,
    payment: ColumnLike = ...,
    on: ColumnLike = ...,
    every: ColumnLike = ...,
    rate: ColumnLike = ...,
    method: ColumnLike = ...,
    where: ColumnLike = ...,
) -> PortfolioSchedule: ...
def reschedule(
    schedule: Schedule | Loan | Portfolio | PortfolioSchedule,
    payments: Any = None,
    *,
    instalment: Any = None,
    payment: Any = None,
    on: Any = None,
    every: Any = None,
    rate: Any = None,
    method: Any = None,
    where: Any = True,
) -> Schedule | PortfolioSchedule:
    """Repay what is owed in new instalments; the words are those of :class:`~repaylib.Rescheduling`.

    Of a book, `where` says which loans it concerns: see :class:`~repaylib.BookChange`.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> longer = rp.reschedule(plan, payments=12, payment=4)
    >>> longer.instalment, longer.final_payment, longer.total_paid - plan.total_paid
    (Decimal('676.21'), Decimal('676.23'), Decimal('118.15'))
    """
    words = {
        "payments": payments,
        "instalment": instalment,
        "payment": payment,
        "on": on,
        "every": every,
        "rate": rate,
        "method": method,
    }
    return changed(schedule, Rescheduling, words, where)
