"""The texts of a credit record, and of an account rebuilt at a legal rate, in English, by key."""

from __future__ import annotations

__all__ = ["CLAIMS"]

CLAIMS: dict[str, str] = {
    # -- a credit record
    "column.report": "report",
    "column.overdue": "overdue",
    "column.days_past_due": "days past due",
    "credit_record": "credit record",
    "credit_record.text": "{months} {months:month|months}: {text}",
    "credit_record.clear": "shown as paid on {day}, if {amount} is paid by then",
    # -- an account rebuilt at a legal rate
    "rebuilt": "account at {rate} a year",
    "rebuilt.contract": "owed by contract on {day}: {amount}",
    "rebuilt.legal": "owed at {rate} a year: {amount}",
    "rebuilt.overpaid": "paid too much at {rate} a year: {amount}",
    "rebuilt.claim": "claim: {amount}",
    "rebuilt.none": "no claim: the contract asks for no more than {rate} a year",
    # -- what keeps an agreement
    "breach_warning": "pay {amount} by {day}, or the agreement is broken on {breaks}",
    # -- a claim for it
    "claim": "Claim for a corrected account",
    "claim_facts": "What was lent and paid",
    "claim_count": "The account at {rate} a year",
    "claim_asked": "What I claim",
    "claim_opening": "I refer to the loan of {start} and ask for a corrected account.",
    "claim_opening_name": "I, {name}, refer to the loan of {start} and ask for a corrected account.",
    "claim_terms": "Agreed: {terms}.",
    "claim_lent": "Paid out in all: {amount}.",
    "claim_paid": "Received from me up to {day}: {amount}.",
    "claim_rule": "Every payment first pays the interest accrued to its day at {rate} a year, and then principal. Unpaid interest bears no interest.",
    "claim_cap": "The limit: {name} ({source}).",
    "claim_result": "By contract, {contract} is owed on {day}; at {rate} a year, it is {legal}.",
    "claim_result_overpaid": "By contract, {contract} is owed on {day}; at {rate} a year nothing is owed, and {refund} was paid too much.",
    "claim_correct": "I ask you to reduce the debt by {claim}.",
    "claim_refund": "I ask you to close the account, and to pay back {refund}.",
    "claim_written": "Please confirm the corrected account in writing.",
    "miss_basis": "the rule that sets the limit",
}
