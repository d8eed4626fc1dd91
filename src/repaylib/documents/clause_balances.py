"""What is owed before an agreement, by kind, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from repaylib.arrears.arrangement import Round
from repaylib.arrears.balances import Owed
from repaylib.documents.clause import Made, Missing, Said
from repaylib.documents.deal import Deal
from repaylib.documents.language import Tongue
from repaylib.documents.layout import Block, Lines, Paragraph, Sheet, sheet
from repaylib.money.amounts import add
from repaylib.typing import Component

__all__ = ["Becomes", "balance", "becomes_of", "forgiven_lines", "owed_sheet"]

#: Under which name each kind stands in the catalogue of sentences.
KINDS = {"fees": "fee"}
FORGIVEN = {
    "principal": "forgiven_principal",
    "interest": "forgiven_interest",
    "deferred interest": "forgiven_deferred",
    "fees": "forgiven_fees",
    "penalty": "forgiven_penalty",
    "penalty on interest": "forgiven_on_interest",
    "costs": "forgiven_costs",
}


class Becomes(NamedTuple):
    """What becomes of the principal that is owed, in major units.

    ``repaid = owed + joined + capitalised + advanced - held - forgiven - apart``.

    Attributes
    ----------
    owed
        Principal owed before the agreement.
    joined
        What joins it of the arrears.
    joins
        Which kinds of arrears these are.
    capitalised
        Interest, and fees that are financed, that join it later.
    advanced
        What more is lent.
    held
        Money received before that is taken off.
    forgiven, apart
        Principal forgiven, and principal that stays owed beside the instalments.
    repaid
        Principal repaid with the payments of the agreement.
    """

    owed: Decimal
    joined: Decimal
    joins: tuple[str, ...]
    capitalised: Decimal
    advanced: Decimal
    held: Decimal
    forgiven: Decimal
    apart: Decimal
    repaid: Decimal


def becomes_of(deal: Deal) -> Becomes:
    """Return what becomes of the principal that is owed."""
    zero = deal.schedule.loan.money(0)
    sums = deal.totals
    owed = deal.rows[0].opening if deal.rows else zero
    joined = held = apart = zero
    forgiven = sums["forgiven"]
    joins: tuple[str, ...] = ()
    if deal.arrangement is not None:
        latest = deal.arrangement.latest
        owed, held = latest.before.balances.principal, latest.before.credit
        joined, joins = latest.capitalised, _joining(latest)
        forgiven, apart = add(forgiven, latest.forgiven.principal), latest.apart.principal
    return Becomes(
        owed=owed,
        joined=joined,
        joins=joins,
        capitalised=sums["capitalised"],
        advanced=sums["advanced"],
        held=held,
        forgiven=forgiven,
        apart=apart,
        repaid=sums["principal"],
    )


def _joining(latest: Round) -> tuple[str, ...]:
    """Return the kinds of arrears that join the principal."""
    owed = latest.before.balances
    amounts: dict[Component, Decimal] = {
        "interest": add(owed.interest, owed.deferred_interest),
        "penalty": add(owed.penalty, owed.penalty_interest),
        "fee": owed.fees,
        "costs": owed.costs,
    }
    return tuple(
        kind for kind, amount in amounts.items() if amount and latest.arrears[kind] == "capitalise"
    )


def balance(said: Said) -> Made:
    """Say what is owed, by kind, and what becomes of it."""
    tongue, deal = said.tongue, said.deal
    owed, held = deal.owed, deal.schedule.loan.money(0)
    words = {
        "on": tongue.day(deal.on),
        "total": tongue.in_full(owed.total, deal.currency),
        "currency": tongue.currency(deal.currency),
    }
    blocks: list[Block] = [Paragraph(tongue.say("owed_on", **words))]
    blocks.append(owed_sheet(tongue, owed, held))
    lines = []
    if (stands := deal.statement) is not None:
        held = stands.credit
        if stands.arrears.total:
            overdue, days = said.money(stands.arrears.total), stands.days_past_due
            lines.append(tongue.say("of_it_overdue", amount=overdue, days=days))
        if held and deal.arrangement is None:
            lines.append(tongue.say("held", amount=said.money(held)))
    if lines:
        blocks.append(Lines(tuple(lines)))
    figures = {"on": deal.on, "currency": deal.currency, "held": held, "total": owed.total}
    if becomes := _becomes(said):
        blocks += [Paragraph(tongue.say("what_becomes")), Lines(tuple(becomes))]
    needs: list[Missing] = []
    if deal.currency == "XXX":
        more, need = said.lacks("currency", 'Loan(..., currency="CNY")')
        blocks += more
        needs += need
    return blocks, figures | owed.parts, needs


def owed_sheet(tongue: Tongue, owed: Owed, nothing: Decimal) -> Sheet:
    """Return a table of what is owed by kind."""
    rows = [
        (tongue.say(KINDS.get(name, name)), f"{amount:,f}")
        for name, amount in owed.parts.items()
        if amount
    ]
    return sheet(
        (tongue.say("kind"), tongue.say("amount")),
        rows or [(tongue.say("principal"), f"{nothing:,f}")],
        footer=(tongue.say("in_all"), f"{owed.total:,f}"),
    )


def _becomes(said: Said) -> list[str]:
    """Return what becomes of what is owed."""
    tongue, deal, lines = said.tongue, said.deal, list[str]()
    found = becomes_of(deal)
    if found.repaid:
        lines.append(_repaid(said, found))
    given_up = [deal.given_up]
    if deal.arrangement is not None:
        latest = deal.arrangement.latest
        if latest.carried:
            lines.append(tongue.say("carried", amount=said.money(latest.carried)))
        if latest.apart.total:
            lines.append(tongue.say("apart", amount=said.money(latest.apart.total)))
        given_up.append(latest.forgiven)
    lines += forgiven_lines(tongue, given_up, deal.currency)
    return lines


def _repaid(said: Said, found: Becomes) -> str:
    """Return how the principal owed leads to the principal repaid."""
    tongue, deal = said.tongue, said.deal
    joins = "capitalised_fees" if deal.finances_fees else "capitalised_interest"
    parts = [
        ("with_joined", found.joined),
        (joins, found.capitalised),
        ("with_advanced", found.advanced),
        ("less_held", found.held),
        ("less_forgiven", found.forgiven),
        ("less_apart", found.apart),
    ]
    kinds = tongue.listed([tongue.say(kind) for kind in found.joins])
    more = [
        tongue.say(key, amount=said.money(amount), kinds=kinds) if key == "with_joined"
        else tongue.say(key, amount=said.money(amount))
        for key, amount in parts
        if amount
    ]  # fmt: skip
    one = len(deal.paid) == 1
    if not more:
        key = "repaid_one" if one else "repaid"
        return tongue.say(key, amount=said.money(found.repaid))
    return tongue.say(
        "repaid_from_one" if one else "repaid_from",
        owed=said.money(found.owed),
        more="".join(more),
        amount=said.money(found.repaid),
    )


def forgiven_lines(tongue: Tongue, given_up: Iterable[Owed], currency: str) -> list[str]:
    """Return what is forgiven, a sentence for each kind, and all of it."""
    sums: dict[str, Decimal] = {}
    for owed in given_up:
        for name, amount in owed.parts.items():
            if amount:
                sums[name] = add(sums.get(name, Decimal(0)), amount)
    lines = [
        tongue.say(FORGIVEN[name], amount=tongue.money(amount, currency))
        for name, amount in sums.items()
    ]
    if len(sums) > 1:
        total = add(*sums.values())
        lines.append(tongue.say("forgiven_in_all", amount=tongue.money(total, currency)))
    return lines
