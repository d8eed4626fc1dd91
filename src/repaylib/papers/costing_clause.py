"""The cost sheet within an agreement: every item that is or may be charged, in its language."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from repaylib.charges import fees_known
from repaylib.costing import costs
from repaylib.costsheet import CostItem
from repaylib.errors import RepayError
from repaylib.fees import Fee
from repaylib.money import add
from repaylib.papers.agreed import Deal
from repaylib.papers.paper import Block, Paragraph, sheet
from repaylib.papers.tongues import Tongue
from repaylib.penalties import PenaltyTerms
from repaylib.settlement_fees import SettlementFee
from repaylib.steps import Steps

__all__ = ["cost_blocks"]


def cost_blocks(
    tongue: Tongue,
    deal: Deal,
    penalty: Steps[PenaltyTerms] | None,
    settlement_fee: Decimal | Fraction | SettlementFee | None,
) -> tuple[list[Block], dict[str, Any], str]:
    """Return the sheet, its figures and, if the annual rate cannot be stated, why.

    The sheet is that of the whole credit, from the day on which it was lent.
    """
    plan = deal.schedule
    groups: dict[str, list[Fee]] = {}
    for fee in sorted(fees_known(plan), key=lambda fee: fee.contingent):
        groups.setdefault(fee.name, []).append(fee)
    why, level_of_all, blocks = "", None, list[Block]()
    try:
        found = deal.cost()
    except RepayError as error:  # such as payments that no one rate fits
        why = str(error)
        known = costs(plan)
        total = add(known.interest, known.fees, known.tax)
        items: tuple[CostItem, ...] | None = None
        blocks.append(Paragraph(tongue.say("rate_open", why=why), open=True))
    else:
        items = found.items
        total = found.total
        measure = tongue.say("measure", period=found.rate.period)
        over = ""
        if deal.on > plan.loan.start:
            over = tongue.say("over_life", start=tongue.day(plan.loan.start))
        words = {"rate": f"{found.rate.percent:f}%", "measure": measure, "over": over}
        amount = tongue.money(total, deal.currency)
        blocks.append(Paragraph(tongue.say("cost_rate", amount=amount, **words)))
        level_of_all = Decimal(found.rate)
        carried = deal.arrangement.latest.carried if deal.arrangement is not None else None
        if carried:
            amount = tongue.money(carried, deal.currency)
            blocks.append(Paragraph(tongue.say("cost_carried", amount=amount)))
    rows, figures = list[list[str]](), list[dict[str, Any]]()

    def line(name: str, when: str, standard: str, payee: str, normal: bool, place: int) -> None:
        level = items[place].annualised if items is not None and place >= 0 else None
        much = items[place].amount if items is not None and place >= 0 else None
        kind = tongue.say("normal" if normal else "contingent")
        shown = "" if level is None else f"{level * 100:.2f}%"
        rows.append(
            [name, when, standard, payee, kind, shown, "" if much is None else f"{much:,f}"]
        )
        figures.append(
            {
                "item": name,
                "collected": when,
                "standard": standard,
                "payee": payee,
                "normal": normal,
                "annualised": None if level is None else f"{level:f}",
                "amount": much,
            }
        )

    taxed = items is not None and items[0].item != "interest"
    lender = tongue.say("to_lender")
    line(
        tongue.say("cost_interest_tax" if taxed else "cost_interest"),
        tongue.say("collected_interest", method=tongue.method(plan.loan.method)),
        tongue.rate_of(plan.loan),
        lender,
        True,
        0,
    )
    for place, (name, fees) in enumerate(groups.items(), 1):
        said = [tongue.fee(each, deal.currency) for each in fees]
        label = said[0][0]
        if items is not None and items[place].item != name:
            label = tongue.say("with_tax", name=label)
        when, much, whom = (_listed(tongue, (each[k] for each in said)) for k in (1, 2, 3))
        line(label, when, much, whom, not all(each.contingent for each in fees), place)
    if penalty is not None:
        words_of = tongue.penalty(penalty, deal.currency)
        line(tongue.say("penalty_item"), tongue.say("penalty_when"), words_of, lender, False, -1)
    if settlement_fee is not None and not any(fee.when == "settlement" for fee in plan.loan.fees):
        words_of = tongue.settlement_fee(settlement_fee, deal.currency)
        if isinstance(settlement_fee, (Decimal, Fraction)) and not settlement_fee:
            words_of = tongue.say("no_fee")
        when = tongue.say("settlement_when")
        line(tongue.say("settlement_item"), when, words_of, lender, False, -1)
    keys = ("item", "collected", "standard", "payee", "kind_of_cost", "annualised", "amount")
    rate = "" if level_of_all is None else f"{level_of_all * 100:.2f}%"
    footer = [tongue.say("in_all"), "", "", "", "", rate, f"{total:,f}"]
    blocks.append(sheet([tongue.say(key) for key in keys], rows, left=5, footer=footer))
    blocks.append(Paragraph(tongue.say("nothing_else")))
    whole: dict[str, Any] = {"items": figures, "total": total}
    if level_of_all is not None:
        whole["rate"] = f"{level_of_all:f}"
    return blocks, whole, why


def _listed(tongue: Tongue, words: Iterable[str]) -> str:
    return tongue.comma.join(dict.fromkeys(words))
