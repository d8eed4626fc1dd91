"""The amounts that deferrals have deferred in many loans, and when they are paid.

It is :mod:`repaylib.engine.deferred_amounts` over arrays. Deferred interest is kept by when it is paid; a
moved instalment has principal and interest, and may go on accruing interest.
"""

from __future__ import annotations

import numpy as np

from repaylib.changes.deferral import Deferral
from repaylib.money.rounding_arrays import round_ratios
from repaylib.portfolio.vectorised.state import LANE_AMOUNT_LIMIT, LaneState
from repaylib.typing import Bools, Ints, Repay

__all__ = ["LaneDeferrals"]


#: The key of `deferred_interest` for each value of ``repay``.
TERMS: dict[Repay, str] = {
    "next": "due",
    "now": "due",
    "spread": "spread",
    "last": "last",
    "capitalise": "capitalise",
}


class LaneDeferrals(LaneState):
    """The state of many loans, with their deferred amounts; see the module."""

    def deferral_of(self, number: int) -> Deferral:
        """Return a deferral by its number."""
        deferral = self.changes[number].change
        assert isinstance(deferral, Deferral), "only a deferral defers"
        return deferral

    def owes_deferred(self, lanes: Ints) -> Bools:
        """Whether a deferred amount has yet to be paid."""
        owing = np.zeros(len(lanes), dtype=np.bool_)
        for amounts in self.deferred_interest.values():
            owing |= amounts[lanes] != 0
        return owing if self.moved is None else owing | self.moved.present[lanes]

    def total_deferred(self, lanes: Ints) -> Ints:
        """Return the deferred interest, however it is repaid."""
        total = np.zeros(len(lanes), dtype=np.int64)
        for amounts in self.deferred_interest.values():
            total += amounts[lanes]
        return total

    # -- deferred interest ----------------------------------------------------------

    def defer_interest(self, deferral: Deferral, lanes: Ints, interest: Ints, row: int) -> None:
        """Defer interest, without interest on it."""
        terms = TERMS[deferral.repay]
        if terms not in self.deferred_interest:
            self.deferred_interest[terms] = np.zeros(len(self.balance), dtype=np.int64)
        self.deferred_interest[terms][lanes] += interest
        self.write("newly_deferred", row, lanes, interest)

    def pay_deferred(self, terms: str, lanes: Ints, row: int) -> None:
        """Pay deferred interest."""
        if terms in self.deferred_interest:
            amounts = self.deferred_interest[terms]
            self.write("deferred_interest", row, lanes, amounts[lanes])
            amounts[lanes] = 0

    def paid_in_advance(self, lanes: Ints) -> Ints:
        """Return the amount paid in advance, which the plan still counts as owed."""
        ahead = self.advance_payments[lanes]
        return (
            ahead + self.deferred_interest["instalment"][lanes]
            if "instalment" in self.deferred_interest
            else ahead
        )

    def apply_advance_payment(
        self,
        lanes: Ints,
        before_end: Bools,
        principal: Ints,
        interest: Ints,
        row: int,
    ) -> tuple[Ints, Ints]:
        """Lower instalments by the advance payment; return the principal and interest paid.

        As in the engine, the interest of the instalments that it covers stays open, and the next
        instalments pay it before their principal.
        """
        credited = np.flatnonzero(before_end & (self.paid_in_advance(lanes) > 0))
        if not len(credited):
            return principal, interest
        subset = lanes[credited]
        principal, interest = principal.copy(), interest.copy()
        payable = interest[credited]
        used = np.minimum(self.advance_payments[subset], principal[credited] + payable)
        self.advance_payments[subset] -= used
        cash = principal[credited] + payable - used
        if "instalment" not in self.deferred_interest:
            self.deferred_interest["instalment"] = np.zeros(len(self.balance), dtype=np.int64)
        owing = self.deferred_interest["instalment"]
        taken = np.minimum(cash, owing[subset])
        owing[subset] -= taken
        self.write("deferred_interest", row, subset, taken)
        paid = np.minimum(cash - taken, payable)
        owing[subset] += payable - paid
        self.write("newly_deferred", row, subset, payable - paid)
        principal[credited], interest[credited] = cash - taken - paid, paid
        return principal, interest

    def spread(self, lanes: Ints, period: Ints, row: int) -> None:
        """Write the part of the spread interest that each payment from now on pays."""
        if "spread" not in self.deferred_interest:
            return
        amounts = self.deferred_interest["spread"]
        lanes, period = lanes[amounts[lanes] > 0], period[amounts[lanes] > 0]
        if not len(lanes):
            return
        payments = np.maximum(1, self.last[lanes] - period + 1)
        left = amounts[lanes]
        amounts[lanes] = 0
        self.spreading[lanes] = True
        part = round_ratios(left, payments, self.context.program.rounding)
        alike = int(np.minimum(payments - 1, left // np.maximum(part, 1)).min())
        if part.all():  # this many payments pay whole parts in every lane
            for offset in range(alike):
                self.write("deferred_interest", row + offset, lanes, part)
            left = left - alike * part
        else:
            alike = 0
        for offset in range(alike, min(int(payments.max()), self.rows - row)):
            paid = np.where(payments == offset + 1, left, np.minimum(part, left))
            paid = np.where(payments > offset, paid, 0)
            left = left - paid
            self.write("deferred_interest", row + offset, lanes, paid)

    def capitalise(self, lanes: Ints, period: Ints, row: int) -> None:
        """Capitalise deferred interest that is due to join the principal."""
        if "capitalise" not in self.deferred_interest:
            return
        amounts = self.deferred_interest["capitalise"]
        present = amounts[lanes] > 0
        lanes, period = lanes[present], period[present]
        for number in np.unique(self.holiday_change[lanes]).tolist():
            every = self.deferral_of(number).capitalise_every
            ready = period >= self.holiday_last[lanes]
            if every is not None:
                ready |= (period - self.holiday_first[lanes] + 1) % every == 0
            subset = lanes[ready & (self.holiday_change[lanes] == number)]
            self.balance[subset] += amounts[subset]
            self.write("capitalised", row, subset, amounts[subset])
            amounts[subset] = 0

    # -- moved instalments --------------------------------------------------------------

    def moved_principal(self, lanes: Ints) -> Ints:
        """Return the deferred principal that is still owed."""
        if self.moved is None:
            return np.zeros(len(lanes), dtype=np.int64)
        return self.moved.principal[lanes]

    def defer_instalment(
        self, deferral: Deferral, lanes: Ints, period: Ints, principal: Ints, interest: Ints
    ) -> Ints:
        """Defer one whole instalment; return the interest that is not paid now."""
        moved = self.moved
        assert moved is not None, "there is room for what is moved"
        left = np.zeros_like(interest) if deferral.interest_paid_now else interest
        moved.present[lanes] = True
        moved.principal[lanes], moved.interest[lanes] = principal, left
        moved.accrued_interest[lanes] = moved.payments_left[lanes] = 0
        moved.due[lanes] = period + self.holiday_periods[lanes]
        return left

    def post_moved(self, lanes: Ints, period: Ints, row: int) -> None:
        """Post the interest of a period on moved instalments."""
        moved, due_dates = self.moved, self.context.due_dates
        if moved is None or not moved.present[lanes].any():
            return
        for number in np.unique(self.holiday_change[lanes[moved.present[lanes]]]).tolist():
            deferral = self.deferral_of(number)
            at = np.flatnonzero(moved.present[lanes] & (self.holiday_change[lanes] == number))
            subset, timetable_of = lanes[at], self.timetable_of[lanes[at]]
            base = moved.principal[subset] + (
                moved.interest[subset] if deferral.base == "instalment" else 0
            )
            rate = self.changes[number].rate[subset]
            rate = np.where(rate < 0, self.rate[subset], rate)
            shares = (
                due_dates.numerators[timetable_of, period[at]],
                due_dates.denominators[timetable_of, period[at]],
            )
            posted = self.rounded(rate, base.astype(np.float64), *shares)
            self.accrued[row, subset] += posted
            if deferral.interest == "waive":
                self.write("waived", row, subset, posted)
            else:
                moved.accrued_interest[subset] += posted
                self.write("newly_deferred", row, subset, posted)
            self.fall_back(subset[posted >= LANE_AMOUNT_LIMIT])

    def moved_waits(self, lanes: Ints, period: Ints) -> Bools:
        """Whether a moved instalment falls due later than due date `period`, whatever ends before."""
        waits = np.zeros(len(lanes), dtype=np.bool_)
        if self.moved is not None:
            for number in np.unique(self.holiday_change[lanes[self.moved.present[lanes]]]).tolist():
                if TERMS[self.deferral_of(number).repay] == "due":
                    waits |= (self.holiday_change[lanes] == number) & self.moved.present[lanes]
            waits &= self.moved.due[lanes] > period
        return waits

    def pay_moved(self, lanes: Ints, period: Ints, ending: Bools, row: int) -> None:
        """Pay the part of moved instalments that falls due on due date `period`."""
        moved = self.moved
        if moved is None or not moved.present[lanes].any():
            return
        for number in np.unique(self.holiday_change[lanes[moved.present[lanes]]]).tolist():
            terms = TERMS[self.deferral_of(number).repay]
            at = np.flatnonzero(moved.present[lanes] & (self.holiday_change[lanes] == number))
            subset, whole = lanes[at], ending[at]
            principal, interest = np.zeros_like(subset), np.zeros_like(subset)
            if terms == "due":
                whole = period[at] >= moved.due[subset]
            elif terms == "spread":
                principal, interest = self._parts_of_moved(subset, period[at])
            paid = np.where(
                whole, moved.interest[subset] + moved.accrued_interest[subset], interest
            )
            principal = np.where(whole, moved.principal[subset], principal)
            self.write("deferred_interest", row, subset, paid)
            from_accrued = np.minimum(paid, moved.accrued_interest[subset])
            moved.accrued_interest[subset] -= from_accrued
            moved.interest[subset] -= paid - from_accrued
            moved.principal[subset] -= principal
            left = moved.principal[subset] + moved.interest[subset] + moved.accrued_interest[subset]
            moved.present[subset] = left != 0

    def _parts_of_moved(self, lanes: Ints, period: Ints) -> tuple[Ints, Ints]:
        """Return the principal and interest that one payment pays of spread moved instalments."""
        moved, rounding = self.moved, self.context.program.rounding
        assert moved is not None, "something was moved"
        payments = np.maximum(1, self.last[lanes] - period + 1)
        again = lanes[payments != moved.payments_left[lanes]]
        over = payments[payments != moved.payments_left[lanes]]
        moved.part[again] = round_ratios(moved.principal[again], over, rounding)
        moved.part_interest[again] = round_ratios(moved.interest[again], over, rounding)
        moved.payments_left[lanes] = payments - 1
        principal = np.minimum(moved.part[lanes], moved.principal[lanes])
        interest = np.minimum(moved.part_interest[lanes], moved.interest[lanes])
        return principal, interest + moved.accrued_interest[lanes]
