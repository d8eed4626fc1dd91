"""The width of a text on a terminal, and texts filled up or cut to one."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

__all__ = ["cut", "padded", "width_of"]


def width_of(text: str) -> int:
    """Return the width of a text on a terminal: wide characters take two columns.

    Examples
    --------
    >>> width_of("888.49"), width_of("等额本息")
    (6, 8)
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1
        for character in text
    )


def padded(text: str, width: int, *, left: bool = True) -> str:
    """Return a text filled up to a width, flush left or right."""
    space = " " * (width - width_of(text))
    return text + space if left else space + text


def cut(text: str, width: int) -> str:
    """Return a text of at most a width; three points stand for what is left out.

    Examples
    --------
    >>> cut("unpaid direct debit of May", 20), cut("letter", 20)
    ('unpaid direct deb...', 'letter')
    """
    if width_of(text) <= width:
        return text
    kept = text
    while width_of(kept) > width - 3:
        kept = kept[:-1]
    return kept + "..."
