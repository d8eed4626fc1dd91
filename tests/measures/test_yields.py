"""Rates and worths of flows: published cases, proofs, several rates and none, many lines at once."""

from __future__ import annotations

import copy
import pickle
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.cli.case_terms import values_of
from repaylib.measures.cash_flows import dated, undated
from repaylib.money.rounding import round_significant
from repaylib.rates.cash_flow_equation import Equation
from repaylib.rates.root_finding import only_rate
from repaylib.typing import DateLike, Value
from tests.published.cases import Case, asked, cases_of, each_of
from tests.strategies.loans import examples, loans, ordinary_rates

CASES = cases_of("xirr")
SEVERAL = [case for case in CASES if "near" in asked(case)]
WRONG: Any = 10
FLOATS: Any = [-1.5, 2]


@each_of("xirr")
def test_published_rates_of_flows_on_days(case: Case) -> None:
    """Where several rates fit, the case says near which, and none is meant without."""
    options = values_of("case", asked(case))
    flows, words = options["flows"], options["day_count"]
    _, found = case.answer()
    roots = dated(flows).equation(words).rates(12)
    assert found in roots
    assert (len(roots) > 1) == (case in SEVERAL)
    if (meant := only_rate(roots)) is not None:
        assert rp.xirr(flows, day_count=words) == meant
    else:
        with pytest.raises(rp.errors.RootError) as caught:
            rp.xirr(flows, day_count=words)
        assert list(caught.value.roots) == roots
    near = options.get("near")
    assert found == rp.xirr(flows[::-1], near=near, day_count=words), "order does not matter"


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 10**7)), min_size=1, max_size=24))
@settings(max_examples=examples(60))
def test_a_bracket_encloses_the_only_rate(payments: list[tuple[int, int]]) -> None:
    flows, period = [Decimal(-10_000)], 0
    for gap, cents in payments:
        period += gap
        flows += [Decimal(0)] * (gap - 1) + [Decimal(f"{cents}E-2")]
    found = rp.irr(flows)
    assert found.changes == 1
    low, high = found.bracket
    assert worth(flows, low) >= 0 >= worth(flows, high)
    assert rp.irr(flows, digits=30).bracket[0] >= low


def worth(flows: list[Decimal], rate: Decimal) -> Fraction:
    total = Fraction(0)
    for flow in flows[::-1]:
        total = total / (1 + Fraction(rate)) + Fraction(flow)
    return total


@given(st.lists(st.integers(-999, 2000), min_size=2, max_size=4, unique=True))
@settings(max_examples=examples(80))
def test_all_rates_are_found(percents: list[int]) -> None:
    """Of a polynomial made from its rates, in thousandths, a tenth of a per cent apart or more."""
    rates = sorted(Fraction(each, 1000) for each in percents)
    flows = [1]
    for rate in rates:  # times (1000 v (1 + rate) - 1000)
        top = int(1000 * (1 + rate))
        flows = [
            top * ahead - 1000 * same for same, ahead in zip([*flows, 0], [0, *flows], strict=True)
        ]
    found = undated(flows).equation().rates(12)
    assert [Fraction(rate) for rate in found] == rates
    for rate in rates:
        assert Fraction(rp.irr(flows, near=rate)) == rate
    if (meant := only_rate(found)) is not None:
        assert rp.irr(flows) == meant
        return
    with pytest.raises(rp.errors.RootError) as caught:
        rp.irr(flows)
    assert list(caught.value.roots) == found
    sensible = min((rate for rate in found if rate >= 0), default=max(found))
    hint = f'near="{round_significant(Fraction(sensible) * 100, 6):f}%"'
    assert hint in str(caught.value), "the hint is a sensible one"


def test_a_rate_that_is_touched_is_one() -> None:
    assert rp.irr([-100, 220, -121]) == Decimal("0.1")
    with pytest.raises(rp.errors.RootError, match="none does"):
        rp.irr([-100, 220, -122])


