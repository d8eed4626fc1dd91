"""What follows from the terms of a loan by themselves: due dates, rates by day, money read and shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np

from repaylib.dates.accrual import Accrual
from repaylib.dates.business_days import Calendar, parse_business_days
from repaylib.dates.day_count import BY_BUSINESS_DAY
from repaylib.dates.days import parse_date
from repaylib.dates.due_dates import Conventions, Timetable
from repaylib.dates.frequency import Every, is_rule
from repaylib.dates.generation import lay_out
from repaylib.errors import DateError
from repaylib.money.amounts import minor_of, show, to_decimal, to_minor
from repaylib.money.counts import MOST_PAYMENTS, parse_count
from repaylib.rates.index_fixings import Resets
from repaylib.rates.index_rate import Indexed, LoanRate
from repaylib.rates.rate import Rate
from repaylib.rates.step_schedule import Steps, in_force
from repaylib.terms.cost_caps import CostCap
from repaylib.terms.fees import Fee
from repaylib.terms.instalments import Instalment, is_solved
from repaylib.typing import (
    AccrualDates,
    BusinessDayConvention,
    CountedDays,
    DateLike,
    DayCount,
    InterestRemainder,
    InterestSplit,
    LastPayment,
    Method,
    MissingDay,
    OddDays,
    Recast,
    Rounding,
    StepHold,
    Stub,
)

__all__ = ["LoanTerms"]


class _Kept:
    """What is derived from the terms once and kept; no part of the value."""

    __slots__ = ("_accrual", "_timetable")

    _accrual: Accrual
    _timetable: Timetable


@dataclass(frozen=True, slots=True, init=False)
class LoanTerms(_Kept):
    """The terms of a loan, and what follows from them alone."""

    principal: Decimal
    rate: LoanRate
    payments: int
    start: date
    first_payment: date
    every: Every
    due_days: tuple[int, int] | None
    maturity: date | None
    last_regular: date | None
    stub: Stub | None
    month_end: bool
    missing_day: MissingDay
    calendar: Calendar | None
    roll: BusinessDayConvention
    accrual_dates: AccrualDates
    method: Method
    instalment: Instalment | None
    instalment_multiple: Decimal | None
    instalment_cap: Fraction | None
    instalment_resets: str | Resets | None
    last: LastPayment
    balloon: Decimal | Fraction | None
    amortise_over: int | None
    instalment_day_count: DayCount | None
    in_advance: bool
    interest_base: str | Decimal | tuple[date, ...]
    interest_split: InterestSplit
    drawdowns: tuple[tuple[date, Decimal], ...]
    fees: tuple[Fee, ...]
    cost_cap: CostCap | None
    interest_tax: Fraction
    fee_tax: Fraction
    tax_included: bool
    day_count: DayCount
    odd_days: OddDays
    counted_days: CountedDays
    currency: str
    rounding: Rounding
    instalment_rounding: Rounding | None
    fee_rounding: Rounding | None
    interest_remainder: InterestRemainder | None
    decimals: int
    negative_amortisation: bool | Literal["without_interest", "waive"]

    @property
    def timetable(self) -> Timetable:
        """The due dates of the loan as agreed."""
        try:
            return self._timetable
        except AttributeError:  # a copy that was made from the fields
            object.__setattr__(self, "_timetable", self._laid_out(self.payments)[0])
            return self._timetable

    def fix_due_dates(self) -> None:
        """Lay out the due dates as the terms say, and store their number and the first one.

        Raises
        ------
        DateError
            If a due date is no day of the calendar.
        """
        first, payments = self.first_payment, self.payments
        if payments is None and self.maturity is None and self._paced:
            payments = len(self.instalment) if isinstance(self.instalment, tuple) else MOST_PAYMENTS
        try:
            table, count = self._laid_out(payments)
            table.adjusted(1 if count == MOST_PAYMENTS else count)
            if table.share is not None and not table.whole(1):
                next(table.regular_periods(self.start, table.accrual_date(1)), None)
        except DateError as error:
            if error.parameter != "start":
                raise
            name, given = "start", self.start
            if first not in (None, self.start):
                name, given = "first_payment", first
            raise DateError(name, given.isoformat(), error.expected, error.hint) from error
        object.__setattr__(self, "_timetable", table)
        object.__setattr__(self, "payments", parse_count(count, "payments"))
        object.__setattr__(self, "first_payment", table.unadjusted(1))

    @property
    def _paced(self) -> bool:
        """Whether an instalment that is given decides how many payments there are."""
        by_word = isinstance(self.every, str) and not is_rule(self.every)
        return by_word and not is_solved(self.instalment)

    def _laid_out(self, payments: int | None) -> tuple[Timetable, int]:
        counting = self.day_count in BY_BUSINESS_DAY
        business = None
        if self.roll != "none":
            business = parse_business_days(
                self.calendar, self.roll, self.accrual_dates, counting=counting
            )
        return lay_out(
            self.start,
            self.every,
            payments=payments,
            first=self.first_payment,
            last_regular=self.last_regular,
            maturity=self.maturity,
            stub=self.stub,
            due_days=self.due_days,
            in_advance=self.in_advance,
            conventions=Conventions(self.month_end, self.missing_day == "next", business),
        )

    @property
    def accrual(self) -> Accrual:
        """The due dates under the loan's day count."""
        try:
            return self._accrual
        except AttributeError:  # the first time
            made = Accrual(
                self.timetable,
                self.day_count,
                self.odd_days,
                self.counted_days,
                self.business_days,
                self.start,
            )
            if self.interest_split == "rule_of_78":
                made = made.by_digits(0, self.payments)
            object.__setattr__(self, "_accrual", made)
            return made

    @property
    def business_days(self) -> np.busdaycalendar | None:
        """The business days that the day count counts, if it does."""
        counts = self.calendar is not None and self.day_count in BY_BUSINESS_DAY
        return self.calendar.numpy if self.calendar is not None and counts else None

    def check_holidays(self, paid: Callable[[int], date], last: int) -> None:
        """Refuse due dates, up to number `last`, in years whose holidays are not known."""
        if self.calendar is not None and self.calendar.years is not None:
            counting = self.day_count in BY_BUSINESS_DAY
            self.calendar.check_known(self.start if counting else paid(1), paid(last))

    @property
    def first_rate(self) -> Rate:
        """The rate of the first day."""
        if isinstance(self.rate, Rate):
            return self.rate
        return self._rates.initial

    @property
    def rate_steps(self) -> tuple[tuple[date, Rate], ...]:
        """The days on which the contract's rate changes, and what it is from then on.

        Examples
        --------
        >>> import repaylib as rp
        >>> loan = rp.Loan("10000", rp.steps("3%", {25: "6%"}), 360, "2024-01-10")
        >>> [(str(day), str(rate)) for day, rate in loan.rate_steps]
        [('2026-01-10', '6%')]
        """
        if isinstance(self.rate, Rate):
            return ()
        table = self.timetable
        return self._rates.placed(self.start, lambda number: table.accrual_date(number - 1), "rate")

    @property
    def rate_hold(self) -> StepHold:
        """What a step of the contract's rate keeps."""
        return "maturity" if isinstance(self.rate, Rate) else self.rate.hold or "maturity"

    @property
    def rate_recast(self) -> Recast:
        """Whether each step of the contract's rate solves the instalment again, or those to another rate."""
        return "on_change" if isinstance(self.rate, Rate) else self.rate.recast or "on_change"

    def rate_on(self, day: DateLike) -> Rate:
        """Return the contract's rate on a day."""
        return in_force(self.first_rate, self.rate_steps, parse_date(day, "day"))

    @property
    def _rates(self) -> Steps[Rate]:
        assert not isinstance(self.rate, Rate), "a plain rate has no steps"
        return self.rate.resolve(self.start) if isinstance(self.rate, Indexed) else self.rate

    def minor(self, amount: object, parameter: str, *, least: int = 1) -> int:
        """Read an amount as minor units of the loan's currency."""
        return to_minor(amount, parameter, self.currency, least=least, decimals=self.decimals)

    def signed(self, amount: Decimal) -> int:
        """Return an amount of the loan, which may be below zero, as minor units."""
        return minor_of(amount, self.decimals)

    def amount(self, value: object, parameter: str, *, least: int = 1) -> Decimal:
        """Read an amount of at least `least` minor units as a ``Decimal`` of the loan's currency."""
        return self.money(self.minor(value, parameter, least=least))

    def money(self, minor: int) -> Decimal:
        """Return minor units as a ``Decimal`` of the loan's currency."""
        return to_decimal(minor, self.decimals)

    def show(self, minor: int) -> str:
        """Return minor units as text for people."""
        return show(minor, self.decimals)
