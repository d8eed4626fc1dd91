"""What a lender books: interest as it accrues, what is paid, fees spread over the life of a loan.

An entry moves an amount between two accounts; it follows from the rows of a schedule or from a statement.
Start reading in `postings`, then `plan_postings` and `posting_sums`.
"""

from repaylib.measures.accounting.journals import Journal, JournalEntry, journal

__all__ = ["Journal", "JournalEntry", "journal"]
