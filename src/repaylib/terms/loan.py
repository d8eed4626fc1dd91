"""The terms of a loan, as agreed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from repaylib.dates.business_days import Calendar
from repaylib.rates.index_rate import LoanRateLike
from repaylib.rates.step_schedule import Steps
from repaylib.terms.contradictions import check_terms
from repaylib.terms.derived import LoanTerms
from repaylib.terms.fees import Fee
from repaylib.terms.instalments import Graduated
from repaylib.terms.loan_fields import READERS
from repaylib.terms.loan_wording import loan_sentence
from repaylib.typing import (
    AccrualDates,
    Amount,
    BusinessDayConvention,
    CountedDays,
    DateLike,
    DayCount,
    LastPayment,
    Method,
    MissingDay,
    OddDays,
    Rounding,
    Stub,
)

if TYPE_CHECKING:
    from repaylib.dates.frequency import EveryLike

__all__ = ["Loan"]


NO_TAX = Fraction(0)


@dataclass(frozen=True, slots=True, init=False)
class Loan(LoanTerms):
    """A loan, as agreed: the principal, the rate, and how it is to be repaid.

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
        :func:`~repaylib.compounded`, :func:`~repaylib.rates.continuous`. Or a rate that changes as
        the contract has it: :func:`~repaylib.steps` of these, ``rp.steps("3%", {25: "6%"})``,
        or one on an index, :func:`~repaylib.indexed`.
    payments
        Number of instalments, 1 to 10,000. It may be left out where `maturity`, or a list of
        due dates, says it; where both say it they must agree. With an `instalment` and none of
        these, there are as many as it takes.
    start
        The day of disbursement; interest runs from this day (counted).
    first_payment
        The first due date, by default one period after `start`. The others follow on its
        day of the month.
    every
        Time between due dates: ``"day"``, ``"3 days"``, ``"week"``, ``"2 weeks"``,
        ``"half_month"`` (10 and 25 January, 10 February ...), ``"month"`` (12 a year),
        ``"2 months"``, ``"quarter"``, ``"half_year"``, ``"year"``, ``"2 years"``; a
        ``relativedelta``; an ``rrule``, or the RFC 5545 text of one, of which the days after
        `start` count; or a list of due dates, which may be longer than `payments` says: the
        rest is what a deferral moves into.
    due_days
        The two days of ``"half_month"``: ``(15, 31)`` is 15 January, 31 January, 15 February,
        29 February. By default that of the day it is counted from, and 15 days apart.
    maturity
        The last due date. One that whole periods from `start` miss leaves a `stub`.
    last_regular
        The last due date but the one at `maturity`, where the last period is a stub.
    stub
        Which period is no whole one, if one is; from 10 January to 10 September by quarter:

        ``None``
            what the dates say; with `maturity` alone ``"smart_initial"``, with
            `first_payment` too ``"smart_final"``.
        ``"none"``
            none may be; this one is refused.
        ``"short_initial"``, ``"long_initial"``
            the first: 10 March, 10 June, 10 September; or 10 June, 10 September.
        ``"short_final"``, ``"long_final"``
            the last: 10 April, 10 July, 10 September; or 10 April, 10 September.
        ``"smart_initial"``, ``"smart_final"``
            a short one, or a long one if the short one would have fewer than 7 days.
        ``"both"``
            to `first_payment`, and from `last_regular`.
    month_end
        Whether due dates are month ends if the day they are counted from is one: 30 April, 31
        May. Otherwise 30 April, 30 May.
    missing_day
        Where a due date falls in a month that has not its day: ``"last"`` (31 January, 29
        February, 31 March) or ``"next"`` (31 January, 1 March, 31 March).
    calendar
        The business days, a :class:`~repaylib.Calendar` or a ``numpy.busdaycalendar``.
    roll
        On which business day a due date is paid that is none; with weekends, Saturday 31
        August 2024 is paid

        ``"following"``
            on Monday 2 September.
        ``"modified_following"``
            on Friday 30 August, as Monday is in another month.
        ``"modified_following_bi_monthly"``
            the same; and Saturday 15 June on Friday 14, as Monday is in the other half.
        ``"preceding"``
            on Friday 30 August.
        ``"modified_preceding"``
            on Friday 30 August; but Sunday 1 September on Monday 2.
        ``"nearest"``
            on Friday 30 August; from a Sunday or Monday it is the next business day.
    accrual_dates
        Whether the interest of a period runs to the due date as agreed (``"unadjusted"``) or
        to the business day on which it is paid (``"adjusted"``).
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
        ``"bullet"``
            all with the last payment; interest is simple, and rounded once: 11,200.00 after
            12 months.
        ``"flat"``
            equal payments of the principal and of an agreed charge: interest on the original principal,
            for the whole term (add-on). 1 % a month: 933.33, last 933.37, interest 1,200.00.
    instalment
        A payment fixed by contract instead of the solved one, in major units: the whole payment,
        or the principal part of ``"equal_principal"``. The last payment takes the difference:
        eleven of 900.00, then 753.99. Or a list of payments, one for each due date (the last one
        may be left out); or :func:`~repaylib.terms.graduated`; or :func:`~repaylib.steps` of amounts,
        ``rp.steps("500", {13: "600"})``, or of shares of the solved instalment, each rounded
        once, ``rp.steps("100%", {13: "110%"})``. An amount may be ``"0"`` with
        `negative_amortisation`, and with ``"equal_principal"``. Not for ``"interest_only"`` and
        ``"bullet"``.
    instalment_multiple
        The solved instalment is a whole multiple of this amount: 888.4878... with ``"10"`` is
        890.00 (and 880.00 if `instalment_rounding` is ``"down"``). With an `instalment` that is
        given it holds once a change has the instalment solved again.
    last
        How the last payment may differ from the solved instalment.

        ``"any"``
            as it comes: 12 payments of 888.49, the last 888.47.
        ``"lower"``
            it is at most the instalment, which may become larger for it: 6 payments of
            1,725.48 would leave 1,725.51, so they are 1,725.49, and the last 1,725.46.
        ``"closest"``
            the instalment is the one with the smallest difference.
    balloon
        What is left for the last payment, on top of its instalment: an amount in major units,
        or a share of the principal. 10,000 with a balloon of 5,000 takes 494.24 a month, and
        5,494.29 in the end.
    amortise_over
        The instalment is solved for so many payments, as if there were so many; the last of
        `payments` pays the remainder: with 24 instead of 12, 470.73 a month and 5,768.95.
    in_advance
        Whether the first payment is on the start date, each for the period after it. 12
        payments in advance take 879.69. A list of due dates then begins with the start.
    interest_base
        What bears interest: ``"balance"``; ``"original"``, the amount lent; or days, from each of
        which on it is the balance of that day (and before the first, the amount lent). The second
        interest of ``"equal_principal"`` is 91.67 or, on the amount lent, 100.00.
    drawdowns
        Further amounts lent, as pairs of a day and an amount; the instalments are solved
        again with each. The amount lent at the start is `principal`.
    fees
        :class:`~repaylib.Fee` values.
    interest_tax, fee_tax
        A tax on interest, or fees, when it is paid: ``"16%"``. It is paid on top, except with
        `tax_included`: the first payment of 888.49 becomes 904.49.
    tax_included
        Whether the level instalment includes the tax on its interest: 897.49 each time.
    day_count
        ``"periodic"`` (a month is 1/12 of a year, a week 1/52, a day 1/365; the default for
        months and half months), ``"actual/365"`` (the default for all others) or ``"actual/360"``:
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
    counted_days
        Which end of a segment of days is counted: ``"first"`` (and the last one not),
        ``"last"`` (and the first one not) or ``"both"``. At 12 % on 10,000 under
        ``"actual/actual ISDA"`` the month from 31 December 2023 costs 101.65 or 101.64: 30 or 31
        days of a leap year. With ``"both"`` the days of disbursement and of repayment are
        counted, so the loan bears interest for one day more; a due date is counted once, in the
        period that it ends. It needs a day count of days.
        A rate that changes inside a period holds on its own day either way.
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
        How a fee that is a share is rounded, if not by `rounding`: 3.0674... up is 3.07.
    decimals
        Decimals to count with, 0 to 12, if not those of the currency: 12 is near enough to
        no rounding at all, to compare with a source that does not round.
    negative_amortisation
        Whether an instalment that was given, or kept while the rate rose, may be below the
        interest of its period; by default not. With ``True`` the shortfall joins the principal,
        with ``"without_interest"`` the next instalments pay it first: of 10,000 at 12 %, 50.00 paid
        leave 10,050.00, which cost 100.50 or 100.00 a month. A solved instalment may fall short of
        a long period in any case: 100,000 at 18 % over 30 years of ``"actual/365"`` take 1,507.88
        a month, and 31 days cost 1,528.77.

    Raises
    ------
    RepayError
        A kind of it names the parameter, the value, what was expected and what to write:
        :class:`~repaylib.errors.AmountError`, :class:`~repaylib.errors.RateError`,
        :class:`~repaylib.errors.CountError`, :class:`~repaylib.errors.DateError`,
        :class:`~repaylib.errors.ChoiceError`, :class:`~repaylib.errors.TermsError`.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan(principal="10000", rate="12%", payments=12, start="2024-01-10")
    >>> print(loan)
    10,000.00 at 12% a year from 2024-01-10, 12 monthly level instalments from 2024-02-10
    """

    def __init__(
        self,
        principal: Amount,
        rate: LoanRateLike,
        payments: int | None = None,
        start: DateLike | None = None,
        *,
        first_payment: DateLike | None = None,
        every: EveryLike = "month",
        due_days: tuple[int, int] | None = None,
        maturity: DateLike | None = None,
        last_regular: DateLike | None = None,
        stub: Stub | None = None,
        month_end: bool = False,
        missing_day: MissingDay = "last",
        calendar: Calendar | np.busdaycalendar | None = None,
        roll: BusinessDayConvention = "none",
        accrual_dates: AccrualDates = "unadjusted",
        method: Method = "level",
        instalment: Amount | Sequence[Amount] | Graduated | Steps[Any] | None = None,
        instalment_multiple: Amount | None = None,
        last: LastPayment = "any",
        balloon: Amount | Fraction | None = None,
        amortise_over: int | None = None,
        in_advance: bool = False,
        interest_base: str | Sequence[DateLike] = "balance",
        drawdowns: Iterable[tuple[DateLike, Amount]] = (),
        fees: Iterable[Fee] = (),
        interest_tax: str | Decimal | Fraction = NO_TAX,
        fee_tax: str | Decimal | Fraction = NO_TAX,
        tax_included: bool = False,
        day_count: DayCount | None = None,
        odd_days: OddDays = "pro_rata",
        counted_days: CountedDays = "first",
        currency: str = "XXX",
        rounding: Rounding = "half_up",
        instalment_rounding: Rounding | None = None,
        fee_rounding: Rounding | None = None,
        decimals: int | None = None,
        negative_amortisation: bool | Literal["without_interest"] = False,
    ) -> None:
        given = locals()
        for name, read in READERS.items():
            object.__setattr__(self, name, read(given[name], name, self))
        self.fix_due_dates()
        check_terms(self)

    def __str__(self) -> str:
        return str(loan_sentence(self))
