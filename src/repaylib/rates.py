"""Reading and converting rates of interest.

A rate is always *per year* inside; the helpers :func:`daily`, :func:`monthly` and
:func:`effective` read the other ways in which lenders quote one.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal

from repaylib.errors import ChoiceError, RateError

__all__ = ["Rate", "RateLike", "daily", "effective", "monthly", "parse_rate", "parse_share"]

LARGEST = 1000
_WIDE = Context(prec=60)
_ROOT_DECIMALS = 40


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of interest per year.

    Attributes
    ----------
    value
        The exact rate per year as a share: 12 % is ``Fraction(3, 25)``.
    kind
        ``"nominal"``
            simple per year, cut to the period: 12 % is 1 % for a month.
        ``"effective"``
            with interest on interest: 12.682503...% is 1 % for a month.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan(principal="10000", rate="12%", payments=12, start="2024-01-10")
    >>> print(loan.rate, loan.rate.value)
    12% 3/25
    """

    value: Fraction
    kind: Literal["nominal", "effective"] = "nominal"

    def nominal(self, months: int) -> Fraction:
        """Return the nominal rate per year that gives this rate over periods of `months` months.

        A nominal rate is its own answer. For an effective rate ``e`` it is
        ``m * ((1 + e) ** (1 / m) - 1)`` with ``m = 12 / months`` periods a year, the root
        taken to 40 decimals.
        """
        if self.kind == "nominal":
            return self.value
        per_year = Fraction(12, months)
        grown = _WIDE.add(1, _WIDE.divide(Decimal(self.value.numerator), self.value.denominator))
        power = _WIDE.divide(Decimal(months), 12)
        root = _WIDE.power(grown, power).quantize(Decimal(1).scaleb(-_ROOT_DECIMALS), context=_WIDE)
        return (Fraction(root) - 1) * per_year

    def __str__(self) -> str:
        text = percent(self.value)
        return text if self.kind == "nominal" else f"{text} effective"


#: What a rate may be given as: ``"12%"``, ``Decimal("0.12")``, ``Fraction(3, 25)`` or a `Rate`.
RateLike = str | Decimal | Fraction | Rate


def parse_rate(value: object, parameter: str = "rate") -> Rate:
    """Read a rate per year.

    Parameters
    ----------
    value
        ``"12%"``, ``Decimal("0.12")``, ``Fraction(3, 25)`` or a :class:`Rate`; all four are
        the same rate here. The whole number 0 is taken, any other is refused as ambiguous.

    Raises
    ------
    RateError
        If it cannot be read, is negative, or is above 100,000 % (a slip of the unit).

    Examples
    --------
    >>> parse_rate("12%") == parse_rate(Decimal("0.12"))
    True
    """
    if isinstance(value, Rate):
        return value
    return Rate(parse_share(value, parameter))


def parse_share(value: object, parameter: str, most: int = LARGEST) -> Fraction:
    """Read a share, such as ``"12%"``, as an exact fraction between 0 and `most`."""
    expected = 'a rate such as "12%", Decimal("0.12") or Fraction(3, 25)'
    share: Fraction
    if isinstance(value, str):
        share = _from_text(value, parameter, expected)
    elif isinstance(value, (Decimal, Fraction)):
        if isinstance(value, Decimal) and not (value.is_finite() and abs(value.adjusted()) < 40):
            raise RateError(parameter, value, expected, 'write such as "12%"')
        share = Fraction(value)
    elif isinstance(value, int) and not isinstance(value, bool) and value == 0:
        share = Fraction(0)
    else:
        mend = 'write such as "12%"'
        if isinstance(value, int) and not isinstance(value, bool):
            mend = f'a bare {value} is ambiguous: write "{value}%" or Fraction({value}, 100)'
        elif isinstance(value, float) and abs(value) < 1e9:
            mend = f'write "{_WIDE.multiply(Decimal(repr(float(value))), 100).normalize():f}%"'
        raise RateError(parameter, value, expected, mend)
    if not 0 <= share <= most:
        raise RateError(parameter, value, f"a rate from 0% to {100 * most}%", 'write such as "12%"')
    return share


def daily(rate: str | Decimal | Fraction, *, basis: int = 360) -> Rate:
    """Read a rate per day, as consumer lenders quote it.

    Parameters
    ----------
    rate
        The rate of one day: ``"0.05%"`` is 5 per 10,000 a day.
    basis
        Days that make a year, 360, 364, 365 or 366; the rate per year is ``rate * basis``.
        With ``Loan(day_count="actual/360")`` and ``basis=360`` each day costs exactly
        `rate`; likewise 365 with ``"actual/365"``.

    Examples
    --------
    >>> print(daily("0.05%", basis=360), daily("0.05%", basis=365))
    18% 18.25%
    """
    if basis not in (360, 364, 365, 366) or isinstance(basis, bool):
        raise ChoiceError(
            "basis", basis, "the days of a year: 360, 364, 365 or 366", "write basis=360"
        )
    return Rate(parse_share(rate, "rate", 1) * basis)


def monthly(rate: str | Decimal | Fraction) -> Rate:
    """Read a rate per month; the rate per year is twelve times it.

    Examples
    --------
    >>> print(monthly("1%"))
    12%
    """
    return Rate(parse_share(rate, "rate", LARGEST // 12) * 12)


def effective(rate: str | Decimal | Fraction) -> Rate:
    """Read an effective rate per year, one that counts interest on interest.

    The nominal rate used for periods of one month is ``12 * ((1 + e) ** (1/12) - 1)``.

    Examples
    --------
    >>> rate = effective("12.68%")
    >>> print(rate, round(float(rate.nominal(months=1)), 6))
    12.68% effective 0.119978
    """
    return Rate(parse_share(rate, "rate"), "effective")


def percent(share: Fraction) -> str:
    """Return a share as text in per cent, exact if it has an end as a decimal, else as a fraction.

    Examples
    --------
    >>> percent(Fraction(3, 25)), percent(Fraction(1, 3))
    ('12%', '100/3%')
    """
    hundred = share * 100
    rest, places = hundred.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        places = max(places, count)
    if rest != 1:
        return f"{hundred}%"
    if places == 0:
        return f"{hundred.numerator}%"
    digits = str(abs(hundred.numerator) * 10**places // hundred.denominator).rjust(places + 1, "0")
    sign = "-" if hundred < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}%"


def _from_text(value: str, parameter: str, expected: str) -> Fraction:
    text = value.strip()
    if not text.endswith("%"):
        plain = text.replace(".", "", 1).isdigit() and text.isascii()
        mend = f'write "{text}%" if it is per cent' if plain else 'write such as "12%"'
        raise RateError(parameter, value, expected, mend)
    number = text[:-1].strip()
    top, slash, bottom = number.partition("/")
    try:
        if slash and top.isdigit() and bottom.isdigit() and len(number) < 600:
            return Fraction(int(top), int(bottom)) / 100
        decimal = Decimal(number)
    except (InvalidOperation, ZeroDivisionError):
        raise RateError(parameter, value, expected, 'write such as "12%"') from None
    if "_" in number or not decimal.is_finite() or abs(decimal.adjusted()) >= 40:
        raise RateError(parameter, value, expected, 'write such as "12%"')
    return Fraction(decimal) / 100
