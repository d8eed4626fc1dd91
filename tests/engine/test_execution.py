"""Changes one by one and together: the arithmetic written out, and the order on one day."""

from __future__ import annotations

import decimal
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest

import repaylib as rp
from repaylib.changes.day_order import Turn


def money(text: str) -> Decimal:
    return Decimal(text)


def payments(schedule: rp.Schedule) -> list[Decimal]:
    return [row.payment for row in schedule]


# -- rate changes -------------------------------------------------------------------------


def test_a_rate_change_inside_a_period_blends_it(plan: rp.Schedule) -> None:
    """10 April to 10 May has 30 days: 10 at 12 %, 20 at 6 %."""
    changed = rp.change_rate(plan, "6%", on="2024-04-20", hold="payment")
    exact = Fraction(761080, 100) * (Fraction(12, 100) * 10 + Fraction(6, 100) * 20) / 30 / 12
    assert changed[3].interest == round(Decimal(exact.numerator) / exact.denominator, 2)
    assert changed[3].payment == money("888.49")


def test_a_relevelled_instalment_uses_the_blended_factor() -> None:
    """100 at 7 % to 4 % on a due date: 17.01, then 16.88 (Apache Fineract's test suite)."""
    loan = rp.Loan("100", "7%", 6, "2024-01-01")
    changed = rp.change_rate(loan, "4%", on="2024-02-01")
    assert payments(changed)[:5] == [money("17.01"), *[money("16.88")] * 4]
    assert [row.closing for row in changed][:3] == [money("83.57"), money("66.97"), money("50.31")]


def test_published_schedule_of_six_months() -> None:
    """9.4822 % on 100 over 6 months, as asserted in Apache Fineract's test suite."""
    schedule = rp.amortise(rp.Loan("100", "9.4822%", 6, "2024-01-01"))
    assert [row.interest for row in schedule] == [
        money(x) for x in "0.79 0.66 0.53 0.40 0.27 0.13".split()
    ]
    assert [row.closing for row in schedule] == [
        money(x) for x in "83.66 67.19 50.59 33.86 17.00 0.00".split()
    ]


def test_a_settlement_inside_a_period() -> None:
    """83.57 and 0.24 on 15 February: 14 of the 29 days (Apache Fineract's test suite)."""
    quote = rp.settle(rp.Loan("100", "7%", 6, "2024-01-01"), on="2024-02-15")
    assert (quote.principal, quote.interest) == (money("83.57"), money("0.24"))


def test_prepaying_on_a_due_date_joins_its_row() -> None:
    """Instalment 862, 138 and 1,138 on top, actual/365 (Apache Fineract's scenario RP11)."""
    loan = rp.Loan(
        "5000", "12%", 6, "2022-11-01", day_count="actual/365", instalment="862.00", currency="EUR"
    )
    paid = rp.prepay(rp.prepay(loan, "138", on="2022-12-01"), "1138", on="2023-01-01")
    assert [(row.interest, row.principal, row.closing) for row in paid] == [
        (money("49.32"), money("950.68"), money("4049.32")),
        (money("41.27"), money("1958.73"), money("2090.59")),
        (money("21.31"), money("840.69"), money("1249.90")),
        (money("11.51"), money("850.49"), money("399.41")),
        (money("4.07"), money("399.41"), money("0.00")),
    ]


def test_a_temporary_rate_comes_back(plan: rp.Schedule) -> None:
    for until in ("2024-07-10", 7):
        cheap = rp.change_rate(plan, "6%", payment=4, until=until, hold="last")
        explained = [cheap.explain(k)["interest accrued"].segments[0].rate for k in (3, 4, 6, 7)]
        assert explained == [
            Fraction(12, 100),
            Fraction(6, 100),
            Fraction(6, 100),
            Fraction(12, 100),
        ]


def test_a_lasting_rate_outlives_a_temporary_one(plan: rp.Schedule) -> None:
    cheap = rp.change_rate(plan, "6%", payment=3, until=9)
    both = rp.change_rate(cheap, "10%", payment=6)
    rates = [both.explain(k)["interest accrued"].segments[0].rate for k in (2, 3, 5, 6, 9, 12)]
    assert rates == [Fraction(n, 100) for n in (12, 6, 6, 10, 10, 10)]


