"""Every public class that prints speaks each language, so that none is forgotten."""

from __future__ import annotations

import inspect
import pickle
import re
from collections.abc import Iterator
from copy import copy, deepcopy
from dataclasses import fields
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest

import repaylib as rp
from repaylib.audit.report import in_what
from repaylib.documents.document import Document
from repaylib.output.tables import Printed
from repaylib.wording.sentence import Bare, Sentence, Worded, WordedText, parse_language
from tests.wording.test_languages import KNOWN, OWED, PRINTED, changes, numbers

ENGLISH, CHINESE = parse_language("en"), parse_language("zh")

#: What is written in one language when it is made; documents can be translated.
ONE_LANGUAGE = (Document, rp.documents.Clause, rp.documents.Missing)
#: Rates, which are numbers, and data.
DATA = (rp.measures.Apr, rp.measures.Yield, rp.schedule.Certificate)
#: Latin words that stand in Chinese: options of the code, and codes of currencies and credit records.
CODE = re.compile(r"(?<![A-Za-z])(payment|XXX|N+)(?![A-Za-z])")

LOAN = rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY")
PLAN = rp.amortise(LOAN)
CARD = rp.Debt("3000", rate="18%", minimum=("4%", "50"), lender="信用卡", currency="CNY")
BANK = rp.Debt(LOAN, lender="银行", secured="汽车", arrears="100")
BARE = rp.Debt("1000", rate="18%", minimum="50", currency="CNY", secured=True)
BUDGET = rp.Budget({"5月": "4200", "6月": "3900"}, "3150", "250", currency="CNY")
BUDGETS = [
    BUDGET,
    rp.Budget("4200", "3450", "250", currency="CNY"),
    rp.Budget(["4200", "3900"], "3900", currency="CNY"),
    rp.Budget(["4200", "3900"], "4000", currency="CNY"),
]
DEBTS = [BANK, CARD]
LIMITS = rp.Limits(months=15)
FOUND = rp.negotiate(PLAN, affordable="700", payment=4, by="term", limits=LIMITS)
TIGHT = [
    rp.negotiate(PLAN, affordable="500", payment=4, by="term", limits=LIMITS),
    rp.negotiate(
        *(PLAN,),
        affordable=["300", "200"],
        payment=4,
        end="2024-12-31",
        last_payment="900",
        total="8000",
        by=("rate", "haircut", "interest_only", "start"),
        limits=rp.Limits(rate="6%", npv_loss="1%", haircut="1%", extension="general_rules"),
    ),
]
OTHERS_PAY = [
    rp.negotiate(
        *(rp.Loan("10000", rp.steps("12%", {7: "20%"}), 12, "2024-01-10"),),
        affordable=most,
        by=("lump", "subsidy", "instalment_cap"),
        limits=rp.Limits(lump="500", subsidy="2%", payer="财政", instalment_cap="5%"),
    )
    for most in ("400", "880", "950")
]
HAMP = rp.negotiation.Waterfall.hamp()
CHINESE_BANK = rp.negotiation.Waterfall.chinese_bank()
CONCEDED = [
    rp.negotiation.concede(PLAN, HAMP, target="550", payment=4, arrears={"penalty": "10"}),
    rp.negotiation.concede(
        PLAN, CHINESE_BANK, target=rp.negotiation.Target(reduction="50%"), arrears={"penalty": "9"}
    ),
    rp.negotiation.concede(
        PLAN,
        rp.negotiation.Waterfall(
            "甲", rp.negotiation.Concession("forgive", limit="5%", step="100")
        ),
        target=rp.negotiation.Target(share="31%", income="2000", other="100"),
    ),
]
BOOK = rp.Portfolio(principal=["1000", "2000"], rate="12%", payments=12, start="2024-01-10")
BOOK_PLAN = rp.defer(rp.amortise(BOOK), payment=[4, 5])
RECEIPTS = rp.portfolio.Receipts([0], ["2024-02-10"], ["88.85"])
BOOK_OWED = rp.statement(rp.amortise(BOOK), RECEIPTS, as_of="2024-05-20")
LATER = rp.statement(rp.amortise(BOOK), RECEIPTS, as_of="2024-06-20")
RECEIPT = rp.Receipt("2024-05-20", "300", id="17", instalment=4, component="interest")