def test_rates_of_any_size() -> None:
    assert rp.irr([-100, 0, 0, 100]) == 0
    assert rp.irr([-1, 10**9]) == 10**9 - 1
    assert rp.irr([-(10**9), 1]) == Decimal("-0.999999999")
    day = rp.xirr([("2024-01-10", -100), ("2024-01-11", 1000)])
    assert f"{day:.3E}" == "1.000E+365"
    tiny = rp.irr([-(10**15), 0, 10**15 + 1])
    assert f"{tiny:.4E}" == "5.0000E-16"


@given(loans(rates=ordinary_rates, most_payments=60, extras=False))
@settings(max_examples=examples(40))
def test_at_its_rate_a_schedule_is_worth_nothing(loan: rp.Loan) -> None:
    plan = rp.amortise(loan)
    near = Decimal(1000)
    for rate in (rp.irr(plan, near=near), rp.xirr(plan, near=near)):
        if rate < Decimal("-0.9"):
            continue
        assert abs(rp.npv(plan, rate)) <= Decimal("1e-9") * loan.principal


def test_a_loan_has_the_rate_of_its_periods() -> None:
    for every, times in (("month", 12), ("quarter", 4), ("half_year", 2), ("year", 1)):
        loan = rp.Loan(
            "10000", "12%", 12, "2024-01-31", every=every, day_count="periodic", decimals=9
        )
        assert abs(rp.irr(loan) - Decimal("0.12") / times) < Decimal("1e-11")
        assert abs(rp.npv(loan, "12%")) < Decimal("1e-6")
    odd = rp.Loan("10000", "12%", 12, "2024-01-15", first_payment="2024-03-01", decimals=9)
    assert abs(rp.irr(odd) - Decimal("0.01")) < Decimal("1e-4"), "15 days at simple interest"
    listed = rp.Loan("1000", "9%", 2, "2024-01-10", every=["2024-05-01", "2024-11-20"])
    with pytest.raises(rp.errors.TermsError, match=r"rp\.xirr"):
        rp.irr(listed)
    assert abs(rp.npv(listed, rp.xirr(listed))) < Decimal("1e-8")


def test_weekly_loans_and_changes() -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    held = rp.defer(plan, payment=4)
    assert abs(rp.irr(held) - Decimal("0.01")) < Decimal("1e-4")
    quote = rp.settle(plan, on="2024-07-25")
    assert abs(rp.irr(quote) - Decimal("0.01")) < Decimal("2e-5")
    ahead = rp.reschedule(plan, payments=20, payment=4, every="week")
    assert abs(rp.npv(ahead, rp.irr(ahead))) < Decimal("1e-6")


def test_worth_on_another_day() -> None:
    flows = [("2024-01-10", "-100"), ("2025-01-09", "121")]
    assert rp.npv(flows, "10%") == Decimal("10.0000000000")
    assert rp.npv(flows, "10%", on="2025-01-09", places=2) == Decimal("11.00")
    assert rp.npv(flows, rp.effective("10%"), places=1) == Decimal("10.0")
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    free = rp.defer(plan, payment=4, interest="waive")
    lost = rp.npv(plan, "12%", on="2024-04-10") - rp.npv(free, "12%", on="2024-04-10")
    assert round(lost / Decimal("7610.80") * 100, 3) == Decimal("0.990")


