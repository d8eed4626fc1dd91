"""Tables of pandas, Polars, DuckDB and pyarrow: each taken as the others are, and given back."""

from __future__ import annotations

import csv
import io
import re
import sys
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import repaylib as rp

duckdb = pytest.importorskip("duckdb")
pl = pytest.importorskip("polars")

#: Older ones do not look into Python for what hands out a stream.
SCANS = tuple(map(int, duckdb.__version__.split(".")[:2])) >= (1, 4)

ROWS: dict[str, list[Any]] = {
    "principal": [Decimal("10000.00"), Decimal("5000.50"), Decimal("1.25")],
    "rate": ["12%", "8%", "12%"],
    "payments": [12, 24, 6],
    "start": [date(2024, 1, 10), date(2023, 11, 30), date(2024, 3, 5)],
    "first_payment": [None, date(2024, 1, 15), None],
    "month_end": [None, True, False],
}


class Stream:
    """Something that hands out an Arrow stream and can do nothing else."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def forms_of(rows: dict[str, list[Any]]) -> dict[str, Any]:
    """The same table in every library."""
    table, frame = pa.table(rows), pl.DataFrame(rows)
    wide = {
        "principal": pa.decimal256(40, 2),
        "rate": pa.large_string(),
        "payments": pa.int16(),
        "start": pa.timestamp("us"),
    }
    kinds = [(field.name, wide.get(field.name, field.type)) for field in table.schema]
    words = ["12%", "8%"]
    return {
        "dict": rows,
        "pandas": pd.DataFrame(rows).astype({"month_end": "boolean"}),
        "pandas with pyarrow": table.to_pandas(types_mapper=pd.ArrowDtype),
        "pyarrow": table,
        "pyarrow batch": pa.RecordBatch.from_pydict(rows, schema=table.schema),
        "pyarrow reader": pa.RecordBatchReader.from_batches(table.schema, table.to_batches()),
        "pyarrow in pieces": pa.concat_tables([table.slice(0, 1), table.slice(1)]),
        "pyarrow of other types": table.cast(pa.schema(kinds)),
        "a stream": Stream(table),
        "polars": frame,
        "polars categories": frame.cast({"rate": pl.Categorical, "payments": pl.UInt8}),
        "polars enum": frame.cast({"rate": pl.Enum(words), "payments": pl.Int64}),
        "polars columns": {name: frame[name] for name in rows},
        "duckdb": duckdb.sql("from frame"),
        "duckdb huge": duckdb.sql("select * replace (payments::hugeint as payments) from frame"),
    }


@pytest.mark.parametrize("form", forms_of(ROWS))
def test_a_table_of_any_library_is_the_same_book(form: str) -> None:
    book = rp.Portfolio(forms_of(ROWS)[form])
    assert [book.loan(row) for row in range(3)] == [
        rp.Loan(**{name: each[row] for name, each in ROWS.items() if each[row] is not None})
        for row in range(3)
    ]
    empty = {name: each[:0] for name, each in ROWS.items()}
    typed = pa.table(ROWS).slice(0, 0)
    for nothing in (empty, typed, pl.DataFrame(typed), typed.to_pandas(), Stream(typed)):
        assert len(rp.Portfolio(nothing)) == 0


COLUMNS_OF_ANY: dict[str, Any] = {
    "list": [4, None, 2],
    "polars": pl.Series([4, None, 2]),
    "polars of 8 bits": pl.Series([4, None, 2], dtype=pl.Int8),
    "pyarrow": pa.array([4, None, 2]),
    "pyarrow in pieces": pa.chunked_array([[4], [None, 2]]),
    "duckdb": duckdb.sql("select unnest([4, null, 2]) as missed"),
    "duckdb huge": duckdb.sql("select unnest([4, null, 2])::hugeint as missed"),
    "polars frame": pl.DataFrame({"missed": [4, None, 2]}),
}


@pytest.mark.parametrize("form", COLUMNS_OF_ANY)
def test_a_column_of_any_library_is_the_same_change(form: str) -> None:
    plan = rp.amortise(rp.Portfolio(ROWS))
    assert rp.defer(plan, payment=COLUMNS_OF_ANY[form]).counts.tolist() == [13, 24, 7]


def test_whole_numbers_of_any_library_are_minor_units() -> None:
    terms: dict[str, Any] = {"rate": "12%", "payments": 12, "start": "2024-01-10"}
    for principal in (
        pl.Series([1_000_000]),
        pl.Series([1_000_000], dtype=pl.UInt64),
        duckdb.sql("select 1000000::hugeint as amount"),
    ):
        assert rp.Portfolio(principal=principal, **terms).principal.tolist() == [1_000_000]
    huge = duckdb.sql("select 1000000::hugeint as principal")
    assert rp.Portfolio(huge, **terms).principal.tolist() == [1_000_000]


def test_receipts_offers_and_flows_of_any_library() -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 3, "2024-01-10"))
    frame = pl.DataFrame(plan)
    for rows in (frame, plan.to_arrow(), duckdb.sql("from frame"), frame.to_pandas()):
        assert not rp.check_offer(rows, plan.loan).departures
    book = rp.Portfolio(principal=["1000"], rate="12%", payments=12, start="2024-01-10")
    given: dict[str, list[Any]] = {
        "loan": [0],
        "on": [date(2024, 2, 10)],
        "amount": [Decimal("88.85")],
    }
    for receipts in forms_of_receipts(given):
        assert rp.statement(book, receipts, as_of="2024-03-01").received.tolist() == [8885]
    amounts, days = [-1000, 1100], ["2024-01-10", "2025-01-10"]
    rate = rp.xirr(amounts, days)
    assert rp.xirr(pl.Series(amounts), pl.Series(days)) == rate
    assert rp.xirr(pa.chunked_array([amounts]), pa.array(days)) == rate


def test_a_column_may_be_a_stream_of_a_table_with_that_column_alone() -> None:
    """Whatever hands it out: also what can do nothing else, or can be gone through once."""
    frame = pa.table({"paid": ["100", None]})
    plan = rp.amortise(
        rp.Portfolio(principal=["1000"] * 2, rate="5%", payments=4, start="2024-01-10")
    )
    paid = rp.prepay(plan, ["100", None], with_payment=1).prepaid.tolist()
    forms: list[Any] = [
        *(frame, Stream(frame), frame.to_batches()[0], frame.to_reader(), pl.from_arrow(frame)),
        duckdb.sql("from frame"),
    ]
    for form in forms:
        assert rp.prepay(plan, form, with_payment=1).prepaid.tolist() == paid, type(form)
    whole = rp.Portfolio(
        principal=pa.table({"of": ["1000"] * 2}).to_reader(),
        rate="5%", payments=4, start="2024-01-10",
    )  # fmt: skip
    assert rp.amortise(whole).summary() == plan.summary()
    for several in (Stream(pa.table(ROWS)), pa.table(ROWS).to_reader()):
        with pytest.raises(rp.errors.TermsError, match="one column, not a table of several"):
            rp.defer(plan, payment=several)


def test_what_is_still_to_be_computed_is_refused() -> None:
    lazy = pl.LazyFrame({"of": [True, False]})
    book = rp.Portfolio(principal=["1000"] * 2, rate="5%", payments=4, start="2024-01-10")
    with pytest.raises(rp.errors.TermsError, match=r"principal: .* write principal\.collect\(\)"):
        rp.Portfolio(principal=lazy, rate="5%", payments=4, start="2024-01-10")
    with pytest.raises(rp.errors.TermsError, match=r"where: .* write where\.collect\(\)"):
        rp.prepay(book, "5", with_payment=1, where=lazy)
    with pytest.raises(rp.errors.TermsError, match=r"receipts: .* write receipts\.collect\(\)"):
        rp.statement(book, lazy, as_of="2024-06-01")


def forms_of_receipts(given: dict[str, list[Any]]) -> list[Any]:
    frame = pl.DataFrame(given)
    return [given, frame, pa.table(given), duckdb.sql("from frame"), pd.DataFrame(given)]


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(rp.errors.TermsError, match=r"write frame\.collect\(\)"):
        rp.Portfolio(pl.DataFrame(ROWS).lazy())
    with pytest.raises(rp.errors.TermsError, match="table: got 5"):
        rp.Portfolio(5)
    twice = pa.table([[1], [2]], names=["rate", "rate"])
    with pytest.raises(rp.errors.TermsError, match="columns of different names"):
        rp.Portfolio(twice)
    with pytest.raises(rp.errors.AmountError, match="a column of double"):
        rp.Portfolio(pl.DataFrame({"principal": [1.5]}), rate="5%", payments=1, start="2024-01-10")
    plan = rp.amortise(rp.Portfolio(ROWS))
    with pytest.raises(rp.errors.TermsError, match="one column, not a table of several"):
        rp.defer(plan, payment=pl.DataFrame(ROWS))


def test_pyarrow_is_named_where_a_stream_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    frame, stream = pl.DataFrame(ROWS), Stream(pa.table(ROWS))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for table in (frame, stream):
        with pytest.raises(rp.errors.ExtraError, match=re.escape("pip install 'repaylib[arrow]'")):
            rp.Portfolio(table)


def test_every_result_is_an_arrow_stream() -> None:
    """So Polars, DuckDB and pyarrow take it, as the table that it is."""
    plan = rp.amortise(rp.Loan("10000", "12%", 3, "2024-01-10"))
    later = rp.defer(plan, payment=2)
    book = rp.Portfolio(
        principal=["1000", "1000"], rate="12%", payments=12,
        start=["2024-01-10", "2025-01-10"], errors="collect",
    )  # fmt: skip
    many = rp.defer(book, on="2024-05-31", periods=3)
    owed = rp.statement(many, [], as_of="2024-06-01")
    results: list[Any] = [
        *(plan, many, many.summary(), many.totals(), many.totals("number"), many.rejects),
        *(owed, owed.by_kind("due"), owed.summary(), owed.ageing(), owed.roll_rates("2024-12-01")),
        *(rp.settle(many, on="2024-06-05"), rp.compare(plan, later)),
        *(
            rp.negotiate(plan, affordable="3000", payment=2),
            rp.measures.modification_test(plan, later),
        ),
        *(rp.measures.cost_sheet(plan, rule="eu"), rp.check_offer(later, plan.loan)),
        rp.measures.cap_report(plan, on="2024-01-10", caps=rp.measures.Cap("x", "24%")),
        *(owed.row(0), owed.row(0).account),
        rp.negotiation.compare_policies([rp.Debt(plan)], "5000", on="2024-01-10"),
    ]
    for result in results:
        table = result.to_arrow()
        assert pa.table(result).equals(table)
        assert pl.DataFrame(result).equals(pl.DataFrame(table))
        assert not SCANS or len(duckdb.sql("from result").fetchall()) == table.num_rows
        assert len(result.to_pandas()) == table.num_rows
        assert list(result.to_pandas().columns) == table.column_names
        if result is not many:  # which is three-dimensional: rows of each loan
            header, *lines = csv.reader(io.StringIO(result.to_csv()))
            assert header == table.column_names
            assert len(lines) == table.num_rows
    assert not SCANS or duckdb.sql("select sum(payment) from plan").fetchall() == [
        (plan.total_paid,)
    ]
