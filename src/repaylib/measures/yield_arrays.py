"""The yields of many lines of cash flows at once, each with a bracket that encloses it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from repaylib.errors import CountError, Phrase
from repaylib.measures.flow_lines import FlowLines, Shares
from repaylib.money.counts import parse_digits
from repaylib.money.rounding_arrays import read_only, undisturbed
from repaylib.rates.cash_flow_equation import Equation
from repaylib.typing import DayCount, Floats, Ints

__all__ = ["DiscountedLines", "Yields", "rates_of_lines"]

UNIT = 2.0**-52
ROUNDS = 30
MOST_DIGITS = 15  # that a float64 tells apart


class Yields:
    """The rates of many lines of flows; numpy takes it for an array of them.

    Attributes
    ----------
    rate
        ``float64`` shares; NaN for a line for which :func:`~repaylib.irr` has none, or several.
    low
        Each rate is certainly not below it.
    high
        Each rate is certainly not above it.
    count
        How many rates fit each line: 1; 0, 2 ... ; or -1 if two are too close to tell from none.
        Of two, one may be meant: the only one that is not negative.
    per
        Whether rates are of a period or a year, as for :class:`~repaylib.measures.Yield`.
    day_count
        How days became years, as for :class:`~repaylib.measures.Yield`.

    Examples
    --------
    >>> import numpy as np
    >>> import repaylib as rp
    >>> found = rp.irr(np.array([[-100, 110, 0], [-100, 60, 60], [100, 60, 60]]))
    >>> found.rate.round(6), found.count
    (array([0.1     , 0.130662,      nan]), array([1, 1, 0]))
    """

    __slots__ = ("count", "day_count", "high", "low", "per", "rate")

    def __init__(
        self,
        rate: Floats,
        low: Floats,
        high: Floats,
        count: Ints,
        per: Literal["period", "year"],
        day_count: DayCount | None,
    ) -> None:
        self.rate = read_only(rate)
        self.low = read_only(low)
        self.high = read_only(high)
        self.count = read_only(count)
        self.per = per
        self.day_count = day_count

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.rate, self.low, self.high, self.count, self.per, self.day_count)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return np.array(self.rate, dtype=dtype) if copy or dtype else self.rate

    def __len__(self) -> int:
        return len(self.rate)

    def __getitem__(self, index: Any) -> Any:
        return self.rate[index]

    @property
    def unclear(self) -> Ints:
        """The lines that have no rate, or several to choose from; ask :func:`~repaylib.irr` about each."""
        return np.flatnonzero(np.isnan(self.rate))

    def __repr__(self) -> str:
        found = len(self) - len(self.unclear)
        return f"<Yields: {found} rates per {self.per} of {len(self)} lines>"


@undisturbed
def rates_of_lines(
    many: FlowLines,
    per: Literal["period", "year"],
    day_count: DayCount | None,
    digits: int,
    near: Shares | None = None,
) -> Yields:
    """Return the rate of each line, where there is one, or `near` chooses one.

    Brackets reach to a unit of the last of so many digits of 1 + |rate|, or less far.
    """
    if parse_digits(digits) > MOST_DIGITS:
        raise CountError(
            "digits",
            digits,
            Phrase("at most {} for many lines, whose rates are float64", MOST_DIGITS),
            "write rp.irr(line, digits=...) or rp.xirr(line, ...) for one of them",
        )
    lines = len(many.amounts)
    rate, low, high = (np.full(lines, np.nan) for _ in range(3))
    count = np.zeros(lines, dtype=np.int64)
    for block, part in many.blocks():
        lines_of = DiscountedLines(part.amounts, part.times / part.unit)
        rate[block], low[block], high[block], sure = lines_of.rates(digits)
        count[block] = sure
        for place in np.flatnonzero(~sure):
            line = block.start + int(place)
            wanted = None if near is None else near.exact(line)
            rate[line], low[line], high[line], count[line] = _singly(
                many.line(line), digits, wanted
            )
    return Yields(rate, low, high, count, per, day_count)


def _singly(
    equation: Equation, digits: int, wanted: Fraction | None
) -> tuple[float, float, float, int]:
    nan = float("nan")
    zeros = equation.zeros()
    try:
        log_growth = zeros.only if wanted is None else zeros.closest_to(wanted)
        if log_growth is None:
            return nan, nan, nan, len(zeros.given.sure)
        found = equation.rate(log_growth, digits)
    except ArithmeticError:
        return nan, nan, nan, -1
    near = Fraction(found)
    half = Fraction(10) ** (found.adjusted() - digits + 1) if found else Fraction(0)
    return float(near), float(near - half), float(near + half), len(zeros.given.sure)


class DiscountedLines:
    """Lines of flows whose first stands against all others, as in nearly every credit.

    Parameters
    ----------
    flows
        ``int64``, one line for each credit.
    times
        In periods, each at or after the one before; alike for all lines, or by line.
    parts
        Of a period, after which each flow comes besides, at simple interest; by line.
    """

    def __init__(self, flows: Ints, times: Floats, parts: Floats | None = None) -> None:
        amounts = flows.astype(np.float64)
        self.shared = times.ndim == 1
        self.parts = None if parts is None else parts[:, 1:]
        self.longest = float(times.max(initial=0.0))
        self.before = np.abs(amounts[:, 0])
        self.times = times[1:] if self.shared else times[:, 1:]
        sign = np.where(amounts[:, 0] > 0, -1.0, 1.0)
        self.amounts = amounts[:, 1:] * sign[:, None]
        first = self.times[..., :1] if self.parts is None else self.times[:, :1] + self.parts[:, :1]
        apart = first.min(axis=-1, initial=np.inf) > 0
        self.plain = (self.amounts >= 0).all(axis=1) & (self.before > 0) & apart
        self.plain &= self.amounts.any(axis=1)
        #: Whose flows sum to zero, so that the rate is exactly 0.
        self.free = self.plain & (flows.sum(axis=1) == 0)
        self.powers = [self.times**0, self.times, self.times**2]
        #: Whether each flow comes one period after the other, the first after one.
        self.regular = self.shared and bool(
            (self.times == np.arange(1, len(self.times) + 1) * self.times[:1]).all()
        )

    def rates(self, digits: int) -> tuple[Floats, Floats, Floats, npt.NDArray[np.bool_]]:
        """Return the rates, their brackets, and which of them are sure to so many digits."""
        log_growth = np.zeros(len(self.amounts))
        for _ in range(ROUNDS):
            present_value, moment, second = self._sums(log_growth)
            late = moment / present_value
            step = np.log(present_value / self.before) / late
            turn = step * (second / present_value / late - late) / 2
            step *= np.where(np.abs(turn) < 0.25, 1 + turn, 1.0)
            step = np.where(self.plain & np.isfinite(step), step, 0.0)
            log_growth += step
            if (np.abs(step) <= 1e-5 * np.abs(log_growth) + 1e-15).all():
                break
        # Seen from the first flow the present value only falls, so the zero is no further than this.
        present_value, moment, _ = self._sums(log_growth, all_=False)
        span = np.abs(log_growth) * self.longest
        error = (present_value + self.before) * (8 * span + 90 + self.amounts.shape[1]) * UNIT
        away = 1.001 * (np.abs(present_value - self.before) + error) / moment
        rate = np.expm1(log_growth)
        far = 1.001 * away * (1 + rate) + np.abs(rate) * 4 * UNIT
        last = 10.0 ** (np.floor(np.log10(1 + np.abs(rate)) - 1e-12) + 1 - digits)
        sure = self.plain & (far < last) & (span < 500)
        sure |= self.free
        rate[self.free], far[self.free] = 0.0, 0.0
        nan = np.where(sure, 0.0, np.nan)
        return rate + nan, rate - far + nan, rate + far + nan, sure

    def _sums(self, log_growth: Floats, *, all_: bool = True) -> tuple[Floats, Floats, Floats]:
        """Return the present value of all flows but the first, and that weighed by time and its square."""
        terms = self.amounts
        if log_growth.any():
            terms = self._discounts(log_growth)
            terms *= self.amounts
        if self.parts is not None:
            rate = np.expm1(log_growth)[:, None]
            growth = 1 + self.parts * rate
            terms = terms / growth
            late = self.times + self.parts * (1 + rate) / growth
            return terms.sum(axis=1), (terms * late).sum(axis=1), (terms * late**2).sum(axis=1)
        if self.shared:
            sums = [terms @ power for power in self.powers[: 3 if all_ else 2]]
        else:
            sums = [
                np.einsum("ij,ij->i", terms, power) for power in self.powers[: 3 if all_ else 2]
            ]
        return sums[0], sums[1], sums[-1]

    def _discounts(self, log_growth: Floats) -> Floats:
        """Return the present value of 1 at each time, with an error of fewer than 60 units."""
        if not self.regular:
            powers: Floats = -log_growth[:, None] * self.times
            return np.exp(powers, out=powers)
        width = self.amounts.shape[1]
        found = np.empty((len(log_growth), width))
        found[:, 0] = np.exp(-log_growth * self.times[0])
        done = 1
        while done < width:  # the next as many are so many periods later
            more = min(done, width - done)
            later = np.exp(-log_growth * self.times[done - 1])[:, None]
            np.multiply(found[:, :more], later, out=found[:, done : done + more])
            done += more
        return found
