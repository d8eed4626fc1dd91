"""Amounts of money: minor units of a currency, read from and shown as `Decimal`.

Inside the library an amount is an integer of the minor unit. This package reads amounts, rounds
quotients of integers correctly, for one number and for arrays, and shows amounts again.
Start reading in `amounts`; `rounding` holds the rounding rules.
"""

__all__ = ()
