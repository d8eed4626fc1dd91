"""A loan and its changes, compiled to what has to happen on which day.

A :class:`Program` is all that the engine reads: the opening terms in whole minor units, and
a list of dated instructions. The order of things on one day stands in :class:`Turn`, and
nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

from repaylib.accrual import Accrual
from repaylib.change import Change, ForgivenessHold, Hold, Part, PrepaymentHold
from repaylib.changes import EarlySettlement, Forgiveness, Prepayment, RateChange, Rescheduling
from repaylib.deferral import Deferral
from repaylib.errors import TermsError
from repaylib.exact import Rounding
from repaylib.loan import Loan, Method
from repaylib.rates import Rate
from repaylib.steps import StepHold
from repaylib.timetable import months_of

__all__ = [
    "Event",
    "Forgive",
    "Instruction",
    "NewRate",
    "OldRate",
    "PassOver",
    "Prepay",
    "Program",
    "Renew",
    "Settle",
    "Turn",
    "compile_loan",
]


class Turn(IntEnum):
    """The order of things on one day, first to last."""

    ACCRUE = 0  #: interest accrues to the day
    POST = 1  #: it is rounded and posted, if the day is a due date
    PAY = 2  #: the scheduled payment, if the day is a due date
    PREPAY = 3  #: prepayments
    FORGIVE = 4  #: forgiveness
    ADVANCE = 5  #: further advances
    CAPITALISE = 6  #: interest put off joins the principal
    SETTLE = 7  #: an early settlement pays what is then owed
    RENEW = 8  #: a new rate, a deferral, a new instalment hold from this day on


@dataclass(frozen=True, slots=True)
class NewRate:
    """The rate becomes `rate`; `layer` names it, so that it can end.

    A step of the contract's own rate is of layer 0, which it replaces: it is not felt under the
    rate of a later layer.
    """

    layer: int
    rate: Rate
    hold: Hold | StepHold


@dataclass(frozen=True, slots=True)
class OldRate:
    """The rate named `layer` ends, and the latest one that still runs is back."""

    layer: int
    hold: Hold


@dataclass(frozen=True, slots=True)
class PassOver:
    """The next due dates are passed over, in the deferral's words."""

    words: Deferral


@dataclass(frozen=True, slots=True)
class Prepay:
    """An amount (minor units) lowers the principal."""

    amount: int
    hold: PrepaymentHold


@dataclass(frozen=True, slots=True)
class Forgive:
    """An amount (minor units) or a share of one part of the debt is forgiven."""

    amount: int | None
    share: Fraction | None
    of: Part
    hold: ForgivenessHold


@dataclass(frozen=True, slots=True)
class Renew:
    """What is owed is repaid in new instalments; `months` and `rate` replace the old if given."""

    layer: int
    payments: int | None
    instalment: int | None
    months: int | None
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class Settle:
    """All that is owed is paid, with a fee: minor units, or a share of the principal."""

    fee: int | Fraction


Instruction = NewRate | OldRate | PassOver | Prepay | Forgive | Renew | Settle


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """An instruction with its place in time: day, turn of the day, number of the change.

    Number 0 is the contract itself.
    """

    day: date
    turn: Turn
    change: int
    do: Instruction


@dataclass(frozen=True, slots=True)
class Program:
    """What the engine folds. Money is in minor units.

    `path` are the days and rates of the contract over which its instalment is level; without
    them an instalment is solved at the rate of its day.
    """

    principal: int
    rate: Rate
    payments: int
    method: Method
    instalment: int | None
    accrual: Accrual
    rounding: Rounding
    instalment_rounding: Rounding
    fee_rounding: Rounding
    negative_amortisation: bool
    decimals: int
    events: tuple[Event, ...] = ()
    path: tuple[tuple[date, Rate], ...] = ()

    def with_change(self, loan: Loan, change: Change, on: date, until: date | None) -> Program:
        """Return the program with one more change, placed on day `on` (a rate also `until`).

        Later changes see what earlier-dated ones left; on one day the turn decides, and
        within a turn the order of agreement.
        """
        number = 1 + max((event.change for event in self.events), default=0)
        compiled = [Event(on, *_compile(loan, change, number))]
        if until is not None and isinstance(change, RateChange):
            compiled.append(Event(until, Turn.RENEW, number, OldRate(number, change.hold)))
        ordered = sorted((*self.events, *compiled), key=_place)
        return replace(self, events=tuple(ordered))


def compile_loan(loan: Loan) -> Program:
    """Return the program of a loan without changes."""
    given = loan.instalment
    hold, rates = loan.rate_hold, loan.rate_steps
    return Program(
        principal=loan.minor(loan.principal, "principal"),
        rate=loan.first_rate,
        payments=loan.payments,
        method=loan.method,
        instalment=None if given is None else loan.minor(given, "instalment"),
        accrual=loan.accrual,
        rounding=loan.rounding,
        instalment_rounding=loan.instalment_rounding or loan.rounding,
        fee_rounding=loan.fee_rounding or loan.rounding,
        negative_amortisation=loan.negative_amortisation,
        decimals=loan.decimals,
        events=tuple([Event(day, Turn.RENEW, 0, NewRate(0, rate, hold)) for day, rate in rates]),
        path=rates if hold == "level" else (),
    )


def _place(event: Event) -> tuple[date, Turn, int]:
    return event.day, event.turn, event.change


def _compile(loan: Loan, change: Change, number: int) -> tuple[Turn, int, Instruction]:
    match change:
        case RateChange(rate=rate, hold=hold):
            return Turn.RENEW, number, NewRate(number, rate, hold)
        case Deferral():
            return Turn.RENEW, number, PassOver(change)
        case Prepayment(amount=amount, hold=hold):
            return Turn.PREPAY, number, Prepay(loan.minor(amount, "amount"), hold)
        case Rescheduling():
            if change.instalment is not None and loan.method == "interest_only":
                raise TermsError(
                    "instalment",
                    change.instalment,
                    'payments=n with method="interest_only", which has no instalment to fix',
                    "write payments=18",
                )
            fixed = change.instalment
            return (
                Turn.RENEW,
                number,
                Renew(
                    layer=number,
                    payments=change.payments,
                    instalment=None if fixed is None else loan.minor(fixed, "instalment"),
                    months=None if change.every is None else months_of(change.every),
                    rate=change.rate,
                ),
            )
        case Forgiveness(amount=amount, share=share, of=of, hold=hold):
            much = None if amount is None else loan.minor(amount, "amount")
            return Turn.FORGIVE, number, Forgive(much, share, of, hold)
        case EarlySettlement(fee=Fraction() as share):
            return Turn.SETTLE, number, Settle(share)
        case EarlySettlement(fee=Decimal() as fixed):
            return Turn.SETTLE, number, Settle(loan.minor(fixed, "fee", least=0))
        case EarlySettlement():
            return Turn.SETTLE, number, Settle(0)
    raise TermsError(
        "change", change, "a change, such as a Deferral or a RateChange", "write rp.Deferral(...)"
    )
