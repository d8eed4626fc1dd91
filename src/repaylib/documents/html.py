"""A document as a page of HTML that needs nothing beside it, for the screen and for A4."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from repaylib.documents.layout import (
    Block,
    Heading,
    Lines,
    Paper,
    Paragraph,
    Sheet,
    Signatures,
)
from repaylib.output.line_breaks import UNBROKEN
from repaylib.output.tables import html_page as page
from repaylib.typing import Lang
from repaylib.wording.sentence import parse_language

__all__ = ["html_fragment", "html_page"]

STYLE = """
@page { size: A4; margin: 18mm 16mm 20mm; @bottom-center { font-size: 8.5pt; color: #555;
  content: PAGE_NUMBER; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: #f2f2f0; color: #1a1a1a;
  font: 16px/1.55 Georgia, "Times New Roman", "Noto Serif", serif; }
:lang(zh) { font-family: "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif;
  line-height: 1.75; }
main { max-width: 210mm; margin: 0 auto; padding: 14mm 16mm; background: #fff; }
h1 { font-size: 1.5em; line-height: 1.3; text-align: center; margin: 0 0 1.2em; }
h2 { font-size: 1.08em; margin: 1.7em 0 .5em; padding-bottom: .15em; border-bottom: 1px solid #bbb;
  break-after: avoid; }
p, ul { margin: .5em 0; orphans: 2; widows: 2; overflow-wrap: anywhere; }
ul { padding-left: 1.3em; }
p.open { border-left: 3px solid #b00020; background: #fdf1f2; padding: .35em .7em; }
.wide { overflow-x: auto; margin: .8em 0; break-before: avoid; }
table { border-collapse: collapse; width: 100%; font-size: .86em; line-height: 1.35;
  font-variant-numeric: tabular-nums lining-nums; }
table.few { width: auto; min-width: 45%; }
th, td { padding: .28em .5em; border-bottom: 1px solid #ddd; text-align: right;
  vertical-align: top; white-space: nowrap; }
th { font-weight: 600; vertical-align: bottom; }
thead th { border-bottom: 1.5px solid #444; white-space: normal; word-break: keep-all; }
tfoot th { border-top: 1.5px solid #444; border-bottom: 0; }
th.l, td.l { text-align: left; }
td.w { white-space: normal; }
thead { display: table-header-group; }
tfoot { display: table-row-group; }
tr { break-inside: avoid; }
tbody tr:first-child, tbody tr:nth-last-child(-n+2) { break-after: avoid; }
tfoot tr { break-before: avoid; }
.short table, .keep { break-inside: avoid; }
.nb { white-space: nowrap; }
.signs { display: flex; flex-wrap: wrap; gap: 1.4em 3em; margin-top: 2.4em; break-inside: avoid; }
.signs > div { flex: 1 1 14em; max-width: 24em; }
.rule { border-bottom: 1px solid #222; height: 3.2em; display: flex; align-items: flex-end;
  color: #555; font-size: .86em; }
@media (max-width: 640px) {
  main { padding: 5mm 4mm; }
  body { font-size: 15px; }
  table { font-size: .82em; }
  th, td { padding: .28em .35em; }
}
@media print {
  body { background: none; font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  .wide { overflow: visible; }
  th, td { padding: .2em .35em; }
}
"""


#: Rows of a table that is not broken over pages, and blocks of a section that is short.
SHORT, FEW = 8, 3


def html_page(paper: Paper) -> str:
    """Return a document as a whole page; what was written by users is escaped."""
    language = parse_language(paper.lang)
    style = STYLE.replace("PAGE_NUMBER", language.texts["html_page"])
    return page(f"<main>\n{html_fragment(paper)}\n</main>", paper.title, language, style)


def html_fragment(paper: Paper) -> str:
    """Return a document without page and style, for notebooks."""
    shown = [_html(block, paper.lang) for block in paper.blocks]
    for place, block in enumerate(paper.blocks):
        if isinstance(block, Signatures):
            first = _kept_from(paper.blocks, place)
            shown[first] = f'<div class="keep">\n{shown[first]}'
            shown[place] += "\n</div>"
    return "\n".join([f"<h1>{_escaped(paper.title, paper.lang)}</h1>", *shown])


def _kept_from(blocks: Sequence[Block], place: int) -> int:
    """Return the first of the blocks that stay on one page with places to sign.

    It is the heading before them or, if little stands between, the one before that.
    """
    heads = [k for k in range(place) if isinstance(blocks[k], Heading)]
    if not heads:
        return place
    first = heads[-1]
    if len(heads) > 1 and place - first <= FEW:
        between = blocks[heads[-2] : first]
        if len(between) <= FEW and not any(isinstance(block, Sheet) for block in between):
            return heads[-2]
    return first


def _escaped(text: str, lang: Lang) -> str:
    """Return text as HTML; a Chinese line is not broken between a figure and its unit."""
    shown = escape(text)
    return UNBROKEN.sub(r'<span class="nb">\g<0></span>', shown) if lang == "zh" else shown


def _html(block: Block, lang: Lang) -> str:
    match block:
        case Heading(text):
            return f"<h2>{_escaped(text, lang)}</h2>"
        case Paragraph(text, open=to_fill):
            shown = "<br>".join(_escaped(line, lang) for line in text.split("\n"))
            return f'<p class="open">{shown}</p>' if to_fill else f"<p>{shown}</p>"
        case Lines(lines):
            return "<ul>" + "".join(f"<li>{_escaped(line, lang)}</li>" for line in lines) + "</ul>"
        case Sheet():
            return _table(block)
        case Signatures(sign=sign, day=day):
            places = "".join(
                f"<div>{escape(name)}"
                f'<div class="rule">{escape(sign)}</div><div class="rule">{escape(day)}</div></div>'
                for name in block.names
            )
            return f'<div class="signs">{places}</div>'


def _table(block: Sheet) -> str:
    def line(cells: tuple[str, ...], tag: str) -> str:
        shown = "".join(
            f"<{tag}{_kind(cell, column, block.left)}>{escape(cell)}</{tag}>"
            for column, cell in enumerate(cells)
        )
        return f"<tr>{shown}</tr>"

    body = "".join(line(row, "td") for row in block.rows)
    few = ' class="few"' if len(block.header) < 4 else ""
    foot = f"<tfoot>{line(block.footer, 'th')}</tfoot>" if block.footer else ""
    short = " short" if len(block.rows) <= SHORT else ""
    return (
        f'<div class="wide{short}"><table{few}><thead>{line(block.header, "th")}</thead>'
        f"<tbody>{body}</tbody>{foot}</table></div>"
    )


def _kind(cell: str, column: int, left: int) -> str:
    """Return the class of a cell: text flush left, and long text that may be broken."""
    if column >= left:
        return ""
    return ' class="l w"' if len(cell) > 14 else ' class="l"'
