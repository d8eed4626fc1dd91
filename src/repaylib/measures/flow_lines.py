"""Cash flows of many lines, in arrays, and what holds for each line: shares and days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.dates.day_count import BY_DAY, denominator, numerators
from repaylib.dates.days import parse_date
from repaylib.errors import AmountError, DateError, Phrase, RateError, RepayError, TermsError
from repaylib.portfolio.book.column_parsing import days_or_refuse
from repaylib.portfolio.book.column_sources import read_column
from repaylib.portfolio.book.columns import Same
from repaylib.rates.cash_flow_equation import Equation
from repaylib.schedule.book import Book
from repaylib.typing import DayCount, Days, Floats, Ints

CELLS = 1 << 16  # of a block: what stays in a cache

__all__ = ["FlowLines", "Shares", "flow_lines", "days_by_line", "days_of_flows", "shares_by_line"]


class FlowLines(NamedTuple):
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
        At what time the first flow of each line is that is not zero; of amounts at equal periods the
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

    def blocks(self) -> Iterator[tuple[slice, FlowLines]]:
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
        """Return the flows of one line that are not zero: times and amounts, in order."""
        times = self.times if self.times.ndim == 1 else self.times[number]
        sums: dict[int, int] = {}
        for time, amount in zip(times.tolist(), self.amounts[number].tolist(), strict=True):
            sums[time] = sums.get(time, 0) + amount
        return sorted((time, amount) for time, amount in sums.items() if amount)

    def line(self, number: int) -> Equation:
        """Return the equation of value of one line, exactly."""
        kept = self.flows(number)
        return Equation([amount for _, amount in kept], [time for time, _ in kept], self.unit)


def flow_lines(
    flows: object,
    dates: object = None,
    day_count: DayCount | None = None,
    calendar: np.busdaycalendar | None = None,
) -> FlowLines | None:
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
                Phrase("write {}, or {}", "xirr(plan)", 'npv(plan, rate, day_count="actual/365")'),
            )
        if dates is not None:
            raise TermsError(
                "dates",
                Phrase("some days"),
                "none, as a book has its own",
                Phrase("leave {} out", "dates"),
            )
        flows, dates, decimals = flows.cash_flows()
    if not isinstance(flows, np.ndarray) or flows.ndim != 2:
        return None
    if flows.dtype.kind not in "iu":
        raise AmountError(
            "flows",
            Phrase("an array of {}", flows.dtype),
            "whole minor units, int64",
            Phrase("write such as {}", "np.rint(amounts * 100).astype(np.int64)"),
        )
    if not flows.shape[1]:
        raise AmountError(
            "flows",
            Phrase("lines without a flow"),
            "an advance, and payments for it",
            "leave them out",
        )
    _check_sums(flows)
    amounts = flows.astype(np.int64, copy=False)
    zeros = np.zeros(len(amounts), dtype=np.int64)
    if day_count is None:
        return FlowLines(amounts, np.arange(amounts.shape[1]), 1, zeros)
    days = days_of_flows(dates, "dates") if dates is not None else None
    if days is None or days.shape not in ((amounts.shape[1],), amounts.shape):
        raise TermsError(
            "dates",
            Phrase("none") if days is None else Phrase("dates of shape {}", days.shape),
            Phrase("a day for each of {} columns, or for each of the amounts", amounts.shape[1]),
            "write dates=[...], one to a column",
        )
    if np.isnat(days).any() or (np.diff(days.astype(np.int64), axis=-1) < 0).any():
        raise DateError("dates", Phrase("some days"), "days in order along each line", "sort them")
    first = _first_days(amounts, days)
    if day_count in BY_DAY:  # of which it does not matter from which day they count
        scale, unit = BY_DAY[day_count]
        numbers = days.astype(np.int64)
        since = np.broadcast_to(days[..., 0], first.shape)
        times, begun = (
            scale * (numbers - numbers[..., :1]),
            scale * (first - since).astype(np.int64),
        )
    else:
        unit, since, begun = denominator(day_count), first, zeros
        low, high = np.broadcast_arrays(first[:, None], days)
        times = _times(low, np.maximum(low, high), day_count, calendar)
    return FlowLines(amounts, times, unit, begun, day_count, since, calendar, decimals)


def _check_sums(flows: npt.NDArray[Any]) -> None:
    """Refuse amounts whose sums might leave ``int64``, where they would wrap around."""
    most = max(abs(int(amount)) for amount in (flows.min(initial=0), flows.max(initial=0)))
    if most * flows.shape[1] < 2**63:
        return
    sizes = np.abs(flows.astype(np.float64)).sum(axis=1)
    if (sizes >= 2.0**62).any():
        line = int(sizes.argmax())
        raise AmountError(
            "flows",
            Phrase("amounts up to {:,}", most),
            "lines whose amounts sum to less than 2**62 minor units",
            "write rp.irr(line.tolist()), rp.xirr or rp.npv for such a line by itself",
        ).in_row(line)


def _first_days(amounts: Ints, days: Days) -> Days:
    """Return the day of each line on which the sum of its flows is not zero for the first time."""
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


class Shares(NamedTuple):
    """A share for each line: one for all, or one for each.

    Attributes
    ----------
    floats
        The nearest float to each, NaN where there is none.
    exact
        Gives that of a line.
    """

    floats: Floats
    exact: Callable[[int], Fraction]


def shares_by_line(given: Any, name: str, lines: int, read: Callable[[Any], Fraction]) -> Shares:
    """Read a share for each line, as `read` reads one.

    Raises
    ------
    RepayError
        If one cannot be read, or there are more or fewer than lines.
    """
    if isinstance(given, np.ndarray) and given.dtype.kind == "f":
        if given.shape not in ((), (lines,)):
            raise _as_many(name, Phrase("{} {}s", given.shape, name))
        if (given <= -1).any():
            least = float(given[given <= -1].min())
            raise RateError(name, least, "rates above -100%", Phrase("write such as {}", '"12%"'))
        if np.isinf(given).any():
            raise RateError(name, float("inf"), "finite rates", Phrase("write such as {}", '"12%"'))
        floats = np.broadcast_to(given.astype(np.float64), lines)
        return Shares(floats, lambda line: Fraction(float(floats[line])))
    column = read_column(given, name)
    if isinstance(column, Same):
        shares, codes = [read(column.value)], np.zeros(lines, dtype=np.int64)
    else:
        if len(column) != lines:
            raise _as_many(name, Phrase("{} values", len(column)))
        coded = column.coded(lines)
        codes, shares = coded.codes.astype(np.int64), []
        for code, value in enumerate((*coded.values, None)):
            row = np.flatnonzero(codes == (code if code < len(coded.values) else -1))
            try:
                shares.append(read(value) if len(row) else Fraction(0))
            except RepayError as error:
                raise error.in_row(int(row[0])) from None
    return Shares(
        np.array([float(share) for share in shares])[codes], lambda line: shares[codes[line]]
    )


def days_by_line(given: Any, name: str, lines: int) -> Days:
    """Read a day for each line; a null is NaT."""
    column = read_column(given, name)
    if isinstance(column, Same):
        return np.full(lines, parse_date(column.value, name), dtype="datetime64[D]")
    if len(column) != lines:
        raise _as_many(name, Phrase("{} values", len(column)), DateError)
    return days_or_refuse(column, len(column), name)


def days_of_flows(given: Any, name: str) -> Days:
    """Read a day for each of many flows, or for each flow of each line; a null is NaT.

    Examples
    --------
    >>> days_of_flows([["20240110", "2024-02-10"], ["2024-01-10", None]], "dates")
    array([['2024-01-10', '2024-02-10'],
           ['2024-01-10',        'NaT']], dtype='datetime64[D]')
    """
    if isinstance(given, np.ndarray) and given.ndim == 2:
        return days_of_flows(given.ravel(), name).reshape(given.shape)
    if isinstance(given, (list, tuple)) and any(isinstance(e, (list, tuple)) for e in given):
        lengths = {len(days) if isinstance(days, (list, tuple)) else 1 for days in given}
        if len(lengths) > 1:
            shown = f"lines of {min(lengths)} to {max(lengths)} days"
            raise DateError(name, shown, "as many days in each line", "write as many in each")
        flat = [day for days in given for day in days]
        return days_of_flows(flat, name).reshape(len(given), -1)
    column = read_column(given, name)
    if isinstance(column, Same):
        hint = "write dates=[...], one to a column"
        raise DateError(name, given, "a day for each of the flows", hint)
    return days_or_refuse(column, len(column), name)


def _as_many(name: str, shown: str, kind: type[RepayError] = RateError) -> RepayError:
    return kind(name, shown, "one, or one for each line", "write one")
