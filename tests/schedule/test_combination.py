"""Several schedules as one: sums by day, and one payment dealt out among them."""

from __future__ import annotations

import pickle
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.schedule import CombinedSchedule, combine
from tests.strategies.loans import changes_for, examples, plain_loans

#: The split loan of the requirement: 600,000 of a bank and 400,000 of a provident fund.
BANK = rp.Loan("600000", "3.1%", 360, "2024-01-10", currency="CNY")
FUND = rp.Loan("400000", "2.6%", 360, "2024-01-10", currency="CNY")
BOTH = combine([BANK, FUND], names=["bank", "fund"])
FIRST = rp.Loan("10000", "18%", 12, "2024-01-10")
LATER = rp.Loan("5000", "24%", 12, "2024-03-10")


def test_a_split_loan() -> None:
    """2,562.10 + 1,601.36 = 4,163.46, figures of the requirement."""
    assert [plan.instalment for plan in BOTH.schedules] == [Decimal("2562.10"), Decimal("1601.36")]
    assert BOTH.instalment == BOTH[0].payment == Decimal("4163.46")
    assert BOTH[0].opening == Decimal("1000000.00")
    assert len(BOTH) == BOTH.payments == 360
    assert BOTH[-1].closing == 0
    assert BOTH.largest_payment == Decimal("4163.46")
    assert BOTH.maturity == date(2054, 1, 10)
    assert BOTH.currency == "CNY"
    assert BOTH.part("fund") == BOTH.part(1) == rp.amortise(FUND)
    assert BOTH.payment_by_part["bank"][0] == Decimal("2562.10")


def test_a_loan_that_starts_later_is_lent_on_its_day() -> None:
    both = combine([FIRST, LATER])
    both.check()
    assert [row.number for row in both[:3]] == [1, 2, 3]
    assert both[0].opening == Decimal("10000.00")
    assert (both[1].date, both[1].advanced) == (date(2024, 3, 10), Decimal("5000.00"))
    assert both[2].payment == Decimal("916.80") + Decimal("472.80")
    between = combine([FIRST, rp.Loan("5000", "24%", 12, "2024-03-20")])
    assert between[2].number == between[2].payment == 0
    assert between[3].number == 3


@pytest.mark.parametrize(
    ("amount", "by", "parts"),
    [
        ("4163.46", "due", ("2562.10", "1601.36")),
        ("2000", "due", ("1230.76", "769.24")),  # 2,000 x 2,562.10 / 4,163.46 = 1,230.755...
        ("5000", "due", ("3064.05", "1935.95")),  # 836.54 more, by balances
        ("5000", "balance", ("3000.50", "1999.50")),
        ("2000", ["fund", "bank"], ("398.64", "1601.36")),
        ("2000", ["bank"], ("2000.00", "0.00")),
        ("5000", ["fund"], ("2562.10", "2437.90")),
        ("0.01", "due", ("0.01", "0.00")),
    ],
)
def test_one_payment_is_dealt_out(amount: str, by: Any, parts: tuple[str, str]) -> None:
    found = BOTH.allocate(amount, on="2024-02-10", by=by)
    assert tuple(found.values()) == tuple(map(Decimal, parts))
    assert list(found) == ["bank", "fund"]
    assert sum(found.values()) == Decimal(amount)


def test_between_due_dates_a_payment_repays_what_is_owed() -> None:
    found = BOTH.allocate("1000", on="2024-01-20")
    assert found == {"bank": Decimal("600.00"), "fund": Decimal("400.00")}


def test_a_statement_of_each_after_one_payment() -> None:
    parts = BOTH.allocate("2000", on="2024-02-10")
    stands = {
        name: rp.statement(BOTH.part(name), [rp.Receipt("2024-02-10", part)], as_of="2024-02-11")
        for name, part in parts.items()
    }
    overdue = sum(each.arrears.total for each in stands.values())
    assert overdue == BOTH.instalment - 2000


def test_it_is_a_value() -> None:
    assert pickle.loads(pickle.dumps(BOTH)) == BOTH
    assert CombinedSchedule.from_json(BOTH.to_json()) == BOTH
    assert hash(BOTH) == hash(combine([BANK, FUND], names=["bank", "fund"]))
    assert combine([BANK, FUND]) != BOTH
    assert BOTH != 1
    with pytest.raises(AttributeError):
        BOTH.names = ()
    assert repr(BOTH).startswith("<CombinedSchedule of bank, fund: 360 rows to 2054-01-10")
    assert (pickle.loads(pickle.dumps(BOTH.columns))["payment"] == BOTH.columns["payment"]).all()


def test_it_prints_what_each_takes() -> None:
    lines = str(BOTH).splitlines()
    head = next(line for line in lines if line.startswith("no"))
    names = ["no", "date", "payment", "bank", "fund", "closing", "interest"]
    assert head.split()[:7] == names
    assert any("4,163.46    2,562.10    1,601.36" in line for line in lines)
    assert all(len(line) <= 88 for line in lines)
    assert "bank" in BOTH._repr_html_()
    assert BOTH.terms(lang="zh").startswith("bank：本金600,000.00元")
    assert "期次" in BOTH.to_text(lang="zh")
    assert BOTH.to_csv().splitlines()[1].startswith("1,2024-02-10,1000000.00,4163.46,2416.67")
    assert BOTH.to_pandas()["payment"].sum() == BOTH.total_paid
    assert BOTH.to_arrow().num_rows == 360


BOOK = rp.Portfolio(principal=["10000"], rate=["12%"], payments=[12], start="2024-01-10")


