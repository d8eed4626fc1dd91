"""The state of a loan that is serviced: what is due, paid, unallocated, and owed on a day."""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import NamedTuple, Self

from repaylib.arrears.due_amounts import Kind, settlement_amounts
from repaylib.arrears.events import AccountEvent, WriteOff
from repaylib.arrears.instalment_due import InstalmentDue
from repaylib.arrears.open_instalments import OpenInstalments
from repaylib.arrears.penalties import ArrearsRates, PenaltyRules, charges_left
from repaylib.arrears.running_schedule import RunningSchedule
from repaylib.arrears.statement_terms import StatementTerms
from repaylib.schedule.schedule import Schedule
from repaylib.typing import Rest


class UnallocatedReceipt(NamedTuple):
    """Money paid ahead: the day, how much, and what interest it has paid; minor units."""

    on: date
    amount: int
    interest: int = 0


class AppliedAmounts(NamedTuple):
    """Money received on a day: the parts that paid interest and principal, and the rest of them.

    All in minor units; the rest of the money paid fees and the like, or was too much.
    """

    on: date
    amount: int
    interest: int
    principal: int
    interest_left: int
    principal_left: int


class ServicingState(RunningSchedule):
    """The state of a loan that is serviced; minor units.

    Parameters
    ----------
    terms
        The terms of the statement. The state is that of the first day.

    Attributes
    ----------
    terms, events
        The terms, and the events with which it is serviced.
    costs_principal, refunds_fees
        Whether a settlement never costs less than the principal, unless fees come back; whether
        some do.
    dues
        What fell due, in order.
    unallocated_receipts
        Money paid ahead or too much: when it was received, and how much, the oldest first.
    prepayments
        What lowered the principal before it was due: when, and how much.
    deviation
        Overdue principal less unallocated money: it accrues interest outside the plan.
    unplanned_deviation
        The part of it that the plan cannot include, as later planned changes would be impossible.
    applied
        With daily simple interest: what the money of each day has paid.
    interest_ahead, posted_to
        With daily simple interest: interest that receipts have paid before it fell due, below zero
        interest that has accrued and has not fallen due; the last day on which money came in.
    settled
        The day on which a receipt settled the loan.
    interest_accrued_to
        The day up to which overdue principal has accrued interest after the end of the schedule.
    """

    def __init__(self, terms: StatementTerms) -> None:
        super().__init__(terms.schedule)
        self.terms = terms
        self.events: tuple[AccountEvent, ...] = ()
        self.loan = terms.schedule.loan
        self.rounding = self.loan.rounding
        self.rates = ArrearsRates(terms.schedule)
        self.allocation = terms.allocation
        self.on_balance = terms.interest != "schedule"
        self.daily_simple = terms.interest == "daily_simple"
        self.rest = terms.rest
        self.costs_principal = _costs_principal(terms.schedule)
        self.refunds_fees = any(fee.refund != "none" for fee in self.loan.fees)
        penalties = PenaltyRules(
            self.rates,
            terms.penalty,
            self.rounding,
            beyond=self.on_balance,
            accrued_to=self.loan.start,
        )
        self.dues = OpenInstalments(penalties, self.loan.decimals, *charges_left(terms.schedule))
        self.unallocated_receipts: list[UnallocatedReceipt] = []
        self.prepayments: list[tuple[date, int]] = []
        self.applied: list[AppliedAmounts] = []
        self.received = self.refunded = 0
        self.written_off = self.recovered = 0
        self.deviation = self.unplanned_deviation = self.interest_ahead = 0
        self.settled: date | None = None
        self.write_off: WriteOff | None = None
        self.posted_to = self.loan.start
        self.interest_accrued_to = date.min
        self.agreed_capitalised: dict[date, int] = {}
        if self.daily_simple:
            self.agreed_capitalised = {row.day: row.capitalised for row in self.due_amounts.all()}

    def copy(self) -> Self:
        """Return an independent copy, to look ahead with."""
        self.catch_up(date.max)  # only one of two can continue with the pending offsets
        other = copy(self)
        other.dues = self.dues.copy(live=self.on_balance)  # else nothing depends on it
        other.unallocated_receipts = list(self.unallocated_receipts)
        other.prepayments, other.applied = list(self.prepayments), list(self.applied)
        return other

    @property
    def all_items(self) -> list[InstalmentDue]:
        """What fell due, in order."""
        return self.dues.all_items

    @property
    def open_items(self) -> list[InstalmentDue]:
        """What fell due and is still open, in order."""
        return self.dues.open_items

    # -- money ------------------------------------------------------------------------

    @property
    def unallocated(self) -> int:
        """The unallocated money."""
        return sum(receipt.amount for receipt in self.unallocated_receipts)

    @property
    def credit(self) -> int:
        """The unallocated money that has paid nothing yet."""
        return 0 if self.daily_simple and self.next_row() is not None else self.unallocated

    @property
    def prepaid(self) -> int:
        """All that lowered the principal before it was due."""
        return sum(amount for _, amount in self.prepayments)

    def take_unallocated(self, amount: int, *, oldest: bool) -> None:
        """Take an amount out of the unallocated money, from the oldest or the latest receipts."""
        receipts = self.unallocated_receipts
        while amount:
            on, money, _ = receipts.pop(0 if oldest else -1)
            if money > amount:
                receipts.insert(
                    0 if oldest else len(receipts), UnallocatedReceipt(on, money - amount)
                )
            amount -= min(amount, money)

    # -- what is owed -----------------------------------------------------------------

    def owed(self, day: date) -> int:
        """Return all that is due and not paid; unallocated money is not deducted."""
        return sum(item.owes(day, self.rounding) for item in self.open_items)

    def open_by_kind(self, day: date, *, overdue: bool = False) -> dict[Kind, int]:
        """Return the due and open amounts, by kind; or only overdue amounts that are not set apart."""
        found: dict[Kind, int] = {}
        for item in self.open_items:
            if (item.due < day and not item.set_apart) or not overdue:
                for kind in item.kinds:
                    found[kind] = found.get(kind, 0) + item.open(kind, day, self.rounding)
        return found

    def undue(self, day: date, *, fee: bool = True) -> dict[Kind, int]:
        """Return the amounts that fall due if the loan is settled on a day, by kind."""
        quote = self.quote(day, fee=fee)
        return {} if quote is None else settlement_amounts(quote)

    def payoff(self, day: date, *, rest: Rest | None = None) -> dict[Kind, int]:
        """Return the same if all were paid on a day; interest runs to the day, or to the rest."""
        parts, row = self.undue(day), self.next_row()
        if rest is None and self.on_balance:
            rest = self.rest
        inside = day > self.loan.start and not self.falls_due(day)
        if rest == "due_date" and inside and parts and row is not None:
            parts["interest"] = row.parts.get("interest", 0)
        return parts

    def after_receipts(self, undue: dict[Kind, int]) -> dict[Kind, int]:
        """Return the undue amounts less the parts that receipts have paid, except for `credit`."""
        if not (undue and self.daily_simple):
            return undue
        interest = undue["interest"] - self.interest_ahead
        principal = undue["principal"] + self.interest_ahead - self.unallocated
        return undue | {"interest": interest, "principal": principal}


def _costs_principal(schedule: Schedule) -> bool:
    """Whether interest is on the balance, at no rate below zero."""
    ledger = schedule.ledger
    on_balance = schedule.program.base is None and all(of != "flat" for _, of in ledger.methods)
    return on_balance and all(period.rate >= 0 for period in ledger.rate_periods)
