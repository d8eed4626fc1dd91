"""Interest by the model beside interest recorded, for real loans that were repaid in full."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

import repaylib as rp
from repaylib.output.page import text_table
from repaylib.typing import DayCount

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "Closed",
    "closed_loans",
    "draw",
    "groups",
    "model_interest",
    "plan_of",
    "quantile",
    "table",
]

VECTORS = Path(__file__).resolve().parent.parent / "tests" / "vectors"
SHARES = (0, 10, 25, 50, 75, 90, 100)


class Closed(NamedTuple):
    """A loan that was repaid in full: its schedule, the day, and interest by both accounts."""

    number: str
    plan: rp.Schedule
    closed: date
    model: Decimal
    recorded: Decimal

    @property
    def difference(self) -> Decimal:
        """What was recorded beyond the model."""
        return self.recorded - self.model


def plan_of(terms: Mapping[str, str], day_count: DayCount) -> rp.Schedule:
    """Return the schedule of the terms: level instalments, monthly, the first after a month."""
    loan = rp.Loan(
        terms["principal"],
        Decimal(terms["annual_rate"]),
        int(terms["payments"]),
        terms["origination_date"],
        currency="USD",
        day_count=day_count,
    )
    return rp.amortise(loan)


def model_interest(plan: rp.Schedule, closed: date) -> Decimal:
    """Return the interest if all was paid on time up to a day, and the rest on it."""
    if closed >= plan.maturity:
        return plan.total_interest
    return rp.settle(plan, on=closed).schedule.total_interest


def closed_loans(day_count: DayCount = "actual/365") -> list[Closed]:
    """Return the loans that were completed with nothing lost."""
    terms = {row["loan_number"]: row for row in _rows("prosper.csv")}
    found = []
    for row in _rows("prosper_closed.csv"):
        plan = plan_of(terms[row["loan_number"]], day_count)
        closed = date.fromisoformat(row["closed_date"])
        recorded = Decimal(row["interest_and_fees_paid"])
        model = model_interest(plan, closed)
        found.append(Closed(row["loan_number"], plan, closed, model, recorded))
    return found


def groups(loans: Sequence[Closed]) -> dict[str, list[Closed]]:
    """Return the loans by when they were closed: before, on or after the last due date."""
    return {
        "all": list(loans),
        "before the last due date": [each for each in loans if each.closed < each.plan.maturity],
        "on it": [each for each in loans if each.closed == each.plan.maturity],
        "after it": [each for each in loans if each.closed > each.plan.maturity],
    }


def quantile(values: Sequence[Decimal], share: int) -> Decimal:
    """Return the smallest value that so many per cent of the values do not exceed."""
    rank = -(-len(values) * share // 100)
    return sorted(values)[max(0, rank - 1)]


def table(loans: Sequence[Closed]) -> str:
    """Return the quantiles of the difference, by when the loans were closed."""
    rows = []
    for name, some in groups(loans).items():
        values = [each.difference for each in some]
        cells = [f"{quantile(values, share):,.2f}" for share in SHARES]
        rows.append([name, str(len(some)), *cells])
    header = ["closed", "loans", "least", *(f"{share} %" for share in SHARES[1:-1]), "most"]
    return text_table(header, rows)


def draw() -> Axes:
    """Draw how many loans differ by how much."""
    from matplotlib import pyplot

    loans = closed_loans()
    edges = np.array([-np.inf, -100, -50, -20, -10, -5, -1, 1, 5, 10, 20, 50, 100, np.inf])
    axes = pyplot.subplots(figsize=(8, 3.6), layout="constrained")[1]
    bottom = np.zeros(len(edges) - 1)
    colours = ("#0072b2", "#e69f00", "#d55e00")
    for (name, some), colour in zip(list(groups(loans).items())[1:], colours, strict=True):
        height = np.histogram([float(each.difference) for each in some], edges)[0]
        axes.bar(np.arange(len(height)), height, 0.9, bottom=bottom, color=colour, label=name)
        bottom += height
    labels = [f"{edge:,.0f}" for edge in edges[1:-1]]
    axes.set_xticks(np.arange(len(labels)) + 0.5, labels)
    axes.set_xlabel("recorded interest and fees less the model's interest, USD")
    axes.set_title("Loans by difference, and by the day on which they were closed", loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    return axes


def _rows(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))
