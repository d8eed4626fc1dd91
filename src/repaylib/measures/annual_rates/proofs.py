"""The proof of an annual percentage rate: each flow with its time, and what it is worth at the rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from repaylib.dates.frequency import units_of
from repaylib.dates.unit_periods import unit_of
from repaylib.measures.annual_rates.periods import AnnualRate
from repaylib.measures.annual_rates.rate_rule import RateRule
from repaylib.measures.credit import Credit
from repaylib.money.amounts import to_decimal
from repaylib.money.rounding import round_fraction
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table, TableOf, heads
from repaylib.wording.sentence import Name, Sentence

__all__ = ["AprFlow", "AprProof", "RateRequest", "irregular", "proof_of"]


class RateRequest(NamedTuple):
    """What the rate was asked of: the credit, the period and the days of a year."""

    credit: Credit
    period: str | None
    year_days: object


@dataclass(frozen=True, slots=True)
class AprFlow:
    """A flow in the equation of an annual percentage rate.

    Attributes
    ----------
    date
        Its day.
    amount
        What is paid, in major units; below zero what is lent.
    time
        When it flows, as the rule counts: ``"2/12 + 22/365"`` of a year, ``"1 + 19/30"`` unit-periods.
    value
        What the equation makes of it: its present value at the rate; under rules of simple interest
        the balance after it; under ``"ca_cost"`` the principal before it.
    """

    date: date
    amount: Decimal
    time: str
    value: Decimal


class AprProof(Tabular, TableOf[AprFlow]):
    """The proof of an annual percentage rate, flow by flow; prints as a table.

    Attributes
    ----------
    total
        What the values come to: zero for present values, but for what is left of the twelfth digit;
        the last balance; the average principal.
    """

    rows: tuple[AprFlow, ...]
    total: Decimal

    def __init__(
        self, flows: Sequence[AprFlow], total: Decimal, proves: str, period: str, described: Name
    ) -> None:
        self._store(
            rows=tuple(flows), total=total, _proves=proves, _period=period, _described=described
        )

    _proves: str
    _period: str
    _described: Name

    @property
    def caption(self) -> str:
        """The rate, and the unit in which time is counted."""
        return str(self._caption)

    @property
    def _caption(self) -> Sentence:
        period = _period_sentence(self._period)
        return Sentence(f"apr_proof.{self._proves}", rate=self._described, period=period)

    def _table(self) -> Table:
        header = heads(["date", "amount", "time", self._proves])
        rows = [
            [f"{row.date}", f"{row.amount:,f}", row.time, f"{row.value:,f}"] for row in self.rows
        ]
        footer = [Sentence(f"apr_proof.total.{self._proves}"), "", "", f"{self.total:,f}"]
        return Table(header, rows, footer, 1, self._caption, above=[self._caption, ""])

    def __repr__(self) -> str:
        return f"<AprProof: {len(self)} flows, {self.total:,f}>"

    def _data(self) -> dict[str, list[Any]]:
        names = [each.name for each in fields(AprFlow)]
        return {name: [getattr(row, name) for row in self.rows] for name in names}


def proof_of(law: RateRule, asked: RateRequest, found: AnnualRate, described: Name) -> AprProof:
    """Return the proof of a rate that was found by a rule."""
    credit = asked.credit
    rows = law.proof(credit, asked.period, asked.year_days, found) if credit.days else []

    def money(amount: Fraction) -> Decimal:
        if credit.schedule is not None:
            return to_decimal(round_fraction(amount, "half_up"), credit.decimals)
        scale = Fraction(10) ** max(2 - credit.decimals, 0)
        return to_decimal(round_fraction(amount * scale, "half_up"), max(2, credit.decimals))

    total = sum((row.value * row.weight for row in rows), Fraction(0))
    if law.proves == "balance":
        total = rows[-1].value if rows else total
    elif law.proves == "principal":
        total /= sum(row.weight for row in rows) or 1
    flows = [
        AprFlow(row.date, money(Fraction(row.amount)), row.time, money(row.value)) for row in rows
    ]
    period = "year" if law.in_years else found.period
    return AprProof(flows, money(total), law.proves, period, described)


def _period_sentence(period: str) -> Sentence:
    """Return a period as it follows "in parts of".

    Examples
    --------
    >>> [str(_period_sentence(period)) for period in ("month", "half month", "2 weeks", "1/7 of a year")]
    ['a month', 'half a month', '2 weeks', '1/7 of a year']
    """
    share, of, _ = period.partition(" of a year")
    if of:
        return Sentence("apr_period.share", share=share)
    for unit, count in units_of(period).items():
        if period != unit:
            return Sentence(f"unit.{unit}", count=count)
    return Sentence(f"apr_period.{period.replace(' ', '_')}")


def irregular(credit: Credit) -> bool:
    """Return whether a credit is irregular by 12 CFR 1026.22(a)(3).

    It has several advances, or payments that are not equal or not at equal intervals. An odd first
    period, first payment or last payment does not count.
    """
    days = [day for day, amount in zip(credit.days, credit.amounts, strict=True) if amount > 0]
    amounts = [amount for amount in credit.amounts if amount > 0]
    if sum(amount < 0 for amount in credit.amounts) > 1 or len(set(amounts[1:-1])) > 1:
        return True
    if len(days) < 3:
        return False
    unit = unit_of(days, single=False)
    return any(unit.elapsed(start, end) != (1, Fraction(0)) for start, end in pairwise(days))
