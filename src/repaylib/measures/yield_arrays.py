"""Rates and worths of many flows at once, in arrays, each with a bracket that encloses it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.dates.day_count import BY_DAY, denominator, numerators
from repaylib.errors import AmountError, CountError, DateError, TermsError
from repaylib.measures.flow_columns import Shares, days_of_flows
from repaylib.money.counts import parse_digits
from repaylib.money.rounding_arrays import read_only, undisturbed
from repaylib.rates.cash_flow_equation import Equation
from repaylib.schedule.book import Book
from repaylib.typing import DayCount, Days, Floats, Ints

__all__ = ["Batch", "Yields", "batch_of", "rates_of_batch"]

UNIT = 2.0**-52
CELLS = 1 << 16  # of a block: what stays in a cache
ROUNDS = 30
MOST_DIGITS = 15  # that a float64 tells apart


class Batch(NamedTuple):
    """Flows of many lines: amounts ``[lines, flows]``, and their times, alike for all or by line.

    Attributes
    ----------
    amounts
        ``int64``, in minor units, seen from the lender.
    times
        ``int64``, rising along a line.
    unit
        Over which the times are shares of a period or a year.
    first
        At what time the first flow of each line is that is not nil; of amounts at equal periods the
        first at all.
    day_count
        How the times count days; ``None`` with equal periods.
    since
        The day of each line from which they do.
    calendar
        Of business days, if they count those.
    decimals
        Of the loans of a book, by line: those of a major unit.
    """

    amounts: Ints
    times: Ints
    unit: int
    first: Ints
    day_count: DayCount | None = None
    since: Days | None = None
    calendar: np.busdaycalendar | None = None
    decimals: Ints | int = 0

    def blocks(self) -> Iterator[tuple[slice, Batch]]:
        """Go through the lines, as many at a time as stay in a cache."""
        lines, width = self.amounts.shape
        step = max(1, CELLS // max(1, width))
        for start in range(0, lines, step):
            block = slice(start, min(lines, start + step))
            times = self.times if self.times.ndim == 1 else self.times[block]
            yield block, self._replace(amounts=self.amounts[block], times=times)

    def at(self, days: Days) -> Ints:
        """Return at what time a day of each line is, that of the first flow where it is NaT."""
        assert self.since is not None, "the flows lie on days"
        assert self.day_count is not None, "and are counted in them"
        known = np.where(np.isnat(days), self.since, days)
        found = _times(self.since, known, self.day_count, self.calendar)
        return np.where(np.isnat(days), self.first, found)

    def flows(self, number: int) -> list[tuple[int, int]]:
        """Return the flows of one line that are not nil: times and amounts, in order."""
        times = self.times if self.times.ndim == 1 else self.times[number]
        sums: dict[int, int] = {}
        for time, amount in zip(times.tolist(), self.amounts[number].tolist(), strict=True):
            sums[time] = sums.get(time, 0) + amount
        return sorted((time, amount) for time, amount in sums.items() if amount)

    def line(self, number: int) -> Equation:
        """Return the equation of value of one line, exactly."""
        kept = self.flows(number)
        return Equation([amount for _, amount in kept], [time for time, _ in kept], self.unit)


class Yields:
    """The rates of many lines of flows; numpy takes it for an array of them.

    Attributes
    ----------
    rate
        ``float64`` shares; NaN for a line for which :func:`irr` has none, or several.
    low
        Each rate is certainly not below it.
    high
        Each rate is certainly not above it.
    count
        How many rates fit each line: 1; 0, 2 ... ; or -1 if two are too close to tell from none.
        Of two, one may be meant: the only one that is not negative.
    per
        Whether rates are of a period or a year, as for :class:`Yield`.
    day_count
        How days became years, as for :class:`Yield`.

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
        """The lines that have no rate, or several to choose from; ask :func:`irr` about each."""
        return np.flatnonzero(np.isnan(self.rate))

    def __repr__(self) -> str:
        found = len(self) - len(self.unclear)
        return f"<Yields: {found} rates per {self.per} of {len(self)} lines>"


