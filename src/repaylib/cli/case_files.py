"""Files of published figures: terms in, figures expected, and how ours compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

from repaylib.cli.case_terms import CHANGES, QUESTIONS, build_loan, call, check_keys, figure_of
from repaylib.cli.dossier import parse_toml, placed, read_text
from repaylib.errors import Phrase, RepayError, TermsError, check_text, check_word
from repaylib.money.amounts import parse_amount
from repaylib.money.counts import parse_count
from repaylib.money.rounding import round_fraction
from repaylib.schedule.verbs import amortise

__all__ = [
    *("KINDS", "Case", "CaseResult", "ComparedFigure", "parse_cases", "published", "read_cases"),
]

KINDS = ("schedule", "change", "settlement", "statement", "apr", "return", "annuity")
#: Keys of a case; the first group may stand above the cases, for all of them.
SHARED = ("source", "url", "country", "kind", "within")
OWN = ("name", "about", "loan", "changes", "ask", "expected", "rows", "ours", "why")


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """A figure of a case: as published, as computed, and whether they are the same.

    Attributes
    ----------
    name
        Which figure, such as ``"instalment"`` or ``"row 3 interest"``.
    expected, found
        As published, and as computed.
    ours
        What the file says that is computed instead of it, if they differ for a known reason.
    equal
        Whether the computed figure is the published one, to the decimals of the published one.
    """

    name: str
    expected: str
    found: str
    ours: str | None
    equal: bool

    @property
    def ok(self) -> bool:
        """Whether it is equal, or differs as the file says."""
        return self.equal if self.ours is None else not self.equal and self.found == self.ours


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case with its figures compared.

    Attributes
    ----------
    case
        The case.
    figures
        The figures.
    refused
        Why the case cannot be computed, if so.
    """

    case: Case
    figures: tuple[ComparedFigure, ...]
    refused: RepayError | None = None

    @property
    def ok(self) -> bool:
        """Whether all figures are equal, or differ as the file says."""
        return self.refused is None and all(figure.ok for figure in self.figures)


@dataclass(frozen=True, slots=True)
class Case:
    """Terms with figures that someone has published for them.

    Attributes
    ----------
    file, place
        Where it stands: the name of the file, and ``"cases[0]"``.
    name, about
        Its name in the source, and the terms in words.
    source, url, country, kind
        Who published it, and where; the country in two letters; one of ``KINDS``.
    loan, changes, ask
        The terms of a loan, the changes one after another, and the question: the name of a function,
        and its parameters.
    expected, rows
        The figures by name, and those of rows of a schedule.
    ours, why
        What is computed instead of some figures, and the reason.
    within
        By how much a figure may differ; by default it has to be the same to its decimals.
    """

    file: str
    place: str
    name: str
    about: str = ""
    source: str = ""
    url: str = ""
    country: str = ""
    kind: str = "schedule"
    loan: Mapping[str, Any] | None = None
    changes: tuple[Mapping[str, Any], ...] = ()
    ask: Mapping[str, Any] = field(default_factory=dict)
    expected: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, Any], ...] = ()
    ours: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    within: str | None = None

    def answer(self) -> tuple[Any, Any]:
        """Return the schedule, if there is a loan, and the answer to the question.

        Raises
        ------
        RepayError
            If the terms cannot be computed; the parameter says where.
        """
        plan = None
        if self.loan is not None:
            where = f"{self.place}.loan"
            plan = amortise(build_loan(where, self.loan))
        for number, change in enumerate(self.changes):
            plan = call(f"{self.place}.changes[{number}]", CHANGES, change, plan)
        if not self.ask:
            return plan, plan
        return plan, call(f"{self.place}.ask", QUESTIONS, self.ask, plan)

    def compare(self) -> CaseResult:
        """Compute the case, and compare its figures.

        Raises
        ------
        RepayError
            If the terms cannot be computed, or a figure is not known or no number where the computed one
            is; the parameter says where.
        """
        plan, answer = self.answer()
        if plan is not None:
            with placed(self.place):
                plan.check()
        where = f"{self.place}.expected"
        named = [
            (name, f"{where}.{name}", each, figure_of(where, answer, name))
            for name, each in self.expected.items()
        ]
        figures = [self._compared(*each) for each in (*named, *self._of_rows(plan))]
        known = {figure.name for figure in figures}
        for name in self.ours:
            check_word(f"{self.place}.ours", name, tuple(known))
        return CaseResult(self, tuple(figures))

    def _of_rows(self, plan: Any) -> Iterator[tuple[str, str, object, Any]]:
        by_number = {} if plan is None else {row.number: row for row in plan}
        last = 0
        for index, line in enumerate(self.rows):
            last = line.get("number", last + 1)
            for name, expected in line.items():
                if name != "number":
                    row = by_number.get(last)
                    where = f"{self.place}.rows[{index}]"
                    found = "-" if row is None else figure_of(where, row, name)
                    yield f"row {last} {name}", f"{where}.{name}", expected, found

    def _compared(self, name: str, where: str, published: object, found: object) -> ComparedFigure:
        stated, ours = str(published), self.ours.get(name)
        number = _number(found)
        wanted = None if number is None else Fraction(parse_amount(published, where))
        if number is None or wanted is None:
            equal, shown = stated == str(found), str(found)
        elif self.within is not None:
            equal = abs(number - wanted) <= Fraction(self.within)
            shown = str(found)
        else:
            scale = Fraction(10) ** len(stated.partition(".")[2])
            equal = round_fraction(number * scale, "half_up") == wanted * scale
            shown = str(found)
        return ComparedFigure(name, stated, shown, None if ours is None else str(ours), equal)


