"""Plans side by side, readings, and quotes for settlement."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

import repaylib as rp
from repaylib.cli.five_ways import five_ways
from repaylib.typing import DayCount, Method


def test_what_fits(plan: rp.Schedule) -> None:
    table = rp.compare(plan, rp.reschedule(plan, 12, payment=4), affordable="700")
    assert [each.fits for each in table] == [False, True]
    assert table.since == date(2024, 4, 10)
    assert table[1].extra == Decimal("118.15")
    assert table[1].still_to_pay == Decimal("8114.54")
    assert table[0].payments == 9
    assert "188.49 over" in str(table)
    assert [each.fits for each in rp.compare(plan)] == [None]


def test_names(plan: rp.Schedule) -> None:
    held = rp.defer(plan, 4)
    names = [
        each.name for each in rp.compare(plan, held, held, rp.defer(held, 6, interest="waive"))
    ]
    assert names == ["as agreed", "deferral", "deferral (2)", "deferral, interest-free deferral"]
    assert rp.compare(plan, names=["now"])[0].name == "now"
    quote = rp.settle(plan, on="2024-07-10")
    assert rp.compare(plan.loan, quote)[1].name == "early settlement"
    assert repr(rp.compare(plan, quote)) == "<Comparison of as agreed, early settlement>"


def test_plans_that_do_not_part(plan: rp.Schedule) -> None:
    table = rp.compare(plan, plan)
    assert table.since == date(2024, 1, 10)
    assert table[0].still_to_pay == plan.total_paid


def test_plans_that_part_at_the_end(plan: rp.Schedule) -> None:
    longer = rp.defer(plan, 12, scope="instalment")
    assert rp.compare(plan, longer).since == date(2024, 12, 10)


def test_a_plan_fits_whatever_it_is_compared_with(plan: rp.Schedule) -> None:
    """What falls due on the day of a change is agreed already, and no part of the verdict."""
    light = rp.reschedule(plan, 18, payment=12)
    settled = rp.settle(plan, with_payment=11)
    assert rp.compare(plan, light, affordable="500")[1].fits
    table = rp.compare(plan, light, settled, affordable="500")
    assert [each.fits for each in table] == [False, True, False]
    assert table[2].largest == settled.total
    assert table[2].payments == 1


def test_plans_of_different_loans_are_compared_whole(plan: rp.Schedule) -> None:
    other = rp.amortise(rp.Loan("10000", "9%", 12, "2024-01-10"))
    assert [each.still_to_pay for each in rp.compare(plan, other)] == [
        plan.total_paid,
        other.total_paid,
    ]


def test_plans_part_after_the_changes_they_share(plan: rp.Schedule) -> None:
    agreed = rp.change_rate(plan, "8%", payment=4)
    table = rp.compare(agreed, rp.defer(agreed, 6), rp.prepay(agreed, "100", on="2024-08-01"))
    assert table.since == date(2024, 6, 10)


def test_readings_that_are_not_possible_say_why(plan: rp.Schedule) -> None:
    last = rp.readings(plan, payment=12)
    assert list(last.refused) == ["capitalised, same end"]
    assert "not possible here: capitalised, same end: periods: got 1" in str(last)
    assert len(last) == 9
    assert "<Readings: interest-free" in repr(last)


@pytest.mark.parametrize("method", ["level", "equal_principal", "interest_only"])
@pytest.mark.parametrize("periods", [1, 3])
def test_readings_of_every_method(method: Method, periods: int) -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-31", method=method)
    read = rp.readings(loan, on="2024-04-15", periods=periods)
    assert len(read) == 10
    for schedule in read.values():
        schedule.check()


def test_a_settlement_of_a_deferred_loan(plan: rp.Schedule) -> None:
    quote = rp.settle(rp.defer(plan, 4, repay="last"), on="2024-06-10")
    assert quote.deferred_interest == Decimal("76.11")
    assert quote.interest == 0
    assert quote.principal == Decimal("6798.42")
    moved = rp.settle(rp.defer(plan, 4, 3, scope="instalment"), on="2024-06-10")
    assert moved.principal == Decimal("5977.91") + Decimal("812.38")
    assert moved.deferred_interest == Decimal("76.11") + Decimal("8.88")


def test_a_settlement_changes_nothing(plan: rp.Schedule) -> None:
    rows = list(plan)
    quote = rp.settle(plan, with_payment=6)
    assert quote.on == date(2024, 7, 10)
    assert list(plan) == rows
    assert quote.arrears == 0
    assert quote.saving_after_fee == quote.interest_saved


@pytest.mark.parametrize(
    ("day_count", "interest"),
    [
        ("periodic", "22.66"),  # 1 % x 10 of the 30 days of the period
        ("actual/365", "22.35"),
        ("actual/360", "22.66"),
    ],
)
def test_a_settlement_inside_a_period_by_each_day_count(day_count: DayCount, interest: str) -> None:
    loan = rp.Loan("6798.42", "12%", 7, "2024-06-10", day_count=day_count)
    quote = rp.settle(loan, on="2024-06-20")
    assert quote.interest == Decimal(interest)


def test_settling_on_the_first_day(plan: rp.Schedule) -> None:
    quote = rp.settle(plan, on="2024-01-10")
    assert quote.total == Decimal("10000.00")
    assert quote.interest_saved == plan.total_interest


def test_five_ways(plan: rp.Schedule) -> None:
    ways = five_ways(plan, 4, affordable="700")
    assert ways["instalments"].largest_payment == Decimal("888.49")
    assert max(row.payment for row in ways["instalments"][3:]) <= Decimal(700)
    shorter = rp.reschedule(plan, 11, payment=4)
    assert max(row.payment for row in shorter[3:]) > Decimal(700)
    hopeless = five_ways(plan, 4, affordable="50")
    assert hopeless["instalments"].changes[0] == rp.changes.Rescheduling(14, payment=4)
    given = five_ways(plan, 4, payments=20, new_rate="4%", periods=2, fee="1%")
    assert given["instalments"].changes[0] == rp.changes.Rescheduling(20, payment=4)
    assert given["rate cut"].changes[0] == rp.changes.RateChange("4%", payment=4)
    assert given["deferral"].maturity == date(2025, 3, 10)
    assert given["early settlement"].total_fees == Decimal("51.49")
    late = five_ways(plan, 11, settle_on=date(2024, 12, 1))
    assert late["early settlement"].maturity == date(2024, 12, 1)


# -- fixed rows, marks, when one overtakes another -------------------------------------------


def compared(plan: rp.Schedule) -> rp.measures.Comparison:
    return rp.compare(
        plan,
        rp.defer(plan, 4, interest="waive"),
        rp.reschedule(plan, 18, payment=4),
        rp.change_rate(plan, "8%", payment=4),
        rp.settle(plan, with_payment=6, fee="1%"),
        affordable="700",
    )


def test_cheapest_and_lightest(plan: rp.Schedule) -> None:
    table = compared(plan)
    assert table.cheapest.name == "early settlement"
    assert table.lightest.name == "18 instalments"
    assert table.verdict in " ".join(str(table).split())
    assert "cheapest" not in str(rp.compare(plan))


def test_every_plan_has_the_same_rows(plan: rp.Schedule) -> None:
    now, free, longer, cheaper, done = compared(plan).measures
    assert (now.still_to_pay, now.extra, now.interest) == (
        Decimal("7996.39"),
        Decimal("0.00"),
        Decimal("385.59"),
    )
    assert (now.shortfall, now.first_shortfall) == (Decimal("188.49"), date(2024, 5, 10))
    assert (longer.shortfall, longer.first_shortfall) == (Decimal("0.00"), None)
    assert (now.present_value, now.present_value_change) == (Decimal("7610.80"), Decimal(0))
    assert [each.within_eba for each in (free, cheaper)] == [True, False]
    assert not any(each.substantial for each in (now, free, longer, cheaper, done))
    assert done.fees == Decimal("51.49")
    assert done.still_to_pay == sum(
        (each for each in (done.interest, done.fees)), Decimal("7610.80")
    )
    assert (longer.payments, longer.maturity) == (18, date(2025, 10, 10))
    assert now.nominal is not None
    assert now.effective is not None
    assert round(now.nominal, 4) == Decimal("0.1200")
    assert round(now.effective, 4) == Decimal("0.1268")
    assert now.paid_if_settled == Decimal("7814.67")
    assert done.paid_if_settled == done.still_to_pay


def test_interest_on_interest(plan: rp.Schedule) -> None:
    later = rp.defer(plan, 4, 3, repay="capitalise")
    assert rp.compare(plan, later).measures[1].interest_on_interest > 0


def test_rows_of_different_loans(plan: rp.Schedule) -> None:
    other = rp.amortise(rp.Loan("10000", "9%", 12, "2024-01-10"))
    rows = rp.compare(plan, other).measures
    assert [each.present_value for each in rows] == [None, None]
    assert " - " in rp.compare(plan, other).sheet()


def test_when_one_plan_overtakes_another(plan: rp.Schedule) -> None:
    table = compared(plan)
    turn = table.break_even("as agreed", "18 instalments")
    assert turn is not None
    assert (turn.day, turn.months) == (date(2025, 10, 10), 18)
    assert (turn.before, turn.after) == ("18 instalments", "as agreed")
    assert table.break_even(2, 0) == turn
    assert table.break_even("as agreed", "rate 8%") is None
    free = table.break_even(0, 1)
    assert free is not None
    assert (free.day, free.after) == (date(2025, 2, 10), "")
    assert str(free).endswith("both have the same")
    with pytest.raises(rp.errors.ChoiceError, match="other"):
        table.break_even("as agreed", "none")


def test_differences_in_words(plan: rp.Schedule) -> None:
    words = compared(plan).differences
    assert words[0].startswith("interest-free deferral: as much in all, to 2025-02-10 instead")
    assert words[1].startswith("18 instalments: 357.84 more in all, at most 464.19 at a time")
    assert words[2] == "rate 8%: 129.65 less in all, at most 874.10 at a time instead of 888.49"


def test_rows_out(plan: rp.Schedule) -> None:
    table = compared(plan)
    frame = table.to_pandas()
    assert list(frame["name"]) == [each.name for each in table]
    assert list(frame["cheapest"]) == [False, False, False, False, True]
    assert frame["still_to_pay"][0] == Decimal("7996.39")
    assert table._repr_html_().count("<table") == 2
    assert "cheapest" in table.sheet().split("since")[-1]


@pytest.mark.parametrize("start", ["2024-01-10", "2024-01-30", "2024-01-31"])
def test_months_until_plans_break_even_are_those_of_the_due_dates(start: str) -> None:
    """13 instalments after 30 April, which stands for the 31st, are 13 months."""
    plan = rp.amortise(rp.Loan("10000", "12%", 12, start))
    even = rp.compare(plan, rp.reschedule(plan, payments=13, payment=4)).break_even(0, 1)
    assert even is not None
    assert even.months == 13