def test_what_a_rate_change_holds(plan: rp.Schedule) -> None:
    dearer = {
        hold: rp.change_rate(plan, "36%", payment=4, hold=hold)
        for hold in ("maturity", "count", "payment", "last")
    }
    assert list(dearer["maturity"]) == list(dearer["count"])
    assert dearer["maturity"].maturity == dearer["last"].maturity == plan.maturity
    assert dearer["payment"].instalment == dearer["last"].instalment == plan.instalment
    assert dearer["payment"].maturity > plan.maturity
    assert dearer["last"].final_payment > plan.instalment
    assert dearer["maturity"].instalment > plan.instalment


# -- deferrals ----------------------------------------------------------------------------


def test_two_months_capitalised(plan: rp.Schedule) -> None:
    """7,610.80 grows by 76.11, then by 76.87; 7,763.78 in nine new payments."""
    held = rp.defer(plan, 4, 2, repay="capitalise")
    assert [row.capitalised for row in held][3:5] == [money("76.11"), money("76.87")]
    assert held[4].closing == money("7763.78")
    assert len([row for row in held if row.payment]) == 12
    ended = rp.reschedule(
        rp.defer(plan, 4, 3, repay="capitalise", capitalise_every=None), 8, payment=6
    )
    assert (ended[4].capitalised, ended[4].closing) == (money("152.22"), money("7763.02"))
    assert ended.instalment == money("1014.55")  # 7763.02 over the worth of 8 payments, 7.65168
    at_the_end = rp.defer(plan, 4, 2, repay="capitalise", capitalise_every=None)
    assert [row.capitalised for row in at_the_end][3:5] == [money("0.00"), money("152.22")]


def test_a_moved_instalment_waits_its_periods(plan: rp.Schedule) -> None:
    """Two periods: 888.49 on 10 July instead of 10 May, with 2 x 8.88 on it."""
    moved = rp.defer(plan, 4, 2, scope="instalment")
    assert payments(moved)[3:6] == [money("0.00"), money("888.49"), money("1794.74")]
    last = rp.defer(plan, 4, scope="instalment", repay="last")
    assert last.final_payment == money("888.47") + money("888.49") + 8 * money("8.88")
    free = rp.defer(plan, 4, scope="instalment", interest="waive")
    assert free.total_paid == plan.total_paid
    assert free.total_waived == money("8.88")


def test_a_moved_instalment_that_is_spread(plan: rp.Schedule) -> None:
    """812.38 and 76.11 in eight parts, with the interest on the rest at each due date."""
    spread = rp.defer(plan, 4, scope="instalment", base="principal", repay="spread")
    spread.check()
    assert spread.maturity == plan.maturity
    first = money("888.49") + money("101.55") + money("9.51") + money("8.12")
    assert payments(spread)[4] == first


def test_the_last_instalment_can_move_past_the_end(plan: rp.Schedule) -> None:
    moved = rp.defer(plan, 12, scope="instalment")
    assert moved.maturity == date(2025, 2, 10)
    assert moved.final_payment == money("888.47") + money("8.88")


def test_deferral_on_a_day_inside_a_period_waives_from_that_day(plan: rp.Schedule) -> None:
    """10 of 30 days accrue: 25.37, paid with the next; the other 20 are waived: 50.74."""
    free = rp.defer(plan, on="2024-04-20", interest="waive")
    assert free[3].waived == money("50.74")
    assert free[3].deferred == money("25.37")
    assert free[4].payment == money("888.49") + money("25.37")


def test_deferrals_overlap_without_counting_twice(plan: rp.Schedule) -> None:
    """Due dates 4 and 5, then 5 and 6: three are skipped."""
    both = rp.defer(rp.defer(plan, 4, 2), 5, 2)
    assert [row.number for row in both if not row.payment] == [4, 5, 6]
    assert both.maturity == date(2025, 4, 10)


def test_the_later_word_holds_for_a_due_date(plan: rp.Schedule) -> None:
    both = rp.defer(rp.defer(plan, 4, 2), 5, interest="waive")
    assert both[3].deferred == money("76.11")
    assert both[4].waived == money("76.11")


def test_a_rescheduling_ends_a_deferral(plan: rp.Schedule) -> None:
    ended = rp.reschedule(rp.defer(plan, 4, 3), 10, payment=5)
    assert [row.number for row in ended if not row.payment] == [4]
    assert ended.maturity == date(2025, 3, 10)


