"""The matrix of published cases, made from the files that ``repaylib selftest`` computes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from repaylib.cli.case_files import KINDS, Case, CaseResult, ComparedFigure, published

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["figures_in_words", "matrix", "setup", "summary", "terms_in_words"]

#: How many values of a long list are shown, figures of a case, and terms of a table.
SHOWN, MOST_FIGURES, MOST_TERMS = 3, 6, 14
Cell: TypeAlias = "str | list[nodes.Node]"
TITLES = {
    "schedule": "Schedules",
    "change": "Changes",
    "settlement": "Early settlement",
    "statement": "Statements",
    "apr": "Annual percentage rates",
    "return": "Rates of return",
    "annuity": "Functions of equal payments",
}


def in_words(value: Any) -> str:
    """Write a value of a file; of a long list, its beginning."""
    if isinstance(value, Mapping):
        pairs = [f"{name} {in_words(each)}" for name, each in value.items()]
        rest = ["..."] if len(pairs) > MOST_TERMS else []
        return ", ".join(pairs[:MOST_TERMS] + rest)
    if isinstance(value, list | tuple):
        if value and all(isinstance(each, str | int) for each in value) and len(value) == 4:
            first, amount, count, every = value
            return f"{count} × {amount} every {every} from {first}"
        parts = [in_words(each).replace(", ", " ") for each in value]
        more = f" ... ({len(parts)})" if len(parts) > SHOWN else ""
        return "; ".join(parts[:SHOWN]) + more
    return str(value)


def terms_in_words(case: Case) -> str:
    """The terms of a case: in words, if it has them, and as the file has them."""
    parts = [case.about.rstrip(".") + "."] if case.about else []
    if case.loan is not None:
        parts.append(in_words(case.loan) + ".")
    for table in (*case.changes, *([case.ask] if case.ask else [])):
        parts += [f"{name}: {in_words(options)}." for name, options in table.items()]
    return " ".join(parts)


def figures_in_words(figures: Iterable[ComparedFigure], which: str) -> str:
    """The published figures of a case, or those that are computed."""
    shown = [f"{each.name} {getattr(each, which)}" for each in figures]
    more = len(shown) - MOST_FIGURES
    return "; ".join(shown[:MOST_FIGURES] + ([f"and {more} more"] if more > 0 else []))


def verdict(result: CaseResult) -> str:
    """What the last column says: equal, or what differs and why."""
    wrong = [each.name for each in result.figures if not each.ok]
    if wrong or result.refused is not None:
        raise ValueError(f"{result.case.file}: {result.case.place} is not equal: {wrong}")
    differ = [each for each in result.figures if not each.equal]
    if not differ:
        return "equal"
    return f"{figures_in_words(differ, 'found')} here. {result.case.why}"


def matrix(results: Iterable[CaseResult]) -> list[list[Cell]]:
    """A line for each case: its name, source and country, terms, published figures, and ours."""
    lines: list[list[Cell]] = []
    for result in results:
        case = result.case
        source: nodes.Node = nodes.Text(case.source)
        if case.url:
            source = nodes.reference(case.source, case.source, refuri=case.url, internal=False)
        place = f" ({case.country})" if case.country else ""
        published_ = figures_in_words(result.figures, "expected")
        name = [nodes.strong(case.name, case.name), nodes.Text(": "), source, nodes.Text(place)]
        lines.append([name, terms_in_words(case), published_, verdict(result)])
    return lines


def summary(results: Iterable[CaseResult]) -> list[list[Cell]]:
    """A line for each kind: countries, cases, figures, and how many are equal."""
    results = list(results)
    lines: list[list[Cell]] = []
    for kind in KINDS:
        of_kind = [each for each in results if each.case.kind == kind]
        countries = sorted({each.case.country for each in of_kind} - {""})
        equal = Counter(figure.equal for each in of_kind for figure in each.figures)
        counts = (len(of_kind), equal.total(), equal[True])
        lines.append([TITLES[kind], ", ".join(countries), *map(str, counts)])
    return lines


def table(header: list[str], widths: list[int], lines: list[list[Cell]]) -> nodes.table:
    """Build a table of cells of one paragraph."""
    group = nodes.tgroup(cols=len(header))
    group += [nodes.colspec(colwidth=width) for width in widths]
    head, body = nodes.thead(), nodes.tbody()
    for part, rows in ((head, [header]), (body, lines)):
        for cells in rows:
            row = nodes.row()
            for cell in cells:
                content = [nodes.Text(cell)] if isinstance(cell, str) else cell
                row += nodes.entry("", nodes.paragraph("", "", *content))
            part += row
    group += [head, body]
    return nodes.table("", group, classes=["colwidths-given", "published"])


class PublishedCases(SphinxDirective):
    """``.. published-cases:: apr`` is the matrix of a kind; without a kind, the counts of all."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Compute the cases, and return their table."""
        results = [case.compare() for case in published()]
        if not self.arguments:
            header = ["kind", "countries", "cases", "figures", "equal"]
            return [table(header, [30, 30, 13, 13, 14], summary(results))]
        of_kind = [each for each in results if each.case.kind == self.arguments[0]]
        of_kind.sort(key=lambda each: (each.case.country, each.case.source))
        header = ["case and source", "terms", "published", "here"]
        return [table(header, [26, 36, 24, 14], matrix(of_kind))]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("published-cases", PublishedCases)
    return {"parallel_read_safe": True}
