"""The parts of a letter, one by one: sentences, tables, figures, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from repaylib.documents.agreed_figures import AgreedFigures
from repaylib.documents.clause import ClauseParts, Missing, missing_line, upper
from repaylib.documents.clause_balances import forgiven_lines, owed_sheet
from repaylib.documents.clause_figures import terms_line
from repaylib.documents.instalment_table import instalment_sheet
from repaylib.documents.layout import Block, Lines, Paragraph, Signatures, sheet
from repaylib.documents.parties import Party, party_of
from repaylib.documents.terms_in_force import changes_in_force
from repaylib.errors import RepayError
from repaylib.measures.modification import Modification, modification_test
from repaylib.money.amounts import add, subtract
from repaylib.money.rounding import round_fraction
from repaylib.negotiation.budget import Budget
from repaylib.negotiation.debts import Debt
from repaylib.rates.rate import percent, short_percent
from repaylib.schedule.change_log import amount_of, logged_changes
from repaylib.schedule.schedule import Schedule
from repaylib.typing import Lang
from repaylib.wording.sentence import Language, parse_language

__all__ = ["PARTS", "Asked", "greeting", "signed_by"]


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a letter says: what is owed, what is asked for, and what can be paid.

    `old` is the debt as agreed so far, `new` what is asked for.
    """

    lang: Lang
    old: AgreedFigures
    new: AgreedFigures | None
    debt: Debt | None
    budget: Budget | None
    affordable: Decimal | None
    parties: tuple[Party, ...]
    circumstances: str
    documents: tuple[str, ...] | None
    usual: tuple[str, ...]
    recovery: Fraction | None

    @property
    def bare(self) -> Debt | None:
        """The debt if it is a bare balance, of which no schedule is agreed."""
        known = self.debt is None or isinstance(self.debt.of, Schedule)
        return None if known else self.debt

    @property
    def language(self) -> Language:
        """The language it is written in."""
        return parse_language(self.lang)

    def in_language(self, lang: Lang) -> Asked:
        """Return the same in another language."""
        return replace(self, lang=lang)

    def money(self, value: Decimal) -> str:
        """Return an amount with its currency."""
        return self.language.money(value, self.old.currency)

    def missing_item(self, key: str, *codes: str) -> tuple[Block, Missing]:
        """Return the line of what is missing, and what to write."""
        return missing_line(self.language, key, *codes)


def _situation(asked: Asked) -> ClauseParts:
    language, old = asked.language, asked.old
    blocks, needs = list[Block](), list[Missing]()
    for role in ("lender", "borrower"):
        if party_of(asked.parties, role) is None:
            line, need = asked.missing_item(role, f'parties={{"{role}": "..."}}')
            blocks.append(line)
            needs.append(need)
    if asked.circumstances:
        blocks.append(Paragraph(asked.circumstances))
    else:
        line, need = asked.missing_item("circumstances", 'circumstances="..."')
        blocks.append(line)
        needs.append(need)
    owed = old.owed
    total = owed.total if old.statement is None else old.statement.payoff
    if asked.debt is not None:
        total = add(total, asked.debt.arrears)
    blocks.append(
        Paragraph(
            language.say(
                "owe_now", on=language.day(old.on), total=language.in_full(total, old.currency)
            )
        )
    )
    if sum(map(bool, owed.parts.values())) > 1:
        blocks.append(owed_sheet(language, owed, old.schedule.loan.money(0)))
    lines = _state(asked)
    if lines:
        blocks.append(Lines(tuple(lines)))
    more, figures, missing_item = _means(asked)
    figures |= {"on": old.on, "owed": total, "currency": old.currency, "parts": owed.parts}
    return [*blocks, *more], figures, [*needs, *missing_item]


def _state(asked: Asked) -> list[str]:
    """Return how the debt stands, in sentences."""
    language, old, lines = asked.language, asked.old, list[str]()
    stands = old.statement
    if stands is not None and stands.arrears.total:
        amount, days = asked.money(stands.arrears.total), stands.days_past_due
        lines.append(language.say("of_it_overdue", amount=amount, days=days))
    elif asked.debt is not None and asked.debt.arrears:
        lines.append(language.say("overdue", amount=asked.money(asked.debt.arrears)))
    if (bare := asked.bare) is not None:
        return [*lines, *_minimum(asked, bare)]
    coming = old.paid
    if coming:
        lines.append(
            language.say(
                "owe_agreed",
                amount=asked.money(old.total("payment")),
                end=language.day(coming[-1].date),
                next=asked.money(coming[0].payment),
                day=language.day(coming[0].date),
            )
        )
    return lines


