"""What a schedule shows and how it leaves the library."""

from __future__ import annotations

import copy
import csv
import io
import json
import pickle
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import repaylib as rp
from repaylib.changes.change_wording import Effect
from repaylib.schedule.conservation import check_columns
from repaylib.schedule.row_equations import EQUATIONS, equation_in_words
from repaylib.schedule.rows import Columns
from repaylib.wording.sentence import Money


def test_rows_and_columns_say_the_same(plan: rp.Schedule) -> None:
    changed = rp.prepay(rp.defer(plan, 4), "500", on="2024-08-20")
    for name, column in changed.columns.items():
        for row, value in zip(changed, column.tolist(), strict=True):
            shown = getattr(row, name)
            assert shown == (value if name in ("number", "date") else Decimal(value) / 100)
    assert changed.columns.payment is changed.columns["payment"]
    assert changed.columns["date"].dtype == np.dtype("datetime64[D]")
    assert changed.columns["payment"].dtype == np.int64
    with pytest.raises(AttributeError, match="no column 'colour'"):
        _ = changed.columns.colour
    with pytest.raises(KeyError):
        _ = changed.columns["colour"]


@pytest.mark.parametrize("principal", ["80000000000000000", "1000000000000000000", "9" * 23])
@pytest.mark.parametrize("repay", ["next", "spread", "last", "capitalise"])
@pytest.mark.parametrize("rate", ["12%", "120%"])
def test_amounts_beyond_64_bits(principal: str, repay: Any, rate: str) -> None:
    """Sums leave ``int64`` long before the single amounts do."""
    vast = rp.defer(rp.Loan(principal, rate, 24, "2024-01-10"), 1, 12, repay=repay)
    vast.check()
    assert f"{vast.total_paid:,f}" in str(vast)
    assert max(vast.columns["deferred"].tolist()) == max(row.deferred for row in vast) * 100
    assert len(vast.to_arrow()) == len(vast.to_pandas()) == len(vast)
    assert rp.compare(vast.loan, vast)[1].total_paid == vast.total_paid


def test_a_schedule_is_a_sequence(plan: rp.Schedule) -> None:
    assert len(plan) == len(list(plan)) == 12
    assert plan[-1].closing == 0
    assert [row.number for row in plan[2:4]] == [3, 4]
    assert plan[3] in plan
    assert plan[0].owed == Decimal("9211.51")


def test_totals(plan: rp.Schedule) -> None:
    held = rp.defer(plan, 4, repay="capitalise")
    assert held.total_capitalised == Decimal("76.11")
    assert held.total_interest == held.total_paid - Decimal(10000)
    assert held.total_principal == Decimal("10076.11")
    assert held.payments == 12
    assert held.first_payment == Decimal("888.49")
    assert held.largest_payment == Decimal("897.40")
    settled = rp.settle(plan, on="2024-07-10", fee="50").schedule
    assert settled.total_fees == Decimal("50.00")
    assert plan.total_waived == plan.total_forgiven == plan.total_fees == 0


def test_text_aligns(plan: rp.Schedule) -> None:
    text = str(rp.prepay(rp.defer(plan, 4), "500", on="2024-08-20"))
    table = text.split("\n\n", 1)[1].split("\n")
    assert len({len(line) for line in table[2:-1]}) == 1
    assert len(table[-1]) <= len(table[1])
    assert "prepaid" in table[1]
    assert "waived" not in table[1]
    assert "total" in table[-1]
    assert "10,708.90" in table[-1]
    assert "<Schedule: 10,000.00 at 12%" in repr(plan)


def test_html_is_escaped_and_whole(plan: rp.Schedule) -> None:
    html = rp.defer(plan, 4)._repr_html_()
    assert html.count("<tr>") == 13 + 2
    assert "&quot;" not in html
    assert html.startswith("<table")
    assert rp.compare(plan, names=["<b>"])._repr_html_().count("&lt;b&gt;") == 1
    assert "<table" in rp.readings(plan, payment=4)._repr_html_()
    assert "<table" in rp.settle(plan, on="2024-07-10")._repr_html_()


