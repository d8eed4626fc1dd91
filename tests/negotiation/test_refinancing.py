"""Refinancing: what pays off the old loans, and staying against switching."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import repaylib as rp
from tests.strategies.loans import examples, plain_loans

ON = "2024-04-10"
TERMS: dict[str, Any] = {"rate": "8%", "payments": 9}
#: Two debts of the requirement, and the day on which one loan pays them off.
BANK = rp.Loan("10000", "18%", 12, "2024-01-10")
CARD = rp.Loan("5000", "24%", 12, "2024-03-10")
DAY = "2024-06-20"
CENT = Decimal("0.01")


def test_the_loan_of_the_documentation(plan: rp.Schedule) -> None:
    """7,610.80 at 8 % over 9: 9 payments of 888.49, the last 888.47, against 874.08, the last 874.10."""
    found = rp.refinance(plan, rp.Loan("7610.80", "8%", 9, ON), on=ON)
    assert found.payoff == Decimal("7610.80")
    assert (found.total_stay, found.total_switch) == (Decimal("7996.39"), Decimal("7866.74"))
    assert found.saving == found.break_even_fee == Decimal("129.65")
    assert (found.monthly_before, found.monthly_after) == (Decimal("888.49"), Decimal("874.08"))
    assert (found.largest_before, found.largest_after) == (Decimal("888.49"), Decimal("874.10"))
    assert found.break_even is None  # the switch is never behind
    assert found == rp.refinance(plan, on=ON, **TERMS)


def test_two_debts_into_one() -> None:
    """Figures of the requirement: 9,964.30, 1,389.60 to 455.22, 10,925.19 against 10,672.79."""
    found = rp.refinance([BANK, CARD], on=DAY, rate="9%", payments=24)
    assert found.payoff == Decimal("9964.30") == found.new.loan.principal
    assert (found.monthly_before, found.monthly_after) == (Decimal("1389.60"), Decimal("455.22"))
    assert (found.total_switch, found.total_stay) == (Decimal("10925.19"), Decimal("10672.79"))
    assert found.saving == found.break_even_fee == Decimal("-252.40")
    assert [quote.total for quote in found.quotes] == [Decimal("6079.49"), Decimal("3884.81")]
    assert found.quote("loan 2") is found.quote(1) is found.quotes[1]
    even = found.break_even
    assert even is not None
    assert (even.day, even.months) == (date(2026, 6, 20), 24)
    assert (even.before, even.after) == ("switch", "stay")


def test_a_longer_loan_is_never_shown_without_its_cost() -> None:
    found = rp.refinance([BANK, CARD], on=DAY, rate="9%", payments=24)
    assert found.verdict.startswith("Switching costs 252.40 more: 10,925.19 instead of 10,672.79.")
    assert "ends on 2026-06-20 instead of 2025-03-10, 15 months later." in found.verdict
    assert "455.22 instead of 1,389.60" in found.verdict
    assert "+252.40" in str(found)
    assert found.verdict.replace(". ", ".<br>") in found.to_html()
    assert "转贷多付252.40" in found.to_text(lang="zh")
    assert "不转贷：10,672.79" in found.explain(lang="zh")
    text = " ".join(str(found).split())
    assert text.index("Switching costs 252.40 more") < text.index("takes 455.22 instead of")


@pytest.mark.parametrize(
    ("fee", "saving"), [("129.65", "0.00"), ("129.66", "-0.01"), ("0", "129.65")]
)
def test_the_break_even_fee_eats_up_the_saving(plan: rp.Schedule, fee: str, saving: str) -> None:
    found = rp.refinance(plan, on=ON, fees=fee, **TERMS)
    assert found.saving == Decimal(saving)
    assert found.break_even_fee == Decimal("129.65")


def test_a_fee_is_earned_back_in_a_month(plan: rp.Schedule) -> None:
    """14.41 a month: after 6 payments 86.46, after 7 payments 100.87."""
    even = rp.refinance(plan, on=ON, fees="100", **TERMS).break_even
    assert even is not None
    assert (even.day, even.months, even.before) == (date(2024, 11, 10), 7, "stay")
    found = rp.refinance(plan, on=ON, fees="100", **TERMS)
    assert "behind until 2024-11-10, in month 7, and ahead from then on" in found.verdict
    assert [month.saved < 0 for month in found.months] == [True] * 7 + [False] * 3


def test_fees_kept_back_are_lent_as_well(plan: rp.Schedule) -> None:
    """Of 7,766.12, 2 % or 155.32 are kept back, and 7,610.80 are paid out."""
    fee = rp.Fee("2%", collected="deducted")
    found = rp.refinance(plan, on=ON, fees=fee, **TERMS)
    assert found.new.loan.principal == Decimal("7766.12")
    assert found.cash == found.paid_out == 0
    assert found.start_fees == 0
    financed = rp.refinance(plan, on=ON, fees=rp.Fee("2%", collected="financed"), **TERMS)
    assert financed.new.loan.principal == Decimal("7610.80")
    assert (
        financed.saving == plan[3:][0].payment * 8 + plan[11].payment - financed.new.out_of_pocket
    )


def test_several_fees_and_those_of_the_loan(plan: rp.Schedule) -> None:
    loan = rp.Loan("7610.80", "8%", 9, ON, fees=[rp.Fee("50")])
    found = rp.refinance(plan, loan, fees=["1%", 20, Decimal("5.50")])
    assert found.start_fees == Decimal("50") + Decimal("76.11") + Decimal("25.50")
    assert found.saving == Decimal("129.65") - found.start_fees


def test_a_rest_in_cash(plan: rp.Schedule) -> None:
    found = rp.refinance(plan, rp.Loan("7000", "8%", 9, ON), cash="610.80")
    assert found.cash == Decimal("610.80")
    assert found.total_switch == found.new.out_of_pocket + found.cash
    assert found == rp.refinance(plan, on=ON, cash="610.80", **TERMS)
    assert found == rp.refinance(plan, rp.Loan("7000", "8%", 9, ON), cash="1000")
    assert "610.80 of it is paid in cash" in found.verdict
    assert "the rest, 610.80, is paid in cash" in found.explain()


def test_what_is_lent_beyond_the_payoff_is_received(plan: rp.Schedule) -> None:
    found = rp.refinance(plan, rp.Loan("8000", "8%", 9, ON))
    assert found.paid_out == Decimal("389.20")
    assert found.total_switch == found.new.out_of_pocket - found.paid_out
    assert "receives 389.20" in found.verdict
    assert "the rest, 389.20, is paid to the borrower" in found.explain()


def test_quotes_say_the_charge_the_arrears_and_the_day(plan: rp.Schedule) -> None:
    charged = rp.refinance(rp.settle(plan, on=ON, fee="1%"), **TERMS)
    assert charged.on == date(2024, 4, 10)
    assert charged.payoff == Decimal("7610.80") + Decimal("76.11")
    assert "76.11" in str(charged)
    late = rp.refinance(rp.settle(plan, on=ON, arrears="888.49"), **TERMS)
    assert late.payoff == Decimal("7610.80") + Decimal("888.49")
    assert late.total_stay == Decimal("7996.39") + Decimal("888.49")
    assert late.months[0].stay == Decimal("888.49")
    noticed = rp.refinance(rp.settle(plan, on=ON, method="uk_2004"), **TERMS)
    assert noticed.on == date(2024, 5, 8)


def test_debts_have_names_and_minimums() -> None:
    """A card at 18 % with 3 % a month, at least 100: its course is that of its minimums."""
    card = rp.Debt("3000", rate="18%", minimum=("3%", "100"), lender="card", arrears="90")
    found = rp.refinance([card, rp.Debt(BANK, lender="bank")], on=DAY, rate="9%", payments=24)
    assert found.names == ("card", "bank")
    assert found.quote("card").total == Decimal("3090.00")
    alone = rp.allocate_budget([card], "10000", on=DAY).debt("card")
    assert found.quote("card").before.total_interest == alone.agreed_interest
    named = [rp.Debt(CARD, name="first"), rp.Debt(CARD, name="second")]
    twice = rp.refinance(named, on=DAY, rate="9%", payments=24)
    assert twice.payoff == 2 * Decimal("3884.81")


def test_a_schedule_with_changes_can_be_new(plan: rp.Schedule) -> None:
    loan = rp.Loan("7610.80", "8%", 9, ON)
    pause = rp.defer(loan, payment=1, pause="principal")
    found = rp.refinance(plan, pause, fees="10")
    assert found.new.changes == pause.changes
    assert found.total_switch == pause.out_of_pocket + 10


def test_by_month_by_day_and_discounted(plan: rp.Schedule) -> None:
    found = rp.refinance(plan, on=ON, fees="100", **TERMS)
    assert sum(month.stay for month in found.months) == found.total_stay
    assert sum(month.switch for month in found.months) == found.total_switch
    assert found.months[-1].saved == found.saving
    assert sum(amount for _, amount in found.cash_flows) == found.saving
    assert found.cash_flows[0] == (date(2024, 4, 10), Decimal("-100.00"))
    assert rp.npv(found.cash_flows, "0%") == found.saving
    assert rp.npv(found.cash_flows, "8%") < found.saving
    assert found.to_pandas()["saved"].iloc[-1] == found.saving
    assert found.to_csv().splitlines()[1] == "0,2024-04-10,0.00,100.00,-100.00"


def test_it_is_a_value_that_prints_on_a_page(plan: rp.Schedule) -> None:
    long = rp.Debt(plan, name="the loan that paid for the kitchen of the old house")
    quote = rp.settle(CARD, on=ON, arrears="472.80", fee="1%")
    found = rp.refinance([long, quote], on=ON, rate="8%", payments=60, fees="100")
    assert max(map(len, str(found).splitlines())) <= 88
    assert pickle.loads(pickle.dumps(found)) == found
    assert repr(found).startswith("<Refinancing of the loan that paid")
    with pytest.raises(AttributeError):
        found.on = date(2024, 1, 1)  # type: ignore[misc]  # is refused


def test_sooner_and_level() -> None:
    loan = rp.Loan("1200", "0%", 12, "2024-01-10")
    found = rp.refinance(loan, on="2024-01-10", rate="0%", payments=6)
    assert "Switching costs as much as staying, 1,200.00." in found.verdict
    assert "6 months sooner" in str(found)
    longer = rp.refinance(loan, on="2024-01-10", rate="0%", payments=12, first_payment="2024-02-20")
    assert "10 days later" in longer.verdict


USD = rp.Loan("5000", "12%", 12, "2024-03-10", currency="USD")
BOOK = rp.Portfolio(principal=["10000"], rate=["12%"], payments=[12], start="2024-01-10")
PLAN = rp.Loan("10000", "12%", 12, "2024-01-10")


@pytest.mark.parametrize(
    ("plans", "words", "parameter", "text"),
    [
        ([], TERMS, "plans", "one loan or more"),
        (PLAN, {**TERMS, "on": "2023-12-01"}, "on", 'write on="2024-01-10" or later'),
        (PLAN, {**TERMS, "on": "2025-01-10"}, "on", 'write on="2025-01-09" or earlier'),
        ([PLAN, CARD], {**TERMS, "on": "2024-02-10"}, "on", "while loan 2 runs"),
        ([PLAN, USD], TERMS, "plans[1]", "XXX with 2 decimals, as the first loan"),
        ([PLAN, PLAN], TERMS, "plans[1]", 'rp.Debt(loan, name="second")'),
        ([PLAN, rp.Debt(PLAN)], TERMS, "plans[1]", "each loan once"),
        ([rp.Debt(PLAN), rp.Debt(PLAN)], TERMS, "plans[1]", "each loan once"),
        (BOOK, TERMS, "plans", "write book.loan(0) or plan.row(0)"),
        ([PLAN, rp.amortise(BOOK)], TERMS, "plans[1]", "write book.loan(0) or plan.row(0)"),
        ("loan", TERMS, "plans", "a Schedule or a list"),
        (PLAN, {"new": rp.Loan("7000", "8%", 9, ON)}, "new", '610.80 is missing; lend more, or write cash="610.80"'),
        (
            PLAN,
            {"new": rp.Loan("7610.80", "8%", 9, ON), "fees": rp.Fee("1%", collected="deducted")},
            "new",
            '76.11 is missing; lend more, or write cash="76.11"',
        ),
        (PLAN, {"new": rp.Loan("7610.80", "8%", 9, "2024-04-11"), "on": ON}, "new", 'write start="2024-04-10"'),
        (PLAN, {"new": USD, "on": "2024-03-10"}, "new", "XXX with 2 decimals"),
        (PLAN, {"new": rp.Loan("7610.80", "8%", 9, ON), "rate": "8%"}, "rate", "leave rate or new out"),
        (PLAN, {}, "new", 'write rate="8%", payments=9'),
        (PLAN, {**TERMS, "fee": "200"}, "fee", "write fees=..."),
        (PLAN, {**TERMS, "start": "2024-04-11"}, "start", "a loan that starts on 2024-04-10"),
        (PLAN, {**TERMS, "on": None}, "on", 'write on="2024-04-10"'),
        (PLAN, {**TERMS, "cash": "7610.80"}, "cash", "7,610.80 is owed on 2024-04-10"),
        (PLAN, {**TERMS, "fees": rp.Fee("100%", collected="deducted")}, "fees", 'write collected="financed"'),
        (PLAN, {**TERMS, "fees": ["1%", "x"]}, "fees[1]", "an amount as str, int or Decimal"),
        (rp.settle(PLAN, on="2024-04-11"), TERMS, "plans", 'write on="2024-04-11"'),
        (rp.settle(PLAN, on=ON, amount="1000"), TERMS, "plans", "leave amount out of settle()"),
    ],
)  # fmt: skip
def test_refusals(plans: Any, words: dict[str, Any], parameter: str, text: str) -> None:
    with pytest.raises(rp.RepayError) as caught:
        rp.refinance(plans, **{"on": ON, **words})
    assert caught.value.parameter == parameter
    assert text in str(caught.value)


# -- laws ---------------------------------------------------------------------------------


@settings(max_examples=examples(150))
@given(plain_loans(), st.data())
def test_the_break_even_fee_is_where_switching_starts_to_cost(
    loan: rp.Loan, data: st.DataObject
) -> None:
    plan = rp.amortise(loan)
    life = (plan.accrual_dates[-1].item() - loan.start).days
    assume(life > 1)
    day = loan.start + timedelta(days=data.draw(st.integers(0, life - 1)))
    terms: dict[str, Any] = {
        "rate": f"{data.draw(st.integers(0, 40))}%",
        "payments": data.draw(st.integers(1, 36)),
    }
    try:
        found = rp.refinance(plan, on=day, **terms)
    except rp.RepayError:  # nothing is owed, or its last payments take the difference
        assume(False)
    assert found.saving == found.total_stay - found.total_switch
    assert sum(amount for _, amount in found.cash_flows) == found.saving
    assert sum(month.switch for month in found.months) == found.total_switch
    if found.break_even_fee > 0:
        unit = Decimal(1).scaleb(-loan.decimals)
        assert rp.refinance(plan, on=day, fees=found.break_even_fee, **terms).saving == 0
        assert rp.refinance(plan, on=day, fees=found.break_even_fee + unit, **terms).saving == -unit


@settings(max_examples=examples(150))
@given(
    st.integers(100_00, 10**8),
    st.integers(0, 3_000),
    st.integers(2, 60),
    st.sampled_from(["level", "equal_principal", "interest_only"]),
    st.data(),
)
def test_the_same_terms_without_a_fee_save_nothing_on_a_due_date(
    principal: int, rate: int, payments: int, method: Any, data: st.DataObject
) -> None:
    """The old loan goes on as it was, under a new name."""
    share = f"{Decimal(rate) / 100}%"
    amount = Decimal(principal) / 100
    plan = rp.amortise(rp.Loan(amount, share, payments, "2024-01-10", method=method))
    paid = data.draw(st.integers(1, payments - 1))
    own: dict[str, Any] = {} if method == "interest_only" else {"instalment": plan.instalment}
    found = rp.refinance(
        plan, on=plan[paid - 1].date, rate=share, payments=payments - paid, method=method, **own
    )
    assert found.saving == 0
    assert found.cash_flows == ()
    assert [row.payment for row in found.new] == [row.payment for row in plan[paid:]]


@settings(max_examples=examples(100))
@given(plain_loans(methods=("level",), extras=False), st.integers(1, 60), st.integers(0, 3_000))
def test_it_agrees_with_a_comparison(loan: rp.Loan, payments: int, rate: int) -> None:
    plan = rp.amortise(loan)
    assume(len(plan) > 1)
    day = plan.accrual_dates[len(plan) // 2 - 1].item()
    try:
        found = rp.refinance(plan, on=day, rate=f"{Decimal(rate) / 100}%", payments=payments)
    except rp.RepayError:
        assume(False)
    assert rp.compare(plan, found.new)[1].extra == -found.saving
