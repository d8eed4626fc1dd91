"""An item of an agreement as a value, and all that is known when it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from repaylib.arrears.allocation import Allocation
from repaylib.arrears.breach import Breach, IfBroken
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.documents.deal import Deal
from repaylib.documents.language import Tongue, to_tongue
from repaylib.documents.layout import Block, Lines, Paragraph
from repaylib.documents.parties import Party
from repaylib.rates.step_schedule import Steps
from repaylib.terms.settlement_fees import SettlementFee
from repaylib.typing import AprRule, Lang, Role

__all__ = ["Clause", "Made", "Missing", "Said", "lacking", "plain", "upper"]


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
        return f"{self.name}{to_tongue(self.lang).colon}{self.write}"

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
class Said:
    """All that an agreement says, figures and words."""

    lang: Lang
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
    rule: AprRule | None
    pay_to: str
    reporting: str
    other: tuple[str, ...]
    card: bool

    @property
    def tongue(self) -> Tongue:
        """The language it is written in."""
        return to_tongue(self.lang)

    def role_key(self, role: Role) -> str:
        """Return under which key a role stands in the catalogue of sentences."""
        keys: dict[Role, str] = {"lender": "lender_card", "borrower": "borrower_card"}
        return keys.get(role, role) if self.card else role

    def money(self, value: Decimal) -> str:
        """Return an amount with its currency."""
        return self.tongue.money(value, self.deal.currency)

    def lacks(self, key: str, *codes: str) -> tuple[tuple[Block, ...], tuple[Missing, ...]]:
        """Return the line of what is missing, and what to write: one of several pieces of code."""
        line, need = lacking(self.tongue, key, *codes)
        return (line,), (need,)


#: What makes an item gives: its blocks, its figures, what is missing.
Made = tuple[list[Block], dict[str, Any], list[Missing]]


def lacking(tongue: Tongue, key: str, *codes: str) -> tuple[Block, Missing]:
    """Return the line of what is missing, and what to write for it."""
    name = tongue.say(f"miss_{key}")
    write = tongue.say("write", code=tongue.say("write_or").join(codes))
    return Paragraph(tongue.say("open", what=name), open=True), Missing(name, write, tongue.lang)


def upper(words: str) -> str:
    """Return a sentence with its first letter large."""
    return words[0].upper() + words[1:]


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
