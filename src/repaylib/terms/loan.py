"""The terms of a loan, as agreed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from repaylib.dates.business_days import Calendar
from repaylib.rates.index_rate import LoanRateLike, ResetsLike
from repaylib.rates.step_schedule import Steps
from repaylib.terms.contradictions import check_terms
from repaylib.terms.cost_caps import CostCap
from repaylib.terms.derived import LoanTerms
from repaylib.terms.fees import Fee
from repaylib.terms.instalments import Graduated, Lumps
from repaylib.terms.loan_fields import FOLLOWING, READERS
from repaylib.terms.loan_wording import loan_sentence
from repaylib.terms.seasons import Seasonal
from repaylib.typing import (
    AccrualDates,
    Amount,
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
    Rounding,
    Stub,
)
from repaylib.wording.sentence import Worded

if TYPE_CHECKING:
    from repaylib.dates.frequency import EveryLike

__all__ = ["Loan"]


NO_TAX = Fraction(0)
_MISSING = object()


@dataclass(frozen=True, slots=True, init=False)
class Loan(LoanTerms, Worded):
    """The terms of a loan, as agreed.

    A loan never changes. Pass it to :func:`~repaylib.amortise` to get its schedule. Only
    `principal`, `rate`, `start`, and one of `payments`, `maturity`, `instalment` are required.
    Figures are those of 10,000 at 12% over 12 months from 10 January 2024, unless others are
    given. Amounts are in major units: ``"10000"`` is 10,000.00.

    Amounts
    -------
    principal
        The amount lent, above zero. A ``float`` is refused.
    currency
        ISO 4217 code. It sets the decimals: CNY 2, JPY 0, KWD 3. The default ``"XXX"`` means no
        particular currency, with 2 decimals.
    decimals
        Number of decimals, 0 to 12, instead of those of the currency. With 12, rounding hardly
        matters, which helps to compare with a source that doesn't round.
    drawdowns
        Amounts lent after the start, as pairs of a day and an amount. 5,000 more on 10 March
        raises the payment from 888.49 to 1,416.40. The amount lent at the start is `principal`.

    Dates
    -----
    start
        The day on which the loan is paid out. Interest accrues from this day.
    payments
        Number of payments, 1 to 10,000. Leave it out if `maturity` or a list of due dates
        says it; if both do, they must agree. With an `instalment` and none of these, there are
        as many as it takes.
    maturity
        The last due date. If whole periods from `start` miss it, one period is a `stub`.
    first_payment
        The first due date; by default one period after `start`. The others follow on its day of
        the month.
    every
        Time between due dates: ``"day"``, ``"3 days"``, ``"week"``, ``"2 weeks"``,
        ``"half_month"`` (10 and 25 January, 10 February, ...), ``"month"`` (default),
        ``"2 months"``, ``"quarter"``, ``"half_year"``, ``"year"``, ``"2 years"``; a
        ``relativedelta``; an ``rrule`` or its RFC 5545 text, of which the days after `start`
        count; or a list of due dates. A list may be longer than `payments`: a deferral moves
        payments into the rest.
    due_days
        The two days of ``"half_month"``. ``(15, 31)`` is 15 January, 31 January, 15 February,
        29 February. By default the day of the start, and 15 days apart.
    last_regular
        The last due date before an irregular final period that ends at `maturity`.
    stub
        Which period may be irregular. The dates are from 10 January to 10 September by quarter:

        ``None``
            what the dates say. With `maturity` alone ``"smart_initial"``, with `first_payment`
            as well ``"smart_final"``.
        ``"none"``
            no period; this example is refused.
        ``"short_initial"``, ``"long_initial"``
            the first: 10 March, 10 June, 10 September; or 10 June, 10 September.
        ``"short_final"``, ``"long_final"``
            the last: 10 April, 10 July, 10 September; or 10 April, 10 September.
        ``"smart_initial"``, ``"smart_final"``
            a short one, or a long one if the short one has fewer than 7 days.
        ``"both"``
            up to `first_payment`, and from `last_regular`.
    month_end
        If ``True`` and the loan starts on a month end, all due dates are month ends: 30 April,
        31 May. Otherwise 30 April, 30 May.
    missing_day
        A day that the month doesn't have: ``"last"`` (31 January, 29 February, 31 March) or
        ``"next"`` (31 January, 1 March, 31 March).
    in_advance
        If ``True``, the first payment is on the start date, and each one pays for the period
        after it: 879.69 instead of 888.49. A list of due dates then begins with the start.
    calendar
        The business days, as a :class:`~repaylib.Calendar` or a ``numpy.busdaycalendar``.
    roll
        When a due date is paid that is no business day. Saturday 31 August 2024 is paid

        ``"none"`` (default)
            on 31 August.
        ``"following"``
            on Monday 2 September.
        ``"modified_following"``
            on Friday 30 August, because Monday is in another month.
        ``"modified_following_bi_monthly"``
            on Friday 30 August; and Saturday 15 June on Friday 14 June, because Monday is in
            the other half of the month.
        ``"preceding"``
            on Friday 30 August.
        ``"modified_preceding"``
            on Friday 30 August; but Sunday 1 September on Monday 2 September.
        ``"nearest"``
            on Friday 30 August; a Sunday or Monday is paid on the next business day.
    accrual_dates
        Whether interest accrues to the due date as agreed (``"unadjusted"``) or to the business
        day on which it is paid (``"adjusted"``).

    Rate and interest
    -----------------
    rate
        Interest per year: ``"12%"``, ``Decimal("0.12")``, ``Fraction(3, 25)``, or a rate from
        :func:`~repaylib.daily`, :func:`~repaylib.monthly`, :func:`~repaylib.effective`,
        :func:`~repaylib.compounded`, or :func:`~repaylib.rates.continuous`. A rate that changes
        as the contract says is written with :func:`~repaylib.steps`,
        ``rp.steps("3%", {25: "6%"})``, and one on an index with :func:`~repaylib.indexed`.
    day_count
        How days become a share of a year. 31 days cost 100.00 under ``"periodic"`` (a month is
        1/12 of a year, a week 1/52, a day 1/365; the default for months and half months), 101.92
        under ``"actual/365"`` (the default for all others), and 103.33 under ``"actual/360"``.
        Also ``"actual/364"``, ``"actual/365.25"``, ``"actual/365 leap"``, ``"actual/365L"``,
        ``"no-leap/365"``, ``"no-leap/360"``, ``"actual/actual ISDA"``,
        ``"actual/actual ICMA"``, ``"actual/actual AFB"``, ``"actual/actual year"``,
        ``"30/360 ISDA"``, ``"30/360 US"``, ``"30/360 PSA"``, ``"30E/360"``,
        ``"30E/360 ISDA"``, ``"30E+/360"``, ``"30E/365"``, ``"months and days/360"``,
        ``"business/252"``, and ``"1/1"``. The reference has a page about them.
    odd_days
        What part of a period costs under ``"periodic"``: ``"pro_rata"`` (14 days of a February
        of 29 days cost 14/29 of a month), ``"actual/360"``, or ``"actual/365"`` (the days over
        360 or 365).
    counted_days
        Which end of a period counts as a day: ``"first"`` (default), ``"last"``, or ``"both"``.
        Under ``"actual/actual ISDA"``, the month from 31 December 2023 costs 101.65 or 101.64:
        30 or 31 days of a leap year. With ``"both"``, the loan bears interest for one day more,
        as the days of disbursement and of repayment count; a due date counts once, in the
        period that it ends. It needs a day count of days. A new rate inside a period applies on
        its own day in any case.
    interest_base
        What bears interest: ``"balance"`` (default); ``"original"``, the amount lent; a stated
        amount, such as what was lent before the loan was taken over (with ``"flat"`` too); or a
        list of days, from each of which the balance of that day counts (before the first one,
        the amount lent). The second interest of ``"equal_principal"`` is 91.67 or, on the
        amount lent, 100.00, and on ``"12000"`` 120.00.
    negative_amortisation
        Whether a payment that is given, or kept while the rate rises, may be below the interest
        of its period; by default not. With ``True`` the shortfall joins the principal; with
        ``"without_interest"`` the next payments pay it first. 50.00 paid on 10,000 leaves
        10,050.00, which costs 100.50 or 100.00 a month. With ``"waive"`` the shortfall is not
        charged, and 10,000.00 is left. A solved instalment may always fall
        short of a long period: 100,000 at 18% over 30 years of ``"actual/365"`` takes 1,507.88
        a month, and 31 days cost 1,528.77.

    Instalments
    -----------
    method
        How principal is repaid:

        ``"level"`` (default)
            equal payments: 888.49, the last 888.47, interest 661.86.
        ``"equal_principal"``
            equal parts of the principal, and interest on top: 933.33, falling to 841.70,
            interest 650.00.
        ``"interest_only"``
            interest on each due date, and the principal with the last: 100.00 eleven times,
            then 10,100.00, interest 1,200.00.
        ``"bullet"``
            everything with the last payment; the interest is simple and rounded once: 11,200.00.
        ``"flat"``
            equal payments, with interest on the original principal for the whole term (add-on):
            933.33, the last 933.37, interest 1,200.00.
    interest_split
        How the interest of ``"flat"`` is divided among the payments:

        ``"equal"`` (default)
            by the time of each period: 100.00 each.
        ``"rule_of_78"``
            by the sum of digits: 12/78 of it with the first payment, 184.62, then 11/78, to 1/78
            with the last, 15.38. The payments stay the same. Periods that a change adds after the
            end bear what they would with ``"equal"``; a rescheduling divides what it charges
            anew. Not for a rate that changes, drawdowns, advances, payments in advance, or as many
            payments as it takes.
    instalment
        A payment fixed by the contract instead of the solved one: the whole payment, or the part
        of principal for ``"equal_principal"``. The last payment takes the difference: eleven of
        900.00, then 753.99. It can be an amount; a list of payments, one for each due date (the
        last may be left out); :func:`~repaylib.terms.graduated`; :func:`~repaylib.terms.lumps`;
        :func:`~repaylib.terms.seasonal`; or :func:`~repaylib.steps` of
        amounts, ``rp.steps("500", {13: "600"})``, or of shares of the solved instalment, each
        rounded once, ``rp.steps("100%", {13: "110%"})``. An amount may be ``"0"`` with
        `negative_amortisation` and with ``"equal_principal"``. Not for ``"interest_only"`` and
        ``"bullet"``.
    instalment_multiple
        Round the solved instalment to a multiple of this amount: ``"10"`` gives 890.00, and
        880.00 with ``instalment_rounding="down"``. With a given `instalment`, it applies when a
        change recalculates the instalment.
    instalment_cap
        The most by which a recalculated instalment may be above the one before it: ``"7.5%"``, as
        in the payment caps of the United States, or ``"25%"``, the 125 % rule of Japan. It is
        rounded down. 65,000 at 10% over 360 months takes 570.42; at 12% from payment 13 on it
        would be 667.30, and is 613.20. The last payment takes what is then left;
        `negative_amortisation` says whether interest above the instalment is refused, added to the
        balance, or waived. More lent and a rescheduling are not capped. Only for ``"level"``.
    instalment_resets
        When a new rate is felt by the instalment, if not on its own day: ``"5 years"``, counted
        from the start; days; or the first of them and the time between two,
        ``("2029-10-01", "5 years")``. Only for ``"level"``.
    last
        How the last payment may differ from the solved instalment:

        ``"any"`` (default)
            as it comes: 888.49, the last 888.47.
        ``"lower"``
            at most the instalment, which may become larger. 6 payments of 1,725.48 would leave
            1,725.51, so they are 1,725.49, and the last is 1,725.46.
        ``"closest"``
            by as little as possible.
    balloon
        What is left for the last payment, on top of its instalment: an amount, or a share of
        the principal. 5,000 gives 494.24, and 5,494.29 at the end.
    amortise_over
        Solve the instalment for more payments than there are; the last of `payments` pays the
        rest. 24 gives 470.73, and 5,768.95 at the end.
    instalment_day_count
        The day count under which the level instalment is solved, if not `day_count`. Under
        ``"actual/360"`` it is 889.30. With ``"30/360 US"`` here it is 888.49, the last 898.77.

    Fees and taxes
    --------------
    fees
        :class:`~repaylib.Fee` values, at most 100.
    cost_cap
        A cap on all that the loan costs, as a :class:`~repaylib.terms.CostCap`. With
        ``CostCap(total="5%")``, interest stops at 500.00, and 156.82 are waived.
    interest_tax, fee_tax
        A tax on interest, or on fees, when they are paid. ``"16%"`` on interest makes the first
        payment 904.49.
    tax_included
        If ``True``, the level instalment includes the tax on its interest: 897.49 each time.

    Rounding
    --------
    rounding
        How amounts are rounded to the minor unit: ``"half_up"`` (default; 0.005 gives 0.01),
        ``"half_even"``, ``"half_down"``, ``"up"``, ``"down"``, ``"ceiling"``, or ``"floor"``.
        Yen loans in Japan round ``"down"``.
    instalment_rounding
        How the solved instalment is rounded, if not as `rounding` says: 888.4878... is 888.49,
        or 888.48 with ``"down"``.
    fee_rounding
        How a fee that is a share is rounded, if not as `rounding` says: 3.0674... is 3.07, or
        3.06 with ``"down"``.
    interest_remainder
        Whether a later payment makes up for the part of a cent that a rounding adds or takes away.
        10,000 at 12% in 12 equal parts of principal, rounded down, bears 650.00 unrounded:

        ``"dropped"`` (default, but for ``"flat"``)
            nothing; each interest is rounded by itself: 649.96.
        ``"carried"`` (default for ``"flat"``)
            the next payment takes it. What has accrued since the start is rounded, less what was
            charged before: 650.00, with 83.34 in the third payment instead of 83.33.
        ``"total"``
            the last payment takes it. Each interest is rounded by itself, and the last one
            completes the sum, rounded once: 650.00, with 8.37 at the end instead of 8.33.
        ``"last"``
            the last payment is as large as the others, 888.49 instead of 888.47, if no more than
            roundings keep it from that. Only for ``"level"``.
        ``"balance"``
            the balance keeps it. Interest runs on the balance that there would be without any
            rounding, interest and principal are rounded each by themselves, and a cent moves when
            the remainders add up to one. The payments of 10,000 at 12% are then 888.48 and 888.49.
            Not for ``"flat"``.

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
        instalment: Amount
        | Sequence[Amount]
        | Graduated
        | Lumps
        | Seasonal
        | Steps[Any]
        | None = None,
        instalment_multiple: Amount | None = None,
        instalment_cap: str | Decimal | Fraction | None = None,
        instalment_resets: str | ResetsLike | None = None,
        last: LastPayment = "any",
        balloon: Amount | Fraction | None = None,
        amortise_over: int | None = None,
        instalment_day_count: DayCount | None = None,
        in_advance: bool = False,
        interest_base: Amount | Sequence[DateLike] = "balance",
        interest_split: InterestSplit = "equal",
        drawdowns: Iterable[tuple[DateLike, Amount]] = (),
        fees: Iterable[Fee] = (),
        cost_cap: CostCap | None = None,
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
        interest_remainder: InterestRemainder | None = None,
        decimals: int | None = None,
        negative_amortisation: bool | Literal["without_interest", "waive"] = False,
    ) -> None:
        given, store = locals(), object.__setattr__
        for name, read, usual in _FIELDS:
            value = given[name]
            store(self, name, value if value is usual else read(value, name, self))
        self.fix_due_dates()
        check_terms(self)

    def _worded(self) -> object:
        return loan_sentence(self)


_DEFAULTS: dict[str, object] = Loan.__init__.__kwdefaults__ or {}
#: The fields in the order in which they are read, each with its reader and the value that needs none:
#: the default, unless it says that the field follows from others.
_FIELDS = tuple(
    (name, read, _MISSING if name in FOLLOWING else _DEFAULTS.get(name, _MISSING))
    for name, read in READERS.items()
)
