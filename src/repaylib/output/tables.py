"""Aligned tables, as text and as HTML, and the sequences of rows that print as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import FunctionType
from typing import TYPE_CHECKING, NamedTuple, TypeVar, overload
from unicodedata import combining, east_asian_width

from repaylib.output.frozen import Frozen

__all__ = [
    *("PAGE", "Named", "Printed", "Table", "TableOf", "cut", "html_table", "padded", "text_table"),
    "width_of",
]

T_co = TypeVar("T_co", covariant=True)


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


#: The columns of text that a page has, and how a line begins that names what it has no room for.
PAGE = 88
LEFT_OUT = "not shown: "


class Table(NamedTuple):
    """A table for people.

    Attributes
    ----------
    header, rows, footer
        The names of the columns, the cells, and a line of totals.
    left
        How many columns are flush left.
    caption
        The caption in HTML.
    above, below
        The lines of text before and after the table.
    fits
        Whether the text leaves out the last columns that a page of 88 has no room for, and names them.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    footer: Sequence[str] | None = None
    left: int = 1
    caption: str = ""
    above: Sequence[str] = ()
    below: Sequence[str] = ()
    fits: bool = False

    @property
    def text(self) -> str:
        """The table as text, with the lines around it."""
        table = text_table(self.header, self.rows, left=self.left, footer=self.footer)
        if self.fits and width_of(table.split("\n", 2)[1]) > PAGE and len(self.header) > 2:
            return self._without_last().text
        return "\n".join([*self.above, table, *self.below])

    def _without_last(self) -> Table:
        """Return the table without its last column, which a line after it names."""
        *header, last = self.header
        before = self.below[-1] if self.below else ""
        named = f"{LEFT_OUT}{last}"
        kept = self.below
        if before.startswith(LEFT_OUT):
            named, kept = f"{named}, {before.removeprefix(LEFT_OUT)}", self.below[:-1]
        return self._replace(
            header=header,
            rows=[row[:-1] for row in self.rows],
            footer=None if self.footer is None else self.footer[:-1],
            below=[*kept, named],
        )

    @property
    def html(self) -> str:
        """The table as HTML, with its caption."""
        return html_table(
            self.header, self.rows, caption=self.caption, left=self.left, footer=self.footer
        )


if TYPE_CHECKING:
    PlainSequence = Sequence
    Named = Mapping
else:

    def _borrowed(method):
        """Return a method of the standard library without its docstring."""
        made = FunctionType(method.__code__, method.__globals__, method.__name__)
        made.__defaults__, made.__module__ = method.__defaults__, method.__module__
        made.__doc__ = None
        return made

    class PlainSequence:
        """A sequence by ``len`` and ``[]`` that is not registered as one, so that a table is a table.

        Polars guesses at the rows of a registered sequence, and does not ask for Arrow.
        """

        __slots__ = ()
        __class_getitem__ = classmethod(lambda cls, _: cls)
        __iter__, __reversed__ = Sequence.__iter__, Sequence.__reversed__
        __contains__ = Sequence.__contains__
        index, count = _borrowed(Sequence.index), _borrowed(Sequence.count)

    class Named:
        """Columns by name, by ``iter`` and ``[]``, not registered as a mapping, for the same reason."""

        __slots__ = ()
        __class_getitem__ = classmethod(lambda cls, _: cls)
        __contains__ = Mapping.__contains__
        get, keys = _borrowed(Mapping.get), _borrowed(Mapping.keys)
        items, values = _borrowed(Mapping.items), _borrowed(Mapping.values)


class Printed:
    """What prints as a table, and shows as HTML in notebooks; a subclass has :meth:`_table`."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _table(self) -> Table:
            """Return the printed table."""

    def __str__(self) -> str:
        return self._table().text

    def _repr_html_(self) -> str:
        return self._table().html


class TableOf(Frozen, Printed, PlainSequence[T_co]):
    """A frozen sequence of rows that prints as a table; a subclass has `rows` and :meth:`_table`."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def rows(self) -> tuple[T_co, ...]:
            """The rows."""

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T_co, ...]: ...
    def __getitem__(self, index: int | slice) -> T_co | tuple[T_co, ...]:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.rows)
