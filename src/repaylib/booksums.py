"""Sums over a book of loans, block after block, exact in whole minor units."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from repaylib.cells import Cells
from repaylib.column import Ints
from repaylib.columns import MONEY
from repaylib.errors import TermsError
from repaylib.portfolio import Portfolio
from repaylib.sheets import BookTotals, Summary, to_int64

__all__ = ["summary_of", "totals_of"]

#: Sums of a summary: of which columns, and less which.
SUMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "total_paid": (("payment",), ()),
    "total_interest": (("accrued",), ("waived", "forgiven_interest")),
    "total_principal": (("principal",), ()),
    "total_fees": (("fee",), ()),
    "total_waived": (("waived",), ()),
    "total_forgiven": (("forgiven", "forgiven_interest"), ()),
    "total_capitalised": (("capitalised",), ()),
}
PAYMENTS = ("first_payment", "final_payment", "largest_payment")
SUMMED = tuple(name for name in MONEY if name not in ("opening", "closing", "deferred"))
BELOW = 2**62


def summary_of(book: Portfolio, low: int, high: int, blocks: Iterable[Cells]) -> Summary:
    """Return one line for each loan."""
    parts: dict[str, list[npt.NDArray[Any]]] = {}
    reasons = np.full(high - low, "", dtype=object)
    for cells in blocks:
        for name, column in _lines(cells).items():
            parts.setdefault(name, []).append(column)
        for each in cells.rejects:
            reasons[each.row - low] = str(each.error)
    order = ("instalment", "payments", *SUMS, *PAYMENTS, "maturity")
    nothing = {"maturity": np.array([], "datetime64[D]")}
    empty = np.array([], np.int64)
    columns = {name: np.concatenate(parts.get(name, [nothing.get(name, empty)])) for name in order}
    return Summary(
        {"loan": np.arange(low, high), **columns, "reason": reasons},
        ("instalment", *SUMS, *PAYMENTS),
        book.places[low:high],
        single=len(_currencies(book, low, high)) == 1,
    )


def _lines(cells: Cells) -> dict[str, npt.NDArray[Any]]:
    lines: dict[str, npt.NDArray[Any]] = {"instalment": cells.instalment}
    for name, (plus, less) in SUMS.items():
        total: npt.NDArray[Any] = np.zeros(len(cells.counts), dtype=np.int64)
        for each in (*plus, *less):
            if not cells.nil(each):
                total = total + (_summed(cells.column(each)) * (-1 if each in less else 1))
        lines[name] = to_int64(total, name)
    payment = cells.column("payment")
    if not len(payment):
        nothing = np.zeros(len(cells.counts), dtype=np.int64)
        return {**lines, **dict.fromkeys(("payments", *PAYMENTS), nothing), **_ends(cells)}
    paid = payment != 0
    first = np.argmax(paid, axis=0)
    lines["payments"] = paid.sum(axis=0)
    lines["first_payment"] = payment[first, np.arange(payment.shape[1])]
    lines["final_payment"] = cells.last(payment)
    most = np.where(cells.inside, payment, np.iinfo(np.int64).min).max(axis=0)
    lines["largest_payment"] = np.where(cells.counts > 0, most, 0)
    return lines | _ends(cells)


def _ends(cells: Cells) -> dict[str, npt.NDArray[Any]]:
    return {"maturity": cells.last_days()}


def _summed(column: Ints) -> npt.NDArray[Any]:
    if not column.size:
        return np.zeros(column.shape[1], dtype=np.int64)
    most = max(int(column.max()), -int(column.min()))
    exact = column if most * len(column) < BELOW else column.astype(object)
    total: npt.NDArray[Any] = exact.sum(axis=0)
    return total


def totals_of(book: Portfolio, low: int, high: int, blocks: Iterable[Cells], by: str) -> BookTotals:
    """Return one line for each month, or each number of a due date."""
    currencies = _currencies(book, low, high)
    if len(currencies) > 1:
        names = [f"{name} with {decimals} decimals" for name, decimals in currencies]
        raise TermsError(
            "currency",
            " and ".join(names),
            "loans of one currency, as sums are of minor units",
            "write book.where(mask) for each mask of book.currencies().values()",
        )
    sums = _Sums()
    if by == "month":
        months = _month(book.start[low:high])
        sums.add("lent", months, book.principal[low:high], book.kept[low:high])
    for cells in blocks:
        _add_block(sums, cells, by)
    lines, columns = sums.columns(("payments", *SUMMED, *(["lent"] if by == "month" else [])))
    money = ("lent", *SUMMED, "closing")
    if by == "month":
        grown = columns["lent"] + columns["advanced"] + columns["capitalised"]
        owed = np.cumsum(grown - columns["principal"] - columns["forgiven"], dtype=object)
        columns = {"lent": columns.pop("lent"), **columns, "closing": owed}
    places = next(iter(currencies), ("", 0))[1]
    key: npt.NDArray[Any] = lines.astype("datetime64[M]") if by == "month" else lines
    return BookTotals(
        {by: key, **{name: to_int64(column, name) for name, column in columns.items()}},
        money,
        np.full(len(lines), places, dtype=np.int64),
        single=True,
    )


def _add_block(sums: _Sums, cells: Cells, by: str) -> None:
    if not cells.rows:
        return
    keys = _month(cells.dates()) if by == "month" else cells.numbers().astype(np.int64)
    inside = cells.inside
    for name in SUMMED:
        if not cells.nil(name):
            column = cells.column(name)
            for row in range(cells.rows):
                sums.add(name, keys[row], column[row], inside[row])
    payment = cells.column("payment")
    for row in range(cells.rows):
        sums.add("payments", keys[row], (payment[row] != 0).astype(np.int64), inside[row])


class _Sums:
    """Sums under whole-number keys that lie near each other."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[int, npt.NDArray[Any]]] = {}

    def add(
        self,
        name: str,
        keys: npt.NDArray[np.int64],
        values: Ints,
        chosen: npt.NDArray[np.bool_],
    ) -> None:
        """Add the chosen values to the sums of their keys."""
        if not chosen.all():
            keys, values = keys[chosen], values[chosen]
        if not len(keys):
            return
        low, high = int(keys.min()), int(keys.max())
        first, sums = self.known.get(name, (low, np.zeros(1, dtype=np.int64)))
        if low < first or high >= first + len(sums):
            start, end = min(low, first), max(high + 1, first + len(sums))
            wider = np.zeros(end - start + 24, dtype=sums.dtype)
            wider[first - start : first - start + len(sums)] = sums
            first, sums = start, wider
        most = max(int(values.max()), -int(values.min())) * len(values)
        if sums.dtype != object and most + max(int(sums.max()), -int(sums.min())) >= BELOW:
            sums = sums.astype(object)
        np.add.at(sums, keys - first, values.astype(sums.dtype, copy=False))
        self.known[name] = first, sums

    def columns(
        self, names: tuple[str, ...]
    ) -> tuple[npt.NDArray[np.int64], dict[str, npt.NDArray[Any]]]:
        """Return the keys from the first to the last, and the sums under them by name."""
        low = min((first for first, _ in self.known.values()), default=0)
        high = max((first + len(sums) for first, sums in self.known.values()), default=0)
        columns: dict[str, npt.NDArray[Any]] = {}
        used = np.zeros(high - low, dtype=bool)
        for name in names:
            columns[name] = np.zeros(high - low, dtype=object)
            if name in self.known:
                first, sums = self.known[name]
                columns[name][first - low : first - low + len(sums)] = sums
            used |= columns[name] != 0
        ends = np.flatnonzero(used)
        kept = slice(int(ends[0]), int(ends[-1]) + 1) if ends.size else slice(0, 0)
        keys = np.arange(low, high)[kept]
        return keys, {name: column[kept] for name, column in columns.items()}


def _month(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    return days.astype("datetime64[M]").astype(np.int64)


def _currencies(book: Portfolio, low: int, high: int) -> list[tuple[str, int]]:
    return [name for name, mask in book.currencies().items() if mask[low:high].any()]
