"""A loan's life, taken step by step at random: the laws of what was really paid."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

import repaylib as rp
from repaylib.arrears.events import AccountEvent
from repaylib.money.rounding import round_fraction
from tests.strategies.loans import allocations, examples, part_of, penalties, plain_loans

D = Decimal
#: After which of a day's events money received on the day still pays what is then owed.
PAYABLE = (rp.Receipt, rp.arrears.Reversal, rp.arrears.Charge)
DAYS = st.one_of(st.integers(0, 3), st.integers(0, 45), st.integers(0, 400))
AHEAD = st.sampled_from([None, "next", "last", "payment", "maturity"])
PARTS: list[Any] = ["costs", "fee", "penalty", "interest", "principal"]
#: The columns of what is due of a kind.
PART_OF = {
    "costs": ["costs"],
    "fee": ["fees"],
    "penalty": ["penalty", "penalty_interest"],
    "interest": ["interest", "deferred_interest"],
    "principal": ["principal"],
}
#: What happens on a day after what is waived, or in an order that isn't that of telling.
ENDING = (rp.arrears.Waiver, rp.arrears.Acceleration, rp.arrears.WriteOff)
TREATMENTS = ["capitalise", "next", "spread", "last", "forgive", "apart"]


def days_after(day: date, days: int) -> date:
    return day + timedelta(days=days)


def figures(owed: rp.arrears.Statement) -> tuple[object, ...]:
    """All that a statement says, but for the list of what happened."""
    return (
        *(owed.instalments, owed.arrears, owed.due, owed.undue, owed.credit, owed.days_past_due),
        *(owed.received, owed.refunded, owed.written_off, owed.recovered, owed.ended),
    )


def waived(owed: rp.arrears.Statement) -> Decimal:
    return sum((each.waived for each in owed.instalments), D(0))


def owed_by_a_new_agreement(now: rp.arrears.Statement) -> Decimal:
    """What is owed, but for the fee that a settlement would cost."""
    undue = now.servicing.after_receipts(now.servicing.undue(now.as_of, fee=False))
    return now.due.total + now.schedule.loan.money(sum(undue.values())) - now.credit


class Life(RuleBasedStateMachine):
    """One loan, what happened to it, and the day on which somebody looks."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[AccountEvent] = []
        self.before: list[AccountEvent] = []
        self.chain: rp.arrears.Arrangement | None = None
        self.receipts = 0

    # -- the loan ---------------------------------------------------------------------

    @initialize(
        loan=plain_loans(extras=False) | plain_loans(),
        penalty=st.none() | penalties(),
        allocation=st.none() | allocations(),
        interest=st.sampled_from(["schedule", "schedule", "balance", "daily_simple"]),
        rest=st.sampled_from(["day", "day", "due_date"]),
        begun=st.integers(0, 200),
    )
    def lend(
        self,
        loan: rp.Loan,
        penalty: rp.PenaltyTerms | None,
        allocation: rp.Allocation | None,
        interest: str,
        rest: str,
        begun: int,
    ) -> None:
        if loan.method == "flat" or loan.interest_base != "balance":
            interest = "schedule"
        if interest != "balance":
            rest = "day"
        self.plan = rp.amortise(loan)
        self.words: dict[str, Any] = {
            "penalty": penalty,
            "allocation": allocation,
            "interest": interest,
            "rest": rest,
        }
        self.day = days_after(loan.start, begun)
        self.start = loan.start
        self.now = self.look(self.events, self.day)

    def look(self, events: Sequence[AccountEvent], day: date) -> rp.arrears.Statement:
        if self.chain is not None:
            return self.chain.statement(events, as_of=day)
        return rp.statement(self.plan, events, as_of=day, **self.words)

    def happen(self, *events: AccountEvent, day: date | None = None) -> bool:
        """Let something happen, if it can; what is refused leaves everything as it was."""
        day = self.day if day is None else day
        try:
            now = self.look([*self.events, *events], day)
        except rp.RepayError:
            assert figures(self.look(self.events, self.day)) == figures(self.now)
            return False
        self.events += events
        self.now, self.day = now, day
        return True

    def money(self, minor: int) -> Decimal:
        return self.plan.loan.money(minor)

    def held(self) -> list[rp.Receipt]:
        """The receipts that still count."""
        gone = [event.of for event in self.events if isinstance(event, rp.arrears.Reversal)]
        found = [each for each in self.events if isinstance(each, rp.Receipt)]
        return [each for each in found if each.id not in gone]

    def receipt(self, on: date, amount: Decimal, ahead: Any) -> rp.Receipt:
        self.receipts += 1
        return rp.Receipt(on, amount, id=f"R{self.receipts}", ahead=ahead)

    # -- what happens -----------------------------------------------------------------

    @rule(days=DAYS)
    def look_later(self, days: int) -> None:
        later = days_after(self.day, days)
        foretold = self.now.payoff_on(later)
        before = self.now
        assert self.happen(day=later)
        assert self.now.payoff == foretold
        assert self.now.arrears.total >= before.arrears.total

    @rule(
        back=st.sampled_from([0, 0, 0, 1, 20, 100]),
        much=st.sampled_from(["due", "arrears", "all", "some", "least", "excess"]),
        share=st.integers(1, 120),
        ahead=AHEAD,
    )
    def receive(self, back: int, much: str, share: int, ahead: Any) -> None:
        on = max(self.start, days_after(self.day, -back))
        amount = {
            "due": self.now.due.total,
            "arrears": self.now.arrears.total,
            "all": self.now.payoff,
            "some": part_of(self.plan, share),
            "least": self.money(1),
            "excess": max(self.now.payoff, D(0)) + part_of(self.plan, share),
        }[much]
        if amount > 0:
            self.happen(self.receipt(on, amount, ahead))

    @precondition(lambda self: self.held())
    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        """One receipt, or two of a day that come to it, are the same."""
        whole = data.draw(st.sampled_from(self.held()))
        minor = self.plan.loan.minor(whole.amount, "amount")
        if minor == 1:
            return
        part = data.draw(st.integers(1, minor - 1))
        one = self.receipt(whole.on, self.money(part), whole.ahead)
        other = self.receipt(whole.on, self.money(minor - part), whole.ahead)
        self.events.remove(whole)
        self.events += [one, other]
        self.same()

    def pairs(self) -> list[tuple[rp.Receipt, rp.Receipt]]:
        """Receipts that might as well be one."""
        held = self.held()
        return [
            (one, other)
            for number, one in enumerate(held)
            for other in held[:number]
            if (one.on, one.ahead) == (other.on, other.ahead)
        ]

    @precondition(lambda self: self.pairs())
    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        """Two receipts of a day, or one that is both, are the same."""
        one, other = data.draw(st.sampled_from(self.pairs()))
        self.events.remove(one)
        self.events.remove(other)
        self.events.append(self.receipt(one.on, one.amount + other.amount, one.ahead))
        self.same()

    def same(self) -> None:
        now = self.look(self.events, self.day)
        assert figures(now) == figures(self.now)
        self.now = now

    @precondition(lambda self: self.held())
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        """From the day on which it bounced a receipt counts as never made."""
        gone = data.draw(st.sampled_from(self.held()))
        without = [each for each in self.events if each is not gone]
        if self.happen(rp.arrears.Reversal(self.day, of=gone.id or "")):
            assert figures(self.now) == figures(self.look(without, self.day))

    @precondition(lambda self: self.now.credit > 0)
    @rule(share=st.integers(1, 100))
    def refund(self, share: int) -> None:
        held = self.plan.loan.minor(self.now.credit, "credit")
        amount = self.money(max(1, held * share // 100))
        before = self.now
        if self.happen(rp.arrears.Refund(self.day, amount)):
            assert self.now.credit == before.credit - amount
            assert self.now.refunded == before.refunded + amount

    @rule(minor=st.integers(1, 50_000), kind=st.sampled_from(PARTS), apart=st.booleans())
    def charge(self, minor: int, kind: Any, apart: bool) -> None:
        before = self.now
        charge = rp.arrears.Charge(self.day, self.money(minor), kind, apart=apart)
        if self.happen(charge) and before.ended is None and self.words["interest"] == "schedule":
            assert self.now.payoff >= before.payoff

    @rule(kind=st.sampled_from(PARTS), percent=st.integers(1, 100), share=st.booleans())
    def waive(self, kind: Any, percent: int, share: bool) -> None:
        """What is waived is the amount or the share of what was due of the kind, and no more."""
        before, words = self.now, PART_OF[kind]
        first = not any(isinstance(each, ENDING) for each in self.events if each.on == self.day)
        due = sum((getattr(before.due, name) for name in words), D(0))
        minor = self.plan.loan.signed(due)
        part = round_fraction(Fraction(minor * percent, 100), self.plan.loan.rounding)
        amount = None if share else self.money(part)
        if amount is not None and amount <= 0:
            return
        waiver = rp.arrears.Waiver(self.day, kind, amount, share=f"{percent}%" if share else None)
        if not self.happen(waiver):
            return
        assert self.now.payoff <= before.payoff
        if first:
            assert waived(self.now) - waived(before) == self.money(part)

    @rule()
    def accelerate(self) -> None:
        self.happen(rp.arrears.Acceleration(self.day))

    @rule(accrual=st.sampled_from(["stop", "continue"]))
    def write_off(self, accrual: Any) -> None:
        before = self.now
        first = not any(isinstance(each, rp.arrears.WriteOff) for each in self.events)
        if self.happen(rp.arrears.WriteOff(self.day, accrual)) and first:
            owed = max(D(0), owed_by_a_new_agreement(self.now))
            assert self.now.written_off == owed or self.now.as_of > self.day
            assert self.now.recovered <= self.now.received
            assert self.now.received == before.received

    @rule(
        data=st.data(),
        payments=st.integers(1, 40),
        parts=st.fixed_dictionaries({}, optional={k: st.sampled_from(TREATMENTS) for k in PARTS}),
        breach=st.sampled_from(
            [
                None,
                rp.arrears.Breach(days=30),
                rp.arrears.Breach(instalments=2, reinstates="forgiven"),
            ]
        ),
    )
    def renegotiate(
        self,
        data: st.DataObject,
        payments: int,
        parts: dict[str, Any],
        breach: rp.arrears.Breach | None,
    ) -> None:
        """What was owed is lent anew, carried beside, given up or kept apart: nothing else."""
        if parts.get("principal") in ("next", "spread", "last"):
            parts["principal"] = "capitalise"
        try:
            chain = rp.renegotiate(
                self.now, payments, arrears=parts, breach=breach, agreed=self.day
            )
            now = chain.statement(as_of=self.day)
        except rp.RepayError:
            self.same()
            return
        latest = chain.latest
        kept = latest.schedule.loan.principal + latest.carried + latest.apart.total
        owed = owed_by_a_new_agreement(self.now)
        assert kept + latest.forgiven.total == owed
        self.chain, self.now = chain, now
        self.before += self.events
        self.events = []
        assert figures(self.look(self.before, self.day)) == figures(now)
        self.day = days_after(self.day, 1)  # what happens again on one day would be known
        self.plan, self.start = chain.schedule, self.day
        self.now = self.look(self.events, self.day)

    # -- the laws ---------------------------------------------------------------------

    @invariant()
    def no_money_appears_or_vanishes(self) -> None:
        now = self.now
        now.check()
        due = [each for each in now.instalments if each.due <= now.as_of]
        assert sum((each.outstanding for each in due), D(0)) == now.due.total
        for each in now.instalments:
            assert each.amount - each.paid.total - each.waived == each.outstanding
            early_and_late = each.paid_in_advance + each.paid_late
            assert early_and_late <= each.paid.total
        simple = now.due.total + now.undue.total - now.credit
        if self.words["interest"] == "balance" and self.words["rest"] == "due_date":
            assert now.payoff >= simple  # interest runs on to the next due date
        else:
            assert now.payoff == simple
        assert now.days_past_due >= 0

    @invariant()
    def paying_what_it_says_clears_it(self) -> None:
        day = self.day
        today = [each for each in self.events if each.on == day]
        loan = self.plan.loan
        dear = any(fee.when == "prepayment" for fee in loan.fees)
        on_what_was_lent = loan.method == "flat" or loan.interest_base != "balance"
        if (
            any(isinstance(each, rp.Receipt) and (dear or on_what_was_lent) for each in today)
            or any(not isinstance(each, PAYABLE) for each in today)
            or self.now.ended == day
        ):  # receipts of a day are one, which is no prepayment if it clears; and precede refunds, waivers
            day = days_after(day, 1)
        now = self.look(self.events, day)
        if now.payoff <= 0:
            return
        paid = self.receipt(day, now.payoff, None)
        for later in (day, days_after(day, 400)):
            done = self.look([*self.events, paid], later)
            assert done.payoff == 0
            assert done.due.total == 0
            assert done.days_past_due == 0
        if on_what_was_lent and any(isinstance(each, rp.Receipt) for each in today):
            return  # where a part is prepaid, and no interest goes with it, less may be asked for
        short = now.payoff - self.money(1)
        careful = on_what_was_lent or dear or self.words["rest"] == "due_date"
        word: Any = "next" if careful else None  # a prepayment changes what there is to clear
        less = [self.receipt(day, short, word)] if short else []
        assert self.look([*self.events, *less], day).payoff == self.money(1)

    @invariant()
    def the_order_of_telling_has_no_say(self) -> None:
        mixed = list(self.events)
        random.Random(len(mixed)).shuffle(mixed)
        other = self.look(mixed, self.day)
        assert other == self.now
        assert other.explain() == self.now.explain()


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=examples(20), stateful_step_count=15)
