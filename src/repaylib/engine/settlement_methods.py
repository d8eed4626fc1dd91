r"""The interest owed when a loan is settled early, by method.

A method is a function of the schedule without the settlement, and of the day. All methods settle
the principal, the deferred interest, and the interest *owed*, which may be above or below the
accrued interest.

============== =====================================================================
method         interest owed on the day
============== =====================================================================
actuarial      the interest accrued on the balance; where the contract charges interest on
               the original principal, the present value of the remaining payments at the
               rate at which all payments repay that principal, less the principal owed
rule_of_78     the charge earned by the sum of digits since the start, or since the last
               rescheduling, less the interest charged in that time
uk_2004        the present value of the remaining payments at the APR of the agreement,
               less the principal
flat_waived    the interest accrued by contract
flat_charged   all interest to come, and the fees of the remaining instalments
============== =====================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Literal, NamedTuple

from repaylib.dates.accrual import unearned
from repaylib.dates.apr_years import regular_interval, uk_years
from repaylib.dates.unit_periods import months_between
from repaylib.engine.entries import Entry
from repaylib.engine.fast_path import RegularPeriods
from repaylib.engine.ledger import Ledger
from repaylib.engine.program import Program
from repaylib.errors import Hint, TermsError
from repaylib.money.rounding import round_fraction
from repaylib.rates.cash_flow_equation import Equation
from repaylib.rates.rate import rounded_percent
from repaylib.typing import CountedIn, SettlementMethod
from repaylib.wording.sentence import Sentence

__all__ = [
    "SettlementCase",
    "Rerun",
    "ScheduledRow",
    "SettlementInterest",
    "scheduled_rows",
    "interest_owed",
]

SETTLEMENT_RATE_DIGITS = 24  # of the rate at which the remaining payments repay the debt
PLACES = 12  # decimals of a minor unit in their present value


#: Folds the loan again: without the settlement or, as it was agreed at first, without all changes.
Rerun = Callable[[Literal["without_settlement", "without_changes"]], Ledger]


class ScheduledRow(NamedTuple):
    """One day of a schedule, in minor units: the amounts due, and the interest charged.

    `number` is that of its due date, or 0; `charged` is interest posted, less interest waived or
    forgiven; `paid` is principal and interest.
    """

    day: date
    number: int
    charged: int
    paid: int
    fee: int
    advanced: int


#: The method of the contract, which has nothing to say.
BY_CONTRACT = Sentence("origin.method.contract")


class SettlementInterest(NamedTuple):
    """The interest and fees of a method besides principal and deferred interest, in minor units.

    `interest` is below zero if more was paid before than the method has earned; `fees` are
    those of the remaining instalments; `text` is the phrase that describes the interest.
    """

    interest: int
    fees: int = 0
    text: Sentence = BY_CONTRACT


def scheduled_rows(ledger: Ledger) -> list[ScheduledRow]:
    """Return the days of a ledger, in order; due dates on the day up to which interest runs."""
    days: list[ScheduledRow] = []
    for piece in ledger.entries:
        if isinstance(piece, RegularPeriods):
            both = zip(piece.column("interest"), piece.column("payment"), strict=True)
            for number, (interest, payment) in enumerate(both, piece.first):
                due = ledger.accrual_date(number)
                days.append(ScheduledRow(due, number, interest, payment, 0, 0))
        else:
            days.append(_day(piece))
    return days


def _day(entry: Entry) -> ScheduledRow:
    sparse = entry.sparse
    not_charged = sparse.get("waived", 0) + sparse.get("forgiven_interest", 0)
    paid = entry.interest + entry.principal + sparse.get("deferred_interest", 0)
    fee, advanced = sparse.get("fee", 0), sparse.get("advanced", 0)
    return ScheduledRow(entry.day, entry.number, entry.accrued - not_charged, paid, fee, advanced)


@dataclass(frozen=True)
class SettlementCase:
    """A loan on the day it is settled; money in minor units.

    Attributes
    ----------
    day
        The day.
    program
        Terms and changes.
    rerun
        Folds the loan again, without the settlement or without all changes.
    principal, deferred_interest
        Principal owed, and deferred interest.
    accrued
        Interest accrued since the last posting, rounded.
    beside
        Interest posted on the day on instalments that were moved.
    on_original_principal
        Whether interest is on the original principal, and not on the balance.
    """

    day: date
    program: Program
    rerun: Rerun
    principal: int
    deferred_interest: int
    accrued: int
    beside: int
    on_original_principal: bool

    @cached_property
    def going_on(self) -> Ledger:
        """The loan without the settlement."""
        return self.rerun("without_settlement")

    @cached_property
    def days(self) -> list[ScheduledRow]:
        """Its days."""
        return scheduled_rows(self.going_on)

    @property
    def later(self) -> list[ScheduledRow]:
        """Those after the settlement."""
        return [row for row in self.days if row.day > self.day]

    @property
    def charged(self) -> int:
        """Interest charged before the settlement."""
        return sum(row.charged for row in self.days if row.day <= self.day) + self.beside

    @property
    def end(self) -> date:
        """The last day of the loan without the settlement."""
        return self.days[-1].day

    def saved(self, owed: int) -> int:
        """Return the interest saved if `owed` is paid of it."""
        left = sum(row.paid for row in self.later)
        return left - self.principal - self.deferred_interest - owed


def interest_owed(method: SettlementMethod, case: SettlementCase) -> SettlementInterest:
    """Return the interest owed by a method; the sum to pay is never below zero."""
    owed = METHODS[method](case)
    if owed.interest == case.accrued:
        return owed
    return owed._replace(interest=max(owed.interest, -case.principal - case.deferred_interest))


def _accrued(case: SettlementCase) -> SettlementInterest:
    return SettlementInterest(case.accrued)


def _actuarial(case: SettlementCase) -> SettlementInterest:
    if not case.on_original_principal:
        return SettlementInterest(case.accrued)
    shares, ledger = _Shares(case.program, case.going_on), case.going_on
    received = {ledger.timetables[0].start: case.program.principal}
    for row in case.days:
        net = row.advanced - row.paid
        received[row.day] = received.get(row.day, 0) + net
    times = {day: shares.until(day) for day in received}
    rate = _rate(list(received.values()), list(times.values()), "actuarial")
    opened = max(due for due in (shares.start, *shares.dues) if due <= case.day)
    since, until = shares.until(opened), shares.until(case.day)
    left = [(row.paid - row.advanced, shares.until(row.day) - since) for row in case.later]
    present_value = _present_value(left, rate) * (1 + Fraction(rate) * (until - since))
    total = round_fraction(present_value, case.program.rounding)
    text = Sentence("origin.method.rate")
    return SettlementInterest(total - case.principal - case.deferred_interest, text=text)


def _rule_of_78(case: SettlementCase) -> SettlementInterest:
    ledger = case.going_on
    start = ledger.timetables[0].start
    begun = max([start, *(day for _, day in ledger.reschedulings if day <= case.day)])
    ends = [ledger.accrual_date(number) for number in range(1, ledger.last_number + 1)]
    ends = [due for due in ends if due > begun]
    if not ends or ends[-1] < case.end:  # a prepayment between due dates ends the loan
        ends.append(case.end)
    elapsed = sum(due <= case.day for due in ends)
    opened = ends[elapsed - 1] if elapsed else begun
    part = Fraction((case.day - opened).days, (ends[elapsed] - opened).days)
    share = unearned(len(ends), elapsed + part)
    days = [row for row in case.days if row.day > begun]
    before = [row for row in days if row.day <= case.day]
    total = sum(row.charged for row in days) + case.beside
    rebate = round_fraction(total * share, case.program.rounding)
    fees = sum(row.fee for row in days if row.number)
    back = round_fraction(fees * share, case.program.fee_rounding)
    fees_before = sum(row.fee for row in before if row.number)
    text = Sentence("origin.method.digits", share=str(1 - share))
    charged = sum(row.charged for row in before) + case.beside
    return SettlementInterest(total - rebate - charged, max(0, fees - back - fees_before), text)


def _uk_2004(case: SettlementCase) -> SettlementInterest:
    agreed = case.rerun("without_changes")
    start = agreed.timetables[0].start
    flows = {start: case.program.principal}
    for row in scheduled_rows(agreed):
        flows[row.day] = flows.get(row.day, 0) + row.advanced - row.paid - row.fee
    counted_in = regular_interval(list(flows))
    times = [uk_years(start, day, counted_in) for day in flows]
    rate = _rate(list(flows.values()), times, "uk_2004")
    left = [(row.paid + row.fee - row.advanced, row.day) for row in case.later]
    first = left[0][1]
    stub = _uk_between(case.day, first, counted_in)
    later = [(amount, stub + _uk_between(first, day, counted_in)) for amount, day in left]
    present_value = _present_value(later, rate)
    total = round_fraction(present_value, case.program.rounding)
    text = Sentence("origin.method.apr", rate=rounded_percent(rate, 5))
    return SettlementInterest(total - case.principal - case.deferred_interest, text=text)


def _uk_between(start: date, end: date, counted_in: CountedIn) -> Fraction:
    """Return the years between two days; from one due date to another whole months are such.

    From 28 February to 31 March is one, as a loan of the 31st has both.
    """
    whole = months_between(start, end) if counted_in == "month" else None
    return uk_years(start, end, counted_in) if whole is None else Fraction(whole, 12)


def _flat_charged(case: SettlementCase) -> SettlementInterest:
    total = sum(row.charged for row in case.days) + case.beside
    text = Sentence("origin.method.all")
    return SettlementInterest(total - case.charged, sum(row.fee for row in case.later), text)


METHODS: dict[SettlementMethod, Callable[[SettlementCase], SettlementInterest]] = {
    "actuarial": _actuarial,
    "rule_of_78": _rule_of_78,
    "uk_2004": _uk_2004,
    "flat_waived": _accrued,
    "flat_charged": _flat_charged,
}


# -- present value ----------------------------------------------------------------------------------


class _Shares:
    """Time in periods of the contract, by its own day count."""

    def __init__(self, program: Program, ledger: Ledger) -> None:
        self.ledger = ledger
        self.start = ledger.timetables[0].start
        self.dues = [ledger.accrual_date(number) for number in range(1, ledger.last_number + 1)]
        self.accruals = [
            (table.before, replace(program.accrual, timetable=table, digits=None))
            for table in ledger.timetables
        ]
        self.sums = [Fraction(0)]
        for number, due in enumerate(self.dues, 1):
            self.sums.append(self.sums[-1] + self._share(number, due))

    def _share(self, number: int, day: date) -> Fraction:
        accrual = next(found for before, found in reversed(self.accruals) if number > before)
        opening = accrual.timetable.accrual_date(number - 1)
        if day <= opening:
            return Fraction(0)
        return accrual.share(number, opening, day) / accrual.timetable.period_length

    def until(self, day: date) -> Fraction:
        """Return the periods from the start to a day."""
        number = sum(due < day for due in self.dues)
        if number == len(self.dues):
            return self.sums[-1]
        return self.sums[number] + self._share(number + 1, day)


def _rate(amounts: Sequence[int], times: Sequence[Fraction], method: str) -> Decimal:
    """Return the rate of a unit of time at which the present value of amounts is zero."""
    equation, _ = _equation(amounts, times)
    try:
        log_growth = equation.zeros().nearest
        if log_growth is not None:
            return equation.rate(log_growth, SETTLEMENT_RATE_DIGITS)
    except ArithmeticError:
        pass
    raise TermsError(
        "method",
        method,
        "payments that repay the principal at some rate; no rate certainly does",
        Hint("write {}, which charges the interest accrued by contract", method="flat_waived"),
    )


def _present_value(left: Sequence[tuple[int, Fraction]], rate: Decimal) -> Fraction:
    """Return the present value of timed amounts at a rate, to far below a minor unit."""
    equation, first = _equation([amount for amount, _ in left], [time for _, time in left])
    if not equation.amounts:
        return Fraction(0)
    return Fraction(equation.present_value(rate, PLACES, -first), 10**PLACES)


def _equation(amounts: Sequence[int], times: Sequence[Fraction]) -> tuple[Equation, Fraction]:
    """Return the equation of value of amounts, and the time of the first."""
    summed: dict[Fraction, int] = {}
    for amount, time in zip(amounts, times, strict=True):
        summed[time] = summed.get(time, 0) + amount
    flows = sorted((time, amount) for time, amount in summed.items() if amount)
    unit = lcm(*(time.denominator for time, _ in flows))
    whole = [int(time * unit) for time, _ in flows]
    equation = Equation([amount for _, amount in flows], whole, unit)
    return equation, flows[0][0] if flows else Fraction(0)
