"""The level instalment: exact, and rounded exactly, however large the amounts."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from repaylib.money.rounding import ROUNDINGS, round_ratio
from repaylib.rates.annuity import Annuity, level_instalment, rounded_instalment
from repaylib.typing import Rounding


@given(
    st.integers(1, 10**9),
    st.lists(st.integers(0, 500), min_size=1, max_size=60),
    st.integers(100, 5000),
)
def test_the_level_instalment_repays_exactly(principal: int, factors: list[int], den: int) -> None:
    """Unrounded, the last balance is exactly nil, on even and uneven periods."""
    owed = principal * (1 + Fraction(factors[0], den))
    payment = Fraction(*level_instalment(Annuity(owed.as_integer_ratio(), factors[1:], den)))
    balance = owed - payment
    for factor in factors[1:]:
        balance = balance * (1 + Fraction(factor, den)) - payment
    assert balance == 0


@given(
    st.fractions(0, 10**14, max_denominator=10**9),
    st.one_of(
        st.lists(st.integers(0, 2000), max_size=60),
        st.tuples(st.integers(0, 3000), st.integers(0, 600)).map(lambda pair: [pair[0]] * pair[1]),
    ),
    st.integers(100, 5000),
    st.sampled_from(ROUNDINGS),
)
def test_the_estimate_never_decides_what_it_cannot(
    owed: Fraction, factors: list[int], den: int, rounding: Rounding
) -> None:
    exact = round_ratio(*level_instalment(Annuity(owed.as_integer_ratio(), factors, den)), rounding)
    assert rounded_instalment(Annuity(owed.as_integer_ratio(), factors, den), rounding) == exact


@given(
    st.integers(1, 10**9),
    st.integers(-2, 2),
    st.lists(st.integers(0, 2000), max_size=40),
    st.integers(100, 5000),
    st.sampled_from(ROUNDINGS),
)
def test_ties_and_their_neighbours_are_rounded_exactly(
    halves: int, beside: int, factors: list[int], den: int, rounding: Rounding
) -> None:
    """The debt is made so that the payment is a whole or a half, or a hair beside it."""
    per_unit = Fraction(*level_instalment(Annuity((1, 1), factors, den)))
    payment = Fraction(halves, 2) + Fraction(beside, 10**18)
    exact = round_ratio(payment.numerator, payment.denominator, rounding)
    annuity = Annuity((payment / per_unit).as_integer_ratio(), factors, den)
    assert rounded_instalment(annuity, rounding) == exact


def test_amounts_beyond_floating_point() -> None:
    for owed in (Fraction(10**400), Fraction(10**30) / 7):
        exact = round_ratio(
            *level_instalment(Annuity(owed.as_integer_ratio(), [1] * 11, 100)), "half_up"
        )
        assert (
            rounded_instalment(Annuity(owed.as_integer_ratio(), [1] * 11, 100), "half_up") == exact
        )
