"""What comes first on one day."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Turn"]


class Turn(IntEnum):
    """The order of events on one day, first to last."""

    ACCRUE = 0  #: interest accrues to the day
    POST = 1  #: it is rounded and posted, if the day is a due date
    PAY = 2  #: the scheduled payment, if the day is a due date
    PREPAY = 3  #: prepayments
    FORGIVE = 4  #: forgiveness
    ADVANCE = 5  #: further advances
    CHARGE = 6  #: fees for the changes of the day
    CAPITALISE = 7  #: deferred interest joins the principal
    SETTLE = 8  #: an early settlement pays what is then owed
    RENEW = 9  #: a new rate, a deferral or a new instalment takes effect
    RESET = 10  #: the instalment is recalculated, on the days that the contract sets
