"""What a plain row does to one lane, and to many: the rules, and the proof that floats keep them.

A lane is a loan between two events. Its amounts are whole minor units held in ``float64``, where
sums and differences below ``2**53`` are exact. The rules are written with operators, so they hold
for arrays (:mod:`repaylib.portfolio.vectorised.kernel_numpy`) and for single numbers (:mod:`repaylib.portfolio.vectorised.kernel_numba`). The
functions handed to them, `least`, `evened` and the `floor` of :func:`interest_of`, may write into
their first argument.

Why the interest is right
-------------------------
The interest is ``x = n/d`` rounded, with ``n = bearing * num`` and whole numbers `num` and
``d = den``. Every rounding is a floor (see :class:`~repaylib.money.rounding.Bias`)::

    (scale*n + dens*d - less) // (scale*d)  =  floor(x + dens/scale - less/(scale*d))

What stands under the floor is a multiple of ``g = 1/(scale*d)``, and so is every whole number.
Adding ``g/2`` therefore changes no floor, and leaves at least ``g/2 >= 1/(4*d)`` to the next whole
number on either side. With ``shift = dens/scale + (1/2 - less)*g`` the interest is
``floor(x + shift)``, in floats as in numbers, if the error of the float is below ``1/(4*d)``.

Let ``u = 2**-53``. The ratio ``num/den`` is rounded once, or twice if it is a share of a table
times a rate; the product with the bearing amount once; the shift, at most 1, by ``u/2`` or so; the
sum once. Together the error is at most ``u*(4*x + 3/2)`` and terms of ``u**2``. It is below
``1/(4*d)`` if ``16*n + 6*d < 2**53`` less those terms, which ::

    bearing * num + den <= 2**49

ensures, as ``16*n + 16*d <= 2**53`` leaves ``10*d`` for terms that come to less than 2. Fewer
roundings, as of a fused multiplication and addition, only lessen the error. :func:`proven` asks
for ``2**48``, so that it may calculate in floats itself. Gappa checks both statements, as
scripts in ``docs/explanation/proofs``.

``"half_even"`` rounds a half up, and lowers an odd result of a tie. A tie leaves ``g/2`` above the
floor, anything else at least ``3*g/2``; so it is a tie if less than ``g`` is left, in floats too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from repaylib.money.rounding import ROUNDINGS, bias_of
from repaylib.typing import AnyInts, Floats

__all__ = [
    "Block",
    "Factors",
    "Lanes",
    "asked_of",
    "bearing_of",
    "ends_of",
    "interest_of",
    "proven",
    "tied_of",
    "to_block",
]

Lane = TypeVar("Lane", Floats, float)

NOWHERE: AnyInts = np.zeros(0, dtype=np.intp)
PROVEN = 2.0**48  # see the module; half of what the proof allows
_BIAS = tuple(bias_of(rounding) for rounding in ROUNDINGS)


class Factors(NamedTuple):
    """The interest factor of each lane: ``num / den``, times a share where there is a table.

    Attributes
    ----------
    num, den
        Whole numbers, one a lane: ``int64``, or Python integers if they are larger.
    shares
        Whole numbers below ``2**53``, ``[lines, tables]``: numerators of the shares of a year.
        The factor of a lane in row `r` is ``shares[line + r, table] * num / den``.
    table, line
        Which column of `shares`, and which line of it row 0 takes. Rows after the end of a lane
        may lie beyond the last line.
    """

    num: AnyInts
    den: AnyInts
    shares: Floats | None = None
    table: AnyInts | None = None
    line: AnyInts | None = None

    def take(self, lanes: Any) -> Factors:
        """Return the factors of some lanes."""
        table = None if self.table is None else self.table[lanes]
        line = None if self.line is None else self.line[lanes]
        return Factors(self.num[lanes], self.den[lanes], self.shares, table, line)

    @property
    def ratio(self) -> Floats:
        """``num / den``, rounded once."""
        if self.num.dtype == object or self.den.dtype == object:
            pairs = zip(self.num.tolist(), self.den.tolist(), strict=True)
            return np.array([num / den for num, den in pairs], dtype=np.float64)
        ratio: Floats = self.num / self.den
        return ratio

    @property
    def flat(self) -> tuple[Floats | None, AnyInts, int]:
        """The table of shares in one line, where that of row 0 stands, and the step to the next."""
        if self.shares is None or self.table is None or self.line is None:
            return None, NOWHERE, 0
        step = self.shares.shape[1]
        return self.shares.ravel(), (self.line * step + self.table).astype(np.intp), step

    @property
    def largest(self) -> Floats:
        """The largest numerator of each lane; anything above ``2**62`` as that."""
        num: Floats = np.minimum(self.num, 2**62).astype(np.float64)
        if self.shares is None or self.table is None:
            return num
        largest: Floats = num * self.shares.max(axis=0)[self.table]
        return largest


@dataclass(frozen=True, slots=True)
class Lanes:
    """Many loans, each between two events, side by side.

    Attributes
    ----------
    balance
        Minor units owed, below ``2**53``. The rows change it.
    amount
        Minor units, not negative: the instalment, or the part of principal where `level` is 0.
    last_row
        The row in which the lane pays all of its balance.
    factors
        Of the interest.
    rounding
        Places in :data:`~repaylib.money.rounding.ROUNDINGS`.
    level
        1 where the amount pays the interest first, 0 where the interest comes on top of it;
        ``None`` is 1 for all.
    base
        The original principal where interest is on it, and zero where it is on the balance; ``None`` is
        zero for all.
    """

    balance: Floats
    amount: Floats
    last_row: AnyInts
    factors: Factors
    rounding: AnyInts
    level: Floats | None = None
    base: Floats | None = None

    def __len__(self) -> int:
        return len(self.balance)

    def take(self, lanes: Any) -> Lanes:
        """Return some lanes: a slice shares its balance with these, an index copies it."""
        return replace(
            self,
            balance=self.balance[lanes],
            amount=self.amount[lanes],
            last_row=self.last_row[lanes],
            factors=self.factors.take(lanes),
            rounding=self.rounding[lanes],
            level=None if self.level is None else self.level[lanes],
            base=None if self.base is None else self.base[lanes],
        )

    @property
    def own(self) -> Floats | None:
        """1 where interest is on the balance, 0 elsewhere; ``None`` is 1 for all."""
        return None if self.base is None else (self.base == 0).astype(np.float64)


class Block(NamedTuple):
    """Lanes as rows need them: `shift` and `gap` as in the module, the rest as prepared.

    `gap` is ``None`` if no lane rounds to even; the share of lane `i` in row `r` is
    ``flat[places[i] + r * step]``; `order` and `last_rows` are of :func:`ends_of`.
    """

    balance: Floats
    amount: Floats
    ratio: Floats
    shift: Floats
    gap: Floats | None
    level: Floats | None
    base: Floats | None
    own: Floats | None
    flat: Floats | None
    places: AnyInts
    step: int
    order: AnyInts
    last_rows: AnyInts


def bearing_of(balance: Lane, base: Lane | None, own: Lane | None) -> Lane:
    """Return the interest base: the balance, or the original principal while any is owed."""
    if base is None or own is None:
        return balance
    return own * balance + base * (balance > 0)


def interest_of(bearing: Lane, ratio: Lane, shift: Lane, floor: Callable[[Lane], Lane]) -> Lane:
    """Return the interest, rounded; see the module."""
    estimate = bearing * ratio
    estimate += shift
    return floor(estimate)


def tied_of(
    bearing: Lane,
    ratio: Lane,
    shift: Lane,
    gap: Lane,
    floor: Callable[[Lane], Lane],
    evened: Callable[[Lane, Lane, Lane], Lane],
) -> Lane:
    """Return the interest a tie to the even neighbour where `gap` is ``g`` and not zero."""
    estimate = bearing * ratio
    estimate += shift
    upper = floor(estimate)
    estimate -= upper
    return evened(upper, estimate, gap)


def asked_of(
    amount: Lane,
    interest: Lane,
    balance: Lane,
    level: Lane | None,
    least: Callable[[Lane, Lane], Lane],
) -> Lane:
    """Return the principal that is paid; an infinite amount pays all of the balance."""
    part = amount - interest if level is None else amount - level * interest
    return least(part, balance)


def to_block(lanes: Lanes, high: int) -> Block:
    """Prepare lanes for rows before `high`; they share the balance."""
    scale, dens, less, even = (
        np.array(column, dtype=np.float64)[lanes.rounding] for column in zip(*_BIAS, strict=True)
    )
    den = np.minimum(lanes.factors.den, 2**62).astype(np.float64)
    return Block(
        lanes.balance,
        lanes.amount.copy(),
        lanes.factors.ratio,
        dens / scale + (0.5 - less) / (scale * den),
        even / (scale * den) if even.any() else None,
        lanes.level,
        lanes.base,
        lanes.own,
        *lanes.factors.flat,
        *ends_of(lanes, high),
    )


def ends_of(lanes: Lanes, high: int) -> tuple[AnyInts, AnyInts]:
    """Return the lanes that end before row `high`, sorted by their last row, and that row.

    From it on their amount is infinite: that pays all of the balance, and nothing where nothing
    is owed. So the rows need no look at where each lane ends.
    """
    order = np.argsort(lanes.last_row, kind="stable")
    last_rows = lanes.last_row[order]
    count = int(np.searchsorted(last_rows, high))
    return order[:count], last_rows[:count]


def proven(lanes: Lanes) -> npt.NDArray[np.bool_]:
    """Return which lanes the proof of the module covers, as long as no balance rises.

    None rises where the amount covers the largest interest there can be; lanes of which that is
    not sure are not counted as proven.
    """
    bearing = lanes.balance if lanes.base is None else np.maximum(lanes.balance, lanes.base)
    num = lanes.factors.largest
    den = np.minimum(lanes.factors.den, 2**62).astype(np.float64)
    small = bearing * num + den < PROVEN
    level = 1.0 if lanes.level is None else lanes.level
    covered: npt.NDArray[np.bool_] = (bearing * (num / den) + 1) * level <= lanes.amount
    return small & covered
