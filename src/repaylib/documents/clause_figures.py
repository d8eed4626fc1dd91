"""The items of an agreement that are figures: instalments, accrual, costs, breach, settlement."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from repaylib.changes.forgiveness import Forbearance
from repaylib.documents.clause import Made, Missing, Said, upper
from repaylib.documents.clause_costs import cost_blocks
from repaylib.documents.deal import Deal
from repaylib.documents.facts import share, told_of, ways_of
from repaylib.documents.language import Tongue
from repaylib.documents.layout import Block, Lines, Paragraph, Sheet, sheet
from repaylib.money.amounts import subtract
from repaylib.terms.loan import Loan

__all__ = [
    "accrual",
    "breach",
    "early",
    "fees",
    "instalment_sheet",
    "instalments",
    "reading",
    "terms_line",
]


def instalments(said: Said) -> Made:
    """List each payment with its day, and say the exact last one."""
    tongue, deal = said.tongue, said.deal
    paid = deal.paid
    total = deal.total("payment")
    figures: dict[str, Any] = {"count": len(paid), "total": total, "currency": deal.currency}
    if not paid:
        return [Paragraph(tongue.say("pay_none"))], figures, []
    first, last = paid[0], paid[-1]
    figures |= {"first": first.date, "last": last.date, "final_payment": last.payment}
    ways = [
        tongue.say("way", every=tongue.every(every), method=tongue.method(method))
        for every, method in ways_of(deal.schedule, first.date)
    ]
    words = {
        "count": len(paid),
        "ways": tongue.say("way_after").join(ways),
        "currency": tongue.currency(deal.currency),
        "first": tongue.day(first.date),
        "last": tongue.day(last.date),
        "total": tongue.in_full(total, deal.currency),
    }
    if len(paid) == 1:
        lines = [tongue.say("pay_one", **words)]
        if not deal.apart:
            lines.append(tongue.say("paid_up_one"))
    else:
        lines = [tongue.say("pay_all", **words), _amounts(said, [row.payment for row in paid])]
        day = tongue.day(last.date)
        lines.append(tongue.say("exact_last", day=day, amount=said.money(last.payment)))
    return [*map(Paragraph, lines), instalment_sheet(tongue, deal)], figures, []


def _amounts(said: Said, amounts: list[Decimal]) -> str:
    """Return how much the payments are: all, more than half of them, or from the least to the most."""
    usual = max(set(amounts), key=lambda each: (amounts.count(each), each))
    count = amounts.count(usual)
    if 2 * count > len(amounts):
        key = "all_alike" if count == len(amounts) else "usual"
        return said.tongue.say(key, amount=said.money(usual))
    largest, least = said.money(max(amounts)), said.money(min(amounts))
    return said.tongue.say("all_differ", largest=largest, least=least)


#: What the table of instalments shows; those of the second only where they hold something.
_SHOWN = ("principal", "interest", "fee", "payment", "closing")
_RARE = (
    *("deferred_interest", "penalty", "tax", "refund", "advanced", "capitalised"),
    *("forgiven", "waived", "deferred"),
)
_ORDER = (
    *("principal", "interest", "deferred_interest", "fee", "penalty", "tax", "refund", "payment"),
    *("advanced", "capitalised", "forgiven", "waived", "deferred", "closing"),
)


def instalment_sheet(tongue: Tongue, deal: Deal) -> Sheet:
    """Return the table of instalments, with totals."""
    rare = [name for name in _RARE if any(getattr(row, name) for row in deal.rows)]
    names = [name for name in _ORDER if name in _SHOWN or name in rare]
    keys = {"forgiven": "forgiven_column"}
    header = [tongue.say(each) for each in ("no", "date")]
    header += [tongue.say(keys.get(name, name)) for name in names]
    rows = [
        [str(row.number or ""), str(row.date), *(f"{getattr(row, name):,f}" for name in names)]
        for row in deal.rows
    ]
    sums = ["" if name in ("closing", "deferred") else f"{deal.total(name):,f}" for name in names]
    return sheet(header, rows, left=2, footer=["", tongue.say("total"), *sums])


def accrual(said: Said) -> Made:
    """Say what accrues and what does not."""
    tongue, deal = said.tongue, said.deal
    sums = deal.totals
    lines = []
    if sums["interest"] or any(rate for _, rate in deal.rates):
        words = [
            tongue.say("rate_at", rate=share(rate))
            if place == 0
            else tongue.say("rate_since", rate=share(rate), day=tongue.day(day))
            for place, (day, rate) in enumerate(deal.rates)
        ]
        rates = tongue.comma.join(words) or tongue.say(
            "rate_agreed", rate=tongue.rate_of(deal.schedule.loan)
        )
        lines.append(tongue.say("rates", rates=rates))
        key = "interest_paid_one" if len(deal.paid) == 1 else "interest_paid"
        lines[-1] += tongue.between + tongue.say(key, amount=said.money(sums["interest"]))
    else:
        lines.append(tongue.say("no_interest"))
    for name, key in (("waived", "is_waived"), ("deferred_interest", "put_off")):
        if sums[name]:
            lines.append(tongue.say(key, amount=said.money(sums[name])))
    if sums["capitalised"]:
        key = "joins_fees" if deal.finances_fees else "joins"
        lines.append(tongue.say(key, amount=said.money(sums["capitalised"])))
    if any(isinstance(each, Forbearance) for each in deal.schedule.changes):
        lines.append(tongue.say("put_aside"))
    charged = deal.fees
    fees = subtract(charged, sums["refund"])
    if charged:
        lines.append(tongue.say("fees_accrue", amount=said.money(fees)))
    lines += [tongue.say("no_fees"), tongue.say("no_penalty")]
    figures = {name: sums[name] for name in ("interest", "deferred_interest", "waived")}
    figures |= {"capitalised": sums["capitalised"], "fees": fees}
    return (
        [Lines(tuple(lines))],
        figures | {"rates": [[day, share(r)] for day, r in deal.rates]},
        [],
    )


def fees(said: Said) -> Made:
    """Return the cost sheet."""
    blocks, figures, why = cost_blocks(
        said.tongue, said.deal, said.rule, said.penalty, said.settlement_fee
    )
    needs = [] if why is None else [Missing(said.tongue.say("miss_rate"), why, said.lang)]
    return blocks, figures, needs


def breach(said: Said) -> Made:
    """Say when it is broken, and what that costs."""
    tongue = said.tongue
    if said.breach is None:
        lines, needs = said.lacks("breach", "breach=rp.Breach(days=30)")
        return [*lines], {}, [*needs]
    blocks: list[Block] = [Paragraph(tongue.breach(said.breach, said.deal.currency))]
    if not said.prices:
        if not said.deal.paid:
            return blocks, {}, []
        lines, needs = said.lacks("price", "if_breached=arrangement.if_breached(0)")
        return [*blocks, *lines], {}, [*needs]
    back = any(each.reinstated and each.penalty for each in said.prices)
    penalties = "of_it_penalties_back" if back else "of_it_penalties"
    keys = ["paid_count", "broken_on", "paid", "owed_then", "of_it_back", penalties]
    names = ["paid", "owed", "reinstated", "penalty"]
    if said.deal.arrangement is not None or said.deal.before != said.deal.schedule:
        keys.append("without")
        names.append("without")
    rows = [
        [str(each.after), str(each.on), *(f"{getattr(each, name):,f}" for name in names)]
        for each in said.prices
    ]
    blocks.append(Paragraph(tongue.say("price")))
    blocks.append(sheet([tongue.say(key) for key in keys], rows, left=2))
    prices = [
        {"after": each.after, "on": each.on} | {name: getattr(each, name) for name in names}
        for each in said.prices
    ]
    return blocks, {"prices": prices}, []


def early(said: Said) -> Made:
    """Say what early settlement takes."""
    tongue, deal, fee = said.tongue, said.deal, said.settlement_fee
    if fee is None:
        lines, needs = said.lacks("early", 'settlement_fee="0"', 'settlement_fee="1%"')
        return [*lines], {}, [*needs]
    first = deal.schedule.loan.counted_days == "first"
    words = [tongue.say("early_text"), tongue.say("early_day_out" if first else "early_day_in")]
    words.append(tongue.settlement_fee_paid(fee, deal.currency))
    blocks: list[Block] = [Paragraph(tongue.between.join(words))]
    quotes = deal.early(fee)
    figures = [
        {
            "on": each.on,
            "principal": each.principal,
            "interest": each.interest,
            "deferred_interest": each.deferred_interest,
            "fee": each.fee,
            "total": each.total,
            "saves": each.interest_saved,
        }
        for each in quotes
    ]
    if quotes:
        keys = ("on", "principal", "interest", "deferred_interest", "fee", "settles", "saves")
        rows = [
            [str(day), *(f"{amount:,f}" for amount in rest)]
            for day, *rest in (tuple(each.values()) for each in figures)
        ]
        blocks.append(Paragraph(tongue.say("early_table")))
        blocks.append(sheet([tongue.say(key) for key in keys], rows))
    return blocks, {"quotes": figures}, []


def reading(said: Said) -> Made:
    """Say in words what was agreed, and what it changes."""
    tongue, deal = said.tongue, said.deal
    loan, every = told_of(deal.schedule)
    blocks: list[Block] = [Paragraph(terms_line(tongue, deal, loan))]
    lines = [
        tongue.say(
            "change_line",
            number=each.number,
            day=tongue.day(each.day),
            words=upper(tongue.told(each)),
        )
        + tongue.stop
        for each in every
    ]
    blocks += map(Paragraph, lines)
    figures: dict[str, Any] = {}
    if deal.before.loan == deal.schedule.loan and deal.before != deal.schedule:
        then, now = _paid_from(deal, before=True), _paid_from(deal, before=False)
        figures = {"before": then, "now": now, "difference": subtract(now, then)}
        gap = figures["difference"]
        key = "more" if gap > 0 else "less" if gap < 0 else "same"
        difference = tongue.say(key, amount=said.money(gap.copy_abs()))
        words = {"before": said.money(then), "now": said.money(now), "on": tongue.day(deal.on)}
        blocks.append(Paragraph(tongue.say("compared", difference=difference, **words)))
    return blocks, figures, []


def terms_line(tongue: Tongue, deal: Deal, loan: Loan | None) -> str:
    """Return the terms of the loan, as they were at first if the agreement comes later.

    Where changes say all else, it is how much is owed from which day on.
    """
    own = deal.schedule.loan
    if loan is None:
        words = tongue.say(
            "loan_only",
            amount=tongue.money(own.principal, deal.currency),
            day=tongue.day(own.start),
        )
    else:
        words = tongue.loan(loan)
    if deal.on > own.start:
        return tongue.say("loan_at_first", words=words) + tongue.stop
    return upper(words) + tongue.stop


def _paid_from(deal: Deal, *, before: bool) -> Decimal:
    """Return what is paid from the agreement on; without what was paid of either by then."""
    total = deal.total("payment")
    if not before:
        return total
    past = subtract(deal.schedule.out_of_pocket, total)
    return subtract(deal.before.out_of_pocket, past)