ROWS = [
    {"date": row.date, "payment": row.payment, "interest": row.interest, "balance": row.closing}
    for row in PLAN
]
WRONG = [{**row, "interest": "99.99"} if not place else row for place, row in enumerate(ROWS)]
ODD = rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY", day_count="actual/360")
UNSUMMED = [
    {**row, "principal": of.principal, "opening": of.opening + (place == 4)}
    for place, (row, of) in enumerate(zip(ROWS, PLAN, strict=True))
]
CHECKED = [
    rp.check_offer(ROWS, LOAN),
    rp.check_offer(ROWS, ODD),
    rp.check_offer(
        [{"payment": row["payment"]} for row in ROWS], principal="10000", currency="CNY"
    ),
    rp.check_offer(WRONG, LOAN),
    rp.check_offer(WRONG[:6], principal="10000", rate="13%"),
    rp.check_offer(UNSUMMED, LOAN),
    rp.check_offer(ROWS[:4] + ROWS[5:], LOAN),
]

DERIVED = PLAN.explain(1)
QUOTED = rp.settle(PLAN, on="2024-07-25", fee="1%", method="rule_of_78").explain()
VALUED = rp.measures.cap_report(
    LOAN,
    [
        rp.measures.Cap("民间借贷", "10%"),
        rp.measures.Cap("民间借贷", "24%", measure="effective"),
        rp.measures.Cap("民间借贷", "10%", measure="simple"),
        rp.measures.Cap("民间借贷", "1%", measure="daily"),
        rp.measures.Cap("民间借贷", "5%", measure="total"),
    ],
)
COMPARED = rp.compare(PLAN, rp.reschedule(PLAN, 12, payment=4), rp.reschedule(PLAN, 12, payment=4))

