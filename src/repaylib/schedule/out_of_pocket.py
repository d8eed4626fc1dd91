r"""What leaves the borrower's pocket, and what comes into it: the one definition, for rows.

A row of a schedule is an account: its ``payment`` has in it whatever is charged on the day. Two
things in an account are no money that changes hands on the day:

* A fee that is deducted from the amount lent, or financed, is charged, but not paid in money. A
  financed one is paid later, as part of the principal.
* Arrears that are taken into a schedule were owed before. The borrower has the use of them from the
  day on which they are taken in, like an amount lent; paying them is no cost.

So of each row, in minor units,

.. math::

   \text{out of pocket} &= \text{payment} - \text{fees deducted or financed, with their tax} \\
   \text{received} &= \text{advanced} + \text{arrears taken in}
                        - \text{fees deducted or financed, with their tax}

and out of pocket less received is what the lender nets. From which day on plans are compared by it
is told by :mod:`repaylib.schedule.divergence`.

Examples
--------
>>> import repaylib as rp
>>> for collected in ("paid", "deducted", "financed"):
...     fee = rp.Fee("1%", collected=collected)
...     row = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", fees=[fee])).columns
...     print(collected, row.out_of_pocket[:2], row.received[:2])
paid [10000 88849] [0 0]
deducted [    0 88849] [-10000      0]
financed [    0 89737] [0 0]
"""

from __future__ import annotations

from collections.abc import Mapping

from repaylib.schedule.row_equations import Signs

__all__ = ["POCKET"]


#: Columns that follow from those of an account, with signs. ``"arrears"`` is by how much the
#: arrears that are still owed grow in a row; those taken in at the start count in the first row.
POCKET: Mapping[str, Signs] = {
    "out_of_pocket": {"payment": 1, "non_cash": -1},
    "received": {"advanced": 1, "arrears_interest": 1, "arrears_charges": 1, "non_cash": -1},
    "net": {"payment": 1, "advanced": -1, "arrears_interest": -1, "arrears_charges": -1},
    "arrears": {
        **{"start_interest": 1, "start_charges": 1, "arrears_interest": 1, "arrears_charges": 1},
        **{"cleared_interest": -1, "cleared_charges": -1, "arrears_forgiven": -1},
    },
}
