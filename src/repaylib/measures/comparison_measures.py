"""The fixed rows by which plans are compared, the same for every plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from repaylib.errors import RepayError
from repaylib.measures.annual_rates.apr_value import apr
from repaylib.measures.break_even import Divergence
from repaylib.measures.credit_costs import costs
from repaylib.measures.modification import EBA_MARK, IFRS_MARK, Valuation
from repaylib.money.amounts import add
from repaylib.money.rounding import round_fraction
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.settlement import settle
from repaylib.wording.sentence import Sentence

__all__ = ["ROWS", "PlanMeasures", "cells", "measure"]


@dataclass(frozen=True, slots=True)
class PlanMeasures:
    """One plan of a comparison, by the fixed rows. Amounts are in major units.

    What cannot be said is ``None``: what depends on an affordable amount where none was given, a
    present value of different loans, a rate that no flows fit.

    Attributes
    ----------
    name
        The name of the plan.
    still_to_pay
        What is paid out of pocket from the day on which the plans part, as in
        :class:`~repaylib.measures.ComparedPlan`.
    extra
        What that is more than for the first plan, less what more is received.
    interest
        Interest from then on; not arrears added to the loan.
    fees
        Fees from then on, financed ones too, less what comes back of them.
    first_payment
        The first of the payments in `still_to_pay`.
    largest
        The largest of them.
    payments
        How many they are.
    maturity
        The day of the last.
    shortfall
        By how much the largest is above the affordable amount; 0 if none is.
    first_shortfall
        The day of the first payment above it.
    present_value
        What is still to pay, discounted to the day on which the plans part at the effective rate of the
        first plan.
    present_value_change
        By how much that differs from the first plan's, as a share.
    within_eba
        Whether at most 1 % of it is lost (EBA).
    substantial
        Whether it differs by 10 % or more (IFRS 9).
    nominal
        The rate of the whole plan, from the start: of a period times the periods of a year.
    effective
        The same a year, with interest on interest.
    interest_on_interest
        Interest on interest that joined the principal.
    paid_if_settled
        What is paid in all, as `still_to_pay`, if the plan is settled after `settled_after` payments.
    settled_after
        How many payments those are.
    """

    name: str
    still_to_pay: Decimal
    extra: Decimal
    interest: Decimal
    fees: Decimal
    first_payment: Decimal
    largest: Decimal
    payments: int
    maturity: date
    shortfall: Decimal | None
    first_shortfall: date | None
    present_value: Decimal | None
    present_value_change: Decimal | None
    within_eba: bool | None
    substantial: bool | None
    nominal: Decimal | None
    effective: Decimal | None
    interest_on_interest: Decimal
    paid_if_settled: Decimal | None
    settled_after: int


def measure(
    plans: Mapping[str, Schedule],
    divergence: Divergence,
    affordable: Decimal | None,
    settled_after: int,
) -> tuple[PlanMeasures, ...]:
    """Measure plans against the first of them."""
    first = next(iter(plans.values()))
    alike = all(plan.loan == first.loan for plan in plans.values())
    valuation: Valuation | None = None
    if alike:
        try:
            valuation = Valuation(first, divergence.day)
        except RepayError:
            valuation = None
    return tuple(
        _measured(name, plan, first, divergence, affordable, settled_after, valuation)
        for name, plan in plans.items()
    )


def _measured(
    name: str,
    plan: Schedule,
    first: Schedule,
    divergence: Divergence,
    affordable: Decimal | None,
    settled_after: int,
    valuation: Valuation | None,
) -> PlanMeasures:
    money = plan.loan.money
    left = divergence.paid(plan)
    interest = divergence.total(plan, "interest", "deferred_interest")
    fees = divergence.total(plan, "fee", "penalty") - divergence.total(plan, "refund")
    limit = None if affordable is None else plan.loan.minor(affordable, "affordable", least=0)
    over = [(day, minor) for day, minor in left if limit is not None and minor > limit]
    largest = max((minor for _, minor in left), default=0)
    value, change = _present_value(plan, first, valuation)
    rate = _or_none(lambda: apr(plan, rule="cn_irr"))
    return PlanMeasures(
        name=name,
        still_to_pay=money(sum(minor for _, minor in left)),
        extra=money(divergence.cost(plan) - divergence.cost(first)),
        interest=money(interest - divergence.total(plan, "cleared_interest")),
        fees=money(fees - divergence.total(plan, "cleared_charges")),
        first_payment=money(left[0][1] if left else 0),
        largest=money(largest),
        payments=len(left),
        maturity=plan.maturity,
        shortfall=None if limit is None else money(max(0, largest - limit)),
        first_shortfall=over[0][0] if over else None,
        present_value=None if value is None else money(round_fraction(value, plan.loan.rounding)),
        present_value_change=None
        if change is None
        else Decimal(f"{round_fraction(change * 10**8, 'half_up')}E-8"),
        within_eba=None if change is None else -change <= EBA_MARK,
        substantial=None if change is None else abs(change) >= IFRS_MARK,
        nominal=None if rate is None else rate.nominal,
        effective=None if rate is None else rate.effective,
        interest_on_interest=costs(plan).interest_on_interest,
        paid_if_settled=_if_settled(plan, left, settled_after),
        settled_after=settled_after,
    )


def _present_value(
    plan: Schedule, first: Schedule, valuation: Valuation | None
) -> tuple[Fraction | None, Fraction | None]:
    if valuation is None:
        return None, None
    value, base = valuation.of(plan), valuation.of(first)
    return value, (value - base) / base if base else None


def _if_settled(plan: Schedule, left: Sequence[tuple[date, int]], after: int) -> Decimal | None:
    """Return the sum paid if the plan is settled after so many payments, by the actuarial method."""
    paid = [minor for _, minor in left[:after]]
    total = plan.loan.money(sum(paid))
    if after >= len(left):
        return total
    day = left[after - 1][0]
    return _or_none(lambda: add(total, settle(plan, on=day).total))


_T = TypeVar("_T")


def _or_none(make: Callable[[], _T]) -> _T | None:
    try:
        return make()
    except RepayError:
        return None


#: The rows; what each is called is in ``wording``.
ROWS = (
    *("still_to_pay", "extra", "interest", "fees", "first_payment", "largest", "payments"),
    *("maturity", "shortfall", "first_shortfall", "present_value", "present_value_change"),
    *("within_eba", "substantial", "nominal", "effective", "interest_on_interest"),
    "paid_if_settled",
)


def cells(plan: PlanMeasures) -> list[object]:
    """Return the rows of a plan; an unknown value is a dash."""
    return [_shown(field, getattr(plan, field)) for field in ROWS]


def _shown(field: str, value: Any) -> object:
    if value is None:
        return "-"
    match field:
        case "within_eba" | "substantial":
            return Sentence(f"mark.{field}.{'yes' if value else 'no'}")
        case "nominal" | "effective":
            return f"{_rounded(value, 4)} %"
        case "present_value_change":
            return f"{_rounded(value, 5, sign=True)} %"
        case "extra":
            return f"{value:+,f}" if value else f"{value:,f}"
    return f"{value:,f}" if isinstance(value, Decimal) else str(value)


def _rounded(share: Decimal, places: int, *, sign: bool = False) -> str:
    """Return a share in per cent, with two decimals fewer than `places`."""
    whole = round_fraction(Fraction(share) * 10**places, "half_up")
    percent = Decimal(f"{whole}E{2 - places}")
    return f"{percent:+,f}" if sign and whole else f"{percent:,f}"
