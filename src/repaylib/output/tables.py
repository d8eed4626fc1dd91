"""Aligned tables, as text and as HTML, and the sequences of rows that print as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import FunctionType
from typing import TYPE_CHECKING, NamedTuple, TypeVar, overload

from repaylib.output.files import write_text
from repaylib.output.frozen import Frozen
from repaylib.output.widths import padded, width_of
from repaylib.typing import FilePath

__all__ = [
    *("PAGE", "Named", "Printed", "Table", "TableOf", "html_table", "on_a_page", "text_table"),
]

T_co = TypeVar("T_co", covariant=True)


def text_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    left: int = 1,
    footer: Sequence[str] | None = None,
    gap: int = 2,
) -> str:
    r"""Return rows as text, the first `left` columns to the left and the others to the right.

    A cell may have several lines; `gap` is the space between columns.

    Examples
    --------
    >>> print(text_table(["way", "to\npay"], [["now", "9.00"], ["later", "10.50"]]))
             to
    way     pay
    -----  -----
    now     9.00
    later  10.50
    """
    widths = _widths([header, *rows, *([footer] if footer else [])])

    def aligned(cells: Sequence[str], *, down: bool = False) -> list[str]:
        columns = [cell.split("\n") for cell in cells]
        height = max(map(len, columns))
        spaces = [[""] * (height - len(column)) for column in columns]
        filled = [
            [*space, *column] if down else [*column, *space]
            for space, column in zip(spaces, columns, strict=True)
        ]
        return [
            (" " * gap)
            .join(
                padded(part, width, left=column < left)
                for column, (part, width) in enumerate(zip(line, widths, strict=True))
            )
            .rstrip()
            for line in zip(*filled, strict=True)
        ]

    rule = (" " * gap).join("-" * width for width in widths)
    lines = [*aligned(header, down=True), rule, *(line for row in rows for line in aligned(row))]
    if footer:
        lines += [rule, *aligned(footer)]
    return "\n".join(lines)


def _widths(lines: Sequence[Sequence[str]]) -> list[int]:
    """Return the width of each column, that of the widest line of a cell."""
    return [
        max(width_of(part) for cell in column for part in cell.split("\n"))
        for column in zip(*lines, strict=True)
    ]


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


#: The columns of text that a page has, and the fewest that a text and a name are broken to.
PAGE = 88
NARROW = 16
SHORT = 8
#: How the line begins that names the columns which a page has no room for.
LEFT_OUT = "not shown: "


class Table(NamedTuple):
    """A table for people.

    As text it fits a page: names of columns are broken over lines, then the widest texts, and then
    columns stand closer.

    Attributes
    ----------
    header, rows, footer
        The names of the columns, the cells, and a line of totals; no names for lines of text alone.
    left
        How many columns are flush left.
    caption
        The caption in HTML and Markdown.
    above, below
        The lines of text before and after the table.
    gap
        The space between columns.
    cut
        Whether the last columns that have no room are left out and named below; or else they follow in
        another table.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    footer: Sequence[str] | None = None
    left: int = 1
    caption: str = ""
    above: Sequence[str] = ()
    below: Sequence[str] = ()
    gap: int = 2
    cut: bool = False

    @property
    def text(self) -> str:
        """The table as text, with the lines around it."""
        parts = self._fitted() if self.header else []
        below = parts[-1].below if parts else self.below
        lines = [on_a_page(line) for text in self.above for line in text.split("\n")]
        tables = [
            text_table(part.header, part.rows, left=part.left, footer=part.footer, gap=part.gap)
            for part in parts
        ]
        lines += ["\n\n".join(tables)] if tables else []
        lines += [on_a_page(line) for text in below for line in text.split("\n")]
        return "\n".join(lines)

    @property
    def _lines(self) -> list[Sequence[str]]:
        return [self.header, *self.rows, *([self.footer] if self.footer else [])]

    @property
    def _excess(self) -> int:
        """By how much it is wider than a page."""
        return sum(_widths(self._lines)) + self.gap * (len(self.header) - 1) - PAGE

    def _fitted(self) -> list[Table]:
        """Return the table in parts of which none is wider than a page, unless one column is."""
        found = self._narrowed()
        if found._excess <= 0 or len(self.header) <= self.left + 1:
            return [found]
        every = range(len(self.header))
        last = len(self.header) - 1
        if self.cut:
            others = [column for column in every if column != last]
            return self._left_out(self.header[last])._only(others)._fitted()
        while found._excess > 0 and last > self.left:
            found, last = self._only(every[:last])._narrowed(), last - 1
        rest = self._only([*every[: self.left], *every[len(found.header) :]])
        return [found, *rest._fitted()]

    def _narrowed(self) -> Table:
        """Return the table with names of columns and a text broken over lines, if need be."""
        found = self
        for narrowed in (Table._with_short_names, Table._with_broken_text):
            if found._excess > 0:
                found = narrowed(found)
        return found if found._excess <= 0 or self.cut else found._replace(gap=1)

    def _with_short_names(self) -> Table:
        """Return the table with names of columns broken where the cells are narrower."""
        from repaylib.output.line_breaks import wrapped  # seldom needed, and slow to import

        found, cells = self, _widths([[""] * len(self.header), *self._lines[1:]])
        for most in range(max(map(width_of, self.header)), SHORT - 1, -1):
            if found._excess > 0:
                pairs = zip(self.header, cells, strict=True)
                found = self._replace(header=[wrapped(name, max(most, one)) for name, one in pairs])
        return found

    def _with_broken_text(self) -> Table:
        """Return the table with its widest texts broken, as narrow as need be."""
        from repaylib.output.line_breaks import wrapped

        widths = _widths(self._lines)[: self.left]
        room = sum(widths) - self._excess
        most = range(NARROW, max([*widths, NARROW + 1]))
        cap = max(
            (cap for cap in most if sum(min(cap, one) for one in widths) <= room), default=NARROW
        )

        def broken(line: Sequence[str]) -> list[str]:
            texts = [
                wrapped(cell, cap) if width_of(cell) > cap else cell for cell in line[: self.left]
            ]
            return [*texts, *line[self.left :]]

        return self._replace(
            header=broken(self.header),
            rows=[broken(row) for row in self.rows],
            footer=None if self.footer is None else broken(self.footer),
        )

    def _only(self, places: Sequence[int]) -> Table:
        """Return the table with the columns of some places."""

        def cells(line: Sequence[str]) -> list[str]:
            return [line[column] for column in places]

        return self._replace(
            header=cells(self.header),
            rows=[cells(row) for row in self.rows],
            footer=None if self.footer is None else cells(self.footer),
        )

    def _left_out(self, name: str) -> Table:
        """Return the table with a line after it that names a column which is left out."""
        others = self.below
        named = f"{LEFT_OUT}{name}"
        if others and others[-1].startswith(LEFT_OUT):
            named, others = f"{named}, {others[-1].removeprefix(LEFT_OUT)}", others[:-1]
        return self._replace(below=[*others, named])

    @property
    def html(self) -> str:
        """The table as HTML, with its caption."""
        return html_table(
            self.header, self.rows, caption=self.caption, left=self.left, footer=self.footer
        )

    @property
    def markdown(self) -> str:
        """The table as Markdown, under its caption."""
        from repaylib.output.markdown import escaped, markdown_table  # seldom needed

        title = "  \n".join(escaped(line) for line in self.caption.split("\n"))
        table = ""
        if self.header:
            table = markdown_table(self.header, self.rows, left=self.left, footer=self.footer)
        return "\n\n".join(part for part in (title, table) if part)


