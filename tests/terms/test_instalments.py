"""Methods, and how instalments are set: against formulas and figures worked by hand."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.money.rounding import ROUNDINGS, round_fraction
from tests.strategies.loans import loans

GOOD: dict[str, Any] = {"principal": "10000", "rate": "12%", "payments": 12, "start": "2024-01-10"}
MONTH = Fraction(1, 100)


def plan(**words: Any) -> rp.Schedule:
    made = rp.amortise(rp.Loan(**{**GOOD, **words}))
    made.check()
    return made


def rows(made: rp.Schedule) -> list[rp.Row]:
    made.check()
    return list(made)


def cents(value: Fraction) -> Decimal:
    return Decimal(f"{round_fraction(value * 100, 'half_up')}E-2")


def series(payments: int) -> Fraction:
    """What 1 paid at the end of each month has grown to at the last of them."""
    return ((1 + MONTH) ** payments - 1) / MONTH


# -- methods ------------------------------------------------------------------------------


def test_flat_interest_is_on_what_was_lent() -> None:
    """10,000 at 1 % a month flat: 933.33, last 933.37, 1,200.00 (jmqbip.com/p/270.html)."""
    flat = plan(method="flat")
    assert [str(row.payment) for row in flat] == ["933.33"] * 11 + ["933.37"]
    assert flat.total_interest == 1200
    assert {row.accrued for row in flat} == {Decimal(100)}


@pytest.mark.parametrize(
    ("words", "first", "last", "charge"),
    [
        ({"principal": "100000", "rate": "3.8%", "payments": 60}, "1983.33", "1983.53", "19000.00"),
        ({"principal": "35000", "rate": "4.2%", "in_advance": True}, "3039.17", "3039.13", "1470.00"),
        ({"principal": "1250", "rate": "15%", "payments": 4}, "328.13", "328.11", "62.50"),
        (
            {"principal": "1250", "rate": "15%", "payments": 4, "instalment_multiple": "1"},
            "328.00", "328.50", "62.50",
        ),
        (
            {"principal": "1250", "rate": "15%", "payments": 4, "balloon": "500"},
            "203.13", "703.11", "62.50",
        ),
        (
            {"principal": "1250", "rate": "15%", "payments": 4, "instalment": "500"},
            "500.00", "312.50", "62.50",
        ),
    ],
)  # fmt: skip
def test_the_agreed_charge_is_held(
    words: dict[str, Any], first: str, last: str, charge: str
) -> None:
    made = plan(method="flat", **words)
    assert str(made.instalment) == first
    assert {str(row.payment) for row in made[:-1]} == {first}
    assert (str(made.final_payment), str(made.total_interest)) == (last, charge)


@given(
    st.integers(1, 10**8),
    st.integers(0, 5000),
    st.integers(1, 60),
    st.sampled_from([1, 5, 100, 1000]),
    st.booleans(),
    st.sampled_from(ROUNDINGS),
)
def test_flat_interest_is_the_agreed_charge(
    lent: int, points: int, payments: int, unit: int, advance: bool, rounding: Any
) -> None:
    """Whatever the count, the rate, the multiple and the rounding, and in advance as in arrears."""
    rate = Fraction(points, 10_000)
    words: dict[str, Any] = {"rate": rate, "payments": payments, "in_advance": advance}
    if unit * payments <= lent:
        words["instalment_multiple"] = Decimal(unit) / 100
    made = plan(principal=Decimal(lent) / 100, method="flat", rounding=rounding, **words)
    charge = Fraction(lent) * rate * payments / 12
    assert made.total_interest * 100 == round_fraction(charge, rounding)
    assert all(row.interest >= 0 for row in made)
    charged = 0
    for row in made[:-1]:
        charged += int(row.accrued * 100)  # of a payment of a cent, some joins the principal
        part = Fraction(lent) * rate * row.number / 12
        assert charged == round_fraction(part, rounding)
    if not advance:
        terms: dict[str, Any] = {k: [v] for k, v in words.items() if k != "in_advance"}
        terms |= {"start": GOOD["start"], "method": "flat", "rounding": rounding}
        book = rp.Portfolio(principal=np.array([lent]), **terms)
        lanes = rp.amortise(book)
        assert lanes.interest[0][: len(made)].tolist() == [int(row.interest * 100) for row in made]
        assert lanes.payment[0][: len(made)].tolist() == [int(row.payment * 100) for row in made]


def test_an_agreed_charge_in_advance_by_days_and_from_a_list() -> None:
    """121 days from 10 January to 10 May, to which the last of four payments is charged."""
    words: dict[str, Any] = {"principal": "1250", "rate": "15%", "payments": 4, "method": "flat"}
    days = plan(**words, in_advance=True, day_count="actual/365")
    assert days.total_interest == cents(1250 * Fraction(15, 100) * 121 / 365)
    listed = ["2024-01-10", "2024-02-10", "2024-03-10", "2024-04-10", "2024-05-10"]
    same = plan(**words, in_advance=True, every=listed)
    assert [row.payment for row in same] == [row.payment for row in days]
    with pytest.raises(rp.errors.TermsError, match=r"^every: .*payment 5 too"):
        plan(**words, in_advance=True, every=listed[:4])


def test_the_derivation_of_an_agreed_charge() -> None:
    made = plan(principal="100000", rate="3.8%", payments=60, method="flat")
    accrued = made.explain(2)["interest accrued"]
    assert (accrued.value, accrued.charged) == (Decimal("316.66"), Decimal("316.67"))
    assert accrued.exact == Fraction(1900, 3)
    assert accrued.recomputed() == accrued.value
    assert "less 316.67 charged before" in str(made.explain(2))


def test_a_prepayment_lowers_flat_interest_by_its_share() -> None:
    half = rp.prepay(plan(method="flat"), "4583.34", with_payment=2, hold="maturity")
    assert half[1].closing == Decimal("3750.00")  # 8,333.34 less 4,583.34
    assert half[2].accrued == cents(Fraction(375_000, 833_334) * 100)
    half.check()


def test_a_bullet_pays_once_and_rounds_once() -> None:
    """P x (1 + r x t): 1,000.33 at 10 % for a year cost 100.03, not 12 x 8.34."""
    once = plan(principal="1000.33", rate="10%", method="bullet")
    assert (len(once), once.total_interest, once.final_payment) == (
        1,
        Decimal("100.03"),
        Decimal("1100.36"),
    )
    assert str(once[0].date) == "2025-01-10"
    assert once[0].number == 12


def test_a_bullet_with_a_fee_at_the_start_has_two_rows() -> None:
    once = plan(payments=2, method="bullet", fees=[rp.Fee("5")])
    assert [(row.number, str(row.date)) for row in once] == [(0, "2024-01-10"), (2, "2024-03-10")]


def test_a_bullet_by_days() -> None:
    """The same principle by days: 10,000 x 0.05 % x 3 days is 15.00 (Xiaomi's own example)."""
    loan = rp.Loan(
        "10000", rp.daily("0.05%"), 1, "2024-01-10", every="3 days", day_count="actual/360",
        method="bullet",
    )  # fmt: skip
    assert rp.amortise(loan).total_paid == Decimal("10015.00")


def test_a_bullet_can_be_settled_and_deferred() -> None:
    once = plan(method="bullet")
    quote = rp.settle(once, on="2024-07-10")
    assert (quote.principal, quote.interest) == (Decimal(10000), Decimal(600))
    later = rp.defer(once, payment=12)
    assert (str(later.maturity), later.total_interest) == ("2025-02-10", Decimal(1300))


# -- what is left for the end -----------------------------------------------------------------


@pytest.mark.parametrize("balloon", ["5000", "50%", "10000", "0.01"])
def test_a_balloon_is_left_for_the_last_payment(balloon: str) -> None:
    made = plan(balloon=balloon)
    left = Fraction(10000) / 2 if "%" in balloon else Fraction(balloon)
    wanted = (10000 * (1 + MONTH) ** 12 - left) / series(12)
    assert made.instalment == cents(wanted)
    assert abs(made.final_payment - made.instalment - cents(left)) < Decimal("0.12")


def test_the_last_payment_is_fitted_beside_its_balloon() -> None:
    """651.95 leaves 651.86 and the balloon; 651.94 would leave 651.98 (each cent less is 12.68 cents more)."""
    made = plan(balloon="3000", last="lower")
    assert made.instalment == Decimal("651.95")
    assert made.final_payment - 3000 == Decimal("651.86")
    usual = plan(balloon="3000")
    assert usual.instalment == Decimal("651.94")
    assert usual.final_payment - 3000 == Decimal("651.98")


def test_a_balloon_of_equal_parts() -> None:
    made = plan(balloon="4000", method="equal_principal")
    assert {row.principal for row in made[:-1]} == {Decimal("500.00")}
    assert made[-1].principal == Decimal("4500.00")


def test_a_longer_amortisation_leaves_its_balance() -> None:
    """Solved for 24 payments and ended with the 12th: the balance of the long loan."""
    short, long = plan(amortise_over=24), plan(payments=24)
    assert short.instalment == long.instalment
    assert list(short)[:11] == list(long)[:11]
    assert short[-1].principal == long[10].closing


def test_an_instalment_solved_under_another_day_count() -> None:
    """Published terms of a US multifamily loan: 25 million, 5.5%, 120 of 360, 30/360 and actual/360."""
    loan = rp.Loan(
        "25000000",
        "5.5%",
        120,
        "2024-01-01",
        amortise_over=360,
        day_count="actual/360",
        instalment_day_count="30/360 US",
    )
    made = rp.amortise(loan)
    assert made.instalment == Decimal("141947.25")
    assert made[0].interest == cents(Fraction(25_000_000 * 55 * 31, 1000 * 360))
    assert made.explain(1)["instalment"].recomputed() == made.instalment
    made.check()
    # Fixed by hand, it is the same loan.
    solved = plan(principal="25000000", rate="5.5%", payments=360, start="2024-01-01").instalment
    fixed = plan(
        principal="25000000",
        rate="5.5%",
        payments=120,
        start="2024-01-01",
        day_count="actual/360",
        instalment=solved,
    )
    assert list(fixed) == list(made)


@given(
    st.integers(1, 60),
    st.sampled_from(["actual/360", "actual/365", "30E/360", "periodic"]),
    st.sampled_from(["actual/360", "30/360 US", "actual/actual ISDA", "periodic"]),
    st.sampled_from(["maturity", "count", "payment"]),
)
def test_the_instalment_is_that_of_the_loan_under_its_day_count(
    payments: int, day_count: Any, other: Any, hold: Any
) -> None:
    """Only the instalment is another, also when a change solves it again."""
    made = plan(payments=payments, day_count=day_count, instalment_day_count=other)
    assert made.instalment == plan(payments=payments, day_count=other).instalment
    assert made[0].interest == plan(payments=payments, day_count=day_count)[0].interest
    assert rp.Schedule.from_json(made.to_json()) == made
    if payments > 3:
        deferred = rp.defer(made, payment=2, hold=hold, repay="capitalise")
        deferred.check()
        new = rp.reschedule(made, payments=payments, payment=3)
        rest = plan(
            principal=made[1].closing, payments=payments, start=made[1].date, day_count=other
        )
        assert new.instalment == rest.instalment


@given(st.sampled_from(["flat", "equal_principal", "interest_only"]), st.integers(1, 11))
def test_a_loan_taken_over_bears_interest_on_what_was_lent(method: Any, paid: int) -> None:
    """The rest of a loan on its original principal is a loan on that amount: 100.00 a month."""
    words = {} if method == "flat" else {"interest_base": "original"}
    whole = plan(method=method, **words)
    given = {} if method == "interest_only" else {"instalment": whole.instalment}
    rest = plan(
        principal=whole[paid - 1].closing,
        payments=12 - paid,
        start=whole[paid - 1].date,
        method=method,
        interest_base="10000",
        **given,
    )
    assert {row.interest for row in rest[:-1]} <= {Decimal("100.00")}
    assert [row.payment for row in rest] == [row.payment for row in whole[paid:]]
    assert rp.Schedule.from_json(rest.to_json()) == rest
    assert "interest on 10,000.00" in rest.terms()
    both: dict[str, Any] = {"instalment": [whole.instalment, "2000"]} if given else {}
    book = rp.Portfolio(
        principal=[whole[paid - 1].closing, "5000"],
        rate="12%",
        payments=12 - paid,
        start=whole[paid - 1].date,
        method=method,
        interest_base=["10000", "balance" if method == "flat" else "original"],
        **both,
    )
    assert list(rp.amortise(book).row(0)) == list(rest)


def test_payments_in_advance_are_worth_a_month_more() -> None:
    """An annuity due: 888.4879 / 1.01."""
    made = plan(in_advance=True)
    due = 10000 * (1 + MONTH) ** 11 / series(12)
    assert made.instalment == cents(due) == Decimal("879.69")
    assert (made[0].interest, str(made[0].date)) == (Decimal(0), "2024-01-10")
    assert str(made.maturity) == "2024-12-10"


# -- unequal instalments ----------------------------------------------------------------------


def test_listed_instalments_and_what_is_left() -> None:
    made = plan(payments=3, principal="1000", instalment=["300", "400"])
    assert [str(row.payment) for row in made] == ["300.00", "400.00", "320.27"]
    exact = plan(payments=3, principal="1000", instalment=["300", "400", "500"])
    assert list(exact) == list(made)
    assert "instalments of 300.00 to 500.00, as listed" in exact.terms()
    early = plan(payments=4, principal="1000", instalment=["900", "200", "1", "1"])
    assert [str(row.payment) for row in early] == ["900.00", "111.10"]


def test_a_list_that_does_not_repay_is_refused() -> None:
    with pytest.raises(rp.errors.InstalmentError, match=r"instalment\[2\].*320.27.*payments=3"):
        plan(payments=3, principal="1000", instalment=["300", "400", "320.26"])
    with pytest.raises(rp.errors.TermsError, match="as many as payments=4"):
        plan(payments=4, instalment=["300", "400"])


def test_growing_instalments_by_share_and_by_amount() -> None:
    for by, times, more in (("5%", Fraction(21, 20), 0), ("50", Fraction(1), 50)):
        made = plan(payments=24, instalment=rp.terms.graduated(by))
        first = made[0].payment
        assert {row.payment for row in made[:12]} == {first}
        second = cents(Fraction(first) * times + more)
        assert {row.payment for row in made[12:-1]} == {second}
        assert abs(made.final_payment - second) < Decimal("0.30")


def test_falling_instalments() -> None:
    made = plan(instalment=rp.terms.graduated("-100", every=4))
    assert made[0].payment - made[4].payment == 100
    assert made[4].payment - made[8].payment == 100
    assert plan(instalment=rp.terms.graduated("-10%", every=6))[6].payment < made[0].payment


@given(
    st.integers(1, 60),
    st.integers(0, 3000),
    st.fractions(Fraction(-1, 5), Fraction(1, 5), max_denominator=50),
    st.integers(1, 24),
)
def test_what_grows_is_worth_the_debt(payments: int, rate: int, by: Fraction, every: int) -> None:
    """The first instalment is the debt over the worth of what each one pays for 1 of the first."""
    month = Fraction(rate, 10_000) / 12
    worth = Fraction(0)
    for k in range(payments):
        worth += (1 + by) ** (k // every) / (1 + month) ** (k + 1)
    made = plan(payments=payments, rate=month * 12, instalment=rp.terms.graduated(by, every=every))
    assume(len(made) > 1)
    assert made[0].payment == cents(10000 / worth)


def test_instalments_that_step_by_amount() -> None:
    """A step by number holds from that instalment on, one by day from the first due date then."""
    listed = plan(instalment=["500"] * 6 + ["1200"] * 5)
    assert list(plan(instalment=rp.steps("500", {7: "1200"}))) == list(listed)
    assert list(plan(instalment=rp.steps("500", {"2024-08-10": "1200"}))) == list(listed)
    assert list(plan(instalment=rp.steps("500", {"2024-07-11": "1200"}))) == list(listed)


def test_instalments_that_step_by_share() -> None:
    """Six of A and six of 1.2 A: A is 10,000 over the worth of them; two of nothing in summer."""
    worth = sum((1 + MONTH) ** -k * (1 if k < 7 else Fraction(6, 5)) for k in range(1, 13))
    made = plan(instalment=rp.steps("100%", {7: "120%"}))
    assert made[0].payment == cents(10000 / Fraction(worth))
    assert made[6].payment == cents(12000 / Fraction(worth))  # rounded once
    same = plan(instalment=rp.steps("50%", {7: "60%"}))
    assert list(same) == list(made)
    summer = plan(instalment=rp.steps("100%", {6: "0%", 8: "100%"}))
    assert [row.payment for row in summer[5:7]] == [0, 0]
    assert summer[7].payment == summer[0].payment
    assert rp.Schedule.from_dict(summer.to_dict()) == summer
    assert "100%, 0% from instalment 6 on, 100% from instalment 8 on" in summer.terms()


def test_where_no_payment_left_has_a_share_the_last_one_takes_what_is_left() -> None:
    shares = rp.steps("100%", {7: "0%"})
    kept = plan(instalment=shares)
    assert [row.payment for row in kept[6:11]] == [0] * 5
    changed = plan(rate=rp.steps("12%", {7: "24%"}), instalment=shares)
    assert [row.payment for row in changed] == [row.payment for row in kept[:11]] + [
        changed[10].closing + changed[11].interest
    ]
    changed.check()


def test_each_share_of_the_solved_instalment_is_rounded_once() -> None:
    """1,288.894330 is solved: 60 % of it are 773.3366, and 40 % 515.5577 (curo, example 5)."""
    shares = rp.steps("100%", {5: "60%", 9: "40%"})
    made = plan(rate="7%", start="2026-01-05", instalment=shares)
    assert [str(made[k].payment) for k in (0, 4, 8)] == ["1288.89", "773.34", "515.56"]
    whole = plan(rate="7%", start="2026-01-05", instalment=shares, instalment_multiple="1")
    assert [str(whole[k].payment) for k in (0, 4, 8)] == ["1289.00", "773.00", "516.00"]
    lower = plan(rate="7%", start="2026-01-05", instalment=shares, last="lower")
    assert lower.final_payment <= lower[-2].payment


@given(
    st.integers(100, 10**7),
    st.integers(0, 3000),
    st.integers(2, 24),
    st.integers(2, 24),
    st.integers(1, 300),
)
def test_each_share_is_one_of_the_exact_instalment(
    lent: int, points: int, payments: int, step: int, percent: int
) -> None:
    """By the worth of the shares: what is rounded is the share, and not what it is a share of."""
    month, share = Fraction(points, 120_000), Fraction(percent, 100)
    parts = [1 if k < step else share for k in range(1, payments + 1)]
    worth = sum((1 + month) ** -k * part for k, part in enumerate(parts, 1))
    steps = rp.steps("100%", {step: f"{percent}%"})
    words = {"payments": payments, "instalment": steps, "negative_amortisation": True}
    made = plan(principal=lent, rate=12 * month, **words)
    exact = [round_fraction(100 * lent / Fraction(worth) * part, "half_up") for part in parts]
    paid = [int(row.payment * 100) for row in made]
    assert paid[:-1] == exact[: len(paid) - 1]


@given(
    loans(methods=("level",), most_payments=60, extras=False),
    st.integers(2, 60),
    st.sampled_from(["any", "lower", "closest"]),
)
def test_shares_of_all_of_it_are_no_shares(loan: rp.Loan, step: int, last: Any) -> None:
    words = {each.name: getattr(loan, each.name) for each in fields(loan)} | {"last": last}
    try:
        plain = rp.amortise(rp.Loan(**words))
    except rp.RepayError:
        assume(False)
    shares = rp.steps("100%", {step: "100%"})
    assert rows(rp.amortise(rp.Loan(**words | {"instalment": shares}))) == rows(plain)


def test_a_listed_payment_may_be_nothing() -> None:
    """1,100, four months of nothing, 2,100, nothing until the last (amortizacion-engine)."""
    listed = ["1100", *["0"] * 4, "2100", *["0"] * 5]
    made = plan(instalment=listed, negative_amortisation=True)
    owed = 10_000 * (1 + MONTH)
    for each in [1100, 0, 0, 0, 0, 2100, 0, 0, 0, 0, 0]:
        owed = Fraction(cents(owed - each))
        owed += Fraction(cents(owed * MONTH))
    assert made.final_payment == cents(owed) == Decimal("7811.82")
    stepped = rp.steps("1100", {2: "0", 6: "2100", 7: "0"})
    assert list(plan(instalment=stepped, negative_amortisation=True)) == list(made)
    once = plan(instalment="0", negative_amortisation=True)
    assert [row.payment for row in once[:-1]] == [0] * 11
    assert once.final_payment == once[-1].opening + once[-1].interest
    book = rp.Portfolio(
        principal=[1_000_000], rate=["12%"], payments=[12], start=["2024-01-10"],
        instalment=[0], negative_amortisation=True,
    )  # fmt: skip
    assert rp.amortise(book).payment[0].tolist() == [0] * 11 + [int(once.final_payment * 100)]
    parts = plan(method="equal_principal", instalment=["0"] * 6 + ["2000"] * 5)
    assert [row.payment for row in parts[:6]] == [Decimal(100)] * 6
    for refused in (["0", "900"], "0"):
        with pytest.raises(rp.errors.AmountError, match="instalment"):
            plan(instalment=refused, payments=3)


def test_an_instalment_that_no_longer_covers_the_interest_is_told() -> None:
    """30 % a year for 65 years: a cent of rounding grows until the instalment falls short."""
    made = plan(
        principal="79700", rate="30%", payments=65, start="2016-03-31", every="year",
        day_count="actual/365",
    )  # fmt: skip
    assert [str(row.payment) for row in made[54:56]] == ["23920.58", "29944.42"]
    words = "paid in full, as the instalment falls short of it"
    assert made.terms().endswith(f"actual/365; from due date 56 on, the interest is {words}")
    assert words in str(made.explain(56))
    assert "in full" not in plan().terms()


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ({"instalment": rp.steps("500", {7: "600"}, hold="last")}, ["hold", "rate"]),
        ({"instalment": rp.steps("500", {7: "20%"})}, ["instalment", "20%"]),
        ({"instalment": rp.steps("100%", {7: "20"})}, ["instalment", "20"]),
        ({"instalment": rp.steps("0%", {7: "20%"})}, ["first share", "above zero"]),
        ({"instalment": rp.steps("500", {"2024-01-10": "600"})}, ["instalment", "start="]),
        ({"instalment": rp.steps("90%", {7: "9%"}), "method": "flat"}, ["instalment", "level"]),
    ],
)
def test_steps_that_contradict(words: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(rp.RepayError) as caught:
        plan(**words)
    for part in parts:
        assert part in str(caught.value)


# -- the last payment -------------------------------------------------------------------------


@given(
    st.integers(10**4, 10**8),
    st.integers(0, 4000),
    st.integers(2, 120),
    st.sampled_from([1, 5, 100, 1000]),
)
def test_the_last_payment_is_fitted(minor: int, rate: int, payments: int, unit: int) -> None:
    """Lower: at most the instalment, and not so with one unit less; closest: no neighbour is."""
    words: dict[str, Any] = {
        "principal": Decimal(minor) / 100,
        "rate": Fraction(rate, 10_000),
        "payments": payments,
        "instalment_multiple": Decimal(unit) / 100,
    }
    step = Decimal(unit) / 100

    def apart(instalment: Decimal) -> Decimal | None:
        """Return the last payment less the instalment, where it takes all payments."""
        fixed = {**words, "instalment": instalment, "negative_amortisation": True}
        del fixed["instalment_multiple"]
        made = plan(**fixed)
        return made.final_payment - instalment if len(made) == payments else None

    lower = plan(**words, last="lower")
    assume(len(lower) == payments and lower.instalment > 2 * step)
    assert lower.final_payment <= lower.instalment
    below = apart(lower.instalment - step)
    assert below is None or below > 0
    closest = plan(**words, last="closest")
    own = abs(closest.final_payment - closest.instalment)
    for other in (closest.instalment - step, closest.instalment + step):
        beside = apart(other)
        assert beside is None or abs(beside) >= own


def test_six_payments_that_end_lower() -> None:
    """1,725.48 would leave 1,725.51 for the last (PRACTICE: 6 periods at 1 %)."""
    usual, lower = plan(payments=6), plan(payments=6, last="lower")
    assert (usual.instalment, usual.final_payment) == (Decimal("1725.48"), Decimal("1725.51"))
    assert lower.instalment == Decimal("1725.49")
    assert lower.final_payment <= lower.instalment


def test_instalments_of_whole_tens() -> None:
    assert plan(instalment_multiple="10").instalment == 890
    assert plan(instalment_multiple="10", instalment_rounding="down").instalment == 880
    assert plan(instalment_multiple="1", instalment_rounding="up").instalment == 889
    assert plan(instalment_multiple="100", method="equal_principal").instalment == 800


def test_a_given_instalment_is_a_multiple_once_it_is_solved_again() -> None:
    given = plan(instalment="888.49", instalment_multiple="10")
    assert {row.payment for row in given[:11]} == {Decimal("888.49")}
    lower = rp.prepay(given, "1000", on=given[2].date, hold="maturity")
    assert {row.payment for row in lower[3:11]} == {Decimal("770.00")}
    assert "a multiple of 10.00" in str(lower.loan)
    book = rp.Portfolio(
        principal=[1_000_000], rate=["12%"], payments=[12], start=["2024-01-10"],
        instalment=[88_849], instalment_multiple="10",
    )  # fmt: skip
    same = rp.prepay(book, [100_000], on=[str(given[2].date)], hold="maturity")
    assert same.payment[0].tolist() == [int(row.payment * 100) for row in lower]
    with pytest.raises(rp.errors.TermsError, match="instalment_multiple"):
        plan(instalment=["900"] * 11, instalment_multiple="10")


# -- in mid-life ------------------------------------------------------------------------------


def test_the_method_is_switched() -> None:
    switched = rp.reschedule(plan(), payments=9, payment=4, method="equal_principal")
    switched.check()
    assert {row.principal for row in switched[3:-1]} == {cents(Fraction(7610_80, 900))}
    bullet = rp.reschedule(plan(), payments=3, payment=4, method="bullet")
    assert [row.payment for row in bullet[3:]] == [Decimal("7839.12")]  # 7,610.80 x 1.03
    flat = rp.reschedule(plan(), payments=4, payment=4, method="flat")
    assert sum(row.accrued for row in flat[3:]) == Decimal("304.43")  # 4 x 76.108
    assert len({row.payment for row in flat[3:-1]}) == 1
    assert "all at the end" in bullet.terms()


def test_only_interest_is_put_off() -> None:
    """pause="interest": the principal part is paid on its dates, the interest with the next."""
    loan = rp.Loan(**GOOD, method="equal_principal")
    later = rp.defer(loan, payment=4, periods=2, pause="interest")
    later.check()
    assert [str(row.payment) for row in later[3:6]] == ["833.33", "833.33", "1033.33"]
    assert later[5].deferred_interest == Decimal("75.00") + Decimal("66.67")
    assert later.total_paid == rp.amortise(loan).total_paid
    assert later.maturity == rp.amortise(loan).maturity
    capital = rp.defer(loan, payment=4, pause="interest", repay="capitalise")
    capital.check()
    assert capital.total_capitalised == Decimal("75.00")


def test_capitalised_interest_is_levelled_into_the_rest() -> None:
    """Two months pay 888.49 less their interest, which then joins the principal."""
    made = rp.defer(plan(), payment=4, periods=2, pause="interest", repay="capitalise")
    made.check()
    assert [str(row.payment) for row in made[3:5]] == ["812.38", "819.74"]
    owed = Fraction(made[4].closing)
    assert made[3].closing == Decimal("6874.53")  # 7,610.80 - 812.38 + 76.11
    assert owed == Fraction("6123.54")  # 6,874.53 - 819.74 + 68.75
    assert {row.payment for row in made[5:-1]} == {cents(owed * (1 + MONTH) ** 7 / series(7))}
    assert len(made) == 12


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ({"scope": "instalment"}, "scope"),
        ({"repay": "now"}, "repay"),
        ({"interest": "waive"}, "interest"),
    ],
)
def test_interest_alone_cannot_be(words: dict[str, Any], part: str) -> None:
    with pytest.raises(rp.errors.TermsError, match=f"^{part}: .*pause="):
        rp.changes.Deferral(4, pause="interest", **words)


