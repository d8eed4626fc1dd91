"""Where plans part, and what each pays from then on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from repaylib.schedule import Schedule

__all__ = ["BreakEven", "break_even", "paid_since", "parting"]


class BreakEven(NamedTuple):
    """The day from which one plan has paid no less than another for good.

    Attributes
    ----------
    day
        The day of the payment that turns it.
    months
        Whole months from the day on which the plans part; one that has begun counts.
    before
        The name of the plan that has paid less before that day.
    after
        The name of the one that has paid less from then on; empty if both have paid the same.
    """

    day: date
    months: int
    before: str
    after: str

    def __str__(self) -> str:
        then = f"{self.after} has" if self.after else "both have the same"
        return f"up to {self.day} {self.before} has paid less, from then on {then}"


def parting(plans: Sequence[Schedule]) -> date:
    """Return the day of the first change that not all plans share, or the start."""
    first = plans[0]
    if any(plan.loan != first.loan for plan in plans):
        return min(plan.loan.start for plan in plans)
    shared = 0
    while len({plan.changes[shared : shared + 1] for plan in plans}) == 1 and shared < len(
        first.changes
    ):
        shared += 1
    days = [day for plan in plans for day in plan.change_days[shared:]]
    return min(days, default=first.loan.start)


def paid_since(
    plan: Schedule, first: Schedule, since: date, *columns: str
) -> list[tuple[date, int]]:
    """Return what a plan pays after a day, in minor units.

    On that day itself, it is what is paid on top of the first plan's payment.

    Parameters
    ----------
    columns
        Of what: by default the whole payment.
    """
    names = columns or ("payment",)
    agreed = sum(amount for day, amount in _dated(first, names) if day == since)
    on_the_day = sum(amount for day, amount in _dated(plan, names) if day == since)
    paid = [(since, max(0, on_the_day - agreed))]
    return paid + [(day, amount) for day, amount in _dated(plan, names) if day > since]


def break_even(
    one: Sequence[tuple[date, int]], other: Sequence[tuple[date, int]]
) -> tuple[date, int, int] | None:
    """Return the day on which the sign of the difference in what was paid turns for good.

    With it, the signs before and after; ``None`` if one plan is never behind the other.
    """
    steps: dict[date, int] = {}
    for sign, paid in ((1, one), (-1, other)):
        for day, amount in paid:
            steps[day] = steps.get(day, 0) + sign * amount
    total = 0
    turns: list[tuple[date, int]] = []
    for day in sorted(steps):
        total += steps[day]
        sign = (total > 0) - (total < 0)
        if not turns or sign != turns[-1][1]:
            turns.append((day, sign))
    turns = turns[1:] if turns and turns[0][1] == 0 else turns
    if len(turns) < 2:
        return None
    day, after = turns[-1]
    before = next((sign for _, sign in reversed(turns[:-1]) if sign), 0)
    return None if before in (0, after) else (day, before, after)


def _dated(plan: Schedule, names: Sequence[str]) -> Iterator[tuple[date, int]]:
    """Return what each row holds with the day up to which its interest runs."""
    columns = [plan.columns[name].tolist() for name in names]
    return zip(plan._falls.tolist(), map(sum, zip(*columns, strict=True)), strict=True)