def on_a_page(line: str) -> str:
    """Return a line broken to the width of a page; the lines that follow stand two columns in."""
    if width_of(line) <= PAGE:
        return line
    from repaylib.output.line_breaks import wrapped  # seldom needed, and slow to import

    indent = " " * (len(line) - len(line.lstrip()))
    return wrapped(line.lstrip(), PAGE, f"{indent}  ", indent)


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
    """What prints as tables, and shows as HTML in notebooks; a subclass has :meth:`_table`."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _table(self) -> Table:
            """Return the printed table."""

    def _tables(self) -> Sequence[Table]:
        """Return the printed tables, one as a rule."""
        return [self._table()]

    def _in_full(self) -> Sequence[Table]:
        """Return the tables of HTML and Markdown, which have room for more."""
        return self._tables()

    def __str__(self) -> str:
        return "\n\n".join(table.text for table in self._tables())

    def _repr_html_(self) -> str:
        return "".join(table.html for table in self._in_full())

    def to_html(self, file: FilePath | None = None) -> str:
        """Return it as a page of HTML that needs nothing beside it.

        Parameters
        ----------
        file
            Where to write it as well. A file that exists is replaced, once all is written.
        """
        page = (
            '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
            f"<title>repaylib</title></head>\n<body>{self._repr_html_()}</body>\n</html>\n"
        )
        return _written(page, file)

    def to_markdown(self, file: FilePath | None = None) -> str:
        """Return it as Markdown, with tables as GitHub writes them.

        Parameters
        ----------
        file
            Where to write it as well. A file that exists is replaced, once all is written.
        """
        parts = [table.markdown for table in self._in_full()]
        return _written("\n\n".join(parts) + "\n", file)


def _written(text: str, file: FilePath | None) -> str:
    """Return a text; write it to a file as well, if one is named."""
    if file is not None:
        write_text(file, text)
    return text


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
