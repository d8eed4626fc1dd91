"""What users call for amounts on top: paid, lent or forgiven, each one change appended."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, overload

from repaylib.changes.advance import Advance
from repaylib.changes.base import ForgivenessHold, Hold, Part, PrepaymentHold, with_payment_only
from repaylib.changes.forgiveness import Forbearance, Forgiveness
from repaylib.changes.prepayment import Prepayment
from repaylib.dates.due_dates import DateLike
from repaylib.money.amounts import Amount
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.verbs import changed
from repaylib.terms.loan import Loan

if TYPE_CHECKING:
    from repaylib.portfolio.book.portfolio import Portfolio
    from repaylib.portfolio.schedule import PortfolioSchedule
    from repaylib.schedule.book import ColumnLike

__all__ = ["advance", "forbear", "forgive", "prepay"]


@overload
def prepay(
    schedule: Schedule | Loan,
    amount: Amount,
    *,
    with_payment: int | None = None,
    on: DateLike | None = None,
    hold: PrepaymentHold = "payment",
    where: Any = True,
) -> Schedule: ...
@overload
def prepay(
    schedule: Portfolio | PortfolioSchedule,
    amount: ColumnLike,
    *,
    with_payment: ColumnLike = ...,
    on: ColumnLike = ...,
    hold: ColumnLike = ...,
    where: ColumnLike = ...,
) -> PortfolioSchedule: ...
@with_payment_only
def prepay(
    schedule: Schedule | Loan | Portfolio | PortfolioSchedule,
    amount: Any,
    *,
    with_payment: Any = None,
    on: Any = None,
    hold: Any = "payment",
    where: Any = True,
) -> Schedule | PortfolioSchedule:
    """Pay an amount on top; the words are those of :class:`~repaylib.Prepayment`.

    Of a book, `where` says which loans it concerns: see :class:`~repaylib.BookChange`.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> sooner = rp.prepay(plan, "2000", on="2024-04-10")
    >>> sooner.maturity, plan.total_paid - sooner.total_paid
    (datetime.date(2024, 11, 10), Decimal('170.57'))
    """
    words = {
        "amount": amount,
        "with_payment": with_payment,
        "on": on,
        "hold": hold,
    }
    return changed(schedule, Prepayment, words, where)


@overload
def forgive(
    schedule: Schedule | Loan,
    amount: Amount | None = None,
    *,
    share: str | Decimal | Fraction | None = None,
    of: Part = "principal",
    with_payment: int | None = None,
    on: DateLike | None = None,
    hold: ForgivenessHold = "maturity",
    where: Any = True,
) -> Schedule: ...
@overload
def forgive(
    schedule: Portfolio | PortfolioSchedule,
    amount: ColumnLike = ...,
    *,
    share: ColumnLike = ...,
    of: ColumnLike = ...,
    with_payment: ColumnLike = ...,
    on: ColumnLike = ...,
    hold: ColumnLike = ...,
    where: ColumnLike = ...,
) -> PortfolioSchedule: ...
@with_payment_only
def forgive(
    schedule: Schedule | Loan | Portfolio | PortfolioSchedule,
    amount: Any = None,
    *,
    share: Any = None,
    of: Any = "principal",
    with_payment: Any = None,
    on: Any = None,
    hold: Any = "maturity",
    where: Any = True,
) -> Schedule | PortfolioSchedule:
    """Forgive part of what is owed; the words are those of :class:`~repaylib.Forgiveness`.

    Of a book, `where` says which loans it concerns: see :class:`~repaylib.BookChange`.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> lighter = rp.forgive(plan, share="10%", with_payment=3)
    >>> lighter.total_forgiven, lighter.instalment
    (Decimal('761.08'), Decimal('799.64'))
    """
    words = {
        "amount": amount,
        "share": share,
        "of": of,
        "with_payment": with_payment,
        "on": on,
        "hold": hold,
    }
    return changed(schedule, Forgiveness, words, where)


@overload
def forbear(
    schedule: Schedule | Loan,
    amount: Amount | None = None,
    *,
    share: str | Decimal | Fraction | None = None,
    payment: int | None = None,
    on: DateLike | None = None,
    hold: ForgivenessHold = "maturity",
    where: Any = True,
) -> Schedule: ...
@overload
def forbear(
    schedule: Portfolio | PortfolioSchedule,
    amount: ColumnLike = ...,
    *,
    share: ColumnLike = ...,
    payment: ColumnLike = ...,
    on: ColumnLike = ...,
    hold: ColumnLike = ...,
    where: ColumnLike = ...,
) -> PortfolioSchedule: ...
def forbear(
    schedule: Schedule | Loan | Portfolio | PortfolioSchedule,
    amount: Any = None,
    *,
    share: Any = None,
    payment: Any = None,
    on: Any = None,
    hold: Any = "maturity",
    where: Any = True,
) -> Schedule | PortfolioSchedule:
    """Put principal aside without interest; the words are those of :class:`~repaylib.Forbearance`.

    Of a book, `where` says which loans it concerns: see :class:`~repaylib.BookChange`.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> lighter = rp.forbear(plan, "1000", payment=4)
    >>> lighter.instalment, lighter.final_payment, lighter.maturity == plan.maturity
    (Decimal('771.75'), Decimal('1771.73'), True)
    """
    words = {
        "amount": amount,
        "share": share,
        "payment": payment,
        "on": on,
        "hold": hold,
    }
    return changed(schedule, Forbearance, words, where)


@overload
def advance(
    schedule: Schedule | Loan,
    amount: Amount,
    *,
    with_payment: int | None = None,
    on: DateLike | None = None,
    hold: Hold = "maturity",
    where: Any = True,
) -> Schedule: ...
@overload
def advance(
    schedule: Portfolio | PortfolioSchedule,
    amount: ColumnLike,
    *,
    with_payment: ColumnLike = ...,
    on: ColumnLike = ...,
    hold: ColumnLike = ...,
    where: ColumnLike = ...,
) -> PortfolioSchedule: ...
@with_payment_only
def advance(
    schedule: Schedule | Loan | Portfolio | PortfolioSchedule,
    amount: Any,
    *,
    with_payment: Any = None,
    on: Any = None,
    hold: Any = "maturity",
    where: Any = True,
) -> Schedule | PortfolioSchedule:
    """Lend a further amount; the words are those of :class:`~repaylib.Advance`.

    Of a book, `where` says which loans it concerns: see :class:`~repaylib.BookChange`.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("100", "9.4822%", 6, "2024-01-01"))
    >>> more = rp.advance(plan, "100", on="2024-03-01")
    >>> more.instalment, more[1].closing, more.final_payment
    (Decimal('42.63'), Decimal('167.19'), Decimal('42.61'))
    """
    words = {
        "amount": amount,
        "with_payment": with_payment,
        "on": on,
        "hold": hold,
    }
    return changed(schedule, Advance, words, where)