@pytest.mark.parametrize("repay", ["next", "now", "spread", "last", "capitalise"])
def test_a_deferral_past_an_odd_period_solves_the_instalment_again(repay: Any) -> None:
    """880.26 is for a first period of 2 days: without it, twelve whole months take 888.49."""
    odd = rp.amortise(rp.Loan("10000", "12%", 12, "2024-02-08", first_payment="2024-02-10"))
    assert odd.instalment == money("880.26")
    later = rp.defer(odd, payment=1, repay=repay)
    later.check()
    owed = "10006.45" if repay == "capitalise" else "10000"
    whole = rp.amortise(rp.Loan(owed, "12%", 12, "2024-02-10"))
    assert [row.principal for row in later[1:]] == [row.principal for row in whole]
    words = "the instalment is recalculated, as the periods left differ in length"
    assert later.terms().endswith(f"moves by 1 month; {words}")
    second = rp.defer(odd, payment=2, repay=repay)  # regular periods take each other's places
    assert words not in second.terms()
    assert repay == "capitalise" or second.instalment == money("880.26")


def test_a_deferral_solves_again_for_a_stub_and_for_listed_days() -> None:
    stub = rp.Loan("10000", "12%", start="2024-01-10", maturity="2025-01-20", stub="short_final")
    later = rp.defer(stub, payment=4, repay="now")
    assert (later[2].payment, later[4].payment) == (money("823.75"), money("823.21"))
    assert abs(later.final_payment - later.instalment) < money("0.05")
    days = ["2024-02-10", "2024-03-10", "2024-09-10", "2024-12-10", "2025-03-10"]
    listed = rp.Loan("10000", "12%", 3, "2024-01-10", every=days)
    fewer = rp.defer(listed, payment=1, repay="now")
    assert abs(fewer.final_payment - fewer[1].payment) < money("0.05")
    given = rp.Loan("10000", "12%", 3, "2024-01-10", every=days, instalment="3400")
    assert rp.defer(given, payment=1).instalment == money("3400")


def test_a_deferral_moves_what_an_instalment_is_solved_for() -> None:
    """Of 24 months 12 are paid: 9 of 21 are left, as without the deferral, of 1.01 times as much."""
    plain = rp.Loan("10000", "12%", 12, "2024-01-10", amortise_over=24)
    later = rp.defer(plain, payment=4, repay="capitalise")
    assert (rp.amortise(plain).instalment, later.instalment) == (money("470.73"), money("475.44"))


def test_deferral_by_maturity_keeps_the_end_for_every_method() -> None:
    for method in ("level", "equal_principal", "interest_only"):
        loan = rp.Loan("10000", "12%", 12, "2024-01-10", method=method)
        for repay in ("next", "now", "spread", "last", "capitalise"):
            held = rp.defer(loan, 4, 2, repay=repay, hold="maturity")
            held.check()
            assert held.maturity == date(2025, 1, 10)


# -- prepayment, forgiveness, rescheduling ------------------------------------------------


def test_what_a_prepayment_holds(plan: rp.Schedule) -> None:
    after = {
        hold: rp.prepay(plan, "2000", with_payment=3, hold=hold)
        for hold in ("payment", "maturity", "last", "next")
    }
    assert after["payment"].maturity == date(2024, 11, 10)
    assert after["maturity"].maturity == date(2025, 1, 10)
    assert after["maturity"].instalment == money("655.01")
    assert payments(after["next"])[3:6] == [money("0.00"), money("0.00"), money("665.47")]
    assert after["next"].maturity == date(2025, 1, 10)
    for schedule in after.values():
        assert schedule[2].prepaid == money("2000.00")
        assert schedule[2].payment == money("2888.49")


def test_prepaying_all_leaves_only_the_interest(plan: rp.Schedule) -> None:
    on_a_due_date = rp.prepay(plan, "7610.80", on="2024-04-10")
    assert on_a_due_date.maturity == date(2024, 4, 10)
    inside = rp.prepay(plan, "7610.80", on="2024-04-20")
    assert inside.maturity == date(2024, 5, 10)
    assert inside.final_payment == money("25.37")


