"""A cap on the rise of the instalment, and the days on which it is recalculated."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.money.rounding import round_fraction
from tests.portfolio.test_vectorised import assert_each_is_its_schedule

US: dict[str, Any] = {"principal": "65000", "payments": 360, "start": "2024-01-01"}
ARM = rp.steps("10%", {13: "12%"})
JAPAN: dict[str, Any] = {
    "principal": "30000000", "payments": 420, "start": "2024-01-10", "currency": "JPY",
    "rounding": "down", "rate": rp.steps("0.5%", {61: "4%"}),
}  # fmt: skip


def plan(**words: Any) -> rp.Schedule:
    made = rp.amortise(rp.Loan(**words))
    made.check()
    return made


def every(made: rp.Schedule, step: int) -> list[str]:
    """The payments of each `step` payments, the first of them."""
    return [str(row.payment) for row in made[:-1:step]]


# -- published figures ------------------------------------------------------------------


def test_a_payment_cap_of_the_united_states() -> None:
    """The Federal Reserve's booklet on adjustable-rate mortgages: 65,000, 7.5 % a year."""
    free = plan(rate=ARM, **US)
    assert every(free, 12)[:2] == ["570.42", "667.30"]
    capped = plan(rate=ARM, instalment_cap="7.5%", negative_amortisation=True, **US)
    assert every(capped, 12)[:2] == ["570.42", "613.20"]
    assert str(capped[23].closing - capped[11].closing) == "420.90"
    assert str(sum(row.capitalised for row in capped[12:24])) == "420.90"
    yearly = plan(
        rate=ARM, instalment_cap="7.5%", instalment_resets="year", negative_amortisation=True, **US
    )
    assert every(yearly, 12)[:5] == ["570.42", "613.20", "659.19", "676.43", "676.43"]
    assert list(yearly[:24]) == list(capped[:24])


def test_unpaid_interest_can_be_kept_apart() -> None:
    words: dict[str, Any] = {"negative_amortisation": "without_interest", **US}
    capped = plan(rate=ARM, instalment_cap="7.5%", **words)
    assert {row.closing for row in capped[11:24]} == {capped[11].closing}
    # 12 x (646.39 - 613.20), as the principal stays and the shortfall bears nothing
    assert str(capped[23].deferred) == "398.28"


def test_the_rules_of_five_years_and_125_percent_of_japan() -> None:
    free = plan(**JAPAN)
    assert every(free, 60)[:2] == ["77875", "124265"]
    capped = plan(instalment_cap="25%", **JAPAN)
    assert every(capped, 60) == ["77875"] + ["97343"] * 6
    assert str(capped.final_payment) == "18782757"
    resets = plan(instalment_cap="25%", instalment_resets="5 years", **JAPAN)
    assert every(resets, 60) == ["77875", "97343", "121678", "138511", "138511", "138511", "138511"]


def test_between_resets_the_rate_floats_and_the_instalment_stays() -> None:
    """0.5 % to 4 % in steps of half a percent, from payment 13 on: interest alone follows them."""
    rates = {13 + 6 * k: f"{Decimal(k + 2) / 2}%" for k in range(7)}
    terms = {**JAPAN, "rate": rp.steps("0.5%", rates), "instalment_resets": "5 years"}
    made = plan(instalment_cap="25%", negative_amortisation="without_interest", **terms)
    assert every(made, 60)[:2] == ["77875", "97343"]
    assert {row.payment for row in made[:60]} == {Decimal(77875)}
    unpaid = [row.deferred for row in made[41:60]]  # from 3.5 % on the interest is above it
    assert unpaid[0] == 0 < unpaid[1] < unpaid[-1]
    assert {row.closing for row in made[42:60]} == {made[42].closing}
    interest = [int(made[k].accrued) for k in (11, 12, 18, 48)]
    owed = [int(made[k].opening) for k in (11, 12, 18, 48)]
    shares = (Fraction(1, 200), Fraction(1, 100), Fraction(3, 200), Fraction(4, 100))
    assert interest == [int(each * r / 12) for each, r in zip(owed, shares, strict=True)]


