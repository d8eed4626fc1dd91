"""The written confirmation of what was agreed: every item, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from repaylib.documents.agreed_figures import certified
from repaylib.documents.agreement_storage import terms_to_plain
from repaylib.documents.clause import AgreementContent, Clause, Missing
from repaylib.documents.clauses import CLAUSES
from repaylib.documents.document import Document
from repaylib.documents.layout import Block, Heading, Paper, Signatures
from repaylib.documents.objections import objections_to
from repaylib.documents.parties import Party, party_of
from repaylib.negotiation.limits import Limits
from repaylib.output.certificates import Certificate
from repaylib.schedule.rows import Row
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.serialization import Stored
from repaylib.typing import Lang, Role
from repaylib.wording.sentence import Language

__all__ = ["Agreement", "made"]

#: Items that are headed otherwise in an agreement about a credit card.
CARD_TITLES = {"circumstances": "circumstances_card"}
#: The same in one about a loan that is paid early, of the borrower's own accord.
EARLY_TITLES = {"circumstances": "circumstances_early"}


@dataclass(frozen=True, slots=True)
class Agreement(Document, Stored):
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

    FORMAT: ClassVar = "repaylib.agreement"
    VERSION: ClassVar = 2

    lang: Lang
    items: tuple[Clause, ...]
    limits: Limits | None
    _content: AgreementContent

    # -- what it says -----------------------------------------------------------------

    @property
    def schedule(self) -> Schedule:
        """The schedule that is agreed on."""
        return self._content.agreed.schedule

    @property
    def on(self) -> date:
        """The day from which it holds."""
        return self._content.agreed.on

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the schedule that are still to come under it."""
        return self._content.agreed.rows

    @property
    def parties(self) -> tuple[Party, ...]:
        """Who signs."""
        return self._content.parties

    @property
    def total(self) -> Decimal:
        """All that is paid under it."""
        return self._content.agreed.total("payment")

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
        content = self._content
        return objections_to(
            content.language,
            content.agreed,
            self.limits,
            content.penalty,
            content.dated,
            card=content.card,
            promised=content.no_new_credit,
        )

    def certificate(self) -> Certificate:
        """Return its text, its payments and its schedules, to be checked without repaylib.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.defer(rp.Loan("10000", "12%", 12, "2024-01-10"), payment=4)
        >>> certificate = rp.agreement(plan).certificate().to_dict()
        >>> certificate["certificates"]["after"] == plan.certificate().sha256
        True
        """
        return certified(self.to_text(), self._content.agreed)

    def _rewritten(self, lang: Lang) -> Agreement:
        return made(replace(self._content, lang=lang), self.limits)

    # -- as a document ----------------------------------------------------------------

    @property
    def paper(self) -> Paper:
        """The document as blocks."""
        content, blocks = self._content, list[Block]()
        language = content.language
        for number, item in enumerate((clause for clause in self.items if clause.blocks), 1):
            blocks.append(
                Heading(language.say("clause", number=language.ordinal(number), title=item.title))
            )
            blocks.extend(item.blocks)
        signs: list[tuple[Role, str]] = [(party.role, party.name) for party in self.parties]
        both: tuple[Role, ...] = ("lender", "borrower")
        signs += [(role, "") for role in both if party_of(self.parties, role) is None]
        places = tuple((language.say(content.role_key(role)), name) for role, name in signs)
        blocks.append(
            Signatures(places, language.say("sign"), language.say("day"), language.texts["colon"])
        )
        return Paper(language.say(_title(content)), self.lang, tuple(blocks))

    def _facts(self) -> dict[str, Any]:
        agreed = self._content.agreed
        return {
            "dated": self._content.dated,
            "on": agreed.on,
            "currency": agreed.currency,
            "decimals": agreed.schedule.loan.decimals,
            "instalments": [row._asdict() for row in agreed.rows],
            "totals": agreed.totals,
            "objections": self.objections(),
            "terms": terms_to_plain(self._content, self.limits),
        }

    @classmethod
    def _read(cls, plain: object) -> Agreement:
        from repaylib.documents.agreement_inputs import (
            agreement_from_plain,
        )  # which makes agreements

        return agreement_from_plain(plain)

    def __repr__(self) -> str:
        count = len(self.missing())
        return (
            f"<Agreement ({self.lang}): {len(self.rows)} rows from {self.on}, {self.total:,f} to pay; "
            f"{count} item{'s' * (count != 1)} missing>"
        )


def made(content: AgreementContent, limits: Limits | None) -> Agreement:
    """Return the agreement that says something, item by item."""
    items = []
    for key, (rule, make) in CLAUSES.items():
        name, _, item = rule.partition(":")
        cited = name and (content.card or name != "art_70")
        cited_rule = _rule(content.language, name, item) if cited else ""
        blocks, figures, needs = make(content)
        titles = (
            CARD_TITLES if content.card else EARLY_TITLES if content.agreed.is_voluntary else {}
        )
        title = content.language.say(titles.get(key, key))
        items.append(Clause(key, title, cited_rule, tuple(blocks), figures, tuple(needs)))
    return Agreement(content.lang, tuple(items), limits, content)


def _rule(language: Language, name: str, item: str) -> str:
    """Return what a rule is called, with the number of its item in the language."""
    if not item:
        return language.say(name)
    return language.say("art_70_item", item=language.ordinal(int(item)))


def _title(content: AgreementContent) -> str:
    return "agreement_card" if content.card else "agreement"
