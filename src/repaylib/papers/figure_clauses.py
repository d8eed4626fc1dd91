"""The items of an agreement that are figures: balance, instalments, accrual, costs, breach, settlement."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from repaylib.arrears.standing import Owed
from repaylib.forbearance import Forbearance
from repaylib.money import subtract
from repaylib.papers.agreed import Deal
from repaylib.papers.clause import Made, Missing, Said, upper
from repaylib.papers.costing_clause import cost_blocks
from repaylib.papers.paper import Block, Lines, Paragraph, Sheet, sheet
from repaylib.papers.tongues import Tongue, share
from repaylib.record import told

__all__ = [
    "accrual",
    "balance",
    "breach",
    "early",
    "fees",
    "instalment_sheet",
    "instalments",
    "owed_sheet",
    "reading",
]


def balance(said: Said) -> Made:
    """Say what is owed, by kind, and what becomes of it."""
    tongue, deal = said.tongue, said.deal
    owed, held = deal.owed, deal.schedule.loan.money(0)
    currency = tongue.currency(deal.currency)
    words = {
        "on": tongue.day(deal.on),
        "total": tongue.in_full(owed.total, deal.currency),
        "currency": currency,
    }
    blocks: list[Block] = [Paragraph(tongue.say("owed_on", **words))]
    blocks.append(owed_sheet(tongue, owed, held))
    lines = []
    if (stands := deal.statement) is not None:
        held = stands.credit
        if stands.arrears.total:
            overdue, days = said.money(stands.arrears.total), stands.days_past_due
            lines.append(tongue.say("of_it_overdue", amount=overdue, days=days))
        if held:
            lines.append(tongue.say("held", amount=said.money(held)))
    if lines:
        blocks.append(Lines(tuple(lines)))
    if becomes := _becomes(said):
        blocks += [Paragraph(tongue.say("what_becomes")), Lines(tuple(becomes))]
    needs: list[Missing] = []
    if deal.currency == "XXX":
        more, need = said.lacks("currency", 'write Loan(..., currency="CNY")')
        blocks += more
        needs += need
    figures = {"on": deal.on, "currency": deal.currency, "held": held, "total": owed.total}
    return blocks, figures | owed.parts, needs


def owed_sheet(tongue: Tongue, owed: Owed, nothing: Decimal) -> Sheet:
    """Return a table of what is owed by kind."""
    rows = [
        (tongue.say(_kind(name)), f"{amount:,f}") for name, amount in owed.parts.items() if amount
    ]
    return sheet(
        (tongue.say("kind"), tongue.say("amount")),
        rows or [(tongue.say("principal"), f"{nothing:,f}")],
        footer=(tongue.say("in_all"), f"{owed.total:,f}"),
    )


def _kind(name: str) -> str:
    return "fee" if name == "fees" else name


def _becomes(said: Said) -> list[str]:
    """Return what becomes of what is owed."""
    tongue, deal, lines = said.tongue, said.deal, list[str]()
    principal = deal.total("principal")
    if principal:
        lines.append(tongue.say("repaid", amount=said.money(principal)))
    if deal.arrangement is not None:
        latest = deal.arrangement.latest
        for key, amount in (("joined", latest.capitalised), ("carried", latest.carried)):
            if amount:
                lines.append(tongue.say(key, amount=said.money(amount)))
        if latest.forgiven.total:
            lines.append(_forgiven(said, latest.forgiven))
        if latest.apart.total:
            lines.append(tongue.say("apart", amount=said.money(latest.apart.total)))
    gone = {name: deal.total(name) for name in ("forgiven", "forgiven_interest")}
    if any(gone.values()):
        zero = deal.schedule.loan.money(0)
        interest = gone["forgiven_interest"]
        lines.append(
            _forgiven(said, Owed(gone["forgiven"], zero, interest, zero, zero, zero, zero))
        )
    return lines


def _forgiven(said: Said, owed: Owed) -> str:
    parts = said.tongue.comma.join(
        f"{said.tongue.say(_kind(name))} {amount:,f}"
        for name, amount in owed.parts.items()
        if amount
    )
    return said.tongue.say("forgiven", amount=said.money(owed.total), parts=parts)


def instalments(said: Said) -> Made:
    """List each payment with its day, and say the exact last one."""
    tongue, deal = said.tongue, said.deal
    paid, loan = deal.paid, deal.schedule.loan
    total = deal.total("payment")
    figures: dict[str, Any] = {"count": len(paid), "total": total, "currency": deal.currency}
    if not paid:
        return [Paragraph(tongue.say("pay_none"))], figures, []
    first, last = paid[0], paid[-1]
    figures |= {"first": first.date, "last": last.date, "final_payment": last.payment}
    method, every = loan.method, loan.every
    for each in deal.schedule.changes:
        method = getattr(each, "method", None) or method
        every = getattr(each, "every", None) or every
    words = {
        "count": len(paid),
        "every": tongue.every(every),
        "method": tongue.method(method if method in _METHODS else loan.method),
        "currency": tongue.currency(deal.currency),
        "first": tongue.day(first.date),
        "last": tongue.day(last.date),
        "total": tongue.in_full(total, deal.currency),
    }
    lines = [tongue.say("pay_one" if len(paid) == 1 else "pay_all", **words)]
    amounts = [row.payment for row in paid]
    usual = max(set(amounts), key=lambda each: (amounts.count(each), each))
    if 1 < amounts.count(usual) < len(amounts) or amounts.count(usual) == len(amounts) > 1:
        lines.append(tongue.say("usual", amount=said.money(usual)))
    day = tongue.day(last.date)
    lines.append(tongue.say("exact_last", day=day, amount=said.money(last.payment)))
    return [*map(Paragraph, lines), instalment_sheet(tongue, deal)], figures, []


_METHODS = ("level", "equal_principal", "interest_only", "bullet", "flat")

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
    rates = [(day, rate) for day, rate in deal.rates if rate]
    lines = []
    if rates or sums["interest"]:
        words = [
            tongue.say("rate_at", rate=share(rate))
            if place == 0
            else tongue.say("rate_since", rate=share(rate), day=tongue.day(day))
            for place, (day, rate) in enumerate(deal.rates)
        ]
        amount = said.money(sums["interest"])
        shown = tongue.comma.join(words) or tongue.rate_of(deal.schedule.loan)
        lines.append(tongue.say("rates", rates=shown, amount=amount))
    else:
        lines.append(tongue.say("no_interest"))
    for name, key in (
        ("waived", "is_waived"),
        ("deferred_interest", "put_off"),
        ("capitalised", "joins"),
    ):
        if sums[name]:
            lines.append(tongue.say(key, amount=said.money(sums[name])))
    if any(isinstance(each, Forbearance) for each in deal.schedule.changes):
        lines.append(tongue.say("put_aside"))
    fees = subtract(deal.total("fee", "tax"), sums["refund"])
    key = "fees_accrue" if deal.total("fee", "tax") else "no_fees"
    lines += [tongue.say(key, amount=said.money(fees)), tongue.say("no_penalty")]
    figures = {name: sums[name] for name in ("interest", "deferred_interest", "waived")}
    figures |= {"capitalised": sums["capitalised"], "fees": fees}
    return (
        [Lines(tuple(lines))],
        figures | {"rates": [[day, share(r)] for day, r in deal.rates]},
        [],
    )


def fees(said: Said) -> Made:
    """Return the cost sheet."""
    tongue = said.tongue
    blocks, figures, why = cost_blocks(tongue, said.deal, said.penalty, said.settlement_fee)
    needs = []
    if why:
        name = tongue.say("miss_rate")
        needs.append(Missing(name, why))
    return blocks, figures, needs


def breach(said: Said) -> Made:
    """Say when it is broken, and what that costs."""
    tongue = said.tongue
    if said.breach is None:
        lines, needs = said.lacks("breach", "write breach=rp.Breach(days=30)")
        return [*lines], {}, [*needs]
    words = tongue.breach(said.breach, said.deal.currency)
    blocks: list[Block] = [Paragraph(tongue.say("breach_text", words=words))]
    if not said.prices:
        if not said.deal.paid:
            return blocks, {}, []
        lines, needs = said.lacks("price", "write if_broken=arrangement.if_broken(0)")
        return [*blocks, *lines], {}, [*needs]
    keys = ("paid_count", "broken_on", "paid", "owed_then", "of_it_back", "of_it_penalties")
    names = ("paid", "owed", "comes_back", "penalty", "without")
    rows = [
        [str(each.after), str(each.on), *(f"{getattr(each, name):,f}" for name in names)]
        for each in said.prices
    ]
    blocks.append(Paragraph(tongue.say("price")))
    blocks.append(sheet([tongue.say(key) for key in (*keys, "without")], rows, left=2))
    prices = [
        {"after": each.after, "on": each.on} | {name: getattr(each, name) for name in names}
        for each in said.prices
    ]
    return blocks, {"prices": prices}, []


def early(said: Said) -> Made:
    """Say what early settlement takes."""
    tongue, deal, fee = said.tongue, said.deal, said.settlement_fee
    if fee is None:
        lines, needs = said.lacks("early", 'write settlement_fee="0", or such as "1%"')
        return [*lines], {}, [*needs]
    nothing = isinstance(fee, (Decimal, Fraction)) and not fee
    words = tongue.say("no_fee") if nothing else tongue.settlement_fee(fee, deal.currency)
    blocks: list[Block] = [Paragraph(tongue.say("early_text", fee=words))]
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
    plan = deal.schedule
    blocks: list[Block] = [Paragraph(upper(tongue.loan(plan.loan)) + tongue.stop)]
    lines = [
        tongue.say(
            "change_line",
            number=each.number,
            day=tongue.day(each.day),
            words=upper(tongue.told(each, deal.currency)),
        )
        + tongue.stop
        for each in told(plan.loan, plan.changes, plan.change_days, plan._ledger)
    ]
    blocks += map(Paragraph, lines)
    figures: dict[str, Any] = {}
    if deal.before.loan == plan.loan and deal.before != plan:
        then, now = _paid_from(deal, before=True), _paid_from(deal, before=False)
        figures = {"before": then, "now": now, "difference": subtract(now, then)}
        gap = figures["difference"]
        key = "more" if gap > 0 else "less" if gap < 0 else "same"
        difference = tongue.say(key, amount=said.money(abs(gap)))
        words = {"before": said.money(then), "now": said.money(now), "on": tongue.day(deal.on)}
        blocks.append(Paragraph(tongue.say("compared", difference=difference, **words)))
    return blocks, figures, []


def _paid_from(deal: Deal, *, before: bool) -> Decimal:
    """Return what is paid from the agreement on; without what was paid of either by then."""
    total = deal.total("payment")
    if not before:
        return total
    past = subtract(deal.schedule.out_of_pocket, total)
    return subtract(deal.before.out_of_pocket, past)
