"""The cost sheet within an agreement: every item that is or may be charged, in its language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.documents.deal import Deal
from repaylib.documents.facts import late_rates
from repaylib.documents.language import Tongue
from repaylib.documents.layout import Block, Paragraph, Sheet, sheet
from repaylib.errors import RepayError, RootError, TermsError
from repaylib.measures.apr_value import Apr
from repaylib.measures.cost_sheets import CostItem, cost_amounts, cost_items, cost_rule
from repaylib.money.amounts import add
from repaylib.rates.rate import rounded_percent
from repaylib.rates.step_schedule import Steps
from repaylib.schedule.fee_charges import fees_by_item
from repaylib.terms.settlement_fees import SettlementFee
from repaylib.typing import AprRule

__all__ = ["CostLine", "cost_blocks"]


class CostLine(NamedTuple):
    """One item of the sheet, in the language of the paper.

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

    item: str
    collected: str
    standard: str
    payee: str
    normal: bool
    annualised: Decimal | None = None
    amount: Decimal | None = None


def cost_blocks(
    tongue: Tongue,
    deal: Deal,
    rule: AprRule | None,
    penalty: Steps[PenaltyTerms] | None,
    settlement_fee: Decimal | Fraction | SettlementFee | None,
) -> tuple[list[Block], dict[str, Any], str | None]:
    """Return the sheet, its figures and, if the annual rate cannot be stated, why.

    The sheet is that of the whole credit, from the day on which it was lent.
    """
    plan, why, found = deal.schedule, None, None
    blocks: list[Block] = []
    items, total = cost_amounts(plan, {})
    try:
        word = cost_rule(plan, rule)
    except TermsError:  # no rule is given, and the currency means none
        why = tongue.say("write_rule")
        blocks.append(Paragraph(tongue.say("open", what=tongue.say("miss_rate")), open=True))
    else:
        try:
            items, found, total = cost_items(plan, word)
        except RepayError as error:  # such as payments that no one rate fits
            why = _why(tongue, error)
            blocks.append(Paragraph(tongue.say("rate_open", why=why), open=True))
        else:
            blocks += map(Paragraph, _sentences(tongue, deal, word, found, total))
    carried = deal.arrangement.latest.carried if deal.arrangement is not None else None
    if carried:
        blocks.append(
            Paragraph(tongue.say("cost_carried", amount=tongue.money(carried, deal.currency)))
        )
    lines = list(_lines(tongue, deal, items, settlement_fee))
    if penalty is not None:
        lines.append(_penalty(tongue, deal, penalty))
    if settlement_fee is not None and not _is_own(deal, settlement_fee):
        standard = tongue.settlement_fee(settlement_fee, deal.currency)
        lines.append(
            CostLine(
                tongue.say("settlement_item"),
                tongue.say("settlement_when"),
                standard if settlement_fee else tongue.say("no_fee"),
                tongue.say("to_lender"),
                normal=False,
            )
        )
    rate = None if found is None else Decimal(found)
    blocks += [_sheet(tongue, lines, rate, total), Paragraph(tongue.say("nothing_else"))]
    figures: dict[str, Any] = {
        "items": [
            {
                **each._asdict(),
                "annualised": None if each.annualised is None else f"{each.annualised:f}",
            }
            for each in lines
        ],
        "total": total,
    }
    if rate is not None:
        figures["rate"] = f"{rate:f}"
    return blocks, figures, why


def _why(tongue: Tongue, error: RepayError) -> str:
    """Return why there is no annual rate: none fits, or several do."""
    roots = error.roots if isinstance(error, RootError) else ()
    if len(roots) > 1:
        shown = tongue.listed([rounded_percent(root, 2) for root in roots])
        return tongue.say("rates_several", rates=shown)
    return tongue.say("rates_none")


