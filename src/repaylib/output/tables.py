"""Aligned tables, as text and as HTML, and the sequences of rows that print as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import FunctionType
from typing import TYPE_CHECKING, NamedTuple, TypeVar, overload

from repaylib.output.files import write_text
from repaylib.output.frozen import Frozen
from repaylib.output.page import Cells, on_a_page
from repaylib.output.widths import cut
from repaylib.typing import FilePath, Lang
from repaylib.wording.sentence import Language, Listed, Sentence, Worded, parse_language

__all__ = [
    *("Cut", "Named", "Printed", "Table", "TableOf", "heads", "html_page", "html_table"),
]

T_co = TypeVar("T_co", covariant=True)


def html_page(body: str, title: str, language: Language, style: str = "") -> str:
    """Return a part of HTML as a whole page, which says its language and that it is in UTF-8."""
    from html import escape

    return (
        f'<!DOCTYPE html>\n<html lang="{language.texts["html_lang"]}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


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
    cut
        Whether the last columns that have no room are left out and named below; or else they follow in
        another table.
    """

    header: Sequence[object]
    rows: Sequence[Sequence[object]]
    footer: Sequence[object] | None = None
    left: int = 1
    caption: object = ""
    above: Sequence[object] = ()
    below: Sequence[object] = ()
    cut: bool = False

    def rendered(self, language: Language) -> str:
        """Return the table as text, with the lines around it."""
        below, parts = list(self.below), list[Cells]()
        if self.header and self.cut:
            shown, others = self._cells(language).beginning()
            parts = [shown]
            below += [Sentence("table.left_out", columns=Listed(others, "names"))] * bool(others)
        elif self.header:
            parts = self._cells(language).parts()
        table = ["\n\n".join(part.text for part in parts)] * bool(parts)
        return "\n".join([*_lines(self.above, language), *table, *_lines(below, language)])

    def __str__(self) -> str:
        return self.rendered(parse_language("en"))

    def html(self, language: Language) -> str:
        """Return the table as HTML, with its caption."""
        caption = language.render(self.caption)
        header, rows, footer, left, _ = self._cells(language)
        return html_table(header, rows, caption=caption, left=left, footer=footer)

    def markdown(self, language: Language) -> str:
        """Return the table as Markdown, under its caption."""
        from repaylib.output.markdown import escaped, markdown_table  # seldom needed

        caption = language.render(self.caption)
        parts = ["  \n".join(map(escaped, caption.split("\n")))] * bool(caption)
        if self.header:
            header, rows, footer, left, _ = self._cells(language)
            parts.append(markdown_table(header, rows, left=left, footer=footer))
        return "\n\n".join(parts)

    def _cells(self, language: Language) -> Cells:
        """Return the header, the rows and the footer in a language."""

        def written(line: Sequence[object]) -> list[str]:
            return [cell if type(cell) is str else language.render(cell) for cell in line]

        footer = None if self.footer is None else written(self.footer)
        return Cells(written(self.header), list(map(written, self.rows)), footer, self.left)


def _lines(parts: Iterable[object], language: Language) -> list[str]:
    """Return lines around a table in a language, as wide as a page."""
    texts = [language.render(part) for part in parts]
    return [on_a_page(line) for text in texts for line in text.split("\n")]


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

    def _worded(self) -> object:
        return Listed(self._tables(), "paragraph")

    def to_html(self, file: FilePath | None = None, *, lang: Lang = "en") -> str:
        """Return it as HTML, as notebooks show it: a part of a page.

        Parameters
        ----------
        file
            Where to write it as well, as a whole page in UTF-8. A file that exists is replaced, once
            all is written.
        lang
            The language: ``"en"``, as notebooks show it, or ``"zh"`` for Chinese.

        Raises
        ------
        ChoiceError
            If there is no such language.
        """
        language = parse_language(lang)
        tables = self._in_full()
        part = "".join(table.html(language) for table in tables)
        if file is not None:
            named = (tables[0].caption, *tables[0].above, *tables[0].header, type(self).__name__)
            title = next(filter(None, map(language.render, named))).partition("\n")[0]
            write_text(file, html_page(part, title, language))
        return part

    def to_markdown(self, file: FilePath | None = None, *, lang: Lang = "en") -> str:
        """Return it as Markdown, with tables as GitHub writes them.

        Parameters
        ----------
        file
            Where to write it as well. A file that exists is replaced, once all is written.
        lang
            The language: ``"en"`` or, for Chinese, ``"zh"``.

        Raises
        ------
        ChoiceError
            If there is no such language.
        """
        language = parse_language(lang)
        parts = [table.markdown(language) for table in self._in_full()]
        return _written("\n\n".join(parts) + "\n", file)

    def _repr_html_(self) -> str:
        return self.to_html()


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
