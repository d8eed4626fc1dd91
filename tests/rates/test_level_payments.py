"""The time value of equal payments: published cases, inverses, and the schedules of loans."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact, Rounded, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.money.rounding import round_significant
from repaylib.rates.payment_equation import Payments, exponent, rates_of
from tests.published.cases import case_of

#: Published to 28 digits, of which the source's own arithmetic of 28 digits spoils the last three.
OWN_ROUNDINGS = ("npf-pmt", "npf-ppmt1")


@pytest.mark.parametrize("name", OWN_ROUNDINGS)
def test_two_published_figures_carry_their_own_roundings(name: str) -> None:
    """The formula, every step rounded to 28 digits, gives the figure; 60 digits give ours."""
    case = case_of("annuity_functions", name)
    ((function, options),) = case.ask.items()
    yearly, months = options["rate"].removesuffix("%").split("/")
    results = []
    for digits in (28, 60):
        context = Context(prec=digits)
        rate = context.divide(Decimal(yearly), 100 * Decimal(months))
        lent = Decimal(options["present_value"])
        grown = context.power(context.add(1, rate), options["payments"])
        factor = context.divide(context.multiply(context.subtract(grown, 1), 1), rate)
        payment = context.divide(context.multiply(lent, grown), factor)
        part = function == "principal_part"
        results.append(context.subtract(payment, context.multiply(lent, rate) if part else 0))
    ours = Decimal(case.ours["value"])
    assert results[0] == Decimal(case.expected["value"])
    assert results[1].quantize(ours) == ours


# -- the functions undo one another -------------------------------------------------------

amounts = st.integers(1, 10**9).map(lambda n: Decimal(f"{n}E-2"))
rates = st.one_of(
    st.sampled_from([Fraction(0), Fraction(1, 100), Fraction(-1, 200), Fraction(2, 300)]),
    st.fractions(Fraction(-1, 10), Fraction(1, 2), max_denominator=10**4),
)
counts = st.integers(1, 120)


@st.composite
def shapes(draw: st.DrawFn) -> dict[str, Any]:
    """A rate, a number of payments, and how many of them are made at the start."""
    count = draw(counts)
    advance = draw(st.one_of(st.booleans(), st.integers(0, min(count, 4))))
    return {"rate": draw(rates), "payments": count, "in_advance": advance}


def near(one: Decimal, two: Decimal | Fraction, scale: Decimal = Decimal(1)) -> bool:
    return abs(Fraction(one) - Fraction(two)) <= Fraction(abs(scale) + 1) / 10**18


@given(amounts, st.integers(-(10**6), 10**6), shapes())
def test_a_level_payment_repays_what_is_lent(
    lent: Decimal, left: int, shape: dict[str, Any]
) -> None:
    paid = rp.rates.level_payment(lent, future_value=left, digits=60, **shape)
    again = rp.rates.present_value(paid, future_value=left, digits=60, **shape)
    assert near(again, Fraction(lent), lent)
    after = rp.rates.future_value(lent, payment=paid, digits=60, **shape)
    growth = Decimal((1 + float(shape["rate"])) ** shape["payments"])
    assert near(after, Fraction(left), growth * lent)


@given(amounts, amounts, shapes())
def test_period_by_period(lent: Decimal, paid: Decimal, shape: dict[str, Any]) -> None:
    """The future value is what a loop over the periods leaves."""
    rate, count, advance = shape["rate"], shape["payments"], int(shape["in_advance"])
    balance = Fraction(lent) - advance * Fraction(paid)
    for period in range(1, count + 1):
        balance = balance * (1 + rate) - (Fraction(paid) if period <= count - advance else 0)
    assert rp.rates.future_value(lent, payment=paid, digits=30, **shape) == round_significant(
        balance, 30
    )


@given(amounts, st.integers(-(10**6), 10**6), shapes(), st.data())
def test_parts_add_up(lent: Decimal, left: int, shape: dict[str, Any], data: st.DataObject) -> None:
    words: dict[str, Any] = {**shape, "future_value": left, "digits": 80}
    count = shape["payments"]
    paid = rp.rates.level_payment(lent, **words)
    number = data.draw(st.integers(1, count))
    interest = Fraction(rp.rates.interest_part(lent, number=number, **words))
    principal = Fraction(rp.rates.principal_part(lent, number=number, **words))
    scale = abs(paid) + lent + abs(left)
    assert near(paid, interest + principal, scale)
    if number <= int(shape["in_advance"]):
        assert interest == 0
    first, last = sorted((number, data.draw(st.integers(1, count))))
    numbers = range(first, last + 1)
    for part, sums in (
        (rp.rates.interest_part, rp.rates.cumulative_interest),
        (rp.rates.principal_part, rp.rates.cumulative_principal),
    ):
        added = sum((Fraction(part(lent, number=k, **words)) for k in numbers), Fraction(0))
        assert near(sums(lent, first=first, last=last, **words), added, scale * count)
    whole = Fraction(rp.rates.cumulative_principal(lent, **words))
    growth = (1 + shape["rate"]) ** int(shape["in_advance"])
    assert near(Decimal(lent), whole + Fraction(left) / growth, scale * count)


@given(amounts, shapes())
def test_the_number_of_payments_is_found_again(lent: Decimal, shape: dict[str, Any]) -> None:
    count, advance = shape.pop("payments"), shape["in_advance"]
    paid = Fraction(1, 1) / Fraction(rp.rates.level_payment(1, payments=count, digits=400, **shape))
    number = rp.rates.payments_needed(paid * Fraction(lent), payment=lent, digits=9, **shape)
    assert number == count
    assert advance <= number


@given(amounts, shapes())
def test_the_rate_is_found_again(lent: Decimal, shape: dict[str, Any]) -> None:
    count, advance = shape["payments"], int(shape["in_advance"])
    if count == advance:
        return
    paid = rp.rates.level_payment(lent, digits=60, **shape)
    found = rp.rates.periodic_rate(lent, count, paid, in_advance=advance, digits=12)
    assert near(found, shape["rate"]) or found == round_significant(shape["rate"], 12)


@given(amounts, amounts, st.integers(1, 400), st.integers(1, 40))
def test_a_rate_is_correctly_rounded(lent: Decimal, paid: Decimal, count: int, digits: int) -> None:
    """The excess changes its sign within half a unit of the last digit."""
    total = Fraction(paid) * count
    if not Fraction(lent) / 1000 < total < Fraction(lent) * 1000:
        return
    found = rp.rates.periodic_rate(lent, count, paid, digits=digits)
    if found == 0:
        assert total == lent
        return
    half = Fraction(10) ** (found.adjusted() - digits + 1) / 2
    lowest, near_by = Fraction(1, 2**60) - 1, Fraction(found)
    worths = [
        Fraction(rp.rates.present_value(paid, max(lowest, near_by + side), count, digits=200))
        - Fraction(lent)
        for side in (-half, half)
    ]
    assert worths[0] >= 0 >= worths[1]


@given(st.fractions(0, 100), st.fractions(Fraction(1, 100), 10), st.integers(1, 30))
def test_a_number_is_correctly_rounded(top: Fraction, base: Fraction, digits: int) -> None:
    """Against logarithms of 120 digits."""
    if top == 0 or base == 1:
        return
    context = Context(prec=120)
    one, two = (
        context.ln(context.divide(Decimal(each.numerator), each.denominator))
        for each in (top, base)
    )
    wide = context.divide(one, two)
    assert Fraction(exponent(top, base, digits)) == Fraction(Context(prec=digits).plus(wide))


# -- answers that are exact ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (rp.rates.level_payment("1200", Fraction(0), 12), "100"),
        (rp.rates.level_payment("1200", "0%", 12, in_advance=True), "100"),
        (rp.rates.level_payment("1200", "0%", 12, future_value="240"), "80"),
        (rp.rates.present_value("100", "0%", 12, future_value="5"), "1205"),
        (rp.rates.future_value("1200", "0%", 12, payment="100.5"), "-6"),
        (rp.rates.payments_needed("1200", "0%", "96"), "12.5"),
        (rp.rates.payments_needed("100", "10%", 0, future_value="121"), "2"),
        (rp.rates.payments_needed("100", "21%", 0, future_value="110"), "0.5"),
        (rp.rates.payments_needed("100", "10%", "20", future_value="100", digits=5), "0"),
        (rp.rates.payments_needed("32", "3%", "0", future_value="32"), "0"),
        (rp.rates.periodic_rate("1200", 12, "100"), "0"),
        (rp.rates.periodic_rate("10000", 1, "10100"), "0.01"),
        (rp.rates.periodic_rate("100", 2, 0, future_value="121"), "0.1"),
        (rp.rates.periodic_rate("100", 2, 0, future_value="81"), "-0.1"),
        (rp.rates.periodic_rate("100", 2, "220", future_value="-341"), "0.1"),
        (rp.rates.interest_part("10000", "1%", 12, 1, in_advance=True), "0"),
        (rp.rates.interest_part("10000", "1%", 12, 1), "100"),
        (rp.rates.cumulative_principal("10000", "1%", 12), "10000"),
        (rp.rates.level_payment("100", "5%", 3, in_advance=3, digits=3), "33.3"),
        (rp.rates.level_payment(Fraction(1, 3), "0%", 1, digits=3), "0.333"),
    ],
)
def test_exact_answers(got: Decimal, expected: str) -> None:
    assert str(got) == expected


def test_a_tie_goes_to_the_even_neighbour() -> None:
    assert exponent(Fraction(32), Fraction(4), 1) == 2  # 4 ** 2.5 = 32
    assert exponent(Fraction(128), Fraction(4), 1) == 4  # 4 ** 3.5 = 128
    assert rp.rates.periodic_rate("1000", 1, "1025", digits=1) == Decimal("0.02")
    assert rp.rates.periodic_rate("1000", 1, "1035", digits=1) == Decimal("0.04")


def test_the_context_of_the_caller_has_no_say() -> None:
    wanted = [
        rp.rates.periodic_rate("10000", 12, "888.49"),
        rp.rates.payments_needed("10000", "1%", "700"),
    ]
    with localcontext(Context(prec=3, traps=[Inexact, Rounded])):
        got = [
            rp.rates.periodic_rate("10000", 12, "888.49"),
            rp.rates.payments_needed("10000", "1%", "700"),
        ]
        with pytest.raises(rp.errors.TermsError, match=r"two, 0\.1 and 0\.2"):
            rp.rates.periodic_rate("100", 2, "230", future_value="-362")
    assert got == wanted


def test_two_rates_in_one_last_digit() -> None:
    """11 % and 12 % are both 0.1: each is looked for on its own side of the turning point."""
    close = Payments(Fraction(10000), Fraction(22300), Fraction(-34732), 2, 0)
    assert rates_of(close, 1) == [Decimal("0.1"), Decimal("0.1")]
    assert rates_of(close, 2) == [Decimal("0.11"), Decimal("0.12")]


# -- schedules of loans -------------------------------------------------------------------


@given(
    st.integers(100, 10**7),
    st.integers(0, 2_400).map(lambda n: Fraction(n, 10_000)),
    st.integers(1, 120),
)
def test_a_schedule_of_fine_decimals_is_the_same(lent: int, yearly: Fraction, count: int) -> None:
    """With 12 decimals, each row, and so the last payment, agrees to a part in 10**9."""
    plan = rp.amortise(rp.Loan(lent, yearly, count, "2024-01-10", decimals=12))
    paid = rp.rates.level_payment(lent, yearly / 12, count)
    for row in (plan[0], plan[count // 2], plan[-1]):
        words: dict[str, Any] = {"rate": yearly / 12, "payments": count, "number": row.number}
        assert abs(row.payment - paid) < Decimal("1E-9")
        assert abs(row.interest - rp.rates.interest_part(lent, **words)) < Decimal("1E-9")
        assert abs(row.principal - rp.rates.principal_part(lent, **words)) < Decimal("1E-9")
        owed = rp.rates.future_value(lent, yearly / 12, row.number, payment=paid, digits=40)
        assert abs(row.closing - owed) < Decimal("1E-8")
    assert abs(
        plan.total_interest - rp.rates.cumulative_interest(lent, yearly / 12, count)
    ) < Decimal("1E-8")


# -- what is refused ----------------------------------------------------------------------

GOOD: dict[str, Any] = {"present_value": "10000", "rate": "1%", "payments": 12}


@pytest.mark.parametrize(
    ("parameter", "value", "kind", "hint"),
    [
        ("present_value", 10000.0, rp.errors.AmountError, 'write "10000.00"'),
        ("present_value", "ten", rp.errors.AmountError, "write"),
        ("present_value", Fraction(10**24), rp.errors.AmountError, "below 10**24"),
        ("present_value", Fraction(1, 10**2000), rp.errors.AmountError, "2,000 digits"),
        ("future_value", None, rp.errors.AmountError, "write"),
        ("rate", 0.01, rp.errors.RateError, 'write "1%"'),
        ("rate", 1, rp.errors.RateError, 'write "1%"'),
        ("rate", "-100%", rp.errors.RateError, "above -100%"),
        ("rate", "-101%", rp.errors.RateError, "from -100%"),
        ("rate", rp.monthly("1%"), rp.errors.RateError, 'for a month write "1%"'),
        ("rate", rp.effective("12%"), rp.errors.RateError, "rate.nominal(1) / 12"),
        ("payments", 0, rp.errors.CountError, "payments=1 or more"),
        ("payments", 12.0, rp.errors.CountError, "payments=12"),
        ("payments", 10_001, rp.errors.CountError, "10000"),
        ("in_advance", 13, rp.errors.CountError, "from 0 to 12"),
        ("in_advance", "begin", rp.errors.CountError, "from 0 to 12"),
        ("digits", 0, rp.errors.CountError, "from 1 to 1000"),
    ],
)
def test_bad_words_are_refused(
    parameter: str, value: object, kind: type[rp.RepayError], hint: str
) -> None:
    with pytest.raises(kind) as caught:
        rp.rates.level_payment(**{**GOOD, parameter: value})
    assert caught.value.parameter == parameter
    assert hint in str(caught.value)


def test_numbers_of_payments_are_checked() -> None:
    with pytest.raises(
        rp.errors.CountError, match="number: got 13; expected a whole number from 1 to 12"
    ):
        rp.rates.interest_part("10000", "1%", 12, 13)
    with pytest.raises(
        rp.errors.CountError, match="last: got 3; expected a whole number from 4 to 12"
    ):
        rp.rates.cumulative_interest("10000", "1%", 12, 4, 3)


@pytest.mark.parametrize("payment", ["0", "99.99", "100"])
def test_a_payment_that_never_repays(payment: str) -> None:
    with pytest.raises(rp.errors.InstalmentError, match="more than the interest of a period, 100"):
        rp.rates.payments_needed("10000", "1%", payment)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ({"payment": "-5", "rate": "0%"}, "0"),
        ({"payment": "0", "rate": "0%"}, "0"),
        ({"payment": "-5", "rate": "1%"}, "0"),
        ({"payment": "500", "rate": "1%"}, "11000"),
        ({"payment": "5000", "rate": "1%", "in_advance": 3}, "0"),
    ],
)
def test_amounts_that_never_meet(words: dict[str, Any], left: str) -> None:
    with pytest.raises(rp.errors.TermsError, match=r"present_value=10000 to future_value="):
        rp.rates.payments_needed("10000", future_value=left, **words)


def test_of_two_rates_the_one_that_is_not_negative_or_that_is_near() -> None:
    words: tuple[Any, ...] = ("459844.62", 12, "45945.11")
    found = rp.rates.periodic_rate(*words, future_value="-74001.78", digits=10)
    assert found == Decimal("0.006666646374")
    low = rp.rates.periodic_rate(*words, future_value="-74001.78", near="-60%", digits=12)
    assert low == Decimal("-0.620825373974")
    flows = ["-459844.62", *["45945.11"] * 11, str(Decimal("45945.11") - Decimal("74001.78"))]
    assert rp.irr(flows, digits=10) == found
    assert rp.irr(flows, near="-60%") == low
    for near, rate in (("12%", "0.1"), ("19%", "0.2")):
        assert rp.rates.periodic_rate("100", 2, "230", future_value="-362", near=near) == Decimal(
            rate
        )
    assert rp.rates.periodic_rate("10000", 12, "888.49", near="50%", digits=6) == Decimal(
        "0.0100004"
    )


@pytest.mark.parametrize(
    ("words", "match"),
    [
        (("100", 2, "230", "-362"), r"not two, 0\.1 and 0\.2"),
        (("100", 2, "200", "-301"), "a rate from -100% to 100000% fits"),
        (("100", 2, "-200", "0"), "a rate from -100% to 100000% fits"),
        (("100", 2, "0", "0"), "a rate from -100% to 100000% fits"),
        (("1", 2, "1E+20", "0"), "a rate from -100% to 100000% fits"),
        (("0", 2, "0", "0"), "every rate fits"),
    ],
)
def test_rates_that_are_none_or_several(words: tuple[Any, ...], match: str) -> None:
    lent, count, paid, left = words
    with pytest.raises(rp.errors.TermsError, match=match):
        rp.rates.periodic_rate(lent, count, paid, future_value=left)