def _sentences(
    tongue: Tongue, deal: Deal, rule: AprRule, found: Apr, total: Decimal
) -> Iterable[str]:
    start = deal.schedule.loan.start
    over = tongue.say("over_life", start=tongue.day(start)) if deal.on > start else ""
    yield tongue.say(
        "cost_rate",
        rate=f"{found.percent:f}%",
        measure=tongue.say(rule, period=found.period),
        amount=tongue.money(total, deal.currency),
        over=over,
    )
    if deal.schedule.columns["forgiven"].any():
        yield tongue.say("cost_forgiven")


def _lines(
    tongue: Tongue,
    deal: Deal,
    items: Sequence[CostItem],
    settlement_fee: Decimal | Fraction | SettlementFee | None,
) -> Iterable[CostLine]:
    """Return interest and the fees of the loan, of which a fee for settlement may be replaced."""
    plan = deal.schedule
    fees_taxed = {(c.fee.name, c.fee.payee) for c in plan.fee_charges if c.tax}
    tax_on_fees = add(plan.loan.money(0), *(plan.loan.money(c.tax) for c in plan.fee_charges))
    taxed = plan.total_tax != tax_on_fees
    yield CostLine(
        tongue.say("cost_interest_tax" if taxed else "cost_interest"),
        tongue.say("collected_interest", method=tongue.method(plan.loan.method)),
        tongue.rate_of(plan.loan),
        tongue.say("to_lender"),
        normal=True,
        annualised=items[0].annualised,
        amount=items[0].amount,
    )
    replaced = settlement_fee is not None and not _is_own(deal, settlement_fee)
    for item, (key, fees) in zip(items[1:], fees_by_item(plan).items(), strict=True):
        if replaced and not item.amount and all(fee.when == "settlement" for fee in fees):
            continue  # the fee that was agreed for it is listed in its place
        told = [tongue.fee(each, deal.currency) for each in fees]
        when, much, whom = (
            tongue.comma.join(dict.fromkeys(each[k] for each in told)) for k in (1, 2, 3)
        )
        label = told[0][0]
        yield CostLine(
            tongue.say("with_tax", name=label) if key in fees_taxed else label,
            when,
            much,
            whom,
            normal=not all(each.contingent for each in fees),
            annualised=item.annualised,
            amount=item.amount,
        )


def _is_own(deal: Deal, settlement_fee: Decimal | Fraction | SettlementFee) -> bool:
    """Whether a fee for early settlement is the one that the loan has itself."""
    own = [fee.amount for fee in deal.schedule.loan.fees if fee.when == "settlement"]
    return own == [settlement_fee]


def _penalty(tongue: Tongue, deal: Deal, penalty: Steps[PenaltyTerms]) -> CostLine:
    pace = deal.schedule.loan.timetable.pace
    steps = [penalty.initial, *(terms for _, terms in penalty.changes)]
    standards = [
        tongue.penalty_standard(terms, deal.currency, late_rates(terms, deal.rates, pace))
        for terms in steps
    ]
    return CostLine(
        tongue.say("penalty_item"),
        tongue.say("penalty_when"),
        tongue.comma.join(dict.fromkeys(standards)),
        tongue.say("to_lender"),
        normal=False,
    )


def _sheet(
    tongue: Tongue, lines: Iterable[CostLine], rate: Decimal | None, total: Decimal
) -> Sheet:
    keys = ("item", "collected", "standard", "payee", "kind_of_cost", "annualised", "amount")
    rows = [
        [
            each.item,
            each.collected,
            each.standard,
            each.payee,
            tongue.say("normal" if each.normal else "contingent"),
            _percent(each.annualised),
            "" if each.amount is None else f"{each.amount:,f}",
        ]
        for each in lines
    ]
    footer = [tongue.say("in_all"), "", "", "", "", _percent(rate), f"{total:,f}"]
    return sheet([tongue.say(key) for key in keys], rows, left=5, footer=footer)


def _percent(level: Decimal | None) -> str:
    return "" if level is None else rounded_percent(level, 2)
