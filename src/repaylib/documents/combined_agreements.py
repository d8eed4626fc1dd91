"""One agreement over several debts: what is common stands once, figures stand for each and in all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from repaylib.documents.agreements import Agreement
from repaylib.documents.clause import Clause
from repaylib.documents.clause_balances import KINDS
from repaylib.documents.document import Document
from repaylib.documents.layout import Block, Heading, Paper, Paragraph, Signatures, sheet
from repaylib.documents.parties import Party
from repaylib.money.amounts import add
from repaylib.money.counts import place_of
from repaylib.schedule.combination import CombinedSchedule
from repaylib.typing import Lang
from repaylib.wording.sentence import Language, parse_language

__all__ = ["CombinedAgreement", "joined"]

#: Items that are figures of a debt, and so stand for each of them.
OF_EACH = ("balance", "instalments", "reading", "accrual", "fees", "early", "breach")
#: What the figures of a balance hold besides the amounts by kind.
NO_KIND = ("on", "currency", "held", "total")


class DaySum(NamedTuple):
    """What is paid on a day under an agreement: on each debt, in all, and what is left."""

    day: date
    parts: tuple[Decimal, ...]
    payment: Decimal
    closing: Decimal


@dataclass(frozen=True, slots=True)
class CombinedAgreement(Document):
    """One agreement over several debts; :func:`~repaylib.agreement` makes one of a combination.

    It prints as text, and shows as HTML in notebooks. What is owed and paid stands in sums, and for
    each debt under its name.

    Attributes
    ----------
    lang
        The language it is written in.
    items
        Every item in order: its key, title, the rule that asks for it, text, figures, and what
        is missing in it. Figures of a debt stand under ``"debts"`` and its name.
    names
        The names of the debts.
    parts
        The agreement of each debt by itself.
    """

    FORMAT: ClassVar = "repaylib.combined_agreement"

    lang: Lang
    items: tuple[Clause, ...]
    names: tuple[str, ...]
    parts: tuple[Agreement, ...]

    # -- what it says -----------------------------------------------------------------

    @property
    def schedule(self) -> None:
        """``None``, as it is about several schedules; see `combined`."""
        return

    @property
    def combined(self) -> CombinedSchedule:
        """The schedules that are agreed on, as one."""
        return CombinedSchedule([part.schedule for part in self.parts], self.names)

    @property
    def on(self) -> date:
        """The day from which it holds."""
        return self.parts[0].on

    @property
    def parties(self) -> tuple[Party, ...]:
        """Who signs."""
        return self.parts[0].parties

    @property
    def total(self) -> Decimal:
        """All that is paid under it."""
        return add(*(part.total for part in self.parts))

    def part(self, which: str | int) -> Agreement:
        """Return the agreement of the debt `which` by itself: its name, or its place from 0.

        Raises
        ------
        ChoiceError
            If there is none; the message lists the names.
        """
        return self.parts[place_of(which, "which", self.names)]

    def objections(self) -> tuple[str, ...]:
        """Return what stands against it, for each debt under its name."""
        say = parse_language(self.lang).say
        return tuple(
            say("combined.terms", name=name, terms=objection)
            for name, part in zip(self.names, self.parts, strict=True)
            for objection in part.objections()
        )

    def _rewritten(self, lang: Lang) -> CombinedAgreement:
        return joined(self.names, [part.translated(lang) for part in self.parts])

    # -- as a document ----------------------------------------------------------------

    @property
    def paper(self) -> Paper:
        """The document as blocks."""
        language, first = parse_language(self.lang), self.parts[0].paper
        names = language.listed(self.names, "names")
        text = language.say("several_debts", count=len(self.names), names=names)
        blocks: list[Block] = [Paragraph(text)]
        for number, item in enumerate((item for item in self.items if item.blocks), 1):
            title = language.say("clause", number=language.ordinal(number), title=item.title)
            blocks += [Heading(title), *item.blocks]
        blocks += [block for block in first.blocks if isinstance(block, Signatures)]
        return Paper(first.title, self.lang, tuple(blocks))

    def _facts(self) -> dict[str, Any]:
        return {
            "dated": self.parts[0]["signing"].figures.get("dated"),
            "on": self.on,
            "total": self.total,
            "objections": self.objections(),
            "combination": self.combined.to_dict(),
        }

    def __repr__(self) -> str:
        count = len(self.missing())
        return (
            f"<CombinedAgreement ({self.lang}) of {', '.join(self.names)} from {self.on}, "
            f"{self.total:,f} to pay; {count} item{'s' * (count != 1)} missing>"
        )


def joined(names: Sequence[str], parts: Sequence[Agreement]) -> CombinedAgreement:
    """Return one agreement over several debts, made of the agreement of each."""
    lang = parts[0].lang
    language = parse_language(lang)
    items = []
    for same in zip(*(part.items for part in parts), strict=True):
        first, blocks = same[0], list[Block]()
        figures: dict[str, Any] = dict(first.figures)
        if first.key in OF_EACH:
            figures = {
                "debts": {name: each.figures for name, each in zip(names, same, strict=True)}
            }
        if first.key == "balance":
            more, sums = _balances(language, names, same)
            blocks, figures = [*more], figures | sums
        if first.key == "instalments":
            more, sums = _payments(language, names, parts)
            blocks, figures = [*more], figures | sums
        alike = all(item.blocks == first.blocks for item in same)
        if alike and first.key not in OF_EACH:
            blocks += first.blocks
        else:
            for name, item in zip(names, same, strict=True):
                blocks += [Paragraph(language.say("of_debt", name=name)), *item.blocks]
        needs = tuple(dict.fromkeys(need for item in same for need in item.needs))
        items.append(first._replace(blocks=tuple(blocks), figures=figures, needs=needs))
    return CombinedAgreement(lang, tuple(items), tuple(names), tuple(parts))


def _balances(
    language: Language, names: Sequence[str], items: Sequence[Clause]
) -> tuple[list[Block], dict[str, Any]]:
    """Return what is owed on all debts, and on each by kind."""
    every = [item.figures for item in items]
    currency, on = every[0]["currency"], every[0]["on"]
    kinds = [kind for kind in every[0] if kind not in NO_KIND]
    kinds = [kind for kind in kinds if any(figures[kind] for figures in every)]
    total = add(*(figures["total"] for figures in every))
    slots = {
        "on": language.day(on),
        "total": language.in_full(total, currency),
        "currency": language.currency(currency),
    }
    header = [language.say("debt"), *(language.say(KINDS.get(kind, kind)) for kind in kinds)]
    rows = [
        [name, *(f"{figures[kind]:,f}" for kind in (*kinds, "total"))]
        for name, figures in zip(names, every, strict=True)
    ]
    sums = [f"{add(*(figures[kind] for figures in every)):,f}" for kind in (*kinds, "total")]
    table = sheet([*header, language.say("in_all")], rows, footer=[language.say("in_all"), *sums])
    figures = {"on": on, "currency": currency, "total": total}
    return [Paragraph(language.say("owed_on", **slots)), table], figures


def _payments(
    language: Language, names: Sequence[str], parts: Sequence[Agreement]
) -> tuple[list[Block], dict[str, Any]]:
    """Return what is paid on all debts, day by day."""
    rows = [row for row in _by_day(parts) if row.payment]
    currency = parts[0].schedule.loan.currency
    total = add(*(part.total for part in parts))
    figures: dict[str, Any] = {"count": len(rows), "total": total, "currency": currency}
    if not rows:
        return [], figures
    figures |= {"first": rows[0].day, "last": rows[-1].day}
    text = language.say(
        "pay_several",
        count=len(rows),
        currency=language.currency(currency),
        first=language.day(rows[0].day),
        last=language.day(rows[-1].day),
        total=language.in_full(total, currency),
    )
    header = [
        *map(language.say, ("no", "date")),
        *names,
        *map(language.say, ("payment", "closing")),
    ]
    lines = [
        [
            str(number),
            str(row.day),
            *(f"{amount:,f}" for amount in (*row.parts, row.payment, row.closing)),
        ]
        for number, row in enumerate(rows, 1)
    ]
    sums = [f"{amount:,f}" for amount in (*(part.total for part in parts), total)]
    table = sheet(header, lines, left=2, footer=["", language.say("total"), *sums, ""])
    return [Paragraph(text), table], figures


def _by_day(parts: Sequence[Agreement]) -> Iterable[DaySum]:
    """Return what is paid on each day, and the principal owed after it."""
    for day in sorted({row.date for part in parts for row in part.rows}):
        paid, left = [], []
        for part in parts:
            zero = part.schedule.loan.money(0)
            paid.append(add(zero, *(row.payment for row in part.rows if row.date == day)))
            place = bisect_right([row.date for row in part.rows], day)
            opening = part.rows[0].opening if part.rows else zero
            left.append(part.rows[place - 1].closing if place else opening)
        yield DaySum(day, tuple(paid), add(*paid), add(*left))
