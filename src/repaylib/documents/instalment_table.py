"""The instalments of an agreement: the item that lists them, and their table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from repaylib.dates.frequency import Every
from repaylib.dates.frequency_wording import frequency_sentence, is_regular
from repaylib.documents.agreed_figures import AgreedFigures
from repaylib.documents.clause import AgreementContent, ClauseParts
from repaylib.documents.layout import Paragraph, Sheet, sheet
from repaylib.documents.terms_in_force import ways_of
from repaylib.wording.sentence import Language, Sentence

__all__ = ["frequency_or_list", "instalment_sheet", "instalments"]


def frequency_or_list(every: Every) -> Sentence:
    """Return how often a payment falls due."""
    return frequency_sentence(every) if is_regular(every) else Sentence("days_listed")


def instalments(content: AgreementContent) -> ClauseParts:
    """List each payment with its day, and say the exact last one."""
    language, agreed = content.language, content.agreed
    paid = agreed.paid
    total = agreed.total("payment")
    figures: dict[str, Any] = {"count": len(paid), "total": total, "currency": agreed.currency}
    if not paid:
        return [Paragraph(language.say("pay_none"))], figures, []
    first, last = paid[0], paid[-1]
    figures |= {"first": first.date, "last": last.date, "final_payment": last.payment}
    ways = [
        language.say("way", every=frequency_or_list(every), method=Sentence(f"method.{method}"))
        for every, method in ways_of(agreed.schedule, first.date)
    ]
    slots = {
        "count": len(paid),
        "ways": language.say("way_after").join(ways),
        "currency": language.currency(agreed.currency),
        "first": language.day(first.date),
        "last": language.day(last.date),
        "total": language.in_full(total, agreed.currency),
    }
    if len(paid) == 1:
        lines = [language.say("pay_one", **slots)]
        if not agreed.apart:
            lines.append(language.say("paid_up_one"))
    else:
        lines = [language.say("pay_all", **slots), _amounts(content, [row.payment for row in paid])]
        day = language.day(last.date)
        lines.append(language.say("exact_last", day=day, amount=content.money(last.payment)))
    return [*map(Paragraph, lines), instalment_sheet(language, agreed)], figures, []


def _amounts(content: AgreementContent, amounts: list[Decimal]) -> str:
    """Return how much the payments are: all, more than half of them, or from the least to the most."""
    usual = max(set(amounts), key=lambda amount: (amounts.count(amount), amount))
    count = amounts.count(usual)
    if 2 * count > len(amounts):
        key = "all_alike" if count == len(amounts) else "usual"
        return content.language.say(key, amount=content.money(usual))
    largest, least = content.money(max(amounts)), content.money(min(amounts))
    return content.language.say("all_differ", largest=largest, least=least)


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


def instalment_sheet(language: Language, agreed: AgreedFigures) -> Sheet:
    """Return the table of instalments, with totals."""
    rare = [name for name in _RARE if any(getattr(row, name) for row in agreed.rows)]
    names = [name for name in _ORDER if name in _SHOWN or name in rare]
    keys = {"forgiven": "forgiven_column"}
    header = [language.say(column) for column in ("no", "date")]
    header += [language.say(keys.get(name, name)) for name in names]
    rows = [
        [str(row.number or ""), str(row.date), *(f"{getattr(row, name):,f}" for name in names)]
        for row in agreed.rows
    ]
    sums = ["" if name in ("closing", "deferred") else f"{agreed.total(name):,f}" for name in names]
    return sheet(header, rows, left=2, footer=["", language.say("total"), *sums])