def test_csv(plan: rp.Schedule, tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    text = plan.to_csv(file)
    assert file.read_text() == text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 12
    assert rows[3]["date"] == "2024-05-10"
    assert rows[3]["payment"] == "888.49"
    assert list(rows[0]) == list(plan.columns)


def test_json(plan: rp.Schedule) -> None:
    changed = plan.then(
        rp.changes.Deferral(4, scope="instalment", rate=rp.effective("19.56%")),
        rp.changes.RateChange(rp.compounded("5%", times=2), payment=4),
        rp.changes.RateChange(rp.rates.continuous("5%"), payment=4),
        rp.changes.RateChange("1/3%", on="2024-06-01", until=9),
        rp.changes.Forgiveness(share="100/3%", with_payment=7),
        rp.changes.EarlySettlement(on="2024-11-01", fee="1.5%"),
    )
    assert rp.Schedule.from_dict(json.loads(changed.to_json())) == changed
    assert json.loads(changed.to_json())["version"] == 2


def test_pandas(plan: rp.Schedule) -> None:
    frame = plan.to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert frame["payment"].sum() == plan.total_paid
    assert frame["date"].iloc[0] == pd.Timestamp("2024-02-10")
    assert frame.shape == (12, len(plan.columns))


def test_arrow(plan: rp.Schedule) -> None:
    table = plan.to_arrow()
    assert table.schema.field("payment").type == pa.decimal128(38, 2)
    assert table.schema.field("date").type == pa.date32()
    assert sum(table["payment"].to_pylist()) == plan.total_paid
    assert table["date"].to_pylist()[0] == date(2024, 2, 10)


def test_copies_and_pickles_are_equal(plan: rp.Schedule) -> None:
    changed = rp.defer(plan, 4)
    for other in (copy.copy(changed), copy.deepcopy(changed), pickle.loads(pickle.dumps(changed))):
        assert other == changed
        assert list(other) == list(changed)
        assert hash(other) == hash(changed)
    assert changed != plan
    assert changed != "a schedule"


def test_the_check_finds_a_broken_row(plan: rp.Schedule) -> None:
    columns = Columns(plan.ledger, 1_000_000)
    for name, message in (
        ("payment", "payment = interest"),
        ("closing", "closing = opening"),
        ("opening", "opening = closing"),
    ):
        broken = columns[name].copy()
        broken[4] += 1
        columns._arrays[name] = broken
        with pytest.raises(rp.errors.ConservationError, match=message) as caught:
            check_columns(columns, 1_000_000, 2)
        assert "row 4" in caught.value.parameter or "row 5" in caught.value.parameter
        columns._arrays[name] = plan.columns[name]
    with pytest.raises(rp.errors.ConservationError, match="opening"):
        check_columns(columns, 999_999, 2)
    check_columns(columns, 1_000_000, 2)


def test_terms_say_what_was_agreed(plan: rp.Schedule) -> None:
    terms = rp.change_rate(rp.defer(plan, 4), "8%", on="2024-09-01").terms().split("\n")
    assert len(terms) == 3
    assert terms[1].startswith("1. (2024-04-10) no payment is made on due date 4 (2024-05-10)")
    assert terms[2].startswith("2. (2024-09-01) from 2024-09-01 on, the rate is 8% a year")


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({}, ""),
        ({"first_payment": "2024-03-10"}, ""),
        ({"first_payment": "2024-02-10", "rounding": "half_up", "decimals": 2}, ""),
        (
            {"first_payment": "2024-02-01"},
            "; the odd days of the first period count pro rata",
        ),
        (
            {"first_payment": "2024-02-20", "odd_days": "actual/360"},
            "; the odd days of the first period count actual/360",
        ),
        ({"first_payment": "2024-02-20", "day_count": "actual/365"}, ", actual/365"),
        ({"odd_days": "actual/365"}, "; odd days count actual/365"),
        ({"in_advance": True}, "; each payment at the start of its period"),
        ({"rounding": "half_even"}, "; rounded half even"),
        ({"instalment_rounding": "up"}, "; the instalment rounded up"),
        (
            {"rounding": "down", "instalment_rounding": "up", "fee_rounding": "half_up"},
            "; rounded down; the instalment rounded up; fees rounded half up",
        ),
        ({"decimals": 12}, "; rounded to 12 decimals"),
        ({"currency": "JPY", "decimals": 1, "rounding": "down"}, "; rounded down to 1 decimal"),
        (
            {"negative_amortisation": True},
            "; interest above the instalment joins the principal",
        ),
        ({"instalment_multiple": "10"}, "; the instalment a multiple of 10.00"),
        (
            {"instalment_cap": "7.5%"},
            "; a recalculated instalment at most 7.5% above the one before, with the rest in the "
            "last payment",
        ),
        (
            {"instalment_resets": "5 months"},
            "; the instalment recalculated every 5 months from 2024-06-10 on",
        ),
        (
            {"instalment_resets": ["2024-06-10", "2024-09-10"]},
            "; the instalment recalculated on 2024-06-10, 2024-09-10",
        ),
        ({"last": "lower"}, "; the last payment not above the others"),
        ({"last": "closest"}, "; the last payment as close to the others as can be"),
    ],
)
def test_terms_say_what_changes_the_cents(terms: dict[str, Any], words: str) -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", **terms)
    assert str(loan).endswith(f"instalments from {loan.first_payment}{words}")
    assert rp.amortise(loan).terms() == str(loan)


