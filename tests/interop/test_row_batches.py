"""Books as streams of record batches: schemas, pieces, rejects; DuckDB and Polars at the ends."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from inspect import signature
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import repaylib as rp
from repaylib.interop.arrow import amortise_batches, ddl_of, schema_of
from repaylib.schedule.rows import NAMES

COLUMNS = {name: name for name in ("principal", "rate", "payments", "start")}
FIGURES = ["number", "date", "payment", "closing"]


@pytest.fixture(scope="module")
def loans() -> pa.Table:
    """Sixty loans, of which two are none."""
    count = 60
    return pa.table(
        {
            "id": [f"loan {row}" for row in range(count)],
            "principal": [100_000 * (row + 1) if row % 40 != 7 else 0 for row in range(count)],
            "rate": [("5%", "8.5%", "12%")[row % 3] for row in range(count)],
            "payments": pa.array([6 + row % 30 for row in range(count)], pa.int32()),
            "start": [
                f"2024-{row % 12 + 1:02}-31"[:8] + f"{row % 28 + 1:02}" for row in range(count)
            ],
            "missed": pa.array([None if row % 4 else 3 for row in range(count)], pa.int64()),
        }
    )


def rows_of(loans: pa.Table, change: rp.changes.Change | None = None) -> Iterator[dict[str, Any]]:
    """Yield the rows, loan by loan, with the single engine; a line of nothing for what is none."""
    for line in loans.to_pylist():
        if not line["principal"]:
            yield {"id": line["id"], **dict.fromkeys(NAMES)}
            continue
        loan = rp.Loan(
            Decimal(line["principal"]) / 100, line["rate"], line["payments"], line["start"]
        )
        for row in rp.amortise(loan, *([change] if change else [])):
            yield {"id": line["id"], **row._asdict()}


def table_of(loans: Any, *changes: Any, **words: Any) -> pa.Table:
    return pa.Table.from_batches(amortise_batches(loans, *changes, columns=COLUMNS, **words))


@pytest.mark.parametrize("rows", [1, 7, 64, 65_536])
@pytest.mark.parametrize("batch", [1, 11, 60])
def test_rows_do_not_depend_on_the_pieces(loans: pa.Table, rows: int, batch: int) -> None:
    batches = loans.to_batches(max_chunksize=batch)
    out = list(
        amortise_batches(
            batches, rp.changes.Deferral(4), columns=COLUMNS, money="decimal", rows=rows
        )
    )
    assert max(len(each) for each in out) <= rows
    table = pa.Table.from_batches(out)
    assert table.schema == schema_of("rows", keep={"id": "string"}, money="decimal")
    assert table.drop_columns("reason").to_pylist() == list(rows_of(loans, rp.changes.Deferral(4)))
    reasons = [line for line in table.select(["id", "reason"]).to_pylist() if line["reason"]]
    assert [line["id"] for line in reasons] == ["loan 7", "loan 47"]
    assert all("expected an amount above zero" in line["reason"] for line in reasons)


def test_minor_units_are_the_same_amounts(loans: pa.Table) -> None:
    minor = table_of(loans)
    decimal = table_of(loans, money="decimal")
    for name in ("payment", "closing", "deferred"):
        cents = [None if each is None else int(each * 100) for each in decimal[name].to_pylist()]
        assert cents == minor[name].to_pylist()


def test_a_change_of_its_own_for_each_loan(loans: pa.Table) -> None:
    def missed(plan: Any, batch: pa.RecordBatch) -> Any:
        return rp.defer(plan, payment=batch["missed"], interest="waive")

    one = table_of(loans, missed, rp.changes.RateChange("4%", payment=5)).to_pylist()
    cut = rp.changes.RateChange("4%", payment=5)
    with_both = loans.filter(pa.compute.is_valid(loans["missed"]))
    two = table_of(with_both, rp.changes.Deferral(3, interest="waive"), cut).to_pylist()
    apart = {line["id"] for line in two}
    assert [line for line in one if line["id"] in apart] == two
    three = table_of(loans, cut).to_pylist()
    assert [line for line in one if line["id"] not in apart] == [
        line for line in three if line["id"] not in apart
    ]


def test_summary(loans: pa.Table) -> None:
    table = table_of(loans, output="summary", money="decimal")
    assert table.schema == schema_of("summary", keep={"id": "string"}, money="decimal")
    for line, loan in zip(table.to_pylist(), loans.to_pylist(), strict=True):
        if line["reason"] is not None:
            assert line["total_paid"] is None
            continue
        plan = rp.amortise(
            rp.Loan(Decimal(loan["principal"]) / 100, loan["rate"], loan["payments"], loan["start"])
        )
        for name in set(line) - {"id", "reason"}:
            assert line[name] == getattr(plan, name), name


def test_an_error_may_end_the_work(loans: pa.Table) -> None:
    with pytest.raises(rp.errors.AmountError, match=r"principal\[7\]: got"):
        table_of(loans, errors="raise")


def test_schemas() -> None:
    kept = {"id": pa.int64(), "pool": "string"}
    schema = schema_of("rows", keep=kept, figures=["date", "payment"], money="decimal", decimals=0)
    assert schema.names == ["id", "pool", "date", "payment", "reason"]
    assert schema.field("payment").type == pa.decimal128(20, 0)
    assert schema_of("rows", keep=schema.remove(4), figures=["number"]).names[:2] == ["id", "pool"]
    assert ddl_of("rows", keep=kept, figures=["date", "payment"]) == (
        "`id` bigint, `pool` string, `date` date, `payment` bigint, `reason` string"
    )
    stamp = {"at": pa.timestamp("us"), "zoned": pa.timestamp("us", "UTC")}
    assert ddl_of("summary", keep=stamp, figures=[]) == (
        "`at` timestamp_ntz, `zoned` timestamp, `reason` string"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"output": "lines"}, "output: got 'lines'"),
        ({"money": "cents"}, "money: got 'cents'"),
        ({"figures": ["total"]}, "figures: got 'total'"),
        ({"keep": {"payment": "int64"}}, "keep: got 'payment'"),
        ({"keep": {"id": "integer"}}, "keep: got"),
        ({"keep": ["id"]}, "keep: got"),
        ({"money": "decimal", "decimals": 13}, "decimals: got 13"),
    ],
)
def test_schemas_that_cannot_be(words: dict[str, Any], said: str) -> None:
    with pytest.raises(rp.RepayError, match=said):
        schema_of(**words)


def test_types_that_spark_has_not() -> None:
    with pytest.raises(rp.errors.ChoiceError, match="cast the column"):
        ddl_of(keep={"id": pa.uint64()})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"keep": ["loan"]}, "keep: got 'loan'"),
        ({"columns": {"rate": "interest"}}, "columns: got 'interest'"),
        ({"errors": "ignore"}, "errors: got 'ignore'"),
        ({"rows": 0}, "rows: got 0"),
        ({"columns": None}, "missed"),
        ({"money": "decimal", "decimals": 0}, "decimals: got 0; expected 2"),
        ({"options": {"rate": "12%"}}, "rate: got '12%'; expected either a column"),
        ({"options": "12%"}, "options: got '12%'"),
        ({"batches": 3}, "batches: got 3"),
        ({"batches": [3]}, "batches: got 3"),
        ({"keep": 3}, "keep: got 3"),
        ({"figures": 3}, "figures: got 3"),
        ({"columns": ["rate"]}, "columns: got"),
    ],
)
def test_streams_that_cannot_be(loans: pa.Table, words: dict[str, Any], said: str) -> None:
    with pytest.raises(rp.RepayError, match=said):
        list(amortise_batches(**{"batches": loans, "columns": COLUMNS, **words}))


def test_a_change_is_one_or_makes_one(loans: pa.Table) -> None:
    with pytest.raises(rp.errors.TermsError, match="changes: got 3"):
        list(amortise_batches(loans, 3, columns=COLUMNS))  # type: ignore[arg-type]  # is refused
    with pytest.raises(rp.errors.TermsError, match="changes: got None"):
        list(amortise_batches(loans, lambda plan, batch: None, columns=COLUMNS))


def test_kept_columns_of_every_kind(loans: pa.Table) -> None:
    coded = loans.append_column("pool", loans["rate"].dictionary_encode())
    table = table_of(coded, keep=["pool", "missed"], figures=["number"])
    assert table.schema.types[:2] == [pa.string(), pa.int64()]
    cast = table_of(coded, keep={"missed": "int32"}, figures=["number"])
    assert cast.schema == schema_of(keep={"missed": "int32"}, figures=["number"])
    assert cast["missed"].to_pylist() == table["missed"].to_pylist()


@pytest.mark.parametrize(
    "work",
    [
        "import repaylib.interop.arrow",
        "import sys; from repaylib.cli.main import main; "
        "sys.exit(main(['book', 'loans.csv', '--out', 'x.parquet']))",
        "import sys; from repaylib.cli.main import main; sys.exit(main(['book', 'x.parquet']))",
    ],
)
def test_without_pyarrow(work: str) -> None:
    code = f"import sys; sys.modules['pyarrow'] = None\n{work}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2)
    assert "no pyarrow" in done.stderr
    assert "pip install 'repaylib[arrow]'" in done.stderr.strip().split("\n")[-1]


def test_duckdb(loans: pa.Table, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    here, there = tmp_path / "loans.parquet", tmp_path / "rows.parquet"
    pq.write_table(loans, here)
    schema = schema_of("rows", keep={"id": "string"}, figures=FIGURES)
    with duckdb.connect() as base, duckdb.connect() as other:
        read = other.sql(f"select * from '{here}'")
        rows = pa.RecordBatchReader.from_batches(
            schema, amortise_batches(read, columns=COLUMNS, figures=FIGURES)
        )
        base.register("rows", rows)
        base.sql(f"copy (from rows) to '{there}'")
        sums = base.sql(f"select sum(payment), count(reason) from '{there}'").fetchall()
    expected = table_of(loans, figures=FIGURES)
    assert pq.read_table(there).to_pylist() == expected.to_pylist()
    assert sums == [(pa.compute.sum(expected["payment"]).as_py(), 2)]


def test_polars(loans: pa.Table) -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(loans)
    schema = schema_of("rows", keep={"id": "string"}, figures=FIGURES)
    rows = polars.DataFrame(
        pa.Table.from_batches(amortise_batches(frame, columns=COLUMNS, figures=FIGURES), schema)
    )
    assert rows.to_dicts() == table_of(loans, figures=FIGURES).to_pylist()


def test_the_defaults_of_a_schema_are_those_of_the_stream(loans: pa.Table) -> None:
    """Each parameter that both have has one default, and what is declared is what comes."""
    ours, theirs = signature(amortise_batches).parameters, signature(schema_of).parameters
    assert set(theirs) <= set(ours)
    for name, parameter in theirs.items():
        assert ours[name].default == parameter.default, name
    numbered = loans.set_column(0, "id", pa.array(range(len(loans))))
    for table in (loans, numbered):
        for words in ({}, {"output": "summary"}, {"money": "decimal"}, {"keep": None}):
            out = pa.Table.from_batches(amortise_batches(table, columns=COLUMNS, **words))
            assert out.schema == schema_of(**words)


def test_kept_columns_that_cannot_be_cast(loans: pa.Table) -> None:
    with pytest.raises(rp.errors.StorageError, match=r"keep: got 'id: string'; .* cast to int64"):
        table_of(loans, keep={"id": "int64"})
    with pytest.raises(
        rp.errors.StorageError, match=r"keep: got 'id: list<.*>'; .* cast to string"
    ):
        table_of(loans.set_column(0, "id", pa.array([[[1]]] * len(loans))))
