"""Fees and taxes: worked by hand, from when they fall due to what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.money.rounding import ROUNDINGS, round_fraction
from repaylib.typing import Collected
from tests.strategies import loans as strategies

GOOD: dict[str, Any] = {"principal": "10000", "rate": "12%", "payments": 12, "start": "2024-01-10"}


def plan(*fees: rp.Fee, **words: Any) -> rp.Schedule:
    made = rp.amortise(rp.Loan(**GOOD, fees=fees, **words))
    made.check()
    assert rp.Schedule.from_dict(made.to_dict()) == made
    return made


def charged(schedule: rp.Schedule) -> list[tuple[str, str]]:
    """The days with a fee, and the fee."""
    return [(str(row.date), str(row.fee)) for row in schedule if row.fee]


def test_a_fee_of_the_start_is_paid_or_deducted() -> None:
    """1 % of 10,000: 100.00 on the start date, either way; what is owed stays 10,000."""
    ways: list[Any] = ["paid", "deducted"]
    for collected in ways:
        made = plan(rp.Fee("1%", collected=collected))
        assert charged(made) == [("2024-01-10", "100.00")]
        assert made.instalment == Decimal("888.49")
        assert (made.total_fees, made.total_paid) == (Decimal("100.00"), Decimal("10761.86"))
        assert made[0].number == 0


def test_a_financed_fee_is_lent() -> None:
    """10,100 at 1 % over 12 months: 897.37 (888.4879 x 1.01)."""
    made = plan(rp.Fee("100", collected="financed"))
    assert [made[0].advanced, made[0].fee, made[0].closing] == [100, 100, 10_100]
    assert made.instalment == Decimal("897.37")
    assert made.total_principal == 10_100


def test_fees_of_instalments_and_of_due_dates() -> None:
    service, account = rp.Fee("2.50", when="instalment"), rp.Fee("1", when="due_date")
    made = plan(service, account)
    assert {row.fee for row in made} == {Decimal("3.50")}
    later = rp.defer(made, payment=4)
    assert [str(row.fee) for row in later[2:5]] == ["3.50", "1.00", "3.50"]
    later.check()
    moved = rp.defer(made, payment=4, scope="instalment")
    assert [str(row.fee) for row in moved[2:5]] == ["3.50", "1.00", "3.50"]
    moved.check()


@given(st.integers(1, 12).flatmap(lambda payment: strategies.deferrals({"payment": payment})))
@settings(max_examples=80)
def test_a_fee_of_every_due_date_is_charged_on_each(deferral: rp.changes.Deferral) -> None:
    """Whatever a deferral does on a due date, a fee of the day is charged on it."""
    account = rp.Fee("1", when="due_date")
    try:
        later = rp.amortise(rp.Loan(**GOOD, fees=[account]), deferral)
    except rp.RepayError:
        return
    assert {row.fee for row in later if row.number} == {Decimal("1.00")}
    later.check()


def test_shares_of_what_is_owed_and_of_the_instalment() -> None:
    """0.1 % of the balance before the payment; 1 % of the instalment; 0.05 % of the original principal."""
    made = plan(
        rp.Fee("0.1%", when="instalment", of="balance"),
        rp.Fee("1%", when="instalment", of="instalment"),
        rp.Fee("0.05%", when="instalment"),
    )
    assert made[0].fee == Decimal("10.00") + Decimal("8.88") + Decimal("5.00")
    assert made[3].fee == Decimal("7.61") + Decimal("8.88") + Decimal("5.00")


def test_a_fee_on_days_of_its_own() -> None:
    """120 on each 10 January, and insurance of 0.1% by the month while more than 9,000 is owed."""
    yearly = rp.Fee("120", when="calendar", every="year", first="2024-01-10")
    loan = {"start": "2023-11-20", "payments": 24}
    made = rp.amortise(rp.Loan(**{**GOOD, **loan}, fees=[yearly], fee_tax="20%"))
    assert charged(made) == [("2024-01-10", "120.00"), ("2025-01-10", "120.00")]
    assert [str(row.tax) for row in made if row.fee] == ["24.00", "24.00"]
    assert str(yearly) == (
        "periodic fee: 120, on 2024-01-10 and every year after that, to the lender"
    )
    insured = rp.Fee("0.1%", when="calendar", of="balance", every="month", above="9000")
    made = rp.amortise(rp.Loan(**{**GOOD, **loan}, fees=[insured]))
    owed = {row.date: row.closing for row in made if row.number}
    assert charged(made) == [("2023-12-20", "9.63"), ("2024-01-20", "9.25")]
    assert [str(owed[row.date]) for row in made[:3]] == ["9629.27", "9254.83", "8876.65"]
    once = plan(rp.Fee("15", when="calendar", first="2024-06-01"))
    assert charged(once) == [("2024-06-01", "15.00")]
    until = plan(rp.Fee("15", when="calendar", every="quarter", until="2024-09-01"))
    assert charged(until) == [("2024-04-10", "15.00"), ("2024-07-10", "15.00")]


@given(
    st.sampled_from(["month", "quarter", "year", "2 weeks", "17 days"]),
    st.integers(0, 500),
    st.sampled_from([None, "2000", "9000"]),
)
def test_a_fee_on_days_of_its_own_is_charged_on_each_while_more_is_owed(
    every: str, later: int, above: str | None
) -> None:
    """Its days are due dates of that pace; on each, what is left after the payment decides."""
    first = date(2024, 1, 10) + timedelta(days=later)
    made = plan(rp.Fee("1", when="calendar", every=every, first=first, above=above))
    days = [first, *rp.amortise(rp.Loan("1", "0%", 40, first, every=every)).accrual_dates.tolist()]
    bare = plan()

    def owed(day: date) -> Decimal:
        return next((row.closing for row in reversed(bare) if row.date <= day), Decimal(10_000))

    expected = [str(day) for day in days if owed(day) > Decimal(above or 0)]
    assert [day for day, _ in charged(made)] == expected
    assert [row.interest for row in made if row.number] == [row.interest for row in bare]


def test_a_fee_of_the_end() -> None:
    assert charged(plan(rp.Fee("50", when="end"))) == [("2025-01-10", "50.00")]


def test_fees_of_changes() -> None:
    made = plan(
        rp.Fee("10", when="deferral"),
        rp.Fee("0.5%", when="rate_change"),
        rp.Fee("1%", when="prepayment"),
        rp.Fee("25", when="rescheduling", collected="financed"),
        rp.Fee("3%", when="settlement"),
        rp.Fee("20", when="late"),
    )
    assert charged(made) == []
    assert charged(rp.defer(made, payment=4)) == [("2024-04-10", "10.00")]
    assert charged(rp.change_rate(made, "8%", payment=4)) == [("2024-04-10", "38.05")]
    assert charged(rp.prepay(made, "2000", on="2024-04-20")) == [("2024-04-20", "20.00")]
    again = rp.reschedule(made, payments=12, payment=4)
    assert (again.total_fees, again[2].closing) == (Decimal("25.00"), Decimal("7635.80"))
    again.check()
    quote = rp.settle(made, on="2024-07-10")
    assert quote.fee == Decimal("154.48")  # 3 % of 5,149.20
    assert rp.settle(made, on="2024-07-10", fee="0").fee == 0


def test_a_drawdown_has_the_fee_of_an_advance() -> None:
    """1 % of the 5,000 lent on 10 March, in money, or lent as well with its tax."""
    lent = {"drawdowns": [("2024-03-10", "5000")]}
    made = plan(rp.Fee("1%", when="advance"), **lent)
    assert charged(made) == [("2024-03-10", "50.00")]
    assert made.instalment == plan(**lent).instalment
    financed = plan(rp.Fee("1%", when="advance", collected="financed"), **lent)
    assert financed[1].advanced == 5050
    later = rp.amortise(rp.Loan(**GOOD, fees=[rp.Fee("1%", when="advance")]))
    assert rp.advance(later, "5000", on="2024-03-10").total_fees == made.total_fees


def test_a_prepayment_of_all_that_is_owed_costs_its_fee() -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[rp.Fee("50", when="prepayment")])
    owed = rp.amortise(loan)[2].closing
    after = rp.prepay(loan, owed, with_payment=3)
    after.check()
    assert (after[-1].fee, after[-1].payment) == (Decimal("50.00"), owed + Decimal("938.49"))
    assert "without effect" not in after.terms()


def test_a_change_after_the_end_costs_nothing() -> None:
    fees = [rp.Fee("50", when="rescheduling"), rp.Fee("5", when="prepayment")]
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=fees)
    owed = rp.amortise(loan)[2].closing
    later = rp.amortise(loan, rp.changes.Rescheduling(20, payment=4))
    assert later.total_fees == 50
    ended = rp.prepay(later, owed, on="2024-04-10")
    assert ended.total_fees == 5
    assert "without effect" in ended.terms()


def test_what_is_normal_and_what_is_contingent() -> None:
    normal: list[Any] = ["start", "instalment", "due_date", "end"]
    assert not any(rp.Fee("1", when=when).contingent for when in normal)
    contingent: list[Any] = ["deferral", "prepayment", "settlement", "late"]
    assert all(rp.Fee("1", when=when).contingent for when in contingent)


def test_a_refund_by_the_days_left() -> None:
    """Of 120.00 for 366 days, 184 are left on 10 July: 60.33."""
    made = plan(rp.Fee("120", refund="pro_rata"))
    quote = rp.settle(made, on="2024-07-10")
    assert quote.refund == Decimal("60.33")
    assert quote.total == Decimal("5149.20") - Decimal("60.33")
    assert quote.saving_after_fee == Decimal("181.72") + Decimal("60.33")
    quote.schedule.check()
    assert quote.schedule.total_refunded == Decimal("60.33")


def test_taxes_on_interest_and_fees() -> None:
    """16 % of 100.00 interest and of a fee of 2.50: 16.00 and 0.40."""
    made = plan(rp.Fee("2.50", when="instalment"), interest_tax="16%", fee_tax="16%")
    first = made[0]
    assert [first.interest, first.fee, first.tax] == [100, Decimal("2.50"), Decimal("16.40")]
    assert first.payment == Decimal("888.49") + Decimal("2.50") + Decimal("16.40")
    later = rp.defer(made, payment=4)
    assert later[3].tax == 0
    assert later[4].tax == Decimal("24.76")  # 16 % of 2 x 76.11 and 0.40, each rounded: 24.36
    later.check()


def test_a_level_instalment_with_its_tax() -> None:
    """At 1 % and 16 % tax on it a month costs 1.16 %: 10,000 x 1.16 % / (1 - 1.0116^-12)."""
    made = plan(interest_tax="16%", tax_included=True)
    assert {row.payment for row in made[:-1]} == {Decimal("897.49")}
    assert [made[0].interest, made[0].tax, made[0].principal] == [100, 16, Decimal("781.49")]


def test_each_fee_is_derived() -> None:
    made = plan(rp.Fee("0.1%", when="instalment", of="balance"), fee_tax="10%")
    shown = str(made.explain(4))
    assert "0.1% x 7,610.80" in shown
    assert "fee: 7.61" in shown
    assert "tax: 0.76" in shown


def test_the_words_say_it() -> None:
    words = plan(
        rp.Fee("1%", collected="deducted", name="arrangement fee", payee="broker"),
        rp.Fee("3%", when="settlement"),
        fee_tax="16%",
    ).terms()
    assert (
        "arrangement fee: 1% of the principal lent, at the start, deducted, to the broker" in words
    )
    assert "settlement fee: 3% of the principal repaid" in words
    assert "tax of 16% on fees" in words


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ({"amount": 1.5}, ["amount", "1.50"]),
        ({"amount": "-1"}, ["amount", "zero or more"]),
        ({"amount": "1001%"}, ["amount", "1000%"]),
        ({"amount": "101%", "collected": "deducted"}, ["amount", "deducted", "financed"]),
        ({"amount": "1%", "when": "yearly"}, ["when", "due_date"]),
        ({"amount": "1%", "when": "instalment", "collected": "deducted"}, ["deducted", "when="]),
        ({"amount": "1%", "when": "end", "collected": "financed"}, ["financed", "when="]),
        ({"amount": "1%", "when": "end", "refund": "pro_rata"}, ["refund", "when="]),
        ({"amount": "1%", "when": "deferral", "of": "change"}, ["of", "deferral"]),
        ({"amount": "1%", "of": "instalment"}, ["of", "instalment"]),
        ({"amount": "1%", "payee": ""}, ["payee"]),
        ({"amount": "1%", "when": "calendar"}, ["every", "first", "calendar"]),
        ({"amount": "1%", "every": "year"}, ["every", 'when="calendar"']),
        ({"amount": "1%", "above": "5"}, ["above", 'when="calendar"']),
        ({"amount": "1%", "max_days": 365}, ["max_days", 'of="balance_days"']),
        ({"amount": "1%", "of": "balance_days", "when": "end"}, ["of", 'when="start"']),
        ({"amount": "5", "of": "balance_days"}, ["amount", "share of each day"]),
        ({"amount": "1%", "of": "balance_days", "max_days": 0}, ["max_days", "36600"]),
        ({"amount": "1%", "when": "calendar", "every": "FREQ=DAILY"}, ["every", "year"]),
        (
            {
                "amount": "1%",
                "when": "calendar",
                "every": "year",
                "first": "2024-05-01",
                "until": "2024-04-01",
            },
            ["until", "2024-05-01"],
        ),
    ],
)
def test_contradictions_are_refused(words: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(rp.RepayError) as caught:
        rp.Fee(**words)
    for part in parts:
        assert part in str(caught.value)


def test_fees_must_be_fees_of_the_currency() -> None:
    wrong: dict[str, Any] = {"fees": ["1%"]}
    with pytest.raises(rp.errors.TermsError, match=r"fees\[0\]"):
        rp.Loan(**GOOD, **wrong)
    with pytest.raises(rp.errors.DateError, match=r"fees\[0\]\.first"):
        rp.Loan(**GOOD, fees=[rp.Fee("1", when="calendar", first="2024-01-09")])
    with pytest.raises(rp.errors.AmountError, match=r"fees\[0\]\.above"):
        rp.Loan(**GOOD, fees=[rp.Fee("1", when="calendar", every="year", above="0.001")])
    with pytest.raises(rp.errors.AmountError, match=r"fees\[0\]\.amount"):
        rp.Loan(**GOOD, fees=[rp.Fee("1.005")])
    bare: dict[str, Any] = {"interest_tax": 16}
    with pytest.raises(rp.errors.RateError, match="interest_tax"):
        rp.Loan(**GOOD, **bare)


# -- fees on the balance of each day ------------------------------------------------------

#: Brazil: 0.38 % of the amount, and 0.0082 % for each day of each part of principal, at most 365.
DAYS: dict[str, Any] = {"of": "balance_days", "max_days": 365}


def iof(collected: Collected, daily: str = "0.0082%") -> list[rp.Fee]:
    return [
        rp.Fee("0.38%", of="balance", collected=collected),
        rp.Fee(daily, collected=collected, **DAYS),
    ]


@pytest.mark.parametrize(
    ("end", "deducted", "financed"),
    [
        # XP, "O que é a modalidade IOF financiado" (2022): 100,000 for 180, 365 and 730 days. For
        # 180 days the page shows 1,891.00, which is 1,856.00 / (1 - 1.856 %) cut to whole reais.
        ("2024-07-08", "1856.00", "1891.10"),
        ("2025-01-09", "3373.00", "3490.74"),
        ("2026-01-09", "3373.00", "3490.74"),
    ],
)
def test_a_published_tax_on_the_balance_of_each_day(end: str, deducted: str, financed: str) -> None:
    ways: list[tuple[Collected, str]] = [("deducted", deducted), ("financed", financed)]
    for collected, expected in ways:
        loan = rp.Loan(
            "100000", "9.6%", 1, "2024-01-10", first_payment=end, method="bullet",
            fees=iof(collected),
        )  # fmt: skip
        made = rp.amortise(loan)
        made.check()
        assert str(made[0].fee) == expected
        lent = Decimal(expected) if collected == "financed" else 0
        assert made[0].closing == 100_000 + lent


def test_a_published_tax_that_is_due_on_itself() -> None:
    """Planilhas to go, "IOF financiado x IOF a vista" (2011): 20,000 for 90 days at 0.0041 %."""
    words: dict[str, Any] = {"first_payment": "2024-04-09", "method": "bullet"}
    for collected, expected in (("deducted", "73.80"), ("financed", "74.07")):
        fee = rp.Fee("0.0041%", collected=cast(Collected, collected), **DAYS)
        made = rp.amortise(rp.Loan("20000", "36%", 1, "2024-01-10", fees=[fee], **words))
        assert str(made[0].fee) == expected


def test_a_published_tax_by_parts_of_principal() -> None:
    """money-warp, test_external_schedule_verification: a lender's table, 10,000 at 1 % a month.

    Its 201.88 is the sum of 12 amounts, each rounded; unrounded, they are 201.8674. The parts of
    principal of the table are the instalments of a loan without interest.
    """
    parts = "796.06 794.27 805.14 810.57 821.08 827.20 835.63 845.57 852.77 862.32 870.25 879.14"
    words: dict[str, Any] = {"instalment": parts.split(), "fees": iof("deducted")}
    made = rp.amortise(rp.Loan("10000", "0%", 12, "2026-02-22", **words))
    assert [str(row.principal) for row in made[1:]] == parts.split()
    assert [str(charge.amount) for charge in made.fee_charges] == ["3800", "16387"]
    shares = [(Fraction(82, 10**4), True), (Fraction(38, 10**2), False)]
    rounded = sum(
        round(Fraction(row.principal) * share * ((row.date - made[0].date).days if days else 1))
        for row in made[1:]
        for share, days in shares
    )
    assert abs(rounded - 20_188) <= 1


def test_a_fee_on_the_balance_of_each_day_explains_itself() -> None:
    made = plan(*iof("financed"))
    assert str(made[0].fee) == "207.33"
    flat, daily = (made.explain(made[0])[f"fee ({number})"] for number in (1, 2))
    assert (str(flat.value), str(daily.value)) == ("38.79", "168.54")
    for figure in made.explain(made[0]).figures:
        assert figure.recomputed() == figure.value
    assert "0.0082% x 2,055,386.58, the sum of the balances of each day" in str(daily)
    changed = rp.prepay(made, "5000", with_payment=3)
    assert list(changed[:3]) == list(made[:3])


def due(made: rp.Schedule, fees: Sequence[rp.Fee]) -> list[int]:
    """What fees come to by the rows: shares of the opening balance, and of that of each day."""
    start, owed, found = made[0].date, made[0].closing, []
    for fee in fees:
        base, since, left = Fraction(owed), 0, owed
        if fee.of == "balance_days":
            base = Fraction(0)
            for row in made:
                day = min((row.date - start).days, fee.max_days or 0)
                base += Fraction(left) * (day - since)
                since, left = day, row.closing
        share = cast(Fraction, fee.amount)
        found.append(round_fraction(base * share * 100, made.loan.rounding))
    return found


@given(
    words=st.fixed_dictionaries(
        {
            "principal": st.integers(5_000, 10**7).map(lambda n: Decimal(f"{n}E-2")),
            "rate": st.integers(0, 5_000).map(lambda n: Fraction(n, 10_000)),
            "payments": st.integers(1, 40),
            "method": st.sampled_from(["level", "equal_principal", "flat", "bullet"]),
            "rounding": st.sampled_from(ROUNDINGS),
        }
    ),
    flat=st.integers(0, 100),
    daily=st.integers(1, 100),
    most=st.sampled_from([30, 90, 365]),
)
def test_financed_fees_are_due_on_themselves(
    words: dict[str, Any], flat: int, daily: int, most: int
) -> None:
    """Each is its share of the schedule that has it.

    Where the roundings of the payments leave no such amount, it is what is due on a schedule with
    some cents less, and on its own schedule a little less is due.
    """
    fees = [
        rp.Fee(Fraction(flat, 10**4), of="balance", collected="financed"),
        rp.Fee(
            Fraction(daily, 10**6), of="balance_days", max_days=most, collected="financed"
        ),
    ]  # fmt: skip
    loan = rp.Loan(start="2024-01-10", fees=fees, **words)
    made = rp.amortise(loan)
    made.check()
    total, own = int(made[0].fee * 100), due(made, fees)
    charged = [charge.amount for charge in made.fee_charges if charge.row == 0]
    assert total == sum(charged)
    if total == sum(own):
        assert charged == [amount for amount in own if amount]
        return
    assert 0 < total - sum(own) <= 3
    less = [rp.Fee(Decimal(total - by) / 100, collected="financed") for by in (1, 2, 3)]
    others = [rp.amortise(replace(loan, fees=(fee,))) for fee in less]
    assert total in [sum(due(other, fees)) for other in others]


def test_financed_fees_must_come_to_an_end() -> None:
    fee = rp.Fee("1%", of="balance_days", collected="financed")
    with pytest.raises(rp.RepayError) as caught:
        plan(fee)
    assert caught.value.parameter == "fees"
    assert str(plan(replace(fee, collected="deducted"))[0].fee) == "20145.16"  # 2,014,516 x 1%
