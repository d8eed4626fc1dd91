"""The course of one debt through the months of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import numpy as np

from repaylib.changes.day_order import Turn
from repaylib.changes.prepayment import Prepayment
from repaylib.dates.months import add_months, month_of
from repaylib.engine.stepwise import StepwiseFold
from repaylib.errors import DateError, Phrase, RepayError, TermsError
from repaylib.money.amounts import add, minor_of
from repaylib.money.rounding import round_fraction
from repaylib.negotiation.debts import Debt
from repaylib.schedule.schedule import Schedule
from repaylib.typing import PrepaymentHold

__all__ = ["DebtCourse", "interest_alone", "month_number", "schedule_alone", "sums_after"]

#: What an extra payment lowers: the last payments, so that no payment before is above its minimum.
HOLD: PrepaymentHold = "last"


def month_number(on: date, day: date) -> int:
    """Return the month of a plan from day `on` in which a later day lies, from 1.

    Examples
    --------
    >>> month_number(date(2024, 1, 31), date(2024, 2, 29)), month_number(date(2024, 1, 31), date(2024, 3, 1))
    (1, 2)
    """
    months = month_of(day) - month_of(on)
    return months + (day > add_months(on, months))


class DebtCourse:
    """A debt from the first day of a plan on, month by month, with extra payments.

    All amounts are minor units of the debt.

    Attributes
    ----------
    debt
        The debt.
    agreed
        Its schedule without the plan.
    extras
        The extra payments, as prepayments of the schedule.
    overdue
        The arrears still owed.
    due
        The amount due in the present month.
    paid
        The payments in the present month, so far.
    """

    def __init__(self, debt: Debt, on: date) -> None:
        self.debt = debt
        self.agreed = debt.schedule(on)
        loan = self.agreed.loan
        _refuse_early(debt, on, loan.start)
        if debt.extra and any(fee.when == "prepayment" for fee in loan.fees):
            raise TermsError(
                "extra",
                debt.extra,
                Phrase("False for {}, whose loan charges a fee for each prepayment", debt.name),
                "write Debt(loan, extra=False), which is then paid as agreed",
            )
        self.extras: list[Prepayment] = []
        self.overdue = minor_of(debt.arrears, debt.decimals)
        self.due = self.paid = 0
        self._arrears = self.overdue
        self._unfolding = StepwiseFold(self.agreed.program)
        self._unfolding.run_to(on, Turn.RENEW)
        self._day: date | None = None  # on which it takes more than its due, if on any
        self._on = on

    @property
    def rate(self) -> Fraction:
        """The present yearly rate."""
        return self._unfolding.fold.rate

    @property
    def owed(self) -> int:
        """The principal and the arrears owed."""
        return self._unfolding.fold.owed + self.overdue

    @property
    def ended(self) -> bool:
        """Whether it is repaid."""
        return self._unfolding.ended and not self.overdue

    @property
    def takes(self) -> int:
        """The most extra that can be paid this month."""
        if not self.debt.extra:
            return self.overdue
        return self.overdue + (self._unfolding.fold.owed if self._day else 0)

    @property
    def least(self) -> int:
        """About the amount due next month, for a balance repaid by shares of itself."""
        owed = self._unfolding.fold.owed
        return self.debt.minimum_of(owed, round_fraction(owed * self.rate / 12, "up"))

    @property
    def ends_at_once(self) -> bool:
        """Whether prepayments lower the last payment alone."""
        return self._unfolding.fold.method == "interest_only" and not self.debt.by_share

    def process_month(self, number: int) -> None:
        """Process a month of the plan; the amount that falls due is `due`, and is paid.

        Raises
        ------
        TermsError
            If extra payments make a change impossible that is agreed for this month.
        """
        try:
            self._process_month(number)
        except RepayError as error:
            if not self.extras or not error.change:
                raise
            raise TermsError(
                "extra",
                self.debt.extra,
                Phrase(
                    "False for {}, as what is paid ahead leaves a change impossible that is agreed for later, {}: {}",
                    self.debt.name,
                    self.agreed.changes[error.change - 1],
                    error,
                ),
                "write Debt(schedule, extra=False), which is then paid as agreed",
            ) from error

    def _process_month(self, number: int) -> None:
        end = add_months(self._on, number)
        fold_so_far, fold = self._unfolding, self._unfolding.fold
        before, reached = fold_so_far.paid, None
        fold_so_far.end_day()
        while (day := fold_so_far.next_due()) is not None and day <= end:
            fold_so_far.run_to(day)
            reached = day
        self._day = reached if reached and fold_so_far.is_due(reached) else None
        if fold_so_far.pays_until(end):
            fold_so_far.run_to(end, Turn.RENEW)
            self._day = None
        if self._day and (moved := fold_so_far.last_paid()) > self._day:
            self._day = moved if moved <= end else None
            fold_so_far.run_to(min(moved, end))
        if self._day and fold_so_far.forgives_all_on(self._day):
            fold_so_far.run_to(self._day, Turn.RENEW)
            self._day = None
        self.due = fold_so_far.paid - before
        if self._day and self.debt.by_share and fold.owed:
            least = self.debt.minimum_of(fold.owed, self.due) - self.due
            self.due += least
            self._prepay(least)
        part = min(self.overdue, self._part(number))
        self.overdue -= part
        self.due += part
        self.paid = self.due

    def pay(self, amount: int) -> None:
        """Pay an extra amount, of the arrears first."""
        part = min(amount, self.overdue)
        self.overdue -= part
        self.paid += amount
        self._prepay(amount - part)

    def coming(self, number: int) -> dict[int, int]:
        """Return the amounts due in the months after month `number`, as of now."""
        sums: dict[int, int] = {}
        for day, amount in self._unfolding.coming():
            month = month_number(self._on, day)
            if month > number:
                sums[month] = sums.get(month, 0) + amount
        left, month = self.overdue, number + 1
        while left > 0:
            part = min(left, self._part(month))
            sums[month] = sums.get(month, 0) + part
            left, month = left - part, month + 1
        return sums

    @property
    def schedule(self) -> Schedule:
        """The schedule with extra payments."""
        return _prepaid(self.agreed, self.extras)

    def _part(self, number: int) -> int:
        """Return the part of the arrears due in a month; from the last one on, the remainder."""
        over = self.debt.arrears_over
        if number >= over:
            return self._arrears
        return self._arrears * number // over - self._arrears * (number - 1) // over

    def _prepay(self, amount: int) -> None:
        if not amount:
            return
        assert self._day is not None, "paid on a day on which it is taken"
        money = self.agreed.loan.money(amount)
        if self.extras and self.extras[-1].on == self._day:
            money = add(money, self.extras.pop().amount)
        self._unfolding.prepay(self._day, amount, HOLD)
        self.extras.append(Prepayment(money, on=self._day, hold=HOLD))


def _prepaid(agreed: Schedule, extras: Sequence[Prepayment]) -> Schedule:
    """Return a schedule with prepayments on days known to be possible, folded at once.

    An agreed change after they have ended the loan is left out, as nothing is owed any more.
    """
    if not extras:
        return agreed
    program = agreed.program
    for change in extras:
        assert change.on is not None, "a prepayment on a known day"
        program = program.with_change(agreed.loan, change, change.on, None)
    after = agreed.with_program((*agreed.changes, *extras), program)
    numbered = enumerate(agreed.changes, 1)
    reached = [change for number, change in numbered if number not in after.ledger.lapsed]
    if len(reached) < len(agreed.changes):
        return _prepaid(Schedule(agreed.loan, reached), extras)
    return after


def schedule_alone(debt: Debt, on: date) -> Schedule:
    """Return the schedule of a debt if no more than its minimum is ever paid after day `on`."""
    course = DebtCourse(debt, on)
    number = 0
    while debt.by_share and not course.ended:
        number += 1
        course.process_month(number)
    return course.schedule


def interest_alone(debt: Debt, on: date) -> int:
    """Return the interest of a debt after day `on` if no more than its minimum is ever paid."""
    return sums_after(schedule_alone(debt, on), on)["interest"]


def sums_after(schedule: Schedule, on: date) -> dict[str, int]:
    """Return the payments of a schedule after day `on`: out of pocket, as principal, and as interest."""
    later = schedule.accrual_dates > np.datetime64(on, "D")
    names = ("out_of_pocket", "principal", "interest", "deferred_interest")
    sums = {name: sum(schedule.columns[name][later].tolist()) for name in names}
    sums["interest"] += sums.pop("deferred_interest")
    return sums


def _refuse_early(debt: Debt, on: date, start: date) -> None:
    if on < start:
        raise DateError(
            "on",
            on.isoformat(),
            Phrase("a day on or after {}, when {} begins", start, debt.name),
            Phrase("write {} or later", f'on="{start}"'),
        )
