"""The balance before an agreement, by kind, and how it leads to the principal repaid."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from repaylib.arrears.arrangement import ArrangementRound
from repaylib.arrears.balances import Balances
from repaylib.documents.agreed_figures import AgreedFigures
from repaylib.documents.clause import AgreementContent, ClauseParts, Missing, upper
from repaylib.documents.layout import Block, Lines, Paragraph, Sheet, sheet
from repaylib.money.amounts import add, subtract
from repaylib.typing import Component
from repaylib.wording.sentence import Language

__all__ = [
    "PrincipalReconciliation",
    "balance",
    "reconcile_principal",
    "forgiven_lines",
    "owed_sheet",
]

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


class PrincipalReconciliation(NamedTuple):
    """How the principal owed leads to the principal repaid, in major units.

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


def reconcile_principal(agreed: AgreedFigures) -> PrincipalReconciliation:
    """Return how the principal owed leads to the principal repaid."""
    zero = agreed.schedule.loan.money(0)
    sums = agreed.totals
    owed = agreed.rows[0].opening if agreed.rows else zero
    joined = held = apart = zero
    forgiven = sums["forgiven"]
    joins: tuple[str, ...] = ()
    if agreed.arrangement is not None:
        latest = agreed.arrangement.latest
        owed, held = latest.before.balances.principal, latest.before.credit
        joined, joins = latest.capitalised, _joining(latest)
        forgiven, apart = add(forgiven, latest.forgiven.principal), latest.apart.principal
    return PrincipalReconciliation(
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


def _joining(latest: ArrangementRound) -> tuple[str, ...]:
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


def balance(content: AgreementContent) -> ClauseParts:
    """Return the balance by kind, and how it is repaid."""
    language, agreed = content.language, content.agreed
    owed, held = agreed.owed, agreed.schedule.loan.money(0)
    slots = {
        "on": language.day(agreed.on),
        "total": language.in_full(owed.total, agreed.currency),
        "currency": language.currency(agreed.currency),
    }
    blocks: list[Block] = [Paragraph(language.say("owed_on", **slots))]
    blocks.append(owed_sheet(language, owed, held))
    lines = []
    if (stands := agreed.statement) is not None:
        held = stands.credit
        if stands.arrears.total:
            overdue, days = content.money(stands.arrears.total), stands.days_past_due
            lines.append(language.say("of_it_overdue", amount=overdue, days=days))
        if held and agreed.arrangement is None:
            lines.append(language.say("held", amount=content.money(held)))
    if lines:
        blocks.append(Lines(tuple(lines)))
    figures = {"on": agreed.on, "currency": agreed.currency, "held": held, "total": owed.total}
    if lines_below := _balance_lines(content):
        blocks += [Paragraph(language.say("what_becomes")), Lines(tuple(lines_below))]
    needs: list[Missing] = []
    if agreed.currency == "XXX":
        more, need = content.missing_item("currency", 'Loan(..., currency="CNY")')
        blocks += more
        needs += need
    return blocks, figures | owed.parts, needs


def owed_sheet(language: Language, owed: Balances, nothing: Decimal) -> Sheet:
    """Return a table of what is owed by kind."""
    rows = [
        (language.say(KINDS.get(name, name)), f"{amount:,f}")
        for name, amount in owed.parts.items()
        if amount
    ]
    return sheet(
        (language.say("kind"), language.say("amount")),
        rows or [(language.say("principal"), f"{nothing:,f}")],
        footer=(language.say("in_all"), f"{owed.total:,f}"),
    )


def _balance_lines(content: AgreementContent) -> list[str]:
    """Return a line for each way in which the balance is repaid or forgiven."""
    language, agreed, lines = content.language, content.agreed, list[str]()
    found = reconcile_principal(agreed)
    if found.repaid:
        lines.append(_repaid(content, found))
    given_up = [agreed.given_up]
    if agreed.arrangement is None and agreed.statement is None:
        lines += _also_paid(content, found)
    if agreed.arrangement is not None:
        latest = agreed.arrangement.latest
        if latest.carried:
            lines.append(language.say("carried", amount=content.money(latest.carried)))
        if latest.apart.total:
            lines.append(language.say("apart", amount=content.money(latest.apart.total)))
        given_up.append(latest.forgiven)
    lines += forgiven_lines(language, given_up, agreed.currency)
    return lines


def _repaid(content: AgreementContent, found: PrincipalReconciliation) -> str:
    """Return how the principal owed leads to the principal repaid."""
    language, agreed = content.language, content.agreed
    joins = "capitalised_fees" if agreed.finances_fees else "capitalised_interest"
    parts = [
        ("with_joined", found.joined),
        (joins, found.capitalised),
        ("with_advanced", found.advanced),
        ("less_held", found.held),
        ("less_forgiven", found.forgiven),
        ("less_apart", found.apart),
    ]
    kinds = language.listed([language.say(kind) for kind in found.joins])
    more = [
        language.say(key, amount=content.money(amount), kinds=kinds) if key == "with_joined"
        else language.say(key, amount=content.money(amount))
        for key, amount in parts
        if amount
    ]  # fmt: skip
    one = len(agreed.paid) == 1
    if not more:
        key = "repaid_one" if one else "repaid"
        return language.say(key, amount=content.money(found.repaid))
    return language.say(
        "repaid_from_one" if one else "repaid_from",
        owed=content.money(found.owed),
        more="".join(more),
        amount=content.money(found.repaid),
    )


def _also_paid(content: AgreementContent, found: PrincipalReconciliation) -> list[str]:
    """Return what is paid besides the principal, of what the schedule leaves owed on the day.

    Interest that is capitalised or waived is in the lines on these.
    """
    language, agreed = content.language, content.agreed
    owed, given_up = agreed.owed.parts, agreed.given_up.parts
    key = "also_paid_one" if len(agreed.paid) == 1 else "also_paid"
    lines = []
    for name, amount in owed.items():
        left = subtract(amount, given_up.get(name, agreed.schedule.loan.money(0)))
        elsewhere = name == "interest" and (found.capitalised or agreed.totals["waived"])
        if name != "principal" and left > 0 and not elsewhere:
            kind = upper(language.say(KINDS.get(name, name)))
            lines.append(language.say(key, kind=kind, amount=content.money(left)))
    return lines


def forgiven_lines(language: Language, given_up: Iterable[Balances], currency: str) -> list[str]:
    """Return what is forgiven, a sentence for each kind, and all of it."""
    sums: dict[str, Decimal] = {}
    for owed in given_up:
        for name, amount in owed.parts.items():
            if amount:
                sums[name] = add(sums.get(name, Decimal(0)), amount)
    lines = [
        language.say(FORGIVEN[name], amount=language.money(amount, currency))
        for name, amount in sums.items()
    ]
    if len(sums) > 1:
        total = add(*sums.values())
        lines.append(language.say("forgiven_in_all", amount=language.money(total, currency)))
    return lines
