"""Lump sums, subsidies and caps on the instalment, as concessions of a negotiation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import repaylib as rp
from tests.strategies.loans import examples

TERMS: dict[str, Any] = {
    "principal": "65000",
    "rate": rp.steps("10%", {13: "12%"}),
    "payments": 360,
    "start": "2024-01-01",
    "currency": "USD",
    "instalment_resets": "year",
    "negative_amortisation": True,
}
FLOATING = rp.Loan(**TERMS)


def later(rows: Any, day: date) -> Any:
    """The rows after a day."""
    return [row for row in rows if row.date > day]


@given(
    principal=st.integers(1_000, 50_000),
    rate=st.integers(0, 96),
    payments=st.integers(3, 30),
    method=st.sampled_from(["level", "equal_principal"]),
    data=st.data(),
)
@settings(max_examples=examples(25))
def test_the_least_lump_is_the_least(
    principal: int, rate: int, payments: int, method: Any, data: st.DataObject
) -> None:
    """Made by `prepay`, the plan keeps to what is affordable; with a step less it does not."""
    plan = rp.amortise(
        rp.Loan(principal, Fraction(rate, 400), payments, "2024-01-31", method=method)
    )
    payment = data.draw(st.integers(2, payments - 1), "payment")
    most = max(row.payment for row in plan[payment - 1 :])
    affordable = plan.loan.money(
        int(plan.loan.minor(most, "x") * Fraction(data.draw(st.integers(5, 99)), 100))
    )
    limits = rp.Limits(amount_step="10")
    found = rp.negotiate(plan, affordable=affordable, payment=payment, by="lump", limits=limits)
    assume(found.feasible)
    least = min(found, key=lambda option: option.lump)
    place: dict[str, Any] = {"with_payment": payment - 1, "hold": "maturity"}
    made = rp.prepay(plan, least.lump, **place)
    assert made == least.schedule
    assert max(row.payment for row in later(made, found.day)) <= affordable
    assert least.total == least.lump + sum(row.payment for row in later(made, found.day))
    assert least.binding == ("payment",)
    if least.lump > 10:
        less = rp.prepay(plan, least.lump - 10, **place)
        assert max(row.payment for row in later(less, found.day)) > affordable


@given(
    principal=st.integers(1_000, 50_000),
    rate=st.integers(4, 96),
    payments=st.integers(3, 30),
    part=st.integers(1, 99),
    data=st.data(),
)
@settings(max_examples=examples(25))
def test_the_least_subsidy_is_the_least(
    principal: int, rate: int, payments: int, part: int, data: st.DataObject
) -> None:
    """The borrower's own payments, by `shared_cost`, keep to it; with a step less they do not."""
    loan = rp.Loan(principal, Fraction(rate, 400), payments, "2024-01-31")
    plan = rp.amortise(loan)
    payment = data.draw(st.integers(1, payments - 1), "payment")

    def own(points: Fraction) -> list[Decimal]:
        payer = rp.measures.Payer("state", points=points, cap_share="100%", from_payment=payment)
        return [
            row.borrower for row in rp.measures.shared_cost(plan, payer) if row.number >= payment
        ]

    step = Fraction(1, 400)
    highest, lowest = max(own(step)), max(own(loan.first_rate.value))
    affordable = loan.money(
        loan.minor(lowest, "x") + loan.minor(highest - lowest, "x", least=0) * part // 100
    )
    limits = rp.Limits(rate_step="0.25%", payer="state")
    found = rp.negotiate(plan, affordable=affordable, payment=payment, by="subsidy", limits=limits)
    assert found.feasible
    least = min(found, key=lambda option: option.subsidy)
    assert least.schedule == plan
    assert least.loss == 0
    if least.payer is None:
        assert max(row.payment for row in plan[payment - 1 :]) <= affordable
        return
    points = least.payer.points
    assert points is not None
    paid = own(points)
    assert max(paid) == least.payment <= affordable
    assert sum(paid) == least.total
    assert least.total + least.subsidy == sum(row.payment for row in plan[payment - 1 :])
    if points > step:
        assert max(own(points - step)) > affordable


@pytest.mark.parametrize(("affordable", "cap"), [("650", "13.5%"), ("620", "8.5%"), ("600", "5%")])
def test_the_mildest_cap(affordable: str, cap: str) -> None:
    """570.42 x 113.5% is 647.43, x 114% is 650.27; x 108.5% 618.90; x 105% 598.94."""
    words: dict[str, Any] = {"affordable": [affordable] * 13 + ["800"], "payment": 1}
    found = rp.negotiate(FLOATING, by="instalment_cap", **words)
    mildest = max(option.schedule.loan.instalment_cap or Fraction(1) for option in found)
    assert mildest == Fraction(cap[:-1]) / 100
    for option in found:
        own = option.schedule.loan.instalment_cap
        assert own is not None
        capped = rp.amortise(rp.Loan(**{**TERMS, "instalment_cap": own}))
        assert capped == option.schedule
        assert max(row.payment for row in capped[:13]) <= Decimal(affordable)
        assert "instalment up by at most" in str(option)
    milder = rp.amortise(rp.Loan(**{**TERMS, "instalment_cap": mildest + Fraction(1, 200)}))
    assert max(row.payment for row in milder[:13]) > Decimal(affordable)


def test_a_cap_changes_nothing_paid_before() -> None:
    """From payment 25 on, the rise of payment 13 is over, so that a cap would rewrite the past."""
    found = rp.negotiate(FLOATING, affordable="640", payment=25, by="instalment_cap")
    assert not found.feasible
    assert "no cap, as the rate does not float" in str(
        rp.negotiate(rp.Loan("1000", "12%", 12, "2024-01-10"), affordable="90", by="instalment_cap")
    )


def test_what_would_have_to_give(plan: rp.Schedule) -> None:
    limits = rp.Limits(lump="1000", subsidy="3%", payer="employer", instalment_cap="5%")
    text = str(limits)
    assert "a subsidy of at most 3% a year by employer" in text
    assert "a lump sum of at most 1,000" in text
    assert "a cap on the instalment of at least 5%" in text
    short = rp.negotiate(plan, affordable="500", payment=4, by="lump", limits=limits)
    assert {"payment", "lump"} <= set(short.binding)
    relief = next(relief for relief in short.reliefs if relief.what == "lump")
    assert str(relief) == "3,328.00 prepaid, instead of at most 1,000.00"
    assert max(row.payment for row in relief.schedule[3:]) <= 500
    aided = rp.negotiate(plan, affordable="880", payment=4, by="subsidy", limits=limits)
    assert {"payment", "subsidy"} <= set(aided.binding)
    relief = next(relief for relief in aided.reliefs if relief.what == "subsidy")
    assert "a subsidy of 11.55% a year, instead of at most 3%" in str(relief)
    for found in (short, aided):
        assert "贴息" in found.to_text(lang="zh") or "提前还本" in found.to_text(lang="zh")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"subsidy": "0%"}, "subsidy: got '0%'; expected points above 0%"),
        ({"subsidy": "-1%"}, "subsidy: got '-1%'"),
        ({"lump": "0"}, "lump: got '0'"),
        ({"instalment_cap": "-5%"}, "instalment_cap: got '-5%'"),
        ({"payer": ""}, "payer: got ''"),
    ],
)
def test_limits_are_read_at_the_door(words: dict[str, Any], message: str) -> None:
    with pytest.raises(rp.RepayError, match=message):
        rp.Limits(**words)
