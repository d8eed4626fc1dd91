"""The cost sheet within an agreement: every item that is or may be charged, in its language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.documents.agreed_figures import AgreedFigures
from repaylib.documents.layout import Block, Paragraph, Sheet, sheet
from repaylib.documents.terms_in_force import amounts_in
from repaylib.errors import RepayError, RootError, TermsError
from repaylib.measures.apr_value import Apr
from repaylib.measures.cost_sheets import CostItem, cost_amounts, cost_items, cost_rule
from repaylib.money.amounts import add
from repaylib.rates.rate import rounded_percent
from repaylib.rates.step_schedule import Steps
from repaylib.schedule.fee_charges import fees_by_item
from repaylib.terms.loan_wording import rate_sentence
from repaylib.terms.settlement_fees import SettlementFee, settlement_fee_sentence
from repaylib.typing import AprRule
from repaylib.wording.sentence import Language, Sentence

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
    language: Language,
    agreed: AgreedFigures,
    rule: AprRule | None,
    penalty: Steps[PenaltyTerms] | None,
    settlement_fee: Decimal | Fraction | SettlementFee | None,
) -> tuple[list[Block], dict[str, Any], str | None]:
    """Return the sheet, its figures and, if the annual rate cannot be stated, why.

    The sheet is that of the whole credit, from the day on which it was lent.
    """
    plan, why, found = agreed.schedule, None, None
    blocks: list[Block] = []
    items, total = cost_amounts(plan, {})
    try:
        word = cost_rule(plan, rule)
    except TermsError:  # no rule is given, and the currency means none
        why = language.say("write_rule")
        blocks.append(Paragraph(language.say("open", what=language.say("miss_rate")), open=True))
    else:
        try:
            items, found, total = cost_items(plan, word)
        except RepayError as error:  # such as payments that no one rate fits
            why = _why(language, error)
            blocks.append(Paragraph(language.say("rate_open", why=why), open=True))
        else:
            blocks += map(Paragraph, _sentences(language, agreed, word, found, total))
    carried = agreed.arrangement.latest.carried if agreed.arrangement is not None else None
    if carried:
        blocks.append(
            Paragraph(language.say("cost_carried", amount=language.money(carried, agreed.currency)))
        )
    lines = list(_lines(language, agreed, items, settlement_fee))
    if penalty is not None:
        lines.append(_penalty(language, agreed, penalty))
    if settlement_fee is not None and not _is_own(agreed, settlement_fee):
        _, fee = settlement_fee_sentence(settlement_fee, amounts_in(agreed.currency))
        standard = language.render(fee)
        lines.append(
            CostLine(
                language.say("settlement_item"),
                language.say("settlement_when"),
                standard if settlement_fee else language.say("no_fee"),
                language.say("to_lender"),
                normal=False,
            )
        )
    rate = None if found is None else Decimal(found)
    blocks += [_sheet(language, lines, rate, total), Paragraph(language.say("nothing_else"))]
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


def _why(language: Language, error: RepayError) -> str:
    """Return why there is no annual rate: none fits, or several do."""
    roots = error.roots if isinstance(error, RootError) else ()
    if len(roots) > 1:
        shown = language.listed([rounded_percent(root, 2) for root in roots])
        return language.say("rates_several", rates=shown)
    return language.say("rates_none")


def _sentences(
    language: Language, agreed: AgreedFigures, rule: AprRule, found: Apr, total: Decimal
) -> Iterable[str]:
    start = agreed.schedule.loan.start
    over = language.say("over_life", start=language.day(start)) if agreed.on > start else ""
    yield language.say(
        "cost_rate",
        rate=f"{found.percent:f}%",
        measure=language.say(rule, period=found.period),
        amount=language.money(total, agreed.currency),
        over=over,
    )
    if agreed.schedule.columns["forgiven"].any():
        yield language.say("cost_forgiven")


def _lines(
    language: Language,
    agreed: AgreedFigures,
    items: Sequence[CostItem],
    settlement_fee: Decimal | Fraction | SettlementFee | None,
) -> Iterable[CostLine]:
    """Return interest and the fees of the loan, of which a fee for settlement may be replaced."""
    plan = agreed.schedule
    fees_taxed = {(c.fee.name, c.fee.payee) for c in plan.fee_charges if c.tax}
    tax_on_fees = add(plan.loan.money(0), *(plan.loan.money(c.tax) for c in plan.fee_charges))
    taxed = plan.total_tax != tax_on_fees
    yield CostLine(
        language.say("cost_interest_tax" if taxed else "cost_interest"),
        language.say("collected_interest", method=Sentence(f"method.{plan.loan.method}")),
        language.render(rate_sentence(plan.loan)),
        language.say("to_lender"),
        normal=True,
        annualised=items[0].annualised,
        amount=items[0].amount,
    )
    replaced = settlement_fee is not None and not _is_own(agreed, settlement_fee)
    for item, (key, fees) in zip(items[1:], fees_by_item(plan).items(), strict=True):
        if replaced and not item.amount and all(fee.when == "settlement" for fee in fees):
            continue  # the fee that was agreed for it is listed in its place
        money = amounts_in(agreed.currency)
        shown = [
            [
                fee.name_sentence,
                fee.collected_sentence,
                fee.standard_sentence(money),
                fee.payee_sentence,
            ]
            for fee in fees
        ]
        cells = [[language.render(part) for part in parts] for parts in shown]
        when, much, whom = (
            language.listed(dict.fromkeys(line[column] for line in cells), "comma")
            for column in (1, 2, 3)
        )
        label = cells[0][0]
        yield CostLine(
            language.say("with_tax", name=label) if key in fees_taxed else label,
            when,
            much,
            whom,
            normal=not all(each.contingent for each in fees),
            annualised=item.annualised,
            amount=item.amount,
        )


def _is_own(agreed: AgreedFigures, settlement_fee: Decimal | Fraction | SettlementFee) -> bool:
    """Whether a fee for early settlement is the one that the loan has itself."""
    own = [fee.amount for fee in agreed.schedule.loan.fees if fee.when == "settlement"]
    return own == [settlement_fee]


def _penalty(language: Language, agreed: AgreedFigures, penalty: Steps[PenaltyTerms]) -> CostLine:
    pace, money = agreed.schedule.loan.timetable.pace, amounts_in(agreed.currency)
    steps = [penalty.initial, *(terms for _, terms in penalty.changes)]
    standards = [
        language.render(terms.standard_sentence(money, terms.late_rates(agreed.rates, pace)))
        for terms in steps
    ]
    return CostLine(
        language.say("penalty_item"),
        language.say("penalty_when"),
        language.listed(dict.fromkeys(standards), "comma"),
        language.say("to_lender"),
        normal=False,
    )


def _sheet(
    language: Language, lines: Iterable[CostLine], rate: Decimal | None, total: Decimal
) -> Sheet:
    keys = ("item", "collected", "standard", "payee", "kind_of_cost", "annualised", "amount")
    rows = [
        [
            each.item,
            each.collected,
            each.standard,
            each.payee,
            language.say("normal" if each.normal else "contingent"),
            _percent(each.annualised),
            "" if each.amount is None else f"{each.amount:,f}",
        ]
        for each in lines
    ]
    footer = [language.say("in_all"), "", "", "", "", _percent(rate), f"{total:,f}"]
    return sheet([language.say(key) for key in keys], rows, left=5, footer=footer)


def _percent(level: Decimal | None) -> str:
    return "" if level is None else rounded_percent(level, 2)