def test_a_shorter_term_after_a_prepayment_is_never_longer() -> None:
    """A contract with a large last payment keeps its end when something is prepaid."""
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", instalment="500")
    plan = rp.amortise(loan)
    assert plan.final_payment == money("5427.01")
    assert rp.prepay(plan, "1000", with_payment=3).maturity == plan.maturity


def test_forgiveness_of_principal_and_of_deferred_interest(plan: rp.Schedule) -> None:
    lighter = rp.forgive(plan, "610.80", with_payment=3)
    assert lighter[2].forgiven == money("610.80")
    assert lighter[3].opening == money("7000.00")
    put_off = rp.defer(plan, 4, repay="last")
    forgiven = rp.forgive(put_off, share="50%", of="deferred_interest", with_payment=5)
    assert forgiven.final_payment == put_off.final_payment - money("38.06")
    assert forgiven.total_forgiven == money("38.06")


def test_rescheduling_to_another_pace(plan: rp.Schedule) -> None:
    quarterly = rp.reschedule(plan, 4, payment=4, every="quarter")
    assert [row.date for row in quarterly][3:] == [
        date(2024, 7, 10),
        date(2024, 10, 10),
        date(2025, 1, 10),
        date(2025, 4, 10),
    ]
    assert quarterly[3].interest == money("228.32")  # 7,610.80 at 3 %
    inside = rp.reschedule(plan, 4, on="2024-04-20", every="quarter")
    assert inside[3].date == date(2024, 7, 20)
    assert inside[3].interest == money("253.69")  # 10 of 30 days of a month, and a quarter


def test_an_instalment_kept_leaves_no_payment_of_mere_roundings() -> None:
    """1,725.48 six times leaves 0.03; a seventh payment of 0.03 helps nobody."""
    plan = rp.amortise(rp.Loan("10000", "12%", 6, "2024-01-10"))
    assert plan.final_payment == money("1725.51")
    free = rp.defer(plan, 3, interest="waive", hold="payment")
    assert free.final_payment == money("1725.51")
    assert len(free) == 7


BALLOON = rp.Loan("10000", "12%", 12, "2024-01-10", balloon="5000")


@pytest.mark.parametrize(
    ("change", "maturity", "interest", "final"),
    [
        (
            rp.changes.Deferral(4, interest="waive", hold="payment"),
            "2025-02-10",
            "930.93",
            "5494.29",
        ),
        (rp.changes.Deferral(4, repay="next", hold="payment"), "2025-02-10", "1018.98", "5494.29"),
        (rp.changes.Deferral(4, repay="now", hold="payment"), "2025-02-10", "1018.98", "5494.29"),
        (
            rp.changes.RateChange("11.999%", payment=4, hold="payment"),
            "2025-01-10",
            "930.89",
            "5494.25",
        ),
        (
            rp.changes.Advance("0.01", with_payment=3, hold="payment"),
            "2025-01-10",
            "930.93",
            "5494.30",
        ),
        (rp.changes.Prepayment("0.01", with_payment=3), "2025-01-10", "930.93", "5494.28"),
        (
            rp.changes.Rescheduling(instalment="494.24", payment=4),
            "2025-01-10",
            "930.93",
            "5494.29",
        ),
    ],
)
def test_an_instalment_kept_leaves_no_payment_of_mere_roundings_before_a_balloon(
    change: rp.changes.Change, maturity: str, interest: str, final: str
) -> None:
    """12 payments of 494.24 leave 5,000.05: the 0.05 is paid with the balloon."""
    plan = rp.amortise(BALLOON, change)
    assert (str(plan.maturity), plan.total_interest, plan.final_payment) == (
        maturity,
        money(interest),
        money(final),
    )


@pytest.mark.parametrize(
    ("words", "final"),
    [
        ({"instalment_multiple": "10", "instalment_rounding": "down"}, "953.44"),
        ({"instalment_multiple": "1", "method": "equal_principal"}, "844.67"),
    ],
)
def test_an_instalment_kept_leaves_no_payment_of_what_its_multiple_left(
    words: dict[str, Any], final: str
) -> None:
    """A 13th payment would be 74.11, or 4.04: what rounding to the multiple left of the others."""
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", **words))
    lower = rp.change_rate(plan, "11%", payment=4, hold="payment")
    assert (len(lower), lower.final_payment) == (12, money(final))


