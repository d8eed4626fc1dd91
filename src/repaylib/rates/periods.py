"""Equal payments over equal periods: their words read, their values exact."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from repaylib.errors import AmountError, RateError
from repaylib.money.amounts import LARGEST_EXPONENT, parse_amount
from repaylib.money.counts import MOST_PAYMENTS, to_count
from repaylib.rates.annuity import worth_of_payments
from repaylib.rates.rate import FINEST, Rate, parse_share, percent

__all__ = ["DIGITS", "Periods", "to_advance", "to_digits", "to_period_rate", "to_value"]


DIGITS = 28
MOST_DIGITS = 1000
FINEST_PLACE = 1000


@dataclass(frozen=True, slots=True)
class Periods:
    """`count` periods at a rate, and a payment for each, the first `advance` at the start."""

    rate: Fraction
    count: int
    advance: int

    @classmethod
    def read(cls, rate: object, payments: object, in_advance: object) -> Periods:
        """Read the words of the time-value functions."""
        count = to_count(payments, "payments")
        return cls(to_period_rate(rate), count, to_advance(in_advance, count))

    @property
    def worth(self) -> Fraction:
        """What payments of 1 are worth at the start."""
        return worth_of_payments(self.rate, self.count, self.advance)

    @property
    def growth(self) -> Fraction:
        """What 1 has grown to at the end."""
        return (1 + self.rate) ** self.count

    def payment(self, present: Fraction, future: Fraction) -> Fraction:
        """Return the payment that brings what is lent to what is left."""
        if future:
            present -= future / self.growth
        return present / self.worth

    def owed(self, present: Fraction, payment: Fraction, number: int) -> Fraction:
        """Return what is owed right after a payment; after number 0, what is lent."""
        early = min(number, self.advance)
        later = number - early
        lent = present - early * payment
        if later == 0:
            return lent
        return (lent - payment * worth_of_payments(self.rate, later)) * (1 + self.rate) ** later


def to_value(value: object, parameter: str) -> Fraction:
    """Read an amount of any sign as a fraction; what one function answers, the next one takes."""
    if isinstance(value, Decimal) and value.is_finite() and -FINEST_PLACE < value.adjusted() < 99:
        value = Fraction(value)
    if not isinstance(value, Fraction):
        return Fraction(parse_amount(value, parameter))
    if abs(value) >= 10**LARGEST_EXPONENT or value.denominator >= FINEST:
        expected = f"an amount below 10**{LARGEST_EXPONENT}, of fewer than 2,000 digits"
        raise AmountError(parameter, value, expected, 'write such as "10000.00"')
    return value


def to_period_rate(rate: object) -> Fraction:
    """Read the rate of one period; it may be negative, but is above -100 %.

    Examples
    --------
    >>> to_period_rate("8/12%"), to_period_rate("-0.5%")
    (Fraction(1, 150), Fraction(-1, 200))
    """
    if isinstance(rate, Rate):
        mend = "write rate.nominal(1) / 12 for a month"
        if rate.kind == "nominal":
            mend = f'for a month write "{percent(rate.value / 12)}"'
        raise RateError("rate", rate, "the rate of one period, not of a year", mend)
    share = parse_share(rate, "rate", least=-1)
    if share == -1:
        raise RateError("rate", rate, "a rate above -100%", 'write such as "1%"')
    return share


def to_advance(in_advance: object, most: int = MOST_PAYMENTS) -> int:
    """Read how many payments are made at the start: ``True`` is 1, ``False`` is 0."""
    if isinstance(in_advance, bool):
        return int(in_advance)
    return to_count(in_advance, "in_advance", least=0, most=most)


def to_digits(digits: object) -> int:
    """Read a number of significant digits."""
    return to_count(digits, "digits", most=MOST_DIGITS)
