"""A real Spark session of this machine: Parquet in, Parquet out, cent for cent. Needs a JVM."""

from __future__ import annotations

import csv
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import repaylib as rp
from repaylib.interop.arrow import amortise_batches, ddl_of

VECTORS = Path(__file__).parents[1] / "vectors"
COLUMNS = {
    "principal": "principal",
    "rate": "annual_rate",
    "payments": "payments",
    "start": "origination_date",
}
FIGURES = ["number", "date", "payment", "interest", "principal", "closing"]


SparkSession = pytest.importorskip("pyspark.sql").SparkSession

pytestmark = [
    pytest.mark.skipif(
        shutil.which("java") is None and "JAVA_HOME" not in os.environ,
        reason="Spark needs a Java runtime, 17 or later: install one, or set JAVA_HOME",
    ),
    # The test only needs pandas to be installed.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support:FutureWarning"),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A quiet session on two cores that asks no name server where it is."""
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", "512m")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "100")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def loans() -> pa.Table:
    """Real loans, rates and amounts as decimals, and every fifth with a payment missed."""
    lines = (VECTORS / "prosper.csv").read_text().split("\n")
    read = list(csv.DictReader(line for line in lines if line and not line.startswith("#")))[:400]
    decimal = pa.decimal128(18, 6)

    def column(name: str, kind: pa.DataType) -> pa.Array:
        return pa.array([each[name] for each in read]).cast(kind)

    return pa.table(
        {
            "loan_number": column("loan_number", pa.int64()),
            "origination_date": column("origination_date", pa.date32()),
            "principal": column("principal", pa.decimal128(18, 2)),
            "annual_rate": column("annual_rate", decimal),
            "payments": column("payments", pa.int32()),
            "missed": pa.array(
                [4 + row % 7 if row % 5 == 0 else None for row in range(len(read))], pa.int32()
            ),
        }
    )


def test_parquet_to_parquet(spark: Any, loans: pa.Table, tmp_path: Path) -> None:
    def carried_out(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return amortise_batches(
            batches,
            lambda plan, batch: rp.defer(plan, payment=batch["missed"], periods=2, repay="spread"),
            columns=COLUMNS,
            keep=["loan_number"],
            figures=FIGURES,
            money="decimal",
            rows=1000,
        )

    pq.write_table(loans, tmp_path / "loans.parquet")
    schema = ddl_of("rows", keep={"loan_number": "int64"}, figures=FIGURES, money="decimal")
    frame = spark.read.parquet(str(tmp_path / "loans.parquet")).repartition(4)
    frame.mapInArrow(carried_out, schema).write.parquet(str(tmp_path / "rows.parquet"))

    out = pq.read_table(tmp_path / "rows.parquet").drop_columns("reason")
    out = out.sort_by([("loan_number", "ascending"), ("date", "ascending")])

    book = rp.Portfolio(**{our: loans.column(their) for our, their in COLUMNS.items()})
    plan = rp.defer(rp.amortise(book), payment=loans["missed"], periods=2, repay="spread")
    taken = np.arange(plan.payment.shape[1]) < plan.counts[:, None]
    assert (
        out["loan_number"].to_numpy().tolist()
        == np.repeat(loans["loan_number"], plan.counts).tolist()
    )
    assert out["date"].to_numpy().astype("datetime64[D]").tolist() == plan.date[taken].tolist()
    for name in FIGURES[2:]:
        cents = [int(cell.scaleb(2)) for cell in out[name].to_pylist()]
        assert cents == getattr(plan, name)[taken].tolist(), name
    assert plan.rejects == rp.amortise(book).rejects


def test_what_cannot_be_computed_arrives_with_its_reason(spark: Any, loans: pa.Table) -> None:
    frame = spark.createDataFrame(
        [(1, 1_000_000, "12%"), (2, 1_000_000, "12"), (3, None, "8%")],
        "id long, principal long, rate string",
    )
    words = {"payments": 12, "start": "2024-01-10"}

    def summed(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return amortise_batches(
            batches, options=words, keep=["id"], output="summary", figures=["total_paid"]
        )

    schema = ddl_of("summary", keep={"id": "int64"}, figures=["total_paid"])
    lines = {line.id: line for line in frame.mapInArrow(summed, schema).collect()}
    assert lines[1].total_paid == 1_066_186
    assert lines[1].reason is None
    assert lines[2].total_paid is None
    assert lines[2].reason.startswith("rate[")
    assert lines[3].total_paid is None
    assert "principal[" in lines[3].reason


@pytest.mark.parametrize("output", ["rows", "summary"])
@pytest.mark.parametrize("money", ["minor", "decimal"])
@pytest.mark.parametrize("kind", ["string", "long", "int", "decimal(9,0)"])
def test_the_defaults_are_the_same(spark: Any, kind: str, money: Any, output: Any) -> None:
    """What is declared without a word fits what comes without one, whatever an id is."""
    text = "principal string, rate string, payments int, start string"
    loans = [("7", "10000", "12%", 12, "2024-01-10"), ("8", "10000", "12", 12, "2024-01-10")]
    frame = spark.createDataFrame(loans, f"id string, {text}")
    frame = frame.withColumn("id", frame["id"].cast(kind))
    for words in ({}, {"output": output, "money": money}):

        def carried_out(batches: Iterator[pa.RecordBatch], words: Any = words) -> Any:
            return amortise_batches(batches, **words)

        lines = frame.mapInArrow(carried_out, ddl_of(**words)).collect()
        assert {line.id for line in lines} == {"7", "8"}
        assert [line.reason is None for line in lines if line.id == "8"] == [False]
    paid = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    summed = sum(line.payment for line in lines if line.id == "7") if output == "rows" else None
    if summed is not None:
        assert summed == paid.total_paid * (100 if money == "minor" else 1)


def test_nothing_kept(spark: Any) -> None:
    text = "principal string, rate string, payments int, start string"
    frame = spark.createDataFrame([("10000", "12%", 12, "2024-01-10")], text)

    def carried_out(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return amortise_batches(batches, keep=None)

    assert len(frame.mapInArrow(carried_out, ddl_of(keep=None)).collect()) == 12
