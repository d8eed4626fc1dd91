"""One instalment as it is asked for: what is due of it, what was paid, what being late costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.dates.days import ONE_DAY
from repaylib.engine.entries import Segment
from repaylib.money.rounding import ZERO, round_fraction
from repaylib.typing import Component, Rounding

if TYPE_CHECKING:
    from repaylib.arrears.open_instalments import Dues

__all__ = [
    "CONTRACTUAL",
    "KINDS",
    "PARTS",
    "PENALTIES",
    "Bill",
    "Kind",
    "Paid",
    "first_reached",
    "within",
]

#: What a debt is made of. Interest on overdue interest and the penalty stand apart, as do
#: interest of the instalment and interest that was put off.
Kind = Literal[
    "costs", "fee", "penalty_interest", "penalty", "deferred_interest", "interest", "principal"
]
KINDS: tuple[Kind, ...] = (
    "costs",
    "fee",
    "penalty_interest",
    "penalty",
    "deferred_interest",
    "interest",
    "principal",
)

#: Which kinds a component of a waterfall pays, in this order.
PARTS: dict[Component, tuple[Kind, ...]] = {
    "costs": ("costs",),
    "fee": ("fee",),
    "penalty": ("penalty_interest", "penalty"),
    "interest": ("deferred_interest", "interest"),
    "principal": ("principal",),
}

#: What the schedule itself asks for: without it an instalment is past due.
CONTRACTUAL: tuple[Kind, ...] = ("fee", "deferred_interest", "interest", "principal")

#: What being late costs.
PENALTIES: tuple[Kind, ...] = ("penalty", "penalty_interest")


class Paid(NamedTuple):
    """Money that went to an instalment: the day, and how much of each kind, in minor units."""

    on: date
    parts: dict[Kind, int]

    @property
    def amount(self) -> int:
        """All of it."""
        return sum(self.parts.values())


@dataclass(slots=True, eq=False)
class Bill:
    """An instalment, or another amount with a day of its own, in minor units.

    Attributes
    ----------
    number, due
        Number of the due date (0 if it is none), and the day.
    name
        What it is, if no instalment: ``"balance"``, or what a charge was for.
    asked, waived
        What was asked for by kind, and how much of it was given up.
    payments
        What was paid, in order.
    terms
        What being late costs, as it stood on the due date.
    late_from, grace_end
        From when the penalty runs; the last day on which paying is in time.
    mark
        Up to when the penalty has been counted.
    stretches
        What bore a penalty, by kind.
    fixed
        What the penalties came to, once a limit was reached.
    fee_due
        Whether the late fee has still to be looked at.
    planned
        Whether the plan asks for it, and no charge.
    apart
        Whether it is kept apart: paid after all else, and no arrears.
    late_fee
        How much of the fees was charged for being late.
    met
        The day on which nothing was missing of it any more.
    dues
        What it has fallen due with.
    """

    number: int
    due: date
    asked: dict[Kind, int]
    name: str = ""
    terms: PenaltyTerms | None = None
    late_from: date = date.max
    grace_end: date = date.max
    mark: date = date.max
    fee_due: bool = False
    planned: bool = False
    apart: bool = False
    late_fee: int = 0
    met: date = date.max
    waived: dict[Kind, int] = field(default_factory=dict)
    paid: dict[Kind, int] = field(default_factory=dict)
    payments: list[Paid] = field(default_factory=list)
    stretches: dict[Kind, list[Segment]] = field(default_factory=dict)
    exact: dict[Kind, Fraction] = field(default_factory=dict)
    fixed: dict[Kind, int] | None = None
    dues: Dues = field(init=False, repr=False)

    def late_under(self, terms: PenaltyTerms | None) -> None:
        """Take the terms that hold on the due date."""
        self.terms = terms
        self.late_from = self.grace_end = self.mark = self.due
        if terms is not None:
            self.grace_end = self.due + timedelta(days=terms.grace_days)
            if terms.grace == "end":
                self.late_from = self.mark = self.grace_end
            self.fee_due = terms.late_fee is not None and self.number > 0

    def copy(self, dues: Dues) -> Self:
        """Return a bill of its own among other dues, to look ahead with."""
        other = copy(self)
        other.dues = dues
        for name in ("asked", "waived", "paid", "exact"):
            setattr(other, name, dict(getattr(self, name)))
        other.payments = [Paid(each.on, dict(each.parts)) for each in self.payments]
        other.stretches = {kind: list(each) for kind, each in self.stretches.items()}
        return other

    # -- amounts ----------------------------------------------------------------------

    def charged(self, kind: Kind, day: date, rounding: Rounding) -> int:
        """Return what is asked for of a kind as of a day, whatever was paid of it."""
        if kind in PENALTIES:
            self.count()
        return self._charged(kind, day, rounding, ZERO)

    def _charged(self, kind: Kind, day: date, rounding: Rounding, more: Fraction) -> int:
        """Return the same, if it bears `more`; a penalty is rounded here, once."""
        amount = self.asked.get(kind, 0)
        if self.fixed is not None and kind in self.fixed:
            return amount + self.fixed[kind]
        exact = self.exact.get(kind)
        if (exact is None and not more) or (kind in PENALTIES and day <= self.grace_end):
            return amount
        return amount + round_fraction((exact or ZERO) + more, rounding)

    @property
    def kinds(self) -> set[Kind]:
        """What it is made of."""
        self.count()
        return {*self.asked, *self.exact, *(self.fixed or ())}

    def open(self, kind: Kind, day: date, rounding: Rounding) -> int:
        """Return what is owed of a kind."""
        gone = self.paid.get(kind, 0) + self.waived.get(kind, 0)
        return self.charged(kind, day, rounding) - gone

    def unpaid(self, kind: Kind) -> int:
        """Return what is owed of what was asked for, without what has accrued since."""
        return self.asked.get(kind, 0) - self.paid.get(kind, 0) - self.waived.get(kind, 0)

    @property
    def contractual(self) -> int:
        """What is still owed of what the schedule asks for."""
        if self.apart:
            return 0
        fees = max(0, self.unpaid("fee") - self.late_fee)
        return fees + sum(max(0, self.unpaid(kind)) for kind in CONTRACTUAL if kind != "fee")

    @property
    def missing(self) -> int:
        """What makes it late: of an instalment what the schedule asks for, of a charge all of it."""
        if self.planned:
            return self.contractual
        return sum(max(0, self.unpaid(kind)) for kind in self.asked)

    def days_late(self, day: date) -> int:
        """Return for how many days something was missing of it by a day."""
        return max(0, (min(self.met, day) - self.due).days)

    def charges(self, day: date, rounding: Rounding) -> dict[Kind, int]:
        """Return what being late has cost as of a day, by kind."""
        self.count()
        return {
            kind: self._charged(kind, day, rounding, ZERO) - self.asked.get(kind, 0)
            for kind in PENALTIES
            if kind in self.exact or self.capped
        }

    def owes(self, day: date, rounding: Rounding) -> int:
        """Return all that is owed of it."""
        return sum(self.open(kind, day, rounding) for kind in self.kinds)

    def done(self, rounding: Rounding) -> bool:
        """Whether nothing is owed of it, nor ever will be."""
        return not self.fee_due and not self.contractual and not self.owes(date.max, rounding)

    @property
    def capped(self) -> bool:
        """Whether its penalty has reached a limit."""
        return self.fixed is not None

    def fix(self, amounts: dict[Kind, int]) -> None:
        """Let the penalties be so much from now on."""
        self.fixed = dict(amounts)

    def _change(self, kind: Kind, less: int) -> None:
        """Be counted before there is less of a kind, and note that there is."""
        self.count()
        self.dues.changed[id(self)] = self
        if kind == "principal" and self.planned:
            self.dues.principal -= less

    def pay(self, kind: Kind, amount: int, day: date) -> None:
        """Take money for one kind."""
        if not amount:
            return
        self._change(kind, amount)
        self.paid[kind] = self.paid.get(kind, 0) + amount
        if not self.payments or self.payments[-1].on != day:
            self.payments.append(Paid(day, {}))
        parts = self.payments[-1].parts
        parts[kind] = parts.get(kind, 0) + amount

    def waive(self, kind: Kind, amount: int) -> None:
        """Give up an amount of one kind."""
        if amount:
            self._change(kind, amount)
            self.waived[kind] = self.waived.get(kind, 0) + amount

    def shift(self, interest: int) -> None:
        """Ask for more interest, and for so much less principal."""
        if not interest:
            return
        met = not self.contractual
        self._change("principal", interest)
        self.asked["interest"] = self.asked.get("interest", 0) + interest
        self.asked["principal"] = self.asked.get("principal", 0) - interest
        if met and self.contractual:
            self.dues.missing_again()

    def forgo_late_fee(self) -> None:
        """Let no late fee have to be looked at any more."""
        self.fee_due = False
        self.dues.changed[id(self)] = self

    def ask_late_fee(self, amount: int) -> None:
        """Ask for a fee for being late."""
        self._change("fee", -amount)
        self.late_fee += amount
        self.asked["fee"] = self.asked.get("fee", 0) + amount

    # -- being late -------------------------------------------------------------------

    def note_if_met(self, day: date) -> None:
        """Note the day, if nothing is missing at its end for the first time."""
        if not self.missing:
            self.met = min(self.met, day)

    def count(self) -> None:
        """Let what is late bear its penalty, up to the day to which its dues are counted."""
        day = self.dues.counted
        if self.terms is None or self.mark >= day:
            return
        most = self.most
        if most is not None and sum(self.charges_by(day).values()) >= most:
            reached = first_reached(
                lambda each: sum(self.charges_by(each).values()), most, self.mark, day
            )
            before, now = self.charges_by(reached - ONE_DAY), self.charges_by(reached)
            self._bear_to(reached)
            self.fix(within(before, now, most))
        self._bear_to(day)

    @property
    def most(self) -> int | None:
        """The most that its penalty may still come to, if it has a limit."""
        if self.terms is None or self.terms.cap_share is None or self.capped:
            return None
        return round_fraction(
            self.asked.get("principal", 0) * self.terms.cap_share, self.dues.rounding
        )

    def charges_by(self, day: date, seen: date | None = None) -> dict[Kind, int]:
        """Return what being late will have cost by a day, its own limit left aside.

        As it is seen on that day or on another one: within its grace nothing is charged yet.
        """
        more = dict.fromkeys(PENALTIES, ZERO)
        for kind, segment in self._borne(day):
            more[kind] += segment.interest
        rounding = self.dues.rounding
        return {
            kind: self._charged(kind, seen or day, rounding, more[kind]) - self.asked.get(kind, 0)
            for kind in PENALTIES
        }

    def _borne(self, day: date) -> list[tuple[Kind, Segment]]:
        late = self.terms is not None and self.mark < day and self.contractual > 0
        idle = self.dues.frozen or self.capped or not late
        return [] if idle else self.dues.borne(self, self.mark, day)

    def _bear_to(self, day: date) -> None:
        for kind, segment in self._borne(day):
            self.bear(kind, segment)
        self.mark = day

    def bear(self, kind: Kind, segment: Segment) -> None:
        """Let a stretch of days cost a penalty."""
        if segment.base and segment.rate and segment.share:
            self.stretches.setdefault(kind, []).append(segment)
            self.exact[kind] = self.exact.get(kind, ZERO) + segment.interest

    def forget_if_in_time(self, day: date) -> None:
        """Drop the penalty of an instalment that was paid within its grace."""
        if day <= self.grace_end and not self.contractual:
            for kind in PENALTIES:
                self.exact.pop(kind, None)
                self.stretches.pop(kind, None)
            self.forgo_late_fee()


def first_reached(charged: Callable[[date], int], most: int, low: date, high: date) -> date:
    """Return the first day after `low` on which charges come to so much, as they do by `high`.

    They never fall and grow nearly evenly, so that the first guess is nearly right; where it is not, the
    days left are halved.
    """
    less, more = charged(low), charged(high)
    halve = False
    while (days := (high - low).days) > 1:
        even = days * (most - less) // max(1, more - less)
        middle = low + timedelta(days=days // 2 if halve else min(max(1, even), days - 1))
        found = charged(middle)
        if found >= most:
            high, more = middle, found
        else:
            low, less = middle, found
        halve = 2 * (high - low).days > days
    return high


def within(before: Mapping[Kind, int], now: Mapping[Kind, int], most: int) -> dict[Kind, int]:
    """Return penalties between those before and those now that come to `most`."""
    left = most - sum(before.values())
    fixed = dict(before)
    for kind in PENALTIES:
        more = min(max(0, left), now.get(kind, 0) - before.get(kind, 0))
        fixed[kind] = before.get(kind, 0) + more
        left -= more
    return fixed