def test_a_financed_fee_holds_what_its_change_holds() -> None:
    made = plan(fees=[rp.Fee("1%", when="prepayment", collected="financed")])
    kept = rp.prepay(made, "2000", with_payment=3)
    assert {row.payment for row in kept[3:-1] if row.number} == {Decimal("888.49")}
    kept.check()


def test_interest_on_the_balance_of_agreed_days() -> None:
    """Interest is on 10,000 until 10 April, then on what is owed that day."""
    made = plan(method="equal_principal", interest_base=["2024-04-10"])
    assert [str(row.accrued) for row in made[:4]] == ["100.00", "100.00", "100.00", "75.00"]
    assert {row.accrued for row in made[3:]} == {Decimal("75.00")}
    assert made.terms().endswith("; interest on the balance of 2024-04-10")


def test_steps_of_a_loan_without_instalment_are_said_without_what_they_keep() -> None:
    made = plan(method="interest_only", rate=rp.steps("12%", {7: "6%"}))
    assert made.terms().endswith(" from 2024-02-10; the rate is 6% from instalment 7 on")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ({"method": "bullet", "balloon": "5000"}, ["balloon", 'method="bullet"']),
        ({"method": "interest_only", "last": "lower"}, ["last", 'method="interest_only"']),
        (
            {"method": "flat", "instalment": rp.terms.graduated("5%")},
            ["instalment", 'method="level"'],
        ),
        ({"instalment": "900", "balloon": "5000"}, ["balloon", "instalment=900.00"]),
        ({"balloon": "10000.01"}, ["balloon", "principal=10000.00"]),
        ({"amortise_over": 6}, ["amortise_over", "payments=12"]),
        ({"amortise_over": 24, "balloon": "1"}, ["amortise_over", "balloon"]),
        (
            {"instalment_day_count": "actual/360", "method": "flat"},
            ["instalment_day_count", 'method="level"'],
        ),
        (
            {"instalment_day_count": "actual/360", "instalment": ["900"] * 11},
            ["instalment_day_count", "an instalment that is solved"],
        ),
        ({"instalment_day_count": "business/252"}, ["instalment_day_count", "30/360 US"]),
        (
            {"instalment_day_count": "periodic", "every": ["2024-02-10"], "payments": 1},
            ["instalment_day_count", "actual/365"],
        ),
        ({"interest_base": ["2024-04-10"]}, ["interest_base", "level instalment"]),
        ({"interest_base": "sometimes"}, ["interest_base", "original"]),
        ({"interest_base": ["2024-01-10"]}, ["interest_base", "after start=2024-01-10"]),
        ({"interest_base": "2024-04-10"}, ["interest_base", "a list of days"]),
        ({"interest_base": "0"}, ["interest_base", "above zero"]),
        ({"interest_base": 10.5}, ["interest_base", "an amount"]),
        ({"interest_base": "original", "method": "flat"}, ["interest_base", "an amount"]),
        ({"interest_base": ["2024-05-10", "2024-04-10"]}, ["interest_base", "later"]),
        ({"in_advance": True, "first_payment": "2024-02-10"}, ["in_advance", "first_payment"]),
        ({"first_payment": "2024-01-10"}, ["first_payment", "in_advance=True"]),
        ({"last": "smallest"}, ["last", "lower"]),
        ({"instalment": []}, ["instalment", "0 amounts"]),
        ({"instalment": ["900", 900.0]}, ["instalment[1]", "900.00"]),
        ({"instalment_multiple": 10.0}, ["instalment_multiple", "10.00"]),
    ],
)
def test_contradictions_are_refused(words: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(rp.RepayError) as caught:
        plan(**words)
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize("by", ["x", "-100%", 1.5, None, "2000%"])
def test_steps_that_cannot_be_read(by: Any) -> None:
    with pytest.raises(rp.RepayError, match="by: "):
        rp.terms.graduated(by)
    with pytest.raises(rp.RepayError, match="every: "):
        rp.terms.graduated("5%", every=0)


def test_a_kept_instalment_runs_down_to_the_balloon() -> None:
    """hold="payment": the end is where the balance has come down to the balloon."""
    loan = rp.Loan(**GOOD, balloon="5000")
    later = rp.defer(loan, payment=10, repay="capitalise", hold="payment")
    assert later.instalment == Decimal("494.24")
    assert later[-1].opening - Decimal("5000") < Decimal("494.24")
    sooner = rp.prepay(loan, "1000", with_payment=3)
    assert len(sooner) == 10
    assert Decimal("4505.76") < sooner[-1].principal - Decimal("494.24") <= 5000
    for each in (later, sooner):
        each.check()


def test_what_cannot_be_put_off_or_rounded_is_refused() -> None:
    with pytest.raises(rp.errors.InstalmentError, match=r"instalment_multiple.*100\.00"):
        plan(principal="1000", payments=36, instalment_multiple="100")
    with pytest.raises(rp.errors.CountError, match="write payment=2"):
        rp.defer(plan(in_advance=True), payment=1)
    with pytest.raises(rp.errors.TermsError, match="nothing falls due before the end"):
        rp.defer(plan(method="bullet"), payment=1, scope="instalment")
    with pytest.raises(
        rp.errors.InstalmentError, match=r"got '105\.00'.*interest and tax.*116\.00"
    ):
        plan(payments=4, interest_tax="16%", tax_included=True, instalment="105")


def test_interest_above_the_instalment_that_bears_none() -> None:
    """50.00 of 100.00 on 10,000.00: the next instalment pays 50.00, its own 100.00, then principal."""
    words: dict[str, Any] = {"instalment": ["50", "50", "888.49"], "payments": 4}
    made = plan(**words, negative_amortisation="without_interest")
    columns = made.columns
    paid = columns["interest"] + columns["deferred_interest"]
    assert paid.tolist()[:3] == [50_00, 50_00, 200_00]
    assert columns["closing"].tolist() == [10_000_00, 10_000_00, 9_311_51, 0]
    assert columns["payment"].tolist()[:3] == [50_00, 50_00, 888_49]
    assert "paid by the next ones, without interest" in made.terms()
    assert rp.Schedule.from_dict(made.to_dict()) == made
    grown = plan(**words, negative_amortisation=True)
    assert made.total_interest < grown.total_interest


def test_interest_above_the_instalment_that_is_waived() -> None:
    """50.00 of 100.00 on 10,000.00: the other 50.00 is not charged, then or later."""
    words: dict[str, Any] = {"instalment": ["50", "50", "888.49"], "payments": 4}
    made = plan(**words, negative_amortisation="waive")
    columns = made.columns
    assert columns["waived"].tolist() == [50_00, 50_00, 0, 0]
    assert columns["interest"].tolist()[:3] == [50_00, 50_00, 100_00]
    assert columns["closing"].tolist() == [10_000_00, 10_000_00, 9_211_51, 0]
    assert not columns["capitalised"].any()
    assert not columns["deferred"].any()
    assert "interest above the instalment is not charged" in made.terms()
    assert "waived: 50.00" in str(made.explain(1))
    assert rp.Schedule.from_dict(made.to_dict()) == made
    never = {"instalment": "50", "payments": None, "negative_amortisation": "waive"}
    with pytest.raises(rp.errors.InstalmentError, match="instalment"):
        plan(**never)


def test_interest_that_is_waived_in_a_book() -> None:
    words: dict[str, Any] = {"payments": 6, "negative_amortisation": "waive"}
    lent = np.array([1_000_000, 800_000])
    words |= {"rate": "12%", "start": "2024-01-10"}
    book: Any = rp.amortise(
        rp.Portfolio(principal=lent, instalment=np.array([9000, 9000]), **words)
    )
    for number, principal in enumerate(("10000", "8000")):
        one = plan(principal=principal, instalment="90", **words)
        assert book.closing[number].tolist() == one.columns["closing"].tolist()
        assert book.payment[number].tolist() == one.columns["payment"].tolist()


def test_interest_that_bears_none_in_a_book() -> None:
    words: dict[str, Any] = {"payments": 6, "negative_amortisation": "without_interest"}
    lent = np.array([1_000_000, 800_000])
    words |= {"rate": "12%", "start": "2024-01-10"}
    book: Any = rp.amortise(
        rp.Portfolio(principal=lent, instalment=np.array([9000, 9000]), **words)
    )
    for number, principal in enumerate(("10000", "8000")):
        one = plan(principal=principal, instalment="90", **words)
        assert book.closing[number].tolist() == one.columns["closing"].tolist()
        assert book.payment[number].tolist() == one.columns["payment"].tolist()


@pytest.mark.parametrize("balloon", ["10000", "9999.99", "9999.90"])
@pytest.mark.parametrize("words", [{}, {"instalment_multiple": "10"}, {"rounding": "down"}])
def test_roundings_do_not_end_a_loan_whose_balloon_is_nearly_all_of_it(
    balloon: str, words: dict[str, Any]
) -> None:
    """Nothing tells the end from the balance, which stays at the balloon: the agreed end holds."""
    made = plan(balloon=balloon, method="level", **{"instalment_rounding": "up"} | words)
    waived = rp.defer(made, payment=4, interest="waive", hold="payment")
    assert len(waived) == 13
    again = rp.reschedule(made, instalment=made.instalment, payment=4)
    assert [row.payment for row in again] == [row.payment for row in made]
    assert len(rp.advance(made, "0.01", with_payment=3, hold="payment")) == 12


# -- lump sums on top ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [rp.terms.lumps("20000", every=6), rp.terms.lumps(dict.fromkeys(range(6, 37, 6), "20000"))],
)
def test_an_instalment_is_solved_around_lump_sums(rule: rp.terms.Lumps) -> None:
    """1,250,000 at 1.25% a month over 36, and 20,000 with every sixth: 40,100.98."""
    rate = rp.monthly("1.25%")
    made = plan(principal="1250000", rate=rate, payments=36, instalment=rule)
    assert str(made.instalment) == "40100.98"
    most = {row.number: str(row.payment) for row in made[:-1]}
    assert {k for k, paid in most.items() if paid == "60100.98"} == {6, 12, 18, 24, 30}
    assert {paid for k, paid in most.items() if k % 6} == {"40100.98"}
    assert str(made.final_payment) == "60101.20"
    assert rp.Schedule.from_json(made.to_json()) == made
    sixth = made.explain(6)
    assert str(sixth["instalment"]).endswith("= instalment 40,100.98 + lump sum 20,000.00")


