"""Reading and converting rates of interest.

A rate is always *per year* inside; the helpers :func:`~repaylib.daily`, :func:`~repaylib.monthly` and
:func:`~repaylib.effective` read the other ways in which lenders quote one.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal, NamedTuple, get_args

from repaylib.errors import ChoiceError, Hint, Phrase, RateError, check_word
from repaylib.money.rounding import as_integer, context_of, round_fraction
from repaylib.phrases.phrase import InPython
from repaylib.rates.share_text import either, is_ordinary, share_from_text
from repaylib.typing import RateKind
from repaylib.wording.sentence import Sentence, Worded

__all__ = [
    "Rate",
    "RateLike",
    "Share",
    "compounded",
    "continuous",
    "daily",
    "effective",
    "monthly",
    "parse_rate",
    "parse_share",
    "parse_period_rate",
    "percent",
    "rounded_percent",
    "short_percent",
]

KINDS = get_args(RateKind)
#: Where a rate stands in a sentence.
RateForm = Literal["sentence", "bare", "short"]
MOST_TIMES = 366
#: The longest period of a rate, in years.
MOST_YEARS = 9999

MOST_RATE = 1000
#: The most digits of the denominator of a rate: exact sums take the longer, the more there are.
MOST_RATE_DIGITS = 1000
_MOST_DENOMINATOR = 10**MOST_RATE_DIGITS
_CALLED = {"rate": Phrase("rate"), "share": Phrase("share")}
_WIDE = context_of(60)
_ROOT_DECIMALS = 40
MOST_PLACES = 1000


@dataclass(frozen=True, slots=True)
class Rate(Worded):
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
        ``"compounded"``
            interest joins the debt `times` times a year: 5 % twice a year is 0.412392...%
            for a month, as Canadian mortgages have it.
        ``"continuous"``
            it does so at every moment: 12 % is 1.005016...% for a month.
    times
        How often a year a ``"compounded"`` rate is compounded.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan(principal="10000", rate="12%", payments=12, start="2024-01-10")
    >>> print(loan.rate, loan.rate.value)
    12% 3/25
    """

    value: Fraction
    kind: RateKind = "nominal"
    times: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", parse_share(self.value, "value", least=-1))
        check_word("kind", self.kind, KINDS)
        object.__setattr__(self, "times", _parse_times(self.times, self.kind))

    def nominal(self, share: Fraction) -> Fraction:
        """Return the nominal rate per year that gives this rate over periods of `share` of a year.

        A nominal rate is its own answer. With ``m = 1 / share`` periods a year, it is
        ``m * ((1 + r / n) ** (n / m) - 1)`` for a rate ``r`` compounded ``n`` times a year
        (once, if it is effective), and ``m * (exp(r / m) - 1)`` for a continuous one. The
        power is computed to 40 decimals, or to 58 digits if those are fewer.
        """
        if self.kind == "nominal":
            return self.value
        share = _parse_period(share)
        per_year = 1 / share
        period_rate = self.value / self.times
        rate = _WIDE.divide(Decimal(period_rate.numerator), period_rate.denominator)
        years = _WIDE.divide(Decimal(share.numerator), share.denominator)
        if self.kind == "continuous":
            root = _WIDE.exp(_WIDE.multiply(rate, years))
        else:
            root = _WIDE.power(_WIDE.add(1, rate), _WIDE.multiply(self.times, years))
        last = max(-_ROOT_DECIMALS, root.adjusted() - 58)
        return (Fraction(_WIDE.quantize(root, Decimal(f"1E{last}"))) - 1) * per_year

    def sentence(self, form: RateForm = "sentence") -> Sentence:
        """Return the rate in a sentence, after "the rate is" (``"bare"``) or in a list (``"short"``)."""
        key = f"rate.{self.kind}" if form == "sentence" else f"rate.{form}.{self.kind}"
        return Sentence(key, rate=percent(self.value), times=self.times)

    @property
    def per_year(self) -> str:
        """The rate in words, with its period once.

        Examples
        --------
        >>> Rate(Fraction(3, 25)).per_year, Rate(Fraction(3, 50), "compounded", 2).per_year
        ('12% a year', '6% a year, compounded 2 times a year')
        """
        return str(self.sentence())

    def _worded(self) -> object:
        return self.sentence("short")


#: What a rate may be given as: ``"12%"``, ``Decimal("0.12")``, ``Fraction(3, 25)`` or a `Rate`.
RateLike = str | Decimal | Fraction | Rate


