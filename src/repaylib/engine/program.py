"""A loan and its changes, compiled to what happens on which day.

A :class:`~repaylib.engine.Program` is all that the engine reads: the opening terms in whole minor
units, and a list of dated instructions. :func:`compile_change` has a case for each kind of change.
"""

from __future__ import annotations

from bisect import insort
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch
from operator import attrgetter
from typing import Literal, NamedTuple

from repaylib.changes.advance import Advance
from repaylib.changes.arrears import Arrears
from repaylib.changes.base import Change
from repaylib.changes.day_order import Turn
from repaylib.changes.deferral import Deferral
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.changes.forbearance import Forbearance
from repaylib.changes.forgiveness import Forgiveness
from repaylib.changes.prepayment import Prepayment
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.dates.accrual import Accrual
from repaylib.dates.generation import lay_out
from repaylib.engine.instructions import (
    AddArrears,
    ChargeFee,
    Disburse,
    Event,
    Forbear,
    Forgive,
    Instruction,
    NewRate,
    OldRate,
    Prepay,
    Rebase,
    Repeat,
    Reschedule,
    ResetInstalment,
    Settle,
    StartHoliday,
    place_of,
)
from repaylib.errors import Phrase, TermsError, write
from repaylib.money.amounts import minor_of
from repaylib.money.rounding import largest_error, round_fraction
from repaylib.rates.index_fixings import Resets, next_reset
from repaylib.rates.index_rate import Indexed
from repaylib.rates.rate import Rate
from repaylib.terms.cost_caps import CostCap
from repaylib.terms.fees import Fee
from repaylib.terms.instalments import Shape, given_by
from repaylib.terms.loan import Loan
from repaylib.terms.methods import WITHOUT_INSTALMENT
from repaylib.terms.settlement_fees import SettlementFee
from repaylib.typing import (
    DayCount,
    Hold,
    InterestRemainder,
    LastPayment,
    Method,
    PrepaymentHold,
    Rounding,
)

__all__ = ["Program", "compile_change", "compile_loan", "rounded_off"]


_CHANGE = attrgetter("change")


class Program(NamedTuple):
    """The opening terms of a loan and its events, which the engine folds. Money is in minor units.

    The fields are those of the loan, but for these: `over` is the number of payments that the
    instalment is solved for; `unit` is what it is a multiple of; `shape` is how instalments
    differ; `solved_under` is the day count of the instalment, if not that of the interest; `fees`
    are those that come without a change; `base` is the amount that bears interest in place of the
    balance; `path` are the days and rates of the contract over which its instalment is level,
    without which it is solved at the rate of its day; `resets` are the days on which alone a new
    rate is felt by the instalment, and none if it is felt on its own day.
    """

    principal: int
    rate: Rate
    payments: int
    method: Method
    instalment: int | None
    shape: Shape | None
    balloon: int
    over: int | None
    solved_under: DayCount | None
    unit: int
    final: LastPayment
    base: int | None
    accrual: Accrual
    rounding: Rounding
    instalment_rounding: Rounding
    fee_rounding: Rounding
    fees: tuple[Fee, ...]
    interest_tax: Fraction
    fee_tax: Fraction
    tax_included: bool
    negative_amortisation: bool | Literal["without_interest", "waive"]
    decimals: int
    cost_cap: CostCap | None = None
    events: tuple[Event, ...] = ()
    path: tuple[tuple[date, Rate], ...] = ()
    instalment_cap: Fraction | None = None
    resets: Resets = ()
    remainder: InterestRemainder | None = None

    @property
    def original(self) -> bool:
        """Whether interest is on a fixed amount, as on the original principal."""
        return self.base is not None

    def growing(self) -> Program:
        """Return the program where interest may be above the instalment."""
        return self if self.negative_amortisation else self._replace(negative_amortisation=True)

    def with_change(self, loan: Loan, change: Change, on: date, until: date | None) -> Program:
        """Return the program with one more change, placed on day `on` (a rate also `until`).

        Later changes see what earlier-dated ones left; on one day the turn decides, and
        within a turn the order of agreement.
        """
        number = 1 + max(map(_CHANGE, self.events), default=0)
        instruction = compile_change(change, loan, number)
        # New instalments hold none of the old terms.
        hold: Hold | PrepaymentHold = getattr(change, "hold", "maturity")
        compiled = [Event(on, change.turn, number, instruction)]
        compiled += [
            Event(on, Turn.CHARGE, number, ChargeFee(fee, _amount(instruction), hold))
            for fee in loan.fees
            if fee.when == change.kind and not isinstance(instruction, Prepay)
        ]
        if until is not None and isinstance(change, RateChange):
            ending = OldRate(number, change.hold, change.recast == "always")
            compiled.append(Event(until, Turn.RENEW, number, ending))
        ordered = list(self.events)
        for event in compiled:
            insort(ordered, event, key=place_of)
        return self._replace(events=tuple(ordered))


