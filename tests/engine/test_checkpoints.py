"""A schedule goes on from its last change, with the same figures as from its start."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import repaylib as rp
from repaylib.arrears.running_schedule import RunningSchedule
from repaylib.engine.execution import run
from repaylib.engine.instructions import Offset
from repaylib.engine.ledger import Ledger
from repaylib.schedule.rows import Columns
from tests.strategies.loans import (
    changed,
    changes_for,
    dated_loans,
    loans,
    ordinary_rates,
    plain_loans,
    rich_loans,
)

#: Whose rate is read again each year, and the instalment solved again even if it stays the same.
RESETTING = st.builds(
    lambda margin, payments: rp.Loan(
        "10000",
        rp.indexed(
            {"2024-01-01": "3%", "2024-11-20": "4%"},
            margin=margin,
            resets=("2025-01-10", "year"),
            recast="always",
        ),
        payments,
        "2024-01-10",
    ),
    ordinary_rates,
    st.integers(13, 60),
)
ANY = (
    plain_loans()
    | rich_loans()
    | dated_loans()
    | RESETTING
    | loans(rates=ordinary_rates, most_payments=60)
)


def from_the_start(schedule: rp.Schedule) -> None:
    """All that a schedule says is what its program comes to when it is folded from the start."""
    whole, program = run(schedule.program), schedule.program
    columns = Columns(whole, program.principal)
    for name in (*columns, "out_of_pocket", "received"):
        assert schedule.columns[name].tolist() == columns[name].tolist(), name
    for name in Ledger.__slots__:
        if name != "entries":
            assert getattr(schedule.ledger, name) == getattr(whole, name), name


@given(changed(ANY, most=8))
def test_a_schedule_goes_on_with_the_same_figures_as_from_its_start(schedule: rp.Schedule) -> None:
    from_the_start(schedule)


@given(changed(ANY, most=4), st.data())
def test_going_on_leaves_a_schedule_as_it_was(schedule: rp.Schedule, data: st.DataObject) -> None:
    """Two ways to go on from one schedule know nothing of one another."""
    before = schedule.columns["payment"].tolist()
    one, two = (data.draw(changes_for(schedule)) for _ in range(2))
    for change in (one, two, one):
        try:
            after = schedule.then(change)
        except rp.RepayError:
            continue
        from_the_start(after)
        if after.maturity > schedule.loan.start:
            further = data.draw(changes_for(after))
            try:
                from_the_start(after.then(further))
            except rp.RepayError:
                continue
    from_the_start(schedule)
    assert Columns(schedule.ledger, schedule.program.principal)["payment"].tolist() == before


@pytest.mark.parametrize("turn", [1, -1], ids=["in order", "the latest first"])
def test_many_changes_come_in_any_order_of_days(turn: int) -> None:
    """More changes than have a checkpoint each."""
    plan = rp.amortise(rp.Loan("10000", "12%", 60, "2024-01-10"))
    for number in range(1, 41)[::turn]:
        plan = rp.prepay(plan, "10", with_payment=number)
        from_the_start(plan)
    assert sum(plan.columns["prepaid"].tolist()) == 400_00
    between = rp.change_rate(plan, "9%", on="2024-06-20", until="2025-02-03")
    from_the_start(between)


def test_what_comes_between_a_prepayment_and_its_fee() -> None:
    """On one day, an advance comes after the prepayment, which ended the loan, and before its fee."""
    fee = rp.Fee("25", when="prepayment")
    plan = rp.amortise(rp.Loan("1000", "0%", 10, "2024-01-10", fees=[fee]))
    ended = rp.prepay(plan, "900", with_payment=1)
    assert (ended.maturity, int(ended.total_fees)) == (date(2024, 2, 10), 25)
    more = rp.advance(ended, "50", on="2024-02-10", hold="payment")
    assert (more.maturity, int(more.total_fees)) == (date(2024, 3, 10), 25)
    from_the_start(more)


def test_a_change_comes_before_what_follows_from_an_earlier_one() -> None:
    """The instalment is solved again after the deferral, and after the prepayment within it."""
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    plan = rp.defer(plan, payment=4, periods=3, pause="interest", repay="capitalise")
    for day in ("2024-06-20", "2024-05-20", "2024-04-10"):
        plan = rp.prepay(plan, "500", on=day)
        from_the_start(plan)


def test_a_period_is_not_split_where_a_change_is_undone_on_its_day() -> None:
    """Also the interest of an instalment that was moved, where part of a period has its own rule."""
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", odd_days="actual/360"))
    plan = rp.defer(plan, payment=4, periods=3, scope="instalment")
    changed_ = rp.change_rate(plan, "9%", on="2024-05-31", hold="last")
    undone = rp.change_rate(changed_, "12%", on="2024-05-31", hold="last")
    from_the_start(undone)
    assert undone.columns["interest"].tolist() == plan.columns["interest"].tolist()


@st.composite
def paid_anyhow(draw: st.DrawFn) -> rp.arrears.Statement:
    """A statement of a loan that is paid early, late, in part or not at all, interest on what is owed."""
    plan = draw(changed(plain_loans() | rich_loans(), most=2))
    loan, money = plan.loan, [row.payment for row in plan if row.payment > 0]
    assume(loan.method != "flat" and loan.interest_base == "balance" and money)
    life = (plan.maturity - loan.start).days + 40
    days = draw(st.lists(st.integers(0, life), max_size=12))
    events = [
        rp.Receipt(
            loan.start + timedelta(days=day),
            draw(st.sampled_from(money)),
            ahead=draw(st.sampled_from([None, None, "next", "last", "payment", "maturity"])),
        )
        for day in days
    ]
    interest: Any = draw(st.sampled_from(["balance", "daily_simple"]))
    rest: Any = "day" if interest == "daily_simple" else draw(st.sampled_from(["day", "due_date"]))
    day = loan.start + timedelta(days=draw(st.integers(0, life)))
    return rp.statement(plan, events, as_of=day, interest=interest, rest=rest)


@given(paid_anyhow())
def test_the_plan_of_a_statement_goes_on_with_the_same_figures(owed: rp.arrears.Statement) -> None:
    """What bears interest beside the plan is in its events: once each, in order, up to what is due next."""
    life = owed.servicing
    from_the_start(life.plan)
    laid = [each for each in life.plan.program.events if isinstance(each.instruction, Offset)]
    told = {each.day: each.instruction for each in laid if each.day != life.until}
    assert told == life.offsets
    assert list(life.offsets) == sorted(life.offsets)
    assert [each.day for each in laid] == sorted({*told, *([life.until] if life.until else [])})


def again(owed: rp.arrears.Statement) -> rp.arrears.Statement:
    """The same statement, lived through once more."""
    terms = owed.terms
    return rp.statement(
        terms.schedule, owed.events, as_of=owed.as_of, interest=terms.interest, rest=terms.rest
    )


@given(paid_anyhow())
def test_what_waits_until_somebody_asks_is_as_if_laid_at_once(owed: rp.arrears.Statement) -> None:
    with patch.object(RunningSchedule, "postpone", lambda *_: False):
        at_once = again(owed)
    assert owed == at_once
    assert (str(owed), str(owed.explain())) == (str(at_once), str(at_once.explain()))
    assert owed.servicing.plan.program == at_once.servicing.plan.program
    assert owed.servicing.plan.rows == at_once.servicing.plan.rows


@pytest.mark.parametrize("ahead", ["next", "payment"])
def test_what_waits_may_be_told_twice_on_a_day(ahead: Any) -> None:
    """A prepayment needs the plan before it is known what is held at the end of its day."""
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    paid = [
        *(rp.Receipt("2024-02-20", "888.49"), rp.Receipt("2024-03-15", "5000", ahead=ahead)),
        *(rp.Receipt("2024-03-15", "4500", ahead="payment"), rp.Receipt("2024-06-20", "300")),
    ]
    for day in ("2024-03-15", "2024-04-09", "2024-05-11", "2024-08-01", "2025-02-01"):
        owed = rp.statement(plan, paid, as_of=day, interest="balance")
        with patch.object(RunningSchedule, "postpone", lambda *_: False):
            assert str(again(owed)) == str(owed)
        from_the_start(owed.servicing.plan)


@pytest.mark.parametrize(
    "words",
    [
        {"instalment": "101.85", "day_count": "actual/365"},
        {"payments": 12, "instalment": [*["102"] * 4, *["1300"] * 7]},
        {"payments": 12, "method": "equal_principal"},
        {"payments": 12, "negative_amortisation": "without_interest"},
    ],
)
def test_a_plan_that_may_be_impossible_waits_for_nothing(words: dict[str, Any]) -> None:
    """Interest on what is late may be more than an instalment that was agreed."""
    plan = rp.amortise(rp.Loan("10000", "12%", start="2023-02-01", **words))
    later = {40: "101.85", 101: "250", 244: "500"}
    paid = [rp.Receipt(plan.loan.start + timedelta(days), amount) for days, amount in later.items()]
    for days in (28, 39, 45, 70, 162, 345):
        day = plan.loan.start + timedelta(days)
        owed = rp.statement(plan, paid, as_of=day, interest="balance")
        with patch.object(RunningSchedule, "postpone", lambda *_: False):
            assert str(again(owed)) == str(owed)
        from_the_start(owed.servicing.plan)


def test_a_plan_is_not_made_anew_for_each_instalment_that_is_late() -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 36, "2024-01-10"))
    paid = [rp.Receipt(row.date + timedelta(days=10), row.payment) for row in plan]
    with patch.object(
        RunningSchedule, "follow", autospec=True, side_effect=RunningSchedule.follow
    ) as follow:
        rp.statement(plan, paid, as_of=plan.maturity, interest="balance")
    assert follow.call_count < 5


@given(paid_anyhow())
def test_a_statement_that_was_stored_says_the_same(owed: rp.arrears.Statement) -> None:
    """Its plan has instructions that are no changes, and these are stored too."""
    back = pickle.loads(pickle.dumps(owed))
    later = owed.as_of + timedelta(days=20)
    assert (back.payoff, back.per_diem) == (owed.payoff, owed.per_diem)
    assert back.payoff_on(later) == owed.payoff_on(later)
    plans = [each.servicing.plan for each in (owed, back)]
    assert plans[0].program == plans[1].program
    for name, column in plans[0].columns.items():
        assert column.tolist() == plans[1].columns[name].tolist(), name


def prepaid(times: int) -> rp.Schedule:
    """A long loan with small prepayments on so many due dates."""
    plan = rp.amortise(rp.Loan("300000", "5%", 360, "2024-01-31"))
    for number in range(1, 1 + 3 * times, 3):
        plan = rp.prepay(plan, "100", with_payment=number)
    return plan


def test_few_checkpoints_are_kept() -> None:
    """So a schedule of many changes is not many times as large."""
    held = [len(prepaid(times).folded.checkpoints) for times in (10, 20, 40, 80)]
    assert held[-1] - held[0] <= 4 * 4
    assert held == sorted(held)


def test_a_checkpoint_is_no_part_of_a_schedule() -> None:
    """Two schedules are equal, and stored alike, whatever they went on from."""
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    late, early = (
        rp.changes.Prepayment("100", with_payment=7),
        rp.changes.Prepayment("100", on=date(2024, 3, 1)),
    )
    step = plan.then(late).then(early)
    whole = rp.amortise(plan.loan, late, early)
    assert step == whole
    assert hash(step) == hash(whole)
    assert step.to_dict() == whole.to_dict()
    assert step.__reduce__() == (rp.Schedule, (plan.loan, (late, early)))
