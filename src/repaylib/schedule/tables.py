"""Aligned tables, as text and as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

__all__ = ["html_table", "padded", "text_table", "width_of"]


def width_of(text: str) -> int:
    """Return how many columns a text takes on a terminal: wide characters take two.

    Examples
    --------
    >>> width_of("888.49"), width_of("等额本息")
    (6, 8)
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1 for each in text
    )


def padded(text: str, width: int, *, left: bool = True) -> str:
    """Return a text filled up to a width, flush left or right."""
    space = " " * (width - width_of(text))
    return text + space if left else space + text


def text_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    left: int = 1,
    footer: Sequence[str] | None = None,
) -> str:
    """Return rows as text, the first `left` columns to the left and the others to the right.

    Examples
    --------
    >>> print(text_table(["way", "total"], [["now", "9.00"], ["later", "10.50"]]))
    way    total
    -----  -----
    now     9.00
    later  10.50
    """
    every = [header, *rows, *([footer] if footer else [])]
    widths = [max(width_of(line[column]) for line in every) for column in range(len(header))]

    def aligned(line: Sequence[str]) -> str:
        cells = (
            padded(cell, width, left=column < left)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    rule = "  ".join("-" * width for width in widths)
    lines = [aligned(header), rule, *(aligned(line) for line in rows)]
    if footer:
        lines += [rule, aligned(footer)]
    return "\n".join(lines)


def html_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str,
    left: int = 1,
    footer: Sequence[str] | None = None,
) -> str:
    """Return rows as an HTML table for notebooks, aligned as :func:`text_table` aligns them."""
    from html import escape  # for notebooks only

    def line(cells: Sequence[str], tag: str) -> str:
        styled = "".join(
            f'<{tag} style="text-align:{"left" if column < left else "right"};'
            f'white-space:nowrap">{escape(cell)}</{tag}>'
            for column, cell in enumerate(cells)
        )
        return f"<tr>{styled}</tr>"

    body = "".join(line(cells, "td") for cells in rows)
    foot = f"<tfoot>{line(footer, 'th')}</tfoot>" if footer else ""
    lines = "<br>".join(map(escape, caption.split("\n")))
    title = f'<caption style="text-align:left">{lines}</caption>'
    return (
        f'<table class="repaylib" style="font-variant-numeric:tabular-nums">{title}'
        f"<thead>{line(header, 'th')}</thead><tbody>{body}</tbody>{foot}</table>"
    )
