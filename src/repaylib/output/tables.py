"""Aligned tables, as text and as HTML, and the sequences of rows that print as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import FunctionType
from typing import TYPE_CHECKING, NamedTuple, TypeVar, overload
from unicodedata import combining, east_asian_width

from repaylib.output.frozen import Frozen
from repaylib.typing import Lang
from repaylib.wording.sentence import Language, Listed, Sentence, Worded, parse_language

__all__ = [
    *("PAGE", "Cut", "Named", "Printed", "Table", "TableOf", "cut", "heads", "html_table"),
    *("padded", "text_table", "width_of"),
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
    title = f'<caption style="text-align:left">{lines}</caption>' if caption else ""
    return (
        f'<table class="repaylib" style="font-variant-numeric:tabular-nums">{title}'
        f"<thead>{line(header, 'th')}</thead><tbody>{body}</tbody>{foot}</table>"
    )


#: The columns of text that a page has.
PAGE = 88


def heads(names: Iterable[str]) -> list[Sentence]:
    """Return the heads of columns, or the names of figures, by the key that each has in ``wording``."""
    return [Sentence(f"column.{name}") for name in names]


class Cut(NamedTuple):
    """A text of at most a width; three points stand for what is left out."""

    text: object
    width: int

    def rendered(self, language: Language) -> str:
        """Return it as text."""
        return cut(language.render(self.text), self.width)


class Table(NamedTuple):
    """A table for people. What stands in it is text, or a sentence that becomes text in a language.

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

    header: Sequence[object]
    rows: Sequence[Sequence[object]]
    footer: Sequence[object] | None = None
    left: int = 1
    caption: object = ""
    above: Sequence[object] = ()
    below: Sequence[object] = ()
    fits: bool = False

    def rendered(self, language: Language) -> str:
        """Return the table as text, with the lines around it."""
        header, *lines = self._written(language)
        count = len(header)
        text = self._text(header, lines)
        while self.fits and width_of(text.split("\n", 2)[1]) > PAGE and count > 2:
            count -= 1
            text = self._text(header[:count], [line[:count] for line in lines])
        below = list(self.below)
        if left_out := header[count:]:
            below.append(Sentence("table.left_out", columns=Listed(left_out, "names")))
        around = [[language.render(line) for line in lines] for lines in (self.above, below)]
        return "\n".join([*around[0], text, *around[1]])

    def html(self, language: Language) -> str:
        """Return the table as HTML, with its caption."""
        header, *lines = self._written(language)
        caption = language.render(self.caption)
        rows, footer = self._parts(lines)
        return html_table(header, rows, caption=caption, left=self.left, footer=footer)

    def _written(self, language: Language) -> list[list[str]]:
        """Return the header, the rows and the footer in a language."""
        lines = [self.header, *self.rows, *([] if self.footer is None else [self.footer])]
        return [
            [cell if isinstance(cell, str) else language.render(cell) for cell in line]
            for line in lines
        ]

    def _parts(self, lines: list[list[str]]) -> tuple[list[list[str]], list[str] | None]:
        """Return the rows, and the footer if there is one, from lines that have both."""
        return (lines, None) if self.footer is None else (lines[:-1], lines[-1])

    def _text(self, header: list[str], lines: list[list[str]]) -> str:
        rows, footer = self._parts(lines)
        return text_table(header, rows, left=self.left, footer=footer)


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


class Printed(Worded):
    """What prints as a table, and shows as HTML in notebooks; a subclass has :meth:`_table`."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _table(self) -> Table:
            """Return the printed table."""

    def _worded(self) -> object:
        return self._table()

    def _html(self, language: Language) -> str:
        return self._table().html(language)

    def to_html(self, *, lang: Lang = "en") -> str:
        """Return it as HTML, as notebooks show it.

        Parameters
        ----------
        lang
            The language: ``"en"``, as notebooks show it, or ``"zh"`` for Chinese.

        Raises
        ------
        ChoiceError
            If there is no such language.
        """
        return self._html(parse_language(lang))

    def _repr_html_(self) -> str:
        return self.to_html()


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
