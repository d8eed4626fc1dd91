"""The state of one loan as the fold passes its days, and the interest that accrues.

It is small: the balance, the instalment, the number of the last payment, the interest accrued
since the last posting, and the deferred amounts. The state does not
know when an instalment falls due or how large it is: that is :mod:`repaylib.engine.fold`.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Self

from repaylib.dates.accrual import Accrual, check_periodic
from repaylib.dates.due_dates import Timetable
from repaylib.engine.deferred_amounts import DeferredAmount, PaymentHoliday
from repaylib.engine.entries import DeferredBase, Entry, Origin, Segment, Split, apart
from repaylib.engine.ledger import Ledger, RatePeriod
from repaylib.engine.program import Program
from repaylib.money.rounding import ZERO, round_fraction, round_ratio
from repaylib.rates.annuity import Annuity
from repaylib.terms.cost_caps import room_of
from repaylib.typing import InterestRemainder
from repaylib.wording.sentence import Sentence

__all__ = ["State"]


class State:
    """The state of one loan; see the module."""

    __slots__ = (
        "accounts",
        "accrual",
        "accrued",
        "accrued_to",
        "advance_payments",
        "agreed",
        "amount",
        "awaits_reset",
        "balance",
        "cap_base",
        "carried",
        "carries",
        "charged",
        "cost_room",
        "deferred_amounts",
        "drift",
        "entry",
        "exact",
        "fast_path_from",
        "fixed_base",
        "holidays",
        "last",
        "ledger",
        "looking",
        "met",
        "method",
        "notes",
        "offset",
        "over",
        "paid_in_advance",
        "period",
        "posted",
        "program",
        "rate",
        "rate_stack",
        "regular",
        "shape",
        "solved",
        "solved_exactly",
        "split",
        "tally",
        "trace",
        "waived",
        "waiving",
    )

    def __init__(self, program: Program, *, trace: bool = False) -> None:
        table = program.accrual.timetable
        self.program = program
        self.trace = trace
        self.ledger = Ledger(table)
        self.accrual: Accrual = program.accrual
        self.regular = self.accrual.regular_from  # first period without odd days
        self.rate_stack = [(0, program.rate)]
        self.rate = program.rate.nominal(table.period_length)
        self.ledger.rate_periods.append(RatePeriod(table.start, self.rate))
        self.met = 0  # how many of the contract's later rates have begun
        self.balance = program.principal
        self.fixed_base: int | None = program.base
        self.offset = 0  # bears interest beside the balance; below zero, it is paid in advance
        self.carries = False  # whether interest is rounded over several postings together
        self.method = program.method
        self.shape = program.shape  # how instalments differ from one another
        self.deferred_amounts: list[DeferredAmount] = []
        self.accounts = 0
        self.period = 1  # number of the next due date
        self.accrued_to = table.start  # the day up to which interest has accrued
        self.accrued = ZERO  # not yet posted, exact minor units
        self.charged = 0  # posted of interest that is rounded as a whole
        self.posted = 0  # posted since the start, where the last payment completes the sum
        self.carried = ZERO  # what accrued of it beyond that
        self.drift = ZERO  # by how much the debt would be above the balance without roundings
        self.tally = ZERO  # what the roundings of interest have left since a minor unit moved
        self.exact = ZERO  # the interest posted last, unrounded
        self.solved_exactly: tuple[Annuity, Fraction] | None = None  # the instalment, unrounded
        self.agreed = self.fixed_base  # the base of interest when the instalment was set
        self.looking = False  # whether the state is a copy to look ahead with
        self.waived = ZERO  # waived since the last posting
        self.waiving = False
        self.holidays: dict[int, PaymentHoliday] = {}  # by the number of their due date
        self.paid_in_advance = 0  # instalments paid in advance, in minor units
        self.advance_payments: list[int] = []  # numbers of the prepayments it comes from
        self.amount = 0  # the instalment, or its part of principal
        self.awaits_reset = False  # whether a new rate, or the rest of one, is not in it yet
        self.cap_base = 0, 0  # a due date, and the instalment before it, from which its cap counts
        self.fast_path_from = 0  # due date before which the fast path is not tried
        self.solved: Annuity | None = None  # what the instalment was solved for, if it was
        self.last = program.payments  # number of the last payment
        self.over = program.over or 0  # number of that for which the instalment is solved
        self.entry: Entry | None = None  # the day being written
        self.notes: list[Segment] = []  # segments of interest not yet posted, if traced
        self.cost_room = room_of(program.cost_cap, program.principal, table.start)
        self.split: Split | None = None  # where the open period was split last

    @property
    def ended(self) -> bool:
        """Whether nothing is owed any more."""
        if self.balance or self.deferred_amounts:
            return False
        # Less than half a minor unit never falls due.
        return not (
            (self.accrued and self.unposted)
            or (self.waived and round_fraction(self.waived, self.program.rounding))
        )

    @property
    def unposted(self) -> int:
        """The accrued interest not yet posted, rounded."""
        if not self.charged:
            return round_fraction(self.accrued, self.program.rounding)
        return round_fraction(self.accrued + self.charged, self.program.rounding) - self.charged

    @property
    def remainder(self) -> InterestRemainder:
        """Which payment, if any, takes the remainder of a rounding of interest."""
        return self.program.remainder or ("carried" if self.method == "flat" else "dropped")

    @property
    def scheduled_balance(self) -> int:
        """The balance by the plan, as if instalments paid in advance were still due."""
        if not (self.paid_in_advance or self.deferred_amounts):
            return self.balance
        left = sum(
            deferred.interest
            for deferred in self.deferred_amounts
            if deferred.repayment == "instalment"
        )
        return self.balance + self.paid_in_advance + left

    @property
    def owed(self) -> int:
        """The principal owed, with the deferred principal."""
        return self.balance + sum(deferred.principal for deferred in self.deferred_amounts)

    @property
    def interest_bearing(self) -> int:
        """The amount that bears interest: the balance or, where that is agreed, an earlier balance."""
        if self.fixed_base is not None:
            return self.fixed_base
        return max(0, self.balance + self.offset) if self.offset else self.balance

    def instalment_of(self, number: int) -> int:
        """Return the instalment of due date `number`, or its part of principal."""
        return self.amount if self.shape is None else self.shape.of(number, self.amount)

    def copy(self) -> Self:
        """Return a copy of the state with a new ledger, to look ahead with."""
        self.rejoin()
        other = apart(self, State.__slots__)
        other.ledger = Ledger(self.accrual.timetable)
        other.deferred_amounts = [replace(deferred) for deferred in self.deferred_amounts]
        other.entry = Entry(self.accrued_to, 0)
        other.cost_room = copy(self.cost_room)
        other.trace = False
        # The plan assumes that every payment to come is made on time.
        other.offset, other.carries, other.split = 0, False, None
        return other

    def duplicate(self) -> Self:
        """Return an independent copy of the state and its ledger."""
        other = apart(self, State.__slots__)
        other.ledger = self.ledger.duplicate()
        other.entry = None if self.entry is None else self.entry.duplicate()
        own = {id(deferred): replace(deferred) for deferred in self.deferred_amounts}
        other.deferred_amounts = list(own.values())
        other.cost_room = copy(self.cost_room)
        other.split = None if self.split is None else self.split.among(own)
        return other

    def set_timetable(self, timetable: Timetable) -> None:
        """Replace the timetable from the open period on."""
        check_periodic(timetable, self.accrual.day_count)
        self.accrual = replace(self.accrual, timetable=timetable)
        self.regular = self.accrual.regular_from
        self.ledger.timetables.append(timetable)

    @property
    def at_period_start(self) -> bool:
        """Whether nothing has happened since the last due date."""
        opened = self.accrual.timetable.accrual_date(self.period - 1)
        return self.accrued_to == opened and not (self.accrued or self.waived)

    # -- days -----------------------------------------------------------------------

    def open_day(self, day: date, number: int = 0) -> Entry:
        """Return the entry of `day`, opening it if need be; `number` if it is a due date."""
        if self.entry is None or self.entry.day != day:
            self.close_day()
            self.entry = Entry(day, number)
            if self.cost_room is not None:
                self.cost_room.allow(day, self.owed)
        return self.entry

    def close_day(self) -> None:
        """End the day: deferred interest joins the principal, and the entry is written."""
        entry = self.entry
        if entry is not None:
            self.capitalise()
            entry.closing = self.owed
            if entry.number or entry.payment or entry.principal or entry.sparse or entry.accrued:
                self.ledger.entries.append(entry)
            self.entry = None

    def capitalise(self) -> None:
        """Add deferred interest that is ready to the principal."""
        for deferred in self.deferred_amounts:
            if deferred.ready and self.entry is not None:
                _, interest = deferred.pay_off()
                if self.balance + interest < 0:  # at a negative rate, more than is owed
                    self.receive(deferred_interest=interest)
                    column = "deferred_interest"
                else:
                    self.balance += interest
                    self.entry.add(column := "capitalised", interest)
                self.trace_origin(Origin(column, interest, deferred.source))
        self.sweep()

    def sweep(self) -> None:
        """Drop the deferred amounts that are paid."""
        if self.deferred_amounts:
            self.deferred_amounts = [part for part in self.deferred_amounts if not part.empty]

    # -- interest -------------------------------------------------------------------

    def accrue(self, day: date) -> None:
        """Accrue interest up to `day`, unrounded."""
        if day <= self.accrued_to:
            return
        self.rejoin()
        parts = [(d, d.base, d.rate, d.accrued) for d in self.deferred_amounts if d.base]
        self._begin((self.interest_bearing, self.rate, self.waiving), tuple(parts))
        self._count(day)

    def set_rate(self, day: date, rate: Fraction, waiving: bool) -> None:
        """Set the rate from `day` on, and whether interest is waived.

        Where the last day of a segment counts, `day` itself accrues at the new rate, on its
        opening balance, whatever was paid on it.
        """
        end = self.accrual.rate_ends(day)
        split = self.split
        if end < day == self.accrued_to and split is not None:
            self._undo(split)
            if end > self.accrued_to:
                self._count(end)
            parts = [(d, base, own, d.accrued) for d, base, own, _ in split.deferred_amounts]
            self._begin((split.terms[0], rate, waiving), tuple(parts))
            self._count(day)
        else:
            self.accrue(end)
        if (rate, waiving) != (self.rate, self.waiving):
            self.ledger.rate_periods.append(RatePeriod(end, rate, waiving))
        self.rate, self.waiving = rate, waiving

    def _begin(self, terms: tuple[int, Fraction, bool], parts: tuple[DeferredBase, ...]) -> None:
        """Begin another segment of interest, where the last one ended."""
        sums = self.accrued, self.waived
        self.split = Split(self.accrued_to, *sums, len(self.notes), self.accrual, terms, parts)

    def _count(self, day: date) -> None:
        """Accrue interest up to `day` on the segment that has begun."""
        assert self.split is not None, "a segment has begun"
        bearing, nominal, waiving = self.split.terms
        share = self.accrual.share(self.period, self.accrued_to, day)
        if waiving:
            self.waived += (bearing + self.drift) * nominal * share
        else:
            self.accrued += (bearing + self.drift) * nominal * share
        for deferred, base, own, _ in self.split.deferred_amounts:
            interest = base * (nominal if own is None else own) * share
            if waiving:
                self.waived += interest
            else:
                deferred.accrued += interest
        if self.trace:
            self.notes += self.split.segments(self.accrued_to, day, share)
        self.accrued_to = day

    def rejoin(self) -> None:
        """Undo the last split of the period, if nothing that interest depends on has changed.

        The interest of the parts of a period can differ from that of the whole, where odd days
        follow a separate rule. So a period must not be split where nothing changes.
        """
        split, terms = self.split, (self.interest_bearing, self.rate, self.waiving)
        if split is None or not split.holds(self.accrual, terms, self.deferred_amounts):
            return
        self._undo(split)
        self.split = None

    def _undo(self, split: Split) -> None:
        """Restore the state at the start of the last segment."""
        self.accrued_to, self.accrued, self.waived = split.accrued_to, split.accrued, split.waived
        for deferred, _, _, accrued in split.deferred_amounts:
            deferred.accrued = accrued
        self.notes = self.notes[: split.notes]

    def trace_origin(self, origin: Origin) -> None:
        """Note where an amount of the open day comes from, for the derivation."""
        if self.trace and origin.amount:
            self.day.origins.append(origin)

    def post(self, day: date) -> int:
        """Accrue to `day`, round the accrued interest and post it; return the interest charged.

        Where its remainder is carried, as in a charge agreed as one amount, it is rounded as a
        whole: the interest accrued since the start is rounded each time, and the interest posted
        before is deducted. So is the interest of a period of which a part was paid with a
        prepayment, and daily simple interest since the last receipt.
        """
        rounding, remainder = self.program.rounding, self.remainder
        running = remainder == "carried"
        if self.split is not None:
            self.rejoin()
            self.split = None
        whole = running or self.carries or remainder in ("total", "balance")
        started = self.deferred_amounts or self.accrued or self.waived or self.waiving or self.trace
        if started or whole or self.charged or self.cost_room is not None:
            self.accrue(day)
        else:  # one segment: its interest is rounded as it accrues
            share = self.accrual.share(self.period, self.accrued_to, day)
            top = self.interest_bearing * self.rate.numerator * share.numerator
            charged = round_ratio(top, self.rate.denominator * share.denominator, rounding)
            self.accrued_to = day
            entry = self.open_day(day)
            entry.accrued += charged
            return charged
        self.split = None
        entry = self.open_day(day)
        charged = self.unposted
        waived = round_fraction(self.waived, rounding)
        kept = running or self.charged or self.drift
        if self.trace and kept and entry.before is None:
            since = sum(note.interest for note in self.notes if note.kind == "interest")
            entry.before = self.accrued + self.charged - since, self.charged
        if running or (self.carries and remainder != "balance"):
            self.accrued -= charged
            self.charged += charged
        elif remainder == "balance":
            charged += self._move_unit(self.accrued + self.charged, charged)
            self.accrued, self.charged = ZERO, 0
        elif remainder == "total":
            self.carried += self.accrued - charged
            self.posted += self.charged + charged
            self.accrued, self.charged = ZERO, 0
        else:
            self.accrued, self.charged = ZERO, 0
        self.waived = ZERO
        entry.accrued += charged + waived
        entry.add("waived", waived)
        for deferred in self.deferred_amounts:
            if deferred.accrued:
                posted = deferred.post(rounding)
                entry.accrued += posted
                entry.add("waived", posted if deferred.waived else 0)
                if not deferred.waived:
                    deferred.accrued_interest -= posted - self.within_cap(posted, "moved waived")
        entry.segments.extend(self.notes)
        self.notes = []
        return self.within_cap(charged)

    def within_cap(self, interest: int, column: str = "waived") -> int:
        """Return how much of the interest posted the cap on costs allows; the rest is waived."""
        if self.cost_room is None:
            return interest
        kept = self.cost_room.take(interest)
        self.day.add("waived", interest - kept)
        self.trace_origin(Origin(column, interest - kept, Sentence("origin.above_cap")))
        return kept

    def _move_unit(self, exact: Fraction, charged: int) -> int:
        """Return a minor unit of interest, if what roundings have left has added up to one."""
        self.exact = exact
        self.tally += exact - charged - self.charged
        unit = int(self.tally)
        self.tally -= unit
        self.trace_origin(Origin("interest completed", unit, Sentence("origin.remainders")))
        return unit

    def receive(self, *, interest: int = 0, principal: int = 0, deferred_interest: int = 0) -> None:
        """Write a payment into the open day."""
        entry = self.day
        entry.interest += interest
        entry.principal += principal
        entry.payment += interest + principal + deferred_interest
        entry.add("deferred_interest", deferred_interest)
        if self.program.interest_tax:
            self.tax(
                interest + deferred_interest, self.program.interest_tax, Sentence("figure.interest")
            )

    def tax(self, amount: int, share: Fraction, what: Sentence | str) -> int:
        """Write the tax on an amount paid into the open day; return it."""
        tax = round_fraction(amount * share, self.program.rounding)
        self.day.pay("tax", tax)
        self.trace_origin(Origin("tax", tax, Sentence("origin.on", what=what), amount, share))
        return tax

    def disburse(self, amount: int, text: Sentence) -> None:
        """Add to the debt on the open day."""
        if self.fixed_base is not None:
            self.fixed_base += amount
        self.balance += amount
        self.day.add("advanced", amount)
        self.trace_origin(Origin("advanced", amount, text))

    @property
    def day(self) -> Entry:
        """The entry of the open day."""
        assert self.entry is not None, "a payment is written into an open day"
        return self.entry
