"""One agreement over several debts."""

from __future__ import annotations

import json
import pickle
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.documents import CombinedAgreement
from repaylib.schedule import CombinedSchedule, combine
from tests.strategies.loans import examples

HOME = rp.Loan("60000", "12%", 12, "2024-01-10", currency="CNY")
CAR = rp.Loan("20000", "18%", 12, "2024-02-10", currency="CNY")
NAMES = ["home", "car"]
LONGER = combine([rp.reschedule(loan, 12, on="2024-05-10") for loan in (HOME, CAR)], names=NAMES)
OPTIONS: dict[str, Any] = {
    "parties": {"lender": "Bank", "borrower": "Chen Yu"},
    "penalty": rp.PenaltyTerms("1.5"),
    "breach": rp.arrears.Breach(days=30),
    "settlement_fee": "0",
}
PAPER = rp.agreement(LONGER, **OPTIONS)


def test_sums_and_each_debt() -> None:
    """40,790.53 + 15,329.85 = 56,120.38 owed, 43,490.27 + 16,865.30 = 60,355.57 paid."""
    assert PAPER.on == date(2024, 5, 10)
    assert PAPER.total == sum(part.total for part in PAPER.parts) == Decimal("60355.57")
    balance = PAPER["balance"].figures
    assert balance["total"] == Decimal("56120.38")
    assert balance["debts"]["home"]["total"] == Decimal("40790.53")
    paid = PAPER["instalments"].figures
    assert (paid["count"], paid["last"]) == (12, date(2025, 5, 10))
    assert paid["debts"]["car"]["final_payment"] == Decimal("1405.46")
    text = PAPER.to_text()
    assert "home    40,790.53  40,790.53" in text
    assert "1   2024-06-10   3,624.19   1,405.44   5,029.63  51,728.61" in text
    assert "total       43,490.27  16,865.30  60,355.57" in text
    assert "This agreement is about 2 debts: home, car." in text


def test_each_debt_is_written_as_by_itself() -> None:
    for name, plan in zip(NAMES, LONGER.schedules, strict=True):
        alone = rp.agreement(plan, on="2024-05-10", **OPTIONS)
        assert PAPER.part(name) == alone
        for key in ("balance", "instalments", "reading", "accrual", "fees", "breach", "early"):
            assert alone[key].text in PAPER[key].text


def test_what_is_common_stands_once() -> None:
    text = PAPER.to_text()
    assert text.count("Lender: Bank") == 2  # a party, and a place to sign
    assert text.count("Both sides get a copy.") <= 1
    assert PAPER["duties"] == PAPER.parts[0]["duties"]
    assert "18% a year" in PAPER["late"].text  # 1.5 x 12 %
    assert "27% a year" in PAPER["late"].text
    assert len(PAPER.missing()) == len(PAPER.parts[0].missing())
    assert rp.agreement(LONGER).missing() == rp.agreement(LONGER.part(0), on="2024-05-10").missing()


def test_in_chinese_and_stored() -> None:
    paper = PAPER.translated("zh")
    assert (
        "本协议涉及2笔欠款：home、car。未指明某一笔的约定，对各笔均适用。"
        in paper.to_text().replace("\n", "")
    )
    assert "各笔合计：共12次还款" in paper["instalments"].text
    assert paper.translated("en") == PAPER
    stored = json.loads(PAPER.to_json())
    assert stored["format"] == "repaylib.combined_agreement"
    assert CombinedSchedule.from_dict(stored["combination"]) == LONGER
    assert stored["items"][2]["figures"]["debts"]["car"]["total"] == "15329.85"
    assert PAPER.combined == LONGER
    assert pickle.loads(pickle.dumps(PAPER)) == PAPER
    assert repr(PAPER).startswith("<CombinedAgreement (en) of home, car from 2024-05-10, 60,355.57")
    assert "<table" in PAPER.to_html()
    assert "| 1 | 2024-06-10 |" in PAPER.to_markdown()


def test_objections_name_the_debt() -> None:
    paper = rp.agreement(LONGER, limits="art_70", dated="2024-05-11")
    assert paper.objections()[0].startswith("home: ")
    assert any(each.startswith("car: ") for each in paper.objections())


def test_the_day_is_one_for_all() -> None:
    one = combine([rp.defer(HOME, payment=5), rp.amortise(CAR)], names=NAMES)
    paper = rp.agreement(one, **OPTIONS)
    assert {part.on for part in paper.parts} == {date(2024, 5, 10)}
    agreed = rp.agreement(combine([HOME, CAR], names=NAMES))
    assert agreed.on == date(2024, 2, 10)  # when the later of them begins
    later = rp.agreement(one, on="2024-06-10")
    assert later.on == date(2024, 6, 10)


def test_before_is_a_combination_too() -> None:
    before = combine([rp.change_rate(HOME, "10%", payment=3), CAR], names=NAMES)
    after = combine([rp.defer(before.part(0), payment=5), rp.amortise(CAR)], names=NAMES)
    paper = rp.agreement(after, before=before)
    assert paper.part("home")["reading"].figures["difference"] > 0


@pytest.mark.parametrize(
    ("call", "parameter", "text"),
    [
        (lambda: rp.agreement(LONGER, statement=rp.statement(HOME, [], as_of="2024-05-10")), "statement", "for each"),  # type: ignore[call-overload]  # is refused
        (lambda: rp.agreement(LONGER, before=rp.amortise(HOME)), "before", "home, car"),  # type: ignore[call-overload]  # is refused
        (lambda: rp.agreement(LONGER, before=combine([HOME, CAR])), "before", "home, car"),
        (lambda: rp.agreement(LONGER, before=combine([CAR, HOME], names=NAMES)), "before", "first changes"),
        (lambda: rp.agreement(LONGER.part(0), before=LONGER), "before", "write before=combined.part(0)"),  # type: ignore[call-overload]  # is refused
        (lambda: rp.agreement(LONGER, on="2024-01-20"), "on", "a day from the start, 2024-02-10"),
        (lambda: PAPER.part("x"), "which", '"home", "car"'),
        (lambda: rp.agreement([HOME, CAR]), "schedule", "or rp.schedule.combine(plans)"),  # type: ignore[call-overload]  # is refused
    ],
)  # fmt: skip
def test_refusals(call: Any, parameter: str, text: str) -> None:
    with pytest.raises(rp.RepayError) as caught:
        call()
    assert caught.value.parameter == parameter
    assert text in str(caught.value)


def test_an_error_says_of_which_debt() -> None:
    with pytest.raises(rp.RepayError) as caught:
        rp.agreement(LONGER, on="2024-01-20")
    assert caught.value.__notes__ == ["of car"]


@settings(max_examples=examples(30))
@given(
    st.lists(st.tuples(st.integers(2, 30), st.integers(0, 30)), min_size=1, max_size=3),
    st.integers(0, 400),
)
def test_sums_by_day_are_those_of_the_debts(terms: list[tuple[int, int]], days: int) -> None:
    plans = [rp.Loan("1000", f"{rate}%", count, "2024-01-10") for count, rate in terms]
    both = combine(plans, names=[f"{place}" for place in range(len(plans))])
    day = min(
        date(2024, 1, 10).toordinal() + days,
        min(p.maturity for p in both.schedules).toordinal() - 1,
    )
    paper = rp.agreement(both, on=date.fromordinal(day))
    assert isinstance(paper, CombinedAgreement)
    figures = paper["instalments"].figures
    assert figures["total"] == sum(row.payment for row in both if row.date.toordinal() > day)
    owed = sum(part["balance"].figures["total"] for part in paper.parts)
    assert paper["balance"].figures["total"] == owed