def compile_loan(loan: Loan) -> Program:
    """Return the program of a loan without changes."""
    decimals = loan.decimals
    instalment, shape = given_by(loan)
    balloon = loan.balloon
    principal = minor_of(loan.principal, decimals)
    if isinstance(balloon, Fraction):
        balloon_minor = round_fraction(principal * balloon, loan.rounding)
    else:
        balloon_minor = 0 if balloon is None else minor_of(balloon, decimals)
    multiple = loan.instalment_multiple
    events = [
        Event(day, Turn.ADVANCE, 0, Disburse(minor_of(amount, decimals), "maturity"))
        for day, amount in loan.drawdowns
    ]
    events += [
        Event(day, Turn.CHARGE, 0, ChargeFee(fee, minor_of(amount, decimals), "maturity"))
        for day, amount in loan.drawdowns
        for fee in loan.fees
        if fee.when == "advance"
    ]
    events += [_calendar_fee(loan, fee) for fee in loan.fees if fee.when == "calendar"]
    if isinstance(loan.interest_base, tuple):
        events += [Event(day, Turn.RENEW, 0, Rebase()) for day in loan.interest_base]
    path: tuple[tuple[date, Rate], ...] = ()
    if not isinstance(loan.rate, Rate):
        hold, rates, recast = loan.rate_hold, loan.rate_steps, loan.rate_recast == "always"
        new = [NewRate(0, rate, hold, recast) for _, rate in rates]
        if new and recast and isinstance(loan.rate, Indexed):
            new[-1] = new[-1]._replace(resets=loan.rate)
        events += [
            Event(day, Turn.RENEW, 0, instruction)
            for (day, _), instruction in zip(rates, new, strict=True)
        ]
        path = rates if hold == "level" else ()
    resets = _resets(loan)
    if resets and (day := next_reset(resets, loan.start)) is not None:
        events.append(Event(day, Turn.RESET, 0, ResetInstalment(resets)))
    return Program(
        principal=principal,
        rate=loan.first_rate,
        payments=loan.payments,
        method=loan.method,
        instalment=instalment,
        shape=shape,
        balloon=balloon_minor,
        over=loan.amortise_over,
        solved_under=loan.instalment_day_count,
        unit=1 if multiple is None else minor_of(multiple, decimals),
        final=loan.last,
        base=_base_of(loan),
        accrual=loan.accrual,
        rounding=loan.rounding,
        instalment_rounding=loan.instalment_rounding or loan.rounding,
        fee_rounding=loan.fee_rounding or loan.rounding,
        fees=tuple([f for f in loan.fees if not f.contingent and f.when != "calendar"]),
        interest_tax=loan.interest_tax,
        fee_tax=loan.fee_tax,
        tax_included=loan.tax_included,
        negative_amortisation=loan.negative_amortisation,
        decimals=decimals,
        cost_cap=loan.cost_cap,
        events=tuple(sorted(events, key=place_of)) if events else (),
        path=path,
        instalment_cap=loan.instalment_cap,
        resets=resets,
        remainder=loan.interest_remainder,
    )


def rounded_off(program: Program) -> Fraction:
    """Return the most that the roundings of one payment leave, in minor units.

    They are the rounding of the instalment to its multiple, and that of the interest.
    """
    instalment = largest_error(program.instalment_rounding) * program.unit
    return instalment + largest_error(program.rounding)


def _calendar_fee(loan: Loan, fee: Fee) -> Event:
    """Return a fee on the first of its own days, of which the next follows."""
    table, _ = lay_out(fee.first or loan.start, fee.every or "month", payments=1)
    times = int(fee.first is None)  # day 0 of the table is the first, or the start
    repeat = Repeat(table, 0, 0, last_day=fee.until, times=times + 1)
    day = loan.timetable.due_beside(table.unadjusted(times))
    order = ChargeFee(fee, 0, "maturity", repeat=None if fee.every is None else repeat)
    return Event(day, Turn.CHARGE, 0, order)


def _base_of(loan: Loan) -> int | None:
    """Return the amount that bears interest at first, if it is not the balance."""
    if isinstance(loan.interest_base, Decimal):
        return minor_of(loan.interest_base, loan.decimals)
    on_balance = loan.method != "flat" and loan.interest_base == "balance"
    return None if on_balance else minor_of(loan.principal, loan.decimals)


def _resets(loan: Loan) -> Resets:
    """Return when the instalment is recalculated; a time alone counts from the start."""
    given = loan.instalment_resets
    return (loan.start, given) if isinstance(given, str) else given or ()


