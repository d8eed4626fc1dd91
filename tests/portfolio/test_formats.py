"""Tables as banks send them: rates, amounts, days and numbers written as ``formats=`` says."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.portfolio.book.columns import Coded
from repaylib.portfolio.book.formats import parse_formats

PLAIN = {
    "principal": ["10000.00", "1234567.89", "2500.00"],
    "rate": ["12.5%", "8%", "7.25%"],
    "payments": [12, 24, 36],
    "start": ["2024-01-10", "2024-01-13", "2024-02-29"],
}
BOOK = rp.Portfolio(PLAIN)


def duckdb_relation(columns: dict[str, Any]) -> Any:
    duckdb = pytest.importorskip("duckdb")
    table = pa.table(columns)
    return duckdb.from_arrow(table)


def polars_frame(columns: dict[str, Any]) -> Any:
    return pytest.importorskip("polars").DataFrame(columns)


TABLES: list[Callable[[dict[str, Any]], Any]] = [
    dict,
    pd.DataFrame,
    pa.table,
    polars_frame,
    duckdb_relation,
]
tables = pytest.mark.parametrize("table", TABLES)


def same_loans(book: rp.Portfolio) -> None:
    assert [book.loan(row) for row in range(3)] == [BOOK.loan(row) for row in range(3)]


@tables
@pytest.mark.parametrize(
    ("number", "principal", "rate"),
    [
        ("1,234.56", ["10,000.00", "1,234,567.89", "2500"], ["12.5", "8", "7.25%"]),
        ("1.234,56", ["10.000,00", "1.234.567,89", "2500"], ["12,5", "8", "7,25%"]),
        ("1 234,56", ["10 000,00", "1\u202f234\u00a0567,89", "2500"], ["12,5", "8", "7,25 %"]),
        ("1'234.56", ["10'000.00", "1\u2019234\u2019567.89", "2500"], ["12.5", "8", "7.25"]),
    ],
)
def test_numbers(table: Any, number: Any, principal: list[str], rate: list[str]) -> None:
    columns = PLAIN | {"principal": principal, "rate": rate, "payments": ["12", "24", "36"]}
    same_loans(rp.Portfolio(table(columns), formats={"number": number, "rate": "percent"}))


@tables
@pytest.mark.parametrize(
    ("date", "days"),
    [
        ("DD/MM/YYYY", ["10/01/2024", "13/01/2024", "29/02/2024"]),
        ("M/D/YYYY", ["1/10/2024", "1/13/2024", "2/29/2024"]),
        ("DD.MM.YYYY", ["10.01.2024", "13.01.2024", "29.02.2024"]),
        ("D-MMM-YYYY", ["10-Jan-2024", "13-JAN-2024", "29-Feb-2024"]),
        ("YYYYMMDD", ["20240110", "20240113", "20240229"]),
        ("YYYYMMDD", [20240110, 20240113, 20240229]),
    ],
)
def test_days(table: Any, date: str, days: list[Any]) -> None:
    same_loans(rp.Portfolio(table(PLAIN | {"start": days}), formats={"date": date}))


@tables
@pytest.mark.parametrize(
    ("unit", "rates"),
    [
        ("percent", [12.5, 8.0, 7.25]),
        ("share", [0.125, 0.08, 0.0725]),
        ("bp", [1250, 800, 725]),
        ("bp", [1250.0, 800.0, 725.0]),
        ("percent", [Decimal("12.50"), Decimal("8.00"), Decimal("7.25")]),
        ("percent", ["12.5", "8", "7.25"]),
        ("bp", ["12.5%", "800", "725"]),
    ],
)
def test_rates(table: Any, unit: Any, rates: list[Any]) -> None:
    same_loans(rp.Portfolio(table(PLAIN | {"rate": rates}), formats={"rate": unit}))


@tables
@pytest.mark.parametrize("amounts", [[10000.0, 1234567.89, 2500.0], PLAIN["principal"]])
def test_amounts_in_major_units(table: Any, amounts: list[Any]) -> None:
    same_loans(rp.Portfolio(table(PLAIN | {"principal": amounts}), formats={"amount": "major"}))


@tables
def test_whole_numbers_in_major_units(table: Any) -> None:
    book = rp.Portfolio(table(PLAIN | {"principal": [10_000, 5, 7]}), formats={"amount": "major"})
    assert book.principal.tolist() == [1_000_000, 500, 700]


def test_floats_of_other_kinds() -> None:
    formats: Any = {"rate": "percent", "amount": "major"}
    for kind in (np.float32, np.float64):
        rates = np.array([12.5, 8, 7.25], dtype=kind)
        same_loans(rp.Portfolio(PLAIN | {"rate": rates}, formats=formats))
        same_loans(rp.Portfolio(PLAIN | {"rate": pd.Series(rates)}, formats=formats))
    tenth = rp.Portfolio(PLAIN | {"rate": np.float32([0.1, 0.1, 0.1])}, formats=formats)  # type: ignore[arg-type]  # NumPy types it as one number
    assert str(tenth.rates[0]) == "0.1%"
    missing = pd.Series([12.5, None, 7.25], dtype="Float64")
    book = rp.Portfolio(PLAIN | {"rate": missing}, formats=formats, errors="collect")
    assert [(reject.row, reject.column) for reject in book.rejects] == [(1, "rate")]


def test_a_file_as_pandas_reads_it() -> None:
    text = (
        "principal,rate,payments,start\n10000.00,12.5,12,10/01/2024\n1234567.89,8,24,13/01/2024\n"
    )
    frame = pd.read_csv(io.StringIO(text))
    assert frame.dtypes[:2].tolist() == [np.float64, np.float64]
    with pytest.raises(rp.errors.AmountError, match="principal"):
        rp.Portfolio(frame)
    book = rp.Portfolio(frame, formats={"rate": "percent", "amount": "major", "date": "DD/MM/YYYY"})
    assert [book.loan(row) for row in range(2)] == [BOOK.loan(row) for row in range(2)]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("principal", "1.234,56", "a number written 1,234.56"),
        ("principal", "1,23", "a number written 1,234.56"),
        ("principal", "\uff11000", "a number written 1,234.56"),
        ("rate", "12,5", "a rate written 1,234.56"),
        ("rate", "high", "a rate written 1,234.56"),
        ("payments", "12.5", "a number written 1,234.56"),
        ("start", "13/31/2024", "a day written DD/MM/YYYY"),
        ("start", "31/02/2024", "a day written DD/MM/YYYY"),
        ("start", "2024-01-10", "a day written DD/MM/YYYY"),
        ("start", "1/2/2024", "a day written DD/MM/YYYY"),
    ],
)
def test_what_is_written_in_another_way_is_a_reject(name: str, value: str, expected: str) -> None:
    columns = {
        "principal": ["1,000", "2,000.00"],
        "rate": ["12", "8"],
        "payments": ["12", "24"],
        "start": ["10/01/2024", "31/01/2024"],
    }
    formats: Any = {"rate": "percent", "number": "1,234.56", "date": "DD/MM/YYYY"}
    assert not rp.Portfolio(columns, formats=formats).rejects
    columns[name] = [columns[name][0], value]
    book = rp.Portfolio(columns, formats=formats, errors="collect")
    assert [(each.row, each.column, each.value) for each in book.rejects] == [(1, name, value)]
    assert expected in book.rejects[0].reason
    with pytest.raises(rp.RepayError, match=rf"{name}\[1\]"):
        rp.Portfolio(columns, formats=formats)
    with pytest.raises(rp.RepayError, match=name):
        rp.Portfolio(columns | {name: value}, formats=formats, errors="collect")


def test_amounts_beside_the_principal_and_receipts() -> None:
    formats: Any = {"number": "1.234,56", "date": "DD.MM.YYYY"}
    book = rp.Portfolio(
        PLAIN
        | {"principal": ["10.000,00"] * 3, "start": ["10.01.2024"] * 3, "rate": "12%"}
        | {"balloon": ["1.000,00", None, "1,000.00"]},
        formats=formats,
        errors="collect",
    )
    assert book.loan(0).balloon == 1000
    assert [(each.row, each.column) for each in book.rejects] == [(2, "balloon")]
    columns: dict[str, Any] = {"loan": [0], "on": ["10.02.2024"], "amount": ["1.000,00"]}
    receipts = rp.portfolio.Receipts(**columns, formats=formats)
    assert rp.statement(book, receipts, as_of="2024-02-10").row(0).received == 1000
    with pytest.raises(rp.errors.DateError, match=r"on\[0\]: got '31\.02\.2024'"):
        rp.portfolio.Receipts(**columns | {"on": ["31.02.2024"]}, formats=formats)
    wrong = rp.portfolio.Receipts(**columns | {"amount": ["1,000.00"]}, formats=formats)
    assert rp.statement(book, wrong, as_of="2024-02-10").rejects[0].column == "amount[0]"


@pytest.mark.parametrize(
    ("formats", "parameter"),
    [
        ("DD/MM/YYYY", "formats"),
        ({"dates": "DD/MM/YYYY"}, "formats"),
        ({"rate": "per cent"}, "formats[rate]"),
        ({"amount": "cents"}, "formats[amount]"),
        ({"number": "1234"}, "formats[number]"),
        ({"date": "DD/MM"}, "formats[date]"),
        ({"date": "DD/MM/YY"}, "formats[date]"),
        ({"date": "%d/%m/%Y"}, "formats[date]"),
        ({"date": 5}, "formats[date]"),
    ],
)
def test_formats_that_say_nothing_are_refused(formats: Any, parameter: str) -> None:
    with pytest.raises(rp.RepayError) as error:
        rp.Portfolio(PLAIN, formats=formats)
    assert error.value.parameter == parameter


@given(st.decimals("0.01", "1e12", places=2), st.dates())
def test_what_is_written_so_is_read_so(amount: Decimal, day: Any) -> None:
    """A number written in any of the ways is the number, and a day the day."""
    english = f"{amount:,f}"
    written = {
        "1,234.56": english,
        "1.234,56": english.translate(str.maketrans(",.", ".,")),
        "1 234,56": english.translate(str.maketrans(",.", " ,")),
        "1'234.56": english.replace(",", "'"),
    }
    date = f"{day:%d/%m/}{day.year:04}"
    for number, text in written.items():
        formats = parse_formats({"number": number, "date": "DD/MM/YYYY"})
        assert formats.read(Coded.of([text]), "principal").at(0) == amount
        assert formats.read(Coded.of([date]), "start").at(0) == day


def test_tables_of_many_columns_fit_a_page_and_name_what_is_left_out() -> None:
    plan = rp.amortise(BOOK)
    owed = rp.statement(plan, [], as_of="2024-06-01")
    tables: list[Any] = [plan, plan.summary(), plan.totals(), owed, owed.summary(), owed.ageing()]
    for table in tables:
        lines = str(table).splitlines()
        assert max(map(len, lines)) <= 88
    assert str(plan.summary()).splitlines()[-1].startswith("not shown: ")
    assert str(plan.summary()).endswith("maturity")
    assert "maturity" in plan.summary()._repr_html_()