def test_a_rate_says_how_it_is_meant() -> None:
    found = rp.xirr([("2024-01-10", "-100"), ("2025-07-09", "121")])
    for same in (copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert (same, same.per, same.day_count, same.changes) == (found, "year", "actual/365", 1)
    assert found * 100 > 13
    assert repr(found).startswith("Yield('0.13")


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: rp.irr([1, 2]), rp.errors.RootError, "rp.npv gives the present value of one side"),
        (lambda: rp.irr([]), rp.errors.RootError, "write the amounts lent"),
        (lambda: rp.irr([0, 0]), rp.errors.RootError, "not zero"),
        (lambda: rp.irr(FLOATS), rp.errors.AmountError, "-1.5"),
        (lambda: rp.irr([("2024-01-10", -1), ("2024-02-10", 2)]), rp.errors.TermsError, "rp.xirr"),
        (lambda: rp.xirr([-1, 2]), rp.errors.TermsError, "rp.irr"),
        (lambda: rp.xirr([-1, 2], ["2024-01-10"]), rp.errors.TermsError, "one day to each amount"),
        (lambda: rp.xirr([("2024-13-10", -1)]), rp.errors.DateError, "flows"),
        (lambda: rp.xirr("text"), rp.errors.TermsError, "flows, a schedule or a loan"),
        (
            lambda: rp.xirr([("2024-01-10", -1)], day_count="periodic"),
            rp.errors.TermsError,
            "rp.irr",
        ),
        (lambda: rp.irr([-1, 2], digits=0), rp.errors.CountError, "digits"),
        (lambda: rp.npv([-1, 2], rp.monthly("1%")), rp.errors.RateError, "of one period"),
        (lambda: rp.npv([("2024-01-10", 1)], rp.monthly("1%")), rp.errors.RateError, "compounded"),
        (lambda: rp.npv([-1, 2], "10%", on="2024-01-10"), rp.errors.TermsError, "have no days"),
        (lambda: rp.npv([-1, 2], WRONG), rp.errors.RateError, "12%"),
    ],
)
def test_flows_that_say_too_little_are_refused(
    call: Any, kind: type[rp.RepayError], words: str
) -> None:
    with pytest.raises(kind) as caught:
        call()
    assert words in str(caught.value)


def test_the_same_flows_in_many_forms() -> None:
    days: list[DateLike] = [date(2024, 1, 10), date(2024, 3, 1), date(2024, 12, 24)]
    amounts: list[Value] = [-1000, 300, 800]
    once = rp.xirr(list(zip(days, amounts, strict=True)))
    assert once == rp.xirr(dict(zip(days, amounts, strict=True)))
    assert once == rp.xirr(amounts, days)
    assert once == rp.xirr(np.array(amounts), np.array(days, "datetime64[D]"))
    assert once == rp.xirr(
        [(str(day), str(amount)) for day, amount in zip(days, amounts, strict=True)]
    )
    split: list[tuple[DateLike, Value]] = [
        (days[0], -1000),
        (days[1], "200"),
        (days[2], 800),
        (days[1], Fraction(100)),
    ]
    assert once == rp.xirr(split), "amounts of one day are added"


# -- many lines -----------------------------------------------------------------------------


