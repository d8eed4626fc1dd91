"""Waterfalls of concessions, and principal forborne without interest."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from tests.strategies.loans import examples

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "concessions.json").read_text(encoding="utf-8")
)
HOUSE = rp.Loan(**VECTORS["loan"], start="2024-01-01")


def instalment_at(rate: Fraction, payments: int, principal: Fraction) -> Fraction:
    """The level instalment by the textbook, unrounded."""
    each = rate / 12
    if not each:
        return principal / payments
    return principal * each / (1 - (1 + each) ** -payments)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["target"])
def test_hamp(case: dict[str, Any]) -> None:
    found = rp.negotiation.concede(HOUSE, rp.negotiation.Waterfall.hamp(), target=case["target"])
    assert found.met
    assert found.payment <= Decimal(case["target"])
    assert found.forborne == Decimal(case["forborne"])
    assert found.schedule.payments == case["payments"]
    rates = [line.after for line in found.path if line.concession == "rate cut"]
    assert rates == [case["rate"]]
    assert found.schedule.instalment == found.payment
    assert rp.Schedule.from_dict(found.schedule.to_dict()) == found.schedule
    found.schedule.check()


def test_the_next_smaller_concession_does_not_do() -> None:
    assert instalment_at(Fraction("0.045"), 300, Fraction(200_000)) > 1100
    assert instalment_at(Fraction("0.02"), 388, Fraction(200_000)) > 700
    found = rp.negotiation.concede(HOUSE, rp.negotiation.Waterfall.hamp(), target="550")
    left = Fraction(200_000) - Fraction(found.forborne)
    assert abs(instalment_at(Fraction("0.02"), 480, left) - 550) < Fraction(1, 20_000)
    last = found.schedule.final_payment - found.forborne
    assert abs(last - 550) < 1


def test_the_path_is_told_line_by_line() -> None:
    found = rp.negotiation.concede(HOUSE, rp.negotiation.Waterfall.hamp(), target="550")
    assert [line[:3] for line in found.path] == [
        ("rate cut", "6.5%", "2%"),
        ("term extended", "300 payments", "480 payments"),
        ("principal forborne", "0.00", "18,377.33"),
    ]
    assert [line.met for line in found.path] == [False, False, True]
    assert "met" in str(found)
    assert "<table" in found._repr_html_()
    assert found.loss > 0


def test_share_of_income_and_reduction() -> None:
    found = rp.negotiation.concede(
        HOUSE, rp.negotiation.Waterfall.hamp(), income="4000", other="300"
    )
    assert found.most == Decimal("940.00")
    assert found.met
    flex = rp.negotiation.concede(HOUSE, rp.negotiation.Waterfall.flex(), arrears="3000")
    assert flex.most == Decimal("1080.32")  # 1,350.41 less 20 %, down to the cent
    assert flex.capitalised == Decimal("3000.00")
    assert flex.path[0].concession == "arrears capitalised"
    set_first = rp.negotiation.concede(HOUSE, rp.negotiation.Waterfall.flex("5%"))
    assert set_first.path[0][:3] == ("rate cut", "6.5%", "5%")


def test_chinese_bank(plan: rp.Schedule) -> None:
    """Extend, then waive the penalty, then cut the rate; a year may be extended by a year."""
    arrears = {"interest": "80", "penalty": "50"}
    bank = rp.negotiation.Waterfall.chinese_bank()
    mild = rp.negotiation.concede(plan, bank, target="700", payment=4, arrears=arrears)
    assert mild.path[-1][:3] == ("term extended", "9 payments", "12 payments")
    assert (mild.capitalised, mild.waived) == (Decimal("130.00"), Decimal("0.00"))
    hard = rp.negotiation.concede(plan, bank, target="360", payment=4, arrears=arrears)
    assert [line[:3] for line in hard.path[1:]] == [
        ("term extended", "9 payments", "21 payments"),
        ("penalty waived", "50.00", "0.00"),
        ("rate cut", "12%", "3%"),
    ]
    assert not hard.met
    assert hard.short == hard.payment - Decimal("360")
    assert hard.schedule.maturity == rp.negotiation.extension_limit(plan, "general_rules").latest
    assert "missed by" in str(hard)


def test_the_loan_of_the_documentation(plan: rp.Schedule) -> None:
    """700.00 from instalment 4 on: 2 % is not enough by itself, 11 payments then are."""
    found = rp.negotiation.concede(plan, rp.negotiation.Waterfall.hamp(), target="700", payment=4)
    assert found.path[-1] == ("term extended", "9 payments", "11 payments", Decimal("698.83"), True)
    longer = rp.negotiation.Waterfall("longer", rp.negotiation.Concession("term", limit=60))
    assert rp.negotiation.concede(plan, longer, target="700", payment=4).payment == Decimal(
        "676.21"
    )


def test_what_lowers_nothing_is_not_conceded() -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", method="interest_only"))
    found = rp.negotiation.concede(plan, rp.negotiation.Waterfall.hamp(), target="500", payment=4)
    assert [line.concession for line in found.path] == ["rate cut", "principal forborne"]
    assert found.met
    assert found.schedule.maturity == plan.maturity


def test_nothing_is_conceded_where_nothing_is_needed(plan: rp.Schedule) -> None:
    found = rp.negotiation.concede(plan, rp.negotiation.Waterfall.hamp(), target="888.49")
    assert found.path == ()
    assert found.schedule == plan


@pytest.mark.parametrize("method", ["level", "equal_principal", "flat", "interest_only"])
@given(data=st.data())
@settings(max_examples=examples(15))
def test_every_step_is_the_least_that_does(method: Any, data: st.DataObject) -> None:
    loan = rp.Loan(
        data.draw(st.integers(1_000, 500_000)),
        Fraction(data.draw(st.integers(1, 96)), 400),
        data.draw(st.integers(3, 60)),
        "2024-01-31",
        method=method,
    )
    plan = rp.amortise(loan)
    waterfall = rp.negotiation.Waterfall(
        "drawn",
        rp.negotiation.Concession("rate", step="0.25%", limit="3%"),
        rp.negotiation.Concession("term", step=2, limit=72),
        rp.negotiation.Concession("forgive", step="10", limit="20%"),
        rp.negotiation.Concession("forbear", step="10", limit="30%"),
    )
    payment = data.draw(st.integers(1, loan.payments - 1))
    part = Fraction(data.draw(st.integers(20, 110)), 100)
    target = max(Decimal("1"), loan.money(int(plan.ledger.instalment * part)))
    found = rp.negotiation.concede(plan, waterfall, target=target, payment=payment)
    found.schedule.check()
    again = rp.Schedule.from_dict(found.schedule.to_dict())
    assert again.columns["payment"].tolist() == found.schedule.columns["payment"].tolist()
    assert found.met == (found.payment <= target)
    assert all(not line.met for line in found.path[:-1])
    assert payment_of(found.schedule, found) == found.payment
    if found.met and found.path and found.path[-1].concession == "rate cut":
        cut = found.schedule.changes[-1]
        assert isinstance(cut, rp.changes.RateChange)
        higher = min(cut.rate.value + Fraction(1, 400), loan.first_rate.value)
        less = rp.change_rate(plan, higher, payment=payment)
        assert payment_of(less, found) > target
    if found.met and found.path and found.path[-1].concession == "term extended":
        new = found.schedule.changes[-1]
        assert isinstance(new, rp.changes.Rescheduling)
        assert new.payments is not None
        shorter = new.payments - 2
        if shorter > loan.payments - payment + 1:  # fewer would be no extension
            less = rp.reschedule(plan, shorter, payment=payment, rate=new.rate)
            assert payment_of(less, found) > target


def payment_of(plan: rp.Schedule, found: rp.negotiation.Conceded) -> Decimal:
    """The instalment, or the largest payment without the principal forborne."""
    if plan.loan.method == "level":
        return plan.instalment
    paid = [row.payment for row in plan if row.date > found.day]
    return max(*paid[:-1], paid[-1] - found.forborne, Decimal(0))


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ({"target": "0"}, rp.errors.TermsError),
        ({"target": "-5"}, rp.RepayError),
        ({"target": 5.0}, rp.errors.AmountError),
        ({"income": "500", "other": "300"}, rp.errors.TermsError),
        ({}, rp.errors.TermsError),
        ({"target": "900", "income": "500"}, rp.errors.TermsError),
        ({"target": "900", "arrears": {"cats": "5"}}, rp.errors.ChoiceError),
        ({"target": "900", "payment": 4, "on": "2024-05-05"}, rp.errors.TermsError),
        ({"target": "900", "payment": 400}, rp.errors.CountError),
    ],
)
def test_bad_input(words: dict[str, Any], kind: type[rp.RepayError]) -> None:
    with pytest.raises(kind):
        rp.negotiation.concede(HOUSE, rp.negotiation.Waterfall.hamp(), **words)


def test_contradicting_steps_are_refused(plan: rp.Schedule) -> None:
    with pytest.raises(rp.errors.TermsError, match="most payments"):
        rp.negotiation.Concession("term")
    with pytest.raises(rp.errors.TermsError, match="leave step out"):
        rp.negotiation.Concession("waive_fees", step="1")
    with pytest.raises(rp.errors.RateError):
        rp.negotiation.Concession("rate", step="0%")
    unknown: Any = "cut"
    with pytest.raises(rp.errors.ChoiceError):
        rp.negotiation.Concession(unknown)
    with pytest.raises(rp.errors.TermsError):
        rp.negotiation.Waterfall("empty")
    with pytest.raises(rp.errors.TermsError, match="exactly one"):
        rp.negotiation.Target("700", share="31%")
    bare = rp.negotiation.Waterfall("bare", rp.negotiation.Concession("rate", limit="2%"))
    with pytest.raises(rp.errors.TermsError, match="capitalise"):
        rp.negotiation.concede(plan, bare, target="700", arrears="100")
    with pytest.raises(rp.errors.TermsError, match="has none"):
        rp.negotiation.concede(plan, bare)


# -- principal forborne ------------------------------------------------------------------


def test_forbearance_is_owed_and_bears_nothing(plan: rp.Schedule) -> None:
    lighter = rp.forbear(plan, "1000", payment=4)
    lighter.check()
    assert lighter.instalment == Decimal("771.75")
    assert lighter[3].interest == Decimal("66.11")  # 1 % of 6,610.80
    assert lighter[3].opening == Decimal("7610.80")
    assert lighter.final_payment == Decimal("1771.73")
    assert lighter.maturity == plan.maturity
    assert "the forbearance of 2024-04-10" in str(lighter.explain(12))


def test_a_rescheduling_leaves_what_was_put_aside(plan: rp.Schedule) -> None:
    later = rp.reschedule(rp.forbear(plan, "1000", payment=4), 12, payment=6)
    later.check()
    assert later.instalment == Decimal("461.34")
    assert later.final_payment == Decimal("1461.39")
    assert "ended by" not in later.terms()


def test_forbearance_is_settled_and_prepaid_last(plan: rp.Schedule) -> None:
    lighter = rp.forbear(plan, share="10%", payment=4)
    assert rp.settle(lighter, on="2024-07-10").principal == lighter[5].closing
    part = rp.prepay(lighter, "500", on="2024-07-10")
    part.check()
    assert part.final_payment > Decimal("761.08")


def test_forbearance_in_a_book() -> None:
    book = rp.Portfolio(principal=["1000", "2000"], rate="12%", payments=12, start="2024-01-10")
    plans = rp.forbear(book, ["100", None], payment=4)
    plans.check()
    one = rp.forbear(rp.Loan("1000", "12%", 12, "2024-01-10"), "100", payment=4)
    assert plans.payment[0].tolist() == one.columns["payment"].tolist()
    other = rp.amortise(rp.Loan("2000", "12%", 12, "2024-01-10"))
    assert plans.payment[1].tolist() == other.columns["payment"].tolist()


def test_a_last_payment_within_the_instalment_leaves_forbearance_out() -> None:
    loan = rp.Loan("1000", "12%", 6, "2024-01-10", last="lower")
    lighter = rp.forbear(loan, "300", payment=1)
    assert lighter.final_payment - 300 <= lighter.instalment
    assert lighter.instalment < Decimal("121.00")


def test_all_of_it_cannot_be_put_aside(plan: rp.Schedule) -> None:
    with pytest.raises(rp.errors.AmountError, match=r"less than the principal .* 7,610\.80"):
        rp.forbear(plan, "7610.80", payment=4)
    with pytest.raises(rp.errors.RateError):
        rp.changes.Forbearance(share="100%", payment=4)
    with pytest.raises(rp.errors.TermsError):
        rp.changes.Forbearance("1", share="10%", payment=4)
