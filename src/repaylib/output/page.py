"""Cells as text that fits a page: names and texts broken over lines, columns closer, or in parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from repaylib.output.widths import padded, width_of

__all__ = ["PAGE", "Cells", "on_a_page", "text_table"]

#: The columns of text that a page has, and the fewest that a text and a name are broken to.
PAGE = 88
NARROW = 16
SHORT = 8


def on_a_page(line: str) -> str:
    """Return a line broken to the width of a page; the lines that follow stand two columns in."""
    if width_of(line) <= PAGE:
        return line
    from repaylib.output.line_breaks import wrapped  # seldom needed, and slow to import

    indent = " " * (len(line) - len(line.lstrip()))
    return wrapped(line.lstrip(), PAGE, f"{indent}  ", indent)


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


class Cells(NamedTuple):
    """The names of columns, the cells, and a line of totals, all as text; the first `left` flush left."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    footer: Sequence[str] | None
    left: int
    gap: int = 2

    @property
    def text(self) -> str:
        """The cells as text, as wide as they are."""
        return text_table(self.header, self.rows, left=self.left, footer=self.footer, gap=self.gap)

    def beginning(self) -> tuple[Cells, Sequence[str]]:
        """Return the columns that a page has room for, and the names of the others."""
        least = min(self.left + 1, len(self.header))
        for count in range(len(self.header), least - 1, -1):
            found = self._only(range(count))._narrowed()
            if found._excess <= 0:
                break
        return found, self.header[count:]

    def parts(self) -> list[Cells]:
        """Return all columns, in parts that follow one another; the first columns stand in each."""
        closer = self._narrowed()
        if closer._excess > 0:
            closer = self._replace(gap=1)._narrowed()
        if closer._excess <= 0:
            return [closer]
        first, others = self.beginning()
        if not others:
            return [first]
        left = range(self.left)
        rest = self._only([*left, *range(len(self.header) - len(others), len(self.header))])
        return [first, *rest.parts()]

    @property
    def _lines(self) -> list[Sequence[str]]:
        return [self.header, *self.rows, *([self.footer] if self.footer else [])]

    @property
    def _excess(self) -> int:
        """By how much it is wider than a page."""
        return sum(_widths(self._lines)) + self.gap * (len(self.header) - 1) - PAGE

    def _narrowed(self) -> Cells:
        """Return the cells with names of columns and a text broken over lines, if need be."""
        found = self
        for narrowed in (Cells._with_short_names, Cells._with_broken_text):
            if found._excess > 0:
                found = narrowed(found)
        return found

    def _with_short_names(self) -> Cells:
        """Return the cells with names of columns broken where the cells are narrower."""
        from repaylib.output.line_breaks import wrapped  # seldom needed, and slow to import

        found, cells = self, _widths([[""] * len(self.header), *self._lines[1:]])
        for most in range(max(map(width_of, self.header)), SHORT - 1, -1):
            if found._excess > 0:
                pairs = zip(self.header, cells, strict=True)
                found = self._replace(header=[wrapped(name, max(most, one)) for name, one in pairs])
        return found

    def _with_broken_text(self) -> Cells:
        """Return the cells with its widest texts broken, as narrow as need be."""
        from repaylib.output.line_breaks import wrapped

        widths = _widths(self._lines)[: self.left]
        room = sum(widths) - self._excess
        most = range(NARROW, max([*widths, NARROW + 1]))
        cap = max(
            (cap for cap in most if sum(min(cap, one) for one in widths) <= room), default=NARROW
        )

        def broken(line: Sequence[str]) -> list[str]:
            texts = [
                wrapped(cell.lstrip(), cap, indent, indent) if width_of(cell) > cap else cell
                for cell in line[: self.left]
                for indent in (" " * (len(cell) - len(cell.lstrip())),)
            ]
            return [*texts, *line[self.left :]]

        return self._replace(
            header=broken(self.header),
            rows=[broken(row) for row in self.rows],
            footer=None if self.footer is None else broken(self.footer),
        )

    def _only(self, places: Sequence[int]) -> Cells:
        """Return the cells with the columns of some places."""

        def cells(line: Sequence[str]) -> list[str]:
            return [line[column] for column in places]

        return self._replace(
            header=cells(self.header),
            rows=[cells(row) for row in self.rows],
            footer=None if self.footer is None else cells(self.footer),
        )
