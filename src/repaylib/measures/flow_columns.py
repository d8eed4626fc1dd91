"""What holds for each of many lines of flows: shares and days, one for all or one for each."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from repaylib.dates.days import parse_date
from repaylib.errors import DateError, RateError, RepayError
from repaylib.portfolio.book.column_parsing import days_or_refuse
from repaylib.portfolio.book.column_sources import read_column
from repaylib.portfolio.book.columns import Same
from repaylib.typing import Days, Floats

__all__ = ["Shares", "days_by_line", "days_of_flows", "shares_by_line"]


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
            raise _as_many(name, f"{given.shape} {name}s")
        if (given <= -1).any():
            least = float(given[given <= -1].min())
            raise RateError(name, least, "rates above -100%", 'write such as "12%"')
        if np.isinf(given).any():
            raise RateError(name, float("inf"), "finite rates", 'write such as "12%"')
        floats = np.broadcast_to(given.astype(np.float64), lines)
        return Shares(floats, lambda line: Fraction(float(floats[line])))
    column = read_column(given, name)
    if isinstance(column, Same):
        shares, codes = [read(column.value)], np.zeros(lines, dtype=np.int64)
    else:
        if len(column) != lines:
            raise _as_many(name, f"{len(column)} values")
        coded = column.coded(lines)
        codes, shares = coded.codes.astype(np.int64), []
        for code, value in enumerate((*coded.values, None)):
            row = np.flatnonzero(codes == (code if code < len(coded.values) else -1))
            try:
                shares.append(read(value) if len(row) else Fraction(0))
            except RepayError as error:
                raise error.in_row(int(row[0])) from None
    return Shares(
        np.array([float(each) for each in shares])[codes], lambda line: shares[codes[line]]
    )


def days_by_line(given: Any, name: str, lines: int) -> Days:
    """Read a day for each line; a null is NaT."""
    column = read_column(given, name)
    if isinstance(column, Same):
        return np.full(lines, parse_date(column.value, name), dtype="datetime64[D]")
    if len(column) != lines:
        raise _as_many(name, f"{len(column)} values", DateError)
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
        lengths = {len(each) if isinstance(each, (list, tuple)) else 1 for each in given}
        if len(lengths) > 1:
            shown = f"lines of {min(lengths)} to {max(lengths)} days"
            raise DateError(name, shown, "as many days in each line", "write as many in each")
        flat = [day for each in given for day in each]
        return days_of_flows(flat, name).reshape(len(given), -1)
    column = read_column(given, name)
    if isinstance(column, Same):
        hint = "write dates=[...], one to a column"
        raise DateError(name, given, "a day for each of the flows", hint)
    return days_or_refuse(column, len(column), name)


def _as_many(name: str, shown: str, kind: type[RepayError] = RateError) -> RepayError:
    return kind(name, shown, "one, or one for each line", "write one")
