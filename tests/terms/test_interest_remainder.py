"""What becomes of the remainders of the roundings of interest."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.money.rounding import ROUNDINGS, round_fraction
from repaylib.typing import Rounding
from tests.portfolio.test_vectorised import assert_each_is_its_schedule
from tests.published.cases import Case, case_of, cases_of
from tests.strategies.loans import changed, plain_loans

#: Tables of level loans; the other cases of the source are changes.
TABLES = [case for case in cases_of("capsens") if case.kind == "schedule"]
GOOD: dict[str, Any] = {"principal": "10000", "rate": "12%", "payments": 12, "start": "2024-01-10"}
DOWN: dict[str, Any] = {"method": "equal_principal", "rounding": "down"}


def plan(**words: Any) -> rp.Schedule:
    made = rp.amortise(rp.Loan(**{**GOOD, **words}))
    made.check()
    return made


def interest(made: rp.Schedule) -> list[str]:
    return [str(row.interest) for row in made]


# -- figures by hand ----------------------------------------------------------------------

#: 1 % of 10,000, 9,166.67, 8,333.34, ...: the balances are those of twelve parts of 833.33.
EXACT = [Fraction(1_000_000 - 83_333 * k, 100) for k in range(12)]


def test_what_has_accrued_since_the_start_is_cut_down_less_what_was_posted() -> None:
    made = plan(interest_remainder="carried", **DOWN)
    sums = [int(sum(EXACT[: k + 1])) for k in range(12)]
    posted = [later - before for before, later in zip([0, *sums], sums, strict=False)]
    assert [int(row.interest * 100) for row in made] == posted
    assert str(made.total_interest) == "650.00"
    assert str(plan(**DOWN).total_interest) == "649.96"


def test_a_contract_total_is_rounded_once_and_the_last_row_completes_it() -> None:
    """Whole units: ten charges of 1.78 % of 67 are 11.926, and 12 in all."""
    words: dict[str, Any] = {
        "principal": "67", "rate": "1.78%", "payments": 10, "every": "year",
        "day_count": "periodic", "method": "flat", "decimals": 0,
    }  # fmt: skip
    assert interest(plan(interest_remainder="total", **words)) == ["1"] * 9 + ["3"]
    assert interest(plan(interest_remainder="dropped", **words)) == ["1"] * 10
    running = ["1", "1", "2", "1", "1", "1", "1", "2", "1", "1"]
    assert interest(plan(**words)) == interest(plan(interest_remainder="carried", **words))
    assert interest(plan(**words)) == running


def test_a_banks_history_posts_the_sum_cut_down_less_what_was_posted() -> None:
    """r/plaintextaccounting, "Computing interest payments with accuracy and precision" (2025).

    A bank's history of a loan at 7.99 %, with payments of 570.12. Cut down row by row, the second
    interest would be 161.62, and the fourth 158.29.
    """
    days = ["2024-10-23", "2024-11-15", "2024-12-23", "2025-01-15"]
    words: dict[str, Any] = {
        "principal": "32525.55", "rate": "7.99%", "payments": 4, "start": "2024-09-20",
        "every": days, "instalment": ["570.12"] * 3, "day_count": "actual/actual ISDA",
        "rounding": "down",
    }  # fmt: skip
    made = plan(interest_remainder="carried", **words)
    rows = [(str(row.interest), str(row.principal), str(row.closing)) for row in made]
    assert rows[:3] == [
        ("234.31", "335.81", "32189.74"),
        ("161.63", "408.49", "31781.25"),
        ("263.64", "306.48", "31474.77"),
    ]
    assert rows[3][0] == "158.30"  # the bank's fourth row leaves 31,062.95
    assert Decimal("570.12") - Decimal("158.30") == Decimal("31474.77") - Decimal("31062.95")
    alone = plan(**words)
    assert interest(alone) != interest(made)


def test_a_chinese_table_whose_last_interest_takes_the_cents() -> None:
    """1,000,000 at 6.3 % over 3: 335,080.28 bears 1,759.17, and 1,759.16 is charged.

    Source: EqualInstalmentScheduleTest of the repository q1323829945/sunline-microloan (GitHub,
    modules/lib-schedule), whose last payment is 336,839.44 as the others are.
    """
    terms: dict[str, Any] = {"principal": "1000000", "rate": "6.3%", "payments": 3}
    made = plan(**terms, interest_remainder="last")
    assert [str(row.interest) for row in made] == ["5250.00", "3509.16", "1759.16"]
    assert [str(row.principal) for row in made] == ["331589.44", "333330.28", "335080.28"]
    assert {str(row.payment) for row in made} == {"336839.44"}
    usual = plan(**terms)
    assert str(usual[2].interest) == "1759.17"
    check = rp.check_offer(
        [
            {"payment": "336839.44", "interest": row.interest, "closing": row.closing}
            for row in made
        ],
        loan=rp.Loan(**terms, start="2024-01-10"),
    )
    assert check.agrees
    assert check.schedule.loan.interest_remainder == "last"


def test_the_last_payment_is_level_and_its_interest_takes_the_rest() -> None:
    made, usual = plan(interest_remainder="last"), plan()
    assert {str(row.payment) for row in made} == {"888.49"}
    assert str(usual.final_payment) == "888.47"
    assert made.total_interest - usual.total_interest == Decimal("0.02")
    assert list(made[:11]) == list(usual[:11])
    derived = made.explain(12)
    assert str(derived["interest completed"].value) == "0.02"
    assert derived["interest"].value == derived["interest"].recomputed() == made[11].interest
    balloon = plan(interest_remainder="last", balloon="5000")
    assert str(balloon.final_payment) == "5494.24"


def test_a_last_payment_that_differs_for_more_than_roundings_is_as_it_comes() -> None:
    given_ = plan(instalment="900", interest_remainder="last")
    assert list(given_) == list(plan(instalment="900"))
    early = rp.prepay(plan(interest_remainder="last"), "5000", with_payment=3)
    assert list(early) == list(rp.prepay(plan(), "5000", with_payment=3))


@pytest.mark.parametrize("case", TABLES, ids=lambda case: case.name)
def test_a_published_table_on_the_unrounded_balance(case: Case) -> None:
    """Each interest is rounded by itself, and a cent moves when the remainders add up to one."""
    made, _ = case.answer()
    assert [
        {
            "interest": str(row.interest),
            "principal": str(row.principal),
            "closing": str(row.closing),
        }
        for row in made
    ] == list(case.rows)
    for row in made:
        derived = made.explain(row)
        for figure in derived.figures:
            assert figure.recomputed() == figure.value
        names = [figure.name for figure in derived.figures]
        accrued = derived["interest" if "interest" in names else "interest accrued"]
        assert accrued.value == row.interest


def test_a_published_bullet_compounds_the_unrounded_balance() -> None:
    made, _ = case_of("capsens", "bullet_month_55000.0_10.0_36_0_20180101").answer()
    assert str(made.total_interest) == "19150.00"
    assert Fraction(made.total_interest) == round(55000 * (1 + Fraction(1, 120)) ** 36, 2) - 55000


def test_payments_rounded_up_may_repay_before_the_agreed_end() -> None:
    """The payment before last is then the last one: of the agreed charge, and as large as others."""
    words: dict[str, Any] = {
        "principal": "10", "rate": "3.58%", "payments": 57, "rounding": "up",
    }  # fmt: skip
    flat = plan(method="flat", **words)
    assert len(flat) == 56
    assert str(flat.total_interest) == "1.71"  # 170.05 cents for 57 months, rounded up
    level = plan(interest_remainder="last", **words)
    assert len(level) == len(plan(**words)) == 56
    assert str(plan(**words).final_payment) == "0.15"
    assert {str(row.payment) for row in level} == {"0.20"}
    derived = level.explain(56)
    assert str(derived["interest completed"].value) == "0.05"
    assert all(figure.recomputed() == figure.value for figure in derived.figures)


# -- laws ---------------------------------------------------------------------------------

terms = st.fixed_dictionaries(
    {
        "principal": st.integers(1_000, 10**7).map(lambda n: Decimal(f"{n}E-2")),
        "rate": st.integers(1, 4_000).map(lambda n: Fraction(n, 10_000)),
        "payments": st.integers(2, 60),
        "method": st.sampled_from(["level", "equal_principal", "interest_only", "flat"]),
        "rounding": st.sampled_from(ROUNDINGS),
    }
)


def exact_of(made: rp.Schedule) -> list[Fraction]:
    """The interest of each row, unrounded: a month on its opening balance, or on the principal.

    The last row of a flat loan has the months after it too: payments rounded up may repay before
    the agreed end, and the charge was agreed for all months.
    """
    loan: Any = made.loan
    rate, flat = loan.rate.value / 12, loan.method == "flat"
    exact = [Fraction(loan.principal if flat else row.opening) * rate * 100 for row in made]
    if flat:
        exact[-1] *= 1 + loan.payments - len(made)
    return exact


#: Payments rounded up repay in 56 months what is agreed for 57.
EARLY: dict[str, Any] = {
    "principal": Decimal("10.00"),
    "rate": Fraction(179, 5000),
    "payments": 57,
    "method": "flat",
    "rounding": "up",
}


@given(terms)
@example(EARLY)
def test_carried_interest_is_the_rounded_sum_at_every_row(words: dict[str, Any]) -> None:
    made = plan(**words, interest_remainder="carried")
    rounding: Rounding = words["rounding"]
    exact = exact_of(made)
    for number in range(1, len(made) + 1):
        charged = sum(int(row.interest * 100) for row in made[:number])
        assert charged == round_fraction(sum(exact[:number], Fraction(0)), rounding)
    assert sum(row.principal for row in made) == made.loan.principal
    for row in made:
        for figure in made.explain(row).figures:
            assert figure.recomputed() == figure.value


@given(terms)
@example(EARLY)
def test_the_last_interest_completes_the_rounded_sum(words: dict[str, Any]) -> None:
    made = plan(**words, interest_remainder="total")
    rounding: Rounding = words["rounding"]
    exact = exact_of(made)
    rows = [int(row.interest * 100) for row in made]
    assert rows[:-1] == [round_fraction(each, rounding) for each in exact[:-1]]
    whole = round_fraction(sum(exact, Fraction(0)), rounding) - sum(rows[:-1])
    assert rows[-1] == max(0, whole)


@given(terms)
@example(EARLY)
def test_a_level_last_payment_is_as_large_as_the_others(words: dict[str, Any]) -> None:
    made = plan(**{**words, "method": "level"}, interest_remainder="last")
    payments = {row.payment for row in made}
    assert len(payments) == 1 or made[-1].interest == 0
    if len(payments) == 1:
        assert made.total_interest == len(made) * made.instalment - made.loan.principal


@given(terms)
def test_the_balance_keeps_what_roundings_leave(words: dict[str, Any]) -> None:
    """Interest in all is that without any rounding, to a cent or so, but for the rounded balance."""
    if words["method"] == "flat":
        return
    words = words | {"rounding": "half_up"}
    made = plan(**words, interest_remainder="balance")
    exact = rp.amortise(rp.Loan(**{**GOOD, **words}, decimals=12))
    assert abs(made.total_interest - exact.total_interest) < Decimal("0.0151")
    for row, other in zip(made[:-1], exact, strict=False):
        assert abs(row.interest - other.interest) < Decimal("0.0151")
        if words["method"] == "level":
            assert abs(row.principal - other.principal) < Decimal("0.0051")
    assert sum(row.principal for row in made) == made.loan.principal


@given(terms)
def test_remainders_are_dropped_where_nothing_is_said(words: dict[str, Any]) -> None:
    usual = "carried" if words["method"] == "flat" else "dropped"
    assert list(plan(**words)) == list(plan(**words, interest_remainder=usual))


@given(changed(plain_loans(), most=3))
def test_remainders_can_be_stored_with_changes(made: rp.Schedule) -> None:
    assert rp.Schedule.from_json(made.to_json()) == made
    made.check()


def test_changes_and_statements_take_a_carried_remainder() -> None:
    loan = rp.Loan(**GOOD, rounding="down", interest_remainder="carried")
    later = rp.prepay(rp.change_rate(rp.defer(loan, 4), "8%", payment=7), "500", on="2024-11-20")
    later.check()
    paid = [rp.Receipt(row.date, row.payment) for row in rp.amortise(loan)[:3]]
    owed = rp.statement(rp.amortise(loan), paid, as_of="2024-06-24")
    assert owed.arrears.total == 2 * rp.amortise(loan).instalment
    quote = rp.settle(loan, on="2024-02-25")
    # 100.00 was posted of 100.00; then 15/29 of a month on 9,211.52
    assert str(quote.interest) == "47.64"


def test_a_book_computes_such_loans_one_by_one() -> None:
    words = [None, "dropped", "carried", "total", "last", "balance"]
    book = rp.Portfolio(
        principal=["10000"] * 6, rate="12%", payments=12, start="2024-01-10",
        rounding="down", interest_remainder=words,
    )  # fmt: skip
    made = rp.amortise(book)
    assert made.fallback_loans == 5
    assert_each_is_its_schedule(made)
    assert_each_is_its_schedule(rp.prepay(book, "1000", with_payment=3, hold="maturity"))


@pytest.mark.parametrize(
    "words",
    [
        {"method": "flat"}, {"instalment": "900"}, {"instalment_multiple": "10"},
        {"interest_base": "original"}, {"last": "closest"},
    ],
)  # fmt: skip
def test_the_balance_keeps_no_remainder_without_an_exact_instalment(words: dict[str, Any]) -> None:
    with pytest.raises(rp.errors.TermsError) as caught:
        plan(interest_remainder="balance", **words)
    assert caught.value.parameter == "interest_remainder"


@pytest.mark.parametrize(
    "words",
    [
        {"method": "equal_principal"}, {"last": "lower"}, {"amortise_over": 24},
        {"interest_tax": "16%", "tax_included": True}, {"instalment_cap": "5%"},
    ],
)  # fmt: skip
def test_a_level_last_payment_needs_level_payments(words: dict[str, Any]) -> None:
    with pytest.raises(rp.errors.TermsError) as caught:
        plan(interest_remainder="last", **words)
    assert caught.value.parameter == "interest_remainder"
    assert next(reversed(words)) in str(caught.value)


# -- checked offers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        {"interest_remainder": "last"},
        {"interest_remainder": "carried", "rounding": "down"},
        {
            "interest_remainder": "carried",
            "rounding": "down",
            "day_count": "actual/actual ISDA",
        },
        {"interest_remainder": "total"},
        {"interest_remainder": "total", "method": "equal_principal", "rounding": "down"},
        {"interest_remainder": "balance", "payments": 24},
    ],
)
def test_an_offer_is_checked_for_remainders(words: dict[str, Any]) -> None:
    made = plan(rate="11.37%", **words)
    columns = ("date", "payment", "interest", "principal", "closing")
    lines = [{name: str(getattr(row, name)) for name in columns} for row in made]
    check = rp.check_offer(lines, principal="10000", start="2024-01-10")
    assert not check.departures
    found = [match.schedule.loan.interest_remainder for match in check.conventions]
    assert found[0] == words["interest_remainder"]
    stated = rp.check_offer(lines, made.loan)
    assert not stated.departures
    one = [dict(line) for line in lines]
    one[4]["interest"] = str(made[4].interest + Decimal("0.07"))
    wrong = rp.check_offer(one, principal="10000", start="2024-01-10")
    assert (5, "interest") in [(each.row, each.column) for each in wrong.departures]


def test_a_published_table_on_the_unrounded_balance_has_no_departures() -> None:
    rows = TABLES[0].rows
    loan = rp.Loan("55000", "10%", 36, "2018-01-01")
    lines = [
        {"date": str(row.date), **line} for row, line in zip(rp.amortise(loan), rows, strict=True)
    ]
    check = rp.check_offer(lines, loan)
    assert not check.departures
    assert check.conventions[0].schedule.loan.interest_remainder == "balance"
