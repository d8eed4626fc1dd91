"""Arrays: correctly rounded quotients, rounded floats, and read-only arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt

from repaylib.money.rounding import bias_of, round_ratio
from repaylib.typing import Floats, Ints, Rounding

__all__ = ["read_only", "round_floats", "round_ratios", "undisturbed", "with_arrays"]

Params = ParamSpec("Params")
Result = TypeVar("Result")
Kind = TypeVar("Kind", bound=np.generic)
Value = TypeVar("Value")


#: Above this, the products of a division could leave ``int64``.
PRODUCT_LIMIT = 2**60
#: Bytes up to which it takes less time to copy an array than to build one over its memory.
SMALL = 2**13


def read_only(array: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
    """Return an array of the same values that is read-only for good; a large one is not copied.

    ``array.setflags(write=False)`` can be undone by whoever gets the array, or its ``base``. What
    is returned here has no array as its base, and numpy refuses to make it writable.

    Examples
    --------
    >>> figures = read_only(np.array([88_849, 88_849]))
    >>> figures.setflags(write=True)
    Traceback (most recent call last):
    ...
    ValueError: cannot set WRITEABLE flag to True of this array
    """
    found: npt.NDArray[Kind]
    if array.nbytes <= SMALL and array.flags.c_contiguous and not array.dtype.hasobject:
        found = np.ndarray(array.shape, array.dtype, array.tobytes())
    else:
        found = np.asarray(_Memory(array))
    return found


def with_arrays(value: Value, change: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]) -> Value:
    """Return a dataclass with `change` applied to its arrays."""
    mine: Any = value
    known = ((field.name, getattr(mine, field.name)) for field in fields(mine))
    made = {name: change(array) for name, array in known if isinstance(array, np.ndarray)}
    changed: Value = replace(mine, **made)
    return changed


class _Memory:
    """The memory of an array, which it keeps alive, to be read and not written."""

    __slots__ = ("__array_interface__", "_array")

    def __init__(self, array: npt.NDArray[Any]) -> None:
        self._array = array
        self.__array_interface__ = array.__array_interface__  # a new dictionary each time
        self.__array_interface__["data"] = (self.__array_interface__["data"][0], True)


def undisturbed(function: Callable[Params, Result]) -> Callable[Params, Result]:
    """Make a function run in an error state of numpy of its own, whatever the caller has set.

    For functions on floats that reckon with what overflows, vanishes or is no number. A generator
    would leave the state to whoever goes through it.

    Examples
    --------
    >>> with np.errstate(all="raise"):
    ...     float(undisturbed(np.exp)(-1000.0))
    0.0
    """

    @wraps(function)
    def inner(*args: Params.args, **options: Params.kwargs) -> Result:
        with np.errstate(all="ignore"):
            return function(*args, **options)

    return inner


def round_ratios(num: Ints, den: Ints, rounding: Rounding) -> Ints:
    """Round exact quotients of integers, none below zero, to whole numbers.

    Parameters
    ----------
    num, den
        Numerators, and denominators above zero, of one shape.
    rounding
        A rounding of :func:`~repaylib.money.rounding.round_ratio`.

    Examples
    --------
    >>> round_ratios(np.array([5, 15, 25]), np.array([10, 10, 10]), "half_even")
    array([0, 2, 2])
    """
    if not len(num):
        return np.zeros(0, dtype=np.int64)
    bias = bias_of(rounding)
    if bias.scale * int(num.max()) + int(den.max()) * bias.scale >= PRODUCT_LIMIT:
        pairs = zip(num.tolist(), den.tolist(), strict=True)
        return np.array([round_ratio(*pair, rounding) for pair in pairs], dtype=np.int64)
    top, bottom = bias.scale * num + bias.dens * den - bias.less, bias.scale * den
    quotient: Ints = top // bottom
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
