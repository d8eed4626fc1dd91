"""Interest and principal in equal payments, one by one and added up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from repaylib.money.counts import to_count
from repaylib.money.rounding import significant
from repaylib.rates.periods import DIGITS, Periods, to_digits, to_value
from repaylib.typing import PeriodRate, Value

__all__ = ["cumulative_interest", "cumulative_principal", "interest_part", "principal_part"]


def interest_part(
    present_value: Value,
    rate: PeriodRate,
    payments: int,
    number: int,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    digits: int = DIGITS,
) -> Decimal:
    """Return the interest in one of the equal payments.

    Parameters
    ----------
    number
        Which payment, 1 to `payments`.
    present_value, rate, payments, future_value, in_advance, digits
        As for :func:`~repaylib.level_payment`, whose payment this is part of.

    Raises
    ------
    RepayError
        As for :func:`~repaylib.level_payment`.

    Notes
    -----
    The interest of the period before it on what was owed after the payment before that;
    nothing for payments at the start. Excel:
    ``-IPMT(rate, number, payments, present_value, -future_value, in_advance)``.

    Examples
    --------
    >>> import repaylib as rp
    >>> [rp.interest_part("10000", "1%", 12, number, digits=6) for number in (1, 2)]
    [Decimal('100'), Decimal('92.1151')]
    """
    places = to_digits(digits)
    parts = _Parts.read(present_value, rate, payments, future_value, in_advance)
    which = to_count(number, "number", most=parts.periods.count)
    return significant(parts.interest(which, which), places)


def principal_part(
    present_value: Value,
    rate: PeriodRate,
    payments: int,
    number: int,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    digits: int = DIGITS,
) -> Decimal:
    """Return the principal in one of the equal payments: the payment less its interest.

    Parameters
    ----------
    number
        Which payment, 1 to `payments`.
    present_value, rate, payments, future_value, in_advance, digits
        As for :func:`~repaylib.level_payment`, whose payment this is part of.

    Raises
    ------
    RepayError
        As for :func:`~repaylib.level_payment`.

    Notes
    -----
    Excel: ``-PPMT(rate, number, payments, present_value, -future_value, in_advance)``.

    Examples
    --------
    >>> import repaylib as rp
    >>> [rp.principal_part("10000", "1%", 12, number, digits=6) for number in (1, 2)]
    [Decimal('788.488'), Decimal('796.373')]
    """
    places = to_digits(digits)
    parts = _Parts.read(present_value, rate, payments, future_value, in_advance)
    which = to_count(number, "number", most=parts.periods.count)
    return significant(parts.principal(which, which), places)


def cumulative_interest(
    present_value: Value,
    rate: PeriodRate,
    payments: int,
    first: int = 1,
    last: int | None = None,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    digits: int = DIGITS,
) -> Decimal:
    """Return the interest in the equal payments from one to another.

    Parameters
    ----------
    first, last
        Numbers of the first and the last payment that are counted; by default all.
    present_value, rate, payments, future_value, in_advance, digits
        As for :func:`~repaylib.level_payment`, whose payment this is part of.

    Raises
    ------
    RepayError
        As for :func:`~repaylib.level_payment`.

    Notes
    -----
    Excel: ``-CUMIPMT(rate, payments, present_value, first, last, in_advance)``.

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.cumulative_interest("125000", "9/12%", 360, 13, 24, digits=10)
    Decimal('11135.23213')
    """
    places = to_digits(digits)
    parts = _Parts.read(present_value, rate, payments, future_value, in_advance)
    return significant(parts.interest(*parts.span(first, last)), places)


def cumulative_principal(
    present_value: Value,
    rate: PeriodRate,
    payments: int,
    first: int = 1,
    last: int | None = None,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    digits: int = DIGITS,
) -> Decimal:
    """Return the principal in the equal payments from one to another.

    Parameters
    ----------
    first, last
        Numbers of the first and the last payment that are counted; by default all.
    present_value, rate, payments, future_value, in_advance, digits
        As for :func:`~repaylib.level_payment`, whose payment this is part of.

    Raises
    ------
    RepayError
        As for :func:`~repaylib.level_payment`.

    Notes
    -----
    Excel: ``-CUMPRINC(rate, payments, present_value, first, last, in_advance)``.

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.cumulative_principal("125000", "9/12%", 360, 13, 24, digits=9)
    Decimal('934.107123')
    """
    places = to_digits(digits)
    parts = _Parts.read(present_value, rate, payments, future_value, in_advance)
    return significant(parts.principal(*parts.span(first, last)), places)


@dataclass(frozen=True, slots=True)
class _Parts:
    """Equal payments that repay a sum, and the interest and the principal in them."""

    periods: Periods
    present: Fraction
    payment: Fraction

    @classmethod
    def read(
        cls, present: object, rate: object, payments: object, future: object, in_advance: object
    ) -> _Parts:
        periods = Periods.read(rate, payments, in_advance)
        lent = to_value(present, "present_value")
        return cls(periods, lent, periods.payment(lent, to_value(future, "future_value")))

    def span(self, first: object, last: object) -> tuple[int, int]:
        """Read the numbers of two payments, the second not before the first."""
        count = self.periods.count
        low = to_count(first, "first", most=count)
        return low, count if last is None else to_count(last, "last", least=low, most=count)

    def principal(self, first: int, last: int) -> Fraction:
        """Return by how much the payments from one to another lower what is owed."""
        before, after = (
            self.periods.owed(self.present, self.payment, number) for number in (first - 1, last)
        )
        return before - after

    def interest(self, first: int, last: int) -> Fraction:
        """Return what the payments from one to another are more than that."""
        return (last - first + 1) * self.payment - self.principal(first, last)
