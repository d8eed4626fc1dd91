r"""The equations that hold in every row of a schedule, as one table of signs.

The table checks the rows of one loan and of a portfolio (`conservation`), computes the columns
that a portfolio does not keep, makes the sums of an explanation, and is what the documentation of
:class:`~repaylib.Row` states.

Out of pocket and received
--------------------------

The ``payment`` of a row includes everything charged on the day. Two of its parts are no money that
changes hands then:

* A fee that is deducted from the amount lent, or financed, is charged, but not paid in money. A
  financed fee is paid later, as part of the principal.
* Arrears that a schedule takes over were owed before. The borrower has the use of them from that
  day on, like an amount lent. Paying them is no cost.

So in each row, in minor units,

.. math::

   \text{out of pocket} &= \text{payment} - \text{fees deducted or financed, with their tax} \\
   \text{received} &= \text{advanced} + \text{arrears taken over}
                        - \text{fees deducted or financed, with their tax}

and out of pocket less received is the lender's net. :mod:`repaylib.measures.break_even` says from
which day on it compares plans.

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

from collections.abc import Callable, Mapping
from typing import Any

__all__ = [
    "BEFORE",
    "EQUATIONS",
    "POCKET",
    "SIGNED",
    "Signs",
    "equation_in_words",
    "signed_sum",
    "solved_for",
]

#: The columns that a sum is made of, with the sign of each.
Signs = Mapping[str, int]

#: ``deferred`` of the row before; 0 before the first row.
BEFORE = "before"

EQUATIONS: Mapping[str, Signs] = {
    "payment": {
        "interest": 1,
        "deferred_interest": 1,
        "principal": 1,
        "fee": 1,
        "penalty": 1,
        "tax": 1,
        "refund": -1,
    },
    "closing": {"opening": 1, "principal": -1, "capitalised": 1, "forgiven": -1, "advanced": 1},
    "deferred": {
        BEFORE: 1,
        "accrued": 1,
        "interest": -1,
        "deferred_interest": -1,
        "waived": -1,
        "capitalised": -1,
        "forgiven_interest": -1,
    },
}

#: Columns that follow from those of an account, with signs. ``"arrears"`` is the growth of the arrears
#: still owed; those taken over at the start count in the first row.
POCKET: Mapping[str, Signs] = {
    "out_of_pocket": {"payment": 1, "non_cash": -1},
    "received": {"advanced": 1, "arrears_interest": 1, "arrears_charges": 1, "non_cash": -1},
    "net": {"payment": 1, "advanced": -1, "arrears_interest": -1, "arrears_charges": -1},
    "arrears": {
        **{"start_interest": 1, "start_charges": 1, "arrears_interest": 1, "arrears_charges": 1},
        **{"cleared_interest": -1, "cleared_charges": -1, "arrears_forgiven": -1},
    },
}

#: Columns that a negative rate, or a refund of fees, may bring below zero.
SIGNED = frozenset(
    (
        *("payment", "interest", "deferred_interest", "tax"),
        *("accrued", "waived", "capitalised", "deferred"),
    )
)


def signed_sum(signs: Signs, column: Callable[[str], Any]) -> Any:
    """Return the sum of columns with their signs, of arrays or of numbers.

    Examples
    --------
    >>> signed_sum({"opening": 1, "principal": -1}, {"opening": 100, "principal": 8}.__getitem__)
    92
    """
    first, *others = signs
    total = column(first) if signs[first] > 0 else -column(first)
    for name in others:
        total = total + column(name) if signs[name] > 0 else total - column(name)
    return total


def solved_for(part: str, total: str) -> dict[str, int]:
    """Return the signs of a part of an equation, as it follows from the total and the other parts.

    Examples
    --------
    >>> solved_for("principal", "closing")
    {'opening': 1, 'capitalised': 1, 'forgiven': -1, 'advanced': 1, 'closing': -1}
    """
    signs = EQUATIONS[total]
    others = {name: -sign * signs[part] for name, sign in signs.items() if name != part}
    return {**others, total: signs[part]}


def equation_in_words(total: str) -> str:
    """Return an equation as it is written.

    Examples
    --------
    >>> equation_in_words("closing")
    'closing = opening - principal + capitalised - forgiven + advanced'
    """
    parts = "".join(
        f" {'+' if sign > 0 else '-'} {name}" for name, sign in EQUATIONS[total].items()
    )
    return f"{total} = {parts[3:]}"
