"""What was really paid: receipts, penalties, allocation, statements and renegotiation.

A statement processes a schedule day by day with the events of the account, and says what is due,
overdue and paid. An arrangement is a chain of agreements, each of which replaces the one before.
Start reading in `statements` and `servicing`.
"""
