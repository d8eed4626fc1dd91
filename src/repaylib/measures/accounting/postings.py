"""What is posted to the books of a lender: kinds of entries, each with the accounts it moves between."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

__all__ = ["POSTINGS", "DatedPosting", "JournalWord", "LedgerAccount", "Posting"]

#: The accounts of a journal; a caller may give them other names.
LedgerAccount = Literal[
    "loans",
    "accrued_interest",
    "interest_receivable",
    "charges_receivable",
    "cash",
    "deferred_fees",
    "unallocated",
    "tax_payable",
    "arrears_taken_over",
    "interest_income",
    "waived_interest",
    "fee_income",
    "penalty_income",
    "cost_recoveries",
    "waived_charges",
    "loan_losses",
    "recoveries",
]
#: What an entry of a journal books.
JournalWord = Literal[
    "disbursed",
    "cost_paid",
    "taken_over",
    "accrued",
    "waived",
    "posted",
    "fee_charged",
    "penalty_charged",
    "cost_charged",
    "tax_charged",
    "fee_refunded",
    "held_used",
    "offset",
    "interest_paid",
    "principal_paid",
    "charges_paid",
    "held",
    "given_back",
    "forgiven",
    "capitalised",
    "written_off",
    "recovered",
    "fee_amortised",
]


class Posting(NamedTuple):
    """A kind of entry: what happens, the account that is debited, and the one that is credited."""

    what: JournalWord
    debit: LedgerAccount
    credit: LedgerAccount


#: The day of an entry, its kind, and minor units.
DatedPosting = tuple[date, Posting, int]

#: All kinds of entries, in the order in which they stand on one day.
POSTINGS = (
    DISBURSED := Posting("disbursed", "loans", "cash"),
    COST_PAID := Posting("cost_paid", "deferred_fees", "cash"),
    INTEREST_TAKEN_OVER := Posting("taken_over", "interest_receivable", "arrears_taken_over"),
    CHARGES_TAKEN_OVER := Posting("taken_over", "charges_receivable", "arrears_taken_over"),
    ACCRUED := Posting("accrued", "accrued_interest", "interest_income"),
    WAIVED := Posting("waived", "waived_interest", "accrued_interest"),
    POSTED := Posting("posted", "interest_receivable", "accrued_interest"),
    FEE_DEFERRED := Posting("fee_charged", "charges_receivable", "deferred_fees"),
    FEE_CHARGED := Posting("fee_charged", "charges_receivable", "fee_income"),
    PENALTY_CHARGED := Posting("penalty_charged", "charges_receivable", "penalty_income"),
    COST_CHARGED := Posting("cost_charged", "charges_receivable", "cost_recoveries"),
    TAX_CHARGED := Posting("tax_charged", "charges_receivable", "tax_payable"),
    FEE_REFUNDED := Posting("fee_refunded", "fee_income", "charges_receivable"),
    HELD_FOR_INTEREST := Posting("held_used", "unallocated", "interest_receivable"),
    HELD_FOR_PRINCIPAL := Posting("held_used", "unallocated", "loans"),
    HELD_FOR_CHARGES := Posting("held_used", "unallocated", "charges_receivable"),
    REFUND_OFFSET := Posting("offset", "charges_receivable", "loans"),
    INTEREST_OFFSET := Posting("offset", "interest_receivable", "loans"),
    INTEREST_PAID := Posting("interest_paid", "cash", "interest_receivable"),
    PRINCIPAL_PAID := Posting("principal_paid", "cash", "loans"),
    CHARGES_PAID := Posting("charges_paid", "cash", "charges_receivable"),
    HELD := Posting("held", "cash", "unallocated"),
    GIVEN_BACK := Posting("given_back", "unallocated", "cash"),
    RECEIVABLE_WAIVED := Posting("waived", "waived_interest", "interest_receivable"),
    CHARGES_WAIVED := Posting("waived", "waived_charges", "charges_receivable"),
    FORGIVEN := Posting("forgiven", "loan_losses", "loans"),
    INTEREST_FORGIVEN := Posting("forgiven", "loan_losses", "interest_receivable"),
    CAPITALISED := Posting("capitalised", "loans", "interest_receivable"),
    LOANS_WRITTEN_OFF := Posting("written_off", "loan_losses", "loans"),
    ACCRUED_WRITTEN_OFF := Posting("written_off", "loan_losses", "accrued_interest"),
    INTEREST_WRITTEN_OFF := Posting("written_off", "loan_losses", "interest_receivable"),
    CHARGES_WRITTEN_OFF := Posting("written_off", "loan_losses", "charges_receivable"),
    HELD_WRITTEN_OFF := Posting("written_off", "unallocated", "loan_losses"),
    RECOVERED := Posting("recovered", "cash", "recoveries"),
    AMORTISED := Posting("fee_amortised", "deferred_fees", "fee_income"),
)
