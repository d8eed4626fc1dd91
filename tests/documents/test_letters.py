"""The request to the lender: its figures are those of the plans, in both languages and all forms."""

from __future__ import annotations

import json
import pickle
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.typing import Lang
from tests.documents.test_agreements import (
    HOSTILE,
    Page,
    figures_in,
    instalments_in,
    stated,
    tables_of_markdown,
    wrong,
)
from tests.strategies import loans as strategies
from tests.strategies.loans import examples

LANGS: tuple[Lang, ...] = get_args(Lang)
PLAN = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY"))
NEW = rp.reschedule(PLAN, payments=18, payment=4)
FULL: dict[str, Any] = {
    "proposal": NEW,
    "budget": rp.Budget({"May": "4200", "June": "4150"}, "3350", "250"),
    "parties": {"lender": "Bank", "borrower": "Chen Yu"},
    "circumstances": "Out of work since March.",
}


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_is_missing_where_all_is_said(lang: Lang) -> None:
    asks = rp.letter(PLAN, lang=lang, **FULL)
    assert asks.missing() == ()
    assert asks.complete
    for amount in ("7,610.80", "7,996.39", "888.49", "550.00", "464.19", "8,354.23"):
        for text in (str(asks), asks.to_markdown(), asks.to_html(), asks.to_json()):
            assert amount in text
    assert asks.schedule == NEW


def test_chinese_is_formal() -> None:
    text = str(rp.letter(PLAN, lang="zh", **FULL))
    for words in ("尊敬的Bank：", "还款方案申请书", "恳请", "此致\n敬礼！", "Chen Yu"):
        assert words in text


@pytest.mark.parametrize("name", ["proposal", "budget", "circumstances"])
@pytest.mark.parametrize("lang", LANGS)
def test_what_is_left_out_is_missing(name: str, lang: Lang) -> None:
    words = {key: value for key, value in FULL.items() if key != name}
    (missing,) = rp.letter(PLAN, lang=lang, on="2024-04-10", **words).missing()
    assert f"{name}=" in missing.write
    bare = rp.letter(PLAN, lang=lang, on="2024-04-10")
    assert len(bare.missing()) == 5
    assert '<p class="open">' in bare.to_html()
    assert bare.schedule is None


def test_figures_are_those_of_the_plans() -> None:
    asks = rp.letter(PLAN, recovery="40%", **FULL)
    situation, gets = asks["situation"].figures, asks["lender_gets"].figures
    assert situation["owed"] == Decimal("7610.80")
    assert situation["affordable"] == Decimal("550.00")
    assert situation["gap"] == Decimal("338.49")  # 888.49 - 550.00
    test = rp.measures.modification_test(PLAN, NEW)
    assert (gets["worth"], gets["worth_before"]) == (test.worth_after, test.worth_before)
    assert gets["change"] == test.change
    assert gets["recovered"] == Decimal("3044.32")  # 40 % of 7,610.80
    assert gets["gain"] == test.worth_after - Decimal("3044.32")
    assert gets["total"] == sum(row.payment for row in NEW[3:])
    assert gets["before"] == sum(row.payment for row in PLAN[3:])
    assert asks["asked"].figures["final_payment"] == NEW.final_payment
    worse = rp.letter(
        PLAN, recovery="100%", **{**FULL, "proposal": rp.change_rate(PLAN, "1%", payment=4)}
    )
    assert "less" in worse["lender_gets"].text
    assert worse["lender_gets"].figures["gain"] < 0


def test_what_is_above_the_budget_is_said() -> None:
    asks = rp.letter(PLAN, **{**FULL, "budget": "400"})
    assert "400.00 CNY a month" in asks["situation"].text
    assert "64.19 CNY above what I can pay" in asks["asked"].text
    nothing = rp.letter(PLAN, **{**FULL, "budget": rp.Budget("3000", "3100")})
    assert "I can pay nothing" in nothing["situation"].text


