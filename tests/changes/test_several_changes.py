"""Changes that meet: on one day, in one deferral, on one instalment."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repaylib as rp


def paid(schedule: rp.Schedule, after: int = 3) -> list[str]:
    """Return the payments after a number of rows, and prove that all balance."""
    schedule.check()
    return [str(row.payment) for row in schedule][after:]


# -- after a capitalised due date --------------------------------------------------------


def test_forgiveness_after_capitalisation_is_of_the_capitalised_balance(plan: rp.Schedule) -> None:
    put_off = rp.defer(plan, 4, repay="capitalise")
    assert rp.forgive(put_off, share="10%", on="2024-05-20").total_forgiven == Decimal("768.69")
    assert rp.forgive(put_off, share="100%", on="2024-05-20").total_forgiven == Decimal("7686.91")
    all_of_it = rp.prepay(put_off, "7686.91", on="2024-05-20")
    assert paid(all_of_it) == ["0.00", "7686.91", "24.80"]
    with pytest.raises(rp.errors.AmountError, match="none is deferred then"):
        rp.forgive(put_off, share="50%", of="deferred_interest", on="2024-05-20")


# -- paid ahead ---------------------------------------------------------------------------


def test_paid_ahead_counts_once_when_the_plan_is_made_again(plan: rp.Schedule) -> None:
    """A hair's breadth more rate moves the instalments by a hair's breadth."""
    ahead = rp.prepay(plan, "2000", with_payment=3, hold="next")
    assert paid(ahead) == ["0.00", "0.00", "665.47", *["888.49"] * 5, "850.74"]
    dearer = rp.change_rate(ahead, "12.01%", payment=4)
    assert paid(dearer) == ["0.00", "0.00", "665.56", *["888.52"] * 5, "850.77"]
    later = rp.defer(ahead, 4, repay="capitalise")
    assert max(row.payment for row in later[3:]) < Decimal(900)


def test_paid_ahead_is_part_of_what_is_rescheduled(plan: rp.Schedule) -> None:
    new = rp.reschedule(rp.prepay(plan, "2000", with_payment=3, hold="next"), 12, payment=4)
    assert paid(new) == [*["498.51"] * 11, "498.54"]


def test_most_of_the_loan_paid_ahead(plan: rp.Schedule) -> None:
    ahead = rp.prepay(plan, "7000", with_payment=3, hold="next")
    assert paid(ahead) == [*["0.00"] * 7, "107.92", "557.28"]


@pytest.mark.parametrize("amounts", [("888.48", "888.49", "888.50"), ("1776.98", "1776.99")])
def test_a_cent_more_paid_ahead_is_never_dearer(
    plan: rp.Schedule, amounts: tuple[str, ...]
) -> None:
    totals = [rp.prepay(plan, each, with_payment=3, hold="next").total_paid for each in amounts]
    assert totals == sorted(totals, reverse=True)


def test_interest_paid_ahead() -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", method="interest_only")
    ahead = rp.prepay(loan, "250", with_payment=3, hold="next")
    assert paid(ahead) == ["0.00", "0.00", "42.50", *["97.50"] * 5, "10097.50"]


# -- a rescheduling inside a period -------------------------------------------------------


@pytest.mark.parametrize("every", [None, "quarter"])
def test_an_instalment_of_a_rescheduled_loan_is_put_off_after_that(
    plan: rp.Schedule, every: Any
) -> None:
    new = rp.reschedule(plan, 18, on="2024-04-20", every=every)
    put_off = rp.defer(new, 4)
    assert str(put_off.change_days[1]) == "2024-04-20"
    assert put_off.total_paid > new.total_paid
    assert put_off.maturity > new.maturity
    assert len(put_off) == len(new) + 1


# -- moved instalments --------------------------------------------------------------------


def test_what_falls_due_with_a_moved_instalment_is_paid(plan: rp.Schedule) -> None:
    both = rp.defer(rp.defer(plan, 4, scope="instalment"), 5, 2, scope="instalment")
    # Instalment 4 and a month's interest on due date 5; 5 and two months' on due date 7.
    assert paid(both)[:4] == ["0.00", "897.37", "888.49", "1794.74"]
    spread = rp.defer(rp.defer(plan, 4, repay="spread"), 6, scope="instalment")
    assert paid(spread)[:4] == ["0.00", "896.95", "8.46", "1794.32"]
    put_off = rp.defer(rp.defer(plan, 4), 5, scope="instalment")
    assert paid(put_off)[:3] == ["0.00", "76.11", "1785.86"]


def test_passing_over_the_due_date_of_a_moved_instalment_moves_the_end(plan: rp.Schedule) -> None:
    moved = rp.defer(plan, 4, scope="instalment")
    assert paid(rp.defer(moved, 4)) == paid(rp.defer(plan, 4))


def test_there_is_no_instalment_to_move_on_a_due_date_passed_over(plan: rp.Schedule) -> None:
    put_off = rp.defer(plan, 4, 3)
    with pytest.raises(rp.errors.TermsError, match="due date 5 is skipped"):
        rp.defer(put_off, 5, scope="instalment")
    first = rp.defer(put_off, on="2024-04-20", scope="instalment")
    assert paid(first)[:5] == ["0.00", "0.00", "0.00", "228.33", "1785.86"]


def test_a_new_instalment_is_solved_for_the_moved_one_too(plan: rp.Schedule) -> None:
    one = rp.change_rate(rp.defer(plan, 4, scope="instalment"), "8%", payment=4)
    two = rp.defer(rp.change_rate(plan, "8%", payment=4), 4, scope="instalment")
    assert list(one) == list(two)


def test_the_last_instalment_moved_can_be_changed_again(plan: rp.Schedule) -> None:
    moved = rp.defer(plan, 12, scope="instalment")
    assert paid(moved, 11) == ["0.00", "897.35"]
    assert paid(rp.defer(moved, 13), 11) == ["0.00", "0.00", "906.23"]
    assert paid(rp.defer(moved, 13, interest="waive"), 11) == ["0.00", "0.00", "897.35"]
    new = rp.reschedule(moved, 6, payment=13)
    assert paid(new, 11) == ["0.00", "160.59", *["151.79"] * 4, "151.76"]


def test_the_last_payment_is_the_last(plan: rp.Schedule) -> None:
    late = rp.defer(rp.defer(plan, 4, repay="last"), 13, 3, scope="instalment")
    assert paid(late, 12) == ["0.00", "0.00", "0.00", "991.22"]


# -- odds and ends ------------------------------------------------------------------------


def test_a_fee_of_an_earlier_settlement_is_no_interest_saved(plan: rp.Schedule) -> None:
    settled = rp.settle(plan, on="2024-09-10", fee="5%").schedule
    assert rp.settle(settled, on="2024-07-10").interest_saved == Decimal("94.61")


def test_what_is_not_worth_a_cent_is_not_asked_for() -> None:
    done = rp.prepay(rp.Loan("0.10", "1%", 12, "2024-01-10"), "0.10", on="2024-01-20")
    assert [(str(row.date), str(row.payment)) for row in done] == [("2024-01-20", "0.10")]


def test_a_solved_instalment_may_fall_short_of_a_long_period() -> None:
    """Where 31 days cost more than the instalment, the difference waits for shorter months."""
    plan = rp.amortise(rp.Loan("100000", "18%", 360, "2024-01-10", day_count="actual/365"))
    plan.check()
    assert plan.instalment == Decimal("1507.88")
    assert plan[0].capitalised == Decimal("20.89")  # 1,528.77 less 1,507.88
    assert {row.payment for row in plan[:-1]} == {plan.instalment}
    assert plan[11].closing < plan.loan.principal
    assert abs(plan.final_payment - plan.instalment) < 100


def test_debt_that_only_grows_is_refused_at_once() -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", negative_amortisation=True)
    for change in (
        rp.changes.Rescheduling(instalment="1", payment=4, rate="100000%"),
        rp.changes.RateChange("5000%", payment=4, hold="payment"),
    ):
        with pytest.raises(rp.errors.InstalmentError, match="repays the loan within"):
            rp.amortise(loan, change)


def test_a_change_that_makes_an_earlier_one_impossible_is_the_one_refused(
    plan: rp.Schedule,
) -> None:
    agreed = rp.prepay(plan, "5000", with_payment=5)
    with pytest.raises(rp.errors.TermsError) as caught:
        rp.prepay(agreed, "3000", with_payment=3)
    assert caught.value.parameter == "changes"
    assert "with instalment 3, 3,000 is prepaid" in str(caught.value.value)
    assert "number 1, with instalment 5, 5,000 is prepaid" in str(caught.value)


def test_words_are_those_of_the_method() -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", method="interest_only")
    assert "the instalment stays" not in rp.prepay(loan, "100", with_payment=3).terms()
    parts = rp.Loan("10000", "12%", 12, "2024-01-10", method="equal_principal")
    words = rp.reschedule(parts, instalment="700", payment=4).terms()
    assert "in instalments of 700.00 of principal, with the interest on top" in words


def test_an_unrelated_change_leaves_a_spread_alone(plan: rp.Schedule) -> None:
    spread = rp.defer(plan, 2, repay="spread")
    more = rp.prepay(spread, "10", with_payment=3, hold="last")
    assert [row.deferred_interest for row in more][:-1] == [
        row.deferred_interest for row in spread
    ][:-1]


# -- while only interest is paused ------------------------------------------------------------

PAUSED = rp.defer(
    rp.amortise(rp.Loan("9000", "12%", 9, "2025-02-03")),
    payment=4, periods=4, pause="interest", repay="next", hold="maturity",
)  # fmt: skip


def test_instalments_are_solved_for_all_that_are_paid_while_only_interest_is_paused() -> None:
    less = rp.prepay(PAUSED, "700", on="2025-05-14", hold="maturity")
    payments = [str(row.payment) for row in less[4:]]
    assert payments == ["873.93", "885.15", "894.00", "902.94", "1095.48", "930.32"]
    later = rp.defer(PAUSED, payment=5)
    assert [str(row.payment) for row in later[-3:]] == ["1254.53", "1050.66", "1050.68"]


@given(st.integers(4, 9), st.integers(4, 9), st.sampled_from(["deferral", "prepayment"]))
def test_no_last_payment_takes_what_a_change_in_such_a_pause_left_out(
    first: int, number: int, kind: str
) -> None:
    """What is deferred of interest is paid with the next instalment; nothing else is larger."""
    plan = rp.amortise(rp.Loan("20000", "12%", 12, "2025-02-03"))
    paused = rp.defer(
        plan, payment=first, periods=12 - first, pause="interest", repay="next", hold="maturity"
    )
    changed = rp.defer(paused, payment=number)
    if kind == "prepayment":
        day = plan[number - 1].date - timedelta(days=9)
        changed = rp.prepay(paused, "700", on=day, hold="maturity")
    most = max(row.payment - row.deferred_interest for row in paused)
    largest = max(row.payment - row.deferred_interest for row in changed if not row.prepaid)
    assert largest <= most + Decimal("0.12")
    assert len(changed) == 12 + (kind == "deferral") + (kind == "prepayment")
