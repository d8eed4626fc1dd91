"""The certificate of an annual percentage rate: its flows, their times, and between which rates it lies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from repaylib.errors import Phrase, TermsError
from repaylib.measures.annual_rates.known_rules import RULES
from repaylib.measures.annual_rates.periods import APR_DIGITS
from repaylib.measures.annual_rates.proofs import RateRequest
from repaylib.output.certificates import Certificate, digits, ratio
from repaylib.schedule.certificate import content_of, total_of
from repaylib.schedule.schedule import Schedule

if TYPE_CHECKING:
    from repaylib.measures.annual_rates.apr_value import Apr

__all__ = ["certify"]

Plain = dict[str, Any]


def certify(rate: Apr, asked: RateRequest) -> Certificate:
    """Return the certificate of a rate, of what was asked.

    Raises
    ------
    TermsError
        If the rule discounts no flows, or nothing is lent for a time.
    """
    law, credit = RULES[rate.rule], asked.credit
    if not credit.days:
        raise TermsError(
            "flows",
            [],
            "a credit that is owed for a time, for a certificate",
            "give a loan with later payments",
        )
    powers = law.powers(credit, asked.period, asked.year_days)
    if powers is None:
        raise TermsError(
            "rule",
            rate.rule,
            "a rule that discounts each flow, for a certificate",
            Phrase("write {}", "rp.apr(...).explain()"),
        )
    if Decimal(rate).adjusted() >= APR_DIGITS:
        raise TermsError(
            "flows",
            rate.percent,
            "a rate with decimals, for a certificate",
            Phrase("write {}", "rp.apr(...).explain()"),
        )
    parts = powers.parts or [Fraction(0)] * len(powers.times)
    times = zip(powers.times, parts, strict=True)
    scale = 10 ** (law.decimals + 2)
    content: Plain = {
        "rule": rate.rule,
        "per_year": ratio(powers.per_year),
        "flows": [
            _flow(credit.schedule, day, Fraction(amount), Fraction(time), Fraction(part))
            for day, amount, (time, part) in zip(credit.days, credit.amounts, times, strict=True)
        ],
        "apr": _written(Decimal(rate)),
        "shown": {
            "decimals": digits(law.decimals),
            "rounding": law.rounding,
            "unit": digits(law.step),
            "value": digits(int(Fraction(rate.disclosed) * scale)),
        },
    }
    if credit.schedule is not None:
        content["schedule"] = content_of(credit.schedule)
    return Certificate("apr", content)


def _flow(
    schedule: Schedule | None, day: date, amount: Fraction, time: Fraction, part: Fraction
) -> Plain:
    """Return a flow: when, how much, and by how much it is more than rows of the day have it."""
    plain: Plain = {"date": str(day), "amount": ratio(amount)}
    plain["time"] = ratio(time)
    if part:
        plain["part"] = ratio(part)
    if schedule is not None:
        due = total_of(schedule, "payment", first=day, last=day)
        due -= total_of(schedule, "advanced", first=day, last=day)
        due -= schedule.program.principal * (day == schedule.loan.start)
        if amount != due:
            plain["apart"] = ratio(amount - due)
    return plain


def _written(rate: Decimal) -> str:
    """Return a rate with twelve digits: its last decimal is the last that is proved."""
    places = APR_DIGITS if not rate else APR_DIGITS - 1 - rate.adjusted()
    return f"{rate:.{max(0, places)}f}"
