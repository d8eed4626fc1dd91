"""What stands against the cost of a credit: caps that it breaks, charges deducted in advance."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from repaylib.errors import RepayError
from repaylib.measures.caps.cap import Cap
from repaylib.measures.caps.cap_reports import cap_report
from repaylib.measures.cash_flows import FlowsLike
from repaylib.measures.credit_costs import costs
from repaylib.money.amounts import NO_CURRENCY
from repaylib.rates.rate import rounded_percent, short_percent
from repaylib.schedule.schedule import Schedule
from repaylib.wording.sentence import Money, Sentence

__all__ = ["broken_caps", "deducted_in_advance", "effective_rate", "in_currency"]


def broken_caps(flows: FlowsLike, cap: Cap) -> Iterator[Sentence]:
    """Return what a cap says against a credit.

    Raises
    ------
    RepayError
        If it cannot be measured, such as a cap that does not hold on the day of the contract.
    """
    for test in cap_report(flows, cap):
        if not test.ok:
            value, limit = (short_percent(Fraction(share), 2) for share in (test.value, test.limit))
            yield Sentence("object_cap", name=cap.called, value=value, limit=limit)


def effective_rate(flows: FlowsLike, cap: Cap) -> Iterator[Sentence]:
    """Return the effective annual rate of what is offered, by the rule of the country of a cap."""
    if cap.measure in ("nominal", "effective"):
        try:
            (test,) = cap_report(flows, cap, measure="effective")
        except RepayError:
            return
        yield Sentence("object_offer_rate", rate=rounded_percent(test.value, 2))


def deducted_in_advance(plan: Schedule) -> Iterator[Sentence]:
    """Return what the law of China says against fees that are deducted from what is paid out."""
    charges = [charge for charge in plan.fee_charges if charge.fee.collected == "deducted"]
    if charges:
        amount = plan.loan.money(sum(charge.amount + charge.tax for charge in charges))
        received = in_currency(costs(plan).received, plan.loan.currency)
        deducted = in_currency(amount, plan.loan.currency)
        yield Sentence("object_deducted", amount=deducted, received=received)


def in_currency(amount: Decimal, currency: str) -> Money:
    """Return an amount with its currency, if that is known."""
    return Money(amount, "" if currency == NO_CURRENCY else currency)
