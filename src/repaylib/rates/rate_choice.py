"""Which of several rates is meant, at which flows are worth nothing together."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import expm1
from typing import NamedTuple, TypeVar

__all__ = ["FAR", "NEAREST", "Zeros", "nearest", "nearest_to_zero", "only_rate"]

FAR = 600.0  # exponents up to here neither overflow nor vanish
NEAREST = -230.0  # L of a rate that needs 100 digits to be told from -100 %; none is given below

T = TypeVar("T", float, Decimal)


def nearest(rates: Sequence[T], wanted: Fraction) -> T:
    """Return the rate that is nearest to one."""
    return min(rates, key=lambda rate: abs(Fraction(rate) - wanted))


def nearest_to_zero(found: Sequence[T]) -> T | None:
    """Return the least that is not negative or, if there is none, the greatest of all."""
    return min((each for each in found if each >= 0), default=max(found, default=None))


def only_rate(found: Sequence[T]) -> T | None:
    """Return the only one that is not negative or, if there is none, the only one of all.

    Examples
    --------
    >>> only_rate([-0.6, 0.1]), only_rate([-0.6]), only_rate([0.1, 0.2])
    (0.1, -0.6, None)
    """
    meant = [each for each in found if each >= 0] or list(found)
    return meant[0] if len(meant) == 1 else None


class Zeros(NamedTuple):
    """Where the worth of flows is nil: logarithms L of 1 and a rate, from the lowest on.

    Attributes
    ----------
    sure
        An estimate of each.
    unsure
        Near to which there are two or none, too close to tell.
    """

    sure: tuple[float, ...]
    unsure: tuple[float, ...] = ()

    @property
    def given(self) -> Zeros:
        """Those without the ones that hardly differ from -100 %, unless there are no others."""
        if any(each > NEAREST for each in (*self.sure, *self.unsure)):
            return Zeros(
                tuple(each for each in self.sure if each > NEAREST),
                tuple(each for each in self.unsure if each > NEAREST),
            )
        return self

    @property
    def nearest(self) -> float | None:
        """The one that a law on credit means, if there is one.

        It is the positive one nearest to 0 or, if there is none, the negative one nearest to 0 (FCA
        Handbook, MCOB 10.3.1B). 0 itself is nearest.
        """
        return self._sure(nearest_to_zero((*self.sure, *self.unsure)))

    @property
    def only(self) -> float | None:
        """The only one that is not negative or, if there is none, the only negative one."""
        return self._sure(only_rate((*self.given.sure, *self.given.unsure)))

    def closest_to(self, wanted: Fraction) -> float | None:
        """Return the one whose rate is nearest to a rate."""
        rates = {_float_rate(each): each for each in (*self.given.sure, *self.given.unsure)}
        return self._sure(rates[nearest(list(rates), wanted)]) if rates else None

    def _sure(self, found: float | None) -> float | None:
        if found in self.unsure:
            raise ArithmeticError(f"near {_float_rate(found):.6g} there are two or none")
        return found


def _float_rate(grown: float | None) -> float:
    return expm1(min(grown or 0.0, FAR))
