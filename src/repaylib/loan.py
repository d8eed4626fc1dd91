"""The terms of a loan, as agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, get_args

from repaylib.accrual import Accrual
from repaylib.daycount import (
    COUNTED,
    ODD_DAYS,
    Counted,
    DayCount,
    OddDays,
    check_calendar,
    to_day_count,
)
from repaylib.errors import CountError, TermsError, check_word
from repaylib.exact import ROUNDINGS, Rounding, as_whole
from repaylib.indexed import Indexed, LoanRate, LoanRateLike, parse_loan_rate
from repaylib.money import Amount, decimals_of, show, to_decimal, to_minor
from repaylib.rates import Rate
from repaylib.steps import StepHold, Steps, in_force
from repaylib.timetable import DateLike, Timetable, months_of, to_date, to_every

if TYPE_CHECKING:
    from dateutil.relativedelta import relativedelta

__all__ = ["METHODS", "MOST_PAYMENTS", "Loan", "Method", "to_count"]

Method = Literal["level", "equal_principal", "interest_only"]
METHODS: tuple[Method, ...] = get_args(Method)

MOST_PAYMENTS = 10_000
FINEST = 12


def to_count(value: object, parameter: str, *, least: int = 1, most: int = MOST_PAYMENTS) -> int:
    """Read a whole number of payments or periods between `least` and `most`."""
    count = as_whole(value)
    if count is not None and least <= count <= most:
        return count
    mend = f"write such as {parameter}={max(least, min(12, most))}"
    meant = value.strip() if isinstance(value, str) else value
    if isinstance(meant, (str, float)) and _whole_text(meant) and least <= int(meant) <= most:
        mend = f"write {parameter}={int(meant)}"
    raise CountError(parameter, value, f"a whole number from {least} to {most}", mend)


def _whole_text(value: str | float) -> bool:
    if isinstance(value, float):
        return value.is_integer()
    return value.isdigit() and value.isascii() and len(value) < 10


@dataclass(frozen=True, slots=True, init=False)
class Loan:
    """A loan, as agreed: what was lent, at what rate, and how it is to be repaid.

    A frozen value. What follows from it, every date and cent, is a
    :class:`~repaylib.Schedule`: see :func:`~repaylib.amortise`.

    Parameters
    ----------
    principal
        The amount lent, in major units, above zero: ``"10000"`` is 10,000.00. A ``float``
        is refused.
    rate
        Interest per year: ``"12%"``, ``Decimal("0.12")``, ``Fraction(3, 25)``, or from
        :func:`~repaylib.daily`, :func:`~repaylib.monthly`, :func:`~repaylib.effective`,
        :func:`~repaylib.compounded`, :func:`~repaylib.continuous`. Or a rate that changes as
        the contract has it: :func:`~repaylib.steps` of these, ``rp.steps("3%", {25: "6%"})``,
        or one on an index, :func:`~repaylib.indexed`.
    payments
        Number of instalments, 1 to 10,000.
    start
        The day of disbursement; interest runs from this day (counted).
    first_payment
        The first due date, by default one period after `start`. The others follow on its
        day of the month.
    every
        Time between due dates: ``"month"`` (12 a year), ``"quarter"``, ``"half_year"``,
        ``"year"``, ``"2 months"``, or a ``relativedelta`` of months.
    method
        How principal is repaid; 10,000 at 12 % over 12 months from 10 January 2024:

        ``"level"``
            equal payments of principal and interest: 888.49 (last 888.47), interest 661.86.
        ``"equal_principal"``
            equal parts of the principal, and the interest on top: first payment 933.33,
            last 841.70, interest 650.00.
        ``"interest_only"``
            interest at each due date, the principal with the last: 100.00 eleven times,
            then 10,100.00, interest 1,200.00.
    instalment
        A payment fixed by contract instead of the solved one, in major units: the whole
        payment of ``"level"``, the principal part of ``"equal_principal"``. The last
        payment takes the difference. Not for ``"interest_only"``.
    day_count
        ``"periodic"`` (a month is 1/12 of a year), ``"actual/365"`` or ``"actual/360"``:
        31 days at 12 % on 10,000 cost 100.00, 101.92 or 103.33. Also ``"actual/364"``,
        ``"actual/365.25"``, ``"actual/365 leap"``, ``"actual/365L"``, ``"no-leap/365"``,
        ``"no-leap/360"``, ``"actual/actual ISDA"``, ``"actual/actual ICMA"``,
        ``"actual/actual AFB"``, ``"actual/actual year"``, ``"30/360 ISDA"``, ``"30/360 US"``,
        ``"30/360 PSA"``, ``"30E/360"``, ``"30E/360 ISDA"``, ``"30E+/360"``, ``"30E/365"``,
        ``"months and days/360"``, ``"business/252"`` and ``"1/1"``; the documentation has a
        page on them.
    odd_days
        What part of a period costs under ``"periodic"``: ``"pro_rata"`` (14 days of a
        February of 29 cost 14/29 of a month), ``"actual/360"`` or ``"actual/365"`` (its
        days over 360 or 365).
    counted
        Which end of a stretch of days is counted: ``"first_day"`` (and the last one not) or
        ``"last_day"`` (and the first one not). At 12 % on 10,000 under ``"actual/actual ISDA"``
        the month from 31 December 2023 costs 101.65 or 101.64: 30 or 31 days of a leap year.
    currency
        ISO 4217 code; it fixes the decimals: CNY 2, JPY 0, KWD 3. The default ``"XXX"``
        is no currency in particular, with 2.
    rounding
        How amounts are rounded to the minor unit: ``"half_up"`` (0.005 gives 0.01),
        ``"half_even"``, ``"half_down"``, ``"up"``, ``"down"``, ``"ceiling"`` or ``"floor"``.
        A yen loan of Japanese practice rounds ``"down"``.
    instalment_rounding
        How the solved instalment is rounded, if not by `rounding`: 888.4878... with
        ``"up"`` is 888.49, with ``"down"`` 888.48.
    fee_rounding
        How a fee that is a share is rounded, if not by `rounding`.
    decimals
        Decimals to count with, 0 to 12, if not those of the currency: 12 is near enough to
        no rounding at all, to compare with a source that does not round.
    negative_amortisation
        Whether an instalment that was given, or kept while the rate rose, may be below the
        interest of its period. If so, the shortfall is added to the principal; if not, such
        terms are refused. A solved instalment repays the loan, so it may fall short of the
        interest of a long period in any case: 100,000 at 18 % over 30 years of
        ``"actual/365"`` take 1,507.88 a month, and 31 days cost 1,528.77.

    Raises
    ------
    RepayError
        A kind of it names the parameter, the value, what was expected and what to write:
        :class:`~repaylib.AmountError`, :class:`~repaylib.RateError`,
        :class:`~repaylib.CountError`, :class:`~repaylib.DateError`,
        :class:`~repaylib.ChoiceError`, :class:`~repaylib.TermsError`.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan(principal="10000", rate="12%", payments=12, start="2024-01-10")
    >>> print(loan)
    10,000.00 at 12% a year from 2024-01-10, 12 monthly level instalments from 2024-02-10
    """

    principal: Decimal
    rate: LoanRate
    payments: int
    start: date
    first_payment: date
    every: str
    method: Method
    instalment: Decimal | None
    day_count: DayCount
    odd_days: OddDays
    counted: Counted
    currency: str
    rounding: Rounding
    instalment_rounding: Rounding | None
    fee_rounding: Rounding | None
    decimals: int
    negative_amortisation: bool

    def __init__(
        self,
        principal: Amount,
        rate: LoanRateLike,
        payments: int,
        start: DateLike,
        *,
        first_payment: DateLike | None = None,
        every: str | relativedelta = "month",
        method: Method = "level",
        instalment: Amount | None = None,
        day_count: DayCount = "periodic",
        odd_days: OddDays = "pro_rata",
        counted: Counted = "first_day",
        currency: str = "XXX",
        rounding: Rounding = "half_up",
        instalment_rounding: Rounding | None = None,
        fee_rounding: Rounding | None = None,
        decimals: int | None = None,
        negative_amortisation: bool = False,
    ) -> None:
        places = decimals_of(currency)
        if decimals is not None:
            places = to_count(decimals, "decimals", least=0, most=FINEST)
        store = object.__setattr__
        store(self, "currency", currency)
        store(self, "decimals", places)
        minor = self.minor(principal, "principal")
        begun = to_date(start, "start")
        pace = to_every(every)
        given = None if first_payment is None else to_date(first_payment, "first_payment")
        table = Timetable.of(begun, given, months_of(pace))
        if instalment is not None and method == "interest_only":
            raise TermsError(
                "instalment",
                instalment,
                'none with method="interest_only", which pays the interest as it falls',
                "leave instalment out",
            )
        if not isinstance(negative_amortisation, bool):
            raise TermsError(
                "negative_amortisation",
                negative_amortisation,
                "True or False",
                "write negative_amortisation=True",
            )
        store(self, "principal", self.money(minor))
        store(self, "rate", parse_loan_rate(rate))
        store(self, "payments", to_count(payments, "payments"))
        store(self, "start", begun)
        store(self, "first_payment", table.first)
        store(self, "every", pace)
        store(self, "method", check_word("method", method, METHODS))
        store(
            self,
            "instalment",
            None if instalment is None else self.money(self.minor(instalment, "instalment")),
        )
        store(self, "day_count", to_day_count(day_count))
        store(self, "odd_days", check_word("odd_days", odd_days, ODD_DAYS))
        store(self, "counted", check_word("counted", counted, COUNTED))
        store(self, "rounding", check_word("rounding", rounding, ROUNDINGS))
        for name, word in (
            ("instalment_rounding", instalment_rounding),
            ("fee_rounding", fee_rounding),
        ):
            store(self, name, None if word is None else check_word(name, word, ROUNDINGS))
        store(self, "negative_amortisation", negative_amortisation)
        table.due(self.payments)  # every due date must be a day of the calendar
        check_calendar(self.day_count, None)
        if not isinstance(self.rate, Rate):
            self._check_steps()

    def _check_steps(self) -> None:
        _ = self.first_rate, self.rate_steps  # every fixing there, every day after the start
        if self.instalment is not None and self.rate_hold == "level":
            raise TermsError(
                "instalment",
                str(self.instalment),
                'none with hold="level", which solves one instalment over all rates',
                'leave instalment out, or write hold="last"',
            )

    @property
    def timetable(self) -> Timetable:
        """The due dates of the loan as agreed."""
        return Timetable.of(self.start, self.first_payment, months_of(self.every))

    @property
    def accrual(self) -> Accrual:
        """The due dates under the loan's day count."""
        return Accrual(self.timetable, self.day_count, self.odd_days, self.counted)

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
        >>> loan = Loan("10000", Steps("3%", {25: "6%"}), 360, "2024-01-10")
        >>> [(str(day), str(rate)) for day, rate in loan.rate_steps]
        [('2026-01-10', '6%')]
        """
        if isinstance(self.rate, Rate):
            return ()
        table = self.timetable
        return self._rates.placed(self.start, lambda number: table.due(number - 1), "rate")

    @property
    def rate_hold(self) -> StepHold:
        """What a step of the contract's rate keeps."""
        return "maturity" if isinstance(self.rate, Rate) else self.rate.hold or "maturity"

    def rate_on(self, day: date) -> Rate:
        """Return the contract's rate on a day."""
        return in_force(self.first_rate, self.rate_steps, day)

    @property
    def _rates(self) -> Steps[Rate]:
        assert not isinstance(self.rate, Rate), "a plain rate has no steps"
        return self.rate.resolve(self.start) if isinstance(self.rate, Indexed) else self.rate

    def minor(self, amount: object, parameter: str, *, least: int = 1) -> int:
        """Read an amount as minor units of the loan's currency."""
        return to_minor(amount, parameter, self.currency, least=least, decimals=self.decimals)

    def money(self, minor: int) -> Decimal:
        """Return minor units as a ``Decimal`` of the loan's currency."""
        return to_decimal(minor, self.decimals)

    def show(self, minor: int) -> str:
        """Return minor units as text for people."""
        return show(minor, self.decimals)

    def __str__(self) -> str:
        unit = "" if self.currency == "XXX" else f" {self.currency}"
        paid = "payment" if self.payments == 1 else "payments"
        manner = {
            "level": f"level {paid.replace('payment', 'instalment')}",
            "equal_principal": f"{paid} of equal principal",
            "interest_only": f"{paid} of interest, the principal with the last",
        }[self.method]
        fixed = "" if self.instalment is None else f" of {self.instalment:,f}"
        counted = "" if self.day_count == "periodic" else f", {self.day_count}"
        if self.counted == "last_day":
            counted += ", the last day counted and not the first"
        return (
            f"{self.principal:,f}{unit} at {self.first_rate} a year from {self.start}, "
            f"{self.payments} {paced(self.every)} {manner}{fixed} from {self.first_payment}{counted}"
            f"{self._stepping}"
        )

    @property
    def _stepping(self) -> str:
        """How the rate changes, in words."""
        if isinstance(self.rate, Rate) or not (isinstance(self.rate, Indexed) or self.rate.changes):
            return ""
        words = str(self.rate) if isinstance(self.rate, Indexed) else self.rate.in_words
        held = "" if self.method == "interest_only" else f"; {_STEPPED[self.rate_hold]}"
        return f"; the rate is {words}{held}"


_STEPPED: dict[StepHold, str] = {
    "maturity": "at a step the end is kept, so the instalment changes",
    "payment": "at a step the instalment is kept, so the term changes",
    "last": "instalment and end are kept, so the last payment takes the difference",
    "level": "one level instalment over all steps",
}


def paced(every: str) -> str:
    """Return the time between due dates as an adjective: ``"month"`` is ``"monthly"``."""
    named = {"month": "monthly", "quarter": "quarterly", "half_year": "half-yearly"}
    return named.get(every, "yearly" if every == "year" else f"{months_of(every)}-monthly")
