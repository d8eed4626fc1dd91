"""Published figures computed on this machine: ``python -m repaylib selftest --help``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files

from repaylib.cli.case_files import Case, CaseResult, ComparedFigure, published, read_cases
from repaylib.cli.common import Parser, add_language, in_toml, refuse, unusable, write_output
from repaylib.errors import Phrase, RepayError
from repaylib.output.tables import Cut, Table
from repaylib.typing import Lang
from repaylib.wording.sentence import Sentence, parse_language

__all__ = ["selftest", "template"]


def selftest(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0 if all figures are as expected, 1 if not, 2 for bad arguments."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.template:
        if options.files:
            parser.error(
                Phrase("{}: got FILE {} too; leave one of them out", "--template", options.files[0])
            )
        return write_output(template(options.lang).rstrip(), lang=options.lang)
    language = parse_language(options.lang)
    results: list[CaseResult] = []
    place = "selftest"
    try:
        for place in options.files:
            results += map(_compared, read_cases(place))
        if not options.files:
            results += map(_compared, published())
    except RepayError as error:
        message = error.message(error.parameter, in_toml)
        return refuse(Phrase("{}: {}", place, message), options.lang)
    except OSError as error:
        return refuse(unusable(error), options.lang)
    parts: list[object] = (
        [_by_figure(each) for each in results] if options.files else [_by_case(results)]
    )
    text = "\n\n".join(language.render(part) for part in [*parts, _total(results)])
    return write_output(text, lang=options.lang) or int(not all(each.ok for each in results))


def template(lang: Lang) -> str:
    """Return a file of a case to fill in, in a language."""
    folder = files("repaylib.cli") / "case_templates"
    return (folder / f"{lang}.toml").read_text(encoding="utf-8")


def _parser() -> Parser:
    parser = Parser(
        prog="repaylib selftest",
        description="Compute published figures, or those of your own statement, and compare them.\n"
        "example: repaylib selftest --template > mine.toml",
    )
    parser.add_argument(
        "files", metavar="FILE", nargs="*", help="TOML files of cases; without one, those published"
    )
    add_language(parser, default="en")
    parser.add_argument("--template", action="store_true", help="print a file to fill in")
    return parser


def _compared(case: Case) -> CaseResult:
    """Compare the figures of a case; one that cannot be computed has the reason as its figure."""
    try:
        return case.compare()
    except RepayError as error:
        return CaseResult(case, (), error)


def _by_case(results: Sequence[CaseResult]) -> Table:
    """Return the table of all cases, a line each, and below it the figures that are not equal."""
    header = [Sentence(f"selftest.{name}") for name in ("source", "case", "figures", "result")]
    rows = [
        [Cut(each.case.source, 30), Cut(each.case.name, 34), f"{len(each.figures)}", _verdict(each)]
        for each in results
    ]
    below = [line for each in results for line in _differences(each)]
    return Table(header, rows, None, 2, below=["", *below] if below else ())


def _by_figure(result: CaseResult) -> Table:
    """Return the table of one case, a line for each figure."""
    header = [Sentence(f"selftest.{name}") for name in ("figure", "stated", "found", "result")]
    rows = [
        [each.name, each.expected, each.found, Sentence(f"selftest.{_word(each)}")]
        for each in result.figures
    ]
    name = Sentence("selftest.of", name=result.case.name, source=result.case.source)
    if result.refused is not None:
        below: list[object] = list(_differences(result))
    else:
        below = ["", result.case.why] if result.case.why else []
    return Table(header if rows else (), rows, None, 1, above=[name, ""], below=below)


def _word(figure: ComparedFigure) -> str:
    if figure.equal:
        return "equal" if figure.ok else "wrong"
    return "explained" if figure.ok else "wrong"


def _verdict(result: CaseResult) -> Sentence:
    words = Counter(map(_word, result.figures))
    if result.refused is not None:
        return Sentence("selftest.refused")
    if words["wrong"]:
        return Sentence("selftest.wrong")
    if words["explained"]:
        return Sentence("selftest.some_explained", count=words["explained"])
    return Sentence("selftest.equal")


def _differences(result: CaseResult) -> list[Sentence]:
    """Return a line for each figure that is not equal, with where it stands and why."""
    case = result.case
    if (error := result.refused) is not None:
        reason = error.message(error.parameter, in_toml)
        return [Sentence("selftest.cannot", file=case.file, reason=reason)]
    return [
        Sentence(
            f"selftest.{_word(each)}_figure",
            file=case.file,
            place=case.place,
            case=case.name,
            figure=each.name,
            stated=each.expected,
            found=each.found,
            why=case.why,
        )
        for each in result.figures
        if _word(each) != "equal"
    ]


def _total(results: Sequence[CaseResult]) -> Sentence:
    words = Counter(_word(figure) for each in results for figure in each.figures)
    return Sentence(
        "selftest.total",
        cases=len(results),
        figures=words.total(),
        equal=words["equal"],
        explained=words["explained"],
        wrong=words["wrong"],
        refused=sum(each.refused is not None for each in results),
    )
