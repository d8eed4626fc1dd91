"""The items of an agreement, one by one: its sentences, its tables, its figures, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from repaylib.agreed import Deal
from repaylib.allocation import Allocation
from repaylib.arrangement import IfBroken
from repaylib.breach import Breach
from repaylib.costing_clause import cost_blocks
from repaylib.forbearance import Forbearance
from repaylib.money import subtract
from repaylib.paper import Block, Lines, Paragraph, Sheet, sheet
from repaylib.parties import Party, party_of
from repaylib.penalties import PenaltyTerms
from repaylib.record import told
from repaylib.settlement_fees import SettlementFee
from repaylib.standing import Owed
from repaylib.steps import Steps
from repaylib.tongues import Tongue, share

__all__ = ["CLAUSES", "Clause", "Missing", "Said", "instalment_sheet", "plain"]


class Missing(NamedTuple):
    """What is still empty.

    Attributes
    ----------
    name
        Its name, in the language of the document.
    write
        What to write for it.
    """

    name: str
    write: str

    def __str__(self) -> str:
        return f"{self.name}: {self.write}"


class Clause(NamedTuple):
    """One item of an agreement.

    Attributes
    ----------
    key
        Its name: ``"balance"``, ``"instalments"``, ``"breach"`` and so on.
    title
        Its heading.
    rule
        Where it is asked for, if somewhere.
    blocks
        Its sentences and tables.
    figures
        Its figures by name: amounts as ``Decimal``, days as ``date``.
    needs
        What is missing in it.
    """

    key: str
    title: str
    rule: str
    blocks: tuple[Block, ...]
    figures: Mapping[str, Any]
    needs: tuple[Missing, ...]

    @property
    def missing(self) -> bool:
        """Whether something in it is still empty."""
        return bool(self.needs)

    @property
    def text(self) -> str:
        """Its sentences, a line each."""
        lines: list[str] = []
        for block in self.blocks:
            if isinstance(block, Paragraph):
                lines.append(block.text)
            elif isinstance(block, Lines):
                lines.extend(block.lines)
        return "\n".join(lines)

    def __str__(self) -> str:
        return f"{self.title}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Said:
    """All that an agreement says, figures and words."""

    tongue: Tongue
    deal: Deal
    parties: tuple[Party, ...]
    dated: date | None
    circumstances: str
    penalty: Steps[PenaltyTerms] | None
    allocation: Allocation | None
    breach: Breach | None
    prices: tuple[IfBroken, ...]
    settlement_fee: Decimal | Fraction | SettlementFee | None
    no_new_credit: bool | None
    pay_to: str
    reporting: str
    other: tuple[str, ...]

    def money(self, value: Decimal) -> str:
        """Return an amount with its currency."""
        return self.tongue.money(value, self.deal.currency)

    def lacks(self, key: str, write: str) -> tuple[tuple[Block, ...], tuple[Missing, ...]]:
        """Return the line of what is missing, and what to write."""
        name = self.tongue.say(f"miss_{key}")
        line = Paragraph(self.tongue.say("open", what=name), open=True)
        return (line,), (Missing(name, write),)


Made = tuple[list[Block], dict[str, Any], list[Missing]]


def _parties(said: Said) -> Made:
    tongue, blocks, needs = said.tongue, list[Block](), list[Missing]()
    for party in said.parties:
        words = [tongue.say("role", role=tongue.say(party.role), name=party.name)]
        for key in ("id_number", "address", "contact"):
            if text := getattr(party, key):
                words.append(tongue.say(key, text=text))
        blocks.append(Paragraph(tongue.comma.join(words)))
    for role in ("lender", "borrower"):
        if party_of(said.parties, role) is None:
            lines, need = said.lacks(role, f'write parties={{"{role}": "..."}}')
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
        lines, need = said.lacks("circumstances", 'write circumstances="..."')
        blocks += lines
        needs += need
    blocks.append(Paragraph(said.tongue.say("will")))
    return blocks, {}, needs


def _balance(said: Said) -> Made:
    tongue, deal = said.tongue, said.deal
    owed, held = deal.owed, deal.schedule.loan.money(0)
    currency = tongue.currency(deal.currency)
    words = {"on": tongue.day(deal.on), "total": said.money(owed.total), "currency": currency}
    rows = [
        (tongue.say(_kind(name)), f"{amount:,f}") for name, amount in owed.parts.items() if amount
    ]
    blocks: list[Block] = [Paragraph(tongue.say("owed_on", **words))]
    blocks.append(
        sheet(
            (tongue.say("kind"), tongue.say("amount")),
            rows or [(tongue.say("principal"), f"{held:,f}")],
            footer=(tongue.say("in_all"), f"{owed.total:,f}"),
        )
    )
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
    return blocks, figures | {name: value for name, value in owed.parts.items()}, needs


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


def _instalments(said: Said) -> Made:
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
        "total": said.money(total),
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


def _accrual(said: Said) -> Made:
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


def _fees(said: Said) -> Made:
    tongue = said.tongue
    blocks, figures, why = cost_blocks(tongue, said.deal, said.penalty, said.settlement_fee)
    needs = []
    if why:
        name = tongue.say("miss_rate")
        needs.append(Missing(name, why))
    return blocks, figures, needs


def _late(said: Said) -> Made:
    if said.penalty is None:
        lines, needs = said.lacks("late", 'write penalty=rp.PenaltyTerms("1.5"), or (rate="0%")')
        return [*lines], {}, [*needs]
    words = said.tongue.penalty(said.penalty, said.deal.currency)
    return [Paragraph(said.tongue.say("late_text", words=_upper(words)))], {}, []


def _upper(words: str) -> str:
    return words[0].upper() + words[1:]


def _allocation(said: Said) -> Made:
    if said.allocation is None:
        lines, needs = said.lacks("allocation", "write allocation=rp.Allocation.civil_code()")
        return [*lines], {}, [*needs]
    words = said.tongue.allocation(said.allocation)
    return [Paragraph(said.tongue.say("allocation_text", words=words))], {}, []


def _breach(said: Said) -> Made:
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


def _early(said: Said) -> Made:
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


def _reading(said: Said) -> Made:
    tongue, deal = said.tongue, said.deal
    plan = deal.schedule
    blocks: list[Block] = [Paragraph(_upper(tongue.loan(plan.loan)) + tongue.stop)]
    lines = [
        tongue.say(
            "change_line",
            number=each.number,
            day=tongue.day(each.day),
            words=tongue.told(each, deal.currency),
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
    kept = len(deal.schedule) - len(deal.rows)
    total = deal.total("payment")
    if not before:
        return total
    past = subtract(deal.schedule.total_paid, total)
    assert kept >= 0
    return subtract(deal.before.total_paid, past)


def _new_credit(said: Said) -> Made:
    if said.no_new_credit is None:
        lines, needs = said.lacks("promise", "write no_new_credit=True")
        return [*lines], {}, [*needs]
    key = "promise" if said.no_new_credit else "no_promise"
    return [Paragraph(said.tongue.say(key))], {"promised": said.no_new_credit}, []


def _duties(said: Said) -> Made:
    keys = ("duty_pay", "duty_stop", "duty_prove", "duty_talk", "duty_copy")
    return [Lines(tuple(said.tongue.say(key) for key in keys))], {}, []


def _given(text: str, key: str, write: str) -> Callable[[Said], Made]:
    def made(said: Said) -> Made:
        if words := getattr(said, text):
            return [Paragraph(words)], {}, []
        lines, needs = said.lacks(key, write)
        return [*lines], {}, [*needs]

    return made


def _other(said: Said) -> Made:
    return ([Lines(said.other)] if said.other else []), {}, []


def _signing(said: Said) -> Made:
    tongue, on = said.tongue, said.tongue.day(said.deal.on)
    if said.dated is not None:
        words = tongue.say("dated", day=tongue.day(said.dated), on=on)
        return [Paragraph(words)], {"dated": said.dated, "on": said.deal.on}, []
    lines, needs = said.lacks("dated", 'write dated="2024-04-10"')
    return [Paragraph(tongue.say("undated", on=on)), *lines], {"on": said.deal.on}, [*needs]


#: The items in their order, where each is asked for, and what makes it.
CLAUSES: dict[str, tuple[str, Callable[[Said], Made]]] = {
    "parties": ("", _parties),
    "circumstances": ("art_70:0", _circumstances),
    "balance": ("art_70:1", _balance),
    "instalments": ("art_70:2", _instalments),
    "reading": ("", _reading),
    "accrual": ("art_70:3", _accrual),
    "fees": ("cost_rule", _fees),
    "late": ("cost_rule", _late),
    "allocation": ("", _allocation),
    "new_credit": ("art_70:4", _new_credit),
    "duties": ("art_70:5", _duties),
    "breach": ("art_70:5", _breach),
    "early": ("art_70:6", _early),
    "paying": ("art_70:6", _given("pay_to", "paying", 'write pay_to="..."')),
    "reporting": ("art_70:6", _given("reporting", "reporting", 'write reporting="..."')),
    "other": ("art_70:6", _other),
    "signing": ("", _signing),
}


def plain(value: object) -> Any:
    """Return figures as JSON takes them: amounts and days as text."""
    match value:
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case Mapping():
            return {str(name): plain(each) for name, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
    return value