@pytest.mark.parametrize(
    ("changes", "notes"),
    [
        (
            [
                rp.changes.Deferral(4, 3, scope="instalment", rate="18%"),
                rp.changes.Deferral(4, scope="instalment"),
            ],
            ["superseded by 2", ""],
        ),
        (
            [rp.changes.Deferral(4, 2, scope="instalment"), rp.changes.Deferral(4)],
            ["superseded by 2", ""],
        ),
        (
            [rp.changes.Deferral(6, scope="instalment"), rp.changes.Deferral(5, 2)],
            ["it is instalment 7 that is moved, as due date 6 is deferred by 2", ""],
        ),
        (
            [rp.changes.Deferral(6, scope="instalment"), rp.changes.Deferral(5, 4)],
            ["it is instalment 9 that is moved, as due dates 6 to 8 are deferred by 2", ""],
        ),
        (
            [rp.changes.Deferral(4, 3), rp.changes.Rescheduling(12, payment=6)],
            ["ended by 2 from due date 6 on", ""],
        ),
        ([rp.changes.Deferral(4, 3), rp.changes.Rescheduling(12, payment=4)], ["ended by 2", ""]),
        (
            [rp.changes.Deferral(4, 4, scope="instalment"), rp.changes.Rescheduling(9, payment=6)],
            ["ended by 2", ""],
        ),
        (
            [
                rp.changes.Prepayment("3000", with_payment=3, hold="next"),
                rp.changes.Rescheduling(18, payment=5),
            ],
            ["ended by 2", ""],
        ),
        (
            [
                rp.changes.Prepayment("800", with_payment=3, hold="next"),
                rp.changes.Rescheduling(18, payment=5),
            ],
            ["", ""],
        ),
        (
            [rp.changes.Deferral(4, 5), rp.changes.Deferral(5, 2)],
            ["superseded by 2 on due dates 5 and 6", "due dates 5 and 6 were deferred already"],
        ),
        (
            [rp.changes.Deferral(4, 2), rp.changes.Deferral(5, 2)],
            ["superseded by 2 from due date 5 on", "due date 5 was deferred already"],
        ),
        (
            [rp.changes.RateChange("8%", payment=4), rp.changes.RateChange("9%", payment=4)],
            ["superseded by 2", ""],
        ),
        (
            [
                rp.changes.RateChange("8%", payment=4),
                rp.changes.Rescheduling(12, payment=4, rate="9%"),
            ],
            ["superseded by 2", ""],
        ),
        (
            [
                rp.changes.RateChange("8%", payment=4, until=9),
                rp.changes.RateChange("9%", payment=6),
            ],
            ["superseded by 2 before its end", ""],
        ),
        (
            [rp.changes.Rescheduling(12, payment=4), rp.changes.Rescheduling(18, payment=4)],
            ["its instalments are superseded by 2", ""],
        ),
        ([rp.changes.Deferral(4), rp.changes.Deferral(8)], ["", ""]),
        (
            [
                rp.changes.RateChange("8%", payment=4, until=6),
                rp.changes.RateChange("9%", payment=8),
            ],
            ["", ""],
        ),
    ],
)
def test_terms_say_what_another_change_overrules(
    plan: rp.Schedule, changes: list[rp.changes.Change], notes: list[str]
) -> None:
    lines = plan.then(*changes).terms().split("\n")[1:]
    for line, change, note in zip(lines, changes, notes, strict=True):
        _, _, said = line.partition(") ")
        assert (
            said.endswith(f"; {note}") if note else "superseded" not in said and "ended" not in said
        )
        plain = change.sentence(
            Effect(money=lambda amount: Money(plan.loan.money(plan.loan.signed(amount))))
        )
        if not isinstance(change, (rp.changes.Deferral, rp.changes.RateChange)):
            assert said == f"{plain}; {note}".removesuffix("; ")


