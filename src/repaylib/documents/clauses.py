"""The items of an agreement in their order, and those of them that are words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from repaylib.documents.clause import Made, Missing, Said
from repaylib.documents.clause_balances import balance
from repaylib.documents.clause_figures import (
    accrual,
    breach,
    early,
    fees,
    instalments,
    reading,
)
from repaylib.documents.facts import late_rates
from repaylib.documents.layout import Block, Lines, Paragraph
from repaylib.documents.parties import Party, party_of

__all__ = ["CLAUSES"]


def _parties(said: Said) -> Made:
    tongue, blocks, needs = said.tongue, list[Block](), list[Missing]()
    for party in said.parties:
        called = tongue.say(said.role_key(party.role))
        words = [tongue.say("role", role=called, name=party.name)]
        for key in ("id_number", "address", "contact"):
            if text := getattr(party, key):
                words.append(tongue.say(key, text=text))
        blocks.append(Paragraph(tongue.comma.join(words)))
    for role in ("lender", "borrower"):
        if party_of(said.parties, role) is None:
            lines, need = said.lacks(role, f'parties={{"{role}": "..."}}')
            blocks += lines
            needs += need
    return blocks, {"parties": [_plain_party(each) for each in said.parties]}, needs


def _plain_party(party: Party) -> dict[str, str]:
    return {name: getattr(party, name) for name in Party.__slots__}


def _circumstances(said: Said) -> Made:
    blocks: list[Block] = []
    needs: list[Missing] = []
    if said.circumstances:
        blocks.append(Paragraph(said.circumstances))
    else:
        lines, need = said.lacks("circumstances", 'circumstances="..."')
        blocks += lines
        needs += need
    blocks.append(Paragraph(said.tongue.say("will")))
    return blocks, {}, needs


def _late(said: Said) -> Made:
    if said.penalty is None:
        codes = ('penalty=rp.PenaltyTerms("1.5")', 'penalty=rp.PenaltyTerms(rate="0%")')
        lines, needs = said.lacks("late", *codes)
        return [*lines], {}, [*needs]
    tongue, deal, pace = said.tongue, said.deal, said.deal.schedule.loan.timetable.pace
    blocks: list[Block] = []
    for place, terms in ((None, said.penalty.initial), *said.penalty.changes):
        words = tongue.penalty(terms, deal.currency, late_rates(terms, deal.rates, pace))
        if isinstance(place, date):
            words = tongue.say("from_day", day=tongue.day(place), words=words)
        blocks.append(Paragraph(words))
    return blocks, {}, []


def _allocation(said: Said) -> Made:
    if said.allocation is None:
        lines, needs = said.lacks("allocation", "allocation=rp.Allocation.civil_code()")
        return [*lines], {}, [*needs]
    return [Paragraph(said.tongue.allocation(said.allocation))], {}, []


def _new_credit(said: Said) -> Made:
    if said.no_new_credit is None and not said.card:
        return [], {}, []
    if said.no_new_credit is None:
        lines, needs = said.lacks("promise", "no_new_credit=True")
        return [*lines], {}, [*needs]
    key = "promise" if said.no_new_credit else "no_promise"
    return [Paragraph(said.tongue.say(key))], {"promised": said.no_new_credit}, []


def _duties(said: Said) -> Made:
    keys = ("duty_pay", "duty_stop", "duty_prove", "duty_talk", "duty_copy")
    return [Lines(tuple(said.tongue.say(key) for key in keys))], {}, []


def _given(text: str, key: str, code: str) -> Callable[[Said], Made]:
    def made(said: Said) -> Made:
        if words := getattr(said, text):
            return [Paragraph(words)], {}, []
        lines, needs = said.lacks(key, code)
        return [*lines], {}, [*needs]

    return made


def _other(said: Said) -> Made:
    return ([Lines(said.other)] if said.other else []), {}, []


def _signing(said: Said) -> Made:
    tongue, on = said.tongue, said.tongue.day(said.deal.on)
    if said.dated is not None:
        words = tongue.say("dated", day=tongue.day(said.dated), on=on)
        return [Paragraph(words)], {"dated": said.dated, "on": said.deal.on}, []
    lines, needs = said.lacks("dated", 'dated="2024-04-10"')
    return [Paragraph(tongue.say("undated", on=on)), *lines], {"on": said.deal.on}, [*needs]


#: The items in their order, where each is asked for, and what makes it.
CLAUSES: dict[str, tuple[str, Callable[[Said], Made]]] = {
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