def parse_rate(value: object, parameter: str = "rate") -> Rate:
    """Read a rate per year.

    Parameters
    ----------
    value
        ``"12%"``, ``Decimal("0.12")``, ``Fraction(3, 25)`` or a :class:`~repaylib.Rate`; all four are
        the same rate here. The whole number 0 is accepted; any other is refused as ambiguous.

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
    return Rate(parse_share(value, parameter, negative="Rate({})"))


@cache
def _expected(kind: str) -> Phrase:
    exact = InPython(", {} or {}", 'Decimal("0.12")', "Fraction(3, 25)")
    return Hint("a {} such as {}{}", _CALLED[kind], Phrase("{}", '"12%"'), exact)


def parse_share(
    value: object,
    parameter: str,
    most: int = MOST_RATE,
    kind: str = "rate",
    least: int = 0,
    negative: str | None = None,
    a_year: int = 1,
) -> Fraction:
    """Read a share, such as ``"12%"``, as an exact fraction between `least` and `most`.

    `negative` is how one below zero is written, if it can be meant; ``{}`` stands for the fraction.
    `a_year` is how many times such a rate is charged a year.
    """
    expected = _expected(kind)
    share: Fraction
    if isinstance(value, str):
        share = share_from_text(value, parameter, expected, most)
    elif isinstance(value, (Decimal, Fraction)):
        if isinstance(value, Decimal) and not is_ordinary(value):
            raise RateError(parameter, value, expected, Hint("write such as {}", "12%"))
        share = value if type(value) is Fraction else Fraction(value)
    elif as_integer(value) == 0:
        share = Fraction(0)
    else:
        hint = Hint("write such as {}", "12%")
        whole = as_integer(value)
        if whole is not None and 0 < whole < 10**6:
            hint = Hint(
                "a bare {} is ambiguous: write {}{}",
                Phrase("{}", whole),
                f"{whole}%",
                InPython(" or {}", f"Fraction({whole}, 100)"),
            )
        elif isinstance(value, float) and 0 <= value < 10**6:
            hint = either(Decimal(repr(float(value))), most)
        raise RateError(parameter, value, expected, hint)
    top, bottom = share.numerator, share.denominator
    if negative is not None and -bottom < top * a_year < 0:
        written = negative.format(f"Fraction({top}, {bottom})")
        raise RateError(
            parameter,
            value,
            Phrase("a rate from 0% to {}%", 100 * most),
            Phrase("write {} for a negative one", written),
        )
    if not least * bottom <= top <= most * bottom:
        raise RateError(
            parameter,
            value,
            Phrase("a {} from {}% to {}%", _CALLED[kind], 100 * least, 100 * most),
            Hint("write such as {}", "1%"),
        )
    if bottom > _MOST_DENOMINATOR:
        expected = Phrase("a {} of at most {} digits", _CALLED[kind], MOST_RATE_DIGITS)
        raise RateError(parameter, value, expected, "round it, to 20 digits say")
    return share


def _parse_period(given: object) -> Fraction:
    """Read the length of a period, as a share of a year."""
    share = given if isinstance(given, Fraction) else Fraction(as_integer(given) or 0)
    if 0 < share <= MOST_YEARS:
        return share
    expected = Phrase("a share of a year, up to {}", MOST_YEARS)
    raise RateError("share", given, expected, "write such as Fraction(1, 12) for a month")


def _parse_times(given: object, kind: str) -> int:
    """Read how often a year a rate is compounded: once, if it is of another kind."""
    times = as_integer(given)
    if times is None or not 1 <= times <= (MOST_TIMES if kind == "compounded" else 1):
        expected = Phrase('a whole number from 1 to {}, with kind="compounded"', MOST_TIMES)
        raise RateError("times", given, expected, Phrase("write such as {}", "times=2"))
    return times


def parse_period_rate(rate: object) -> Fraction:
    """Read the rate of one period; it may be negative, but is above -100 %.

    Examples
    --------
    >>> parse_period_rate("8/12%"), parse_period_rate("-0.5%")
    (Fraction(1, 150), Fraction(-1, 200))
    """
    if isinstance(rate, Rate):
        hint = "write rate.nominal(1) / 12 for a month"
        if rate.kind == "nominal":
            hint = Phrase('for a month write "{}"', percent(rate.value / 12))
        raise RateError("rate", rate, "the rate of one period, not of a year", hint)
    share = parse_share(rate, "rate", least=-1)
    if share == -1:
        raise RateError("rate", rate, "a rate above -100%", Hint("write such as {}", "1%"))
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
    days = as_integer(basis)
    if days not in (360, 364, 365, 366):
        raise ChoiceError(
            "basis",
            basis,
            "the days of a year: 360, 364, 365 or 366",
            Phrase("write {}", "basis=360"),
        )
    share = parse_share(rate, "rate", 1, negative=f"Rate({days} * {{}})", a_year=days)
    return Rate(share * days)


def monthly(rate: str | Decimal | Fraction) -> Rate:
    """Return a rate per month; the rate per year is twelve times it.

    Parameters
    ----------
    rate
        Per month: ``"1%"``, ``Decimal("0.01")``, or a ``Fraction``.

    Examples
    --------
    >>> print(monthly("1%"))
    12%
    """
    return Rate(
        12 * parse_share(rate, "rate", MOST_RATE // 12, negative="Rate(12 * {})", a_year=12)
    )


def effective(rate: str | Decimal | Fraction) -> Rate:
    """Return an effective rate per year, one that counts interest on interest.

    The nominal rate used for periods of one month is ``12 * ((1 + e) ** (1/12) - 1)``.

    Parameters
    ----------
    rate
        Per year: ``"12.68%"``, ``Decimal("0.1268")``, or a ``Fraction``.

    Examples
    --------
    >>> rate = effective("12.68%")
    >>> print(rate, round(float(rate.nominal(Fraction(1, 12))), 6))
    12.68% effective 0.119978
    """
    return Rate(parse_share(rate, "rate", negative='Rate({}, "effective")'), "effective")


def compounded(rate: str | Decimal | Fraction, *, times: int) -> Rate:
    """Read a rate per year whose interest joins the debt `times` times a year.

    Parameters
    ----------
    rate
        The rate per year: each time, ``rate / times`` is charged.
    times
        How often: 2 for Canadian mortgages, 12 is the nominal rate of a monthly loan.

    Notes
    -----
    The rate of a month is ``(1 + rate / times) ** (times / 12) - 1``.

    Examples
    --------
    >>> rate = compounded("5%", times=2)
    >>> print(rate, round(float(rate.nominal(Fraction(1, 12))) / 12, 7))
    5% compounded 2 times a year 0.0041239
    """
    times = _parse_times(times, "compounded")
    negative = f'Rate({{}}, "compounded", {times})'
    return Rate(parse_share(rate, "rate", negative=negative), "compounded", times)


def continuous(rate: str | Decimal | Fraction) -> Rate:
    """Return a rate per year whose interest joins the debt at every moment.

    The rate of a month is ``exp(rate / 12) - 1``.

    Parameters
    ----------
    rate
        Per year: ``"12%"``, ``Decimal("0.12")``, or a ``Fraction``.

    Examples
    --------
    >>> rate = continuous("12%")
    >>> print(rate, round(float(rate.nominal(Fraction(1, 12))) / 12, 8))
    12% continuous 0.01005017
    """
    return Rate(parse_share(rate, "rate", negative='Rate({}, "continuous")'), "continuous")


def percent(share: Fraction) -> str:
    """Return a share as text in per cent, as a decimal if it ends as one, else as a fraction.

    A decimal of more than 1,000 places is written as a fraction as well.

    Examples
    --------
    >>> percent(Fraction(3, 25)), percent(Fraction(1, 3))
    ('12%', '100/3%')
    """
    return f"{_points(share)}%"


def _points(share: Fraction) -> str:
    """Return a share as text in per cent, without the sign."""
    hundred = share * 100
    rest, places = hundred.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        places = max(places, count)
    if rest != 1 or places > MOST_PLACES:
        return f"{hundred}"
    if places == 0:
        return f"{hundred.numerator}"
    digits = str(abs(hundred.numerator) * 10**places // hundred.denominator).rjust(places + 1, "0")
    sign = "-" if hundred < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


class Share(NamedTuple):
    """A share in a sentence: in per cent, or in ``points`` or ``basis`` points without a sign.

    Examples
    --------
    >>> share = Share(Fraction(3, 100))
    >>> f"{share}, {share:points} percentage points, {share:basis} basis points"
    '3%, 3 percentage points, 300 basis points'
    """

    value: Fraction

    def __format__(self, form: str) -> str:
        if form == "basis":
            return _points(self.value * 100)
        return _points(self.value) if form == "points" else percent(self.value)


def short_percent(value: Fraction, places: int = 4) -> str:
    """Return a share in per cent, exact if that is short, else rounded to some places.

    Examples
    --------
    >>> short_percent(Fraction(3, 25)), short_percent(Fraction(1, 3))
    ('12%', '33.3333%')
    """
    scaled = value * 10 ** (places + 2)
    if scaled.denominator == 1:
        return percent(value)
    rounded = round_fraction(scaled, "half_up")
    return f"{Decimal(f'{rounded}E-{places}'):.{places}f}%"


def rounded_percent(share: Decimal | Fraction, places: int) -> str:
    """Return a share as text in per cent, with so many decimals, whatever the decimal context is.

    Examples
    --------
    >>> rounded_percent(Decimal("0.126826"), 2), rounded_percent(Fraction(1, 3), 0)
    ('12.68%', '33%')
    """
    whole = round_fraction(Fraction(share) * 10 ** (places + 2), "half_even")
    return f"{Decimal(f'{whole}E-{places}'):f}%"
