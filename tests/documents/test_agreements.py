"""The written agreement: every item, exact figures, in both languages and all forms."""

from __future__ import annotations

import json
import pickle
import re
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from html.parser import HTMLParser
from itertools import pairwise, product
from typing import Any, get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.arrears.arrangement import FOR_PRINCIPAL, PARTS_OF_ARREARS
from repaylib.changes.base import KINDS, Change
from repaylib.changes.change_wording import Effect
from repaylib.documents.agreed_figures import owed_on
from repaylib.documents.clause_balances import reconcile_principal
from repaylib.documents.clauses import CLAUSES
from repaylib.documents.layout import Sheet
from repaylib.documents.terms_in_force import amounts_in
from repaylib.output.line_breaks import wrapped
from repaylib.output.page import text_table
from repaylib.output.widths import width_of
from repaylib.schedule.change_log import amount_of
from repaylib.schedule.rows import rows_in_money
from repaylib.terms.fees import Fee
from repaylib.terms.loan_wording import loan_sentence
from repaylib.terms.methods import METHODS
from repaylib.typing import (
    DeferralBase,
    DeferralInterest,
    FeeTime,
    Hold,
    Lang,
    Method,
    Pause,
    Repay,
    Scope,
    Treatment,
)
from repaylib.wording.sentence import parse_language
from repaylib.wording.zh_numerals import capitals
from tests.strategies import loans as strategies
from tests.strategies.loans import examples

LANGS: tuple[Lang, ...] = get_args(Lang)
YUAN = rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY")
PLAN = rp.amortise(YUAN)
PARTIES = {
    "lender": rp.Party("Bank", "lender", address="1 High Street"),
    "borrower": rp.Party("Chen Yu", "borrower", contact="555-0100"),
}
FULL: dict[str, Any] = {
    "parties": PARTIES,
    "dated": "2024-04-08",
    "circumstances": "Out of work since March.",
    "penalty": rp.PenaltyTerms("1.5"),
    "allocation": rp.Allocation.civil_code(),
    "breach": rp.arrears.Breach(days=30),
    "settlement_fee": "0",
    "no_new_credit": True,
    "card": True,
    "pay_to": "Account 123 of the Bank.",
    "reporting": "As performing.",
}


def wrong(value: object) -> Any:
    """Return a value of a wrong type, on purpose."""
    return value