def test_a_shorter_term_leaves_no_payment_of_mere_roundings() -> None:
    """A sixth payment of 0.05 is paid with the fifth; one of 0.06 is more than five roundings."""
    plan = rp.amortise(rp.Loan("10000", "12%", 6, "2024-01-10"))
    sooner = rp.prepay(plan, "1674.71", with_payment=3)
    assert (len(sooner), sooner.final_payment) == (5, money("1725.53"))
    later = rp.prepay(plan, "1674.70", with_payment=3)
    assert (len(later), later.final_payment) == (6, money("0.06"))


# -- together -----------------------------------------------------------------------------


def test_the_order_on_one_day_is_written_down_once() -> None:
    assert [turn.name for turn in Turn] == [
        "ACCRUE",
        "POST",
        "PAY",
        "PREPAY",
        "FORGIVE",
        "ADVANCE",
        "CHARGE",
        "CAPITALISE",
        "SETTLE",
        "RENEW",
        "RESET",
    ]


def test_changes_of_one_day_follow_the_order_whatever_order_they_came_in(
    plan: rp.Schedule,
) -> None:
    held = rp.defer(plan, 4, repay="capitalise")
    changes = [
        rp.changes.RateChange("8%", on="2024-05-10"),
        rp.changes.Prepayment("1000", on="2024-05-10", hold="maturity"),
        rp.changes.Forgiveness(share="50%", of="deferred_interest", on="2024-05-10"),
    ]
    results = [held.then(*order) for order in permutations(changes)]
    for result in results:
        assert list(result) == list(results[0])
        day = result[3]
        assert day.date == date(2024, 5, 10)
        assert day.prepaid == money("1000.00")
        assert day.forgiven_interest == money("38.06")  # half of 76.11, before it is capitalised
        assert day.capitalised == money("38.05")
        assert day.closing == money("6648.85")
        assert result.explain(5)["interest accrued"].segments[0].rate == Fraction(8, 100)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_advance_outlives_a_prepayment_of_its_day(order: tuple[int, ...]) -> None:
    """200 of 200 is prepaid, then 100 is lent: 100 is owed, in whichever order it was agreed."""
    loan = rp.Loan("1000", "0%", 10, "2024-01-10")
    changes = [
        rp.changes.Advance("100", on="2024-09-10", hold="last"),
        rp.changes.Prepayment("200", on="2024-09-10"),
    ]
    plan = rp.amortise(loan, *(changes[place] for place in order))
    assert [str(each) for each in payments(plan)[6:]] == ["100.00", "300.00", "100.00"]
    assert str(plan[7].closing) == "100.00"
    assert "without effect" not in plan.terms()
    plan.check()


def test_arrears_outlive_a_prepayment_of_their_day() -> None:
    loan = rp.Loan("1000", "0%", 10, "2024-01-10")
    plan = rp.amortise(
        loan,
        rp.changes.Arrears("50", on="2024-09-10"),
        rp.changes.Prepayment("200", on="2024-09-10"),
    )
    assert plan.total_paid == money("1050.00")
    plan.check()


def test_an_advance_after_the_last_instalment_is_without_effect() -> None:
    loan = rp.Loan("1000", "0%", 10, "2024-01-10")
    plan = rp.advance(loan, "100", on="2024-09-10", hold="last")
    done = rp.prepay(plan, "200", on="2024-08-20")
    assert done.total_paid == money("1000.00")
    assert "without effect, as the loan had ended before" in done.terms()


@pytest.mark.parametrize(
    "change",
    [
        rp.changes.Rescheduling(11, on="2024-03-15"),
        rp.changes.Arrears("50", on="2024-03-15"),
        rp.changes.RateChange("12%", on="2024-03-15"),
        rp.changes.Deferral(on="2024-03-15"),
    ],
)
def test_a_period_is_not_split_where_nothing_changes(change: rp.changes.Change) -> None:
    """A whole month costs 1 %, 92.12; its two parts at actual/360 would cost 95.19."""
    loan = rp.Loan("10000", "12%", 12, "2024-01-31", odd_days="actual/360")
    plan = rp.amortise(loan, change)
    march = next(row for row in plan if row.date == date(2024, 3, 31))
    assert march.accrued == money("92.12")
    assert rp.change_rate(loan, "12.01%", on="2024-03-15")[1].accrued == money("95.23")


