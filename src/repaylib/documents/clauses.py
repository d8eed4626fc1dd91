"""The items of an agreement in their order, and those of them that are plain text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from repaylib.documents.clause import AgreementContent, ClauseParts, Missing
from repaylib.documents.clause_balances import balance
from repaylib.documents.clause_figures import (
    accrual,
    breach,
    early,
    fees,
    reading,
)
from repaylib.documents.instalment_table import instalments
from repaylib.documents.layout import Block, Lines, Paragraph
from repaylib.documents.parties import Party, party_of
from repaylib.documents.terms_in_force import amounts_in

__all__ = ["CLAUSES"]


def _parties(content: AgreementContent) -> ClauseParts:
    language, blocks, needs = content.language, list[Block](), list[Missing]()
    for party in content.parties:
        called = language.say(content.role_key(party.role))
        phrases = [language.say("role", role=called, name=party.name)]
        for key in ("id_number", "address", "contact"):
            if text := getattr(party, key):
                phrases.append(language.say(key, text=text))
        blocks.append(Paragraph(language.listed(phrases, "comma")))
    for role in ("lender", "borrower"):
        if party_of(content.parties, role) is None:
            lines, need = content.missing_item(role, f'parties={{"{role}": "..."}}')
            blocks += lines
            needs += need
    return blocks, {"parties": [_plain_party(party) for party in content.parties]}, needs


def _plain_party(party: Party) -> dict[str, str]:
    return {name: getattr(party, name) for name in Party.__slots__}


def _circumstances(content: AgreementContent) -> ClauseParts:
    blocks: list[Block] = []
    needs: list[Missing] = []
    if content.circumstances:
        blocks.append(Paragraph(content.circumstances))
    elif not content.agreed.is_voluntary:
        lines, need = content.missing_item("circumstances", 'circumstances="..."')
        blocks += lines
        needs += need
    key = "will.early" if content.agreed.is_voluntary else "will"
    blocks.append(Paragraph(content.language.say(key)))
    return blocks, {}, needs


def _late(content: AgreementContent) -> ClauseParts:
    if content.penalty is None:
        codes = ('penalty=rp.PenaltyTerms("1.5")', 'penalty=rp.PenaltyTerms(rate="0%")')
        lines, needs = content.missing_item("late", *codes)
        return [*lines], {}, [*needs]
    language, agreed, pace = (
        content.language,
        content.agreed,
        content.agreed.schedule.loan.timetable.period_length,
    )
    blocks: list[Block] = []
    for place, terms in ((None, content.penalty.initial), *content.penalty.changes):
        money = amounts_in(agreed.currency)
        text = language.render(terms.sentence(money, terms.late_rates(agreed.rates, pace)))
        if isinstance(place, date):
            text = language.say("from_day", day=language.day(place), text=text)
        blocks.append(Paragraph(text))
    return blocks, {}, []


def _allocation(content: AgreementContent) -> ClauseParts:
    if content.allocation is None:
        lines, needs = content.missing_item("allocation", "allocation=rp.Allocation.civil_code()")
        return [*lines], {}, [*needs]
    return [Paragraph(content.language.render(content.allocation.sentence()))], {}, []


def _new_credit(content: AgreementContent) -> ClauseParts:
    if content.no_new_credit is None and not content.card:
        return [], {}, []
    if content.no_new_credit is None:
        lines, needs = content.missing_item("promise", "no_new_credit=True")
        return [*lines], {}, [*needs]
    key = "promise" if content.no_new_credit else "no_promise"
    return [Paragraph(content.language.say(key))], {"promised": content.no_new_credit}, []


def _duties(content: AgreementContent) -> ClauseParts:
    keys = ("duty_pay", "duty_stop", "duty_prove", "duty_talk", "duty_copy")
    return [Lines(tuple(content.language.say(key) for key in keys))], {}, []


def _given(text: str, key: str, code: str) -> Callable[[AgreementContent], ClauseParts]:
    def made(content: AgreementContent) -> ClauseParts:
        if own := getattr(content, text):
            return [Paragraph(own)], {}, []
        lines, needs = content.missing_item(key, code)
        return [*lines], {}, [*needs]

    return made


def _other(content: AgreementContent) -> ClauseParts:
    return ([Lines(content.other)] if content.other else []), {}, []


def _signing(content: AgreementContent) -> ClauseParts:
    language, on = content.language, content.language.day(content.agreed.on)
    if content.dated is not None:
        text = language.say("dated", day=language.day(content.dated), on=on)
        return [Paragraph(text)], {"dated": content.dated, "on": content.agreed.on}, []
    lines, needs = content.missing_item("dated", 'dated="YYYY-MM-DD"')
    return [Paragraph(language.say("undated", on=on)), *lines], {"on": content.agreed.on}, [*needs]


#: The items in their order, where each is asked for, and what makes it.
CLAUSES: dict[str, tuple[str, Callable[[AgreementContent], ClauseParts]]] = {
    "parties": ("", _parties),
    "circumstances": ("art_70", _circumstances),
    "balance": ("art_70:1", balance),
    "instalments": ("art_70:2", instalments),
    "reading": ("", reading),
    "accrual": ("art_70:3", accrual),
    "fees": ("cost_rule", fees),
    "late": ("cost_rule", _late),
    "allocation": ("", _allocation),
    "new_credit": ("art_70:4", _new_credit),
    "duties": ("art_70:5", _duties),
    "breach": ("art_70:5", breach),
    "early": ("art_70:6", early),
    "paying": ("art_70:6", _given("pay_to", "paying", 'pay_to="..."')),
    "reporting": ("art_70:6", _given("reporting", "reporting", 'reporting="..."')),
    "other": ("art_70:6", _other),
    "signing": ("", _signing),
}