# -- the rule, by another calculation ------------------------------------------------------


def level(owed: int, rate: Fraction, count: int) -> int:
    grown = (1 + rate) ** count
    exact = owed * rate * grown / (grown - 1) if rate else Fraction(owed, count)
    return round_fraction(exact, "half_up")


def by_hand(
    owed: int, rates: list[Fraction], cap: Fraction | None, resets: int | None
) -> list[tuple[int, int]]:
    """Payments and balances, month by month: unpaid interest joins the principal."""
    count, found = len(rates), []
    instalment, behind = level(owed, rates[0], count), False
    for month, rate in enumerate(rates):
        changed = month > 0 and rate != rates[month - 1]
        behind = behind or changed
        if behind and (month % resets == 0 if resets else changed):
            full = level(owed, rate, count - month)
            most = full if cap is None else int(instalment * (1 + cap))
            instalment, behind = min(full, most), full > most
        owed += round_fraction(owed * rate, "half_up")
        paid = owed if month == count - 1 else min(instalment, owed)
        owed -= paid
        found.append((paid, owed))
        if not owed:
            break
    return found


@st.composite
def floating(draw: st.DrawFn) -> tuple[list[str], dict[int, str]]:
    """The rate of each payment, in whole permille a year, and the steps that say so."""
    count = draw(st.integers(6, 60))
    steps = draw(st.dictionaries(st.integers(2, count), st.integers(0, 300), max_size=5))
    rates, now = [], draw(st.integers(0, 200))
    for number in range(1, count + 1):
        now = steps.get(number, now)
        rates.append(now)
    return [f"{Decimal(each) / 10}%" for each in rates], {
        number: f"{Decimal(each) / 10}%" for number, each in steps.items()
    }


@given(
    floating(),
    st.one_of(st.none(), st.fractions(0, 1, max_denominator=200)),
    st.one_of(st.none(), st.integers(1, 24)),
)
def test_cap_and_resets_are_what_they_say(
    drawn: tuple[list[str], dict[int, str]], cap: Fraction | None, months: int | None
) -> None:
    rates, steps = drawn
    made = plan(
        principal="250000", rate=rp.steps(rates[0], steps), payments=len(rates),
        start="2024-01-10", instalment_cap=cap, negative_amortisation=True,
        instalment_resets=None if months is None else f"{months} months",
    )  # fmt: skip
    exact = [Fraction(Decimal(each[:-1])) / 1200 for each in rates]
    expected = by_hand(25_000_000, exact, cap, months)
    got = [(int(row.payment * 100), int(row.closing * 100)) for row in made]
    assert got == expected


@given(floating(), st.sampled_from([True, "without_interest"]))
def test_with_a_cap_of_nothing_the_instalment_never_rises(
    drawn: tuple[list[str], dict[int, str]], negative: Any
) -> None:
    rates, steps = drawn
    made = plan(
        principal="250000", rate=rp.steps(rates[0], steps), payments=len(rates),
        start="2024-01-10", instalment_cap="0%", negative_amortisation=negative,
    )  # fmt: skip
    payments = [row.payment for row in made[:-1]]
    assert payments == sorted(payments, reverse=True)


@given(floating())
def test_a_cap_that_is_not_reached_changes_nothing(
    drawn: tuple[list[str], dict[int, str]],
) -> None:
    rates, steps = drawn
    terms: dict[str, Any] = {
        "principal": "250000", "payments": len(rates), "start": "2024-01-10",
        "rate": rp.steps(rates[0], steps), "negative_amortisation": True,
    }  # fmt: skip
    free = plan(**terms)
    payments = [row.payment for row in free[:-1]]
    rises = [later / before for before, later in pairwise(payments)]
    if max(rises, default=Decimal(1)) < 2:
        assert list(plan(instalment_cap="100%", **terms)) == list(free)
    assert list(plan(instalment_resets="month", **terms)) == list(free)


# -- with changes --------------------------------------------------------------------------


