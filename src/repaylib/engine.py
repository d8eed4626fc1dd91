"""The fold: instructions to amounts, for one loan, in Python integers.

A :class:`Fold` walks from due date to due date. Its state is small: the balance, the
instalment, the number of the last payment, the interest accrued since the last posting, and
the amounts *set aside* by deferrals. What is done on other days, and how a new plan is made,
stands in :mod:`repaylib.renewal` and :mod:`repaylib.planning`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Self

from repaylib.accrual import Accrual
from repaylib.aside import Aside, Terms
from repaylib.change import Repay
from repaylib.deferral import Deferral
from repaylib.errors import InstalmentError
from repaylib.exact import bias_of, round_fraction
from repaylib.instructions import Program
from repaylib.ledger import Entry, Ledger, Segment
from repaylib.money import show
from repaylib.stretch import plain_stretch
from repaylib.timetable import Timetable

__all__ = ["Fold", "Pass"]

ZERO = Fraction(0)
LONGEST = 599  # periods of one plain stretch: enough for a loan, little for a look ahead

#: How the word of a deferral is kept by what is set aside.
TERMS: dict[Repay, Terms] = {
    "next": "due",
    "now": "due",
    "spread": "spread",
    "last": "last",
    "capitalise": "capitalise",
}


@dataclass(frozen=True, slots=True)
class Pass:
    """A due date to be passed over: the deferral, and its first and last due date."""

    words: Deferral
    first: int
    last: int

    @property
    def waives(self) -> bool:
        """Whether the interest of the period is waived."""
        return self.words.interest == "waive" and self.words.scope == "schedule"

    def capitalises(self, number: int) -> bool:
        """Whether interest put off joins the principal on this due date."""
        every = self.words.capitalise_every
        turn = every is not None and (number - self.first + 1) % every == 0
        return turn or number == self.last


class Fold:
    """The state of one loan on its way through time; see the module."""

    __slots__ = (
        "accounts",
        "accrual",
        "accrued",
        "ahead",
        "amount",
        "asides",
        "balance",
        "entry",
        "k",
        "last",
        "layers",
        "mark",
        "notes",
        "out",
        "passes",
        "program",
        "rate",
        "regular",
        "trace",
        "waived",
        "waiving",
    )

    def __init__(self, program: Program, *, trace: bool = False) -> None:
        table = program.accrual.timetable
        self.program = program
        self.trace = trace
        self.out = Ledger(table)
        self.accrual: Accrual = program.accrual
        self.regular = self.accrual.regular_from  # first period without odd days
        self.layers = [(0, program.rate)]
        self.rate = program.rate.nominal(table.months)
        self.balance = program.principal
        self.asides: list[Aside] = []
        self.accounts = 0
        self.k = 1  # number of the next due date
        self.mark = table.start  # the day up to which interest has accrued
        self.accrued = ZERO  # charged since the last posting, exact minor units
        self.waived = ZERO  # waived since the last posting
        self.waiving = False
        self.passes: dict[int, Pass] = {}  # due dates to be passed over
        self.ahead = 0  # instalments paid ahead, in minor units
        self.amount = 0  # the instalment, or its part of principal
        self.last = program.payments  # number of the last payment
        self.entry: Entry | None = None  # the day being written
        self.notes: list[Segment] = []  # stretches of interest not yet posted, if traced

    # -- the walk -------------------------------------------------------------------

    def walk(self, day: date | None) -> None:
        """Live through every due date up to `day`, or to the end of the loan."""
        table = self.accrual.timetable
        if day is not None and table.due(self.k) > day:
            return
        # A due date on `day` itself takes the long way, so that the day stays open.
        high = self.last if day is None else table.following(day - timedelta(days=1)) - 1
        while not self.ended and (day is None or table.due(self.k) <= day):
            self.step(high)

    def step(self, high: int) -> None:
        """Live through the next due date, or through a plain stretch of them up to `high`."""
        self.close_day()
        if self.k >= self.last or not self.stretch(min(high, self.last - 1, self.k + LONGEST)):
            self.fall_due()

    def finish(self) -> Ledger:
        """Walk to the end and return what was written."""
        self.walk(None)
        self.close_day()
        self.out.instalment = self.amount
        return self.out

    @property
    def ended(self) -> bool:
        """Whether nothing is owed any more."""
        return not (self.balance or self.asides or self.accrued or self.waived)

    @property
    def owed(self) -> int:
        """The principal owed, with what was set aside of it."""
        return self.balance + sum(aside.principal for aside in self.asides)

    def copy(self) -> Self:
        """Return the state with a ledger of its own, to look ahead with."""
        other = type(self).__new__(type(self))
        for name in Fold.__slots__:
            setattr(other, name, getattr(self, name))
        other.out = Ledger(self.accrual.timetable)
        other.asides = [replace(aside) for aside in self.asides]
        other.passes = dict(self.passes)
        other.layers = list(self.layers)
        other.entry = Entry(self.mark, 0)
        other.trace = False
        return other

    def set_timetable(self, timetable: Timetable) -> None:
        """Let other due dates follow from here."""
        self.accrual = replace(self.accrual, timetable=timetable)
        self.regular = self.accrual.regular_from
        self.out.timetables.append(timetable)

    def stretch(self, high: int) -> bool:
        """Take the short way up to due date `high`; tell whether it went anywhere."""
        low = self.k
        if self.trace or self.asides or self.ahead or not self.clean or low < self.regular:
            return False
        if low in self.passes or high < low:
            return False
        program = self.program
        scale = bias_of(program.rounding).scale
        factors, den = self.accrual.factors(low, high, self.rate, scale)
        found = plain_stretch(
            low,
            self.balance,
            self.amount,
            program.method,
            factors,
            den * scale,
            program.rounding,
        )
        if not len(found):
            return False
        self.out.pieces.append(found)
        self.balance = found.closings[-1]
        self.k = low + len(found)
        self.mark = self.accrual.timetable.due(self.k - 1)
        return True

    @property
    def clean(self) -> bool:
        """Whether the open period is whole: nothing has happened since the last due date."""
        return not (self.accrued or self.waived) and self.mark == self.accrual.timetable.due(
            self.k - 1
        )

    # -- days -----------------------------------------------------------------------

    def open_day(self, day: date, number: int = 0) -> Entry:
        """Return the entry of `day`, opening it if need be; `number` if it is a due date."""
        if self.entry is None or self.entry.day != day:
            self.close_day()
            self.entry = Entry(day, number)
        return self.entry

    def close_day(self) -> None:
        """End the day: put-off interest joins the principal, and the entry is written."""
        entry = self.entry
        if entry is not None:
            self.capitalise()
            entry.closing = self.owed
            if entry.number or entry.payment or entry.rare:
                self.out.pieces.append(entry)
            self.entry = None

    def capitalise(self) -> None:
        """Let interest whose time has come join the principal."""
        for aside in self.asides:
            if aside.ready and self.entry is not None:
                _, interest = aside.take_all()
                self.balance += interest
                self.entry.add("capitalised", interest)
        self.sweep()

    def sweep(self) -> None:
        """Drop what was set aside and is paid."""
        if self.asides:
            self.asides = [aside for aside in self.asides if aside.owed or aside.accrued]

    # -- interest -------------------------------------------------------------------

    def accrue(self, day: date) -> None:
        """Let interest accrue up to `day`, unrounded."""
        if day <= self.mark:
            return
        share = self.accrual.share_of(self.k, self.mark, day)
        interest = self.balance * self.rate * share
        if self.waiving:
            self.waived += interest
        else:
            self.accrued += interest
        for aside in self.asides:
            if aside.base:
                rate = self.rate if aside.rate is None else aside.rate
                aside.accrued += aside.base * rate * share
        if self.trace:
            self.note(day, share)
        self.mark = day

    def note(self, day: date, share: Fraction) -> None:
        """Note the stretch of interest up to `day`, for the derivation."""
        kind = "waived" if self.waiving else "interest"
        self.notes.append(Segment(self.balance, self.rate, self.mark, day, share, kind))
        for aside in self.asides:
            if aside.base:
                rate = self.rate if aside.rate is None else aside.rate
                kind = "waived" if aside.waived else "set aside"
                self.notes.append(
                    Segment(aside.base, rate, self.mark, day, share, kind, aside.account)
                )

    def post(self, day: date) -> int:
        """Accrue to `day`, round what has accrued and post it; return the interest charged."""
        self.accrue(day)
        entry = self.open_day(day)
        rounding = self.program.rounding
        charged = round_fraction(self.accrued, rounding)
        waived = round_fraction(self.waived, rounding)
        self.accrued = self.waived = ZERO
        entry.accrued += charged + waived
        entry.add("waived", waived)
        for aside in self.asides:
            if aside.accrued:
                posted = aside.post(rounding)
                entry.accrued += posted
                entry.add("waived", posted if aside.waived else 0)
        entry.segments.extend(self.notes)
        self.notes = []
        return charged

    # -- due dates ------------------------------------------------------------------

    def fall_due(self) -> None:
        """Live through the next due date: post the interest, then pay or pass over."""
        number = self.k
        day = self.accrual.timetable.due(number)
        self.open_day(day, number)
        interest = self.post(day)
        passing = self.passes.get(number) if self.balance else None
        if passing is None:
            self.pay(interest)
        elif passing.words.scope == "instalment":
            self.move(passing, interest)
        else:
            self.pass_over(passing, interest)
        self.k = number + 1
        self.waiving = self.k in self.passes and self.passes[self.k].waives

    def pay(self, interest: int) -> None:
        """Pay the instalment of due date `k`, and what was set aside for it."""
        principal, payable = self.parts(interest)
        if self.ahead and principal < self.balance:
            principal, payable = self.use_credit(principal, payable)
        self.balance -= principal
        if self.balance == 0 and self.k < self.last:
            self.last = self.k
        self.receive(interest=payable, principal=principal)
        left = max(1, self.last - self.k + 1)
        for aside in self.asides:
            taken = aside.take(self.k, left, self.balance == 0, self.program.rounding)
            self.receive(principal=taken[0], deferred_interest=taken[1])
        self.sweep()

    def use_credit(self, principal: int, payable: int) -> tuple[int, int]:
        """Lower the instalment by what was paid ahead; return the principal and interest paid.

        What was paid ahead has lowered the principal already, so all interest left by earlier
        instalments is paid out of what this one still asks for, before principal.
        """
        asked = principal + payable
        used = min(self.ahead, asked)
        self.ahead -= used
        cash = asked - used
        for aside in self.asides:
            if aside.terms == "instalment":
                taken = aside.lower_interest(cash)
                self.receive(deferred_interest=taken)
                cash -= taken
        paid = min(cash, payable)
        if paid < payable:
            self.put_off("instalment", payable - paid)
        return cash - paid, paid

    def parts(self, interest: int) -> tuple[int, int]:
        """Split the instalment of due date `k`: principal, and interest to be paid.

        The last one takes the whole balance. An instalment below the interest is refused or,
        where the loan allows it, leaves the shortfall to the principal.
        """
        if self.k >= self.last:
            return self.balance, interest
        if self.program.method != "level":
            part = self.amount if self.program.method == "equal_principal" else 0
            return min(part, self.balance), interest
        shortfall = interest - self.amount
        if shortfall <= 0:
            return min(-shortfall, self.balance), interest
        if not self.program.negative_amortisation:
            decimals = self.program.decimals
            due = self.accrual.timetable.due(self.k)
            raise InstalmentError(
                "instalment",
                show(self.amount, decimals),
                f"at least the interest due on {due}, {show(interest, decimals)}",
                "write a larger instalment, or Loan(..., negative_amortisation=True)",
            )
        self.balance += shortfall
        self.day.add("capitalised", shortfall)
        return 0, self.amount

    def receive(self, *, interest: int = 0, principal: int = 0, deferred_interest: int = 0) -> None:
        """Write a payment into the open day."""
        entry = self.day
        entry.interest += interest
        entry.principal += principal
        entry.payment += interest + principal + deferred_interest
        entry.add("deferred_interest", deferred_interest)

    @property
    def day(self) -> Entry:
        """The entry of the open day."""
        assert self.entry is not None, "a payment is written into an open day"
        return self.entry

    def pass_over(self, passing: Pass, interest: int) -> None:
        """Let a due date go by without an instalment; its interest goes where the words say."""
        words = passing.words
        if words.interest_paid_now:
            self.receive(interest=interest)
        elif interest:
            self.put_off(TERMS[words.repay], interest)
        if passing.capitalises(self.k) or self.k + 1 not in self.passes:
            for aside in self.asides:
                aside.ready = aside.terms == "capitalise"

    def put_off(self, terms: Terms, interest: int) -> None:
        """Set interest aside, without interest on it."""
        for aside in self.asides:
            if aside.bears == "nothing" and aside.terms == terms and not aside.principal:
                aside.interest += interest
                aside.part = None
                return
        self.asides.append(Aside(terms, self.k + 1, 0, interest))

    def move(self, passing: Pass, interest: int) -> None:
        """Set one whole instalment aside; the rest of the schedule goes on as if it were paid."""
        words = passing.words
        principal, payable = self.parts(interest)
        self.balance -= principal
        if words.interest_paid_now:
            self.receive(interest=payable)
            payable = 0
        self.accounts += 1
        rate = None if words.rate is None else words.rate.nominal(self.accrual.timetable.months)
        self.asides.append(
            Aside(
                terms=TERMS[words.repay],
                due=self.k + words.periods,
                principal=principal,
                interest=payable,
                bears="all" if words.base == "instalment" else "principal",
                rate=rate,
                waived=words.interest == "waive",
                account=self.accounts,
            )
        )
