"""The largest input is taken, and a larger one is refused by the name of its parameter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import repaylib as rp
from repaylib.cli.loan_tape import read_tape
from repaylib.dates.days import LATEST_DAY
from repaylib.documents.document import MOST_SENTENCES
from repaylib.errors import MOST_TEXT
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.negotiation.limits import FINEST_RATE_STEP
from repaylib.rates.rate import MOST_RATE_DIGITS
from repaylib.schedule.serialization import MOST_CHANGES
from repaylib.terms.loan_fields import MOST_FEES

PLAN = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
ONE_PREPAID = rp.prepay(PLAN, "1", on="2024-02-15").to_dict()


def with_rate(rate: Fraction) -> Any:
    return rp.amortise(rp.Loan("10000", rate, 12, "2024-01-10"))


def with_changes(count: int) -> Any:
    return rp.Schedule.from_dict({**ONE_PREPAID, "changes": ONE_PREPAID["changes"] * count})


def by_day(count: int) -> dict[date, str]:
    """Return a rate for each of so many days."""
    return {PLAN.loan.start + timedelta(days=1 + k): f"{11 + k % 2}%" for k in range(count)}


def by_steps(step: Fraction) -> Any:
    limits = rp.Limits(rate_step=step)
    return rp.negotiate(PLAN, affordable="880", by="rate", limits=limits)


TAKEN: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "payments": (
        lambda count: rp.amortise(rp.Loan("1000000", "1%", count, "2024-01-10", every="day")),
        MOST_PAYMENTS,
        MOST_PAYMENTS + 1,
    ),
    "fees": (
        lambda count: rp.amortise(
            rp.Loan("10000", "1%", 12, "2024-01-10", fees=[rp.Fee("0.01", when="due_date")] * count)
        ),
        MOST_FEES,
        MOST_FEES + 1,
    ),
    "drawdowns": (
        lambda count: rp.amortise(
            rp.Loan("1", "1%", 12, "2024-01-10", drawdowns=[("2024-02-20", "1")] * count)
        ),
        MOST_PAYMENTS,
        MOST_PAYMENTS + 1,
    ),
    "changes": (
        lambda count: rp.amortise(
            rp.Loan("10000", rp.steps("12%", by_day(count), hold="level"), 12, "2024-01-10")
        ),
        MOST_PAYMENTS,
        MOST_PAYMENTS + 1,
    ),
    "periods": (
        lambda count: rp.defer(rp.Loan("10000", "1%", 12, "2024-01-10", every="day"), 4, count),
        MOST_PAYMENTS,
        MOST_PAYMENTS + 1,
    ),
    "capitalise_every": (
        lambda count: rp.defer(PLAN, 4, 3, repay="capitalise", capitalise_every=count),
        MOST_PAYMENTS,
        MOST_PAYMENTS + 1,
    ),
    "limit": (
        lambda count: rp.negotiation.Concession("term", limit=count),
        MOST_PAYMENTS,
        MOST_PAYMENTS + 1,
    ),
    "arrears_over": (
        lambda count: rp.allocate_budget(
            [rp.Debt(PLAN, arrears="100", arrears_over=count)], "900", on="2024-01-10"
        ),
        MOST_PAYMENTS,
        MOST_PAYMENTS + 1,
    ),
    "years": (lambda last: rp.Calendar(years=range(1, last + 1)), 9_999, 10_000),
    "grace_days": (
        lambda days: rp.PenaltyTerms("1.5", grace_days=days), 366, 367
    ),
    "width": (rp.agreement(PLAN).to_text, MOST_PAYMENTS, MOST_PAYMENTS + 1),
    "as_of": (
        lambda day: rp.statement(PLAN, (), as_of=day, penalty=rp.PenaltyTerms("1.5", late_fee="5")).per_diem,
        LATEST_DAY,
        LATEST_DAY + timedelta(days=1),
    ),
    "end": (
        lambda day: rp.negotiate(PLAN, end=day, by="term", affordable="900"),
        LATEST_DAY,
        LATEST_DAY + timedelta(days=1),
    ),
    "latest": (lambda day: rp.Limits(latest=day), LATEST_DAY, LATEST_DAY + timedelta(days=1)),
    "rate": (
        with_rate,
        Fraction(10**MOST_RATE_DIGITS // 9, 10**MOST_RATE_DIGITS),
        Fraction(10**MOST_RATE_DIGITS // 9, 10**MOST_RATE_DIGITS + 1),
    ),
    "rate_step": (by_steps, FINEST_RATE_STEP, FINEST_RATE_STEP / 2),
    "circumstances": (
        lambda count: rp.agreement(PLAN, circumstances="x" * count).to_text(),
        MOST_TEXT,
        MOST_TEXT + 1,
    ),
    "other": (
        lambda count: rp.agreement(PLAN, other=["x"] * count).to_text(),
        MOST_SENTENCES,
        MOST_SENTENCES + 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_the_largest_input_is_taken_and_a_larger_one_refused(name: str) -> None:
    take, largest, larger = TAKEN[name]
    assert take(largest)
    with pytest.raises(rp.RepayError) as caught:
        take(larger)
    assert caught.value.parameter == name


def test_a_stored_schedule_has_so_many_changes() -> None:
    assert len(with_changes(100).changes) == 100
    with pytest.raises(rp.errors.StorageError, match=f"at most {MOST_CHANGES:,} changes"):
        with_changes(MOST_CHANGES + 1)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=99MO",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5",
        "FREQ=DAILY;BYSETPOS=366",
        "FREQ=WEEKLY;BYWEEKNO=60",
        "DTSTART:10000101\nFREQ=DAILY",
    ],
)
def test_a_rule_without_days_is_refused(rule: str) -> None:
    with pytest.raises(rp.RepayError, match="every: got"):
        rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", every=rule))


def test_a_rule_of_leap_days_is_followed() -> None:
    loan = rp.Loan("10000", "12%", 12, "2024-03-10", every="FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29")
    assert [row.date.year for row in rp.amortise(loan)] == list(range(2028, 2075, 4))


def test_a_tape_of_many_columns_is_read(tmp_path: Path) -> None:
    names = [f"column {number}" for number in range(20_000)]
    file = tmp_path / "tape.csv"
    file.write_text(f"{','.join(names)}\n{',' * 19_999}\n", encoding="utf-8")
    assert read_tape(str(file)).names == tuple(names)
    file.write_text(f"{','.join(names)},column 3\n", encoding="utf-8")
    with pytest.raises(rp.RepayError, match="one column 'column 3'"):
        read_tape(str(file))