def _amount(instruction: Instruction) -> int:
    """Return the amount of an instruction, in minor units; 0 if it has none."""
    if isinstance(instruction, (Forgive, Forbear, Disburse)):
        return instruction.amount or 0
    return 0


@singledispatch
def compile_change(change: Change, loan: Loan, number: int) -> Instruction:
    """Return the instruction of a change of a loan; `number` is that of the change."""
    raise TermsError(
        "change",
        change,
        "a change, such as a Deferral or a RateChange",
        Phrase("write {}", "rp.changes.Deferral(...)"),
    )


def _refuse_split(change: Change, loan: Loan) -> None:
    """Refuse a change of the charge that was divided among the payments when it was agreed."""
    if loan.interest_split == "rule_of_78":
        raise TermsError(
            "change",
            change,
            "no change of what is lent or of the rate, as the rule of 78 divides a charge agreed at the start",
            Phrase("write {}, or settle the loan and make a new one", 'interest_split="equal"'),
        )


@compile_change.register(RateChange)
def _rate_change(change: RateChange, loan: Loan, number: int) -> Instruction:
    _refuse_split(change, loan)
    return NewRate(number, change.rate, change.hold, change.recast == "always")


@compile_change.register(Deferral)
def _deferral(change: Deferral, loan: Loan, number: int) -> Instruction:
    return StartHoliday(change)


@compile_change.register(Prepayment)
def _prepayment(change: Prepayment, loan: Loan, number: int) -> Instruction:
    repeat, until = None, change.until
    if isinstance(change.every, int):
        last = until if isinstance(until, int) else None
        repeat = Repeat(None, change.with_payment or 0, change.every, last_payment=last)
    elif change.every is not None and change.on is not None:
        table, _ = lay_out(change.on, change.every, payments=1)
        repeat = Repeat(table, 0, 0, last_day=until if isinstance(until, date) else None)
    return Prepay(
        amount=loan.minor(change.amount, "amount"),
        hold=change.hold,
        interest=change.interest,
        fees=tuple([fee for fee in loan.fees if fee.when == "prepayment"]),
        repeat=repeat,
        in_hand=change.in_hand,
    )


@compile_change.register(Rescheduling)
def _rescheduling(change: Rescheduling, loan: Loan, number: int) -> Instruction:
    method = change.method or loan.method
    if change.instalment is not None and method in WITHOUT_INSTALMENT:
        raise TermsError(
            "instalment",
            change.instalment,
            Phrase('payments=n with method="{}", which has no instalment to fix', method),
            write(payments=18),
        )
    fixed = change.instalment
    return Reschedule(
        layer=number,
        payments=change.payments,
        instalment=None if fixed is None else loan.minor(fixed, "instalment"),
        every=change.every,
        rate=change.rate,
        method=change.method,
        repay=change.repay,
    )


@compile_change.register(Forgiveness)
def _forgiveness(change: Forgiveness, loan: Loan, number: int) -> Instruction:
    return Forgive(_minor_or_none(loan, change.amount), change.share, change.of, change.hold)


@compile_change.register(Forbearance)
def _forbearance(change: Forbearance, loan: Loan, number: int) -> Instruction:
    return Forbear(_minor_or_none(loan, change.amount), change.share, change.hold)


@compile_change.register(Advance)
def _advance(change: Advance, loan: Loan, number: int) -> Instruction:
    _refuse_split(change, loan)
    return Disburse(loan.minor(change.amount, "amount"), change.hold)


@compile_change.register(Arrears)
def _arrears(change: Arrears, loan: Loan, number: int) -> Instruction:
    column = "deferred_interest" if change.of == "interest" else change.of
    return AddArrears(loan.minor(change.amount, "amount"), column, change.repay)


@compile_change.register(EarlySettlement)
def _early_settlement(change: EarlySettlement, loan: Loan, number: int) -> Instruction:
    fee = change.fee
    if fee is None:
        agreed = tuple(fee for fee in loan.fees if fee.when == "settlement")
        return Settle(agreed, change.method)
    if isinstance(fee, SettlementFee):
        return Settle((), change.method, _checked(loan, fee))
    if isinstance(fee, Decimal):
        loan.minor(fee, "fee", least=0)
    return Settle((Fee(fee, when="settlement"),), change.method)


def _minor_or_none(loan: Loan, amount: Decimal | None) -> int | None:
    return None if amount is None else loan.minor(amount, "amount")


def _checked(loan: Loan, fee: SettlementFee) -> SettlementFee:
    """Refuse amounts finer than the currency of the loan."""
    for value in (fee.at_least, fee.at_most, *(cell for _, cell in fee.steps)):
        if isinstance(value, Decimal):
            loan.minor(value, "fee", least=0)
    return fee
