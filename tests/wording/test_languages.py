"""What prints, prints in each language: the same figures, and no English in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
import repaylib.wording
from repaylib.output.tables import Printed
from repaylib.output.widths import width_of
from repaylib.typing import Lang
from repaylib.wording.sentence import Worded, parse_language
from tests.strategies.loans import changed, examples, rich_loans

LOAN = rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY")
PLAN = rp.amortise(LOAN)
DEFERRED = rp.defer(PLAN, payment=4)
#: Latin letters that stand in Chinese: codes of currencies, and names of rules.
KNOWN = re.compile(r"(?<![A-Za-z])(CNY|LPR)(?![A-Za-z])|《Z条例》")

PAID = [
    rp.Receipt("2024-02-10", "888.49"),
    rp.Receipt("2024-03-25", "900", id="17"),
    rp.arrears.Charge("2024-04-01", "25", "costs", name="诉讼费"),
    rp.arrears.Waiver("2024-04-20", of="penalty", share="50%"),
]
OWED = rp.statement(
    LOAN, PAID, as_of="2024-05-20", penalty=rp.PenaltyTerms("1.5", late_fee="10", on_interest=True)
)
AGREED = rp.renegotiate(OWED, payments=15, breach=rp.arrears.Breach(days=30))

COMPARED = rp.compare(
    PLAN, DEFERRED, rp.defer(PLAN, payment=4), rp.reschedule(PLAN, 15, payment=4), affordable="700"
)

PRINTED: dict[str, Worded] = {
    "comparison": COMPARED,
    "cost sheet": rp.measures.cost_sheet(
        rp.Loan(
            *("10000", "12%", 12, "2024-01-10"),
            currency="CNY",
            fees=[rp.Fee("1%", collected="deducted"), rp.Fee("30", when="late")],
            fee_tax="6%",
        )
    ),
    "readings": rp.readings(PLAN, payment=12),
    "caps": rp.measures.cap_report(
        LOAN, [rp.measures.Cap("24%", "24%"), *rp.measures.known_caps("CN", on="2024-01-10")]
    ),
    "statement": OWED,
    "account": OWED.account,
    "journal": rp.measures.journal(OWED),
    "balances": OWED.balances,
    "arrangement": AGREED,
    "breach": AGREED.if_breached(2),
    "loan": LOAN,
    "schedule": DEFERRED,
    "settlement": rp.settle(PLAN, on="2024-07-20", fee="1%"),
    "derivation of a skipped date": DEFERRED.explain(4),
    "derivation of a payment": DEFERRED.explain(5),
    "derivation of a figure": DEFERRED.explain(5)["instalment"],
    "settlement of a part": rp.settle(PLAN, on="2024-07-20", amount="1000"),
    "refinancing": rp.refinance(
        [
            rp.Debt(LOAN, lender="银行", arrears="100"),
            rp.Debt("500", rate="18%", minimum="50", lender="信用卡", currency="CNY"),
        ],
        on="2024-04-20",
        rate="8%",
        payments=24,
        cash="300",
        fees=["1%", rp.Fee("20", collected="deducted")],
    ),
    "refinancing that pays out": rp.refinance(
        rp.Debt(LOAN, lender="银行"), rp.Loan("9000", "12%", 6, "2024-04-10", currency="CNY")
    ),
    "combination": rp.schedule.combine([LOAN, DEFERRED], names=["甲", "乙"]),
}


def changes() -> Iterator[Worded]:
    """A change of each kind."""
    yield rp.changes.Deferral(payment=4, interest="waive", hold="maturity")
    yield rp.changes.RateChange("8%", payment=4)
    yield rp.changes.Prepayment("500", with_payment=4)
    yield rp.changes.Rescheduling(15, payment=4)
    yield rp.changes.EarlySettlement(on="2024-07-20", fee="3 months")


def numbers(text: str) -> list[str]:
    """The amounts with decimals in a text, in order."""
    return sorted(re.findall(r"\d[\d,]*\.\d\d", text))


@pytest.mark.parametrize("name", PRINTED)
def test_what_prints_is_chinese_with_the_same_amounts(name: str) -> None:
    value = PRINTED[name]
    chinese = value.to_text(lang="zh")
    assert value.to_text() == str(value) == value.to_text(lang="en")
    assert re.search("[一-鿿]", chinese)
    assert not re.search("[A-Za-z]", KNOWN.sub("", chinese)), chinese
    assert numbers(chinese) == numbers(str(value))
    if isinstance(value, Printed):
        page = value.to_html(lang="zh")
        bare = re.sub(r"<[^>]*>", " ", page)
        assert not re.search("[A-Za-z]", KNOWN.sub("", bare)), bare
        assert value.to_html() == value._repr_html_() != page


def test_a_statement_explains_itself_in_chinese() -> None:
    chinese = OWED.explain(lang="zh")
    assert not re.search("[A-Za-z]", chinese), chinese
    assert numbers(chinese) == numbers(OWED.explain())
    lines = chinese.split("\n")
    assert lines[0] == f"2024年5月20日欠款：{OWED.balances.total:,f}"
    assert "    本金796.37" in lines


@pytest.mark.parametrize("change", list(changes()), ids=lambda change: type(change).__name__)
def test_changes_are_chinese(change: Any) -> None:
    for said in (change, change.label):
        text = parse_language("zh").render(said)
        assert text != str(said)
        assert not re.search("[A-Za-z]", text), text


def test_a_table_with_wide_characters_is_aligned() -> None:
    table = DEFERRED.to_text(lang="zh").split("\n\n")[-1].split("\n")
    assert {width_of(line) for line in table if "---" in line} == {width_of(table[1])}
    assert all(width_of(line) <= width_of(table[1]) for line in table)
    assert width_of(table[0]) == width_of(table[1]) == width_of(table[2])


def test_terms_are_in_the_language_asked_for() -> None:
    assert DEFERRED.terms(lang="zh") == (
        "本金10,000.00元，自2024年1月10日起计息，年利率12%；等额本息，每月一期，共12期，首期还款日为"
        "2024年2月10日\n"
        "1. （2024年4月10日）第4期（2024年5月10日）暂停还款；期间利息照常计收，与下一期还款一并支付；"
        "剩余期数不变，自第4期起的各期还款日依次推后1个月，到期日相应推后"
    )
    assert DEFERRED.terms() == DEFERRED.terms(lang="en")


@pytest.mark.parametrize("lang", ["de", "中文", None, 1])
def test_other_languages_are_refused(lang: Any) -> None:
    for call in (DEFERRED.terms, DEFERRED.to_text, DEFERRED.to_html, LOAN.to_text):
        with pytest.raises(rp.errors.ChoiceError, match="lang"):
            call(lang=lang)
    assert set(get_args(Lang)) == {"en", "zh"}


@settings(max_examples=examples(60), deadline=None)
@given(changed(rich_loans(), most=4), st.data())
def test_every_row_is_derived_in_chinese(plan: rp.Schedule, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(plan.rows))
    told = plan.explain(row)
    chinese = told.to_text(lang="zh")
    named = {fee.name for fee in plan.loan.fees if fee.name} | {plan.loan.currency}
    for name in named:
        chinese = chinese.replace(name, "")
    assert not re.search("[A-Za-z]", KNOWN.sub("", chinese)), chinese
    assert len(chinese.split("\n")) == len(str(told).split("\n"))
    for figure in told.figures:
        assert f"：{figure.value:,f}" in figure.to_text(lang="zh")
        assert [amount for _, amount in figure.terms] == [amount for _, amount in figure.parts]


@pytest.mark.parametrize("lang", get_args(Lang))
def test_no_key_stands_in_two_files_of_a_language(lang: str) -> None:
    folder = Path(repaylib.wording.__path__[0])
    parts = [path.stem.partition("_")[2] for path in folder.glob(f"{lang}_*.py")]
    catalogues = [import_module(f"repaylib.wording.{lang}").TERMS]
    for part in parts:
        module = import_module(f"repaylib.wording.{lang}_{part}")
        catalogues.append(getattr(module, part.upper(), {}))
    assert sum(map(len, catalogues)) == len(parse_language(lang).texts)


def test_a_comparison_names_its_plans_by_their_changes() -> None:
    chinese = COMPARED.to_text(lang="zh")
    for name in ("原约定", "延期还款", "延期还款 (2)", "重新分15期"):
        assert f"\n{name} " in chinese
    assert "单期最低：重新分15期，最高548.92" in chinese
    sheet = COMPARED.sheet(lang="zh")
    assert not re.search("[A-Za-z]", sheet), sheet
    assert numbers(sheet) == numbers(COMPARED.sheet())
    own = rp.compare(PLAN, DEFERRED, names=["as agreed", "plan B"])
    assert "\nas agreed " in own.to_text(lang="zh")  # what was given stays as it is