@pytest.mark.parametrize("lang", LANGS)
def test_changes_are_numbered_where_one_refers_to_another(lang: Lang) -> None:
    deferred = rp.defer(PLAN, payment=4, repay="last")
    alone = rp.letter(PLAN, proposal=deferred, lang=lang)["asked"].text
    assert "1. " not in alone
    both = rp.letter(PLAN, proposal=rp.reschedule(deferred, payments=8, payment=4), lang=lang)
    words = both["asked"].text
    assert "1. " in words
    assert "2. " in words


def test_an_option_of_a_negotiation() -> None:
    option = rp.negotiate(PLAN, affordable="700", payment=4).cheapest
    assert option is not None
    words = {key: value for key, value in FULL.items() if key != "proposal"}
    asks = rp.letter(PLAN, option=option, **words)
    assert asks["asked"].figures["total"] == option.total
    assert asks["asked"].figures["final_payment"] == option.final_payment


@pytest.mark.parametrize("lang", LANGS)
def test_a_statement_and_a_new_arrangement(lang: Lang) -> None:
    paid = [rp.Receipt(row.date, row.payment) for row in PLAN[:3]]
    owed = rp.statement(PLAN, paid, as_of="2024-06-24", penalty=rp.PenaltyTerms("1.5"))
    chain = rp.renegotiate(owed, payments=18, arrears={"penalty": "forgive"})
    asks = rp.letter(owed, lang=lang, **{**FULL, "proposal": chain})
    assert asks["situation"].figures["owed"] == owed.payoff
    assert asks["lender_gets"].figures["total"] == chain.schedule.total_paid
    # what is due already, and the seven instalments to come
    coming = sum(row.payment for row in PLAN[5:])
    assert asks["lender_gets"].figures["before"] == owed.due.total + coming
    for amount in ("7,806.40", "1,800.59", "23.61"):
        assert amount in str(asks)
    again = rp.letter(chain, lang=lang, proposal=rp.defer(chain.schedule, payment=2))
    assert again["asked"].text


@pytest.mark.parametrize("lang", LANGS)
def test_a_debt(lang: Lang) -> None:
    card = rp.Debt("3000", rate="18%", minimum="120", lender="card", currency="CNY", arrears="90")
    asks = rp.letter(card, lang=lang, on="2024-04-10", budget="100", parties={"lender": "Bank"})
    assert asks["situation"].figures["owed"] == Decimal("3090.00")
    assert "3,090.00" in str(asks)
    assert "90.00" in asks["situation"].text
    assert "120.00" in asks["situation"].text
    loan = rp.letter(rp.Debt(PLAN, lender="Bank"), lang=lang, **FULL)
    assert loan["situation"].figures["owed"] == Decimal("7610.80")


@given(strategies.changed(strategies.plain_loans(extras=False)), st.sampled_from(LANGS))
@settings(max_examples=examples(40))
def test_every_plan_can_be_asked_for(plan: rp.Schedule, lang: Lang) -> None:
    before = rp.amortise(plan.loan)
    proposal = plan if plan != before else None
    asks = rp.letter(before, proposal=proposal, lang=lang, budget="1000")
    page = Page(asks.to_html())
    json.loads(asks.to_json())
    assert str(asks)
    if proposal is None or not asks["plan"].blocks:
        return
    for tables in (page.tables, tables_of_markdown(asks.to_markdown())):
        header, *rows, footer = instalments_in(tables, lang)
        payment = header.index({"en": "payment", "zh": "还款额"}[lang])
        amounts = [Decimal(cells[payment].replace(",", "")) for cells in rows]
        assert sum(amounts) == Decimal(footer[payment].replace(",", ""))
        assert sum(amounts) == asks["asked"].figures["total"]
        days = [cells[1] for cells in rows]
        assert days == sorted(days)