def test_a_rate_changed_later_is_capped_and_waits_like_one_agreed_at_first() -> None:
    terms = {**JAPAN, "rate": "0.5%"}
    limits: dict[str, Any] = {
        "instalment_cap": "25%", "instalment_resets": "5 years",
        "negative_amortisation": "without_interest",
    }  # fmt: skip
    later = rp.change_rate(rp.Loan(**terms, **limits), "4%", payment=61)
    assert list(later) == list(plan(**JAPAN, **limits))
    inside = rp.change_rate(rp.Loan(**terms, **limits), "4%", on="2028-11-20")
    assert {str(row.payment) for row in inside[:60]} == {"77875"}
    assert str(inside[60].payment) == "97343"
    assert later.terms().endswith(
        "the rate is 4% a year; instalment and final date stay, until the loan next recalculates "
        "the instalment"
    )
    capped = rp.change_rate(rp.Loan(**terms, instalment_cap="25%"), "4%", payment=61)
    assert capped.terms().endswith("the instalments are recalculated, within the cap of the loan")
    text = rp.agreement(later, lang="zh")["reading"].text
    assert "比原还款额最多提高25%" in text
    assert "至约定的重新计算日再行计算" in text


def test_two_rates_within_a_period_are_one_rise() -> None:
    loan = rp.Loan(rate="10%", instalment_cap="7.5%", negative_amortisation=True, **US)
    once = rp.change_rate(loan, "14%", on="2025-01-03")
    twice = rp.change_rate(rp.change_rate(loan, "11%", on="2025-01-03"), "14%", on="2025-01-20")
    assert once[12].payment == twice[12].payment == Decimal("613.20")


def test_a_prepayment_does_not_raise_a_capped_instalment() -> None:
    loan = rp.Loan(rate=ARM, instalment_cap="7.5%", negative_amortisation=True, **US)
    small = rp.prepay(loan, "1000", with_payment=20, hold="maturity")
    assert small[20].payment == Decimal("613.20")  # 658.48 would repay what is left
    large = rp.prepay(loan, "20000", with_payment=20, hold="maturity")
    assert large[20].payment < Decimal("613.20")
    assert len({row.payment for row in large[20:-1]}) == 1
    large.check()
    figure = small.explain(21)["instalment"]
    assert figure.recomputed() == figure.value == Decimal("613.20")
    assert "which a smaller debt does not raise" in str(figure)


def test_more_lent_and_a_rescheduling_are_not_capped() -> None:
    loan = rp.Loan(rate="10%", instalment_cap="7.5%", negative_amortisation=True, **US)
    more = rp.advance(loan, "65000", with_payment=12)
    assert more[12].payment > 2 * Decimal("570")
    again = rp.reschedule(loan, 60, payment=13)
    assert again[12].payment > 2 * Decimal("570")
    capped = rp.change_rate(more, "12%", on="2025-01-02")
    assert more[12].payment == Decimal("1144.03")
    assert capped[12].payment == Decimal("1229.83")  # 1,144.03 x 1.075 = 1,229.83225
    drawn = rp.Loan(rate="10%", instalment_cap="7.5%", drawdowns=[("2025-01-01", "65000")], **US)
    assert rp.amortise(drawn)[12].payment == more[12].payment


def test_statements_settlements_and_deferrals_take_a_capped_loan() -> None:
    made = plan(rate=ARM, instalment_cap="7.5%", negative_amortisation=True, **US)
    paid = [rp.Receipt(row.date, row.payment) for row in made[:14]]
    owed = rp.statement(made, paid, as_of="2025-04-15")
    assert str(owed.arrears.total) == "613.20"
    later = rp.defer(made, payment=15, periods=2)
    assert len(later) == 362
    assert later[-2].payment == Decimal("613.20")
    quote = rp.settle(made, on="2025-03-01")
    assert quote.principal == made[13].closing


