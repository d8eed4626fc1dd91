"""A pasted table as rows by the names of its columns, however its cells are parted."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from itertools import pairwise

from repaylib.audit.column_names import column_of, heads_in, is_left_out, kinds_of
from repaylib.audit.text_parsing import day_of
from repaylib.errors import Phrase, RepayError, TermsError
from repaylib.output.widths import width_of

__all__ = ["table_of_text"]

_TOTALS = (
    *("total", "totals", "sum", "合计", "总计", "总额", "summe", "gesamt", "gesamtsumme"),
    *("totaux", "totales", "totale", "totali", "totaal", "suma", "soma", "somme"),
)
#: How many lines the names of columns may stand on.
MOST_LINES = 4


def table_of_text(text: str, columns: Sequence[str] | None) -> list[dict[str, str]]:
    """Split a pasted table into rows by the names of its columns.

    Cells may be parted by tabs, bars, semicolons, commas or single spaces, or aligned by spaces. Lines
    before the names of the columns, rules, totals and lines without a number are left out.

    Raises
    ------
    TermsError
        If no line names the columns and `columns` does not, or a row has another number of cells.
    """
    lines = [line for line in text.splitlines() if re.search(r"[^\s\-=+|:─━_]", line)]
    rules = _rules(text)
    names, body, spans = (None, 0, []) if columns is not None else _heading(lines, rules)
    if columns is not None:
        names = [name.strip() for name in columns]
    if names is None:
        raise _no_heading(lines)
    rows: list[dict[str, str]] = []
    for line in lines[body:]:
        cells = _cut(line, spans) if spans else _cells(line, len(names))
        if any(cell.lower().rstrip(":") in _TOTALS for cell in cells):
            if spans:
                break  # what follows an aligned table is no row of it
            continue
        if not re.search(r"\d", line):
            continue
        if len(cells) != len(names):
            hint = "paste the table with one cell a column, or give a list of rows"
            raise TermsError(
                f"rows[{len(rows)}]", line, Phrase("{} cells, one a column", len(names)), hint
            )
        rows.append({name: cell for name, cell in zip(names, cells, strict=True) if name})
    return rows if columns is not None else _by_kind(rows, names)


def _rules(text: str) -> dict[str, str]:
    """Return the rules of aligned tables, by the line above them."""
    lines = [line for line in text.splitlines() if line.strip()]
    return {line: rule for line, rule in pairwise(lines) if _spans(rule)}


def _heading(
    lines: Sequence[str], rules: dict[str, str]
) -> tuple[list[str] | None, int, list[tuple[int, int]]]:
    """Return the names of the columns, the place of the first row, and where columns are aligned."""
    for place, line in enumerate(lines):
        after = lines[place + 1] if place + 1 < len(lines) else ""
        if line in rules:
            spans = _spans(rules[line])
            for first in range(max(0, place - MOST_LINES), place + 1):
                parts = [_cut(each, spans) for each in lines[first : place + 1]]
                cells = [" ".join(filter(None, column)) for column in zip(*parts, strict=True)]
                if _are_heads(cells):
                    return _named(cells), place + 1, spans
            continue
        cells = _cells(line)
        if after and cells == line.split():  # spaces part the words of a name as well
            cells = heads_in(line, len(_cells(after))) or cells
        if _are_heads(cells):
            return _named(cells), place + 1, []
    return None, 0, []


def _are_heads(cells: Sequence[str]) -> bool:
    """Whether cells name columns, two at least, and nothing else."""
    known = [column_of(cell) for cell in cells if column_of(cell)]
    several = [cell for cell in cells if kinds_of(cell)]
    every = all(kinds_of(cell) or is_left_out(cell) for cell in cells if cell)
    return every and len(several) > 1 and len(known) > 0


def _named(cells: Sequence[str]) -> list[str]:
    """Return the names of columns, empty where one is no figure of a row."""
    return ["" if is_left_out(cell) and not kinds_of(cell) else cell for cell in cells]


def _by_kind(rows: list[dict[str, str]], names: Sequence[str]) -> list[dict[str, str]]:
    """Name the columns whose heads have several meanings by what stands in them."""
    taken = {column_of(name) for name in names if len(kinds_of(name)) == 1}
    renamed: dict[str, str] = {}
    for name in names:
        kinds = kinds_of(name)
        if len(kinds) < 2:
            continue
        values = [row[name] for row in rows if row[name]]
        fits = [kind for kind in kinds if kind not in taken and _may_be(kind, values)]
        renamed[name] = fits[0] if fits else ""
        taken.add(renamed[name])
    return [
        {
            (name if renamed.get(name) == column_of(name) else renamed.get(name, name)): cell
            for name, cell in row.items()
            if renamed.get(name, name)
        }
        for row in rows
    ]


def _may_be(kind: str, values: Sequence[str]) -> bool:
    """Whether values may be dates, the numbers of rows, or amounts."""
    whole = [
        int(value) for value in values if re.fullmatch(r"\d{1,4}\.?", value) and value.isdecimal()
    ]
    if kind == "number":
        return len(whole) == len(values) and all(a < b for a, b in pairwise(whole))
    dates = [value for value in values if _is_date(value)]
    if kind == "date":
        return len(dates) == len(values) > 0
    numbers = len(whole) == len(values) > 1 and all(b - a == 1 for a, b in pairwise(whole))
    return not dates and not numbers and not any("%" in value for value in values)


def _is_date(value: str) -> bool:
    try:
        day_of(value, "date", "dmy")
    except RepayError:
        return bool(re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", value))
    return True


def _no_heading(lines: Sequence[str]) -> TermsError:
    """Return the refusal of a text, with the heads that were understood of the likeliest line."""
    best: list[str] = []
    for line in lines:
        cells = [cell for cell in _cells(line) if cell]
        if len(cells) > 1 and _count(cells) > _count(best):
            best = cells
    read = [f"{cell} ({kinds_of(cell)[0]})" for cell in best if kinds_of(cell)]
    other = [cell for cell in best if not kinds_of(cell) and not is_left_out(cell)]
    if len(read) < 2 or not other:
        hint: str | Phrase = 'write columns=("date", "payment", ...), or paste the header line too'
        shown = "\n".join(lines)[:60]
        return TermsError("rows", shown, "a line that names the columns", hint)
    given = Phrase("names not understood: {}", ", ".join(other))
    expected = Phrase("names of columns, as these are: {}", ", ".join(read))
    names = ", ".join(f'"{kinds_of(cell)[0] if kinds_of(cell) else ""}"' for cell in best)
    hint = Phrase('write {}, where "" leaves a column out', f"columns=({names})")
    return TermsError("rows", given, expected, hint)


def _count(cells: Sequence[str]) -> int:
    return sum(bool(kinds_of(cell)) for cell in cells)


def _cells(line: str, count: int = 0) -> list[str]:
    """Return the cells of a line that is not aligned under a rule; `count` of them are expected."""
    line = line.strip("\n")
    if "\t" in line:
        return [cell.strip() for cell in line.split("\t")]
    line = line.strip()
    if "|" in line:
        return [cell.strip().strip("*").strip() for cell in line.strip("|").split("|")]
    if ";" in line:
        return [cell.strip().strip('"') for cell in line.split(";")]
    by_space = [cell.strip() for cell in re.split(r"\s{2,}", line)]
    if len(by_space) > 1:
        return by_space
    try:
        by_comma = [cell.strip() for cell in next(csv.reader([line]))]
    except csv.Error:  # more text than a cell may hold
        by_comma = [line]
    by_word = _words(line)
    if len(by_comma) > 1 and (len(by_word) <= len(by_comma) or len(by_comma) == count):
        return by_comma
    return by_word if len(by_word) > 1 else by_comma


def _words(line: str) -> list[str]:
    """Return the words of a line; a date with the name of its month and a sign of a currency are none."""
    joined = re.sub(r"(?<=\d) (?=[€$£¥元]( |$))|(?<=[€$£¥]) (?=\d)", "\u00a0", line)
    month = r"(?<!\S)(\d{1,2}\.?) ([^\W\d_]{3,}\.?,?) (\d{4})(?!\S)"
    joined = re.sub(month, "\\1\u00a0\\2\u00a0\\3", joined)
    first = r"(?<!\S)([^\W\d_]{3,}\.?) (\d{1,2},?) (\d{4})(?!\S)"
    joined = re.sub(first, "\\1\u00a0\\2\u00a0\\3", joined)
    return [word.replace("\u00a0", " ") for word in joined.split(" ") if word]


def _spans(rule: str) -> list[tuple[int, int]]:
    """Return where the columns of an aligned table begin and end, as the rule under it shows."""
    if not re.fullmatch(r"-+( +-+)+\s*", rule.strip()):
        return []
    return [found.span() for found in re.finditer(r"-+", rule)]


def _cut(line: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Return the cells of a line by columns of a terminal, where some letters take two."""
    wide = "".join(character + "\0" * (width_of(character) - 1) for character in line)
    edges = [*(low for low, _ in spans[1:]), max(len(wide), spans[-1][1])]
    cells, begun = [], 0
    for edge in edges:
        cells.append(wide[begun:edge].replace("\0", "").strip())
        begun = edge
    return cells