def lines(seed: int, count: int, width: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    rng = np.random.default_rng(seed)
    lent = rng.integers(10**4, 10**8, count)
    paid = (lent[:, None] * rng.uniform(0.2, 3, (count, 1)) / width).astype(np.int64)
    paid = paid + rng.integers(0, 100, (count, width))
    return np.concatenate([-lent[:, None], paid], axis=1)


@pytest.mark.parametrize(("seed", "width"), [(1, 1), (2, 12), (3, 60), (4, 361)])
def test_many_lines_have_the_rates_of_each(seed: int, width: int) -> None:
    amounts = lines(seed, 40, width)
    days = np.datetime64("2024-01-10") + 31 * np.arange(width + 1)
    by_period, by_day = rp.irr(amounts), rp.xirr(amounts, days)
    by_line = rp.xirr(amounts, np.tile(days, (40, 1)))
    for number, line in enumerate(amounts.tolist()):
        for many, one in (
            (by_period, rp.irr(line, digits=20)),
            (by_day, rp.xirr(line, days, digits=20)),
            (by_line, rp.xirr(line, days, digits=20)),
        ):
            assert many.count[number] == 1
            assert Fraction(float(many.low[number])) <= Fraction(one)
            assert Fraction(one) <= Fraction(float(many.high[number]))
            assert many.high[number] - many.low[number] < 1e-9 * (1 + abs(many.rate[number]))
    assert np.allclose(rp.npv(amounts, by_period) / amounts[:, 0], 0, atol=1e-9)
    assert np.allclose(rp.npv(amounts, by_day, days) / amounts[:, 0], 0, atol=1e-9)


def test_lines_without_one_rate_are_marked() -> None:
    amounts = np.array(
        [[-100, 230, -132], [-100, 230, -133], [5, 6, 7], [-100, 0, 121], [0, -1, 2]]
    )
    found = rp.irr(amounts)
    assert found.count.tolist() == [2, 0, 0, 1, 1]
    assert found.unclear.tolist() == [0, 1, 2]
    assert np.asarray(found)[3:].round(12).tolist() == [0.1, 1.0]
    assert np.isnan(found[:3]).all()
    assert len(found) == 5
    assert "2 rates per period of 5 lines" in repr(found)


BOOK = rp.Portfolio(principal=["1000", "2000"], rate="12%", payments=12, start="2024-01-10")


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda: rp.irr(np.array([[-1.0, 2.0]])), rp.errors.AmountError),
        (lambda: rp.xirr(np.array([[-1, 2]]), ["2024-01-10"]), rp.errors.TermsError),
        (lambda: rp.xirr(np.array([[-1, 2]]), ["2024-01-10", "2023-01-10"]), rp.errors.DateError),
        (lambda: rp.npv(np.array([[-1, 2]]), np.array([0.1, 0.2])), rp.errors.RateError),
        (lambda: rp.npv(np.array([[-1, 2]]), "-100%"), rp.errors.RateError),
        (lambda: rp.npv(BOOK, "8%", day_count=cast(Any, "foo")), rp.errors.ChoiceError),
        (lambda: rp.xirr(BOOK, day_count=cast(Any, "foo")), rp.errors.ChoiceError),
    ],
)
def test_lines_that_cannot_be_read_are_refused(call: Any, kind: type[rp.RepayError]) -> None:
    with pytest.raises(kind):
        call()


def test_the_sign_is_certain_at_any_precision() -> None:
    equation = Equation([-10, 11, 3, -4], [0, 365, 700, 1400], 365)
    for num, den in product(range(-9, 30, 7), (10, 97)):
        rate = Fraction(num, den)
        growth = 1 + float(rate)
        pairs = zip(equation.amounts, equation.times, strict=True)
        exact = sum(float(amount) * growth ** (-time / 365) for amount, time in pairs)
        assert equation.sign(rate) == (exact > 0) - (exact < 0)


def test_days_far_apart() -> None:
    start = date(1, 1, 1)
    flows = [(start, -1), (start + timedelta(3_000_000), 10**9)]
    assert abs(rp.npv(flows, rp.xirr(flows))) < Decimal("1e-6")


@given(
    st.lists(st.lists(st.integers(-20_000, 20_000), min_size=4, max_size=4), min_size=1, max_size=6)
)
@settings(max_examples=examples(40))
def test_many_lines_have_the_rates_that_each_has(lines: list[list[int]]) -> None:
    found = rp.irr(np.array(lines, dtype=np.int64))
    for place, line in enumerate(lines):
        try:
            rate = rp.irr(line)
        except rp.errors.RootError:
            assert place in found.unclear
            continue
        assert found.rate[place] == pytest.approx(float(rate), rel=1e-9, abs=1e-12)


def test_a_rate_that_is_nearly_minus_all_does_not_throw_an_ordinary_one_away() -> None:
    flows = [("2024-01-10", "-1000"), ("2024-07-10", "900"), ("2024-07-11", "-0.01")]
    assert rp.xirr(flows) == pytest.approx(Decimal("-0.190494"), abs=Decimal("1e-4"))
    with pytest.raises(rp.errors.RootError, match="too near to -100%"):
        rp.xirr([("2024-01-10", "-1000"), ("2024-01-11", "0.01")])
