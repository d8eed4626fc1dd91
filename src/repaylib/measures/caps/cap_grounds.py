"""What a credit is measured by against a cap, kept so that the figures can be derived when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from repaylib.measures.annual_rates.known_rules import RULES
from repaylib.measures.credit import Credit
from repaylib.money.amounts import to_decimal
from repaylib.money.rounding import round_fraction, round_significant
from repaylib.rates.rate import percent
from repaylib.schedule.figures import (
    Figure,
    ValuedFlow,
    amount_text,
    quotient,
    short,
    sum_figure,
    worth_figure,
    worth_of,
)
from repaylib.typing import AprRule
from repaylib.wording.sentence import Sentence

__all__ = ["Burden", "Rated"]

VALUE, EXCESS = Sentence("column.value"), Sentence("column.excess")


@dataclass(frozen=True, slots=True)
class Rated:
    """A credit whose rate is measured by the rule of a country.

    Attributes
    ----------
    credit
        Its flows.
    rule
        The rule.
    rate
        What was found, per year.
    effective
        Whether the rate has interest on interest.
    """

    credit: Credit
    rule: AprRule
    rate: Fraction
    effective: bool

    def figures(self, value: Decimal, limit: Fraction, excess: Decimal) -> list[Figure]:
        """Derive the value, and what is charged beyond the limit."""
        solved = Figure(VALUE, value, Sentence("cap.solved"), in_percent=True)
        over = self._worth(limit)
        return [solved, self._worth(self.rate), over, _excess(over, excess)]

    def _worth(self, rate: Fraction) -> Figure:
        """Return what the flows are worth at a rate."""
        credit, flows = self.credit, []
        decimals, scale = credit.decimals if credit.schedule else 2, 10**credit.decimals
        for row in RULES[self.rule].worths(credit, rate, effective=self.effective):
            if amount := Fraction(row.amount):
                money = round_significant(amount / scale, 28)
                if credit.schedule:
                    money = to_decimal(int(amount), decimals)
                factor = row.value / amount
                flows.append(ValuedFlow(row.date, row.date, money, time=row.time, factor=factor))
        value = to_decimal(round_fraction(worth_of(flows) * 10**decimals, "half_even"), decimals)
        label = Sentence("cap.worth_at", rate=short(percent(rate)))
        return worth_figure(label, value, flows, "half_even")


@dataclass(frozen=True, slots=True)
class Burden:
    """Costs, in minor units, over what they are a share of, up to each of some days."""

    points: tuple[tuple[Fraction, Fraction], ...]
    measure: str
    decimals: int

    def against(self, limit: Fraction) -> tuple[Fraction, int]:
        """Return the highest share, and the most that is charged beyond a limit."""
        value = max((cost / base for cost, base in self.points if base > 0), default=Fraction(0))
        over = max((cost - limit * base for cost, base in self.points), default=Fraction(0))
        return value, -(-over.numerator // over.denominator)

    def figures(self, value: Decimal, limit: Fraction, excess: Decimal) -> list[Figure]:
        """Derive the value, and what is charged beyond the limit."""
        scale, figures = 10**self.decimals, []
        bearing = [point for point in self.points if point[1] > 0]
        of = Sentence("cap.cost"), Sentence(f"cap.over.{self.measure}")
        if bearing:
            cost, base = max(bearing, key=lambda point: point[0] / point[1])
            figures.append(quotient(VALUE, value, (cost / scale, base / scale), of, "half_even"))
        if self.points:
            cost, base = max(self.points, key=lambda point: point[0] - limit * point[1])
            figures.append(self._over(cost / scale, base / scale, limit))
            figures.append(_excess(figures[-1], excess))
        return figures

    def _over(self, cost: Fraction, base: Fraction, limit: Fraction) -> Figure:
        """Return the cost above the limit, rounded up."""
        exact = cost - limit * base
        value = to_decimal(round_fraction(exact * 10**self.decimals, "ceiling"), self.decimals)
        slots = {"cost": amount_text(cost), "base": amount_text(base), "of": Sentence("cap.cost")}
        over = Sentence(f"cap.over.{self.measure}")
        derived = Sentence("cap.beyond", limit=short(percent(limit)), over=over, **slots)
        return Figure(Sentence("cap.above"), value, derived, exact=exact, rounding="ceiling")


def _excess(over: Figure, excess: Decimal) -> Figure:
    """Return the excess; what the rounding of each payment may account for is none."""
    if excess:
        return sum_figure(EXCESS, excess, [(over.label, over.value)])
    key = "cap.within_cents" if over.value > 0 else "cap.within"
    return Figure(EXCESS, excess, Sentence(key))
