"""When one plan overtakes another: where plans part, what each pays from then on, the break-even.

At the end stands what a comparison says of its plans, and how that is derived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from repaylib.errors import Phrase, RepayError, TermsError
from repaylib.money.amounts import show, subtract
from repaylib.output.plain import Plain
from repaylib.schedule.figures import Figure, runs_of, sum_figure, worth_figure
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.settlement import settle
from repaylib.wording.sentence import Listed, Sentence, Worded, WordedText

if TYPE_CHECKING:
    from repaylib.measures.comparison import ComparedPlan

__all__ = [
    *("BreakEven", "Divergence", "break_even", "difference_sentence", "divergence_of"),
    *("distinct", "plan_figures", "plan_label", "verdict_sentence"),
]


@dataclass(frozen=True, slots=True)
class BreakEven(Worded, Plain):
    """The day from which one plan has paid no less than another for good.

    Attributes
    ----------
    day
        The day of the payment that brings it about.
    months
        Whole months from the day on which the plans diverge; one that has begun counts.
    before
        The name of the plan that has paid less before that day.
    after
        The name of the one that has paid less from then on; empty if both have paid the same.
    """

    day: date
    months: int
    before: str
    after: str

    def sentence(self) -> Sentence:
        """Return the sentence for it."""
        key = "break_even" if self.after else "break_even.same"
        return Sentence(key, day=self.day, before=self.before, after=self.after)

    def _worded(self) -> Sentence:
        return self.sentence()


@dataclass(frozen=True, slots=True)
class Divergence:
    """The day on which plans diverge, and the schedule agreed before.

    What a plan pays from then on is what leaves the borrower's pocket after the day and, on the day
    itself, what it pays beyond what is agreed anyway: a prepayment, a settlement, a fee for a change.
    From the start of a loan on that is everything, fees of the start included.

    Attributes
    ----------
    day
        The day.
    agreed
        The schedule of the loan that is agreed anyway. What falls due on the day by it is paid
        before the plans part. ``None`` for plans of different loans: then whatever falls due on the
        day under a loan that began earlier is paid before.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[rp.Fee("3%", when="deferral")])
    >>> plan = rp.amortise(loan)
    >>> later = rp.defer(plan, payment=4)
    >>> parts = divergence_of([plan, later])
    >>> [(str(day), amount) for day, amount in parts.paid(later)][:3]
    [('2024-04-10', 22832), ('2024-06-10', 96460), ('2024-07-10', 88849)]
    >>> parts.total(later) - parts.total(plan)
    30443
    """

    day: date
    agreed: Schedule | None

    def paid(self, plan: Schedule) -> list[tuple[date, int]]:
        """Return the payments of a plan out of pocket from then on, by day, in minor units.

        Days on which nothing is paid are left out. Money that comes back is below zero.
        """
        days = plan.accrual_dates
        after = days >= np.datetime64(self.day, "D")
        amounts: list[int] = plan.columns["out_of_pocket"][after].tolist()
        sums: dict[date, int] = {}
        for day, amount in zip(days[after].tolist(), amounts, strict=True):
            sums[day] = sums.get(day, 0) + amount
        if anyway := self._anyway(plan, "out_of_pocket"):
            sums[self.day] = sums.get(self.day, 0) - anyway
        return [(day, amount) for day, amount in sorted(sums.items()) if amount]

    def total(self, plan: Schedule, *columns: str) -> int:
        """Return the sum of columns from then on, by default of what is paid out of pocket."""
        names = columns or ("out_of_pocket",)
        after = plan.accrual_dates >= np.datetime64(self.day, "D")
        whole = sum(sum(plan.columns[name][after].tolist()) for name in names)
        return whole - self._anyway(plan, *names)

    def cost(self, plan: Schedule) -> int:
        """Return the payments out of pocket from then on, less the receipts."""
        return self.total(plan) - self.received(plan)

    def received(self, plan: Schedule) -> int:
        """Return the receipts of the borrower from then on beyond the agreed ones."""
        before = plan if self.agreed is None else self.agreed
        return self.total(plan, "received") + plan.opening_balance - before.opening_balance

    def _anyway(self, plan: Schedule, *names: str) -> int:
        """Return the sum of columns on the day itself by what is agreed anyway."""
        if plan.loan.start >= self.day:
            return 0
        before = plan if self.agreed is None else self.agreed
        there = before.accrual_dates == np.datetime64(self.day, "D")
        return sum(sum(before.columns[name][there].tolist()) for name in names)


def divergence_of(plans: Sequence[Schedule]) -> Divergence:
    """Return where plans part.

    Plans of one loan part on the day of the first change that not all of them share, or at the start
    if there is none. Plans of different loans part when the last of them begins: its principal is the
    amount that settles the others on that day, or they are not plans of one debt.

    Raises
    ------
    TermsError
        If they are plans of different debts.
    """
    first = plans[0]
    if any(plan.loan != first.loan for plan in plans):
        day = max(plan.loan.start for plan in plans)
        _check_debt(plans, day)
        return Divergence(day, None)
    shared = 0
    while len({plan.changes[shared : shared + 1] for plan in plans}) == 1 and shared < len(
        first.changes
    ):
        shared += 1
    days = [day for plan in plans for day in plan.change_days[shared:]]
    agreed = first if shared == len(first.changes) else Schedule(first.loan, first.changes[:shared])
    return Divergence(min(days, default=first.loan.start), agreed)


def _check_debt(plans: Sequence[Schedule], day: date) -> None:
    """Refuse plans of different debts."""
    owed = [_debt(plan, day) for plan in plans]
    for plan, amount in zip(plans, owed, strict=True):
        if amount != owed[0]:
            raise TermsError(
                "plans",
                Phrase("{}: {}", _in_words(plan, amount, day), plan.loan),
                Phrase("plans of one debt, {}", _in_words(plans[0], owed[0], day)),
                "compare plans that repay the same amount from the same day on",
            )


def _in_words(plan: Schedule, amount: int | None, day: date) -> Phrase:
    if amount is None:
        return Phrase("nothing owed on {}", day)
    begun = plan.loan.start == day
    return Phrase(
        "{} lent on {}" if begun else "{} to settle on {}", show(amount, plan.loan.decimals), day
    )


def _debt(plan: Schedule, day: date) -> int | None:
    """Return the principal disbursed on a day or, for a loan that began earlier, its settlement."""
    if plan.loan.start == day:
        return plan.opening_balance
    try:
        return plan.loan.signed(settle(plan, on=day).total)
    except RepayError:  # such as a day on which it has ended
        return None


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


def plan_label(schedule: Schedule) -> Listed | Sentence:
    """Return what a plan is called by its changes.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> print(plan_label(plan))
    as agreed
    """
    changes = [change.label for change in schedule.changes]
    return Listed(changes, "names") if changes else Sentence("plan.as agreed")


def difference_sentence(
    plan: ComparedPlan,
    first: ComparedPlan,
    even: BreakEven | None,
) -> Listed:
    """Return how a plan differs from the first."""
    amount = f"{plan.extra.copy_abs():,f}"
    key = "more" if plan.extra > 0 else "less" if plan.extra else "same"
    parts = [Sentence(f"compare.{key}", amount=amount)]
    if plan.largest != first.largest:
        slots = {"amount": f"{plan.largest:,f}", "before": f"{first.largest:,f}"}
        parts.append(Sentence("compare.at_most", **slots))
    if plan.maturity != first.maturity:
        parts.append(Sentence("compare.until", end=plan.maturity, before=first.maturity))
    said = [Sentence("compare.plan", name=plan.name, parts=Listed(parts, "comma"))]
    if even is not None:
        said.append(even.sentence())
    return Listed(said, "clause")


def verdict_sentence(
    cheap: ComparedPlan, light: ComparedPlan, when: Sentence, *, together: bool
) -> Sentence:
    """Return which plan is cheapest, and which is lightest; `together` if all begin on one day."""
    less: Sentence | str = ""
    if cheap.received:
        key = "compare.less_received" if cheap.received > 0 else "compare.and_received"
        less = Sentence(key, amount=f"{cheap.received.copy_abs():,f}")
    return Sentence(
        "compare.verdict",
        cheap=cheap.name,
        amount=f"{cheap.total_paid if together else cheap.still_to_pay:,f}",
        when=when,
        received=less,
        light=light.name,
        most=f"{light.largest:,f}",
    )


def distinct(labels: Sequence[str]) -> list[str]:
    """Return names that differ: the second of the same is numbered.

    Examples
    --------
    >>> distinct(["card", "bank", "card"])
    ['card', 'bank', 'card (2)']
    """
    seen: dict[str, int] = {}
    distinct: list[str] = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        new = label if seen[label] == 1 else _numbered(label, seen[label])
        while new in distinct or (new != label and new in labels):
            seen[label] += 1
            new = _numbered(label, seen[label])
        distinct.append(new)
    return distinct


def _numbered(label: str, number: int) -> str:
    return WordedText(Listed([label, f" ({number})"], "nothing"))


def plan_figures(
    plan: ComparedPlan, first: ComparedPlan, paid: Sequence[tuple[date, int]]
) -> tuple[Figure, ...]:
    """Derive what a plan of a comparison pays, and what that is more than for the first."""
    left = Sentence("measures.still_to_pay"), plan.still_to_pay
    decimals = plan.schedule.loan.decimals
    largest = [max(paid, key=lambda one: one[1])] if paid else []
    before = Sentence("compare.paid_before"), subtract(plan.total_paid, left[1])
    figures = [
        worth_figure(*left, runs_of(paid, decimals)),
        sum_figure(Sentence("column.in_all"), plan.total_paid, [before, left]),
        worth_figure(Sentence("measures.largest"), plan.largest, runs_of(largest, decimals)),
    ]
    if plan is not first:
        cost = subtract(first.received, first.still_to_pay)
        parts = [
            left,
            (Sentence("column.received"), plan.received.copy_negate()),
            (Sentence("derived.first", plan=first.name), cost),
        ]
        figures.append(sum_figure(Sentence("measures.extra"), plan.extra, parts))
    return tuple(figures)
