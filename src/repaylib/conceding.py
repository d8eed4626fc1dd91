"""A waterfall of concessions, carried out on a schedule until its target is met."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from repaylib.advances import Advance
from repaylib.annuity import level_instalment
from repaylib.change import Change
from repaylib.changes import Forgiveness, RateChange, Rescheduling
from repaylib.concessions import WAIVED, Concession, Target, Waterfall
from repaylib.days import DateLike
from repaylib.errors import RepayError, TermsError
from repaylib.exact import round_fraction
from repaylib.extension import extension_limit
from repaylib.forbearance import Forbearance
from repaylib.loan import Loan
from repaylib.modification import modification_test
from repaylib.money import Amount, minor_of
from repaylib.rates import Rate, percent
from repaylib.schedule import Schedule
from repaylib.search import first_true
from repaylib.text import html_table, text_table
from repaylib.trial import folded, rate_on
from repaylib.verbs import as_schedule

__all__ = ["ConcededLine", "Conceded", "concede"]

#: Concessions that are not made where they lower no payment.
LOWERING = ("rate", "term", "forbear", "forgive")
#: What may be in arrears.
PARTS = ("principal", "interest", "fees", "penalty")


class ConcededLine(NamedTuple):
    """One line of the path: what was conceded, and the payment after it.

    Attributes
    ----------
    concession
        What was conceded.
    before, after
        From what to what, as text.
    payment
        The payment after it, in major units.
    met
        Whether it meets the target.
    """

    concession: str
    before: str
    after: str
    payment: Decimal
    met: bool


@dataclass(frozen=True, slots=True)
class Conceded:
    """What a waterfall conceded; amounts are in major units.

    Attributes
    ----------
    schedule
        The schedule with all that was conceded.
    before
        The schedule before.
    day
        The day from which it holds.
    waterfall
        The concessions that were to be made.
    target
        What was to be reached, in words.
    most
        The most the payment was to be.
    payment_before, payment
        The payment before and after: the instalment, where the loan has one; otherwise the largest
        payment without what was put aside.
    path
        What was conceded, line by line.
    forborne
        Principal put aside without interest.
    forgiven
        Principal forgiven.
    waived
        Of what was in arrears, what is not asked for.
    capitalised
        Of what was in arrears, what joined the principal.
    """

    schedule: Schedule
    before: Schedule
    day: date
    waterfall: Waterfall
    target: str
    most: Decimal
    payment_before: Decimal
    payment: Decimal
    path: tuple[ConcededLine, ...]
    forborne: Decimal
    forgiven: Decimal
    waived: Decimal
    capitalised: Decimal

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        return self.payment <= self.most

    @property
    def short(self) -> Decimal:
        """By how much the payment is still above the target; nil if it is met."""
        return max(self.payment - self.most, self.schedule.loan.money(0))

    @property
    def loss(self) -> Decimal:
        """What the lender loses, as a share of the worth at the original effective rate.

        What was in arrears counts as lent on the day, as far as it joined the principal.
        """
        return -modification_test(self.before, self.schedule, as_of=self.day).change

    def _lines(self) -> tuple[list[str], list[list[str]]]:
        header = ["concession", "from", "to", "payment"]
        rows = [["as it is", "", "", f"{self.payment_before:,f}"]]
        rows += [[*line[:3], f"{line.payment:,f}"] for line in self.path]
        return header, rows

    @property
    def _verdict(self) -> str:
        most = f"target {self.most:,f} ({self.target})"
        return f"{most}: met" if self.met else f"{most}: missed by {self.short:,f}"

    def __str__(self) -> str:
        title = f"{self.waterfall.name}, from {self.day} on"
        return "\n".join([title, text_table(*self._lines()), self._verdict])

    def _repr_html_(self) -> str:
        caption = f"{self.waterfall.name}, from {self.day} on\n{self._verdict}"
        return html_table(*self._lines(), caption=caption)

    def __repr__(self) -> str:
        return f"<Conceded: {self.waterfall.name}, {self._verdict}>"


@dataclass(frozen=True, slots=True)
class Agreed:
    """What has been conceded so far; money in minor units."""

    arrears: tuple[int, ...]
    joined: bool = False
    term: int = 0
    rate: Fraction | None = None
    forborne: int = 0
    forgiven: int = 0

    @property
    def capitalised(self) -> int:
        return sum(self.arrears) if self.joined else 0


class Course:
    """A schedule on its way down a waterfall."""

    def __init__(self, before: Schedule, place: Mapping[str, Any], target: Callable[[int], int]):
        self.before, self.place = before, place
        self.day = before.day_of(Rescheduling(1, **place))
        after = before._falls > np.datetime64(self.day, "D")
        numbers = [number for number in before.columns["number"][after].tolist() if number]
        if not numbers:
            raise TermsError(
                "schedule",
                f"nothing falls due after {self.day}",
                "instalments left",
                "write an earlier payment or on",
            )
        passed = before._ledger.passed
        self.first, self.left = numbers[0], sum(number not in passed for number in numbers)
        closings = before.columns["closing"][~after]
        self.owed = int(closings[-1]) if len(closings) else before._program.principal
        self.rate = rate_on(before, self.day)
        self.now = self.payment(before, 0)
        self.most: int = target(self.now)

    def payment(self, plan: Schedule, forborne: int) -> int:
        """Return the instalment, or the largest payment without what was put aside."""
        ledger = plan._ledger
        if plan.loan.method == "level" and plan._program.shape is None and not ledger.methods:
            return ledger.instalment
        after = plan._falls > np.datetime64(self.day, "D")
        paid: list[int] = plan.columns["payment"][after].tolist()
        return max([*paid[:-1], paid[-1] - forborne])

    def changes(self, agreed: Agreed) -> list[Change]:
        """Return what was agreed as changes."""
        money, place, found = self.before.loan.money, self.place, list[Change]()
        if agreed.capitalised:
            found.append(Advance(money(agreed.capitalised), **place))
        if agreed.forgiven:
            found.append(Forgiveness(money(agreed.forgiven), **place))
        rate = None if agreed.rate is None else Rate(agreed.rate)
        if agreed.term:
            found.append(Rescheduling(agreed.term, rate=rate, **place))
        elif rate is not None:
            found.append(RateChange(rate, **place))
        if agreed.forborne:
            found.append(Forbearance(money(agreed.forborne), **place))
        return found

    def plan(self, agreed: Agreed) -> Schedule:
        """Return the schedule with what was agreed, folded once."""
        return folded(self.before, self.changes(agreed))

    def met(self, agreed: Agreed) -> bool:
        """Whether what was agreed meets the target."""
        try:
            return self.payment(self.plan(agreed), agreed.forborne) <= self.most
        except RepayError:
            return False

    # -- steps ------------------------------------------------------------------------

    def conceded(self, agreed: Agreed, step: Concession) -> Agreed:
        """Return what is agreed after one more concession, made as far as it takes."""
        match step.kind:
            case "capitalise":
                return replace(agreed, joined=True)
            case "waive_penalty" | "waive_fees" | "waive_interest":
                part = PARTS.index(WAIVED[step.kind])
                kept = [0 if k == part else amount for k, amount in enumerate(agreed.arrears)]
                return replace(agreed, arrears=tuple(kept))
        steps, made = self._steps(agreed, step)
        if steps <= 0:
            return agreed
        if step.kind == "forbear" and (exact := self._exact(agreed, made, steps)):
            return made(exact)
        found = first_true(lambda count: self.met(made(count)), 1, steps)
        return made(steps if found is None else found)

    def _steps(self, agreed: Agreed, step: Concession) -> tuple[int, Callable[[int], Agreed]]:
        """Return how many steps there are, and what is agreed after so many of them."""
        match step.kind:
            case "rate":
                assert isinstance(step.limit, Rate), "a rate has a floor that is one"
                now = self.rate if agreed.rate is None else agreed.rate
                floor = step.limit.nominal(self.before.loan._timetable.pace)
                if floor >= now and step.step is not None:
                    return 0, lambda count: agreed
                each = Fraction(step.step or now - floor)
                steps = 1 if step.step is None else int(-(-(now - floor) // each))
                return steps, lambda count: replace(agreed, rate=max(floor, now - count * each))
            case "term":
                left = agreed.term or self.left
                most = self._most_payments(step)
                by = int(step.step or 1)
                return -(-(most - left) // by), lambda count: replace(
                    agreed, term=min(most, left + count * by)
                )
        unit = 1
        if isinstance(step.step, Decimal):
            unit = minor_of(step.step, self.before.loan.decimals)
        there = self.owed + agreed.capitalised - agreed.forgiven - agreed.forborne
        share = step.limit if isinstance(step.limit, Fraction) else Fraction(1)
        steps = min(int(there * share), there - 1) // unit
        name = "forborne" if step.kind == "forbear" else "forgiven"
        start = getattr(agreed, name)
        return steps, lambda count: replace(agreed, **{name: start + count * unit})

    def _most_payments(self, step: Concession) -> int:
        if isinstance(step.limit, int):
            return step.limit
        assert isinstance(step.limit, str), "a term has a number or a rule"
        latest = extension_limit(self.before, step.limit).latest
        if latest <= self.day:
            return 0
        return self.before._ledger.timetables[-1].following(latest) - self.first

    def _exact(self, agreed: Agreed, made: Callable[[int], Agreed], steps: int) -> int:
        """Return the number of steps nearest to where the unrounded instalment is the target.

        Between the rounded instalment and the unrounded one lie many amounts put aside; the one
        that makes the unrounded one the target is what a closed form would give. The instalment
        falls evenly with it, so that two points of the line give it. 0 if there is none.
        """
        base = steps // 2
        try:
            high, low = self._unrounded(made(0)), self._unrounded(made(base))
        except RepayError:
            return 0
        if high is None or low is None or high <= low or not base:
            return 0
        count = round_fraction((high - self.most) / (high - low) * base, "half_up")
        if not 0 < count <= steps:
            return 0
        for each in (count, count + 1):
            if each <= steps and self.met(made(each)):
                return each
        return 0

    def _unrounded(self, agreed: Agreed) -> Fraction | None:
        plans = self.plan(agreed)._ledger.plans
        if self.before.loan.method != "level" or not plans or plans[-1].annuity is None:
            return None
        return Fraction(*level_instalment(plans[-1].annuity))

    def line(self, old: Agreed, new: Agreed, step: Concession, payment: int) -> ConcededLine:
        """Return the line of the path."""
        show, loan = self.before.loan.show, self.before.loan
        match step.kind:
            case "rate":
                rates = [self.rate if each.rate is None else each.rate for each in (old, new)]
                before, after = map(percent, rates)
            case "term":
                before, after = (f"{each.term or self.left} payments" for each in (old, new))
            case "forbear":
                before, after = (show(each.forborne) for each in (old, new))
            case "forgive":
                before, after = (show(each.forgiven) for each in (old, new))
            case "capitalise":
                before, after = (show(self.owed + each.capitalised) for each in (old, new))
            case _:
                part = PARTS.index(WAIVED[step.kind])
                before, after = (show(each.arrears[part]) for each in (old, new))
        words = {
            "capitalise": "arrears capitalised",
            "rate": "rate cut",
            "term": "term extended",
            "forbear": "principal put aside",
            "forgive": "principal forgiven",
        }
        name = words.get(step.kind) or f"{WAIVED[step.kind]} waived"
        return ConcededLine(name, before, after, loan.money(payment), payment <= self.most)


def concede(
    schedule: Schedule | Loan,
    waterfall: Waterfall,
    *,
    target: Target | Amount | None = None,
    income: Amount | None = None,
    other: Amount = 0,
    payment: int | None = None,
    on: DateLike | None = None,
    arrears: Mapping[str, Amount] | Amount | None = None,
) -> Conceded:
    """Make concessions in their order, each as far as it takes, until the target is met.

    Parameters
    ----------
    schedule
        The schedule as it stands, or a loan; or what has a ``schedule``.
    waterfall
        The concessions: ready-made ones of :class:`~repaylib.Waterfall`, or your own.
    target
        What the payment is to become: an amount, or a :class:`~repaylib.Target`; by default the
        waterfall's own.
    income, other
        Gross income and other housing costs a month, for a target that is a share of income.
    payment, on
        From when, as for the verbs; by default from the first instalment.
    arrears
        What is in arrears on that day and not in the schedule: an amount, which counts as
        principal, or amounts of ``"principal"``, ``"interest"``, ``"fees"``, ``"penalty"``.

    Returns
    -------
    Conceded
        The path line by line, and the schedule. If all concessions together do not do, it says
        by how much the target is missed.

    Raises
    ------
    RepayError
        For words that cannot be read; for arrears that no step takes.

    Notes
    -----
    A payment falls with each step of a concession, so the fewest steps are found by halving. The
    amount put aside is the one that makes the unrounded level instalment the target, to the step.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan("200000", "6.5%", 300, "2024-01-01")
    >>> print(rp.concede(loan, rp.Waterfall.hamp(), target="550"))
    HAMP, from 2024-01-01 on
    concession                  from            to   payment
    -------------------  -----------  ------------  --------
    as it is                                        1,350.41
    rate cut                    6.5%            2%    847.71
    term extended       300 payments  480 payments    605.65
    principal put aside         0.00     18,377.33    550.00
    target 550.00 (payment at most 550): met
    """
    before = _meant(schedule)
    if not isinstance(waterfall, Waterfall):
        raise TermsError("waterfall", waterfall, "a Waterfall", "write rp.Waterfall.hamp()")
    if payment is None and on is None:
        payment = 1
    place = {"payment": payment} if on is None else {"on": on, "payment": payment}
    aim = _aim(waterfall, target, income, other)
    course = Course(before, place, lambda now: aim.minor(before.loan, now))
    agreed = Agreed(_arrears(before.loan, arrears))
    if sum(agreed.arrears) and not any(step.kind == "capitalise" for step in waterfall.steps):
        raise TermsError(
            "arrears",
            arrears,
            'a step that takes them, rp.Concession("capitalise"), in the waterfall '
            f"{waterfall.name}",
            "put it first",
        )
    path, reached = list[ConcededLine](), course.now
    for step in waterfall.steps:
        if reached <= course.most and step.kind != "capitalise":
            continue
        new = course.conceded(agreed, step)
        if new == agreed or (step.kind == "capitalise" and not new.capitalised):
            agreed = new
            continue
        payment_now = course.payment(course.plan(new), new.forborne)
        if payment_now >= reached and step.kind in LOWERING:
            continue
        reached = payment_now
        path.append(course.line(agreed, new, step, reached))
        agreed = new
    money, given = before.loan.money, sum(_arrears(before.loan, arrears))
    return Conceded(
        schedule=before.then(*course.changes(agreed)),
        before=before,
        day=course.day,
        waterfall=waterfall,
        target=str(aim),
        most=money(course.most),
        payment_before=money(course.now),
        payment=money(reached),
        path=tuple(path),
        forborne=money(agreed.forborne),
        forgiven=money(agreed.forgiven),
        waived=money(given - sum(agreed.arrears)),
        capitalised=money(agreed.capitalised),
    )


def _meant(schedule: Any) -> Schedule:
    inner = getattr(schedule, "schedule", None)
    if isinstance(schedule, (Schedule, Loan)) or not isinstance(inner, Schedule):
        return as_schedule(schedule)
    return inner


def _aim(waterfall: Waterfall, target: Any, income: Any, other: Any) -> Target:
    aim = waterfall.target if target is None else target
    if aim is None:
        raise TermsError(
            "target",
            None,
            f"one, as the waterfall {waterfall.name} has none",
            'write target="700" or target=rp.Target(reduction="20%")',
        )
    if not isinstance(aim, Target):
        aim = Target(aim)
    if income is None and other in (0, None):
        return aim
    if aim.share is None:
        raise TermsError(
            "income", income, f"a target that is a share of it, not {aim}", "leave income out"
        )
    return Target(share=aim.share, income=income, other=other)


def _arrears(loan: Loan, arrears: Any) -> tuple[int, ...]:
    if arrears is None:
        return (0,) * len(PARTS)
    if not isinstance(arrears, Mapping):
        return (loan.minor(arrears, "arrears", least=0), 0, 0, 0)
    for name in arrears:
        if name not in PARTS:
            raise TermsError(
                "arrears", name, f"only {', '.join(PARTS)}", 'write {"interest": "120"}'
            )
    return tuple(loan.minor(arrears.get(name, 0), f"arrears[{name!r}]", least=0) for name in PARTS)
