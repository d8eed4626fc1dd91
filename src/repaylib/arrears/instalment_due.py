"""One instalment that is due: its amounts by kind, the payments on it, and its penalty."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple, Self

from repaylib.arrears.due_amounts import CONTRACTUAL, PENALTIES, Kind
from repaylib.arrears.penalties import (
    Overdue,
    PenaltyRules,
    cap_share_amount,
    first_reached,
    rounded_penalty,
    up_to_cap,
)
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.dates.days import ONE_DAY
from repaylib.engine.entries import Segment
from repaylib.money.rounding import ZERO
from repaylib.typing import Rounding


class PartPayment(NamedTuple):
    """Money allocated to an instalment: the day, and how much of each kind, in minor units."""

    on: date
    parts: dict[Kind, int]

    @property
    def amount(self) -> int:
        """All of it."""
        return sum(self.parts.values())


@dataclass(slots=True, eq=False)
class InstalmentDue:
    """An instalment, or another amount with its own due date, in minor units.

    Attributes
    ----------
    number, due
        Number of the due date (0 if it is none), and the day.
    due_parts
        The amounts that fell due, by kind.
    name
        What it is, if no instalment: ``"balance"``, or what a charge was for.
    planned
        Whether it is part of the schedule, and no charge.
    set_apart
        Whether it is kept apart: paid after all else, and not in arrears.
    terms
        The penalty terms of the due date.
    late_from, grace_end
        From when the penalty runs; the last day on which a payment is in time.
    penalised_to
        The day up to which the penalty has accrued.
    fee_due
        Whether a late fee may still be charged.
    late_fee
        How much of the fees was charged for being late.
    met_on
        The day on which nothing of it was missing any more.
    waived, paid
        How much of each kind was waived and paid.
    payments
        The payments, in order.
    penalty_segments, accrued
        The segments on which a penalty accrued, and the unrounded sum, by kind.
    rounded_with
        The interest charged before with which that of the interest is rounded.
    capped_penalties
        The penalties, once they have reached a cap.
    penalties
        The rules by which a penalty accrues.
    on_change
        Called before an amount changes: with the instalment, and by how much the principal owed
        falls.
    """

    number: int
    due: date
    due_parts: dict[Kind, int]
    name: str = ""
    terms: PenaltyTerms | None = None
    late_from: date = date.max
    grace_end: date = date.max
    penalised_to: date = date.max
    fee_due: bool = False
    planned: bool = False
    set_apart: bool = False
    late_fee: int = 0
    met_on: date = date.max
    waived: dict[Kind, int] = field(default_factory=dict)
    paid: dict[Kind, int] = field(default_factory=dict)
    payments: list[PartPayment] = field(default_factory=list)
    penalty_segments: dict[Kind, list[Segment]] = field(default_factory=dict)
    accrued: dict[Kind, Fraction] = field(default_factory=dict)
    rounded_with: int = 0
    capped_penalties: dict[Kind, int] | None = None
    penalties: PenaltyRules = field(init=False, repr=False)
    on_change: Callable[[InstalmentDue, int], None] = field(init=False, repr=False)

    def fall_due(
        self, penalties: PenaltyRules, on_change: Callable[[InstalmentDue, int], None]
    ) -> None:
        """Let it fall due under the penalty terms of its due date."""
        self.penalties, self.on_change = penalties, on_change
        self.due_parts = {kind: amount for kind, amount in self.due_parts.items() if amount}
        self.late_from = self.grace_end = self.penalised_to = self.due
        self.terms = None if self.set_apart else penalties.terms_on(self.due)
        if self.terms is not None:
            self.grace_end, self.late_from = self.terms.grace_of(self.due)
            self.penalised_to = self.late_from
            self.fee_due = self.terms.late_fee is not None and self.number > 0

    def copy(
        self, penalties: PenaltyRules, on_change: Callable[[InstalmentDue, int], None]
    ) -> Self:
        """Return an independent copy under other rules, to look ahead with."""
        other = copy(self)
        other.penalties, other.on_change = penalties, on_change
        for name in ("due_parts", "waived", "paid", "accrued"):
            setattr(other, name, dict(getattr(self, name)))
        other.payments = [PartPayment(paid.on, dict(paid.parts)) for paid in self.payments]
        other.penalty_segments = {
            kind: list(segments) for kind, segments in self.penalty_segments.items()
        }
        return other

    # -- amounts ----------------------------------------------------------------------

    def charged(self, kind: Kind, day: date, rounding: Rounding) -> int:
        """Return the amount due of a kind as of a day, before payments and waivers."""
        if kind in PENALTIES:
            self.accrue_penalty()
        return self._charged(kind, day, rounding, ZERO)

    def _charged(self, kind: Kind, day: date, rounding: Rounding, more: Fraction) -> int:
        """Return the same, with `more` accrued; nothing has accrued within the grace."""
        amount = self.due_parts.get(kind, 0)
        if self.capped_penalties is not None and kind in self.capped_penalties:
            return amount + self.capped_penalties[kind]
        accrued = self.accrued.get(kind)
        if (accrued is None and not more) or (kind in PENALTIES and day <= self.grace_end):
            return amount
        before = self.rounded_with if kind == "interest" else 0
        return amount + rounded_penalty(before + (accrued or ZERO) + more, rounding) - before

    @property
    def kinds(self) -> set[Kind]:
        """The kinds of which it consists."""
        self.accrue_penalty()
        return {*self.due_parts, *self.accrued, *(self.capped_penalties or ())}

    def open(self, kind: Kind, day: date, rounding: Rounding) -> int:
        """Return the open amount of a kind."""
        gone = self.paid.get(kind, 0) + self.waived.get(kind, 0)
        return self.charged(kind, day, rounding) - gone

    def unpaid(self, kind: Kind) -> int:
        """Return the open part of the amount that fell due, without penalties accrued since."""
        return self.due_parts.get(kind, 0) - self.paid.get(kind, 0) - self.waived.get(kind, 0)

    @property
    def contractual(self) -> int:
        """What is still owed of the amount in the schedule."""
        if self.set_apart:
            return 0
        left = 0
        for kind in self.due_parts:  # of others nothing fell due
            if kind in CONTRACTUAL:
                late_fee = self.late_fee if kind == "fee" else 0
                left += max(0, self.unpaid(kind) - late_fee)
        return left

    @property
    def missing(self) -> int:
        """What makes it late: of an instalment the amount in the schedule, of a charge all of it."""
        if self.planned:
            return self.contractual
        return sum(max(0, self.unpaid(kind)) for kind in self.due_parts)

    def days_late(self, day: date) -> int:
        """Return for how many days something of it was missing, up to a day."""
        return max(0, (min(self.met_on, day) - self.due).days)

    def late_charges(self, day: date, rounding: Rounding) -> dict[Kind, int]:
        """Return the penalties as of a day, by kind."""
        self.accrue_penalty()
        return {
            kind: self._charged(kind, day, rounding, ZERO) - self.due_parts.get(kind, 0)
            for kind in PENALTIES
            if kind in self.accrued or self.capped
        }

    def owes(self, day: date, rounding: Rounding) -> int:
        """Return all that is owed of it."""
        return sum(self.open(kind, day, rounding) for kind in self.kinds)

    def done(self, rounding: Rounding) -> bool:
        """Whether nothing is owed of it, nor ever will be."""
        return not self.fee_due and not self.contractual and not self.owes(date.max, rounding)

    def _change(self, kind: Kind, less: int) -> None:
        """Accrue the penalty before there is less of a kind, and report the change."""
        self.accrue_penalty()
        self.on_change(self, less if kind == "principal" and self.planned else 0)

    def pay(self, kind: Kind, amount: int, day: date) -> None:
        """Allocate money to a kind."""
        if not amount:
            return
        self._change(kind, amount)
        self.paid[kind] = self.paid.get(kind, 0) + amount
        if not self.payments or self.payments[-1].on != day:
            self.payments.append(PartPayment(day, {}))
        parts = self.payments[-1].parts
        parts[kind] = parts.get(kind, 0) + amount

    def waive(self, kind: Kind, amount: int) -> None:
        """Waive an amount of a kind."""
        if amount:
            self._change(kind, amount)
            self.waived[kind] = self.waived.get(kind, 0) + amount

    def shift_to_interest(self, amount: int) -> None:
        """Let more interest be due, and as much less principal."""
        self._change("principal", amount)
        self.due_parts["interest"] = self.due_parts.get("interest", 0) + amount
        self.due_parts["principal"] = self.due_parts.get("principal", 0) - amount

    def drop_late_fee(self) -> None:
        """Let no late fee be charged any more."""
        self.fee_due = False
        self.on_change(self, 0)

    def charge_late_fee(self, amount: int) -> None:
        """Charge a late fee."""
        self._change("fee", -amount)
        self.late_fee += amount
        self.due_parts["fee"] = self.due_parts.get("fee", 0) + amount

    # -- being late -------------------------------------------------------------------

    def note_if_met(self, day: date) -> None:
        """Note the day, if nothing is missing at its end for the first time."""
        if not self.missing:
            self.met_on = min(self.met_on, day)

    def accrue_penalty(self) -> None:
        """Accrue the penalty up to the day that the rules have reached, at most up to its own cap."""
        day = self.penalties.accrued_to
        if self.terms is None or self.penalised_to >= day:
            return
        cap = self.penalty_cap
        if cap is not None and sum(self.charges_by(day).values()) >= cap:
            reached = first_reached(
                lambda middle: sum(self.charges_by(middle).values()), cap, self.penalised_to, day
            )
            before, now = self.charges_by(reached - ONE_DAY), self.charges_by(reached)
            self._accrue_to(reached)
            self.cap_penalties(up_to_cap(before, now, cap))
        self._accrue_to(day)

    @property
    def penalty_cap(self) -> int | None:
        """The most that its penalty may come to; ``None`` if it has no cap, or has reached it."""
        if self.capped:
            return None
        principal = self.due_parts.get("principal", 0)
        return cap_share_amount(self.terms, principal, self.penalties.rounding)

    @property
    def capped(self) -> bool:
        """Whether its penalty has reached a cap."""
        return self.capped_penalties is not None

    def cap_penalties(self, amounts: dict[Kind, int]) -> None:
        """Let the penalties be these amounts from now on."""
        self.capped_penalties = dict(amounts)

    def charges_by(self, day: date, seen: date | None = None) -> dict[Kind, int]:
        """Return the penalties that will have accrued by a day, before its own cap.

        They are seen on that day or on another one: within its grace nothing is charged yet.
        """
        more = dict.fromkeys(PENALTIES, ZERO)
        for kind, segment in self._segments_to(day):
            more[kind] += segment.interest
        rounding = self.penalties.rounding
        return {
            kind: self._charged(kind, seen or day, rounding, more[kind])
            - self.due_parts.get(kind, 0)
            for kind in PENALTIES
        }

    def _segments_to(self, day: date) -> list[tuple[Kind, Segment]]:
        if self.terms is None or self.penalised_to >= day or self.penalties.frozen or self.capped:
            return []
        total = self.contractual
        if not total:
            return []
        overdue = Overdue(
            total,
            max(0, self.unpaid("principal")),
            max(0, self.unpaid("interest") + self.unpaid("deferred_interest")),
            self.planned,
        )
        return self.penalties.segments(overdue, self.late_from, self.penalised_to, day)

    def _accrue_to(self, day: date) -> None:
        for kind, segment in self._segments_to(day):
            self.accrue(kind, segment)
        self.penalised_to = day

    def accrue(self, kind: Kind, segment: Segment) -> None:
        """Accrue a penalty, or interest, over a segment."""
        if segment.base and segment.rate and segment.share:
            self.penalty_segments.setdefault(kind, []).append(segment)
            self.accrued[kind] = self.accrued.get(kind, ZERO) + segment.interest

    def carry_residual(self, residual: Fraction, rounded_with: int) -> None:
        """Let what rounding left out of the interest charged be rounded with it and what accrues."""
        self.accrued["interest"], self.rounded_with = residual, rounded_with

    def settle_interest(self, day: date, rounding: Rounding) -> None:
        """Round the interest accrued since the due date for good."""
        if "interest" in self.accrued:
            due = self.due_parts.get("interest", 0)
            self.accrued["interest"] = Fraction(self.charged("interest", day, rounding) - due)
            self.rounded_with = 0

    def forget_if_in_time(self, day: date) -> None:
        """Drop the penalty of an instalment that was paid within its grace."""
        if day <= self.grace_end and not self.contractual:
            for kind in PENALTIES:
                self.accrued.pop(kind, None)
                self.penalty_segments.pop(kind, None)
            self.drop_late_fee()
