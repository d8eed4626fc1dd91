"""Minor units of ISO 4217 currencies; ``Decimal`` at the face, integers inside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import repeat
from typing import NewType

from repaylib.errors import AmountError, ChoiceError, Hint, Phrase, write
from repaylib.money.counts import in_ascii
from repaylib.money.rounding import EXACT, as_integer
from repaylib.phrases.phrase import InPython

__all__ = [
    "Minor",
    "add",
    "NO_CURRENCY",
    "decimals_of",
    "minor_of",
    "parse_amount",
    "parse_positive_amount",
    "show",
    "subtract",
    "to_decimal",
    "to_decimals",
    "to_minor",
    "parse_value",
]


#: A whole number of minor units (cents, fen, yen) of some currency.
Minor = NewType("Minor", int)

LARGEST_EXPONENT = 24
FINEST_EXPONENT = -40
#: Denominators below it have fewer than 2,000 digits.
MOST_DENOMINATOR = 10**2000


#: The code of ISO 4217 for no currency in particular.
NO_CURRENCY = "XXX"


def decimals_of(currency: str) -> int:
    """Return the number of decimals of a currency (ISO 4217 minor unit).

    Parameters
    ----------
    currency
        The three capital letters of ISO 4217. ``"XXX"`` means no currency in
        particular and is counted with two decimals.

    Raises
    ------
    ChoiceError
        If the code is not an ISO 4217 currency with a minor unit.

    Examples
    --------
    >>> decimals_of("CNY"), decimals_of("JPY"), decimals_of("KWD"), decimals_of("CLF")
    (2, 0, 3, 4)
    """
    if isinstance(currency, str):
        if currency in _TWO:
            return 2
        if currency in _OTHER:
            return _OTHER[currency]
    raise ChoiceError(
        "currency", currency, "an ISO 4217 code such as CNY, EUR or JPY", write(currency="CNY")
    )


_EXPECTED = Hint("an amount{}", InPython(" as str, int or Decimal"))


def parse_amount(value: object, parameter: str) -> Decimal:
    """Read an amount exactly, without regard to a currency.

    Raises
    ------
    AmountError
        For a float, a bool, NaN, an infinity, text that is not a number of the digits
        0 to 9, or an exponent beyond all money.
    """
    expected = _EXPECTED
    if isinstance(value, float):
        hint = Hint("write such as {}", "10000.00")
        if 0 < value < 1e24:
            text = f"{Decimal(repr(float(value))):f}"
            hint = write(text) if len(text.partition(".")[2]) > 2 else write(f"{value:.2f}")
        raise AmountError(parameter, value, expected, hint)
    if isinstance(value, Decimal):
        number = value
    elif isinstance(value, str):
        try:
            number = Decimal(value, EXACT)
        except InvalidOperation:
            number = Decimal("NaN")
        if "_" in value or not value.isascii() or not number.is_finite():
            plain = _plain(value)
            hint = Hint("write such as {}", "10000.00") if plain is None else write(plain)
            raise AmountError(parameter, value, expected, hint)
    elif (whole := as_integer(value)) is not None:
        number = Decimal(whole)
    else:
        raise AmountError(parameter, value, expected, Hint("write such as {}", "10000.00"))
    if not number.is_finite():
        raise AmountError(parameter, value, "a finite amount", Hint("write such as {}", "10000.00"))
    exponent = number.as_tuple().exponent
    if number.adjusted() >= LARGEST_EXPONENT or (
        isinstance(exponent, int) and exponent < FINEST_EXPONENT
    ):
        raise AmountError(
            parameter,
            value,
            Phrase("an amount below 10**{}", LARGEST_EXPONENT),
            Hint("write such as {}", "10000.00"),
        )
    return number


def parse_positive_amount(value: object, parameter: str) -> Decimal:
    """Read an amount above zero."""
    amount = parse_amount(value, parameter)
    if amount <= 0:
        raise AmountError(
            parameter, value, "an amount above zero", Hint("write such as {}", "1000.00")
        )
    return amount


def to_minor(
    value: object, parameter: str, currency: str, *, least: int = 1, decimals: int | None = None
) -> Minor:
    """Read an amount as a whole number of minor units of `currency`.

    Parameters
    ----------
    value
        ``str``, ``int`` or ``Decimal``, in major units: ``"10000"`` is 10,000.00.
    parameter
        The name to use in an error.
    currency
        ISO 4217 code.
    least
        Smallest number of minor units accepted: 1 refuses zero, 0 allows it.
    decimals
        Decimals to count with, if not those of the currency.

    Raises
    ------
    AmountError
        If the value is no exact amount of that currency, or below `least`.

    Examples
    --------
    >>> to_minor("888.49", "amount", "CNY"), to_minor(1200, "amount", "JPY")
    (88849, 1200)
    """
    number = parse_amount(value, parameter)
    usual = decimals_of(currency)
    decimals = usual if decimals is None else decimals
    num, den = number.as_integer_ratio()
    minor, rest = divmod(num * 10**decimals, den)
    if rest:
        nearest = to_decimal(max(least, (2 * num * 10**decimals + den) // (2 * den)), decimals)
        raise AmountError(
            parameter,
            value,
            Phrase("at most {} decimals, as the loan has", decimals)
            if decimals != usual
            else Phrase("at most {} decimals, as {} has", decimals, currency)
            if decimals
            else Phrase("whole {}", currency),
            write(str(nearest)),
        )
    if minor < least:
        wanted = "an amount above zero" if least > 0 else "an amount of zero or more"
        raise AmountError(parameter, value, wanted, Hint("write such as {}", "10000.00"))
    return Minor(minor)


def parse_value(value: object, parameter: str) -> Fraction:
    """Read an amount of any sign and of no currency as a fraction."""
    if isinstance(value, Decimal) and value.is_finite() and -1000 < value.adjusted() < 99:
        value = Fraction(value)
    if not isinstance(value, Fraction):
        return Fraction(parse_amount(value, parameter))
    if abs(value) >= 10**LARGEST_EXPONENT or value.denominator >= MOST_DENOMINATOR:
        expected = Phrase("an amount below 10**{}, of fewer than 2,000 digits", LARGEST_EXPONENT)
        raise AmountError(parameter, value, expected, Hint("write such as {}", "10000.00"))
    return value


def minor_of(amount: Decimal, decimals: int) -> int:
    """Return an amount with at most `decimals` decimals as whole minor units.

    Examples
    --------
    >>> minor_of(Decimal("888.49"), 2)
    88849
    """
    return int(EXACT.scaleb(amount, decimals))


def to_decimal(minor: int, decimals: int) -> Decimal:
    """Return minor units as the exact ``Decimal`` with the currency's decimals.

    Examples
    --------
    >>> to_decimal(88849, 2), to_decimal(500, 0)
    (Decimal('888.49'), Decimal('500'))
    """
    return EXACT.scaleb(minor, -decimals)


def to_decimals(minors: Iterable[int], decimals: int) -> list[Decimal]:
    """Return minor units as :func:`to_decimal` does, many at once.

    Examples
    --------
    >>> to_decimals([88849, 0], 2)
    [Decimal('888.49'), Decimal('0.00')]
    """
    return list(map(EXACT.multiply, minors, repeat(to_decimal(1, decimals))))


def add(*amounts: Decimal) -> Decimal:
    """Return the exact sum of amounts; the caller's decimal context does not matter.

    Examples
    --------
    >>> add(Decimal("7610.80"), Decimal("76.11"), -Decimal("0.01"))
    Decimal('7686.90')
    """
    total = amounts[0]
    for amount in amounts[1:]:
        total = EXACT.add(total, amount)
    return total


def subtract(amount: Decimal, *others: Decimal) -> Decimal:
    """Return the exact difference of an amount and others."""
    for other in others:
        amount = EXACT.subtract(amount, other)
    return amount


def show(minor: int, decimals: int) -> str:
    """Return minor units as text for people, thousands grouped.

    Examples
    --------
    >>> show(799639, 2), show(-5, 2), show(1234567, 0)
    ('7,996.39', '-0.05', '1,234,567')
    """
    return f"{to_decimal(minor, decimals):,f}"


def _plain(text: str) -> str | None:
    """Return an amount written for people as a plain number, if it can be read in one way only."""
    text = in_ascii(text)
    if re.fullmatch(r"\d{1,40}(\.\d{1,40})?", text, re.ASCII):
        return text  # 10000.50 in digits of full width
    if re.fullmatch(r"\d{1,3}([, _]\d{3})+(\.\d+)?", text, re.ASCII):
        return re.sub("[, _]", "", text)  # 10,000.50
    if re.fullmatch(r"\d{1,3}([. ]\d{3})+,\d{1,2}|\d+,\d{1,2}", text, re.ASCII):
        return re.sub("[. ]", "", text).replace(",", ".")  # 10.000,50
    return None


# ISO 4217 list one (SIX Financial Information), currencies of states and funds that
# have a minor unit; codes without one (XAU, XDR, XTS ...) are left out, XXX is kept.
_TWO = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
    CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP
    GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK
    LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO
    NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS
    SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST
    XAD XCD XCG XXX YER ZAR ZMW ZWG
    """.split()
)
_OTHER = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