def batch_of(
    flows: object,
    dates: object = None,
    day_count: DayCount | None = None,
    calendar: np.busdaycalendar | None = None,
) -> Batch | None:
    """Read flows of many lines, if they are that; with a day count, on days.

    Raises
    ------
    RepayError
        If amounts are no whole minor units, or days are missing, or not in order.
    """
    decimals: Ints | int = 0
    if isinstance(flows, Book):
        if day_count is None:
            raise TermsError(
                "flows",
                flows,
                "flows of one loan, or of arrays; those of a book lie on days",
                'write xirr(plan), or npv(plan, rate, day_count="actual/365")',
            )
        if dates is not None:
            raise TermsError("dates", "days", "none, as a book has its own", "leave dates out")
        flows, dates, decimals = flows.cash_flows()
    if not isinstance(flows, np.ndarray) or flows.ndim != 2:
        return None
    if flows.dtype.kind not in "iu":
        raise AmountError(
            "flows",
            f"an array of {flows.dtype}",
            "whole minor units, int64",
            "write such as np.rint(amounts * 100).astype(np.int64)",
        )
    if not flows.shape[1]:
        raise AmountError(
            "flows", "lines without a flow", "an advance, and payments for it", "leave them out"
        )
    _check_sums(flows)
    amounts = flows.astype(np.int64, copy=False)
    nil = np.zeros(len(amounts), dtype=np.int64)
    if day_count is None:
        return Batch(amounts, np.arange(amounts.shape[1]), 1, nil)
    days = days_of_flows(dates, "dates") if dates is not None else None
    if days is None or days.shape not in ((amounts.shape[1],), amounts.shape):
        raise TermsError(
            "dates",
            "none" if days is None else f"dates of shape {days.shape}",
            f"a day for each of {amounts.shape[1]} columns, or for each of the amounts",
            "write dates=[...], one to a column",
        )
    if np.isnat(days).any() or (np.diff(days.astype(np.int64), axis=-1) < 0).any():
        raise DateError("dates", "days", "days in order along each line", "sort them")
    first = _first_days(amounts, days)
    if day_count in BY_DAY:  # of which it does not matter from which day they count
        each, unit = BY_DAY[day_count]
        numbers = days.astype(np.int64)
        since = np.broadcast_to(days[..., 0], first.shape)
        times, begun = each * (numbers - numbers[..., :1]), each * (first - since).astype(np.int64)
    else:
        unit, since, begun = denominator(day_count), first, nil
        low, high = np.broadcast_arrays(first[:, None], days)
        times = _times(low, np.maximum(low, high), day_count, calendar)
    return Batch(amounts, times, unit, begun, day_count, since, calendar, decimals)


def _check_sums(flows: npt.NDArray[Any]) -> None:
    """Refuse amounts whose sums might leave ``int64``, where they would wrap around."""
    most = max(abs(int(each)) for each in (flows.min(initial=0), flows.max(initial=0)))
    if most * flows.shape[1] < 2**63:
        return
    sizes = np.abs(flows.astype(np.float64)).sum(axis=1)
    if (sizes >= 2.0**62).any():
        line = int(sizes.argmax())
        raise AmountError(
            "flows",
            f"amounts up to {most:,}",
            "lines whose amounts sum to less than 2**62 minor units",
            "write rp.irr(line.tolist()), rp.xirr or rp.npv for such a line by itself",
        ).in_row(line)


def _first_days(amounts: Ints, days: Days) -> Days:
    """Return the day of each line on which the sum of its flows is not nil for the first time."""
    found = np.array(np.broadcast_to(days[..., 0], len(amounts)))
    odd = amounts[:, 0] == 0
    if days.shape[-1] > 1:
        odd |= days[..., 0] == days[..., 1]
    rows = np.flatnonzero(odd)
    if len(rows):
        those = np.broadcast_to(days, amounts.shape)[rows]
        ends = np.ones(those.shape, dtype=bool)
        ends[:, :-1] = those[:, 1:] != those[:, :-1]
        places = (ends & (amounts[rows].cumsum(axis=1) != 0)).argmax(axis=1)
        found[rows] = those[np.arange(len(rows)), places]
    return found


def _times(
    since: Days, days: Days, day_count: DayCount, calendar: np.busdaycalendar | None
) -> Ints:
    """Return the shares of a year from days to others, below zero to days before."""
    found = numerators(np.minimum(since, days), np.maximum(since, days), day_count, calendar)
    found = np.where(days == since, 0, found)  # also where a rule counts days to itself
    return np.where(days < since, -found, found)


@undisturbed
def rates_of_batch(
    batch: Batch,
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
            f"at most {MOST_DIGITS} for many lines, whose rates are float64",
            "write rp.irr(line, digits=...) or rp.xirr(line, ...) for one of them",
        )
    lines = len(batch.amounts)
    rate, low, high = (np.full(lines, np.nan) for _ in range(3))
    count = np.zeros(lines, dtype=np.int64)
    for block, part in batch.blocks():
        rate[block], low[block], high[block], sure = _Block(part).rates(digits)
        count[block] = sure
        for place in np.flatnonzero(~sure):
            line = block.start + int(place)
            wanted = None if near is None else near.exact(line)
            rate[line], low[line], high[line], count[line] = _singly(
                batch.line(line), digits, wanted
            )
    return Yields(rate, low, high, count, per, day_count)


