"""The written confirmation of what was agreed: every item, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from repaylib.documents.clause import Clause, Missing, Said, plain
from repaylib.documents.clauses import CLAUSES
from repaylib.documents.document import Document
from repaylib.documents.language import Tongue, to_tongue
from repaylib.documents.layout import Block, Heading, Paper, Signatures
from repaylib.documents.objections import objections_to
from repaylib.documents.parties import Party, party_of
from repaylib.negotiation.limits import Limits
from repaylib.schedule.rows import Row
from repaylib.schedule.schedule import Schedule
from repaylib.typing import Lang, Role

__all__ = ["Agreement", "made"]

FORMAT, VERSION = "repaylib.agreement", 1

#: Items that are headed otherwise in an agreement about a credit card.
CARD_TITLES = {"circumstances": "circumstances_card"}


@dataclass(frozen=True, slots=True)
class Agreement(Document):
    """What was agreed, as a document; :func:`~repaylib.agreement` makes one.

    It prints as text, and shows as HTML in notebooks.

    Attributes
    ----------
    lang
        The language it is written in.
    items
        Every item in order: its key, title, the rule that asks for it, text, figures, and what
        is missing in it.
    limits
        What it is held against.
    """

    lang: Lang
    items: tuple[Clause, ...]
    limits: Limits | None
    _said: Said

    # -- what it says -----------------------------------------------------------------

    @property
    def schedule(self) -> Schedule:
        """The schedule that is agreed on."""
        return self._said.deal.schedule

    @property
    def on(self) -> date:
        """The day from which it holds."""
        return self._said.deal.on

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the schedule that are still to come under it."""
        return self._said.deal.rows

    @property
    def parties(self) -> tuple[Party, ...]:
        """Who signs."""
        return self._said.parties

    @property
    def total(self) -> Decimal:
        """All that is paid under it."""
        return self._said.deal.total("payment")

    def missing(self) -> tuple[Missing, ...]:
        """Return what is still empty, each with what to write for it.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY"))
        >>> for each in rp.agreement(plan, parties={"lender": "Bank"}).missing()[:2]:
        ...     print(each)
        the borrower: write parties={"borrower": "..."}
        why it cannot be paid as agreed: write circumstances="..."
        """
        return Document.missing(self)

    def objections(self) -> tuple[str, ...]:
        """Return what stands against it: limits that it breaks, and figures that do not agree.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 72, "2024-01-10", currency="CNY"))
        >>> print(*rp.agreement(plan, limits="art_70").objections())
        The last payment, on 2030-01-10, is more than 60 months after 2024-01-10; the latest is 2029-01-10.
        """
        said = self._said
        return objections_to(
            said.tongue,
            said.deal,
            self.limits,
            said.penalty,
            said.dated,
            card=said.card,
            promised=said.no_new_credit,
        )

    def translated(self, lang: Lang) -> Agreement:
        """Return the same agreement in another language; what users wrote stays as it is."""
        said = replace(self._said, lang=to_tongue(lang).lang)
        return made(said, self.limits)

    # -- as a document ----------------------------------------------------------------

    @property
    def paper(self) -> Paper:
        """The document as blocks."""
        said, blocks = self._said, list[Block]()
        tongue = said.tongue
        for number, item in enumerate((each for each in self.items if each.blocks), 1):
            blocks.append(Heading(_numbered(self.lang, number, item)))
            blocks.extend(item.blocks)
        signs: list[tuple[Role, str]] = [(each.role, each.name) for each in self.parties]
        both: tuple[Role, ...] = ("lender", "borrower")
        signs += [(role, "") for role in both if party_of(self.parties, role) is None]
        places = tuple((tongue.say(said.role_key(role)), name) for role, name in signs)
        blocks.append(Signatures(places, tongue.say("sign"), tongue.say("day"), tongue.colon))
        return Paper(tongue.say(_title(said)), self.lang, tuple(blocks))

    def to_dict(self) -> dict[str, Any]:
        """Return it as a dictionary that JSON takes: amounts and days as text, exactly.

        The schedule is written so that :meth:`Schedule.from_dict` reads it back.
        """
        said, deal = self._said, self._said.deal
        return {
            "format": FORMAT,
            "version": VERSION,
            "lang": self.lang,
            "title": said.tongue.say(_title(said)),
            "dated": plain(said.dated),
            "on": plain(deal.on),
            "currency": deal.currency,
            "decimals": deal.schedule.loan.decimals,
            "parties": plain(
                [{name: getattr(p, name) for name in Party.__slots__} for p in self.parties]
            ),
            "instalments": [plain(row._asdict()) for row in deal.rows],
            "totals": plain(deal.totals),
            "items": [
                {
                    "key": item.key,
                    "title": item.title,
                    "rule": item.rule,
                    "text": item.text,
                    "figures": plain(item.figures),
                    "missing": item.missing,
                }
                for item in self.items
            ],
            "missing": [each.to_plain() for each in self.missing()],
            "objections": list(self.objections()),
            "schedule": deal.schedule.to_dict(),
        }

    def __repr__(self) -> str:
        count = len(self.missing())
        return (
            f"<Agreement ({self.lang}): {len(self.rows)} rows from {self.on}, {self.total:,f} to pay; "
            f"{count} item{'s' * (count != 1)} missing>"
        )


def made(said: Said, limits: Limits | None) -> Agreement:
    """Return the agreement that says something, item by item."""
    items = []
    for key, (rule, make) in CLAUSES.items():
        name, _, item = rule.partition(":")
        cited = name and (said.card or name != "art_70")
        words = _rule(said.tongue, name, item) if cited else ""
        blocks, figures, needs = make(said)
        title = said.tongue.say(CARD_TITLES.get(key, key) if said.card else key)
        items.append(Clause(key, title, words, tuple(blocks), figures, tuple(needs)))
    return Agreement(said.lang, tuple(items), limits, said)


def _rule(tongue: Tongue, name: str, item: str) -> str:
    """Return what a rule is called, with the number of its item in the language."""
    if not item:
        return tongue.say(name)
    return tongue.say("art_70_item", item=item if tongue.lang == "en" else _NUMERALS[int(item)])


def _title(said: Said) -> str:
    return "agreement_card" if said.card else "agreement"


_NUMERALS = "零一二三四五六七八九十"


def _numbered(lang: Lang, number: int, item: Clause) -> str:
    """Return a heading with its number in its language."""
    if lang == "en":
        return f"{number}. {item.title}"
    tens, ones = divmod(number, 10)
    text = (
        _NUMERALS[number]
        if number <= 10
        else f"{'' if tens == 1 else _NUMERALS[tens]}十{_NUMERALS[ones] if ones else ''}"
    )
    return f"第{text}条　{item.title}"