def test_terms_say_that_a_rate_is_in_force_already(plan: rp.Schedule) -> None:
    same = rp.change_rate(plan, "12%", payment=4)
    assert same.terms().endswith("from instalment 4 on, the rate is 12% a year, as it is already")
    assert list(same) == list(plan)
    back = rp.change_rate(rp.change_rate(plan, "8%", payment=4), "12%", payment=8)
    assert "already" not in back.terms()


def test_terms_follow_the_method(plan: rp.Schedule) -> None:
    """A rate has no instalment to change where all is repaid at the end."""
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", method="bullet")
    assert "repaid with the last payment" in rp.change_rate(loan, "8%", payment=4).terms()
    later = rp.reschedule(plan, 9, payment=4, method="interest_only")
    assert "repaid with the last payment" in rp.change_rate(later, "8%", payment=6).terms()
    assert "the instalments are recalculated" in rp.change_rate(later, "8%", payment=2).terms()


def test_words_count_in_the_singular(plan: rp.Schedule) -> None:
    assert "in 1 new instalment" in str(rp.changes.Rescheduling(1, payment=4))
    assert rp.changes.Rescheduling(1, payment=4).name == "1 instalment"
    assert ", 1 change;" in repr(rp.defer(plan, 4))
    assert ", 2 changes;" in repr(rp.defer(rp.defer(plan, 4), 6))


def test_interest_alone_put_off_is_said(plan: rp.Schedule) -> None:
    assert str(rp.changes.Deferral(4, pause="interest")) == (
        "from instalment 4 on, only principal is paid, and no interest, on 1 due date; its interest "
        "accrues and is paid with the next instalment; the final date stays"
    )


def test_explanations_read_well(plan: rp.Schedule) -> None:
    moved = rp.defer(plan, 4, scope="instalment", base="principal")
    text = str(moved.explain(5))
    assert "812.38 x 12% x 1/12 of a year" in text
    assert "interest on the moved instalment: 8.12" in text
    with pytest.raises(KeyError, match="there are"):
        _ = moved.explain(5)["colour"]
    day = rp.prepay(plan, "500", on="2024-08-20")
    assert "= 500.00 prepaid" in str(day.explain(day[7]))
    assert "between due dates" in str(day.explain(day[7]))


def test_a_principal_is_derived_in_every_row(plan: rp.Schedule) -> None:
    assert plan.explain(4)["principal"].terms == (
        ("instalment", Decimal("888.49")),
        ("interest", Decimal("-76.11")),
    )
    last = plan.explain(12)
    assert last.mark == "the last, which pays the remainder"
    assert "the whole balance" in last["principal"].formula
    parts = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", method="equal_principal"))
    assert parts.explain(4)["principal"].formula == "= part of principal 833.33"


def test_a_spread_is_derived(plan: rp.Schedule) -> None:
    part = rp.defer(plan, 4, 2, repay="spread").explain(6)["deferred interest"]
    assert part.formula.startswith("152.22 / 9 payments")
    assert (part.base, part.share) == (Fraction("152.22"), Fraction(1, 9))
    assert part.recomputed() == part.value == Decimal("16.91")
    moved = rp.defer(plan, 4, 2, scope="instalment", repay="spread").explain(6)
    assert moved["principal (2)"].recomputed() == Decimal("101.55")
    assert moved["principal"].recomputed() == moved.row.principal


