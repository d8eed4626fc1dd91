"""What is agreed later: deferral, rate change, prepayment, rescheduling, forgiveness and more.

Each change is a frozen value in a file of its own. It says what is agreed and from when; the
engine executes it.
Start reading in `base`, then in the file of the change.
"""

from repaylib.changes.advance import Advance
from repaylib.changes.arrears import Arrears
from repaylib.changes.base import Change
from repaylib.changes.deferral import Deferral
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.changes.forbearance import Forbearance
from repaylib.changes.forgiveness import Forgiveness
from repaylib.changes.prepayment import Prepayment
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling

__all__ = [
    "Advance",
    "Arrears",
    "Change",
    "Deferral",
    "EarlySettlement",
    "Forbearance",
    "Forgiveness",
    "Prepayment",
    "RateChange",
    "Rescheduling",
]
