"""The result: a schedule with its rows, totals, tables and derivations, and the verbs that make it.

A `Schedule` shows the ledger of the engine as rows of `Decimal` and as numpy columns. A verb
such as `defer` gives a new schedule and leaves the old one as it is.
Start reading in `schedule` and `verbs`; `conservation` proves that the rows balance.
"""

from repaylib.output.certificates import Certificate
from repaylib.schedule.combination import CombinedSchedule, combine
from repaylib.schedule.figures import AccrualSegment, Derivation, Explanation, Figure, ValuedFlow
from repaylib.schedule.rows import Columns, Row
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.settlement import Settlement, settle
from repaylib.schedule.verbs import (
    advance,
    amortise,
    amortize,
    change_rate,
    defer,
    forbear,
    forgive,
    prepay,
    reschedule,
)

__all__ = [
    "AccrualSegment",
    "Certificate",
    "Columns",
    "CombinedSchedule",
    "Derivation",
    "Explanation",
    "Figure",
    "Row",
    "Schedule",
    "Settlement",
    "ValuedFlow",
    "advance",
    "amortise",
    "amortize",
    "change_rate",
    "combine",
    "defer",
    "forbear",
    "forgive",
    "prepay",
    "reschedule",
    "settle",
]
