"""The life of a loan, day by day: what falls due, what comes in, and what being late costs.

On one day, in this order: penalties are counted up to the day; what falls due is asked for, and
paid out of what was paid ahead; charges; late fees; receipts; refunds; waivers; acceleration;
write-off.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import date, timedelta
from typing import Literal, Self

from repaylib.arrears.allocation import Allocation
from repaylib.arrears.arrears_rates import Late
from repaylib.arrears.balance_deviation import carry_on, changed, deviate
from repaylib.arrears.corrections import give_back, waive, write_off
from repaylib.arrears.daily_simple import (
    Held,
    Posting,
    balances,
    pay_interest_ahead,
    put_interest_first,
)
from repaylib.arrears.daily_simple import (
    ask as ask_daily,
)
from repaylib.arrears.due_amounts import kinds_of
from repaylib.arrears.events import (
    Acceleration,
    Charge,
    Happening,
    Receipt,
    Refund,
    Waiver,
    WriteOff,
)
from repaylib.arrears.instalment_due import Bill, Kind
from repaylib.arrears.open_instalments import Dues
from repaylib.arrears.penalties import Limit, count_interest, count_penalties, late_fees
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.arrears.running_schedule import RunningSchedule
from repaylib.arrears.waterfall import pay_ahead, pay_apart, pay_due
from repaylib.changes.base import PrepaymentHold
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.changes.prepayment import Prepayment
from repaylib.rates.step_schedule import Steps
from repaylib.schedule.schedule import Schedule

__all__ = ["InterestOn", "Rest", "Servicing"]

InterestOn = Literal["schedule", "balance", "daily_simple"]
Rest = Literal["day", "due_date"]

ONE_DAY = timedelta(days=1)


class Servicing(RunningSchedule):
    """The state of a loan in its life; minor units.

    Attributes
    ----------
    schedule
        The schedule. As it runs, it has prepayments and, where interest is on the balance, the
        interest on what was paid late or ahead.
    dues
        What fell due, in order.
    held
        Money paid ahead or too much: when it was received, and how much, the oldest first.
    prepayments
        What lowered the principal before it was due: when, and how much.
    deviation
        Overdue principal less money held: what bears interest beside the plan.
    postings
        With daily simple interest: what the money of each day has paid.
    interest_ahead, posted
        With daily simple interest: interest that receipts have paid before it was asked for, below
        zero what has accrued and was not asked for; the last day on which money came in.
    beside
        What of that the plan cannot take, as what it plans for later days would be impossible.
    settled
        The day on which a receipt paid all.
    limit
        What penalties come to in all, where they have a limit.
    interest_to
        Up to when ordinary interest after the end of the schedule has been counted.
    """

    def __init__(
        self,
        schedule: Schedule,
        *,
        penalty: Steps[PenaltyTerms] | None,
        allocation: Allocation,
        interest: InterestOn,
        rest: Rest,
    ) -> None:
        super().__init__(schedule)
        self.schedule = schedule
        self.loan = schedule.loan
        self.rounding = schedule.loan.rounding
        self.late = Late(schedule)
        self.allocation = allocation
        self.on_balance = interest != "schedule"
        self.daily = interest == "daily_simple"
        self.rest = rest
        self.dues = Dues(
            self.late, penalty, self.rounding, beyond=self.on_balance, start=self.loan.start
        )
        self.limit = Limit(self)
        self.held: list[Held] = []
        self.prepayments: list[tuple[date, int]] = []
        self.postings: list[Posting] = []
        self.received = self.refunded = 0
        self.written_off = self.recovered = 0
        self.deviation = self.beside = self.interest_ahead = 0
        self.settled: date | None = None
        self.off: WriteOff | None = None
        self.posted = self.loan.start
        self.interest_to = date.min
        self.agreed: dict[date, int] = {}
        if self.daily:
            self.agreed = {row.day: row.capitalised for row in self.asking.all()}
        if self.daily and self.silent:
            carry_on(self)

    def copy(self) -> Self:
        """Return a state of its own, to look ahead with."""
        self._catch_up(date.max)  # only one of two can go on with the pending offsets
        other = copy(self)
        other.dues = self.dues.copy(live=self.on_balance)  # else nothing depends on it
        other.held, other.prepayments = list(self.held), list(self.prepayments)
        other.postings = list(self.postings)
        return other

    @property
    def bills(self) -> list[Bill]:
        """What fell due, in order."""
        return self.dues.all

    @property
    def live(self) -> list[Bill]:
        """What fell due and is not done with, in order."""
        return self.dues.live

    @property
    def pool(self) -> int:
        """Money held."""
        return sum(each.amount for each in self.held)

    @property
    def credit(self) -> int:
        """Money held that has paid nothing yet."""
        return 0 if self.daily and self.next_row() is not None else self.pool

    @property
    def prepaid(self) -> int:
        """All that lowered the principal before it was due."""
        return sum(amount for _, amount in self.prepayments)

    # -- the days ---------------------------------------------------------------------

    def run(self, events: Sequence[Happening], as_of: date) -> None:
        """Live through all days on which something happens, up to `as_of`."""
        waiting = sorted((each for each in events if each.on <= as_of), key=lambda each: each.on)
        done = 0
        while True:
            day = min(self._next_day(), waiting[done].on if done < len(waiting) else date.max)
            if day > as_of:
                break
            first = done
            while done < len(waiting) and waiting[done].on == day:
                done += 1
            self._live_through(day, waiting[first:done])
        self._count(as_of)
        self.today = as_of

    def _next_day(self) -> date:
        """Return the next day on which something falls due, or a late fee, or the balance."""
        days = [self.next_due() or date.max]
        grace = self.dues.in_grace
        days += [bill.grace_end + ONE_DAY for bill in grace if bill.fee_due]
        days += [bill.grace_end for bill in grace if self._may_accelerate(bill)]
        return min(day for day in days if day >= self.today)

    def _live_through(self, day: date, events: Sequence[Happening]) -> None:
        self._count(day)
        self.today = day
        self.ask(day)
        for event in events:
            if isinstance(event, Charge):
                self._charge(event)
        late_fees(self, day)
        self._receive([each for each in events if isinstance(each, Receipt)], day)
        self._pay_apart(day)
        for event in events:
            if isinstance(event, Refund):
                give_back(self, event)
        for event in events:
            if isinstance(event, Waiver):
                waive(self, event)
        grace = self.dues.in_grace
        for bill in grace:
            bill.forget_if_in_time(day)
        falls = any(self._may_accelerate(bill) and bill.grace_end == day for bill in grace)
        if falls or any(isinstance(each, Acceleration) for each in events):
            self.accelerate(day)
        for event in events:
            if isinstance(event, WriteOff) and self.off is None:
                write_off(self, event)
        deviate(self, day)
        self.dues.close(day)

    def _count(self, day: date) -> None:
        """Count what being late costs up to a day."""
        if self.on_balance:
            count_interest(self, day)
        if self.dues.penalty is not None:
            count_penalties(self, day)

    # -- what falls due ---------------------------------------------------------------

    def ask(self, day: date) -> None:
        """Ask for what the plan has on a day, and pay it out of what is held."""
        row = self.row_of(day)
        if row is not None:
            if self.daily:  # what an instalment leaves of the interest bears none, but as agreed
                self.interest_ahead -= row.capitalised - self.agreed.get(day, 0)
            self.open(Bill(row.number, day, dict(row.parts), planned=True))
        self.asked_to = max(self.asked_to, day)

    def open(self, bill: Bill) -> None:
        """Ask for an amount, and pay it out of what is held."""
        self.dues.add(bill)
        if self.daily and bill.planned:
            ask_daily(self, bill)
        while self.held and not bill.apart and bill.owes(bill.due, self.rounding):
            on, money, interest = self.held[0]
            left = pay_ahead(bill, money, on, bill.due, self.allocation, self.rounding)
            self.interest_ahead -= max(0, interest - left)
            if left:
                self.held[0] = Held(on, left, min(interest, left))
                break
            self.held.pop(0)

    def _charge(self, event: Charge) -> None:
        amount = self.loan.minor(event.amount, "amount")
        self.open(
            Bill(0, event.on, {event.kind: amount}, event.name or event.kind, apart=event.apart)
        )

    def accelerate(self, day: date) -> None:
        """Let the whole balance fall due."""
        if self.daily and self.posted < day:
            carry_on(self)
        quote = self.quote(day, fee=False)
        if quote is not None:
            self.residual = quote.ledger.residual
            self.open(Bill(0, day, kinds_of(quote), name="balance", planned=True))
            self.ended = day

    def _may_accelerate(self, bill: Bill) -> bool:
        """Whether the balance falls due if this instalment is not paid within its grace."""
        whole = bill.terms is not None and bill.terms.base == "balance" and bill.planned
        return whole and self.goes_on(bill.grace_end) and bill.contractual > 0

    def quote(self, day: date, *, fee: bool = True) -> Schedule | None:
        """Return the plan as it would end if it were settled on a day; `None` if nothing is left."""
        if not self.goes_on(day):
            return None
        plan = self.plan  # pending offsets make other quotes
        if (day, fee) not in self._quotes:
            change = EarlySettlement(on=day, fee=None if fee else "0")
            self._quotes[day, fee] = plan.then(change)
        return self._quotes[day, fee]

    def undue(self, day: date, *, fee: bool = True) -> dict[Kind, int]:
        """Return what would fall due if all were settled on a day, by kind; nil if nothing would."""
        quote = self.quote(day, fee=fee)
        return {} if quote is None else kinds_of(quote)

    def payoff(self, day: date, *, interest_to: Rest | None = None) -> dict[Kind, int]:
        """Return what would fall due if all were paid on a day, or counted on the next due date."""
        parts, row = self.undue(day), self.next_row()
        if interest_to is None and self.on_balance:
            interest_to = self.rest
        inside = day > self.loan.start and not self.falls_due(day)
        if interest_to == "due_date" and inside and parts and row is not None:
            parts["interest"] = row.parts.get("interest", 0)
        return parts

    def after_receipts(self, undue: dict[Kind, int]) -> dict[Kind, int]:
        """Return what is not yet due less what receipts have paid of it, `credit` left aside."""
        if not (undue and self.daily):
            return undue
        interest = undue["interest"] - self.interest_ahead
        principal = undue["principal"] + self.interest_ahead - self.pool
        return undue | {"interest": interest, "principal": principal}

    # -- what comes in ----------------------------------------------------------------

    def _receive(self, receipts: Sequence[Receipt], day: date) -> None:
        amounts: dict[PrepaymentHold, int] = {}
        for receipt in receipts:
            word = receipt.ahead or self.allocation.ahead
            amounts[word] = amounts.get(word, 0) + self.loan.minor(receipt.amount, "amount")
        money = sum(amounts.values())
        if not money:
            return
        self.received += money
        before = balances(self, day) if self.daily else (0, 0)
        if self.off is not None:
            self.recovered += money
        self._settle(money, day)
        if self.daily:
            put_interest_first(self, day)
            self.posted = day
        past = self.dues.days_past_due(day)
        for word in sorted(amounts):
            left = pay_due(self.dues, amounts[word], day, self.allocation, past)
            if left:
                self._pay_ahead(left, word, day)
        if self.held:  # after what was prepaid there may be less to clear
            self._settle(0, day)
        if self.daily:
            after = balances(self, day)
            paid = before[0] - after[0], before[1] - after[1]
            self.postings.append(Posting(day, money, *paid, *after))

    def _settle(self, money: int, day: date) -> None:
        """Let all fall due, if money pays it with what is held."""
        if self._clears(money, day):
            self.open(Bill(0, day, self.payoff(day), name="settlement", planned=True))
            self.settled = self.ended = day

    def _pay_apart(self, day: date) -> None:
        """Pay what was kept apart out of what is held, once nothing else will be asked for."""
        if self.held and self.next_due() is None:
            left = pay_apart(self.live, self.pool, day, self.rounding)
            spent = self.pool - left
            while spent:
                on, money, _ = self.held.pop(0)
                if money > spent:
                    self.held.insert(0, Held(on, money - spent))
                spent -= min(spent, money)

    def _clears(self, money: int, day: date) -> bool:
        """Whether money pays all that is owed, due or not; what is kept apart is paid after it."""
        if not self.goes_on(day):
            return False
        there, least = money + self.pool, 0
        if not any(fee.refund != "none" for fee in self.loan.fees):
            least = self.balance(day)
        if there < least and not self.dues.in_red:
            return False
        there -= sum(bill.owes(day, self.rounding) for bill in self.live if not bill.apart)
        if there < least:
            return False
        return there >= sum(self.payoff(day).values())

    def _pay_ahead(self, money: int, word: PrepaymentHold, day: date) -> None:
        """Do with money that nothing is due for what was agreed."""
        interest = pay_interest_ahead(self, money, day) if self.daily else 0
        if word != "next" and self.goes_on(day):
            deviate(self, day)
            # the whole principal is not prepaid but settled, for which this is too little
            plan = None
            if money < self.balance(day):
                plan = changed(self.plan, Prepayment(self.loan.money(money), on=day, hold=word))
            if plan is not None:
                self.follow(plan)
                self.prepayments.append((day, money))
                money = 0
        if money:
            self.held.append(Held(day, money, interest))

    # -- what is owed -----------------------------------------------------------------

    def owed(self, day: date) -> int:
        """Return all that is due and not paid, money held left aside."""
        return sum(bill.owes(day, self.rounding) for bill in self.live)

    def days_past_due(self, day: date) -> int:
        """Return the days since the oldest due date on which something is still missing."""
        return self.dues.days_past_due(day)
