"""The Chinese of papers and pages: one word for one thing, no English, amounts with their decimals."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.money.amounts import decimals_of
from repaylib.output.line_breaks import wrapped
from repaylib.wording.sentence import parse_language
from repaylib.wording.zh import CURRENCIES
from tests.documents.test_agreements import OTHERS, arrangements
from tests.strategies import loans as strategies
from tests.strategies.loans import examples

#: Words of which another stands for the same thing, and that other word.
SUPERSEDED = {
    "逾期利息": "欠付利息", "逾期罚息": "欠付罚息", "逾期费用": "欠付费用", "延付利息": "递延利息",
    "待付利息": "未付递延利息余额", "滞纳金": "逾期违约金", "逾期手续费": "逾期违约金",
    "提前还款手续费": "提前还款违约金", "担保人": "保证人", "贷款方": "贷款机构", "收取方为": "收取主体为",
    "放款": "发放贷款", "再借出": "追加发放贷款", "基准利率": "定价基准", "利率变更": "利率调整",
    "减低": "降低", "重新偿还": "重新分期", "清偿顺序": "冲抵顺序", "抵充": "冲抵", "冲减": "冲抵",
    "新增授信": "申领信用卡", "申请新的信用卡": "申领信用卡", "按期付息": "先息后本",
    "利随本清": "到期一次还本付息", "不足整期": "不足一期", "按整期": "按期", "取整": "进一法", "舍去尾数": "去尾法",
    "再无欠款": "即告全部结清", "准确为": "以此金额为准", "搁置": "暂缓偿还", "停息挂账": "暂缓偿还",
    "视为": "构成", "恢复应付": "补付", "无本协议": "未签本协议", "约定内容的文字说明": "还款安排说明",
    "此方案": "本方案", "能够稳定支付": "每月可还款额", "税费": "税款", "利息税率": "利息另计税款", "预留": "备用金", "可用于还款": "每月可还款额",
    "末期还款日": "最后一期还款日", "随附材料": "附件", "贵方可获得": "贵方可收回", "各该": "当期",
    "退减": "退费", "折算至": "折现至",
    "每季一": "每季度一", "节省利息": "少付利息", "优惠期": "上述期限",
    "由最后一期承担": "并入最后一期",
}  # fmt: skip
#: Of these only one use is right: the rate of the accounting standards, and days that are no workdays.
ONLY = {"实际利率": "原借款的实际利率", "顺延": "顺延至下一工作日"}
#: Latin letters that stand in Chinese: the loan prime rate, and Regulation Z of the United States.
KNOWN = re.compile(r"LPR|《Z条例》")
AMOUNT = re.compile(rf"(\d[\d,]*(?:\.\d+)?) ?({'|'.join([*CURRENCIES.values(), '[A-Z]{3}'])})")
NAMES: dict[str, Any] = {
    "parties": {"lender": "某消费金融公司", "borrower": "陈雨", "guarantor": "李明"}
}


def check_words(text: str) -> None:
    """Refuse words of which another stands for the same thing."""
    flat = text.replace("\n", "")
    found = {old: new for old, new in SUPERSEDED.items() if old in flat}
    assert not found, found
    for word, only in ONLY.items():
        assert flat.count(word) == flat.count(only), (word, flat)


def check_paper(paper: rp.documents.Agreement | rp.documents.Letter, loan: rp.Loan) -> None:
    """Refuse a paper with other words, with English, or with amounts that lack decimals."""
    text = paper.to_text(10_000)
    check_words(text)
    if loan.decimals == decimals_of(loan.currency):
        for amount, _ in AMOUNT.findall(text):
            assert len(amount.partition(".")[2]) == loan.decimals, (amount, loan.currency)
    bare = KNOWN.sub("", text).replace(loan.currency, "")
    assert not re.search("[A-Za-z]", bare), re.findall(".*[A-Za-z].*", bare)
    assert not re.search(r"[一-鿿][,;:?!]|None|。。|，。|；；|，，|。；|；。", text), text


@given(
    strategies.changed(
        st.one_of(strategies.plain_loans(), strategies.rich_loans(), strategies.dated_loans())
    ),
    strategies.penalty_terms(),
    strategies.allocations(),
    st.sampled_from(
        ["0", "1%", "50", "3 months", rp.terms.SettlementFee({0: "3%", 12: "1 month"})]
    ),
    st.booleans(),
)
@settings(max_examples=examples(60))
def test_papers_of_every_deal_are_chinese(
    plan: rp.Schedule, penalty: rp.PenaltyTerms, order: rp.Allocation, fee: Any, card: bool
) -> None:
    paper = rp.agreement(
        plan, lang="zh", **NAMES, circumstances="单位缩减工时。", penalty=penalty, allocation=order,
        breach=rp.arrears.Breach(days=30, instalments=2, reinstates="forgiven"), settlement_fee=fee,
        no_new_credit=not card, card=card, dated=plan.maturity, pay_to="账户。",
        limits=rp.Limits(months=1, rate="99%", extension="personal"),
    )  # fmt: skip
    check_paper(paper, plan.loan)
    for each in paper.objections():
        check_words(each)
        assert not re.search("[A-Za-z]", re.sub(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])", "", each)), (
            each
        )
    before = rp.amortise(plan.loan)
    asks = rp.letter(
        before, proposal=None if plan == before else plan, lang="zh", **NAMES,
        recovery=None if plan == before else "40%",
        budget=rp.Budget(["4200", "4150"], "3350", "250"), circumstances="单位缩减工时。",
    )  # fmt: skip
    check_paper(asks, plan.loan)


@given(arrangements())
@settings(max_examples=examples(30))
def test_papers_over_arrears_are_chinese(chain: rp.arrears.Arrangement) -> None:
    paper = rp.agreement(chain, lang="zh", **NAMES, circumstances="单位缩减工时。")
    check_paper(paper, chain.schedule.loan)
    asks = rp.letter(
        chain.latest.before, proposal=chain, lang="zh", **NAMES, circumstances="单位缩减工时。"
    )
    check_paper(asks, chain.schedule.loan)


@pytest.mark.parametrize("change", OTHERS, ids=str)
def test_papers_of_every_change_are_chinese(change: Any) -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY")
    plan = rp.amortise(loan)
    try:
        plan = plan.then(change)
    except rp.RepayError:
        plan = rp.defer(plan, payment=2, periods=2).then(change)
    check_paper(rp.agreement(plan, lang="zh", **NAMES, circumstances="单位缩减工时。"), loan)


def test_a_card_asks_for_the_promise_and_names_its_holder() -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY"))
    paper = rp.agreement(plan, lang="zh", **NAMES, card=True, no_new_credit=False)
    assert "借款人（持卡人）：陈雨" in paper["parties"].text
    (objection,) = paper.objections()
    assert "不申领信用卡的承诺" in objection
    assert "第七十条第（四）项" in objection
    assert rp.agreement(plan, no_new_credit=False).objections() == ()
    fee = rp.Fee("1%", collected="financed")
    with_fee = rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY", fees=[fee])
    (objection,) = rp.agreement(with_fee, lang="zh", card=True, no_new_credit=True).objections()
    assert "100.00元转入本金" in objection
    assert rp.agreement(with_fee, lang="zh").objections() == ()


def test_pages_use_one_word_for_one_thing() -> None:
    """Names that are read, of methods and of columns, and what a page is searched by, may be other words."""
    source = Path(rp.__file__).parent
    read = {"methods.py", "column_names.py"}
    pages = [each for each in source.rglob("*.py") if each.name not in read]
    docs = Path(__file__).parents[2] / "docs"
    pages += [*docs.rglob("*.rst")]
    for page in pages:
        text = re.sub("(?m)^   :and: .*$", "", page.read_text(encoding="utf-8"))
        text = text.replace("应交税费", "")  # the name of an account in the chart of accounts
        found = {old: new for old, new in SUPERSEDED.items() if old in text}
        assert not found, (page.name, found)


def test_lines_break_nowhere_within_a_figure_a_day_or_a_short_word() -> None:
    text = (
        "按中国人民银行公告〔2021〕第3号计算，第4、5期和第14至第16期（2024年5月10日）依次推后1个半月，"
        "合计8,072.50元（大写：人民币捌仟元整），币种：人民币，加300个基点（3个百分点），5.00 KWD，即告结清。"
    )
    kept = [
        "〔2021〕", "第3号", "第4、5期", "第14", "第16期", "（2024年5月10日）", "1个半月", "8,072.50元",
        "（大写：", "币种：", "300个基点", "3个百分点", "5.00 KWD", "结清。",
    ]  # fmt: skip
    for width in range(24, 80):
        lines = wrapped(text, width).split("\n")
        for word in kept:
            assert sum(line.count(word) for line in lines) == text.count(word), (word, lines)


def test_capitalised_interest_recalculates_the_instalment() -> None:
    """8,076.36 left at 897.40 is another payment than 888.49, so the clause says so."""
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY"))
    said = rp.defer(plan, payment=4, repay="capitalise").terms(lang="zh")
    assert said.endswith("到期日相应推后；每期还款额重新计算")
    unchanged: list[dict[str, Any]] = [{"repay": "now"}, {"repay": "next"}]
    for words in [*unchanged, {"repay": "capitalise", "interest": "waive"}]:
        same = rp.defer(plan, payment=4, **words)
        assert same.rows[-1].payment == plan.rows[-1].payment
        assert "重新计算" not in same.terms(lang="zh")
    bullet = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", method="interest_only"))
    assert "重新计算" not in rp.defer(bullet, payment=4, repay="capitalise").terms(lang="zh")


def test_a_late_fee_is_for_late_payments_alone() -> None:
    for fee, said in (
        ("30", "任何一期逾期的，就该期另收取逾期违约金30。"),
        ("5%", "任何一期逾期的，另按该期逾期款项的5%收取逾期违约金。"),
    ):
        assert rp.PenaltyTerms(late_fee=fee).to_text(lang="zh") == said
    short = parse_language("zh").render(rp.PenaltyTerms("1.5", late_fee="30").standard_sentence())
    assert short.endswith("；逾期的，每期另收取逾期违约金30")


def test_fees_without_tax_are_not_said_to_include_it() -> None:
    for fee_tax, said in (("0%", "费用60.00元按"), ("6%", "费用63.60元（含税）按")):
        fee = rp.Fee("5", when="instalment")
        loan = rp.Loan(
            "10000", "12%", 12, "2024-01-10", currency="CNY", fees=[fee], fee_tax=fee_tax
        )
        paper = rp.agreement(loan, lang="zh", rule="cn_simple")
        assert said in paper["accrual"].text
        assert ("含税" in paper["accrual"].text) == (fee_tax != "0%")
        assert ("taxes included" in paper.translated("en")["accrual"].text) == (fee_tax != "0%")
