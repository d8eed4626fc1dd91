"""Who pays: figures of known schemes, refusals, and laws of shared payments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.measures import Payer, SharedCost, shared_cost
from repaylib.measures.cash_flows import dated
from repaylib.typing import PaidPart
from repaylib.wording.sentence import parse_language
from tests.strategies.loans import changed, examples, rich_loans

PLAIN = rp.Loan("10000", "12%", 12, "2024-01-10")


def test_the_consumer_loan_subsidy_of_china() -> None:
    """1 point, at most half the rate, at most 3,000 at one lender (Caijin [2025] no. 80)."""
    loan = rp.Loan("50000", "3.45%", 12, "2025-09-10", currency="CNY")
    state = Payer("state", points="1%", cap_share="50%", cap="3000")
    shared = shared_cost(loan, state)
    assert rp.amortise(loan).total_interest == Decimal("939.29")
    assert shared.totals == {"state": Decimal("272.26")}
    assert shared.borrower == Decimal("50667.03")
    small = shared_cost(loan, Payer("state", points="1%", cap_share="50%", cap="100"))
    assert small.totals == {"state": Decimal("100.00")}
    assert [amount for _, amount in small.bill()] == [
        Decimal(each) for each in ("41.67", "38.25", "20.08")
    ]


def test_at_most_half_the_rate() -> None:
    """At 1.5% a year, a subsidy of 1 point is half of it, 0.75 points."""
    shared = shared_cost(
        rp.Loan("12000", "1.5%", 12, "2025-09-10"), Payer("state", points="1%", cap_share="50%")
    )
    first = shared[0]
    assert first.shares == (Decimal("7.50"),)  # of 15.00


def test_the_repayment_assistance_plan() -> None:
    """20 U.S.C. 1087e(q): 35,000 a year is 3% of it, 87.50 a month; 50 a month are matched."""
    loan = rp.Loan(
        "30000", "6.5%", 360, "2026-07-01", instalment="87.50", negative_amortisation="waive"
    )
    plan = rp.prepay(loan, "50", with_payment=1, every=1, until=12, hold="last")
    plan.check()
    shared = shared_cost(plan, Payer("state", of="prepayment", share="100%"))
    year = shared[:12]
    assert plan[11].closing == Decimal("29400.00")
    assert sum(row.borrower for row in year) == Decimal("1050.00")
    assert sum(row.shares[0] for row in year) == Decimal("600.00")
    assert sum(row.waived for row in plan[:12]) == Decimal("882.13")
    assert all(row.capitalised == row.deferred == 0 for row in plan)


def test_a_two_one_buydown() -> None:
    """The seller pays the difference of the instalments at 6% and at 4%, then 5%."""
    loan = rp.Loan("400000", "6%", 360, "2024-01-01")
    paid = rp.amortise(loan).instalment
    lower = [
        paid - rp.amortise(rp.Loan("400000", rate, 360, "2024-01-01")).instalment
        for rate in ("4%", "5%")
    ]
    assert lower == [Decimal("488.54"), Decimal("250.91")]
    seller = [
        Payer("seller", of="payment", amount=lower[0], to_payment=12),
        Payer("seller", of="payment", amount=lower[1], from_payment=13, to_payment=24),
    ]
    shared = shared_cost(loan, seller)
    assert shared.names == ("seller",)
    assert shared.totals["seller"] == 12 * (lower[0] + lower[1])
    assert [shared[row].borrower for row in (0, 12, 24)] == [
        Decimal("1909.66"),
        Decimal("2147.29"),
        paid,
    ]


def test_each_pays_of_what_those_before_leave() -> None:
    half, rest = Payer("a", share="50%"), Payer("b", share="50%")
    first = shared_cost(PLAIN, [half, rest])[0]
    assert first.shares == (Decimal("50.00"), Decimal("25.00"))
    all_of_it = shared_cost(PLAIN, [Payer("a", of="payment", share="100%"), rest])
    assert all_of_it.borrower == 0
    assert all_of_it.totals["b"] == 0


def test_a_payment_is_paid_fees_first_and_without_prepayments() -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[rp.Fee("5", when="instalment")])
    plan = rp.prepay(loan, "1000", with_payment=1)
    payers = [Payer("a", of="payment", amount="30"), Payer("b", of="fees", share="100%")]
    shared = shared_cost(plan, [*payers, Payer("c", of="interest", share="100%")])
    assert shared[0].payment == Decimal("1893.49")
    assert shared[0].shares == (Decimal("30.00"), Decimal("0.00"), Decimal("75.00"))
    whole = shared_cost(plan, Payer("a", of="payment", share="100%"))
    assert whole[0].borrower == 1000


def test_what_is_paid_between_due_dates_counts_with_the_payment_after_it() -> None:
    plan = rp.prepay(PLAIN, "1000", on="2024-03-20")
    shop = Payer("shop", of="prepayment", amount="400", from_payment=3, to_payment=3)
    assert shared_cost(plan, shop).bill() == ((date(2024, 3, 20), Decimal("400.00")),)
    early = Payer("shop", of="prepayment", amount="400", to_payment=2)
    assert shared_cost(plan, early).bill() == ()
    regular = Payer("shop", of="payment", amount="100", cap_share="100%")
    assert len(shared_cost(plan, regular).bill()) == len(plan) - 1


def test_receipts_decide_who_is_on_time() -> None:
    paid = [rp.Receipt("2024-02-10", "888.49"), rp.Receipt("2024-03-15", "888.49")]
    owed = rp.statement(PLAIN, paid, as_of="2024-04-20")
    words: dict[str, Any] = {"of": "payment", "amount": "100"}

    def numbers(**more: Any) -> list[int]:
        shared = shared_cost(owed, Payer("employer", **words, **more))
        return [row.number for row in shared if row.shares[0]]

    assert numbers() == list(range(1, 13))
    assert numbers(on_time=True) == [1, *range(4, 13)]
    assert numbers(on_time=True, grace_days=5) == [1, 2, *range(4, 13)]
    planned = shared_cost(PLAIN, Payer("employer", **words, on_time=True))
    assert len(planned.bill()) == 12


def test_caps_and_days() -> None:
    words: dict[str, Any] = {"of": "payment", "share": "50%"}
    assert shared_cost(PLAIN, Payer("a", **words, cap_payment="100"))[0].shares[0] == 100
    yearly = shared_cost(PLAIN, Payer("a", **words, cap_year="1000")).bill()
    assert sum(amount for day, amount in yearly if day.year == 2024) == 1000
    assert sum(amount for day, amount in yearly if day.year == 2025) == Decimal("444.24")
    some = shared_cost(PLAIN, Payer("a", **words, since="2024-03-10", until="2024-05-09")).bill()
    assert [str(day) for day, _ in some] == ["2024-03-10", "2024-04-10"]


def test_deferred_interest_takes_its_points_along() -> None:
    """Points of the whole rate pay all interest, whenever it is paid, but for its rounding."""
    plan = rp.defer(PLAIN, payment=4, periods=3, repay="last")
    shared = shared_cost(plan, Payer("state", points="12%", cap_share="100%"))
    assert plan[14].deferred_interest == Decimal("228.33")
    assert 0 <= plan.total_interest - shared.totals["state"] <= Decimal("0.02")
    half = shared_cost(plan, Payer("state", points="6%"))
    assert abs(2 * half.totals["state"] - plan.total_interest) < Decimal("0.10")


@pytest.mark.parametrize(
    ("words", "parameter", "hint"),
    [
        ({}, "share", 'write share="50%"'),
        ({"share": "50%", "amount": "5"}, "share", 'write share="50%"'),
        ({"share": "50%", "cap": "-1"}, "cap", "write such as"),
        ({"share": "50%", "cap_year": "0"}, "cap_year", "write such as"),
        ({"share": "120%"}, "share", "write such as"),
        ({"points": "1%", "of": "principal"}, "of", "leave of out"),
        ({"share": "50%", "grace_days": 3}, "grace_days", "write on_time=True"),
        ({"share": "50%", "from_payment": 3, "to_payment": 2}, "to_payment", "swap them"),
        ({"share": "50%", "since": "2024-03-01", "until": "2024-02-01"}, "until", "swap them"),
    ],
)
def test_a_payer_is_refused_by_name(words: dict[str, Any], parameter: str, hint: str) -> None:
    with pytest.raises(rp.RepayError) as refused:
        Payer("state", **words)
    assert refused.value.parameter == parameter
    assert hint in str(refused.value)


def test_a_payer_has_a_name_of_its_own() -> None:
    with pytest.raises(rp.errors.TermsError, match="columns of the table"):
        Payer("Borrower", share="50%")


@pytest.mark.parametrize(
    ("payers", "text"),
    [
        ([Payer("a", points="13%")], "at most the interest of 2024-02-10, 100.00"),
        ([Payer("a", of="payment", amount="888.48")], "the payment of 2025-01-10, 888.47"),
        (
            [Payer("a", points="8%"), Payer("b", points="5%")],
            "that the payers before leave, 33.33",
        ),
    ],
)
def test_a_subsidy_above_what_is_there_is_refused(payers: list[Payer], text: str) -> None:
    with pytest.raises(rp.RepayError, match=text) as refused:
        shared_cost(PLAIN, payers)
    assert refused.value.hint == 'write cap_share="100%"'


def test_what_has_no_payments_of_its_own_is_refused() -> None:
    book = rp.Portfolio(principal=["10000"], rate="12%", payments=12, start="2024-01-10")
    with pytest.raises(rp.errors.TermsError, match=r"book\.loan\(0\)"):
        shared_cost(book)  # type: ignore[arg-type]  # is refused
    with pytest.raises(rp.errors.TermsError, match=r"owed\.row\(0\)"):
        shared_cost(rp.statement(book, as_of="2024-03-01"))  # type: ignore[arg-type]  # is refused
    owed = rp.statement(PLAIN, as_of="2024-03-01", interest="balance")
    with pytest.raises(rp.errors.TermsError, match='interest="schedule"'):
        shared_cost(owed)
    with pytest.raises(rp.errors.ChoiceError, match='"a", "b"'):
        shared_cost(PLAIN, [Payer("a", share="1%"), Payer("b", share="1%")]).bill()


def test_what_is_said_of_a_payer() -> None:
    state = Payer(
        "state", points="1%", cap_share="50%", cap="3000", since="2025-09-01", on_time=True
    )
    assert str(state) == (
        "state pays what 1% a year comes to of the interest, at most 50% of it, "
        "at most 3,000 in all, from 2025-09-01 on, if it is paid on time"
    )
    chinese = parse_language("zh").render(state.sentence())
    assert chinese == (
        "state按年利率1个百分点承担利息，最高不超过其50%，累计最高不超过3,000，"
        "自2025年9月1日起，仅限按期归还的款项"
    )


def test_a_payer_without_a_name_of_its_own_has_a_chinese_one() -> None:
    limits = rp.Limits(subsidy="6%")
    assert "a subsidy of at most 6% a year by payer" in str(limits)
    assert "承担方贴息年利率不超过6%" in limits.to_text(lang="zh")
    assert "employer贴息" in rp.Limits(subsidy="6%", payer="employer").to_text(lang="zh")
    someone = Payer(limits.payer, points="1%")
    assert str(someone) == "payer pays what 1% a year comes to of the interest"
    assert someone.to_text(lang="zh") == "承担方按年利率1个百分点承担利息"
    table = shared_cost(PLAIN, someone)
    assert "借款人  承担方" in table.to_text(lang="zh")
    assert table.names == ("payer",)


@pytest.mark.parametrize(
    ("name", "text"),
    [("share", "share pays 1% of the interest"), ("until", "until pays 1% of the interest")],
)
def test_a_name_is_written_as_it_was_given(name: str, text: str) -> None:
    assert str(Payer(name, share="1%")) == text


def test_the_table_fits_a_page_and_goes_to_other_formats() -> None:
    state = Payer(
        "state", points="1%", cap_share="50%", cap="3000", until="2024-12-31", cap_year="1"
    )
    shared = shared_cost(PLAIN, [state, *(Payer(f"payer {n}", share="10%") for n in range(9))])
    table = str(shared).partition("\n\n")[2]
    assert max(map(len, table.split("\n"))) <= 88
    assert "not shown: " in table
    assert shared.to_csv().split("\n")[0].startswith("number,date,payment,borrower,state,payer 0")
    assert "<table" in shared._repr_html_()


@st.composite
def payers(draw: st.DrawFn) -> Payer:
    """A payer who never asks for more than there is."""
    of = draw(st.sampled_from(get_args(PaidPart)))
    cents = st.integers(1, 10**6).map(lambda n: Decimal(n))
    kinds = ["share", "amount", *(["points"] if of == "interest" else [])]
    kind = draw(st.sampled_from(kinds))
    shares = st.fractions(0, 1, max_denominator=200)
    words: dict[str, Any] = {kind: draw(cents if kind == "amount" else shares)}
    words["cap_share"] = draw(shares)
    for name in ("cap_payment", "cap_year", "cap"):
        words[name] = draw(st.none() | cents)
    words["from_payment"] = draw(st.none() | st.integers(1, 10))
    words["to_payment"] = draw(st.none() | st.integers(10, 40))
    words["since"] = draw(st.none() | st.dates(date(2020, 1, 1), date(2025, 1, 1)))
    return Payer(draw(st.sampled_from("abc")), of=of, **words)


def shares_of(shared: SharedCost, name: str) -> list[tuple[date, Decimal]]:
    place = shared.names.index(name)
    return [(row.date, row.shares[place]) for row in shared]


@given(changed(rich_loans(), most=3), st.lists(payers(), max_size=4))
@settings(max_examples=examples(60))
def test_shares_sum_to_the_row_and_keep_the_caps(plan: rp.Schedule, who: list[Payer]) -> None:
    shared = shared_cost(plan, who)
    money = plan.loan.money
    paid = plan.columns["out_of_pocket"].tolist()
    for row, minor in zip(shared, paid, strict=True):
        assert row.payment == money(minor)
        assert row.payment == row.borrower + sum(row.shares)
        assert all(share >= 0 for share in row.shares)
        assert row.borrower >= min(Decimal(0), row.payment)
    assert shared.borrower + sum(shared.totals.values()) == plan.out_of_pocket
    by_day: dict[date, Decimal] = {}
    for bill in (shared.bill(name) for name in shared.names):
        for day, amount in bill:
            by_day[day] = by_day.get(day, Decimal(0)) + amount
    for row in shared:
        by_day[row.date] = by_day.get(row.date, Decimal(0)) + row.borrower
    assert (
        tuple((day, amount) for day, amount in sorted(by_day.items()) if amount) == shared.receipts
    )
    for name in shared.names:
        own = [payer for payer in who if payer.name == name]
        found = shares_of(shared, name)
        if all(payer.cap is not None for payer in own):
            assert sum(amount for _, amount in found) <= sum(payer.cap or 0 for payer in own)
        if len(own) == 1 and (limit := own[0].cap_year) is not None:
            for year in {day.year for day, _ in found}:
                assert sum(amount for day, amount in found if day.year == year) <= limit
        if len(own) == 1 and (limit := own[0].cap_payment) is not None:
            assert all(amount <= limit for _, amount in found)
    assert [Payer.from_dict(payer.to_dict()) for payer in who] == who
    assert [Payer.from_json(payer.to_json()) for payer in who] == who


@given(changed(rich_loans(), most=3))
@settings(max_examples=examples(40))
def test_without_payers_the_borrower_pays_all(plan: rp.Schedule) -> None:
    shared = shared_cost(plan)
    assert all(row.borrower == row.payment for row in shared)
    own, whole = dated(shared.flows), dated(plan)
    assert own.days == whole.days
    scale = 10**whole.decimals
    assert [Fraction(amount) * scale for amount in own.amounts] == whole.amounts
    nobody = Payer("nobody", share="0%")
    assert [row[:4] for row in shared_cost(plan, nobody)] == [row[:4] for row in shared]


def test_what_takes_flows_says_where_they_are() -> None:
    shared = shared_cost(PLAIN, Payer("state", points="1%"))
    wrong: Any = shared
    for verb in (rp.apr, rp.xirr, rp.irr, rp.measures.cap_report):
        with pytest.raises(rp.errors.TermsError, match=r"write shared\.flows") as caught:
            verb(wrong)
        assert caught.value.parameter == "flows"
    with pytest.raises(rp.errors.TermsError, match=r"write shared\.flows"):
        rp.npv(wrong, "5%")
    for of_a_plan in (rp.measures.cost_sheet, rp.measures.costs):
        with pytest.raises(rp.errors.TermsError, match=r"write shared\.plan"):
            of_a_plan(wrong)
    assert rp.xirr(shared.flows) < rp.xirr(PLAIN)
