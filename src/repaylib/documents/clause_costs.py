"""The cost sheet within an agreement: every item that is or may be charged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.documents.agreed_figures import AgreedFigures
from repaylib.documents.layout import Block, Paragraph, Sheet, sheet
from repaylib.documents.terms_in_force import amounts_in
from repaylib.errors import RepayError, RootError, TermsError
from repaylib.measures.annual_rates.apr_value import Apr
from repaylib.measures.cost_sheets import CostItem, cost_amounts, cost_items, cost_rule
from repaylib.money.amounts import add
from repaylib.rates.rate import rounded_percent
from repaylib.rates.step_schedule import Steps
from repaylib.schedule.fee_charges import fees_by_item
from repaylib.terms.fees import Fee
from repaylib.terms.loan_wording import rate_sentence
from repaylib.terms.settlement_fees import SettlementFee, settlement_fee_sentence
from repaylib.typing import AprRule
from repaylib.wording.sentence import Language, Listed, Money, Sentence

__all__ = ["CostLine", "CostRate", "cost_blocks", "cost_figures", "cost_lines", "cost_rate"]


class CostRate(NamedTuple):
    """What all of it comes to a year.

    Attributes
    ----------
    rate, rule
        The annual rate, and the rule that measures it; no rate if none can be stated.
    items, total
        What each item comes to, and all of them.
    open
        Why no rate can be stated: the sentence of the sheet.
    missing
        What is still to be written, or to be known, for it.
    """

    rate: Apr | None
    rule: AprRule | None
    items: Sequence[CostItem]
    total: Decimal
    open: Sentence | None = None
    missing: Sentence | None = None


class CostLine(NamedTuple):
    """One item of the sheet, its texts as parts of sentences.

    Attributes
    ----------
    item, collected, standard, payee
        What it is called, when it is collected, how much it is, and who gets it.
    normal
        Whether it falls due in the normal course.
    annualised
        By how much it raises the annual rate, as a share; ``None`` if it does not, or is not known.
    amount
        What it comes to, in major units; ``None`` if it is not known.
    """

    item: object
    collected: object
    standard: object
    payee: object
    normal: bool
    annualised: Decimal | None = None
    amount: Decimal | None = None


def cost_rate(agreed: AgreedFigures, rule: AprRule | None) -> CostRate:
    """Return the annual rate of the whole credit, from the day on which it was lent."""
    plan = agreed.schedule
    items, total = cost_amounts(plan, {})
    try:
        word = cost_rule(plan, rule)
    except TermsError:  # no rule is given, and the currency means none
        unknown = Sentence("open", what=Sentence("miss_rate"))
        return CostRate(None, None, items, total, unknown, Sentence("write_rule"))
    try:
        items, found, total = cost_items(plan, word)
    except RepayError as error:  # such as payments that no one rate fits
        roots = error.roots if isinstance(error, RootError) else ()
        why = Sentence("rates_none")
        if len(roots) > 1:
            shown = Listed([rounded_percent(root, 2) for root in roots], "and")
            why = Sentence("rates_several", rates=shown)
        return CostRate(None, word, items, total, Sentence("rate_open", why=why), why)
    return CostRate(found, word, items, total)


def cost_sentences(agreed: AgreedFigures, cost: CostRate) -> Iterator[Sentence]:
    """Return the sentences before the sheet: the annual rate, and what it leaves out."""
    plan, start = agreed.schedule, agreed.schedule.loan.start
    if cost.rate is not None:
        yield Sentence(
            "cost_rate",
            rate=f"{cost.rate.percent:f}%",
            measure=Sentence(f"apr_rule.{cost.rule}", period=cost.rate.period),
            amount=Money(cost.total, agreed.currency),
            over=Sentence("over_life", start=start) if agreed.on > start else "",
        )
        if plan.columns["forgiven"].any():
            yield Sentence("cost_forgiven")
    carried = agreed.arrangement.latest.carried if agreed.arrangement is not None else None
    if carried:
        yield Sentence("cost_carried", amount=Money(carried, agreed.currency))


def cost_lines(
    agreed: AgreedFigures,
    items: Sequence[CostItem],
    penalty: Steps[PenaltyTerms] | None,
    settlement_fee: Decimal | Fraction | SettlementFee | None,
) -> Iterator[CostLine]:
    """Return interest, the fees of the loan, the penalty and the fee for early settlement.

    A fee for settlement that was agreed replaces that of the loan.
    """
    own = [fee.amount for fee in agreed.schedule.loan.fees if fee.when == "settlement"]
    replaced = settlement_fee is not None and own != [settlement_fee]
    yield from _charged_lines(agreed, items, replaced=replaced)
    if penalty is not None:
        yield _penalty_line(agreed, penalty)
    if settlement_fee is not None and replaced:
        _, fee = settlement_fee_sentence(settlement_fee, amounts_in(agreed.currency))
        yield CostLine(
            Sentence("settlement_item"),
            Sentence("settlement_when"),
            fee if settlement_fee else Sentence("no_fee"),
            Sentence("to_lender"),
            normal=False,
        )


def _charged_lines(
    agreed: AgreedFigures, items: Sequence[CostItem], *, replaced: bool
) -> Iterator[CostLine]:
    """Return interest and the fees of the loan; a fee for settlement may be replaced."""
    plan = agreed.schedule
    taxed = {(charge.fee.label, charge.fee.payee) for charge in plan.fee_charges if charge.tax}
    money = plan.loan.money
    tax_on_fees = add(money(0), *(money(charge.tax) for charge in plan.fee_charges))
    yield CostLine(
        Sentence("cost_interest" if plan.total_tax == tax_on_fees else "cost_interest_tax"),
        Sentence("collected_interest", method=Sentence(f"method.{plan.loan.method}")),
        rate_sentence(plan.loan),
        Sentence("to_lender"),
        normal=True,
        annualised=items[0].annualised,
        amount=items[0].amount,
    )
    for item, (key, fees) in zip(items[1:], fees_by_item(plan).items(), strict=True):
        if replaced and not item.amount and all(fee.when == "settlement" for fee in fees):
            continue  # the fee that was agreed for it is listed in its place
        yield _fee_line(fees, item, agreed.currency, taxed=key in taxed)


def _fee_line(fees: Sequence[Fee], item: CostItem, currency: str, *, taxed: bool) -> CostLine:
    """Return the line of the fees of one name and payee."""
    name, standard = fees[0].name_sentence, amounts_in(currency)
    return CostLine(
        Sentence("with_tax", name=name) if taxed else name,
        _each_once(fee.collected_sentence for fee in fees),
        _each_once(fee.standard_sentence(standard) for fee in fees),
        _each_once(fee.payee_sentence for fee in fees),
        normal=not all(fee.contingent for fee in fees),
        annualised=item.annualised,
        amount=item.amount,
    )


def _penalty_line(agreed: AgreedFigures, penalty: Steps[PenaltyTerms]) -> CostLine:
    pace, money = agreed.schedule.loan.timetable.period_length, amounts_in(agreed.currency)
    steps = [penalty.initial, *(terms for _, terms in penalty.changes)]
    return CostLine(
        Sentence("penalty_item"),
        Sentence("penalty_when"),
        _each_once(
            terms.standard_sentence(money, terms.late_rates(agreed.rates, pace)) for terms in steps
        ),
        Sentence("to_lender"),
        normal=False,
    )


def _each_once(parts: Iterable[object]) -> Listed:
    found: list[object] = []
    for part in parts:
        if part not in found:
            found.append(part)
    return Listed(found)


def cost_table(language: Language, lines: Sequence[CostLine], cost: CostRate) -> Sheet:
    """Return the sheet as a table."""
    keys = ("item", "collected", "standard", "payee", "kind_of_cost", "annualised", "amount")
    rows = [
        [
            *map(language.render, line[:4]),
            language.say("normal" if line.normal else "contingent"),
            _percent(line.annualised),
            "" if line.amount is None else f"{line.amount:,f}",
        ]
        for line in lines
    ]
    rate = None if cost.rate is None else Decimal(cost.rate)
    footer = [language.say("in_all"), "", "", "", "", _percent(rate), f"{cost.total:,f}"]
    return sheet([language.say(key) for key in keys], rows, left=5, footer=footer)


def cost_blocks(
    language: Language, agreed: AgreedFigures, lines: Sequence[CostLine], cost: CostRate
) -> list[Block]:
    """Return the sheet with its sentences."""
    blocks: list[Block] = []
    if cost.open is not None:
        blocks.append(Paragraph(language.render(cost.open), open=True))
    blocks += [Paragraph(language.render(sentence)) for sentence in cost_sentences(agreed, cost)]
    nothing_else = Paragraph(language.say("nothing_else"))
    return [*blocks, cost_table(language, lines, cost), nothing_else]


def cost_figures(language: Language, lines: Sequence[CostLine], cost: CostRate) -> dict[str, Any]:
    """Return the figures of the sheet."""
    items = []
    for line in lines:
        texts: dict[str, Any] = dict(
            zip(CostLine._fields, map(language.render, line[:4]), strict=False)
        )
        level = None if line.annualised is None else f"{line.annualised:f}"
        items.append(texts | {"normal": line.normal, "annualised": level, "amount": line.amount})
    figures: dict[str, Any] = {"items": items, "total": cost.total}
    return figures if cost.rate is None else figures | {"rate": f"{Decimal(cost.rate):f}"}


def _percent(level: Decimal | None) -> str:
    return "" if level is None else rounded_percent(level, 2)