#: Values of every public class; what PRINTED has counts too.
SAMPLES: list[Any] = [
    *PRINTED.values(),
    *changes(),
    rp.changes.Forgiveness("500", with_payment=4),
    rp.changes.Forbearance("500", payment=4),
    rp.changes.Advance("500", with_payment=4),
    rp.changes.Arrears("90", payment=4),
    rp.Allocation.civil_code(),
    rp.PenaltyTerms("1.5"),
    rp.apr(BOOK, rule="eu"),
    rp.measures.costs(BOOK),
    rp.arrears.Breach(days=30),
    rp.arrears.BreachWarning(date(2024, 11, 8), Decimal("477.12"), date(2024, 11, 9), "CNY"),
    RECEIPT,
    rp.Receipt("2024-05-20", "300", currency="CNY", component="costs"),
    rp.arrears.Reversal("2024-05-23", of=RECEIPT),
    rp.arrears.Reversal("2024-05-23", of="17"),
    rp.arrears.Refund("2024-05-23", "10"),
    rp.arrears.Charge("2024-05-23", "10", "costs", name="诉讼费"),
    rp.arrears.Waiver("2024-05-23", "penalty", share="50%"),
    rp.arrears.Waiver("2024-05-23", "fee"),
    rp.arrears.Acceleration("2024-05-23"),
    rp.arrears.WriteOff("2024-05-23"),
    rp.Calendar("1111100", ["2024-10-01"], years=[2023, 2024, 2026]),
    rp.Calendar("1111100"),
    rp.Party("陈雨", "borrower", address="北京"),
    rp.effective("12%"),
    rp.steps("12%", {"2024-06-10": "8%"}),
    rp.indexed({"2023-12-01": "3%"}, margin="1%", resets=("2025-01-10", "year")),
    rp.Fee("1%", collected="deducted"),
    rp.terms.CostCap("50%"),
    rp.terms.Graduated("5%"),
    rp.terms.Lumps("500", every=6),
    rp.terms.seasonal(interest_only=[12, 1, 2]),
    rp.terms.SettlementFee("3 months"),
    rp.measures.costs(rp.defer(LOAN, payment=4, periods=2, repay="capitalise")),
    rp.measures.modification_test(PLAN, rp.defer(PLAN, payment=4, interest="waive")),
    rp.measures.modification_test(PLAN, rp.reschedule(PLAN, 40, payment=4, rate="1%")),
    rp.measures.solve(
        lambda amount: rp.Loan(amount, "12%", 12, "2024-01-10", currency="CNY"),
        "amount",
        at_most="800",
    ),
    rp.measures.solve(
        lambda count: rp.Loan("10000", "12%", count, "2024-01-10"),
        "count",
        "maturity",
        at_most="2025-01-10",
    ),
    rp.measures.solve(
        lambda rate: rp.Loan("10000", rate, 12, "2024-01-10"),
        "rate",
        lambda plan: plan.total_interest,
        at_most="500",
    ),
    COMPARED.break_even(0, 1),
    rp.apr(PLAN, "eu").explain(),
    rp.measures.apr_rules("CN"),
    rp.measures.rebuild(OWED, "24%"),
    rp.measures.journal(LOAN),
    rp.measures.disclosure(rp.Loan("20000", "15%", 24, "2024-01-10"), "in_kfs"),
    rp.measures.journal(LOAN).by_kind(),
    rp.arrears.credit_record(OWED, codes="CN"),
    rp.measures.Cap("消费金融", "20%"),
    rp.measures.Cap("民间借贷", [("2020-08-20", "15.4%"), ("2024-01-01", "14%")], source="规定"),
    rp.measures.Payer("财政", points="1%", cap_share="50%", cap="3000"),
    rp.measures.shared_cost(LOAN, rp.measures.Payer("财政", points="1%", cap="3000")),
    rp.readings(OWED),
    *BUDGETS,
    *DEBTS,
    BARE,
    *(
        rp.allocate_budget(DEBTS, amount, on="2024-04-10", policy=policy)
        for amount in ("1200", "600")
        for policy in ("pro_rata", "avalanche", "snowball", "minimum_first", "equal")
    ),
    rp.negotiation.compare_policies(DEBTS, "1200", on="2024-04-10"),
    rp.negotiation.compare_policies([BARE, BARE], "60", on="2024-04-10"),
    FOUND,
    *FOUND,
    *TIGHT,
    *(option.nearest for option in TIGHT),
    *OTHERS_PAY,
    *(option for found in OTHERS_PAY for option in found[:3]),
    *(relief for found in OTHERS_PAY for relief in found.reliefs),
    *(relief for found in TIGHT for relief in found.reliefs),
    rp.negotiate([PLAN, PLAN], affordable=["700", "500"], payment=4, by="term", limits=LIMITS),
    HAMP,
    CHINESE_BANK,
    rp.negotiation.Waterfall.flex("4%"),
    *(step for waterfall in (HAMP, CHINESE_BANK) for step in waterfall.steps),
    rp.negotiation.Target("700"),
    rp.negotiation.Target(share="31%", income="4000", other="240"),
    *CONCEDED,
    rp.Limits.preset("art_70", "eba"),
    rp.negotiation.extension_limit(LOAN, "general_rules"),
    BOOK,
    rp.amortise(BOOK),
    BOOK_PLAN,
    BOOK_PLAN.changes[0],
    RECEIPTS,
    rp.amortise(BOOK).summary(),
    rp.amortise(BOOK).totals(),
    rp.amortise(BOOK).totals(by="number"),
    rp.settle(rp.amortise(BOOK), on="2024-05-20"),
    BOOK_OWED,
    BOOK_OWED.summary(),
    *(BOOK_OWED.by_kind(kind) for kind in ("due", "paid", "balances")),
    BOOK_OWED.ageing(),
    BOOK_OWED.roll_rates(LATER),
    rp.portfolio.Rejects(),
    DERIVED.figures[0].segments[0],
    DERIVED,
    QUOTED,
    COMPARED.explain(1),
    FOUND[0].explain(),
    rp.measures.modification_test(PLAN, rp.defer(PLAN, payment=4, interest="waive")).explain(),
    *(VALUED[place].explain() for place in range(len(VALUED))),
    QUOTED.figures[-1],
    *COMPARED.explain(1)["to pay from then"].flows,
    *CHECKED,
    *(convention for check in CHECKED for convention in check.conventions[:3]),
]


#: What cites each law as its source does.
CITING = (rp.measures.AprLaws, rp.measures.Disclosure)


def public_classes() -> Iterator[type]:
    """Every class that stands on the face of a package."""
    packages = [f"repaylib.{module.name}" for module in iter_modules(rp.__path__)]
    modules = [import_module(name) for name in ("repaylib", *packages) if "__main__" not in name]
    faces = [getattr(module, word) for module in modules for word in getattr(module, "__all__", ())]
    yield from dict.fromkeys(face for face in faces if inspect.isclass(face))


