"""Pictures of plans and accounts, drawn with matplotlib (``pip install 'repaylib[plot]'``).

Each function takes what the library returns and gives the axes it drew on. Nothing is loaded
until you draw.
Start reading in `plans`.
"""

from repaylib.plots.plans import balances, costs, difference, instalments, payments

__all__ = ["balances", "costs", "difference", "instalments", "payments"]
