"""The annual percentage rate of a credit, by the rule of a country."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from repaylib.dates.unit_periods import COUNTED_IN, Unit
from repaylib.errors import AmountError, TermsError, check_word
from repaylib.measures.apr_cn import cn_apr, periods_to
from repaylib.measures.apr_eu import TIMES, eu_apr, years_to
from repaylib.measures.apr_us import discounted, reg_z_apr, us_rule_apr
from repaylib.measures.apr_value import Apr, compounding, rule_for
from repaylib.measures.cash_flows import FlowsLike, equation
from repaylib.measures.credit import Credit, chosen, parse_credit
from repaylib.money.amounts import NO_CURRENCY, parse_amount
from repaylib.money.rounding import significant
from repaylib.rates.rate import Rate
from repaylib.rates.root_finding import Roots
from repaylib.terms.fees import Fee
from repaylib.typing import Amount, AprRule

__all__ = ["apr", "apr_of", "worth_at"]

UNITS: dict[str, Unit] = {
    "day": Unit(1, "day"),
    "week": Unit(1, "week"),
    "2 weeks": Unit(2, "week"),
    "4 weeks": Unit(4, "week"),
    "half_month": Unit(1, "half month"),
    "month": Unit(1, "month"),
    "2 months": Unit(2, "month"),
    "quarter": Unit(3, "month"),
    "half_year": Unit(6, "month"),
    "year": Unit(12, "month"),
}


def apr(
    flows: FlowsLike | None = None,
    rule: AprRule | None = None,
    *,
    advances: FlowsLike | None = None,
    payments: FlowsLike | None = None,
    period: str | None = None,
    year_days: Amount | Fraction | None = None,
    without: Sequence[str | Fee] = (),
) -> Apr:
    r"""Return the annual percentage rate of a credit.

    Parameters
    ----------
    flows
        A schedule, a loan, or a settlement (the credit as it really ran). All fees charged are
        part of its price, and taxes on them and on the interest: fees of the start are taken off
        what is lent, however they are collected. Or pairs of a day and an amount, of which the
        first is what is lent, and what has its sign is lent, too.
    rule
        By default the one that the currency of the loan means: ``"reg_z"`` for USD, ``"uk"`` for
        GBP, ``"cn_irr"`` for CNY, ``"eu"`` for EUR and for BGN, CZK, DKK, HUF, PLN, RON and SEK. For
        other currencies, none, and flows alone it is to be given. The annuity loan of 10,000 at
        12 % over 12 months from 10 January 2024, without fees, is given in brackets.

        ``"reg_z"``
            United States, actuarial method: the rate of a unit-period times the unit-periods of
            a year [12.00 %].
        ``"us_rule"``
            United States Rule: the same with simple interest; what is unpaid of it bears none
            [12.00 %].
        ``"eu"``
            European Union: effective per year; months are equal, days left over are counted
            back [12.7 %].
        ``"uk"``
            United Kingdom: the same, counted forward [12.7 %].
        ``"cn_irr"``
            China, compound (复利): effective, from the internal rate of return of a period
            [12.68 %].
        ``"cn_simple"``
            China, simple (单利): the internal rate of return of a period times the periods of a
            year [12.00 %].
    advances, payments
        Instead of `flows`: what is lent and what is paid, each as pairs of a day and an amount
        above zero. Under ``"eu"`` and ``"uk"`` charges may be paid before the first advance.
    period
        For ``"eu"`` and ``"uk"``, in what time is counted before the days left over: ``"month"``,
        ``"week"``, ``"year"`` or ``"day"``; by default weeks if all flows are whole weeks apart,
        else months. For the others, the unit-period: ``"month"``, ``"half_month"``, ``"week"``,
        ``"2 weeks"``, ``"4 weeks"``, ``"2 months"``, ``"quarter"``, ``"half_year"``, ``"year"``
        or ``"day"``; by default the interval between flows that occurs most often or, of one
        advance and one payment, the term.
    year_days
        For ``"eu"`` and ``"uk"``: the days of a year, if not 365 or 366, such as ``"365.25"``.
    without
        Of a schedule: names or payees of fees that are no part of the price, such as a voluntary
        insurance, or the :class:`~repaylib.Fee` values themselves.

    Returns
    -------
    Apr
        As a share: 0.12 is 12 % a year. It is a ``Decimal``; ``disclosed`` is it rounded as the
        rule has it, ``nominal`` and ``effective`` are both measures.

    Raises
    ------
    RootError
        If no rate fits, or it is near to where two do or none, too close to tell.
    TermsError
        If nothing is lent or paid, or is paid before the advance under a rule that cannot count
        it; if no rule is given, and none follows from a currency.
    RepayError
        If an amount, a day or a word cannot be read.

    Notes
    -----
    Where several rates fit, as they may if money is paid before the first advance or lent again
    later, it is the positive one nearest to 0 or, without one, the negative one nearest to 0. The
    FCA says so (MCOB 10.3.1B); other laws say nothing. A credit without interest and fees has 0.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[rp.Fee("1%", collected="deducted")])
    >>> for rule in ("reg_z", "eu", "cn_simple"):
    ...     print(rp.apr(loan, rule=rule).percent)
    13.91
    14.8
    13.91
    >>> rp.apr(rp.settle(loan, on="2024-07-10"), rule="reg_z").percent
    Decimal('14.60')
    >>> rp.apr(rp.Loan("10000", "12%", 12, "2024-01-10", currency="GBP"))
    Apr('0.126826309005', rule='uk')
    >>> days = [f"1978-{month:02}-10" for month in range(2, 12)]
    >>> rp.apr([("1978-01-10", "-1000"), *[(day, "105") for day in days]], rule="reg_z").percent
    Decimal('10.76')
    """
    credit = parse_credit(flows, advances, payments, without)
    word = rule_for(rule, credit.schedule.loan.currency if credit.schedule else NO_CURRENCY)
    return apr_of(credit, word, period, year_days)


def apr_of(
    credit: Credit,
    word: AprRule,
    period: str | None = None,
    year_days: Amount | Fraction | None = None,
) -> Apr:
    """Return the annual percentage rate of a credit that has been read; see :func:`apr`."""
    if not credit.days:  # what is lent is paid back on the day, without any charge
        return Apr("0", word, Decimal(0), Decimal(0), "day")
    if not any(amount > 0 for amount in credit.amounts):
        chosen(Roots(()), credit)  # refuses it, and says why
    if word in ("eu", "uk"):
        counted_in = None if period is None else check_word("period", period, COUNTED_IN)
        return eu_apr(credit, word, counted_in, _year(year_days))
    if year_days is not None:
        raise TermsError(
            "year_days",
            year_days,
            f'none with rule="{word}", which counts unit-periods',
            "leave it out",
        )
    unit = None if period is None else UNITS[check_word("period", period, UNITS)]
    if word in ("cn_irr", "cn_simple"):
        return cn_apr(credit, word, unit)
    return reg_z_apr(credit, unit) if word == "reg_z" else us_rule_apr(credit, unit)


def worth_at(credit: Credit, rule: AprRule, rate: Fraction, *, effective: bool) -> int:
    """Return what a credit is worth to the lender at a rate, on the day of the first advance.

    Parameters
    ----------
    rate
        Per year, nominal or `effective`.

    Returns
    -------
    int
        In minor units, or in hundredths of what flows are given in.
    """
    places = 0 if credit.schedule else 2
    if rule == "reg_z":
        flows, unit = discounted(credit)
        return flows.worth(_of_period(rate, unit.per_year, effective), places)
    if rule in ("eu", "uk"):
        years, word = years_to(credit, rule)
        if not effective:
            rate = Fraction(compounding(significant(rate, 40), Fraction(TIMES[word])))
        return years.worth(rate, places)
    times, per_year, _ = periods_to(credit)
    return equation(credit.amounts, times).worth(_of_period(rate, per_year, effective), places)


def _of_period(rate: Fraction, per_year: Fraction, effective: bool) -> Fraction:
    if effective:
        rate = Rate(rate, "effective").nominal(1 / per_year)
    return rate / per_year


def _year(days: Amount | Fraction | None) -> Fraction | None:
    if days is None:
        return None
    number = days if isinstance(days, Fraction) else Fraction(parse_amount(days, "year_days"))
    if not 360 <= number <= 366:
        raise AmountError("year_days", days, "from 360 to 366 days", 'write such as "365.25"')
    return number
