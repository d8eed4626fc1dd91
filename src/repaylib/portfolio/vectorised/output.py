"""The arrays that lanes write into: a line for each row, a column for each loan."""

from __future__ import annotations

from threading import Lock

import numpy as np

from repaylib.typing import Ints

__all__ = ["OutputArrays"]


class OutputArrays:
    """Room for the rows of loans, in minor units; lanes side by side write into columns of it.

    Attributes
    ----------
    accrued, closing
        ``[rows, loans]``: interest posted, and what is owed after each row.
    rare
        The columns that are zero in most rows, created when something is written into them.
    """

    __slots__ = ("_lock", "accrued", "closing", "rare")

    def __init__(self, rows: int, loans: int) -> None:
        self.accrued: Ints = np.zeros((rows, loans), dtype=np.int64)
        self.closing: Ints = np.zeros((rows, loans), dtype=np.int64)
        self.rare: dict[str, Ints] = {}
        self._lock = Lock()

    def column(self, name: str) -> Ints:
        """Return one of the rarer columns, made if need be."""
        if name not in self.rare:
            with self._lock:
                if name not in self.rare:
                    self.rare[name] = np.zeros(self.accrued.shape, dtype=np.int64)
        return self.rare[name]
