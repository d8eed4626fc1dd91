"""What stands against an agreement: limits that it breaks, figures that contradict one another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.documents.deal import Deal
from repaylib.documents.facts import share
from repaylib.documents.language import Tongue
from repaylib.errors import RepayError
from repaylib.measures.cap_reports import cap_report
from repaylib.measures.caps import Cap
from repaylib.measures.modification import modification_test
from repaylib.money.amounts import add
from repaylib.negotiation.limits import Limits, extension_limit
from repaylib.rates.step_schedule import Steps
from repaylib.typing import ExtensionRule

__all__ = ["objections_to"]


#: What documents call the sources of the rules for extensions.
_SOURCES: dict[ExtensionRule, str] = {
    "general_rules": "source_general_rules",
    "personal": "source_personal",
}


def objections_to(
    tongue: Tongue,
    deal: Deal,
    limits: Limits | None,
    penalty: Steps[PenaltyTerms] | None,
    dated: date | None,
    *,
    card: bool = False,
    promised: bool | None = None,
) -> tuple[str, ...]:
    """Return in sentences what contradicts limits, the law of its currency, or itself."""
    found = list(_contradictions(tongue, deal, dated))
    found += _of_the_law(tongue, deal, card=card)
    if card and promised is False:
        found.append(tongue.say("object_promise"))
    if limits is not None:
        found += _of_the_end(tongue, deal, limits)
        found += _of_the_price(tongue, deal, limits)
        for cap in limits.caps:
            found += _of_a_cap(tongue, deal, cap, penalty)
    return tuple(found)


def _contradictions(tongue: Tongue, deal: Deal, dated: date | None) -> Iterator[str]:
    money, currency = tongue.money, deal.currency
    if dated is not None and dated > deal.on:
        yield tongue.say("object_day", on=tongue.day(deal.on), dated=tongue.day(dated))
    if not deal.rows:
        return
    stands, opening = deal.statement, deal.rows[0].opening
    if stands is not None and deal.arrangement is None and stands.balances.principal != opening:
        yield tongue.say(
            "object_owed",
            owed=money(stands.balances.principal, currency),
            on=tongue.day(stands.as_of),
            schedule=money(opening, currency),
        )


def _of_the_law(tongue: Tongue, deal: Deal, *, card: bool) -> Iterator[str]:
    """Return what the law of China does not allow; for a card, or an agreement in its currency."""
    if card and (joined := _joined(deal)):
        yield tongue.say("object_card", amount=tongue.money(joined, deal.currency))
    fees = deal.schedule.loan.fees
    if deal.currency == "CNY" and any(fee.collected == "deducted" for fee in fees):
        yield tongue.say("object_deducted")


def _joined(deal: Deal) -> Decimal:
    """Return the fees and penalties that become principal: of the arrears, and those financed."""
    money = deal.schedule.loan.money
    financed = [
        charge.amount + charge.tax
        for charge in deal.schedule.fee_charges
        if charge.fee.collected == "financed"
    ]
    if deal.arrangement is None:
        return money(sum(financed))
    latest = deal.arrangement.latest
    owed = latest.before.balances
    return add(
        money(sum(financed)),
        *(owed.fees,) * (latest.arrears["fee"] == "capitalise"),
        *(owed.penalty, owed.penalty_interest) * (latest.arrears["penalty"] == "capitalise"),
    )


def _of_the_end(tongue: Tongue, deal: Deal, limits: Limits) -> Iterator[str]:
    end = deal.schedule.maturity
    table = deal.schedule.loan.timetable
    if limits.months is not None and end > (latest := table.months_after(deal.on, limits.months)):
        yield tongue.say(
            "object_months",
            end=tongue.day(end),
            months=limits.months,
            on=tongue.day(deal.on),
            latest=tongue.day(latest),
        )
    if limits.latest is not None and end > limits.latest:
        yield tongue.say("object_latest", end=tongue.day(end), latest=tongue.day(limits.latest))
    if limits.extension is not None:
        rule = extension_limit(deal.schedule, limits.extension)
        if end > rule.latest:
            yield tongue.say(
                "object_extension",
                end=tongue.day(end),
                latest=tongue.day(rule.latest),
                source=tongue.say(_SOURCES[rule.rule]),
            )


def _of_the_price(tongue: Tongue, deal: Deal, limits: Limits) -> Iterator[str]:
    for change in deal.schedule.changes[len(deal.before.changes) :]:
        rate = change.rate if isinstance(change, (RateChange, Rescheduling)) else None
        if rate is not None and rate.value < limits.rate.value:
            yield tongue.say("object_rate", rate=share(rate.value), limit=share(limits.rate.value))
    comparable = deal.before.loan == deal.schedule.loan and deal.before != deal.schedule
    if limits.worth_loss is not None and comparable:
        try:
            loss = -modification_test(deal.before, deal.schedule, as_of=deal.on).exact_change
        except RepayError:  # such as a loan that no one effective rate fits
            return
        if loss > limits.worth_loss:
            yield tongue.say("object_worth", loss=share(loss), limit=share(limits.worth_loss))


def _of_a_cap(
    tongue: Tongue, deal: Deal, cap: Cap, penalty: Steps[PenaltyTerms] | None
) -> Iterator[str]:
    try:
        report = cap_report(deal.schedule, cap)
    except RepayError:  # such as a cap that does not hold on the day of the contract
        return
    for test in report:
        if not test.ok:
            value, limit = share(Fraction(test.value), 2), share(Fraction(test.limit), 2)
            yield tongue.say("object_cap", name=tongue.cap(cap), value=value, limit=limit)
    if penalty is None or cap.measure not in ("nominal", "effective", "simple"):
        return
    limit_of_day = cap.limit_on(deal.schedule.loan.start)
    pace = deal.schedule.loan.timetable.pace
    for terms in (penalty.initial, *(each for _, each in penalty.changes)):
        rate = max((terms.rate_over(each, pace) for _, each in deal.rates), default=Fraction(0))
        if rate > limit_of_day:
            yield tongue.say(
                "object_penalty", rate=share(rate), name=tongue.cap(cap), limit=share(limit_of_day)
            )
