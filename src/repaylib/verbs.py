"""What users call: each verb appends one change to a schedule and folds again."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from repaylib.advances import Advance
from repaylib.change import (
    Base,
    Change,
    ForgivenessHold,
    Hold,
    Interest,
    Part,
    Pause,
    PrepaymentHold,
    Repay,
    Scope,
)
from repaylib.changes import Forgiveness, Prepayment, RateChange, Rescheduling
from repaylib.deferral import Deferral
from repaylib.errors import TermsError
from repaylib.loan import Loan
from repaylib.money import Amount
from repaylib.rates import RateLike
from repaylib.schedule import Schedule
from repaylib.terms import Method
from repaylib.timetable import DateLike

if TYPE_CHECKING:
    from repaylib.frequency import EveryLike

__all__ = [
    "advance",
    "amortise",
    "as_schedule",
    "change_rate",
    "defer",
    "forgive",
    "prepay",
    "reschedule",
]


def amortise(loan: Loan, *changes: Change) -> Schedule:
    """Return the schedule of a loan, with any changes applied in the order given.

    Parameters
    ----------
    loan
        The terms.
    changes
        Changes, each on the schedule that the former ones left.

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
    raise TermsError("schedule", schedule, "a Schedule or a Loan", mend)


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
) -> Schedule:
    """Put instalments off; the words are those of :class:`~repaylib.Deferral`.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> rp.defer(plan, payment=4).total_interest - plan.total_interest
    Decimal('76.11')
    >>> rp.defer(plan, payment=4, interest="waive").maturity
    datetime.date(2025, 2, 10)
    """
    change = Deferral(
        payment,
        periods,
        on=on,
        scope=scope,
        base=base,
        pause=pause,
        interest=interest,
        repay=repay,
        hold=hold,
        capitalise_every=capitalise_every,
        rate=rate,
    )
    return as_schedule(schedule).then(change)


def change_rate(
    schedule: Schedule | Loan,
    rate: RateLike,
    *,
    payment: int | None = None,
    on: DateLike | None = None,
    until: DateLike | int | None = None,
    hold: Hold = "maturity",
) -> Schedule:
    """Change the rate, for good or for a time; the words are those of :class:`~repaylib.RateChange`.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> cheaper = rp.change_rate(plan, "8%", payment=4)
    >>> cheaper.instalment, plan.total_paid - cheaper.total_paid
    (Decimal('874.08'), Decimal('129.65'))
    """
    change = RateChange(rate, payment=payment, on=on, until=until, hold=hold)
    return as_schedule(schedule).then(change)


def prepay(
    schedule: Schedule | Loan,
    amount: Amount,
    *,
    payment: int | None = None,
    on: DateLike | None = None,
    hold: PrepaymentHold = "payment",
) -> Schedule:
    """Pay an amount on top; the words are those of :class:`~repaylib.Prepayment`.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> sooner = rp.prepay(plan, "2000", on="2024-04-10")
    >>> sooner.maturity, plan.total_paid - sooner.total_paid
    (datetime.date(2024, 11, 10), Decimal('170.57'))
    """
    return as_schedule(schedule).then(Prepayment(amount, payment=payment, on=on, hold=hold))


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
) -> Schedule:
    """Repay what is owed in new instalments; the words are those of :class:`~repaylib.Rescheduling`.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> longer = rp.reschedule(plan, payments=12, payment=4)
    >>> longer.instalment, longer.final_payment, longer.total_paid - plan.total_paid
    (Decimal('676.21'), Decimal('676.23'), Decimal('118.15'))
    """
    change = Rescheduling(
        payments,
        instalment=instalment,
        payment=payment,
        on=on,
        every=every,
        rate=rate,
        method=method,
    )
    return as_schedule(schedule).then(change)


def advance(
    schedule: Schedule | Loan,
    amount: Amount,
    *,
    payment: int | None = None,
    on: DateLike | None = None,
    hold: Hold = "maturity",
) -> Schedule:
    """Lend a further amount; the words are those of :class:`~repaylib.Advance`.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("100", "9.4822%", 6, "2024-01-01"))
    >>> more = rp.advance(plan, "100", on="2024-03-01")
    >>> more.instalment, more[1].closing, more.final_payment
    (Decimal('42.63'), Decimal('167.19'), Decimal('42.61'))
    """
    return as_schedule(schedule).then(Advance(amount, payment=payment, on=on, hold=hold))


def forgive(
    schedule: Schedule | Loan,
    amount: Amount | None = None,
    *,
    share: str | Decimal | Fraction | None = None,
    of: Part = "principal",
    payment: int | None = None,
    on: DateLike | None = None,
    hold: ForgivenessHold = "maturity",
) -> Schedule:
    """Forgive part of what is owed; the words are those of :class:`~repaylib.Forgiveness`.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> lighter = rp.forgive(plan, share="10%", payment=4)
    >>> lighter.total_forgiven, lighter.instalment
    (Decimal('761.08'), Decimal('799.64'))
    """
    change = Forgiveness(amount, share=share, of=of, payment=payment, on=on, hold=hold)
    return as_schedule(schedule).then(change)
