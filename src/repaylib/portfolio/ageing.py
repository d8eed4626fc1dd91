"""How old the arrears of a book are, and how loans move between the ages from one day to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from repaylib.arrears.ageing_buckets import BUCKETS
from repaylib.money.amounts import show
from repaylib.money.rounding_arrays import read_only
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table
from repaylib.portfolio.summary import ColumnTable, sum_of, to_int64
from repaylib.typing import Bools, Bucket, Ints
from repaylib.wording.sentence import Sentence

__all__ = ["Ageing", "RollRates", "ageing_of", "buckets_of", "roll_of"]

NAMES: tuple[Bucket, ...] = get_args(Bucket)
CLOSED = "closed"


class Ageing(ColumnTable):
    """How many loans are how late, and what they owe: one line for each currency and bucket.

    ``currency``, ``bucket`` (``"current"``, ``"1-30"``, ``"31-60"``, ``"61-90"``, ``"90+"``),
    ``loans`` that owe something, and in minor units ``balance``, all that they owe, and
    ``arrears``, what of it was due before the day. Loans that owe nothing are in no line.
    """

    __slots__ = ()

    def _table(self) -> Table:
        """Leave out the currency where none is stated, and count the loans."""
        table = super()._table()
        header, lines, footer = table.header, table.rows, [*(table.footer or ())]
        if footer:
            footer[list(self).index("loans")] = str(sum_of(self["loans"]))
        if set(self["currency"].tolist()) == {"XXX"}:
            header, lines = header[1:], [line[1:] for line in lines]
            footer = footer and [Sentence("column.total"), *footer[2:]]
        return table._replace(header=header, rows=lines, footer=footer or None)


def buckets_of(days_past_due: Ints) -> Ints:
    """Return the place of each bucket, 0 for ``"current"`` to 4 for ``"90+"``.

    Examples
    --------
    >>> buckets_of(np.array([0, 1, 30, 31, 91]))
    array([0, 1, 1, 2, 4])
    """
    most = np.array([days for days, _ in BUCKETS])
    found: Ints = np.searchsorted(most, days_past_due, side="left")
    return found


def ageing_of(
    bucket: Ints, balance: Ints, arrears: Ints, currencies: Mapping[tuple[str, int], Bools]
) -> Ageing:
    """Return loans by currency and bucket; those without a balance are left out."""
    lines: list[tuple[str, str, int, int, int, int]] = []
    for (name, decimals), own in currencies.items():
        for place, word in enumerate(NAMES):
            some = own & (bucket == place) & (balance > 0)
            sums = sum_of(balance[some]), sum_of(arrears[some])
            lines.append((name, word, int(some.sum()), *sums, decimals))
    columns: dict[str, npt.NDArray[Any]] = {
        name: np.array([line[place] for line in lines], dtype=object)
        for place, name in enumerate(("currency", "bucket"))
    }
    for place, name in enumerate(("loans", "balance", "arrears"), 2):
        columns[name] = to_int64(np.array([line[place] for line in lines], dtype=object), name)
    places = np.array([line[-1] for line in lines], dtype=np.int64)
    return Ageing(columns, ("balance", "arrears"), places, single=len(currencies) == 1)


@dataclass(frozen=True, slots=True, eq=False)
class RollRates(Tabular):
    """How loans have moved between the buckets from one day to a later one.

    Rows are the buckets of the earlier day, columns those of the later one, in the order of
    `buckets`; ``"closed"`` owes nothing.

    Attributes
    ----------
    start
        The earlier day.
    end
        The later day.
    buckets
        ``"current"``, ``"1-30"``, ``"31-60"``, ``"61-90"``, ``"90+"`` and ``"closed"``.
    loans
        How many loans have moved from a bucket to another, ``int64[6, 6]``.
    balance
        What they owed on the earlier day, in minor units; what a closed loan owed on the later
        day, if it owes something again.
    decimals
        With how many decimals the loans count.
    """

    start: date
    end: date
    buckets: tuple[str, ...]
    loans: Ints
    balance: Ints
    decimals: int

    def __post_init__(self) -> None:
        for name in ("loans", "balance"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def __reduce__(self) -> tuple[object, ...]:
        return RollRates, tuple(getattr(self, field.name) for field in fields(self))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RollRates):
            return NotImplemented
        same = (self.start, self.end, self.decimals) == (other.start, other.end, other.decimals)
        loans = np.array_equal(self.loans, other.loans)
        return same and loans and np.array_equal(self.balance, other.balance)

    def __hash__(self) -> int:
        return hash((self.start, self.end, self.loans.tobytes()))

    def __repr__(self) -> str:
        return f"<RollRates: {self.loans.sum():,} loans, {self.start} to {self.end}>"

    def _tables(self) -> list[Table]:
        buckets = [Sentence(f"bucket.{name}") for name in self.buckets]

        def lines(table: Ints, decimals: int) -> list[list[object]]:
            cells = [[show(amount, decimals) for amount in row] for row in table.tolist()]
            sums = [show(sum(row), decimals) for row in table.tolist()]
            return [
                [name, *row, total] for name, row, total in zip(buckets, cells, sums, strict=True)
            ]

        title = Sentence("roll_rates", start=self.start, end=self.end)
        tables = {"loans": lines(self.loans, 0), "balance": lines(self.balance, self.decimals)}
        return [
            Table(
                [Sentence(f"roll_rates.{name}"), *buckets, Sentence("roll_rates.all")],
                rows,
                caption=Sentence(
                    "roll_rates.caption", what=Sentence(f"roll_rates.{name}"), title=title
                ),
                above=[title] * (name == "loans"),
            )
            for name, rows in tables.items()
        ]

    def _data(self) -> dict[str, list[Any]]:
        count = len(self.buckets)
        return {
            "from": np.repeat(self.buckets, count).tolist(),
            "to": np.tile(self.buckets, count).tolist(),
            "loans": self.loans.ravel().tolist(),
            "balance": self.balance.ravel().tolist(),
        }


def roll_of(
    days: tuple[date, date],
    bucket: tuple[Ints, Ints],
    balance: tuple[Ints, Ints],
    kept: Bools,
    decimals: int,
) -> RollRates:
    """Return how the loans that are kept have moved; each pair is of the earlier and the later day."""
    names = (*NAMES, CLOSED)
    places = [
        np.where(owed > 0, place, len(NAMES))[kept]
        for place, owed in zip(bucket, balance, strict=True)
    ]
    pair = places[0] * len(names) + places[1]
    loans = np.bincount(pair, minlength=len(names) ** 2).astype(np.int64)
    owed = np.where(balance[0] > 0, balance[0], balance[1])[kept]
    sums = np.array([sum_of(owed[pair == place]) for place in range(len(names) ** 2)], dtype=object)
    shape = len(names), len(names)
    tables = loans.reshape(shape), to_int64(sums, "balance").reshape(shape)
    return RollRates(*days, names, *tables, decimals)