def _minimum(asked: Asked, debt: Debt) -> Iterator[str]:
    """Return the rate of a bare balance, and the rule of its minimum with what it is now."""
    language = asked.language
    assert debt.rate is not None, "a bare balance has a rate"
    assert debt.minimum_due is not None, "a bare balance has a minimum"
    yield language.say("minimum_rate", rate=debt.rate.sentence())
    shares = [rule for rule in debt.minimum if isinstance(rule, Fraction)]
    amounts = [rule for rule in debt.minimum if isinstance(rule, Decimal)]
    rule = ""
    if shares:
        rule = language.say("minimum_share", share=percent(max(shares)))
    if amounts:
        key = "minimum_least" if shares else "minimum_amount"
        rule += language.say(key, amount=asked.money(max(amounts)))
    yield language.say("owe_minimum", minimum=rule, now=asked.money(debt.minimum_due))


def _means(asked: Asked) -> ClauseParts:
    """Return what can be paid, and what is asked for above it."""
    language, blocks = asked.language, list[Block]()
    left = asked.affordable
    if left is None:
        line, need = asked.missing_item("budget", 'budget=rp.Budget("4200", "3450", "250")')
        return [line], {}, [need]
    budget = asked.budget
    if budget is not None:
        columns = (budget.income, budget.essentials, budget.reserve, budget.by_month.values())
        rows = [
            [month, *(f"{amount_of(asked.old.schedule.loan, amount).amount:,f}" for amount in row)]
            for month, row in zip(_months(asked, budget), zip(*columns, strict=True), strict=True)
        ]
        keys = ("month", "income", "essentials", "reserve", "left")
        blocks.append(Paragraph(language.say("means")))
        blocks.append(sheet([language.say(key) for key in keys], rows))
    uneven = budget is not None and len(set(budget.by_month.values())) > 1
    key = "not_affordable" if left <= 0 else "affordable" if uneven else "affordable_given"
    lines = [language.say(key, amount=asked.money(left))]
    largest = max((row.payment for row in asked.old.paid), default=left)
    if asked.bare is not None and asked.bare.minimum_due is not None:
        largest = asked.bare.minimum_due
    gap = subtract(largest, max(left, asked.old.schedule.loan.money(0)))
    if gap > 0:
        key = "above" if asked.bare is None else "above_minimum"
        lines.append(language.say(key, payment=asked.money(largest), gap=asked.money(gap)))
    blocks.append(Paragraph(" ".join(lines) if asked.lang == "en" else "".join(lines)))
    return blocks, {"affordable": left, "largest": largest, "gap": gap}, []


def _months(asked: Asked, budget: Budget) -> list[str]:
    """Return the names of the months; those that a budget makes up are in the language."""
    if budget.months == ("every month",):
        return [asked.language.say("every_month")]
    made = tuple(f"month {number}" for number in range(1, len(budget.months) + 1))
    if budget.months == made:
        return [asked.language.say("month_number", number=k) for k in range(1, len(made) + 1)]
    return list(budget.months)


def _request(asked: Asked) -> ClauseParts:
    language, new = asked.language, asked.new
    if new is None:
        line, need = asked.missing_item(
            "proposal", "proposal=rp.reschedule(plan, ...)", "option=..."
        )
        return [line], {}, [need]
    plan, paid = new.schedule, new.paid
    if new.arrangement is not None or asked.bare is not None:
        loan, changes = changes_in_force(plan)
        lines = [terms_line(language, new, loan)]
    else:
        every = logged_changes(plan.loan, plan.changes, plan.change_days, plan.ledger)
        changes, lines = every[len(new.before.changes) :], []
    numbered = any(note.by for change in changes for note in change.notes)  # one refers to another
    lines += [
        f"{change.number}. " * numbered
        + upper(language.render(change.sentence))
        + language.texts["stop"]
        for change in changes
    ]
    if new.arrangement is not None:
        lines += forgiven_lines(language, [new.arrangement.latest.forgiven], new.currency)
    blocks: list[Block] = [Paragraph(language.say("form")), Lines(tuple(lines))]
    figures: dict[str, Any] = {"count": len(paid), "total": new.total("payment")}
    if paid:
        largest = max(row.payment for row in paid)
        figures |= {"largest": largest, "final_payment": paid[-1].payment, "last": paid[-1].date}
        slots = {
            "count": len(paid),
            "first": language.day(paid[0].date),
            "last": language.day(paid[-1].date),
            "largest": asked.money(largest),
            "final": asked.money(paid[-1].payment),
            "total": asked.money(figures["total"]),
        }
        blocks.append(Paragraph(language.say(_in_figures(new), **slots)))
        if asked.affordable is not None and asked.affordable > 0:
            gap = subtract(largest, asked.affordable)
            key = "fits_not" if gap > 0 else "fits"
            blocks.append(Paragraph(language.say(key, gap=asked.money(gap))))
    return blocks, figures, []


def _in_figures(new: AgreedFigures) -> str:
    """Return the sentence of what is paid: one payment, instalments, or others among them."""
    if len(new.paid) == 1:
        return "in_figures_one"
    return "in_figures" if all(row.number for row in new.paid) else "in_figures_payments"