def _singly(
    equation: Equation, digits: int, wanted: Fraction | None
) -> tuple[float, float, float, int]:
    nan = float("nan")
    zeros = equation.zeros()
    try:
        grown = zeros.only if wanted is None else zeros.closest_to(wanted)
        if grown is None:
            return nan, nan, nan, len(zeros.given.sure)
        found = equation.rate(grown, digits)
    except ArithmeticError:
        return nan, nan, nan, -1
    near = Fraction(found)
    half = Fraction(10) ** (found.adjusted() - digits + 1) if found else Fraction(0)
    return float(near), float(near - half), float(near + half), len(zeros.given.sure)


class _Block:
    """Lines of flows whose first stands against all others, as in nearly every credit."""

    def __init__(self, batch: Batch) -> None:
        amounts = batch.amounts.astype(np.float64)
        times = batch.times / batch.unit
        self.shared = times.ndim == 1
        self.longest = float(times.max(initial=0.0))
        self.before = np.abs(amounts[:, 0])
        self.times = times[1:] if self.shared else times[:, 1:]
        sign = np.where(amounts[:, 0] > 0, -1.0, 1.0)
        self.amounts = amounts[:, 1:] * sign[:, None]
        apart = self.times[..., :1].min(axis=-1, initial=np.inf) > 0
        self.plain = (self.amounts >= 0).all(axis=1) & (self.before > 0) & apart
        self.plain &= self.amounts.any(axis=1)
        #: Whose flows sum to nil, so that the rate is exactly 0.
        self.free = self.plain & (batch.amounts.sum(axis=1) == 0)
        self.powers = [self.times**0, self.times, self.times**2]
        #: Whether each flow comes one period after the other, the first after one.
        self.regular = self.shared and bool(
            (self.times == np.arange(1, len(self.times) + 1) * self.times[:1]).all()
        )

    def rates(self, digits: int) -> tuple[Floats, Floats, Floats, npt.NDArray[np.bool_]]:
        """Return the rates, their brackets, and which of them are sure to so many digits."""
        grown = np.zeros(len(self.amounts))
        for _ in range(ROUNDS):
            worth, moment, second = self._sums(grown)
            late = moment / worth
            step = np.log(worth / self.before) / late
            turn = step * (second / worth / late - late) / 2
            step *= np.where(np.abs(turn) < 0.25, 1 + turn, 1.0)
            step = np.where(self.plain & np.isfinite(step), step, 0.0)
            grown += step
            if (np.abs(step) <= 1e-5 * np.abs(grown) + 1e-15).all():
                break
        # Seen from the first flow the worth only falls, so the zero is no further than this.
        worth, moment, _ = self._sums(grown, all_=False)
        span = np.abs(grown) * self.longest
        error = (worth + self.before) * (8 * span + 80 + self.amounts.shape[1]) * UNIT
        away = 1.001 * (np.abs(worth - self.before) + error) / moment
        rate = np.expm1(grown)
        far = 1.001 * away * (1 + rate) + np.abs(rate) * 4 * UNIT
        last = 10.0 ** (np.floor(np.log10(1 + np.abs(rate)) - 1e-12) + 1 - digits)
        sure = self.plain & (far < last) & (span < 500)
        sure |= self.free
        rate[self.free], far[self.free] = 0.0, 0.0
        nan = np.where(sure, 0.0, np.nan)
        return rate + nan, rate - far + nan, rate + far + nan, sure

    def _sums(self, grown: Floats, *, all_: bool = True) -> tuple[Floats, Floats, Floats]:
        """Return the worth of all flows but the first, and that weighed by time and its square."""
        terms = self.amounts
        if grown.any():
            terms = self._discounts(grown)
            terms *= self.amounts
        if self.shared:
            sums = [terms @ power for power in self.powers[: 3 if all_ else 2]]
        else:
            sums = [
                np.einsum("ij,ij->i", terms, power) for power in self.powers[: 3 if all_ else 2]
            ]
        return sums[0], sums[1], sums[-1]

    def _discounts(self, grown: Floats) -> Floats:
        """Return what 1 at each time is worth, with an error of fewer than 60 units."""
        if not self.regular:
            powers: Floats = -grown[:, None] * self.times
            return np.exp(powers, out=powers)
        width = self.amounts.shape[1]
        found = np.empty((len(grown), width))
        found[:, 0] = np.exp(-grown * self.times[0])
        done = 1
        while done < width:  # the next as many are so many periods later
            more = min(done, width - done)
            later = np.exp(-grown * self.times[done - 1])[:, None]
            np.multiply(found[:, :more], later, out=found[:, done : done + more])
            done += more
        return found