class Page(HTMLParser):
    """Reads a page, and refuses one whose tags do not match."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.tables: list[list[list[str]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.open and self.open[-1] in ("td", "th"):
            self.tables[-1][-1][-1] += data


def instalments_in(tables: list[list[list[str]]], lang: Lang) -> list[list[str]]:
    """Return the rows of the table of instalments, of which a page has parts one after the other."""
    words = {"en": ("no", "date"), "zh": ("期次", "还款日")}[lang]
    parts = [table for table in tables if tuple(table[0][:2]) == words]
    return [
        [*rows[0][:2], *(cell for row in rows for cell in row[2:])]
        for rows in zip(*parts, strict=True)
    ]


def tables_of_markdown(text: str) -> list[list[list[str]]]:
    """Read the tables of a Markdown document."""
    tables: list[list[list[str]]] = [[]]
    for line in text.split("\n"):
        if line.startswith("| "):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                tables[-1].append([cell.strip("*").replace("\\", "") for cell in cells])
        elif tables[-1]:
            tables.append([])
    return [table for table in tables if table]


def tables_of_text(text: str) -> list[list[list[str]]]:
    """Read the tables of a text document: columns under one another, names of several lines."""
    found = []
    for block in text.split("\n\n"):
        lines = block.split("\n")
        rules = [place for place, line in enumerate(lines) if re.fullmatch(r"-+( {1,2}-+)*", line)]
        if not rules or len(lines) < 3 or not rules[0]:
            continue
        places = [rule.span() for rule in re.finditer("-+", lines[rules[0]])]
        names = [_cut(line, places) for line in lines[: rules[0]]]
        header = [
            "".join(" " * (bool(name) and name.isascii()) + name for name in column).strip()
            for column in zip(*names, strict=True)
        ]
        rows = [_cut(line, places) for line in lines[rules[0] :] if not line.startswith("--")]
        found.append([header, *rows])
    return found


def _cut(line: str, places: list[tuple[int, int]]) -> list[str]:
    spread = "".join(each + "\0" * (width_of(each) - 1) for each in line)
    return [spread[begin:end].replace("\0", "").strip() for begin, end in places]


# -- the items ------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_is_missing_where_all_is_said(lang: Lang) -> None:
    paper = rp.agreement(rp.defer(PLAN, payment=4), lang=lang, **FULL)
    assert paper.missing() == ()
    assert paper.complete
    assert paper.objections() == ()
    assert [item.key for item in paper.items] == list(CLAUSES)


@pytest.mark.parametrize("lang", LANGS)
def test_every_item_of_article_70_is_there(lang: Lang) -> None:
    paper = rp.agreement(rp.defer(PLAN, payment=4), lang=lang, **FULL)
    for number, keys in {
        1: ["balance"],
        2: ["instalments"],
        3: ["accrual"],
        4: ["new_credit"],
        5: ["duties", "breach"],
        6: ["early", "paying", "reporting"],
    }.items():
        for key in keys:
            shown = {"en": f"({number})", "zh": f"（{'一二三四五六'[number - 1]}）"}[lang]
            assert shown in paper[key].rule, key
            assert paper[key].text, key
            heading = paper[key].title
            for text in (str(paper), paper.to_markdown(), paper.to_html()):
                assert heading in text, key


@pytest.mark.parametrize("name", [name for name in FULL if name not in ("parties", "card")])
@pytest.mark.parametrize("lang", LANGS)
def test_what_is_left_out_is_missing_and_said_how_to_write(name: str, lang: Lang) -> None:
    words = {key: value for key, value in FULL.items() if key != name}
    paper = rp.agreement(rp.defer(PLAN, payment=4), lang=lang, **words)
    (missing,) = paper.missing()
    assert f"{name}=" in missing.write
    assert not paper.complete
    assert missing.name in str(paper).replace("\n", "" if lang == "zh" else " ")
    opened = [item for item in paper.items if item.missing]
    assert len(opened) == 1
    assert '<p class="open">' in paper.to_html()
    assert paper.to_dict()["missing"] == [{"name": missing.name, "write": missing.write}]


def test_parties_and_currency_can_be_missing() -> None:
    bare = rp.agreement(rp.amortise(rp.Loan("1000", "12%", 3, "2024-01-10")))
    names = [each.name for each in bare.missing()]
    assert {"the lender", "the borrower", "the currency"} <= set(names)
    assert str(bare.missing()[0]) == 'the lender: write parties={"lender": "..."}'


def test_figures_are_those_of_the_schedule() -> None:
    plan = rp.defer(PLAN, payment=4)
    paper = rp.agreement(plan, **FULL)
    assert paper.on == date(2024, 4, 10)
    assert paper.rows == plan.rows[3:]
    assert paper["balance"].figures["principal"] == Decimal("7610.80")
    assert paper["balance"].figures["currency"] == "CNY"
    assert paper["instalments"].figures["final_payment"] == plan.final_payment == Decimal("888.47")
    assert paper.total == paper["instalments"].figures["total"] == Decimal("8072.50")
    assert paper["reading"].figures["difference"] == Decimal("76.11")
    assert paper["accrual"].figures["deferred_interest"] == Decimal("76.11")
    sheet = rp.measures.cost_sheet(plan)
    assert paper["fees"].figures["total"] == sheet.total
    assert paper["fees"].figures["rate"] == f"{Decimal(sheet.rate):f}"
    quote = rp.settle(plan, on="2024-06-10")
    assert paper["early"].figures["quotes"][0]["total"] == quote.total == Decimal("6798.42")


def test_the_price_of_a_breach_is_that_of_a_statement() -> None:
    """Instalment 5 is missed on 10 June; 30 days later 18 % are owed on its principal."""
    plan = rp.defer(PLAN, payment=4)
    paper = rp.agreement(plan, **FULL)
    first, later = paper["breach"].figures["prices"]
    paid = [rp.Receipt(row.date, row.payment) for row in plan if row.payment]
    for price, count in ((first, 3), (later, 7)):
        owed = rp.statement(
            plan, paid[:count], as_of=price["on"], penalty=rp.PenaltyTerms("1.5"),
            allocation=rp.Allocation.civil_code(),
        )  # fmt: skip
        assert price["owed"] == owed.payoff
        assert owed.days_past_due == 30
    assert first["on"] == date(2024, 7, 10)
    assert first["penalty"] == Decimal("12.19")  # 812.38 x 18 % / 12


def test_waived_interest_comes_back_with_a_breach() -> None:
    plan = rp.defer(PLAN, payment=4, interest="waive")
    words = {**FULL, "breach": rp.arrears.Breach(days=30, reinstates="forgiven")}
    prices = rp.agreement(plan, **words)["breach"].figures["prices"]
    assert prices[0]["reinstated"] == Decimal("76.11")
    words["breach"] = rp.arrears.Breach(days=30, reinstates="old_terms")
    old = rp.agreement(plan, **words)["breach"].figures["prices"]
    assert all(each["owed"] == each["without"] for each in old)
    words["breach"] = rp.arrears.Breach(days=30, accelerate=True)
    assert rp.agreement(plan, **words)["breach"].figures["prices"][0]["reinstated"] == 0


def test_an_arrangement_says_its_statement_and_its_breach() -> None:
    paid = [rp.Receipt(row.date, row.payment) for row in PLAN[:3]]
    owed = rp.statement(PLAN, paid, as_of="2024-06-24", penalty=rp.PenaltyTerms("1.5"))
    chain = rp.renegotiate(
        owed,
        payments=18,
        arrears={"penalty": "forgive", "interest": "spread"},
        breach=rp.arrears.Breach(days=30, reinstates="forgiven"),
        agreed="2024-06-20",
    )
    for lang in LANGS:
        paper = rp.agreement(chain, lang=lang, parties=PARTIES)
        figures = paper["balance"].figures
        assert figures["penalty"] == Decimal("23.61")
        assert figures["interest"] == Decimal("171.99")
        assert figures["total"] == Decimal("7806.40")
        for amount in ("7,806.40", "171.99", "23.61", "7,610.80", "1,800.59"):
            assert amount in str(paper)
        (first, later) = paper["breach"].figures["prices"]
        assert first["owed"] == chain.if_breached(0).owed
        assert later["owed"] == chain.if_breached(9).owed
        assert paper["signing"].figures["dated"] == date(2024, 6, 20)
        assert not paper["late"].missing
        assert not paper["allocation"].missing
    with pytest.raises(rp.errors.TermsError, match="arrangement, which says it"):
        rp.agreement(chain, breach=rp.arrears.Breach(days=3))


def test_what_is_apart_capitalised_and_forgiven_is_said() -> None:
    paid = [rp.Receipt(row.date, row.payment) for row in PLAN[:3]]
    owed = rp.statement(PLAN, paid, as_of="2024-06-24", penalty=rp.PenaltyTerms("1.5"))
    apart = rp.renegotiate(owed, payments=9, arrears={"penalty": "apart"})
    text = rp.agreement(apart)["balance"].text
    assert "23.61 CNY stays owed beside the instalments" in text
    assert "7,610.80 CNY of principal, with 171.99 CNY of interest in arrears that joins it" in text
    assert "7,782.79 CNY in all" in text
    given_up = rp.agreement(rp.forgive(PLAN, "500", with_payment=3))
    assert "Principal of 500.00 CNY is forgiven." in given_up["balance"].text
    assert given_up["balance"].figures["principal"] == Decimal("7610.80")
    assert (
        "7,610.80 CNY of principal, less 500.00 CNY that is forgiven," in given_up["balance"].text
    )


def test_a_day_inside_a_period_has_interest_accrued() -> None:
    plan = rp.change_rate(PLAN, "8%", on="2024-04-25")
    owed = rp.agreement(plan)["balance"].figures
    assert owed["on"] == date(2024, 4, 25)
    assert owed["interest"] == rp.settle(PLAN, on="2024-04-25").interest == Decimal("38.05")
    assert owed["total"] == rp.settle(PLAN, on="2024-04-25").total


def test_what_the_agreement_pays_on_its_own_day_is_in_it() -> None:
    plan = rp.prepay(PLAN, "2000", on="2024-04-10")
    paper = rp.agreement(plan)
    first = paper.rows[0]
    assert (first.date, first.payment, first.prepaid) == (
        date(2024, 4, 10),
        Decimal(2000),
        Decimal(2000),
    )
    assert (first.opening, first.closing) == (Decimal("7610.80"), Decimal("5610.80"))
    assert paper.total == plan.total_paid - sum(row.payment for row in PLAN[:3])
    assert rp.agreement(rp.change_rate(PLAN, "8%", payment=4)).rows[0].date == date(2024, 5, 10)


def test_an_agreement_over_an_earlier_one() -> None:
    first = rp.defer(PLAN, payment=4)
    second = rp.change_rate(first, "8%", payment=6)
    paper = rp.agreement(second, before=first, **{**FULL, "dated": "2024-06-10"})
    assert paper.on == date(2024, 6, 10)
    assert paper["balance"].figures["principal"] == Decimal("6798.42")
    assert "12%" not in paper["accrual"].text
    assert "8% a year" in paper["accrual"].text
    with pytest.raises(rp.errors.TermsError, match="before=plan"):
        rp.agreement(first, before=second)


def test_an_option_of_a_negotiation() -> None:
    found = rp.negotiate(PLAN, affordable="700", payment=4).cheapest
    assert found is not None
    paper = rp.agreement(found, **FULL)
    assert paper.schedule == found.schedule
    assert paper.total == found.total


# -- objections -----------------------------------------------------------------------------


def test_more_than_sixty_months_is_objected_to() -> None:
    long = rp.reschedule(PLAN, payments=61, payment=4)
    assert rp.agreement(rp.reschedule(PLAN, payments=60, payment=4), card=True).objections() == ()
    for lang in LANGS:
        for words in ({"card": True}, {"limits": "art_70"}):
            (objection,) = rp.agreement(long, lang=lang, **wrong(words)).objections()
            assert "60" in objection
        assert rp.agreement(long, lang=lang, card=True, limits=rp.Limits()).objections() == ()
        assert rp.agreement(long, lang=lang).objections() == ()
    sixty = rp.reschedule(PLAN, payments=60, payment=4)
    assert rp.agreement(sixty, limits="art_70").objections() == ()
    for lang in LANGS:
        (objection,) = rp.agreement(long, lang=lang, limits="art_70").objections()
        assert "60" in objection
        assert rp.agreement(long, lang=lang).objections() == (), "no rule of a country by default"


def test_a_paper_names_the_rule_of_its_annual_rate() -> None:
    def text(currency: str, lang: str, **words: Any) -> str:
        loan = rp.Loan("10000", "12%", 12, "2024-01-10", currency=currency)
        paper = rp.agreement(loan, lang="zh" if lang == "zh" else "en", **words)
        return paper["fees"].text

    for currency, rate, law in (
        ("USD", "12.00%", "Regulation Z"),
        ("GBP", "12.7%", "FCA Handbook"),
        ("PLN", "12.7%", "2008/48/EC"),
        ("CNY", "12.00%", "announcement 2021 No. 3"),
    ):
        assert rate in text(currency, "en")
        assert law in text(currency, "en")
        assert rate in text(currency, "zh")
    assert "FCA Handbook" in text("JPY", "en", rule="uk")


def test_without_a_rule_the_annual_rate_is_left_open() -> None:
    for currency in ("XXX", "JPY"):
        loan = rp.Loan("10000", "12%", 12, "2024-01-10", currency=currency)
        paper = rp.agreement(loan)
        (missing,) = (each for each in paper.missing() if "annual rate" in each.name)
        assert 'rule="eu"' in missing.write
        assert paper["fees"].figures["items"][0]["amount"] == rp.amortise(loan).total_interest
        assert "rate" not in paper["fees"].figures


def test_limits_of_every_kind() -> None:
    plan = rp.reschedule(PLAN, payments=61, payment=4, rate="5%")
    limits = rp.Limits(
        rate="6%",
        months=60,
        latest="2029-01-01",
        extension="general_rules",
        npv_loss="1%",
        caps=[rp.measures.Cap("house limit", "8%")],
    )
    words = {"limits": limits, "penalty": rp.PenaltyTerms(rate="24%"), "dated": "2024-05-01"}
    for lang in LANGS:
        found = rp.agreement(plan, lang=lang, **wrong(words)).objections()
        assert len(found) == 7, found
    assert any("24%" in each and "house limit" in each for each in found)


def test_a_statement_that_contradicts_the_schedule() -> None:
    owed = rp.statement(PLAN, [], as_of="2024-04-10")
    (objection,) = rp.agreement(rp.defer(PLAN, payment=4), statement=owed).objections()
    assert "10,000.00 CNY of principal on 2024-04-10, the schedule 7,610.80 CNY" in objection


def test_what_cannot_be_computed_is_said() -> None:
    """A rate that nothing fits, and a breach that missing every payment does not make."""
    fee = rp.Fee("10000", collected="deducted")
    lent = rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY", fees=[fee])
    english, chinese = (rp.agreement(lent, lang=lang)["fees"].text for lang in LANGS)
    assert "cannot be computed: no rate fits the payments." in english
    assert "全部融资成本的年化水平无法计算：没有与各期款项相符的利率。" in chinese
    never = rp.arrears.Breach(instalments=13)
    broken, in_chinese = (rp.agreement(PLAN, breach=never, lang=lang)["breach"] for lang in LANGS)
    assert str(broken) == (
        f"{broken.title}\n"
        "This agreement is broken if 13 instalments are unpaid at the same time. "
        "What was forgiven stays forgiven.\n"
        "To be filled in: what a breach costs."
    )
    assert "累计有13期未按期足额还款且尚未补足的，构成违约。" in in_chinese.text
    assert "待填写：违约的具体金额。" in in_chinese.text


def test_a_settlement_is_one_payment_and_no_other_is_offered() -> None:
    paper = rp.agreement(rp.settle(PLAN, with_payment=6).schedule)
    assert paper["instalments"].text == (
        "One payment of 5,149.20 CNY, in CNY, on 2024-07-10.\nWith it, the debt is settled."
    )
    assert paper["early"].text == (
        "This agreement settles the loan early. Nothing else is agreed on early settlement."
    )


def _objections(lang: Lang) -> list[str]:
    """Return every objection that there is, each for its own reason."""
    late = rp.reschedule(PLAN, payments=61, payment=4, rate="5%")
    house = rp.measures.Cap("house limit", "8%")
    every = rp.Limits(
        rate="6%",
        months=60,
        latest="2029-01-01",
        extension="general_rules",
        npv_loss="1%",
        caps=[house],
    )
    penalty = rp.PenaltyTerms(rate="24%")

    def with_fee(**options: Any) -> rp.Loan:
        fee = rp.Fee("100", **options)
        return rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY", fees=[fee])

    owed = rp.statement(PLAN, [], as_of="2024-04-10")
    papers = [
        rp.agreement(late, lang=lang, limits=every, penalty=penalty, dated="2024-05-01"),
        rp.agreement(late, lang=lang, limits=rp.Limits(extension="personal")),
        rp.agreement(PLAN, lang=lang, limits=rp.Limits(caps=[house])),
        rp.agreement(rp.defer(PLAN, payment=4), lang=lang, statement=owed),
        rp.agreement(with_fee(collected="deducted"), lang=lang),
        rp.agreement(with_fee(collected="financed"), lang=lang, card=True, no_new_credit=False),
    ]
    return [said for paper in papers for said in paper.objections()]


def test_every_objection_in_english() -> None:
    assert _objections("en") == [
        "The day from which this agreement holds, 2024-04-10, is before the day on which it was "
        "agreed, 2024-05-01.",
        "The last payment, on 2029-05-10, is more than 60 months after 2024-04-10; the latest is "
        "2029-04-10.",
        "The last payment, on 2029-05-10, is after 2029-01-01.",
        "The last payment, on 2029-05-10, is later than the extension rule allows, 2026-01-10 "
        "(General Provisions on Loans (贷款通则), art. 12).",
        "The rate 5% is below the lowest that is allowed, 6%.",
        "The lender loses 15.3753% of its worth, more than 1%.",
        "The penalty rate 24% is above the cap house limit, 8%.",
        "The last payment, on 2029-05-10, is later than the extension rule allows, 2026-01-10 "
        "(Interim Measures for Personal Loans (个人贷款管理暂行办法), art. 39).",
        "The cap house limit is broken: 12.00% is above 8%.",
        "The statement says 10,000.00 CNY of principal on 2024-04-10, the schedule 7,610.80 CNY.",
        "100.00 CNY of fees is deducted from what is paid out. "
        "Interest that is deducted in advance is no part of the principal, which is then the 9,900.00 CNY that was received (Civil Code of China, art. 670).",
        "Fees and penalties of a credit card, 100.00 CNY, join the principal, and shall not bear "
        "interest (notice 银发〔2016〕111号).",
        "It does not say that no credit card is applied for until all is paid (Measures on bank "
        "credit cards, art. 70 (4)).",
    ]


def test_every_objection_in_chinese() -> None:
    assert _objections("zh") == [
        "约定的生效日期2024年4月10日早于签订日期2024年5月1日。",
        "最后一期为2029年5月10日，超过自2024年4月10日起60个月的最长期限，最迟为2029年4月10日。",
        "最后一期为2029年5月10日，晚于2029年1月1日。",
        "最后一期为2029年5月10日，超过展期规定允许的最迟日期2026年1月10日（《贷款通则》第十二条）。",
        "年利率5%低于允许的最低利率6%。",
        "贷款人的现值损失为15.3753%，超过1%。",
        "罚息年利率24%超过“house limit”（8%）。",
        "最后一期为2029年5月10日，超过展期规定允许的最迟日期2026年1月10日"
        "（《个人贷款管理暂行办法》第三十九条）。",
        "超过“house limit”：12.00%高于8%。",
        "对账单所列2024年4月10日的本金为10,000.00元，还款计划为7,610.80元。",
        "发放贷款时预先扣除费用100.00元。利息不得预先在本金中扣除；预先扣除的，本金按实际收到的9,900.00元认定（《民法典》第六百七十条）。",
        "信用卡的违约金、费用100.00元转入本金；按银发〔2016〕111号文件，该部分不得计收利息。",
        "协议未载明全部款项结清前不申领信用卡的承诺"
        "（《商业银行信用卡业务监督管理办法》第七十条第（四）项）。",
    ]


# -- forms ----------------------------------------------------------------------------------


@given(strategies.changed(strategies.plain_loans()), st.sampled_from(LANGS))
@settings(max_examples=examples(60))
def test_every_schedule_renders_and_its_figures_parse_back(plan: rp.Schedule, lang: Lang) -> None:
    paper = rp.agreement(plan, lang=lang, breach=rp.arrears.Breach(days=30), settlement_fee="1%")
    decimals = plan.loan.decimals
    page = Page(paper.to_html())
    if not paper.rows:
        assert paper.total == 0
        return
    for tables in (
        page.tables,
        tables_of_markdown(paper.to_markdown()),
        tables_of_text(paper.to_text()),
    ):
        header, *rows, footer = instalments_in(tables, lang)
        payment, closing = header.index({"en": "payment", "zh": "还款额"}[lang]), -1
        assert len(rows) == len(paper.rows)
        for cells, row in zip(rows, paper.rows, strict=True):
            assert cells[1] == row.date.isoformat()
            assert Decimal(cells[payment].replace(",", "")) == row.payment
            assert Decimal(cells[closing].replace(",", "")) == row.closing
            assert -Decimal(cells[payment].replace(",", "")).as_tuple().exponent == decimals  # type: ignore[operator]  # a number, as the cell is finite
        assert Decimal(footer[payment].replace(",", "")) == paper.total
    plain = json.loads(paper.to_json())
    again = rp.Schedule.from_dict(plain["schedule"])
    assert again == plan
    for cells, row in zip(plain["instalments"], paper.rows, strict=True):
        assert {name: Decimal(cells[name]) for name in row._fields[2:]} == dict(
            zip(row._fields[2:], row[2:], strict=True)
        )
    assert plain["totals"]["payment"] == f"{paper.total:f}"
    paid_rows = [row for row in paper.rows if row.payment]
    if paid_rows:
        assert plain["items"][3]["figures"]["final_payment"] == f"{paid_rows[-1].payment:f}"


@given(strategies.changed(strategies.plain_loans(extras=False), most=3))
@settings(max_examples=examples(60))
def test_principal_balances_over_the_agreement(plan: rp.Schedule) -> None:
    """What is owed before, with what joins and is lent, is repaid, forgiven, or left as nothing."""
    paper = rp.agreement(plan)
    if not paper.rows:
        return
    sums = {name: Decimal(amount) for name, amount in paper.to_dict()["totals"].items()}
    opening = paper.rows[0].opening
    assert (
        opening + sums["capitalised"] + sums["advanced"] - sums["forgiven"] - sums["principal"]
        == paper.rows[-1].closing
    )
    for row in paper.rows:
        parts = row.interest + row.deferred_interest + row.principal + row.fee + row.penalty
        assert row.payment == parts + row.tax - row.refund
    past = plan.total_paid - paper.total
    assert past >= 0
    if plan.changes and paper.on > plan.loan.start:
        kept = rp.Schedule(plan.loan)
        falls = kept.accrual_dates.tolist()
        assert past == sum(
            row.payment for row, day in zip(kept, falls, strict=True) if day <= paper.on
        )
        assert paper["balance"].figures["principal"] == owed_on(kept, paper.on).principal == opening


@given(
    st.one_of(strategies.rich_loans(), strategies.dated_loans(), strategies.loans()),
    st.sampled_from(LANGS),
)
@settings(max_examples=examples(60))
def test_every_loan_renders(loan: rp.Loan, lang: Lang) -> None:
    try:
        plan = rp.amortise(loan)
    except rp.RepayError:
        return
    paper = rp.agreement(plan, lang=lang)
    assert paper.rows == tuple(row for row, _ in rows_in_money(plan))
    Page(paper.to_html())
    assert paper.to_markdown()
    assert str(paper)
    json.loads(paper.to_json())


HOSTILE = "<script>alert('x')</script> & \"quotes\" | `code` *bold* [link](x)\n# heading"


def test_what_users_write_is_escaped() -> None:
    words = {**FULL, "circumstances": HOSTILE, "other": [HOSTILE]}
    words["parties"] = {"lender": HOSTILE, "borrower": "Chen Yu"}
    paper = rp.agreement(PLAN, **words)
    html = paper.to_html()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    page = Page(html)
    assert page.text.count("alert('x')") == 4  # party, circumstances, other, signature
    assert "<script" not in paper._repr_html_()
    markdown = paper.to_markdown()
    assert not re.search(r"(?<!\\)<script", markdown)
    assert "\n# heading" not in markdown
    assert HOSTILE in paper.to_dict()["items"][1]["text"]


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_stands_alone(lang: Lang) -> None:
    html = rp.agreement(PLAN, lang=lang, **FULL).to_html()
    page = Page(html)
    assert html.startswith("<!DOCTYPE html>")
    assert ("html", {"lang": {"en": "en", "zh": "zh-CN"}[lang]}) in page.attributes
    assert "@page { size: A4;" in html
    assert "viewport" in html
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert "http" not in html
    assert "@import" not in html
    assert "url(" not in html


def test_chinese_tables_stand_aligned() -> None:
    text = str(rp.agreement(rp.defer(PLAN, payment=4), lang="zh", **FULL))
    table = next(block for block in text.split("\n\n") if "\n期次" in block)
    lines = table.split("\n")
    assert len({width_of(line) for line in lines[1:-1]}) == 1
    assert width_of("期次") == 4


def test_lines_are_broken_at_a_width() -> None:
    for lang in LANGS:
        text = rp.agreement(rp.defer(PLAN, payment=4), lang=lang, **FULL).to_text(60)
        sentences = [
            line
            for block in text.split("\n\n")
            for line in block.split("\n")
            if "  " not in line and "__" not in line and "\n--" not in block
        ]
        assert max(map(width_of, sentences)) <= 62
    for line in wrapped("一二三，四五六。" * 9, 20).split("\n"):
        assert line[0] not in "，。"


@pytest.mark.parametrize("lang", LANGS)
def test_it_is_a_value(lang: Lang) -> None:
    paper = rp.agreement(rp.defer(PLAN, payment=4), lang=lang, **FULL)
    again = rp.agreement(rp.defer(PLAN, payment=4), lang=lang, **FULL)
    assert str(again) == str(paper)
    assert str(pickle.loads(pickle.dumps(paper))) == str(paper)
    with pytest.raises(AttributeError):
        paper.lang = wrong("en")  # type: ignore[misc]  # is refused
    other = paper.translated("zh" if lang == "en" else "en")
    assert other.lang != lang
    assert str(other.translated(lang)) == str(paper)
    assert [each.figures for each in other.items if each.key in ("balance", "breach")] == [
        each.figures for each in paper.items if each.key in ("balance", "breach")
    ]
    assert "<Agreement" in repr(paper)
    with pytest.raises(KeyError, match="there are parties"):
        paper["nothing"]


# -- words ----------------------------------------------------------------------------------


def told_by(change: Change, lang: Lang, method: Method = "level") -> str:
    """A change as it is told when nothing is known of what follows from it."""
    effect = Effect(method=method, every="month", money=partial(amount_of, YUAN))
    return parse_language(lang).render(change.sentence(effect))


def in_chinese(value: object) -> str:
    """Any sentence in Chinese."""
    return parse_language("zh").render(value)


FIGURES = {
    "en": re.compile(r"\d{4}-\d\d-\d\d|\d[\d,]*(?:\.\d+)?%?"),
    "zh": re.compile(r"\d{4}年\d+月\d+日|\d[\d,]*(?:\.\d+)?%?"),
}


def figures_in(text: str, lang: Lang) -> set[str]:
    """The amounts, shares, counts and days of a text, days as in ISO 8601."""
    found = set()
    for figure in FIGURES[lang].findall(text):
        day = re.fullmatch(r"(\d+)年(\d+)月(\d+)日", figure)
        found.add(figure if day is None else f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}")
    return {figure.rstrip(",") for figure in found}


def deferrals() -> list[rp.changes.Deferral]:
    """Every deferral whose words do not contradict each other."""
    found = []
    grid = [get_args(each) for each in (Scope, DeferralBase, Pause, DeferralInterest, Repay, Hold)]
    for scope, base, pause, interest, repay, hold in product(*grid):
        places: list[dict[str, Any]] = [{"payment": 4}, {"on": "2024-04-20"}]
        for every, periods, place in product((1, 2, None), (0, 1, 3), places):
            words: dict[str, Any] = {"capitalise_every": every, "hold": hold, **place}
            try:
                found.append(
                    rp.changes.Deferral(
                        periods=periods, scope=scope, base=base, pause=pause,
                        interest=interest, repay=repay, **words,
                    )
                )  # fmt: skip
            except rp.RepayError:
                continue
    return found


def test_every_deferral_has_a_sentence_of_its_own_in_chinese() -> None:
    """Where the English sentences differ, so do the Chinese ones."""
    said: dict[str, str] = {}
    for each in deferrals():
        for method in METHODS:
            chinese = told_by(each, "zh", method)
            assert re.search("[\u4e00-\u9fff]", chinese)
            assert not re.search("[A-Za-z]", chinese), chinese
            english = told_by(each, "en", method)
            assert said.setdefault(english, chinese) == chinese or each.pause == "all"
    assert len(said) > 100
    assert len(set(said.values())) >= len(said) * 0.9


OTHERS: list[Change] = [
    *(rp.changes.RateChange("8%", payment=4, until=until, hold=hold)
      for until in (None, 7, "2024-09-10") for hold in get_args(Hold)),
    rp.changes.RateChange(rp.effective("8%"), on="2024-04-20"),
    *(rp.changes.Prepayment("2000", **wrong(place), hold=wrong(hold))
      for place in ({"on": "2024-01-10"}, {"with_payment": 3}) for hold in ("payment", "maturity", "last", "next")),
    rp.changes.Rescheduling(18, payment=4),
    rp.changes.Rescheduling(18, payment=4, every="quarter", rate="8%", method="equal_principal"),
    rp.changes.Rescheduling(instalment="500", on="2024-04-20", every="2 weeks"),
    *(rp.changes.Forgiveness(share="10%", of=wrong(of), with_payment=3, hold=wrong(hold))
      for of in ("principal", "deferred_interest") for hold in ("maturity", "payment", "last")),
    rp.changes.Forgiveness("500", with_payment=3),
    *(rp.changes.Forbearance("500", payment=4, hold=wrong(hold)) for hold in ("maturity", "payment", "last")),
    rp.changes.Forbearance(share="10%", on="2024-04-20"),
    *(rp.changes.Advance("500", with_payment=3, hold=hold) for hold in get_args(Hold)),
    *(rp.changes.Arrears("90", of=wrong(of), repay=wrong(repay), payment=4)
      for of in ("interest", "penalty", "fee") for repay in ("next", "spread", "last")),
    *(rp.changes.EarlySettlement(with_payment=3, method=wrong(method), fee=fee)
      for method in ("actuarial", "rule_of_78", "uk_2004", "flat_waived", "flat_charged")
      for fee in (None, "1%", "50", "3 months", rp.terms.SettlementFee({0: "3%", 12: "1 month"}, cap="eu"))),
    rp.changes.EarlySettlement(with_payment=3, notice=10),
    rp.changes.EarlySettlement(with_payment=3, method="uk_2004", deferral="30 days"),
]  # fmt: skip


@pytest.mark.parametrize("change", OTHERS, ids=str)
def test_every_change_has_a_sentence_in_chinese(change: Change) -> None:
    for method in METHODS:
        said = told_by(change, "zh", method)
        assert re.search("[\u4e00-\u9fff]", said)
        assert not re.search("[A-Za-z]", said), said
        english = figures_in(told_by(change, "en", method), "en")
        assert figures_in(said, "zh") - english <= {"3"}, said  # "3 months" is a quarter


def test_sentences_differ_where_changes_do() -> None:
    pairs = {str(each): told_by(each, "zh") for each in OTHERS}
    assert len(set(pairs.values())) == len(pairs)


def test_every_kind_of_change_is_known() -> None:
    known = {kind.__qualname__ for kind in KINDS.values()}
    assert known == {
        kind.__qualname__ for base in Change.__subclasses__() for kind in base.__subclasses__()
    }


def test_overruled_changes_are_told_in_chinese() -> None:
    plan = rp.defer(rp.defer(PLAN, payment=4, periods=3), payment=5, periods=1)
    both = rp.amortise(
        YUAN, rp.changes.RateChange("8%", payment=4), rp.changes.RateChange("6%", payment=4)
    )
    ended = rp.reschedule(rp.defer(PLAN, payment=4, periods=3), payments=12, payment=5)
    same = rp.change_rate(PLAN, "12%", payment=4)
    for each in (plan, both, ended, same):
        assert len(each.ledger.notes) + len(each.ledger.unchanged_rates) > 0
        text = rp.agreement(each, lang="zh")["reading"].text
        assert not re.search("[A-Za-z]", text), text
    assert "与原利率相同" in rp.agreement(same, lang="zh")["reading"].text


def test_fees_penalties_and_breach_in_chinese() -> None:
    fees = [Fee("1%", when=when) for when in get_args(FeeTime) if when != "calendar"]
    fees.append(Fee("1%", when="calendar", every="year", until="2025-01-10", above="500"))
    fees.append(Fee("1%", when="calendar", every="month", first="2024-05-10"))
    fees.append(Fee("1%", when="calendar", first="2024-05-10"))
    for fee in fees:
        assert not re.search("[A-Za-z]", in_chinese(fee.sentence(amounts_in("CNY"))))
    for terms in (
        rp.PenaltyTerms("1.5"),
        rp.PenaltyTerms(addition="4%", base="instalment", grace_days=3, grace="end"),
        rp.PenaltyTerms(rate="18%", base="balance", late_fee="25", cap="500", cap_rate="24%"),
        rp.PenaltyTerms("1.3", on_interest=True, late_fee="5%", cap_share="100%"),
        rp.PenaltyTerms(rate="0%"),
    ):
        assert not re.search("[A-Za-z]", in_chinese(terms.sentence(amounts_in("CNY"))))
    seen = set()
    for back, since, fast in product(
        ("nothing", "forgiven", "old_terms"), ("breach", "agreement"), (True, False)
    ):
        if (back == "old_terms" and fast) or (back != "forgiven" and since != "breach"):
            continue
        words: dict[str, Any] = {"reinstates": back, "penalty_from": since, "accelerate": fast}
        said = in_chinese(
            rp.arrears.Breach(days=30, instalments=2, amount="500", **words).sentence(
                amounts_in("CNY")
            )
        )
        assert all(number in said for number in ("30日", "2期", "500.00元"))
        seen.add(said)
    assert len(seen) == 7
    for order in (
        rp.Allocation(), rp.Allocation.uk(), rp.Allocation.us(), rp.Allocation.chinese_card(),
        rp.Allocation(among="pro_rata", ahead="last"),
    ):  # fmt: skip
        assert not re.search("[A-Za-z]", in_chinese(order.sentence()))


def test_loans_in_chinese_say_all_that_differs() -> None:
    fixed = {"start": "2024-01-10", "currency": "CNY"}
    usual = in_chinese(
        loan_sentence(rp.Loan("10000", "12%", 12, **wrong(fixed)), amounts_in("CNY"))
    )
    seen = {usual}
    more: list[dict[str, Any]] = [
        {"balloon": "5000"}, {"amortise_over": 24}, {"in_advance": True},
        {"instalment_day_count": "actual/360"},
        {"interest_base": "original"}, {"interest_base": "12000"},
        {"method": "flat", "interest_split": "rule_of_78"}, {"drawdowns": [("2024-02-01", "500")]},
        {"fees": [rp.Fee("1%")]}, {"interest_tax": "16%"}, {"fee_tax": "6%"},
        {"odd_days": "actual/360"}, {"day_count": "actual/365"}, {"counted_days": "last"},
        {"instalment": "900"}, {"instalment": ["900"] * 11}, {"instalment": rp.terms.graduated("5%")},
        {"instalment": rp.steps("500", {7: "600"})}, {"instalment_multiple": "10"},
        {"instalment_cap": "7.5%"}, {"instalment_resets": "5 months"},
        {"instalment_resets": ["2024-06-10"]},
        {"last": "lower"}, {"last": "closest"}, {"negative_amortisation": True},
        {"rounding": "down"}, {"instalment_rounding": "up"}, {"fee_rounding": "up"},
        {"interest_remainder": "carried"}, {"interest_remainder": "total"},
        {"interest_remainder": "last"}, {"interest_remainder": "dropped"},
        {"decimals": 4}, {"every": "quarter"}, {"every": "2 weeks"},
        {"calendar": rp.Calendar("1111100"), "roll": "following"},
    ]  # fmt: skip
    for words in more:
        said = in_chinese(
            loan_sentence(rp.Loan("10000", "12%", 12, **wrong(fixed), **words), amounts_in("CNY"))
        )
        assert said not in seen, words
        seen.add(said)
    for method in METHODS[1:]:
        said = in_chinese(
            loan_sentence(
                rp.Loan("10000", "12%", 12, method=method, **wrong(fixed)), amounts_in("CNY")
            )
        )
        assert said not in seen
        seen.add(said)
    for rate in (
        rp.steps("3%", {7: "6%"}),
        rp.indexed({"2024-01-01": "3%"}, margin="0.6%", resets=("2024-05-10",), cap="9%"),
    ):
        said = in_chinese(
            loan_sentence(rp.Loan("10000", rate, 12, **wrong(fixed)), amounts_in("CNY"))
        )
        assert "利率调整时" in said


def read_capitals(text: str) -> Decimal:
    """Read what ``capitals`` writes, by another way: sums of digits times their places."""
    digits = {each: number for number, each in enumerate("零壹贰叁肆伍陆柒捌玖")}
    places = {"拾": 10, "佰": 100, "仟": 1000}
    whole, _, rest = text.removesuffix("整").rpartition("元")
    total = group = digit = 0
    for each in whole:
        if each in digits:
            digit = digits[each]
        elif each in places:
            group, digit = group + digit * places[each], 0
        elif each == "万":
            group, digit = (group + digit) * 10_000, 0
        else:
            total, group, digit = (total + group + digit) * 10**8, 0, 0
    fen = 0
    for number, unit in zip(
        rest.removeprefix("零")[::2], rest.removeprefix("零")[1::2], strict=True
    ):
        fen += digits[number] * {"角": 10, "分": 1}[unit]
    return Decimal(100 * (total + group + digit) + fen).scaleb(-2)


@given(st.one_of(st.integers(0, 10**7), st.integers(0, 10**14 - 1), st.sampled_from(
    [10**k + d for k in range(14) for d in (0, 1, 5, 10, 100)]
)))  # fmt: skip
def test_amounts_in_capitals_read_back(fen: int) -> None:
    value = Decimal(fen).scaleb(-2)
    words = capitals(value)
    assert words is not None
    assert "零零" not in words
    assert not words.startswith("零") or fen == 0
    assert read_capitals(words) == value


def test_amounts_in_capitals() -> None:
    for amount, words in {
        "0": "零元整", "0.05": "伍分", "0.50": "伍角整", "10.03": "壹拾元零叁分",
        "1005": "壹仟零伍元整", "6000.50": "陆仟元伍角整", "107000.53": "壹拾万柒仟元伍角叁分",
        "100000000": "壹亿元整", "100010001": "壹亿零壹万零壹元整",
    }.items():  # fmt: skip
        assert capitals(Decimal(amount)) == words
    paper = rp.agreement(PLAN, lang="zh")
    assert "人民币壹万元整" in paper["balance"].text
    euro = rp.agreement(rp.Loan("10000", "12%", 12, "2024-01-10", currency="EUR"), lang="zh")
    assert "大写" not in str(euro)


def test_tables_with_wide_characters_are_aligned() -> None:
    lines = text_table(["项目", "amount"], [["本金", "1.00"], ["penalty", "10.00"]]).split("\n")
    assert [width_of(line) for line in lines] == [15] * 4


# -- errors ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "kind", "parameter"),
    [
        ({"lang": "de"}, rp.errors.ChoiceError, "lang"),
        ({"lang": None}, rp.errors.ChoiceError, "lang"),
        ({"parties": "Bank"}, rp.errors.TermsError, "parties"),
        ({"parties": ["Bank"]}, rp.errors.TermsError, "parties[0]"),
        ({"parties": 3}, rp.errors.TermsError, "parties"),
        ({"parties": {"banker": "Bank"}}, rp.errors.ChoiceError, "parties"),
        ({"parties": {"lender": ""}}, rp.errors.TermsError, "parties[lender]"),
        ({"parties": {"lender": PARTIES["borrower"]}}, rp.errors.TermsError, "parties"),
        (
            {"before": rp.amortise(rp.Loan("5", "1%", 2, "2024-01-10"))},
            rp.errors.TermsError,
            "before",
        ),
        ({"on": "2030-01-01"}, rp.errors.DateError, "on"),
        ({"dated": "soon"}, rp.errors.DateError, "dated"),
        ({"statement": 5}, rp.errors.TermsError, "statement"),
        ({"breach": 30}, rp.errors.TermsError, "breach"),
        ({"penalty": "1.5"}, rp.errors.TermsError, "penalty"),
        ({"allocation": "us"}, rp.errors.TermsError, "allocation"),
        ({"if_breached": [5]}, rp.errors.TermsError, "if_breached[0]"),
        ({"settlement_fee": "x"}, rp.RepayError, "settlement_fee"),
        ({"no_new_credit": "yes"}, rp.errors.TermsError, "no_new_credit"),
        ({"pay_to": 5}, rp.errors.TermsError, "pay_to"),
        ({"other": 5}, rp.errors.TermsError, "other"),
        ({"limits": "art_71"}, rp.errors.ChoiceError, "limits"),
        ({"limits": 60}, rp.errors.TermsError, "limits"),
    ],
)
def test_bad_words(words: dict[str, Any], kind: type[rp.RepayError], parameter: str) -> None:
    with pytest.raises(kind) as caught:
        rp.agreement(PLAN, **wrong(words))
    assert caught.value.parameter == parameter
    assert caught.value.hint


def test_books_and_other_values_are_refused() -> None:
    book = rp.Portfolio(principal=[1_000_000], rate=["12%"], payments=[12], start=["2024-01-10"])
    for value in (book, rp.amortise(book), [PLAN], 5, rp.settle(PLAN, on="2024-07-10")):
        with pytest.raises(rp.errors.TermsError) as caught:
            rp.agreement(wrong(value))
        assert caught.value.parameter == "schedule"
        assert caught.value.hint.startswith("write")


def test_a_statement_of_another_currency_is_refused() -> None:
    other = rp.statement(
        rp.Loan("1000", "12%", 3, "2024-01-10", currency="EUR"), as_of="2024-02-10"
    )
    with pytest.raises(rp.errors.TermsError, match="EUR"):
        rp.agreement(PLAN, statement=other)


def test_a_party_is_checked() -> None:
    assert [field.name for field in fields(rp.Party)][:2] == ["name", "role"]
    for words in ({"name": ""}, {"name": 5}, {"address": 5}):
        with pytest.raises(rp.errors.TermsError):
            rp.Party(**wrong({"name": "x", "role": "lender", **words}))
    with pytest.raises(rp.errors.ChoiceError):
        rp.Party("x", wrong("bank"))


# -- laws: the amounts add up, nothing is denied that is charged, both languages say the same -----


def stated(text: str, lang: Lang) -> set[str]:
    """The amounts, shares and days of a text; counts are left out, as a language may name them."""
    return {figure for figure in figures_in(text, lang) if re.search("[-%.]", figure)}


def papers_agree(paper: rp.documents.Agreement) -> None:
    """Hold the English paper against the Chinese one, item by item: sentences and tables."""
    other = paper.translated("zh")
    for mine, theirs in zip(paper.items, other.items, strict=True):
        assert stated(mine.text, "en") == stated(theirs.text, "zh"), (mine.text, theirs.text)
        sheets = [
            [[cell for cell in row[-2:] if re.fullmatch(r"[\d,.%]*", cell)] for row in each.rows]
            for item in (mine, theirs)
            for each in item.blocks
            if isinstance(each, Sheet)
        ]
        assert sheets[: len(sheets) // 2] == sheets[len(sheets) // 2 :]


def principal_adds_up(paper: rp.documents.Agreement) -> None:
    """Principal owed, and what joins it or is taken off it, is the principal repaid."""
    found = reconcile_principal(paper._content.agreed)
    more = found.joined + found.capitalised + found.advanced
    less = found.held + found.forgiven + found.apart
    assert found.owed + more - less == found.repaid
    if paper.rows:
        assert found.owed == paper["balance"].figures["principal"]
        assert found.repaid == sum(row.principal for row in paper.rows)
    if found.repaid:
        assert f"{found.owed:,f}" in paper["balance"].text
        assert f"{found.repaid:,f}" in paper["balance"].text


def payments_are_counted(paper: rp.documents.Agreement) -> None:
    """The number of payments is that of the rows on which something is paid; they sum to the total."""
    figures, paid = paper["instalments"].figures, [row for row in paper.rows if row.payment]
    assert figures["count"] == len(paid)
    assert figures["total"] == sum((row.payment for row in paid), Decimal(0)) == paper.total
    if len(paid) > 1:
        said = paper["instalments"].text
        assert said.startswith(f"{len(paid)} payments, ")
        amounts = [row.payment for row in paid]
        usual = re.search(r"The usual payment is ([\d,.]+)", said)
        alike = re.search(r"All payments are ([\d,.]+)", said)
        if alike is not None:
            assert set(amounts) == {Decimal(alike[1].replace(",", ""))}
        if usual is not None:
            assert 2 * amounts.count(Decimal(usual[1].replace(",", ""))) > len(amounts)


def nothing_charged_is_denied(paper: rp.documents.Agreement) -> None:
    """A settlement that is said to be free has no fee in the sheet of costs."""
    sheet = next(each for each in paper["fees"].blocks if isinstance(each, Sheet))
    if "No fee is charged for it" in paper["early"].text:
        rows = [row for row in sheet.rows if row[1] == "for early settlement"]
        assert [row[2] for row in rows if not row[6]] == ["none"]
    for text in (paper["accrual"].text, paper["fees"].text):
        for sentence in re.findall(r"[^.\n]*no (?:annual|other) fee[^.]*", text):
            assert sentence.startswith("Besides what this agreement lists")


@given(
    strategies.changed(strategies.plain_loans()),
    st.sampled_from(["0", "1%", "50", {0: "3%", 12: "1%"}, None]),
    strategies.penalty_terms(),
)
@settings(max_examples=examples(80))
def test_laws_of_every_agreement(plan: rp.Schedule, fee: Any, penalty: rp.PenaltyTerms) -> None:
    breach = rp.arrears.Breach(days=30, instalments=2, amount="50", reinstates="forgiven")
    words: dict[str, Any] = {"penalty": penalty, "breach": breach, "settlement_fee": fee}
    paper = rp.agreement(plan, allocation=rp.Allocation.us(), dated="2020-01-01", **words)
    papers_agree(paper)
    principal_adds_up(paper)
    payments_are_counted(paper)
    nothing_charged_is_denied(paper)


@st.composite
def arrangements(draw: st.DrawFn) -> rp.arrears.Arrangement:
    """New agreements over a loan of which some payments were missed, in every treatment."""
    rate = draw(st.sampled_from(["12%", "0%", "7.3%"]))
    count = draw(st.integers(2, 14))
    plan = rp.amortise(rp.Loan("10000", rate, count, "2024-01-10", currency="CNY"))
    as_of = date(2024, 1, 10) + timedelta(days=draw(st.integers(1, 420)))
    happened: list[Any] = [
        rp.Receipt(
            row.date + timedelta(days=draw(st.integers(0, 40))),
            draw(st.sampled_from([row.payment, Decimal("50.00"), row.payment + 300])),
        )
        for row in plan
        if draw(st.integers(0, 2))
    ]
    happened = [each for each in happened if each.on <= as_of]
    if draw(st.booleans()) and as_of > date(2024, 2, 20):
        happened.append(rp.arrears.Charge("2024-02-20", "33.00", "costs"))
    owed = rp.statement(plan, happened, as_of=as_of, penalty=rp.PenaltyTerms("1.5"))
    arrears: dict[str, Any] = {
        part: draw(st.sampled_from(FOR_PRINCIPAL if part == "principal" else get_args(Treatment)))
        for part in PARTS_OF_ARREARS
    }
    payments = draw(st.integers(1, 15))
    changes: list[Change] = draw(
        st.sampled_from([*CHANGED_AT_ONCE, [rp.changes.Forgiveness(share="10%", on=as_of)]])
    )
    try:
        return rp.renegotiate(
            owed, payments, arrears=arrears, changes=changes, breach=rp.arrears.Breach(days=30)
        )
    except rp.RepayError:
        assume(condition=False)
        raise


CHANGED_AT_ONCE: list[list[Change]] = [
    [],
    [rp.changes.Rescheduling(8, payment=1)],
    [rp.changes.Rescheduling(5, payment=1, every="2 weeks", rate="3%", method="equal_principal")],
    [rp.changes.Rescheduling(instalment="400", payment=1)],
    [rp.changes.RateChange("6%", payment=1)],
    [rp.changes.RateChange("6%", payment=1), rp.changes.Rescheduling(9, payment=1)],
    [rp.changes.Deferral(payment=1), rp.changes.Rescheduling(9, payment=3)],
    [rp.changes.Deferral(payment=1, periods=2, repay="capitalise")],
]


@given(arrangements())
@settings(max_examples=examples(80))
def test_laws_of_every_agreement_over_arrears(chain: rp.arrears.Arrangement) -> None:
    """All that is owed is repaid, carried, joins, is forgiven or stays apart; one deal is stated."""
    paper = rp.agreement(chain, settlement_fee="50", no_new_credit=True)
    papers_agree(paper)
    principal_adds_up(paper)
    payments_are_counted(paper)
    latest = chain.latest
    owed = latest.before.balances
    assert owed.total - owed.principal == (
        latest.capitalised + latest.carried
        + latest.forgiven.total - latest.forgiven.principal
        + latest.apart.total - latest.apart.principal
    )  # fmt: skip
    text = paper["balance"].text
    given_up = [Decimal(each.replace(",", "")) for each in re.findall(
        r"(?:of|In all,) ([\d,.]+) CNY (?:is|are) forgiven", text)]  # fmt: skip
    total = latest.forgiven.total + sum(row.forgiven for row in chain.schedule)
    assert sum(given_up) == (2 * total if len(given_up) > 1 else total)
    first = next(iter(chain.schedule.changes[len(chain.schedule.changes) - 1 :]), None)
    said = paper["reading"].text
    assert "From instalment 1 on, what is owed" not in said
    if isinstance(first, rp.changes.Rescheduling) and first.payments and first.payment == 1:
        assert re.search(rf" {first.payments} \S+ (?:level )?(?:instalment|payment)", said)


# -- what the agreement came out with before -----------------------------------------------------


def test_what_holds_from_the_first_instalment_on_replaces_the_terms_of_the_loan() -> None:
    paid = [rp.Receipt(row.date, row.payment) for row in PLAN[:3]]
    owed = rp.statement(PLAN, paid, as_of="2024-06-24", penalty=rp.PenaltyTerms("1.5"))
    chain = rp.renegotiate(
        owed,
        arrears={"penalty": "forgive", "interest": "spread"},
        changes=[rp.changes.Rescheduling(8, payment=1)],
    )
    for lang, (now, before) in {"en": ("8 monthly", "7 monthly"), "zh": ("共8期", "共7期")}.items():
        text = str(rp.agreement(chain, lang=wrong(lang)))
        assert now in text
        assert before not in text
        assert now in str(rp.letter(owed, proposal=chain, lang=wrong(lang)))
        assert before not in str(rp.letter(owed, proposal=chain, lang=wrong(lang)))
    first, *rest = rp.agreement(chain)["reading"].text.split("\n")
    assert first.startswith(
        "7,610.80 CNY at 12% a year from 2024-06-24, 8 monthly level instalments"
    )
    assert [each[:41] for each in rest] == ["1. (2024-06-24) From instalment 1 on, int"]
    assert "All payments are 1,011.56 CNY." in rp.agreement(chain)["instalments"].text


def test_changes_that_are_left_are_numbered_anew() -> None:
    plan = rp.amortise(
        YUAN,
        rp.changes.Rescheduling(8, payment=1),
        rp.changes.RateChange("8%", payment=4),
        rp.changes.RateChange("6%", payment=4),
    )
    lines = rp.agreement(plan)["reading"].text.split("\n")
    assert "8 monthly level instalments" in lines[0]
    assert lines[1].startswith("1. ")
    assert lines[1].endswith("superseded by 2.")
    assert lines[2].startswith("2. ")


def test_a_way_of_repaying_agreed_before_a_settlement_holds() -> None:
    """A settlement has a method of its own, which is no way of repaying."""
    plan = rp.settle(
        rp.reschedule(PLAN, 9, payment=4, method="equal_principal"), on="2024-09-10"
    ).schedule
    assert "in equal parts of the principal" in rp.agreement(plan)["instalments"].text


def test_principal_forgiven_is_no_negative_cost() -> None:
    for amount in ("500", "3000", "7000"):
        plan = rp.forgive(PLAN, amount, with_payment=3)
        figures = rp.agreement(plan)["fees"].figures
        assert abs(Decimal(figures["rate"]) - Decimal("0.12")) < Decimal("0.0001")
        assert rp.measures.cost_sheet(plan).rate.percent == Decimal("12.00")
        assert figures["total"] == plan.total_interest
    fee = rp.Fee("1%", collected="deducted")
    cheap = rp.forgive(
        rp.Loan("10000", "12%", 12, "2024-01-10", fees=[fee]), "7000", with_payment=3
    )
    sheet = rp.measures.cost_sheet(cheap, rule="cn_simple")
    assert all(each.annualised and each.annualised > 0 for each in sheet)


def test_capitalised_interest_is_named() -> None:
    plan = rp.defer(PLAN, payment=4, periods=3, repay="capitalise", hold="maturity")
    paper = rp.agreement(plan)
    assert (
        "7,610.80 CNY of principal, with 230.62 CNY of interest that joins it later, is repaid in "
        "the instalments below: 7,841.42 CNY in all." in paper["balance"].text
    )
    assert "本金7,610.80元，连同此后计入本金的利息230.62元，合计7,841.42元" in (
        paper.translated("zh")["balance"].text
    )


def test_the_usual_payment_is_that_of_more_than_half() -> None:
    usual = rp.agreement(PLAN)["instalments"].text
    assert "The usual payment is 888.49 CNY" in usual
    falling = rp.agreement(rp.Loan("9000", "12%", 9, "2024-01-10", method="equal_principal"))
    assert "at most 1,090.00, at least 1,010.00" in falling["instalments"].text
    assert "usual" not in falling["instalments"].text
    alike = rp.agreement(rp.Loan("900", "0%", 9, "2024-01-10"))["instalments"].text
    assert "All payments are 100.00." in alike


def test_one_payment_is_spoken_of_as_one() -> None:
    plan = rp.settle(PLAN, on="2024-07-10").schedule
    for lang, many in {"en": ("instalments", "payments"), "zh": ("各期", "最后一期")}.items():
        paper = rp.agreement(plan, lang=wrong(lang))
        for key in ("balance", "instalments"):
            assert not any(each in paper[key].text for each in many), paper[key].text


def test_what_being_late_costs_is_a_rate_and_a_period() -> None:
    """The rate follows from that of the loan, and from every one that it changes to."""
    plan = rp.change_rate(PLAN, "8%", payment=7)
    words: dict[str, Any] = {"penalty": rp.PenaltyTerms("1.5"), "before": PLAN, "on": "2024-04-10"}
    assert rp.agreement(plan, **words)["late"].text == (
        "On overdue principal a penalty accrues at 1.5 times the loan's rate (18% a year, 12% a "
        "year from 2024-07-10 on), in place of it, from the day after the due date until payment."
    )
    zh = rp.agreement(PLAN, lang="zh", penalty=rp.PenaltyTerms("1.5"))["late"].text
    assert zh == (
        "对逾期本金按贷款利率的1.5倍（年利率18%）计收罚息，自逾期之日起至清偿之日止，不再另计正常利息。"
    )
    steps = rp.steps(rp.PenaltyTerms("1.5"), {"2024-08-01": rp.PenaltyTerms(rate="10%")})
    lines = rp.agreement(PLAN, penalty=steps)["late"].text.split("\n")
    assert lines[1].startswith(
        "From 2024-08-01 on: On overdue principal a penalty accrues at 10% a"
    )


def test_a_rate_for_a_time_says_what_holds_afterwards() -> None:
    day = rp.change_rate(PLAN, rp.compounded("6%", times=2), on="2024-06-20", until="2024-12-20")
    english = rp.agreement(day)["reading"].text
    assert "from 2024-06-20 to 2024-12-19, the rate is 6% a year, compounded 2 times a year, and "\
        "from 2024-12-20 on the rate is 12% a year again" in english.replace("From", "from")  # fmt: skip
    number = rp.change_rate(PLAN, "8%", payment=5, until=9)
    assert "第5期至第8期，年利率调整为8%；自第9期起恢复为12%" in (
        rp.agreement(number, lang="zh")["reading"].text
    )
    nested = rp.change_rate(rp.change_rate(PLAN, "9%", payment=4), "8%", payment=5, until=9)
    assert (
        "from instalment 9 on the rate is 9% a year again" in rp.agreement(nested)["reading"].text
    )


def test_a_deferral_names_the_days_that_it_touches() -> None:
    said = {
        "4 and the end moves": rp.defer(PLAN, payment=4),
        "interest goes on": rp.defer(PLAN, payment=4, repay="now"),
        "three": rp.defer(PLAN, on="2024-05-01", periods=3),
        "one instalment": rp.defer(PLAN, payment=4, periods=2, scope="instalment"),
    }
    english = {name: rp.agreement(plan)["reading"].text for name, plan in said.items()}
    chinese = {name: rp.agreement(plan, lang="zh")["reading"].text for name, plan in said.items()}
    assert "No payment is made on due date 4 (2024-05-10)" in english["4 and the end moves"]
    assert "each due date from number 4 on moves by 1 month" in english["4 and the end moves"]
    assert "第4期（2024年5月10日）暂停还款" in chinese["4 and the end moves"]
    assert "各期还款日依次推后1个月" in chinese["4 and the end moves"]
    assert "Only interest is paid, and no principal, on due date 4" in english["interest goes on"]
    assert "第4期（2024年5月10日）只付利息，暂不偿还本金" in chinese["interest goes on"]
    assert "due dates 4 to 6 (2024-05-10 to 2024-07-10)" in english["three"]
    assert "第4至第6期（2024年5月10日至2024年7月10日）" in chinese["three"]
    assert "paid with instalment 6, on 2024-07-10" in english["one instalment"]
    assert "推迟至第6期还款日（2024年7月10日）一并支付" in chinese["one instalment"]
    assert str(rp.changes.Deferral(payment=4, repay="now")).startswith(
        "from instalment 4 on, only interest is paid, and no principal, on 1 due date"
    )


def test_a_card_has_the_title_and_the_promise_of_its_rule() -> None:
    for card, title in ((True, "个性化分期还款协议"), (False, "分期还款协议")):
        paper = rp.agreement(PLAN, lang="zh", card=card)
        assert str(paper).split("\n")[0] == title
        assert paper["new_credit"].missing == card
        assert bool(paper["balance"].rule) == card
    with pytest.raises(rp.errors.TermsError, match="card"):
        rp.agreement(PLAN, card=wrong("yes"))


def test_missing_items_are_in_the_language_of_the_paper() -> None:
    for each in rp.agreement(PLAN, lang="zh").missing():
        assert re.fullmatch(r"[^A-Za-z：]+：请写 [ -~]+(?: 或 [ -~]+)*", str(each)), str(each)
        assert set(each.to_plain()) == {"name", "write"}


def test_caps_and_sources_have_names_in_chinese() -> None:
    plan = rp.reschedule(PLAN, payments=61, payment=4)
    for cap in rp.measures.known_caps("CN", on="2024-09-01"):
        assert re.search("[\u4e00-\u9fff]", cap.name_zh), cap
    limits = rp.Limits(
        extension="general_rules", caps=[rp.measures.Cap("house limit", "8%", name_zh="行内上限")]
    )
    found = rp.agreement(
        plan, lang="zh", limits=limits, penalty=rp.PenaltyTerms("1.5")
    ).objections()
    assert len(found) == 3
    assert not any(re.search("[A-Za-z]", each) for each in found), found


def test_what_the_law_of_a_card_and_of_a_currency_says_is_objected() -> None:
    paid = [rp.Receipt(row.date, row.payment) for row in PLAN[:3]]
    owed = rp.statement(PLAN, paid, as_of="2024-06-24", penalty=rp.PenaltyTerms("1.5"))
    chain = rp.renegotiate(owed, payments=12)
    (objection,) = rp.agreement(chain, card=True).objections()
    assert "23.61 CNY" in objection
    assert rp.agreement(chain).objections() == ()
    spread = rp.renegotiate(owed, payments=12, arrears={"penalty": "spread"})
    assert rp.agreement(spread, card=True).objections() == ()
    for currency, count in {"CNY": 1, "EUR": 0}.items():
        fee = rp.Fee("1%", collected="deducted")
        loan = rp.Loan("10000", "12%", 12, "2024-01-10", currency=currency, fees=[fee])
        assert len(rp.agreement(loan).objections()) == count


@pytest.mark.parametrize("lang", LANGS)
def test_fees_that_accrue_are_those_of_the_cost_sheet(lang: Lang) -> None:
    """Fees in arrears are no new ones, and tax on interest is no fee; the sheet says the same."""
    fees = [rp.Fee("5", when="instalment"), rp.Fee("2%", when="rescheduling")]
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", currency="EUR", fees=fees)
    paid = [rp.Receipt("2024-02-10", "893.49")]
    late = rp.PenaltyTerms("1.5", late_fee="50")
    owed = rp.statement(loan, paid, as_of="2024-06-24", penalty=late)
    for kind in get_args(Treatment):
        if kind == "apart":
            continue
        chain = rp.renegotiate(owed, payments=4, arrears={"fee": kind, "penalty": kind})
        paper = rp.agreement(chain, lang=lang)
        assert paper["accrual"].figures["fees"] == Decimal("20.00")
        assert paper["accrual"].figures["fees"] == rp.measures.costs(chain.schedule).fees
        carried = kind not in ("capitalise", "forgive")
        assert ("owed before" in paper["fees"].text or "此前所欠" in paper["fees"].text) == carried
    taxed = rp.Loan("10000", "12%", 12, "2024-01-10", currency="EUR", interest_tax="6%")
    for plan in (rp.amortise(taxed), rp.reschedule(taxed, payments=15, payment=4)):
        paper = rp.agreement(plan, lang=lang)
        assert paper["accrual"].figures["fees"] == 0
        assert "37.40" not in paper["accrual"].text


@given(strategies.changed(strategies.rich_loans(), most=2))
@settings(max_examples=50)
def test_fees_that_accrue_are_those_of_the_table_and_of_the_costs(plan: rp.Schedule) -> None:
    """Under an agreement they are those listed; from the first day on, those of the costs."""
    paper = rp.agreement(plan)
    sums = {name: Decimal(amount) for name, amount in paper.to_dict()["totals"].items()}
    if not plan.loan.interest_tax:
        listed = sums["fee"] + sums["tax"] - sums["refund"]
        assert paper["accrual"].figures["fees"] == listed
    tax = plan.loan.money(sum(each.tax for each in plan.fee_charges))
    whole = rp.agreement(plan, on=plan.loan.start)["accrual"].figures["fees"]
    assert whole == rp.measures.costs(plan).fees + tax


def test_a_rate_on_an_index_is_told_in_points() -> None:
    rate = rp.indexed(
        {"2024-01-01": "3%"}, margin="0.6%", resets=("2024-05-10",), cap="9%", periodic_cap="2%"
    )
    said = in_chinese(
        loan_sentence(rp.Loan("10000", rate, 12, "2024-01-10", currency="CNY"), amounts_in("CNY"))
    )
    assert "年利率为定价基准加60个基点（0.6个百分点）" in said
    assert "每次重定价上调不超过2个百分点，执行利率最高不超过9%" in said


def test_that_no_rate_fits_is_said_in_the_language_of_the_paper() -> None:
    plan = rp.amortise(rp.Loan("1000", "12%", 3, "2024-01-10", currency="CNY"))
    gone = rp.forgive(plan, share="100%", on="2024-01-10")
    paper = rp.agreement(gone, lang="zh")
    if paper["fees"].missing:
        assert not re.search("[A-Za-z]", paper["fees"].text)


@pytest.mark.parametrize("lang", LANGS)
def test_pages_are_numbered_and_signatures_stay_with_what_is_signed(lang: Lang) -> None:
    paper = rp.agreement(rp.reschedule(PLAN, payments=18, payment=4), lang=lang, **FULL)
    html = paper.to_html()
    assert "counter(page)" in html
    assert "counter(pages)" in html
    kept = html[html.index('<div class="keep">') :]
    assert kept.count("<h2>") == 2
    assert paper["reporting"].title in kept
    assert 'class="signs"' in kept
    assert "tfoot tr { break-before: avoid; }" in html


def test_chinese_lines_keep_a_figure_with_its_unit() -> None:
    text = (
        "截至2024年4月10日，欠款余额为7,610.80元（大写：人民币柒仟元整），第12期，年利率12%。" * 3
    )
    for width in range(20, 60):
        lines = wrapped(text, width).split("\n")
        assert "".join(lines) == text
        for line, after in pairwise(lines):
            assert not (line[-1].isdigit() and after[0] in "0123456789.,年月日元期%"), (line, after)
            assert line[-1] not in "（第"
    paper = rp.agreement(rp.defer(PLAN, payment=4), lang="zh", **FULL)
    assert '<span class="nb">2024年4月10日</span>' in paper.to_html()


def test_who_pays_early_is_not_said_to_be_unable_to_pay() -> None:
    settled = rp.settle(PLAN, on="2024-07-10").schedule
    for plan, voluntary in (
        (settled, True),
        (rp.prepay(PLAN, "500", with_payment=4), True),
        (rp.defer(PLAN, payment=4), False),
        (rp.prepay(rp.defer(PLAN, payment=4), "500", with_payment=6), False),
    ):
        paper = rp.agreement(plan, lang="en")
        assert ("of their own accord" in str(paper)) == voluntary
        assert ("more than the borrower can pay" in " ".join(str(paper).split())) != voluntary
        assert ("自愿提前还款" in str(paper.translated("zh"))) == voluntary


def test_an_early_settlement_asks_for_no_hardship() -> None:
    quote = rp.settle(PLAN, on="2024-07-25", fee="1%")
    texts: list[tuple[Lang, str, str]] = [
        ("en", "Circumstances", "This agreement settles the loan early."),
        ("zh", "提前还款的说明", "本协议已约定提前结清"),
    ]
    for lang, title, said in texts:
        paper = rp.agreement(quote.schedule, lang=lang)
        assert paper["circumstances"].title == title
        assert not paper["circumstances"].needs
        assert paper["early"].text.startswith(said)
        assert not paper["early"].needs
        assert [item.key for item in paper] == [item.key for item in paper.items]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_becomes_of_the_balance_adds_up_inside_a_period(lang: Any) -> None:
    """Interest accrued to the day of a settlement is owed, and paid with it."""
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY")
    settled = rp.agreement(rp.settle(loan, on="2024-04-20").schedule, lang=lang)["balance"]
    assert settled.figures["total"] == Decimal("7636.17")
    said = {
        "en": ["7,610.80 CNY of principal is repaid", "Interest of 25.37 CNY is paid with the"],
        "zh": ["本金7,610.80元随下列款项一次性偿还。", "利息25.37元随下列款项一次性偿还。"],
    }
    assert all(text in settled.text for text in said[lang])
    prepaid = rp.agreement(rp.prepay(loan, "2000", on="2024-04-20"), lang=lang)["balance"]
    later = {
        "en": "Interest of 25.37 CNY is paid in the instalments",
        "zh": "利息25.37元随下列各期",
    }
    assert later[lang] in prepaid.text
    on_a_due_date = rp.agreement(rp.prepay(loan, "2000", with_payment=3), lang=lang)["balance"]
    assert later[lang][:4] not in on_a_due_date.text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_day_of_signing_is_no_day_to_copy(lang: Any) -> None:
    paper = rp.agreement(rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY"), lang=lang)
    (need,) = [need for need in paper.missing() if "dated=" in need.write]
    assert 'dated="YYYY-MM-DD"' in need.write
