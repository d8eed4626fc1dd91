"""Plans that both sides can sign: budgets of several debts, the search, concessions.

A budget is shared out among debts month by month. The search finds the options that fit what can
be paid and what the lender accepts, and says what would have to give where none fits.
Start reading in `negotiations` and `budget_allocation`.
"""
