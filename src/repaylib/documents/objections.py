"""What stands against an agreement: limits that it breaks, figures that contradict one another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.documents.agreed_figures import AgreedFigures
from repaylib.errors import RepayError
from repaylib.measures.caps.cap import Cap
from repaylib.measures.caps.cost_objections import broken_caps, deducted_in_advance
from repaylib.measures.modification import modification_test
from repaylib.money.amounts import add
from repaylib.negotiation.limits import Limits, extension_limit
from repaylib.rates.rate import short_percent
from repaylib.rates.step_schedule import Steps
from repaylib.typing import ExtensionRule
from repaylib.wording.sentence import Language

__all__ = ["objections_to"]


#: What documents call the sources of the rules for extensions.
_SOURCES: dict[ExtensionRule, str] = {
    "general_rules": "source_general_rules",
    "personal": "source_personal",
}


def objections_to(
    language: Language,
    agreed: AgreedFigures,
    limits: Limits | None,
    penalty: Steps[PenaltyTerms] | None,
    dated: date | None,
    *,
    card: bool = False,
    promised: bool | None = None,
) -> tuple[str, ...]:
    """Return in sentences what contradicts limits, the law of its currency, or itself."""
    found = list(_contradictions(language, agreed, dated))
    found += _of_the_law(language, agreed, card=card)
    if card and promised is False:
        found.append(language.say("object_promise"))
    if limits is not None:
        found += _of_the_end(language, agreed, limits)
        found += _of_the_price(language, agreed, limits)
        for cap in limits.caps:
            found += _of_a_cap(language, agreed, cap, penalty)
    return tuple(found)


def _contradictions(language: Language, agreed: AgreedFigures, dated: date | None) -> Iterator[str]:
    money, currency = language.money, agreed.currency
    if dated is not None and dated > agreed.on:
        yield language.say("object_day", on=language.day(agreed.on), dated=language.day(dated))
    if not agreed.rows:
        return
    stands, opening = agreed.statement, agreed.rows[0].opening
    if stands is not None and agreed.arrangement is None and stands.balances.principal != opening:
        yield language.say(
            "object_owed",
            owed=money(stands.balances.principal, currency),
            on=language.day(stands.as_of),
            schedule=money(opening, currency),
        )


def _of_the_law(language: Language, agreed: AgreedFigures, *, card: bool) -> Iterator[str]:
    """Return what the law of China does not allow; for a card, or an agreement in its currency."""
    if card and (joined := _joined(agreed)):
        yield language.say("object_card", amount=language.money(joined, agreed.currency))
    if agreed.currency == "CNY":
        yield from map(language.render, deducted_in_advance(agreed.schedule))


def _joined(agreed: AgreedFigures) -> Decimal:
    """Return the fees and penalties that become principal: of the arrears, and those financed."""
    money = agreed.schedule.loan.money
    financed = [
        charge.amount + charge.tax
        for charge in agreed.schedule.fee_charges
        if charge.fee.collected == "financed"
    ]
    if agreed.arrangement is None:
        return money(sum(financed))
    latest = agreed.arrangement.latest
    owed = latest.before.balances
    return add(
        money(sum(financed)),
        *(owed.fees,) * (latest.arrears["fee"] == "capitalise"),
        *(owed.penalty, owed.penalty_interest) * (latest.arrears["penalty"] == "capitalise"),
    )


def _of_the_end(language: Language, agreed: AgreedFigures, limits: Limits) -> Iterator[str]:
    end = agreed.schedule.maturity
    table = agreed.schedule.loan.timetable
    if limits.months is not None and end > (latest := table.months_after(agreed.on, limits.months)):
        yield language.say(
            "object_months",
            end=language.day(end),
            months=limits.months,
            on=language.day(agreed.on),
            latest=language.day(latest),
        )
    if limits.latest is not None and end > limits.latest:
        yield language.say(
            "object_latest", end=language.day(end), latest=language.day(limits.latest)
        )
    if limits.extension is not None:
        rule = extension_limit(agreed.schedule, limits.extension)
        if end > rule.latest:
            yield language.say(
                "object_extension",
                end=language.day(end),
                latest=language.day(rule.latest),
                source=language.say(_SOURCES[rule.rule]),
            )


def _of_the_price(language: Language, agreed: AgreedFigures, limits: Limits) -> Iterator[str]:
    for change in agreed.schedule.changes[len(agreed.before.changes) :]:
        rate = change.rate if isinstance(change, (RateChange, Rescheduling)) else None
        if rate is not None and rate.value < limits.rate.value:
            yield language.say(
                "object_rate",
                rate=short_percent(rate.value),
                limit=short_percent(limits.rate.value),
            )
    comparable = agreed.before.loan == agreed.schedule.loan and agreed.before != agreed.schedule
    if limits.npv_loss is not None and comparable:
        try:
            loss = -modification_test(agreed.before, agreed.schedule, as_of=agreed.on).exact_change
        except RepayError:  # such as a loan that no one effective rate fits
            return
        if loss > limits.npv_loss:
            yield language.say(
                "object_worth", loss=short_percent(loss), limit=short_percent(limits.npv_loss)
            )


def _of_a_cap(
    language: Language, agreed: AgreedFigures, cap: Cap, penalty: Steps[PenaltyTerms] | None
) -> Iterator[str]:
    try:
        yield from map(language.render, broken_caps(agreed.schedule, cap))
    except RepayError:  # such as a cap that does not hold on the day of the contract
        return
    if penalty is None or cap.measure not in ("nominal", "effective", "simple"):
        return
    limit_of_day = cap.limit_on(agreed.schedule.loan.start)
    pace = agreed.schedule.loan.timetable.period_length
    for terms in (penalty.initial, *(changed for _, changed in penalty.changes)):
        rate = max(
            (terms.rate_over(rate_in_force, pace) for _, rate_in_force in agreed.rates),
            default=Fraction(0),
        )
        if rate > limit_of_day:
            yield language.say(
                "object_penalty",
                rate=short_percent(rate),
                name=cap.called,
                limit=short_percent(limit_of_day),
            )
