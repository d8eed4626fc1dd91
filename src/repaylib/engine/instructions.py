"""The instructions of the engine: what happens to a loan on one day.

:class:`~repaylib.changes.day_order.Turn` is the order of events on one day.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from repaylib.changes.day_order import Turn
from repaylib.changes.deferral import Deferral
from repaylib.dates.due_dates import Timetable
from repaylib.dates.frequency import Every
from repaylib.rates.index_fixings import Resets
from repaylib.rates.index_rate import Indexed
from repaylib.rates.rate import Rate
from repaylib.terms.fees import Fee
from repaylib.terms.settlement_fees import SettlementFee
from repaylib.typing import (
    ArrearsRepay,
    ForgivenessHold,
    ForgivenPart,
    Hold,
    Method,
    PrepaymentHold,
    PrepaymentInterest,
    Repay,
    SettlementMethod,
    StepHold,
)

__all__ = [
    "AddArrears",
    "ChargeFee",
    "Disburse",
    "Event",
    "Forbear",
    "Forgive",
    "Instruction",
    "NewRate",
    "Offset",
    "OldRate",
    "Prepay",
    "Rebase",
    "Repeat",
    "Reschedule",
    "ResetInstalment",
    "ResolveInstalment",
    "Settle",
    "StartHoliday",
    "place_of",
]


class NewRate(NamedTuple):
    """The rate becomes `rate`; `layer` names it, so that it can end.

    A step of the contract's own rate is of layer 0, which it replaces: it is not felt under the
    rate of a later layer. With `recast` the instalment is solved again even if the rate stays the
    same; `resets` then says when the next reset to the same rate comes.
    """

    layer: int
    rate: Rate
    hold: Hold | StepHold
    recast: bool = False
    resets: Indexed | None = None


class OldRate(NamedTuple):
    """The rate named `layer` ends, and the latest one that still runs is back."""

    layer: int
    hold: Hold
    recast: bool = False


class StartHoliday(NamedTuple):
    """The next due dates pass without an instalment, or the next instalment moves."""

    deferral: Deferral


class Repeat(NamedTuple):
    """When something comes again: on the next day of a table, or with a later payment.

    Attributes
    ----------
    table
        The days, of which due date 0 is the first; ``None`` if it comes with payments.
    number, every
        The number of the payment with which it comes now, and after how many it comes again.
    last_day, last_payment
        The last day, or the number of the last payment, with which it can come, if there is one.
    times
        How often it has come.
    """

    table: Timetable | None
    number: int
    every: int
    last_day: date | None = None
    last_payment: int | None = None
    times: int = 1


class Prepay(NamedTuple):
    """An amount (minor units) lowers the principal, and some of the accrued interest is paid.

    `fees` are charged for it.
    """

    amount: int
    hold: PrepaymentHold
    interest: PrepaymentInterest = "none"
    fees: tuple[Fee, ...] = ()
    repeat: Repeat | None = None


class Forgive(NamedTuple):
    """An amount (minor units) or a share of one part of the debt is forgiven."""

    amount: int | None
    share: Fraction | None
    of: ForgivenPart
    hold: ForgivenessHold


class Forbear(NamedTuple):
    """An amount (minor units) or a share of the principal bears no interest, and is due at the end."""

    amount: int | None
    share: Fraction | None
    hold: ForgivenessHold


class Reschedule(NamedTuple):
    """The debt is repaid in new instalments; `every` and `rate` replace the old if given.

    `repay` says when the interest accrued since the last due date is paid.
    """

    layer: int
    payments: int | None
    instalment: int | None
    every: Every | None
    rate: Rate | None
    method: Method | None
    repay: Repay = "next"


class Settle(NamedTuple):
    """All that is owed is paid, interest by a method, with the fees for it."""

    fees: tuple[Fee, ...]
    method: SettlementMethod = "actuarial"
    rule: SettlementFee | None = None


class Disburse(NamedTuple):
    """A further amount (minor units) is disbursed."""

    amount: int
    hold: Hold


class ChargeFee(NamedTuple):
    """A fee for a change; `amount` (minor units) is that of the change itself.

    `hold` is that of the change; a financed fee holds the same. `after_end` says that it is charged
    even if the change has ended the loan.
    """

    fee: Fee
    amount: int
    hold: Hold | PrepaymentHold
    after_end: bool = False
    repeat: Repeat | None = None


class AddArrears(NamedTuple):
    """An overdue amount joins the schedule: how much, in which column, and when it is paid."""

    amount: int
    column: str
    repay: ArrearsRepay


class ResolveInstalment(NamedTuple):
    """The instalment is solved again, as deferred interest has joined the principal."""


class ResetInstalment(NamedTuple):
    """The instalment is recalculated where the contract says, if a rate or a cap left it behind."""

    resets: Resets


class Offset(NamedTuple):
    """An amount (minor units) bears interest beside the balance or, below zero, spares it.

    The plan is what was agreed; the offset is what was paid late, or ahead. With `posts` interest is
    rounded on the day, with `carries` from then on not at each due date by itself.
    """

    amount: int
    posts: bool = False
    carries: bool = False


class Rebase(NamedTuple):
    """Interest is on the balance of this day, until the next such day."""


Instruction = (
    NewRate
    | OldRate
    | StartHoliday
    | Prepay
    | Forgive
    | Forbear
    | Reschedule
    | Settle
    | Disburse
    | ChargeFee
    | AddArrears
    | ResetInstalment
    | ResolveInstalment
    | Rebase
    | Offset
)


class Event(NamedTuple):
    """An instruction with its place in time: day, turn of the day, number of the change.

    Number 0 is the contract itself.
    """

    day: date
    turn: Turn
    change: int
    instruction: Instruction


def place_of(event: Event) -> tuple[date, Turn, int]:
    """Return the place of an event in time, by which events are sorted."""
    return event.day, event.turn, event.change
