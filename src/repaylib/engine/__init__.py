"""The engine: a loan and its changes in, amounts out, in Python integers.

`instructions` compiles a loan and its changes to dated instructions. `fold` walks from due date to
due date, `execution` carries out what happens between them, and `ledger` keeps what was computed.
Start reading in `fold`. The vectorised twin is `repaylib.portfolio.vectorised`.
"""

from repaylib.changes.day_order import Turn
from repaylib.engine.execution import run
from repaylib.engine.ledger import Ledger
from repaylib.engine.program import Program

__all__ = ["Ledger", "Program", "Turn", "run"]
