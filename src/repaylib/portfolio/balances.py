"""What every loan of a book owes on a day, as arrays: by lanes, and one by one where they end.

The single-loan engine processes the other loans, to the same cents.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from repaylib.arrears.allocation import Allocation
from repaylib.arrears.due_amounts import KINDS, Kind
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.dates.days import NAT
from repaylib.errors import AmountError, Phrase, RepayError
from repaylib.money.amounts import minor_of
from repaylib.portfolio.book.columns import Same
from repaylib.portfolio.book.receipts import BookReceipts
from repaylib.portfolio.book.rejects import Reject
from repaylib.portfolio.schedule import PortfolioSchedule
from repaylib.portfolio.settlement import settle_book
from repaylib.portfolio.vectorised.arrears_state import NEVER
from repaylib.portfolio.vectorised.statement_balances import (
    ServicingInput,
    StatementBalances,
    compute_balances,
)
from repaylib.rates.step_schedule import Steps
from repaylib.typing import Bools, Ints, Progress

if TYPE_CHECKING:
    from repaylib.arrears.statements import Statement

__all__ = ["NAMED", "TABLES", "BookOwed", "Single", "owed_by_book"]

#: Gives the statement of one loan of the book, by its row.
Single = Callable[[int], "Statement"]
#: Kinds as an :class:`~repaylib.arrears.Balances` names them.
NAMED: dict[Kind, str] = {kind: kind for kind in KINDS} | {"fee": "fees"}
#: The sums of a statement that have kinds.
TABLES = ("due", "arrears", "undue", "paid")
#: A word that is left out, or none.
UNSAID = (None, Same(None))
#: What sums of one loan stay below, so that sums of them fit ``int64``.
SUMS = 2**62


@dataclass(slots=True)
class BookOwed:
    """Arrays with a place for each loan, in minor units.

    Attributes
    ----------
    due, arrears, undue, paid
        By kind: what has fallen due and is open, what of it was due before the day, what is not
        yet due, and what was paid of what has fallen due.
    received, credit
        All money received, and the unallocated part of it.
    days_past_due
        Days.
    next_due, next_amount
        The next due date with an amount due, and that amount; NaT and 0 if none.
    kept
        Which loans have a statement.
    fallback_loans
        Number of loans processed one by one.
    rejects
        The others, and the changes that could not be made.
    """

    due: dict[Kind, Ints]
    arrears: dict[Kind, Ints]
    undue: dict[Kind, Ints]
    paid: dict[Kind, Ints]
    received: Ints
    credit: Ints
    days_past_due: Ints
    next_due: npt.NDArray[np.datetime64]
    next_amount: Ints
    kept: Bools
    fallback_loans: int = 0
    rejects: tuple[Reject, ...] = ()

    @classmethod
    def of(cls, loans: int) -> BookOwed:
        """Return nothing owed by so many loans."""

        def zeros() -> Ints:
            return np.zeros(loans, dtype=np.int64)

        def table() -> dict[Kind, Ints]:
            return {kind: zeros() for kind in KINDS}

        return cls(
            due=table(),
            arrears=table(),
            undue=table(),
            paid=table(),
            received=zeros(),
            credit=zeros(),
            days_past_due=zeros(),
            next_due=np.full(loans, NAT),
            next_amount=zeros(),
            kept=np.zeros(loans, dtype=bool),
        )

    def take(self, found: StatementBalances, first: int) -> Ints:
        """Take the results of lanes; return the rows whose undue amounts are not known."""
        processed = found.processed
        known = np.flatnonzero(~processed.fallback)
        rows = first + found.indices[known]
        for name in ("due", "arrears", "paid"):
            for kind, amounts in getattr(processed, name).items():
                getattr(self, name)[kind][rows] = amounts[known]
        for name in ("received", "credit", "days_past_due"):
            getattr(self, name)[rows] = getattr(processed, name)[known]
        self.undue["principal"][rows] = found.principal[known]
        self.undue["interest"][rows] = found.interest[known]
        days = found.next_due[known]
        self.next_due[rows] = np.where(days == NEVER, NAT, days.astype("datetime64[D]"))
        self.next_amount[rows] = found.next_amount[known]
        self.kept[rows] = True
        return rows[found.principal[known] < 0]

    def take_one(self, row: int, found: Statement, decimals: int) -> None:
        """Take the statement of one loan.

        Raises
        ------
        AmountError
            If what is owed does not fit the arrays.
        """
        sums = found.balances.total, found.due.total, found.received
        most = max(amount.copy_abs() for amount in sums)
        if minor_of(most, decimals) >= SUMS:
            raise AmountError(
                "as_of",
                found.as_of.isoformat(),
                Phrase("less than 2**62 minor units to be owed on it, which is {:,f}", most),
                "write rp.statement(plan.row(i), ...), which takes it",
            )
        of = {"due": [found.due], "arrears": [found.arrears], "undue": [found.undue]}
        of["paid"] = [
            instalment.paid for instalment in found.instalments if instalment.due <= found.as_of
        ]
        for name, amounts_of in of.items():
            for kind, attribute in NAMED.items():
                amounts = (getattr(one, attribute) for one in amounts_of)
                getattr(self, name)[kind][row] = sum(
                    minor_of(amount, decimals) for amount in amounts
                )
        self.received[row] = minor_of(found.received, decimals)
        self.credit[row] = minor_of(found.credit, decimals)
        self.days_past_due[row] = found.days_past_due
        coming = found.next_due
        self.next_due[row] = NAT if coming is None else coming.due
        self.next_amount[row] = 0 if coming is None else minor_of(coming.outstanding, decimals)
        self.kept[row] = True
        self.fallback_loans += 1

    def total(self, name: str) -> Ints:
        """Return a table over all kinds."""
        found: Ints = np.sum([*getattr(self, name).values()], axis=0)
        return found


def owed_by_book(
    plan: PortfolioSchedule,
    receipts: BookReceipts,
    as_of: date,
    penalty: Steps[PenaltyTerms] | None,
    allocation: Allocation,
    by_schedule: bool,
    single: Single,
    progress: Progress = None,
) -> BookOwed:
    """Return the balances of every loan of a book.

    Raises
    ------
    RepayError
        For a loan that has no statement, with its row, unless the book collects such loans.
    """
    owed = BookOwed.of(len(plan))
    rejects = {reject.row: reject for reject in receipts.rejects}
    unreached: list[Reject] = []
    left = np.ones(len(plan), dtype=bool)
    fast = _takes(penalty, allocation) and by_schedule
    given = _given(plan, receipts, as_of, penalty, allocation) if fast else None
    for block in plan.folded_blocks(progress):
        row_arrays, first = block.row_arrays, block.first
        rejects = {
            reject.row: reject for reject in row_arrays.rejects if reject.change is None
        } | rejects
        unreached += [reject for reject in row_arrays.rejects if reject.change is not None]
        left[first : first + len(block)] &= row_arrays.counts > 0
        if given is not None:
            for found in compute_balances(row_arrays, first, block.book_fold.sorted, given):
                unknown = owed.take(found, first)
                _settle(owed, plan, unknown, as_of)
    missing = np.zeros(len(plan), dtype=bool)
    missing[list(rejects)] = True
    started = plan.book.start <= np.datetime64(as_of, "D")
    owed.kept &= started & ~missing
    for row in np.flatnonzero(left & ~owed.kept & ~missing).tolist():
        try:
            owed.take_one(row, single(row), int(plan.book.decimals[row]))
        except RepayError as error:
            present = error if error.row == row else error.in_row(row)
            if plan.book.errors == "raise":
                raise present from error
            rejects[row] = Reject.of(present, row)
    for name in TABLES:
        for amounts in getattr(owed, name).values():
            amounts[~owed.kept] = 0
    for amounts in (owed.received, owed.credit, owed.days_past_due, owed.next_amount):
        amounts[~owed.kept] = 0
    owed.next_due[~owed.kept] = NAT
    owed.rejects = (*rejects.values(), *unreached)
    return owed


def _takes(penalty: Steps[PenaltyTerms] | None, allocation: Allocation) -> bool:
    """Whether lanes can follow a waterfall and penalties."""
    if allocation.among != "age" or allocation.across == "pro_rata" or allocation.ahead != "next":
        return False
    if penalty is None:
        return True
    terms = penalty.initial
    limits = terms.late_fee, terms.cap, terms.cap_share
    return (
        not penalty.changes and terms.base != "balance" and all(limit is None for limit in limits)
    )


def _given(
    plan: PortfolioSchedule,
    receipts: BookReceipts,
    as_of: date,
    penalty: Steps[PenaltyTerms] | None,
    allocation: Allocation,
) -> ServicingInput:
    changed, turned = np.zeros((2, len(plan)), dtype=bool)
    for change in plan.changes:
        touched = change.touches(len(plan))
        changed |= touched
        if change.kind in (RateChange, Rescheduling) or change.options.get("rate") not in UNSAID:
            turned |= touched
    taken = receipts.until(as_of)
    received = np.zeros(len(plan))
    np.add.at(received, taken.loan, taken.amount)
    start = plan.book.start
    return ServicingInput(
        as_of=int(np.datetime64(as_of, "D").astype(np.int64)),
        allocation=allocation,
        penalty=None if penalty is None else penalty.initial,
        changed=changed,
        turned=turned,
        start=np.where(np.isnat(start), 0, start.astype(np.int64)),
        rate=plan.book.rate_codes.astype(np.int64),
        loan=taken.loan,
        on=taken.on,
        amount=taken.amount,
        received=received,
    )


def _settle(owed: BookOwed, plan: PortfolioSchedule, rows: Ints, as_of: date) -> None:
    """Compute the undue amounts of loans with changes, or without a known part of a period.

    The single-loan engine processes loans whose quote is refused, and gives the reason.
    """
    if not len(rows):
        return
    book = plan.book.collecting(rows)
    part = PortfolioSchedule(book, [change.take(rows) for change in plan.changes])
    quotes = settle_book(part, on=as_of)
    for kind in ("principal", "interest", "deferred_interest"):
        owed.undue[kind][rows] = quotes[kind]
    odd = np.isnat(quotes["on"])
    for name in ("principal", "interest", "deferred_interest"):
        odd |= quotes[name] < 0
    for name in ("fee", "penalty", "later_fees", "tax", "refund"):
        odd |= quotes[name] != 0
    owed.kept[rows[odd]] = False
