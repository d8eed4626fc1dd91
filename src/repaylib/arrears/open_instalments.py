"""The instalments that have fallen due: which are open, and the penalties and late fees on them."""

from __future__ import annotations

from collections import deque
from copy import copy
from datetime import date
from typing import Self

from repaylib.arrears.instalment_due import InstalmentDue
from repaylib.arrears.penalties import PenaltyRules, first_reached, late_fee_amount, up_to_cap
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.dates.days import ONE_DAY
from repaylib.money.amounts import minor_of


class OpenInstalments:
    """The instalments that have fallen due, and other amounts, in order.

    Parameters
    ----------
    penalties
        The rules by which penalties accrue.
    decimals
        The decimals of the currency.
    most, most_late
        What the cap on costs of the loan leaves for penalties and late fees, and the most of all late
        fees; ``None`` without a limit.

    Attributes
    ----------
    all_items, open_items
        All that fell due, in order; of it, what is open.
    unmet
        All of which something contractual is owed, in order; others may be among them.
    in_grace
        What penalties may be charged for, up to the day after its grace.
    changed
        What has changed on the day.
    principal
        The principal that has fallen due by the schedule, and is owed.
    in_red
        Whether an amount below zero has fallen due.
    """

    def __init__(
        self,
        penalties: PenaltyRules,
        decimals: int,
        most: int | None = None,
        most_late: int | None = None,
    ) -> None:
        self.penalties = penalties
        self.decimals = decimals
        self.most, self.most_late = most, most_late
        self.all_items: list[InstalmentDue] = []
        self.open_items: list[InstalmentDue] = []
        self.unmet: deque[InstalmentDue] = deque()
        self.in_grace: list[InstalmentDue] = []
        self.changed: dict[int, InstalmentDue] = {}
        self.principal = 0
        self.in_red = False
        # The cap on all penalties of the loan: their sum when it was last computed, the day, and
        # what may have accrued penalties since.
        self._charges, self._charges_on, self._base = 0, penalties.accrued_to, 0

    def copy(self, *, live: bool) -> Self:
        """Return an independent copy to look ahead with; the open items are copied if `live`."""
        other = copy(self)
        other.penalties = copy(self.penalties)
        own = (
            {id(item): item.copy(other.penalties, other.note) for item in self.open_items}
            if live
            else {}
        )
        other.all_items = [own.get(id(item), item) for item in self.all_items]
        other.open_items = list(own.values())
        other.unmet, other.in_grace, other.changed = deque(other.open_items), [], {}
        return other

    # -- what falls due ---------------------------------------------------------------

    def add(self, item: InstalmentDue) -> None:
        """Add what falls due."""
        item.fall_due(self.penalties, self.note)
        self.all_items.append(item)
        self.open_items.append(item)
        self.changed[id(item)] = item
        if not item.set_apart:
            self.unmet.append(item)
        if item.terms is not None:
            self.in_grace.append(item)
        if item.planned:
            self.principal += item.unpaid("principal")
        self._base += sum(max(0, amount) for amount in item.due_parts.values())
        self.in_red = self.in_red or min(item.due_parts.values(), default=0) < 0

    def note(self, item: InstalmentDue, less_principal: int) -> None:
        """Note that an item changes, and that less of its principal is owed."""
        self.changed[id(item)] = item
        self.principal -= less_principal

    def close(self, day: date) -> None:
        """Note at the end of a day what is met, and drop what is no longer open."""
        gone = set()
        for item in self.changed.values():
            item.note_if_met(day)
            if item.done(self.penalties.rounding):
                gone.add(id(item))
                self.principal -= item.unpaid("principal") if item.planned else 0
        if gone:
            self.open_items = [item for item in self.open_items if id(item) not in gone]
        self.in_grace = [
            item for item in self.in_grace if item.grace_end >= day and id(item) not in gone
        ]
        self.changed = {}

    def clear(self) -> None:
        """Drop all that fell due, as if it were paid."""
        self.open_items, self.principal = [], 0

    def missing(self) -> deque[InstalmentDue]:
        """Return the items from the first of which principal or interest may be owed."""
        unmet = self.unmet
        while unmet and not unmet[0].contractual and "interest" not in unmet[0].accrued:
            unmet.popleft()
        return unmet

    def shift_to_interest(self, item: InstalmentDue, amount: int) -> None:
        """Let more interest of an item be due, and as much less principal."""
        if amount:
            met = not item.contractual
            item.shift_to_interest(amount)
            if met and item.contractual:
                self.unmet = deque(item for item in self.open_items if not item.set_apart)

    def days_past_due(self, day: date) -> int:
        """Return the days since the oldest due date on which something is still missing."""
        for item in self.missing():
            if item.due >= day:
                break
            if item.planned and item.contractual:
                return (day - item.due).days
        return 0

    # -- penalties --------------------------------------------------------------------

    def penalise_to(self, day: date) -> None:
        """Let penalties accrue up to a day, or until they reach the cap of the loan.

        They stop on the day on which they reach it, so nothing depends on the days on which this is
        called.
        """
        rules = self.penalties
        while rules.accrued_to < day:
            terms = rules.terms_on(rules.accrued_to)
            stop = min((on for on, _ in rules.steps if rules.accrued_to < on < day), default=day)
            cap = None if rules.frozen else self._cap_of(terms)
            if (
                cap is not None
                and self._may_reach(stop, cap)
                and self._charges_by(stop, stop) >= cap
            ):
                stop = first_reached(
                    lambda on: self._charges_by(on, on), cap, rules.accrued_to, stop
                )
                self._cap_all(stop, cap)
            rules.accrued_to = stop

    def charge_late_fees(self, day: date) -> None:
        """Charge the late fee of every instalment whose grace is over."""
        for item in self.in_grace:
            if not item.fee_due or day <= item.grace_end:
                continue
            item.drop_late_fee()
            terms = item.terms
            if terms is None or not item.contractual or self.penalties.frozen:
                continue
            amount = late_fee_amount(
                terms, item.contractual, self.penalties.rounding, self.decimals
            )
            if self.most_late is not None:
                fees = sum(each.late_fee for each in self.all_items)
                amount = max(0, min(amount, self.most_late - fees))
            if (cap := self._cap_of(terms)) is not None:
                if self._may_reach(day, cap - amount + 1):
                    amount = max(0, min(amount, cap - self._charges_by(day, day)))
                self._charges += amount
            item.charge_late_fee(amount)

    def _cap_of(self, terms: PenaltyTerms | None) -> int | None:
        """Return the cap on all penalties and late fees: of the terms, or of the loan if lower."""
        if terms is None or terms.cap is None:
            return None if terms is None else self.most
        own = minor_of(terms.cap, self.decimals)
        return own if self.most is None else min(own, self.most)

    def freeze(self) -> None:
        """Let no more penalties accrue."""
        for item in self.open_items:
            item.accrue_penalty()
        self.penalties.frozen = True

    def _may_reach(self, day: date, cap: int) -> bool:
        """Whether penalties and late fees may reach a cap by a day; if not, they do not.

        Adding them all up takes time. It is done only when a bound does not rule out that the cap
        is reached: their last sum, and the most that can have accrued since.
        """
        unit = self.penalties.most_accrued(self._charges_on, day)
        if unit is not None:
            rounded = 4 * len(self.all_items)  # then and now, two kinds, each by less than a unit
            if self._charges + self._base * unit + rounded < cap:
                return False
        self._charges, self._charges_on = self._charges_by(day, date.max), day
        self._base = sum(item.contractual for item in self.open_items)
        return self._charges >= cap

    def _charges_by(self, day: date, seen: date) -> int:
        """Return penalties and late fees by a day, as seen on it, or later, when no grace is left."""
        found = 0
        for item in self.all_items:
            charges = sum(item.charges_by(day, seen).values())
            cap = item.penalty_cap
            if cap is not None and charges >= cap:
                now = item.late_charges(day, self.penalties.rounding)
                charges = max(cap, sum(now.values()))
            found += charges + item.late_fee
        return found

    def _cap_all(self, day: date, cap: int) -> None:
        """Stop all penalties on the day on which they reach the cap of the loan."""
        rules = self.penalties
        rules.accrued_to = day - ONE_DAY
        before = [item.late_charges(rules.accrued_to, rules.rounding) for item in self.all_items]
        rules.accrued_to = day
        now = [item.late_charges(day, rules.rounding) for item in self.all_items]
        left = cap - sum(item.late_fee for item in self.all_items)
        left -= sum(sum(was.values()) for was in before)
        for item, was, is_ in zip(self.all_items, before, now, strict=True):
            more = min(max(0, left), sum(is_.values()) - sum(was.values()))
            item.cap_penalties(up_to_cap(was, is_, sum(was.values()) + more))
            left -= more
        self.freeze()
