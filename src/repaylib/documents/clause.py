"""An item of an agreement as a value, and all that is known when it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from repaylib.arrears.allocation import Allocation
from repaylib.arrears.breach import Breach, BreachOutcome
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.documents.agreed_figures import AgreedFigures
from repaylib.documents.layout import Block, Lines, Paragraph
from repaylib.documents.parties import Party
from repaylib.rates.step_schedule import Steps
from repaylib.terms.settlement_fees import SettlementFee
from repaylib.typing import AprRule, Lang, Role
from repaylib.wording.sentence import Language, parse_language

__all__ = ["Clause", "ClauseParts", "Missing", "AgreementContent", "missing_line", "plain", "upper"]


class Missing(NamedTuple):
    """What is still empty.

    Attributes
    ----------
    name
        Its name, in the language of the document.
    write
        What to write for it.
    lang
        The language of both.
    """

    name: str
    write: str
    lang: Lang = "en"

    def __str__(self) -> str:
        return parse_language(self.lang).say("missing", name=self.name, write=self.write)

    def to_plain(self) -> dict[str, str]:
        """Return its name and what to write as a dictionary."""
        return {"name": self.name, "write": self.write}


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
class AgreementContent:
    """All that an agreement says, figures and words."""

    lang: Lang
    agreed: AgreedFigures
    parties: tuple[Party, ...]
    dated: date | None
    circumstances: str
    penalty: Steps[PenaltyTerms] | None
    allocation: Allocation | None
    breach: Breach | None
    prices: tuple[BreachOutcome, ...]
    settlement_fee: Decimal | Fraction | SettlementFee | None
    no_new_credit: bool | None
    rule: AprRule | None
    pay_to: str
    reporting: str
    other: tuple[str, ...]
    card: bool

    @property
    def language(self) -> Language:
        """The language it is written in."""
        return parse_language(self.lang)

    def role_key(self, role: Role) -> str:
        """Return under which key a role stands in the catalogue of sentences."""
        keys: dict[Role, str] = {"lender": "lender_card", "borrower": "borrower_card"}
        return keys.get(role, role) if self.card else role

    def money(self, value: Decimal) -> str:
        """Return an amount with its currency."""
        return self.language.money(value, self.agreed.currency)

    def missing_item(self, key: str, *codes: str) -> tuple[tuple[Block, ...], tuple[Missing, ...]]:
        """Return the line of what is missing, and what to write: one of several pieces of code."""
        line, need = missing_line(self.language, key, *codes)
        return (line,), (need,)


#: What makes an item gives: its blocks, its figures, what is missing.
ClauseParts = tuple[list[Block], dict[str, Any], list[Missing]]


def missing_line(language: Language, key: str, *codes: str) -> tuple[Block, Missing]:
    """Return the line of what is missing, and what to write for it."""
    name = language.say(f"miss_{key}")
    write = language.say("write", code=language.say("write_or").join(codes))
    return Paragraph(language.say("open", what=name), open=True), Missing(
        name, write, language.code
    )


def upper(text: str) -> str:
    """Return a sentence with its first letter large."""
    return text[0].upper() + text[1:]


def plain(value: object) -> Any:
    """Return figures as JSON takes them: amounts and days as text."""
    match value:
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case Mapping():
            return {str(name): plain(item) for name, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    return value
