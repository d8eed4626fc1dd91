"""Sums over a book of loans, block after block, exact in whole minor units."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from repaylib.errors import TermsError, enumerated
from repaylib.portfolio.book.portfolio import Portfolio
from repaylib.portfolio.book.rejects import reasons_of
from repaylib.portfolio.book.row_arrays import RowArrays
from repaylib.portfolio.summary import PortfolioTotals, Summary, to_int64
from repaylib.schedule.rows import MONEY
from repaylib.typing import Ints

__all__ = ["summary_of", "totals_of"]

#: Sums of a summary, by loan.
SUMS = (
    *(
        "total_paid",
        "out_of_pocket",
        "total_interest",
        "total_principal",
        "total_fees",
        "total_waived",
    ),
    *("total_forgiven", "total_capitalised"),
)
PAYMENTS = ("first_payment", "final_payment", "largest_payment")
SUMMED = (
    *(name for name in MONEY if name not in ("opening", "closing", "deferred")),
    "out_of_pocket",
)
BELOW = 2**62


def summary_of(book: Portfolio, low: int, high: int, blocks: Iterable[RowArrays]) -> Summary:
    """Return one line for each loan."""
    parts: dict[str, list[npt.NDArray[Any]]] = {}
    reasons = np.full(high - low, "", dtype=object)
    for row_arrays in blocks:
        for name, column in _lines(row_arrays).items():
            parts.setdefault(name, []).append(column)
        for row, reason in reasons_of(row_arrays.rejects).items():
            reasons[row - low] = reason
    order = ("instalment", "payments", *SUMS, *PAYMENTS, "maturity")
    nothing = {"maturity": np.array([], "datetime64[D]")}
    empty = np.array([], np.int64)
    columns = {name: np.concatenate(parts.get(name, [nothing.get(name, empty)])) for name in order}
    return Summary(
        {"loan": np.arange(low, high), **columns, "reason": reasons},
        ("instalment", *SUMS, *PAYMENTS),
        book.decimals[low:high],
        single=len(_currencies(book, low, high)) == 1,
    )


def _lines(row_arrays: RowArrays) -> dict[str, npt.NDArray[Any]]:
    """Return the figures of each loan; sums over its rows follow from what is kept by column.

    Accrued interest is paid, except for waived, forgiven or capitalised parts; principal is
    repaid, except for forgiven parts: so the sums of payments need no look at single rows.
    """
    sums = {name: _summed(column) for name, column in row_arrays.columns.items()}

    def total(*plus: str, less: tuple[str, ...] = ()) -> Ints:
        found: npt.NDArray[Any] = np.zeros(len(row_arrays.counts), dtype=np.int64)
        for name in (*plus, *less):
            if name in sums:
                found = found + (-sums[name] if name in less else sums[name])
        return found

    interest = total("accrued", less=("waived", "forgiven_interest"))
    principal = row_arrays.principal + total("advanced", "capitalised", less=("forgiven",))
    charges = total("fee", "penalty", "tax", less=("refund",))
    paid = interest + principal - total("capitalised") + charges
    lines = {
        "total_paid": paid,
        "out_of_pocket": paid - total("non_cash"),
        "total_interest": interest,
        "total_principal": principal,
        "total_fees": total("fee"),
        "total_waived": total("waived"),
        "total_forgiven": total("forgiven", "forgiven_interest"),
        "total_capitalised": total("capitalised"),
    }
    return {
        "instalment": row_arrays.instalment,
        **{name: to_int64(sums, name) for name, sums in lines.items()},
        **_payments(row_arrays),
        **_ends(row_arrays),
    }


def _payments(row_arrays: RowArrays) -> dict[str, npt.NDArray[Any]]:
    """Return how many payments each loan has, and the first, the last and the largest."""
    loans = len(row_arrays.counts)
    count, first, final = (np.zeros(loans, dtype=np.int64) for _ in range(3))
    largest = np.full(loans, np.iinfo(np.int64).min)
    for row, payment in enumerate(row_arrays.payments()):
        paid = payment != 0
        first = np.where(paid & (count == 0), payment, first)
        count += paid
        last = row_arrays.counts == row + 1
        if last.any():
            final = np.where(last, payment, final)
        if row >= row_arrays.shortest:
            payment = np.where(row_arrays.counts > row, payment, np.iinfo(np.int64).min)
        np.maximum(largest, payment, out=largest)
    return {
        "payments": count,
        "first_payment": first,
        "final_payment": final,
        "largest_payment": np.where(row_arrays.counts > 0, largest, 0),
    }


def _ends(row_arrays: RowArrays) -> dict[str, npt.NDArray[Any]]:
    return {"maturity": row_arrays.last_days()}


def _summed(column: Ints) -> npt.NDArray[Any]:
    if not column.size:
        return np.zeros(column.shape[1], dtype=np.int64)
    most = max(int(column.max()), -int(column.min()))
    exact = column if most * len(column) < BELOW else column.astype(object)
    total: npt.NDArray[Any] = exact.sum(axis=0)
    return total


def totals_of(
    book: Portfolio, low: int, high: int, blocks: Iterable[RowArrays], by: str
) -> PortfolioTotals:
    """Return one line for each month, or each number of a due date."""
    currencies = _currencies(book, low, high)
    if len(currencies) > 1:
        names = [f"{name} with {decimals} decimals" for name, decimals in currencies]
        raise TermsError(
            "currency",
            enumerated("{} and {}", names),
            "loans of one currency, as sums are of minor units",
            "write book.where(mask) for each mask of book.currencies().values()",
        )
    sums = _Sums()
    if by == "month":
        months = _month(book.start[low:high])
        kept = book.kept[low:high]
        sums.add("lent", months[None, kept], book.principal[None, low:high][:, kept])
    for row_arrays in blocks:
        _add_block(sums, row_arrays, by)
    lines, columns = sums.columns(("payments", *SUMMED, *(["lent"] if by == "month" else [])))
    money = ("lent", *SUMMED, "closing")
    if by == "month":
        grown = columns["lent"] + columns["advanced"] + columns["capitalised"]
        owed = np.cumsum(grown - columns["principal"] - columns["forgiven"], dtype=object)
        columns = {"lent": columns.pop("lent"), **columns, "closing": owed}
    decimals = next(iter(currencies), ("", 0))[1]
    key: npt.NDArray[Any] = lines.astype("datetime64[M]") if by == "month" else lines
    return PortfolioTotals(
        {by: key, **{name: to_int64(column, name) for name, column in columns.items()}},
        money,
        np.full(len(lines), decimals, dtype=np.int64),
        single=True,
    )


def _add_block(sums: _Sums, row_arrays: RowArrays, by: str) -> None:
    """Add the rows of a block under their month, or their number.

    Sums of the stored columns are enough: interest, principal and payments are sums and
    differences of them in every row, and so in every month.
    """
    if not row_arrays.rows:
        return
    keys = row_arrays.months() if by == "month" else row_arrays.lines()
    for name, column in row_arrays.columns.items():
        if name != "closing":
            sums.add(name, keys, column)
    sums.add("fall", keys, row_arrays.falls())
    sums.add("payments", keys, row_arrays.pays())


class _Sums:
    """Sums under whole-number keys."""

    def __init__(self) -> None:
        self.known: dict[str, dict[int, int]] = {}

    def add(self, name: str, keys: npt.NDArray[Any], values: npt.NDArray[Any]) -> None:
        """Add values, ``[rows, loans]``, to the sums of their keys; zeros have none.

        Keys are those of each value, or of each row if all loans share them.
        """
        if not values.size:
            return
        if keys.ndim == 1:
            pairs = zip(keys.tolist(), map(_exact_sum, values), strict=True)
        else:
            there, sums = _by_key(keys, values)
            pairs = zip(there.tolist(), sums.tolist(), strict=True)
        for key, value in pairs:
            if value:
                own = self.known.setdefault(name, {})
                own[key] = own.get(key, 0) + value

    def columns(
        self, names: tuple[str, ...]
    ) -> tuple[npt.NDArray[np.int64], dict[str, npt.NDArray[Any]]]:
        """Return the keys from the first to the last, and the sums under them by name."""
        every = {key for own in self.known.values() for key in own}
        keys = np.arange(min(every), max(every) + 1) if every else np.zeros(0, dtype=np.int64)
        base = {
            name: np.array([own.get(key, 0) for key in keys.tolist()], dtype=object)
            for name, own in self.known.items()
        }

        def total(*plus: str, less: tuple[str, ...] = ()) -> npt.NDArray[Any]:
            found = np.zeros(len(keys), dtype=object)
            for name in (*plus, *less):
                if name in base:
                    found = found + (-base[name] if name in less else base[name])
            return found

        interest = (
            total("interest")
            if "interest" in base
            else total("accrued", less=("newly_deferred", "waived"))
        )
        principal = total("fall", "capitalised", "advanced", less=("forgiven",))
        charges = total("deferred_interest", "fee", "penalty", "tax", less=("refund",))
        payment = interest + principal + charges
        made = {
            "interest": interest,
            "principal": principal,
            "payment": payment,
            "out_of_pocket": payment - total("non_cash"),
        }
        return keys, {name: made[name] if name in made else total(name) for name in names}


def _by_key(
    keys: npt.NDArray[Any], values: npt.NDArray[Any]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
    """Return keys without gaps, and the exact sum of the values under each."""
    first, last = int(keys.min()), int(keys.max())
    there = np.arange(first, last + 1)
    most = max(int(values.max()), -int(values.min()))
    if most * values.size < 2**53:  # then no sum of floats is rounded
        sums = np.zeros(len(there))
        for row, own in zip(keys, values, strict=True):
            low = int(row.min())
            found = np.bincount(row - low, own)
            sums[low - first : low - first + len(found)] += found
        return there, sums.astype(np.int64)
    exact = np.zeros(len(there), dtype=np.int64 if most * values.size < BELOW else object)
    np.add.at(exact, keys - first, values.astype(exact.dtype))
    return there, exact


def _exact_sum(values: npt.NDArray[Any]) -> int:
    most = max(int(values.max()), -int(values.min()))
    return int(values.sum(dtype=np.int64 if most * len(values) < BELOW else object))


def _month(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    return days.astype("datetime64[M]").astype(np.int64)


def _currencies(book: Portfolio, low: int, high: int) -> list[tuple[str, int]]:
    return [name for name, mask in book.currencies().items() if mask[low:high].any()]
