"""Certificates of results that stand on two schedules, such as a quote: sums over their rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from repaylib.money.amounts import minor_of
from repaylib.output.certificates import Certificate, digits
from repaylib.schedule.certificate import content_of
from repaylib.schedule.schedule import Schedule

if TYPE_CHECKING:
    from repaylib.schedule.settlement import Settlement

__all__ = ["apart", "certify_quote", "change_to", "texts", "total_of"]

#: The figures of a quote, and those of them that are the change of a column.
FIGURES = (
    *("principal", "interest", "deferred_interest", "arrears", "fee", "penalty", "later_fees"),
    *("tax", "refund", "rebate", "total"),
)
CHANGES = ("principal", "interest", "deferred_interest", "fee", "penalty", "tax", "refund")


def total_of(
    plan: Schedule, column: str, *, first: date = date.min, last: date = date.max
) -> int:
    """Return the sum of a column, in minor units, over rows whose interest runs up to some days."""
    values = zip(plan.accrual_dates.tolist(), plan.columns[column].tolist(), strict=True)
    return sum(value for day, value in values if first <= day <= last)


def change_to(before: Schedule, after: Schedule, last: date) -> dict[str, int]:
    """Return how much more the columns of one schedule are than those of another, up to a day."""
    return {
        name: total_of(after, name, last=last) - total_of(before, name, last=last)
        for name in CHANGES
    }


def texts(amounts: Mapping[str, int]) -> dict[str, str]:
    """Return amounts other than 0 as text."""
    return {name: digits(amount) for name, amount in amounts.items() if amount}


def apart(amounts: Mapping[str, int], follow: Mapping[str, int]) -> dict[str, str]:
    """Return by how much amounts are more than what follows from rows: they are only stated."""
    return texts({name: amounts.get(name, 0) - follow[name] for name in follow})


def certify_quote(quote: Settlement) -> Certificate:
    """Return the certificate of a settlement quote."""
    before, after, on = quote.before, quote.schedule, quote.on
    amounts = {name: minor_of(getattr(quote, name), before.loan.decimals) for name in FIGURES}
    follow = change_to(before, after, on)
    paid = amounts | {"fee": amounts["fee"] + amounts["later_fees"]}
    later = on + timedelta(days=1)
    signs = {"payment": 1, "tax": -1, "penalty": -1, "fee": -(quote.method != "uk_2004")}
    follow["rebate"] = sum(
        sign * (total_of(before, name, first=later) - total_of(after, name, first=later))
        for name, sign in signs.items()
    ) - sum(amounts[name] for name in ("principal", "interest", "deferred_interest"))
    content: dict[str, Any] = {
        "on": str(on),
        "requested": str(quote.requested),
        "method": quote.method,
        "before": content_of(before),
        "after": content_of(after),
        "amounts": {name: digits(amount) for name, amount in amounts.items()},
        "apart": apart(paid, follow),
    }
    return Certificate("quote", content)
