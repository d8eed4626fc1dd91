"""Numbers written plainly, ``"888.49"`` or ``"5.25%"``, read over whole columns of text.

What is written in another way, spaces and exponents included, is left to whoever reads one value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.typing import Bools, Ints

__all__ = ["Numerals", "numerals_of"]

#: So many digits are below ``10**18``, and fit in ``int64``.
MOST_DIGITS = 18
#: Texts that are read together.
BLOCK = 65_536


class Numerals(NamedTuple):
    """Numbers ``digits / 10**decimals``, where they are `plain`; elsewhere both are 0."""

    digits: Ints
    decimals: Ints
    plain: Bools


def numerals_of(values: Sequence[Any], sign: str = "") -> Numerals:
    """Read text of digits, with at most one point between them and `sign` after them.

    Examples
    --------
    >>> numerals_of(["888.49", "12", "1e3", ".5", None])
    Numerals(digits=array([88849,    12,     0,     0,     0]),
             decimals=array([2, 0, 0, 0, 0]),
             plain=array([ True,  True, False, False, False]))
    >>> numerals_of(["5.25%", "5.25"], "%").plain
    array([ True, False])
    """
    digits = np.zeros(len(values), dtype=np.int64)
    decimals = np.zeros(len(values), dtype=np.int64)
    plain = np.zeros(len(values), dtype=np.bool_)
    most = MOST_DIGITS + 1 + len(sign)
    for low in range(0, len(values), BLOCK):
        rows = slice(low, low + BLOCK)
        texts = [each if type(each) is str and len(each) <= most else "" for each in values[rows]]
        digits[rows], decimals[rows], plain[rows] = _read(texts, sign)
    return Numerals(digits, decimals, plain)


def _read(texts: list[str], sign: str) -> Numerals:
    count = len(texts)
    array = np.array(texts, dtype=np.str_)
    letters: npt.NDArray[np.uint32] = array.view(np.uint32).reshape(count, -1).T
    lengths = np.fromiter(map(len, texts), np.int64, count)
    ends = lengths - len(sign)
    plain = ends > 0
    if sign:
        plain &= letters[lengths - 1, np.arange(count)] == ord(sign)
    digits = np.zeros(count, dtype=np.int64)
    decimals = np.zeros(count, dtype=np.int64)
    broken = np.zeros(count, dtype=np.bool_)  # whether there was a point
    after = np.ones(count, dtype=np.bool_)  # whether no digit stands just before
    for place, letter in enumerate(letters):
        inside = plain & (place < ends)
        number = letter - np.uint32(ord("0"))  # of another letter far above 9
        digit = inside & (number <= 9)
        point = inside & (letter == ord("."))
        plain &= ~inside | digit | (point & ~broken & ~after)
        digits = np.where(digit, digits * 10 + number, digits)
        decimals += digit & broken
        broken |= point
        after = np.where(inside, ~digit, after)
    plain &= ~after & (ends - broken <= MOST_DIGITS)
    return Numerals(np.where(plain, digits, 0), np.where(plain, decimals, 0), plain)
