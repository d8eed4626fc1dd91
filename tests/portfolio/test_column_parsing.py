"""Text read over whole columns is what each text by itself is read as, or is left to that."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.errors import RepayError
from repaylib.money.amounts import to_minor
from repaylib.portfolio.book.column_parsing import (
    BLOCK,
    MOST_MINOR_UNITS,
    minors_of,
    numerals_of,
    rates_of,
)
from repaylib.portfolio.book.columns import Coded
from repaylib.rates.index_rate import parse_loan_rate

PLAIN = st.from_regex(r"[0-9]{1,12}(\.[0-9]{1,6})?", fullmatch=True)
NEARLY = st.text("0123456789.,-+ e_%\0٣", max_size=22)
ODD = ["", "0", "0.00", "00012", "12.", ".5", "1.2.3", "1e3", " 1", "1\0", "\0", "٣", "1_0"]
ODD += ["9" * 18, "9" * 19, "0." + "1" * 17, "0." + "1" * 18, str(2**60 - 1), str(2**60)]


@given(st.lists(PLAIN | NEARLY | st.none() | st.integers() | st.decimals(), max_size=8))
@example(ODD)
def test_numbers(values: list[object]) -> None:
    numbers = numerals_of(values)
    for value, digits, decimals, plain in zip(values, *numbers, strict=True):
        pattern = r"(?=.{1,19}\Z)[0-9]+(\.[0-9]+)?"
        well = isinstance(value, str) and re.fullmatch(pattern, value) is not None
        assert plain == (well and sum(each.isdigit() for each in str(value)) <= 18), value
        if plain:
            assert Decimal(str(value)) == Decimal(int(digits)).scaleb(-int(decimals))
        else:
            assert digits == decimals == 0


def test_numbers_with_a_sign_after_them() -> None:
    values = ["5.25%", "5.25", "%", "5%%", "5 %", "5.%", "%5", "5%\0", "1" * 18 + "%"]
    assert numerals_of(values, "%").plain.tolist() == [True, *[False] * 7, True]


def test_more_numbers_than_are_read_together() -> None:
    texts = [f"{number}.{number % 100:02}" for number in range(BLOCK + 10)]
    numbers = numerals_of(texts)
    assert numbers.plain.all()
    assert (numbers.digits == [int(text.replace(".", "")) for text in texts]).all()


@given(st.lists(st.tuples(PLAIN | NEARLY, st.sampled_from([-1, 0, 2, 3, 8, 12])), min_size=1))
@example([(text, decimals) for text in ODD for decimals in (0, 2, 12)])
def test_amounts(pairs: list[tuple[str, int]]) -> None:
    column = Coded.of([text for text, _ in pairs])
    minors, wrong = minors_of(column, np.array([decimals for _, decimals in pairs]), "principal")
    for (text, decimals), minor, is_wrong in zip(pairs, minors, wrong, strict=True):
        try:
            expected = to_minor(text, "principal", "XXX", decimals=max(0, decimals))
        except RepayError:
            expected = None
        if expected is None or expected > MOST_MINOR_UNITS or decimals < 0:
            assert is_wrong, (text, decimals)
        else:
            assert (minor, is_wrong) == (expected, False), (text, decimals)


@given(st.lists((PLAIN | NEARLY).map(lambda text: f"{text}%") | NEARLY | st.decimals()))
@example([f"{text}%" for text in ODD])
@example(["12%", Decimal("0.12"), "12.0%", "100000%", "100000.0000001%", "100001%", "0.00%"])
def test_rates(values: list[object]) -> None:
    codes, rates, wrong = rates_of(Coded.of(values), len(values))
    assert (wrong == (codes < 0)).all()
    assert len(set(rates)) == len(rates)
    for value, code in zip(values, codes.tolist(), strict=True):
        if code < 0:
            with pytest.raises(RepayError):
                parse_loan_rate(value)
        else:
            assert rates[code] == parse_loan_rate(value)


def principals(given: object) -> list[int | None]:
    """The amounts of a book in minor units, where a missing one is null."""
    words: dict[str, Any] = {"rate": "5%", "payments": 2, "start": "2024-01-10"}
    book = rp.Portfolio(principal=given, errors="collect", **words)
    return [
        amount if kept else None
        for amount, kept in zip(book.principal.tolist(), book.kept.tolist(), strict=True)
    ]


def test_a_column_may_be_a_range_a_masked_array_or_a_table_of_one_column() -> None:
    assert principals(range(1000, 4000, 1000)) == [1000, 2000, 3000]
    gone = [False, True, False]
    assert principals(np.ma.array([1000, 2000, 3000], mask=gone)) == [1000, None, 3000]
    text = np.array(["10", "20", "30.00"])
    assert principals(np.ma.array(text, mask=gone)) == [1000, None, 3000]
    assert principals(np.array([1000, 2000], dtype=np.uint64)) == [1000, 2000]
    assert principals(pa.table({"owed": [1000, 2000]})) == [1000, 2000]
    with pytest.raises(rp.errors.TermsError, match="got 'columns owed, paid'; expected one column"):
        principals(pa.table({"owed": [1000], "paid": [0]}))


def test_a_book_of_text_says_what_a_loan_says() -> None:
    with pytest.raises(rp.errors.AmountError, match=r"principal\[1\].*at most 2 decimals"):
        rp.Portfolio(principal=["10.00", "10.005"], rate="5%", payments=2, start="2024-01-10")
    with pytest.raises(rp.errors.RateError, match=r"rate\[1\]: got '5.25'"):
        rp.Portfolio(
            principal=["10.00", "11"], rate=["5.25%", "5.25"], payments=2, start="2024-01-10"
        )
