"""Every result that prints as a table: how wide it is, and where it goes."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import repaylib as rp
from repaylib.cli.main import main
from repaylib.output.formats import Tabular
from repaylib.output.page import PAGE
from repaylib.output.plain import Plain
from repaylib.output.tables import Printed, Table
from repaylib.output.widths import width_of
from repaylib.schedule.book import Book
from repaylib.wording.sentence import parse_language
from tests.strategies.public import PUBLIC

#: What is no result but put in, and what leaves by an export of its own, which a test of its own reads.
PUT_IN = {"Portfolio"}
OWN_EXPORT = {"PortfolioSchedule"}
#: Results without rows that anyone would take elsewhere.
PRINT_ALONE = {"BreachOutcome"}


@cache
def loan() -> rp.Loan:
    fees = [
        rp.Fee("1%", name="arrangement", collected="deducted"),
        rp.Fee("5", name="insurance of the payments", when="instalment", payee="the insurer"),
        rp.Fee("30", name="late payment", when="late"),
    ]
    return rp.Loan("1000000", "12%", 24, "2024-01-10", currency="CNY", fees=fees)


@cache
def plan() -> rp.Schedule:
    return rp.amortise(loan())


@cache
def changed() -> rp.Schedule:
    return rp.prepay(rp.defer(plan(), 4, 2, repay="spread"), "50000", on="2024-08-20")


@cache
def statement() -> rp.arrears.Statement:
    paid = [rp.Receipt("2024-02-10", "46000"), rp.Receipt("2024-03-25", "900")]
    return rp.statement(plan(), paid, as_of="2024-06-20", penalty=rp.PenaltyTerms("1.5"))


@cache
def book() -> rp.Portfolio:
    return rp.Portfolio(
        principal=["1000000", "20000", "3000"],
        rate=["12%", "8%", "high"],
        payments=24,
        start="2024-01-10",
        errors="collect",
    )


@cache
def folded() -> Any:
    return rp.amortise(book())


@cache
def statements(day: str) -> Any:
    return rp.statement(
        folded(), {"loan": [0], "on": ["2024-02-10"], "amount": ["40000"]}, as_of=day
    )


@cache
def negotiations() -> Any:
    return rp.negotiate([plan()] * 2, affordable="45000", payment=4)


@cache
def budget_plan() -> Any:
    debts = [
        rp.Debt(rp.Loan("900000", "19%", 36, "2024-01-10"), name="card of the supermarket"),
        rp.Debt(rp.Loan("400000", "7%", 24, "2024-01-10"), name="car"),
        rp.Debt(rp.Loan("100000", "11%", 24, "2024-01-10"), name="kitchen"),
        rp.Debt(rp.Loan("100000", "4%", 24, "2024-01-10"), name="study"),
    ]
    return rp.allocate_budget(debts, "70000", on="2024-01-10", policy="avalanche")


def compared() -> Any:
    names = ["as agreed", "deferral by two months, spread", "rate cut to 8%"]
    plans = (plan(), changed(), rp.change_rate(plan(), "8%", payment=4))
    return rp.compare(*plans, affordable="45000", names=names)


def offer() -> Any:
    rows = [(row.date, row.payment, row.interest) for row in plan()]
    rows[5] = (rows[5][0], rows[5][1], Decimal("9999.99"))
    text = "\n".join(f"{day};{paid};{interest}" for day, paid, interest in rows)
    return rp.check_offer(
        f"date;payment;interest\n{text}", loan=rp.Loan("1000000", "12%", 24, "2024-01-10")
    )


def budget_comparison() -> Any:
    debts = [one.debt for one in budget_plan().debts]
    return rp.negotiation.compare_policies(debts, "70000", on="2024-01-10")


#: A way to make each result, with amounts of seven digits.
RESULTS: dict[str, Callable[[], Any]] = {
    "Schedule": changed,
    "CombinedSchedule": lambda: rp.schedule.combine([changed(), plan()], names=["house", "car"]),
    "Refinancing": lambda: rp.refinance(plan(), on="2024-07-10", rate="8%", payments=18),
    "SharedCost": lambda: rp.measures.shared_cost(plan(), rp.measures.Payer("shop", amount="5")),
    "Journal": lambda: rp.measures.journal(changed(), fees="effective"),
    "Settlement": lambda: rp.settle(plan(), on="2024-07-10", fee="1%"),
    "Comparison": compared,
    "Readings": lambda: rp.readings(plan(), payment=4),
    "LateReadings": lambda: rp.readings(statement()),
    "Statement": statement,
    "Account": lambda: statement().account,
    "CreditRecord": lambda: rp.arrears.credit_record(statement(), codes="CN"),
    "RebuiltAccount": lambda: rp.measures.rebuild(statement(), "9%"),
    "Arrangement": lambda: rp.renegotiate(
        statement(), payments=30, breach=rp.arrears.Breach(days=30)
    ),
    "BreachOutcome": lambda: (
        rp.renegotiate(statement(), payments=30, breach=rp.arrears.Breach(days=30))
        .agree()
        .if_breached(2)
    ),
    "OfferCheck": offer,
    "AprProof": lambda: rp.apr(plan(), rule="eu").explain(),
    "AprLaws": lambda: rp.measures.apr_rules(),
    "CapReport": lambda: rp.measures.cap_report(plan()),
    "CostSheet": lambda: rp.measures.cost_sheet(plan()),
    "Costs": lambda: rp.measures.costs(plan()),
    "Disclosure": lambda: rp.measures.disclosure(plan(), "us_trid"),
    "Modification": lambda: rp.measures.modification_test(plan(), changed()),
    "Budget": lambda: rp.Budget(["1000000", "900000"], "300000", "20000"),
    "BudgetPlan": budget_plan,
    "BudgetComparison": budget_comparison,
    "Conceded": lambda: rp.negotiation.concede(
        plan(), rp.negotiation.Waterfall.hamp(), target="35000", payment=4
    ),
    "Negotiation": lambda: negotiations()[0],
    "Negotiations": negotiations,
    "Portfolio": book,
    "PortfolioSchedule": folded,
    "Rejects": lambda: book().rejects,
    "Summary": lambda: folded().summary(),
    "PortfolioTotals": lambda: folded().totals(),
    "PortfolioSettlement": lambda: rp.settle(folded(), on="2024-07-10"),
    "PortfolioApr": lambda: rp.apr(folded(), rule="eu"),
    "PortfolioCosts": lambda: rp.measures.costs(folded()),
    "PortfolioStatement": lambda: statements("2024-05-20"),
    "Ageing": lambda: statements("2024-05-20").ageing(),
    "RollRates": lambda: statements("2024-05-20").roll_rates(statements("2024-06-20")),
}


@cache
def made(name: str) -> Any:
    return RESULTS[name]()


def lines_of(text: str) -> list[str]:
    return [line for line in text.split("\n") if width_of(line) > PAGE]


def test_every_printed_result_is_here() -> None:
    printed = {
        name
        for name, value in PUBLIC.items()
        if inspect.isclass(value) and (issubclass(value, Printed) or hasattr(value, "_repr_html_"))
    }
    assert printed - {"Agreement", "Claim", "CombinedAgreement", "Letter", "ColumnTable"} == set(
        RESULTS
    )


@pytest.mark.parametrize("name", RESULTS)
def test_no_line_is_wider_than_a_page(name: str) -> None:
    result = made(name)
    assert type(result).__name__ == name
    assert lines_of(str(result)) == []
    if hasattr(result, "sheet"):
        assert lines_of(result.sheet()) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_line_of_a_document_is_wider_than_a_page(lang: Any) -> None:
    terms: dict[str, Any] = {"breach": rp.arrears.Breach(days=30), "settlement_fee": "1%"}
    paper = rp.agreement(rp.reschedule(plan(), 30, payment=4), lang=lang, **terms)
    assert lines_of(str(paper)) == []
    assert lines_of(str(rp.letter(plan(), lang=lang))) == []
    claim = rp.documents.claim(rp.measures.rebuild(statement(), "9%"), lang=lang)
    assert lines_of(str(claim)) == []


def test_no_line_of_the_command_is_wider_than_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--principal", "1000000", "--affordable", "70000"])
    assert lines_of(capsys.readouterr().out) == []


@pytest.mark.parametrize("name", RESULTS)
def test_every_result_goes_to_html_and_markdown(name: str, tmp_path: Path) -> None:
    result = made(name)
    page = result.to_html(tmp_path / "a.html")
    assert result._repr_html_() in page
    written = (tmp_path / "a.html").read_bytes().decode("utf-8")
    assert written.startswith('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    assert f"<body>\n{page}\n</body>" in written
    assert "<html" not in page
    marked = result.to_markdown(tmp_path / "a.md")
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == marked
    tables = page.count("<thead>")
    assert len(re.findall(r"^(?:\| :---|\| ---:)", marked, re.MULTILINE)) == tables >= 1


def test_a_file_of_html_says_its_language_and_how_it_is_written(tmp_path: Path) -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 2, "2024-01-10", currency="CNY"))
    part = plan.to_html(tmp_path / "plan.html", lang="zh")
    written = (tmp_path / "plan.html").read_bytes().decode("utf-8")
    assert '<html lang="zh-CN">' in written
    assert '<meta charset="utf-8">' in written
    assert part in written
    assert "<title>本金10,000.00元" in written


TABLES = sorted(set(RESULTS) - PUT_IN - OWN_EXPORT - PRINT_ALONE)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_leaves_python(name: str) -> None:
    pandas, pyarrow = pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    result = made(name)
    frame, table, dicts = result.to_pandas(), pyarrow.table(result), result.to_dicts()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == table.column_names == list(dicts[0])
    header, *rows = result.to_csv().splitlines()
    assert header.split(",") == table.column_names
    assert len(frame) == table.num_rows == len(dicts)
    assert len(rows) >= len(dicts) > 0  # a cell may have lines of its own
    assert json.loads(json.dumps(dicts)) == dicts


#: Results that are no table.
FIGURES: list[Callable[[], Any]] = [
    lambda: made("BreachOutcome"),
    lambda: rp.apr(plan(), rule="reg_z"),
    lambda: rp.irr(["-100", "60", "60"]),
    lambda: plan().explain(1),
    lambda: rp.settle(plan(), on="2024-07-25", fee="1%").explain(),
    lambda: made("Negotiation").cheapest,
    lambda: rp.negotiation.extension_limit(plan(), "personal"),
    lambda: rp.negotiate(
        plan(), affordable="500", payment=4, by="term", limits=rp.Limits(months=15)
    ).reliefs[0],
    lambda: made("Arrangement").agree().breach_warning(as_of="2024-06-21"),
    lambda: made("Comparison").break_even(0, 1),
]


def results() -> list[Any]:
    return [*map(made, sorted(set(TABLES) | {"BreachOutcome"})), *(make() for make in FIGURES)]


def test_every_result_leaves_as_json() -> None:
    for result in results():
        assert isinstance(result, Plain), type(result)
        plain = result.to_dict()
        assert json.loads(result.to_json()) == plain
        assert next(iter(plain)) in ("result", "format")
        if "result" in plain:
            assert plain["result"] == type(result).__name__
        if isinstance(result, Tabular) and "result" in plain:
            assert plain["rows"] == result.to_dicts()


def test_every_attribute_of_a_result_is_in_its_dictionary() -> None:
    """Those that its page names under Attributes; what is stored is computed again from its terms."""
    for result in results():
        text = re.search(
            r"Attributes\n-+\n(.*?)(\n\n[A-Z]\w+\n-+|\Z)", inspect.getdoc(result) or "", re.S
        )
        named = re.findall(r"^(\w+(?:, \w+)*)$", text[1] if text else "", re.MULTILINE)
        names = {name for line in named for name in line.split(", ")}
        plain = result.to_dict()
        if "result" in plain:
            rows = getattr(result, "rows", None)
            values = {name: getattr(result, name) for name in names}
            kept = {
                name for name, of in values.items() if of is not rows and not isinstance(of, Book)
            }
            assert kept <= set(plain), type(result)


def test_figures_of_a_dictionary_are_those_of_the_result() -> None:
    quote = rp.settle(rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10")), on="2024-07-10")
    plain = quote.to_dict()
    assert (plain["total"], plain["on"]) == (str(quote.total), "2024-07-10")
    assert rp.Schedule.from_dict(plain["schedule"]) == quote.schedule
    found = rp.apr(quote.before, rule="eu").to_dict()
    assert (found["value"], found["rule"]) == ("0.126826309005", "eu")
    owed = made("CreditRecord")
    assert rp.arrears.Statement.from_dict(owed.to_dict()["statement"]) == owed.statement


def test_amounts_leave_as_text() -> None:
    first = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10")).to_dicts()[0]
    assert (first["number"], first["date"], first["payment"]) == (1, "2024-02-10", "888.49")


WIDE = Table(
    header=["no", *(f"an amount of kind {number}" for number in range(12))],
    rows=[[str(row), *[f"{1_000_000 + row:,}.00"] * 12] for row in range(3)],
)


def test_columns_without_room_follow_or_are_named() -> None:
    follows = str(WIDE)
    assert lines_of(follows) == []
    assert follows.count("1,000,002.00") == 12
    cut = str(WIDE._replace(cut=True))
    assert lines_of(cut) == []
    shown = cut.count("1,000,002.00")
    named = " ".join(cut.partition("not shown: ")[2].split())
    assert named.count("an amount of kind") == 12 - shown


def test_a_long_text_is_broken_within_its_column() -> None:
    text = "expected such as 12, and nothing that is any longer than that " * 3
    table = Table(["row", "reason", "n"], [["1", text.strip(), "5"]], left=2)
    assert lines_of(str(table)) == []
    parts = [line[5:].rsplit("  ", 1)[0].strip() for line in str(table).split("\n")[2:]]
    assert " ".join(parts).split() == text.split()


def test_markdown_shows_cells_as_they_are() -> None:
    table = Table(["a|b", "c"], [["*", "1.00"]], ["", "2.00"], caption="x_y")
    assert (
        table.markdown(parse_language("en"))
        == "x\\_y\n\n| a\\|b | c |\n| :--- | ---: |\n| \\* | 1.00 |\n|  | **2.00** |"
    )


def test_unknown_cells_become_text() -> None:
    cells = [date(2024, 1, 10), Decimal("1.50"), Fraction(1, 3), None, True, 7, "x"]
    data = {str(place): [cell] for place, cell in enumerate(cells)}
    formats = import_module("repaylib.output.formats")
    result = type("One", (formats.Tabular,), {"_data": lambda self: data})()
    assert list(result.to_dicts()[0].values()) == ["2024-01-10", "1.50", "1/3", None, True, 7, "x"]
