"""A credit held against legal caps, each by its own measure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import accumulate, pairwise

from repaylib.dates.days import parse_date
from repaylib.errors import Phrase, TermsError, check_word, parse_list
from repaylib.measures.annual_rates.apr_value import apr_of
from repaylib.measures.annual_rates.known_rules import RULES
from repaylib.measures.caps.cap import Cap, CapReport, CapTest
from repaylib.measures.caps.cap_grounds import Burden, Rated
from repaylib.measures.caps.known_caps import known_caps
from repaylib.measures.cash_flows import FlowsLike, periods_of
from repaylib.measures.credit import Credit, as_repaid, parse_credit
from repaylib.measures.credit_costs import costs
from repaylib.money.amounts import NO_CURRENCY, add, to_decimal
from repaylib.money.rounding import round_significant
from repaylib.schedule.fee_charges import fees_known
from repaylib.schedule.schedule import Schedule
from repaylib.terms.fees import Fee
from repaylib.typing import AprRule, CapMeasure, DateLike

__all__ = ["cap_report"]

#: Whose caps a currency means, if it is that of one country.
COUNTRIES = {"CNY": "CN", "GBP": "GB", "USD": "US"}

#: How the rate of a country's cap is computed; else by the periods of the loan, as for ``"cn_irr"``.
COUNTRY_RULES: dict[str, AprRule] = {
    "AU": "au_comparison",
    "CA": "ca_criminal",
    "EU": "eu",
    "GB": "uk",
    "HK": "hk_npv",
    "JP": "jp_real",
    "NL": "eu",
    "RU": "ru_psk",
    "US": "reg_z",
}


def cap_report(
    flows: FlowsLike,
    caps: Cap | Iterable[Cap] | None = None,
    *,
    on: DateLike | None = None,
    measure: CapMeasure | None = None,
) -> CapReport:
    """Hold a credit against legal caps.

    Parameters
    ----------
    flows
        A schedule, a loan, a settlement (the credit as it really ran), or pairs of a day and an
        amount, as for :func:`~repaylib.apr`.
    caps
        :class:`~repaylib.measures.Cap` values, your own or of :func:`~repaylib.measures.known_caps`; by default those known for the
        country whose currency the loan has, CNY, GBP or USD, that hold on the day. For other
        currencies, none, and flows alone they are to be given.
    on
        The day of the contract; by default that of the first advance.
    measure
        Measure every yearly cap so, ``"nominal"``, ``"effective"`` or ``"simple"``, whatever it
        says itself.

    Returns
    -------
    CapReport
        One :class:`~repaylib.measures.CapTest` for each cap: value, limit, measure, whether it is kept, and the
        excess in money. It prints well; ``report.ok`` is whether all are kept.

    Raises
    ------
    RepayError
        If a cap does not hold on the day, or needs balances that plain flows have not; if none
        are given, and no country follows from a currency.

    Notes
    -----
    The excess over a yearly cap is what the credit is worth to the lender at the limit, on the day
    of the advance: so much less should have been charged then. That over a daily or total cap, or
    one on simple cost, is the cost above the limit. What the rounding of each payment to the cent
    may account for, half a cent a payment, is none: 12 % is within a limit of 12 %, though the cents
    make it 12.0001 %.

    Nominal and effective rates are those of :func:`~repaylib.apr` by the rule of the country of the cap, such
    as ``"reg_z"`` for the United States; of a country without one, the internal rate of return by period.

    Examples
    --------
    A flat charge of 1.1 % a month is below 24 % or above, by what is measured:

    >>> import repaylib as rp
    >>> flat = rp.Loan("10000", "13.2%", 12, "2026-01-10", method="flat", currency="CNY")
    >>> limit = rp.measures.Cap("licensed lenders", "24%")
    >>> for measure in ("nominal", "effective"):
    ...     print(rp.measures.cap_report(flat, limit, measure=measure))
    cap               measure  includes   value   limit  kept  excess
    ----------------  -------  --------  ------  ------  ----  ------
    licensed lenders  nominal  all-in    23.53%  24.00%   yes    0.00
    (caps for a contract of 2026-01-10; a cap on one measure says nothing of another)
    cap               measure    includes   value   limit  kept  excess
    ----------------  ---------  --------  ------  ------  ----  ------
    licensed lenders  effective  all-in    26.24%  24.00%    no   94.25
    (caps for a contract of 2026-01-10; a cap on one measure says nothing of another)
    """
    credit = parse_credit(flows)
    day = credit.start if on is None else parse_date(on, "on")
    yearly: tuple[CapMeasure, ...] = ("nominal", "effective", "simple")
    asked = None if measure is None else check_word("measure", measure, yearly)
    tests = []
    for cap in _chosen(caps, credit, day):
        wanted: CapMeasure = asked if asked and cap.measure in yearly else cap.measure
        tests.append(_tested(flows, cap, cap.limit_on(day), wanted))
    return CapReport(tests, day)


def _chosen(caps: Cap | Iterable[Cap] | None, credit: Credit, day: date) -> tuple[Cap, ...]:
    if caps is not None:
        return parse_list(caps, "caps", Cap, Phrase("write {}", 'rp.measures.Cap("...", "24%")'))
    currency = credit.schedule.loan.currency if credit.schedule else NO_CURRENCY
    if currency not in COUNTRIES:
        raise TermsError(
            "caps",
            caps,
            "the caps of a country; none follows from amounts without a currency"
            if currency == NO_CURRENCY
            else Phrase("the caps of a country; none follows from amounts of {}", currency),
            'write such as caps=rp.measures.known_caps("NL", on="2024-01-10"), or rp.measures.Cap("...", "24%")',
        )
    return known_caps(COUNTRIES[currency], on=day)


def _tested(flows: FlowsLike, cap: Cap, limit: Fraction, measure: CapMeasure) -> CapTest:
    without: tuple[Fee, ...] = ()
    plan = parse_credit(flows).schedule
    if cap.includes == "interest":
        if plan is None:
            raise TermsError(
                "caps",
                cap.name,
                "one on all costs with flows alone, which do not tell interest from fees",
                "give the schedule",
            )
        without = fees_known(plan)
    credit = as_repaid(parse_credit(flows, without=without))
    if measure in ("nominal", "effective"):
        rule = COUNTRY_RULES.get(cap.country, "cn_irr")
        rate = apr_of(credit, rule)
        value = Fraction(rate.nominal if measure == "nominal" else rate.effective)
        grounds: Rated | Burden = Rated(credit, rule, value, measure == "effective")
        over = RULES[rule].present_value(credit, limit, effective=measure == "effective")
        excess = to_decimal(_beyond_cents(over, credit), credit.decimals if plan else 2)
    else:
        if plan is None:
            raise TermsError(
                "caps",
                cap.name,
                Phrase("a schedule, whose balances a {} cap needs", measure),
                "give the schedule, or another measure",
            )
        grounds = found = _by_balance(plan, measure, interest_only=cap.includes == "interest")
        value, over = found.against(limit)
        excess = plan.loan.money(_beyond_cents(over, credit))
    return CapTest(
        cap,
        round_significant(value, 12),
        round_significant(limit, 12),
        measure,
        cap.includes,
        not excess,
        excess,
        grounds,
    )


def _beyond_cents(over: int, credit: Credit) -> int:
    """Return an excess in minor units, zero if the rounding of each payment may account for it."""
    payments = sum(amount > 0 for amount in credit.amounts)
    return over if 2 * over > payments else 0


def _by_balance(plan: Schedule, measure: CapMeasure, *, interest_only: bool) -> Burden:
    scale = 10**plan.loan.decimals
    sums = costs(plan)
    charged = sums.interest if interest_only else add(sums.total_cost, sums.forgiven)
    whole = Fraction(charged) * scale
    if measure == "total":
        lent = (whole, Fraction(sums.received) * scale)
        return Burden((lent,), measure, plan.loan.decimals)
    columns, accrual_days = plan.columns, plan.accrual_dates.tolist()
    names = ("interest",) if interest_only else ("interest", "fee", "penalty", "tax")
    rows = [columns[name].tolist() for name in (*names, "deferred_interest")]
    back = (
        ("cleared_interest",)
        if interest_only
        else ("cleared_interest", "cleared_charges", "refund")
    )
    returned = [columns[name].tolist() for name in back]
    by_row = [
        sum(amounts) - sum(less)
        for amounts, less in zip(zip(*rows, strict=True), zip(*returned, strict=True), strict=True)
    ]
    overdue = [sum(plan.ledger.at_start.values()), *accumulate(columns["arrears"].tolist())]
    days = [plan.loan.start, *accrual_days]
    if measure == "simple":
        if plan.loan.timetable.share is None:
            lengths = [Fraction((end - start).days, 365) for start, end in pairwise(days)]
        else:
            passed = periods_of(plan, accrual_days, columns["number"].tolist())
            period_length = plan.loan.timetable.period_length
            lengths = [
                period_length * (end - start) for start, end in pairwise([Fraction(0), *passed])
            ]
    else:
        lengths = [Fraction((end - start).days) for start, end in pairwise(days)]
    cost, base, points = Fraction(0), Fraction(0), []
    for opening, arrears, length, amount in zip(
        columns["opening"].tolist(), overdue, lengths, by_row, strict=False
    ):
        base += (opening + arrears) * length
        cost += amount
        points.append((cost, base))
    kept = points[-1:] if measure == "simple" else points
    return Burden(tuple(kept), measure, plan.loan.decimals)