def test_lump_sums_are_said() -> None:
    rule = rp.terms.lumps({12: "500", 6: "500", 9: "1000"})
    loan = plan(instalment=rule).loan
    assert "12 monthly level instalments plus 500 with payments 6 and 12 and 1,000" in str(loan)
    assert "第6和12期另付500" in loan.to_text(lang="zh")
    assert str(rp.terms.lumps("500", every=6)) == "500 every 6 payments"


def test_lump_sums_stay_on_their_payments_after_a_change() -> None:
    made = plan(instalment=rp.terms.lumps("500", every=6))
    lower = rp.prepay(made, "1000", with_payment=3, hold="maturity")
    lower.check()
    assert [row.number for row in lower[3:] if row.payment > lower.instalment + 400] == [6, 12]
    assert lower[5].payment - lower[4].payment == 500
    gone = rp.prepay(made, "7800", with_payment=3, hold="maturity")
    gone.check()
    assert gone[-1].number == 6


def test_a_book_with_lump_sums_is_each_loan() -> None:
    rules = [rp.terms.lumps("500", every=6), None]
    terms: dict[str, Any] = {"rate": "12%", "payments": 12, "start": "2024-01-10"}
    book = rp.amortise(rp.Portfolio(principal=["10000", "20000"], instalment=rules, **terms))
    assert book.row(0).rows == plan(instalment=rules[0]).rows
    assert book.payment[0].tolist() == [int(row.payment * 100) for row in book.row(0)]