@pytest.mark.parametrize(
    ("call", "parameter", "text"),
    [
        (lambda: combine([]), "plans", "one schedule or more"),
        (lambda: combine(FIRST), "plans", "write rp.schedule.combine([plan, other])"),  # type: ignore[arg-type]  # is refused
        (lambda: combine(BOOK), "plans", "write book.loan(0) or plan.row(0)"),  # type: ignore[arg-type]  # is refused
        (lambda: combine([FIRST, BOOK]), "plans[1]", "write book.loan(0)"),  # type: ignore[list-item]  # is refused
        (lambda: combine([FIRST, BANK]), "plans[1]", "XXX with 2 decimals, as the first"),
        (lambda: combine([FIRST, FIRST]), "plans[1]", "for two with the same terms"),
        (lambda: combine([FIRST, LATER], names=["a"]), "names", "2 names, one a schedule"),
        (lambda: combine([FIRST, LATER], names=["a", "a"]), "names", "names that differ"),
        (lambda: combine([FIRST, LATER], names=["a", " "]), "names[1]", "a text"),
        (lambda: BOTH.allocate("0", on="2024-02-10"), "amount", "above zero"),
        (lambda: BOTH.allocate("2e6", on="2024-02-10"), "amount", "at most 1,002,416.67, which is owed"),
        (lambda: BOTH.allocate("1", on="2024-01-09"), "on", 'write on="2024-02-10"'),
        (lambda: BOTH.allocate("1", on="2054-01-11"), "on", "to the end, 2054-01-10"),
        (lambda: BOTH.allocate("1", on="2024-02-10", by="dues"), "by", '"due", "balance"'),
        (lambda: BOTH.allocate("1", on="2024-02-10", by=["x"]), "by", '"bank", "fund"'),
        (lambda: BOTH.part("x"), "which", '"bank", "fund"'),
        (lambda: rp.measures.shared_cost(BOTH), "schedule", "write combined.part(0)"),  # type: ignore[arg-type]  # is refused
        (lambda: rp.refinance(BOTH, BANK, on="2024-05-10"), "plans", "write combined.schedules"),  # type: ignore[arg-type]  # is refused
        (lambda: rp.defer(BOTH, payment=1), "schedule", "write combined.part(0)"),  # type: ignore[call-overload]  # is refused
        (lambda: CombinedSchedule.from_dict({**BOTH.to_dict(), "version": 2}), "version", "1, the version"),
        (lambda: CombinedSchedule.from_dict({**BOTH.to_dict(), "names": "x"}), "names", "a list"),
        (lambda: CombinedSchedule.from_dict({**BOTH.to_dict(), "schedules": [1, 2]}), "schedules[0]", "dictionary"),
    ],
)  # fmt: skip
def test_refusals(call: Any, parameter: str, text: str) -> None:
    with pytest.raises(rp.RepayError) as caught:
        call()
    assert caught.value.parameter.startswith(parameter)
    assert text in str(caught.value)


def test_the_same_terms_twice_have_names() -> None:
    twins = combine([FIRST, FIRST], names=["one", "other"])
    assert twins.total_paid == 2 * rp.amortise(FIRST).total_paid


# -- laws ---------------------------------------------------------------------------------


@st.composite
def combinations(draw: st.DrawFn) -> CombinedSchedule:
    """Two or three ordinary loans in one currency, one of them changed."""
    loans = draw(st.lists(plain_loans(), min_size=1, max_size=3))
    alike = [loan for loan in loans if loan.currency == loans[0].currency]
    plans = [rp.amortise(loan) for loan in alike]
    with suppress(rp.RepayError):  # the change is not possible
        plans[0] = plans[0].then(draw(changes_for(plans[0])))
    return combine(plans, names=[f"{place}" for place in range(len(plans))])


@settings(max_examples=examples(150))
@given(combinations())
def test_rows_conserve_and_add_up(both: CombinedSchedule) -> None:
    both.check()
    for name in ("payment", "interest", "principal", "fee", "tax", "accrued", "waived", "net"):
        total = sum(sum(plan.columns[name].tolist()) for plan in both.schedules)
        first = min(plan.loan.start for plan in both.schedules)
        later = [plan for plan in both.schedules if plan.loan.start > first]
        lent = sum(plan.columns["opening"][0].item() for plan in later) if name == "net" else 0
        assert sum(both.columns[name].tolist()) == total - lent
    assert [row.payment for row in both] == [
        sum(parts) for parts in zip(*both.payment_by_part.values(), strict=True)
    ]
    assert [row.date for row in both] == sorted({row.date for row in both})
    assert sum(row.payment for row in both) == both.total_paid
    assert CombinedSchedule.from_dict(both.to_dict()) == both


@settings(max_examples=examples(150))
@given(combinations(), st.data())
def test_the_parts_of_a_payment_add_up(both: CombinedSchedule, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(both.rows))
    day = row.date + timedelta(days=data.draw(st.integers(-3, 3)))
    by: Any = data.draw(
        st.sampled_from(["due", "balance", list(both.names), list(both.names[::-1])])
    )
    amount = Decimal(data.draw(st.integers(1, 10**6))).scaleb(-both.decimals)
    try:
        parts = both.allocate(amount, on=day, by=by)
    except rp.RepayError:  # less is owed, or the day is outside
        reject()
    assert sum(parts.values()) == amount
    assert all(part >= 0 for part in parts.values())
    assert set(parts) == set(both.names)


@settings(max_examples=examples(100))
@given(plain_loans())
def test_one_schedule_is_itself(loan: rp.Loan) -> None:
    plan = rp.amortise(loan)
    alone = combine([plan])
    assert sum(row.payment for row in alone) == plan.total_paid
    if len({row.date for row in plan}) == len(plan):
        unnumbered = [row._replace(number=0) for row in alone]
        assert unnumbered == [row._replace(number=0) for row in plan]
