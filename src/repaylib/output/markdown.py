"""Text and tables as Markdown that shows them as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from repaylib.output.line_breaks import WIDE

__all__ = ["escaped", "markdown_table"]

#: A line break between wide characters, where no blank stands.
_JOINED = re.compile(rf"(?<=[{WIDE}])\n(?=[{WIDE}])")


#: What Markdown reads as a mark, and what makes it a link of a bare address.
_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~@]|:(?=/)|(?<=\w)\.(?=[^\W\d])")


def escaped(text: str) -> str:
    """Return text so that Markdown shows it as it is, without links."""
    flat = _JOINED.sub("", text).replace("\n", " ")
    marked = _MARKS.sub(r"\\\g<0>", flat).replace("&", "&amp;")
    return re.sub(r"^(\s*)(\d+)([.)])(?=\s|$)|^(\s*)([-+=])", _unlisted, marked)


def _unlisted(found: re.Match[str]) -> str:
    if found[2] is not None:
        return f"{found[1]}{found[2]}\\{found[3]}"
    return f"{found[4]}\\{found[5]}"


def markdown_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    left: int = 1,
    footer: Sequence[str] | None = None,
) -> str:
    """Return rows as a table as GitHub writes them, the first `left` columns to the left.

    Examples
    --------
    >>> print(markdown_table(["way", "total"], [["now", "9.00"], ["later", "10.50"]]))
    | way | total |
    | :--- | ---: |
    | now | 9.00 |
    | later | 10.50 |
    """
    marks = [":---" if column < left else "---:" for column in range(len(header))]
    lines = [map(escaped, header), marks, *(map(escaped, row) for row in rows)]
    if footer:
        lines.append(f"**{escaped(cell)}**" if cell else "" for cell in footer)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