@pytest.mark.parametrize(
    ("call", "parameter", "way_out"),
    [
        (lambda: rp.terms.lumps("0", every=6), "amounts", ""),
        (lambda: rp.terms.lumps("500", every=0), "every", "every=1 or more"),
        (lambda: rp.terms.lumps("500"), "every", "every=6"),
        (lambda: rp.terms.lumps({}), "amounts", "every=6 with one amount"),
        (lambda: rp.terms.lumps([(6, "5"), (6, "7")]), "amounts", "every=6 with one amount"),
        (lambda: rp.terms.lumps({0: "500"}), "amounts[0]", ""),
        (lambda: plan(instalment=rp.terms.lumps("0.001", every=6)), "instalment", ""),
        (lambda: plan(instalment=rp.terms.lumps("5", every=13)), "instalment", "earlier payment"),
        (lambda: plan(instalment=rp.terms.lumps({13: "5"})), "instalment", "earlier payment"),
        (lambda: plan(instalment=rp.terms.lumps("6000", every=6)), "instalment", "smaller"),
        (
            lambda: plan(instalment=rp.terms.lumps("500", every=6), method="equal_principal"),
            "instalment",
            "leave it out",
        ),
    ],
)
def test_lump_sums_that_cannot_be_are_refused(call: Any, parameter: str, way_out: str) -> None:
    with pytest.raises(rp.RepayError) as caught:
        call()
    assert caught.value.parameter == parameter
    assert way_out in str(caught.value.hint)


@given(
    st.integers(10**6, 10**9),
    st.integers(0, 5000),
    st.integers(2, 60),
    st.integers(1, 12),
    st.integers(1, 70),
)
def test_level_instalments_and_lump_sums_repay_the_loan(
    lent: int, points: int, payments: int, every: int, percent: int
) -> None:
    """The instalment is what repays the principal less the present value of the lump sums."""
    factor, every = Fraction(points, 120_000), min(every, payments)
    numbers = range(every, payments + 1, every)
    lump = lent * percent // 100 // len(numbers)
    rule = rp.terms.lumps(Decimal(lump) / 100, every=every)
    made = plan(
        principal=Decimal(lent) / 100,
        rate=Fraction(points, 10_000),
        payments=payments,
        instalment=rule,
    )
    discount = [1 / (1 + factor) ** k for k in range(1, payments + 1)]
    rest = lent - lump * sum(discount[k - 1] for k in numbers)
    exact = Fraction(rest / sum(discount))
    assert made.instalment * 100 == round_fraction(exact, "half_up")
    extra = [row.payment - made.instalment for row in made[:-1]]
    held = [Decimal(lump) / 100 if row.number in numbers else Decimal(0) for row in made[:-1]]
    if exact >= lent * factor:
        assert extra == held