def prints(cls: type) -> bool:
    """Whether the library makes its text."""
    made = inspect.getattr_static(cls, "__str__")
    return getattr(made, "__module__", "").startswith("repaylib") and not issubclass(cls, Exception)


SPEAKING = [
    cls for cls in public_classes() if prints(cls) and not issubclass(cls, (*ONE_LANGUAGE, *DATA))
]


@pytest.mark.parametrize("cls", SPEAKING, ids=lambda cls: cls.__name__)
def test_what_prints_takes_a_language(cls: type) -> None:
    for way in ("to_text", "to_html", "to_markdown", "terms", "sheet"):
        method: Any = getattr(cls, way, None)
        if way == "to_text" or inspect.isfunction(method):
            assert inspect.signature(method).parameters["lang"].default == "en", way
    assert any(isinstance(sample, cls) for sample in SAMPLES), f"write a sample of {cls}"


@pytest.mark.parametrize(
    "sample", SAMPLES, ids=[f"{type(sample).__name__}-{k}" for k, sample in enumerate(SAMPLES)]
)
def test_no_english_is_left_in_chinese(sample: Worded) -> None:
    chinese, english = sample.to_text(lang="zh"), sample.to_text()
    texts = [chinese]
    if isinstance(sample, Printed):
        texts += [re.sub(r"<[^>]*>", " ", sample.to_html(lang="zh")), sample.to_markdown(lang="zh")]
    for text in [] if isinstance(sample, CITING) else texts:
        bare = CODE.sub("", KNOWN.sub("", text))
        assert not re.search("[A-Za-z]", bare), bare
    assert str(sample) == english
    assert re.search("[一-鿿]", chinese)
    assert set(numbers(chinese)) >= set(numbers(english)), chinese


def test_the_page_of_each_class_has_a_chinese_title(tmp_path: Path) -> None:
    for sample in SAMPLES:
        if isinstance(sample, Printed):
            sample.to_html(tmp_path / "page.html", lang="zh")
            page = (tmp_path / "page.html").read_text(encoding="utf-8")
            title = re.search("<title>(.*?)</title>", page)
            assert title is not None, type(sample)
            assert re.search("[一-鿿]", title[1]), (type(sample), title[1])


def test_a_phrase_is_english_text_that_knows_its_sentence() -> None:
    phrase = WordedText(Sentence("from.instalment", number=4))
    assert phrase == "from instalment 4 on" == str(phrase)
    for other in (phrase, copy(phrase), deepcopy(phrase), pickle.loads(pickle.dumps(phrase))):
        assert other == phrase
        assert CHINESE.render(other) == "自第4期起"
    assert CHINESE.render(Sentence("colon")) == "："


def test_an_amount_has_its_currency_where_the_language_needs_it() -> None:
    amount = Bare(LOAN.principal, "CNY")
    assert (ENGLISH.render(amount), CHINESE.render(amount)) == ("10,000.00", "10,000.00元")
    assert CHINESE.render(Bare(LOAN.principal)) == "10,000.00"


def test_every_term_of_a_loan_has_a_name() -> None:
    assert {f"term.{field.name}" for field in fields(rp.Loan)} <= ENGLISH.texts.keys()


def test_terms_that_are_not_those_stated_are_named_in_chinese() -> None:
    other = rp.amortise(
        rp.Loan(
            *("10000", "13%", 14, "2024-01-10"),
            currency="CNY",
            method="equal_principal",
            every="quarter",
            day_count="actual/365",
            rounding="down",
            counted_days="both",
            calendar=rp.Calendar(),
            roll="following",
            last="lower",
            fees=[rp.Fee("1%"), rp.Fee("2"), rp.Fee("3")],
        )
    )
    said = [CHINESE.render(text) for text in in_what(rp.defer(other, payment=4), PLAN)]
    for text in said:
        assert not re.search("[A-Za-z]", text), text
    assert "还款方式为等额本金，而不是等额本息" in said
    assert "舍入方式为去尾法，而不是四舍五入" in said


def test_rejects_have_chinese_heads() -> None:
    book = rp.Portfolio(
        principal=["1000", "2000"],
        rate=["12%", "high"],
        payments=12,
        start="2024-01-10",
        errors="collect",
    )
    assert book.rejects.to_text(lang="zh").split("\n")[0].split() == ["行", "列", "值", "原因"]
    assert "1笔被拒绝" in book.to_text(lang="zh")
