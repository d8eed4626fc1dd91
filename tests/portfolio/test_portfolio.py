"""A book of loans: what it reads, what it refuses, and how."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import assume, given

import repaylib as rp
from tests.strategies.loans import books, columns_of

TERMS: dict[str, Any] = {"rate": "12%", "payments": 12, "start": "2024-01-10"}


def same_loans(book: rp.Portfolio) -> None:
    """Hold a book of two loans against the loans it is of."""
    assert book.loan(0) == rp.Loan("10000", "12%", 12, "2024-01-10")
    assert book.loan(1) == rp.Loan("2500.50", "5.25%", 360, "2024-02-29")
    assert book.principal.tolist() == [1_000_000, 250_050]
    assert book.payments.tolist() == [12, 360]
    assert book.start.tolist() == [date(2024, 1, 10), date(2024, 2, 29)]


LISTS: dict[str, Any] = {
    "principal": ["10000", "2500.50"],
    "rate": ["12%", "5.25%"],
    "payments": [12, 360],
    "start": ["2024-01-10", "2024-02-29"],
}


@pytest.mark.parametrize(
    "principal",
    [
        LISTS["principal"],
        np.array([1_000_000, 250_050]),
        np.array([1_000_000, 250_050], dtype=np.uint32),
        [1_000_000, 250_050],
        [Decimal("10000"), Decimal("2500.50")],
        np.array(["10000", "2500.50"]),
        np.array([Decimal("10000"), "2500.50"], dtype=object),
        pd.Series([1_000_000, 250_050]),
        pd.Series([1_000_000, 250_050], dtype="Int64"),
        pd.Series(["10000", "2500.50"]),
        pd.Series(["10000", "2500.50"], dtype="category"),
        pd.Series(["10000", "2500.50"], dtype="string"),
        pd.Series([Decimal("10000"), Decimal("2500.50")]),
        pd.Series([1_000_000, 250_050], dtype="int64[pyarrow]"),
        pa.array([1_000_000, 250_050], pa.int32()),
        pa.chunked_array([[1_000_000], [250_050]]),
        pa.array([Decimal("10000.00"), Decimal("2500.50")], pa.decimal128(12, 2)),
        pa.array([Decimal("10000"), Decimal("2500.5")], pa.decimal128(12, 1)),
        pa.array([Decimal("10000"), Decimal("2500.5")], pa.decimal128(20, 5)),
        pa.array([Decimal("10000"), Decimal("2500.5")], pa.decimal256(40, 2)),
        pa.array(["10000", "2500.50"]).dictionary_encode(),
    ],
)
def test_principal_in_every_form(principal: Any) -> None:
    same_loans(rp.Portfolio(**LISTS | {"principal": principal}))


@pytest.mark.parametrize(
    "rate",
    [
        [Fraction(12, 100), Decimal("0.0525")],
        [rp.monthly("1%"), "5.25%"],
        np.array(["12%", "5.25%"], dtype=object),
        pd.Series(["12%", "5.25%"]),
        pa.array(["12%", "5.25%"]),
        pa.array([Decimal("0.12"), Decimal("0.0525")], pa.decimal128(6, 4)),
    ],
)
def test_rates_in_every_form(rate: Any) -> None:
    same_loans(rp.Portfolio(**LISTS | {"rate": rate}))


def test_rates_in_basis_points() -> None:
    for rate in ([1200, 525], np.array([1200, 525]), pa.array([1200, 525])):
        same_loans(rp.Portfolio(**LISTS | {"rate": rate}, formats={"rate": "bp"}))
    book = rp.Portfolio(
        principal=["1"], rate=525, formats={"rate": "bp"}, payments=1, start="2024-01-10"
    )
    assert str(book.loan(0).rate) == "5.25%"
    with pytest.raises(rp.errors.RateError, match=r"rate\[0\]: got True"):
        rp.Portfolio(**LISTS | {"rate": [True] * len(LISTS["rate"])}, formats={"rate": "bp"})


@pytest.mark.parametrize(
    "start",
    [
        [date(2024, 1, 10), date(2024, 2, 29)],
        [datetime(2024, 1, 10), "2024-02-29"],
        np.array(["2024-01-10", "2024-02-29"], dtype="datetime64[D]"),
        np.array(["2024-01-10", "2024-02-29"], dtype="datetime64[ns]"),
        pd.Series(pd.to_datetime(["2024-01-10", "2024-02-29"])),
        pd.to_datetime(["2024-01-10", "2024-02-29"]),
        pa.array([date(2024, 1, 10), date(2024, 2, 29)], pa.date32()),
        pa.array([date(2024, 1, 10), date(2024, 2, 29)], pa.date64()),
        pa.array([datetime(2024, 1, 10), datetime(2024, 2, 29)], pa.timestamp("us")),
        pa.array(["2024-01-10", "2024-02-29"]),
    ],
)
def test_days_in_every_form(start: Any) -> None:
    same_loans(rp.Portfolio(**LISTS | {"start": start}))


def test_tables_in_every_form() -> None:
    for table in (
        LISTS,
        pd.DataFrame(LISTS),
        pa.table(LISTS),
        pa.RecordBatch.from_pydict(LISTS),
        pa.table(LISTS).slice(0, 2),
    ):
        same_loans(rp.Portfolio(table))
    whole = pa.table({name: [each[0], *each] for name, each in LISTS.items()})
    same_loans(rp.Portfolio(whole.slice(1)))


def test_columns_of_other_names() -> None:
    table = pd.DataFrame(LISTS).rename(columns={"rate": "annual_rate"}).assign(id=[7, 8])
    with pytest.raises(rp.errors.TermsError, match="annual_rate") as caught:
        rp.Portfolio(table)
    assert "columns=" in caught.value.hint
    ours = {"principal": "principal", "rate": "annual_rate", "payments": "payments"}
    same_loans(rp.Portfolio(table, columns=ours | {"start": "start"}))
    same_loans(rp.Portfolio(table, columns=ours, start=table["start"]))
    with pytest.raises(rp.errors.ChoiceError, match='one of "principal", "annual_rate"'):
        rp.Portfolio(table, columns={"rate": "rates"})
    with pytest.raises(rp.errors.TermsError, match="either a column"):
        rp.Portfolio(LISTS, rate="12%")
    with pytest.raises(rp.errors.TermsError, match="colour"):
        rp.Portfolio(**LISTS, colour="red")
    with pytest.raises(rp.errors.TermsError, match="as many as"):
        rp.Portfolio(**LISTS | {"rate": ["12%"]})
    with pytest.raises(rp.errors.TermsError, match="a mapping of columns"):
        rp.Portfolio("book.csv")


def test_minor_units_follow_the_currency_of_each_loan() -> None:
    words: dict[str, Any] = {"currency": ["JPY", "EUR", "KWD"], **TERMS}
    for principal in (np.array([1000, 1000, 1000]), ["1000", "10.00", "1.000"]):
        book = rp.Portfolio(principal=principal, **words)
        amounts = [str(book.loan(row).principal) for row in range(3)]
        assert amounts == ["1000", "10.00", "1.000"]
        assert book.principal.tolist() == [1000, 1000, 1000]
    assert list(book.currencies()) == [("EUR", 2), ("JPY", 0), ("KWD", 3)]
    scaled = pa.array([Decimal("1000"), Decimal("10.00"), Decimal("1.00")], pa.decimal128(12, 2))
    assert rp.Portfolio(principal=scaled, **words).principal.tolist() == [1000, 1000, 1000]
    finer = rp.Portfolio(principal=["1.2345"], decimals=[4], **TERMS)
    assert finer.principal.tolist() == [12345]


@pytest.mark.parametrize(
    ("words", "kind", "parameter"),
    [
        ({"principal": np.array([1.0, 2.0])}, rp.errors.AmountError, "principal"),
        ({"principal": [1.0, 2.0]}, rp.errors.AmountError, "principal"),
        ({"principal": pd.Series([1.0, 2.0])}, rp.errors.AmountError, "principal"),
        (
            {"principal": pd.Series([1.0, None], dtype="Float64")},
            rp.errors.AmountError,
            "principal",
        ),
        ({"principal": pa.array([1.0, 2.0])}, rp.errors.AmountError, "principal"),
        ({"principal": 10_000}, rp.errors.AmountError, "principal"),
        ({"principal": ["10000", 2500]}, rp.errors.AmountError, "principal[1]"),
        ({"principal": ["10000", 2500.5]}, rp.errors.AmountError, "principal[1]"),
        ({"principal": ["10000", "0"]}, rp.errors.AmountError, "principal[1]"),
        ({"principal": ["10000", "0.005"]}, rp.errors.AmountError, "principal[1]"),
        ({"principal": ["10000", None]}, rp.errors.AmountError, "principal[1]"),
        ({"principal": ["10000", "1e17"]}, rp.errors.AmountError, "principal[1]"),
        ({"principal": np.array([1, -2])}, rp.errors.AmountError, "principal[1]"),
        ({"principal": "ten"}, rp.errors.AmountError, "principal"),
        ({"principal": np.ones((2, 2), int)}, rp.errors.TermsError, "principal"),
        ({"rate": np.array([0.12, 0.05])}, rp.errors.RateError, "rate"),
        ({"rate": ["12%", 12]}, rp.errors.RateError, "rate[1]"),
        ({"rate": ["12%", None]}, rp.errors.RateError, "rate[1]"),
        ({"rate": np.array([12, 5])}, rp.errors.RateError, "rate[0]"),
        ({"rate": 12}, rp.errors.RateError, "rate"),
        ({"payments": [12, 0]}, rp.errors.CountError, "payments[1]"),
        ({"payments": [12, 10_001]}, rp.errors.CountError, "payments[1]"),
        ({"payments": [12, "36"]}, rp.errors.CountError, "payments[1]"),
        ({"payments": pd.Series([12, None])}, rp.errors.CountError, "payments"),
        ({"payments": pd.Series([12, None], dtype="Int64")}, rp.errors.TermsError, "payments[1]"),
        ({"start": ["2024-01-10", "2024-02-30"]}, rp.errors.DateError, "start[1]"),
        ({"start": ["2024-01-10", None]}, rp.errors.DateError, "start[1]"),
        ({"start": [date(2024, 1, 1), datetime(2024, 1, 1, 5)]}, rp.errors.DateError, "start[1]"),
        ({"start": np.array(["2024-01-10T05"] * 2, "M8[h]")}, rp.errors.DateError, "start[0]"),
        (
            {"start": pa.array([datetime(2024, 1, 1)] * 2, pa.timestamp("s", "UTC"))},
            rp.errors.DateError,
            "start",
        ),
        (
            {"start": pd.Series(pd.to_datetime(["2024-01-10"] * 2, utc=True))},
            rp.errors.DateError,
            "start",
        ),
        ({"start": ["2024-01-10", "9990-01-01"]}, rp.errors.DateError, "start[1]"),
        (
            {"start": np.array(["2024-01-10", "20240-01-10"], "M8[D]")},
            rp.errors.DateError,
            "start[1]",
        ),
        ({"first_payment": ["2024-02-10", "2024-01-01"]}, rp.errors.TermsError, "first_payment[1]"),
        ({"day_count": ["actual/360", "actual"]}, rp.errors.ChoiceError, "day_count[1]"),
        ({"day_count": "actual"}, rp.errors.ChoiceError, "day_count"),
        ({"currency": ["EUR", "EURO"]}, rp.errors.ChoiceError, "currency[1]"),
        ({"balloon": ["100", "999999"]}, rp.errors.TermsError, "balloon[1]"),
        ({"balloon": np.array([100, 99_999_900])}, rp.errors.TermsError, "balloon[1]"),
        ({"balloon": 100}, rp.errors.AmountError, "balloon"),
        ({"amortise_over": [12, 6]}, rp.errors.TermsError, "amortise_over[1]"),
        ({"in_advance": [False, "yes"]}, rp.errors.TermsError, "in_advance[1]"),
        ({"decimals": [2, 258]}, rp.errors.CountError, "decimals[1]"),
        ({"decimals": np.array([2, 300])}, rp.errors.CountError, "decimals[1]"),
        ({"decimals": [13, 2]}, rp.errors.CountError, "decimals[0]"),
    ],
)
def test_what_is_refused(words: dict[str, Any], kind: type[rp.RepayError], parameter: str) -> None:
    """By the name of the column and the row, and as a loan itself would."""
    with pytest.raises(rp.RepayError) as caught:
        rp.Portfolio(**LISTS | words)
    error = caught.value
    assert (type(error), error.parameter) == (kind, parameter)
    assert error.hint
    name, _, row = parameter.rstrip("]").partition("[")
    assert (error.row, error.column) == ((int(row), name) if row else (None, None))
    if not row:
        return
    book = rp.Portfolio(**LISTS | words, errors="collect")
    assert len(book) == 2
    reject = book.rejects[-1 if row == "1" else 0]
    assert (reject.row, reject.column) == (int(row), name)
    assert reject.reason == f"expected {error.expected}; {error.hint}"
    with pytest.raises(kind):
        book.loan(int(row))


def test_the_error_of_a_row_is_that_of_its_loan() -> None:
    with pytest.raises(rp.errors.RateError) as alone:
        rp.Loan("10000", "12", 12, "2024-01-10")
    with pytest.raises(rp.errors.RateError) as among:
        rp.Portfolio(
            principal=["1"] * 18, rate=["12%"] * 17 + ["12"], payments=12, start="2024-01-10"
        )
    assert str(among.value) == str(alone.value).replace("rate:", "rate[17]:", 1)
    again = pickle.loads(pickle.dumps(among.value))
    assert (again.row, again.column, str(again)) == (17, "rate", str(among.value))


def test_rejects_keep_their_place() -> None:
    book = rp.Portfolio(
        principal=["1000", "0", "3000"],
        rate=["12%", "5%", "x"],
        payments=3,
        start="2024-01-10",
        errors="collect",
    )
    assert book.kept.tolist() == [True, False, False]
    assert book.principal.tolist() == [100_000, 0, 0]
    assert np.isnat(book.start).tolist() == [False, True, True]
    assert [(each.row, each.column, each.value) for each in book.rejects] == [
        (1, "principal", "0"),
        (2, "rate", "x"),
    ]
    plan = rp.amortise(book)
    assert plan.counts.tolist() == [3, 0, 0]
    assert not plan.payment[1:].any()
    assert np.isnat(plan.date[1:]).all()
    assert plan.rejects == book.rejects
    assert "x" in plan.summary().reason[2]
    plan.check()
    part = book.part(1, 3)
    assert [each.row for each in part.rejects] == [0, 1]
    assert len(book.where(book.kept).rejects) == 0
    assert str(book.rejects).split("\n")[0] == "row  column     value  reason"
    assert "rejected" in str(book)
    assert book.rejects.to_pandas()["row"].tolist() == [1, 2]
    assert book.rejects.to_arrow()["column"].to_pylist() == ["principal", "rate"]
    assert book.rejects._repr_html_().startswith("<table")
    assert rp.Portfolio(**LISTS).rejects.to_arrow().num_rows == 0
    assert str(rp.Portfolio(**LISTS).rejects) == "no rejects"


def test_words_may_be_columns() -> None:
    book = rp.Portfolio(
        **LISTS,
        day_count=["actual/360", None],
        method=pd.Series(["flat", "level"]),
        first_payment=[None, "2024-04-15"],
        fees=[rp.Fee("1%")],
        balloon=[None, "10%"],
    )
    assert book.loan(0) == rp.Loan(
        "10000", "12%", 12, "2024-01-10", day_count="actual/360", method="flat", fees=[rp.Fee("1%")]
    )
    assert book.loan(1) == rp.Loan(
        "2500.50",
        "5.25%",
        360,
        "2024-02-29",
        first_payment="2024-04-15",
        fees=[rp.Fee("1%")],
        balloon="10%",
    )
    assert len(book.options) == 2


def test_a_list_may_be_one_value_or_a_column() -> None:
    days = ["2024-02-10", "2024-03-10"]
    terms: dict[str, Any] = {"principal": ["1000", "2000"], "rate": "12%", "start": "2024-01-10"}
    book = rp.Portfolio(**terms, every=days)
    assert book.payments.tolist() == [2, 2]
    assert rp.Portfolio(**terms, payments=3, every=["week", "quarter"]).loan(1).every == "quarter"
    fees = [[rp.Fee("1%")], []]
    assert rp.Portfolio(**terms, payments=3, fees=fees).loan(1).fees == ()
    draws: list[Any] = [("2024-02-20", "100")]
    assert len(rp.Portfolio(**terms, payments=3, drawdowns=draws).loan(1).drawdowns) == 1
    assert len(rp.Portfolio(**terms, payments=3, drawdowns=[draws, []]).loan(0).drawdowns) == 1
    half = rp.Portfolio(**terms, payments=3, every="half_month", due_days=(10, 25))
    assert half.loan(0).due_days == (10, 25)
    listed = rp.Portfolio(**terms, payments=3, instalment=["400", "800"])
    assert listed.loan(1).instalment == Decimal("800.00")
    minor = rp.Portfolio(**terms, payments=3, instalment=np.array([40_000, 80_000]))
    assert minor.loan(1).instalment == Decimal("800.00")
    steps: Any = [rp.steps("3%", {2: "6%"}), "5%"]
    assert rp.Portfolio(**terms | {"rate": steps}, payments=3).loan(0).rate_steps


def test_payments_may_follow_from_other_terms() -> None:
    book = rp.Portfolio(
        principal=["1000", "2000"],
        rate="12%",
        payments=[None, 5],
        start="2024-01-10",
        maturity=["2024-09-17", None],
    )
    given: list[dict[str, Any]] = [{"maturity": "2024-09-17"}, {"payments": 5}]
    for row, words in enumerate(given):
        terms: dict[str, Any] = {"start": "2024-01-10", **words}
        loan = rp.Loan(["1000", "2000"][row], "12%", **terms)
        assert book.loan(row) == loan
        assert book.loan(row).timetable == loan.timetable
        assert book.payments[row] == loan.payments


def test_masks_and_nulls() -> None:
    masked = np.ma.masked_array([3, 99], mask=[False, True])
    book = rp.Portfolio(**LISTS | {"payments": masked}, errors="collect")
    assert [each.row for each in book.rejects] == [1]
    first = np.array(["NaT", "2024-04-15"], dtype="datetime64[D]")
    book = rp.Portfolio(**LISTS, first_payment=first)
    assert book.loan(0).first_payment == date(2024, 2, 10)
    assert book.loan(1).first_payment == date(2024, 4, 15)
    nulls = pa.array([None, None], pa.null())
    assert rp.Portfolio(**LISTS, balloon=nulls).loan(0).balloon is None


def test_an_empty_book() -> None:
    book = rp.Portfolio(principal=[], rate="12%", payments=12, start="2024-01-10")
    plan = rp.amortise(book)
    assert (len(book), len(plan), plan.interest.shape) == (0, 0, (0, 0))
    assert plan.summary().lines == plan.totals().lines == 0
    assert plan.to_arrow().num_rows == 0
    plan.check()
    assert str(plan)


def test_a_book_is_frozen_and_can_be_stored() -> None:
    book = rp.Portfolio(**LISTS)
    with pytest.raises(AttributeError, match="frozen"):
        book.errors = "collect"
    with pytest.raises(ValueError, match="read-only"):
        book.principal[0] = 1
    again = pickle.loads(pickle.dumps(book))
    same_loans(again)
    plan = pickle.loads(pickle.dumps(rp.defer(book, payment=[2, 3])))
    assert plan.counts.tolist() == [13, 361]
    with pytest.raises(rp.errors.CountError, match="row"):
        book.loan(2)
    with pytest.raises(rp.errors.TermsError, match="mask"):
        book.where([0])
    assert book.loan(-1) == book.loan(1)


def test_a_column_given_is_neither_kept_nor_changed() -> None:
    given = np.array([100_000, 200_000])
    book = rp.Portfolio(principal=given, **TERMS)
    given[0] = 1
    assert book.principal.tolist() == [100_000, 200_000]
    assert given.flags.writeable


def test_a_million_loans_are_read_in_no_time() -> None:
    count = 1_000_000
    draw = np.random.default_rng(1)
    columns: dict[str, Any] = {
        "principal": draw.integers(10**5, 10**8, count),
        "rate": draw.integers(100, 3000, count),
        "payments": draw.integers(12, 361, count),
        "start": np.datetime64("2020-01-01") + draw.integers(0, 1000, count),
    }
    begun = time.process_time()
    book = rp.Portfolio(**columns, formats={"rate": "bp"}, errors="collect")
    assert time.process_time() - begun < 1.0
    assert len(book) == count
    assert book.loan(7).payments == columns["payments"][7]


def test_pandas_and_arrow_are_not_loaded_for_numpy() -> None:
    code = (
        "import sys, numpy, repaylib as rp; "
        "book = rp.Portfolio(principal=numpy.array([100000]), rate='12%', payments=3, "
        "start='2024-01-10'); rp.amortise(book).summary(); "
        "print(*[m for m in ('pandas', 'pyarrow', 'tqdm') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@given(books())
def test_a_book_has_the_loans_it_is_made_of(loans: list[dict[str, Any]]) -> None:
    try:
        single = [rp.Loan(**words) for words in loans]
    except rp.RepayError:  # two of the words contradict each other
        assume(False)
    book = rp.Portfolio(**columns_of(loans))
    for row, loan in enumerate(single):
        assert book.loan(row) == loan
        assert book.loan(row).timetable == loan.timetable


@pytest.mark.parametrize("text", [pa.string(), pa.large_string(), pa.string_view()])
@pytest.mark.parametrize("whole", [pa.int32(), pa.int64(), pa.uint32(), pa.uint64()])
def test_arrow_columns_of_every_text_and_whole_number(text: Any, whole: Any) -> None:
    cells: dict[str, Any] = {"principal": [1_000_000, 500_000], "payments": [12, 6]}
    columns: dict[str, Any] = {name: pa.array(found, whole) for name, found in cells.items()}
    rate = pa.array(["12%", "8%"], text)
    start = pa.array(["2024-01-10", "2024-02-29"], text)
    book = rp.Portfolio(rate=rate, start=start, **columns)
    plain = rp.Portfolio(rate=rate.to_pylist(), start=start.to_pylist(), **cells)
    assert rp.amortise(book).payment.tolist() == rp.amortise(plain).payment.tolist()