def test_the_derivation_shows_cap_and_base() -> None:
    made = plan(rate=ARM, instalment_cap="7.5%", negative_amortisation=True, **US)
    derived = made.explain(13)
    assert str(derived["instalment, solved"].value) == "667.30"
    figure = derived["instalment"]
    assert (figure.base, figure.share) == (Fraction("570.42"), Fraction("1.075"))
    assert figure.recomputed() == figure.value == Decimal("613.20")
    tens: dict[str, Any] = {"instalment_multiple": "10", "negative_amortisation": True, **US}
    whole = plan(rate=ARM, instalment_cap="7.5%", **tens)
    figure = whole.explain(13)["instalment"]
    assert figure.recomputed() == figure.value == Decimal("610.00")  # 570 x 1.075 = 612.75


def test_a_book_computes_capped_loans_one_by_one() -> None:
    book = rp.Portfolio(
        principal=["65000", "65000", "1000"], rate="10%", payments=[360, 360, 12],
        start="2024-01-01", instalment_cap=["7.5%", None, "0%"], negative_amortisation=True,
    )  # fmt: skip
    higher = rp.change_rate(book, "12%", payment=5)
    assert_each_is_its_schedule(higher)
    assert higher.fallback_loans == 2
    resets = rp.Portfolio(
        principal=["65000", "1000"], rate="10%", payments=[360, 12], start="2024-01-01",
        instalment_resets=["year", "3 months"], negative_amortisation=True,
    )  # fmt: skip
    assert_each_is_its_schedule(rp.change_rate(resets, "12%", payment=5))


def test_a_capped_loan_is_stored() -> None:
    for resets in ("year", ["2025-06-01"], ("2024-06-01", "2 years"), None):
        made = plan(rate="10%", instalment_cap="7.5%", instalment_resets=resets, **US)
        assert rp.Schedule.from_json(made.to_json()) == made
    stored = made.to_dict()
    del stored["loan"]["instalment_cap"], stored["loan"]["instalment_resets"]
    assert rp.Schedule.from_dict(stored).loan.instalment_cap is None


# -- refusals ------------------------------------------------------------------------------


def test_interest_above_the_capped_instalment_needs_a_word() -> None:
    for name, words in {
        "instalment_cap": {"instalment_cap": "7.5%"},
        "instalment_resets": {"instalment_resets": "5 years"},
    }.items():
        with pytest.raises(rp.errors.InstalmentError) as caught:
            plan(rate=rp.steps("10%", {13: "14%"}), **words, **US)
        assert caught.value.parameter == name
        assert 'negative_amortisation="without_interest"' in str(caught.value.hint)


@pytest.mark.parametrize(
    ("words", "parameter", "says"),
    [
        ({"instalment_cap": "125%"}, "instalment_cap", 'instalment_cap="25%"'),
        ({"instalment_cap": "-1%"}, "instalment_cap", "a rise of 0% to 100%"),
        ({"instalment_resets": "5"}, "instalment_resets", '"month"'),
        ({"instalment_resets": 60}, "instalment_resets", "instalment_resets=["),
        ({"instalment_resets": ["2024-01-01"]}, "instalment_resets", "days after start="),
        ({"instalment_cap": "1%", "method": "flat"}, "instalment_cap", 'method="level"'),
        (
            {"instalment_resets": "year", "method": "interest_only"},
            "instalment_resets",
            'method="level"',
        ),
        ({"instalment_cap": "1%", "last": "lower"}, "instalment_cap", "leave last out"),
        (
            {"instalment_cap": "1%", "instalment": rp.terms.graduated("5%")},
            "instalment_cap",
            "one instalment",
        ),
        (
            {"instalment_cap": "1%", "rate": rp.steps("1%", {7: "2%"}, "payment")},
            "instalment_cap",
            'hold="maturity"',
        ),
        (
            {"instalment_resets": "year", "rate": rp.steps("1%", {7: "2%"}, recast="always")},
            "instalment_resets",
            'recast="always"',
        ),
    ],
)
def test_what_contradicts_a_cap_is_refused(
    words: dict[str, Any], parameter: str, says: str
) -> None:
    with pytest.raises(rp.RepayError) as caught:
        rp.Loan(**{"rate": "10%", **US, **words})
    assert caught.value.parameter == parameter
    assert says in str(caught.value)