def published() -> list[Case]:
    """Return the published cases that are part of the library."""
    folder = files("repaylib.cli") / "published"
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    return [
        case
        for name in names
        for case in parse_cases((folder / name).read_text(encoding="utf-8"), name)
    ]


def read_cases(path: str | Path) -> list[Case]:
    """Read a file of cases.

    Raises
    ------
    StorageError
        If it is no TOML, or longer than such a file can be.
    RepayError
        If something in it is unknown or missing; the parameter says where.
    """
    return parse_cases(read_text(path), str(path))


def parse_cases(text: str, name: str) -> list[Case]:
    """Read cases from the text of a file, as :func:`read_cases` does."""
    given = parse_toml(text, "see python -m repaylib selftest --template")
    shared = {key: value for key, value in given.items() if key in SHARED}
    check_keys(given, (*SHARED, "cases"), "")
    tables = given.get("cases")
    if not isinstance(tables, list) or not tables:
        raise TermsError("cases", tables, "at least one case", "write a table [[cases]]")
    return [
        _case(name, f"cases[{number}]", {"source": name, **shared, "name": f"{number + 1}"}, table)
        for number, table in enumerate(tables)
    ]


def _case(file: str, place: str, shared: dict[str, Any], table: object) -> Case:
    if not isinstance(table, dict):
        raise TermsError(place, table, Phrase("a table {}", "[[cases]]"), "write a table [[cases]]")
    check_keys(table, (*SHARED, *OWN), place)
    given = {**shared, **table}
    for key, kind in (("loan", dict), ("ask", dict), ("expected", dict), ("ours", dict)):
        if not isinstance(given.get(key, {}), kind):
            raise TermsError(
                f"{place}.{key}", given[key], Phrase("a table {}", f"[cases.{key}]"),
                Phrase("write {} above its keys", f"[cases.{key}]"),
            )  # fmt: skip
    for key in ("changes", "rows"):
        lines = given.get(key, ())
        if not isinstance(lines, list | tuple) or not all(isinstance(line, dict) for line in lines):
            form = Phrase("write {}", f"{key} = [{{...}}]")
            raise TermsError(f"{place}.{key}", lines, "a list of tables", form)
        given[key] = tuple(lines)
    for key in ("name", "about", "source", "url", "country", "why"):
        check_text(given.get(key, ""), f"{place}.{key}")
    check_word(f"{place}.kind", given.get("kind", "schedule"), KINDS)
    if "within" in given:
        parse_amount(given["within"], f"{place}.within")
        given["within"] = str(given["within"])
    for index, line in enumerate(given.get("rows", ())):
        parse_count(line.get("number", 1), f"{place}.rows[{index}].number", least=0)
    if not given.get("expected") and not given.get("rows"):
        hint = 'write [cases.expected] with instalment = "888.49", say'
        raise TermsError(f"{place}.expected", None, "at least one figure", hint)
    if "loan" not in given and "ask" not in given:
        hint = Phrase("write {} above its keys", "[cases.loan]")
        raise TermsError(f"{place}.loan", None, "the terms of the loan", hint)
    given["expected"] = dict(_flat(given.get("expected", {})))
    return Case(file, place, **given)


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values of tables in a table by dotted names, as ``balances.total``."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _number(value: object) -> Fraction | None:
    if isinstance(value, Decimal):
        return Fraction(value) if value.is_finite() else None
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return Fraction(value)
    return None