def _gets(asked: Asked) -> ClauseParts:
    language, new, old = asked.language, asked.new, asked.old
    if new is None:
        return [], {}, []
    now = new.total("payment")
    before = old.total("payment")
    if asked.bare is not None:
        return _gets_of_balance(asked, new, now)
    if new.arrangement is None:
        past = subtract(new.schedule.out_of_pocket, now)
        before = subtract(new.before.out_of_pocket, past)
    elif old.statement is not None:
        before = subtract(add(before, old.statement.due.total), old.statement.credit)
    slots = {"on": language.day(new.on), "now": asked.money(now), "before": asked.money(before)}
    lines = [language.say("gets_total", **slots)]
    figures: dict[str, Any] = {"total": now, "before": before}
    more, worths = _worths(asked, new)
    return [Lines((*lines, *more))], figures | worths, []


def _gets_of_balance(asked: Asked, new: AgreedFigures, now: Decimal) -> ClauseParts:
    """Return what the lender gets of a bare balance, for which no schedule was agreed before."""
    slots = {"on": asked.language.day(new.on), "now": asked.money(now)}
    lines = [asked.language.say("gets_total_only", **slots)]
    more: tuple[str, ...] = ()
    worths: dict[str, Any] = {}
    if asked.debt is not None and new.schedule.loan.rate == asked.debt.rate:
        more, worths = _worths(asked, new)
    return [Lines((*lines, *more))], {"total": now, **worths}, []


def _worths(asked: Asked, new: AgreedFigures) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Return what both plans are worth, and what the lender would get without a plan."""
    language, lines, figures = asked.language, list[str](), dict[str, Any]()
    found = _worth(new)
    if found is not None:
        worth, day = found.worth_after, language.day(found.as_of)
        figures |= {"worth": worth, "worth_before": found.worth_before, "change": found.change}
        slots = {"worth": asked.money(worth), "before": asked.money(found.worth_before)}
        gap = subtract(worth, found.worth_before)
        key = "worth_more" if gap > 0 else "worth_less" if gap < 0 else "worth_same"
        small = not round_fraction(abs(found.exact_change) * 10_000, "half_up")
        much = asked.money(gap.copy_abs()) if small else short_percent(abs(found.exact_change), 2)
        change = language.say(key, change=much)
        lines.append(language.say("gets_worth", day=day, change=change, **slots))
        if asked.recovery is not None:
            loan = new.schedule.loan
            minor = Fraction(loan.signed(found.worth_before)) * asked.recovery
            amount = loan.money(round_fraction(minor, loan.rounding))
            gain = subtract(worth, amount)
            key = "gets_default" if gain >= 0 else "gets_default_less"
            slots = {"share": percent(asked.recovery), "amount": asked.money(amount)}
            lines.append(language.say(key, more=asked.money(gain.copy_abs()), **slots))
            figures |= {"recovered": amount, "gain": gain}
    return tuple(lines), figures


def _worth(new: AgreedFigures) -> Modification | None:
    """Return the worth of both plans, where one effective rate of the same loan tells it."""
    if new.arrangement is not None:
        return None
    try:
        return modification_test(new.before, new.schedule, as_of=new.on)
    except RepayError:
        return None


def _documents(asked: Asked) -> ClauseParts:
    given = asked.documents
    if given is None:
        usual = [key for key in asked.usual if key != "doc_plan" or _has_plan(asked)]
        given = tuple(map(asked.language.say, usual))
    return ([Lines(given)] if given else []), {"documents": list(given)}, []


def _has_plan(asked: Asked) -> bool:
    """Whether the plan that is asked for is known, and listed below."""
    return asked.new is not None and bool(asked.new.rows)


def _plan(asked: Asked) -> ClauseParts:
    if asked.new is None or not asked.new.rows:
        return [], {}, []
    rows = [row._asdict() for row in asked.new.rows]
    return [instalment_sheet(asked.language, asked.new)], {"rows": rows}, []


#: The parts in their order.
PARTS: dict[str, Callable[[Asked], ClauseParts]] = {
    "situation": _situation,
    "asked": _request,
    "lender_gets": _gets,
    "documents": _documents,
    "plan": _plan,
}


# -- how a letter begins and ends ---------------------------------------------------------


def greeting(language: Language, lender: Party | None) -> list[str]:
    """Return the lines that greet the lender."""
    if lender is None:
        return language.say("dear").split("\n\n")
    return language.say("dear_name", name=lender.name).split("\n\n")


def signed_by(language: Language, places: Sequence[tuple[str, str]]) -> Signatures:
    """Return where persons sign, each with a role and a name."""
    sign, day = language.say("sign_person"), language.say("day")
    return Signatures(tuple(places), sign, day, language.texts["colon"])
