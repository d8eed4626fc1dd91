"""The items of an agreement that are figures: accrual, costs, breach, settlement."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from repaylib.changes.forbearance import Forbearance
from repaylib.documents.agreed_figures import AgreedFigures
from repaylib.documents.clause import AgreementContent, ClauseParts, Missing, upper
from repaylib.documents.clause_costs import cost_blocks, cost_figures, cost_lines, cost_rate
from repaylib.documents.layout import Block, Lines, Paragraph, sheet
from repaylib.documents.terms_in_force import amounts_in, changes_in_force
from repaylib.money.amounts import subtract
from repaylib.rates.rate import short_percent
from repaylib.terms.loan import Loan
from repaylib.terms.loan_wording import loan_sentence, rate_sentence
from repaylib.terms.settlement_fees import settlement_fee_sentence
from repaylib.wording.sentence import Language

__all__ = [
    "accrual",
    "breach",
    "early",
    "fees",
    "reading",
    "terms_line",
]


def accrual(content: AgreementContent) -> ClauseParts:
    """Say what accrues and what does not."""
    language, agreed = content.language, content.agreed
    sums = agreed.totals
    lines = []
    if sums["interest"] or any(rate for _, rate in agreed.rates):
        rate_phrases = [
            language.say("rate_at", rate=short_percent(rate))
            if place == 0
            else language.say("rate_since", rate=short_percent(rate), day=language.day(day))
            for place, (day, rate) in enumerate(agreed.rates)
        ]
        rates = language.listed(rate_phrases, "comma") or language.say(
            "rate_agreed", rate=rate_sentence(agreed.schedule.loan)
        )
        lines.append(language.say("rates", rates=rates))
        key = "interest_paid_one" if len(agreed.paid) == 1 else "interest_paid"
        paid = language.say(key, amount=content.money(sums["interest"]))
        lines[-1] = language.listed([lines[-1], paid], "sentence")
    else:
        lines.append(language.say("no_interest"))
    for name, key in (("waived", "is_waived"), ("deferred_interest", "put_off")):
        if sums[name]:
            lines.append(language.say(key, amount=content.money(sums[name])))
    if sums["capitalised"]:
        key = "joins_fees" if agreed.finances_fees else "joins"
        lines.append(language.say(key, amount=content.money(sums["capitalised"])))
    if any(isinstance(change, Forbearance) for change in agreed.schedule.changes):
        lines.append(language.say("put_aside"))
    charged = agreed.fees
    fees = subtract(charged, sums["refund"])
    if charged:
        key = "fees_accrue_taxed" if agreed.schedule.loan.fee_tax else "fees_accrue"
        lines.append(language.say(key, amount=content.money(fees)))
    lines += [language.say("no_fees"), language.say("no_penalty")]
    figures = {name: sums[name] for name in ("interest", "deferred_interest", "waived")}
    figures |= {"capitalised": sums["capitalised"], "fees": fees}
    return (
        [Lines(tuple(lines))],
        figures | {"rates": [[day, short_percent(r)] for day, r in agreed.rates]},
        [],
    )


def fees(content: AgreementContent) -> ClauseParts:
    """Return the cost sheet."""
    language, agreed = content.language, content.agreed
    cost = cost_rate(agreed, content.rule)
    lines = list(cost_lines(agreed, cost.items, content.penalty, content.settlement_fee))
    needs = []
    if cost.missing is not None:
        name, write = language.say("miss_rate"), language.render(cost.missing)
        needs.append(Missing(name, write, content.lang))
    blocks = cost_blocks(language, agreed, lines, cost)
    return blocks, cost_figures(language, lines, cost), needs


def breach(content: AgreementContent) -> ClauseParts:
    """Say when it is broken, and what that costs."""
    language = content.language
    if content.breach is None:
        lines, needs = content.missing_item("breach", "breach=rp.arrears.Breach(days=30)")
        return [*lines], {}, [*needs]
    blocks: list[Block] = [
        Paragraph(language.render(content.breach.sentence(amounts_in(content.agreed.currency))))
    ]
    if not content.prices:
        if not content.agreed.paid:
            return blocks, {}, []
        lines, needs = content.missing_item("price", "if_breached=arrangement.if_breached(0)")
        return [*blocks, *lines], {}, [*needs]
    back = any(price.reinstated and price.penalty for price in content.prices)
    penalties = "of_it_penalties_back" if back else "of_it_penalties"
    keys = ["paid_count", "broken_on", "paid", "owed_then", "of_it_back", penalties]
    names = ["paid", "owed", "reinstated", "penalty"]
    if content.agreed.arrangement is not None or content.agreed.before != content.agreed.schedule:
        keys.append("without")
        names.append("without")
    rows = [
        [str(price.after), str(price.on), *(f"{getattr(price, name):,f}" for name in names)]
        for price in content.prices
    ]
    blocks.append(Paragraph(language.say("price")))
    blocks.append(sheet([language.say(key) for key in keys], rows, left=2))
    prices = [
        {"after": price.after, "on": price.on} | {name: getattr(price, name) for name in names}
        for price in content.prices
    ]
    return blocks, {"prices": prices}, []


def early(content: AgreementContent) -> ClauseParts:
    """Say what early settlement takes."""
    language, agreed, fee = content.language, content.agreed, content.settlement_fee
    if fee is None and agreed.is_settled:
        return [Paragraph(language.say("early_settled"))], {}, []
    if fee is None:
        lines, needs = content.missing_item("early", 'settlement_fee="0"', 'settlement_fee="1%"')
        return [*lines], {}, [*needs]
    first = agreed.schedule.loan.counted_days == "first"
    sentences = [
        language.say("early_text"),
        language.say("early_day_out" if first else "early_day_in"),
    ]
    if fee:
        kind, standard = settlement_fee_sentence(fee, amounts_in(agreed.currency))
        sentences.append(language.say(f"early_fee.{kind}", fee=standard))
    else:
        sentences.append(language.say("early_free"))
    blocks: list[Block] = [Paragraph(language.listed(sentences, "sentence"))]
    quotes = agreed.early(fee)
    figures = [
        {
            "on": quote.on,
            "principal": quote.principal,
            "interest": quote.interest,
            "deferred_interest": quote.deferred_interest,
            "fee": quote.fee,
            "total": quote.total,
            "saves": quote.interest_saved,
        }
        for quote in quotes
    ]
    if quotes:
        keys = ("on", "principal", "interest", "deferred_interest", "fee", "settles", "saves")
        rows = [
            [str(day), *(f"{amount:,f}" for amount in rest)]
            for day, *rest in (tuple(figure.values()) for figure in figures)
        ]
        blocks.append(Paragraph(language.say("early_table")))
        blocks.append(sheet([language.say(key) for key in keys], rows))
    return blocks, {"quotes": figures}, []


def reading(content: AgreementContent) -> ClauseParts:
    """Say in words what was agreed, and what it changes."""
    language, agreed = content.language, content.agreed
    loan, every = changes_in_force(agreed.schedule)
    blocks: list[Block] = [Paragraph(terms_line(language, agreed, loan))]
    lines = [
        language.say(
            "change_line",
            number=logged.number,
            day=language.day(logged.day),
            text=upper(language.render(logged.sentence)),
        )
        + language.texts["stop"]
        for logged in every
    ]
    blocks += map(Paragraph, lines)
    figures: dict[str, Any] = {}
    if agreed.before.loan == agreed.schedule.loan and agreed.before != agreed.schedule:
        then, now = _paid_from(agreed, before=True), _paid_from(agreed, before=False)
        figures = {"before": then, "now": now, "difference": subtract(now, then)}
        gap = figures["difference"]
        key = "more" if gap > 0 else "less" if gap < 0 else "same"
        difference = language.say(key, amount=content.money(gap.copy_abs()))
        slots = {
            "before": content.money(then),
            "now": content.money(now),
            "on": language.day(agreed.on),
        }
        blocks.append(Paragraph(language.say("compared", difference=difference, **slots)))
    return blocks, figures, []


def terms_line(language: Language, agreed: AgreedFigures, loan: Loan | None) -> str:
    """Return the terms of the loan, as they were at first if the agreement comes later.

    Where changes say all else, it is how much is owed from which day on.
    """
    own = agreed.schedule.loan
    if loan is None:
        text = language.say(
            "loan_only",
            amount=language.money(own.principal, agreed.currency),
            day=language.day(own.start),
        )
    else:
        text = language.render(loan_sentence(loan, amounts_in(loan.currency)))
    if agreed.on > own.start:
        return language.say("loan_at_first", text=text) + language.texts["stop"]
    return upper(text) + language.texts["stop"]


def _paid_from(agreed: AgreedFigures, *, before: bool) -> Decimal:
    """Return what is paid from the agreement on; without what was paid of either by then."""
    total = agreed.total("payment")
    if not before:
        return total
    past = subtract(agreed.schedule.out_of_pocket, total)
    return subtract(agreed.before.out_of_pocket, past)
