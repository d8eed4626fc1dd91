"""A document as blocks: headings, paragraphs, lists, tables, signatures; as text and Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from repaylib.output.tables import padded, text_table, width_of
from repaylib.typing import Lang

__all__ = ["Block", "Heading", "Lines", "Paper", "Paragraph", "Sheet", "Signatures", "sheet"]


WIDTH = 96


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
        return "\n\n".join([f"# {_escaped(self.title)}", *map(_markdown, self.blocks)]) + "\n"


# -- text ---------------------------------------------------------------------------------


def wrapped(text: str, width: int, indent: str = "", first: str | None = None) -> str:
    """Break a text into lines: between words, and between any two wide characters.

    Examples
    --------
    >>> print(wrapped("paid with the next instalment", 16, "  ", "- "))
    - paid with the
      next
      instalment
    >>> print(wrapped("与下一期还款一并支付。", 12))
    与下一期还款
    一并支付。
    """
    lines: list[str] = []
    line = indent if first is None else first
    bare = True
    for piece in _PIECES.findall(text):
        if not bare and width_of(line) + width_of(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line, bare = indent, True
        line += piece.lstrip() if bare else piece
        bare = False
    return "\n".join([*lines, line.rstrip()])


_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_OPENING, _CLOSING = "（《〈「『【〔“", "，。；：、！？）》〉」』】〕”"
_UNITS = (
    "港元|澳门元|新台币元|美元|日元|英镑|欧元|元|角|分|个半月|个月|个基点|个百分点|个工作日"
    "|工作日|日|天|月|年|期|次|倍|项|号|位|页|周"
)
#: Figures with their units in Chinese, ordinals and days: what is not broken over lines.
UNBROKEN = re.compile(
    rf"\d+年\d+月\d+日|第?\d[\d,.]*(?:[^\S\n]?[A-Z]{{3}}|%|{_UNITS})|第\d+(?:、\d+)*(?:{_UNITS})?",
    re.UNICODE,
)
#: What is not broken: such a figure, a word, the word of two characters after an opening mark or
#: before a closing one, or a wide character; with the marks that may not begin a line.
_PIECES = re.compile(
    rf" *(?:[{_OPENING}]*(?:{UNBROKEN.pattern})[{_CLOSING}]*"
    rf"|[{_OPENING}]+[{_HAN}]{{1,2}}[{_CLOSING}]*|[{_OPENING}]+[^\s{_WIDE}]+[{_CLOSING}]*"
    rf"|[{_HAN}]{{1,2}}[{_CLOSING}]+|[{_WIDE}][{_CLOSING}]*"
    rf"|[^\s{_WIDE}]+[{_CLOSING}]*)",
    re.UNICODE,
)


def _text(block: Block, width: int) -> str:
    match block:
        case Heading(text):
            return f"{text}\n{'-' * width_of(text)}"
        case Paragraph(text):
            return "\n".join(wrapped(line, width) for line in text.split("\n"))
        case Lines(lines):
            return "\n".join(wrapped(line, width, "  ", "- ") for line in lines)
        case Sheet(header, rows, left, footer):
            return text_table(header, rows, left=left, footer=footer or None)
        case Signatures(sign=sign, day=day, colon=colon):
            widest = max(map(width_of, block.names), default=0)
            return "\n\n".join(
                f"{padded(name, widest)}   {sign}{colon}{'_' * 24}   {day}{colon}{'_' * 12}"
                for name in block.names
            )


# -- Markdown -----------------------------------------------------------------------------


#: A line break between wide characters, where no blank stands.
_JOINED = re.compile(rf"(?<=[{_WIDE}])\n(?=[{_WIDE}])")


#: What Markdown reads as a mark, and what makes it a link of a bare address.
_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~@]|:(?=/)|(?<=\w)\.(?=[^\W\d])")


def _escaped(text: str) -> str:
    """Return text so that Markdown shows it as it is, without links."""
    flat = _JOINED.sub("", text).replace("\n", " ")
    marked = _MARKS.sub(r"\\\g<0>", flat).replace("&", "&amp;")
    return re.sub(r"^(\s*)(\d+)([.)])|^(\s*)([-+=])", _unlisted, marked)


def _unlisted(found: re.Match[str]) -> str:
    if found[2] is not None:
        return f"{found[1]}{found[2]}\\{found[3]}"
    return f"{found[4]}\\{found[5]}"


def _markdown(block: Block) -> str:
    match block:
        case Heading(text):
            return f"## {_escaped(text)}"
        case Paragraph(text, open=to_fill):
            shown = "  \n".join(map(_escaped, text.split("\n")))
            return f"**{shown}**" if to_fill else shown
        case Lines(lines):
            return "\n".join(f"- {_escaped(line)}" for line in lines)
        case Sheet(header, rows, left, footer):
            marks = [":---" if column < left else "---:" for column in range(len(header))]
            table = [_line(map(_escaped, header)), _line(marks)]
            table += [_line(map(_escaped, row)) for row in rows]
            if footer:
                table.append(_line(f"**{_escaped(cell)}**" if cell else "" for cell in footer))
            return "\n".join(table)
        case Signatures(sign=sign, day=day, colon=colon):
            rule = "\\_" * 12
            return "\n\n".join(
                f"{_escaped(name)}  \n{sign}{colon}{rule}  {day}{colon}{rule}"
                for name in block.names
            )


def _line(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"


def sheet(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    left: int = 1,
    footer: Sequence[str] = (),
) -> Sheet:
    """Return a table of lists as a block."""
    return Sheet(tuple(header), tuple(map(tuple, rows)), left, tuple(footer))
