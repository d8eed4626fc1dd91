"""A document as blocks: headings, paragraphs, lists, tables, signatures; as text and Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from repaylib.output.line_breaks import wrapped
from repaylib.output.markdown import escaped, markdown_table
from repaylib.output.page import PAGE, Cells
from repaylib.output.widths import padded, width_of
from repaylib.typing import Lang

__all__ = ["Block", "Heading", "Lines", "Paper", "Paragraph", "Sheet", "Signatures", "sheet"]


WIDTH = PAGE


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within the document."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `open` marks one that is still to be filled in."""

    text: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """A list of sentences, one under the other."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; the first `left` columns are set flush left, the others, numbers, flush right."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 1
    footer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign: who, and what is to be written there."""

    places: tuple[tuple[str, str], ...]
    sign: str
    day: str
    colon: str = ": "

    @property
    def names(self) -> tuple[str, ...]:
        """Who signs, with the role before the name."""
        return tuple(f"{role}{self.colon}{name}" for role, name in self.places)


Block = Heading | Paragraph | Lines | Sheet | Signatures


@dataclass(frozen=True, slots=True)
class Paper:
    """A document.

    Attributes
    ----------
    title
        Its title.
    lang
        The language it is written in.
    blocks
        Its blocks, in order.
    """

    title: str
    lang: Lang
    blocks: tuple[Block, ...]

    def to_text(self, width: int = WIDTH) -> str:
        """Return it as plain text; sentences are broken at a width, tables are not."""
        parts = [f"{self.title}\n{'=' * width_of(self.title)}"]
        parts += [_text(block, width) for block in self.blocks]
        return "\n\n".join(parts) + "\n"

    def to_markdown(self) -> str:
        """Return it as Markdown, with tables as GitHub writes them."""
        return "\n\n".join([f"# {escaped(self.title)}", *map(_markdown, self.blocks)]) + "\n"


# -- text ---------------------------------------------------------------------------------


def _text(block: Block, width: int) -> str:
    match block:
        case Heading(text):
            return f"{text}\n{'-' * width_of(text)}"
        case Paragraph(text):
            return "\n".join(wrapped(line, width) for line in text.split("\n"))
        case Lines(lines):
            return "\n".join(wrapped(line, width, "  ", "- ") for line in lines)
        case Sheet(header, rows, left, footer):
            parts = Cells(header, rows, footer or None, left).parts()
            return "\n\n".join(part.text for part in parts)
        case Signatures(sign=sign, day=day, colon=colon):
            widest = max(map(width_of, block.names), default=0)
            return "\n\n".join(
                f"{padded(name, widest)}   {sign}{colon}{'_' * 24}   {day}{colon}{'_' * 12}"
                for name in block.names
            )


# -- Markdown -----------------------------------------------------------------------------


def _markdown(block: Block) -> str:
    match block:
        case Heading(text):
            return f"## {escaped(text)}"
        case Paragraph(text, open=to_fill):
            shown = "  \n".join(map(escaped, text.split("\n")))
            return f"**{shown}**" if to_fill else shown
        case Lines(lines):
            return "\n".join(f"- {escaped(line)}" for line in lines)
        case Sheet(header, rows, left, footer):
            return markdown_table(header, rows, left=left, footer=footer)
        case Signatures(sign=sign, day=day, colon=colon):
            rule = "\\_" * 12
            return "\n\n".join(
                f"{escaped(name)}  \n{sign}{colon}{rule}  {day}{colon}{rule}"
                for name in block.names
            )


def sheet(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    left: int = 1,
    footer: Sequence[str] = (),
) -> Sheet:
    """Return a table of lists as a block."""
    return Sheet(tuple(header), tuple(map(tuple, rows)), left, tuple(footer))