def test_what_users_write_is_escaped_and_kept() -> None:
    words = {**FULL, "circumstances": HOSTILE, "documents": [HOSTILE]}
    words["parties"] = {"lender": HOSTILE, "borrower": HOSTILE}
    asks = rp.letter(PLAN, **words)
    assert "<script" not in asks.to_html()
    assert "<script" not in asks._repr_html_()
    assert asks["documents"].figures["documents"] == [HOSTILE]
    Page(asks.to_html())


@pytest.mark.parametrize("lang", LANGS)
def test_it_is_a_value(lang: Lang) -> None:
    asks = rp.letter(PLAN, lang=lang, **FULL)
    assert str(pickle.loads(pickle.dumps(asks))) == str(asks)
    other = asks.translated("zh" if lang == "en" else "en")
    assert str(other.translated(lang)) == str(asks)
    assert other["asked"].figures == asks["asked"].figures
    assert "<Letter" in repr(asks)
    assert [party.name for party in asks.parties] == ["Bank", "Chen Yu"]


@pytest.mark.parametrize(
    ("words", "kind", "parameter"),
    [
        ({"lang": "fr"}, rp.errors.ChoiceError, "lang"),
        ({"parties": 5}, rp.errors.TermsError, "parties"),
        ({"proposal": PLAN}, rp.errors.TermsError, "proposal"),
        ({"proposal": 18}, rp.errors.TermsError, "proposal"),
        ({"proposal": rp.defer(rp.Loan("5", "1%", 4, "2024-01-10"), payment=1)}, rp.errors.TermsError, "proposal"),
        ({"proposal": NEW, "option": 5}, rp.errors.TermsError, "proposal"),
        ({"option": NEW}, rp.errors.TermsError, "option"),
        ({"budget": 5.0}, rp.errors.AmountError, "budget"),
        ({"budget": rp.Budget("5", "1", currency="EUR")}, rp.errors.TermsError, "budget"),
        ({"on": "2023-01-01"}, rp.errors.DateError, "on"),
        ({"circumstances": 5}, rp.errors.TermsError, "circumstances"),
        ({"documents": 5}, rp.errors.TermsError, "documents"),
        ({"recovery": "140%"}, rp.errors.RateError, "recovery"),
    ],
)  # fmt: skip
def test_bad_words(words: dict[str, Any], kind: type[rp.RepayError], parameter: str) -> None:
    with pytest.raises(kind) as caught:
        rp.letter(PLAN, **wrong(words))
    assert caught.value.parameter == parameter
    assert caught.value.hint


def test_bad_debts() -> None:
    book = rp.Portfolio(principal=[1_000_000], rate=["12%"], payments=[12], start=["2024-01-10"])
    for value in (book, rp.amortise(book), [PLAN, PLAN], 5, "10000"):
        with pytest.raises(rp.errors.TermsError) as caught:
            rp.letter(wrong(value))
        assert caught.value.hint.startswith("write")
    with pytest.raises(rp.errors.DateError, match="bare balance"):
        rp.letter(rp.Debt("3000", rate="18%", minimum="120"))
    owed = rp.statement(PLAN, as_of="2024-04-10")
    with pytest.raises(rp.errors.DateError, match="day of the statement"):
        rp.letter(owed, on="2024-04-11")


CARD = rp.Debt("3000", rate="18%", minimum=("4%", "50"), currency="CNY", lender="Card Bank")


@pytest.mark.parametrize("lang", LANGS)
def test_a_bare_balance_states_its_minimum_and_no_schedule(lang: Lang) -> None:
    """4 % of 3,000.00 with the 45.00 of a month is 121.80; that nothing is due until 2074."""
    asks = rp.letter(CARD, on="2024-04-10", lang=lang, budget="100")
    text = asks["situation"].text
    assert {"3,000.00", "18%", "4%", "50.00", "121.80", "21.80", "100.00"} <= figures_in(text, lang)
    assert not {
        figure for figure in figures_in(text, lang) if figure[:2] in ("30,", "45", "20")
    } - {"2024-04-10"}
    assert asks["situation"].figures["largest"] == CARD.minimum_due == Decimal("121.80")
    assert [party.name for party in asks.parties] == ["Card Bank"]
    assert "Card Bank" in str(asks)
    given = rp.letter(CARD, on="2024-04-10", lang=lang, parties={"lender": "Another"})
    assert [party.name for party in given.parties] == ["Another"]
    assert "the lender" not in [each.name for each in given.missing()]
    assert len(asks["documents"].figures["documents"]) == 3, "no plan is listed below"
    plan = rp.amortise(rp.Loan("3000", "6%", 60, "2024-04-10", currency="CNY"))
    asked = rp.letter(CARD, on="2024-04-10", lang=lang, proposal=plan)
    assert len(asked["documents"].figures["documents"]) == 4


