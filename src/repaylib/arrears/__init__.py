"""What was really paid: receipts, penalties, allocation, statements and renegotiation.

A statement processes a schedule day by day with the events of the account, and says what is due,
overdue and paid. An arrangement is a chain of agreements, each of which replaces the one before.
Start reading in `statements` and `servicing`.
"""

from repaylib.arrears.allocation import Allocation
from repaylib.arrears.arrangement import Arrangement, ArrangementRound
from repaylib.arrears.balances import Balances, InstalmentStatus
from repaylib.arrears.breach import Breach, BreachOutcome, BreachWarning
from repaylib.arrears.credit_record import CreditMonth, CreditRecord, credit_record
from repaylib.arrears.daily_simple import Applied
from repaylib.arrears.events import (
    Acceleration,
    Charge,
    Receipt,
    Refund,
    Reversal,
    Waiver,
    WriteOff,
)
from repaylib.arrears.output.account import Account, AccountEntry
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.arrears.renegotiation import renegotiate
from repaylib.arrears.statements import Statement, statement

__all__ = [
    "Acceleration",
    "Account",
    "AccountEntry",
    "Allocation",
    "Applied",
    "Arrangement",
    "ArrangementRound",
    "Balances",
    "Breach",
    "BreachOutcome",
    "BreachWarning",
    "Charge",
    "CreditMonth",
    "CreditRecord",
    "InstalmentStatus",
    "PenaltyTerms",
    "Receipt",
    "Refund",
    "Reversal",
    "Statement",
    "Waiver",
    "WriteOff",
    "credit_record",
    "renegotiate",
    "statement",
]