def test_steps_to_the_same_rate_do_not_split_a_period() -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-31", odd_days="actual/360")
    for hold in ("level", "payment", "last"):
        steps = rp.steps("12%", {"2024-03-15": "12%"}, hold)
        stepped = rp.amortise(rp.Loan("10000", steps, 12, "2024-01-31", odd_days="actual/360"))
        assert list(stepped) == list(rp.amortise(loan))


def test_a_new_rate_counts_on_its_own_day() -> None:
    """Of the 29 days to 29 February, 9 are before the 10th where the last day counts, and 10 else."""
    for counted, interest in (("last", "671.23"), ("first", "657.53")):
        words: dict[str, Any] = {"day_count": "actual/365", "method": "interest_only"}
        words["counted_days"] = counted
        loan = rp.Loan("100000", "5%", 12, "2024-01-31", **words)
        changed = rp.change_rate(loan, "10%", on="2024-02-10")
        assert changed[0].interest == money(interest)
        steps = rp.steps("5%", {"2024-02-10": "10%"})
        stepped = rp.Loan("100000", steps, 12, "2024-01-31", **words)
        assert list(rp.amortise(stepped)) == list(changed)
        book = rp.Portfolio(
            principal=["100000"],
            rate="5%",
            payments=12,
            start="2024-01-31",
            **words,
        )
        assert rp.change_rate(book, "10%", on="2024-02-10").row(0)[0].interest == money(interest)
        free = rp.defer(loan, on="2024-02-10", pause="all", interest="waive")
        days = 20 if counted == "last" else 19
        assert free[0].waived == money(str(round(Decimal(100000 * 5 * days) / 36500, 2)))


def test_changes_come_in_any_order_of_dates(plan: rp.Schedule) -> None:
    late_first = plan.then(
        rp.changes.RateChange("8%", on="2024-08-10"), rp.changes.Deferral(on="2024-04-10")
    )
    early_first = plan.then(
        rp.changes.Deferral(on="2024-04-10"), rp.changes.RateChange("8%", on="2024-08-10")
    )
    assert list(late_first) == list(early_first)


def test_a_change_after_the_end_lapses_and_is_said(plan: rp.Schedule) -> None:
    later = rp.change_rate(plan, "8%", payment=11)
    done = rp.prepay(later, "7000", with_payment=3)
    assert done.maturity < date(2024, 11, 10)
    assert "without effect, as the loan had ended before" in done.terms()
    assert "without effect" not in later.terms()
    quote = rp.settle(later, on="2024-07-10")
    assert "without effect" in quote.schedule.terms()


def test_six_changes_together(plan: rp.Schedule) -> None:
    schedule = plan
    for change in (
        rp.changes.Deferral(3, 2, repay="capitalise"),
        rp.changes.RateChange("9%", on="2024-07-25", until="2024-11-01"),
        rp.changes.Prepayment("500.55", on="2024-07-25", hold="maturity"),
        rp.changes.Forgiveness(share="5%", with_payment=7),
        rp.changes.Rescheduling(15, payment=9),
        rp.changes.Deferral(on="2024-12-24", periods=1, repay="spread"),
    ):
        schedule = schedule.then(change)
        schedule.check()
    assert len(schedule.changes) == 6
    assert schedule == rp.amortise(plan.loan, *schedule.changes)


# -- extremes -----------------------------------------------------------------------------


def test_one_payment() -> None:
    once = rp.amortise(rp.Loan("10000", "12%", 1, "2024-01-31"))
    assert payments(once) == [money("10100.00")]
    assert once[0].date == date(2024, 2, 29)


def test_no_interest() -> None:
    free = rp.amortise(rp.Loan("100", "0%", 3, "2024-01-10"))
    assert payments(free) == [money("33.33"), money("33.33"), money("33.34")]
    assert free.total_interest == 0


def test_a_cent_over_fifty_years() -> None:
    tiny = rp.amortise(rp.Loan("0.01", "5%", 600, "2024-01-10"))
    assert tiny.total_paid == money("0.01")
    tiny.check()


