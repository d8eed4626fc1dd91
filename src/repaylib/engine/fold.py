"""The fold: instructions to amounts, for one loan, in Python integers.

A :class:`Fold` processes due date after due date. :mod:`repaylib.engine.execution` processes the
events of other days, and :mod:`repaylib.engine.instalment_plan` computes a new plan.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from repaylib.engine.deferred_amounts import REPAYMENTS, DeferredAmount, kind_of_arrears
from repaylib.engine.entries import Origin, Segment
from repaylib.engine.fast_path import regular_periods
from repaylib.engine.ledger import Ledger, Note, RatePeriod
from repaylib.engine.payment_holidays import (
    defer_instalment,
    defer_interest,
    ready_to_capitalise,
    skip,
)
from repaylib.engine.program import rounded_off
from repaylib.engine.state import State
from repaylib.engine.trace import trace_deferred_paid, trace_scheduled_payment
from repaylib.errors import Hint, InstalmentError, Phrase
from repaylib.money.amounts import show
from repaylib.money.rounding import ZERO, bias_of, round_fraction
from repaylib.phrases.phrase import InPython
from repaylib.rates.annuity import grown_payments, highest_balance, level_instalment
from repaylib.terms.fees import Fee
from repaylib.terms.instalments import Lumped
from repaylib.terms.methods import BY_PARTS, WHOLE
from repaylib.terms.seasons import rests
from repaylib.wording.sentence import Sentence

__all__ = ["Fold"]

FAST_PATH_PAUSE = 32  # due dates before the fast path is tried again, after it failed
LONGEST_RUN = 599  # periods of one run: enough for a loan, and not much for a look ahead


class Fold(State):
    """The fold of one loan from due date to due date; see the module."""

    __slots__ = ()

    # -- running --------------------------------------------------------------------

    def run_past(self, day: date | None) -> None:
        """Process every due date up to `day`, or to the end of the loan."""
        table = self.accrual.timetable
        if self.ended or (day is not None and table.accrual_date(self.period) > day):
            return
        # A due date on `day` itself is not on the fast path, so that the day stays open.
        high = self.last if day is None else table.first_number_after(day - timedelta(days=1)) - 1
        while not self.ended and (day is None or table.accrual_date(self.period) <= day):
            self.step(high)

    def run_to(self, day: date) -> None:
        """Process the days up to `day`, and the amounts due on it."""
        self.run_past(day)
        if self.entry is not None and self.entry.day < day:
            self.close_day()

    def step(self, high: int) -> None:
        """Process the next due date, or a run of regular periods up to `high`."""
        self.close_day()
        if self.period >= self.last or not self.run_regular_periods(
            min(high, self.last - 1, self.period + LONGEST_RUN)
        ):
            self.process_due_date()

    def finish(self) -> Ledger:
        """Run to the end of the loan and return the ledger."""
        self.run_past(None)
        self.close_day()
        shaped = self.shape is not None and not isinstance(self.shape, Lumped)
        self.ledger.instalment = self.instalment_of(self.last) if shaped else self.amount
        self.ledger.residual, self.ledger.rounded_with = self.accrued, self.charged
        return self.ledger

    def run_regular_periods(self, high: int) -> bool:
        """Take the fast path up to due date `high`; return whether it processed any period."""
        low = self.period
        program = self.program
        if (
            self.trace
            or self.deferred_amounts
            or self.paid_in_advance
            or not self.at_period_start
            or low < self.regular
        ):
            return False
        if self.offset or self.carries or self.cost_room is not None:
            return False
        if low in self.holidays or high < low or self.rate < 0:
            return False
        if self.fixed_base is not None or self.shape is not None or self.method == "bullet":
            return False
        if program.fees or program.interest_tax or low < self.fast_path_from:
            return False
        if program.remainder not in (None, "dropped", "last"):
            return False
        scale = bias_of(program.rounding).scale
        factors, den = self.accrual.factors(low, high, self.rate, scale)
        found = regular_periods(
            low,
            self.balance,
            self.amount,
            self.method,
            factors,
            den * scale,
            program.rounding,
        )
        if not len(found):
            self.fast_path_from = low + FAST_PATH_PAUSE
            return False
        self.ledger.entries.append(found)
        self.balance = found.closings[-1]
        self.period = low + len(found)
        self.accrued_to = self.accrual.timetable.accrual_date(self.period - 1)
        return True

    # -- due dates ------------------------------------------------------------------

    def process_due_date(self) -> None:
        """Process the next due date: post the interest, then pay the instalment or skip it."""
        number = self.period
        day = self.accrual.timetable.accrual_date(number)
        if self.method == "bullet" and number < self.last and number not in self.holidays:
            self.accrue(day)  # nothing falls due, and nothing is posted, before the end
            self.split = None
            self.ledger.has_silent_due_dates = True
            self.next_due(number)
            return
        self.open_day(day, number)
        interest = self.post(day)
        holiday = self.holidays.get(number)
        if holiday is None and number >= self.last:
            interest += self.complete_interest(self.balance - self.program.balloon, interest)
        if holiday is None or holiday.deferral.pause == "interest":
            self.pay(interest)
        else:
            if holiday.moves:
                defer_instalment(self, holiday, interest)
            else:
                skip(self, holiday, interest)
                if holiday.deferral.repay == "capitalise":
                    self.keep_remainder(interest)
            self.charge_due(paying=False)
        self.next_due(number)

    def complete_interest(self, principal: int, interest: int) -> int:
        """Add to the interest of the last payment what roundings have left; return that.

        The interest of all payments is then their sum, rounded once; or the last payment, of
        `principal` without the balloon, is as large as the others. Interest stays above zero.
        """
        remainder, program, left = self.remainder, self.program, 0
        if remainder == "total":
            left = round_fraction(self.posted + self.carried, program.rounding) - self.posted
        elif remainder == "last" and self.method == "level":
            left = self.instalment_of(self.period) - principal - interest
            if abs(left) > self.largest_roundings(self.period):
                return 0
        if not (left := max(left, min(0, -interest))):
            return 0
        self.day.accrued += left
        self.trace_origin(Origin("interest completed", left, Sentence("origin.roundings")))
        return left

    def next_due(self, number: int) -> None:
        """Move on to the due date after `number`."""
        self.period = number + 1
        waiving = self.period in self.holidays and self.holidays[self.period].waives
        if waiving != self.waiving:
            self.waiving = waiving
            self.ledger.rate_periods.append(RatePeriod(self.accrued_to, self.rate, waiving))

    def pay(self, interest: int) -> None:
        """Pay the instalment of due date `period`, and the deferred amounts due with it."""
        alone = not (self.paid_in_advance or self.deferred_amounts or self.period in self.holidays)
        principal, payable = self.scheduled_payment(interest, "principal")
        self.balance -= principal
        if self.balance == 0 and self.period < self.last:
            payable += self.charge_rest()
            if alone or self.remainder == "total":
                payable += self.complete_interest(principal, payable)
            self.last = self.period
        if self.period >= self.last and (principal or payable):
            self.ledger.remarks[self.period] = Sentence("remark.last")
        if self.period in self.holidays:  # only its interest is deferred
            deferral = self.holidays[self.period].deferral
            change = self.holidays[self.period].change
            self.ledger.remarks[self.period] = Sentence("remark.interest_deferred", change=change)
            self.ledger.deferred_dates.setdefault(self.holidays[self.period].change, []).append(
                self.period
            )
            self.receive(principal=principal)
            if payable:
                defer_interest(self, REPAYMENTS[deferral.repay], payable)
            ready_to_capitalise(self, self.holidays[self.period])
            self.charge_due(paying=True)
            return
        self.receive(interest=payable, principal=principal)
        self.charge_due(paying=True)
        later = any(
            deferred.repayment == "due" and deferred.due > self.period
            for deferred in self.deferred_amounts
        )
        self.pay_deferred(ending=self.balance == 0 and not later)

    def charge_rest(self) -> int:
        """Post the rest of an agreed charge if instalments repay before the agreed end."""
        if self.method != "flat" or self.looking or self.fixed_base != self.agreed:
            return 0  # a prepayment since then removes the last instalments, with their charge
        for number in range(self.period + 1, self.last + 1):
            if number not in self.holidays or not self.holidays[number].waives:
                self.charge_period(number)
        return self.post(self.accrued_to)

    def charge_due(self, *, paying: bool) -> None:
        """Charge the fees of due date `period`: of the day, and of the instalment if it is paid."""
        if not self.program.fees:
            return
        entry = self.day
        paid = max(0, entry.interest + entry.principal)
        bases = {"instalment": paid, "balance": self.owed + entry.principal}
        whens = ["due_date", *(["instalment"] if paying else [])]
        if paying and self.period >= self.last:
            whens.append("end")
        for fee in self.program.fees:
            if fee.when in whens:
                self.charge(fee, bases.get(fee.of, self.program.principal))

    def pay_deferred(self, *, ending: bool) -> None:
        """Pay the deferred amounts of due date `period`; all of them with the last payment."""
        left = self.payments_left if self.deferred_amounts else 1
        for deferred in self.deferred_amounts:
            owed = deferred.principal, deferred.interest, deferred.accrued_interest
            principal, interest = deferred.pay_due(self.period, left, ending, self.program.rounding)
            self.receive(principal=principal)
            self.receive_deferred(deferred, interest)
            if self.trace:
                trace_deferred_paid(self, deferred, owed)
        self.sweep()

    @property
    def payments_left(self) -> int:
        """The number of payments left, including that of due date `period`, as far as is known."""
        without = sum(
            self.period < number <= self.last and holiday.skips
            for number, holiday in self.holidays.items()
        )
        return max(1, self.last - self.period + 1 - without)

    def scheduled_payment(self, interest: int, column: str) -> tuple[int, int]:
        """Return the principal and interest due with the instalment of due date `period`.

        `column` names the principal in the derivation.
        """
        principal, payable = self.split_instalment(interest)
        credited = (
            self.paid_in_advance or self.deferred_amounts or principal < 0
        ) and self.period < self.last
        if self.trace:
            trace_scheduled_payment(self, column, principal, payable, credited=bool(credited))
        return self.apply_advance_payment(principal, payable) if credited else (principal, payable)

    def apply_advance_payment(self, principal: int, payable: int) -> tuple[int, int]:
        """Lower the instalment by the advance payments; return the principal and interest paid.

        An advance payment has lowered the principal already. The interest of the instalments it
        covers remains, and the next instalments pay it before their principal.
        """
        due = principal + payable
        used = min(self.paid_in_advance, max(0, due))  # negative interest is refunded
        self.paid_in_advance -= used
        if not self.paid_in_advance:
            self.advance_payments.clear()
        cash = due - used
        for deferred in self.deferred_amounts:
            if deferred.repayment == "instalment":
                lowered = deferred.lower_interest(cash)
                self.receive(deferred_interest=lowered)
                self.trace_origin(Origin("deferred_interest", lowered, deferred.source))
                cash -= lowered
        paid = min(cash, payable)
        if paid < payable:
            defer_interest(self, "instalment", payable - paid)
        return min(cash - paid, self.balance), paid  # a refund of interest may be more than is owed

    def split_instalment(self, interest: int) -> tuple[int, int]:
        """Split the instalment of due date `period`: principal, and interest to be paid.

        The last instalment pays the whole balance. If an instalment is below the interest, there
        are four cases. If the loan allows negative amortisation, or the instalment was solved
        (short periods then make up for a long one), the shortfall joins the principal. If the
        loan allows it without interest, the shortfall is deferred, and the principal is negative
        by it. If the loan waives it, it is not charged. Otherwise the instalment is refused.
        """
        if self.period >= self.last:
            return self.balance, interest
        if rests(self.shape, self.accrual.timetable.accrual_date(self.period)):
            self.ledger.remarks[self.period] = Sentence("remark.interest_only")
            return 0, interest
        if self.remainder == "balance" and self.solved is not None:
            exact = self.exact_principal()
            if 0 <= exact <= self.scheduled_balance:
                principal = round_fraction(exact, self.program.rounding)
                self.drift += principal - exact
                return principal, interest
        if self.method not in WHOLE:
            part = self.instalment_of(self.period) if self.method in BY_PARTS else 0
            return min(part, self.scheduled_balance), interest
        amount = self.instalment_of(self.period)
        tax = 0
        if self.program.tax_included:
            tax = round_fraction(interest * self.program.interest_tax, self.program.rounding)
            amount = max(0, amount - tax)
        shortfall = interest - amount
        if shortfall <= 0:
            return min(-shortfall, self.scheduled_balance), interest
        if not self.program.negative_amortisation and self.solved is not None:
            largest = max(self.instalment_of(self.period), self.instalment_of(self.last))
            if isinstance(self.shape, Lumped):
                largest = self.amount + max(self.shape.amounts)
            if self.balance + shortfall > highest_balance(self.solved, largest):
                self.note_interest_instead()
                return 0, interest
        elif not self.program.negative_amortisation:
            decimals = self.program.decimals
            due = self.accrual.timetable.accrual_date(self.period)
            limits = self.program.instalment_cap, self.program.resets
            if self.awaits_reset and limits != (None, ()):
                raise InstalmentError(
                    "instalment_resets" if limits[0] is None else "instalment_cap",
                    show(self.instalment_of(self.period), decimals),
                    Phrase(
                        "at least the interest due on {}, {}", due, show(interest + tax, decimals)
                    ),
                    Hint(
                        "write {1} or {0}",
                        Phrase("{}", 'negative_amortisation="without_interest"'),
                        negative_amortisation=True,
                    ),
                )
            raise InstalmentError(
                "instalment",
                show(self.instalment_of(self.period), decimals),
                Phrase(
                    "at least the interest and tax due on {}, {}"
                    if tax
                    else "at least the interest due on {}, {}",
                    due,
                    show(interest + tax, decimals),
                ),
                Hint(
                    "write a larger instalment, {2}, or {0}{3}{1}",
                    InPython("Loan(..., "),
                    InPython(")"),
                    hold="maturity",
                    negative_amortisation=True,
                ),
            )
        elif self.program.negative_amortisation == "without_interest":
            return -shortfall, interest
        elif self.program.negative_amortisation == "waive":
            self.day.add("waived", shortfall)
            text = Sentence("origin.not_charged")
            self.trace_origin(Origin("waived", shortfall, text))
            return 0, amount
        self.balance += shortfall
        self.keep_remainder(interest)
        self.day.add("capitalised", shortfall)
        text = Sentence("origin.shortfall", amount=show(interest, self.program.decimals))
        self.trace_origin(Origin("capitalised", shortfall, text))
        text = Sentence("origin.joins")
        self.trace_origin(Origin("interest deferred", shortfall, text))
        return 0, amount

    def keep_remainder(self, interest: int) -> None:
        """Keep what the rounding of interest that joins the principal has left, if that is agreed."""
        if self.remainder == "balance":
            self.drift += self.exact - interest

    def exact_principal(self) -> Fraction:
        """Return the principal of an instalment, if neither it nor its interest is rounded."""
        assert self.solved is not None, "the instalment is solved"
        if self.solved_exactly is None or self.solved_exactly[0] is not self.solved:
            self.solved_exactly = self.solved, Fraction(*level_instalment(self.solved))
        exact = self.solved_exactly[1]
        return exact - self.exact if self.method in WHOLE else exact

    def note_interest_instead(self) -> None:
        """Note that the interest is paid in full, as a solved instalment is too far below it."""
        self.ledger.remarks[self.period] = Sentence("remark.interest_instead")
        since = self.ledger.plans[-1].number if self.ledger.plans else 0
        if not any(not about and (note.since or 0) >= since for about, note in self.ledger.notes):
            self.ledger.notes.append((0, Note("interest_instead", since=self.period)))

    # -- amounts ----------------------------------------------------------------------

    def charge_period(self, number: int) -> None:
        """Accrue the interest of a whole period, even one in the future."""
        start, end = (self.accrual.timetable.accrual_date(index) for index in (number - 1, number))
        share = self.accrual.share(number, start, end)
        self.accrued += self.interest_bearing * self.rate * share
        if self.trace:
            base, rate = self.interest_bearing, self.rate
            account = int(self.remainder != "carried")  # rounded by itself, if not as a whole
            self.notes.append(Segment(base, rate, start, end, share, "interest", account))

    def receive_deferred(self, deferred: DeferredAmount, amount: int) -> None:
        """Write the payment of a deferred amount, without its principal, into the open day."""
        if deferred.column == "deferred_interest":
            self.receive(deferred_interest=amount)
        else:
            self.day.pay(deferred.column, amount)
        self.day.add(
            f"cleared_{kind_of_arrears(deferred.column)}", amount if deferred.arrears else 0
        )

    def charge(self, fee: Fee, base: int) -> int:
        """Write a fee into the open day, with the tax on it; a share is of `base`."""
        program, entry, called = self.program, self.day, fee.name_sentence
        share = fee.amount if isinstance(fee.amount, Fraction) else None
        asked = fee.minor(base, program.decimals, program.fee_rounding)
        amount = asked if self.cost_room is None else self.cost_room.take(asked)
        entry.add("waived_fees", asked - amount)
        entry.pay("fee", amount)
        share = share if asked == amount else None  # what is cut is no share
        text, rounding = Sentence("origin.of", what=called), program.fee_rounding
        days = fee.of == "balance_days"
        self.trace_origin(Origin("fee", amount, text, base, share, (), rounding, each_day=days))
        taxed = self.tax(amount, program.fee_tax, called) if program.fee_tax else 0
        if amount:
            entry.fees += ((fee, amount, taxed),)
        entry.add("non_cash", 0 if fee.collected == "paid" else amount + taxed)
        if fee.collected == "financed":
            self.disburse(amount + taxed, Sentence("origin.financed", what=called))
        return amount

    def largest_roundings(self, payments: int) -> Fraction:
        """Return the largest sum of the roundings of so many payments, grown at the rate in force."""
        program, factor = self.program, ZERO
        if self.method == "level" and self.fixed_base is None:
            tax = program.interest_tax if program.tax_included else 0
            factor = self.rate * self.accrual.timetable.period_length * (1 + tax)
        return rounded_off(program) * grown_payments(factor, payments)
