"""What deferrals have put off or set aside in many loans, and when it is paid.

It is :mod:`repaylib.engine.deferred_amounts` over arrays. Interest put off is kept by the word for when it is paid; an
instalment moved by itself has principal and interest, and may go on bearing interest.
"""

from __future__ import annotations

import numpy as np

from repaylib.changes.deferral import Deferral
from repaylib.money.rounding_arrays import round_ratios
from repaylib.portfolio.vectorised.state import LANE_AMOUNT_LIMIT, LaneState
from repaylib.typing import Bools, Ints, Repay

__all__ = ["LaneAsides"]


#: How the word of a deferral is kept.
TERMS: dict[Repay, str] = {
    "next": "due",
    "now": "due",
    "spread": "spread",
    "last": "last",
    "capitalise": "capitalise",
}


class LaneAsides(LaneState):
    """The state of many loans, with what becomes of what was put off; see the module."""

    def words_of(self, number: int) -> Deferral:
        """Return the words of a deferral by its number."""
        words = self.changes[number].change
        assert isinstance(words, Deferral), "only a deferral puts off"
        return words

    def owing_aside(self, lanes: Ints) -> Bools:
        """Whether anything put off or set aside has yet to be paid."""
        owing = np.zeros(len(lanes), dtype=np.bool_)
        for each in self.put_off.values():
            owing |= each[lanes] != 0
        return owing if self.moved is None else owing | self.moved.present[lanes]

    def put_off_in_all(self, lanes: Ints) -> Ints:
        """Return the interest that is put off, in whatever way."""
        total = np.zeros(len(lanes), dtype=np.int64)
        for each in self.put_off.values():
            total += each[lanes]
        return total

    # -- interest put off -----------------------------------------------------------

    def put_aside(self, words: Deferral, lanes: Ints, interest: Ints, row: int) -> None:
        """Put interest off, without interest on it."""
        terms = TERMS[words.repay]
        if terms not in self.put_off:
            self.put_off[terms] = np.zeros(len(self.balance), dtype=np.int64)
        self.put_off[terms][lanes] += interest
        self.write("put_off", row, lanes, interest)

    def pay_put_off(self, terms: str, lanes: Ints, row: int) -> None:
        """Pay interest that was put off."""
        if terms in self.put_off:
            amounts = self.put_off[terms]
            self.write("deferred_interest", row, lanes, amounts[lanes])
            amounts[lanes] = 0

    def paid_ahead(self, lanes: Ints) -> Ints:
        """Return what the plan still counts as owed, though the balance is lower by it."""
        ahead = self.ahead[lanes]
        return ahead + self.put_off["instalment"][lanes] if "instalment" in self.put_off else ahead

    def use_credit(
        self,
        lanes: Ints,
        before_end: Bools,
        principal: Ints,
        interest: Ints,
        row: int,
    ) -> tuple[Ints, Ints]:
        """Lower instalments by what was paid ahead; return the principal and interest paid.

        As in the engine, the interest of the instalments that it covers is left, and paid out of
        what the next ones ask for, before their principal.
        """
        credited = np.flatnonzero(before_end & (self.paid_ahead(lanes) > 0))
        if not len(credited):
            return principal, interest
        subset = lanes[credited]
        principal, interest = principal.copy(), interest.copy()
        payable = interest[credited]
        used = np.minimum(self.ahead[subset], principal[credited] + payable)
        self.ahead[subset] -= used
        cash = principal[credited] + payable - used
        if "instalment" not in self.put_off:
            self.put_off["instalment"] = np.zeros(len(self.balance), dtype=np.int64)
        owing = self.put_off["instalment"]
        taken = np.minimum(cash, owing[subset])
        owing[subset] -= taken
        self.write("deferred_interest", row, subset, taken)
        paid = np.minimum(cash - taken, payable)
        owing[subset] += payable - paid
        self.write("put_off", row, subset, payable - paid)
        principal[credited], interest[credited] = cash - taken - paid, paid
        return principal, interest

    def spread(self, lanes: Ints, k: Ints, row: int) -> None:
        """Write what each payment from now on takes of the interest to be spread."""
        if "spread" not in self.put_off:
            return
        amounts = self.put_off["spread"]
        lanes, k = lanes[amounts[lanes] > 0], k[amounts[lanes] > 0]
        if not len(lanes):
            return
        payments = np.maximum(1, self.last[lanes] - k + 1)
        left = amounts[lanes]
        amounts[lanes] = 0
        self.spreading[lanes] = True
        part = round_ratios(left, payments, self.context.program.rounding)
        alike = int(np.minimum(payments - 1, left // np.maximum(part, 1)).min())
        if part.all():  # so many payments are whole parts in every lane
            for ahead in range(alike):
                self.write("deferred_interest", row + ahead, lanes, part)
            left = left - alike * part
        else:
            alike = 0
        for ahead in range(alike, min(int(payments.max()), self.rows - row)):
            taken = np.where(payments == ahead + 1, left, np.minimum(part, left))
            taken = np.where(payments > ahead, taken, 0)
            left = left - taken
            self.write("deferred_interest", row + ahead, lanes, taken)

    def capitalise(self, lanes: Ints, k: Ints, row: int) -> None:
        """Let interest put off join the principal, if its time has come."""
        if "capitalise" not in self.put_off:
            return
        amounts = self.put_off["capitalise"]
        present = amounts[lanes] > 0
        lanes, k = lanes[present], k[present]
        for number in np.unique(self.pass_change[lanes]).tolist():
            every = self.words_of(number).capitalise_every
            ready = k >= self.pass_last[lanes]
            if every is not None:
                ready |= (k - self.pass_first[lanes] + 1) % every == 0
            subset = lanes[ready & (self.pass_change[lanes] == number)]
            self.balance[subset] += amounts[subset]
            self.write("capitalised", row, subset, amounts[subset])
            amounts[subset] = 0

    # -- instalments moved by themselves ----------------------------------------------

    def moved_principal(self, lanes: Ints) -> Ints:
        """Return the principal that was set aside and is still owed."""
        if self.moved is None:
            return np.zeros(len(lanes), dtype=np.int64)
        return self.moved.principal[lanes]

    def move(self, words: Deferral, lanes: Ints, k: Ints, principal: Ints, interest: Ints) -> Ints:
        """Set one whole instalment aside; return the interest that is not paid now."""
        moved = self.moved
        assert moved is not None, "there is room for what is moved"
        left = np.zeros_like(interest) if words.interest_paid_now else interest
        moved.present[lanes] = True
        moved.principal[lanes], moved.interest[lanes] = principal, left
        moved.accrued_interest[lanes] = moved.payments_left[lanes] = 0
        moved.due[lanes] = k + self.pass_periods[lanes]
        return left

    def post_moved(self, lanes: Ints, k: Ints, row: int) -> None:
        """Post the interest of period `k` on what was moved."""
        moved, due_dates = self.moved, self.context.due_dates
        if moved is None or not moved.present[lanes].any():
            return
        for number in np.unique(self.pass_change[lanes[moved.present[lanes]]]).tolist():
            words = self.words_of(number)
            at = np.flatnonzero(moved.present[lanes] & (self.pass_change[lanes] == number))
            subset, timetable_of = lanes[at], self.timetable_of[lanes[at]]
            base = moved.principal[subset] + (
                moved.interest[subset] if words.base == "instalment" else 0
            )
            rate = self.changes[number].rate[subset]
            rate = np.where(rate < 0, self.rate[subset], rate)
            shares = (
                due_dates.numerators[timetable_of, k[at]],
                due_dates.denominators[timetable_of, k[at]],
            )
            posted = self.rounded(rate, base.astype(np.float64), *shares)
            self.accrued[row, subset] += posted
            if words.interest == "waive":
                self.write("waived", row, subset, posted)
            else:
                moved.accrued_interest[subset] += posted
                self.write("put_off", row, subset, posted)
            self.fall_back(subset[posted >= LANE_AMOUNT_LIMIT])

    def moved_waits(self, lanes: Ints, k: Ints) -> Bools:
        """Whether a moved instalment is due later than due date `k`, whatever ends before."""
        waits = np.zeros(len(lanes), dtype=np.bool_)
        if self.moved is not None:
            for number in np.unique(self.pass_change[lanes[self.moved.present[lanes]]]).tolist():
                if TERMS[self.words_of(number).repay] == "due":
                    waits |= (self.pass_change[lanes] == number) & self.moved.present[lanes]
            waits &= self.moved.due[lanes] > k
        return waits

    def take_moved(self, lanes: Ints, k: Ints, ending: Bools, row: int) -> None:
        """Pay what is payable of moved instalments on due date `k`."""
        moved = self.moved
        if moved is None or not moved.present[lanes].any():
            return
        for number in np.unique(self.pass_change[lanes[moved.present[lanes]]]).tolist():
            terms = TERMS[self.words_of(number).repay]
            at = np.flatnonzero(moved.present[lanes] & (self.pass_change[lanes] == number))
            subset, whole = lanes[at], ending[at]
            principal, interest = np.zeros_like(subset), np.zeros_like(subset)
            if terms == "due":
                whole = k[at] >= moved.due[subset]
            elif terms == "spread":
                principal, interest = self._parts_of_moved(subset, k[at])
            paid = np.where(
                whole, moved.interest[subset] + moved.accrued_interest[subset], interest
            )
            principal = np.where(whole, moved.principal[subset], principal)
            self.write("deferred_interest", row, subset, paid)
            from_borne = np.minimum(paid, moved.accrued_interest[subset])
            moved.accrued_interest[subset] -= from_borne
            moved.interest[subset] -= paid - from_borne
            moved.principal[subset] -= principal
            left = moved.principal[subset] + moved.interest[subset] + moved.accrued_interest[subset]
            moved.present[subset] = left != 0

    def _parts_of_moved(self, lanes: Ints, k: Ints) -> tuple[Ints, Ints]:
        """Return what one payment takes of moved instalments that are spread, and of interest."""
        moved, rounding = self.moved, self.context.program.rounding
        assert moved is not None, "something was moved"
        payments = np.maximum(1, self.last[lanes] - k + 1)
        again = lanes[payments != moved.payments_left[lanes]]
        over = payments[payments != moved.payments_left[lanes]]
        moved.part[again] = round_ratios(moved.principal[again], over, rounding)
        moved.part_interest[again] = round_ratios(moved.interest[again], over, rounding)
        moved.payments_left[lanes] = payments - 1
        principal = np.minimum(moved.part[lanes], moved.principal[lanes])
        interest = np.minimum(moved.part_interest[lanes], moved.interest[lanes])
        return principal, interest + moved.accrued_interest[lanes]
