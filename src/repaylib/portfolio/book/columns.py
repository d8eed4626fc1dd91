"""A column: one value for each loan of a book, in the form that arithmetic likes best."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from repaylib.money.rounding_arrays import with_arrays
from repaylib.typing import Bools, Codes, Ints

__all__ = ["Coded", "Column", "DayColumn", "Index", "Same", "Scaled", "Whole", "is_null", "pairs"]

#: What takes some of the rows: a slice, a mask, or row numbers.
Index = slice | npt.NDArray[Any]


class Column(ABC):
    """One value for each loan; a null is ``None``."""

    __slots__ = ()

    @abstractmethod
    def at(self, row: int) -> Any:
        """Return the value of a row, as it would be written for a single loan."""

    @abstractmethod
    def take(self, rows: Index) -> Column:
        """Return the column of some of the rows."""

    @property
    @abstractmethod
    def nulls(self) -> Bools | None:
        """Which rows are null; ``None`` if none is."""

    @abstractmethod
    def coded(self, length: int) -> Coded:
        """Return the column as codes into its distinct values."""

    def own(self) -> Column:
        """Return the column with separate arrays, which nobody else can change."""
        return with_arrays(self, np.copy)

    def __len__(self) -> int:
        raise TypeError("a value that is the same for all loans has no length")


@dataclass(frozen=True, slots=True)
class Same(Column):
    """A value that holds for every loan."""

    value: Any

    def at(self, row: int) -> Any:
        """Return the value."""
        return self.value

    def take(self, rows: Index) -> Same:
        """Return the same."""
        return self

    @property
    def nulls(self) -> None:
        """There are none."""
        return None

    def coded(self, length: int) -> Coded:
        """Return it as codes."""
        return Coded(np.zeros(length, np.int32), (self.value,))


@dataclass(frozen=True, slots=True)
class Coded(Column):
    """Codes into distinct values; -1 is null."""

    codes: Codes
    values: tuple[Any, ...]

    def at(self, row: int) -> Any:
        """Return the value of a row."""
        code = self.codes[row]
        return None if code < 0 else self.values[code]

    def take(self, rows: Index) -> Coded:
        """Return some of the rows."""
        return Coded(self.codes[rows], self.values)

    @property
    def nulls(self) -> Bools | None:
        """Which rows are null."""
        missing = self.codes < 0
        return missing if missing.any() else None

    def coded(self, length: int) -> Coded:
        """Return itself."""
        return self

    def __len__(self) -> int:
        return len(self.codes)

    def through(self, codes: npt.NDArray[Any]) -> Coded:
        """Return the column whose row is the value of row `codes` of this one; -1 is null."""
        last = np.append(self.codes, np.int32(-1))
        return Coded(last[codes], self.values)

    @classmethod
    def of(cls, values: Iterable[Any]) -> Coded:
        """Return values as codes, each distinct one kept once; 1, 1.0 and True are distinct.

        Examples
        --------
        >>> Coded.of(["12%", "8%", None, "12%"])
        Coded(codes=array([ 0,  1, -1,  0], dtype=int32), values=('12%', '8%'))
        """
        values = values if isinstance(values, (list, tuple)) else list(values)
        seen: dict[Any, int] = {}
        kinds = set(map(type, values))
        keys = values if len(kinds) == 1 else [(type(v), v) for v in values]
        try:
            codes = [seen.setdefault(key, len(seen)) for key in keys]
        except Exception:  # what has no hash, such as a list: each stands for itself
            return cls._known(range(len(values)), tuple(values))
        if kinds == {str}:
            return cls(np.array(codes, dtype=np.int32), tuple(seen))
        kept = list(seen) if keys is values else [key[1] for key in dict.fromkeys(keys)]
        return cls._known(codes, tuple(kept))

    @classmethod
    def _known(cls, codes: Sequence[int], values: tuple[Any, ...]) -> Coded:
        found = np.array(codes, dtype=np.int32)
        missing = [code for code, value in enumerate(values) if is_null(value)]
        if not missing:
            return cls(found, values)
        kept = np.array([not is_null(value) for value in values])
        renumbered = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
        left = tuple(value for value in values if not is_null(value))
        return cls(renumbered[found], left)


@dataclass(frozen=True, slots=True)
class Whole(Column):
    """Whole numbers."""

    values: Ints
    missing: Bools | None = None

    def at(self, row: int) -> int | None:
        """Return the number of a row."""
        return None if self.missing is not None and self.missing[row] else int(self.values[row])

    def take(self, rows: Index) -> Whole:
        """Return some of the rows."""
        return Whole(self.values[rows], None if self.missing is None else self.missing[rows])

    @property
    def nulls(self) -> Bools | None:
        """Which rows are null."""
        return self.missing

    def coded(self, length: int) -> Coded:
        """Return it as codes."""
        return _coded(self.values, self.missing)

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class DayColumn(Column):
    """Days, ``datetime64`` of any unit; NaT is null."""

    values: npt.NDArray[np.datetime64]

    def at(self, row: int) -> np.datetime64 | None:
        """Return the day of a row."""
        value: np.datetime64 = self.values[row]
        return None if np.isnat(value) else value

    def take(self, rows: Index) -> DayColumn:
        """Return some of the rows."""
        return DayColumn(self.values[rows])

    @property
    def nulls(self) -> Bools | None:
        """Which rows are null."""
        missing = np.isnat(self.values)
        return missing if missing.any() else None

    def coded(self, length: int) -> Coded:
        """Return it as codes."""
        return _coded(self.values, self.nulls)

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Scaled(Column):
    """Decimal numbers ``values / 10**scale``."""

    values: Ints
    scale: int
    missing: Bools | None = None

    def at(self, row: int) -> Decimal | None:
        """Return the number of a row."""
        if self.missing is not None and self.missing[row]:
            return None
        return Decimal(f"{self.values[row]}E{-self.scale}")

    def take(self, rows: Index) -> Scaled:
        """Return some of the rows."""
        missing = None if self.missing is None else self.missing[rows]
        return Scaled(self.values[rows], self.scale, missing)

    @property
    def nulls(self) -> Bools | None:
        """Which rows are null."""
        return self.missing

    def coded(self, length: int) -> Coded:
        """Return it as codes."""
        found = _coded(self.values, self.missing)
        return Coded(
            found.codes, tuple(Decimal(f"{value}E{-self.scale}") for value in found.values)
        )

    def __len__(self) -> int:
        return len(self.values)


def is_null(value: object) -> bool:
    """Whether a value stands for a missing one: ``None``, NaT, pandas' NA, or a float NaN."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(value, np.datetime64):
        return bool(np.isnat(value))
    return isinstance(value, float) and value != value


def pairs(first: Codes, second: Codes, count: int) -> tuple[Codes, Codes, Codes]:
    """Return the distinct pairs of two codes: the code of each row, and both codes of each pair.

    `count` is above every code of `second`.
    """
    both = (first.astype(np.int64) + 1) * (count + 1) + second + 1
    found, codes = np.unique(both, return_inverse=True)
    low, high = found // (count + 1) - 1, found % (count + 1) - 1
    return codes.astype(np.int32), low.astype(np.int32), high.astype(np.int32)


def _coded(values: npt.NDArray[Any], missing: Bools | None) -> Coded:
    found, codes = np.unique(values, return_inverse=True)
    numbers = codes.astype(np.int32)
    if missing is not None:
        numbers[missing] = -1
    plain = list(found) if found.dtype.kind == "M" else found.tolist()
    return Coded(numbers, tuple(plain))
