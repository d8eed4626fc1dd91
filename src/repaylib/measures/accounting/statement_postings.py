"""The entries of a loan as it was really paid: what each step of each day changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from repaylib.arrears.instalment_due import InstalmentDue
from repaylib.arrears.output.account import held_used, parts_owed
from repaylib.arrears.servicing import Step, begin_servicing, steps_of
from repaylib.arrears.servicing_state import ServicingState
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.engine.ledger import Settled
from repaylib.errors import Phrase, TermsError
from repaylib.measures.accounting import postings as of
from repaylib.measures.accounting.plan_postings import NOTHING, RowFacts, facts_by_day
from repaylib.measures.accounting.postings import DatedPosting, Posting
from repaylib.schedule.schedule import Schedule

__all__ = ["statement_postings"]


class Owed(NamedTuple):
    """What is owed on a day, or by how much that changes; minor units.

    `interest` is due, `accrued` is not; `held` is unallocated money.
    """

    principal: int = 0
    interest: int = 0
    accrued: int = 0
    fees: int = 0
    penalty: int = 0
    costs: int = 0
    held: int = 0

    @property
    def charges(self) -> int:
        """Fees, penalties and costs."""
        return self.fees + self.penalty + self.costs

    def since(self, before: Owed) -> Owed:
        """Return by how much it has changed."""
        return Owed(*(now - was for now, was in zip(self, before, strict=True)))


def statement_postings(
    reached: ServicingState, days: Sequence[date], *, defers: bool
) -> Iterator[DatedPosting]:
    """Yield the entries of a loan that is serviced.

    Parameters
    ----------
    reached
        Its state on the last day.
    days
        The days on which accruals are booked, in order, the last one that of the state.
    defers
        Whether fees of the start are deferred.
    """
    plan = reached.terms.schedule
    if any(facts.charges_taken_over for facts in facts_by_day(plan).values()):
        raise TermsError(
            "schedule",
            Phrase("a statement of a loan that takes over fees or penalties in arrears"),
            "one whose arrears of fees and penalties were forgiven or joined the principal",
            'write renegotiate(..., arrears={"penalty": "capitalise", "fee": "capitalise"})',
        )
    book = _Book(begin_servicing(reached.terms), defers=defers)
    yield plan.loan.start, of.DISBURSED, plan.program.principal
    end, done = days[-1], 0
    rows = [day for day in plan.columns["date"].tolist() if day <= end]
    events = sorted(reached.events, key=lambda event: event.on)
    for stop in sorted({*days, *rows, *(event.on for event in events)}):
        first = done
        while done < len(events) and events[done].on == stop:
            done += 1
        for step, _ in steps_of(book.state, events[first:done], stop):
            for kind, amount in book.entries_of(step):
                yield book.state.today, kind, amount


class _Book:
    """The accounts of a loan that is serviced, as its days pass."""

    def __init__(self, state: ServicingState, *, defers: bool) -> None:
        self.state = state
        self._defers = defers
        self._before = Owed(principal=state.terms.schedule.program.principal)
        self._seen = self._received = self._refunded = 0
        self._day = state.loan.start
        self._closed = self._ended = self._settled = False
        self._unread = True
        self._plan: Schedule | None = None
        self._by_day: dict[date, RowFacts] = {}

    def entries_of(self, step: Step) -> Iterator[tuple[Posting, int]]:
        """Yield the entries of a step of the day, since the step before."""
        state = self.state
        if state.today != self._day:
            self._day, self._unread = state.today, True
        now = self._owed()
        change, self._before = now.since(self._before), now
        received, refunded = state.received - self._received, state.refunded - self._refunded
        self._received, self._refunded = state.received, state.refunded
        items, self._seen = state.all_items[self._seen :], len(state.all_items)
        if self._closed:
            facts = self._read_facts()
            lent = facts.advanced - facts.non_cash
            yield of.RECOVERED, received - refunded
            yield of.DISBURSED, lent
            yield of.LOANS_WRITTEN_OFF, lent
        elif step == "received":
            yield from self._payments(change, received)
        elif step == "refunded":
            yield of.GIVEN_BACK, refunded
        elif step == "waived":
            yield of.POSTED, -change.accrued
            yield of.RECEIVABLE_WAIVED, -change.interest - change.accrued
            yield of.CHARGES_WAIVED, -change.charges
            yield of.FORGIVEN, -change.principal
        else:
            yield from self._charges(change, items)
        if state.write_off is not None and not self._closed and step == "ended":
            self._closed = True
            yield of.LOANS_WRITTEN_OFF, now.principal
            yield of.ACCRUED_WRITTEN_OFF, now.accrued
            yield of.INTEREST_WRITTEN_OFF, now.interest
            yield of.CHARGES_WRITTEN_OFF, now.charges
            yield of.HELD_WRITTEN_OFF, now.held

    def _owed(self) -> Owed:
        """Return what is owed, with the interest that has accrued by the contract."""
        return Owed(*parts_owed(self.state, self._quote()).values())

    def _quote(self) -> Schedule | None:
        """Return the schedule with a settlement on the day that charges interest by the contract."""
        state = self.state
        if not state.goes_on(state.today):
            return None
        plan = state.plan
        flat = any(method == "flat" for _, method in plan.ledger.methods)
        if plan.program.base is None and not flat:
            return state.quote(state.today, fee=False)
        return plan.then(EarlySettlement(on=state.today, method="flat_waived", fee="0"))

    def _payments(self, change: Owed, received: int) -> Iterator[tuple[Posting, int]]:
        """Yield what money received has paid; a settlement may have its fee, or give fees back."""
        interest, more, settled = -change.interest - change.accrued, 0, Settled()
        if self.state.settled == self._day and not self._settled:
            self._settled = True
            settled = self._settlement(None)
            more = settled.interest + change.accrued  # by the method, and not by the contract
        interest += more
        paid = -change.principal + interest - change.charges + change.held
        yield of.ACCRUED, more
        yield of.POSTED, more - change.accrued
        yield of.FEE_CHARGED, received - paid - settled.tax + settled.refund
        yield of.TAX_CHARGED, settled.tax
        yield of.FEE_REFUNDED, settled.refund
        yield of.INTEREST_PAID, interest
        yield of.PRINCIPAL_PAID, -change.principal
        yield of.CHARGES_PAID, received - paid - change.charges
        yield of.HELD, change.held

    def _charges(
        self, change: Owed, items: Sequence[InstalmentDue]
    ) -> Iterator[tuple[Posting, int]]:
        """Yield what accrues and falls due, and what money held pays of it."""
        state, facts = self.state, self._read_facts()
        tax, refund = facts.tax, facts.refund
        if state.ended == self._day and not self._ended:
            self._ended = True
            settled = self._settlement("0")
            tax, refund = tax + settled.tax, refund + settled.refund
        used = {"principal": 0, "interest": 0, **held_used(state, items)}
        for_charges = sum(used.values()) - used["principal"] - used["interest"]
        for_principal = -change.held - used["interest"] - for_charges
        offset = facts.advanced + facts.capitalised - facts.forgiven - for_principal
        offset -= change.principal
        offset_charges = min(max(0, offset), refund)
        offset_interest = offset - offset_charges
        posted = change.interest + facts.capitalised + facts.forgiven_interest
        posted += used["interest"] - facts.interest_taken_over - offset_interest
        fees = change.fees + used.get("fees", 0) + facts.non_cash - tax + refund - offset_charges
        yield of.DISBURSED, facts.advanced
        yield of.INTEREST_TAKEN_OVER, facts.interest_taken_over
        yield of.ACCRUED, change.accrued + posted + facts.waived
        yield of.WAIVED, facts.waived
        yield of.POSTED, posted
        yield of.FEE_DEFERRED if self._defers else of.FEE_CHARGED, facts.start_fees
        yield of.FEE_CHARGED, fees - facts.start_fees
        yield of.PENALTY_CHARGED, change.penalty + used.get("penalty", 0)
        yield of.COST_CHARGED, change.costs + used.get("costs", 0)
        yield of.TAX_CHARGED, tax
        yield of.FEE_REFUNDED, refund
        yield of.HELD_FOR_INTEREST, used["interest"]
        yield of.HELD_FOR_PRINCIPAL, for_principal
        yield of.HELD_FOR_CHARGES, for_charges
        yield of.REFUND_OFFSET, offset_charges
        yield of.INTEREST_OFFSET, offset_interest
        yield of.CHARGES_PAID, facts.non_cash
        yield of.FORGIVEN, facts.forgiven
        yield of.INTEREST_FORGIVEN, facts.forgiven_interest
        yield of.CAPITALISED, facts.capitalised

    def _read_facts(self) -> RowFacts:
        """Return what the rows of the day say, once."""
        if not self._unread:
            return NOTHING
        self._unread = False
        if self.state.ended is not None and self._day > self.state.ended:
            return NOTHING
        plan = self.state.plan
        if plan is not self._plan:
            self._plan, self._by_day = plan, facts_by_day(plan)
        return self._by_day.get(self._day, NOTHING)

    def _settlement(self, fee: str | None) -> Settled:
        """Return what ending the schedule on the day has charged and given back, with its fee or not."""
        plan = self.state.plan
        if self._day >= plan.maturity:
            return Settled()
        return plan.then(EarlySettlement(on=self._day, fee=fee)).ledger.settled