def test_whole_yen_and_thousandths() -> None:
    yen = rp.amortise(rp.Loan(1_000_000, "1.5%", 12, "2024-01-10", currency="JPY"))
    assert yen.instalment == money("84012")
    dinar = rp.amortise(rp.Loan("1000", "6%", 12, "2024-01-10", currency="KWD"))
    assert dinar.instalment == money("86.066")


def test_amounts_beyond_int64() -> None:
    huge = rp.amortise(rp.Loan("9" * 22, "12%", 24, "2024-01-10"))
    huge.check()
    assert huge.columns["payment"].dtype == object
    assert huge.total_paid == sum(int(row.payment * 100) for row in huge) / money("100")


@pytest.mark.parametrize("principal", [2**53 - 1, 2**53, 2**53 + 1, 2**60, 2**63])
def test_around_the_limits_of_machine_numbers(principal: int) -> None:
    amount = money(f"{principal}E-2")
    for kind in ("level", "equal_principal"):
        loan = rp.Loan(amount, "7.77%", 36, "2024-01-31", method=kind)
        schedule = rp.amortise(loan)
        schedule.check()
        traced = schedule.explain(17)["interest accrued"]
        assert traced.recomputed() == schedule[16].interest


def test_the_decimal_context_has_no_say(plan: rp.Schedule) -> None:
    with decimal.localcontext() as context:
        context.prec = 3
        again = rp.amortise(plan.loan)
        assert again.total_paid == money("10661.86")
        assert again[0].owed == money("9211.51")
        assert str(rp.settle(again, on="2024-07-10").total) == "5149.20"
        assert str(rp.compare(again, rp.defer(again, 4))) == str(
            rp.compare(plan, rp.defer(plan, 4))
        )


def test_month_ends_come_back_to_the_anchor() -> None:
    rows = rp.amortise(rp.Loan("1000", "5%", 4, "2024-01-31"))
    assert [row.date for row in rows] == [
        date(2024, 2, 29),
        date(2024, 3, 31),
        date(2024, 4, 30),
        date(2024, 5, 31),
    ]


@pytest.mark.parametrize(
    ("change", "payments"),
    [
        (rp.changes.Prepayment("3000", with_payment=6), 5),
        (rp.changes.RateChange("60%", payment=7, hold="payment"), 10),
        (rp.changes.Deferral(7, 2, interest="waive"), 8),
        (rp.changes.Deferral(7, 2, repay="capitalise", hold="maturity"), 6),
        (rp.changes.Deferral(7, 2, repay="capitalise", pause="interest", hold="last"), 6),
        (rp.changes.Forgiveness("3000", with_payment=6, hold="payment"), 5),
        (rp.changes.Advance("3000", with_payment=6, hold="payment"), 12),
    ],
)
def test_a_spread_stays_even_when_the_term_changes(
    plan: rp.Schedule, change: rp.changes.Change, payments: int
) -> None:
    """What is left of 152.22 is spread evenly over the payments that are then left."""
    spread = rp.defer(plan, 4, 2, repay="spread").then(change)
    assert spread[5].deferred_interest == Decimal("16.91")
    parts = [row.deferred_interest for row in spread[6:] if row.deferred_interest]
    assert len(parts) == payments
    assert len(set(parts[:-1])) == 1
    assert abs(parts[-1] - parts[0]) <= Decimal("0.01") * payments / 2
    spread.check()


def test_interest_put_off_is_paid_where_interest_alone_is_paid() -> None:
    plan = rp.amortise(rp.Loan("3000", "12%", 4, "2024-01-10", method="equal_principal"))
    plan = rp.defer(plan, payment=1, pause="interest", hold="last")
    plan = rp.defer(plan, payment=2, pause="principal", hold="last")
    assert [str(row.deferred_interest) for row in plan] == ["0.00", "30.00", "0.00", "0.00"]
    assert [str(row.interest) for row in plan] == ["0.00", "22.50", "22.50", "15.00"]
    plan.check()
    assert "deferred interest: 30.00" in str(plan.explain(2))


def test_a_moved_instalment_does_not_come_where_interest_alone_is_paid() -> None:
    plan = rp.amortise(rp.Loan("3000", "12%", 4, "2024-01-10", method="equal_principal"))
    moved = rp.defer(plan, payment=1, scope="instalment")
    both = rp.defer(moved, payment=2, pause="principal")
    assert both[1].principal == both[1].deferred_interest == 0
    both.check()