@pytest.mark.parametrize("minimum", ["120", "5%", ("3%", "4%", "50"), "3045"])
def test_the_minimum_due_is_what_the_budget_asks_for(minimum: Any) -> None:
    debt = rp.Debt("3000", rate="18%", minimum=minimum, currency="CNY", lender="Card Bank")
    plan = rp.allocate_budget([debt], "5000", on="2024-04-10")
    first = debt.schedule(date(2024, 4, 10))[0]
    assert debt.minimum_due == plan.months[0].debts[0].required
    assert debt.minimum_due is not None
    assert debt.minimum_due >= first.payment
    assert rp.Debt(PLAN).minimum_due is None


def test_what_is_asked_for_over_a_bare_balance_is_any_schedule_of_it() -> None:
    new = rp.amortise(rp.Loan("3000", "18%", 24, "2024-04-10", currency="CNY"))
    asks = rp.letter(CARD, on="2024-04-10", proposal=new, recovery="40%")
    assert "3,000.00 CNY at 18% a year from 2024-04-10, 24 monthly" in asks["asked"].text
    gets = asks["lender_gets"]
    assert "With this plan you receive 3,594.55 CNY from 2024-04-10 on." in gets.text
    assert "before" not in gets.figures
    assert gets.figures["recovered"] == Decimal("1200.00")
    changed = rp.reschedule(CARD.schedule(date(2024, 4, 10)), payments=24, payment=1)
    assert rp.letter(CARD, on="2024-04-10", proposal=changed)["asked"].figures["total"] > 3000
    free = rp.amortise(rp.Loan("3000", "0%", 24, "2024-04-10", currency="CNY"))
    assert "worth" not in rp.letter(CARD, on="2024-04-10", proposal=free)["lender_gets"].figures
    other = rp.amortise(rp.Loan("2000", "18%", 24, "2024-04-10", currency="CNY"))
    with pytest.raises(rp.errors.TermsError, match=r"a schedule of the balance, 3,000\.00 CNY"):
        rp.letter(CARD, on="2024-04-10", proposal=other)


@given(strategies.changed(strategies.plain_loans(extras=False)))
@settings(max_examples=examples(40))
def test_both_languages_state_the_same_figures(plan: rp.Schedule) -> None:
    before = rp.amortise(plan.loan)
    proposal = plan if plan != before else None
    share = None if proposal is None else "40%"
    asks = rp.letter(before, proposal=proposal, budget="1000", recovery=share)
    for mine, theirs in zip(asks.items, asks.translated("zh").items, strict=True):
        assert stated(mine.text, "en") == stated(theirs.text, "zh")


@pytest.mark.parametrize("lang", LANGS)
def test_a_budget_is_shown_in_the_decimals_of_the_debt(lang: Lang) -> None:
    """What can be paid of a debt in yen has no hundredths, and a half yen is refused."""
    plan = rp.amortise(rp.Loan("500000", "12%", 12, "2024-01-10", currency="JPY"))
    asks = rp.letter(plan, lang=lang, on="2024-04-10", budget=rp.Budget("42000", "33500", "2500"))
    assert "6,000" in asks["situation"].text
    assert "6,000.00" not in str(asks)
    with pytest.raises(rp.errors.AmountError):
        rp.letter(plan, lang=lang, on="2024-04-10", budget=rp.Budget("42000.50", "33500"))
