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
        return owing if self.moved is None else owing | self.moved.there[lanes]

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
        some = lanes[credited]
        principal, interest = principal.copy(), interest.copy()
        payable = interest[credited]
        used = np.minimum(self.ahead[some], principal[credited] + payable)
        self.ahead[some] -= used
        cash = principal[credited] + payable - used
        if "instalment" not in self.put_off:
            self.put_off["instalment"] = np.zeros(len(self.balance), dtype=np.int64)
        owing = self.put_off["instalment"]
        taken = np.minimum(cash, owing[some])
        owing[some] -= taken
        self.write("deferred_interest", row, some, taken)
        paid = np.minimum(cash - taken, payable)
        owing[some] += payable - paid
        self.write("put_off", row, some, payable - paid)
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
        part = round_ratios(left, payments, self.field.program.rounding)
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
        there = amounts[lanes] > 0
        lanes, k = lanes[there], k[there]
        for number in np.unique(self.pass_change[lanes]).tolist():
            every = self.words_of(number).capitalise_every
            ready = k >= self.pass_last[lanes]
            if every is not None:
                ready |= (k - self.pass_first[lanes] + 1) % every == 0
            some = lanes[ready & (self.pass_change[lanes] == number)]
            self.balance[some] += amounts[some]
            self.write("capitalised", row, some, amounts[some])
            amounts[some] = 0

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
        moved.there[lanes] = True
        moved.principal[lanes], moved.interest[lanes] = principal, left
        moved.borne[lanes] = moved.left[lanes] = 0
        moved.due[lanes] = k + self.pass_periods[lanes]
        return left

    def post_moved(self, lanes: Ints, k: Ints, row: int) -> None:
        """Post the interest of period `k` on what was moved."""
        moved, ground = self.moved, self.field.ground
        if moved is None or not moved.there[lanes].any():
            return
        for number in np.unique(self.pass_change[lanes[moved.there[lanes]]]).tolist():
            words = self.words_of(number)
            at = np.flatnonzero(moved.there[lanes] & (self.pass_change[lanes] == number))
            some, line = lanes[at], self.line[lanes[at]]
            base = moved.principal[some] + (
                moved.interest[some] if words.base == "instalment" else 0
            )
            rate = self.changes[number].rate[some]
            rate = np.where(rate < 0, self.rate[some], rate)
            shares = ground.tops[line, k[at]], ground.bottoms[line, k[at]]
            posted = self.rounded(rate, base.astype(np.float64), *shares)
            self.accrued[row, some] += posted
            if words.interest == "waive":
                self.write("waived", row, some, posted)
            else:
                moved.borne[some] += posted
                self.write("put_off", row, some, posted)
            self.give_up(some[posted >= LANE_AMOUNT_LIMIT])

    def moved_waits(self, lanes: Ints, k: Ints) -> Bools:
        """Whether a moved instalment is due later than due date `k`, whatever ends before."""
        waits = np.zeros(len(lanes), dtype=np.bool_)
        if self.moved is not None:
            for number in np.unique(self.pass_change[lanes[self.moved.there[lanes]]]).tolist():
                if TERMS[self.words_of(number).repay] == "due":
                    waits |= (self.pass_change[lanes] == number) & self.moved.there[lanes]
            waits &= self.moved.due[lanes] > k
        return waits

    def take_moved(self, lanes: Ints, k: Ints, ending: Bools, row: int) -> None:
        """Pay what is payable of moved instalments on due date `k`."""
        moved = self.moved
        if moved is None or not moved.there[lanes].any():
            return
        for number in np.unique(self.pass_change[lanes[moved.there[lanes]]]).tolist():
            terms = TERMS[self.words_of(number).repay]
            at = np.flatnonzero(moved.there[lanes] & (self.pass_change[lanes] == number))
            some, whole = lanes[at], ending[at]
            principal, interest = np.zeros_like(some), np.zeros_like(some)
            if terms == "due":
                whole = k[at] >= moved.due[some]
            elif terms == "spread":
                principal, interest = self._parts_of_moved(some, k[at])
            paid = np.where(whole, moved.interest[some] + moved.borne[some], interest)
            principal = np.where(whole, moved.principal[some], principal)
            self.write("deferred_interest", row, some, paid)
            from_borne = np.minimum(paid, moved.borne[some])
            moved.borne[some] -= from_borne
            moved.interest[some] -= paid - from_borne
            moved.principal[some] -= principal
            left = moved.principal[some] + moved.interest[some] + moved.borne[some]
            moved.there[some] = left != 0

    def _parts_of_moved(self, lanes: Ints, k: Ints) -> tuple[Ints, Ints]:
        """Return what one payment takes of moved instalments that are spread, and of interest."""
        moved, rounding = self.moved, self.field.program.rounding
        assert moved is not None, "something was moved"
        payments = np.maximum(1, self.last[lanes] - k + 1)
        again = lanes[payments != moved.left[lanes]]
        over = payments[payments != moved.left[lanes]]
        moved.part[again] = round_ratios(moved.principal[again], over, rounding)
        moved.part_interest[again] = round_ratios(moved.interest[again], over, rounding)
        moved.left[lanes] = payments - 1
        principal = np.minimum(moved.part[lanes], moved.principal[lanes])
        interest = np.minimum(moved.part_interest[lanes], moved.interest[lanes])
        return principal, interest + moved.borne[lanes]