def test_a_figure_is_computed_again_from_what_it_states(plan: rp.Schedule) -> None:
    """Whatever value it bears, and exactly before it is rounded."""
    with_fee = rp.amortise(
        rp.Loan(
            "10000",
            "12%",
            12,
            "2024-01-10",
            fees=[rp.Fee("0.123%", when="instalment", of="balance")],
        )
    )
    figures = [*plan.explain(4).figures, *with_fee.explain(4).figures]
    exact = [each for each in figures if each.exact is not None]
    assert {each.name for each in exact} >= {"instalment", "interest accrued", "fee"}
    for each in exact:
        assert replace(each, value=each.value + 1).recomputed() == each.value
        if each.share is not None:
            assert each.exact == each.base * each.share


def test_the_rate_of_a_period_is_one_or_from_one_to_another(plan: rp.Schedule) -> None:
    assert plan.explain(4)["instalment"].formula.endswith("at 1% a period")
    daily = rp.amortise(rp.Loan("10000", "12%", 3, "2024-01-10", day_count="actual/360"))
    formula = daily.explain(1)["instalment"].formula
    assert formula.endswith("at 29/30% to 31/30% a period")


@pytest.mark.parametrize("digits", [38, 39])
def test_amounts_of_more_than_38_digits_are_wider_in_arrow(digits: int) -> None:
    rate = "9900%" if digits == 38 else "99900%"
    vast = rp.amortise(rp.Loan(9 * 10**23, rate, 1, "2024-01-10", every="year", decimals=12))
    assert len(str(vast.columns.payment[0])) == digits
    assert vast.to_arrow().schema.field("closing").type == (
        pa.decimal128(38, 12) if digits == 38 else pa.decimal256(76, 12)
    )


def test_money_paid_ahead_is_derived(plan: rp.Schedule) -> None:
    ahead = rp.prepay(plan, "1000", with_payment=3, hold="next")
    assert ahead.explain(4)["paid ahead"].value == Decimal("888.49")
    assert "paid ahead 111.51" in ahead.explain(5)["principal"].formula
    cheaper = rp.change_rate(ahead, "8%", payment=5)
    formula = cheaper.explain(6)["instalment"].formula
    assert "as if 177.62 had not been paid ahead" in formula
    assert cheaper[4].opening + Decimal("177.62") == Decimal("6788.42")
    assert "6,833.676" in formula  # 6,788.42 and a month at 8 %


@pytest.mark.parametrize(
    ("change", "row", "mark"),
    [
        (rp.changes.Deferral(4), 4, "skipped by change 1"),
        (rp.changes.Deferral(4, pause="principal"), 4, "skipped by change 1"),
        (rp.changes.Deferral(4, pause="interest"), 4, "its interest deferred by change 1"),
        (rp.changes.Deferral(4, scope="instalment"), 4, "moved by change 1"),
        (rp.changes.Deferral(4), 5, ""),
        (rp.changes.Deferral(4), 13, "the last, which pays the remainder"),
    ],
)
def test_a_row_says_what_became_of_its_instalment(
    plan: rp.Schedule, change: rp.changes.Change, row: int, mark: str
) -> None:
    explained = plan.then(change).explain(row)
    assert explained.mark == mark
    assert f"instalment {row}{mark and f', {mark}'}\n" in str(explained)


def test_the_documentation_states_the_equations_of_a_row() -> None:
    text = " ".join(str(rp.Row.__doc__).replace("`", "").split())
    for total in EQUATIONS:
        assert equation_in_words(total) in text, total


def test_columns_are_values_and_only_amounts_have_a_sum() -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    columns = plan.columns
    assert columns == pickle.loads(pickle.dumps(columns)) == copy.deepcopy(columns)
    assert hash(columns) == hash(copy.deepcopy(columns))
    assert columns != rp.prepay(plan, "1", with_payment=11).columns
    assert columns != dict(columns).keys()
    for name in rp.Row._fields[2:]:
        assert columns.total(name) == sum(columns.whole(name)) == int(columns[name].sum())
    for name in ("number", "date"):
        with pytest.raises(rp.errors.ChoiceError, match="opening"):
            columns.total(name)
