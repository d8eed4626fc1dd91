"""Who pays: the shares that others than the borrower have in the payments of a loan.

A payer changes no debt: the lender receives the same, and the borrower pays less of it.
Start reading in `payer`, then `shared_costs`.
"""

from repaylib.measures.payers.payer import Payer
from repaylib.measures.payers.shared_costs import SharedCost, SharedRow, shared_cost

__all__ = ["Payer", "SharedCost", "SharedRow", "shared_cost"]
