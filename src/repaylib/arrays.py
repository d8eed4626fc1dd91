"""Correctly rounded quotients, over arrays of integers and over floats with a bound on their error."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from repaylib.exact import Rounding, bias_of, round_ratio

__all__ = ["Floats", "Integers", "round_floats", "round_ratios"]

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Above this, the products of a division could leave ``int64``.
LARGEST = 2**60


def round_ratios(num: Integers, den: Integers, rounding: Rounding) -> Integers:
    """Round exact quotients of integers, none below zero, to whole numbers.

    Parameters
    ----------
    num, den
        Numerators, and denominators above zero, of one shape.
    rounding
        The words of :func:`~repaylib.exact.round_ratio`.

    Examples
    --------
    >>> round_ratios(np.array([5, 15, 25]), np.array([10, 10, 10]), "half_even")
    array([0, 2, 2])
    """
    if not len(num):
        return np.zeros(0, dtype=np.int64)
    bias = bias_of(rounding)
    if bias.scale * int(num.max()) + int(den.max()) * bias.scale >= LARGEST:
        pairs = zip(num.tolist(), den.tolist(), strict=True)
        return np.array([round_ratio(*pair, rounding) for pair in pairs], dtype=np.int64)
    top, bottom = bias.scale * num + bias.dens * den - bias.less, bias.scale * den
    quotient: Integers = top // bottom
    if bias.even:
        quotient -= (quotient & 1) * (quotient * bottom == top)
    return quotient


def round_floats(value: Floats, rounding: Rounding) -> Floats:
    """Round floats, none below zero and all below 2**52, to whole numbers as they stand.

    The same number or a larger one never gives a smaller result: where both ends of an interval
    round alike, so does what lies between.

    Examples
    --------
    >>> round_floats(np.array([0.5, 1.5, 2.5]), "half_down")
    array([0., 1., 2.])
    """
    whole = np.floor(value)
    rest: Any = value - whole  # exact
    match rounding:
        case "half_up":
            more = rest >= 0.5
        case "half_down":
            more = rest > 0.5
        case "half_even":
            more = (rest > 0.5) | ((rest == 0.5) & (whole % 2 == 1))
        case "up" | "ceiling":
            more = rest > 0
        case _:
            return whole
    rounded: Floats = whole + more
    return rounded
