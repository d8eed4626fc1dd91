"""The entries of a schedule that is paid as planned, from its rows and the interest accrued."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from repaylib.engine.stepwise import unposted_on
from repaylib.measures.accounting import postings as of
from repaylib.measures.accounting.postings import DatedPosting, Posting
from repaylib.schedule.schedule import Schedule

__all__ = ["NOTHING", "RowFacts", "earned_on", "facts_by_day", "last_day", "plan_postings"]

#: Arrears that a schedule takes over, whose interest is no interest that accrues.
TAKEN_OVER = ("start_interest", "arrears_interest")
COLUMNS = (
    *("accrued", "waived", "interest", "deferred_interest", "principal", "fee", "penalty", "tax"),
    *("refund", "advanced", "capitalised", "forgiven", "forgiven_interest", "non_cash"),
    *(*TAKEN_OVER, "start_charges", "arrears_charges", "cleared_charges"),
)


class RowFacts(NamedTuple):
    """What the rows of a day say, in minor units.

    Attributes
    ----------
    posted
        Interest posted, without arrears taken over.
    waived
        The part of it that is waived.
    interest, principal
        Interest and principal paid.
    start_fees, fees
        Fees charged at the start, and other fees.
    tax, refund
        Tax charged, and fees given back.
    charges
        Fees, penalties and taxes paid, with arrears of them, less refunds.
    non_cash
        The part of it that is deducted or financed.
    advanced, capitalised, forgiven, forgiven_interest
        As in a :class:`~repaylib.Row`.
    interest_taken_over, charges_taken_over, charges_cleared
        Arrears taken over, and those of fees and penalties that are paid.
    """

    posted: int
    waived: int
    interest: int
    principal: int
    start_fees: int
    fees: int
    tax: int
    refund: int
    charges: int
    non_cash: int
    advanced: int
    capitalised: int
    forgiven: int
    forgiven_interest: int
    interest_taken_over: int
    charges_taken_over: int
    charges_cleared: int


#: What a day without rows says.
NOTHING = RowFacts(*[0] * len(RowFacts._fields))


def last_day(plan: Schedule) -> date:
    """Return the last day on which something of a schedule accrues or is paid."""
    accrued_to: date = plan.accrual_dates[-1].item()
    return max(plan.maturity, accrued_to)


def rows_of(plan: Schedule) -> list[RowFacts]:
    """Return what each row says."""
    fees: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for charge in plan.fee_charges:
        fees[charge.row][charge.fee.when != "start"] += charge.amount
    lists = [plan.columns[name].tolist() for name in COLUMNS]
    found = []
    for row, values in enumerate(zip(*lists, strict=True)):
        column = dict(zip(COLUMNS, values, strict=True))
        taken_over = sum(column[name] for name in TAKEN_OVER)
        start_fees, other_fees = fees.get(row, (0, 0))
        facts = RowFacts(
            posted=column["accrued"] - taken_over,
            waived=column["waived"],
            interest=column["interest"] + column["deferred_interest"],
            principal=column["principal"],
            start_fees=start_fees,
            fees=other_fees,
            tax=column["tax"],
            refund=column["refund"],
            charges=column["fee"] + column["penalty"] + column["tax"] - column["refund"],
            non_cash=column["non_cash"],
            advanced=column["advanced"],
            capitalised=column["capitalised"],
            forgiven=column["forgiven"],
            forgiven_interest=column["forgiven_interest"],
            interest_taken_over=taken_over,
            charges_taken_over=column["start_charges"] + column["arrears_charges"],
            charges_cleared=column["cleared_charges"],
        )
        found.append(facts)
    return found


def facts_by_day(plan: Schedule) -> dict[date, RowFacts]:
    """Return what the rows of each day say; a row stands on the day on which it is paid."""
    found: dict[date, RowFacts] = {}
    for day, facts in zip(plan.columns["date"].tolist(), rows_of(plan), strict=True):
        before = found.get(day)
        if before is not None:
            facts = RowFacts(*(one + other for one, other in zip(before, facts, strict=True)))
        found[day] = facts
    return found


def plan_postings(plan: Schedule, days: Sequence[date], *, defers: bool) -> Iterator[DatedPosting]:
    """Yield the entries of a schedule; interest accrues from one of `days` to the next.

    Parameters
    ----------
    plan
        The schedule.
    days
        The days on which accruals are booked, in order, the last one at its end.
    defers
        Whether fees of the start are deferred.
    """
    yield plan.loan.start, of.DISBURSED, plan.program.principal
    for day, facts in facts_by_day(plan).items():
        for kind, amount in _entries_of(facts, defers=defers):
            yield day, kind, amount
    accrued, waived = 0, 0
    for day, (all_accrued, all_waived) in zip(days, earned_on(plan, days), strict=True):
        yield day, of.ACCRUED, all_accrued - accrued
        yield day, of.WAIVED, all_waived - waived
        accrued, waived = all_accrued, all_waived


def earned_on(plan: Schedule, days: Sequence[date]) -> Iterator[tuple[int, int]]:
    """Yield the interest that has accrued from the start to the end of each day, and is waived of it."""
    ends = plan.accrual_dates.tolist()
    rows = rows_of(plan)
    posted = list(accumulate((facts.posted for facts in rows), initial=0))
    waived = list(accumulate((facts.waived for facts in rows), initial=0))
    for day, unposted in zip(days, unposted_on(plan.program, days), strict=True):
        row = bisect_right(ends, day)
        yield posted[row] + unposted.accrued, waived[row] + unposted.waived


def _entries_of(facts: RowFacts, *, defers: bool) -> Iterator[tuple[Posting, int]]:
    """Yield the entries of the rows of a day, without accruals."""
    yield of.DISBURSED, facts.advanced
    yield of.INTEREST_TAKEN_OVER, facts.interest_taken_over
    yield of.CHARGES_TAKEN_OVER, facts.charges_taken_over
    yield of.POSTED, facts.posted - facts.waived
    yield of.FEE_DEFERRED if defers else of.FEE_CHARGED, facts.start_fees
    yield of.FEE_CHARGED, facts.fees
    yield of.TAX_CHARGED, facts.tax
    yield of.FEE_REFUNDED, facts.refund
    yield of.INTEREST_PAID, facts.interest
    yield of.PRINCIPAL_PAID, facts.principal
    yield of.CHARGES_PAID, facts.charges
    yield of.FORGIVEN, facts.forgiven
    yield of.INTEREST_FORGIVEN, facts.forgiven_interest
    yield of.CAPITALISED, facts.capitalised
