"""The terms of a loan, as agreed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, get_args

from repaylib.daycount import DAY_COUNTS, ODD_DAYS, DayCount, OddDays
from repaylib.errors import DateError, TermsError, check_word
from repaylib.exact import ROUNDINGS, Rounding
from repaylib.fees import Fee
from repaylib.instalments import Graduated
from repaylib.money import Amount, decimals_of, show, to_decimal, to_minor
from repaylib.rates import Rate, RateLike, parse_rate, parse_share, percent
from repaylib.terms import (
    METHODS,
    Instalment,
    LastPayment,
    Method,
    check_method,
    to_balloon,
    to_base,
    to_count,
    to_draws,
    to_fees,
    to_flag,
    to_instalment,
)
from repaylib.timetable import DateLike, Timetable, months_of, to_date, to_every
from repaylib.wording import (
    instalments_in_words,
    paced,
    roundings_in_words,
    solved_in_words,
)

if TYPE_CHECKING:
    from dateutil.relativedelta import relativedelta

__all__ = ["Loan"]

FINEST = 12


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
        :func:`~repaylib.compounded`, :func:`~repaylib.continuous`.
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
        ``"bullet"``
            all with the last payment; interest is simple, and rounded once: 11,200.00 after
            12 months.
        ``"flat"``
            equal parts of the principal, and interest on what was lent (add-on): 933.33 with
            1 % a month, last 933.37, interest 1,200.00.
    instalment
        A payment fixed by contract instead of the solved one, in major units: the whole
        payment of ``"level"``, the principal part of ``"equal_principal"`` and ``"flat"``. The
        last payment takes the difference. Or a list of payments, one for each due date (the
        last one may be left out); or :func:`~repaylib.graduated`. Not for ``"interest_only"``
        and ``"bullet"``.
    instalment_multiple
        The solved instalment is a whole multiple of this amount: 888.4878... with ``"10"`` is
        890.00 (and 880.00 if `instalment_rounding` is ``"down"``).
    last
        How the last payment may differ from the solved instalment.

        ``"any"``
            as it comes: 12 payments of 888.49, the last 888.47.
        ``"lower"``
            it is at most the instalment, which may become larger for it: 6 payments of
            1,725.48 would leave 1,725.51, so they are 1,725.49, and the last 1,725.45.
        ``"closest"``
            the instalment is the one with the smallest difference.
    balloon
        What is left for the last payment, on top of its instalment: an amount in major units,
        or a share of the principal. 10,000 with a balloon of 5,000 takes 494.24 a month, and
        5,494.29 in the end.
    amortise_over
        The instalment is solved for so many payments, as if there were so many; the last of
        `payments` takes what is left.
    in_advance
        Whether the first payment is on the start date, each for the period after it. 12
        payments in advance take 879.69.
    interest_base
        What bears interest: ``"balance"``; ``"original"``, the amount lent; or days, from each of
        which on it is the balance of that day (and before the first, the amount lent).
    draws
        Further amounts lent, as pairs of a day and an amount; the instalments are solved
        again with each. What is lent at the start is `principal`.
    fees
        :class:`~repaylib.Fee` values.
    interest_tax, fee_tax
        A tax on interest, or fees, when it is paid: ``"16%"``. It is paid on top, except with
        `tax_included`.
    tax_included
        Whether the level instalment includes the tax on its interest.
    day_count
        ``"periodic"`` (a month is 1/12 of a year), ``"actual/365"`` or ``"actual/360"``:
        31 days at 12 % on 10,000 cost 100.00, 101.92 or 103.33. Also ``"actual/364"``,
        ``"actual/365.25"``, ``"actual/365 leap"``, ``"actual/365L"``, ``"no-leap/365"``,
        ``"no-leap/360"``, ``"actual/actual ISDA"``, ``"actual/actual ICMA"``,
        ``"actual/actual AFB"``, ``"actual/actual year"``, ``"30/360 ISDA"``, ``"30/360 US"``,
        ``"30/360 PSA"``, ``"30E/360"``, ``"30E/360 ISDA"``, ``"30E+/360"``, ``"30E/365"``,
        ``"months and days/360"`` and ``"1/1"``; the documentation has a page on them.
    odd_days
        What part of a period costs under ``"periodic"``: ``"pro_rata"`` (14 days of a
        February of 29 cost 14/29 of a month), ``"actual/360"`` or ``"actual/365"`` (its
        days over 360 or 365).
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
    rate: Rate
    payments: int
    start: date
    first_payment: date
    every: str
    method: Method
    instalment: Instalment | None
    instalment_multiple: Decimal | None
    last: LastPayment
    balloon: Decimal | Fraction | None
    amortise_over: int | None
    in_advance: bool
    interest_base: str | tuple[date, ...]
    draws: tuple[tuple[date, Decimal], ...]
    fees: tuple[Fee, ...]
    interest_tax: Fraction
    fee_tax: Fraction
    tax_included: bool
    day_count: DayCount
    odd_days: OddDays
    currency: str
    rounding: Rounding
    instalment_rounding: Rounding | None
    fee_rounding: Rounding | None
    decimals: int
    negative_amortisation: bool

    def __init__(
        self,
        principal: Amount,
        rate: RateLike,
        payments: int,
        start: DateLike,
        *,
        first_payment: DateLike | None = None,
        every: str | relativedelta = "month",
        method: Method = "level",
        instalment: Amount | Sequence[Amount] | Graduated | None = None,
        instalment_multiple: Amount | None = None,
        last: LastPayment = "any",
        balloon: Amount | Fraction | None = None,
        amortise_over: int | None = None,
        in_advance: bool = False,
        interest_base: str | Sequence[DateLike] = "balance",
        draws: Iterable[tuple[DateLike, Amount]] = (),
        fees: Iterable[Fee] = (),
        interest_tax: str | Decimal | Fraction = "0%",
        fee_tax: str | Decimal | Fraction = "0%",
        tax_included: bool = False,
        day_count: DayCount = "periodic",
        odd_days: OddDays = "pro_rata",
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
        if to_flag(in_advance, "in_advance"):
            if given is not None and given != begun:
                raise TermsError(
                    "in_advance",
                    True,
                    f"the first payment on start={begun}, and first_payment={given} is another day",
                    "leave one of the two out",
                )
            given = begun
        elif given == begun:
            raise TermsError(
                "first_payment",
                begun.isoformat(),
                f"a day after start={begun}",
                "write a later first_payment, or in_advance=True",
            )
        count = to_count(payments, "payments")
        table = _laid_out(begun, given, months_of(pace), count)
        store(self, "principal", self.money(minor))
        store(self, "rate", parse_rate(rate))
        store(self, "payments", count)
        store(self, "start", begun)
        store(self, "first_payment", table.first)
        store(self, "every", pace)
        store(self, "method", check_word("method", method, METHODS))
        store(self, "instalment", to_instalment(instalment, self.amount, self.payments))
        multiple = instalment_multiple
        store(
            self,
            "instalment_multiple",
            None if multiple is None else self.amount(multiple, "instalment_multiple"),
        )
        store(self, "last", check_word("last", last, get_args(LastPayment)))
        store(self, "balloon", to_balloon(balloon, self.amount))
        over = amortise_over
        store(self, "amortise_over", None if over is None else to_count(over, "amortise_over"))
        store(self, "in_advance", in_advance)
        store(self, "interest_base", to_base(interest_base, begun))
        store(self, "draws", to_draws(draws, self.amount, begun))
        store(self, "fees", to_fees(fees, self.amount))
        store(self, "interest_tax", parse_share(interest_tax, "interest_tax", 1, "share"))
        store(self, "fee_tax", parse_share(fee_tax, "fee_tax", 1, "share"))
        store(self, "tax_included", to_flag(tax_included, "tax_included"))
        store(self, "day_count", check_word("day_count", day_count, DAY_COUNTS))
        store(self, "odd_days", check_word("odd_days", odd_days, ODD_DAYS))
        store(self, "rounding", check_word("rounding", rounding, ROUNDINGS))
        for name, word in (
            ("instalment_rounding", instalment_rounding),
            ("fee_rounding", fee_rounding),
        ):
            store(self, name, None if word is None else check_word(name, word, ROUNDINGS))
        negative = to_flag(negative_amortisation, "negative_amortisation")
        store(self, "negative_amortisation", negative)
        usual = {"last": "any", "interest_base": "balance"}
        names = ("instalment_multiple", "balloon", "amortise_over", "last", "interest_base")
        stated = {name: getattr(self, name) for name in names}
        check_method(
            self.method,
            self.instalment,
            {name: each for name, each in stated.items() if each not in (None, usual.get(name))},
            self.principal,
            self.payments,
        )

    @property
    def timetable(self) -> Timetable:
        """The due dates of the loan as agreed."""
        return Timetable.of(self.start, self.first_payment, months_of(self.every))

    def minor(self, amount: object, parameter: str, *, least: int = 1) -> int:
        """Read an amount as minor units of the loan's currency."""
        return to_minor(amount, parameter, self.currency, least=least, decimals=self.decimals)

    def amount(self, value: object, parameter: str) -> Decimal:
        """Read an amount above zero as a ``Decimal`` of the loan's currency."""
        return self.money(self.minor(value, parameter))

    def money(self, minor: int) -> Decimal:
        """Return minor units as a ``Decimal`` of the loan's currency."""
        return to_decimal(minor, self.decimals)

    def show(self, minor: int) -> str:
        """Return minor units as text for people."""
        return show(minor, self.decimals)

    def __str__(self) -> str:
        unit = "" if self.currency == "XXX" else f" {self.currency}"
        what = instalments_in_words(self.method, self.payments, self.instalment)
        counted = "" if self.day_count == "periodic" else f", {self.day_count}"
        return (
            f"{self.principal:,f}{unit} at {self.rate} a year from {self.start}, "
            f"{self.payments} {paced(self.every)} {what} from {self.first_payment}"
            f"{counted}{self._more()}"
        )

    def _more(self) -> str:
        """Return the terms that most loans do not have, in words."""
        words = []
        if self.balloon is not None:
            balloon = self.balloon
            much = percent(balloon) if isinstance(balloon, Fraction) else f"{balloon:,f}"
            words.append(f"a balloon of {much} with the last")
        if self.amortise_over is not None:
            words.append(f"solved for {self.amortise_over} payments")
        if self.interest_base == "original" and self.method != "flat":
            words.append("interest on what was lent")
        elif isinstance(self.interest_base, tuple):
            words.append(f"interest on the balance of {', '.join(map(str, self.interest_base))}")
        words += [f"{amount:,f} more drawn on {day}" for day, amount in self.draws]
        words += map(str, self.fees)
        if self.interest_tax:
            into = ", in the instalment" if self.tax_included else ""
            words.append(f"tax of {percent(self.interest_tax)} on interest{into}")
        if self.fee_tax:
            words.append(f"tax of {percent(self.fee_tax)} on fees")
        words += self._odd_days()
        multiple, negative = self.instalment_multiple, self.negative_amortisation
        words += solved_in_words(multiple, self.last, negative=negative)
        own = None if self.decimals == decimals_of(self.currency) else self.decimals
        words += roundings_in_words(self.rounding, self.instalment_rounding, self.fee_rounding, own)
        return "".join(f"; {each}" for each in words)

    def _odd_days(self) -> list[str]:
        """Return the rule for odd days in words, where there are any or it is not the usual one."""
        table = self.timetable
        odd = not self.in_advance and next(table.cells(self.start, table.first))[0] != self.start
        if self.day_count != "periodic" or not (odd or self.odd_days != "pro_rata"):
            return []
        which = "the odd days of the first period count" if odd else "odd days count"
        return [f"{which} {self.odd_days.replace('_', ' ')}"]


def _laid_out(start: date, first: date | None, months: int, payments: int) -> Timetable:
    """Return the timetable of a loan, every due date of which must be a day of the calendar."""
    try:
        table = Timetable.of(start, first, months)
        table.edge(-1)
        table.due(payments)
    except DateError as error:
        name, given = ("start", start) if first in (None, start) else ("first_payment", first)
        raise DateError(name, str(given), error.expected, error.mend) from error
    return table
